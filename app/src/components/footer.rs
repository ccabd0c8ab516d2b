//! What this is and is not, at the foot of every screen.

use leptos::prelude::*;

use crate::locale::words;
use crate::page::Page;

/// The foot.
pub fn footer(page: Page) -> impl IntoView {
    let notices = move || {
        page.of_application(|application| application.notices.clone())
            .iter()
            .map(|notice| view! { <p>{page.say(notice)}</p> })
            .collect_view()
    };
    view! {
        <footer class="foot">
            <p>{page.word(words::PAGE_FOOT)}</p>
            {notices}
        </footer>
    }
}
