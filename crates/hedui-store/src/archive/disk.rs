//! The archive on disk.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hedui_model::Diagnostic;
use jiff::Timestamp;

use super::decode::{Unit, What, read_unit};
use super::digest::PayloadDigest;
use super::encode::{self, Encoded, Origin, RECORD_VERSION};
use super::files::{Files, Handle, Mode, OsFiles};
use super::hint;
use super::line::{self, Line};
use super::log::{Log, Place};
use super::mark::{Mark, RecordRef};
use super::member::Packer;
use super::names::{JOURNAL, SEGMENT, file_name, numbers};
use super::record::{Record, StoredExchange, StoredRecord};
use super::recover::{Recovered, recover};
use super::replay::DiskReplay;
use super::segment::{Bad, Segment};
use super::verify::{Verified, verify};
use super::{Appended, Archive, Replay};
use crate::error::ArchiveError;
use crate::journal::JournalEntry;

/// How much is read at once to find one record.
const READ_BYTES: usize = 8 << 10;

/// How many segments are kept open for reading.
const OPEN_SEGMENTS_MAX: usize = 16;

/// How an archive is written. Reading needs none of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchiveOptions {
    /// A segment is closed before it would grow beyond this many bytes. Default: 1 GiB.
    pub segment_bytes_max: u64,
    /// A journal file is closed before it would grow beyond this many bytes. Default: 16 MiB.
    pub journal_bytes_max: u64,
    /// Records with more content are refused; at most 128 MiB counts. Default: 64 MiB.
    pub record_bytes_max: u64,
    /// How hard gzip tries, 0 to 9. Default: 6.
    pub compression: u32,
    /// The program and its version, for the description at the head of each segment.
    pub software: String,
}

