//! Numbered files that only grow, with a way back when the disk refuses.
//!
//! What always holds: a failed append leaves the log as it was; a failed sync withdraws everything since the last
//! one that succeeded, because after it nobody knows what the system still holds of that. Where the disk even
//! refuses the way back, nothing is appended until it allows it.

use std::path::PathBuf;
use std::sync::Arc;

use super::files::{Files, Handle, Mode};
use super::names::{file_name, numbers};
use crate::error::ArchiveError;

/// A place in a log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) number: u32,
    pub(super) offset: u64,
}

/// The writing end of a row of numbered files.
#[derive(Debug)]
pub(super) struct Log {
    files: Arc<dyn Files>,
    dir: PathBuf,
    suffix: &'static str,
    /// Where the next bytes go; the file may not be there yet.
    end: Place,
    /// The end when everything was last synced.
    synced: Place,
    handle: Option<Arc<dyn Handle>>,
    /// Files that were finished since the last sync.
    finished: Vec<(PathBuf, Arc<dyn Handle>)>,
    /// Whether a file was created since the last sync.
    is_created: bool,
    /// Whether there may be bytes behind the end that are to be cut before anything is appended.
    is_ragged: bool,
}

impl Log {
    /// Continues a log at `end`. Where bytes may stand behind it, `is_ragged` has them cut first.
    pub(super) fn new(
        files: Arc<dyn Files>,
        dir: PathBuf,
        suffix: &'static str,
        end: Place,
        is_ragged: bool,
    ) -> Self {
        Log {
            files,
            dir,
            suffix,
            end,
            synced: end,
            handle: None,
            finished: Vec::new(),
            is_created: false,
            is_ragged,
        }
    }

    pub(super) fn end(&self) -> Place {
        self.end
    }

    /// Returns the name of the file that the next bytes go to.
    pub(super) fn name(&self) -> String {
        file_name(self.end.number, self.suffix)
    }

    /// Lets the next bytes go to a new file.
    pub(super) fn next_file(&mut self) {
        let path = self.path(self.end.number);
        if let Some(handle) = self.handle.take() {
            self.finished.push((path, handle));
        }
        self.end = Place {
            number: self.end.number.saturating_add(1),
            offset: 0,
        };
    }

    /// Appends `bytes` and returns where they begin.
    pub(super) fn append(&mut self, bytes: &[u8]) -> Result<Place, ArchiveError> {
        self.mend()?;
        let handle = self.writable()?;
        let start = self.end;
        if let Err(source) = handle.write_at(start.offset, bytes) {
            self.is_ragged = true;
            // The way back is tried now and again before the next append; the first error is the one to tell.
            let _ = self.mend();
            return Err(ArchiveError::write(self.path(start.number), source));
        }
        self.end.offset += bytes.len() as u64;
        Ok(start)
    }

    /// Syncs everything that was written.
    pub(super) fn sync(&mut self) -> Result<(), ArchiveError> {
        for (path, handle) in &self.finished {
            handle
                .sync()
                .map_err(|source| ArchiveError::write(path.clone(), source))?;
        }
        if let Some(handle) = self.handle.as_ref().filter(|_| self.end != self.synced) {
            handle
                .sync()
                .map_err(|source| ArchiveError::write(self.path(self.end.number), source))?;
        }
        if self.is_created {
            self.files
                .sync_dir(&self.dir)
                .map_err(|source| ArchiveError::write(self.dir.clone(), source))?;
        }
        Ok(())
    }

    /// Takes note that everything up to the end is synced.
    pub(super) fn settle(&mut self) {
        self.finished.clear();
        self.is_created = false;
        self.synced = self.end;
    }

    /// Withdraws everything since the last sync.
    pub(super) fn withdraw(&mut self) {
        if self.end == self.synced {
            return;
        }
        self.end = self.synced;
        self.handle = None;
        self.finished.clear();
        self.is_ragged = true;
        // Tried again before the next append.
        let _ = self.mend();
    }

    /// Cuts what stands behind the end.
    fn mend(&mut self) -> Result<(), ArchiveError> {
        if !self.is_ragged {
            return Ok(());
        }
        let names = self
            .files
            .list(&self.dir)
            .map_err(|source| ArchiveError::io("list", self.dir.clone(), source))?;
        for number in numbers(&names, self.suffix) {
            let path = self.path(number);
            if number > self.end.number {
                self.files
                    .remove(&path)
                    .map_err(|source| ArchiveError::write(path, source))?;
                self.is_created = true;
            } else if number == self.end.number {
                let handle = self.writable()?;
                handle
                    .set_len(self.end.offset)
                    .map_err(|source| ArchiveError::write(path, source))?;
            }
        }
        self.is_ragged = false;
        Ok(())
    }

    /// Opens the last file for writing; it is created where it is missing.
    fn writable(&mut self) -> Result<Arc<dyn Handle>, ArchiveError> {
        if let Some(handle) = &self.handle {
            return Ok(Arc::clone(handle));
        }
        let path = self.path(self.end.number);
        self.files
            .create_dir(&self.dir)
            .map_err(|source| ArchiveError::write(self.dir.clone(), source))?;
        let handle = self
            .files
            .open(&path, Mode::Write)
            .map_err(|source| ArchiveError::write(path, source))?;
        self.is_created |= self.end.offset == 0;
        self.handle = Some(Arc::clone(&handle));
        Ok(handle)
    }

    fn path(&self, number: u32) -> PathBuf {
        self.dir.join(file_name(number, self.suffix))
    }
}
