//! Serves the friendly script, so that a person can point Anteroom at it by hand:
//! `cargo run -p upstream -- --port 18090 --first-ms 100 --each-ms 20 --tokens 50`.

use std::error::Error;
use std::io::{Write as _, stdout};
use std::str::FromStr;
use std::time::Duration;

use upstream::Upstream;
use upstream::friendly::{self, Pace};

const USAGE: &str = "upstream [--port 18090] [--first-ms 100] [--each-ms 20] [--tokens 50]";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let Some((port, pace)) = parse(std::env::args().skip(1))? else {
        writeln!(stdout(), "{USAGE}")?;
        return Ok(());
    };
    let upstream = Upstream::start_at(port, friendly::script(pace))?;
    // It may run for days: nothing is kept.
    upstream.record(false);
    writeln!(stdout(), "{}", upstream.base())?;
    tokio::signal::ctrl_c().await?;
    upstream.stop().await;
    Ok(())
}

/// Reads the arguments; nothing when help is asked for.
fn parse(arguments: impl Iterator<Item = String>) -> Result<Option<(u16, Pace)>, String> {
    let mut arguments = arguments;
    let (mut port, mut pace) = (18090, Pace::default());
    while let Some(name) = arguments.next() {
        match name.as_str() {
            "--port" => port = value(&name, arguments.next())?,
            "--first-ms" => pace.first = Duration::from_millis(value(&name, arguments.next())?),
            "--each-ms" => pace.each = Duration::from_millis(value(&name, arguments.next())?),
            "--tokens" => pace.tokens = value(&name, arguments.next())?,
            "--help" | "-h" => return Ok(None),
            _ => return Err(format!("{name} is not known. {USAGE}")),
        }
    }
    Ok(Some((port, pace)))
}

fn value<T: FromStr>(name: &str, given: Option<String>) -> Result<T, String> {
    given
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| format!("{name} needs a number. {USAGE}"))
}
