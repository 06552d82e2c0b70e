//! An archive in memory, for tests and for pipelines that keep nothing.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::digest::{PayloadDigest, RecordId};
use super::encode::{content_bytes, revisit_profile};
use super::mark::{Mark, RecordRef};
use super::record::{Profile, Record, Revisit, StoredExchange, StoredRecord};
use super::verify::Verified;
use super::{Appended, Archive, Entry, Replay};
use crate::error::ArchiveError;
use crate::journal::JournalEntry;

/// An archive that is gone when it is dropped. Positions count records instead of bytes.
#[derive(Debug, Default)]
pub struct MemoryArchive {
    log: Mutex<Log>,
}

#[derive(Debug, Default)]
struct Log {
    records: Vec<StoredRecord>,
    /// Journal lines, each with the number of records before it.
    journal: Vec<(u64, JournalEntry)>,
    synced: Mark,
}

impl Log {
    fn mark(&self) -> Mark {
        Mark {
            segment: 1,
            offset: self.records.len() as u64,
            journal: self.journal.len() as u64,
        }
    }

    fn get(&self, at: RecordRef) -> Option<&StoredRecord> {
        let index = usize::try_from(at.offset).ok()?;
        self.records.get(index).filter(|_| at.segment == 1)
    }

    /// Returns the record with the body, and its digest.
    fn origin(&self, prior: RecordRef) -> Option<(RecordRef, PayloadDigest)> {
        let StoredRecord::Exchange(stored) = self.get(prior)? else {
            return None;
        };
        match &stored.revisit {
            None => Some((prior, stored.payload.clone())),
            Some(revisit) => Some((revisit.origin?, stored.payload.clone())),
        }
    }
}

impl MemoryArchive {
    /// Begins an empty archive.
    #[must_use]
    pub fn new() -> Self {
        MemoryArchive::default()
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// No record has more content.
const RECORD_BYTES_MAX: u64 = 64 << 20;

impl Archive for MemoryArchive {
    fn append(&self, record: &Record) -> Result<Appended, ArchiveError> {
        let bytes = content_bytes(record);
        if bytes > RECORD_BYTES_MAX {
            return Err(ArchiveError::TooLarge {
                bytes,
                bytes_max: RECORD_BYTES_MAX,
            });
        }
        let mut log = self.log();
        let at = RecordRef {
            segment: 1,
            offset: log.records.len() as u64,
        };
        let id = RecordId::of(&[at.to_string().as_bytes()]);
        let (stored, payload, is_revisit) = match record {
            Record::Exchange {
                exchange,
                context,
                prior,
            } => {
                let origin = prior.and_then(|prior| log.origin(prior));
                let own = PayloadDigest::of(&exchange.body);
                let profile =
                    revisit_profile(exchange, &own, origin.as_ref().map(|(_, digest)| digest));
                let payload = match (&origin, profile) {
                    (Some((_, digest)), Some(_)) => digest.clone(),
                    _ => own,
                };
                let mut exchange = exchange.clone();
                if profile == Some(Profile::IdenticalPayload) {
                    exchange.body.clear();
                }
                let stored = StoredExchange {
                    exchange,
                    context: context.clone(),
                    id: id.clone(),
                    payload: payload.clone(),
                    revisit: profile.map(|profile| Revisit {
                        profile,
                        origin: origin.map(|(at, _)| at),
                    }),
                };
                (StoredRecord::Exchange(stored), payload, profile.is_some())
            }
            Record::Ingested(ingested) => {
                let payload = PayloadDigest::of(&ingested.given);
                let stored = StoredRecord::Ingested {
                    ingested: ingested.clone(),
                    id: id.clone(),
                    payload: payload.clone(),
                };
                (stored, payload, false)
            }
        };
        log.records.push(stored);
        Ok(Appended {
            mark: log.mark(),
            at,
            id,
            payload,
            revisit: is_revisit,
        })
    }

    fn append_journal(&self, entry: &JournalEntry) -> Result<Mark, ArchiveError> {
        let mut log = self.log();
        let after = log.records.len() as u64;
        log.journal.push((after, entry.clone()));
        Ok(log.mark())
    }

    fn sync(&self) -> Result<Mark, ArchiveError> {
        let mut log = self.log();
        log.synced = log.mark();
        Ok(log.synced)
    }

    fn end(&self) -> Mark {
        self.log().mark()
    }

    fn read(&self, at: RecordRef) -> Result<StoredRecord, ArchiveError> {
        self.log()
            .get(at)
            .cloned()
            .ok_or_else(|| ArchiveError::Damaged {
                segment: at.segment,
                offset: at.offset,
                what: "the segment ends before".into(),
            })
    }

    fn replay(&self, from: Mark) -> Result<Replay<'_>, ArchiveError> {
        let log = self.log();
        let end = log.mark();
        if from > end || from.journal > end.journal {
            return Err(ArchiveError::UnknownMark(from));
        }
        let mut steps = Vec::new();
        let mut mark = Mark { segment: 1, ..from };
        let mut lines = log
            .journal
            .iter()
            .zip(1_u64..)
            .skip(usize::try_from(from.journal).unwrap_or(usize::MAX))
            .peekable();
        let skipped = usize::try_from(from.offset).unwrap_or(usize::MAX);
        let records = log.records.iter().zip(0_u64..).skip(skipped);
        for (record, offset) in records
            .map(|(record, offset)| (Some(record), offset))
            .chain([(None, end.offset)])
        {
            while let Some(((_, entry), seq)) = lines.next_if(|((after, _), _)| *after <= offset) {
                mark.journal = seq;
                let entry = entry.clone();
                steps.push((mark, Entry::Journal { seq, entry }));
            }
            if let Some(record) = record {
                let at = RecordRef { segment: 1, offset };
                mark.offset = offset + 1;
                let record = record.clone();
                steps.push((mark, Entry::Record { at, record }));
            }
        }
        Ok(Box::new(steps.into_iter().map(Ok)))
    }

    fn distance(&self, from: Mark) -> u64 {
        self.log().mark().offset.saturating_sub(from.offset)
    }

    fn verify(&self, progress: &mut dyn FnMut(u64)) -> Result<Verified, ArchiveError> {
        let log = self.log();
        progress(log.records.len() as u64);
        Ok(Verified {
            records: log.records.len() as u64,
            lines: log.journal.len() as u64,
            bytes: log.records.len() as u64,
            ..Verified::default()
        })
    }
}
