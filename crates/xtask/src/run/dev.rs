//! `cargo xtask run --dev`: the server in debug, the page by Trunk, which builds it anew and reloads when a file changes.

use std::fmt::Write;

use crate::command::{self, program, step};
use crate::failure::{Failure, Outcome};
use crate::places::{self, Profile};
use crate::{build_page, tools};

use super::{Options, Server, build};

/// Serves until Ctrl-C.
pub fn run(options: &Options) -> Outcome {
    step("Tools for the page", tools::for_page)?;
    let binary = step("Server (debug)", || build(Profile::Debug))?;
    let inner = options
        .port
        .checked_add(1)
        .ok_or_else(|| Failure::new("--port must be below 65535 with --dev"))?;
    super::free(inner)?;
    let data = places::root().join(&options.data);
    let origin = format!("http://127.0.0.1:{}", options.port);
    let settings = [("ANTEROOM_SERVER__PUBLIC_ORIGINS", origin.as_str())];
    let _server = step("Starting", || {
        Server::start(command::program(&binary), inner, &data, &settings)
    })?;
    println!();
    println!(
        "    Patient's page:  {origin}/a/demo   (reloads when app/, style/, public/ or locales/ change)"
    );
    println!("    Server behind:   http://127.0.0.1:{inner}/   (start again after changes to it)");
    println!();
    let configuration = configuration(inner)?;
    command::run(
        program("trunk")
            .args([
                "serve",
                "--offline",
                "true",
                "--address",
                "127.0.0.1",
                "--port",
            ])
            .arg(options.port.to_string())
            .arg("--config")
            .arg(configuration)
            .env_remove("NO_COLOR"),
    )
}

/// Trunk takes several ways to the server only from a file.
fn configuration(inner: u16) -> Outcome<std::path::PathBuf> {
    let root = places::root();
    let quoted = |path: std::path::PathBuf| {
        toml::Value::String(path.to_string_lossy().into_owned()).to_string()
    };
    let mut text = format!(
        "[build]\ntarget = {}\ndist = {}\nno_sri = true\n\n[watch]\nwatch = [{}, {}, {}, {}]\n",
        quoted(root.join("app/index.html")),
        quoted(build_page::work().join("dev")),
        quoted(root.join("app")),
        quoted(root.join("style")),
        quoted(root.join("public")),
        quoted(root.join("locales")),
    );
    for path in ["api", "knowledge"] {
        // Writing into a string cannot fail.
        let _written = write!(
            text,
            "\n[[proxy]]\nbackend = \"http://127.0.0.1:{inner}/{path}/\"\n"
        );
    }
    let place = build_page::work().join("Trunk-dev.toml");
    std::fs::create_dir_all(build_page::work())
        .and_then(|()| std::fs::write(&place, text))
        .map_err(Failure::of(place.display()))?;
    Ok(place)
}
