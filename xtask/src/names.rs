//! Short names for what the console's WebAssembly takes from JavaScript.
//!
//! wasm-bindgen gives each of some two hundred functions a name with a hash of sixteen digits, in both files, and a hash
//! does not compress: 4 kB of what a browser fetches. Only the two files know the names. It must not know what they are.

use std::collections::BTreeMap;

use crate::run::Result;

/// Section 2 of a module has the imports (WebAssembly Core Specification 5.5.5).
const IMPORTS: u8 = 2;
/// The module's magic number and version.
const HEAD: usize = 8;

/// The module and its script, with short names.
pub(crate) fn shorten(wasm: &[u8], js: &str) -> Result<(Vec<u8>, String)> {
    let mut names = BTreeMap::new();
    let wasm =
        module(wasm, &mut names).ok_or("The console's WebAssembly is not laid out as expected.")?;
    Ok((wasm, script(js, &names)))
}

/// A name made by wasm-bindgen: it ends in a hash.
fn is_hashed(name: &str) -> bool {
    name.rsplit_once('_').is_some_and(|(start, hash)| {
        start.starts_with("__wb")
            && hash.len() == 16
            && hash.bytes().all(|it| it.is_ascii_hexdigit())
    })
}

/// `_a`, `_b` … `_z`, `_ba`: none of them is anything else in the script.
fn short(mut n: usize) -> String {
    let mut name = String::new();
    loop {
        name.insert(
            0,
            char::from(b'a' + u8::try_from(n % 26).unwrap_or_default()),
        );
        n /= 26;
        if n == 0 {
            return format!("_{name}");
        }
    }
}

fn module(wasm: &[u8], names: &mut BTreeMap<String, String>) -> Option<Vec<u8>> {
    let (head, mut rest) = wasm.split_at_checked(HEAD)?;
    let mut out = head.to_vec();
    while let Some((kind, after)) = rest.split_first() {
        let mut after = after;
        let size = number(&mut after)?;
        let (section, next) = after.split_at_checked(size)?;
        rest = next;
        out.push(*kind);
        if *kind == IMPORTS {
            let section = imports(section, names)?;
            put(&mut out, section.len());
            out.extend(section);
        } else {
            put(&mut out, size);
            out.extend(section);
        }
    }
    Some(out)
}

fn imports(mut section: &[u8], names: &mut BTreeMap<String, String>) -> Option<Vec<u8>> {
    let count = number(&mut section)?;
    let mut out = Vec::new();
    put(&mut out, count);
    for _ in 0..count {
        let module = text(&mut section)?;
        let name = text(&mut section)?;
        let shorter = if is_hashed(name) {
            let next = short(names.len());
            names.entry(name.to_owned()).or_insert(next).as_str()
        } else {
            name
        };
        for word in [module, shorter] {
            put(&mut out, word.len());
            out.extend(word.as_bytes());
        }
        let before = section;
        described(&mut section)?;
        out.extend(&before[..before.len() - section.len()]);
    }
    section.is_empty().then_some(out)
}

/// Passes over what is imported: a function, a table, a memory, a global.
fn described(section: &mut &[u8]) -> Option<()> {
    match byte(section)? {
        0 => drop(number(section)?),
        kind @ (1 | 2) => {
            if kind == 1 {
                byte(section)?;
            }
            let has_most = number(section)? & 1 == 1;
            number(section)?;
            if has_most {
                number(section)?;
            }
        }
        3 => {
            byte(section)?;
            byte(section)?;
        }
        _ => return None,
    }
    Some(())
}

fn byte(from: &mut &[u8]) -> Option<u8> {
    let (first, rest) = from.split_first()?;
    *from = rest;
    Some(*first)
}

/// LEB128, without a sign.
fn number(from: &mut &[u8]) -> Option<usize> {
    let mut value = 0;
    for shift in (0..35).step_by(7) {
        let next = byte(from)?;
        value |= usize::from(next & 0x7f) << shift;
        if next < 0x80 {
            return Some(value);
        }
    }
    None
}

fn put(out: &mut Vec<u8>, mut value: usize) {
    loop {
        let low = u8::try_from(value & 0x7f).unwrap_or_default();
        value >>= 7;
        if value == 0 {
            return out.push(low);
        }
        out.push(low | 0x80);
    }
}

fn text<'a>(from: &mut &'a [u8]) -> Option<&'a str> {
    let size = number(from)?;
    let (text, rest) = from.split_at_checked(size)?;
    *from = rest;
    std::str::from_utf8(text).ok()
}

/// Every whole word that is a name.
fn script(js: &str, names: &BTreeMap<String, String>) -> String {
    let mut out = String::with_capacity(js.len());
    for part in
        js.split_inclusive(|it: char| !(it.is_ascii_alphanumeric() || it == '_' || it == '$'))
    {
        let word = part
            .trim_end_matches(|it: char| !(it.is_ascii_alphanumeric() || it == '_' || it == '$'));
        out.push_str(names.get(word).map_or(word, String::as_str));
        out.push_str(&part[word.len()..]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: &str = "__wbg_call_0123456789abcdef";

    /// A module that imports a function of this name and a memory, and has another section.
    fn module_of(name: &str) -> Vec<u8> {
        let mut imports = vec![2];
        for (name, what) in [(name, &[0, 3][..]), ("memory", &[2, 1, 1, 9][..])] {
            imports.extend([1, b'm']);
            put(&mut imports, name.len());
            imports.extend(name.as_bytes());
            imports.extend(what);
        }
        let mut module = b"\0asm\x01\0\0\0".to_vec();
        module.extend([1, 2, 7, 7, IMPORTS]);
        put(&mut module, imports.len());
        module.extend(imports);
        module
    }

    #[test]
    fn both_files_get_the_same_short_names() {
        let js = format!("{{ {LONG}: f, x_{LONG}: g, {LONG}_: h }}; wasm.{LONG}");
        let (wasm, js) = shorten(&module_of(LONG), &js).expect("it is one");
        assert_eq!(wasm, module_of("_a"));
        assert_eq!(js, format!("{{ _a: f, x_{LONG}: g, {LONG}_: h }}; wasm._a"));
    }

    #[test]
    fn other_names_stay_and_what_is_no_module_is_refused() {
        let plain = module_of("__wbindgen_init");
        let (same, js) = shorten(&plain, "f()").expect("it is one");
        assert_eq!((same, js), (plain.clone(), "f()".to_owned()));
        for end in [4, 9, 11, plain.len() - 1] {
            assert!(shorten(&plain[..end], "").is_err(), "{end}");
        }
    }

    #[test]
    fn short_names_are_all_different() {
        let names: std::collections::BTreeSet<String> = (0..2000).map(short).collect();
        assert_eq!(names.len(), 2000);
        assert!(is_hashed(LONG) && !is_hashed("_a") && !is_hashed("__wbg_call_012345678"));
    }
}
