//! The published directory: an index per organisation and version, views for the page, frequently asked
//! questions, the demo organisation.

use std::collections::HashMap;
use std::sync::Arc;

use consult::guide::Index;
use consult::knowledge::Knowledge;
use tokio::sync::Mutex;

use crate::ids::OrganisationId;
use crate::search::Search;
use crate::store::{self, Store, StoreError};

pub mod demo;
pub mod faq;
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

/// Searches in use, by organisation. One of another version than the store's is rebuilt.
#[derive(Default)]
pub struct Searches {
    known: Mutex<HashMap<OrganisationId, (u64, Arc<Search>)>>,
}

impl std::fmt::Debug for Searches {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Searches(…)")
    }
}

impl Searches {
    /// The search over an organisation's content at `version` of its directory, which the caller has just read.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn get(
        &self,
        store: &Store,
        organisation: &OrganisationId,
        version: u64,
    ) -> Result<Arc<Search>, StoreError> {
        let mut known = self.known.lock().await;
        if let Some((at, search)) = known.get(organisation)
            && *at == version
        {
            return Ok(Arc::clone(search));
        }
        let (directory, faq) = {
            let mut connection = store.reader().await?;
            (
                store::directory::read(&mut connection, organisation).await?,
                store::directory::faq(&mut connection, organisation).await?,
            )
        };
        let at = directory.version;
        // Building is work for the processor; a build that panics leaves no search, and is tried again next time.
        let built = tokio::task::spawn_blocking(move || Search::build(&directory, &faq)).await;
        let search = match built {
            Ok(search) => Arc::new(search),
            Err(error) => {
                tracing::error!(%error, "the search could not be built");
                return Ok(Arc::new(Search::Off));
            }
        };
        known.insert(organisation.clone(), (at, Arc::clone(&search)));
        Ok(search)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::clock::Millis;
    use crate::search::Found;

    #[tokio::test]
    async fn a_search_follows_the_version_of_its_directory() {
        let folder = tempfile::tempdir().unwrap();
        let opening = store::Opening {
            readers: 2,
            busy_timeout: Duration::from_secs(5),
        };
        let store = Store::sqlite(&folder.path().join("a.sqlite"), opening)
            .await
            .unwrap();
        let first = demo::seed(&store, Millis(0)).await.unwrap();
        let demo = demo::load().unwrap();
        let stored = store::directory::faq(&mut store.reader().await.unwrap(), &demo.organisation)
            .await
            .unwrap();
        assert_eq!(stored, demo.faq);

        let searches = Searches::default();
        let get = async |version| {
            searches
                .get(&store, &demo.organisation, version)
                .await
                .unwrap()
        };
        let search = get(first).await;
        assert!(Arc::ptr_eq(&search, &get(first).await));
        // Published again: another version, another search.
        let second = demo::seed(&store, Millis(1)).await.unwrap();
        assert_eq!(second, first + 1);
        let renewed = get(second).await;
        assert!(!Arc::ptr_eq(&search, &renewed));
        let found = renewed.answers("where can I park?", &[]);
        assert_eq!(
            matches!(found, Found::Passages { .. }),
            cfg!(feature = "search-embedded")
        );
        store.close().await;
    }
}
