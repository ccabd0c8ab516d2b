//! Numbers: of telephones, papers and cards, and the dates of birth among them. What a clinic measures stays.

use super::words::{EXTENSIONS, LABORATORY, LABORATORY_LINKS, MONTHS, UNITS};
use super::{ACCOUNT, ID, PHONE, Scan};
use std::ops::Range;

impl Scan {
    /// The end of a number with letters and separators, "AB 12 34 56 C" as well as "ZY-20231188".
    pub(super) fn token(&self, from: usize) -> usize {
        let mut to = self.while_at(from, |c| c.is_ascii_alphanumeric() || "-_/+(".contains(c));
        if self.at(to) == ' ' && to - from <= 3 && self.at(to + 1).is_ascii_digit() {
            to += 1;
        }
        let from = self
            .back_while(to, to - from, |c| c.is_ascii_digit())
            .min(to);
        if let Some((_, end)) = self.own(&self.run(from)).last() {
            to = to.max(*end);
            let letter = self.spaces(to);
            let alone = !self.at(letter + 1).is_ascii_alphanumeric() && letter == to + 1;
            if alone
                && self.at(letter).is_ascii_alphabetic()
                && self.original[letter].is_uppercase()
                && self.original[letter] != 'I'
            {
                to = letter + 1;
            }
        }
        to
    }

    /// The end of a date: two or three numbers and names of months, or a year alone.
    pub(super) fn date(&self, start: usize) -> Option<usize> {
        let (mut i, mut end, mut parts, mut year) = (start, start, 0, false);
        while parts < 3 {
            let digits = self.while_at(i, |c| c.is_ascii_digit());
            let stop = if digits > i {
                Some(digits)
            } else {
                self.longest(i, MONTHS)
            };
            let Some(stop) = stop.filter(|stop| stop - i <= 9) else {
                break;
            };
            year |= (digits - i == 4 || digits - i == 8) && self.year(i, i + 4);
            parts += 1;
            end = ["st", "nd", "rd", "th", "日", "号", "月", "年"]
                .iter()
                .find_map(|tail| self.starts(stop, tail))
                .unwrap_or(stop);
            i = self.while_at(end, |c| " -./,年月".contains(c));
            if i > end + 2 {
                break;
            }
            i = self.starts(i, "of ").unwrap_or(i);
        }
        (parts >= 2 || year).then_some(end)
    }

    pub(super) fn year(&self, from: usize, to: usize) -> bool {
        (1900..2100).contains(&self.small(from, to).unwrap_or(0))
    }

    fn small(&self, from: usize, to: usize) -> Option<u32> {
        (to - from <= 4).then(|| {
            self.plain
                .get(from..to)?
                .iter()
                .collect::<String>()
                .parse()
                .ok()
        })?
    }

    pub(super) fn unit(&self, i: usize) -> bool {
        self.longest(self.spaces(i), UNITS).is_some() || self.at(i) == '年'
    }

    /// Groups of digits with at most three separators between them, from here.
    fn run(&self, from: usize) -> Vec<(usize, usize)> {
        let (mut groups, mut i) = (Vec::new(), from);
        while self.at(i).is_ascii_digit() {
            let end = self.while_at(i, |c| c.is_ascii_digit());
            groups.push((i, end));
            i = self.while_at(end, |c| " -.()·_".contains(c));
            if i > end + 3 {
                break;
            }
        }
        groups
    }

    pub(super) fn numbers(&mut self) {
        let (mut i, mut measured) = (0, usize::MAX);
        while i < self.plain.len() {
            if let Some(end) = self.longest(i, LABORATORY) {
                measured = self.value(end, LABORATORY_LINKS).0;
            }
            if let Some(end) = self.parted_mobile(i) {
                self.mask(i, end, PHONE);
            }
            let groups = self.run(i);
            self.number(&groups, measured == i);
            i = groups.last().map_or(i + 1, |(_, end)| *end);
        }
    }

    /// A Chinese mobile number parted by what else parts nothing in a number, "138,0013,8000".
    fn parted_mobile(&self, from: usize) -> Option<usize> {
        let shape: String = self.plain[from..]
            .iter()
            .take(13)
            .map(|c| match c {
                '0'..='9' => '9',
                ',' | '、' | '/' => ',',
                c => *c,
            })
            .collect();
        let starts = self.at(from) == '1' && !"012".contains(self.at(from + 1));
        (shape == "999,9999,9999" && starts && !self.before(from).is_ascii_digit())
            .then_some(from + 13)
    }

