//! `serve` from its first start to its last: the link, the port, the log, the end.

use std::io::Write as _;

use serde_json::{Value, json};

use super::{
    Folder, Program, free_port,
    program::mode,
    run,
    wire::{self, Answer},
};

pub(super) struct Server {
    pub(super) program: Program,
    pub(super) port: u16,
}

impl Server {
    /// Starts it on a database in the folder, and waits until it is ready.
    pub(super) fn start(folder: &Folder, more: &[&str]) -> Self {
        let port = free_port();
        let (database, listen) = (folder.text("sso.db"), format!("127.0.0.1:{port}"));
        let mut arguments = vec!["serve", "--database", &database, "--listen", &listen];
        arguments.extend(more);
        let mut program = Program::start(&arguments, &[]);
        program.until("\"message\":\"ready\"");
        Self { program, port }
    }

    /// The token of the link that it printed.
    fn token(&self) -> Option<String> {
        let out = self.program.out();
        let (_, after) = out.split_once("/set-up#token=")?;
        Some(after.lines().next()?.trim().to_owned())
    }

    pub(super) fn set_up(&self) -> Answer {
        let form = json!({
            "token": self.token().expect("a link"), "organization": "Northwind", "name": "Ada",
            "email": "ada@northwind.example", "password": "a password of a test",
        });
        wire::post(
            self.port,
            api::paths::SET_UP,
            "application/json",
            &form.to_string(),
        )
    }

    /// The cookie of a session, from the answer that set it.
    pub(super) fn cookie(answer: &Answer) -> String {
        let cookie = answer.header("set-cookie");
        cookie.split(';').next().expect("a cookie").to_owned()
    }
}

