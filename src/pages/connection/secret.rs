//! The client secret of a connection: until when it is good, and the one that comes after it.

use api::{
    Provider,
    connections::SecretInfo,
    secret::{NextSecretForm, SecretForm, Secrets},
};
use leptos::prelude::*;
use locales::{Key, keys};

use super::secret_said;
use crate::{
    api as server,
    api::Trouble,
    navigation::unsaved,
    pages::{
        files::{self, Ownership},
        states,
    },
    problems,
    ui::{
        button::{Weight, button, submit},
        el::{El, View, div, el, group, live, p},
        field::{Kind, Look, field},
        form::Form,
        load::{Remote, bones},
        overlay::{Question, use_confirm},
        page::section,
        task::{Act, act, later, watch},
        toast::use_toasts,
    },
    words::Text,
};

/// The panel. It asks for itself, and anew whenever a signal changes that `changed` reads: what is known of secrets
/// changes by itself too.
#[must_use]
pub fn panel(provider: Provider, ownership: Ownership, changed: impl Fn() + 'static) -> View {
    let remote = Remote::new(move || {
        changed();
        problems::asked(server::secrets(provider))
    });
    let is_any = remote.part(|it| it.current.is_some());
    // Here and not in the forms: what is typed stays, whatever is drawn anew.
    let (date, secret) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    watch(move || {
        let current = remote.value().and_then(|it| it.current.clone());
        let now = current.and_then(|it| it.expires_on);
        unsaved::renew(date, now.unwrap_or_default());
    });
    let body = remote.draw_once(
        || bones("form", 2),
        move |_| {
            live(move || {
                (is_any.get() == Some(true))
                    .then(|| content(provider, remote, ownership, date, secret))
            })
        },
    );
    section(keys::SECRET_TITLE, None, body).done()
}

fn content(
    provider: Provider,
    remote: Remote<Secrets>,
    ownership: Ownership,
    date: RwSignal<String>,
    secret: RwSignal<String>,
) -> View {
    let current = remote.part(|it| it.current.clone());
    let date = locked(ownership, provider, "client_secret_expires_on", move || {
        date_form(provider, date, remote)
    });
    let waits = remote.part(|it| it.next.clone());
    let next = locked(ownership, provider, "client_secret", move || {
        match waits.get().flatten() {
            Some(next) => waiting(provider, &next, remote),
            None => next_form(provider, secret, remote),
        }
    });
    div("panel-body stack")
        .child(el("h3").child(keys::SECRET_CURRENT))
        .child(live(move || current.get().flatten().map(|it| about(&it))))
        .child(date)
        .child(el("h3").child(keys::SECRET_NEXT))
        .child(p("muted").child(states::about(keys::SECRET_NEXT_MEANS, provider)))
        .child(next)
        .done()
}

/// The field, or that a file owns it.
fn locked(
    ownership: Ownership,
    provider: Provider,
    field: &'static str,
    draw: impl Fn() -> El + Send + 'static,
) -> View {
    let owner = files::owner_of(ownership, format!("{}.{field}", provider.code()));
    live(move || match owner.get() {
        Some(file) => files::owned_by(&file),
        None => draw(),
    })
}

/// "Ends in ab12, set 21 Nov 2026 by Ada", and its date.
fn about(secret: &SecretInfo) -> El {
    let date = match &secret.expires_on {
        Some(on) => Text::with(keys::SECRET_RUNS_OUT_SAID, &[("on", on)]),
        None => keys::SECRET_RUNS_OUT_NEVER.into(),
    };
    let info = secret.clone();
    div("stack")
        .child(el("p").child(live(move || secret_said(&info))))
        .child(p("muted").child(date))
}

