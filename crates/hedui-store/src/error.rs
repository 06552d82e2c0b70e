//! Why a store refuses. Damaged content is reported with its place, and the rest stays readable.

use std::io;
use std::path::PathBuf;

use crate::archive::Mark;
use crate::lock::Role;

/// Why the archive cannot do what it was asked for.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArchiveError {
    /// No space is left. What was acknowledged is safe, and appending works again once there is space.
    #[error("the disk is full: cannot write `{path}`")]
    Full {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// The file system or the file may not be written.
    #[error("the archive is read-only: cannot write `{path}`")]
    ReadOnly {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// The system refuses something else.
    #[error("cannot {action} `{path}`")]
    Io {
        /// What was tried.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// A record is damaged; others can still be read.
    #[error("damaged record in segment {segment} at byte {offset}: {what}")]
    Damaged {
        /// The segment's number.
        segment: u32,
        /// Where the damage begins.
        offset: u64,
        /// What is wrong.
        what: String,
    },
    /// A journal line is damaged or missing; others can still be read.
    #[error("damaged line in journal {file} at byte {offset}: {what}")]
    DamagedLine {
        /// The journal file's number.
        file: u32,
        /// Where the line begins.
        offset: u64,
        /// What is wrong.
        what: String,
    },
    /// The record is larger than the archive takes.
    #[error("a record of {bytes} bytes is above the limit of {bytes_max}")]
    TooLarge {
        /// Its size.
        bytes: u64,
        /// The limit.
        bytes_max: u64,
    },
    /// The archive has no such position, so what was computed up to there was computed from another archive.
    #[error("the archive has no position `{0}`")]
    UnknownMark(Mark),
    /// A later version of the program wrote this.
    #[error("archive format {found} is newer than {known}, the newest that this program reads")]
    Newer {
        /// The version found.
        found: u32,
        /// The newest one known.
        known: u32,
    },
    /// A value cannot be written as JSON.
    #[error("cannot encode a journal entry")]
    Encode(#[source] serde_json::Error),
}

impl ArchiveError {
    /// Sorts a failed write by what the operator can do about it.
    pub(crate) fn write(path: PathBuf, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                ArchiveError::Full { path, source }
            }
            io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => {
                ArchiveError::ReadOnly { path, source }
            }
            _ => ArchiveError::Io {
                action: "write",
                path,
                source,
            },
        }
    }

    pub(crate) fn io(action: &'static str, path: impl Into<PathBuf>, source: io::Error) -> Self {
        ArchiveError::Io {
            action,
            path: path.into(),
            source,
        }
    }

    /// Tells whether the error is about damaged content, so that reading may go on behind it.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        matches!(
            self,
            ArchiveError::Damaged { .. } | ArchiveError::DamagedLine { .. }
        )
    }
}

/// Why the state has to be computed anew.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Rebuild {
    /// The database cannot be opened or read.
    #[error("the state is damaged: {0}")]
    Damaged(String),
    /// A value cannot be decoded.
    #[error("the state holds a value that cannot be read: {0}")]
    Undecodable(String),
    /// Another version of the program computed it.
    #[error("the state has version {found}, this program has {known}")]
    Version {
        /// The version found.
        found: String,
        /// The version that this program writes.
        known: u32,
    },
    /// The machine went down while the state was open, so the disk may hold only a part of it.
    #[error("the machine went down while the state was open")]
    Unclean,
}

/// Why the state cannot do what it was asked for.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StateError {
    /// It is of no use any more: it is to be set aside, and the archive to be replayed.
    #[error("the state has to be rebuilt: {reason}")]
    Rebuild {
        /// What is wrong.
        reason: Rebuild,
    },
    /// No space is left.
    #[error("the disk is full: cannot write the state")]
    Full(#[source] io::Error),
    /// Another process has it open.
    #[error("the state in `{path}` is in use by another process")]
    Busy {
        /// The folder.
        path: PathBuf,
    },
    /// The system refuses something.
    #[error("cannot {action} `{path}`")]
    Io {
        /// What was tried.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// The name cannot be that of a folder beside the state.
    #[error("not the name of a folder: `{0}`")]
    Name(String),
    /// A value cannot be encoded.
    #[error("cannot encode a value for the state: {0}")]
    Encode(String),
}

impl StateError {
    pub(crate) fn damaged(what: impl Into<String>) -> Self {
        StateError::Rebuild {
            reason: Rebuild::Damaged(what.into()),
        }
    }

    pub(crate) fn undecodable(what: impl Into<String>) -> Self {
        StateError::Rebuild {
            reason: Rebuild::Undecodable(what.into()),
        }
    }
}

/// Why the archive's lock cannot be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LockError {
    /// Another process has the archive.
    #[error("the archive is in use by {}{}", process(*pid), role.map(|role| format!(" ({role})")).unwrap_or_default())]
    Held {
        /// Its process id, unless it has just begun.
        pid: Option<u32>,
        /// What it does, unless it has just begun.
        role: Option<Role>,
    },
    /// The system refuses.
    #[error("cannot lock `{path}`")]
    Io {
        /// The lock file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
}

fn process(pid: Option<u32>) -> String {
    pid.map_or_else(
        || "another process".to_owned(),
        |pid| format!("process {pid}"),
    )
}
