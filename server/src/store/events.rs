//! The append-only log of a session. Events are sealed here, because their sequence is part of the seal.

use serde::Serialize;
use sqlx::FromRow;

use super::statements::Statements;
use super::{Connection, StoreError, signed, unsigned};
use crate::clock::Millis;
use crate::ids::{OrganisationId, SessionId, TurnId};
use crate::keys::{Place, SealingKey};

/// Version of the events written by this server. Older ones are brought up to date on reading.
const VERSION: i64 = 1;

/// Who may see an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// The patient, and staff.
    Patient,
    /// Staff only.
    Staff,
}

/// An event to be written.
#[derive(Debug, Clone)]
pub struct NewEvent {
    /// Kind: the event's tag.
    pub kind: &'static str,
    /// Who may see it.
    pub audience: Audience,
    /// Its inner value as JSON.
    pub data: Vec<u8>,
}

impl NewEvent {
    /// An event the patient sees.
    ///
    /// # Errors
    /// If it cannot be written as JSON.
    pub fn patient(event: &wire::event::Event) -> Result<Self, StoreError> {
        let data = event
            .data()
            .map_err(|error| StoreError::Damaged(error.to_string()))?
            .into_bytes();
        Ok(Self {
            kind: event.tag(),
            audience: Audience::Patient,
            data,
        })
    }

    /// An event only staff see.
    ///
    /// # Errors
    /// If it cannot be written as JSON.
    pub fn staff(kind: &'static str, value: &impl Serialize) -> Result<Self, StoreError> {
        let data =
            serde_json::to_vec(value).map_err(|error| StoreError::Damaged(error.to_string()))?;
        Ok(Self {
            kind,
            audience: Audience::Staff,
            data,
        })
    }
}

/// How far a log reaches.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reach {
    /// Sequence of the last event.
    pub last: u64,
    /// Sequence of the last event the patient may see.
    pub patient: u64,
}

/// Which log, and with which key.
#[derive(Debug, Clone)]
pub struct Log {
    /// Organisation.
    pub organisation: OrganisationId,
    /// Session.
    pub session: SessionId,
    /// The session's key.
    pub key: SealingKey,
}

/// An event read and opened.
#[derive(Debug, Clone)]
pub struct Event {
    /// Place in the log.
    pub seq: u64,
    /// Kind: the event's tag.
    pub kind: String,
    /// Inner value as JSON.
    pub data: String,
}

/// An event as stored, to be opened with the session's key.
#[derive(Debug, Clone, FromRow)]
pub struct Row {
    seq: i64,
    kind: String,
    sealed: Vec<u8>,
}

