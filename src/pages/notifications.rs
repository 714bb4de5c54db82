//! Notifications: the webhook that carries notices further, its signing secret, and its deliveries.

mod deliveries;

use api::{
    Loopback,
    webhook::{Delivery, DeliveryState, Webhook, WebhookForm, WebhookSaved},
};
use leptos::prelude::*;
use locales::keys;

use crate::{
    api as server,
    pages::files::{self, Ownership},
    problems,
    session::use_session,
    ui::{
        badge::Tone,
        button::{Weight, button, submit},
        copy::copy_field,
        el::{El, Inside, View, div, el, live},
        field::{Kind, Look, field},
        form::Form,
        format::day,
        load::{Remote, bones},
        notice::{Notice, notice},
        overlay::{Question, use_confirm},
        page::{Crumb, Head, page, section},
        task::{Act, act, later},
        toast::use_toasts,
    },
    words::Text,
};

/// What the page keeps while it is open.
#[derive(Clone, Copy)]
struct Desk {
    webhook: Remote<Webhook>,
    /// The signing secret that was made just now: it is shown until one leaves.
    secret: RwSignal<Option<String>>,
    /// How the last test went.
    tested: RwSignal<Option<Delivery>>,
    ownership: Ownership,
}

#[must_use]
pub fn notifications() -> View {
    let desk = Desk {
        webhook: Remote::new(|| problems::asked(server::webhook())),
        secret: RwSignal::new(None),
        tested: RwSignal::new(None),
        ownership: files::ownership(),
    };
    let head = Head::new(keys::NOTIFICATIONS_TITLE)
        .lede(keys::NOTIFICATIONS_LEDE)
        .crumbs(vec![
            Crumb::here(keys::SHELL_SETTINGS),
            Crumb::here(keys::NOTIFICATIONS_TITLE),
        ]);
    let drawn = desk
        .webhook
        .draw(|| bones("form", 3), move |it| content(&it, desk));
    page(head, drawn)
}

fn content(webhook: &Webhook, desk: Desk) -> View {
    let (url, version) = (webhook.url.clone().unwrap_or_default(), webhook.version);
    let form = live(move || match files::owner(desk.ownership, "webhook.url") {
        Some(file) => files::owned_by(&file),
        None => url_form(url.clone(), version, desk),
    });
    let there = webhook.url.is_some();
    div("stack")
        .child(section(
            keys::NOTIFICATIONS_WEBHOOK,
            None,
            div("panel-body").child(form),
        ))
        .child(there.then(|| section(keys::NOTIFICATIONS_SECRET, None, secret(webhook, desk))))
        .child(section(
            keys::NOTIFICATIONS_DELIVERIES,
            there.then(|| div("actions").child(test_button(desk))),
            div("stack")
                .child(live(move || desk.tested.get().map(|it| tested(&it))))
                .child(deliveries::deliveries(&webhook.deliveries)),
        ))
        .done()
}

fn url_form(url: String, version: i64, desk: Desk) -> El {
    let toasts = use_toasts();
    let url = RwSignal::new(url);
    let loopback = if use_session().with(|it| it.practice.is_some()) {
        Loopback::Allowed
    } else {
        Loopback::Refused
    };
    let wish = move || WebhookForm { url: url.get() };
    let form = Form::new(move || {
        wish()
            .validate(loopback)
            .map_or_else(|it| problems::faults(&it), |_| Vec::new())
    });
    let send = act(move || {
        if !form.begin() {
            return;
        }
        let wish = untrack(wish);
        later(async move {
            match server::save_webhook(version, &wish).await {
                Ok(saved) => {
                    form.end();
                    toasts.done(if saved.webhook.url.is_some() {
                        keys::NOTIFICATIONS_SAVED
                    } else {
                        keys::NOTIFICATIONS_REMOVED
                    });
                    take(saved, desk);
                }
                Err(trouble) => {
                    if problems::is_stale(&trouble) {
                        desk.webhook.again();
                    }
                    form.fail(problems::notice(&trouble), problems::refused(&trouble));
                }
            }
        });
    });
    let look = Look {
        kind: Kind::Code,
        hint: Some(keys::NOTIFICATIONS_URL_HINT.into()),
        optional: true,
        ..Look::default()
    };
    let field = field(form, "url", keys::NOTIFICATIONS_URL, url, look, None);
    let actions = div("form-actions").child(submit(keys::ACTION_SAVE, form.busy.into()));
    form.draw(
        send,
        vec![div("fields").child(field).done(), actions.done()],
    )
}

