//! What is entered, looked at by itself: no request is made.

use api::{
    Cause, Provider,
    checks::{Fix, FixAction},
};
use url::Url;

use super::{finding::Finding, probe::Subject};

/// The rung.
pub(super) fn judge(subject: &Subject) -> Finding {
    let config = &subject.config;
    let Ok(url) = Url::parse(&config.issuer) else {
        return Finding::failed(Cause::AddressUnreadable).seen(&config.issuer);
    };
    let host = url.host_str().unwrap_or_default();
    if config.provider == Provider::Okta {
        if subject.audience.is_some() && !config.issuer.contains("/oauth2/") {
            return Finding::warning(Cause::CustomServerExpected)
                .seen(subject.audience.as_deref().unwrap_or_default())
                .mend(Fix::of(FixAction::ClearAudience));
        }
        if is_sandbox(host) {
            return Finding::warning(Cause::SandboxOrganization).seen(host);
        }
    }
    Finding::passed().seen(&config.issuer)
}

/// Okta's names for organizations in which nobody works.
pub(super) fn is_sandbox(host: &str) -> bool {
    let Some((first, rest)) = host.split_once('.') else {
        return false;
    };
    let okta = matches!(rest, "okta.com" | "okta.localhost");
    let free = ["dev-", "trial-", "integrator-"]
        .iter()
        .any(|start| first.starts_with(start));
    matches!(rest, "oktapreview.com" | "oktapreview.localhost") || (okta && free)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_organization_for_trials_is_known_by_its_name_alone() {
        for (host, sandbox) in [
            ("acme.oktapreview.com", true),
            ("dev-123.okta.com", true),
            ("trial-9.okta.com", true),
            ("integrator-1.okta.com", true),
            ("developers.okta.com", false),
            ("dev-123.acme.example", false),
            ("acme.okta.com", false),
            ("oktapreview.com.evil.test", false),
        ] {
            assert_eq!(is_sandbox(host), sandbox, "{host}");
        }
    }
}
