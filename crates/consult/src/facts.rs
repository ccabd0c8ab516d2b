//! What follows from a state: findings by index, closed over `implies` and `when`.

use crate::expression::{Compare, Detail, Measure, Truth};
use crate::knowledge::{FindingKind, Knowledge, Vocabulary};
use crate::profile::{AgeRange, Sex};
use crate::state::{Details, State, Status};

/// Question ids of the profile.
pub(crate) const AGE: &str = "age";
/// Asks for the sex.
pub(crate) const SEX: &str = "sex";
/// The finding and question of a pregnancy.
pub(crate) const PREGNANT: &str = "pregnant";
/// The finding of a missed period.
const MISSED_PERIOD: &str = "missed_period";

/// A finding as others are told it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told<'a> {
    /// Its id.
    pub id: &'a str,
    /// Whether it is there.
    pub status: Status,
    /// The patient's words, if it was said in words; what follows from other findings has none.
    pub words: Option<&'a str>,
}

/// What is known, said or following from what was said, without the parts that mean something only together with others.
#[must_use]
pub fn told<'a>(knowledge: &'a Knowledge, state: &'a State) -> Vec<Told<'a>> {
    let vocabulary = &knowledge.vocabulary;
    let facts = Facts::new(vocabulary, state);
    let derived = facts.present().map(|index| Told {
        id: vocabulary.id_of(index),
        status: Status::Present,
        words: None,
    });
    let mut told: Vec<Told<'_>> = state
        .findings
        .iter()
        .map(|(id, known)| Told {
            id,
            status: known.status,
            words: known.words.as_deref(),
        })
        .collect();
    told.extend(derived.filter(|one| !state.findings.contains_key(one.id)));
    told.retain(|one| {
        let index = vocabulary.index_of(one.id);
        index.is_none_or(|index| !knowledge.findings[usize::from(index)].part)
    });
    told
}

/// A state seen through one vocabulary.
#[derive(Debug, Clone)]
pub struct Facts<'a> {
    vocabulary: &'a Vocabulary,
    state: &'a State,
    status: Vec<Option<Status>>,
    details: Vec<Details>,
}

impl<'a> Facts<'a> {
    /// Closes what is known over what findings imply. Present spreads from special to general, absent from general to special.
    #[must_use]
    pub fn new(vocabulary: &'a Vocabulary, state: &'a State) -> Self {
        let count = vocabulary.findings.len();
        let mut facts = Self {
            vocabulary,
            state,
            status: vec![None; count],
            details: vec![Details::default(); count],
        };
        for (id, known) in &state.findings {
            if let Some(index) = vocabulary.index_of(id) {
                facts.status[usize::from(index)] = Some(known.status);
                facts.details[usize::from(index)] = known.details;
            }
        }
        facts.spread_absent();
        // Conditions may rest on each other; each round can only add, and four rounds are deeper than any chain.
        for _ in 0..4 {
            if !facts.spread_present() {
                break;
            }
        }
        facts
    }

    /// The same with findings denied on top, as if the patient had answered no to each.
    #[must_use]
    pub fn with_denied(&self, findings: impl IntoIterator<Item = u16>) -> Self {
        let mut facts = self.clone();
        for finding in findings {
            let status = &mut facts.status[usize::from(finding)];
            if *status != Some(Status::Present) {
                *status = Some(Status::Absent);
            }
        }
        facts.spread_absent();
        facts
    }

    fn spread_absent(&mut self) {
        for _ in 0..3 {
            let mut changed = false;
            for (index, finding) in self.vocabulary.findings.iter().enumerate() {
                let denied = finding
                    .implies
                    .iter()
                    .any(|general| self.status[usize::from(*general)] == Some(Status::Absent));
                if denied && self.status[index].is_none() {
                    self.status[index] = Some(Status::Absent);
                    changed = true;
                }
            }
            if !changed {
                return;
            }
        }
    }

    fn spread_present(&mut self) -> bool {
        let mut changed = false;
        for (index, finding) in self.vocabulary.findings.iter().enumerate() {
            let present = self.status[index] == Some(Status::Present);
            if !present && finding.when.as_ref().is_some_and(|when| when.holds(self)) {
                self.status[index] = Some(Status::Present);
                changed = true;
            }
            if self.status[index] != Some(Status::Present) {
                continue;
            }
            for general in &finding.implies {
                let general = usize::from(*general);
                if self.status[general] != Some(Status::Present) {
                    self.status[general] = Some(Status::Present);
                    self.details[general] = self.details[index];
                    changed = true;
                }
            }
        }
        changed
    }

