//! Opens an archive: finds its end, and cuts what a crash left half written.
//!
//! Only what is incomplete *and* has nothing whole behind it is cut: that was never acknowledged. Damage in the
//! middle stays where it is, is reported, and is stepped over when reading. Where the journal knows of a position
//! that the segments no longer reach (the power failed between the two, and nothing of it was acknowledged), a new
//! segment is begun, so that positions never come twice.

use std::path::Path;
use std::sync::Arc;

use hedui_model::Diagnostic;

use super::decode::{Unit, What, read_unit};
use super::encode::RECORD_VERSION;
use super::files::{Files, Handle, Mode};
use super::hint;
use super::line::{self, BadLine, Lines};
use super::log::{Log, Place};
use super::mark::Mark;
use super::names::{JOURNAL, SEGMENT, file_name, numbers};
use super::segment::{Bad, Segment};
use crate::error::ArchiveError;
use crate::journal::JOURNAL_VERSION;

/// How much of a segment is read at once.
const CHUNK_BYTES: usize = 256 << 10;

/// Where an archive goes on.
#[derive(Debug)]
pub(super) struct Recovered {
    pub(super) segments: Log,
    pub(super) journal: Log,
    /// The number of the last journal line.
    pub(super) seq: u64,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Finds the end of the archive in `dir`.
pub(super) fn recover(files: &Arc<dyn Files>, dir: &Path) -> Result<Recovered, ArchiveError> {
    let hint = hint::read(files.as_ref(), dir);
    let mut recovery = Recovery {
        files: Arc::clone(files),
        diagnostics: Vec::new(),
    };
    let segments_dir = dir.join("warc");
    let journal_dir = dir.join("journal");
    for dir in [&segments_dir, &journal_dir] {
        files
            .create_dir(dir)
            .map_err(|source| ArchiveError::write(dir.clone(), source))?;
    }
    let mut segments_end = recovery.segments(&segments_dir, hint)?;
    let journal = recovery.journal(&journal_dir)?;
    if let Some(mark) = hint {
        recovery.compare(mark, segments_end.place, journal.seq);
    }
    if journal.after > segments_end.place {
        segments_end = recovery.step_over(segments_end.place, journal.after);
    }
    let segments = Log::new(
        Arc::clone(files),
        segments_dir,
        SEGMENT,
        segments_end.place,
        segments_end.is_ragged,
    );
    let journal_log = Log::new(
        Arc::clone(files),
        journal_dir,
        JOURNAL,
        journal.end.place,
        journal.end.is_ragged,
    );
    Ok(Recovered {
        segments,
        journal: journal_log,
        seq: journal.seq,
        diagnostics: recovery.diagnostics,
    })
}

struct Recovery {
    files: Arc<dyn Files>,
    diagnostics: Vec<Diagnostic>,
}

/// Where a log ends, and whether something half written still stands behind that.
#[derive(Clone, Copy, Debug)]
struct End {
    place: Place,
    is_ragged: bool,
}

struct JournalEnd {
    end: End,
    seq: u64,
    /// The position in the segments that the last line names.
    after: Place,
}

impl Recovery {
    fn report(&mut self, code: &str, message: String) {
        self.diagnostics.push(Diagnostic::new(code, message));
    }

    fn segments(&mut self, dir: &Path, hint: Option<Mark>) -> Result<End, ArchiveError> {
        let all = self.numbers(dir, SEGMENT)?;
        let Some(&last) = all.last() else {
            return Ok(End {
                place: Place {
                    number: 1,
                    offset: 0,
                },
                is_ragged: false,
            });
        };
        let checked_from = hint.filter(|mark| all.contains(&mark.segment));
        let first = checked_from.map_or(0, |mark| mark.segment);
        let mut end = End {
            place: Place::default(),
            is_ragged: false,
        };
        for &number in all.iter().filter(|&&number| number >= first) {
            let from = checked_from
                .filter(|mark| mark.segment == number)
                .map_or(0, |mark| mark.offset);
            let path = dir.join(file_name(number, SEGMENT));
            let handle = self.open(&path)?;
            let len = handle
                .bytes()
                .map_err(|source| ArchiveError::io("read", &path, source))?;
            let mut segment = Segment::new(number, handle, len, CHUNK_BYTES);
            if number == last {
                check_version(&mut segment, &path)?;
            }
            let whole = self.scan(&mut segment, from, &path)?;
            end = End {
                place: Place {
                    number,
                    offset: whole,
                },
                is_ragged: whole < len && !self.cut(&path, whole),
            };
        }
        Ok(end)
    }

    /// Returns the end of the last whole record of the segment, checking what stands behind `from`.
    fn scan(&mut self, segment: &mut Segment, from: u64, path: &Path) -> Result<u64, ArchiveError> {
        let refuse = |source| ArchiveError::io("read", path, source);
        let is_boundary = from == segment.end() || segment.begins_at(from).map_err(refuse)?;
        let mut at = if is_boundary { from } else { 0 };
        let mut whole = at;
        loop {
            let damage = match read_unit(segment, at) {
                Ok(Unit {
                    what: What::Orphan,
                    end,
                }) => {
                    // Whole, but counts only when something follows.
                    at = end;
                    continue;
                }
                Ok(Unit { end, .. }) => {
                    at = end;
                    whole = end;
                    continue;
                }
                Err(Bad::End) => {
                    if whole < at {
                        self.torn(segment.number(), whole, at - whole);
                    }
                    return Ok(whole);
                }
                Err(Bad::Io(source)) => return Err(refuse(source)),
                Err(Bad::Damaged { offset, what }) => (offset, what),
            };
            let (offset, what) = damage;
            let Some(next) = segment.find_member(offset + 1).map_err(refuse)? else {
                self.torn(segment.number(), whole, segment.end() - whole);
                return Ok(whole);
            };
            self.report(
                "damaged_record",
                format!(
                    "segment {} is damaged from byte {offset} to {next}: {what}",
                    segment.number()
                ),
            );
            at = next;
        }
    }

