//! Reads segments and journal again, merged into the order in which they were written.

use super::Entry;
use super::decode::{Unit, What, read_unit};
use super::disk::DiskArchive;
use super::encode::RECORD_VERSION;
use super::line::{self, BadLine, Line, Lines};
use super::log::Place;
use super::mark::{Mark, RecordRef};
use super::segment::{Bad, Segment};
use crate::error::ArchiveError;
use crate::journal::JOURNAL_VERSION;

/// How much of a segment is read at once.
const CHUNK_BYTES: usize = 256 << 10;

/// A replay of a part of the archive, holding one record at a time.
pub(super) struct DiskReplay<'a> {
    archive: &'a DiskArchive,
    /// Segments still to be opened, the next one last.
    ahead: Vec<u32>,
    segment: Option<Segment>,
    place: Place,
    lines: JournalReader<'a>,
    next_line: Option<Result<Line, ArchiveError>>,
    /// The number of the last line that was given out.
    seq: u64,
    until: Mark,
    is_done: bool,
}

impl<'a> DiskReplay<'a> {
    /// Begins a replay of what stands between two positions.
    pub(super) fn new(
        archive: &'a DiskArchive,
        from: Mark,
        until: Mark,
    ) -> Result<Self, ArchiveError> {
        if from > until || from.journal > until.journal {
            return Err(ArchiveError::UnknownMark(from));
        }
        let mut ahead: Vec<u32> = archive
            .segment_numbers()?
            .into_iter()
            .filter(|&number| number >= from.segment && number <= until.segment)
            .collect();
        ahead.reverse();
        let mut replay = DiskReplay {
            archive,
            ahead,
            segment: None,
            place: Place {
                number: from.segment,
                offset: from.offset,
            },
            lines: JournalReader::new(archive, from.journal, until.journal)?,
            next_line: None,
            seq: from.journal,
            until,
            is_done: false,
        };
        replay.open_first(from)?;
        Ok(replay)
    }

    /// Opens the segment in which the replay begins, and makes sure that it knows the position.
    fn open_first(&mut self, from: Mark) -> Result<(), ArchiveError> {
        if from.offset == 0 {
            return Ok(());
        }
        if self.ahead.last() != Some(&from.segment) {
            return Err(ArchiveError::UnknownMark(from));
        }
        self.ahead.pop();
        let mut segment = self.open(from.segment)?;
        let is_known = segment.end() == from.offset
            || segment
                .begins_at(from.offset)
                .map_err(|source| self.refused(from.segment, source))?;
        if !is_known {
            return Err(ArchiveError::UnknownMark(from));
        }
        self.segment = Some(segment);
        Ok(())
    }

    fn open(&self, number: u32) -> Result<Segment, ArchiveError> {
        let until = Place {
            number: self.until.segment,
            offset: self.until.offset,
        };
        self.archive.open_segment(number, until, CHUNK_BYTES)
    }

    fn refused(&self, number: u32, source: std::io::Error) -> ArchiveError {
        ArchiveError::io("read", self.archive.segment_path(number), source)
    }

    fn mark(&self) -> Mark {
        Mark {
            segment: self.place.number,
            offset: self.place.offset,
            journal: self.seq,
        }
    }

    /// Takes one step: an entry, nothing yet, or the end.
    fn step(&mut self) -> Result<Step, ArchiveError> {
        self.open_next()?;
        if self.next_line.is_none() {
            self.next_line = self.lines.next();
        }
        let is_due = match &self.next_line {
            Some(Ok(line)) => self.segment.is_none() || line.after <= self.place,
            Some(Err(_)) => true,
            None => false,
        };
        if is_due && let Some(line) = self.next_line.take() {
            return self.give_line(line?);
        }
        let Some(segment) = &mut self.segment else {
            return Ok(Step::End);
        };
        match read_unit(segment, self.place.offset) {
            Ok(Unit { what, end }) => {
                let at = RecordRef {
                    segment: self.place.number,
                    offset: self.place.offset,
                };
                self.place.offset = end;
                self.give_unit(at, what)
            }
            Err(bad) => self.step_over(bad),
        }
    }

    /// Moves on to the next segment where the current one has ended.
    fn open_next(&mut self) -> Result<(), ArchiveError> {
        loop {
            if let Some(segment) = &self.segment
                && self.place.offset < segment.end()
            {
                return Ok(());
            }
            self.segment = None;
            let Some(number) = self.ahead.pop() else {
                return Ok(());
            };
            self.place = Place { number, offset: 0 };
            self.segment = Some(self.open(number)?);
        }
    }

    fn give_line(&mut self, line: Line) -> Result<Step, ArchiveError> {
        self.seq = line.seq;
        Ok(Step::Entry(Entry::Journal {
            seq: line.seq,
            entry: line.entry,
        }))
    }

    fn give_unit(&mut self, at: RecordRef, what: What) -> Result<Step, ArchiveError> {
        match what {
            What::Record(record) => Ok(Step::Entry(Entry::Record {
                at,
                record: *record,
            })),
            What::Orphan | What::Nothing => Ok(Step::Nothing),
            What::Newer(found) => Err(ArchiveError::Newer {
                found,
                known: RECORD_VERSION,
            }),
        }
    }

