//! Runs: what answers one turn. Each session has at most one that is running.

use sqlx::FromRow;

use super::statements::Statements;
use super::{Connection, StoreError, signed, unsigned};
use crate::clock::Millis;
use crate::ids::{OrganisationId, SessionId, TurnId};

/// A run as stored.
#[derive(Debug, Clone)]
pub struct Run {
    /// Turn it answers.
    pub turn: TurnId,
    /// Keyed hash of the turn's input.
    pub body_mac: Vec<u8>,
    /// Still running.
    pub running: bool,
    /// First event of the turn.
    pub first_seq: u64,
    /// Until when nobody else may end it.
    pub lease_until: Millis,
}

#[derive(FromRow)]
struct Row {
    turn_id: String,
    body_mac: Vec<u8>,
    state: String,
    first_seq: i64,
    lease_until: i64,
}

impl TryFrom<Row> for Run {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            turn: TurnId::parse(&row.turn_id)
                .ok_or_else(|| StoreError::Damaged("turn id".to_owned()))?,
            body_mac: row.body_mac,
            running: row.state == "running",
            first_seq: unsigned(row.first_seq)?,
            lease_until: Millis(row.lease_until),
        })
    }
}

/// The run of a turn.
///
/// # Errors
/// If the store fails.
pub async fn find(
    connection: &mut Connection,
    session: SessionId,
    turn: TurnId,
) -> Result<Option<Run>, StoreError> {
    let row: Option<Row> = sqlx::query_as(
        "select turn_id, body_mac, state, first_seq, lease_until from runs where session_id = ? and turn_id = ?",
    )
    .bind(session.text())
    .bind(turn.text())
    .fetch_optional(connection)
    .await?;
    row.map(Run::try_from).transpose()
}

/// What stands in a turn's way: its own run, or else the one that is running.
///
/// # Errors
/// If the store fails.
pub async fn find_or_running(
    connection: &mut Connection,
    session: SessionId,
    turn: TurnId,
) -> Result<Option<Run>, StoreError> {
    let rows: Vec<Row> = sqlx::query_as(
        "select turn_id, body_mac, state, first_seq, lease_until from runs
          where session_id = ? and (turn_id = ? or state = 'running')",
    )
    .bind(session.text())
    .bind(turn.text())
    .fetch_all(connection)
    .await?;
    let own = turn.text();
    let row = rows.into_iter().max_by_key(|row| row.turn_id == own);
    row.map(Run::try_from).transpose()
}

/// The run of a session that is running.
///
/// # Errors
/// If the store fails.
pub async fn running(
    connection: &mut Connection,
    session: SessionId,
) -> Result<Option<Run>, StoreError> {
    let row: Option<Row> = sqlx::query_as(
        "select turn_id, body_mac, state, first_seq, lease_until from runs where session_id = ? and state = 'running'",
    )
    .bind(session.text())
    .fetch_optional(connection)
    .await?;
    row.map(Run::try_from).transpose()
}

/// Starts a run. [`StoreError::Exists`] if the turn has one.
pub fn insert(
    statements: &mut Statements,
    organisation: &OrganisationId,
    session: SessionId,
    run: &Run,
    now: Millis,
) {
    statements
        .add(
            "insert into runs (organisation_id, session_id, turn_id, body_mac, state, first_seq, lease_until, started_at)
             values (?, ?, ?, ?, 'running', ?, ?, ?)",
        )
        .bind(organisation.as_str())
        .bind(session.text())
        .bind(run.turn.text())
        .bind(run.body_mac.as_slice())
        .bind(signed(run.first_seq))
        .bind(run.lease_until.0)
        .bind(now.0);
}

/// Ends a run whose last event is `last_seq`. Nothing if somebody ended it before: then its events are there, and those
/// appended after this fail.
pub fn end(
    statements: &mut Statements,
    session: SessionId,
    turn: TurnId,
    last_seq: u64,
    now: Millis,
) {
    statements
        .add(
            "update runs set state = 'done', last_seq = ?, ended_at = ?
              where session_id = ? and turn_id = ? and state = 'running'",
        )
        .bind(signed(last_seq))
        .bind(now.0)
        .bind(session.text())
        .bind(turn.text());
}

/// Ends a run's lease, so that the next caller may end the run.
///
/// # Errors
/// If the store fails.
pub async fn release(
    connection: &mut Connection,
    session: SessionId,
    turn: TurnId,
) -> Result<(), StoreError> {
    sqlx::query("update runs set lease_until = 0 where session_id = ? and turn_id = ? and state = 'running'")
        .bind(session.text())
        .bind(turn.text())
        .execute(connection)
        .await?;
    Ok(())
}

/// Ends every lease. Only at the start of the one server that owns the file: whoever held them is gone.
///
/// # Errors
/// If the store fails.
pub async fn release_all(connection: &mut Connection) -> Result<u64, StoreError> {
    let done = sqlx::query("update runs set lease_until = 0 where state = 'running'")
        .execute(connection)
        .await?;
    Ok(done.rows_affected())
}
