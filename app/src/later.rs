//! Files of the page that are fetched when they are first needed, so that nobody else's page is larger for them.

use js_sys::Promise;
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::{JsFuture, future_to_promise};

use crate::api::{self, Failure};
use crate::dom::el;
use crate::page::Page;

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

/// The calls of the session, for a script: method, path and body in, a promise of the answer out; it fails with a stable code.
#[must_use]
pub fn calls(page: Page) -> JsValue {
    let call = move |method: String, path: String, body: JsValue| -> Promise {
        future_to_promise(async move {
            let Some(held) = page.held.get_untracked() else {
                return Err("session_ended".into());
            };
            let answer = api::of_script(&held, &method, &path, body).await;
            answer.map(JsValue::from).map_err(|failure| match failure {
                Failure::Network => "offline".into(),
                Failure::Problem { code, .. } => code.into(),
            })
        })
    };
    Closure::<dyn Fn(String, String, JsValue) -> Promise>::new(call).into_js_value()
}
