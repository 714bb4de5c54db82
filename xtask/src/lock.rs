//! Two runs at once do not build the same thing twice: the second waits for the first.
//!
//! The system lets go of a file's lock when its process ends, in whatever way, so a lock never outlives its run.

use std::fs::{File, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

use crate::run::Result;
use crate::step;

/// Waits until nobody else holds `path`, and holds it until the answer is dropped. The file has the holder's process
/// id in it, for the person who waits.
pub(crate) fn hold(path: &Path) -> Result<File> {
    let problem = |why: std::io::Error| format!("Cannot lock {}: {why}", path.display());
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(problem)?;
    }
    let mut file = File::options()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .open(path)
        .map_err(problem)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            file.read_to_string(&mut holder).map_err(problem)?;
            step::note(&format!(
                "waiting for another `cargo xtask` (process {})",
                holder.trim()
            ));
            file.lock().map_err(problem)?;
        }
        Err(TryLockError::Error(why)) => return Err(problem(why)),
    }
    file.set_len(0)
        .and_then(|()| file.rewind())
        .map_err(problem)?;
    write!(file, "{}", std::process::id()).map_err(problem)?;
    Ok(file)
}
