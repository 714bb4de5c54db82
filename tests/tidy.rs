//! The house rules, read from the files: each rule is a test that names file and line.
//!
//! It reads text and runs nothing. A rule that no compiler and no lint can hold belongs here.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// A file of the repository, by its path from the root.
struct File {
    path: String,
    text: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the package is in the repository")
        .to_owned()
}

/// Every text file that belongs to the project, in the order of the paths.
fn files() -> Vec<File> {
    let mut found = Vec::new();
    walk(&root(), &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(found.len() > 100, "only {} files were found", found.len());
    found
}

fn walk(folder: &Path, found: &mut Vec<File>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        if matches!(&*name, "target" | "dist" | "node_modules" | ".git") {
            continue;
        }
        if path.is_dir() {
            walk(&path, found);
        } else if let Ok(text) = fs::read_to_string(&path) {
            let short = path
                .strip_prefix(root())
                .expect("inside")
                .display()
                .to_string();
            found.push(File { path: short, text });
        }
    }
}

fn rust() -> Vec<File> {
    let all = files().into_iter();
    all.filter(|file| ends(&file.path, "rs")).collect()
}

fn ends(path: &str, extension: &str) -> bool {
    Path::new(path)
        .extension()
        .is_some_and(|it| it == extension)
}

/// Every line with one of the words, as `path:line: text`.
fn lines_with(files: &[File], words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files {
        for (number, line) in file.text.lines().enumerate() {
            if words.iter().any(|word| line.contains(word)) {
                found.push(format!("{}:{}: {}", file.path, number + 1, line.trim()));
            }
        }
    }
    found
}

fn none(what: &str, found: &[String]) {
    assert!(found.is_empty(), "{what}:\n{}", found.join("\n"));
}

fn is_mine(path: &str) -> bool {
    path == "tests/tidy.rs"
}

#[test]
fn no_file_is_longer_than_400_lines() {
    let mut long = Vec::new();
    for file in files() {
        let lines = file.text.lines().count();
        if (ends(&file.path, "rs") || ends(&file.path, "css")) && lines > 400 {
            long.push(format!("{}: {lines} lines", file.path));
        }
    }
    none("longer than 400 lines: make a folder of it", &long);
}

#[test]
fn every_rust_file_opens_with_its_purpose() {
    let bare: Vec<String> = rust()
        .into_iter()
        .filter(|file| !file.text.starts_with("//! "))
        .map(|file| file.path)
        .collect();
    none("these do not open with //!", &bare);
}

#[test]
fn no_file_is_named_after_nothing() {
    let named: Vec<String> = rust()
        .into_iter()
        .map(|file| file.path)
        .filter(|path| {
            let stem = Path::new(path)
                .file_stem()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            matches!(
                &*stem,
                "mod" | "utils" | "util" | "helpers" | "helper" | "common" | "types" | "misc"
            )
        })
        .collect();
    none("these names say nothing", &named);
}

#[test]
fn nothing_is_left_for_later_or_switched_off() {
    let files: Vec<File> = rust()
        .into_iter()
        .filter(|file| !is_mine(&file.path))
        .collect();
    let words = [
        "todo!(",
        "unimplemented!(",
        "#[ignore",
        "#[should_panic",
        "FIXME",
        "dbg!(",
    ];
    none("left for later", &lines_with(&files, &words));
}

#[test]
fn the_primitives_know_neither_the_api_nor_the_pages() {
    let files: Vec<File> = rust()
        .into_iter()
        .filter(|file| file.path.starts_with("src/ui"))
        .collect();
    assert!(files.len() > 5, "src/ui was not found");
    none(
        "src/ui knows too much",
        &lines_with(&files, &["crate::api", "crate::pages"]),
    );
}

#[test]
fn one_file_of_the_console_sends_requests() {
    let files: Vec<File> = rust()
        .into_iter()
        .filter(|file| file.path.starts_with("src/") && file.path != "src/api/http.rs")
        .collect();
    none(
        "sends requests",
        &lines_with(&files, &["gloo_net", "fetch_with"]),
    );
}

#[test]
fn one_file_of_the_console_spells_its_addresses() {
    let files: Vec<File> = rust()
        .into_iter()
        .filter(|file| file.path.starts_with("src/") && file.path != "src/paths.rs")
        .collect();
    let words = [
        "href=\"/",
        "\"/users",
        "\"/settings",
        "\"/set-up",
        "\"/sign-in",
    ];
    none("spells an address", &lines_with(&files, &words));
}

#[test]
fn nothing_in_the_console_breaks_the_content_security_policy() {
    let files: Vec<File> = files()
        .into_iter()
        .filter(|file| {
            file.path == "index.html" || (file.path.starts_with("src/") && ends(&file.path, "rs"))
        })
        .collect();
    none(
        "inline",
        &lines_with(&files, &["style=\"", "inner_html", "onclick=\"", "eval("]),
    );
}

#[test]
fn raw_colours_stand_in_the_tokens_only() {
    let files: Vec<File> = files()
        .into_iter()
        .filter(|file| file.path.starts_with("style/") && file.path != "style/tokens.css")
        .collect();
    assert!(!files.is_empty(), "style/ was not found");
    let mut found = lines_with(&files, &["rgb(", "rgba(", "hsl(", "oklch("]);
    for file in &files {
        for (number, line) in file.text.lines().enumerate() {
            if line.split([':', ' ', ',', '(']).any(is_colour) {
                found.push(format!("{}:{}: {}", file.path, number + 1, line.trim()));
            }
        }
    }
    none("a colour that is no token", &found);
}

