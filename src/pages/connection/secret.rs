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
    pages::{
        files::{self, Ownership},
        states,
    },
    problems,
    ui::{
        button::{Weight, button, submit},
        el::{El, Inside, View, div, el, group, live, p},
        field::{Kind, Look, field},
        form::Form,
        load::{Remote, bones},
        overlay::{Question, use_confirm},
        page::section,
        task::{Act, act, later},
        toast::use_toasts,
    },
    words::Text,
};

/// The panel. It asks for itself: what is known of secrets changes by itself too.
#[must_use]
pub fn panel(provider: Provider, ownership: Ownership) -> View {
    let remote = Remote::new(move || problems::asked(server::secrets(provider)));
    let body = remote.draw(
        || bones("form", 2),
        move |it| content(&it, provider, remote, ownership),
    );
    section(keys::SECRET_TITLE, None, body).done()
}

fn content(
    secrets: &Secrets,
    provider: Provider,
    remote: Remote<Secrets>,
    ownership: Ownership,
) -> View {
    let Some(current) = &secrets.current else {
        return ().inside();
    };
    let (version, runs_out_on) = (secrets.version, current.runs_out_on.clone());
    let date = locked(ownership, provider, "secret_runs_out_on", move || {
        date_form(provider, version, runs_out_on.clone(), remote)
    });
    let waits = secrets.next.clone();
    let next = locked(ownership, provider, "client_secret", move || match &waits {
        Some(next) => waiting(provider, next, remote),
        None => next_form(provider, version, remote),
    });
    div("panel-body stack")
        .child(el("h3").child(keys::SECRET_CURRENT))
        .child(about(current))
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
    let field = format!("{}.{field}", provider.code());
    live(move || match files::owner(ownership, &field) {
        Some(file) => files::owned_by(&file),
        None => draw(),
    })
}

/// "Ends in ab12, set 21 Nov 2026 by Ada", and its date.
fn about(secret: &SecretInfo) -> El {
    let date = match &secret.runs_out_on {
        Some(on) => Text::with(keys::SECRET_RUNS_OUT_SAID, &[("on", on)]),
        None => keys::SECRET_RUNS_OUT_NEVER.into(),
    };
    let info = secret.clone();
    div("stack")
        .child(el("p").child(live(move || secret_said(&info))))
        .child(p("muted").child(date))
}

fn date_form(
    provider: Provider,
    version: i64,
    runs_out_on: Option<String>,
    remote: Remote<Secrets>,
) -> El {
    let date = RwSignal::new(runs_out_on.unwrap_or_default());
    let wish = move || SecretForm {
        runs_out_on: date.get(),
    };
    let form = Form::new(move || {
        wish()
            .validate()
            .map_or_else(|it| problems::faults(&it), |_| Vec::new())
    });
    let answered = answered(form, remote, keys::SECRET_RUNS_OUT_SAVED);
    let send = act(move || {
        if form.begin() {
            let wish = untrack(wish);
            later(async move {
                answered(server::date_secret(provider, version, &wish).await);
            });
        }
    });
    let field = date_field(form, "runs_out_on", date);
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

fn next_form(provider: Provider, version: i64, remote: Remote<Secrets>) -> El {
    let secret = RwSignal::new(String::new());
    let wish = move || NextSecretForm {
        client_secret: secret.get(),
        runs_out_on: String::new(),
    };
    let form = Form::new(move || {
        wish()
            .validate()
            .map_or_else(|it| problems::faults(&it), |_| Vec::new())
    });
    let answered = answered(form, remote, keys::SECRET_NEXT_SAVED);
    let send = act(move || {
        if form.begin() {
            let wish = untrack(wish);
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
