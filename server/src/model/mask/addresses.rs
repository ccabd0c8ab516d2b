//! Addresses: Chinese ones as chains of units, English ones by number and street, and post codes.

use super::words::{
    ADMINISTRATIVE, COMPOUNDS, NOT_ADDRESS, NOT_STREET, NUMBERED, ROADS, SPEECH_STREETS, STATES,
    STOP, STREETS,
};
use super::{ADDRESS, Scan, is_han, is_numeral};

impl Scan {
    pub(super) fn chinese_addresses(&mut self) {
        let (mut i, mut name, mut chain) = (0, 0, (0, 0, 0, false));
        while i <= self.plain.len() {
            if let Some((from, end, strong)) =
                self.address_part(i, name, chain.2 > 0 && name == chain.1)
            {
                chain = if chain.2 > 0 {
                    (chain.0, end, chain.2 + 1, chain.3 || strong)
                } else {
                    (from, end, 1, strong)
                };
                (i, name) = (end, end);
                continue;
            }
            let c = self.at(i);
            let space = c == ' ' && name == i && chain.2 > 0;
            if space {
                (chain.1, name) = (i + 1, i + 1);
            } else if !(is_han(c) || c.is_ascii_alphanumeric() || c == '-' || c == '#')
                || NOT_ADDRESS.contains(c)
                || i >= name + 6 && chain.2 > 0
            {
                if chain.2 > 1 && chain.3 {
                    let to = self.while_at(chain.1, |c| c.is_ascii_digit() || c == '-');
                    self.mask(chain.0, self.back_while(to, 1, |c| c == ' '), ADDRESS);
                }
                chain = (0, 0, 0, false);
                name = if is_han(c) && !NOT_ADDRESS.contains(c) {
                    name
                } else {
                    i + 1
                };
            }
            i += 1;
        }
    }

    /// A part of an address whose unit stands here: where it begins and ends, and whether it is more than the room of a hospital.
    fn address_part(&self, i: usize, name: usize, follows: bool) -> Option<(usize, usize, bool)> {
        let number = self.back_while(i, (i - name).min(12), |c| {
            is_numeral(c) || "-#".contains(c) || c.is_ascii_alphabetic()
        });
        let digits = number < i && (number == name || !follows);
        if let Some(end) = self.longest(i, NUMBERED).filter(|_| digits) {
            return Some((
                number,
                end,
                !matches!(self.at(i), '号' | '楼' | '层' | '座') || self.at(i + 1) == '院',
            ));
        }
        let least = if follows || digits { 1 } else { 2 };
        let from = name.max(i.saturating_sub(6));
        let lane = self.starts(i, "弄").filter(|end| is_numeral(self.at(*end)));
        if let Some(end) = self
            .longest(i, ROADS)
            .or(lane)
            .filter(|_| i >= from + least)
        {
            return Some((from, end, true));
        }
        let market = self.at(i) == '市' && "超城夜菜门集都股".contains(self.before(i));
        let area = self
            .longest(i, ADMINISTRATIVE)
            .or(self.longest(i, COMPOUNDS));
        if let Some(end) = area.filter(|_| i >= from + least && !market) {
            return Some((from, end, true));
        }
        // "文三路259" without 号, if the number ends there.
        let after_road = follows
            && i == name
            && ("路街巷弄道园苑寓".contains(self.before(i)) || self.ends(i, "小区"));
        let end = self.while_at(i, |c| c.is_ascii_digit() || c == '-');
        (after_road && self.at(i).is_ascii_digit() && !is_han(self.at(end)) && !self.unit(end))
            .then_some((i, end, true))
    }

    pub(super) fn english_addresses(&mut self) {
        for i in 0..self.plain.len() {
            if self.before(i).is_alphanumeric() {
                continue;
            }
            if let Some(end) = self.post_code(i) {
                self.mask(i, end, ADDRESS);
            }
            let mut from = i;
            if let Some(end) =
                self.longest(i, "flat|apartment|apt|unit|suite|room|house|no|no.|number")
            {
                let number = self.spaces(end);
                let next = self.while_at(number, |c| c.is_ascii_alphanumeric());
                from = if self.at(number).is_ascii_digit() && self.at(next) == ',' {
                    self.spaces(next + 1)
                } else {
                    number
                };
            }
            if let Some(end) = self.street(from) {
                let comma = self.while_at(end, |c| ", ".contains(c));
                let flat = self
                    .longest(comma, "flat|apartment|apt|unit|suite")
                    .map(|flat| self.spaces(flat));
                let door = flat.map(|flat| self.while_at(flat, |c| c.is_ascii_alphanumeric()));
                self.mask(i, door.unwrap_or(end), ADDRESS);
            }
        }
    }

    fn post_code(&self, i: usize) -> Option<usize> {
        let kind = |c: &char| {
            if c.is_ascii_uppercase() {
                'A'
            } else if c.is_ascii_digit() {
                '9'
            } else {
                *c
            }
        };
        let shape: String = self.original[i..].iter().take(9).map(kind).collect();
        let codes = [
            "A9 9AA", "A99 9AA", "AA9 9AA", "AA99 9AA", "A9A 9AA", "AA9A 9AA", "AA999AA", "AA9A9AA",
        ];
        let code = codes
            .iter()
            .find(|code| shape.starts_with(**code))
            .map(|code| i + code.len());
        let written = |c: char| c.is_ascii_uppercase();
        let zip = self
            .longest(i, STATES)
            .filter(|_| written(self.original[i]))
            .and_then(|end| {
                let digits = self.while_at(end, |c| c == ' ' || c == ',');
                let to = self.while_at(digits, |c| c.is_ascii_digit());
                (to == digits + 5 && digits > end && !self.unit(to))
                    .then(|| self.while_at(to, |c| c.is_ascii_digit() || c == '-'))
            });
        code.filter(|end| !self.at(*end).is_ascii_alphanumeric())
            .or(zip)
    }

    fn street(&self, from: usize) -> Option<usize> {
        let number = self.while_at(from, |c| c.is_ascii_digit());
        if number == from || number - from > 5 {
            return None;
        }
        let road = self.road(number + usize::from(self.at(number).is_ascii_alphabetic()))?;
        // "3 Rose Cottages, Mill Lane": a house and its road.
        let comma = self.while_at(road, |c| c == ',');
        let further = || self.road(comma).filter(|_| comma > road);
        Some(further().unwrap_or(road))
    }

    /// One to three words and the word for a road, after a space.
    fn road(&self, mut i: usize) -> Option<usize> {
        let mut capital = true;
        for words in 0..4 {
            let next = self.spaces(i);
            let end = self.word(next);
            if next == i || end == next {
                return None;
            }
            let upper = self.original[next].is_uppercase();
            if words > 0
                && (self.listed(STREETS, next, end)
                    || capital && self.listed(SPEECH_STREETS, next, end))
            {
                return Some(end);
            }
            if self.listed(STOP, next, end) || self.listed(NOT_STREET, next, end) {
                return None;
            }
            capital &= upper;
            i = end;
        }
        None
    }
}
