//! `GET /api/users/export`: exactly the filtered view as CSV, page by page, whatever its size.

use api::users::UserQuery;
use axum::{
    body::Bytes,
    extract::{RawQuery, State},
    http::{header, request::Parts},
    response::{IntoResponse, Response},
};
use futures_util::{Stream, stream};

use super::{
    csv,
    cursor::{By, Spot},
    find::{BOUNDS, Question, find},
    list,
};
use crate::{
    App,
    access::{self, Admin},
    db::Db,
    error::Error,
};

/// So many users are in memory at once.
const AT_ONCE: usize = 500;
/// The heads; an import knows them again.
const HEADS: [&str; 8] = [
    "name",
    "email",
    "okta_login",
    "role",
    "status",
    "first_sign_in_at",
    "last_sign_in_at",
    "created_at",
];

/// How far the stream is.
enum Place {
    Head,
    Behind(Option<Spot>),
    End,
}

pub(crate) async fn export(
    State(app): State<App>,
    _: Admin,
    RawQuery(raw): RawQuery,
    asked: Parts,
) -> Result<Response, Error> {
    let query = list::read(raw.as_deref().unwrap_or_default())?;
    let rows = access::while_may(asked, parts(app.db.clone(), query));
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"users.csv\"",
        ),
    ];
    Ok((headers, rows).into_response())
}

/// The filtered view as CSV, a part at a time.
pub(crate) fn parts(db: Db, query: UserQuery) -> impl Stream<Item = Result<Bytes, Error>> {
    stream::try_unfold(Place::Head, move |place| {
        let (db, query) = (db.clone(), query.clone());
        async move { part(&db, query, place).await }
    })
}

async fn part(db: &Db, query: UserQuery, place: Place) -> Result<Option<(Bytes, Place)>, Error> {
    let mut text = String::new();
    let start = match place {
        Place::Head => {
            // The mark by which spreadsheets know UTF-8.
            text.push('\u{feff}');
            csv::write(&mut text, HEADS);
            return Ok(Some((text.into(), Place::Behind(None))));
        }
        Place::Behind(start) => start,
        Place::End => return Ok(None),
    };
    let question = Question {
        by: By::of(&query),
        descending: query.descending,
        filter: query.filter,
        start,
        backwards: false,
        limit: AT_ONCE,
        bounds: BOUNDS,
    };
    let answer = db.read(move |tx| find(tx, &question)).await?;
    for user in &answer.users {
        let [first, last, created] = [
            user.first_sign_in_at,
            user.last_sign_in_at,
            Some(user.created_at),
        ]
        .map(|at| at.map_or_else(String::new, time));
        csv::write(
            &mut text,
            [
                &api::names::clean(&user.name),
                user.email.as_str(),
                user.okta_login.as_deref().unwrap_or_default(),
                user.role.code(),
                user.status.code(),
                &first,
                &last,
                &created,
            ],
        );
    }
    let next = answer
        .next
        .map_or(Place::End, |spot| Place::Behind(Some(spot)));
    Ok(Some((text.into(), next)))
}

/// ISO 8601 in UTC.
fn time(at: i64) -> String {
    api::date::timestamp(at)
}
