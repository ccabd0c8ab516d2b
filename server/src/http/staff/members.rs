//! Members of the organisation, kept by its administrators.

use std::sync::Arc;

use axum::Json as Answer;
use axum::extract::State;
use axum::response::Response;
use wire::problem::Problem;
use wire::staff::{Member, MemberChange, NewMember, PasswordLink, UseLink};

use super::Staff;
use crate::App;
use crate::http::error::{self, ApiError};
use crate::http::extract::{ApiPath, ClientAddress, Json};
use crate::staff::{StaffError, members as use_case};

/// Members of one's organisation.
#[utoipa::path(
    get,
    path = "/staff/members",
    operation_id = "staff_members",
    tag = "staff",
    security(("staff" = [])),
    responses(
        (status = 200, description = "They, by name", body = Vec<Member>),
        (status = 401, description = "Nobody is signed in", body = Problem),
        (status = 403, description = "Not an administrator", body = Problem)
    )
)]
pub async fn all(
    State(app): State<Arc<App>>,
    Staff(actor): Staff,
) -> Result<Answer<Vec<Member>>, ApiError> {
    Ok(Answer(use_case::all(&app, &actor).await?))
}

/// Invites somebody. The link is answered once, to be handed over.
#[utoipa::path(
    post,
    path = "/staff/members",
    operation_id = "staff_invite",
    tag = "staff",
    security(("staff" = [])),
    request_body = NewMember,
    responses(
        (status = 201, description = "Invited", body = PasswordLink),
        (status = 401, description = "Nobody is signed in", body = Problem),
        (status = 403, description = "Not an administrator", body = Problem),
        (status = 422, description = "Fields that do not fit", body = Problem)
    )
)]
pub async fn invite(
    State(app): State<Arc<App>>,
    Staff(actor): Staff,
    Json(new): Json<NewMember>,
) -> Result<Response, ApiError> {
    let link: PasswordLink = use_case::invite(&app, &actor, &new).await?;
    Ok(error::created(Answer(link)))
}

/// Changes somebody. A change of role or departments, and disabling, ends their sign-ins at once.
#[utoipa::path(
    put,
    path = "/staff/members/{member}",
    operation_id = "staff_change",
    tag = "staff",
    security(("staff" = [])),
    params(("member" = String, Path, description = "Member id")),
    request_body = MemberChange,
    responses(
        (status = 200, description = "Changed", body = Member),
        (status = 401, description = "Nobody is signed in", body = Problem),
        (status = 403, description = "Not an administrator", body = Problem),
        (status = 404, description = "Nobody such in this organisation", body = Problem),
        (status = 422, description = "Fields that do not fit, or the last administrator (`last_administrator`)", body = Problem)
    )
)]
pub async fn change(
    State(app): State<Arc<App>>,
    Staff(actor): Staff,
    ApiPath(member): ApiPath<String>,
    Json(change): Json<MemberChange>,
) -> Result<Answer<Member>, ApiError> {
    Ok(Answer(
        use_case::change(&app, &actor, &member, &change).await?,
    ))
}

/// A new link for somebody who forgot the password. Earlier ones are void.
#[utoipa::path(
    post,
    path = "/staff/members/{member}/link",
    operation_id = "staff_link",
    tag = "staff",
    security(("staff" = [])),
    params(("member" = String, Path, description = "Member id")),
    responses(
        (status = 201, description = "The link, once", body = PasswordLink),
        (status = 401, description = "Nobody is signed in", body = Problem),
        (status = 403, description = "Not an administrator", body = Problem),
        (status = 404, description = "Nobody such in this organisation", body = Problem)
    )
)]
pub async fn link(
    State(app): State<Arc<App>>,
    Staff(actor): Staff,
    ApiPath(member): ApiPath<String>,
) -> Result<Response, ApiError> {
    let link: PasswordLink = use_case::link(&app, &actor, &member).await?;
    Ok(error::created(Answer(link)))
}

/// Takes somebody's second factor away, who lost it. Their sign-ins end.
#[utoipa::path(
    delete,
    path = "/staff/members/{member}/second-factor",
    operation_id = "staff_remove_second_factor",
    tag = "staff",
    security(("staff" = [])),
    params(("member" = String, Path, description = "Member id")),
    responses(
        (status = 204, description = "Taken away"),
        (status = 401, description = "Nobody is signed in", body = Problem),
        (status = 403, description = "Not an administrator", body = Problem),
        (status = 404, description = "Nobody such in this organisation", body = Problem)
    )
)]
pub async fn remove_second_factor(
    State(app): State<Arc<App>>,
    Staff(actor): Staff,
    ApiPath(member): ApiPath<String>,
) -> Result<Response, ApiError> {
    use_case::remove_second_factor(&app, &actor, &member).await?;
    Ok(error::no_content())
}

/// Sets a password by a link. Then one signs in with it.
#[utoipa::path(
    post,
    path = "/staff/links",
    operation_id = "staff_use_link",
    tag = "staff",
    request_body = UseLink,
    responses(
        (status = 204, description = "Set; the link is used up"),
        (status = 401, description = "No such link, it was used, or it is too old", body = Problem),
        (status = 422, description = "The password is not taken; the link still works", body = Problem),
        (status = 429, description = "Too many attempts", body = Problem)
    )
)]
pub async fn use_link(
    State(app): State<Arc<App>>,
    ClientAddress(address): ClientAddress,
    Json(used): Json<UseLink>,
) -> Result<Response, ApiError> {
    // The links of all are one account: nobody guesses one in that many tries.
    app.limits
        .sign_in("link", address)
        .map_err(StaffError::TooMany)?;
    use_case::use_link(&app, &used).await?;
    Ok(error::no_content())
}
