//! The hospital hands a patient over: a link that works once and carries the visit, the department, the doctor and what is known.

use consult::guide::Index;
use consult::state::{Heard, Status};
use wire::event::{Event, ProfileChanged};
use wire::link::{Link, NewLink};
use wire::session::Profile;
use wire::turn::Input;

use crate::App;
use crate::clock::Millis;
use crate::conversation::words;
use crate::keys::sealing::{Place, SealingKey, random, sha256};
use crate::keys::{from_hex, hex};
use crate::store::events::NewEvent;
use crate::store::{self, StoreError};

/// Days a link works if nobody says otherwise.
const DAYS: u32 = 14;
/// Days it may work.
const DAYS_AT_MOST: u32 = 60;
/// Findings it may carry.
const FINDINGS_AT_MOST: usize = 30;
/// Letters of a visit's number.
const VISIT_AT_MOST: usize = 64;
/// Kind of event in which a session keeps its visit.
pub const VISIT: &str = "visit";

/// Why no link is made.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// Fields that do not fit, each with its code.
    #[error("fields do not fit")]
    Fields(Vec<(String, &'static str)>),
    /// The application takes no history down.
    #[error("the application takes no history")]
    NoInterview,
    /// The store's fault.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes a link into an application.
///
/// # Errors
/// Why it is not made.
pub async fn make(app: &App, application: &str, new: &NewLink) -> Result<Link, LinkError> {
    let (organisation, found, version) = {
        let mut reader = app.store.reader().await?;
        let found = store::applications::find(&mut reader, application).await?;
        let (organisation, found) = found.ok_or(StoreError::Gone)?;
        let version = store::directory::version(&mut reader, &organisation).await?;
        (organisation, found, version)
    };
    if found.kind == "guidance" {
        return Err(LinkError::NoInterview);
    }
    let index = app
        .indexes
        .get(&app.store, &app.knowledge, &organisation, version)
        .await?;
    let wrong = wrong(app, &index, &found.languages, new);
    if !wrong.is_empty() {
        return Err(LinkError::Fields(wrong));
    }
    let code = hex(&random::<16>().map_err(StoreError::from)?);
    let now = app.clock.now();
    let expires = now.plus(Millis::DAY * new.days.unwrap_or(DAYS));
    let plain = serde_json::to_vec(new).map_err(|error| StoreError::Damaged(error.to_string()))?;
    let sealed = key_of(&code)
        .seal(&place(organisation.as_str(), application), &plain)
        .map_err(StoreError::from)?;
    let (hash, id) = (sha256(code.as_bytes()), application.to_owned());
    app.store
        .write(move |connection| {
            Box::pin(async move {
                let sealed = (hash.as_slice(), sealed.as_slice());
                store::links::insert(connection, &organisation, &id, sealed, (now, expires)).await
            })
        })
        .await?;
    Ok(Link {
        path: match &new.locale {
            Some(locale) => format!("/a/{application}?lang={locale}#/link/{code}"),
            None => format!("/a/{application}#/link/{code}"),
        },
        code,
        expires_at: expires.rfc3339(),
    })
}

fn wrong(
    app: &App,
    index: &Index,
    languages: &[String],
    new: &NewLink,
) -> Vec<(String, &'static str)> {
    let mut wrong = Vec::new();
    let mut check = |fits: bool, field: &str, code: &'static str| {
        if !fits {
            wrong.push((field.to_owned(), code));
        }
    };
    let visit = &new.visit;
    check(
        visit
            .department
            .as_ref()
            .is_none_or(|id| department(index, id).is_some()),
        "visit.department",
        "unknown_department",
    );
    check(
        visit.doctor.as_ref().is_none_or(|id| {
            let doctors = &index.directory.doctors;
            doctors.iter().any(|doctor| doctor.id == *id)
        }),
        "visit.doctor",
        "unknown_doctor",
    );
    check(
        visit.visit.as_ref().is_none_or(|number| {
            (1..=VISIT_AT_MOST).contains(&number.len())
                && number
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte))
        }),
        "visit.visit",
        "not_a_visit_number",
    );
    check(
        new.profile.age_months.is_none_or(|months| months <= 1440),
        "profile.age_months",
        "out_of_range",
    );
    check(
        new.findings.len() <= FINDINGS_AT_MOST,
        "findings",
        "too_many",
    );
    check(
        new.findings
            .iter()
            .all(|one| app.knowledge.vocabulary.index_of(&one.finding).is_some()),
        "findings",
        "unknown_finding",
    );
    check(
        new.locale
            .as_ref()
            .is_none_or(|locale| languages.contains(locale)),
        "locale",
        "language_not_offered",
    );
    check(
        new.days
            .is_none_or(|days| (1..=DAYS_AT_MOST).contains(&days)),
        "days",
        "out_of_range",
    );
    wrong
}

