//! Anteroom's judgement: what a patient's words mean, how urgent it is, what to ask next, where to go.
//!
//! Pure: no I/O, no clock (`now` is a parameter), no async, no error. The same code runs in the server, in the browser
//! and in the test runner. Knowledge comes in as values ([`knowledge::Knowledge`], [`gate::Gate`]).
//!
//! The way through: an [`Input`] is heard ([`hear()`]) into a [`state::Heard`], which is stored; a [`state::State`] is
//! folded from what was heard; [`next`] decides one [`Step`]. Nothing else is kept between turns.

pub mod ask;
pub mod assess;
pub mod expression;
pub mod extraction;
pub mod facts;
pub mod gate;
pub mod guide;
pub mod interview;
pub mod knowledge;
pub mod profile;
pub mod read;
pub mod report;
pub mod state;

#[cfg(feature = "compile")]
pub mod train;

mod hear;
mod order;
mod step;
mod text;

pub use hear::{COMPLAINT, Input, hear};
pub use step::{Decision, Settings, Step, judge, next};
pub use text::Text;
