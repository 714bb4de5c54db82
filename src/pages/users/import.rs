//! People from a file: which file, and which of its columns is what. Nothing changes yet.

mod heads;
pub mod job;

use std::sync::Arc;

use api::{FieldFault, users::ImportColumns};
use leptos::prelude::*;
use locales::{Key, field_fault, keys};
use web_sys::File;

use crate::{
    api as server,
    navigation::{Step, use_place},
    paths, problems,
    ui::{
        button::{Weight, link_button, submit},
        el::{El, View, div, el, group, live, p, span},
        field::{fault, select},
        file::{called, file_field},
        form::{Fault, Form},
        format::number,
        page::{Crumb, Head, page},
        task::{act, later},
    },
    words::Text,
};

/// What a row of the file has, and how it is called.
const COLUMNS: [(&str, Key); 4] = [
    ("name", keys::USERS_NAME),
    ("email", keys::USERS_EMAIL),
    ("okta_login", keys::USERS_OKTA_LOGIN),
    ("role", keys::USERS_ROLE),
];

/// The top of both pages.
fn head() -> Head {
    Head::new(keys::IMPORT_TITLE)
        .lede(keys::IMPORT_LEDE)
        .crumbs(vec![
            Crumb::to(keys::USERS_TITLE, paths::users()),
            Crumb::here(keys::IMPORT_TITLE),
        ])
}

/// The file, and the column of each field: its place among the heads, or empty.
#[derive(Clone, Copy)]
struct Chosen {
    file: StoredValue<Option<File>, LocalStorage>,
    name: RwSignal<String>,
    size: RwSignal<Text>,
    heads: RwSignal<Vec<String>>,
    columns: [RwSignal<String>; 4],
}

impl Chosen {
    fn none() -> Self {
        Self {
            file: StoredValue::new_local(None),
            name: RwSignal::new(String::new()),
            size: RwSignal::new(Text::from("")),
            heads: RwSignal::new(Vec::new()),
            columns: [(); 4].map(|()| RwSignal::new(String::new())),
        }
    }

    /// Takes a file, and guesses what its columns are.
    async fn take(self, file: File) {
        let heads = heads::heads(&file).await;
        let guesses = ImportColumns::default().places(&heads);
        for (column, guess) in self.columns.into_iter().zip(guesses) {
            column.try_set(guess.map(|it| it.to_string()).unwrap_or_default());
        }
        let (name, size) = called(&file, |n| {
            Text::with(keys::IMPORT_SIZE, &[("n", &number(n))])
        });
        self.file.try_set_value(Some(file));
        self.name.try_set(name);
        self.size.try_set(size);
        self.heads.try_set(heads);
    }

    /// The choice as the server takes it.
    fn columns(self) -> ImportColumns {
        let heads = self.heads.get_untracked();
        let head = |at: usize| {
            let place: Option<usize> = self.columns[at].get_untracked().parse().ok();
            Some(
                place
                    .and_then(|it| heads.get(it).cloned())
                    .unwrap_or_default(),
            )
        };
        ImportColumns {
            name: head(0),
            email: head(1),
            okta_login: head(2),
            role: head(3),
        }
    }

    /// Name and e-mail have to be somewhere; tracked.
    fn faults(self) -> Vec<Fault> {
        let required = field_fault(FieldFault::Required);
        if self.name.with(String::is_empty) {
            return vec![("file".to_owned(), required)];
        }
        (0..2)
            .filter(|at| self.columns[*at].with(String::is_empty))
            .map(|at| (COLUMNS[at].0.to_owned(), required))
            .collect()
    }
}

#[must_use]
pub fn new_import() -> View {
    let place = use_place();
    let chosen = Chosen::none();
    let form = Form::new(move || chosen.faults());
    let send = act(move || {
        if !form.begin() {
            return;
        }
        let Some(file) = chosen.file.get_value() else {
            return form.end();
        };
        let columns = chosen.columns();
        later(async move {
            match server::begin_import(&file, &columns).await {
                Ok(import) => place.go(&paths::import(&import.id), Step::Push),
                Err(trouble) => form.fail(problems::notice(&trouble), problems::refused(&trouble)),
            }
        });
    });
    let take = Arc::new(move |file: File| {
        for field in ["file", "columns", "name", "email", "okta_login", "role"] {
            form.edit(field);
        }
        later(chosen.take(file));
    });
    let said = live(move || {
        if chosen.name.with(String::is_empty) {
            return group(vec![
                span("strong").child(keys::IMPORT_DROP).done(),
                span("hint").child(keys::IMPORT_HINT).done(),
            ]);
        }
        group(vec![
            span("strong breakable").child(chosen.name.get()).done(),
            span("hint").child(chosen.size.get()).done(),
            span("hint").child(keys::IMPORT_OTHER).done(),
        ])
    });
    let fields = div("fields")
        .child(file_field("file", ".csv,.txt,text/csv", said, take))
        .child(fault(form, "file"))
        .child(fault(form, "columns"))
        .child(live(move || mapping(form, chosen)));
    let actions = div("form-actions")
        .child(link_button(
            paths::users(),
            keys::ACTION_CANCEL,
            Weight::Plain,
            "",
        ))
        .child(submit(keys::IMPORT_LOOK, form.busy.into()));
    let drawn = form.draw(send, vec![fields.done(), actions.done()]);
    page(head(), div("panel narrow").child(drawn))
}

/// Which column is what; as soon as there are any.
fn mapping(form: Form, chosen: Chosen) -> Option<El> {
    let heads = chosen.heads.get();
    if chosen.name.with(String::is_empty) {
        return None;
    }
    let columns: Vec<El> = COLUMNS
        .into_iter()
        .zip(chosen.columns)
        .enumerate()
        .map(|(at, ((name, label), column))| {
            let none = if at < 2 {
                keys::IMPORT_CHOOSE
            } else {
                keys::IMPORT_NO_COLUMN
            };
            let none = (String::new(), Text::from(none));
            let heads = heads.iter().enumerate();
            let heads = heads.map(|(at, head)| (at.to_string(), Text::from(head.as_str())));
            select(
                form,
                name,
                label,
                std::iter::once(none).chain(heads).collect(),
                column,
            )
        })
        .collect();
    Some(
        el("fieldset")
            .class("mapping")
            .child(el("legend").class("strong").child(keys::IMPORT_COLUMNS))
            .child(p("hint").child(keys::IMPORT_GUESSED))
            .child(div("mapping-columns").child(columns)),
    )
}
