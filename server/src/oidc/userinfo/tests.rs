//! Answers about somebody else, about nobody, and about the right person.

use super::*;

fn answered(status: u16, kind: Option<&str>, body: &str) -> Result<Userinfo, Cause> {
    let reply = Reply {
        status,
        content_type: kind.map(str::to_owned),
        date: None,
        max_age: None,
        body: body.as_bytes().to_vec().into(),
    };
    read(&reply, "00u1").map_err(|failure| failure.cause)
}

fn profile(text: &str) -> Profile {
    let object = json::object(text.as_bytes()).expect("JSON");
    Profile::read(&object).expect("a profile")
}

#[test]
fn only_json_about_the_same_person_is_read() {
    let json = Some("application/json");
    let good = r#"{"sub":"00u1","email":"ada@acme.example","name":" Ada "}"#;
    let read = answered(200, json, good).expect("userinfo");
    assert_eq!(read.profile.name.as_deref(), Some("Ada"));
    assert!(answered(200, None, good).is_ok());
    for (status, kind, body, expected) in [
        (200, json, r#"{"sub":"00u2"}"#, Cause::UserinfoSub),
        (200, json, r#"{"sub":"00U1"}"#, Cause::UserinfoSub),
        (200, json, r#"{"sub":"00u1 "}"#, Cause::UserinfoSub),
        (200, json, r#"{"sub":""}"#, Cause::UserinfoSub),
        (200, json, "{}", Cause::UserinfoUnreadable),
        (200, json, r#"{"sub":7}"#, Cause::UserinfoUnreadable),
        (200, json, r#"{"sub":null}"#, Cause::UserinfoUnreadable),
        (
            200,
            json,
            r#"{"sub":"00u2","sub":"00u1"}"#,
            Cause::UserinfoUnreadable,
        ),
        (200, json, r#"[{"sub":"00u1"}]"#, Cause::UserinfoUnreadable),
        (200, json, "", Cause::UserinfoUnreadable),
        (200, json, "<html>", Cause::UserinfoUnreadable),
        (
            200,
            json,
            r#"{"sub":"00u1","email":["a@acme.example"]}"#,
            Cause::UserinfoUnreadable,
        ),
        (
            200,
            Some("application/jwt"),
            good,
            Cause::UserinfoUnreadable,
        ),
        (200, Some("text/html"), good, Cause::UserinfoUnreadable),
        (401, json, good, Cause::UserinfoUnreadable),
        (403, json, good, Cause::UserinfoUnreadable),
        (500, json, good, Cause::UserinfoUnreadable),
        (204, json, good, Cause::UserinfoUnreadable),
    ] {
        assert_eq!(
            answered(status, kind, body).err(),
            Some(expected),
            "{status} {body}"
        );
    }
}

#[test]
fn an_email_is_verified_only_by_a_plain_true() {
    for (value, verified) in [
        ("true", true),
        (r#""true""#, true),
        ("false", false),
        (r#""false""#, false),
        ("0", false),
        ("1", false),
        ("null", false),
        (r#""True""#, false),
        ("[true]", false),
    ] {
        let read = profile(&format!(r#"{{"email_verified":{value}}}"#));
        assert_eq!(read.email_verified, Some(verified), "{value}");
    }
    assert_eq!(profile("{}").email_verified, None);
}

#[test]
fn the_two_sources_must_agree_on_the_email_and_only_on_that() {
    let merged = |token: &str, userinfo: &str| Profile::merged(&profile(token), &profile(userinfo));
    for (token, userinfo, agree) in [
        (
            r#"{"email":"ada@acme.example"}"#,
            r#"{"email":"Ada@Acme.Example"}"#,
            true,
        ),
        (
            r#"{"email":"ada@acme.example"}"#,
            r#"{"email":"ada@acme.example "}"#,
            false,
        ),
        (r#"{"email":"ada@acme.example"}"#, "{}", true),
        ("{}", r#"{"email":"ada@acme.example"}"#, true),
        (
            r#"{"email":"ada@acme.example"}"#,
            r#"{"email":"eve@acme.example"}"#,
            false,
        ),
        (
            r#"{"email":"ada@acme.example"}"#,
            r#"{"email":"ada+x@acme.example"}"#,
            false,
        ),
        (
            r#"{"email":"ada@acme.example"}"#,
            r#"{"email":"ada"}"#,
            false,
        ),
        (
            r#"{"email":"kate@acme.example"}"#,
            r#"{"email":"\u212aate@acme.example"}"#,
            false,
        ),
        (r#"{"email":"x"}"#, r#"{"email":"x"}"#, true),
        (
            r#"{"preferred_username":"a"}"#,
            r#"{"preferred_username":"b"}"#,
            true,
        ),
    ] {
        let outcome = merged(token, userinfo).map_err(|failure| failure.cause);
        assert_eq!(outcome.is_ok(), agree, "{token} {userinfo}");
        assert!(agree || outcome == Err(Cause::EmailsDiffer));
    }
    let both = merged(
        r#"{"upn":"signed","email_verified":true}"#,
        r#"{"upn":"unsigned","name":"Ada","email_verified":false}"#,
    )
    .expect("a profile");
    assert_eq!(both.upn.as_deref(), Some("signed"));
    assert_eq!(both.name.as_deref(), Some("Ada"));
    assert_eq!(both.email_verified, Some(false));
}

proptest::proptest! {
    #[test]
    fn no_answer_makes_it_panic(status in 200_u16..600, body: Vec<u8>) {
        let body = String::from_utf8_lossy(&body).into_owned();
        let _ = answered(status, None, &body);
    }
}
