//! `anteroom assess`: one case a line in, one judgement a line out, in the same order.

use std::io::{BufRead, BufWriter, Write};
use std::process::ExitCode;

use consult::facts::told;
use consult::knowledge::Knowledge;
use consult::profile::{AgeRange, Profile, Sex};
use consult::state::Status;
use consult::{Settings, Step};
use serde::{Deserialize, Serialize};

/// Specialties named.
const SPECIALTIES: usize = 5;

/// What can stop the command.
#[derive(Debug, thiserror::Error)]
pub enum AssessError {
    /// `--model` was asked for.
    #[error("this version has no language model to use: run without --model")]
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
/// If `--model` was asked for, or reading or writing fails. A bad line is answered and makes the exit code 1.
pub fn run(model: bool) -> Result<ExitCode, AssessError> {
    if model {
        return Err(AssessError::NoModel);
    }
    let knowledge = crate::knowledge()?;
    let all_good = judge_lines(
        &knowledge,
        std::io::stdin().lock(),
        BufWriter::new(std::io::stdout().lock()),
    )?;
    Ok(if all_good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
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
    let fault = |id: serde_json::Value,
                 error: String,
                 output: &mut dyn Write|
     -> Result<bool, AssessError> {
        serde_json::to_writer(output, &Fault { id, error }).map_err(std::io::Error::from)?;
        Ok(false)
    };
    let case: Case = match serde_json::from_slice(line) {
        Ok(case) => case,
        Err(error) => {
            let id = serde_json::from_slice::<serde_json::Value>(line)
                .ok()
                .and_then(|value| value.get("id").cloned())
                .unwrap_or_default();
            return fault(id, error.to_string(), output);
        }
    };
    match profile(&case) {
        Ok(profile) => {
            judge(knowledge, &case, profile, output)?;
            Ok(true)
        }
        Err(message) => fault(case.id, message, output),
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
    output: &mut impl Write,
) -> Result<(), AssessError> {
    let (state, decision) = consult::judge(knowledge, profile, &case.text, Settings::default());
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
