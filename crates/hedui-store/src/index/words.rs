//! Texts as words, which is how they are ranked.

use hedui_model::Passage;
use hedui_text::Analyzer;
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use super::latin;

/// Parts the words that are handed to the engine: a control character that no word holds.
const SEPARATOR: char = '\u{1f}';

/// Stands before what is another form of the word before it.
const SAME_PLACE: char = '\u{1e}';

/// Cuts queries into words, as articles were cut.
pub trait WordCutter: Send + Sync {
    /// Returns the words of `text`, folded and in small letters; punctuation and white space are no words.
    fn words(&self, text: &str) -> Vec<String>;
}

impl WordCutter for Analyzer {
    fn words(&self, text: &str) -> Vec<String> {
        Analyzer::words(self, text)
    }
}

/// The words of a passage, ready for the engine.
#[derive(Debug, Default)]
pub(super) struct PassageWords {
    /// All words.
    pub(super) words: String,
    /// The stems of those that have one.
    pub(super) stems: String,
}

impl PassageWords {
    pub(super) fn new(passage: &Passage) -> Self {
        let mut found = PassageWords::default();
        for token in &passage.tokens {
            let Some(word) = token.span.of(&passage.folded) else {
                continue;
            };
            let form = latin::index_form(word);
            if let Some(stem) = latin::stem(&form) {
                append(&mut found.stems, &stem);
            }
            append(&mut found.words, &form);
            if latin::is_abbreviation(word) {
                append(&mut found.words, &format!("{SAME_PLACE}{word}"));
            }
        }
        found
    }
}

fn append(words: &mut String, word: &str) {
    if !words.is_empty() {
        words.push(SEPARATOR);
    }
    words.push_str(word);
}

/// Takes apart what [`PassageWords`] put together.
#[derive(Clone, Debug, Default)]
pub(super) struct WordTokenizer {
    token: Token,
}

impl Tokenizer for WordTokenizer {
    type TokenStream<'a> = WordTokenStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WordTokenStream<'a> {
        self.token.reset();
        WordTokenStream {
            words: text.split(SEPARATOR),
            token: &mut self.token,
        }
    }
}

#[derive(Debug)]
pub(super) struct WordTokenStream<'a> {
    words: std::str::Split<'a, char>,
    token: &'a mut Token,
}

impl TokenStream for WordTokenStream<'_> {
    fn advance(&mut self) -> bool {
        let Some(word) = self.words.find(|word| !word.is_empty()) else {
            return false;
        };
        self.token.text.clear();
        if let Some(other_form) = word.strip_prefix(SAME_PLACE) {
            self.token.text.push_str(other_form);
        } else {
            self.token.text.push_str(word);
            self.token.position = self.token.position.wrapping_add(1);
        }
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}
