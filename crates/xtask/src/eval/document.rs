//! `cargo xtask eval --write`: the tables of `docs/clinical-safety.md`, between their two marks.

use super::measures::Tally;
use crate::failure::{Failure, Outcome};
use crate::places;

const BEGIN: &str = "<!-- figures: written by cargo xtask eval --write -->";
const END: &str = "<!-- end of figures -->";

/// Writes the tables.
pub fn write(files: &[(String, Tally)], pooled: &Tally, knowledge: &str) -> Outcome {
    let path = places::root().join("docs/clinical-safety.md");
    let text = std::fs::read_to_string(&path).map_err(Failure::of(path.display()))?;
    let marks = text
        .split_once(BEGIN)
        .and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
    let Some((before, after)) = marks else {
        return Err(Failure::new(format!(
            "{} has lost the marks its figures stand between",
            path.display()
        )));
    };
    let whole = format!(
        "{before}{BEGIN}\n{}\n{END}{after}",
        tables(files, pooled, knowledge)
    );
    std::fs::write(&path, whole).map_err(Failure::of(path.display()))?;
    println!("written to {}", path.display());
    Ok(())
}

fn tables(files: &[(String, Tally)], pooled: &Tally, knowledge: &str) -> String {
    let mut lines = vec![
        String::new(),
        format!("Knowledge `{knowledge}`, no model. Shares with their 95 % Clopper-Pearson intervals."),
        String::new(),
        "| set | cases | specialty, first | specialty, one of three | emergencies caught | over-triage of others, danger denied | cards on no emergency | findings: precision | findings: recall |".to_owned(),
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |".to_owned(),
    ];
    lines.extend(files.iter().map(|(name, tally)| tally.row(name)));
    if files.len() > 1 {
        lines.push(pooled.row("all together"));
    }
    lines.extend([
        String::new(),
        "How far a score can be trusted: of the cases whose first specialty had that score, how many were right.".to_owned(),
        String::new(),
        "| score of the first specialty | cases | right |".to_owned(),
        "| --- | --- | --- |".to_owned(),
    ]);
    lines.extend(pooled.reliability_rows());
    lines.push(String::new());
    lines.join("\n")
}
