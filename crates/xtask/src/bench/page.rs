//! `cargo xtask bench page`: what a patient's phone loads before the first message can be typed, as it crosses the wire, and
//! what it loads meanwhile to judge that message.

use std::collections::BTreeSet;
use std::path::Path;

use crate::failure::{Failure, Outcome};
use crate::{knowledge, places};

/// The parts of the gate a Chinese page fetches first; the other language's follow when it is idle.
const GATE_PARTS: [&str; 2] = ["core", "zh"];

/// Files that the page names but fetches only when they are asked for: speaking and reading aloud, the report.
const LATER: [&str; 2] = ["assets/report-", "assets/speaking-"];

/// Sizes in thousands of bytes, brotli.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Sizes {
    wasm: f64,
    js: f64,
    css: f64,
    /// The html, the manifest and icons it asks for.
    other: f64,
    /// What judges words without the server. The page lets people type before it is there, so it is counted apart.
    gate: f64,
}

impl Sizes {
    /// All that is needed to type the first message.
    pub fn total(&self) -> f64 {
        self.wasm + self.js + self.css + self.other
    }

    /// What the page fetches while people type.
    pub fn gate(&self) -> f64 {
        self.gate
    }

    /// Flat numbers for `target/bench/page.json`.
    pub fn numbers(&self) -> Vec<(&'static str, f64)> {
        vec![
            ("wasm_br_kb", self.wasm),
            ("js_br_kb", self.js),
            ("css_br_kb", self.css),
            ("other_br_kb", self.other),
            ("total_br_kb", self.total()),
            ("gate_br_kb", self.gate),
        ]
    }
}

/// Measures what `dist/index.html` mentions, and what that mentions in turn, and the gate.
pub fn sizes() -> Outcome<Sizes> {
    let dist = places::dist();
    let html = std::fs::read_to_string(dist.join("index.html")).map_err(Failure::of(
        "the page is not built: run `cargo xtask build`",
    ))?;
    let mut sizes = Sizes {
        other: on_the_wire(&dist.join("index.html"))?,
        ..Sizes::default()
    };
    let mut seen = BTreeSet::new();
    let mut waiting = mentioned(&html);
    while let Some(name) = waiting.pop() {
        let path = dist.join(&name);
        let later = LATER.iter().any(|one| name.starts_with(one));
        if later || !path.is_file() || !seen.insert(name.clone()) {
            continue;
        }
        let kilobytes = on_the_wire(&path)?;
        match path.extension().and_then(|end| end.to_str()) {
            Some("wasm") => sizes.wasm += kilobytes,
            Some("js") => sizes.js += kilobytes,
            Some("css") => sizes.css += kilobytes,
            _ => sizes.other += kilobytes,
        }
        if let Ok(text) = std::fs::read_to_string(&path) {
            waiting.extend(mentioned(&text));
        }
    }
    let gate = knowledge::compiled(&knowledge::read()?)?.gate_parts;
    for part in GATE_PARTS.iter().filter_map(|part| gate.get(*part)) {
        sizes.gate += thousands(pack::brotli(part).map_err(Failure::of("brotli"))?.len());
    }
    Ok(sizes)
}

/// Prints the table.
pub fn print(sizes: &Sizes) {
    for (name, value) in sizes.numbers() {
        println!("{name:<14} {value:>8.1}");
    }
}

/// Files of `assets/` that a text mentions.
fn mentioned(text: &str) -> Vec<String> {
    text.match_indices("assets/")
        .map(|(start, _)| {
            text[start..]
                .chars()
                .take_while(|letter| letter.is_ascii_alphanumeric() || "/-_.".contains(*letter))
                .collect()
        })
        .collect()
}

/// A file as the server sends it: the brotli copy where there is one.
fn on_the_wire(path: &Path) -> Outcome<f64> {
    let packed = path.with_file_name(format!(
        "{}.br",
        path.file_name().unwrap_or_default().to_string_lossy()
    ));
    let sent = if packed.is_file() {
        packed
    } else {
        path.to_path_buf()
    };
    let length = std::fs::metadata(&sent)
        .map_err(Failure::of(sent.display()))?
        .len();
    Ok(thousands(usize::try_from(length).unwrap_or(usize::MAX)))
}

fn thousands(bytes: usize) -> f64 {
    u32::try_from(bytes).map_or(f64::INFINITY, f64::from) / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mentions_are_found_in_html_and_css() {
        assert_eq!(
            mentioned(r#"<a href="/assets/a-1.js"><b src=/assets/b_2.wasm> url(/assets/c.svg)"#),
            ["assets/a-1.js", "assets/b_2.wasm", "assets/c.svg"]
        );
    }
}
