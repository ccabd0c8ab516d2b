//! A model's words as they come, held back sentence by sentence until the guard has checked each.

use std::ops::ControlFlow;

use super::guard::{Grounds, Guard, Objection, Step};

/// Sentences of one message at most; what comes after is not shown.
const SENTENCES: usize = 4;
/// Marks that may follow the one that ends a sentence.
const CLOSING: [char; 13] = [
    '。', '!', '?', '\u{ff01}', '\u{ff1f}', '…', '.', '"', '”', '’', '」', ')', '\u{ff09}',
];
/// Words that end in a full stop and end no sentence.
const ABBREVIATIONS: [&str; 12] = [
    "dr", "mr", "mrs", "ms", "prof", "st", "no", "vs", "approx", "e.g", "i.e", "etc",
];

/// A message under way.
#[derive(Debug)]
pub struct Phrasing<'a> {
    guard: &'a Guard,
    grounds: Grounds,
    waiting: String,
    passed: String,
    sentences: usize,
    /// Why a sentence was refused, if one was. Nothing after it is shown.
    pub refused: Option<Objection>,
}

impl<'a> Phrasing<'a> {
    /// A message for a step, nothing said yet.
    #[must_use]
    pub fn new(guard: &'a Guard, step: &Step<'_>) -> Self {
        Self {
            guard,
            grounds: Grounds::of(step),
            waiting: String::new(),
            passed: String::new(),
            sentences: 0,
            refused: None,
        }
    }

    /// Takes a piece of text; `show` gets what may be shown now. Breaks off when nothing more will be shown.
    pub fn push(&mut self, text: &str, show: &mut dyn FnMut(&str)) -> ControlFlow<()> {
        self.waiting.push_str(text);
        while let Some(end) = sentence_end(&self.waiting) {
            let sentence: String = self.waiting.drain(..end).collect();
            self.take(&sentence, show)?;
        }
        ControlFlow::Continue(())
    }

    /// The model has ended: what is left is a sentence too.
    pub fn end(&mut self, show: &mut dyn FnMut(&str)) {
        let rest = std::mem::take(&mut self.waiting);
        // Whether it breaks off makes no difference any more.
        let _ = self.take(&rest, show);
    }

    fn take(&mut self, sentence: &str, show: &mut dyn FnMut(&str)) -> ControlFlow<()> {
        if self.refused.is_some() || self.sentences >= SENTENCES {
            return ControlFlow::Break(());
        }
        if sentence.trim().is_empty() {
            return ControlFlow::Continue(());
        }
        if let Err(objection) = self.guard.check(&self.grounds, sentence.trim()) {
            self.refused = Some(objection);
            return ControlFlow::Break(());
        }
        let shown = if self.passed.is_empty() {
            sentence.trim_start()
        } else {
            sentence
        };
        let shown = if self.grounds.language() == "zh" {
            shown.trim()
        } else {
            shown
        };
        let apart = self.grounds.language() != "zh"
            && !self.passed.is_empty()
            && !self.passed.ends_with(char::is_whitespace)
            && !shown.starts_with(char::is_whitespace);
        let start = self.passed.len();
        if apart {
            self.passed.push(' ');
        }
        self.passed.push_str(shown);
        self.sentences += 1;
        show(&self.passed[start..]);
        if self.sentences == SENTENCES {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }

    /// What passed.
    #[must_use]
    pub fn passed(&self) -> &str {
        self.passed.trim_end()
    }
}

/// Where the first sentence ends, if it has: behind its mark and the closing marks after it.
fn sentence_end(text: &str) -> Option<usize> {
    let mut characters = text.char_indices().peekable();
    while let Some((place, character)) = characters.next() {
        let ends = match character {
            '。' | '!' | '?' | '\u{ff01}' | '\u{ff1f}' | '…' | '\n' => true,
            '.' => is_full_stop(text, place),
            _ => false,
        };
        if !ends {
            continue;
        }
        let mut end = place + character.len_utf8();
        while let Some((next, closing)) = characters.peek().copied() {
            if !CLOSING.contains(&closing) {
                break;
            }
            end = next + closing.len_utf8();
            characters.next();
        }
        return Some(end);
    }
    None
}

/// Whether the point at `place` ends a sentence: not within a number or an address, nor behind an abbreviation.
fn is_full_stop(text: &str, place: usize) -> bool {
    let after = text[place + 1..].chars().next();
    if after.is_some_and(|after| {
        !after.is_whitespace() && !matches!(after, '"' | '”' | '’' | ')' | '.')
    }) {
        return false;
    }
    let word: String = text[..place]
        .chars()
        .rev()
        .take_while(|character| !character.is_whitespace())
        .collect();
    let word: String = word.chars().rev().collect::<String>().to_lowercase();
    let ends_in_digit = word.ends_with(|character: char| character.is_ascii_digit());
    // Nothing after it yet: behind a figure there may be more of the figure to come.
    if after.is_none() && ends_in_digit {
        return false;
    }
    word.chars().count() > 1 && !ABBREVIATIONS.contains(&word.trim_start_matches(['(', '"', '“']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentences(text: &str) -> Vec<&str> {
        let mut rest = text;
        let mut found = Vec::new();
        while let Some(end) = sentence_end(rest) {
            found.push(&rest[..end]);
            rest = &rest[end..];
        }
        found
    }

    #[test]
    fn sentences_end_where_people_end_them() {
        assert_eq!(
            sentences("谢谢您。疼了多久了?请告诉我"),
            ["谢谢您。", "疼了多久了?"]
        );
        assert_eq!(
            sentences("Thank you. It is 38.5 today, see a.b.org for Dr. Li. Since when?! And"),
            [
                "Thank you.",
                " It is 38.5 today, see a.b.org for Dr. Li.",
                " Since when?!"
            ]
        );
        assert_eq!(sentences("It was 38."), Vec::<&str>::new());
        assert_eq!(
            sentences("She said \"it hurts.\" Then"),
            ["She said \"it hurts.\""]
        );
    }

    #[test]
    fn any_cut_of_the_text_gives_the_same_words() {
        let guard = Guard::new(
            &consult::knowledge::Knowledge::decode(crate::assets::KNOWLEDGE, crate::assets::GATE)
                .unwrap(),
        );
        let text =
            "Thank you for telling me. I am sorry that it hurts. Could you tell me a little more?";
        let whole = {
            let mut phrasing = Phrasing::new(&guard, &Step::bare("en", "Since when?"));
            let mut shown = String::new();
            let _ = phrasing.push(text, &mut |piece| shown.push_str(piece));
            phrasing.end(&mut |piece| shown.push_str(piece));
            assert_eq!(phrasing.passed(), shown.trim_end());
            assert_eq!(phrasing.refused, None);
            shown
        };
        assert_eq!(whole, text);
        for size in 1..text.len() {
            let mut phrasing = Phrasing::new(&guard, &Step::bare("en", "Since when?"));
            let mut shown = String::new();
            for piece in text.as_bytes().chunks(size) {
                let _ = phrasing.push(std::str::from_utf8(piece).unwrap(), &mut |piece| {
                    shown.push_str(piece);
                });
            }
            phrasing.end(&mut |piece| shown.push_str(piece));
            assert_eq!(shown, whole, "pieces of {size}");
        }
    }
}
