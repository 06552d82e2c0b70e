//! Years without a mark: in 2026, 2025Q3, 2019-H2, and what makes four digits none.

use hedui_text::lexicon::quantities::{Role, Roles};

use super::super::figure::{alone, capital_before, is_initial};
use super::super::token::{Gap, TokenKind, Tokens};
use super::part::part_of;
use super::point::Point;
use super::year::year_point;

/// What a number before it measures or counts.
const COUNTS: Roles = Roles::of(&[
    Role::Unit,
    Role::Currency,
    Role::Scale,
    Role::Place,
    Role::Myriad,
    Role::Classifier,
    Role::ShortScale,
    Role::NameAfter,
    Role::Tenths,
    Role::VagueMore,
    Role::Counted,
]);

/// Four ASCII digits that are a year.
pub(super) fn bare_year(tokens: &Tokens<'_>, at: usize, year: i16) -> Option<Point> {
    let next = at + 1;
    if let Some(next) = before_part(tokens, next) {
        return Some(year_point(year, next));
    }
    let joined = tokens.gap(next) != Gap::Other;
    let counts = joined
        && tokens.any(next, COUNTS)
        && !is_initial(tokens, next)
        && !tokens.any(next, Roles::of(&[Role::RangeLink, Role::DateLink]));
    let no_range = tokens.is(next, Role::RangeLink)
        && tokens.joined(next)
        && !range_of_years(tokens, next + 1);
    let refused = counts
        || no_range
        || refused_before(tokens, at)
        || refused_by_signs(tokens, at)
        || counted_behind(tokens, at, year);
    (!refused).then(|| year_point(year, next))
}

/// The token of a quarter, a half or a part right behind a year: 2019-H2, 2025Q3, 2025上半年. 2025年底 is 2025 and 年底.
fn before_part(tokens: &Tokens<'_>, next: usize) -> Option<usize> {
    let gap = tokens.gap(next);
    let halves = Roles::of(&[Role::Quarter, Role::HalfYear]);
    if tokens.is_hyphen(next)
        && gap == Gap::None
        && tokens.gap(next + 1) == Gap::None
        && tokens.any(next + 1, halves)
    {
        return Some(next + 1);
    }
    let parts = halves.or(Roles::of(&[Role::ToDate, Role::Whole]));
    let part = tokens.is(next, Role::Part)
        && !tokens.is_ascii(next)
        && (tokens.form(next).chars().count() == 1 || part_of(tokens, next, Role::YearMark));
    (gap != Gap::Other && (tokens.any(next, parts) || part)).then_some(next)
}

/// Tells whether the word before makes the number money, a name, an ordinal or the far side of a bound.
fn refused_before(tokens: &Tokens<'_>, at: usize) -> bool {
    let Some(before) = at.checked_sub(1).filter(|_| tokens.joined(at)) else {
        return false;
    };
    let names = Roles::of(&[
        Role::Currency,
        Role::NameBefore,
        Role::OrdinalPrefix,
        Role::Minus,
    ]);
    let of_dates = Roles::of(&[Role::Fiscal, Role::Month, Role::Quarter]);
    if tokens.any(before, names) && !tokens.any(before, of_dates) && !joins_dates(tokens, before) {
        return true;
    }
    let no_bounds = Roles::of(&[
        Role::DateFiller,
        Role::Until,
        Role::After,
        Role::Since,
        Role::Part,
        Role::HyphenPrefix,
        Role::RangeLink,
    ]);
    tokens.is(before, Role::BoundBefore) && !tokens.any(before, no_bounds) && !compared(tokens, at)
}

/// `>= 2019`, where the text is nothing else: a sign before a year.
pub(super) fn compared(tokens: &Tokens<'_>, at: usize) -> bool {
    let sign = at == 1
        && tokens.is(0, Role::BoundBefore)
        && !tokens.byte_at(tokens.start(0)).is_ascii_alphanumeric()
        && tokens.is_ascii(0);
    sign && alone(tokens, tokens.start(0), tokens.end(at))
}

/// 2008.03-2009: the sign joins two dates.
fn joins_dates(tokens: &Tokens<'_>, sign: usize) -> bool {
    let left = sign.checked_sub(1).and_then(|left| tokens.get(left));
    tokens.is_hyphen(sign)
        && left.is_some_and(|left| {
            matches!(left.kind, TokenKind::Month(..) | TokenKind::MonthYear(..))
        })
}

/// Tells whether brackets, a name before it or the edge of a title make the number no year.
fn refused_by_signs(tokens: &Tokens<'_>, at: usize) -> bool {
    let (start, end) = (tokens.start(at), tokens.end(at));
    let bracketed = matches!(tokens.byte_before(start), b'(' | b'[')
        && matches!(tokens.byte_at(end), b')' | b']' | b'.');
    let address = tokens.byte_at(end) == b'.' && tokens.byte_at(end + 1).is_ascii_alphabetic();
    bracketed || address || capital_before(tokens, start) || quoted(tokens, at)
}

/// Tells whether a noun behind is counted. So near our time it is not behind *in*: in 2024 sales rose.
fn counted_behind(tokens: &Tokens<'_>, at: usize, year: i16) -> bool {
    let next = at + 1;
    let near = (1990..=2050).contains(&year) && year % 1000 != 0;
    let dated = tokens.joined(at)
        && at
            .checked_sub(1)
            .is_some_and(|before| tokens.any(before, Roles::of(&[Role::In, Role::Part])));
    let in_our_time = (1900..2100).contains(&year);
    let one = in_our_time && tokens.is(next, Role::OneNoun) && tokens.is_ascii(next);
    tokens.joined(next) && tokens.is(next, Role::Noun) && !(near && dated || one)
}

/// 《中国制造2025》: a number at the edge of a title is part of it.
fn quoted(tokens: &Tokens<'_>, at: usize) -> bool {
    let after = tokens
        .text
        .get(tokens.end(at)..)
        .and_then(|rest| rest.chars().next());
    let before = tokens
        .text
        .get(..tokens.start(at))
        .and_then(|text| text.chars().next_back());
    matches!(
        after,
        Some('\u{300B}' | '\u{201D}' | '\u{300D}' | '\u{3015}' | '"')
    ) || matches!(before, Some('\u{300A}' | '\u{300C}'))
}

/// Tells whether the far end of a range that starts with a year can be a year.
fn range_of_years(tokens: &Tokens<'_>, at: usize) -> bool {
    let Some(value) = tokens.plain_integer(at) else {
        return tokens.numeral(at).is_none();
    };
    let digits = tokens.end(at) - tokens.start(at);
    let counted = tokens.joined(at + 1)
        && tokens.any(
            at + 1,
            Roles::of(&[
                Role::Scale,
                Role::Myriad,
                Role::Place,
                Role::Currency,
                Role::Classifier,
                Role::Noun,
                Role::ShortScale,
                Role::Tenths,
            ]),
        );
    !counted && (digits == 4 && (1900..2200).contains(&value) || digits == 2)
}
