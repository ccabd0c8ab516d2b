//! The document around the page: the static shell that stands before the page runs, language, colour, focus, time.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::HtmlElement;

use crate::locale::Language;

/// The language the document was given before the page ran (`shell.js`: the address, else the browser).
#[must_use]
pub fn language() -> Language {
    let tag = document()
        .document_element()
        .and_then(|root| root.get_attribute("lang"));
    tag.and_then(|tag| Language::of(&tag)).unwrap_or_default()
}

/// Puts another address into the place of this one.
pub fn replace_address(url: &str) {
    if let Ok(history) = window().history() {
        history
            .replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(url))
            .ok();
    }
}

/// Tells the document its language.
pub fn set_language(language: Language) {
    if let Some(root) = document().document_element() {
        root.set_attribute("lang", language.tag()).ok();
    }
}

/// The ambulance number of the static shell.
#[must_use]
pub fn ambulance() -> String {
    let link = document().get_element_by_id("shell-call");
    link.and_then(|link| link.get_attribute("data-number"))
        .unwrap_or_else(|| "120".to_owned())
}

/// Takes the static shell away once the page has something to show.
pub fn remove() {
    if let Some(shell) = document().get_element_by_id("shell") {
        shell.remove();
    }
}

/// Sets a colour of the application as a variable of the document. The policy forbids `style` attributes, not this.
pub fn set_accent(colour: &str) {
    set_variable("--accent-chosen", colour);
}

fn set_variable(name: &str, value: &str) {
    let root = document()
        .document_element()
        .and_then(|root| root.dyn_into::<HtmlElement>().ok());
    if let Some(root) = root {
        leptos::web_sys::HtmlElement::style(&root)
            .set_property(name, value)
            .ok();
    }
}

/// Keeps the composer above the on-screen keyboard where the browser does not do it by itself.
pub fn follow_keyboard() {
    let Some(viewport) = window().visual_viewport() else {
        return;
    };
    let seen = viewport.clone();
    let follow = Closure::<dyn Fn()>::new(move || {
        let whole = window()
            .inner_height()
            .ok()
            .and_then(|height| height.as_f64())
            .unwrap_or_default();
        let hidden = if seen.scale() > 1.01 {
            0.0
        } else {
            (whole - seen.height() - seen.offset_top()).max(0.0)
        };
        set_variable(
            "--keyboard",
            &format!("{}px", crate::json::decimal(hidden.round())),
        );
    });
    for event in ["resize", "scroll"] {
        viewport
            .add_event_listener_with_callback(event, follow.as_ref().unchecked_ref())
            .ok();
    }
    // The listener lives as long as the document.
    follow.forget();
}

/// Moves the focus to an element by its id, once what is being drawn stands in the document.
pub fn focus_soon(id: &'static str) {
    request_animation_frame(move || {
        if let Some(element) = document()
            .get_element_by_id(id)
            .and_then(|element| element.dyn_into::<HtmlElement>().ok())
        {
            let options = web_sys::FocusOptions::new();
            options.set_prevent_scroll(true);
            element.focus_with_options(&options).ok();
        }
    });
}

/// Scrolls an element into view by its id, once what is being drawn stands in the document.
pub fn show_soon(id: &'static str) {
    request_animation_frame(move || {
        if let Some(element) = document().get_element_by_id(id) {
            element.scroll_into_view_with_bool(true);
        }
    });
}

/// Whether the browser says there is a network.
#[must_use]
pub fn is_online() -> bool {
    window().navigator().on_line()
}

/// Opens the print dialogue.
pub fn print() {
    window().print().ok();
}

/// The time of the day, as the reader's language writes it.
#[must_use]
pub fn time_now(language: Language) -> String {
    let options = js_sys::Object::new();
    js_sys::Date::new_0()
        .to_locale_string(language.tag(), &options)
        .into()
}

/// Random bytes of the browser.
#[must_use]
pub fn random_bytes<const COUNT: usize>() -> [u8; COUNT] {
    let mut bytes = [0; COUNT];
    if let Ok(crypto) = window().crypto() {
        crypto.get_random_values_with_u8_array(&mut bytes).ok();
    }
    bytes
}

/// Lower-case hex.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// A random UUID (version 4). `crypto.randomUUID` is missing where a hospital serves its intranet without TLS.
#[must_use]
pub fn new_id() -> String {
    let mut bytes = random_bytes::<16>();
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let text = hex(&bytes);
    format!(
        "{}-{}-{}-{}-{}",
        &text[..8],
        &text[8..12],
        &text[12..16],
        &text[16..20],
        &text[20..]
    )
}

/// Hands a file to the patient.
#[must_use]
pub fn save_file(name: &str, kind: &str, text: &str) -> Option<()> {
    let parts = js_sys::Array::of1(&text.into());
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(kind);
    let blob = web_sys::Blob::new_with_str_sequence_and_options(&parts, &options).ok()?;
    let url = web_sys::Url::create_object_url_with_blob(&blob).ok()?;
    let link: web_sys::HtmlAnchorElement = document().create_element("a").ok()?.dyn_into().ok()?;
    link.set_href(&url);
    link.set_download(name);
    link.click();
    web_sys::Url::revoke_object_url(&url).ok()
}

/// The day on this device, `YYYY-MM-DD`.
#[must_use]
pub fn today() -> String {
    let now = js_sys::Date::new_0();
    let (year, month, day) = (now.get_full_year(), now.get_month() + 1, now.get_date());
    format!("{year:04}-{month:02}-{day:02}")
}
