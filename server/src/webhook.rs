//! Tells another system what happened: from the outbox, signed, at least once, with a stable id.
//!
//! A message holds ids and a kind, never content: the receiver fetches with a key of its own. What does not arrive is tried
//! again with growing pauses; what is given up stays in the outbox, is counted, and is deleted after a month.

use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;

use crate::App;
use crate::clock::Millis;
use crate::keys::hex;
use crate::store::StoreError;
use crate::store::outbox::{self, Waiting};
use crate::store::statements::Statements;

/// Messages sent in one look.
const BATCH: u32 = 50;
/// First pause after a failure.
const PAUSE: Duration = Duration::from_secs(30);
/// Longest pause between two tries.
const LONGEST: Duration = Duration::from_hours(6);
/// How long a message is kept, sent or not.
const KEPT_DAYS: i64 = 30;

/// Sends what is due. Answers how many messages arrived.
///
/// # Errors
/// If the store fails. What did not arrive is no error: it is tried again.
pub async fn send_due(app: &App) -> Result<usize, StoreError> {
    let settings = &app.config.webhook;
    if settings.url.is_empty() {
        return Ok(0);
    }
    let due = outbox::due(&mut *app.store.reader().await?, app.clock.now(), BATCH).await?;
    let mut arrived = 0;
    for message in due {
        let mut statements = Statements::new();
        if call(app, &message).await {
            outbox::arrived(&mut statements, &message.id);
            arrived += 1;
        } else {
            let tried = u32::try_from(message.attempts)
                .unwrap_or(u32::MAX)
                .saturating_add(1);
            let next = (tried < settings.attempts).then(|| app.clock.now().plus(pause(tried)));
            if next.is_none() {
                tracing::error!(
                    message.id = message.id,
                    kind = message.kind,
                    "a message to the webhook was given up"
                );
            }
            outbox::failed(&mut statements, &message.id, next);
        }
        app.store.run(statements).await?;
    }
    let (waiting, dead) = outbox::counts(&mut *app.store.reader().await?).await?;
    crate::http::metrics::messages(waiting, dead);
    Ok(arrived)
}

/// Deletes messages nobody waits for any more.
///
/// # Errors
/// If the store fails.
pub async fn forget_old(app: &App) -> Result<u64, StoreError> {
    let before = Millis(app.clock.now().0 - KEPT_DAYS * 24 * 60 * 60 * 1000);
    app.store
        .write(move |connection| Box::pin(async move { outbox::forget(connection, before).await }))
        .await
}

/// Half a minute, doubled with every failure.
fn pause(tried: u32) -> Duration {
    PAUSE
        .saturating_mul(2_u32.saturating_pow(tried.saturating_sub(1).min(16)))
        .min(LONGEST)
}

/// One call; whether the receiver took it.
async fn call(app: &App, message: &Waiting) -> bool {
    let settings = &app.config.webhook;
    let body = json!({
        "id": message.id,
        "kind": message.kind,
        "application": message.application_id,
        "subject": message.subject_id,
        "created_at": Millis(message.created_at).rfc3339(),
    })
    .to_string();
    let at = app.clock.now().0 / 1000;
    let Ok(client) = app.client.get() else {
        return false;
    };
    let mut request = client
        .post(&settings.url)
        .timeout(Duration::from_secs(settings.timeout_seconds))
        .header("content-type", "application/json")
        .header("anteroom-id", &message.id);
    if let Some(secret) = app.config.keys.get("webhook") {
        request = request.header("anteroom-signature", signature(secret.reveal(), at, &body));
    }
    match request.body(body).send().await {
        Ok(answer) => answer.status().is_success(),
        Err(error) => {
            tracing::warn!(error = %error.without_url(), "the webhook was not reached");
            false
        }
    }
}

/// `t=SECONDS,v1=HEX`: HMAC-SHA-256 of `SECONDS.BODY`, so that a receiver refuses what is old or changed.
fn signature(secret: &str, at: i64, body: &str) -> String {
    // A key of any length is taken, so the error cannot happen; an empty signature would only be refused.
    let mac = <Hmac<Sha256> as KeyInit>::new_from_slice(secret.as_bytes())
        .map(|mut mac| {
            mac.update(format!("{at}.{body}").as_bytes());
            hex(&mac.finalize().into_bytes())
        })
        .unwrap_or_default();
    format!("t={at},v1={mac}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_doubles_and_ends() {
        assert_eq!(pause(1), PAUSE);
        assert_eq!(pause(3), PAUSE * 4);
        assert_eq!(pause(40), LONGEST);
    }

    #[test]
    fn a_signature_changes_with_time_body_and_secret() {
        let one = signature("secret", 1, "{}");
        assert_eq!(one.len(), "t=1,v1=".len() + 64);
        for other in [
            signature("secret", 2, "{}"),
            signature("secret", 1, "{ }"),
            signature("other", 1, "{}"),
        ] {
            assert_ne!(one, other);
        }
    }
}
