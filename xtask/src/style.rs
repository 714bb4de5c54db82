//! Joins the console's style sheets into one file, so that a browser asks once.
//!
//! Knows the order of the cascade layers. It must not know what the rules say.

use std::path::PathBuf;

use crate::place::Place;
use crate::run::Result;

/// The sheets in the order of their layers: what comes later wins.
const LAYERS: [&str; 8] = [
    "tokens.css",
    "base.css",
    "layout.css",
    "components.css",
    "tables.css",
    "forms.css",
    "pages.css",
    "activity.css",
];

/// Writes `target/style/console.css`, only if that changes it: Trunk watches the folder. Gives its path.
pub(crate) fn write(place: &Place) -> Result<PathBuf> {
    let folder = place.root.join("style");
    let unreadable = |why: std::io::Error| format!("Cannot read {}: {why}", folder.display());
    for entry in std::fs::read_dir(&folder).map_err(unreadable)? {
        let name = entry.map_err(unreadable)?.file_name();
        if name
            .to_str()
            .is_some_and(|name| !LAYERS.contains(&name) && !name.starts_with('.'))
        {
            let name = name.to_string_lossy();
            return Err(format!(
                "style/{name} is in no layer: add it to LAYERS in xtask/src/style.rs, in its place."
            ));
        }
    }
    let mut joined = String::new();
    for layer in LAYERS {
        let path = folder.join(layer);
        let text = std::fs::read_to_string(&path)
            .map_err(|why| format!("Cannot read {}: {why}", path.display()))?;
        joined.push_str(&slim(&text));
    }
    let path = place.target.join("style/console.css");
    if std::fs::read_to_string(&path).is_ok_and(|present| present == joined) {
        return Ok(path);
    }
    let unwritable = |why: std::io::Error| format!("Cannot write {}: {why}", path.display());
    std::fs::create_dir_all(place.target.join("style")).map_err(unwritable)?;
    std::fs::write(&path, joined).map_err(unwritable)?;
    Ok(path)
}

/// The sheet without comments, indentation and empty lines; strings stay as they are.
fn slim(sheet: &str) -> String {
    let mut bare = String::with_capacity(sheet.len());
    let mut rest = sheet;
    let mut quote: Option<char> = None;
    while let Some(letter) = rest.chars().next() {
        if quote.is_none() && rest.starts_with("/*") {
            rest = rest.find("*/").map_or("", |end| &rest[end + 2..]);
            continue;
        }
        let mut length = letter.len_utf8();
        match quote {
            // An escaped quote does not end the string.
            Some(_) if letter == '\\' => {
                length += rest[length..].chars().next().map_or(0, char::len_utf8);
            }
            Some(open) if letter == open => quote = None,
            None if letter == '"' || letter == '\'' => quote = Some(letter),
            Some(_) | None => {}
        }
        bare.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    bare.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .fold(String::new(), |mut slim, line| {
            slim.push_str(line);
            slim.push('\n');
            slim
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_indentation_and_empty_lines_go() {
        let sheet =
            "/* why\n   so */\n@layer base {\n  a { /* quiet */ color: var(--ink); }\n\n}\n";
        assert_eq!(slim(sheet), "@layer base {\na {  color: var(--ink); }\n}\n");
    }

    #[test]
    fn strings_stay_as_they_are() {
        let sheet =
            "a::before { content: \"/* no comment */ \\\" /*\"; }\nb { content: '\"/*'; }\n";
        assert_eq!(slim(sheet), sheet);
    }

    #[test]
    fn a_comment_that_is_not_closed_ends_the_sheet() {
        assert_eq!(slim("a { color: red; }\n/* b { }"), "a { color: red; }\n");
    }
}
