//! A simulated disk, on which tests cut the power, fill up the space and flip bits.
//!
//! It keeps for every file what is written and what is synced. After a power cut an unsynced page may be there or
//! not, each by itself; a file whose folder was not synced may be gone; a removed one may be back.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::files::{Files, Handle, Mode};

/// The piece of a file that reaches the disk as a whole.
const PAGE_BYTES: usize = 512;

/// A disk in memory. Clones are the same disk.
#[derive(Clone, Debug, Default)]
pub struct SimFiles {
    disk: Arc<Mutex<Disk>>,
}

#[derive(Debug, Default)]
struct Disk {
    files: BTreeMap<PathBuf, SimFile>,
    dirs: BTreeSet<PathBuf>,
    /// How many more bytes may be written.
    space: Option<u64>,
    /// How many more changes there may be before the power fails.
    power: Option<u64>,
    is_read_only: bool,
    is_sync_failing: bool,
}

#[derive(Clone, Debug, Default)]
struct SimFile {
    /// None where the file is removed.
    now: Option<Vec<u8>>,
    /// None where the name is not yet synced.
    durable: Option<Vec<u8>>,
    /// What of the content is synced, whether the name is or not.
    synced: Vec<u8>,
}

impl Disk {
    /// Lets one change through, or fails as a machine without power does.
    fn change(&mut self) -> io::Result<()> {
        if let Some(left) = &mut self.power {
            *left = left
                .checked_sub(1)
                .ok_or_else(|| io::Error::other("the power is off"))?;
        }
        if self.is_read_only {
            return Err(io::ErrorKind::ReadOnlyFilesystem.into());
        }
        Ok(())
    }
}

impl SimFiles {
    /// Makes an empty disk.
    #[must_use]
    pub fn new() -> Self {
        SimFiles::default()
    }

    /// Lets `bytes` more be written; after that the disk is full. `None` makes room.
    pub fn limit_space(&self, bytes: Option<u64>) {
        self.disk().space = bytes;
    }

    /// Lets `changes` more writes, cuts and syncs happen; after that all fail.
    pub fn limit_power(&self, changes: u64) {
        self.disk().power = Some(changes);
    }

    /// Makes the disk read-only, or not.
    pub fn set_read_only(&self, is_read_only: bool) {
        self.disk().is_read_only = is_read_only;
    }

    /// Makes every sync fail, or not.
    pub fn set_sync_failing(&self, is_failing: bool) {
        self.disk().is_sync_failing = is_failing;
    }

    /// Returns the disk as it may be found after the power failed now. Each `seed` is one way in which it may be.
    #[must_use]
    pub fn after_power_cut(&self, seed: u64) -> SimFiles {
        let disk = self.disk();
        let mut chance = Chance(seed);
        let mut files = BTreeMap::new();
        for (path, file) in &disk.files {
            if let Some(content) = file.after_power_cut(&mut chance) {
                files.insert(
                    path.clone(),
                    SimFile {
                        now: Some(content.clone()),
                        durable: Some(content.clone()),
                        synced: content,
                    },
                );
            }
        }
        SimFiles {
            disk: Arc::new(Mutex::new(Disk {
                files,
                dirs: disk.dirs.clone(),
                ..Disk::default()
            })),
        }
    }

    /// Returns the files and their contents.
    #[must_use]
    pub fn contents(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        self.disk()
            .files
            .iter()
            .filter_map(|(path, file)| Some((path.clone(), file.now.clone()?)))
            .collect()
    }

    /// Puts a file on the disk, synced.
    pub fn put(&self, path: &Path, content: Vec<u8>) {
        let file = SimFile {
            now: Some(content.clone()),
            durable: Some(content.clone()),
            synced: content,
        };
        let mut disk = self.disk();
        if let Some(dir) = path.parent() {
            disk.dirs.insert(dir.to_owned());
        }
        disk.files.insert(path.to_owned(), file);
    }

    fn disk(&self) -> MutexGuard<'_, Disk> {
        self.disk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SimFile {
    fn after_power_cut(&self, chance: &mut Chance) -> Option<Vec<u8>> {
        let content = match (&self.now, &self.durable) {
            (Some(now), _) => mix(&self.synced, now, chance),
            (None, Some(durable)) => durable.clone(),
            (None, None) => return None,
        };
        let is_settled = self.now.is_some() && self.durable.is_some();
        (is_settled || chance.toss()).then_some(content)
    }
}

/// Returns a content of which some pages are new and some old; a page that was never written is zeros.
fn mix(old: &[u8], new: &[u8], chance: &mut Chance) -> Vec<u8> {
    let len = if new.len() == old.len() || chance.toss() {
        new.len()
    } else if new.len() > old.len() {
        old.len() + usize::try_from(chance.next() % (new.len() - old.len()) as u64).unwrap_or(0)
    } else {
        old.len()
    };
    let mut content = Vec::with_capacity(len);
    while content.len() < len {
        let start = content.len();
        // Pages lie where they lie, whatever the length.
        let end = (start / PAGE_BYTES + 1) * PAGE_BYTES;
        let end = end.min(len);
        let takes_new = chance.toss();
        for index in start..end {
            let byte = if takes_new {
                new.get(index).or(old.get(index))
            } else {
                old.get(index)
            };
            content.push(byte.copied().unwrap_or(0));
        }
    }
    content
}

/// A small generator of pseudo-random numbers (SplitMix64).
#[derive(Debug)]
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn toss(&mut self) -> bool {
        self.next().is_multiple_of(2)
    }
}

