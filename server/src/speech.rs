//! The port `speech`: a recording goes through this server to whoever turns it into text, with the patient's consent, and is
//! kept nowhere.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::config::providers::{Keys, Speech as Settings, SpeechInterface, SpeechOverride};
use crate::outbound::{self, Client, Whose};

pub mod audio;
pub mod openai;
pub mod recognise;

use openai::Recogniser;

/// The speech recognition of one application.
#[derive(Debug, Clone)]
pub enum Speech {
    /// None.
    Off,
    /// A transcription API.
    OpenAi(Arc<Recogniser>),
}

/// The recognisers of this process, made when first asked for.
#[derive(Debug)]
pub struct Speeches {
    settings: Settings,
    keys: Keys,
    client: Client,
    known: Mutex<HashMap<String, Speech>>,
}

impl Speeches {
    /// Recognisers as configured.
    #[must_use]
    pub fn new(settings: Settings, keys: Keys, client: Client) -> Self {
        Self {
            settings,
            keys,
            client,
            known: Mutex::default(),
        }
    }

    /// The deployment's recogniser or what an application has instead. One that may not be called is none.
    #[must_use]
    pub fn of(&self, own: Option<&SpeechOverride>, intranet: bool) -> Speech {
        let name = match own {
            None => format!("{intranet}"),
            Some(own) => format!(
                "{intranet} {}",
                serde_json::to_string(own).unwrap_or_default()
            ),
        };
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known
            .entry(name)
            .or_insert_with(|| self.make(own, intranet))
            .clone()
    }

    fn make(&self, own: Option<&SpeechOverride>, intranet: bool) -> Speech {
        let default = SpeechOverride::default();
        let settings = self.settings.with(own.unwrap_or(&default));
        if settings.interface == SpeechInterface::Off {
            return Speech::Off;
        }
        let whose = Whose {
            base_url: &settings.base_url,
            named_by_application: own.is_some_and(|own| own.base_url.is_some()),
            own_key: own.and_then(|own| own.key.as_deref()),
            key: "speech",
            hosts: &settings.hosts,
            intranet,
        };
        let Some(key) = whose.key(&self.keys) else {
            return Speech::Off;
        };
        let client = match self.client.get() {
            Ok(client) => client,
            Err(error) => {
                tracing::error!(%error, "calls to other computers cannot be made: there is no speech");
                return Speech::Off;
            }
        };
        Recogniser::new(settings, key, client).map_or(Speech::Off, |recogniser| {
            Speech::OpenAi(Arc::new(recogniser))
        })
    }

    /// State of the circuits in use: `off` if no provider is configured, else the worst of them.
    #[must_use]
    pub fn state(&self) -> &'static str {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let states: Vec<&'static str> = known
            .values()
            .filter_map(|speech| match speech {
                Speech::Off => None,
                Speech::OpenAi(recogniser) => Some(recogniser.circuit()),
            })
            .collect();
        let is_configured = self.settings.interface != SpeechInterface::Off;
        outbound::worst(is_configured, &states)
    }
}
