//! Creating, resuming and ending a session.

use serde::{Deserialize, Serialize};

use crate::Language;

/// Biological sex as far as a rule turns on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
    /// A value this reader does not know; treated as not told.
    #[serde(other)]
    Unknown,
}

/// Who the visit is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// The person typing.
    Me,
    /// A child of the person typing.
    Child,
    /// Somebody else.
    Other,
    /// A value this reader does not know; treated as not told.
    #[serde(other)]
    Unknown,
}

/// What is known of the patient. Everything may be absent.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Profile {
    /// Who it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Subject>,
    /// Age in months, 0 to 1440 (120 years).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age_months: Option<u32>,
    /// Sex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sex: Option<Sex>,
    /// Pregnant, if told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pregnant: Option<bool>,
}

/// A consent as given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConsentGiven {
    /// Purpose code.
    pub purpose: String,
    /// Version of the text shown.
    pub version: u32,
    /// Language it was shown in.
    pub language: Language,
    /// Lower-case hex SHA-256 of the text shown.
    pub sha256: String,
    /// By whom: the patient, a guardian for a child, somebody with the patient's knowledge.
    pub by: ConsentBy,
}

/// Who consented.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ConsentBy {
    /// The patient.
    Patient,
    /// A parent or guardian.
    Guardian,
    /// Another adult, with the patient's knowledge.
    WithKnowledge,
    /// Another adult, in an emergency.
    Emergency,
}

/// `POST /api/v1/sessions`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewSession {
    /// Client-made UUID: a lost answer is repeated, not doubled.
    pub id: String,
    /// Application id.
    pub application: String,
    /// Language of the page.
    pub locale: Language,
    /// Consents given; `service` must be among them.
    pub consents: Vec<ConsentGiven>,
    /// Profile, as far as told.
    #[serde(default)]
    pub profile: Profile,
    /// Code of a link of the hospital's, which works once: the session begins with the interview and what the link carries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// Client-made secret, 32 random bytes in lower-case hex: who repeats the call must know it to get a token again.
    pub client_secret: String,
}

/// The answer: the token, once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreatedSession {
    /// Session id.
    pub id: String,
    /// Bearer token.
    pub token: String,
    /// Receipt code for withdrawal and erasure without sign-in.
    pub receipt: String,
}

/// `POST /api/v1/sessions/{id}/codes`: a code with which another device goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResumeCode {
    /// Ten letters and digits, shown in two groups. It works once.
    pub code: String,
    /// RFC 3339 time it stops working.
    pub expires_at: String,
}

/// `POST /api/v1/codes`: a code as typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TypedCode {
    /// Application whose page it was typed into; a code of another one is none here.
    pub application: String,
    /// Case, spaces and hyphens do not count.
    pub code: String,
}

/// The session a code opened, with a token of its own for this device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResumedSession {
    /// Session id.
    pub id: String,
    /// Bearer token.
    pub token: String,
    /// Receipt code for withdrawal and erasure without sign-in.
    pub receipt: String,
}

/// Where a session stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SessionStatus {
    /// Waiting for the patient.
    Open,
    /// An emergency card is on the screen; only "this is not right" goes on.
    Alerted,
    /// Guidance was given; more words open it again.
    Guided,
    /// The history is taken; the report waits to be checked and submitted.
    Reported,
    /// The report was submitted; a correction makes a new version.
    Submitted,
    /// Ended: consent withdrawn or time over.
    Ended,
    /// A status this reader does not know.
    #[serde(other)]
    Unknown,
}

/// `GET /api/v1/sessions/{id}`: state for resuming.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionState {
    /// Session id.
    pub id: String,
    /// Application id.
    pub application: String,
    /// Where it stands.
    pub status: SessionStatus,
    /// Highest `seq` of an event the patient may see.
    pub last_seq: u64,
    /// Profile as known.
    pub profile: Profile,
    /// Consents alive.
    pub consents: Vec<String>,
    /// A turn still running, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub running_turn: Option<String>,
    /// RFC 3339 time it was created.
    pub created_at: String,
    /// RFC 3339 time it will be deleted.
    pub expires_at: String,
}

/// `POST /api/v1/sessions/{id}/feedback`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Feedback {
    /// Whether it helped.
    pub helpful: bool,
    /// Reason code: `wrong_department`, `too_many_questions`, `not_understood`, `other`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// `PUT /api/v1/sessions/{id}/consents/{purpose}`: gives a consent that was not given with the session, or withdraws one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConsentChange {
    /// Whether it is given or withdrawn.
    pub given: bool,
    /// The consent as given; absent when withdrawing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<ConsentGiven>,
}
