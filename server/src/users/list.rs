//! The table of users: `GET /api/users`.

use api::{
    FieldError, UserList,
    field::FieldFault,
    users::{PAGE, UserQuery},
};
use axum::{
    Json,
    extract::{RawQuery, State},
};

use super::{
    cursor::{By, Spot},
    find::{BOUNDS, Question, find},
    store,
};
use crate::{App, access::Admin, error::Error};

/// The longest query that is read.
const QUERY_MAX: usize = 8 * 1024;

/// `GET /api/users`.
pub(crate) async fn list(
    State(app): State<App>,
    _: Admin,
    RawQuery(raw): RawQuery,
) -> Result<Json<UserList>, Error> {
    let question = question(&read(raw.as_deref().unwrap_or_default())?)?;
    let by = question.by;
    let list = app
        .db
        .read(move |tx| {
            let answer = find(tx, &question)?;
            Ok(UserList {
                users: answer.users,
                next: answer.next.map(|spot| spot.encode(by)),
                previous: answer.previous.map(|spot| spot.encode(by)),
                found: answer.found,
                counts: store::counts(tx)?,
            })
        })
        .await?;
    Ok(Json(list))
}

/// The query of an address. Names every field that is wrong.
pub(super) fn read(raw: &str) -> Result<UserQuery, Error> {
    if raw.len() > QUERY_MAX {
        // Whoever sends so much sends it in the one field that takes a text.
        return Err(Error::field("search", FieldFault::TooLong));
    }
    let pairs: Vec<(String, String)> = form_urlencoded::parse(raw.as_bytes())
        .into_owned()
        .filter(|(name, value)| !name.is_empty() || !value.is_empty())
        .collect();
    let pairs = pairs
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    UserQuery::from_pairs(pairs).map_err(Error::Invalid)
}

fn question(query: &UserQuery) -> Result<Question, Error> {
    let by = By::of(query);
    let spot = |field, cursor: &Option<String>| {
        cursor
            .as_deref()
            .map(|it| Spot::decode(it, by).ok_or(field))
            .transpose()
            .map_err(|field| Error::Invalid(vec![FieldError::new(field, FieldFault::Malformed)]))
    };
    let (after, before) = (spot("after", &query.after)?, spot("before", &query.before)?);
    Ok(Question {
        filter: query.filter.clone(),
        by,
        descending: query.descending,
        backwards: before.is_some(),
        start: before.or(after),
        limit: query.limit.unwrap_or(PAGE) as usize,
        bounds: BOUNDS,
    })
}
