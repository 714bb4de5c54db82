//! What there is to run, and which of it the person at the terminal asked for.
//!
//! It must not know how a step is run.

use crate::run::Result;

/// The steps, in the order in which they run: what is quick and often wrong comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Format,
    Lint,
    LintConsole,
    ContractWasm,
    Bundle,
    Native,
    Web,
    Clean,
}

pub(super) const STEPS: [Step; 8] = [
    Step::Format,
    Step::Lint,
    Step::LintConsole,
    Step::ContractWasm,
    Step::Bundle,
    Step::Native,
    Step::Web,
    Step::Clean,
];

impl Step {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Format => "format",
            Self::Lint => "lint",
            Self::LintConsole => "lint-console",
            Self::ContractWasm => "contract-wasm",
            Self::Bundle => "bundle",
            Self::Native => "native",
            Self::Web => "web",
            Self::Clean => "clean",
        }
    }

    /// Whether it consists of tests with names; the others are one test each.
    fn has_tests(self) -> bool {
        match self {
            Self::Native | Self::Web => true,
            Self::Format
            | Self::Lint
            | Self::LintConsole
            | Self::ContractWasm
            | Self::Bundle
            | Self::Clean => false,
        }
    }
}

/// What the person at the terminal asked for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Wish<'a> {
    Everything,
    Only(Step),
    Named(&'a str),
}

impl<'a> Wish<'a> {
    pub(super) fn from(arguments: &'a [String]) -> Result<Self> {
        match arguments {
            [] => Ok(Self::Everything),
            [name] => Ok(STEPS
                .into_iter()
                .find(|step| step.name() == name)
                .map_or(Self::Named(name.as_str()), Self::Only)),
            [..] => Err("`cargo xtask test` takes one name.".to_owned()),
        }
    }

    /// The part of their names by which tests are chosen.
    pub(super) fn filter(&self) -> Option<&'a str> {
        match self {
            Self::Named(name) => Some(name),
            Self::Everything | Self::Only(_) => None,
        }
    }

    pub(super) fn includes(&self, step: Step) -> bool {
        match self {
            Self::Everything => true,
            Self::Only(only) => *only == step,
            Self::Named(_) => step.has_tests(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn a_word_is_a_step_or_a_part_of_a_tests_name() {
        assert_eq!(Wish::from(&wish(&[])), Ok(Wish::Everything));
        assert_eq!(Wish::from(&wish(&["web"])), Ok(Wish::Only(Step::Web)));
        assert_eq!(
            Wish::from(&wish(&["suspended"])),
            Ok(Wish::Named("suspended"))
        );
        assert!(Wish::from(&wish(&["two", "words"])).is_err());
    }

    #[test]
    fn a_part_of_a_name_leaves_out_what_has_no_tests_with_names() {
        let named: Vec<Step> = STEPS
            .into_iter()
            .filter(|step| Wish::Named("x").includes(*step))
            .collect();
        assert_eq!(named, [Step::Native, Step::Web]);
        assert!(
            STEPS
                .into_iter()
                .all(|step| Wish::Everything.includes(step))
        );
    }
}
