//! The console's people: first start, signing in, second factor, members, and who may call what.

mod members;

use std::process::Command;
use std::time::Duration;

use anteroom_server::http::document;
use anteroom_server::staff::access::{self, RULES, Right};
use reqwest::{Method, Response};
use serde_json::{Value, json};
use totp_rs::{Builder, Secret};
use wire::staff::{
    Member, NewTotp, OwnSignIn, PasswordLink, RecoveryCodes, Role, SignInStep, SignedIn,
};

use crate::support::{Server, problem};

const PASSWORD: &str = "three blue kettles sing";
const ROLES: [Role; 4] = [
    Role::Administrator,
    Role::Editor,
    Role::Clinician,
    Role::Auditor,
];

fn first_code(server: &Server) -> Option<String> {
    let printed = Command::new(env!("CARGO_BIN_EXE_anteroom"))
        .arg("first-code")
        .env("ANTEROOM_DATA__FOLDER", &server.folder)
        .output()
        .unwrap();
    let code = String::from_utf8(printed.stdout).unwrap().trim().to_owned();
    (printed.status.success() && !code.is_empty()).then_some(code)
}

/// A browser of a staff member: what it sends, and its cookie.
struct Browser<'a> {
    server: &'a Server,
    cookie: String,
    address: String,
}

impl<'a> Browser<'a> {
    fn new(server: &'a Server) -> Self {
        Self {
            server,
            cookie: String::new(),
            address: "203.0.113.7".to_owned(),
        }
    }

    async fn call(&mut self, method: Method, path: &str, body: Option<Value>) -> Response {
        let url = self.server.url(&format!("/api/v1/staff{path}"));
        let mut request = self
            .server
            .client
            .request(method, url)
            .header("x-anteroom", "1")
            .header("x-forwarded-for", &self.address)
            .header("user-agent", "Test browser")
            .header("cookie", format!("other=1; {}", self.cookie));
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.unwrap();
        if let Some(cookie) = answer.headers().get("set-cookie") {
            let cookie = cookie.to_str().unwrap();
            for part in [
                "__Host-staff=",
                "; Path=/",
                "; Secure",
                "; HttpOnly",
                "; SameSite=Strict",
            ] {
                assert!(cookie.contains(part), "{cookie}");
            }
            cookie
                .split(';')
                .next()
                .unwrap()
                .clone_into(&mut self.cookie);
        }
        answer
    }

    async fn get(&mut self, path: &str) -> Response {
        self.call(Method::GET, path, None).await
    }

    async fn post(&mut self, path: &str, body: Value) -> Response {
        self.call(Method::POST, path, Some(body)).await
    }

    async fn sign_in(&mut self, login: &str, password: &str) -> Response {
        self.post("/sign-in", json!({ "login": login, "password": password }))
            .await
    }

    async fn signed_in(&mut self, login: &str) -> SignedIn {
        let answer = self.sign_in(login, PASSWORD).await;
        assert_eq!(answer.status(), 200);
        answer.json().await.unwrap()
    }

    /// Sets a second factor up and answers its secret with the recovery codes.
    async fn set_up(&mut self) -> (String, RecoveryCodes) {
        let proposed: NewTotp = self.get("/second-factor").await.json().await.unwrap();
        assert!(proposed.uri.starts_with("otpauth://totp/Anteroom:") && proposed.qr.is_some());
        let wrong = json!({ "secret": proposed.secret, "code": "000000" });
        let refused = self.call(Method::PUT, "/second-factor", Some(wrong)).await;
        problem(refused, 422, "fields").await;
        let right =
            json!({ "secret": proposed.secret, "code": code(self.server, &proposed.secret) });
        let answer = self.call(Method::PUT, "/second-factor", Some(right)).await;
        assert_eq!(answer.status(), 200);
        (proposed.secret, answer.json().await.unwrap())
    }

    async fn show(&mut self, code: &str) -> Response {
        self.post("/second-factor", json!({ "code": code })).await
    }

    async fn step(&mut self) -> SignInStep {
        let me: SignedIn = self.get("/me").await.json().await.unwrap();
        me.step
    }
}

fn code(server: &Server, secret: &str) -> String {
    let totp = Builder::new()
        .with_secret(Secret::try_from_base32(secret).unwrap())
        .build()
        .unwrap();
    let seconds = u64::try_from(server.clock.now().0 / 1000).unwrap();
    totp.generate(seconds).to_string()
}

/// A server behind a proxy, so that tests come from many addresses.
async fn server() -> Server {
    Server::with(|config| {
        config.limits.code_tries = 0;
        config.server.trusted_proxies = vec!["127.0.0.1".to_owned().try_into().unwrap()];
    })
    .await
}

/// The first administrator, signed in, with the second factor's secret.
async fn administrator(server: &Server) -> (Browser<'_>, String) {
    let code = first_code(server).unwrap();
    let mut browser = Browser::new(server);
    let first = json!({ "code": code, "login": "Wang.Fang", "name": "王芳", "password": PASSWORD });
    let answer = browser.post("/first", first).await;
    assert_eq!(answer.status(), 200);
    let (secret, _) = browser.set_up().await;
    (browser, secret)
}

