//! People from a file: which file, and which of its columns is what. Nothing changes yet.

mod found;
mod heads;
pub mod job;

use std::sync::Arc;

use api::{
    FieldFault, ProblemCode,
    users::{FILE_MAX, ImportColumns},
};
use leptos::prelude::*;
use locales::{Key, field_fault, keys};
use web_sys::File;

use crate::{
    api as server,
    api::Trouble,
    navigation::{Step, use_place},
    paths, problems,
    ui::{
        button::{Weight, link_button, submit},
        el::{El, View, div, el, group, live, p, span},
        field::{fault, select},
        file::{called, file_field, is_as_chosen},
        form::{Fault, Form},
        format::number,
        page::{Crumb, Head, page},
        task::{act, later, watch, while_here},
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

    /// The places of the heads that can be chosen: of two with one name the server takes the first, and none without.
    fn choices(heads: &[String]) -> Vec<(String, Text)> {
        let is_found = |(at, head): &(usize, &String)| {
            let columns = ImportColumns {
                name: Some((*head).clone()),
                ..ImportColumns::default()
            };
            columns.places(heads)[0] == Some(*at)
        };
        let found = heads.iter().enumerate().filter(is_found);
        found
            .map(|(at, head)| (at.to_string(), Text::from(head.as_str())))
            .collect()
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
        let file = |fault| vec![("file".to_owned(), fault)];
        if self.name.with(String::is_empty) {
            return file(keys::IMPORT_FILE_MISSING);
        }
        let size = self
            .file
            .with_value(|it| it.as_ref().map_or(0.0, |it| it.size()));
        #[expect(clippy::cast_precision_loss, reason = "32 MiB are none")]
        let most = FILE_MAX as f64;
        if size > most {
            return file(keys::IMPORT_FILE_LARGE);
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
    let form = Form::new(move || chosen.faults()).only_asks();
    let turn = RwSignal::new(0_u32);
    let send = act(move || {
        if !form.begin() {
            return;
        }
        turn.update(|it| *it += 1);
    });
    // While somebody is here: whoever leaves gives the file up.
    watch(move || {
        turn.track();
        let Some(file) = chosen.file.get_value() else {
            return;
        };
        let columns = untrack(|| chosen.columns());
        while_here(async move {
            match server::begin_import(&file, &columns).await {
                Ok(import) => {
                    form.end();
                    // The next page does not know the file, and says of whom it makes users that cannot sign in.
                    let has_login = columns.okta_login.is_some_and(|it| !it.is_empty());
                    let mut to = paths::import(&import.id);
                    if !has_login {
                        to = paths::with(to, &[("login", job::NO_LOGIN.to_owned())]);
                    }
                    place.go(&to, Step::Push);
                }
                Err(trouble) => {
                    let faults = refused(&trouble, &file).await;
                    form.fail(problems::notice(&trouble), faults);
                }
            }
        });
    });
    let take = Arc::new(move |file: File| {
        for field in ["file", "columns", "name", "email", "okta_login", "role"] {
            form.edit(field);
        }
        later(async move {
            chosen.take(file).await;
            // What is wrong with the file itself is said before it is sent.
            form.leave("file");
        });
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
        .child(file_field(form, "file", ".csv,.txt,text/csv", said, take))
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
    let form = div("panel narrow").child(drawn);
    page(head(), group(vec![form.done(), found::found()]))
}

/// What it means that no column has the logins.
fn no_login(column: RwSignal<String>) -> El {
    p("hint").attr("role", "status").child(live(move || {
        column
            .with(String::is_empty)
            .then_some(keys::IMPORT_NO_LOGIN)
    }))
}

/// What is wrong with the file, in the words of a file.
async fn refused(trouble: &Trouble, file: &File) -> Vec<Fault> {
    let of_file = |fault| vec![("file".to_owned(), fault)];
    match trouble {
        Trouble::Offline if !is_as_chosen(file).await => of_file(keys::IMPORT_FILE_CHANGED),
        Trouble::Problem(it) if it.code == ProblemCode::TooLarge => {
            of_file(keys::IMPORT_FILE_LARGE)
        }
        Trouble::Offline | Trouble::Unreadable | Trouble::Problem(_) => {
            let mut faults = problems::refused(trouble);
            for (field, said) in &mut faults {
                let in_file = [
                    (FieldFault::Required, keys::IMPORT_FILE_EMPTY),
                    (FieldFault::Malformed, keys::IMPORT_FILE_TEXT),
                    (FieldFault::TooLong, keys::IMPORT_FILE_ROWS),
                ];
                let known = in_file
                    .into_iter()
                    .find(|(fault, _)| field == "file" && *said == field_fault(*fault));
                if let Some((_, words)) = known {
                    *said = words;
                }
            }
            faults
        }
    }
}

/// Which column is what; as soon as there are any.
fn mapping(form: Form, chosen: Chosen) -> Option<El> {
    let choices = Chosen::choices(&chosen.heads.get());
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
            let mut options = vec![(String::new(), Text::from(none))];
            options.extend(choices.iter().cloned());
            let select = select(form, name, label, options, column);
            let is_login = name == "okta_login";
            select.child(is_login.then(|| no_login(column)))
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
