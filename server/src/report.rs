//! The pre-consultation report: a draft folded from the log until the patient submits it, then the hospital's record.

use consult::report::polish::{self, Polished};
use consult::report::{Entry, Logged, Told, ToldKind};
use consult::state::Heard;
use uuid::Uuid;
use wire::event::{Alert, Crisis, Event, PatientSaid, ReportState};
use wire::guidance::Guidance;
use wire::link::Visit;
use wire::report::{Difference, Photo, Report, Submission, Submitted};
use wire::session::SessionStatus;
use wire::turn::{Input, NotRight};

use crate::App;
use crate::clock::Millis;
use crate::conversation::Opened;
use crate::ids::TurnId;
use crate::keys::hex;
use crate::keys::sealing::{self, sha256};
use crate::links;
use crate::model::polishing::{self, PolishRecord};
use crate::privacy::receipt_code;
use crate::report::photos::Photos;
use crate::store::events::{self, NewEvent, Reach};
use crate::store::outbox::{self, MessageKind, NewMessage};
use crate::store::reports::{self, NewReport};
use crate::store::statements::Statements;
use crate::store::{self, StoreError};

pub mod documents;
pub mod fhir;
mod headings;
#[cfg(feature = "pdf")]
pub mod paper;
pub mod photos;
pub(crate) mod qr;
pub mod words;

/// How long a code for the desk opens its report: the visit may be days away.
const CODE_DAYS: u32 = 7;

/// Why there is no report, or none to submit.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// No history was taken in this session.
    #[error("no history was taken")]
    None,
    /// More was said since the report was read.
    #[error("more was said since the report was read")]
    Changed,
    /// The interview is not over, or an emergency card is on the screen.
    #[error("the report is not ready")]
    NotReady,
    /// A turn is running.
    #[error("a turn is running")]
    Running(TurnId),
    /// The session has ended.
    #[error("the session has ended")]
    Ended,
    /// The store's fault.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What the log says of a report.
struct Folded {
    draft: consult::report::Report,
    /// Whether exactly this was submitted.
    is_submitted: bool,
    /// Sequence of the last event.
    seq: u64,
    has_interview: bool,
    /// The visit of the hospital's link.
    visit: Option<Visit>,
    photos: Photos,
}

impl Folded {
    /// As it crosses HTTP.
    fn report(&self) -> Report {
        Report {
            visit: self.visit.clone(),
            photos: self.photos.0.clone(),
            ..words::report(&self.draft, self.seq)
        }
    }
}

/// The report as it stands now.
///
/// # Errors
/// If no history was taken, or the store fails.
pub async fn read(app: &App, opened: &Opened) -> Result<Report, ReportError> {
    let folded = fold(app, opened).await?;
    if !folded.has_interview {
        return Err(ReportError::None);
    }
    let mut report = folded.report();
    if let Some(before) = reports::last(&mut *app.store.reader().await?, &opened.log).await? {
        if folded.is_submitted {
            report.submitted = Some(promised(&opened.log, before));
        } else {
            report.differences = differences(&stored_report(&before.content)?, &report);
        }
    }
    Ok(report)
}

/// Submits the report the patient read. Submitting the same again answers the same.
///
/// # Errors
/// If it is not the report the patient read, is not ready, or the store fails; then nothing was submitted.
pub async fn submit(
    app: &App,
    opened: &Opened,
    submission: &Submission,
) -> Result<Submitted, ReportError> {
    let folded = fold(app, opened).await?;
    if !folded.has_interview {
        return Err(ReportError::None);
    }
    if folded.is_submitted {
        return submitted_last(app, &opened.log).await;
    }
    match opened.session.status {
        SessionStatus::Ended => return Err(ReportError::Ended),
        SessionStatus::Reported | SessionStatus::Submitted => {}
        _ => return Err(ReportError::NotReady),
    }
    let mut reader = app.store.reader().await?;
    if let Some(run) = store::runs::running(&mut reader, opened.session.id).await? {
        return Err(ReportError::Running(run.turn));
    }
    let before = reports::last(&mut reader, &opened.log).await?;
    drop(reader);
    if submission.seq != folded.seq {
        return Err(ReportError::Changed);
    }
    let mut report = folded.report();
    report.lines.retain(|line| !line.struck);
    if let Some(before) = &before {
        report.differences = differences(&stored_report(&before.content)?, &report);
    }
    let version = before.map_or(1, |before| before.version + 1);
    match store_submission(app, opened, &report, version).await {
        Ok(submitted) => Ok(submitted),
        // Another device was quicker, with this report or with another word.
        Err(ReportError::Store(StoreError::Exists)) => {
            if fold(app, opened).await?.is_submitted {
                submitted_last(app, &opened.log).await
            } else {
                Err(ReportError::Changed)
            }
        }
        Err(error) => Err(error),
    }
}

