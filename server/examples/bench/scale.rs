//! A large organization: what its pages cost at the API, on both engines, beside a small one's.
//!
//! The databases are made once and kept; a server of their own answers each question over HTTP.

mod files;
mod place;
mod questions;
mod sampling;
mod table;

use std::time::Duration;

use crate::process::Server;
pub(crate) use place::{Kept, Place};
use questions::Groups;
use table::Column;

/// A small organization, to compare with.
const SMALL: Size = Size {
    people: 10_000,
    attempts: 50_000,
};

/// How large an organization is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) people: u32,
    pub(crate) attempts: u32,
}

/// Where a database is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// What the command line asks for.
struct Wish {
    size: Size,
    engines: Vec<Engine>,
    pages: bool,
    files: bool,
    slow: bool,
}

impl Wish {
    fn read(arguments: &[String]) -> Result<Self, String> {
        let mut wish = Self {
            size: Size {
                people: 1_000_000,
                attempts: 5_000_000,
            },
            engines: vec![Engine::Sqlite, Engine::Postgres],
            pages: true,
            files: true,
            slow: false,
        };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            let mut number = || {
                let number = arguments.next().and_then(|it| it.parse().ok());
                number.ok_or(format!("{argument} takes a number"))
            };
            match argument.as_str() {
                "--users" => wish.size.people = number()?,
                "--attempts" => wish.size.attempts = number()?,
                "--sqlite" => wish.engines = vec![Engine::Sqlite],
                "--postgres" => wish.engines = vec![Engine::Postgres],
                "--pages" => wish.files = false,
                "--files" => wish.pages = false,
                "--slow" => wish.slow = true,
                other => {
                    return Err(format!(
                        "scale takes --users N, --attempts N, --sqlite or --postgres, --pages or \
                         --files, --slow, and not {other}"
                    ));
                }
            }
        }
        Ok(wish)
    }
}

/// Measures and prints; whether every goal was reached.
pub(crate) async fn run(arguments: &[String]) -> Result<(), String> {
    let wish = Wish::read(arguments)?;
    let place = Place::find()?;
    let mut columns = Vec::new();
    let mut figures = Vec::new();
    for engine in &wish.engines {
        for size in [SMALL, wish.size] {
            let kept = place.database(*engine, size).await?;
            let is_large = size == wish.size;
            if wish.pages {
                let (column, memory) = pages(&kept, *engine, size, wish.slow).await?;
                columns.push(column);
                figures.extend(memory.filter(|_| is_large));
            }
            if wish.files && is_large {
                figures.extend(files::export(&kept, size).await?);
            }
            if wish.files && !is_large {
                figures.extend(files::import(&place, &kept).await?);
            }
        }
    }
    if wish.pages {
        table::print(&columns, wish.size);
    }
    println!();
    crate::figures::print(&figures);
    Ok(())
}

/// Asks every question; what that cost, and the server's memory afterwards.
async fn pages(
    kept: &Kept,
    engine: Engine,
    size: Size,
    slow: bool,
) -> Result<(Column, Option<crate::figures::Figure>), String> {
    let cookie = kept.signed_in().await?;
    let mut server = Server::start_on(&kept.arguments(), None)?;
    server.until_ready().await?;
    server.until_quiet().await;
    let idle = server.pss()?;
    let groups = Groups::ask(server.port, &cookie).await?;
    if slow {
        groups.print_slowest();
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    let after = server.pss()?;
    eprintln!(
        "{} {}: memory {idle:.1} MB idle, {after:.1} MB afterwards",
        engine.name(),
        size.people
    );
    server.stop().await?;
    let memory = (engine == Engine::Sqlite).then(|| {
        crate::figures::Figure::at_most(
            "memory (PSS) of the server on SQLite after all of these pages",
            after,
            crate::figures::Unit::Megabytes,
            Some(60.0),
        )
    });
    Ok((Column::new(engine, size, groups), memory))
}