impl Files for SimFiles {
    fn create_dir(&self, dir: &Path) -> io::Result<()> {
        let mut disk = self.disk();
        if !disk.dirs.contains(dir) {
            disk.change()?;
            disk.dirs.insert(dir.to_owned());
        }
        Ok(())
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<String>> {
        let disk = self.disk();
        Ok(disk
            .files
            .iter()
            .filter(|(path, file)| path.parent() == Some(dir) && file.now.is_some())
            .filter_map(|(path, _)| path.file_name()?.to_str().map(str::to_owned))
            .collect())
    }

    fn open(&self, path: &Path, mode: Mode) -> io::Result<Arc<dyn Handle>> {
        let mut disk = self.disk();
        let is_there = disk.files.get(path).is_some_and(|file| file.now.is_some());
        match mode {
            Mode::Read if !is_there => return Err(io::ErrorKind::NotFound.into()),
            Mode::Write if !is_there => {
                disk.change()?;
                let file = disk.files.entry(path.to_owned()).or_default();
                file.now = Some(Vec::new());
                file.synced.clear();
            }
            Mode::Write if disk.is_read_only => {
                return Err(io::ErrorKind::ReadOnlyFilesystem.into());
            }
            _ => {}
        }
        Ok(Arc::new(SimHandle {
            files: self.clone(),
            path: path.to_owned(),
        }))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut disk = self.disk();
        disk.change()?;
        match disk.files.get_mut(path) {
            Some(file) => {
                file.now = None;
                Ok(())
            }
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        let mut disk = self.disk();
        disk.change()?;
        if disk.is_sync_failing {
            return Err(io::Error::other("the sync failed"));
        }
        for (path, file) in &mut disk.files {
            if path.parent() == Some(dir) {
                file.durable = file.now.is_some().then(|| file.synced.clone());
            }
        }
        disk.files
            .retain(|_, file| file.now.is_some() || file.durable.is_some());
        Ok(())
    }
}

#[derive(Debug)]
struct SimHandle {
    files: SimFiles,
    path: PathBuf,
}

impl SimHandle {
    fn with<T>(&self, act: impl FnOnce(&mut Vec<u8>) -> T) -> io::Result<T> {
        let mut disk = self.files.disk();
        let content = disk
            .files
            .get_mut(&self.path)
            .and_then(|file| file.now.as_mut())
            .ok_or(io::ErrorKind::NotFound)?;
        Ok(act(content))
    }
}

impl Handle for SimHandle {
    fn bytes(&self) -> io::Result<u64> {
        self.with(|content| content.len() as u64)
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        self.with(|content| {
            let start = usize::try_from(offset).unwrap_or(usize::MAX);
            let rest = content.get(start..).unwrap_or_default();
            let count = rest.len().min(buffer.len());
            if let (Some(to), Some(from)) = (buffer.get_mut(..count), rest.get(..count)) {
                to.copy_from_slice(from);
            }
            count
        })
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let fits = {
            let mut disk = self.files.disk();
            disk.change()?;
            match &mut disk.space {
                Some(space) => {
                    let fits = (*space).min(bytes.len() as u64);
                    *space -= fits;
                    usize::try_from(fits).unwrap_or(usize::MAX)
                }
                None => bytes.len(),
            }
        };
        let start = usize::try_from(offset).unwrap_or(usize::MAX);
        self.with(|content| {
            let end = start.saturating_add(fits);
            if content.len() < end {
                content.resize(end, 0);
            }
            if let (Some(to), Some(from)) = (content.get_mut(start..end), bytes.get(..fits)) {
                to.copy_from_slice(from);
            }
        })?;
        if fits < bytes.len() {
            return Err(io::ErrorKind::StorageFull.into());
        }
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.files.disk().change()?;
        let len = usize::try_from(len).unwrap_or(usize::MAX);
        self.with(|content| content.resize(len, 0))
    }

    fn sync(&self) -> io::Result<()> {
        let mut disk = self.files.disk();
        disk.change()?;
        if disk.is_sync_failing {
            return Err(io::Error::other("the sync failed"));
        }
        if let Some(file) = disk.files.get_mut(&self.path)
            && let Some(now) = &file.now
        {
            file.synced.clone_from(now);
            if file.durable.is_some() {
                file.durable = Some(now.clone());
            }
        }
        Ok(())
    }
}
