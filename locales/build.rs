//! Turns `en/*.json` and `fr/*.json` into typed keys, and fails the build when the two languages
//! do not have the same keys with the same placeholders.

use std::{collections::BTreeMap, env, fmt::Write, fs, path::Path};

type Catalogue = BTreeMap<String, String>;

fn main() {
    println!("cargo::rerun-if-changed=en");
    println!("cargo::rerun-if-changed=fr");
    let english = read("en");
    let french = read("fr");
    compare(&english, &french);

    let mut keys = String::new();
    for (index, name) in english.keys().enumerate() {
        let constant = name.replace('.', "_").to_uppercase();
        writeln!(
            keys,
            "/// {text}\npub const {constant}: Key = Key({index});",
            text = english[name].replace('\n', " ")
        )
        .expect("writing to a string");
    }
    #[expect(
        clippy::disallowed_methods,
        reason = "cargo tells a build script by it"
    )]
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    let out = Path::new(&out);
    fs::write(out.join("keys.rs"), keys).expect("writing the keys");
    fs::write(
        out.join("names.rs"),
        format!("&{:?}", english.keys().collect::<Vec<_>>()),
    )
    .expect("writing the names");
    // `audit.act.user.created` has the words of the act `user.created`: in order, to be searched.
    let acts: Vec<String> = english
        .keys()
        .enumerate()
        .filter_map(|(index, name)| {
            let code = name.strip_prefix("audit.act.")?;
            Some(format!("({code:?}, Key({index}))"))
        })
        .collect();
    fs::write(out.join("acts.rs"), format!("&[{}]", acts.join(", "))).expect("writing the acts");
    for (language, catalogue) in [("en", &english), ("fr", &french)] {
        let texts: Vec<&String> = catalogue.values().collect();
        fs::write(out.join(format!("{language}.rs")), format!("&{texts:?}"))
            .expect("writing the texts");
        let json = serde_json::to_vec(&texts).expect("texts are JSON");
        pack(out, language, &json);
    }
    println!(
        "cargo::rustc-env=LOCALES_HASH={:016x}",
        hash(&english, &french)
    );
}

/// Writes what the console fetches, with brotli and gzip beside it.
#[cfg(feature = "texts")]
fn pack(out: &Path, language: &str, json: &[u8]) {
    use std::io::Write as _;

    let write = |kind: &str, bytes: &[u8]| {
        fs::write(out.join(format!("{language}.{kind}")), bytes).expect("writing packed texts");
    };
    let params = brotli::enc::BrotliEncoderParams::default();
    let mut packed = Vec::new();
    let mut source = json;
    brotli::BrotliCompress(&mut source, &mut packed, &params).expect("brotli");
    write("json", json);
    write("br", &packed);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(json).expect("gzip");
    write("gz", &gzip.finish().expect("gzip"));
}

#[cfg(not(feature = "texts"))]
fn pack(_: &Path, _: &str, _: &[u8]) {}

/// Reads every file of a language into one catalogue; keys are flat, `page.part.piece`.
fn read(language: &str) -> Catalogue {
    let mut all = Catalogue::new();
    let mut files: Vec<_> = fs::read_dir(language)
        .unwrap_or_else(|error| panic!("locales/{language}: {error}"))
        .map(|entry| entry.expect("a directory entry").path())
        .filter(|path| path.extension().is_some_and(|ext| ext == "json"))
        .collect();
    files.sort();
    for file in files {
        let text = fs::read_to_string(&file).expect("a readable file");
        let some: Catalogue = serde_json::from_str(&text)
            .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        for (key, text) in some {
            assert!(
                key.bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._".contains(&b)),
                "{}: key {key:?} has other characters than a-z 0-9 . _",
                file.display()
            );
            assert!(
                !text.trim().is_empty(),
                "{}: {key} is empty",
                file.display()
            );
            assert!(
                all.insert(key.clone(), text).is_none(),
                "{}: {key} stands twice",
                file.display()
            );
        }
    }
    all
}

fn compare(english: &Catalogue, french: &Catalogue) {
    let mut wrong = Vec::new();
    for (key, text) in english {
        match french.get(key) {
            None => wrong.push(format!("{key} is missing in French")),
            Some(other) if placeholders(text) != placeholders(other) => {
                wrong.push(format!("{key} has other placeholders in French"));
            }
            Some(_) => {}
        }
    }
    for key in french.keys().filter(|key| !english.contains_key(*key)) {
        wrong.push(format!("{key} is missing in English"));
    }
    assert!(wrong.is_empty(), "locales differ:\n{}", wrong.join("\n"));
}

/// The `{names}` in a text, sorted.
fn placeholders(text: &str) -> Vec<&str> {
    let mut names: Vec<&str> = text
        .split('{')
        .skip(1)
        .filter_map(|part| part.split_once('}'))
        .map(|(name, _)| name)
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// FNV-1a over all keys and texts: tells a console from an older build that its keys do not fit.
fn hash(english: &Catalogue, french: &Catalogue) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for (key, text) in english.iter().chain(french) {
        for byte in key.bytes().chain([0]).chain(text.bytes()).chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
        }
    }
    hash
}
