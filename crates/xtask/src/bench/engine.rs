//! The engine alone: how long one turn takes it, without server, store or network.

use std::time::Instant;

use consult::ask::Question;
use consult::knowledge::Knowledge;
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
