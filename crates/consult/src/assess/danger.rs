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

/// Everything open, profile first, then by danger.
pub(crate) fn open(
    knowledge: &Knowledge,
    state: &State,
    facts: &Facts<'_>,
    complaints: &[&Complaint],
) -> Vec<Open> {
    let mut open = pending(knowledge, state);
    for depth in 0..12 {
        // Several complaints take turns, so that the worst sign of each comes before the mildest of one.
        for complaint in complaints {
            open.extend(
                complaint
                    .danger
                    .get(depth)
                    .map(|finding| Open::Finding(*finding)),
            );
        }
    }
    let ages = state.profile.ages();
    open.retain(|one| match one {
        Open::Finding(finding) => facts.truth(*finding) == Truth::Open,
        _ => true,
    });
    // A danger sign of somebody it cannot be (a pregnancy's, a baby's) is not open.
    open.retain(|one| !matches!(one, Open::Finding(finding) if impossible(knowledge, facts, *finding, ages.to)));
    let mut seen = Vec::with_capacity(open.len());
    open.retain(|one| {
        let new = !seen.contains(one);
        seen.push(*one);
        new
    });
    open.sort_by_key(|one| matches!(one, Open::Finding(_)));
    open
}

/// Signs that only a possible pregnancy can bring.
fn impossible(knowledge: &Knowledge, facts: &Facts<'_>, finding: u16, _oldest: u32) -> bool {
    let id = knowledge.vocabulary.id_of(finding);
    (id == PREGNANT || id.starts_with("pregnancy_")) && facts.could_be_pregnant() == Truth::No
}

/// What rules lack that one more yes would fire, where something complained of already speaks for them.
fn pending(knowledge: &Knowledge, state: &State) -> Vec<Open> {
    let gate = &knowledge.gate;
    let facts = Facts::new(&gate.vocabulary, state);
    let mut open = Vec::new();
    for rule in gate
        .rules
        .iter()
        .filter(|rule| rule.level != RuleLevel::Urgent)
    {
        // Only what the patient complains of can make a rule half complete; most rules end here.
        let mut supported = false;
        rule.when.visit_findings(&mut |finding| {
            supported |= facts.truth(finding) == Truth::Yes && facts.is_complained(finding);
        });
        if !supported && state.measures.is_empty() || rule.when.value(&facts) != Truth::Open {
            continue;
        }
        let distance = rule.when.distance(&facts);
        let Lack::One(missing) = distance.lack else {
            continue;
        };
        if !distance.supported {
            continue;
        }
        open.extend(match missing {
            Missing::Finding(finding) => knowledge
                .vocabulary
                .index_of(gate.vocabulary.id_of(finding))
                .filter(|finding| knowledge.findings[usize::from(*finding)].ask.is_some())
                .map(Open::Finding),
            Missing::Age => Some(Open::Age),
            Missing::Sex => Some(Open::Sex),
            Missing::Pregnancy if state.profile.sex.is_none() => Some(Open::Sex),
            Missing::Pregnancy => Some(Open::Pregnancy),
            Missing::Other => None,
        });
    }
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
