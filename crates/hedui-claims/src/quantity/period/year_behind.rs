//! A year behind a month or day: March 4, 2025; April of '87; October two thousand and five.

use hedui_text::lexicon::quantities::{Role, Roles};

use super::super::ReadContext;
use super::super::token::Tokens;
use super::calendar::{self, Days};
use super::point::Point;
use super::small_number::english_number;
use super::year::whole_year;

/// Years that are told in words or four digits.
const YEARS: std::ops::RangeInclusive<i64> = 1000..=2199;

/// Adds a year that stands behind: `, 2025`, `of 2025`, `2025`, `'87`, `nineteen eighty-six`, `last year`.
pub(super) fn with_year(tokens: &Tokens<'_>, mut point: Point, context: &ReadContext) -> Point {
    let mut at = point.next;
    while at < point.next + 2 && tokens.is(at, Role::DateLink) && tokens.joined(at) {
        at += 1;
    }
    let found = if tokens.joined(at) {
        let linked = at > point.next && tokens.byte_before(tokens.end(at - 1)) != b',';
        let british = point.day.is_some() && tokens.is(at.wrapping_sub(1), Role::Month);
        year_of_four(tokens, at)
            .or_else(|| spelled_year(tokens, at))
            .or_else(|| (linked || british).then(|| short_year_at_the_end(tokens, at))?)
    } else {
        apostrophe_year(tokens, at)
    };
    if let Some((year, next)) = found {
        point.year = Some(year);
        point.next = next;
    } else if tokens.joined(at)
        && tokens.is(at, Role::Pointer)
        && let Some((days, next)) = pointed_year(tokens, at, context)
    {
        point.year = Some(days.0.year());
        point.relative = true;
        point.next = next;
    }
    point
}

/// `this year`, `last year`, `the year`.
pub(super) fn pointed_year(
    tokens: &Tokens<'_>,
    at: usize,
    context: &ReadContext,
) -> Option<(Days, usize)> {
    let distance = tokens.value(at, Role::Pointer);
    let word = at + usize::from(distance.is_some());
    if !tokens.joined(word) || tokens.period_kind(word) != Some(5) {
        return None;
    }
    let year = context
        .reference?
        .year()
        .checked_add(i16::try_from(distance.unwrap_or(0)).ok()?)?;
    Some((calendar::year(year)?, word + 1))
}

/// Exactly so many digits, two or four, that are a year; the token after them.
pub(super) fn year_digits(tokens: &Tokens<'_>, at: usize, digits: usize) -> Option<(i16, usize)> {
    let year = tokens.plain_integer(at)?;
    if tokens.end(at) - tokens.start(at) != digits {
        return None;
    }
    Some((whole_year(year, digits)?, at + 1))
}

fn year_of_four(tokens: &Tokens<'_>, at: usize) -> Option<(i16, usize)> {
    let found = year_digits(tokens, at, 4)?;
    let mut counts = Roles::of(&[Role::Unit, Role::Scale, Role::Currency]);
    // In September 2024 sales rose: a noun counts nothing so near our time.
    if !(1950..=2050).contains(&found.0) {
        counts = counts.or(Roles::of(&[Role::Noun]));
    }
    // 3 March 2025 in London: no inches.
    let counted =
        tokens.joined(at + 1) && tokens.any(at + 1, counts) && !tokens.is(at + 1, Role::DateFiller);
    (!counted).then_some(found)
}

/// '87: the century is left out. The sign lies in the gap before the number.
fn apostrophe_year(tokens: &Tokens<'_>, at: usize) -> Option<(i16, usize)> {
    let start = tokens.start(at);
    let before = at.checked_sub(1)?;
    let gap = tokens.text.get(tokens.end(before)..start)?;
    (matches!(gap.trim(), "'" | "\u{2019}") && gap.len() <= 4)
        .then(|| year_digits(tokens, at, 2))
        .flatten()
}

/// Two digits that nothing follows: 15 April of 87.
fn short_year_at_the_end(tokens: &Tokens<'_>, at: usize) -> Option<(i16, usize)> {
    let found = year_digits(tokens, at, 2)?;
    ends_clause(tokens, at).then_some(found)
}

/// Tells whether the text ends behind a token, or a sign that closes what was said.
pub(super) fn ends_clause(tokens: &Tokens<'_>, at: usize) -> bool {
    let end = tokens.end(at);
    match tokens.byte_at(end) {
        0 | b'\n' | b';' | b'!' | b'?' | b')' | b'"' => true,
        b',' | b'.' | b':' => !tokens.byte_at(end + 1).is_ascii_alphanumeric(),
        _ => false,
    }
}

/// Nineteen eighty-six, nineteen hundred ninety three, two thousand and five, twenty twenty-five.
pub(super) fn spelled_year(tokens: &Tokens<'_>, at: usize) -> Option<(i16, usize)> {
    if !tokens.is_ascii(at) || tokens.numeral(at).is_some() {
        return None;
    }
    let (first, next) = match tokens.value(at, Role::Tens).filter(|tens| *tens <= 20) {
        Some(tens) => (tens, at + 1),
        None => (tokens.value(at, Role::Digit)?, at + 1),
    };
    if !tokens.joined(next) || !tokens.is_ascii(next) {
        return None;
    }
    let power = tokens
        .value(next, Role::Place)
        .or_else(|| tokens.value(next, Role::Scale));
    let (year, end) = match (first, power) {
        (10..=20, Some(2)) => tail(tokens, first * 100, next + 1),
        (1..=2, Some(3)) => tail(tokens, first * 1000, next + 1),
        (10..=20, None) => {
            let (rest, end) = english_number(tokens, next, 99).filter(|(rest, _)| *rest >= 10)?;
            (first * 100 + rest, end)
        }
        _ => return None,
    };
    YEARS
        .contains(&year)
        .then(|| Some((i16::try_from(year).ok()?, end)))?
}

/// The years of a century in words, with or without *and*.
fn tail(tokens: &Tokens<'_>, base: i64, at: usize) -> (i64, usize) {
    let and = tokens.is(at, Role::MixedLink) && tokens.joined(at) && tokens.is_ascii(at);
    let from = at + usize::from(and);
    match english_number(tokens, from, 99) {
        Some((rest, end)) if tokens.joined(from) && tokens.numeral(from).is_none() => {
            (base + rest, end)
        }
        _ => (base, at),
    }
}
