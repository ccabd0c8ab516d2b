//! What a model does for one turn: within the turn's time, with the patient's consent, within the limits, every call in
//! the ledger.

use std::ops::ControlFlow;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use consult::report::Line;
use consult::state::State;
use serde::Serialize;
use serde_json::json;
use tokio::time::Instant;
use uuid::Uuid;

use super::Model;
use super::guard::{Objection, Step};
use super::mask::Masked;
use super::openai::{Deadline, Endpoint, Fault, Question, Said};
use super::phrasing::Phrasing;
use super::polishing::{self, PolishRecord};
use super::reading::{self, Reading};
use super::templates::{ANSWER, PHRASE, POLISH, READ, Template};
use crate::App;
use crate::clock::Millis;
use crate::conversation::Opened;
use crate::conversation::start::Start;
use crate::ids::TurnId;
use crate::store::StoreError;
use crate::store::ledger::{self, Ended, NewCall};

/// Bytes of a phrased message at most.
const PHRASE_BYTES: usize = 4 * 1024;
/// Reading may take this much of a turn's time at most: the words that follow need some too.
const READING_SHARE: u32 = 2;
/// The wait before a second try: so much, and up to twice that.
const RETRY_AFTER: Duration = Duration::from_millis(200);
/// The word a model answers with that did not find the answer in the passages.
const NOT_FOUND: [&str; 2] = ["not found", "没有找到"];

/// A model at work for one turn.
#[derive(Debug)]
pub struct Assistant<'a> {
    app: &'a App,
    opened: &'a Opened,
    turn: TurnId,
    endpoint: std::sync::Arc<Endpoint>,
    start: &'a Start,
    begun: Instant,
    /// Something failed in this turn already: nothing more is asked of the model, the patient has waited enough.
    failed: Mutex<bool>,
    ended: Mutex<Vec<(String, Ended)>>,
    _place: crate::usage::Place<'a>,
}

/// What is stored of a reading, beside what was heard: by whom, and what was left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ReadRecord {
    /// Name and version of the template.
    pub template: String,
    /// Name of the model.
    pub model: String,
    /// How the call ended.
    pub outcome: &'static str,
    /// Findings that only the model read.
    pub added: u32,
    /// Findings both read.
    pub agreed: u32,
    /// Findings on which they differ.
    pub conflicts: u32,
    /// Findings not in the catalogue.
    pub unknown: u32,
    /// Findings whose words do not stand in the text.
    pub unfounded: u32,
    /// Denials left out.
    pub denials: u32,
}

/// A message as a model put it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrased {
    /// The words that passed the guard; may be empty.
    pub text: String,
    /// Name and version of the template.
    pub template: String,
    /// Whether all of it is there: no sentence was refused and the call did not break off.
    pub whole: bool,
    /// Why a sentence was refused.
    pub refused: Option<Objection>,
}

