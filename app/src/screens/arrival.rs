//! What this is, what it is not, whom to call, how to reach a person. The static shell in `index.html` shows the same.

use leptos::prelude::*;

use crate::app::link;
use crate::components::desk;
use crate::components::icon::{Glyph, icon};
use crate::dom::{View, el, svg, worded};
use crate::locale::{Word, words};
use crate::page::Page;
use crate::route::Place;
use crate::screens::heading;

/// The arrival.
pub fn arrival(page: Page) -> View {
    let ended = page.ended_before.get_untracked();
    let ended =
        ended.then(|| worded(page, "p", "notice", words::ARRIVAL_ENDED).attr("role", "status"));
    let actions = el("div", "actions").all([
        link(page, Place::Consent, "button button--primary button--large")
            .word(page, words::ARRIVAL_START),
        link(page, Place::Directory, "button button--quiet").word(page, words::ARRIVAL_BROWSE),
        link(page, Place::Device, "button button--quiet").word(page, words::DEVICE_HAVE),
    ]);
    let point = |glyph, word: Word| el("li", "").all([icon(glyph), worded(page, "span", "", word)]);
    let points = el("ul", "points").all([
        point(Glyph::CLOCK, words::ARRIVAL_POINT_TIME),
        point(Glyph::PAPER, words::ARRIVAL_POINT_SOFTWARE),
        point(Glyph::PERSON, words::ARRIVAL_POINT_REVIEW),
    ]);
    let first = el("section", "arrival__words").all(ended).all([
        worded(page, "p", "arrival__eyebrow", words::ARRIVAL_EYEBROW),
        heading(page, "arrival__title", words::ARRIVAL_TITLE),
        worded(page, "p", "arrival__lead", words::ARRIVAL_LEAD),
        actions,
        points,
    ]);
    let person = el("section", "arrival__person")
        .attr("aria-labelledby", "person")
        .all([
            worded(page, "h2", "", words::ARRIVAL_PERSON).attr("id", "person"),
            desk::triage_desks(page),
        ]);
    el("div", "arrival").all([first, window(), person])
}

/// Morning light in a waiting room. It decorates.
fn window() -> View {
    let light = svg("use", "").attr("href", "#morning");
    let frame = svg("svg", "arrival__window")
        .attr("viewBox", "0 0 400 320")
        .attr("preserveAspectRatio", "xMidYMid slice");
    frame.attr("aria-hidden", "true").with(light)
}
