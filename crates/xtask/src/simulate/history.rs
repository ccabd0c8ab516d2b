//! `cargo xtask simulate --pre-consultation`: patients tell their history to the interview, and the report is held against it.
//!
//! They answer with their own sentences where they have one that fits, by tapping where they know, else "I don't know". What is
//! counted: how much of the case came into the report, whether anything told was lost, and whether a line says what nobody said.

mod cases;
mod check;
mod patient;

use std::path::PathBuf;

use consult::ask::Question;
use consult::interview::Section;
use consult::knowledge::Knowledge;
use consult::profile::{AgeRange, Profile};
use consult::report::{Entry, Logged, Report, report};
use consult::state::{Heard, State};
use consult::{Input, Settings, Step, next};

use crate::failure::Outcome;
use crate::{bench, places};
use cases::Case;
use check::Checked;

/// Screens of one visit at most; the engine must end long before.
const MOST_SCREENS: usize = 60;

/// What one visit came to.
struct Visit {
    entries: Vec<(u64, Heard, Option<String>)>,
    screens: usize,
    twice: usize,
    alert: bool,
    rules: Vec<String>,
    asked: Vec<Question>,
    report: Option<Report>,
}

/// Lets every case come once, prints, and writes `target/bench/pre-consultation.json`.
pub fn run(knowledge: &Knowledge, paths: &[PathBuf], failures: bool) -> Outcome {
    let mut groups = vec![(
        "own",
        cases::own(&places::root().join("knowledge/histories"))?,
    )];
    for path in paths {
        groups.push(("patient actors", cases::actors(path)?));
    }
    let mut total = Total::default();
    for (name, cases) in &groups {
        let mut group = Total::default();
        for case in cases {
            let visit = visit(knowledge, case);
            if failures && visit.report.is_none() {
                let last = visit
                    .entries
                    .iter()
                    .rev()
                    .find_map(|(.., text)| text.as_deref());
                println!(
                    "- {}: no report, cards {:?}: {} … {}",
                    case.id,
                    visit.rules,
                    case.says,
                    last.unwrap_or_default()
                );
            }
            let checked = check::check(knowledge, case, &visit);
            if failures {
                for problem in &checked.problems {
                    println!("- {}: {problem}", case.id);
                }
            }
            group.add(&visit, &checked);
            total.add(&visit, &checked);
        }
        group.print(name);
    }
    total.print("all");
    bench::write("pre-consultation", &total.numbers())
}

/// One visit from nothing: the first words, what the interview asks, the report.
fn visit(knowledge: &Knowledge, case: &Case) -> Visit {
    let settings = Settings {
        budget: 0,
        ..Settings::default()
    };
    let profile = Input::Profile {
        profile: Profile {
            subject: None,
            age: case.age_months.map(AgeRange::exactly),
            sex: case.sex,
        },
        pregnant: None,
    };
    let mut visit = Visit {
        entries: Vec::new(),
        screens: 0,
        twice: 0,
        alert: false,
        rules: Vec::new(),
        asked: Vec::new(),
        report: None,
    };
    let mut patient = patient::Patient::new(knowledge, case);
    let mut input = Input::Text(case.says.clone());
    // As in the product, the interview is begun before anything is said where it is all an application does.
    for begun in [Input::Interview, profile] {
        let state = visit.state();
        visit.hear(knowledge.hear(&state, &begun), None);
    }
    for _ in 0..MOST_SCREENS {
        let before = visit.state();
        let heard = knowledge.hear(&before, &input);
        visit.hear(heard, input.text().map(str::to_owned));
        let state = visit.state();
        match next(knowledge, &state, settings).step {
            Step::Question(question) => {
                visit.screens += 1;
                visit.twice += usize::from(visit.asked.iter().any(|one| one.id == question.id));
                input = patient.answer(&question);
                visit.asked.push(*question);
            }
            Step::Rephrase | Step::OfferList => {
                visit.screens += 1;
                input = Input::Text(case.present_illness.first().cloned().unwrap_or_default());
            }
            Step::Alert(fired) => {
                visit.rules = fired.into_iter().map(|rule| rule.id).collect();
                visit.alert = true;
                break;
            }
            Step::Report => {
                visit.report = Some(visit.fold(knowledge));
                break;
            }
            Step::Guidance | Step::TriageDesk => break,
        }
    }
    visit
}

impl Visit {
    fn state(&self) -> State {
        State::fold(self.entries.iter().map(|(_, heard, _)| heard))
    }

    fn hear(&mut self, heard: Heard, text: Option<String>) {
        let seq = self.entries.len() as u64 + 1;
        self.entries.push((seq, heard, text));
    }

    fn fold(&self, knowledge: &Knowledge) -> Report {
        let entries: Vec<Entry<'_>> = self
            .entries
            .iter()
            .map(|(seq, heard, text)| Entry {
                seq: *seq,
                logged: Logged::Heard(heard, text.as_deref()),
            })
            .collect();
        report(knowledge, &entries)
    }
}

/// Sums over many visits.
#[derive(Default)]
struct Total {
    cases: usize,
    reports: usize,
    alerts: usize,
    screens: Vec<usize>,
    twice: usize,
    covered: usize,
    coverable: usize,
    kept: usize,
    told: usize,
    unsupported: usize,
    wrong_status: usize,
}

impl Total {
    fn add(&mut self, visit: &Visit, checked: &Checked) {
        self.cases += 1;
        self.twice += visit.twice;
        self.alerts += usize::from(visit.alert);
        if visit.report.is_some() {
            self.reports += 1;
            self.screens.push(visit.screens);
        }
        self.covered += checked.covered;
        self.coverable += checked.coverable;
        self.kept += checked.kept;
        self.told += checked.told;
        self.unsupported += checked.unsupported;
        self.wrong_status += checked.wrong_status;
    }

    fn median(&self) -> usize {
        let mut screens = self.screens.clone();
        screens.sort_unstable();
        screens.get(screens.len() / 2).copied().unwrap_or(0)
    }

    fn print(&self, name: &str) {
        println!(
            "{name}: {} cases, {} reports, {} emergency cards; coverage {:.1} % of {}, kept {:.1} % of {} told, \
             {} unsupported, {} wrong status; screens median {}, most {}, asked twice {}",
            self.cases,
            self.reports,
            self.alerts,
            100.0 * share(self.covered, self.coverable),
            self.coverable,
            100.0 * share(self.kept, self.told),
            self.told,
            self.unsupported,
            self.wrong_status,
            self.median(),
            self.screens.iter().max().copied().unwrap_or(0),
            self.twice,
        );
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "counts of cases and sentences are small"
    )]
    fn numbers(&self) -> [(&'static str, f64); 9] {
        [
            ("cases", self.cases as f64),
            ("reports", self.reports as f64),
            ("emergency_cards", self.alerts as f64),
            ("coverage", share(self.covered, self.coverable)),
            ("facts_kept", share(self.kept, self.told)),
            ("unsupported", self.unsupported as f64),
            ("wrong_status", self.wrong_status as f64),
            ("questions_median", self.median() as f64),
            ("asked_twice", self.twice as f64),
        ]
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of sentences are small")]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        1.0
    } else {
        part as f64 / whole as f64
    }
}

/// Whether a section is one of the patient's own history.
fn is_history(section: Section) -> bool {
    !matches!(section, Section::ChiefComplaint | Section::Told)
}
