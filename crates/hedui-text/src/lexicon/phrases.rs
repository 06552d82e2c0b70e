//! Finds the words of a table in a folded text, all in one scan.
//!
//! Words are folded here, so that a row may write them in either script and a
//! caller need not care. A word that begins or ends with a Latin letter or a
//! digit is found only where no other letter or digit touches it. Whether case
//! counts is the word's own matter.
//!
//! What always holds: spans lie on character boundaries of the text that was
//! scanned, and come in order of start, the longer first.

use std::collections::BTreeMap;

use aho_corasick::AhoCorasick;
use hedui_model::{Folded, Span};
use serde::Deserialize;

use super::LexiconError;
use super::table::File;
use crate::fold::Folder;

/// A word that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hit {
    /// Where it stands in the folded text.
    pub span: Span<Folded>,
    /// What its row was entered under.
    pub value: u32,
}

/// A set of words, each entered under one or more values.
#[derive(Debug, Default)]
pub struct Phrases {
    automaton: Option<AhoCorasick>,
    words: Vec<Word>,
}

#[derive(Debug)]
struct Word {
    text: String,
    values: Vec<u32>,
    /// Whether it has to be written as it stands here, or all in capitals.
    cased: bool,
}

/// Collects words before the automaton is built.
#[derive(Debug, Default)]
pub struct PhrasesBuilder {
    words: BTreeMap<(String, bool), Vec<u32>>,
}

impl PhrasesBuilder {
    /// Enters `form` under `value`; `cased` words count only as they are written, or all in capitals.
    pub fn add(&mut self, form: &str, value: u32, cased: bool) {
        let text = Folder::builtin().fold(form.trim()).text;
        if text.is_empty() {
            return;
        }
        let values = self.words.entry((text, cased)).or_default();
        if !values.contains(&value) {
            values.push(value);
        }
    }

    /// Builds the automaton.
    ///
    /// # Errors
    ///
    /// The words are too many for one automaton.
    pub fn build(self) -> Result<Phrases, String> {
        let words: Vec<Word> = self
            .words
            .into_iter()
            .map(|((text, cased), values)| Word {
                text,
                values,
                cased,
            })
            .collect();
        if words.is_empty() {
            return Ok(Phrases::default());
        }
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .build(words.iter().map(|word| word.text.as_bytes()))
            .map_err(|error| error.to_string())?;
        Ok(Phrases {
            automaton: Some(automaton),
            words,
        })
    }
}

impl Phrases {
    /// Returns every word in `folded`, also where they overlap.
    #[must_use]
    pub fn all(&self, folded: &str) -> Vec<Hit> {
        let Some(automaton) = &self.automaton else {
            return Vec::new();
        };
        let mut hits = Vec::new();
        for found in automaton.find_overlapping_iter(folded) {
            let Some(word) = self.words.get(found.pattern().as_usize()) else {
                continue;
            };
            let span = Span::new(found.start(), found.end());
            if !stands_alone(folded, span) || !word.is_written_as(span.of(folded)) {
                continue;
            }
            hits.extend(word.values.iter().map(|&value| Hit { span, value }));
        }
        hits.sort_by_key(|hit| {
            (
                hit.span.start(),
                std::cmp::Reverse(hit.span.end()),
                hit.value,
            )
        });
        hits.dedup();
        hits
    }

    /// Returns the longest words from left to right; several of one span where several values have it.
    #[must_use]
    pub fn longest(&self, folded: &str) -> Vec<Hit> {
        longest(self.all(folded))
    }
}

/// Keeps of `hits`, in order as [`Phrases::all`] gives them, those that no earlier or longer one covers.
#[must_use]
pub fn longest(hits: Vec<Hit>) -> Vec<Hit> {
    let mut kept: Vec<Hit> = Vec::new();
    for hit in hits {
        let free = kept
            .last()
            .is_none_or(|last| last.span == hit.span || hit.span.start() >= last.span.end());
        if free {
            kept.push(hit);
        }
    }
    kept
}

impl Word {
    fn is_written_as(&self, text: Option<&str>) -> bool {
        let Some(text) = text else { return false };
        !self.cased
            || text == self.text
            || (self.text.len() > 3 && text == self.text.to_ascii_uppercase())
    }
}

/// Tells whether no letter or digit of a word in Latin script goes on outside the span.
fn stands_alone(text: &str, span: Span<Folded>) -> bool {
    let Some(inside) = span.of(text) else {
        return false;
    };
    let before = text.get(..span.start()).and_then(|t| t.chars().next_back());
    let after = text.get(span.end()..).and_then(|t| t.chars().next());
    let runs_on = |edge: Option<char>, outside: Option<char>| {
        edge.is_some_and(is_latin) && outside.is_some_and(is_latin)
    };
    !runs_on(inside.chars().next(), before) && !runs_on(inside.chars().next_back(), after)
}

