//! The question of the moment: heading, why, its control, "I don't know". Free text goes into the composer below.

use leptos::prelude::*;
use wire::Localized;
use wire::question::{Purpose, Question, QuestionKind};
use wire::turn::{Chosen, Input, Skipped};

use crate::components::icon::{Glyph, icon};
use crate::components::{choices, fields, picker};
use crate::locale::{Language, Word, words};
use crate::page::Page;
use crate::session;

/// A word of the page in every language, as the wire carries texts.
#[must_use]
pub fn localized(word: Word) -> Localized {
    Localized(Language::all().map(|language| (language.code().to_owned(), word.of(language).to_owned())).collect())
}

/// Answers a question by its choices.
pub fn choose(page: Page, question: &Question, ids: Vec<String>) {
    let labels: Vec<Localized> =
        question.choices.iter().filter(|choice| ids.contains(&choice.id)).map(|choice| choice.label.clone()).collect();
    let shown = Language::all().map(|language| {
        let comma = if language.code() == "zh" { "、" } else { ", " };
        let text: Vec<&str> = labels.iter().map(|label| label.get(language.code())).collect();
        (language.code().to_owned(), text.join(comma))
    });
    let shown = Localized(shown.collect());
    session::send(page, Input::Choice(Chosen { question: question.id.clone(), choices: ids }), shown);
}

/// Passes a question over.
fn skip(page: Page, question: &Question) {
    if question.choices.iter().any(|choice| choice.id == "unknown") {
        choose(page, question, vec!["unknown".to_owned()]);
    } else {
        session::send(page, Input::Skip(Skipped { question: question.id.clone() }), localized(words::TALK_UNKNOWN));
    }
}

/// The card of a question.
pub fn question(page: Page, question: &Question) -> AnyView {
    let asked = question.clone();
    let control = match question.kind {
        QuestionKind::YesNo | QuestionKind::Single => choices::single(page, question),
        QuestionKind::Multiple => choices::multiple(page, question),
        QuestionKind::Scale => fields::scale(page, question),
        QuestionKind::Number => fields::number(page, question),
        QuestionKind::Duration => fields::duration(page, question),
        QuestionKind::Date => fields::date(page, question),
        QuestionKind::BodyPart => picker::picker(page),
        QuestionKind::Text | QuestionKind::Unknown => ().into_any(),
    };
    let why = question.why.get("en").is_empty() && question.why.get("zh").is_empty();
    let opens = question.kind == QuestionKind::BodyPart;
    view! {
        <section class="question" class:question--danger=question.purpose == Purpose::Danger aria-labelledby="question">
            {(question.purpose == Purpose::Danger).then(|| view! {
                <p class="question__tag">{icon(Glyph::WARNING)}{page.word(words::TALK_DANGER)}</p>
            })}
            <h2 id="question" class="question__text" tabindex="-1">{page.say(&question.text)}</h2>
            {question.private.then(|| view! {
                <p class="question__private">{icon(Glyph::LOCK)}{page.word(words::TALK_PRIVATE)}</p>
            })}
            {control}
            <div class="question__foot">
                {(!opens).then(|| view! {
                    <button type="button" class="button button--quiet" on:click=move |_| skip(page, &asked)>
                        {page.word(words::TALK_UNKNOWN)}
                    </button>
                })}
                {(!why && !opens).then(|| view! {
                    <details class="why">
                        <summary>{page.word(words::TALK_WHY)}</summary>
                        <p>{page.say(&question.why)}</p>
                    </details>
                })}
            </div>
        </section>
    }
    .into_any()
}

/// About how many questions are left, in words.
pub fn progress(page: Page) -> impl IntoView {
    let left = Memo::new(move |_| page.chat.with(|chat| chat.question.as_ref().map(|question| question.remaining)));
    let words = move || match left.get() {
        None | Some(0) => String::new(),
        Some(1) => words::TALK_LAST_QUESTION.of(page.language.get()).to_owned(),
        Some(count) => words::talk_question_left(page.language.get(), &count.to_string()),
    };
    view! { <p class="talk__left">{words}</p> }
}
