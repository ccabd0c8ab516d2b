//! Whether an input fits where the session stands. Everything after this takes it as it is.

use consult::interview::can_reopen;
use consult::knowledge::Knowledge;
use jiff::civil::Date;
use wire::question::{Question, QuestionKind};
use wire::session::{Profile, SessionStatus};
use wire::turn::{Chosen, Input, NotRight, Valued};

use super::TurnError;
use super::chat_text::ChatText;
use super::situation::Situation;
use crate::store::sessions::Session;

/// The question that takes complaints from the list at any time.
pub const COMPLAINT: &str = "complaint";
/// Oldest age taken, months.
const OLDEST: u32 = 1440;
/// Choices and complaints taken at once.
const CHOICES: usize = 30;
/// Longest id of a line or finding taken, bytes.
const ID: usize = 120;
/// Nobody living remembers an earlier year.
const FIRST_YEAR: i16 = 1900;

/// Cleans an input of what depends on nothing else.
///
/// # Errors
/// With the code of what does not fit.
pub fn clean(input: Input) -> Result<Input, TurnError> {
    match input {
        Input::Text(text) => Ok(Input::Text(ChatText::parse(&text)?.into_string())),
        Input::NotRight(NotRight { text: Some(text) }) if !text.trim().is_empty() => {
            let text = ChatText::parse(&text)?.into_string();
            Ok(Input::NotRight(NotRight { text: Some(text) }))
        }
        Input::NotRight(_) => Ok(Input::NotRight(NotRight { text: None })),
        Input::Profile(profile) => clean_profile(&profile).map(Input::Profile),
        Input::Choice(chosen) => clean_choices(chosen).map(Input::Choice),
        Input::Values(Valued { value, .. }) if !value.is_finite() => {
            Err(TurnError::Input("out_of_range"))
        }
        other => Ok(other),
    }
}

fn clean_profile(profile: &Profile) -> Result<Profile, TurnError> {
    if profile.age_months.is_some_and(|months| months > OLDEST) {
        return Err(TurnError::Input("out_of_range"));
    }
    Ok(Profile {
        subject: profile
            .subject
            .filter(|subject| *subject != wire::session::Subject::Unknown),
        sex: profile
            .sex
            .filter(|sex| *sex != wire::session::Sex::Unknown),
        ..profile.clone()
    })
}

fn clean_choices(mut chosen: Chosen) -> Result<Chosen, TurnError> {
    if chosen.choices.is_empty() {
        return Err(TurnError::Input("choice_missing"));
    }
    if chosen.choices.len() > CHOICES {
        return Err(TurnError::Input("too_many_choices"));
    }
    chosen.choices.sort();
    chosen.choices.dedup();
    Ok(chosen)
}

/// Whether a cleaned input fits the session and the question that waits.
///
/// # Errors
/// With the reason.
pub fn fits(
    knowledge: &Knowledge,
    session: &Session,
    situation: &Situation,
    input: &Input,
    today: Date,
) -> Result<(), TurnError> {
    let alerted = session.status == SessionStatus::Alerted;
    match input {
        // Words are heard whatever is on the screen; the card is answered again.
        Input::Text(text) => day_fits(situation.question.as_ref(), text, today),
        Input::Back {} => Ok(()),
        Input::NotRight(_) if alerted => Ok(()),
        Input::NotRight(_) => Err(TurnError::Input("no_alert")),
        _ if alerted => Err(TurnError::Alerted),
        Input::Profile(_) => Ok(()),
        Input::Choice(chosen) if chosen.question == COMPLAINT => {
            let known = |id: &String| {
                knowledge
                    .complaints
                    .iter()
                    .any(|complaint| complaint.id == *id)
                    || situation
                        .question
                        .as_ref()
                        .is_some_and(|question| offers(question, id))
            };
            if chosen.choices.iter().all(known) {
                Ok(())
            } else {
                Err(TurnError::Input("unknown_choice"))
            }
        }
        Input::Choice(chosen) => {
            choice_fits(current(situation, &chosen.question)?, &chosen.choices)
        }
        Input::Values(valued) => value_fits(current(situation, &valued.question)?, valued),
        Input::Skip(skipped) => current(situation, &skipped.question).map(|_| ()),
        Input::Interview {} if session.pre_consultation => Ok(()),
        Input::Interview {} => Err(TurnError::Input("no_pre_consultation")),
        Input::Change(_) | Input::Correct(_) | Input::Strike(_) | Input::Restore(_) => {
            correction_fits(knowledge, situation, input)
        }
    }
}

/// Whether there is a report, and in it what is to be set right.
fn correction_fits(
    knowledge: &Knowledge,
    situation: &Situation,
    input: &Input,
) -> Result<(), TurnError> {
    let state = situation.state();
    if state.interview.is_none() {
        return Err(TurnError::Input("no_report"));
    }
    let fits = match input {
        Input::Change(question) => can_reopen(knowledge, &state, question),
        Input::Correct(correction) => state.findings.contains_key(&correction.finding),
        Input::Strike(line) | Input::Restore(line) => !line.is_empty() && line.len() <= ID,
        _ => true,
    };
    fits.then_some(()).ok_or(TurnError::Input("unknown_line"))
}

/// Whether a text that answers a question for a date and is written as one is a day of a lifetime, and not in the future. Other
/// words ("about a week ago") are words.
fn day_fits(question: Option<&Question>, text: &str, today: Date) -> Result<(), TurnError> {
    let asks = question.is_some_and(|question| question.kind == QuestionKind::Date);
    let written = text.len() == 10
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'-');
    if !asks || !written {
        return Ok(());
    }
    let day: Date = text.parse().map_err(|_| TurnError::Input("not_a_date"))?;
    if day > today {
        return Err(TurnError::Input("date_in_future"));
    }
    if day.year() < FIRST_YEAR {
        return Err(TurnError::Input("out_of_range"));
    }
    Ok(())
}

fn current<'a>(situation: &'a Situation, id: &str) -> Result<&'a Question, TurnError> {
    situation
        .question
        .as_ref()
        .filter(|question| question.id == id)
        .ok_or(TurnError::Input("not_current_question"))
}

fn offers(question: &Question, id: &str) -> bool {
    question.choices.iter().any(|choice| choice.id == id)
}

fn choice_fits(question: &Question, choices: &[String]) -> Result<(), TurnError> {
    if !choices.iter().all(|id| offers(question, id)) {
        return Err(TurnError::Input("unknown_choice"));
    }
    let alone = question
        .choices
        .iter()
        .any(|choice| choice.exclusive && choices.contains(&choice.id));
    let one_only = matches!(
        question.kind,
        QuestionKind::YesNo | QuestionKind::Single | QuestionKind::Text
    );
    if choices.len() > 1 && (one_only || alone) {
        return Err(TurnError::Input("too_many_choices"));
    }
    Ok(())
}

fn value_fits(question: &Question, valued: &Valued) -> Result<(), TurnError> {
    let takes = matches!(
        question.kind,
        QuestionKind::Number | QuestionKind::Scale | QuestionKind::Duration
    );
    if !takes {
        return Err(TurnError::Input("not_a_number_question"));
    }
    if question.min.is_some_and(|min| valued.value < min)
        || question.max.is_some_and(|max| valued.value > max)
        || valued.value < 0.0
    {
        return Err(TurnError::Input("out_of_range"));
    }
    match &valued.unit {
        Some(unit) if !offers(question, unit) => Err(TurnError::Input("unknown_choice")),
        None if question.kind == QuestionKind::Duration => Err(TurnError::Input("unit_missing")),
        _ => Ok(()),
    }
}
