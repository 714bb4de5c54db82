//! Who a request comes from, and what is made of the host that it names.

use api::{Provider, paths};
use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{Request, header},
};
use serde_json::Value;
use server::TrustedProxies;

use crate::{
    desk::{ADMIN, Browser, Desk, PUBLIC_URL, callback_url},
    on_both,
};

/// A try with a wrong password, as it comes from a peer with what a proxy may have added.
async fn try_from(browser: &mut Browser, peer: &str, forwarded: &[&str]) -> String {
    let mut request = Request::post(paths::AUTH_PASSWORD)
        .header(header::ORIGIN, PUBLIC_URL)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    for value in forwarded {
        request = request.header("x-forwarded-for", *value);
    }
    let mut request = request
        .body(Body::from(format!("email={ADMIN}&password=wrong")))
        .expect("a request");
    let peer: std::net::SocketAddr = peer.parse().expect("an address");
    request.extensions_mut().insert(ConnectInfo(peer));
    browser.send(request).await.location()
}

/// The address in the latest audit row.
async fn address(desk: &Desk) -> String {
    let rows = desk.audit().await;
    rows.last().expect("a row")["address"].clone()
}

on_both! {
    async fn a_peer_that_is_no_proxy_cannot_say_who_it_is(desk: Desk) {
        desk.administrator().await;
        let mut browser = desk.browser();
        try_from(&mut browser, "203.0.113.7:4000", &["198.51.100.1"]).await;
        assert_eq!(address(&desk).await, "203.0.113.7");

        let limited = desk.another_with(|settings| settings.requests_a_minute = Some(2)).await;
        let mut browser = limited.browser();
        for at in 0..4 {
            let made_up = format!("198.51.100.{at}");
            let to = try_from(&mut browser, "203.0.113.7:4000", &[&made_up]).await;
            assert_eq!(to.contains("too_many"), at >= 2, "try {at} led to {to}");
        }
    }

    async fn a_trusted_proxy_says_who_came_and_only_its_own_word_counts(desk: Desk) {
        desk.administrator().await;
        let proxied = desk
            .another_with(|settings| {
                let trusted = ["10.0.0.1", "10.0.0.2", "2001:db8::1"];
                settings.trusted_proxies = TrustedProxies::parse(&trusted).expect("addresses");
            })
            .await;
        let mut browser = proxied.browser();
        for (peer, forwarded, who) in [
            ("10.0.0.1:1", &["198.51.100.1"][..], "198.51.100.1"),
            // Whatever stands further left the client wrote itself.
            ("10.0.0.1:1", &["6.6.6.6, 198.51.100.2"], "198.51.100.2"),
            ("10.0.0.1:1", &["6.6.6.6", "198.51.100.3"], "198.51.100.3"),
            // Two proxies of ours in a row.
            ("10.0.0.1:1", &["198.51.100.4, 10.0.0.2"], "198.51.100.4"),
            ("10.0.0.1:1", &["rubbish, 198.51.100.5"], "198.51.100.5"),
            ("10.0.0.1:1", &["rubbish"], "10.0.0.1"),
            // Some gateways append the port; what cannot be read hides nobody.
            ("10.0.0.1:1", &["6.6.6.6, 198.51.100.9:4711"], "198.51.100.9"),
            ("10.0.0.1:1", &["6.6.6.6, [2001:db8:3::1]:4711"], "2001:db8:3::1"),
            ("10.0.0.1:1", &["6.6.6.6, unknown"], "10.0.0.1"),
            ("10.0.0.1:1", &["6.6.6.6, unknown, 10.0.0.2"], "10.0.0.1"),
            ("10.0.0.1:1", &[], "10.0.0.1"),
            ("[2001:db8::1]:1", &["2001:db8:2::7"], "2001:db8:2::7"),
            // A listener of both families.
            ("[::ffff:10.0.0.1]:1", &["198.51.100.6"], "198.51.100.6"),
            ("[::ffff:203.0.113.9]:1", &["198.51.100.7"], "203.0.113.9"),
            ("10.0.0.1:1", &["::ffff:198.51.100.8"], "198.51.100.8"),
            ("203.0.113.7:1", &["10.0.0.1"], "203.0.113.7"),
        ] {
            // A minute and a source have one row.
            desk.pass(60);
            try_from(&mut browser, peer, forwarded).await;
            assert_eq!(address(&desk).await, who, "{peer} {forwarded:?}");
        }
    }

    async fn password_limit_counts_by_address_network_and_site(desk: Desk) {
        desk.administrator().await;
        let limited = desk.another_with(|settings| settings.requests_a_minute = Some(2)).await;
        let mut browser = limited.browser();
        for (peer, waits) in [
            ("203.0.113.1:1", false),
            ("203.0.113.1:2", false),
            ("203.0.113.1:3", true),
            ("203.0.113.2:1", false),
            // Half of a site's tries for one /64 in it.
            ("[2001:db8:0:1::1]:1", false),
            ("[2001:db8:0:1:ffff::2]:1", true),
            ("[2001:db8:0:2::1]:1", false),
            // All of them for its /48.
            ("[2001:db8:0:3::1]:1", true),
            ("[2001:db8:0:ffff::1]:1", true),
            ("[2001:db8:1:1::1]:1", false),
            // IPv4 on a listener of both families: each address for itself.
            ("[::ffff:203.0.113.3]:1", false),
            ("[::ffff:203.0.113.4]:1", false),
            ("[::ffff:203.0.113.1]:1", true),
        ] {
            let to = try_from(&mut browser, peer, &[]).await;
            assert_eq!(to.contains("too_many"), waits, "{peer}");
        }
    }

    async fn starts_of_sign_ins_are_limited_with_a_time_to_come_back(desk: Desk) {
        desk.connected().await;
        let limited = desk.another_with(|settings| settings.requests_a_minute = Some(2)).await;
        let mut browser = limited.browser();
        for _ in 0..2 {
            browser.get(&paths::auth_start(Provider::Okta)).await.location();
        }
        let before = desk.dump().await;
        let reply = browser.get(&paths::auth_start(Provider::Okta)).await.expect_status(429);
        let seconds: u64 = reply.header("retry-after").parse().expect("seconds");
        assert!((1..=60).contains(&seconds), "{seconds}");
        assert!(reply.header("content-type").starts_with("text/html"));
        assert!(before == desk.dump().await);
    }

    async fn set_up_is_limited_with_a_problem_that_says_when_to_come_back(desk: Desk) {
        let limited = desk.another_with(|settings| settings.requests_a_minute = Some(2)).await;
        let mut browser = limited.browser();
        for _ in 0..2 {
            browser.post(paths::SET_UP, &Value::Null).await.expect_status(400);
        }
        let reply = browser.post(paths::SET_UP, &Value::Null).await.expect_status(429);
        assert_eq!(reply.code(), "too_many");
        let seconds: u64 = reply.header("retry-after").parse().expect("seconds");
        assert!((1..=60).contains(&seconds), "{seconds}");
    }

    async fn no_header_moves_the_addresses_that_are_made_here(desk: Desk) {
        let mut admin = desk.connected().await;
        for (name, value) in [
            ("host", "evil.example"),
            ("host", "localhost:8080@evil.example"),
            ("host", ""),
            ("x-forwarded-host", "evil.example"),
            ("x-forwarded-proto", "https"),
            ("x-forwarded-prefix", "/evil"),
            ("x-original-url", "/api/users"),
            ("x-rewrite-url", "/api/users"),
            ("forwarded", "host=evil.example;proto=https"),
        ] {
            for path in [
                &paths::auth_start(Provider::Okta),
                paths::SIGN_IN,
                paths::SIGN_IN_ADMINISTRATOR,
                paths::SIGNED_OUT,
                paths::ME,
                paths::ORGANIZATION,
                paths::CONNECTIONS,
                "/users",
                "/no-such-page.txt",
            ] {
                let plain = admin.get(path).await;
                let request = Request::get(path).header(name, value);
                let poisoned = admin.send(request.body(Body::empty()).expect("a request")).await;
                assert_eq!(plain.status, poisoned.status, "{name}: {value} at {path}");
                let text = format!("{:?}{}", poisoned.headers, poisoned.text);
                assert!(!text.contains("evil"), "{name}: {value} at {path}: {text}");
                if path.ends_with("/start") {
                    let there = url::Url::parse(&poisoned.location()).expect("a URL");
                    let back = there.query_pairs().find(|(name, _)| name == "redirect_uri");
                    assert_eq!(back.expect("a redirect URI").1, callback_url(Provider::Okta));
                }
            }
        }
    }

    async fn a_request_with_two_hosts_or_an_absolute_address_gets_nothing_of_them(desk: Desk) {
        let mut admin = desk.connected().await;
        let two = Request::get(paths::ORGANIZATION)
            .header("host", "localhost:8080")
            .header("host", "evil.example");
        let reply = admin.send(two.body(Body::empty()).expect("a request")).await;
        assert_eq!(reply.expect_status(400).code(), "bad_request");
        for path in [paths::ORGANIZATION, paths::SIGN_IN, "/users"] {
            let absolute = Request::get(format!("http://evil.example{path}"));
            let reply = admin.send(absolute.body(Body::empty()).expect("a request")).await;
            assert!(!format!("{:?}{}", reply.headers, reply.text).contains("evil"), "{path}");
        }
    }
}
