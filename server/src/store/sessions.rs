//! Sessions, their tokens and what a turn needs of their application, in one look.

use sqlx::{AssertSqlSafe, FromRow, Row as _};
use wire::application::ConsentText;
use wire::session::SessionStatus;

use super::events::Reach;
use super::statements::Statements;
use super::{Connection, StoreError, signed, unsigned};
use crate::clock::Millis;
use crate::config::providers::{ModelOverride, SpeechOverride};
use crate::ids::{OrganisationId, SessionId};

/// A session as stored, with what its application settles and the version of its directory.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "columns, each a fact of its own"
)]
pub struct Session {
    /// Organisation it belongs to.
    pub organisation: OrganisationId,
    /// Its id.
    pub id: SessionId,
    /// Application id.
    pub application: String,
    /// Where it stands.
    pub status: SessionStatus,
    /// Highest sequence of any event.
    pub last_seq: u64,
    /// Highest sequence of an event the patient may see.
    pub patient_seq: u64,
    /// Hash of the client's secret.
    pub client_secret_hash: Vec<u8>,
    /// When it was made.
    pub created_at: Millis,
    /// When it is deleted.
    pub expires_at: Millis,
    /// Department questions at most.
    pub question_budget: u8,
    /// Whether self-care may be shown.
    pub self_care: bool,
    /// IANA name of the hospital's time zone.
    pub time_zone: String,
    /// Requests a minute the application may make.
    pub requests_per_minute: u32,
    /// Version of the organisation's directory.
    pub directory_version: u64,
    /// Language of the page.
    pub locale: String,
    /// What the application settles of the model for itself.
    pub model: Option<ModelOverride>,
    /// What it settles of speech.
    pub speech: Option<SpeechOverride>,
    /// Tokens its calls used so far.
    pub tokens: u64,
    /// Milliseconds of sound it sent so far.
    pub audio_ms: u64,
    /// Whether the application offers speech.
    pub voice: bool,
    /// Whether the application is used inside a closed network.
    pub intranet: bool,
    /// Whether the application takes the history down for the doctor.
    pub pre_consultation: bool,
    /// A turn's run is under way, or was left when its server ended.
    pub running: bool,
    /// Consents alive that send words or sound away: purpose, language and hash of the text agreed to.
    pub consents: Vec<(String, String, String)>,
}

impl Session {
    /// Whether the patient agrees to a purpose in the very words that stand now.
    #[must_use]
    pub fn consents_to(&self, purpose: &str, texts: &[ConsentText]) -> bool {
        let Some(text) = texts.iter().find(|text| text.purpose == purpose) else {
            return false;
        };
        self.consents.iter().any(|(given, language, hash)| {
            given == purpose && text.sha256.get(language) == Some(hash)
        })
    }
}

#[derive(FromRow)]
struct Row {
    organisation_id: String,
    id: String,
    application_id: String,
    status: String,
    last_seq: i64,
    patient_seq: i64,
    client_secret_hash: Vec<u8>,
    created_at: i64,
    expires_at: i64,
    question_budget: i64,
    self_care: bool,
    time_zone: String,
    requests_per_minute: i64,
    directory_version: i64,
    locale: String,
    model: Option<String>,
    speech: Option<String>,
    tokens: i64,
    audio_ms: i64,
    voice: bool,
    network_type: String,
    kind: String,
    running: bool,
    consents: Option<String>,
}

/// A status as stored.
#[must_use]
pub fn status_text(status: SessionStatus) -> &'static str {
    match status {
        SessionStatus::Open | SessionStatus::Unknown => "open",
        SessionStatus::Alerted => "alerted",
        SessionStatus::Guided => "guided",
        SessionStatus::Reported => "reported",
        SessionStatus::Submitted => "submitted",
        SessionStatus::Ended => "ended",
    }
}

