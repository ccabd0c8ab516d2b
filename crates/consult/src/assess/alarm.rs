//! The alarm: words that no rule knows and that sound like an emergency all the same. People say the same danger in more ways
//! than anybody can list; of emergencies written by somebody who had not seen the rules, the rules alone missed one in five.

use crate::gate::{Fired, RuleLevel};
use crate::knowledge::{Knowledge, Losses};
use crate::read::statistical::Urgency;
use crate::state::State;

/// Id under which the alarm is shown, stored and counted.
pub const ALARM: &str = "sounds_like_emergency";

/// The alarm, if it sounds like an emergency and no card says so already. Once a card was called not right it is silent: the
/// level stays urgent, and the same words raise no second card.
pub(crate) fn alarm(knowledge: &Knowledge, state: &State, fired: &[Fired]) -> Option<Fired> {
    let is_told = fired.iter().any(Fired::is_card) || !state.disputed.is_empty();
    let sounds = state
        .urgency
        .as_ref()
        .is_some_and(|urgency| is_worth_a_card(&knowledge.losses, urgency));
    (sounds && !is_told).then(|| Fired {
        id: ALARM.to_owned(),
        level: RuleLevel::GoNow,
        title: knowledge.sentence("alarm_title"),
        words: knowledge.sentence("alarm_words"),
        findings: Vec::new(),
    })
}

/// Whether the loss of an emergency that comes too late outweighs that of a needless card.
pub(crate) fn is_worth_a_card(losses: &Losses, urgency: &Urgency) -> bool {
    urgency.emergency * losses.unheard_emergency > (1.0 - urgency.emergency) * losses.needless
}
