//! The outbox: messages to other systems, written in the transaction of what they tell of. Ids and kinds, never content.

use sqlx::FromRow;

use super::statements::Statements;
use super::{Connection, StoreError};
use crate::clock::Millis;
use crate::ids::OrganisationId;

/// What a message tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageKind {
    /// A report was submitted; the subject is the report.
    ReportSubmitted,
    /// An emergency card was shown; the subject is the session.
    AlertRaised,
    /// A session was erased, and its reports with it; the subject is the session.
    SessionErased,
}

impl MessageKind {
    /// As stored and sent.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::ReportSubmitted => "report_submitted",
            Self::AlertRaised => "alert_raised",
            Self::SessionErased => "session_erased",
        }
    }
}

/// A message to be sent.
#[derive(Debug, Clone)]
pub struct NewMessage<'a> {
    /// Organisation it is of.
    pub organisation: &'a OrganisationId,
    /// Application it is of.
    pub application: &'a str,
    /// What it tells.
    pub kind: MessageKind,
    /// Id of what it is about.
    pub subject: &'a str,
}

/// Puts a message into the outbox, to be sent as soon as may be. Its id is stable: a receiver that saw it knows it again.
pub fn tell(statements: &mut Statements, message: &NewMessage<'_>, now: Millis) {
    statements
        .add(
            "insert into outbox (organisation_id, id, application_id, kind, subject_id, state, attempts, next_at, created_at)
             values (?, ?, ?, ?, ?, 'waiting', 0, ?, ?)",
        )
        .bind(message.organisation.as_str())
        .bind(uuid::Uuid::now_v7().hyphenated().to_string())
        .bind(message.application)
        .bind(message.kind.text())
        .bind(message.subject)
        .bind(now.0)
        .bind(now.0);
}

/// A message that waits.
#[derive(Debug, Clone, FromRow)]
pub struct Waiting {
    /// Its id.
    pub id: String,
    /// Application it is of.
    pub application_id: String,
    /// What it tells.
    pub kind: String,
    /// Id of what it is about.
    pub subject_id: String,
    /// How often it was tried.
    pub attempts: i64,
    /// When it was written, unix milliseconds.
    pub created_at: i64,
}

/// Messages due now, oldest first, at most `limit`.
///
/// # Errors
/// If the store fails.
pub async fn due(
    connection: &mut Connection,
    now: Millis,
    limit: u32,
) -> Result<Vec<Waiting>, StoreError> {
    Ok(sqlx::query_as(
        "select id, application_id, kind, subject_id, attempts, created_at from outbox
          where state = 'waiting' and next_at <= ? order by next_at, id limit ?",
    )
    .bind(now.0)
    .bind(limit)
    .fetch_all(connection)
    .await?)
}

/// How many messages wait, and how many were given up.
///
/// # Errors
/// If the store fails.
pub async fn counts(connection: &mut Connection) -> Result<(u32, u32), StoreError> {
    Ok(sqlx::query_as(
        "select coalesce(sum(state = 'waiting'), 0), coalesce(sum(state = 'dead'), 0) from outbox",
    )
    .fetch_one(connection)
    .await?)
}

/// A message arrived: nothing of it is kept.
pub fn arrived(statements: &mut Statements, id: &str) {
    statements.add("delete from outbox where id = ?").bind(id);
}

/// A message did not arrive: it is tried again at `next`, or given up and kept to be seen.
pub fn failed(statements: &mut Statements, id: &str, next: Option<Millis>) {
    let state = if next.is_some() { "waiting" } else { "dead" };
    statements
        .add("update outbox set attempts = attempts + 1, state = ?, next_at = ? where id = ?")
        .bind(state)
        .bind(next.map_or(0, |next| next.0))
        .bind(id);
}

/// Deletes what is older than `before`: nobody waits for it any more.
///
/// # Errors
/// If the store fails.
pub async fn forget(connection: &mut Connection, before: Millis) -> Result<u64, StoreError> {
    let done = sqlx::query("delete from outbox where created_at < ?")
        .bind(before.0)
        .execute(connection)
        .await?;
    Ok(done.rows_affected())
}
