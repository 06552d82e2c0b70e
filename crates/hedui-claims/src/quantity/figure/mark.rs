//! Numbers that are names: list numbers, footnote marks, stock codes, ids, what follows a capitalised word.

use hedui_text::lexicon::quantities::{Role, Roles};

use super::super::number::Number;
use super::super::token::Tokens;
use super::Figure;
use super::verdict::alone;

pub(super) fn quote_before(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens
        .text
        .get(..at)
        .and_then(|text| text.chars().next_back())
        .is_some_and(|last| {
            matches!(
                last,
                '"' | '\'' | '\u{201C}' | '\u{2018}' | '\u{300C}' | '\u{300E}' | '\u{300A}'
            )
        })
}

pub(super) fn quote_after(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens
        .text
        .get(at..)
        .and_then(|text| text.chars().next())
        .is_some_and(|next| {
            matches!(
                next,
                '"' | '\'' | '\u{201D}' | '\u{2019}' | '\u{300D}' | '\u{300F}' | '\u{300B}'
            )
        })
}

/// A bare number behind a capitalised word that is no word of the grammar and starts no sentence: Fab 21, EO 14110.
pub(in super::super) fn after_capital(tokens: &Tokens<'_>, figure: &Figure) -> bool {
    capital_before(tokens, figure.start)
}

/// Tells whether the word right before an offset is capitalised, unknown and inside a sentence.
pub(in super::super) fn capital_before(tokens: &Tokens<'_>, at: usize) -> bool {
    let bytes = tokens.text.as_bytes();
    let Some(space) = at
        .checked_sub(1)
        .filter(|space| bytes.get(*space) == Some(&b' '))
    else {
        return false;
    };
    let mut start = space;
    while start > 0
        && space - start < 24
        && bytes
            .get(start - 1)
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'&'))
    {
        start -= 1;
    }
    let first = bytes.get(start).copied().unwrap_or(0);
    if !first.is_ascii_uppercase() || space - start < 2 {
        return false;
    }
    let known = tokens
        .tokens
        .binary_search_by_key(&u32::try_from(start).unwrap_or(0), |token| token.start)
        .is_ok();
    let sentence_start = start == 0
        || matches!(
            tokens
                .text
                .get(..start)
                .map(str::trim_end)
                .and_then(|text| text.bytes().next_back()),
            None | Some(b'.' | b'!' | b'?' | b'\n' | b':' | b'"')
        );
    !known && !sentence_start
}

/// List numbers, footnote marks, stock codes, ids, lone digits inside words.
pub(super) fn is_mark(tokens: &Tokens<'_>, figure: &Figure, number: &Number) -> bool {
    let before = tokens.byte_before(figure.start);
    let after = tokens.byte_at(figure.end);
    if let Some(numeral) = tokens.numeral(figure.first) {
        if number.worded || numeral.fractional {
            return numeral.padded && numeral.whole_digits > 2;
        }
        let bracketed = matches!((before, after), (b'(', b')') | (b'[', b']') | (b'<', b'>'));
        let ticker = after == b'.' && tokens.byte_at(figure.end + 1).is_ascii_alphabetic()
            || before == b'.' && tokens.byte_before(figure.start - 1) != b'.';
        let opens_sentence = before == b' '
            && matches!(tokens.byte_before(figure.start - 1), b'.' | b'?' | b'!')
            && after == b'.';
        let listed = (matches!(before, 0 | b'\n') || opens_sentence)
            && matches!(after, b'.' | b')')
            && matches!(tokens.byte_at(figure.end + 1), b' ' | 0x80..);
        let numbered_document = tokens
            .text
            .get(..figure.start)
            .is_some_and(|text| text.ends_with(['\u{3014}', '\u{3016}']));
        if numbered_document {
            return true;
        }
        let listed_before = before == b'/'
            && figure
                .first
                .checked_sub(2)
                .is_some_and(|number| tokens.numeral(number).is_some());
        let joined_sign = matches!(before, b'/' | b'#') && !listed_before
            || matches!(after, b'-' | b'/') && tokens.byte_at(figure.end + 1).is_ascii_alphabetic();
        let per_unit = after == b'/'
            && tokens.is(figure.next, Role::Per)
            && tokens.any(figure.next + 1, Roles::of(&[Role::Unit, Role::Noun]));
        let joined_sign = joined_sign && !per_unit;
        let titled = tokens
            .text
            .get(figure.end..)
            .is_some_and(|text| text.starts_with('\u{300B}'));
        if titled && numeral.whole_digits == 4 {
            return true;
        }
        let quoted = quote_before(tokens, figure.start) && quote_after(tokens, figure.end);
        if joined_sign || quoted || after_capital(tokens, figure) {
            return true;
        }
        let rounded = numeral.value.normalized().exponent() >= 3;
        let id = numeral.whole_digits >= 8
            && !numeral.grouped
            && !rounded
            && !alone(tokens, figure.start, figure.end);
        if id {
            return true;
        }
        let long = numeral.whole_digits > 12 && !numeral.grouped && numeral.whole_digits != 15;
        return bracketed || ticker || listed || numeral.padded || long;
    }
    let single = figure.next == figure.first + 1
        && !tokens.is_ascii(figure.first)
        && tokens.form(figure.first).chars().count() == 1;
    if !single {
        return false;
    }
    // A lone Han digit between other Han characters is part of a word.
    let han_around = before >= 0x80 && after >= 0x80;
    let neighbours = (figure
        .first
        .checked_sub(1)
        .is_some_and(|_| tokens.joined(figure.first)))
        || tokens.joined(figure.next);
    let heading = matches!(before, 0 | b'\n')
        && tokens.is(figure.next, Role::ListLink)
        && tokens.joined(figure.next);
    heading || (han_around && !neighbours)
}
