//! The server as a process of ours: built, started, waited for, ended.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use crate::command::{cargo, run};
use crate::failure::{Failure, Outcome};
use crate::places::{self, Profile};
use crate::tools;

/// How long a start may take before it is called failed. The server's own bar is 300 ms; a first start makes its database.
const PATIENCE: Duration = Duration::from_mins(1);

/// How often readiness is asked for while the process lives.
const ASK_EVERY: Duration = Duration::from_millis(40);

/// Builds the server's binary and answers where it is.
pub fn build(profile: Profile) -> Outcome<PathBuf> {
    tools::make()?;
    let mut command = cargo(["build", "--package", "anteroom-server", "--bin", "anteroom"]);
    if profile == Profile::Release {
        command.arg("--release");
    }
    run(&mut command)?;
    Ok(places::server(profile))
}

/// A running server. It ends with this value.
pub struct Server {
    child: Child,
}

impl Server {
    /// Starts `anteroom serve` and waits until it is ready.
    pub fn start(
        mut command: Command,
        port: u16,
        data: &Path,
        settings: &[(&str, &str)],
    ) -> Outcome<Self> {
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        command
            .arg("serve")
            .env("ANTEROOM_SERVER__LISTEN", address.to_string())
            .env("ANTEROOM_DATA__FOLDER", data);
        command.envs(settings.iter().copied());
        let child = command
            .spawn()
            .map_err(Failure::of("the server could not be started"))?;
        let mut server = Self { child };
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            if ready(address) {
                return Ok(server);
            }
            if let Ok(Some(status)) = server.child.try_wait() {
                return Err(Failure::new(format!(
                    "the server ended before it was ready ({status}); its own words stand above"
                )));
            }
            std::thread::park_timeout(ASK_EVERY);
        }
        Err(Failure::new(format!(
            "the server was not ready after {} s",
            PATIENCE.as_secs()
        )))
    }

    /// Process id.
    #[cfg(feature = "bench")]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until it ends by itself or by Ctrl-C.
    pub fn wait(&mut self) -> Outcome {
        let status = self
            .child
            .wait()
            .map_err(Failure::of("the server's end could not be read"))?;
        if status.success() {
            Ok(())
        } else {
            Err(Failure::new(format!("the server ended ({status})")))
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _reaped = self.child.wait();
    }
}

/// A port nothing listens on.
#[cfg(feature = "bench")]
pub fn free_port() -> Outcome<u16> {
    let listener =
        std::net::TcpListener::bind(("127.0.0.1", 0)).map_err(Failure::of("no port is free"))?;
    listener
        .local_addr()
        .map(|address| address.port())
        .map_err(Failure::of("no port is free"))
}

/// Whether `/readyz` answers 200.
fn ready(address: SocketAddr) -> bool {
    let ask = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_millis(500))?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        write!(
            stream,
            "GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
        )?;
        let mut answer = [0_u8; 12];
        stream.read_exact(&mut answer)?;
        Ok(answer.ends_with(b"200"))
    };
    ask().unwrap_or(false)
}
