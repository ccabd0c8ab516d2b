//! What an interview asks of whom.
#![expect(clippy::panic, reason = "a test fails by panicking")]

mod shared;

use std::sync::Arc;

use consult::ask::{Question, QuestionKind};
use consult::profile::{AgeRange, Profile, Sex};
use consult::report::{Entry, LineStatus, Logged, report};
use consult::state::{Heard, State};
use consult::{Input, Settings, Step, next};
use shared::KNOWLEDGE;

/// A patient who answers whatever is asked.
#[derive(Default)]
struct Talk {
    heard: Vec<Arc<Heard>>,
    asked: Vec<Question>,
}

impl Talk {
    fn hear(&mut self, input: &Input) {
        let state = State::fold(self.heard.iter().map(AsRef::as_ref));
        self.heard.push(Arc::new(KNOWLEDGE.hear(&state, input)));
    }

    /// "This is not right", with the rules the card was of, as the server says them.
    fn dispute(&mut self) {
        let Step::Alert(fired) = self.step() else {
            panic!("no card: {:?}", self.step());
        };
        self.hear(&Input::NotRight { text: None });
        if let Some(last) = self.heard.last_mut() {
            Arc::make_mut(last).disputed = fired.into_iter().map(|rule| rule.id).collect();
        }
    }

    fn step(&self) -> Step {
        let state = State::fold(self.heard.iter().map(AsRef::as_ref));
        next(&KNOWLEDGE, &state, Settings::default()).step
    }

    /// Says something, calls every card not right, then answers until the report stands: the last choice, or passes over.
    fn tell(&mut self, said: &[&str]) {
        self.hear(&Input::Profile {
            profile: Profile {
                subject: None,
                age: Some(AgeRange::exactly(12 * 40)),
                sex: Some(Sex::Male),
            },
            pregnant: None,
        });
        for words in said {
            self.hear(&Input::Text((*words).to_owned()));
            if matches!(self.step(), Step::Alert(_)) {
                self.dispute();
            }
        }
        self.hear(&Input::Interview);
        while let Step::Question(question) = self.step() {
            assert!(self.asked.len() < 30, "it does not end");
            self.hear(&answer(&question));
            self.asked.push(*question);
        }
        assert_eq!(self.step(), Step::Report);
    }

    fn question(&self, id: &str) -> Option<&Question> {
        self.asked.iter().find(|question| question.id == id)
    }

    fn lines(&self) -> Vec<consult::report::Line> {
        let entries: Vec<Entry<'_>> = (1..)
            .zip(&self.heard)
            .map(|(seq, heard)| Entry {
                seq,
                logged: Logged::Heard(heard, None),
            })
            .collect();
        report(&KNOWLEDGE, &entries).lines
    }
}

fn answer(question: &Question) -> Input {
    let offered: Vec<String> = question
        .choices
        .iter()
        .map(|choice| choice.id.clone())
        .collect();
    let chosen = ["none", "no", "nothing", "added"]
        .into_iter()
        .find(|id| offered.iter().any(|one| one == id));
    match chosen {
        Some(chosen) => Input::Choice {
            question: question.id.clone(),
            offered,
            choices: vec![chosen.to_owned()],
        },
        None => Input::Skip {
            question: question.id.clone(),
            offered,
        },
    }
}

#[test]
fn who_shows_something_is_asked_for_a_photo_and_nobody_of_private_parts() {
    for (words, photo) in [
        ("手臂上起了一片红疹，痒三天了", Some("item:photo_body")),
        (
            "I want a repeat prescription for my tablets",
            Some("history:photo_medicine"),
        ),
        ("my knee has been hurting for two months", None),
        ("I have vaginal discharge and itching", None),
    ] {
        let mut talk = Talk::default();
        talk.tell(&[words]);
        let asked: Vec<&str> = talk
            .asked
            .iter()
            .filter(|question| question.kind == QuestionKind::Photo)
            .map(|question| question.id.as_str())
            .collect();
        let all: Vec<&str> = talk
            .asked
            .iter()
            .map(|question| question.id.as_str())
            .collect();
        assert_eq!(
            asked,
            photo.into_iter().collect::<Vec<_>>(),
            "{words}: {all:?}"
        );
        // Photos speak for themselves: no line is made of having been asked. Words instead of a photo are words.
        let of_photo = |talk: &Talk| talk.lines().iter().any(|line| line.id.contains("photo"));
        assert!(!of_photo(&talk));
        if let Some(question) = photo {
            talk.hear(&Input::Answer {
                question: question.to_owned(),
                offered: vec!["added".to_owned()],
                text: "my phone has no camera".to_owned(),
            });
            assert!(of_photo(&talk), "{words}");
        }
    }
}

#[test]
fn who_went_on_after_a_card_is_asked_what_was_done_and_nobody_else() {
    let mut talk = Talk::default();
    talk.tell(&["my knee has been hurting for two months"]);
    assert!(talk.question("item:advice_followed").is_none());

    let mut talk = Talk::default();
    talk.tell(&["crushing chest pain for an hour, cold sweat"]);
    let question = talk
        .question("item:advice_followed")
        .unwrap_or_else(|| panic!("{:?}", talk.asked));
    assert_eq!(question.kind, QuestionKind::Single);
    let lines = talk.lines();
    let line = lines.iter().find(|line| line.id == "item:advice_followed");
    let line = line.unwrap_or_else(|| panic!("{lines:?}"));
    assert_eq!(line.status, LineStatus::Present);
    assert!(line.text.get("en").contains("Nothing yet"), "{line:?}");
}
