//! Pages for when there is nothing else to show: a problem with a document, a deployment that is
//! not set up, a console that cannot be shown. They must work without a database.

use api::{ProblemCode, paths};
use locales::{Key, keys, problem_title};

use super::frame::{Frame, page, reference};

/// What the page says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemPage {
    /// What the API would answer as a problem.
    Problem(ProblemCode),
    /// No administrator yet.
    SetUpNeeded,
}

/// What the page is told.
#[derive(Clone, Copy, Debug)]
pub struct PlainProblem<'a> {
    pub frame: Frame<'a>,
    pub problem: ProblemPage,
    /// The request's id, where the log has more to say.
    pub reference: Option<&'a str>,
}

/// Why the console is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WithoutConsole {
    /// The console's files are not in this binary.
    NotBuilt,
    /// The browser runs no WebAssembly or no script.
    Browser,
}

/// What the page in place of the console is told.
#[derive(Clone, Copy, Debug)]
pub struct ConsoleMissing<'a> {
    pub frame: Frame<'a>,
    pub why: WithoutConsole,
}

/// A problem, as a document.
#[must_use]
pub fn plain_problem(problem: &PlainProblem<'_>) -> String {
    let frame = &problem.frame;
    let (title, what, next) = words(problem.problem);
    page(frame, frame.say(title), |html| {
        html.leaf("p", &[], frame.say(what));
        html.leaf("p", &[], frame.say(next));
        if let Some(number) = problem.reference {
            reference(html, frame, number);
        }
        match problem.problem {
            ProblemPage::Problem(_) => html.leaf(
                "a",
                &[("class", "button plain"), ("href", paths::SIGN_IN)],
                frame.say(keys::DOOR_PROBLEM_SIGN_IN),
            ),
            ProblemPage::SetUpNeeded => {}
        }
    })
}

/// The page in place of the console.
#[must_use]
pub fn console_missing(missing: &ConsoleMissing<'_>) -> String {
    let frame = &missing.frame;
    let (what, next) = match missing.why {
        WithoutConsole::NotBuilt => (
            keys::DOOR_CONSOLE_NOT_BUILT_WHAT,
            keys::DOOR_CONSOLE_NOT_BUILT_NEXT,
        ),
        WithoutConsole::Browser => (
            keys::DOOR_CONSOLE_BROWSER_WHAT,
            keys::DOOR_CONSOLE_BROWSER_NEXT,
        ),
    };
    page(frame, frame.say(keys::DOOR_CONSOLE_TITLE), |html| {
        html.leaf("p", &[], frame.say(what));
        html.leaf("p", &[], frame.say(next));
        html.leaf(
            "a",
            &[("class", "button plain"), ("href", paths::ME)],
            frame.say(keys::DOOR_CONSOLE_ME),
        );
    })
}

/// Heading, what happened, what to do.
fn words(problem: ProblemPage) -> (Key, Key, Key) {
    let code = match problem {
        ProblemPage::Problem(code) => code,
        ProblemPage::SetUpNeeded => {
            return (
                keys::DOOR_PROBLEM_SET_UP_TITLE,
                keys::DOOR_PROBLEM_SET_UP_WHAT,
                keys::DOOR_PROBLEM_SET_UP_NEXT,
            );
        }
    };
    let (title, next) = match code {
        ProblemCode::NotFound | ProblemCode::MethodNotAllowed => (
            keys::DOOR_PROBLEM_NOT_FOUND_TITLE,
            keys::DOOR_PROBLEM_NOT_FOUND_NEXT,
        ),
        ProblemCode::SignedOut
        | ProblemCode::Forbidden
        | ProblemCode::ReauthenticationRequired
        | ProblemCode::CrossSite => (
            keys::DOOR_PROBLEM_NOT_ALLOWED_TITLE,
            keys::DOOR_PROBLEM_NOT_ALLOWED_NEXT,
        ),
        ProblemCode::TooMany | ProblemCode::Unavailable | ProblemCode::ProviderUnreachable => {
            (keys::DOOR_PROBLEM_WAIT_TITLE, keys::DOOR_PROBLEM_WAIT_NEXT)
        }
        ProblemCode::BadRequest
        | ProblemCode::SetUpDone
        | ProblemCode::IllegalMove
        | ProblemCode::OktaActive
        | ProblemCode::LastAdministrator
        | ProblemCode::ManagedByFile
        | ProblemCode::LockoutRisk
        | ProblemCode::ConfirmFromOkta
        | ProblemCode::Changed
        | ProblemCode::TooLarge
        | ProblemCode::NotJson
        | ProblemCode::Invalid
        | ProblemCode::VersionRequired
        | ProblemCode::Internal => (
            keys::DOOR_PROBLEM_BROKEN_TITLE,
            keys::DOOR_PROBLEM_BROKEN_NEXT,
        ),
    };
    (title, problem_title(code), next)
}
