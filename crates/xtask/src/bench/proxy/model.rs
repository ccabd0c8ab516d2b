//! The model of the bench: fifty tokens in four sentences, each stream with a mark of its own, so that the time each
//! sentence was sent at is found again from the words that came.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use upstream::{Reply, Upstream, chat, script};

/// Pace of a model: the first token, then each.
const FIRST: Duration = Duration::from_millis(100);
const EACH: Duration = Duration::from_millis(20);
/// What is said, a token a word; the mark stands in the spaces of the first sentence.
const WORDS: &str = "Thank you for telling me all of this so clearly today. I am sorry that your knee has been hurting \
     since Sunday. A few short questions follow now, and any answer is quite fine. If you do not know, please just say that \
     you do not know it.";
/// Spaces that carry the mark.
const BITS: usize = 10;

type Times = Arc<Mutex<Vec<Instant>>>;

/// The upstream with its clock.
pub struct Model {
    upstream: Upstream,
    paced: Arc<AtomicBool>,
    sent: Arc<Mutex<HashMap<u32, Times>>>,
}

impl Model {
    /// Starts it on a port of its own.
    pub fn start() -> std::io::Result<Self> {
        let paced = Arc::new(AtomicBool::new(true));
        let sent: Arc<Mutex<HashMap<u32, Times>>> = Arc::default();
        let next = AtomicU32::new(0);
        let script = {
            let (paced, sent) = (Arc::clone(&paced), Arc::clone(&sent));
            script::of(move |_| {
                let mark = next.fetch_add(1, Ordering::Relaxed) % (1 << BITS);
                reply(mark, paced.load(Ordering::Relaxed), &sent)
            })
        };
        let upstream = Upstream::start(script)?;
        upstream.record(false);
        Ok(Self {
            upstream,
            paced,
            sent,
        })
    }

    /// Where its API begins.
    pub fn base(&self) -> String {
        self.upstream.base()
    }

    /// Whether it takes its time.
    pub fn pace(&self, paced: bool) {
        self.paced.store(paced, Ordering::Relaxed);
    }

    /// Whether it takes its time now.
    pub fn is_paced(&self) -> bool {
        self.paced.load(Ordering::Relaxed)
    }

    /// When the last token of each sentence of the stream with these words was sent.
    pub fn sent(&self, text: &str) -> Option<Vec<Instant>> {
        let plain = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if plain != WORDS.split_whitespace().collect::<Vec<_>>().join(" ") {
            return None;
        }
        let sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        let times = sent.get(&mark(text))?;
        let times = times.lock().unwrap_or_else(PoisonError::into_inner);
        Some(times.clone())
    }

    /// Forgets the times of a round.
    pub fn forget(&self) {
        self.sent
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}

/// The tokens, marked: a wide space is a one.
fn tokens(mark: u32) -> Vec<String> {
    WORDS
        .split_whitespace()
        .enumerate()
        .map(|(place, word)| match place {
            0 => word.to_owned(),
            _ if place <= BITS && mark >> (place - 1) & 1 == 1 => format!("  {word}"),
            _ => format!(" {word}"),
        })
        .collect()
}

fn mark(text: &str) -> u32 {
    let mut mark = 0;
    let mut place = 0;
    let mut spaces = 0;
    for character in text.trim_start().chars() {
        if character == ' ' {
            spaces += 1;
        } else if spaces > 0 {
            if spaces > 1 && place < BITS {
                mark |= 1 << place;
            }
            place += 1;
            spaces = 0;
        }
    }
    mark
}

fn reply(mark: u32, paced: bool, sent: &Mutex<HashMap<u32, Times>>) -> Reply {
    let tokens = tokens(mark);
    let words: Vec<&str> = tokens.iter().map(String::as_str).collect();
    let mut completion = chat::text(&words);
    if paced {
        completion = completion.paced(FIRST, EACH);
    }
    let stream = completion.stream();
    let times: Times = Arc::default();
    sent.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .insert(mark, Arc::clone(&times));
    // The pieces whose token ends a sentence: those that hold a full stop in their content.
    let ends: Vec<usize> = stream
        .written()
        .filter(|(_, bytes)| {
            let text = String::from_utf8_lossy(bytes);
            words
                .iter()
                .filter(|word| word.ends_with('.'))
                .any(|word| text.contains(&format!("\"content\":\"{word}\"")))
        })
        .map(|(index, _)| index)
        .collect();
    let stream = stream.on_piece(move |index| {
        if ends.contains(&index) {
            times
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(Instant::now());
        }
    });
    Reply::Stream(stream)
}
