//! A question before something that cannot be taken back. The browser's own dialog: focus, Esc and background are its.

use leptos::html;
use leptos::prelude::*;

use crate::locale::{Word, words};
use crate::page::Page;

/// A dialog, shut until shown.
#[derive(Clone, Copy)]
pub struct Dialog(NodeRef<html::Dialog>);

impl Dialog {
    /// A dialog.
    #[must_use]
    pub fn new() -> Self {
        Self(NodeRef::new())
    }

    /// Shows it.
    pub fn show(self) {
        if let Some(dialog) = self.0.get_untracked() {
            dialog.show_modal().ok();
        }
    }

    /// Its view: what is asked, what follows, and the word of the button that does it.
    pub fn view(
        self,
        page: Page,
        title: Word,
        lead: Word,
        confirm: Word,
        on_confirm: impl Fn() + Copy + 'static,
    ) -> impl IntoView {
        let close = move || {
            if let Some(dialog) = self.0.get_untracked() {
                dialog.close();
            }
        };
        view! {
            <dialog class="dialog" node_ref=self.0 aria-label=page.word(title)>
                <h2 class="dialog__title">{page.word(title)}</h2>
                <p>{page.word(lead)}</p>
                <div class="actions">
                    <button type="button" class="button button--danger" on:click=move |_| { close(); on_confirm(); }>
                        {page.word(confirm)}
                    </button>
                    <button type="button" class="button button--quiet" on:click=move |_| close()>
                        {page.word(words::PAGE_CANCEL)}
                    </button>
                </div>
            </dialog>
        }
    }
}

impl Default for Dialog {
    fn default() -> Self {
        Self::new()
    }
}
