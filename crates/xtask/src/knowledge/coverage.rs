//! What is thin: entries nobody would find by their words, facts nothing uses, topics without tests.

use std::collections::{BTreeMap, BTreeSet};

use toml::{Table, Value};

/// Terms a language should have for a symptom before its words are called covered.
const ENOUGH_TERMS: usize = 10;
/// Findings a condition should name to be told from its neighbours.
const ENOUGH_FINDINGS: usize = 5;
/// Danger questions of a complaint.
const ENOUGH_DANGERS: usize = 3;

/// An entry with the file it stands in.
struct Entry<'a> {
    file: &'a str,
    table: Table,
}

impl Entry<'_> {
    fn id(&self) -> &str {
        self.table.get("id").and_then(Value::as_str).unwrap_or("")
    }

    fn list(&self, key: &str) -> Vec<&str> {
        self.table
            .get(key)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect()
    }
}

/// Prints the thin spots. Files that cannot be parsed are left to `check`.
pub fn print(files: &[(String, String)]) {
    let parsed: Vec<(&str, Table)> = files
        .iter()
        .filter_map(|(file, text)| {
            text.parse::<Table>()
                .ok()
                .map(|table| (file.as_str(), table))
        })
        .collect();
    let findings = entries(&parsed, "finding");
    let complaints = entries(&parsed, "complaint");
    let conditions = entries(&parsed, "condition");
    let rules = entries(&parsed, "rule");
    let vignettes = entries(&parsed, "vignette");

    words(&findings);
    uses(&findings, &complaints, &conditions, &rules);
    sizes(&complaints, &conditions);
    specialties(&parsed, &complaints, &conditions);
    tests(&vignettes);
}

fn entries<'a>(parsed: &[(&'a str, Table)], key: &str) -> Vec<Entry<'a>> {
    let mut found = Vec::new();
    for (file, table) in parsed {
        for entry in table
            .get(key)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_table)
        {
            found.push(Entry {
                file,
                table: entry.clone(),
            });
        }
    }
    found
}

fn section(title: &str, lines: &[String]) {
    println!("{title}: {}", lines.len());
    for line in lines {
        println!("    {line}");
    }
}

fn words(findings: &[Entry]) {
    let mut thin = Vec::new();
    for finding in findings {
        let symptom = finding.table.get("kind").and_then(Value::as_str) == Some("symptom");
        let terms = finding.table.get("terms").and_then(Value::as_table);
        let count = |language: &str| {
            terms
                .and_then(|terms| terms.get(language))
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .map(combinations)
                .sum::<usize>()
        };
        let (zh, en) = (count("zh"), count("en"));
        let unreachable = zh + en == 0
            && !finding.table.contains_key("ask")
            && !finding.table.contains_key("when");
        if unreachable || (symptom && zh.min(en) < ENOUGH_TERMS) {
            thin.push(format!(
                "{} ({}): {zh} zh, {en} en",
                finding.id(),
                finding.file
            ));
        }
    }
    section(
        &format!("Symptoms with fewer than {ENOUGH_TERMS} terms in a language"),
        &thin,
    );
}

/// How many ways of saying it a term stands for: `{a,b}..{c,d}` is four.
fn combinations(term: &str) -> usize {
    term.split('{')
        .skip(1)
        .map(|group| group.split('}').next().unwrap_or("").split(',').count())
        .product()
}

fn uses(findings: &[Entry], complaints: &[Entry], conditions: &[Entry], rules: &[Entry]) {
    let mut used = BTreeSet::<String>::new();
    for complaint in complaints {
        for key in ["entry", "danger", "ask"] {
            used.extend(complaint.list(key).into_iter().map(str::to_owned));
        }
    }
    for condition in conditions {
        used.extend(listed(condition));
    }
    for entry in rules.iter().chain(findings) {
        let when = entry
            .table
            .get("when")
            .and_then(Value::as_str)
            .unwrap_or("");
        used.extend(
            when.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
                .map(str::to_owned),
        );
        used.extend(entry.list("implies").into_iter().map(str::to_owned));
    }
    let unused: Vec<String> = findings
        .iter()
        .filter(|finding| !used.contains(finding.id()))
        .map(|finding| format!("{} ({})", finding.id(), finding.file))
        .collect();
    section(
        "Findings that no rule, complaint, condition or finding uses",
        &unused,
    );
}

/// Findings a condition names.
fn listed(condition: &Entry) -> Vec<String> {
    let words = condition.table.get("findings").and_then(Value::as_table);
    words
        .into_iter()
        .flat_map(Table::values)
        .filter_map(Value::as_array)
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

fn sizes(complaints: &[Entry], conditions: &[Entry]) {
    let few: Vec<String> = conditions
        .iter()
        .filter(|one| listed(one).len() < ENOUGH_FINDINGS)
        .map(|one| format!("{} ({}): {}", one.id(), one.file, listed(one).len()))
        .collect();
    section(
        &format!("Conditions with fewer than {ENOUGH_FINDINGS} findings"),
        &few,
    );
    let few: Vec<String> = complaints
        .iter()
        .filter(|one| one.list("danger").len() < ENOUGH_DANGERS)
        .map(|one| format!("{} ({}): {}", one.id(), one.file, one.list("danger").len()))
        .collect();
    section(
        &format!("Complaints with fewer than {ENOUGH_DANGERS} danger questions"),
        &few,
    );
}

fn specialties(parsed: &[(&str, Table)], complaints: &[Entry], conditions: &[Entry]) {
    let mut first = BTreeMap::<String, usize>::new();
    for specialty in entries(parsed, "specialty") {
        let code = specialty
            .table
            .get("code")
            .and_then(Value::as_str)
            .unwrap_or(specialty.id());
        first.entry(code.to_owned()).or_default();
    }
    for entry in complaints.iter().chain(conditions) {
        if let Some(code) = entry.list("specialties").first() {
            *first.entry((*code).to_owned()).or_default() += 1;
        }
    }
    let thin: Vec<String> = first
        .iter()
        .filter(|(_, count)| **count < 3)
        .map(|(code, count)| format!("{code}: {count}"))
        .collect();
    section(
        "Specialties that come first for fewer than 3 complaints and conditions",
        &thin,
    );
}

fn tests(vignettes: &[Entry]) {
    let mut by_topic = BTreeMap::<&str, (usize, usize)>::new();
    for vignette in vignettes {
        let counts = by_topic.entry(vignette.file).or_default();
        counts.0 += 1;
        counts.1 += usize::from(
            vignette.table.get("care_level").and_then(Value::as_str) == Some("emergency"),
        );
    }
    let lines: Vec<String> = by_topic
        .iter()
        .map(|(file, (all, emergencies))| {
            format!("{file}: {all}, {emergencies} of them emergencies")
        })
        .collect();
    section("Files of vignettes", &lines);
}

#[cfg(test)]
mod tests {
    use super::combinations;

    #[test]
    fn braces_multiply() {
        assert_eq!(combinations("chest pain"), 1);
        assert_eq!(combinations("{chest,heart} .. {hurt,pain,ache}"), 6);
    }
}
