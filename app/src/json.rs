//! JSON in and out, small: one tree, one error without words, no copy of a parser per type.
//!
//! `serde_json` is quick and says exactly what is wrong and where; both cost a patient on a slow line 35 KB (brotli) that
//! this page has no use for: what it cannot read it asks for again. Checked against `serde_json` in the tests.

mod read;
mod write;

use serde::Serialize;
use serde::de::DeserializeOwned;
use wire::event::Event;

pub use write::decimal;

/// Deepest nesting that is read.
const DEPTH: u8 = 32;

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub enum Json {
    /// `null`.
    Null,
    /// `true`, `false`.
    Bool(bool),
    /// A number. Ids are strings on the wire, so no number is too large for it.
    Number(f64),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object, in the order written.
    Object(Vec<(String, Json)>),
}

/// Something that is not as expected. Which, nobody reads in a browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreadable;

impl std::fmt::Display for Unreadable {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("unreadable")
    }
}

impl std::error::Error for Unreadable {}

/// Reads a value.
///
/// # Errors
/// If the text is no JSON or not of the type's shape.
pub fn from_str<T: DeserializeOwned>(text: &str) -> Result<T, Unreadable> {
    T::deserialize(parse(text)?)
}

/// Reads an event of a stream: its name and its data. A name not known is an unknown event.
///
/// # Errors
/// If the data is not of the name's shape.
pub fn event(tag: &str, data: &str) -> Result<Event, Unreadable> {
    serde::Deserialize::deserialize(Json::Object(vec![(tag.to_owned(), parse(data)?)]))
}

/// Writes a value.
#[must_use]
pub fn to_string(value: &impl Serialize) -> String {
    let mut text = String::new();
    // The one error there is says that a type cannot be written; the tests write every type that is sent.
    value.serialize(write::Writer(&mut text)).ok();
    text
}

fn parse(text: &str) -> Result<Json, Unreadable> {
    let mut parser = Parser { rest: text };
    let value = parser.value(DEPTH)?;
    parser.space();
    if parser.rest.is_empty() {
        Ok(value)
    } else {
        Err(Unreadable)
    }
}

struct Parser<'a> {
    rest: &'a str,
}