/// `#abc`, `#aabbcc`, with what may follow in a declaration.
fn is_colour(word: &str) -> bool {
    let word = word.trim_end_matches([';', ')', '}']);
    word.strip_prefix('#').is_some_and(|hex| {
        matches!(hex.len(), 3 | 4 | 6 | 8) && hex.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

#[test]
fn no_file_names_a_path_of_somebodys_machine() {
    let files: Vec<File> = files()
        .into_iter()
        .filter(|file| !is_mine(&file.path))
        .collect();
    let found: Vec<String> = lines_with(&files, &["/root/", "/home/", "/work/"])
        .into_iter()
        .filter(|line| !line.starts_with("Cargo.lock") && !line.contains("http"))
        .collect();
    none("a path of a machine", &found);
}

#[test]
fn a_silenced_lint_says_why() {
    let mut found = Vec::new();
    for file in rust().into_iter().filter(|file| !is_mine(&file.path)) {
        for (at, _) in file
            .text
            .match_indices("#[expect(")
            .chain(file.text.match_indices("#![expect("))
        {
            let end = file.text[at..]
                .find(")]")
                .map_or(file.text.len(), |end| at + end);
            if !file.text[at..end].contains("reason =") {
                let line = file.text[..at].lines().count();
                found.push(format!("{}:{line}", file.path));
            }
        }
        if file.text.contains("#[allow(") || file.text.contains("#![allow(") {
            found.push(format!("{}: allow instead of expect", file.path));
        }
    }
    none("silenced without a reason", &found);
}

#[test]
fn the_clock_and_the_randomness_are_read_in_their_own_places() {
    let places = [
        "server/src/clock.rs",
        "practice-okta/src/clock.rs",
        "server/examples/",
        "server/tests/",
        "tests/",
        "xtask/",
    ];
    let files: Vec<File> = rust()
        .into_iter()
        .filter(|file| !places.iter().any(|place| file.path.starts_with(place)))
        .collect();
    let words = ["SystemTime::now", "getrandom::fill", "Uuid::now_v7"];
    none("reads them itself", &lines_with(&files, &words));
}

#[test]
fn migrations_come_in_pairs_and_open_with_why() {
    let of = |engine: &str| -> BTreeSet<String> {
        fs::read_dir(root().join("server/migrations").join(engine))
            .expect("migrations")
            .map(|entry| {
                entry
                    .expect("an entry")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect()
    };
    let (sqlite, postgres) = (of("sqlite"), of("postgres"));
    assert_eq!(sqlite, postgres);
    for (number, name) in sqlite.iter().enumerate() {
        assert!(
            name.starts_with(&format!("{:04}_", number + 1)),
            "{name} is out of order"
        );
    }
    for file in files().into_iter().filter(|file| ends(&file.path, "sql")) {
        assert!(
            file.text.starts_with("-- Why:"),
            "{} does not say why",
            file.path
        );
    }
}

#[test]
fn one_noun_has_one_name_in_every_layer() {
    let mut missing = Vec::new();
    for noun in ["users", "connections", "organization", "overview", "set_up"] {
        for place in ["api/src/{}.rs", "server/src/{}.rs"] {
            let path = place.replace("{}", noun);
            if !root().join(&path).exists() {
                missing.push(path);
            }
        }
    }
    for noun in ["users", "organization", "overview", "set_up"] {
        let path = format!("src/pages/{noun}.rs");
        if !root().join(&path).exists() {
            missing.push(path);
        }
    }
    none("missing", &missing);
}

#[test]
fn the_contract_depends_on_serde_alone() {
    let text = fs::read_to_string(root().join("api/Cargo.toml")).expect("api's manifest");
    let (_, rest) = text.split_once("\n[dependencies]\n").expect("dependencies");
    let section = rest.split("\n[").next().expect("a section");
    let names: Vec<&str> = section
        .lines()
        .filter_map(|line| line.split(['=', ' ']).next())
        .filter(|name| !name.is_empty())
        .collect();
    // api-derive only writes code: nothing of it is in what was built.
    assert_eq!(names, ["api-derive", "serde", "utoipa"]);
}

#[test]
fn every_path_that_a_document_names_exists() {
    let mut missing = Vec::new();
    for document in ["ARCHITECTURE.md", "README.md", "SECURITY.md"] {
        let text = fs::read_to_string(root().join(document)).expect("a document");
        assert!(text.lines().count() <= 200, "{document} has over 200 lines");
        for name in named_paths(&text) {
            let mut places = [
                name.to_owned(),
                format!("server/src/{name}"),
                format!("server/{name}"),
            ]
            .into_iter();
            if !places.any(|place| root().join(place).exists()) {
                missing.push(format!("{document}: {name}"));
            }
        }
    }
    none("these paths do not exist", &missing);
}

/// What stands in backticks and looks like a path of the repository.
fn named_paths(text: &str) -> Vec<&str> {
    text.split('`')
        .skip(1)
        .step_by(2)
        .filter(|word| {
            let kinds = ["rs", "toml", "md", "json", "css", "html", "sql"];
            let is_file = kinds.iter().any(|kind| ends(word, kind));
            (is_file || word.ends_with('/'))
                && !word.starts_with('/')
                && !word.contains([' ', '{', '*', '?', ':'])
        })
        .collect()
}

#[test]
fn a_rule_can_fail() {
    let file = File {
        path: "src/ui/bad.rs".into(),
        text: "//! x\nuse crate::api;\n".into(),
    };
    assert_eq!(
        lines_with(&[file], &["crate::api"]),
        ["src/ui/bad.rs:2: use crate::api;"]
    );
    assert!(is_colour("#1a2b3c;") && is_colour("#fff") && !is_colour("#header"));
    assert_eq!(
        named_paths("see `src/app.rs`, `/users` and `cargo x`"),
        ["src/app.rs"]
    );
}
