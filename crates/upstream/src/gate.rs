//! A gate in an answer: the answer waits there until the test opens it, and the test can wait until the answer stands there.

use std::sync::Arc;

use tokio::sync::{Semaphore, watch};

/// A place where an answer waits for the test. Clones are the same gate.
#[derive(Clone, Debug)]
pub struct Gate {
    passes: Arc<Semaphore>,
    arrived: Arc<watch::Sender<usize>>,
}

impl Gate {
    /// A closed gate.
    #[must_use]
    pub fn new() -> Self {
        Self {
            passes: Arc::new(Semaphore::new(0)),
            arrived: Arc::new(watch::Sender::new(0)),
        }
    }

    /// Lets one answer pass: one that stands here, or else the next to come.
    pub fn open(&self) {
        self.passes.add_permits(1);
    }

    /// Lets every answer pass from now on.
    pub fn open_for_all(&self) {
        self.passes.close();
    }

    /// Waits until `count` answers in all have come to this gate, whether or not they have passed it since.
    pub async fn reached(&self, count: usize) {
        // The sender lives as long as `self`, so this cannot fail.
        let _ = self
            .arrived
            .subscribe()
            .wait_for(|arrived| *arrived >= count)
            .await;
    }

    /// Comes to the gate and waits until it opens.
    pub(crate) async fn pass(&self) {
        self.arrived.send_modify(|arrived| *arrived += 1);
        // A closed semaphore is a gate that is open for all.
        if let Ok(pass) = self.passes.acquire().await {
            pass.forget();
        }
    }
}

impl Default for Gate {
    fn default() -> Self {
        Self::new()
    }
}