impl Default for ArchiveOptions {
    fn default() -> Self {
        ArchiveOptions {
            segment_bytes_max: 1 << 30,
            journal_bytes_max: 16 << 20,
            record_bytes_max: 64 << 20,
            compression: 6,
            software: concat!("hedui/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
}

/// Records larger than this are never written, whatever the options say: reading would take them for damage.
const RECORD_BYTES_MAX: u64 = 128 << 20;

/// The archive in a folder.
///
/// The caller holds the [`crate::ArchiveLock`].
#[derive(Debug)]
pub struct DiskArchive {
    files: Arc<dyn Files>,
    dir: PathBuf,
    options: ArchiveOptions,
    /// Held while a record is compressed and written, and during a sync; readers do not wait for it.
    writer: Mutex<Writer>,
    /// Open segments, the most recently used last. Held only while one is looked up.
    open: Mutex<Vec<(u32, Arc<dyn Handle>)>>,
}

#[derive(Debug)]
struct Writer {
    segments: Log,
    journal: Log,
    /// The number of the last journal line.
    seq: u64,
    /// The position that the last sync made safe.
    synced: Mark,
    packer: Packer,
    buffer: Vec<u8>,
    hint: Option<Arc<dyn Handle>>,
}

impl Writer {
    fn mark(&self) -> Mark {
        let place = self.segments.end();
        Mark {
            segment: place.number,
            offset: place.offset,
            journal: self.seq,
        }
    }
}

impl DiskArchive {
    /// Opens the archive in `dir`, or begins one there.
    ///
    /// What a crash left half written is cut off, and told in the diagnostics (`torn_record`, `torn_line`); so are
    /// damage that was stepped over (`damaged_record`, `damaged_line`) and acknowledged content that is gone
    /// (`lost_records`, `lost_lines`).
    ///
    /// # Errors
    /// Where the system refuses, and [`ArchiveError::Newer`].
    pub fn open(
        dir: &Path,
        options: ArchiveOptions,
    ) -> Result<(DiskArchive, Vec<Diagnostic>), ArchiveError> {
        DiskArchive::open_on(Arc::new(OsFiles), dir, options)
    }

    /// Opens the archive in `dir` of some other disk.
    ///
    /// # Errors
    /// As [`DiskArchive::open`].
    pub fn open_on(
        files: Arc<dyn Files>,
        dir: &Path,
        options: ArchiveOptions,
    ) -> Result<(DiskArchive, Vec<Diagnostic>), ArchiveError> {
        let Recovered {
            segments,
            journal,
            seq,
            diagnostics,
        } = recover(&files, dir)?;
        let mut writer = Writer {
            segments,
            journal,
            seq,
            synced: Mark::default(),
            packer: Packer::new(options.compression),
            buffer: Vec::new(),
            hint: None,
        };
        writer.synced = writer.mark();
        let archive = DiskArchive {
            files,
            dir: dir.to_owned(),
            options,
            writer: Mutex::new(writer),
            open: Mutex::new(Vec::new()),
        };
        Ok((archive, diagnostics))
    }

    /// Returns the archive's folder.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    pub(super) fn segments_dir(&self) -> PathBuf {
        self.dir.join("warc")
    }

    pub(super) fn journal_dir(&self) -> PathBuf {
        self.dir.join("journal")
    }

    /// Returns the numbers of the segments that there are, rising.
    pub(super) fn segment_numbers(&self) -> Result<Vec<u32>, ArchiveError> {
        self.numbers(&self.segments_dir(), SEGMENT)
    }

    /// Returns the numbers of the journal files that there are, rising.
    pub(super) fn journal_numbers(&self) -> Result<Vec<u32>, ArchiveError> {
        self.numbers(&self.journal_dir(), JOURNAL)
    }

    fn numbers(&self, dir: &Path, suffix: &str) -> Result<Vec<u32>, ArchiveError> {
        let names = self
            .files
            .list(dir)
            .map_err(|source| ArchiveError::io("list", dir, source))?;
        Ok(numbers(&names, suffix))
    }

    /// Opens a journal file for reading.
    pub(super) fn open_journal(&self, number: u32) -> Result<Arc<dyn Handle>, ArchiveError> {
        let path = self.journal_dir().join(file_name(number, JOURNAL));
        self.files
            .open(&path, Mode::Read)
            .map_err(|source| ArchiveError::io("open", path, source))
    }

    /// Opens a segment for reading up to `until`, or up to its end where that stands in a later one.
    pub(super) fn open_segment(
        &self,
        number: u32,
        until: Place,
        chunk_bytes: usize,
    ) -> Result<Segment, ArchiveError> {
        let handle = self.handle(number)?;
        let len = handle
            .bytes()
            .map_err(|source| ArchiveError::io("read", self.segment_path(number), source))?;
        let end = if number == until.number {
            len.min(until.offset)
        } else {
            len
        };
        Ok(Segment::new(number, handle, end, chunk_bytes))
    }

    pub(super) fn segment_path(&self, number: u32) -> PathBuf {
        self.segments_dir().join(file_name(number, SEGMENT))
    }

    fn handle(&self, number: u32) -> Result<Arc<dyn Handle>, ArchiveError> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(index) = open.iter().position(|(key, _)| *key == number) {
            let entry = open.remove(index);
            let handle = Arc::clone(&entry.1);
            open.push(entry);
            return Ok(handle);
        }
        let path = self.segment_path(number);
        let handle = self
            .files
            .open(&path, Mode::Read)
            .map_err(|source| ArchiveError::io("open", path, source))?;
        if open.len() >= OPEN_SEGMENTS_MAX {
            open.remove(0);
        }
        open.push((number, Arc::clone(&handle)));
        Ok(handle)
    }

    /// Returns what a revisit of the record at `prior` would refer to; none where it cannot be read.
    fn origin(&self, prior: RecordRef) -> Option<Origin> {
        let mut at = prior;
        let mut stored = self.exchange_at(at)?;
        if let Some(revisit) = &stored.revisit {
            at = revisit.origin?;
            stored = self.exchange_at(at)?;
        }
        Some(Origin {
            at,
            id: stored.id,
            url: stored.exchange.url,
            date: stored.exchange.at,
            payload: stored.payload,
        })
    }

    fn exchange_at(&self, at: RecordRef) -> Option<StoredExchange> {
        match self.read(at) {
            Ok(StoredRecord::Exchange(stored)) => Some(stored),
            _ => None,
        }
    }

    fn writer(&self) -> MutexGuard<'_, Writer> {
        // A panic inside leaves the log consistent: its end moves only after a write has succeeded.
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Packs a record where the log ends; returns how far behind that the record itself begins.
    fn pack(&self, writer: &mut Writer, encoded: &Encoded, at: Timestamp) -> u64 {
        let place = writer.segments.end();
        let name = writer.segments.name();
        writer.buffer.clear();
        let Writer { packer, buffer, .. } = writer;
        let mut push = |record: &[u8], buffer: &mut Vec<u8>| {
            let offset = place.offset + buffer.len() as u64;
            packer.pack(record, place.number, offset, buffer);
        };
        if place.offset == 0 {
            let info = encode::warcinfo(&self.options.software, &name, at);
            push(&info, buffer);
        }
        let begins = buffer.len() as u64;
        for record in &encoded.records {
            push(record, buffer);
        }
        begins
    }
}

impl Archive for DiskArchive {
    fn append(&self, record: &Record) -> Result<Appended, ArchiveError> {
        let bytes = encode::content_bytes(record);
        let bytes_max = self.options.record_bytes_max.min(RECORD_BYTES_MAX);
        if bytes > bytes_max {
            return Err(ArchiveError::TooLarge { bytes, bytes_max });
        }
        let origin = match record {
            Record::Exchange {
                prior: Some(prior), ..
            } => self.origin(*prior),
            _ => None,
        };
        let at = encode::instant(record);
        let mut writer = self.writer();
        let nonce = writer.mark().to_string();
        let encoded = encode::record(record, origin.as_ref(), nonce.as_bytes());
        let mut begins = self.pack(&mut writer, &encoded, at);
        let end = writer.segments.end().offset;
        if end > 0 && end + writer.buffer.len() as u64 > self.options.segment_bytes_max {
            writer.segments.next_file();
            begins = self.pack(&mut writer, &encoded, at);
        }
        let buffer = std::mem::take(&mut writer.buffer);
        let start = writer.segments.append(&buffer);
        writer.buffer = buffer;
        let start = start?;
        Ok(Appended {
            mark: writer.mark(),
            at: RecordRef {
                segment: start.number,
                offset: start.offset + begins,
            },
            id: encoded.id,
            payload: encoded.payload,
            revisit: encoded.revisit,
        })
    }

