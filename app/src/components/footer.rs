//! What this is and is not, at the foot of every screen.

use crate::dom::{View, el, said, worded};
use crate::locale::words;
use crate::page::Page;

/// The foot.
pub fn footer(page: Page) -> View {
    let notices = move || {
        let notices = page.of_application(|application| application.notices.clone());
        notices
            .iter()
            .map(|notice| said(page, "p", "", notice))
            .collect()
    };
    el("footer", "foot").all([
        worded(page, "p", "", words::PAGE_FOOT),
        el("div", "foot__notices").fill(notices),
    ])
}
