//! One patient of the load bench: a whole guidance session over HTTP, answering what is asked, mostly "no".

use std::time::{Duration, Instant};

use reqwest::Client;
use serde::de::DeserializeOwned;
use wire::application::Application;
use wire::event::{Event, SequencedEvent};
use wire::question::{Question, QuestionKind};
use wire::session::{ConsentBy, ConsentGiven, CreatedSession, NewSession, Profile, Sex, Subject};
use wire::turn::{Chosen, Input, NotRight, Skipped, TurnRequest, Valued};

/// A session that asks more often than this does not end.
const TURNS_AT_MOST: usize = 60;
/// Somebody who is still not understood after this many picks has met a fault.
const PICKS_AT_MOST: usize = 2;

/// A repeatable source of chance (`splitmix64`), so that every run of the bench plays the same patients.
pub struct Chance(u64);

impl Chance {
    /// The chance of one patient.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0xa076_1d64_78bd_642f)
    }

    /// A number below `limit`, which is above 0.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }

    /// One of several.
    pub fn one_of<'a, T>(&mut self, several: &'a [T]) -> Option<&'a T> {
        let count = u64::try_from(several.len())
            .ok()
            .filter(|count| *count > 0)?;
        usize::try_from(self.below(count))
            .ok()
            .and_then(|place| several.get(place))
    }
}

/// What a patient says: language, text.
pub type Sentence = (String, String);

/// What a session took.
#[derive(Debug, Default)]
pub struct Session {
    /// Server time of each turn, milliseconds.
    pub server_ms: Vec<f64>,
    /// Time of each turn as the patient saw it, milliseconds.
    pub seen_ms: Vec<f64>,
    /// Times the patient was not understood and picked from the list.
    picked: usize,
}

/// The server and what it offers.
#[derive(Clone)]
pub struct Server {
    /// `http://address`.
    pub base: String,
    /// Keeps connections.
    pub client: Client,
    /// As the page reads it on arrival.
    pub application: Application,
}

impl Server {
    /// Reads what the page reads on arrival.
    pub async fn arrive(base: String, client: Client) -> Result<Self, String> {
        let response = client
            .get(format!("{base}/api/v1/applications/demo"))
            .send()
            .await
            .map_err(text)?;
        let application = answer(response).await?;
        Ok(Self {
            base,
            client,
            application,
        })
    }

    /// Plays one session; `think` is how long the patient waits before each turn, milliseconds at least and at most.
    pub async fn play(
        &self,
        chance: &mut Chance,
        sentence: &Sentence,
        think: Option<(u64, u64)>,
    ) -> Result<Session, String> {
        let (language, words) = sentence;
        let created = self.create(language).await?;
        let mut session = Session::default();
        let mut input = profile(chance);
        let mut said = false;
        for _ in 0..TURNS_AT_MOST {
            if let Some((least, most)) = think {
                tokio::time::sleep(Duration::from_millis(
                    least + chance.below(most - least + 1),
                ))
                .await;
            }
            let events = self.turn(&created, input, &mut session).await?;
            if events
                .iter()
                .any(|event| matches!(event.event, Event::Guidance(_)))
            {
                return Ok(session);
            }
            input = match events.iter().rev().find_map(next_of) {
                Some(Next::Alert) => Input::NotRight(NotRight { text: None }),
                Some(Next::Question(_)) if !said => {
                    said = true;
                    Input::Text(words.clone())
                }
                Some(Next::Question(question)) => reply(question, chance, &self.application),
                // Not understood: the patient picks from the list instead.
                None if said && !events.is_empty() && session.picked < PICKS_AT_MOST => {
                    session.picked += 1;
                    from_the_list(chance, &self.application)
                }
                None => {
                    return Err(format!(
                        "a turn ended with nothing to do: {}",
                        events
                            .iter()
                            .map(|event| event.event.tag())
                            .collect::<Vec<_>>()
                            .join(" ")
                    ));
                }
            };
        }
        Err(format!("no guidance after {TURNS_AT_MOST} turns"))
    }

    async fn create(&self, language: &str) -> Result<CreatedSession, String> {
        let consents = self
            .application
            .consents
            .iter()
            .filter(|consent| consent.required)
            .map(|consent| ConsentGiven {
                purpose: consent.purpose.clone(),
                version: consent.version,
                language: language.to_owned(),
                sha256: consent.sha256.get(language).cloned().unwrap_or_default(),
                by: ConsentBy::Patient,
            })
            .collect();
        let body = NewSession {
            id: uuid::Uuid::now_v7().to_string(),
            application: self.application.id.clone(),
            locale: language.to_owned(),
            consents,
            profile: Profile::default(),
            link: None,
            client_secret: uuid::Uuid::now_v7().simple().to_string().repeat(2),
        };
        let response = self
            .client
            .post(format!("{}/api/v1/sessions", self.base))
            .header("X-Anteroom", "1")
            .json(&body)
            .send()
            .await
            .map_err(text)?;
        answer(response).await
    }

