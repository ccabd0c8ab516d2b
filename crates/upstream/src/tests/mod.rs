//! Drives the upstream with a tiny client over plain TCP.

mod bodies;
mod builders;
mod client;
mod faults;
mod friendly;
mod serving;
