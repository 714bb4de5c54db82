//! An import: what each row would do, then all of them or none. One can leave, and come back to its address.

use std::{sync::Arc, time::Duration};

use api::{
    Role,
    audit::AuditChange,
    users::{ChangedRow, Import, ImportState, InvalidRow, RowFault},
};
use leptos::prelude::*;
use locales::{Key, field_fault, keys};

use crate::{
    api as server,
    navigation::use_place,
    pages::{overview::figure, states::role_name},
    paths, problems,
    ui::{
        badge::Tone,
        button::{Weight, button, link_button},
        el::{El, Inside, View, div, el, group, link, live, p, span},
        format::number,
        icon::icon,
        load::{Remote, bones},
        notice::{Notice, notice},
        page::{page, section},
        table::{Column, row, table},
        task::{Only, act, later, watch},
        toast::use_toasts,
    },
    words::{Text, counted},
};

/// In the address of an import whose file has no logins.
pub(super) const NO_LOGIN: &str = "none";
/// How often it is looked at.
const LOOK: Duration = Duration::from_millis(700);

const BAD: [Column; 2] = [
    Column::new(keys::IMPORT_LINE),
    Column::kind(keys::SIGN_INS_WHY, "value"),
];

const CHANGED: [Column; 4] = [
    Column::new(keys::USERS_NAME),
    Column::kind(keys::AUDIT_FIELD, "value"),
    Column::kind(keys::AUDIT_BEFORE, "value"),
    Column::kind(keys::AUDIT_AFTER, "value"),
];

#[must_use]
pub fn import(id: String) -> View {
    let asked = id.clone();
    let remote = Remote::new(move || problems::asked(server::import(&asked)));
    // After each answer, and after one that did not come: that says nothing of the import.
    watch(move || {
        let is_moving = remote
            .value()
            .is_some_and(|it| matches!(it.state, ImportState::Checking | ImportState::Running));
        if !remote.is_busy() && is_moving {
            set_timeout(move || remote.again(), LOOK);
        }
    });
    // Rows that were taken and are fewer now are being taken back.
    let before = StoredValue::new((0, false));
    // What is said stays in its place, so that it is read out when it changes, and not each time it is drawn.
    let words = Only::new(move || {
        let now = remote.value()?;
        let (done, was_back) = before.get_value();
        let is_back = now.state == ImportState::Running && (was_back || now.done < done);
        let is_running = now.state == ImportState::Running;
        before.set_value((if is_running { now.done } else { 0 }, is_back));
        Some(if is_back {
            keys::IMPORT_UNDOING
        } else {
            said(now.state)
        })
    });
    let said = p("import-state strong")
        .attr("role", "status")
        .child(live(move || words.get()));
    let place = use_place();
    let has_login = untrack(|| place.query("login")) != NO_LOGIN;
    let body = remote.draw(
        || bones("cards", 4),
        move |it| content(&it, remote, has_login),
    );
    page(super::head(), group(vec![said.done(), body]))
}

fn said(state: ImportState) -> Key {
    match state {
        ImportState::Checking => keys::IMPORT_CHECKING,
        ImportState::Checked => keys::IMPORT_CHECKED,
        ImportState::Running => keys::IMPORT_RUNNING,
        ImportState::Done => keys::IMPORT_DONE,
        ImportState::Failed => keys::IMPORT_FAILED,
    }
}

fn content(import: &Arc<Import>, remote: Remote<Import>, has_login: bool) -> View {
    let other = || {
        link_button(
            paths::new_import(),
            keys::IMPORT_OTHER_FILE,
            Weight::Plain,
            "",
        )
        .done()
    };
    match import.state {
        ImportState::Checking | ImportState::Running => progress(import).done(),
        ImportState::Failed => group(vec![why(import).inside(), other()]),
        ImportState::Checked => group(vec![
            figures(import, has_login).done(),
            div("page-actions")
                .child(apply(import, remote))
                .child(other())
                .done(),
            changed(import).inside(),
            bad(import).inside(),
        ]),
        ImportState::Done => group(vec![
            figures(import, has_login).done(),
            div("page-actions")
                .child(link_button(
                    paths::users(),
                    keys::STEPS_ARRIVE_ACTION,
                    Weight::Primary,
                    "",
                ))
                .child(other())
                .done(),
            changed(import).inside(),
            bad(import).inside(),
        ]),
    }
}

