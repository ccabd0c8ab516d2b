//! Runs: what answers one turn. Each session has at most one that is running.

use sqlx::FromRow;

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

/// Starts a run.
///
/// # Errors
/// [`StoreError::Exists`] if the turn has one, or if the store fails.
pub async fn insert(
    connection: &mut Connection,
    organisation: &OrganisationId,
    session: SessionId,
    run: &Run,
    now: Millis,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into runs (organisation_id, session_id, turn_id, body_mac, state, first_seq, lease_until, started_at)
         values (?, ?, ?, ?, 'running', ?, ?, ?)",
    )
    .bind(organisation.as_str())
    .bind(session.text())
    .bind(run.turn.text())
    .bind(&run.body_mac)
    .bind(signed(run.first_seq))
    .bind(run.lease_until.0)
    .bind(now.0)
    .execute(connection)
    .await?;
    Ok(())
}

/// Ends a run whose last event is `last_seq`; `false` if somebody ended it before.
///
/// # Errors
/// If the store fails.
pub async fn end(
    connection: &mut Connection,
    session: SessionId,
    turn: TurnId,
    last_seq: u64,
    now: Millis,
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "update runs set state = 'done', last_seq = ?, ended_at = ?
          where session_id = ? and turn_id = ? and state = 'running'",
    )
    .bind(signed(last_seq))
    .bind(now.0)
    .bind(session.text())
    .bind(turn.text())
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
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
