//! What must hold for any input.

mod shared;

use std::collections::BTreeSet;

use consult::ask::Purpose;
use consult::assess::CareLevel;
use consult::profile::{AgeRange, Profile, Sex};
use consult::state::{Details, FindingHeard, Heard, Source, State, Status};
use consult::{Input, Settings, Step, hear, next};
use proptest::prelude::*;
use shared::{KNOWLEDGE, vignettes};

fn any_status() -> impl Strategy<Value = Status> {
    prop_oneof![
        Just(Status::Present),
        Just(Status::Absent),
        Just(Status::Unknown),
        Just(Status::Suspected)
    ]
}

fn any_profile() -> impl Strategy<Value = Profile> {
    (
        proptest::option::of(0_u32..1440),
        proptest::option::of(prop_oneof![Just(Sex::Female), Just(Sex::Male)]),
    )
        .prop_map(|(age, sex)| Profile {
            subject: None,
            age: age.map(AgeRange::exactly),
            sex,
        })
}

fn any_finding() -> impl Strategy<Value = usize> {
    0..KNOWLEDGE.vocabulary.findings.len()
}

fn answer(finding: usize, status: Status) -> Heard {
    let id = KNOWLEDGE.vocabulary.findings[finding].id.clone();
    let finding = FindingHeard {
        id,
        status,
        source: Source::Answer,
        words: None,
        span: None,
        details: Details::default(),
    };
    Heard {
        findings: vec![finding],
        ..Heard::default()
    }
}

fn state_of(profile: Profile, findings: &[(usize, Status)]) -> State {
    let mut heard = vec![Heard {
        profile,
        ..Heard::default()
    }];
    heard.extend(
        findings
            .iter()
            .map(|(finding, status)| answer(*finding, *status)),
    );
    State::fold(&heard)
}

fn gate_rules(state: &State) -> BTreeSet<String> {
    KNOWLEDGE
        .gate
        .fired(state)
        .into_iter()
        .map(|rule| rule.id)
        .collect()
}

