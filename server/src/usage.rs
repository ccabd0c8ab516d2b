//! What is counted for the bill. Requests, sessions and turns are kept in memory and added to the store once a minute and at
//! shutdown; calls of other computers are the ledger's, whose sums are the meter, and what is kept of them here only says
//! whether a limit is reached.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::clock::Millis;
use crate::ids::OrganisationId;
use crate::store::sessions::Session;
use crate::store::usage::Counts;
use crate::store::{self, StoreError, ledger};
use crate::{App, config};

type Key = (OrganisationId, String, i64);

/// Counts not yet stored, and what stands against the limits.
#[derive(Debug, Default)]
pub struct Usage {
    waiting: Mutex<HashMap<Key, Counts>>,
    today: Mutex<HashMap<String, Today>>,
    at_once: Mutex<HashMap<(&'static str, String), usize>>,
}

/// What an application spent on the day of its last call.
#[derive(Debug, Clone, Copy, Default)]
struct Today {
    day: i64,
    tokens: u64,
    audio_ms: u64,
}

/// One of the calls that an application makes at once. Given back when dropped.
#[derive(Debug)]
pub struct Place<'a> {
    usage: &'a Usage,
    whose: (&'static str, String),
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut at_once = lock(&self.usage.at_once);
        if let Some(count) = at_once.get_mut(&self.whose) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                at_once.remove(&self.whose);
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Price of so many tokens at a price per million, in millionths of the currency.
#[must_use]
pub fn price(tokens: u64, per_million: f64) -> u64 {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "prices are not negative, and sums of one call are far below what a float holds exactly"
    )]
    let price = (tokens as f64 * per_million).round() as u64;
    price
}

impl Usage {
    fn add(
        &self,
        organisation: &OrganisationId,
        application: &str,
        now: Millis,
        more: impl Fn(&mut Counts),
    ) {
        let mut waiting = lock(&self.waiting);
        let key = (organisation.clone(), application.to_owned(), now.day());
        more(waiting.entry(key).or_default());
    }

    /// Counts a session.
    pub fn session(&self, organisation: &OrganisationId, application: &str, now: Millis) {
        self.add(organisation, application, now, |counts| {
            counts.sessions += 1;
        });
    }

    /// Counts a turn.
    pub fn turn(&self, organisation: &OrganisationId, application: &str, now: Millis) {
        self.add(organisation, application, now, |counts| counts.turns += 1);
    }

    /// Counts a request of a session.
    pub fn request(&self, organisation: &OrganisationId, application: &str, now: Millis) {
        self.add(organisation, application, now, |counts| {
            counts.requests += 1;
        });
    }

    fn take(&self) -> HashMap<Key, Counts> {
        std::mem::take(&mut *lock(&self.waiting))
    }

    /// A place among the model's calls an application makes at once, unless `most` are under way; 0 is no limit.
    pub fn place(&self, application: &str, most: usize) -> Option<Place<'_>> {
        self.place_for(("chat", application.to_owned()), most)
    }

    /// The same for recordings.
    pub fn sound_place(&self, application: &str, most: usize) -> Option<Place<'_>> {
        self.place_for(("transcription", application.to_owned()), most)
    }

    fn place_for(&self, whose: (&'static str, String), most: usize) -> Option<Place<'_>> {
        let mut at_once = lock(&self.at_once);
        let count = at_once.entry(whose.clone()).or_default();
        if most > 0 && *count >= most {
            return None;
        }
        *count += 1;
        Some(Place { usage: self, whose })
    }

    /// Adds to what an application spent today.
    pub fn spent(&self, application: &str, now: Millis, tokens: u64, audio_ms: u64) {
        // A day that was not read yet will be read whole from the ledger.
        if let Some(today) = lock(&self.today).get_mut(application)
            && today.day == now.day()
        {
            today.tokens += tokens;
            today.audio_ms += audio_ms;
        }
    }

    async fn today(&self, app: &App, application: &str) -> Result<Today, StoreError> {
        let day = app.clock.now().day();
        let known = lock(&self.today).get(application).copied();
        if let Some(today) = known.filter(|today| today.day == day) {
            return Ok(today);
        }
        let sums =
            ledger::of_application(&mut *app.store.reader().await?, application, day, day).await?;
        let today = Today {
            day,
            tokens: sums.tokens(),
            audio_ms: sums.audio_ms,
        };
        lock(&self.today).insert(application.to_owned(), today);
        Ok(today)
    }

    /// Whether a session and its application may spend more tokens.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn tokens_left(
        &self,
        app: &App,
        session: &Session,
        settings: &config::providers::Model,
    ) -> Result<bool, StoreError> {
        if settings.session_tokens > 0 && session.tokens >= settings.session_tokens {
            return Ok(false);
        }
        let most = settings.application_day_tokens;
        Ok(most == 0 || self.today(app, &session.application).await?.tokens < most)
    }

    /// Whether a session and its application may send more sound.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn sound_left(
        &self,
        app: &App,
        session: &Session,
        settings: &config::providers::Speech,
    ) -> Result<bool, StoreError> {
        let most = settings.session_seconds * 1000;
        if most > 0 && session.audio_ms >= most {
            return Ok(false);
        }
        let most = settings.application_day_seconds * 1000;
        Ok(most == 0 || self.today(app, &session.application).await?.audio_ms < most)
    }
}

/// What an application's calls of other computers came to, from one day to another, both included (days since 1970-01-01).
///
/// # Errors
/// If the store fails.
pub async fn meter(
    app: &App,
    application: &str,
    from: i64,
    to: i64,
) -> Result<ledger::Sums, StoreError> {
    ledger::of_application(&mut *app.store.reader().await?, application, from, to).await
}

/// Adds what was counted to the store.
///
/// # Errors
/// If the store fails; what was counted is then kept for the next time.
pub async fn flush(app: &App) -> Result<(), StoreError> {
    let counted = app.usage.take();
    if counted.is_empty() {
        return Ok(());
    }
    let rows = counted.clone();
    let written = app
        .store
        .write(move |connection| {
            Box::pin(async move {
                for ((organisation, application, day), counts) in rows {
                    store::usage::add(
                        &mut *connection,
                        organisation.as_str(),
                        &application,
                        day,
                        counts,
                    )
                    .await?;
                }
                Ok(())
            })
        })
        .await;
    if written.is_err() {
        let mut waiting = lock(&app.usage.waiting);
        for (key, counts) in counted {
            let kept = waiting.entry(key).or_default();
            kept.requests += counts.requests;
            kept.sessions += counts.sessions;
            kept.turns += counts.turns;
        }
    }
    written
}
