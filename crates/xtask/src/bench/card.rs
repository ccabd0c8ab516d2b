//! `cargo xtask bench card`: how long the emergency card takes from Enter, in Chromium, page and server of this checkout.

use super::percentile;
use crate::command::watch;
use crate::failure::{Failure, Outcome};
use crate::places;
use crate::places::Profile;
use crate::test::playwright;

/// Cards of each project (phone and desktop, Chinese and English).
const REPEATS: &str = "--repeat-each=20";

/// Runs the bench. Flat numbers.
pub fn measure() -> Outcome<Vec<(&'static str, f64)>> {
    let needs = playwright::needs(Profile::Release)?;
    let figures = places::target().join("card-figures.txt");
    std::fs::write(&figures, "").map_err(Failure::of(figures.display()))?;
    let mut command = playwright::command(&needs, "end2end/bench.config.ts", "list");
    command.arg(REPEATS).env("BENCH_FIGURES", &figures);
    if !watch(&mut command, |_| {})? {
        return Err(Failure::new("the browser did not show every card"));
    }
    let text = std::fs::read_to_string(&figures).map_err(Failure::of(figures.display()))?;
    let took: Vec<f64> = text.lines().filter_map(|line| line.parse().ok()).collect();
    let numbers = vec![
        ("cards", f64::from(u32::try_from(took.len()).unwrap_or(0))),
        ("card_p50_ms", percentile(&took, 0.50)),
        ("card_p99_ms", percentile(&took, 0.99)),
    ];
    for (name, value) in &numbers {
        println!("{name:<14} {value:>8.1}");
    }
    Ok(numbers)
}
