//! The encryption key: made once, for its owner alone, and never replaced.

use std::os::unix::fs::PermissionsExt as _;

use super::{Folder, run};

#[test]
fn a_key_is_made_for_its_owner_alone_and_never_replaced() {
    let folder = Folder::new();
    let file = folder.text("console.key");
    let made = run(&["key", &file]);
    assert_eq!(made.code, 0, "{}", made.err);
    assert!(
        made.out.contains(&file) && made.out.contains("copy"),
        "{}",
        made.out
    );
    let key = std::fs::read_to_string(&file).expect("the key");
    assert!(!made.out.contains(key.trim()), "the key was printed");
    let mode = std::fs::metadata(&file)
        .expect("the key")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);

    let again = run(&["key", &file]);
    assert_eq!(again.code, 2);
    assert!(again.err.contains(&file), "{}", again.err);
    assert_eq!(std::fs::read_to_string(&file).expect("the key"), key);
    let other = folder.text("other.key");
    assert_eq!(run(&["key", &other]).code, 0);
    assert_ne!(std::fs::read_to_string(&other).expect("the key"), key);
}

#[test]
fn a_key_that_cannot_be_written_is_named() {
    let folder = Folder::new();
    for path in [
        folder.text("no/such/folder/x.key"),
        folder.0.display().to_string(),
    ] {
        let ended = run(&["key", &path]);
        assert_eq!(ended.code, 2);
        assert!(ended.err.contains(&path), "{}", ended.err);
    }
    assert!(folder.names().is_empty());
}
