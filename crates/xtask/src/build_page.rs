//! `cargo xtask build`: both pages into `dist/`, which the server embeds.
//!
//! Trunk builds each page into a folder of its own, since a shared one loses the first. Then the files are named by what is
//! in them and may be cached for ever, the start script moves into a file because the content security policy allows no
//! inline script, and brotli and gzip copies are made, so that the server compresses nothing.

mod compress;
mod merge;
mod stamp;
mod words;

use std::path::{Path, PathBuf};

use crate::command::{program, run, step};
use crate::failure::{Failure, Outcome};
use crate::{places, tools};

/// A page: its name and the arguments that tell Trunk about it, after `trunk build`.
const PAGES: [(&str, &str, &str); 2] = [
    ("patient", "index.html", "app/index.html"),
    ("staff", "staff.html", "app/staff.html"),
];

/// Builds the page unless nothing it is made of has changed. Answers whether it was built.
pub fn build() -> Outcome<bool> {
    let wanted = stamp::of_inputs()?;
    if stamp::matches(&wanted) {
        println!("✓  Page: nothing changed");
        return Ok(false);
    }
    step("Tools for the page", tools::for_page)?;
    for (name, output, source) in PAGES {
        step(
            &format!("Page: {name} (WebAssembly, optimised for size)"),
            || trunk(name, output, source),
        )?;
    }
    step("Page: names by content, brotli and gzip copies", || {
        let staged = work().join("dist");
        for (script, prefix) in words::SCRIPTS {
            words::put_into(&work().join("patient").join(script), prefix)?;
        }
        merge::merge(
            &PAGES.map(|(name, output, _)| (work().join(name), output)),
            &staged,
        )?;
        compress::compress(&staged)?;
        replace(&staged, &places::dist())?;
        stamp::write(&wanted)
    })?;
    Ok(true)
}

/// Where the page is put together.
pub fn work() -> PathBuf {
    places::target().join("page")
}

fn trunk(name: &str, output: &str, source: &str) -> Outcome {
    let folder = work().join(name);
    // Without `--release true` Trunk silently leaves wasm-opt out.
    let mut command = program("trunk");
    command
        .args(["build", "--offline", "true", "--release", "true", "--dist"])
        .arg(&folder)
        .args(["--html-output", output, source]);
    // Trunk takes any NO_COLOR but true and false for a mistake.
    command.env_remove("NO_COLOR");
    run(&mut command)
}

/// Puts the new folder in the place of the old one.
fn replace(new: &Path, old: &Path) -> Outcome {
    let put = || -> std::io::Result<()> {
        if old.exists() {
            std::fs::remove_dir_all(old)?;
        }
        if std::fs::rename(new, old).is_err() {
            // The target folder may be on another file system.
            copy(new, old)?;
            std::fs::remove_dir_all(new)?;
        }
        Ok(())
    };
    put().map_err(Failure::of(format!(
        "{} could not be replaced",
        old.display()
    )))
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
