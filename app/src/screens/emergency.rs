//! The emergency card. It takes the screen before the network answers, and without one.

use leptos::prelude::*;
use wire::Localized;
use wire::event::{Alert, AlertLevel};
use wire::session::{Profile, Sex};
use wire::turn::{Input, NotRight};

use crate::components::department::reason_list;
use crate::components::desk;
use crate::components::icon::{Glyph, icon};
use crate::components::trouble::trouble;
use crate::dom::{View, button, el, field_error, said, worded};
use crate::json::decimal as written;
use crate::locale::words;
use crate::page::Page;
use crate::queue::Line;
use crate::screens::conversation::call_button;
use crate::{session, shell};

/// The card.
pub fn emergency(page: Page) -> View {
    let card = Memo::new(move |_| page.chat.with(|chat| chat.card().cloned()));
    let shown_at = shell::time_now(page.language.get_untracked());
    el("div", "emergency").fill(move || {
        card.get()
            .map(|card| body(page, &card, &shown_at))
            .into_iter()
            .collect()
    })
}

fn body(page: Page, card: &Alert, shown_at: &str) -> View {
    let level = card.level;
    let go = level == AlertLevel::GoNow;
    let how = move || {
        let language = page.language.get();
        if page.on_site() {
            String::new()
        } else if go {
            words::alert_go_how(language, &page.ambulance())
        } else {
            words::ALERT_STAY.of(language).to_owned()
        }
    };
    let title = el("h1", "alert__title")
        .attr("id", "heading")
        .attr("tabindex", "-1")
        .says(move || told(page, level));
    let head = el("div", "alert__head").attr("role", "alert").all([
        el("p", "alert__level")
            .with(icon(Glyph::WARNING))
            .localized(page, &card.title),
        title,
        said(page, "p", "alert__words", &card.words),
        el("p", "alert__words").says(how),
    ]);
    let offline = worded(page, "p", "alert__offline", words::ALERT_OFFLINE);
    let rest = el("div", "alert__body").all([
        call_button(page, "alert__call", move || page.ambulance()),
        offline.flag("hidden", move || page.line.get() != Line::Offline),
        where_to(page),
        slip(page, card, shown_at),
        not_right(page),
    ]);
    el("article", "alert")
        .class_if(go, "alert--go")
        .all([head, rest])
}

/// What to do, in a few words.
fn told(page: Page, level: AlertLevel) -> String {
    let word = match (page.on_site(), level) {
        (true, _) => words::ALERT_ON_SITE,
        (false, AlertLevel::GoNow) => words::ALERT_GO_NOW,
        (false, AlertLevel::CallNow | AlertLevel::Unknown) => words::ALERT_CALL_NOW,
    };
    word.of(page.language.get()).to_owned()
}

/// On site the triage desk, else the emergency departments.
fn where_to(page: Page) -> View {
    let (title, places) = if page.on_site() {
        (words::ALERT_WHERE_DESK, desk::triage_desks(page))
    } else {
        (words::ALERT_WHERE, desk::emergency_departments(page))
    };
    let title = worded(page, "h2", "", title).attr("id", "where");
    el("section", "alert__where")
        .attr("aria-labelledby", "where")
        .all([title, places])
}

/// What the desk needs to read: who, what was said, since when, what was shown.
fn slip(page: Page, card: &Alert, shown_at: &str) -> View {
    let level = card.level;
    let facts = [
        (
            words::ALERT_SLIP_PATIENT,
            el("dd", "").says(move || patient(page)),
        ),
        (
            words::ALERT_SLIP_SAID,
            el("dd", "").fill(move || said_lines(page)),
        ),
        (
            words::ALERT_SLIP_UNDERSTOOD,
            el("dd", "").with(reason_list(page, &card.reasons)),
        ),
        (
            words::ALERT_SLIP_SINCE,
            el("dd", "").says(move || since(page)),
        ),
        (
            words::ALERT_SLIP_SHOWN,
            said(page, "dd", "", &card.title)
                .text(" · ")
                .says(move || told(page, level)),
        ),
        (words::ALERT_SLIP_AT, el("dd", "").text(shown_at)),
    ];
    let facts = facts
        .into_iter()
        .flat_map(|(name, value)| [worded(page, "dt", "", name), value]);
    let print = button("button button--small slip__print", shell::print)
        .with(icon(Glyph::PRINT))
        .word(page, words::ALERT_PRINT);
    el("section", "slip").attr("aria-labelledby", "slip").all([
        el("h2", "slip__title")
            .attr("id", "slip")
            .with(icon(Glyph::PAPER))
            .word(page, words::ALERT_SLIP),
        el("dl", "facts").all(facts),
        print,
    ])
}

