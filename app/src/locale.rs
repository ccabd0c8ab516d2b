//! The words of the page in every language, checked at build time, and the language in use.

/// A language of the interface, one of those in `locales/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Language(usize);

impl Language {
    /// The language with this code or the nearest to it (`zh-CN` is `zh`), if the page speaks it.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        let base = code
            .split(['-', '_'])
            .next()
            .unwrap_or(code)
            .to_ascii_lowercase();
        words::CODES
            .iter()
            .position(|known| *known == base)
            .map(Self)
    }

    /// All languages of the page.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..words::CODES.len()).map(Self)
    }

    /// Its code, as in `Localized`.
    #[must_use]
    pub fn code(self) -> &'static str {
        words::CODES[self.0]
    }

    /// Its code as an HTML `lang` attribute wants it.
    #[must_use]
    pub fn tag(self) -> &'static str {
        if self.code() == "zh" {
            "zh-CN"
        } else {
            self.code()
        }
    }
}

impl Default for Language {
    fn default() -> Self {
        Self::of("zh").unwrap_or(Self(0))
    }
}

/// One text of the page in every language.
#[derive(Debug, Clone, Copy)]
pub struct Word([&'static str; words::CODES.len()]);

impl Word {
    /// The text in one language.
    #[must_use]
    pub fn of(self, language: Language) -> &'static str {
        self.0[language.0]
    }

    fn filled(self, language: Language, values: &[(&str, &str)]) -> String {
        values
            .iter()
            .fold(self.of(language).to_owned(), |text, (name, value)| {
                text.replace(name, value)
            })
    }
}

/// The texts, by their key in `locales/`.
pub mod words {
    use super::{Language, Word};

    include!(concat!(env!("OUT_DIR"), "/words.rs"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_regional_code_finds_its_language() {
        assert_eq!(Language::of("zh-Hans-CN").map(Language::code), Some("zh"));
        assert_eq!(Language::of("EN_us").map(Language::code), Some("en"));
        assert_eq!(Language::of("tlh"), None);
    }

    #[test]
    fn placeholders_are_filled() {
        let english = Language::of("en").unwrap();
        assert!(words::talk_question_left(english, "4").contains('4'));
        assert!(!words::talk_question_left(english, "4").contains('{'));
    }
}
