//! The demo organisation: invented, from the files of `server/demo`, not from code.

use consult::guide::directory::Directory;
use rust_embed::RustEmbed;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::faq::{Faq, FaqEntry};
use crate::clock::Millis;
use crate::ids::OrganisationId;
use crate::store::applications::Application;
use crate::store::{self, Store, StoreError};

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/demo"]
struct Files;

/// What is wrong with the demo's files. Found by a test, so never met in a built server.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A file does not read.
    #[error("demo/{file}: {message}")]
    File {
        /// Its name.
        file: String,
        /// What is wrong.
        message: String,
    },
    /// The store's fault.
    #[error(transparent)]
    Store(#[from] StoreError),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OrganisationFile {
    id: String,
    name: String,
    application: Vec<Application>,
}

/// The demo organisation as its files say.
#[derive(Debug)]
pub struct Demo {
    /// Its id.
    pub organisation: OrganisationId,
    /// Its name.
    pub name: String,
    /// Its applications.
    pub applications: Vec<Application>,
    /// Its directory.
    pub directory: Directory,
    /// Its frequently asked questions.
    pub faq: Vec<FaqEntry>,
}

fn read<T: DeserializeOwned>(file: &str) -> Result<T, DemoError> {
    let wrong = |message: String| DemoError::File {
        file: file.to_owned(),
        message,
    };
    let content = Files::get(file).ok_or_else(|| wrong("missing".to_owned()))?;
    let text = std::str::from_utf8(&content.data).map_err(|error| wrong(error.to_string()))?;
    toml::from_str(text).map_err(|error| wrong(error.to_string()))
}

/// Reads the files.
///
/// # Errors
/// If one is missing or does not read.
pub fn load() -> Result<Demo, DemoError> {
    let organisation: OrganisationFile = read("organisation.toml")?;
    let questions: Faq = read("faq.toml")?;
    let mut directory = Directory::default();
    let mut files: Vec<_> = Files::iter()
        .filter(|file| file.ends_with(".toml"))
        .filter(|file| !matches!(file.as_ref(), "organisation.toml" | "faq.toml"))
        .collect();
    files.sort();
    for file in files {
        let part: Directory = read(&file)?;
        directory.hospitals.extend(part.hospitals);
        directory.departments.extend(part.departments);
        directory.doctors.extend(part.doctors);
        directory.routing.extend(part.routing);
    }
    Ok(Demo {
        organisation: OrganisationId::stored(organisation.id),
        name: organisation.name,
        applications: organisation.application,
        directory,
        faq: questions.faq,
    })
}

/// Puts the demo organisation into the store; if it is there, publishes its directory again. Answers its directory's version.
///
/// # Errors
/// If a file does not read or the store fails.
pub async fn seed(store: &Store, now: Millis) -> Result<u64, DemoError> {
    let demo = load()?;
    let there =
        store::directory::version(&mut *store.reader().await?, &demo.organisation).await? > 0;
    let version = store
        .write(move |connection| {
            Box::pin(async move {
                if !there {
                    store::applications::insert_organisation(
                        connection,
                        &demo.organisation,
                        &demo.name,
                        now,
                    )
                    .await?;
                    for (position, application) in (0_u32..).zip(&demo.applications) {
                        store::applications::insert(
                            connection,
                            &demo.organisation,
                            position,
                            application,
                            now,
                        )
                        .await?;
                    }
                }
                store::directory::publish(
                    connection,
                    &demo.organisation,
                    &demo.directory,
                    &demo.faq,
                )
                .await
            })
        })
        .await?;
    Ok(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_read_and_name_only_what_exists() {
        let demo = load().unwrap();
        let directory = &demo.directory;
        assert!(!demo.applications.is_empty() && !directory.hospitals.is_empty());
        for application in &demo.applications {
            for domain in &application.domains {
                assert!(
                    crate::application::frame_source(domain).is_some(),
                    "{domain}"
                );
            }
        }
        for department in &directory.departments {
            assert!(
                directory
                    .hospitals
                    .iter()
                    .any(|hospital| hospital.id == department.hospital),
                "{}",
                department.id
            );
            for opening in &department.hours {
                assert!(
                    (1..=7).contains(&opening.weekday)
                        && opening.from < opening.to
                        && opening.to <= 1440
                );
            }
        }
        for doctor in &directory.doctors {
            assert!(
                directory
                    .departments
                    .iter()
                    .any(|department| department.id == doctor.department),
                "{}",
                doctor.id
            );
        }
        for rule in &directory.routing {
            for named in &rule.departments {
                assert!(
                    directory
                        .departments
                        .iter()
                        .any(|department| department.id == *named),
                    "{named}"
                );
            }
        }
    }

    #[test]
    fn the_questions_are_whole() {
        let demo = load().unwrap();
        assert!(demo.faq.len() >= 60, "{}", demo.faq.len());
        let mut ids: Vec<&str> = demo.faq.iter().map(|entry| entry.id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), demo.faq.len(), "an id stands twice");
        for entry in &demo.faq {
            for language in ["zh", "en"] {
                for text in [&entry.question, &entry.answer] {
                    let said = text.0.get(language).map_or("", |text| text.trim());
                    assert!(!said.is_empty(), "{} {language}", entry.id);
                }
                assert!(
                    entry.also.get(language).is_some_and(|ways| {
                        !ways.is_empty() && ways.iter().all(|way| !way.trim().is_empty())
                    }),
                    "{} {language}",
                    entry.id
                );
            }
            if let Some(department) = &entry.department {
                assert!(
                    demo.directory
                        .departments
                        .iter()
                        .any(|one| one.id == *department),
                    "{}: {department}",
                    entry.id
                );
            }
        }
    }

    #[test]
    fn every_text_is_in_both_languages() {
        let demo = load().unwrap();
        let both = |what: &str, text: &consult::Text| {
            if !text.0.is_empty() {
                for language in ["zh", "en"] {
                    assert!(
                        text.0
                            .get(language)
                            .is_some_and(|text| !text.trim().is_empty()),
                        "{what} {language}"
                    );
                }
            }
        };
        for hospital in &demo.directory.hospitals {
            for text in [
                &hospital.name,
                &hospital.address,
                &hospital.triage_desk,
                &hospital.travel,
                &hospital.introduction,
            ] {
                both(&hospital.id, text);
            }
        }
        for department in &demo.directory.departments {
            for text in [
                &department.name,
                &department.floor,
                &department.introduction,
            ] {
                both(&department.id, text);
            }
        }
        for doctor in &demo.directory.doctors {
            for text in [
                &doctor.name,
                &doctor.title,
                &doctor.expertise,
                &doctor.introduction,
            ] {
                both(&doctor.id, text);
            }
        }
    }
}
