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
    fs::write(out.join("causes.rs"), causes(&english)).expect("writing the causes");
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

/// `cause.x.title`, `.explanation`, `.fallback` and `.step.1` … are the words of the cause `x`: one
/// `match` over the causes, so that a cause without words does not build. `remedy.x.step.1` … are
/// the constant `REMEDY_X`.
fn causes(catalogue: &Catalogue) -> String {
    let index: BTreeMap<&str, usize> = catalogue.keys().map(String::as_str).zip(0..).collect();
    let steps = |of: &str| -> String {
        let keys = (1..).map_while(|n| index.get(format!("{of}.step.{n}").as_str()));
        let keys: Vec<String> = keys.map(|index| format!("Key({index})")).collect();
        assert!(
            !keys.is_empty() && keys.len() < 10,
            "{of} has no steps, or too many"
        );
        format!("&[{}]", keys.join(", "))
    };
    let mut text = String::from("fn words(cause: Cause) -> CauseWords {\n    match cause {\n");
    for code in catalogue
        .keys()
        .filter_map(|key| key.strip_prefix("cause.")?.strip_suffix(".title"))
    {
        let of = format!("cause.{code}");
        let key = |part: &str| index.get(format!("{of}.{part}").as_str());
        let explanation = key("explanation").unwrap_or_else(|| panic!("{of} explains nothing"));
        let fallback =
            key("fallback").map_or_else(|| "None".into(), |it| format!("Some(Key({it}))"));
        writeln!(
            text,
            "        Cause::{variant} => CauseWords {{ title: Key({title}), explanation: Key({explanation}), \
             fallback: {fallback}, steps: {steps} }},",
            variant = camel(code),
            title = index[format!("{of}.title").as_str()],
            steps = steps(&of),
        )
        .expect("writing to a string");
    }
    text.push_str("    }\n}\n");
    let first = |key: &String| Some(key.strip_suffix(".step.1")?.to_owned());
    for remedy in catalogue
        .keys()
        .filter(|key| key.starts_with("remedy."))
        .filter_map(first)
    {
        let name = remedy.replace('.', "_").to_uppercase();
        writeln!(text, "const {name}: &[Key] = {};", steps(&remedy)).expect("writing to a string");
    }
    text
}

/// `state_unknown` is `StateUnknown`.
fn camel(code: &str) -> String {
    let capital = |word: &str| {
        let (first, rest) = word.split_at(1);
        first.to_uppercase() + rest
    };
    code.split('_').map(capital).collect()
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
