//! However rare it is what one asks for, a request ends: its page may be short, and all pages
//! together have what a look at every row finds.

use super::*;
use crate::users::tests::{Place, postgres, sqlite};

/// An import of three thousand by Ada, in which she suspended two, and Grace and the server did a
/// few things of the same kind.
const FILL: &str = "insert into audit_events
       (seq, id, at, actor_id, actor_name, event, target, detail)
     with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < 3000)
     select n, 'id' || n, n * 1000,
            case when n in (5, 2995) then 'grace' when n = 9 then null else 'ada' end, '',
            case when n in (4, 5, 9, 1700) then 'user.suspended' else 'user.created' end,
            case when n % 1000 = 4 then 'tony' else 'somebody' end, '{}'
     from numbers";
const BUDGET: i64 = 500;

fn wish(actor: &str, act: &str, target: &str) -> Wish {
    Wish {
        actor: actor.to_owned(),
        event: act.to_owned(),
        target: target.to_owned(),
        from: 0,
        until: i64::MAX,
        before: i64::MAX,
        row: None,
        limit: 50,
    }
}

/// Every row of every page, and how many requests that took.
async fn all(place: &Place, of: fn() -> Wish) -> (Vec<i64>, usize) {
    let (mut seen, mut turns, mut before) = (Vec::new(), 0, i64::MAX);
    loop {
        let asked = Wish { before, ..of() };
        let page = place.db.read(move |tx| page(tx, asked, BUDGET)).await;
        let page = page.expect("a page");
        turns += 1;
        seen.extend(page.events.iter().map(|it| it.seq));
        let Some(next) = page.next else {
            return (seen, turns);
        };
        let next: i64 = next.parse().expect("a number");
        assert!(next < before, "it goes on");
        // Of any filter that leads no more rows are between two cursors than there are rows at all.
        let walked = before.min(3001) - next;
        assert!(walked <= BUDGET + 3, "{walked} rows were looked at");
        before = next;
    }
}

async fn a_request_ends(place: Place) {
    let filled = place.db.write(|tx| tx.run(FILL, &[])).await;
    assert_eq!(filled.expect("filled"), 3000);
    let (seen, turns) = all(&place, || wish("ada", "user.created", "nobody")).await;
    assert_eq!(
        (seen.len(), turns),
        (0, 1),
        "nothing has the target: that leads"
    );
    // Four rows have the act: that leads, though Ada did three thousand.
    let (seen, turns) = all(&place, || wish("ada", "user.suspended", "")).await;
    assert_eq!((seen, turns), (vec![1700, 4], 1));
    let (seen, turns) = all(&place, || wish("ada", "user.suspended", "tony")).await;
    assert_eq!((seen, turns), (vec![4], 1));
    // Both lead to thousands, and nearly none is left: before an import of a million, none at all.
    let emptied = "update audit_events set event = 'x' where event = 'user.created' and seq > 40";
    let emptied = place.db.write(move |tx| tx.run(emptied, &[])).await;
    assert_eq!(emptied.expect("emptied"), 2959);
    let more = "update audit_events set event = 'user.created', actor_id = 'zoe' where seq > 900";
    place
        .db
        .write(move |tx| tx.run(more, &[]))
        .await
        .expect("done");
    let (seen, turns) = all(&place, || wish("ada", "user.created", "somebody")).await;
    let expected: Vec<i64> = (1..=40)
        .rev()
        .filter(|it| ![4, 5, 9].contains(it))
        .collect();
    assert_eq!(seen, expected);
    assert!(turns > 1, "{turns}");
}

/// Of a user, of the words that were typed when nobody knew them, and of others.
async fn two_ranges_are_one_list(place: Place) {
    let user = "insert into users (id, name, email, role, sort_name, created_at, version)
                values ('tony', 'Tony', 'somebody', 'member', 'tony', 1, 1)";
    let fill = [
        FILL,
        user,
        "update audit_events set target = 'nobody' where seq > 500 and seq < 700",
        "update audit_events set target = 'tony' where target = 'somebody' and seq % 3 = 0",
    ];
    for sql in fill {
        place
            .db
            .write(move |tx| tx.run(sql, &[]))
            .await
            .expect("filled");
    }
    let expected: Vec<i64> = (1..=3000)
        .rev()
        .filter(|it| !(501..700).contains(it))
        .collect();
    let (seen, _) = all(&place, || wish("", "", "somebody")).await;
    assert_eq!(seen, expected);
    let (seen, _) = all(&place, || wish("", "", "tony")).await;
    assert_eq!(seen, expected);
    // Both of them and who did it lead to thousands.
    let (seen, _) = all(&place, || wish("ada", "user.created", "somebody")).await;
    let expected = expected
        .into_iter()
        .filter(|it| ![4, 5, 9, 1700, 2995].contains(it));
    assert_eq!(seen, expected.collect::<Vec<_>>());
}

#[tokio::test]
async fn two_ranges_are_one_list_on_sqlite() {
    two_ranges_are_one_list(sqlite()).await;
}

#[tokio::test]
async fn two_ranges_are_one_list_on_postgres() {
    two_ranges_are_one_list(postgres()).await;
}

#[tokio::test]
async fn a_request_ends_on_sqlite() {
    a_request_ends(sqlite()).await;
}

#[tokio::test]
async fn a_request_ends_on_postgres() {
    a_request_ends(postgres()).await;
}
