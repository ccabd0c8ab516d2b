//! Consents, receipts, erasure and the deletion of what is too old.

use wire::receipt::{Receipt, ReceiptState};
use wire::session::ConsentChange;

use crate::App;
use crate::application::Texts;
use crate::clock::Millis;
use crate::conversation::Opened;
use crate::ids::SessionId;
use crate::store::privacy::Reason;
use crate::store::{self, StoreError};

pub mod receipt_code;

use receipt_code::ReceiptCode;

/// Sessions deleted in one go before others get their turn.
const BATCH: u32 = 100;

/// Erases a session: its key first, then its rows, then what the write-ahead logs still hold.
///
/// # Errors
/// If the store fails. Repeating it is safe; once the key is gone nothing can be read.
pub async fn erase(app: &App, session: SessionId, reason: Reason) -> Result<(), StoreError> {
    let now = app.clock.now();
    let backups = backups_until(app, now);
    app.live.cancel(session);
    app.keys.erase_session(session).await?;
    app.store
        .write(move |connection| {
            Box::pin(async move {
                store::privacy::erase(connection, session, reason, now, backups).await
            })
        })
        .await?;
    app.store.truncate_log().await?;
    tracing::info!(session.id = %session, reason = ?reason, "session erased");
    Ok(())
}

fn backups_until(app: &App, now: Millis) -> Millis {
    let days = u32::try_from(app.config.retention.key_backup_days).unwrap_or(u32::MAX);
    now.plus(Millis::DAY * days)
}

/// Erases a session on the patient's word and answers the receipt.
///
/// # Errors
/// If the store fails.
pub async fn erase_by_patient(
    app: &App,
    session: SessionId,
    code: &ReceiptCode,
) -> Result<Receipt, StoreError> {
    erase(app, session, Reason::Patient).await?;
    let now = app.clock.now();
    Ok(Receipt {
        code: code.shown(),
        state: ReceiptState::Erased,
        erased_at: Some(now.rfc3339()),
        unreadable_in_backups_by: Some(backups_until(app, now).rfc3339()),
        expires_at: None,
    })
}

/// Erases an opened session and answers its receipt.
///
/// # Errors
/// If the store fails.
pub async fn erase_opened(app: &App, opened: &Opened) -> Result<Receipt, StoreError> {
    let code = ReceiptCode::of(&opened.log.key);
    erase_by_patient(app, opened.session.id, &code).await
}

/// What a receipt code shows; `None` if there is no such code.
///
/// # Errors
/// If the store fails.
pub async fn receipt(app: &App, code: &ReceiptCode) -> Result<Option<Receipt>, StoreError> {
    let stored = store::privacy::receipt(&mut *app.store.reader().await?, &code.hash()).await?;
    Ok(stored.map(|stored| Receipt {
        code: code.shown(),
        state: if stored.erased_at.is_some() {
            ReceiptState::Erased
        } else {
            ReceiptState::Kept
        },
        erased_at: stored.erased_at.map(Millis::rfc3339),
        unreadable_in_backups_by: stored.backups_until.map(Millis::rfc3339),
        expires_at: stored
            .erased_at
            .is_none()
            .then(|| stored.expires_at.rfc3339()),
    }))
}

/// Erases by receipt code, without sign-in; `None` if there is no such code. Erasing twice answers the same receipt.
///
/// # Errors
/// If the store fails.
pub async fn erase_by_code(app: &App, code: &ReceiptCode) -> Result<Option<Receipt>, StoreError> {
    let stored = store::privacy::receipt(&mut *app.store.reader().await?, &code.hash()).await?;
    match stored {
        None => Ok(None),
        Some(stored) if stored.erased_at.is_some() => receipt(app, code).await,
        Some(stored) => erase_by_patient(app, stored.session, code).await.map(Some),
    }
}

/// Why a consent is not changed.
#[derive(Debug, thiserror::Error)]
pub enum ConsentError {
    /// No such purpose is asked for here.
    #[error("there is no such purpose")]
    NoPurpose,
    /// Fields that do not fit, each with its code.
    #[error("fields do not fit")]
    Fields(Vec<(String, &'static str)>),
    /// The session has ended.
    #[error("the session has ended")]
    Ended,
    /// The store's fault.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Gives a consent or withdraws one.
///
/// # Errors
/// Why it is not changed.
pub async fn change_consent(
    app: &App,
    opened: &Opened,
    purpose: &str,
    change: ConsentChange,
) -> Result<(), ConsentError> {
    // Withdrawing works for every purpose there ever was, whatever the application asks for today.
    if !app
        .texts
        .consents
        .iter()
        .any(|text| text.purpose == purpose)
    {
        return Err(ConsentError::NoPurpose);
    }
    if !change.given {
        withdraw(app, opened, purpose).await?;
        return Ok(());
    }
    if opened.session.status == wire::session::SessionStatus::Ended {
        return Err(ConsentError::Ended);
    }
    let Some(consent) = change.consent else {
        let missing = ("consent".to_owned(), "consent_missing");
        return Err(ConsentError::Fields(vec![missing]));
    };
    let asked = app.texts.of(&app.providers_of(&opened.session));
    let mut wrong = Texts::check_each(&asked, std::slice::from_ref(&consent));
    if consent.purpose != purpose {
        wrong.push(("consent.purpose".to_owned(), "other_purpose"));
    }
    if !wrong.is_empty() {
        return Err(ConsentError::Fields(wrong));
    }
    let (organisation, session) = (opened.session.organisation.clone(), opened.session.id);
    let now = app.clock.now();
    app.store
        .write(move |connection| {
            Box::pin(async move {
                store::privacy::give_consent(connection, &organisation, session, &consent, now)
                    .await
            })
        })
        .await?;
    Ok(())
}

/// Withdraws a consent. Without the required one the session ends: nothing more is heard in it.
///
/// # Errors
/// If the store fails. `false` if there was no such consent alive.
pub async fn withdraw(app: &App, opened: &Opened, purpose: &str) -> Result<bool, StoreError> {
    let (session, now) = (opened.session.id, app.clock.now());
    let required = app
        .texts
        .consents
        .iter()
        .any(|text| text.required && text.purpose == purpose);
    let purpose = purpose.to_owned();
    if required || purpose == "model_provider" {
        // What is under way for it ends too.
        app.live.cancel(session);
    }
    app.store
        .write(move |connection| {
            Box::pin(async move {
                let withdrawn =
                    store::privacy::withdraw(&mut *connection, session, &purpose, now).await?;
                if withdrawn && required {
                    store::sessions::end(connection, session, now).await?;
                }
                Ok(withdrawn)
            })
        })
        .await
}

/// Deletes the sessions whose time is over; answers how many.
///
/// # Errors
/// If the store fails; those deleted before stay deleted.
pub async fn prune(app: &App) -> Result<usize, StoreError> {
    let mut deleted = 0;
    loop {
        let now = app.clock.now();
        let expired = store::sessions::expired(&mut *app.store.reader().await?, now, BATCH).await?;
        if expired.is_empty() {
            return Ok(deleted);
        }
        for session in expired {
            erase(app, session, Reason::Expired).await?;
            deleted += 1;
        }
    }
}
