//! What is wrong with a query, and where.

use super::{At, QUERY_CHARS_MAX, QUERY_DEPTH_MAX, QUERY_LEAVES_MAX};

/// A query that cannot be answered, with the characters that are to blame.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind}, at character {}", at.start + 1)]
pub struct QueryError {
    /// Where the fault is.
    pub at: At,
    /// What it is.
    pub kind: QueryErrorKind,
}

impl QueryError {
    /// Makes an error about these characters.
    #[must_use]
    pub fn new(at: At, kind: QueryErrorKind) -> Self {
        QueryError { at, kind }
    }
}

/// What can be wrong with a query.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QueryErrorKind {
    /// It has too many characters.
    #[error("the query is longer than {QUERY_CHARS_MAX} characters")]
    TooLong,
    /// Its brackets stand too deep in one another.
    #[error("brackets and negations stand more than {QUERY_DEPTH_MAX} deep")]
    TooDeep,
    /// It has too many words.
    #[error("the query has more than {QUERY_LEAVES_MAX} words")]
    TooMany,
    /// A bracket is never closed.
    #[error("this bracket is not closed")]
    BracketOpen,
    /// A bracket is closed that was never opened.
    #[error("this bracket was not opened")]
    BracketClosed,
    /// A quotation is never closed.
    #[error("this quotation mark is not closed")]
    QuoteOpen,
    /// There is nothing in brackets, quotation marks or behind a field.
    #[error("there is nothing to search for here")]
    Empty,
    /// An operator lacks what it joins.
    #[error("`{0}` needs something on each side that it joins")]
    Operand(&'static str),
    /// The field does not exist.
    #[error("`{name}` is not a field{}; put the text in quotation marks to search for it", hint(.similar.as_deref()))]
    Field {
        /// What was typed.
        name: String,
        /// A field with a similar name.
        similar: Option<String>,
    },
    /// It is not a date.
    #[error(
        "`{0}` is not a date: write `2025`, `2025-03`, `2025-03-04` or `[2025-01-01 TO 2025-02-01]`"
    )]
    Date(String),
    /// It is not a figure.
    #[error("`{0}` is not a figure")]
    Figure(String),
    /// It is not a tolerance.
    #[error("`{0}` is not a tolerance: write `±1%` or `±` and a figure")]
    Tolerance(String),
    /// The range has no `TO`, or ends before it begins.
    #[error(
        "this is not a range: write `[a TO b]`, with the smaller end first and `*` for an open one"
    )]
    Range,
    /// The pattern cannot be searched for.
    #[error("`*` works in Latin words, with at least two letters beside it and at most four `*`")]
    Pattern,
    /// The word is too short for slips, or not Latin.
    #[error("`~` works behind Latin words of three letters or more, as `~`, `~1` or `~2`")]
    Fuzzy,
    /// `near` is not written as it should be.
    #[error("write `near(a, b, 10)`: two words or phrases and a number up to 1000")]
    Near,
    /// The phrase is too long to be looked for.
    #[error("the phrase is longer than {0} characters")]
    PhraseLong(usize),
}

fn hint(similar: Option<&str>) -> String {
    similar.map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}
