//! Half-open byte ranges that say into which text they point.
//!
//! A [`Span`] of the original text and one of the folded text are different
//! types; only an [`OffsetMap`] turns one into the other. Spans are bytes
//! inside the program; the edge converts them to characters for the outside.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Range;

use serde::{Deserialize, Serialize};

/// Marks a span of the text as the source wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Original {}

/// Marks a span of the text as it was folded for machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Folded {}

/// A half-open range of bytes, `start..end`, in the text that `T` names.
///
/// `start <= end` always holds.
///
/// ```
/// use hedui_model::{Original, Span};
/// let span = Span::<Original>::new(3, 8);
/// assert_eq!("abcdefghij".get(span.range()), Some("defgh"));
/// ```
#[derive(Serialize, Deserialize)]
#[serde(from = "(u32, u32)", into = "(u32, u32)")]
pub struct Span<T> {
    start: u32,
    end: u32,
    text: PhantomData<fn() -> T>,
}

impl<T> Span<T> {
    /// Makes the span `start..end`; an end before the start gives an empty span at `start`.
    ///
    /// Offsets above `u32::MAX` are clamped: texts are limited far below 4 GiB where they enter.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Span {
            start: clamp(start),
            end: clamp(end.max(start)),
            text: PhantomData,
        }
    }

    /// Returns the first byte.
    #[must_use]
    pub fn start(self) -> usize {
        self.start as usize
    }

    /// Returns the byte after the last.
    #[must_use]
    pub fn end(self) -> usize {
        self.end as usize
    }

    /// Returns the length in bytes.
    #[must_use]
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Tells whether the span holds no byte.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Returns the span as a range, fit for `str::get`.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start()..self.end()
    }

    /// Returns the text of the span, or nothing where it does not lie on character boundaries of `text`.
    #[must_use]
    pub fn of(self, text: &str) -> Option<&str> {
        text.get(self.range())
    }

    /// Tells whether the two spans share a byte.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Tells whether `other` lies wholly inside this span.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Returns the smallest span that covers both.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        Span {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
            text: PhantomData,
        }
    }
}

impl<T> Clone for Span<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Span<T> {}
impl<T> PartialEq for Span<T> {
    fn eq(&self, other: &Self) -> bool {
        (self.start, self.end) == (other.start, other.end)
    }
}
impl<T> Eq for Span<T> {}
impl<T> PartialOrd for Span<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Span<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.start, self.end).cmp(&(other.start, other.end))
    }
}
impl<T> std::hash::Hash for Span<T> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (self.start, self.end).hash(state);
    }
}
impl<T> fmt::Debug for Span<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}
impl<T> From<(u32, u32)> for Span<T> {
    fn from((start, end): (u32, u32)) -> Self {
        Span {
            start,
            end: end.max(start),
            text: PhantomData,
        }
    }
}
impl<T> From<Span<T>> for (u32, u32) {
    fn from(span: Span<T>) -> Self {
        (span.start, span.end)
    }
}

/// The way from offsets in a folded text back to the original, and forth.
///
/// The texts are cut into runs in which both advance byte by byte; a character
/// whose length changed is a run of its own. Chinese text without full-width
/// digits is a single run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OffsetMap {
    /// Starts of runs: (offset in the folded text, offset in the original), both rising.
    runs: Vec<(u32, u32)>,
    folded_len: u32,
    original_len: u32,
}

impl OffsetMap {
    /// Starts a map; [`OffsetMap::push`] then describes the text character by character.
    #[must_use]
    pub fn new() -> Self {
        OffsetMap::default()
    }

    /// Records that the next `original_bytes` of the original became the next `folded_bytes`.
    ///
    /// A piece is a character or a cluster that folds as a whole; either side may be empty.
    pub fn push(&mut self, folded_bytes: usize, original_bytes: usize) {
        let delta = i64::from(self.original_len) - i64::from(self.folded_len);
        let run_delta = self
            .runs
            .last()
            .map(|&(folded, original)| i64::from(original) - i64::from(folded));
        if run_delta != Some(delta) || folded_bytes != original_bytes {
            self.start_run();
        }
        self.folded_len = self
            .folded_len
            .saturating_add(u32::try_from(folded_bytes).unwrap_or(u32::MAX));
        self.original_len = self
            .original_len
            .saturating_add(u32::try_from(original_bytes).unwrap_or(u32::MAX));
        if folded_bytes != original_bytes {
            self.start_run();
        }
    }

