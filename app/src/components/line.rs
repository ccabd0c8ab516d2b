//! The banner of a poor network.

use leptos::prelude::*;

use crate::components::icon::{Glyph, icon};
use crate::locale::words;
use crate::page::Page;
use crate::queue::Line;
use crate::session;

/// Shown while the line is not clear.
pub fn banner(page: Page) -> impl IntoView {
    let words = move || match page.line.get() {
        Line::Clear => "",
        Line::Waiting => words::LINE_WAITING.of(page.language.get()),
        Line::Offline => words::LINE_OFFLINE.of(page.language.get()),
    };
    view! {
        <div class="line" role="status">
            <Show when=move || page.line.get() != Line::Clear>
                <div class="line__banner">
                    {icon(Glyph::OFFLINE)}
                    <span>{words}</span>
                    <button type="button" class="line__now" on:click=move |_| session::retry_now(page)>
                        {page.word(words::LINE_NOW)}
                    </button>
                </div>
            </Show>
        </div>
    }
}
