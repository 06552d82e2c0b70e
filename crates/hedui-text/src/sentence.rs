//! Cuts texts into sentences, Chinese and English alike.
//!
//! A line never runs on. Within it a sentence ends at 。！？； and at an English
//! stop that is no part of a figure, an abbreviation, an initial or a list
//! number; quotation marks and brackets that close behind the stop belong to it.
//! Abbreviations and words that open a sentence are rows of `sentences.toml`.

use hedui_model::{OffsetMap, Sentence, Span};

use crate::lexicon::{Ends, SentenceWords};
use crate::runs::{RunKind, kind_of};

/// A sentence is cut at the next comma or white space after this many bytes of folded text.
///
/// What has no stop for so long is a table or a list of links, and work on a sentence may grow faster than its length.
const SENTENCE_BYTES_MAX: usize = 6_000;

/// Ideographic and half-width full stops, and the signs that folding makes ASCII.
const STOPS: &[char] = &['。', '｡', '!', '?', '；', '.'];
/// What may close behind a stop and still belong to the sentence.
const CLOSERS: &[char] = &[
    '”', '’', '」', '』', ')', '】', ']', '》', '〉', '〕', '»', '"', '\'',
];
/// Closers of titles of works: a stop before them is part of the title.
const TITLE_CLOSERS: &[char] = &['》', '〉'];
const OPENERS: &[char] = &['“', '‘', '「', '『', '(', '【', '[', '《', '«', '"', '\''];

/// Returns the sentences of a text, in order; `folded` and `map` are what folding made of it.
///
/// A piece without a letter or digit is no sentence.
#[must_use]
pub fn sentences(folded: &str, map: &OffsetMap, words: &SentenceWords) -> Vec<Sentence> {
    let mut found = Vec::new();
    let mut start = 0;
    for (paragraph, line) in folded.split('\n').enumerate() {
        let paragraph = u32::try_from(paragraph).unwrap_or(u32::MAX);
        let mut cutter = Cutter { line, words };
        cutter.each_piece(|from, to| {
            let piece = line.get(from..to).unwrap_or_default();
            if !piece.chars().any(|character| kind_of(character).is_some()) {
                return;
            }
            let from = from + (piece.len() - piece.trim_start().len());
            let to = to - (piece.len() - piece.trim_end().len());
            found.push(Sentence {
                span: map.to_original(Span::new(start + from, start + to)),
                paragraph,
            });
        });
        start += line.len() + 1;
    }
    found
}

struct Cutter<'a> {
    line: &'a str,
    words: &'a SentenceWords,
}

/// A stop, or several in a row, with what closes behind.
#[derive(Clone, Copy, Debug)]
struct Stop<'a> {
    /// The first of the stops.
    sign: char,
    /// How many bytes of stops there are.
    signs_len: usize,
    /// The sentence so far, from its start to the stop.
    before: &'a str,
    /// Whether the sentence so far starts the line.
    opens_line: bool,
    closers: &'a str,
    /// What follows stop and closers.
    after: &'a str,
}

