//! Members: invited, changed, given new links, of their own organisation alone.

use std::time::Duration;

use anteroom_server::staff::password;
use reqwest::Method;
use serde_json::json;
use wire::staff::{Member, PasswordLink, Role, SignInStep, SignedIn};

use super::{Browser, PASSWORD, accept, administrator, invited, server};
use crate::support::problem;

#[tokio::test]
async fn members_are_invited_changed_reset_and_the_last_administrator_stays() {
    let server = server().await;
    let (mut browser, _) = administrator(&server).await;
    let (member, mut theirs) = invited(&mut browser, "li.min", Role::Editor).await;
    assert_eq!(theirs.signed_in("li.min").await.step, SignInStep::Done);
    let taken = browser
        .post(
            "/members",
            json!({ "login": "LI.MIN", "name": "x", "role": "editor" }),
        )
        .await;
    assert_eq!(problem(taken, 422, "fields").await.fields[0].code, "taken");
    let unknown =
        json!({ "login": "zhao", "name": "x", "role": "editor", "departments": ["nowhere"] });
    let unknown = problem(browser.post("/members", unknown).await, 422, "fields").await;
    assert_eq!(unknown.fields[0].code, "unknown_department");

    // Another role ends the sign-in at once.
    let path = format!("/members/{}", member.id);
    let change =
        |role: &str, disabled: bool| json!({ "name": "李敏", "role": role, "disabled": disabled });
    let changed = browser
        .call(Method::PUT, &path, Some(change("clinician", false)))
        .await;
    assert_eq!(changed.status(), 200);
    problem(theirs.get("/me").await, 401, "signed_out").await;
    theirs.signed_in("li.min").await;
    browser
        .call(Method::PUT, &path, Some(change("clinician", true)))
        .await;
    problem(theirs.get("/me").await, 401, "signed_out").await;
    problem(
        theirs.sign_in("li.min", PASSWORD).await,
        401,
        "wrong_credentials",
    )
    .await;
    browser
        .call(Method::PUT, &path, Some(change("clinician", false)))
        .await;

    // A new link: the old one is void, a bad password uses it not up, a good one once.
    let link = async |browser: &mut Browser<'_>| -> PasswordLink {
        browser
            .call(Method::POST, &format!("{path}/link"), None)
            .await
            .json()
            .await
            .unwrap()
    };
    let (void, works) = (link(&mut browser).await, link(&mut browser).await);
    let code = |link: &PasswordLink| link.path.strip_prefix("/staff#/link/").unwrap().to_owned();
    let body =
        |link: &PasswordLink, password: &str| json!({ "code": code(link), "password": password });
    problem(
        theirs.post("/links", body(&void, PASSWORD)).await,
        401,
        "wrong_credentials",
    )
    .await;
    problem(
        theirs.post("/links", body(&works, "li.min.li.min")).await,
        422,
        "fields",
    )
    .await;
    accept(&mut theirs, &works).await;
    problem(
        theirs.post("/links", body(&works, PASSWORD)).await,
        401,
        "wrong_credentials",
    )
    .await;
    let old = link(&mut browser).await;
    server.clock.advance(Duration::from_hours(73));
    problem(
        theirs.post("/links", body(&old, PASSWORD)).await,
        401,
        "wrong_credentials",
    )
    .await;

    // An own password: the current one is asked for, other sign-ins end.
    theirs.signed_in("li.min").await;
    let mut elsewhere = Browser::new(&server);
    elsewhere.signed_in("li.min").await;
    let wrong = json!({ "current": "no", "password": "seven green herons" });
    problem(theirs.post("/password", wrong).await, 422, "fields").await;
    let right = json!({ "current": PASSWORD, "password": "seven green herons" });
    assert_eq!(theirs.post("/password", right).await.status(), 204);
    assert_eq!(theirs.get("/me").await.status(), 200);
    problem(elsewhere.get("/me").await, 401, "signed_out").await;
}

#[tokio::test]
async fn two_administrators_who_remove_each_other_leave_one() {
    let server = server().await;
    let (mut one, _) = administrator(&server).await;
    let (other_member, mut other) = invited(&mut one, "other.admin", Role::Administrator).await;
    other.signed_in("other.admin").await;
    other.set_up().await;
    let me: SignedIn = one.get("/me").await.json().await.unwrap();
    let alone = json!({ "name": "x", "role": "auditor" });
    let (first_path, second_path) = (
        format!("/members/{}", other_member.id),
        format!("/members/{}", me.member.id),
    );
    let (first, second) = tokio::join!(
        one.call(Method::PUT, &first_path, Some(alone.clone())),
        other.call(Method::PUT, &second_path, Some(alone)),
    );
    let mut statuses = [first.status().as_u16(), second.status().as_u16()];
    statuses.sort_unstable();
    // Whoever comes second finds themselves signed out, or the last one.
    assert_eq!(statuses[0], 200);
    assert!([401, 403, 422].contains(&statuses[1]), "{statuses:?}");
    let mut left = Vec::new();
    for browser in [&mut one, &mut other] {
        left.push(browser.get("/members").await.status() == 200);
    }
    assert_eq!(left.iter().filter(|still| **still).count(), 1);
}

#[tokio::test]
async fn another_organisation_is_not_there() {
    let server = server().await;
    let (mut browser, _) = administrator(&server).await;
    let hash = password::hash(PASSWORD).await.unwrap();
    let mut connection = server.database().await;
    sqlx::query("insert into organisations (id, name, directory_version, created_at) values ('strangers', 'x', 0, 0)").execute(&mut connection).await.unwrap();
    sqlx::query(
        "insert into staff (organisation_id, id, login, name, role, departments, state, password_hash, created_at, updated_at)
         values ('strangers', 'stranger', 'stranger', 'S', 'editor', '[]', 'active', ?, 0, 0)",
    )
    .bind(hash)
    .execute(&mut connection)
    .await
    .unwrap();
    let mut theirs = Browser::new(&server);
    theirs.signed_in("stranger").await;
    let members: Vec<Member> = browser.get("/members").await.json().await.unwrap();
    assert!(members.iter().all(|member| member.login != "stranger"));
    let change = json!({ "name": "x", "role": "auditor", "disabled": true });
    problem(
        browser
            .call(Method::PUT, "/members/stranger", Some(change))
            .await,
        404,
        "not_found",
    )
    .await;
    problem(
        browser
            .call(Method::POST, "/members/stranger/link", None)
            .await,
        404,
        "not_found",
    )
    .await;
    problem(
        browser
            .call(Method::DELETE, "/members/stranger/second-factor", None)
            .await,
        404,
        "not_found",
    )
    .await;
    assert_eq!(theirs.get("/me").await.status(), 200);
}
