//! Who listens to which session, which run is under way in it, and the words it has so far.
//!
//! A listener is told that the log grew and reads it from the store; words under way are kept here until the message that
//! replaces them is stored. A run is cancelled when the patient stops it, when the session ends, and when nobody has
//! listened for a while.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::ids::{SessionId, TurnId};

/// What listeners of one session see.
#[derive(Debug, Clone, Default)]
struct Seen {
    /// How far the log reaches.
    seq: u64,
    /// The turn whose words are under way.
    turn: Option<TurnId>,
    /// Those words.
    words: String,
    /// The run has ended: its events are stored and replace the words.
    ended: bool,
}

#[derive(Debug)]
struct Talk {
    seen: watch::Sender<Seen>,
    run: Option<(TurnId, CancellationToken)>,
    /// Runs there are, those yet to begin counted.
    runs: usize,
}

type Talks = Arc<Mutex<HashMap<SessionId, Talk>>>;

/// The listeners and runs of this process.
#[derive(Debug, Clone, Default)]
pub struct Live {
    talks: Talks,
}

/// One listener of one session. Dropping it ends the listening.
#[derive(Debug)]
pub struct Listener {
    session: SessionId,
    seen: Option<watch::Receiver<Seen>>,
    talks: Talks,
    turn: Option<TurnId>,
    shown: usize,
}

/// A run. Dropping it ends it for the listeners.
#[derive(Debug)]
pub struct Running {
    session: SessionId,
    turn: TurnId,
    seen: watch::Sender<Seen>,
    talks: Talks,
    cancel: CancellationToken,
    /// It is the session's run. Before that, another turn may still be it.
    begun: AtomicBool,
}

fn lock(talks: &Talks) -> MutexGuard<'_, HashMap<SessionId, Talk>> {
    talks.lock().unwrap_or_else(PoisonError::into_inner)
}

fn new_talk() -> Talk {
    Talk {
        seen: watch::channel(Seen::default()).0,
        run: None,
        runs: 0,
    }
}

/// Forgets a session in which nobody listens and nothing runs.
fn forget_quiet(talks: &Talks, session: SessionId) {
    let mut talks = lock(talks);
    if talks
        .get(&session)
        .is_some_and(|talk| talk.runs == 0 && talk.seen.receiver_count() == 0)
    {
        talks.remove(&session);
    }
}

impl Live {
    /// Tells the listeners of a session that its log reaches to `seq`.
    pub fn publish(&self, session: SessionId, seq: u64) {
        if let Some(talk) = lock(&self.talks).get(&session) {
            talk.seen.send_modify(|seen| seen.seq = seq);
        }
    }

    /// Listens to a session, unless `most` already do.
    #[must_use]
    pub fn listen(&self, session: SessionId, most: usize) -> Option<Listener> {
        let mut talks = lock(&self.talks);
        let talk = talks.entry(session).or_insert_with(new_talk);
        if talk.seen.receiver_count() >= most {
            return None;
        }
        let seen = Some(talk.seen.subscribe());
        Some(Listener {
            session,
            seen,
            talks: Arc::clone(&self.talks),
            turn: None,
            shown: 0,
        })
    }

    /// A run that has yet to begin.
    #[must_use]
    pub fn run(&self, session: SessionId, turn: TurnId) -> Running {
        let mut talks = lock(&self.talks);
        let talk = talks.entry(session).or_insert_with(new_talk);
        talk.runs += 1;
        Running {
            session,
            turn,
            seen: talk.seen.clone(),
            talks: Arc::clone(&self.talks),
            cancel: CancellationToken::new(),
            begun: AtomicBool::new(false),
        }
    }

    /// Cancels what a session's run still waits for.
    pub fn cancel(&self, session: SessionId) {
        if let Some((_, run)) = lock(&self.talks)
            .get(&session)
            .and_then(|talk| talk.run.as_ref())
        {
            run.cancel();
        }
    }

