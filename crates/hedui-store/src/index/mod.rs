//! The search index: derived from the archive, lost without harm, rebuilt by replaying it.
//!
//! [`SearchIndex`] writes and [`SearchReader`] answers; readers are shared
//! between threads and see what was committed last. [`TantivyIndex`] is the
//! index on one machine. What always holds: an index that cannot be trusted says
//! [`IndexError::Rebuild`] rather than answer from half of it, and the mark
//! given with a commit comes back with exactly what was committed.
//!
//! What is indexed of an article: every character of title and body, folded, in
//! lower case and with white space folded to one, for phrases of any length;
//! its words as the claims have them, for ranking; stems of Latin words; and
//! names, metrics, units and figures of its claims. Lists of articles count a
//! story once, however many sources copied it.

mod answer;
mod chars;
mod collect;
mod compile;
mod document;
mod engine;
mod error;
mod facets;
mod figures;
mod highlight;
mod latin;
mod near;
mod order;
mod request;
mod schema;
mod script;
mod snippet;
mod words;

use std::sync::Arc;

use hedui_model::{Article, ArticleKey, Claim};

pub use engine::{TantivyIndex, TantivyReader};
pub use error::{IndexError, SearchError};
pub use request::{
    Facet, FacetCount, FacetCounts, Hit, SearchAnswer, SearchRequest, Snippet, Sort,
};
pub use words::WordCutter;

/// Takes articles in, so that they can be found.
///
/// What was added or deleted is seen by readers after [`SearchIndex::commit`], all of it at once.
pub trait SearchIndex {
    /// Adds an article with its claims; an older revision of it is replaced.
    ///
    /// `origin` is the article that this one is a near duplicate of: both count as one story.
    ///
    /// # Errors
    /// [`IndexError`] where the index cannot be written; what was added since the last commit is then lost.
    fn add(
        &mut self,
        article: &Article,
        claims: &[Claim],
        origin: Option<&ArticleKey>,
    ) -> Result<(), IndexError>;

    /// Takes an article out; nothing happens where it is not there.
    ///
    /// # Errors
    /// As [`SearchIndex::add`].
    fn delete(&mut self, article: &ArticleKey) -> Result<(), IndexError>;

    /// Makes all that was added and deleted lasting and visible, with `mark`, which [`SearchIndex::applied`] returns from then on.
    ///
    /// # Errors
    /// As [`SearchIndex::add`].
    fn commit(&mut self, mark: &[u8]) -> Result<(), IndexError>;

    /// Returns the mark of the last commit; nothing where there was none.
    fn applied(&self) -> Option<Vec<u8>>;

    /// Returns a reader that goes on to see every later commit.
    fn reader(&self) -> Arc<dyn SearchReader>;
}

/// Answers searches, from any thread, while the index is written.
pub trait SearchReader: Send + Sync {
    /// Returns the articles that answer the request.
    ///
    /// # Errors
    /// [`SearchError::Query`] says where the query is wrong; [`SearchError::Index`] that the index cannot be read.
    fn search(&self, request: &SearchRequest) -> Result<SearchAnswer, SearchError>;

    /// Counts the articles in the index.
    fn len(&self) -> u64;

    /// Tells whether the index has no article.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
