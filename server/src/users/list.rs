//! The table of users: a page by keyset, ordered by name.

use api::{ProblemCode, Status, UserList, field::FieldFault, users::UserQuery};
use axum::{
    Json,
    extract::{Query, State, rejection::QueryRejection},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use super::store;
use crate::{
    App,
    access::Admin,
    db::{Tx, params},
    error::Error,
};

const PAGE: u32 = 50;
const PAGE_MAX: u32 = 200;
const SEARCH_MAX: usize = 200;

/// `GET /api/users`.
pub(crate) async fn list(
    State(app): State<App>,
    _: Admin,
    query: Result<Query<UserQuery>, QueryRejection>,
) -> Result<Json<UserList>, Error> {
    let Query(query) = query.map_err(|_| ProblemCode::BadRequest)?;
    let limit = query.limit.unwrap_or(PAGE);
    if limit == 0 || limit > PAGE_MAX {
        return Err(Error::field("limit", FieldFault::Malformed));
    }
    let search = query.search.as_deref().unwrap_or("").trim().to_lowercase();
    if search.len() > SEARCH_MAX {
        return Err(Error::field("search", FieldFault::TooLong));
    }
    if search.chars().any(char::is_control) {
        return Err(Error::field("search", FieldFault::Blanks));
    }
    let after = match query.after.as_deref() {
        None => (String::new(), String::new()),
        Some(cursor) => {
            decode(cursor).ok_or_else(|| Error::field("after", FieldFault::Malformed))?
        }
    };
    let page = app
        .db
        .read(move |tx| page(tx, &search, query.status, &after, limit))
        .await?;
    Ok(Json(page))
}

fn page(
    tx: &mut Tx<'_>,
    search: &str,
    status: Option<Status>,
    after: &(String, String),
    limit: u32,
) -> Result<UserList, Error> {
    let rows = tx.rows(
        concat!(
            "select ",
            store::columns!(),
            " from users
              where (sort_name, id) > ($1, $2)
                and search like $3 escape '\\'
                and ($4 = '' or $4 = case
                       when suspended_at is not null then 'suspended'
                       when attention is not null then 'needs_attention'
                       when okta_since is not null then 'active'
                       else 'inactive' end)
              order by sort_name, id
              limit $5"
        ),
        params![
            &after.0,
            &after.1,
            &pattern(search),
            status_code(status),
            i64::from(limit) + 1
        ],
    )?;
    let mut users = Vec::with_capacity(rows.len());
    for mut row in rows {
        users.push(store::read(&mut row)?);
    }
    let more = users.len() > limit as usize;
    users.truncate(limit as usize);
    let next = users
        .last()
        .filter(|_| more)
        .map(|last| encode(&last.name.to_lowercase(), &last.id));
    Ok(UserList {
        users,
        next,
        counts: store::counts(tx)?,
    })
}

fn status_code(status: Option<Status>) -> &'static str {
    match status {
        None => "",
        Some(Status::Inactive) => "inactive",
        Some(Status::Active) => "active",
        Some(Status::NeedsAttention) => "needs_attention",
        Some(Status::Suspended) => "suspended",
    }
}

/// Any part of the text; what LIKE would read as its own is taken literally.
fn pattern(search: &str) -> String {
    let mut pattern = String::with_capacity(search.len() + 2);
    pattern.push('%');
    for c in search.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

fn encode(sort_name: &str, id: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("{id}\n{sort_name}"))
}

fn decode(cursor: &str) -> Option<(String, String)> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    let (id, name) = text.split_once('\n')?;
    let is_id = id.len() == 36 && id.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit());
    (is_id && !name.contains('\0')).then(|| (name.to_owned(), id.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_like_would_read_as_its_own_is_literal() {
        assert_eq!(pattern(r"50%_\x"), r"%50\%\_\\x%");
    }

    #[test]
    fn a_forged_cursor_is_no_cursor() {
        let id = "01890000-0000-7000-8000-000000000000";
        assert_eq!(
            decode(&encode("ada", id)),
            Some(("ada".to_owned(), id.to_owned()))
        );
        for forged in [
            "",
            "x",
            "!!!",
            "AAAA",
            &URL_SAFE_NO_PAD.encode("short\nname"),
            &encode("ada", &"\0".repeat(36)),
        ] {
            assert_eq!(decode(forged), None, "{forged}");
        }
    }
}
