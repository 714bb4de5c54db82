//! One value of each type that notifications, webhook, secrets and files have on the wire.

use api::{
    Cause, Provider,
    connections::SecretInfo,
    files::{Managed, ManagedBy},
    notifications::{Notification, NotificationData, NotificationKind, NotificationList},
    secret::{NextSecretForm, SecretForm, Secrets},
    webhook::{Delivery, DeliveryFault, DeliveryState, Webhook, WebhookForm, WebhookSaved},
};

use super::samples::{ID, NOW};

fn info(last_four: &str) -> SecretInfo {
    SecretInfo {
        last_four: last_four.into(),
        set_at: NOW,
        set_by: "Ada Lovelace".into(),
        expires_on: Some("2027-06-30".into()),
    }
}

pub(crate) fn notification_list() -> NotificationList {
    NotificationList {
        notifications: vec![Notification {
            id: ID.into(),
            at: NOW,
            kind: NotificationKind::TrialStarted,
            data: NotificationData {
                provider: Some(Provider::Okta),
                days: Some(7),
                on: Some("2027-06-30".into()),
                last_four: Some("ab12".into()),
                who: Some("Ada Lovelace".into()),
                user_id: Some(ID.into()),
                login: Some("ada@northwind.example".into()),
                by: Some("Grace Hopper".into()),
                until: Some(NOW),
                cause: Some(Cause::ClientRefused),
                address: Some("172.18.0.2".into()),
                setting: Some("10.0.0.0/8,172.18.0.2".into()),
                count: Some(200),
            },
        }],
    }
}

pub(crate) fn secrets() -> Secrets {
    Secrets {
        version: 3,
        current: Some(info("ab12")),
        next: Some(info("cd34")),
    }
}

pub(crate) fn secret_form() -> SecretForm {
    SecretForm {
        expires_on: "2027-06-30".into(),
    }
}

pub(crate) fn next_secret_form() -> NextSecretForm {
    NextSecretForm {
        client_secret: "a practice secret".into(),
        expires_on: "2027-06-30".into(),
    }
}

pub(crate) fn managed() -> Managed {
    Managed {
        managed_by: Some(ManagedBy {
            file: "sso.toml".into(),
            applied_at: NOW,
            fields: vec!["okta.client_id".into(), "webhook.url".into()],
        }),
    }
}

pub(crate) fn webhook() -> Webhook {
    Webhook {
        url: Some("https://hooks.example/sso".into()),
        version: 2,
        secret_set_at: Some(NOW),
        secret_set_by: Some("Ada Lovelace".into()),
        deliveries: vec![Delivery {
            id: ID.into(),
            at: NOW,
            kind: Some(NotificationKind::SecretExpired),
            state: DeliveryState::Pending,
            attempts: 2,
            status: Some(503),
            fault: Some(DeliveryFault::Status),
            next_at: Some(NOW),
        }],
    }
}

pub(crate) fn webhook_form() -> WebhookForm {
    WebhookForm {
        url: "https://hooks.example/sso".into(),
    }
}

pub(crate) fn webhook_saved() -> WebhookSaved {
    WebhookSaved {
        webhook: webhook(),
        secret: Some("whsec_cHJhY3RpY2U=".into()),
    }
}
