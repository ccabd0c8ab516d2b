//! The reducer, on events as the server sends them.

use wire::event::{AlertLevel, Delta, Done, MessageKind, ReportState};
use wire::question::{Purpose, QuestionKind};
use wire::turn::{Chosen, Correction, NotRight};

use super::*;

fn both(text: &str) -> Localized {
    Localized::new(text, text)
}

fn question(id: &str) -> Event {
    Event::Question(Question {
        id: id.to_owned(),
        text: both(id),
        why: both("why"),
        kind: QuestionKind::YesNo,
        purpose: Purpose::Danger,
        choices: Vec::new(),
        unit: None,
        min: None,
        max: None,
        step: None,
        remaining: 3,
        private: false,
    })
}

fn said(input: Input, turn: &str) -> Event {
    let shown = match &input {
        Input::Text(text) => both(text),
        _ => both("tapped"),
    };
    Event::PatientSaid(PatientSaid {
        input,
        shown,
        turn_id: turn.to_owned(),
    })
}

fn chose(question: &str, choice: &str) -> Input {
    Input::Choice(Chosen {
        question: question.to_owned(),
        choices: vec![choice.to_owned()],
    })
}

fn alert() -> Alert {
    Alert {
        rules: vec!["stroke".to_owned()],
        level: AlertLevel::CallNow,
        title: both("t"),
        words: both("w"),
        reasons: Vec::new(),
    }
}

fn done(status: SessionStatus) -> Event {
    Event::Done(Done {
        turn_id: "t".to_owned(),
        status,
    })
}

fn sequence(events: Vec<Event>) -> Vec<SequencedEvent> {
    events
        .into_iter()
        .zip(1..)
        .map(|(event, seq)| SequencedEvent {
            seq: Some(seq),
            event,
        })
        .collect()
}

fn fold(events: &[SequencedEvent]) -> ChatState {
    let mut state = ChatState::default();
    for event in events {
        state.apply(event);
    }
    state
}

fn visit() -> Vec<SequencedEvent> {
    sequence(vec![
        said(Input::Profile(Profile::default()), "1"),
        question("complaint"),
        done(SessionStatus::Open),
        said(Input::Text("head hurts".to_owned()), "2"),
        question("stiff_neck"),
        done(SessionStatus::Open),
        said(chose("stiff_neck", "no"), "3"),
        question("since"),
        done(SessionStatus::Open),
    ])
}

#[test]
fn a_replayed_stream_changes_nothing() {
    let events = visit();
    let once = fold(&events);
    let mut twice = once.clone();
    for event in &events {
        assert!(!twice.apply(event));
    }
    assert_eq!(once, twice);
}

#[test]
fn a_stream_cut_anywhere_and_resumed_ends_the_same() {
    let events = visit();
    let whole = fold(&events);
    for cut in 0..events.len() {
        let mut state = fold(&events[..cut]);
        // The replay begins a little before the cut, as `?after=seq` of an older reader would.
        for event in &events[cut.saturating_sub(2)..] {
            state.apply(event);
        }
        assert_eq!(state, whole, "cut at {cut}");
    }
}

#[test]
fn an_answered_question_stands_before_its_answer() {
    let state = fold(&visit());
    assert_eq!(
        state.question.as_ref().map(|one| one.id.as_str()),
        Some("since")
    );
    let kinds: Vec<&str> = state
        .entries
        .iter()
        .map(|entry| match entry {
            Entry::Asked(question) => question.id.as_str(),
            Entry::Said { .. } => "said",
            _ => "other",
        })
        .collect();
    assert_eq!(kinds, ["complaint", "said", "stiff_neck", "said"]);
    assert_eq!(state.words().count(), 1);
}

#[test]
fn back_removes_the_last_answer_and_its_question() {
    let mut events = visit();
    events.push(SequencedEvent {
        seq: Some(10),
        event: said(Input::Back {}, "4"),
    });
    events.push(SequencedEvent {
        seq: Some(11),
        event: question("stiff_neck"),
    });
    let state = fold(&events);
    assert_eq!(
        state.question.as_ref().map(|one| one.id.as_str()),
        Some("stiff_neck")
    );
    assert_eq!(state.entries.len(), 2);
}

#[test]
fn back_with_nothing_said_is_harmless() {
    let state = fold(&sequence(vec![
        said(Input::Back {}, "1"),
        question("complaint"),
    ]));
    assert!(state.entries.is_empty());
    assert!(!state.can_go_back());
}

#[test]
fn the_card_of_the_browser_gives_way_to_the_servers_and_the_banner_stays() {
    let mut state = fold(&visit());
    state.raise(alert());
    assert!(state.card().is_some_and(|card| card.reasons.is_empty()));
    let mut named = alert();
    named.reasons.push(wire::guidance::Reason {
        finding: both("droop"),
        words: None,
    });
    state.apply(&SequencedEvent {
        seq: Some(10),
        event: Event::Alert(named),
    });
    assert!(state.card().is_some_and(|card| card.reasons.len() == 1));
    let correction = Input::NotRight(NotRight {
        text: Some("last year".to_owned()),
    });
    state.apply(&SequencedEvent {
        seq: Some(11),
        event: said(correction, "5"),
    });
    assert!(state.card().is_none());
    assert!(state.banner);
    assert_eq!(
        state.spoken.last().map(|one| one.rules.clone()),
        Some(vec!["stroke".to_owned()])
    );
}

#[test]
fn words_under_way_are_replaced_by_the_message() {
    let mut state = ChatState::default();
    for text in ["Let me ", "see"] {
        state.apply(&SequencedEvent {
            seq: None,
            event: Event::Delta(Delta {
                text: text.to_owned(),
            }),
        });
    }
    assert_eq!(state.streaming, "Let me see");
    let message = Message {
        kind: MessageKind::Plain,
        text: both("Let me see."),
        template: None,
    };
    state.apply(&SequencedEvent {
        seq: Some(1),
        event: Event::Message(message),
    });
    assert!(state.streaming.is_empty());
    assert_eq!(state.entries.len(), 1);
}

