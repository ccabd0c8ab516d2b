//! `cargo xtask bench proxy`: what the server adds to a model's words.
//!
//! The load client and the scripted upstream live in this process and share one clock; the server is a process of its own.
//! *Added* is the time from the upstream sending the token that completes a sentence to the client holding that sentence.
//! Every stream is a turn of a real session: stored, guarded and counted.

mod client;
mod model;

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;

use super::guidance::{Data, count, resident_mb};
use super::percentile;
use crate::command::{capture, program, step};
use crate::failure::{Failure, Outcome};
use crate::places::Profile;
use crate::run;
use client::{Arrived, Client};
use model::Model;

/// Streams at once.
const AT_ONCE: [usize; 3] = [1, 32, 256];
/// Rounds of each, so that every figure rests on some hundred streams.
const ROUNDS: [usize; 3] = [12, 6, 4];
/// Streams of the unpaced run, 32 at once.
const UNPACED: usize = 2048;

/// What a run came to.
#[derive(Default)]
struct Load {
    added_ms: Vec<f64>,
    streams: usize,
    errors: Vec<String>,
    cpu_ms: f64,
    /// What a round's open streams take, at most.
    grown_mb: f64,
    seconds: f64,
}

/// Runs the bench. Flat numbers.
pub fn measure() -> Outcome<Vec<(&'static str, f64)>> {
    crate::build_page::build()?;
    let binary = step("Server (release)", || run::build(Profile::Release))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Failure::of("the load client could not be started"))?;
    let model = {
        let _inside = runtime.enter();
        Arc::new(Model::start().map_err(Failure::of("the upstream could not be started"))?)
    };
    let base = model.base();
    let data = Data::new()?;
    let port = run::free_port()?;
    let settings = [
        ("ANTEROOM_LIMITS__ADDRESS_PER_MINUTE", "0"),
        ("ANTEROOM_METRICS__LISTEN", ""),
        ("ANTEROOM_LOG__FILTER", "warn"),
        ("ANTEROOM_MODEL__INTERFACE", "openai"),
        ("ANTEROOM_MODEL__PROVIDER", "the bench"),
        ("ANTEROOM_MODEL__NAME", "scripted"),
        ("ANTEROOM_MODEL__BASE_URL", base.as_str()),
        ("ANTEROOM_MODEL__PARALLEL", "1024"),
        ("ANTEROOM_MODEL__QUEUE", "1024"),
    ];
    let server = run::Server::start(program(&binary), port, &data.0, &settings)?;
    let process = server.id();
    let client = runtime
        .block_on(Client::arrive(&format!("http://127.0.0.1:{port}"), &base))
        .map_err(Failure::new)?;
    let bench = Bench {
        runtime,
        model,
        client: Arc::new(client),
        process,
    };
    let numbers = bench.all()?;
    for (name, value) in &numbers {
        println!("{name:<32} {value:>10.3}");
    }
    Ok(numbers)
}

struct Bench {
    runtime: Runtime,
    model: Arc<Model>,
    client: Arc<Client>,
    process: u32,
}

impl Bench {
    fn all(&self) -> Outcome<Vec<(&'static str, f64)>> {
        const NAMES: [[&str; 4]; 3] = [
            [
                "added_p50_ms_c1",
                "added_p99_ms_c1",
                "direct_p50_ms_c1",
                "direct_p99_ms_c1",
            ],
            [
                "added_p50_ms_c32",
                "added_p99_ms_c32",
                "direct_p50_ms_c32",
                "direct_p99_ms_c32",
            ],
            [
                "added_p50_ms_c256",
                "added_p99_ms_c256",
                "direct_p50_ms_c256",
                "direct_p99_ms_c256",
            ],
        ];
        self.model.pace(true);
        // Once unmeasured: connections, pages and caches as in a server that has been up for a while.
        self.round(32, true, 1)?;
        let idle_mb = resident_mb(self.process)?;
        let mut numbers = Vec::new();
        let mut errors = 0;
        let (mut cpu, mut streams, mut grown) = (0.0, 0, 0.0_f64);
        for ((at_once, rounds), names) in AT_ONCE.into_iter().zip(ROUNDS).zip(NAMES) {
            let direct = step(&format!("{at_once} at once, paced, direct"), || {
                self.round(at_once, false, rounds)
            })?;
            let through = step(
                &format!("{at_once} at once, paced, through the server"),
                || self.round(at_once, true, rounds),
            )?;
            for error in direct.errors.iter().chain(&through.errors).take(3) {
                println!("error: {error}");
            }
            errors += direct.errors.len() + through.errors.len();
            numbers.push((names[0], percentile(&through.added_ms, 0.50)));
            numbers.push((names[1], percentile(&through.added_ms, 0.99)));
            numbers.push((names[2], percentile(&direct.added_ms, 0.50)));
            numbers.push((names[3], percentile(&direct.added_ms, 0.99)));
            if at_once == 256 {
                cpu = through.cpu_ms;
                streams = through.streams;
                grown = through.grown_mb;
            }
        }
        numbers.push(("cpu_ms_per_stream", cpu / count(streams)));
        numbers.push(("rss_per_stream_kb", grown * 1000.0 / 256.0));
        self.model.pace(false);
        let unpaced = step("32 at once, unpaced, through the server", || {
            self.round(32, true, UNPACED / 32)
        })?;
        for error in unpaced.errors.iter().take(3) {
            println!("error: {error}");
        }
        errors += unpaced.errors.len();
        numbers.push((
            "streams_per_s_unpaced_c32",
            count(unpaced.streams) / unpaced.seconds,
        ));
        numbers.push((
            "cpu_ms_per_stream_unpaced",
            unpaced.cpu_ms / count(unpaced.streams),
        ));
        numbers.push(("idle_rss_mb", idle_mb));
        numbers.push(("errors", count(errors)));
        Ok(numbers)
    }

