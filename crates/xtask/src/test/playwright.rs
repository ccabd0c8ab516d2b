//! Runs the browser tests of `end2end/` and counts them.

use std::path::PathBuf;
use std::process::Command;

use serde::Deserialize;

use crate::command::{cargo, program, run as run_program, watch};
use crate::failure::{Failure, Outcome};
use crate::places::{self, Profile};
use crate::{build_page, run as serving, tools};

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

/// What the browser tests run with.
pub struct Needs {
    browser: Option<String>,
    server: PathBuf,
    upstream: PathBuf,
}

/// Builds or installs it.
pub fn needs(profile: Profile) -> Outcome<Needs> {
    build_page::build()?;
    let browser = tools::browser()?;
    let server = serving::build(profile)?;
    run_program(&mut cargo(["build", "--package", "upstream"]))?;
    Ok(Needs {
        browser,
        server,
        upstream: places::server(Profile::Debug).with_file_name("upstream"),
    })
}

/// Prepares the runner with one of the configurations.
pub fn command(needs: &Needs, config: &str, reporter: &str) -> Command {
    let mut command = program("npx");
    command
        .args(["playwright", "test", "--config", config])
        .arg(format!("--reporter={reporter}"))
        .env("END2END_SERVER", &needs.server)
        .env("END2END_UPSTREAM", &needs.upstream);
    if let Some(browser) = &needs.browser {
        command.env("CHROMIUM", browser);
    }
    command
}

/// Runs the tests. Answers passed and failed, and whether the runner ended well. On a machine that others
/// load too, a browser misses a deadline now and then: a test that fails is repeated once, and what passed only then is said.
pub fn run(needs: &Needs, pattern: Option<&str>) -> Outcome<((usize, usize), bool)> {
    let report = places::target().join("playwright.json");
    if report.exists() {
        std::fs::remove_file(&report)
            .map_err(Failure::of("the last report could not be removed"))?;
    }
    let mut command = command(needs, "end2end/playwright.config.ts", "list,json");
    command
        .args(pattern)
        .env("PLAYWRIGHT_JSON_OUTPUT_NAME", &report);
    let ended_well = watch(&mut command, |_| {})?;
    let text = std::fs::read_to_string(&report)
        .map_err(Failure::of("the browser tests left no report"))?;
    let stats = serde_json::from_str::<Report>(&text)
        .map_err(Failure::of(
            "the report of the browser tests could not be read",
        ))?
        .stats;
    if stats.flaky > 0 {
        println!(
            "{} browser tests passed only when they were repeated: look at them",
            stats.flaky
        );
    }
    Ok(((stats.expected + stats.flaky, stats.unexpected), ended_well))
}
