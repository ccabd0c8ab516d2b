//! Where a session stands: folded from its stored events, never by reading a text again.

use consult::state::{Heard, State};
use wire::event::{Alert, Crisis};
use wire::question::Question;

use super::Opened;
use crate::App;
use crate::store::StoreError;
use crate::store::events::{Event, Row};

/// What the stored events say.
#[derive(Debug, Clone, Default)]
pub struct Situation {
    /// Everything heard, in order.
    pub heard: Vec<Heard>,
    /// The question that waits for an answer.
    pub question: Option<Question>,
    /// The last emergency card.
    pub alert: Option<Alert>,
    /// The last crisis card.
    pub crisis: Option<Crisis>,
    /// Highest sequence of the log when it was read.
    pub last_seq: u64,
}

impl Situation {
    /// Reads a session's situation.
    ///
    /// # Errors
    /// If the store fails or an event does not read.
    pub async fn read(app: &App, opened: &Opened) -> Result<Self, StoreError> {
        let events = opened
            .log
            .to_decide(&mut *app.store.reader().await?)
            .await?;
        Self::seen(opened, &events)
    }

    /// The situation of a session as it was read together with its events.
    ///
    /// # Errors
    /// If an event does not open or read.
    pub fn opened(opened: &Opened, rows: Vec<Row>) -> Result<Self, StoreError> {
        Self::seen(opened, &opened.log.open(rows)?)
    }

    fn seen(opened: &Opened, events: &[Event]) -> Result<Self, StoreError> {
        let mut situation = Self::of(events)?;
        // A turn that ended between the two looks shows here, and the write then finds the difference.
        situation.last_seq = opened.session.last_seq;
        Ok(situation)
    }

    /// Folds events in order.
    ///
    /// # Errors
    /// If one does not read.
    pub fn of(events: &[Event]) -> Result<Self, StoreError> {
        let mut situation = Self::default();
        for event in events {
            match event.kind.as_str() {
                "heard" => {
                    let heard: Heard = read(&event.data)?;
                    let answered = situation
                        .question
                        .as_ref()
                        .is_some_and(|question| heard.question.as_ref() == Some(&question.id));
                    if answered || heard.back {
                        situation.question = None;
                    }
                    situation.heard.push(heard);
                }
                "question" => situation.question = Some(read(&event.data)?),
                "alert" => situation.alert = Some(read(&event.data)?),
                "crisis" => situation.crisis = Some(read(&event.data)?),
                _ => {}
            }
        }
        Ok(situation)
    }

    /// What is known after everything heard.
    #[must_use]
    pub fn state(&self) -> State {
        State::fold(&self.heard)
    }
}

fn read<T: serde::de::DeserializeOwned>(data: &str) -> Result<T, StoreError> {
    serde_json::from_str(data).map_err(|error| StoreError::Damaged(error.to_string()))
}
