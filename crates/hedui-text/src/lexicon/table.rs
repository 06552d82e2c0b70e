//! Reads lexicon files: arrays of tables whose rows become values of one type.
//!
//! A file is TOML with nothing but rows, `[[unit]]` and its fields. What always
//! holds: an unknown table or field is an error that names file, line, field
//! and the nearest name that exists; a row remembers where it stands, so that
//! a section can say which row it refuses.
//!
//! Row types need nothing but `Deserialize`. Put `#[serde(deny_unknown_fields)]` on
//! structs *inside* rows; for the row itself the reader sees to it.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use super::error::LexiconError;
use super::fields::field_names;

/// One lexicon file.
#[derive(Debug)]
pub struct File {
    name: Arc<str>,
    builtin: bool,
    /// Parsed again for each table that it has: values borrow from it, and a file has one to three tables.
    text: String,
    lines: Lines,
    /// Its tables, with the offset where the name first stands.
    tables: BTreeMap<String, usize>,
    /// Names of tables that some section asked for.
    asked: RefCell<BTreeSet<String>>,
}

type RawRow<'a> = Spanned<DeValue<'a>>;

/// One row, with the place where it stands.
#[derive(Clone, Debug)]
pub struct Row<T> {
    /// What the row says.
    pub value: T,
    /// The line of the row's head, from 1.
    pub line: usize,
    /// Whether the row comes with the program, not from a user's file.
    pub builtin: bool,
    file: Arc<str>,
    table: Arc<str>,
}

impl File {
    /// Parses a user's file. `name` is what errors call it.
    ///
    /// # Errors
    ///
    /// The text is not TOML, or holds something else than rows.
    pub fn parse(name: &str, text: &str) -> Result<Self, LexiconError> {
        File::new(name, text, false)
    }

    /// Parses a file that comes with the program.
    ///
    /// # Errors
    ///
    /// As [`File::parse`].
    pub fn parse_builtin(name: &str, text: &str) -> Result<Self, LexiconError> {
        File::new(name, text, true)
    }

    fn new(name: &str, text: &str, builtin: bool) -> Result<Self, LexiconError> {
        let mut file = File {
            name: name.into(),
            builtin,
            text: text.to_owned(),
            lines: Lines::of(text),
            tables: BTreeMap::new(),
            asked: RefCell::default(),
        };
        let mut tables = BTreeMap::new();
        for (key, value) in file.parsed()? {
            let at = key.span().start;
            let table = key.into_inner().into_owned();
            let has_rows = value.get_ref().as_array().is_some_and(|rows| {
                let rows: &[RawRow<'_>] = rows.as_ref();
                rows.iter().all(|row| row.get_ref().is_table())
            });
            if !has_rows {
                return Err(LexiconError::NotRows {
                    file: name.to_owned(),
                    line: file.lines.at(at),
                    table,
                });
            }
            tables.insert(table, at);
        }
        file.tables = tables;
        Ok(file)
    }

    fn parsed(&self) -> Result<DeTable<'_>, LexiconError> {
        DeTable::parse(&self.text)
            .map(Spanned::into_inner)
            .map_err(|error| LexiconError::Syntax {
                file: self.name.to_string(),
                line: self.lines.at(error.span().map_or(0, |span| span.start)),
                problem: error.message().to_owned(),
            })
    }

    /// Returns the name that errors call it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Tells whether the file comes with the program.
    #[must_use]
    pub fn is_builtin(&self) -> bool {
        self.builtin
    }

    /// Returns the rows of `table`, in order; none where the file has no such table.
    ///
    /// # Errors
    ///
    /// A row has an unknown field, lacks one, or has one of the wrong type.
    pub fn rows<T: DeserializeOwned>(&self, table: &str) -> Result<Vec<Row<T>>, LexiconError> {
        self.asked.borrow_mut().insert(table.to_owned());
        if !self.tables.contains_key(table) {
            return Ok(Vec::new());
        }
        let mut parsed = self.parsed()?;
        let Some(DeValue::Array(found)) = parsed.remove(table).map(Spanned::into_inner) else {
            return Ok(Vec::new());
        };
        let shared: Arc<str> = table.into();
        let known = field_names::<T>();
        found
            .into_iter()
            .map(|row| {
                self.check_fields(table, &row, known)?;
                let at = row.span().start;
                Ok(Row {
                    value: self.typed(table, row)?,
                    line: self.lines.at(at),
                    builtin: self.builtin,
                    file: Arc::clone(&self.name),
                    table: Arc::clone(&shared),
                })
            })
            .collect()
    }

