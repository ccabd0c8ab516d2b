//! What was stored, shown again: one turn, the whole log after a sequence, or a log as it grows.

use std::sync::Arc;
use std::time::Duration;

use futures_util::Stream;
use wire::event::{Delta, Event, Failed, SequencedEvent};

use super::live::Listener;
use super::{Ending, Opened, Taken, run};
use crate::App;
use crate::ids::TurnId;
use crate::store::runs::Run;
use crate::store::{self, StoreError, events};

/// Events read at once.
const CHUNK: u32 = 200;
/// Longest wait between two looks at a run that another process may end.
const LOOK: Duration = Duration::from_millis(500);

fn shown(event: &events::Event) -> Result<SequencedEvent, StoreError> {
    let read = Event::from_parts(&event.kind, &event.data)
        .map_err(|error| StoreError::Damaged(error.to_string()))?;
    Ok(SequencedEvent {
        seq: Some(event.seq),
        event: read,
    })
}

/// The events of a turn so far.
///
/// # Errors
/// If the store fails or an event does not read.
pub async fn of_turn(
    app: &App,
    opened: &Opened,
    turn: TurnId,
) -> Result<Vec<SequencedEvent>, StoreError> {
    let events = opened
        .log
        .of_turn(&mut *app.store.reader().await?, turn)
        .await?;
    events.iter().map(shown).collect()
}

/// The patient's events after a sequence.
///
/// # Errors
/// If the store fails or an event does not read.
pub async fn after(
    app: &App,
    opened: &Opened,
    seq: u64,
) -> Result<Vec<SequencedEvent>, StoreError> {
    let mut events = Vec::new();
    let mut from = seq;
    loop {
        let chunk = opened
            .log
            .of_patient(&mut *app.store.reader().await?, from, CHUNK)
            .await?;
        let full = chunk.len() == CHUNK as usize;
        from = chunk.last().map_or(from, |event| event.seq);
        for event in &chunk {
            events.push(shown(event)?);
        }
        if !full {
            return Ok(events);
        }
    }
}

