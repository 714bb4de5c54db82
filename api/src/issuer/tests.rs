//! Spellings of an Okta address, as people paste them.

use super::*;

/// What a spelling means.
enum Means {
    /// This issuer, with these words to whoever pasted it.
    Issuer(&'static str, &'static [Cause]),
    /// Nothing, for this reason; and what may be offered in its place.
    Refused(FieldFault, Option<&'static str>),
}

use FieldFault as F;
use Means::{Issuer, Refused};

const COMPANY: &str = "https://company.okta.com";
const DEFAULT: &str = "https://company.okta.com/oauth2/default";
const TIDIED: &[Cause] = &[Cause::AddressNormalized];
const PAGE: &[Cause] = &[Cause::PageAddress];
const METADATA: &[Cause] = &[Cause::MetadataAddress];

#[rustfmt::skip]
const SPELLINGS: &[(&str, Means)] = &[
    ("company.okta.com", Issuer(COMPANY, &[])),
    ("https://company.okta.com", Issuer(COMPANY, &[])),
    ("https://company.okta.com/", Issuer(COMPANY, TIDIED)),
    ("company.okta.com/", Issuer(COMPANY, TIDIED)),
    ("  https://Company.Okta.com  ", Issuer(COMPANY, TIDIED)),
    ("HTTPS://COMPANY.OKTA.COM", Issuer(COMPANY, TIDIED)),
    ("https://company.okta.com:443", Issuer(COMPANY, TIDIED)),
    ("https://company.okta.com:443/", Issuer(COMPANY, TIDIED)),
    ("https://company.okta.com.", Issuer(COMPANY, TIDIED)),
    ("\u{feff}\"company.okta.com\"", Issuer(COMPANY, TIDIED)),
    ("company.okta.com\n", Issuer(COMPANY, TIDIED)),
    ("\u{201c}company.okta.com\u{201d}", Issuer(COMPANY, TIDIED)),
    ("company\u{200b}.okta.com", Issuer(COMPANY, TIDIED)),
    ("`https://company.okta.com`", Issuer(COMPANY, TIDIED)),
    ("company-admin.okta.com", Issuer(COMPANY, &[Cause::AdminDomain])),
    ("https://company-admin.okta.com/admin/dashboard", Issuer(COMPANY, &[Cause::AdminDomain, Cause::PageAddress])),
    ("https://company-admin.okta-emea.com/", Issuer("https://company.okta-emea.com", &[Cause::AdminDomain, Cause::AddressNormalized])),
    ("https://company.okta.com/app/UserHome?x=1#y", Issuer(COMPANY, PAGE)),
    ("https://company.okta.com/login/login.htm", Issuer(COMPANY, PAGE)),
    ("https://company.okta.com/oauth2/v1/authorize", Issuer(COMPANY, PAGE)),
    ("https://company.okta.com?fromURI=x", Issuer(COMPANY, PAGE)),
    ("https://company.okta.com/oauth2/ausA1/v1/token", Issuer("https://company.okta.com/oauth2/ausA1", PAGE)),
    ("https://company.okta.com/.well-known/openid-configuration", Issuer(COMPANY, METADATA)),
    ("company.okta.com/.well-known/okta-organization", Issuer(COMPANY, METADATA)),
    ("https://company.okta.com/oauth2/default/.well-known/openid-configuration", Issuer(DEFAULT, METADATA)),
    ("https://company.okta.com/.well-known/oauth-authorization-server/oauth2/ausA1", Issuer("https://company.okta.com/oauth2/ausA1", METADATA)),
    ("https://company.okta.com/oauth2/default", Issuer(DEFAULT, &[])),
    ("company.okta.com/oauth2/default", Issuer(DEFAULT, &[])),
    ("https://company.okta.com/oauth2/default/", Issuer(DEFAULT, TIDIED)),
    ("company.oktapreview.com", Issuer("https://company.oktapreview.com", &[])),
    ("login.company.example", Issuer("https://login.company.example", &[])),
    ("https://login.company.example/oauth2/aus1", Issuer("https://login.company.example/oauth2/aus1", &[])),
    ("shop-ecom.com", Issuer("https://shop-ecom.com", &[])),
    ("team-admin.company.example", Issuer("https://team-admin.company.example", &[])),
    ("", Refused(F::Required, None)),
    ("   ", Refused(F::Required, None)),
    ("company", Refused(F::NotAnAddress, Some(COMPANY))),
    ("http://company.okta.com", Refused(F::NotHttps, Some(COMPANY))),
    ("http://company-admin.okta.com/admin", Refused(F::NotHttps, Some(COMPANY))),
    ("ftp://company.okta.com", Refused(F::NotAnAddress, None)),
    ("javascript://company.okta.com", Refused(F::NotAnAddress, None)),
    ("https://{yourOktaDomain}", Refused(F::Placeholder, None)),
    ("https://${yourOktaDomain}/oauth2/default", Refused(F::Placeholder, None)),
    ("https://<company>.okta.com", Refused(F::Placeholder, None)),
    ("https://yourOktaDomain.okta.com", Refused(F::Placeholder, None)),
    ("company.okta.com.com", Refused(F::DoubledSuffix, Some(COMPANY))),
    ("https://company.okta.com.com/oauth2/default", Refused(F::DoubledSuffix, Some(DEFAULT))),
    ("https://company.okta.com@evil.test", Refused(F::Credentials, None)),
    ("https://company.okta.com\\@evil.test", Refused(F::NotAnAddress, None)),
    ("company okta.com", Refused(F::Blanks, Some("https://companyokta.com"))),
    ("company .okta.com", Refused(F::Blanks, Some(COMPANY))),
    ("comp\tany.okta.com", Refused(F::Blanks, Some(COMPANY))),
    ("https://\u{43e}kta.com", Refused(F::NotAscii, None)),
    ("https://company.okta.com:8443", Refused(F::Port, Some(COMPANY))),
    ("https://127.0.0.1", Refused(F::IpAddress, None)),
    ("https://2130706433", Refused(F::IpAddress, None)),
    ("https://0177.1", Refused(F::IpAddress, None)),
    ("https://0x7f.1", Refused(F::IpAddress, None)),
    ("https://[::1]", Refused(F::IpAddress, None)),
    ("https://localhost", Refused(F::NotAnAddress, None)),
    ("https://okta.localhost", Refused(F::NotAnAddress, None)),
    ("okta.com", Refused(F::NotAnAddress, None)),
    ("https://company.okta.com/oauth2", Refused(F::NotAnIssuer, Some(COMPANY))),
    ("https://company.okta.com/oauth2/v1", Refused(F::NotAnIssuer, Some(COMPANY))),
    ("https://company.okta.com/oauth2/%2e%2e", Refused(F::NotAnIssuer, Some(COMPANY))),
];

#[test]
fn every_spelling_is_understood_or_refused_with_its_reason() {
    assert!(SPELLINGS.len() >= 40, "{}", SPELLINGS.len());
    for (pasted, means) in SPELLINGS {
        let found = IssuerInput::parse(pasted, Loopback::Refused);
        match means {
            Issuer(issuer, said) => {
                let input = found.unwrap_or_else(|fault| panic!("{pasted:?}: {fault:?}"));
                assert_eq!(input.issuer, *issuer, "{pasted:?}");
                assert_eq!(notes(pasted, &input), *said, "{pasted:?}");
            }
            Refused(fault, meant) => {
                assert_eq!(found, Err(*fault), "{pasted:?}");
                let offered = suggestion(pasted, Loopback::Refused, *fault);
                assert_eq!(offered.as_deref(), *meant, "{pasted:?}");
            }
        }
    }
}

#[test]
fn loopback_is_an_issuer_only_where_it_is_allowed() {
    let text = "http://127.0.0.1:7080/oauth2/default";
    assert_eq!(
        IssuerInput::parse(text, Loopback::Allowed).map(|i| i.issuer),
        Ok(text.to_owned())
    );
    assert!(IssuerInput::parse(text, Loopback::Refused).is_err());
    assert_eq!(
        IssuerInput::parse("http://evil.localhost.test", Loopback::Allowed),
        Err(FieldFault::NotHttps)
    );
}

proptest::proptest! {
    #[test]
    fn an_issuer_that_was_understood_is_understood_as_itself(text in "\\PC{0,60}") {
        if let Ok(first) = IssuerInput::parse(&text, Loopback::Refused) {
            let again = IssuerInput::parse(&first.issuer, Loopback::Refused).expect("again");
            proptest::prop_assert_eq!(again.issuer, first.issuer);
        }
    }

    #[test]
    fn what_is_offered_in_place_of_a_refused_text_is_understood(text in "\\PC{0,60}") {
        if let Err(fault) = IssuerInput::parse(&text, Loopback::Refused)
            && let Some(offered) = suggestion(&text, Loopback::Refused, fault)
        {
            proptest::prop_assert!(IssuerInput::parse(&offered, Loopback::Refused).is_ok());
        }
    }
}
