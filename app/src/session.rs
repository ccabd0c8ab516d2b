//! The visit's traffic: load the application, begin, resume and leave a session; its turns are in `session/turns.rs`.

mod turns;

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::application::Application;
use wire::session::{ConsentBy, ConsentGiven, NewSession, Profile, SessionStatus};

use crate::api::{self, Failure};
use crate::chat_state::ChatState;
use crate::components::voice;
use crate::locale::words;
use crate::page::{Loading, Page, Trouble};
use crate::queue::Queue;
use crate::route::Place;
use crate::shell;
use crate::storage::{self, Held};

use turns::{listen, rehear, show};
pub use turns::{retry_now, send, stop, went_offline};

/// How often a server in trouble is asked again before the patient is told.
const PATIENCE: u32 = 3;

/// Takes the code of a hospital's link out of the address, where it would stay in the browser's history. It is for a new visit.
pub fn enter(page: Page, fragment: &str) {
    if let Some(code) = fragment.strip_prefix("#/link/") {
        LINK.set(Some(code.to_owned()));
        storage::forget(&page.application_id());
        shell::replace_address(&page.url_of(Place::Talk)());
    }
}

/// Loads the application, then the session of this tab if there is one.
pub fn load(page: Page) {
    page.loading.set(Loading::Open);
    spawn_local(async move {
        let id = page.application_id();
        match api::application(&id).await {
            Ok(application) => {
                open_application(page, application);
                if let Some(held) = storage::load(&id) {
                    resume(page, held).await;
                } else {
                    page.loading.set(Loading::Ready);
                }
            }
            Err(Failure::Problem { status: 404, .. }) => page.loading.set(Loading::Missing),
            Err(_) => page.loading.set(Loading::Failed),
        }
    });
}

fn open_application(page: Page, application: Application) {
    if let Some(accent) = &application.accent {
        shell::set_accent(accent);
    }
    spawn_local(open_gate(page, application.gate.clone()));
    page.application.set(Some(Arc::new(application)));
}

/// Fetches the gate, which the browser keeps under its hash: first the words people use most in the language on the screen, then
/// its other words, then those of the other languages, since a patient may write in any. Until it is there the server's gate judges alone; what was said
/// before is judged when it comes.
async fn open_gate(page: Page, hash: String) {
    let first = page.language.get_untracked().code();
    let Some(core) = gate_part(&hash, "core").await else {
        return;
    };
    let mut languages = Vec::new();
    let codes =
        std::iter::once(first).chain(words::CODES.into_iter().filter(|code| *code != first));
    for name in codes.flat_map(|code| [code.to_owned(), format!("{code}-more")]) {
        let Some(part) = gate_part(&hash, &name).await else {
            continue;
        };
        languages.push(part);
        let parts: Vec<&[u8]> = languages.iter().map(Vec::as_slice).collect();
        let opened = page
            .keeper
            .try_update_value(|keeper| keeper.open(&core, &parts).map(|()| keeper.judge()));
        if let Some(Ok(verdict)) = opened {
            show(page, verdict);
        }
    }
}

/// One part, however often it takes; `None` if the server has none.
async fn gate_part(hash: &str, part: &str) -> Option<Vec<u8>> {
    let mut attempts = Queue::default();
    loop {
        match api::gate(hash, part).await {
            Ok(bytes) => return Some(bytes),
            Err(Failure::Problem { .. }) => return None,
            Err(Failure::Network) => pause(attempts.fail()).await,
        }
    }
}

async fn resume(page: Page, held: Held) {
    let answer = async {
        let state = api::session(&held).await?;
        let events = api::events(&held, 0).await?;
        Ok::<_, Failure>((state, events))
    };
    match answer.await {
        Ok((state, _)) if state.status == SessionStatus::Ended => forget_ended(page),
        Ok((state, events)) => {
            let mut chat = ChatState::new(state.profile);
            for event in &events {
                chat.apply(event);
            }
            let running = state.running_turn.is_some();
            page.held.set(Some(held));
            page.chat.set(chat);
            rehear(page);
            page.loading.set(Loading::Ready);
            if running {
                listen(page).await;
            }
        }
        Err(Failure::Problem {
            status: 401 | 403 | 404 | 410,
            ..
        }) => forget_ended(page),
        Err(_) => page.loading.set(Loading::Failed),
    }
}

