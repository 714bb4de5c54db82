//! What is said of a request that failed: a sentence, what to do, and the reference that the server's log has too.
//!
//! It must not show a library's or the server's own English text.

use api::{FieldError, ProblemCode};
use locales::{Key, field_fault, keys, problem_title};

use crate::{
    api::{Asked, Trouble},
    ui::notice::Notice,
};

/// A trouble as the pages show it.
#[must_use]
pub fn notice(trouble: &Trouble) -> Notice {
    match trouble {
        Trouble::Offline => {
            Notice::new(keys::TROUBLE_OFFLINE_TITLE, keys::TROUBLE_OFFLINE_FIX).icon("offline")
        }
        Trouble::Unreadable => {
            Notice::new(keys::TROUBLE_UNREADABLE_TITLE, keys::TROUBLE_UNREADABLE_FIX)
        }
        Trouble::Problem(problem) => Notice::new(problem_title(problem.code), advice(problem.code))
            .reference(&problem.reference),
    }
}

/// An answer that is on its way, with what is said of it if it does not come.
pub async fn asked<T>(asked: Asked<T>) -> Result<T, Notice> {
    asked.await.map_err(|trouble| notice(&trouble))
}

/// The fields that the server refused, with what is wrong with each.
#[must_use]
pub fn refused(trouble: &Trouble) -> Vec<(String, Key)> {
    match trouble {
        Trouble::Problem(problem) => faults(&problem.errors),
        Trouble::Offline | Trouble::Unreadable => Vec::new(),
    }
}

/// Field errors as a form takes them.
#[must_use]
pub fn faults(errors: &[FieldError]) -> Vec<(String, Key)> {
    errors
        .iter()
        .map(|error| (error.field.clone(), field_fault(error.fault)))
        .collect()
}

/// Whether somebody else changed the thing in the meantime.
#[must_use]
pub fn is_stale(trouble: &Trouble) -> bool {
    matches!(trouble, Trouble::Problem(problem) if problem.code == ProblemCode::Changed)
}

/// Whether the thing is not there, or no more.
#[must_use]
pub fn is_gone(trouble: &Trouble) -> bool {
    matches!(trouble, Trouble::Problem(problem) if problem.code == ProblemCode::NotFound)
}

fn advice(code: ProblemCode) -> Key {
    match code {
        ProblemCode::SignedOut => keys::ADVICE_SIGN_IN,
        ProblemCode::Forbidden => keys::ADVICE_ASK_ADMINISTRATOR,
        ProblemCode::ReauthenticationRequired => keys::ADVICE_REAUTHENTICATE,
        ProblemCode::NotFound => keys::ADVICE_GONE,
        ProblemCode::SetUpDone => keys::ADVICE_NEW_LINK,
        ProblemCode::IllegalMove => keys::ADVICE_LOOK_AGAIN,
        ProblemCode::OktaActive => keys::ADVICE_OKTA_OFF,
        ProblemCode::LastAdministrator => keys::ADVICE_OTHER_ADMINISTRATOR,
        ProblemCode::ManagedByFile => keys::ADVICE_OWNED_BY_FILE,
        ProblemCode::LockoutRisk => keys::ADVICE_LOCKOUT_RISK,
        ProblemCode::ConfirmFromOkta => keys::ADVICE_CONFIRM_FROM_OKTA,
        ProblemCode::Changed => keys::ADVICE_CHANGED,
        ProblemCode::Invalid => keys::ADVICE_CORRECT,
        ProblemCode::TooMany => keys::ADVICE_WAIT,
        ProblemCode::ProviderUnreachable => keys::ADVICE_PROVIDER,
        ProblemCode::Unavailable => keys::ADVICE_IN_A_MOMENT,
        ProblemCode::Internal => keys::ADVICE_IN_LOG,
        // A console of another build than its server, or something between them.
        ProblemCode::BadRequest
        | ProblemCode::CrossSite
        | ProblemCode::MethodNotAllowed
        | ProblemCode::TooLarge
        | ProblemCode::NotJson
        | ProblemCode::VersionRequired => keys::ADVICE_RELOAD,
    }
}
