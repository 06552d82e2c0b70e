//! Changes that are made together or not at all.

use hedui_model::{ArticleKey, ClaimId, Conflict, ConflictId, Fact, FactId, Judged, SourceId};
use jiff::Timestamp;

use super::stored::{FetchState, OutboxItem, SourceState, StoredArticle};
use crate::archive::Mark;
use crate::journal::Decision;

/// Changes, and the archive position to which they bring the state. Later changes see the earlier ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    pub(super) changes: Vec<Change>,
    pub(super) mark: Option<Mark>,
}

impl Batch {
    /// Begins a batch that leaves the position as it is.
    #[must_use]
    pub fn new() -> Self {
        Batch::default()
    }

    /// Begins a batch that brings the state to a position.
    #[must_use]
    pub fn at(mark: Mark) -> Self {
        Batch {
            changes: Vec::new(),
            mark: Some(mark),
        }
    }

    /// Sets the position to which the batch brings the state.
    pub fn set_mark(&mut self, mark: Mark) {
        self.mark = Some(mark);
    }

    /// Adds a change.
    pub fn push(&mut self, change: Change) {
        self.changes.push(change);
    }

    /// Tells whether the batch changes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.mark.is_none()
    }

    /// Returns how many changes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.changes.len()
    }
}

impl Extend<Change> for Batch {
    fn extend<I: IntoIterator<Item = Change>>(&mut self, changes: I) {
        self.changes.extend(changes);
    }
}

/// One change. Putting replaces what was there; removing what is not there does nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change {
    /// Puts a revision of an article with its body.
    ///
    /// An earlier revision is kept, and claims that stand only there are still found. Claims are found by their ids,
    /// articles by time, without more being done; blocks, sketches and addresses are entered by changes of their own.
    PutArticle {
        /// The revision.
        article: Box<StoredArticle>,
        /// Its body, to the letter.
        body: String,
    },
    /// Puts a revision of an article again, whose body is there already.
    UpdateArticle(Box<StoredArticle>),
    /// Removes an article with all its revisions, their claims and the verdicts on these, its sketch entries and its own
    /// address. Facts, conflicts and blocks are left to the caller, who knows how to group them again.
    RemoveArticle(ArticleKey),
    /// Says that an article is to be found at an address by which it is not known.
    PutUrl {
        /// The address.
        url: String,
        /// The article.
        article: ArticleKey,
    },
    /// Forgets an address.
    RemoveUrl(String),
    /// Puts what is known of an address.
    PutFetch(Box<FetchState>),
    /// Forgets what is known of an address.
    RemoveFetch(String),
    /// Enters an article under a number of its sketch.
    PutSketch {
        /// The number.
        value: u64,
        /// The article.
        article: ArticleKey,
    },
    /// Takes it out again.
    RemoveSketch {
        /// The number.
        value: u64,
        /// The article.
        article: ArticleKey,
    },
    /// Enters a claim in a block.
    PutBlock {
        /// The block.
        block: String,
        /// What the claim states, in any form that is equal for claims that state the same; may be empty.
        reading: String,
        /// The claim.
        claim: ClaimId,
    },
    /// Takes it out again.
    RemoveBlock {
        /// The block.
        block: String,
        /// What the claim states.
        reading: String,
        /// The claim.
        claim: ClaimId,
    },
    /// Puts the verdict on a pair.
    PutJudged(Box<Judged>),
    /// Removes the verdict on a pair.
    RemoveJudged {
        /// One claim.
        a: ClaimId,
        /// The other.
        b: ClaimId,
    },
    /// Puts a fact; its claims now belong to it, and its aliases lead to it.
    PutFact(Box<Fact>),
    /// Removes a fact; claims and aliases that still lead to it no longer do.
    RemoveFact(FactId),
    /// Puts a conflict; its aliases lead to it.
    PutConflict(Box<Conflict>),
    /// Removes a conflict; aliases that still lead to it no longer do.
    RemoveConflict(ConflictId),
    /// Puts a decision.
    PutDecision {
        /// The number of its journal line.
        seq: u64,
        /// The decision.
        decision: Box<Decision>,
    },
    /// Puts a message in the outbox, unless it has been delivered to that sink.
    PutOutbox(Box<OutboxItem>),
    /// Takes a message out of the outbox without delivery.
    RemoveOutbox {
        /// The sink.
        sink: String,
        /// The idempotency key.
        key: String,
    },
    /// Says that a message reached a sink, and takes it out of the outbox.
    PutDelivered {
        /// The sink.
        sink: String,
        /// The idempotency key.
        key: String,
        /// When.
        at: Timestamp,
    },
    /// Puts what is known of a source.
    PutSource {
        /// The source.
        id: SourceId,
        /// What is known.
        source: Box<SourceState>,
    },
    /// Sets or removes a named text.
    SetMeta {
        /// The name.
        name: String,
        /// The text.
        value: Option<String>,
    },
}
