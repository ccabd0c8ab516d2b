//! Settings: the default file, a file of the operator's over it, environment variables over both.
//!
//! `config.default.toml` is the one description of every key: its meaning, unit, default and consequence. A key that is
//! not in it, or a value that does not fit, is an error that names the key and where it stands.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

mod layers;
pub mod providers;

pub use layers::ConfigError;
use layers::Layers;

/// The default file.
pub const DEFAULT: &str = include_str!("../config.default.toml");

/// All settings, checked.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The patients' side.
    pub server: Server,
    /// Where data lies.
    pub data: Data,
    /// The store.
    pub store: Store,
    /// Turns under way.
    pub runs: Runs,
    /// Limits.
    pub limits: Limits,
    /// How long data is kept.
    pub retention: Retention,
    /// Who is told of reports.
    pub webhook: Webhook,
    /// The log.
    pub log: Log,
    /// Figures for operators.
    pub metrics: Metrics,
    /// The language model.
    pub model: providers::Model,
    /// Speech recognition.
    pub speech: providers::Speech,
    /// Keys of providers, from the environment or files.
    #[serde(skip)]
    pub keys: providers::Keys,
    /// The master key from the environment, if it came from there.
    #[serde(skip)]
    pub master_key: MasterKeySource,
}

/// Where the master key comes from. Its bytes are never printed.
#[derive(Clone, Default)]
pub enum MasterKeySource {
    /// `master.key` in the data folder, made at the very first start.
    #[default]
    DataFolder,
    /// A file of the operator's.
    File(PathBuf),
    /// 64 hexadecimal digits, from the environment.
    Value(String),
}

impl std::fmt::Debug for MasterKeySource {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::DataFolder => formatter.write_str("DataFolder"),
            Self::File(path) => formatter.debug_tuple("File").field(path).finish(),
            Self::Value(_) => formatter.write_str("Value(…)"),
        }
    }
}

/// `[server]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Address and port.
    pub listen: SocketAddr,
    /// Connections held until accepted.
    pub backlog: u32,
    /// Further origins of our own.
    pub public_origins: Vec<String>,
    /// Proxies whose X-Forwarded-For is believed.
    pub trusted_proxies: Vec<Network>,
    /// TLS stands before us.
    pub behind_tls: bool,
    /// Seconds open requests have at shutdown.
    pub shutdown_seconds: u64,
}

/// `[data]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Data {
    /// Folder of the databases.
    pub folder: PathBuf,
    /// A new database begins with the demo organisation.
    pub demo: bool,
}

/// `[store]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Store {
    /// Connections that read.
    pub readers: u32,
    /// Milliseconds a statement waits for a lock.
    pub busy_timeout_ms: u64,
}

/// `[runs]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Runs {
    /// Seconds of a lease.
    pub lease_seconds: u64,
    /// Seconds nobody may listen before a model's call is cancelled.
    pub absent_seconds: u64,
}

/// `[limits]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Requests a minute from one address.
    pub address_per_minute: u32,
    /// Requests at once from one address.
    pub address_burst: u32,
    /// Turns a minute of one session.
    pub session_per_minute: u32,
    /// Turns at once of one session.
    pub session_burst: u32,
    /// Tries of a resume code by one address in a quarter of an hour.
    pub code_tries: u32,
    /// Kilobytes of a request body.
    pub body_kib: usize,
    /// Streams of one session.
    pub streams_per_session: usize,
}

/// `[retention]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// Minutes between runs.
    pub every_minutes: u64,
    /// Days key backups are kept.
    pub key_backup_days: u64,
}

/// `[webhook]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    /// Address; empty for none.
    pub url: String,
    /// Seconds between two looks.
    pub every_seconds: u64,
    /// Seconds a call may take.
    pub timeout_seconds: u64,
    /// Calls before a message is given up.
    pub attempts: u32,
}

/// `[log]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// Level or filter.
    pub filter: String,
    /// Text or JSON.
    pub format: LogFormat,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// `[metrics]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metrics {
    /// Address and port as written; empty is off.
    pub listen: String,
}

impl Metrics {
    /// Where to listen, if anywhere. The value was checked when it was read.
    #[must_use]
    pub fn address(&self) -> Option<SocketAddr> {
        self.listen.parse().ok()
    }
}

impl Runs {
    /// How long a run holds its lease.
    #[must_use]
    pub fn lease(&self) -> Duration {
        Duration::from_secs(self.lease_seconds)
    }
}

/// A network as `address/bits`, or a single address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Network {
    address: std::net::IpAddr,
    bits: u8,
}

