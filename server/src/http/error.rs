//! Every status code there is: errors as problem documents, and the few successes that are not 200.
//!
//! Nothing else in the server names a status. An error carries a stable code for the page; the request id is added on
//! the way out, and no text of a patient ever stands in one.

use axum::http::header::{CONTENT_TYPE, LOCATION, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use wire::problem::{FieldProblem, Problem};

use crate::conversation::TurnError;
use crate::conversation::begin::BeginError;
use crate::ids::TurnId;
use crate::keys::KeyError;
use crate::links::LinkError;
use crate::privacy::ConsentError;
use crate::report::ReportError;
use crate::report::photos::{PhotoError, PictureError};
use crate::speech::recognise::SpeechError;
use crate::staff::StaffError;
use crate::store::StoreError;

/// What a request can end with, if not well.
#[derive(Debug)]
pub enum ApiError {
    /// 400: the body is not JSON of the expected shape.
    BadJson,
    /// 400: the request cannot be read at all (path, query, broken body).
    BadRequest,
    /// 401: no token was shown.
    NoToken,
    /// 401: nobody is signed in, or not any more.
    SignedOut,
    /// 401: login or password, or the code, is not right.
    WrongCredentials,
    /// 403: the second factor is missing.
    SecondFactorMissing,
    /// 403: signed in, and not allowed.
    NotAllowed,
    /// 403: a write without the header that only our own page can set.
    HeaderMissing,
    /// 403: a write from another site.
    CrossSite,
    /// 403: the patient did not agree to it.
    ConsentMissing,
    /// 404: there is nothing here, or nothing this token opens.
    NotFound,
    /// 405: not with this method.
    MethodNotAllowed,
    /// 409: the session id is taken.
    SessionTaken,
    /// 409: another turn is running.
    TurnRunning(TurnId),
    /// 409: an emergency card is on the screen.
    Alerted,
    /// 404: no history was taken in this session.
    NoReport,
    /// 409: more was said since the report was read.
    ReportChanged,
    /// 410: the session has ended.
    SessionEnded,
    /// 413: the body is too large.
    TooLarge,
    /// 415: not JSON.
    NotJson,
    /// 415: no recording.
    NotAudio,
    /// 415: no photo.
    NotAPhoto,
    /// 422: the turn id was used for another input.
    TurnConflict,
    /// 422: the input does not fit; the code says how.
    Input(&'static str),
    /// 422: fields that do not fit.
    Fields(Vec<(String, &'static str)>),
    /// 429: too many requests; seconds to wait.
    TooMany(u64),
    /// 500: a fault of ours.
    Internal,
    /// 503: not ready, or shutting down.
    Unavailable,
    /// 503: speech is not available now.
    SpeechUnavailable,
    /// 507: the disk is full.
    DiskFull,
}

impl ApiError {
    #[expect(
        clippy::too_many_lines,
        reason = "one table of every error; cut in two it would be harder to read"
    )]
    fn parts(&self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::BadJson => (
                StatusCode::BAD_REQUEST,
                "bad_json",
                "The body is not JSON of the expected shape",
            ),
            Self::BadRequest => (
                StatusCode::BAD_REQUEST,
                "bad_request",
                "The request cannot be read",
            ),
            Self::NoToken => (
                StatusCode::UNAUTHORIZED,
                "token_missing",
                "A session token is needed",
            ),
            Self::SignedOut => (
                StatusCode::UNAUTHORIZED,
                "signed_out",
                "Nobody is signed in",
            ),
            Self::WrongCredentials => (
                StatusCode::UNAUTHORIZED,
                "wrong_credentials",
                "That does not fit",
            ),
            Self::SecondFactorMissing => (
                StatusCode::FORBIDDEN,
                "second_factor_missing",
                "The second factor is missing",
            ),
            Self::NotAllowed => (StatusCode::FORBIDDEN, "not_allowed", "Not with this role"),
            Self::HeaderMissing => (
                StatusCode::FORBIDDEN,
                "header_missing",
                "A write needs the header X-Anteroom",
            ),
            Self::CrossSite => (
                StatusCode::FORBIDDEN,
                "cross_site",
                "Writes from another site are refused",
            ),
            Self::ConsentMissing => (
                StatusCode::FORBIDDEN,
                "consent_missing",
                "The patient did not agree to it",
            ),
            Self::NotFound => (StatusCode::NOT_FOUND, "not_found", "There is nothing here"),
            Self::MethodNotAllowed => (
                StatusCode::METHOD_NOT_ALLOWED,
                "method_not_allowed",
                "Not with this method",
            ),
            Self::SessionTaken => (
                StatusCode::CONFLICT,
                "session_taken",
                "The session id is taken",
            ),
            Self::TurnRunning(_) => (
                StatusCode::CONFLICT,
                "turn_running",
                "Another turn is running",
            ),
            Self::Alerted => (
                StatusCode::CONFLICT,
                "alerted",
                "An emergency card is on the screen",
            ),
            Self::NoReport => (
                StatusCode::NOT_FOUND,
                "no_report",
                "No history was taken in this session",
            ),
            Self::ReportChanged => (
                StatusCode::CONFLICT,
                "report_changed",
                "More was said since the report was read",
            ),
            Self::SessionEnded => (StatusCode::GONE, "session_ended", "The session has ended"),
            Self::TooLarge => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "body_too_large",
                "The body is too large",
            ),
            Self::NotJson => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "not_json",
                "The body must be application/json",
            ),
            Self::NotAudio => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "not_audio",
                "The body must be a recording: webm, mp4, ogg or wav",
            ),
            Self::NotAPhoto => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "not_a_photo",
                "The body must be a photo: JPEG, PNG or WebP",
            ),
            Self::TurnConflict => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "turn_conflict",
                "The turn id was used for another input",
            ),
            Self::Input(code) => (
                StatusCode::UNPROCESSABLE_ENTITY,
                code,
                "The input does not fit",
            ),
            Self::Fields(_) => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "fields",
                "Some fields do not fit",
            ),
            Self::TooMany(_) => (
                StatusCode::TOO_MANY_REQUESTS,
                "too_many_requests",
                "Too many requests",
            ),
            Self::Internal => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "internal",
                "Something went wrong here",
            ),
            Self::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "unavailable", "Not ready"),
            Self::SpeechUnavailable => (
                StatusCode::SERVICE_UNAVAILABLE,
                "speech_unavailable",
                "Speech is not available now",
            ),
            Self::DiskFull => (
                StatusCode::INSUFFICIENT_STORAGE,
                "disk_full",
                "No room is left to store it",
            ),
        }
    }

    /// The problem document, without a request id.
    #[must_use]
    pub fn problem(&self) -> Problem {
        let (status, code, title) = self.parts();
        let fields = match self {
            Self::Fields(fields) => fields
                .iter()
                .map(|(field, code)| FieldProblem {
                    field: field.clone(),
                    code: (*code).to_owned(),
                })
                .collect(),
            _ => Vec::new(),
        };
        let turn_id = match self {
            Self::TurnRunning(turn) => Some(turn.text()),
            _ => None,
        };
        Problem {
            kind: "about:blank".to_owned(),
            title: title.to_owned(),
            status: status.as_u16(),
            code: code.to_owned(),
            request_id: None,
            fields,
            turn_id,
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let problem = self.problem();
        let mut response = self.parts().0.into_response();
        if let Self::TooMany(seconds) = self {
            response
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        // The outermost layer writes it, with the request id.
        response.extensions_mut().insert(problem);
        response
    }
}

/// Writes the problem document of an answer that is an error, whoever made it.
pub fn write_problem(mut response: Response, request_id: &str) -> Response {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let mut problem = response
        .extensions_mut()
        .remove::<Problem>()
        .unwrap_or_else(|| {
            // A rejection of a library, in plain text: only its status is kept.
            match status {
                StatusCode::NOT_FOUND => ApiError::NotFound,
                StatusCode::METHOD_NOT_ALLOWED => ApiError::MethodNotAllowed,
                StatusCode::PAYLOAD_TOO_LARGE => ApiError::TooLarge,
                StatusCode::UNSUPPORTED_MEDIA_TYPE => ApiError::NotJson,
                StatusCode::SERVICE_UNAVAILABLE => ApiError::Unavailable,
                other if other.is_client_error() => ApiError::BadRequest,
                _ => ApiError::Internal,
            }
            .problem()
        });
    problem.request_id = Some(request_id.to_owned());
    let status = StatusCode::from_u16(problem.status).unwrap_or(status);
    // These types always write as JSON; an empty body would still carry the status.
    let body = serde_json::to_vec(&problem).unwrap_or_default();
    let mut written = (status, body).into_response();
    for (name, value) in response.headers() {
        if *name != CONTENT_TYPE && *name != axum::http::header::CONTENT_LENGTH {
            written.headers_mut().append(name.clone(), value.clone());
        }
    }
    written.headers_mut().insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    written
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full => Self::DiskFull,
            StoreError::Closed => Self::Unavailable,
            // Erased between two looks.
            StoreError::Key(KeyError::NoSessionKey) => Self::NotFound,
            error => {
                tracing::error!(error = %chain(&error), "the store failed");
                Self::Internal
            }
        }
    }
}

