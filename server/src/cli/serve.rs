//! `sso-console serve`: the real server.

use std::path::{Path, PathBuf};

use tokio::{net::TcpListener, sync::watch};

use super::{
    config::{Options, Resolved},
    key,
};
use crate::{
    App,
    clock::{system_clock, system_entropy},
    console,
    db::{Db, Location},
    error::Error,
    listen, routes,
    sealing::Sealing,
    set_up, tidying,
};

/// Readers of SQLite, connections of PostgreSQL.
const DATABASE_THREADS: usize = 4;

pub(super) fn run(options: Options) -> Result<(), String> {
    let resolved = options.resolve()?;
    log(resolved.log);
    runtime()?.block_on(serve(resolved))
}

/// The runtime of every command that serves.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime, String> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("the runtime cannot start: {error}"))
}

/// JSON lines on standard output.
pub(super) fn log(level: tracing::Level) {
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_env_filter(log_filter(level))
        .init();
}

/// What the log says at a level. Other people's crates say warnings at most: what they print of a
/// request is not ours to vouch for.
#[must_use]
pub fn log_filter(level: tracing::Level) -> tracing_subscriber::EnvFilter {
    let ours = level.as_str().to_ascii_lowercase();
    tracing_subscriber::EnvFilter::new(format!("warn,server={ours},sso_console={ours}"))
}

async fn serve(resolved: Resolved) -> Result<(), String> {
    let app = open(&resolved).await?;
    let listener = bind("listen", resolved.listen)?;
    let metrics = metrics(&resolved)?;
    if !console::is_built() {
        tracing::warn!("this binary has no console inside: build it with cargo xtask dist");
    }
    if let Some(token) = set_up::prepare(&app).await.map_err(|error| say(&error))? {
        let link = app.settings.url(&format!("/set-up#token={token}"));
        super::say(&format!(
            "Nobody has set this deployment up yet. Open this link once, within this run:\n\n  {link}\n"
        ));
    }
    let asked = asked_to_stop();
    tracing::info!(
        listen = %resolved.listen,
        public_url = app.settings.public_url,
        "ready"
    );
    let (stop, stopped) = watch::channel(false);
    let maintenance = tokio::spawn(tidying::tidy(app.clone()));
    let ending = tokio::spawn(async move {
        asked.await;
        tracing::info!("stopping");
        let _ = stop.send(true);
    });
    let rules = listen::Rules::of(&app.settings);
    if let Some((listener, router)) = metrics {
        let rules = rules.clone();
        tokio::spawn(listen::serve(listener, router, rules, stopped.clone()));
    }
    listen::serve(listener, routes::router(app.clone()), rules, stopped).await;
    maintenance.abort();
    tidying::finish(&app).await;
    ending.abort();
    tracing::info!("stopped");
    Ok(())
}

/// The database of a deployment that is there already, for the commands that change one.
pub(super) fn existing(resolved: &Resolved) -> Result<Db, String> {
    match &resolved.database {
        Location::Sqlite(path) if !path.exists() => Err(format!(
            "there is no database {}; name the one of the server with --database",
            path.display()
        )),
        location => Db::open(location, 1),
    }
}

/// The keys: of the file that is named, or of the one beside the embedded database, which is made
/// together with it.
fn sealing(resolved: &Resolved) -> Result<Sealing, String> {
    if let Some(path) = &resolved.encryption_key_file {
        return key::read(path);
    }
    match &resolved.database {
        Location::Postgres(_) => Err(
            "--encryption-key-file is missing: the key that seals secrets is kept apart from a shared \
             database; make one with `sso-console key FILE` and give it to every node"
                .into(),
        ),
        Location::Sqlite(database) => {
            let path = beside(database);
            if !path.exists() && !database.exists() {
                key::create(&path)?;
            }
            key::read(&path)
        }
    }
}

fn beside(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".key");
    name.into()
}

pub(super) async fn open(resolved: &Resolved) -> Result<App, String> {
    let open = || Db::open(&resolved.database, DATABASE_THREADS);
    // A file that is there is looked at before its key: what is no database has no key to miss.
    let (db, sealing) = match &resolved.database {
        Location::Sqlite(path) if path.exists() => (open()?, sealing(resolved)?),
        Location::Sqlite(_) | Location::Postgres(_) => {
            let sealing = sealing(resolved)?;
            (open()?, sealing)
        }
    };
    let app = App::with(
        db,
        system_clock(),
        system_entropy(),
        sealing,
        resolved.settings.clone(),
    )?;
    let in_use = set_up::key_in_use(&app.db)
        .await
        .map_err(|error| say(&error))?;
    match in_use {
        Some(id) if !app.sealing.has(&id) => Err(format!(
            "the encryption key is not the one that this database's secrets were sealed with: {}",
            app.sealing.lacks(&id)
        )),
        Some(_) | None => Ok(app),
    }
}

pub(super) fn bind(name: &str, address: std::net::SocketAddr) -> Result<TcpListener, String> {
    listen::bind(address).map_err(|error| {
        if error.kind() == std::io::ErrorKind::AddrInUse {
            format!("{address} is taken by another program; give another one with --{name}")
        } else {
            format!("--{name} {address}: {error}")
        }
    })
}

fn metrics(resolved: &Resolved) -> Result<Option<(TcpListener, axum::Router)>, String> {
    let Some(address) = resolved.metrics_listen else {
        return Ok(None);
    };
    let handle = metrics_exporter_prometheus::PrometheusBuilder::new()
        .install_recorder()
        .map_err(|error| format!("metrics: {error}"))?;
    let router = axum::Router::new().route(
        "/metrics",
        axum::routing::get(move || {
            let text = handle.render();
            async move { text }
        }),
    );
    Ok(Some((bind("metrics-listen", address)?, router)))
}

/// Waits for Ctrl-C, or for the service manager's word to end. It listens from the call on, not
/// only once it is awaited: a caller that knows that the server is ready may end it at once.
#[cfg(unix)]
pub(super) fn asked_to_stop() -> impl Future<Output = ()> {
    use tokio::signal::unix::{Signal, SignalKind, signal};
    async fn heard(signal: Option<Signal>) {
        match signal {
            Some(mut signal) => {
                signal.recv().await;
            }
            None => std::future::pending().await,
        }
    }
    let interrupt = signal(SignalKind::interrupt()).ok();
    let terminate = signal(SignalKind::terminate()).ok();
    async move {
        tokio::select! {
            () = heard(interrupt) => {}
            () = heard(terminate) => {}
        }
    }
}

/// Waits for Ctrl-C.
#[cfg(not(unix))]
pub(super) async fn asked_to_stop() {
    let _ = tokio::signal::ctrl_c().await;
}

pub(super) fn say(error: &Error) -> String {
    format!("the database: {error:?}")
}
