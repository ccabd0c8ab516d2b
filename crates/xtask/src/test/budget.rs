//! The size of the page: a patient on a bad line must be able to type soon.

use crate::bench::page;
use crate::failure::{Failure, Outcome};

/// All that a patient needs to type the first message, in thousands of bytes, brotli.
const TOTAL_KB: f64 = 220.0;

/// What the page fetches while people type: the gate in the language of the page.
const GATE_KB: f64 = 110.0;

/// Fails if the page has outgrown its budget.
pub fn check() -> Outcome {
    let sizes = page::sizes()?;
    page::print(&sizes);
    for (what, size, allowed) in [
        ("before the first message", sizes.total(), TOTAL_KB),
        ("to judge it", sizes.gate(), GATE_KB),
    ] {
        if size > allowed {
            return Err(Failure::new(format!(
                "the page needs {size:.1} KB {what}; {allowed} KB are allowed"
            )));
        }
    }
    Ok(())
}
