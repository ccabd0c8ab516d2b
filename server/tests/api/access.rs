//! The access matrix: every route of the API's description × who asks. A route that is not listed here fails.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::support::{Server, Session, uuid};

/// Expected status with: no token, another session's token, the session's own token.
type Row = ([u16; 3], fn(&Session<'_>) -> (String, Option<Value>));

/// Reports: no history was taken in these sessions; whose they are comes first all the same.
fn of_reports() -> [(&'static str, Row); 8] {
    [
        (
            "GET /api/v1/sessions/{session}/report.pdf",
            ([401, 404, 404], |_| (String::new(), None)),
        ),
        (
            "GET /api/v1/sessions/{session}/report",
            ([401, 404, 404], |_| (String::new(), None)),
        ),
        (
            "GET /api/v1/sessions/{session}/report.fhir.json",
            ([401, 404, 404], |_| (String::new(), None)),
        ),
        (
            "POST /api/v1/sessions/{session}/report/submit",
            ([401, 404, 404], |_| {
                (String::new(), Some(json!({ "seq": 1 })))
            }),
        ),
        (
            "POST /api/v1/sessions/{session}/photos",
            ([401, 404, 404], |_| (String::new(), None)),
        ),
        (
            "GET /api/v1/sessions/{session}/photos/{photo}",
            ([401, 404, 404], |_| (String::new(), None)),
        ),
        (
            "DELETE /api/v1/sessions/{session}/photos/{photo}",
            ([401, 404, 404], |_| (String::new(), None)),
        ),
        // A session's token is no application's key.
        (
            "GET /api/v1/reports/{report}/photos/{photo}",
            ([401, 404, 404], |_| (String::new(), None)),
        ),
    ]
}

fn matrix() -> BTreeMap<&'static str, Row> {
    fn public(path: &'static str) -> Row {
        // A plain function cannot carry the path; public routes are asked by their own template's demo values.
        let _ = path;
        ([200, 200, 200], |_| (String::new(), None))
    }
    let mut matrix = BTreeMap::from(of_reports());
    matrix.extend([
        ("GET /healthz", public("/healthz")),
        ("GET /readyz", public("/readyz")),
        ("GET /api/v1/openapi.json", public("")),
        ("GET /api/v1/applications/{app}", public("")),
        ("GET /api/v1/applications/{app}/hospitals", public("")),
        (
            "GET /api/v1/applications/{app}/hospitals/{hospital}",
            public(""),
        ),
        ("GET /api/v1/applications/{app}/departments", public("")),
        (
            "GET /api/v1/applications/{app}/departments/{department}",
            public(""),
        ),
        ("GET /api/v1/applications/{app}/doctors", public("")),
        (
            "GET /api/v1/applications/{app}/doctors/{doctor}",
            public(""),
        ),
        // Whoever holds the code, and nobody else.
        ("GET /api/v1/receipts/{code}", public("")),
        ("DELETE /api/v1/receipts/{code}", public("")),
        // A session is begun without any token; the body is empty here and refused for that alone.
        (
            "POST /api/v1/sessions",
            ([400, 400, 400], |_| (String::new(), Some(json!({})))),
        ),
        // Whoever holds a code; the body here is refused before one is looked for.
        (
            "POST /api/v1/codes",
            ([400, 400, 400], |_| (String::new(), Some(json!({})))),
        ),
        (
            "POST /api/v1/sessions/{session}/codes",
            ([401, 404, 201], |_| (String::new(), None)),
        ),
        (
            "GET /api/v1/sessions/{session}",
            ([401, 404, 200], |_| (String::new(), None)),
        ),
        (
            "DELETE /api/v1/sessions/{session}",
            ([401, 404, 200], |_| (String::new(), None)),
        ),
        (
            "PUT /api/v1/sessions/{session}/consents/{purpose}",
            ([401, 404, 204], |_| {
                (String::new(), Some(json!({ "given": false })))
            }),
        ),
        (
            "POST /api/v1/sessions/{session}/feedback",
            ([401, 404, 204], |_| {
                (String::new(), Some(json!({ "helpful": true })))
            }),
        ),
        (
            "POST /api/v1/sessions/{session}/turns",
            ([401, 404, 200], |_| {
                (
                    String::new(),
                    Some(json!({ "turn_id": uuid(), "input": { "profile": {} } })),
                )
            }),
        ),
        (
            "GET /api/v1/sessions/{session}/events",
            ([401, 404, 200], |_| (String::new(), None)),
        ),
        (
            "POST /api/v1/sessions/{session}/stop",
            ([401, 404, 204], |_| (String::new(), None)),
        ),
        (
            "POST /api/v1/links",
            ([401, 404, 404], |_| (String::new(), Some(json!({})))),
        ),
        (
            "GET /api/v1/reports/{report}",
            ([401, 404, 404], |_| (String::new(), None)),
        ),
        (
            "GET /api/v1/sessions/{session}/export",
            ([401, 404, 200], |_| (String::new(), None)),
        ),
        // No provider is configured: whose session it is comes first all the same.
        (
            "POST /api/v1/sessions/{session}/speech",
            ([401, 404, 503], |_| (String::new(), None)),
        ),
    ]);
    matrix
}

fn routes() -> Vec<String> {
    let document = serde_json::to_value(anteroom_server::http::document()).unwrap();
    let mut routes = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            // The console's routes have a table of their own (`staff.rs`).
            let is_staff = path.starts_with("/api/v1/staff/");
            if !is_staff
                && ["get", "put", "post", "delete", "patch", "head", "options"]
                    .contains(&method.as_str())
            {
                routes.push(format!("{} {path}", method.to_uppercase()));
            }
        }
    }
    routes.sort();
    routes
}