impl Parser<'_> {
    fn space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\n', '\r', '\t']);
    }

    fn take(&mut self, token: &str) -> bool {
        self.space();
        let rest = self.rest.strip_prefix(token);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn expect(&mut self, token: &str) -> Result<(), Unreadable> {
        if self.take(token) {
            Ok(())
        } else {
            Err(Unreadable)
        }
    }

    fn value(&mut self, depth: u8) -> Result<Json, Unreadable> {
        let depth = depth.checked_sub(1).ok_or(Unreadable)?;
        self.space();
        match self.rest.as_bytes().first().ok_or(Unreadable)? {
            b'{' => self.object(depth),
            b'[' => self.list(depth),
            b'"' => self.string().map(Json::Text),
            b't' => self.expect("true").map(|()| Json::Bool(true)),
            b'f' => self.expect("false").map(|()| Json::Bool(false)),
            b'n' => self.expect("null").map(|()| Json::Null),
            _ => self.number(),
        }
    }

    fn object(&mut self, depth: u8) -> Result<Json, Unreadable> {
        self.expect("{")?;
        let mut members = Vec::new();
        if self.take("}") {
            return Ok(Json::Object(members));
        }
        loop {
            self.space();
            let name = self.string()?;
            self.expect(":")?;
            members.push((name, self.value(depth)?));
            if !self.take(",") {
                self.expect("}")?;
                return Ok(Json::Object(members));
            }
        }
    }

    fn list(&mut self, depth: u8) -> Result<Json, Unreadable> {
        self.expect("[")?;
        let mut items = Vec::new();
        if self.take("]") {
            return Ok(Json::List(items));
        }
        loop {
            items.push(self.value(depth)?);
            if !self.take(",") {
                self.expect("]")?;
                return Ok(Json::List(items));
            }
        }
    }

    fn string(&mut self) -> Result<String, Unreadable> {
        let mut rest = self.rest.strip_prefix('"').ok_or(Unreadable)?;
        let mut text = String::new();
        loop {
            let stop = rest.find(['"', '\\']).ok_or(Unreadable)?;
            let (plain, stopped) = rest.split_at(stop);
            text.push_str(plain);
            rest = &stopped[1..];
            if stopped.starts_with('"') {
                self.rest = rest;
                return Ok(text);
            }
            let escape = rest.chars().next().ok_or(Unreadable)?;
            rest = rest.get(1..).ok_or(Unreadable)?;
            match escape {
                'n' => text.push('\n'),
                't' => text.push('\t'),
                'r' => text.push('\r'),
                'b' => text.push('\u{8}'),
                'f' => text.push('\u{c}'),
                '"' | '\\' | '/' => text.push(escape),
                'u' => text.push(unicode(&mut rest)?),
                _ => return Err(Unreadable),
            }
        }
    }

    fn number(&mut self) -> Result<Json, Unreadable> {
        let negative = self.take("-");
        let (mut digits, mut exponent, mut any): (u64, i32, bool) = (0, 0, false);
        let mut fraction = false;
        let end = self
            .rest
            .find(|one: char| !one.is_ascii_digit() && one != '.')
            .unwrap_or(self.rest.len());
        let (number, rest) = self.rest.split_at(end);
        for one in number.bytes() {
            if one == b'.' {
                if fraction {
                    return Err(Unreadable);
                }
                fraction = true;
                continue;
            }
            any = true;
            // More digits than a number holds only move the point.
            if digits < u64::MAX / 100 {
                digits = digits * 10 + u64::from(one - b'0');
                exponent -= i32::from(fraction);
            } else {
                exponent += i32::from(!fraction);
            }
        }
        self.rest = rest;
        if self.rest.starts_with(['e', 'E']) {
            exponent += self.exponent()?;
        }
        if !any {
            return Err(Unreadable);
        }
        #[expect(clippy::cast_precision_loss, reason = "as precise as a float is")]
        let value = digits as f64;
        let value = if exponent < 0 {
            value / 10_f64.powi(-exponent)
        } else {
            value * 10_f64.powi(exponent)
        };
        Ok(Json::Number(if negative { -value } else { value }))
    }

    fn exponent(&mut self) -> Result<i32, Unreadable> {
        self.rest = &self.rest[1..];
        let negative = self.rest.starts_with('-');
        self.rest = self.rest.strip_prefix(['-', '+']).unwrap_or(self.rest);
        let end = self
            .rest
            .find(|one: char| !one.is_ascii_digit())
            .unwrap_or(self.rest.len());
        let (number, rest) = self.rest.split_at(end);
        self.rest = rest;
        let exponent: i32 = number.parse().map_err(|_| Unreadable)?;
        Ok(if negative { -exponent } else { exponent }.clamp(-400, 400))
    }
}

/// The character behind `\u`, with its second half if it has one.
fn unicode(rest: &mut &str) -> Result<char, Unreadable> {
    let mut half = || {
        let text: &str = rest;
        let unit = text
            .get(..4)
            .and_then(|digits| u32::from_str_radix(digits, 16).ok())
            .ok_or(Unreadable)?;
        *rest = &text[4..];
        Ok(unit)
    };
    let first = half()?;
    let code = if (0xd800..0xdc00).contains(&first) {
        *rest = rest.strip_prefix("\\u").ok_or(Unreadable)?;
        let text: &str = rest;
        let second = text
            .get(..4)
            .and_then(|digits| u32::from_str_radix(digits, 16).ok())
            .ok_or(Unreadable)?;
        *rest = &text[4..];
        0x1_0000 + ((first - 0xd800) << 10) + (second.wrapping_sub(0xdc00) & 0x3ff)
    } else {
        first
    };
    char::from_u32(code).ok_or(Unreadable)
}

#[cfg(test)]
mod tests;