impl TryFrom<String> for Network {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let wrong = || format!("{text:?} is not an address or a network such as 10.0.0.0/8");
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text.as_str(), None),
        };
        let address: std::net::IpAddr = address.parse().map_err(|_| wrong())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(most), |bits| bits.parse().map_err(|_| wrong()))?;
        if bits > most {
            return Err(wrong());
        }
        Ok(Self { address, bits })
    }
}

impl Network {
    /// Whether an address lies in it.
    #[must_use]
    pub fn contains(&self, address: std::net::IpAddr) -> bool {
        use std::net::IpAddr::{V4, V6};
        let shift = |most: u8| u32::from(most - self.bits);
        match (self.address, address.to_canonical()) {
            (V4(own), V4(other)) => u64::from(own.to_bits() ^ other.to_bits()) >> shift(32) == 0,
            (V6(own), V6(other)) => (own.to_bits() ^ other.to_bits())
                .checked_shr(shift(128))
                .is_none_or(|rest| rest == 0),
            _ => false,
        }
    }
}

impl Config {
    /// Reads the settings: the default, the file if one is named, the given environment variables.
    ///
    /// # Errors
    /// On an unreadable file, an unknown key, or a value that does not fit; the message names the key and its place.
    pub fn load(
        file: Option<&std::path::Path>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let mut layers = Layers::with_default(DEFAULT)?;
        if let Some(path) = file {
            layers.add_file(path)?;
        }
        let secrets = layers.add_environment(environment)?;
        let mut config: Self = layers.read()?;
        config.master_key = secrets.master_key;
        config.keys = secrets.keys;
        config.check(&layers)?;
        Ok(config)
    }

    fn check(&self, layers: &Layers) -> Result<(), ConfigError> {
        let range = |key: &str, value: u64, from: u64, to: u64| {
            if (from..=to).contains(&value) {
                Ok(())
            } else {
                Err(layers.wrong(key, &format!("{value} is not between {from} and {to}")))
            }
        };
        range("server.backlog", self.server.backlog.into(), 1, 65_535)?;
        range(
            "server.shutdown_seconds",
            self.server.shutdown_seconds,
            0,
            600,
        )?;
        range("store.readers", self.store.readers.into(), 1, 64)?;
        range(
            "store.busy_timeout_ms",
            self.store.busy_timeout_ms,
            0,
            600_000,
        )?;
        range("runs.lease_seconds", self.runs.lease_seconds, 1, 600)?;
        range("runs.absent_seconds", self.runs.absent_seconds, 1, 600)?;
        range("limits.body_kib", self.limits.body_kib as u64, 8, 1024)?;
        range(
            "limits.streams_per_session",
            self.limits.streams_per_session as u64,
            1,
            100,
        )?;
        range(
            "retention.key_backup_days",
            self.retention.key_backup_days,
            1,
            30,
        )?;
        for (key, per_minute, burst) in [
            (
                "limits.address_burst",
                self.limits.address_per_minute,
                self.limits.address_burst,
            ),
            (
                "limits.session_burst",
                self.limits.session_per_minute,
                self.limits.session_burst,
            ),
        ] {
            if per_minute > 0 {
                range(key, burst.into(), 1, 1_000_000)?;
            }
        }
        if !self.metrics.listen.is_empty() && self.metrics.address().is_none() {
            return Err(layers.wrong(
                "metrics.listen",
                "not an address and port such as 127.0.0.1:9464",
            ));
        }
        if self.data.folder.as_os_str().is_empty() {
            return Err(layers.wrong("data.folder", "empty"));
        }
        self.log
            .filter
            .parse::<tracing_subscriber::filter::Targets>()
            .map_err(|error| layers.wrong("log.filter", &error.to_string()))?;
        for origin in &self.server.public_origins {
            let host = origin
                .strip_prefix("https://")
                .or_else(|| origin.strip_prefix("http://"));
            if host.is_none_or(|host| host.is_empty() || host.contains('/')) {
                return Err(layers.wrong(
                    "server.public_origins",
                    &format!("{origin:?} is not an origin such as https://triage.example.org"),
                ));
            }
        }
        if self.model.whole_ms + 5000 > self.runs.lease_seconds * 1000 {
            return Err(layers.wrong(
                "runs.lease_seconds",
                "shorter than model.whole_ms and five seconds: turns still under way would be ended",
            ));
        }
        providers::check(&self.model, &self.speech, layers)
    }
}

#[cfg(test)]
mod tests;
