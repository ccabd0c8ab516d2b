//! Files of the page that are fetched when they are first needed, so that nobody else's page is larger for them.

use js_sys::Promise;
use leptos::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::dom::el;

/// Whether the browser has something of this name.
#[must_use]
pub fn browser_has(name: &str) -> bool {
    js_sys::Reflect::has(&window(), &name.into()).unwrap_or_default()
}

/// Fetches the script named by the page's `meta` element, unless `global` is there already. Answers whether it came.
pub async fn fetch(meta: &str, global: &str) -> bool {
    if browser_has(global) {
        return true;
    }
    let meta = document()
        .query_selector(&format!("meta[name={meta}]"))
        .ok()
        .flatten();
    let address = meta.and_then(|meta| meta.get_attribute("content"));
    let came = Promise::new(&mut |resolve, reject| {
        // Some browsers remember that a module did not come; with another address it is another module.
        let again = document().scripts().length();
        let address = address.as_deref().unwrap_or_default();
        let script = el("script", "")
            .attr("type", "module")
            .attr("src", &format!("{address}?{again}"));
        let script = script.element();
        script
            .add_event_listener_with_callback("load", &resolve)
            .ok();
        script
            .add_event_listener_with_callback("error", &reject)
            .ok();
        if let Some(head) = document().head() {
            head.append_child(script).ok();
        }
    });
    JsFuture::from(came).await.is_ok()
}
