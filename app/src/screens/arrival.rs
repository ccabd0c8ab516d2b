//! What this is, what it is not, whom to call, how to reach a person. The static shell in `index.html` shows the same.

use leptos::prelude::*;

use crate::app::link;
use crate::components::desk;
use crate::components::icon::{Glyph, icon};
use crate::locale::words;
use crate::page::Page;
use crate::route::Place;

/// The arrival.
pub fn arrival(page: Page) -> AnyView {
    view! {
        <div class="arrival">
            <section class="arrival__words">
                {move || page.ended_before.get().then(|| view! { <p class="notice" role="status">{page.word(words::ARRIVAL_ENDED)}</p> })}
                <p class="arrival__eyebrow">{page.word(words::ARRIVAL_EYEBROW)}</p>
                <h1 id="heading" class="arrival__title" tabindex="-1">{page.word(words::ARRIVAL_TITLE)}</h1>
                <p class="arrival__lead">{page.word(words::ARRIVAL_LEAD)}</p>
                <div class="actions">
                    {link(page, Place::Consent, "button button--primary button--large", page.word(words::ARRIVAL_START))}
                    {link(page, Place::Directory, "button button--quiet", page.word(words::ARRIVAL_BROWSE))}
                </div>
                <ul class="points">
                    <li>{icon(Glyph::CLOCK)}<span>{page.word(words::ARRIVAL_POINT_TIME)}</span></li>
                    <li>{icon(Glyph::PAPER)}<span>{page.word(words::ARRIVAL_POINT_SOFTWARE)}</span></li>
                    <li>{icon(Glyph::PERSON)}<span>{page.word(words::ARRIVAL_POINT_REVIEW)}</span></li>
                </ul>
            </section>
            {window()}
            <section class="arrival__person" aria-labelledby="person">
                <h2 id="person">{page.word(words::ARRIVAL_PERSON)}</h2>
                {desk::triage_desks(page)}
            </section>
        </div>
    }
    .into_any()
}

/// Morning light in a waiting room. It decorates.
fn window() -> impl IntoView {
    view! {
        <svg class="arrival__window" viewBox="0 0 400 320" preserveAspectRatio="xMidYMid slice" aria-hidden="true" focusable="false">
            <use href="#morning" />
        </svg>
    }
}
