//! A run: from an input to its events, stored in one unit.

use std::time::Duration;

use consult::guide::directory::LocalTime;
use wire::event::{Event, PatientSaid, SequencedEvent};
use wire::turn::Input;

use super::Opened;
use super::decide::{self, Decided};
use super::situation::Situation;
use super::start::Start;
use crate::App;
use crate::clock::Millis;
use crate::ids::TurnId;
use crate::model::assistant::Assistant;
use crate::store::events::{NewEvent, Reach};
use crate::store::ledger::{self, Ended};
use crate::store::outbox::{self, MessageKind, NewMessage};
use crate::store::statements::Statements;
use crate::store::{self, StoreError};

/// Decides a turn and stores its events behind `from`, where its input stands. If somebody ended the run before, their events
/// stand. Without `start` the turn is recorded already and no model is asked: the run is ended in another's place.
///
/// # Errors
/// If the store fails; the lease then ends at once, so that the next caller may try. If the turn could not be recorded,
/// whoever waits for its start is told, and nothing was written.
pub async fn finish(
    app: &App,
    opened: &Opened,
    turn: TurnId,
    input: &Input,
    situation: &Situation,
    from: Reach,
    start: Option<&Start>,
) -> Result<Vec<SequencedEvent>, StoreError> {
    let ended = finish_once(app, opened, turn, input, situation, from, start).await;
    if let Err(error) = &ended
        && !start.is_some_and(Start::is_lost)
    {
        tracing::error!(session.id = %opened.session.id, error = %error, "a turn could not be ended");
        let session = opened.session.id;
        // If even this fails the lease runs out by itself.
        let _ = app
            .store
            .write(move |connection| {
                Box::pin(async move { store::runs::release(connection, session, turn).await })
            })
            .await;
    }
    ended
}

async fn finish_once(
    app: &App,
    opened: &Opened,
    turn: TurnId,
    input: &Input,
    situation: &Situation,
    from: Reach,
    start: Option<&Start>,
) -> Result<Vec<SequencedEvent>, StoreError> {
    let (decided, calls) = if let Some(start) = start {
        work(app, opened, turn, input, situation, start).await?
    } else {
        let decided = decide::decide(app, opened, turn, input, situation, None).await?;
        (decided, Vec::new())
    };
    if start.is_some_and(Start::is_lost) {
        return Err(StoreError::Exists);
    }
    let Decided {
        records,
        events,
        outcome,
    } = decided;
    let mut stored = records;
    for event in &events {
        stored.push(NewEvent::patient(event)?);
    }
    let (log, mut written, now) = (&opened.log, outcome.clone(), app.clock.now());
    written.tokens = calls
        .iter()
        .map(|(_, call)| call.input_tokens + call.output_tokens)
        .sum();
    let last = from.last + stored.len() as u64;
    let mut unit = start.map(Start::unit).unwrap_or_default();
    let statements = &mut unit.statements;
    closing(statements, &calls, now);
    store::runs::end(statements, log.session, turn, last, now);
    let reach = log.append(statements, from, Some(turn), &stored, now)?;
    store::sessions::set_outcome(statements, log.session, &written, reach);
    if events.iter().any(|event| matches!(event, Event::Alert(_))) {
        let subject = log.session.text();
        let message = NewMessage {
            organisation: &log.organisation,
            application: &opened.session.application,
            kind: MessageKind::AlertRaised,
            subject: &subject,
        };
        outbox::tell(statements, &message, now);
    }
    match unit.write(app).await {
        Ok(()) => {}
        // Somebody ended the run in the meantime, or erased the session: the calls are paid for all the same.
        Err(StoreError::Exists | StoreError::Gone) if !start.is_some_and(Start::is_lost) => {
            close(app, &calls).await;
            return stands(app, opened, turn).await;
        }
        Err(error) => return Err(error),
    }
    match start {
        Some(start) => start.running.end(reach.last),
        None => app.live.publish(opened.session.id, reach.last),
    }
    app.usage.turn(
        &opened.session.organisation,
        &opened.session.application,
        app.clock.now(),
    );
    crate::http::metrics::decided(&events, outcome.care_level.as_deref());
    tracing::info!(session.id = %opened.session.id, turn.id = %turn, step = outcome.step, "turn ended");
    let first = reach.last + 1 - events.len() as u64;
    Ok((first..)
        .zip(events)
        .map(|(seq, event)| SequencedEvent {
            seq: Some(seq),
            event,
        })
        .collect())
}

