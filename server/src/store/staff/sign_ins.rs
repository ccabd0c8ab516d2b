//! Sign-ins: begun, used, listed, ended.

use sqlx::FromRow;
use wire::staff::MemberState;

use super::super::{Connection, StoreError};
use super::{Member, find};
use crate::clock::Millis;
use crate::ids::OrganisationId;

/// A sign-in to be stored.
#[derive(Debug, Clone)]
pub struct NewSignIn {
    /// Id.
    pub id: String,
    /// Hash of the cookie's token.
    pub token_hash: Vec<u8>,
    /// The second factor was shown, or none is needed.
    pub is_full: bool,
    /// Browser and system, as the browser says.
    pub browser: String,
    /// When it began, for a sign-in that goes on under another token.
    pub since: Millis,
    /// When it ends whatever happens.
    pub expires: Millis,
}

/// Stores a sign-in.
///
/// # Errors
/// If the store fails.
pub async fn insert_sign_in(
    connection: &mut Connection,
    (organisation, id): (&OrganisationId, &str),
    new: &NewSignIn,
    now: Millis,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into staff_sign_ins (organisation_id, staff_id, id, token_hash, level, browser, created_at, seen_at, expires_at)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(organisation.as_str())
    .bind(id)
    .bind(&new.id)
    .bind(&new.token_hash)
    .bind(if new.is_full { "full" } else { "password" })
    .bind(&new.browser)
    .bind(new.since.0)
    .bind(now.0)
    .bind(new.expires.0)
    .execute(connection)
    .await?;
    Ok(())
}

/// A sign-in as stored.
#[derive(Debug, Clone)]
pub struct SignIn {
    /// Id.
    pub id: String,
    /// The second factor was shown, or none is needed.
    pub is_full: bool,
    /// Browser and system.
    pub browser: String,
    /// When it began.
    pub since: Millis,
    /// When it was last used.
    pub seen: Millis,
    /// When it ends whatever happens.
    pub expires: Millis,
}

#[derive(FromRow)]
struct SignInRow {
    organisation_id: String,
    staff_id: String,
    id: String,
    level: String,
    browser: String,
    created_at: i64,
    seen_at: i64,
    expires_at: i64,
}

impl From<SignInRow> for SignIn {
    fn from(row: SignInRow) -> Self {
        Self {
            id: row.id,
            is_full: row.level == "full",
            browser: row.browser,
            since: Millis(row.created_at),
            seen: Millis(row.seen_at),
            expires: Millis(row.expires_at),
        }
    }
}

/// The live sign-in of a token and its member: one that may sign in, used since `idle_since`.
///
/// # Errors
/// If the store fails.
pub async fn by_token(
    connection: &mut Connection,
    token_hash: &[u8],
    now: Millis,
    idle_since: Millis,
) -> Result<Option<(Member, SignIn)>, StoreError> {
    let row: Option<SignInRow> = sqlx::query_as(
        "select organisation_id, staff_id, id, level, browser, created_at, seen_at, expires_at from staff_sign_ins
          where token_hash = ? and expires_at > ? and seen_at > ?",
    )
    .bind(token_hash)
    .bind(now.0)
    .bind(idle_since.0)
    .fetch_optional(&mut *connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let organisation = OrganisationId::stored(row.organisation_id.clone());
    let member = find(connection, &organisation, &row.staff_id).await?;
    Ok(member
        .filter(|member| member.state == MemberState::Active)
        .map(|member| (member, row.into())))
}

/// Notes that a sign-in was used.
///
/// # Errors
/// If the store fails.
pub async fn seen(connection: &mut Connection, id: &str, now: Millis) -> Result<(), StoreError> {
    sqlx::query("update staff_sign_ins set seen_at = ? where id = ?")
        .bind(now.0)
        .bind(id)
        .execute(connection)
        .await?;
    Ok(())
}

/// Live sign-ins of a member, the last used first.
///
/// # Errors
/// If the store fails.
pub async fn sign_ins(
    connection: &mut Connection,
    (organisation, id): (&OrganisationId, &str),
    now: Millis,
    idle_since: Millis,
) -> Result<Vec<SignIn>, StoreError> {
    let rows: Vec<SignInRow> = sqlx::query_as(
        "select organisation_id, staff_id, id, level, browser, created_at, seen_at, expires_at from staff_sign_ins
          where organisation_id = ? and staff_id = ? and expires_at > ? and seen_at > ? order by seen_at desc",
    )
    .bind(organisation.as_str())
    .bind(id)
    .bind(now.0)
    .bind(idle_since.0)
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(SignIn::from).collect())
}

/// Ends one sign-in of a member.
///
/// # Errors
/// If the store fails.
pub async fn end(
    connection: &mut Connection,
    (organisation, staff): (&OrganisationId, &str),
    id: &str,
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "delete from staff_sign_ins where organisation_id = ? and staff_id = ? and id = ?",
    )
    .bind(organisation.as_str())
    .bind(staff)
    .bind(id)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends every sign-in of a member, but one if it is named.
///
/// # Errors
/// If the store fails.
pub async fn end_all(
    connection: &mut Connection,
    organisation: &OrganisationId,
    staff: &str,
    but: Option<&str>,
) -> Result<(), StoreError> {
    sqlx::query(
        "delete from staff_sign_ins where organisation_id = ? and staff_id = ? and id <> ?",
    )
    .bind(organisation.as_str())
    .bind(staff)
    .bind(but.unwrap_or_default())
    .execute(connection)
    .await?;
    Ok(())
}

/// Deletes links and sign-ins whose time is over.
///
/// # Errors
/// If the store fails.
pub async fn forget(connection: &mut Connection, now: Millis) -> Result<(), StoreError> {
    for statement in [
        "delete from staff_links where expires_at <= ?",
        "delete from staff_sign_ins where expires_at <= ?",
    ] {
        sqlx::query(statement)
            .bind(now.0)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}
