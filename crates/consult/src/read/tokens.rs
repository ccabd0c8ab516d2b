//! Text to tokens: folded characters, words without their simple endings, numbers, breaks. Terms and texts go the same way.

/// How strongly a mark separates what stands around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Break {
    /// A space between Chinese characters: people type it instead of a comma, or by chance.
    Space,
    /// `、` or `/`: a list goes on.
    List,
    /// A comma and its like.
    Clause,
    /// A full stop, question mark, line end.
    Sentence,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// A word in letters.
    Word,
    /// One Chinese character.
    Han,
    /// A number in digits.
    Number(f64),
    /// A separator.
    Break(Break),
}

/// A token with the bytes of the text it came from.
#[derive(Debug, Clone, PartialEq)]
pub struct Token {
    /// Folded text.
    pub text: String,
    /// What it is.
    pub kind: Kind,
    /// First byte in the text.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
}

/// Cuts a text into tokens. `fold` maps characters, sorted by the first.
#[must_use]
pub fn tokenize(text: &str, fold: &[(char, char)]) -> Vec<Token> {
    let characters: Vec<(usize, char)> = text
        .char_indices()
        .map(|(at, character)| (at, folded(character, fold)))
        .collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < characters.len() {
        let (start, character) = characters[at];
        let run = |belongs: &dyn Fn(usize, char) -> bool| {
            let mut to = at + 1;
            while to < characters.len() && belongs(to, characters[to].1) {
                to += 1;
            }
            to
        };
        let (kind, to) = if character.is_ascii_digit() {
            let to = run(&|place, one| {
                one.is_ascii_digit()
                    || (one == '.'
                        && characters
                            .get(place + 1)
                            .is_some_and(|next| next.1.is_ascii_digit()))
            });
            (Some(Kind::Number(0.0)), to)
        } else if is_han(character) {
            (Some(Kind::Han), at + 1)
        } else if is_letter(character) {
            let to = run(&|place, one| {
                is_letter(one)
                    || (is_apostrophe(one)
                        && characters
                            .get(place + 1)
                            .is_some_and(|next| is_letter(next.1)))
            });
            (Some(Kind::Word), to)
        } else {
            (separator(&characters, at).map(Kind::Break), at + 1)
        };
        if let Some(kind) = kind {
            let raw: String = characters[at..to]
                .iter()
                .map(|one| one.1)
                .filter(|one| !is_apostrophe(*one))
                .collect();
            let end = characters.get(to).map_or(text.len(), |next| next.0);
            tokens.push(token(raw, kind, start, end));
        }
        at = to;
    }
    tokens
}

fn token(raw: String, kind: Kind, start: usize, end: usize) -> Token {
    match kind {
        Kind::Word => Token {
            text: stem(&raw),
            kind,
            start,
            end,
        },
        Kind::Number(_) => {
            let value = decimal(&raw);
            Token {
                text: raw,
                kind: Kind::Number(value),
                start,
                end,
            }
        }
        _ => Token {
            text: raw,
            kind,
            start,
            end,
        },
    }
}

fn folded(character: char, fold: &[(char, char)]) -> char {
    let narrow = match character {
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character)
        }
        '\u{3000}' => ' ',
        '\u{ff61}' => '。',
        '℃' => 'c',
        '℉' => 'f',
        other => other,
    };
    if narrow.is_ascii() {
        return narrow.to_ascii_lowercase();
    }
    if let Ok(place) = fold.binary_search_by_key(&narrow, |pair| pair.0) {
        return fold[place].1;
    }
    // Capitals with accents, as in É: 32 below their small forms.
    match narrow {
        'À'..='Þ' if narrow != '×' => char::from_u32(u32::from(narrow) + 32).unwrap_or(narrow),
        other => other,
    }
}

/// A number of digits with at most one point that counts; more points than one end it. The standard library's reader would
/// bring ten kilobytes of tables into the page for the last bits of numbers no patient types.
fn decimal(digits: &str) -> f64 {
    let mut value = 0.0;
    let mut place = 0.0;
    for character in digits.chars() {
        match character.to_digit(10) {
            Some(digit) if place > 0.0 => {
                value += f64::from(digit) * place;
                place /= 10.0;
            }
            Some(digit) => value = value * 10.0 + f64::from(digit),
            None if place > 0.0 => break,
            None => place = 0.1,
        }
    }
    // 38.3 is typed, not 38.300000000000004.
    (value * 1e6).round() / 1e6
}

