//! What can be found: a passage for each question, department, hospital and doctor an organisation has published.

use std::sync::Arc;

use consult::Text;
use consult::guide::directory::{Department, Directory, Doctor, Hospital};

use super::lexicon::{Kind, Lexicon, Phrases};
use super::{Passage, Source, SourceKind};
use crate::directory::faq::FaqEntry;
use crate::directory::words::{clinic, fee, for_whom, half_days, opening_hours};

/// Ideas a department's passage answers.
const DEPARTMENT: &[&str] = &[
    "@where",
    "@floor",
    "@door",
    "@when",
    "@opening",
    "@phone_number",
    "@call",
    "@number",
    "@bring",
    "@clinic",
    "@weekend",
    "@weekday",
    "@morning",
    "@afternoon",
    "@today",
    "@tomorrow",
    "@lunch_break",
    "@night",
    "@which",
    "@outpatient_building",
    "@surgery_building",
    "@women_building",
];
/// Ideas a doctor's passage answers.
const DOCTOR: &[&str] = &[
    "@when",
    "@opening",
    "@weekend",
    "@weekday",
    "@morning",
    "@afternoon",
    "@today",
    "@tomorrow",
    "@clinic",
    "@doctor",
    "@cost",
    "@which_department",
    "@which",
    "@work",
    "@night",
    "@where",
];
/// Ideas a hospital's passage answers.
const HOSPITAL: &[&str] = &["@phone_number", "@call", "@hospital", "@where", "@route"];

/// A passage with what it is found by.
#[derive(Debug)]
pub struct Document {
    /// The passage.
    pub passage: Arc<Passage>,
    /// Wordings a patient may use for it.
    pub wordings: Vec<String>,
    /// Terms it answers besides.
    pub terms: Vec<String>,
    /// The term without which it is not what was asked for: its name.
    pub name: Option<String>,
    /// Its own text, weaker evidence.
    pub body: Vec<String>,
    /// Whether it lies at a site other than the first.
    pub elsewhere: bool,
}

/// The term a name of the directory is searched by.
fn term(kind: &str, id: &str) -> String {
    format!("#{kind}:{id}")
}

/// The documents of an organisation, questions first.
#[must_use]
pub fn documents(directory: &Directory, faq: &[FaqEntry]) -> Vec<Document> {
    let mut documents: Vec<Document> = faq.iter().map(of_question).collect();
    let first = directory.hospitals.first();
    let site = |id: &str| directory.hospitals.iter().find(|one| one.id == id);
    documents.extend(directory.departments.iter().map(|department| Document {
        passage: passage(
            SourceKind::Department,
            &department.id,
            &department.name,
            department_text(department, site(&department.hospital)),
        ),
        wordings: both(&department.name),
        terms: with_name(DEPARTMENT, term("department", &department.id)),
        name: Some(term("department", &department.id)),
        body: both(&department.introduction),
        elsewhere: first.is_some_and(|first| first.id != department.hospital),
    }));
    documents.extend(directory.hospitals.iter().map(|hospital| Document {
        passage: passage(
            SourceKind::Hospital,
            &hospital.id,
            &hospital.name,
            hospital_text(hospital),
        ),
        wordings: both(&hospital.name),
        terms: HOSPITAL.iter().map(|&term| term.to_owned()).collect(),
        name: None,
        body: both(&hospital.address),
        elsewhere: first.is_some_and(|first| first.id != hospital.id),
    }));
    documents.extend(directory.doctors.iter().map(|doctor| {
        let department = directory
            .departments
            .iter()
            .find(|one| one.id == doctor.department);
        Document {
            passage: passage(
                SourceKind::Doctor,
                &doctor.id,
                &doctor.name,
                doctor_text(doctor, department),
            ),
            wordings: Vec::new(),
            terms: with_name(DOCTOR, term("doctor", &doctor.id)),
            name: Some(term("doctor", &doctor.id)),
            body: Vec::new(),
            elsewhere: false,
        }
    }));
    documents
}

fn of_question(entry: &FaqEntry) -> Document {
    let mut wordings = both(&entry.question);
    wordings.extend(entry.also.values().flatten().cloned());
    Document {
        passage: passage(
            SourceKind::Faq,
            &entry.id,
            &entry.question,
            entry.answer.clone(),
        ),
        wordings,
        terms: Vec::new(),
        name: None,
        body: both(&entry.answer),
        elsewhere: false,
    }
}

