//! One process has an archive at a time.
//!
//! The lock is the system's (`flock` on Unix) on `<archive>/lock`, so it ends with the process, however that ends.
//! What stands in the file tells a second process whom to ask; it means nothing while nobody holds the lock, and
//! the file is never removed: removing it would let two processes lock two files of one name.

use std::fmt;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use jiff::Timestamp;

use crate::error::LockError;

/// What the holder of an archive does with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It appends, and answers readers over its socket.
    Writer,
    /// It reads, and is soon gone.
    Reader,
}

impl Role {
    /// Returns the word that stands in the lock file.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Writer => "writer",
            Role::Reader => "reader",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "writer" => Ok(Role::Writer),
            "reader" => Ok(Role::Reader),
            _ => Err(()),
        }
    }
}

/// The right to use an archive, held until it is dropped.
#[derive(Debug)]
pub struct ArchiveLock {
    /// Closing the file ends the lock.
    _file: File,
    path: PathBuf,
}

impl ArchiveLock {
    /// Takes the lock of the archive in `dir`, which is created where it is missing. Never waits.
    ///
    /// Both roles exclude every other process: the state can be open only once.
    ///
    /// # Errors
    /// [`LockError::Held`] with the holder where another process has it, [`LockError::Io`] where the system refuses.
    pub fn acquire(dir: &Path, role: Role, since: Timestamp) -> Result<ArchiveLock, LockError> {
        let path = dir.join("lock");
        let refuse = |source: io::Error| LockError::Io {
            path: path.clone(),
            source,
        };
        fs::create_dir_all(dir).map_err(refuse)?;
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(refuse)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(held(&mut file)),
            Err(TryLockError::Error(source)) => return Err(refuse(source)),
        }
        let text = format!(
            "pid = {}\nrole = \"{role}\"\nsince = \"{since}\"\n",
            std::process::id()
        );
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(text.as_bytes()))
            .map_err(refuse)?;
        Ok(ArchiveLock { _file: file, path })
    }

    /// Returns the lock file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Says who holds the lock, as far as the file tells.
fn held(file: &mut File) -> LockError {
    let mut text = String::new();
    // A holder that is only now writing leaves a partial text; what cannot be read is left out.
    let _ = file.take(1_000).read_to_string(&mut text);
    let field = |name: &str| {
        text.lines()
            .filter_map(|line| line.split_once('='))
            .find(|(key, _)| key.trim() == name)
            .map(|(_, value)| value.trim().trim_matches('"').to_owned())
    };
    LockError::Held {
        pid: field("pid").and_then(|pid| pid.parse().ok()),
        role: field("role").and_then(|role| role.parse().ok()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_second_holder_is_told_of_the_first_until_that_is_gone() {
        let dir = tempfile::tempdir().unwrap();
        let since = Timestamp::UNIX_EPOCH;
        let first = ArchiveLock::acquire(dir.path(), Role::Writer, since).unwrap();
        match ArchiveLock::acquire(dir.path(), Role::Reader, since) {
            Err(LockError::Held { pid, role }) => {
                assert_eq!(pid, Some(std::process::id()));
                assert_eq!(role, Some(Role::Writer));
            }
            other => panic!("expected the lock to be held, got {other:?}"),
        }
        drop(first);
        ArchiveLock::acquire(dir.path(), Role::Reader, since).unwrap();
    }

    #[test]
    fn what_an_earlier_holder_left_behind_means_nothing() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("lock"), "pid = 1\nrole = \"writer\"\n").unwrap();
        let lock = ArchiveLock::acquire(dir.path(), Role::Reader, Timestamp::UNIX_EPOCH).unwrap();
        let text = fs::read_to_string(lock.path()).unwrap();
        assert!(text.contains("role = \"reader\"") && !text.contains("pid = 1\n"));
    }

    #[test]
    fn the_message_names_the_holder() {
        let held = |pid, role| LockError::Held { pid, role }.to_string();
        assert_eq!(
            held(Some(7), Some(Role::Writer)),
            "the archive is in use by process 7 (writer)"
        );
        assert_eq!(held(None, None), "the archive is in use by another process");
    }
}
