//! `cargo xtask bench guidance`: 100 patients at once against a release server with a data folder of its own.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use super::patient::{Chance, Sentence, Server};
use super::{engine, percentile};
use crate::command::{capture, program, step};
use crate::eval::{self, Level};
use crate::failure::{Failure, Outcome};
use crate::places::{self, Profile};
use crate::run;

/// Patients at the same time.
const PATIENTS: u64 = 100;
/// How long they think before a turn, milliseconds.
const THINK: (u64, u64) = (1000, 3000);
/// Sessions one after the other, with thinking and without.
const PACED_SESSIONS: u64 = 2;
const UNPACED_SESSIONS: u64 = 5;

/// What a run of all patients took.
#[derive(Default)]
struct Load {
    server_ms: Vec<f64>,
    seen_ms: Vec<f64>,
    sessions: u32,
    errors: Vec<String>,
    seconds: f64,
}

/// Runs the bench. Flat numbers.
pub fn measure() -> Outcome<Vec<(&'static str, f64)>> {
    crate::build_page::build()?;
    let binary = step("Server (release)", || run::build(Profile::Release))?;
    let sentences = Arc::new(sentences()?);
    let engine = step("Engine alone, in this process", || {
        engine::turns(&sentences)
    })?;
    let data = Data::new()?;
    let port = run::free_port()?;
    let settings = [
        ("ANTEROOM_LIMITS__ADDRESS_PER_MINUTE", "0"),
        ("ANTEROOM_METRICS__LISTEN", ""),
        ("ANTEROOM_LOG__FILTER", "warn"),
    ];
    let begun = Instant::now();
    let server = run::Server::start(program(&binary), port, &data.0, &settings)?;
    let first_start_ms = begun.elapsed().as_secs_f64() * 1000.0;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Failure::of("the load client could not be started"))?;
    let idle_rss = resident_mb(server.id())?;
    let base = format!("http://127.0.0.1:{port}");
    let arrived = runtime
        .block_on(Server::arrive(base, super::client()))
        .map_err(Failure::new)?;
    let paced = step("100 patients who think 1 to 3 s", || {
        Ok(runtime.block_on(load(&arrived, &sentences, PACED_SESSIONS, Some(THINK))))
    })?;
    let unpaced = step("100 patients who do not think", || {
        Ok(runtime.block_on(load(&arrived, &sentences, UNPACED_SESSIONS, None)))
    })?;
    let loaded_rss = resident_mb(server.id())?;
    for error in paced.errors.iter().chain(&unpaced.errors).take(5) {
        println!("error: {error}");
    }
    let errors = count(paced.errors.len() + unpaced.errors.len());
    let numbers = vec![
        ("turn_p50_ms", percentile(&paced.server_ms, 0.50)),
        ("turn_p99_ms", percentile(&paced.server_ms, 0.99)),
        ("turn_max_ms", percentile(&paced.server_ms, 1.0)),
        ("turn_seen_p50_ms", percentile(&paced.seen_ms, 0.50)),
        ("turn_seen_p99_ms", percentile(&paced.seen_ms, 0.99)),
        ("turns", count(paced.server_ms.len())),
        (
            "turns_per_s_unpaced",
            count(unpaced.server_ms.len()) / unpaced.seconds,
        ),
        ("turn_p99_ms_unpaced", percentile(&unpaced.server_ms, 0.99)),
        (
            "sessions_per_s",
            f64::from(unpaced.sessions) / unpaced.seconds,
        ),
        ("errors", errors),
        ("first_start_ms", first_start_ms),
        ("idle_rss_mb", idle_rss),
        ("loaded_rss_mb", loaded_rss),
        ("engine_turn_p50_us", percentile(&engine, 0.50)),
        ("engine_turn_p99_us", percentile(&engine, 0.99)),
    ];
    for (name, value) in &numbers {
        println!("{name:<22} {value:>10.2}");
    }
    Ok(numbers)
}

async fn load(
    server: &Server,
    sentences: &Arc<Vec<Sentence>>,
    sessions: u64,
    think: Option<(u64, u64)>,
) -> Load {
    let begun = Instant::now();
    let mut patients = tokio::task::JoinSet::new();
    for number in 0..PATIENTS {
        let (server, sentences) = (server.clone(), Arc::clone(sentences));
        patients.spawn(async move {
            let mut chance = Chance::new(number);
            let mut mine = Load::default();
            for _ in 0..sessions {
                let Some(sentence) = chance.one_of(&sentences) else {
                    break;
                };
                match server.play(&mut chance, sentence, think).await {
                    Ok(session) => {
                        mine.sessions += 1;
                        mine.server_ms.extend(session.server_ms);
                        mine.seen_ms.extend(session.seen_ms);
                    }
                    Err(error) => mine.errors.push(error),
                }
            }
            mine
        });
    }
    let mut all = Load::default();
    while let Some(done) = patients.join_next().await {
        match done {
            Ok(mine) => {
                all.sessions += mine.sessions;
                all.server_ms.extend(mine.server_ms);
                all.seen_ms.extend(mine.seen_ms);
                all.errors.extend(mine.errors);
            }
            Err(error) => all.errors.push(error.to_string()),
        }
    }
    all.seconds = begun.elapsed().as_secs_f64();
    all
}

/// What the patients say: the knowledge's own vignettes that are no emergencies.
pub fn sentences() -> Outcome<Vec<Sentence>> {
    let mut found = Vec::new();
    for file in eval::read_cases(&places::root().join("knowledge/vignettes"))? {
        for case in file.cases {
            if case
                .gold
                .level
                .is_some_and(|level| level < Level::Emergency)
            {
                found.push((
                    case.question.lang.unwrap_or_else(|| "en".to_owned()),
                    case.question.text,
                ));
            }
        }
    }
    if found.is_empty() {
        Err(Failure::new(
            "knowledge/vignettes holds no case for the patients to tell",
        ))
    } else {
        Ok(found)
    }
}

/// Memory of a process that is in use, in millions of bytes.
pub fn resident_mb(process: u32) -> Outcome<f64> {
    let kilobytes = match std::fs::read_to_string(format!("/proc/{process}/status")) {
        Ok(status) => status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .and_then(|rest| rest.split_whitespace().next().map(str::to_owned)),
        Err(_) => Some(
            capture(program("ps").args(["-o", "rss=", "-p", &process.to_string()]))?
                .trim()
                .to_owned(),
        ),
    };
    kilobytes
        .and_then(|number| number.parse::<f64>().ok())
        .map(|kilobytes| kilobytes * 1024.0 / 1e6)
        .ok_or_else(|| Failure::new("the server's memory could not be read"))
}

pub fn count(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::INFINITY, f64::from)
}

/// A data folder that goes when the bench ends.
pub struct Data(pub PathBuf);

impl Data {
    pub fn new() -> Outcome<Self> {
        let folder = places::target()
            .join("bench-data")
            .join(std::process::id().to_string());
        std::fs::create_dir_all(&folder).map_err(Failure::of(folder.display()))?;
        Ok(Self(folder))
    }
}

impl Drop for Data {
    fn drop(&mut self) {
        let _gone = std::fs::remove_dir_all(&self.0);
    }
}
