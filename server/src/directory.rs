//! The published directory: an index per organisation and version, views for the page, the demo organisation.

use std::collections::HashMap;
use std::sync::Arc;

use consult::guide::Index;
use consult::knowledge::Knowledge;
use tokio::sync::Mutex;

use crate::ids::OrganisationId;
use crate::store::{self, Store, StoreError};

pub mod demo;
pub mod lists;
pub mod words;

/// Indexes in use, by organisation. One of another version than the store's is rebuilt.
#[derive(Default)]
pub struct Indexes {
    known: Mutex<HashMap<OrganisationId, (u64, Arc<Index>)>>,
}

impl std::fmt::Debug for Indexes {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Indexes(…)")
    }
}

impl Indexes {
    /// The index of an organisation's directory at `version`, which the caller has just read.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn get(
        &self,
        store: &Store,
        knowledge: &Knowledge,
        organisation: &OrganisationId,
        version: u64,
    ) -> Result<Arc<Index>, StoreError> {
        let mut known = self.known.lock().await;
        if let Some((at, index)) = known.get(organisation)
            && *at == version
        {
            return Ok(Arc::clone(index));
        }
        let directory = store::directory::read(&mut *store.reader().await?, organisation).await?;
        let at = directory.version;
        let (index, problems) = Index::build(knowledge, directory);
        for problem in problems {
            tracing::warn!(organisation.id = %organisation, rule = problem.rule, message = problem.message, "a routing rule is left out");
        }
        let index = Arc::new(index);
        known.insert(organisation.clone(), (at, Arc::clone(&index)));
        Ok(index)
    }
}
