//! Why a command of `cargo xtask` ended early: sentences for a person at a terminal.

use std::fmt;

/// What went wrong, in words that say what to do next.
#[derive(Debug)]
pub struct Failure(String);

/// The result of everything that can go wrong in a tool.
pub type Outcome<T = ()> = Result<T, Failure>;

impl Failure {
    /// A failure in the given words.
    pub fn new(words: impl Into<String>) -> Self {
        Self(words.into())
    }

    /// Builds a failure from what was tried and the error that stopped it; made for `map_err`.
    pub fn of<E: fmt::Display>(tried: impl fmt::Display) -> impl FnOnce(E) -> Self {
        move |error| Self(format!("{tried}: {error}"))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}
