//! Keys: the master key wraps a key per organisation, which wraps a key per session, which seals what the patient said.
//!
//! Session keys lie in a file of their own (`keys.sqlite`), outside the content's backup. Erasing a session begins here:
//! without its key nothing of it reads, in any backup of the content.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::RwLock;
use zeroize::Zeroizing;

use crate::clock::Millis;
use crate::config::MasterKeySource;
use crate::ids::{OrganisationId, SessionId};
use crate::store::{self, Database, StoreError};

pub mod sealing;

pub use sealing::{Place, SealingKey};

/// Session keys held in memory at most.
const TALKING: usize = 1024;
const CHECK: &[u8] = b"anteroom master key check";
const CHECK_PLACE: Place<'_> = Place {
    organisation: "",
    owner: "",
    seq: 0,
    kind: "key_check",
};

/// What can go wrong with keys. Every message is for the operator; none holds key bytes.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The system has no randomness.
    #[error("the system gives no random bytes")]
    NoRandomness,
    /// A sealed value was changed or belongs elsewhere.
    #[error("a sealed value does not open in its place")]
    DoesNotOpen,
    /// A sealed value names another key.
    #[error("a sealed value names another key")]
    OtherKey,
    /// There is data, but no master key.
    #[error(
        "the master key is missing: {0} holds data sealed with it. Put the key back (master.key in the data folder, \
         ANTEROOM_MASTER_KEY or ANTEROOM_MASTER_KEY_FILE); a new key would make the data unreadable for ever"
    )]
    MasterMissing(PathBuf),
    /// The master key is not the one the data was written with.
    #[error(
        "the master key is the wrong one: the data was written with the key {expected}, this one is {found}. \
         Put the right key in place; nothing was changed"
    )]
    MasterWrong {
        /// Id of the key the data was written with.
        expected: String,
        /// Id of the key given.
        found: String,
    },
    /// The master key cannot be read.
    #[error("the master key in {0} cannot be read: {1}")]
    MasterUnreadable(String, String),
    /// The session's key is gone: it was erased.
    #[error("the session has no key")]
    NoSessionKey,
}

/// What opening the keys can end with.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A key's fault.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The store's fault.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The key store.
#[derive(Debug, Clone)]
pub struct Keys {
    database: Database,
    master: Arc<SealingKey>,
    organisations: Arc<RwLock<HashMap<OrganisationId, SealingKey>>>,
    /// Keys of sessions that talk now, so that each turn does not open them anew.
    sessions: Arc<Mutex<HashMap<(OrganisationId, SessionId), SealingKey>>>,
}

/// Bytes in hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            // Writing to a string does not fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// Bytes from lower- or upper-case hexadecimal.
#[must_use]
pub fn from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let text = text.as_bytes();
    if text.len() != 2 * N {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
        let digit = |at: usize| char::from(pair[at]).to_digit(16);
        *byte = u8::try_from(digit(0)? * 16 + digit(1)?).ok()?;
    }
    Some(bytes)
}

