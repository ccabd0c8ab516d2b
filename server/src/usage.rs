//! What is counted for the bill: kept in memory, added to the store once a minute and at shutdown.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::App;
use crate::clock::Millis;
use crate::ids::OrganisationId;
use crate::store::usage::Counts;
use crate::store::{self, StoreError};

type Key = (OrganisationId, String, i64);

/// Counts not yet stored.
#[derive(Debug, Default)]
pub struct Usage {
    waiting: Mutex<HashMap<Key, Counts>>,
}

impl Usage {
    fn add(
        &self,
        organisation: &OrganisationId,
        application: &str,
        now: Millis,
        more: impl Fn(&mut Counts),
    ) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
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
        std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner))
    }
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
        let mut waiting = app
            .usage
            .waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        for (key, counts) in counted {
            let kept = waiting.entry(key).or_default();
            kept.requests += counts.requests;
            kept.sessions += counts.sessions;
            kept.turns += counts.turns;
        }
    }
    written
}