/// An error with what caused it, once, for the log.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

impl From<TurnError> for ApiError {
    fn from(error: TurnError) -> Self {
        match error {
            TurnError::Input(code) => Self::Input(code),
            TurnError::Conflict => Self::TurnConflict,
            TurnError::Running(turn) => Self::TurnRunning(turn),
            TurnError::Alerted => Self::Alerted,
            TurnError::Ended => Self::SessionEnded,
            TurnError::Store(error) => error.into(),
        }
    }
}

impl From<ReportError> for ApiError {
    fn from(error: ReportError) -> Self {
        match error {
            ReportError::None => Self::NoReport,
            ReportError::Changed => Self::ReportChanged,
            ReportError::NotReady => Self::Input("report_not_ready"),
            ReportError::Running(turn) => Self::TurnRunning(turn),
            ReportError::Ended => Self::SessionEnded,
            ReportError::Store(error) => error.into(),
        }
    }
}

impl From<StaffError> for ApiError {
    fn from(error: StaffError) -> Self {
        match error {
            StaffError::Wrong => Self::WrongCredentials,
            StaffError::TooMany(seconds) => Self::TooMany(seconds),
            StaffError::Unknown => Self::NotFound,
            StaffError::Fields(fields) => Self::Fields(fields),
            StaffError::LastAdministrator => Self::Input("last_administrator"),
            StaffError::Store(error) => error.into(),
        }
    }
}

