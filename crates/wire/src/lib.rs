//! The only types that cross HTTP between the page, the server and other systems. Serde, no logic.
//!
//! Conventions (see `docs/api-design.md`): `snake_case`, enums externally tagged, times RFC 3339, ids opaque strings,
//! absent instead of null. A reader tolerates fields and enum values it does not know, so that an old cached page
//! survives a newer server.

pub mod application;
pub mod directory;
pub mod event;
pub mod guidance;
pub mod link;
pub mod problem;
pub mod question;
pub mod receipt;
pub mod report;
pub mod session;
pub mod speech;
pub mod staff;
pub mod turn;

mod text;

pub use text::{Language, Localized};
