//! The question of the moment: heading, why, its control, "I don't know". Free text goes into the composer below.

use leptos::prelude::*;
use wire::Localized;
use wire::question::{Purpose, Question, QuestionKind};
use wire::turn::{Chosen, Input, Skipped};

use crate::components::icon::{Glyph, icon};
use crate::components::{choices, fields, picker, voice};
use crate::dom::{View, el, said, word_button, worded};
use crate::locale::{Language, Word, words};
use crate::page::Page;
use crate::screens::report;
use crate::session;

/// A word of the page in every language, as the wire carries texts.
#[must_use]
pub fn localized(word: Word) -> Localized {
    Localized(
        Language::all()
            .map(|language| (language.code().to_owned(), word.of(language).to_owned()))
            .collect(),
    )
}

/// Answers a question by its choices.
pub fn choose(page: Page, question: &Question, ids: Vec<String>) {
    let labels: Vec<Localized> = question
        .choices
        .iter()
        .filter(|choice| ids.contains(&choice.id))
        .map(|choice| choice.label.clone())
        .collect();
    let shown = Language::all().map(|language| {
        let comma = if language.code() == "zh" { "、" } else { ", " };
        let text: Vec<&str> = labels
            .iter()
            .map(|label| label.get(language.code()))
            .collect();
        (language.code().to_owned(), text.join(comma))
    });
    let shown = Localized(shown.collect());
    session::send(
        page,
        Input::Choice(Chosen {
            question: question.id.clone(),
            choices: ids,
        }),
        shown,
    );
}

/// Passes a question over.
fn skip(page: Page, question: &Question) {
    if question.choices.iter().any(|choice| choice.id == "unknown") {
        choose(page, question, vec!["unknown".to_owned()]);
    } else {
        session::send(
            page,
            Input::Skip(Skipped {
                question: question.id.clone(),
            }),
            localized(words::TALK_UNKNOWN),
        );
    }
}

/// The card of a question.
pub fn question(page: Page, question: &Question) -> View {
    let danger = question.purpose == Purpose::Danger;
    let picks = question.kind == QuestionKind::BodyPart;
    let control: Vec<View> = match question.kind {
        QuestionKind::YesNo | QuestionKind::Single => vec![choices::single(page, question)],
        QuestionKind::Multiple => choices::multiple(page, question),
        QuestionKind::Scale => vec![fields::scale(page, question)],
        QuestionKind::Number => vec![fields::number(page, question)],
        QuestionKind::Duration => vec![fields::duration(page, question)],
        QuestionKind::Date => vec![fields::date(page)],
        QuestionKind::BodyPart => vec![picker::picker(page)],
        // Answers in a word; everything else goes into the composer.
        QuestionKind::Text if question.choices.iter().any(|choice| choice.id != "unknown") => {
            vec![choices::single(page, question)]
        }
        QuestionKind::Photo => vec![
            report::ask_for_photos(page, &question.id),
            choices::single(page, question),
        ],
        QuestionKind::Text | QuestionKind::Unknown => Vec::new(),
    };
    let mut foot = Vec::new();
    if !picks {
        if question.kind != QuestionKind::Photo {
            let asked = question.clone();
            foot.push(word_button(
                page,
                "button button--quiet",
                words::TALK_UNKNOWN,
                move || skip(page, &asked),
            ));
        }
        if question.purpose == Purpose::History {
            let id = question.id.clone();
            foot.push(word_button(
                page,
                "button button--quiet",
                words::TALK_SKIP,
                move || {
                    let skipped = Skipped {
                        question: id.clone(),
                    };
                    session::send(page, Input::Skip(skipped), localized(words::TALK_SKIP));
                },
            ));
        }
        if question.why.0.values().any(|why| !why.is_empty()) {
            let title = worded(page, "summary", "", words::TALK_WHY);
            foot.push(el("details", "why").all([title, said(page, "p", "", &question.why)]));
        }
    }
    let tag = danger.then(|| {
        el("p", "question__tag")
            .with(icon(Glyph::WARNING))
            .word(page, words::TALK_DANGER)
    });
    let private = question.private.then(|| {
        el("p", "question__private")
            .with(icon(Glyph::LOCK))
            .word(page, words::TALK_PRIVATE)
    });
    let heading = said(page, "h2", "question__text", &question.text)
        .attr("id", "question")
        .attr("tabindex", "-1");
    el("section", "question")
        .class_if(danger, "question--danger")
        .attr("aria-labelledby", "question")
        .all(tag)
        .with(
            el("div", "question__head")
                .with(heading)
                .all(voice::read_aloud(page, &[&question.text])),
        )
        .all(private)
        .all(control)
        .with(el("div", "question__foot").all(foot))
}

/// About how many questions are left, in words.
pub fn progress(page: Page) -> View {
    let left = Memo::new(move |_| {
        page.chat
            .with(|chat| chat.question.as_ref().map(|question| question.remaining))
    });
    el("p", "talk__left").says(move || match left.get() {
        None | Some(0) => String::new(),
        Some(1) => words::TALK_LAST_QUESTION.of(page.language.get()).to_owned(),
        Some(count) => words::talk_question_left(page.language.get(), &count.to_string()),
    })
}
