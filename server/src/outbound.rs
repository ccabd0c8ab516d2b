//! The way out: calls to somebody else's computers, the only ones this server makes.
//!
//! Configured hosts only, no redirects. Every host has a line of its own: so many calls at once, so many that wait, and a
//! circuit that leaves it alone for a while after failures in a row.

use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::Url;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

pub mod circuit;

use crate::config::providers::{Keys, Secret};
use circuit::{Circuit, Pass};

/// Longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(5);

/// The client of all calls, made when the first is due: a server that calls nobody reads no certificates.
#[derive(Debug, Clone, Default)]
pub struct Client(Arc<OnceLock<reqwest::Client>>);

impl Client {
    /// The client.
    ///
    /// # Errors
    /// As [`client`].
    pub fn get(&self) -> Result<reqwest::Client, reqwest::Error> {
        if let Some(client) = self.0.get() {
            return Ok(client.clone());
        }
        let made = client()?;
        Ok(self.0.get_or_init(|| made).clone())
    }
}

/// A client for calls.
///
/// # Errors
/// If the system gives no randomness or no certificates can be read at all.
pub fn client() -> Result<reqwest::Client, reqwest::Error> {
    // A second call finds the provider there, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(CONNECT)
        .user_agent(concat!("anteroom/", env!("CARGO_PKG_VERSION")))
        .build()
}

/// The address of an API's call, from where the API begins.
#[must_use]
pub fn address(base: &str, call: &str) -> Option<Url> {
    Url::parse(&format!("{}/{call}", base.trim_end_matches('/'))).ok()
}

/// A provider as an application has it: the deployment's, or one of its own.
#[derive(Debug, Clone, Copy)]
pub struct Whose<'a> {
    /// Where its API begins.
    pub base_url: &'a str,
    /// Whether the application names that address itself.
    pub named_by_application: bool,
    /// Name of the key the application names.
    pub own_key: Option<&'a str>,
    /// Name of the deployment's key.
    pub key: &'a str,
    /// Hosts an application may name.
    pub hosts: &'a [String],
    /// Whether the application is used inside a closed network.
    pub intranet: bool,
}

impl Whose<'_> {
    /// The key it is called with, if it may be called at all. Another host gets its own key or none: the deployment's key goes
    /// nowhere else.
    #[must_use]
    pub fn key(&self, keys: &Keys) -> Option<Option<Secret>> {
        let url = Url::parse(self.base_url).ok()?;
        if !may_call(&url, self.named_by_application, self.hosts, self.intranet) {
            tracing::warn!(
                provider = self.key,
                intranet = self.intranet,
                "a provider's address may not be called from here: it is done without"
            );
            return None;
        }
        let deployments = (!self.named_by_application).then_some(self.key);
        let name = self.own_key.or(deployments);
        Some(name.and_then(|name| keys.get(name)).cloned())
    }
}

/// The worst of the circuits in use; `off` if nothing is configured and none is.
#[must_use]
pub fn worst(is_configured: bool, circuits: &[&'static str]) -> &'static str {
    if !is_configured && circuits.is_empty() {
        return "off";
    }
    ["open", "half_open"]
        .into_iter()
        .find(|state| circuits.contains(state))
        .unwrap_or("closed")
}

/// Whether an address may be called for an application: one of the operator's `hosts`, if the application names it itself, and
/// from an intranet only what is in it.
#[must_use]
pub fn may_call(url: &Url, named_by_application: bool, hosts: &[String], intranet: bool) -> bool {
    let Some(host) = url.host_str() else {
        return false;
    };
    let with_port = url
        .port()
        .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    let listed = || hosts.iter().any(|one| one.eq_ignore_ascii_case(&with_port));
    (!named_by_application || listed()) && (!intranet || is_inside(host))
}

/// Whether a host is an address of this machine or of a private network.
fn is_inside(host: &str) -> bool {
    if host == "localhost" || host.ends_with(".localhost") {
        return true;
    }
    match host.trim_matches(['[', ']']).parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => {
            address.is_loopback() || address.is_private() || address.is_link_local()
        }
        Ok(IpAddr::V6(address)) => address.is_loopback() || address.is_unique_local(),
        Err(_) => false,
    }
}

/// Why a call does not begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turned {
    /// The circuit is open.
    Open,
    /// Too many wait already, or the wait was too long.
    Busy,
}

