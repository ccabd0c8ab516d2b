//! Takes what identifies a person out of a patient's words before they leave for a language model.
//!
//! Rules over characters, no statistics: what was masked can be explained and tested. A masked text keeps where each piece came from but
//! never the piece itself, so it may be logged.

use std::ops::Range;

mod addresses;
mod names;
mod numbers;
#[cfg(test)]
mod tests;
mod words;

use words::{ACCOUNTS, BIRTH, CHAT_LINKS, CHATS, IDENTITY, LINKS, PHONES, SPELT, STOP, ZIPS};

const NAME: &str = "[name]";
const PHONE: &str = "[phone]";
const ID: &str = "[id]";
const ADDRESS: &str = "[address]";
const MAIL: &str = "[mail]";
const LINK: &str = "[link]";
const ACCOUNT: &str = "[account]";
const DATE: &str = "[date]";

/// A text with what identifies a person taken out.
#[derive(Debug, Clone)]
pub struct Masked {
    text: String,
    /// For each mark, in order: where it stands in the masked text and where its piece stood in the original.
    pieces: Vec<(Range<usize>, Range<usize>)>,
}

impl Masked {
    /// Masks a text of any length and content.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut scan = Scan::new(text);
        scan.mail_and_links();
        scan.worded();
        scan.chinese_addresses();
        scan.english_addresses();
        scan.numbers();
        scan.chinese_names();
        scan.english_names();
        let (mut masked, mut pieces, mut done) = (String::with_capacity(text.len()), Vec::new(), 0);
        for (from, to, mark) in scan.merged() {
            masked.push_str(&text[done..from]);
            let start = masked.len();
            masked.push_str(mark);
            pieces.push((start..masked.len(), from..to));
            done = to;
        }
        masked.push_str(&text[done..]);
        Self {
            text: masked,
            pieces,
        }
    }

    /// The text as it may leave: each masked piece is replaced by a mark such as `[name]`.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many pieces were masked.
    #[must_use]
    pub fn count(&self) -> usize {
        self.pieces.len()
    }

    /// Finds words quoted from the masked text in the original, as a range of bytes there. Case, runs of white space and the difference
    /// between full and half width do not count, nor does punctuation at the ends of the quote. A mark stands for its whole piece.
    #[must_use]
    pub fn find(&self, quote: &str) -> Option<Range<usize>> {
        let here = comparable(&self.text);
        let wanted: Vec<char> = comparable(quote.trim())
            .into_iter()
            .map(|(_, c)| c)
            .collect();
        let bare = |c: &char| !c.is_alphanumeric() && !"[]".contains(*c);
        let from = wanted.iter().position(|c| !bare(c))?;
        let to = wanted.iter().rposition(|c| !bare(c))? + 1;
        [&wanted[..], &wanted[from..to]]
            .into_iter()
            .find_map(|needle| {
                let fits = |at: &usize| {
                    here[*at..]
                        .iter()
                        .map(|(_, c)| c)
                        .take(needle.len())
                        .eq(needle)
                };
                // A whole word is the better find: "8 kg" is not meant by "68 kg".
                let whole = |at: &usize| !joined(&here, *at) && !joined(&here, at + needle.len());
                let places: Vec<usize> = (0..here.len()).filter(fits).collect();
                let at = *places.iter().find(|at| whole(at)).or(places.first())?;
                let end = here
                    .get(at + needle.len())
                    .map_or(self.text.len(), |(byte, _)| *byte);
                let end = here[at].0 + self.text[here[at].0..end].trim_end().len();
                Some(self.original(here[at].0, false)..self.original(end, true))
            })
    }

    /// Where a byte of the masked text stood; one inside a mark goes to the start or the end of its piece.
    fn original(&self, byte: usize, end: bool) -> usize {
        let before = |mark: &Range<usize>| {
            if end {
                mark.start < byte
            } else {
                mark.start <= byte
            }
        };
        let Some((mark, piece)) = self.pieces.iter().rev().find(|(mark, _)| before(mark)) else {
            return byte;
        };
        if byte >= mark.end {
            piece.end + byte - mark.end
        } else if end {
            piece.end
        } else {
            piece.start
        }
    }
}

/// The characters of a text as they are compared, with the bytes they begin at.
fn comparable(text: &str) -> Vec<(usize, char)> {
    let mut seen: Vec<(usize, char)> = Vec::new();
    for (byte, c) in text.char_indices() {
        let c = match fold(c) {
            '。' => '.',
            '、' => ',',
            '“' | '”' => '"',
            c if c.is_whitespace() => ' ',
            c => c,
        };
        if c != ' ' || seen.last().is_some_and(|(_, last)| *last != ' ') {
            seen.push((byte, c));
        }
    }
    seen
}

