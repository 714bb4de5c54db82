//! Where a page of users begins: opaque to whoever holds it, bound to one column's order.

use api::users::{UserSort, is_id};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

/// The first letter of every cursor: another order of the parts is another version.
const VERSION: &str = "1";

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
    /// Of the status or the role; 0 in any other order.
    pub(super) rank: i64,
    pub(super) key: Key,
    pub(super) id: String,
}

impl Spot {
    pub(super) fn encode(&self, sort: UserSort) -> String {
        let Self { rank, key, id } = self;
        let (kind, key) = match key {
            Key::Id => ('i', String::new()),
            Key::Number(number) => ('n', number.to_string()),
            Key::Text(text) => ('t', text.clone()),
        };
        URL_SAFE_NO_PAD.encode(format!(
            "{VERSION}\n{}\n{rank}\n{id}\n{kind}{key}",
            sort.code()
        ))
    }

    /// None for whatever this server did not give out for this order.
    pub(super) fn decode(cursor: &str, sort: UserSort) -> Option<Self> {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
        let mut parts = text.splitn(5, '\n');
        if parts.next()? != VERSION || parts.next()? != sort.code() {
            return None;
        }
        let rank = parts
            .next()?
            .parse()
            .ok()
            .filter(|it| (0..4).contains(it))?;
        let id = parts.next().filter(|it| is_id(it))?.to_owned();
        let key = parts.next()?;
        let key = match (sort, key.split_at_checked(1)?) {
            (UserSort::CreatedAt, ("i", "")) => Key::Id,
            (UserSort::FirstSignInAt | UserSort::LastSignInAt, ("n", number)) => {
                Key::Number(number.parse().ok()?)
            }
            (
                UserSort::Name
                | UserSort::Email
                | UserSort::OktaLogin
                | UserSort::Status
                | UserSort::Role,
                ("t", text),
            ) if !text.contains('\0') => Key::Text(text.to_owned()),
            _ => return None,
        };
        Some(Self { rank, key, id })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ID: &str = "01890000-0000-7000-8000-000000000000";

    fn spot(sort: UserSort, text: &str, number: i64, rank: i64) -> Spot {
        let key = match sort {
            UserSort::CreatedAt => Key::Id,
            UserSort::FirstSignInAt | UserSort::LastSignInAt => Key::Number(number),
            UserSort::Name
            | UserSort::Email
            | UserSort::OktaLogin
            | UserSort::Status
            | UserSort::Role => Key::Text(text.to_owned()),
        };
        let id = ID.to_owned();
        Spot { rank, key, id }
    }

    proptest! {
        #[test]
        fn a_cursor_comes_back_in_its_own_order_and_in_no_other(
            at in 0..UserSort::ALL.len(),
            other in 0..UserSort::ALL.len(),
            text in "[^\0]{0,40}",
            number: i64,
            rank in 0..4_i64,
        ) {
            let sort = UserSort::ALL[at];
            let spot = spot(sort, &text, number, rank);
            let cursor = spot.encode(sort);
            prop_assert_eq!(Spot::decode(&cursor, sort), Some(spot));
            if other != at {
                prop_assert_eq!(Spot::decode(&cursor, UserSort::ALL[other]), None);
            }
        }

        #[test]
        fn whatever_is_no_cursor_is_refused_and_nothing_breaks(text in ".{0,80}") {
            for sort in UserSort::ALL {
                let forged = URL_SAFE_NO_PAD.encode(&text);
                prop_assert_eq!(Spot::decode(&text, *sort), None);
                prop_assert_eq!(Spot::decode(&forged, *sort), None);
            }
        }
    }

    #[test]
    fn a_forged_cursor_is_no_cursor() {
        for text in [
            format!("2\nname\n0\n{ID}\ntada"),
            format!("1\nname\n9\n{ID}\ntada"),
            format!("1\nname\n0\n{}\ntada", "x".repeat(36)),
            format!("1\nname\n0\n{ID}\nta\0da"),
            format!("1\nlast_sign_in_at\n0\n{ID}\nnmany"),
            format!("1\nname\n0\n{ID}\n"),
        ] {
            let forged = URL_SAFE_NO_PAD.encode(text);
            for sort in UserSort::ALL {
                assert_eq!(Spot::decode(&forged, *sort), None);
            }
        }
    }
}
