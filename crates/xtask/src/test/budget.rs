//! The size of the page: a patient on a bad line must be able to type soon.

use crate::bench::page;
use crate::failure::{Failure, Outcome};

/// All that a patient needs to type the first message, in thousands of bytes, brotli.
const TOTAL_KB: f64 = 220.0;

/// Fails if the page has outgrown its budget.
pub fn check() -> Outcome {
    let sizes = page::sizes()?;
    page::print(&sizes);
    if sizes.total() <= TOTAL_KB {
        Ok(())
    } else {
        Err(Failure::new(format!(
            "the page needs {:.1} KB before the first message; {TOTAL_KB} KB are allowed",
            sizes.total()
        )))
    }
}