fn department<'a>(index: &'a Index, id: &str) -> Option<&'a consult::guide::directory::Department> {
    let departments = &index.directory.departments;
    departments.iter().find(|department| department.id == id)
}

/// The key of what a link carries: from its code, one way.
fn key_of(code: &str) -> SealingKey {
    let digest = sha256(format!("anteroom link\u{1f}{code}").as_bytes());
    SealingKey::from_bytes(std::array::from_fn(|place| digest[place]))
}

fn place<'a>(organisation: &'a str, application: &'a str) -> Place<'a> {
    Place {
        organisation,
        owner: application,
        seq: 0,
        kind: "link",
    }
}

/// A link found by its code.
#[derive(Debug)]
pub struct Found {
    /// Hash of the code, by which it is used up.
    pub hash: Vec<u8>,
    /// What it carries.
    pub carried: NewLink,
}

/// The link of a code, not used up yet. `None` if there is none that works: used, expired, altered, another application's.
///
/// # Errors
/// If the store fails.
pub async fn find(
    app: &App,
    organisation: &str,
    application: &str,
    code: &str,
) -> Result<Option<Found>, StoreError> {
    if from_hex::<16>(code).is_none() {
        return Ok(None);
    }
    let code = code.to_ascii_lowercase();
    let hash = sha256(code.as_bytes());
    let mut reader = app.store.reader().await?;
    let now = app.clock.now();
    let Some(sealed) = store::links::find(&mut reader, application, &hash, now).await? else {
        return Ok(None);
    };
    let plain = key_of(&code).open(&place(organisation, application), &sealed)?;
    let carried =
        serde_json::from_slice(&plain).map_err(|error| StoreError::Damaged(error.to_string()))?;
    Ok(Some(Found { hash, carried }))
}

/// What a link tells a session, as its first events: the visit, the interview begun, who the patient is, what is known. What the
/// patient said of themselves counts where the link is silent.
///
/// # Errors
/// If the store fails.
pub async fn events(
    app: &App,
    organisation: &crate::ids::OrganisationId,
    said: &Profile,
    carried: &NewLink,
) -> Result<Vec<NewEvent>, StoreError> {
    let version = store::directory::version(&mut *app.store.reader().await?, organisation).await?;
    let index = app
        .indexes
        .get(&app.store, &app.knowledge, organisation, version)
        .await?;
    let id = carried.visit.department.as_deref();
    let specialty = id
        .and_then(|id| department(&index, id))
        .and_then(|department| department.specialties.first().cloned());
    let hear = |input: &consult::Input| {
        consult::hear(
            &app.knowledge.vocabulary,
            &consult::state::State::default(),
            input,
        )
    };
    let begun = Heard {
        specialty,
        ..hear(&consult::Input::Interview)
    };
    let mut events = vec![
        NewEvent::staff(VISIT, &carried.visit)?,
        NewEvent::staff("heard", &begun)?,
    ];
    let known = &carried.profile;
    let profile = Profile {
        subject: said.subject.or(known.subject),
        age_months: known.age_months.or(said.age_months),
        sex: known.sex.or(said.sex),
        pregnant: known.pregnant.or(said.pregnant),
    };
    if profile != Profile::default() {
        let input = words::heard_input(None, &Input::Profile(profile));
        let heard = hear(&input);
        events.push(NewEvent::staff("heard", &heard)?);
        events.push(NewEvent::patient(&Event::Profile(ProfileChanged {
            profile: words::profile(&consult::state::State::fold([&heard])),
        }))?);
    }
    for known in &carried.findings {
        let status = match known.present {
            Some(true) => Status::Present,
            Some(false) => Status::Absent,
            None => continue,
        };
        let input = consult::Input::Correct {
            finding: known.finding.clone(),
            status,
        };
        events.push(NewEvent::staff("heard", &hear(&input))?);
    }
    Ok(events)
}

/// Deletes links that nobody used in time.
///
/// # Errors
/// If the store fails.
pub async fn forget(app: &App) -> Result<u64, StoreError> {
    let now = app.clock.now();
    app.store
        .write(move |connection| {
            Box::pin(async move { store::links::forget(connection, now).await })
        })
        .await
}
