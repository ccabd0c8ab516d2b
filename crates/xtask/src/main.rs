//! The tools of the project, one command each: `cargo xtask run`, `test`, `build`, `knowledge`, `eval`, `bench`, `openapi`.

#![expect(
    clippy::print_stdout,
    reason = "a command line tool speaks on standard output"
)]

mod bench;
mod build_page;
mod command;
mod eval;
mod failure;
mod fingerprint;
mod knowledge;
mod openapi;
mod places;
mod run;
mod simulate;
mod test;
mod tools;
mod train;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::failure::Outcome;

/// The tools of Anteroom.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Builds page and server and serves them on this machine.
    Run(run::Options),
    /// Format, lints, documentation, unit and HTTP tests, the size of the page, browser tests.
    Test(test::Options),
    /// Builds the page into dist/ and the server's release binary.
    Build,
    /// Measures the engine on labelled cases.
    Eval(eval::Options),
    /// Lets simulated patients answer the engine's questions and counts what comes of it.
    Simulate(simulate::Options),
    /// Measures speed and size.
    #[command(subcommand)]
    Bench(bench::Task),
    /// Rewrites docs/openapi.json from the server's handlers.
    Openapi,
    /// Trains the statistical reader from knowledge/utterances.
    Train(train::Options),
    /// Checks the clinical knowledge, or lists what is thin in it.
    #[command(subcommand)]
    Knowledge(knowledge::Task),
}

fn main() -> ExitCode {
    let done = match Arguments::parse().task {
        Task::Run(options) => run::run(&options),
        Task::Build => build(),
        Task::Test(options) => {
            return if test::test(&options) {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            };
        }
        Task::Bench(task) => bench::run(task),
        Task::Openapi => openapi::write(),
        Task::Eval(options) => eval::run(&options),
        Task::Simulate(options) => simulate::run(&options),
        Task::Train(options) => train::run(&options),
        Task::Knowledge(task) => knowledge::run(task),
    };
    finish(done)
}

/// Everything that is deployed: one binary with the page in it.
fn build() -> Outcome {
    build_page::build()?;
    let binary = command::step("Server (release)", || run::build(places::Profile::Release))?;
    println!("{}", binary.display());
    Ok(())
}

fn finish(done: Outcome) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}