    /// Id of a finding.
    #[must_use]
    pub fn id_of(&self, finding: u16) -> &str {
        self.vocabulary.id_of(finding)
    }

    /// Status of a finding, `None` if never touched.
    #[must_use]
    pub fn status(&self, finding: u16) -> Option<Status> {
        self.status.get(usize::from(finding)).copied().flatten()
    }

    /// Whether a finding is present.
    #[must_use]
    pub fn truth(&self, finding: u16) -> Truth {
        match self.status(finding) {
            Some(Status::Present) => Truth::Yes,
            Some(Status::Absent) => Truth::No,
            Some(Status::Unknown | Status::Suspected) | None => Truth::Open,
        }
    }

    /// Whether a finding is something complained of: no background, no reason for coming.
    #[must_use]
    pub fn is_complained(&self, finding: u16) -> bool {
        self.vocabulary
            .findings
            .get(usize::from(finding))
            .is_some_and(|one| {
                matches!(
                    one.kind,
                    FindingKind::Symptom
                        | FindingKind::Sign
                        | FindingKind::Event
                        | FindingKind::Measurement
                )
            })
    }

    /// Indices of all present findings.
    pub fn present(&self) -> impl Iterator<Item = u16> + '_ {
        (0_u16..)
            .zip(&self.status)
            .filter(|(_, status)| **status == Some(Status::Present))
            .map(|(index, _)| index)
    }

    /// Ids of the findings that were denied in so many words.
    pub(crate) fn denied(&self) -> impl Iterator<Item = &str> + '_ {
        self.state
            .findings
            .iter()
            .filter(|(_, known)| known.status == Status::Absent)
            .map(|(id, _)| id.as_str())
    }

    pub(crate) fn has_detail(&self, finding: u16, detail: Detail) -> bool {
        self.details
            .get(usize::from(finding))
            .is_some_and(|details| match detail {
                Detail::Sudden => details.sudden,
                Detail::Severe => details.severe,
                Detail::Worsening => details.worsening,
            })
    }

    pub(crate) fn hours(&self, finding: u16) -> Option<f64> {
        self.details
            .get(usize::from(finding))
            .and_then(|details| details.hours)
    }

    pub(crate) fn measure(&self, measure: Measure) -> Option<f64> {
        self.state.measures.get(&measure).copied()
    }

    /// A question passed over: the stricter reading holds.
    fn is_passed_over(&self, question: &str) -> bool {
        self.state.closed.get(question).copied().unwrap_or(false)
    }

    pub(crate) fn age(&self, compare: Compare, months: u32) -> Truth {
        let AgeRange { from, to } = self.state.profile.ages();
        let (youngest, oldest) = (
            compare.holds(f64::from(from), f64::from(months)),
            compare.holds(f64::from(to), f64::from(months)),
        );
        match (youngest, oldest) {
            (true, true) => Truth::Yes,
            (false, false) => Truth::No,
            _ if self.is_passed_over(AGE) => Truth::Yes,
            _ => Truth::Open,
        }
    }

    pub(crate) fn sex(&self, sex: Sex) -> Truth {
        match self.state.profile.sex {
            Some(known) if known == sex => Truth::Yes,
            Some(_) => Truth::No,
            None if self.is_passed_over(SEX) => Truth::Yes,
            None => Truth::Open,
        }
    }

    pub(crate) fn could_be_pregnant(&self) -> Truth {
        let of = |id: &str| {
            self.vocabulary
                .index_of(id)
                .map_or(Truth::Open, |finding| self.truth(finding))
        };
        let pregnant = of(PREGNANT);
        if pregnant != Truth::Open {
            return pregnant;
        }
        let AgeRange { from, to } = self.state.profile.ages();
        if self.state.profile.sex == Some(Sex::Male) || to < 11 * 12 || from > 56 * 12 {
            return Truth::No;
        }
        if of(MISSED_PERIOD) == Truth::Yes {
            return Truth::Yes;
        }
        let asked = self.is_passed_over(PREGNANT);
        if asked && self.sex(Sex::Female) == Truth::Yes {
            Truth::Yes
        } else {
            Truth::Open
        }
    }
}
