//! Texts as single characters, which is how phrases are found and highlighted.
//!
//! Every character of a folded text counts, in small letters; a run of white
//! space is one character. So any substring of a text is a phrase of it, wherever
//! it starts and ends: between Han characters, inside a Latin word, at a line's
//! end. The index, its queries and the highlighter all cut by this one rule.
//!
//! The engine gets each character with the next one as a term: a pair is much
//! rarer than a character, and a phrase is a chain of pairs. Characters alone
//! are terms without positions.

use std::iter::Peekable;
use std::str::CharIndices;

use hedui_text::Folder;
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// The token of a run of white space.
const SPACE: char = ' ';

/// A character and where it stands in the folded text, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CharToken {
    pub(super) character: char,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Returns the characters of a folded text.
pub(super) fn char_tokens(folded: &str) -> CharTokens<'_> {
    CharTokens {
        chars: folded.char_indices().peekable(),
        pending: None,
    }
}

/// Folds a text and returns its characters alone, as a phrase to look for.
pub(super) fn phrase_of(text: &str) -> Vec<char> {
    let folded = Folder::builtin().fold(text);
    char_tokens(&folded.text)
        .map(|token| token.character)
        .collect()
}

/// Tells whether `character` belongs to a script that is written without spaces between words.
pub(super) fn is_cjk(character: char) -> bool {
    matches!(
        u32::from(character),
        0x1100..=0x11FF
            | 0x3005..=0x3007
            | 0x3041..=0x30FF
            | 0x3131..=0x318E
            | 0x31F0..=0x31FF
            | 0x3400..=0x4DBF
            | 0x4E00..=0x9FFF
            | 0xAC00..=0xD7A3
            | 0xF900..=0xFAFF
            | 0x2_0000..=0x3_FFFF
    )
}

/// Tells whether `character` is a letter or digit of a script with spaces between words.
pub(super) fn is_latin(character: char) -> bool {
    character.is_alphanumeric() && !is_cjk(character)
}

#[derive(Clone, Debug)]
pub(super) struct CharTokens<'a> {
    chars: Peekable<CharIndices<'a>>,
    /// The rest of a capital that has more than one small letter, with its place.
    pending: Option<(std::char::ToLowercase, usize, usize)>,
}

impl Iterator for CharTokens<'_> {
    type Item = CharToken;

    fn next(&mut self) -> Option<CharToken> {
        if let Some((letters, start, end)) = &mut self.pending
            && let Some(character) = letters.next()
        {
            let (start, end) = (*start, *end);
            return Some(CharToken {
                character,
                start,
                end,
            });
        }
        self.pending = None;
        let (start, first) = self.chars.next()?;
        let mut end = start + first.len_utf8();
        if first.is_whitespace() {
            while let Some((at, next)) = self.chars.next_if(|(_, next)| next.is_whitespace()) {
                end = at + next.len_utf8();
            }
            return Some(CharToken {
                character: SPACE,
                start,
                end,
            });
        }
        let mut letters = first.to_lowercase();
        let character = letters.next().unwrap_or(first);
        if letters.len() > 0 {
            self.pending = Some((letters, start, end));
        }
        Some(CharToken {
            character,
            start,
            end,
        })
    }
}

/// Returns the pairs that a phrase of two or more characters is made of, with their offsets in it.
///
/// Every second pair covers the phrase; where its length is odd, the last pair overlaps the one before.
pub(super) fn pairs_of(phrase: &[char]) -> Vec<(usize, String)> {
    let pairs = phrase.windows(2).enumerate();
    let last = phrase.len().saturating_sub(2);
    pairs
        .filter(|(offset, _)| offset % 2 == 0 || *offset == last)
        .map(|(offset, pair)| (offset, pair.iter().collect()))
        .collect()
}

/// Cuts a folded text for the engine.
#[derive(Clone, Debug)]
pub(super) struct CharTokenizer {
    token: Token,
    cut: Cut,
}

/// What the terms are.
#[derive(Clone, Copy, Debug)]
pub(super) enum Cut {
    /// Characters alone.
    Singles,
    /// Each character with the next.
    Pairs,
}

impl CharTokenizer {
    pub(super) fn new(cut: Cut) -> Self {
        CharTokenizer {
            token: Token::default(),
            cut,
        }
    }
}

impl Tokenizer for CharTokenizer {
    type TokenStream<'a> = CharTokenStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> CharTokenStream<'a> {
        self.token.reset();
        CharTokenStream {
            chars: char_tokens(text).peekable(),
            token: &mut self.token,
            cut: self.cut,
        }
    }
}

#[derive(Debug)]
pub(super) struct CharTokenStream<'a> {
    chars: Peekable<CharTokens<'a>>,
    token: &'a mut Token,
    cut: Cut,
}

impl TokenStream for CharTokenStream<'_> {
    fn advance(&mut self) -> bool {
        let Some(first) = self.chars.next() else {
            return false;
        };
        self.token.text.clear();
        self.token.text.push(first.character);
        self.token.offset_from = first.start;
        self.token.offset_to = first.end;
        // The last character stands alone: it keeps the pairs of the next part of a field at a distance.
        if let Cut::Pairs = self.cut
            && let Some(second) = self.chars.peek()
        {
            self.token.text.push(second.character);
            self.token.offset_to = second.end;
        }
        self.token.position = self.token.position.wrapping_add(1);
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> String {
        char_tokens(text)
            .map(|token| format!("{}{}..{} ", token.character, token.start, token.end))
            .collect()
    }

    #[test]
    fn every_character_is_a_token_and_white_space_is_one() {
        assert_eq!(cut("AI 芯"), "a0..1 i1..2  2..3 芯3..6 ");
        assert_eq!(cut("a\r\n\u{3000} b"), "a0..1  1..7 b7..8 ");
        assert_eq!(cut(""), "");
    }

    #[test]
    fn a_capital_with_two_small_letters_is_two_tokens_of_one_place() {
        assert_eq!(cut("İx"), "i0..2 \u{307}0..2 x2..3 ");
    }

    #[test]
    fn pairs_cover_a_phrase() {
        let pairs = |text: &str| {
            let chars: Vec<char> = text.chars().collect();
            let pairs = pairs_of(&chars).into_iter();
            pairs
                .map(|(offset, pair)| format!("{offset}{pair}"))
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(pairs("ab"), "0ab");
        assert_eq!(pairs("abc"), "0ab 1bc");
        assert_eq!(pairs("abcd"), "0ab 2cd");
        assert_eq!(pairs("abcde"), "0ab 2cd 3de");
        assert_eq!(pairs("a"), "");
    }

    #[test]
    fn a_phrase_is_folded_as_texts_are() {
        assert_eq!(phrase_of("ＡＩ晶片\n"), vec!['a', 'i', '晶', '片', ' ']);
    }
}
