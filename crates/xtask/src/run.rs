//! `cargo xtask run`: from a fresh checkout to the patient's page in the browser.

mod dev;
mod server;

use clap::Args;

#[cfg(feature = "bench")]
pub use server::free_port;
pub use server::{Server, build};

use crate::command::step;
use crate::failure::{Failure, Outcome};
use crate::places::{self, Profile};
use crate::{build_page, command};

/// How to run.
#[derive(Debug, Args)]
pub struct Options {
    /// Build fast and reload the page when its files change.
    #[arg(long)]
    dev: bool,
    /// Port of the patient's page on this machine.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Folder of the database and the master key.
    #[arg(long, default_value = "data")]
    data: std::path::PathBuf,
}

/// Builds, seeds and serves until Ctrl-C.
pub fn run(options: &Options) -> Outcome {
    free(options.port)?;
    if options.dev {
        return dev::run(options);
    }
    build_page::build()?;
    let binary = step("Server (release)", || build(Profile::Release))?;
    let data = places::root().join(&options.data);
    let fresh = !data.exists();
    let what = if fresh {
        "Starting: new data folder with database, master key and the demo hospital"
    } else {
        "Starting"
    };
    let mut server = step(what, || {
        Server::start(command::program(&binary), options.port, &data, &[])
    })?;
    println!();
    println!("    Patient's page:  http://127.0.0.1:{}/", options.port);
    println!("    Data folder:     {}", data.display());
    println!("    Ctrl-C ends it.");
    println!();
    server.wait()
}

/// Says so at once if something else listens there, instead of after a long build.
fn free(port: u16) -> Outcome {
    std::net::TcpListener::bind(("127.0.0.1", port))
        .map(drop)
        .map_err(|_| Failure::new(format!("Port {port} of this machine is in use: end what listens there, or choose another with `cargo xtask run --port {}`.", port.saturating_add(1))))
}
