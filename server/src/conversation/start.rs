//! The start of a turn: what the patient said, and the run with its lease. It is written together with the first thing that
//! has to be: the row of a model's call in the ledger, or, where no model is asked, the whole turn at once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use tokio::sync::oneshot;
use wire::event::{Event, PatientSaid, SequencedEvent};
use wire::turn::Input;

use super::live::Running;
use super::situation::Situation;
use super::{Opened, words};
use crate::App;
use crate::ids::TurnId;
use crate::store::events::{NewEvent, Reach};
use crate::store::runs::Run;
use crate::store::statements::Statements;
use crate::store::{self, StoreError};

/// Whether a turn was recorded: the event of what the patient said, or nothing because another turn came first.
pub type Recorded = Result<Option<SequencedEvent>, StoreError>;

/// A turn about to be recorded.
#[derive(Debug)]
pub struct Start {
    /// Where the log reaches once it is.
    pub reach: Reach,
    /// Its run.
    pub running: Running,
    said: SequencedEvent,
    pending: Mutex<Option<Pending>>,
    lost: AtomicBool,
}

#[derive(Debug)]
struct Pending {
    statements: Statements,
    told: oneshot::Sender<Recorded>,
}

/// What is written at once. The first of a turn holds its start.
#[derive(Debug)]
pub struct Unit<'a> {
    /// The statements; more can be added.
    pub statements: Statements,
    start: Option<(&'a Start, oneshot::Sender<Recorded>)>,
}

impl Start {
    /// The start of a turn, and how it is heard that it was recorded.
    ///
    /// # Errors
    /// If the event cannot be sealed.
    pub fn of(
        app: &App,
        opened: &Opened,
        turn: TurnId,
        body_mac: &[u8],
        input: &Input,
        situation: &Situation,
    ) -> Result<(Self, oneshot::Receiver<Recorded>), StoreError> {
        let (log, now) = (&opened.log, app.clock.now());
        let said = Event::PatientSaid(PatientSaid {
            input: input.clone(),
            shown: words::shown(&app.knowledge, situation.question.as_ref(), input),
            turn_id: turn.text(),
        });
        let seen = situation.last_seq;
        let run = Run {
            turn,
            body_mac: body_mac.to_vec(),
            running: true,
            first_seq: seen + 1,
            lease_until: now.plus(app.config.runs.lease()),
        };
        let from = Reach {
            last: seen,
            patient: seen,
        };
        let mut statements = Statements::new();
        store::runs::insert(&mut statements, &log.organisation, log.session, &run, now);
        let event = NewEvent::patient(&said)?;
        let reach = log.append(&mut statements, from, Some(turn), &[event], now)?;
        store::sessions::set_reach(&mut statements, log.session, reach);
        let (told, recorded) = oneshot::channel();
        let start = Self {
            reach,
            running: app.live.run(log.session, turn),
            said: SequencedEvent {
                seq: Some(reach.last),
                event: said,
            },
            pending: Mutex::new(Some(Pending { statements, told })),
            lost: AtomicBool::new(false),
        };
        Ok((start, recorded))
    }

    /// What the patient said.
    #[must_use]
    pub fn said(&self) -> &SequencedEvent {
        &self.said
    }

    /// Whether it could not be recorded: then nothing of the turn is to be written.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Relaxed)
    }

    /// What is to be written next.
    #[must_use]
    pub fn unit(&self) -> Unit<'_> {
        let pending = self
            .pending
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        match pending {
            Some(Pending { statements, told }) => Unit {
                statements,
                start: Some((self, told)),
            },
            None => Unit::new(),
        }
    }
}

impl Unit<'_> {
    /// Nothing yet, of a turn recorded before.
    #[must_use]
    pub fn new() -> Self {
        Self {
            statements: Statements::new(),
            start: None,
        }
    }

    /// Writes it.
    ///
    /// # Errors
    /// As [`store::Store::run`]. If the start was in it, whoever waits for it is told as well.
    pub async fn write(self, app: &App) -> Result<(), StoreError> {
        let written = app.store.run(self.statements).await;
        let Some((start, told)) = self.start else {
            return written;
        };
        start.lost.store(written.is_err(), Ordering::Relaxed);
        let (told_of, answer) = match written {
            Ok(()) => {
                start.running.begin(start.reach.last);
                (Ok(Some(start.said.clone())), Ok(()))
            }
            // The turn has a run, another turn moved the log on, or the session was erased.
            Err(error @ (StoreError::Exists | StoreError::Gone)) => (Ok(None), Err(error)),
            Err(error) => (Err(error), Err(StoreError::Closed)),
        };
        // Nobody waiting any more is no loss: what is written is written.
        let _ = told.send(told_of);
        answer
    }
}

impl Default for Unit<'_> {
    fn default() -> Self {
        Self::new()
    }
}
