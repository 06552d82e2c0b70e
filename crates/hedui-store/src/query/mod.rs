//! The query language: what a user types becomes a tree with positions.
//!
//! [`Query::parse`] is pure and knows no index: it reads syntax, dates and
//! tolerances, and leaves figures, units and names as written, to be looked up
//! by whoever gives an [`AliasResolver`] and a [`NumberReader`]. What always
//! holds: no input panics or recurses beyond a small bound, an error says at
//! which characters of the query it arose, and a printed query parses to the
//! same tree.
//!
//! | written | finds |
//! |---|---|
//! | `a b`, `a AND b` | articles with both: AND is what stands between words |
//! | `a OR b`, `NOT a`, `-a`, `( )` | OR binds weaker than AND |
//! | `word` | Latin: the word and its inflections; Han: its words as characters, anywhere; a name finds all names of its entity |
//! | `"a phrase"` | these characters in this order, also inside words; script, width and case do not matter |
//! | `name:"word"` | only this word, no other names of its entity |
//! | `tsm*`, `*soft`, `nvidai~`, `nvidai~2` | Latin words by pattern, or with one or two slips |
//! | `near(a, b, 10)` | both, with at most ten words or Han characters between them |
//! | `title:` `body:` | a word, phrase or group in the title or the body alone |
//! | `entity:` `metric:` `source:` `lang:` `region:` `unit:` | what the article or one of its claims has |
//! | `date:2025-03`, `date:[2025-01-01 TO 2025-02-01]`, `date:>=2025` | when it was published, on its source's calendar |
//! | `value:1650`, `value:165±1%`, `value:[1 TO 2]`, `value:>5` | articles with a claim that states such a figure; with `unit:` and `metric:` beside it, in one and the same claim |
//!
//! Full-width brackets, colons, quotation marks and spaces serve as well as the
//! plain ones. In a phrase, `\"` is a quotation mark and `\\` a backslash.

mod ast;
mod date;
mod error;
mod figure;
mod names;
mod parser;
mod print;
mod resolve;

pub use ast::{
    At, DateRange, Edge, FigureText, Leaf, Node, NodeKind, Query, TermField, Text, Tolerance,
    ValueRange, Within,
};
pub use error::{QueryError, QueryErrorKind};
pub use names::LexiconNames;
pub use resolve::{
    AliasResolver, Figure, Names, NoAliases, NumberReader, PlainNumbers, UnitScale, Vocabulary,
};

/// The most characters that a query may have.
pub const QUERY_CHARS_MAX: usize = 4_096;

/// The most brackets and negations that may stand inside one another.
pub const QUERY_DEPTH_MAX: usize = 50;

/// The most words, phrases and fields that a query may have.
pub const QUERY_LEAVES_MAX: usize = 200;

#[cfg(test)]
mod tests;
