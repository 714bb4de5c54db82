//! Addresses that look harmless.

use super::*;

fn url(text: &str) -> Url {
    Url::parse(text).expect(text)
}

#[test]
fn only_https_to_a_name_on_443_is_called() {
    let guard = Guard::new(Loopback::Refused, &["id.corp.example:8443".into()]);
    for (text, allowed) in [
        ("https://acme.okta.com/x", true),
        ("https://acme.okta.com:443/x", true),
        ("http://acme.okta.com/x", false),
        ("https://acme.okta.com:8443/x", false),
        ("https://id.corp.example:8443/x", true),
        ("https://id.corp.example:22/x", false),
        ("https://id.corp.example/x", true),
        ("http://id.corp.example:8443/x", false),
        ("https://u:p@acme.okta.com/x", false),
        ("https://acme.okta.com@127.0.0.1/x", false),
        ("https://127.0.0.1/x", false),
        ("https://2130706433/x", false),
        ("https://0x7f.1/x", false),
        ("https://0177.1/x", false),
        ("https://93.184.216.34/x", false),
        ("https://[::1]/x", false),
        ("https://[::ffff:127.0.0.1]/x", false),
        ("https://localhost/x", false),
        ("https://okta.localhost/x", false),
        ("ftp://acme.okta.com/x", false),
        ("javascript:alert(1)", false),
    ] {
        assert_eq!(guard.check_url(&url(text)).is_ok(), allowed, "{text}");
    }
}

#[test]
fn loopback_is_called_only_where_it_is_allowed_and_by_its_own_names() {
    let guard = Guard::new(Loopback::Allowed, &[]);
    for (text, allowed) in [
        ("http://127.0.0.1:7080/x", true),
        ("http://okta.localhost:7080/x", true),
        ("https://localhost:7080/x", true),
        ("http://127.0.0.2:7080/x", false),
        ("http://[::1]:7080/x", false),
        ("http://10.0.0.1/x", false),
        ("http://acme.okta.com/x", false),
        ("https://acme.okta.com:7080/x", false),
        ("http://evil.localhost.test/x", false),
    ] {
        assert_eq!(guard.check_url(&url(text)).is_ok(), allowed, "{text}");
    }
}

#[test]
fn an_address_that_is_not_public_is_refused_where_it_is_resolved() {
    for (text, public) in [
        ("93.184.216.34", true),
        ("100.63.0.1", true),
        ("172.32.0.1", true),
        ("198.20.0.1", true),
        ("127.0.0.1", false),
        ("127.255.1.1", false),
        ("0.0.0.0", false),
        ("10.1.2.3", false),
        ("172.16.0.1", false),
        ("172.31.255.255", false),
        ("192.168.1.1", false),
        ("169.254.169.254", false),
        ("100.64.0.1", false),
        ("100.127.255.255", false),
        ("198.18.0.1", false),
        ("192.0.2.1", false),
        ("224.0.0.1", false),
        ("240.0.0.1", false),
        ("255.255.255.255", false),
        ("2606:2800:220:1::1", true),
        ("::", false),
        ("::1", false),
        ("::ffff:93.184.216.34", false),
        ("::93.184.216.34", false),
        ("64:ff9b::5db8:d822", true),
        ("64:ff9b::a00:1", false),
        ("64:ff9b::a9fe:a9fe", false),
        ("64:ff9b::6440:1", false),
        ("64:ff9b::1:5db8:d822", false),
        ("64:ff9b:1::5db8:d822", true),
        ("64:ff9b:1:abcd::5db8:d822", true),
        ("64:ff9b:1::a00:1", false),
        ("64:ff9b:1:abcd::c0a8:101", false),
        ("64:ff9b:1:a00:0:100:808:808", false),
        ("64:ff9b:1:5db8:d8:2200::", true),
        ("64:ff9b:1:a00:0:100::", false),
        ("64:ff9b:1::1", false),
        ("64:ff9b:2::5db8:d822", false),
        ("2001::1", false),
        ("2001:db8::1", false),
        ("2002:5db8:d822::1", false),
        ("fc00::1", false),
        ("fd12::1", false),
        ("fe80::1", false),
        ("fec0::1", false),
        ("ff02::1", false),
    ] {
        let address = text.parse().expect(text);
        assert_eq!(is_public(address), public, "{text}");
    }
}

#[test]
fn a_name_is_called_at_its_allowed_addresses_only() {
    let guard = Guard::new(Loopback::Allowed, &["id.corp.example".into()]);
    let at = |list: &[&str]| -> Vec<SocketAddr> {
        list.iter()
            .map(|ip| SocketAddr::new(ip.parse().expect("an address"), 0))
            .collect()
    };
    let public = "93.184.216.34";
    for (host, list, allowed) in [
        ("acme.okta.com", &[public][..], Some(&[public][..])),
        ("acme.okta.com", &[public, "10.0.0.1"], Some(&[public])),
        ("acme.okta.com", &["fd00::1", public], Some(&[public])),
        (
            "acme.okta.com",
            &["64:ff9b::a00:1", "64:ff9b::808:808"],
            Some(&["64:ff9b::808:808"]),
        ),
        ("acme.okta.com", &["127.0.0.1"], None),
        ("acme.okta.com", &["100.64.0.1", "fe80::1", "fd00::1"], None),
        ("acme.okta.com", &[], Some(&[])),
        ("id.corp.example", &["10.0.0.1"], Some(&["10.0.0.1"])),
        (
            "id.corp.example",
            &["fd00::1", public],
            Some(&["fd00::1", public]),
        ),
        (
            "id.corp.example",
            &["64:ff9b::a00:1"],
            Some(&["64:ff9b::a00:1"]),
        ),
        ("id.corp.example", &["169.254.169.254"], None),
        ("id.corp.example", &["64:ff9b::a9fe:a9fe"], None),
        ("x.id.corp.example", &["10.0.0.1"], None),
    ] {
        let outcome = guard.allowed(host, &at(list));
        let private = outcome
            .as_ref()
            .err()
            .and_then(|it| it.private_host.clone());
        assert_eq!(outcome.ok(), allowed.map(at), "{host} {list:?}");
        assert_eq!(private.as_deref(), allowed.is_none().then_some(host));
    }
}

#[test]
fn a_host_that_only_our_rule_refuses_is_told_from_what_is_no_address() {
    let guard = Guard::new(Loopback::Refused, &[]);
    for (text, private) in [
        ("https://10.0.0.1/x", true),
        ("https://[fd00::1]/x", true),
        ("https://okta.localhost/x", true),
        ("https://127.0.0.1/x", true),
        ("https://93.184.216.34/x", false),
        ("http://acme.okta.com/x", false),
        ("https://acme.okta.com:22/x", false),
    ] {
        let refusal = guard.check_url(&url(text)).expect_err(text);
        assert_eq!(refusal.private_host.is_some(), private, "{text}");
    }
}
