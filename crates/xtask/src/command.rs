//! Runs other programs and shows what happens: one line per step, the program's own words below it, the time it took.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::failure::{Failure, Outcome};
use crate::places;

/// Prepares a program to be run at the root of the checkout, with the tools of `node_modules` and of the target folder on its path.
pub fn program(name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name.as_ref());
    command.current_dir(places::root());
    if let Some(path) = search_path() {
        command.env("PATH", path);
    }
    // What cargo told this tool about itself must not reach a cargo it starts, or that one would build everything anew.
    for (key, _) in std::env::vars_os() {
        let text = key.to_string_lossy();
        if [
            "CARGO_PKG_",
            "CARGO_MANIFEST_",
            "CARGO_BIN_",
            "CARGO_CRATE_",
            "CARGO_PRIMARY_",
        ]
        .iter()
        .any(|start| text.starts_with(start))
        {
            command.env_remove(&key);
        }
    }
    command
}

/// Prepares cargo.
pub fn cargo<I, S>(arguments: I) -> Command
where
    I: IntoIterator<Item = S>,
    S: AsRef<OsStr>,
{
    let mut command = program(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments);
    command
}

/// Where programs are looked for: our own tools first.
pub fn search_path() -> Option<std::ffi::OsString> {
    let mut folders = vec![
        places::root().join("node_modules/.bin"),
        places::tools().join("bin"),
    ];
    folders.extend(std::env::split_paths(
        &std::env::var_os("PATH").unwrap_or_default(),
    ));
    std::env::join_paths(folders).ok()
}

/// Runs a program whose words go straight to the terminal.
pub fn run(command: &mut Command) -> Outcome {
    let status = command.status().map_err(Failure::of(format!(
        "`{}` could not be started",
        name(command)
    )))?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure::new(format!(
            "`{}` failed ({status})",
            shown(command)
        )))
    }
}

/// Runs a program and answers what it wrote on standard output.
pub fn capture(command: &mut Command) -> Outcome<String> {
    let output = command
        .stderr(Stdio::piped())
        .output()
        .map_err(Failure::of(format!(
            "`{}` could not be started",
            name(command)
        )))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(Failure::new(format!(
            "`{}` failed ({}): {}",
            shown(command),
            output.status,
            String::from_utf8_lossy(&output.stderr).trim()
        )))
    }
}

/// Runs a program, shows each line it writes on standard output, and hands the line on. Answers whether it succeeded.
pub fn watch(command: &mut Command, mut each: impl FnMut(&str)) -> Outcome<bool> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .map_err(Failure::of(format!(
            "`{}` could not be started",
            name(command)
        )))?;
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).lines() {
            let line = line.map_err(Failure::of("the program's output could not be read"))?;
            println!("{line}");
            each(&line);
        }
    }
    let status = child
        .wait()
        .map_err(Failure::of("the program's end could not be read"))?;
    Ok(status.success())
}

/// Does one step and says what it was and how long it took.
pub fn step<T>(what: &str, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
    println!("── {what}");
    let begun = Instant::now();
    let outcome = work();
    let mark = if outcome.is_ok() { "✓" } else { "✗" };
    println!("{mark}  {what} ({:.1} s)", begun.elapsed().as_secs_f64());
    outcome
}

fn name(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}

fn shown(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program())
        .file_name()
        .unwrap_or(command.get_program())
        .to_string_lossy()
        .into_owned();
    let arguments = command
        .get_args()
        .map(|argument| argument.to_string_lossy().into_owned());
    std::iter::once(program)
        .chain(arguments)
        .collect::<Vec<_>>()
        .join(" ")
}
