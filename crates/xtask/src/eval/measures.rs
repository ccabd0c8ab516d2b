//! The measures of `clinical.md`, counted case by case.

use std::collections::{BTreeMap, BTreeSet};

use consult::knowledge::Knowledge;

use super::cases::{Case, Level};
use super::interval::{clopper_pearson, number};
use super::judge::Judgement;

/// Hits of cases that have the gold for a measure.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Share {
    hits: usize,
    all: usize,
}

impl Share {
    fn count(&mut self, hit: bool) {
        self.hits += usize::from(hit);
        self.all += 1;
    }

    fn add(&mut self, other: Self) {
        self.hits += other.hits;
        self.all += other.all;
    }

    /// As a cell of a table; a dash where nothing could be counted.
    fn with_interval(self) -> String {
        if self.all == 0 {
            return "–".to_owned();
        }
        let (low, high) = clopper_pearson(self.hits, self.all);
        format!(
            "{:.1} % ({:.1} to {:.1})",
            100.0 * number(self.hits) / number(self.all),
            100.0 * low,
            100.0 * high
        )
    }

    fn line(self, what: &str) -> Option<String> {
        (self.all > 0).then(|| {
            format!(
                "{what:<46} {:>5.1} %  ({} of {})",
                100.0 * number(self.hits) / number(self.all),
                self.hits,
                self.all
            )
        })
    }
}

/// Which findings imply which, over any number of steps.
#[derive(Debug, Default)]
pub struct Generals(BTreeMap<String, BTreeSet<String>>);

impl Generals {
    /// Of a knowledge.
    pub fn of(knowledge: &Knowledge) -> Self {
        let vocabulary = &knowledge.vocabulary;
        let direct = |id: &str| -> Vec<String> {
            vocabulary
                .index_of(id)
                .map(|place| &vocabulary.findings[usize::from(place)].implies)
                .into_iter()
                .flatten()
                .map(|general| vocabulary.id_of(*general).to_owned())
                .collect()
        };
        let all = vocabulary.findings.iter().map(|finding| {
            let mut found = BTreeSet::new();
            let mut waiting = direct(&finding.id);
            while let Some(general) = waiting.pop() {
                if found.insert(general.clone()) {
                    waiting.extend(direct(&general));
                }
            }
            (finding.id.clone(), found)
        });
        Self(all.collect())
    }

    fn is_implied(&self, special: &str, general: &str) -> bool {
        self.0
            .get(special)
            .is_some_and(|generals| generals.contains(general))
    }
}

/// Bins of the reliability table.
const BINS: usize = 10;

fn bin(score: f64) -> usize {
    (1..BINS)
        .take_while(|place| score >= number(*place) / number(BINS))
        .count()
}

/// What was counted.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    cases: usize,
    errors: usize,
    unread: usize,
    top_1: Share,
    top_3: Share,
    exact: Share,
    within_one: Share,
    exact_if_denied: Share,
    within_one_if_denied: Share,
    recall: Share,
    over_triage: Share,
    over_triage_now: Share,
    cards: Share,
    cards_without_gold: Share,
    card_as_said: Share,
    precision: Share,
    found: Share,
    /// How often the first specialty was right, by the tenth its score lies in.
    reliability: [Share; BINS],
    /// Time of all cases together, with the start of the program.
    pub seconds: f64,
    /// Every miss, in words.
    pub misses: Vec<String>,
}

impl Tally {
    /// Counts a case.
    pub fn count(&mut self, case: &Case, judgement: &Judgement, generals: &Generals) {
        self.cases += 1;
        if let Some(error) = &judgement.error {
            self.errors += 1;
            self.miss("error", case, error);
            return;
        }
        self.unread += usize::from(judgement.care_level.is_none());
        self.count_specialty(case, judgement);
        match case.gold.level {
            Some(gold) => self.count_level(case, judgement, gold),
            None if case.gold.card == Some(false) => {
                let carded = !judgement.alerts.is_empty();
                self.cards.count(carded);
                if carded {
                    self.miss("card on no emergency", case, &judgement.alerts.join(", "));
                }
            }
            None => self.cards_without_gold.count(!judgement.alerts.is_empty()),
        }
        self.count_findings(case, judgement, generals);
    }

    fn count_specialty(&mut self, case: &Case, judgement: &Judgement) {
        let Some(right) = &case.gold.specialties else {
            return;
        };
        let codes: Vec<&str> = judgement
            .specialties
            .iter()
            .map(|one| one.code.as_str())
            .collect();
        let hit = |within: usize| {
            codes
                .iter()
                .take(within)
                .any(|code| right.iter().any(|one| one == code))
        };
        self.top_1.count(hit(1));
        if let Some(first) = judgement.specialties.first() {
            self.reliability[bin(first.score)].count(hit(1));
        }
        self.top_3.count(hit(3));
        if !hit(3) {
            let words = format!("wanted {}, got {}", right.join(" or "), codes.join(", "));
            self.miss("specialty", case, &words);
        }
    }

    fn count_level(&mut self, case: &Case, judgement: &Judgement, gold: Level) {
        let near =
            |level: Option<Level>| level.is_some_and(|level| (level as i8 - gold as i8).abs() <= 1);
        self.exact.count(judgement.care_level == Some(gold));
        self.within_one.count(near(judgement.care_level));
        self.exact_if_denied
            .count(judgement.level_if_denied == Some(gold));
        self.within_one_if_denied
            .count(near(judgement.level_if_denied));
        if gold == Level::Emergency {
            let caught = judgement.care_level == Some(Level::Emergency);
            self.recall.count(caught);
            if !caught {
                let words = format!("judged {}", judgement.level_in_words());
                self.miss("EMERGENCY MISSED", case, &words);
            }
        } else {
            let carded = !judgement.alerts.is_empty();
            self.cards.count(carded);
            if carded {
                self.miss("card on no emergency", case, &judgement.alerts.join(", "));
            }
            self.over_triage_now
                .count(judgement.care_level > Some(gold));
            let over = judgement.level_if_denied > Some(gold);
            self.over_triage.count(over);
            if over && !carded {
                let words = format!("wanted {gold:?}, got {}", judgement.level_in_words());
                self.miss("over-triage", case, &words);
            }
        }
        if let Some(card) = case.gold.card {
            self.card_as_said.count(card != judgement.alerts.is_empty());
        }
    }

