//! Queries as they come from a browser, from a provider that means ill, and from nobody.

use url::form_urlencoded;

use super::*;

fn outcome_of(query: &str) -> Result<String, Cause> {
    read(query)
        .outcome
        .map(|code| code.expose().to_owned())
        .map_err(|failure| failure.cause)
}

fn state_of(query: &str) -> Option<String> {
    read(query).state.map(|state| state.expose().to_owned())
}

#[test]
fn a_code_comes_with_its_state() {
    for (query, code) in [
        ("code=c1&state=s1", "c1"),
        ("state=s1&code=c%2F1", "c/1"),
        (
            "code=4%2F0Ab+c&state=s1&scope=openid+email&authuser=0&prompt=none&hd=x",
            "4/0Ab c",
        ),
        (
            "code=c1&state=s1&id_token=e30.e30.&access_token=t&session_state=x",
            "c1",
        ),
        ("&code=c1&&state=s1&", "c1"),
        ("code=c1&state=s1&foo=1&foo=2&a[]=1&a[]=2", "c1"),
        ("co%64e=c1&state=s1", "c1"),
    ] {
        assert_eq!(outcome_of(query), Ok(code.to_owned()), "{query}");
        assert_eq!(state_of(query).as_deref(), Some("s1"), "{query}");
    }
    let returned = read("code=c1&state=s1&iss=https%3A%2F%2Facme.okta.com");
    assert_eq!(returned.iss.as_deref(), Some("https://acme.okta.com"));
    assert_eq!(read("code=c1&state=s1").iss, None);
}

#[test]
fn what_two_readers_could_read_differently_is_malformed() {
    for (query, state) in [
        ("", None),
        ("code", None),
        ("code=c1", None),
        ("code=c1&state=", None),
        ("state=s1", Some("s1")),
        ("code=&state=s1", Some("s1")),
        ("code=c1&code=c1&state=s1", Some("s1")),
        ("code=c1&co%64e=c2&state=s1", Some("s1")),
        ("code=c1&state=s1&state=s2", None),
        ("code=c1&state=s1&state=s1", None),
        ("code=c1&state=s1&iss=a&iss=a", Some("s1")),
        ("error=a&error=b&state=s1", Some("s1")),
        (
            "error=a&error_description=b&error_description=c&state=s1",
            Some("s1"),
        ),
        ("code=c1&error=access_denied&state=s1", Some("s1")),
        ("error=access_denied", None),
        ("code=c%00&state=s1", None),
        ("code=c%0d%0a&state=s1", Some("s1")),
        ("code=%C3%A9&state=s1", Some("s1")),
        ("code=c%&state=s1", None),
        ("code=c%2&state=s1", None),
        ("code=c%zz&state=s1", None),
        ("code=c%+1&state=s1", None),
        ("code=%C0%AF&state=s1", None),
        ("code=%FF&state=s1", None),
        ("code=c1&state=s1&x=%FF", None),
    ] {
        assert_eq!(outcome_of(query), Err(Cause::CallbackMalformed), "{query}");
        assert_eq!(state_of(query).as_deref(), state, "{query}");
    }
}

#[test]
fn a_query_over_8_kib_is_not_read() {
    let long = |n: usize| format!("state=s1&code={}", "c".repeat(n - 14));
    assert!(outcome_of(&long(QUERY_MAX)).is_ok());
    assert_eq!(
        outcome_of(&long(QUERY_MAX + 1)),
        Err(Cause::CallbackMalformed)
    );
    assert_eq!(state_of(&long(100_000)), None);
}

#[test]
fn a_refusal_ends_in_its_cause_with_what_was_said() {
    for (error, words, expected) in [
        (
            "access_denied",
            "User+is+not+assigned+to+the+client+application.",
            Cause::NotAssigned,
        ),
        (
            "access_denied",
            "Policy+evaluation+failed+for+this+request%2C+please+check+the+policy+configurations.",
            Cause::NoPolicy,
        ),
        (
            "access_denied",
            "The+resource+owner+denied+the+request.",
            Cause::AccessDenied,
        ),
        ("access_denied", "", Cause::AccessDenied),
        (
            "invalid_scope",
            "One+or+more+scopes+are+not+configured",
            Cause::ScopeRefused,
        ),
        ("login_required", "", Cause::LoginRequired),
        ("interaction_required", "", Cause::LoginRequired),
        ("consent_required", "", Cause::LoginRequired),
        ("unauthorized_client", "", Cause::GrantRefused),
        ("unsupported_response_type", "", Cause::GrantRefused),
        (
            "server_error",
            "The+%27x%27+user+claim+could+not+be+evaluated.",
            Cause::ClaimFailed,
        ),
        ("temporarily_unavailable", "", Cause::ProviderError),
        (
            "invalid_request",
            "The+authorization+server+id+is+invalid.",
            Cause::ServerUnknown,
        ),
        ("Access_Denied", "", Cause::ProviderRefused),
        ("", "", Cause::ProviderRefused),
    ] {
        let query = format!("state=s1&error={error}&error_description={words}");
        assert_eq!(outcome_of(&query), Err(expected), "{query}");
        assert_eq!(state_of(&query).as_deref(), Some("s1"));
    }
}

#[test]
fn a_providers_words_are_escaped_and_cut() {
    let said = |query: &str| read(query).outcome.expect_err("a refusal").said;
    let query = "state=s1&error=access_denied&error_description=call+%E2%80%AE0800%0D%0A";
    assert_eq!(
        said(query).as_deref(),
        Some("access_denied: call \\u{202e}0800\\u{d}\\u{a}")
    );
    let long = format!("state=s1&error=x&error_description={}", "y".repeat(8000));
    assert_eq!(said(&long).map(|said| said.chars().count()), Some(200));
}

#[test]
fn neither_code_nor_state_is_in_a_debug_text() {
    let text = format!("{:?}", read("code=SECRETCODE&state=SECRETSTATE"));
    assert!(!text.contains("SECRET"), "{text}");
}

proptest::proptest! {
    #[test]
    fn no_query_makes_it_panic(query in "\\PC{0,300}") {
        let _ = read(&query);
    }

    #[test]
    fn nothing_near_a_query_makes_it_panic(query in "(code|state|iss|error|[a-z%0-9+=&]{0,3}){0,40}") {
        let _ = read(&query);
    }

    #[test]
    fn what_was_encoded_is_read_back(code in "[!-~]{1,40}", state in "[A-Za-z0-9_-]{1,43}") {
        let query: String = form_urlencoded::Serializer::new(String::new())
            .append_pair("code", &code)
            .append_pair("state", &state)
            .finish();
        proptest::prop_assert_eq!(outcome_of(&query), Ok(code));
        proptest::prop_assert_eq!(state_of(&query), Some(state));
    }
}
