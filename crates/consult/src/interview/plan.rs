//! Which items are asked, and in which order: the worthiest get the screens there are.

use super::{ACCOMPANYING, Aspect, Item, ItemKind, SCREENS, Script, Section};
use crate::assess::{Assessment, complaints};
use crate::expression::{Detail, Measure, Truth};
use crate::facts::Facts;
use crate::knowledge::{Complaint, Knowledge};
use crate::state::State;

/// Of the items for everybody, how many are asked whatever the screens: what was done after a card, long illness, medicines,
/// allergies, pregnancy.
const MUST: usize = 5;
/// Items of the present illness before everything that can wait.
const FIRST: usize = 4;
/// Findings on the screen of what comes with it.
const SIGNS: usize = 8;

/// One screen of an interview.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Asked {
    /// An item, by place.
    Item(usize),
    /// What comes with the complaint: findings, and the script they are of.
    Accompanying(String, Vec<u16>),
}

/// The screens of an interview that were not answered yet.
#[derive(Debug)]
pub(crate) struct Plan<'a> {
    /// The complaint it is about.
    pub(crate) complaint: Option<&'a Complaint>,
    /// The finding it is about.
    pub(crate) leading: Option<u16>,
    /// Screens that will be asked, in order.
    pub(crate) next: Vec<Asked>,
    /// Items for which there is no screen left.
    pub(crate) left_out: Vec<usize>,
}

impl<'a> Plan<'a> {
    /// What is still to be asked of somebody of whom this is known.
    pub(crate) fn of(knowledge: &'a Knowledge, state: &State, assessment: &Assessment) -> Self {
        let facts = Facts::new(&knowledge.vocabulary, state);
        let complaint = leading_complaint(knowledge, state, &facts);
        let leading =
            complaint.and_then(|complaint| leading_finding(knowledge, state, &facts, complaint));
        let mut screens = Screens {
            knowledge,
            state,
            facts: &facts,
            leading,
            found: Vec::new(),
        };
        let scripts = &knowledge.interviews.scripts;
        let place = complaint.and_then(|one| position(&knowledge.complaints, one));
        if let Some(script) = place.and_then(|place| {
            scripts
                .iter()
                .find(|script| script.complaints.contains(&place))
        }) {
            screens.present_illness(script);
        }
        let likely = assessment.specialties.first().map(|(code, _)| code);
        let specialty = state.specialty.as_ref().or(likely);
        let place = specialty.and_then(|code| knowledge.specialty(code));
        if let Some(script) = place.and_then(|place| {
            scripts
                .iter()
                .find(|script| script.specialties.contains(&place))
        }) {
            screens.of_specialty(script);
        }
        for script in scripts.iter().filter(|script| script.always) {
            screens.of_everybody(script);
        }
        let found = screens.found;
        let begun = state.interview.unwrap_or(0);
        let asked = state.closed.len().saturating_sub(begun);
        let screens = if begun == 0 { SCREENS.1 } else { SCREENS.0 };
        // What everybody is asked is asked even where other questions took the screens.
        let must = found.iter().filter(|(worth, _)| *worth == 0).count();
        let room = screens.saturating_sub(asked).max(must);
        let mut by_worth: Vec<(u8, usize)> =
            found.iter().map(|(worth, _)| *worth).zip(0..).collect();
        by_worth.sort_unstable();
        let fits = |place: usize| by_worth.iter().take(room).any(|(_, one)| *one == place);
        let (mut next, mut left_out) = (Vec::new(), Vec::new());
        for (place, (_, asked)) in found.into_iter().enumerate() {
            match asked {
                asked if fits(place) => next.push(asked),
                Asked::Item(item) => left_out.push(item),
                Asked::Accompanying(..) => {}
            }
        }
        Self {
            complaint,
            leading,
            next,
            left_out,
        }
    }
}

fn position(complaints: &[Complaint], one: &Complaint) -> Option<u16> {
    complaints
        .iter()
        .position(|other| other.id == one.id)
        .and_then(|place| u16::try_from(place).ok())
}

/// The complaint of what the patient spoke of first.
fn leading_complaint<'a>(
    knowledge: &'a Knowledge,
    state: &State,
    facts: &Facts<'_>,
) -> Option<&'a Complaint> {
    let found = complaints(knowledge, state, facts);
    let named = state.order.iter().find_map(|id| {
        let finding = knowledge.vocabulary.index_of(id)?;
        found
            .iter()
            .find(|complaint| complaint.entry.contains(&finding))
            .copied()
    });
    let picked = found
        .iter()
        .find(|complaint| state.complaints.contains(&complaint.id));
    named
        .or_else(|| picked.copied())
        .or_else(|| found.first().copied())
}

