//! How both engines carry out what the record asks of attempts and of the audit log: each statement
//! walks the index that it was written for, from where its leading column says.

use std::fmt::Write as _;

use crate::{
    audit,
    db::{Location, Planned, plan},
    sign_ins::{days, list, prune, store},
    users::tests::{Place, postgres},
};

fn statements() -> Vec<Planned> {
    let mut all = Vec::new();
    all.extend(list::STATEMENTS);
    all.extend(prune::STATEMENTS);
    all.extend(store::STATEMENTS);
    all.extend(days::STATEMENTS);
    all.extend(audit::STATEMENTS);
    all.extend(super::health::STATEMENTS);
    all
}

#[test]
fn sqlite_searches_the_index_that_was_meant() {
    for (texts, index, looked_up, _) in statements() {
        let sql = texts.sqlite;
        let plan = plan(sql);
        let (index, looked_up) = match index {
            "audit_rows_pkey" => ("INTEGER PRIMARY KEY", looked_up.replace("seq", "rowid")),
            "attempts_pkey" | "attempt_days_pkey" => ("PRIMARY KEY", looked_up.to_owned()),
            index => (index, looked_up.to_owned()),
        };
        let end = format!(" {index} ({looked_up})");
        let is_searched = |it: &str| it.starts_with("SEARCH") && it.ends_with(&end);
        assert!(plan.lines().any(is_searched), "{end}\n{sql}\n{plan}");
        assert!(!plan.contains("SCAN a"), "{sql}\n{plan}");
        assert!(!plan.contains("ORDER BY"), "{sql}\n{plan}");
    }
}

/// Enough of everything that reading it whole is the worse way.
const FILL: &str = "
    insert into users (id, name, email, role, sort_name, created_at, version)
      select 'u' || n, 'U', n || '@x.example', 'member', 'u', 1, 1 from generate_series(1, 20000) n;
    insert into attempts (id, reference, provider, purpose, started_at, outcome, cause, user_id,
                          claimed_login, nonce, evidence)
      select '0192' || lpad(to_hex(n), 4, '0') || '-0000-7000-8000-000000000000', 'R' || n, 'okta',
             'sign_in', n * 1000,
             case when n % 20 = 0 then 'started' when n % 5 = 0 then 'failed' else 'succeeded' end,
             case when n % 5 = 0 and n % 20 > 0 then 'cause' || n % 7 end,
             case when n % 3 > 0 then 'u' || 1 + n % 3000 end, 'c' || n % 2000,
             case when n % 20 = 0 then 'n' end, case when n % 20 > 0 then n % 3 % 2 end
      from generate_series(1, 30000) n;
    insert into attempt_days (day, outcome, cause, attempts)
      select n, outcome, cause, 1
      from generate_series(1, 1000) n, unnest(array['failed', 'succeeded', 'started']) outcome,
           unnest(array['', 'cause1', 'cause2']) cause;
    insert into audit_events (seq, id, at, actor_id, actor_name, event, target, detail)
      select n, 'i' || n, n * 1000, 'u' || 1 + n % 40, 'U',
             case when n % 500 = 0 then 'connection.degraded' else 'act' || n % 30 end,
             case when n % 500 = 0 then 'okta' else 'u' || 1 + n % 3000 end, '{}'
      from generate_series(1, 30000) n;
    analyze;
    set enable_bitmapscan = off";

#[test]
fn postgresql_searches_the_index_that_was_meant() {
    let place: Place = postgres();
    let Location::Postgres(url) = place.location.clone() else {
        unreachable!("a URL")
    };
    let mut client = postgres::Client::connect(&url, postgres::NoTls).expect("connected");
    client.batch_execute(FILL).expect("filled");
    let mut wrong = String::new();
    // The server plans the first executions for their values, and later ones for any.
    for mode in ["force_custom_plan", "force_generic_plan"] {
        client
            .batch_execute(&format!("set plan_cache_mode = {mode}"))
            .expect("set");
        for (texts, index, looked_up, values) in statements() {
            let sql = texts.postgres;
            let plan = explained(&mut client, sql, values);
            let mut lines = plan.lines();
            let walk = lines.any(|it| it.contains(&format!("using {index} on ")));
            // The condition is the next line, ahead of whatever filters what was found.
            let condition = lines.next().unwrap_or_default();
            let first = looked_up.trim_start_matches('(');
            let first = &first[..first.find([',', '=', '<', '>']).expect("a condition")];
            let is_led = condition.contains("Index Cond: ")
                && (condition.contains(&format!("ROW({first}, "))
                    || condition.contains(&format!("({first} ")));
            // One row is read whole.
            let tables = plan.replace("Seq Scan on attempt_days_until", "");
            let scans = tables.contains("Seq Scan on a") || plan.contains("Bitmap");
            let sorts = plan.contains("Sort") && sql.contains("order by");
            if !walk || !is_led || scans || sorts {
                // Writing to a string does not fail.
                let _ = writeln!(wrong, "{mode}: {index} ({looked_up})\n{sql}\n{plan}\n");
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

fn explained(client: &mut postgres::Client, sql: &str, values: &str) -> String {
    let rows = client
        .simple_query(&format!(
            "deallocate all; prepare asked as {sql}; explain execute asked({values})"
        ))
        .expect("a plan");
    let lines: Vec<&str> = rows
        .iter()
        .filter_map(|row| match row {
            postgres::SimpleQueryMessage::Row(row) => row.get(0),
            _ => None,
        })
        .collect();
    lines.join("\n")
}
