//! Links with which a hospital hands a patient over. What they carry is sealed with their code.

use super::{Connection, StoreError};
use crate::clock::Millis;
use crate::ids::OrganisationId;

/// Stores a link.
///
/// # Errors
/// If the store fails.
pub async fn insert(
    connection: &mut Connection,
    organisation: &OrganisationId,
    application: &str,
    (code_hash, sealed): (&[u8], &[u8]),
    (now, expires): (Millis, Millis),
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into links (organisation_id, application_id, code_hash, sealed, created_at, expires_at) values (?, ?, ?, ?, ?, ?)",
    )
    .bind(organisation.as_str())
    .bind(application)
    .bind(code_hash)
    .bind(sealed)
    .bind(now.0)
    .bind(expires.0)
    .execute(connection)
    .await?;
    Ok(())
}

/// What a link carries, sealed; `None` if there is none that works now.
///
/// # Errors
/// If the store fails.
pub async fn find(
    connection: &mut Connection,
    application: &str,
    code_hash: &[u8],
    now: Millis,
) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(sqlx::query_scalar(
        "select sealed from links where code_hash = ? and application_id = ? and expires_at > ?",
    )
    .bind(code_hash)
    .bind(application)
    .bind(now.0)
    .fetch_optional(connection)
    .await?)
}

/// Uses a link: it is gone.
///
/// # Errors
/// [`StoreError::Gone`] if it was used before, or if the store fails.
pub async fn take(connection: &mut Connection, code_hash: &[u8]) -> Result<(), StoreError> {
    let done = sqlx::query("delete from links where code_hash = ?")
        .bind(code_hash)
        .execute(connection)
        .await?;
    if done.rows_affected() == 0 {
        return Err(StoreError::Gone);
    }
    Ok(())
}

/// Deletes links that nobody used in time.
///
/// # Errors
/// If the store fails.
pub async fn forget(connection: &mut Connection, now: Millis) -> Result<u64, StoreError> {
    let done = sqlx::query("delete from links where expires_at <= ?")
        .bind(now.0)
        .execute(connection)
        .await?;
    Ok(done.rows_affected())
}