/// Letters and digits that words with spaces between them are made of.
fn is_latin(letter: char) -> bool {
    letter.is_alphanumeric() && u32::from(letter) < 0x2e80
}

/// The regular endings of words, for forms marked with `~`.
#[derive(Debug, Default)]
pub struct Endings(Vec<EndingRow>);

#[derive(Debug, Deserialize)]
struct EndingRow {
    /// What is written after the word.
    add: String,
    /// What gives way to it, where the word ends so.
    #[serde(default)]
    drop: String,
    /// Whether the word's last letter is written twice before it.
    #[serde(default)]
    double: bool,
}

impl Endings {
    /// Takes the rows of `[[ending]]`.
    ///
    /// # Errors
    ///
    /// A row is not valid.
    pub fn read(&mut self, file: &File) -> Result<(), LexiconError> {
        for row in file.rows::<EndingRow>("ending")? {
            self.0.push(row.value);
        }
        Ok(())
    }

    /// Returns what `form` stands for: itself, or, where a `~` follows one of its words, that word with each ending.
    #[must_use]
    pub fn expand(&self, form: &str) -> Vec<String> {
        let Some((word, rest)) = form.split_once('~') else {
            return vec![form.to_owned()];
        };
        let mut forms: Vec<String> = self
            .0
            .iter()
            .filter_map(|ending| ending.put_on(word))
            .map(|inflected| format!("{inflected}{rest}"))
            .collect();
        forms.push(format!("{word}{rest}"));
        forms.sort();
        forms.dedup();
        forms
    }
}

impl EndingRow {
    fn put_on(&self, word: &str) -> Option<String> {
        let stem = word.strip_suffix(self.drop.as_str())?;
        let last = stem.chars().next_back()?;
        let doubled = if self.double {
            String::from(last)
        } else {
            String::new()
        };
        Some(format!("{stem}{doubled}{}", self.add))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn phrases(forms: &[(&str, u32, bool)]) -> Phrases {
        let mut builder = PhrasesBuilder::default();
        for &(form, value, cased) in forms {
            builder.add(form, value, cased);
        }
        builder.build().unwrap()
    }

    fn found(phrases: &Phrases, text: &str) -> Vec<(String, u32)> {
        let text = Folder::builtin().fold(text).text;
        phrases
            .longest(&text)
            .into_iter()
            .map(|hit| (hit.span.of(&text).unwrap().to_owned(), hit.value))
            .collect()
    }

    #[test]
    fn a_latin_word_stands_alone_and_a_chinese_one_need_not() {
        let words = phrases(&[("Meta", 1, true), ("輝達", 2, false)]);
        assert_eq!(
            found(&words, "Metal, metadata, 在Meta上"),
            [("Meta".to_owned(), 1)]
        );
        assert_eq!(found(&words, "由輝達買下"), [("辉达".to_owned(), 2)]);
    }

    #[test]
    fn case_counts_where_the_row_says_so() {
        let words = phrases(&[
            ("CHIPS Act", 1, true),
            ("Nvidia", 2, false),
            ("US", 3, true),
        ]);
        assert_eq!(found(&words, "chips act"), []);
        assert_eq!(found(&words, "let us NVIDIA"), [("NVIDIA".to_owned(), 2)]);
        assert_eq!(found(&words, "US Us CHIPS ACT").len(), 2);
    }

    #[test]
    fn the_longest_word_wins_and_one_that_fails_hides_none() {
        let words = phrases(&[
            ("US", 1, true),
            ("US Government", 2, true),
            ("USA", 3, true),
        ]);
        assert_eq!(
            found(&words, "US Government"),
            [("US Government".to_owned(), 2)]
        );
        assert_eq!(found(&words, "US Governments"), [("US".to_owned(), 1)]);
    }

    #[test]
    fn endings_follow_the_rows() {
        let file = File::parse(
            "t.toml",
            "[[ending]]\nadd = \"s\"\n[[ending]]\nadd = \"ed\"\ndouble = true\n[[ending]]\nadd = \"ies\"\ndrop = \"y\"",
        )
        .unwrap();
        let mut endings = Endings::default();
        endings.read(&file).unwrap();
        assert!(endings.expand("plan~").contains(&"planned".to_owned()));
        assert!(endings.expand("subsidy~").contains(&"subsidies".to_owned()));
        assert!(
            endings
                .expand("set~ aside")
                .contains(&"sets aside".to_owned())
        );
        assert_eq!(endings.expand("plan"), ["plan"]);
    }
}
