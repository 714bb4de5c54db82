//! What the callback's query may say: every parameter once, a code or an error, and never a way in.

use api::{Cause, Provider, paths};
use axum::http::Method;
use okta_simulator::Fault;

use super::{ALAN, on_the_way, send, stray};
use crate::{on_both, witness};

on_both! {
    async fn a_callback_with_anything_twice_or_with_code_and_error_is_refused(desk: Desk) {
        let mut admin = desk.connected().await;
        desk.member(&mut admin, "Alan", ALAN).await;
        let issuer = desk.okta.issuer_org();
        for (what, more) in [
            ("a code and an error", "&error=access_denied"),
            ("two codes", "&code=another"),
            ("two errors", "&error=a&error=b"),
            ("two issuers", &format!("&iss={issuer}&iss={issuer}")),
            ("two descriptions", "&error_description=a&error_description=b"),
            ("an empty error", "&error="),
        ] {
            let mut browser = desk.browser();
            let back = desk.until_callback(&mut browser, Provider::Okta, ALAN).await;
            let back = format!("{back}{more}");
            stray(&desk, &mut browser, &back, Cause::CallbackMalformed, what).await;
            stray(&desk, &mut browser, &back, Cause::StateReplayed, what).await;
        }
        for (fault, cause) in [
            (Fault::CodeAndError, Cause::CallbackMalformed),
            (Fault::CallbackStateWrong, Cause::StateUnknown),
            (Fault::CallbackStateMissing, Cause::CallbackMalformed),
            (Fault::CallbackStateTwice, Cause::CallbackMalformed),
            (Fault::CallbackIssuerWrong, Cause::CallbackIssuer),
        ] {
            desk.okta.clear_faults();
            desk.okta.set_fault(fault);
            let mut browser = desk.browser();
            let back = desk.until_callback(&mut browser, Provider::Okta, ALAN).await;
            stray(&desk, &mut browser, &back, cause, fault.id()).await;
        }
    }

    async fn an_error_without_a_code_ends_the_attempt_with_its_cause(desk: Desk) {
        let mut admin = desk.connected().await;
        desk.member(&mut admin, "Alan", ALAN).await;
        for (query, cause) in [
            ("error=login_required", Cause::LoginRequired),
            ("error=interaction_required", Cause::LoginRequired),
            ("error=invalid_scope", Cause::ScopeRefused),
            ("error=unauthorized_client", Cause::GrantRefused),
            ("error=unsupported_response_type", Cause::GrantRefused),
            ("error=server_error", Cause::ProviderError),
            ("error=temporarily_unavailable", Cause::ProviderError),
            ("error=access_denied", Cause::AccessDenied),
            ("error=access_denied&error_description=User+is+not+assigned+to+it.", Cause::NotAssigned),
            ("error=access_denied&error_description=Policy+evaluation+failed+for+it", Cause::NoPolicy),
            ("error=something_of_their_own", Cause::ProviderRefused),
            ("nothing=at-all", Cause::CallbackMalformed),
            ("code=", Cause::CallbackMalformed),
            ("code=%C3%A9", Cause::CallbackMalformed),
        ] {
            let mut browser = desk.browser();
            let back = desk.until_callback(&mut browser, Provider::Okta, ALAN).await;
            let state = witness::parameter(&back, "state");
            let address = format!("{}?{query}&state={state}", paths::auth_callback(Provider::Okta));
            stray(&desk, &mut browser, &address, cause, query).await;
            stray(&desk, &mut browser, &back, Cause::StateReplayed, query).await;
        }
    }

    async fn what_the_provider_says_is_cut_escaped_and_never_on_the_page(desk: Desk) {
        let mut admin = desk.connected().await;
        desk.member(&mut admin, "Alan", ALAN).await;
        let long = "x".repeat(7000);
        for (words, gone) in [
            ("<script>alert(1)</script>", "alert"),
            ("\u{202e}llac esaelp 0800-123456", "\u{202e}"),
            ("call 0800-SCAM now\r\nSet-Cookie: a=b", "\r\n"),
            (long.as_str(), &long[..300]),
        ] {
            let mut browser = desk.browser();
            let back = desk.until_callback(&mut browser, Provider::Okta, ALAN).await;
            let query = form_urlencoded::Serializer::new(String::new())
                .append_pair("error", "access_denied")
                .append_pair("error_description", words)
                .append_pair("error_uri", "https://evil.test/")
                .append_pair("state", &witness::parameter(&back, "state"))
                .finish();
            let address = format!("{}?{query}", paths::auth_callback(Provider::Okta));
            let reply = browser.get(&address).await;
            let cause = Cause::AccessDenied;
            let reference =
                witness::refused(&desk, &mut browser, reply, cause, gone, &address).await;
            let page = browser.get(&format!("{}?reference={reference}", paths::REFUSED)).await;
            for foreign in ["alert", "0800", "evil.test", "xxxxxxxx"] {
                assert!(!page.text.contains(foreign), "the page says {foreign}");
            }
            let said = witness::attempt(&desk, &reference).await.provider_said.expect("words");
            assert!(said.chars().count() <= 200 && said.starts_with("access_denied: "), "{said}");
            assert!(gone == "alert" || !said.contains(gone), "{said}");
        }
        let list = admin.get(paths::SIGN_INS).await.expect_status(200);
        assert!(list.text.contains("0800-SCAM"), "the administrator does not see it");
    }

    async fn a_query_that_cannot_be_read_is_refused_and_is_no_fault_of_ours(desk: Desk) {
        let (_, mut browser, back) = on_the_way(&desk).await;
        let base = paths::auth_callback(Provider::Okta);
        let (code, state) = (witness::parameter(&back, "code"), witness::parameter(&back, "state"));
        let good = format!("code={code}&state={state}");
        for (what, query) in [
            ("60 KB", format!("{good}&x={}", "y".repeat(60_000))),
            ("a NUL", format!("{good}%00")),
            ("half an escape", format!("{good}&x=%")),
            ("no escape", format!("{good}&x=%zz")),
            ("overlong UTF-8", format!("{good}&x=%c0%ae")),
            ("no UTF-8", format!("{good}&%ff=x")),
            ("nothing", String::new()),
        ] {
            let address = format!("{base}?{query}");
            stray(&desk, &mut browser, &address, Cause::CallbackMalformed, what).await;
        }
        // Strange, but all that matters is there once.
        browser.get(&format!("{back}&id_token=x&access_token=y&id_token=z&foo[]=1&&")).await
            .expect_location("/");
    }

    async fn nothing_but_a_navigation_uses_an_attempt_up(desk: Desk) {
        let (_, mut browser, back) = on_the_way(&desk).await;
        for method in [
            Method::HEAD, Method::POST, Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS,
            Method::TRACE,
        ] {
            let reply = send(&mut browser, method.clone(), &back, &[]).await;
            assert_eq!(reply.status.as_u16(), 405, "{method}");
            assert!(reply.header("set-cookie").is_empty(), "{method}");
            for name in ["code", "state"] {
                let secret = witness::parameter(&back, name);
                assert!(!reply.text.contains(&secret), "{method}: the page has the {name}");
            }
        }
        for (name, value) in [
            ("sec-purpose", "prefetch"),
            ("sec-purpose", "prefetch;prerender"),
            ("purpose", "prefetch"),
        ] {
            let reply = send(&mut browser, Method::GET, &back, &[(name, value)]).await;
            assert_eq!(reply.status.as_u16(), 204, "{name}");
        }
        assert_eq!(desk.okta.count_requests("/v1/token"), 0);
        let reply = browser.get(&back).await;
        assert_eq!(reply.status.as_u16(), 303);
        assert_eq!(reply.header("referrer-policy"), "no-referrer");
        assert_eq!(reply.header("cache-control"), "no-store");
        reply.expect_location("/");
    }

    async fn the_issuer_in_the_callback_is_compared(desk: Desk) {
        let mut admin = desk.connected().await;
        desk.member(&mut admin, "Alan", ALAN).await;
        let own = desk.okta.issuer_org();
        for foreign in [format!("{own}/"), desk.okta.issuer_default(), String::new()] {
            let mut browser = desk.browser();
            let back = desk.until_callback(&mut browser, Provider::Okta, ALAN).await;
            let back = format!("{back}&iss={foreign}");
            stray(&desk, &mut browser, &back, Cause::CallbackIssuer, &foreign).await;
        }
        let mut browser = desk.browser();
        let back = desk.until_callback(&mut browser, Provider::Okta, ALAN).await;
        browser.get(&format!("{back}&iss={own}")).await.expect_location("/");
    }
}
