//! The guard measured with sentences as models write them, good and bad. `zh.tsv` and `en.tsv` hold a line for each: verdict, kind
//! and sentence; before ` || ` stand the patient's words (`quoting`) or the hospital's passage (`answer`).
//!
//! `GUARD_SHOW=even` prints the lines with even numbers that go wrong, `GUARD_SHOW=all` every one. Odd lines are kept unread while the
//! lists are being written; those of the kind `answer` were written by the hand that wrote the lists.

#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, its helpers too"
)]

use std::collections::BTreeMap;

use anteroom_server::assets::{GATE, KNOWLEDGE};
use anteroom_server::model::guard::{Grounds, Guard, Objection, Step};
use consult::knowledge::Knowledge;

const CORPORA: [(&str, &str, &str); 2] = [
    ("zh", include_str!("zh.tsv"), "请问是从什么时候开始的？"),
    ("en", include_str!("en.tsv"), "When did it begin?"),
];
/// Good sentences that pass, of a hundred, at least.
const GOOD: usize = 85;

/// How many sentences of a kind there are and how many passed.
#[derive(Default, Clone, Copy)]
struct Count {
    all: usize,
    passed: usize,
}

fn guard() -> Guard {
    Guard::new(&Knowledge::decode(KNOWLEDGE, GATE).unwrap())
}

fn checked(
    guard: &Guard,
    language: &str,
    reviewed: &str,
    kind: &str,
    text: &str,
) -> Result<(), Objection> {
    let (before, sentence) = text.split_once(" || ").unwrap_or(("", text));
    let step = match kind {
        "answer" => Step {
            is_answer: true,
            ..Step::bare(language, before)
        },
        _ => Step {
            said: before,
            ..Step::bare(language, reviewed)
        },
    };
    guard.check(&Grounds::of(&step), sentence)
}

#[test]
fn bad_sentences_are_refused_and_good_ones_pass() {
    let guard = guard();
    let show = std::env::var("GUARD_SHOW").unwrap_or_default();
    let mut wrong = Vec::new();
    for (language, corpus, reviewed) in CORPORA {
        let mut counts: BTreeMap<(&str, &str, bool), Count> = BTreeMap::new();
        for (index, line) in corpus.lines().enumerate() {
            let mut columns = line.splitn(3, '\t');
            let mut column = || columns.next().unwrap();
            let (verdict, kind, text) = (column(), column(), column());
            let outcome = checked(&guard, language, reviewed, kind, text);
            let is_even = index % 2 == 1;
            let count = counts.entry((verdict, kind, is_even)).or_default();
            count.all += 1;
            count.passed += usize::from(outcome.is_ok());
            if outcome.is_ok() == (verdict == "bad") {
                let shown = show == "all" || show == "even" && is_even;
                if shown {
                    println!("{language} {verdict} {kind} {outcome:?}: {text}");
                }
            }
        }
        for (is_even, name) in [(true, "even"), (false, "odd")] {
            for verdict in ["bad", "good"] {
                let of: Vec<_> = counts
                    .iter()
                    .filter(|((found, _, even), _)| *found == verdict && *even == is_even)
                    .collect();
                let (all, passed) = of.iter().fold((0, 0), |sum, (_, count)| {
                    (sum.0 + count.all, sum.1 + count.passed)
                });
                let kinds: Vec<String> = of
                    .iter()
                    .filter(|(_, count)| {
                        count.passed != if verdict == "bad" { 0 } else { count.all }
                    })
                    .map(|((_, kind, _), count)| format!("{kind} {}/{}", count.passed, count.all))
                    .collect();
                println!(
                    "{language} {name} {verdict}: {passed}/{all} pass ({})",
                    kinds.join(", ")
                );
            }
        }
        let sum = |wanted: &str| {
            counts
                .iter()
                .filter(|((verdict, _, _), _)| *verdict == wanted)
                .fold((0, 0), |sum, (_, count)| {
                    (sum.0 + count.all, sum.1 + count.passed)
                })
        };
        let ((_, bad), (all, good)) = (sum("bad"), sum("good"));
        if bad > 0 || good * 100 < all * GOOD {
            wrong.push(format!(
                "{language}: {bad} bad pass, {good} of {all} good pass"
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn a_reviewed_sentence_passes_as_it_is_and_no_piece_of_it() {
    let guard = guard();
    let reviewed = "Please go to the triage desk. If it is urgent, call the ambulance now.";
    let check = |sentence| guard.check(&Grounds::of(&Step::bare("en", reviewed)), sentence);
    assert_eq!(check("If it is urgent, call the ambulance now."), Ok(()));
    assert_eq!(check("Call the ambulance now."), Err(Objection::Urgency));
}
