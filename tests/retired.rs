//! Retired words stay out of what others read: summaries of routes, the command line, README, CHANGELOG, SECURITY.
//!
//! Only words that no honest use contains: `one`, `stand`, `fits`, `bound`, `door` and `proof` read as other words too.

use std::{fs, path::Path};

const WORDS: &[&str] = &[
    "whoever",
    "somebody",
    "anybody",
    "everybody",
    "mend",
    "mends",
    "mended",
    "bond",
    "bonds",
    "anew",
    "runs out",
    "run out",
    "ran out",
    "round trip",
    "proven",
    "rung",
    "rungs",
    "ladder",
    "armed",
    "switch on",
    "switches on",
    "switched on",
    "switch off",
    "switches off",
    "switched off",
    "let back in",
    "lets back in",
    "taken back",
    "way back in",
    "practice okta",
    "for ever",
    "begun",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the package is in the repository")
}

/// The words of a text, in lower case, with one blank between two and around all.
fn words(text: &str) -> String {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric() && c != '’' && c != '\'')
        .filter(|it| !it.is_empty())
        .collect();
    format!(" {} ", words.join(" "))
}

fn retired(text: &str) -> Vec<&'static str> {
    let text = words(text);
    let holds = |word: &&&str| text.contains(&format!(" {word} "));
    WORDS.iter().filter(holds).copied().collect()
}

/// Every file of a folder, with its text.
fn files_in(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files_in(&path, found);
        } else {
            let text = fs::read_to_string(&path).expect("a text");
            found.push((path.display().to_string(), text));
        }
    }
}

/// The summaries in the table of routes: the only texts in it that others read.
fn summaries(routes: &str) -> Vec<String> {
    let calls = routes.split("route!(").skip(1);
    let quoted = calls.filter_map(|call| call.split('"').nth(1));
    quoted.map(str::to_owned).collect()
}

#[test]
fn documents_and_command_line_hold_no_retired_word() {
    let mut all = Vec::new();
    for name in [
        "README.md",
        "CHANGELOG.md",
        "SECURITY.md",
        "server/src/cli.rs",
    ] {
        let text = fs::read_to_string(root().join(name)).expect(name);
        all.push((name.to_owned(), text));
    }
    files_in(&root().join("server/src/cli"), &mut all);
    let routes = fs::read_to_string(root().join("server/src/routes.rs")).expect("routes.rs");
    let summaries = summaries(&routes);
    assert!(summaries.len() > 50, "only {} summaries", summaries.len());
    all.extend(summaries.into_iter().map(|it| ("routes.rs".to_owned(), it)));
    let found: Vec<String> = all
        .iter()
        .filter_map(|(name, text)| {
            let found = retired(text);
            (!found.is_empty()).then(|| format!("{name}: {}", found.join(", ")))
        })
        .collect();
    assert!(found.is_empty(), "retired words:\n{}", found.join("\n"));
}

#[test]
fn retired_words_are_found_across_lines_and_in_any_case() {
    assert_eq!(retired("It is Switched\n/// on."), ["switched on"]);
    assert_eq!(retired("WHOEVER signs in"), ["whoever"]);
    assert!(retired("recommend, amended, respond, wrung, harmed").is_empty());
}
