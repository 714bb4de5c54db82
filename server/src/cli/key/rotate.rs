//! `sso-console key rotate --old FILE --new FILE`: another encryption key for everything that is
//! sealed, in one transaction. Run again it changes nothing, or seals what a server that had only
//! the old key has sealed meanwhile.

use std::path::PathBuf;

use clap::Args;

use super::super::{config, serve};
use crate::{
    audit::Audit,
    clock::{system_clock, system_entropy},
    error::Error,
    sealing::{Sealing, reseal, shown},
};

#[derive(Debug, Args)]
pub(super) struct Rotation {
    /// File with the current key.
    #[arg(long, value_name = "FILE")]
    old: PathBuf,
    /// File with the new key.
    #[arg(long, value_name = "FILE")]
    new: PathBuf,
    #[command(flatten)]
    server: config::Options,
}

pub(super) fn run(options: Rotation) -> Result<(), String> {
    let old = super::keys(&options.old)?;
    let new = super::keys(&options.new)?;
    let from = format!("{} with {}", options.new.display(), options.old.display());
    let (first, more) = new.split_first().ok_or("no key")?;
    let all: Vec<_> = more.iter().chain(&old).cloned().collect();
    let sealing = Sealing::new(first, &all, &from);
    let resolved = options.server.resolve()?;
    serve::runtime()?.block_on(async move {
        let db = serve::existing(&resolved)?;
        let mut audit = Audit::of_nobody(system_clock().now(), &system_entropy(), "");
        audit.actor_name = "sso-console key rotate".into();
        let id = shown(sealing.key_id());
        let count = db
            .write(move |tx| reseal::everything(tx, &sealing, &audit))
            .await
            .map_err(|error| match error {
                Error::Internal(why) => why,
                other => serve::say(&other),
            })?;
        super::super::say(&if count == 0 {
            format!("Everything is sealed with the key {id} already; nothing was changed.")
        } else {
            format!(
                "{count} sealed values have the key {id} now. Start every server with {}; keep \
                 {} until no backup needs it.",
                options.new.display(),
                options.old.display()
            )
        });
        Ok(())
    })
}
