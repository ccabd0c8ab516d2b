//! What was said so far, as a quiet record: no bubbles, the patient's words set apart by a rule.

use leptos::prelude::*;
use wire::Localized;
use wire::event::MessageKind;

use crate::chat_state::Entry;
use crate::components::desk;
use crate::locale::words;
use crate::page::Page;
use crate::queue::Line;
use crate::session;

/// The record.
pub fn transcript(page: Page) -> impl IntoView {
    let entries = Memo::new(move |_| page.chat.with(|chat| chat.entries.clone()));
    let rows = move || entries.with(|entries| entries.iter().map(|one| entry(page, one)).collect_view());
    view! {
        <ol class="record" aria-label=page.word(words::TALK_SO_FAR) hidden=move || entries.with(Vec::is_empty)>{rows}</ol>
    }
}

fn entry(page: Page, entry: &Entry) -> AnyView {
    match entry {
        Entry::Asked(question) => view! { <li class="record__asked">{page.say(&question.text)}</li> }.into_any(),
        Entry::Said { shown, .. } => said(page, shown, ""),
        Entry::Message(message) => {
            let desks = (message.kind == MessageKind::TriageDesk).then(|| desk::triage_desks(page));
            view! { <li class="record__message"><p>{page.say(&message.text)}</p>{desks}</li> }.into_any()
        }
        Entry::Notice(notice) => view! { <li class="record__notice">{page.say(&notice.text)}</li> }.into_any(),
        Entry::Guided(level) => {
            view! { <li class="record__notice">{page.word(words::GUIDANCE_TITLE)}": "{page.say(level)}</li> }.into_any()
        }
    }
}

fn said(page: Page, shown: &Localized, note: &'static str) -> AnyView {
    view! {
        <li class="record__said">
            <span class="visually-hidden">{page.word(words::TALK_YOU)}": "</span>{page.say(shown)}
            {(!note.is_empty()).then_some(note)}
        </li>
    }
    .into_any()
}

/// What is on its way: the words not yet recorded, and that an answer is being worked out.
pub fn waiting(page: Page) -> impl IntoView {
    let shown = Memo::new(move |_| {
        page.queue.with(|queue| queue.all().filter(|one| !one.recorded).map(|one| one.shown.clone()).collect::<Vec<_>>())
    });
    let rows = move || shown.with(|shown| shown.iter().map(|one| said(page, one, "")).collect_view());
    let working = move || match page.line.get() {
        Line::Clear => words::TALK_WORKING.of(page.language.get()),
        Line::Waiting | Line::Offline => words::LINE_QUEUED.of(page.language.get()),
    };
    let streaming = Memo::new(move |_| page.chat.with(|chat| chat.streaming.clone()));
    view! {
        <ol class="record record--waiting">{rows}</ol>
        <div class="working">
            <p class="working__words">{streaming}</p>
            <p class="working__state">
                <span class="working__dots" aria-hidden="true"><i></i><i></i><i></i></span>
                {working}
            </p>
            <button type="button" class="button button--small" hidden=move || page.line.get() != Line::Clear
                on:click=move |_| session::stop(page)>{page.word(words::TALK_STOP)}</button>
        </div>
    }
}
