//! What the patient sees of a visit, folded from events: one reducer for live, re-attached and resumed streams.
//!
//! Pure: no page, no network. An event with a `seq` already seen changes nothing, so any stream may be replayed.

use wire::Localized;
use wire::event::{
    Alert, Answer, Crisis, Event, Failed, Message, Notice, PatientSaid, SequencedEvent,
};
use wire::guidance::Guidance;
use wire::question::Question;
use wire::session::{Profile, SessionStatus};
use wire::turn::Input;

/// One line of what was said so far.
#[derive(Debug, Clone, PartialEq)]
pub enum Entry {
    /// A question that was answered.
    Asked(Question),
    /// What the patient said or chose.
    Said {
        /// The words.
        shown: Localized,
        /// Whether they were typed, not tapped.
        typed: bool,
    },
    /// What the patient asked about the hospital, with nothing of the illness in it.
    Inquired(Localized),
    /// An answer about the hospital.
    Answered(Answer),
    /// A message of the service.
    Message(Message),
    /// Something worth knowing.
    Notice(Notice),
    /// Guidance was given here and more was said afterwards.
    Guided(Localized),
}

/// An input as the gate in the browser hears it again: with what was open when it was said.
#[derive(Debug, Clone, PartialEq)]
pub struct Spoken {
    /// The input.
    pub input: Input,
    /// The question that was open.
    pub question: Option<Question>,
    /// Rules of the card that was open.
    pub rules: Vec<String>,
}

/// What a failed turn puts back.
#[derive(Debug, Clone, PartialEq)]
struct Before {
    entries: Vec<Entry>,
    question: Option<Question>,
    guidance: Option<Guidance>,
    alert: Option<Alert>,
    report: bool,
}

/// The state of the visit on the screen.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ChatState {
    /// Highest `seq` seen.
    pub last_seq: u64,
    /// What was said, oldest first.
    pub entries: Vec<Entry>,
    /// The question open now.
    pub question: Option<Question>,
    /// The guidance, if it is the last word.
    pub guidance: Option<Guidance>,
    /// The card of the server.
    pub alert: Option<Alert>,
    /// The card of the gate in the browser, shown before the server answers.
    pub local_alert: Option<Alert>,
    /// The history is taken: the report is on the screen.
    pub report: bool,
    /// A card was called not right: its number stays on the screen.
    pub banner: bool,
    /// Help beside the talk.
    pub crisis: Option<Crisis>,
    /// The patient, as known.
    pub profile: Profile,
    /// Whether who it is for was told or passed over.
    pub introduced: bool,
    /// Where the session stands.
    pub status: Option<SessionStatus>,
    /// Words under way.
    pub streaming: String,
    /// The last turn ended without an answer.
    pub failed: Option<Failed>,
    /// Everything said, for the gate.
    pub spoken: Vec<Spoken>,
    before: Option<Box<Before>>,
}

impl ChatState {
    /// A visit in which nothing was said yet.
    #[must_use]
    pub fn new(profile: Profile) -> Self {
        Self {
            profile,
            ..Self::default()
        }
    }

    /// Takes one event. Answers whether anything may have changed.
    pub fn apply(&mut self, sequenced: &SequencedEvent) -> bool {
        if let Some(seq) = sequenced.seq {
            if seq <= self.last_seq {
                return false;
            }
            self.last_seq = seq;
        }
        match &sequenced.event {
            Event::PatientSaid(said) => self.said(said),
            Event::Alert(alert) => {
                self.status = Some(SessionStatus::Alerted);
                self.alert = Some(alert.clone());
            }
            Event::Crisis(crisis) => self.crisis = Some(crisis.clone()),
            Event::Delta(delta) => self.streaming.push_str(&delta.text),
            Event::Message(message) => {
                self.streaming.clear();
                self.entries.push(Entry::Message(message.clone()));
            }
            Event::Answer(answer) => self.answered(answer),
            Event::ReportReady(_) => {
                self.question = None;
                self.report = true;
            }
            Event::ReportSubmitted(_) => {}
            Event::Question(question) => {
                self.report = false;
                self.guidance = None;
                self.question = Some(question.clone());
            }
            Event::Guidance(guidance) => {
                self.report = false;
                self.question = None;
                self.guidance = Some(guidance.clone());
            }
            Event::Profile(changed) => self.profile = changed.profile.clone(),
            Event::Notice(notice) => self.entries.push(Entry::Notice(notice.clone())),
            Event::Done(done) => {
                self.status = Some(done.status);
                self.streaming.clear();
                self.before = None;
            }
            Event::Failed(failed) => self.fail(failed),
            Event::Unknown => return false,
        }
        true
    }

