//! Turns: judged by the gate at once, queued, sent in order until each is answered; what is refused is given back.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::Localized;
use wire::event::{Event, SequencedEvent};
use wire::session::SessionStatus;
use wire::turn::{Input, NotRight, TurnRequest};

use super::{PATIENCE, pause, trouble, wake};
use crate::api::{self, Failure};
use crate::chat_state::Spoken;
use crate::gate::Verdict;
use crate::page::Page;
use crate::queue::{Line, Queue};
use crate::shell;
use crate::storage::{self, Held};

/// Takes an input: judged by the gate at once, then queued and sent.
pub fn send(page: Page, input: Input, shown: Localized) {
    page.trouble.set(None);
    page.typed_last.set(matches!(input, Input::Text(_)));
    let spoken = page.chat.with_untracked(|chat| Spoken {
        input: input.clone(),
        question: chat.question.clone(),
        rules: chat
            .card()
            .map(|card| card.rules.clone())
            .unwrap_or_default(),
    });
    if matches!(input, Input::Back {} | Input::NotRight(NotRight { .. })) {
        page.chat.update(|chat| {
            chat.local_alert = None;
            // The card leaves the screen at once; its number stays as a banner, whatever the network does.
            if matches!(input, Input::NotRight(_)) {
                chat.alert = None;
                chat.banner = true;
            }
        });
    }
    let verdict = page
        .keeper
        .try_update_value(|keeper| keeper.hear(spoken))
        .unwrap_or_default();
    page.queue
        .update(|queue| queue.push(shell::new_id(), input, shown));
    show(page, verdict);
    spawn_local(pump(page));
}

/// Shows what the gate in the browser says.
pub(super) fn show(page: Page, verdict: Verdict) {
    page.since_hours.set(verdict.since_hours);
    let Verdict { alert, crisis, .. } = verdict;
    if alert.is_none() && crisis.is_none() {
        return;
    }
    page.chat.update(|chat| {
        if let Some(alert) = alert {
            chat.raise(alert);
        }
        if chat.crisis.is_none() {
            chat.crisis = crisis;
        }
    });
}

/// Hears again what the server has recorded, and what still waits.
pub(super) fn rehear(page: Page) {
    let mut spoken = page.chat.with_untracked(|chat| chat.spoken.clone());
    let question = page.chat.with_untracked(|chat| chat.question.clone());
    page.queue.with_untracked(|queue| {
        let waiting = queue.all().map(|one| Spoken {
            input: one.request.input.clone(),
            question: question.clone(),
            rules: Vec::new(),
        });
        spoken.extend(waiting);
    });
    let verdict = page
        .keeper
        .try_update_value(|keeper| keeper.restart(&spoken))
        .unwrap_or_default();
    page.chat.update(|chat| {
        if verdict.alert.is_none() {
            chat.local_alert = None;
        }
    });
    show(page, verdict);
}

/// Sends what waits, one turn after the other, until nothing waits or the line is down.
pub async fn pump(page: Page) {
    if page.sending.get_value() {
        return;
    }
    page.sending.set_value(true);
    while let (Some(held), Some(request)) = (page.held.get_untracked(), first(page)) {
        match attempt(page, &held, &request).await {
            Outcome::Answered => {
                page.queue.update(|queue| queue.finish(&request.turn_id));
                page.line.set(Line::Clear);
            }
            Outcome::Again(wait) => {
                pause(wait).await;
            }
            Outcome::Stopped => break,
        }
    }
    page.sending.set_value(false);
}

fn first(page: Page) -> Option<TurnRequest> {
    page.queue
        .with_untracked(|queue| queue.first().map(|one| one.request.clone()))
}

enum Outcome {
    /// The turn ended.
    Answered,
    /// The same turn again after so many milliseconds.
    Again(u32),
    /// Nothing more to send.
    Stopped,
}

async fn attempt(page: Page, held: &Held, request: &TurnRequest) -> Outcome {
    let mut ended = false;
    let result = api::turn(held, request, |event| {
        ended |= take(page, &event, Some(&request.turn_id));
    })
    .await;
    match result {
        Ok(()) if ended => Outcome::Answered,
        // Cut before its end, or no network: the same turn replays the same answer.
        Ok(()) | Err(Failure::Network) => {
            let wait = page.queue.try_update(Queue::fail).unwrap_or_default();
            page.line.set(if shell::is_online() {
                Line::Waiting
            } else {
                Line::Offline
            });
            Outcome::Again(wait)
        }
        Err(Failure::Problem {
            code,
            status,
            retry_after,
        }) => refused(page, held, &code, status, retry_after).await,
    }
}

