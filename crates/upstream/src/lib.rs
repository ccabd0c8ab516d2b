//! A scripted stand-in for the computers Anteroom calls.
//!
//! It plays a server with the interface of OpenAI on the loopback address: `POST {base}/chat/completions`, streamed as server-sent
//! events, and `POST {base}/audio/transcriptions`. It answers exactly as a script tells it, byte by byte, can play every fault, and
//! records what it was sent, so that a test can prove what went out.
//!
//! ```
//! use upstream::{Upstream, chat, script};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> std::io::Result<()> {
//! let upstream = Upstream::start(script::always(chat::text(&["Hello", " there"]).reply()))?;
//! assert!(upstream.base().ends_with("/v1"));
//! // Point the system under test at `upstream.base()`, then:
//! assert!(upstream.received().is_empty());
//! upstream.stop().await;
//! # Ok(())
//! # }
//! ```

mod answer;
pub mod chat;
pub mod failure;
pub mod friendly;
mod gate;
mod multipart;
mod received;
mod reply;
mod request;
pub mod script;
mod server;
pub mod transcription;

#[cfg(test)]
mod tests;

pub use gate::Gate;
pub use received::{Ending, Received};
pub use reply::{OnPiece, Piece, Reply, Stream, drip};
pub use script::Script;
pub use server::{Upstream, refused_base};
