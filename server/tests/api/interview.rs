//! The history taken for the doctor: asked, checked, set right, submitted.

use serde_json::{Value, json};
use wire::event::{Event, SequencedEvent};
use wire::question::{Question, QuestionKind};
use wire::report::{LineChange, LineStatus, Report, Section, Submitted};
use wire::session::SessionStatus;

use crate::support::{Server, Session, harmless, problem, question, tags};

const MEDICINE: &str = "every morning the small white zumbo tablet";

impl Session<'_> {
    pub async fn report(&self) -> Report {
        let answer = self.get("/report").await;
        assert_eq!(answer.status(), 200);
        answer.json().await.unwrap()
    }

    pub async fn raw_submit(&self, seq: u64) -> reqwest::Response {
        self.server
            .post(&self.path("/report/submit"))
            .header("authorization", self.token())
            .json(&json!({ "seq": seq }))
            .send()
            .await
            .unwrap()
    }

    pub async fn submit(&self, seq: u64) -> Submitted {
        let answer = self.raw_submit(seq).await;
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert_eq!(status, 200, "{text}");
        serde_json::from_str(&text).unwrap()
    }

    /// From a sentence to guidance, then the interview's first events.
    pub async fn begin_interview(&self) -> Vec<SequencedEvent> {
        self.turn(json!({ "profile": { "subject": "me", "age_months": 408, "sex": "female" } }))
            .await;
        let events = self.say("my knee has been hurting for two months").await;
        self.answer_until_guidance(events).await;
        self.turn(json!({ "interview": {} })).await
    }

    /// Answers every question until the report is ready: how many there were, and the last events.
    pub async fn tell(
        &self,
        mut events: Vec<SequencedEvent>,
    ) -> (Vec<Question>, Vec<SequencedEvent>) {
        let mut asked: Vec<Question> = Vec::new();
        while !is_ready(&events) {
            let question = question(&events)
                .unwrap_or_else(|| panic!("neither question nor report: {events:?}"));
            assert!(
                asked.iter().all(|one| one.id != question.id),
                "asked twice: {}",
                question.id
            );
            assert!(asked.len() < 30, "the interview does not end");
            events = self.turn(told(&question)).await;
            asked.push(question);
        }
        (asked, events)
    }
}

fn is_ready(events: &[SequencedEvent]) -> bool {
    tags(events).contains(&"report_ready")
}

/// An answer to any question of the interview; medicines in words.
fn told(question: &Question) -> Value {
    match question.kind {
        QuestionKind::Text if question.id.ends_with("medicines") => json!({ "text": MEDICINE }),
        QuestionKind::Text if question.choices.len() < 2 => {
            json!({ "text": "nothing to worry about" })
        }
        QuestionKind::Date => json!({ "text": "2026-11-01" }),
        _ => harmless(question),
    }
}

#[tokio::test]
async fn from_guidance_to_a_submitted_report() {
    let server = Server::start().await;
    let session = server.begin().await;
    let begun = session.begin_interview().await;
    let (asked, events) = session.tell(begun).await;
    assert!((6..=14).contains(&asked.len()), "{} screens", asked.len());
    for section in ["allergies", "medicines", "long_illness"] {
        assert!(
            asked.iter().any(|question| question.id.contains(section)),
            "{section} is always asked"
        );
    }
    assert!(
        asked
            .iter()
            .all(|question| !question.id.starts_with("duration:")),
        "how long was said"
    );
    assert!(
        matches!(&events.last().unwrap().event, Event::Done(done) if done.status == SessionStatus::Reported)
    );

    let report = session.report().await;
    let chief = &report.chief_complaint;
    assert!(
        chief.get("en").starts_with("Knee pain") && chief.get("en").ends_with("for 2 months"),
        "{chief:?}"
    );
    assert!(
        chief.get("zh").starts_with("膝痛") && chief.get("zh").ends_with("2个月"),
        "{chief:?}"
    );
    let medicines = report
        .lines
        .iter()
        .find(|line| line.section == Section::Medicines)
        .unwrap();
    assert_eq!(medicines.quotes[0].words, MEDICINE);
    assert!(
        medicines.text.get("zh").contains(MEDICINE),
        "the patient's words stay as they are"
    );
    for line in &report.lines {
        assert_eq!(
            line.cites.is_empty(),
            line.status == LineStatus::NotAsked,
            "{line:?}"
        );
    }
    assert!(report.submitted.is_none());

    let submitted = session.submit(report.seq).await;
    assert_eq!((submitted.version, submitted.code.len()), (1, 14));
    assert!(submitted.qr.is_some());
    assert_eq!(
        session.submit(report.seq).await,
        submitted,
        "submitting twice is submitting once"
    );
    let now = session.report().await;
    assert_eq!(now.submitted.as_ref(), Some(&submitted));
    assert!(tags(&session.events(0).await).contains(&"report_submitted"));
    let state: Value = session.get("").await.json().await.unwrap();
    assert_eq!(state["status"], "submitted");
}