/// Decides with a model beside, if there is one; nobody listening for a while cancels its calls.
async fn work(
    app: &App,
    opened: &Opened,
    turn: TurnId,
    input: &Input,
    situation: &Situation,
    start: &Start,
) -> Result<(Decided, Vec<(String, Ended)>), StoreError> {
    let Some(assistant) = Assistant::of(app, opened, turn, start).await? else {
        let decided = decide::decide(app, opened, turn, input, situation, None).await?;
        return Ok((decided, Vec::new()));
    };
    let patience = Duration::from_secs(app.config.runs.absent_seconds);
    let decided = tokio::select! {
        decided = decide::decide(app, opened, turn, input, situation, Some(&assistant)) => decided,
        // It only cancels, and the decision then comes at once.
        () = start.running.cancel_when_left(patience) => Err(StoreError::Closed),
    };
    let calls = assistant.take_ended();
    match decided {
        Ok(decided) => Ok((decided, calls)),
        Err(error) => {
            close(app, &calls).await;
            Err(error)
        }
    }
}

/// What another stored of a turn, without what the patient said.
async fn stands(
    app: &App,
    opened: &Opened,
    turn: TurnId,
) -> Result<Vec<SequencedEvent>, StoreError> {
    let mut events = super::replay::of_turn(app, opened, turn).await?;
    if events.is_empty() {
        return Err(crate::keys::KeyError::NoSessionKey.into());
    }
    events.retain(|event| !matches!(event.event, Event::PatientSaid(_)));
    Ok(events)
}

fn closing(statements: &mut Statements, calls: &[(String, Ended)], now: Millis) {
    for (id, ended) in calls {
        ledger::close(statements, id, ended, now);
    }
}

/// Closes calls of a turn that comes to nothing.
async fn close(app: &App, calls: &[(String, Ended)]) {
    if calls.is_empty() {
        return;
    }
    let mut statements = Statements::new();
    closing(&mut statements, calls, app.clock.now());
    if let Err(error) = app.store.run(statements).await {
        tracing::error!(%error, "calls stay open in the ledger");
    }
}

/// The day on the hospital's calendar. A time zone that is not known is read as UTC.
#[must_use]
pub fn today(now: Millis, time_zone: &str) -> jiff::civil::Date {
    let zone = jiff::tz::TimeZone::get(time_zone).unwrap_or(jiff::tz::TimeZone::UTC);
    now.timestamp().to_zoned_datetime(zone).date()
}

/// The time on the hospital's wall. A time zone that is not known is read as UTC.
#[must_use]
pub fn local_time(now: Millis, time_zone: &str) -> LocalTime {
    let zone = jiff::tz::TimeZone::get(time_zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let local = now.timestamp().to_zoned_datetime(zone);
    LocalTime {
        month: u8::try_from(local.month()).unwrap_or(1),
        weekday: u8::try_from(local.weekday().to_monday_one_offset()).unwrap_or(1),
        minute: u16::try_from(i32::from(local.hour()) * 60 + i32::from(local.minute()))
            .unwrap_or(0),
    }
}

/// Ends a run whose lease is over, from its recorded input, with the reviewed sentences.
///
/// # Errors
/// If the store fails.
pub async fn take_over(
    app: &App,
    opened: &Opened,
    turn: TurnId,
) -> Result<Vec<SequencedEvent>, StoreError> {
    let said = super::replay::of_turn(app, opened, turn).await?;
    let Some((first, PatientSaid { input, .. })) =
        said.into_iter()
            .find_map(|event| match (event.seq, event.event) {
                (seq, Event::PatientSaid(said)) => Some((seq, said)),
                _ => None,
            })
    else {
        return Err(StoreError::Damaged("a run without its input".to_owned()));
    };
    // The caller may have read the session before the run began.
    let mut opened = opened.clone();
    let now = store::sessions::find(&mut *app.store.reader().await?, opened.session.id).await?;
    opened.session = now.ok_or(crate::keys::KeyError::NoSessionKey)?;
    let opened = &opened;
    let situation = Situation::read(app, opened).await?;
    tracing::warn!(session.id = %opened.session.id, turn.id = %turn, seq = first, "a run was ended in another's place");
    let from = Reach {
        last: situation.last_seq,
        patient: opened.session.patient_seq,
    };
    finish(app, opened, turn, &input, &situation, from, None).await
}
