//! Photos that patients add to their report, sealed.

use super::events::Log;
use super::statements::Statements;
use super::{Connection, StoreError, signed, unsigned};
use crate::clock::Millis;
use crate::keys::Place;

/// Kind under which a photo is sealed.
const KIND: &str = "photo";

fn place<'a>(log: &'a Log, session: &'a str, seq: u64) -> Place<'a> {
    Place {
        organisation: log.organisation.as_str(),
        owner: session,
        seq,
        kind: KIND,
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
    jpeg: &[u8],
    now: Millis,
) -> Result<(), StoreError> {
    let session = log.session.text();
    let sealed = log.key.seal(&place(log, &session, seq), jpeg)?;
    statements
        .add("insert into photos (organisation_id, id, session_id, seq, sealed, created_at) values (?, ?, ?, ?, ?, ?)")
        .bind(log.organisation.as_str())
        .bind(id)
        .bind(session.as_str())
        .bind(signed(seq))
        .bind(sealed)
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
) -> Result<Option<Vec<u8>>, StoreError> {
    let session = log.session.text();
    let row: Option<(i64, Vec<u8>)> =
        sqlx::query_as("select seq, sealed from photos where id = ? and session_id = ?")
            .bind(id)
            .bind(session.as_str())
            .fetch_optional(connection)
            .await?;
    let Some((seq, sealed)) = row else {
        return Ok(None);
    };
    let plain = log
        .key
        .open(&place(log, &session, unsigned(seq)?), &sealed)?;
    Ok(Some(plain.to_vec()))
}
