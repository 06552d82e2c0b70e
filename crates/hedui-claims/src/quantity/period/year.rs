//! Years: 2025年, 民國114年, 去年, FY2026, a bare 2026.

use hedui_text::lexicon::quantities::{Role, Roles};

use super::super::ReadContext;
use super::super::reading::Grain;
use super::super::token::{Gap, Token, TokenKind, Tokens};
use super::beside::ending;
use super::calendar;
use super::decade::{han_decade, short_decade};
use super::part::part_of;
use super::point::Point;
use super::small_number::small_number;

/// A year and what marks it.
pub(super) fn year_first(tokens: &Tokens<'_>, at: usize, context: &ReadContext) -> Option<Point> {
    if let Some(first) = tokens.value(at, Role::Era) {
        return era(tokens, at, first);
    }
    if let Some(distance) = tokens.value(at, Role::RelativeYear) {
        let year = context
            .reference?
            .year()
            .checked_add(i16::try_from(distance).ok()?)?;
        if let Some(count) = tokens.value(at, Role::InARow) {
            let last = year.checked_add(i16::try_from(count - 1).ok()?)?;
            let days = (calendar::year(year)?.0, calendar::year(last)?.1);
            return Some(Point {
                relative: true,
                ..Point::fixed(days, Grain::Year, at + 1)
            });
        }
        let mut point = Point {
            year: Some(year),
            relative: true,
            ..Point::new(at + 1)
        };
        if tokens.is(point.next, Role::YearMark) && tokens.gap(point.next) == Gap::None {
            point.next += 1;
        }
        return Some(point);
    }
    if tokens.any(at, Roles::of(&[Role::Fiscal, Role::CalendarYear])) {
        let mut next = at + 1;
        if tokens.is(next, Role::DateLink) && tokens.joined(next) {
            next += 1;
        }
        if let Some(ended) = ending(tokens, next, (5, 1), context, 1) {
            return Some(Point {
                fiscal: true,
                ..ended
            });
        }
        let year = tokens.plain_integer(next).filter(|_| tokens.joined(next))?;
        let year = whole_year(year, tokens.end(next) - tokens.start(next))?;
        return Some(Point {
            year: Some(year),
            fiscal: tokens.is(at, Role::Fiscal),
            ..Point::new(next + 1)
        });
    }
    digits_year(tokens, at, context)
}

/// 民国114年, 康熙三年, 令和元年, 公元2014年: `before` is the year before the first of the era.
fn era(tokens: &Tokens<'_>, at: usize, before: i64) -> Option<Point> {
    let marks = Roles::of(&[Role::YearMark, Role::Fiscal]);
    if !tokens.joined(at + 1) {
        return None;
    }
    // A mark with a value holds the number: 元年.
    let (number, next) = match tokens.value(at + 1, Role::YearMark).filter(|one| *one > 0) {
        Some(number) => (number, at + 1),
        None if before == 0 => year_digits(tokens, at + 1)
            .filter(|(_, count, _, _)| *count == 4)
            .map(|(year, _, next, _)| (year, next))?,
        None => small_number(tokens, at + 1, 999)?,
    };
    let marked = tokens.any(next, marks) && tokens.joined(next);
    Some(Point {
        year: Some(i16::try_from(before + number).ok()?),
        ..Point::new(next + usize::from(marked))
    })
}

pub(super) fn whole_year(year: i64, digits: usize) -> Option<i16> {
    match (year, digits) {
        (1900..=2199, 4) => i16::try_from(year).ok(),
        (0..=99, 2) => i16::try_from(if year < 70 { 2000 + year } else { 1900 + year }).ok(),
        _ => None,
    }
}

