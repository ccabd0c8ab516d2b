//! A message cut into clauses, so that the ones with a complaint can be left out.

use std::ops::Range;

use consult::read::tokens::{Break, Kind, tokenize};

/// The clauses of a text, by their bytes, in order: what stands between commas, full stops, line ends, and between the
/// spaces that people put between Chinese words instead of a comma. A clause has at least one word.
#[must_use]
pub fn split(text: &str) -> Vec<Range<usize>> {
    let mut clauses: Vec<Range<usize>> = Vec::new();
    let mut open: Option<Range<usize>> = None;
    for token in tokenize(text, &[]) {
        match token.kind {
            Kind::Break(Break::List) => {}
            Kind::Break(_) => clauses.extend(open.take()),
            _ => {
                let from = open.map_or(token.start, |clause| clause.start);
                open = Some(from..token.end);
            }
        }
    }
    clauses.extend(open);
    clauses
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clauses_end_at_commas_stops_and_spaces_between_chinese() {
        for (text, expected) in [
            (
                "my stomach hurts, where can I park?",
                vec!["my stomach hurts", "where can I park"],
            ),
            ("肚子疼 在哪停车", vec!["肚子疼", "在哪停车"]),
            ("挂号处、药房在哪。谢谢", vec!["挂号处、药房在哪", "谢谢"]),
            ("", vec![]),
            (" 。,", vec![]),
        ] {
            let clauses: Vec<&str> = split(text)
                .into_iter()
                .map(|clause| &text[clause])
                .collect();
            assert_eq!(clauses, expected);
        }
    }
}
