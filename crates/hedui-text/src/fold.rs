//! Folding by character: texts that mean the same to a machine become the same text.
//!
//! One character, or one letter with its combining marks, folds to one
//! character or to none, whatever stands beside it. So a folded word is found
//! in a folded text wherever the word stands in the text. The rules are rows of
//! `config/lexicon/folding.toml`, followed by OpenCC's map of single Traditional
//! characters. Case is kept, and so are superscripts and vulgar fractions: this
//! is not NFKC, which turns 10²⁵ into 1025.
//!
//! What always holds: folding a folded text changes nothing; every character
//! boundary of the folded text is one of the original.

use std::sync::LazyLock;

use hedui_model::{Folded, OffsetMap, Original, Span};

use crate::convert::{Converter, FerrousOpenCc};
use crate::lexicon::LexiconError;

mod table;

use table::{Class, FoldTable};

/// A text that was folded, with the way back.
///
/// ```
/// use hedui_model::Span;
/// use hedui_text::Folder;
/// let folded = Folder::builtin().fold("總額５億");
/// assert_eq!(folded.text, "总额5亿");
/// let five = Span::new(6, 7);
/// assert_eq!(folded.map.to_original(five), Span::new(6, 9)); // ５ has three bytes
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoldedText {
    /// The folded text.
    pub text: String,
    /// From offsets of the folded text to those of the original, and forth.
    pub map: OffsetMap,
}

impl FoldedText {
    /// Returns where `span` of the original stands in the folded text.
    #[must_use]
    pub fn fold(&self, span: Span<Original>) -> Span<Folded> {
        self.map.to_folded(span)
    }

    /// Returns where `span` of the folded text stands in the original.
    #[must_use]
    pub fn unfold(&self, span: Span<Folded>) -> Span<Original> {
        self.map.to_original(span)
    }
}

/// Folds texts character by character.
#[derive(Debug)]
pub struct Folder {
    table: FoldTable,
    /// The same rows without the converter's characters.
    shape: FoldTable,
}

impl Folder {
    /// Returns the folder that the whole program shares.
    ///
    /// Its rows are fixed when the program is built: the index and every lexicon are folded by them.
    #[must_use]
    pub fn builtin() -> &'static Folder {
        static BUILTIN: LazyLock<Folder> = LazyLock::new(|| {
            let text = include_str!("../../../config/lexicon/folding.toml");
            Folder::new("folding.toml", text, FerrousOpenCc::builtin())
                .expect("the built-in rows are valid, and a test loads them")
        });
        &BUILTIN
    }

    /// Makes a folder of the rows in `toml`, known as `file` in errors, and the converter's single characters.
    ///
    /// # Errors
    ///
    /// Says which row is not valid, and why.
    pub fn new(file: &str, toml: &str, converter: &dyn Converter) -> Result<Self, LexiconError> {
        Ok(Folder {
            table: FoldTable::new(file, toml, Some(converter))?,
            shape: FoldTable::new(file, toml, None)?,
        })
    }

    /// Folds `text`.
    ///
    /// A text is read once; what does not change is copied in bulk.
    #[must_use]
    pub fn fold(&self, text: &str) -> FoldedText {
        Fold::new(&self.table, text).run()
    }

    /// Folds width, spaces, dashes and shapes of characters, and leaves Traditional characters alone.
    ///
    /// The result has the same number of characters as that of [`Folder::fold`].
    #[must_use]
    pub fn fold_shape(&self, text: &str) -> String {
        Fold::new(&self.shape, text).run().text
    }

    /// Folds one character, as it folds without combining marks behind it; nothing where it is dropped.
    #[must_use]
    pub fn fold_char(&self, character: char) -> Option<char> {
        match self.table.class(character) {
            Class::Same | Class::Mark => Some(character),
            Class::Becomes(folded) => Some(folded),
            Class::Dropped => None,
        }
    }
}

/// One text on its way.
struct Fold<'a> {
    table: &'a FoldTable,
    original: &'a str,
    /// How far the original has been read.
    at: usize,
    /// How far it has been copied; what is between needs no change.
    copied: usize,
    /// Bytes that advance alike in both texts and are not yet in the map.
    alike: usize,
    text: String,
    map: OffsetMap,
}

