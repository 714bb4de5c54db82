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
    navigation::unsaved,
    pages::files::{self, Ownership},
    problems,
    session::use_session,
    ui::{
        badge::Tone,
        button::{Weight, button, submit},
        copy::{copy_field, shown_once},
        el::{El, Inside, View, div, el, group, live, p},
        field::{Kind, Look, field},
        form::Form,
        format::day,
        load::{Remote, bones},
        notice::{Notice, notice},
        overlay::{Question, use_confirm},
        page::{Crumb, Head, page, section},
        task::{Act, act, later, watch},
        toast::use_toasts,
    },
    words::Text,
};

/// What the page keeps while it is open.
#[derive(Clone, Copy)]
struct Desk {
    webhook: Remote<Webhook>,
    /// The address as it stands in its field.
    url: RwSignal<String>,
    /// The signing secret that was made just now, or nothing: it is shown until one leaves.
    secret: RwSignal<String>,
    /// Whether that one is to be asked for before one leaves, see `unsaved`.
    once: RwSignal<bool>,
    /// How the last test went.
    tested: RwSignal<Option<Delivery>>,
    ownership: Ownership,
}

#[must_use]
pub fn notifications() -> View {
    let desk = Desk {
        webhook: Remote::new(|| problems::asked(server::webhook())),
        url: RwSignal::new(String::new()),
        secret: RwSignal::new(String::new()),
        once: RwSignal::new(false),
        tested: RwSignal::new(None),
        ownership: files::ownership(),
    };
    let head = Head::new(keys::NOTIFICATIONS_TITLE)
        .lede(keys::NOTIFICATIONS_LEDE)
        .crumbs(vec![
            Crumb::here(keys::SHELL_SETTINGS),
            Crumb::here(keys::NOTIFICATIONS_TITLE),
        ]);
    watch(move || {
        if let Some(it) = desk.webhook.value() {
            unsaved::renew(desk.url, it.url.clone().unwrap_or_default());
        }
    });
    let drawn = desk
        .webhook
        .draw_once(|| bones("form", 3), move |_| content(desk));
    page(head, drawn)
}

/// Drawn once: a test, or a secret that is made anew, leaves what is typed.
fn content(desk: Desk) -> View {
    let owner = files::owner_of(desk.ownership, "webhook.url".to_owned());
    let form = live(move || match owner.get() {
        Some(file) => files::owned_by(&file),
        None => url_form(desk),
    });
    let is_there = desk.webhook.part(|it| it.url.is_some());
    let secret = live(move || {
        let webhook = desk.webhook.value()?;
        webhook.url.as_ref()?;
        Some(section(
            keys::NOTIFICATIONS_SECRET,
            None,
            secret(&webhook, desk),
        ))
    });
    let test = live(move || (is_there.get() == Some(true)).then(|| test_button(desk)));
    let deliveries = live(move || {
        let webhook = desk.webhook.value()?;
        Some(deliveries::deliveries(&webhook.deliveries))
    });
    div("stack")
        .child(section(
            keys::NOTIFICATIONS_WEBHOOK,
            None,
            div("panel-body").child(form),
        ))
        .child(secret)
        .child(section(
            keys::NOTIFICATIONS_DELIVERIES,
            Some(div("actions").child(test)),
            div("stack")
                .child(live(move || desk.tested.get().map(|it| tested(&it))))
                .child(deliveries),
        ))
        .done()
}

fn url_form(desk: Desk) -> El {
    let toasts = use_toasts();
    let url = desk.url;
    let stale = RwSignal::new(false);
    let loopback = if use_session().with(|it| it.okta_simulator.is_some()) {
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
        let (wish, version) = untrack(|| (wish(), version(desk)));
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
                    stale.try_set(problems::is_stale(&trouble));
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
    let reload = live(move || {
        let current = act(move || {
            form.give_up();
            stale.set(false);
            desk.webhook.again();
        });
        let again = button(keys::ACTION_SHOW_CURRENT, current).picture("again");
        stale.get().then_some(again)
    });
    let actions = div("form-actions")
        .child(reload)
        .child(submit(keys::ACTION_SAVE, form.busy.into()));
    form.draw(
        send,
        vec![div("fields").child(field).done(), actions.done()],
    )
}

fn take(saved: WebhookSaved, desk: Desk) {
    if desk.secret.is_disposed() {
        return;
    }
    if let Some(secret) = saved.secret {
        unsaved::type_over(desk.once, desk.secret, secret);
    }
    desk.webhook.put(saved.webhook);
}

/// The version of now, which a change is based on.
fn version(desk: Desk) -> i64 {
    desk.webhook.value().map_or(0, |it| it.version)
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
        let secret = Some(desk.secret.get()).filter(|it| !it.is_empty())?;
        let hint = Some(keys::NOTIFICATIONS_SECRET_ONCE.into());
        let field = copy_field("signing-secret", keys::NOTIFICATIONS_SECRET, secret, hint);
        Some(shown_once(desk.once, field))
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

/// The server sends its test to the address that is saved, so that one has to be meant.
fn test_button(desk: Desk) -> View {
    let toasts = use_toasts();
    let busy = RwSignal::new(false);
    let is_other = move || {
        let saved = desk.webhook.value().and_then(|it| it.url.clone());
        desk.url.get() != saved.unwrap_or_default()
    };
    let send = act(move || {
        if busy.get_untracked() || untrack(is_other) {
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
    let why = live(move || is_other().then_some(keys::NOTIFICATIONS_TEST_SAVED));
    let test = button(keys::NOTIFICATIONS_TEST, send)
        .busy(busy)
        .off(Signal::derive(is_other), "test-why");
    group(vec![
        p("muted small")
            .attr("id", "test-why")
            .attr("role", "status")
            .child(why)
            .done(),
        test.inside(),
    ])
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
