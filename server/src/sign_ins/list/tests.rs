//! However rare it is what one asks for, a request ends: its page may be short, and all pages
//! together have what a look at every row finds.

use super::*;
use crate::users::tests::{Place, postgres, sqlite};

/// A script that tried two thousand times; the first and one in the middle ended otherwise.
const FILL: &str = "insert into attempts
       (id, reference, provider, purpose, started_at, outcome, cause, claimed_login)
     with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < 2000)
     select '00000000-' || (1000 + n) || '-7000-8000-000000000000', 'R' || n, 'okta', 'sign_in',
            n * 1000, case when n = 1 then 'succeeded' else 'failed' end,
            case when n = 1 then null when n = 900 then 'not_assigned' else 'unknown_user' end,
            'zoe@northwind.example'
     from numbers";
const BUDGET: i64 = 300;

fn asked(outcome: Option<Outcome>, cause: Option<Cause>) -> AttemptQuery {
    AttemptQuery {
        person: Some("zoe@northwind.example".to_owned()),
        outcome,
        cause,
        ..AttemptQuery::default()
    }
}

async fn part(place: &Place, query: AttemptQuery) -> AttemptList {
    let wish = Wish::of(query).expect("a wish");
    let page = place
        .db
        .read(move |tx| page(tx, wish, 9_999_999, BUDGET))
        .await;
    page.expect("a page")
}

/// The references on every page, and how many requests that took.
async fn all(place: &Place, query: AttemptQuery) -> (Vec<String>, usize) {
    let (mut seen, mut turns, mut before) = (Vec::new(), 0, None::<String>);
    let number = |id: &str| id[9..13].parse::<i64>().expect("a number") - 1000;
    loop {
        let below = before.clone();
        let page = part(
            place,
            AttemptQuery {
                before: below,
                ..query.clone()
            },
        )
        .await;
        turns += 1;
        seen.extend(page.attempts.into_iter().map(|it| it.reference));
        let Some(next) = page.next else {
            return (seen, turns);
        };
        let walked = before.as_deref().map_or(2001, number) - number(&next);
        assert!(
            (1..=BUDGET).contains(&walked),
            "{walked} rows were looked at"
        );
        before = Some(next);
    }
}

async fn a_request_ends(place: Place) {
    let filled = place.db.write(|tx| tx.run(FILL, &[])).await;
    assert_eq!(filled.expect("filled"), 2000);
    let (seen, turns) = all(&place, asked(Some(Outcome::Succeeded), None)).await;
    assert_eq!((seen, turns), (vec!["R1".to_owned()], 7));
    let (seen, _) = all(&place, asked(None, Some(Cause::NotAssigned))).await;
    assert_eq!(seen, ["R900"]);
    let failed = asked(Some(Outcome::Failed), Some(Cause::UnknownUser));
    let (seen, turns) = all(&place, failed).await;
    assert_eq!(seen.len(), 1998);
    assert_eq!(turns, 40, "whole pages where there is enough");
}

/// Zoe tried until somebody made her a user.
async fn two_ranges_are_one_list(place: Place) {
    let fill = [
        "insert into users (id, name, email, okta_login, role, sort_name, created_at, version)
         values ('00000000-0000-7000-8000-000000000000', 'Zoe', 'z@x.example',
                 'zoe@northwind.example', 'member', 'zoe', 1, 1)",
        FILL,
        "update attempts set user_id = '00000000-0000-7000-8000-000000000000'
         where started_at > 1500000 or cause = 'not_assigned'",
    ];
    for sql in fill {
        place
            .db
            .write(move |tx| tx.run(sql, &[]))
            .await
            .expect("filled");
    }
    let expected: Vec<String> = (1..=2000).rev().map(|it| format!("R{it}")).collect();
    for person in [
        "zoe@northwind.example",
        "z@x.example",
        "00000000-0000-7000-8000-000000000000",
    ] {
        let of = |outcome, cause| AttemptQuery {
            person: Some(person.to_owned()),
            ..asked(outcome, cause)
        };
        let (seen, _) = all(&place, of(None, None)).await;
        assert_eq!(seen, expected, "{person}");
        let (seen, _) = all(&place, of(Some(Outcome::Failed), None)).await;
        assert_eq!(seen, expected[..1999]);
        let (seen, _) = all(&place, of(None, Some(Cause::NotAssigned))).await;
        assert_eq!(seen, ["R900"]);
    }
}

#[tokio::test]
async fn two_ranges_are_one_list_on_sqlite() {
    two_ranges_are_one_list(sqlite()).await;
}

#[tokio::test]
async fn two_ranges_are_one_list_on_postgres() {
    two_ranges_are_one_list(postgres()).await;
}

async fn what_cannot_be_is_not_looked_for(place: Place) {
    // Whoever reads a row fails.
    let gone = place
        .db
        .write(|tx| tx.script("alter table attempts rename to gone"))
        .await;
    gone.expect("gone");
    for outcome in [Outcome::Succeeded, Outcome::Started, Outcome::NotCompleted] {
        let page = part(&place, asked(Some(outcome), Some(Cause::UnknownUser))).await;
        assert_eq!((page.attempts.len(), page.next), (0, None));
    }
}

#[tokio::test]
async fn a_request_ends_on_sqlite() {
    a_request_ends(sqlite()).await;
}

#[tokio::test]
async fn a_request_ends_on_postgres() {
    a_request_ends(postgres()).await;
}

#[tokio::test]
async fn what_cannot_be_is_not_looked_for_on_sqlite() {
    what_cannot_be_is_not_looked_for(sqlite()).await;
}

#[tokio::test]
async fn what_cannot_be_is_not_looked_for_on_postgres() {
    what_cannot_be_is_not_looked_for(postgres()).await;
}
