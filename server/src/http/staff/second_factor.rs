//! The second factor: shown, set up, confirmed.

use std::sync::Arc;

use axum::Json as Answer;
use axum::extract::State;
use axum::response::Response;
use wire::problem::Problem;
use wire::staff::{Code, ConfirmTotp, NewTotp, RecoveryCodes, SignInStep, SignedIn};

use super::{Staff, with_cookie};
use crate::App;
use crate::http::error::ApiError;
use crate::http::extract::{ClientAddress, Json};
use crate::staff::{second_factor as use_case, sign_in};

/// Shows a code of the second factor or a recovery code: the sign-in is complete and goes on under another token.
#[utoipa::path(
    post,
    path = "/staff/second-factor",
    operation_id = "staff_second_factor",
    tag = "staff",
    security(("staff" = [])),
    request_body = Code,
    responses(
        (status = 200, description = "Signed in; sets the cookie anew", body = SignedIn),
        (status = 401, description = "Nobody is signed in, or the code does not fit or was used", body = Problem),
        (status = 429, description = "Too many attempts", body = Problem)
    )
)]
pub async fn show(
    State(app): State<Arc<App>>,
    Staff(actor): Staff,
    ClientAddress(address): ClientAddress,
    Json(code): Json<Code>,
) -> Result<Response, ApiError> {
    let begun = sign_in::second_factor(&app, &actor, &code.code, address).await?;
    Ok(with_cookie(&begun.token, Answer(begun.signed_in)))
}

/// A new second factor, to be confirmed. Whoever has one must be signed in with it.
#[utoipa::path(
    get,
    path = "/staff/second-factor",
    operation_id = "staff_new_second_factor",
    tag = "staff",
    security(("staff" = [])),
    responses(
        (status = 200, description = "Proposed, not kept yet", body = NewTotp),
        (status = 401, description = "Nobody is signed in", body = Problem),
        (status = 403, description = "The second factor there is was not shown", body = Problem)
    )
)]
pub async fn propose(Staff(actor): Staff) -> Result<Answer<NewTotp>, ApiError> {
    may_set_up(&sign_in::state(&actor))?;
    Ok(Answer(use_case::propose(&actor)?))
}

/// Confirms it with a code; answers recovery codes, once. The sign-in is complete.
#[utoipa::path(
    put,
    path = "/staff/second-factor",
    operation_id = "staff_confirm_second_factor",
    tag = "staff",
    security(("staff" = [])),
    request_body = ConfirmTotp,
    responses(
        (status = 200, description = "Kept; sets the cookie anew", body = RecoveryCodes),
        (status = 401, description = "Nobody is signed in", body = Problem),
        (status = 403, description = "The second factor there is was not shown", body = Problem),
        (status = 422, description = "The code does not fit", body = Problem)
    )
)]
pub async fn confirm(
    State(app): State<Arc<App>>,
    Staff(actor): Staff,
    Json(confirmed): Json<ConfirmTotp>,
) -> Result<Response, ApiError> {
    may_set_up(&sign_in::state(&actor))?;
    let codes = use_case::confirm(&app, &actor, &confirmed).await?;
    let begun = sign_in::go_on(&app, &actor).await?;
    Ok(with_cookie(&begun.token, Answer(codes)))
}

/// A password alone must not replace the second factor.
fn may_set_up(signed_in: &SignedIn) -> Result<(), ApiError> {
    if signed_in.step == SignInStep::SecondFactor {
        Err(ApiError::SecondFactorMissing)
    } else {
        Ok(())
    }
}
