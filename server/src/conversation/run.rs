//! A run: from a recorded input to its events, stored in one unit.

use consult::Step;
use consult::guide::directory::LocalTime;
use consult::state::{Heard, State};
use wire::event::{Done, Event, Message, MessageKind, PatientSaid, ProfileChanged, SequencedEvent};
use wire::session::SessionStatus;
use wire::turn::Input;

use super::situation::Situation;
use super::{Opened, words};
use crate::App;
use crate::clock::Millis;
use crate::ids::TurnId;
use crate::store::events::NewEvent;
use crate::store::sessions::TurnOutcome;
use crate::store::{self, StoreError};

/// What a run decided.
struct Answer {
    heard: Heard,
    decided: NewEvent,
    events: Vec<Event>,
    outcome: TurnOutcome,
}

/// Decides a turn and stores its events. If somebody ended the run before, their events stand.
///
/// # Errors
/// If the store fails; the lease then ends at once, so that the next caller may try.
pub async fn finish(
    app: &App,
    opened: &Opened,
    turn: TurnId,
    input: &Input,
    situation: &Situation,
) -> Result<Vec<SequencedEvent>, StoreError> {
    let ended = finish_once(app, opened, turn, input, situation).await;
    if let Err(error) = &ended {
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
) -> Result<Vec<SequencedEvent>, StoreError> {
    let answer = decide(app, opened, turn, input, situation).await?;
    let mut stored = vec![NewEvent::staff("heard", &answer.heard)?, answer.decided];
    for event in &answer.events {
        stored.push(NewEvent::patient(event)?);
    }
    let (log, outcome, now) = (opened.log.clone(), answer.outcome.clone(), app.clock.now());
    let count = stored.len() as u64;
    let reach = app
        .store
        .write(move |connection| {
            Box::pin(async move {
                let standing = store::sessions::standing(&mut *connection, log.session).await?;
                let (from, _) = standing.ok_or(crate::keys::KeyError::NoSessionKey)?;
                let last = from.last + count;
                if !store::runs::end(&mut *connection, log.session, turn, last, now).await? {
                    return Ok(None);
                }
                let reach = log
                    .append(&mut *connection, from, Some(turn), &stored, now)
                    .await?;
                store::sessions::set_outcome(connection, log.session, &outcome, reach).await?;
                Ok(Some(reach))
            })
        })
        .await?;
    let Some(reach) = reach else {
        let mut events = super::replay::of_turn(app, opened, turn).await?;
        events.retain(|event| !matches!(event.event, Event::PatientSaid(_)));
        return Ok(events);
    };
    app.live.publish(opened.session.id, reach.last);
    app.usage.turn(
        &opened.session.organisation,
        &opened.session.application,
        app.clock.now(),
    );
    crate::http::metrics::decided(&answer.events, answer.outcome.care_level.as_deref());
    tracing::info!(session.id = %opened.session.id, turn.id = %turn, step = answer.outcome.step, "turn ended");
    let first = reach.last + 1 - answer.events.len() as u64;
    Ok((first..)
        .zip(answer.events)
        .map(|(seq, event)| SequencedEvent {
            seq: Some(seq),
            event,
        })
        .collect())
}

async fn decide(
    app: &App,
    opened: &Opened,
    turn: TurnId,
    input: &Input,
    situation: &Situation,
) -> Result<Answer, StoreError> {
    let knowledge = &app.knowledge;
    let before = situation.state();
    let spoken = words::heard_input(situation.question.as_ref(), input);
    let mut heard = knowledge.hear(&before, &spoken);
    if heard.not_right {
        heard.disputed = situation
            .alert
            .as_ref()
            .map(|alert| alert.rules.clone())
            .unwrap_or_default();
    }
    let state = State::fold(situation.heard.iter().chain([&heard]));
    let settings = consult::Settings {
        budget: opened.session.question_budget,
        self_care: opened.session.self_care,
    };
    let decision = consult::next(knowledge, &state, settings);
    let record = decision.record(knowledge);

    let mut events = Vec::new();
    let profile = words::profile(&state);
    if !matches!(input, Input::Profile(_)) && profile != words::profile(&before) {
        events.push(Event::Profile(ProfileChanged { profile }));
    }
    if !decision.crisis.is_empty() {
        let card = words::crisis(&decision.crisis);
        if situation
            .crisis
            .as_ref()
            .is_none_or(|shown| shown.rules != card.rules)
        {
            events.push(Event::Crisis(card));
        }
    }
    let disputed_now = heard.not_right && !matches!(decision.step, Step::Alert(_));
    if disputed_now {
        events.push(message(app, MessageKind::BannerStays, "banner_stays"));
    }
    let status = step_events(app, opened, &state, &decision, &mut events).await?;
    events.push(Event::Done(Done {
        turn_id: turn.text(),
        status,
    }));
    let outcome = TurnOutcome {
        status,
        care_level: decision
            .assessment
            .care_level
            .map(|level| words::care_level_code(level).to_owned()),
        step: record.step.clone(),
    };
    let decided = NewEvent::staff("decided", &record)?;
    Ok(Answer {
        heard,
        decided,
        events,
        outcome,
    })
}

/// The events of the step, and where the session then stands.
async fn step_events(
    app: &App,
    opened: &Opened,
    state: &State,
    decision: &consult::Decision,
    events: &mut Vec<Event>,
) -> Result<SessionStatus, StoreError> {
    let knowledge = &app.knowledge;
    let opening = || {
        Event::Question(words::question(&consult::ask::complaint_question(
            knowledge,
        )))
    };
    match &decision.step {
        Step::Alert(fired) => {
            events.push(Event::Alert(words::alert(knowledge, state, fired)));
            return Ok(SessionStatus::Alerted);
        }
        Step::Question(asked) => events.push(Event::Question(words::question(asked))),
        Step::Guidance => {
            let index = app
                .indexes
                .get(
                    &app.store,
                    knowledge,
                    &opened.session.organisation,
                    opened.session.directory_version,
                )
                .await?;
            let now = local_time(app.clock.now(), &opened.session.time_zone);
            let guided = consult::guide::guide(knowledge, &index, state, &decision.assessment, now);
            events.push(Event::Guidance(words::guidance(&index.directory, &guided)));
            return Ok(SessionStatus::Guided);
        }
        // Nothing was said yet: the question that opens the talk.
        Step::Rephrase if state.misses == 0 => events.push(opening()),
        Step::Rephrase => events.push(message(app, MessageKind::Rephrase, "rephrase")),
        Step::OfferList => {
            events.push(message(app, MessageKind::OfferList, "offer_list"));
            events.push(opening());
        }
        Step::TriageDesk => events.push(message(app, MessageKind::TriageDesk, "triage_desk")),
    }
    Ok(SessionStatus::Open)
}

fn message(app: &App, kind: MessageKind, sentence: &str) -> Event {
    let text = crate::directory::words::localized(&app.knowledge.sentence(sentence));
    Event::Message(Message { kind, text })
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

/// Ends a run whose lease is over, from its recorded input, the same way it would have ended.
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
    let situation = Situation::read(app, opened).await?;
    tracing::warn!(session.id = %opened.session.id, turn.id = %turn, seq = first, "a run was ended in another's place");
    finish(app, opened, turn, &input, &situation).await
}
