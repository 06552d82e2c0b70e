//! Positions in the archive.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A position between two entries of the archive: everything before it was appended before everything after it.
///
/// Positions of one archive are ordered as time went. The default is the beginning.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
pub struct Mark {
    /// The segment, from 1; 0 before the first.
    pub segment: u32,
    /// The byte in that segment.
    pub offset: u64,
    /// The number of the last journal line before it; 0 before the first.
    pub journal: u64,
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}+{}", self.segment, self.offset, self.journal)
    }
}

/// Where a record stands.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
pub struct RecordRef {
    /// The segment, from 1.
    pub segment: u32,
    /// The byte at which it begins.
    pub offset: u64,
}

impl fmt::Display for RecordRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.segment, self.offset)
    }
}

impl RecordRef {
    /// Reads what `Display` prints.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (segment, offset) = text.split_once(':')?;
        Some(RecordRef {
            segment: segment.parse().ok()?,
            offset: offset.parse().ok()?,
        })
    }
}
