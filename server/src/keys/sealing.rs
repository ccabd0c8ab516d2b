//! Sealing: XChaCha20-Poly1305 with long random nonces. Every sealed value names the key it is sealed with, and is bound
//! to its place (organisation, session, sequence, kind), so that a value moved elsewhere does not open.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::KeyError;

const FORMAT: u8 = 1;
const ID: usize = 16;
const NONCE: usize = 24;

/// A 256-bit key with the id its values carry. Wiped from memory when dropped; never printed.
#[derive(Clone)]
pub struct SealingKey {
    id: [u8; ID],
    bytes: Zeroizing<[u8; 32]>,
}

impl std::fmt::Debug for SealingKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("SealingKey(…)")
    }
}

/// Where a value belongs. Authenticated with it, not stored in it.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// Organisation.
    pub organisation: &'a str,
    /// Session, or what else the value belongs to.
    pub owner: &'a str,
    /// Sequence in the owner's log; 0 where there is none.
    pub seq: u64,
    /// Kind of value.
    pub kind: &'a str,
}

impl Place<'_> {
    fn bytes(&self) -> Vec<u8> {
        // A control character between the parts keeps two different places from reading alike.
        format!(
            "{}\u{1f}{}\u{1f}{}\u{1f}{}",
            self.organisation, self.owner, self.seq, self.kind
        )
        .into_bytes()
    }
}

/// Fills an array with random bytes of the system.
///
/// # Errors
/// If the system has no randomness to give.
pub fn random<const N: usize>() -> Result<[u8; N], KeyError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| KeyError::NoRandomness)?;
    Ok(bytes)
}

/// SHA-256, for tokens and codes, which are long and random themselves.
#[must_use]
pub fn sha256(bytes: &[u8]) -> Vec<u8> {
    Sha256::digest(bytes).to_vec()
}

impl SealingKey {
    /// A new random key.
    ///
    /// # Errors
    /// If the system has no randomness to give.
    pub fn generate() -> Result<Self, KeyError> {
        Ok(Self {
            id: random()?,
            bytes: Zeroizing::new(random()?),
        })
    }

