//! The state in sled.
//!
//! sled is fast and looks after a process that ends at any moment, but not after a power cut, and on damaged files it
//! may answer with an error or with a panic. Both become [`Rebuild`] here: every call into sled goes through
//! [`guarded`], which catches panics (the panic message still goes where the program's panic hook sends it). After a
//! caught panic the database may be in any state, which is no matter, since it is only set aside.

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io;
use std::ops::Bound;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::STATE_VERSION;
use super::keys;
use super::kv::{Kv, KvState, Pairs};
use super::marker::{Marker, boot_id, sync_files, sync_parent};
use super::packed::PackedKv;
use crate::error::{Rebuild, StateError};

/// How the database is opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SledOptions {
    /// How much memory sled may use for pages, in bytes. Default: 64 MiB.
    pub cache_bytes: u64,
    /// How often sled writes what is pending, in milliseconds. Default: 500.
    pub flush_every_ms: Option<u64>,
    /// The system's current boot. Default: what the system says; none where it does not tell, and then a state that
    /// was not closed is always rebuilt.
    pub boot_id: Option<String>,
}

impl Default for SledOptions {
    fn default() -> Self {
        SledOptions {
            cache_bytes: 64 << 20,
            flush_every_ms: Some(500),
            boot_id: boot_id(),
        }
    }
}

/// A state to which more than this was written is opened once more before it is closed.
const REOPEN_BYTES_MIN: u64 = 8 << 20;

/// The state in sled.
pub type SledState = KvState<PackedKv<SledKv>>;

impl SledState {
    /// Opens the state in `dir`, or begins one there.
    ///
    /// # Errors
    /// [`StateError::Rebuild`] where what is there cannot be used: it is then to be set aside
    /// ([`SledState::set_aside`]) and opened anew.
    pub fn open(dir: &Path, options: &SledOptions) -> Result<SledState, StateError> {
        let marker = Marker::of(dir);
        let boot = options.boot_id.as_deref();
        let is_there = dir.exists();
        let is_foreign = marker
            .is_from_another_boot(boot)
            .map_err(|source| refused("read", marker.path(), source))?;
        if is_there && is_foreign {
            return Err(StateError::Rebuild {
                reason: Rebuild::Unclean,
            });
        }
        fs::create_dir_all(dir).map_err(|source| refused("create", dir, source))?;
        marker
            .set(boot)
            .map_err(|source| refused("write", marker.path(), source))?;
        let config = sled::Config::new()
            .path(dir)
            .cache_capacity(options.cache_bytes)
            .flush_every_ms(options.flush_every_ms);
        let db = guarded(|| config.open()).map_err(|error| busy_or(error, dir))?;
        let kv = SledKv {
            db,
            dir: dir.to_owned(),
            marker,
            config,
            written_bytes: AtomicU64::new(0),
        };
        kv.check_version()?;
        Ok(KvState::over(PackedKv::new(kv)))
    }

    /// Writes everything, syncs it to the disk, and notes that the state was closed.
    ///
    /// A state that is dropped without being closed is whole all the same unless the machine goes down.
    ///
    /// # Errors
    /// Where the system refuses; the state then counts as not closed.
    pub fn close(self) -> Result<(), StateError> {
        self.kv.flush()?;
        let SledKv {
            db,
            dir,
            marker,
            config,
            written_bytes,
        } = self.kv.inner;
        guarded(move || {
            drop(db);
            Ok(())
        })?;
        // sled goes through everything that was written since the last opening when it is opened, and only then notes
        // how far it got. Better that this is done now than when somebody waits for an answer.
        if written_bytes.into_inner() > REOPEN_BYTES_MIN {
            guarded(move || config.open().map(drop))?;
        }
        sync_files(&dir)
            .and_then(|()| sync_parent(&dir))
            .and_then(|()| marker.clear())
            .map_err(|source| refused("sync", &dir, source))
    }

    /// Renames the state in `dir`, which is not open, to `name` beside it, and returns where it is then.
    ///
    /// # Errors
    /// [`StateError::Name`] where `name` is no plain name, [`StateError::Io`] where the system refuses, for instance
    /// because there is a folder of that name.
    pub fn set_aside(dir: &Path, name: &str) -> Result<PathBuf, StateError> {
        let mut components = Path::new(name).components();
        let is_plain = matches!(
            (components.next(), components.next()),
            (Some(Component::Normal(_)), None)
        );
        if !is_plain {
            return Err(StateError::Name(name.to_owned()));
        }
        let target = dir.with_file_name(name);
        if target.exists() {
            return Err(refused(
                "create",
                &target,
                io::ErrorKind::AlreadyExists.into(),
            ));
        }
        if dir.exists() {
            fs::rename(dir, &target).map_err(|source| refused("rename", dir, source))?;
        }
        let marker = Marker::of(dir);
        marker
            .clear()
            .map_err(|source| refused("remove", marker.path(), source))?;
        Ok(target)
    }
}

