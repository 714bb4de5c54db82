//! `audit verify` and `audit export`, beside a running server.

use serde_json::Value;

use super::{Folder, run, serve::Server};

#[test]
fn a_log_is_verified_and_exported_while_the_server_runs_and_what_was_altered_is_named() {
    let folder = Folder::new();
    let server = Server::start(&folder, &[]);
    assert_eq!(server.set_up().status, 201);
    let database = folder.text("sso.db");

    let whole = run(&["audit", "verify", "--database", &database]);
    assert_eq!(whole.code, 0, "{}", whole.err);
    assert!(whole.out.starts_with("1 rows"), "{}", whole.out);

    let export = run(&["audit", "export", "--database", &database]);
    assert_eq!(export.code, 0, "{}", export.err);
    assert_eq!(
        export.mode, 0o600,
        "a file that the shell makes is the owner's"
    );
    let line: Value = serde_json::from_str(export.out.trim()).expect("one line of JSON");
    assert_eq!(line["event"], "organization.set_up");
    let hash = line["hash"].as_str().expect("a hash");
    assert!(whole.out.contains(hash), "{}", whole.out);

    rusqlite::Connection::open(&database)
        .and_then(|it| it.execute_batch("update audit_events set actor_name = 'Mallory'"))
        .expect("it is altered");
    let altered = run(&["audit", "verify", "--database", &database]);
    assert_eq!(altered.code, 1);
    assert!(altered.err.contains("row 1 was altered"), "{}", altered.err);
    assert!(altered.out.is_empty());
    drop(server);
}

#[test]
fn a_database_that_is_not_there_is_not_made() {
    let folder = Folder::new();
    let database = folder.text("none.db");
    for command in ["verify", "export"] {
        let ended = run(&["audit", command, "--database", &database]);
        assert_eq!(ended.code, 2);
        assert!(ended.err.contains("none.db"), "{}", ended.err);
    }
    assert!(folder.names().is_empty());
}
