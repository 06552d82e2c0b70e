//! Whether the state was closed before the machine went down.
//!
//! sled's flush hands pages to the disk without waiting for them (`sync_file_range`), so after a power cut its files
//! may hold any mixture of old and new. A marker beside the state's folder, which is there while the state is open,
//! tells: if it was left behind under the same boot, only the process ended and nothing is lost; under another boot,
//! the state is not to be trusted.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// What stands in the marker where the system does not tell boots apart.
const UNKNOWN: &str = "unknown";

/// Returns the id of the system's current boot, where it has one.
#[must_use]
pub fn boot_id() -> Option<String> {
    let text = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let id = text.trim();
    (!id.is_empty()).then(|| id.to_owned())
}

/// The marker of the state in a folder.
#[derive(Clone, Debug)]
pub(super) struct Marker(PathBuf);

impl Marker {
    pub(super) fn of(dir: &Path) -> Self {
        let mut name = dir.as_os_str().to_owned();
        name.push(".open");
        Marker(PathBuf::from(name))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// Tells whether the marker was left behind, and not under this boot.
    pub(super) fn is_from_another_boot(&self, boot: Option<&str>) -> io::Result<bool> {
        match fs::read_to_string(&self.0) {
            Ok(text) => Ok(boot.is_none_or(|boot| text.trim() != boot)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => Ok(true),
            Err(error) => Err(error),
        }
    }

    /// Puts the marker down, and makes sure that it stays.
    pub(super) fn set(&self, boot: Option<&str>) -> io::Result<()> {
        let mut file = File::create(&self.0)?;
        file.write_all(boot.unwrap_or(UNKNOWN).as_bytes())?;
        file.sync_all()?;
        sync_parent(&self.0)
    }

    /// Takes the marker away.
    pub(super) fn clear(&self) -> io::Result<()> {
        match fs::remove_file(&self.0) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        sync_parent(&self.0)
    }
}

#[cfg(unix)]
pub(super) fn sync_parent(path: &Path) -> io::Result<()> {
    match path.parent().filter(|dir| !dir.as_os_str().is_empty()) {
        Some(dir) => File::open(dir)?.sync_all(),
        None => Ok(()),
    }
}

/// Windows keeps names in a journal of its own and opens no folders.
#[cfg(not(unix))]
pub(super) fn sync_parent(_path: &Path) -> io::Result<()> {
    Ok(())
}

/// Syncs all files in a folder and those below it.
pub(super) fn sync_files(dir: &Path) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync_files(&entry.path())?;
        } else {
            // sled replaces its snapshots while it runs; one that is gone needs no sync.
            match File::open(entry.path()) {
                Ok(file) => file.sync_all()?,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
    }
    sync_parent(&dir.join("."))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_marker_is_trusted_only_under_the_boot_that_set_it() {
        let dir = tempfile::tempdir().unwrap();
        let marker = Marker::of(&dir.path().join("state"));
        assert!(!marker.is_from_another_boot(Some("a")).unwrap());
        marker.set(Some("a")).unwrap();
        assert!(!marker.is_from_another_boot(Some("a")).unwrap());
        assert!(marker.is_from_another_boot(Some("b")).unwrap());
        assert!(marker.is_from_another_boot(None).unwrap());
        marker.clear().unwrap();
        marker.clear().unwrap();
        assert!(!marker.is_from_another_boot(Some("b")).unwrap());
    }

    #[test]
    fn where_boots_cannot_be_told_apart_none_is_trusted() {
        let dir = tempfile::tempdir().unwrap();
        let marker = Marker::of(&dir.path().join("state"));
        marker.set(None).unwrap();
        assert!(marker.is_from_another_boot(None).unwrap());
    }
}