fn progress(import: &Import) -> El {
    let (done, total) = (import.done, import.rows);
    let of = live(move || {
        let (done, total) = (number(done), number(total));
        Text::with(keys::PEOPLE_PROGRESS, &[("done", &done), ("total", &total)])
    });
    div("panel panel-body stack")
        .child(
            el("progress")
                .says("aria-label", keys::PEOPLE_WORKING)
                .attr("max", total.max(1).to_string())
                .attr("value", done.to_string()),
        )
        .child(p("tabular").child(of))
        .child(p("muted small").child(keys::IMPORT_LEAVE))
}

fn figures(import: &Arc<Import>, has_login: bool) -> El {
    let import = Arc::clone(import);
    let is_done = import.state == ImportState::Done;
    let create = match (is_done, has_login) {
        (false, true) => keys::IMPORT_CREATE_MEANS,
        (false, false) => keys::IMPORT_CREATE_NO_LOGIN,
        (true, true) => keys::IMPORT_CREATED_MEANS,
        (true, false) => keys::IMPORT_CREATED_NO_LOGIN,
    };
    let (change, bad) = if is_done {
        (keys::IMPORT_CHANGED_MEANS, keys::IMPORT_BAD_DONE_MEANS)
    } else {
        (keys::IMPORT_CHANGE_MEANS, keys::IMPORT_BAD_MEANS)
    };
    div("figures").child(live(move || {
        [
            (keys::IMPORT_CREATE, import.create, create),
            (keys::IMPORT_CHANGE, import.change, change),
            (keys::IMPORT_SKIP, import.skip, keys::IMPORT_SKIP_MEANS),
            (keys::IMPORT_BAD, import.invalid, bad),
        ]
        .map(|(label, n, means)| figure(label, number(n), means.into(), None))
        .into_iter()
        .collect::<Vec<El>>()
    }))
}

fn apply(import: &Import, remote: Remote<Import>) -> View {
    let n = import.create + import.change;
    if n == 0 {
        let none = Notice::info(Tone::Neutral, "info", keys::IMPORT_NOTHING);
        return notice(none, None).done();
    }
    let (toasts, busy, id) = (use_toasts(), RwSignal::new(false), import.id.clone());
    let take = act(move || {
        busy.set(true);
        let id = id.clone();
        later(async move {
            match server::apply_import(&id).await {
                Ok(import) => remote.put(import),
                Err(trouble) => {
                    toasts.failed(problems::notice(&trouble).title);
                    remote.again();
                }
            }
            busy.try_set(false);
        });
    });
    live(move || {
        let label = counted(keys::IMPORT_APPLY_ONE, keys::IMPORT_APPLY_MANY, n);
        button(label, take.clone())
            .weight(Weight::Primary)
            .busy(busy)
    })
}

/// That these are not all.
fn first(n: usize, all: u64) -> Option<El> {
    let n = n as u64;
    let said = live(move || {
        let (n, all) = (number(n), number(all));
        Text::with(keys::IMPORT_FIRST, &[("n", &n), ("all", &all)])
    });
    (all > n).then(|| p("panel-body muted small").child(said))
}