    fn torn(&mut self, segment: u32, offset: u64, bytes: u64) {
        self.report(
            "torn_record",
            format!("segment {segment} ended in {bytes} bytes of unfinished records at byte {offset}; they were never acknowledged and are cut off"),
        );
    }

    fn journal(&mut self, dir: &Path) -> Result<JournalEnd, ArchiveError> {
        let all = self.numbers(dir, JOURNAL)?;
        let mut found = JournalEnd {
            end: End {
                place: Place {
                    number: all.last().copied().unwrap_or(1),
                    offset: 0,
                },
                is_ragged: false,
            },
            seq: 0,
            after: Place::default(),
        };
        for (index, &number) in all.iter().rev().enumerate() {
            let path = dir.join(file_name(number, JOURNAL));
            let scanned = self.scan_lines(number, &path)?;
            if index == 0 {
                found.end.place.offset = scanned.whole;
                found.end.is_ragged =
                    scanned.whole < scanned.bytes && !self.cut(&path, scanned.whole);
            }
            if let Some((seq, after)) = scanned.last {
                found.seq = seq;
                found.after = after;
                break;
            }
        }
        Ok(found)
    }

    fn scan_lines(&mut self, number: u32, path: &Path) -> Result<ScannedLines, ArchiveError> {
        let mut lines = Lines::new(self.open(path)?);
        let mut scanned = ScannedLines::default();
        let mut bad: Vec<(u64, &'static str)> = Vec::new();
        while let Some(raw) = lines
            .next_line()
            .map_err(|source| ArchiveError::io("read", path, source))?
        {
            scanned.bytes = raw.offset + raw.bytes.len() as u64;
            match line::decode(&raw.bytes) {
                Ok(line) => {
                    scanned.whole = scanned.bytes;
                    scanned.last = Some((line.seq, line.after));
                    for (offset, what) in bad.drain(..) {
                        self.report(
                            "damaged_line",
                            format!("journal {number} has a damaged line at byte {offset}: {what}"),
                        );
                    }
                }
                Err(BadLine::Damaged(what)) => bad.push((raw.offset, what)),
                Err(BadLine::Newer(found)) => {
                    return Err(ArchiveError::Newer {
                        found,
                        known: JOURNAL_VERSION,
                    });
                }
            }
        }
        if scanned.whole < scanned.bytes {
            self.report(
                "torn_line",
                format!(
                    "journal {number} ended in {} bytes of an unfinished line; it was never acknowledged and is cut off",
                    scanned.bytes - scanned.whole
                ),
            );
        }
        Ok(scanned)
    }

    /// Tells when something is missing that had been synced.
    fn compare(&mut self, synced: Mark, segments: Place, seq: u64) {
        let place = Place {
            number: synced.segment,
            offset: synced.offset,
        };
        if segments < place {
            self.report(
                "lost_records",
                format!(
                    "the segments end at {}:{}, but had been written up to {}:{}: acknowledged records are missing",
                    segments.number, segments.offset, place.number, place.offset
                ),
            );
        }
        if seq < synced.journal {
            self.report(
                "lost_lines",
                format!(
                    "the journal ends at line {seq}, but had been written up to line {}: acknowledged decisions are missing",
                    synced.journal
                ),
            );
        }
    }

    /// Returns a place behind everything that the journal knows of.
    fn step_over(&mut self, segments: Place, after: Place) -> End {
        let number = if after.offset == 0 {
            after.number
        } else {
            after.number.saturating_add(1)
        };
        if after.offset > 0 {
            self.report(
                "journal_ahead",
                format!(
                    "the journal names position {}:{}, the segments end at {}:{}; a new segment is begun",
                    after.number, after.offset, segments.number, segments.offset
                ),
            );
        }
        End {
            place: Place { number, offset: 0 },
            is_ragged: false,
        }
    }

    fn numbers(&self, dir: &Path, suffix: &str) -> Result<Vec<u32>, ArchiveError> {
        let names = self
            .files
            .list(dir)
            .map_err(|source| ArchiveError::io("list", dir, source))?;
        Ok(numbers(&names, suffix))
    }

    fn open(&self, path: &Path) -> Result<Arc<dyn Handle>, ArchiveError> {
        self.files
            .open(path, Mode::Read)
            .map_err(|source| ArchiveError::io("open", path, source))
    }

    /// Cuts a file; where the disk refuses, says so and leaves it to the first append.
    fn cut(&mut self, path: &Path, len: u64) -> bool {
        let cut = self
            .files
            .open(path, Mode::Write)
            .and_then(|handle| handle.set_len(len));
        if let Err(error) = &cut {
            self.report(
                "not_cut",
                format!("cannot cut `{}`: {error}", path.display()),
            );
        }
        cut.is_ok()
    }
}

#[derive(Default)]
struct ScannedLines {
    /// The end of the last whole line.
    whole: u64,
    /// The length of the file.
    bytes: u64,
    last: Option<(u64, Place)>,
}

/// Refuses a segment that a later version of the program began.
fn check_version(segment: &mut Segment, path: &Path) -> Result<(), ArchiveError> {
    match read_unit(segment, 0) {
        Ok(Unit {
            what: What::Newer(found),
            ..
        }) => Err(ArchiveError::Newer {
            found,
            known: RECORD_VERSION,
        }),
        Err(Bad::Io(source)) => Err(ArchiveError::io("read", path, source)),
        _ => Ok(()),
    }
}
