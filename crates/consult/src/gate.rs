//! Red flags: which rules fire on what is known. Small enough for the first download; the same in server and browser.

use serde::{Deserialize, Serialize};

mod alarm;

use crate::Text;
use crate::expression::{Expression, Truth};
use crate::facts::Facts;
use crate::guide::Reason;
use crate::hear::{Input, hear};
#[cfg(feature = "compile")]
use crate::knowledge::encode;
use crate::knowledge::{DecodeError, Knowledge, LanguageWords, Vocabulary, decode, fingerprint};
use crate::profile::Profile;
use crate::read::statistical::Features;
use crate::state::{Heard, State};
pub use alarm::{ALARM, Alarm, Sounding, Sounds};

/// What a rule asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleLevel {
    /// To be seen today; no card.
    Urgent,
    /// A crisis card; the talk goes on.
    Crisis,
    /// Emergency department now, not driving oneself.
    GoNow,
    /// Ambulance now.
    CallNow,
}

/// A red-flag rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// Stable id.
    pub id: String,
    /// What it asks for.
    pub level: RuleLevel,
    /// When it fires.
    pub when: Expression,
    /// Heading of the card.
    pub title: Text,
    /// What to do now.
    pub words: Text,
}

/// The gate: rules with the vocabulary they need.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Gate {
    /// Hash of the file it came from.
    #[serde(skip)]
    pub hash: String,
    /// Words and findings of the rules, and the words that must be told apart from them.
    pub vocabulary: Vocabulary,
    /// Rules, most serious first.
    pub rules: Vec<Rule>,
    /// What sounds like an emergency though no rule knows it.
    pub alarm: Alarm,
}

/// Bytes of terms of one language that come with the page itself; with the core and the cards they are to stay below 40 KB
/// compressed. The other terms follow when the page is idle.
#[cfg(feature = "compile")]
const FIRST_BYTES: usize = 22_000;

/// The words of one language: the reader's and the cards'.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct LanguagePart {
    words: LanguageWords,
    cards: Vec<(String, String)>,
    /// What the n-grams of the language say for the alarm.
    sounds: Sounds,
}

/// A rule that fired.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fired {
    /// Rule id.
    pub id: String,
    /// What it asks for.
    pub level: RuleLevel,
    /// Heading of the card.
    pub title: Text,
    /// What to do now.
    pub words: Text,
    /// Ids of the present findings it names.
    pub findings: Vec<String>,
}

impl Fired {
    /// Whether it shows a card: an emergency or a crisis.
    #[must_use]
    pub fn is_card(&self) -> bool {
        self.level != RuleLevel::Urgent
    }

    /// Whether its card adds help and lets the talk go on.
    #[must_use]
    pub fn is_crisis(&self) -> bool {
        self.level == RuleLevel::Crisis
    }

    /// Whether it is an emergency.
    #[must_use]
    pub fn is_emergency(&self) -> bool {
        matches!(self.level, RuleLevel::CallNow | RuleLevel::GoNow)
    }
}

