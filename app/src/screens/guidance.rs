//! Where to go, how soon and why; until then; when to come back at once. It ends with people who help.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::Localized;
use wire::guidance::{CareLevel, Guidance};
use wire::session::Feedback;
use wire::turn::Input;

use crate::components::icon::{Glyph, icon};
use crate::components::{composer, department, desk};
use crate::locale::{Word, words};
use crate::page::Page;
use crate::screens::conversation::{banner, crisis};
use crate::{api, session, shell};

/// The guidance.
pub fn guidance(page: Page) -> AnyView {
    let given = Memo::new(move |_| page.chat.with(|chat| chat.guidance.clone()));
    let body = move || given.get().map(|guidance| body(page, &guidance));
    view! {
        <div class="guidance">
            {banner(page)}
            {crisis(page)}
            {body}
            {correction(page)}
            {feedback(page)}
            <section class="guidance__end no-print">
                <button type="button" class="button" on:click=move |_| shell::print()>{icon(Glyph::PRINT)}{page.word(words::GUIDANCE_PRINT)}</button>
                <button type="button" class="button button--quiet" on:click=move |_| session::leave(page)>{page.word(words::GUIDANCE_NEW_VISIT)}</button>
            </section>
        </div>
    }
    .into_any()
}

fn body(page: Page, guidance: &Guidance) -> AnyView {
    let none = guidance.departments.is_empty().then(|| view! { <p class="notice">{page.word(words::GUIDANCE_NO_DEPARTMENT)}</p> });
    let departments = guidance.departments.iter().zip(1..).map(|(one, place)| department::suggested(page, place, one)).collect_view();
    view! {
        {level(page, guidance)}
        {come_back(page, guidance)}
        {still_open(page, &guidance.open)}
        <section aria-labelledby="departments">
            <h2 id="departments" class="guidance__heading">{page.word(words::GUIDANCE_DEPARTMENTS)}</h2>
            {guidance.tie.as_ref().map(|tie| view! { <p class="notice">{page.say(tie)}</p> })}
            {none}
            <div class="departments">{departments}</div>
        </section>
        <section class="guidance__desk" aria-labelledby="desk">
            <h2 id="desk" class="guidance__heading">{page.word(words::GUIDANCE_DESK)}</h2>
            {desk::triage_desks(page)}
        </section>
        <details class="fold print-open">
            <summary class="fold__title">{page.word(words::GUIDANCE_WHAT_YOU_SAID)}</summary>
            <p class="slip__words">{move || crate::screens::emergency::patient(page)}</p>
            {move || page.chat.with(|chat| chat.words().cloned().collect::<Vec<_>>()).iter()
                .map(|line| view! { <p class="slip__words">{page.say(line)}</p> }).collect_view()}
        </details>
        <p class="hint">{page.word(words::GUIDANCE_SOFTWARE)}</p>
    }
    .into_any()
}

/// The level in words and colour, and the three answers of time.
fn level(page: Page, guidance: &Guidance) -> AnyView {
    let class = match guidance.care_level {
        CareLevel::Emergency => "level level--emergency",
        CareLevel::Urgent | CareLevel::Unknown => "level level--urgent",
        CareLevel::Routine => "level level--routine",
        CareLevel::SelfCare => "level level--self-care",
    };
    view! {
        <section class=class aria-labelledby="heading">
            <p class="level__eyebrow">{page.word(words::GUIDANCE_TITLE)}</p>
            <h1 id="heading" class="level__name" tabindex="-1">
                <span class="visually-hidden">{page.word(words::GUIDANCE_LEVEL)}": "</span>{page.say(&guidance.level_name)}
            </h1>
            <dl class="level__facts">
                {time(page, Glyph::CLOCK, words::GUIDANCE_BY_WHEN, &guidance.by_when)}
                {time(page, Glyph::DOOR, words::GUIDANCE_IF_CLOSED, &guidance.where_if_closed)}
                {time(page, Glyph::HOME, words::GUIDANCE_UNTIL_THEN, &guidance.until_then)}
            </dl>
        </section>
    }
    .into_any()
}

