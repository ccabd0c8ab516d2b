//! The templates: versioned files that tell a model what to do. Every message and every row of the ledger names its own.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::openai::Message;

/// One template.
#[derive(Debug, Clone)]
pub struct Template {
    /// Its name.
    pub name: &'static str,
    /// Raised with every change of words.
    pub version: u32,
    /// Tokens of the answer at most.
    pub tokens: u32,
    system: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    tokens: u32,
    system: BTreeMap<String, String>,
}

impl Template {
    fn read(name: &'static str, text: &str) -> Self {
        // A test reads every file; an empty template would be answered with nothing and the reviewed sentence shown.
        let file: File = toml::from_str(text).unwrap_or(File {
            version: 0,
            tokens: 1,
            system: BTreeMap::new(),
        });
        Self {
            name,
            version: file.version,
            tokens: file.tokens,
            system: file.system,
        }
    }

    /// Name and version, as messages record it.
    #[must_use]
    pub fn label(&self) -> String {
        format!("{}/{}", self.name, self.version)
    }

    /// The messages of a request in a language, with what is filled in and the data as its own message.
    #[must_use]
    pub fn messages(&self, language: &str, filled: &[(&str, &str)], data: String) -> Vec<Message> {
        let system = self.system.get(language).or_else(|| self.system.get("en"));
        let mut system = system.map_or("", |text| text.trim()).to_owned();
        for (name, value) in filled {
            system = system.replace(&format!("{{{name}}}"), value);
        }
        vec![
            Message {
                role: "system",
                content: system,
            },
            Message {
                role: "user",
                content: data,
            },
        ]
    }
}

/// How a model reads.
pub static READ: LazyLock<Template> =
    LazyLock::new(|| Template::read("read", include_str!("../../templates/read.toml")));
/// How it makes a sentence warmer.
pub static PHRASE: LazyLock<Template> =
    LazyLock::new(|| Template::read("phrase", include_str!("../../templates/phrase.toml")));
/// How it answers a question about the hospital.
pub static ANSWER: LazyLock<Template> =
    LazyLock::new(|| Template::read("answer", include_str!("../../templates/answer.toml")));

/// How it puts sentences of the report more smoothly.
pub static POLISH: LazyLock<Template> =
    LazyLock::new(|| Template::read("polish", include_str!("../../templates/polish.toml")));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_reads_in_both_languages() {
        for template in [&READ, &PHRASE, &ANSWER, &POLISH] {
            assert!(
                template.version > 0 && template.tokens > 1,
                "{}",
                template.name
            );
            for language in ["zh", "en"] {
                let messages =
                    template.messages(language, &[("catalogue", "a: b")], "{}".to_owned());
                assert!(messages[0].content.chars().count() > 200);
                assert!(!messages[0].content.contains("{catalogue}"));
            }
        }
        assert_ne!(
            READ.messages("zh", &[], String::new())[0].content,
            READ.messages("en", &[], String::new())[0].content
        );
    }
}
