//! What counts in a text: its n-grams, what is known of the patient, and the findings our own reader heard.

use super::super::tokens::{Break, Kind, Token, tokenize};
use crate::facts::Facts;
use crate::knowledge::{OTHER, Vocabulary};
use crate::order::sorted;
use crate::profile::{AgeRange, Profile, Sex};

/// The alarm's n-grams count less in a long text, by this power of its length.
const POWER_OF_LENGTH: f32 = 0.65;
/// N-grams are known by so many bits of their fingerprint: a strange one is taken for a known one once in two hundred.
const KEY_BITS: u32 = 24;

/// The n-grams of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Features {
    /// Keys, each once, sorted.
    pub keys: Vec<u32>,
}

impl Features {
    /// What one n-gram counts: long texts count as much as short ones.
    #[must_use]
    pub fn value(&self) -> f32 {
        #[expect(
            clippy::cast_precision_loss,
            reason = "a text has at most some thousands of n-grams"
        )]
        let count = self.keys.len().max(4) as f32;
        1.0 / count.sqrt()
    }

    /// What one n-gram counts for the alarm: much said is not much danger.
    #[must_use]
    pub fn value_for_alarm(&self) -> f32 {
        #[expect(
            clippy::cast_precision_loss,
            reason = "a text has at most some thousands of n-grams"
        )]
        let count = self.keys.len().max(16) as f32;
        count.powf(-POWER_OF_LENGTH)
    }

    /// What counts in a text: its n-grams, what is known of the patient, and the findings our own reader heard.
    #[must_use]
    pub fn of(vocabulary: &Vocabulary, text: &str, profile: &Profile, facts: &Facts<'_>) -> Self {
        Self::in_text(vocabulary, text).and(profile, facts)
    }

    /// The n-grams of a text alone.
    #[must_use]
    pub fn in_text(vocabulary: &Vocabulary, text: &str) -> Self {
        let mut keys = Vec::with_capacity(text.len());
        n_grams(&tokenize(text, &vocabulary.fold), &mut |name| {
            keys.push(key(name));
        });
        Self { keys }.sorted()
    }

    /// With what is known of the patient and the findings our own reader heard.
    #[must_use]
    pub fn and(mut self, profile: &Profile, facts: &Facts<'_>) -> Self {
        known(profile, facts, &mut |name| self.keys.push(key(name)));
        self.sorted()
    }

    fn sorted(mut self) -> Self {
        self.keys = sorted(self.keys, u32::cmp);
        self.keys.dedup();
        self
    }
}

/// Names of what counts in a text.
#[cfg(feature = "compile")]
pub(crate) fn names(
    vocabulary: &Vocabulary,
    text: &str,
    profile: &Profile,
    facts: &Facts<'_>,
    take: &mut impl FnMut(&str),
) {
    n_grams(&tokenize(text, &vocabulary.fold), take);
    known(profile, facts, take);
}

/// Names of what is known beside the words.
fn known(profile: &Profile, facts: &Facts<'_>, take: &mut impl FnMut(&str)) {
    for name in profile_names(profile) {
        take(name);
    }
    // What the gate only tells apart is nothing to know, or the page would hear other than the server.
    let told = facts.present().map(|finding| facts.id_of(finding));
    for id in told.filter(|id| *id != OTHER) {
        take(&format!("+{id}"));
    }
    for id in facts.denied() {
        take(&format!("-{id}"));
    }
}

/// Key of an n-gram: bits of its fingerprint.
#[must_use]
pub fn key(name: &str) -> u32 {
    let mut hash = 0x811c_9dc5_u32;
    for byte in name.bytes() {
        hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    }
    (hash ^ (hash >> KEY_BITS)) & ((1 << KEY_BITS) - 1)
}

/// The n-grams of tokens: one to three Chinese characters, one and two words.
pub fn n_grams(tokens: &[Token], take: &mut impl FnMut(&str)) {
    let mut run: Vec<&str> = Vec::new();
    let mut name = String::new();
    for token in tokens {
        let text = match token.kind {
            Kind::Break(Break::Clause | Break::Sentence) => {
                run.clear();
                continue;
            }
            Kind::Break(_) => continue,
            Kind::Number(_) => "0",
            Kind::Word | Kind::Han => token.text.as_str(),
        };
        run.push(text);
        let longest = if token.kind == Kind::Han { 3 } else { 2 };
        for length in 1..=longest.min(run.len()) {
            name.clear();
            for part in &run[run.len() - length..] {
                if !name.is_empty() {
                    name.push(' ');
                }
                name.push_str(part);
            }
            take(&name);
        }
    }
}

/// What is known of the patient, as names beside the n-grams.
fn profile_names(profile: &Profile) -> Vec<&'static str> {
    let mut names = Vec::new();
    if let Some(age) = profile.age.filter(|age| age.is_known()) {
        let AgeRange { from, to } = age;
        let middle = u32::midpoint(from, to);
        names.push(match middle {
            0..12 => "#infant",
            12..168 => "#child",
            168..480 => "#young",
            480..780 => "#middle",
            _ => "#old",
        });
    }
    match profile.sex {
        Some(Sex::Female) => names.push("#female"),
        Some(Sex::Male) => names.push("#male"),
        None => {}
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n_grams_stop_at_the_end_of_a_clause() {
        let mut names = Vec::new();
        n_grams(&tokenize("头很痛,发烧3天", &[]), &mut |name| {
            names.push(name.to_owned());
        });
        assert!(names.contains(&"头 很 痛".to_owned()));
        assert!(names.contains(&"烧 0 天".to_owned()));
        assert!(!names.iter().any(|name| name.contains("痛 发")));
    }
}
