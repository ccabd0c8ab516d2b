//! The key store's file. Everything in it is wrapped; see [`crate::keys`].

use std::path::Path;

use super::{Connection, Database, Opening, Store, StoreError};
use crate::clock::Millis;

static KEYS: sqlx::migrate::Migrator = sqlx::migrate!("./migrations/keys");

/// Opens the key store's file.
///
/// # Errors
/// As [`Database::open`].
pub async fn open(file: &Path, opening: Opening) -> Result<Database, StoreError> {
    Database::open(file, opening, &KEYS).await
}

/// Whether the content's store holds anything that needs keys.
///
/// # Errors
/// If the store fails.
pub async fn content_exists(store: &Store) -> Result<bool, StoreError> {
    let (sessions,): (i64,) = sqlx::query_as("select exists (select 1 from sessions)")
        .fetch_one(&mut *store.reader().await?)
        .await?;
    Ok(sessions != 0)
}

/// The value that proves the master key, with the id of the key it was made with.
///
/// # Errors
/// If the store fails.
pub async fn check_value(
    connection: &mut Connection,
) -> Result<Option<(String, Vec<u8>)>, StoreError> {
    Ok(
        sqlx::query_as("select master_key_id, sealed from key_checks where id = 1")
            .fetch_optional(connection)
            .await?,
    )
}

/// Stores the value that proves the master key.
///
/// # Errors
/// If the store fails.
pub async fn insert_check_value(
    connection: &mut Connection,
    master_key_id: &str,
    sealed: &[u8],
    now: Millis,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into key_checks (id, master_key_id, sealed, created_at) values (1, ?, ?, ?)",
    )
    .bind(master_key_id)
    .bind(sealed)
    .bind(now.0)
    .execute(connection)
    .await?;
    Ok(())
}

/// An organisation's wrapped key.
///
/// # Errors
/// If the store fails.
pub async fn organisation_key(
    connection: &mut Connection,
    organisation: &str,
) -> Result<Option<Vec<u8>>, StoreError> {
    let row: Option<(Vec<u8>,)> =
        sqlx::query_as("select wrapped from organisation_keys where organisation_id = ?")
            .bind(organisation)
            .fetch_optional(connection)
            .await?;
    Ok(row.map(|(wrapped,)| wrapped))
}

/// Stores an organisation's wrapped key.
///
/// # Errors
/// [`StoreError::Exists`] if there is one, or if the store fails.
pub async fn insert_organisation_key(
    connection: &mut Connection,
    organisation: &str,
    key_id: &[u8],
    wrapped: &[u8],
    now: Millis,
) -> Result<(), StoreError> {
    sqlx::query("insert into organisation_keys (organisation_id, key_id, wrapped, created_at) values (?, ?, ?, ?)")
        .bind(organisation)
        .bind(key_id)
        .bind(wrapped)
        .bind(now.0)
        .execute(connection)
        .await?;
    Ok(())
}

/// A session's wrapped key, of this organisation.
///
/// # Errors
/// If the store fails.
pub async fn session_key(
    connection: &mut Connection,
    organisation: &str,
    session: &str,
) -> Result<Option<Vec<u8>>, StoreError> {
    let row: Option<(Vec<u8>,)> = sqlx::query_as(
        "select wrapped from session_keys where session_id = ? and organisation_id = ?",
    )
    .bind(session)
    .bind(organisation)
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|(wrapped,)| wrapped))
}

/// Stores a session's wrapped key.
///
/// # Errors
/// [`StoreError::Exists`] if there is one, or if the store fails.
pub async fn insert_session_key(
    connection: &mut Connection,
    organisation: &str,
    session: &str,
    key_id: &[u8],
    wrapped: &[u8],
    now: Millis,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into session_keys (organisation_id, session_id, key_id, wrapped, created_at) values (?, ?, ?, ?, ?)",
    )
    .bind(organisation)
    .bind(session)
    .bind(key_id)
    .bind(wrapped)
    .bind(now.0)
    .execute(connection)
    .await?;
    Ok(())
}

/// Deletes a session's key: from here on nothing of it can be read.
///
/// # Errors
/// If the store fails.
pub async fn delete_session_key(
    connection: &mut Connection,
    session: &str,
) -> Result<(), StoreError> {
    sqlx::query("delete from session_keys where session_id = ?")
        .bind(session)
        .execute(connection)
        .await?;
    Ok(())
}