fn time(page: Page, glyph: Glyph, name: Word, text: &Localized) -> AnyView {
    view! { <div class="level__fact"><dt>{icon(glyph)}{page.word(name)}</dt><dd>{page.say(text)}</dd></div> }.into_any()
}

fn come_back(page: Page, guidance: &Guidance) -> AnyView {
    let signs = guidance.come_back_if.iter().map(|sign| view! { <li>{page.say(sign)}</li> }).collect_view();
    view! {
        <section class="come-back" aria-labelledby="come-back">
            <h2 id="come-back">{icon(Glyph::WARNING)}{page.word(words::GUIDANCE_COME_BACK)}</h2>
            <ul>{signs}</ul>
        </section>
    }
    .into_any()
}

fn still_open(page: Page, open: &[Localized]) -> AnyView {
    if open.is_empty() {
        return ().into_any();
    }
    let rows = open.iter().map(|one| view! { <li>{page.say(one)}</li> }).collect_view();
    view! {
        <section class="still-open" aria-labelledby="open">
            <h2 id="open">{page.word(words::GUIDANCE_OPEN)}</h2>
            <ul>{rows}</ul>
            <p class="hint">{page.word(words::GUIDANCE_OPEN_WHY)}</p>
        </section>
    }
    .into_any()
}

/// "Not right?": other words, or one step back. The talk goes on from there.
fn correction(page: Page) -> impl IntoView {
    view! {
        <section class="correction no-print" aria-labelledby="correction-title">
            <h2 id="correction-title" class="guidance__heading">{page.word(words::GUIDANCE_NOT_RIGHT)}</h2>
            <p>{page.word(words::GUIDANCE_NOT_RIGHT_LEAD)}</p>
            {composer::composer(page, || words::COMPOSER_PLACEHOLDER_CORRECT)}
            <button type="button" class="button button--small button--quiet"
                on:click=move |_| session::send(page, Input::Back {}, Localized::default())>
                {icon(Glyph::BACK)}{page.word(words::TALK_BACK)}
            </button>
        </section>
    }
}

/// How the question of feedback stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    Helpful,
    Reason,
    Thanked,
}

fn feedback(page: Page) -> impl IntoView {
    let asked = RwSignal::new(Asked::Helpful);
    let send = move |helpful: bool, reason: Option<&str>| {
        let Some(held) = page.held.get_untracked() else { return };
        let feedback = Feedback { helpful, reason: reason.map(str::to_owned) };
        spawn_local(async move {
            api::feedback(&held, &feedback).await.ok();
        });
        asked.set(Asked::Thanked);
    };
    let reason = move |code: &'static str, word: Word| {
        view! { <button type="button" class="chip chip--small" on:click=move |_| send(false, Some(code))>{page.word(word)}</button> }
    };
    let body = move || match asked.get() {
        Asked::Helpful => view! {
            <h2 class="feedback__title">{page.word(words::GUIDANCE_FEEDBACK)}</h2>
            <div class="choices choices--flow">
                <button type="button" class="chip chip--small" on:click=move |_| send(true, None)>{page.word(words::GUIDANCE_HELPFUL)}</button>
                <button type="button" class="chip chip--small" on:click=move |_| asked.set(Asked::Reason)>{page.word(words::GUIDANCE_NOT_HELPFUL)}</button>
            </div>
        }
        .into_any(),
        Asked::Reason => view! {
            <h2 class="feedback__title">{page.word(words::GUIDANCE_FEEDBACK_WHY)}</h2>
            <div class="choices choices--flow">
                {reason("wrong_department", words::GUIDANCE_WRONG_DEPARTMENT)}
                {reason("too_many_questions", words::GUIDANCE_TOO_MANY_QUESTIONS)}
                {reason("not_understood", words::GUIDANCE_NOT_UNDERSTOOD)}
                {reason("other", words::GUIDANCE_OTHER_REASON)}
            </div>
        }
        .into_any(),
        Asked::Thanked => view! { <p>{page.word(words::GUIDANCE_THANKS)}</p> }.into_any(),
    };
    view! { <section class="feedback no-print" aria-live="polite">{body}</section> }
}