async fn refused(
    page: Page,
    held: &Held,
    code: &str,
    status: u16,
    retry_after: Option<u32>,
) -> Outcome {
    match (status, code) {
        (409, "turn_running") => {
            listen(page).await;
            Outcome::Again(300)
        }
        (429, _) => {
            trouble(page, "rate_limited", false);
            let wait = page.queue.try_update(Queue::fail).unwrap_or_default();
            Outcome::Again(retry_after.map_or(wait, |seconds| seconds.saturating_mul(1000)))
        }
        (500.., _) => {
            let (wait, failures) = page
                .queue
                .try_update(|queue| (queue.fail(), queue.failures()))
                .unwrap_or_default();
            if failures > PATIENCE {
                trouble(page, "busy", true);
            }
            Outcome::Again(wait)
        }
        _ => {
            let ended = matches!(status, 401 | 403 | 404 | 410);
            give_back(page);
            if ended {
                page.chat
                    .update(|chat| chat.status = Some(SessionStatus::Ended));
                storage::forget(&page.application_id());
            } else if let Ok(events) =
                api::events(held, page.chat.with_untracked(|chat| chat.last_seq)).await
            {
                // The server's log says where the talk stands.
                for event in &events {
                    take(page, event, None);
                }
            }
            trouble(page, if ended { "session_ended" } else { code }, false);
            rehear(page);
            Outcome::Stopped
        }
    }
}

/// Puts refused words back where they can be corrected.
fn give_back(page: Page) {
    let refused = page.queue.try_update(Queue::refuse).unwrap_or_default();
    let mut texts: Vec<String> = refused
        .into_iter()
        .filter_map(|one| match one.request.input {
            Input::Text(text) => Some(text),
            Input::NotRight(NotRight { text }) => text,
            _ => None,
        })
        .collect();
    if !texts.is_empty() {
        let draft = page.draft.get_untracked();
        if !draft.is_empty() {
            texts.push(draft);
        }
        page.draft.set(texts.join("\n"));
    }
}

/// Listens to a run of this session until it ends.
pub(super) async fn listen(page: Page) {
    let Some(held) = page.held.get_untracked() else {
        return;
    };
    for _ in 0..PATIENCE {
        let after = page.chat.with_untracked(|chat| chat.last_seq);
        match api::events(&held, after).await {
            Ok(events) => {
                let mut ended = false;
                for event in &events {
                    ended |= take(page, event, None);
                }
                if ended {
                    return;
                }
                pause(500).await;
            }
            Err(_) => return,
        }
    }
}

/// Applies one event and says what a screen reader should hear. Answers whether it ends the turn.
fn take(page: Page, event: &SequencedEvent, turn: Option<&str>) -> bool {
    let changed = page
        .chat
        .try_update(|chat| chat.apply(event))
        .unwrap_or_default();
    match &event.event {
        Event::PatientSaid(said) if changed => {
            // From here on the words stand in the record; the waiting copy would show them twice.
            let id = said.turn_id.clone();
            page.queue.update(|queue| queue.recorded(&id));
        }
        Event::Message(message) if changed => page.announce(&message.text),
        Event::Answer(answer) if changed => page.announce(&answer.text),
        Event::Question(question) if changed => page.announce(&question.text),
        Event::Crisis(crisis) if changed => page.announce(&crisis.title),
        Event::Guidance(guidance) if changed => page.announce(&guidance.by_when),
        Event::Done(done) => return turn.is_none_or(|turn| turn == done.turn_id),
        Event::Failed(failed) => {
            if changed {
                trouble(page, "failed", false);
                give_back_failed(page, &failed.turn_id);
                rehear(page);
            }
            return turn.is_none_or(|turn| turn == failed.turn_id);
        }
        _ => {}
    }
    false
}

/// A turn that ended without an answer: its words go back into the composer.
fn give_back_failed(page: Page, turn_id: &str) {
    let text = page.queue.with_untracked(|queue| {
        let failed = queue.all().find(|one| one.request.turn_id == turn_id)?;
        match &failed.request.input {
            Input::Text(text) => Some(text.clone()),
            _ => None,
        }
    });
    if let Some(text) = text.filter(|_| page.draft.with_untracked(String::is_empty)) {
        page.draft.set(text);
    }
}

/// The browser says the network is back, or the patient does.
pub fn retry_now(page: Page) {
    page.queue.update(Queue::refresh);
    page.line.set(Line::Clear);
    page.trouble.set(None);
    wake();
    spawn_local(pump(page));
}

/// The browser says the network is gone.
pub fn went_offline(page: Page) {
    page.line.set(Line::Offline);
}

/// Cancels the answer under way.
pub fn stop(page: Page) {
    let Some(held) = page.held.get_untracked() else {
        return;
    };
    spawn_local(async move {
        api::stop(&held).await.ok();
    });
}
