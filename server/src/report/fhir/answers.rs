//! The whole report as a QuestionnaireResponse, and back: every line an item, answered `Y`, `N`, "asked but unknown", or not at all.

use serde_json::{Value, json};
use wire::Localized;
use wire::link::Visit;
use wire::report::{Difference, Line, LineChange, LineStatus, Quote, Report, Section, Submitted};
use wire::session::Profile;

use super::{Document, SECTIONS, TRANSLATION, photos};
use crate::report::{headings, qr};

/// Yes and no of HL7 version 2.
const YES_NO: &str = "http://terminology.hl7.org/CodeSystem/v2-0136";
/// Why an answer is missing.
const ABSENT: &str = "http://terminology.hl7.org/CodeSystem/data-absent-reason";

/// A bundle that holds no report of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the bundle holds no report")]
pub struct Unreadable;

/// The QuestionnaireResponse of a document.
pub fn response(document: &Document<'_>) -> Value {
    let report = document.report;
    let mut chief = item("chief_complaint", [], []);
    document.text(&mut chief, "text", &report.chief_complaint);
    let mut items = vec![chief, profile(&report.profile)];
    items.extend(SECTIONS.iter().filter_map(|(section, name, _)| {
        let lines: Vec<Value> = report
            .lines
            .iter()
            .filter(|line| line.section == *section)
            .map(|one| line(document, one))
            .collect();
        let heading = headings::heading(*section, document.language);
        let mut group = item(&format!("section/{name}"), [], lines);
        group["text"] = json!(heading);
        group.get("item").is_some().then_some(group)
    }));
    items.extend(photos::answers(document));
    items.extend(report.visit.as_ref().map(visit));
    items.push(item("seq", [json!({ "valueInteger": report.seq })], []));
    items.extend(report.submitted.as_ref().map(submission));
    let differences: Vec<Value> = report
        .differences
        .iter()
        .map(|one| difference(document, one))
        .collect();
    if !differences.is_empty() {
        items.push(item("differences", [], differences));
    }
    json!({
        "resourceType": "QuestionnaireResponse",
        "language": document.language,
        "status": if report.submitted.is_some() { "completed" } else { "in-progress" },
        "subject": document.reference("patient"),
        "encounter": document.reference("encounter"),
        "authored": document.at,
        "author": document.reference("software"),
        "item": items,
    })
}

/// An item with answers or with items below it: the standard forbids both. What belongs to an answer hangs below its first.
pub(super) fn item(
    link: &str,
    answers: impl IntoIterator<Item = Value>,
    below: impl IntoIterator<Item = Value>,
) -> Value {
    let mut answers: Vec<Value> = answers.into_iter().collect();
    let below: Vec<Value> = below.into_iter().collect();
    let mut item = json!({ "linkId": link });
    if !below.is_empty() {
        match answers.first_mut() {
            Some(first) => first["item"] = json!(below),
            None => item["item"] = json!(below),
        }
    }
    if !answers.is_empty() {
        item["answer"] = json!(answers);
    }
    item
}

pub(super) fn string(link: &str, value: &str) -> Value {
    item(link, [json!({ "valueString": value })], [])
}

fn yes(link: &str) -> Value {
    item(link, [json!({ "valueBoolean": true })], [])
}

fn profile(profile: &Profile) -> Value {
    let mut below = Vec::new();
    // The names are the API's own, and so are the values.
    if let Ok(Value::Object(fields)) = serde_json::to_value(profile) {
        for (name, value) in fields {
            let answer = match value {
                Value::String(text) => json!({ "valueString": text }),
                Value::Bool(is) => json!({ "valueBoolean": is }),
                Value::Number(number) => json!({ "valueInteger": number }),
                _ => continue,
            };
            below.push(item(&format!("profile/{name}"), [answer], []));
        }
    }
    item("profile", [], below)
}

fn visit(visit: &Visit) -> Value {
    let named = |link: &str, id: &Option<String>| id.as_ref().map(|id| string(link, id));
    let below = [
        named("visit/department", &visit.department),
        named("visit/doctor", &visit.doctor),
        named("visit/visit", &visit.visit),
    ];
    item("visit", [], below.into_iter().flatten())
}