    /// A key from its bytes; its id is derived from them, one way.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"anteroom key id\x1f");
        hash.update(bytes);
        let mut id = [0; ID];
        id.copy_from_slice(&hash.finalize()[..ID]);
        Self {
            id,
            bytes: Zeroizing::new(bytes),
        }
    }

    /// The id its values carry.
    #[must_use]
    pub fn id(&self) -> &[u8] {
        &self.id
    }

    /// The id in hexadecimal.
    #[must_use]
    pub fn id_hex(&self) -> String {
        super::hex(&self.id)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&Key::from(*self.bytes))
    }

    /// Seals a value for its place.
    ///
    /// # Errors
    /// If the system has no randomness for the nonce.
    pub fn seal(&self, place: &Place<'_>, plain: &[u8]) -> Result<Vec<u8>, KeyError> {
        let nonce: [u8; NONCE] = random()?;
        let payload = Payload {
            msg: plain,
            aad: &place.bytes(),
        };
        let sealed = self
            .cipher()
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| KeyError::DoesNotOpen)?;
        let mut value = Vec::with_capacity(1 + ID + NONCE + sealed.len());
        value.push(FORMAT);
        value.extend_from_slice(&self.id);
        value.extend_from_slice(&nonce);
        value.extend_from_slice(&sealed);
        Ok(value)
    }

    /// Opens a value of this key and place.
    ///
    /// # Errors
    /// If it was sealed with another key, for another place, or was changed.
    pub fn open(&self, place: &Place<'_>, value: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let (Some((&FORMAT, rest)), true) = (value.split_first(), value.len() > 1 + ID + NONCE)
        else {
            return Err(KeyError::DoesNotOpen);
        };
        let (id, rest) = rest.split_at(ID);
        let (nonce, sealed) = rest.split_at(NONCE);
        if id != self.id {
            return Err(KeyError::OtherKey);
        }
        let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| KeyError::DoesNotOpen)?;
        let payload = Payload {
            msg: sealed,
            aad: &place.bytes(),
        };
        self.cipher()
            .decrypt(&XNonce::from(nonce), payload)
            .map(Zeroizing::new)
            .map_err(|_| KeyError::DoesNotOpen)
    }

    /// Wraps a key under this one.
    ///
    /// # Errors
    /// If the system has no randomness for the nonce.
    pub fn wrap(&self, place: &Place<'_>, key: &Self) -> Result<Vec<u8>, KeyError> {
        let mut plain = Zeroizing::new(Vec::with_capacity(ID + 32));
        plain.extend_from_slice(&key.id);
        plain.extend_from_slice(key.bytes.as_slice());
        self.seal(place, &plain)
    }

    /// Unwraps a key that was wrapped under this one.
    ///
    /// # Errors
    /// As [`SealingKey::open`].
    pub fn unwrap(&self, place: &Place<'_>, wrapped: &[u8]) -> Result<Self, KeyError> {
        let plain = self.open(place, wrapped)?;
        let (id, bytes) = plain.split_at_checked(ID).ok_or(KeyError::DoesNotOpen)?;
        let id: [u8; ID] = id.try_into().map_err(|_| KeyError::DoesNotOpen)?;
        let bytes: [u8; 32] = bytes.try_into().map_err(|_| KeyError::DoesNotOpen)?;
        Ok(Self {
            id,
            bytes: Zeroizing::new(bytes),
        })
    }

    /// A keyed hash: compares two inputs without keeping either, and means nothing once the key is gone.
    #[must_use]
    pub fn mac(&self, bytes: &[u8]) -> Vec<u8> {
        // A key of any length is taken, so the error cannot happen; an empty result would only refuse a replay.
        <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(self.bytes.as_slice())
            .map(|mut mac| {
                mac.update(bytes);
                mac.finalize().into_bytes().to_vec()
            })
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: Place<'_> = Place {
        organisation: "o",
        owner: "s",
        seq: 3,
        kind: "heard",
    };

    #[test]
    fn opens_only_in_its_place_with_its_key() {
        let key = SealingKey::generate().unwrap();
        let value = key.seal(&PLACE, "胸口疼".as_bytes()).unwrap();
        assert_eq!(
            key.open(&PLACE, &value).unwrap().as_slice(),
            "胸口疼".as_bytes()
        );
        for other in [
            Place {
                organisation: "p",
                ..PLACE
            },
            Place {
                owner: "t",
                ..PLACE
            },
            Place { seq: 4, ..PLACE },
            Place {
                kind: "decided",
                ..PLACE
            },
        ] {
            assert!(matches!(
                key.open(&other, &value),
                Err(KeyError::DoesNotOpen)
            ));
        }
        let stranger = SealingKey::generate().unwrap();
        assert!(matches!(
            stranger.open(&PLACE, &value),
            Err(KeyError::OtherKey)
        ));
    }

    #[test]
    fn a_changed_or_cut_value_does_not_open() {
        let key = SealingKey::generate().unwrap();
        let value = key.seal(&PLACE, b"words").unwrap();
        for place in 0..value.len() {
            let mut changed = value.clone();
            changed[place] ^= 1;
            assert!(key.open(&PLACE, &changed).is_err(), "byte {place}");
            assert!(key.open(&PLACE, &value[..place]).is_err(), "cut at {place}");
        }
    }

    #[test]
    fn a_wrapped_key_opens_what_the_key_sealed() {
        let (outer, inner) = (
            SealingKey::generate().unwrap(),
            SealingKey::generate().unwrap(),
        );
        let wrapped = outer.wrap(&PLACE, &inner).unwrap();
        let again = outer.unwrap(&PLACE, &wrapped).unwrap();
        let value = inner.seal(&PLACE, b"words").unwrap();
        assert_eq!(again.open(&PLACE, &value).unwrap().as_slice(), b"words");
    }
}
