//! The schema's history: numbered, append-only, each file opens with why.

use sha2::{Digest as _, Sha256};

pub(super) struct Migration {
    pub(super) name: &'static str,
    pub(super) sqlite: &'static str,
    pub(super) postgres: &'static str,
}

macro_rules! migration {
    ($name:literal) => {
        Migration {
            name: $name,
            sqlite: include_str!(concat!("../../migrations/sqlite/", $name, ".sql")),
            postgres: include_str!(concat!("../../migrations/postgres/", $name, ".sql")),
        }
    };
}

/// In the order of their numbers. What counts is the place in the list, which only ever grows.
const ALL: &[Migration] = &[
    migration!("0001_first"),
    migration!("0002_life"),
    migration!("0003_checks"),
    migration!("0004_notices"),
    migration!("0005_audit"),
    migration!("0006_sign_ins"),
    migration!("0007_users_search"),
    migration!("0008_native_redirect"),
    migration!("0009_evidence"),
    migration!("0010_keys"),
    migration!("0011_record"),
    migration!("0012_match_by"),
    migration!("0013_authenticated_at"),
    migration!("0014_names"),
];

/// The version of the schema that this binary works with.
pub(super) fn newest() -> i64 {
    i64::try_from(ALL.len()).unwrap_or(i64::MAX)
}

/// Of every text in the history.
pub(super) fn fingerprint() -> String {
    let mut sum = Sha256::new();
    for migration in ALL {
        sum.update(migration.sqlite);
        sum.update(migration.postgres);
    }
    let bytes: [u8; 32] = sum.finalize().into();
    let [a, b, c, d, ..] = bytes;
    format!("{:08x}", u32::from_be_bytes([a, b, c, d]))
}

/// What has still to be done from `version`. A newer database than this binary is refused: an
/// older program would read it wrongly.
pub(super) fn after(version: i64, database: &str) -> Result<&'static [Migration], String> {
    usize::try_from(version)
        .ok()
        .and_then(|done| ALL.get(done..))
        .ok_or_else(|| {
            format!(
                "{database} has schema version {version}, this program knows up to {}; \
                 run the newer program, or restore a backup made by this one",
                newest()
            )
        })
}