    fn append_journal(&self, entry: &JournalEntry) -> Result<Mark, ArchiveError> {
        let mut writer = self.writer();
        let seq = writer.seq.saturating_add(1);
        let bytes = line::encode(&Line {
            seq,
            after: writer.segments.end(),
            entry: entry.clone(),
        })?;
        let end = writer.journal.end().offset;
        if end > 0 && end + bytes.len() as u64 > self.options.journal_bytes_max {
            writer.journal.next_file();
        }
        writer.journal.append(&bytes)?;
        writer.seq = seq;
        Ok(writer.mark())
    }

    fn sync(&self) -> Result<Mark, ArchiveError> {
        let mut writer = self.writer();
        let mark = writer.mark();
        if mark == writer.synced {
            return Ok(mark);
        }
        let synced = writer.segments.sync().and_then(|()| writer.journal.sync());
        if let Err(error) = synced {
            writer.segments.withdraw();
            writer.journal.withdraw();
            writer.seq = writer.synced.journal;
            return Err(error);
        }
        writer.segments.settle();
        writer.journal.settle();
        writer.synced = mark;
        if writer.hint.is_none() {
            writer.hint = hint::open(self.files.as_ref(), &self.dir);
        }
        if let Some(handle) = &writer.hint {
            hint::write(handle.as_ref(), mark);
        }
        Ok(mark)
    }

    fn end(&self) -> Mark {
        self.writer().mark()
    }

    fn read(&self, at: RecordRef) -> Result<StoredRecord, ArchiveError> {
        let damaged = |offset, what: String| ArchiveError::Damaged {
            segment: at.segment,
            offset,
            what,
        };
        let mut segment = self.open_segment(at.segment, Place::default(), READ_BYTES)?;
        match read_unit(&mut segment, at.offset) {
            Ok(Unit {
                what: What::Record(record),
                ..
            }) => Ok(*record),
            Ok(Unit {
                what: What::Newer(found),
                ..
            }) => Err(ArchiveError::Newer {
                found,
                known: RECORD_VERSION,
            }),
            Ok(_) => Err(damaged(
                at.offset,
                "what begins here is not read by itself".into(),
            )),
            Err(Bad::End) => Err(damaged(at.offset, "the segment ends before".into())),
            Err(Bad::Damaged { offset, what }) => Err(damaged(offset, what)),
            Err(Bad::Io(source)) => Err(ArchiveError::io(
                "read",
                self.segment_path(at.segment),
                source,
            )),
        }
    }

    fn replay(&self, from: Mark) -> Result<Replay<'_>, ArchiveError> {
        Ok(Box::new(DiskReplay::new(self, from, self.end())?))
    }

    fn distance(&self, from: Mark) -> u64 {
        let until = self.end();
        let numbers = self.segment_numbers().unwrap_or_default();
        let mut bytes = 0;
        for number in numbers
            .into_iter()
            .filter(|&number| number >= from.segment && number <= until.segment)
        {
            let end = if number == until.segment {
                until.offset
            } else {
                self.handle(number)
                    .and_then(|handle| {
                        handle.bytes().map_err(|source| {
                            ArchiveError::io("read", self.segment_path(number), source)
                        })
                    })
                    .unwrap_or(0)
            };
            let start = if number == from.segment {
                from.offset
            } else {
                0
            };
            bytes += end.saturating_sub(start);
        }
        bytes
    }

    fn verify(&self, progress: &mut dyn FnMut(u64)) -> Result<Verified, ArchiveError> {
        verify(self, self.end(), progress)
    }
}

/// Tells whether the payload is what the record says.
pub(super) fn payload_is_whole(record: &StoredRecord) -> bool {
    match record {
        StoredRecord::Exchange(stored) => {
            stored.revisit.is_some() || PayloadDigest::of(&stored.exchange.body) == stored.payload
        }
        StoredRecord::Ingested {
            ingested, payload, ..
        } => PayloadDigest::of(&ingested.given) == *payload,
    }
}
