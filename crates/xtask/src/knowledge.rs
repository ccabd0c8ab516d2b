//! `cargo xtask knowledge`: tells a clinician who edits `knowledge/` what is wrong and what is thin, without building anything else.

mod coverage;

use std::path::Path;

use clap::Subcommand;
use consult::knowledge::compile::{Compiled, Problem, compile};

use sha2::{Digest, Sha256};

use crate::failure::{Failure, Outcome};
use crate::{fingerprint, places};

/// What to do with the knowledge.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum Task {
    /// Checks every file and counts what is there.
    Check,
    /// Lists what is thin: few words, no use, no test.
    Coverage,
}

/// Runs a task.
pub fn run(task: Task) -> Outcome {
    let files = read()?;
    match task {
        Task::Check => check(&files),
        Task::Coverage => {
            coverage::print(&files);
            Ok(())
        }
    }
}

/// Every file of `knowledge/`, as its path below that folder and its text, in order.
pub fn read() -> Outcome<Vec<(String, String)>> {
    let folder = places::root().join("knowledge");
    let mut files = Vec::new();
    collect(&folder, &folder, &mut files)?;
    files.sort();
    Ok(files)
}

/// Compiles the files or says what is wrong with them.
pub fn compiled(files: &[(String, String)]) -> Outcome<Compiled> {
    compile(files).map_err(|problems| Failure::new(told(&problems)))
}

fn check(files: &[(String, String)]) -> Outcome {
    let compiled = compiled(files)?;
    check_locked()?;
    for (kind, count) in &compiled.counts {
        println!("{count:>6}  {kind}");
    }
    println!(
        "No problems. knowledge-{}, gate-{}.",
        compiled.knowledge_hash, compiled.gate_hash
    );
    for (name, bytes) in [("knowledge", &compiled.knowledge), ("gate", &compiled.gate)]
        .into_iter()
        .chain(
            compiled
                .gate_parts
                .iter()
                .map(|(part, bytes)| (part.as_str(), bytes)),
        )
    {
        let packed = pack::brotli(bytes).map_err(Failure::of(name))?.len();
        println!(
            "{name:<10} {:>8} bytes, {packed:>7} compressed",
            bytes.len()
        );
    }
    Ok(())
}

/// The locked vignettes must be what they were when they were locked, or what they measure is worth nothing.
fn check_locked() -> Outcome {
    let folder = places::root().join("knowledge/vignettes/locked");
    let list = folder.join("SHA256");
    let text = std::fs::read_to_string(&list).map_err(Failure::of(list.display()))?;
    for line in text.lines() {
        let Some((wanted, name)) = line.split_once("  ") else {
            return Err(Failure::new(format!(
                "{}: \"{line}\" is no line of sha256sum",
                list.display()
            )));
        };
        let path = folder.join(name);
        let bytes = std::fs::read(&path).map_err(Failure::of(path.display()))?;
        if fingerprint::hex(&Sha256::digest(&bytes)) != wanted {
            return Err(Failure::new(format!(
                "vignettes/locked/{name} was changed after it was locked: put it back as it was"
            )));
        }
    }
    Ok(())
}

/// The problems in plain words, and how many there are in each file.
fn told(problems: &[Problem]) -> String {
    let mut lines: Vec<String> = problems.iter().map(Problem::to_string).collect();
    let mut by_file = std::collections::BTreeMap::<&str, usize>::new();
    for problem in problems {
        *by_file.entry(&problem.file).or_default() += 1;
    }
    lines.push(String::new());
    lines.extend(
        by_file
            .iter()
            .map(|(file, count)| format!("{count:>6}  {file}")),
    );
    lines.push(format!(
        "{} problems in {} files.",
        problems.len(),
        by_file.len()
    ));
    lines.join("\n")
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<(String, String)>) -> Outcome {
    let entries = std::fs::read_dir(folder).map_err(Failure::of(folder.display()))?;
    for entry in entries {
        let path = entry.map_err(Failure::of(folder.display()))?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else if path.extension().is_some_and(|end| end == "toml")
            || path.ends_with(crate::train::WEIGHTS)
            || path.ends_with(crate::train::USAGE)
        {
            let text = std::fs::read_to_string(&path).map_err(Failure::of(path.display()))?;
            let below = path
                .strip_prefix(root)
                .unwrap_or(&path)
                .to_string_lossy()
                .replace('\\', "/");
            files.push((below, text));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_locked_vignettes_are_untouched() {
        assert!(super::check_locked().is_ok());
    }
}
