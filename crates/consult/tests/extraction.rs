//! What a language model read may raise and never quiets.
#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, its helpers too"
)]

use consult::ask::Purpose;
use consult::assess::CareLevel;
use consult::extraction::Extracted;
use consult::knowledge::Knowledge;
use consult::state::{Heard, Source, State, Status};
use consult::{Input, Settings, Step, next};

mod shared;

fn knowledge() -> &'static Knowledge {
    &shared::KNOWLEDGE
}

fn said(text: &str) -> (State, Heard) {
    let state = State::default();
    let heard = knowledge().hear(&state, &Input::Text(text.to_owned()));
    (state, heard)
}

fn read(text: &str, id: &str, present: bool, words: &str) -> Extracted {
    let from = text.find(words).unwrap();
    Extracted {
        id: id.to_owned(),
        present,
        words: from..from + words.len(),
    }
}

fn after(heard: &[&Heard]) -> State {
    State::fold(heard.iter().copied())
}

/// Nothing of it is understood by our own reader.
const STRANGE: &str = "it is the old zumbo again, green and gold on the box";

#[test]
fn what_only_the_model_read_is_a_finding_like_another() {
    let (before, mut heard) = said(STRANGE);
    assert!(heard.nothing, "{heard:?}");
    let merged = knowledge().merge(
        &before,
        STRANGE,
        &mut heard,
        &[read(STRANGE, "itch", true, "old zumbo")],
    );
    assert_eq!((merged.added, merged.unknown), (1, 0));
    let finding = &heard.findings[0];
    assert_eq!(
        (finding.status, finding.source, finding.words.as_deref()),
        (Status::Present, Source::Model, Some("old zumbo"))
    );
    assert!(!heard.nothing && heard.feared.is_empty());
    assert!(after(&[&heard]).is_present("itch"));
}

#[test]
fn a_red_flag_of_the_model_is_asked_next_and_stays_urgent_until_answered() {
    let (before, mut heard) = said(STRANGE);
    let read = [read(STRANGE, "unconscious", true, "gold on the box")];
    knowledge().merge(&before, STRANGE, &mut heard, &read);
    assert_eq!(heard.feared, ["unconscious"]);
    let decision = next(knowledge(), &after(&[&heard]), Settings::default());
    let Step::Question(question) = decision.step else {
        panic!("{:?}", decision.step);
    };
    assert_eq!(
        (question.id.as_str(), question.purpose),
        ("signs:unconscious", Purpose::Danger)
    );
    assert_eq!(decision.assessment.care_level, Some(CareLevel::Urgent));
    assert_eq!(decision.assessment.open[0], "unconscious");
    let offered: Vec<String> = question.choices.iter().map(|one| one.id.clone()).collect();
    let answer = |choice: &str| {
        let state = after(&[&heard]);
        let answered = knowledge().hear(
            &state,
            &Input::Choice {
                question: question.id.clone(),
                offered: offered.clone(),
                choices: vec![choice.to_owned()],
            },
        );
        next(
            knowledge(),
            &after(&[&heard, &answered]),
            Settings::default(),
        )
    };
    assert!(matches!(answer("yes").step, Step::Alert(_)));
    let unknown = answer("unknown");
    assert!(unknown.assessment.care_level >= Some(CareLevel::Urgent));
    assert!(unknown.assessment.open.contains(&"unconscious".to_owned()));
    let denied = answer("no");
    assert!(!denied.assessment.open.contains(&"unconscious".to_owned()));
    let skipped = {
        let state = after(&[&heard]);
        let skip = Input::Skip {
            question: question.id.clone(),
            offered: offered.clone(),
        };
        let passed = knowledge().hear(&state, &skip);
        next(knowledge(), &after(&[&heard, &passed]), Settings::default())
    };
    assert!(skipped.assessment.care_level >= Some(CareLevel::Urgent));
}

