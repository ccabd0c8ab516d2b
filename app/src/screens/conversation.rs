//! The talk: what was said, the question of the moment, what is on its way, the composer.

use leptos::prelude::*;
use wire::Localized;
use wire::event::Crisis;
use wire::turn::Input;

use crate::components::icon::{Glyph, icon};
use crate::components::{composer, question, transcript};
use crate::locale::words;
use crate::page::Page;
use crate::{session, shell};

/// The talk.
pub fn conversation(page: Page) -> AnyView {
    let waiting = Memo::new(move |_| page.queue.with(|queue| !queue.is_empty()));
    let asked = Memo::new(move |_| page.chat.with(|chat| chat.question.clone()));
    let can_go_back = Memo::new(move |_| page.chat.with(crate::chat_state::ChatState::can_go_back));
    follow(page, waiting);
    let now = move || {
        if waiting.get() {
            transcript::waiting(page).into_any()
        } else {
            asked.get().map(|asked| question::question(page, &asked)).into_any()
        }
    };
    let placeholder = move || {
        let complaint = asked.with(|asked| asked.as_ref().is_none_or(|asked| asked.id == "complaint"));
        if complaint { words::COMPOSER_PLACEHOLDER } else { words::COMPOSER_PLACEHOLDER_ANSWER }
    };
    view! {
        <div class="talk">
            <div class="talk__head">
                <button type="button" class="button button--small button--quiet talk__back"
                    hidden=move || !can_go_back.get() disabled=waiting
                    on:click=move |_| session::send(page, Input::Back {}, Localized::default())>
                    {icon(Glyph::BACK)}{page.word(words::TALK_BACK)}
                </button>
                <h1 id="heading" class="visually-hidden" tabindex="-1">{page.word(words::TALK_TITLE)}</h1>
                {question::progress(page)}
            </div>
            {banner(page)}
            {transcript::transcript(page)}
            {crisis(page)}
            <div class="talk__now" id="now">{now}</div>
            {composer::composer(page, placeholder)}
        </div>
    }
    .into_any()
}

/// A new question: keyboard and ear go to its heading, unless the patient is typing.
fn follow(page: Page, waiting: Memo<bool>) {
    let id = Memo::new(move |_| page.chat.with(|chat| chat.question.as_ref().map(|question| question.id.clone())));
    Effect::new(move |before: Option<Option<String>>| {
        let now = id.get().filter(|_| !waiting.get());
        if before.as_ref().is_some_and(|before| *before != now) {
            let target = if now.is_some() { "question" } else { "now" };
            shell::show_soon(target);
            if now.is_some() && !page.typed_last.get_untracked() {
                shell::focus_soon("question");
            }
        }
        now
    });
}

/// A card was called not right: its number stays.
pub fn banner(page: Page) -> impl IntoView {
    let shown = Memo::new(move |_| page.chat.with(|chat| chat.banner));
    view! {
        <p class="alert-banner" hidden=move || !shown.get()>
            {icon(Glyph::WARNING)}
            <span>
                {page.word(words::TALK_BANNER)}" "
                <a href=move || format!("tel:{}", page.ambulance())>{move || page.ambulance()}</a>
            </span>
        </p>
    }
}

/// Help beside the talk. The talk goes on below.
pub fn crisis(page: Page) -> impl IntoView {
    let card = Memo::new(move |_| page.chat.with(|chat| chat.crisis.clone()));
    move || card.get().map(|card| crisis_card(page, &card))
}

fn crisis_card(page: Page, card: &Crisis) -> impl IntoView + use<> {
    let line = page.of_application(|application| application.contacts.crisis_line.clone());
    let call = line.clone();
    view! {
        <aside class="crisis" aria-labelledby="crisis">
            <h2 id="crisis" class="crisis__title">{icon(Glyph::HELP)}{page.say(&card.title)}</h2>
            <p>{page.say(&card.words)}</p>
            <div class="actions">
                <a class="button button--primary" href=format!("tel:{line}")>
                    {icon(Glyph::PHONE)}{move || words::emergency_call(page.language.get(), &call)}
                </a>
                <a class="button" href=move || format!("tel:{}", page.ambulance())>
                    {icon(Glyph::PHONE)}{move || words::emergency_call(page.language.get(), &page.ambulance())}
                </a>
                {card.quick_exit.then(|| view! {
                    <button type="button" class="button button--quiet" on:click=move |_| leave_quickly(page)>
                        {icon(Glyph::DOOR)}{page.word(words::TALK_QUICK_EXIT)}
                    </button>
                })}
            </div>
        </aside>
    }
}

/// Forgets the visit in this tab and puts another page in its place, so that Back does not lead here.
fn leave_quickly(page: Page) {
    crate::storage::forget(&page.application_id());
    window().location().replace("about:blank").ok();
}
