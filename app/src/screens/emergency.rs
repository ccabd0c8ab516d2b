//! The emergency card. It takes the screen before the network answers, and without one.

use leptos::prelude::*;
use wire::Localized;
use wire::event::{Alert, AlertLevel};
use wire::session::{Profile, Sex};
use wire::turn::{Input, NotRight};

use crate::components::desk;
use crate::components::icon::{Glyph, icon};
use crate::components::trouble::trouble;
use crate::locale::words;
use crate::page::Page;
use crate::queue::Line;
use crate::{session, shell};

/// The card.
pub fn emergency(page: Page) -> AnyView {
    let card = Memo::new(move |_| page.chat.with(|chat| chat.card().cloned()));
    let shown_at = shell::time_now(page.language.get_untracked());
    let body = move || card.get().map(|card| body(page, &card, shown_at.clone()));
    body.into_any()
}

fn body(page: Page, card: &Alert, shown_at: String) -> AnyView {
    let level = card.level;
    let heading = move || {
        let word = match (page.on_site(), level) {
            (true, _) => words::ALERT_ON_SITE,
            (false, AlertLevel::GoNow) => words::ALERT_GO_NOW,
            (false, AlertLevel::CallNow | AlertLevel::Unknown) => words::ALERT_CALL_NOW,
        };
        word.of(page.language.get())
    };
    let how = move || {
        let language = page.language.get();
        if page.on_site() {
            String::new()
        } else if level == AlertLevel::GoNow {
            words::alert_go_how(language, &page.ambulance())
        } else {
            words::ALERT_STAY.of(language).to_owned()
        }
    };
    let call = move || words::emergency_call(page.language.get(), &page.ambulance());
    view! {
        <article class="alert" class:alert--go=level == AlertLevel::GoNow>
            <div class="alert__head" role="alert">
                <p class="alert__level">{icon(Glyph::WARNING)}{page.say(&card.title)}</p>
                <h1 id="heading" class="alert__title" tabindex="-1">{heading}</h1>
                <p class="alert__words">{page.say(&card.words)}</p>
                <p class="alert__words">{how}</p>
            </div>
            <div class="alert__body">
                <a class="alert__call" href=move || format!("tel:{}", page.ambulance())>{icon(Glyph::PHONE)}<span>{call}</span></a>
                <p class="alert__offline" hidden=move || page.line.get() != Line::Offline>{page.word(words::ALERT_OFFLINE)}</p>
                {where_to(page)}
                {slip(page, card, heading, shown_at)}
                {not_right(page)}
            </div>
        </article>
    }
    .into_any()
}

/// On site the triage desk, else the emergency departments.
fn where_to(page: Page) -> impl IntoView {
    let on_site = page.on_site();
    let title = if on_site { words::ALERT_WHERE_DESK } else { words::ALERT_WHERE };
    let places = if on_site { desk::triage_desks(page).into_any() } else { desk::emergency_departments(page).into_any() };
    view! {
        <section class="alert__where" aria-labelledby="where">
            <h2 id="where">{page.word(title)}</h2>
            {places}
        </section>
    }
}

/// What the desk needs to read: who, what was said, since when, what was shown.
fn slip(
    page: Page,
    card: &Alert,
    heading: impl Fn() -> &'static str + Copy + Send + Sync + 'static,
    shown_at: String,
) -> impl IntoView {
    let (title, reasons) = (card.title.clone(), card.reasons.clone());
    let reasons = reasons.into_iter().map(|reason| view! { <li>{page.say(&reason.finding)}</li> }).collect_view();
    view! {
        <section class="slip" aria-labelledby="slip">
            <h2 id="slip" class="slip__title">{icon(Glyph::PAPER)}{page.word(words::ALERT_SLIP)}</h2>
            <dl class="facts">
                <dt>{page.word(words::ALERT_SLIP_PATIENT)}</dt><dd>{move || patient(page)}</dd>
                <dt>{page.word(words::ALERT_SLIP_SAID)}</dt><dd>{move || said(page)}</dd>
                <dt>{page.word(words::ALERT_SLIP_UNDERSTOOD)}</dt><dd><ul>{reasons}</ul></dd>
                <dt>{page.word(words::ALERT_SLIP_SINCE)}</dt><dd>{move || since(page)}</dd>
                <dt>{page.word(words::ALERT_SLIP_SHOWN)}</dt><dd>{page.say(&title)}" · "{heading}</dd>
                <dt>{page.word(words::ALERT_SLIP_AT)}</dt><dd>{shown_at}</dd>
            </dl>
            <button type="button" class="button button--small slip__print" on:click=move |_| shell::print()>
                {icon(Glyph::PRINT)}{page.word(words::ALERT_PRINT)}
            </button>
        </section>
    }
}

