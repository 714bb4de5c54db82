//! The frame of the admin pages: menu, heading, tabs, and the word that something was done.

use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};

use crate::http::{Call, Params};
use crate::page::form::readonly;
use crate::page::{document, esc};

/// The entries of the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    Overview,
    Applications,
    People,
    Api,
    Mistakes,
    ReadingRoom,
    Faults,
    Requests,
}

/// Where it leads, what it is called, and its address.
type Entry = (Section, &'static str, &'static str);

/// Heading of a group, and its entries. The first three groups are Okta's.
const MENU: [(&str, &[Entry]); 4] = [
    (
        "Applications",
        &[(Section::Applications, "Applications", "/practice/apps")],
    ),
    (
        "Directory",
        &[(Section::People, "People", "/practice/people")],
    ),
    (
        "Security",
        &[(Section::Api, "API", "/practice/authorization-servers")],
    ),
    (
        "Practice",
        &[
            (Section::Overview, "Overview", "/practice"),
            (Section::Mistakes, "Mistakes", "/practice/mistakes"),
            (
                Section::ReadingRoom,
                "Reading room",
                "/practice/reading-room",
            ),
            (Section::Faults, "Faults", "/practice/faults"),
            (Section::Requests, "Requests", "/practice/requests"),
        ],
    ),
];

pub(super) struct Frame<'a> {
    pub(super) section: Section,
    pub(super) title: &'a str,
    /// One line under the title.
    pub(super) about: &'a str,
    /// HTML beside the title.
    pub(super) actions: String,
    /// Name and address; the page's own address is the current one.
    pub(super) tabs: Vec<(&'a str, String)>,
    /// The address of the tab that is shown.
    pub(super) tab: String,
    /// HTML.
    pub(super) content: String,
    /// What is wrong with what was sent.
    pub(super) problem: bool,
}

impl<'a> Frame<'a> {
    pub(super) fn new(section: Section, title: &'a str, about: &'a str, content: String) -> Self {
        Self {
            section,
            title,
            about,
            actions: String::new(),
            tabs: Vec::new(),
            tab: String::new(),
            content,
            problem: false,
        }
    }

    pub(super) fn actions(mut self, html: String) -> Self {
        self.actions = html;
        self
    }

