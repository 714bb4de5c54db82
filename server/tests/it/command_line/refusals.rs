//! What `serve` refuses to start with: each time one sentence that names it and says what to do.

use std::net::TcpListener;

use super::{Ended, Folder, Program, free_port, program::allow};
use crate::desk::postgres_server;

#[test]
fn serve_refuses_a_key_that_others_can_read_and_names_the_command() {
    let folder = Folder::new();
    let key = folder.write_private("console.key", &format!("{}=\n", "A".repeat(43)));
    for mode in [0o644, 0o640, 0o604, 0o620] {
        allow(&folder.file("console.key"), mode);
        let ended = refused(&folder, &["--encryption-key-file", &key], &[]);
        let command = format!("chmod 600 {key}");
        expect_words(&ended, &[&key, &command, &format!("mode 0{mode:o}")]);
        assert!(!ended.err.contains("AAAA"), "{}", ended.err);
    }
    let rotate = ["key", "rotate", "--old", &key, "--new", &key, "--database"];
    let ended = super::run(&[&rotate[..], &[&folder.text("sso.db")]].concat());
    assert_ne!(ended.code, 0);
    expect_words(&ended, &["chmod 600"]);
    assert_eq!(folder.names(), ["console.key"]);
    // The command of the sentence is enough.
    allow(&folder.file("console.key"), 0o600);
    let server = super::serve::Server::start(&folder, &["--encryption-key-file", &key]);
    assert_eq!(server.program.stop().code, 0);
}

/// Starts `serve` in a folder of its own, and expects it to end at once.
fn refused(folder: &Folder, arguments: &[&str], environment: &[(&str, &str)]) -> Ended {
    let database = folder.text("sso.db");
    let port = format!("127.0.0.1:{}", free_port());
    let mut all = vec!["serve"];
    for (flag, value) in [("--database", &database), ("--listen", &port)] {
        if !arguments.contains(&flag) {
            all.extend([flag, value.as_str()]);
        }
    }
    all.extend(arguments);
    let ended = Program::start(&all, environment).end();
    assert_eq!(ended.code, 2, "{arguments:?}: {}{}", ended.out, ended.err);
    assert!(ended.err.starts_with("sso-console: "), "{}", ended.err);
    // One sentence for a person: no backtrace, no debug text.
    for odd in ["panicked", "Error {", "Err(", "backtrace", "Some("] {
        assert!(!ended.err.contains(odd), "{}", ended.err);
    }
    assert!(
        !ended.out.contains("set-up#token"),
        "it printed a link and ended"
    );
    ended
}

pub(super) fn expect_words(ended: &Ended, words: &[&str]) {
    for word in words {
        assert!(
            ended.err.contains(word),
            "{:?} does not say {word:?}",
            ended.err
        );
    }
}

#[test]
fn a_setting_that_is_wrong_is_named_with_what_it_takes() {
    let folder = Folder::new();
    for (arguments, words) in [
        (
            &["--listen", "8080"][..],
            &["--listen is \"8080\"", "0.0.0.0:8080"][..],
        ),
        (
            &["--listen", "0.0.0.0:8080"],
            &["--public-url is missing", "https://sso.example.com"],
        ),
        (
            &["--public-url", "http://sso.example.com"],
            &["http://sso.example.com", "https://"],
        ),
        (
            &["--public-url", "https://sso.example.com/console"],
            &["leave out what follows"],
        ),
        (
            &["--public-url", "https://u:p@sso.example.com"],
            &["user name"],
        ),
        (&["--public-url", "sso"], &["--public-url", "https://host"]),
        (
            &["--database", "mysql://x/y"],
            &["--database", "mysql://x/y", "postgres://"],
        ),
        (&["--database", ""], &["--database", "sso-console.db"]),
        (&["--log", "loud"], &["--log is \"loud\"", "info"]),
        (
            &["--metrics-listen", "9090"],
            &["--metrics-listen is \"9090\""],
        ),
        (
            &["--trusted-proxies", "10.0.0.1,proxy"],
            &["--trusted-proxies", "\"proxy\""],
        ),
        (
            &["--trusted-proxies", "10.0.0.0/8,fd00::/200"],
            &["--trusted-proxies", "\"fd00::/200\"", "fd00::/8"],
        ),
        // An empty value is none: what follows it is refused, and not the value.
        (
            &["--trusted-proxies", "", "--log", "loud"],
            &["--log is \"loud\""],
        ),
        (
            &["--trusted-proxies", "10.0.0.0/8,,fd00::/8", "--log", "loud"],
            &["--log is \"loud\""],
        ),
        (&["--config", "no-such.toml"], &["no-such.toml"]),
    ] {
        expect_words(&refused(&folder, arguments, &[]), words);
    }
    assert!(
        folder.names().is_empty(),
        "{:?} were left behind",
        folder.names()
    );
}

