//! Members: invited, changed, given a new link by an administrator of their organisation.

use std::time::Duration;

use uuid::Uuid;
use wire::staff::{
    self, MemberChange, MemberState, NewMember, NewPassword, PasswordLink, Role, UseLink,
};

use super::{Actor, StaffError, field, password, shown};
use crate::App;
use crate::clock::Millis;
use crate::ids::OrganisationId;
use crate::keys::hex;
use crate::keys::sealing::{random, sha256};
use crate::store::StoreError;
use crate::store::staff::{self as store, Member};

/// How long a link that sets a password works.
const LINK: Duration = Duration::from_hours(72);
/// How long the code of the first start works.
const FIRST: Duration = Duration::from_hours(24);
/// Departments a member may be limited to.
const DEPARTMENTS: usize = 200;

/// A login as it is kept: lower case, without spaces around it.
#[must_use]
pub fn normal_login(login: &str) -> String {
    login.trim().to_lowercase()
}

/// Checks login and name.
///
/// # Errors
/// The fields that do not fit.
pub(super) fn check(login: &str, name: &str) -> Result<(), StaffError> {
    let mut wrong = Vec::new();
    let is_login = (3..=64).contains(&login.len())
        && login
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b".-_@".contains(&byte));
    if !is_login {
        wrong.push(("login".to_owned(), "not_a_login"));
    }
    wrong.extend(name_wrong(name));
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(StaffError::Fields(wrong))
    }
}

fn name_wrong(name: &str) -> Option<(String, &'static str)> {
    let length = name.trim().chars().count();
    let fits = (1..=80).contains(&length) && !name.chars().any(char::is_control);
    (!fits).then(|| ("name".to_owned(), "not_a_name"))
}

/// Hash of a link's code as typed or followed.
pub(super) fn link_hash(code: &str) -> Vec<u8> {
    sha256(format!("staff link {}", code.trim().to_ascii_lowercase()).as_bytes())
}

/// The code with which the first administrator is made; `None` if there is one already. An earlier code is void.
///
/// # Errors
/// If the store fails or the system gives no random bytes.
pub async fn first_code(app: &App) -> Result<Option<String>, StoreError> {
    if store::has_administrator(&mut *app.store.reader().await?).await? {
        return Ok(None);
    }
    let code = hex(&random::<12>()?);
    let (hash, now) = (link_hash(&code), app.clock.now());
    app.store
        .write(move |connection| {
            Box::pin(async move {
                store::insert_link(connection, None, &hash, (now, now.plus(FIRST))).await
            })
        })
        .await?;
    Ok(Some(code))
}

/// Members of one's organisation.
///
/// # Errors
/// If the store fails.
pub async fn all(app: &App, actor: &Actor) -> Result<Vec<staff::Member>, StaffError> {
    let mut reader = app.store.reader().await?;
    let found = store::all(&mut reader, &actor.member.organisation).await?;
    Ok(found.iter().map(shown).collect())
}

/// Checks that departments are the organisation's own.
async fn known(
    app: &App,
    organisation: &OrganisationId,
    departments: &[String],
) -> Result<(), StaffError> {
    if departments.is_empty() {
        return Ok(());
    }
    if departments.len() > DEPARTMENTS {
        return Err(field("departments", "too_many"));
    }
    let version = {
        let mut reader = app.store.reader().await?;
        crate::store::directory::version(&mut reader, organisation).await?
    };
    let index = app
        .indexes
        .get(&app.store, &app.knowledge, organisation, version)
        .await?;
    let is_there = |id: &String| index.directory.departments.iter().any(|one| one.id == *id);
    if departments.iter().all(is_there) {
        Ok(())
    } else {
        Err(field("departments", "unknown_department"))
    }
}

async fn make_link(app: &App, member: &Member) -> Result<PasswordLink, StaffError> {
    let code = hex(&random::<16>()?);
    let now = app.clock.now();
    let expires = now.plus(LINK);
    let (hash, organisation, id) = (
        link_hash(&code),
        member.organisation.clone(),
        member.id.clone(),
    );
    app.store
        .write(move |connection| {
            Box::pin(async move {
                let of = Some((&organisation, id.as_str()));
                store::insert_link(connection, of, &hash, (now, expires)).await
            })
        })
        .await?;
    Ok(PasswordLink {
        member: shown(member),
        path: format!("/staff#/link/{code}"),
        expires_at: expires.rfc3339(),
    })
}

/// Invites somebody: the link is shown once, to the administrator.
///
/// # Errors
/// If fields do not fit, the login is taken, or the store fails.
pub async fn invite(app: &App, actor: &Actor, new: &NewMember) -> Result<PasswordLink, StaffError> {
    let login = normal_login(&new.login);
    check(&login, &new.name)?;
    let organisation = actor.member.organisation.clone();
    known(app, &organisation, &new.departments).await?;
    let member = Member {
        organisation,
        id: Uuid::now_v7().hyphenated().to_string(),
        login,
        name: new.name.trim().to_owned(),
        role: new.role,
        departments: new.departments.clone(),
        state: MemberState::Invited,
        password_hash: None,
        totp_sealed: None,
        totp_step: 0,
    };
    let (stored, now) = (member.clone(), app.clock.now());
    let made = app
        .store
        .write(move |connection| {
            Box::pin(async move { store::insert(connection, &stored, now).await })
        })
        .await;
    match made {
        Ok(()) => make_link(app, &member).await,
        Err(StoreError::Exists) => Err(field("login", "taken")),
        Err(error) => Err(error.into()),
    }
}

