//! What the state keeps besides the model's own types.

use hedui_model::{Alert, Appearance, ArticleDigest, ArticleKey, Claim, ClaimId, ContentHash};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::archive::{PayloadDigest, RecordRef};
use crate::journal::Decision;

/// One revision of an article, without its body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredArticle {
    /// Key, source, language, times, title, entities, figures, signature, revision.
    pub digest: ArticleDigest,
    /// The hash of title and body.
    pub hash: ContentHash,
    /// Where it was read.
    pub record: RecordRef,
    /// The claims, in the order of the text.
    pub claims: Vec<Claim>,
    /// The article of which this one is a near duplicate: never itself one.
    pub origin: Option<ArticleKey>,
}

impl StoredArticle {
    /// Returns what the article is known by.
    #[must_use]
    pub fn key(&self) -> &ArticleKey {
        &self.digest.meta.key
    }

    /// Returns the revision, from 1.
    #[must_use]
    pub fn revision(&self) -> u32 {
        self.digest.revision
    }
}

/// A claim and the article in which it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundClaim {
    /// The revision of the article in which it stands.
    pub article: StoredArticle,
    /// Which of its claims it is.
    pub index: usize,
    /// Whether that is the article's newest revision.
    pub is_current: bool,
}

impl FoundClaim {
    /// Returns the claim.
    #[must_use]
    pub fn claim(&self) -> Option<&Claim> {
        self.article.claims.get(self.index)
    }

    /// Returns the claim as it is compared with others.
    #[must_use]
    pub fn appearance(&self) -> Option<Appearance> {
        Some(Appearance {
            claim: self.claim()?.clone().into(),
            article: self.article.digest.clone().into(),
        })
    }
}

/// An entry of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockEntry {
    /// What the claim states, in any form that is equal for claims that state the same.
    pub reading: String,
    /// The claim.
    pub claim: ClaimId,
}

/// What is known of an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FetchState {
    /// The address.
    pub url: String,
    /// When it was last asked for.
    pub at: Timestamp,
    /// The last status; 0 where there was no answer.
    pub status: u16,
    /// What to send as `If-None-Match`.
    pub etag: Option<String>,
    /// What to send as `If-Modified-Since`.
    pub last_modified: Option<String>,
    /// The digest of the last body.
    pub payload: Option<PayloadDigest>,
    /// The last record with content: what a revisit refers to.
    pub record: Option<RecordRef>,
    /// The article that was read there.
    pub article: Option<ArticleKey>,
    /// How often in a row it failed.
    pub failures: u32,
    /// Not to be asked for before.
    pub not_before: Option<Timestamp>,
}

impl FetchState {
    /// Begins the bookkeeping of an address.
    #[must_use]
    pub fn new(url: impl Into<String>, at: Timestamp) -> Self {
        FetchState {
            url: url.into(),
            at,
            status: 0,
            etag: None,
            last_modified: None,
            payload: None,
            record: None,
            article: None,
            failures: 0,
            not_before: None,
        }
    }
}

/// What is known of a source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceState {
    /// When its first crawl was over.
    pub first_crawl: Option<Timestamp>,
    /// When it was last crawled.
    pub last_attempt: Option<Timestamp>,
    /// When that last went well.
    pub last_success: Option<Timestamp>,
    /// What went wrong since.
    pub last_error: Option<String>,
    /// How often in a row it failed.
    pub failures: u32,
    /// How many pages were fetched.
    pub fetched: u64,
    /// How many articles it brought.
    pub articles: u64,
    /// How many claims these make.
    pub claims: u64,
    /// How many of its articles are near duplicates of others'.
    pub copies: u64,
}

/// A message on its way to one sink.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxItem {
    /// The sink, by its name in the configuration.
    pub sink: String,
    /// The message, known by its idempotency key.
    pub alert: Alert,
    /// When it was put there.
    pub created: Timestamp,
    /// How often delivery was tried.
    pub attempts: u32,
    /// Not to be tried before.
    pub not_before: Option<Timestamp>,
    /// What went wrong last.
    pub last_error: Option<String>,
}

/// A decision with the number of its journal line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredDecision {
    /// The number of the journal line.
    pub seq: u64,
    /// The decision.
    pub decision: Decision,
}

/// How much there is of everything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Articles.
    pub articles: u64,
    /// Revisions of articles, the newest ones included.
    pub revisions: u64,
    /// Claims, in whichever revision.
    pub claims: u64,
    /// Facts.
    pub facts: u64,
    /// Conflicts.
    pub conflicts: u64,
    /// Judged pairs.
    pub judged: u64,
    /// Messages still to be delivered.
    pub outbox: u64,
}
