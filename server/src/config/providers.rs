//! `[model]` and `[speech]`: whose computers may be called, with what patience and at what price; and their keys.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::layers::{ConfigError, Layers};

/// How a language model is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModelInterface {
    /// None: the reviewed sentences of the knowledge.
    Scripted,
    /// A chat API as OpenAI has it.
    Openai,
}

/// How a chat API is told to answer in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JsonMode {
    /// With the whole schema.
    JsonSchema,
    /// With the word that it is to be an object.
    JsonObject,
    /// Only in the prompt.
    None,
}

/// `[model]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one thing an operator switches on or off by its name"
)]
pub struct Model {
    /// How it is reached.
    pub interface: ModelInterface,
    /// Whose computer it is, as the consent says it.
    pub provider: String,
    /// Where the API begins, without `/chat/completions`.
    pub base_url: String,
    /// Name of the model.
    pub name: String,
    /// How it is told to answer in JSON.
    pub json: JsonMode,
    /// Temperature of phrasing and answering, 0 to 2. Reading is always at 0.
    pub temperature: f64,
    /// Further members of every request, as JSON.
    pub extra: String,
    /// Whether it reads what patients write.
    pub read: bool,
    /// Whether it makes reviewed sentences warmer.
    pub phrase: bool,
    /// Whether it puts answers about the hospital into words.
    pub answer: bool,
    /// Whether it puts sentences of the report for the doctor more smoothly.
    pub polish: bool,
    /// Findings it is asked about at most.
    pub catalogue: usize,
    /// Milliseconds to the first token.
    pub first_token_ms: u64,
    /// Milliseconds to the end of the whole turn.
    pub whole_ms: u64,
    /// Calls at once.
    pub parallel: usize,
    /// Calls that wait for their turn.
    pub queue: usize,
    /// Failures in a row that open the circuit.
    pub failures: u32,
    /// Seconds until an open circuit is tried again.
    pub open_seconds: u64,
    /// Price of a million tokens sent, in the currency of the contract.
    pub price_input: f64,
    /// Price of a million tokens received.
    pub price_output: f64,
    /// Tokens one session may use; 0 is no limit.
    pub session_tokens: u64,
    /// Tokens all sessions of one application may use on one day; 0 is no limit.
    pub application_day_tokens: u64,
    /// Calls of one application at once; 0 is no limit.
    pub application_parallel: usize,
    /// Hosts that an application's own settings may name.
    pub hosts: Vec<String>,
}

/// How a speech provider is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SpeechInterface {
    /// None: at most the browser's own recognition.
    Off,
    /// A transcription API as OpenAI has it.
    Openai,
}

/// `[speech]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Speech {
    /// How it is reached.
    pub interface: SpeechInterface,
    /// Whose computer it is, as the consent says it.
    pub provider: String,
    /// Where the API begins, without `/audio/transcriptions`.
    pub base_url: String,
    /// Name of the model.
    pub name: String,
    /// Whether it answers piece by piece.
    pub stream: bool,
    /// Milliseconds from the end of the recording to the whole text.
    pub whole_ms: u64,
    /// Recordings at once.
    pub parallel: usize,
    /// Recordings that wait for their turn.
    pub queue: usize,
    /// Failures in a row that open the circuit.
    pub failures: u32,
    /// Seconds until an open circuit is tried again.
    pub open_seconds: u64,
    /// Price of an hour of sound, in the currency of the contract.
    pub price_hour: f64,
    /// Seconds of sound one session may send; 0 is no limit.
    pub session_seconds: u64,
    /// Seconds of sound all sessions of one application may send on one day; 0 is no limit.
    pub application_day_seconds: u64,
    /// Recordings of one application at once; 0 is no limit.
    pub application_parallel: usize,
    /// Whether the browser's own recognition is offered where there is no provider or it fails.
    pub browser: bool,
    /// Hosts that an application's own settings may name.
    pub hosts: Vec<String>,
}

/// What an application settles of the model for itself; absent members are the deployment's.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelOverride {
    /// How it is reached; `scripted` switches it off for this application.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interface: Option<ModelInterface>,
    /// Whose computer it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// Where the API begins; its host must be one of `model.hosts`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    /// Name of the model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Name of the key, as in `ANTEROOM_KEY_<NAME>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// How it is told to answer in JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub json: Option<JsonMode>,
    /// Temperature.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    /// Milliseconds to the first token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_token_ms: Option<u64>,
    /// Milliseconds to the end of the turn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whole_ms: Option<u64>,
    /// Calls at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parallel: Option<usize>,
    /// Price of a million tokens sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_input: Option<f64>,
    /// Price of a million tokens received.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_output: Option<f64>,
}

/// What an application settles of speech for itself; absent members are the deployment's.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpeechOverride {
    /// How it is reached; `off` switches it off for this application.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interface: Option<SpeechInterface>,
    /// Whose computer it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// Where the API begins; its host must be one of `speech.hosts`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    /// Name of the model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Name of the key, as in `ANTEROOM_KEY_<NAME>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Price of an hour of sound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_hour: Option<f64>,
}

