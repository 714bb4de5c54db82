//! How large the console is for the browser that fetches it.
//!
//! Knows the files that Trunk made. It must not know what is in them.

use crate::place::Place;
use crate::run::{self, Result};

/// One file, in bytes: as it is, and with brotli at its highest level (11), which is what the server sends.
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) raw: u64,
    pub(crate) brotli: u64,
}

/// Of wasm, js and css together, in bytes of brotli.
pub(crate) const LIMIT: u64 = 250_000;
/// What we want to reach.
pub(crate) const GOAL: u64 = 150_000;

/// Node has brotli; the standard library has not.
const MEASURE: &str = "\
const fs = require('node:fs'), zlib = require('node:zlib'), c = zlib.constants;
for (const file of process.argv.slice(1)) {
  const raw = fs.readFileSync(file);
  const params = { [c.BROTLI_PARAM_QUALITY]: 11, [c.BROTLI_PARAM_SIZE_HINT]: raw.length };
  console.log(raw.length, zlib.brotliCompressSync(raw, { params }).length);
}";

/// The built console's wasm, js and css files, sorted by name.
pub(crate) fn measure(place: &Place) -> Result<Vec<File>> {
    let folder = place.web();
    let problem = |why: std::io::Error| format!("Cannot read {}: {why}", folder.display());
    let mut names = Vec::new();
    for entry in std::fs::read_dir(&folder).map_err(problem)? {
        let name = entry
            .map_err(problem)?
            .file_name()
            .to_string_lossy()
            .into_owned();
        if extension(&name).is_some_and(|kind| ["wasm", "js", "css"].contains(&kind)) {
            names.push(name);
        }
    }
    names.sort();
    let mut node = place.command("node");
    node.args(["-e", MEASURE, "--"])
        .args(names.iter().map(|name| folder.join(name)));
    let sizes =
        run::answer(&mut node).ok_or("Node cannot be asked how well the console compresses.")?;
    let files: Vec<File> = names
        .into_iter()
        .zip(sizes.lines())
        .filter_map(|(name, line)| file(name, line))
        .collect();
    if files
        .iter()
        .any(|file| extension(&file.name) == Some("wasm"))
    {
        Ok(files)
    } else {
        Err(format!("There is no console in {}.", folder.display()))
    }
}

/// What a file's name ends in, without the point.
fn extension(name: &str) -> Option<&str> {
    name.rsplit_once('.').map(|(_, end)| end)
}

fn file(name: String, sizes: &str) -> Option<File> {
    let (raw, brotli) = sizes.split_once(' ')?;
    Some(File {
        name,
        raw: raw.parse().ok()?,
        brotli: brotli.parse().ok()?,
    })
}

/// What a browser fetches of all of them, in bytes.
pub(crate) fn sent(files: &[File]) -> u64 {
    files.iter().map(|file| file.brotli).sum()
}

/// Bytes as kilobytes (of 1,000), with one digit after the point.
pub(crate) fn kilobytes(bytes: u64) -> String {
    format!("{}.{} kB", bytes / 1000, bytes / 100 % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kilobytes_have_one_digit_after_the_point() {
        assert_eq!(kilobytes(98_765), "98.7 kB");
        assert_eq!(kilobytes(1_000_049), "1000.0 kB");
        assert_eq!(kilobytes(42), "0.0 kB");
    }

    #[test]
    fn what_is_sent_is_what_brotli_leaves() {
        let files = [("a.wasm", "300 100"), ("b.js", "50 20")]
            .map(|(name, sizes)| file(name.to_owned(), sizes));
        let files: Vec<File> = files.into_iter().flatten().collect();
        assert_eq!((files.len(), sent(&files)), (2, 120));
    }
}
