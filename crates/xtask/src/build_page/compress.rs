//! Brotli and gzip copies beside every file worth it, at the best quality there is: once here instead of at every request.

use std::path::Path;

use crate::failure::{Failure, Outcome};

/// Kinds of files that are not compressed already.
const KINDS: [&str; 9] = [
    "css",
    "html",
    "ico",
    "js",
    "json",
    "svg",
    "txt",
    "wasm",
    "webmanifest",
];

/// Writes the copies for every file below a folder.
pub fn compress(folder: &Path) -> Outcome {
    for entry in std::fs::read_dir(folder).map_err(Failure::of(folder.display()))? {
        let path = entry.map_err(Failure::of(folder.display()))?.path();
        if path.is_dir() {
            compress(&path)?;
        } else if path
            .extension()
            .and_then(|end| end.to_str())
            .is_some_and(|end| KINDS.contains(&end))
        {
            let content = std::fs::read(&path).map_err(Failure::of(path.display()))?;
            keep(
                &path,
                "br",
                &pack::brotli(&content).map_err(Failure::of("brotli"))?,
                content.len(),
            )?;
            keep(
                &path,
                "gz",
                &pack::gzip(&content).map_err(Failure::of("gzip"))?,
                content.len(),
            )?;
        }
    }
    Ok(())
}

/// Keeps a copy only where it saves something.
fn keep(path: &Path, ending: &str, packed: &[u8], plain: usize) -> Outcome {
    if packed.len() >= plain {
        return Ok(());
    }
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    std::fs::write(&name, packed).map_err(Failure::of("a compressed copy could not be written"))
}