fn forget_ended(page: Page) {
    storage::forget(&page.application_id());
    page.ended_before.set(true);
    page.loading.set(Loading::Ready);
}

/// Makes a session with the consents given. Answers whether it stands.
pub async fn begin(page: Page, by: ConsentBy, subject: Profile, agreed: Vec<String>) -> bool {
    let language = page.language.get_untracked().code();
    let consents = page.application.with_untracked(|application| {
        let texts = application
            .as_deref()
            .map(|application| application.consents.as_slice())
            .unwrap_or_default();
        let chosen = texts
            .iter()
            .filter(|text| text.required || agreed.contains(&text.purpose));
        chosen
            .map(|text| ConsentGiven {
                purpose: text.purpose.clone(),
                version: text.version,
                language: language.to_owned(),
                sha256: text.sha256.get(language).cloned().unwrap_or_default(),
                by,
            })
            .collect()
    });
    let new = NewSession {
        id: shell::new_id(),
        application: page.application_id(),
        locale: language.to_owned(),
        consents,
        profile: subject.clone(),
        link: LINK.take(),
        client_secret: shell::hex(&shell::random_bytes::<32>()),
    };
    let mut attempts = Queue::default();
    loop {
        match api::create_session(&new).await {
            Ok(created) => {
                let held = Held {
                    id: created.id,
                    token: created.token,
                    receipt: created.receipt,
                };
                storage::save(&page.application_id(), &held);
                page.keeper.update_value(|keeper| {
                    keeper.restart(&[]);
                });
                page.trouble.set(None);
                page.ended_before.set(false);
                if new.link.is_some() {
                    // The link told the server more than this page knows.
                    resume(page, held).await;
                } else {
                    page.chat.set(ChatState::new(subject));
                    page.held.set(Some(held));
                }
                return true;
            }
            // The same id and secret again: a lost answer does not make a second session.
            Err(Failure::Network) if attempts.failures() < PATIENCE => pause(attempts.fail()).await,
            Err(failure) => {
                let mut code = code_of(&failure);
                if code == "fields" && new.link.is_some() {
                    // Pressed again it goes on without.
                    code = "link_unknown";
                } else {
                    LINK.set(new.link);
                }
                trouble(page, code, false);
                return false;
            }
        }
    }
}

/// Leaves this visit and goes back to the arrival. The server keeps it until its date.
pub fn leave(page: Page) {
    forget(page);
    page.go(Place::Talk);
}

/// Takes the visit off this page and out of this tab.
pub fn forget(page: Page) {
    storage::forget(&page.application_id());
    page.held.set(None);
    page.queue.set(Queue::default());
    page.chat.set(ChatState::default());
    page.trouble.set(None);
    voice::forget();
    page.since_hours.set(None);
    page.keeper.update_value(|keeper| {
        keeper.restart(&[]);
    });
}

fn trouble(page: Page, code: &str, retry: bool) {
    page.trouble.set(Some(Trouble {
        code: code.to_owned(),
        retry,
    }));
}

fn code_of(failure: &Failure) -> &str {
    match failure {
        Failure::Network => "network",
        Failure::Problem { code, .. } => code,
    }
}

/// Ends the pauses under way.
fn wake() {
    let waiting = WAKE.with(std::cell::RefCell::take);
    for resolve in waiting {
        resolve.call0(&wasm_bindgen::JsValue::NULL).ok();
    }
}

thread_local! {
    /// Ends the pauses under way: the line is back before its time.
    static WAKE: std::cell::RefCell<Vec<js_sys::Function>> = const { std::cell::RefCell::new(Vec::new()) };
    /// Code of the hospital's link the page was opened by, until a session has used it.
    static LINK: std::cell::RefCell<Option<String>> = const { std::cell::RefCell::new(None) };
}

/// Waits, unless [`retry_now`] ends it earlier.
async fn pause(milliseconds: u32) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let wait = i32::try_from(milliseconds).unwrap_or(i32::MAX);
        window()
            .set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, wait)
            .ok();
        WAKE.with(|wake| wake.borrow_mut().push(resolve));
    });
    wasm_bindgen_futures::JsFuture::from(promise).await.ok();
}