fn line(document: &Document<'_>, line: &Line) -> Value {
    let coding =
        |system: &str, code: &str| json!({ "valueCoding": { "system": system, "code": code } });
    let answer = match line.status {
        LineStatus::Present => Some(coding(YES_NO, "Y")),
        LineStatus::Denied => Some(coding(YES_NO, "N")),
        LineStatus::Unknown => Some(coding(ABSENT, "asked-unknown")),
        LineStatus::NotAsked => None,
    };
    let mut below: Vec<Value> = line.quotes.iter().map(quote).collect();
    if !line.cites.is_empty() {
        let cited = line.cites.iter().map(|seq| json!({ "valueInteger": seq }));
        below.push(item("cites", cited, []));
    }
    if let Some(value) = line.value {
        below.push(item("value", [json!({ "valueDecimal": value })], []));
    }
    if line.contradicts {
        below.push(yes("contradicts"));
    }
    if line.struck {
        below.push(yes("struck"));
    }
    below.extend(
        line.template
            .as_ref()
            .map(|template| string("template", template)),
    );
    below.extend(line.change.as_ref().map(|change| match change {
        LineChange::Question(id) => string("change/question", id),
        LineChange::Finding(id) => string("change/finding", id),
    }));
    let mut item = item(&line.id, answer, below);
    document.text(&mut item, "text", &line.text);
    item
}

fn quote(quote: &Quote) -> Value {
    item(
        "quote",
        [],
        [
            string("quote/words", &quote.words),
            item("quote/seq", [json!({ "valueInteger": quote.seq })], []),
        ],
    )
}

fn submission(submitted: &Submitted) -> Value {
    let time = |link: &str, at: &str| item(link, [json!({ "valueDateTime": at })], []);
    item(
        "submission",
        [],
        [
            string("submission/id", &submitted.id),
            item(
                "submission/version",
                [json!({ "valueInteger": submitted.version })],
                [],
            ),
            string("submission/code", &submitted.code),
            time("submission/code_expires_at", &submitted.code_expires_at),
            time("submission/submitted_at", &submitted.submitted_at),
        ],
    )
}

fn difference(document: &Document<'_>, difference: &Difference) -> Value {
    let side = |link: &str, text: &Option<Localized>| {
        text.as_ref().map(|text| {
            let mut one = item(link, [], []);
            document.text(&mut one, "text", text);
            one
        })
    };
    let sides = [
        side("difference/before", &difference.before),
        side("difference/after", &difference.after),
    ];
    let line = string("difference/line", &difference.line);
    item(
        "difference",
        [],
        std::iter::once(line).chain(sides.into_iter().flatten()),
    )
}

/// The report of a document made here.
///
/// # Errors
/// If it is none.
pub fn report_of(bundle: &Value) -> Result<Report, Unreadable> {
    let response = list(bundle, "entry")
        .map(|entry| &entry["resource"])
        .find(|resource| resource["resourceType"] == "QuestionnaireResponse")
        .ok_or(Unreadable)?;
    let language = response["language"].as_str().ok_or(Unreadable)?;
    let read = Reader { language };
    let find = |link: &str| list(response, "item").find(|item| item["linkId"] == link);
    let mut lines = Vec::new();
    for (section, name, _) in SECTIONS {
        let Some(group) = find(&format!("section/{name}")) else {
            continue;
        };
        for item in list(group, "item") {
            lines.push(read.line(section, item)?);
        }
    }
    let differences = find("differences").map_or_else(
        || Ok(Vec::new()),
        |group| {
            list(group, "item")
                .map(|item| read.difference(item))
                .collect()
        },
    )?;
    Ok(Report {
        chief_complaint: read.text(find("chief_complaint").ok_or(Unreadable)?)?,
        profile: profile_of(find("profile"))?,
        lines,
        photos: find("photos").map_or_else(|| Ok(Vec::new()), photos::read)?,
        visit: find("visit").map(visit_of).transpose()?,
        seq: integer(find("seq").ok_or(Unreadable)?)?,
        submitted: find("submission").map(submission_of).transpose()?,
        differences,
    })
}

pub(super) fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value[key].as_array().into_iter().flatten()
}

pub(super) fn answer<'a>(item: &'a Value, kind: &str) -> Result<&'a Value, Unreadable> {
    item["answer"]
        .get(0)
        .and_then(|answer| answer.get(kind))
        .ok_or(Unreadable)
}

pub(super) fn integer(item: &Value) -> Result<u64, Unreadable> {
    answer(item, "valueInteger")?.as_u64().ok_or(Unreadable)
}

pub(super) fn owned(value: &Value) -> Result<String, Unreadable> {
    value.as_str().map(str::to_owned).ok_or(Unreadable)
}

fn profile_of(group: Option<&Value>) -> Result<Profile, Unreadable> {
    let mut fields = serde_json::Map::new();
    for item in group.into_iter().flat_map(|group| list(group, "item")) {
        let name = item["linkId"]
            .as_str()
            .and_then(|link| link.strip_prefix("profile/"))
            .ok_or(Unreadable)?;
        let value = ["valueString", "valueBoolean", "valueInteger"]
            .iter()
            .find_map(|kind| answer(item, kind).ok())
            .ok_or(Unreadable)?;
        fields.insert(name.to_owned(), value.clone());
    }
    serde_json::from_value(Value::Object(fields)).map_err(|_| Unreadable)
}