fn status_of(text: &str) -> Result<SessionStatus, StoreError> {
    match text {
        "open" => Ok(SessionStatus::Open),
        "alerted" => Ok(SessionStatus::Alerted),
        "guided" => Ok(SessionStatus::Guided),
        "reported" => Ok(SessionStatus::Reported),
        "submitted" => Ok(SessionStatus::Submitted),
        "ended" => Ok(SessionStatus::Ended),
        other => Err(StoreError::Damaged(format!("session status {other}"))),
    }
}

fn settled<T: serde::de::DeserializeOwned>(json: Option<&str>) -> Result<Option<T>, StoreError> {
    json.map(serde_json::from_str)
        .transpose()
        .map_err(|error| StoreError::Damaged(error.to_string()))
}

impl TryFrom<Row> for Session {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            organisation: OrganisationId::stored(row.organisation_id),
            id: SessionId::parse(&row.id)
                .ok_or_else(|| StoreError::Damaged("session id".to_owned()))?,
            application: row.application_id,
            status: status_of(&row.status)?,
            last_seq: unsigned(row.last_seq)?,
            patient_seq: unsigned(row.patient_seq)?,
            client_secret_hash: row.client_secret_hash,
            created_at: Millis(row.created_at),
            expires_at: Millis(row.expires_at),
            question_budget: u8::try_from(row.question_budget).unwrap_or(u8::MAX),
            self_care: row.self_care,
            time_zone: row.time_zone,
            requests_per_minute: u32::try_from(row.requests_per_minute).unwrap_or(0),
            directory_version: unsigned(row.directory_version)?,
            locale: row.locale,
            model: settled(row.model.as_deref())?,
            speech: settled(row.speech.as_deref())?,
            tokens: unsigned(row.tokens)?,
            audio_ms: unsigned(row.audio_ms)?,
            voice: row.voice,
            intranet: row.network_type == "intranet",
            pre_consultation: row.kind != "guidance",
            running: row.running,
            consents: row
                .consents
                .unwrap_or_default()
                .split_whitespace()
                .filter_map(|one| {
                    let mut parts = one.split(':').map(str::to_owned);
                    Some((parts.next()?, parts.next()?, parts.next()?))
                })
                .collect(),
        })
    }
}

/// The session that a token opens.
const BY_TOKEN: &str = "select s.organisation_id, s.id, s.application_id, s.status, s.last_seq, s.patient_seq, s.client_secret_hash,
            s.created_at, s.expires_at, a.question_budget, a.self_care, a.time_zone, a.requests_per_minute,
            o.directory_version, s.locale, s.tokens, s.audio_ms, a.model, a.speech, a.voice, a.network_type, a.kind,
            exists (select 1 from runs r where r.session_id = s.id and r.state = 'running') as running,
            (select group_concat(c.purpose || ':' || c.language || ':' || c.text_sha256, ' ') from consents c
              where c.session_id = s.id and c.withdrawn_at is null
                and c.purpose in ('model_provider', 'speech_provider')) as consents
           from session_tokens t
           join sessions s on s.id = t.session_id
           join applications a on a.id = s.application_id and a.organisation_id = s.organisation_id
           join organisations o on o.id = s.organisation_id
          where t.token_hash = ? and t.session_id = ?";
/// What a decision of the same session folds, as [`super::events::Log::to_decide`] reads it.
const TO_DECIDE: &str = "select e.seq, e.kind, e.sealed
       from sessions s join session_events e on e.session_id = s.id and e.organisation_id = s.organisation_id
      where s.id = ? and e.kind in ('heard', 'question', 'alert', 'crisis')
      order by e.seq";

/// The session with this id that this token opens.
///
/// # Errors
/// If the store fails.
pub async fn find_by_token(
    connection: &mut Connection,
    session: SessionId,
    token_hash: &[u8],
) -> Result<Option<Session>, StoreError> {
    let row: Option<Row> = sqlx::query_as(BY_TOKEN)
        .bind(token_hash)
        .bind(session.text())
        .fetch_optional(connection)
        .await?;
    row.map(Session::try_from).transpose()
}

