//! The table of pages: a row a kind of question, a column a database, the median and the 99th of a
//! hundred in each.

use super::{Engine, Size, questions::Groups};

pub(crate) struct Column {
    engine: Engine,
    size: Size,
    groups: Groups,
}

impl Column {
    pub(crate) fn new(engine: Engine, size: Size, groups: Groups) -> Self {
        Self {
            engine,
            size,
            groups,
        }
    }
}

pub(crate) fn print(columns: &[Column], large: Size) {
    print!("| over HTTP, p50 / p99 in ms |");
    for column in columns {
        print!(
            " {} {} |",
            column.engine.name(),
            thousands(column.size.people)
        );
    }
    println!(" goal (p99) | |");
    println!("|---|{}--:|---|", "--:|".repeat(columns.len()));
    let Some(first) = columns.first() else { return };
    for (at, group) in first.groups.0.iter().enumerate() {
        print!("| {} |", group.what);
        let mut reached = true;
        for column in columns {
            let samples = &column.groups.0[at].samples;
            print!(" {:.1} / {:.1} |", samples.p50(), samples.p99());
            reached &= column.size != large || samples.p99() <= group.goal;
        }
        let verdict = if reached {
            "reached"
        } else {
            "**falls short**"
        };
        println!(" {:.0} | {verdict} |", group.goal);
    }
}

fn thousands(number: u32) -> String {
    match number {
        0..1_000 => number.to_string(),
        1_000..1_000_000 => format!("{},{:03}", number / 1_000, number % 1_000),
        _ => format!(
            "{},{:03},{:03}",
            number / 1_000_000,
            number / 1_000 % 1_000,
            number % 1_000
        ),
    }
}
