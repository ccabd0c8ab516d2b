//! A report as a FHIR R4 (4.0.1) document: one Bundle, Composition first.
//!
//! Nothing is coded that the patient did not choose from codes: complaints, allergies and medicines are text, in the words of the
//! report. The whole report is in the QuestionnaireResponse, from which [`report_of`] reads it back; the other resources
//! say the same to systems that look for them. The patient has no identity here: a UUID drawn from the session's id.
//!
//! Why the values are built here and not by a crate's types: `docs/adr/0010-fhir-values.md`.

mod answers;
mod narrative;
mod photos;
mod statements;

use serde_json::{Value, json};
use uuid::Uuid;
use wire::report::{Photo, Report, Section};
use wire::session::{Sex, Subject};

use crate::keys::sealing::sha256;
use crate::report::headings;

pub use answers::{Unreadable, report_of};

/// The consent a report rests on.
#[derive(Debug, Clone)]
pub struct ConsentGiven {
    /// Purpose, as the application names it.
    pub purpose: String,
    /// Version of the text agreed to.
    pub version: u32,
    /// RFC 3339 time.
    pub given_at: String,
}

/// What a document is made of.
#[derive(Debug, Clone)]
pub struct Document<'a> {
    /// The report.
    pub report: &'a Report,
    /// Session id: names are drawn from it, it does not stand in the document.
    pub session: &'a str,
    /// Language of the texts, `zh` or `en`; the other one goes along as a translation.
    pub language: &'a str,
    /// RFC 3339 time of the document: of the submission, or now for a draft.
    pub at: &'a str,
    /// Care level given, if there was one (`self_care`, `routine`, `urgent`, `emergency`).
    pub care_level: Option<&'a str>,
    /// The consent it rests on.
    pub consent: Option<ConsentGiven>,
    /// The report's photos, as JPEG.
    pub pictures: Vec<(Photo, Vec<u8>)>,
}

impl Document<'_> {
    /// Name of a resource within the document: the same every time, and no way back to the session.
    fn urn(&self, name: &str) -> String {
        let digest = sha256(format!("fhir {} {name}", self.session).as_bytes());
        let bytes: [u8; 16] = std::array::from_fn(|place| digest[place]);
        let id = uuid::Builder::from_random_bytes(bytes).into_uuid();
        id.urn().to_string()
    }

    fn reference(&self, name: &str) -> Value {
        json!({ "reference": self.urn(name) })
    }

    /// A text in the document's language, with the other as a translation beside it.
    fn text(&self, target: &mut Value, key: &str, text: &wire::Localized) {
        target[key] = json!(text.get(self.language));
        let others: Vec<Value> = text
            .0
            .iter()
            .filter(|(language, _)| language.as_str() != self.language)
            .map(|(language, text)| {
                json!({
                    "url": TRANSLATION,
                    "extension": [
                        { "url": "lang", "valueCode": language },
                        { "url": "content", "valueString": text },
                    ],
                })
            })
            .collect();
        if !others.is_empty() {
            target[format!("_{key}")] = json!({ "extension": others });
        }
    }
}

/// The standard's own extension for a text in another language.
const TRANSLATION: &str = "http://hl7.org/fhir/StructureDefinition/translation";

/// Languages a report leaves in.
pub const LANGUAGES: [&str; 2] = ["zh", "en"];

/// Sections in the order of the record, each with its LOINC code where LOINC has one.
pub const SECTIONS: [(Section, &str, Option<&str>); 12] = [
    (Section::ChiefComplaint, "chief_complaint", Some("10154-3")),
    (Section::PresentIllness, "present_illness", Some("10164-2")),
    (Section::PastHistory, "past_history", Some("11348-0")),
    (Section::Medicines, "medicines", Some("10160-0")),
    (Section::Allergies, "allergies", Some("48765-2")),
    (Section::Family, "family", Some("10157-6")),
    (Section::Personal, "personal", Some("29762-2")),
    (
        Section::MenstrualObstetric,
        "menstrual_obstetric",
        Some("10162-6"),
    ),
    (Section::Vaccination, "vaccination", Some("11369-6")),
    (Section::VitalSigns, "vital_signs", Some("8716-3")),
    (Section::Wishes, "wishes", None),
    (Section::Told, "told", None),
];

/// LOINC.
const LOINC: &str = "http://loinc.org";

fn coded(system: &str, code: &str) -> Value {
    json!({ "coding": [{ "system": system, "code": code }] })
}

/// A code of one of HL7's own systems.
fn of_hl7(system: &str, code: &str) -> Value {
    coded(
        &format!("http://terminology.hl7.org/CodeSystem/{system}"),
        code,
    )
}

