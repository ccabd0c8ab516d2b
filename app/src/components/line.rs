//! The banner of a poor network.

use leptos::prelude::*;

use crate::components::icon::{Glyph, icon};
use crate::dom::{View, el, word_button, worded};
use crate::locale::words;
use crate::page::Page;
use crate::queue::Line;
use crate::session;

/// Shown while the line is not clear.
pub fn banner(page: Page) -> View {
    let body = move || {
        let word = match page.line.get() {
            Line::Clear => return Vec::new(),
            Line::Waiting => words::LINE_WAITING,
            Line::Offline => words::LINE_OFFLINE,
        };
        let now = word_button(page, "line__now", words::LINE_NOW, move || {
            session::retry_now(page);
        });
        vec![el("div", "line__banner").all([
            icon(Glyph::OFFLINE),
            worded(page, "span", "", word),
            now,
        ])]
    };
    el("div", "line").attr("role", "status").fill(body)
}
