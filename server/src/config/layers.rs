//! The layers of the settings and where each value stands, so that a complaint can say so.

use std::collections::BTreeMap;
use std::path::Path;

use toml::de::{DeTable, DeValue};
use toml::{Table, Value};

use super::providers::{Keys, Secret};
use super::{Config, MasterKeySource};

const PREFIX: &str = "ANTEROOM_";

/// What is wrong with the settings, in words for the operator.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the settings file {path}: {source}")]
    File {
        /// Its path.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not TOML.
    #[error("{path} is not written as TOML: {message}")]
    Syntax {
        /// Its path.
        path: String,
        /// What the parser says, with line and column.
        message: String,
    },
    /// No such key.
    #[error("{place}: there is no setting `{key}`{hint}")]
    Unknown {
        /// The key.
        key: String,
        /// File and line, or variable.
        place: String,
        /// A key that reads like it, if any.
        hint: String,
    },
    /// A value that does not fit.
    #[error("{place}: `{key}`: {message}")]
    Value {
        /// The key.
        key: String,
        /// File and line, or variable.
        place: String,
        /// What is wrong.
        message: String,
    },
}

/// What comes from the environment and stands in no file of settings.
#[derive(Default)]
pub(super) struct Secrets {
    /// Where the master key comes from.
    pub(super) master_key: MasterKeySource,
    /// Keys of providers.
    pub(super) keys: Keys,
}

/// The merged values and the place each came from.
pub(super) struct Layers {
    table: Table,
    places: BTreeMap<String, String>,
}

impl Layers {
    /// Begins with the default file.
    pub(super) fn with_default(text: &str) -> Result<Self, ConfigError> {
        let table: Table = text
            .parse()
            .map_err(|error: toml::de::Error| ConfigError::Syntax {
                path: "config.default.toml".to_owned(),
                message: error.to_string(),
            })?;
        Ok(Self {
            table,
            places: BTreeMap::new(),
        })
    }