impl<'a> Assistant<'a> {
    /// The model for a turn; `None` where the scripted one answers: none is configured, the patient did not consent, or a limit
    /// is reached.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn of(
        app: &'a App,
        opened: &'a Opened,
        turn: TurnId,
        start: &'a Start,
    ) -> Result<Option<Assistant<'a>>, StoreError> {
        let session = &opened.session;
        // Most who did not agree have no consent of the kind at all; then no text is looked at.
        if session.consents.is_empty() {
            return Ok(None);
        }
        let Model::OpenAi(endpoint) = app.models.of(session.model.as_ref(), session.intranet)
        else {
            return Ok(None);
        };
        let consents = app.texts.of(&app.providers_of(session));
        if !session.consents_to("model_provider", &consents) {
            return Ok(None);
        }
        let settings = &endpoint.settings;
        let Some(place) = app
            .usage
            .place(&session.application, settings.application_parallel)
        else {
            return Ok(None);
        };
        if !app.usage.tokens_left(app, session, settings).await? {
            return Ok(None);
        }
        Ok(Some(Self {
            app,
            opened,
            turn,
            endpoint,
            start,
            begun: Instant::now(),
            failed: Mutex::new(false),
            ended: Mutex::default(),
            _place: place,
        }))
    }

    /// Whether it reads.
    #[must_use]
    pub fn reads(&self) -> bool {
        self.endpoint.settings.read && !self.has_failed()
    }

    /// Whether it phrases.
    #[must_use]
    pub fn phrases(&self) -> bool {
        self.endpoint.settings.phrase && !self.has_failed()
    }

    /// Whether it answers.
    #[must_use]
    pub fn answers(&self) -> bool {
        self.endpoint.settings.answer && !self.has_failed()
    }

    /// Whether it polishes reports.
    #[must_use]
    pub fn polishes(&self) -> bool {
        self.endpoint.settings.polish && !self.has_failed()
    }

    fn has_failed(&self) -> bool {
        *self.failed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Rows of the ledger to be closed together with the turn.
    pub fn take_ended(&self) -> Vec<(String, Ended)> {
        std::mem::take(&mut *self.ended.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Has a text read. What failed is no reading; the record says how it went.
    pub async fn read(
        &self,
        before: &State,
        text: &str,
        language: &str,
    ) -> (Option<Reading>, ReadRecord) {
        let masked = Masked::of(text);
        let settings = &self.endpoint.settings;
        let question = reading::question(
            &self.app.knowledge,
            before,
            &masked,
            language,
            settings.catalogue,
        );
        let now = Instant::now();
        let deadline = Deadline {
            first: (now + settings.first_token()).min(self.begun + settings.whole()),
            whole: (self.begun + settings.whole() / READING_SHARE)
                .max(now + settings.first_token()),
        };
        let (said, ended) = self
            .call("read", &READ, &question, deadline, &mut |_| {
                ControlFlow::Continue(())
            })
            .await;
        let reading = ended
            .ok()
            .and_then(|()| reading::answer(&masked, &said.text));
        let outcome = match (&ended, &reading) {
            (Err(fault), _) => fault.code(),
            (Ok(()), None) => "unreadable",
            (Ok(()), Some(_)) => "read",
        };
        metrics::counter!("anteroom_model_readings_total", "outcome" => outcome).increment(1);
        let record = ReadRecord {
            template: READ.label(),
            model: settings.name.clone(),
            outcome,
            unfounded: reading.as_ref().map_or(0, |reading| reading.dropped),
            ..ReadRecord::default()
        };
        (reading, record)
    }

    /// Has a reviewed sentence made warmer. What may be shown is shown at once.
    pub async fn phrase(&self, step: Step<'_>, said: &str) -> Phrased {
        let data =
            json!({ "said": Masked::of(said).text(), "sentence": step.reviewed }).to_string();
        let question = self.question(&PHRASE, step.language, data);
        self.speak("phrase", &PHRASE, step, &question).await
    }

    /// Has a question about the hospital answered from passages; `None` if they do not hold the answer.
    pub async fn answer(
        &self,
        step: Step<'_>,
        asked: &str,
        passages: &[String],
    ) -> Option<Phrased> {
        let data =
            json!({ "question": Masked::of(asked).text(), "passages": passages }).to_string();
        let question = self.question(&ANSWER, step.language, data);
        let phrased = self.speak("answer", &ANSWER, step, &question).await;
        let text = phrased.text.to_lowercase();
        let is_answer = !NOT_FOUND.iter().any(|words| text.starts_with(words));
        (is_answer && !text.is_empty()).then_some(phrased)
    }

    /// Has sentences of the report put more smoothly. What failed or was refused stays as it was; the record says how it went.
    pub async fn polish(&self, lines: &[Line], language: &str) -> PolishRecord {
        let settings = &self.endpoint.settings;
        let question = polishing::question(lines, language, 0.0);
        let whole = self.begun + settings.whole();
        let deadline = Deadline {
            first: (Instant::now() + settings.first_token()).min(whole),
            whole,
        };
        let (said, ended) = self
            .call("polish", &POLISH, &question, deadline, &mut |_| {
                ControlFlow::Continue(())
            })
            .await;
        let answer = ended
            .ok()
            .and_then(|()| polishing::answer(lines, &said.text));
        let outcome = match (&ended, &answer) {
            (Err(fault), _) => fault.code(),
            (Ok(()), None) => "unreadable",
            (Ok(()), Some(_)) => "polished",
        };
        metrics::counter!("anteroom_model_polishings_total", "outcome" => outcome).increment(1);
        let (sentences, refused) = answer.unwrap_or_default();
        PolishRecord {
            template: POLISH.label(),
            model: settings.name.clone(),
            outcome: outcome.to_owned(),
            refused,
            sentences,
        }
    }

    fn question(&self, template: &Template, language: &str, data: String) -> Question {
        Question {
            messages: template.messages(language, &[], data),
            schema: None,
            temperature: self.endpoint.settings.temperature,
            tokens: template.tokens,
            bytes: PHRASE_BYTES,
        }
    }

    async fn speak(
        &self,
        purpose: &'static str,
        template: &Template,
        step: Step<'_>,
        question: &Question,
    ) -> Phrased {
        let settings = &self.endpoint.settings;
        let whole = self.begun + settings.whole();
        let deadline = Deadline {
            first: (Instant::now() + settings.first_token()).min(whole),
            whole,
        };
        let mut phrasing = Phrasing::new(self.app.guard(), &step);
        let running = &self.start.running;
        let (_, ended) = {
            let phrasing = &mut phrasing;
            self.call(purpose, template, question, deadline, &mut |text| {
                phrasing.push(text, &mut |shown| running.say(shown))
            })
            .await
        };
        if ended.is_ok() {
            phrasing.end(&mut |shown| running.say(shown));
        }
        let outcome = match (&ended, phrasing.refused) {
            (_, Some(objection)) => objection.code(),
            (Err(fault), None) => fault.code(),
            (Ok(()), None) => "said",
        };
        metrics::counter!("anteroom_model_phrasings_total", "outcome" => outcome).increment(1);
        Phrased {
            text: phrasing.passed().to_owned(),
            template: template.label(),
            whole: ended.is_ok() && phrasing.refused.is_none(),
            refused: phrasing.refused,
        }
    }

    /// Calls, and once more where that is safe and there is time. Every try is a row of the ledger.
    async fn call(
        &self,
        purpose: &'static str,
        template: &Template,
        question: &Question,
        deadline: Deadline,
        on_text: &mut (dyn FnMut(&str) -> ControlFlow<()> + Send),
    ) -> (Said, Result<(), Fault>) {
        let mut tries_left = 1;
        loop {
            let (said, ended) = self
                .try_once(purpose, template, question, deadline, on_text)
                .await;
            let wait = match ended {
                Err(fault) if fault.may_be_retried() && tries_left > 0 => pause(fault),
                ended => {
                    if ended.is_err() {
                        *self.failed.lock().unwrap_or_else(PoisonError::into_inner) = true;
                    }
                    return (said, ended);
                }
            };
            tries_left -= 1;
            if Instant::now() + wait >= deadline.first {
                *self.failed.lock().unwrap_or_else(PoisonError::into_inner) = true;
                return (said, ended);
            }
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = self.start.running.cancelled().cancelled() => return (said, Err(Fault::Cancelled)),
            }
        }
    }

    async fn try_once(
        &self,
        purpose: &'static str,
        template: &Template,
        question: &Question,
        deadline: Deadline,
        on_text: &mut (dyn FnMut(&str) -> ControlFlow<()> + Send),
    ) -> (Said, Result<(), Fault>) {
        if self.start.running.cancelled().is_cancelled() {
            return (Said::default(), Err(Fault::Cancelled));
        }
        let session = &self.opened.session;
        let (began, clock_began) = (Instant::now(), self.app.clock.now());
        let call = NewCall {
            id: Uuid::now_v7().simple().to_string(),
            organisation: session.organisation.clone(),
            application: session.application.clone(),
            session: session.id,
            turn: Some(self.turn),
            interface: "chat",
            purpose,
            template: template.name,
            template_version: template.version,
            model: self.endpoint.settings.name.clone(),
            started_at: clock_began,
        };
        let id = call.id.clone();
        let mut unit = self.start.unit();
        ledger::open(&mut unit.statements, &call);
        if let Err(error) = unit.write(self.app).await {
            // What cannot be counted is not called.
            tracing::warn!(session.id = %session.id, %error, "a call was not written down and not made");
            return (Said::default(), Err(Fault::Busy));
        }
        let (said, ended) = self
            .endpoint
            .ask(question, deadline, self.start.running.cancelled(), on_text)
            .await;
        let took = |at: Instant| clock_began.plus(at.saturating_duration_since(began));
        let row = self.row(question, &said, ended, said.first.map(took));
        self.app.usage.spent(
            &session.application,
            clock_began,
            row.input_tokens + row.output_tokens,
            0,
        );
        self.ended
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push((id, row));
        let outcome = ended.map_or_else(Fault::code, |()| "done");
        metrics::counter!("anteroom_model_calls_total", "purpose" => purpose, "outcome" => outcome)
            .increment(1);
        metrics::histogram!("anteroom_model_call_seconds", "purpose" => purpose)
            .record(began.elapsed().as_secs_f64());
        if let Err(fault) = ended {
            tracing::warn!(session.id = %session.id, turn.id = %self.turn, purpose, fault = fault.code(), "a model's call did not end well");
        }
        (said, ended)
    }

    fn row(
        &self,
        question: &Question,
        said: &Said,
        ended: Result<(), Fault>,
        first_at: Option<Millis>,
    ) -> Ended {
        let settings = &self.endpoint.settings;
        // A call that never reached the host, or was refused there, cost nothing.
        let reached = said.first.is_some()
            || matches!(
                ended,
                Ok(()) | Err(Fault::FirstToken | Fault::Cancelled | Fault::Cut | Fault::Whole)
            );
        let (input_tokens, output_tokens) = said.tokens.unwrap_or_else(|| {
            let sent = question
                .messages
                .iter()
                .map(|message| estimate(&message.content))
                .sum();
            if reached && said.bytes_sent > 0 {
                (sent, estimate(&said.text))
            } else {
                (0, 0)
            }
        });
        Ended {
            status: ended.map_or_else(Fault::code, |()| "done"),
            request_id: said.request_id.clone(),
            first_at,
            input_tokens,
            output_tokens,
            is_estimate: said.tokens.is_none(),
            audio_ms: 0,
            bytes_sent: said.bytes_sent as u64,
            bytes_received: said.bytes_received as u64,
            price: crate::usage::price(input_tokens, settings.price_input)
                + crate::usage::price(output_tokens, settings.price_output),
        }
    }
}

/// How long a second try waits: as long as the server asked for, or a moment that differs from call to call.
fn pause(fault: Fault) -> Duration {
    let jitter = Uuid::now_v7().as_bytes()[15];
    let own = RETRY_AFTER + RETRY_AFTER * u32::from(jitter) / 255;
    match fault {
        Fault::TooMany(Some(wait)) => wait.max(own),
        _ => own,
    }
}

/// About how many tokens a text is, where the server does not say: a Chinese character one, four other letters one.
fn estimate(text: &str) -> u64 {
    let (mut han, mut other) = (0_u64, 0_u64);
    for character in text.chars() {
        if consult::read::tokens::is_han(character) {
            han += 1;
        } else {
            other += 1;
        }
    }
    han + other.div_ceil(4)
}
