//! The one thing kept in the browser: which session this tab holds, with its token and receipt code. In a cross-site
//! frame the browser's storage may throw; then the visit lives as long as the page does.

use leptos::prelude::window;
use serde::{Deserialize, Serialize};

/// The session of this tab.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Session id.
    pub id: String,
    /// Bearer token.
    pub token: String,
    /// Receipt code.
    pub receipt: String,
}

fn key(application: &str) -> String {
    format!("anteroom.{application}")
}

fn storage() -> Option<web_sys::Storage> {
    window().session_storage().ok().flatten()
}

/// The session kept for an application, if the browser keeps any.
#[must_use]
pub fn load(application: &str) -> Option<Held> {
    let text = storage()?.get_item(&key(application)).ok().flatten()?;
    crate::json::from_str(&text).ok()
}

/// Keeps a session. Where storage is refused nothing happens.
pub fn save(application: &str, held: &Held) {
    if let Some(storage) = storage() {
        storage
            .set_item(&key(application), &crate::json::to_string(held))
            .ok();
    }
}

/// Forgets the session.
pub fn forget(application: &str) {
    if let Some(storage) = storage() {
        storage.remove_item(&key(application)).ok();
    }
}