    fn start_run(&mut self) {
        let start = (self.folded_len, self.original_len);
        if self.runs.last() != Some(&start) {
            self.runs.push(start);
        }
    }

    /// Returns where `span` of the folded text stands in the original.
    ///
    /// Both ends must be character boundaries of the folded text, as every span that a reader finds is.
    #[must_use]
    pub fn to_original(&self, span: Span<Folded>) -> Span<Original> {
        let start = self.map(
            span.start(),
            |run| run.0,
            |run| run.1,
            self.original_len,
            false,
        );
        let end = self.map(
            span.end(),
            |run| run.0,
            |run| run.1,
            self.original_len,
            !span.is_empty(),
        );
        Span::new(start, end)
    }

    /// Returns where `span` of the original stands in the folded text.
    #[must_use]
    pub fn to_folded(&self, span: Span<Original>) -> Span<Folded> {
        let start = self.map(
            span.start(),
            |run| run.1,
            |run| run.0,
            self.folded_len,
            false,
        );
        let end = self.map(
            span.end(),
            |run| run.1,
            |run| run.0,
            self.folded_len,
            !span.is_empty(),
        );
        Span::new(start, end)
    }

    /// Maps one offset; an end takes the run that ends there rather than the one that starts.
    fn map(
        &self,
        offset: usize,
        from: impl Fn(&(u32, u32)) -> u32,
        to: impl Fn(&(u32, u32)) -> u32,
        to_len: u32,
        is_end: bool,
    ) -> usize {
        let offset = u32::try_from(offset).unwrap_or(u32::MAX);
        let after = if is_end {
            self.runs.partition_point(|run| from(run) < offset)
        } else {
            self.runs.partition_point(|run| from(run) <= offset)
        };
        let limit = self.runs.get(after).map_or(to_len, &to);
        let Some(run) = after.checked_sub(1).and_then(|index| self.runs.get(index)) else {
            return 0;
        };
        // An end on the next run's start is that start, also where the run changed its length.
        if is_end
            && self
                .runs
                .get(after)
                .is_some_and(|next| from(next) == offset)
        {
            return limit as usize;
        }
        to(run).saturating_add(offset - from(run)).min(limit) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map_of(pieces: &[(usize, usize)]) -> OffsetMap {
        let mut map = OffsetMap::new();
        for &(folded, original) in pieces {
            map.push(folded, original);
        }
        map
    }

    #[test]
    fn a_single_run_maps_byte_by_byte() {
        let map = map_of(&[(3, 3), (3, 3), (1, 1)]);
        assert_eq!(map.runs.len(), 1);
        assert_eq!(map.to_original(Span::new(3, 7)), Span::new(3, 7));
    }

    #[test]
    fn a_character_that_shrinks_keeps_its_neighbours_in_place() {
        // Full-width one (3 bytes) becomes 1 byte, between two unchanged characters.
        let map = map_of(&[(3, 3), (1, 3), (3, 3)]);
        assert_eq!(map.to_original(Span::new(3, 4)), Span::new(3, 6));
        assert_eq!(map.to_original(Span::new(0, 3)), Span::new(0, 3));
        assert_eq!(map.to_original(Span::new(4, 7)), Span::new(6, 9));
        assert_eq!(map.to_folded(Span::new(3, 6)), Span::new(3, 4));
        assert_eq!(map.to_folded(Span::new(0, 9)), Span::new(0, 7));
    }

    #[test]
    fn a_dropped_character_belongs_to_no_span_before_it() {
        // A zero-width character (3 bytes) folds to nothing.
        let map = map_of(&[(1, 1), (0, 3), (1, 1)]);
        assert_eq!(map.to_original(Span::new(0, 1)), Span::new(0, 1));
        assert_eq!(map.to_original(Span::new(1, 2)), Span::new(4, 5));
        assert_eq!(map.to_original(Span::new(0, 2)), Span::new(0, 5));
    }

    #[test]
    fn a_decomposed_character_maps_as_a_whole() {
        // e + combining acute (3 bytes) becomes one composed character (2 bytes).
        let map = map_of(&[(2, 3), (1, 1)]);
        assert_eq!(map.to_original(Span::new(0, 2)), Span::new(0, 3));
        assert_eq!(map.to_original(Span::new(2, 3)), Span::new(3, 4));
    }

    #[test]
    fn an_end_before_its_start_is_empty() {
        assert!(Span::<Original>::new(5, 2).is_empty());
    }
}
