//! One line a step, with its time: `ok  wasm target            0.1 s`.
//!
//! Knows the terminal. It must not know what the steps do.

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

use crate::run::Result;

/// Does `work` and prints one line about it.
pub(crate) fn step<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let started = Instant::now();
    let result = work();
    print(
        if result.is_ok() { "ok" } else { "--" },
        name,
        started.elapsed(),
    );
    result
}

/// The line of a step that ended: `mark` is `ok`, or `--` for a failure.
pub(crate) fn print(mark: &str, name: &str, took: Duration) {
    println!("{mark:<3} {name:<30} {:>7.1} s", took.as_secs_f64());
}

/// Something that is worth knowing and is not the end of a step.
pub(crate) fn note(text: &str) {
    println!("..  {text}");
}

/// Something that works less well than it could, and what to do about it.
pub(crate) fn warn(text: &str) {
    println!("!   {text}");
}

/// Shows the last line of a long step in place, when somebody watches.
pub(crate) fn progress(line: &str) {
    let mut terminal = std::io::stdout();
    if terminal.is_terminal() {
        let short: String = line
            .trim()
            .chars()
            .filter(|letter| !letter.is_control())
            .take(72)
            .collect();
        // Progress is decoration: a terminal that went away is no reason to stop building.
        let _ = write!(terminal, "\r\u{1b}[K    {short}").and_then(|()| terminal.flush());
    }
}

/// Takes the line of `progress` away.
pub(crate) fn progress_done() {
    let mut terminal = std::io::stdout();
    if terminal.is_terminal() {
        let _ = write!(terminal, "\r\u{1b}[K").and_then(|()| terminal.flush());
    }
}
