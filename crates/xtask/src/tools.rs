//! The tools the two commands need: each is checked, and what is missing is installed, saying what and why.

use std::path::Path;
use std::process::Command;

use sha2::{Digest, Sha256};

use crate::command::{capture, cargo, program, run};
use crate::failure::{Failure, Outcome};
use crate::fingerprint::hex;
use crate::places;

/// Trunk 0.22 needs a newer compiler than the project does.
const TRUNK: &str = "0.21.14";

/// Below this, Playwright and the optimiser do not start.
const NODE_MAJOR: u32 = 20;

/// Everything that building the page needs.
pub fn for_page() -> Outcome {
    wasm_target()?;
    node()?;
    packages()?;
    installed("trunk", TRUNK, true, "it builds the page into dist/")?;
    // Without `--locked`: its lock file asks for a crate version that is not everywhere to be had.
    installed(
        "wasm-bindgen-cli",
        &wasm_bindgen_version()?,
        false,
        "it joins the page's WebAssembly to the browser; same version as in Cargo.lock",
    )
}

/// The browser of the tests. Answers the program to start, if it is not Playwright's own.
pub fn browser() -> Outcome<Option<String>> {
    node()?;
    packages()?;
    if let Some(found) = chromium() {
        return Ok(Some(found));
    }
    if let Some(installed) = from_the_system(
        &["chromium", "fonts-noto-cjk"],
        "Chromium",
        "the browser tests drive it",
    ) && installed.is_ok()
        && let Some(found) = chromium()
    {
        return Ok(Some(found));
    }
    println!("Installing Playwright's Chromium: the browser tests drive it.");
    run(program("npx").args(["playwright", "install", "chromium"])).map_err(|_| {
        Failure::new("Chromium could not be installed: check the network and run `npx playwright install --with-deps chromium`, or install your system's package `chromium`.")
    })?;
    Ok(None)
}

/// Installs packages of the system, if that is ours to do.
fn from_the_system(packages: &[&str], what: &str, why: &str) -> Option<Outcome> {
    if !works(program("apt-get").arg("--version")) || !is_root() {
        return None;
    }
    println!("Installing {what} from the system's packages: {why}.");
    let install = || {
        run(program("apt-get")
            .args(["install", "--yes", "--quiet", "--no-install-recommends"])
            .args(packages)
            .env("DEBIAN_FRONTEND", "noninteractive"))
    };
    Some(run(program("apt-get").args(["update", "--quiet"])).and_then(|()| install()))
}

/// What the server's allocator is built with, beside the C compiler that Rust links with.
pub fn make() -> Outcome {
    if works(program("make").arg("--version")) {
        return Ok(());
    }
    let advice = "`make` is missing: install it with your package manager, for example `sudo apt-get install make`.";
    from_the_system(&["make"], "make", "the server's allocator is built with it")
        .unwrap_or_else(|| Err(Failure::new(advice)))
}

/// What the checks of the code itself need; a minimal Rust comes without.
pub fn checkers() -> Outcome {
    for (command, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        if works(&mut cargo([command, "--version"])) {
            continue;
        }
        println!("Installing the Rust component {component}: it checks the code.");
        run(program("rustup").args(["component", "add", component])).map_err(|_| {
            Failure::new(format!("The Rust component {component} is missing and could not be installed: check the network and run `rustup component add {component}`."))
        })?;
    }
    Ok(())
}

/// The target the page is compiled for.
pub fn wasm_target() -> Outcome {
    let library = capture(program("rustc").args([
        "--print",
        "target-libdir",
        "--target",
        "wasm32-unknown-unknown",
    ]));
    if library.is_ok_and(|path| Path::new(path.trim()).is_dir()) {
        return Ok(());
    }
    println!("Installing the Rust target wasm32-unknown-unknown: the page is WebAssembly.");
    run(program("rustup").args(["target", "add", "wasm32-unknown-unknown"])).map_err(|_| {
        Failure::new("The Rust target for WebAssembly is missing and could not be installed: check the network and run `rustup target add wasm32-unknown-unknown`.")
    })
}

