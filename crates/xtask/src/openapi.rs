//! `cargo xtask openapi`: rewrites `docs/openapi.json` from the handlers. A test of the server fails while they differ.

use crate::command::{capture, program, step};
use crate::failure::{Failure, Outcome};
use crate::places::{self, Profile};
use crate::run;

/// Rewrites the document.
pub fn write() -> Outcome {
    let binary = step("Server (debug)", || run::build(Profile::Debug))?;
    let text = capture(program(binary).arg("openapi"))?;
    let path = places::root().join("docs/openapi.json");
    std::fs::write(&path, text).map_err(Failure::of(path.display()))?;
    println!("written to {}", path.display());
    Ok(())
}