impl From<PhotoError> for ApiError {
    fn from(error: PhotoError) -> Self {
        match error {
            PhotoError::TooMany => Self::Input("too_many_photos"),
            PhotoError::Unknown => Self::NotFound,
            PhotoError::Picture(PictureError::NotAPicture) => Self::NotAPhoto,
            PhotoError::Picture(PictureError::Damaged) => Self::Input("photo_damaged"),
            PhotoError::Picture(PictureError::TooLarge) => Self::Input("photo_too_large"),
            PhotoError::Report(error) => error.into(),
        }
    }
}

impl From<ConsentError> for ApiError {
    fn from(error: ConsentError) -> Self {
        match error {
            ConsentError::NoPurpose => Self::NotFound,
            ConsentError::Fields(fields) => Self::Fields(fields),
            ConsentError::Ended => Self::SessionEnded,
            ConsentError::Store(error) => error.into(),
        }
    }
}

impl From<SpeechError> for ApiError {
    fn from(error: SpeechError) -> Self {
        match error {
            SpeechError::Unavailable => Self::SpeechUnavailable,
            SpeechError::NoConsent => Self::ConsentMissing,
            SpeechError::TooLarge => Self::TooLarge,
            SpeechError::NotAudio => Self::NotAudio,
            SpeechError::NothingHeard => Self::Input("nothing_heard"),
            SpeechError::Cut => Self::BadRequest,
            SpeechError::Store(error) => error.into(),
        }
    }
}

impl From<LinkError> for ApiError {
    fn from(error: LinkError) -> Self {
        match error {
            LinkError::Fields(fields) => Self::Fields(fields),
            LinkError::NoInterview => Self::Input("no_pre_consultation"),
            LinkError::Store(error) => error.into(),
        }
    }
}

impl From<BeginError> for ApiError {
    fn from(error: BeginError) -> Self {
        match error {
            BeginError::Fields(fields) => Self::Fields(fields),
            BeginError::NoApplication => Self::NotFound,
            BeginError::Taken => Self::SessionTaken,
            BeginError::Ended => Self::SessionEnded,
            BeginError::TooMany(seconds) => Self::TooMany(seconds),
            BeginError::Store(error) => error.into(),
        }
    }
}

/// 201 with a body.
pub fn created(body: impl IntoResponse) -> Response {
    (StatusCode::CREATED, body).into_response()
}

/// 204.
#[must_use]
pub fn no_content() -> Response {
    StatusCode::NO_CONTENT.into_response()
}

/// 304.
#[must_use]
pub fn not_modified() -> Response {
    StatusCode::NOT_MODIFIED.into_response()
}

/// 302 to a path of our own.
#[must_use]
pub fn found(path: &str) -> Response {
    match HeaderValue::from_str(path) {
        Ok(location) => (StatusCode::FOUND, [(LOCATION, location)]).into_response(),
        Err(_) => ApiError::NotFound.into_response(),
    }
}

/// Whether an answer says that the disk is full or worse; for the log's level.
#[must_use]
pub fn is_our_fault(response: &Response) -> bool {
    response.status().is_server_error()
}
