//! The talk: what was said, the question of the moment, what is on its way, the composer.

use leptos::prelude::*;
use wire::Localized;
use wire::event::Crisis;
use wire::turn::Input;

use crate::chat_state::ChatState;
use crate::components::icon::{Glyph, icon};
use crate::components::{composer, question, transcript};
use crate::dom::{View, button, call, el, said, worded};
use crate::locale::words;
use crate::page::Page;
use crate::screens::heading;
use crate::{session, shell};

/// The talk.
pub fn conversation(page: Page) -> View {
    let waiting = Memo::new(move |_| page.queue.with(|queue| !queue.is_empty()));
    let asked = Memo::new(move |_| page.chat.with(|chat| chat.question.clone()));
    let can_go_back = Memo::new(move |_| page.chat.with(ChatState::can_go_back));
    follow(page, waiting);
    let now = move || {
        if waiting.get() {
            transcript::waiting(page)
        } else {
            asked
                .get()
                .map(|asked| question::question(page, &asked))
                .into_iter()
                .collect()
        }
    };
    let placeholder = move || {
        let complaint =
            asked.with(|asked| asked.as_ref().is_none_or(|asked| asked.id == "complaint"));
        if complaint {
            words::COMPOSER_PLACEHOLDER
        } else {
            words::COMPOSER_PLACEHOLDER_ANSWER
        }
    };
    let back = button("button button--small button--quiet talk__back", move || {
        session::send(page, Input::Back {}, Localized::default());
    });
    let back = back
        .flag("hidden", move || !can_go_back.get())
        .flag("disabled", move || waiting.get())
        .with(icon(Glyph::BACK))
        .word(page, words::TALK_BACK);
    let head = el("div", "talk__head").all([
        back,
        heading(page, "visually-hidden", words::TALK_TITLE),
        question::progress(page),
    ]);
    el("div", "talk").all([
        head,
        banner(page),
        transcript::transcript(page),
        crisis(page),
        el("div", "talk__now").attr("id", "now").fill(now),
        composer::composer(page, placeholder),
    ])
}

/// A new question: keyboard and ear go to its heading, unless the patient is typing.
fn follow(page: Page, waiting: Memo<bool>) {
    let id = Memo::new(move |_| {
        page.chat
            .with(|chat| chat.question.as_ref().map(|question| question.id.clone()))
    });
    Effect::new(move |before: Option<Option<String>>| {
        let now = id.get().filter(|_| !waiting.get());
        if before.as_ref().is_some_and(|before| *before != now) {
            // Who asked about the hospital wants the answer; the question that comes again stands below it.
            let answered = page.chat.with_untracked(ChatState::has_just_answered);
            let target = match now {
                Some(_) if answered => transcript::ANSWERED,
                Some(_) => "question",
                None => "now",
            };
            shell::show_soon(target);
            if now.is_some() && !answered && !page.typed_last.get_untracked() {
                shell::focus_soon("question");
            }
        }
        now
    });
}

/// A card was called not right: its number stays.
pub fn banner(page: Page) -> View {
    let number = move || page.ambulance();
    let says = worded(page, "span", "", words::TALK_BANNER)
        .text(" ")
        .with(call("", number).says(number));
    el("p", "alert-banner")
        .flag("hidden", move || !page.chat.with(|chat| chat.banner))
        .all([icon(Glyph::WARNING), says])
}

/// Help beside the talk. The talk goes on below.
pub fn crisis(page: Page) -> View {
    let card = Memo::new(move |_| page.chat.with(|chat| chat.crisis.clone()));
    let body = move || {
        card.get()
            .map(|card| crisis_card(page, &card))
            .into_iter()
            .collect()
    };
    el("div", "talk__crisis")
        .flag("hidden", move || card.with(Option::is_none))
        .fill(body)
}

fn crisis_card(page: Page, card: &Crisis) -> View {
    let line = page.of_application(|application| application.contacts.crisis_line.clone());
    let exit = card.quick_exit.then(|| {
        let act = move || leave_quickly(page);
        button("button button--quiet", act)
            .with(icon(Glyph::DOOR))
            .word(page, words::TALK_QUICK_EXIT)
    });
    let title = el("h2", "crisis__title")
        .attr("id", "crisis")
        .with(icon(Glyph::HELP))
        .localized(page, &card.title);
    let actions = el("div", "actions")
        .with(call_button(page, "button button--primary", move || {
            line.clone()
        }))
        .with(call_button(page, "button", move || page.ambulance()))
        .all(exit);
    el("aside", "crisis")
        .attr("aria-labelledby", "crisis")
        .all([title, said(page, "p", "", &card.words), actions])
}

/// A button that calls a number and says so.
pub fn call_button(page: Page, class: &str, number: impl Fn() -> String + Clone + 'static) -> View {
    let shown = number.clone();
    call(class, number)
        .with(icon(Glyph::PHONE))
        .says(move || words::emergency_call(page.language.get(), &shown()))
}

/// Forgets the visit in this tab and puts another page in its place, so that Back does not lead here.
fn leave_quickly(page: Page) {
    crate::storage::forget(&page.application_id());
    window().location().replace("about:blank").ok();
}
