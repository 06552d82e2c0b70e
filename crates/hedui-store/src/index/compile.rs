//! From the tree of a query to a query of the engine, and to what is to be highlighted.
//!
//! What matches and what ranks are kept apart: characters, names and figures
//! decide whether an article answers; words and stems decide how well. Whether
//! an article answers thus never hangs on how its sentences were segmented.

mod exclusion;
mod fields;
mod text;
mod value;

use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, Occur, Query as EngineQuery,
};
use tantivy::{Searcher, Term};

use self::exclusion::Excluded;
use super::error::SearchError;
use super::highlight::{Mark, Pattern};
use super::schema::{Fields, TextFields};
use super::words::WordCutter;
use crate::query::{Leaf, Node, NodeKind, TermField, Text, Vocabulary, Within};

/// How much more a word counts in a title.
const TITLE_BOOST: f32 = 2.0;

/// A query of the engine.
pub(super) type Compiled = Box<dyn EngineQuery>;

/// Turns trees into queries. One compiler serves one search.
pub(super) struct Compiler<'a> {
    fields: &'a Fields,
    words: &'a dyn WordCutter,
    vocabulary: &'a Vocabulary,
    searcher: &'a Searcher,
    /// What is to be highlighted; nothing of what the query excludes.
    pub(super) marks: Vec<Mark>,
    condition: usize,
    negations: usize,
}

impl<'a> Compiler<'a> {
    pub(super) fn new(
        fields: &'a Fields,
        words: &'a dyn WordCutter,
        vocabulary: &'a Vocabulary,
        searcher: &'a Searcher,
    ) -> Self {
        Compiler {
            fields,
            words,
            vocabulary,
            searcher,
            marks: Vec::new(),
            condition: 0,
            negations: 0,
        }
    }

    pub(super) fn node(&mut self, node: &Node) -> Result<Compiled, SearchError> {
        match &node.kind {
            NodeKind::All => Ok(everything()),
            NodeKind::And(nodes) => self.and(nodes),
            NodeKind::Or(nodes) => {
                let parts = nodes.iter().map(|node| self.node(node));
                Ok(any_of(parts.collect::<Result<_, _>>()?))
            }
            NodeKind::Not(inner) => {
                let excluded = self.excluded(inner)?;
                Ok(boolean(vec![
                    (Occur::Must, everything()),
                    (Occur::MustNot, excluded),
                ]))
            }
            NodeKind::Leaf(leaf) => self.leaf(leaf, node),
        }
    }

    fn excluded(&mut self, node: &Node) -> Result<Compiled, SearchError> {
        self.negations += 1;
        let excluded = self.node(node);
        self.negations -= 1;
        Ok(Box::new(Excluded(excluded?)))
    }

    fn and(&mut self, nodes: &[Node]) -> Result<Compiled, SearchError> {
        let mut clauses = Vec::new();
        let claim = value::ClaimParts::of(nodes);
        if let Some(claim) = &claim {
            clauses.extend(self.claims(claim)?.into_iter().map(must));
        }
        let mut rest = nodes;
        while let Some((node, after)) = rest.split_first() {
            rest = after;
            match &node.kind {
                NodeKind::Not(inner) => {
                    clauses.push((Occur::MustNot, self.excluded(inner)?));
                }
                _ if claim.as_ref().is_some_and(|claim| claim.covers(node)) => {}
                _ => {
                    if let Some((names, used)) = self.long_name(node, after) {
                        clauses.push(must(self.names(Within::Anywhere, &names)?));
                        rest = after.get(used..).unwrap_or_default();
                    } else {
                        clauses.push(must(self.node(node)?));
                    }
                }
            }
        }
        if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
            clauses.push(must(everything()));
        }
        Ok(boolean(clauses))
    }

    fn leaf(&mut self, leaf: &Leaf, node: &Node) -> Result<Compiled, SearchError> {
        self.condition += 1;
        match leaf {
            Leaf::Text { within, text } => self.text(*within, text, node.at),
            Leaf::Term {
                field,
                text,
                prefix,
            } => Ok(self.term(*field, text, *prefix)),
            Leaf::Date(range) => Ok(self.date(range)),
            Leaf::Value(range) => self.value_alone(range, node.at),
        }
    }

    /// Remembers what to highlight, unless it is excluded.
    fn mark(&mut self, within: Within, pattern: Pattern) {
        if self.negations == 0 {
            self.marks.push(Mark {
                within,
                pattern,
                condition: self.condition,
            });
        }
    }

    fn texts(&self, within: Within) -> Vec<(TextFields, f32)> {
        let [title, body] = self.fields.texts();
        match within {
            Within::Anywhere => vec![(title, TITLE_BOOST), (body, 1.0)],
            Within::Title => vec![(title, TITLE_BOOST)],
            Within::Body => vec![(body, 1.0)],
        }
    }
}

/// Returns the word of a node that is nothing but a bare word anywhere.
fn bare_word(node: &Node) -> Option<&str> {
    match &node.kind {
        NodeKind::Leaf(Leaf::Text {
            within: Within::Anywhere,
            text: Text::Word(word),
        }) => Some(word),
        _ => None,
    }
}

fn everything() -> Compiled {
    filter(Box::new(AllQuery))
}

/// Makes a query decide without ranking.
fn filter(query: Compiled) -> Compiled {
    Box::new(ConstScoreQuery::new(query, 0.0))
}

fn scored(query: Compiled, score: f32) -> Compiled {
    Box::new(ConstScoreQuery::new(query, score))
}

fn boosted(query: Compiled, boost: f32) -> Compiled {
    Box::new(BoostQuery::new(query, boost))
}

fn must(query: Compiled) -> (Occur, Compiled) {
    (Occur::Must, query)
}

fn boolean(mut clauses: Vec<(Occur, Compiled)>) -> Compiled {
    if clauses.len() == 1
        && clauses
            .first()
            .is_some_and(|(occur, _)| *occur != Occur::MustNot)
        && let Some((_, query)) = clauses.pop()
    {
        return query;
    }
    Box::new(BooleanQuery::new(clauses))
}

fn any_of(queries: Vec<Compiled>) -> Compiled {
    if queries.is_empty() {
        return Box::new(EmptyQuery);
    }
    boolean(
        queries
            .into_iter()
            .map(|query| (Occur::Should, query))
            .collect(),
    )
}

pub(super) fn all_of(queries: Vec<Compiled>) -> Compiled {
    boolean(queries.into_iter().map(must).collect())
}

/// Makes `deciding` decide, and the others add to the rank.
fn ranked(deciding: Compiled, ranking: Vec<Compiled>) -> Compiled {
    let mut clauses = vec![must(deciding)];
    clauses.extend(ranking.into_iter().map(|query| (Occur::Should, query)));
    boolean(clauses)
}

fn text_term(field: tantivy::schema::Field, text: &str) -> Term {
    Term::from_field_text(field, text)
}

/// Makes the query of one field of [`TermField`], for filters beside the query.
pub(super) fn field_filter(
    compiler: &mut Compiler<'_>,
    field: TermField,
    values: &[String],
) -> Compiled {
    let values = values
        .iter()
        .map(|value| compiler.term(field, value, false));
    any_of(values.collect())
}