/// Whether a place lies inside an ASCII word or number.
fn joined(text: &[(usize, char)], at: usize) -> bool {
    let inside = |at: usize| text.get(at).is_some_and(|(_, c)| c.is_ascii_alphanumeric());
    at > 0 && inside(at - 1) && inside(at)
}

/// One character for one: half width, lower case, one kind of dash, dot, apostrophe and space.
fn fold(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => fold(char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c)),
        '\t'
        | '\u{a0}'
        | '\u{3000}'
        | '\u{2000}'..='\u{200d}'
        | '\u{202f}'
        | '\u{2060}'
        | '\u{feff}' => ' ',
        '‐'..='―' | '−' => '-',
        '•' | '‧' | '・' => '·',
        '’' | '‘' => '\'',
        c => c.to_lowercase().next().unwrap_or(c),
    }
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{2fa1f}')
}

fn is_numeral(c: char) -> bool {
    c.is_ascii_digit() || "零〇一二三四五六七八九十百两".contains(c)
}

/// A text being read, and the pieces found so far as ranges of characters.
struct Scan {
    original: Vec<char>,
    plain: Vec<char>,
    bytes: Vec<usize>,
    spans: Vec<(usize, usize, &'static str)>,
}

impl Scan {
    fn new(text: &str) -> Self {
        let original: Vec<char> = text.chars().collect();
        let mut plain: Vec<char> = original.iter().copied().map(fold).collect();
        // A telephone number may be spelt out: 一三八…, 幺 for one.
        for run in plain.chunk_by_mut(|a, b| SPELT.contains(*a) == SPELT.contains(*b)) {
            if run.len() >= 7 && SPELT.contains(run[0]) {
                for c in run {
                    let place = SPELT.chars().position(|numeral| numeral == *c).unwrap_or(0);
                    *c =
                        char::from_digit(u32::try_from(place % 10).unwrap_or(0), 10).unwrap_or('0');
                }
            }
        }
        let bytes = text
            .char_indices()
            .map(|(byte, _)| byte)
            .chain([text.len()])
            .collect();
        Self {
            original,
            plain,
            bytes,
            spans: Vec::new(),
        }
    }

    /// The pieces as ranges of bytes, in order; what overlaps is one piece with the mark of the rule that came first.
    fn merged(&self) -> Vec<(usize, usize, &'static str)> {
        let mut order: Vec<usize> = (0..self.spans.len()).collect();
        order.sort_by_key(|&rule| (self.spans[rule].0, rule));
        let mut merged: Vec<(usize, usize, usize)> = Vec::new();
        for rule in order {
            let (from, to, _) = self.spans[rule];
            match merged.last_mut() {
                Some(last) if from < last.1 => *last = (last.0, last.1.max(to), last.2.min(rule)),
                _ => merged.push((from, to, rule)),
            }
        }
        let place = |(from, to, rule): (usize, usize, usize)| {
            (self.bytes[from], self.bytes[to], self.spans[rule].2)
        };
        merged.into_iter().map(place).collect()
    }

    fn mask(&mut self, from: usize, to: usize, mark: &'static str) {
        if from < to {
            self.spans.push((from, to, mark));
        }
    }

    fn at(&self, i: usize) -> char {
        self.plain.get(i).copied().unwrap_or('\0')
    }

    fn before(&self, i: usize) -> char {
        i.checked_sub(1).map_or('\0', |i| self.at(i))
    }

    fn while_at(&self, mut i: usize, holds: impl Fn(char) -> bool) -> usize {
        while i < self.plain.len() && holds(self.at(i)) {
            i += 1;
        }
        i
    }

    fn back_while(&self, mut i: usize, most: usize, holds: impl Fn(char) -> bool) -> usize {
        let least = i.saturating_sub(most);
        while i > least && holds(self.before(i)) {
            i -= 1;
        }
        i
    }

    fn spaces(&self, i: usize) -> usize {
        self.while_at(i, |c| c == ' ')
    }

    /// The end of a word that stands here; an English one is never part of a longer one, and its spaces may be several.
    fn starts(&self, i: usize, word: &str) -> Option<usize> {
        let mut end = i;
        for c in word.chars() {
            if self.at(end) != c.to_ascii_lowercase() {
                return None;
            }
            end = if c == ' ' { self.spaces(end) } else { end + 1 };
        }
        let letters = |a: char, b: char| a.is_ascii_alphabetic() && b.is_ascii_alphabetic();
        (end > i
            && !letters(self.before(i), self.at(i))
            && !letters(self.before(end), self.at(end)))
        .then_some(end)
    }

    fn longest(&self, i: usize, words: &str) -> Option<usize> {
        words
            .split('|')
            .filter_map(|word| self.starts(i, word))
            .max()
    }

