//! `cargo xtask simulate`: patients who know their case answer the engine's questions, and what comes out is counted.
//!
//! They answer truthfully, "I don't know" where their case is silent, never "no" by default. The organisation is the demo's.

mod answer;
mod history;
mod patients;
mod tally;

use std::path::PathBuf;

use clap::Args;
use consult::guide::directory::{Directory, LocalTime};
use consult::guide::{Index, guide};
use consult::knowledge::Knowledge;
use consult::profile::{AgeRange, Profile};
use consult::state::State;
use consult::{Input, Settings, Step, next};

use crate::failure::{Failure, Outcome};
use crate::{bench, knowledge, places};
use answer::answer;
use patients::{Patient, Style};
use tally::{Outcome as Visit, Tally};

/// Questions of one visit at most; the engine must end long before.
const MOST_QUESTIONS: usize = 40;
/// A Tuesday in May, ten in the morning: what can be open is open, no seasonal rule holds.
const NOW: LocalTime = LocalTime {
    month: 5,
    weekday: 2,
    minute: 600,
};

/// Who comes.
#[derive(Debug, Args)]
pub struct Options {
    /// Cases of patient actors as JSON lines, beside our own of `knowledge/patients/`.
    paths: Vec<PathBuf>,
    /// Department questions at most.
    #[arg(long, default_value_t = Settings::default().budget)]
    budget: u8,
    /// Show every visit that ended in another department.
    #[arg(long)]
    failures: bool,
    /// Take the history down instead, and hold the report against what the patient knows.
    #[arg(long)]
    pre_consultation: bool,
}

/// Lets every patient come once in each style, prints, and writes `target/bench/simulate.json`.
pub fn run(options: &Options) -> Outcome {
    let compiled = knowledge::compiled(&knowledge::read()?)?;
    let knowledge = Knowledge::decode(&compiled.knowledge, &compiled.gate)
        .and_then(|knowledge| knowledge.with_interviews(&compiled.interviews))
        .map_err(Failure::of("knowledge"))?;
    let (index, problems) = Index::build(&knowledge, directory()?);
    if let Some(problem) = problems.first() {
        return Err(Failure::new(format!(
            "routing rule \"{}\": {}",
            problem.rule, problem.message
        )));
    }
    if options.pre_consultation {
        return history::run(&knowledge, &options.paths, options.failures);
    }
    let own = patients::own(&knowledge, &places::root().join("knowledge/patients"))?;
    let mut actors = Vec::new();
    for path in &options.paths {
        actors.extend(patients::actors(&knowledge, path)?);
    }
    let mut total = Tally::default();
    for (name, group) in [("own", &own), ("patient actors", &actors)] {
        for style in Style::ALL {
            let mut tally = Tally::default();
            for patient in group.iter().filter(|patient| patient.speaks(style)) {
                let visit = visit(&knowledge, &index, patient, style, options.budget);
                if options.failures && visit.is_miss() {
                    println!("- {} ({style:?}): {}", patient.id, visit.in_words());
                }
                tally.count(&visit);
            }
            if tally.cases() > 0 {
                tally.print(&format!("{name}, {style:?}"));
            }
            total.add(&tally);
        }
    }
    total.print("all");
    bench::write("simulate", &total.numbers())
}

/// The demo organisation's directory, from the files the server seeds.
fn directory() -> Outcome<Directory> {
    let demo = places::root().join("server/demo");
    let mut directory = Directory::default();
    for folder in [demo.clone(), demo.join("doctors")] {
        let entries = std::fs::read_dir(&folder).map_err(Failure::of(folder.display()))?;
        let mut paths: Vec<PathBuf> = entries
            .filter_map(Result::ok)
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|end| end == "toml"))
            .filter(|path| {
                path.file_name()
                    .is_some_and(|name| name != "organisation.toml" && name != "faq.toml")
            })
            .collect();
        paths.sort();
        for path in paths {
            let text = std::fs::read_to_string(&path).map_err(Failure::of(path.display()))?;
            let part: Directory = toml::from_str(&text).map_err(Failure::of(path.display()))?;
            directory.hospitals.extend(part.hospitals);
            directory.departments.extend(part.departments);
            directory.doctors.extend(part.doctors);
            directory.routing.extend(part.routing);
        }
    }
    Ok(directory)
}

/// One visit, from the first sentence to card, guidance or desk.
fn visit(
    knowledge: &Knowledge,
    index: &Index,
    patient: &Patient,
    style: Style,
    budget: u8,
) -> Visit {
    let settings = Settings {
        budget,
        ..Settings::default()
    };
    let mut heard = vec![knowledge.hear(
        &State::default(),
        &Input::Profile {
            profile: Profile {
                subject: None,
                age: patient.age_months.map(AgeRange::exactly),
                sex: patient.sex,
            },
            pregnant: None,
        },
    )];
    let mut input = Input::Text(patient.sentence(style));
    let mut visit = Visit::new(patient);
    let mut asked: Vec<String> = Vec::new();
    for _ in 0..MOST_QUESTIONS {
        let before = State::fold(&heard);
        heard.push(knowledge.hear(&before, &input));
        let state = State::fold(&heard);
        let decision = next(knowledge, &state, settings);
        visit.level = decision.assessment.care_level;
        visit.crisis |= !decision.crisis.is_empty();
        match decision.step {
            Step::Question(question) => {
                visit.ask(&question, asked.contains(&question.id));
                asked.push(question.id.clone());
                input = answer(patient, &question);
            }
            Step::Rephrase | Step::OfferList => {
                visit.rephrased += 1;
                input = Input::Text(patient.other_words());
            }
            Step::Alert(_) => {
                visit.alert = true;
                visit.ranked_specialties(&decision.assessment);
                break;
            }
            Step::Guidance => {
                let guidance = guide(knowledge, index, &state, &decision.assessment, NOW);
                visit.guided(index, &guidance);
                break;
            }
            Step::TriageDesk | Step::Report => break,
        }
    }
    visit
}
