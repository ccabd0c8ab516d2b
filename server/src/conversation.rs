//! One patient message and everything that answers it.
//!
//! A turn is decided, then all of it is stored in one unit: the patient's event, the run, the events that answer; and only then
//! shown. Where a model is asked, the patient's event and the run with a lease are stored before the first call, and what a model
//! says is shown as it comes. The run belongs to the session and not to the connection: a cut line leaves it running, and the
//! same turn asked again is the same run.

use std::sync::Arc;

use tokio::sync::oneshot;
use wire::event::SequencedEvent;
use wire::session::SessionStatus;
use wire::turn::Input;

use crate::App;
use crate::ids::TurnId;
use crate::store::events::Log;
use crate::store::sessions::Session;
use crate::store::{self, StoreError};

pub mod begin;
pub mod chat_text;
pub mod check;
pub mod decide;
pub mod inquiry;
pub mod live;
pub mod replay;
pub mod resume;
pub mod run;
pub mod situation;
pub mod start;
pub mod words;

use situation::Situation;
use start::Start;

/// How often a turn that another one overtook between looking and writing is looked at again.
const LOOKS: u32 = 5;

/// Why a turn is not taken.
#[derive(Debug, thiserror::Error)]
pub enum TurnError {
    /// The input does not fit; the code says how.
    #[error("the input does not fit: {0}")]
    Input(&'static str),
    /// The same turn id came with another input.
    #[error("the turn id was used for another input")]
    Conflict,
    /// Another turn is still running.
    #[error("another turn is running")]
    Running(TurnId),
    /// An emergency card is on the screen.
    #[error("an emergency card is on the screen")]
    Alerted,
    /// The session has ended.
    #[error("the session has ended")]
    Ended,
    /// The store's fault.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A session whose token was shown, with its log.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The session.
    pub session: Session,
    /// Its log and key.
    pub log: Log,
}

/// A turn that was taken.
#[derive(Debug)]
pub struct Taken {
    /// The turn.
    pub turn: TurnId,
    /// First event of it.
    pub first_seq: u64,
    /// What the patient said, as recorded, if it was just now.
    pub said: Option<SequencedEvent>,
    /// Its events, once it ended.
    pub ended: Ending,
}

/// When a taken turn ends.
#[derive(Debug)]
pub enum Ending {
    /// It has: it was taken before.
    Before(Vec<SequencedEvent>),
    /// It runs here.
    Here(oneshot::Receiver<Result<Vec<SequencedEvent>, StoreError>>),
}

impl Taken {
    /// Waits for the turn's events.
    ///
    /// # Errors
    /// If the store failed while it ran.
    pub async fn events(self) -> Result<Vec<SequencedEvent>, StoreError> {
        match self.ended {
            Ending::Before(events) => Ok(events),
            Ending::Here(receiver) => receiver.await.map_err(|_| StoreError::Closed)?,
        }
    }
}

/// Takes one turn in a session that stands at `situation`.
///
/// # Errors
/// Why it is not taken; then nothing was recorded.
pub async fn take_turn(
    app: &Arc<App>,
    mut opened: Opened,
    mut situation: Situation,
    turn: TurnId,
    input: Input,
) -> Result<Taken, TurnError> {
    let input = check::clean(input)?;
    let body =
        serde_json::to_vec(&input).map_err(|error| StoreError::Damaged(error.to_string()))?;
    let body_mac = opened.log.key.mac(&body);
    for _ in 0..LOOKS {
        // Most turns are new and fit; only where one does not is it looked what stands in its way.
        let today = run::today(app.clock.now(), &opened.session.time_zone);
        let fits = check::fits(&app.knowledge, &opened.session, &situation, &input, today);
        if fits.is_ok()
            && !opened.session.running
            && opened.session.status != SessionStatus::Ended
            && let Some(taken) = run_here(app, &opened, turn, &body_mac, &input, situation).await?
        {
            return Ok(taken);
        }
        let in_the_way =
            store::runs::find_or_running(&mut *app.store.reader().await?, opened.session.id, turn)
                .await?;
        match in_the_way {
            Some(run) if run.turn == turn => {
                if run.body_mac != body_mac {
                    return Err(TurnError::Conflict);
                }
                let events = replay::wait_for_turn(app, &opened, &run).await?;
                return Ok(Taken {
                    turn,
                    first_seq: run.first_seq,
                    said: None,
                    ended: Ending::Before(events),
                });
            }
            _ if opened.session.status == SessionStatus::Ended => return Err(TurnError::Ended),
            Some(other) if other.lease_until > app.clock.now() => {
                return Err(TurnError::Running(other.turn));
            }
            Some(other) => {
                run::take_over(app, &opened, other.turn).await?;
            }
            None => fits?,
        }
        opened.session = reload(app, &opened).await?;
        situation = Situation::read(app, &opened).await?;
    }
    Err(TurnError::Running(turn))
}

/// Lets a turn run as a task of its own, and waits until it is recorded; nothing if another turn came first.
async fn run_here(
    app: &Arc<App>,
    opened: &Opened,
    turn: TurnId,
    body_mac: &[u8],
    input: &Input,
    situation: Situation,
) -> Result<Option<Taken>, TurnError> {
    let (start, recorded) = Start::of(app, opened, turn, body_mac, input, &situation)?;
    let (sender, receiver) = oneshot::channel();
    let (app, opened, input) = (Arc::clone(app), opened.clone(), input.clone());
    tokio::spawn(async move {
        let (from, here) = (start.reach, Some(&start));
        let ended = run::finish(&app, &opened, turn, &input, &situation, from, here).await;
        let answer = ended.map(|mut events| {
            events.insert(0, start.said().clone());
            events
        });
        drop(start);
        // Nobody listening is no loss: the events are stored.
        let _ = sender.send(answer);
    });
    let said = recorded.await.map_err(|_| StoreError::Closed)??;
    Ok(said.map(|said| Taken {
        turn,
        first_seq: said.seq.unwrap_or_default(),
        said: Some(said),
        ended: Ending::Here(receiver),
    }))
}

async fn reload(app: &App, opened: &Opened) -> Result<Session, TurnError> {
    store::sessions::find(&mut *app.store.reader().await?, opened.session.id)
        .await?
        .ok_or(TurnError::Ended)
}

/// Stops the run of a session: a model's call is cancelled and the turn ends with the reviewed sentence. The embedded engine
/// ends a turn in milliseconds and is let do so; a run that nobody works at any more is ended here.
///
/// # Errors
/// If the store fails.
pub async fn stop(app: &App, opened: &Opened) -> Result<(), StoreError> {
    app.live.cancel(opened.session.id);
    let running = store::runs::running(&mut *app.store.reader().await?, opened.session.id).await?;
    if let Some(run) = running.filter(|run| run.lease_until <= app.clock.now()) {
        run::take_over(app, opened, run.turn).await?;
    }
    Ok(())
}
