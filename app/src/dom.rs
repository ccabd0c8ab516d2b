//! Elements, built by plain calls on Leptos' reactive values instead of its `view!` macro.
//!
//! The macro gives every piece of a view a type of its own, and with it its own copy of the code that builds, rebuilds and
//! drops it: two thirds of this page's WebAssembly were such copies (295 KB brotli before, see `docs/adr`). Here every
//! closure is boxed once and every element has the same type, so a patient on a slow line waits half as long. Signals,
//! memos, effects and ownership are Leptos'.

use leptos::prelude::*;
use leptos::reactive::effect::RenderEffect;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, Event, KeyboardEvent, MouseEvent, Node};
use wire::Localized;

use crate::locale::Word;
use crate::page::Page;

const SVG: &str = "http://www.w3.org/2000/svg";

/// One element of the page, under construction or standing.
#[derive(Debug, Clone)]
#[must_use = "an element that is put nowhere is not seen"]
pub struct View(Element);

/// A new element with its classes.
pub fn el(tag: &str, class: &str) -> View {
    made(document().create_element(tag), class)
}

/// A new element of a drawing.
pub fn svg(tag: &str, class: &str) -> View {
    made(document().create_element_ns(Some(SVG), tag), class)
}

fn made(element: Result<Element, JsValue>, class: &str) -> View {
    // Only a tag that is no name is refused, and ours are literals; the root keeps the page standing even then.
    let element = element
        .ok()
        .or_else(|| document().document_element())
        .unwrap_or_else(|| JsValue::NULL.unchecked_into());
    let view = View(element);
    if class.is_empty() {
        view
    } else {
        view.attr("class", class)
    }
}

/// Runs now and whenever something it reads changes, until its owner is gone.
fn react(run: Box<dyn Fn()>) {
    StoredValue::new_local(RenderEffect::new(move |_: Option<()>| run()));
}

fn document() -> Document {
    leptos::prelude::document()
}

impl View {
    /// The element.
    #[must_use]
    pub fn element(&self) -> &Element {
        &self.0
    }

    /// Sets an attribute.
    pub fn attr(self, name: &str, value: &str) -> Self {
        self.0.set_attribute(name, value).ok();
        self
    }

    /// Adds classes when `wanted`.
    pub fn class_if(self, wanted: bool, class: &str) -> Self {
        if wanted {
            self.0.class_list().add_1(class).ok();
        }
        self
    }

    /// Adds a text that never changes.
    pub fn text(self, text: &str) -> Self {
        self.append(&document().create_text_node(text));
        self
    }

    /// Adds a text that follows what it reads.
    pub fn says(self, text: impl Fn() -> String + 'static) -> Self {
        self.says_boxed(Box::new(text))
    }

    fn says_boxed(self, text: Box<dyn Fn() -> String>) -> Self {
        let node = document().create_text_node("");
        self.append(&node);
        react(Box::new(move || node.set_data(&text())));
        self
    }

    /// Adds a text of the page in the language of the moment.
    pub fn word(self, page: Page, word: Word) -> Self {
        self.says_boxed(Box::new(move || word.of(page.language.get()).to_owned()))
    }

    /// Adds a text of the wire in the language of the moment.
    pub fn localized(self, page: Page, text: &Localized) -> Self {
        let text = text.clone();
        self.says_boxed(Box::new(move || {
            text.get(page.language.get().code()).to_owned()
        }))
    }

