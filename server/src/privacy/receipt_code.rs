//! The receipt code: twelve letters and digits that are hard to mistake. Derived from the session's key, stored as a hash.

use crate::keys::SealingKey;
use crate::keys::sealing::sha256;

/// Characters without those that look or sound alike: 0, 1, I, L, O and U are missing.
const ALPHABET: &[u8; 30] = b"23456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH: usize = 12;
/// Random bytes from here on would favour the first letters; they are drawn again.
const FAIR: u8 = 240;

/// A receipt code: about 59 bits.
#[derive(Clone, PartialEq, Eq)]
pub struct ReceiptCode(String);

impl std::fmt::Debug for ReceiptCode {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("ReceiptCode(…)")
    }
}

/// Letters for a purpose, drawn from a key: the same every time as long as the key lives.
#[must_use]
pub fn drawn(key: &SealingKey, purpose: &str, length: usize) -> String {
    let mut code = String::with_capacity(length);
    for round in 0_u32.. {
        let bytes = key.mac(format!("{purpose} {round}").as_bytes());
        let fair = bytes.iter().filter(|byte| **byte < FAIR);
        let letters = fair.map(|byte| char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()]));
        code.extend(letters.take(length - code.len()));
        if code.len() == length {
            break;
        }
    }
    code
}

/// A code as shown: three groups of four.
#[must_use]
pub fn grouped(code: &str) -> String {
    [&code[..4], &code[4..8], &code[8..]].join("-")
}

/// A code as typed: case, spaces and hyphens do not count. `None` if it is not one of that length.
#[must_use]
pub fn typed(text: &str, length: usize) -> Option<String> {
    let code: String = text
        .chars()
        .filter(|character| !matches!(character, ' ' | '-'))
        .map(|character| character.to_ascii_uppercase())
        .collect();
    let fits = code.len() == length && code.bytes().all(|byte| ALPHABET.contains(&byte));
    fits.then_some(code)
}

impl ReceiptCode {
    /// The code of the session with this key. It can be shown again as long as the key lives, and never after.
    #[must_use]
    pub fn of(key: &SealingKey) -> Self {
        Self(drawn(key, "receipt code", LENGTH))
    }

    /// Reads a code as typed: case, spaces and hyphens do not count.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        typed(text, LENGTH).map(Self)
    }

    /// As shown: three groups of four.
    #[must_use]
    pub fn shown(&self) -> String {
        grouped(&self.0)
    }

    /// As stored.
    #[must_use]
    pub fn hash(&self) -> Vec<u8> {
        sha256(self.0.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_reads_back_as_people_type_it() {
        let key = SealingKey::generate().unwrap();
        let code = ReceiptCode::of(&key);
        assert_eq!(ReceiptCode::of(&key), code);
        let shown = code.shown();
        assert_eq!(shown.len(), 14);
        for typed in [
            shown.clone(),
            shown.to_lowercase(),
            shown.replace('-', " "),
            shown.replace('-', ""),
        ] {
            assert_eq!(ReceiptCode::parse(&typed), Some(code.clone()));
        }
        assert_ne!(ReceiptCode::of(&SealingKey::generate().unwrap()), code);
    }

    #[test]
    fn what_is_no_code_is_refused() {
        for text in [
            "",
            "ABCD",
            "ABCD-EFGH-JKM0",
            "ABCD-EFGH-JKMNP",
            "ＡBCDEFGHJKMN",
            "../../secret",
        ] {
            assert_eq!(ReceiptCode::parse(text), None, "{text}");
        }
    }
}
