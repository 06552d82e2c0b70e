//! The state: what is computed from the archive, ready for use.
//!
//! What always holds: one [`Batch`] is applied wholly or not at all, with the archive position that it brings the
//! state to; and the state may be thrown away at any time, because replaying the archive from [`State::mark`] (or
//! from the beginning) makes it again. A state that cannot be trusted says so with
//! [`StateError::Rebuild`], whenever that is found out.
//!
//! Values are the model's own, packed; they are no format that anyone else reads, and change with the program
//! ([`STATE_VERSION`]). One article is one value, with its claims; its text is another, compressed, so that
//! comparing claims does not read texts.

mod batch;
mod codec;
mod keys;
mod kv;
mod marker;
mod memory;
mod overlay;
mod packed;
mod read;
mod sled_kv;
mod stored;
mod write;

use std::fmt;

pub use batch::{Batch, Change};
pub use kv::{Kv, KvState, Pairs};
pub use marker::boot_id;
pub use memory::{MemoryKv, MemoryState};
pub use packed::PackedKv;
pub use sled_kv::{SledKv, SledOptions, SledState};
pub use stored::{
    BlockEntry, Counts, FetchState, FoundClaim, OutboxItem, SourceState, StoredArticle,
    StoredDecision,
};

use hedui_model::{ArticleKey, ClaimId, Conflict, ConflictId, Fact, FactId, Judged, SourceId};
use jiff::Timestamp;

use crate::archive::Mark;
use crate::error::StateError;

/// The version of the stored values. A state of another version is rebuilt.
pub const STATE_VERSION: u32 = 2;

/// Values that are read one by one, as they are asked for.
pub type Stream<'a, T> = Box<dyn Iterator<Item = Result<T, StateError>> + Send + 'a>;

/// What an id names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IdKind {
    /// A claim, `c-`.
    Claim,
    /// A fact, `f-`.
    Fact,
    /// A conflict, `k-`.
    Conflict,
}

/// What is computed from the archive.
///
/// Any number of threads may read while one applies batches. Every method may fail with
/// [`StateError::Rebuild`]; none has other errors than those of the system.
#[allow(clippy::missing_errors_doc)] // said once, above
pub trait State: fmt::Debug + Send + Sync {
    /// Applies a batch, wholly or not at all.
    ///
    /// A batch is meant for one article and what follows from it: sled holds on to everything that a batch touches
    /// until it is through, and thousands of changes cost it gigabytes.
    ///
    /// It is safe from the end of the process, but from a power cut only after [`State::flush`] and only as far as the
    /// implementation can; the archive is what survives.
    fn apply(&self, batch: &Batch) -> Result<(), StateError>;

    /// Hands everything to the system.
    fn flush(&self) -> Result<(), StateError>;

    /// Returns the archive position up to which everything is applied; `Mark::default()` at the beginning.
    fn mark(&self) -> Result<Mark, StateError>;

    /// Returns how much there is of everything.
    fn counts(&self) -> Result<Counts, StateError>;

    /// Returns a named text that was set with [`Change::SetMeta`].
    fn meta(&self, name: &str) -> Result<Option<String>, StateError>;

    /// Returns the newest revision of an article.
    fn article(&self, key: &ArticleKey) -> Result<Option<StoredArticle>, StateError>;

    /// Returns a revision of an article, the newest or an earlier one.
    fn revision(
        &self,
        key: &ArticleKey,
        revision: u32,
    ) -> Result<Option<StoredArticle>, StateError>;

    /// Returns the body of a revision, to the letter.
    fn body(&self, key: &ArticleKey, revision: u32) -> Result<Option<String>, StateError>;

    /// Returns the article that is to be found at an address: the one that was said to be there, else the one that is
    /// known by this address.
    fn article_of_url(&self, url: &str) -> Result<Option<ArticleKey>, StateError>;

    /// Returns the newest revisions of all articles by key, those behind `after`.
    fn articles(&self, after: Option<&ArticleKey>) -> Stream<'_, StoredArticle>;

    /// Returns the articles of a span of time by the instant that places them in it, both ends included.
    fn articles_by_time(
        &self,
        since: Option<Timestamp>,
        until: Option<Timestamp>,
        newest_first: bool,
    ) -> Stream<'_, (Timestamp, ArticleKey)>;

    /// Returns the articles that were entered under a number of their near-duplicate sketch.
    fn articles_by_sketch(&self, value: u64) -> Stream<'_, ArticleKey>;

    /// Returns what is known of an address.
    fn fetch(&self, url: &str) -> Result<Option<FetchState>, StateError>;

    /// Returns what is known of all addresses.
    fn fetches(&self) -> Stream<'_, FetchState>;

    /// Returns a claim with its article; of a revision that is no longer the newest, if it stands only there.
    fn claim(&self, id: &ClaimId) -> Result<Option<FoundClaim>, StateError>;

    /// Returns everything in a block, by reading.
    fn block(&self, block: &str) -> Stream<'_, BlockEntry>;

    /// Returns one entry for each distinct reading in a block, at the cost of one step each.
    fn block_readings(&self, block: &str) -> Stream<'_, BlockEntry>;

    /// Returns the claims in a block that have the same reading.
    fn block_claims(&self, block: &str, reading: &str) -> Stream<'_, ClaimId>;

    /// Returns the verdict on a pair, whichever is named first.
    fn judged_pair(&self, a: &ClaimId, b: &ClaimId) -> Result<Option<Judged>, StateError>;

    /// Returns the verdicts on all pairs of which `claim` is one.
    fn judged(&self, claim: &ClaimId) -> Stream<'_, Judged>;

    /// Returns all verdicts.
    fn all_judged(&self) -> Stream<'_, Judged>;

    /// Returns a fact by its id or that of one merged into it.
    fn fact(&self, id: &FactId) -> Result<Option<Fact>, StateError>;

    /// Returns the fact that a claim belongs to.
    fn fact_of_claim(&self, claim: &ClaimId) -> Result<Option<FactId>, StateError>;

    /// Returns all facts by id.
    fn facts(&self) -> Stream<'_, Fact>;

    /// Returns a conflict by its id or that of one merged into it.
    fn conflict(&self, id: &ConflictId) -> Result<Option<Conflict>, StateError>;

    /// Returns all conflicts by id.
    fn conflicts(&self) -> Stream<'_, Conflict>;

    /// Returns all decisions in the order in which they were made.
    fn decisions(&self) -> Stream<'_, StoredDecision>;

    /// Returns the ids of a kind whose 16 hex digits are a number from `low` to `high`, in order. Facts and conflicts go by
    /// their ids and by those of what was merged into them, so that an id may come twice.
    fn ids(&self, kind: IdKind, low: u64, high: u64) -> Stream<'_, String>;

    /// Returns what is still to be delivered, by sink and key.
    fn outbox(&self) -> Stream<'_, OutboxItem>;

    /// Returns when a message reached a sink.
    fn delivered(&self, sink: &str, key: &str) -> Result<Option<Timestamp>, StateError>;

    /// Returns what is known of a source.
    fn source(&self, id: &SourceId) -> Result<Option<SourceState>, StateError>;

    /// Returns what is known of all sources.
    fn sources(&self) -> Stream<'_, (SourceId, SourceState)>;
}
