//! `cargo xtask bench`: figures, as a table and as flat numbers in `target/bench/`.

mod card;
#[cfg(feature = "bench")]
mod engine;
#[cfg(feature = "bench")]
mod guidance;
pub mod page;
#[cfg(feature = "bench")]
mod paper;
#[cfg(feature = "bench")]
mod patient;
#[cfg(feature = "bench")]
mod proxy;

use clap::Subcommand;

use crate::build_page;
use crate::failure::{Failure, Outcome};
use crate::places;

/// What to measure.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum Task {
    /// 100 patients at once, each through a whole guidance session.
    Guidance,
    /// What the page weighs.
    Page,
    /// A report as a PDF: time and size.
    Paper,
    /// From Enter to the emergency card, in a browser.
    Card,
    /// A model's words on their way through the server: 1, 32 and 256 streams at once.
    Proxy,
    /// The engine alone: turns, 10,000 cases, the size of the knowledge.
    Engine,
}

/// Measures, prints, writes.
pub fn run(task: Task) -> Outcome {
    match task {
        Task::Page => {
            build_page::build()?;
            let sizes = page::sizes()?;
            page::print(&sizes);
            write("page", &sizes.numbers())
        }
        Task::Card => write("card", &card::measure()?),
        Task::Guidance => guidance(),
        Task::Engine => engine(),
        Task::Proxy => proxy(),
        Task::Paper => paper(),
    }
}

#[cfg(feature = "bench")]
fn guidance() -> Outcome {
    write("guidance", &guidance::measure()?)
}

#[cfg(feature = "bench")]
fn engine() -> Outcome {
    write("engine", &engine::measure()?)
}

#[cfg(feature = "bench")]
fn proxy() -> Outcome {
    write("proxy", &proxy::measure()?)
}

#[cfg(feature = "bench")]
fn paper() -> Outcome {
    write("paper", &paper::measure()?)
}

#[cfg(not(feature = "bench"))]
fn paper() -> Outcome {
    optimised("paper")
}

#[cfg(not(feature = "bench"))]
fn proxy() -> Outcome {
    optimised("proxy")
}

#[cfg(not(feature = "bench"))]
fn guidance() -> Outcome {
    optimised("guidance")
}

#[cfg(not(feature = "bench"))]
fn engine() -> Outcome {
    optimised("engine")
}

/// What measures speed is built optimised and only when it is wanted.
#[cfg(not(feature = "bench"))]
fn optimised(task: &str) -> Outcome {
    crate::command::run(&mut crate::command::cargo([
        "run",
        "--quiet",
        "--release",
        "--package",
        "xtask",
        "--features",
        "bench",
        "--",
        "bench",
        task,
    ]))
}

/// A client of the server and the upstream, which are on this machine.
#[cfg(feature = "bench")]
fn client() -> reqwest::Client {
    // The same provider is there already if another client of this process was made before.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::new()
}

/// The value below or at which a share of the values lies; 0 if there are none.
fn percentile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let wanted = share * u32::try_from(sorted.len()).map_or(0.0, f64::from);
    let mut below = 0.0;
    for value in &sorted {
        below += 1.0;
        if below >= wanted {
            return *value;
        }
    }
    sorted.last().copied().unwrap_or(0.0)
}

/// Writes flat numbers.
pub fn write(name: &str, numbers: &[(&'static str, f64)]) -> Outcome {
    let folder = places::bench();
    let rounded: serde_json::Map<String, serde_json::Value> = numbers
        .iter()
        .map(|(key, value)| {
            (
                (*key).to_owned(),
                ((value * 1000.0).round() / 1000.0).into(),
            )
        })
        .collect();
    let text = serde_json::to_string_pretty(&rounded)
        .map_err(Failure::of("the figures could not be written"))?;
    let path = folder.join(format!("{name}.json"));
    std::fs::create_dir_all(&folder)
        .and_then(|()| std::fs::write(&path, text + "\n"))
        .map_err(Failure::of(path.display()))?;
    println!("written to {}", path.display());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::percentile;

    #[test]
    fn percentiles_are_values_that_occurred() {
        let values: Vec<f64> = (1..=100).map(f64::from).collect();
        assert!((percentile(&values, 0.5) - 50.0).abs() < 1e-9);
        assert!((percentile(&values, 0.99) - 99.0).abs() < 1e-9);
        assert!((percentile(&[3.0], 0.5) - 3.0).abs() < 1e-9);
    }
}