fn with_name(terms: &[&str], name: String) -> Vec<String> {
    let mut all: Vec<String> = terms.iter().map(|&term| term.to_owned()).collect();
    all.push(name);
    all
}

fn both(text: &Text) -> Vec<String> {
    text.0.values().cloned().collect()
}

fn passage(kind: SourceKind, id: &str, title: &Text, text: Text) -> Arc<Passage> {
    Arc::new(Passage {
        source: Source {
            kind,
            id: id.to_owned(),
            title: title.clone(),
        },
        text,
    })
}

/// Sentences of a passage in both languages.
#[derive(Default)]
struct Sentences {
    zh: Vec<String>,
    en: Vec<String>,
}

impl Sentences {
    fn say(&mut self, zh: String, en: String) {
        self.zh.push(zh);
        self.en.push(en);
    }

    fn text(self) -> Text {
        let join = |sentences: &[String], stop: &str, between: &str| {
            sentences
                .iter()
                .map(|one| one.trim_end_matches(['。', '.', ' ']))
                .map(|one| format!("{one}{stop}"))
                .collect::<Vec<_>>()
                .join(between)
        };
        Text::new(&join(&self.zh, "。", ""), &join(&self.en, ".", " "))
    }
}

fn department_text(department: &Department, hospital: Option<&Hospital>) -> Text {
    let mut said = Sentences::default();
    let (zh, en) = (department.name.get("zh"), department.name.get("en"));
    let site = |language: &str| hospital.map_or("", |one| one.name.get(language));
    said.say(
        format!("{zh}:{}({})", department.floor.get("zh"), site("zh")),
        format!("{en}: {} ({})", department.floor.get("en"), site("en")),
    );
    let hours = opening_hours(&department.hours);
    if department.hours.is_empty() {
        said.say(hours.get("zh").to_owned(), hours.get("en").to_owned());
    } else {
        said.say(
            format!("开诊时间:{}", hours.get("zh")),
            format!("Open: {}", hours.get("en")),
        );
    }
    if let Some(whom) = for_whom(department) {
        said.say(
            format!("看{}的病人", whom.get("zh")),
            format!("For patients {}", whom.get("en")),
        );
    }
    if let Some(phone) = &department.phone {
        said.say(format!("电话:{phone}"), format!("Telephone: {phone}"));
    }
    if let Some(prepare) = &department.prepare {
        said.say(
            format!("来之前:{}", prepare.get("zh")),
            format!("Before you come: {}", prepare.get("en")),
        );
    }
    if let Some(bring) = &department.bring {
        said.say(
            format!("请带:{}", bring.get("zh")),
            format!("Please bring: {}", bring.get("en")),
        );
    }
    said.text()
}

fn hospital_text(hospital: &Hospital) -> Text {
    let mut said = Sentences::default();
    said.say(
        format!("{}:{}", hospital.name.get("zh"), hospital.address.get("zh")),
        format!(
            "{}: {}",
            hospital.name.get("en"),
            hospital.address.get("en")
        ),
    );
    if !hospital.travel.0.is_empty() {
        said.say(
            hospital.travel.get("zh").to_owned(),
            hospital.travel.get("en").to_owned(),
        );
    }
    if let Some(phone) = &hospital.phone {
        said.say(format!("电话:{phone}"), format!("Telephone: {phone}"));
    }
    said.say(
        format!("分诊台:{}", hospital.triage_desk.get("zh")),
        format!("Triage desk: {}", hospital.triage_desk.get("en")),
    );
    match &hospital.emergency {
        Some(emergency) => said.say(
            format!("急诊:{}", emergency.get("zh")),
            format!("Emergency: {}", emergency.get("en")),
        ),
        None => said.say(
            "这里没有急诊".to_owned(),
            "There is no emergency department here".to_owned(),
        ),
    }
    said.text()
}