async fn of(app: &App, actor: &Actor, id: &str) -> Result<Member, StaffError> {
    let mut reader = app.store.reader().await?;
    store::find(&mut reader, &actor.member.organisation, id)
        .await?
        .ok_or(StaffError::Unknown)
}

/// A new link for somebody who forgot the password or lost the first one.
///
/// # Errors
/// If there is nobody such, or the store fails.
pub async fn link(app: &App, actor: &Actor, id: &str) -> Result<PasswordLink, StaffError> {
    let member = of(app, actor, id).await?;
    make_link(app, &member).await
}

/// Changes somebody. A change of role or departments, and disabling, ends their sign-ins at once.
///
/// # Errors
/// If there is nobody such, fields do not fit, it is the last administrator, or the store fails.
pub async fn change(
    app: &App,
    actor: &Actor,
    id: &str,
    change: &MemberChange,
) -> Result<staff::Member, StaffError> {
    if let Some(wrong) = name_wrong(&change.name) {
        return Err(StaffError::Fields(vec![wrong]));
    }
    let organisation = actor.member.organisation.clone();
    known(app, &organisation, &change.departments).await?;
    let (id, change, now) = (id.to_owned(), change.clone(), app.clock.now());
    let changed = app
        .store
        .write(move |connection| {
            Box::pin(async move { changed(connection, &organisation, &id, &change, now).await })
        })
        .await?;
    changed.map(|member| shown(&member))
}

/// In one unit: two administrators who remove each other at once leave one.
async fn changed(
    connection: &mut crate::store::Connection,
    organisation: &OrganisationId,
    id: &str,
    change: &MemberChange,
    now: Millis,
) -> Result<Result<Member, StaffError>, StoreError> {
    let Some(before) = store::find(connection, organisation, id).await? else {
        return Ok(Err(StaffError::Unknown));
    };
    let state = match (
        change.disabled,
        before.state,
        before.password_hash.is_some(),
    ) {
        (true, ..) => MemberState::Disabled,
        (false, MemberState::Disabled, true) => MemberState::Active,
        (false, MemberState::Disabled, false) => MemberState::Invited,
        (false, state, _) => state,
    };
    let was = before.role == Role::Administrator && before.state == MemberState::Active;
    let stays = change.role == Role::Administrator && state == MemberState::Active;
    if was && !stays && store::other_administrators(connection, organisation, id).await? == 0 {
        return Ok(Err(StaffError::LastAdministrator));
    }
    let after = Member {
        name: change.name.trim().to_owned(),
        role: change.role,
        departments: change.departments.clone(),
        state,
        ..before.clone()
    };
    let ends = after.role != before.role
        || after.departments != before.departments
        || after.state != before.state;
    store::change(connection, &after, ends, now).await?;
    Ok(Ok(after))
}

/// Takes somebody's second factor away, who lost it with all recovery codes. Their sign-ins end.
///
/// # Errors
/// If there is nobody such, or the store fails.
pub async fn remove_second_factor(app: &App, actor: &Actor, id: &str) -> Result<(), StaffError> {
    let member = of(app, actor, id).await?;
    let (organisation, now) = (member.organisation.clone(), app.clock.now());
    app.store
        .write(move |connection| {
            Box::pin(async move {
                let of = (&organisation, member.id.as_str());
                store::set_second_factor(connection, of, None, 0, &[], now).await?;
                store::end_all(connection, &organisation, &member.id, None).await
            })
        })
        .await?;
    Ok(())
}

/// Sets a password by a link. The member then signs in with it.
///
/// # Errors
/// If the link is none, was used or is too old; if the password is not taken; or the store fails. Then the link still works.
pub async fn use_link(app: &App, used: &UseLink) -> Result<(), StaffError> {
    // The words of the login are not known yet: they are checked with the link in hand.
    password::check(&used.password, "", "")?;
    let hash = password::hash(&used.password).await?;
    let (code, now) = (link_hash(&used.code), app.clock.now());
    let password = used.password.clone();
    let done = app
        .store
        .write(move |connection| {
            Box::pin(async move {
                let Some(Some((organisation, id))) =
                    store::take_link(connection, &code, now).await?
                else {
                    return Err(StoreError::Gone);
                };
                let member = store::find(connection, &organisation, &id).await?;
                let member = member
                    .filter(|member| member.state != MemberState::Disabled)
                    .ok_or(StoreError::Gone)?;
                if password::check(&password, &member.login, &member.name).is_err() {
                    return Err(StoreError::Exists);
                }
                store::set_password(connection, (&organisation, &id), &hash, None, now).await
            })
        })
        .await;
    match done {
        Ok(()) => Ok(()),
        Err(StoreError::Gone) => Err(StaffError::Wrong),
        Err(StoreError::Exists) => Err(field("password", "common")),
        Err(error) => Err(error.into()),
    }
}

/// Sets one's own password. Every other sign-in of one's own ends.
///
/// # Errors
/// If the current one does not fit, the new one is not taken, or the store fails.
pub async fn set_password(app: &App, actor: &Actor, new: &NewPassword) -> Result<(), StaffError> {
    let member = &actor.member;
    if !password::fits(&new.current, member.password_hash.as_deref()).await? {
        return Err(field("current", "wrong_password"));
    }
    password::check(&new.password, &member.login, &member.name)?;
    let hash = password::hash(&new.password).await?;
    let (organisation, id, now) = (
        member.organisation.clone(),
        member.id.clone(),
        app.clock.now(),
    );
    let current = actor.sign_in.id.clone();
    app.store
        .write(move |connection| {
            Box::pin(async move {
                store::set_password(connection, (&organisation, &id), &hash, Some(&current), now)
                    .await
            })
        })
        .await?;
    Ok(())
}
