//! What every screen shares: language, application, place, visit. One value of signals, copied into closures.

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wire::Localized;
use wire::application::{Application, Setting};

use crate::chat_state::ChatState;
use crate::gate::GateKeeper;
use crate::locale::{Language, Word, words};
use crate::queue::{Line, Queue};
use crate::route::{Address, Place};
use crate::storage::Held;

/// Whether the application is there.
#[derive(Debug, Clone, PartialEq)]
pub enum Loading {
    /// On its way.
    Open,
    /// There.
    Ready,
    /// It did not come; it may be tried again.
    Failed,
    /// The address names none.
    Missing,
}

/// Something to tell the patient beside the control it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// Stable code, turned into words by `session::words_of`.
    pub code: String,
    /// Whether pressing "try again" can help.
    pub retry: bool,
}

/// The shared signals of the page.
#[derive(Clone, Copy)]
pub struct Page {
    /// Language shown.
    pub language: RwSignal<Language>,
    /// Address shown.
    pub address: RwSignal<Address>,
    /// Whether the application is there.
    pub loading: RwSignal<Loading>,
    /// The application.
    pub application: RwSignal<Option<Arc<Application>>>,
    /// The session of this tab.
    pub held: RwSignal<Option<Held>>,
    /// An earlier session could not be opened any more.
    pub ended_before: RwSignal<bool>,
    /// The visit.
    pub chat: RwSignal<ChatState>,
    /// Turns on their way.
    pub queue: RwSignal<Queue>,
    /// What the line is doing.
    pub line: RwSignal<Line>,
    /// What is typed and not sent.
    pub draft: RwSignal<String>,
    /// What went wrong last.
    pub trouble: RwSignal<Option<Trouble>>,
    /// What a screen reader is told next.
    pub announcement: RwSignal<String>,
    /// How long the findings behind the card have lasted, hours.
    pub since_hours: RwSignal<Option<f64>>,
    /// The crisis card of the browser's gate, before the server's comes.
    pub keeper: StoredValue<GateKeeper>,
    /// Whether a turn is being sent at this moment.
    pub sending: StoredValue<bool>,
    /// Whether the last input was typed: then the focus stays in the composer.
    pub typed_last: RwSignal<bool>,
}

impl Page {
    /// A page at this address.
    #[must_use]
    pub fn new(address: Address, language: Language) -> Self {
        Self {
            language: RwSignal::new(language),
            address: RwSignal::new(address),
            loading: RwSignal::new(Loading::Open),
            application: RwSignal::new(None),
            held: RwSignal::new(None),
            ended_before: RwSignal::new(false),
            chat: RwSignal::new(ChatState::default()),
            queue: RwSignal::new(Queue::default()),
            line: RwSignal::new(Line::Clear),
            draft: RwSignal::new(String::new()),
            trouble: RwSignal::new(None),
            announcement: RwSignal::new(String::new()),
            since_hours: RwSignal::new(None),
            keeper: StoredValue::new(GateKeeper::default()),
            sending: StoredValue::new(false),
            typed_last: RwSignal::new(false),
        }
    }

    /// A text of the page, in the language of the moment.
    pub fn word(self, word: Word) -> impl Fn() -> &'static str + Copy + Send + Sync + 'static {
        move || word.of(self.language.get())
    }

    /// A text of the wire, in the language of the moment.
    pub fn say(
        self,
        text: &Localized,
    ) -> impl Fn() -> String + Clone + Send + Sync + 'static + use<> {
        let text = text.clone();
        move || text.get(self.language.get().code()).to_owned()
    }

    /// Id of the application in the address.
    #[must_use]
    pub fn application_id(self) -> String {
        self.address
            .with_untracked(|address| address.application.clone())
    }

    /// Something of the application, once it is there.
    pub fn of_application<T: Default>(self, get: impl FnOnce(&Application) -> T) -> T {
        self.application
            .with(|application| application.as_deref().map(get).unwrap_or_default())
    }

    /// The ambulance number. Before the application is there it is the number of the static shell.
    #[must_use]
    pub fn ambulance(self) -> String {
        let number = self.of_application(|application| application.contacts.ambulance.clone());
        if number.is_empty() {
            crate::shell::ambulance()
        } else {
            number
        }
    }

    /// Whether the patient stands inside the hospital.
    #[must_use]
    pub fn on_site(self) -> bool {
        self.of_application(|application| application.setting == Setting::OnSite)
    }

    /// Where a place is, for a link.
    pub fn url_of(self, place: Place) -> impl Fn() -> String + Clone + Send + Sync + 'static {
        move || self.address.with(|address| address.url_of(&place))
    }

    /// Goes to a place, with an entry in the browser's history.
    pub fn go(self, place: Place) {
        let url = self
            .address
            .with_untracked(|address| address.url_of(&place));
        if let Ok(history) = window().history() {
            history
                .push_state_with_url(&JsValue::NULL, "", Some(&url))
                .ok();
        }
        self.address.update(|address| address.place = place);
        window().scroll_to_with_x_and_y(0.0, 0.0);
    }

    /// Changes the language, also of the document.
    pub fn speak(self, language: Language) {
        self.language.set(language);
        crate::shell::set_language(language);
    }

    /// Tells a screen reader, once.
    pub fn announce(self, text: &Localized) {
        let text = text.get(self.language.get_untracked().code()).to_owned();
        self.announcement.set(text);
    }

    /// The words of a list joined as this language joins them.
    #[must_use]
    pub fn joined(self, texts: &[Localized]) -> String {
        let language = self.language.get();
        let comma = if language.code() == "zh" { "、" } else { ", " };
        texts
            .iter()
            .map(|text| text.get(language.code()))
            .collect::<Vec<_>>()
            .join(comma)
    }

    /// A date as the reader's language writes it, from RFC 3339.
    #[must_use]
    pub fn date(self, time: &str) -> String {
        let date = js_sys::Date::new(&JsValue::from_str(time));
        let options = js_sys::Object::new();
        js_sys::Reflect::set(&options, &"dateStyle".into(), &"long".into()).ok();
        date.to_locale_date_string(self.language.get().tag(), &options)
            .into()
    }

    /// The title of the document at this place.
    #[must_use]
    pub fn title(self) -> String {
        let language = self.language.get();
        let place = match self.address.with(|address| address.place.clone()) {
            Place::Directory | Place::Department(_) | Place::Hospital(_) => words::DIRECTORY_TITLE,
            Place::MyData => words::DATA_TITLE,
            Place::Device => words::DEVICE_TITLE,
            Place::Talk | Place::Consent => words::PAGE_TITLE,
        };
        let name =
            self.of_application(|application| application.name.get(language.code()).to_owned());
        let name = if name.is_empty() {
            words::PAGE_PRODUCT.of(language).to_owned()
        } else {
            name
        };
        format!("{} · {name}", place.of(language))
    }
}
