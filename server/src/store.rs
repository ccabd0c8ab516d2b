//! The store: where everything but keys is kept. The only place with SQL, next to `store/`.
//!
//! One port, one enum. SQLite is the product; other engines come behind the same enum. Reading uses a small pool; every
//! write goes through one task per database file, which commits together what is waiting.

use std::path::Path;
use std::time::Duration;

use futures_util::future::BoxFuture;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection as _, SqliteConnection};

pub mod applications;
pub mod directory;
pub mod events;
pub mod keys;
pub mod ledger;
pub mod links;
pub mod outbox;
pub mod photos;
pub mod privacy;
pub mod reports;
pub mod runs;
pub mod sessions;
pub mod staff;
pub mod statements;
pub mod tokens;
pub mod usage;

mod readers;
mod writer;

pub use readers::Reader;
use readers::Readers;
use statements::Statements;
use writer::Writer;

/// A connection of the engine in use.
pub type Connection = SqliteConnection;

/// What can go wrong in the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The engine refused or failed.
    #[error("the database failed")]
    Database(#[source] sqlx::Error),
    /// No room is left on the disk.
    #[error("the disk is full")]
    Full,
    /// The row is already there.
    #[error("the row is already there")]
    Exists,
    /// What the row belongs to is not there, or no more.
    #[error("what the row belongs to is gone")]
    Gone,
    /// The migrations could not be applied.
    #[error("the database's layout could not be brought up to date")]
    Migration(#[source] sqlx::migrate::MigrateError),
    /// A stored value is not what was written.
    #[error("a stored value does not read: {0}")]
    Damaged(String),
    /// A value could not be sealed or opened.
    #[error(transparent)]
    Key(#[from] crate::keys::KeyError),
    /// The writer is gone: the server is shutting down.
    #[error("the store is closed")]
    Closed,
    /// The commit of a group failed; nothing of it was written.
    #[error("the write was not committed: {0}")]
    NotCommitted(String),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        if let sqlx::Error::Database(database) = &error {
            if database.is_unique_violation() {
                return Self::Exists;
            }
            if database.is_foreign_key_violation() {
                return Self::Gone;
            }
            // SQLITE_FULL, and the input-output errors a full disk shows as while the log is written.
            if matches!(database.code().as_deref(), Some("13" | "778" | "4874")) {
                return Self::Full;
            }
        }
        Self::Database(error)
    }
}

/// Statements a connection keeps prepared. A turn's come in a few dozen combinations.
const STATEMENTS: usize = 250;

/// One database file: a writer and a few readers.
#[derive(Debug, Clone)]
pub struct Database {
    writer: Writer,
    readers: Readers,
}

/// How a database file is opened.
#[derive(Debug, Clone, Copy)]
pub struct Opening {
    /// Connections that read.
    pub readers: u32,
    /// How long a statement waits for a lock of another process.
    pub busy_timeout: Duration,
}

impl Database {
    /// Opens a file, made if it is missing, and brings its layout up to date.
    ///
    /// # Errors
    /// If it cannot be opened, or holds a layout newer than this server's.
    pub async fn open(
        file: &Path,
        opening: Opening,
        migrations: &sqlx::migrate::Migrator,
    ) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(opening.busy_timeout)
            .pragma("secure_delete", "on")
            .pragma("temp_store", "memory")
            .statement_cache_capacity(STATEMENTS)
            .disable_statement_logging();
        let mut connection = SqliteConnection::connect_with(&options).await?;
        // Straight on the connection: the pool's way in is not provably `Send` to the compiler.
        migrations
            .run_direct(None, &mut connection, false)
            .await
            .map_err(StoreError::Migration)?;
        let options = options.read_only(true).create_if_missing(false);
        let readers = Readers::new(options, opening.readers)?;
        Ok(Self {
            writer: Writer::start(connection),
            readers,
        })
    }

    /// A connection to read with.
    ///
    /// # Errors
    /// If none can be had.
    pub async fn reader(&self) -> Result<Reader, StoreError> {
        self.readers.get().await
    }

    /// Writes: the job's statements are one unit, and the answer comes after the commit.
    ///
    /// # Errors
    /// What the job answers, or the commit's failure; then nothing of the job is written.
    pub async fn write<T, Job>(&self, job: Job) -> Result<T, StoreError>
    where
        T: Send + 'static,
        Job: for<'c> FnOnce(&'c mut Connection) -> BoxFuture<'c, Result<T, StoreError>>
            + Send
            + 'static,
    {
        self.writer.write(job).await
    }

    /// Writes statements as one unit; the answer comes after the commit.
    ///
    /// # Errors
    /// What a statement answers, or the commit's failure; then nothing of them is written.
    pub async fn run(&self, statements: Statements) -> Result<(), StoreError> {
        self.writer.run(statements).await
    }

    /// Empties the write-ahead log into the file and cuts it to nothing, so that what was deleted is in neither.
    ///
    /// # Errors
    /// If a reader holds the log for longer than it is waited for.
    pub async fn truncate_log(&self) -> Result<(), StoreError> {
        self.writer.truncate_log().await
    }

    /// Closes the file after everything queued is written.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// The content's store.
#[derive(Debug, Clone)]
pub enum Store {
    /// One SQLite file.
    Sqlite(Database),
}

static SQLITE: sqlx::migrate::Migrator = sqlx::migrate!("./migrations/sqlite");

impl Store {
    /// Opens the SQLite store in a folder.
    ///
    /// # Errors
    /// As [`Database::open`].
    pub async fn sqlite(file: &Path, opening: Opening) -> Result<Self, StoreError> {
        Ok(Self::Sqlite(Database::open(file, opening, &SQLITE).await?))
    }

    fn database(&self) -> &Database {
        let Self::Sqlite(database) = self;
        database
    }

    /// A connection to read with.
    ///
    /// # Errors
    /// If none can be had.
    pub async fn reader(&self) -> Result<Reader, StoreError> {
        self.database().reader().await
    }

    /// Writes one unit; the answer comes after the commit.
    ///
    /// # Errors
    /// As [`Database::write`].
    pub async fn write<T, Job>(&self, job: Job) -> Result<T, StoreError>
    where
        T: Send + 'static,
        Job: for<'c> FnOnce(&'c mut Connection) -> BoxFuture<'c, Result<T, StoreError>>
            + Send
            + 'static,
    {
        self.database().write(job).await
    }

    /// Writes statements as one unit; the answer comes after the commit. Quicker than [`Store::write`].
    ///
    /// # Errors
    /// As [`Database::run`].
    pub async fn run(&self, statements: Statements) -> Result<(), StoreError> {
        self.database().run(statements).await
    }

    /// Leaves nothing of what was deleted in the write-ahead log.
    ///
    /// # Errors
    /// As [`Database::truncate_log`].
    pub async fn truncate_log(&self) -> Result<(), StoreError> {
        self.database().truncate_log().await
    }

    /// Closes after everything queued is written.
    pub async fn close(&self) {
        self.database().close().await;
    }
}

/// Reads a stored number as an unsigned one.
fn unsigned(value: i64) -> Result<u64, StoreError> {
    u64::try_from(value).map_err(|_| StoreError::Damaged(format!("{value} is negative")))
}

/// Writes an unsigned number; sequences never come near the end of the range.
fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
