//! Where to go, how soon and why; until then; when to come back at once. It ends with people who help.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::Localized;
use wire::application::ApplicationKind;
use wire::guidance::{CareLevel, Guidance};
use wire::session::Feedback;
use wire::turn::Input;

use crate::components::icon::{Glyph, icon};
use crate::components::{composer, department, desk, question, voice};
use crate::dom::{View, button, el, said, word_button, worded};
use crate::locale::{Word, words};
use crate::page::Page;
use crate::screens::conversation::{banner, crisis};
use crate::screens::emergency;
use crate::{api, session, shell};

/// The guidance.
pub fn guidance(page: Page) -> View {
    let given = Memo::new(move |_| page.chat.with(|chat| chat.guidance.clone()));
    let print = button("button", shell::print)
        .with(icon(Glyph::PRINT))
        .word(page, words::GUIDANCE_PRINT);
    let again = word_button(
        page,
        "button button--quiet",
        words::GUIDANCE_NEW_VISIT,
        move || session::leave(page),
    );
    el("div", "guidance").all([
        banner(page),
        crisis(page),
        el("div", "guidance__body").fill(move || {
            given
                .get()
                .map(|guidance| body(page, &guidance))
                .unwrap_or_default()
        }),
        history(page),
        correction(page),
        feedback(page),
        el("section", "guidance__end no-print").all([print, again]),
    ])
}

/// Offers to take the history down for the doctor, where the application does.
fn history(page: Page) -> View {
    let takes = move || {
        page.of_application(|application| {
            Some(
                application.kind != ApplicationKind::Guidance
                    && application.kind != ApplicationKind::Unknown,
            )
        })
        .unwrap_or_default()
    };
    let begin = word_button(
        page,
        "button button--primary",
        words::REPORT_BEGIN,
        move || {
            session::send(
                page,
                Input::Interview {},
                question::localized(words::REPORT_BEGIN),
            );
        },
    );
    el("section", "history-offer no-print")
        .flag("hidden", move || !takes())
        .attr("aria-labelledby", "history")
        .all([
            worded(page, "h2", "guidance__heading", words::REPORT_OFFER).attr("id", "history"),
            worded(page, "p", "", words::REPORT_OFFER_LEAD),
            begin,
        ])
}

fn body(page: Page, guidance: &Guidance) -> Vec<View> {
    let none = guidance
        .departments
        .is_empty()
        .then(|| worded(page, "p", "notice", words::GUIDANCE_NO_DEPARTMENT));
    let departments = guidance
        .departments
        .iter()
        .zip(1..)
        .map(|(one, place)| department::suggested(page, place, one));
    let departments = titled(page, "", "departments", words::GUIDANCE_DEPARTMENTS)
        .all(
            guidance
                .tie
                .as_ref()
                .map(|tie| said(page, "p", "notice", tie)),
        )
        .all(none)
        .with(el("div", "departments").all(departments));
    let told = el("details", "fold print-open").all([
        worded(
            page,
            "summary",
            "fold__title",
            words::GUIDANCE_WHAT_YOU_SAID,
        ),
        el("p", "slip__words").says(move || emergency::patient(page)),
        el("div", "").fill(move || {
            let lines: Vec<Localized> = page.chat.with(|chat| chat.words().cloned().collect());
            lines
                .iter()
                .map(|line| said(page, "p", "slip__words", line))
                .collect()
        }),
    ]);
    let mut views = vec![level(page, guidance), come_back(page, guidance)];
    views.extend(still_open(page, &guidance.open));
    views.push(departments);
    views.push(
        titled(page, "guidance__desk", "desk", words::GUIDANCE_DESK).with(desk::triage_desks(page)),
    );
    views.push(told);
    views.push(worded(page, "p", "hint", words::GUIDANCE_SOFTWARE));
    views
}

/// A section with its heading.
fn titled(page: Page, class: &str, id: &str, title: Word) -> View {
    el("section", class)
        .attr("aria-labelledby", id)
        .with(worded(page, "h2", "guidance__heading", title).attr("id", id))
}

