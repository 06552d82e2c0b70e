//! What is asked of an index, and what it answers.

use std::ops::Range;

use hedui_model::{ArticleKey, Place, Published, SourceId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A search. [`SearchRequest::new`] gives the first ten articles by relevance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchRequest {
    /// In the language of [`crate::query`]; empty for every article.
    pub query: String,
    /// Only this language: `zh` for all Chinese, `zh-Hant` for Traditional.
    pub lang: Option<String>,
    /// Only these sources; empty for all.
    pub sources: Vec<String>,
    /// The first day.
    pub since: Option<Date>,
    /// The last day.
    pub until: Option<Date>,
    /// In which order.
    pub sort: Sort,
    /// How many stories at most.
    pub limit: usize,
    /// How many stories to leave out at the start.
    pub offset: usize,
    /// What to count.
    pub facets: Vec<Facet>,
    /// The time of asking; with it newer articles rank a little higher.
    pub now: Option<Timestamp>,
}

impl SearchRequest {
    /// Asks for the first ten stories by relevance.
    #[must_use]
    pub fn new(query: &str) -> Self {
        SearchRequest {
            query: query.to_owned(),
            lang: None,
            sources: Vec::new(),
            since: None,
            until: None,
            sort: Sort::Relevance,
            limit: 10,
            offset: 0,
            facets: Vec::new(),
            now: None,
        }
    }
}

/// The order of an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// The best match first.
    #[default]
    Relevance,
    /// The latest first.
    Newest,
    /// The earliest first.
    Oldest,
}

/// What can be counted over all articles of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Facet {
    /// Articles by source.
    Source,
    /// Articles by language tag.
    Lang,
    /// Articles by month, `2025-03`.
    Month,
    /// Articles by entity that the lexicon knows.
    Entity,
}

/// What a search found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SearchAnswer {
    /// How many articles answer the query.
    pub articles: u64,
    /// How many stories they are, copies counted once.
    pub stories: u64,
    /// The stories asked for, each by one of its articles.
    pub hits: Vec<Hit>,
    /// The counts asked for, in the order asked for.
    pub facets: Vec<FacetCounts>,
}

/// A story that was found, by one of its articles.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hit {
    /// The article.
    pub article: ArticleKey,
    /// Where it was read.
    pub url: Option<String>,
    /// Whose it is.
    pub source: SourceId,
    /// Its language tag.
    pub lang: String,
    /// When it says that it was published.
    pub published: Option<Published>,
    /// The title as the source wrote it.
    pub title: String,
    /// What matches in the title, in characters.
    pub title_highlights: Vec<Range<usize>>,
    /// How well it matches; comparable within one answer only.
    pub score: f32,
    /// The places that match best, in the order of the text; the beginning where nothing in the body matches.
    pub snippets: Vec<Snippet>,
    /// How many other articles among those found are copies of the same story.
    pub copies: u32,
}

/// A piece of an article, to the letter: whoever prints it takes care of control characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snippet {
    /// Where it stands.
    pub place: Place,
    /// At which character of the place it starts.
    pub start: usize,
    /// The text, as the source wrote it.
    pub text: String,
    /// What matches, in characters of `text`, in order and without overlap.
    pub highlights: Vec<Range<usize>>,
    /// Whether it starts inside a sentence.
    pub is_cut_before: bool,
    /// Whether it ends inside a sentence.
    pub is_cut_after: bool,
}

/// The counts of one facet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FacetCounts {
    /// What was counted.
    pub facet: Facet,
    /// The counts, the largest first, months in order of time; at most a hundred.
    pub counts: Vec<FacetCount>,
}

/// How many articles have one value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FacetCount {
    /// The value.
    pub value: String,
    /// How many articles.
    pub articles: u64,
}
