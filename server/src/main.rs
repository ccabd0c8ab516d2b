//! The binary `anteroom`: reads the command line and calls the library.

#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anteroom_server::clock::Clock;
use anteroom_server::config::Config;
use anteroom_server::ids::SessionId;
use anteroom_server::{App, assess_command, directory, http, log, privacy, report, serve, staff};
use clap::{Parser, Subcommand};
use tokio::net::TcpSocket;
use tokio::sync::watch;

type Failure = Box<dyn std::error::Error>;

/// Finds the right department and doctor, and takes the history down.
#[derive(Parser)]
#[command(name = "anteroom", version, about)]
struct Arguments {
    /// Settings file; every key is described in `anteroom config --default`.
    #[arg(long, global = true, env = "ANTEROOM_CONFIG")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serves patients (the default).
    Serve,
    /// Brings the databases up to date and ends.
    Migrate,
    /// Puts organisations into the database.
    Seed {
        /// The invented demo hospital; its directory is published again if it is there.
        #[arg(long)]
        demo: bool,
    },
    /// Judges cases: JSON lines in, JSON lines out.
    Assess {
        /// Also have the configured language model read.
        #[arg(long)]
        model: bool,
    },
    /// Erases sessions whose time is over.
    Prune,
    /// Erases one session.
    Erase {
        /// Its id.
        session: String,
    },
    /// Makes a key with which another system fetches an application's submitted reports, and prints it once.
    Key {
        /// The application's id.
        #[arg(long)]
        application: String,
    },
    /// Makes a new code for the first administrator of the console, and prints it once. An earlier one is void.
    FirstCode,
    /// Prints the API's description as OpenAPI.
    Openapi,
    /// Checks and prints the settings in force, without secrets.
    Config {
        /// Print the default file with every key's meaning instead.
        #[arg(long)]
        default: bool,
    },
    /// Asks a running server whether it is ready; exit code 0 if so.
    Healthcheck,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments) {
        Ok(code) => code,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "anteroom: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<ExitCode, Failure> {
    match arguments.command.unwrap_or(Command::Serve) {
        // Needs no settings and no runtime: a filter like any other.
        Command::Assess { model: false } => Ok(assess_command::run()?),
        Command::Openapi => {
            let document = http::document().to_pretty_json()?;
            writeln!(std::io::stdout(), "{document}")?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Config { default: true } => {
            write!(std::io::stdout(), "{}", anteroom_server::config::DEFAULT)?;
            Ok(ExitCode::SUCCESS)
        }
        command => {
            let config = Config::load(arguments.config.as_deref(), environment())?;
            log::start(&config.log);
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .enable_all()
                .build()?;
            runtime.block_on(with_settings(command, config))
        }
    }
}

fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}

async fn with_settings(command: Command, config: Config) -> Result<ExitCode, Failure> {
    let (_stop, never) = watch::channel(false);
    match command {
        Command::Serve => {
            let address = config.server.listen;
            let socket = if address.is_ipv4() {
                TcpSocket::new_v4()?
            } else {
                TcpSocket::new_v6()?
            };
            socket.set_reuseaddr(true)?;
            let listening = |error| format!("cannot listen on {address} (server.listen): {error}");
            socket.bind(address).map_err(listening)?;
            let listener = socket.listen(config.server.backlog).map_err(listening)?;
            tracing::info!(address = %listener.local_addr()?, "serving");
            tell_first_code(&config, never).await?;
            serve(config, listener, stop_signal()).await?;
        }
        Command::Migrate => App::open(config, Clock::System, never).await?.close().await,
        Command::Seed { demo } => {
            if !demo {
                return Err("name what to seed: --demo".into());
            }
            let app = App::open(config, Clock::System, never).await?;
            let version = directory::demo::seed(&app.store, app.clock.now()).await?;
            app.close().await;
            writeln!(
                std::io::stdout(),
                "the demo's directory is published, version {version}"
            )?;
        }
        Command::Prune => {
            let app = App::open(config, Clock::System, never).await?;
            let deleted = privacy::prune(&app).await?;
            app.close().await;
            writeln!(std::io::stdout(), "{deleted} sessions erased")?;
        }
        Command::Erase { session } => {
            let id = SessionId::parse(&session).ok_or("the session id is not a UUID")?;
            let app = App::open(config, Clock::System, never).await?;
            privacy::erase(&app, id, anteroom_server::store::privacy::Reason::Operator).await?;
            app.close().await;
            writeln!(std::io::stdout(), "erased")?;
        }
        Command::Key { application } => {
            let app = App::open(config, Clock::System, never).await?;
            let key = report::make_key(&app, &application).await?;
            app.close().await;
            let key = key.ok_or_else(|| format!("there is no application \"{application}\""))?;
            writeln!(std::io::stdout(), "{key}")?;
        }
        Command::FirstCode => {
            let app = App::open(config, Clock::System, never).await?;
            let code = staff::members::first_code(&app).await?;
            app.close().await;
            let code = code.ok_or("there is an administrator already")?;
            writeln!(std::io::stdout(), "{code}")?;
        }
        Command::Config { .. } => writeln!(std::io::stdout(), "{config:#?}")?,
        Command::Assess { model: true } => {
            return Ok(assess_command::run_with_model(&config).await?);
        }
        Command::Healthcheck => return Ok(healthcheck(&config).await),
        Command::Assess { .. } | Command::Openapi => {}
    }
    Ok(ExitCode::SUCCESS)
}

/// At the very first start: the code for the first administrator, once, on standard output and in no log.
async fn tell_first_code(config: &Config, never: watch::Receiver<bool>) -> Result<(), Failure> {
    if config
        .data
        .folder
        .join(anteroom_server::CONTENT_FILE)
        .exists()
    {
        return Ok(());
    }
    let app = App::open(config.clone(), Clock::System, never).await?;
    let code = staff::members::first_code(&app).await?;
    app.close().await;
    if let Some(code) = code {
        writeln!(
            std::io::stdout(),
            "first administrator of the console: open /staff and type this code within a day: {code}"
        )?;
    }
    Ok(())
}

/// Ends when the system asks the process to stop.
async fn stop_signal() {
    let interrupt = async {
        // A signal that cannot be listened for never comes.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}

/// Asks `/readyz` with nothing but a socket, so that a container needs no other tool.
async fn healthcheck(config: &Config) -> ExitCode {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let mut address = config.server.listen;
    if address.ip().is_unspecified() {
        address.set_ip(if address.is_ipv4() {
            std::net::Ipv4Addr::LOCALHOST.into()
        } else {
            std::net::Ipv6Addr::LOCALHOST.into()
        });
    }
    let asked = async {
        let mut stream = tokio::net::TcpStream::connect(address).await?;
        stream
            .write_all(
                format!("GET /readyz HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n")
                    .as_bytes(),
            )
            .await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        Ok::<_, std::io::Error>(answer.starts_with(b"HTTP/1.1 200 "))
    };
    match tokio::time::timeout(std::time::Duration::from_secs(5), asked).await {
        Ok(Ok(true)) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}
