//! Entry of the patient's page.

use anteroom_app::page::Page;
use anteroom_app::route::{Address, Place};
use anteroom_app::{app, session, shell};
use leptos::prelude::window;

fn main() {
    let location = window().location();
    let path = location.pathname().unwrap_or_default();
    let fragment = location.hash().unwrap_or_default();
    let address = Address::read(&path, &fragment).unwrap_or(Address {
        application: String::new(),
        embedded: false,
        place: Place::Talk,
    });
    // Leptos sets its executor up and owns what follows; the elements are put into the body by `app`.
    leptos::mount::mount_to_body(move || {
        let page = Page::new(address, shell::language());
        session::enter(page, &fragment);
        session::load(page);
        app::app(page);
    });
}
