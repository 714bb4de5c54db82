//! `plan` and `apply`: what a file would change, and its changing, in one transaction and through
//! the guards of the API.

use api::{FieldError, connections::Missing, organization::OrganizationForm, webhook::WebhookForm};
use serde_json::json;

use super::{
    connection,
    document::{Document, Said},
    owned,
};
use crate::{
    App,
    audit::{Audit, Event},
    connections,
    db::{Lock, Tx, params},
    error::Error,
    organization, webhook,
};

/// One difference between a file and what is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    /// Such as `okta.client_id`.
    pub(crate) field: String,
    /// As people read it; a secret as its last four characters.
    pub(crate) before: String,
    pub(crate) after: String,
}

impl Change {
    pub(super) fn new(field: impl Into<String>, before: &str, after: &str) -> Self {
        Self {
            field: field.into(),
            before: before.to_owned(),
            after: after.to_owned(),
        }
    }
}

/// Everything that one run has at hand.
pub(super) struct Run<'a> {
    pub(super) app: &'a App,
    pub(super) audit: &'a Audit,
    pub(super) file: &'a str,
    pub(super) changes: Vec<Change>,
}

impl Run<'_> {
    /// A refusal, with the line that it is about.
    pub(super) fn at(&self, line: usize, field: &str, why: &str) -> Error {
        Error::Internal(format!("{}, line {line}: {field}: {why}", self.file))
    }

    /// What a form or a guard refused, with its line.
    pub(super) fn refused(&self, line: usize, field: &str, error: Error) -> Error {
        match error {
            Error::Invalid(errors) => {
                let faults: Vec<String> = errors.iter().map(words).collect();
                self.at(line, field, &faults.join("; "))
            }
            Error::Refused(code) => self.at(line, field, crate::error::title(code)),
            Error::LockoutRisk(missing) => {
                let missing: Vec<&str> = missing.into_iter().map(lacks).collect();
                let why = format!("it could lock administrators out: {}", missing.join("; "));
                self.at(line, field, &why)
            }
            other => other,
        }
    }
}

/// A field's fault, in the words of the console.
pub(super) fn words(error: &FieldError) -> String {
    let key = locales::field_fault(error.fault);
    locales::text(locales::Language::English, key).to_owned()
}

/// What is missing, and where it is done.
fn lacks(missing: Missing) -> &'static str {
    match missing {
        Missing::Verification => "these settings aren’t verified; click Connect Now in the console",
        Missing::OktaAdministrator => {
            "no active administrator has come through it: assign one, and press Connect now"
        }
        Missing::BreakGlass => {
            "the way back in was not tried: sso-console break-glass issue, and sign in with its code"
        }
    }
}

/// Changes what the file says, and tells what that was. Fails with a sentence that names the line,
/// and then nothing is changed. A plan does the same in a transaction that is not kept, and so
/// knows every refusal.
pub(crate) fn run(
    tx: &mut Tx<'_>,
    app: &App,
    audit: &Audit,
    document: &Document,
) -> Result<Vec<Change>, Error> {
    tx.lock(Lock::File)?;
    tx.lock(Lock::Organization)?;
    tx.lock(Lock::Webhook)?;
    tx.lock(Lock::Connections)?;
    tx.lock(Lock::Administrators)?;
    let mut run = Run {
        app,
        audit,
        file: &document.file,
        changes: Vec::new(),
    };
    if let Some(name) = &document.organization_name {
        rename(tx, &mut run, name)?;
    }
    if let Some(url) = &document.webhook_url {
        hook(tx, &mut run, url)?;
    }
    for wanted in &document.connections {
        connection::settle(tx, &mut run, wanted)?;
        if let Some(on) = &wanted.on {
            turn(tx, &mut run, wanted.provider, on)?;
        }
    }
    own(tx, &mut run, document)?;
    if !run.changes.is_empty() {
        let fields: Vec<&str> = run.changes.iter().map(|it| it.field.as_str()).collect();
        let detail = json!({ "file": document.file, "changed": fields });
        audit.record(tx, Event::FileApplied, None, &detail)?;
    }
    Ok(run.changes)
}