/// The level in words and colour, and the three answers of time.
fn level(page: Page, guidance: &Guidance) -> View {
    let class = match guidance.care_level {
        CareLevel::Emergency => "level level--emergency",
        CareLevel::Urgent | CareLevel::Unknown => "level level--urgent",
        CareLevel::Routine => "level level--routine",
        CareLevel::SelfCare => "level level--self-care",
    };
    let name = el("h1", "level__name")
        .attr("id", "heading")
        .attr("tabindex", "-1");
    let lead = [
        &guidance.level_name,
        &guidance.by_when,
        &guidance.where_if_closed,
        &guidance.until_then,
    ];
    let hidden = worded(page, "span", "visually-hidden", words::GUIDANCE_LEVEL).text(": ");
    el("section", class)
        .attr("aria-labelledby", "heading")
        .all([
            el("div", "level__head")
                .with(worded(page, "p", "level__eyebrow", words::GUIDANCE_TITLE))
                .all(voice::read_aloud(page, &lead)),
            name.with(hidden).localized(page, &guidance.level_name),
            el("dl", "level__facts").all([
                time(
                    page,
                    Glyph::CLOCK,
                    words::GUIDANCE_BY_WHEN,
                    &guidance.by_when,
                ),
                time(
                    page,
                    Glyph::DOOR,
                    words::GUIDANCE_IF_CLOSED,
                    &guidance.where_if_closed,
                ),
                time(
                    page,
                    Glyph::HOME,
                    words::GUIDANCE_UNTIL_THEN,
                    &guidance.until_then,
                ),
            ]),
        ])
}

fn time(page: Page, glyph: Glyph, name: Word, text: &Localized) -> View {
    el("div", "level__fact").all([
        el("dt", "").with(icon(glyph)).word(page, name),
        said(page, "dd", "", text),
    ])
}

fn come_back(page: Page, guidance: &Guidance) -> View {
    let signs = guidance
        .come_back_if
        .iter()
        .map(|sign| said(page, "li", "", sign));
    el("section", "come-back")
        .attr("aria-labelledby", "come-back")
        .all([
            el("h2", "")
                .attr("id", "come-back")
                .with(icon(Glyph::WARNING))
                .word(page, words::GUIDANCE_COME_BACK),
            el("ul", "").all(signs),
        ])
}

fn still_open(page: Page, open: &[Localized]) -> Option<View> {
    if open.is_empty() {
        return None;
    }
    let rows = open.iter().map(|one| said(page, "li", "", one));
    Some(
        el("section", "still-open")
            .attr("aria-labelledby", "open")
            .all([
                worded(page, "h2", "", words::GUIDANCE_OPEN).attr("id", "open"),
                el("ul", "").all(rows),
                worded(page, "p", "hint", words::GUIDANCE_OPEN_WHY),
            ]),
    )
}

/// "Not right?": other words, or one step back. The talk goes on from there.
fn correction(page: Page) -> View {
    let back = button("button button--small button--quiet", move || {
        session::send(page, Input::Back {}, Localized::default());
    });
    titled(
        page,
        "correction no-print",
        "correction-title",
        words::GUIDANCE_NOT_RIGHT,
    )
    .all([
        worded(page, "p", "", words::GUIDANCE_NOT_RIGHT_LEAD),
        composer::composer(page, || words::COMPOSER_PLACEHOLDER_CORRECT),
        back.with(icon(Glyph::BACK)).word(page, words::TALK_BACK),
    ])
}

/// How the question of feedback stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    Helpful,
    Reason,
    Thanked,
}

fn feedback(page: Page) -> View {
    let asked = RwSignal::new(Asked::Helpful);
    let send = move |helpful: bool, reason: Option<&str>| {
        let Some(held) = page.held.get_untracked() else {
            return;
        };
        let feedback = Feedback {
            helpful,
            reason: reason.map(str::to_owned),
        };
        spawn_local(async move {
            api::feedback(&held, &feedback).await.ok();
        });
        asked.set(Asked::Thanked);
    };
    let reason = move |code: &'static str, word: Word| {
        word_button(page, "chip chip--small", word, move || {
            send(false, Some(code));
        })
    };
    let body = move || match asked.get() {
        Asked::Helpful => vec![
            worded(page, "h2", "feedback__title", words::GUIDANCE_FEEDBACK),
            el("div", "choices choices--flow").all([
                word_button(
                    page,
                    "chip chip--small",
                    words::GUIDANCE_HELPFUL,
                    move || send(true, None),
                ),
                word_button(
                    page,
                    "chip chip--small",
                    words::GUIDANCE_NOT_HELPFUL,
                    move || asked.set(Asked::Reason),
                ),
            ]),
        ],
        Asked::Reason => vec![
            worded(page, "h2", "feedback__title", words::GUIDANCE_FEEDBACK_WHY),
            el("div", "choices choices--flow").all([
                reason("wrong_department", words::GUIDANCE_WRONG_DEPARTMENT),
                reason("too_many_questions", words::GUIDANCE_TOO_MANY_QUESTIONS),
                reason("not_understood", words::GUIDANCE_NOT_UNDERSTOOD),
                reason("other", words::GUIDANCE_OTHER_REASON),
            ]),
        ],
        Asked::Thanked => vec![worded(page, "p", "", words::GUIDANCE_THANKS)],
    };
    el("section", "feedback no-print")
        .attr("aria-live", "polite")
        .fill(body)
}
