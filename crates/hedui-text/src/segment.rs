//! Cuts texts into words: Chinese by jieba with the lexicon's names, everything else by its letters.
//!
//! jieba knows Simplified, so it reads the text folded by phrase; the words
//! then are spans of the text folded by character, which has as many characters.
//! Where a paragraph's conversion does not keep their number, jieba gets the text
//! that was folded by character.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use hedui_model::{Span, Token, WordClass};
use jieba_rs::Jieba;

use crate::convert::{Converter, FerrousOpenCc};
use crate::fold::Folder;
use crate::runs::{RunKind, runs};

/// Longest piece that is handed to jieba at once; its tables grow with the piece.
const PIECE_CHARS_MAX: usize = 2_000;

/// Longer names are made of words that are searched for alone (积体电路 in 台湾积体电路制造), so they are cut as other text is.
const NAME_CHARS_MAX: usize = 6;

/// A line of this length without one Traditional character is Simplified, so conversion would change nothing.
///
/// In a shorter one all may hang on a character such as 覆 or 著, which only its phrase converts.
const CERTAIN_LINE_BYTES: usize = 120;

/// Cuts texts into words.
#[derive(Clone)]
pub struct Segmenter {
    jieba: Arc<Jieba>,
    converter: &'static dyn Converter,
    folder: &'static Folder,
}

impl Segmenter {
    /// Makes a segmenter that keeps `names` whole where it meets them; they need not be folded.
    ///
    /// Loads jieba's dictionary: make one and share it.
    #[must_use]
    pub fn new(names: impl IntoIterator<Item = String>) -> Self {
        let mut segmenter = Segmenter {
            jieba: Arc::default(),
            converter: FerrousOpenCc::builtin(),
            folder: Folder::builtin(),
        };
        let words: BTreeSet<String> = names
            .into_iter()
            .flat_map(|name| segmenter.han_words(&name))
            .collect();
        let mut jieba = Jieba::new();
        for word in words
            .iter()
            .filter(|word| !has_name_at_an_end(word, &words))
        {
            jieba.add_word(word, None, None);
        }
        segmenter.jieba = Arc::new(jieba);
        segmenter
    }

    /// Returns the words of a text as spans of `folded`, which is `original` folded by character.
    #[must_use]
    pub fn tokens(&self, original: &str, folded: &str) -> Vec<Token> {
        let mut tokens = Vec::with_capacity(folded.len() / 6);
        let mut start = 0;
        for (original_line, line) in original.split('\n').zip(folded.split('\n')) {
            let phrased = self.phrased(original_line, line);
            let mut offsets = Offsets::new(&phrased, line, start);
            self.each_word(&phrased, |range, class| {
                tokens.push(Token {
                    span: offsets.span_of(range),
                    class,
                });
            });
            start += line.len() + 1;
        }
        tokens
    }

    /// Returns the words of `text`, folded by phrase and in small letters.
    ///
    /// These are what the index keeps and what queries are made of.
    #[must_use]
    pub fn words(&self, text: &str) -> Vec<String> {
        let folded = self.folder.fold(text).text;
        let mut words = Vec::new();
        for (original_line, line) in text.split('\n').zip(folded.split('\n')) {
            let phrased = self.phrased(original_line, line);
            self.each_word(&phrased, |range, _| {
                words.extend(phrased.get(range).map(str::to_lowercase));
            });
        }
        words
    }