impl Log {
    fn place<'a>(&'a self, session: &'a str, seq: u64, kind: &'a str) -> Place<'a> {
        Place {
            organisation: self.organisation.as_str(),
            owner: session,
            seq,
            kind,
        }
    }

    /// Opens events of this log.
    ///
    /// # Errors
    /// If one does not open: it is another log's, or was changed.
    pub fn open(&self, rows: Vec<Row>) -> Result<Vec<Event>, StoreError> {
        let session = self.session.text();
        rows.into_iter()
            .map(|row| {
                let seq = unsigned(row.seq)?;
                let plain = self
                    .key
                    .open(&self.place(&session, seq, &row.kind), &row.sealed)?;
                let data = String::from_utf8(plain.to_vec())
                    .map_err(|_| StoreError::Damaged("an event is not UTF-8".to_owned()))?;
                Ok(Event {
                    seq,
                    kind: row.kind,
                    data,
                })
            })
            .collect()
    }

    /// Appends events behind `from` and answers where the log then reaches, to be stored with them. The statement fails with
    /// [`StoreError::Exists`] if the log reaches further already, and with [`StoreError::Gone`] if the session was erased.
    ///
    /// # Errors
    /// If an event cannot be sealed.
    pub fn append(
        &self,
        statements: &mut Statements,
        from: Reach,
        turn: Option<TurnId>,
        events: &[NewEvent],
        now: Millis,
    ) -> Result<Reach, StoreError> {
        let session = self.session.text();
        let turn = turn.map(TurnId::text).unwrap_or_default();
        let mut reach = from;
        for event in events {
            reach.last += 1;
            let place = self.place(&session, reach.last, event.kind);
            let sealed = self.key.seal(&place, &event.data)?;
            let audience = match event.audience {
                Audience::Patient => {
                    reach.patient = reach.last;
                    "patient"
                }
                Audience::Staff => "staff",
            };
            if reach.last == from.last + 1 {
                statements.add(
                    "insert into session_events (organisation_id, session_id, seq, kind, version, audience, turn_id, sealed, created_at)
                     values ",
                );
            } else {
                statements.more(", ");
            }
            statements
                .more("(?, ?, ?, ?, ?, ?, ?, ?, ?)")
                .bind(self.organisation.as_str())
                .bind(session.as_str())
                .bind(signed(reach.last))
                .bind(event.kind)
                .bind(VERSION)
                .bind(audience)
                .bind(turn.as_str())
                .bind(sealed)
                .bind(now.0);
        }
        Ok(reach)
    }

    /// The patient's events after a sequence, at most `limit`.
    ///
    /// # Errors
    /// If the store fails or an event does not open.
    pub async fn of_patient(
        &self,
        connection: &mut Connection,
        after: u64,
        limit: u32,
    ) -> Result<Vec<Event>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(
            "select seq, kind, sealed from session_events
              where session_id = ? and organisation_id = ? and seq > ? and audience = 'patient'
              order by seq limit ?",
        )
        .bind(self.session.text())
        .bind(self.organisation.as_str())
        .bind(signed(after))
        .bind(limit)
        .fetch_all(connection)
        .await?;
        self.open(rows)
    }

    /// The patient's events of one turn.
    ///
    /// # Errors
    /// If the store fails or an event does not open.
    pub async fn of_turn(
        &self,
        connection: &mut Connection,
        turn: TurnId,
    ) -> Result<Vec<Event>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(
            "select seq, kind, sealed from session_events
              where session_id = ? and organisation_id = ? and turn_id = ? and audience = 'patient'
              order by seq",
        )
        .bind(self.session.text())
        .bind(self.organisation.as_str())
        .bind(turn.text())
        .fetch_all(connection)
        .await?;
        self.open(rows)
    }

    /// What a report folds: inputs and what was heard, questions and cards shown, where to go, submissions.
    ///
    /// # Errors
    /// If the store fails or an event does not open.
    pub async fn to_report(&self, connection: &mut Connection) -> Result<Vec<Event>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(
            "select seq, kind, sealed from session_events
              where session_id = ? and organisation_id = ?
                and kind in ('patient_said', 'heard', 'alert', 'crisis', 'guidance', 'report_submitted', 'visit',
                             'photo_added', 'photo_removed', 'polished')
              order by seq",
        )
        .bind(self.session.text())
        .bind(self.organisation.as_str())
        .fetch_all(connection)
        .await?;
        self.open(rows)
    }

    /// Whether the log holds an event of a kind.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn has(&self, connection: &mut Connection, kind: &str) -> Result<bool, StoreError> {
        let row: Option<(i64,)> = sqlx::query_as(
            "select 1 from session_events where session_id = ? and organisation_id = ? and kind = ? limit 1",
        )
        .bind(self.session.text())
        .bind(self.organisation.as_str())
        .bind(kind)
        .fetch_optional(connection)
        .await?;
        Ok(row.is_some())
    }

    /// What a decision folds: what was heard, and the questions and cards shown.
    ///
    /// # Errors
    /// If the store fails or an event does not open.
    pub async fn to_decide(&self, connection: &mut Connection) -> Result<Vec<Event>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(
            "select seq, kind, sealed from session_events
              where session_id = ? and organisation_id = ? and kind in ('heard', 'question', 'alert', 'crisis')
              order by seq",
        )
        .bind(self.session.text())
        .bind(self.organisation.as_str())
        .fetch_all(connection)
        .await?;
        self.open(rows)
    }
}