    /// The groups without a value of its own at the end: "13812345678 3 days".
    fn own<'a>(&self, groups: &'a [(usize, usize)]) -> &'a [(usize, usize)] {
        let [rest @ .., (_, left), (from, to)] = groups else {
            return groups;
        };
        let apart = self.plain[*left..*from].contains(&' ');
        let long = groups[0].0 + 4 <= *left;
        if apart && to - from <= 3 && long && self.unit(*to) {
            return self.own(&groups[..=rest.len()]);
        }
        groups
    }

    fn number(&mut self, mut groups: &[(usize, usize)], measured: bool) {
        let digits =
            |groups: &[(usize, usize)]| groups.iter().map(|(from, to)| to - from).sum::<usize>();
        groups = self.own(groups);
        let (Some(&(mut from, _)), Some(&(_, mut to))) = (groups.first(), groups.last()) else {
            return;
        };
        let count = digits(groups);
        let longest = groups.iter().map(|(from, to)| to - from).max().unwrap_or(0);
        let few = groups.len() == 1 && count <= 8 || groups.len() == 2 && longest <= 5;
        let value =
            measured && (longest <= 3 || longest <= 4 && count <= 8 || few) || few && self.unit(to);
        if count < 7 || value || self.dates(groups) || self.decimals(groups) {
            return;
        }
        let lengths: Vec<usize> = groups.iter().map(|(from, to)| to - from).collect();
        if count == 17 && self.at(self.spaces(to)) == 'x' {
            to = self.spaces(to) + 1;
        }
        let letters = self.back_while(from, 5, |c| c.is_ascii_alphabetic());
        let lettered = letters < from && from - letters <= 4;
        from = if lettered {
            letters
        } else {
            self.back_while(from, 2, |c| "(+".contains(c))
        };
        let mark = match count {
            16 | 19.. => ACCOUNT,
            15 | 17 | 18 => ID,
            _ if lettered || lengths == [3, 2, 4] => ID,
            _ => PHONE,
        };
        if let Some(end) = self.longest(self.spaces(to), EXTENSIONS) {
            let digit = self.while_at(end, |c| " :.".contains(c));
            let end = self.while_at(digit, |c| c.is_ascii_digit());
            to = if end > digit && mark == PHONE {
                end
            } else {
                to
            };
        }
        self.mask(from, to, mark);
    }

    /// Whether a run is nothing but dates and years, perhaps with the hour of one that follows.
    fn dates(&self, groups: &[(usize, usize)]) -> bool {
        let within = |k: usize, range: Range<u32>| {
            groups
                .get(k)
                .and_then(|(from, to)| self.small(*from, *to))
                .is_some_and(|n| range.contains(&n))
        };
        let year = |k: usize| within(k, 1900..2100);
        let mut k = 0;
        while let Some(&(from, to)) = groups.get(k) {
            let compact =
                to - from == 8 && (2000..2100).contains(&self.small(from, from + 4).unwrap_or(0));
            let month = (1..13).contains(&self.small(from + 4, from + 6).unwrap_or(0));
            k += if year(k) && within(k + 1, 1..13) && within(k + 2, 1..32)
                || within(k, 1..32) && within(k + 1, 1..32) && year(k + 2)
            {
                3
            } else if year(k) && within(k + 1, 1..13) {
                2
            } else if year(k)
                || compact && month
                || k > 1 && k + 1 == groups.len() && to - from <= 2
            {
                1
            } else {
                return false;
            };
        }
        true
    }

    /// Whether a run is a row of decimals and short numbers ("37.5 38.2 39", "10.30-11.45").
    fn decimals(&self, groups: &[(usize, usize)]) -> bool {
        let (mut k, mut points) = (0, 0);
        while let Some(&(from, to)) = groups.get(k) {
            let next = groups
                .get(k + 1)
                .filter(|(start, end)| self.at(to) == '.' && to + 1 == *start && end - start <= 2);
            let last = next.map_or(to, |(_, end)| *end);
            if to - from > 3
                || ".()_".contains(self.at(last))
                    && k + 1 + usize::from(next.is_some()) < groups.len()
            {
                return false;
            }
            points += usize::from(next.is_some());
            k += 1 + usize::from(next.is_some());
        }
        points > 0
    }
}