fn node() -> Outcome {
    let advice = "Install it from https://nodejs.org or with your package manager, for example `sudo apt-get install nodejs npm`.";
    let Ok(version) = capture(program("node").arg("--version")) else {
        return Err(Failure::new(format!(
            "Node {NODE_MAJOR} or newer is needed and was not found. {advice}"
        )));
    };
    let version = version.trim().trim_start_matches('v').to_owned();
    let major = version
        .split('.')
        .next()
        .and_then(|number| number.parse::<u32>().ok())
        .unwrap_or(0);
    if major < NODE_MAJOR {
        return Err(Failure::new(format!(
            "Node {NODE_MAJOR} or newer is needed; this is {version}. {advice}"
        )));
    }
    if works(program("npm").arg("--version")) {
        Ok(())
    } else {
        Err(Failure::new(
            "Node is here but npm is not: install it with your package manager, for example `sudo apt-get install npm`.",
        ))
    }
}

/// Installs the packages of `package-lock.json`, unless exactly these are installed already.
fn packages() -> Outcome {
    let lock = std::fs::read(places::root().join("package-lock.json"))
        .map_err(Failure::of("package-lock.json could not be read"))?;
    let wanted = hex(&Sha256::digest(&lock));
    let stamp = places::root().join("node_modules/.anteroom-lock");
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    println!(
        "Installing the packages of package-lock.json into node_modules/: the optimiser for WebAssembly and the browser driver of the tests."
    );
    run(program("npm").args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]))
        .map_err(|_| Failure::new("The npm packages could not be installed: check the network and run `npm ci --ignore-scripts`."))?;
    std::fs::write(&stamp, wanted)
        .map_err(Failure::of("node_modules could not be marked as installed"))
}

/// A cargo tool of an exact version: where another project's version is installed, ours goes into the target folder beside it.
fn installed(package: &str, version: &str, locked: bool, why: &str) -> Outcome {
    let name = package.trim_end_matches("-cli");
    let found = capture(program(name).arg("--version")).ok();
    let found_version = found
        .as_deref()
        .and_then(|line| line.split_whitespace().nth(1))
        .map(str::to_owned);
    if found_version.as_deref() == Some(version) {
        return Ok(());
    }
    println!("Installing {package} {version}: {why}. This takes some minutes, once.");
    let mut command = cargo(["install", package, "--version", version]);
    if locked {
        command.arg("--locked");
    }
    if let Some(other) = found_version {
        println!(
            "{name} {other} stays as it is; this checkout gets its own in {}.",
            places::tools().display()
        );
        command.arg("--root").arg(places::tools());
    }
    let by_hand = format!(
        "cargo install {package} --version {version}{}",
        if locked { " --locked" } else { "" }
    );
    run(&mut command).map_err(|_| {
        Failure::new(format!(
            "{package} could not be installed: check the network and run `{by_hand}`."
        ))
    })
}

/// The version of wasm-bindgen the page is built with.
fn wasm_bindgen_version() -> Outcome<String> {
    let text = std::fs::read_to_string(places::root().join("Cargo.lock"))
        .map_err(Failure::of("Cargo.lock could not be read"))?;
    let lock: toml::Table = text
        .parse()
        .map_err(Failure::of("Cargo.lock could not be read"))?;
    lock.get("package")
        .and_then(toml::Value::as_array)
        .into_iter()
        .flatten()
        .find(|package| package.get("name").and_then(toml::Value::as_str) == Some("wasm-bindgen"))
        .and_then(|package| package.get("version").and_then(toml::Value::as_str))
        .map(str::to_owned)
        .ok_or_else(|| Failure::new("Cargo.lock names no wasm-bindgen; the page cannot be built"))
}

fn chromium() -> Option<String> {
    let named = std::env::var("CHROMIUM").ok().into_iter();
    let usual = [
        "/usr/bin/chromium",
        "/usr/bin/chromium-browser",
        "/usr/bin/google-chrome",
    ]
    .into_iter()
    .map(str::to_owned);
    named.chain(usual).find(|path| Path::new(path).exists())
}

fn is_root() -> bool {
    capture(program("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

fn works(command: &mut Command) -> bool {
    capture(command).is_ok()
}
