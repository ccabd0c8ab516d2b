//! Answers to tap: one of several, or several of them.

use leptos::prelude::*;
use wire::question::{Choice, Question, QuestionKind};

use crate::components::icon::{Glyph, icon};
use crate::components::question::choose;
use crate::locale::words;
use crate::page::Page;

/// One of the choices: a tap answers. "I don't know" stands below, with every question.
pub fn single(page: Page, question: &Question) -> AnyView {
    let chips = question.choices.iter().filter(|choice| choice.id != "unknown").map(|choice| {
        let (asked, id) = (question.clone(), choice.id.clone());
        view! {
            <button type="button" class="chip" on:click=move |_| choose(page, &asked, vec![id.clone()])>
                {page.say(&choice.label)}
            </button>
        }
    });
    let class = if question.kind == QuestionKind::YesNo { "choices choices--pair" } else { "choices" };
    view! { <div class=class role="group" aria-labelledby="question">{chips.collect_view()}</div> }.into_any()
}

/// Any of the choices. One that stands alone clears the others, and they clear it.
pub fn multiple(page: Page, question: &Question) -> AnyView {
    let chosen: RwSignal<Vec<String>> = RwSignal::new(Vec::new());
    let missing = RwSignal::new(false);
    let alone: Vec<String> =
        question.choices.iter().filter(|choice| choice.exclusive).map(|choice| choice.id.clone()).collect();
    let boxes = question.choices.iter().filter(|choice| choice.id != "unknown").map(|choice| tick(page, choice, chosen, &alone));
    let boxes = boxes.collect_view();
    let asked = question.clone();
    let answer = move |_| {
        let ids = chosen.get_untracked();
        missing.set(ids.is_empty());
        if !ids.is_empty() {
            choose(page, &asked, ids);
        }
    };
    view! {
        <fieldset class="choices choices--many" aria-labelledby="question" aria-describedby="multiple-hint">
            <p id="multiple-hint" class="hint">{page.word(words::TALK_MULTIPLE_HINT)}</p>
            {boxes}
        </fieldset>
        <p class="field-error" role="alert">{move || missing.get().then(|| words::TALK_CHOOSE_ONE.of(page.language.get()))}</p>
        <button type="button" class="button button--primary" on:click=answer>{page.word(words::TALK_CONTINUE)}</button>
    }
    .into_any()
}

fn tick(page: Page, choice: &Choice, chosen: RwSignal<Vec<String>>, alone: &[String]) -> impl IntoView + use<> {
    let (id, exclusive, alone) = (choice.id.clone(), choice.exclusive, alone.to_vec());
    let is_chosen = {
        let id = id.clone();
        move || chosen.with(|chosen| chosen.contains(&id))
    };
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
    view! {
        <label class="chip chip--box" class:chip--alone=exclusive>
            <input type="checkbox" class="chip__input" prop:checked=is_chosen on:change=toggle />
            <span class="chip__box">{icon(Glyph::TICK)}</span>
            <span>{page.say(&choice.label)}</span>
        </label>
    }
}
