//! Names of people, after what announces them.

use super::words::{
    AFTER_NAME, CALLED, DOUBLE_SURNAMES, ENDS_WORD, NAMED, NAMING, NOT_FIRST, NOT_FIRST_WORDS,
    NOT_GIVEN, ORDINARY, PRESENTING, RELATIVES, SELF_DESCRIBED, STOP, SURNAMES, TITLES,
};
use super::{NAME, Scan, is_han};

impl Scan {
    fn surname(&self, i: usize) -> Option<usize> {
        // "我老公孙先生" speaks of a 孙, not of a 公孙.
        let single = || {
            SURNAMES
                .contains(self.at(i))
                .then_some(i + 1)
                .filter(|_| is_han(self.at(i)))
        };
        let double = self
            .longest(i, DOUBLE_SURNAMES)
            .filter(|_| self.before(i) != '老');
        double.or_else(single)
    }

    /// The end of a Chinese name; without a surname it ends where other words begin.
    fn given_name(&self, from: usize) -> usize {
        let han = self
            .while_at(from, |c| is_han(c) || c == '·')
            .min(from + 12);
        let (least, most) = match self.surname(from) {
            Some(end) => (end + 1, end + 2),
            None if self.plain[from..han].contains(&'·') => return han,
            None => (from + 2, from + if han <= from + 6 { 6 } else { 3 }),
        };
        (least..most)
            .find(|end| self.longest(*end, AFTER_NAME).is_some())
            .unwrap_or(most)
            .min(han)
    }

    pub(super) fn chinese_names(&mut self) {
        for i in 0..self.plain.len() {
            if !is_han(self.at(i)) {
                continue;
            }
            let called = self.at(i) == '叫' && CALLED.split('|').any(|word| self.ends(i, word));
            let naming = if called {
                Some(i + 1)
            } else {
                self.longest(i, NAMING)
            };
            if let Some(end) = naming {
                let from = self.while_at(end, |c| " :=\"“「做作是为叫".contains(c));
                if is_han(self.at(from)) {
                    let first = NOT_FIRST.contains(self.at(from))
                        || self.longest(from, NOT_FIRST_WORDS).is_some();
                    if !first {
                        self.mask(from, self.given_name(from), NAME);
                    }
                } else if let Some(to) = self.english_name(from, true, 3) {
                    self.mask(from, to, NAME);
                }
            } else if let Some(end) = self.longest(i, PRESENTING) {
                let from = self.while_at(end, |c| " :".contains(c));
                self.presented(from);
            }
            if let Some(end) = self.surname(i) {
                self.titled(i, end);
            }
            if let Some(end) = self.starts(i, "姓").and_then(|from| self.surname(from)) {
                self.mask(i + 1, end, NAME);
            }
        }
    }

    pub(super) fn ends(&self, i: usize, word: &str) -> bool {
        let length = word.chars().count();
        i >= length && self.starts(i - length, word).is_some()
    }

    /// A name after a cue that leads to much else: only with a common surname, and only if the clause ends behind it.
    fn presented(&mut self, from: usize) {
        let Some(end) = self
            .surname(from)
            .filter(|_| self.longest(from, ORDINARY).is_none())
        else {
            return;
        };
        for to in [end + 1, end + 2] {
            let given = self
                .plain
                .get(end..to)
                .is_some_and(|given| given.iter().all(|c| is_han(*c) && !NOT_GIVEN.contains(*c)));
            if given
                && (!self.at(to).is_alphanumeric() || self.longest(to, SELF_DESCRIBED).is_some())
            {
                return self.mask(from, to, NAME);
            }
        }
    }

    /// 张先生, and 王小明医生 where a clause begins.
    fn titled(&mut self, i: usize, end: usize) {
        let word = |entry: &str| entry.starts_with(self.at(i)) && entry.contains(self.before(i));
        if self.longest(end, TITLES).is_some() {
            let alone =
                !is_han(self.before(i)) || "找看挂约请由问是跟和姓".contains(self.before(i));
            let doubtful = "时位".contains(self.at(i)) && !alone;
            let ends_word = i > 0 && ENDS_WORD.split('|').any(word);
            if end > i + 1 || !(doubtful || ends_word) {
                self.mask(i, end, NAME);
            }
        } else if (!self.before(i).is_alphanumeric() || "找看挂约请由问".contains(self.before(i)))
            && self.longest(i, ORDINARY).is_none()
        {
            let given = |to: usize| {
                self.plain[end..to]
                    .iter()
                    .all(|c| is_han(*c) && !NOT_GIVEN.contains(*c))
            };
            let to = [end + 1, end + 2].into_iter().find(|to| {
                let told = self.longest(*to, TITLES).is_some() || self.sexed(*to);
                *to < self.plain.len() && given(*to) && told
            });
            self.mask(i, to.unwrap_or(i), NAME);
        }
    }

    /// "李晓，女，32岁": what a form says behind a name.
    fn sexed(&self, end: usize) -> bool {
        let next = self.while_at(end, |c| " ,、:/".contains(c));
        let after = self.at(next + 1);
        let age = self.while_at(next, |c| c.is_ascii_digit());
        let sex = "男女".contains(self.at(next)) && !is_han(after)
            || self.longest(next, "男性|女性").is_some();
        next > end && (sex || age > next && self.longest(self.spaces(age), "岁").is_some())
    }