/// The same with what a decision folds, in one hand-over to the database's thread: a turn reads nothing else.
///
/// # Errors
/// If the store fails.
pub async fn find_to_decide(
    connection: &mut Connection,
    session: SessionId,
    token_hash: &[u8],
) -> Result<Option<(Session, Vec<super::events::Row>)>, StoreError> {
    let both = [BY_TOKEN, ";", TO_DECIDE].concat();
    let rows = sqlx::query(AssertSqlSafe(both))
        .bind(token_hash)
        .bind(session.text())
        .bind(session.text())
        .fetch_all(connection)
        .await?;
    let mut rows = rows.iter();
    // Without a session the first row, if any, is an event's: it has no such columns.
    let Some(first) = rows.next().filter(|row| row.columns().len() > 3) else {
        return Ok(None);
    };
    let session = Row::from_row(first)?.try_into()?;
    let events: Result<Vec<super::events::Row>, _> = rows.map(FromRow::from_row).collect();
    Ok(Some((session, events?)))
}

/// The session with this id.
///
/// # Errors
/// If the store fails.
pub async fn find(
    connection: &mut Connection,
    session: SessionId,
) -> Result<Option<Session>, StoreError> {
    let row: Option<Row> = sqlx::query_as(
        "select s.organisation_id, s.id, s.application_id, s.status, s.last_seq, s.patient_seq, s.client_secret_hash,
                s.created_at, s.expires_at, a.question_budget, a.self_care, a.time_zone, a.requests_per_minute,
                o.directory_version, s.locale, s.tokens, s.audio_ms, a.model, a.speech, a.voice, a.network_type, a.kind,
                exists (select 1 from runs r where r.session_id = s.id and r.state = 'running') as running,
                (select group_concat(c.purpose || ':' || c.language || ':' || c.text_sha256, ' ') from consents c
                  where c.session_id = s.id and c.withdrawn_at is null
                    and c.purpose in ('model_provider', 'speech_provider')) as consents
           from sessions s
           join applications a on a.id = s.application_id and a.organisation_id = s.organisation_id
           join organisations o on o.id = s.organisation_id
          where s.id = ?",
    )
    .bind(session.text())
    .fetch_optional(connection)
    .await?;
    row.map(Session::try_from).transpose()
}

/// A session to be made.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// Organisation it belongs to.
    pub organisation: OrganisationId,
    /// Its id.
    pub id: SessionId,
    /// Application id.
    pub application: String,
    /// Language of the page.
    pub locale: String,
    /// Hash of the client's secret.
    pub client_secret_hash: Vec<u8>,
    /// Hash of the receipt code.
    pub receipt_hash: Vec<u8>,
    /// Hash of the token.
    pub token_hash: Vec<u8>,
    /// Hash of the knowledge it keeps to its end.
    pub knowledge: String,
    /// Now.
    pub created_at: Millis,
    /// When it is deleted.
    pub expires_at: Millis,
    /// Consents given.
    pub consents: Vec<wire::session::ConsentGiven>,
}

/// Stores a new session with its token, consents and receipt.
///
/// # Errors
/// [`StoreError::Exists`] if the id is taken, or if the store fails.
pub async fn insert(connection: &mut Connection, new: &NewSession) -> Result<(), StoreError> {
    let id = new.id.text();
    sqlx::query(
        "insert into sessions (organisation_id, id, application_id, locale, status, last_seq, patient_seq,
                client_secret_hash, knowledge, turns, created_at, expires_at)
         values (?, ?, ?, ?, 'open', 0, 0, ?, ?, 0, ?, ?)",
    )
    .bind(new.organisation.as_str())
    .bind(&id)
    .bind(&new.application)
    .bind(&new.locale)
    .bind(&new.client_secret_hash)
    .bind(&new.knowledge)
    .bind(new.created_at.0)
    .bind(new.expires_at.0)
    .execute(&mut *connection)
    .await?;
    super::tokens::insert(
        connection,
        &new.organisation,
        new.id,
        &new.token_hash,
        new.created_at,
    )
    .await?;
    for consent in &new.consents {
        super::privacy::insert_consent(
            connection,
            &new.organisation,
            new.id,
            consent,
            new.created_at,
        )
        .await?;
    }
    super::privacy::insert_receipt(
        connection,
        &new.organisation,
        new.id,
        &new.receipt_hash,
        new.expires_at,
    )
    .await
}

