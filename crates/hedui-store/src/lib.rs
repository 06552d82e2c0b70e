//! Where everything is kept: the archive, the state that is computed from it, and the search index.
//!
//! The archive ([`archive`]) is the truth: WARC segments with what was read, and a [`journal`] of what cannot be
//! recomputed. It only grows, and what was appended before a successful sync is there after a power cut. The state
//! ([`state`]) is computed from the archive; it may be lost or damaged at any time, and is then set aside and
//! rebuilt by replaying the archive. One process has an archive at a time ([`lock`]).
//!
//! Each store stands behind a narrow trait ([`Archive`], [`State`]) with one conformance suite, which runs on every
//! implementation. Nothing here judges: which claims exist and how they stand to each other is decided elsewhere,
//! and stored here as given. Nothing here reads a clock: times are arguments.

pub mod archive;
pub mod error;
pub mod index;
pub mod journal;
pub mod lock;
pub mod query;
pub mod state;

pub use archive::{Archive, DiskArchive, Mark, MemoryArchive, RecordRef};
pub use error::{ArchiveError, LockError, StateError};
pub use lock::{ArchiveLock, Role};
pub use state::{Batch, MemoryState, SledState, State};