    /// Puts a file over what is there.
    pub(super) fn add_file(&mut self, path: &Path) -> Result<(), ConfigError> {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|source| ConfigError::File {
            path: name.clone(),
            source,
        })?;
        let syntax = |error: toml::de::Error| ConfigError::Syntax {
            path: name.clone(),
            message: error.to_string(),
        };
        let values: Table = text.parse().map_err(syntax)?;
        let spans = DeTable::parse(&text).map_err(syntax)?;
        let line = |offset: usize| {
            text[..offset.min(text.len())].lines().count().max(1)
                + usize::from(text[..offset.min(text.len())].ends_with('\n'))
        };
        for (section, value) in spans.get_ref() {
            let place = |offset: usize| format!("{name} line {}", line(offset));
            let section_place = place(section.span().start);
            let DeValue::Table(keys) = value.get_ref() else {
                return Err(self.unknown(section.get_ref(), section_place));
            };
            if !self.table.contains_key(section.get_ref().as_ref()) {
                return Err(self.unknown(section.get_ref(), section_place));
            }
            for key in keys.keys() {
                let path = format!("{}.{}", section.get_ref(), key.get_ref());
                let given = values
                    .get(section.get_ref().as_ref())
                    .and_then(|table| table.get(key.get_ref().as_ref()));
                if let Some(given) = given {
                    self.set(&path, given.clone(), place(key.span().start))?;
                }
            }
        }
        Ok(())
    }

    /// Puts the variables that begin with `ANTEROOM_` over what is there; answers the secrets.
    pub(super) fn add_environment(
        &mut self,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Secrets, ConfigError> {
        let mut secrets = Secrets::default();
        for (name, text) in environment {
            let Some(key) = name.strip_prefix(PREFIX) else {
                continue;
            };
            let place = format!("environment variable {name}");
            match key {
                "MASTER_KEY" => secrets.master_key = MasterKeySource::Value(text),
                "MASTER_KEY_FILE" if !matches!(secrets.master_key, MasterKeySource::Value(_)) => {
                    secrets.master_key = MasterKeySource::File(text.into());
                }
                _ if key_name(key).is_some() => {
                    let (name, is_file) = key_name(key).unwrap_or_default();
                    // The file loses against the value, in whatever order they come.
                    if !is_file || !secrets.keys.contains_key(&name) {
                        let secret = if is_file {
                            read_secret(&text)?
                        } else {
                            Secret::new(&text)
                        };
                        secrets.keys.insert(name, secret);
                    }
                }
                // The file loses against the value; the settings file's own path is read by the command line.
                "MASTER_KEY_FILE" | "CONFIG" => {}
                _ => {
                    let path = key.to_lowercase().replacen("__", ".", 1);
                    let value = match self.known(&path) {
                        Some(known) => {
                            parse_like(known, &text).map_err(|message| ConfigError::Value {
                                key: path.clone(),
                                place: place.clone(),
                                message,
                            })?
                        }
                        None => return Err(self.unknown(&path, place)),
                    };
                    self.set(&path, value, place)?;
                }
            }
        }
        Ok(secrets)
    }

    fn known(&self, path: &str) -> Option<&Value> {
        let (section, key) = path.split_once('.')?;
        self.table.get(section)?.get(key)
    }

    fn set(&mut self, path: &str, value: Value, place: String) -> Result<(), ConfigError> {
        let Some(known) = self.known(path) else {
            return Err(self.unknown(path, place));
        };
        // A whole number is a number too.
        let value = match (known, value) {
            (Value::Float(_), Value::Integer(whole)) => {
                #[expect(
                    clippy::cast_precision_loss,
                    reason = "settings are small; a price of 2^53 is refused elsewhere"
                )]
                let number = whole as f64;
                Value::Float(number)
            }
            (_, value) => value,
        };
        if known.type_str() != value.type_str() {
            let message = format!("expected {}, found {}", known.type_str(), value.type_str());
            return Err(ConfigError::Value {
                key: path.to_owned(),
                place,
                message,
            });
        }
        if let Some((section, key)) = path.split_once('.')
            && let Some(table) = self.table.get_mut(section).and_then(Value::as_table_mut)
        {
            table.insert(key.to_owned(), value);
            self.places.insert(path.to_owned(), place);
        }
        Ok(())
    }

    /// Reads the merged values. A value of the right type that still does not fit is named with its place.
    pub(super) fn read(&self) -> Result<Config, ConfigError> {
        match Value::Table(self.table.clone()).try_into::<Config>() {
            Ok(config) => Ok(config),
            Err(all) => {
                // The library does not say which key of a merged table is at fault: try each changed one on the default.
                for path in self.places.keys() {
                    let mut alone = Self::with_default(super::DEFAULT)?;
                    if let Some(value) = self.known(path) {
                        alone.set(path, value.clone(), String::new())?;
                    }
                    if let Err(error) = Value::Table(alone.table).try_into::<Config>() {
                        return Err(self.wrong(path, error.message()));
                    }
                }
                Err(self.wrong("config", all.message()))
            }
        }
    }

    /// An error about a key's value.
    pub(super) fn wrong(&self, key: &str, message: &str) -> ConfigError {
        ConfigError::Value {
            key: key.to_owned(),
            place: self
                .places
                .get(key)
                .cloned()
                .unwrap_or_else(|| "config.default.toml".to_owned()),
            message: message.to_owned(),
        }
    }

    fn unknown(&self, key: &str, place: String) -> ConfigError {
        let last = key.rsplit('.').next().unwrap_or(key);
        let hint = self
            .table
            .iter()
            .flat_map(|(section, keys)| {
                keys.as_table()
                    .into_iter()
                    .flat_map(|table| table.keys())
                    .map(move |name| format!("{section}.{name}"))
            })
            .filter(|path| {
                path.ends_with(&format!(".{last}")) || path.replace('_', "") == key.replace('_', "")
            })
            .map(|path| format!("`{path}`"))
            .collect::<Vec<_>>()
            .join(" or ");
        let hint = if hint.is_empty() {
            hint
        } else {
            format!("; did you mean {hint}?")
        };
        ConfigError::Unknown {
            key: key.to_owned(),
            place,
            hint,
        }
    }
}

/// The name of a provider's key that a variable holds, and whether it names a file: `MODEL_KEY`, `SPEECH_KEY_FILE`, `KEY_OTHER`.
fn key_name(variable: &str) -> Option<(String, bool)> {
    let (name, is_file) = match variable.strip_suffix("_FILE") {
        Some(name) => (name, true),
        None => (variable, false),
    };
    let name = match name {
        "MODEL_KEY" => "model".to_owned(),
        "SPEECH_KEY" => "speech".to_owned(),
        other => other.strip_prefix("KEY_")?.to_lowercase(),
    };
    (!name.is_empty()).then_some((name, is_file))
}

fn read_secret(path: &str) -> Result<Secret, ConfigError> {
    std::fs::read_to_string(path)
        .map(|text| Secret::new(&text))
        .map_err(|source| ConfigError::File {
            path: path.to_owned(),
            source,
        })
}

/// Reads a variable's text as the type the key has.
fn parse_like(known: &Value, text: &str) -> Result<Value, String> {
    match known {
        Value::String(_) => Ok(Value::String(text.to_owned())),
        Value::Integer(_) => text
            .trim()
            .parse()
            .map(Value::Integer)
            .map_err(|_| format!("expected a whole number, found {text:?}")),
        Value::Boolean(_) => text
            .trim()
            .parse()
            .map(Value::Boolean)
            .map_err(|_| format!("expected true or false, found {text:?}")),
        Value::Array(_) => Ok(Value::Array(
            text.split(',')
                .map(str::trim)
                .filter(|item| !item.is_empty())
                .map(|item| Value::String(item.to_owned()))
                .collect(),
        )),
        Value::Float(_) => text
            .trim()
            .parse()
            .map(Value::Float)
            .map_err(|_| format!("expected a number, found {text:?}")),
        Value::Datetime(_) | Value::Table(_) => Err("cannot be set by a variable".to_owned()),
    }
}
