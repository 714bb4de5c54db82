//! Who somebody is, to each of the three.

use std::collections::BTreeMap;

use super::*;
use crate::oidc::rig::connection;

fn claims(hd: Option<&str>, tid: Option<&str>) -> Claims {
    Claims {
        sub: "1".into(),
        profile: Profile::default(),
        hd: hd.map(str::to_owned),
        tid: tid.map(str::to_owned),
        all: BTreeMap::new(),
    }
}

fn profile(upn: &str, preferred: &str, email: &str, email_verified: Option<bool>) -> Profile {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Profile {
        email: some(email),
        email_verified,
        upn: some(upn),
        preferred_username: some(preferred),
        name: None,
    }
}

fn logins(
    provider: Provider,
    claims: &Claims,
    profile: &Profile,
) -> Result<(Vec<String>, Option<String>), Cause> {
    let mut connection = connection("https://acme.okta.com");
    connection.provider = provider;
    connection.hosted_domain = (provider == Provider::Google).then(|| "acme.example".into());
    connection.tenant = (provider == Provider::Microsoft).then(|| "t-1".into());
    let named = name(&connection, claims, profile).map_err(|failure| failure.cause)?;
    let logins = named
        .logins
        .iter()
        .map(|it| it.as_str().to_owned())
        .collect();
    Ok((logins, named.email.map(|email| email.as_str().to_owned())))
}

#[test]
fn okta_names_by_upn_then_user_name_then_email() {
    let email = "Ada@Acme.Example";
    for (given, expected) in [
        (
            profile("ada.upn", "ada", email, None),
            Ok(vec!["ada.upn", "ada", "ada@acme.example"]),
        ),
        (
            profile("", email, email, None),
            Ok(vec!["ada@acme.example"]),
        ),
        (
            profile("", "", email, Some(true)),
            Ok(vec!["ada@acme.example"]),
        ),
        (profile("", "GHopper", "", None), Ok(vec!["ghopper"])),
        (profile("a b", "ada", "", None), Ok(vec!["ada"])),
        (profile("", "", "", None), Err(Cause::EmailMissing)),
        (profile("a b", "", "", None), Err(Cause::EmailMissing)),
        (
            profile("ada", "", "", Some(false)),
            Err(Cause::EmailUnverified),
        ),
        (
            profile("ada", "ada", email, Some(false)),
            Err(Cause::EmailUnverified),
        ),
    ] {
        let found = logins(Provider::Okta, &claims(None, None), &given).map(|(logins, _)| logins);
        let expected = expected.map(|all| all.into_iter().map(str::to_owned).collect());
        assert_eq!(found, expected, "{given:?}");
    }
}

#[test]
fn google_names_by_a_verified_email_of_the_domain() {
    let ours = claims(Some("Acme.Example"), None);
    let verified = profile("upn", "ada", "ada@acme.example", Some(true));
    let found = logins(Provider::Google, &ours, &verified).expect("a name");
    assert_eq!(
        found,
        (
            vec!["ada@acme.example".into()],
            Some("ada@acme.example".into())
        )
    );
    for (claims, email, email_verified, expected) in [
        (&ours, "ada@acme.example", None, Cause::EmailUnverified),
        (
            &ours,
            "ada@acme.example",
            Some(false),
            Cause::EmailUnverified,
        ),
        (&ours, "", Some(true), Cause::EmailMissing),
        (
            &claims(None, None),
            "ada@acme.example",
            Some(true),
            Cause::DomainRefused,
        ),
        (
            &claims(Some("evil.test"), None),
            "ada@acme.example",
            Some(true),
            Cause::DomainRefused,
        ),
        (
            &claims(Some("x.acme.example"), None),
            "ada@acme.example",
            Some(true),
            Cause::DomainRefused,
        ),
    ] {
        let given = profile(
            "ada@acme.example",
            "ada@acme.example",
            email,
            email_verified,
        );
        assert_eq!(
            logins(Provider::Google, claims, &given),
            Err(expected),
            "{claims:?}"
        );
    }
}

#[test]
fn microsoft_names_by_user_name_of_the_tenant_and_never_by_email() {
    let ours = claims(None, Some("t-1"));
    let given = profile("upn", "Ada@acme.example", "boss@acme.example", Some(false));
    let found = logins(Provider::Microsoft, &ours, &given).expect("a name");
    assert_eq!(found, (vec!["ada@acme.example".into()], None));
    let only_email = profile("", "", "boss@acme.example", Some(true));
    for (claims, given, expected) in [
        (&ours, &only_email, Cause::EmailMissing),
        (&claims(None, Some("t-2")), &given, Cause::TenantRefused),
        (&claims(None, None), &given, Cause::TenantRefused),
    ] {
        assert_eq!(logins(Provider::Microsoft, claims, given), Err(expected));
    }
}

#[test]
fn issuers_follow_from_provider_and_settings() {
    let real = Bases::default();
    let practice = Bases {
        google: "http://127.0.0.1:7080/google".into(),
        microsoft: "http://127.0.0.1:7080/microsoft".into(),
    };
    let okta = Some("https://acme.okta.com");
    for (bases, provider, entered, tenant, expected) in [
        (&real, Provider::Okta, okta, None, okta),
        (&real, Provider::Okta, None, None, None),
        (
            &real,
            Provider::Google,
            okta,
            None,
            Some("https://accounts.google.com"),
        ),
        (
            &real,
            Provider::Microsoft,
            None,
            Some("t-1"),
            Some("https://login.microsoftonline.com/t-1/v2.0"),
        ),
        (&real, Provider::Microsoft, okta, None, None),
        (
            &practice,
            Provider::Google,
            None,
            None,
            Some("http://127.0.0.1:7080/google"),
        ),
        (
            &practice,
            Provider::Microsoft,
            None,
            Some("t"),
            Some("http://127.0.0.1:7080/microsoft/t/v2.0"),
        ),
    ] {
        assert_eq!(bases.issuer(provider, entered, tenant).as_deref(), expected);
    }
}

#[test]
fn without_a_hosted_domain_google_vouches_for_its_own_addresses_only() {
    let mut connection = connection("https://accounts.google.com");
    connection.provider = Provider::Google;
    connection.hosted_domain = None;
    for (hd, email, fits) in [
        (None, "ada@gmail.com", true),
        (Some("acme.example"), "ada@acme.example", true),
        (None, "ada@acme.example", false),
        (None, "ada@gmail.com.evil.test", false),
        (None, "ada@notgmail.com", false),
    ] {
        let given = profile("", "", email, Some(true));
        let named = name(&connection, &claims(hd, None), &given);
        assert_eq!(named.is_ok(), fits, "{hd:?} {email}");
    }
}
