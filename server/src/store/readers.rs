//! Connections that read, kept in a pool that hands them on as they come back. sqlx's own asks each one whether it lives
//! whenever it is given back, which costs as much as a turn's read itself.

use std::time::Duration;

use deadpool::managed::{Manager, Metrics, Object, Pool, PoolError, RecycleResult};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection as _, SqliteConnection};

use super::StoreError;

/// A connection that was quiet for so long is asked whether it lives.
const QUIET: Duration = Duration::from_secs(10);
/// And so is any that was used so often.
const USES: usize = 500;

/// A connection to read with; dropping it gives it back.
pub type Reader = Object<Opener>;

/// Opens connections that read.
#[derive(Debug)]
pub struct Opener {
    options: SqliteConnectOptions,
}

impl Manager for Opener {
    type Type = SqliteConnection;
    type Error = sqlx::Error;

    async fn create(&self) -> Result<SqliteConnection, sqlx::Error> {
        SqliteConnection::connect_with(&self.options).await
    }

    async fn recycle(
        &self,
        connection: &mut SqliteConnection,
        metrics: &Metrics,
    ) -> RecycleResult<sqlx::Error> {
        // A thread of the database that died takes its connection along; nothing else ends one.
        if metrics.last_used() > QUIET || metrics.recycle_count % USES == USES - 1 {
            connection.ping().await?;
        }
        Ok(())
    }
}

/// The connections of one file that read.
#[derive(Debug, Clone)]
pub(super) struct Readers(Pool<Opener>);

impl Readers {
    /// At most `most` connections, each opened when it is first needed.
    ///
    /// # Errors
    /// If the pool cannot be built.
    pub(super) fn new(options: SqliteConnectOptions, most: u32) -> Result<Self, StoreError> {
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let pool = Pool::builder(Opener { options })
            .max_size(most)
            .build()
            .map_err(|_| StoreError::Closed)?;
        Ok(Self(pool))
    }

    /// One of them, once one is free.
    pub(super) async fn get(&self) -> Result<Reader, StoreError> {
        self.0.get().await.map_err(|error| match error {
            PoolError::Backend(error) => error.into(),
            _ => StoreError::Closed,
        })
    }

    /// Closes those that are free and hands out no more.
    pub(super) async fn close(&self) {
        let free = self.0.retain(|_, _| false).removed;
        self.0.close();
        for connection in free {
            if let Err(error) = connection.close().await {
                tracing::warn!(%error, "a connection that reads did not close cleanly");
            }
        }
    }
}
