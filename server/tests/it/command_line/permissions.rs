//! Files that the account may not read or write: each is named, with what is wrong with it.

use super::{Folder, Program, free_port, refusals::expect_words};

#[test]
fn a_file_that_this_account_may_not_read_or_write_is_named() {
    use std::os::unix::{fs::PermissionsExt as _, process::CommandExt as _};
    /// Debian's nobody. For root no file is out of reach, so the test steps down.
    const NOBODY: u32 = 65534;
    let folder = Folder::new();
    let allow = |name: &str, mode: u32| {
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(folder.file(name), permissions).expect("a mode");
    };
    let binary = folder.file("sso-console");
    std::fs::copy(env!("CARGO_BIN_EXE_sso-console"), &binary).expect("a copy of the binary");
    allow("sso-console", 0o755);
    std::fs::create_dir(folder.file("closed")).expect("a folder");
    for (name, mode) in [("unreadable.db", 0o000), ("readable.db", 0o444)] {
        let made = rusqlite::Connection::open(folder.file(name)).expect("a database");
        made.execute_batch("create table t (n integer)")
            .expect("filled");
        drop(made);
        allow(name, mode);
    }
    std::fs::write(folder.file("sso.toml"), "log = \"info\"\n").expect("written");
    allow("sso.toml", 0o000);
    allow("closed", 0o555);
    allow("", 0o755);
    let is_root = std::fs::metadata("/proc/self")
        .is_ok_and(|it| std::os::unix::fs::MetadataExt::uid(&it) == 0);
    let listen = format!("127.0.0.1:{}", free_port());
    for (flag, name, words) in [
        ("--database", "unreadable.db", "cannot be opened"),
        ("--database", "readable.db", "cannot be written"),
        (
            "--database",
            "closed/new.db",
            "check that its folder exists and may be written",
        ),
        ("--config", "sso.toml", "ermission denied"),
    ] {
        let mut command = std::process::Command::new(&binary);
        if is_root {
            command.uid(NOBODY).gid(NOBODY);
        }
        let path = folder.text(name);
        let ended =
            Program::spawn(command, &["serve", "--listen", &listen, flag, &path], &[]).end();
        assert_eq!(ended.code, 2, "{name}: {}{}", ended.out, ended.err);
        expect_words(&ended, &[&path, words]);
    }
}
