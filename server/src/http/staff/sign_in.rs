//! Signing in and out.

use std::sync::Arc;

use axum::Json as Answer;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use wire::problem::Problem;
use wire::staff::{Credentials, FirstAdministrator, NewPassword, OwnSignIn, SignedIn};

use super::{Staff, browser, with_cookie};
use crate::App;
use crate::http::error::{self, ApiError};
use crate::http::extract::{ClientAddress, Json};
use crate::staff::{members, sign_in as use_case};

/// Makes the first administrator, by the code printed at the first start, and signs in. A second factor is needed next.
#[utoipa::path(
    post,
    path = "/staff/first",
    operation_id = "staff_first",
    tag = "staff",
    request_body = FirstAdministrator,
    responses(
        (status = 200, description = "Made and signed in; sets the cookie", body = SignedIn),
        (status = 401, description = "No such code, or it was used", body = Problem),
        (status = 422, description = "Fields that do not fit", body = Problem),
        (status = 429, description = "Too many attempts", body = Problem)
    )
)]
pub async fn first(
    State(app): State<Arc<App>>,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    Json(first): Json<FirstAdministrator>,
) -> Result<Response, ApiError> {
    let begun = use_case::first(&app, &first, address, browser(&headers)).await?;
    Ok(with_cookie(&begun.token, Answer(begun.signed_in)))
}

/// Signs in with login and password.
#[utoipa::path(
    post,
    path = "/staff/sign-in",
    operation_id = "staff_sign_in",
    tag = "staff",
    request_body = Credentials,
    responses(
        (status = 200, description = "What is still needed; sets the cookie", body = SignedIn),
        (status = 401, description = "They do not fit; which is not said", body = Problem),
        (status = 429, description = "Too many attempts", body = Problem)
    )
)]
pub async fn sign_in(
    State(app): State<Arc<App>>,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    Json(credentials): Json<Credentials>,
) -> Result<Response, ApiError> {
    let begun = use_case::sign_in(&app, &credentials, address, browser(&headers)).await?;
    Ok(with_cookie(&begun.token, Answer(begun.signed_in)))
}

/// Who is signed in, and what is still needed.
#[utoipa::path(
    get,
    path = "/staff/me",
    operation_id = "staff_me",
    tag = "staff",
    security(("staff" = [])),
    responses(
        (status = 200, description = "Who", body = SignedIn),
        (status = 401, description = "Nobody", body = Problem)
    )
)]
pub async fn me(Staff(actor): Staff) -> Answer<SignedIn> {
    Answer(use_case::state(&actor))
}

/// Signs out.
#[utoipa::path(
    post,
    path = "/staff/sign-out",
    operation_id = "staff_sign_out",
    tag = "staff",
    security(("staff" = [])),
    responses(
        (status = 204, description = "Signed out; takes the cookie away"),
        (status = 401, description = "Nobody was signed in", body = Problem)
    )
)]
pub async fn sign_out(
    State(app): State<Arc<App>>,
    Staff(actor): Staff,
) -> Result<Response, ApiError> {
    use_case::sign_out(&app, &actor).await?;
    Ok(with_cookie("", error::no_content()))
}

/// Sets one's own password. Every other sign-in of one's own ends.
#[utoipa::path(
    post,
    path = "/staff/password",
    operation_id = "staff_password",
    tag = "staff",
    security(("staff" = [])),
    request_body = NewPassword,
    responses(
        (status = 204, description = "Set"),
        (status = 401, description = "Nobody is signed in", body = Problem),
        (status = 422, description = "The current one is wrong, or the new one is not taken", body = Problem)
    )
)]
pub async fn password(
    State(app): State<Arc<App>>,
    Staff(actor): Staff,
    Json(new): Json<NewPassword>,
) -> Result<Response, ApiError> {
    members::set_password(&app, &actor, &new).await?;
    Ok(error::no_content())
}

/// One's own sign-ins, the last used first.
#[utoipa::path(
    get,
    path = "/staff/sign-ins",
    operation_id = "staff_sign_ins",
    tag = "staff",
    security(("staff" = [])),
    responses(
        (status = 200, description = "They", body = Vec<OwnSignIn>),
        (status = 401, description = "Nobody is signed in", body = Problem)
    )
)]
pub async fn sign_ins(
    State(app): State<Arc<App>>,
    Staff(actor): Staff,
) -> Result<Answer<Vec<OwnSignIn>>, ApiError> {
    Ok(Answer(use_case::own(&app, &actor).await?))
}

/// Ends every other sign-in of one's own.
#[utoipa::path(
    delete,
    path = "/staff/sign-ins",
    operation_id = "staff_end_sign_ins",
    tag = "staff",
    security(("staff" = [])),
    responses(
        (status = 204, description = "Ended"),
        (status = 401, description = "Nobody is signed in", body = Problem)
    )
)]
pub async fn end_others(
    State(app): State<Arc<App>>,
    Staff(actor): Staff,
) -> Result<Response, ApiError> {
    use_case::end_others(&app, &actor).await?;
    Ok(error::no_content())
}
