//! `anteroom assess`: one case a line in, one judgement a line out, in the same order; with `--model` the configured model
//! reads too.

use std::io::{BufRead, BufWriter, Write};
use std::process::ExitCode;

use consult::extraction::Extracted;
use consult::facts::told;
use consult::knowledge::Knowledge;
use consult::profile::{AgeRange, Profile, Sex};
use consult::state::{State, Status};
use consult::{Settings, Step};
use futures_util::{StreamExt as _, stream};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::model::mask::Masked;
use crate::model::openai::{Deadline, Endpoint};
use crate::model::{Model, Models, reading};

/// Specialties named.
const SPECIALTIES: usize = 5;
/// Lines a model reads at once at most.
const LINES_AT_ONCE: usize = 8;

/// What can stop the command.
#[derive(Debug, thiserror::Error)]
pub enum AssessError {
    /// `--model` was asked for and none is configured.
    #[error("no language model is configured: set model.interface, or run without --model")]
    NoModel,
    /// Reading or writing failed.
    #[error("reading or writing failed: {0}")]
    Io(#[from] std::io::Error),
    /// The knowledge does not open.
    #[error(transparent)]
    Knowledge(#[from] crate::ServeError),
}

#[derive(Deserialize)]
struct Case {
    #[serde(default)]
    id: serde_json::Value,
    #[serde(default)]
    lang: Option<String>,
    text: String,
    #[serde(default)]
    age: Option<f64>,
    #[serde(default)]
    sex: Option<String>,
}

#[derive(Serialize)]
struct Judgement<'a> {
    id: serde_json::Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    care_level: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    level_if_denied: Option<&'static str>,
    alerts: Vec<&'a str>,
    specialties: Vec<Ranked<'a>>,
    findings: Vec<Finding<'a>>,
    open: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    question: Option<Asked<'a>>,
}

#[derive(Serialize)]
struct Ranked<'a> {
    code: &'a str,
    score: f64,
}

#[derive(Serialize)]
struct Finding<'a> {
    id: &'a str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<&'a str>,
}

#[derive(Serialize)]
struct Asked<'a> {
    id: &'a str,
    text: &'a str,
}

#[derive(Serialize)]
struct Fault {
    id: serde_json::Value,
    error: String,
}

/// Runs the command on standard input and output.
///
/// # Errors
/// If reading or writing fails. A bad line is answered and makes the exit code 1.
pub fn run() -> Result<ExitCode, AssessError> {
    let knowledge = crate::knowledge()?;
    let all_good = judge_lines(
        &knowledge,
        std::io::stdin().lock(),
        BufWriter::new(std::io::stdout().lock()),
    )?;
    Ok(exit_code(all_good))
}

/// The same with the configured model reading beside our own reader, several lines at once. A line the model fails on is judged
/// without it.
///
/// # Errors
/// If no model is configured, or reading or writing fails.
pub async fn run_with_model(config: &Config) -> Result<ExitCode, AssessError> {
    let knowledge = crate::knowledge()?;
    let models = Models::new(
        config.model.clone(),
        config.keys.clone(),
        crate::outbound::Client::default(),
    );
    let Model::OpenAi(endpoint) = models.of(None, false) else {
        return Err(AssessError::NoModel);
    };
    let mut lines = Vec::new();
    for line in std::io::stdin().lock().split(b'\n') {
        let line = line?;
        if !line.iter().all(u8::is_ascii_whitespace) {
            lines.push(line);
        }
    }
    let parallel = config.model.parallel.min(LINES_AT_ONCE);
    let mut judged = stream::iter(&lines)
        .map(|line| judge_with_model(&knowledge, &endpoint, line))
        .buffered(parallel);
    let mut output = BufWriter::new(std::io::stdout().lock());
    let mut all_good = true;
    while let Some(answer) = judged.next().await {
        let (good, text) = answer?;
        all_good &= good;
        output.write_all(&text)?;
        output.write_all(b"\n")?;
    }
    output.flush()?;
    Ok(exit_code(all_good))
}