/// The document.
#[must_use]
pub fn bundle(document: &Document<'_>) -> Value {
    let stated = statements::statements(document);
    let mut resources = vec![
        ("composition".to_owned(), composition(document, &stated)),
        ("patient".to_owned(), patient(document)),
        ("encounter".to_owned(), encounter(document)),
        ("software".to_owned(), software()),
        ("answers".to_owned(), answers::response(document)),
        ("provenance".to_owned(), provenance(document)),
    ];
    resources.extend(consent(document).map(|consent| ("consent".to_owned(), consent)));
    resources.extend(stated.into_iter().map(|one| (one.name, one.resource)));
    resources.extend(photos::media(document));
    let entries: Vec<Value> = resources
        .into_iter()
        .map(|(name, resource)| json!({ "fullUrl": document.urn(&name), "resource": resource }))
        .collect();
    json!({
        "resourceType": "Bundle",
        "identifier": identifier(document),
        "type": "document",
        "timestamp": document.at,
        "entry": entries,
    })
}

/// The submitted report's id, or a name of the draft's own.
fn identifier(document: &Document<'_>) -> Value {
    let id = document.report.submitted.as_ref().and_then(|submitted| {
        let id = Uuid::parse_str(&submitted.id).ok()?;
        Some(id.urn().to_string())
    });
    let draft = || document.urn(&format!("draft {}", document.report.seq));
    json!({ "system": "urn:ietf:rfc:3986", "value": id.unwrap_or_else(draft) })
}

fn composition(document: &Document<'_>, stated: &[statements::Stated]) -> Value {
    let report = document.report;
    let sections: Vec<Value> = SECTIONS
        .iter()
        .filter_map(|(section, name, code)| {
            let lines = || report.lines.iter().filter(|line| line.section == *section);
            let is_chief = *section == Section::ChiefComplaint;
            if !is_chief && lines().next().is_none() {
                return None;
            }
            let mut one = json!({
                "title": headings::heading(*section, document.language),
                "text": narrative::section(document, *section),
            });
            if let Some(code) = code {
                one["code"] = coded(LOINC, code);
            }
            let entries: Vec<Value> = stated
                .iter()
                .filter(|stated| stated.section == *section)
                .map(|stated| document.reference(&stated.name))
                .collect();
            if !entries.is_empty() {
                one["entry"] = json!(entries);
            } else if is_chief {
                one["entry"] = json!([document.reference("answers")]);
            }
            one["id"] = json!(name.replace('_', "-"));
            Some(one)
        })
        .chain(photos::section(document))
        .collect();
    let status = match &report.submitted {
        Some(submitted) if submitted.version > 1 => "amended",
        Some(_) => "final",
        None => "preliminary",
    };
    json!({
        "resourceType": "Composition",
        "language": document.language,
        "identifier": identifier(document),
        "status": status,
        // Patient Note: what the patient states, taken down before the visit.
        "type": coded(LOINC, "51855-5"),
        "subject": document.reference("patient"),
        "encounter": document.reference("encounter"),
        "date": document.at,
        "author": [document.reference("software")],
        "title": headings::title(document.language),
        "section": sections,
    })
}

fn patient(document: &Document<'_>) -> Value {
    let mut patient = json!({ "resourceType": "Patient" });
    if let Some(sex) = document.report.profile.sex {
        patient["gender"] = json!(match sex {
            Sex::Female => "female",
            Sex::Male => "male",
            Sex::Unknown => "unknown",
        });
    }
    patient
}

fn encounter(document: &Document<'_>) -> Value {
    let mut reason = json!({});
    document.text(&mut reason, "text", &document.report.chief_complaint);
    let mut encounter = json!({
        "resourceType": "Encounter",
        "status": "planned",
        "class": { "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB" },
        "subject": document.reference("patient"),
        "reasonCode": [reason],
    });
    let visit = document.report.visit.as_ref();
    if let Some(number) = visit.and_then(|visit| visit.visit.as_ref()) {
        // The hospital's own number: whose system it is of, the hospital knows.
        encounter["identifier"] = json!([{ "value": number }]);
    }
    encounter
}

fn software() -> Value {
    json!({
        "resourceType": "Device",
        "deviceName": [{ "name": "Anteroom", "type": "user-friendly-name" }],
        "version": [{ "value": env!("CARGO_PKG_VERSION") }],
    })
}

/// Who took it down and who told it.
fn provenance(document: &Document<'_>) -> Value {
    let agent = |kind: &str, who: Value| json!({ "type": of_hl7("provenance-participant-type", kind), "who": who });
    let informant = match document.report.profile.subject {
        Some(Subject::Child) => json!({ "display": headings::parent(document.language) }),
        Some(Subject::Other) => json!({ "display": headings::other(document.language) }),
        _ => document.reference("patient"),
    };
    json!({
        "resourceType": "Provenance",
        "target": [document.reference("composition"), document.reference("answers")],
        "recorded": document.at,
        "agent": [
            agent("assembler", document.reference("software")),
            agent("informant", informant),
        ],
    })
}

fn consent(document: &Document<'_>) -> Option<Value> {
    let given = document.consent.as_ref()?;
    Some(json!({
        "resourceType": "Consent",
        "status": "active",
        "scope": of_hl7("consentscope", "patient-privacy"),
        // Consent Document.
        "category": [coded(LOINC, "59284-0")],
        "patient": document.reference("patient"),
        "dateTime": given.given_at,
        "policyRule": { "text": format!("{} {}", given.purpose, given.version) },
    }))
}
