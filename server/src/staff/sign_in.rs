//! Signing in and out. A sign-in begins with the password, is full with the second factor, and then goes on under another token.

use std::net::IpAddr;
use std::time::Duration;

use uuid::Uuid;
use wire::staff::{
    Credentials, FirstAdministrator, MemberState, OwnSignIn, Role, SignInStep, SignedIn,
};

use super::{Actor, StaffError, field, members, password, second_factor, shown};
use crate::App;
use crate::clock::Millis;
use crate::ids::OrganisationId;
use crate::keys::hex;
use crate::keys::sealing::{random, sha256};
use crate::store::staff::{self as store, Member, NewSignIn};
use crate::store::{StoreError, applications};

/// A sign-in ends when it was not used for so long.
pub const IDLE: Duration = Duration::from_mins(30);
/// A sign-in ends after so long whatever happens.
const ABSOLUTE: Duration = Duration::from_hours(12);
/// How often its use is noted.
const NOTED: Duration = Duration::from_mins(1);
/// Characters of what a browser says of itself.
const BROWSER: usize = 160;

/// A token for the cookie, and what to answer.
#[derive(Debug)]
pub struct Begun {
    /// The token; only its hash is kept.
    pub token: String,
    /// The answer.
    pub signed_in: SignedIn,
}

fn hash(token: &str) -> Vec<u8> {
    sha256(format!("staff {token}").as_bytes())
}

/// The moment since which a sign-in must have been used.
fn idle_since(now: Millis) -> Millis {
    Millis(now.0 - i64::try_from(IDLE.as_millis()).unwrap_or(0))
}

fn is_complete(member: &Member) -> bool {
    member.totp_sealed.is_none() && member.role != Role::Administrator
}

fn step_of(member: &Member, is_full: bool) -> SignInStep {
    match (is_full, member.totp_sealed.is_some()) {
        (true, _) => SignInStep::Done,
        (false, true) => SignInStep::SecondFactor,
        (false, false) => SignInStep::SetUpSecondFactor,
    }
}

/// Where a sign-in stands.
#[must_use]
pub fn state(actor: &Actor) -> SignedIn {
    SignedIn {
        step: step_of(&actor.member, actor.sign_in.is_full),
        member: shown(&actor.member),
    }
}

async fn begin(
    app: &App,
    member: Member,
    is_full: bool,
    browser: &str,
    since: Option<(Millis, Millis)>,
) -> Result<Begun, StaffError> {
    let token = hex(&random::<32>()?);
    let now = app.clock.now();
    let (since, expires) = since.unwrap_or_else(|| (now, now.plus(ABSOLUTE)));
    let new = NewSignIn {
        id: Uuid::now_v7().hyphenated().to_string(),
        token_hash: hash(&token),
        is_full,
        browser: browser.chars().take(BROWSER).collect(),
        since,
        expires,
    };
    let (organisation, id) = (member.organisation.clone(), member.id.clone());
    app.store
        .write(move |connection| {
            Box::pin(async move {
                store::insert_sign_in(connection, (&organisation, &id), &new, now).await
            })
        })
        .await?;
    tracing::info!(staff.id = %member.id, full = is_full, "a staff member signed in");
    Ok(Begun {
        token,
        signed_in: SignedIn {
            step: step_of(&member, is_full),
            member: shown(&member),
        },
    })
}

/// Signs in with login and password.
///
/// # Errors
/// If they do not fit, were tried too often from this address, or the store fails.
pub async fn sign_in(
    app: &App,
    credentials: &Credentials,
    address: IpAddr,
    browser: &str,
) -> Result<Begun, StaffError> {
    let login = members::normal_login(&credentials.login);
    // Counted by account and address together: who tries another's account locks out nobody but themselves.
    app.limits
        .sign_in(&login, address)
        .map_err(StaffError::TooMany)?;
    let member = store::by_login(&mut *app.store.reader().await?, &login).await?;
    let may = member
        .as_ref()
        .filter(|member| member.state == MemberState::Active);
    let kept = may.and_then(|member| member.password_hash.as_deref());
    let fits = password::fits(&credentials.password, kept).await?;
    match member.filter(|_| fits) {
        Some(member) => {
            let is_full = is_complete(&member);
            begin(app, member, is_full, browser, None).await
        }
        None => Err(StaffError::Wrong),
    }
}

/// Shows the second factor: the sign-in is full and goes on under another token.
///
/// # Errors
/// If the code does not fit, was tried too often, or the store fails.
pub async fn second_factor(
    app: &App,
    actor: &Actor,
    code: &str,
    address: IpAddr,
) -> Result<Begun, StaffError> {
    app.limits
        .sign_in(&actor.member.login, address)
        .map_err(StaffError::TooMany)?;
    if !second_factor::used(app, &actor.member, code).await? {
        return Err(StaffError::Wrong);
    }
    go_on(app, actor).await
}

/// A full sign-in in the place of one that lacked the second factor.
///
/// # Errors
/// If the store fails.
pub async fn go_on(app: &App, actor: &Actor) -> Result<Begun, StaffError> {
    sign_out(app, actor).await?;
    let (member, sign_in) = (&actor.member, &actor.sign_in);
    let now = store::find(
        &mut *app.store.reader().await?,
        &member.organisation,
        &member.id,
    )
    .await?;
    let member = now.ok_or(StaffError::Unknown)?;
    let times = (sign_in.since, sign_in.expires);
    begin(app, member, true, &sign_in.browser, Some(times)).await
}

