//! Anteroom's server.
//!
//! `http/` is thin: parse, call, answer. A use case does the work ([`conversation`], [`directory`], [`privacy`],
//! [`usage`]). [`store`] and [`keys`] do what they are told. What is medicine is decided by the crate `consult` and by
//! nothing here.

use std::future::Future;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use consult::knowledge::Knowledge;
use tokio::net::TcpListener;
use tokio::sync::watch;

pub mod application;
pub mod assess_command;
pub mod assets;
pub mod clock;
pub mod config;
pub mod conversation;
pub mod directory;
pub mod feedback;
pub mod http;
pub mod ids;
pub mod keys;
pub mod links;
pub mod log;
pub mod model;
pub mod outbound;
pub mod privacy;
pub mod report;
pub mod search;
pub mod speech;
pub mod staff;
pub mod store;
pub mod usage;
pub mod webhook;

use clock::Clock;
use config::Config;
use config::providers::{ModelOverride, SpeechOverride};

/// Name of the content's database file in the data folder.
pub const CONTENT_FILE: &str = "anteroom.sqlite";
/// Name of the key store's file in the data folder.
pub const KEYS_FILE: &str = "keys.sqlite";
/// How often what was counted is stored.
const FLUSH_USAGE: Duration = Duration::from_mins(1);

