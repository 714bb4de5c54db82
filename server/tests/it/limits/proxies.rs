//! The notice about a proxy that forwards requests and is not trusted.

use axum::http::Request;
use serde_json::json;
use server::{TrustedProxies, tidy_once};

use super::{notifications, send_from};
use crate::{desk::Desk, on_both};

const KIND: &str = "untrusted_proxy";

async fn visit(desk: &Desk, peer: &str, forwarded: Option<&str>) {
    let mut visitor = desk.browser();
    let page = Request::get(api::paths::SIGN_IN);
    send_from(&mut visitor, peer, forwarded, page, String::new())
        .await
        .expect_status(200);
}

async fn trusting(desk: &Desk, list: &[&str]) -> Desk {
    let trusted = TrustedProxies::parse(list).expect("networks");
    desk.another_with(|settings| settings.trusted_proxies = trusted)
        .await
}

on_both! {
    async fn untrusted_proxy_raises_one_notice_with_the_setting(desk: Desk) {
        let mut admin = desk.administrator().await;
        visit(&desk, "172.18.0.2", None).await;
        assert!(notifications(&mut admin, KIND).await.is_empty());
        for _ in 0..3 {
            visit(&desk, "172.18.0.2", Some("198.51.100.1")).await;
            // After a start on the same network, and at another node.
            visit(&desk, "172.18.0.3", Some("198.51.100.2")).await;
            visit(&desk.another().await, "172.18.0.2", Some("198.51.100.2")).await;
            tidy_once(&desk.app).await.expect("maintenance");
        }
        let list = notifications(&mut admin, KIND).await;
        assert_eq!(list.len(), 1, "{list:?}");
        assert_eq!(list[0]["data"], json!({ "address": "172.18.0.2", "setting": "172.18.0.2" }));
        // Dismissed, it does not come again.
        let id = list[0]["id"].as_str().expect("an id");
        let path = api::paths::dismiss(id);
        admin.post(&path, &serde_json::Value::Null).await.expect_status(204);
        visit(&desk.another().await, "172.18.0.2", Some("198.51.100.1")).await;
        assert!(notifications(&mut admin, KIND).await.is_empty());
    }

    async fn untrusted_proxy_notice_keeps_networks_that_are_trusted(desk: Desk) {
        let mut admin = desk.administrator().await;
        let behind = trusting(&desk, &["10.0.0.0/8", "fd00::/8"]).await;
        for peer in ["10.1.2.3", "[fd00::7]"] {
            visit(&behind, peer, Some("198.51.100.1")).await;
        }
        assert!(notifications(&mut admin, KIND).await.is_empty());
        visit(&behind, "127.0.0.1", Some("198.51.100.1")).await;
        let list = notifications(&mut admin, KIND).await;
        assert_eq!(list.len(), 1, "{list:?}");
        assert_eq!(list[0]["data"]["setting"], "10.0.0.0/8,fd00::/8,127.0.0.1");
    }

    async fn clients_that_send_the_header_raise_one_notice_together(desk: Desk) {
        let mut admin = desk.administrator().await;
        for at in 1..40 {
            visit(&desk, &format!("203.0.113.{at}"), Some("198.51.100.1")).await;
            visit(&desk, &format!("[2001:db8:{at}::1]"), Some("198.51.100.1")).await;
        }
        assert_eq!(notifications(&mut admin, KIND).await.len(), 1);
    }

    async fn untrusted_proxy_notice_closes_once_it_is_trusted(desk: Desk) {
        let mut admin = desk.administrator().await;
        visit(&desk, "172.18.0.2", Some("198.51.100.1")).await;
        visit(&desk, "[fd00::1]", Some("198.51.100.1")).await;
        let behind = trusting(&desk, &["172.18.0.0/16"]).await;
        tidy_once(&behind.app).await.expect("maintenance");
        let list = notifications(&mut admin, KIND).await;
        assert_eq!(list.len(), 1, "{list:?}");
        assert_eq!(list[0]["data"]["address"], "fd00::1");
    }
}