/// The actor of a cookie's token; its use is noted now and then.
///
/// # Errors
/// If the store fails.
pub async fn actor(app: &App, token: &str) -> Result<Option<Actor>, StoreError> {
    let now = app.clock.now();
    let found = {
        let mut reader = app.store.reader().await?;
        store::by_token(&mut reader, &hash(token), now, idle_since(now)).await?
    };
    let Some((member, sign_in)) = found else {
        return Ok(None);
    };
    if sign_in.seen.plus(NOTED) <= now {
        let id = sign_in.id.clone();
        app.store
            .write(move |connection| {
                Box::pin(async move { store::seen(connection, &id, now).await })
            })
            .await?;
    }
    Ok(Some(Actor { member, sign_in }))
}

/// Ends this sign-in.
///
/// # Errors
/// If the store fails.
pub async fn sign_out(app: &App, actor: &Actor) -> Result<(), StaffError> {
    let (organisation, staff) = (actor.member.organisation.clone(), actor.member.id.clone());
    let id = actor.sign_in.id.clone();
    app.store
        .write(move |connection| {
            Box::pin(async move { store::end(connection, (&organisation, &staff), &id).await })
        })
        .await?;
    Ok(())
}

/// One's own live sign-ins.
///
/// # Errors
/// If the store fails.
pub async fn own(app: &App, actor: &Actor) -> Result<Vec<OwnSignIn>, StaffError> {
    let now = app.clock.now();
    let of = (&actor.member.organisation, actor.member.id.as_str());
    let mut reader = app.store.reader().await?;
    let found = store::own_sign_ins(&mut reader, of, now, idle_since(now)).await?;
    let shown = found.into_iter().map(|one| OwnSignIn {
        current: one.id == actor.sign_in.id,
        id: one.id,
        since: one.since.rfc3339(),
        seen: one.seen.rfc3339(),
        browser: one.browser,
    });
    Ok(shown.collect())
}

/// Ends every other sign-in of one's own.
///
/// # Errors
/// If the store fails.
pub async fn end_others(app: &App, actor: &Actor) -> Result<(), StaffError> {
    let (organisation, staff) = (actor.member.organisation.clone(), actor.member.id.clone());
    let id = actor.sign_in.id.clone();
    app.store
        .write(move |connection| {
            Box::pin(
                async move { store::end_all(connection, &organisation, &staff, Some(&id)).await },
            )
        })
        .await?;
    Ok(())
}

/// Makes the first administrator, by the code of the first start.
///
/// # Errors
/// If the code is none or was used, fields do not fit, or the store fails.
pub async fn first(
    app: &App,
    first: &FirstAdministrator,
    address: IpAddr,
    browser: &str,
) -> Result<Begun, StaffError> {
    app.limits.code(address).map_err(StaffError::TooMany)?;
    let login = members::normal_login(&first.login);
    members::check(&login, &first.name)?;
    password::check(&first.password, &login, &first.name)?;
    let hash = password::hash(&first.password).await?;
    let code = members::link_hash(&first.code);
    let now = app.clock.now();
    let named = first
        .organisation
        .as_deref()
        .map(str::trim)
        .filter(|name| !name.is_empty());
    let (name, named) = (first.name.trim().to_owned(), named.map(str::to_owned));
    let made = app
        .store
        .write(move |connection| {
            Box::pin(async move {
                match store::take_link(connection, &code, now).await? {
                    Some(None) => {}
                    // Nothing is kept of a job that fails: another kind of link still works.
                    Some(Some(_)) | None => return Err(StoreError::Gone),
                }
                let existing = store::first_organisation(connection).await?;
                let organisation = if let Some(organisation) = existing {
                    organisation
                } else {
                    let id = OrganisationId::stored(Uuid::now_v7().hyphenated().to_string());
                    let name = named.unwrap_or_else(|| "Anteroom".to_owned());
                    applications::insert_organisation(connection, &id, &name, now).await?;
                    id
                };
                let member = Member {
                    organisation,
                    id: Uuid::now_v7().hyphenated().to_string(),
                    login,
                    name,
                    role: Role::Administrator,
                    departments: Vec::new(),
                    state: MemberState::Active,
                    password_hash: Some(hash),
                    totp_sealed: None,
                    totp_step: 0,
                };
                store::insert(connection, &member, now).await?;
                Ok(member)
            })
        })
        .await;
    match made {
        Ok(member) => begin(app, member, false, browser, None).await,
        Err(StoreError::Gone) => Err(StaffError::Wrong),
        Err(StoreError::Exists) => Err(field("login", "taken")),
        Err(error) => Err(error.into()),
    }
}

/// Deletes sign-ins and links whose time is over.
///
/// # Errors
/// If the store fails.
pub async fn forget(app: &App) -> Result<(), StoreError> {
    let now = app.clock.now();
    app.store
        .write(move |connection| Box::pin(async move { store::forget(connection, now).await }))
        .await
}