#[tokio::test]
async fn every_route_answers_each_caller_as_listed() {
    let server = Server::start().await;
    let application = "/api/v1/applications/demo";
    let first = async |noun: &str| -> String {
        let page: Value = server
            .get(&format!("{application}/{noun}"))
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        page["items"][0]["id"].as_str().unwrap().to_owned()
    };
    let (hospital, department, doctor) = (
        first("hospitals").await,
        first("departments").await,
        first("doctors").await,
    );
    let matrix = matrix();
    for route in routes() {
        let (expected, body) = matrix
            .get(route.as_str())
            .unwrap_or_else(|| panic!("{route} is not in the access matrix"));
        for (caller, expected) in expected.iter().enumerate() {
            let (own, other) = (server.begin().await, server.begin().await);
            let (method, template) = route.split_once(' ').unwrap();
            let path = template
                .replace("{app}", "demo")
                .replace("{hospital}", &hospital)
                .replace("{department}", &department)
                .replace("{doctor}", &doctor)
                .replace("{code}", &own.created.receipt)
                .replace("{purpose}", "service")
                .replace("{session}", &own.created.id);
            let mut request = server
                .client
                .request(method.parse().unwrap(), server.url(&path))
                .header("x-anteroom", "1")
                .header("accept", "application/json");
            if let (_, Some(body)) = body(&own) {
                request = request.json(&body);
            }
            request = match caller {
                0 => request,
                1 => request.header("authorization", other.token()),
                _ => request.header("authorization", own.token()),
            };
            let status = request.send().await.unwrap().status().as_u16();
            assert_eq!(status, *expected, "{route}, caller {caller}");
        }
    }
    for listed in matrix.keys() {
        assert!(
            routes().iter().any(|route| route == listed),
            "{listed} is listed and no longer there"
        );
    }
}

#[tokio::test]
async fn another_organisations_session_is_not_there() {
    let server = Server::start().await;
    let session = server.begin().await;
    session.open().await;
    // The same session under another organisation: nothing of it opens any more.
    let mut connection = server.database().await;
    sqlx::query("insert into organisations (id, name, directory_version, created_at) values ('other', 'other', 0, 0)")
        .execute(&mut connection)
        .await
        .unwrap();
    sqlx::query("update sessions set organisation_id = 'other' where id = ?")
        .bind(&session.created.id)
        .execute(&mut connection)
        .await
        .unwrap();
    crate::support::problem(session.get("").await, 404, "not_found").await;
    crate::support::problem(
        session.raw_turn(&json!({ "text": "头疼" })).await,
        404,
        "not_found",
    )
    .await;
}
