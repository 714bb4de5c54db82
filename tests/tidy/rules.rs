//! The rules about the text of files: each takes files and gives what breaks it, as `path:line: text`.

use std::path::Path;

use super::{
    files::{File, is_rule},
    spelling::{crate_modules, is_colour, is_comment, lines_with, sets_attribute, strings},
};

pub(crate) fn file_is_at_most_400_lines(files: &[File]) -> Vec<String> {
    let long = files.iter().filter_map(|file| {
        let lines = file.text.lines().count();
        let is_long = (file.is("rs") || file.is("css")) && lines > 400;
        is_long.then(|| format!("{}: {lines} lines: make a folder of it", file.path))
    });
    long.collect()
}

pub(crate) fn rust_file_opens_with_its_purpose(files: &[File]) -> Vec<String> {
    let bare = files
        .iter()
        .filter(|file| file.is("rs") && !file.text.starts_with("//! "));
    bare.map(|file| file.path.clone()).collect()
}

pub(crate) fn rust_file_has_a_telling_name(files: &[File]) -> Vec<String> {
    const EMPTY: [&str; 8] = [
        "mod", "utils", "util", "helpers", "helper", "common", "types", "misc",
    ];
    let named = files.iter().filter(|file| {
        let stem = Path::new(&file.path).file_stem();
        file.is("rs") && stem.is_some_and(|stem| EMPTY.iter().any(|it| stem == *it))
    });
    named.map(|file| file.path.clone()).collect()
}

pub(crate) fn nothing_is_left_for_later(files: &[File]) -> Vec<String> {
    const WORDS: [&str; 6] = [
        "todo!(",
        "unimplemented!(",
        "#[ignore",
        "#[should_panic",
        "FIXME",
        "dbg!(",
    ];
    let all = files.iter().filter(|file| file.is("rs") && !is_rule(file));
    all.flat_map(|file| lines_with(file, &WORDS)).collect()
}

/// The primitives are used by pages, and know neither them nor the API.
pub(crate) fn primitive_knows_no_page(files: &[File]) -> Vec<String> {
    let primitives = files.iter().filter(|file| file.is_in("src/ui"));
    let mut found = Vec::new();
    for file in primitives {
        for (line, module) in crate_modules(&file.text) {
            if matches!(&*module, "api" | "pages") {
                found.push(file.at(line, &format!("crate::{module}")));
            }
        }
    }
    found
}

/// Whatever a browser can send a request by.
pub(crate) fn request_is_sent_by_one_file(files: &[File]) -> Vec<String> {
    const WORDS: [&str; 7] = [
        "fetch_with",
        "gloo_net",
        "reqwasm",
        "XmlHttpRequest",
        "WebSocket",
        "EventSource",
        "send_beacon",
    ];
    let others = console(files).filter(|file| file.path != "src/api/http.rs");
    others.flat_map(|file| lines_with(file, &WORDS)).collect()
}

/// An address of the console or the server is a string that begins with a slash and a letter.
pub(crate) fn address_is_spelled_by_one_file(files: &[File]) -> Vec<String> {
    let mut found = Vec::new();
    for file in console(files).filter(|file| file.path != "src/paths.rs") {
        for (line, text) in strings(&file.text) {
            let mut letters = text.chars();
            let is_address = letters.next() == Some('/')
                && letters.next().is_some_and(|it| it.is_ascii_lowercase());
            if is_address && !text.starts_with("/sprite.svg#") {
                found.push(file.at(line, text));
            }
        }
    }
    found
}

/// The content security policy allows neither inline style nor inline script, nor a text that becomes elements or code.
pub(crate) fn console_has_nothing_inline(files: &[File]) -> Vec<String> {
    const WORDS: [&str; 10] = [
        "inner_html",
        "outer_html",
        "insert_adjacent_html",
        "set_css_text",
        ".style(",
        "document.write",
        "eval(",
        "Function::new_no_args",
        "Function::new_with_args",
        "srcdoc",
    ];
    let own = |file: &&File| file.path == "index.html" || (file.is_in("src/") && file.is("rs"));
    let mut found = Vec::new();
    for file in files.iter().filter(own) {
        found.extend(lines_with(file, &WORDS));
        for (line, text) in file.lines().filter(|(_, text)| !is_comment(text)) {
            if sets_attribute(text, |name| {
                name == "style" || (name.len() > 4 && name.starts_with("on"))
            }) {
                found.push(file.at(line, text));
            }
        }
    }
    found
}

pub(crate) fn raw_colour_stands_in_the_tokens(files: &[File]) -> Vec<String> {
    let styles = files
        .iter()
        .filter(|file| file.is_in("style/") && file.path != "style/tokens.css");
    let mut found = Vec::new();
    for file in styles {
        found.extend(lines_with(
            file,
            &["rgb(", "rgba(", "hsl(", "hsla(", "oklch(", "oklab(", "lab("],
        ));
        for (line, text) in file.lines() {
            if text.split([':', ' ', ',', '(']).any(is_colour) {
                found.push(file.at(line, text));
            }
        }
    }
    found
}

pub(crate) fn file_names_no_path_of_a_machine(files: &[File]) -> Vec<String> {
    let all = files
        .iter()
        .filter(|file| !is_rule(file) && file.path != "Cargo.lock");
    let lines = all.flat_map(|file| lines_with(file, &["/root/", "/home/", "/work/"]));
    lines.filter(|line| !line.contains("http")).collect()
}

pub(crate) fn silenced_lint_says_why(files: &[File]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files.iter().filter(|file| file.is("rs") && !is_rule(file)) {
        for start in ["#[expect(", "#![expect("] {
            for (at, _) in file.text.match_indices(start) {
                let rest = &file.text[at..];
                let end = rest.find(")]").unwrap_or(rest.len());
                if !rest[..end].contains("reason =") {
                    found.push(file.at(file.text[..at].lines().count().max(1), start));
                }
            }
        }
        found.extend(lines_with(file, &["#[allow(", "#![allow("]));
    }
    found
}