/// The finding the patient spoke of first among those that open the complaint.
fn leading_finding(
    knowledge: &Knowledge,
    state: &State,
    facts: &Facts<'_>,
    complaint: &Complaint,
) -> Option<u16> {
    let spoken = state
        .order
        .iter()
        .filter_map(|id| knowledge.vocabulary.index_of(id));
    let present = |finding: &u16| facts.truth(*finding) == Truth::Yes;
    spoken
        .chain(complaint.entry.iter().copied())
        .find(|finding| complaint.entry.contains(finding) && present(finding))
}

struct Screens<'a> {
    knowledge: &'a Knowledge,
    state: &'a State,
    facts: &'a Facts<'a>,
    leading: Option<u16>,
    /// Screens with what they are worth: 0 must be asked, then the smaller the sooner.
    found: Vec<(u8, Asked)>,
}

impl Screens<'_> {
    fn present_illness(&mut self, script: &Script) {
        for (place, item) in script.items.iter().enumerate() {
            let worth = if place < FIRST {
                1
            } else if place < FIRST + 2 {
                2
            } else {
                4
            };
            self.item(*item, worth);
        }
        let id = format!("{ACCOMPANYING}{}", script.id);
        let open: Vec<u16> = script
            .accompanying
            .iter()
            .copied()
            .filter(|finding| {
                self.facts.status(*finding).is_none() && Some(*finding) != self.leading
            })
            .take(SIGNS)
            .collect();
        if open.len() > 1 && !self.state.closed.contains_key(&id) {
            self.found.push((1, Asked::Accompanying(id, open)));
        }
    }

    fn of_specialty(&mut self, script: &Script) {
        for (place, item) in script.items.iter().enumerate() {
            self.item(*item, if place < 2 { 2 } else { 4 });
        }
    }

    fn of_everybody(&mut self, script: &Script) {
        for (place, item) in script.items.iter().enumerate() {
            let is_wish = self
                .knowledge
                .interviews
                .items
                .get(usize::from(*item))
                .is_some_and(|item| item.section == Section::Wishes);
            let worth = if place < MUST || is_wish {
                0
            } else if place < MUST + 2 {
                2
            } else {
                3
            };
            self.item(*item, worth);
        }
    }

    fn item(&mut self, place: u16, worth: u8) {
        let place = usize::from(place);
        let Some(item) = self.knowledge.interviews.items.get(place) else {
            return;
        };
        let asked = Asked::Item(place);
        let twice = self.found.iter().any(|(_, other)| *other == asked);
        let may = item
            .when
            .as_ref()
            .is_none_or(|when| when.value(self.facts) != Truth::No);
        let ruled_out = item
            .unless
            .as_ref()
            .is_some_and(|unless| unless.value(self.facts) == Truth::Yes);
        let fits = !ruled_out && (!item.after_card || self.was_warned());
        if !twice && may && fits && !self.is_known(item) {
            self.found.push((worth, asked));
        }
    }

    /// Whether a card was shown and the talk went on: it was called not right, or it is the kind beside which the talk goes on.
    fn was_warned(&self) -> bool {
        let fired = || self.knowledge.gate.fired(self.state);
        !self.state.disputed.is_empty()
            || fired()
                .iter()
                .any(|rule| rule.is_card() && rule.is_crisis())
    }

    /// Whether an item was answered, passed over, or is known from elsewhere.
    fn is_known(&self, item: &Item) -> bool {
        let (state, facts) = (self.state, self.facts);
        if state.answer(&item.id).is_some() || state.closed.contains_key(&item.question_id()) {
            return true;
        }
        let told = |finding: &u16| matches!(facts.truth(*finding), Truth::Yes | Truth::No);
        if item.known_by.iter().chain(&item.finding).any(told) {
            return true;
        }
        if let Some(measure) = item.measure {
            return state.measures.contains_key(&measure);
        }
        let closed = |kind: &str| state.closed.keys().any(|id| id.starts_with(kind));
        match (item.aspect, item.kind) {
            (Some(Aspect::Onset), ItemKind::Duration) => {
                self.leading
                    .is_some_and(|finding| facts.hours(finding).is_some())
                    || closed("duration:")
            }
            (Some(Aspect::Severity), ItemKind::Scale) => {
                state.measures.contains_key(&Measure::Severity)
                    || self
                        .leading
                        .is_some_and(|finding| facts.has_detail(finding, Detail::Severe))
                    || closed("severity:")
            }
            _ => false,
        }
    }
}
