//! Where a page of users begins: opaque to whoever holds it, bound to one order.

use api::users::{UserQuery, UserSort, is_id};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{
    find::{KINDS, Lead, NARROWED_BY},
    words::Search,
};

/// The first letter of every cursor: another order of the parts is another version.
const VERSION: &str = "1";

/// What users are in the order of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    Column(UserSort),
    /// The beginnings by which one word of the search found them.
    Match,
}

/// What a column sorts by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    /// The id alone.
    Id,
    Number(i64),
    Text(String),
}

/// A user's place in an order. Compares as the table is ordered.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Spot {
    /// Of the status, the role, or the word of the search and the kind of beginning; else 0.
    pub(super) rank: i64,
    pub(super) key: Key,
    pub(super) id: String,
}

impl By {
    pub(super) fn of(query: &UserQuery) -> Self {
        let search = query.filter.search.as_deref().unwrap_or_default();
        match query.column() {
            Some(column) => Self::Column(column),
            None if !Lead::all(&Search::parse(search)).is_empty() => Self::Match,
            // Signs that everybody has put nobody first.
            None => Self::Column(UserSort::default()),
        }
    }

    fn code(self) -> &'static str {
        match self {
            Self::Column(sort) => sort.code(),
            Self::Match => "match",
        }
    }

    fn ranks(self) -> std::ops::Range<i64> {
        match self {
            Self::Column(_) => 0..4,
            Self::Match => 0..i64::try_from(NARROWED_BY * KINDS).unwrap_or_default(),
        }
    }
}

impl Spot {
    pub(super) fn encode(&self, by: By) -> String {
        let Self { rank, key, id } = self;
        let (kind, key) = match key {
            Key::Id => ('i', String::new()),
            Key::Number(number) => ('n', number.to_string()),
            Key::Text(text) => ('t', text.clone()),
        };
        URL_SAFE_NO_PAD.encode(format!(
            "{VERSION}\n{}\n{rank}\n{id}\n{kind}{key}",
            by.code()
        ))
    }

    /// None for whatever this server did not give out for this order.
    pub(super) fn decode(cursor: &str, by: By) -> Option<Self> {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
        let mut parts = text.splitn(5, '\n');
        if parts.next()? != VERSION || parts.next()? != by.code() {
            return None;
        }
        let rank = parts
            .next()?
            .parse()
            .ok()
            .filter(|it| by.ranks().contains(it))?;
        let id = parts.next().filter(|it| is_id(it))?.to_owned();
        let key = parts.next()?;
        let key = match (Kind::of(by), key.split_at_checked(1)?) {
            (Kind::Id, ("i", "")) => Key::Id,
            (Kind::Number, ("n", number)) => Key::Number(number.parse().ok()?),
            (Kind::Text, ("t", text)) if !text.contains('\0') => Key::Text(text.to_owned()),
            (Kind::Id | Kind::Number | Kind::Text, _) => return None,
        };
        Some(Self { rank, key, id })
    }
}

/// The kind of an order's keys.
enum Kind {
    Id,
    Number,
    Text,
}

impl Kind {
    fn of(by: By) -> Self {
        match by {
            By::Column(UserSort::CreatedAt) => Self::Id,
            By::Column(UserSort::FirstSignInAt | UserSort::LastSignInAt) => Self::Number,
            By::Column(
                UserSort::Name
                | UserSort::Email
                | UserSort::OktaLogin
                | UserSort::Status
                | UserSort::Role,
            )
            | By::Match => Self::Text,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ID: &str = "01890000-0000-7000-8000-000000000000";

    fn orders() -> Vec<By> {
        let columns = UserSort::ALL.iter().map(|it| By::Column(*it));
        columns.chain([By::Match]).collect()
    }

    fn spot(by: By, text: &str, number: i64, rank: i64) -> Spot {
        let key = match Kind::of(by) {
            Kind::Id => Key::Id,
            Kind::Number => Key::Number(number),
            Kind::Text => Key::Text(text.to_owned()),
        };
        let id = ID.to_owned();
        Spot { rank, key, id }
    }

    proptest! {
        #[test]
        fn a_cursor_comes_back_in_its_own_order_and_in_no_other(
            at in 0..orders().len(),
            other in 0..orders().len(),
            text in "[^\0]{0,40}",
            number: i64,
            rank in 0..4_i64,
        ) {
            let by = orders()[at];
            let spot = spot(by, &text, number, rank);
            let cursor = spot.encode(by);
            prop_assert_eq!(Spot::decode(&cursor, by), Some(spot));
            if other != at {
                prop_assert_eq!(Spot::decode(&cursor, orders()[other]), None);
            }
        }

        #[test]
        fn whatever_is_no_cursor_is_refused_and_nothing_breaks(text in ".{0,80}") {
            for by in orders() {
                let forged = URL_SAFE_NO_PAD.encode(&text);
                prop_assert_eq!(Spot::decode(&text, by), None);
                prop_assert_eq!(Spot::decode(&forged, by), None);
            }
        }
    }

    #[test]
    fn a_forged_cursor_is_no_cursor() {
        for text in [
            format!("2\nname\n0\n{ID}\ntada"),
            format!("1\nname\n9\n{ID}\ntada"),
            format!("1\nmatch\n24\n{ID}\ntada"),
            format!("1\nmatch\n-1\n{ID}\ntada"),
            format!("1\nname\n0\n{}\ntada", "x".repeat(36)),
            format!("1\nname\n0\n{ID}\nta\0da"),
            format!("1\nlast_sign_in_at\n0\n{ID}\nnmany"),
            format!("1\nname\n0\n{ID}\n"),
        ] {
            let forged = URL_SAFE_NO_PAD.encode(text);
            for by in orders() {
                assert_eq!(Spot::decode(&forged, by), None);
            }
        }
    }
}
