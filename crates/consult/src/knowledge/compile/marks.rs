//! `reading.toml` to marks: words that deny, doubt, date or name somebody else.

use super::Problem;
use super::source::{NumberWords, Reading, Words};
use crate::knowledge::{Mark, Person};
use crate::profile::AgeRange;
use crate::read::slots::slots;

/// What marks are: their kinds, and words as kind, language, text.
#[derive(Debug, Default)]
pub(super) struct Marks {
    pub(super) kinds: Vec<Mark>,
    pub(super) words: Vec<(usize, &'static str, String)>,
}

fn problem(entry: &str, message: String) -> Problem {
    Problem {
        file: "reading.toml".to_owned(),
        entry: entry.to_owned(),
        message,
    }
}

/// Traditional characters to simplified ones, sorted.
pub(super) fn fold(reading: &Reading, problems: &mut Vec<Problem>) -> Vec<(char, char)> {
    let letters = |text: &str| {
        text.chars()
            .filter(|one| !one.is_whitespace())
            .collect::<Vec<char>>()
    };
    let (from, to) = (letters(&reading.traditional), letters(&reading.simplified));
    if from.len() != to.len() {
        problems.push(problem(
            "traditional",
            format!(
                "{} traditional characters stand against {} simplified ones",
                from.len(),
                to.len()
            ),
        ));
    }
    let mut pairs: Vec<(char, char)> = from
        .into_iter()
        .zip(to)
        .filter(|(from, to)| from != to)
        .collect();
    pairs.sort_unstable();
    pairs.dedup_by_key(|pair| pair.0);
    pairs
}

/// Every marking word.
pub(super) fn marks(
    reading: &Reading,
    fold: &[(char, char)],
    finding: impl Fn(&str) -> Option<u16>,
    problems: &mut Vec<Problem>,
) -> (Marks, Vec<Person>) {
    let mut marks = Marks::default();
    for one in &reading.fine {
        if finding(&one.denies).is_none() {
            let message = format!("there is no finding \"{}\" to deny", one.denies);
            problems.push(problem("fine", message));
        }
    }
    let mut take = |entry: &str, mark: Mark, words: &Words| {
        marks.kinds.push(mark);
        for (language, word) in words.all() {
            match slots(word, fold) {
                Ok(_) => {
                    let word = word.trim().to_lowercase();
                    marks.words.push((marks.kinds.len() - 1, language, word));
                }
                Err(message) => problems.push(problem(entry, message)),
            }
        }
    };
    for (reach, words) in &reading.deny {
        take("deny", Mark::Deny(*reach), words);
    }
    for (entry, mark, words) in [
        ("deny_after", Mark::DenyAfter, &reading.deny_after),
        ("not_denial", Mark::NotDenial, &reading.not_denial),
        ("doubt", Mark::Doubt, &reading.doubt),
        ("past", Mark::Past, &reading.past),
        ("still", Mark::Still, &reading.still),
        ("family", Mark::Family, &reading.family),
        ("hypothetical", Mark::Hypothetical, &reading.hypothetical),
        ("end", Mark::End, &reading.end),
        ("join", Mark::Join, &reading.join),
        ("sudden", Mark::Sudden, &reading.sudden),
        ("severe", Mark::Severe, &reading.severe),
        ("worsening", Mark::Worsening, &reading.worsening),
        ("myself", Mark::Myself, &reading.myself),
        ("born", Mark::Born, &reading.born),
        ("expecting", Mark::Expecting, &reading.expecting),
        ("year", Mark::Year, &reading.year),
        ("apart", Mark::Apart, &reading.apart),
        ("yes", Mark::Yes, &reading.yes),
        ("no", Mark::No, &reading.no),
        ("age_before", Mark::AgeBefore, &reading.age_before),
        ("degree", Mark::Degree, &reading.degree),
    ] {
        take(entry, mark, words);
    }
    for (sex, words) in &reading.sex {
        take("sex", Mark::Sex(*sex), words);
    }
    for one in &reading.measure {
        take(
            "measure",
            Mark::Measure(one.measure),
            &Words {
                zh: one.zh.clone(),
                en: one.en.clone(),
            },
        );
    }
    let words_of = |one: &NumberWords| Words {
        zh: one.zh.clone(),
        en: one.en.clone(),
    };
    for one in &reading.unit {
        take("unit", Mark::Unit(one.value), &words_of(one));
    }
    for one in &reading.number {
        take("number", Mark::Number(one.value), &words_of(one));
    }
    for one in &reading.since {
        take("since", Mark::Since(one.value), &words_of(one));
    }
    for one in &reading.age_unit {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "days of a unit of age, at most 366"
        )]
        take(
            "age_unit",
            Mark::AgeUnit(one.value.clamp(1.0, 366.0) as u32),
            &words_of(one),
        );
    }
    for one in &reading.fine {
        if let Some(index) = finding(&one.denies) {
            let (zh, en) = (one.zh.clone(), one.en.clone());
            take("fine", Mark::Fine(index), &Words { zh, en });
        }
    }
    for (one, index) in reading.person.iter().zip(0_u16..) {
        let (zh, en) = (one.zh.clone(), one.en.clone());
        take("person", Mark::Person(index), &Words { zh, en });
    }
    (marks, people(reading))
}

/// The people that words name, in the order of their marks.
fn people(reading: &Reading) -> Vec<Person> {
    let years = |[from, to]: [u32; 2]| AgeRange {
        from: from * 12,
        to: to * 12 + 11,
    };
    (reading.person.iter())
        .map(|person| Person {
            subject: person.subject,
            sex: person.sex,
            age: person.age.map(years),
        })
        .collect()
}