impl Cutter<'_> {
    fn each_piece(&mut self, mut piece: impl FnMut(usize, usize)) {
        let mut start = 0;
        let mut at = 0;
        // Whether a straight double quotation mark is open.
        let mut quoted = false;
        while let Some((stop_at, sign)) = self.next_stop(at) {
            let between = self.line.get(at..stop_at).unwrap_or_default();
            quoted ^= between.bytes().filter(|byte| *byte == b'"').count() % 2 == 1;
            let rest = self.line.get(stop_at..).unwrap_or_default();
            let signs_len = rest.len() - rest.trim_start_matches(STOPS).len();
            let behind = rest.get(signs_len..).unwrap_or_default();
            let closers = behind
                .get(..closers_length(behind, quoted))
                .unwrap_or_default();
            quoted ^= closers.contains('"');
            at = stop_at + signs_len + closers.len();
            let stop = Stop {
                sign,
                signs_len,
                before: self.line.get(start..stop_at).unwrap_or_default(),
                opens_line: start == 0,
                closers,
                after: self.line.get(at..).unwrap_or_default(),
            };
            if self.ends_sentence(&stop) {
                self.within_limit(start, at, &mut piece);
                start = at;
            } else if at - start > SENTENCE_BYTES_MAX {
                start = self.within_limit(start, at, &mut piece);
            }
        }
        self.within_limit(start, self.line.len(), &mut piece);
    }

    fn next_stop(&self, from: usize) -> Option<(usize, char)> {
        let rest = self.line.get(from..)?;
        let at = rest.find(STOPS)?;
        let sign = rest.get(at..)?.chars().next()?;
        Some((from + at, sign))
    }

    /// Hands on `start..end`, cut where it is too long; returns `end`.
    fn within_limit(
        &self,
        start: usize,
        end: usize,
        piece: &mut impl FnMut(usize, usize),
    ) -> usize {
        let mut start = start;
        while end - start > SENTENCE_BYTES_MAX {
            let cut = self.cut_after(
                start + SENTENCE_BYTES_MAX * 3 / 4,
                start + SENTENCE_BYTES_MAX,
            );
            piece(start, cut);
            start = cut;
        }
        piece(start, end);
        end
    }

    /// Returns the first place between the two offsets behind a comma or white space, else the last character boundary.
    fn cut_after(&self, low: usize, high: usize) -> usize {
        let low = boundary_before(self.line, low);
        let high = boundary_before(self.line, high);
        let window = self.line.get(low..high).unwrap_or_default();
        window
            .char_indices()
            .find(|(_, character)| character.is_whitespace() || matches!(character, ',' | '、'))
            .map_or(high, |(index, character)| {
                low + index + character.len_utf8()
            })
    }

    fn ends_sentence(&self, stop: &Stop<'_>) -> bool {
        let next = stop.after.chars().next();
        if next.is_none() {
            return true;
        }
        if stop.closers.ends_with(TITLE_CLOSERS) {
            return false;
        }
        match stop.sign {
            '!' | '?' => ends_at_mark(stop),
            '.' => self.ends_at_full_stop(stop),
            _ => true,
        }
    }

    fn ends_at_full_stop(&self, stop: &Stop<'_>) -> bool {
        let Some(next) = stop.after.chars().next() else {
            return true;
        };
        if is_eastern(next) {
            // A full-width stop; but `3.` before a word is a list number, or a figure that lost its fraction.
            return !stop.before.ends_with(|c: char| c.is_ascii_digit());
        }
        if !next.is_whitespace() {
            return false;
        }
        let following = stop.after.trim_start().trim_start_matches(OPENERS);
        if following.starts_with(char::is_lowercase) {
            return false;
        }
        if stop.signs_len > 1 || !stop.closers.is_empty() {
            return true;
        }
        if stop.opens_line && is_list_number(stop.before) {
            return false;
        }
        self.ends_after(word_before(stop.before), following)
    }

    /// Tells whether a stop behind `word` ends the sentence, before `following`.
    fn ends_after(&self, word: &str, following: &str) -> bool {
        let ends = match self.words.abbreviation(word) {
            Some(ends) => ends,
            None if is_initials(word) => Ends::BeforeOpener,
            None => return true,
        };
        match ends {
            Ends::Never => false,
            Ends::UnlessFigure => !following.starts_with(|c: char| c.is_ascii_digit()),
            Ends::BeforeOpener => {
                let next = following.split(|c: char| !c.is_alphanumeric()).next();
                next.is_none_or(|next| next.is_empty() || self.words.is_opener(next))
                    || following.starts_with(is_eastern)
            }
        }
    }
}

/// Returns the last character boundary at or before `offset`.
fn boundary_before(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// `Yahoo! said` and `?page=2` go on, `Really?" he asked` too.
fn ends_at_mark(stop: &Stop<'_>) -> bool {
    let goes_on = |c: char| c.is_ascii_alphanumeric() || c == '=' || c == '&';
    if stop.closers.is_empty() && stop.after.starts_with(goes_on) {
        return false;
    }
    !stop.after.trim_start().starts_with(char::is_lowercase)
}

/// Returns how many bytes close at the start of `text`.
///
/// A straight mark closes where one is open, or where nothing can open: before white space or the end.
fn closers_length(text: &str, quoted: bool) -> usize {
    let mut quoted = quoted;
    let mut length = 0;
    for (index, character) in text.char_indices() {
        if !CLOSERS.contains(&character) {
            break;
        }
        if matches!(character, '"' | '\'') {
            let after = text.get(index + 1..).unwrap_or_default();
            let nothing_opens = after
                .chars()
                .next()
                .is_none_or(|c| c.is_whitespace() || CLOSERS.contains(&c));
            let closes = nothing_opens || (character == '"' && quoted);
            if !closes {
                break;
            }
            quoted = false;
        }
        length = index + character.len_utf8();
    }
    length
}

/// Returns the letters, digits and inner stops at the end of `text`, at most a short word.
fn word_before(text: &str) -> &str {
    let start = text
        .char_indices()
        .rev()
        .take(24)
        .take_while(|(_, character)| character.is_alphanumeric() || *character == '.')
        .last()
        .map_or(text.len(), |(index, _)| index);
    text.get(start..).unwrap_or_default()
}

/// `J`, `U.S`, `a.m`: single letters with stops between them. The pronoun `I` is none.
fn is_initials(word: &str) -> bool {
    let single =
        |part: &str| part.len() == 1 && part.bytes().all(|byte| byte.is_ascii_alphabetic());
    let capital = word.bytes().all(|byte| byte.is_ascii_uppercase());
    word.split('.').all(single) && (word.len() > 1 || capital && word != "I")
}

/// `1`, `12`, `a`, `IV` at the start of a line.
fn is_list_number(text: &str) -> bool {
    let text = text.trim();
    let digits = text.len() <= 3 && text.bytes().all(|byte| byte.is_ascii_digit());
    let letter = text.len() == 1 && text.bytes().all(|byte| byte.is_ascii_alphabetic());
    let roman = text.len() <= 4 && text.bytes().all(|byte| matches!(byte, b'I' | b'V' | b'X'));
    digits || letter || roman
}

fn is_eastern(character: char) -> bool {
    matches!(
        kind_of(character),
        Some(RunKind::Han | RunKind::Kana | RunKind::Hangul)
    )
}
