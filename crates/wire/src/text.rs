//! Text in every language of the product at once, so that switching the language needs no network.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A language of the interface: `zh` (简体中文) or `en` (English). More come as data, so it is a string on the wire.
pub type Language = String;

/// One text in several languages, by language code (`{"zh": "…", "en": "…"}`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct Localized(pub BTreeMap<Language, String>);

impl Localized {
    /// A text in the two languages the product has from the first day.
    #[must_use]
    pub fn new(zh: &str, en: &str) -> Self {
        let mut texts = BTreeMap::new();
        texts.insert("zh".to_owned(), zh.to_owned());
        texts.insert("en".to_owned(), en.to_owned());
        Self(texts)
    }

    /// The text in `language`, else in English, else in any language there is, else empty.
    #[must_use]
    pub fn get(&self, language: &str) -> &str {
        self.0
            .get(language)
            .or_else(|| self.0.get("en"))
            .or_else(|| self.0.values().next())
            .map_or("", String::as_str)
    }
}
