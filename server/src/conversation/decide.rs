//! What a turn comes to: heard by our own reader and, beside it, by a model; judged by the engine; put into events.
//!
//! The reviewed words are there before a model is asked for kinder ones. An emergency card and a crisis card wait for
//! nobody: where our own reader shows one, no model is asked at all.

use consult::report::{Entry, Line, Logged};
use consult::state::{Heard, State};
use consult::{Decision, next};
use wire::Localized;
use wire::event::{Done, Event, Message, MessageKind, ProfileChanged, ReportState};
use wire::session::SessionStatus;
use wire::turn::{Input, NotRight};

use super::inquiry::{self, Inquiry};
use super::situation::Situation;
use super::{Opened, run, words};
use crate::App;
use crate::directory::words::localized;
use crate::ids::TurnId;
use crate::model::assistant::Assistant;
use crate::model::guard::Step;
use crate::model::polishing;
use crate::store::StoreError;
use crate::store::events::NewEvent;
use crate::store::sessions::TurnOutcome;

/// What a turn comes to.
#[derive(Debug)]
pub struct Decided {
    /// Events only staff see: what was heard, by whom, and what was decided.
    pub records: Vec<NewEvent>,
    /// Events for the patient, the turn's end last.
    pub events: Vec<Event>,
    /// What is left on the session's row.
    pub outcome: TurnOutcome,
}

/// Everything a decision rests on.
struct Turn<'a> {
    app: &'a App,
    opened: &'a Opened,
    input: &'a Input,
    situation: &'a Situation,
    assistant: Option<&'a Assistant<'a>>,
}

/// What was heard and judged.
struct Judged {
    heard: Heard,
    state: State,
    decision: Decision,
    inquiry: Option<Inquiry>,
    records: Vec<NewEvent>,
}

/// Decides a turn, with a model beside if there is one.
///
/// # Errors
/// If the store fails.
pub async fn decide(
    app: &App,
    opened: &Opened,
    turn: TurnId,
    input: &Input,
    situation: &Situation,
    assistant: Option<&Assistant<'_>>,
) -> Result<Decided, StoreError> {
    let before = situation.state();
    let here = Turn {
        app,
        opened,
        input,
        situation,
        assistant,
    };
    let Judged {
        heard,
        state,
        decision,
        inquiry,
        mut records,
    } = here.judge(&before).await?;
    let record = decision.record(&app.knowledge);
    records.insert(0, NewEvent::staff("heard", &heard)?);
    records.push(NewEvent::staff("decided", &record)?);

    let mut events = Vec::new();
    let profile = words::profile(&state);
    if !matches!(input, Input::Profile(_)) && profile != words::profile(&before) {
        events.push(Event::Profile(ProfileChanged { profile }));
    }
    if !decision.crisis.is_empty() {
        let card = words::crisis(&decision.crisis);
        let shown = situation.crisis.as_ref();
        if shown.is_none_or(|shown| shown.rules != card.rules) {
            events.push(Event::Crisis(card));
        }
    }
    if heard.not_right && !matches!(decision.step, consult::Step::Alert(_)) {
        events.push(here.message(MessageKind::BannerStays, "banner_stays"));
    }
    if let Some(inquiry) = &inquiry {
        let answer = inquiry::answer(app, opened, inquiry, assistant).await?;
        events.push(Event::Answer(answer));
    }
    let place = events.len();
    let status = here
        .step_events(&state, &decision, heard.inquiry, &mut events)
        .await?;
    let outcome = TurnOutcome {
        status,
        care_level: (decision.assessment.care_level)
            .map(|level| words::care_level_code(level).to_owned()),
        step: record.step.clone(),
        tokens: 0,
    };
    let reviewed = if inquiry.is_some() || shows_a_card(&decision) {
        None
    } else {
        reviewed_of(&decision, &events[place..])
    };
    let sentences = here.to_polish(&decision, &heard).await?;
    // A model takes seconds, and many talk at once: what the judgement rested on is not kept until then.
    drop((heard, state, decision, inquiry, record, before));
    if let Some((kind, reviewed)) = reviewed
        && let Some(kinder) = here.kinder(kind, reviewed).await?
    {
        match &mut events[place] {
            Event::Message(message) => *message = kinder,
            _ => events.insert(place, Event::Message(kinder)),
        }
    }
    if let Some(assistant) = assistant.filter(|_| !sentences.is_empty()) {
        let record = assistant.polish(&sentences, here.language()).await;
        records.push(NewEvent::staff(polishing::KIND, &record)?);
    }
    events.push(Event::Done(Done {
        turn_id: turn.text(),
        status,
    }));
    Ok(Decided {
        records,
        events,
        outcome,
    })
}

