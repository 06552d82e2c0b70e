//! The archive: everything that was read, as it was, and the journal. It only grows.
//!
//! What always holds: what was appended before a successful [`Archive::sync`] is there after the process was killed
//! or the power failed; records and journal lines come back in one order, the one in which they were appended; and
//! a name or an address from outside never becomes a path.
//!
//! On disk ([`DiskArchive`]) the records are WARC/1.1, one gzip member each, in `warc/hedui-NNNNNN.warc.gz`, and the
//! journal is JSON lines with a checksum each, in `journal/hedui-NNNNNN.jsonl`. Any WARC tool reads the former and
//! any text tool the latter.

mod decode;
mod digest;
mod disk;
mod encode;
pub mod files;
mod hint;
mod http;
mod line;
mod log;
mod mark;
mod member;
mod memory;
mod names;
mod record;
mod recover;
mod replay;
mod segment;
mod sim;
mod verify;
mod warc;
mod window;

use std::fmt;

pub use digest::{PayloadDigest, RecordId};
pub use disk::{ArchiveOptions, DiskArchive};
pub use mark::{Mark, RecordRef};
pub use memory::MemoryArchive;
pub use record::{
    Context, Ingested, Media, Profile, Record, Revisit, StoredExchange, StoredRecord,
};
pub use sim::SimFiles;
pub use verify::{Fault, Verified};

use crate::error::ArchiveError;
use crate::journal::JournalEntry;

/// Where a record went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appended {
    /// The position behind it.
    pub mark: Mark,
    /// Where it can be read again.
    pub at: RecordRef,
    /// Its WARC record id.
    pub id: RecordId,
    /// The digest of what was read: of a response's body, or of what was ingested.
    pub payload: PayloadDigest,
    /// Whether it was written as a revisit, because nothing had changed since an earlier record.
    pub revisit: bool,
}

/// One step of a replay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Something was read.
    Record {
        /// Where it stands.
        at: RecordRef,
        /// What it is.
        record: StoredRecord,
    },
    /// A line of the journal.
    Journal {
        /// Its number, from 1 without gaps.
        seq: u64,
        /// What it tells.
        entry: JournalEntry,
    },
}

/// The steps of a replay, each with the position behind it.
///
/// An error for which [`ArchiveError::is_damage`] holds stands for what could not be read; the steps after it go on.
/// After any other error the replay ends.
pub type Replay<'a> = Box<dyn Iterator<Item = Result<(Mark, Entry), ArchiveError>> + Send + 'a>;

/// The log of everything that was read and decided.
///
/// One writer at a time; any number of threads may read while it appends.
pub trait Archive: fmt::Debug + Send + Sync {
    /// Appends a record. It is acknowledged by the next successful [`Archive::sync`], not before.
    ///
    /// # Errors
    /// The archive is then as it was before, and stays usable.
    fn append(&self, record: &Record) -> Result<Appended, ArchiveError>;

    /// Appends a line to the journal, and returns the position behind it. [`Archive::sync`] acknowledges it.
    ///
    /// # Errors
    /// The archive is then as it was before, and stays usable.
    fn append_journal(&self, entry: &JournalEntry) -> Result<Mark, ArchiveError>;

    /// Makes everything that was appended safe from a power cut, and returns the position behind it.
    ///
    /// # Errors
    /// Everything that was appended since the last successful sync is then withdrawn: it counts as never appended.
    fn sync(&self) -> Result<Mark, ArchiveError>;

    /// Returns the position behind everything that was appended.
    fn end(&self) -> Mark;

    /// Reads one record. A revisit comes without the body that had not changed; see [`Archive::read_content`].
    ///
    /// # Errors
    /// [`ArchiveError::Damaged`] where no whole record begins at `at`.
    fn read(&self, at: RecordRef) -> Result<StoredRecord, ArchiveError>;

    /// Returns what was appended after `from`, up to what is the end now.
    ///
    /// `Mark::default()` is the beginning.
    ///
    /// # Errors
    /// [`ArchiveError::UnknownMark`] where the archive has no such position.
    fn replay(&self, from: Mark) -> Result<Replay<'_>, ArchiveError>;

    /// Returns how much there is to replay after `from`: stored bytes, for a progress bar.
    fn distance(&self, from: Mark) -> u64;

    /// Reads everything and checks all digests, telling `progress` the bytes done so far.
    ///
    /// # Errors
    /// Only where the system refuses; damage is part of the answer.
    fn verify(&self, progress: &mut dyn FnMut(u64)) -> Result<Verified, ArchiveError>;

    /// Reads one record, with the body of the earlier one where it is a revisit.
    ///
    /// # Errors
    /// [`ArchiveError::Damaged`] where no whole record begins at `at`, or where the earlier one cannot be read.
    fn read_content(&self, at: RecordRef) -> Result<StoredRecord, ArchiveError> {
        let mut record = self.read(at)?;
        let StoredRecord::Exchange(stored) = &mut record else {
            return Ok(record);
        };
        let Some(origin) = stored.revisit.as_ref().and_then(|revisit| revisit.origin) else {
            return Ok(record);
        };
        if let StoredRecord::Exchange(earlier) = self.read(origin)? {
            stored.exchange.body = earlier.exchange.body;
            stored.exchange.truncated = earlier.exchange.truncated;
        }
        Ok(record)
    }
}