#[test]
fn a_failed_turn_puts_everything_back() {
    let before = fold(&visit());
    let mut state = before.clone();
    state.apply(&SequencedEvent {
        seq: Some(10),
        event: said(chose("since", "today"), "4"),
    });
    state.apply(&SequencedEvent {
        seq: Some(11),
        event: Event::Failed(Failed {
            turn_id: "4".to_owned(),
            code: "interrupted".to_owned(),
        }),
    });
    assert_eq!(state.entries, before.entries);
    assert_eq!(state.question, before.question);
    assert_eq!(state.spoken, before.spoken);
    assert!(state.failed.is_some());
}

#[test]
fn more_words_after_guidance_open_the_talk_again() {
    let mut state = fold(&visit());
    let guidance = Guidance {
        care_level: wire::guidance::CareLevel::Routine,
        level_name: both("routine"),
        by_when: both(""),
        where_if_closed: both(""),
        until_then: both(""),
        come_back_if: Vec::new(),
        open: Vec::new(),
        departments: Vec::new(),
        tie: None,
    };
    state.apply(&SequencedEvent {
        seq: Some(10),
        event: Event::Guidance(guidance),
    });
    assert!(state.guidance.is_some() && state.question.is_none());
    state.apply(&SequencedEvent {
        seq: Some(11),
        event: said(Input::Text("and a rash".to_owned()), "5"),
    });
    assert!(state.guidance.is_none());
    assert!(
        state
            .entries
            .iter()
            .any(|entry| matches!(entry, Entry::Guided(_)))
    );
}

#[test]
fn an_unknown_event_is_skipped() {
    let mut state = fold(&visit());
    let before = state.clone();
    assert!(!state.apply(&SequencedEvent {
        seq: Some(10),
        event: Event::Unknown
    }));
    state.last_seq = before.last_seq;
    assert_eq!(state, before);
}

fn answer(alone: bool) -> Event {
    Event::Answer(Answer {
        text: both("on the ground floor"),
        sources: Vec::new(),
        alone,
        template: None,
    })
}

#[test]
fn a_question_about_the_hospital_answers_nothing_and_no_step_back_leads_to_it() {
    let mut chat = ChatState::new(Profile::default());
    let events = [
        question("headache"),
        said(chose("headache", "yes"), "1"),
        question("fever"),
        said(Input::Text("where can I park".to_owned()), "2"),
        Event::Delta(Delta {
            text: "on the".to_owned(),
        }),
        answer(true),
        question("fever"),
    ];
    for event in events {
        chat.apply(&SequencedEvent { seq: None, event });
    }
    assert_eq!(
        chat.question.as_ref().map(|one| one.id.as_str()),
        Some("fever")
    );
    assert!(chat.streaming.is_empty());
    let kinds: Vec<&str> = chat
        .entries
        .iter()
        .map(|entry| match entry {
            Entry::Asked(_) => "asked",
            Entry::Said { .. } => "said",
            Entry::Inquired(_) => "inquired",
            Entry::Answered(_) => "answered",
            _ => "other",
        })
        .collect();
    assert_eq!(kinds, ["asked", "said", "inquired", "answered"]);
    chat.apply(&SequencedEvent {
        seq: None,
        event: said(Input::Back {}, "3"),
    });
    assert!(chat.entries.is_empty());
}

#[test]
fn words_that_also_say_what_is_wrong_stay_an_answer() {
    let mut chat = ChatState::new(Profile::default());
    for event in [
        question("complaint"),
        said(
            Input::Text("my knee hurts, where can I park".to_owned()),
            "1",
        ),
        answer(false),
        question("fever"),
    ] {
        chat.apply(&SequencedEvent { seq: None, event });
    }
    assert!(matches!(chat.entries[1], Entry::Said { .. }));
    assert!(matches!(chat.entries[2], Entry::Answered(_)));
}

#[test]
fn corrections_of_the_report_leave_it_on_the_screen_and_other_answers_take_it_away() {
    let mut chat = ChatState::new(Profile::default());
    let apply = |chat: &mut ChatState, event| chat.apply(&SequencedEvent { seq: None, event });
    apply(&mut chat, said(Input::Interview {}, "1"));
    apply(&mut chat, question("item:allergies"));
    apply(&mut chat, said(chose("item:allergies", "none"), "2"));
    apply(&mut chat, Event::ReportReady(ReportState { version: None }));
    assert!(chat.report && chat.question.is_none());
    let entries = chat.entries.len();
    for input in [
        Input::Strike("finding:cough".to_owned()),
        Input::Restore("finding:cough".to_owned()),
        Input::Correct(Correction {
            finding: "cough".to_owned(),
            present: Some(false),
        }),
    ] {
        apply(&mut chat, said(input, "3"));
        assert!(chat.report);
    }
    assert_eq!(chat.entries.len(), entries);
    apply(
        &mut chat,
        Event::ReportSubmitted(ReportState { version: Some(1) }),
    );
    assert!(chat.report);
    apply(
        &mut chat,
        said(Input::Change("item:allergies".to_owned()), "4"),
    );
    assert!(!chat.report);
    apply(&mut chat, question("item:allergies"));
    assert_eq!(
        chat.question.as_ref().map(|one| one.id.as_str()),
        Some("item:allergies")
    );
    // Back from the question changed: the report stands there again.
    apply(&mut chat, said(Input::Back {}, "5"));
    assert!(chat.question.is_none() || chat.report);
}
