//! What single lines say, as resources other systems look for: conditions, allergies, medicines, measurements, the request.

use serde_json::{Value, json};
use wire::report::{Line, LineStatus, Section};

use super::{Document, LOINC, coded, of_hl7};

/// Unified Code for Units of Measure.
const UCUM: &str = "http://unitsofmeasure.org";

/// A resource made of a line.
pub struct Stated {
    /// Name within the document.
    pub name: String,
    /// Section it belongs to.
    pub section: Section,
    /// The resource.
    pub resource: Value,
}

/// Measurements: name, LOINC code, what it is called, UCUM code.
const MEASURES: [(&str, &str, &str, &str); 9] = [
    ("temperature", "8310-5", "Body temperature", "Cel"),
    ("systolic", "8480-6", "Systolic blood pressure", "mm[Hg]"),
    ("diastolic", "8462-4", "Diastolic blood pressure", "mm[Hg]"),
    ("heart_rate", "8867-4", "Heart rate", "/min"),
    ("breaths", "9279-1", "Respiratory rate", "/min"),
    ("oxygen", "2708-6", "Oxygen saturation", "%"),
    ("glucose", "15074-8", "Glucose", "mmol/L"),
    ("severity", "72514-3", "Pain severity, 0 to 10", "{score}"),
    ("gestation", "11885-1", "Gestational age", "wk"),
];

/// All of them, in the order of the report.
pub fn statements(document: &Document<'_>) -> Vec<Stated> {
    let report = document.report;
    let kept = report.lines.iter().filter(|line| !line.struck);
    let mut stated: Vec<Stated> = kept
        .filter_map(|line| {
            let resource = of_line(document, line)?;
            Some(Stated {
                name: line.id.clone(),
                section: line.section,
                resource,
            })
        })
        .collect();
    stated.extend(person(document));
    stated
}

fn of_line(document: &Document<'_>, line: &Line) -> Option<Value> {
    let is_denied = match line.status {
        LineStatus::Present => false,
        LineStatus::Denied => true,
        // What was not asked or is not known says nothing to a system that reads single statements.
        LineStatus::Unknown | LineStatus::NotAsked => return None,
    };
    if let Some(value) = line.value {
        return measured(document, line, value);
    }
    let finding = line.id.starts_with("finding:");
    match line.section {
        Section::PresentIllness | Section::PastHistory if finding => {
            Some(condition(document, line, is_denied))
        }
        Section::Allergies => Some(allergy(document, line, is_denied)),
        Section::Medicines => Some(medicine(document, line, is_denied)),
        Section::Told if line.id.starts_with("told:") => Some(request(document, line)),
        _ => None,
    }
}

/// The sentence as the text of a code.
fn said(document: &Document<'_>, line: &Line) -> Value {
    let mut concept = json!({});
    document.text(&mut concept, "text", &line.text);
    concept
}

/// A finding as the patient states it: never confirmed, refuted where denied.
fn condition(document: &Document<'_>, line: &Line, is_denied: bool) -> Value {
    let verification = if is_denied { "refuted" } else { "unconfirmed" };
    let mut condition = json!({
        "resourceType": "Condition",
        "verificationStatus": of_hl7("condition-ver-status", verification),
        "code": said(document, line),
        "subject": document.reference("patient"),
        "encounter": document.reference("encounter"),
        "recordedDate": document.at,
        "recorder": document.reference("patient"),
    });
    if !is_denied {
        condition["clinicalStatus"] = of_hl7("condition-clinical", "active");
    }
    condition
}

fn allergy(document: &Document<'_>, line: &Line, is_denied: bool) -> Value {
    let (clinical, verification) = if is_denied {
        ("inactive", "refuted")
    } else {
        ("active", "unconfirmed")
    };
    json!({
        "resourceType": "AllergyIntolerance",
        "clinicalStatus": of_hl7("allergyintolerance-clinical", clinical),
        "verificationStatus": of_hl7("allergyintolerance-verification", verification),
        "code": said(document, line),
        "patient": document.reference("patient"),
        "encounter": document.reference("encounter"),
        "recordedDate": document.at,
    })
}

fn medicine(document: &Document<'_>, line: &Line, is_denied: bool) -> Value {
    json!({
        "resourceType": "MedicationStatement",
        "status": if is_denied { "not-taken" } else { "unknown" },
        "medicationCodeableConcept": said(document, line),
        "subject": document.reference("patient"),
        "context": document.reference("encounter"),
        "dateAsserted": document.at,
    })
}

fn measured(document: &Document<'_>, line: &Line, value: f64) -> Option<Value> {
    let name = line.id.strip_prefix("measure:")?;
    let (_, code, called, unit) = MEASURES.iter().find(|(one, ..)| *one == name)?;
    Some(observation(
        document,
        &json!({ "coding": [{ "system": LOINC, "code": code }], "text": called }),
        ("valueQuantity", quantity(value, unit)),
    ))
}

fn quantity(value: f64, unit: &str) -> Value {
    json!({ "value": value, "unit": unit, "system": UCUM, "code": unit })
}

fn observation(document: &Document<'_>, code: &Value, (kind, value): (&str, Value)) -> Value {
    let mut observation = json!({
        "resourceType": "Observation",
        // As the patient reports it; nobody has checked it.
        "status": "preliminary",
        "code": code,
        "subject": document.reference("patient"),
        "encounter": document.reference("encounter"),
        "effectiveDateTime": document.at,
        "performer": [document.reference("patient")],
    });
    observation[kind] = value;
    observation
}

/// What is known of the person: how old, whether pregnant.
fn person(document: &Document<'_>) -> Vec<Stated> {
    let profile = &document.report.profile;
    let mut stated = Vec::new();
    let mut add = |name: &str, resource| {
        stated.push(Stated {
            name: name.to_owned(),
            section: Section::Personal,
            resource,
        });
    };
    if let Some(months) = profile.age_months {
        let value = if months >= 24 && months % 12 == 0 {
            quantity(f64::from(months / 12), "a")
        } else {
            quantity(f64::from(months), "mo")
        };
        add(
            "profile:age",
            observation(document, &coded(LOINC, "30525-0"), ("valueQuantity", value)),
        );
    }
    if let Some(pregnant) = profile.pregnant {
        add(
            "profile:pregnant",
            observation(
                document,
                &coded(LOINC, "82810-3"),
                (
                    "valueCodeableConcept",
                    json!({ "text": if pregnant { "Pregnant" } else { "Not pregnant" } }),
                ),
            ),
        );
    }
    stated
}

/// Where the patient was sent: a proposal, nobody has ordered it.
fn request(document: &Document<'_>, line: &Line) -> Value {
    let mut request = json!({
        "resourceType": "ServiceRequest",
        "status": "active",
        "intent": "proposal",
        "code": said(document, line),
        "subject": document.reference("patient"),
        "encounter": document.reference("encounter"),
        "authoredOn": document.at,
        "requester": document.reference("software"),
    });
    let priority = match document.care_level {
        Some("emergency") => Some("stat"),
        Some("urgent") => Some("urgent"),
        Some("routine" | "self_care") => Some("routine"),
        _ => None,
    };
    if let Some(priority) = priority {
        request["priority"] = json!(priority);
    }
    request
}