    /// How many streams are open.
    #[must_use]
    pub fn count(&self) -> usize {
        lock(&self.talks)
            .values()
            .map(|talk| talk.seen.receiver_count())
            .sum()
    }
}

impl Running {
    /// It is recorded: the log reaches to `seq`, and from here on it can be stopped.
    pub fn begin(&self, seq: u64) {
        if let Some(talk) = lock(&self.talks).get_mut(&self.session) {
            talk.run = Some((self.turn, self.cancel.clone()));
        }
        self.begun.store(true, Ordering::Relaxed);
        self.seen.send_modify(|seen| seen.seq = seq);
    }

    /// Adds words that listeners may see.
    pub fn say(&self, words: &str) {
        self.seen.send_modify(|seen| {
            if seen.turn != Some(self.turn) {
                seen.turn = Some(self.turn);
                seen.words.clear();
                seen.ended = false;
            }
            seen.words.push_str(words);
        });
    }

    /// Cancelled when somebody does not want the answer any more.
    #[must_use]
    pub fn cancelled(&self) -> &CancellationToken {
        &self.cancel
    }

    /// Cancels the run once nobody has listened for `patience`. Never ends otherwise: wait for it beside the work.
    pub async fn cancel_when_left(&self, patience: Duration) {
        loop {
            self.seen.closed().await;
            let mut waited = Duration::ZERO;
            let step = patience / 20;
            while self.seen.receiver_count() == 0 {
                if waited >= patience {
                    self.cancel.cancel();
                    std::future::pending::<()>().await;
                }
                tokio::time::sleep(step).await;
                waited += step;
            }
        }
    }

    /// The run has ended and its events are stored up to `seq`; its words are replaced by them.
    pub fn end(&self, seq: u64) {
        self.seen.send_modify(|seen| seen.seq = seq);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let has_begun = *self.begun.get_mut();
        if let Some(talk) = lock(&self.talks).get_mut(&self.session) {
            talk.runs -= 1;
            // The next run may have begun between this one's last write and here: what is the next one's stays.
            let is_this = |(turn, _): &mut (TurnId, _)| has_begun && *turn == self.turn;
            talk.run.take_if(is_this);
        }
        self.seen.send_if_modified(|seen| {
            let is_mine = has_begun && seen.turn == Some(self.turn);
            seen.ended |= is_mine;
            is_mine
        });
        forget_quiet(&self.talks, self.session);
    }
}

impl Listener {
    /// Waits until the log or the words grow.
    pub async fn changed(&mut self) {
        match &mut self.seen {
            // The sender lives as long as a listener does, so the error does not come.
            Some(seen) => {
                let _ = seen.changed().await;
            }
            None => std::future::pending().await,
        }
    }

    /// How far the log reached when it last grew while somebody listened.
    #[must_use]
    pub fn seq(&self) -> u64 {
        self.seen.as_ref().map_or(0, |seen| seen.borrow().seq)
    }

    /// Words under way that were not answered yet; all of them for who comes later.
    pub fn new_words(&mut self) -> Option<String> {
        let ended = self.seen.as_ref()?.borrow().ended;
        if ended { None } else { self.last_words() }
    }

