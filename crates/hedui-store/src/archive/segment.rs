//! Reads one segment, record by record, and finds the way behind damage.

use std::io;
use std::sync::Arc;

use super::files::Handle;
use super::member::{HEAD_BYTES, Head, MAGIC, Unpacker};
use super::window::Window;

/// How much is read at once while looking for a record behind damage.
const SEARCH_BYTES: usize = 256 << 10;

/// Why no member can be read at some place.
#[derive(Debug)]
pub(super) enum Bad {
    /// The segment ends there.
    End,
    /// What stands there is no whole member.
    Damaged {
        /// Where the member begins.
        offset: u64,
        /// What is wrong with it.
        what: String,
    },
    /// The system refuses.
    Io(io::Error),
}

/// The content of a gzip member.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) content: Vec<u8>,
    /// The byte behind it.
    pub(super) end: u64,
}

/// An open segment.
#[derive(Debug)]
pub(super) struct Segment {
    number: u32,
    window: Window,
    unpacker: Unpacker,
}

impl Segment {
    /// Reads `handle` up to the byte `end`, at least `chunk_bytes` at a time.
    pub(super) fn new(number: u32, handle: Arc<dyn Handle>, end: u64, chunk_bytes: usize) -> Self {
        Segment {
            number,
            window: Window::new(handle, end, chunk_bytes),
            unpacker: Unpacker::new(),
        }
    }

    pub(super) fn number(&self) -> u32 {
        self.number
    }

    /// Returns the byte at which reading ends.
    pub(super) fn end(&self) -> u64 {
        self.window.end()
    }

    /// Tells whether a member of this archive begins at `offset`.
    pub(super) fn begins_at(&mut self, offset: u64) -> io::Result<bool> {
        Ok(self.head(offset)?.is_some())
    }

    /// Reads the member at `offset`.
    pub(super) fn member(&mut self, offset: u64) -> Result<Member, Bad> {
        if offset >= self.window.end() {
            return Err(Bad::End);
        }
        let damaged = |what: &str| Bad::Damaged {
            offset,
            what: what.to_owned(),
        };
        let Some(head) = self.head(offset).map_err(Bad::Io)? else {
            return Err(damaged("no record begins here"));
        };
        let end = offset + u64::from(head.member_bytes);
        if end > self.window.end() {
            return Err(damaged("the record is not complete"));
        }
        let bytes = self
            .window
            .get(offset, head.member_bytes as usize)
            .map_err(Bad::Io)?;
        match self.unpacker.unpack(head, bytes) {
            Ok(content) => Ok(Member { content, end }),
            Err(what) => Err(damaged(what)),
        }
    }

    /// Reads the head of the member at `offset`; none where it is not one that was written there.
    fn head(&mut self, offset: u64) -> io::Result<Option<Head>> {
        let number = self.number;
        let head = Head::parse(self.window.get(offset, HEAD_BYTES)?);
        Ok(head.filter(|head| head.segment == number && head.offset == offset))
    }

    /// Finds the first whole member that begins at or after `from`.
    pub(super) fn find_member(&mut self, from: u64) -> io::Result<Option<u64>> {
        let mut start = from;
        while start < self.window.end() {
            let chunk = self.window.get(start, SEARCH_BYTES)?;
            let chunk_bytes = chunk.len() as u64;
            let places: Vec<u64> = chunk
                .windows(MAGIC.len())
                .enumerate()
                .filter(|(_, bytes)| *bytes == MAGIC)
                .map(|(index, _)| start + index as u64)
                .collect();
            for place in places {
                match self.member(place) {
                    Ok(_) => return Ok(Some(place)),
                    Err(Bad::Io(error)) => return Err(error),
                    Err(_) => {}
                }
            }
            // The last bytes may be the first half of a magic.
            start += chunk_bytes.saturating_sub(MAGIC.len() as u64 - 1).max(1);
        }
        Ok(None)
    }
}
