//! `cargo xtask train`: trains the statistical reader from `knowledge/utterances/train/` and writes `knowledge/statistical.tsv`.

use std::fmt::Write as _;

use clap::Args;
use consult::knowledge::Knowledge;
use consult::knowledge::compile::compile;
use consult::train::{Score, Utterance, cross_validate, entries, terms, train, usage, utterances};

use crate::eval::{Level, read_cases};
use crate::failure::{Failure, Outcome};
use crate::{knowledge, places};

/// Where the weights stand, below `knowledge/`.
pub const WEIGHTS: &str = "statistical.tsv";
/// Where it stands how often each term is used.
pub const USAGE: &str = "usage.tsv";

/// What an emergency counts beside an ordinary utterance when the words that reach the page first are chosen.
const EMERGENCY_COUNTS: usize = 8;

/// What to train.
#[derive(Debug, Args)]
pub struct Options {
    /// Train without the five-fold cross-validation before, which takes five times as long.
    #[arg(long)]
    no_score: bool,
}

/// Scores on lines left out, trains on all of them, writes.
pub fn run(options: &Options) -> Outcome {
    let files: Vec<(String, String)> = knowledge::read()?
        .into_iter()
        .filter(|(path, _)| path != WEIGHTS && path != USAGE)
        .collect();
    let compiled = knowledge::compiled(&files)?;
    let opened =
        Knowledge::decode(&compiled.knowledge, &compiled.gate).map_err(Failure::of("knowledge"))?;
    let (mut lines, fingerprint) = read(&opened)?;
    println!("{} utterances", lines.len());
    lines.extend(entries(&opened));
    lines.extend(terms(&opened));
    if !options.no_score {
        for (file, score) in cross_validate(&opened, &lines) {
            print(&file, score);
        }
    }
    write_usage(&opened, &lines)?;
    let table = train(&opened, &lines, &fingerprint);
    let path = places::root().join("knowledge").join(WEIGHTS);
    std::fs::write(&path, table.text()).map_err(Failure::of(path.display()))?;
    println!(
        "{} n-grams, written to {}",
        table.rows.len(),
        path.display()
    );
    // What was written must open.
    let mut files = files;
    files.push((WEIGHTS.to_owned(), table.text()));
    compile(&files)
        .map(drop)
        .map_err(|problems| Failure::new(format!("{problems:?}")))
}

/// Counts which terms people use, so that those reach the page first.
fn write_usage(opened: &Knowledge, lines: &[Utterance]) -> Outcome {
    let vignettes = read_cases(&places::root().join("knowledge/vignettes"))?;
    let emergencies = vignettes
        .iter()
        .flat_map(|file| &file.cases)
        .filter(|case| case.gold.level == Some(Level::Emergency))
        .flat_map(|case| std::iter::repeat_n(case.question.text.as_str(), EMERGENCY_COUNTS));
    let texts = lines
        .iter()
        .filter(|line| line.is_written())
        .map(|line| line.text.as_str())
        .chain(emergencies);
    let mut text = String::new();
    for ((language, term), count) in usage(&opened.vocabulary, texts) {
        // Writing to a string does not fail.
        let _ = writeln!(text, "{language}\t{count}\t{term}");
    }
    let path = places::root().join("knowledge").join(USAGE);
    std::fs::write(&path, text).map_err(Failure::of(path.display()))
}

/// The lines of all files, and the fingerprint of the files.
pub fn read(opened: &Knowledge) -> Outcome<(Vec<Utterance>, String)> {
    let folder = places::root().join("knowledge/utterances/train");
    let mut paths: Vec<_> = std::fs::read_dir(&folder)
        .map_err(Failure::of(folder.display()))?
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|end| end == "tsv"))
        .collect();
    paths.sort();
    let mut lines = Vec::new();
    let mut all = String::new();
    let mut problems = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(&path).map_err(Failure::of(path.display()))?;
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        match utterances(opened, &name, &text) {
            Ok(found) => lines.extend(found),
            Err(wrong) => problems.extend(wrong),
        }
        all.push_str(&text);
    }
    if problems.is_empty() {
        Ok((lines, consult::knowledge::fingerprint(all.as_bytes())))
    } else {
        Err(Failure::new(problems.join("\n")))
    }
}

fn print(file: &str, score: Score) {
    let share = |part: usize, all: usize| {
        let number = |count: usize| u32::try_from(count).map_or(0.0, f64::from);
        100.0 * number(part) / number(all.max(1))
    };
    println!(
        "{file:<28} {:>5} lines left out: specialty {:>5.1} / {:>5.1} %, findings suspected {} of which said {:>5.1} %, \
         alarm in {} of {} emergencies without a card, in {} of {} others",
        score.lines,
        share(score.first, score.lines),
        share(score.third, score.lines),
        score.suspected,
        share(score.heard, score.suspected),
        score.alarmed.0,
        score.alarmed.1,
        score.alarmed_in_vain.0,
        score.alarmed_in_vain.1,
    );
}
