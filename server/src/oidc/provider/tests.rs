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
        auth_time: None,
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

fn names(provider: Provider, claims: &Claims, profile: &Profile) -> Result<Names, Cause> {
    let mut connection = connection("https://acme.okta.com");
    connection.provider = provider;
    connection.hosted_domain = (provider == Provider::Google).then(|| "acme.example".into());
    connection.tenant = (provider == Provider::Microsoft).then(|| "t-1".into());
    name(&connection, claims, profile).map_err(|failure| failure.cause)
}

fn login(text: &str) -> Claimed<OktaLogin> {
    Claimed::Is(OktaLogin::parse(text).expect("a login"))
}

fn address(text: &str) -> Claimed<Email> {
    Claimed::Is(Email::parse(text).expect("an e-mail"))
}

#[test]
fn okta_login_is_upn_or_else_preferred_username() {
    let email = "Ada@Acme.Example";
    for (given, expected) in [
        (profile("ada.upn", "ada", email, None), login("ada.upn")),
        (profile("", email, email, None), login("ada@acme.example")),
        (profile("", "GHopper", "", None), login("ghopper")),
        // Never the e-mail, and never the next claim where the first one came.
        (profile("", "", email, Some(true)), Claimed::Absent),
        (profile("a b", "ada", email, None), Claimed::Unusable),
        (profile("", " ada", email, None), Claimed::Unusable),
        (profile("ada\r\n", "ada", email, None), Claimed::Unusable),
        (profile("", "", "", None), Claimed::Absent),
    ] {
        let found = names(Provider::Okta, &claims(None, None), &given).map(|it| it.login);
        assert_eq!(found, Ok(expected), "{given:?}");
    }
}

#[test]
fn okta_email_is_kept_as_it_came_with_what_is_said_of_it() {
    for (email, verified, expected, is) in [
        (
            "Ada@Acme.Example",
            None,
            address("ada@acme.example"),
            EmailIs::Unknown,
        ),
        (
            "ada@acme.example",
            Some(false),
            address("ada@acme.example"),
            EmailIs::Unverified,
        ),
        (
            "ada@acme.example",
            Some(true),
            address("ada@acme.example"),
            EmailIs::Verified,
        ),
        (
            " ada@acme.example",
            Some(true),
            Claimed::Unusable,
            EmailIs::Verified,
        ),
        (
            "ada@acme.example\r\n",
            None,
            Claimed::Unusable,
            EmailIs::Unknown,
        ),
        (
            "ada\u{200b}@acme.example",
            None,
            Claimed::Unusable,
            EmailIs::Unknown,
        ),
        (
            "\u{feff}ada@acme.example",
            None,
            Claimed::Unusable,
            EmailIs::Unknown,
        ),
    ] {
        let given = profile("", "ada", email, verified);
        let found = names(Provider::Okta, &claims(None, None), &given).expect("names");
        assert_eq!((found.email, found.email_is), (expected, is), "{email:?}");
    }
}

#[test]
fn google_email_counts_only_of_the_hosted_domain() {
    let ours = claims(Some("Acme.Example"), None);
    for (email_verified, is) in [
        (Some(true), EmailIs::Verified),
        (None, EmailIs::Unverified),
        (Some(false), EmailIs::Unverified),
    ] {
        let given = profile("upn", "ada", "ada@acme.example", email_verified);
        let found = names(Provider::Google, &ours, &given).expect("names");
        assert_eq!(
            (found.email, found.email_is),
            (address("ada@acme.example"), is)
        );
        assert_eq!(found.login, Claimed::Absent);
    }
    let missing = profile("upn", "ada", "", Some(true));
    let found = names(Provider::Google, &ours, &missing).expect("names");
    assert_eq!(found.email, Claimed::Absent);
    for hd in [None, Some("evil.test"), Some("x.acme.example")] {
        let given = profile("upn", "ada", "ada@acme.example", Some(true));
        let found = names(Provider::Google, &claims(hd, None), &given);
        assert_eq!(found, Err(Cause::DomainRefused), "{hd:?}");
    }
}

#[test]
fn microsoft_names_by_user_name_of_the_tenant_and_never_by_email() {
    let ours = claims(None, Some("t-1"));
    let given = profile("upn", "Ada@acme.example", "boss@acme.example", Some(false));
    let found = names(Provider::Microsoft, &ours, &given).expect("names");
    assert_eq!(
        (found.login, found.email),
        (login("ada@acme.example"), Claimed::Absent)
    );
    let only_email = profile("", "", "boss@acme.example", Some(true));
    let found = names(Provider::Microsoft, &ours, &only_email).expect("names");
    assert_eq!(found, Names::default());
    for claims in [claims(None, Some("t-2")), claims(None, None)] {
        let found = names(Provider::Microsoft, &claims, &given);
        assert_eq!(found, Err(Cause::TenantRefused));
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
        let named = name(&connection, &claims(hd, None), &given).expect("names");
        let vouched = named.email_is == EmailIs::Verified;
        assert_eq!(vouched, fits, "{hd:?} {email}");
    }
}
