//! What SQLite does with our statements, which no answer shows.

use rusqlite::{Connection, OpenFlags};

use super::connect;

/// The first schema, in a database in memory.
fn empty() -> Connection {
    let connection = connect(":memory:".as_ref(), OpenFlags::empty()).expect("a database");
    connection
        .execute_batch(include_str!("../../../migrations/sqlite/0001_first.sql"))
        .expect("the schema");
    connection
}

#[test]
fn a_partial_index_is_used_for_a_bound_value() {
    let connection = empty();
    let plan: String = connection
        .query_row(
            "explain query plan select id from users where okta_login = $1",
            ["ada"],
            |row| row.get("detail"),
        )
        .expect("a plan");
    assert!(plan.contains("users_okta_login"), "{plan}");
}
