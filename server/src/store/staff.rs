//! Staff members and their second factor; below it their links and sign-ins. Everything but a sign-in by its token and a link by its code is looked up
//! within an organisation.

mod links;
mod sign_ins;

use sqlx::FromRow;
use wire::staff::{MemberState, Role};

use super::{Connection, StoreError};
use crate::clock::Millis;
use crate::ids::OrganisationId;

pub use links::{insert_link, take_link};
pub use sign_ins::{
    NewSignIn, SignIn, by_token, end, end_all, forget, insert_sign_in, seen,
    sign_ins as own_sign_ins,
};

/// A staff member as stored.
#[derive(Debug, Clone)]
pub struct Member {
    /// Organisation they belong to.
    pub organisation: OrganisationId,
    /// Id.
    pub id: String,
    /// The name signed in with, lower case.
    pub login: String,
    /// The name shown.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Departments they are limited to.
    pub departments: Vec<String>,
    /// Whether they may sign in.
    pub state: MemberState,
    /// Hash of the password, as a PHC string.
    pub password_hash: Option<String>,
    /// Secret of the second factor, sealed.
    pub totp_sealed: Option<Vec<u8>>,
    /// The last step whose code was used.
    pub totp_step: u64,
}

#[derive(FromRow)]
struct Row {
    organisation_id: String,
    id: String,
    login: String,
    name: String,
    role: String,
    departments: String,
    state: String,
    password_hash: Option<String>,
    totp_sealed: Option<Vec<u8>>,
    totp_step: i64,
}

fn damaged(what: &str) -> StoreError {
    StoreError::Damaged(what.to_owned())
}

/// A value's name on the wire, as stored.
fn word(value: &impl serde::Serialize) -> Result<String, StoreError> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        _ => Err(damaged("a word of a staff member")),
    }
}

fn value<T: serde::de::DeserializeOwned>(word: String) -> Result<T, StoreError> {
    serde_json::from_value(serde_json::Value::String(word))
        .map_err(|_| damaged("a word of a staff member"))
}

impl TryFrom<Row> for Member {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            organisation: OrganisationId::stored(row.organisation_id),
            id: row.id,
            login: row.login,
            name: row.name,
            role: value(row.role)?,
            departments: serde_json::from_str(&row.departments)
                .map_err(|_| damaged("departments of a staff member"))?,
            state: value(row.state)?,
            password_hash: row.password_hash,
            totp_sealed: row.totp_sealed,
            totp_step: super::unsigned(row.totp_step)?,
        })
    }
}

/// A query for members, with its condition.
macro_rules! members {
    ($condition:literal) => {
        concat!(
            "select organisation_id, id, login, name, role, departments, state, password_hash, totp_sealed, totp_step from staff ",
            $condition
        )
    };
}

