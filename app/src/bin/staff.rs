//! Entry of the console, which comes with a later issue: `staff.html` says so in words. Until then it only tells the document
//! the reader's language.

use anteroom_app::shell;

fn main() {
    shell::set_language(shell::language());
}
