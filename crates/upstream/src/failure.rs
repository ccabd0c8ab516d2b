//! Failures as servers and the machines before them answer them.

use serde_json::{Value, json};

use crate::reply::Reply;

/// The body of an error in OpenAI's form.
#[must_use]
pub fn body(kind: &str, code: Option<&str>, message: &str) -> Value {
    json!({"error": {"message": message, "type": kind, "param": null, "code": code}})
}

/// Any error in OpenAI's form.
#[must_use]
pub fn error(status: u16, kind: &str, code: Option<&str>, message: &str) -> Reply {
    Reply::json(status, &body(kind, code, message))
}

/// 400: the request is not understood.
#[must_use]
pub fn bad_request() -> Reply {
    error(
        400,
        "invalid_request_error",
        None,
        "The request was not understood.",
    )
}

/// 401: the key is wrong.
#[must_use]
pub fn unauthorised() -> Reply {
    error(
        401,
        "invalid_request_error",
        Some("invalid_api_key"),
        "The API key is not valid.",
    )
}

/// 404: there is no such model.
#[must_use]
pub fn unknown_model() -> Reply {
    error(
        404,
        "invalid_request_error",
        Some("model_not_found"),
        "The model does not exist.",
    )
}

/// 429: too many requests. `retry_after` is the value of that header: seconds, or a date.
#[must_use]
pub fn rate_limited(retry_after: Option<&str>) -> Reply {
    let reply = error(
        429,
        "requests",
        Some("rate_limit_exceeded"),
        "The rate limit is reached.",
    );
    match retry_after {
        Some(value) => reply.header("retry-after", value),
        None => reply,
    }
}

/// 429: the account has no money left, which waiting does not mend.
#[must_use]
pub fn no_quota() -> Reply {
    error(
        429,
        "insufficient_quota",
        Some("insufficient_quota"),
        "The quota is used up.",
    )
}

/// 500: the server failed.
#[must_use]
pub fn server_error() -> Reply {
    error(500, "server_error", None, "The server had an error.")
}

/// A page in HTML, as a proxy answers when the server behind it is away. The status is often 502, 503 or 504.
#[must_use]
pub fn proxy_page(status: u16) -> Reply {
    Reply::whole(
        status,
        "text/html",
        format!("<html><body><h1>{status}</h1><p>The server cannot be reached.</p></body></html>"),
    )
}
