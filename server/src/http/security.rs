//! The headers of every answer: what a browser may load, run and frame.

use axum::http::HeaderValue;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::response::Response;

/// What kind of address is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The API: nothing is loaded, nothing kept.
    Api,
    /// The API's description, readable by people.
    Docs,
    /// The patient's page: it alone may ask for the microphone.
    Patient,
    /// Other pages, and the files of all.
    Page,
}

impl Kind {
    /// The kind of a path.
    #[must_use]
    pub fn of(path: &str) -> Self {
        if path == "/api/docs" || path.starts_with("/api/docs/") {
            Self::Docs
        } else if path.starts_with("/api/") {
            Self::Api
        } else if path.starts_with("/a/") || path.starts_with("/embed/") {
            Self::Patient
        } else {
            Self::Page
        }
    }
}

/// Who may frame an answer; set by the one page that may be framed.
#[derive(Debug, Clone)]
pub struct FrameAncestors(pub String);

const PAGE: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'";
const DOCS: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'";
const API: &str = "default-src 'none'; base-uri 'none'; form-action 'none'";

/// Adds the headers, each only where the answer has none of its own.
pub fn add_headers(response: &mut Response, kind: Kind, behind_tls: bool) {
    let ancestors = response
        .extensions_mut()
        .remove::<FrameAncestors>()
        .map_or_else(|| "'none'".to_owned(), |ancestors| ancestors.0);
    let policy = match kind {
        Kind::Api => API,
        Kind::Docs => DOCS,
        Kind::Patient | Kind::Page => PAGE,
    };
    let microphone = if kind == Kind::Patient {
        "(self)"
    } else {
        "()"
    };
    let mut add = |name: HeaderName, value: String| {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().entry(name).or_insert(value);
        }
    };
    add(
        CONTENT_SECURITY_POLICY,
        format!("{policy}; frame-ancestors {ancestors}"),
    );
    add(X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned());
    add(REFERRER_POLICY, "no-referrer".to_owned());
    add(
        HeaderName::from_static("permissions-policy"),
        format!("microphone={microphone}, camera=(), geolocation=(), payment=(), usb=()"),
    );
    add(
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin".to_owned(),
    );
    add(
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin".to_owned(),
    );
    if behind_tls {
        add(
            STRICT_TRANSPORT_SECURITY,
            "max-age=31536000; includeSubDomains".to_owned(),
        );
    }
    if kind == Kind::Api {
        add(CACHE_CONTROL, "no-store".to_owned());
    }
}