fn rename(tx: &mut Tx<'_>, run: &mut Run<'_>, name: &Said<String>) -> Result<(), Error> {
    let field = "organization.name";
    let form = OrganizationForm {
        name: name.value.clone(),
    };
    let new = form
        .validate()
        .map_err(|errors| run.refused(name.line, field, Error::Invalid(errors)))?;
    let before = organization::name(tx)?;
    if before == new {
        return Ok(());
    }
    run.changes.push(Change::new(field, &before, &new));
    organization::set_name(tx, run.audit, &before, &new)
}

fn hook(tx: &mut Tx<'_>, run: &mut Run<'_>, url: &Said<String>) -> Result<(), Error> {
    let field = "webhook.url";
    let form = WebhookForm {
        url: url.value.clone(),
    };
    let new = form
        .validate(run.app.settings.loopback)
        .map_err(|errors| run.refused(url.line, field, Error::Invalid(errors)))?;
    let before = webhook::address(tx)?;
    if before == new {
        return Ok(());
    }
    let shown = |url: &Option<String>| url.clone().unwrap_or_default();
    let change = Change::new(field, &shown(&before), &shown(&new));
    run.changes.push(change);
    // The signing secret is not printed here: the console makes a new one and shows that.
    webhook::set(tx, &run.app.sealing, run.audit, new.as_deref()).map(drop)
}

/// On or off, through the guard of the console's switch.
fn turn(
    tx: &mut Tx<'_>,
    run: &mut Run<'_>,
    provider: api::Provider,
    on: &Said<bool>,
) -> Result<(), Error> {
    let is_on = connections::find(tx, provider)?.state.is_on();
    if is_on == on.value {
        return Ok(());
    }
    let field = format!("{}.state", provider.code());
    let word = |on: bool| if on { "on" } else { "off" };
    run.changes
        .push(Change::new(field.clone(), word(is_on), word(on.value)));
    connections::turn(tx, run.audit, provider, on.value)
        .map_err(|error| run.refused(on.line, &field, error))
}

/// Which fields are the file's from now on.
fn own(tx: &mut Tx<'_>, run: &mut Run<'_>, document: &Document) -> Result<(), Error> {
    let before = owned(tx)?.managed_by.unwrap_or_default();
    let fields = document.fields();
    let renamed = !before.fields.is_empty() && before.file != document.file;
    for field in &fields {
        if !before.fields.contains(field) {
            run.changes.push(Change::new(
                format!("{field} (owner)"),
                "everybody",
                &document.file,
            ));
        } else if renamed {
            run.changes.push(Change::new(
                format!("{field} (owner)"),
                &before.file,
                &document.file,
            ));
        }
    }
    for field in before.fields.iter().filter(|it| !fields.contains(it)) {
        run.changes.push(Change::new(
            format!("{field} (owner)"),
            &before.file,
            "everybody",
        ));
    }
    if run.changes.is_empty() {
        return Ok(());
    }
    tx.run("delete from managed_fields", &[])?;
    for field in &fields {
        tx.run(
            "insert into managed_fields (field, file, applied_at) values ($1, $2, $3)",
            params![field, &document.file, run.audit.now],
        )?;
    }
    Ok(())
}

/// Gives up what a file owns; how many fields.
pub(crate) fn release(tx: &mut Tx<'_>, audit: &Audit) -> Result<usize, Error> {
    tx.lock(Lock::File)?;
    let Some(by) = owned(tx)?.managed_by else {
        return Ok(0);
    };
    tx.run("delete from managed_fields", &[])?;
    let detail = json!({ "file": by.file, "fields": by.fields });
    audit.record(tx, Event::FileReleased, None, &detail)?;
    Ok(by.fields.len())
}
