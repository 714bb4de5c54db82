//! The latest deliveries of the webhook: what, when, and how it went.

use api::{
    notices::NoticeKind,
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
        DeliveryState::Waiting => (Tone::Neutral, "clock", keys::NOTIFICATIONS_STATE_WAITING),
        DeliveryState::Delivered => (Tone::Good, "check", keys::NOTIFICATIONS_STATE_DELIVERED),
        DeliveryState::GivenUp => (Tone::Bad, "close", keys::NOTIFICATIONS_STATE_GIVEN_UP),
    };
    let status = delivery.status.map(|it| it.to_string()).unwrap_or_default();
    let why = delivery
        .fault
        .map(|it| p("small muted").child(fault(it, &status)));
    let tries = (delivery.tries > 1).then(|| {
        let n = delivery.tries.to_string();
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

fn kind_name(kind: NoticeKind) -> Key {
    match kind {
        NoticeKind::SecretRunsOut => keys::NOTICES_KIND_SECRET_RUNS_OUT,
        NoticeKind::SecretRanOut => keys::NOTICES_KIND_SECRET_RAN_OUT,
        NoticeKind::SecretPromoted => keys::NOTICES_KIND_SECRET_PROMOTED,
        NoticeKind::BreakGlassArmed => keys::NOTICES_KIND_BREAK_GLASS_ARMED,
        NoticeKind::BreakGlassUsed => keys::NOTICES_KIND_BREAK_GLASS_USED,
        NoticeKind::BreakGlassFailed => keys::NOTICES_KIND_BREAK_GLASS_FAILED,
        NoticeKind::TrialBegan => keys::NOTICES_KIND_TRIAL_BEGAN,
        NoticeKind::TrialUndone => keys::NOTICES_KIND_TRIAL_UNDONE,
        NoticeKind::ConnectionDegraded => keys::NOTICES_KIND_CONNECTION_DEGRADED,
        NoticeKind::ConnectionRecovered => keys::NOTICES_KIND_CONNECTION_RECOVERED,
        NoticeKind::CheckFailed => keys::NOTICES_KIND_CHECK_FAILED,
        NoticeKind::LinkedByEmail => keys::NOTICES_KIND_LINKED_BY_EMAIL,
        NoticeKind::IdentityUnconfirmed => keys::NOTICES_KIND_IDENTITY_UNCONFIRMED,
        NoticeKind::UntrustedProxy => keys::NOTICES_KIND_UNTRUSTED_PROXY,
        NoticeKind::PasswordGuessing => keys::NOTICES_KIND_PASSWORD_GUESSING,
    }
}
