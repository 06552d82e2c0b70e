//! Two phrases close to each other: the index finds articles with both, their texts decide.

use std::fmt;
use std::sync::Arc;

use hedui_model::Place;
use tantivy::query::{ConstScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyDocument, TantivyError};

use super::document::Shown;
use super::highlight::CutText;
use super::schema::Fields;

/// Blocks of stored documents that a search keeps at hand.
const CACHED_BLOCKS: usize = 4;

/// Two phrases, each in several spellings, and how far apart they may be.
#[derive(Clone, Debug)]
pub(super) struct Nearness {
    pub(super) first: Vec<Vec<char>>,
    pub(super) second: Vec<Vec<char>>,
    /// How many words or Han characters may stand between them.
    pub(super) between_max: usize,
    /// The texts that are looked at.
    pub(super) places: Vec<Place>,
}

impl Nearness {
    fn holds(&self, shown: &Shown) -> bool {
        self.places
            .iter()
            .any(|&place| self.holds_in(&CutText::as_written(shown.text(place))))
    }

    fn holds_in(&self, text: &CutText) -> bool {
        let find = |phrases: &[Vec<char>]| {
            let found = phrases.iter().flat_map(|phrase| text.phrases(phrase, true));
            let mut found: Vec<_> = found.collect();
            found.sort_by_key(|range| range.start);
            found
        };
        let (first, second) = (find(&self.first), find(&self.second));
        let is_followed = |left: &[std::ops::Range<usize>], right: &[std::ops::Range<usize>]| {
            left.iter().any(|range| {
                let next = right.partition_point(|other| other.start < range.end);
                right
                    .get(next)
                    .is_some_and(|other| text.between(range.end, other.start) <= self.between_max)
            })
        };
        is_followed(&first, &second) || is_followed(&second, &first)
    }
}

/// The articles of `inner` whose texts have the two phrases near each other.
pub(super) struct NearQuery {
    pub(super) inner: Box<dyn Query>,
    pub(super) nearness: Arc<Nearness>,
    pub(super) fields: Fields,
}

impl Clone for NearQuery {
    fn clone(&self) -> Self {
        NearQuery {
            inner: self.inner.box_clone(),
            nearness: Arc::clone(&self.nearness),
            fields: self.fields,
        }
    }
}

impl fmt::Debug for NearQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NearQuery")
            .field("inner", &self.inner)
            .field("nearness", &self.nearness)
            .finish_non_exhaustive()
    }
}

impl Query for NearQuery {
    fn weight(&self, enable_scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let inner = EnableScoring::Disabled {
            schema: enable_scoring.schema(),
            searcher_opt: enable_scoring.searcher(),
        };
        Ok(Box::new(NearWeight {
            inner: self.inner.weight(inner)?,
            nearness: Arc::clone(&self.nearness),
            fields: self.fields,
        }))
    }
}

struct NearWeight {
    inner: Box<dyn Weight>,
    nearness: Arc<Nearness>,
    fields: Fields,
}

impl Weight for NearWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let store = reader.get_store_reader(CACHED_BLOCKS)?;
        let mut inner = self.inner.scorer(reader, 1.0)?;
        let mut found = Vec::new();
        let mut doc = inner.doc();
        while doc != TERMINATED {
            let document: TantivyDocument = store.get(doc)?;
            let shown = Shown::read(&document, &self.fields)
                .map_err(|error| TantivyError::InternalError(error.to_string()))?;
            if self.nearness.holds(&shown) {
                found.push(doc);
            }
            doc = inner.advance();
        }
        Ok(Box::new(ConstScorer::new(DocList::new(found), boost)))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        self.inner.explain(reader, doc)
    }
}

/// Documents that were found already, in order.
struct DocList {
    docs: std::vec::IntoIter<DocId>,
    doc: DocId,
}

impl DocList {
    fn new(docs: Vec<DocId>) -> Self {
        let mut docs = docs.into_iter();
        let doc = docs.next().unwrap_or(TERMINATED);
        DocList { docs, doc }
    }
}

impl DocSet for DocList {
    fn advance(&mut self) -> DocId {
        self.doc = self.docs.next().unwrap_or(TERMINATED);
        self.doc
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        u32::try_from(self.docs.len()).unwrap_or(u32::MAX)
    }
}
