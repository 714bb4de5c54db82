//! Whether something has to be built again: a fingerprint of everything that goes into it.
//!
//! Contents count, not times: a checkout that was cloned or switched back and forth has new times on the same files.
//! It must not know what is built.

use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};

use crate::run::Result;

/// The fingerprint of `inputs` (files, and folders with all that is in them, relative to `root`) and of `facts` that
/// are not in files. An input that does not exist counts as such.
pub(crate) fn of(root: &Path, inputs: &[&str], facts: &[&str]) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for fact in facts {
        put(&mut hasher, fact.as_bytes());
    }
    for input in inputs {
        let mut files = Vec::new();
        collect(&root.join(input), &mut files)?;
        files.sort();
        put(&mut hasher, input.as_bytes());
        for file in files {
            let name = file.strip_prefix(root).unwrap_or(&file);
            put(&mut hasher, name.as_os_str().as_encoded_bytes());
            put(
                &mut hasher,
                &std::fs::read(&file)
                    .map_err(|why| format!("Cannot read {}: {why}", file.display()))?,
            );
        }
    }
    Ok(format!("{:016x}", hasher.finish()))
}

/// Length first: `ab` and `c` must not be the same as `a` and `bc`.
fn put(hasher: &mut DefaultHasher, bytes: &[u8]) {
    hasher.write_usize(bytes.len());
    hasher.write(bytes);
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if path.is_file() {
        files.push(path.to_path_buf());
    } else if path.is_dir() {
        let problem =
            |why: std::io::Error| format!("Cannot read the folder {}: {why}", path.display());
        for entry in std::fs::read_dir(path).map_err(problem)? {
            collect(&entry.map_err(problem)?.path(), files)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder of its own a test, gone when the test ends.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir()
                .join(format!("sso-console-stamp-{}-{name}", std::process::id()));
            std::fs::create_dir_all(path.join("src")).expect("the temporary folder takes folders");
            let folder = Self(path);
            folder.write("src/a.rs", "a");
            folder.write("src/b.rs", "b");
            folder
        }

        fn write(&self, name: &str, text: &str) {
            std::fs::write(self.0.join(name), text).expect("the temporary folder takes files");
        }

        fn stamp(&self, facts: &[&str]) -> String {
            of(&self.0, &["src", "Trunk.toml"], facts).expect("every file can be read")
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn writing_the_same_again_changes_nothing() {
        let folder = Folder::new("same");
        let before = folder.stamp(&["trunk 1"]);
        folder.write("src/a.rs", "a");
        assert_eq!(folder.stamp(&["trunk 1"]), before);
    }

    #[test]
    fn a_changed_a_new_a_moved_and_a_missing_file_are_noticed() {
        let folder = Folder::new("changed");
        let mut seen = vec![folder.stamp(&[])];
        folder.write("src/a.rs", "c");
        seen.push(folder.stamp(&[]));
        folder.write("Trunk.toml", "");
        seen.push(folder.stamp(&[]));
        std::fs::rename(folder.0.join("src/b.rs"), folder.0.join("src/c.rs"))
            .expect("the file is there");
        seen.push(folder.stamp(&[]));
        std::fs::remove_file(folder.0.join("src/c.rs")).expect("the file is there");
        seen.push(folder.stamp(&[]));
        let count = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), count, "two different trees have one stamp");
    }

    #[test]
    fn another_tool_is_noticed() {
        let folder = Folder::new("tool");
        assert_ne!(folder.stamp(&["trunk 1"]), folder.stamp(&["trunk 2"]));
        assert_ne!(folder.stamp(&["ab", "c"]), folder.stamp(&["a", "bc"]));
    }
}