    /// Returns a line folded by phrase, which has as many characters as `folded`, the line folded by character.
    fn phrased<'a>(&self, original: &str, folded: &'a str) -> Cow<'a, str> {
        if folded.is_ascii() {
            return Cow::Borrowed(folded);
        }
        let shape = self.folder.fold_shape(original);
        if shape == folded && folded.len() > CERTAIN_LINE_BYTES {
            return Cow::Borrowed(folded);
        }
        let converted = self.converter.t2s(&shape);
        if converted.chars().count() == folded.chars().count() {
            Cow::Owned(converted)
        } else {
            Cow::Borrowed(folded)
        }
    }

    fn each_word(&self, text: &str, mut word: impl FnMut(Range<usize>, WordClass)) {
        for run in runs(text) {
            if run.kind != RunKind::Han {
                word(run.range, WordClass::Foreign);
                continue;
            }
            let mut start = run.range.start;
            for piece in pieces(text.get(run.range).unwrap_or_default()) {
                for token in self.jieba.tag(piece, true) {
                    let class = if self.jieba.has_word(token.word) {
                        class_of(token.tag)
                    } else {
                        WordClass::Strange
                    };
                    word(start + token.byte_start..start + token.byte_end, class);
                }
                start += piece.len();
            }
        }
    }

    /// Returns the parts of a name that jieba will meet: its runs of Han characters, folded in both ways.
    fn han_words(&self, name: &str) -> Vec<String> {
        let folded = self.folder.fold(name).text;
        let phrased = self.converter.t2s(&self.folder.fold_shape(name));
        let mut words: Vec<String> = [&folded, &phrased]
            .into_iter()
            .flat_map(|text| runs(text).map(move |run| (text, run)))
            .filter(|(_, run)| run.kind == RunKind::Han)
            .filter_map(|(text, run)| text.get(run.range).map(str::to_owned))
            .filter(|word| (2..=NAME_CHARS_MAX).contains(&word.chars().count()))
            .collect();
        words.sort();
        words.dedup();
        words
    }
}

impl fmt::Debug for Segmenter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Segmenter").finish_non_exhaustive()
    }
}

/// Returns what a tag of jieba's dictionary says, which are those of the ICTCLAS set; the lexicon's own words have none.
fn class_of(tag: &str) -> WordClass {
    match tag {
        "" | "nr" | "nrt" | "nrfg" | "nz" | "nt" | "ns" => WordClass::Name,
        // Words that are verbs and nouns are more often nouns in news: 投资, 合作.
        "vn" | "an" => WordClass::Noun,
        // Words of many kinds, which the dictionary does not tell apart.
        "zg" => WordClass::Other,
        tag => match tag.as_bytes().first() {
            Some(b'n' | b'j' | b't' | b's' | b'f') => WordClass::Noun,
            Some(b'v') => WordClass::Verb,
            Some(b'd' | b'p' | b'c' | b'u' | b'r' | b'y' | b'z') => WordClass::Grammar,
            _ => WordClass::Other,
        },
    }
}

/// Tells whether a name is another name and a word, as 华为海思 is: both are searched for alone.
fn has_name_at_an_end(name: &str, names: &BTreeSet<String>) -> bool {
    let mut cuts = name.char_indices().map(|(index, _)| index).skip(2);
    cuts.any(|cut| {
        name.split_at_checked(cut).is_some_and(|(first, second)| {
            second.chars().nth(1).is_some() && (names.contains(first) || names.contains(second))
        })
    })
}

/// Cuts a run of Han characters, of any length, into pieces that jieba can take.
fn pieces(run: &str) -> impl Iterator<Item = &str> {
    let mut rest = run;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = rest
            .char_indices()
            .nth(PIECE_CHARS_MAX)
            .map_or(rest.len(), |(index, _)| index);
        let (piece, after) = rest.split_at_checked(end)?;
        rest = after;
        Some(piece)
    })
}

/// Leads from offsets in a line folded by phrase to offsets in the text folded by character.
///
/// Both lines have the same number of characters; spans are asked for in order.
struct Offsets<'a> {
    from: std::str::Chars<'a>,
    to: std::str::Chars<'a>,
    from_at: usize,
    to_at: usize,
}

impl<'a> Offsets<'a> {
    fn new(phrased: &'a str, folded: &'a str, start: usize) -> Self {
        Offsets {
            from: phrased.chars(),
            to: folded.chars(),
            from_at: 0,
            to_at: start,
        }
    }

    fn span_of<T>(&mut self, range: Range<usize>) -> Span<T> {
        let start = self.advance(range.start);
        Span::new(start, self.advance(range.end))
    }

    fn advance(&mut self, offset: usize) -> usize {
        while self.from_at < offset {
            let (Some(from), Some(to)) = (self.from.next(), self.to.next()) else {
                break;
            };
            self.from_at += from.len_utf8();
            self.to_at += to.len_utf8();
        }
        self.to_at
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
