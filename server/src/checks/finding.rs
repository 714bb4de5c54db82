//! What a rung found out, before it is known how long it took.

use api::{
    Cause,
    checks::{Check, CheckKind, Fix, Verdict},
};

use crate::oidc::{NoReply, shown};

/// What a rung found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Finding {
    pub(super) verdict: Verdict,
    pub(super) cause: Option<Cause>,
    likely: Vec<Cause>,
    seen: Option<String>,
    fix: Option<Fix>,
}

impl Finding {
    fn new(verdict: Verdict, cause: Option<Cause>) -> Self {
        Self {
            verdict,
            cause,
            likely: Vec::new(),
            seen: None,
            fix: None,
        }
    }

    pub(super) fn passed() -> Self {
        Self::new(Verdict::Passed, None)
    }

    pub(super) fn skipped() -> Self {
        Self::new(Verdict::Skipped, None)
    }

    pub(super) fn failed(cause: Cause) -> Self {
        Self::new(Verdict::Failed, Some(cause))
    }

    pub(super) fn warning(cause: Cause) -> Self {
        Self::new(Verdict::Warning, Some(cause))
    }

    /// Nothing is claimed; the cause, if there is one, says why.
    pub(super) fn unclear(cause: Option<Cause>) -> Self {
        Self::new(Verdict::Inconclusive, cause)
    }

    pub(super) fn likely(mut self, causes: &[Cause]) -> Self {
        self.likely = causes.to_vec();
        self
    }

    /// With somebody else's words: escaped and cut.
    pub(super) fn seen(mut self, text: &str) -> Self {
        self.seen = (!text.is_empty()).then(|| shown(text));
        self
    }

    pub(super) fn mend(mut self, mend: Fix) -> Self {
        self.fix = Some(mend);
        self
    }

    pub(super) fn take_issuer(self, issuer: &str) -> Self {
        self.mend(Fix::take_issuer(issuer))
    }

    pub(super) fn is_failed(&self) -> bool {
        self.verdict == Verdict::Failed
    }

    pub(super) fn check(self, kind: CheckKind, duration_ms: i64) -> Check {
        Check {
            kind,
            verdict: self.verdict,
            cause: self.cause,
            likely: self.likely,
            received: self.seen,
            fix: self.fix,
            duration_ms,
        }
    }
}

/// What may be shown of getting no answer: of a host that was saved, that it is at a private
/// address, and never at which.
pub(super) fn silence_seen(why: &NoReply) -> String {
    match why {
        NoReply::Private { host, .. } => host.clone(),
        NoReply::Refused { .. } | NoReply::Unreachable { .. } => String::new(),
        NoReply::TooLarge => "> 1 MiB".into(),
        NoReply::Redirected { status, to } => format!("{status} → {to}"),
    }
}
