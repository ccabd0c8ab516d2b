//! What opens a session: its tokens, and codes that work once.

use super::{Connection, StoreError};
use crate::clock::Millis;
use crate::ids::{OrganisationId, SessionId};

/// Stores the code with which another device goes on; an earlier one of the session goes.
///
/// # Errors
/// If the store fails.
pub async fn set_code(
    connection: &mut Connection,
    organisation: &OrganisationId,
    session: SessionId,
    code_hash: &[u8],
    expires: Millis,
) -> Result<(), StoreError> {
    sqlx::query("delete from session_codes where session_id = ?")
        .bind(session.text())
        .execute(&mut *connection)
        .await?;
    sqlx::query(
        "insert into session_codes (organisation_id, session_id, code_hash, expires_at) values (?, ?, ?, ?)",
    )
    .bind(organisation.as_str())
    .bind(session.text())
    .bind(code_hash)
    .bind(expires.0)
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes a code: it is gone, and the session it opened has one more token. `None` if there is none that works now.
///
/// # Errors
/// If the store fails; then the code still works.
pub async fn take_code(
    connection: &mut Connection,
    application: &str,
    code_hash: &[u8],
    token_hash: &[u8],
    now: Millis,
) -> Result<Option<SessionId>, StoreError> {
    let row: Option<(String, String)> = sqlx::query_as(
        "select codes.organisation_id, codes.session_id from session_codes codes
         join sessions on sessions.id = codes.session_id
         where codes.code_hash = ? and codes.expires_at > ? and sessions.application_id = ?",
    )
    .bind(code_hash)
    .bind(now.0)
    .bind(application)
    .fetch_optional(&mut *connection)
    .await?;
    let Some((organisation, session)) = row else {
        return Ok(None);
    };
    sqlx::query("delete from session_codes where code_hash = ?")
        .bind(code_hash)
        .execute(&mut *connection)
        .await?;
    let session =
        SessionId::parse(&session).ok_or_else(|| StoreError::Damaged("session id".to_owned()))?;
    let organisation = OrganisationId::stored(organisation);
    insert(connection, &organisation, session, token_hash, now).await?;
    Ok(Some(session))
}

/// Gives a session a fresh token; the old one opens nothing any more.
///
/// # Errors
/// If the store fails.
pub async fn renew(
    connection: &mut Connection,
    organisation: &OrganisationId,
    session: SessionId,
    token_hash: &[u8],
    now: Millis,
) -> Result<(), StoreError> {
    sqlx::query("delete from session_tokens where session_id = ?")
        .bind(session.text())
        .execute(&mut *connection)
        .await?;
    insert(connection, organisation, session, token_hash, now).await
}

pub(super) async fn insert(
    connection: &mut Connection,
    organisation: &OrganisationId,
    session: SessionId,
    token_hash: &[u8],
    now: Millis,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into session_tokens (organisation_id, session_id, token_hash, created_at) values (?, ?, ?, ?)",
    )
    .bind(organisation.as_str())
    .bind(session.text())
    .bind(token_hash)
    .bind(now.0)
    .execute(connection)
    .await?;
    Ok(())
}
