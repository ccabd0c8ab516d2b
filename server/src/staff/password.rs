//! Passwords: which are taken, and how they are kept (argon2id, 19 MiB, two passes, OWASP's least).

use std::sync::{LazyLock, OnceLock};

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use tokio::sync::Semaphore;

use super::{StaffError, field};
use crate::store::StoreError;

/// Characters at least and at most.
const LENGTH: std::ops::RangeInclusive<usize> = 12..=200;
/// Different characters at least.
const DIFFERENT: usize = 5;
/// Hashes made at once: each takes 19 MiB and a core.
static HASHERS: Semaphore = Semaphore::const_new(2);
/// Words people make passwords of, one a line.
static COMMON: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let lines = include_str!("../../texts/common_passwords.txt").lines();
    lines
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect()
});

/// Checks a new password.
///
/// # Errors
/// The field `password` with `too_short`, `too_long` or `common`.
pub fn check(password: &str, login: &str, name: &str) -> Result<(), StaffError> {
    let length = password.chars().count();
    if length < *LENGTH.start() {
        return Err(field("password", "too_short"));
    }
    if length > *LENGTH.end() {
        return Err(field("password", "too_long"));
    }
    if is_common(password, &[login, name]) {
        return Err(field("password", "common"));
    }
    Ok(())
}

/// Whether it is one of those that are tried first: a common word with figures around it, one's own name, few different characters, a
/// row of the keyboard or of the alphabet.
fn is_common(password: &str, own: &[&str]) -> bool {
    let lower = password.to_lowercase();
    let plain = |one: char| match one {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    };
    let mut different: Vec<char> = lower.chars().collect();
    different.sort_unstable();
    different.dedup();
    if different.len() < DIFFERENT || is_row(&lower) {
        return true;
    }
    let spoken: String = lower.chars().map(plain).collect();
    // What is left once the words people take are out of it must still be worth something.
    let rest = |text: &str| {
        let mut rest = text.to_owned();
        let words = COMMON.iter().copied().map(str::to_owned);
        let own = own.iter().map(|word| word.to_lowercase());
        for word in words.chain(own.filter(|word| word.chars().count() > 2)) {
            rest = rest.replace(&word, "");
        }
        rest.chars().filter(|one| one.is_alphabetic()).count() + figures(&rest)
    };
    rest(&lower).min(rest(&spoken)) < DIFFERENT
}

/// Figures that are no row and no year.
fn figures(text: &str) -> usize {
    let figures: String = text.chars().filter(char::is_ascii_digit).collect();
    if figures.len() <= 4 || is_row(&figures) {
        0
    } else {
        figures.len() / 2
    }
}

/// Whether every character follows the one before it, in the alphabet or on the keyboard, forwards or backwards, or repeats it.
fn is_row(text: &str) -> bool {
    const ROWS: &str = "qwertyuiop asdfghjkl zxcvbnm 1234567890";
    let characters: Vec<char> = text.chars().collect();
    let follows = |pair: &[char]| {
        let (one, other) = (u32::from(pair[0]), u32::from(pair[1]));
        let on_keyboard = [[pair[0], pair[1]], [pair[1], pair[0]]]
            .iter()
            .any(|pair| ROWS.contains(&pair.iter().collect::<String>()));
        one.abs_diff(other) <= 1 || on_keyboard
    };
    let steps = characters.windows(2).filter(|pair| follows(pair)).count();
    characters.len() > 1 && steps * 5 >= (characters.len() - 1) * 4
}

/// Hashes a password.
///
/// # Errors
/// If the system gives no random bytes.
pub async fn hash(password: &str) -> Result<String, StoreError> {
    let password = password.to_owned();
    working(move || {
        Argon2::default()
            .hash_password(password.as_bytes())
            .map(|hash| hash.to_string())
            .map_err(|error| StoreError::Damaged(error.to_string()))
    })
    .await?
}

/// Whether a password fits. Without a hash as much time goes by, so that nobody learns from it who is there.
///
/// # Errors
/// If the task was lost.
pub async fn fits(password: &str, hash: Option<&str>) -> Result<bool, StoreError> {
    static NOBODY: OnceLock<String> = OnceLock::new();
    let is_somebody = hash.is_some();
    let (password, hash) = (password.to_owned(), hash.map(str::to_owned));
    let verified = working(move || {
        let hasher = Argon2::default();
        let nobody = || {
            let made = hasher.hash_password(b"nobody has this one");
            made.map(|hash| hash.to_string()).unwrap_or_default()
        };
        let hash = hash.unwrap_or_else(|| NOBODY.get_or_init(nobody).clone());
        PasswordHash::new(&hash)
            .is_ok_and(|hash| hasher.verify_password(password.as_bytes(), &hash).is_ok())
    })
    .await?;
    Ok(verified && is_somebody)
}

async fn working<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, StoreError> {
    let lost = |error: &dyn std::error::Error| StoreError::Damaged(error.to_string());
    let permit = HASHERS.acquire().await.map_err(|error| lost(&error))?;
    let done = tokio::task::spawn_blocking(work).await;
    drop(permit);
    done.map_err(|error| lost(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_tried_first_is_refused_and_sentences_are_taken() {
        for common in [
            "password1234",
            "Password123!",
            "P@ssw0rd2026",
            "qwertyuiop12",
            "123456789012",
            "aaaaaaaaaaaa",
            "abcdefghijkl",
            "hospital2026",
            "letmein12345",
            "woaini123456",
            "adminadmin12",
            "li.min.2026!",
            "limin limin limin",
            "anteroom1234",
            "1q2w3e4r5t6y",
            "iloveyou1234",
            "北京北京北京北京北京北京",
        ] {
            assert!(is_common(common, &["li.min", "limin"]), "{common}");
        }
        for fine in [
            "correct horse battery",
            "three blue kettles",
            "Mv7#kqT!x29z",
            "早上八点的玉兰花开了真好看",
            "my cat eats 14 olives",
        ] {
            assert!(!is_common(fine, &["li.min", "Li Min"]), "{fine}");
        }
        assert!(
            matches!(check("short", "a", "b"), Err(StaffError::Fields(fields)) if fields[0].1 == "too_short")
        );
        assert!(
            matches!(check(&"x y z ".repeat(60), "a", "b"), Err(StaffError::Fields(fields)) if fields[0].1 == "too_long")
        );
    }

    #[tokio::test]
    async fn a_hash_fits_its_password_and_nobody_has_none() {
        let made = hash("three blue kettles").await.unwrap();
        assert!(
            made.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{made}"
        );
        assert!(fits("three blue kettles", Some(&made)).await.unwrap());
        assert!(!fits("three blue kettle", Some(&made)).await.unwrap());
        assert!(!fits("nobody has this one", None).await.unwrap());
    }
}
