//! How both engines carry the statements of users out: no scan, no sort of their own.

use api::users::UserSort;

use super::{Place, fill, postgres, sqlite};
use crate::{
    db::Location,
    users::{
        find::STATEMENTS,
        show, source, store,
        walk::{self, Order, Part},
    },
};

/// Every statement that the table runs.
fn statements() -> Vec<&'static str> {
    let mut all = vec![store::WITH_IDS, store::DOMAINS, show::HISTORY];
    all.extend(source::STATEMENTS);
    all.extend(STATEMENTS.as_flattened());
    for sort in UserSort::ALL {
        for descending in [false, true] {
            for part in [Part::Place, Part::Whole] {
                let order = Order {
                    sort: *sort,
                    descending,
                };
                all.push(walk::statement(order, part));
            }
        }
    }
    all
}

fn is_walk(sql: &str) -> bool {
    sql.contains("order by") && !sql.contains("audit_events")
}

#[test]
fn sqlite_scans_nothing() {
    let place: Place = sqlite();
    let Location::Sqlite(path) = &place.location else {
        unreachable!("a file")
    };
    let connection = rusqlite::Connection::open(path).expect("it opens");
    for sql in statements() {
        let mut plan = Vec::new();
        let mut statement = connection
            .prepare(&format!("explain query plan {sql}"))
            .expect("a statement");
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().expect("a row") {
            plan.push(row.get::<_, String>(3).expect("a text"));
        }
        for line in &plan {
            let scans = [
                "users",
                "user_words",
                "domain_words",
                "audit_events",
                "a",
                "u",
            ]
            .iter()
            .any(|table| format!("{line} ").starts_with(&format!("SCAN {table} ")));
            assert!(!scans, "{sql}\n{plan:#?}");
            let sorts = line.contains("ORDER BY");
            assert!(!sorts, "{sql}\n{plan:#?}");
        }
        if is_walk(sql) && sql.contains("select id, ") && !sql.contains("name, email") {
            assert!(plan[0].contains("COVERING INDEX"), "{sql}\n{plan:#?}");
        }
    }
}

/// Each index of a plan with what is looked up in it: nothing, where the whole of it is read.
fn looked_up(plan: &[String]) -> Vec<(&str, &str)> {
    let scans = plan.iter().enumerate().filter_map(|(at, line)| {
        let (_, rest) = line.split_once(" using ").or_else(|| {
            let is_bitmap = line.contains("Bitmap Index Scan");
            is_bitmap.then(|| line.split_once(" on ")).flatten()
        })?;
        let index = rest.split(' ').next()?;
        // Until the next step of the plan begins.
        let mut own = plan[at + 1..].iter().take_while(|it| !it.contains("->"));
        let condition = own.find_map(|it| it.split_once("Index Cond: "));
        Some((index, condition.map_or("", |(_, condition)| condition)))
    });
    scans.collect()
}

fn leading_column(client: &mut ::postgres::Client, index: &str) -> String {
    let rows = client
        .query_one(
            "select pg_get_indexdef(cast(cast($1 as text) as regclass), 1, true)",
            &[&index],
        )
        .expect("an index");
    rows.get(0)
}

#[tokio::test]
async fn postgresql_scans_nothing() {
    let place = postgres();
    place.db.write(|tx| fill(tx, 90)).await.expect("filled");
    let Location::Postgres(url) = place.location.clone() else {
        unreachable!("a URL")
    };
    std::thread::spawn(move || {
        let mut client = postgres::Client::connect(&url, postgres::NoTls).expect("connected");
        // A table of ninety rows is read faster whole; what counts is that it need not be. Bitmaps are
        // off wherever the server asks.
        client
            .batch_execute(
                "analyze; set enable_seqscan = off; set enable_bitmapscan = off; \
                 set plan_cache_mode = force_generic_plan",
            )
            .expect("set");
        for sql in statements() {
            let parameters = (1..=50)
                .filter(|it| sql.contains(&format!("${it}")))
                .count();
            let nulls = vec!["null"; parameters].join(", ");
            let rows = client
                .simple_query(&format!(
                    "deallocate all; prepare asked as {sql}; explain execute asked({nulls})"
                ))
                .expect("a plan");
            let plan: Vec<String> = rows
                .iter()
                .filter_map(|row| match row {
                    postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
                    _ => None,
                })
                .collect();
            let scans = plan.iter().any(|line| line.contains("Seq Scan"));
            assert!(!scans, "{sql}\n{plan:#?}");
            let looked_up = looked_up(&plan);
            assert!(!looked_up.is_empty(), "{sql}\n{plan:#?}");
            for (index, condition) in looked_up {
                let leading = leading_column(&mut client, index);
                assert!(
                    condition.contains(&leading),
                    "{index} by {leading}: {sql}\n{plan:#?}"
                );
            }
            if is_walk(sql) {
                let sorts = plan.iter().any(|line| line.contains("Sort"));
                assert!(!sorts, "{sql}\n{plan:#?}");
            }
        }
    })
    .join()
    .expect("every plan is as it should be");
}
