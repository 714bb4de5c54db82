//! Against a server on loopback that misbehaves.

mod certificate;
mod tls;

use std::time::Duration;

use reqwest::dns::Resolve as _;

use super::*;
use crate::oidc::stand_in::{Answer, StandIn};

fn outbound() -> Outbound {
    Outbound::new(OutboundSettings {
        loopback: Loopback::Allowed,
        total: Duration::from_millis(400),
        ..OutboundSettings::default()
    })
}

async fn answered(answer: Answer) -> Result<Reply, NoReply> {
    let server = StandIn::start(move |_| answer.clone()).await;
    let url = Url::parse(&server.base).expect("a URL");
    outbound().get(&url).await
}

fn with_headers(headers: &str) -> Answer {
    Answer::Plain(200, headers.to_owned(), b"{}".to_vec())
}

#[tokio::test]
async fn an_answer_is_read_with_what_matters_of_its_headers() {
    let reply = answered(with_headers(
        "Date: Sat, 21 Nov 2026 19:29:00 GMT\r\nContent-Type: Application/JSON; charset=utf-8\r\n\
         Cache-Control: must-revalidate, max-age=86400\r\n",
    ))
    .await
    .expect("a reply");
    assert_eq!(reply.status, 200);
    assert_eq!(reply.date, Some(1_795_289_340_000));
    assert_eq!(reply.content_type.as_deref(), Some("application/json"));
    assert_eq!(reply.max_age, Some(86_400));
    assert_eq!(&reply.body[..], b"{}");
}

#[tokio::test]
async fn a_redirect_is_never_followed_and_only_its_origin_is_told() {
    for status in [301, 302, 303, 307, 308] {
        let server = StandIn::start(move |asked| match asked.path.as_str() {
            "/" => Answer::Plain(status, "Location: /elsewhere?code=1\r\n".into(), Vec::new()),
            _ => Answer::json("{}"),
        })
        .await;
        let url = Url::parse(&server.base).expect("a URL");
        let reply = outbound()
            .post_form(&url, Some("Basic c2VjcmV0"), "code=1".into())
            .await;
        let error = reply.expect_err("a redirect");
        let to = "a relative address".to_owned();
        assert_eq!(error, NoReply::Redirected { status, to });
        assert_eq!(server.times("/elsewhere"), 0, "{status}");
    }
    let answer = Answer::Plain(
        302,
        "Location: https://evil.test/x?code=1\r\n".into(),
        Vec::new(),
    );
    let error = answered(answer).await.expect_err("a redirect");
    assert_eq!(error.to_string(), "redirect 302 to https://evil.test");
}

#[tokio::test]
async fn a_body_over_one_mebibyte_is_cut_off() {
    let exact = Answer::Plain(200, String::new(), vec![b' '; BODY_MAX]);
    assert_eq!(answered(exact).await.expect("a reply").body.len(), BODY_MAX);
    let announced = Answer::Plain(200, String::new(), vec![b' '; BODY_MAX + 1]);
    assert_eq!(answered(announced).await.err(), Some(NoReply::TooLarge));
    let mut endless = b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    for _ in 0..17 {
        endless.extend_from_slice(b"10000\r\n");
        endless.extend_from_slice(&vec![b' '; 0x10000]);
        endless.extend_from_slice(b"\r\n");
    }
    let error = answered(Answer::Raw(endless)).await.err();
    assert_eq!(error, Some(NoReply::TooLarge));
}

#[tokio::test]
async fn whoever_is_slow_broken_or_gone_is_unreachable() {
    let silent = |head: &str| Answer::Raw(head.as_bytes().to_vec());
    for (what, answer) in [
        ("no answer", silent("")),
        ("half a head", silent("HTTP/1.1 200 X\r\nContent-")),
        (
            "half a body",
            silent("HTTP/1.1 200 X\r\nContent-Length: 9\r\n\r\n{}"),
        ),
        ("not HTTP", silent("SSH-2.0-OpenSSH\r\n\r\n")),
        ("dropped", Answer::Drop),
        ("101 headers", with_headers(&"X: y\r\n".repeat(101))),
        (
            "a header of 1 MiB",
            with_headers(&format!("X: {}\r\n", "y".repeat(1 << 20))),
        ),
        ("line end in a header", with_headers("X: a\rb\r\n")),
    ] {
        let reply = answered(answer).await;
        assert!(
            matches!(reply, Err(NoReply::Unreachable { .. })),
            "{what}: {reply:?}"
        );
    }
    let free = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let url = format!("http://{}", free.local_addr().expect("its address"));
    drop(free);
    let reply = outbound().get(&Url::parse(&url).expect("a URL")).await;
    assert!(
        matches!(reply, Err(NoReply::Unreachable { .. })),
        "{reply:?}"
    );
}

