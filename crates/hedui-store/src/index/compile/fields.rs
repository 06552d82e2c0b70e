//! Fields with values that are compared as a whole, and dates.

use std::ops::Bound;

use tantivy::Term;
use tantivy::query::{RangeQuery, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};

use super::{Compiled, Compiler, any_of, everything, filter, text_term};
use crate::index::document::{day_number, fold_key};
use crate::index::figures::unit_key;
use crate::index::highlight::Pattern;
use crate::index::latin;
use crate::index::script::spellings;
use crate::query::{DateRange, TermField, Within};

/// The last character there is: a term that goes on from a prefix stands before prefix and this.
const LAST: char = char::MAX;

impl Compiler<'_> {
    /// Makes the query of a field's value.
    pub(in crate::index) fn term(
        &mut self,
        field: TermField,
        text: &str,
        is_prefix: bool,
    ) -> Compiled {
        let index_field = self.field_of(field);
        let mut values = vec![match field {
            TermField::Unit => text.to_owned(),
            _ => fold_key(text),
        }];
        if is_prefix {
            let queries = values.iter().map(|value| prefix_query(index_field, value));
            return filter(any_of(queries.collect()));
        }
        match field {
            TermField::Entity => {
                for names in self.vocabulary.aliases.entities(text) {
                    values.push(fold_key(&names.canonical));
                    for name in &names.names {
                        self.mark_name(Within::Anywhere, name);
                    }
                }
                self.mark_name(Within::Anywhere, text);
            }
            TermField::Metric => {
                let metrics = self.vocabulary.aliases.metrics(text);
                values.extend(metrics.iter().map(|metric| fold_key(metric)));
            }
            TermField::Unit => {
                let units = self.vocabulary.numbers.unit(text);
                values.extend(units.iter().map(|scale| unit_key(&scale.unit)));
            }
            TermField::Source | TermField::Lang | TermField::Region => {}
        }
        values.sort();
        values.dedup();
        filter(any_of(
            values
                .iter()
                .map(|value| exact_query(index_field, value))
                .collect(),
        ))
    }

    pub(super) fn date(&self, range: &DateRange) -> Compiled {
        if range.from.is_none() && range.to.is_none() {
            return everything();
        }
        let bound = |day: Option<jiff::civil::Date>| {
            day.map_or(Bound::Unbounded, |day| {
                Bound::Included(Term::from_field_i64(self.fields.day, day_number(day)))
            })
        };
        filter(Box::new(RangeQuery::new(
            bound(range.from),
            bound(range.to),
        )))
    }

    /// Remembers a name that is to be highlighted.
    pub(super) fn mark_name(&mut self, within: Within, name: &str) {
        if latin::is_abbreviation(name) {
            self.mark(within, Pattern::Capitals(name.to_owned()));
            return;
        }
        for phrase in spellings(name) {
            self.mark(within, Pattern::Word(phrase));
        }
    }

    fn field_of(&self, field: TermField) -> Field {
        match field {
            TermField::Entity => self.fields.entity,
            TermField::Metric => self.fields.metric,
            TermField::Source => self.fields.source,
            TermField::Lang => self.fields.lang,
            TermField::Region => self.fields.region,
            TermField::Unit => self.fields.unit,
        }
    }
}

pub(super) fn exact_query(field: Field, text: &str) -> Compiled {
    Box::new(TermQuery::new(
        text_term(field, text),
        IndexRecordOption::Basic,
    ))
}

fn prefix_query(field: Field, prefix: &str) -> Compiled {
    let last = format!("{prefix}{LAST}");
    Box::new(RangeQuery::new(
        Bound::Included(text_term(field, prefix)),
        Bound::Excluded(text_term(field, &last)),
    ))
}