    /// Goes on behind damage.
    fn step_over(&mut self, bad: Bad) -> Result<Step, ArchiveError> {
        let number = self.place.number;
        let (offset, what) = match bad {
            Bad::Damaged { offset, what } => (offset, what),
            Bad::Io(source) => return Err(self.refused(number, source)),
            Bad::End => return Ok(Step::Nothing),
        };
        if let Some(segment) = &mut self.segment {
            let end = segment.end();
            match segment.find_member(offset + 1) {
                Ok(next) => self.place.offset = next.unwrap_or(end),
                Err(source) => return Err(self.refused(number, source)),
            }
        }
        Err(ArchiveError::Damaged {
            segment: number,
            offset,
            what,
        })
    }
}

/// What one step of a replay came to. It lives for that step only, so its size is no matter.
#[allow(clippy::large_enum_variant)]
enum Step {
    Entry(Entry),
    Nothing,
    End,
}

impl Iterator for DiskReplay<'_> {
    type Item = Result<(Mark, Entry), ArchiveError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.is_done {
            match self.step() {
                Ok(Step::Entry(entry)) => return Some(Ok((self.mark(), entry))),
                Ok(Step::Nothing) => {}
                Ok(Step::End) => self.is_done = true,
                Err(error) => {
                    self.is_done = !error.is_damage();
                    return Some(Err(error));
                }
            }
        }
        None
    }
}

/// The lines of all journal files behind one number, up to another.
pub(super) struct JournalReader<'a> {
    archive: &'a DiskArchive,
    /// Files still to be opened, the next one last.
    ahead: Vec<u32>,
    file: u32,
    lines: Option<Lines>,
    /// The number of the last line seen.
    seq: u64,
    from: u64,
    until: u64,
    /// A line that waits behind the report of a gap before it.
    held: Option<Line>,
}

impl<'a> JournalReader<'a> {
    pub(super) fn new(
        archive: &'a DiskArchive,
        from: u64,
        until: u64,
    ) -> Result<Self, ArchiveError> {
        let mut ahead = archive.journal_numbers()?;
        // The last file whose first line is not behind the start holds it.
        let mut first = 0;
        for (index, &number) in ahead.iter().enumerate().skip(1) {
            match first_seq(archive, number)? {
                Some(seq) if seq > from.saturating_add(1) => break,
                Some(_) => first = index,
                None => {}
            }
        }
        ahead.drain(..first);
        ahead.reverse();
        Ok(JournalReader {
            archive,
            ahead,
            file: 0,
            lines: None,
            seq: from,
            from,
            until,
            held: None,
        })
    }

    fn step(&mut self) -> Result<Option<Line>, ArchiveError> {
        loop {
            if let Some(line) = self.held.take() {
                self.seq = line.seq;
                return Ok(Some(line));
            }
            if self.seq >= self.until {
                return Ok(None);
            }
            if self.lines.is_none() {
                let Some(number) = self.ahead.pop() else {
                    let (from, file) = (self.seq + 1, self.file);
                    let until = self.until;
                    self.seq = until;
                    return Err(missing(file, 0, from, until));
                };
                self.file = number;
                self.lines = Some(Lines::new(self.archive.open_journal(number)?));
            }
            let Some(lines) = &mut self.lines else {
                continue;
            };
            let file = self.file;
            let raw = lines
                .next_line()
                .map_err(|source| ArchiveError::io("read", self.archive.journal_dir(), source))?;
            let Some(raw) = raw else {
                self.lines = None;
                continue;
            };
            match line::decode(&raw.bytes) {
                Ok(line) if line.seq <= self.from => {}
                Ok(line) if line.seq == self.seq + 1 => self.held = Some(line),
                Ok(line) if line.seq > self.seq => {
                    let error = missing(file, raw.offset, self.seq + 1, line.seq - 1);
                    self.held = Some(line);
                    return Err(error);
                }
                Ok(line) => {
                    return Err(ArchiveError::DamagedLine {
                        file,
                        offset: raw.offset,
                        what: format!("line {} comes again", line.seq),
                    });
                }
                // Before the start nobody asks; behind it the gap in the numbers tells.
                Err(BadLine::Damaged(_)) if self.seq == self.from => {}
                Err(BadLine::Damaged(what)) => {
                    return Err(ArchiveError::DamagedLine {
                        file,
                        offset: raw.offset,
                        what: what.to_owned(),
                    });
                }
                Err(BadLine::Newer(found)) => {
                    self.seq = self.until;
                    return Err(ArchiveError::Newer {
                        found,
                        known: JOURNAL_VERSION,
                    });
                }
            }
        }
    }
}

impl Iterator for JournalReader<'_> {
    type Item = Result<Line, ArchiveError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.step().transpose()
    }
}

fn missing(file: u32, offset: u64, from: u64, until: u64) -> ArchiveError {
    ArchiveError::DamagedLine {
        file,
        offset,
        what: if from == until {
            format!("line {from} is missing")
        } else {
            format!("lines {from} to {until} are missing")
        },
    }
}

fn first_seq(archive: &DiskArchive, number: u32) -> Result<Option<u64>, ArchiveError> {
    let mut lines = Lines::new(archive.open_journal(number)?);
    while let Some(raw) = lines
        .next_line()
        .map_err(|source| ArchiveError::io("read", archive.journal_dir(), source))?
    {
        if let Ok(line) = line::decode(&raw.bytes) {
            return Ok(Some(line.seq));
        }
    }
    Ok(None)
}