/// Age and sex, as told.
#[must_use]
pub fn patient(page: Page) -> String {
    let language = page.language.get();
    let Profile {
        age_months, sex, ..
    } = page.chat.with(|chat| chat.profile.clone());
    let age = age_months.map(|months| {
        let (count, unit) = if months < 24 {
            (months, words::WHO_MONTHS)
        } else {
            (months / 12, words::WHO_YEARS)
        };
        format!("{count} {}", unit.of(language))
    });
    let sex = match sex {
        Some(Sex::Female) => Some(words::WHO_FEMALE),
        Some(Sex::Male) => Some(words::WHO_MALE),
        Some(Sex::Unknown) | None => None,
    };
    let parts: Vec<String> = sex
        .map(|word| word.of(language).to_owned())
        .into_iter()
        .chain(age)
        .collect();
    if parts.is_empty() {
        words::ALERT_SINCE_UNKNOWN.of(language).to_owned()
    } else {
        parts.join(" · ")
    }
}

/// The patient's words, recorded and on their way.
fn said_lines(page: Page) -> Vec<View> {
    let mut lines: Vec<Localized> = page.chat.with(|chat| chat.words().cloned().collect());
    page.queue.with(|queue| {
        let waiting = queue.all().filter(|one| {
            !one.recorded && matches!(one.request.input, Input::Text(_) | Input::Choice(_))
        });
        lines.extend(waiting.map(|one| one.shown.clone()));
    });
    lines
        .iter()
        .map(|line| said(page, "p", "slip__words", line))
        .collect()
}

fn since(page: Page) -> String {
    let language = page.language.get();
    let Some(hours) = page.since_hours.get() else {
        return words::ALERT_SINCE_UNKNOWN.of(language).to_owned();
    };
    if hours < 1.0 {
        words::alert_since_minutes(language, &written((hours * 60.0).round()))
    } else if hours < 48.0 {
        words::alert_since_hours(language, &written(hours.round()))
    } else {
        words::alert_since_days(language, &written((hours / 24.0).round()))
    }
}

/// Corrects the words. The number stays on the screen afterwards.
fn not_right(page: Page) -> View {
    let empty = RwSignal::new(false);
    let submit = move || {
        let text = page.draft.get_untracked().trim().to_owned();
        empty.set(text.is_empty());
        if !text.is_empty() {
            page.draft.set(String::new());
            session::send(
                page,
                Input::NotRight(NotRight {
                    text: Some(text.clone()),
                }),
                Localized::new(&text, &text),
            );
        }
    };
    let field = el("textarea", "field__input")
        .attr("id", "correction")
        .attr("rows", "3")
        .attr("maxlength", "2000")
        .attr("aria-describedby", "correction-error")
        .attr_word(page, "placeholder", words::ALERT_NOT_RIGHT_PLACEHOLDER)
        .bound(page.draft);
    let form = el("form", "field")
        .attr("novalidate", "")
        .submit(submit)
        .all([
            worded(page, "p", "", words::ALERT_NOT_RIGHT_LEAD),
            worded(page, "label", "field__label", words::ALERT_NOT_RIGHT_LABEL)
                .attr("for", "correction"),
            field,
            field_error("correction-error", move || {
                empty.get().then(|| {
                    words::ALERT_NOT_RIGHT_NEEDS
                        .of(page.language.get())
                        .to_owned()
                })
            }),
            trouble(page),
            worded(page, "button", "button", words::ALERT_NOT_RIGHT_SEND).attr("type", "submit"),
        ]);
    el("details", "fold alert__not-right").all([
        worded(page, "summary", "fold__title", words::ALERT_NOT_RIGHT),
        form,
    ])
}