/// A secret. It is never printed.
#[derive(Clone, Default)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Keeps a text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(Zeroizing::new(text.trim().to_owned()))
    }

    /// The text, for the one header that carries it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

/// Keys of providers by name: `model`, `speech`, and those that applications name.
pub type Keys = BTreeMap<String, Secret>;

impl Model {
    /// With what an application settles for itself.
    #[must_use]
    pub fn with(&self, own: &ModelOverride) -> Self {
        let mut model = self.clone();
        model.interface = own.interface.unwrap_or(model.interface);
        model.json = own.json.unwrap_or(model.json);
        model.temperature = own.temperature.unwrap_or(model.temperature);
        model.first_token_ms = own.first_token_ms.unwrap_or(model.first_token_ms);
        model.whole_ms = own.whole_ms.unwrap_or(model.whole_ms);
        model.parallel = own.parallel.unwrap_or(model.parallel);
        model.price_input = own.price_input.unwrap_or(model.price_input);
        model.price_output = own.price_output.unwrap_or(model.price_output);
        for (field, own) in [
            (&mut model.provider, &own.provider),
            (&mut model.base_url, &own.base_url),
            (&mut model.name, &own.name),
        ] {
            if let Some(own) = own {
                field.clone_from(own);
            }
        }
        model
    }

    /// How long a first token may take.
    #[must_use]
    pub fn first_token(&self) -> Duration {
        Duration::from_millis(self.first_token_ms)
    }

    /// How long a turn may take.
    #[must_use]
    pub fn whole(&self) -> Duration {
        Duration::from_millis(self.whole_ms)
    }
}

impl Speech {
    /// With what an application settles for itself.
    #[must_use]
    pub fn with(&self, own: &SpeechOverride) -> Self {
        let mut speech = self.clone();
        speech.interface = own.interface.unwrap_or(speech.interface);
        speech.price_hour = own.price_hour.unwrap_or(speech.price_hour);
        for (field, own) in [
            (&mut speech.provider, &own.provider),
            (&mut speech.base_url, &own.base_url),
            (&mut speech.name, &own.name),
        ] {
            if let Some(own) = own {
                field.clone_from(own);
            }
        }
        speech
    }
}

/// Checks both sections.
///
/// # Errors
/// With the key that does not fit and where it stands.
pub(super) fn check(model: &Model, speech: &Speech, layers: &Layers) -> Result<(), ConfigError> {
    let range = |key: &str, value: u64, from: u64, to: u64| {
        if (from..=to).contains(&value) {
            Ok(())
        } else {
            Err(layers.wrong(key, &format!("{value} is not between {from} and {to}")))
        }
    };
    let money = |key: &str, value: f64| {
        if value.is_finite() && value >= 0.0 {
            Ok(())
        } else {
            Err(layers.wrong(key, "not a price"))
        }
    };
    if model.interface == ModelInterface::Openai {
        address(layers, "model.base_url", &model.base_url)?;
        named(layers, "model.name", &model.name)?;
        named(layers, "model.provider", &model.provider)?;
    }
    if speech.interface == SpeechInterface::Openai {
        address(layers, "speech.base_url", &speech.base_url)?;
        named(layers, "speech.name", &speech.name)?;
        named(layers, "speech.provider", &speech.provider)?;
    }
    if !(0.0..=2.0).contains(&model.temperature) {
        return Err(layers.wrong("model.temperature", "not between 0 and 2"));
    }
    if !model.extra.is_empty()
        && serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&model.extra).is_err()
    {
        return Err(layers.wrong("model.extra", "not a JSON object"));
    }
    range("model.catalogue", model.catalogue as u64, 10, 1000)?;
    range("model.first_token_ms", model.first_token_ms, 100, 60_000)?;
    range(
        "model.whole_ms",
        model.whole_ms,
        model.first_token_ms,
        120_000,
    )?;
    range("model.parallel", model.parallel as u64, 1, 100_000)?;
    range("model.failures", model.failures.into(), 1, 1000)?;
    range("model.open_seconds", model.open_seconds, 1, 3600)?;
    money("model.price_input", model.price_input)?;
    money("model.price_output", model.price_output)?;
    range("speech.whole_ms", speech.whole_ms, 1000, 300_000)?;
    range("speech.parallel", speech.parallel as u64, 1, 100_000)?;
    range("speech.failures", speech.failures.into(), 1, 1000)?;
    range("speech.open_seconds", speech.open_seconds, 1, 3600)?;
    money("speech.price_hour", speech.price_hour)
}

fn address(layers: &Layers, key: &str, text: &str) -> Result<(), ConfigError> {
    let is_http = text.starts_with("https://") || text.starts_with("http://");
    match reqwest::Url::parse(text) {
        Ok(url) if is_http && url.has_host() && url.query().is_none() => Ok(()),
        _ => Err(layers.wrong(
            key,
            &format!("{text:?} is not an address such as https://api.example.org/v1"),
        )),
    }
}

fn named(layers: &Layers, key: &str, text: &str) -> Result<(), ConfigError> {
    if text.trim().is_empty() {
        return Err(layers.wrong(key, "empty: with interface = \"openai\" it must be set"));
    }
    Ok(())
}
