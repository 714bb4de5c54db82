//! The house rules, read from the files: each names file and line of what breaks it.
//!
//! It reads text and runs nothing. A rule that no compiler and no lint can hold belongs here. A rule that finds nothing
//! proves little, so each has texts that it must catch and texts that it must leave alone. Where one file may do what
//! the others may not, that file's own text, read at another path, is one of those that it must catch: a rule does not
//! outlive the spelling that it looks for.

#[path = "tidy/files.rs"]
mod files;
#[path = "tidy/rules.rs"]
mod rules;
#[path = "tidy/spelling.rs"]
mod spelling;

use files::{File, files};

/// A path and a text that a rule must catch, and how its finding begins.
type Bad<'a> = (&'a str, &'a str, &'a str);

/// Makes two tests of a rule. `bad`: texts that it catches; `good`: texts that it leaves alone; `home`: the file that may
/// do it, and the path at which its text would be caught.
macro_rules! rule {
    ($name:ident, bad: [$($bad:expr),+ $(,)?], good: [$($good:expr),* $(,)?] $(, home: $home:expr)?) => {
        mod $name {
            use super::*;

            #[test]
            fn repository_follows_it() {
                let found = rules::$name(&files());
                assert!(found.is_empty(), "{}:\n{}", stringify!($name), found.join("\n"));
            }

            #[test]
            fn bad_text_is_caught() {
                let bad: &[Bad<'_>] = &[$($bad),+];
                for (path, text, expected) in bad {
                    expect_caught(rules::$name, &File::new(path, text), expected);
                }
                let good: &[(&str, &str)] = &[$($good),*];
                for (path, text) in good {
                    let found = rules::$name(&[File::new(path, text)]);
                    assert!(found.is_empty(), "{path} is caught: {found:?}");
                }
                $(
                    let (home, elsewhere) = $home;
                    let moved = File::new(elsewhere, &File::read(home).text);
                    expect_caught(rules::$name, &moved, elsewhere);
                )?
            }
        }
    };
}

fn expect_caught(rule: fn(&[File]) -> Vec<String>, file: &File, expected: &str) {
    let found = rule(std::slice::from_ref(file));
    assert!(
        found.iter().any(|it| it.starts_with(expected)),
        "{expected} is not in {found:?}"
    );
}

rule!(
    file_is_at_most_400_lines,
    bad: [
        ("src/long.rs", &"//! x\n".repeat(401), "src/long.rs: 401"),
        ("style/long.css", &"a {}\n".repeat(402), "style/long.css: 402"),
    ],
    good: [("src/full.rs", &"//! x\n".repeat(400)), ("long.md", &"x\n".repeat(500))]
);

rule!(
    rust_file_opens_with_its_purpose,
    bad: [
        ("src/a.rs", "use std::fmt;\n", "src/a.rs"),
        ("src/a.rs", "//!\n", "src/a.rs"),
        ("src/a.rs", "/// Of the item.\nfn a() {}\n", "src/a.rs"),
    ],
    good: [("src/a.rs", "//! Why.\n"), ("a.toml", "[package]\n")]
);

rule!(
    rust_file_has_a_telling_name,
    bad: [
        ("src/users/mod.rs", "//! x\n", "src/users/mod.rs"),
        ("api/src/utils.rs", "//! x\n", "api/src/utils.rs"),
    ],
    good: [("src/users/model.rs", "//! x\n"), ("misc.md", "x\n")]
);

rule!(
    nothing_is_left_for_later,
    bad: [
        ("src/a.rs", "fn a() {\n    todo!()\n}\n", "src/a.rs:2"),
        ("src/a.rs", "#[ignore = \"slow\"]\nfn a() {}\n", "src/a.rs:1"),
        ("src/a.rs", "#[should_panic(expected = \"x\")]\n", "src/a.rs:1"),
        ("src/a.rs", "// FIXME later\n", "src/a.rs:1"),
        ("src/a.rs", "let a = dbg!(b);\n", "src/a.rs:1"),
    ],
    good: [("src/a.rs", "// To do this takes a while.\n")]
);

rule!(
    primitive_knows_no_page,
    bad: [
        ("src/ui/a.rs", "use crate::api;\n", "src/ui/a.rs:1"),
        ("src/ui/a.rs", "use crate::{\n    ui::{el::El, api},\n    pages::users,\n};\n", "src/ui/a.rs:3"),
        ("src/ui/el/a.rs", "fn a() { crate::pages::users::b() }\n", "src/ui/el/a.rs:1"),
    ],
    good: [
        ("src/ui/a.rs", "use crate::{ui::api, words};\nuse api::Role;\n"),
        ("src/pages/a.rs", "use crate::api;\n"),
    ],
    home: ("src/pages/organization.rs", "src/ui/organization.rs")
);

rule!(
    request_is_sent_by_one_file,
    bad: [
        ("src/pages/a.rs", "\nwindow().fetch_with_str(path)\n", "src/pages/a.rs:2"),
        ("src/a.rs", "let socket = WebSocket::new(path);\n", "src/a.rs:1"),
        ("src/a.rs", "navigator.send_beacon_with_opt_str(path, body)\n", "src/a.rs:1"),
    ],
    good: [("src/a.rs", "api::users().await\n"), ("server/src/a.rs", "EventSource\n")],
    home: ("src/api/http.rs", "src/pages/http.rs")
);

rule!(
    address_is_spelled_by_one_file,
    bad: [
        ("src/pages/a.rs", "link(\"/users\".to_owned())\n", "src/pages/a.rs:1: /users"),
        ("src/pages/a.rs", "\nformat!(\"/users/{id}\")\n", "src/pages/a.rs:2: /users/{id}"),
        ("src/pages/a.rs", "el(\"a\").attr(\"href\", \"/activity/audit\")\n", "src/pages/a.rs:1"),
        ("src/pages/a.rs", "<a href=\"/settings/security\">\n", "src/pages/a.rs:1"),
    ],
    good: [
        ("src/pages/a.rs", "// \"/users\" is the table.\nlink(paths::users())\nkey(\"/\")\n"),
        ("server/src/a.rs", "\"/users\"\n"),
    ],
    home: ("src/paths.rs", "src/pages/paths.rs")
);

rule!(
    console_has_nothing_inline,
    bad: [
        ("src/a.rs", "el(\"p\").attr(\"style\", \"color: red\")\n", "src/a.rs:1"),
        ("src/a.rs", "\nel(\"p\").live(\"onclick\", code)\n", "src/a.rs:2"),
        ("src/a.rs", "view! { <p style=\"color: red\"> }\n", "src/a.rs:1"),
        ("src/a.rs", "view! { <p style={red}> }\n", "src/a.rs:1"),
        ("src/a.rs", "element.set_inner_html(&text);\n", "src/a.rs:1"),
        ("src/a.rs", "js_sys::eval(&code)\n", "src/a.rs:1"),
        ("src/a.rs", "element.style().set_property(name, value)\n", "src/a.rs:1"),
        ("index.html", "<body>\n<img src=x onerror=\"go()\">\n", "index.html:2"),
    ],
    good: [
        ("src/a.rs", "el(\"a\").attr(\"href\", to).on(\"click\", press)\n"),
        ("src/a.rs", "// style=\"color: red\" is forbidden.\nlet style = one;\n"),
        ("index.html", "<link data-trunk rel=\"css\" href=\"target/style/console.css\">\n"),
    ]
);

rule!(
    raw_colour_stands_in_the_tokens,
    bad: [
        ("style/a.css", "a {\n    color: #1a2b3c;\n}\n", "style/a.css:2"),
        ("style/a.css", "a { color:#fff }\n", "style/a.css:1"),
        ("style/a.css", "a { color: rgb(0 0 0 / 50%); }\n", "style/a.css:1"),
        ("style/a.css", "a { border: 1px solid oklch(0.5 0.1 20) }\n", "style/a.css:1"),
    ],
    good: [("style/a.css", "#loading { color: var(--text); }\n"), ("a.css", "a { color: #fff; }\n")],
    home: ("style/tokens.css", "style/base.css")
);

rule!(
    file_names_no_path_of_a_machine,
    bad: [
        ("README.md", "\nSee /home/ada/notes.\n", "README.md:2"),
        ("src/a.rs", "include_str!(\"/root/x\")\n", "src/a.rs:1"),
        ("a.toml", "path = \"/work/main\"\n", "a.toml:1"),
    ],
    good: [("README.md", "See https://example.com/home/ and /usr/bin.\n")]
);

rule!(
    silenced_lint_says_why,
    bad: [
        ("src/a.rs", "//! x\n#[expect(clippy::pedantic)]\n", "src/a.rs:1"),
        ("src/a.rs", "#![expect(unsafe_code)]\nreason = 1\n", "src/a.rs:1"),
        ("src/a.rs", "//! x\n#[allow(dead_code, reason = \"x\")]\n", "src/a.rs:2"),
    ],
    good: [("src/a.rs", "#[expect(\n    dead_code,\n    reason = \"x\"\n)]\n")]
);

rule!(
    clock_and_randomness_are_read_in_their_places,
    bad: [
        ("server/src/a.rs", "\nlet now = std::time::SystemTime::now();\n", "server/src/a.rs:2"),
        ("server/src/a.rs", "getrandom::fill(&mut bytes)\n", "server/src/a.rs:1"),
        ("src/pages/a.rs", "let now = js_sys::Date::now();\n", "src/pages/a.rs:1"),
        ("api/src/a.rs", "Uuid::new_v4()\n", "api/src/a.rs:1"),
        ("src/a.rs", "js_sys::Math::random()\n", "src/a.rs:1"),
    ],
    good: [
        ("server/src/clock.rs", "SystemTime::now()\n"),
        ("server/src/a.rs", "app.clock.now()\nrand::SystemRandom::new()\n"),
    ],
    home: ("server/src/clock.rs", "server/src/users.rs")
);

rule!(
    migration_opens_with_why,
    bad: [("server/migrations/sqlite/0001_a.sql", "create table a (b text);\n", "server/migrations/sqlite/0001_a.sql")],
    good: [("server/migrations/sqlite/0001_a.sql", "-- Why: it is needed.\ncreate table a (b text);\n")]
);

rule!(
    migrations_come_in_pairs,
    bad: [
        ("server/migrations/sqlite/0001_a.sql", "", "0001_a.sql: missing for PostgreSQL"),
        ("server/migrations/postgres/0001_a.sql", "", "0001_a.sql: missing for SQLite"),
        ("server/migrations/postgres/0002_a.sql", "", "0002_a.sql: expected number 0001"),
    ],
    good: [("server/src/0001_a.sql", "")]
);

rule!(
    contract_depends_on_serde_alone,
    bad: [
        ("api/Cargo.toml", "[dependencies]\nserde = { workspace = true }\nreqwest = \"1\"\n", "api/Cargo.toml:3"),
        ("api/Cargo.toml", "[dependencies]\ntokio.workspace = true\n", "api/Cargo.toml:2"),
        ("api/Cargo.toml", "[dependencies.url]\nworkspace = true\n", "api/Cargo.toml:1"),
    ],
    good: [
        ("api/Cargo.toml", "[dependencies]\nserde.workspace = true\n\n[dev-dependencies]\nproptest = \"1\"\n"),
        ("server/Cargo.toml", "[dependencies]\ntokio = \"1\"\n"),
    ],
    home: ("server/Cargo.toml", "api/Cargo.toml")
);

rule!(
    noun_has_one_name_in_every_layer,
    bad: [
        ("api/src/user.rs", "//! x\n", "api/src/users.rs"),
        ("server/src/users.rs", "//! x\n", "src/pages/users.rs"),
        ("src/pages/users.rs", "//! x\n", "server/src/users.rs"),
    ],
    good: []
);

rule!(
    named_path_exists,
    bad: [
        ("README.md", "\nSee `src/gone.rs`.\n", "README.md:2: src/gone.rs"),
        ("ARCHITECTURE.md", "`users/` and `gone/`", "ARCHITECTURE.md:1: gone/"),
    ],
    good: [
        ("SECURITY.md", "`SECURITY.md`, `/users/`, `cargo x.rs`, `*.rs`\n"),
        ("CHANGELOG.md", "`src/gone.rs`\n"),
    ]
);

rule!(
    document_has_at_most_200_lines,
    bad: [("README.md", &"x\n".repeat(201), "README.md")],
    good: [("README.md", &"x\n".repeat(200)), ("CHANGELOG.md", &"x\n".repeat(300))]
);
