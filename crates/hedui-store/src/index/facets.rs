//! Counts over all articles that a query matches.

use std::collections::{BTreeMap, HashMap};

use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocId, SegmentReader};

use super::document::day_of;
use super::request::{Facet, FacetCount, FacetCounts};
use super::schema::column;

/// Values of one facet that an answer holds.
const VALUES_MAX: usize = 100;

/// Counts by value, for each facet.
#[derive(Debug, Default)]
pub(super) struct Tally(HashMap<Facet, BTreeMap<String, u64>>);

impl Tally {
    pub(super) fn join(&mut self, other: Tally) {
        for (facet, counts) in other.0 {
            let known = self.0.entry(facet).or_default();
            for (value, articles) in counts {
                *known.entry(value).or_default() += articles;
            }
        }
    }

    /// Returns the counts of the facets, in the order asked for.
    pub(super) fn counts(&self, facets: &[Facet]) -> Vec<FacetCounts> {
        facets.iter().map(|&facet| self.counts_of(facet)).collect()
    }

    fn counts_of(&self, facet: Facet) -> FacetCounts {
        let counts = self.0.get(&facet).into_iter().flatten();
        let mut counts: Vec<FacetCount> = counts
            .map(|(value, &articles)| FacetCount {
                value: value.clone(),
                articles,
            })
            .collect();
        if facet == Facet::Month {
            // The last hundred months, in order of time.
            counts.drain(..counts.len().saturating_sub(VALUES_MAX));
        } else {
            counts.sort_by_key(|count| std::cmp::Reverse(count.articles));
            counts.truncate(VALUES_MAX);
        }
        FacetCounts { facet, counts }
    }
}

/// Counts of one segment, by the numbers that its columns give to values.
#[derive(Default)]
pub(super) struct SegmentCounts {
    names: Vec<(Facet, StrColumn, Vec<u64>)>,
    days: Option<(Column<i64>, HashMap<i64, u64>)>,
}

impl SegmentCounts {
    pub(super) fn new(facets: &[Facet], reader: &SegmentReader) -> tantivy::Result<Self> {
        let columns = reader.fast_fields();
        let mut counts = SegmentCounts::default();
        for &facet in facets {
            let name = match facet {
                Facet::Source => column::SOURCE,
                Facet::Lang => column::LANG,
                Facet::Entity => column::ENTITY,
                Facet::Month => {
                    counts.days = Some((columns.i64(column::DAY)?, HashMap::new()));
                    continue;
                }
            };
            // A segment in which no article has a value has no column.
            if let Some(names) = columns.str(name)? {
                let by_ordinal = vec![0; names.num_terms()];
                counts.names.push((facet, names, by_ordinal));
            }
        }
        Ok(counts)
    }

    pub(super) fn add(&mut self, doc: DocId) {
        for (_, names, counts) in &mut self.names {
            for ordinal in names.ords().values_for_doc(doc) {
                let cell = usize::try_from(ordinal).ok();
                if let Some(count) = cell.and_then(|cell| counts.get_mut(cell)) {
                    *count += 1;
                }
            }
        }
        if let Some((days, counts)) = &mut self.days
            && let Some(day) = days.first(doc)
        {
            *counts.entry(day).or_default() += 1;
        }
    }

    pub(super) fn tally(self) -> Tally {
        let mut tally = Tally::default();
        for (facet, names, counts) in self.names {
            let values = tally.0.entry(facet).or_default();
            let mut name = String::new();
            for (ordinal, count) in (0_u64..).zip(counts) {
                if count > 0 && names.ord_to_str(ordinal, &mut name).unwrap_or(false) {
                    *values.entry(name.clone()).or_default() += count;
                }
            }
        }
        for (day, count) in self.days.into_iter().flat_map(|(_, counts)| counts) {
            if let Some(day) = day_of(day) {
                let month = format!("{:04}-{:02}", day.year(), day.month());
                let values = tally.0.entry(Facet::Month).or_default();
                *values.entry(month).or_default() += count;
            }
        }
        tally
    }
}
