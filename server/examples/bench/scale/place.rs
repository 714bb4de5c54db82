//! Where the large databases are kept between runs, by schema and size; others of ours are removed.

use std::path::{Path, PathBuf};

use server::{
    clock::system_clock,
    crowd::Crowd,
    db::{Db, Location},
};

use super::{Engine, Size};
use crate::{client::Client, driver::Console, process::Server};

/// Of what is written beside the schema: another way of filling is another database.
const VERSION: u32 = 1;

/// The folder for files, and the PostgreSQL for databases.
pub(crate) struct Place {
    folder: PathBuf,
    postgres: Option<String>,
}

/// A filled database.
pub(crate) struct Kept {
    pub(crate) location: Location,
    key: PathBuf,
}

impl Kept {
    /// What the server is started with.
    pub(crate) fn arguments(&self) -> Vec<String> {
        let database = match &self.location {
            Location::Sqlite(path) => path.display().to_string(),
            Location::Postgres(url) => url.clone(),
        };
        let key = self.key.display().to_string();
        vec![
            "--database".into(),
            database,
            "--encryption-key-file".into(),
            key,
        ]
    }

    /// A session of its administrator; the server that let them in has ended, so that what a
    /// password costs is not in what is measured.
    pub(crate) async fn signed_in(&self) -> Result<String, String> {
        let mut server = Server::start_on(&self.arguments(), None)?;
        server.until_ready().await?;
        // The first start counts months of sign-ins, hour by hour.
        server.until_quiet().await;
        let mut client = Client::connect(server.port).await?;
        let cookie = client.sign_in(server.port).await?;
        server.stop().await?;
        Ok(cookie)
    }
}

