//! What can be wrong with a lexicon file, said so that its author can mend it.

/// A row or a file of the lexicon is not valid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LexiconError {
    /// The file is not TOML.
    #[error("{file}:{line}: not valid TOML: {problem}")]
    Syntax {
        /// The file's name, as it was given.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What the parser says.
        problem: String,
    },
    /// A table of the file belongs to no section.
    #[error("{file}:{line}: unknown table `{table}`; {remedy}")]
    UnknownTable {
        /// The file's name.
        file: String,
        /// The line of its first row.
        line: usize,
        /// The table's name.
        table: String,
        /// Which tables there are.
        remedy: String,
    },
    /// A table that has rows is not written as rows.
    #[error("{file}:{line}: `{table}` has rows: write `[[{table}]]` above each")]
    NotRows {
        /// The file's name.
        file: String,
        /// The line.
        line: usize,
        /// The table's name.
        table: String,
    },
    /// A row has a field that its table does not know.
    #[error("{file}:{line}: unknown field `{field}` in `[[{table}]]`; {remedy}")]
    UnknownField {
        /// The file's name.
        file: String,
        /// The line of the field.
        line: usize,
        /// The table's name.
        table: String,
        /// The field's name.
        field: String,
        /// Which fields there are.
        remedy: String,
    },
    /// A row lacks a field, or a value has the wrong type.
    #[error("{file}:{line}: in `[[{table}]]`: {problem}")]
    Row {
        /// The file's name.
        file: String,
        /// The line of the value, or of the row.
        line: usize,
        /// The table's name.
        table: String,
        /// What is wrong.
        problem: String,
    },
    /// A field's value makes no sense.
    #[error("{file}:{line}: field `{field}` of `[[{table}]]`: {problem}")]
    Field {
        /// The file's name.
        file: String,
        /// The line of the row.
        line: usize,
        /// The table's name.
        table: String,
        /// The field's name.
        field: String,
        /// What is wrong, and what would be right.
        problem: String,
    },
}