impl Gate {
    /// Opens the file as compiled.
    ///
    /// # Errors
    /// If it was written by another version of this crate, or is cut off or damaged.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut gate: Self = decode(bytes)?;
        gate.vocabulary = std::mem::take(&mut gate.vocabulary).prepared();
        gate.alarm.sounds = std::mem::take(&mut gate.alarm.sounds).prepared();
        gate.hash = fingerprint(bytes);
        Ok(gate)
    }

    /// Puts the page's parts together: the core and the words of one or more languages. With one language missing, its words
    /// are not heard and its cards are empty; the rules are the same.
    ///
    /// # Errors
    /// If a part was written by another version of this crate, or is cut off or damaged.
    pub fn assemble(core: &[u8], languages: &[&[u8]]) -> Result<Self, DecodeError> {
        let mut gate: Self = decode(core)?;
        for bytes in languages {
            let part: LanguagePart = decode(bytes)?;
            let rules = gate
                .rules
                .iter_mut()
                .map(|rule| (&mut rule.title, &mut rule.words));
            let all = rules.chain([(&mut gate.alarm.title, &mut gate.alarm.words)]);
            for ((title, words), (its_title, its_words)) in all.zip(part.cards) {
                title.0.insert(part.words.language.clone(), its_title);
                words.0.insert(part.words.language.clone(), its_words);
            }
            gate.alarm.sounds = std::mem::take(&mut gate.alarm.sounds).with(part.sounds);
            gate.vocabulary.words.push(part.words);
        }
        gate.vocabulary = std::mem::take(&mut gate.vocabulary).prepared();
        Ok(gate)
    }

    /// The parts the page fetches, as [`Gate::assemble`] takes them: `core`; by language code its marks, cards and the terms
    /// people use most; by language code and `-more` the other terms and what `sounds` of that language's n-grams.
    ///
    /// # Errors
    /// Only if a value cannot be written, which these types never meet.
    #[cfg(feature = "compile")]
    pub fn parts(
        &self,
        usage: &std::collections::BTreeMap<(String, String), u32>,
        sounds: &impl Fn(&str) -> Sounds,
    ) -> Result<std::collections::BTreeMap<String, Vec<u8>>, DecodeError> {
        let mut core = self.clone();
        let words = std::mem::take(&mut core.vocabulary.words);
        for rule in &mut core.rules {
            (rule.title, rule.words) = (Text::default(), Text::default());
        }
        core.alarm = Alarm {
            title: Text::default(),
            words: Text::default(),
            sounds: Sounds::default(),
            ..core.alarm
        };
        let mut parts = std::collections::BTreeMap::from([("core".to_owned(), encode(&core)?)]);
        for words in words {
            let language = words.language.clone();
            let card = |title: &Text, words: &Text| {
                let of = |text: &Text| text.get(&language).to_owned();
                (of(title), of(words))
            };
            let cards = self
                .rules
                .iter()
                .map(|rule| card(&rule.title, &rule.words))
                .chain([card(&self.alarm.title, &self.alarm.words)])
                .collect();
            let (words, more) = words.divided(usage, FIRST_BYTES);
            let more = LanguagePart {
                words: more,
                cards: Vec::new(),
                sounds: sounds(&language),
            };
            parts.insert(format!("{language}-more"), encode(&more)?);
            parts.insert(
                language.clone(),
                encode(&LanguagePart {
                    words,
                    cards,
                    sounds: Sounds::default(),
                })?,
            );
        }
        Ok(parts)
    }

    /// Hears one input with the gate's own words, as the page does.
    #[must_use]
    pub fn hear(&self, state: &State, input: &Input) -> Heard {
        let mut heard = hear(&self.vocabulary, state, input);
        if let Some(text) = input.text().filter(|_| input.speaks_of_now()) {
            let mut told = State::default();
            told.apply(&heard);
            let mut profile = state.profile;
            profile.learn(&heard.profile);
            let features = Features::in_text(&self.vocabulary, text);
            heard.sounding = self.sounding(text, features, &profile, &told);
        }
        heard
    }

    /// How much a text sounds like an emergency: its n-grams, what is known of the patient, and what our own reader was told
    /// in it.
    #[must_use]
    pub(crate) fn sounding(
        &self,
        text: &str,
        in_text: Features,
        profile: &Profile,
        told: &State,
    ) -> Option<Sounding> {
        let facts = Facts::new(&self.vocabulary, told);
        let features = in_text.and(profile, &facts);
        self.alarm.hear(&self.vocabulary, text, &features)
    }

    /// What fires: the rules, most serious first, else the alarm.
    #[must_use]
    pub fn fired(&self, state: &State) -> Vec<Fired> {
        let mut fired = fired(&self.rules, &Facts::new(&self.vocabulary, state));
        fired.extend(self.alarm.fired(state, &fired));
        fired
    }
}

/// Those of `rules` that hold, in their order, which is by level, most serious first.
pub(crate) fn fired(rules: &[Rule], facts: &Facts<'_>) -> Vec<Fired> {
    rules
        .iter()
        .filter(|rule| rule.when.holds(facts))
        .map(|rule| {
            let mut findings = Vec::new();
            rule.when.visit_findings(&mut |finding| {
                let id = facts.id_of(finding);
                if facts.truth(finding) == Truth::Yes && !findings.iter().any(|known| known == id) {
                    findings.push(id.to_owned());
                }
            });
            Fired {
                id: rule.id.clone(),
                level: rule.level,
                title: rule.title.clone(),
                words: rule.words.clone(),
                findings,
            }
        })
        .collect()
}

/// What stands behind a card, with the patient's words where there are any.
#[must_use]
pub fn reasons(knowledge: &Knowledge, state: &State, fired: &[Fired]) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = Vec::new();
    for id in fired.iter().flat_map(|rule| &rule.findings) {
        let Some(index) = knowledge.vocabulary.index_of(id) else {
            continue;
        };
        let finding = knowledge.findings[usize::from(index)].name.clone();
        if !reasons.iter().any(|reason| reason.finding == finding) {
            reasons.push(Reason {
                finding,
                words: state.findings.get(id).and_then(|known| known.words.clone()),
            });
        }
    }
    if let Some(sounding) = &state.sounding
        && fired.iter().any(|rule| rule.id == ALARM)
    {
        reasons.push(Reason {
            finding: knowledge.sentence("alarm_reason"),
            words: Some(sounding.words.clone()),
        });
    }
    reasons
}
