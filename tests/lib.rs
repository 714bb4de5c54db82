//! Nothing lives here: the package exists for its tests, `tidy.rs` and `e2e/`.
