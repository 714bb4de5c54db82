//! The database itself: what it refuses to open and why, and what a transaction promises.

mod names;
mod open;
mod promises;
mod tls;

use std::path::PathBuf;

use server::db::{Db, Location};

/// A folder that goes with its test.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        use std::sync::atomic::{AtomicU32, Ordering};
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::SeqCst);
        let name = format!("sso_database_{}_{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// Why it cannot be opened.
fn refusal(location: &Location) -> String {
    match Db::open(location, 2) {
        Ok(_) => panic!("{location:?} was opened"),
        Err(why) => why,
    }
}
