use wire::directory::{Department, Doctor, Hospital, Page};

use crate::support::{Server, problem};

#[tokio::test]
async fn an_application_says_what_the_page_needs() {
    let server = Server::start().await;
    let application = server.application().await;
    assert_eq!(
        (application.id.as_str(), application.text_limit),
        ("demo", 2000)
    );
    assert_eq!(application.languages, ["zh", "en"]);
    assert_eq!(application.contacts.ambulance, "120");
    assert!(!application.desks.is_empty() && !application.emergency_departments.is_empty());
    assert!(
        application
            .complaints
            .iter()
            .any(|complaint| complaint.id == "chest_pain")
    );
    let first_rare = application
        .complaints
        .iter()
        .position(|complaint| !complaint.common)
        .unwrap_or(usize::MAX);
    assert!(
        application
            .complaints
            .iter()
            .skip(first_rare)
            .all(|complaint| !complaint.common),
        "common ones first"
    );
    assert!(
        application.consents[0].required
            && application
                .consents
                .iter()
                .skip(1)
                .all(|text| !text.required)
    );
}

#[tokio::test]
async fn the_gate_is_fetched_in_parts_by_its_hash_and_opens() {
    let server = Server::start().await;
    let gate = server.application().await.gate;
    let mut parts = Vec::new();
    for part in ["core", "zh", "en", "zh-more", "en-more"] {
        let path = format!("/knowledge/gate-{gate}-{part}.bin");
        let answer = server.get(&path).send().await.unwrap();
        assert_eq!(
            answer.headers()["cache-control"],
            "public, max-age=31536000, immutable"
        );
        let bytes = answer.bytes().await.unwrap();
        for encoding in ["br", "gzip"] {
            let small = server
                .get(&path)
                .header("accept-encoding", encoding)
                .send()
                .await
                .unwrap();
            assert_eq!(small.headers()["content-encoding"], encoding);
            assert!(small.bytes().await.unwrap().len() < bytes.len());
        }
        parts.push(bytes);
    }
    let one_language = consult::gate::Gate::assemble(&parts[0], &[&parts[1]]).unwrap();
    let all: Vec<&[u8]> = parts[1..].iter().map(AsRef::as_ref).collect();
    let all = consult::gate::Gate::assemble(&parts[0], &all).unwrap();
    assert!(!all.rules.is_empty() && one_language.rules.len() == all.rules.len());
    assert!(one_language.vocabulary.terms.len() < all.vocabulary.terms.len());
    problem(
        server
            .get(&format!("/knowledge/gate-{gate}-xx.bin"))
            .send()
            .await
            .unwrap(),
        404,
        "not_found",
    )
    .await;
}

/// One answer of the demo's directory.
async fn read<T: serde::de::DeserializeOwned>(server: &Server, rest: &str) -> T {
    let path = format!("/api/v1/applications/demo/{rest}");
    server
        .get(&path)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap()
}

#[tokio::test]
async fn hospitals_and_departments_are_listed_searched_and_read() {
    let server = Server::start().await;
    let hospitals: Page<Hospital> = read(&server, "hospitals").await;
    let hospital = &hospitals.items[0];
    let one: Hospital = read(&server, &format!("hospitals/{}", hospital.id)).await;
    assert_eq!(one, *hospital);

    let departments: Page<Department> =
        read(&server, &format!("departments?hospital={}", hospital.id)).await;
    let department = &departments.items[0];
    assert!(
        departments
            .items
            .iter()
            .all(|one| one.hospital == hospital.id)
    );
    let one: Department = read(&server, &format!("departments/{}", department.id)).await;
    assert_eq!(one, *department);

    let found: Page<Department> = read(&server, "departments?search=CARDIO").await;
    let is_heart = |one: &Department| one.specialties.contains(&"cardiology".to_owned());
    assert!(found.items.iter().any(is_heart));
    let none: Page<Department> = read(&server, "departments?search=zzzz").await;
    assert!(none.items.is_empty());
}

#[tokio::test]
async fn doctors_come_by_pages_and_none_twice() {
    let server = Server::start().await;
    let mut doctors: Vec<Doctor> = Vec::new();
    let mut cursor = String::new();
    loop {
        let page: Page<Doctor> = read(&server, &format!("doctors?{cursor}")).await;
        assert!(page.items.len() <= 50);
        doctors.extend(page.items);
        match page.next {
            Some(next) => cursor = format!("cursor={next}"),
            None => break,
        }
    }
    let mut ids: Vec<&str> = doctors.iter().map(|doctor| doctor.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), doctors.len());

    let doctor = &doctors[0];
    let one: Doctor = read(&server, &format!("doctors/{}", doctor.id)).await;
    assert_eq!(one, *doctor);
    let of: Page<Doctor> = read(
        &server,
        &format!("doctors?department={}", doctor.department),
    )
    .await;
    assert!(!of.items.is_empty());
    assert!(
        of.items
            .iter()
            .all(|one| one.department == doctor.department)
    );
    let unknown = server
        .get("/api/v1/applications/nobody/doctors")
        .send()
        .await
        .unwrap();
    problem(unknown, 404, "not_found").await;
}