    /// "Elizabeth Taylor, 67": two words or more, and an age behind them.
    fn aged(&self, from: usize, end: usize) -> bool {
        let comma = self.while_at(end, |c| c == ',');
        let age = self.spaces(comma);
        let to = self.while_at(age, |c| c.is_ascii_digit());
        let begins = from == 0 || self.before(from) == '\n';
        let ends =
            !self.at(to).is_alphanumeric() && !"./%-".contains(self.at(to)) || self.at(to) == '\0';
        begins
            && comma > end
            && self.plain[from..end].contains(&' ')
            && (1..=3).contains(&(to - age))
            && ends
    }

    /// The end of an English name of at most so many words; a plain one may be written small.
    fn english_name(&self, from: usize, plain: bool, most: usize) -> Option<usize> {
        let (mut i, mut end, mut capital) = (from, None, false);
        for words in 0..most {
            let stop = self.word(i);
            let upper = self.original.get(i).is_some_and(|c| c.is_uppercase());
            let particle =
                words > 0 && self.listed(" de la van von der bin al el da dos del di ", i, stop);
            let fits = upper || particle || plain && !capital && words < 3;
            if stop == i || !fits || self.listed(STOP, i, stop) {
                break;
            }
            capital |= upper;
            end = Some(stop);
            i = self.spaces(if self.at(stop) == '.' && stop == i + 1 {
                stop + 1
            } else {
                stop
            });
            if i == stop {
                break;
            }
        }
        end
    }

    pub(super) fn english_names(&mut self) {
        for i in 0..self.plain.len() {
            let begins = self.at(i).is_ascii_alphabetic() && !self.before(i).is_ascii_alphabetic();
            if begins && let Some((from, to)) = self.english_cue(i) {
                self.mask(from, to, NAME);
            }
        }
    }

    /// A name behind the cue that stands here.
    fn english_cue(&self, i: usize) -> Option<(usize, usize)> {
        let value = |end: usize| self.while_at(end, |c| " :.=\"'".contains(c));
        // Written in capitals is what is shortened: "I am HIV positive", "MR angiography".
        let shortened = |from: usize, to: usize| {
            to > from + 1 && self.original[from..to].iter().all(|c| c.is_uppercase())
        };
        let written = |from: usize, most: usize| {
            self.english_name(from, false, most)
                .filter(|_| !shortened(from, self.word(from)))
        };
        let (from, to) = if let Some(end) = self.longest(i, NAMED) {
            let from = value(end);
            let from = self.longest(from, "is|:").map_or(from, value);
            let cue: String = self.plain[i..end].iter().collect();
            // "I called an ambulance", "the rash is called eczema": these need somebody who is called so.
            let doubtful = matches!(
                cue.as_str(),
                "called" | "named" | "is called" | "is named" | "contact:" | "surname"
            );
            let plain = !doubtful || self.follows_relative(i);
            (
                from,
                if plain {
                    self.english_name(from, true, 4)
                } else {
                    written(from, 4)
                },
            )
        } else if let Some(end) = self.longest(i, "i am|i'm|im") {
            (
                value(end),
                written(value(end), 3).filter(|to| !self.describes(value(end), *to)),
            )
        } else if let Some(end) = self
            .longest(i, RELATIVES)
            .or(self.longest(i, "call me|patient|nurse|doctor|miss|professor"))
        {
            (
                value(end),
                written(value(end), 3).filter(|_| " :".contains(self.at(end))),
            )
        } else if let Some(end) = self.longest(i, "mr|mrs|ms|dr|prof|mx") {
            let measure = self
                .before(self.back_while(i, 2, |c| c == ' '))
                .is_ascii_digit();
            let unclear = shortened(i, end)
                || self.plain[i..=end.min(self.plain.len() - 1)].ends_with(&['m', 's', '.']);
            let name = self.english_name(value(end), !unclear, 2);
            (value(end), name.filter(|_| self.at(end) != ':' && !measure))
        } else if let Some(end) = self.longest(i, "it's|its|it is") {
            (
                value(end),
                written(value(end), 3).filter(|to| self.speaks(*to, "again|here|speaking|calling")),
            )
        } else if let Some(end) = self.longest(i, "this is|here is") {
            (
                value(end),
                self.english_name(value(end), true, 4)
                    .filter(|to| self.speaks(*to, "speaking|here|calling|writing")),
            )
        } else {
            (
                i,
                self.english_name(i, false, 3)
                    .filter(|to| self.speaks(*to, "speaking") || self.aged(i, *to)),
            )
        };
        to.map(|to| (from, to))
    }

    fn speaks(&self, end: usize, how: &str) -> bool {
        self.longest(self.spaces(end), how).is_some()
    }

    /// Whether a single word tells what somebody is ("I'm British"), rather than who.
    fn describes(&self, from: usize, to: usize) -> bool {
        let word: String = self.plain[from..to].iter().collect();
        ["ish", "ese", "ing", "ous", "ful", "tarian"]
            .iter()
            .any(|end| word.ends_with(end))
    }

    fn follows_relative(&self, i: usize) -> bool {
        let word = self.back_while(self.back_while(i, 1, |c| c == ' '), 14, |c| {
            c.is_ascii_alphabetic()
        });
        self.longest(word, RELATIVES).is_some() || self.longest(word, "he|she|s|they").is_some()
    }
}
