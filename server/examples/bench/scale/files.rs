//! An export of everybody and an import of a hundred thousand, with the server's memory, and what
//! others notice of it meanwhile.

use std::{
    cell::Cell,
    fmt::Write as _,
    time::{Duration, Instant},
};

use api::paths;
use futures_util::StreamExt as _;
use serde_json::{Value, json};

use super::{
    Size,
    place::{Kept, Place},
    sampling::Samples,
};
use crate::{
    client::Client,
    figures::{Figure, Unit},
    process::Server,
};

/// Rows of the file that comes in.
const ROWS: u32 = 100_000;
const PATIENCE: Duration = Duration::from_secs(600);

/// Everybody as CSV.
pub(crate) async fn export(kept: &Kept, size: Size) -> Result<Vec<Figure>, String> {
    let cookie = kept.signed_in().await?;
    let mut server = Server::start_on(&kept.arguments(), None)?;
    server.until_ready().await?;
    server.until_quiet().await;
    let begun = Instant::now();
    let url = format!("http://127.0.0.1:{}{}", server.port, paths::EXPORT);
    let reply = reqwest::Client::new()
        .get(url)
        .header("host", "localhost")
        .header("cookie", &cookie)
        .send()
        .await
        .map_err(|why| why.to_string())?;
    let mut body = reply.bytes_stream();
    let (mut lines, mut peak, mut early, mut parts) = (0_u32, 0.0_f64, 0.0_f64, 0_u32);
    while let Some(part) = body.next().await {
        let part = part.map_err(|why| why.to_string())?;
        for byte in &part {
            lines += u32::from(*byte == b'\n');
        }
        parts += 1;
        if parts % 100 == 0 {
            peak = peak.max(server.pss()?);
            if lines < size.people / 10 {
                early = peak;
            }
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    server.stop().await?;
    if lines != size.people + 2 {
        return Err(format!("the export has {lines} lines"));
    }
    Ok(vec![
        Figure::at_most("export of everybody, seconds", seconds, Unit::Count, None),
        Figure::at_most(
            "memory (PSS) during the export, first tenth",
            early,
            Unit::Megabytes,
            None,
        ),
        Figure::at_most(
            "memory (PSS) during the export, highest",
            peak,
            Unit::Megabytes,
            Some((early * 1.25).max(60.0)),
        ),
    ])
}

/// A file of new people into a copy, while others read and write.
pub(crate) async fn import(place: &Place, kept: &Kept) -> Result<Vec<Figure>, String> {
    let copy = place.copy(kept).await?;
    let cookie = copy.signed_in().await?;
    let mut server = Server::start_on(&copy.arguments(), None)?;
    server.until_ready().await?;
    server.until_quiet().await;
    let calm = others(&server, &cookie, Duration::from_secs(3), &Cell::new(false)).await?;
    let is_over = Cell::new(false);
    let begun = Instant::now();
    let mut client = Client::connect(server.port).await?;
    let import = client
        .upload(server.port, paths::IMPORTS, &cookie, &file())
        .await?
        .expect(202)?;
    let import: Value = serde_json::from_slice(&import.body).map_err(|why| why.to_string())?;
    let id = import["id"]
        .as_str()
        .ok_or("an import has no id")?
        .to_owned();
    let (done, busy) = tokio::join!(
        taken(&server, &cookie, &id, &is_over),
        others(&server, &cookie, PATIENCE, &is_over)
    );
    let (busy, (peak, looked, note)) = (busy?, done?);
    let seconds = begun.elapsed().as_secs_f64();
    server.stop().await?;
    Place::remove(copy).await?;
    eprintln!("import: looked at after {looked:.1} s, taken after {seconds:.1} s: {note}");
    Ok(vec![
        Figure::at_most(
            "import of 100,000 rows, seconds",
            seconds,
            Unit::Count,
            Some(30.0),
        ),
        Figure::at_most(
            "of these looking at each row, seconds",
            looked,
            Unit::Count,
            None,
        ),
        Figure::at_most(
            "memory (PSS) during it, highest",
            peak,
            Unit::Megabytes,
            Some(200.0),
        ),
        Figure::at_most(
            "a page of users before it, p99",
            calm.0.p99(),
            Unit::Millis,
            None,
        ),
        Figure::at_most(
            "a page of users during it, p99",
            busy.0.p99(),
            Unit::Millis,
            Some(50.0),
        ),
        Figure::at_most(
            "a new user before it, p99",
            calm.1.p99(),
            Unit::Millis,
            None,
        ),
        Figure::at_most(
            "a new user during it, p99",
            busy.1.p99(),
            Unit::Millis,
            Some(100.0),
        ),
    ])
}

fn file() -> String {
    let mut text = String::from("name,email,okta_login,role\r\n");
    for number in 0..ROWS {
        // A string takes whatever is written to it.
        let _ = write!(
            text,
            "Imported Person{n},imported.person{number}@northwind.example,,member\r\n",
            n = number % 977
        );
    }
    text
}

/// Waits until the rows were looked at, has them taken, waits again; the highest memory, and when
/// they had been looked at.
async fn taken(
    server: &Server,
    cookie: &str,
    id: &str,
    is_over: &Cell<bool>,
) -> Result<(f64, f64, String), String> {
    let mut client = Client::connect(server.port).await?;
    let (begun, mut looked, mut peak) = (Instant::now(), 0.0, 0.0_f64);
    while begun.elapsed() < PATIENCE {
        peak = peak.max(server.pss()?);
        let import = client.get(&paths::import(id), cookie).await?.expect(200)?;
        let import: Value = serde_json::from_slice(&import.body).map_err(|why| why.to_string())?;
        match import["state"].as_str() {
            Some("checked") => {
                looked = begun.elapsed().as_secs_f64();
                client
                    .change(
                        server.port,
                        ("POST", &paths::import_apply(id)),
                        cookie,
                        0,
                        &json!({}),
                    )
                    .await?
                    .expect(202)?;
            }
            Some("done") => {
                is_over.set(true);
                return Ok((peak, looked, format!("{} created", import["create"])));
            }
            Some("failed") => return Err(format!("the import failed: {import}")),
            _ => {}
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Err("the import is never over".into())
}

/// Somebody who reads a page every 20 ms and makes a user every 100 ms.
async fn others(
    server: &Server,
    cookie: &str,
    time: Duration,
    is_over: &Cell<bool>,
) -> Result<(Samples, Samples), String> {
    let mut client = Client::connect(server.port).await?;
    let (mut reads, mut writes) = (Samples::default(), Samples::default());
    let begun = Instant::now();
    let mut number = 0;
    while begun.elapsed() < time && !is_over.get() {
        let asked = Instant::now();
        let path = format!("{}?search=ada&sort=email", paths::USERS);
        client.get(&path, cookie).await?.expect(200)?;
        reads.add(asked.elapsed().as_secs_f64() * 1000.0, &path);
        if number % 5 == 0 {
            let email = format!("other{}.{number}@northwind.example", time.as_secs());
            let user = json!({ "name": "Other", "email": email, "role": "member" });
            let asked = Instant::now();
            client
                .change(server.port, ("POST", paths::USERS), cookie, 0, &user)
                .await?
                .expect(201)?;
            writes.add(asked.elapsed().as_secs_f64() * 1000.0, &email);
        }
        number += 1;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok((reads, writes))
}