#[test]
fn a_denial_of_the_model_quiets_nothing() {
    let text = "胸口像压了块石头,出冷汗半小时";
    let (before, mut heard) = said(text);
    let own = next(knowledge(), &after(&[&heard]), Settings::default());
    assert!(matches!(own.step, Step::Alert(_)));
    let denied: Vec<Extracted> = heard
        .findings
        .iter()
        .map(|finding| Extracted {
            id: finding.id.clone(),
            present: false,
            words: 0..text.len(),
        })
        .collect();
    knowledge().merge(&before, text, &mut heard, &denied);
    assert_eq!(
        next(knowledge(), &after(&[&heard]), Settings::default()).step,
        own.step
    );
    // What was not heard at all is not denied by it either.
    let (before, mut heard) = said("我头疼");
    let merged = knowledge().merge(
        &before,
        "我头疼",
        &mut heard,
        &[read("我头疼", "stiff_neck", false, "头疼")],
    );
    assert_eq!(merged.denials, 1);
    assert!(!after(&[&heard]).findings.contains_key("stiff_neck"));
}

#[test]
fn where_the_readers_differ_the_patient_is_asked() {
    let text = "I have no fever but my back aches";
    let (before, mut heard) = said(text);
    let own = |heard: &Heard, id: &str| {
        let found = heard.findings.iter().find(|one| one.id == id);
        found.map(|one| one.status)
    };
    assert_eq!(own(&heard, "fever"), Some(Status::Absent));
    let read = [
        read(text, "fever", true, "fever"),
        read(text, "back_pain", false, "back aches"),
    ];
    let merged = knowledge().merge(&before, text, &mut heard, &read);
    assert_eq!(merged.conflicts, 2);
    assert_eq!(own(&heard, "fever"), Some(Status::Suspected));
    assert_eq!(own(&heard, "back_pain"), Some(Status::Present));
    let state = after(&[&heard]);
    assert!(state.doubted.contains("back_pain"));
}

#[test]
fn what_is_not_in_the_catalogue_or_has_no_words_is_left_out() {
    let (before, mut heard) = said(STRANGE);
    let untouched = heard.clone();
    let read = [
        Extracted {
            id: "made_up_by_the_model".to_owned(),
            present: true,
            words: 0..5,
        },
        Extracted {
            id: "itch".to_owned(),
            present: true,
            words: 3..3,
        },
        Extracted {
            id: "itch".to_owned(),
            present: true,
            words: 5..900,
        },
    ];
    let merged = knowledge().merge(&before, STRANGE, &mut heard, &read);
    assert_eq!((merged.unknown, merged.added), (3, 0));
    assert_eq!(heard, untouched);
}

#[test]
fn an_inquiry_closes_no_question_and_is_no_miss() {
    let (_, first) = said(STRANGE);
    let state = after(&[&first, &Heard::inquiry()]);
    assert_eq!(state.misses, 1);
    let (_, complaint) = said("my back aches");
    let before = next(knowledge(), &after(&[&complaint]), Settings::default());
    let asked = after(&[&complaint, &Heard::inquiry()]);
    assert_eq!(next(knowledge(), &asked, Settings::default()), before);
}

#[test]
fn the_catalogue_holds_what_the_words_come_near_to() {
    let knowledge = knowledge();
    for (text, id) in [
        ("my tummy realy hurts since morning", "belly_pain"),
        ("昨晚开始一直拉肚子", "diarrhoea"),
        ("头特别疼还吐了", "vomiting"),
    ] {
        let state = after(&[&said(text).1]);
        let catalogue = knowledge.catalogue(&state, text, 60);
        let ids: Vec<&str> = catalogue
            .iter()
            .map(|finding| knowledge.vocabulary.id_of(*finding))
            .collect();
        assert!(ids.contains(&id), "{text}: {ids:?}");
        assert!(ids.len() <= 60);
    }
}

#[test]
fn a_model_that_fears_everything_does_not_get_to_ask_everything() {
    let (before, mut heard) = said(STRANGE);
    let everything: Vec<Extracted> = knowledge()
        .vocabulary
        .findings
        .iter()
        .take(400)
        .map(|finding| read(STRANGE, &finding.id, true, "zumbo"))
        .collect();
    knowledge().merge(&before, STRANGE, &mut heard, &everything);
    assert!((1..=12).contains(&heard.feared.len()), "{:?}", heard.feared);
    let decision = next(knowledge(), &after(&[&heard]), Settings::default());
    assert!(
        !matches!(decision.step, Step::Alert(_)),
        "{:?}",
        decision.step
    );
    assert!(decision.crisis.is_empty());
    assert!(decision.assessment.care_level >= Some(CareLevel::Urgent));
}
