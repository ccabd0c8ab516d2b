//! `reading.toml` as it is written: the words that scope, measure and name.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Words;
use crate::knowledge::Reach;
use crate::knowledge::compile::words::NamedSets;
use crate::profile::{Sex, Subject};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::knowledge::compile) struct Reading {
    /// Words that stand for one another in terms, by language and name.
    pub(in crate::knowledge::compile) sets: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    pub(in crate::knowledge::compile) traditional: String,
    pub(in crate::knowledge::compile) simplified: String,
    pub(in crate::knowledge::compile) deny: BTreeMap<Reach, Words>,
    pub(in crate::knowledge::compile) deny_after: Words,
    pub(in crate::knowledge::compile) not_denial: Words,
    pub(in crate::knowledge::compile) doubt: Words,
    pub(in crate::knowledge::compile) past: Words,
    pub(in crate::knowledge::compile) still: Words,
    pub(in crate::knowledge::compile) family: Words,
    pub(in crate::knowledge::compile) hypothetical: Words,
    pub(in crate::knowledge::compile) end: Words,
    pub(in crate::knowledge::compile) join: Words,
    pub(in crate::knowledge::compile) sudden: Words,
    pub(in crate::knowledge::compile) severe: Words,
    pub(in crate::knowledge::compile) worsening: Words,
    pub(in crate::knowledge::compile) myself: Words,
    pub(in crate::knowledge::compile) born: Words,
    pub(in crate::knowledge::compile) expecting: Words,
    pub(in crate::knowledge::compile) year: Words,
    pub(in crate::knowledge::compile) apart: Words,
    pub(in crate::knowledge::compile) yes: Words,
    pub(in crate::knowledge::compile) no: Words,
    pub(in crate::knowledge::compile) age_before: Words,
    pub(in crate::knowledge::compile) degree: Words,
    pub(in crate::knowledge::compile) sex: BTreeMap<Sex, Words>,
    pub(in crate::knowledge::compile) person: Vec<PersonWords>,
    pub(in crate::knowledge::compile) measure: Vec<MeasureWords>,
    pub(in crate::knowledge::compile) unit: Vec<NumberWords>,
    pub(in crate::knowledge::compile) number: Vec<NumberWords>,
    pub(in crate::knowledge::compile) since: Vec<NumberWords>,
    pub(in crate::knowledge::compile) age_unit: Vec<NumberWords>,
    #[serde(default)]
    pub(in crate::knowledge::compile) fine: Vec<FineWords>,
}

impl Reading {
    /// The named sets, each with its members as a term would list them.
    pub(in crate::knowledge::compile) fn named_sets(&self) -> NamedSets {
        let joined = |(name, members): (&String, &Vec<String>)| {
            (name.clone(), members.join(",").to_lowercase())
        };
        let of_language = |(language, sets): (&String, &BTreeMap<String, Vec<String>>)| {
            (language.clone(), sets.iter().map(joined).collect())
        };
        self.sets.iter().map(of_language).collect()
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::knowledge::compile) struct PersonWords {
    pub(in crate::knowledge::compile) subject: Subject,
    pub(in crate::knowledge::compile) sex: Option<Sex>,
    pub(in crate::knowledge::compile) age: Option<[u32; 2]>,
    #[serde(default)]
    pub(in crate::knowledge::compile) zh: Vec<String>,
    #[serde(default)]
    pub(in crate::knowledge::compile) en: Vec<String>,
}

/// Words that say a finding is not there by saying that something is as it should be.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::knowledge::compile) struct FineWords {
    pub(in crate::knowledge::compile) denies: String,
    #[serde(default)]
    pub(in crate::knowledge::compile) zh: Vec<String>,
    #[serde(default)]
    pub(in crate::knowledge::compile) en: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::knowledge::compile) struct MeasureWords {
    pub(in crate::knowledge::compile) measure: crate::expression::Measure,
    #[serde(default)]
    pub(in crate::knowledge::compile) zh: Vec<String>,
    #[serde(default)]
    pub(in crate::knowledge::compile) en: Vec<String>,
}

/// A number and the words for it; its unit is the list's: hours for `unit` and `since`, days for `age_unit`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::knowledge::compile) struct NumberWords {
    pub(in crate::knowledge::compile) value: f64,
    #[serde(default)]
    pub(in crate::knowledge::compile) zh: Vec<String>,
    #[serde(default)]
    pub(in crate::knowledge::compile) en: Vec<String>,
}