    /// Adds a child.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a child belongs to one parent"
    )]
    pub fn with(self, child: View) -> Self {
        self.append(&child.0);
        self
    }

    /// Adds children.
    pub fn all(self, children: impl IntoIterator<Item = View>) -> Self {
        for child in children {
            self.append(&child.0);
        }
        self
    }

    fn append(&self, node: &Node) {
        self.0.append_child(node).ok();
    }

    /// Fills the element with what the closure answers, anew whenever something it reads changes.
    pub fn fill(self, children: impl Fn() -> Vec<View> + 'static) -> Self {
        let element = self.0.clone();
        let children: Box<dyn Fn() -> Vec<View>> = Box::new(children);
        react(Box::new(move || {
            let nodes = js_sys::Array::new();
            for child in children() {
                nodes.push(&child.0);
            }
            element.replace_children_with_node(&nodes);
        }));
        self
    }

    /// Keeps an attribute as the closure says; `None` takes it away.
    pub fn attr_when(
        self,
        name: &'static str,
        value: impl Fn() -> Option<String> + 'static,
    ) -> Self {
        let element = self.0.clone();
        let value: Box<dyn Fn() -> Option<String>> = Box::new(value);
        react(Box::new(move || {
            match value() {
                Some(value) => element.set_attribute(name, &value),
                None => element.remove_attribute(name),
            }
            .ok();
        }));
        self
    }

    /// An attribute in the language of the moment.
    pub fn attr_word(self, page: Page, name: &'static str, word: Word) -> Self {
        self.attr_when(name, move || Some(word.of(page.language.get()).to_owned()))
    }

    /// An attribute that says `true` or `false`, as ARIA states do.
    pub fn state(self, name: &'static str, is: impl Fn() -> bool + 'static) -> Self {
        self.attr_when(name, move || {
            Some(if is() { "true" } else { "false" }.to_owned())
        })
    }

    /// An attribute that is there or not, such as `hidden` and `disabled`.
    pub fn flag(self, name: &'static str, is: impl Fn() -> bool + 'static) -> Self {
        self.attr_when(name, move || is().then(String::new))
    }

    /// A class that is there or not.
    pub fn class_when(self, class: &'static str, is: impl Fn() -> bool + 'static) -> Self {
        let list = self.0.class_list();
        let is: Box<dyn Fn() -> bool> = Box::new(is);
        react(Box::new(move || {
            list.toggle_with_force(class, is()).ok();
        }));
        self
    }

    /// Listens to an event.
    pub fn on(self, event: &str, act: impl FnMut(Event) + 'static) -> Self {
        self.on_boxed(event, Box::new(act))
    }

    fn on_boxed(self, event: &str, act: Box<dyn FnMut(Event)>) -> Self {
        let act = Closure::wrap(act).into_js_value();
        self.0
            .add_event_listener_with_callback(event, act.unchecked_ref())
            .ok();
        self
    }

    /// Acts on a click or a press of the key that stands for one.
    pub fn click(self, mut act: impl FnMut() + 'static) -> Self {
        self.on_boxed("click", Box::new(move |_| act()))
    }

    /// Acts on a form being sent, and keeps the browser from sending it.
    pub fn submit(self, mut act: impl FnMut() + 'static) -> Self {
        self.on_boxed(
            "submit",
            Box::new(move |event| {
                event.prevent_default();
                act();
            }),
        )
    }

    /// Acts on a key.
    pub fn key(self, mut act: impl FnMut(KeyboardEvent) + 'static) -> Self {
        self.on_boxed(
            "keydown",
            Box::new(move |event| act(event.unchecked_into())),
        )
    }

    /// Binds a field to a signal, both ways.
    pub fn bound(self, text: RwSignal<String>) -> Self {
        let field = self.0.clone();
        // An input and a text area have the same property; which one this is does not matter here.
        react(Box::new(move || {
            let field: &web_sys::HtmlTextAreaElement = field.unchecked_ref();
            let now = text.get();
            if field.value() != now {
                field.set_value(&now);
            }
        }));
        let field = self.0.clone();
        self.on_boxed(
            "input",
            Box::new(move |_| {
                text.set(
                    field
                        .unchecked_ref::<web_sys::HtmlTextAreaElement>()
                        .value(),
                );
            }),
        )
    }

    /// Keeps a box or a radio button ticked as the closure says.
    pub fn checked(self, is: impl Fn() -> bool + 'static) -> Self {
        let field = self.0.clone();
        let is: Box<dyn Fn() -> bool> = Box::new(is);
        react(Box::new(move || {
            field
                .unchecked_ref::<web_sys::HtmlInputElement>()
                .set_checked(is());
        }));
        self
    }

    /// Whether a box is ticked.
    #[must_use]
    pub fn is_checked(&self) -> bool {
        self.0
            .unchecked_ref::<web_sys::HtmlInputElement>()
            .checked()
    }
}

/// A button that does one thing.
pub fn button(class: &str, act: impl FnMut() + 'static) -> View {
    el("button", class).attr("type", "button").click(act)
}

/// A button with a word of the page.
pub fn word_button(page: Page, class: &str, word: Word, act: impl FnMut() + 'static) -> View {
    button(class, act).word(page, word)
}

/// An element with a word of the page.
pub fn worded(page: Page, tag: &str, class: &str, word: Word) -> View {
    el(tag, class).word(page, word)
}

/// An element with a text of the wire.
pub fn said(page: Page, tag: &str, class: &str, text: &Localized) -> View {
    el(tag, class).localized(page, text)
}

/// A link to somewhere that opens by itself (`tel:`).
pub fn call(class: &str, number: impl Fn() -> String + Clone + 'static) -> View {
    el("a", class).attr_when("href", move || Some(format!("tel:{}", number())))
}

/// A field of one line.
pub fn input(kind: &str, class: &str) -> View {
    el("input", class)
        .attr("type", kind)
        .attr("autocomplete", "off")
}

/// Whether a click asks for another tab or window.
#[must_use]
pub fn opens_elsewhere(event: &Event) -> bool {
    let mouse: &MouseEvent = event.unchecked_ref();
    mouse.ctrl_key() || mouse.meta_key() || mouse.shift_key()
}

/// A message for an error, empty while there is none.
pub fn field_error(id: &str, word: impl Fn() -> Option<String> + 'static) -> View {
    el("p", "field-error")
        .attr("id", id)
        .attr("role", "alert")
        .says(move || word().unwrap_or_default())
}
