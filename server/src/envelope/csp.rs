//! The content security policies: one for what is no document, one for the door, one for the console.

/// For answers that are no document.
pub(crate) const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'";

/// The door: a style sheet and forms that stay here. `beyond`: where a form's answer may lead, for
/// signing out at the provider; browsers hold redirects to `form-action` too.
pub(crate) fn door(beyond: Option<&str>) -> String {
    let beyond = beyond
        .map(|origin| format!(" {origin}"))
        .unwrap_or_default();
    format!(
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'{beyond}; \
         frame-ancestors 'none'; base-uri 'none'"
    )
}

/// The console: its own files, WebAssembly, and Trunk's start script by its hash.
pub(crate) fn console(script_hashes: &[&str]) -> String {
    let hashes = script_hashes.join(" ");
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' {hashes}; style-src 'self'; \
         connect-src 'self'; img-src 'self'; manifest-src 'self'; form-action 'self'; \
         frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
    )
}
