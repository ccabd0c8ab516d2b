//! Misspelled English words: a word nobody knows is taken for the known one that sounds the same and looks nearly so.

/// Shorter words are not corrected: too many of them look alike.
const LETTERS: usize = 6;
/// Letters that may differ.
const DIFFERENT: usize = 2;

/// What is left of a word when vowels, doubled letters and letters that sound alike are made equal; `None` if the word is too
/// short to be corrected or has letters other than a to z.
pub(crate) fn skeleton(word: &str) -> Option<String> {
    if word.len() < LETTERS || !word.bytes().all(|letter| letter.is_ascii_lowercase()) {
        return None;
    }
    let letters = word.as_bytes();
    let mut sounds = String::new();
    for (place, letter) in letters.iter().enumerate() {
        let next = letters.get(place + 1);
        let sound = match letter {
            b'a' | b'e' | b'i' | b'o' | b'u' | b'y' | b'h' if place > 0 => continue,
            b'p' if next == Some(&b'h') => 'f',
            b'c' if matches!(next, Some(b'e' | b'i' | b'y')) => 's',
            b'c' | b'q' => 'k',
            b'z' => 's',
            other => char::from(*other),
        };
        if !sounds.ends_with(sound) {
            sounds.push(sound);
        }
    }
    (sounds.len() >= 2).then_some(sounds)
}

/// Whether two words of the same sound differ in two letters at most.
pub(crate) fn is_near(one: &str, other: &str) -> bool {
    one.len().abs_diff(other.len()) <= DIFFERENT
        && distance(one.as_bytes(), other.as_bytes()) <= DIFFERENT
}

/// Letters put in, left out, changed or swapped with the next.
fn distance(one: &[u8], other: &[u8]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (from, letter) in one.iter().enumerate() {
        let mut next = vec![from + 1];
        for (to, found) in other.iter().enumerate() {
            let mut least = (row[to] + usize::from(letter != found))
                .min(row[to + 1] + 1)
                .min(next[to] + 1);
            let swapped = from > 0 && to > 0 && one[from - 1] == *found && *letter == other[to - 1];
            if swapped {
                least = least.min(before[to - 1] + 1);
            }
            next.push(least);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspelled_words_sound_like_the_right_ones() {
        for (wrong, right) in [
            ("dyalisis", "dialysis"),
            ("numbnes", "numbness"),
            ("apendicitis", "appendicitis"),
            ("seizuer", "seizure"),
            ("unconcious", "unconscious"),
            ("swolen", "swollen"),
        ] {
            assert_eq!(skeleton(wrong), skeleton(right));
            assert!(is_near(wrong, right), "{wrong}");
        }
        assert_ne!(skeleton("infection"), skeleton("injection"));
        assert!(!is_near("bleeder", "beholder"));
        assert_eq!(skeleton("short"), None);
    }
}
