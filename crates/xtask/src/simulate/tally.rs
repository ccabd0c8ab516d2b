//! What visits came to.

use consult::ask::{Purpose, Question};
use consult::assess::{Assessment, CareLevel};
use consult::guide::{Guidance, Index};

use super::patients::Patient;
use crate::eval::Level;

/// One visit.
#[derive(Debug, Clone)]
pub struct Outcome {
    specialties: Vec<String>,
    gold: Option<Level>,
    department_questions: usize,
    danger_screens: usize,
    profile_questions: usize,
    asked_twice: usize,
    /// Times nothing was understood.
    pub rephrased: usize,
    /// A card ended it.
    pub alert: bool,
    /// A crisis card showed.
    pub crisis: bool,
    /// Level at the end.
    pub level: Option<CareLevel>,
    /// Departments by the specialties they serve, best first.
    departments: Vec<(String, Vec<String>)>,
}

impl Outcome {
    /// A visit that begins.
    pub fn new(patient: &Patient) -> Self {
        Self {
            specialties: patient.specialties.clone(),
            gold: patient.level,
            department_questions: 0,
            danger_screens: 0,
            profile_questions: 0,
            asked_twice: 0,
            rephrased: 0,
            alert: false,
            crisis: false,
            level: None,
            departments: Vec::new(),
        }
    }

    /// A question was asked.
    pub fn ask(&mut self, question: &Question, again: bool) {
        match question.purpose {
            Purpose::Danger => self.danger_screens += 1,
            Purpose::Department | Purpose::History => self.department_questions += 1,
            Purpose::Profile | Purpose::Complaint => self.profile_questions += 1,
        }
        self.asked_twice += usize::from(again);
    }

    /// It ended with guidance.
    pub fn guided(&mut self, index: &Index, guidance: &Guidance) {
        self.departments = guidance
            .departments
            .iter()
            .map(|one| {
                let department = &index.directory.departments[one.department];
                (department.id.clone(), department.specialties.clone())
            })
            .collect();
    }

    /// It ended with a card: the department is the emergency department, the specialties are kept for the record.
    pub fn ranked_specialties(&mut self, assessment: &Assessment) {
        self.departments = assessment
            .specialties
            .iter()
            .take(3)
            .map(|(code, _)| {
                (
                    format!("({code})"),
                    vec![code.clone(), "emergency".to_owned()],
                )
            })
            .collect();
    }

    fn is_right(&self, departments: usize) -> bool {
        self.departments
            .iter()
            .take(departments)
            .any(|(_, served)| served.iter().any(|code| self.specialties.contains(code)))
    }

    fn missed_emergency(&self) -> bool {
        self.gold == Some(Level::Emergency)
            && !self.alert
            && !self.crisis
            && self.level != Some(CareLevel::Emergency)
    }

    /// Whether something went wrong.
    pub fn is_miss(&self) -> bool {
        self.missed_emergency() || (!self.specialties.is_empty() && !self.is_right(1))
    }

    /// What happened, in words.
    pub fn in_words(&self) -> String {
        let names: Vec<&str> = self.departments.iter().map(|(id, _)| id.as_str()).collect();
        format!(
            "{:?}, card {}, {} department questions, {} danger screens; went to {}; right: {}",
            self.level,
            self.alert,
            self.department_questions,
            self.danger_screens,
            names.join(", "),
            self.specialties.join(", ")
        )
    }
}

/// Many visits.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    cases: usize,
    guided: usize,
    department_questions: usize,
    danger_screens: usize,
    most_danger_screens: usize,
    asked_twice: usize,
    rephrased: usize,
    with_department: usize,
    first: usize,
    third: usize,
    emergencies: usize,
    missed: usize,
    others: usize,
    needless_cards: usize,
}

impl Tally {
    /// Counts one visit.
    pub fn count(&mut self, visit: &Outcome) {
        self.cases += 1;
        // A card ends the talk; how many questions guidance takes is counted over those who reach it.
        if !visit.alert {
            self.guided += 1;
            self.department_questions += visit.department_questions;
        }
        self.danger_screens += visit.danger_screens;
        self.most_danger_screens = self.most_danger_screens.max(visit.danger_screens);
        self.asked_twice += visit.asked_twice;
        self.rephrased += visit.rephrased;
        if !visit.specialties.is_empty() {
            self.with_department += 1;
            self.first += usize::from(visit.is_right(1));
            self.third += usize::from(visit.is_right(3));
        }
        match visit.gold {
            Some(Level::Emergency) => {
                self.emergencies += 1;
                self.missed += usize::from(visit.missed_emergency());
            }
            Some(_) => {
                self.others += 1;
                self.needless_cards += usize::from(visit.alert);
            }
            None => {}
        }
    }

    /// Adds other visits.
    pub fn add(&mut self, other: &Self) {
        self.cases += other.cases;
        self.guided += other.guided;
        self.department_questions += other.department_questions;
        self.danger_screens += other.danger_screens;
        self.most_danger_screens = self.most_danger_screens.max(other.most_danger_screens);
        self.asked_twice += other.asked_twice;
        self.rephrased += other.rephrased;
        self.with_department += other.with_department;
        self.first += other.first;
        self.third += other.third;
        self.emergencies += other.emergencies;
        self.missed += other.missed;
        self.others += other.others;
        self.needless_cards += other.needless_cards;
    }

    /// How many visits.
    pub fn cases(&self) -> usize {
        self.cases
    }

    /// Flat numbers for `target/bench/simulate.json`.
    pub fn numbers(&self) -> Vec<(&'static str, f64)> {
        vec![
            ("cases", number(self.cases)),
            (
                "questions_mean",
                share(self.department_questions, self.guided),
            ),
            (
                "danger_screens_mean",
                share(self.danger_screens, self.cases),
            ),
            ("danger_screens_most", number(self.most_danger_screens)),
            ("department_top1", share(self.first, self.with_department)),
            ("department_top3", share(self.third, self.with_department)),
            ("emergencies", number(self.emergencies)),
            ("emergencies_missed", number(self.missed)),
            ("needless_cards", number(self.needless_cards)),
            ("asked_twice", number(self.asked_twice)),
        ]
    }

    /// One line.
    pub fn print(&self, name: &str) {
        println!(
            "{name:<28} {:>5} visits  department questions {:.2}  danger screens {:.2} (most {})  department {:>5.1} / {:>5.1} % of {}  emergencies missed {} of {}  needless cards {} of {}  not understood {}  asked twice {}",
            self.cases,
            share(self.department_questions, self.guided),
            share(self.danger_screens, self.cases),
            self.most_danger_screens,
            100.0 * share(self.first, self.with_department),
            100.0 * share(self.third, self.with_department),
            self.with_department,
            self.missed,
            self.emergencies,
            self.needless_cards,
            self.others,
            self.rephrased,
            self.asked_twice
        );
    }
}

fn number(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::INFINITY, f64::from)
}

fn share(part: usize, all: usize) -> f64 {
    number(part) / number(all.max(1))
}
