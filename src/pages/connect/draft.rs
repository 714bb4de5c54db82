//! What the connect form holds, next to what the server has.

use api::{
    Connection, ConnectionForm, IssuerInput, Loopback, Provider,
    connections::{MatchBy, SecretInfo},
    issuer,
};
use leptos::prelude::*;

use crate::{
    api::{self as server, Trouble},
    navigation::unsaved,
    pages::files::{self, Ownership},
    problems,
    ui::form::Form,
};

/// The fields, and the connection as it was last saved.
#[derive(Clone, Copy)]
pub(super) struct Draft {
    stored: RwSignal<Connection>,
    pub(super) issuer: RwSignal<String>,
    pub(super) client_id: RwSignal<String>,
    pub(super) client_secret: RwSignal<String>,
    pub(super) native_client_id: RwSignal<String>,
    pub(super) native_redirect_uri: RwSignal<String>,
    pub(super) audience: RwSignal<String>,
    pub(super) hosted_domain: RwSignal<String>,
    pub(super) tenant: RwSignal<String>,
    /// A [`MatchBy`] code.
    pub(super) match_by: RwSignal<String>,
    /// "true" or "false".
    pub(super) allow_unverified_email: RwSignal<String>,
    pub(super) ownership: Ownership,
}

impl Draft {
    #[must_use]
    pub(super) fn of(connection: &Connection) -> Self {
        let empty = || RwSignal::new(String::new());
        let draft = Self {
            stored: RwSignal::new(connection.clone()),
            issuer: empty(),
            client_id: empty(),
            client_secret: empty(),
            native_client_id: empty(),
            native_redirect_uri: empty(),
            audience: empty(),
            hosted_domain: empty(),
            tenant: empty(),
            match_by: RwSignal::new(MatchBy::default().code().to_owned()),
            allow_unverified_email: RwSignal::new(false.to_string()),
            ownership: files::ownership(),
        };
        draft.show(|field, now| field.set(now));
        draft
    }

    /// Puts what the server has into the fields. The secret it does not give back.
    fn show(self, put: fn(RwSignal<String>, String)) {
        let saved = self.stored.get_untracked().settings.map(|it| it.form());
        if let Some(form) = saved {
            let optional = |field, now: Option<String>| put(field, now.unwrap_or_default());
            put(self.issuer, form.issuer);
            put(self.client_id, form.client_id);
            optional(self.native_client_id, form.native_client_id);
            optional(self.native_redirect_uri, form.native_redirect_uri);
            optional(self.audience, form.audience);
            optional(self.hosted_domain, form.hosted_domain);
            optional(self.tenant, form.tenant);
            let match_by = form.match_by.unwrap_or_default();
            put(self.match_by, match_by.code().to_owned());
            let allowed = form.allow_unverified_email.unwrap_or_default();
            put(self.allow_unverified_email, allowed.to_string());
        }
        put(self.client_secret, String::new());
    }

    /// The connection as it was last saved; tracked.
    pub(super) fn with<T>(self, read: impl FnOnce(&Connection) -> T) -> T {
        self.stored.with(read)
    }

    /// Takes what was saved elsewhere on the page; what is typed stays. Whether the page is still there.
    pub(super) fn renew(self, now: Connection) -> bool {
        let is_here = self.stored.try_set(now).is_none();
        if is_here {
            self.show(|field, now| {
                unsaved::renew(field, now);
            });
        }
        is_here
    }

    #[must_use]
    pub(super) fn provider(self) -> Provider {
        self.stored.with_untracked(|it| it.provider)
    }

    /// None once the page is gone.
    #[must_use]
    pub(super) fn version(self) -> Option<i64> {
        self.stored.try_with_untracked(|it| it.version)
    }

    /// What may be known of the stored secret; tracked.
    #[must_use]
    pub(super) fn secret(self) -> Option<SecretInfo> {
        self.stored.with(|it| it.secret.clone())
    }

    /// As the server takes it; tracked.
    fn form(self) -> ConnectionForm {
        let optional =
            |field: RwSignal<String>| Some(field.get()).filter(|it| !it.trim().is_empty());
        ConnectionForm {
            issuer: self.issuer.get(),
            client_id: self.client_id.get(),
            client_secret: optional(self.client_secret),
            client_secret_expires_on: None,
            native_client_id: optional(self.native_client_id),
            native_redirect_uri: optional(self.native_redirect_uri),
            audience: optional(self.audience),
            hosted_domain: optional(self.hosted_domain),
            tenant: optional(self.tenant),
            match_by: self.match_by.with(|code| MatchBy::from_code(code)),
            allow_unverified_email: Some(self.allow_unverified_email.with(|it| it == "true")),
        }
    }

    /// The form's state, checked by the rules that the server has.
    #[must_use]
    pub(super) fn checked(self) -> Form {
        let loopback = loopback();
        Form::new(move || {
            let form = self.form();
            self.stored.with(|stored| {
                form.validate(stored.provider, loopback, stored.settings.as_ref())
                    .map_or_else(|it| problems::faults(&it), |_| Vec::new())
            })
        })
        .locked(move |field| {
            let name = format!("{}.{field}", self.provider().code());
            files::owner(self.ownership, &name).is_some()
        })
    }

    /// Which issuer the field means, while it means one; tracked.
    pub(super) fn understood(self) -> Option<IssuerInput> {
        self.issuer
            .with(|it| IssuerInput::parse(it, loopback()))
            .ok()
    }

    /// Whether the server has all of this already.
    #[must_use]
    pub(super) fn is_saved(self) -> bool {
        let form = untrack(|| self.form());
        self.stored.with_untracked(|stored| {
            let settings = stored.settings.as_ref();
            settings.is_some_and(|it| it.form() == form)
        })
    }

    /// Saves the draft; the fields then show what the server made of it.
    pub(super) async fn save(self) -> Result<(), Trouble> {
        let form = untrack(|| self.form());
        let version = self.version().unwrap_or_default();
        let saved = server::save_connection(self.provider(), version, &form).await?;
        // The page may be gone by now.
        if self.stored.try_set(saved).is_none() {
            self.show(|field, now| field.set(now));
        }
        Ok(())
    }
}

/// An issuer on this machine makes sense only where the console itself is on it; the server decides.
fn loopback() -> Loopback {
    let host = window().location().hostname().unwrap_or_default();
    if issuer::is_loopback(&host) {
        Loopback::Allowed
    } else {
        Loopback::Refused
    }
}
