//! The report as a FHIR document: for the patient, and for a system with a key.

use serde_json::Value;

use super::fhir::{ConsentGiven, Document, bundle};
use super::{ReportError, find, photos, promise, read};
use crate::App;
use crate::conversation::Opened;
use crate::store::{self, StoreError};

/// Purpose of the consent a report rests on.
const PURPOSE: &str = "service";

/// The report as it stands now, as a document.
///
/// # Errors
/// As [`read`].
pub async fn of_session(app: &App, opened: &Opened) -> Result<Value, ReportError> {
    let report = read(app, opened).await?;
    let session = &opened.session;
    let mut reader = app.store.reader().await?;
    let care_level = store::sessions::care_level(&mut reader, session.id).await?;
    let consent = consent(&mut reader, session.id).await?;
    drop(reader);
    let pictures = photos::all(app, &opened.log, &report, photos::Size::Whole).await?;
    let at = match &report.submitted {
        Some(submitted) => submitted.submitted_at.clone(),
        None => app.clock.now().rfc3339(),
    };
    Ok(bundle(&Document {
        report: &report,
        session: &session.id.text(),
        language: &session.locale,
        at: &at,
        care_level: care_level.as_deref(),
        consent,
        pictures,
    }))
}

/// A submitted report as a document, by its id or the code for the desk.
///
/// # Errors
/// If the store fails. `None` if there is no such report, or the code has expired.
pub async fn fetch(app: &App, application: &str, named: &str) -> Result<Option<Value>, StoreError> {
    let Some((mut report, stored, log)) = find(app, application, named).await? else {
        return Ok(None);
    };
    let mut reader = app.store.reader().await?;
    let Some(session) = store::sessions::find(&mut reader, stored.session).await? else {
        return Ok(None);
    };
    let consent = consent(&mut reader, stored.session).await?;
    drop(reader);
    let pictures = photos::all(app, &log, &report, photos::Size::Whole).await?;
    let submitted = promise(
        &log,
        stored.id,
        stored.version,
        stored.submitted_at,
        stored.code_expires_at,
    );
    let at = submitted.submitted_at.clone();
    report.submitted = Some(submitted);
    Ok(Some(bundle(&Document {
        report: &report,
        session: &stored.session.text(),
        language: &session.locale,
        at: &at,
        care_level: stored.care_level.as_deref(),
        consent,
        pictures,
    })))
}

async fn consent(
    connection: &mut store::Connection,
    session: crate::ids::SessionId,
) -> Result<Option<ConsentGiven>, StoreError> {
    let given = store::privacy::given(connection, session, PURPOSE).await?;
    Ok(given.map(|(version, at)| ConsentGiven {
        purpose: PURPOSE.to_owned(),
        version,
        given_at: at.rfc3339(),
    }))
}
