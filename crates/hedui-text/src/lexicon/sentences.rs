//! Abbreviations whose stop is no full stop, and words that open a sentence.

use std::collections::{HashMap, HashSet};

use serde::Deserialize;

use super::table::File;
use super::{LexiconError, Section};

/// What the splitting of sentences has to know of words.
#[derive(Debug, Default)]
pub struct SentenceWords {
    abbreviations: HashMap<String, Ends>,
    openers: HashSet<String>,
}

/// When the stop of an abbreviation ends the sentence too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Ends {
    /// Never: a name or a word always follows (`Mr.`).
    Never,
    /// Unless a figure follows (`No. 5`).
    UnlessFigure,
    /// Only before a word that opens a sentence (`Apple Inc. The company`).
    BeforeOpener,
}

#[derive(Debug, Deserialize)]
struct AbbreviationRow {
    ends: Ends,
    words: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct OpenerRow {
    words: Vec<String>,
}

impl SentenceWords {
    /// Returns when the stop behind `word` ends a sentence; nothing where `word` is no abbreviation.
    ///
    /// `word` stands without its last stop, in the case in which it was written: `No` is one, `no` is none.
    #[must_use]
    pub fn abbreviation(&self, word: &str) -> Option<Ends> {
        self.abbreviations.get(word).copied()
    }

    /// Tells whether `word`, as written, seldom stands inside a sentence with a capital.
    #[must_use]
    pub fn is_opener(&self, word: &str) -> bool {
        self.openers.contains(word)
    }
}

impl Section for SentenceWords {
    fn read(&mut self, file: &File) -> Result<(), LexiconError> {
        for row in file.rows::<AbbreviationRow>("abbreviation")? {
            for word in &row.value.words {
                if word.ends_with('.') {
                    return Err(row.error("words", format!("leave out the last stop of `{word}`")));
                }
                let taken = self.abbreviations.insert(word.clone(), row.value.ends);
                if row.builtin && taken.is_some() {
                    return Err(row.error("words", format!("stands in two rows: `{word}`")));
                }
            }
        }
        for row in file.rows::<OpenerRow>("sentence_opener")? {
            self.openers.extend(row.value.words);
        }
        Ok(())
    }
}
