//! Sums for the bill, per application and day.

use super::{Connection, StoreError, signed};

/// What is added to a day's sums.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Requests answered.
    pub requests: u64,
    /// Sessions made.
    pub sessions: u64,
    /// Turns answered.
    pub turns: u64,
}

/// Adds to the sums of an application's day. One of the few named upserts.
///
/// # Errors
/// If the store fails.
pub async fn add(
    connection: &mut Connection,
    organisation: &str,
    application: &str,
    day: i64,
    counts: Counts,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into usage_days (organisation_id, application_id, day, requests, sessions, turns)
         values (?, ?, ?, ?, ?, ?)
         on conflict (application_id, day) do update set
            requests = requests + excluded.requests, sessions = sessions + excluded.sessions,
            turns = turns + excluded.turns",
    )
    .bind(organisation)
    .bind(application)
    .bind(day)
    .bind(signed(counts.requests))
    .bind(signed(counts.sessions))
    .bind(signed(counts.turns))
    .execute(connection)
    .await?;
    Ok(())
}
