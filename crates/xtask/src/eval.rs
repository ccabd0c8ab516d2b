//! `cargo xtask eval PATH…`: how well the engine judges labelled cases. What a file has no gold for is left out.

mod cases;
mod document;
mod interval;
mod judge;
mod measures;

use std::path::PathBuf;

use clap::Args;
use consult::knowledge::Knowledge;

use crate::failure::{Failure, Outcome};
use crate::knowledge;
use cases::CaseFile;
pub use cases::Level;
pub use cases::read as read_cases;
use judge::Judge;
use measures::{Generals, Tally};

/// What to measure.
#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
pub struct Options {
    /// JSON lines with gold labels (NAME.labels.json beside them maps labels to specialties), vignettes as TOML, or folders of them.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// List every miss.
    #[arg(long)]
    failures: bool,
    /// Judge in this process with knowledge/ as it stands, instead of building the release binary and asking `anteroom assess`.
    #[arg(long)]
    fresh: bool,
    /// Have the language model read too that the environment configures (ANTEROOM_MODEL__…), as for a server.
    #[arg(long, conflicts_with_all = ["fresh", "write"])]
    model: bool,
    /// Write the tables of docs/clinical-safety.md.
    #[arg(long)]
    write: bool,
}

/// Measures and prints.
pub fn run(options: &Options) -> Outcome {
    let mut files = Vec::new();
    for path in &options.paths {
        files.extend(cases::read(path)?);
    }
    if files.is_empty() {
        return Err(Failure::new(
            "there are no .jsonl or .toml files with cases there",
        ));
    }
    let judge = if options.fresh {
        Judge::here()?
    } else {
        Judge::binary(options.model)?
    };
    let compiled = knowledge::compiled(&knowledge::read()?)?;
    let opened =
        Knowledge::decode(&compiled.knowledge, &compiled.gate).map_err(Failure::of("knowledge"))?;
    let generals = Generals::of(&opened);
    let mut pooled = Tally::default();
    let mut tallies = Vec::new();
    for file in &files {
        let tally = measured(&judge, file, &generals)?;
        print(&file.name, &tally, options.failures);
        pooled.add(&tally);
        tallies.push((file.name.clone(), tally));
    }
    if files.len() > 1 {
        print("all files together", &pooled, false);
        for row in pooled.reliability_rows() {
            println!("    {row}");
        }
    }
    if options.write {
        document::write(&tallies, &pooled, &compiled.knowledge_hash)?;
    }
    Ok(())
}

fn measured(judge: &Judge, file: &CaseFile, generals: &Generals) -> Outcome<Tally> {
    let begun = std::time::Instant::now();
    let judgements = judge.judge(&file.cases)?;
    let mut tally = Tally::default();
    tally.seconds = begun.elapsed().as_secs_f64();
    for (case, judgement) in file.cases.iter().zip(&judgements) {
        tally.count(case, judgement, generals);
    }
    Ok(tally)
}

fn print(name: &str, tally: &Tally, failures: bool) {
    println!("{name}");
    for line in tally.lines() {
        println!("    {line}");
    }
    if failures {
        for miss in &tally.misses {
            println!("    - {miss}");
        }
    }
    println!();
}
