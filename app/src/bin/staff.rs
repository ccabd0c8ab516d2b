//! Entry of the console.

use anteroom_app::console;

fn main() {
    leptos::mount::mount_to_body(console::console);
}