/// What a turn leaves on the session's row: the plain columns lists and figures need.
#[derive(Debug, Clone)]
pub struct TurnOutcome {
    /// Where the session stands now.
    pub status: SessionStatus,
    /// Care level decided, as a code.
    pub care_level: Option<String>,
    /// Step decided, as a code.
    pub step: String,
    /// Tokens its calls used.
    pub tokens: u64,
}

/// Writes a turn's outcome and how far the log reaches. An ended session stays ended.
pub fn set_outcome(
    statements: &mut Statements,
    session: SessionId,
    outcome: &TurnOutcome,
    reach: Reach,
) {
    statements
        .add(
            "update sessions set status = case when status = 'ended' then status else ? end, care_level = ?, step = ?,
                    turns = turns + 1, last_seq = ?, patient_seq = ?, tokens = tokens + ? where id = ?",
        )
        .bind(status_text(outcome.status))
        .bind(outcome.care_level.as_deref())
        .bind(outcome.step.as_str())
        .bind(signed(reach.last))
        .bind(signed(reach.patient))
        .bind(signed(outcome.tokens))
        .bind(session.text());
}

/// Adds to the sound a session has sent.
pub fn add_sound(statements: &mut Statements, session: SessionId, audio_ms: u64) {
    statements
        .add("update sessions set audio_ms = audio_ms + ? where id = ?")
        .bind(signed(audio_ms))
        .bind(session.text());
}

/// Ends a session: nothing more is heard in it.
///
/// # Errors
/// If the store fails.
pub async fn end(
    connection: &mut Connection,
    session: SessionId,
    now: Millis,
) -> Result<(), StoreError> {
    sqlx::query(
        "update sessions set status = 'ended', ended_at = ? where id = ? and status <> 'ended'",
    )
    .bind(now.0)
    .bind(session.text())
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes that a session's report was submitted. An ended session stays ended.
pub fn set_submitted(statements: &mut Statements, session: SessionId, reach: Reach) {
    statements
        .add(
            "update sessions set status = case when status = 'ended' then status else 'submitted' end,
                    last_seq = ?, patient_seq = ? where id = ?",
        )
        .bind(signed(reach.last))
        .bind(signed(reach.patient))
        .bind(session.text());
}

/// The care level decided last in a session, as a code.
///
/// # Errors
/// If the store fails.
pub async fn care_level(
    connection: &mut Connection,
    session: SessionId,
) -> Result<Option<String>, StoreError> {
    let row: Option<(Option<String>,)> =
        sqlx::query_as("select care_level from sessions where id = ?")
            .bind(session.text())
            .fetch_optional(connection)
            .await?;
    Ok(row.and_then(|(level,)| level))
}

/// Writes how far a session's log reaches.
pub fn set_reach(statements: &mut Statements, session: SessionId, reach: Reach) {
    statements
        .add("update sessions set last_seq = ?, patient_seq = ? where id = ?")
        .bind(signed(reach.last))
        .bind(signed(reach.patient))
        .bind(session.text());
}

/// Sessions whose time is over, oldest first, at most `limit`.
///
/// # Errors
/// If the store fails.
pub async fn expired(
    connection: &mut Connection,
    now: Millis,
    limit: u32,
) -> Result<Vec<SessionId>, StoreError> {
    let rows: Vec<(String,)> =
        sqlx::query_as("select id from sessions where expires_at <= ? order by expires_at limit ?")
            .bind(now.0)
            .bind(limit)
            .fetch_all(connection)
            .await?;
    Ok(rows
        .iter()
        .filter_map(|(id,)| SessionId::parse(id))
        .collect())
}
