//! Photos for the doctor: a rash, a box of medicine, a result. Checked, written anew, sealed; what a submitted report shows stays.

mod picture;

use axum::body::Bytes;
use consult::state::Heard;
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;
use uuid::Uuid;
use wire::Localized;
use wire::report::{Photo, PhotoAbout};
use wire::session::SessionStatus;

use super::{ReportError, find, parsed};
use crate::App;
use crate::conversation::Opened;
use crate::store::events::{Event, Log, NewEvent, Reach};
use crate::store::statements::Statements;
use crate::store::{self, StoreError, photos, sessions};

pub use picture::PictureError;
use picture::{for_paper, rewritten};
pub(super) use store::photos::Size;

/// Photos a report may have.
pub const AT_MOST: usize = 6;
/// Largest file taken, bytes: what telephones make.
pub const LIMIT: usize = 12 * 1024 * 1024;
/// Kind of event that tells of a new photo.
pub(super) const ADDED: &str = "photo_added";
/// Kind of event that tells of one taken back.
pub(super) const REMOVED: &str = "photo_removed";
/// Pictures read at once: each may take 240 MB while it is read.
static READERS: Semaphore = Semaphore::const_new(2);
/// Attempts to write behind a log that others write to.
const ATTEMPTS: u32 = 8;