/// Somebody invited, with their password set.
async fn invited<'a>(browser: &mut Browser<'a>, login: &str, role: Role) -> (Member, Browser<'a>) {
    let new = json!({ "login": login, "name": "Li Min", "role": role });
    let answer = browser.post("/members", new).await;
    assert_eq!(answer.status(), 201);
    let link: PasswordLink = answer.json().await.unwrap();
    let mut theirs = Browser::new(browser.server);
    accept(&mut theirs, &link).await;
    (link.member, theirs)
}

async fn accept(browser: &mut Browser<'_>, link: &PasswordLink) {
    let code = link.path.strip_prefix("/staff#/link/").unwrap();
    let answer = browser
        .post("/links", json!({ "code": code, "password": PASSWORD }))
        .await;
    assert_eq!(answer.status(), 204);
}

#[tokio::test]
async fn the_first_administrator_is_made_once_and_needs_a_second_factor() {
    let server = server().await;
    let code = first_code(&server).unwrap();
    let mut browser = Browser::new(&server);
    problem(browser.get("/me").await, 401, "signed_out").await;
    let first = |code: &str, login: &str, password: &str| json!({ "code": code, "login": login, "name": "王芳", "password": password });
    problem(
        browser
            .post("/first", first("0123456789abcdef", "wang.fang", PASSWORD))
            .await,
        401,
        "wrong_credentials",
    )
    .await;
    // Fields that do not fit use nothing up.
    for (login, password, field) in [
        ("w f", PASSWORD, "not_a_login"),
        ("wang.fang", "short", "too_short"),
        ("wang.fang", "wang.fang2026", "common"),
    ] {
        let refused = problem(
            browser.post("/first", first(&code, login, password)).await,
            422,
            "fields",
        )
        .await;
        assert_eq!(refused.fields[0].code, field);
    }
    let answer = browser
        .post("/first", first(&code, "Wang.Fang", PASSWORD))
        .await;
    assert_eq!(answer.status(), 200);
    let signed_in: SignedIn = answer.json().await.unwrap();
    assert_eq!(
        (signed_in.step, signed_in.member.login.as_str()),
        (SignInStep::SetUpSecondFactor, "wang.fang")
    );
    // With a password alone an administrator does nothing.
    problem(browser.get("/members").await, 403, "second_factor_missing").await;
    let half = browser.cookie.clone();
    let (secret, recovery) = browser.set_up().await;
    assert_eq!(browser.get("/members").await.status(), 200);
    // The token of before is void, and the code was used once.
    let mut old = Browser {
        cookie: half,
        ..Browser::new(&server)
    };
    problem(old.get("/me").await, 401, "signed_out").await;
    problem(
        browser
            .post("/first", first(&code, "other.one", PASSWORD))
            .await,
        401,
        "wrong_credentials",
    )
    .await;
    assert!(first_code(&server).is_none(), "there is an administrator");

    // Sign in again: the code of the set-up is used, the next one fits once, a recovery code once.
    assert_eq!(
        browser.call(Method::POST, "/sign-out", None).await.status(),
        204
    );
    problem(browser.get("/me").await, 401, "signed_out").await;
    assert_eq!(
        browser.signed_in("WANG.FANG").await.step,
        SignInStep::SecondFactor
    );
    problem(
        browser.get("/second-factor").await,
        403,
        "second_factor_missing",
    )
    .await;
    problem(
        browser.show(&self::code(&server, &secret)).await,
        401,
        "wrong_credentials",
    )
    .await;
    server.clock.advance(Duration::from_secs(30));
    let now = self::code(&server, &secret);
    assert_eq!(browser.show(&now).await.status(), 200);
    assert_eq!(browser.step().await, SignInStep::Done);
    let mut second = Browser::new(&server);
    second.signed_in("wang.fang").await;
    problem(second.show(&now).await, 401, "wrong_credentials").await;
    let typed = recovery.codes[3].to_lowercase().replace('-', " ");
    assert_eq!(second.show(&typed).await.status(), 200);
    let mut third = Browser::new(&server);
    third.signed_in("wang.fang").await;
    problem(third.show(&typed).await, 401, "wrong_credentials").await;

    // Neither password, secret nor code lies anywhere in the open.
    for (path, content) in server.files() {
        for words in [
            PASSWORD,
            secret.as_str(),
            recovery.codes[0].replace('-', "").as_str(),
        ] {
            let found = content
                .windows(words.len())
                .any(|part| part == words.as_bytes());
            assert!(!found, "{words} in {}", path.display());
        }
    }
}

