//! Reads a file forward without a system call for every few bytes.

use std::io;
use std::sync::Arc;

use super::files::Handle;

/// A buffer over a part of a file that grows only at its end.
#[derive(Debug)]
pub(super) struct Window {
    handle: Arc<dyn Handle>,
    /// Nothing is read at or behind this byte.
    end: u64,
    /// How much is read ahead.
    chunk_bytes: usize,
    start: u64,
    buffer: Vec<u8>,
}

impl Window {
    pub(super) fn new(handle: Arc<dyn Handle>, end: u64, chunk_bytes: usize) -> Self {
        Window {
            handle,
            end,
            chunk_bytes,
            start: 0,
            buffer: Vec::new(),
        }
    }

    /// Returns the byte at which reading ends.
    pub(super) fn end(&self) -> u64 {
        self.end
    }

    /// Returns `len` bytes at `offset`, or fewer where the end comes before.
    pub(super) fn get(&mut self, offset: u64, len: usize) -> io::Result<&[u8]> {
        let len = usize::try_from(self.end.saturating_sub(offset))
            .unwrap_or(usize::MAX)
            .min(len);
        if !self.holds(offset, len) {
            self.fill(offset, len)?;
        }
        let from = usize::try_from(offset.saturating_sub(self.start)).unwrap_or(usize::MAX);
        let rest = self.buffer.get(from..).unwrap_or_default();
        Ok(rest.get(..len).unwrap_or(rest))
    }

    fn holds(&self, offset: u64, len: usize) -> bool {
        offset >= self.start
            && offset.saturating_add(len as u64) <= self.start + self.buffer.len() as u64
    }

    fn fill(&mut self, offset: u64, len: usize) -> io::Result<()> {
        let rest = usize::try_from(self.end.saturating_sub(offset)).unwrap_or(usize::MAX);
        self.buffer.clear();
        self.buffer.resize(len.max(self.chunk_bytes).min(rest), 0);
        self.start = offset;
        let count = self.handle.read_up_to(offset, &mut self.buffer)?;
        self.buffer.truncate(count);
        Ok(())
    }
}
