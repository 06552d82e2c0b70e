//! Words of one meaning across languages: what makes the terms of two sentences comparable.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::phrases::{Endings, Hit, Phrases, PhrasesBuilder};
use super::table::{File, Row};
use super::{LexiconError, Section};
use crate::fold::Folder;

/// All concepts, and the automaton that finds their words.
#[derive(Debug, Default)]
pub struct Concepts {
    rows: Vec<Row<ConceptRow>>,
    endings: Endings,
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
        self.endings.read(file)?;
        self.rows.extend(file.rows::<ConceptRow>("concept")?);
        Ok(())
    }

    fn finish(&mut self) -> Result<(), LexiconError> {
        let mut owners: BTreeMap<String, u32> = BTreeMap::new();
        for (value, row) in (0_u32..).zip(&self.rows) {
            let forms = row.value.en.iter().chain(&row.value.zh);
            for form in forms.flat_map(|form| self.endings.expand(form)) {
                let folded = Folder::builtin().fold(&form).text.to_ascii_lowercase();
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

    /// Their Chinese names have one character, and nothing else is meant by it.
    const ELEMENTS: &[&str] = &[
        "gallium",
        "germanium",
        "antimony",
        "tungsten",
        "cobalt",
        "nickel",
        "copper",
        "uranium",
        "dysprosium",
        "neodymium",
    ];

    #[test]
    fn a_concept_has_words_in_both_languages_and_none_of_one_character() {
        for row in &Lexicon::builtin().concepts.rows {
            let row = &row.value;
            assert!(!row.en.is_empty() && !row.zh.is_empty(), "{}", row.id);
            let short = row.zh.iter().find(|word| word.chars().count() < 2);
            let element = row.en.iter().any(|word| ELEMENTS.contains(&word.as_str()));
            assert!(short.is_none() || element, "{}: {short:?}", row.id);
        }
    }

    #[test]
    fn dram_and_nand_are_two() {
        let lexicon = Lexicon::builtin();
        let id = |text: &str| {
            let folded = Folder::builtin().fold(text).text;
            let hit = lexicon.concepts.find(&folded).first().map(|hit| hit.value);
            hit.and_then(|value| lexicon.concepts.id(value).map(str::to_owned))
        };
        assert_eq!(id("DRAM"), id("動態隨機存取記憶體"));
        assert_eq!(id("NAND flash"), id("快閃記憶體"));
        assert_ne!(id("DRAM"), id("NAND"));
        assert_eq!(id("stockpiling"), id("囤积"));
    }

    #[test]
    fn words_of_three_scripts_are_one_concept() {
        let lexicon = Lexicon::builtin();
        assert!(lexicon.concepts.len() >= 1_450);
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
