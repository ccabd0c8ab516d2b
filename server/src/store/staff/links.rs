//! Links that set a password, and the code of the first start.

use super::super::{Connection, StoreError};
use crate::clock::Millis;
use crate::ids::OrganisationId;

/// Stores a link; earlier ones of the same member, or of no member, are void.
///
/// # Errors
/// If the store fails.
pub async fn insert_link(
    connection: &mut Connection,
    member: Option<(&OrganisationId, &str)>,
    hash: &[u8],
    (now, expires): (Millis, Millis),
) -> Result<(), StoreError> {
    let (organisation, id) = member.unzip();
    match id {
        Some(id) => sqlx::query("delete from staff_links where staff_id = ?").bind(id),
        None => sqlx::query("delete from staff_links where staff_id is null"),
    }
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "insert into staff_links (organisation_id, staff_id, code_hash, created_at, expires_at) values (?, ?, ?, ?, ?)",
    )
    .bind(organisation.map(OrganisationId::as_str))
    .bind(id)
    .bind(hash)
    .bind(now.0)
    .bind(expires.0)
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes a link: it is gone. `None` if none such works now; a link of no member is the first start's.
///
/// # Errors
/// If the store fails; then the link still works.
pub async fn take_link(
    connection: &mut Connection,
    hash: &[u8],
    now: Millis,
) -> Result<Option<Option<(OrganisationId, String)>>, StoreError> {
    let row: Option<(Option<String>, Option<String>)> = sqlx::query_as(
        "select organisation_id, staff_id from staff_links where code_hash = ? and expires_at > ?",
    )
    .bind(hash)
    .bind(now.0)
    .fetch_optional(&mut *connection)
    .await?;
    let Some(of) = row else { return Ok(None) };
    let done = sqlx::query("delete from staff_links where code_hash = ?")
        .bind(hash)
        .execute(connection)
        .await?;
    if done.rows_affected() != 1 {
        return Ok(None);
    }
    Ok(Some(match of {
        (Some(organisation), Some(id)) => Some((OrganisationId::stored(organisation), id)),
        _ => None,
    }))
}