#[tokio::test]
async fn own_sign_ins_are_listed_and_all_others_ended() {
    let server = server().await;
    let (mut browser, secret) = administrator(&server).await;
    let mut second = Browser::new(&server);
    second.signed_in("wang.fang").await;
    server.clock.advance(Duration::from_secs(30));
    assert_eq!(second.show(&code(&server, &secret)).await.status(), 200);
    let own: Vec<OwnSignIn> = second.get("/sign-ins").await.json().await.unwrap();
    assert_eq!(own.iter().filter(|one| one.current).count(), 1);
    assert!(own.len() >= 2 && own.iter().all(|one| one.browser == "Test browser"));
    assert_eq!(
        second
            .call(Method::DELETE, "/sign-ins", None)
            .await
            .status(),
        204
    );
    problem(browser.get("/me").await, 401, "signed_out").await;
    assert_eq!(second.step().await, SignInStep::Done);
}

#[tokio::test]
async fn every_route_of_the_console_is_in_the_table_and_roles_open_what_it_says() {
    let described = serde_json::to_value(document()).unwrap();
    let mut routes: Vec<(String, String)> = Vec::new();
    for (path, methods) in described["paths"].as_object().unwrap() {
        if let Some(path) = path
            .strip_prefix("/api/v1")
            .filter(|path| path.starts_with("/staff/"))
        {
            routes.extend(
                methods
                    .as_object()
                    .unwrap()
                    .keys()
                    .map(|method| (method.to_uppercase(), path.to_owned())),
            );
        }
    }
    for (method, path) in &routes {
        assert!(
            access::right(method, path).is_some(),
            "{method} {path} has no entry"
        );
    }
    assert_eq!(routes.len(), RULES.len(), "an entry without a route");

    let server = server().await;
    let (mut administrator, _) = administrator(&server).await;
    for role in ROLES {
        let login = format!("{role:?}.one").to_lowercase();
        let (member, _) = invited(&mut administrator, &login, role).await;
        for rule in RULES {
            let path = rule
                .path
                .strip_prefix("/staff")
                .unwrap()
                .replace("{member}", &member.id);
            let method: Method = rule.method.parse().unwrap();
            let mut nobody = Browser::new(&server);
            let answer = nobody.call(method.clone(), &path, None).await;
            assert_eq!(
                answer.status() == 401 && answer.text().await.unwrap().contains("signed_out"),
                rule.right != Right::Anyone,
                "{method} {path}"
            );
            if rule.right == Right::Anyone {
                continue;
            }
            // A fresh sign-in for each: some routes end it. Administrators are full with a second factor alone.
            let mut theirs = Browser {
                address: format!("198.51.100.{}", role as u8),
                ..Browser::new(&server)
            };
            server.clock.advance(Duration::from_secs(30));
            theirs.address = format!(
                "198.51.{}.{}",
                role as u8,
                RULES
                    .iter()
                    .position(|one| one.path == rule.path && one.method == rule.method)
                    .unwrap()
            );
            let signed_in = theirs.signed_in(&login).await;
            let answer = theirs.call(method.clone(), &path, None).await;
            let (status, text) = (answer.status().as_u16(), answer.text().await.unwrap());
            if signed_in.step == SignInStep::Done {
                let refused = status == 403 && text.contains("not_allowed");
                assert_eq!(
                    refused,
                    !access::may(role, rule.right),
                    "{role:?} {method} {path}: {status} {text}"
                );
            } else {
                let refused = status == 403 && text.contains("second_factor_missing");
                assert_eq!(
                    refused,
                    rule.right != Right::HalfSignedIn,
                    "{role:?} {method} {path}: {status} {text}"
                );
            }
        }
    }
}

#[tokio::test]
async fn guessing_is_slowed_down_and_locks_nobody_else_out() {
    let server = server().await;
    let (_, _) = administrator(&server).await;
    let mut guesser = Browser::new(&server);
    guesser.address = "198.51.100.9".to_owned();
    for _ in 0..10 {
        problem(
            guesser.sign_in("wang.fang", "not the password").await,
            401,
            "wrong_credentials",
        )
        .await;
    }
    let slowed = guesser.sign_in("wang.fang", PASSWORD).await;
    assert!(slowed.headers().contains_key("retry-after"));
    problem(slowed, 429, "too_many_requests").await;
    let mut elsewhere = Browser::new(&server);
    assert_eq!(
        elsewhere.signed_in("wang.fang").await.step,
        SignInStep::SecondFactor
    );
    // Nobody learns who is there: the same answer, after the same work.
    problem(
        elsewhere.sign_in("nobody.such", PASSWORD).await,
        401,
        "wrong_credentials",
    )
    .await;
}

#[tokio::test]
async fn a_sign_in_ends_by_itself() {
    let server = server().await;
    let (mut browser, _) = administrator(&server).await;
    for _ in 0..23 {
        server.clock.advance(Duration::from_mins(29));
        assert_eq!(browser.get("/me").await.status(), 200);
    }
    // Twelve hours are over, however busy it was.
    server.clock.advance(Duration::from_mins(55));
    problem(browser.get("/me").await, 401, "signed_out").await;
    let (mut idle, secret) = (Browser::new(&server), "x");
    idle.signed_in("wang.fang").await;
    assert_eq!(idle.step().await, SignInStep::SecondFactor);
    server.clock.advance(Duration::from_mins(31));
    problem(idle.show(secret).await, 401, "signed_out").await;
}