    fn count_findings(&mut self, case: &Case, judgement: &Judgement, generals: &Generals) {
        let Some(right) = &case.gold.findings else {
            return;
        };
        let read: BTreeMap<&str, bool> = judgement
            .findings
            .iter()
            .filter(|one| one.status == "present" || one.status == "absent")
            // Conditions said by their name are no findings of the list the labels were written with.
            .filter(|one| !one.id.starts_with("known_"))
            .map(|one| (one.id.as_str(), one.status == "present"))
            .collect();
        // What is said in particular is said in general, too; what is denied in general is denied in particular.
        let follows = |from: &str, there: bool, id: &str| {
            let (special, general) = if there { (from, id) } else { (id, from) };
            special == general || generals.is_implied(special, general)
        };
        for (id, there) in &read {
            let hit = right
                .iter()
                .any(|(said, so)| so == there && follows(said, *there, id));
            self.precision.count(hit);
            if !hit {
                self.miss("finding read wrongly", case, id);
            }
        }
        for (id, there) in right {
            let hit = read
                .iter()
                .any(|(heard, so)| so == there && follows(heard, *there, id));
            self.found.count(hit);
            if !hit {
                self.miss("finding not read", case, id);
            }
        }
    }

    fn miss(&mut self, what: &str, case: &Case, words: &str) {
        let text: String = case.question.text.chars().take(160).collect();
        self.misses
            .push(format!("{what}: {} [{words}] {text}", case.question.id));
    }

    /// Adds another tally.
    pub fn add(&mut self, other: &Self) {
        self.cases += other.cases;
        self.errors += other.errors;
        self.unread += other.unread;
        self.seconds += other.seconds;
        for (mine, theirs) in self
            .shares_mut()
            .into_iter()
            .zip(other.clone().shares_mut())
        {
            mine.add(*theirs);
        }
    }

    fn shares_mut(&mut self) -> Vec<&mut Share> {
        let mut shares = vec![
            &mut self.top_1,
            &mut self.top_3,
            &mut self.exact,
            &mut self.within_one,
            &mut self.exact_if_denied,
            &mut self.within_one_if_denied,
            &mut self.recall,
            &mut self.over_triage,
            &mut self.over_triage_now,
            &mut self.cards,
            &mut self.cards_without_gold,
            &mut self.card_as_said,
            &mut self.precision,
            &mut self.found,
        ];
        shares.extend(&mut self.reliability);
        shares
    }

    /// The row of this file in the table of `docs/clinical-safety.md`.
    pub fn row(&self, name: &str) -> String {
        let cells = [
            self.top_1.with_interval(),
            self.top_3.with_interval(),
            self.recall.with_interval(),
            self.over_triage.with_interval(),
            self.cards.with_interval(),
            self.precision.with_interval(),
            self.found.with_interval(),
        ];
        format!("| {name} | {} | {} |", self.cases, cells.join(" | "))
    }

    /// The reliability table: what a score promises, and what came of it.
    pub fn reliability_rows(&self) -> Vec<String> {
        let bounds = |place: usize| {
            let percent = |place: usize| 100 * place / BINS;
            format!("{} to {} %", percent(place), percent(place + 1))
        };
        self.reliability
            .iter()
            .enumerate()
            .filter(|(_, share)| share.all > 0)
            .map(|(place, share)| {
                format!(
                    "| {} | {} | {} |",
                    bounds(place),
                    share.all,
                    share.with_interval()
                )
            })
            .collect()
    }

    /// What was counted, as lines; measures without a gold are left out.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!("{:<46} {:>5}", "cases (n)", self.cases)];
        if self.errors > 0 {
            lines.push(format!("{:<46} {:>5}", "errors", self.errors));
        }
        lines.push(format!(
            "{:<46} {:>5}",
            "nothing read, so no level", self.unread
        ));
        let recall = self.recall.line("emergency recall").map(|line| {
            let (low, high) = clopper_pearson(self.recall.hits, self.recall.all);
            format!(
                "{line}, 95 % interval {:.1} to {:.1} %",
                100.0 * low,
                100.0 * high
            )
        });
        lines.extend(
            [
                self.top_1.line("specialty top-1"),
                self.top_3.line("specialty top-3"),
                self.exact.line("level exact, now"),
                self.within_one.line("level within one, now"),
                self.exact_if_denied
                    .line("level exact, danger signs denied"),
                self.within_one_if_denied
                    .line("level within one, danger signs denied"),
                recall,
                self.over_triage.line("over-triage, danger signs denied"),
                self.over_triage_now
                    .line("over-triage, now (danger questions open)"),
                self.cards.line("cards on cases that are not emergencies"),
                self.cards_without_gold
                    .line("cards on cases without a gold level"),
                self.card_as_said
                    .line("card shown or not, as the vignette says"),
                self.precision.line("findings: precision"),
                self.found.line("findings: recall"),
            ]
            .into_iter()
            .flatten(),
        );
        lines.push(format!(
            "{:<46} {:>8.3} ms",
            "time per case, start of the program included",
            1000.0 * self.seconds / number(self.cases.max(1))
        ));
        lines
    }
}
