//! Organisations and their applications.

use std::collections::BTreeMap;

use sqlx::FromRow;

use super::{Connection, StoreError};
use crate::clock::Millis;
use crate::config::providers::{ModelOverride, SpeechOverride};
use crate::ids::OrganisationId;

/// An application as stored: the eight configuration fields, and its look and limits.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Application {
    /// Its id, as in `/embed/{app}`.
    pub id: String,
    /// Name by language.
    pub name: BTreeMap<String, String>,
    /// `guidance`, `pre_consultation` or `both`.
    pub kind: String,
    /// What it is for, for staff.
    #[serde(default)]
    pub description: String,
    /// Hosts that may frame it.
    #[serde(default)]
    pub domains: Vec<String>,
    /// Service region: picks numbers to call, and later providers and stores.
    pub region: String,
    /// Where it is used.
    #[serde(default)]
    pub url: String,
    /// `internet` or `intranet`.
    pub network_type: String,
    /// Accent colour as `#rrggbb`.
    #[serde(default)]
    pub accent: Option<String>,
    /// Languages, best first.
    pub languages: Vec<String>,
    /// `home` or `on_site`.
    pub setting: String,
    /// IANA name of the time zone.
    pub time_zone: String,
    /// Department questions at most, 0 to 10.
    pub question_budget: u8,
    /// Whether self-care may be shown.
    #[serde(default)]
    pub self_care: bool,
    /// Whether speech is offered.
    #[serde(default)]
    pub voice: bool,
    /// Days a session is kept.
    pub retention_days: u32,
    /// Requests a minute, all patients together; 0 is no limit.
    pub requests_per_minute: u32,
    /// What it settles of the model for itself; absent is the deployment's.
    #[serde(default)]
    pub model: Option<ModelOverride>,
    /// What it settles of speech for itself.
    #[serde(default)]
    pub speech: Option<SpeechOverride>,
}

#[derive(FromRow)]
struct Row {
    organisation_id: String,
    id: String,
    name: String,
    kind: String,
    description: String,
    domains: String,
    region: String,
    url: String,
    network_type: String,
    accent: Option<String>,
    languages: String,
    setting: String,
    time_zone: String,
    question_budget: i64,
    self_care: bool,
    voice: bool,
    retention_days: i64,
    requests_per_minute: i64,
    model: Option<String>,
    speech: Option<String>,
}

fn json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Damaged(error.to_string()))
}

fn text<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Damaged(error.to_string()))
}

impl Row {
    fn read(self) -> Result<(OrganisationId, Application), StoreError> {
        Ok((
            OrganisationId::stored(self.organisation_id),
            Application {
                id: self.id,
                name: json(&self.name)?,
                kind: self.kind,
                description: self.description,
                domains: json(&self.domains)?,
                region: self.region,
                url: self.url,
                network_type: self.network_type,
                accent: self.accent,
                languages: json(&self.languages)?,
                setting: self.setting,
                time_zone: self.time_zone,
                question_budget: u8::try_from(self.question_budget).unwrap_or(u8::MAX),
                self_care: self.self_care,
                voice: self.voice,
                retention_days: u32::try_from(self.retention_days).unwrap_or(0),
                requests_per_minute: u32::try_from(self.requests_per_minute).unwrap_or(0),
                model: self.model.as_deref().map(json).transpose()?,
                speech: self.speech.as_deref().map(json).transpose()?,
            },
        ))
    }
}

/// An application and its organisation.
///
/// # Errors
/// If the store fails.
pub async fn find(
    connection: &mut Connection,
    id: &str,
) -> Result<Option<(OrganisationId, Application)>, StoreError> {
    let row: Option<Row> = sqlx::query_as(
        "select organisation_id, id, name, kind, description, domains, region, url, network_type, accent, languages,
                setting, time_zone, question_budget, self_care, voice, retention_days, requests_per_minute, model, speech
           from applications where id = ?",
    )
    .bind(id)
    .fetch_optional(connection)
    .await?;
    row.map(Row::read).transpose()
}

/// Id of the first application, if there is any.
///
/// # Errors
/// If the store fails.
pub async fn first(connection: &mut Connection) -> Result<Option<String>, StoreError> {
    let row: Option<(String,)> =
        sqlx::query_as("select id from applications order by position, id limit 1")
            .fetch_optional(connection)
            .await?;
    Ok(row.map(|(id,)| id))
}

/// Stores an organisation, if it is not there yet.
///
/// # Errors
/// If the store fails.
pub async fn insert_organisation(
    connection: &mut Connection,
    id: &OrganisationId,
    name: &str,
    now: Millis,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into organisations (id, name, directory_version, created_at) values (?, ?, 0, ?)",
    )
    .bind(id.as_str())
    .bind(name)
    .bind(now.0)
    .execute(connection)
    .await?;
    Ok(())
}

/// Stores a new application.
///
/// # Errors
/// [`StoreError::Exists`] if the id is taken, or if the store fails.
pub async fn insert(
    connection: &mut Connection,
    organisation: &OrganisationId,
    position: u32,
    application: &Application,
    now: Millis,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into applications (organisation_id, id, position, name, kind, description, domains, region, url,
                network_type, accent, languages, setting, time_zone, question_budget, self_care, voice, retention_days,
                requests_per_minute, model, speech, created_at, updated_at)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(organisation.as_str())
    .bind(&application.id)
    .bind(position)
    .bind(text(&application.name)?)
    .bind(&application.kind)
    .bind(&application.description)
    .bind(text(&application.domains)?)
    .bind(&application.region)
    .bind(&application.url)
    .bind(&application.network_type)
    .bind(&application.accent)
    .bind(text(&application.languages)?)
    .bind(&application.setting)
    .bind(&application.time_zone)
    .bind(i64::from(application.question_budget))
    .bind(application.self_care)
    .bind(application.voice)
    .bind(application.retention_days)
    .bind(application.requests_per_minute)
    .bind(application.model.as_ref().map(text).transpose()?)
    .bind(application.speech.as_ref().map(text).transpose()?)
    .bind(now.0)
    .bind(now.0)
    .execute(connection)
    .await?;
    Ok(())
}

/// Stores a key with which another system fetches what an application's messages tell of.
///
/// # Errors
/// If the store fails or there is no such application.
pub async fn insert_key(
    connection: &mut Connection,
    application: &str,
    key_hash: &[u8],
    now: Millis,
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "insert into application_keys (organisation_id, application_id, key_hash, created_at)
         select organisation_id, id, ?, ? from applications where id = ?",
    )
    .bind(key_hash)
    .bind(now.0)
    .bind(application)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// The application that a key opens.
///
/// # Errors
/// If the store fails.
pub async fn of_key(
    connection: &mut Connection,
    key_hash: &[u8],
) -> Result<Option<String>, StoreError> {
    Ok(
        sqlx::query_scalar("select application_id from application_keys where key_hash = ?")
            .bind(key_hash)
            .fetch_optional(connection)
            .await?,
    )
}
