//! What each field takes, and what a stored connection keeps.

use super::*;

fn okta(change: impl FnOnce(&mut ConnectionForm)) -> Vec<(String, FieldFault)> {
    let mut form = ConnectionForm {
        issuer: "company.okta.com".into(),
        client_id: "0oa1gwbkhjPYwHEzQ0x7".into(),
        client_secret: Some("PrAcTiCe-secret-of-forty-characters-0001".into()),
        ..ConnectionForm::default()
    };
    change(&mut form);
    match form.validate(Provider::Okta, Loopback::Refused, None) {
        Ok(_) => Vec::new(),
        Err(errors) => errors.into_iter().map(|e| (e.field, e.fault)).collect(),
    }
}

#[test]
fn each_mistake_of_pasting_is_named_in_its_field() {
    let one = |field: &str, fault| vec![(field.to_owned(), fault)];
    assert_eq!(okta(|_| ()), []);
    assert_eq!(
        okta(|f| f.client_secret = Some("••••••••".into())),
        one("client_secret", FieldFault::Masked)
    );
    assert_eq!(
        okta(|f| f.client_secret = Some("0oa1gwbkhjPYwHEzQ0x7".into())),
        one("client_secret", FieldFault::ClientIdInSecret)
    );
    assert_eq!(
        okta(|f| f.client_id = "PrAcTiCe0secret0of0forty0characters00001".into()),
        one("client_id", FieldFault::SecretInClientId)
    );
    assert_eq!(
        okta(|f| f.native_client_id = Some(" 0oa1gwbkhjPYwHEzQ0x7 ".into())),
        one("native_client_id", FieldFault::SameAsWeb)
    );
    for text in ["callback", "1a:/b", "com.okta:/callback#x", "é:/callback"] {
        assert_eq!(
            okta(|f| f.native_redirect_uri = Some(text.into())),
            one("native_redirect_uri", FieldFault::Malformed),
            "{text}"
        );
    }
    for text in ["com.okta.acme:/callback", "https://acme.example/oauth.html"] {
        assert_eq!(okta(|f| f.native_redirect_uri = Some(text.into())), []);
    }
    assert_eq!(
        okta(|f| f.client_secret = None),
        one("client_secret", FieldFault::Required)
    );
    assert_eq!(
        okta(|f| f.issuer = "http://company.okta.com".into()),
        one("issuer", FieldFault::NotHttps)
    );
}

#[test]
fn a_stored_secret_stays_until_the_issuer_moves() {
    let stored = Settings {
        issuer: "https://company.okta.com".into(),
        client_id: "0oa1".into(),
        native_client_id: None,
        native_redirect_uri: None,
        audience: None,
        hosted_domain: None,
        tenant: None,
        match_by: MatchBy::Email,
        allow_unverified_email: true,
    };
    let mut form = ConnectionForm {
        issuer: "company.okta.com".into(),
        client_id: "0oa2".into(),
        ..ConnectionForm::default()
    };
    let kept = form
        .validate(Provider::Okta, Loopback::Refused, Some(&stored))
        .map(|valid| valid.client_secret);
    assert_eq!(kept, Ok(None));
    let kept = form
        .validate(Provider::Okta, Loopback::Refused, Some(&stored))
        .map(|valid| (valid.match_by, valid.allow_unverified_email));
    assert_eq!(kept, Ok((MatchBy::Email, true)), "what is not sent stays");
    form.issuer = "other.okta.com".into();
    let errors = form
        .validate(Provider::Okta, Loopback::Refused, Some(&stored))
        .map(|valid| valid.client_secret);
    assert_eq!(
        errors,
        Err(vec![FieldError::new(
            "client_secret",
            FieldFault::SecretAgain
        )])
    );
}

#[test]
fn microsoft_takes_one_tenant_and_never_everybodys() {
    for refused in [
        "",
        "common",
        "organizations",
        "9188040d-6c67-4c5b-b112-36a304b66dad",
    ] {
        assert!(tenant(refused).is_err(), "{refused}");
    }
    assert!(tenant("2F4A8C1E-0B3D-4C5E-9F60-1A2B3C4D5E6F").is_ok());
}