    pub(super) fn tabs(mut self, tabs: Vec<(&'a str, String)>, current: &str) -> Self {
        self.tabs = tabs;
        current.clone_into(&mut self.tab);
        self
    }

    pub(super) fn problem(mut self, problem: bool) -> Self {
        self.problem = problem;
        self
    }

    pub(super) fn show(self, call: &Call, query: &Params) -> Response {
        let organization = esc(&call.organization());
        let menu: String = MENU
            .iter()
            .map(|(group, entries)| menu_group(group, entries, self.section))
            .collect();
        let tabs = self.tab_bar();
        let notice = if self.problem {
            "<p class=\"notice\" data-tone=\"bad\" role=\"alert\">Nothing was saved. The fields below say what is wrong.</p>".to_owned()
        } else {
            query
                .get("done")
                .and_then(done)
                .map(|text| format!("<p class=\"notice\" role=\"status\">{text}</p>"))
                .unwrap_or_default()
        };
        let (title, about) = (esc(self.title), esc(self.about));
        let body = format!(
            "<a class=\"skip\" href=\"#main\">Skip to content</a><div class=\"shell\"><header class=\"side\"><a class=\"name\" href=\"/practice\"><span class=\"mark\" aria-hidden=\"true\"></span>\
             <span><strong>Practice Okta</strong> <span class=\"muted\">{organization}</span></span></a><nav aria-label=\"Menu\">{menu}</nav></header>\
             <main id=\"main\" tabindex=\"-1\"><div class=\"head\"><div><h1>{title}</h1><p class=\"muted\">{about}</p></div><div class=\"actions\">{actions}{account}</div></div>\
             {notice}{tabs}{content}</main></div>",
            actions = self.actions,
            account = account(&call.place.base),
            content = self.content,
        );
        let status = if self.problem {
            StatusCode::UNPROCESSABLE_ENTITY
        } else {
            StatusCode::OK
        };
        document(status, &format!("{title} · Practice Okta"), &body, "")
    }

    fn tab_bar(&self) -> String {
        if self.tabs.is_empty() {
            return String::new();
        }
        let links: String = self
            .tabs
            .iter()
            .map(|(name, href)| {
                format!(
                    "<li><a href=\"{href}\"{}>{name}</a></li>",
                    if *href == self.tab {
                        " aria-current=\"page\""
                    } else {
                        ""
                    }
                )
            })
            .collect();
        format!(
            "<nav class=\"tabs\" aria-label=\"{}\"><ul>{links}</ul></nav>",
            esc(self.title)
        )
    }
}

/// Okta's menu at the top right, which names the domain.
fn account(base: &str) -> String {
    let domain = base.split_once("://").map_or(base, |(_, rest)| rest);
    format!(
        "<details class=\"account\"><summary>Account menu</summary>{}</details>",
        readonly("Okta domain", "okta-domain", domain)
    )
}

fn menu_group(group: &str, entries: &[Entry], current: Section) -> String {
    let links: String = entries
        .iter()
        .map(|(section, name, href)| {
            format!(
                "<li><a href=\"{href}\"{}>{name}</a></li>",
                if *section == current {
                    " aria-current=\"page\""
                } else {
                    ""
                }
            )
        })
        .collect();
    format!("<p class=\"group\">{group}</p><ul>{links}</ul>")
}

/// What was done, by the word in the address: only these words can be shown.
fn done(word: &str) -> Option<&'static str> {
    let all = [
        ("created", "Created."),
        ("saved", "Saved."),
        ("removed", "Removed."),
        ("activated", "Activated."),
        ("deactivated", "Deactivated."),
        ("assigned", "Assigned."),
        ("unassigned", "Assignment removed."),
        ("rotated", "New keys sign from now on."),
        ("moved", "Clock moved."),
        ("played", "The mistake is made."),
        ("undone", "Taken back."),
        ("cleared", "Every fault is off."),
        ("forgotten", "The list is empty."),
    ];
    all.iter()
        .find(|(name, _)| *name == word)
        .map(|(_, text)| *text)
}

/// After a change: the page it changed, so that a reload does not send the form again.
pub(super) fn see(path: &str, done: &str) -> Response {
    (
        StatusCode::SEE_OTHER,
        [(LOCATION, format!("{path}?done={done}"))],
    )
        .into_response()
}

/// A table. `cells` are HTML; the first of a row is its heading.
pub(super) fn table(caption: &str, columns: &[&str], rows: &[Vec<String>], empty: &str) -> String {
    if rows.is_empty() {
        return format!("<p class=\"empty\">{}</p>", esc(empty));
    }
    let head: String = columns
        .iter()
        .map(|name| {
            format!(
                "<th scope=\"col\">{}</th>",
                if name.is_empty() {
                    "<span class=\"unseen\">Actions</span>"
                } else {
                    name
                }
            )
        })
        .collect();
    let body: String = rows
        .iter()
        .map(|cells| {
            let cells: String = cells
                .iter()
                .enumerate()
                .map(|(index, cell)| {
                    if index == 0 {
                        format!("<th scope=\"row\">{cell}</th>")
                    } else {
                        format!("<td>{cell}</td>")
                    }
                })
                .collect();
            format!("<tr>{cells}</tr>")
        })
        .collect();
    let caption = esc(caption);
    format!(
        "<div class=\"scroll\" role=\"region\" aria-label=\"{caption}\" tabindex=\"0\"><table><caption class=\"unseen\">{caption}</caption>\
         <thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )
}

/// A titled box.
pub(super) fn panel(title: &str, content: &str) -> String {
    format!(
        "<section class=\"panel\"><h2>{}</h2>{content}</section>",
        esc(title)
    )
}

/// Icon, word and colour for "Active" and "Inactive".
pub(super) fn state(active: bool) -> String {
    if active {
        state_of("good", "✓", "Active")
    } else {
        state_of("quiet", "–", "Inactive")
    }
}

/// Icon, word and colour.
pub(super) fn state_of(tone: &str, icon: &str, word: &str) -> String {
    format!(
        "<span class=\"state\" data-tone=\"{tone}\"><span aria-hidden=\"true\">{icon}</span> {word}</span>"
    )
}