fn exit_code(all_good: bool) -> ExitCode {
    if all_good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

async fn judge_with_model(
    knowledge: &Knowledge,
    endpoint: &Endpoint,
    line: &[u8],
) -> Result<(bool, Vec<u8>), AssessError> {
    let mut text = Vec::new();
    let good = match parse(line) {
        Ok((case, profile)) => {
            let extracted = read(knowledge, endpoint, &case, profile).await;
            judge(knowledge, &case, profile, &extracted, &mut text)?;
            true
        }
        Err(fault) => {
            serde_json::to_writer(&mut text, &fault).map_err(std::io::Error::from)?;
            false
        }
    };
    Ok((good, text))
}

/// What the model reads in a case; nothing if it fails.
async fn read(
    knowledge: &Knowledge,
    endpoint: &Endpoint,
    case: &Case,
    profile: Profile,
) -> Vec<Extracted> {
    let state = State {
        profile,
        ..State::default()
    };
    let masked = Masked::of(&case.text);
    let language = case.lang.as_deref().unwrap_or("zh");
    let settings = &endpoint.settings;
    let question = reading::question(knowledge, &state, &masked, language, settings.catalogue);
    let now = Instant::now();
    let deadline = Deadline {
        first: now + settings.first_token(),
        whole: now + settings.whole(),
    };
    let mut on_text = |_: &str| std::ops::ControlFlow::Continue(());
    let cancel = CancellationToken::new();
    let (said, ended) = endpoint
        .ask(&question, deadline, &cancel, &mut on_text)
        .await;
    if let Err(fault) = ended {
        tracing::warn!(fault = fault.code(), "the model did not read a line");
        return Vec::new();
    }
    reading::answer(&masked, &said.text).map_or_else(Vec::new, |reading| reading.findings)
}

/// Judges every line of `input`; answers whether all of them could be.
///
/// # Errors
/// If reading or writing fails.
pub fn judge_lines(
    knowledge: &Knowledge,
    mut input: impl BufRead,
    mut output: impl Write,
) -> Result<bool, AssessError> {
    let mut all_good = true;
    let mut line = Vec::new();
    loop {
        line.clear();
        if input.read_until(b'\n', &mut line)? == 0 {
            output.flush()?;
            return Ok(all_good);
        }
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        all_good &= judge_line(knowledge, &line, &mut output)?;
        output.write_all(b"\n")?;
    }
}

fn judge_line(
    knowledge: &Knowledge,
    line: &[u8],
    output: &mut impl Write,
) -> Result<bool, AssessError> {
    match parse(line) {
        Ok((case, profile)) => {
            judge(knowledge, &case, profile, &[], output)?;
            Ok(true)
        }
        Err(fault) => {
            serde_json::to_writer(output, &fault).map_err(std::io::Error::from)?;
            Ok(false)
        }
    }
}

fn parse(line: &[u8]) -> Result<(Case, Profile), Fault> {
    let case: Case = serde_json::from_slice(line).map_err(|error| Fault {
        id: serde_json::from_slice::<serde_json::Value>(line)
            .ok()
            .and_then(|value| value.get("id").cloned())
            .unwrap_or_default(),
        error: error.to_string(),
    })?;
    match profile(&case) {
        Ok(profile) => Ok((case, profile)),
        Err(error) => Err(Fault { id: case.id, error }),
    }
}

fn profile(case: &Case) -> Result<Profile, String> {
    let age = match case.age {
        None => None,
        Some(years) if (0.0..=120.0).contains(&years) => {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "0 to 1440, just checked"
            )]
            let months = (years * 12.0).floor() as u32;
            Some(AgeRange::exactly(months))
        }
        Some(years) => return Err(format!("age {years} is not between 0 and 120")),
    };
    let sex = match case.sex.as_deref() {
        None => None,
        Some("female") => Some(Sex::Female),
        Some("male") => Some(Sex::Male),
        Some(other) => return Err(format!("sex {other:?} is neither \"female\" nor \"male\"")),
    };
    Ok(Profile {
        subject: None,
        age,
        sex,
    })
}

fn judge(
    knowledge: &Knowledge,
    case: &Case,
    profile: Profile,
    extracted: &[Extracted],
    output: &mut impl Write,
) -> Result<(), AssessError> {
    let (state, decision) = consult::judge(
        knowledge,
        profile,
        &case.text,
        extracted,
        Settings::default(),
    );
    let assessment = &decision.assessment;
    let language = case.lang.as_deref().unwrap_or("zh");
    let cards = match &decision.step {
        Step::Alert(fired) => fired.as_slice(),
        _ => &[],
    };
    let judgement = Judgement {
        id: case.id.clone(),
        care_level: assessment
            .care_level
            .map(crate::conversation::words::care_level_code),
        level_if_denied: assessment
            .level_if_denied
            .map(crate::conversation::words::care_level_code),
        alerts: cards
            .iter()
            .chain(&decision.crisis)
            .map(|rule| rule.id.as_str())
            .collect(),
        specialties: assessment
            .specialties
            .iter()
            .take(SPECIALTIES)
            .map(|(code, score)| Ranked {
                code,
                score: (score * 1000.0).round() / 1000.0,
            })
            .collect(),
        findings: told(knowledge, &state)
            .into_iter()
            .map(|one| Finding {
                id: one.id,
                status: status(one.status),
                words: one.words,
            })
            .collect(),
        open: &assessment.open,
        question: match &decision.step {
            Step::Question(question) => Some(Asked {
                id: &question.id,
                text: question.text.get(language),
            }),
            _ => None,
        },
    };
    serde_json::to_writer(output, &judgement).map_err(std::io::Error::from)?;
    Ok(())
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Present => "present",
        Status::Absent => "absent",
        Status::Unknown => "unknown",
        Status::Suspected => "suspected",
    }
}
