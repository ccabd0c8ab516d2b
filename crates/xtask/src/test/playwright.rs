//! Runs the browser tests of `end2end/` and counts them.

use std::path::Path;

use serde::Deserialize;

use crate::command::{program, watch};
use crate::failure::{Failure, Outcome};
use crate::places;

/// What Playwright counted.
#[derive(Deserialize)]
struct Report {
    stats: Stats,
}

#[derive(Deserialize)]
struct Stats {
    expected: usize,
    unexpected: usize,
    flaky: usize,
}

/// Runs the tests. Answers passed and failed, and whether the runner ended well. A test that passed only when repeated failed.
pub fn run(
    browser: Option<&str>,
    server: &Path,
    pattern: Option<&str>,
) -> Outcome<((usize, usize), bool)> {
    let report = places::target().join("playwright.json");
    if report.exists() {
        std::fs::remove_file(&report)
            .map_err(Failure::of("the last report could not be removed"))?;
    }
    let mut command = program("npx");
    command.args([
        "playwright",
        "test",
        "--config",
        "end2end/playwright.config.ts",
        "--reporter=list,json",
    ]);
    command.args(pattern);
    command
        .env("PLAYWRIGHT_JSON_OUTPUT_NAME", &report)
        .env("END2END_SERVER", server);
    if let Some(browser) = browser {
        command.env("CHROMIUM", browser);
    }
    let ended_well = watch(&mut command, |_| {})?;
    let text = std::fs::read_to_string(&report)
        .map_err(Failure::of("the browser tests left no report"))?;
    let stats = serde_json::from_str::<Report>(&text)
        .map_err(Failure::of(
            "the report of the browser tests could not be read",
        ))?
        .stats;
    Ok(((stats.expected, stats.unexpected + stats.flaky), ended_well))
}
