//! Gathers what a query matches: stories in order, each by one of its articles, and counts.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader};

use super::facets::{SegmentCounts, Tally};
use super::request::{Facet, Sort};
use super::schema::column;

/// How much a brand-new article gains over an old one.
const FRESHNESS_GAIN: f32 = 0.25;

/// The age at which half of that gain is gone.
const FRESHNESS_HALF_LIFE_S: f32 = 30.0 * 86_400.0;

/// What an article is placed by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rank {
    pub(super) score: Score,
    pub(super) instant: i64,
    /// Decides where nothing else does, alike in every run.
    pub(super) tie: u64,
}

/// A story that was found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Story {
    /// Its place in the answer.
    pub(super) rank: Rank,
    /// The article that stands for it.
    pub(super) shown: DocAddress,
    /// How many of its articles were found.
    pub(super) articles: u32,
    is_origin: bool,
}

impl Story {
    fn join(&mut self, other: Story, sort: Sort) {
        let is_ahead = sort.compare(&other.rank, &self.rank).is_lt();
        // By relevance the article that others copied stands for the story; by time the first or last does.
        let replaces = match (sort, other.is_origin, self.is_origin) {
            (Sort::Relevance, true, false) => true,
            (Sort::Relevance, false, true) => false,
            _ => is_ahead,
        };
        if is_ahead {
            self.rank = other.rank;
        }
        if replaces {
            self.shown = other.shown;
            self.is_origin = other.is_origin;
        }
        self.articles = self.articles.saturating_add(other.articles);
    }
}

impl Sort {
    /// Compares places: the lesser comes first.
    pub(super) fn compare(self, left: &Rank, right: &Rank) -> Ordering {
        let by_tie = left.tie.cmp(&right.tie);
        let newest = right.instant.cmp(&left.instant);
        match self {
            Sort::Relevance => right.score.total_cmp(&left.score).then(newest).then(by_tie),
            Sort::Newest => newest.then(by_tie),
            Sort::Oldest => newest.reverse().then(by_tie),
        }
    }
}

/// Stories by the hash of their origin's key.
type Stories = HashMap<u64, Story, BuildHasherDefault<KeyHasher>>;

/// Takes keys that are hashes already as they are.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct KeyHasher(u64);

impl Hasher for KeyHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(byte);
        }
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

/// Everything that a query matched.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) articles: u64,
    pub(super) stories: Stories,
    pub(super) tally: Tally,
}

impl Found {
    /// Returns the stories at these places of the answer, in order.
    pub(super) fn page(&self, sort: Sort, offset: usize, limit: usize) -> Vec<Story> {
        let mut stories: Vec<Story> = self.stories.values().copied().collect();
        let compare = |left: &Story, right: &Story| sort.compare(&left.rank, &right.rank);
        let end = offset.saturating_add(limit);
        if end < stories.len() {
            stories.select_nth_unstable_by(end, compare);
            stories.truncate(end);
        }
        stories.sort_by(compare);
        stories.split_off(offset.min(stories.len()))
    }
}

/// Collects [`Found`].
#[derive(Debug)]
pub(super) struct StoryCollector {
    pub(super) sort: Sort,
    /// The time of asking, in seconds.
    pub(super) now: Option<i64>,
    pub(super) facets: Vec<Facet>,
}

impl Collector for StoryCollector {
    type Fruit = Found;
    type Child = SegmentStories;

    fn for_segment(
        &self,
        ordinal: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> tantivy::Result<SegmentStories> {
        let columns = reader.fast_fields();
        Ok(SegmentStories {
            sort: self.sort,
            now: self.now,
            ordinal,
            instant: columns.i64(column::INSTANT)?,
            story: columns.u64(column::STORY)?,
            tie: columns.u64(column::TIE)?,
            counts: SegmentCounts::new(&self.facets, reader)?,
            articles: 0,
            stories: Stories::default(),
        })
    }

    fn requires_scoring(&self) -> bool {
        true
    }

    fn merge_fruits(&self, segments: Vec<Found>) -> tantivy::Result<Found> {
        let mut segments = segments.into_iter();
        let mut all = segments.next().unwrap_or_default();
        for segment in segments {
            all.articles += segment.articles;
            all.tally.join(segment.tally);
            for (key, story) in segment.stories {
                all.stories
                    .entry(key)
                    .and_modify(|known| known.join(story, self.sort))
                    .or_insert(story);
            }
        }
        Ok(all)
    }
}

pub(super) struct SegmentStories {
    sort: Sort,
    now: Option<i64>,
    ordinal: SegmentOrdinal,
    instant: Column<i64>,
    story: Column<u64>,
    tie: Column<u64>,
    counts: SegmentCounts,
    articles: u64,
    stories: Stories,
}

impl SegmentCollector for SegmentStories {
    type Fruit = Found;

    fn collect(&mut self, doc: DocId, score: Score) {
        let instant = self.instant.first(doc).unwrap_or_default();
        let tie = self.tie.first(doc).unwrap_or_default();
        let key = self.story.first(doc).unwrap_or(tie);
        let story = Story {
            rank: Rank {
                score: score * freshness(self.now, instant),
                instant,
                tie,
            },
            shown: DocAddress::new(self.ordinal, doc),
            articles: 1,
            is_origin: key == tie,
        };
        self.articles += 1;
        self.counts.add(doc);
        let sort = self.sort;
        self.stories
            .entry(key)
            .and_modify(|known| known.join(story, sort))
            .or_insert(story);
    }

    fn harvest(self) -> Found {
        Found {
            articles: self.articles,
            stories: self.stories,
            tally: self.counts.tally(),
        }
    }
}

/// Returns by how much an article of this age is to be raised.
fn freshness(now: Option<i64>, instant: i64) -> f32 {
    let Some(now) = now else {
        return 1.0;
    };
    let age_s = now.saturating_sub(instant).max(0) as f32;
    1.0 + FRESHNESS_GAIN * FRESHNESS_HALF_LIFE_S / (FRESHNESS_HALF_LIFE_S + age_s)
}
