//! The words of each cause: what happened, why, and what to do about it step by step.

use api::{Cause, Provider, cause::Elsewhere};

use crate::Key;

include!(concat!(env!("OUT_DIR"), "/causes.rs"));

/// How a cause is told to an administrator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CauseWords {
    /// Names the fault in a few words.
    pub title: Key,
    /// One sentence; with facts in it where there is a fallback.
    pub explanation: Key,
    /// The same sentence without facts.
    pub fallback: Option<Key>,
    /// What to do, the likeliest first.
    pub steps: &'static [Key],
}

impl CauseWords {
    /// The explanation that needs no facts.
    #[must_use]
    pub fn plain(self) -> Key {
        self.fallback.unwrap_or(self.explanation)
    }
}

/// What is wrong, in a few words.
#[must_use]
pub fn cause_title(cause: Cause) -> Key {
    words(cause).title
}

/// Everything that is told of a cause at this provider. The one place that decides it.
#[must_use]
pub fn cause_words(cause: Cause, provider: Provider) -> CauseWords {
    let of_okta = words(cause);
    let steps = match provider {
        Provider::Okta => of_okta.steps,
        Provider::Google => at_google(cause).unwrap_or(of_okta.steps),
        Provider::Microsoft => at_microsoft(cause).unwrap_or(of_okta.steps),
    };
    CauseWords { steps, ..of_okta }
}

fn at_google(cause: Cause) -> Option<&'static [Key]> {
    match cause.elsewhere() {
        Elsewhere::Shared | Elsewhere::Tenant => None,
        Elsewhere::User => Some(REMEDY_USER),
        Elsewhere::Redirect => Some(REMEDY_GOOGLE_REDIRECT),
        Elsewhere::Credentials => Some(REMEDY_GOOGLE_CREDENTIALS),
        Elsewhere::Code => Some(REMEDY_GOOGLE_CODE),
        Elsewhere::People => Some(REMEDY_GOOGLE_PEOPLE),
        Elsewhere::Policy => Some(REMEDY_GOOGLE_POLICY),
        Elsewhere::Scopes => Some(REMEDY_GOOGLE_SCOPES),
        Elsewhere::AppType => Some(REMEDY_GOOGLE_APP_TYPE),
        Elsewhere::Status => Some(REMEDY_GOOGLE_STATUS),
        Elsewhere::Log => Some(REMEDY_GOOGLE_LOG),
        Elsewhere::Proxy => Some(REMEDY_GOOGLE_PROXY),
        Elsewhere::Directory => Some(REMEDY_GOOGLE_DIRECTORY),
        Elsewhere::Claims => Some(REMEDY_GOOGLE_CLAIMS),
        Elsewhere::Person => Some(REMEDY_GOOGLE_PERSON),
        Elsewhere::Other => Some(REMEDY_GOOGLE_OTHER),
    }
}

fn at_microsoft(cause: Cause) -> Option<&'static [Key]> {
    match cause.elsewhere() {
        Elsewhere::Shared | Elsewhere::Tenant => None,
        Elsewhere::User => Some(REMEDY_USER),
        Elsewhere::Redirect => Some(REMEDY_MICROSOFT_REDIRECT),
        Elsewhere::Credentials => Some(REMEDY_MICROSOFT_CREDENTIALS),
        Elsewhere::Code => Some(REMEDY_MICROSOFT_CODE),
        Elsewhere::People => Some(REMEDY_MICROSOFT_PEOPLE),
        Elsewhere::Policy => Some(REMEDY_MICROSOFT_POLICY),
        Elsewhere::Scopes => Some(REMEDY_MICROSOFT_SCOPES),
        Elsewhere::AppType => Some(REMEDY_MICROSOFT_APP_TYPE),
        Elsewhere::Status => Some(REMEDY_MICROSOFT_STATUS),
        Elsewhere::Log => Some(REMEDY_MICROSOFT_LOG),
        Elsewhere::Proxy => Some(REMEDY_MICROSOFT_PROXY),
        Elsewhere::Directory => Some(REMEDY_MICROSOFT_DIRECTORY),
        Elsewhere::Claims => Some(REMEDY_MICROSOFT_CLAIMS),
        Elsewhere::Person => Some(REMEDY_MICROSOFT_PERSON),
        Elsewhere::Other => Some(REMEDY_MICROSOFT_OTHER),
    }
}
