//! The port `model`: a language model reads and phrases, it never decides.
//!
//! The embedded one is scripted: it says the reviewed sentences of the knowledge as they are. A chat API as OpenAI has it
//! stands beside it, per deployment or per application. Whatever it does or fails to do, the reviewed sentence is there.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::config::providers::{Keys, Model as Settings, ModelInterface, ModelOverride};
use crate::outbound::{self, Client, Whose};

pub mod assistant;
pub mod guard;
pub mod mask;
pub mod openai;
pub mod phrasing;
pub mod polishing;
pub mod reading;
pub mod templates;

use openai::Endpoint;

/// The model of one application.
#[derive(Debug, Clone)]
pub enum Model {
    /// Reviewed sentences, as they are.
    Scripted,
    /// A chat API.
    OpenAi(Arc<Endpoint>),
}

/// The models of this process, made when first asked for.
#[derive(Debug)]
pub struct Models {
    settings: Settings,
    keys: Keys,
    client: Client,
    known: Mutex<HashMap<String, Model>>,
}

impl Models {
    /// Models as configured.
    #[must_use]
    pub fn new(settings: Settings, keys: Keys, client: Client) -> Self {
        Self {
            settings,
            keys,
            client,
            known: Mutex::default(),
        }
    }

    /// The deployment's model or what an application has instead. One that may not be called is the scripted one.
    #[must_use]
    pub fn of(&self, own: Option<&ModelOverride>, intranet: bool) -> Model {
        let name = match own {
            None => format!("{intranet}"),
            // As a key only: two applications that settle the same share a line to the host.
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

    fn make(&self, own: Option<&ModelOverride>, intranet: bool) -> Model {
        let default = ModelOverride::default();
        let settings = self.settings.with(own.unwrap_or(&default));
        if settings.interface == ModelInterface::Scripted {
            return Model::Scripted;
        }
        let whose = Whose {
            base_url: &settings.base_url,
            named_by_application: own.is_some_and(|own| own.base_url.is_some()),
            own_key: own.and_then(|own| own.key.as_deref()),
            key: "model",
            hosts: &settings.hosts,
            intranet,
        };
        let Some(key) = whose.key(&self.keys) else {
            return Model::Scripted;
        };
        let client = match self.client.get() {
            Ok(client) => client,
            Err(error) => {
                tracing::error!(%error, "calls to other computers cannot be made: the scripted model answers");
                return Model::Scripted;
            }
        };
        Endpoint::new(settings, key, client).map_or(Model::Scripted, |endpoint| {
            Model::OpenAi(Arc::new(endpoint))
        })
    }

    /// State of the circuits in use: `off` if no model is configured, else the worst of them.
    #[must_use]
    pub fn state(&self) -> &'static str {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let states: Vec<&'static str> = known
            .values()
            .filter_map(|model| match model {
                Model::Scripted => None,
                Model::OpenAi(endpoint) => Some(endpoint.circuit()),
            })
            .collect();
        let is_configured = self.settings.interface != ModelInterface::Scripted;
        outbound::worst(is_configured, &states)
    }
}
