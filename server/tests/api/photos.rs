//! Photos for the doctor: taken in, written anew, shown, taken back, handed out with the report.

use std::io::Cursor;

use anteroom_server::report::fhir::report_of;
use reqwest::Response;
use serde_json::{Value, json};
use wire::report::{Photo, PhotoAbout};

use crate::links::key;
use crate::support::{Server, Session, problem};

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    image::RgbImage::from_fn(width, height, |x, y| {
        let dot = |place: u32| u8::try_from(place % 256).unwrap();
        image::Rgb([dot(x), dot(y), 90])
    })
    .write_to(&mut file, image::ImageFormat::Png)
    .unwrap();
    file.into_inner()
}

impl Session<'_> {
    async fn raw_photo(&self, query: &str, file: Vec<u8>) -> Response {
        self.server
            .post(&self.path(&format!("/photos{query}")))
            .header("authorization", self.token())
            .body(file)
            .send()
            .await
            .unwrap()
    }

    async fn photo(&self, query: &str, file: Vec<u8>) -> Photo {
        let answer = self.raw_photo(query, file).await;
        assert_eq!(answer.status(), 201);
        answer.json().await.unwrap()
    }

    async fn remove_photo(&self, id: &str) -> Response {
        self.server
            .delete(&self.path(&format!("/photos/{id}")))
            .header("authorization", self.token())
            .send()
            .await
            .unwrap()
    }
}

#[tokio::test]
async fn a_photo_goes_with_the_report_and_what_was_submitted_stays() {
    let server = Server::start().await;
    let session = server.begin().await;
    let begun = session.begin_interview().await;
    // During the interview already.
    let rash = session.photo("?about=body", png(2400, 600)).await;
    assert_eq!(
        (rash.about, rash.width, rash.height),
        (PhotoAbout::Body, 2000, 500)
    );
    let box_of_pills = session.photo("?about=medicine", png(300, 300)).await;
    session.tell(begun).await;
    let report = session.report().await;
    assert_eq!(report.photos, [rash.clone(), box_of_pills.clone()]);

    let answer = session.get(&format!("/photos/{}", rash.id)).await;
    assert_eq!(answer.headers()["content-type"], "image/jpeg");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let shown = answer.bytes().await.unwrap();
    assert_eq!(shown.len(), rash.bytes as usize);
    assert_eq!(
        image::guess_format(&shown).unwrap(),
        image::ImageFormat::Jpeg
    );
    // Sealed where it is kept.
    for (path, content) in server.files() {
        assert!(
            !content.windows(64).any(|part| part == &shown[600..664]),
            "{}",
            path.display()
        );
    }
    // Another patient's token opens nothing.
    let stranger = server.begin().await;
    stranger.begin_interview().await;
    problem(
        stranger.get(&format!("/photos/{}", rash.id)).await,
        404,
        "not_found",
    )
    .await;
    problem(stranger.remove_photo(&rash.id).await, 404, "not_found").await;

    let submitted = session.submit(report.seq).await;
    let key = key(&server);
    let fetch = async |path: &str| {
        let url = server.get(&format!("/api/v1/reports/{path}"));
        url.header("authorization", format!("Bearer {key}"))
            .send()
            .await
            .unwrap()
    };
    let of_desk = format!("{}/photos/{}", submitted.code, rash.id);
    assert_eq!(fetch(&of_desk).await.bytes().await.unwrap(), shown);

    // Taken back: a new version, in which it is not; the first one keeps it.
    assert_eq!(session.remove_photo(&rash.id).await.status(), 204);
    problem(session.remove_photo(&rash.id).await, 404, "not_found").await;
    let second = session.report().await;
    assert!(second.submitted.is_none());
    assert_eq!(second.photos, [box_of_pills]);
    assert_eq!(second.differences.len(), 1);
    assert_eq!(second.differences[0].line, format!("photo:{}", rash.id));
    assert!(second.differences[0].after.is_none());
    problem(
        session.get(&format!("/photos/{}", rash.id)).await,
        404,
        "not_found",
    )
    .await;
    assert_eq!(session.submit(second.seq).await.version, 2);
    assert_eq!(fetch(&of_desk).await.status(), 200);
    let of_second = format!(
        "{}/photos/{}",
        session.report().await.submitted.unwrap().id,
        rash.id
    );
    problem(fetch(&of_second).await, 404, "not_found").await;

    // Erased, it is gone with everything else.
    let erased = server
        .delete(&session.path(""))
        .header("authorization", session.token());
    assert_eq!(erased.send().await.unwrap().status(), 200);
    problem(fetch(&of_desk).await, 404, "not_found").await;
}

#[tokio::test]
async fn what_is_no_photo_or_too_much_is_refused_and_nothing_is_lost() {
    let server = Server::with(|config| config.limits.session_burst = 100).await;
    let session = server.begin().await;
    session.open().await;
    problem(session.raw_photo("", png(9, 9)).await, 404, "no_report").await;
    session.begin_interview().await;
    for (file, status, code) in [
        (Vec::new(), 415, "not_a_photo"),
        (
            [b"%PDF-1.7\n".as_slice(), &vec![b'x'; 900_000]].concat(),
            415,
            "not_a_photo",
        ),
        (b"MZ\x90\0 renamed.jpg".to_vec(), 415, "not_a_photo"),
        (png(300, 300)[..900].to_vec(), 422, "photo_damaged"),
        (vec![0xff; 12 * 1024 * 1024 + 1], 413, "body_too_large"),
    ] {
        problem(session.raw_photo("", file).await, status, code).await;
    }
    // Twenty at once: six, whoever is first.
    let all =
        futures_util::future::join_all((0..20).map(|_| session.raw_photo("", png(40, 40)))).await;
    let taken = all.iter().filter(|answer| answer.status() == 201).count();
    assert_eq!(taken, 6);
    let report = session.report().await;
    assert_eq!(report.photos.len(), 6);
    // One taken back makes room for one; never submitted, its picture is gone.
    let gone = &report.photos[0].id;
    assert_eq!(session.remove_photo(gone).await.status(), 204);
    let mut connection = server.database().await;
    let kept: i64 = sqlx::query_scalar("select count(*) from photos")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    assert_eq!(kept, 5);
    session.photo("?about=document", png(40, 40)).await;
}

#[tokio::test]
async fn photos_are_in_the_documents() {
    let server = Server::start().await;
    let session = server.begin().await;
    let begun = session.begin_interview().await;
    session.tell(begun).await;
    let before = session
        .get("/report.pdf")
        .await
        .bytes()
        .await
        .unwrap()
        .len();
    for _ in 0..6 {
        session.photo("?about=body", png(2000, 1500)).await;
    }
    let report = session.report().await;
    let bundle: Value = session.get("/report.fhir.json").await.json().await.unwrap();
    assert_eq!(report_of(&bundle).unwrap(), report);
    let media: Vec<&Value> = bundle["entry"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| &entry["resource"])
        .filter(|resource| resource["resourceType"] == "Media")
        .collect();
    assert_eq!(media.len(), 6);
    assert_eq!(media[0]["content"]["size"], json!(report.photos[0].bytes));
    if let Ok(folder) = std::env::var("ANTEROOM_FHIR_FOLDER") {
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(format!("{folder}/photos.json"), bundle.to_string()).unwrap();
    }
    let pdf = session.get("/report.pdf").await.bytes().await.unwrap();
    assert!(
        pdf.len() > before + 10_000 && pdf.len() <= 500 * 1024,
        "{before}, {}",
        pdf.len()
    );
}