/// The line to one host.
#[derive(Debug)]
pub struct Line {
    circuit: Arc<Circuit>,
    places: Arc<Semaphore>,
    waiting: AtomicUsize,
    queue: usize,
}

/// A place on the line. Given back when dropped; say how it went before.
#[derive(Debug)]
pub struct Place {
    pass: Pass,
    _permit: OwnedSemaphorePermit,
}

impl Line {
    /// A line for `parallel` calls at once with `queue` waiting; `failures` in a row close it for `pause`.
    #[must_use]
    pub fn new(parallel: usize, queue: usize, failures: u32, pause: Duration) -> Self {
        Self {
            circuit: Arc::new(Circuit::new(failures, pause)),
            places: Arc::new(Semaphore::new(parallel)),
            waiting: AtomicUsize::new(0),
            queue,
        }
    }

    /// Waits for a place until `by`.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn enter(&self, by: Instant) -> Result<Place, Turned> {
        let permit = match Arc::clone(&self.places).try_acquire_owned() {
            Ok(permit) => permit,
            Err(_) => self.wait(by).await?,
        };
        // Only who has a place may be the one that tries a closed line again.
        let pass = Circuit::enter(&self.circuit, Instant::now()).ok_or(Turned::Open)?;
        Ok(Place {
            pass,
            _permit: permit,
        })
    }

    async fn wait(&self, by: Instant) -> Result<OwnedSemaphorePermit, Turned> {
        if self.waiting.fetch_add(1, Ordering::SeqCst) >= self.queue {
            self.waiting.fetch_sub(1, Ordering::SeqCst);
            return Err(Turned::Busy);
        }
        let left = Waiting(&self.waiting);
        let permit = tokio::time::timeout_at(by, Arc::clone(&self.places).acquire_owned()).await;
        drop(left);
        match permit {
            Ok(Ok(permit)) => Ok(permit),
            _ => Err(Turned::Busy),
        }
    }

    /// `closed` (calls go out), `open` (none do) or `half_open` (one is trying).
    #[must_use]
    pub fn state(&self) -> &'static str {
        self.circuit.state(Instant::now())
    }
}

/// Counts down whatever ends the wait.
struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Place {
    /// The call went as it should.
    pub fn went_well(self) {
        self.pass.went_well();
    }

    /// The host failed.
    pub fn failed(self) {
        self.pass.failed(Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn an_application_names_only_listed_hosts_and_an_intranet_stays_inside() {
        let hosts = ["api.example.org".to_owned(), "10.0.0.5:8000".to_owned()];
        assert!(may_call(
            &url("https://elsewhere.example.org/v1"),
            false,
            &hosts,
            false
        ));
        assert!(!may_call(
            &url("https://elsewhere.example.org/v1"),
            true,
            &hosts,
            false
        ));
        assert!(may_call(
            &url("https://api.example.org/v1"),
            true,
            &hosts,
            false
        ));
        assert!(!may_call(
            &url("https://api.example.org:8443/v1"),
            true,
            &hosts,
            false
        ));
        assert!(may_call(
            &url("http://10.0.0.5:8000/v1"),
            true,
            &hosts,
            true
        ));
        assert!(!may_call(
            &url("https://api.example.org/v1"),
            true,
            &hosts,
            true
        ));
        for inside in [
            "http://127.0.0.1:8080",
            "http://[::1]/",
            "http://localhost:1",
            "http://192.168.1.4",
        ] {
            assert!(may_call(&url(inside), false, &[], true), "{inside}");
        }
        assert!(!may_call(&url("http://8.8.8.8"), false, &[], true));
    }

    #[tokio::test(start_paused = true)]
    async fn the_queue_is_bounded_and_waits_no_longer_than_told() {
        let line = Line::new(1, 1, 5, Duration::from_secs(30));
        let by = Instant::now() + Duration::from_secs(6);
        let first = line.enter(by).await.unwrap();
        let (second, third) = tokio::join!(line.enter(by), line.enter(by));
        assert_eq!(second.unwrap_err(), Turned::Busy);
        assert_eq!(third.unwrap_err(), Turned::Busy);
        first.went_well();
        assert!(line.enter(Instant::now()).await.is_ok());
        assert_eq!(line.waiting.load(Ordering::SeqCst), 0);
    }
}