/// Time and randomness are arguments everywhere else.
pub(crate) fn clock_and_randomness_are_read_in_their_places(files: &[File]) -> Vec<String> {
    const PLACES: [&str; 8] = [
        "server/src/clock.rs",
        "okta-simulator/src/clock.rs",
        "server/examples/",
        "server/tests/",
        "tests/",
        "xtask/",
        // The console's own: its start, and a countdown by the second.
        "src/main.rs",
        "src/shell/trial.rs",
    ];
    const WORDS: [&str; 9] = [
        "SystemTime::now",
        "UNIX_EPOCH.elapsed",
        "Date::now",
        "getrandom::fill",
        "rand::random",
        "thread_rng",
        "Math::random",
        "Uuid::now_v7",
        "Uuid::new_v4",
    ];
    let others = files.iter().filter(|file| {
        file.is("rs") && !PLACES.iter().any(|place| file.is_in(place)) && !file.is_in("target")
    });
    others.flat_map(|file| lines_with(file, &WORDS)).collect()
}

pub(crate) fn migration_opens_with_why(files: &[File]) -> Vec<String> {
    let bare = files
        .iter()
        .filter(|file| file.is("sql") && !file.text.starts_with("-- Why:"));
    bare.map(|file| file.path.clone()).collect()
}

/// Every migration is there for both engines, under one name, and the numbers have no gap.
pub(crate) fn migrations_come_in_pairs(files: &[File]) -> Vec<String> {
    let of = |engine: &str| -> Vec<&str> {
        let folder = format!("server/migrations/{engine}/");
        let paths = files.iter().map(|file| file.path.as_str());
        let mut names: Vec<&str> = paths.filter_map(|it| it.strip_prefix(&*folder)).collect();
        names.sort_unstable();
        names
    };
    let (sqlite, postgres) = (of("sqlite"), of("postgres"));
    let mut found = Vec::new();
    for (names, others, engine) in [
        (&sqlite, &postgres, "PostgreSQL"),
        (&postgres, &sqlite, "SQLite"),
    ] {
        for (number, name) in (1..).zip(names) {
            if !others.contains(name) {
                found.push(format!("{name}: missing for {engine}"));
            }
            if !name.starts_with(&format!("{number:04}_")) {
                found.push(format!("{name}: expected number {number:04}"));
            }
        }
    }
    found
}

/// The contract's dependencies: serde, what describes it, and what only writes code.
pub(crate) fn contract_depends_on_serde_alone(files: &[File]) -> Vec<String> {
    const ALLOWED: [&str; 3] = ["api-derive", "serde", "utoipa"];
    let mut found = Vec::new();
    for file in files.iter().filter(|file| file.path == "api/Cargo.toml") {
        let mut section = "";
        for (line, text) in file.lines() {
            if text.starts_with('[') {
                section = text;
                // `[dependencies.rand]` names one too.
                if let Some(name) = text.strip_prefix("[dependencies.")
                    && !ALLOWED.contains(&name.trim_end_matches(']'))
                {
                    found.push(file.at(line, text));
                }
                continue;
            }
            let name = text.split(['=', ' ', '.']).next().unwrap_or_default();
            let is_entry = !name.is_empty() && !name.starts_with('#');
            if section == "[dependencies]" && is_entry && !ALLOWED.contains(&name) {
                found.push(file.at(line, text));
            }
        }
    }
    found
}

/// One noun is one file in each layer.
pub(crate) fn noun_has_one_name_in_every_layer(files: &[File]) -> Vec<String> {
    const EVERYWHERE: [&str; 4] = ["users", "organization", "overview", "set_up"];
    const WITHOUT_A_PAGE: [&str; 1] = ["connections"];
    let all = EVERYWHERE.iter().chain(&WITHOUT_A_PAGE);
    let layers = all.flat_map(|noun| {
        [
            format!("api/src/{noun}.rs"),
            format!("server/src/{noun}.rs"),
        ]
    });
    let pages = EVERYWHERE.map(|noun| format!("src/pages/{noun}.rs"));
    let wanted = layers.chain(pages);
    wanted
        .filter(|path| files.iter().all(|file| file.path != *path))
        .collect()
}

/// A path in the documents exists, from the root or from the server's folders.
pub(crate) fn named_path_exists(files: &[File]) -> Vec<String> {
    let there = |path: &str| {
        let folder = format!("{}/", path.trim_end_matches('/'));
        files
            .iter()
            .any(|file| file.path == path || file.is_in(&folder))
    };
    let mut found = Vec::new();
    for file in files.iter().filter(|file| is_document(file)) {
        for (line, text) in file.lines() {
            for name in super::spelling::named_paths(text) {
                let places = ["", "server/src/", "server/"].map(|place| format!("{place}{name}"));
                if !places.iter().any(|place| there(place)) {
                    found.push(file.at(line, name));
                }
            }
        }
    }
    found
}

pub(crate) fn document_has_at_most_200_lines(files: &[File]) -> Vec<String> {
    let long = files.iter().filter(|file| is_document(file));
    let long = long.filter(|file| file.text.lines().count() > 200);
    long.map(|file| file.path.clone()).collect()
}

fn is_document(file: &File) -> bool {
    matches!(&*file.path, "ARCHITECTURE.md" | "README.md" | "SECURITY.md")
}

/// The console's own sources.
fn console(files: &[File]) -> impl Iterator<Item = &File> {
    files
        .iter()
        .filter(|file| file.is_in("src/") && file.is("rs"))
}