#[tokio::test]
async fn connections_are_kept_and_cookies_are_not() {
    let server = StandIn::start(|_| with_headers("Set-Cookie: a=b; Path=/\r\n")).await;
    let url = Url::parse(&server.base).expect("a URL");
    let outbound = outbound();
    for _ in 0..3 {
        outbound.get(&url).await.expect("a reply");
    }
    assert_eq!(server.connections(), 1);
    assert!(
        server
            .asked()
            .iter()
            .all(|asked| asked.header("cookie").is_none())
    );
}

#[tokio::test]
async fn nothing_is_decompressed_and_nothing_compressed_is_asked_for() {
    let gzip = [
        0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ];
    let server = StandIn::start(move |_| {
        Answer::Plain(200, "Content-Encoding: gzip\r\n".into(), gzip.to_vec())
    })
    .await;
    let url = Url::parse(&server.base).expect("a URL");
    let reply = outbound().get(&url).await.expect("a reply");
    assert_eq!(&reply.body[..], gzip);
    let asked = &server.asked()[0];
    assert_eq!(asked.header("accept-encoding"), None);
    assert_eq!(asked.header("accept"), Some("application/json"));
}

#[tokio::test]
async fn names_under_localhost_are_this_machine_where_that_is_allowed() {
    let server = StandIn::start(|_| Answer::json("{}")).await;
    let named = server.base.replace("127.0.0.1", "northwind.okta.localhost");
    let url = Url::parse(&named).expect("a URL");
    assert!(outbound().get(&url).await.is_ok());
    let strict = Outbound::new(OutboundSettings::default());
    for address in [&named, &server.base, "https://169.254.169.254/latest"] {
        let reply = strict.get(&Url::parse(address).expect("a URL")).await;
        assert!(
            matches!(reply, Err(NoReply::Private { .. })),
            "{address}: {reply:?}"
        );
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn what_a_name_resolves_to_is_checked_at_the_moment_of_connecting() {
    let server = StandIn::start(|_| Answer::json("{}")).await;
    let port = server.base.rsplit_once(':').expect("a port").1;
    let named = |settings: &OutboundSettings, found| {
        let outbound = Outbound::new(settings.clone());
        let resolver = Resolver::with(outbound.guard.clone(), found);
        let client = outbound.builder().tls_certs_only([]);
        let client = client.dns_resolver(resolver).build().expect("a client");
        let request = client.get(format!("http://id.corp.example:{port}/"));
        async move { outbound.send(request).await.map(|reply| reply.status) }
    };
    let here: fn(String) -> address::Found =
        |_| Box::pin(async { Ok(vec![(std::net::Ipv4Addr::LOCALHOST, 0).into()]) });
    let mixed: fn(String) -> address::Found = |_| {
        let both = vec![([93, 184, 216, 34], 0).into(), ([127, 0, 0, 1], 0).into()];
        Box::pin(async { Ok(both) })
    };
    let nowhere: fn(String) -> address::Found = |_| Box::pin(async { Ok(Vec::new()) });
    let strict = OutboundSettings::default();
    let reply = named(&strict, here).await;
    assert!(
        matches!(&reply, Err(NoReply::Private { host, why })
            if host == "id.corp.example" && why.contains("127.0.0.1")),
        "{reply:?}"
    );
    // A name without an address is nobody's rule.
    let reply = named(&strict, nowhere).await;
    assert!(
        matches!(&reply, Err(NoReply::Unreachable { .. })),
        "{reply:?}"
    );
    assert_eq!(server.connections(), 0);
    // Of two addresses only the public one is handed on to be connected to.
    let guard = Outbound::new(strict.clone()).guard;
    let name = "id.corp.example".parse().expect("a name");
    let found = Resolver::with(guard, mixed).resolve(name).await;
    let found: Vec<_> = found.expect("an address").map(|it| it.ip()).collect();
    assert_eq!(found, [std::net::IpAddr::from([93, 184, 216, 34])]);
    let private_hosts = vec!["id.corp.example".to_owned()];
    let named_by_operator = OutboundSettings {
        private_hosts,
        ..OutboundSettings::default()
    };
    assert_eq!(named(&named_by_operator, here).await, Ok(200));
}

#[test]
fn certificates_that_are_none_are_told_at_the_start() {
    let broken = b"-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n".to_vec();
    let outbound = Outbound::new(OutboundSettings {
        extra_roots: vec![broken],
        ..OutboundSettings::default()
    });
    assert!(outbound.warm_up().is_err());
}
