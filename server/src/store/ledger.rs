//! The ledger: one row per call of somebody else's computer. The usage figures are sums over it and nothing else.

use sqlx::FromRow;

use super::statements::Statements;
use super::{Connection, StoreError, signed, unsigned};
use crate::clock::Millis;
use crate::ids::{OrganisationId, SessionId, TurnId};

/// A call about to be made.
#[derive(Debug, Clone)]
pub struct NewCall {
    /// Its own id.
    pub id: String,
    /// Organisation that pays.
    pub organisation: OrganisationId,
    /// Application it is made for.
    pub application: String,
    /// Session it is made for.
    pub session: SessionId,
    /// Turn it is made for; none for a recording.
    pub turn: Option<TurnId>,
    /// `chat` or `transcription`.
    pub interface: &'static str,
    /// `read`, `phrase`, `answer` or `speech`.
    pub purpose: &'static str,
    /// Name of the template.
    pub template: &'static str,
    /// Its version.
    pub template_version: u32,
    /// Name of the model.
    pub model: String,
    /// When it begins.
    pub started_at: Millis,
}

/// What became of a call.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ended {
    /// How it ended, as a code.
    pub status: &'static str,
    /// The provider's own id of the request.
    pub request_id: Option<String>,
    /// When the first token came.
    pub first_at: Option<Millis>,
    /// Tokens sent.
    pub input_tokens: u64,
    /// Tokens received.
    pub output_tokens: u64,
    /// Whether the tokens are counted by us because the provider did not say.
    pub is_estimate: bool,
    /// Milliseconds of sound.
    pub audio_ms: u64,
    /// Bytes of the request's body.
    pub bytes_sent: u64,
    /// Bytes of the answer's body.
    pub bytes_received: u64,
    /// Millionths of the contract's currency.
    pub price: u64,
}

/// Sums over calls.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    /// Calls begun.
    pub calls: u64,
    /// Tokens sent.
    pub input_tokens: u64,
    /// Tokens received.
    pub output_tokens: u64,
    /// Milliseconds of sound.
    pub audio_ms: u64,
    /// Bytes sent and received.
    pub bytes: u64,
    /// Millionths of the contract's currency.
    pub price: u64,
}

impl Sums {
    /// Tokens in both directions.
    #[must_use]
    pub fn tokens(&self) -> u64 {
        self.input_tokens + self.output_tokens
    }
}

#[derive(FromRow)]
struct Row {
    calls: i64,
    input_tokens: i64,
    output_tokens: i64,
    audio_ms: i64,
    bytes: i64,
    price: i64,
}

impl TryFrom<Row> for Sums {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            calls: unsigned(row.calls)?,
            input_tokens: unsigned(row.input_tokens)?,
            output_tokens: unsigned(row.output_tokens)?,
            audio_ms: unsigned(row.audio_ms)?,
            bytes: unsigned(row.bytes)?,
            price: unsigned(row.price)?,
        })
    }
}

/// Writes a call that is about to be made.
pub fn open(statements: &mut Statements, call: &NewCall) {
    statements.add(
        "insert into upstream_calls (organisation_id, id, application_id, session_id, turn_id, interface, purpose, template,
                template_version, model, day, started_at, status, input_tokens, output_tokens, is_estimate, audio_ms,
                bytes_sent, bytes_received, price)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', 0, 0, 0, 0, 0, 0, 0)",
    )
    .bind(call.organisation.as_str())
    .bind(call.id.as_str())
    .bind(call.application.as_str())
    .bind(call.session.text())
    .bind(call.turn.map(TurnId::text))
    .bind(call.interface)
    .bind(call.purpose)
    .bind(call.template)
    .bind(call.template_version)
    .bind(call.model.as_str())
    .bind(call.started_at.day())
    .bind(call.started_at.0);
}

/// Closes a call. One that was closed before stays as it is.
pub fn close(statements: &mut Statements, id: &str, ended: &Ended, now: Millis) {
    statements.add(
        "update upstream_calls set status = ?, request_id = ?, first_at = ?, ended_at = ?, input_tokens = ?,
                output_tokens = ?, is_estimate = ?, audio_ms = ?, bytes_sent = ?, bytes_received = ?, price = ?
          where id = ? and status = 'open'",
    )
    .bind(ended.status)
    .bind(ended.request_id.as_deref())
    .bind(ended.first_at.map(|at| at.0))
    .bind(now.0)
    .bind(signed(ended.input_tokens))
    .bind(signed(ended.output_tokens))
    .bind(ended.is_estimate)
    .bind(signed(ended.audio_ms))
    .bind(signed(ended.bytes_sent))
    .bind(signed(ended.bytes_received))
    .bind(signed(ended.price))
    .bind(id);
}

/// Closes every call left open. Only at the start of the one server that owns the file: whoever made them is gone.
///
/// # Errors
/// If the store fails.
pub async fn close_lost(connection: &mut Connection) -> Result<u64, StoreError> {
    let done = sqlx::query("update upstream_calls set status = 'lost' where status = 'open'")
        .execute(connection)
        .await?;
    Ok(done.rows_affected())
}

/// Sums of one application from one day to another, both included (days since 1970-01-01).
///
/// # Errors
/// If the store fails.
pub async fn of_application(
    connection: &mut Connection,
    application: &str,
    from: i64,
    to: i64,
) -> Result<Sums, StoreError> {
    let row: Row = sqlx::query_as(
        "select count(*) as calls, coalesce(sum(input_tokens), 0) as input_tokens,
                coalesce(sum(output_tokens), 0) as output_tokens, coalesce(sum(audio_ms), 0) as audio_ms,
                coalesce(sum(bytes_sent + bytes_received), 0) as bytes, coalesce(sum(price), 0) as price
           from upstream_calls where application_id = ? and day between ? and ?",
    )
    .bind(application)
    .bind(from)
    .bind(to)
    .fetch_one(connection)
    .await?;
    row.try_into()
}
