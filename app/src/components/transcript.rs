//! What was said so far, as a quiet record: no bubbles, the patient's words set apart by a rule.

use leptos::prelude::*;
use wire::Localized;
use wire::event::{Answer, MessageKind, SourceKind};

use crate::app::link;
use crate::chat_state::Entry;
use crate::components::{desk, voice};
use crate::dom::{View, el, said, word_button, worded};
use crate::locale::words;
use crate::page::Page;
use crate::queue::Line;
use crate::route::Place;
use crate::session;

/// Id of an answer about the hospital that is the last word.
pub const ANSWERED: &str = "answered";

/// The record.
pub fn transcript(page: Page) -> View {
    let entries = Memo::new(move |_| page.chat.with(|chat| chat.entries.clone()));
    el("ol", "record")
        .attr_word(page, "aria-label", words::TALK_SO_FAR)
        .flag("hidden", move || entries.with(Vec::is_empty))
        .fill(move || {
            entries.with(|entries| {
                let last = entries.len();
                let lines = entries.iter().zip(1..);
                lines
                    .map(|(one, place)| {
                        let line = entry(page, one);
                        if place == last && matches!(one, Entry::Answered(_)) {
                            return line.attr("id", ANSWERED);
                        }
                        line
                    })
                    .collect()
            })
        })
}

fn entry(page: Page, entry: &Entry) -> View {
    match entry {
        Entry::Asked(question) => said(page, "li", "record__asked", &question.text),
        Entry::Said { shown, .. } | Entry::Inquired(shown) => spoken(page, shown),
        Entry::Answered(answer) => answered(page, answer),
        Entry::Message(message) => {
            let desks = (message.kind == MessageKind::TriageDesk).then(|| desk::triage_desks(page));
            el("li", "record__message")
                .with(said(page, "p", "", &message.text))
                .all(voice::read_aloud(page, &[&message.text]))
                .all(desks)
        }
        Entry::Notice(notice) => said(page, "li", "record__notice", &notice.text),
        Entry::Guided(level) => worded(page, "li", "record__notice", words::GUIDANCE_TITLE)
            .text(": ")
            .localized(page, level),
    }
}

/// An answer about the hospital with where it stands, or the desks where nothing was found.
fn answered(page: Page, answer: &Answer) -> View {
    let text = said(page, "p", "record__answer", &answer.text);
    let line = el("li", "record__message")
        .with(text)
        .all(voice::read_aloud(page, &[&answer.text]));
    if answer.sources.is_empty() {
        return line.with(desk::triage_desks(page));
    }
    let sources = answer.sources.iter().map(|source| match source.kind {
        SourceKind::Department => {
            let place = Place::Department(source.id.clone());
            el("li", "").with(link(page, place, "").localized(page, &source.title))
        }
        _ => said(page, "li", "", &source.title),
    });
    line.with(worded(
        page,
        "p",
        "record__sources-title",
        words::TALK_SOURCES,
    ))
    .with(el("ul", "record__sources").all(sources))
}

fn spoken(page: Page, shown: &Localized) -> View {
    let who = worded(page, "span", "visually-hidden", words::TALK_YOU).text(": ");
    el("li", "record__said").with(who).localized(page, shown)
}

/// What is on its way: the words not yet recorded, and that an answer is being worked out.
#[must_use]
pub fn waiting(page: Page) -> Vec<View> {
    let shown = Memo::new(move |_| {
        page.queue.with(|queue| {
            queue
                .all()
                .filter(|one| !one.recorded)
                .map(|one| one.shown.clone())
                .collect::<Vec<_>>()
        })
    });
    let working = move || match page.line.get() {
        Line::Clear => words::TALK_WORKING.of(page.language.get()).to_owned(),
        Line::Waiting | Line::Offline => words::LINE_QUEUED.of(page.language.get()).to_owned(),
    };
    let dots = el("span", "working__dots")
        .attr("aria-hidden", "true")
        .all([el("i", ""), el("i", ""), el("i", "")]);
    vec![
        el("ol", "record record--waiting")
            .flag("hidden", move || shown.with(Vec::is_empty))
            .fill(move || shown.with(|shown| shown.iter().map(|one| spoken(page, one)).collect())),
        el("div", "working").all([
            el("p", "working__words").says(move || page.chat.with(|chat| chat.streaming.clone())),
            el("p", "working__state").with(dots).says(working),
            word_button(page, "button button--small", words::TALK_STOP, move || {
                session::stop(page);
            })
            .flag("hidden", move || page.line.get() != Line::Clear),
        ]),
    ]
}
