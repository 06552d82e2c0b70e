//! Reads the whole archive and checks every digest.

use super::decode::{Unit, What, read_unit};
use super::disk::{DiskArchive, payload_is_whole};
use super::log::Place;
use super::mark::Mark;
use super::replay::JournalReader;
use super::segment::{Bad, Segment};
use super::warc;
use crate::error::ArchiveError;

/// How much of a segment is read at once.
const CHUNK_BYTES: usize = 256 << 10;

/// More faults are counted, but not described.
const FAULTS_MAX: usize = 1_000;

/// What a verification found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// How many things that were read are whole.
    pub records: u64,
    /// How many journal lines are whole.
    pub lines: u64,
    /// How many bytes of segments were read.
    pub bytes: u64,
    /// How many faults there are.
    pub fault_count: u64,
    /// The first thousand of them.
    pub faults: Vec<Fault>,
}

/// Something that is damaged or missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The file, by its path inside the archive.
    pub file: String,
    /// Where in it.
    pub offset: u64,
    /// What is wrong.
    pub what: String,
}

impl Verified {
    fn fault(&mut self, file: String, offset: u64, what: String) {
        self.fault_count += 1;
        if self.faults.len() < FAULTS_MAX {
            self.faults.push(Fault { file, offset, what });
        }
    }
}

/// Checks everything up to `until`.
pub(super) fn verify(
    archive: &DiskArchive,
    until: Mark,
    progress: &mut dyn FnMut(u64),
) -> Result<Verified, ArchiveError> {
    let mut verified = Verified::default();
    let end = Place {
        number: until.segment,
        offset: until.offset,
    };
    for number in archive.segment_numbers()? {
        if number > until.segment {
            break;
        }
        let mut segment = archive.open_segment(number, end, CHUNK_BYTES)?;
        verify_segment(archive, &mut segment, &mut verified, progress)?;
    }
    for line in JournalReader::new(archive, 0, until.journal)? {
        match line {
            Ok(_) => verified.lines += 1,
            Err(ArchiveError::DamagedLine { file, offset, what }) => verified.fault(
                format!(
                    "journal/{}",
                    super::names::file_name(file, super::names::JOURNAL)
                ),
                offset,
                what,
            ),
            Err(error) => return Err(error),
        }
    }
    Ok(verified)
}

fn verify_segment(
    archive: &DiskArchive,
    segment: &mut Segment,
    verified: &mut Verified,
    progress: &mut dyn FnMut(u64),
) -> Result<(), ArchiveError> {
    let number = segment.number();
    let name = || {
        format!(
            "warc/{}",
            super::names::file_name(number, super::names::SEGMENT)
        )
    };
    let before = verified.bytes;
    let mut at = 0;
    loop {
        match read_unit(segment, at) {
            Ok(Unit { what, end }) => {
                match check_members(segment, at, end) {
                    Ok(()) => {}
                    Err(Bad::Damaged { offset, what }) => verified.fault(name(), offset, what),
                    Err(bad) => refuse(archive, number, bad)?,
                }
                match what {
                    What::Record(record) if payload_is_whole(&record) => verified.records += 1,
                    What::Record(_) => {
                        verified.fault(name(), at, "the payload digest does not match".into());
                    }
                    What::Orphan => {
                        verified.fault(name(), at, "a request without its response".into());
                    }
                    What::Newer(version) => {
                        verified.fault(name(), at, format!("a record of version {version}"));
                    }
                    What::Nothing => {}
                }
                at = end;
            }
            Err(Bad::End) => break,
            Err(Bad::Damaged { offset, what }) => {
                verified.fault(name(), offset, what);
                let next = segment.find_member(offset + 1).map_err(|source| {
                    ArchiveError::io("read", archive.segment_path(number), source)
                })?;
                at = next.unwrap_or(segment.end());
            }
            Err(bad) => refuse(archive, number, bad)?,
        }
        verified.bytes = before + at;
        progress(verified.bytes);
    }
    Ok(())
}

/// Checks the block digests of all members between two places.
fn check_members(segment: &mut Segment, from: u64, until: u64) -> Result<(), Bad> {
    let mut at = from;
    while at < until {
        let member = segment.member(at)?;
        let is_whole = warc::decode(&member.content)
            .is_ok_and(|(fields, block)| warc::block_is_whole(&fields, block));
        if !is_whole {
            return Err(Bad::Damaged {
                offset: at,
                what: "the block digest does not match".to_owned(),
            });
        }
        at = member.end;
    }
    Ok(())
}

fn refuse(archive: &DiskArchive, number: u32, bad: Bad) -> Result<(), ArchiveError> {
    match bad {
        Bad::Io(source) => Err(ArchiveError::io(
            "read",
            archive.segment_path(number),
            source,
        )),
        // Where a member was read a moment ago, there is one.
        Bad::End | Bad::Damaged { .. } => Ok(()),
    }
}