/// A sled database.
pub struct SledKv {
    db: sled::Db,
    dir: PathBuf,
    marker: Marker,
    config: sled::Config,
    /// Keys and values written since it was opened.
    written_bytes: AtomicU64,
}

impl fmt::Debug for SledKv {
    /// sled's own form prints the whole database.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SledKv")
            .field("dir", &self.dir)
            .finish_non_exhaustive()
    }
}

impl SledKv {
    /// Refuses what another version wrote, and marks a new database with this one.
    fn check_version(&self) -> Result<(), StateError> {
        let known = STATE_VERSION.to_string().into_bytes();
        let found = self.get(keys::VERSION)?;
        if found.as_ref() == Some(&known) {
            return Ok(());
        }
        let is_new = found.is_none() && guarded(|| Ok(self.db.is_empty()))?;
        if !is_new {
            return Err(StateError::Rebuild {
                reason: Rebuild::Version {
                    found: found.map_or_else(
                        || "none".to_owned(),
                        |found| String::from_utf8_lossy(&found).chars().take(20).collect(),
                    ),
                    known: STATE_VERSION,
                },
            });
        }
        self.write(BTreeMap::from([(keys::VERSION.to_vec(), Some(known))]))
    }
}

impl Kv for SledKv {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StateError> {
        let value = guarded(|| self.db.get(key))?;
        Ok(value.map(|value| value.to_vec()))
    }

    fn range(&self, from: Vec<u8>, until: Option<Vec<u8>>, is_backward: bool) -> Pairs<'_> {
        let until = until.map_or(Bound::Unbounded, Bound::Excluded);
        if let Bound::Excluded(until) = &until
            && from >= *until
        {
            return Box::new(std::iter::empty());
        }
        let mut pairs = self.db.range::<Vec<u8>, _>((Bound::Included(from), until));
        let mut is_over = false;
        Box::new(std::iter::from_fn(move || {
            if is_over {
                return None;
            }
            let next = guarded(|| {
                let next = if is_backward {
                    pairs.next_back()
                } else {
                    pairs.next()
                };
                next.transpose()
            });
            match next {
                Ok(pair) => pair.map(|(key, value)| Ok((key.to_vec(), value.to_vec()))),
                Err(error) => {
                    is_over = true;
                    Some(Err(error))
                }
            }
        }))
    }

    fn write(&self, changes: BTreeMap<Vec<u8>, Option<Vec<u8>>>) -> Result<(), StateError> {
        let mut batch = sled::Batch::default();
        let mut bytes = 0;
        for (key, value) in changes {
            bytes += key.len() + value.as_ref().map_or(0, Vec::len);
            match value {
                Some(value) => batch.insert(key, value),
                None => batch.remove(key),
            }
        }
        self.written_bytes
            .fetch_add(bytes as u64, Ordering::Relaxed);
        guarded(|| self.db.apply_batch(batch))
    }

    fn flush(&self) -> Result<(), StateError> {
        guarded(|| self.db.flush())?;
        Ok(())
    }
}

/// Calls into sled, and takes a panic for what it is: damage.
fn guarded<T>(call: impl FnOnce() -> sled::Result<T>) -> Result<T, StateError> {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(sled::Error::Io(error))) => Err(io_error(error)),
        Ok(Err(error)) => Err(StateError::damaged(error.to_string())),
        Err(panic) => Err(StateError::damaged(panic_message(panic.as_ref()))),
    }
}

/// Sorts errors of the system into those that are about the disk and those that are about the files' content.
fn io_error(error: io::Error) -> StateError {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StateError::Full(error),
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => StateError::Io {
            action: "use",
            path: PathBuf::from("state"),
            source: error,
        },
        _ => StateError::damaged(error.to_string()),
    }
}

/// Tells a database that is open elsewhere from a damaged one: sled says so only in words.
fn busy_or(error: StateError, dir: &Path) -> StateError {
    match &error {
        StateError::Rebuild {
            reason: Rebuild::Damaged(message),
        } if message.contains("could not acquire lock") => StateError::Busy {
            path: dir.to_owned(),
        },
        _ => error,
    }
}

fn panic_message(panic: &(dyn Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(|message| (*message).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "the database panicked".to_owned())
}

fn refused(action: &'static str, path: &Path, source: io::Error) -> StateError {
    StateError::Io {
        action,
        path: path.to_owned(),
        source,
    }
}
