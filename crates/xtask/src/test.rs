//! `cargo xtask test`: everything that must hold, one runner after the other, and one line at the end that sums them up.

mod budget;
pub mod playwright;
mod summary;

use clap::Args;

use crate::build_page;
use crate::command::{cargo, run, step, watch};
use crate::places::Profile;
use crate::tools;
use summary::{Summary, result_line};

/// What to test.
#[derive(Debug, Args)]
pub struct Options {
    /// Only what needs no browser: format, lints, documentation, unit and HTTP tests.
    #[arg(long)]
    no_browser: bool,
    /// Only the browser tests whose name or file matches.
    #[arg(long, value_name = "PATTERN")]
    browser_only: Option<String>,
}

/// Tests, and answers whether everything passed. Nothing is printed after the closing line.
pub fn test(options: &Options) -> bool {
    let begun = std::time::Instant::now();
    let mut summary = Summary::default();
    if let Some(pattern) = &options.browser_only {
        browser(&mut summary, Some(pattern));
    } else {
        summary.check("Format", || {
            tools::checkers()?;
            run(&mut cargo(["fmt", "--all", "--check"]))
        });
        // Before anything that embeds it, or the server would be built twice.
        let page = summary.check("Page", || build_page::build().map(drop));
        if page {
            summary.check("Size of the page", budget::check);
        }
        lints(&mut summary);
        cargo_tests(&mut summary);
        if page && !options.no_browser {
            browser(&mut summary, None);
        }
    }
    println!();
    summary.print();
    println!("{:.0} s in all", begun.elapsed().as_secs_f64());
    println!("{}", summary.line());
    summary.passed()
}

fn lints(summary: &mut Summary) {
    summary.check("Clippy: everything, for this machine", || {
        tools::make()?;
        run(&mut cargo([
            "clippy",
            "--quiet",
            "--workspace",
            "--all-targets",
            "--features",
            "xtask/bench",
            "--",
            "-D",
            "warnings",
        ]))
    });
    summary.check("Clippy: the page, for the browser", || {
        tools::wasm_target()?;
        run(&mut cargo([
            "clippy",
            "--quiet",
            "--package",
            "anteroom-app",
            "--target",
            "wasm32-unknown-unknown",
            "--all-features",
            "--",
            "-D",
            "warnings",
        ]))
    });
    summary.check("Documentation", || {
        run(cargo([
            "doc",
            "--quiet",
            "--workspace",
            "--no-deps",
            "--document-private-items",
        ])
        .env("RUSTDOCFLAGS", "-D warnings"))
    });
}

/// Unit, property and HTTP tests, with the examples in the documentation.
fn cargo_tests(summary: &mut Summary) {
    let begun = std::time::Instant::now();
    let mut counted = (0, 0);
    let outcome = step("Unit and HTTP tests", || {
        watch(
            &mut cargo(["test", "--workspace", "--no-fail-fast"]),
            |line| {
                if let Some((passed, failed)) = result_line(line) {
                    counted = (counted.0 + passed, counted.1 + failed);
                }
            },
        )
    });
    summary.runner(
        "Unit and HTTP tests",
        counted,
        matches!(outcome, Ok(true)),
        begun.elapsed().as_secs_f64(),
    );
}

fn browser(summary: &mut Summary, pattern: Option<&str>) {
    let begun = std::time::Instant::now();
    let outcome = step("Browser and server for the browser tests", || {
        playwright::needs(Profile::Debug)
    })
    .and_then(|needs| step("Browser tests", || playwright::run(&needs, pattern)));
    let (counted, ended_well) = outcome.unwrap_or_else(|failure| {
        println!("{failure}");
        ((0, 0), false)
    });
    summary.runner(
        "Browser tests",
        counted,
        ended_well,
        begun.elapsed().as_secs_f64(),
    );
}
