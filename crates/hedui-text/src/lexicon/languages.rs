//! What tells a language or a script apart, besides the letters themselves.

use std::collections::{HashMap, HashSet};

use hedui_model::Lang;
use serde::Deserialize;

use super::table::File;
use super::{LexiconError, Section};

/// Function words, characters that one language has, characters that both Chinese scripts have.
#[derive(Debug, Default)]
pub struct LanguageWords {
    words: HashMap<String, Lang>,
    characters: HashMap<char, Lang>,
    both_scripts: HashSet<char>,
}

#[derive(Debug, Deserialize)]
struct WordRow {
    lang: Lang,
    words: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct CharacterRow {
    lang: Lang,
    characters: String,
}

#[derive(Debug, Deserialize)]
struct ScriptRow {
    characters: String,
}

impl LanguageWords {
    /// Returns the language whose function word `word` is; `word` is in small letters.
    #[must_use]
    pub fn language_of_word(&self, word: &str) -> Option<Lang> {
        self.words.get(word).copied()
    }

    /// Returns the language that alone has this Han character.
    #[must_use]
    pub fn language_of_character(&self, character: char) -> Option<Lang> {
        self.characters.get(&character).copied()
    }

    /// Tells whether Simplified and Traditional texts both have this character.
    #[must_use]
    pub fn is_of_both_scripts(&self, character: char) -> bool {
        self.both_scripts.contains(&character)
    }
}

impl Section for LanguageWords {
    fn read(&mut self, file: &File) -> Result<(), LexiconError> {
        for row in file.rows::<WordRow>("language_word")? {
            for word in &row.value.words {
                let taken = self.words.insert(word.to_lowercase(), row.value.lang);
                if row.builtin && taken.is_some() {
                    return Err(row.error("words", format!("stands in two rows: `{word}`")));
                }
            }
        }
        for row in file.rows::<CharacterRow>("language_character")? {
            let lang = row.value.lang;
            self.characters.extend(
                row.value
                    .characters
                    .chars()
                    .map(|character| (character, lang)),
            );
        }
        for row in file.rows::<ScriptRow>("script_shared")? {
            self.both_scripts.extend(row.value.characters.chars());
        }
        Ok(())
    }
}
