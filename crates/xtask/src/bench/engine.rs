//! The engine alone: how long one turn takes it, without server, store or network.

use std::time::Instant;

use consult::ask::Question;
use consult::knowledge::Knowledge;
use consult::profile::Profile;
use consult::state::State;
use consult::{Input, Settings, Step};

use super::patient::Sentence;
use crate::failure::{Failure, Outcome};
use crate::knowledge;

/// Questions answered of each session at most.
const TURNS_AT_MOST: usize = 20;

/// Time of each turn (hear, fold, decide) of sessions that begin with these sentences and go on with "no", microseconds.
pub fn turns(sentences: &[Sentence]) -> Outcome<Vec<f64>> {
    let compiled = knowledge::compiled(&knowledge::read()?)?;
    let knowledge =
        Knowledge::decode(&compiled.knowledge, &compiled.gate).map_err(Failure::of("knowledge"))?;
    let mut times = Vec::new();
    for (_, words) in sentences {
        let mut heard = Vec::new();
        let mut input = Some(Input::Text(words.clone()));
        for _ in 0..TURNS_AT_MOST {
            let Some(now) = input.take() else { break };
            let begun = Instant::now();
            // A turn on the server folds the whole log first.
            let mut state = State::fold(&heard);
            let new = knowledge.hear(&state, &now);
            state.apply(&new);
            let decision = consult::next(&knowledge, &state, Settings::default());
            times.push(begun.elapsed().as_secs_f64() * 1e6);
            heard.push(new);
            if let Step::Question(question) = &decision.step {
                input = Some(denied(question));
            }
        }
    }
    Ok(times)
}

/// Cases judged one after the other.
const CASES: usize = 10_000;

/// Turns, many cases, sizes.
pub fn measure() -> Outcome<Vec<(&'static str, f64)>> {
    let compiled = knowledge::compiled(&knowledge::read()?)?;
    let opened =
        Knowledge::decode(&compiled.knowledge, &compiled.gate).map_err(Failure::of("knowledge"))?;
    let sentences = super::guidance::sentences()?;
    let turns = turns(&sentences)?;
    let begun = Instant::now();
    let mut found = 0_usize;
    for (_, words) in sentences.iter().cycle().take(CASES) {
        let (_, decision) =
            consult::judge(&opened, Profile::default(), words, &[], Settings::default());
        found += decision.assessment.specialties.len();
    }
    let cases = begun.elapsed().as_secs_f64();
    let kilobytes = |bytes: &[u8]| -> Outcome<f64> {
        let packed = pack::brotli(bytes).map_err(Failure::of("knowledge"))?;
        Ok(u32::try_from(packed.len()).map_or(f64::MAX, f64::from) / 1000.0)
    };
    let first: f64 = ["zh", "en"]
        .iter()
        .map(|language| {
            ["core", language]
                .iter()
                .filter_map(|part| compiled.gate_parts.get(*part))
                .map(|bytes| kilobytes(bytes))
                .sum::<Outcome<f64>>()
        })
        .try_fold(0.0_f64, |most, size| size.map(|size| most.max(size)))?;
    let numbers = vec![
        ("turn_p50_us", super::percentile(&turns, 0.5)),
        ("turn_p99_us", super::percentile(&turns, 0.99)),
        ("cases_10000_s", cases),
        ("knowledge_br_kb", kilobytes(&compiled.knowledge)?),
        ("gate_first_br_kb", first),
    ];
    for (name, number) in &numbers {
        println!("{name:<20} {number:>8.1}");
    }
    if found == 0 {
        return Err(Failure::new("the engine found no specialty in any case"));
    }
    Ok(numbers)
}

/// "No", "none of these", or passed over.
fn denied(question: &Question) -> Input {
    let offered: Vec<String> = question
        .choices
        .iter()
        .map(|choice| choice.id.clone())
        .collect();
    match offered
        .iter()
        .find(|id| matches!(id.as_str(), "no" | "none"))
        .cloned()
    {
        Some(choice) => Input::Choice {
            question: question.id.clone(),
            offered,
            choices: vec![choice],
        },
        None => Input::Skip {
            question: question.id.clone(),
            offered,
        },
    }
}
