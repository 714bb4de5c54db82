//! The stages that an attempt passes, noted as it goes and kept in a few bytes of its row.

use std::sync::{Arc, Mutex, PoisonError};

use api::{
    UtcMillis,
    sign_ins::{Passed, Stage},
};

/// What an attempt passed since it came back; clones note in the same place.
#[derive(Clone)]
pub(crate) struct Stages {
    started_at: UtcMillis,
    passed: Arc<Mutex<String>>,
}

impl Stages {
    pub(crate) fn new(started_at: UtcMillis) -> Self {
        Self {
            started_at,
            passed: Arc::default(),
        }
    }

    /// Passed at this time.
    pub(crate) fn pass(&self, stage: Stage, now: UtcMillis) {
        if let Some(letter) = letter(stage) {
            // A text is as good after a panic as before.
            let mut passed = self.passed.lock().unwrap_or_else(PoisonError::into_inner);
            passed.push(letter);
            passed.push_str(&(now - self.started_at).max(0).to_string());
        }
    }

    /// As the row keeps it.
    pub(crate) fn written(&self) -> String {
        self.passed
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// The start and the way back have columns of their own.
fn letter(stage: Stage) -> Option<char> {
    match stage {
        Stage::Started | Stage::CameBack => None,
        Stage::CodeExchanged => Some('c'),
        Stage::TokenVerified => Some('v'),
        Stage::UserinfoRead => Some('u'),
        Stage::Matched => Some('m'),
        Stage::Session => Some('s'),
    }
}

/// What a row kept; the start comes first.
pub(crate) fn read(started_at: UtcMillis, back_at: Option<UtcMillis>, text: &str) -> Vec<Passed> {
    let at = |stage, at| Passed { stage, at };
    let mut passed = vec![at(Stage::Started, started_at)];
    passed.extend(back_at.map(|back_at| at(Stage::CameBack, back_at)));
    let (mut stage, mut digits) = (None, String::new());
    for c in text.chars().chain(['\n']) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        if let (Some(stage), Ok(after)) = (stage, digits.parse::<i64>()) {
            passed.push(at(stage, started_at + after));
        }
        digits.clear();
        stage = Stage::ALL.into_iter().find(|it| letter(*it) == Some(c));
    }
    passed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_passed_is_read_as_it_was_written() {
        let stages = Stages::new(1000);
        for (turn, stage) in (0_i64..).zip(Stage::ALL) {
            stages.pass(stage, 1000 + turn * 250);
        }
        assert_eq!(stages.written(), "c500v750u1000m1250s1500");
        let read: Vec<(Stage, i64)> = read(1000, Some(1250), &stages.written())
            .into_iter()
            .map(|it| (it.stage, it.at - 1000))
            .collect();
        let all: Vec<(Stage, i64)> = Stage::ALL
            .into_iter()
            .zip((0..).map(|it| it * 250))
            .collect();
        assert_eq!(read, all);
    }

    #[test]
    fn what_is_no_stage_is_left_out() {
        for text in ["", "x7", "c", "7", "c99999999999999999999", "é"] {
            assert_eq!(read(5, None, text).len(), 1, "{text}");
        }
    }
}
