//! The red flags, judged in the browser: the same functions as on the server, on everything said in this visit. A card
//! appears with no network.

use consult::Input;
use consult::gate::{ALARM, Fired, Gate, RuleLevel};
use consult::profile::{AgeRange, Profile, Sex, Subject};
use consult::state::{Heard, State, Status};
use wire::Localized;
use wire::event::{Alert, AlertLevel, Crisis};
use wire::guidance::Reason;
use wire::turn;

use crate::chat_state::Spoken;

/// The gate and what was heard so far.
#[derive(Debug, Default)]
pub struct GateKeeper {
    gate: Option<Gate>,
    spoken: Vec<Spoken>,
    heard: Vec<Heard>,
}

/// What the gate says after an input.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Verdict {
    /// The emergency card, if a rule fires that was not called not right.
    pub alert: Option<Alert>,
    /// The crisis card.
    pub crisis: Option<Crisis>,
    /// How long the longest-lasting finding behind the card has lasted, hours.
    pub since_hours: Option<f64>,
}

impl GateKeeper {
    /// Takes the gate's core and the words of the languages that have arrived, and hears again what was said before.
    ///
    /// # Errors
    /// If a part was written by another version. The server's gate still judges every turn.
    pub fn open(
        &mut self,
        core: &[u8],
        languages: &[&[u8]],
    ) -> Result<(), consult::knowledge::DecodeError> {
        self.gate = Some(Gate::assemble(core, languages)?);
        let spoken = std::mem::take(&mut self.spoken);
        self.heard.clear();
        for one in spoken {
            self.hear(one);
        }
        Ok(())
    }

    /// Hears one input and judges everything said.
    pub fn hear(&mut self, spoken: Spoken) -> Verdict {
        if let Some(gate) = &self.gate {
            let state = State::fold(&self.heard);
            let mut heard = gate.hear(&state, &input(&spoken));
            if heard.not_right {
                heard.disputed.clone_from(&spoken.rules);
            }
            self.heard.push(heard);
        }
        self.spoken.push(spoken);
        self.judge()
    }

    /// Starts from what the server has recorded: after a reload, a failed or a refused turn.
    pub fn restart(&mut self, spoken: &[Spoken]) -> Verdict {
        self.spoken.clear();
        self.heard.clear();
        for one in spoken {
            self.hear(one.clone());
        }
        self.judge()
    }

    /// Judges everything said so far.
    #[must_use]
    pub fn judge(&self) -> Verdict {
        let Some(gate) = &self.gate else {
            return Verdict::default();
        };
        let state = State::fold(&self.heard);
        let fired = gate.fired(&state);
        let crisis: Vec<&Fired> = fired.iter().filter(|rule| rule.is_crisis()).collect();
        let alerts: Vec<&Fired> = fired
            .iter()
            .filter(|rule| rule.is_emergency() && !state.disputed.contains(&rule.id))
            .collect();
        Verdict {
            alert: alert(&alerts, &state),
            crisis: crisis.first().map(|first| Crisis {
                rules: crisis.iter().map(|rule| rule.id.clone()).collect(),
                title: localized(&first.title),
                words: localized(&first.words),
                quick_exit: false,
            }),
            since_hours: since(&alerts, &state),
        }
    }
}

fn alert(fired: &[&Fired], state: &State) -> Option<Alert> {
    let first = fired.first()?;
    let mut reasons: Vec<Reason> = Vec::new();
    for id in fired.iter().flat_map(|rule| &rule.findings) {
        // The browser has no names of findings, only the patient's own words: they say it better.
        let Some(words) = state.findings.get(id).and_then(|known| known.words.clone()) else {
            continue;
        };
        let finding = Localized::new(&words, &words);
        if !reasons.iter().any(|reason| reason.finding == finding) {
            reasons.push(Reason {
                finding,
                words: None,
            });
        }
    }
    if let Some(sounding) = &state.sounding
        && fired.iter().any(|rule| rule.id == ALARM)
    {
        reasons.push(Reason {
            finding: Localized::new(&sounding.words, &sounding.words),
            words: None,
        });
    }
    Some(Alert {
        rules: fired.iter().map(|rule| rule.id.clone()).collect(),
        level: if first.level == RuleLevel::GoNow {
            AlertLevel::GoNow
        } else {
            AlertLevel::CallNow
        },
        title: localized(&first.title),
        words: localized(&first.words),
        reasons,
    })
}

fn since(fired: &[&Fired], state: &State) -> Option<f64> {
    let hours = fired
        .iter()
        .flat_map(|rule| &rule.findings)
        .filter_map(|id| {
            let known = state.findings.get(id)?;
            if known.status == Status::Present {
                known.details.hours
            } else {
                None
            }
        });
    hours.fold(None, |longest: Option<f64>, one| {
        Some(longest.map_or(one, |known| known.max(one)))
    })
}

/// An input as the engine takes it. Text while a question is open answers that question.
fn input(spoken: &Spoken) -> Input {
    let question = spoken.question.as_ref();
    let offered = |id: &str| -> Vec<String> {
        let same = question.filter(|question| question.id == id);
        same.map(|question| {
            question
                .choices
                .iter()
                .map(|choice| choice.id.clone())
                .collect()
        })
        .unwrap_or_default()
    };
    match &spoken.input {
        turn::Input::Profile(told) => Input::Profile {
            profile: profile(told),
            pregnant: told.pregnant,
        },
        turn::Input::Text(text) => {
            match question.filter(|question| question.id != consult::COMPLAINT) {
                Some(question) => Input::Answer {
                    question: question.id.clone(),
                    offered: offered(&question.id),
                    text: text.clone(),
                },
                None => Input::Text(text.clone()),
            }
        }
        turn::Input::Choice(chosen) => Input::Choice {
            question: chosen.question.clone(),
            offered: offered(&chosen.question),
            choices: chosen.choices.clone(),
        },
        turn::Input::Values(valued) => Input::Values {
            question: valued.question.clone(),
            value: valued.value,
            unit: valued.unit.clone(),
        },
        turn::Input::Interview {} => Input::Interview,
        turn::Input::Change(question) => Input::Change {
            question: question.clone(),
        },
        turn::Input::Correct(correction) => Input::Correct {
            finding: correction.finding.clone(),
            status: correction.present.map_or(Status::Unknown, |present| {
                if present {
                    Status::Present
                } else {
                    Status::Absent
                }
            }),
        },
        turn::Input::Strike(line) | turn::Input::Restore(line) => Input::Strike {
            line: line.clone(),
            struck: matches!(spoken.input, turn::Input::Strike(_)),
        },
        turn::Input::Skip(skipped) => Input::Skip {
            question: skipped.question.clone(),
            offered: offered(&skipped.question),
        },
        turn::Input::Back {} => Input::Back,
        turn::Input::NotRight(correction) => Input::NotRight {
            text: correction.text.clone(),
        },
    }
}

fn profile(told: &wire::session::Profile) -> Profile {
    use wire::session;
    Profile {
        subject: told.subject.and_then(|subject| match subject {
            session::Subject::Me => Some(Subject::Me),
            session::Subject::Child => Some(Subject::Child),
            session::Subject::Other => Some(Subject::Other),
            session::Subject::Unknown => None,
        }),
        age: told.age_months.map(AgeRange::exactly),
        sex: told.sex.and_then(|sex| match sex {
            session::Sex::Female => Some(Sex::Female),
            session::Sex::Male => Some(Sex::Male),
            session::Sex::Unknown => None,
        }),
    }
}

fn localized(text: &consult::Text) -> Localized {
    Localized(text.0.clone())
}