    /// Plays `rounds` times `at_once` streams at the same time. Sessions are made before the clock starts.
    fn round(&self, at_once: usize, through: bool, rounds: usize) -> Outcome<Load> {
        let mut load = Load::default();
        for _ in 0..rounds {
            let sessions = if through {
                let made = self.runtime.block_on(self.client.sessions(at_once));
                made.map_err(Failure::new)?
            } else {
                Vec::new()
            };
            let cpu = cpu_ms(self.process)?;
            let before_mb = resident_mb(self.process)?;
            let began = Instant::now();
            let (arrived, peak_mb) = self.runtime.block_on(async {
                let mut streams = tokio::task::JoinSet::new();
                for number in 0..at_once {
                    let client = Arc::clone(&self.client);
                    let session = sessions.get(number).cloned();
                    streams.spawn(async move {
                        match session {
                            Some(session) => client.turn(&session).await,
                            None => client.direct().await,
                        }
                    });
                }
                let mut peak = 0.0;
                if self.model.is_paced() {
                    // While all of them are open.
                    tokio::time::sleep(Duration::from_millis(600)).await;
                    peak = resident_mb(self.process).unwrap_or(0.0);
                }
                let mut arrived = Vec::new();
                while let Some(done) = streams.join_next().await {
                    arrived.push(done.unwrap_or_else(|error| Err(error.to_string())));
                }
                (arrived, peak)
            });
            load.seconds += began.elapsed().as_secs_f64();
            load.cpu_ms += cpu_ms(self.process)? - cpu;
            load.grown_mb = load.grown_mb.max(peak_mb - before_mb);
            for one in arrived {
                match one.and_then(|arrived| self.added(&arrived)) {
                    Ok(added) => {
                        load.streams += 1;
                        load.added_ms.extend(added);
                    }
                    Err(error) => load.errors.push(error),
                }
            }
            self.model.forget();
        }
        Ok(load)
    }

    fn added(&self, arrived: &Arrived) -> Result<Vec<f64>, String> {
        let sent = self
            .model
            .sent(&arrived.text)
            .ok_or_else(|| format!("a stream of other words: {:?}", arrived.text))?;
        if sent.len() != arrived.sentences.len() {
            return Err(format!(
                "{} of {} sentences came",
                arrived.sentences.len(),
                sent.len()
            ));
        }
        Ok(sent
            .iter()
            .zip(&arrived.sentences)
            .map(|(sent, came)| came.saturating_duration_since(*sent).as_secs_f64() * 1000.0)
            .collect())
    }
}

/// Processor time a process has used, milliseconds.
fn cpu_ms(process: u32) -> Outcome<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"))
        .map_err(Failure::of("the server's processor time could not be read"))?;
    let ticks = capture(program("getconf").arg("CLK_TCK"))?
        .trim()
        .parse::<f64>()
        .unwrap_or(100.0);
    let after = stat.rsplit(')').next().unwrap_or_default();
    let used: f64 = after
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|number| number.parse::<f64>().ok())
        .sum();
    Ok(used * 1000.0 / ticks)
}
