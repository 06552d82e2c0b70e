//! Figures of claims, together with the unit and metric that stand beside them in the query.

use std::ops::Bound;

use hedui_model::Decimal;
use tantivy::Term;
use tantivy::query::{InvertedIndexRangeQuery, TermSetQuery};

use super::{Compiled, Compiler, any_of, scored};
use crate::index::document::fold_key;
use crate::index::error::SearchError;
use crate::index::figures::{FigureRange, encloses, prefix, term_bounds, unit_key};
use crate::index::highlight::{FigureTest, Pattern};
use crate::index::order;
use crate::query::{
    At, Edge, Figure, FigureText, Leaf, Node, NodeKind, QueryError, QueryErrorKind, TermField,
    Tolerance, UnitScale, ValueRange, Within,
};

/// Ranges of claims that one query may enclose.
const ENCLOSING_MAX: usize = 20_000;

/// The parts of a conjunction that one and the same claim has to answer.
pub(super) struct ClaimParts<'a> {
    values: Vec<(&'a ValueRange, At)>,
    /// Units to choose from.
    units: Vec<&'a str>,
    metrics: Vec<&'a str>,
}

impl<'a> ClaimParts<'a> {
    /// Gathers figures, units and metrics; nothing where there are not two kinds of them or a figure.
    pub(super) fn of(nodes: &'a [Node]) -> Option<Self> {
        let mut parts = ClaimParts {
            values: Vec::new(),
            units: Vec::new(),
            metrics: Vec::new(),
        };
        for node in nodes {
            if let NodeKind::Leaf(Leaf::Value(range)) = &node.kind {
                parts.values.push((range, node.at));
            }
            parts.units.extend(terms_of(node, TermField::Unit));
            parts.metrics.extend(terms_of(node, TermField::Metric));
        }
        let is_joint =
            !parts.values.is_empty() || (!parts.units.is_empty() && !parts.metrics.is_empty());
        is_joint.then_some(parts)
    }

    /// Tells whether the node is one of the parts.
    pub(super) fn covers(&self, node: &Node) -> bool {
        matches!(node.kind, NodeKind::Leaf(Leaf::Value(_)))
            || !terms_of(node, TermField::Unit).is_empty()
            || !terms_of(node, TermField::Metric).is_empty()
    }
}

/// Returns the values of a node that asks for one field, or for one of several values of it.
fn terms_of(node: &Node, wanted: TermField) -> Vec<&str> {
    match &node.kind {
        NodeKind::Leaf(Leaf::Term {
            field,
            text,
            prefix: false,
        }) if *field == wanted => vec![text],
        NodeKind::Or(nodes) => {
            let values: Vec<Vec<&str>> = nodes.iter().map(|node| terms_of(node, wanted)).collect();
            if values.iter().any(Vec::is_empty) {
                return Vec::new();
            }
            values.concat()
        }
        _ => Vec::new(),
    }
}

