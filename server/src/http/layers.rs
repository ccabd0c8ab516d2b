//! What every request passes: id, span, time, origin, limits, headers, and problem documents on the way out.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{HeaderName, HeaderValue};
use axum::http::{Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tracing::Instrument;

use super::error::{self, ApiError};
use super::{extract, metrics, security};
use crate::App;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const OUR_HEADER: HeaderName = HeaderName::from_static("x-anteroom");
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The outermost layer: request id, span without content, figures, security headers, problem documents.
pub async fn outermost(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let id = uuid::Uuid::now_v7().hyphenated().to_string();
    let method = request.method().clone();
    let is_page = security::Kind::of(request.uri().path());
    let span =
        tracing::info_span!("request", id = %id, method = %method, route = tracing::field::Empty);
    let response = next.run(request).instrument(span.clone()).await;

    let route = response
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "unmatched".to_owned(), |path| path.as_str().to_owned());
    span.record("route", route.as_str());
    let mut response = error::write_problem(response, &id);
    security::add_headers(&mut response, is_page, app.config.server.behind_tls);
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    let took = began.elapsed();
    metrics::request(&route, method.as_str(), response.status().as_u16(), took);
    let status = response.status().as_u16();
    let took = took.as_micros();
    span.in_scope(|| {
        if error::is_our_fault(&response) {
            tracing::error!(status, took_us = took, "answered");
        } else {
            tracing::debug!(status, took_us = took, "answered");
        }
    });
    response
}

/// Notes the route's template for the outermost layer, which stands before routing.
pub async fn note_route(request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>().cloned();
    let mut response = next.run(request).await;
    if let Some(path) = path {
        response.extensions_mut().insert(path);
    }
    response
}

/// Limits per address, and the checks that keep other sites from writing.
pub async fn guard(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let address = extract::client_address(&request, &app.config.server.trusted_proxies);
    if let Err(seconds) = app.limits.address(address) {
        return ApiError::TooMany(seconds).into_response();
    }
    let writes = !matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    if writes && let Err(error) = may_write(&app, &request) {
        return error.into_response();
    }
    next.run(request).await
}

fn may_write(app: &App, request: &Request) -> Result<(), ApiError> {
    let headers = request.headers();
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    // Sent by browsers and by nothing a page can change: a write belongs to the page of this very origin.
    if text(FETCH_SITE).is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return Err(ApiError::CrossSite);
    }
    if headers.contains_key(header::ORIGIN) {
        let origin = text(header::ORIGIN).ok_or(ApiError::CrossSite)?;
        let host = origin.split_once("://").map(|(_, host)| host);
        let own = host.is_some() && host == text(header::HOST)
            || request
                .uri()
                .authority()
                .is_some_and(|own| Some(own.as_str()) == host)
            || app
                .config
                .server
                .public_origins
                .iter()
                .any(|own| own == origin);
        if !own {
            return Err(ApiError::CrossSite);
        }
    }
    // A header of one's own cannot be sent across sites without being asked for first, and we answer no such question.
    if !headers.contains_key(OUR_HEADER) {
        return Err(ApiError::HeaderMissing);
    }
    Ok(())
}
