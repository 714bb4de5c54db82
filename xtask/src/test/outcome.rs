//! What became of a step: runs its command and counts.
//!
//! It must not know which steps there are.

use std::process::Command;

use crate::counts::{self, Counts};
use crate::run;

/// What became of one step.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub(super) counts: Counts,
    pub(super) failures: Vec<String>,
}

impl Outcome {
    pub(super) fn passed() -> Self {
        Self {
            counts: Counts {
                passed: 1,
                ..Counts::default()
            },
            failures: Vec::new(),
        }
    }

    pub(super) fn failed(why: impl Into<String>) -> Self {
        Self {
            counts: Counts {
                failed: 1,
                ..Counts::default()
            },
            failures: vec![why.into()],
        }
    }
}

/// A command that is one test.
pub(super) fn command(command: &mut Command) -> Outcome {
    match run::streamed(command, |line| println!("{line}")) {
        Ok(status) if status.success() => Outcome::passed(),
        Ok(status) => Outcome::failed(format!("{status}")),
        Err(why) => Outcome::failed(why),
    }
}

/// A command that runs tests and says of each how it ended. `filter`: only those whose name contains it, which may be
/// none here.
pub(super) fn tests(filter: Option<&str>, command: &mut Command) -> Outcome {
    command.args(filter);
    let mut counts = Counts::default();
    let mut failures = Vec::new();
    let status = run::streamed(command, |line| {
        println!("{line}");
        if let Some(result) = counts::result_line(line) {
            counts += result;
        }
        failures.extend(counts::failed_test(line));
    });
    let status = match status {
        Ok(status) => status,
        Err(why) => return Outcome::failed(why),
    };
    if counts.ignored > 0 {
        // A test that does not run proves nothing, and nobody notices.
        failures.push(format!("{} ignored", counts.ignored));
        counts.failed += counts.ignored;
    }
    if !status.success() && counts.failed == 0 {
        failures.push(format!(
            "{status}, without a failed test: it did not compile, or ended early"
        ));
        counts.failed = 1;
    }
    if counts.passed + counts.failed == 0 && filter.is_none() {
        failures.push("no test ran".to_owned());
        counts.failed = 1;
    }
    Outcome { counts, failures }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn the_results_of_several_programs_add_up() {
        let script = "echo 'test a ... ok'; echo 'test result: ok. 1 passed; 0 failed; 0 ignored'; \
                      echo 'test b ... FAILED'; echo 'test result: FAILED. 2 passed; 1 failed; 0 ignored'; exit 101";
        let outcome = tests(None, &mut shell(script));
        assert_eq!((outcome.counts.passed, outcome.counts.failed), (3, 1));
        assert_eq!(outcome.failures, ["b"]);
    }

    #[test]
    fn what_does_not_compile_counts_as_a_failure() {
        let outcome = tests(None, &mut shell("echo 'error: expected `;`' >&2; exit 101"));
        assert_eq!((outcome.counts.passed, outcome.counts.failed), (0, 1));
        assert_eq!(outcome.failures.len(), 1);
    }

    #[test]
    fn a_step_without_a_test_and_an_ignored_test_are_failures() {
        let none = tests(None, &mut shell("true"));
        assert_eq!(none.counts.failed, 1);
        let ignored = tests(
            None,
            &mut shell("echo 'test result: ok. 4 passed; 0 failed; 1 ignored'"),
        );
        assert_eq!((ignored.counts.passed, ignored.counts.failed), (4, 1));
    }

    #[test]
    fn a_command_is_one_test() {
        assert_eq!(command(&mut shell("exit 0")).counts.passed, 1);
        assert_eq!(command(&mut shell("exit 1")).counts.failed, 1);
    }
}
