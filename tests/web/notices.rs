//! Notices on the first page: a sentence, the way to what mends it, and gone when dismissed.

use std::{cell::Cell, rc::Rc};

use api::{
    Cause, Provider,
    notifications::{Notification, NotificationData, NotificationKind, NotificationList},
};
use console::pages::overview::notices::notices;
use locales::Language;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{
    desk::{Desk, NOON, speak},
    server::{Reply, Server},
};

fn notice(kind: NotificationKind, facts: NotificationData) -> Notification {
    Notification {
        id: format!("id-of-{}", kind.code()),
        at: NOON,
        kind,
        data: facts,
    }
}

fn okta() -> NotificationData {
    NotificationData {
        provider: Some(Provider::Okta),
        ..NotificationData::default()
    }
}

async fn desk(list: Vec<Notification>) -> (Desk, Server) {
    let dismissed = Rc::new(Cell::new(false));
    let list = NotificationList {
        notifications: list,
    };
    let server = Server::answering(move |asked| {
        if asked.method == "POST" {
            dismissed.set(true);
            return Reply::Page(204, "");
        }
        if dismissed.get() {
            return Reply::json(&NotificationList {
                notifications: Vec::new(),
            });
        }
        Reply::json(&list)
    });
    let desk = Desk::with(notices);
    desk.until("the notices", |desk| desk.has("region", "Notices"))
        .await;
    (desk, server)
}

#[wasm_bindgen_test]
async fn a_notice_says_what_and_leads_to_where_it_is_mended() {
    let facts = NotificationData {
        days: Some(7),
        on: Some("2027-06-30".to_owned()),
        ..okta()
    };
    let (desk, server) = desk(vec![notice(NotificationKind::SecretExpiring, facts)]).await;
    assert!(desk.sees("The client secret of Okta runs out in 7 days, on 2027-06-30."));
    let link = desk.find("link", "See to the secret");
    assert_eq!(
        link.get_attribute("href").as_deref(),
        Some("/settings/integrations/sso/okta")
    );
    speak(Language::French);
    desk.until_sees("expire dans 7 jours, le 2027-06-30").await;
    speak(Language::English);
    desk.until("English", |desk| desk.has("button", "Dismiss"))
        .await;
    desk.press("Dismiss");
    desk.until("it is gone", |desk| !desk.has("region", "Notices"))
        .await;
    server.of("POST /api/notifications/id-of-secret_expiring/dismiss");
}

#[wasm_bindgen_test]
async fn codes_lead_to_security_and_a_failed_check_to_the_checks() {
    let (desk, _) = desk(vec![
        notice(
            NotificationKind::BreakGlassUsed,
            NotificationData::default(),
        ),
        notice(NotificationKind::CheckFailed, okta()),
    ])
    .await;
    for (link, to) in [
        ("Open Security", "/settings/security"),
        (
            "See the checks",
            "/settings/integrations/sso/okta/connect/check",
        ),
    ] {
        let link = desk.find("link", link);
        assert_eq!(link.get_attribute("href").as_deref(), Some(to));
    }
}

#[wasm_bindgen_test]
async fn every_kind_has_a_sentence_without_a_gap() {
    let facts = NotificationData {
        provider: Some(Provider::Okta),
        days: Some(1),
        on: Some("2027-06-30".to_owned()),
        last_four: Some("ab12".to_owned()),
        who: Some("Ada Lovelace".to_owned()),
        user_id: Some("ada".to_owned()),
        login: Some("ada.l".to_owned()),
        address: Some("172.18.0.2".to_owned()),
        setting: Some("172.18.0.2".to_owned()),
        count: Some(200),
        by: Some("Grace Hopper".to_owned()),
        until: Some(NOON),
        cause: Some(Cause::ClientRefused),
    };
    let all: Vec<Notification> = NotificationKind::ALL
        .into_iter()
        .map(|kind| notice(kind, facts.clone()))
        .collect();
    let (desk, _) = desk(all).await;
    for language in [Language::English, Language::French] {
        speak(language);
        crate::desk::tick().await;
        let text = desk.text();
        assert!(!text.contains('{') && !text.contains('}'), "{text}");
        assert!(
            text.contains("ab12") && text.contains("Grace Hopper"),
            "{text}"
        );
    }
    speak(Language::English);
}

#[wasm_bindgen_test]
async fn nothing_is_there_while_nothing_is_told() {
    Server::answering(|_| {
        Reply::json(&NotificationList {
            notifications: Vec::new(),
        })
    });
    let desk = Desk::with(notices);
    for _ in 0..5 {
        crate::desk::tick().await;
    }
    assert_eq!(desk.text(), "");
}

#[wasm_bindgen_test]
async fn untrusted_proxy_notice_shows_the_setting_three_ways() {
    let facts = NotificationData {
        address: Some("172.18.0.2".to_owned()),
        setting: Some("10.0.0.0/8,172.18.0.2".to_owned()),
        ..NotificationData::default()
    };
    let (desk, _) = desk(vec![notice(NotificationKind::UntrustedProxy, facts)]).await;
    for part in [
        "172.18.0.2 forwards requests",
        "--trusted-proxies 10.0.0.0/8,172.18.0.2",
        "SSO_CONSOLE_TRUSTED_PROXIES=10.0.0.0/8,172.18.0.2",
        "trusted_proxies = [\"10.0.0.0/8\", \"172.18.0.2\"]",
    ] {
        assert!(desk.sees(part), "{part}");
    }
}
