//! The tables as they are, read past the server: what was stored, and what was not.
//!
//! It must not know what any table means.

use std::collections::BTreeMap;

use serde_json::Value;
use server::db::Location;

use super::Desk;

/// One row, by column; what is no text is written out: numbers in digits, bytes as a list in hex.
pub(crate) type Row = BTreeMap<String, String>;

/// Every table with its rows, in an order that does not depend on the engine. Null is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Dump(BTreeMap<String, Vec<Cells>>);

type Cells = BTreeMap<String, Vec<u8>>;

impl Dump {
    /// Every cell with its table and column.
    pub(crate) fn cells(&self) -> impl Iterator<Item = (&str, &str, &[u8])> {
        self.0.iter().flat_map(|(table, rows)| {
            rows.iter()
                .flatten()
                .map(|(column, bytes)| (table.as_str(), column.as_str(), bytes.as_slice()))
        })
    }

    pub(crate) fn rows(&self, table: &str) -> Vec<Row> {
        let rows = self.0.get(table).expect("a table of this name");
        let text = |bytes: &[u8]| match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => format!("{bytes:02x?}"),
        };
        rows.iter()
            .map(|row| {
                row.iter()
                    .map(|(column, bytes)| (column.clone(), text(bytes)))
                    .collect()
            })
            .collect()
    }

    /// The tables that differ.
    pub(crate) fn differs_from(&self, other: &Self) -> Vec<&str> {
        let tables = self.0.iter();
        tables
            .filter(|(table, rows)| other.0.get(*table) != Some(*rows))
            .map(|(table, _)| table.as_str())
            .collect()
    }
}

impl Desk {
    /// Everything that is stored.
    pub(crate) async fn dump(&self) -> Dump {
        let location = self.location.clone();
        // Both clients block.
        tokio::task::spawn_blocking(move || {
            let mut tables = match location {
                Location::Sqlite(path) => sqlite(&path).expect("SQLite can be read"),
                Location::Postgres(url) => postgres(&url).expect("PostgreSQL can be read"),
            };
            for rows in tables.values_mut() {
                rows.sort();
            }
            Dump(tables)
        })
        .await
        .expect("the tables can be read")
    }

    /// The audit log, oldest first.
    pub(crate) async fn audit(&self) -> Vec<Row> {
        let mut rows = self.dump().await.rows("audit_events");
        rows.sort_by_key(|row| row["seq"].parse::<i64>().expect("a number"));
        rows
    }

    /// What the audit log says happened since it had `since` rows.
    pub(crate) async fn acts_since(&self, since: usize) -> Vec<String> {
        let rows = self.audit().await;
        rows.iter()
            .skip(since)
            .map(|row| row["event"].clone())
            .collect()
    }

    /// Does something to the database behind the server's back.
    pub(crate) async fn execute(&self, sql: &'static str) {
        let location = self.location.clone();
        tokio::task::spawn_blocking(move || match location {
            Location::Sqlite(path) => rusqlite::Connection::open(path)
                .and_then(|connection| connection.execute_batch(sql))
                .expect("SQLite does it"),
            Location::Postgres(url) => postgres::Client::connect(&url, ::postgres::NoTls)
                .and_then(|mut client| client.batch_execute(sql))
                .expect("PostgreSQL does it"),
        })
        .await
        .expect("it is done");
    }
}

/// The detail of an audit row.
pub(crate) fn detail(row: &Row) -> Value {
    serde_json::from_str(&row["detail"]).expect("the detail is JSON")
}

fn sqlite(path: &std::path::Path) -> rusqlite::Result<BTreeMap<String, Vec<Cells>>> {
    use rusqlite::types::ValueRef;
    let connection = rusqlite::Connection::open(path)?;
    let mut all = BTreeMap::new();
    let names: Vec<String> = connection
        .prepare("select name from sqlite_schema where type = 'table'")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for name in names {
        let mut statement = connection.prepare(&format!("select * from {name}"))?;
        let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
        let mut rows = statement.query([])?;
        let mut kept = Vec::new();
        while let Some(row) = rows.next()? {
            let mut cells = Cells::new();
            for (index, column) in columns.iter().enumerate() {
                let bytes = match row.get_ref(index)? {
                    ValueRef::Null => continue,
                    ValueRef::Integer(number) => number.to_string().into_bytes(),
                    ValueRef::Real(number) => number.to_string().into_bytes(),
                    ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes.to_vec(),
                };
                cells.insert(column.clone(), bytes);
            }
            kept.push(cells);
        }
        all.insert(name, kept);
    }
    Ok(all)
}

fn postgres(url: &str) -> Result<BTreeMap<String, Vec<Cells>>, postgres::Error> {
    let mut client = postgres::Client::connect(url, postgres::NoTls)?;
    let columns = client.query(
        "select table_name::text, column_name::text, data_type::text
         from information_schema.columns where table_schema = 'public'",
        &[],
    )?;
    let mut tables: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for row in columns {
        let (table, column, kind): (String, String, String) = (row.get(0), row.get(1), row.get(2));
        let expression = if kind == "bytea" {
            column.clone()
        } else {
            format!("convert_to({column}::text, 'UTF8')")
        };
        tables.entry(table).or_default().push((column, expression));
    }
    let mut all = BTreeMap::new();
    for (table, columns) in tables {
        let list: Vec<&str> = columns.iter().map(|(_, it)| it.as_str()).collect();
        let rows = client.query(&format!("select {} from {table}", list.join(", ")), &[])?;
        let mut kept = Vec::new();
        for row in rows {
            let mut cells = Cells::new();
            for (index, (column, _)) in columns.iter().enumerate() {
                if let Some(bytes) = row.get::<_, Option<Vec<u8>>>(index) {
                    cells.insert(column.clone(), bytes);
                }
            }
            kept.push(cells);
        }
        all.insert(table, kept);
    }
    Ok(all)
}
