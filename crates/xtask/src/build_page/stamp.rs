//! Whether the page in `dist/` was made from the files as they are now.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::failure::{Failure, Outcome};
use crate::fingerprint::hex;
use crate::places;

/// All that the page is made of, below the root of the checkout; the recipe itself too.
const INPUTS: [&str; 11] = [
    "app",
    "style",
    "public",
    "locales",
    "crates/wire",
    "crates/consult",
    "crates/xtask/src/build_page",
    "Cargo.toml",
    "Cargo.lock",
    "Trunk.toml",
    "package-lock.json",
];

/// Fingerprint of the inputs.
pub fn of_inputs() -> Outcome<String> {
    let mut files = Vec::new();
    for input in INPUTS {
        collect(&places::root().join(input), &mut files)?;
    }
    fingerprint(&files)
}

/// Whether `dist/` is what these inputs gave, and untouched since.
pub fn matches(inputs: &str) -> bool {
    let kept = std::fs::read_to_string(place()).unwrap_or_default();
    of_output().is_ok_and(|output| kept == format!("{inputs} {output}"))
}

/// Remembers that `dist/` was made from these inputs.
pub fn write(inputs: &str) -> Outcome {
    let stamp = format!("{inputs} {}", of_output()?);
    std::fs::write(place(), stamp).map_err(Failure::of("the page's stamp could not be written"))
}

fn of_output() -> Outcome<String> {
    let mut files = Vec::new();
    collect(&places::dist(), &mut files)?;
    if files.iter().any(|file| file.ends_with("index.html")) {
        fingerprint(&files)
    } else {
        Err(Failure::new("the page is not built"))
    }
}

fn place() -> PathBuf {
    super::work().join("stamp")
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Outcome {
    if path.is_dir() {
        for entry in std::fs::read_dir(path).map_err(Failure::of(path.display()))? {
            collect(&entry.map_err(Failure::of(path.display()))?.path(), files)?;
        }
    } else if path.is_file() {
        files.push(path.to_path_buf());
    }
    Ok(())
}

fn fingerprint(files: &[PathBuf]) -> Outcome<String> {
    let mut sorted: Vec<&PathBuf> = files.iter().collect();
    sorted.sort();
    let mut hash = Sha256::new();
    for file in sorted {
        let content = std::fs::read(file).map_err(Failure::of(file.display()))?;
        hash.update(
            file.strip_prefix(places::root())
                .unwrap_or(file)
                .to_string_lossy()
                .as_bytes(),
        );
        hash.update([0]);
        hash.update(content.len().to_le_bytes());
        hash.update(content);
    }
    Ok(hex(&hash.finalize()))
}