fn doctor_text(doctor: &Doctor, department: Option<&Department>) -> Text {
    let mut said = Sentences::default();
    let place = |language: &str, between: &str| {
        department.map_or_else(String::new, |one| {
            format!(
                "{}{between}{}",
                one.name.get(language),
                one.floor.get(language)
            )
        })
    };
    said.say(
        format!(
            "{},{}:{}",
            doctor.name.get("zh"),
            doctor.title.get("zh"),
            place("zh", ",")
        ),
        format!(
            "{}, {}: {}",
            doctor.name.get("en"),
            doctor.title.get("en"),
            place("en", ", ")
        ),
    );
    let (kind, hours) = (clinic(doctor.clinic), half_days(&doctor.hours));
    said.say(
        format!("{}:{}", kind.get("zh"), hours.get("zh")),
        format!("{}: {}", kind.get("en"), hours.get("en")),
    );
    if let Some(amount) = doctor.fee {
        said.say(
            format!("挂号费:{}", fee(amount)),
            format!("Registration fee: {}", fee(amount)),
        );
    }
    said.text()
}

/// The names of departments and doctors as people say them.
#[must_use]
pub fn names(directory: &Directory) -> Phrases {
    let lexicon = Lexicon::get();
    let mut names = Phrases::default();
    for department in &directory.departments {
        let mark = names.mark(Kind::Name, term("department", &department.id));
        for name in department.name.0.values() {
            for way in parts(name) {
                names.add(mark, way, &lexicon.fold);
            }
        }
        for specialty in &department.specialties {
            // What a site's first department for a specialty is called, its other ones are not: 肠道门诊 serves
            // gastroenterology too, and nobody who asks for 消化内科 means it.
            let main = directory.departments.iter().find(|one| {
                one.hospital == department.hospital && one.specialties.contains(specialty)
            });
            if main.is_some_and(|main| main.id == department.id) {
                for way in lexicon.names_of(specialty) {
                    names.add(mark, way, &lexicon.fold);
                }
            }
        }
    }
    for doctor in &directory.doctors {
        let mark = names.mark(Kind::Name, term("doctor", &doctor.id));
        for way in doctor_names(doctor) {
            names.add(mark, &way, &lexicon.fold);
        }
    }
    names
}

/// A name and its parts: 骨科与运动医学科 is 骨科 and 运动医学科 too. Parts of English names are too common to stand alone.
fn parts(name: &str) -> Vec<&str> {
    let mut ways = vec![name];
    ways.extend(
        name.split(['(', ')', '\u{ff08}', '\u{ff09}'])
            .flat_map(|part| part.split(['与', '含', '和', '、']))
            .map(str::trim)
            .filter(|part| part.ends_with(['科', '诊']) && part.chars().count() > 2),
    );
    ways
}

fn doctor_names(doctor: &Doctor) -> Vec<String> {
    const TITLES: [&str; 6] = ["医生", "大夫", "主任", "教授", "专家", "医师"];
    let mut ways = Vec::new();
    let zh = doctor.name.get("zh");
    ways.push(zh.to_owned());
    let en = doctor
        .name
        .get("en")
        .to_lowercase()
        .replace(['\'', '’'], "");
    let mut words = en.split_whitespace();
    let (Some(family), Some(given)) = (words.next(), words.next()) else {
        return ways;
    };
    // Most family names are one character; the list below has those of two.
    let characters: Vec<char> = zh.chars().collect();
    let family_length = if characters.len() > 3 || COMPOUND.iter().any(|one| zh.starts_with(one)) {
        2
    } else {
        1
    };
    let surname: String = characters.iter().take(family_length).collect();
    for title in TITLES {
        ways.push(format!("{surname}{title}"));
    }
    if characters.len() - family_length >= 2 {
        ways.push(characters[family_length..].iter().collect::<String>() + "医生");
    }
    ways.push(format!("{family} {given}"));
    ways.push(format!("{given} {family}"));
    ways.push(format!("{family}{given}"));
    for title in ["dr", "doctor", "doc", "prof", "professor", "dr."] {
        ways.push(format!("{title} {family}"));
        ways.push(format!("{title} {family} {given}"));
        ways.push(format!("{title} {given} {family}"));
        ways.push(format!("{title} {given}"));
    }
    ways
}

/// Family names of two characters.
const COMPOUND: [&str; 24] = [
    "欧阳", "上官", "司空", "司马", "诸葛", "东郭", "公冶", "淳于", "尉迟", "闻人", "濮阳", "慕容",
    "令狐", "颛孙", "闾丘", "羊舌", "万俟", "第五", "皇甫", "夏侯", "长孙", "宇文", "端木", "轩辕",
];