/// Adds a member, invited or with a password.
///
/// # Errors
/// [`StoreError::Exists`] if the login is taken, or if the store fails.
pub async fn insert(
    connection: &mut Connection,
    member: &Member,
    now: Millis,
) -> Result<(), StoreError> {
    let departments = serde_json::to_string(&member.departments)
        .map_err(|error| StoreError::Damaged(error.to_string()))?;
    sqlx::query(
        "insert into staff (organisation_id, id, login, name, role, departments, state, password_hash, created_at, updated_at)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(member.organisation.as_str())
    .bind(&member.id)
    .bind(&member.login)
    .bind(&member.name)
    .bind(word(&member.role)?)
    .bind(departments)
    .bind(word(&member.state)?)
    .bind(&member.password_hash)
    .bind(now.0)
    .bind(now.0)
    .execute(connection)
    .await?;
    Ok(())
}

/// The member of a login.
///
/// # Errors
/// If the store fails.
pub async fn by_login(
    connection: &mut Connection,
    login: &str,
) -> Result<Option<Member>, StoreError> {
    let row: Option<Row> = sqlx::query_as(members!("where login = ?"))
        .bind(login)
        .fetch_optional(connection)
        .await?;
    row.map(Member::try_from).transpose()
}

/// A member of an organisation.
///
/// # Errors
/// If the store fails.
pub async fn find(
    connection: &mut Connection,
    organisation: &OrganisationId,
    id: &str,
) -> Result<Option<Member>, StoreError> {
    let row: Option<Row> = sqlx::query_as(members!("where organisation_id = ? and id = ?"))
        .bind(organisation.as_str())
        .bind(id)
        .fetch_optional(connection)
        .await?;
    row.map(Member::try_from).transpose()
}

/// All members of an organisation by name.
///
/// # Errors
/// If the store fails.
pub async fn all(
    connection: &mut Connection,
    organisation: &OrganisationId,
) -> Result<Vec<Member>, StoreError> {
    let rows: Vec<Row> = sqlx::query_as(members!("where organisation_id = ? order by name, login"))
        .bind(organisation.as_str())
        .fetch_all(connection)
        .await?;
    rows.into_iter().map(Member::try_from).collect()
}

/// Whether there is any administrator who may sign in.
///
/// # Errors
/// If the store fails.
pub async fn has_administrator(connection: &mut Connection) -> Result<bool, StoreError> {
    let row: Option<(i64,)> = sqlx::query_as(
        "select 1 from staff where role = 'administrator' and state = 'active' limit 1",
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.is_some())
}

/// Administrators of an organisation who may sign in, beside one.
///
/// # Errors
/// If the store fails.
pub async fn other_administrators(
    connection: &mut Connection,
    organisation: &OrganisationId,
    beside: &str,
) -> Result<u64, StoreError> {
    let (count,): (i64,) = sqlx::query_as(
        "select count(*) from staff
          where organisation_id = ? and role = 'administrator' and state = 'active' and id <> ?",
    )
    .bind(organisation.as_str())
    .bind(beside)
    .fetch_one(connection)
    .await?;
    super::unsigned(count)
}

/// Changes name, role, departments and state; ends every sign-in of the member if `ends` says so.
///
/// # Errors
/// If the store fails.
pub async fn change(
    connection: &mut Connection,
    member: &Member,
    ends: bool,
    now: Millis,
) -> Result<(), StoreError> {
    let departments = serde_json::to_string(&member.departments)
        .map_err(|error| StoreError::Damaged(error.to_string()))?;
    sqlx::query(
        "update staff set name = ?, role = ?, departments = ?, state = ?, updated_at = ?
          where organisation_id = ? and id = ?",
    )
    .bind(&member.name)
    .bind(word(&member.role)?)
    .bind(departments)
    .bind(word(&member.state)?)
    .bind(now.0)
    .bind(member.organisation.as_str())
    .bind(&member.id)
    .execute(&mut *connection)
    .await?;
    if ends {
        end_all(connection, &member.organisation, &member.id, None).await?;
    }
    Ok(())
}

/// Sets a password and makes an invited member active. Every sign-in but `but` ends, and so does every link.
///
/// # Errors
/// If the store fails.
pub async fn set_password(
    connection: &mut Connection,
    (organisation, id): (&OrganisationId, &str),
    hash: &str,
    but: Option<&str>,
    now: Millis,
) -> Result<(), StoreError> {
    sqlx::query(
        "update staff set password_hash = ?, state = case when state = 'invited' then 'active' else state end, updated_at = ?
          where organisation_id = ? and id = ?",
    )
    .bind(hash)
    .bind(now.0)
    .bind(organisation.as_str())
    .bind(id)
    .execute(&mut *connection)
    .await?;
    sqlx::query("delete from staff_links where staff_id = ?")
        .bind(id)
        .execute(&mut *connection)
        .await?;
    end_all(connection, organisation, id, but).await
}

/// Sets or takes away the second factor with its recovery codes.
///
/// # Errors
/// If the store fails.
pub async fn set_second_factor(
    connection: &mut Connection,
    (organisation, id): (&OrganisationId, &str),
    sealed: Option<&[u8]>,
    step: i64,
    recovery: &[Vec<u8>],
    now: Millis,
) -> Result<(), StoreError> {
    sqlx::query(
        "update staff set totp_sealed = ?, totp_step = ?, updated_at = ? where organisation_id = ? and id = ?",
    )
    .bind(sealed)
    .bind(step)
    .bind(now.0)
    .bind(organisation.as_str())
    .bind(id)
    .execute(&mut *connection)
    .await?;
    sqlx::query("delete from staff_recovery_codes where staff_id = ?")
        .bind(id)
        .execute(&mut *connection)
        .await?;
    for hash in recovery {
        sqlx::query(
            "insert into staff_recovery_codes (organisation_id, staff_id, code_hash) values (?, ?, ?)",
        )
        .bind(organisation.as_str())
        .bind(id)
        .bind(hash)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Uses a step of the second factor up; `false` if it or a later one was used before.
///
/// # Errors
/// If the store fails.
pub async fn use_step(
    connection: &mut Connection,
    id: &str,
    step: i64,
) -> Result<bool, StoreError> {
    let done = sqlx::query("update staff set totp_step = ? where id = ? and totp_step < ?")
        .bind(step)
        .bind(id)
        .bind(step)
        .execute(connection)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Uses a recovery code up; `false` if there is none such.
///
/// # Errors
/// If the store fails.
pub async fn use_recovery_code(
    connection: &mut Connection,
    id: &str,
    hash: &[u8],
) -> Result<bool, StoreError> {
    let done = sqlx::query("delete from staff_recovery_codes where staff_id = ? and code_hash = ?")
        .bind(id)
        .bind(hash)
        .execute(connection)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// The organisation the first administrator will be of; none in an empty database.
///
/// # Errors
/// If the store fails.
pub async fn first_organisation(
    connection: &mut Connection,
) -> Result<Option<OrganisationId>, StoreError> {
    let row: Option<(String,)> =
        sqlx::query_as("select id from organisations order by created_at, id limit 1")
            .fetch_optional(connection)
            .await?;
    Ok(row.map(|(id,)| OrganisationId::stored(id)))
}
