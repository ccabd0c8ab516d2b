//! Who listens to which session. A listener is told that the log grew and reads it from the store; nothing else is kept.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use crate::ids::SessionId;

type Listeners = Arc<Mutex<HashMap<SessionId, watch::Sender<u64>>>>;

/// The listeners of this process.
#[derive(Debug, Clone, Default)]
pub struct Live {
    listeners: Listeners,
}

/// One listener of one session. Dropping it ends the listening.
#[derive(Debug)]
pub struct Listener {
    session: SessionId,
    changes: Option<watch::Receiver<u64>>,
    listeners: Listeners,
}

impl Live {
    /// Tells the listeners of a session that its log reaches to `seq`.
    pub fn publish(&self, session: SessionId, seq: u64) {
        let listeners = self
            .listeners
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = listeners.get(&session) {
            sender.send_replace(seq);
        }
    }

    /// Listens to a session, unless `most` already do.
    #[must_use]
    pub fn listen(&self, session: SessionId, most: usize) -> Option<Listener> {
        let mut listeners = self
            .listeners
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let sender = listeners
            .entry(session)
            .or_insert_with(|| watch::channel(0).0);
        if sender.receiver_count() >= most {
            return None;
        }
        let changes = Some(sender.subscribe());
        Some(Listener {
            session,
            changes,
            listeners: Arc::clone(&self.listeners),
        })
    }

    /// How many streams are open.
    #[must_use]
    pub fn count(&self) -> usize {
        let listeners = self
            .listeners
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        listeners.values().map(watch::Sender::receiver_count).sum()
    }
}

impl Listener {
    /// Waits until the log grows.
    pub async fn changed(&mut self) {
        match &mut self.changes {
            // The sender lives as long as a listener does, so the error does not come.
            Some(changes) => {
                let _ = changes.changed().await;
            }
            None => std::future::pending().await,
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let mut listeners = self
            .listeners
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        self.changes = None;
        if listeners
            .get(&self.session)
            .is_some_and(|sender| sender.receiver_count() == 0)
        {
            listeners.remove(&self.session);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn listeners_hear_and_leave_nothing_behind() {
        let live = Live::default();
        let session = SessionId::parse("01980000-0000-7000-8000-0000000000aa").unwrap();
        let mut one = live.listen(session, 2).unwrap();
        let two = live.listen(session, 2).unwrap();
        assert!(live.listen(session, 2).is_none());
        live.publish(session, 3);
        one.changed().await;
        drop(one);
        assert_eq!(live.count(), 1);
        drop(two);
        assert_eq!(live.count(), 0);
        assert!(live.listeners.lock().unwrap().is_empty());
    }
}