    /// Where the value after a word begins, and whether more than a space led there.
    fn value(&self, start: usize, links: &str) -> (usize, bool) {
        let (mut i, mut led) = (start, false);
        for _ in 0..6 {
            i = self.while_at(i, |c| " :#=.(\"'".contains(c));
            match self.longest(i, links) {
                Some(end) => (i, led) = (end, true),
                None => break,
            }
        }
        // The bracket of "(0571)…" belongs to the number.
        (
            i,
            led || self.plain[start..i].iter().any(|c| ":#=".contains(*c)),
        )
    }

    fn listed(&self, words: &str, from: usize, to: usize) -> bool {
        let word: String = self.plain[from..to].iter().collect();
        words.contains(&format!(" {word} "))
    }

    /// The end of a word of letters, with apostrophes and hyphens inside.
    fn word(&self, from: usize) -> usize {
        let letter = |c: char| c.is_alphabetic() && !is_han(c);
        let mut i = self.while_at(from, letter);
        while i > from && "'-".contains(self.at(i)) && letter(self.at(i + 1)) {
            i = self.while_at(i + 1, letter);
        }
        i
    }

    fn mail_and_links(&mut self) {
        let local = |c: char| c.is_ascii_alphanumeric() || "._%+-'".contains(c);
        let rest = |c: char| c.is_ascii_graphic() && !"\"<>()[]{},;".contains(c);
        let mut i = 0;
        while i < self.plain.len() {
            let from = self.back_while(i, 64, local);
            let sign = self.at(i) == '@';
            let host = self.while_at(i + 1, |c| {
                sign && (c.is_ascii_alphanumeric() || ".-".contains(c))
            });
            if self.at(i) == '@' && from < i && self.plain[i + 1..host].contains(&'.') {
                self.mask(from, host, MAIL);
            } else if self.at(i) == '@' && (from == i || !self.before(i).is_ascii_digit()) {
                let end = self.while_at(i + 1, |c| local(c) || is_han(c)).min(i + 24);
                if end > i + 2 && self.at(i + 1).is_alphabetic() {
                    self.mask(i + 1, end, ID);
                }
            }
            let domain = ".com|.cn|.org|.net|.edu|.gov|.io|.co.uk";
            if self.longest(i, "https:|http:|ftp:|www.").is_some() {
                let end = self.while_at(i, rest);
                self.mask(i, end, LINK);
                i = end;
            } else if let Some(end) = self
                .longest(i, domain)
                .filter(|_| from < i && self.at(i) == '.')
            {
                self.mask(
                    from,
                    if self.at(end) == '/' {
                        self.while_at(end, rest)
                    } else {
                        end
                    },
                    LINK,
                );
            }
            i += 1;
        }
    }

    /// What is masked because of the word before it: numbers of cards and files, chat names, short telephone numbers, birth dates.
    fn worded(&mut self) {
        for i in 0..self.plain.len() {
            for (words, mark) in [
                (ACCOUNTS, ACCOUNT),
                (IDENTITY, ID),
                (PHONES, PHONE),
                (ZIPS, ADDRESS),
            ] {
                let Some(end) = self.longest(i, words) else {
                    continue;
                };
                let from = self.value(end, LINKS).0;
                let to = self.token(from);
                let digits = self.plain[from..to]
                    .iter()
                    .filter(|c| c.is_ascii_digit())
                    .count();
                let year = digits == 4 && to == from + 4 && self.year(from, to);
                let least = if mark == PHONE { 5 } else { 4 };
                let letters = mark == ADDRESS && to - from >= 5;
                if (digits >= least || letters && digits > 1) && !(year || self.unit(to)) {
                    self.mask(from, to, mark);
                }
            }
            if let Some(end) = self.longest(i, CHATS) {
                let (from, led) = self.value(end, CHAT_LINKS);
                let to = self.while_at(from, |c| c.is_ascii_alphanumeric() || "_-.".contains(c));
                let told = |c: &char| c.is_ascii_digit() || *c == '_';
                let telling = led || self.plain[from..to].iter().any(told);
                if to - from >= 4 && telling && !self.listed(STOP, from, to) {
                    self.mask(from, to, ID);
                }
            }
            let begins = self.at(i).is_ascii_digit() && !self.before(i).is_ascii_digit();
            if let Some(end) = self.longest(i, BIRTH) {
                let from = self.value(end, LINKS).0;
                self.mask(from, self.date(from).unwrap_or(from), DATE);
            } else if begins && let Some(to) = self.date(i) {
                let alone = self.at(to) == '生' && !is_han(self.at(to + 1));
                if alone || self.longest(to, "出生|生的|生人|生日").is_some() {
                    self.mask(i, to, DATE);
                }
            }
        }
    }
}
