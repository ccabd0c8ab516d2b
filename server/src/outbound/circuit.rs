//! A circuit breaker: after failures in a row a host is left alone; then one call tries it again.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

#[derive(Debug, Clone, Copy)]
enum State {
    Closed { failures: u32 },
    Open { until: Instant },
    HalfOpen,
}

/// One host's circuit.
#[derive(Debug)]
pub struct Circuit {
    most: u32,
    pause: Duration,
    state: Mutex<State>,
}

/// The right to one call. Dropped without a word it says nothing of the host: somebody changed their mind.
#[derive(Debug)]
pub struct Pass {
    circuit: Arc<Circuit>,
    probes: bool,
    told: bool,
}

impl Circuit {
    /// A circuit that opens after `most` failures in a row, for `pause`.
    #[must_use]
    pub fn new(most: u32, pause: Duration) -> Self {
        Self {
            most,
            pause,
            state: Mutex::new(State::Closed { failures: 0 }),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks for a call.
    pub fn enter(circuit: &Arc<Self>, now: Instant) -> Option<Pass> {
        let mut state = circuit.lock();
        let probes = match *state {
            State::Closed { .. } => false,
            State::Open { until } if until <= now => {
                *state = State::HalfOpen;
                true
            }
            State::Open { .. } | State::HalfOpen => return None,
        };
        Some(Pass {
            circuit: Arc::clone(circuit),
            probes,
            told: false,
        })
    }

    /// `closed`, `open` or `half_open`.
    #[must_use]
    pub fn state(&self, now: Instant) -> &'static str {
        match *self.lock() {
            State::Closed { .. } => "closed",
            State::Open { until } if until > now => "open",
            State::Open { .. } | State::HalfOpen => "half_open",
        }
    }
}

impl Pass {
    /// The host did what it should.
    pub fn went_well(mut self) {
        self.told = true;
        *self.circuit.lock() = State::Closed { failures: 0 };
    }

    /// The host failed.
    pub fn failed(mut self, now: Instant) {
        self.told = true;
        let mut state = self.circuit.lock();
        let failures = match *state {
            State::Closed { failures } => failures + 1,
            State::Open { .. } | State::HalfOpen => self.circuit.most,
        };
        *state = if failures >= self.circuit.most {
            State::Open {
                until: now + self.circuit.pause,
            }
        } else {
            State::Closed { failures }
        };
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        if self.probes && !self.told {
            // The next caller tries it instead.
            let mut state = self.circuit.lock();
            if matches!(*state, State::HalfOpen) {
                *state = State::Open {
                    until: Instant::now(),
                };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAUSE: Duration = Duration::from_secs(30);

    #[tokio::test(start_paused = true)]
    async fn it_opens_after_failures_in_a_row_and_one_call_tries_again() {
        let circuit = Arc::new(Circuit::new(2, PAUSE));
        let enter = || Circuit::enter(&circuit, Instant::now());
        enter().unwrap().failed(Instant::now());
        enter().unwrap().went_well();
        enter().unwrap().failed(Instant::now());
        assert_eq!(circuit.state(Instant::now()), "closed");
        enter().unwrap().failed(Instant::now());
        assert_eq!(circuit.state(Instant::now()), "open");
        assert!(enter().is_none());
        tokio::time::advance(PAUSE).await;
        assert_eq!(circuit.state(Instant::now()), "half_open");
        let probe = enter().unwrap();
        assert!(enter().is_none());
        probe.failed(Instant::now());
        assert!(enter().is_none());
        tokio::time::advance(PAUSE).await;
        enter().unwrap().went_well();
        assert_eq!(circuit.state(Instant::now()), "closed");
    }

    #[tokio::test(start_paused = true)]
    async fn a_probe_nobody_waited_for_leaves_the_next_one_to_try() {
        let circuit = Arc::new(Circuit::new(1, PAUSE));
        Circuit::enter(&circuit, Instant::now())
            .unwrap()
            .failed(Instant::now());
        tokio::time::advance(PAUSE).await;
        drop(Circuit::enter(&circuit, Instant::now()).unwrap());
        assert!(Circuit::enter(&circuit, Instant::now()).is_some());
    }
}
