//! A question before something that cannot be taken back. The browser's own dialog: focus, Esc and background are its.

use wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;

use crate::dom::{View, el, word_button, worded};
use crate::locale::{Word, words};
use crate::page::Page;

/// A dialog, shut until shown.
#[derive(Debug, Clone)]
pub struct Dialog(View);

impl Dialog {
    /// A dialog: what is asked, what follows, the word of the button that does it, and what it does.
    pub fn new(
        page: Page,
        title: Word,
        lead: Word,
        confirm: Word,
        on_confirm: impl Fn() + 'static,
    ) -> Self {
        let dialog = el("dialog", "dialog").attr_word(page, "aria-label", title);
        let (sure, not) = (Self(dialog.clone()), Self(dialog.clone()));
        let confirm = word_button(page, "button button--danger", confirm, move || {
            sure.close();
            on_confirm();
        });
        let cancel = word_button(
            page,
            "button button--quiet",
            words::PAGE_CANCEL,
            move || not.close(),
        );
        Self(dialog.all([
            worded(page, "h2", "dialog__title", title),
            worded(page, "p", "", lead),
            el("div", "actions").all([confirm, cancel]),
        ]))
    }

    /// The element, to be put somewhere.
    pub fn view(&self) -> View {
        self.0.clone()
    }

    /// Shows it.
    pub fn show(&self) {
        self.dialog().show_modal().ok();
    }

    fn close(&self) {
        self.dialog().close();
    }

    fn dialog(&self) -> &HtmlDialogElement {
        self.0.element().unchecked_ref()
    }
}