/// Answers like a patient whose answers are drawn from `draws`.
fn interview(first: &[Input], draws: &[u8], budget: u8) -> Result<(State, Step), TestCaseError> {
    let mut heard: Vec<Heard> = Vec::new();
    for input in first {
        let state = State::fold(&heard);
        heard.push(KNOWLEDGE.hear(&state, input));
    }
    let mut asked = BTreeSet::new();
    let mut findings_asked = BTreeSet::new();
    let (mut screens, mut department, mut turns) = (0, 0, 0);
    loop {
        let state = State::fold(&heard);
        let decision = next(
            &KNOWLEDGE,
            &state,
            Settings {
                budget,
                ..Settings::default()
            },
        );
        let Step::Question(question) = decision.step else {
            return Ok((state, decision.step));
        };
        prop_assert!(
            asked.insert(question.id.clone()),
            "asked twice: {}",
            question.id
        );
        match question.purpose {
            Purpose::Danger => screens += 1,
            Purpose::Department => department += 1,
            Purpose::Profile | Purpose::Complaint | Purpose::History => {}
        }
        if question.purpose == Purpose::Danger {
            for choice in question.choices.iter().filter(|choice| !choice.exclusive) {
                let fixed = matches!(choice.id.as_str(), "yes" | "no");
                prop_assert!(
                    fixed || findings_asked.insert(choice.id.clone()),
                    "sign asked twice: {}",
                    choice.id
                );
            }
        }
        prop_assert!(screens <= 3, "more than three danger screens");
        prop_assert!(
            department <= u32::from(budget),
            "more department questions than the budget"
        );
        let draw = draws.get(turns % draws.len().max(1)).copied().unwrap_or(0);
        turns += 1;
        prop_assert!(turns < 40, "does not end");
        let offered: Vec<String> = question
            .choices
            .iter()
            .map(|choice| choice.id.clone())
            .collect();
        let id = question.id.clone();
        let input = match draw % 5 {
            0 => Input::Skip {
                question: id,
                offered,
            },
            1 if question.min.is_some() => Input::Values {
                question: id,
                value: f64::from(draw),
                unit: offered.first().cloned(),
            },
            2 => Input::Answer {
                question: id,
                offered,
                text: "呃 I am not sure what you mean 😀".to_owned(),
            },
            _ if offered.is_empty() => Input::Skip {
                question: id,
                offered,
            },
            _ => Input::Choice {
                question: id,
                choices: vec![offered[usize::from(draw) % offered.len()].clone()],
                offered,
            },
        };
        heard.push(KNOWLEDGE.hear(&state, &input));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn no_text_panics(text in "\\PC{0,200}") {
        let heard = KNOWLEDGE.hear(&State::default(), &Input::Text(text));
        let _ = next(&KNOWLEDGE, &State::fold(&[heard]), Settings::default());
    }

    #[test]
    fn no_mixture_of_known_words_panics(parts in proptest::collection::vec(prop_oneof![
        "[胸口疼痛没有不发烧咳嗽三天个月岁宝宝妈,。 ]{0,8}", "(no|not|chest|pain|fever|my|baby|3|weeks|old|38\\.5|,|\\.| )", "\\PC{0,3}"
    ], 0..30)) {
        let text = parts.concat();
        for heard in consult::read::read(&KNOWLEDGE.vocabulary, &text).findings {
            let words = heard.words.unwrap_or_default();
            prop_assert!(text.contains(&words));
        }
    }

    #[test]
    fn the_gate_is_monotone(
        profile in any_profile(),
        base in proptest::collection::vec((any_finding(), any_status()), 0..8),
        extra in any_finding(),
    ) {
        let id = &KNOWLEDGE.vocabulary.findings[extra].id;
        let without: Vec<(usize, Status)> = base.into_iter().filter(|(finding, _)| *finding != extra).collect();
        let with = |status: Status| {
            let mut findings = without.clone();
            findings.push((extra, status));
            gate_rules(&state_of(profile, &findings))
        };
        let before = gate_rules(&state_of(profile, &without));
        let (absent, present) = (with(Status::Absent), with(Status::Present));
        prop_assert!(absent.is_subset(&before), "{} denied raised {:?}", id, absent.difference(&before));
        prop_assert!(before.is_subset(&present), "{} present lowered {:?}", id, before.difference(&present));
    }

    #[test]
    fn the_order_of_two_answers_does_not_matter(
        profile in any_profile(),
        base in proptest::collection::vec((any_finding(), any_status()), 0..5),
        one in (any_finding(), any_status()),
        other in (any_finding(), any_status()),
    ) {
        prop_assume!(one.0 != other.0);
        let in_order = |pair: [(usize, Status); 2]| {
            let mut findings = base.clone();
            findings.extend(pair);
            state_of(profile, &findings)
        };
        let (mut first, mut second) = (in_order([one, other]), in_order([other, one]));
        // What was said first leads a report; no judgement turns on it.
        first.order.sort();
        second.order.sort();
        prop_assert_eq!(&first, &second);
        let (first, second) = (next(&KNOWLEDGE, &first, Settings::default()), next(&KNOWLEDGE, &second, Settings::default()));
        prop_assert_eq!(first, second);
    }

    #[test]
    fn interviews_end_and_ask_nothing_twice(
        start in any_finding(), profile in any_profile(), draws in proptest::collection::vec(any::<u8>(), 1..20), budget in 0_u8..=10,
    ) {
        let complaint = &KNOWLEDGE.complaints[start % KNOWLEDGE.complaints.len()];
        let first = [
            Input::Profile { profile, pregnant: None },
            Input::Choice { question: consult::COMPLAINT.to_owned(), offered: Vec::new(), choices: vec![complaint.id.clone()] },
        ];
        interview(&first, &draws, budget)?;
    }

    #[test]
    fn a_skipped_danger_question_never_gives_less_than_urgent(
        start in any_finding(), profile in any_profile(), draws in proptest::collection::vec(any::<u8>(), 1..20),
    ) {
        let complaint = &KNOWLEDGE.complaints[start % KNOWLEDGE.complaints.len()];
        let first = [
            Input::Profile { profile, pregnant: None },
            Input::Choice { question: consult::COMPLAINT.to_owned(), offered: Vec::new(), choices: vec![complaint.id.clone()] },
        ];
        let (state, step) = interview(&first, &draws, 3)?;
        let decision = next(&KNOWLEDGE, &state, Settings { budget: 3, ..Settings::default() });
        let skipped = complaint.danger.iter().any(|finding| {
            let id = KNOWLEDGE.vocabulary.id_of(*finding);
            state.findings.get(id).is_some_and(|known| known.status == Status::Unknown) && decision.assessment.open.iter().any(|open| open == id)
        });
        if step == Step::Guidance && skipped {
            prop_assert!(decision.assessment.care_level >= Some(CareLevel::Urgent));
        }
        if step == Step::Guidance && !decision.assessment.open.is_empty() {
            prop_assert!(decision.assessment.care_level >= Some(CareLevel::Urgent));
        }
    }

    #[test]
    fn interviews_from_vignettes_end(pick in any::<prop::sample::Index>(), draws in proptest::collection::vec(any::<u8>(), 1..20)) {
        let all = vignettes();
        let vignette = &all[pick.index(all.len())];
        interview(&[shared::form(vignette), Input::Text(vignette.text.clone())], &draws, 5)?;
    }
}

#[test]
fn nothing_understood_is_never_judged() {
    let heard = hear(
        &KNOWLEDGE.vocabulary,
        &State::default(),
        &Input::Text("asdf qwer 😀😀".to_owned()),
    );
    let mut all = vec![heard.clone()];
    for wanted in [Step::Rephrase, Step::OfferList, Step::TriageDesk] {
        let decision = next(&KNOWLEDGE, &State::fold(&all), Settings::default());
        assert_eq!(decision.step, wanted);
        assert_eq!(decision.assessment.care_level, None);
        all.push(heard.clone());
    }
}

#[test]
fn back_takes_the_last_answer_back() {
    let text = |text: &str| {
        hear(
            &KNOWLEDGE.vocabulary,
            &State::default(),
            &Input::Text(text.to_owned()),
        )
    };
    let (first, second, back) = (
        text("咳嗽三天"),
        text("胸口疼"),
        Heard {
            back: true,
            ..Heard::default()
        },
    );
    assert_eq!(
        State::fold(&[first.clone(), second, back.clone()]),
        State::fold(std::slice::from_ref(&first))
    );
    assert_eq!(State::fold(std::slice::from_ref(&back)), State::default());
}

#[test]
fn minimising_afterwards_lowers_nothing() {
    let mut heard: Vec<Heard> = Vec::new();
    for text in ["胸口压得慌,出冷汗", "其实没什么,没有胸痛,不用担心,天气真好"]
    {
        let state = State::fold(&heard);
        heard.push(hear(
            &KNOWLEDGE.vocabulary,
            &state,
            &Input::Text(text.to_owned()),
        ));
    }
    let before = gate_rules(&State::fold(&heard[..1]));
    assert!(!before.is_empty());
    assert!(before.is_subset(&gate_rules(&State::fold(&heard))));
}
