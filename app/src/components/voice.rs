//! Speaking instead of typing, and reading aloud: the two buttons, and the way to `public/speaking.js`.
//!
//! That file and the texts that belong to it are fetched when one of the buttons is first pressed, so that nobody else's page
//! is larger for them; what is seen while the patient speaks is drawn there. Here stands only what must be there before.

use js_sys::Function;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::Element;
use wire::Localized;

use crate::components::icon::{Glyph, icon};
use crate::dom::{View, el};
use crate::later::{self, browser_has};
use crate::locale::{Word, words};
use crate::page::{Page, Trouble};

/// The consent to have a speech provider turn recordings into words. Asked when the microphone is first used, as the next.
pub const PROVIDER: &str = "speech_provider";

/// The consent to have the maker of the browser do it.
pub const BROWSER: &str = "browser_speech";

#[wasm_bindgen]
extern "C" {
    /// Gives a microphone's button and its composer what happens when it is pressed; with `press` it was pressed just now.
    #[wasm_bindgen(js_namespace = anteroomVoice)]
    fn attach(microphone: &Element, call: &Function, land: &Function, press: bool);
    /// Reads a text aloud, or stops if this button began it.
    #[wasm_bindgen(js_namespace = anteroomVoice)]
    fn read(button: &Element, text: &str);
    /// Throws away whatever belongs to the visit.
    #[wasm_bindgen(js_namespace = anteroomVoice, js_name = forget)]
    fn forget_all();
}

/// A button with a drawing alone, and its name.
fn named(page: Page, class: &str, name: Word, glyph: Glyph) -> View {
    el("button", class)
        .attr("type", "button")
        .attr("aria-pressed", "false")
        .attr_word(page, "aria-label", name)
        .attr_word(page, "title", name)
        .with(icon(glyph))
}

fn is_here() -> bool {
    browser_has("anteroomVoice")
}

/// Throws away what was said and not sent.
pub fn forget() {
    if is_here() {
        forget_all();
    }
}

/// Whether speaking is offered: by a provider, or by the browser itself, each with the text of its consent.
fn is_offered(page: Page) -> bool {
    page.of_application(|application| {
        let asks = |purpose| {
            application
                .consents
                .iter()
                .any(|one| one.purpose == purpose)
        };
        let browser = browser_has("SpeechRecognition") || browser_has("webkitSpeechRecognition");
        application.voice && asks(PROVIDER) || browser && asks(BROWSER)
    })
}

/// The button of the microphone: hold it while speaking, or press it before and after.
pub fn microphone(page: Page) -> View {
    let view = named(
        page,
        "composer__voice",
        words::SPEAK_START,
        Glyph::MICROPHONE,
    )
    .attr("id", "voice")
    .flag("hidden", move || !is_offered(page));
    let pressed = StoredValue::new(false);
    let element = view.element().clone();
    let act = move || {
        // From then on the file listens itself; a press of a finger is a click too.
        if pressed.get_value() {
            return;
        }
        pressed.set_value(true);
        let element = element.clone();
        spawn_local(async move {
            let came = load(page).await;
            if came {
                give(page, &element, true);
            }
            pressed.try_set_value(came);
        });
    };
    if is_here() {
        pressed.set_value(true);
        let element = view.element().clone();
        request_animation_frame(move || give(page, &element, false));
    }
    let by_finger = act.clone();
    view.on("pointerdown", move |_| by_finger()).click(act)
}

/// Hands over the composer, the calls of the session, and the way into what is typed.
fn give(page: Page, microphone: &Element, press: bool) {
    let call = later::calls(page);
    let land = move |said: String| page.draft.update(|draft| draft.push_str(&said));
    let land = Closure::<dyn Fn(String)>::new(land).into_js_value();
    attach(
        microphone,
        call.unchecked_ref(),
        land.unchecked_ref(),
        press,
    );
}

/// Reads a text aloud; pressed again, it stops. Absent where the browser cannot.
#[must_use]
pub fn read_aloud(page: Page, texts: &[&Localized]) -> Option<View> {
    if !browser_has("speechSynthesis") {
        return None;
    }
    let texts: Vec<Localized> = texts.iter().map(|text| (*text).clone()).collect();
    let view = named(page, "read-aloud", words::SPEAK_READ, Glyph::SPEAKER);
    let element = view.element().clone();
    let act = move || {
        let language = page.language.get_untracked().code();
        let lines: Vec<&str> = texts.iter().map(|text| text.get(language)).collect();
        let text = lines.join("\n");
        let element = element.clone();
        spawn_local(async move {
            if load(page).await {
                read(&element, &text);
            }
        });
    };
    Some(view.click(act))
}

/// Fetches the file, once, and says so if it did not come. Answers whether it is there.
async fn load(page: Page) -> bool {
    let came = later::fetch("speaking", "anteroomVoice").await;
    page.trouble.set((!came).then(|| Trouble {
        code: "speech_not_loaded".to_owned(),
        retry: false,
    }));
    came
}
