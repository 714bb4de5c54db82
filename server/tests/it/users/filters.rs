//! Every filter in every order, held against a plain filter of everybody.

use std::cmp::Ordering;

use serde_json::Value;

use super::many::{crowded, every_page};
use crate::on_both;

type Fits = Box<dyn Fn(&Value) -> bool>;

/// Enough that there is somebody of every kind.
const PEOPLE: u32 = 600;

fn text<'a>(user: &'a Value, name: &str) -> &'a str {
    user[name].as_str().unwrap_or_default()
}

fn time(user: &Value, name: &str) -> i64 {
    user[name].as_i64().unwrap_or_default()
}

fn has(name: &'static str, value: &'static str) -> Fits {
    Box::new(move |user| user[name] == value)
}

fn needs(kind: &'static str) -> Fits {
    Box::new(move |user| user["attention"]["kind"] == kind)
}

/// A word's beginning in name, e-mail or login, or any part of an address.
fn finds(word: &'static str) -> Fits {
    Box::new(move |user| {
        let name = text(user, "name").to_lowercase();
        let addresses = [text(user, "email"), text(user, "okta_login")];
        let begins = |text: &str| {
            let mut words = text.split(|sign: char| !sign.is_alphanumeric());
            words.any(|it| it.starts_with(word))
        };
        let is_inside = word.len() > 2 && addresses.iter().any(|it| it.contains(word));
        is_inside || begins(&name) || addresses.into_iter().any(begins)
    })
}

fn all(fits: Vec<Fits>) -> Fits {
    Box::new(move |user| fits.iter().all(|it| it(user)))
}

fn filters(middle: i64) -> Vec<(String, Fits)> {
    let mut filters: Vec<(String, Fits)> = vec![(String::new(), Box::new(|_| true))];
    for (name, values) in [
        (
            "status",
            &["inactive", "active", "needs_attention", "suspended"][..],
        ),
        ("role", &["admin", "member"]),
    ] {
        let one = |value: &&'static str| (format!("{name}={value}"), has(name, value));
        filters.extend(values.iter().map(one));
    }
    for kind in ["login_changed", "second_identity"] {
        filters.push((format!("attention={kind}"), needs(kind)));
    }
    let last = |user: &Value| user["last_sign_in_at"].as_i64();
    filters.push((
        "last_sign_in=never".into(),
        Box::new(move |it| last(it).is_none()),
    ));
    filters.push((
        format!("last_sign_in=before:{middle}"),
        Box::new(move |it| last(it).is_some_and(|at| at < middle)),
    ));
    filters.push((
        format!("last_sign_in=after:{middle}"),
        Box::new(move |it| last(it).is_some_and(|at| at >= middle)),
    ));
    for word in ["m", "an", "mar", "example"] {
        filters.push((format!("search={word}"), finds(word)));
    }
    filters.push((
        format!("search=an&status=active&role=member&last_sign_in=after:{middle}"),
        all(vec![
            finds("an"),
            has("status", "active"),
            has("role", "member"),
            Box::new(move |it| last(it).is_some_and(|at| at >= middle)),
        ]),
    ));
    filters
}

/// How a column orders two users.
fn order(sort: &str, one: &Value, other: &Value) -> Ordering {
    let lower = |user: &Value| text(user, "name").to_lowercase();
    let place = |user: &Value, names: &[&str], column| {
        names.iter().position(|it| *it == text(user, column))
    };
    let by_place = |names: &[&str], column| {
        let places = place(one, names, column).cmp(&place(other, names, column));
        places.then_with(|| lower(one).cmp(&lower(other)))
    };
    let alike = match sort {
        "name" => lower(one).cmp(&lower(other)),
        "status" => by_place(
            &["inactive", "active", "needs_attention", "suspended"],
            sort,
        ),
        "role" => by_place(&["admin", "member"], sort),
        "email" | "okta_login" => text(one, sort).cmp(text(other, sort)),
        // Ids are in the order in which users were made.
        "created_at" => Ordering::Equal,
        times => time(one, times).cmp(&time(other, times)),
    };
    alike.then_with(|| text(one, "id").cmp(text(other, "id")))
}

on_both! {
    async fn every_filter_in_every_order_shows_whom_a_plain_look_at_all_finds(desk: Desk) {
        let mut admin = crowded(&desk, PEOPLE).await;
        // The rarest of all: the crowd has nobody of that kind.
        desk.execute(
            "update users set attention = 'second_identity'
             where id = (select min(id) from users where attention = 'login_changed')",
        ).await;
        let everybody = every_page(&mut admin, "").await;
        assert_eq!(everybody.len(), PEOPLE as usize + 1);
        let middle = desk.app.clock.now() - 30 * 24 * 60 * 60 * 1000;
        for (filter, fits) in filters(middle) {
            let mut expected: Vec<&Value> = everybody.iter().filter(|it| fits(it)).collect();
            assert!(!expected.is_empty(), "nobody tells of {filter}");
            for sort in [
                "name", "email", "okta_login", "status", "role", "first_sign_in_at",
                "last_sign_in_at", "created_at",
            ] {
                expected.sort_by(|one, other| order(sort, one, other));
                for way in ["asc", "desc"] {
                    let query = format!("{filter}&sort={sort}&order={way}");
                    let query = query.trim_start_matches('&');
                    let shown = every_page(&mut admin, query).await;
                    let is_so = if way == "asc" {
                        shown.iter().eq(expected.iter().copied())
                    } else {
                        shown.iter().eq(expected.iter().rev().copied())
                    };
                    assert!(is_so, "{query}: {} of {}", shown.len(), expected.len());
                }
            }
        }
    }
}
