//! Puts the built console into the binary: every file as it is, with brotli and gzip beside it.
//!
//! `SSO_CONSOLE_WEB` names the folder that Trunk wrote. Without it the binary has no console and
//! says so on its pages: the server alone can be worked on without building WebAssembly.

use std::{
    env, fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest as _, Sha256};

fn main() {
    println!("cargo::rerun-if-env-changed=SSO_CONSOLE_WEB");
    println!("cargo::rerun-if-changed=build.rs");
    let told = |name: &str| {
        #[expect(
            clippy::disallowed_methods,
            reason = "cargo tells a build script by it"
        )]
        env::var(name)
    };
    let out = PathBuf::from(told("OUT_DIR").expect("cargo sets OUT_DIR"));
    let mut files = Vec::new();
    let mut hashes = Vec::new();
    if let Ok(web) = told("SSO_CONSOLE_WEB") {
        println!("cargo::rerun-if-changed={web}");
        let mut names: Vec<PathBuf> = fs::read_dir(&web)
            .unwrap_or_else(|error| panic!("SSO_CONSOLE_WEB={web}: {error}"))
            .map(|entry| entry.expect("a directory entry").path())
            .filter(|path| path.is_file())
            .collect();
        names.sort();
        for path in names {
            files.push(embed(&path, &out, &mut hashes));
        }
    }
    let code = format!(
        "pub(super) static FILES: &[File] = &[{}];\n\
         pub(super) static SCRIPT_HASHES: &[&str] = &{hashes:?};\n",
        files.join(",")
    );
    fs::write(out.join("console.rs"), code).expect("writing console.rs");
}

/// Writes the compressed forms of one file, and the code that includes all three.
fn embed(path: &Path, out: &Path, hashes: &mut Vec<String>) -> String {
    let name = path
        .file_name()
        .expect("a file")
        .to_string_lossy()
        .into_owned();
    let raw = fs::read(path).expect("a readable file");
    if name == "index.html" {
        *hashes = script_hashes(&String::from_utf8(raw.clone()).expect("index.html is UTF-8"));
    }
    let mut brotli = Vec::new();
    let params = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        ..brotli::enc::BrotliEncoderParams::default()
    };
    brotli::BrotliCompress(&mut raw.as_slice(), &mut brotli, &params).expect("brotli");
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(&raw).expect("gzip");
    let gzip = gzip.finish().expect("gzip");
    let part = |kind: &str, bytes: &[u8]| {
        if bytes.len() >= raw.len() {
            return "None".to_owned();
        }
        let file = out.join(format!("{name}.{kind}"));
        fs::write(&file, bytes).expect("writing a compressed file");
        format!("Some(include_bytes!({:?}))", file.display().to_string())
    };
    let (brotli, gzip) = (part("br", &brotli), part("gz", &gzip));
    let tag = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(&Sha256::digest(&raw)[..9]);
    let source = path
        .canonicalize()
        .expect("a real path")
        .display()
        .to_string();
    format!(
        "File {{ name: {name:?}, tag: \"\\\"{tag}\\\"\", raw: include_bytes!({source:?}), \
         brotli: {brotli}, gzip: {gzip} }}"
    )
}

/// The CSP hashes of the inline scripts: Trunk's start script and nothing else.
fn script_hashes(html: &str) -> Vec<String> {
    let mut hashes = Vec::new();
    let mut rest = html;
    while let Some((_, after)) = rest.split_once("<script") {
        let Some((attributes, after)) = after.split_once('>') else {
            break;
        };
        let Some((body, after)) = after.split_once("</script>") else {
            break;
        };
        if !attributes.contains(" src=") {
            let digest = STANDARD.encode(Sha256::digest(body.as_bytes()));
            hashes.push(format!("'sha256-{digest}'"));
        }
        rest = after;
    }
    hashes
}
