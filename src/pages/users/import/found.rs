//! The files and bulk acts of the last days: whoever left one finds it again.

use api::users::{ImportState, Job};
use locales::keys;

use crate::{
    api as server,
    pages::users::bulk::job::named,
    paths, problems,
    ui::{
        el::{El, Inside, View, el, link},
        format::{number, when},
        load::{Remote, bones},
        page::section,
        table::{Column, row, table},
    },
};

const COLUMNS: [Column; 5] = [
    Column::new(keys::AUDIT_ACT),
    Column::new(keys::USERS_TITLE),
    Column::new(keys::USERS_STATUS),
    Column::new(keys::AUDIT_ACTOR),
    Column::kind(keys::AUDIT_WHEN, "time"),
];

pub(super) fn found() -> View {
    Remote::new(|| problems::asked(server::jobs())).draw(
        || bones("rows", 1),
        |it| {
            let rows: Vec<El> = it.jobs.iter().map(line).collect();
            let table = || table(keys::PEOPLE_HISTORY, &COLUMNS, rows);
            (!it.jobs.is_empty())
                .then(|| section(keys::PEOPLE_HISTORY, None, table()))
                .inside()
        },
    )
}

fn line(job: &Job) -> El {
    let (name, to) = match job.action.and_then(named) {
        Some((_, name, _)) => {
            let at = [("job", job.id.clone())];
            (name, paths::asking(&paths::users(), &at))
        }
        None => (keys::IMPORT_ACTION, paths::import(&job.id)),
    };
    let state = match job.state {
        ImportState::Checking | ImportState::Running => keys::PEOPLE_WORKING,
        ImportState::Checked => keys::IMPORT_WAITS,
        ImportState::Done => keys::STEPS_DONE,
        ImportState::Failed => keys::CHECKS_VERDICT_FAILED,
    };
    row(
        &COLUMNS,
        vec![
            link(to).child(name).done(),
            number(job.total).inside(),
            el("span").child(state).done(),
            el("span").child(job.by.clone()).done(),
            when(job.started_at).done(),
        ],
    )
}
