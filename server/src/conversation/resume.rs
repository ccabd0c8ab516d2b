//! Going on with a session on another device, by a short code that works once.

use wire::session::{ResumeCode, ResumedSession, SessionStatus, TypedCode};

use super::Opened;
use crate::App;
use crate::clock::Millis;
use crate::keys::sealing::{random, sha256};
use crate::keys::{SealingKey, hex};
use crate::privacy::receipt_code::{self, ReceiptCode, drawn};
use crate::store::{self, StoreError};

/// Letters and digits of a code: about 49 bits, tried five times in a quarter of an hour.
const LENGTH: usize = 10;
/// Minutes a code works.
const MINUTES: u64 = 15;

/// Makes a code for a session. An earlier one stops working.
///
/// # Errors
/// If the store fails.
pub async fn make(app: &App, opened: &Opened) -> Result<ResumeCode, StoreError> {
    let code = drawn(&SealingKey::generate()?, "resume code", LENGTH);
    let now = app.clock.now();
    let expires = now.plus(std::time::Duration::from_mins(MINUTES));
    let (organisation, session, hash) = (
        opened.session.organisation.clone(),
        opened.session.id,
        sha256(code.as_bytes()),
    );
    app.store
        .write(move |connection| {
            Box::pin(async move {
                store::tokens::set_code(connection, &organisation, session, &hash, expires).await
            })
        })
        .await?;
    Ok(ResumeCode {
        code: [&code[..5], &code[5..]].join("-"),
        expires_at: expires.rfc3339(),
    })
}

/// Opens the session of a code, once. `None` if there is no such code, it has expired, or the session has ended.
///
/// # Errors
/// If the store fails.
pub async fn redeem(app: &App, typed: TypedCode) -> Result<Option<ResumedSession>, StoreError> {
    let Some(code) = receipt_code::typed(&typed.code, LENGTH) else {
        return Ok(None);
    };
    let (now, hash) = (app.clock.now(), sha256(code.as_bytes()));
    let token = hex(&random::<32>()?);
    let token_hash = sha256(token.as_bytes());
    let session = app
        .store
        .write(move |connection| {
            Box::pin(async move {
                store::tokens::take_code(connection, &typed.application, &hash, &token_hash, now)
                    .await
            })
        })
        .await?;
    let Some(id) = session else { return Ok(None) };
    let found = store::sessions::find(&mut *app.store.reader().await?, id).await?;
    let Some(session) = found.filter(|session| is_alive(session, now)) else {
        return Ok(None);
    };
    let key = app.keys.session(&session.organisation, id, now).await?;
    tracing::info!(session.id = %id, "session goes on on another device");
    Ok(Some(ResumedSession {
        id: id.text(),
        token,
        receipt: ReceiptCode::of(&key).shown(),
    }))
}

fn is_alive(session: &store::sessions::Session, now: Millis) -> bool {
    session.status != SessionStatus::Ended && session.expires_at > now
}