fn date_form(provider: Provider, date: RwSignal<String>, remote: Remote<Secrets>) -> El {
    let wish = move || SecretForm {
        expires_on: date.get(),
    };
    let form = Form::new(move || {
        wish()
            .validate()
            .map_or_else(|it| problems::faults(&it), |_| Vec::new())
    });
    let answered = answered(form, remote, keys::SECRET_RUNS_OUT_SAVED);
    let send = act(move || {
        if form.begin() {
            let (wish, version) = untrack(|| (wish(), version(remote)));
            later(async move {
                answered(server::date_secret(provider, version, &wish).await);
            });
        }
    });
    let field = date_field(form, "expires_on", date);
    let actions = div("form-actions")
        .child(submit(keys::SECRET_RUNS_OUT_SAVE, form.busy.into()).weight(Weight::Plain));
    form.draw(
        send,
        vec![div("fields").child(field).done(), actions.done()],
    )
}

fn date_field(form: Form, name: &'static str, date: RwSignal<String>) -> El {
    let look = Look {
        hint: Some(keys::SECRET_RUNS_OUT_HINT.into()),
        optional: true,
        ..Look::default()
    };
    field(form, name, keys::SECRET_RUNS_OUT_ON, date, look, None)
}

/// The version of now, which a change is based on.
fn version(remote: Remote<Secrets>) -> i64 {
    remote.value().map_or(0, |it| it.version)
}

fn next_form(provider: Provider, secret: RwSignal<String>, remote: Remote<Secrets>) -> El {
    let wish = move || NextSecretForm {
        client_secret: secret.get(),
        expires_on: String::new(),
    };
    let form = Form::new(move || {
        wish()
            .validate()
            .map_or_else(|it| problems::faults(&it), |_| Vec::new())
    });
    let answered = answered(form, remote, keys::SECRET_NEXT_SAVED);
    let send = act(move || {
        if form.begin() {
            let (wish, version) = untrack(|| (wish(), version(remote)));
            later(async move {
                let answer = server::keep_next_secret(provider, version, &wish).await;
                if answer.is_ok() {
                    // It passed once, and is not kept here.
                    secret.try_set(String::new());
                }
                answered(answer);
            });
        }
    });
    let look = Look {
        kind: Kind::Secret,
        ..Look::default()
    };
    let field = field(form, "client_secret", keys::SECRET_NEXT, secret, look, None);
    let actions = div("form-actions")
        .child(submit(keys::SECRET_NEXT_SAVE, form.busy.into()).weight(Weight::Plain));
    form.draw(
        send,
        vec![div("fields").child(field).done(), actions.done()],
    )
}

fn answered(
    form: Form,
    remote: Remote<Secrets>,
    done: Key,
) -> impl Fn(Result<Secrets, Trouble>) + Copy + Send + Sync {
    let toasts = use_toasts();
    move |answer| match answer {
        Ok(secrets) => {
            form.end();
            toasts.done(done);
            remote.put(secrets);
        }
        Err(trouble) => {
            if problems::is_stale(&trouble) {
                remote.again();
            }
            form.fail(problems::notice(&trouble), problems::refused(&trouble));
        }
    }
}

/// The next secret waits.
fn waiting(provider: Provider, next: &SecretInfo, remote: Remote<Secrets>) -> El {
    let remove = button(keys::SECRET_NEXT_REMOVE, removal(provider, remote)).picture("trash");
    div("stack")
        .child(group(vec![about(next).done()]))
        .child(p("muted").child(states::about(keys::SECRET_NEXT_WAITS, provider)))
        .child(div("actions").child(remove))
}

fn removal(provider: Provider, remote: Remote<Secrets>) -> Act {
    let (confirm, toasts) = (use_confirm(), use_toasts());
    let then = act(move || {
        later(async move {
            match server::drop_next_secret(provider).await {
                Ok(()) => toasts.done(keys::SECRET_NEXT_REMOVED),
                Err(trouble) => toasts.failed(problems::notice(&trouble).title),
            }
            remote.again();
        });
    });
    act(move || {
        confirm.ask(Question {
            title: keys::SECRET_NEXT_REMOVE_TITLE.into(),
            body: states::about(keys::SECRET_NEXT_REMOVE_MEANS, provider),
            action: keys::SECRET_NEXT_REMOVE.into(),
            weight: Weight::Danger,
            then: then.clone(),
        });
    })
}
