//! Cuts text into numbers, date words and other characters.

use crate::words::{DateWord, Words};

/// A piece of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Digits: their value and how many there are.
    Number(i64, usize),
    /// A number written as characters of a language.
    Spelled(i64),
    /// A word that means something in a date.
    Word(DateWord),
    /// A word that means nothing in a date.
    Other,
    /// White space.
    Space,
    /// Any other character.
    Sign(char),
}

/// A piece, and the bytes it stands at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) piece: Piece,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Cuts all of `text`.
pub(super) fn cut(text: &str, words: &Words) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..)
        && let Some(first) = rest.chars().next()
    {
        let (piece, length) = piece(rest, first, words);
        tokens.push(Token {
            piece,
            start: at,
            end: at + length,
        });
        at += length;
    }
    tokens
}

fn piece(rest: &str, first: char, words: &Words) -> (Piece, usize) {
    if let Some(digit) = digit(first) {
        return number(rest, digit);
    }
    if first.is_whitespace() || first == '\u{200B}' {
        let length = span(rest, |c| c.is_whitespace() || c == '\u{200B}');
        return (Piece::Space, length);
    }
    if let Some(spelled) = spelled(rest, words) {
        return spelled;
    }
    if let Some((word, length)) = date_word(rest, first, words) {
        return (Piece::Word(word), length);
    }
    if first.is_alphabetic() && !is_ideograph(first) {
        return (
            Piece::Other,
            span(rest, |c| c.is_alphabetic() && !is_ideograph(c)),
        );
    }
    (Piece::Sign(narrow(first)), first.len_utf8())
}

/// Takes digits, also full-width ones.
fn number(rest: &str, _first: i64) -> (Piece, usize) {
    let mut value: i64 = 0;
    let mut count = 0;
    let mut length = 0;
    for character in rest.chars() {
        let Some(digit) = digit(character) else { break };
        value = value.saturating_mul(10).saturating_add(digit);
        count += 1;
        length += character.len_utf8();
    }
    (Piece::Number(value, count), length)
}

fn digit(character: char) -> Option<i64> {
    let point = u32::from(character);
    match character {
        '0'..='9' => Some(i64::from(point - 0x30)),
        '\u{FF10}'..='\u{FF19}' => Some(i64::from(point - 0xFF10)),
        _ => None,
    }
}

/// Reads 二〇二五, 十二 or 二十四, where at least one character of it is a digit.
fn spelled(rest: &str, words: &Words) -> Option<(Piece, usize)> {
    let mut digits = Vec::new();
    let mut length = 0;
    for character in rest.chars().take(8) {
        let Some(value) = words.digit(character) else {
            break;
        };
        digits.push(i64::from(value));
        length += character.len_utf8();
    }
    let value = match digits.as_slice() {
        [] => return None,
        [10] => 10,
        [10, ones] => 10 + ones,
        [tens, 10] => tens * 10,
        [tens, 10, ones] => tens * 10 + ones,
        all if all.iter().all(|&value| value < 10) => {
            all.iter().fold(0, |number, value| number * 10 + value)
        }
        _ => return None,
    };
    Some((Piece::Spelled(value), length))
}

/// Finds the longest date word at the start; a word of letters has to end where it ends.
fn date_word(rest: &str, first: char, words: &Words) -> Option<(DateWord, usize)> {
    if !first
        .to_lowercase()
        .next()
        .is_some_and(|first| words.may_begin_date_word(first))
    {
        return None;
    }
    let ends: Vec<usize> = rest
        .char_indices()
        .take(words.date_word_longest())
        .map(|(at, character)| at + character.len_utf8())
        .collect();
    // Words of letters are looked up once, whole; those of ideographs by every length.
    let letters = span(rest, |c| c.is_alphabetic() && !is_ideograph(c));
    for &end in ends.iter().rev() {
        if end < letters {
            break;
        }
        let form = crate::words::lower(rest.get(..end)?);
        if let Some(word) = words.date_word(&form) {
            let next = rest.get(end..).and_then(|tail| tail.chars().next());
            let goes_on = next.is_some_and(|c| c.is_alphabetic() && !is_ideograph(c))
                && form
                    .chars()
                    .next_back()
                    .is_some_and(|c| c.is_alphabetic() && !is_ideograph(c));
            if !goes_on {
                return Some((word, end));
            }
        }
    }
    None
}

fn span(text: &str, is_in: impl Fn(char) -> bool) -> usize {
    text.find(|c| !is_in(c)).unwrap_or(text.len())
}

/// Tells whether words are written with such characters without spaces between.
fn is_ideograph(character: char) -> bool {
    matches!(character, '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// Turns full-width punctuation into ASCII.
fn narrow(character: char) -> char {
    match character {
        '\u{FF01}'..='\u{FF5E}' => {
            char::from_u32(u32::from(character) - 0xFEE0).unwrap_or(character)
        }
        '\u{2010}'..='\u{2012}' | '\u{2212}' => '-',
        _ => character,
    }
}
