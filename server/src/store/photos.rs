//! Photos that patients add to their report, sealed.

use super::events::Log;
use super::statements::Statements;
use super::{Connection, StoreError, signed, unsigned};
use crate::clock::Millis;
use crate::keys::Place;

/// Which of a photo's two pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// As it is shown.
    Whole,
    /// Small, for paper.
    Paper,
}

fn place<'a>(log: &'a Log, session: &'a str, seq: u64, size: Size) -> Place<'a> {
    Place {
        organisation: log.organisation.as_str(),
        owner: session,
        seq,
        kind: match size {
            Size::Whole => "photo",
            Size::Paper => "photo on paper",
        },
    }
}

/// Stores a photo; `seq` is that of the event that tells of it.
///
/// # Errors
/// If it cannot be sealed.
pub fn insert(
    statements: &mut Statements,
    log: &Log,
    (id, seq): (&str, u64),
    (whole, paper): (&[u8], &[u8]),
    now: Millis,
) -> Result<(), StoreError> {
    let session = log.session.text();
    let seal = |size, jpeg| log.key.seal(&place(log, &session, seq, size), jpeg);
    let (whole, paper) = (seal(Size::Whole, whole)?, seal(Size::Paper, paper)?);
    statements
        .add("insert into photos (organisation_id, id, session_id, seq, sealed, paper_sealed, created_at) values (?, ?, ?, ?, ?, ?, ?)")
        .bind(log.organisation.as_str())
        .bind(id)
        .bind(session.as_str())
        .bind(signed(seq))
        .bind(whole)
        .bind(paper)
        .bind(now.0);
    Ok(())
}

/// Deletes a photo that no submitted report of its session can show. One that can stays: it is part of the record.
pub fn delete_unless_submitted(statements: &mut Statements, log: &Log, id: &str) {
    let session = log.session.text();
    statements
        .add(
            "delete from photos where id = ? and session_id = ?
                and not exists (select 1 from reports where reports.session_id = photos.session_id and reports.seq >= photos.seq)",
        )
        .bind(id)
        .bind(session.as_str());
}

/// A photo of a session.
///
/// # Errors
/// If the store fails or it does not open with this session's key.
pub async fn find(
    connection: &mut Connection,
    log: &Log,
    id: &str,
    size: Size,
) -> Result<Option<Vec<u8>>, StoreError> {
    let session = log.session.text();
    let sql = match size {
        Size::Whole => "select seq, sealed from photos where id = ? and session_id = ?",
        Size::Paper => "select seq, paper_sealed from photos where id = ? and session_id = ?",
    };
    let row: Option<(i64, Vec<u8>)> = sqlx::query_as(sql)
        .bind(id)
        .bind(session.as_str())
        .fetch_optional(connection)
        .await?;
    let Some((seq, sealed)) = row else {
        return Ok(None);
    };
    let place = place(log, &session, unsigned(seq)?, size);
    Ok(Some(log.key.open(&place, &sealed)?.to_vec()))
}