#[test]
fn a_loopback_issuer_is_refused_on_a_public_address() {
    let folder = Folder::new();
    for arguments in [
        &[
            "--allow-loopback-issuers",
            "--public-url",
            "https://sso.example.com",
        ][..],
        &[
            "--allow-loopback-issuers",
            "--listen",
            "0.0.0.0:8080",
            "--public-url",
            "http://localhost:8080",
        ],
        &[
            "--allow-loopback-issuers=true",
            "--listen",
            "[::]:8080",
            "--public-url",
            "http://localhost:8080",
        ],
    ] {
        expect_words(
            &refused(&folder, arguments, &[]),
            &["--allow-loopback-issuers", "leave it out"],
        );
    }
    let by_environment = [
        ("SSO_CONSOLE_ALLOW_LOOPBACK_ISSUERS", "true"),
        ("SSO_CONSOLE_PUBLIC_URL", "https://sso.example.com"),
    ];
    expect_words(
        &refused(&folder, &[], &by_environment),
        &["--allow-loopback-issuers"],
    );
    let file = folder.text("sso.toml");
    let text = "allow_loopback_issuers = true\npublic_url = \"https://sso.example.com\"\n";
    std::fs::write(&file, text).expect("written");
    expect_words(
        &refused(&folder, &["--config", &file], &[]),
        &["--allow-loopback-issuers"],
    );
}

#[test]
fn a_file_of_settings_that_is_wrong_is_named_with_its_line() {
    let folder = Folder::new();
    let file = folder.text("sso.toml");
    for (text, words) in [
        (
            "log = \"info\"\npublic_ulr = \"x\"\n",
            &["line 2", "public_ulr"][..],
        ),
        ("log = \"info\"\n\nlisten = 8080\n", &["line 3", "string"]),
        (
            "log = \"info\"\nlog = \"warn\"\n",
            &["line 2", "duplicate key"],
        ),
        ("log = \n", &["line 1"]),
        ("[server]\nlisten = \"x\"\n", &["line 1", "server"]),
        ("\0", &["line 1"]),
        ("trusted_proxies = \"10.0.0.1\"\n", &["line 1", "sequence"]),
    ] {
        std::fs::write(&file, text).expect("written");
        let ended = refused(&folder, &["--config", &file], &[]);
        expect_words(&ended, &[&file]);
        expect_words(&ended, words);
    }
    std::fs::write(&file, b"log = \"\xff\"").expect("written");
    expect_words(
        &refused(&folder, &["--config", &file], &[]),
        &[&file, "UTF-8"],
    );
    let itself = folder.0.display().to_string();
    expect_words(&refused(&folder, &["--config", &itself], &[]), &[&itself]);
}

#[test]
fn flags_go_over_the_environment_and_that_over_the_file() {
    let folder = Folder::new();
    let file = folder.text("sso.toml");
    std::fs::write(&file, "log = \"by-file\"\n").expect("written");
    let config = ("SSO_CONSOLE_CONFIG", file.as_str());
    let variable = ("SSO_CONSOLE_LOG", "by-environment");
    expect_words(&refused(&folder, &[], &[config]), &["by-file"]);
    expect_words(
        &refused(&folder, &[], &[config, variable]),
        &["by-environment"],
    );
    expect_words(
        &refused(&folder, &["--log", "by-flag"], &[config, variable]),
        &["by-flag"],
    );
}

#[test]
fn a_port_that_is_taken_is_named_with_the_flag_to_change() {
    let folder = Folder::new();
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    for flag in ["--listen", "--metrics-listen"] {
        let ended = refused(&folder, &[flag, &address], &[]);
        expect_words(&ended, &[&address, "is taken by another program", flag]);
    }
    let elsewhere = [
        "--listen",
        "192.0.2.1:8080",
        "--public-url",
        "https://sso.example.com",
    ];
    expect_words(
        &refused(&folder, &elsewhere, &[]),
        &["--listen 192.0.2.1:8080"],
    );
}

#[test]
fn a_database_that_cannot_be_used_is_named_before_its_key_is_missed() {
    let folder = Folder::new();
    let text = folder.text("notes.txt");
    std::fs::write(&text, "not a database, but long enough to be read as one").expect("written");
    let directory = folder.0.display().to_string();
    let missing = folder.text("no/such/folder/x.db");
    for (database, words) in [
        (&text, &["is not an SQLite database", "--database"][..]),
        (
            &directory,
            &["cannot be opened", "check that its folder exists"],
        ),
        (&missing, &["check that its folder exists"]),
    ] {
        let ended = refused(&folder, &["--database", database], &[]);
        expect_words(&ended, &[database]);
        expect_words(&ended, words);
    }
    assert_eq!(folder.names(), ["notes.txt"]);
}

#[test]
fn a_missing_or_weak_key_is_named_with_what_to_do() {
    let folder = Folder::new();
    let key = folder.text("console.key");
    let ended = refused(&folder, &["--encryption-key-file", &key], &[]);
    expect_words(&ended, &[&key, "restore the file", "--encryption-key-file"]);
    for weak in [
        "",
        "change-me",
        "AAAA",
        &"A".repeat(44),
        "not base64 at all !!",
    ] {
        folder.write_private("console.key", weak);
        let ended = refused(&folder, &["--encryption-key-file", &key], &[]);
        expect_words(
            &ended,
            &[&key, "is not 32 bytes in base64", "sso-console key FILE"],
        );
        assert!(weak.len() < 4 || !ended.err.contains(weak), "{}", ended.err);
    }
    // Nodes share a database, so the key is not made beside one of them.
    let ended = refused(&folder, &["--database", &postgres_server()], &[]);
    expect_words(
        &ended,
        &["--encryption-key-file is missing", "sso-console key FILE"],
    );
    assert_eq!(folder.names(), ["console.key"]);
}
