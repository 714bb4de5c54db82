//! `demo`: everything on one machine, and nothing of it left at the end.

use std::net::TcpListener;

use super::{Folder, Program, program::mode, run, wire};

/// The port of the first address that begins so.
fn port(text: &str, before: &str) -> u16 {
    let (_, after) = text
        .split_once(before)
        .unwrap_or_else(|| panic!("no {before} in {text}"));
    let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().expect("a port")
}

/// On ports of its own choice, with its temporary files in the folder.
fn started(folder: &Folder, more: &[&str]) -> Program {
    let temporary = folder.0.display().to_string();
    let listen = [
        "demo",
        "--listen",
        "127.0.0.1:0",
        "--okta-listen",
        "127.0.0.1:0",
    ];
    Program::start(&[&listen, more].concat(), &[("TMPDIR", &temporary)])
}

/// Signs the administrator in as the demo says; the cookie.
fn administrator(console: u16) -> String {
    let form = "email=ada%40northwind.example&password=northwind-practice";
    let kind = "application/x-www-form-urlencoded";
    let entered = wire::post(console, api::paths::AUTH_PASSWORD, kind, form);
    assert_eq!((entered.status, entered.header("location")), (303, "/"));
    let cookie = entered.header("set-cookie").split(';').next();
    cookie.expect("a cookie").to_owned()
}

#[test]
fn the_demo_says_where_it_is_and_what_to_try_and_leaves_nothing_behind() {
    let mut seen = String::new();
    for signal in ["INT", "TERM"] {
        let folder = Folder::new();
        let mut demo = started(&folder, &[]);
        let words = demo.until("Ctrl-C");
        for part in [
            "ada@northwind.example",
            "northwind-practice",
            "Trouble signing in?",
            "Client ID",
            "Client secret",
            "Native client ID",
            "/oauth2/default",
            "Katherine Johnson",
            "Zoe Unknown",
        ] {
            assert!(words.contains(part), "{words}");
        }
        let console = port(&words, "Console        http://localhost:");
        let okta = port(&words, "Okta simulator http://127.0.0.1:");
        let names = folder.names();
        assert_eq!(names.len(), 1, "{names:?}");
        let random = names[0]
            .strip_prefix("sso-console-demo-")
            .expect("its name");
        assert_eq!(random.len(), 43, "{names:?}");
        assert!(!seen.contains(random), "two had one name");
        seen.push_str(random);
        assert_eq!(mode(&folder.file(&names[0])), 0o700);

        let page = wire::get(console, "/sign-in", "");
        assert_eq!(page.status, 200);
        assert!(page.body.contains("Northwind") && page.body.contains("/auth/google/start"));
        let browser = format!("__Host-sso_browser={}", "B".repeat(43));
        let started = wire::get(console, "/auth/google/start", &browser);
        assert_eq!(started.status, 303);
        let there = started.header("location");
        assert!(
            there.starts_with(&format!("http://127.0.0.1:{okta}/")),
            "{there}"
        );
        let cookie = &administrator(console);
        let users = wire::get(console, api::paths::USERS, cookie);
        let users: serde_json::Value = serde_json::from_str(&users.body).expect("JSON");
        assert_eq!(users["counts"]["all"], 39);
        let session = wire::get(console, api::paths::SESSION, cookie);
        assert!(
            session
                .body
                .contains(&format!("http://127.0.0.1:{okta}/practice")),
            "{}",
            session.body
        );

        demo.signal(signal);
        let ended = demo.end();
        assert_eq!(ended.code, 0, "{}", ended.err);
        assert_eq!(folder.names(), [""; 0], "left behind by {signal}");
    }
}

#[test]
fn a_large_organization_is_there_from_the_beginning() {
    let folder = Folder::new();
    let mut demo = started(&folder, &["--users", "6000"]);
    let words = demo.until("Ctrl-C");
    let console = port(&words, "Console        http://localhost:");
    let cookie = administrator(console);
    let users = wire::get(console, api::paths::USERS, &cookie);
    let users: serde_json::Value = serde_json::from_str(&users.body).expect("JSON");
    assert_eq!(users["counts"]["all"], 6039);
    let attempts = wire::get(console, api::paths::SIGN_INS, &cookie);
    let attempts: serde_json::Value = serde_json::from_str(&attempts.body).expect("JSON");
    assert_eq!(attempts["attempts"].as_array().map(Vec::len), Some(50));
    let ended = demo.stop();
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert!(ended.err.contains("people: 6000 of 6000"), "{}", ended.err);
    assert_eq!(folder.names(), [""; 0]);
}

#[test]
fn the_demo_takes_another_port_when_its_own_is_taken() {
    let folder = Folder::new();
    let temporary = folder.0.display().to_string();
    let taken = [
        TcpListener::bind("127.0.0.1:0").expect("a port"),
        TcpListener::bind("127.0.0.1:0").expect("a port"),
    ];
    let address = |at: usize| taken[at].local_addr().expect("an address").to_string();
    let mut demo = Program::start(
        &[
            "demo",
            "--listen",
            &address(0),
            "--okta-listen",
            &address(1),
        ],
        &[("TMPDIR", &temporary)],
    );
    let words = demo.until("Ctrl-C");
    let console = port(&words, "Console        http://localhost:");
    assert!(!address(0).ends_with(&format!(":{console}")));
    assert_eq!(wire::get(console, "/healthz", "").status, 200);
    assert_eq!(demo.stop().code, 0);
}

#[test]
fn the_demo_never_listens_to_other_machines() {
    for arguments in [
        ["demo", "--listen", "0.0.0.0:0"],
        ["demo", "--okta-listen", "0.0.0.0:0"],
        ["demo", "--listen", "[::]:0"],
        ["demo", "--listen", "192.0.2.1:0"],
    ] {
        let ended = run(&arguments);
        assert_eq!(ended.code, 2, "{arguments:?}");
        assert!(ended.err.contains("on this machine only"), "{}", ended.err);
    }
}
