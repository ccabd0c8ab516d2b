//! The server through its front door: HTTP on port 0, a data folder of its own, a clock that stands.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, its helpers too"
)]

mod access;
mod applications;
mod bad_input;
mod disk;
mod documents;
mod events;
mod fhir;
mod inquiries;
mod interview;
mod keys;
mod layers;
mod limits;
mod links;
mod logging;
mod model;
mod page;
mod paper;
mod photos;
mod privacy;
mod runs;
mod sessions;
mod speech;
mod staff;
mod support;
mod turns;
mod webhook;
