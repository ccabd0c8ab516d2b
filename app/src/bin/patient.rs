//! Entry of the patient's page.

use anteroom_app::page::Page;
use anteroom_app::route::{Address, Place};
use anteroom_app::{app, session, shell};
use leptos::prelude::{Owner, window};

fn main() {
    let location = window().location();
    let path = location.pathname().unwrap_or_default();
    let fragment = location.hash().unwrap_or_default();
    let address = Address::read(&path, &fragment).unwrap_or(Address {
        application: String::new(),
        embedded: false,
        place: Place::Talk,
    });
    // The spawner may be set already only if somebody else runs in this page, which nobody does.
    any_spawner::Executor::init_wasm_bindgen().ok();
    let owner = Owner::new();
    owner.set();
    let page = Page::new(address, shell::language());
    session::load(page);
    app::app(page);
    // The page lives as long as its document.
    std::mem::forget(owner);
}