/// Report, event, message and status in one transaction, behind exactly the events the patient read.
async fn store_submission(
    app: &App,
    opened: &Opened,
    report: &Report,
    version: u32,
) -> Result<Submitted, ReportError> {
    let (log, session, now) = (&opened.log, &opened.session, app.clock.now());
    let id = Uuid::now_v7().hyphenated().to_string();
    let code = code_of(log, version);
    let expires = Millis(
        now.plus(Millis::DAY * CODE_DAYS)
            .0
            .min(session.expires_at.0),
    );
    let submitted = promise(log, id, version, now, expires);
    let content =
        serde_json::to_vec(report).map_err(|error| StoreError::Damaged(error.to_string()))?;
    let mut statements = Statements::new();
    let care_level =
        store::sessions::care_level(&mut *app.store.reader().await?, session.id).await?;
    let new = NewReport {
        id: &submitted.id,
        application: &session.application,
        version,
        care_level: care_level.as_deref(),
        seq: report.seq,
        content: &content,
        code_hash: sha256(code.as_bytes()),
        code_expires_at: expires,
    };
    reports::insert(&mut statements, log, &new, now)?;
    let message = NewMessage {
        organisation: &log.organisation,
        application: &session.application,
        kind: MessageKind::ReportSubmitted,
        subject: &submitted.id,
    };
    outbox::tell(&mut statements, &message, now);
    let event = NewEvent::patient(&Event::ReportSubmitted(ReportState {
        version: Some(version),
    }))?;
    let from = Reach {
        last: report.seq,
        patient: session.patient_seq,
    };
    let reach = log.append(&mut statements, from, None, &[event], now)?;
    store::sessions::set_submitted(&mut statements, log.session, reach);
    app.store.run(statements).await?;
    app.live.publish(session.id, reach.last);
    tracing::info!(session.id = %session.id, report.version = version, "report submitted");
    Ok(submitted)
}

fn promised(log: &events::Log, last: reports::Last) -> Submitted {
    promise(
        log,
        last.id,
        last.version,
        last.submitted_at,
        last.code_expires_at,
    )
}

async fn submitted_last(app: &App, log: &events::Log) -> Result<Submitted, ReportError> {
    reports::last(&mut *app.store.reader().await?, log)
        .await?
        .map(|last| promised(log, last))
        .ok_or(ReportError::None)
}

/// The code for the desk of a version: the same every time, as long as the session's key lives.
fn code_of(log: &events::Log, version: u32) -> String {
    receipt_code::drawn(&log.key, &format!("report {version} code"), 12)
}

/// What a submission promises, with the code and its picture.
fn promise(log: &events::Log, id: String, version: u32, at: Millis, expires: Millis) -> Submitted {
    let code = receipt_code::grouped(&code_of(log, version));
    Submitted {
        qr: qr::qr(&code),
        code,
        id,
        version,
        code_expires_at: expires.rfc3339(),
        submitted_at: at.rfc3339(),
    }
}

/// Makes a key with which another system fetches the reports of an application. Only its hash is kept. `None` if there is no
/// such application.
///
/// # Errors
/// If the store fails or the system gives no random bytes.
pub async fn make_key(app: &App, application: &str) -> Result<Option<String>, StoreError> {
    let key = format!("ak_{}", hex(&sealing::random::<32>()?));
    let (hash, application, now) = (
        sha256(key.as_bytes()),
        application.to_owned(),
        app.clock.now(),
    );
    let made = app
        .store
        .write(move |connection| {
            Box::pin(async move {
                store::applications::insert_key(connection, &application, &hash, now).await
            })
        })
        .await?;
    Ok(made.then_some(key))
}

/// What another system fetches with its key: by a report's id, or by the code the patient shows at the desk.
///
/// # Errors
/// If the store fails. `None` if there is no such report, or the code has expired.
pub async fn fetch(
    app: &App,
    application: &str,
    named: &str,
) -> Result<Option<Report>, StoreError> {
    let fetched = find(app, application, named).await?;
    Ok(fetched.map(|(report, ..)| report))
}

/// A submitted report with its row and its session's log.
async fn find(
    app: &App,
    application: &str,
    named: &str,
) -> Result<Option<(Report, reports::Stored, events::Log)>, StoreError> {
    let mut reader = app.store.reader().await?;
    let code = receipt_code::ReceiptCode::parse(named);
    let stored = match &code {
        Some(code) => {
            let now = app.clock.now();
            reports::find_by_code(&mut reader, application, &code.hash(), now).await?
        }
        None => reports::find(&mut reader, application, named).await?,
    };
    drop(reader);
    let Some(found) = stored else { return Ok(None) };
    let key = app
        .keys
        .session(&found.organisation, found.session, app.clock.now())
        .await?;
    let log = events::Log {
        organisation: found.organisation.clone(),
        session: found.session,
        key,
    };
    let report = stored_report(&found.open(&log)?)?;
    tracing::info!(session.id = %found.session, report.version = found.version, "report fetched");
    Ok(Some((report, found, log)))
}

