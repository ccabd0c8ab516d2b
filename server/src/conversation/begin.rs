//! Beginning a session: consents checked, a key made, then the rows; the token is answered once.

use consult::state::State;
use wire::event::{Event, ProfileChanged};
use wire::session::{CreatedSession, NewSession, SessionState};

use crate::App;
use crate::application::Texts;
use crate::clock::Millis;
use crate::ids::{OrganisationId, SessionId};
use crate::keys::{SealingKey, from_hex, hex, sealing};
use crate::links;
use crate::privacy::receipt_code::ReceiptCode;
use crate::store::applications::Application;
use crate::store::events::{Log, NewEvent, Reach};
use crate::store::statements::Statements;
use crate::store::{self, StoreError};

use super::{Opened, situation::Situation, words};

/// Why a session is not begun.
#[derive(Debug, thiserror::Error)]
pub enum BeginError {
    /// Fields that do not fit, each with its code.
    #[error("fields do not fit")]
    Fields(Vec<(String, &'static str)>),
    /// No such application.
    #[error("there is no such application")]
    NoApplication,
    /// The id is another one's session.
    #[error("the session id is taken")]
    Taken,
    /// The session has ended.
    #[error("the session has ended")]
    Ended,
    /// The application's patients ask too much; seconds to wait.
    #[error("too many requests of the application")]
    TooMany(u64),
    /// The store's fault.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What opens a session: shown once, stored only as a hash.
struct Secrets {
    token: String,
    token_hash: Vec<u8>,
    receipt: ReceiptCode,
}

impl Secrets {
    fn make(key: &SealingKey) -> Result<Self, StoreError> {
        let token = hex(&sealing::random::<32>()?);
        Ok(Self {
            token_hash: sealing::sha256(token.as_bytes()),
            token,
            receipt: ReceiptCode::of(key),
        })
    }

    fn created(self, session: SessionId) -> CreatedSession {
        CreatedSession {
            id: session.text(),
            token: self.token,
            receipt: self.receipt.shown(),
        }
    }
}

/// Begins a session, or answers a fresh token to who repeats the call with the same secret.
///
/// # Errors
/// Why it is not begun.
pub async fn begin(app: &App, new: NewSession) -> Result<CreatedSession, BeginError> {
    let (session, secret) = check(&new)?;
    let now = app.clock.now();
    let found = {
        let mut reader = app.store.reader().await?;
        (
            store::applications::find(&mut reader, &new.application).await?,
            store::sessions::find(&mut reader, session).await?,
        )
    };
    let (Some((organisation, application)), there) = found else {
        return Err(BeginError::NoApplication);
    };
    let providers = app.providers(
        application.model.as_ref(),
        application.speech.as_ref(),
        application.voice,
        application.network_type == "intranet",
    );
    let wrong = Texts::check(&app.texts.of(&providers), &new.consents);
    if !wrong.is_empty() {
        return Err(BeginError::Fields(wrong));
    }
    app.limits
        .application(&application.id, application.requests_per_minute)
        .map_err(BeginError::TooMany)?;
    if let Some(there) = there {
        return renew(app, &there, &secret, now).await;
    }
    if !application.languages.contains(&new.locale) {
        return Err(BeginError::Fields(vec![(
            "locale".to_owned(),
            "language_not_offered",
        )]));
    }
    let link = link(app, &organisation, &new).await?;
    let key = app
        .keys
        .make_session(&organisation, session, now)
        .await
        .map_err(|error| match error {
            // The id's key belongs to another organisation's session.
            StoreError::Key(crate::keys::KeyError::NoSessionKey) => BeginError::Taken,
            error => BeginError::Store(error),
        })?;
    let secrets = Secrets::make(&key)?;
    let row = row(
        app,
        &new,
        session,
        &organisation,
        &application,
        &secrets,
        secret,
        now,
    );
    let counted = (organisation.clone(), application.id.clone());
    let told = match &link {
        Some(link) => links::events(app, &organisation, &new.profile, &link.carried).await?,
        None => told(app, &new, application.kind == "pre_consultation")?,
    };
    let log = Log {
        organisation,
        session,
        key,
    };
    let inserted = app
        .store
        .write(move |connection| {
            Box::pin(async move {
                if let Some(link) = &link {
                    store::links::take(&mut *connection, &link.hash).await?;
                }
                store::sessions::insert(&mut *connection, &row).await?;
                if !told.is_empty() {
                    let mut statements = Statements::new();
                    let reach = log.append(&mut statements, Reach::default(), None, &told, now)?;
                    store::sessions::set_reach(&mut statements, log.session, reach);
                    statements.execute(connection).await?;
                }
                Ok(())
            })
        })
        .await;
    match inserted {
        Ok(()) => {
            app.usage.session(&counted.0, &counted.1, now);
            metrics::counter!("anteroom_sessions_total").increment(1);
            tracing::info!(session.id = %session, application = counted.1, "session begun");
            Ok(secrets.created(session))
        }
        // Somebody else was quicker with the link.
        Err(StoreError::Gone) => Err(link_unknown()),
        // The same call came twice at once and the other one was first.
        Err(StoreError::Exists) => {
            let there = store::sessions::find(&mut *app.store.reader().await?, session).await?;
            let there = there.ok_or(BeginError::Taken)?;
            renew(app, &there, &sealing::sha256(&secret_bytes(&new)), now).await
        }
        Err(error) => Err(error.into()),
    }
}

/// What the call itself tells of the patient, as the log's first events; none if it tells nothing.
fn told(app: &App, new: &NewSession, history_only: bool) -> Result<Vec<NewEvent>, StoreError> {
    let mut events = Vec::new();
    if history_only {
        // The interview is all this application does.
        let begun = consult::hear(
            &app.knowledge.vocabulary,
            &State::default(),
            &consult::Input::Interview,
        );
        events.push(NewEvent::staff("heard", &begun)?);
    }
    if new.profile != wire::session::Profile::default() {
        let input = words::heard_input(None, &wire::turn::Input::Profile(new.profile.clone()));
        let heard = consult::hear(&app.knowledge.vocabulary, &State::default(), &input);
        let known = words::profile(&State::fold([&heard]));
        events.push(NewEvent::staff("heard", &heard)?);
        events.push(NewEvent::patient(&Event::Profile(ProfileChanged {
            profile: known,
        }))?);
    }
    Ok(events)
}

/// The link the call names.
async fn link(
    app: &App,
    organisation: &OrganisationId,
    new: &NewSession,
) -> Result<Option<links::Found>, BeginError> {
    let Some(code) = &new.link else {
        return Ok(None);
    };
    let found = links::find(app, organisation.as_str(), &new.application, code).await?;
    found.map(Some).ok_or_else(link_unknown)
}

fn link_unknown() -> BeginError {
    BeginError::Fields(vec![("link".to_owned(), "link_unknown")])
}

fn secret_bytes(new: &NewSession) -> Vec<u8> {
    from_hex::<32>(&new.client_secret)
        .map(Vec::from)
        .unwrap_or_default()
}

fn check(new: &NewSession) -> Result<(SessionId, Vec<u8>), BeginError> {
    let mut wrong = Vec::new();
    let session = SessionId::parse(&new.id);
    if session.is_none() {
        wrong.push(("id".to_owned(), "not_a_uuid"));
    }
    if from_hex::<32>(&new.client_secret).is_none() {
        wrong.push(("client_secret".to_owned(), "not_32_bytes_hex"));
    }
    if new.profile.age_months.is_some_and(|months| months > 1440) {
        wrong.push(("profile.age_months".to_owned(), "out_of_range"));
    }
    match session {
        Some(session) if wrong.is_empty() => Ok((session, sealing::sha256(&secret_bytes(new)))),
        _ => Err(BeginError::Fields(wrong)),
    }
}

#[expect(
    clippy::too_many_arguments,
    reason = "puts together one row from what the caller found"
)]
fn row(
    app: &App,
    new: &NewSession,
    session: SessionId,
    organisation: &OrganisationId,
    application: &Application,
    secrets: &Secrets,
    client_secret_hash: Vec<u8>,
    now: Millis,
) -> store::sessions::NewSession {
    store::sessions::NewSession {
        organisation: organisation.clone(),
        id: session,
        application: application.id.clone(),
        locale: new.locale.clone(),
        client_secret_hash,
        receipt_hash: secrets.receipt.hash(),
        token_hash: secrets.token_hash.clone(),
        knowledge: app.knowledge.hash.clone(),
        created_at: now,
        expires_at: now.plus(Millis::DAY * application.retention_days),
        consents: new.consents.clone(),
    }
}

async fn renew(
    app: &App,
    there: &store::sessions::Session,
    secret_hash: &[u8],
    now: Millis,
) -> Result<CreatedSession, BeginError> {
    // Both are hashes of long random values: comparing them plainly tells nothing.
    if there.client_secret_hash != secret_hash {
        return Err(BeginError::Taken);
    }
    if there.status == wire::session::SessionStatus::Ended || there.expires_at <= now {
        return Err(BeginError::Ended);
    }
    let key = app.keys.session(&there.organisation, there.id, now).await?;
    let secrets = Secrets::make(&key)?;
    let (organisation, session) = (there.organisation.clone(), there.id);
    let token_hash = secrets.token_hash.clone();
    app.store
        .write(move |connection| {
            Box::pin(async move {
                store::tokens::renew(connection, &organisation, session, &token_hash, now).await
            })
        })
        .await?;
    Ok(secrets.created(session))
}

/// Where a session stands, for resuming.
///
/// # Errors
/// If the store fails.
pub async fn state(app: &App, opened: &Opened) -> Result<SessionState, StoreError> {
    let situation = Situation::read(app, opened).await?;
    let mut reader = app.store.reader().await?;
    let consents = store::privacy::live_consents(&mut reader, opened.session.id).await?;
    let running = store::runs::running(&mut reader, opened.session.id).await?;
    let session = &opened.session;
    Ok(SessionState {
        id: session.id.text(),
        application: session.application.clone(),
        status: session.status,
        last_seq: session.patient_seq,
        profile: words::profile(&situation.state()),
        consents,
        running_turn: running.map(|run| run.turn.text()),
        created_at: session.created_at.rfc3339(),
        expires_at: session.expires_at.rfc3339(),
    })
}
