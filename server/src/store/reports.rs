//! Submitted reports, and the outbox that tells other systems of them.

use sqlx::FromRow;

use super::events::Log;
use super::statements::Statements;
use super::{Connection, StoreError, signed, unsigned};
use crate::clock::Millis;
use crate::ids::SessionId;
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
    let sealed = log.key.seal(&place(log, &session, report.version), report.content)?;
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
    version: i64,
    sealed: Vec<u8>,
}

/// The version of a session's report submitted last, as JSON, with its number.
///
/// # Errors
/// If the store fails or it does not open.
pub async fn last(connection: &mut Connection, log: &Log) -> Result<Option<(u32, Vec<u8>)>, StoreError> {
    let session = log.session.text();
    let row: Option<Row> = sqlx::query_as(
        "select version, sealed from reports where session_id = ? and organisation_id = ? order by version desc limit 1",
    )
    .bind(session.as_str())
    .bind(log.organisation.as_str())
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let version = u32::try_from(unsigned(row.version)?)
        .map_err(|_| StoreError::Damaged("report version".to_owned()))?;
    let plain = log.key.open(&place(log, &session, version), &row.sealed)?;
    Ok(Some((version, plain.to_vec())))
}

/// What a message of the outbox tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageKind {
    /// A report was submitted; the subject is the report.
    ReportSubmitted,
}

impl MessageKind {
    fn text(self) -> &'static str {
        match self {
            Self::ReportSubmitted => "report_submitted",
        }
    }
}

/// Puts a message into the outbox, to be sent as soon as may be.
pub fn tell(
    statements: &mut Statements,
    log: &Log,
    application: &str,
    id: &str,
    kind: MessageKind,
    subject: &str,
    now: Millis,
) {
    statements
        .add(
            "insert into outbox (organisation_id, id, application_id, kind, subject_id, state, attempts, next_at, created_at)
             values (?, ?, ?, ?, ?, 'waiting', 0, ?, ?)",
        )
        .bind(log.organisation.as_str())
        .bind(id)
        .bind(application)
        .bind(kind.text())
        .bind(subject)
        .bind(now.0)
        .bind(now.0);
}

/// How many messages wait about the reports of a session.
///
/// # Errors
/// If the store fails.
pub async fn waiting(connection: &mut Connection, session: SessionId) -> Result<u64, StoreError> {
    let (count,): (i64,) = sqlx::query_as(
        "select count(*) from outbox o join reports r on r.id = o.subject_id where r.session_id = ? and o.state = 'waiting'",
    )
    .bind(session.text())
    .fetch_one(connection)
    .await?;
    unsigned(count)
}