/// Whether a card of the engine's own is due: then only reviewed words are said.
fn shows_a_card(decision: &Decision) -> bool {
    matches!(decision.step, consult::Step::Alert(_)) || !decision.crisis.is_empty()
}

/// The sentence of a step that a model may put more kindly. What tells how urgent it is and where to go is never put otherwise.
fn reviewed_of(decision: &Decision, shown: &[Event]) -> Option<(MessageKind, Localized)> {
    match (&decision.step, shown.first()?) {
        (consult::Step::Question(question), Event::Question(_)) => {
            Some((MessageKind::Plain, localized(&question.text)))
        }
        (_, Event::Message(message)) => Some((message.kind, message.text.clone())),
        _ => None,
    }
}

impl Turn<'_> {
    fn language(&self) -> &str {
        &self.opened.session.locale
    }

    fn judged(&self, heard: &Heard) -> (State, Decision) {
        let state = State::fold(self.situation.heard.iter().chain([heard]));
        let settings = consult::Settings {
            budget: self.opened.session.question_budget,
            self_care: self.opened.session.self_care,
        };
        let decision = next(&self.app.knowledge, &state, settings);
        (state, decision)
    }

    /// Hears with our own reader, then beside it with a model, and judges.
    async fn judge(&self, before: &State) -> Result<Judged, StoreError> {
        let knowledge = &self.app.knowledge;
        let spoken = words::heard_input(self.situation.question.as_ref(), self.input);
        let mut heard = knowledge.hear(before, &spoken);
        if heard.not_right {
            let alert = self.situation.alert.as_ref();
            heard.disputed = alert.map(|alert| alert.rules.clone()).unwrap_or_default();
        }
        let (state, decision) = self.judged(&heard);
        let mut judged = Judged {
            heard,
            state,
            decision,
            inquiry: None,
            records: Vec::new(),
        };
        let Some(text) = spoken.text().filter(|_| !shows_a_card(&judged.decision)) else {
            return Ok(judged);
        };
        let first = judged.heard.clone();
        // An answer to a question of the history is an answer, whatever it sounds like.
        if consult::interview::is_item_question(
            self.situation.question.as_ref().map(|one| one.id.as_str()),
        ) {
            return Ok(judged);
        }
        if matches!(self.input, Input::Text(_)) {
            judged.inquiry = inquiry::recognise(self.app, self.opened, text, &judged.heard).await?;
        }
        // Words that only ask about the hospital hold nothing for a reader, and need not leave.
        let alone = judged.inquiry.as_ref().is_some_and(|inquiry| inquiry.alone);
        if let Some(assistant) = self.assistant.filter(|one| !alone && one.reads()) {
            self.read(assistant, before, text, &mut judged).await?;
        }
        if judged.inquiry.as_ref().is_some_and(|inquiry| inquiry.alone) {
            judged.heard = Heard::inquiry();
        }
        if judged.heard != first {
            (judged.state, judged.decision) = self.judged(&judged.heard);
        }
        Ok(judged)
    }

    async fn read(
        &self,
        assistant: &Assistant<'_>,
        before: &State,
        text: &str,
        judged: &mut Judged,
    ) -> Result<(), StoreError> {
        let (reading, mut record) = assistant.read(before, text, self.language()).await;
        if let Some(reading) = reading {
            let knowledge = &self.app.knowledge;
            let merged = knowledge.merge(before, text, &mut judged.heard, &reading.findings);
            record.added = merged.added;
            record.agreed = merged.agreed;
            record.conflicts = merged.conflicts;
            record.unknown = merged.unknown;
            record.denials = merged.denials;
            if let Some(words) = reading.inquiry.filter(|_| judged.inquiry.is_none()) {
                judged.inquiry =
                    inquiry::of_words(self.app, self.opened, text, words, &judged.heard).await?;
            }
        }
        judged.records.push(NewEvent::staff("read", &record)?);
        Ok(())
    }

    /// Kinder words, if a model has some that may be said.
    async fn kinder(
        &self,
        kind: MessageKind,
        reviewed: Localized,
    ) -> Result<Option<Message>, StoreError> {
        let Some(assistant) = self.assistant.filter(|one| one.phrases()) else {
            return Ok(None);
        };
        let language = self.language();
        // Only what was written goes out: a tapped answer and the profile are nobody's business.
        let said = match self.input {
            Input::Text(text) | Input::NotRight(NotRight { text: Some(text) }) => text.as_str(),
            _ => "",
        };
        let index = self.app.index_of(&self.opened.session).await?;
        let step = Step {
            language,
            reviewed: reviewed.get(language),
            said,
            names: Some(self.app.names.of(&self.opened.session, &index.directory)),
            is_answer: false,
        };
        let phrased = assistant.phrase(step, said).await;
        // A question stands there in its reviewed words anyway; of a message the reviewed sentence takes the refused one's place.
        let text = match (kind, phrased.whole) {
            (MessageKind::Plain, _) | (_, true) => phrased.text,
            (_, false) => joined(language, &phrased.text, reviewed.get(language)),
        };
        if text.is_empty() {
            return Ok(None);
        }
        let mut words = reviewed;
        words.0.insert(language.to_owned(), text);
        Ok(Some(Message {
            kind,
            text: words,
            template: Some(phrased.template),
        }))
    }

    /// Sentences of the report to be put more smoothly, when it is ready for the first time. None of them holds a word the patient typed.
    async fn to_polish(&self, decision: &Decision, heard: &Heard) -> Result<Vec<Line>, StoreError> {
        let polishes = self.assistant.is_some_and(Assistant::polishes);
        if !polishes || !matches!(decision.step, consult::Step::Report) {
            return Ok(Vec::new());
        }
        let mut reader = self.app.store.reader().await?;
        if self.opened.log.has(&mut reader, polishing::KIND).await? {
            return Ok(Vec::new());
        }
        drop(reader);
        let entries: Vec<Entry<'_>> = (1..)
            .zip(self.situation.heard.iter().chain([heard]))
            .map(|(seq, heard)| Entry {
                seq,
                logged: Logged::Heard(heard, None),
            })
            .collect();
        let draft = consult::report::report(&self.app.knowledge, &entries);
        Ok(polishing::sentences(draft.lines))
    }

    fn sentence(&self, name: &str) -> Localized {
        localized(&self.app.knowledge.sentence(name))
    }

    fn message(&self, kind: MessageKind, sentence: &str) -> Event {
        Event::Message(Message {
            kind,
            text: self.sentence(sentence),
            template: None,
        })
    }

    /// The events of the step, and where the session then stands.
    async fn step_events(
        &self,
        state: &State,
        decision: &Decision,
        is_inquiry: bool,
        events: &mut Vec<Event>,
    ) -> Result<SessionStatus, StoreError> {
        let knowledge = &self.app.knowledge;
        let opening = || {
            Event::Question(words::question(&consult::ask::complaint_question(
                knowledge,
            )))
        };
        match &decision.step {
            consult::Step::Alert(fired) => {
                events.push(Event::Alert(words::alert(knowledge, state, fired)));
                return Ok(SessionStatus::Alerted);
            }
            consult::Step::Question(asked) => {
                events.push(Event::Question(words::question(asked)));
            }
            consult::Step::Guidance => {
                let index = self.app.index_of(&self.opened.session).await?;
                let session = &self.opened.session;
                let now = run::local_time(self.app.clock.now(), &session.time_zone);
                let assessment = &decision.assessment;
                let guided = consult::guide::guide(knowledge, &index, state, assessment, now);
                let guidance = words::guidance(&index.directory, &guided);
                events.push(Event::Guidance(guidance));
                return Ok(SessionStatus::Guided);
            }
            // Nothing was said yet, or something that is no complaint was answered: the question that opens the talk.
            consult::Step::Rephrase | consult::Step::OfferList | consult::Step::TriageDesk
                if is_inquiry =>
            {
                events.push(opening());
            }
            consult::Step::Rephrase if state.misses == 0 => events.push(opening()),
            consult::Step::Rephrase => {
                events.push(self.message(MessageKind::Rephrase, "rephrase"));
            }
            consult::Step::OfferList => {
                events.push(self.message(MessageKind::OfferList, "offer_list"));
                events.push(opening());
            }
            consult::Step::TriageDesk => {
                events.push(self.message(MessageKind::TriageDesk, "triage_desk"));
            }
            consult::Step::Report => {
                events.push(Event::ReportReady(ReportState::default()));
                return Ok(SessionStatus::Reported);
            }
        }
        Ok(SessionStatus::Open)
    }
}

/// What passed of a message, then its reviewed sentence.
fn joined(language: &str, passed: &str, reviewed: &str) -> String {
    match (passed.is_empty(), language) {
        (true, _) => reviewed.to_owned(),
        (false, "zh") => format!("{passed}{reviewed}"),
        (false, _) => format!("{passed} {reviewed}"),
    }
}