/// 2025年, 二〇二五年, 25年3月, 2026財年, 2020s, a bare 2026.
fn digits_year(tokens: &Tokens<'_>, at: usize, context: &ReadContext) -> Option<Point> {
    if let Some(point) = han_decade(tokens, at) {
        return Some(point);
    }
    let (value, digits, next, han) = year_digits(tokens, at)?;
    let gap = tokens.gap(next);
    let marks = Roles::of(&[Role::YearMark]);
    if gap != Gap::Other && tokens.any(next, marks) {
        let year = match digits {
            4 => i16::try_from(value).ok()?,
            2 | 3 if !han || digits == 2 => {
                short_year(tokens, (value, digits, han), next + 1, at, context)?
            }
            _ => return None,
        };
        let (grain, next) = (Grain::Year, next + 1);
        return Some(Point {
            year: Some(year),
            grain,
            ..Point::new(next)
        });
    }
    if gap != Gap::Other && tokens.is(next, Role::DecadeMark) {
        let ascii = tokens.is_ascii(next);
        let year = match digits {
            4 => i16::try_from(value).ok()?,
            2 if !ascii => i16::try_from(if value < 30 {
                2000 + value
            } else {
                1900 + value
            })
            .ok()?,
            2 => short_decade(tokens, at, value)?,
            _ => return None,
        };
        return (year % 10 == 0).then(|| Point {
            year: Some(year),
            grain: Grain::Decade,
            ..Point::new(next + 1)
        });
    }
    let roc_part = digits == 3
        && context.region == Some(hedui_model::Region::TW)
        && (90..=150).contains(&value)
        && gap == Gap::None
        && part_of(tokens, next, Role::YearMark);
    if roc_part {
        return Some(Point {
            year: Some(i16::try_from(1911 + value).ok()?),
            ..Point::new(next)
        });
    }
    if tokens.value(next, Role::Era) == Some(0)
        && tokens.is_ascii(next)
        && gap != Gap::Other
        && !han
    {
        return Some(Point {
            year: Some(i16::try_from(value).ok().filter(|year| *year > 0)?),
            ..Point::new(next + 1)
        });
    }
    let year = whole_year(value, digits)?;
    if gap != Gap::Other && tokens.is(next, Role::Fiscal) {
        return Some(Point {
            year: Some(year),
            fiscal: true,
            ..Point::new(next + 1)
        });
    }
    if digits != 4 || han {
        return None;
    }
    // 2019-H2
    let halves = Roles::of(&[Role::Quarter, Role::HalfYear]);
    if tokens.is_hyphen(next)
        && gap == Gap::None
        && tokens.gap(next + 1) == Gap::None
        && tokens.any(next + 1, halves)
    {
        return Some(Point {
            year: Some(year),
            ..Point::new(next + 1)
        });
    }
    // 2025年底 is 2025 and 年底; 2025Q3 and 2025上半年 need no mark.
    let parts = Roles::of(&[Role::Quarter, Role::HalfYear, Role::ToDate, Role::Whole]);
    let part = tokens.is(next, Role::Part)
        && (tokens.form(next).chars().count() == 1 || part_of(tokens, next, Role::YearMark));
    if gap != Gap::Other && (tokens.any(next, parts) || part && !tokens.is_ascii(next)) {
        return Some(Point {
            year: Some(year),
            ..Point::new(next)
        });
    }
    let unit = tokens.any(
        next,
        Roles::of(&[
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
        ]),
    );
    if unit && gap != Gap::Other && !tokens.any(next, Roles::of(&[Role::RangeLink, Role::DateLink]))
    {
        return None;
    }
    bare_year_holds(tokens, at, next).then(|| Point {
        year: Some(year),
        ..Point::new(next)
    })
}

