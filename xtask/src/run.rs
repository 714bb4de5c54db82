//! Runs other programs: quietly, with their output kept for the case that they fail, or streamed line by line.
//!
//! Knows processes and pipes. It must not know which programs there are.

use std::io::{BufRead, BufReader};
use std::process::{Command, ExitStatus, Stdio};

use crate::step;

/// What went wrong, in sentences for the person at the terminal: what happened, and what to do.
pub(crate) type Result<T> = std::result::Result<T, String>;

/// How many lines of a failed program's output are shown, at most.
const SHOWN_LINES: usize = 100;

/// Runs `command` without showing its output, except for one line that says how far it is when somebody watches.
/// Gives the output; fails with the lines that say why when the program does.
pub(crate) fn quiet(command: &mut Command) -> Result<String> {
    let mut output = String::new();
    let status = streamed(command, |line| {
        step::progress(line);
        output.push_str(line);
        output.push('\n');
    });
    step::progress_done();
    let status = status?;
    if status.success() {
        return Ok(output);
    }
    let why = telling(&output);
    Err(format!("{why}\n{} failed ({status}).", described(command)))
}

/// Runs `command`, handing each line of its output and its errors, in the order in which they came, to `each`.
pub(crate) fn streamed(command: &mut Command, mut each: impl FnMut(&str)) -> Result<ExitStatus> {
    let not_started = |what: &str, why| format!("Cannot start {what}: {why}");
    let (reader, writer) = std::io::pipe().map_err(|why| not_started(&described(command), why))?;
    let errors = writer
        .try_clone()
        .map_err(|why| not_started(&described(command), why))?;
    command.stdin(Stdio::null()).stdout(writer).stderr(errors);
    let child = command.spawn();
    // The command holds the pipe's writing end: as long as it does, reading would never end.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = child.map_err(|why| not_started(&described(command), why))?;
    let mut reader = BufReader::new(reader);
    let mut line = Vec::new();
    while reader
        .read_until(b'\n', &mut line)
        .is_ok_and(|length| length > 0)
    {
        each(String::from_utf8_lossy(&line).trim_end_matches(['\n', '\r']));
        line.clear();
    }
    child
        .wait()
        .map_err(|why| format!("Lost {}: {why}", described(command)))
}

/// What `command` prints on its standard output, trimmed; nothing when it cannot be started or fails.
pub(crate) fn answer(command: &mut Command) -> Option<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The lines of a failed program's output that say why: from the first error on, or else the last ones.
fn telling(output: &str) -> String {
    let lines: Vec<&str> = output.lines().collect();
    let first = lines
        .iter()
        .position(|line| line.starts_with("error"))
        .unwrap_or_else(|| lines.len().saturating_sub(SHOWN_LINES));
    let mut shown = lines[first..]
        .iter()
        .take(SHOWN_LINES)
        .copied()
        .collect::<Vec<_>>()
        .join("\n");
    if lines.len() - first > SHOWN_LINES {
        shown.push_str("\n[…]");
    }
    shown
}

/// The command as one would type it.
fn described(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(
        command
            .get_args()
            .map(|argument| argument.to_string_lossy().into_owned()),
    );
    format!("`{}`", words.join(" "))
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
    fn output_and_errors_arrive_in_the_order_in_which_they_were_written() {
        let mut lines = Vec::new();
        let status = streamed(&mut shell("echo one; echo two >&2; printf three"), |line| {
            lines.push(line.to_owned());
        });
        assert!(status.expect("sh starts").success());
        assert_eq!(lines, ["one", "two", "three"]);
    }

    #[test]
    fn a_failing_program_is_named_with_its_last_lines() {
        let problem = quiet(&mut shell("echo first; echo the reason >&2; exit 3"))
            .expect_err("it exits with 3");
        assert!(problem.contains("the reason"), "{problem}");
        assert!(problem.contains("`sh -c"), "{problem}");
    }

    #[test]
    fn what_is_shown_of_a_failure_begins_with_the_first_error() {
        let noise = "Compiling\n".repeat(300);
        let shown = telling(&format!("{noise}error: one\n{noise}error: two"));
        assert!(
            shown.starts_with("error: one\n") && shown.ends_with("\n[…]"),
            "{shown}"
        );
        assert_eq!(shown.lines().count(), SHOWN_LINES + 1);
        let unsaid = telling(&format!("{noise}it broke"));
        assert!(unsaid.ends_with("it broke"), "{unsaid}");
        assert_eq!(unsaid.lines().count(), SHOWN_LINES);
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let problem =
            quiet(&mut Command::new("no-such-program-here")).expect_err("it is not there");
        assert!(
            problem.contains("Cannot start `no-such-program-here`"),
            "{problem}"
        );
    }

    #[test]
    fn only_a_successful_answer_counts() {
        assert_eq!(answer(&mut shell("echo ' 1.2 '")), Some("1.2".to_owned()));
        assert_eq!(answer(&mut shell("echo 1.2; exit 1")), None);
    }
}