/// Which line it was, and who stays as they are.
fn why(import: &Import) -> Option<El> {
    let (line, stayed) = (import.refused_line, import.stayed);
    let said = live(move || {
        let line = line.map(|it| Text::with(keys::IMPORT_REFUSED_LINE, &[("n", &number(it))]));
        let stayed = (stayed > 0)
            .then(|| counted(keys::IMPORT_STAYED_ONE, keys::IMPORT_STAYED_MANY, stayed).into());
        [line, stayed]
            .into_iter()
            .flatten()
            .map(|it| p("").child(it))
            .collect::<Vec<El>>()
    });
    (line.is_some() || stayed > 0).then(|| div("panel panel-body stack").child(said))
}

/// The rows that change somebody, field by field.
fn changed(import: &Import) -> Option<El> {
    if import.changed_rows.is_empty() {
        return None;
    }
    let rows: Vec<El> = import.changed_rows.iter().flat_map(changed_row).collect();
    let body = group(vec![
        table(keys::IMPORT_CHANGED_TITLE, &CHANGED, rows).done(),
        first(import.changed_rows.len(), import.change).inside(),
    ]);
    Some(section(keys::IMPORT_CHANGED_TITLE, None, body))
}

fn changed_row(row: &ChangedRow) -> impl Iterator<Item = El> {
    row.changes.iter().map(|it| changed_field(row, it))
}

fn changed_field(of: &ChangedRow, change: &AuditChange) -> El {
    let label = super::COLUMNS
        .into_iter()
        .find(|(name, _)| *name == change.field);
    let side = |side: &Option<String>| match side.as_deref() {
        None => span("muted").child("–").done(),
        Some(value) => match Role::from_code(value).filter(|_| change.field == "role") {
            Some(role) => role_name(role).inside(),
            None => span("breakable").child(value.to_owned()).done(),
        },
    };
    row(
        &CHANGED,
        vec![
            group(vec![
                link(paths::user(&of.id)).child(of.name.clone()).done(),
                " ".inside(),
                span("muted small").child(line_of(of.line)).done(),
            ]),
            label.map(|(_, label)| label).inside(),
            side(&change.before),
            side(&change.after),
        ],
    )
}

/// The rows that cannot be taken, and the file of them.
fn bad(import: &Import) -> Option<El> {
    if import.invalid == 0 {
        return None;
    }
    let rows: Vec<El> = import.invalid_rows.iter().map(bad_row).collect();
    let first = first(rows.len(), import.invalid);
    let file = link(api::paths::import_invalid_rows(&import.id))
        .class("button")
        .attr("data-weight", "plain")
        .attr("download", "")
        .child(icon("down"))
        .child(el("span").child(keys::IMPORT_BAD_FILE));
    let body = group(vec![
        p("panel-body muted").child(keys::IMPORT_BAD_FIX).done(),
        table(keys::IMPORT_BAD_TITLE, &BAD, rows).done(),
        first.inside(),
    ]);
    Some(section(keys::IMPORT_BAD_TITLE, Some(file), body))
}

fn line_of(line: u64) -> View {
    live(move || Text::with(keys::IMPORT_LINE_N, &[("n", &number(line))]))
}

fn bad_row(bad: &InvalidRow) -> El {
    let why = match bad.why {
        RowFault::Field => None,
        RowFault::Twice => Some(keys::IMPORT_ROW_TWICE),
        RowFault::Cells => Some(keys::IMPORT_ROW_CELLS),
        RowFault::Quote => Some(keys::IMPORT_ROW_QUOTE),
        RowFault::Role => Some(keys::IMPORT_ROW_ROLE),
        RowFault::LastAdministrator => Some(keys::IMPORT_ROW_LAST_ADMINISTRATOR),
    };
    let of = bad.field.as_deref().unwrap_or_default();
    let field = super::COLUMNS.into_iter().find(|(name, _)| *name == of);
    let mut said: Vec<View> = vec![why.inside()];
    if let Some((_, label)) = field {
        said.push(el("strong").child(label).done());
        said.push(" · ".inside());
    }
    said.push(bad.fault.map(field_fault).inside());
    // One value: where rows are cards it stands beside its label.
    let said = el("span").child(said);
    row(&BAD, vec![line_of(bad.line), said.done()])
}
