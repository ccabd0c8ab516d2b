//! Applications: what a page needs before a session, the texts of consent, who may frame the page.

use std::collections::BTreeMap;

use consult::knowledge::Knowledge;
use serde::Deserialize;
use wire::Localized;
use wire::application::{
    Application as Shown, ApplicationKind, ComplaintEntry, ConsentText, Desk, EmergencyContacts,
    EmergencyDepartment, Setting,
};
use wire::session::ConsentGiven;

use crate::directory::words::localized;
use crate::keys::{hex, sealing::sha256};
use crate::store::applications::Application;

/// Longest text of one turn, in Unicode scalar values.
pub const TEXT_LIMIT: u32 = 2000;

const TEXTS: &str = include_str!("../texts/consents.toml");

/// The consents asked and the notices shown.
#[derive(Debug, Clone)]
pub struct Texts {
    /// Consents, the required one first.
    pub consents: Vec<ConsentText>,
    /// Notices on arrival.
    pub notices: Vec<Localized>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TextsFile {
    consent: Vec<ConsentEntry>,
    notice: Vec<BTreeMap<String, String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConsentEntry {
    purpose: String,
    version: u32,
    required: bool,
    text: BTreeMap<String, String>,
}

impl Texts {
    /// Reads the texts of the binary.
    ///
    /// # Errors
    /// If the file is not as it should be, which a test finds before.
    pub fn load() -> Result<Self, toml::de::Error> {
        let file: TextsFile = toml::from_str(TEXTS)?;
        let mut consents: Vec<ConsentText> = file
            .consent
            .into_iter()
            .map(|entry| ConsentText {
                sha256: hashes(&entry.text),
                purpose: entry.purpose,
                version: entry.version,
                required: entry.required,
                text: Localized(entry.text),
            })
            .collect();
        consents.sort_by_key(|consent| !consent.required);
        Ok(Self {
            consents,
            notices: file.notice.into_iter().map(Localized).collect(),
        })
    }

    /// The consents an application asks for, with its providers' names in them. Those of a provider it does not have are not
    /// asked.
    #[must_use]
    pub fn of(&self, providers: &Providers) -> Vec<ConsentText> {
        self.consents
            .iter()
            .filter_map(|text| match text.purpose.as_str() {
                "model_provider" => Some(naming(text, providers.model.as_deref()?)),
                "speech_provider" => Some(naming(text, providers.speech.as_deref()?)),
                "browser_speech" => providers.browser_speech.then(|| text.clone()),
                _ => Some(text.clone()),
            })
            .collect()
    }

    /// What is wrong with the consents given of those an application asks for, as `(field, code)`; empty if nothing is.
    #[must_use]
    pub fn check(asked: &[ConsentText], given: &[ConsentGiven]) -> Vec<(String, &'static str)> {
        let mut wrong = Self::check_each(asked, given);
        for text in asked.iter().filter(|text| text.required) {
            if !given.iter().any(|consent| consent.purpose == text.purpose) {
                wrong.push(("consents".to_owned(), "required_consent_missing"));
            }
        }
        wrong
    }

    /// As [`Texts::check`], without looking for the required one: consents given later.
    #[must_use]
    pub fn check_each(
        asked: &[ConsentText],
        given: &[ConsentGiven],
    ) -> Vec<(String, &'static str)> {
        let mut wrong = Vec::new();
        for (place, consent) in given.iter().enumerate() {
            let field = |name: &str| format!("consents[{place}].{name}");
            let Some(text) = asked.iter().find(|text| text.purpose == consent.purpose) else {
                wrong.push((field("purpose"), "unknown_purpose"));
                continue;
            };
            if given[..place]
                .iter()
                .any(|earlier| earlier.purpose == consent.purpose)
            {
                wrong.push((field("purpose"), "given_twice"));
            }
            if text.version != consent.version {
                wrong.push((field("version"), "other_version"));
            } else if text.sha256.get(&consent.language) != Some(&consent.sha256) {
                wrong.push((field("sha256"), "other_text"));
            }
        }
        wrong
    }
}

/// Whose computers an application's patients may reach.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Providers {
    /// The language model's provider, if there is one.
    pub model: Option<String>,
    /// The speech provider, if there is one.
    pub speech: Option<String>,
    /// Whether the browser's own recognition may be offered.
    pub browser_speech: bool,
}

/// A consent text with the provider's name in it; its hash is of the text as shown.
fn naming(text: &ConsentText, provider: &str) -> ConsentText {
    let named: BTreeMap<String, String> = text
        .text
        .0
        .iter()
        .map(|(language, text)| (language.clone(), text.replace("{provider}", provider)))
        .collect();
    ConsentText {
        sha256: hashes(&named),
        text: Localized(named),
        ..text.clone()
    }
}

fn hashes(texts: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    texts
        .iter()
        .map(|(language, text)| (language.clone(), hex(&sha256(text.as_bytes()))))
        .collect()
}

/// Everything the page needs before a session.
#[must_use]
pub fn shown(
    application: &Application,
    directory: &consult::guide::directory::Directory,
    knowledge: &Knowledge,
    texts: &Texts,
    providers: &Providers,
) -> Shown {
    Shown {
        id: application.id.clone(),
        name: Localized(application.name.clone()),
        kind: match application.kind.as_str() {
            "guidance" => ApplicationKind::Guidance,
            "pre_consultation" => ApplicationKind::PreConsultation,
            "both" => ApplicationKind::Both,
            _ => ApplicationKind::Unknown,
        },
        languages: application.languages.clone(),
        accent: application.accent.clone(),
        setting: if application.setting == "on_site" {
            Setting::OnSite
        } else {
            Setting::Home
        },
        self_care: application.self_care,
        voice: providers.speech.is_some(),
        consents: texts.of(providers),
        notices: texts.notices.clone(),
        contacts: contacts(knowledge, &application.region),
        desks: directory
            .hospitals
            .iter()
            .map(|hospital| Desk {
                hospital: localized(&hospital.name),
                place: localized(&hospital.triage_desk),
                phone: hospital.phone.clone(),
            })
            .collect(),
        emergency_departments: directory
            .hospitals
            .iter()
            .filter_map(|hospital| {
                Some(EmergencyDepartment {
                    hospital: localized(&hospital.name),
                    address: localized(hospital.emergency.as_ref()?),
                    phone: hospital.phone.clone(),
                })
            })
            .collect(),
        complaints: complaints(knowledge),
        gate: knowledge.gate.hash.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        text_limit: TEXT_LIMIT,
        retention_days: application.retention_days,
    }
}

fn contacts(knowledge: &Knowledge, region: &str) -> EmergencyContacts {
    knowledge
        .locales
        .iter()
        .find(|pack| pack.region == region)
        .or_else(|| knowledge.locales.first())
        .map_or_else(
            // A region without a pack: the number that mobile networks everywhere connect.
            || EmergencyContacts {
                ambulance: "112".to_owned(),
                police: "112".to_owned(),
                crisis_line: "112".to_owned(),
            },
            |pack| EmergencyContacts {
                ambulance: pack.ambulance.clone(),
                police: pack.police.clone(),
                crisis_line: pack.crisis_line.clone(),
            },
        )
}

fn complaints(knowledge: &Knowledge) -> Vec<ComplaintEntry> {
    let mut entries: Vec<ComplaintEntry> = knowledge
        .complaints
        .iter()
        .map(|complaint| ComplaintEntry {
            id: complaint.id.clone(),
            name: localized(&complaint.name),
            body: complaint.body.clone(),
            common: complaint.common,
        })
        .collect();
    entries.sort_by_key(|entry| !entry.common);
    entries
}

/// A domain entry as a source of `frame-ancestors`; `None` if it is not scheme (optional), host (optional wildcard in
/// front) and port (optional). Nothing else may reach the header.
#[must_use]
pub fn frame_source(domain: &str) -> Option<&str> {
    let rest = domain
        .strip_prefix("https://")
        .or_else(|| domain.strip_prefix("http://"))
        .unwrap_or(domain);
    let (host, port) = match rest.rsplit_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (rest, None),
    };
    let port_fits = port.is_none_or(|port| {
        port == "*" || (port.len() <= 5 && port.parse::<u16>().is_ok_and(|port| port > 0))
    });
    let host = host.strip_prefix("*.").unwrap_or(host);
    let label_fits = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    (port_fits && host.len() <= 253 && host.split('.').all(label_fits)).then_some(domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_texts_read_and_one_purpose_is_required() {
        let texts = Texts::load().unwrap();
        assert_eq!(
            texts.consents.iter().filter(|text| text.required).count(),
            1
        );
        assert!(texts.consents[0].required);
        for text in &texts.consents {
            for language in ["zh", "en"] {
                assert_eq!(
                    text.sha256[language],
                    hex(&sha256(text.text.get(language).as_bytes()))
                );
            }
        }
    }

    #[test]
    fn only_hosts_become_frame_sources() {
        for good in [
            "https://hospital.example.org",
            "hospital.example.org",
            "*.example.org",
            "https://*.example.org:8443",
            "http://a.localhost:*",
            "http://127.0.0.1:4000",
        ] {
            assert_eq!(frame_source(good), Some(good));
        }
        for bad in [
            "",
            "*",
            "https:",
            "https://",
            "javascript:alert(1)",
            "data:",
            "'self'",
            "a b",
            "a;script-src *",
            "a.example.org/path",
            "a.example.org:0",
            "a.example.org:99999",
            "a..b",
            "a.*.org",
            "-a.org",
            "ftp://a.org",
            "a.org\r\nx: y",
        ] {
            assert_eq!(frame_source(bad), None, "{bad:?}");
        }
    }
}
