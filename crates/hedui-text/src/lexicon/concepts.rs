//! Words of one meaning across languages: what makes the terms of two sentences comparable.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::phrases::{Hit, Phrases, PhrasesBuilder};
use super::table::{File, Row};
use super::{LexiconError, Section};
use crate::fold::Folder;

/// All concepts, and the automaton that finds their words.
#[derive(Debug, Default)]
pub struct Concepts {
    rows: Vec<Row<ConceptRow>>,
    phrases: Phrases,
}

#[derive(Debug, Deserialize)]
struct ConceptRow {
    id: String,
    #[serde(default)]
    en: Vec<String>,
    #[serde(default)]
    zh: Vec<String>,
}

impl Concepts {
    /// Returns the words of a folded text that belong to a concept, the longest from left to right.
    #[must_use]
    pub fn find(&self, folded: &str) -> Vec<Hit> {
        self.phrases.longest(folded)
    }

    /// Returns the id that a hit's value stands for.
    #[must_use]
    pub fn id(&self, value: u32) -> Option<&str> {
        self.rows
            .get(value as usize)
            .map(|row| row.value.id.as_str())
    }

    /// Counts the concepts.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Tells whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

impl Section for Concepts {
    fn read(&mut self, file: &File) -> Result<(), LexiconError> {
        self.rows.extend(file.rows::<ConceptRow>("concept")?);
        Ok(())
    }

    fn finish(&mut self) -> Result<(), LexiconError> {
        let mut owners: BTreeMap<String, u32> = BTreeMap::new();
        for (value, row) in (0_u32..).zip(&self.rows) {
            for form in row.value.en.iter().chain(&row.value.zh) {
                let folded = Folder::builtin().fold(form).text.to_ascii_lowercase();
                let before = owners
                    .get(&folded)
                    .and_then(|&other| self.rows.get(other as usize));
                if let Some(other) = before
                    && other.value.id != row.value.id
                    && other.builtin == row.builtin
                {
                    let problem = format!(
                        "`{form}` belongs to `{}` at {}",
                        other.value.id,
                        other.place()
                    );
                    return Err(row.error("zh", problem));
                }
                owners.insert(folded, value);
            }
        }
        let mut builder = PhrasesBuilder::default();
        for (form, value) in owners {
            builder.add(&form, value, false);
        }
        self.phrases = builder.build().map_err(|problem| LexiconError::Field {
            file: "concepts.toml".to_owned(),
            line: 1,
            table: "concept".to_owned(),
            field: "en".to_owned(),
            problem,
        })?;
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;

    #[test]
    fn words_of_three_scripts_are_one_concept() {
        let lexicon = Lexicon::builtin();
        assert!(lexicon.concepts.len() >= 250);
        for text in ["data centers", "数据中心", "資料中心"] {
            let folded = Folder::builtin().fold(text).text;
            let hits = lexicon.concepts.find(&folded);
            assert_eq!(
                lexicon.concepts.id(hits.first().unwrap().value),
                Some("data_center"),
                "{text}"
            );
        }
    }
}