/// The lines of the log; whatever else is printed is for a person.
fn log(out: &str) -> Vec<Value> {
    let lines = out.lines().filter(|line| line.starts_with('{'));
    lines
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

#[test]
fn the_first_start_prints_a_link_and_what_is_set_up_outlives_the_process() {
    let folder = Folder::new();
    let server = Server::start(&folder, &[]);
    assert_eq!(
        folder.names(),
        ["sso.db", "sso.db-shm", "sso.db-wal", "sso.db.key"]
    );
    for name in folder.names() {
        assert_eq!(mode(&folder.file(&name)), 0o600, "{name}");
    }
    let link = format!("http://localhost:{}/set-up#token=", server.port);
    assert!(
        server.program.out().contains(&link),
        "{}",
        server.program.out()
    );
    let answer = server.set_up();
    assert_eq!(answer.status, 201, "{}", answer.body);
    let cookie = Server::cookie(&answer);
    assert_eq!(
        wire::get(server.port, api::paths::SESSION, &cookie).status,
        200
    );
    let ended = server.program.stop();
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert!(ended.err.is_empty(), "{}", ended.err);
    let last = log(&ended.out).pop().expect("a log");
    assert_eq!(last["message"], "stopped");
    // Closed in order: what was in the log beside it is in the file.
    assert_eq!(folder.names(), ["sso.db", "sso.db.key"]);

    let again = Server::start(&folder, &[]);
    assert_eq!(again.token(), None, "a second link was printed");
    assert_eq!(
        wire::get(again.port, api::paths::SESSION, &cookie).status,
        200
    );
    assert_eq!(again.program.stop().code, 0);
}

#[test]
fn what_was_answered_survives_a_process_that_is_killed() {
    let folder = Folder::new();
    let server = Server::start(&folder, &[]);
    let answer = server.set_up();
    assert_eq!(answer.status, 201, "{}", answer.body);
    server.program.signal("KILL");
    assert_eq!(server.program.end().code, -1);
    let again = Server::start(&folder, &[]);
    let cookie = Server::cookie(&answer);
    assert_eq!(
        wire::get(again.port, api::paths::SESSION, &cookie).status,
        200
    );
}

#[test]
fn a_start_with_another_key_is_refused_and_the_right_key_still_works() {
    let folder = Folder::new();
    let server = Server::start(&folder, &[]);
    assert_eq!(server.set_up().status, 201);
    assert_eq!(server.program.stop().code, 0);
    let other = folder.text("other.key");
    assert_eq!(run(&["key", &other]).code, 0);
    let database = folder.text("sso.db");
    let before = std::fs::read(&database).expect("the database");
    let listen = format!("127.0.0.1:{}", free_port());
    let arguments = ["serve", "--database", &database, "--listen", &listen];
    let refused = Program::start(
        &[&arguments[..], &["--encryption-key-file", &other]].concat(),
        &[],
    )
    .end();
    assert_eq!(refused.code, 2);
    assert!(
        refused.err.contains("the encryption key is not the one"),
        "{}",
        refused.err
    );
    assert!(
        refused.err.contains("--encryption-key-file"),
        "{}",
        refused.err
    );
    assert!(before == std::fs::read(&database).expect("the database"));

    std::fs::rename(folder.file("sso.db.key"), folder.file("kept.key")).expect("moved");
    let without = Program::start(&arguments, &[]).end();
    assert_eq!(without.code, 2);
    assert!(
        without.err.contains("sso.db.key") && without.err.contains("restore"),
        "{}",
        without.err
    );
    let kept = folder.text("kept.key");
    let right = Server::start(&folder, &["--encryption-key-file", &kept]);
    assert_eq!(right.program.stop().code, 0);
}

#[test]
fn both_signals_end_it_cleanly_even_with_a_connection_open() {
    for signal in ["TERM", "INT"] {
        let folder = Folder::new();
        let server = Server::start(&folder, &[]);
        // One connection that said nothing yet, one that waits for its next request.
        let silent = wire::connect(server.port);
        let mut idle = wire::connect(server.port);
        idle.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n")
            .expect("sent");
        let mut first = [0; 15];
        std::io::Read::read_exact(&mut idle, &mut first).expect("an answer");
        assert_eq!(&first, b"HTTP/1.1 200 OK");
        let start = std::time::Instant::now();
        server.program.signal(signal);
        assert_eq!(server.program.end().code, 0, "{signal}");
        assert!(
            start.elapsed().as_secs() < 12,
            "{signal} took {:?}",
            start.elapsed()
        );
        drop((silent, idle));
    }
}

#[test]
fn a_request_under_way_is_finished_before_the_end() {
    let folder = Folder::new();
    let mut server = Server::start(&folder, &[]);
    let token = server.token().expect("a link");
    let body = json!({
        "token": token, "organization": "Northwind", "name": "Ada",
        "email": "ada@northwind.example", "password": "a password of a test",
    })
    .to_string();
    let mut under_way = wire::connect(server.port);
    // It says "continue" when it is inside the request and waits for the body.
    let head = format!(
        "POST /api/set-up HTTP/1.1\r\nhost: localhost\r\norigin: http://localhost:{}\r\n\
         x-sso-console: 1\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
         expect: 100-continue\r\n\r\n",
        server.port,
        body.len()
    );
    under_way.write_all(head.as_bytes()).expect("sent");
    let mut go_on = [0; 25];
    std::io::Read::read_exact(&mut under_way, &mut go_on).expect("a word");
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    server.program.signal("TERM");
    server.program.until("\"message\":\"stopping\"");
    under_way.write_all(body.as_bytes()).expect("sent");
    let mut answer = String::new();
    std::io::Read::read_to_string(&mut under_way, &mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 201 Created"), "{answer}");
    assert_eq!(server.program.end().code, 0);
}

#[test]
fn the_log_has_one_json_line_a_request_and_nothing_that_came_in_its_query() {
    let folder = Folder::new();
    let server = Server::start(&folder, &["--log", "trace"]);
    let answer = wire::get(
        server.port,
        "/sign-in?return_to=%2Fusers&code=QUERY-CANARY",
        "a=COOKIE-CANARY",
    );
    assert_eq!(answer.status, 200);
    wire::get(
        server.port,
        "/auth/okta/callback?code=QUERY-CANARY&state=QUERY-CANARY",
        "",
    );
    let ended = server.program.stop();
    assert!(!ended.out.contains("CANARY"), "{}", ended.out);
    let lines = log(&ended.out);
    let id = answer.header("x-request-id");
    let mine: Vec<&Value> = lines.iter().filter(|line| line["request"] == id).collect();
    assert_eq!(mine.len(), 1, "{lines:?}");
    assert_eq!(mine[0]["method"], "GET");
    assert_eq!(mine[0]["path"], "/sign-in");
    assert_eq!(mine[0]["status"], 200);
    assert!(mine[0]["timestamp"].is_string() && mine[0]["level"] == "INFO");
    assert!(
        lines.iter().any(|line| line["cause"] == "state_unknown"),
        "{lines:?}"
    );
}