    /// Checks that every table of the file was asked for by some section.
    ///
    /// # Errors
    ///
    /// Names the first table that was not, and the nearest one that was.
    pub fn finish(&self) -> Result<(), LexiconError> {
        let asked = self.asked.borrow();
        let unknown = self.tables.iter().find(|(name, _)| !asked.contains(*name));
        let Some((name, at)) = unknown else {
            return Ok(());
        };
        let known: Vec<&str> = asked.iter().map(String::as_str).collect();
        Err(LexiconError::UnknownTable {
            file: self.name.to_string(),
            line: self.lines.at(*at),
            table: name.clone(),
            remedy: remedy(name, &known),
        })
    }

    fn check_fields(
        &self,
        table: &str,
        row: &RawRow<'_>,
        known: Option<&'static [&'static str]>,
    ) -> Result<(), LexiconError> {
        let (Some(known), Some(fields)) = (known, row.get_ref().as_table()) else {
            return Ok(());
        };
        let unknown = fields
            .keys()
            .find(|field| !known.contains(&field.get_ref().as_ref()));
        match unknown {
            None => Ok(()),
            Some(field) => {
                Err(self.unknown_field(table, field.span().start, field.get_ref().as_ref(), known))
            }
        }
    }

    fn unknown_field(&self, table: &str, at: usize, field: &str, known: &[&str]) -> LexiconError {
        LexiconError::UnknownField {
            file: self.name.to_string(),
            line: self.lines.at(at),
            table: table.to_owned(),
            field: field.to_owned(),
            remedy: remedy(field, known),
        }
    }

    fn typed<T: DeserializeOwned>(&self, table: &str, row: RawRow<'_>) -> Result<T, LexiconError> {
        let start = row.span().start;
        T::deserialize(ValueDeserializer::from(row)).map_err(|error| {
            let at = error.span().map_or(start, |span| span.start);
            // Structs inside rows refuse unknown fields in serde's own words.
            let mut quoted = error.message().split('`').skip(1).step_by(2);
            if error.message().starts_with("unknown field")
                && let Some(field) = quoted.next()
            {
                return self.unknown_field(table, at, field, &quoted.collect::<Vec<_>>());
            }
            LexiconError::Row {
                file: self.name.to_string(),
                line: self.lines.at(at),
                table: table.to_owned(),
                problem: error.message().to_owned(),
            }
        })
    }
}

impl<T> Row<T> {
    /// Makes the error that refuses this row for the value of `field`.
    #[must_use]
    pub fn error(&self, field: &str, problem: impl Into<String>) -> LexiconError {
        LexiconError::Field {
            file: self.file.to_string(),
            line: self.line,
            table: self.table.to_string(),
            field: field.to_owned(),
            problem: problem.into(),
        }
    }

    /// Returns the row with another value, at the same place.
    #[must_use]
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Row<U> {
        Row {
            value: change(self.value),
            line: self.line,
            builtin: self.builtin,
            file: self.file,
            table: self.table,
        }
    }

    /// Returns `file:line`, for messages that name another row.
    #[must_use]
    pub fn place(&self) -> String {
        format!("{}:{}", self.file, self.line)
    }
}

/// Says which name was probably meant, or which there are.
///
/// ```
/// use hedui_text::lexicon::table::remedy;
/// assert_eq!(remedy("form", &["id", "forms"]), "did you mean `forms`?");
/// assert_eq!(remedy("colour", &["id", "forms"]), "known are `id`, `forms`");
/// ```
#[must_use]
pub fn remedy(name: &str, known: &[&str]) -> String {
    let nearest = known
        .iter()
        .map(|candidate| (edit_distance(name, candidate), candidate))
        .min();
    match nearest {
        Some((distance, candidate)) if distance <= 1 + name.chars().count() / 4 => {
            format!("did you mean `{candidate}`?")
        }
        Some(_) => format!("known are `{}`", known.join("`, `")),
        None => "none is known".to_owned(),
    }
}

/// Levenshtein distance, in characters; names are short.
fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (index, letter) in a.chars().enumerate() {
        let mut before = row.first().copied().unwrap_or(0);
        let mut left = index + 1;
        let mut next = vec![left];
        for (other, above) in b.iter().zip(row.iter().skip(1)) {
            let cost = before + usize::from(letter != *other);
            left = cost.min(above + 1).min(left + 1);
            next.push(left);
            before = *above;
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

/// Offsets of line starts.
#[derive(Debug)]
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        Lines(
            text.match_indices('\n')
                .map(|(index, _)| index + 1)
                .collect(),
        )
    }

    /// Returns the line of an offset, from 1.
    fn at(&self, offset: usize) -> usize {
        self.0.partition_point(|start| *start <= offset) + 1
    }
}

#[cfg(test)]
mod tests;
