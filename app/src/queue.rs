//! Turns on their way: kept with their id until the server has them, so that nothing typed is lost and nothing is said
//! twice. Pure; the network is in `session`.

use std::collections::VecDeque;

use wire::Localized;
use wire::turn::{Input, TurnRequest};

/// A turn that waits for its answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Waiting {
    /// What is sent; the id stays the same however often it is.
    pub request: TurnRequest,
    /// How it reads on the screen meanwhile.
    pub shown: Localized,
    /// The server has recorded the words; only the answer is missing.
    pub recorded: bool,
}

/// What the line to the server is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Line {
    /// Nothing to complain of.
    #[default]
    Clear,
    /// The last attempt did not get through; another follows by itself.
    Waiting,
    /// The browser says there is no network.
    Offline,
}

/// Turns in the order they were made.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Queue {
    waiting: VecDeque<Waiting>,
    failures: u32,
}

impl Queue {
    /// Longest wait between two attempts, milliseconds.
    const LONGEST_WAIT: u32 = 30_000;

    /// Adds a turn at the end.
    pub fn push(&mut self, turn_id: String, input: Input, shown: Localized) {
        self.waiting.push_back(Waiting {
            request: TurnRequest { turn_id, input },
            shown,
            recorded: false,
        });
    }

    /// The turn to send now.
    #[must_use]
    pub fn first(&self) -> Option<&Waiting> {
        self.waiting.front()
    }

    /// All turns without an answer.
    pub fn all(&self) -> impl Iterator<Item = &Waiting> {
        self.waiting.iter()
    }

    /// Whether nothing waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// The server has recorded this turn's words.
    pub fn recorded(&mut self, turn_id: &str) {
        for one in self
            .waiting
            .iter_mut()
            .filter(|one| one.request.turn_id == turn_id)
        {
            one.recorded = true;
        }
    }

    /// The server has answered this turn.
    pub fn finish(&mut self, turn_id: &str) {
        self.waiting.retain(|one| one.request.turn_id != turn_id);
        self.failures = 0;
    }

    /// The server will not take this turn: it and all behind it, which were said on top of it, are given back in order.
    pub fn refuse(&mut self) -> Vec<Waiting> {
        self.failures = 0;
        self.waiting.drain(..).collect()
    }

    /// An attempt did not get through. Answers how long to wait before the next, milliseconds: one second, doubled each
    /// time, thirty seconds at most.
    pub fn fail(&mut self) -> u32 {
        let wait = 1_000_u32
            .saturating_mul(1 << self.failures.min(5))
            .min(Self::LONGEST_WAIT);
        self.failures = self.failures.saturating_add(1);
        wait
    }

    /// How many attempts failed in a row.
    #[must_use]
    pub fn failures(&self) -> u32 {
        self.failures
    }

    /// Forgets the failures: the line is back, or the patient pressed "try now".
    pub fn refresh(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queue(texts: &[&str]) -> Queue {
        let mut queue = Queue::default();
        for (place, text) in texts.iter().enumerate() {
            queue.push(
                format!("turn-{place}"),
                Input::Text((*text).to_owned()),
                Localized::new(text, text),
            );
        }
        queue
    }

    #[test]
    fn a_turn_keeps_its_id_through_failures() {
        let mut queue = queue(&["head hurts"]);
        let before = queue.first().cloned();
        for _ in 0..10 {
            queue.fail();
        }
        assert_eq!(queue.first().cloned(), before);
    }

    #[test]
    fn turns_leave_in_the_order_they_came() {
        let mut queue = queue(&["one", "two"]);
        queue.finish("turn-0");
        assert_eq!(
            queue.first().map(|one| one.request.turn_id.as_str()),
            Some("turn-1")
        );
        queue.finish("turn-1");
        assert!(queue.is_empty());
    }

    #[test]
    fn waits_double_up_to_thirty_seconds() {
        let mut queue = queue(&["one"]);
        let waits: Vec<u32> = (0..7).map(|_| queue.fail()).collect();
        assert_eq!(waits, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
        queue.refresh();
        assert_eq!(queue.fail(), 1_000);
    }

    #[test]
    fn a_refused_turn_gives_everything_back() {
        let mut queue = queue(&["one", "two"]);
        let texts: Vec<Input> = queue
            .refuse()
            .into_iter()
            .map(|one| one.request.input)
            .collect();
        assert_eq!(
            texts,
            [Input::Text("one".to_owned()), Input::Text("two".to_owned())]
        );
        assert!(queue.is_empty());
    }
}
