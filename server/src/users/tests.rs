//! The table of users on both engines: the same rows as a plain search of all of them, by plans
//! that scan nothing, within the budget.

mod alarm;
mod budget;
mod keys;
mod plans;
mod twice;

use std::sync::atomic::{AtomicU64, Ordering};

use api::{
    Email, OktaLogin, Role, Status, User,
    users::{Attention, AttentionKind, LastSignIn, UserFilter, UserSort, ValidUser},
};

use super::{
    cursor::{By, Spot},
    find::{BOUNDS, Bounds, Lead, Question, find, fits},
    store,
    walk::{self},
    words::Search,
};
use crate::{
    db::{Db, Location, Tx, params},
    error::Error,
};

/// A database of its own for a test, removed with it.
pub(crate) struct Place {
    pub(crate) db: Db,
    pub(crate) location: Location,
    remove: Box<dyn Fn() + Send + Sync>,
}

impl Drop for Place {
    fn drop(&mut self) {
        (self.remove)();
    }
}

static NEXT: AtomicU64 = AtomicU64::new(0);

pub(crate) fn sqlite() -> Place {
    let number = NEXT.fetch_add(1, Ordering::SeqCst);
    let folder = std::env::temp_dir().join(format!("sso_users_{}_{number}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    let location = Location::Sqlite(folder.join("test.db"));
    Place {
        db: Db::open(&location, 1).expect("it opens"),
        location,
        // What cannot be removed is left behind: that is no reason for a test to fail.
        remove: Box::new(move || drop(std::fs::remove_dir_all(&folder))),
    }
}

pub(crate) fn postgres() -> Place {
    #[expect(
        clippy::disallowed_methods,
        reason = "tests are told where their PostgreSQL is"
    )]
    let server = std::env::var("SSO_CONSOLE_TEST_POSTGRES")
        .expect("SSO_CONSOLE_TEST_POSTGRES names the PostgreSQL of the tests");
    let number = NEXT.fetch_add(1, Ordering::SeqCst);
    let name = format!("sso_users_{}_{number}", std::process::id());
    let (base, _) = server.rsplit_once('/').expect("a URL with a database");
    let url = format!("{base}/{name}");
    on_server(&server, format!("create database {name}"));
    let location = Location::Postgres(url);
    Place {
        db: Db::open(&location, 1).expect("it opens"),
        location,
        remove: Box::new(move || {
            on_server(
                &server,
                format!("drop database if exists {name} with (force)"),
            );
        }),
    }
}

/// The client blocks, and the test's own runtime must not.
fn on_server(server: &str, sql: String) {
    let server = server.to_owned();
    std::thread::spawn(move || {
        postgres::Client::connect(&server, postgres::NoTls)
            .and_then(|mut client| client.batch_execute(&sql))
            .expect("the server does it");
    })
    .join()
    .expect("the thread ends");
}

/// Everybody whom a filter finds up to a thousand, and how many it says that there are.
pub(crate) async fn found(db: &Db, filter: UserFilter, sort: UserSort) -> (Vec<User>, u64) {
    let question = Question {
        filter,
        by: By::Column(sort),
        descending: false,
        start: None,
        backwards: false,
        limit: 1_000,
        bounds: BOUNDS,
    };
    let answer = db.read(move |tx| find(tx, &question)).await;
    let answer = answer.expect("an answer");
    (answer.users, answer.found.count)
}

/// Deterministic, and different enough: names and addresses that share beginnings and parts.
pub(super) fn person(number: usize) -> (ValidUser, Role) {
    const FIRST: [&str; 7] = ["Ada", "Adam", "Émile", "Zoë", "Bob", "bo", "Anne-Marie"];
    const LAST: [&str; 5] = ["Lovelace", "O'Neil", "Northwood", "Dupont", "50%_off"];
    const DOMAIN: [&str; 3] = ["northwind.example", "ada.example", "contoso.example"];
    let name = format!("{} {}", FIRST[number % 7], LAST[number / 3 % 5]);
    let local = format!("{}.{number}_x", FIRST[number % 7].to_ascii_lowercase())
        .replace(|c: char| !c.is_ascii(), "e");
    let email = format!("{local}@{}", DOMAIN[number / 5 % 3]);
    let role = if number % 11 == 3 {
        Role::Admin
    } else {
        Role::Member
    };
    let user = ValidUser {
        name,
        okta_login: (!number.is_multiple_of(4)).then(|| OktaLogin::parse(&email).expect("a login")),
        email: Email::parse(&email).expect("an e-mail"),
        role,
    };
    (user, role)
}

