//! Submitted reports: each version is a row and never changes.

use sqlx::FromRow;

use super::events::Log;
use super::statements::Statements;
use super::{Connection, StoreError, signed, unsigned};
use crate::clock::Millis;
use crate::ids::{OrganisationId, SessionId};
use crate::keys::Place;

/// Kind under which a report is sealed.
const KIND: &str = "report";

/// A report to be stored.
#[derive(Debug, Clone)]
pub struct NewReport<'a> {
    /// Its id.
    pub id: &'a str,
    /// The application it was taken in.
    pub application: &'a str,
    /// 1 for the first.
    pub version: u32,
    /// Care level decided, as a code.
    pub care_level: Option<&'a str>,
    /// Sequence of the last event it was folded from.
    pub seq: u64,
    /// The report as JSON.
    pub content: &'a [u8],
    /// Hash of the code for the desk.
    pub code_hash: Vec<u8>,
    /// When the code stops opening it.
    pub code_expires_at: Millis,
}

/// Stores a version of a report. It fails with [`StoreError::Exists`] if that version is there.
///
/// # Errors
/// If it cannot be sealed.
pub fn insert(
    statements: &mut Statements,
    log: &Log,
    report: &NewReport<'_>,
    now: Millis,
) -> Result<(), StoreError> {
    let session = log.session.text();
    let sealed = log
        .key
        .seal(&place(log, &session, report.version), report.content)?;
    statements
        .add(
            "insert into reports (organisation_id, id, session_id, application_id, version, care_level, seq, sealed, code_hash,
                                  code_expires_at, submitted_at)
             values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(log.organisation.as_str())
        .bind(report.id)
        .bind(session.as_str())
        .bind(report.application)
        .bind(i64::from(report.version))
        .bind(report.care_level)
        .bind(signed(report.seq))
        .bind(sealed)
        .bind(report.code_hash.as_slice())
        .bind(report.code_expires_at.0)
        .bind(now.0);
    Ok(())
}

fn place<'a>(log: &'a Log, session: &'a str, version: u32) -> Place<'a> {
    Place {
        organisation: log.organisation.as_str(),
        owner: session,
        seq: u64::from(version),
        kind: KIND,
    }
}

#[derive(FromRow)]
struct Row {
    id: String,
    version: i64,
    sealed: Vec<u8>,
    submitted_at: i64,
    code_expires_at: i64,
}

/// The version of a session's report that was submitted last.
#[derive(Debug, Clone)]
pub struct Last {
    /// Its id.
    pub id: String,
    /// Its number.
    pub version: u32,
    /// The report as JSON.
    pub content: Vec<u8>,
    /// When it was submitted.
    pub submitted_at: Millis,
    /// When its code stops opening it.
    pub code_expires_at: Millis,
}

/// The version of a session's report submitted last.
///
/// # Errors
/// If the store fails or it does not open.
pub async fn last(connection: &mut Connection, log: &Log) -> Result<Option<Last>, StoreError> {
    let session = log.session.text();
    let row: Option<Row> = sqlx::query_as(
        "select id, version, sealed, submitted_at, code_expires_at from reports
          where session_id = ? and organisation_id = ? order by version desc limit 1",
    )
    .bind(session.as_str())
    .bind(log.organisation.as_str())
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let version = u32::try_from(unsigned(row.version)?)
        .map_err(|_| StoreError::Damaged("report version".to_owned()))?;
    let plain = log.key.open(&place(log, &session, version), &row.sealed)?;
    Ok(Some(Last {
        id: row.id,
        version,
        content: plain.to_vec(),
        submitted_at: Millis(row.submitted_at),
        code_expires_at: Millis(row.code_expires_at),
    }))
}

/// A submitted report by its id, with the session whose key opens it.
///
/// # Errors
/// If the store fails.
pub async fn find(
    connection: &mut Connection,
    application: &str,
    id: &str,
) -> Result<Option<Stored>, StoreError> {
    let row: Option<StoredRow> = sqlx::query_as(
        "select organisation_id, id, session_id, version, care_level, sealed, submitted_at, code_expires_at from reports where id = ? and application_id = ?",
    )
    .bind(id)
    .bind(application)
    .fetch_optional(connection)
    .await?;
    row.map(Stored::try_from).transpose()
}

/// The newest version that a code for the desk opens now.
///
/// # Errors
/// If the store fails.
pub async fn find_by_code(
    connection: &mut Connection,
    application: &str,
    code_hash: &[u8],
    now: Millis,
) -> Result<Option<Stored>, StoreError> {
    let row: Option<StoredRow> = sqlx::query_as(
        "select organisation_id, id, session_id, version, care_level, sealed, submitted_at, code_expires_at from reports
          where code_hash = ? and application_id = ? and code_expires_at > ?",
    )
    .bind(code_hash)
    .bind(application)
    .bind(now.0)
    .fetch_optional(connection)
    .await?;
    row.map(Stored::try_from).transpose()
}

#[derive(FromRow)]
struct StoredRow {
    organisation_id: String,
    id: String,
    session_id: String,
    version: i64,
    care_level: Option<String>,
    sealed: Vec<u8>,
    submitted_at: i64,
    code_expires_at: i64,
}

/// A submitted report as stored.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Organisation it belongs to.
    pub organisation: OrganisationId,
    /// Its id.
    pub id: String,
    /// Session it was taken in.
    pub session: SessionId,
    /// Its version.
    pub version: u32,
    /// Care level decided, as a code.
    pub care_level: Option<String>,
    /// When it was submitted.
    pub submitted_at: Millis,
    /// When its code stops opening it.
    pub code_expires_at: Millis,
    sealed: Vec<u8>,
}

impl TryFrom<StoredRow> for Stored {
    type Error = StoreError;

    fn try_from(row: StoredRow) -> Result<Self, StoreError> {
        Ok(Self {
            organisation: OrganisationId::stored(row.organisation_id),
            session: SessionId::parse(&row.session_id)
                .ok_or_else(|| StoreError::Damaged("session id".to_owned()))?,
            version: u32::try_from(unsigned(row.version)?)
                .map_err(|_| StoreError::Damaged("report version".to_owned()))?,
            id: row.id,
            care_level: row.care_level,
            submitted_at: Millis(row.submitted_at),
            code_expires_at: Millis(row.code_expires_at),
            sealed: row.sealed,
        })
    }
}

impl Stored {
    /// The report as JSON.
    ///
    /// # Errors
    /// If it does not open with this session's key.
    pub fn open(&self, log: &Log) -> Result<Vec<u8>, StoreError> {
        let session = log.session.text();
        let plain = log
            .key
            .open(&place(log, &session, self.version), &self.sealed)?;
        Ok(plain.to_vec())
    }
}