#[tokio::test]
async fn a_line_is_changed_struck_out_put_back_and_a_correction_is_a_new_version() {
    let server = Server::start().await;
    let session = server.begin().await;
    let begun = session.begin_interview().await;
    session.tell(begun).await;
    let first = session.report().await;
    let medicines = first
        .lines
        .iter()
        .find(|line| line.section == Section::Medicines)
        .unwrap()
        .clone();
    let Some(LineChange::Question(id)) = medicines.change.clone() else {
        panic!("{medicines:?}")
    };

    // Struck out, it is not in what is submitted; the patient still sees it.
    session.turn(json!({ "strike": medicines.id })).await;
    let struck = session.report().await;
    assert!(
        struck
            .lines
            .iter()
            .any(|line| line.id == medicines.id && line.struck)
    );
    session.turn(json!({ "restore": medicines.id })).await;
    session.submit(session.report().await.seq).await;

    // Asked again, answered otherwise: one question, and the report again.
    let again = session.turn(json!({ "change": id })).await;
    assert_eq!(question(&again).unwrap().id, id);
    let events = session
        .turn(json!({ "text": "none since yesterday, I stopped" }))
        .await;
    assert!(is_ready(&events), "back at the report: {events:?}");
    let second = session.report().await;
    assert!(second.submitted.is_none());
    assert_eq!(second.differences.len(), 1, "{:?}", second.differences);
    assert_eq!(second.differences[0].line, medicines.id);
    problem(session.raw_submit(first.seq).await, 409, "report_changed").await;
    assert_eq!(session.submit(second.seq).await.version, 2);

    // Something added, and a finding set right.
    let finding = second
        .lines
        .iter()
        .find_map(|line| match (&line.change, line.status) {
            (Some(LineChange::Finding(id)), LineStatus::Denied) => Some(id.clone()),
            _ => None,
        })
        .unwrap_or_else(|| panic!("{:#?}", second.lines));
    session
        .turn(json!({ "correct": { "finding": finding } }))
        .await;
    let corrected = session.report().await;
    let line = corrected
        .lines
        .iter()
        .find(|line| line.id == format!("finding:{finding}"))
        .unwrap();
    assert_eq!(line.status, LineStatus::Unknown);
    let added = session
        .turn(json!({ "change": "aside:anything_else" }))
        .await;
    assert_eq!(question(&added).unwrap().id, "aside:anything_else");
    session.say("my brother will drive me").await;
    let last = session.report().await;
    assert!(last.lines.iter().any(|line| {
        line.quotes
            .iter()
            .any(|quote| quote.words == "my brother will drive me")
    }));
}

#[tokio::test]
async fn back_takes_a_step_of_the_check_page_back() {
    let server = Server::start().await;
    let session = server.begin().await;
    let begun = session.begin_interview().await;
    session.tell(begun).await;
    let before = session.report().await;
    let line = before
        .lines
        .iter()
        .find(|line| line.section == Section::Allergies)
        .unwrap();
    session.turn(json!({ "strike": line.id })).await;
    session.turn(json!({ "back": {} })).await;
    let after = session.report().await;
    assert!(after.lines.iter().all(|line| !line.struck));
    assert_eq!(before.lines.len(), after.lines.len());
}

#[tokio::test]
async fn left_in_the_middle_for_a_week_it_goes_on_where_it_was() {
    let server = Server::start().await;
    let session = server.begin().await;
    let begun = session.begin_interview().await;
    let second = session.turn(told(&question(&begun).unwrap())).await;
    let open = question(&second).unwrap();
    server
        .clock
        .advance(std::time::Duration::from_hours(7 * 24));
    // The page comes back: the same question, and the answers of then stand.
    let events = session.events(0).await;
    assert_eq!(question(&events).unwrap(), open);
    let (asked, _) = session.tell(events).await;
    assert!(
        asked
            .iter()
            .all(|one| one.id != question(&begun).unwrap().id)
    );
    let report = session.report().await;
    session.submit(report.seq).await;
}