/// Whether it is a letter of a script with words: everything alphabetic that is no Chinese character, told by ranges, because
/// the full tables weigh more than the reader.
fn is_letter(character: char) -> bool {
    matches!(character, 'a'..='z' | 'A'..='Z' | 'ª' | 'µ' | 'º' | '\u{c0}'..='\u{1fff}'
        | '\u{3041}'..='\u{30ff}' | '\u{3105}'..='\u{312f}' | '\u{ac00}'..='\u{d7a3}')
        && !matches!(character, '×' | '÷')
}

/// Whether it is a Chinese character.
#[must_use]
pub fn is_han(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3134f}' | '〇')
}

fn is_apostrophe(character: char) -> bool {
    matches!(character, '\'' | '’' | '‘' | '`' | '´')
}

fn separator(characters: &[(usize, char)], at: usize) -> Option<Break> {
    let around = |step: isize| {
        at.checked_add_signed(step)
            .and_then(|place| characters.get(place))
            .map(|one| one.1)
    };
    match characters[at].1 {
        '.' | '。' | '!' | '?' | '\n' | '\r' | '…' | '\u{2028}' | '\u{2029}' => {
            Some(Break::Sentence)
        }
        ',' | ';' | ':' | '(' | ')' | '，' | '；' | '：' | '—' | '–' | '~' | '（' | '）' | '【'
        | '】' => Some(Break::Clause),
        '、' | '/' | '|' | '+' | '&' => Some(Break::List),
        '-' if around(-1) == Some(' ') || around(1) == Some(' ') => Some(Break::Clause),
        ' ' | '\t' | '\u{a0}'
            if around(-1).is_some_and(is_han) && around(1).is_some_and(is_han) =>
        {
            Some(Break::Space)
        }
        // Pictures between words separate them, but say nothing here.
        other if u32::from(other) >= 0x1_f000 => Some(Break::Clause),
        _ => None,
    }
}

/// A word without its simple English endings, so that "vomiting", "vomited" and "vomits" are one.
#[must_use]
pub fn stem(word: &str) -> String {
    if word == "cannot" {
        return "cant".to_owned();
    }
    // The rash is not the virus.
    if word == "hives" || word == "hive" {
        return "hives".to_owned();
    }
    if !word.is_ascii() {
        return word.to_owned();
    }
    let mut word = word.to_owned();
    if word.len() > 3
        && word.ends_with('s')
        && !(word.ends_with("ss") || word.ends_with("us") || word.ends_with("is"))
    {
        if word.len() > 4 && word.ends_with("ies") {
            word.truncate(word.len() - 3);
            word.push('y');
        } else {
            word.pop();
        }
    }
    if word.len() > 4 && word.ends_with("ied") {
        word.truncate(word.len() - 3);
        word.push('y');
    }
    for ending in ["ing", "ed"] {
        let Some(rest) = word.strip_suffix(ending) else {
            continue;
        };
        let vowel = rest.contains(['a', 'e', 'i', 'o', 'u', 'y']);
        if rest.len() >= 3 && vowel && !(ending == "ed" && rest.ends_with('e')) {
            let bytes = rest.as_bytes();
            let (last, before) = (bytes[bytes.len() - 1], bytes[bytes.len() - 2]);
            let doubled = last == before && !matches!(last, b'l' | b's' | b'z' | b'e' | b'o');
            word = rest[..rest.len() - usize::from(doubled)].to_owned();
            break;
        }
    }
    if word.len() > 3 && word.ends_with('e') {
        word.pop();
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_fold_together() {
        for (one, other) in [
            ("vomiting", "vomit"),
            ("bleeding", "bleed"),
            ("hurts", "hurt"),
            ("aching", "ache"),
            ("stopped", "stop"),
            ("swelling", "swell"),
            ("bruises", "bruise"),
            ("worries", "worry"),
            ("cannot", "can't"),
        ] {
            let stem_of = |word: &str| tokenize(word, &[])[0].text.clone();
            assert_eq!(stem_of(one), stem_of(other), "{one} and {other}");
        }
        assert_ne!(stem("sting"), stem("st"));
    }

    #[test]
    fn tokens_point_at_their_bytes() {
        let text = "胸口疼,BP 180/110,38.5℃ don’t";
        for token in tokenize(text, &[]) {
            assert!(text.get(token.start..token.end).is_some(), "{token:?}");
        }
        let numbers: Vec<f64> = tokenize(text, &[])
            .into_iter()
            .filter_map(|token| match token.kind {
                Kind::Number(value) => Some(value),
                _ => None,
            })
            .collect();
        assert_eq!(numbers, [180.0, 110.0, 38.5]);
    }
}