async fn fold(app: &App, opened: &Opened) -> Result<Folded, ReportError> {
    let events = opened
        .log
        .to_report(&mut *app.store.reader().await?)
        .await?;
    let mut heard: Vec<(u64, Heard, Option<String>)> = Vec::new();
    let mut told: Vec<(u64, Told)> = Vec::new();
    let mut said: Option<(u64, Option<String>)> = None;
    let mut is_submitted = false;
    let (mut visit, mut photos) = (None, Photos::default());
    let mut polished: Vec<Polished> = Vec::new();
    for event in &events {
        match event.kind.as_str() {
            "patient_said" => {
                let one: PatientSaid = parsed(event)?;
                said = Some((event.seq, text_of(one.input)));
            }
            "heard" => {
                let one: Heard = parsed(event)?;
                let (seq, text) = said.take().unwrap_or((event.seq, None));
                heard.push((seq, one, text));
                is_submitted = false;
            }
            "alert" => {
                let card: Alert = parsed(event)?;
                told.push((
                    event.seq,
                    words::told(ToldKind::Alert, &card.title, &card.words),
                ));
            }
            "crisis" => {
                let card: Crisis = parsed(event)?;
                told.push((
                    event.seq,
                    words::told(ToldKind::Crisis, &card.title, &card.words),
                ));
            }
            "guidance" => {
                let guidance: Guidance = parsed(event)?;
                let (title, words) = (&guidance.level_name, &guidance.by_when);
                told.push((event.seq, words::told(ToldKind::Guidance, title, words)));
            }
            "report_submitted" => is_submitted = true,
            links::VISIT => visit = Some(parsed(event)?),
            polishing::KIND => polished.extend(parsed::<PolishRecord>(event)?.sentences),
            _ => is_submitted &= !photos.fold(event)?,
        }
    }
    let has_interview = heard.iter().any(|(_, heard, _)| heard.interview);
    let mut entries: Vec<Entry<'_>> = heard
        .iter()
        .map(|(seq, heard, text)| Entry {
            seq: *seq,
            logged: Logged::Heard(heard, text.as_deref()),
        })
        .collect();
    entries.extend(told.into_iter().map(|(seq, told)| Entry {
        seq,
        logged: Logged::Told(told),
    }));
    entries.sort_by_key(|entry| entry.seq);
    let mut draft = consult::report::report(&app.knowledge, &entries);
    polish::apply(&mut draft.lines, &polished);
    Ok(Folded {
        draft,
        is_submitted,
        seq: opened.session.last_seq,
        has_interview,
        visit,
        photos,
    })
}

/// The words typed or spoken in an input.
fn text_of(input: Input) -> Option<String> {
    match input {
        Input::Text(text) | Input::NotRight(NotRight { text: Some(text) }) => Some(text),
        _ => None,
    }
}

fn parsed<T: serde::de::DeserializeOwned>(event: &events::Event) -> Result<T, StoreError> {
    serde_json::from_str(&event.data).map_err(|error| StoreError::Damaged(error.to_string()))
}

fn stored_report(content: &[u8]) -> Result<Report, StoreError> {
    serde_json::from_slice(content).map_err(|error| StoreError::Damaged(error.to_string()))
}

/// What a report says otherwise than the version before.
fn differences(before: &Report, after: &Report) -> Vec<Difference> {
    let kept = || after.lines.iter().filter(|line| !line.struck);
    let mut found: Vec<Difference> = before
        .lines
        .iter()
        .filter_map(|old| {
            let new = kept().find(|new| new.id == old.id);
            (new.map(|new| &new.text) != Some(&old.text)).then(|| Difference {
                line: old.id.clone(),
                before: Some(old.text.clone()),
                after: new.map(|new| new.text.clone()),
            })
        })
        .collect();
    let is_new = |line: &&wire::report::Line| before.lines.iter().all(|old| old.id != line.id);
    found.extend(kept().filter(is_new).map(|line| Difference {
        line: line.id.clone(),
        before: None,
        after: Some(line.text.clone()),
    }));
    let only_in = |one: &Report, other: &Report| -> Vec<Photo> {
        let is_there = |photo: &Photo| other.photos.iter().any(|kept| kept.id == photo.id);
        let photos = one.photos.iter();
        photos.filter(|photo| !is_there(photo)).cloned().collect()
    };
    let photo = |photo: &Photo, is_new: bool| Difference {
        line: format!("photo:{}", photo.id),
        before: (!is_new).then(|| photos::name(photo.about)),
        after: is_new.then(|| photos::name(photo.about)),
    };
    found.extend(only_in(before, after).iter().map(|one| photo(one, false)));
    found.extend(only_in(after, before).iter().map(|one| photo(one, true)));
    found
}