    async fn turn(
        &self,
        created: &CreatedSession,
        input: Input,
        session: &mut Session,
    ) -> Result<Vec<SequencedEvent>, String> {
        let body = TurnRequest {
            turn_id: uuid::Uuid::now_v7().to_string(),
            input,
        };
        let begun = Instant::now();
        let response = self
            .client
            .post(format!(
                "{}/api/v1/sessions/{}/turns",
                self.base, created.id
            ))
            .bearer_auth(&created.token)
            .header("X-Anteroom", "1")
            .header("Accept", "application/json")
            .json(&body)
            .send()
            .await
            .map_err(text)?;
        let server_ms = response
            .headers()
            .get("server-timing")
            .and_then(|value| value.to_str().ok())
            .and_then(turn_duration);
        let events = answer(response).await?;
        session.seen_ms.push(begun.elapsed().as_secs_f64() * 1000.0);
        session
            .server_ms
            .push(server_ms.ok_or("a turn carried no Server-Timing header")?);
        Ok(events)
    }
}

/// What a turn left for the patient to do.
enum Next<'a> {
    Alert,
    Question(&'a Question),
}

fn next_of(event: &SequencedEvent) -> Option<Next<'_>> {
    match &event.event {
        Event::Alert(_) => Some(Next::Alert),
        Event::Question(question) => Some(Next::Question(question)),
        _ => None,
    }
}

fn profile(chance: &mut Chance) -> Input {
    let sex = if chance.below(2) == 0 {
        Sex::Female
    } else {
        Sex::Male
    };
    let years = u32::try_from(18 + chance.below(60)).unwrap_or(40);
    Input::Profile(Profile {
        subject: Some(Subject::Me),
        age_months: Some(years * 12),
        sex: Some(sex),
        pregnant: None,
    })
}

/// An answer to any question: "no" and "none of these" mostly, else something within what is offered.
fn reply(question: &Question, chance: &mut Chance, application: &Application) -> Input {
    let id = question.id.clone();
    let chosen = |choice: &str| {
        Input::Choice(Chosen {
            question: question.id.clone(),
            choices: vec![choice.to_owned()],
        })
    };
    let offers = |choice: &str| question.choices.iter().any(|offered| offered.id == choice);
    let doubtful = chance.below(10) == 0;
    if id == consult::COMPLAINT {
        return from_the_list(chance, application);
    }
    match question.kind {
        QuestionKind::Number | QuestionKind::Scale => {
            let unit = question.choices.first().map(|choice| choice.id.clone());
            Input::Values(Valued {
                question: id,
                value: middle(question),
                unit,
            })
        }
        QuestionKind::Duration => Input::Values(Valued {
            question: id,
            value: 2.0,
            unit: Some("days".to_owned()),
        }),
        _ if doubtful => Input::Skip(Skipped { question: id }),
        _ if offers("none") => chosen("none"),
        _ if offers("no") => chosen("no"),
        _ => match chance.one_of(&question.choices) {
            Some(choice) => chosen(&choice.id),
            None => Input::Skip(Skipped { question: id }),
        },
    }
}

/// A complaint of the list.
fn from_the_list(chance: &mut Chance, application: &Application) -> Input {
    let question = consult::COMPLAINT.to_owned();
    match chance.one_of(&application.complaints) {
        Some(complaint) => Input::Choice(Chosen {
            question,
            choices: vec![complaint.id.clone()],
        }),
        None => Input::Skip(Skipped { question }),
    }
}

/// A number the question takes.
fn middle(question: &Question) -> f64 {
    let (min, max) = (question.min.unwrap_or(0.0), question.max.unwrap_or(10.0));
    f64::midpoint(min, max).floor().max(min)
}

/// The number of `turn;dur=1.25`.
fn turn_duration(header: &str) -> Option<f64> {
    header
        .split(',')
        .find_map(|part| part.trim().strip_prefix("turn;dur="))
        .and_then(|number| number.trim().parse().ok())
}

async fn answer<T: DeserializeOwned>(response: reqwest::Response) -> Result<T, String> {
    let status = response.status();
    let body = response.text().await.map_err(text)?;
    if status.is_success() {
        serde_json::from_str(&body).map_err(|error| format!("{error} in an answer"))
    } else {
        Err(format!("{status}: {body}"))
    }
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_repeats_itself_and_stays_below() {
        let (mut one, mut other) = (Chance::new(7), Chance::new(7));
        for _ in 0..100 {
            let number = one.below(5);
            assert_eq!(number, other.below(5));
            assert!(number < 5);
        }
    }

    #[test]
    fn the_turns_time_is_read() {
        assert_eq!(turn_duration("cache;dur=1, turn;dur=2.5"), Some(2.5));
        assert_eq!(turn_duration("cache;dur=1"), None);
    }
}
