//! A canary: what is secret appears nowhere but where it must, through a whole life of a deployment.

mod needle;
mod story;

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    body::Body,
    extract::Request,
    http::header,
    middleware::{Next, from_fn},
    response::Response,
};
use http_body_util::BodyExt as _;
use server::db::Location;

use crate::{
    desk::{Desk, watch},
    on_both,
};
use needle::Needle;

/// What the server answered, by what may have what in it.
#[derive(Default)]
struct Answers {
    /// Bodies, and headers but for the next two.
    all: String,
    set_cookie: String,
    location: String,
}

type Shared = Arc<Mutex<Answers>>;

/// Keeps everything that passes.
fn kept(router: Router, answers: Shared) -> Router {
    router.layer(from_fn(move |request: Request, next: Next| {
        let answers = answers.clone();
        async move {
            // The console's script follows this address, as a browser follows a Location.
            let body_is_location = request.uri().path().ends_with("/connect");
            let (parts, body) = next.run(request).await.into_parts();
            let bytes = body.collect().await.expect("a body").to_bytes();
            {
                let mut answers = answers.lock().expect("nobody panicked");
                for (name, value) in &parts.headers {
                    let line = format!("{name}: {}\n", String::from_utf8_lossy(value.as_bytes()));
                    let place = match name {
                        name if name == header::SET_COOKIE => &mut answers.set_cookie,
                        name if name == header::LOCATION => &mut answers.location,
                        _ => &mut answers.all,
                    };
                    place.push_str(&line);
                }
                let place = if body_is_location {
                    &mut answers.location
                } else {
                    &mut answers.all
                };
                place.push_str(&String::from_utf8_lossy(&bytes));
            }
            Response::from_parts(parts, Body::from(bytes))
        }
    }))
}

/// Where something must not be.
struct Places {
    answers: String,
    set_cookie: String,
    location: String,
    log: String,
    /// Every cell of every table; of bytes only what is text is kept, which a needle is.
    cells: Vec<(String, String)>,
    /// The database's files as they lie on the disk, with what was overwritten and freed.
    files: String,
}

impl Places {
    async fn of(desk: &Desk, answers: &Shared) -> Self {
        let dump = desk.dump().await;
        let cells = dump
            .cells()
            .map(|(table, column, bytes)| {
                (
                    format!("{table}.{column}"),
                    String::from_utf8_lossy(bytes).into_owned(),
                )
            })
            .collect();
        let mut files = String::new();
        if let Location::Sqlite(path) = &desk.location {
            let folder = path.parent().expect("a folder");
            for entry in std::fs::read_dir(folder).expect("the folder") {
                let path = entry.expect("an entry").path();
                let bytes = std::fs::read(path).expect("a file of the database");
                files.push_str(&String::from_utf8_lossy(&bytes));
            }
        }
        let answers = answers.lock().expect("nobody panicked");
        Self {
            answers: answers.all.clone(),
            set_cookie: answers.set_cookie.clone(),
            location: answers.location.clone(),
            log: watch::log(),
            cells,
            files,
        }
    }

    /// Fails where the needle is anywhere but in the places that are allowed.
    fn expect_without(&self, needle: &Needle) {
        let what = needle.what;
        let hit = |text: &str| needle.find(text);
        let first = hit(&self.answers);
        assert_eq!(first.is_some(), needle.shown_once, "{what} is in an answer");
        let after = first.and_then(|at| hit(&self.answers[at + 1..]));
        assert_eq!(after, None, "{what} is in an answer twice");
        assert_eq!(hit(&self.log), None, "{what} is in the log");
        assert!(
            needle.in_cookies || hit(&self.set_cookie).is_none(),
            "{what} is in a cookie"
        );
        assert!(
            needle.in_locations || hit(&self.location).is_none(),
            "{what} is in a Location"
        );
        for (place, bytes) in &self.cells {
            assert_eq!(needle.find(bytes), None, "{what} is in {place}");
        }
        assert!(
            needle.in_old_pages || needle.find(&self.files).is_none(),
            "{what} is in the database's files"
        );
    }
}

on_both! {
    async fn what_is_secret_appears_nowhere_but_where_it_must(desk: Desk) {
        let mut desk = desk;
        let answers = Shared::default();
        let shared = answers.clone();
        desk.around(|router| kept(router, shared));
        let needles = story::tell(&desk).await;
        let places = Places::of(&desk, &answers).await;
        // There was something to look through.
        assert!(places.answers.len() > 50_000, "{}", places.answers.len());
        assert!(places.log.matches("\"message\":\"request\"").count() > 50);
        assert!(places.cells.len() > 300, "{}", places.cells.len());
        for needle in &needles {
            places.expect_without(needle);
        }
        let kinds: std::collections::BTreeSet<&str> = needles.iter().map(|it| it.what).collect();
        for kind in story::KINDS {
            assert!(kinds.contains(kind), "the story has no {kind}");
        }
        // What may be somewhere is really there: the places are the right ones.
        for needle in &needles {
            if needle.in_cookies {
                assert!(needle.find(&places.set_cookie).is_some(), "{}", needle.what);
            }
            if needle.in_locations {
                assert!(needle.find(&places.location).is_some(), "{}", needle.what);
            }
        }
        // Sealed it is there, and it is the right one: Okta took it.
        let sealed = desk.dump().await.rows("connection_settings");
        assert!(sealed.iter().all(|row| row["secret"].len() > 60));
        assert!(desk.okta.count_requests("/v1/token") > 3);
        assert!(places.answers.contains("last_four"));
    }
}