impl Compiler<'_> {
    /// Finds articles with a claim for each figure, of any of the units and metrics.
    pub(super) fn claims(&mut self, parts: &ClaimParts<'_>) -> Result<Vec<Compiled>, SearchError> {
        let units: Vec<UnitScale> = parts
            .units
            .iter()
            .flat_map(|unit| self.units(unit))
            .collect();
        let metrics: Vec<String> = parts
            .metrics
            .iter()
            .flat_map(|metric| self.metrics(metric))
            .collect();
        let units = (!parts.units.is_empty()).then_some(units);
        if parts.values.is_empty() {
            let unbounded = FigureRange {
                low: Bound::Unbounded,
                high: Bound::Unbounded,
            };
            let ranges = units
                .into_iter()
                .flatten()
                .map(|scale| (Some(unit_key(&scale.unit)), unbounded));
            return Ok(vec![self.figures(ranges.collect(), metrics)?]);
        }
        let mut found = Vec::new();
        for &(value, at) in &parts.values {
            let ranges = self.ranges(value, at, units.as_deref())?;
            found.push(self.figures(ranges, metrics.clone())?);
        }
        Ok(found)
    }

    /// Finds articles with a claim that states a figure in the range, in any unit.
    pub(super) fn value_alone(
        &mut self,
        value: &ValueRange,
        at: At,
    ) -> Result<Compiled, SearchError> {
        let ranges = self.ranges(value, at, None)?;
        self.figures(ranges, Vec::new())
    }

    fn units(&self, text: &str) -> Vec<UnitScale> {
        let known = self.vocabulary.numbers.unit(text);
        if !known.is_empty() {
            return known;
        }
        vec![UnitScale {
            unit: hedui_model::Unit::new(text),
            factor: Decimal::ONE,
        }]
    }

    fn metrics(&self, text: &str) -> Vec<String> {
        let mut metrics = self.vocabulary.aliases.metrics(text);
        metrics.push(text.to_owned());
        metrics.iter().map(|metric| fold_key(metric)).collect()
    }

    fn figures(
        &mut self,
        ranges: Vec<(Option<String>, FigureRange)>,
        metrics: Vec<String>,
    ) -> Result<Compiled, SearchError> {
        self.condition += 1;
        let any = [String::new()];
        let wanted = if metrics.is_empty() {
            &any[..]
        } else {
            &metrics
        };
        let mut found: Vec<Compiled> = Vec::new();
        for (unit, range) in &ranges {
            for metric in wanted {
                let unit = unit.as_deref().unwrap_or_default();
                found.push(self.stated(unit, metric, range));
                found.extend(self.enclosing(unit, metric, range)?);
            }
        }
        self.mark(
            Within::Anywhere,
            Pattern::Figure(FigureTest { ranges, metrics }),
        );
        Ok(scored(any_of(found), 1.0))
    }

    /// Finds claims that state an end inside the range.
    fn stated(&self, unit: &str, metric: &str, range: &FigureRange) -> Compiled {
        let (low, high) = term_bounds(unit, metric, range);
        let term = |bytes: Vec<u8>| Term::from_field_bytes(self.fields.values, &bytes);
        Box::new(InvertedIndexRangeQuery::new(low.map(term), high.map(term)))
    }

    /// Finds claims that state a range which has this one inside.
    fn enclosing(
        &self,
        unit: &str,
        metric: &str,
        range: &FigureRange,
    ) -> Result<Option<Compiled>, SearchError> {
        if matches!(range.low, Bound::Unbounded) || matches!(range.high, Bound::Unbounded) {
            return Ok(None);
        }
        let prefix = prefix(unit, metric);
        let below = FigureRange {
            low: Bound::Unbounded,
            high: range.low,
        };
        // What starts at the range's own lower end is not past it: all encodings that go on from it count too.
        let last = match term_bounds(unit, metric, &below).1 {
            Bound::Included(mut term) | Bound::Excluded(mut term) => {
                term.push(order::ABOVE_ALL);
                term
            }
            Bound::Unbounded => return Ok(None),
        };
        let mut terms = Vec::new();
        for reader in self.searcher.segment_readers() {
            let index = reader.inverted_index(self.fields.ranges)?;
            let range_of_terms = index.terms().range().ge(&prefix).lt(&last);
            let mut stream = range_of_terms
                .into_stream()
                .map_err(tantivy::TantivyError::from)?;
            while stream.advance() && terms.len() < ENCLOSING_MAX {
                if encloses(prefix.len(), stream.key(), range) {
                    terms.push(Term::from_field_bytes(self.fields.ranges, stream.key()));
                }
            }
        }
        Ok((!terms.is_empty()).then(|| Box::new(TermSetQuery::new(terms)) as Compiled))
    }

    /// Reads a value of the query: bounds, for each unit that they may be in.
    fn ranges(
        &self,
        value: &ValueRange,
        at: At,
        units: Option<&[UnitScale]>,
    ) -> Result<Vec<(Option<String>, FigureRange)>, SearchError> {
        let (range, own_units) = self.bounds(value)?;
        if range.is_empty() {
            return Err(QueryError::new(at, QueryErrorKind::Range).into());
        }
        let own_units: Vec<String> = own_units.iter().map(unit_key).collect();
        let Some(units) = units else {
            if own_units.is_empty() {
                return Ok(vec![(None, range)]);
            }
            return Ok(own_units
                .into_iter()
                .map(|unit| (Some(unit), range))
                .collect());
        };
        let ranges = units.iter().filter_map(|scale| {
            let key = unit_key(&scale.unit);
            if own_units.is_empty() {
                return range.scaled(scale.factor).map(|range| (Some(key), range));
            }
            own_units.contains(&key).then_some((Some(key), range))
        });
        Ok(ranges.collect())
    }

    fn bounds(
        &self,
        value: &ValueRange,
    ) -> Result<(FigureRange, Vec<hedui_model::Unit>), SearchError> {
        match value {
            ValueRange::Exactly { figure, tolerance } => {
                let read = self.figure(figure)?;
                let error = || figure_error(figure);
                let widen = |end: Decimal, is_low: bool| match tolerance {
                    None => Ok(end),
                    Some(tolerance) => {
                        let distance = self.distance(tolerance, end).ok_or_else(error)?;
                        let distance = if is_low { distance.negated() } else { distance };
                        end.checked_add(distance).map_err(|_| error())
                    }
                };
                let bound = |end: Option<Decimal>, is_low| {
                    end.map_or(Ok(Bound::Unbounded), |end| {
                        widen(end, is_low).map(Bound::Included)
                    })
                };
                let range = FigureRange {
                    low: bound(read.low, true)?,
                    high: bound(read.high, false)?,
                };
                Ok((range, read.units))
            }
            ValueRange::Between { low, high } => {
                let mut units = Vec::new();
                let mut bound = |edge: &Option<Edge>, end: fn(&Figure) -> Option<Decimal>| {
                    let Some(edge) = edge else {
                        return Ok(Bound::Unbounded);
                    };
                    let read = self.figure(&edge.figure)?;
                    let value = end(&read).ok_or_else(|| figure_error(&edge.figure))?;
                    units.extend(read.units);
                    Ok::<_, SearchError>(match edge.inclusive {
                        true => Bound::Included(value),
                        false => Bound::Excluded(value),
                    })
                };
                let range = FigureRange {
                    low: bound(low, |figure| figure.low.or(figure.high))?,
                    high: bound(high, |figure| figure.high.or(figure.low))?,
                };
                units.sort();
                units.dedup();
                Ok((range, units))
            }
        }
    }

    fn distance(&self, tolerance: &Tolerance, figure: Decimal) -> Option<Decimal> {
        match tolerance {
            Tolerance::Percent(percent) => figure.abs().checked_mul(*percent).ok()?.scaled(-2).ok(),
            Tolerance::Figure(text) => {
                let read = self.figure(text).ok()?;
                read.high.or(read.low).map(Decimal::abs)
            }
        }
    }

    fn figure(&self, text: &FigureText) -> Result<Figure, SearchError> {
        let read = self.vocabulary.numbers.figure(&text.text);
        read.filter(|figure| figure.low.is_some() || figure.high.is_some())
            .ok_or_else(|| figure_error(text))
    }
}

fn figure_error(text: &FigureText) -> SearchError {
    QueryError::new(text.at, QueryErrorKind::Figure(text.text.clone())).into()
}
