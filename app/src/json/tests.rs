//! Checked against `serde_json`, the reference.

use wire::event::SequencedEvent;
use wire::session::{
    ConsentBy, ConsentChange, ConsentGiven, Feedback, NewSession, Profile, Sex, Subject,
};
use wire::turn::{Chosen, Correction, Input, NotRight, Skipped, TurnRequest, Valued};

use super::*;

fn written_alike<T: Serialize>(value: &T) {
    let ours: serde_json::Value = serde_json::from_str(&to_string(value)).unwrap();
    assert_eq!(ours, serde_json::to_value(value).unwrap());
}

fn inputs() -> Vec<Input> {
    let text = "头疼 \"quoted\" \\ back\nline \u{1} \u{1f600}".to_owned();
    vec![
        Input::Text(text.clone()),
        Input::Choice(Chosen {
            question: "q".to_owned(),
            choices: vec!["a".to_owned(), "b".to_owned()],
        }),
        Input::Values(Valued {
            question: "t".to_owned(),
            value: 38.5,
            unit: None,
        }),
        Input::Values(Valued {
            question: "d".to_owned(),
            value: -3.25,
            unit: Some("days".to_owned()),
        }),
        Input::Skip(Skipped {
            question: "q".to_owned(),
        }),
        Input::Back {},
        Input::Interview {},
        Input::Change("item:allergies".to_owned()),
        Input::Correct(Correction {
            finding: "cough".to_owned(),
            present: Some(false),
        }),
        Input::Correct(Correction {
            finding: "cough".to_owned(),
            present: None,
        }),
        Input::Strike("finding:cough".to_owned()),
        Input::Restore("finding:cough".to_owned()),
        Input::NotRight(NotRight { text: Some(text) }),
        Input::NotRight(NotRight { text: None }),
        Input::Profile(Profile {
            subject: Some(Subject::Child),
            age_months: Some(5),
            sex: Some(Sex::Female),
            pregnant: Some(false),
        }),
    ]
}

#[test]
fn everything_sent_is_written_as_serde_json_writes_it() {
    for input in inputs() {
        written_alike(&TurnRequest {
            turn_id: "t".to_owned(),
            input,
        });
    }
    written_alike(&Feedback {
        helpful: true,
        reason: Some("other".to_owned()),
    });
    written_alike(&ConsentChange {
        given: false,
        consent: None,
    });
    written_alike(&ConsentChange {
        given: true,
        consent: Some(ConsentGiven {
            purpose: "speech_provider".to_owned(),
            version: 2,
            language: "en".to_owned(),
            sha256: "01".to_owned(),
            by: ConsentBy::Patient,
        }),
    });
    written_alike(&NewSession {
        id: "i".to_owned(),
        application: "demo".to_owned(),
        locale: "zh".to_owned(),
        consents: vec![ConsentGiven {
            purpose: "service".to_owned(),
            version: 1,
            language: "zh".to_owned(),
            sha256: "00".to_owned(),
            by: ConsentBy::Guardian,
        }],
        profile: Profile::default(),
        link: Some("00".to_owned()),
        client_secret: String::new(),
    });
}

#[test]
fn what_is_written_is_read_back() {
    for input in inputs() {
        assert_eq!(from_str::<Input>(&to_string(&input)), Ok(input));
    }
}

#[test]
fn events_are_read_as_serde_json_reads_them() {
    let texts = [
        r#"{"seq":3,"event":{"message":{"kind":"tomorrow","text":{"zh":"\u6211\ud83d\ude00","en":"a\/b"}}}}"#,
        r#"{"seq":4,"event":{"patient_said":{"input":{"back":{}},"shown":{},"turn_id":"x"}}}"#,
        r#"{"event":{"delta":{"text":"…","later":[1,2.5e3,null,{"a":[]}]}}}"#,
        r#"{"seq":5,"event":{"not_yet":{"a":1}}}"#,
        r#"{"seq":6,"event":{"question":{"id":"temperature","text":{"en":"?"},"why":{},"kind":"number","purpose":"danger","min":34,"max":43.5,"step":0.1,"remaining":2}}}"#,
        r#"{"seq":8,"event":{"report_ready":{}}}"#,
        r#"{"seq":9,"event":{"report_submitted":{"version":2}}}"#,
        r#"{"seq":10,"event":{"done":{"turn_id":"t","status":"submitted"}}}"#,
        r#"{"seq":7,"event":{"done":{"turn_id":"t","status":"open"}}}"#,
    ];
    for text in texts {
        let theirs: SequencedEvent = serde_json::from_str(text).unwrap();
        assert_eq!(from_str::<SequencedEvent>(text), Ok(theirs), "{text}");
    }
}

#[test]
fn numbers_are_as_serde_json_has_them() {
    for text in [
        "0",
        "-1",
        "38.5",
        "0.1",
        "1e3",
        "2.5E-2",
        "12345678.125",
        "43.55",
    ] {
        let theirs: f64 = serde_json::from_str(text).unwrap();
        let ours: f64 = from_str(text).unwrap();
        assert!(
            (ours - theirs).abs() <= f64::EPSILON * theirs.abs(),
            "{text}: {ours} and {theirs}"
        );
    }
}

#[test]
fn what_is_no_json_is_refused() {
    let deep = "[".repeat(100) + &"]".repeat(100);
    for text in [
        "",
        "{",
        "[1,]",
        "\"",
        "\"\\u12\"",
        "\"\\ud800\"",
        "tru",
        "1.2.3",
        "{\"a\" 1}",
        "[] x",
        "-",
        &deep,
    ] {
        assert_eq!(parse(text), Err(Unreadable), "{text}");
    }
}