fn take(saved: WebhookSaved, desk: Desk) {
    if saved.secret.is_some() {
        desk.secret.try_set(saved.secret);
    }
    desk.webhook.put(saved.webhook);
}

fn secret(webhook: &Webhook, desk: Desk) -> El {
    let (at, name) = (
        webhook.secret_set_at.unwrap_or_default(),
        webhook.secret_set_by.clone().unwrap_or_default(),
    );
    let said = live(move || {
        let values = [("day", &*day(at)), ("name", &name)];
        Text::with(keys::NOTIFICATIONS_SECRET_SET, &values).read()
    });
    let shown = live(move || {
        desk.secret.get().map(|it| {
            let hint = Some(keys::NOTIFICATIONS_SECRET_ONCE.into());
            copy_field("signing-secret", keys::NOTIFICATIONS_SECRET, it, hint)
        })
    });
    let rotate = button(keys::NOTIFICATIONS_ROTATE, rotation(webhook.version, desk)).picture("key");
    div("panel-body stack")
        .child(el("p").child(said))
        .child(shown)
        .child(div("actions").child(rotate))
}

fn rotation(version: i64, desk: Desk) -> Act {
    let (confirm, toasts) = (use_confirm(), use_toasts());
    let then = act(move || {
        later(async move {
            match server::rotate_webhook(version).await {
                Ok(saved) => {
                    toasts.done(keys::NOTIFICATIONS_ROTATED);
                    take(saved, desk);
                }
                Err(trouble) => {
                    toasts.failed(problems::notice(&trouble).title);
                    desk.webhook.again();
                }
            }
        });
    });
    act(move || {
        confirm.ask(Question {
            title: keys::NOTIFICATIONS_ROTATE_TITLE.into(),
            body: keys::NOTIFICATIONS_ROTATE_MEANS.into(),
            action: keys::NOTIFICATIONS_ROTATE.into(),
            weight: Weight::Primary,
            then: then.clone(),
        });
    })
}

fn test_button(desk: Desk) -> View {
    let toasts = use_toasts();
    let busy = RwSignal::new(false);
    let send = act(move || {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        later(async move {
            match server::test_webhook().await {
                Ok(delivery) => {
                    desk.tested.try_set(Some(delivery));
                }
                Err(trouble) => toasts.failed(problems::notice(&trouble).title),
            }
            busy.try_set(false);
            desk.webhook.again();
        });
    });
    button(keys::NOTIFICATIONS_TEST, send).busy(busy).inside()
}

/// How the test went, with the answer.
fn tested(delivery: &Delivery) -> El {
    let status = delivery.status.map(|it| it.to_string()).unwrap_or_default();
    let values = [("status", &*status)];
    let said = if delivery.state == DeliveryState::Delivered {
        let title = Text::with(keys::NOTIFICATIONS_TEST_DELIVERED, &values);
        Notice::info(Tone::Good, "done", title)
    } else {
        let why = delivery.fault.map(|it| deliveries::fault(it, &status));
        let mut said = Notice::info(Tone::Bad, "alert", keys::NOTIFICATIONS_TEST_FAILED);
        if let Some(why) = why {
            said = said.advice(why);
        }
        said
    };
    div("panel-body")
        .attr("role", "status")
        .child(notice(said, None))
}
