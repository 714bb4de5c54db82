//! What a file says of a connection, beside what is saved.

use api::{
    ConnectionForm,
    connections::{MatchBy, Settings},
};

use super::{
    apply::{Change, Run, words},
    document::Connection,
};
use crate::{
    connections::{self, Stored},
    db::Tx,
    error::Error,
};

/// Brings the saved settings to what the file says. Settings become a draft, as through the
/// console: they are in force after a round trip. A secret that alone is new on a connection that
/// is in force becomes its next secret, so that nobody's sign-in fails.
pub(super) fn settle(tx: &mut Tx<'_>, run: &mut Run<'_>, wanted: &Connection) -> Result<(), Error> {
    let provider = wanted.provider;
    let stored = connections::stored(tx, run.app, provider)?;
    let new_secret = wanted.secret.as_ref().filter(|secret| {
        let has = |stored: &Stored| {
            stored
                .secrets
                .iter()
                .any(|it| it.expose() == secret.value.expose())
        };
        !stored.as_ref().is_some_and(has)
    });
    let before = stored.as_ref().map(|it| &it.settings);
    let mut form = form(wanted, stored.as_ref());
    form.client_secret = new_secret.map(|it| it.value.expose().to_owned());
    let moved = form.validate(provider, run.app.settings.loopback, before);
    // The file's secret goes along to another issuer: it is the file that says where it belongs.
    if let (Err(errors), Some(secret)) = (&moved, &wanted.secret)
        && errors
            .iter()
            .any(|it| it.fault == api::FieldFault::SecretAgain)
    {
        form.client_secret = Some(secret.value.expose().to_owned());
    }
    if stored.is_none() && wanted.fields.is_empty() && wanted.secret.is_none() {
        // Only its state is named, and there is nothing to switch.
        return Ok(());
    }
    let valid = form
        .validate(provider, run.app.settings.loopback, before)
        .map_err(|errors| {
            let all: Vec<String> = errors
                .iter()
                .map(|error| {
                    let line = line_of(wanted, &error.field);
                    let field = format!("{}.{}", provider.code(), error.field);
                    format!("{}, line {line}: {field}: {}", run.file, words(error))
                })
                .collect();
            Error::Internal(all.join("\n"))
        })?;
    let after = connections::understood(run.app, provider, &valid);
    let count = run.changes.len();
    compare(run, wanted, before, &after);
    let settings_change = run.changes.len() > count;
    let date = wanted.fields.get("client_secret_expires_on");
    if let Some(secret) = new_secret {
        let before = stored
            .as_ref()
            .map_or(String::new(), |it| ends_in(&it.last_four));
        let after = ends_in(&connections::last_four(secret.value.expose()));
        let field = format!("{}.client_secret", provider.code());
        run.changes.push(Change::new(field, &before, &after));
    }
    let kept = stored.as_ref().and_then(|it| it.expires_on.clone());
    let date_changes = date.is_some_and(|date| {
        kept.as_deref().unwrap_or_default() != date.value.trim() || new_secret.is_some()
    });
    if let (true, Some(date), None) = (date_changes, date, new_secret) {
        let field = format!("{}.client_secret_expires_on", provider.code());
        let change = Change::new(
            field,
            kept.as_deref().unwrap_or_default(),
            date.value.trim(),
        );
        run.changes.push(change);
    }
    let done = match (&stored, new_secret) {
        (Some(stored), Some(secret)) if stored.takes_next && !settings_change => {
            let date = date
                .map(|it| it.value.trim().to_owned())
                .filter(|it| !it.is_empty());
            connections::set_next(
                tx,
                run.app,
                run.audit,
                provider,
                secret.value.expose(),
                date,
            )
        }
        _ if settings_change || new_secret.is_some() || form.client_secret.is_some() => {
            connections::save_draft(tx, run.app, run.audit, provider, &form)
        }
        _ if date_changes => {
            let date = date.map(|it| it.value.trim()).filter(|it| !it.is_empty());
            connections::set_date(tx, run.app, run.audit, provider, date)
        }
        _ => return Ok(()),
    };
    done.map_err(|error| run.refused(wanted.line, provider.code(), error))
}

/// The form as the console would send it: what is saved, under what the file says.
fn form(wanted: &Connection, stored: Option<&Stored>) -> ConnectionForm {
    let said = |name: &str| wanted.fields.get(name).map(|it| it.value.clone());
    let settings = stored.map(|it| &it.settings);
    let either = |name: &str, kept: fn(&Settings) -> Option<String>| {
        said(name).or_else(|| settings.and_then(kept))
    };
    ConnectionForm {
        issuer: either("issuer", |it| Some(it.issuer.clone())).unwrap_or_default(),
        client_id: either("client_id", |it| Some(it.client_id.clone())).unwrap_or_default(),
        client_secret: None,
        client_secret_expires_on: said("client_secret_expires_on"),
        native_client_id: either("native_client_id", |it| it.native_client_id.clone()),
        native_redirect_uri: either("native_redirect_uri", |it| it.native_redirect_uri.clone()),
        audience: either("audience", |it| it.audience.clone()),
        hosted_domain: either("hosted_domain", |it| it.hosted_domain.clone()),
        tenant: either("tenant", |it| it.tenant.clone()),
        match_by: said("match_by").as_deref().and_then(MatchBy::from_code),
        allow_unverified_email: said("allow_unverified_email").map(|it| it == "true"),
    }
}

fn compare(run: &mut Run<'_>, wanted: &Connection, before: Option<&Settings>, after: &Settings) {
    type Read = fn(&Settings) -> Option<&str>;
    let all: [(&str, Read); 9] = [
        ("issuer", |it| Some(&it.issuer)),
        ("client_id", |it| Some(&it.client_id)),
        ("native_client_id", |it| it.native_client_id.as_deref()),
        ("native_redirect_uri", |it| {
            it.native_redirect_uri.as_deref()
        }),
        ("audience", |it| it.audience.as_deref()),
        ("hosted_domain", |it| it.hosted_domain.as_deref()),
        ("tenant", |it| it.tenant.as_deref()),
        ("match_by", |it| Some(it.match_by.code())),
        ("allow_unverified_email", |it| {
            Some(if it.allow_unverified_email {
                "true"
            } else {
                "false"
            })
        }),
    ];
    for (name, read) in all {
        let (was, is) = (before.and_then(read), read(after));
        if was != is && wanted.fields.contains_key(name) {
            let field = format!("{}.{name}", wanted.provider.code());
            let change = Change::new(field, was.unwrap_or_default(), is.unwrap_or_default());
            run.changes.push(change);
        }
    }
}

fn line_of(wanted: &Connection, field: &str) -> usize {
    let secret = wanted.secret.as_ref().filter(|_| field == "client_secret");
    let said = wanted.fields.get(field).map(|it| it.line);
    said.or(secret.map(|it| it.line)).unwrap_or(wanted.line)
}

fn ends_in(last_four: &str) -> String {
    if last_four.is_empty() {
        "a secret".to_owned()
    } else {
        format!("a secret that ends in {last_four}")
    }
}