impl<'a> Fold<'a> {
    fn new(table: &'a FoldTable, original: &'a str) -> Self {
        Fold {
            table,
            original,
            at: 0,
            copied: 0,
            alike: 0,
            text: String::with_capacity(original.len()),
            map: OffsetMap::new(),
        }
    }

    fn run(mut self) -> FoldedText {
        while let Some(character) = self.rest().chars().next() {
            let length = character.len_utf8();
            match self.table.class(character) {
                Class::Same => self.keep(self.same_ahead()),
                Class::Becomes(folded) if folded.len_utf8() == length => self.swap(folded),
                Class::Becomes(folded) => self.replace(folded, length),
                Class::Mark => {
                    if !self.compose_with_last() {
                        self.keep(length);
                    }
                }
                Class::Dropped => {
                    if !self.compose_with_last() {
                        self.drop(length);
                    }
                }
            }
        }
        self.copy();
        self.flush();
        FoldedText {
            text: self.text,
            map: self.map,
        }
    }

    fn rest(&self) -> &'a str {
        self.original.get(self.at..).unwrap_or_default()
    }

    /// Returns how many bytes from here on stay as they are, up to a limit: at least one character does.
    fn same_ahead(&self) -> usize {
        let rest = self.rest();
        let mut length = 0;
        for character in rest.chars() {
            if self.table.class(character) != Class::Same {
                break;
            }
            length += character.len_utf8();
        }
        length
    }

    fn keep(&mut self, bytes: usize) {
        self.at += bytes;
        self.alike += bytes;
    }

    /// Puts a character of the same length in place of the next.
    fn swap(&mut self, folded: char) {
        self.copy();
        self.text.push(folded);
        self.keep(folded.len_utf8());
        self.copied = self.at;
    }

    /// Puts a character of another length in place of the next, with the marks behind it.
    fn replace(&mut self, folded: char, length: usize) {
        self.copy();
        let (composed, tail) = self.compose(folded, self.at + length);
        self.piece(composed, length + tail);
    }

    /// Leaves the next character out.
    fn drop(&mut self, length: usize) {
        self.copy();
        self.flush();
        self.map.push(0, length);
        self.at += length;
        self.copied = self.at;
    }

    /// Composes the last character, where it stayed as it is, with the marks that come next; tells whether it could.
    fn compose_with_last(&mut self) -> bool {
        self.copy();
        let last = self.text.chars().next_back().filter(|_| self.alike > 0);
        let Some(base) = last else {
            return false;
        };
        let (composed, tail) = self.compose(base, self.at);
        if tail == 0 {
            return false;
        }
        let length = base.len_utf8();
        self.text.pop();
        self.alike = self.alike.saturating_sub(length);
        self.at = self.at.saturating_sub(length);
        self.piece(composed, length + tail);
        true
    }

    /// Composes `base` with the marks that stand at `from`, over dropped characters; returns the bytes used too.
    fn compose(&self, base: char, from: usize) -> (char, usize) {
        let mut composed = base;
        let mut used = 0;
        let mut seen = 0;
        for character in self.original.get(from..).unwrap_or_default().chars() {
            seen += character.len_utf8();
            match self.table.class(character) {
                Class::Dropped => {}
                Class::Mark => match self.table.compose(composed, character) {
                    Some(next) => {
                        composed = next;
                        used = seen;
                    }
                    None => break,
                },
                Class::Same | Class::Becomes(_) => break,
            }
        }
        (composed, used)
    }

    fn piece(&mut self, folded: char, original_bytes: usize) {
        self.flush();
        self.text.push(folded);
        self.map.push(folded.len_utf8(), original_bytes);
        self.at += original_bytes;
        self.copied = self.at;
    }

    /// Copies what has been read and needs no change.
    fn copy(&mut self) {
        let unchanged = self.original.get(self.copied..self.at).unwrap_or_default();
        self.text.push_str(unchanged);
        self.copied = self.at;
    }

    fn flush(&mut self) {
        if self.alike > 0 {
            self.map.push(self.alike, self.alike);
            self.alike = 0;
        }
    }
}

#[cfg(test)]
mod tests;
