//! The repository's files as the rules see them: a path from the root, and a text.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// A file of the repository, by its path from the root.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl File {
    pub(crate) fn new(path: &str, text: &str) -> Self {
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }

    /// A file that the repository has. Fails with its path when it moved.
    pub(crate) fn read(path: &str) -> Self {
        let text = fs::read_to_string(root().join(path));
        Self::new(
            path,
            &text.unwrap_or_else(|error| panic!("{path}: {error}")),
        )
    }

    pub(crate) fn is(&self, extension: &str) -> bool {
        Path::new(&self.path)
            .extension()
            .is_some_and(|it| it == extension)
    }

    pub(crate) fn is_in(&self, folder: &str) -> bool {
        self.path.starts_with(folder)
    }

    /// The lines with their number.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.text.lines())
    }

    /// A finding: `path:line: text`.
    pub(crate) fn at(&self, line: usize, text: &str) -> String {
        format!("{}:{line}: {}", self.path, text.trim())
    }
}

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the package is in the repository")
        .to_owned()
}

/// Every text file that belongs to the project, in the order of the paths. The rules themselves are left out of it:
/// they spell what they look for.
pub(crate) fn files() -> Vec<File> {
    let mut found = Vec::new();
    walk(&root(), &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(found.len() > 100, "only {} files were found", found.len());
    found
}

fn walk(folder: &Path, found: &mut Vec<File>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy();
        if matches!(&*name, "target" | "dist" | "node_modules" | ".git") {
            continue;
        }
        if path.is_dir() {
            walk(&path, found);
        } else if let Ok(text) = fs::read_to_string(&path) {
            let short = path.strip_prefix(root()).expect("inside");
            found.push(File::new(&short.display().to_string(), &text));
        }
    }
}

/// Whether this file is one of the rules, which spell what they look for.
pub(crate) fn is_rule(file: &File) -> bool {
    file.path == "tests/tidy.rs" || file.is_in("tests/tidy/")
}