/// Age and sex, as told.
pub fn patient(page: Page) -> String {
    let language = page.language.get();
    let Profile { age_months, sex, .. } = page.chat.with(|chat| chat.profile.clone());
    let age = age_months.map(|months| {
        let (count, unit) = if months < 24 { (months, words::WHO_MONTHS) } else { (months / 12, words::WHO_YEARS) };
        format!("{count} {}", unit.of(language))
    });
    let sex = match sex {
        Some(Sex::Female) => Some(words::WHO_FEMALE),
        Some(Sex::Male) => Some(words::WHO_MALE),
        Some(Sex::Unknown) | None => None,
    };
    let parts: Vec<String> = sex.map(|word| word.of(language).to_owned()).into_iter().chain(age).collect();
    if parts.is_empty() { words::ALERT_SINCE_UNKNOWN.of(language).to_owned() } else { parts.join(" · ") }
}

/// The patient's words, recorded and on their way.
fn said(page: Page) -> AnyView {
    let mut lines: Vec<Localized> = page.chat.with(|chat| chat.words().cloned().collect());
    page.queue.with(|queue| {
        let waiting = queue.all().filter(|one| !one.recorded && matches!(one.request.input, Input::Text(_) | Input::Choice(_)));
        lines.extend(waiting.map(|one| one.shown.clone()));
    });
    lines.iter().map(|line| view! { <p class="slip__words">{page.say(line)}</p> }).collect_view().into_any()
}

fn since(page: Page) -> String {
    let language = page.language.get();
    let Some(hours) = page.since_hours.get() else { return words::ALERT_SINCE_UNKNOWN.of(language).to_owned() };
    if hours < 1.0 {
        words::alert_since_minutes(language, &format!("{:.0}", hours * 60.0))
    } else if hours < 48.0 {
        words::alert_since_hours(language, &format!("{hours:.0}"))
    } else {
        words::alert_since_days(language, &format!("{:.0}", hours / 24.0))
    }
}

/// Corrects the words. The number stays on the screen afterwards.
fn not_right(page: Page) -> impl IntoView {
    let empty = RwSignal::new(false);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let text = page.draft.get_untracked().trim().to_owned();
        empty.set(text.is_empty());
        if !text.is_empty() {
            page.draft.set(String::new());
            session::send(page, Input::NotRight(NotRight { text: Some(text.clone()) }), Localized::new(&text, &text));
        }
    };
    view! {
        <details class="fold alert__not-right">
            <summary class="fold__title">{page.word(words::ALERT_NOT_RIGHT)}</summary>
            <form class="field" novalidate on:submit=submit>
                <p>{page.word(words::ALERT_NOT_RIGHT_LEAD)}</p>
                <label class="field__label" for="correction">{page.word(words::ALERT_NOT_RIGHT_LABEL)}</label>
                <textarea id="correction" class="field__input" rows="3" maxlength="2000" aria-describedby="correction-error"
                    placeholder=page.word(words::ALERT_NOT_RIGHT_PLACEHOLDER)
                    prop:value=page.draft on:input=move |event| page.draft.set(event_target_value(&event))></textarea>
                <p id="correction-error" class="field-error" role="alert">
                    {move || empty.get().then(|| words::ALERT_NOT_RIGHT_NEEDS.of(page.language.get()))}
                </p>
                {trouble(page)}
                <button type="submit" class="button">{page.word(words::ALERT_NOT_RIGHT_SEND)}</button>
            </form>
        </details>
    }
}