pub(super) fn fill(tx: &mut Tx<'_>, count: usize) -> Result<(), Error> {
    for number in 0..count {
        let (user, _) = person(number);
        let id = format!("019abcde-0000-7000-8000-{:012x}", number * 7919 % 100_003);
        store::insert(tx, &id, &user, None, 1_000)?;
        let at = i64::try_from(number % 9).expect("small");
        let is_known = at > 2;
        tx.run(
            "update users
             set first_sign_in_at = $2, last_sign_in_at = $3, okta_since = $2, suspended_at = $4
             where id = $1",
            params![
                &id,
                is_known.then_some(at * 10),
                is_known.then_some(at * 100),
                (number % 13 == 5).then_some(5_i64)
            ],
        )?;
        if number % 17 == 4 {
            let now = "other@northwind.example".to_owned();
            store::note_attention(tx, &id, &Attention::LoginChanged { now })?;
        }
    }
    Ok(())
}

/// More words than people are looked up by: all of somebody's, and one more.
const NINE: &str = "a ad ada l lo lov love lovel @northwind";
const TEN: &str = "a ad ada l lo lov love lovel @northwind nobody";

fn filters() -> Vec<UserFilter> {
    let all = UserFilter::default;
    let mut filters = vec![all()];
    for search in [
        "a", "ad", "ada", "love", "o'n", "da.", "orth", "ada nor", "%", "_x", "example", "3_x@c",
        "é", "nobody", "@ada", "zoë 50", NINE, TEN,
    ] {
        let search = Some(search.to_owned());
        filters.push(UserFilter { search, ..all() });
    }
    for status in Status::ALL {
        let status = Some(*status);
        filters.push(UserFilter { status, ..all() });
        filters.push(UserFilter {
            search: Some("ada".into()),
            role: Some(Role::Member),
            status,
            ..all()
        });
    }
    for last in [
        LastSignIn::Never,
        LastSignIn::Before { at: 500 },
        LastSignIn::After { at: 500 },
    ] {
        let last_sign_in = Some(last);
        filters.push(UserFilter {
            last_sign_in,
            ..all()
        });
        filters.push(UserFilter {
            search: Some("b".into()),
            last_sign_in,
            ..all()
        });
    }
    filters.push(UserFilter {
        attention: Some(AttentionKind::LoginChanged),
        role: Some(Role::Member),
        ..all()
    });
    filters
}

/// Everybody who fits, found by looking at all and sorting them. In the order of a search one order
/// for each of its words: any may lead.
fn plainly(all: &[User], filter: &UserFilter, (by, descending): (By, bool)) -> Vec<Vec<String>> {
    let search = Search::parse(filter.search.as_deref().unwrap_or_default());
    let fitting = || all.iter().filter(|user| fits(filter, &search, user));
    let spots: Vec<Vec<Spot>> = match by {
        By::Column(sort) => vec![fitting().map(|user| walk::spot(sort, user)).collect()],
        By::Match => Lead::all(&search)
            .iter()
            .map(|lead| fitting().filter_map(|user| lead.spot(user)).collect())
            .collect(),
    };
    spots
        .into_iter()
        .map(|mut spots| {
            spots.sort();
            if descending {
                spots.reverse();
            }
            spots.into_iter().map(|spot| spot.id).collect()
        })
        .collect()
}

/// Every page from one end to the other, forwards and then backwards again.
fn both_ways(
    tx: &mut Tx<'_>,
    filter: &UserFilter,
    (by, descending): (By, bool),
    bounds: Bounds,
) -> [Vec<String>; 2] {
    let mut ask = |start: Option<Spot>, backwards| {
        let question = Question {
            filter: filter.clone(),
            by,
            descending,
            start,
            backwards,
            limit: 7,
            bounds,
        };
        let answer = find(tx, &question).expect("an answer");
        assert!(answer.read <= bounds.places + bounds.many + 5_000);
        answer
    };
    let ids = |users: &[User]| users.iter().map(|it| it.id.clone()).collect::<Vec<_>>();
    let mut forwards = Vec::new();
    let mut next = None;
    // The way back begins at the last page that says what is before it.
    let (mut backwards, mut previous) = (Vec::new(), None);
    loop {
        let answer = ask(next.clone(), false);
        let page = ids(&answer.users);
        forwards.extend(page.clone());
        if answer.previous.is_some() || next.is_none() {
            (backwards, previous) = (page, answer.previous);
        } else {
            backwards.extend(page);
        }
        next = answer.next;
        if next.is_none() {
            break;
        }
    }
    while let Some(start) = previous {
        let answer = ask(Some(start), true);
        backwards.splice(0..0, ids(&answer.users));
        previous = answer.previous;
    }
    [forwards, backwards]
}

