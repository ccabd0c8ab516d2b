//! A text in every language of the knowledge.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One text by language code (`zh`, `en`). The build refuses knowledge in which one of them is missing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Text(pub BTreeMap<String, String>);

impl Text {
    /// A text in the two languages of the product.
    #[must_use]
    pub fn new(zh: &str, en: &str) -> Self {
        Self(BTreeMap::from([
            ("zh".to_owned(), zh.to_owned()),
            ("en".to_owned(), en.to_owned()),
        ]))
    }

    /// The text in `language`, else in English, else empty.
    #[must_use]
    pub fn get(&self, language: &str) -> &str {
        self.0
            .get(language)
            .or_else(|| self.0.get("en"))
            .map_or("", String::as_str)
    }
}
