//! Answers to tap: one of several, or several of them.

use leptos::prelude::*;
use wire::question::{Choice, Question, QuestionKind};

use crate::components::icon::{Glyph, icon};
use crate::components::question::choose;
use crate::dom::{View, button, el, field_error, input, said, word_button, worded};
use crate::locale::words;
use crate::page::Page;

/// One of the choices: a tap answers. "I don't know" stands below, with every question.
pub fn single(page: Page, question: &Question) -> View {
    let chips = question
        .choices
        .iter()
        .filter(|choice| choice.id != "unknown")
        .map(|choice| {
            let (asked, id) = (question.clone(), choice.id.clone());
            button("chip", move || choose(page, &asked, vec![id.clone()]))
                .localized(page, &choice.label)
        });
    let pair = question.kind == QuestionKind::YesNo;
    el("div", "choices")
        .class_if(pair, "choices--pair")
        .attr("role", "group")
        .attr("aria-labelledby", "question")
        .all(chips)
}

/// Any of the choices. One that stands alone clears the others, and they clear it.
#[must_use]
pub fn multiple(page: Page, question: &Question) -> Vec<View> {
    let chosen: RwSignal<Vec<String>> = RwSignal::new(Vec::new());
    let missing = RwSignal::new(false);
    let alone: Vec<String> = question
        .choices
        .iter()
        .filter(|choice| choice.exclusive)
        .map(|choice| choice.id.clone())
        .collect();
    let offered = question
        .choices
        .iter()
        .filter(|choice| choice.id != "unknown");
    let boxes: Vec<View> = offered
        .map(|choice| tick(page, choice, chosen, &alone))
        .collect();
    let asked = question.clone();
    let answer = move || {
        let ids = chosen.get_untracked();
        missing.set(ids.is_empty());
        if !ids.is_empty() {
            choose(page, &asked, ids);
        }
    };
    let hint = worded(page, "p", "hint", words::TALK_MULTIPLE_HINT).attr("id", "multiple-hint");
    vec![
        el("fieldset", "choices choices--many")
            .attr("aria-labelledby", "question")
            .attr("aria-describedby", "multiple-hint")
            .with(hint)
            .all(boxes),
        field_error("choices-error", move || {
            missing
                .get()
                .then(|| words::TALK_CHOOSE_ONE.of(page.language.get()).to_owned())
        }),
        word_button(page, "button button--primary", words::TALK_CONTINUE, answer),
    ]
}

fn tick(page: Page, choice: &Choice, chosen: RwSignal<Vec<String>>, alone: &[String]) -> View {
    let (id, own, exclusive, alone) = (
        choice.id.clone(),
        choice.id.clone(),
        choice.exclusive,
        alone.to_vec(),
    );
    let toggle = move |_| {
        chosen.update(|chosen| {
            if let Some(place) = chosen.iter().position(|one| *one == id) {
                chosen.remove(place);
            } else if exclusive {
                *chosen = vec![id.clone()];
            } else {
                chosen.retain(|one| !alone.contains(one));
                chosen.push(id.clone());
            }
        });
    };
    let field = input("checkbox", "chip__input")
        .checked(move || chosen.with(|chosen| chosen.contains(&own)))
        .on("change", toggle);
    el("label", "chip chip--box")
        .class_if(exclusive, "chip--alone")
        .all([
            field,
            el("span", "chip__box").with(icon(Glyph::TICK)),
            said(page, "span", "", &choice.label),
        ])
}