    /// Shows the card of the gate in the browser at once.
    pub fn raise(&mut self, alert: Alert) {
        self.local_alert = Some(alert);
    }

    /// The card on the screen: the server's, which knows the names of findings, else the browser's.
    #[must_use]
    pub fn card(&self) -> Option<&Alert> {
        self.alert.as_ref().or(self.local_alert.as_ref())
    }

    /// Whether there is an answer that could be taken back.
    #[must_use]
    pub fn can_go_back(&self) -> bool {
        self.entries
            .iter()
            .any(|entry| matches!(entry, Entry::Said { .. }))
    }

    /// Whether the last word is an answer about the hospital.
    #[must_use]
    pub fn has_just_answered(&self) -> bool {
        matches!(self.entries.last(), Some(Entry::Answered(_)))
    }

    /// The words of the patient, oldest first.
    pub fn words(&self) -> impl Iterator<Item = &Localized> {
        self.entries.iter().filter_map(|entry| match entry {
            Entry::Said { shown, typed: true } => Some(shown),
            _ => None,
        })
    }

    fn said(&mut self, said: &PatientSaid) {
        self.failed = None;
        self.before = Some(Box::new(Before {
            entries: self.entries.clone(),
            question: self.question.clone(),
            guidance: self.guidance.clone(),
            alert: self.alert.clone(),
            report: self.report,
        }));
        self.spoken.push(Spoken {
            input: said.input.clone(),
            question: self.question.clone(),
            rules: self
                .card()
                .map(|alert| alert.rules.clone())
                .unwrap_or_default(),
        });
        match &said.input {
            Input::Profile(profile) => {
                self.profile = profile.clone();
                self.introduced = true;
            }
            Input::Back {} => {
                self.report = false;
                self.take_back();
            }
            Input::NotRight(correction) => {
                self.alert = None;
                self.local_alert = None;
                self.banner = true;
                if let Some(text) = &correction.text {
                    self.entries.push(Entry::Said {
                        shown: Localized::new(text, text),
                        typed: true,
                    });
                }
            }
            // Set right where it stands: nothing is said in the talk.
            Input::Correct(_) | Input::Strike(_) | Input::Restore(_) => {}
            input => {
                self.report = false;
                if let Some(guidance) = self.guidance.take() {
                    self.entries.push(Entry::Guided(guidance.level_name));
                }
                if let Some(question) = self.question.take() {
                    self.entries.push(Entry::Asked(question));
                }
                self.entries.push(Entry::Said {
                    shown: said.shown.clone(),
                    typed: matches!(input, Input::Text(_)),
                });
            }
        }
    }

    /// An answer about the hospital. Words that only asked for it are no answer to the question before them, and no step back
    /// leads to them.
    fn answered(&mut self, answer: &Answer) {
        self.streaming.clear();
        if answer.alone
            && let Some(Entry::Said { shown, .. }) = self.entries.last()
        {
            let shown = shown.clone();
            self.entries.pop();
            // They come again behind the answer.
            while matches!(
                self.entries.last(),
                Some(Entry::Asked(_) | Entry::Guided(_))
            ) {
                self.entries.pop();
            }
            self.entries.push(Entry::Inquired(shown));
        }
        self.entries.push(Entry::Answered(answer.clone()));
    }

    /// Removes the last answer with its question and what followed. The question comes again as an event.
    fn take_back(&mut self) {
        self.guidance = None;
        self.alert = None;
        self.local_alert = None;
        self.question = None;
        let Some(place) = self
            .entries
            .iter()
            .rposition(|entry| matches!(entry, Entry::Said { .. }))
        else {
            return;
        };
        let asked = place
            .checked_sub(1)
            .is_some_and(|before| matches!(self.entries[before], Entry::Asked(_)));
        self.entries.truncate(if asked { place - 1 } else { place });
        // A line that says guidance was given here would point at nothing.
        if matches!(self.entries.last(), Some(Entry::Guided(_))) {
            self.entries.pop();
        }
    }

    fn fail(&mut self, failed: &Failed) {
        self.streaming.clear();
        self.failed = Some(failed.clone());
        if let Some(before) = self.before.take() {
            self.entries = before.entries;
            self.question = before.question;
            self.guidance = before.guidance;
            self.alert = before.alert;
            self.report = before.report;
            self.spoken.pop();
        }
    }
}

#[cfg(test)]
mod tests;
