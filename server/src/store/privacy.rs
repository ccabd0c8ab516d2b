//! Consents, receipts and erasure.

use sqlx::FromRow;
use wire::session::{ConsentBy, ConsentGiven};

use super::{Connection, StoreError};
use crate::clock::Millis;
use crate::ids::{OrganisationId, SessionId};

fn by_text(by: ConsentBy) -> &'static str {
    match by {
        ConsentBy::Patient => "patient",
        ConsentBy::Guardian => "guardian",
        ConsentBy::WithKnowledge => "with_knowledge",
        ConsentBy::Emergency => "emergency",
    }
}

/// Stores a consent as given.
///
/// # Errors
/// [`StoreError::Exists`] if the purpose is there, or if the store fails.
pub async fn insert_consent(
    connection: &mut Connection,
    organisation: &OrganisationId,
    session: SessionId,
    consent: &ConsentGiven,
    now: Millis,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into consents (organisation_id, session_id, purpose, version, language, text_sha256, given_by, given_at)
         values (?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(organisation.as_str())
    .bind(session.text())
    .bind(&consent.purpose)
    .bind(consent.version)
    .bind(&consent.language)
    .bind(&consent.sha256)
    .bind(by_text(consent.by))
    .bind(now.0)
    .execute(connection)
    .await?;
    Ok(())
}

/// Stores a consent given later, in place of an earlier one for the same purpose.
///
/// # Errors
/// If the store fails.
pub async fn give_consent(
    connection: &mut Connection,
    organisation: &OrganisationId,
    session: SessionId,
    consent: &ConsentGiven,
    now: Millis,
) -> Result<(), StoreError> {
    sqlx::query("delete from consents where session_id = ? and purpose = ?")
        .bind(session.text())
        .bind(&consent.purpose)
        .execute(&mut *connection)
        .await?;
    insert_consent(connection, organisation, session, consent, now).await
}

/// Purposes with a live consent.
///
/// # Errors
/// If the store fails.
pub async fn live_consents(
    connection: &mut Connection,
    session: SessionId,
) -> Result<Vec<String>, StoreError> {
    let rows: Vec<(String,)> = sqlx::query_as(
        "select purpose from consents where session_id = ? and withdrawn_at is null order by purpose",
    )
    .bind(session.text())
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|(purpose,)| purpose).collect())
}

/// Version and time of a live consent.
///
/// # Errors
/// If the store fails.
pub async fn given(
    connection: &mut Connection,
    session: SessionId,
    purpose: &str,
) -> Result<Option<(u32, Millis)>, StoreError> {
    let row: Option<(u32, i64)> = sqlx::query_as(
        "select version, given_at from consents where session_id = ? and purpose = ? and withdrawn_at is null",
    )
    .bind(session.text())
    .bind(purpose)
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|(version, at)| (version, Millis(at))))
}

/// Withdraws a consent; `false` if there was none alive.
///
/// # Errors
/// If the store fails.
pub async fn withdraw(
    connection: &mut Connection,
    session: SessionId,
    purpose: &str,
    now: Millis,
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "update consents set withdrawn_at = ? where session_id = ? and purpose = ? and withdrawn_at is null",
    )
    .bind(now.0)
    .bind(session.text())
    .bind(purpose)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A receipt as stored.
#[derive(Debug, Clone)]
pub struct Receipt {
    /// Session it belongs to.
    pub session: SessionId,
    /// When the data is deleted by itself.
    pub expires_at: Millis,
    /// When it was erased.
    pub erased_at: Option<Millis>,
    /// From when no backup holds a readable copy.
    pub backups_until: Option<Millis>,
}

#[derive(FromRow)]
struct Row {
    session_id: String,
    expires_at: i64,
    erased_at: Option<i64>,
    backups_until: Option<i64>,
}

/// Stores the receipt of a new session.
///
/// # Errors
/// [`StoreError::Exists`] if the code is taken, or if the store fails.
pub async fn insert_receipt(
    connection: &mut Connection,
    organisation: &OrganisationId,
    session: SessionId,
    code_hash: &[u8],
    expires_at: Millis,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into receipts (organisation_id, code_hash, session_id, state, expires_at) values (?, ?, ?, 'kept', ?)",
    )
    .bind(organisation.as_str())
    .bind(code_hash)
    .bind(session.text())
    .bind(expires_at.0)
    .execute(connection)
    .await?;
    Ok(())
}

