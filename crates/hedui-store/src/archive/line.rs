//! A line of the journal: JSON with a checksum over its own bytes.
//!
//! `{"sum":"<16 hex digits>","line":{"v":1,"seq":7,"warc":[1,4096],"at":…,"event":…}}`. The sum is the start of the
//! SHA-256 of the bytes of `line` as they stand there; `warc` is the position in the segments behind which the line
//! was written, so that a replay can merge the two logs again.

use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::files::Handle;
use super::log::Place;
use crate::error::ArchiveError;
use crate::journal::{JOURNAL_VERSION, JournalEntry};

/// No line is longer.
pub(super) const LINE_BYTES_MAX: u64 = 4 << 20;

const BEFORE_SUM: &[u8] = br#"{"sum":""#;
const BEFORE_LINE: &[u8] = br#"","line":"#;
const END: &[u8] = b"}\n";
const SUM_DIGITS: usize = 16;

/// A line, as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) seq: u64,
    /// The position in the segments behind which it was written.
    pub(super) after: Place,
    pub(super) entry: JournalEntry,
}

/// Why a line cannot be used.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum BadLine {
    Damaged(&'static str),
    Newer(u32),
}

#[derive(Serialize, Deserialize)]
struct Wire {
    v: u32,
    seq: u64,
    warc: (u32, u64),
    #[serde(flatten)]
    entry: JournalEntry,
}

/// What of a line every version has.
#[derive(Deserialize)]
struct Version {
    v: u32,
}

/// Writes a line, with its line end.
pub(super) fn encode(line: &Line) -> Result<Vec<u8>, ArchiveError> {
    let wire = Wire {
        v: JOURNAL_VERSION,
        seq: line.seq,
        warc: (line.after.number, line.after.offset),
        entry: line.entry.clone(),
    };
    let text = serde_json::to_vec(&wire).map_err(ArchiveError::Encode)?;
    let mut out = BEFORE_SUM.to_vec();
    out.extend_from_slice(sum(&text).as_bytes());
    out.extend_from_slice(BEFORE_LINE);
    out.extend_from_slice(&text);
    out.extend_from_slice(END);
    if out.len() as u64 > LINE_BYTES_MAX {
        return Err(ArchiveError::TooLarge {
            bytes: out.len() as u64,
            bytes_max: LINE_BYTES_MAX,
        });
    }
    Ok(out)
}

/// Reads a line with its line end.
pub(super) fn decode(bytes: &[u8]) -> Result<Line, BadLine> {
    let rest = bytes
        .strip_prefix(BEFORE_SUM)
        .ok_or(BadLine::Damaged("not a journal line"))?;
    let (given, rest) = rest
        .split_at_checked(SUM_DIGITS)
        .ok_or(BadLine::Damaged("the line is not complete"))?;
    let text = rest
        .strip_prefix(BEFORE_LINE)
        .and_then(|rest| rest.strip_suffix(END))
        .ok_or(BadLine::Damaged("the line is not complete"))?;
    if sum(text).as_bytes() != given {
        return Err(BadLine::Damaged("the checksum does not match"));
    }
    let Version { v } =
        serde_json::from_slice(text).map_err(|_| BadLine::Damaged("the line has no version"))?;
    if v > JOURNAL_VERSION {
        return Err(BadLine::Newer(v));
    }
    let wire: Wire =
        serde_json::from_slice(text).map_err(|_| BadLine::Damaged("the line cannot be read"))?;
    Ok(Line {
        seq: wire.seq,
        after: Place {
            number: wire.warc.0,
            offset: wire.warc.1,
        },
        entry: wire.entry,
    })
}

/// Returns the start of the SHA-256 of `bytes`, in hex.
pub(super) fn sum(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .take(SUM_DIGITS / 2)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The lines of one journal file, from its beginning.
pub(super) struct Lines {
    reader: BufReader<Reader>,
    offset: u64,
}

/// The bytes of one line, whole or not.
pub(super) struct RawLine {
    /// Where it begins.
    pub(super) offset: u64,
    pub(super) bytes: Vec<u8>,
}

impl Lines {
    pub(super) fn new(handle: Arc<dyn Handle>) -> Self {
        Lines {
            reader: BufReader::with_capacity(64 << 10, Reader { handle, offset: 0 }),
            offset: 0,
        }
    }

    /// Returns the next line with its line end, where it has one; none at the end of the file.
    pub(super) fn next_line(&mut self) -> io::Result<Option<RawLine>> {
        let mut bytes = Vec::new();
        (&mut self.reader)
            .take(LINE_BYTES_MAX)
            .read_until(b'\n', &mut bytes)?;
        if bytes.is_empty() {
            return Ok(None);
        }
        let offset = self.offset;
        self.offset += bytes.len() as u64;
        Ok(Some(RawLine { offset, bytes }))
    }
}

struct Reader {
    handle: Arc<dyn Handle>,
    offset: u64,
}

impl Read for Reader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.handle.read_at(self.offset, buffer)?;
        self.offset += count as u64;
        Ok(count)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::journal::{Delivery, Event};
    use jiff::Timestamp;

    fn line() -> Line {
        Line {
            seq: 7,
            after: Place {
                number: 1,
                offset: 4096,
            },
            entry: JournalEntry {
                at: Timestamp::UNIX_EPOCH,
                event: Event::Delivered(Delivery {
                    sink: "桌".into(),
                    key: "k\n\"}".into(),
                }),
            },
        }
    }

    #[test]
    fn a_line_comes_back_and_every_cut_or_flipped_one_is_refused() {
        let bytes = encode(&line()).unwrap();
        assert_eq!(decode(&bytes).unwrap(), line());
        assert_eq!(bytes.iter().filter(|&&byte| byte == b'\n').count(), 1);
        for len in 0..bytes.len() {
            assert!(decode(&bytes[..len]).is_err(), "{len}");
        }
        for byte in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[byte] ^= 4;
            assert!(decode(&damaged).is_err(), "{byte}");
        }
    }

    #[test]
    fn a_later_version_is_told_from_damage() {
        let text = br#"{"v":2,"seq":1,"other":true}"#;
        let mut bytes = format!(r#"{{"sum":"{}","line":"#, sum(text)).into_bytes();
        bytes.extend_from_slice(text);
        bytes.extend_from_slice(END);
        assert_eq!(decode(&bytes), Err(BadLine::Newer(2)));
    }
}