    /// The same, though the run may have ended in between: for who shows its events next.
    pub fn last_words(&mut self) -> Option<String> {
        let seen = self.seen.as_mut()?.borrow_and_update();
        if seen.turn != self.turn {
            self.turn = seen.turn;
            self.shown = 0;
        }
        let new = seen.words.get(self.shown..).filter(|new| !new.is_empty())?;
        self.shown = seen.words.len();
        Some(new.to_owned())
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.seen = None;
        forget_quiet(&self.talks, self.session);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session() -> SessionId {
        SessionId::parse("01980000-0000-7000-8000-0000000000aa").unwrap()
    }

    fn turn() -> TurnId {
        TurnId::parse("01980000-0000-7000-8000-0000000000ab").unwrap()
    }

    fn begun(live: &Live, turn: TurnId) -> Running {
        let run = live.run(session(), turn);
        run.begin(1);
        run
    }

    #[tokio::test]
    async fn listeners_hear_and_leave_nothing_behind() {
        let live = Live::default();
        let mut one = live.listen(session(), 2).unwrap();
        let two = live.listen(session(), 2).unwrap();
        assert!(live.listen(session(), 2).is_none());
        live.publish(session(), 3);
        one.changed().await;
        assert_eq!(one.seq(), 3);
        drop(one);
        assert_eq!(live.count(), 1);
        drop(two);
        assert_eq!(live.count(), 0);
        assert!(live.talks.lock().unwrap().is_empty());
    }

    #[tokio::test]
    async fn words_come_in_pieces_to_who_listens_and_whole_to_who_comes_later() {
        let live = Live::default();
        let mut early = live.listen(session(), 5).unwrap();
        let run = begun(&live, turn());
        run.say("One moment. ");
        early.changed().await;
        assert_eq!(early.new_words().as_deref(), Some("One moment. "));
        run.say("Since when");
        run.say(" is it so?");
        assert_eq!(early.new_words().as_deref(), Some("Since when is it so?"));
        assert_eq!(early.new_words(), None);
        let mut late = live.listen(session(), 5).unwrap();
        assert_eq!(
            late.new_words().as_deref(),
            Some("One moment. Since when is it so?")
        );
        run.end(9);
        drop(run);
        early.changed().await;
        assert_eq!((early.new_words(), early.seq()), (None, 9));
        drop((early, late));
        assert!(live.talks.lock().unwrap().is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn a_run_nobody_listens_to_is_cancelled_after_a_while_and_not_before() {
        let live = Live::default();
        let listener = live.listen(session(), 5).unwrap();
        let run = begun(&live, turn());
        let patience = Duration::from_secs(20);
        let watched = async {
            tokio::select! {
                () = run.cancel_when_left(patience) => {}
                () = run.cancelled().cancelled() => {}
            }
        };
        tokio::pin!(watched);
        assert!(
            tokio::time::timeout(Duration::from_mins(1), &mut watched)
                .await
                .is_err()
        );
        drop(listener);
        assert!(
            tokio::time::timeout(Duration::from_secs(15), &mut watched)
                .await
                .is_err()
        );
        let back = live.listen(session(), 5).unwrap();
        assert!(
            tokio::time::timeout(Duration::from_secs(30), &mut watched)
                .await
                .is_err()
        );
        drop(back);
        assert!(
            tokio::time::timeout(Duration::from_secs(25), &mut watched)
                .await
                .is_ok()
        );
    }

    #[test]
    fn a_run_that_ends_late_takes_nothing_from_the_next() {
        let live = Live::default();
        let mut listener = live.listen(session(), 5).unwrap();
        let other = TurnId::parse("01980000-0000-7000-8000-0000000000ac").unwrap();
        let first = begun(&live, turn());
        first.say("One.");
        let second = begun(&live, other);
        second.say("Two.");
        first.end(4);
        drop(first);
        assert_eq!(listener.new_words().as_deref(), Some("Two."));
        live.cancel(session());
        assert!(second.cancelled().is_cancelled());
    }

    #[test]
    fn a_run_that_never_began_takes_nothing_from_the_one_that_did() {
        let live = Live::default();
        let mut listener = live.listen(session(), 5).unwrap();
        let first = begun(&live, turn());
        first.say("One.");
        drop(live.run(session(), turn()));
        assert_eq!(listener.new_words().as_deref(), Some("One."));
        live.cancel(session());
        assert!(first.cancelled().is_cancelled());
    }

    #[test]
    fn a_stop_reaches_the_run() {
        let live = Live::default();
        let run = begun(&live, turn());
        assert!(!run.cancelled().is_cancelled());
        live.cancel(session());
        assert!(run.cancelled().is_cancelled());
    }
}
