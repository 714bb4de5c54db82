//! The same million users here, in better-auth's admin API and in Django's admin, asked the same in
//! one run.

mod others;

use std::time::Instant;

use api::paths;
use serde_json::Value;

use crate::{
    figures,
    process::Server,
    scale::{Engine, Place, Size},
};
use others::Others;

/// What is looked for; the last one finds nobody.
const SEARCHES: [&str; 10] = [
    "ada",
    "adele.ab",
    "lovelace",
    "okafor",
    "martin",
    "labs",
    "kenji.tan",
    "olga.n",
    "zo",
    "nobody.here",
];
/// Pages of 200 until the middle of a million.
const DEEP: u32 = 2_500;
/// So often each address is asked for.
const TURNS: usize = 5;

/// One program, with the addresses of the three questions.
pub(crate) struct Asked {
    pub(crate) name: &'static str,
    pub(crate) port: u16,
    pub(crate) cookie: String,
    pub(crate) search: Vec<String>,
    pub(crate) first: String,
    pub(crate) deep: String,
}

/// `--users N`.
pub(crate) async fn run(arguments: &[String]) -> Result<(), String> {
    let people = match arguments {
        [] => 1_000_000,
        [name, number] if name == "--users" => number.parse().map_err(|_| "no number")?,
        _ => return Err("beside takes --users N".into()),
    };
    let place = Place::find()?;
    let attempts = people * 5;
    let kept = place.database(Engine::Sqlite, Size { people, attempts });
    let kept = kept.await?;
    let others = Others::find(&place, people)?;
    others.prepare(&kept.arguments())?;
    let mut rows = vec![ours(&kept, people).await?];
    let [better_auth, django] = [others.better_auth().await?, others.django().await?];
    for (asked, _process) in [&better_auth, &django] {
        rows.push(ask(asked).await?);
    }
    print(&rows);
    Ok(())
}

/// What one program took: search, first page, deep page; medians in milliseconds.
struct Row {
    name: &'static str,
    millis: [f64; 3],
}

async fn ours(kept: &crate::scale::Kept, people: u32) -> Result<Row, String> {
    let cookie = kept.signed_in().await?;
    let mut server = Server::start_on(&kept.arguments(), None)?;
    server.until_ready().await?;
    server.until_quiet().await;
    let client = reqwest::Client::new();
    let mut after = String::new();
    for _ in 0..DEEP.min(people / 400) {
        let path = format!("{}?sort=email&limit=200{after}", paths::USERS);
        let page = get(&client, server.port, &path, &cookie).await?;
        let page: Value = serde_json::from_str(&page).map_err(|why| why.to_string())?;
        let next = page["next"].as_str().ok_or("there are not so many pages")?;
        after = format!("&after={next}");
    }
    let asked = Asked {
        name: "SSO Console",
        port: server.port,
        cookie,
        search: SEARCHES
            .map(|it| format!("{}?search={it}", paths::USERS))
            .into(),
        first: paths::USERS.into(),
        deep: format!("{}?sort=email{after}", paths::USERS),
    };
    let row = ask(&asked).await?;
    server.stop().await?;
    Ok(row)
}

async fn get(
    client: &reqwest::Client,
    port: u16,
    path: &str,
    cookie: &str,
) -> Result<String, String> {
    let reply = client
        .get(format!("http://127.0.0.1:{port}{path}"))
        .header("cookie", cookie)
        .send()
        .await
        .and_then(reqwest::Response::error_for_status)
        .map_err(|why| format!("{path}: {why}"))?;
    let is_page = reply.url().path() == path.split('?').next().unwrap_or_default();
    let text = reply.text().await.map_err(|why| why.to_string())?;
    if is_page {
        Ok(text)
    } else {
        Err(format!("{path} leads somewhere else"))
    }
}

async fn ask(asked: &Asked) -> Result<Row, String> {
    let client = reqwest::Client::new();
    let mut millis = [f64::NAN; 3];
    let (first, deep) = ([asked.first.clone()], [asked.deep.clone()]);
    for (at, paths) in [&asked.search[..], &first, &deep].into_iter().enumerate() {
        let mut samples = Vec::new();
        for _ in 0..TURNS * SEARCHES.len() / paths.len() {
            for path in paths {
                let begun = Instant::now();
                get(&client, asked.port, path, &asked.cookie).await?;
                samples.push(begun.elapsed().as_secs_f64() * 1000.0);
            }
        }
        millis[at] = figures::at(&samples, 50);
        eprintln!("{}: {} samples", asked.name, samples.len());
    }
    Ok(Row {
        name: asked.name,
        millis,
    })
}

fn print(rows: &[Row]) {
    println!(
        "| over HTTP, p50 in ms | search | first page | page in the middle | ours is | goal | |"
    );
    println!("|---|--:|--:|--:|--:|--:|---|");
    let Some(ours) = rows.first() else { return };
    for row in rows {
        let [search, first, deep] = row.millis;
        print!("| {} | {search:.1} | {first:.1} | {deep:.1} |", row.name);
        let goal = match row.name {
            "better-auth" => 20.0,
            "Django admin" => 40.0,
            _ => {
                println!(" | | |");
                continue;
            }
        };
        let shares = row.millis.iter().zip(ours.millis);
        let least = shares
            .map(|(theirs, ours)| theirs / ours)
            .fold(f64::INFINITY, f64::min);
        let verdict = if least >= goal {
            "reached"
        } else {
            "**falls short**"
        };
        println!(" at most 1/{least:.0} | 1/{goal:.0} | {verdict} |");
    }
}