/// A bare number of four digits is a year unless money, a name or a noun says otherwise.
fn bare_year_holds(tokens: &Tokens<'_>, at: usize, next: usize) -> bool {
    let before = at.checked_sub(1).filter(|_| tokens.joined(at));
    let refused = Roles::of(&[
        Role::Currency,
        Role::NameBefore,
        Role::OrdinalPrefix,
        Role::Minus,
    ]);
    // 2008.03-2009: the sign joins two dates.
    let linked = before.is_some_and(|before| {
        tokens.is_hyphen(before)
            && matches!(
                before.checked_sub(1).and_then(|left| tokens.get(left)),
                Some(Token {
                    kind: TokenKind::Month(..) | TokenKind::MonthYear(..),
                    ..
                })
            )
    });
    if before.is_some_and(|before| {
        tokens.any(before, refused)
            && !linked
            && !tokens.any(
                before,
                Roles::of(&[Role::Fiscal, Role::Month, Role::Quarter]),
            )
    }) {
        return false;
    }
    if before.is_some_and(|before| {
        tokens.any(before, Roles::of(&[Role::BoundBefore]))
            && !tokens.any(
                before,
                Roles::of(&[
                    Role::DateFiller,
                    Role::Until,
                    Role::After,
                    Role::Since,
                    Role::Part,
                    Role::HyphenPrefix,
                    Role::RangeLink,
                ]),
            )
    }) {
        return false;
    }
    if matches!(tokens.byte_before(tokens.start(at)), b'(' | b'[')
        && matches!(tokens.byte_at(tokens.end(at)), b')' | b']' | b'.')
    {
        return false;
    }
    if tokens.byte_at(tokens.end(at)) == b'.'
        && tokens.byte_at(tokens.end(at) + 1).is_ascii_alphabetic()
    {
        return false;
    }
    if super::super::figure::capital_before(tokens, tokens.start(at)) || quoted(tokens, at) {
        return false;
    }
    if tokens.is(next, Role::RangeLink) && tokens.joined(next) && !range_of_years(tokens, next + 1)
    {
        return false;
    }
    // A noun behind says that something is counted; not so near our time behind *in*: in 2024 sales rose.
    let near = tokens
        .plain_integer(at)
        .is_some_and(|year| (1990..=2050).contains(&year) && year % 1000 != 0);
    let dated = before.is_some_and(|before| tokens.any(before, Roles::of(&[Role::In, Role::Part])));
    near && dated || !(tokens.joined(next) && tokens.is(next, Role::Noun))
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

/// Two or three digits before 年: a length of time unless what follows or how it is written makes it a year.
fn short_year(
    tokens: &Tokens<'_>,
    (value, digits, han): (i64, usize, bool),
    after: usize,
    at: usize,
    context: &ReadContext,
) -> Option<i16> {
    let dated = tokens.joined(after) && {
        let month = small_number(tokens, after, 12)
            .is_some_and(|(_, next)| tokens.is(next, Role::MonthMark) && tokens.joined(next));
        month
            || tokens.any(
                after,
                Roles::of(&[Role::Quarter, Role::HalfYear, Role::Season]),
            )
            || tokens.is(after, Role::OrdinalPrefix)
    };
    if digits == 3 {
        // 民國 left out: 114年度, 114年3月.
        let taiwan = context.region == Some(hedui_model::Region::TW);
        return (taiwan && (90..=150).contains(&value))
            .then(|| i16::try_from(1911 + value).ok())?;
    }
    let padded = tokens.text.as_bytes().get(tokens.start(at)) == Some(&b'0')
        || tokens.value(at, Role::Digit) == Some(0);
    // 九八年 is a year: as a length of time it would be 九十八年. 七八年 is seven or eight of them.
    let told = han && value / 10 + 1 != value % 10 && value >= 10;
    if !dated && !padded && !told {
        return None;
    }
    let year = whole_year(value, 2)?;
    let far = context
        .reference
        .is_some_and(|reference| year > reference.year().saturating_add(10));
    Some(if told && !dated && far {
        year - 100
    } else {
        year
    })
}

/// The digits of a year: ASCII, or Chinese digits in a row. Returns value, count, next token, whether Chinese.
fn year_digits(tokens: &Tokens<'_>, at: usize) -> Option<(i64, usize, usize, bool)> {
    if let Some(value) = tokens.plain_integer(at) {
        return Some((value, tokens.end(at) - tokens.start(at), at + 1, false));
    }
    let mut value = 0_i64;
    let mut count = 0;
    let mut next = at;
    while let Some(digit) = tokens
        .value(next, Role::Digit)
        .filter(|_| !tokens.is_ascii(next) && (count == 0 || tokens.gap(next) == Gap::None))
    {
        value = value.checked_mul(10)?.checked_add(digit)?;
        count += 1;
        next += 1;
        if count > 4 {
            return None;
        }
    }
    (count == 4 || count == 2).then_some((value, count, next, true))
}