fn every_query_finds_what_a_plain_search_finds(tx: &mut Tx<'_>) {
    let tight = Bounds {
        few: 4,
        many: 12,
        places: 30,
        rows: 30,
    };
    let medium = Bounds {
        few: 4,
        many: 200,
        ..BOUNDS
    };
    let everybody = Question {
        filter: UserFilter::default(),
        by: By::Column(UserSort::Name),
        descending: false,
        start: None,
        backwards: false,
        limit: 1_000,
        bounds: BOUNDS,
    };
    let all = find(tx, &everybody).expect("all").users;
    assert_eq!(all.len(), 90);
    for filter in filters() {
        let mut orders: Vec<By> = UserSort::ALL.iter().map(|it| By::Column(*it)).collect();
        orders.extend(filter.search.is_some().then_some(By::Match));
        for by in orders {
            for order in [(by, false), (by, true)] {
                let expected = plainly(&all, &filter, order);
                let is_tried = [UserSort::Name, UserSort::LastSignInAt].map(By::Column);
                let bounds = if is_tried.contains(&by) || by == By::Match {
                    vec![BOUNDS, medium, tight]
                } else if filter.search.as_deref() == Some("ada") {
                    vec![medium]
                } else {
                    vec![BOUNDS]
                };
                for bounds in bounds {
                    for found in both_ways(tx, &filter, order, bounds) {
                        assert!(
                            expected.contains(&found),
                            "{filter:?} {order:?} {bounds:?}\n{found:?}\n{expected:?}"
                        );
                    }
                }
            }
        }
    }
}

fn the_numbers_are_right_after_every_change(tx: &mut Tx<'_>) {
    let counted = |tx: &mut Tx<'_>| {
        let mut row = tx
            .row(
                "select count(*),
                        count(case when bucket in (0, 1) then 1 end),
                        count(case when bucket in (2, 3) then 1 end),
                        count(case when bucket in (4, 5) then 1 end),
                        count(case when bucket in (6, 7) then 1 end)
                 from users",
                &[],
            )
            .expect("counted")
            .expect("a row");
        let scanned = [(); 5].map(|()| row.count().expect("a count"));
        let kept = store::counts(tx).expect("kept");
        let kept = [
            kept.all,
            kept.inactive,
            kept.active,
            kept.needs_attention,
            kept.suspended,
        ];
        assert_eq!(kept, scanned);
        kept
    };
    let before = counted(tx);
    tx.run("update users set suspended_at = 1 where bucket = 0", &[])
        .expect("suspended");
    assert_ne!(counted(tx), before);
    tx.run("delete from users where bucket in (6, 7)", &[])
        .expect("deleted");
    counted(tx);
}

async fn both(place: Place) {
    place.db.write(|tx| fill(tx, 90)).await.expect("filled");
    for (search, is_somebody) in [(NINE, true), (TEN, false)] {
        let search = Some(search.to_owned());
        let filter = UserFilter {
            search,
            ..UserFilter::default()
        };
        let (users, count) = found(&place.db, filter, UserSort::Name).await;
        assert_eq!((users.is_empty(), count == 0), (!is_somebody, !is_somebody));
        let is_hers =
            |it: &User| it.name.ends_with("Lovelace") && it.email.ends_with("northwind.example");
        assert!(users.iter().all(is_hers), "{users:?}");
    }
    place
        .db
        .write(|tx| {
            every_query_finds_what_a_plain_search_finds(tx);
            the_numbers_are_right_after_every_change(tx);
            Ok(())
        })
        .await
        .expect("every assertion holds");
}

#[tokio::test]
async fn the_table_answers_like_a_plain_search_on_sqlite() {
    both(sqlite()).await;
}

#[tokio::test]
async fn the_table_answers_like_a_plain_search_on_postgres() {
    both(postgres()).await;
}
