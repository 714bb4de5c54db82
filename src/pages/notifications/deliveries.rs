//! The latest deliveries of the webhook: what, when, and how it went.

use api::{
    notifications::NotificationKind,
    webhook::{Delivery, DeliveryFault, DeliveryState},
};
use locales::{Key, keys};

use crate::{
    ui::{
        badge::{Tone, badge},
        el::{El, Inside, View, div, el, p},
        format::when,
        load::empty,
        table::{Column, row, table},
    },
    words::Text,
};

const COLUMNS: [Column; 3] = [
    Column::new(keys::NOTIFICATIONS_MESSAGE),
    Column::new(keys::NOTIFICATIONS_AT),
    Column::new(keys::NOTIFICATIONS_STATE),
];

#[must_use]
pub(super) fn deliveries(list: &[Delivery]) -> El {
    if list.is_empty() {
        return empty(
            "bell",
            keys::NOTIFICATIONS_DELIVERIES_EMPTY,
            keys::NOTIFICATIONS_DELIVERIES_EMPTY_FIX,
            None,
        );
    }
    let rows: Vec<El> = list.iter().map(|it| row(&COLUMNS, cells(it))).collect();
    table(keys::NOTIFICATIONS_DELIVERIES, &COLUMNS, rows)
}

fn cells(delivery: &Delivery) -> Vec<View> {
    let name = delivery.kind.map_or(keys::NOTICE_TEST, kind_name);
    let (tone, picture, label) = match delivery.state {
        DeliveryState::Pending => (Tone::Neutral, "clock", keys::NOTIFICATIONS_STATE_WAITING),
        DeliveryState::Delivered => (Tone::Good, "check", keys::NOTIFICATIONS_STATE_DELIVERED),
        DeliveryState::Failed => (Tone::Bad, "close", keys::NOTIFICATIONS_STATE_GIVEN_UP),
    };
    let status = delivery.status.map(|it| it.to_string()).unwrap_or_default();
    let why = delivery
        .fault
        .map(|it| p("small muted").child(fault(it, &status)));
    let tries = (delivery.attempts > 1).then(|| {
        let n = delivery.attempts.to_string();
        p("small muted").child(Text::with(keys::NOTIFICATIONS_TRIES, &[("n", &n)]))
    });
    vec![
        el("span").child(name).done(),
        when(delivery.at).done(),
        div("stack")
            .child(badge(tone, picture, label))
            .child(why)
            .child(tries)
            .inside(),
    ]
}

/// Why a try failed, in words that say what to do.
#[must_use]
pub(super) fn fault(fault: DeliveryFault, status: &str) -> Text {
    match fault {
        DeliveryFault::Refused => keys::NOTIFICATIONS_FAULT_REFUSED.into(),
        DeliveryFault::Unreachable => keys::NOTIFICATIONS_FAULT_UNREACHABLE.into(),
        DeliveryFault::Status => {
            Text::with(keys::NOTIFICATIONS_FAULT_STATUS, &[("status", status)])
        }
        DeliveryFault::Redirected => {
            Text::with(keys::NOTIFICATIONS_FAULT_REDIRECTED, &[("status", status)])
        }
    }
}

fn kind_name(kind: NotificationKind) -> Key {
    match kind {
        NotificationKind::SecretExpiring => keys::NOTICES_KIND_SECRET_RUNS_OUT,
        NotificationKind::SecretExpired => keys::NOTICES_KIND_SECRET_RAN_OUT,
        NotificationKind::SecretReplaced => keys::NOTICES_KIND_SECRET_PROMOTED,
        NotificationKind::BreakGlassIssued => keys::NOTICES_KIND_BREAK_GLASS_ARMED,
        NotificationKind::BreakGlassUsed => keys::NOTICES_KIND_BREAK_GLASS_USED,
        NotificationKind::BreakGlassFailed => keys::NOTICES_KIND_BREAK_GLASS_FAILED,
        NotificationKind::TrialStarted => keys::NOTICES_KIND_TRIAL_BEGAN,
        NotificationKind::TrialReverted => keys::NOTICES_KIND_TRIAL_UNDONE,
        NotificationKind::ConnectionDegraded => keys::NOTICES_KIND_CONNECTION_DEGRADED,
        NotificationKind::ConnectionRecovered => keys::NOTICES_KIND_CONNECTION_RECOVERED,
        NotificationKind::CheckFailed => keys::NOTICES_KIND_CHECK_FAILED,
        NotificationKind::LinkedByEmail => keys::NOTICES_KIND_LINKED_BY_EMAIL,
        NotificationKind::IdentityUnconfirmed => keys::NOTICES_KIND_IDENTITY_UNCONFIRMED,
        NotificationKind::UntrustedProxy => keys::NOTICES_KIND_UNTRUSTED_PROXY,
        NotificationKind::PasswordGuessing => keys::NOTICES_KIND_PASSWORD_GUESSING,
    }
}