#[tokio::test]
async fn bad_input_is_refused_and_the_question_stays() {
    let server = Server::start().await;
    let session = server.begin().await;
    let mut events = session.begin_interview().await;
    let mut lists = 0;
    while !is_ready(&events) {
        let question = question(&events).unwrap();
        let id = question.id.as_str();
        match question.kind {
            QuestionKind::Multiple if question.choices.iter().any(|choice| choice.id == "none") => {
                lists += 1;
                let both = json!({ "choice": { "question": id, "choices": ["none", question.choices[0].id] } });
                problem(session.raw_turn(&both).await, 422, "too_many_choices").await;
            }
            _ => {}
        }
        events = session.turn(told(&question)).await;
    }
    assert!(lists > 0);
    // What was not asked can be answered from the report.
    let period = "item:last_period";
    session.turn(json!({ "change": period })).await;
    for (date, code) in [
        ("2199-01-01", "date_in_future"),
        ("1066-10-14", "out_of_range"),
        ("2026-02-30", "not_a_date"),
    ] {
        let wrong = json!({ "text": date });
        problem(session.raw_turn(&wrong).await, 422, code).await;
    }
    let weight = "measure:systolic";
    let events = session.turn(json!({ "text": "2026-11-01" })).await;
    assert!(is_ready(&events));
    session.turn(json!({ "change": weight })).await;
    let heavy = json!({ "values": { "question": weight, "value": 400 } });
    problem(session.raw_turn(&heavy).await, 422, "out_of_range").await;
    // In words it is taken as words.
    session
        .say("about a hundred and fifty, ten times or so")
        .await;
    for (input, code) in [
        (json!({ "change": "item:nothing_of_ours" }), "unknown_line"),
        (
            json!({ "correct": { "finding": "no_such_thing", "present": false } }),
            "unknown_line",
        ),
        (json!({ "strike": "" }), "unknown_line"),
    ] {
        problem(session.raw_turn(&input).await, 422, code).await;
    }
}

#[tokio::test]
async fn without_an_interview_there_is_no_report() {
    let server = Server::start().await;
    let session = server.begin().await;
    session.open().await;
    problem(session.get("/report").await, 404, "no_report").await;
    problem(session.raw_submit(1).await, 404, "no_report").await;
    let strike = json!({ "strike": "finding:fever" });
    problem(session.raw_turn(&strike).await, 422, "no_report").await;
    // Begun and not over.
    session.turn(json!({ "interview": {} })).await;
    let report = session.report().await;
    problem(
        session.raw_submit(report.seq).await,
        422,
        "report_not_ready",
    )
    .await;
}

#[tokio::test]
async fn an_emergency_stops_the_interview_and_what_was_long_ago_does_not() {
    let server = Server::start().await;
    let session = server.begin().await;
    let mut events = session.begin_interview().await;
    while !question(&events).unwrap().id.starts_with("history:") {
        events = session.turn(told(&question(&events).unwrap())).await;
    }
    let past = session.say("I had chicken pox at six").await;
    assert!(!tags(&past).contains(&"alert"), "{past:?}");
    let now = session
        .say("there is crushing chest pain now, cold sweat, I can't breathe")
        .await;
    // Said in answer to a question of now it is the card; of the past, the question whether it is so now comes at once.
    let asked = question(&now)
        .map(|question| question.id)
        .unwrap_or_default();
    assert!(
        tags(&now).contains(&"alert") || asked.starts_with("signs:"),
        "{now:?}"
    );
    problem(
        session.raw_submit(session.report().await.seq).await,
        422,
        "report_not_ready",
    )
    .await;
}

#[tokio::test]
async fn submitted_by_twenty_at_once_it_is_one_report_with_one_message() {
    let server = Server::with(|config| config.limits.session_burst = 500).await;
    let session = server.begin().await;
    let begun = session.begin_interview().await;
    session.tell(begun).await;
    let seq = session.report().await.seq;
    let answers = futures_util::future::join_all((0..20).map(|_| session.submit(seq))).await;
    assert!(answers.iter().all(|one| *one == answers[0]));
    let mut connection = server.database().await;
    let (reports, messages): (i64, i64) =
        sqlx::query_as("select (select count(*) from reports), (select count(*) from outbox)")
            .fetch_one(&mut connection)
            .await
            .unwrap();
    assert_eq!((reports, messages), (1, 1));
}

#[tokio::test]
async fn erased_the_report_is_gone_with_its_words() {
    let server = Server::start().await;
    let session = server.begin().await;
    let begun = session.begin_interview().await;
    session.tell(begun).await;
    session.submit(session.report().await.seq).await;
    let erased = server
        .delete(&session.path(""))
        .header("authorization", session.token())
        .send()
        .await
        .unwrap();
    assert_eq!(erased.status(), 200);
    for (path, content) in server.files() {
        let found = content
            .windows(MEDICINE.len())
            .any(|part| part == MEDICINE.as_bytes());
        assert!(!found, "{}", path.display());
    }
    problem(session.get("/report").await, 404, "not_found").await;
}

#[tokio::test]
async fn the_export_holds_everything_the_patient_may_see() {
    let server = Server::start().await;
    let session = server.begin().await;
    let begun = session.begin_interview().await;
    session.tell(begun).await;
    let exported: Vec<SequencedEvent> = session.get("/export").await.json().await.unwrap();
    assert_eq!(exported, session.events(0).await);
}
