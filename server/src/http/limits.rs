//! How much one address, one session, one application may ask.

use std::collections::HashMap;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::config;
use crate::ids::SessionId;

/// Time in which an address has its tries of a code.
const CODE_PERIOD: Duration = Duration::from_mins(15);

/// Tries of one account by one address, and of all accounts by one address, in that time.
const SIGN_INS: (NonZeroU32, NonZeroU32) = (
    NonZeroU32::MIN.saturating_add(9),
    NonZeroU32::MIN.saturating_add(59),
);

/// The limits of this process.
pub struct Limits {
    addresses: Option<DefaultKeyedRateLimiter<IpAddr>>,
    sessions: Option<DefaultKeyedRateLimiter<SessionId>>,
    applications: Mutex<HashMap<String, (u32, Arc<DefaultDirectRateLimiter>)>>,
    codes: Option<DefaultKeyedRateLimiter<IpAddr>>,
    accounts: DefaultKeyedRateLimiter<(String, IpAddr)>,
    sign_ins: DefaultKeyedRateLimiter<IpAddr>,
    clock: DefaultClock,
}

impl std::fmt::Debug for Limits {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Limits(…)")
    }
}

fn quota(per_minute: u32, burst: u32) -> Option<Quota> {
    let (per_minute, burst) = (NonZeroU32::new(per_minute)?, NonZeroU32::new(burst)?);
    Some(Quota::per_minute(per_minute).allow_burst(burst))
}

/// So many tries at once, and as many again in a quarter of an hour.
fn tries(count: NonZeroU32) -> Quota {
    Quota::with_period(CODE_PERIOD / count.get())
        .unwrap_or(Quota::per_minute(NonZeroU32::MIN))
        .allow_burst(count)
}

impl Limits {
    /// Limits as configured; 0 a minute is no limit.
    #[must_use]
    pub fn new(config: &config::Limits) -> Self {
        Self {
            addresses: quota(config.address_per_minute, config.address_burst)
                .map(RateLimiter::keyed),
            sessions: quota(config.session_per_minute, config.session_burst)
                .map(RateLimiter::keyed),
            applications: Mutex::default(),
            codes: NonZeroU32::new(config.code_tries).and_then(|tries| {
                let quota = Quota::with_period(CODE_PERIOD / tries.get())?;
                Some(RateLimiter::keyed(quota.allow_burst(tries)))
            }),
            accounts: RateLimiter::keyed(tries(SIGN_INS.0)),
            sign_ins: RateLimiter::keyed(tries(SIGN_INS.1)),
            clock: DefaultClock::default(),
        }
    }

    /// One request of an address.
    ///
    /// # Errors
    /// Seconds to wait.
    pub fn address(&self, address: IpAddr) -> Result<(), u64> {
        self.addresses.as_ref().map_or(Ok(()), |limiter| {
            limiter
                .check_key(&address)
                .map_err(|until| self.seconds(&until))
        })
    }

    /// One turn of a session.
    ///
    /// # Errors
    /// Seconds to wait.
    pub fn session(&self, session: SessionId) -> Result<(), u64> {
        self.sessions.as_ref().map_or(Ok(()), |limiter| {
            limiter
                .check_key(&session)
                .map_err(|until| self.seconds(&until))
        })
    }

    /// One try of a code by an address.
    ///
    /// # Errors
    /// Seconds to wait.
    pub fn code(&self, address: IpAddr) -> Result<(), u64> {
        self.codes.as_ref().map_or(Ok(()), |limiter| {
            limiter
                .check_key(&address)
                .map_err(|until| self.seconds(&until))
        })
    }

    /// One attempt of an address to sign in to an account.
    ///
    /// # Errors
    /// Seconds to wait.
    pub fn sign_in(&self, login: &str, address: IpAddr) -> Result<(), u64> {
        let of_account = self.accounts.check_key(&(login.to_owned(), address));
        of_account.map_err(|until| self.seconds(&until))?;
        let of_address = self.sign_ins.check_key(&address);
        of_address.map_err(|until| self.seconds(&until))
    }

    /// One request of an application that may make so many a minute; 0 is no limit.
    ///
    /// # Errors
    /// Seconds to wait.
    pub fn application(&self, application: &str, per_minute: u32) -> Result<(), u64> {
        let Some(quota) = quota(per_minute, per_minute) else {
            return Ok(());
        };
        let limiter = {
            let mut known = self
                .applications
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            match known.get(application) {
                Some((at, limiter)) if *at == per_minute => Arc::clone(limiter),
                _ => {
                    let limiter = Arc::new(RateLimiter::direct(quota));
                    known.insert(application.to_owned(), (per_minute, Arc::clone(&limiter)));
                    limiter
                }
            }
        };
        limiter.check().map_err(|until| self.seconds(&until))
    }

    fn seconds(
        &self,
        until: &governor::NotUntil<<DefaultClock as governor::clock::Clock>::Instant>,
    ) -> u64 {
        until.wait_time_from(self.clock.now()).as_secs().max(1)
    }

    /// Forgets addresses and sessions that have been quiet.
    pub fn forget_quiet(&self) {
        if let Some(limiter) = &self.addresses {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
        if let Some(limiter) = &self.sessions {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
        self.accounts.retain_recent();
        self.sign_ins.retain_recent();
        if let Some(limiter) = &self.codes {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}
