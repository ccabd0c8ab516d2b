//! The events of a session, the same for live streams, re-attached streams and JSON arrays.

use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Serialize};

use crate::Localized;
use crate::guidance::Guidance;
use crate::question::Question;
use crate::turn::Input;

/// How the card tells people to move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AlertLevel {
    /// Go to the emergency department now, not driving oneself.
    GoNow,
    /// Call the ambulance now.
    CallNow,
    /// A level this reader does not know; shown as *call now*.
    #[serde(other)]
    Unknown,
}

/// What the patient said or answered, as recorded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PatientSaid {
    /// The input as sent, cleaned.
    pub input: Input,
    /// How it reads in the transcript, for answers that were tapped.
    pub shown: Localized,
    /// Client-made id of the turn.
    pub turn_id: String,
}

/// The emergency card. It stops the interview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Alert {
    /// Rules that fired, most serious first.
    pub rules: Vec<String>,
    /// How to move.
    pub level: AlertLevel,
    /// Heading.
    pub title: Localized,
    /// What to do now, in at most three sentences.
    pub words: Localized,
    /// The findings behind it with the patient's words, for the slip.
    pub reasons: Vec<crate::guidance::Reason>,
}

/// The crisis card. It adds help; the talk goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Crisis {
    /// Rules that fired.
    pub rules: Vec<String>,
    /// Heading.
    pub title: Localized,
    /// Whom to call and who should be near.
    pub words: Localized,
    /// Whether somebody may be watching: only then is a quick exit offered.
    pub quick_exit: bool,
}

/// A piece of a message under way. Not stored: the message replaces it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Delta {
    /// The next words.
    pub text: String,
}

/// What a message is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    /// Ordinary words before a question or guidance.
    Plain,
    /// Nothing was understood: please say it in other words.
    Rephrase,
    /// Still nothing: pick from the list or the body map.
    OfferList,
    /// Still nothing: here is the triage desk.
    TriageDesk,
    /// The interview goes on although an alert was shown and corrected.
    BannerStays,
    /// A kind this reader does not know.
    #[serde(other)]
    Unknown,
}

/// A finished message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Message {
    /// What it is for.
    pub kind: MessageKind,
    /// The words.
    pub text: Localized,
    /// Name and version of the template a model wrote it by (`phrase/1`); absent where the words are the reviewed ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
}

/// Where an answer about the hospital comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// The hospital's frequently asked questions.
    Faq,
    /// A department's record.
    Department,
    /// A hospital's record.
    Hospital,
    /// A doctor's record.
    Doctor,
    /// A source this reader does not know.
    #[serde(other)]
    Unknown,
}

/// One source of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Source {
    /// What it is.
    pub kind: SourceKind,
    /// Id of the record.
    pub id: String,
    /// Its title: the question, or the name.
    pub title: Localized,
}

/// An answer to a question about the hospital. The interview goes on after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Answer {
    /// The words; where nothing was found they say so and how to reach the desk.
    pub text: Localized,
    /// Where it stands in the hospital's own content, best first; empty if nothing was found.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<Source>,
    /// Nothing else was in the patient's words: what was asked before them is asked again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub alone: bool,
    /// Name and version of the template a model wrote it by; absent where it is the passage itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
}

/// Age, sex and who it is for, as known now. Sent when something read from text changed it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProfileChanged {
    /// The whole profile as known now.
    pub profile: crate::session::Profile,
}

/// Something the patient should know but need not act on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Notice {
    /// Stable code, for example `limit_near`, `fallback`.
    pub code: String,
    /// The words.
    pub text: Localized,
}

/// How far the report is. It is read from the session itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReportState {
    /// The version submitted; absent while it is a draft.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
}

/// The turn is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Done {
    /// The turn that ended.
    pub turn_id: String,
    /// Status of the session afterwards.
    pub status: crate::session::SessionStatus,
}

/// The turn ended without an answer; the session is as before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Failed {
    /// The turn that ended.
    pub turn_id: String,
    /// Stable code, as in problem documents.
    pub code: String,
}

macro_rules! events {
    ($( $(#[$doc:meta])* $variant:ident($inner:ty) = $tag:literal ),+ $(,)?) => {
        /// One event a patient's page receives.
        #[derive(Debug, Clone, PartialEq, Serialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum Event {
            $( $(#[$doc])* #[serde(rename = $tag)] $variant($inner), )+
            /// A kind this reader does not know; it is skipped.
            #[serde(rename = "unknown")]
            Unknown,
        }

        impl Event {
            /// The tag, which is the `event:` name in a stream.
            #[must_use]
            pub fn tag(&self) -> &'static str {
                match self { $( Self::$variant(_) => $tag, )+ Self::Unknown => "unknown" }
            }

            /// The inner value as JSON, which is the `data:` of a stream.
            ///
            /// # Errors
            /// Only if a value cannot be written as JSON, which these types never meet.
            pub fn data(&self) -> Result<String, serde_json::Error> {
                match self { $( Self::$variant(inner) => serde_json::to_string(inner), )+ Self::Unknown => Ok("{}".to_owned()) }
            }

            /// Rebuilds an event from the `event:` name and `data:` of a stream. An unknown name is `Unknown`.
            ///
            /// # Errors
            /// If the data is not of the name's shape.
            pub fn from_parts(tag: &str, data: &str) -> Result<Self, serde_json::Error> {
                match tag { $( $tag => serde_json::from_str(data).map(Self::$variant), )+ _ => Ok(Self::Unknown) }
            }
        }

        impl<'de> Deserialize<'de> for Event {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Tagged;
                impl<'de> Visitor<'de> for Tagged {
                    type Value = Event;
                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        formatter.write_str("an object with the event's tag as its only key")
                    }
                    fn visit_str<E: serde::de::Error>(self, _: &str) -> Result<Event, E> {
                        Ok(Event::Unknown)
                    }
                    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Event, A::Error> {
                        let Some(tag) = map.next_key::<String>()? else { return Ok(Event::Unknown) };
                        let event = match tag.as_str() {
                            $( $tag => Event::$variant(map.next_value()?), )+
                            _ => { map.next_value::<IgnoredAny>()?; Event::Unknown }
                        };
                        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                        Ok(event)
                    }
                }
                deserializer.deserialize_any(Tagged)
            }
        }
    };
}

events! {
    /// What the patient said.
    PatientSaid(PatientSaid) = "patient_said",
    /// The emergency card.
    Alert(Alert) = "alert",
    /// The crisis card.
    Crisis(Crisis) = "crisis",
    /// Words under way.
    Delta(Delta) = "delta",
    /// A finished message.
    Message(Message) = "message",
    /// A question.
    Question(Question) = "question",
    /// Where to go.
    Guidance(Guidance) = "guidance",
    /// An answer about the hospital.
    Answer(Answer) = "answer",
    /// The history is taken: the report can be checked, set right and submitted.
    ReportReady(ReportState) = "report_ready",
    /// The report was submitted.
    ReportSubmitted(ReportState) = "report_submitted",
    /// The profile changed.
    Profile(ProfileChanged) = "profile",
    /// A notice.
    Notice(Notice) = "notice",
    /// The turn ended well.
    Done(Done) = "done",
    /// The turn ended without an answer.
    Failed(Failed) = "failed",
}

/// An event with its place in the session's log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SequencedEvent {
    /// Place in the log, rising from 1; the `id:` of a stream. Absent on `delta`, which is not stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
    /// The event.
    pub event: Event,
}
