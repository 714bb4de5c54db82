//! The server's figures, as a markdown table: `cargo xtask bench` runs it with the real binary.
//!
//! The server runs in a process of its own on one core; provider and driver share the other. The
//! provider's answers are signed before the clock runs, so that only the server's work is counted.

#![expect(
    clippy::cast_precision_loss,
    clippy::disallowed_methods,
    reason = "a measuring program reads clock and environment, and divides counts"
)]

mod beside;
mod client;
mod driver;
mod figures;
mod hostile;
mod process;
mod profile;
mod provider;
mod refused;
mod scale;

use std::{process::ExitCode, time::Duration};

use driver::{Console, Driver};
use figures::{Figure, Unit};
use process::Server;
use profile::{Memory, Threads};
use provider::Provider;

/// People who sign in, one after the other.
const PEOPLE: usize = 100;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some((part @ ("scale" | "beside"), rest)) = arguments
        .split_first()
        .map(|(part, rest)| (part.as_str(), rest))
    {
        return large(part, rest);
    }
    if process::repeat_on_second_core() {
        return ExitCode::SUCCESS;
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    match runtime.block_on(run()) {
        Ok((figures, profile)) => {
            figures::print(&figures);
            profile.print();
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("bench: {why}");
            ExitCode::FAILURE
        }
    }
}

/// What is about a large organization: on every core, as it would be.
fn large(part: &str, arguments: &[String]) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let done = runtime.block_on(async {
        match part {
            "beside" => beside::run(arguments).await,
            _ => scale::run(arguments).await,
        }
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("bench {part}: {why}");
            ExitCode::FAILURE
        }
    }
}

/// What is printed below the figures.
struct Profile {
    /// Of so many callbacks.
    callbacks: usize,
    threads: Threads,
    memory: Memory,
}

impl Profile {
    fn print(&self) {
        self.threads
            .print("callback, userinfo included", self.callbacks);
        self.memory.print();
    }
}

async fn run() -> Result<(Vec<Figure>, Profile), String> {
    let quick = std::env::args().any(|argument| argument == "--quick");
    let count = |full: usize| if quick { full / 10 } else { full };
    let folder = process::Folder::new()?;
    let provider = Provider::start()?;
    let mut figures = Vec::new();

    let mut server = Server::start(&folder)?;
    let token = server.set_up_token()?;
    server.until_ready().await?;
    let console = Console::set_up(&server, &provider, &token, PEOPLE).await?;
    let mut driver = Driver::new(&server, &provider, console);
    driver.sign_in(PEOPLE).await?;

    let begun = server.cpu();
    let starts = driver.start(count(5_000)).await?;
    let per_start = (server.cpu() - begun) / starts.len() as f64;
    figures.push(Figure::at_most(
        "start: attempt row and redirect, CPU",
        per_start,
        Unit::Millis,
        None,
    ));

    driver.sign(&starts);
    let before = Threads::of(server.id());
    let (cpu, wall) = server.spent(driver.finish(&starts, 16)).await?;
    let (callbacks, threads) = (starts.len(), Threads::of(server.id()).since(&before));
    let each = cpu / starts.len() as f64;
    let userinfo = provider.cost_of_a_userinfo_call(count(5_000)).await?;
    figures.push(Figure::at_most(
        "callback: token request, signature, durable session on SQLite, CPU",
        each - userinfo,
        Unit::Millis,
        Some(0.36),
    ));
    figures.push(Figure::at_most(
        "the userinfo call within it, CPU",
        userinfo,
        Unit::Millis,
        None,
    ));
    let a_second = 1000.0 / (each - userinfo);
    figures.push(Figure::at_least(
        "sign-ins a second of one core, by CPU",
        a_second,
        Unit::Count,
        Some(2500.0),
    ));
    let through = starts.len() as f64 / wall.as_secs_f64();
    figures.push(Figure::at_least(
        "sign-ins a second through one core, userinfo included",
        through,
        Unit::Count,
        None,
    ));

    let starts = driver.start(count(1_000)).await?;
    driver.sign(&starts);
    let latencies = driver.finish_at(&starts, Duration::from_millis(10)).await?;
    figures.push(Figure::at_most(
        "callback at 100 a second, median",
        figures::at(&latencies, 50),
        Unit::Millis,
        None,
    ));
    figures.push(Figure::at_most(
        "callback at 100 a second, p99",
        figures::at(&latencies, 99),
        Unit::Millis,
        Some(7.0),
    ));

    let checks = count(100_000);
    let (cpu, wall) = server.spent(driver.check_sessions(checks, 16)).await?;
    let rate = 1000.0 / (cpu / checks as f64);
    figures.push(Figure::at_least(
        "session checks a second of one core, by CPU",
        rate,
        Unit::Count,
        Some(14_000.0),
    ));
    let through = checks as f64 / wall.as_secs_f64();
    figures.push(Figure::at_least(
        "session checks a second through one core",
        through,
        Unit::Count,
        None,
    ));
    server.stop().await?;

    let mut times = Vec::new();
    for _ in 0..9 {
        let started = std::time::Instant::now();
        let mut again = Server::start(&folder)?;
        again.until_ready().await?;
        times.push(started.elapsed().as_secs_f64() * 1000.0);
        again.stop().await?;
    }
    figures.push(Figure::at_most(
        "start to ready on an existing database, median",
        figures::at(&times, 50),
        Unit::Millis,
        Some(30.0),
    ));

    let mut server = Server::start(&folder)?;
    server.until_ready().await?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    figures.push(Figure::at_most(
        "memory (PSS), idle",
        server.pss()?,
        Unit::Megabytes,
        Some(18.0),
    ));
    let memory = Memory::of(server.id());
    driver.move_to(&server);
    driver.sign_in(1_000).await?;
    figures.push(Figure::at_most(
        "memory (PSS), after 1,000 sign-ins",
        server.pss()?,
        Unit::Megabytes,
        Some(35.0),
    ));
    let during = Duration::from_secs(if quick { 2 } else { 6 });
    let times = hostile::honest_beside(server.port, during).await?;
    figures.push(Figure::at_most(
        "an honest request beside 6,000 hostile connections, p99",
        figures::at(&times, 99),
        Unit::Millis,
        Some(200.0),
    ));
    figures.push(Figure::at_most(
        "memory (PSS), after them",
        server.pss()?,
        Unit::Megabytes,
        None,
    ));
    server.stop().await?;
    figures.push(Figure::at_most(
        "memory (PSS), after 2,000 refused passwords",
        refused::memory(&folder, 2_000).await?,
        Unit::Megabytes,
        Some(64.0),
    ));
    let profile = Profile {
        callbacks,
        threads,
        memory,
    };
    Ok((figures, profile))
}
