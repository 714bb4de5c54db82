//! What the table's address asks for: whom, in which order, which columns, and a job to watch.
//!
//! Everything about the table stands in the address, so that the back button works and a link shows the same.

use api::users::{UserQuery, UserSort};
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
    /// The bulk act to watch.
    pub(super) job: Option<String>,
}

impl Wish {
    /// Tracked: another address is another wish. What is no query is left out.
    pub(super) fn of(place: Place) -> Self {
        let search = place.search.get();
        let pairs = ASKED.map(|name| (name, value_of(&search, name)));
        let fits = |pair: &&(&'static str, String)| {
            !pair.1.is_empty() && UserQuery::from_pairs([(pair.0, pair.1.as_str())]).is_ok()
        };
        let fitting = pairs.iter().filter(fits);
        let fitting = fitting.map(|(name, value)| (*name, value.as_str()));
        let some = |text: String| (!text.is_empty()).then_some(text);
        Self {
            query: UserQuery::from_pairs(fitting).unwrap_or_default(),
            columns: some(value_of(&search, "columns"))
                .map(|text| text.split('.').filter_map(UserSort::from_code).collect()),
            compact: value_of(&search, "density") == "compact",
            job: some(value_of(&search, "job")),
        }
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
        pairs.extend(self.job.clone().map(|job| ("job", job)));
        paths::asking(&paths::users(), &pairs)
    }

    /// The same with a change, from the first page on.
    pub(super) fn but(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut wish = self.clone();
        wish.query.after = None;
        wish.query.before = None;
        change(&mut wish);
        wish
    }

    /// What the server is asked; nothing of how it is drawn.
    pub(super) fn asked(&self, after: Option<String>) -> UserQuery {
        let mut query = self.query.clone();
        if after.is_some() {
            query.before = None;
            query.after = after;
        }
        query
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
