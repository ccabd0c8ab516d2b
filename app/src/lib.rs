//! The pages in the browser. Logic that needs no browser is pure and tested on the host: `chat_state`, `queue`, `route`,
//! `stream`, `gate`, `locale`. The rest draws it.

pub mod api;
pub mod app;
pub mod chat_state;
pub mod components;
#[cfg(feature = "staff")]
pub mod console;
pub mod dom;
pub mod gate;
pub mod json;
pub mod later;
pub mod locale;
pub mod page;
pub mod queue;
pub mod route;
pub mod screens;
pub mod session;
pub mod shell;
pub mod storage;
pub mod stream;
