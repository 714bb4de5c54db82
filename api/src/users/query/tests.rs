//! What is asked for and how it stands in an address: one leads back to the other, and whatever else stands there is
//! named and breaks nothing.

use proptest::{option, prelude::*};

use super::*;

#[test]
fn everything_that_is_wrong_is_named_at_once() {
    let long = "s".repeat(SEARCH_MAX + 1);
    let errors = UserQuery::from_pairs([
        ("limit", "1000000000"),
        ("sort", "password_hash"),
        ("order", "down"),
        ("last_sign_in", "before:-1"),
        ("colour", "red"),
        ("status", "active"),
        ("status", "active"),
        ("search", &long),
    ])
    .expect_err("wrong");
    let named: Vec<_> = errors
        .iter()
        .map(|it| (it.field.as_str(), it.fault))
        .collect();
    assert_eq!(
        named,
        [
            ("limit", FieldFault::Malformed),
            ("sort", FieldFault::Malformed),
            ("order", FieldFault::Malformed),
            ("last_sign_in", FieldFault::Malformed),
            ("colour", FieldFault::Unknown),
            ("status", FieldFault::Malformed),
            ("search", FieldFault::TooLong),
        ]
    );
}

#[test]
fn every_value_has_a_word_that_leads_back_to_it() {
    for sort in UserSort::ALL {
        assert_eq!(UserSort::from_code(sort.code()), Some(*sort));
    }
    for last in [
        LastSignIn::Never,
        LastSignIn::Before { at: 0 },
        LastSignIn::After { at: i64::MAX },
    ] {
        assert_eq!(LastSignIn::from_code(&last.code()), Some(last));
    }
}

fn one_of<T: Copy + std::fmt::Debug + 'static>(all: &'static [T]) -> impl Strategy<Value = T> {
    prop::sample::select(all)
}

fn last() -> impl Strategy<Value = LastSignIn> {
    prop_oneof![
        Just(LastSignIn::Never),
        (0..=i64::MAX).prop_map(|at| LastSignIn::Before { at }),
        (0..=i64::MAX).prop_map(|at| LastSignIn::After { at }),
    ]
}

/// Any that can be asked for.
fn filter() -> impl Strategy<Value = UserFilter> {
    // Every sign but those that control; what is around it is no part of it.
    let search = "\\PC{1,60}".prop_map(|text| text.trim().to_owned());
    let search = search.prop_filter("a search", |text| {
        (1..=SEARCH_MAX).contains(&text.len()) && !text.chars().any(char::is_control)
    });
    (
        option::of(search),
        option::of(one_of(Status::ALL)),
        option::of(one_of(Role::ALL)),
        option::of(one_of(AttentionKind::ALL)),
        option::of(last()),
    )
        .prop_map(
            |(search, status, role, attention, last_sign_in)| UserFilter {
                search,
                status,
                role,
                attention,
                last_sign_in,
            },
        )
}

fn query() -> impl Strategy<Value = UserQuery> {
    let cursor = || option::of("[A-Za-z0-9_-]{1,80}");
    (
        filter(),
        option::of(one_of(UserSort::ALL)),
        any::<bool>(),
        (cursor(), any::<bool>()),
        option::of(1..=PAGE_MAX),
    )
        .prop_map(|(filter, sort, descending, (cursor, is_back), limit)| {
            let (before, after) = if is_back {
                (cursor, None)
            } else {
                (None, cursor)
            };
            UserQuery {
                filter,
                sort,
                descending,
                after,
                before,
                limit,
            }
        })
}

fn as_texts<'a>(pairs: &'a [(&'static str, String)]) -> impl Iterator<Item = (&'a str, &'a str)> {
    pairs.iter().map(|(name, value)| (*name, value.as_str()))
}

/// Names of the address and others; values that are nearly some.
fn pair() -> impl Strategy<Value = (String, String)> {
    const NAMES: &[&str] = &[
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
        "columns",
        "",
    ];
    const VALUES: &[&str] = &[
        "active",
        "admin",
        "member",
        "needs_attention",
        "login_changed",
        "never",
        "before:1",
        "after:-1",
        "before:9223372036854775808",
        "name",
        "email",
        "asc",
        "desc",
        "0",
        "200",
        "201",
        "+1",
        "",
        " ",
        "a\tb",
        "\0",
    ];
    let name = prop_oneof![9 => one_of(NAMES).prop_map(str::to_owned), 1 => ".{0,120}"];
    let value = prop_oneof![3 => one_of(VALUES).prop_map(str::to_owned), 1 => ".{0,210}"];
    (name, value)
}

proptest! {
    #[test]
    fn every_query_stands_in_an_address_and_comes_back_out_of_it(query in query()) {
        let pairs = query.pairs();
        prop_assert_eq!(UserQuery::from_pairs(as_texts(&pairs)), Ok(query.clone()));
        // Whatever order somebody puts them in.
        let mut turned = pairs;
        turned.reverse();
        prop_assert_eq!(UserQuery::from_pairs(as_texts(&turned)), Ok(query));
    }

    #[test]
    fn every_filter_stands_in_an_address_and_comes_back_out_of_it(filter in filter()) {
        let pairs = filter.pairs();
        let read = UserQuery::from_pairs(as_texts(&pairs));
        prop_assert_eq!(read, Ok(UserQuery { filter: filter.clone(), ..UserQuery::default() }));
        prop_assert_eq!(filter.clone().checked(), Ok(filter.clone()));
        prop_assert_eq!(filter.is_everybody(), pairs.is_empty());
        // As the body of a bulk act has it.
        let json = serde_json::to_string(&filter).expect("JSON");
        prop_assert_eq!(serde_json::from_str::<UserFilter>(&json).ok(), Some(filter));
    }

    #[test]
    fn every_last_sign_in_has_a_word_that_leads_back_to_it(last in last()) {
        prop_assert_eq!(LastSignIn::from_code(&last.code()), Some(last));
    }

    #[test]
    fn any_text_is_a_last_sign_in_or_none(text in "(never|before|after)?:?[+-]?[0-9]{0,20}.{0,3}") {
        if let Some(last) = LastSignIn::from_code(&text) {
            prop_assert_eq!(LastSignIn::from_code(&last.code()), Some(last));
        }
    }

    #[test]
    fn any_address_is_a_query_or_says_what_is_wrong(pairs in prop::collection::vec(pair(), 0..6)) {
        let pairs = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        match UserQuery::from_pairs(pairs.clone()) {
            Ok(query) => {
                let again = query.pairs();
                prop_assert_eq!(UserQuery::from_pairs(as_texts(&again)), Ok(query));
            }
            Err(errors) => {
                prop_assert!(!errors.is_empty());
                for error in errors {
                    let is_there = |(name, _): (&str, &str)| name.starts_with(&error.field);
                    prop_assert!(pairs.clone().any(is_there), "{:?}", error);
                    prop_assert!(error.field.chars().count() <= 100);
                }
            }
        }
    }
}