fn visit_of(group: &Value) -> Result<Visit, Unreadable> {
    let named = |link: &str| {
        let item = list(group, "item").find(|item| item["linkId"] == link);
        item.map(|item| owned(answer(item, "valueString")?))
            .transpose()
    };
    Ok(Visit {
        department: named("visit/department")?,
        doctor: named("visit/doctor")?,
        visit: named("visit/visit")?,
    })
}

fn submission_of(group: &Value) -> Result<Submitted, Unreadable> {
    let find = |name: &str| {
        let link = format!("submission/{name}");
        list(group, "item")
            .find(|item| item["linkId"] == link.as_str())
            .ok_or(Unreadable)
    };
    let code = owned(answer(find("code")?, "valueString")?)?;
    Ok(Submitted {
        id: owned(answer(find("id")?, "valueString")?)?,
        version: u32::try_from(integer(find("version")?)?).map_err(|_| Unreadable)?,
        qr: qr::qr(&code),
        code,
        code_expires_at: owned(answer(find("code_expires_at")?, "valueDateTime")?)?,
        submitted_at: owned(answer(find("submitted_at")?, "valueDateTime")?)?,
    })
}

struct Reader<'a> {
    language: &'a str,
}

impl Reader<'_> {
    fn text(&self, item: &Value) -> Result<Localized, Unreadable> {
        let mut text = Localized::default();
        text.0
            .insert(self.language.to_owned(), owned(&item["text"])?);
        for translation in list(&item["_text"], "extension") {
            if translation["url"] != TRANSLATION {
                continue;
            }
            let part = |name: &str, kind: &str| {
                let of_name = |part: &&Value| part["url"] == name;
                let found = list(translation, "extension").find(of_name);
                owned(&found.ok_or(Unreadable)?[kind])
            };
            text.0
                .insert(part("lang", "valueCode")?, part("content", "valueString")?);
        }
        Ok(text)
    }

    fn line(&self, section: Section, item: &Value) -> Result<Line, Unreadable> {
        let status = match answer(item, "valueCoding").map(|coding| coding["code"].as_str()) {
            Err(Unreadable) => LineStatus::NotAsked,
            Ok(Some("Y")) => LineStatus::Present,
            Ok(Some("N")) => LineStatus::Denied,
            Ok(_) => LineStatus::Unknown,
        };
        let holder = item["answer"].get(0).unwrap_or(item);
        let mut line = Line {
            id: owned(&item["linkId"])?,
            section,
            status,
            text: self.text(item)?,
            quotes: Vec::new(),
            cites: Vec::new(),
            value: None,
            contradicts: false,
            change: None,
            struck: false,
            template: None,
        };
        for below in list(holder, "item") {
            match below["linkId"].as_str().ok_or(Unreadable)? {
                "quote" => line.quotes.push(quote_of(below)?),
                "cites" => {
                    for cited in list(below, "answer") {
                        line.cites
                            .push(cited["valueInteger"].as_u64().ok_or(Unreadable)?);
                    }
                }
                "value" => line.value = answer(below, "valueDecimal")?.as_f64(),
                "contradicts" => line.contradicts = true,
                "struck" => line.struck = true,
                "template" => line.template = Some(owned(answer(below, "valueString")?)?),
                "change/question" => {
                    line.change = Some(LineChange::Question(owned(answer(below, "valueString")?)?));
                }
                "change/finding" => {
                    line.change = Some(LineChange::Finding(owned(answer(below, "valueString")?)?));
                }
                _ => {}
            }
        }
        Ok(line)
    }

    fn difference(&self, item: &Value) -> Result<Difference, Unreadable> {
        let find = |link: &str| list(item, "item").find(|below| below["linkId"] == link);
        let side = |link: &str| find(link).map(|one| self.text(one)).transpose();
        Ok(Difference {
            line: owned(answer(
                find("difference/line").ok_or(Unreadable)?,
                "valueString",
            )?)?,
            before: side("difference/before")?,
            after: side("difference/after")?,
        })
    }
}

fn quote_of(item: &Value) -> Result<Quote, Unreadable> {
    let find = |link: &str| {
        list(item, "item")
            .find(|below| below["linkId"] == link)
            .ok_or(Unreadable)
    };
    Ok(Quote {
        seq: integer(find("quote/seq")?)?,
        words: owned(answer(find("quote/words")?, "valueString")?)?,
    })
}
