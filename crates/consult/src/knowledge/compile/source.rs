//! The files as they are written, before anything is linked.

mod reading;

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{Problem, interviews};
use crate::Text;
use crate::assess::CareLevel;
use crate::gate::RuleLevel;
use crate::knowledge::{AskedDetail, FindingKind, LevelWords, LocalePack, Losses};
use crate::profile::Sex;
use crate::train::Table;

pub(super) use reading::{NumberWords, Reading};

/// Where the weights of the statistical reader stand.
pub(super) const STATISTICAL: &str = "statistical.tsv";

/// Where it is counted how often each term is used. Without it everything comes to the page late, and nothing is lost.
pub(super) const USAGE: &str = "usage.tsv";

/// A line of [`USAGE`]: language, count, term.
fn used(line: &str) -> Option<((String, String), u32)> {
    let mut parts = line.splitn(3, '\t');
    let (language, count, term) = (parts.next()?, parts.next()?, parts.next()?);
    Some(((language.to_owned(), term.to_owned()), count.parse().ok()?))
}

/// An entry with the file it stands in.
#[derive(Debug)]
pub(super) struct In<T> {
    pub(super) file: String,
    pub(super) value: T,
}

impl<T> In<T> {
    pub(super) fn problem(&self, entry: &str, message: impl Into<String>) -> Problem {
        Problem {
            file: self.file.clone(),
            entry: entry.to_owned(),
            message: message.into(),
        }
    }
}

/// The head every file begins with.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Head {
    #[expect(
        dead_code,
        reason = "for readers of the file; a wrong key is still an error"
    )]
    topic: String,
    #[expect(
        dead_code,
        reason = "for readers of the file; a wrong key is still an error"
    )]
    reviewed_by: Vec<Reviewer>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    dead_code,
    reason = "for readers of the file; a wrong key is still an error"
)]
struct Reviewer {
    name: String,
    licence: String,
    date: String,
}

/// Words by language.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    #[serde(default)]
    pub(super) zh: Vec<String>,
    #[serde(default)]
    pub(super) en: Vec<String>,
}