/// The receipt of a code.
///
/// # Errors
/// If the store fails.
pub async fn receipt(
    connection: &mut Connection,
    code_hash: &[u8],
) -> Result<Option<Receipt>, StoreError> {
    let row: Option<Row> = sqlx::query_as(
        "select session_id, expires_at, erased_at, backups_until from receipts where code_hash = ?",
    )
    .bind(code_hash)
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        Ok(Receipt {
            session: SessionId::parse(&row.session_id)
                .ok_or_else(|| StoreError::Damaged("receipt".to_owned()))?,
            expires_at: Millis(row.expires_at),
            erased_at: row.erased_at.map(Millis),
            backups_until: row.backups_until.map(Millis),
        })
    })
    .transpose()
}

/// Why a session was erased, as stored with its receipt.
#[derive(Debug, Clone, Copy)]
pub enum Reason {
    /// The patient asked for it.
    Patient,
    /// Its time was over.
    Expired,
    /// The operator's command.
    Operator,
}

impl Reason {
    fn text(self) -> &'static str {
        match self {
            Self::Patient => "patient",
            Self::Expired => "expired",
            Self::Operator => "operator",
        }
    }
}

/// Deletes every row of a session and marks its receipt, in one unit.
///
/// # Errors
/// If the store fails; then nothing is deleted.
pub async fn erase(
    connection: &mut Connection,
    session: SessionId,
    reason: Reason,
    now: Millis,
    backups_until: Millis,
) -> Result<(), StoreError> {
    let id = session.text();
    sqlx::query(
        "insert into outbox (organisation_id, id, application_id, kind, subject_id, state, attempts, next_at, created_at)
         select organisation_id, ?, application_id, ?, id, 'waiting', 0, ?, ? from sessions where id = ?",
    )
    .bind(uuid::Uuid::now_v7().hyphenated().to_string())
    .bind(super::outbox::MessageKind::SessionErased.text())
    .bind(now.0)
    .bind(now.0)
    .bind(&id)
    .execute(&mut *connection)
    .await?;
    for statement in [
        "delete from photos where session_id = ?",
        "delete from outbox where subject_id in (select id from reports where session_id = ?)",
        "delete from reports where session_id = ?",
        "delete from session_events where session_id = ?",
        "delete from runs where session_id = ?",
        "delete from feedback where session_id = ?",
        "delete from consents where session_id = ?",
        "delete from session_codes where session_id = ?",
        "delete from session_tokens where session_id = ?",
        "update upstream_calls set session_id = null, turn_id = null where session_id = ?",
        "delete from sessions where id = ?",
    ] {
        sqlx::query(statement)
            .bind(&id)
            .execute(&mut *connection)
            .await?;
    }
    sqlx::query(
        "update receipts set state = 'erased', erased_at = ?, backups_until = ?, reason = ?
          where session_id = ? and state = 'kept'",
    )
    .bind(now.0)
    .bind(backups_until.0)
    .bind(reason.text())
    .bind(&id)
    .execute(connection)
    .await?;
    Ok(())
}

/// Stores or replaces a session's feedback.
///
/// # Errors
/// If the store fails.
pub async fn set_feedback(
    connection: &mut Connection,
    organisation: &OrganisationId,
    session: SessionId,
    feedback: &wire::session::Feedback,
    now: Millis,
) -> Result<(), StoreError> {
    sqlx::query("delete from feedback where session_id = ?")
        .bind(session.text())
        .execute(&mut *connection)
        .await?;
    sqlx::query(
        "insert into feedback (organisation_id, session_id, helpful, reason, created_at) values (?, ?, ?, ?, ?)",
    )
    .bind(organisation.as_str())
    .bind(session.text())
    .bind(feedback.helpful)
    .bind(&feedback.reason)
    .bind(now.0)
    .execute(connection)
    .await?;
    Ok(())
}