impl Place {
    pub(crate) fn find() -> Result<Self, String> {
        let folder = std::env::var_os("SSO_CONSOLE_BENCH_FOLDER")
            .ok_or("SSO_CONSOLE_BENCH_FOLDER names no folder: run `cargo xtask bench scale`")?;
        let folder = PathBuf::from(folder);
        std::fs::create_dir_all(&folder).map_err(|why| format!("{}: {why}", folder.display()))?;
        let postgres = std::env::var("SSO_CONSOLE_BENCH_POSTGRES").ok();
        Ok(Self { folder, postgres })
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    fn prefix() -> String {
        format!("sso_{}_{VERSION}_", server::db::schema())
    }

    /// The one that is there, or a new one.
    pub(crate) async fn database(&self, engine: Engine, size: Size) -> Result<Kept, String> {
        let name = format!("{}{}_{}", Self::prefix(), size.people, size.attempts);
        let key = self.folder.join(format!("{name}.key"));
        match engine {
            Engine::Sqlite => {
                self.remove_old_files()?;
                let path = self.folder.join(format!("{name}.db"));
                if !path.exists() {
                    let new = self.folder.join(format!("{name}.new"));
                    let fresh = Kept {
                        location: Location::Sqlite(new.clone()),
                        key: key.clone(),
                    };
                    let _ = std::fs::remove_file(&new);
                    fill(&fresh, size).await?;
                    std::fs::rename(&new, &path).map_err(|why| why.to_string())?;
                }
                let location = Location::Sqlite(path);
                Ok(Kept { location, key })
            }
            Engine::Postgres => {
                let url = self.postgres.clone().ok_or(
                    "SSO_CONSOLE_BENCH_POSTGRES names no server: run `cargo xtask bench scale`",
                )?;
                let kept = Kept {
                    location: Location::Postgres(named(&url, &name)),
                    key,
                };
                let (there, prefix) = (databases(&url).await?, Self::prefix());
                for old in there.iter().filter(|it| !it.starts_with(&prefix)) {
                    on(&url, format!("drop database {old} with (force)")).await?;
                }
                if !there.contains(&name) {
                    let new = format!("{name}_new");
                    on(&url, format!("drop database if exists {new} with (force)")).await?;
                    on(&url, format!("create database {new}")).await?;
                    let fresh = Kept {
                        location: Location::Postgres(named(&url, &new)),
                        key: kept.key.clone(),
                    };
                    fill(&fresh, size).await?;
                    // As the server itself does in time.
                    on(&named(&url, &new), "vacuum analyze".into()).await?;
                    on(&url, format!("alter database {new} rename to {name}")).await?;
                }
                Ok(kept)
            }
        }
    }

    /// A copy that may be changed.
    pub(crate) async fn copy(&self, kept: &Kept) -> Result<Kept, String> {
        let location = match &kept.location {
            Location::Sqlite(path) => {
                let copy = self.folder.join("sso_copy.new");
                std::fs::copy(path, &copy).map_err(|why| why.to_string())?;
                Location::Sqlite(copy)
            }
            Location::Postgres(url) => {
                let (base, name) = url.rsplit_once('/').ok_or("a URL without a database")?;
                let base = format!("{base}/postgres");
                on(
                    &base,
                    "drop database if exists sso_copy with (force)".into(),
                )
                .await?;
                on(&base, format!("create database sso_copy template {name}")).await?;
                Location::Postgres(named(&base, "sso_copy"))
            }
        };
        let key = kept.key.clone();
        Ok(Kept { location, key })
    }

    /// Removes a copy.
    pub(crate) async fn remove(copy: Kept) -> Result<(), String> {
        match copy.location {
            Location::Sqlite(path) => std::fs::remove_file(path).map_err(|why| why.to_string()),
            Location::Postgres(url) => {
                let base = named(&url, "postgres");
                on(&base, "drop database sso_copy with (force)".into()).await
            }
        }
    }

    fn remove_old_files(&self) -> Result<(), String> {
        let prefix = Self::prefix();
        for entry in std::fs::read_dir(&self.folder).map_err(|why| why.to_string())? {
            let path = entry.map_err(|why| why.to_string())?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let is_ours = name.starts_with("sso_");
            if is_ours && (!name.starts_with(&prefix) || name.contains(".new")) {
                std::fs::remove_file(&path).map_err(|why| why.to_string())?;
            }
        }
        Ok(())
    }
}

/// Sets a deployment up by its own door, and fills it.
async fn fill(fresh: &Kept, size: Size) -> Result<(), String> {
    eprintln!("filling {:?} with {size:?}", fresh.location);
    if !fresh.key.exists() {
        Server::make_key(&fresh.key)?;
    }
    let mut server = Server::start_on(&fresh.arguments(), None)?;
    let token = server.set_up_token()?;
    server.until_ready().await?;
    Console::begin(&server, &token).await?;
    server.stop().await?;
    let db = Db::open(&fresh.location, 1)?;
    let say = |error| format!("{error:?}");
    let row = db.read(|tx| tx.row("select id, name from users", &[]));
    let mut admin = row.await.map_err(say)?.ok_or("nobody was set up")?;
    let actor = (admin.text().map_err(say)?, admin.text().map_err(say)?);
    let crowd = Crowd {
        people: size.people,
        attempts: size.attempts,
        seed: 1,
        now: system_clock().now(),
        issuer: "https://northwind.okta.com".into(),
        actor,
    };
    let begun = std::time::Instant::now();
    let progress = |what: &str, done: u64, all: u64| {
        eprintln!(
            "{:>5} s  {what}: {done} of {all}",
            begun.elapsed().as_secs()
        );
    };
    crowd.settle(&db, &progress).await.map_err(say)?;
    // A file that is kept for months is not to lose its sign-ins to their age.
    let forever = db.write(|tx| tx.run("update retention set sign_in_days = null", &[]));
    forever.await.map(drop).map_err(say)
}

/// The URL of another database of the same server.
fn named(url: &str, name: &str) -> String {
    let base = url.rsplit_once('/').map_or(url, |(base, _)| base);
    format!("{base}/{name}")
}

/// The client blocks, and must not do so within the runtime.
async fn on(url: &str, sql: String) -> Result<(), String> {
    let url = url.to_owned();
    tokio::task::spawn_blocking(move || {
        postgres::Client::connect(&url, postgres::NoTls)?.batch_execute(&sql)
    })
    .await
    .map_err(|why| why.to_string())?
    .map_err(|why| why.to_string())
}

async fn databases(url: &str) -> Result<Vec<String>, String> {
    let url = url.to_owned();
    let rows = tokio::task::spawn_blocking(move || {
        postgres::Client::connect(&url, postgres::NoTls)?.query(
            "select datname::text from pg_database where datname like 'sso\\_%'",
            &[],
        )
    });
    let rows = rows.await.map_err(|why| why.to_string())?;
    let rows = rows.map_err(|why| why.to_string())?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}
