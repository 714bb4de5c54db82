//! What the table's address asks for: whom, in which order, which columns, how many rows, and a job to watch.
//!
//! Everything about the table stands in the address, so that the back button works and a link shows the same. What is
//! wrong in it is said, and never left out in silence: the table would show others than were asked for.

use api::{
    FieldError,
    users::{NAMED_MAX, PAGE, PAGE_MAX, UserQuery, UserSort},
};
use leptos::prelude::*;

use crate::{
    navigation::{Place, value_of},
    paths,
};

/// The columns that can be hidden, in their order; the name always stands there.
pub(super) const HIDEABLE: [UserSort; 7] = [
    UserSort::Email,
    UserSort::OktaLogin,
    UserSort::Status,
    UserSort::Role,
    UserSort::FirstSignInAt,
    UserSort::LastSignInAt,
    UserSort::CreatedAt,
];

/// Shown unless the address says otherwise.
const USUAL: [UserSort; 5] = [
    UserSort::Email,
    UserSort::OktaLogin,
    UserSort::Status,
    UserSort::Role,
    UserSort::LastSignInAt,
];

/// The most rows that one comes to: as many as can be selected one by one.
pub(super) const ROWS_MAX: usize = NAMED_MAX;

/// The words of the address that are the API's.
const ASKED: [&str; 10] = [
    "search",
    "status",
    "role",
    "attention",
    "last_sign_in",
    "sort",
    "order",
    "after",
    "before",
    "limit",
];

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Wish {
    pub(super) query: UserQuery,
    /// None: the usual ones.
    pub(super) columns: Option<Vec<UserSort>>,
    pub(super) compact: bool,
    /// So many rows somebody had come to; 0: the first page.
    pub(super) rows: usize,
    /// The bulk act to watch.
    pub(super) job: Option<String>,
    /// What is wrong: nothing is asked then.
    pub(super) wrong: Vec<FieldError>,
    /// What is no query, and stays in the address. The query has the rest.
    left: Vec<(&'static str, String)>,
}

/// What is pasted from two cells of a sheet has a tab between them.
pub(super) fn without_controls(text: &str) -> String {
    text.replace(char::is_control, " ")
}

impl Wish {
    /// Tracked: another address is another wish.
    pub(super) fn of(place: Place) -> Self {
        let search = place.search.get();
        let some = |text: String| (!text.is_empty()).then_some(text);
        let value = |name| without_controls(&value_of(&search, name));
        let mut pairs: Vec<_> = ASKED.into_iter().map(|name| (name, value(name))).collect();
        pairs.retain(|it| !it.1.is_empty());
        let (mut wrong, mut left) = (Vec::new(), Vec::new());
        let mut query = UserQuery::default();
        // Once more without what is wrong.
        for _ in 0..2 {
            match UserQuery::from_pairs(pairs.iter().map(|it| (it.0, it.1.as_str()))) {
                Ok(rest) => query = rest,
                Err(errors) => wrong = errors,
            }
            pairs.retain(|pair| {
                let fits = wrong.iter().all(|it| it.field != pair.0);
                if !fits {
                    left.push(pair.clone());
                }
                fits
            });
        }
        let rows = value_of(&search, "rows").parse().unwrap_or_default();
        let mut wish = Self {
            query,
            columns: some(value_of(&search, "columns"))
                .map(|text| text.split('.').filter_map(UserSort::from_code).collect()),
            compact: value_of(&search, "density") == "compact",
            rows: usize::min(rows, ROWS_MAX),
            job: some(value_of(&search, "job")),
            wrong,
            left,
        };
        if wish.has_wrong_search() {
            // Somebody still types it.
            wish.query.filter.search = some(value("search"));
            wish.left.retain(|it| it.0 != "search");
        }
        wish
    }

    /// The address of the table with this wish.
    pub(super) fn url(&self) -> String {
        let mut pairs = self.query.pairs();
        if let Some(columns) = &self.columns {
            let codes: Vec<&str> = columns.iter().map(|it| it.code()).collect();
            // Without any the word alone would be read as the usual ones.
            let codes = if codes.is_empty() {
                "name".to_owned()
            } else {
                codes.join(".")
            };
            pairs.push(("columns", codes));
        }
        if self.compact {
            pairs.push(("density", "compact".to_owned()));
        }
        if self.rows > 0 {
            pairs.push(("rows", self.rows.to_string()));
        }
        pairs.extend(self.left.clone());
        pairs.extend(self.job.clone().map(|job| ("job", job)));
        paths::asking(&paths::users(), &pairs)
    }

    /// The same with a change, from the first page on, and without what was wrong.
    pub(super) fn but(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut wish = self.clone();
        wish.query.after = None;
        wish.query.before = None;
        wish.wrong.clear();
        wish.left.clear();
        change(&mut wish);
        if wish.query != self.query {
            wish.rows = 0;
        }
        wish
    }

    /// What the server is asked: nothing of how it is drawn, and nothing at all where something is wrong.
    pub(super) fn asked(&self) -> Option<UserQuery> {
        self.wrong.is_empty().then(|| self.query.clone())
    }

    /// What comes behind a page, so many rows at most.
    pub(super) fn behind(&self, after: String, rows: usize) -> UserQuery {
        let mut query = self.query.clone();
        query.before = None;
        query.after = Some(after);
        let limit = u32::try_from(rows).map_or(PAGE_MAX, |it| it.min(PAGE_MAX));
        query.limit = Some(limit).filter(|it| *it != PAGE);
        query
    }

    pub(super) fn has_wrong_search(&self) -> bool {
        self.wrong.iter().any(|it| it.field == "search")
    }

    pub(super) fn search(&self) -> String {
        self.query.filter.search.clone().unwrap_or_default()
    }

    pub(super) fn shows(&self, column: UserSort) -> bool {
        match &self.columns {
            None => USUAL.contains(&column),
            Some(columns) => columns.contains(&column),
        }
    }

    /// The same with a column shown or hidden.
    pub(super) fn toggled(&self, column: UserSort) -> Self {
        let shown = |it: &UserSort| self.shows(*it) != (*it == column);
        let columns: Vec<UserSort> = HIDEABLE.into_iter().filter(shown).collect();
        let mut wish = self.clone();
        wish.columns = (columns != USUAL).then_some(columns);
        wish
    }

    /// The same by another column; a second time the other way round.
    pub(super) fn sorted_by(&self, column: UserSort) -> Self {
        self.but(|wish| {
            let is_it = wish.query.column() == Some(column);
            wish.query.descending = is_it && !wish.query.descending;
            wish.query.sort = Some(column);
        })
    }
}