/// Reads the master key, or makes one if there is no data yet.
///
/// # Errors
/// If it is missing although there is data, unreadable, or cannot be made.
pub fn master_key(
    source: &MasterKeySource,
    folder: &Path,
    data_exists: bool,
) -> Result<SealingKey, KeyError> {
    let parse = |text: &str, place: &str| {
        from_hex(text.trim())
            .map(SealingKey::from_bytes)
            .ok_or_else(|| {
                KeyError::MasterUnreadable(
                    place.to_owned(),
                    "it is not 64 hexadecimal digits".to_owned(),
                )
            })
    };
    let (path, own) = match source {
        MasterKeySource::Value(text) => return parse(text, "ANTEROOM_MASTER_KEY"),
        MasterKeySource::File(path) => (path.clone(), false),
        MasterKeySource::DataFolder => (folder.join("master.key"), true),
    };
    let place = path.display().to_string();
    match std::fs::read_to_string(&path).map(Zeroizing::new) {
        Ok(text) => parse(&text, &place),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && own && !data_exists => {
            make_master_key(&path)
                .map_err(|error| KeyError::MasterUnreadable(place, error.to_string()))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && data_exists => {
            Err(KeyError::MasterMissing(folder.to_path_buf()))
        }
        Err(error) => Err(KeyError::MasterUnreadable(place, error.to_string())),
    }
}

fn make_master_key(path: &Path) -> std::io::Result<SealingKey> {
    use std::io::Write as _;
    let bytes: [u8; 32] = sealing::random().map_err(std::io::Error::other)?;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    let text = Zeroizing::new(format!("{}\n", hex(&bytes)));
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    Ok(SealingKey::from_bytes(bytes))
}

impl Keys {
    /// Opens the key store with a master key and proves that it is the right one.
    ///
    /// # Errors
    /// If the master key is not the one the data was written with, or the store fails.
    pub async fn open(
        database: Database,
        master: SealingKey,
        content_exists: bool,
        folder: &Path,
        now: Millis,
    ) -> Result<Self, OpenError> {
        let check = store::keys::check_value(&mut *database.reader().await?).await?;
        match check {
            Some((expected, sealed)) => {
                if master.open(&CHECK_PLACE, &sealed).is_err() {
                    let found = master.id_hex();
                    return Err(KeyError::MasterWrong { expected, found }.into());
                }
            }
            // Content without any key: the key store was lost, and its sessions with it. A new one would hide that.
            None if content_exists => {
                return Err(KeyError::MasterMissing(folder.to_path_buf()).into());
            }
            None => {
                let (id, sealed) = (master.id_hex(), master.seal(&CHECK_PLACE, CHECK)?);
                database
                    .write(move |connection| {
                        Box::pin(async move {
                            store::keys::insert_check_value(connection, &id, &sealed, now).await
                        })
                    })
                    .await?;
            }
        }
        Ok(Self {
            database,
            master: Arc::new(master),
            organisations: Arc::default(),
            sessions: Arc::default(),
        })
    }

    /// The key of an organisation, made at its first use.
    async fn organisation(
        &self,
        organisation: &OrganisationId,
        now: Millis,
    ) -> Result<SealingKey, StoreError> {
        if let Some(key) = self.organisations.read().await.get(organisation) {
            return Ok(key.clone());
        }
        let mut known = self.organisations.write().await;
        if let Some(key) = known.get(organisation) {
            return Ok(key.clone());
        }
        let place = Place {
            organisation: organisation.as_str(),
            owner: organisation.as_str(),
            seq: 0,
            kind: "organisation_key",
        };
        let stored = store::keys::organisation_key(
            &mut *self.database.reader().await?,
            organisation.as_str(),
        )
        .await?;
        let key = if let Some(wrapped) = stored {
            self.master.unwrap(&place, &wrapped)?
        } else {
            let key = SealingKey::generate()?;
            let wrapped = self.master.wrap(&place, &key)?;
            let (id, owner) = (key.id().to_vec(), organisation.as_str().to_owned());
            self.database
                .write(move |connection| {
                    Box::pin(async move {
                        store::keys::insert_organisation_key(connection, &owner, &id, &wrapped, now)
                            .await
                    })
                })
                .await?;
            key
        };
        known.insert(organisation.clone(), key.clone());
        Ok(key)
    }

    /// Seals a value of an organisation's own.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn seal(
        &self,
        organisation: &OrganisationId,
        place: &Place<'_>,
        plain: &[u8],
        now: Millis,
    ) -> Result<Vec<u8>, StoreError> {
        Ok(self
            .organisation(organisation, now)
            .await?
            .seal(place, plain)?)
    }

    /// Opens a value of an organisation's own.
    ///
    /// # Errors
    /// If it does not open there, or the store fails.
    pub async fn open_sealed(
        &self,
        organisation: &OrganisationId,
        place: &Place<'_>,
        sealed: &[u8],
        now: Millis,
    ) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        Ok(self
            .organisation(organisation, now)
            .await?
            .open(place, sealed)?)
    }

    /// The key of a session.
    ///
    /// # Errors
    /// [`KeyError::NoSessionKey`] if it was erased, or if the store fails.
    pub async fn session(
        &self,
        organisation: &OrganisationId,
        session: SessionId,
        now: Millis,
    ) -> Result<SealingKey, StoreError> {
        let place = (organisation.clone(), session);
        if let Some(key) = self.talking().get(&place) {
            return Ok(key.clone());
        }
        let outer = self.organisation(organisation, now).await?;
        let owner = session.text();
        let wrapped = store::keys::session_key(
            &mut *self.database.reader().await?,
            organisation.as_str(),
            &owner,
        )
        .await?
        .ok_or(KeyError::NoSessionKey)?;
        let key = outer.unwrap(&session_place(organisation, &owner), &wrapped)?;
        let mut talking = self.talking();
        if talking.len() >= TALKING {
            // Those that still talk come back at their next turn.
            talking.clear();
        }
        talking.insert(place, key.clone());
        Ok(key)
    }

    fn talking(&self) -> MutexGuard<'_, HashMap<(OrganisationId, SessionId), SealingKey>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes the key of a new session, before the session itself: a key without a session is harmless.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn make_session(
        &self,
        organisation: &OrganisationId,
        session: SessionId,
        now: Millis,
    ) -> Result<SealingKey, StoreError> {
        let outer = self.organisation(organisation, now).await?;
        let owner = session.text();
        let key = SealingKey::generate()?;
        let wrapped = outer.wrap(&session_place(organisation, &owner), &key)?;
        let (organisation_id, id) = (organisation.as_str().to_owned(), key.id().to_vec());
        let made = self
            .database
            .write(move |connection| {
                Box::pin(async move {
                    store::keys::insert_session_key(
                        connection,
                        &organisation_id,
                        &owner,
                        &id,
                        &wrapped,
                        now,
                    )
                    .await
                })
            })
            .await;
        match made {
            Ok(()) => Ok(key),
            // The call was repeated after the key was made and before the session was.
            Err(StoreError::Exists) => self.session(organisation, session, now).await,
            Err(error) => Err(error),
        }
    }

    /// Deletes a session's key for good: also from the write-ahead log.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn erase_session(&self, session: SessionId) -> Result<(), StoreError> {
        let owner = session.text();
        self.talking().retain(|(_, talks), _| *talks != session);
        self.database
            .write(move |connection| {
                Box::pin(async move { store::keys::delete_session_key(connection, &owner).await })
            })
            .await?;
        // Once more: a turn may have fetched it in between.
        self.talking().retain(|(_, talks), _| *talks != session);
        self.database.truncate_log().await
    }

    /// Closes the file.
    pub async fn close(&self) {
        self.database.close().await;
    }
}

fn session_place<'a>(organisation: &'a OrganisationId, session: &'a str) -> Place<'a> {
    Place {
        organisation: organisation.as_str(),
        owner: session,
        seq: 0,
        kind: "session_key",
    }
}