/// Why a photo was not taken.
#[derive(Debug, thiserror::Error)]
pub enum PhotoError {
    /// There are enough.
    #[error("too many photos")]
    TooMany,
    /// There is no such photo.
    #[error("no such photo")]
    Unknown,
    /// It is no picture that is taken.
    #[error(transparent)]
    Picture(#[from] PictureError),
    /// No history was taken, or the session has ended.
    #[error(transparent)]
    Report(#[from] ReportError),
}

impl From<StoreError> for PhotoError {
    fn from(error: StoreError) -> Self {
        Self::Report(error.into())
    }
}

/// What an event says of a photo taken back.
#[derive(Debug, Serialize, Deserialize)]
struct Removed {
    id: String,
}

/// Photos folded from a log.
#[derive(Debug, Default)]
pub(super) struct Photos(pub Vec<Photo>);

impl Photos {
    /// Folds an event; answers whether it was one of a photo.
    pub(super) fn fold(&mut self, event: &Event) -> Result<bool, StoreError> {
        match event.kind.as_str() {
            ADDED => self.0.push(parsed(event)?),
            REMOVED => {
                let removed: Removed = parsed(event)?;
                self.0.retain(|photo| photo.id != removed.id);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }
}

/// Photos of a session as they stand, or that no history is taken in it.
async fn standing(app: &App, log: &Log) -> Result<Vec<Photo>, PhotoError> {
    let events = log.to_report(&mut *app.store.reader().await?).await?;
    let (mut photos, mut has_interview) = (Photos::default(), false);
    for event in &events {
        if event.kind == "heard" {
            has_interview |= parsed::<Heard>(event)?.interview;
        } else {
            photos.fold(event)?;
        }
    }
    if has_interview {
        Ok(photos.0)
    } else {
        Err(ReportError::None.into())
    }
}

/// Adds a photo.
///
/// # Errors
/// Why it was not taken; then nothing of it is kept.
pub async fn add(
    app: &App,
    opened: &Opened,
    about: PhotoAbout,
    file: Bytes,
) -> Result<Photo, PhotoError> {
    if opened.session.status == SessionStatus::Ended {
        return Err(ReportError::Ended.into());
    }
    if standing(app, &opened.log).await?.len() >= AT_MOST {
        return Err(PhotoError::TooMany);
    }
    let (picture, paper) = off_thread(move || {
        let picture = rewritten(&file)?;
        let paper = for_paper(&picture.jpeg)?;
        Ok::<_, PictureError>((picture, paper))
    })
    .await??;
    let photo = Photo {
        id: Uuid::now_v7().hyphenated().to_string(),
        about,
        bytes: u32::try_from(picture.jpeg.len()).unwrap_or(u32::MAX),
        width: picture.width,
        height: picture.height,
    };
    let event = NewEvent::staff(ADDED, &photo)?;
    let insert = |statements: &mut Statements, seq| {
        let named = (photo.id.as_str(), seq);
        photos::insert(
            statements,
            &opened.log,
            named,
            (&picture.jpeg, &paper.jpeg),
            app.clock.now(),
        )
    };
    append(app, opened, &event, insert, |standing| {
        // Two devices may have added at once.
        if standing.len() < AT_MOST {
            Ok(())
        } else {
            Err(PhotoError::TooMany)
        }
    })
    .await?;
    tracing::info!(session.id = %opened.session.id, photo.bytes = photo.bytes, "photo added");
    Ok(photo)
}

/// Takes a photo back. A report submitted with it keeps it.
///
/// # Errors
/// If there is none such, the session has ended, or the store fails.
pub async fn remove(app: &App, opened: &Opened, id: &str) -> Result<(), PhotoError> {
    if opened.session.status == SessionStatus::Ended {
        return Err(ReportError::Ended.into());
    }
    let event = NewEvent::staff(REMOVED, &Removed { id: id.to_owned() })?;
    let delete = |statements: &mut Statements, _| {
        photos::delete_unless_submitted(statements, &opened.log, id);
        Ok(())
    };
    append(app, opened, &event, delete, |standing| {
        if standing.iter().any(|photo| photo.id == id) {
            Ok(())
        } else {
            Err(PhotoError::Unknown)
        }
    })
    .await
}

/// Appends an event with what belongs to it, behind whatever others append meanwhile, as long as `may` says so.
async fn append(
    app: &App,
    opened: &Opened,
    event: &NewEvent,
    with: impl Fn(&mut Statements, u64) -> Result<(), StoreError>,
    may: impl Fn(&[Photo]) -> Result<(), PhotoError>,
) -> Result<(), PhotoError> {
    let log = &opened.log;
    for _ in 0..ATTEMPTS {
        let session = sessions::find(&mut *app.store.reader().await?, log.session).await?;
        let session = session.ok_or(StoreError::Gone)?;
        may(&standing(app, log).await?)?;
        let from = Reach {
            last: session.last_seq,
            patient: session.patient_seq,
        };
        let mut statements = Statements::new();
        let now = app.clock.now();
        let reach = log.append(
            &mut statements,
            from,
            None,
            std::slice::from_ref(event),
            now,
        )?;
        with(&mut statements, reach.last)?;
        sessions::set_reach(&mut statements, log.session, reach);
        match app.store.run(statements).await {
            Ok(()) => return Ok(()),
            Err(StoreError::Exists) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(StoreError::Exists.into())
}

/// Runs what takes much processor time and memory, a few at a time.
pub(super) async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, StoreError> {
    let lost = |error: &dyn std::error::Error| StoreError::Damaged(error.to_string());
    let permit = READERS.acquire().await.map_err(|error| lost(&error))?;
    let done = tokio::task::spawn_blocking(work).await;
    drop(permit);
    done.map_err(|error| lost(&error))
}

/// A photo for its patient, as JPEG. `None` if the report has none such.
///
/// # Errors
/// If no history was taken, or the store fails.
pub async fn of_session(
    app: &App,
    opened: &Opened,
    id: &str,
) -> Result<Option<Vec<u8>>, PhotoError> {
    let standing = standing(app, &opened.log).await?;
    of_these(app, &opened.log, &standing, id)
        .await
        .map_err(PhotoError::from)
}

/// A photo as it is shown, if it is one of these.
async fn of_these(
    app: &App,
    log: &Log,
    these: &[Photo],
    id: &str,
) -> Result<Option<Vec<u8>>, StoreError> {
    if these.iter().all(|photo| photo.id != id) {
        return Ok(None);
    }
    photos::find(&mut *app.store.reader().await?, log, id, Size::Whole).await
}

/// A photo of a submitted report, for another system. `None` if there is none such, or the code has expired.
///
/// # Errors
/// If the store fails.
pub async fn fetch(
    app: &App,
    application: &str,
    named: &str,
    id: &str,
) -> Result<Option<Vec<u8>>, StoreError> {
    let Some((report, _, log)) = find(app, application, named).await? else {
        return Ok(None);
    };
    of_these(app, &log, &report.photos, id).await
}

/// Every photo of a report, in its order and in this size.
///
/// # Errors
/// If the store fails.
pub(super) async fn all(
    app: &App,
    log: &Log,
    report: &wire::report::Report,
    size: Size,
) -> Result<Vec<(Photo, Vec<u8>)>, StoreError> {
    let mut all = Vec::new();
    let mut reader: store::Reader = app.store.reader().await?;
    for photo in &report.photos {
        if let Some(jpeg) = photos::find(&mut reader, log, &photo.id, size).await? {
            all.push((photo.clone(), jpeg));
        }
    }
    Ok(all)
}

/// What a photo is called where there is no picture of it.
#[must_use]
pub fn name(about: PhotoAbout) -> Localized {
    let (zh, en) = match about {
        PhotoAbout::Body => ("身体部位的照片", "Photo of a place on the body"),
        PhotoAbout::Medicine => ("药品的照片", "Photo of a medicine"),
        PhotoAbout::Document => ("检查单或病历的照片", "Photo of a result or a letter"),
        PhotoAbout::Other => ("照片", "Photo"),
    };
    Localized(
        [("zh", zh), ("en", en)]
            .map(|(language, name)| (language.to_owned(), name.to_owned()))
            .into(),
    )
}
