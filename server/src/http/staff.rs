//! The console's side: routes, the cookie, and the guard that lets nobody through whom the access table does not.

mod members;
mod second_factor;
mod sign_in;

use std::sync::Arc;

use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::http::header::{COOKIE as COOKIES, SET_COOKIE, USER_AGENT};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::API;
use super::error::ApiError;
use crate::App;
use crate::staff::access::{self, Right};
use crate::staff::{self, Actor};

/// Name of the cookie. The prefix binds it to this host and to TLS; browsers take localhost for safe.
pub const COOKIE: &str = "__Host-staff";

/// The console's routes.
pub fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(sign_in::first))
        .routes(routes!(sign_in::sign_in))
        .routes(routes!(sign_in::me))
        .routes(routes!(sign_in::sign_out))
        .routes(routes!(sign_in::password))
        .routes(routes!(sign_in::sign_ins, sign_in::end_others))
        .routes(routes!(
            second_factor::show,
            second_factor::propose,
            second_factor::confirm
        ))
        .routes(routes!(members::use_link))
        .routes(routes!(members::all, members::invite))
        .routes(routes!(members::change))
        .routes(routes!(members::link))
        .routes(routes!(members::remove_second_factor))
}

/// Lets a call of the console through if the access table says so; what is not of the console passes.
pub async fn guard(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let matched = request.extensions().get::<MatchedPath>();
    let path = matched.and_then(|path| path.as_str().strip_prefix(API));
    let Some(path) = path.filter(|path| path.starts_with("/staff/")) else {
        return next.run(request).await;
    };
    let method = match request.method().as_str() {
        "HEAD" => "GET",
        method => method,
    };
    let Some(right) = access::right(method, path) else {
        return ApiError::MethodNotAllowed.into_response();
    };
    if right == Right::Anyone {
        return next.run(request).await;
    }
    match actor(&app, request.headers()).await {
        Ok(Some(actor)) => {
            if right != Right::HalfSignedIn && !actor.sign_in.is_full {
                return ApiError::SecondFactorMissing.into_response();
            }
            if !access::may(actor.member.role, right) {
                return ApiError::NotAllowed.into_response();
            }
            request.extensions_mut().insert(actor);
            next.run(request).await
        }
        Ok(None) => ApiError::SignedOut.into_response(),
        Err(error) => error.into_response(),
    }
}

async fn actor(app: &App, headers: &HeaderMap) -> Result<Option<Actor>, ApiError> {
    let token = headers
        .get_all(COOKIES)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='));
    match token {
        Some(token) => Ok(staff::sign_in::actor(app, token).await?),
        None => Ok(None),
    }
}

/// Who calls, as the guard found.
#[derive(Debug)]
pub struct Staff(pub Actor);

impl FromRequestParts<Arc<App>> for Staff {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, ApiError> {
        let actor = parts.extensions.get::<Actor>().cloned();
        actor.map(Self).ok_or(ApiError::SignedOut)
    }
}

/// An answer that sets the cookie, or with an empty token takes it away.
fn with_cookie(token: &str, answer: impl IntoResponse) -> Response {
    let age = if token.is_empty() { "; Max-Age=0" } else { "" };
    let cookie = format!("{COOKIE}={token}; Path=/; Secure; HttpOnly; SameSite=Strict{age}");
    let mut response = answer.into_response();
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(SET_COOKIE, value);
    }
    response
}

/// Browser and system, as the browser says.
fn browser(headers: &HeaderMap) -> &str {
    headers
        .get(USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}
