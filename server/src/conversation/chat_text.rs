//! What a patient typed, bounded and cleaned once at the edge.

use super::TurnError;
use crate::application::TEXT_LIMIT;

/// Cleaned text: not empty, within the limit, without control and direction-changing characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatText(String);

impl ChatText {
    /// Cleans and bounds a text: control and direction-changing characters go, line ends become one kind, runs of empty
    /// lines become one.
    ///
    /// # Errors
    /// `text_empty` if nothing is left, `text_too_long` if too much is.
    pub fn parse(raw: &str) -> Result<Self, TurnError> {
        let mut lines: Vec<String> = Vec::new();
        let unified = raw
            .replace("\r\n", "\n")
            .replace(['\r', '\u{2028}', '\u{2029}', '\u{85}'], "\n");
        for line in unified.split('\n') {
            let line: String = line
                .chars()
                .map(|character| if character == '\t' { ' ' } else { character })
                .filter(|character| !is_invisible_order(*character))
                .collect();
            let line = line.trim().to_owned();
            if !(line.is_empty() && lines.last().is_none_or(String::is_empty)) {
                lines.push(line);
            }
        }
        let text = lines.join("\n").trim().to_owned();
        if text.is_empty() {
            return Err(TurnError::Input("text_empty"));
        }
        if text.chars().count() > TEXT_LIMIT as usize {
            return Err(TurnError::Input("text_too_long"));
        }
        Ok(Self(text))
    }

    /// The text.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

/// Control characters, and those that turn the direction of what stands around them or hide.
fn is_invisible_order(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(raw: &str) -> String {
        ChatText::parse(raw).unwrap().into_string()
    }

    fn code(raw: &str) -> &'static str {
        match ChatText::parse(raw) {
            Err(TurnError::Input(code)) => code,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn control_and_direction_characters_go() {
        assert_eq!(cleaned("\u{202e}头\u{0}疼\u{7}\u{feff}"), "头疼");
        assert_eq!(
            cleaned(" my head\thurts \r\n\r\n\r\n since\rMonday\n\n"),
            "my head hurts\n\nsince\nMonday"
        );
    }

    #[test]
    fn markup_emoji_and_quotes_stay_as_text() {
        for text in [
            "<script>alert(1)</script>",
            "'; drop table sessions; --",
            "👨‍👩‍👧",
            "😀😀",
        ] {
            assert_eq!(cleaned(text), text);
        }
    }

    #[test]
    fn nothing_left_is_empty_and_too_much_is_too_long() {
        for text in ["", "  \n\t ", "\u{200b}\u{202e}", "\u{0}"] {
            assert_eq!(code(text), "text_empty");
        }
        assert_eq!(cleaned(&"疼".repeat(2000)).chars().count(), 2000);
        assert_eq!(code(&"疼".repeat(2001)), "text_too_long");
        assert_eq!(cleaned(&"a\n\n\n".repeat(500)).lines().count(), 999);
    }
}