impl Words {
    pub(super) fn all(&self) -> impl Iterator<Item = (&'static str, &String)> {
        self.zh
            .iter()
            .map(|word| ("zh", word))
            .chain(self.en.iter().map(|word| ("en", word)))
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Finding {
    pub(super) id: String,
    #[serde(default)]
    pub(super) aliases: Vec<String>,
    pub(super) kind: FindingKind,
    pub(super) name: Text,
    pub(super) label: Option<Text>,
    pub(super) ask: Option<Text>,
    pub(super) why: Option<Text>,
    #[serde(default)]
    pub(super) body: String,
    #[serde(default)]
    pub(super) group: String,
    pub(super) frequency: Option<Likelihood>,
    #[serde(default)]
    pub(super) implies: Vec<String>,
    pub(super) when: Option<String>,
    #[serde(default)]
    pub(super) asks: Vec<AskedDetail>,
    #[serde(default)]
    pub(super) private: bool,
    #[serde(default)]
    pub(super) part: bool,
    #[serde(default)]
    pub(super) terms: Words,
    #[serde(default)]
    #[expect(
        dead_code,
        reason = "for readers of the file; a wrong key is still an error"
    )]
    pub(super) source: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rule {
    pub(super) id: String,
    pub(super) family: String,
    pub(super) level: RuleLevel,
    pub(super) when: String,
    pub(super) title: Text,
    pub(super) words: Text,
    pub(super) source: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Complaint {
    pub(super) id: String,
    pub(super) name: Text,
    #[serde(default)]
    pub(super) common: bool,
    #[serde(default)]
    pub(super) body: Vec<String>,
    pub(super) age: Option<[u32; 2]>,
    pub(super) sex: Option<Sex>,
    pub(super) entry: Vec<String>,
    pub(super) danger: Vec<String>,
    #[serde(default)]
    pub(super) ask: Vec<String>,
    pub(super) specialties: Vec<String>,
    pub(super) level: CareLevel,
    pub(super) until_then: Text,
    pub(super) come_back_if: Vec<Text>,
    pub(super) source: String,
}

/// The five words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Likelihood {
    AlmostAlways,
    Often,
    Sometimes,
    Seldom,
    AlmostNever,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Commonness {
    VeryCommon,
    Common,
    Uncommon,
    Rare,
    VeryRare,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Condition {
    pub(super) id: String,
    pub(super) name: Text,
    #[serde(default)]
    pub(super) terms: Words,
    pub(super) common: Commonness,
    pub(super) age: Option<[f64; 2]>,
    pub(super) sex: Option<Sex>,
    pub(super) level: CareLevel,
    pub(super) specialties: Vec<String>,
    /// Backgrounds that follow from having it.
    #[serde(default)]
    pub(super) implies: Vec<String>,
    #[serde(default)]
    pub(super) findings: BTreeMap<Likelihood, Vec<String>>,
    pub(super) source: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Specialty {
    pub(super) code: String,
    pub(super) name: Text,
    pub(super) nearest: Vec<String>,
    pub(super) age: Option<[u32; 2]>,
    pub(super) sex: Option<Sex>,
    #[serde(default)]
    pub(super) sees_children: bool,
}

/// `likelihoods.toml`: what the words mean.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Likelihoods {
    pub(super) likelihood: BTreeMap<Likelihood, f32>,
    pub(super) commonness: BTreeMap<Commonness, f32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Levels {
    pub(super) self_care: LevelWords,
    pub(super) routine: LevelWords,
    pub(super) urgent: LevelWords,
    pub(super) emergency: LevelWords,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FindingFile {
    #[expect(dead_code, reason = "its presence is checked by reading it")]
    file: Head,
    finding: Vec<Finding>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    #[expect(dead_code, reason = "its presence is checked by reading it")]
    file: Head,
    rule: Vec<Rule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ComplaintFile {
    #[expect(dead_code, reason = "its presence is checked by reading it")]
    file: Head,
    complaint: Vec<Complaint>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConditionFile {
    #[expect(dead_code, reason = "its presence is checked by reading it")]
    file: Head,
    condition: Vec<Condition>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SpecialtyFile {
    specialty: Vec<Specialty>,
}

/// All files, parsed.
#[derive(Debug, Default)]
pub(super) struct Sources {
    pub(super) findings: Vec<In<Finding>>,
    pub(super) rules: Vec<In<Rule>>,
    pub(super) complaints: Vec<In<Complaint>>,
    pub(super) conditions: Vec<In<Condition>>,
    pub(super) items: Vec<In<interviews::Item>>,
    pub(super) scripts: Vec<In<interviews::Script>>,
    pub(super) specialties: Vec<In<Specialty>>,
    pub(super) likelihoods: Option<Likelihoods>,
    pub(super) losses: Option<Losses>,
    pub(super) levels: Option<Levels>,
    pub(super) reading: Option<Reading>,
    pub(super) sentences: BTreeMap<String, Text>,
    pub(super) locales: Vec<LocalePack>,
    pub(super) statistical: Table,
    /// How often each term is used, by language and term.
    pub(super) usage: BTreeMap<(String, String), u32>,
}

impl Sources {
    pub(super) fn parse(files: &[(String, String)], problems: &mut Vec<Problem>) -> Self {
        let mut sources = Self::default();
        if let Some((path, text)) = files.iter().find(|(path, _)| path == STATISTICAL) {
            match Table::parse(text) {
                Ok(table) => sources.statistical = table,
                Err(message) => problems.push(Problem {
                    file: path.clone(),
                    entry: String::new(),
                    message,
                }),
            }
        }
        if let Some((_, text)) = files.iter().find(|(path, _)| path == USAGE) {
            sources.usage = text.lines().filter_map(used).collect();
        }
        let mut files: Vec<&(String, String)> = files
            .iter()
            .filter(|(path, _)| Path::new(path).extension().is_some_and(|end| end == "toml"))
            .collect();
        files.sort();
        for (path, text) in files {
            sources.take(path, text, problems);
        }
        sources
    }

    fn take(&mut self, path: &str, text: &str, problems: &mut Vec<Problem>) {
        let folder = path.split_once('/').map_or("", |(folder, _)| folder);
        match (folder, path) {
            ("findings", _) => wrap(
                &mut self.findings,
                path,
                read::<FindingFile>(path, text, problems).map(|file| file.finding),
            ),
            ("red_flags", _) => wrap(
                &mut self.rules,
                path,
                read::<RuleFile>(path, text, problems).map(|file| file.rule),
            ),
            ("complaints", _) => wrap(
                &mut self.complaints,
                path,
                read::<ComplaintFile>(path, text, problems).map(|file| file.complaint),
            ),
            ("conditions", _) => wrap(
                &mut self.conditions,
                path,
                read::<ConditionFile>(path, text, problems).map(|file| file.condition),
            ),
            ("interviews", _) => {
                if let Some(file) = read::<interviews::InterviewFile>(path, text, problems) {
                    wrap(&mut self.items, path, Some(file.item));
                    wrap(&mut self.scripts, path, Some(file.script));
                }
            }
            ("locales", _) => self
                .locales
                .extend(read::<LocalePack>(path, text, problems)),
            (folder, _) if super::CASES.contains(&folder) => {}
            (_, "specialties.toml") => {
                wrap(
                    &mut self.specialties,
                    path,
                    read::<SpecialtyFile>(path, text, problems).map(|file| file.specialty),
                );
            }
            (_, "likelihoods.toml") => self.likelihoods = read(path, text, problems),
            (_, "losses.toml") => self.losses = read(path, text, problems),
            (_, "care_levels.toml") => self.levels = read(path, text, problems),
            (_, "reading.toml") => self.reading = read(path, text, problems),
            (_, "sentences.toml") => {
                self.sentences = read(path, text, problems).unwrap_or_default();
            }
            _ => problems.push(Problem {
                file: path.to_owned(),
                entry: String::new(),
                message:
                    "this file is not part of the knowledge; knowledge/README.md lists the folders"
                        .to_owned(),
            }),
        }
    }

    pub(super) fn counts(&self) -> BTreeMap<&'static str, usize> {
        let terms = self
            .findings
            .iter()
            .map(|one| one.value.terms.all().count())
            .sum();
        let is_red_flag = |one: &&In<Rule>| one.value.level != RuleLevel::Urgent;
        BTreeMap::from([
            ("complaints", self.complaints.len()),
            ("conditions", self.conditions.len()),
            ("findings", self.findings.len()),
            ("interview items", self.items.len()),
            ("interview scripts", self.scripts.len()),
            (
                "red-flag rules",
                self.rules.iter().filter(is_red_flag).count(),
            ),
            (
                "urgent rules",
                self.rules.iter().filter(|one| !is_red_flag(one)).count(),
            ),
            ("specialties", self.specialties.len()),
            ("terms as written", terms),
        ])
    }
}

fn wrap<T>(into: &mut Vec<In<T>>, path: &str, values: Option<Vec<T>>) {
    into.extend(values.into_iter().flatten().map(|value| In {
        file: path.to_owned(),
        value,
    }));
}

fn read<T: DeserializeOwned>(path: &str, text: &str, problems: &mut Vec<Problem>) -> Option<T> {
    toml::from_str(text)
        .map_err(|error| {
            let line = error
                .span()
                .map(|span| text[..span.start.min(text.len())].lines().count().max(1));
            let entry = line.map_or_else(String::new, |line| format!("line {line}"));
            problems.push(Problem {
                file: path.to_owned(),
                entry,
                message: error.message().to_owned(),
            });
        })
        .ok()
}