/// What can stop the server from starting or serving.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The data folder cannot be made or read.
    #[error("the data folder {0} cannot be used: {1}")]
    Folder(String, #[source] std::io::Error),
    /// A database.
    #[error("the database cannot be opened: {0}")]
    Store(#[from] store::StoreError),
    /// The keys.
    #[error(transparent)]
    Keys(#[from] keys::OpenError),
    /// The master key.
    #[error(transparent)]
    Key(#[from] keys::KeyError),
    /// The knowledge in the binary.
    #[error("the knowledge in this binary does not open: {0}")]
    Knowledge(String),
    /// The texts in the binary.
    #[error("the texts in this binary do not read: {0}")]
    Texts(#[from] toml::de::Error),
    /// The demo's files in the binary.
    #[error(transparent)]
    Demo(#[from] directory::demo::DemoError),
    /// A listener.
    #[error("cannot listen on {0}: {1}")]
    Listen(String, #[source] std::io::Error),
}

/// Everything the use cases work with.
#[derive(Debug)]
pub struct App {
    /// Settings.
    pub config: Config,
    /// The clock.
    pub clock: Clock,
    /// The content's store.
    pub store: store::Store,
    /// The keys.
    pub keys: keys::Keys,
    /// The knowledge.
    pub knowledge: Arc<Knowledge>,
    /// Consent texts and notices.
    pub texts: application::Texts,
    /// Directories made ready.
    pub indexes: directory::Indexes,
    /// Searches over published content made ready.
    pub searches: directory::Searches,
    /// Who listens to which session.
    pub live: conversation::live::Live,
    /// Limits.
    pub limits: http::limits::Limits,
    /// Counts for the bill.
    pub usage: usage::Usage,
    /// Language models.
    pub models: model::Models,
    /// Speech recognition.
    pub speeches: speech::Speeches,
    /// The client of calls to other systems.
    pub client: outbound::Client,
    /// Names of the directories in use, for the guard.
    pub names: model::guard::KnownNames,
    guard: std::sync::OnceLock<model::guard::Guard>,
    /// True once the server is stopping.
    pub shutdown: watch::Receiver<bool>,
}

static KNOWLEDGE: std::sync::OnceLock<Arc<Knowledge>> = std::sync::OnceLock::new();

/// The knowledge in the binary, opened once for the process.
///
/// # Errors
/// If it does not open, which a build never ships.
pub fn knowledge() -> Result<Arc<Knowledge>, ServeError> {
    if let Some(knowledge) = KNOWLEDGE.get() {
        return Ok(Arc::clone(knowledge));
    }
    let opened = Knowledge::decode(assets::KNOWLEDGE, assets::GATE)
        .and_then(|knowledge| knowledge.with_interviews(assets::INTERVIEWS))
        .map_err(|error| ServeError::Knowledge(error.to_string()))?;
    Ok(Arc::clone(KNOWLEDGE.get_or_init(|| Arc::new(opened))))
}

impl App {
    /// Opens the data folder: databases brought up to date, master key proven, demo put in if the database is new.
    ///
    /// # Errors
    /// If anything of it does not work; a wrong or missing master key changes nothing.
    pub async fn open(
        config: Config,
        clock: Clock,
        shutdown: watch::Receiver<bool>,
    ) -> Result<Self, ServeError> {
        // Opening the knowledge and opening the files take about as long: they need not wait for each other.
        let opening_knowledge = tokio::task::spawn_blocking(knowledge);
        let folder = &config.data.folder;
        make_folder(folder)
            .map_err(|error| ServeError::Folder(folder.display().to_string(), error))?;
        let (content, key_file) = (folder.join(CONTENT_FILE), folder.join(KEYS_FILE));
        let exists = content.exists() || key_file.exists();
        let master = keys::master_key(&config.master_key, folder, exists)?;
        let opening = store::Opening {
            readers: config.store.readers,
            busy_timeout: Duration::from_millis(config.store.busy_timeout_ms),
        };
        let store = store::Store::sqlite(&content, opening).await?;
        let key_database = store::keys::open(&key_file, opening).await?;
        let sessions_exist = store::keys::content_exists(&store).await?;
        let keys =
            keys::Keys::open(key_database, master, sessions_exist, folder, clock.now()).await?;
        if config.data.demo
            && store::applications::first(&mut *store.reader().await?)
                .await?
                .is_none()
        {
            directory::demo::seed(&store, clock.now()).await?;
        }
        let knowledge = opening_knowledge
            .await
            .map_err(|error| ServeError::Knowledge(error.to_string()))??;
        let client = outbound::Client::default();
        Ok(Self {
            client: client.clone(),
            texts: application::Texts::load()?,
            names: model::guard::KnownNames::default(),
            guard: std::sync::OnceLock::new(),
            models: model::Models::new(config.model.clone(), config.keys.clone(), client.clone()),
            speeches: speech::Speeches::new(config.speech.clone(), config.keys.clone(), client),
            knowledge,
            limits: http::limits::Limits::new(&config.limits),
            indexes: directory::Indexes::default(),
            searches: directory::Searches::default(),
            live: conversation::live::Live::default(),
            usage: usage::Usage::default(),
            config,
            clock,
            store,
            keys,
            shutdown,
        })
    }

    /// Checks what a model says before it is shown; made ready when a model first speaks.
    #[must_use]
    pub fn guard(&self) -> &model::guard::Guard {
        self.guard
            .get_or_init(|| model::guard::Guard::new(&self.knowledge))
    }

    /// The index of a session's directory.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn index_of(
        &self,
        session: &store::sessions::Session,
    ) -> Result<Arc<consult::guide::Index>, store::StoreError> {
        let (organisation, version) = (&session.organisation, session.directory_version);
        self.indexes
            .get(&self.store, &self.knowledge, organisation, version)
            .await
    }

    /// Whose computers an application's patients may reach.
    #[must_use]
    pub fn providers(
        &self,
        model: Option<&ModelOverride>,
        speech: Option<&SpeechOverride>,
        voice: bool,
        intranet: bool,
    ) -> application::Providers {
        application::Providers {
            model: match self.models.of(model, intranet) {
                model::Model::Scripted => None,
                model::Model::OpenAi(endpoint) => Some(endpoint.settings.provider.clone()),
            },
            speech: match self.speeches.of(speech, intranet) {
                speech::Speech::OpenAi(recogniser) if voice => {
                    Some(recogniser.settings.provider.clone())
                }
                _ => None,
            },
            browser_speech: voice && self.config.speech.browser,
        }
    }

    /// Whose computers the patient of a session may reach.
    #[must_use]
    pub fn providers_of(&self, session: &store::sessions::Session) -> application::Providers {
        self.providers(
            session.model.as_ref(),
            session.speech.as_ref(),
            session.voice,
            session.intranet,
        )
    }

    /// Stores what is counted and closes the databases.
    pub async fn close(&self) {
        if let Err(error) = usage::flush(self).await {
            tracing::warn!(%error, "the last counts were not stored");
        }
        self.store.close().await;
        self.keys.close().await;
    }
}

/// Makes the data folder; only its owner may look into it.
fn make_folder(folder: &Path) -> std::io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    std::fs::create_dir_all(folder)?;
    #[cfg(unix)]
    std::fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
    Ok(())
}

/// Serves until `shutdown` ends, then lets open requests end and closes the store.
///
/// # Errors
/// If the data folder does not open.
pub async fn serve(
    config: Config,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    serve_with(config, Clock::System, listener, shutdown).await
}

/// As [`serve`], with a clock.
///
/// # Errors
/// As [`serve`].
pub async fn serve_with(
    config: Config,
    clock: Clock,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    let (stop, stopping) = watch::channel(false);
    let metrics = http::metrics::install();
    let app = Arc::new(App::open(config, clock, stopping.clone()).await?);
    let released = app
        .store
        .write(|connection| {
            Box::pin(async move {
                store::ledger::close_lost(&mut *connection).await?;
                store::runs::release_all(connection).await
            })
        })
        .await?;
    if released > 0 {
        tracing::warn!(
            runs = released,
            "turns were under way when the server last ended"
        );
    }
    let metrics_task = match (metrics, app.config.metrics.address()) {
        (Some(handle), Some(address)) => {
            Some(serve_metrics(handle, address, Arc::clone(&app), stopping.clone()).await?)
        }
        _ => None,
    };
    let upkeep = tokio::spawn(upkeep(Arc::clone(&app), stopping.clone()));
    let messages = tokio::spawn(send_messages(Arc::clone(&app), stopping.clone()));

    let router = http::router(Arc::clone(&app));
    let serving = http::connections::serve(listener, router, stopping.clone());
    let grace = Duration::from_secs(app.config.server.shutdown_seconds);
    tokio::pin!(serving);
    tokio::select! {
        () = &mut serving => {}
        () = shutdown => {
            tracing::info!("stopping: no longer ready, streams end");
            stop.send_replace(true);
            if tokio::time::timeout(grace, &mut serving).await.is_err() {
                tracing::warn!("some requests did not end in time");
            }
        }
    }
    stop.send_replace(true);
    for task in [Some(upkeep), Some(messages), metrics_task]
        .into_iter()
        .flatten()
    {
        // A task that panicked has said so in the log.
        let _ = task.await;
    }
    app.close().await;
    tracing::info!("stopped");
    Ok(())
}

async fn serve_metrics(
    handle: metrics_exporter_prometheus::PrometheusHandle,
    address: SocketAddr,
    app: Arc<App>,
    mut stopping: watch::Receiver<bool>,
) -> Result<tokio::task::JoinHandle<()>, ServeError> {
    let listener = TcpListener::bind(address)
        .await
        .map_err(|error| ServeError::Listen(format!("{address} (metrics.listen)"), error))?;
    let render = move || {
        #[expect(
            clippy::cast_precision_loss,
            reason = "a count of streams is far below 2^52"
        )]
        metrics::gauge!("anteroom_streams").set(app.live.count() as f64);
        http::metrics::circuits(app.models.state(), app.speeches.state());
        handle.run_upkeep();
        let text = handle.render();
        async move { ([("content-type", "text/plain; version=0.0.4")], text) }
    };
    let router = axum::Router::new().route("/metrics", axum::routing::get(render));
    Ok(tokio::spawn(async move {
        let ended = axum::serve(listener, router)
            .with_graceful_shutdown(async move {
                let _ = stopping.wait_for(|stopping| *stopping).await;
            })
            .await;
        if let Err(error) = ended {
            tracing::warn!(%error, "the figures are no longer served");
        }
    }))
}

async fn forget_messages(app: &App) {
    if let Err(error) = webhook::forget_old(app).await {
        tracing::warn!(%error, "old messages stay in the outbox");
    }
}

/// What happens by itself: counts are stored, old sessions deleted, quiet addresses forgotten.
async fn upkeep(app: Arc<App>, mut stopping: watch::Receiver<bool>) {
    let mut flush = tokio::time::interval(FLUSH_USAGE);
    let minutes = app.config.retention.every_minutes;
    let mut prune = tokio::time::interval(Duration::from_secs(60 * minutes.max(1)));
    loop {
        let stopped = async {
            // An error means that the server is gone: stop as well.
            let _ = stopping.wait_for(|stopping| *stopping).await;
        };
        tokio::select! {
            () = stopped => return,
            _ = flush.tick() => {
                app.limits.forget_quiet();
                if let Err(error) = usage::flush(&app).await {
                    tracing::warn!(%error, "counts were not stored and wait");
                }
            }
            _ = prune.tick(), if minutes > 0 => {
                match privacy::prune(&app).await {
                    Ok(0) => {}
                    Ok(deleted) => {
                        tracing::info!(deleted, "sessions whose time was over were erased");
                    }
                    Err(error) => tracing::error!(%error, "old sessions were not erased"),
                }
                forget_messages(&app).await;
                if let Err(error) = staff::sign_in::forget(&app).await {
                    tracing::warn!(%error, "sign-ins whose time is over stay a while");
                }
                if let Err(error) = links::forget(&app).await {
                    tracing::warn!(%error, "links nobody used stay a while");
                }
            }
        }
    }
}

/// Tells the webhook what waits. A call that the end of the server cuts off is made again at the next start.
async fn send_messages(app: Arc<App>, mut stopping: watch::Receiver<bool>) {
    let every = Duration::from_secs(app.config.webhook.every_seconds.max(1));
    let sending = async {
        loop {
            if let Err(error) = webhook::send_due(&app).await {
                tracing::error!(%error, "the outbox was not looked through");
            }
            tokio::time::sleep(every).await;
        }
    };
    tokio::select! {
        () = sending => {}
        // An error means that the server is gone: stop as well.
        _ = stopping.wait_for(|stopping| *stopping) => {}
    }
}
