//! Reads what test programs print: how many passed and failed, and the names of those that failed.
//!
//! Knows the lines of Rust's libtest and of wasm-bindgen-test-runner, which prints the same. It must not know which
//! programs are run.

use std::fmt;
use std::ops::AddAssign;

/// How many tests ended in which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) ignored: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.ignored += other.ignored;
    }
}

/// The last line of `cargo xtask test`.
impl fmt::Display for Counts {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} passed, {} failed", self.passed, self.failed)
    }
}

/// The counts in a line like `test result: ok. 3 passed; 1 failed; 0 ignored; …`; nothing in any other line.
pub(crate) fn result_line(line: &str) -> Option<Counts> {
    let line = without_colour(line);
    let (_, rest) = line.split_once("test result: ")?;
    let count = |word: &str| {
        rest.split([';', '.'])
            .find_map(|part| part.trim().strip_suffix(word)?.trim().parse::<u64>().ok())
    };
    Some(Counts {
        passed: count("passed")?,
        failed: count("failed")?,
        ignored: count("ignored").unwrap_or(0),
    })
}

/// The test that a line like `test users::list ... FAILED` names; wasm-bindgen's runner writes `FAIL`.
pub(crate) fn failed_test(line: &str) -> Option<String> {
    let line = without_colour(line);
    let line = line.trim();
    let name = line
        .strip_suffix("... FAILED")
        .or_else(|| line.strip_suffix("... FAIL"))?;
    Some(name.trim().strip_prefix("test ")?.trim().to_owned())
}

/// The line without the escape sequences that colour it.
fn without_colour(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        if letter == '\u{1b}' {
            // `ESC [ … letter`: everything up to and with the first letter belongs to the sequence.
            letters.by_ref().find(char::is_ascii_alphabetic);
        } else {
            plain.push(letter);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(passed: u64, failed: u64, ignored: u64) -> Counts {
        Counts {
            passed,
            failed,
            ignored,
        }
    }

    #[test]
    fn a_good_result_is_read() {
        let line = "test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 3 filtered out; finished in 0.05s";
        assert_eq!(result_line(line), Some(counts(12, 0, 0)));
    }

    #[test]
    fn a_bad_result_is_read() {
        let line = "test result: FAILED. 3 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out; finished in 1.00s";
        assert_eq!(result_line(line), Some(counts(3, 2, 1)));
    }

    #[test]
    fn the_browser_runner_writes_a_shorter_line() {
        assert_eq!(
            result_line("test result: ok. 7 passed; 0 failed; 0 ignored"),
            Some(counts(7, 0, 0))
        );
    }

    #[test]
    fn colour_does_not_hide_a_result() {
        let line = "test result: \u{1b}[32mok\u{1b}[m. 4 passed; 0 failed; 0 ignored; 0 measured";
        assert_eq!(result_line(line), Some(counts(4, 0, 0)));
    }

    #[test]
    fn other_lines_are_no_results() {
        for line in [
            "",
            "running 3 tests",
            "test a ... ok",
            "test result: soon",
            "3 passed; 0 failed",
        ] {
            assert_eq!(result_line(line), None, "{line}");
        }
    }

    #[test]
    fn failed_tests_are_named() {
        assert_eq!(
            failed_test("test users::list::empty ... FAILED"),
            Some("users::list::empty".to_owned())
        );
        assert_eq!(
            failed_test("test button ... \u{1b}[31mFAIL\u{1b}[0m"),
            Some("button".to_owned())
        );
        assert_eq!(failed_test("test users::list ... ok"), None);
        assert_eq!(failed_test("FAILED"), None);
    }

    #[test]
    fn the_last_line_is_what_others_parse() {
        let mut all = counts(2, 0, 0);
        all += counts(3, 1, 0);
        assert_eq!(all.to_string(), "5 passed, 1 failed");
    }
}