/// The events of a turn that is known, once it ended. A run whose lease is over is ended here.
///
/// # Errors
/// If the store fails.
pub async fn wait_for_turn(
    app: &App,
    opened: &Opened,
    run: &Run,
) -> Result<Vec<SequencedEvent>, StoreError> {
    let mut run = run.clone();
    let mut listener = app.live.listen(opened.session.id, usize::MAX);
    while run.running {
        let left = run.lease_until.0 - app.clock.now().0;
        if left <= 0 {
            run::take_over(app, opened, run.turn).await?;
            break;
        }
        let wait = Duration::from_millis(u64::try_from(left).unwrap_or(1)).min(LOOK);
        let changed = async {
            match &mut listener {
                Some(listener) => listener.changed().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = changed => {}
            () = tokio::time::sleep(wait) => {}
        }
        let now =
            store::runs::find(&mut *app.store.reader().await?, opened.session.id, run.turn).await?;
        match now {
            Some(now) => run = now,
            None => break,
        }
    }
    of_turn(app, opened, run.turn).await
}

/// A stream under way.
struct Following {
    app: Arc<App>,
    opened: Opened,
    listener: Listener,
    after: u64,
    ready: std::collections::VecDeque<SequencedEvent>,
    until: Option<TurnId>,
    taken: Option<Ending>,
    /// The store is to be looked into. A turn that runs here hands its events over itself.
    look: bool,
    over: bool,
}

impl Following {
    async fn next(mut self: Box<Self>) -> Option<(SequencedEvent, Box<Self>)> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                self.after = event.seq.unwrap_or(self.after);
                if let Some(until) = self.until {
                    let id = until.text();
                    self.over |= match &event.event {
                        Event::Done(done) => done.turn_id == id,
                        Event::Failed(failed) => failed.turn_id == id,
                        _ => false,
                    };
                }
                return Some((event, self));
            }
            if self.over {
                return None;
            }
            if self.look {
                self.look = false;
                match after(&self.app, &self.opened, self.after).await {
                    Ok(events) if !events.is_empty() => {
                        self.ready.extend(events);
                        continue;
                    }
                    Ok(_) => {}
                    Err(error) => {
                        // The listener asks again with the last sequence it has: nothing is lost.
                        tracing::warn!(session.id = %self.opened.session.id, %error, "a stream ended early");
                        return None;
                    }
                }
            }
            if let Some(text) = self.listener.new_words() {
                let event = Event::Delta(Delta { text });
                return Some((SequencedEvent { seq: None, event }, self));
            }
            self.wait().await?;
        }
    }

    /// Waits for more; `None` ends the stream, resumably.
    async fn wait(&mut self) -> Option<()> {
        let mut shutdown = self.app.shutdown.clone();
        let stopping = async move {
            // An error means that the server is gone already.
            let _ = shutdown.wait_for(|stopping| *stopping).await;
        };
        let runs_here = self.taken.is_some();
        let run_ended = async {
            match &mut self.taken {
                Some(Ending::Here(receiver)) => receiver.await.unwrap_or(Err(StoreError::Closed)),
                _ => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            ended = run_ended => {
                self.taken = None;
                match (ended, self.until) {
                    (Ok(events), _) => {
                        let after = self.after;
                        if let Some(text) = self.listener.last_words() {
                            let event = Event::Delta(Delta { text });
                            self.ready.push_back(SequencedEvent { seq: None, event });
                        }
                        self.ready.extend(events.into_iter().filter(|event| event.seq > Some(after)));
                    }
                    (Err(error), Some(turn)) => {
                        tracing::warn!(session.id = %self.opened.session.id, %error, "a turn failed while it was streamed");
                        let failed = Failed { turn_id: turn.text(), code: "store_failed".to_owned() };
                        self.ready.push_back(SequencedEvent { seq: None, event: Event::Failed(failed) });
                    }
                    (Err(_), None) => {}
                }
            }
            () = self.listener.changed() => {
                self.look = !runs_here && self.listener.seq() > self.after;
            }
            () = stopping => return None,
        }
        Some(())
    }
}

/// The patient's events after a sequence, then those that come, until shutdown. `None` if too many listen already.
#[must_use]
pub fn follow(
    app: &Arc<App>,
    opened: Opened,
    after: u64,
) -> Option<impl Stream<Item = SequencedEvent> + Send + use<>> {
    stream(app, opened, after, None)
}

/// The events of a turn just taken, as they come, until it ends. `None` if too many listen already.
#[must_use]
pub fn follow_turn(
    app: &Arc<App>,
    opened: Opened,
    taken: Taken,
) -> Option<impl Stream<Item = SequencedEvent> + Send + use<>> {
    let after = taken.first_seq.saturating_sub(1);
    stream(app, opened, after, Some(taken))
}

fn stream(
    app: &Arc<App>,
    opened: Opened,
    after: u64,
    taken: Option<Taken>,
) -> Option<impl Stream<Item = SequencedEvent> + Send + use<>> {
    let listener = app
        .live
        .listen(opened.session.id, app.config.limits.streams_per_session)?;
    let until = taken.as_ref().map(|taken| taken.turn);
    let said = taken.as_ref().and_then(|taken| taken.said.clone());
    let (ready, over, taken) = match taken.map(|taken| taken.ended) {
        // A turn that ended before is shown from what was stored of it, and nothing that came after.
        Some(Ending::Before(events)) => (events.into(), true, None),
        taken => (said.into_iter().collect(), false, taken),
    };
    let look = taken.is_none() && !over;
    let app = Arc::clone(app);
    // In a box: the stream holds it twice, before and while it waits.
    let following = Box::new(Following {
        app,
        opened,
        listener,
        after,
        ready,
        until,
        taken,
        look,
        over,
    });
    Some(futures_util::stream::unfold(following, Following::next))
}
