//! Danger signs that are still open: those of the complaints, and what half-complete rules still lack.

use crate::expression::{Lack, Missing, Truth};
use crate::facts::{AGE, Facts, PREGNANT, SEX};
use crate::gate::RuleLevel;
use crate::knowledge::{Complaint, Knowledge};
use crate::state::{State, Status};

/// Something open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Open {
    /// A finding of the whole vocabulary.
    Finding(u16),
    /// The age, on which a rule turns.
    Age,
    /// The sex, on which a rule turns.
    Sex,
    /// A possible pregnancy, on which a rule turns.
    Pregnancy,
}

impl Open {
    /// Its id: of the finding, or of the profile question.
    pub(crate) fn id(self, knowledge: &Knowledge) -> &str {
        match self {
            Self::Finding(finding) => knowledge.vocabulary.id_of(finding),
            Self::Age => AGE,
            Self::Sex => SEX,
            Self::Pregnancy => PREGNANT,
        }
    }
}

/// Danger signs of the complaints that are asked at most; with what half-complete rules lack they fill three screens.
const MOST_OF_COMPLAINTS: usize = 14;
/// What half-complete rules lack is asked so often at most.
const MOST_OF_RULES: usize = 4;

/// Danger in a state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Danger {
    /// What keeps the level from falling below urgent: profile first, then by danger.
    pub(crate) open: Vec<Open>,
    /// What half-complete rules lack beside: worth asking, no floor until it was asked and not answered.
    pub(crate) worth: Vec<Open>,
}

/// What is open, and what is worth asking beside.
pub(crate) fn danger(
    knowledge: &Knowledge,
    state: &State,
    facts: &Facts<'_>,
    complaints: &[&Complaint],
) -> Danger {
    let mut signs: Vec<Open> = Vec::new();
    for depth in 0..12 {
        // Several complaints take turns, so that the worst sign of each comes before the mildest of one.
        for finding in complaints
            .iter()
            .filter_map(|complaint| complaint.danger.get(depth))
        {
            // A sign that was asked and not answered stays open whatever comes to stand before it.
            let room =
                signs.len() < MOST_OF_COMPLAINTS || is_unanswered(knowledge, state, *finding);
            if room && !signs.contains(&Open::Finding(*finding)) {
                signs.push(Open::Finding(*finding));
            }
        }
    }
    let mut pending = pending(knowledge, state);
    let asked = |one: &Open| !matches!(one, Open::Finding(finding) if !is_unanswered(knowledge, state, *finding));
    let mut open: Vec<Open> = pending.iter().copied().filter(asked).chain(signs).collect();
    pending.truncate(MOST_OF_RULES * 3);
    for list in [&mut open, &mut pending] {
        let mut seen = Vec::with_capacity(list.len());
        list.retain(|one| {
            let still = match one {
                // A danger sign of somebody it cannot be (a pregnancy's) is not open.
                Open::Finding(finding) => {
                    facts.truth(*finding) == Truth::Open && !impossible(knowledge, facts, *finding)
                }
                _ => true,
            };
            let new = !seen.contains(one);
            seen.push(*one);
            still && new
        });
    }
    open.sort_by_key(|one| matches!(one, Open::Finding(_)));
    // What only a model read and a red flag would fire on comes before everything, until the patient has said yes or no.
    let feared: Vec<Open> = state
        .feared()
        .filter_map(|id| knowledge.vocabulary.index_of(id))
        .map(Open::Finding)
        .collect();
    open.retain(|one| !feared.contains(one));
    open.splice(0..0, feared);
    pending.retain(|one| !open.contains(one));
    pending.truncate(MOST_OF_RULES);
    Danger {
        open,
        worth: pending,
    }
}

/// Asked and not answered, or only suspected.
fn is_unanswered(knowledge: &Knowledge, state: &State, finding: u16) -> bool {
    let known = state.findings.get(knowledge.vocabulary.id_of(finding));
    known.is_some_and(|known| matches!(known.status, Status::Unknown | Status::Suspected))
}

/// Signs that only a possible pregnancy can bring.
fn impossible(knowledge: &Knowledge, facts: &Facts<'_>, finding: u16) -> bool {
    let id = knowledge.vocabulary.id_of(finding);
    (id == PREGNANT || id.starts_with("pregnancy_")) && facts.could_be_pregnant() == Truth::No
}

/// What rules lack that one more yes would fire, where something complained of already speaks for them.
fn pending(knowledge: &Knowledge, state: &State) -> Vec<Open> {
    let gate = &knowledge.gate;
    let facts = Facts::new(&gate.vocabulary, state);
    let mut complained = vec![false; gate.vocabulary.findings.len()];
    for finding in facts.present() {
        complained[usize::from(finding)] = facts.is_complained(finding);
    }
    let mut lacking: Vec<(usize, Open)> = Vec::new();
    for rule in gate
        .rules
        .iter()
        .filter(|rule| rule.level != RuleLevel::Urgent)
    {
        // Only what the patient complains of can make a rule half complete; most rules end here.
        let mut support = 0;
        rule.when.visit_findings(&mut |finding| {
            support += usize::from(complained[usize::from(finding)]);
        });
        if support == 0 && state.measures.is_empty() || rule.when.value(&facts) != Truth::Open {
            continue;
        }
        let distance = rule.when.distance(&facts);
        let Lack::One(missing) = distance.lack else {
            continue;
        };
        if !distance.supported {
            continue;
        }
        let found = match missing {
            // One vague complaint is half of many rules; two that speak for the same one are worth a question.
            Missing::Finding(finding) => knowledge
                .vocabulary
                .index_of(gate.vocabulary.id_of(finding))
                .filter(|finding| knowledge.findings[usize::from(*finding)].ask.is_some())
                .filter(|finding| support > 1 || is_unanswered(knowledge, state, *finding))
                .map(Open::Finding),
            Missing::Age => Some(Open::Age),
            Missing::Sex => Some(Open::Sex),
            Missing::Pregnancy if state.profile.sex.is_none() => Some(Open::Sex),
            Missing::Pregnancy => Some(Open::Pregnancy),
            Missing::Other => None,
        };
        lacking.extend(found.map(|open| (support, open)));
    }
    lacking.sort_by_key(|(support, _)| std::cmp::Reverse(*support));
    let mut open: Vec<Open> = lacking.into_iter().map(|(_, open)| open).collect();
    // What was only suspected and stands in a rule is asked at once.
    open.extend(
        state
            .findings
            .iter()
            .filter(|(_, known)| known.status == Status::Suspected)
            .filter_map(|(id, _)| {
                let in_rule = gate.vocabulary.index_of(id)?;
                let named = gate.rules.iter().any(|rule| {
                    let mut found = false;
                    rule.when
                        .visit_findings(&mut |finding| found |= finding == in_rule);
                    found
                });
                let finding = knowledge.vocabulary.index_of(id)?;
                (named && knowledge.findings[usize::from(finding)].ask.is_some())
                    .then_some(Open::Finding(finding))
            }),
    );
    open
}
