//! One date or period: 2025年3月4日, March 4, 2025, 去年第三季度, FY2026, the second half of this year.

use hedui_text::lexicon::quantities::{Role, Roles};
use jiff::civil::Date;

use super::super::ReadContext;
use super::super::reading::Grain;
use super::super::token::{Gap, TokenKind, Tokens};
use super::calendar::{self, Days};

/// Which way a date lies whose year or month is not said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// The last one that is not after the reference day: a report.
    Past,
    /// The next one: words point ahead.
    Ahead,
    /// The nearest one: nothing else is said.
    Near,
}

/// A date or period as far as it is said.
#[derive(Clone, Copy, Debug)]
pub(super) struct Point {
    pub(super) year: Option<i16>,
    pub(super) month: Option<i8>,
    pub(super) day: Option<i8>,
    pub(super) quarter: Option<i8>,
    pub(super) half: Option<i8>,
    pub(super) third: Option<i64>,
    pub(super) part: Option<i64>,
    /// Days that are known as they are.
    pub(super) fixed: Option<Days>,
    pub(super) grain: Grain,
    pub(super) fiscal: bool,
    pub(super) relative: bool,
    pub(super) mode: Mode,
    /// Bytes behind the last token that belong to it: a closing bracket.
    pub(super) tail: usize,
    pub(super) next: usize,
}

impl Point {
    pub(super) fn new(next: usize) -> Self {
        Point {
            year: None,
            month: None,
            day: None,
            quarter: None,
            half: None,
            third: None,
            part: None,
            fixed: None,
            grain: Grain::Year,
            fiscal: false,
            relative: false,
            mode: Mode::Near,
            tail: 0,
            next,
        }
    }

    pub(super) fn fixed(days: Days, grain: Grain, next: usize) -> Self {
        Point {
            fixed: Some(days),
            grain,
            ..Point::new(next)
        }
    }

    /// Its first and last day; none where the year is not known.
    pub(super) fn days(&self, context: &ReadContext) -> Option<Days> {
        let days = match self.fixed {
            Some(days) => days,
            None => self.said(context)?,
        };
        let days = self.fiscal_days(days, context)?;
        match self.part {
            Some(part) => calendar::part(days, part),
            None => Some(days),
        }
    }

    /// A fiscal year by the country's own calendar: Japan's, Hong Kong's, Britain's and India's start in April.
    fn fiscal_days(&self, days: Days, context: &ReadContext) -> Option<Days> {
        let april = context
            .region
            .is_some_and(|region| ["JP", "HK", "GB", "IN"].contains(&region.as_str()));
        if !self.fiscal || !april || self.grain != Grain::Year || self.fixed.is_some() {
            return Some(days);
        }
        let india = context.region.is_some_and(|region| region.as_str() == "IN");
        let shift = if india { -9 } else { 3 };
        let low = calendar::shift_months(days.0, shift)?;
        let high = calendar::shift_months(days.1, shift)?.last_of_month();
        Some((low, high))
    }

    fn said(&self, context: &ReadContext) -> Option<Days> {
        if let Some(month) = self.month {
            let year = match self.year {
                Some(year) => year,
                None => year_of(context.reference?, month, self.day, self.mode),
            };
            if let Some(day) = self.day {
                return calendar::day(year, month, day);
            }
            let days = calendar::month(year, month)?;
            return match self.third {
                Some(third) => calendar::third(days, third),
                None => Some(days),
            };
        }
        if let Some(day) = self.day {
            return day_alone(context.reference?, day, self.mode);
        }
        let year = match self.year {
            Some(year) => year,
            None => context.reference?.year(),
        };
        if let Some(quarter) = self.quarter {
            let year = self.said_year(year, calendar::quarter(year, quarter)?.0, context);
            return calendar::quarter(year, quarter);
        }
        if let Some(half) = self.half {
            let year = self.said_year(year, calendar::half(year, half)?.0, context);
            return calendar::half(year, half);
        }
        if self.grain == Grain::Decade {
            return calendar::decade(year);
        }
        self.year.and_then(calendar::year)
    }
}

impl Point {
    /// The year of a quarter or half that is said alone: the last one that has begun, unless words point ahead.
    fn said_year(&self, year: i16, begin: Date, context: &ReadContext) -> i16 {
        let future = context.reference.is_some_and(|reference| begin > reference);
        let back = self.year.is_none() && self.mode == Mode::Past && future;
        if back { year - 1 } else { year }
    }
}

/// The year of a month that is said without one.
fn year_of(reference: Date, month: i8, day: Option<i8>, mode: Mode) -> i16 {
    let year = reference.year();
    let begin = (month, day.unwrap_or(1));
    let today = (reference.month(), reference.day());
    match mode {
        Mode::Near => near_year(reference, month, day),
        Mode::Past if begin > today => year - 1,
        Mode::Ahead if month < reference.month() || (day.is_some() && begin < today) => year + 1,
        _ => year,
    }
}

/// The year of a month that is said alone: this year, but December in January was last year's.
fn near_year(reference: Date, month: i8, _day: Option<i8>) -> i16 {
    let distance = month - reference.month();
    if distance > 8 {
        reference.year() - 1
    } else if distance < -9 {
        reference.year() + 1
    } else {
        reference.year()
    }
}

/// A day that is said alone: this month's, or last month's where this month's is still to come.
fn day_alone(reference: Date, day: i8, mode: Mode) -> Option<Days> {
    if day <= reference.day() || mode == Mode::Ahead {
        return calendar::day(reference.year(), reference.month(), day);
    }
    let (year, month) = calendar::month_from(reference, -1)?;
    calendar::day(year, month, day)
        .or_else(|| calendar::day(reference.year(), reference.month(), day))
}

/// Takes from the other end what one end of a range leaves unsaid.
pub(super) fn complete(mut left: Point, mut right: Point) -> Option<(Point, Point)> {
    if left.fixed.is_some() || right.fixed.is_some() {
        return Some((left, right));
    }
    if right.year.is_none() {
        right.year = left.year;
    }
    if left.year.is_none() {
        left.year = right.year;
    }
    if right.day.is_some() && right.month.is_none() {
        right.month = left.month;
    }
    if left.day.is_some() && left.month.is_none() {
        left.month = right.month;
    }
    // 11月到3月 crosses the year.
    if let (Some(first), Some(last)) = (left.month, right.month)
        && left.year == right.year
        && first > last
        && let Some(year) = right.year
    {
        right.year = Some(year + 1);
    }
    right.fiscal |= left.fiscal;
    left.fiscal |= right.fiscal;
    Some((left, right))
}

/// Reads the second end of a range: what the first end has said may be left out.
pub(super) fn read_end(
    tokens: &Tokens<'_>,
    at: usize,
    left: &Point,
    context: &ReadContext,
) -> Option<Point> {
    if let Some(point) = read(tokens, at, context, true) {
        let same = point.fixed.is_some()
            || left.fixed.is_some()
            || point.grain <= left.grain
            || left.year.is_some();
        return same.then_some(point);
    }
    if left.day.is_some() && left.month.is_some() {
        let (day, next) = day_number(tokens, at)?;
        let ends = !tokens.joined(next)
            || !tokens.any(
                next,
                Roles::of(&[Role::Unit, Role::Currency, Role::Noun, Role::Classifier]),
            );
        if !ends {
            return None;
        }
        let mut point = Point::new(next);
        point.day = Some(day);
        point.grain = Grain::Day;
        return Some(with_year(tokens, point));
    }
    if left.grain == Grain::Year && left.year.is_some() && left.month.is_none() && !left.relative {
        let year = tokens.plain_integer(at)?;
        let base = left.year?;
        let year = if year >= 1000 {
            i16::try_from(year).ok()?
        } else if (10..100).contains(&year) {
            base - base % 100 + i16::try_from(year).ok()?
        } else {
            return None;
        };
        return (year > base).then(|| Point {
            year: Some(year),
            ..Point::new(at + 1)
        });
    }
    None
}

/// Reads one date or period. `bare` says that a day or year may stand without its mark, as inside *from … to*.
pub(super) fn read(
    tokens: &Tokens<'_>,
    at: usize,
    context: &ReadContext,
    bare: bool,
) -> Option<Point> {
    match tokens.get(at)?.kind {
        TokenKind::Word(_) if !tokens.any(at, STARTS) => return None,
        TokenKind::Day(date) => {
            let date = ordered(tokens.form(at), date, context);
            return Some(Point::fixed((date, date), Grain::Day, at + 1));
        }
        TokenKind::RocDay(date) => {
            let taiwan = context.region == Some(hedui_model::Region::TW);
            return taiwan.then(|| Point::fixed((date, date), Grain::Day, at + 1));
        }
        TokenKind::Month(year, month) => {
            return Some(Point {
                year: Some(year),
                month: Some(month),
                grain: Grain::Month,
                ..Point::new(at + 1)
            });
        }
        TokenKind::Slash(..) => return slash(tokens, at, context),
        _ => {}
    }
    if let Some(point) = century(tokens, at) {
        return Some(point);
    }
    if let Some(point) = leading_alone(tokens, at, context) {
        return Some(point);
    }
    if let Some(point) = nth_weekday(tokens, at, context) {
        return Some(point);
    }
    if let Some(point) = relative_point(tokens, at, context) {
        return Some(nth_inside(tokens, point, context));
    }
    if let Some(point) = part_before(tokens, at, context) {
        return Some(point);
    }
    if tokens.is(at, Role::Month) {
        let point = month_first(tokens, at)?;
        let doubtful = tokens.is(at, Role::Doubtful) && point.day.is_none() && point.year.is_none();
        return (!doubtful || bare || dated_before(tokens, at)).then_some(point);
    }
    if let Some(point) = quarter_first(tokens, at, context) {
        return Some(point);
    }
    if let Some(point) = year_first(tokens, at, context) {
        return Some(nth_inside(
            tokens,
            after_year(tokens, point, context),
            context,
        ));
    }
    day_first(tokens, at, context, bare).map(|point| nth_inside(tokens, point, context))
}

/// Tells whether a word of dates stands before a doubtful month: in May, last March.
fn dated_before(tokens: &Tokens<'_>, at: usize) -> bool {
    let sure = tokens
        .text
        .get(tokens.start(at)..)
        .is_some_and(|text| text.starts_with(|first: char| first.is_ascii_uppercase()));
    at.checked_sub(1).is_some_and(|before| {
        tokens.joined(at)
            && tokens.any(
                before,
                Roles::of(&[
                    Role::DateFiller,
                    Role::Since,
                    Role::Until,
                    Role::Before,
                    Role::After,
                    Role::Pointer,
                    Role::Part,
                    Role::RangeLink,
                    Role::RangeOpen,
                    Role::DateLink,
                    Role::RangeOpenLink,
                ]),
            )
            && (sure || tokens.is(before, Role::DateFiller))
    }) || sure && tokens.joined(at + 1) && tokens.is(at + 1, Role::RangeLink)
}

/// 5/1: month and day, only where a word of dates stands before it; the scan cannot tell it from a fraction.
fn slash(tokens: &Tokens<'_>, at: usize, context: &ReadContext) -> Option<Point> {
    let TokenKind::Slash(first, second) = tokens.get(at)?.kind else {
        return None;
    };
    if (1990..2100).contains(&first) && second == (first + 1) % 100 {
        return year_pair(tokens, at, first, context);
    }
    let before = at.checked_sub(1).is_some_and(|before| {
        tokens.joined(at)
            && tokens.any(
                before,
                Roles::of(&[
                    Role::DateFiller,
                    Role::Since,
                    Role::Until,
                    Role::Before,
                    Role::After,
                    Role::Weekday,
                ]),
            )
            && !tokens.any(before, Roles::of(&[Role::Filler, Role::DateLink]))
    });
    let behind = tokens.joined(at + 1)
        && !tokens.is_ascii(at + 1)
        && tokens.any(
            at + 1,
            Roles::of(&[Role::Before, Role::Since, Role::After, Role::RangeLink]),
        );
    let alone = super::super::figure::alone(tokens, tokens.start(at), tokens.end(at))
        && context.reference.is_some()
        && (second > 12 || first > second);
    if !(before || behind || alone)
        || !(1..=12).contains(&first)
        || !(1..=31).contains(&second)
        || (first == 1 && second <= 4 && !behind)
    {
        return None;
    }
    Some(Point {
        month: i8::try_from(first).ok(),
        day: i8::try_from(second).ok(),
        grain: Grain::Day,
        ..Point::new(at + 1)
    })
}

/// 2023/24年度: two calendar years in one fiscal or school year.
fn year_pair(tokens: &Tokens<'_>, at: usize, first: u32, context: &ReadContext) -> Option<Point> {
    let marked =
        tokens.any(at + 1, Roles::of(&[Role::YearMark, Role::Fiscal])) && tokens.joined(at + 1);
    let year = i16::try_from(first).ok()?;
    let april = context
        .region
        .is_some_and(|region| ["JP", "HK", "GB", "IN"].contains(&region.as_str()));
    let low = if april {
        calendar::month(year, 4)?.0
    } else {
        calendar::year(year)?.0
    };
    let high = if april {
        calendar::month(year + 1, 3)?.1
    } else {
        calendar::year(year + 1)?.1
    };
    Some(Point {
        fiscal: true,
        ..Point::fixed((low, high), Grain::Year, at + 1 + usize::from(marked))
    })
}

/// Day and month in the order of the region: 12/08/2025 is in August in London.
fn ordered(form: &str, date: Date, context: &ReadContext) -> Date {
    let day_first = context
        .region
        .is_some_and(|region| !["US", "CN", "TW", "JP", "KR", "PH"].contains(&region.as_str()));
    let shape = form.find(['/', '-']).is_some_and(|at| at <= 2);
    if !day_first || !shape || date.day() > 12 {
        return date;
    }
    Date::new(date.year(), date.day(), date.month()).unwrap_or(date)
}

/// 上世纪90年代, 20世纪80年代.
fn century(tokens: &Tokens<'_>, at: usize) -> Option<Point> {
    let (base, next) = match tokens.value(at, Role::Century) {
        Some(base) if base > 0 => (base, at + 1),
        _ => {
            let (number, next) = small_number(tokens, at, 30)?;
            if !tokens.is(next, Role::Century) || !tokens.joined(next) || number < 1 {
                return None;
            }
            ((number - 1) * 100, next + 1)
        }
    };
    let (decade, end) = small_number(tokens, next, 99).filter(|_| tokens.joined(next))?;
    if decade % 10 != 0 || !tokens.is(end, Role::DecadeMark) || !tokens.joined(end) {
        return None;
    }
    let year = i16::try_from(base + decade).ok()?;
    Some(Point {
        year: Some(year),
        grain: Grain::Decade,
        ..Point::new(end + 1)
    })
}

/// 前三季度, 前五个月 of this year, or of the last where this one has not come so far.
fn leading_alone(tokens: &Tokens<'_>, at: usize, context: &ReadContext) -> Option<Point> {
    if !tokens.is(at, Role::Leading) || tokens.is_ascii(at) || tokens.is(at + 1, Role::Unit) {
        return None;
    }
    let year = context.reference?.year();
    let point = Point {
        year: Some(year),
        ..Point::new(at)
    };
    let (days, next, grain) = leading(tokens, at, &point, context)?;
    Some(Point {
        relative: true,
        ..Point::fixed(days, grain, next)
    })
}

/// What a date can start with.
const STARTS: Roles = Roles::of(&[
    Role::Month,
    Role::Weekday,
    Role::RelativeDay,
    Role::RelativeYear,
    Role::RelativeQuarter,
    Role::RelativeMonth,
    Role::RelativeWeek,
    Role::Pointer,
    Role::Quarter,
    Role::HalfYear,
    Role::Part,
    Role::Fiscal,
    Role::Era,
    Role::Ordinal,
    Role::OrdinalPrefix,
    Role::Leading,
    Role::Century,
    Role::Digit,
    Role::Place,
    Role::Tens,
]);

// ---- Years ----

/// A year and what marks it.
fn year_first(tokens: &Tokens<'_>, at: usize, context: &ReadContext) -> Option<Point> {
    if let Some(offset) = tokens.value(at, Role::Era) {
        let (number, next) = small_number(tokens, at + 1, 999)?;
        if !tokens.joined(at + 1) || !tokens.joined(next) {
            return None;
        }
        let marked = tokens.any(next, Roles::of(&[Role::YearMark, Role::Fiscal]));
        let year = i16::try_from(offset + number).ok()?;
        return Some(Point {
            year: Some(year),
            ..Point::new(next + usize::from(marked))
        });
    }
    if let Some(distance) = tokens.value(at, Role::RelativeYear) {
        let year = context
            .reference?
            .year()
            .checked_add(i16::try_from(distance).ok()?)?;
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
    if tokens.is(at, Role::Fiscal) {
        let mut next = at + 1;
        if tokens.is(next, Role::DateLink) && tokens.joined(next) {
            next += 1;
        }
        let year = tokens.plain_integer(next).filter(|_| tokens.joined(next))?;
        let year = whole_year(year, tokens.end(next) - tokens.start(next))?;
        return Some(Point {
            year: Some(year),
            fiscal: true,
            ..Point::new(next + 1)
        });
    }
    digits_year(tokens, at, context)
}

fn whole_year(year: i64, digits: usize) -> Option<i16> {
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
                short_year(tokens, value, digits, next + 1, at, context)?
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
    if before.is_some_and(|before| {
        tokens.any(before, refused)
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
    // A noun behind says that something is counted.
    !(tokens.joined(next) && tokens.is(next, Role::Noun))
}

/// Tells whether a word such as 年底 or 月末 is a part, and its first character the mark of such a period.
fn part_of(tokens: &Tokens<'_>, at: usize, mark: Role) -> bool {
    let form = tokens.form(at);
    let Some(first) = form.chars().next() else {
        return false;
    };
    let head = tokens
        .lexicon
        .trie()
        .longest(form, 0, |found| found.end == first.len_utf8());
    tokens.is(at, Role::Part)
        && form.len() > first.len_utf8()
        && head
            .and_then(|head| tokens.lexicon.word(head.word))
            .is_some_and(|word| word.is(mark))
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
    value: i64,
    digits: usize,
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
    if !dated && !padded {
        return None;
    }
    whole_year(value, 2)
}

/// 九十年代.
fn han_decade(tokens: &Tokens<'_>, at: usize) -> Option<Point> {
    let (decade, next) = small_number(tokens, at, 99)?;
    if tokens.numeral(at).is_some()
        || decade % 10 != 0
        || !tokens.is(next, Role::DecadeMark)
        || tokens.gap(next) != Gap::None
    {
        return None;
    }
    let year = i16::try_from(if decade < 30 {
        2000 + decade
    } else {
        1900 + decade
    })
    .ok()?;
    Some(Point {
        year: Some(year),
        grain: Grain::Decade,
        ..Point::new(next + 1)
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

/// What may stand behind a year: month and day, quarter, half, part.
fn after_year(tokens: &Tokens<'_>, mut point: Point, context: &ReadContext) -> Point {
    let mut at = point.next;
    if tokens.is(at, Role::Fiscal) && tokens.joined(at) {
        point.fiscal = true;
        point.next = at + 1;
        at += 1;
    }
    if tokens.is(at, Role::DateLink) && tokens.joined(at) && !tokens.is_ascii(at) {
        at += 1;
    }
    if !tokens.joined(at) || point.grain == Grain::Decade {
        return point;
    }
    if let Some(quarter) = quarter_at(tokens, at) {
        point.quarter = i8::try_from(quarter.0).ok();
        point.grain = Grain::Quarter;
        point.next = quarter.1;
        point.fiscal |= quarter.2;
        return part_behind(tokens, point);
    }
    if let Some(half) = tokens.value(at, Role::HalfYear) {
        point.half = i8::try_from(half).ok();
        point.grain = Grain::Half;
        point.next = at + 1;
        return point;
    }
    if let Some((month, next)) = month_number(tokens, at) {
        point.month = Some(month);
        point.grain = Grain::Month;
        point.next = next;
        return after_month(tokens, point);
    }
    if let Some(start) = month_range_start(tokens, at) {
        point.month = start.month;
        point.grain = Grain::Month;
        point.next = start.next;
        return point;
    }
    if let Some((days, next, grain)) = leading(tokens, at, &point, context) {
        return Point {
            relative: point.relative,
            ..Point::fixed(days, grain, next)
        };
    }
    part_behind(tokens, point)
}

/// 前五个月, 最后4个月, 前两个季度 of a year.
fn leading(
    tokens: &Tokens<'_>,
    at: usize,
    point: &Point,
    _context: &ReadContext,
) -> Option<(Days, usize, Grain)> {
    let edge = tokens.value(at, Role::Leading)?;
    if let Some(quarters) = tokens
        .value(at + 1, Role::Quarter)
        .filter(|_| tokens.joined(at + 1) && edge > 0 && !tokens.is_ascii(at))
    {
        let last = i8::try_from(quarters * 3).ok()?;
        return Some((
            calendar::months(point.year?, 1, last)?,
            at + 2,
            Grain::Quarter,
        ));
    }
    let (count, next) = small_number(tokens, at + 1, 12)?;
    if !tokens.joined(at + 1) || !tokens.joined(next) {
        return None;
    }
    let (per, end) = if tokens.is(next, Role::MonthMark) {
        (1, next + 1)
    } else {
        let unit = tokens
            .value(next, Role::Unit)
            .and_then(|unit| tokens.lexicon.unit(unit))?;
        match unit.period? {
            3 => (1, next + 1),
            4 => (3, next + 1),
            _ => return None,
        }
    };
    let months = i8::try_from(count * per)
        .ok()
        .filter(|months| (1..=12).contains(months))?;
    let year = point.year?;
    let days = if edge > 0 {
        calendar::months(year, 1, months)
    } else {
        calendar::months(year, 13 - months, 12)
    }?;
    Some((days, end, Grain::Month))
}

fn part_behind(tokens: &Tokens<'_>, mut point: Point) -> Point {
    let at = point.next;
    if let Some(part) = tokens
        .value(at, Role::Part)
        .filter(|_| tokens.joined(at) && !tokens.is_ascii(at))
    {
        point.part = Some(part);
        point.next = at + 1;
        return point;
    }
    let to_date = tokens.is(at, Role::ToDate) && !tokens.is(at, Role::Since);
    let whole = tokens.is(at, Role::Whole) && !tokens.is_ascii(at);
    if (to_date || whole) && tokens.gap(at) == Gap::None {
        point.next = at + 1;
    }
    point
}

// ---- Months and days ----

/// A month by number and mark; 3月底 is 3 and 月底.
fn month_number(tokens: &Tokens<'_>, at: usize) -> Option<(i8, usize)> {
    if let Some(month) = tokens.value(at, Role::Month) {
        return Some((i8::try_from(month).ok()?, at + 1));
    }
    if tokens.value(at, Role::Ordinal) == Some(1)
        && !tokens.is_ascii(at)
        && tokens.is(at + 1, Role::MonthMark)
        && tokens.gap(at + 1) == Gap::None
    {
        return Some((1, at + 2));
    }
    let (month, next) = small_number(tokens, at, 12)?;
    if month < 1 || !tokens.joined(next) {
        return None;
    }
    if tokens.is(next, Role::MonthMark) {
        return Some((i8::try_from(month).ok()?, next + 1));
    }
    let month_part = tokens.gap(next) == Gap::None && part_of(tokens, next, Role::MonthMark);
    month_part.then(|| Some((i8::try_from(month).ok()?, next)))?
}

fn after_month(tokens: &Tokens<'_>, mut point: Point) -> Point {
    let at = point.next;
    if !tokens.joined(at) {
        return point;
    }
    if let Some(third) = tokens.value(at, Role::MonthThird) {
        point.third = Some(third);
        point.next = at + 1;
        point.grain = Grain::Week;
        return point;
    }
    if let Some((day, next)) = small_number(tokens, at, 31).filter(|(day, _)| *day > 0) {
        let marked = tokens.is(next, Role::DayMark) && tokens.joined(next);
        let bare = !tokens.joined(next) && tokens.gap(at) == Gap::None && next <= at + 2;
        if marked || bare {
            point.day = i8::try_from(day).ok();
            point.grain = Grain::Day;
            point.next = next + usize::from(marked);
            return weekday_behind(tokens, point);
        }
        return point;
    }
    if let Some(part) = tokens
        .value(at, Role::Part)
        .filter(|_| !tokens.is_ascii(at))
    {
        point.part = Some(part);
        point.next = at + 1;
    }
    point
}

/// 3月4日星期二, 3月4日(周二): the weekday adds nothing.
fn weekday_behind(tokens: &Tokens<'_>, mut point: Point) -> Point {
    let at = point.next;
    if tokens.is(at, Role::Weekday) && tokens.joined(at) && !tokens.is_ascii(at) {
        point.next = at + 1;
    }
    point
}

/// March 4, 2025; March 2025; March 4th; March.
fn month_first(tokens: &Tokens<'_>, at: usize) -> Option<Point> {
    let month = i8::try_from(tokens.value(at, Role::Month)?).ok()?;
    let mut point = Point {
        month: Some(month),
        grain: Grain::Month,
        ..Point::new(at + 1)
    };
    let mut next = at + 1;
    if tokens.is(next, Role::DateFiller) && tokens.joined(next) && tokens.is(next, Role::Filler) {
        next += 1;
    }
    if tokens.is_hyphen(next) && tokens.gap(next) == Gap::None {
        next += 1;
    }
    if tokens.joined(next)
        && let Some((day, after)) = day_number(tokens, next)
    {
        let unit = tokens.joined(after)
            && tokens.any(after, Roles::of(&[Role::Unit, Role::Scale, Role::Currency]));
        if !unit {
            point.day = Some(day);
            point.grain = Grain::Day;
            point.next = after;
        }
    }
    Some(with_year(tokens, point))
}

/// Adds a year that stands behind: `, 2025`, `of 2025`, `2025`, `this year`.
fn with_year(tokens: &Tokens<'_>, mut point: Point) -> Point {
    let mut at = point.next;
    if tokens.is(at, Role::DateLink) && tokens.joined(at) {
        at += 1;
        if tokens.is(at, Role::DateLink) && tokens.joined(at) {
            at += 1;
        }
    }
    if !tokens.joined(at) {
        return point;
    }
    if let Some(year) = tokens.plain_integer(at) {
        let digits = tokens.end(at) - tokens.start(at);
        let behind = tokens.joined(at + 1)
            && tokens.any(
                at + 1,
                Roles::of(&[Role::Unit, Role::Scale, Role::Currency, Role::Noun]),
            );
        if digits == 4 && (1900..=2199).contains(&year) && !behind {
            point.year = i16::try_from(year).ok();
            point.next = at + 1;
        }
    }
    point
}

/// A day: 4, 4th, the third.
fn day_number(tokens: &Tokens<'_>, at: usize) -> Option<(i8, usize)> {
    if let Some(day) = tokens
        .value(at, Role::Ordinal)
        .filter(|_| tokens.is_ascii(at))
    {
        return ((1..=31).contains(&day) && !tokens.is(at, Role::QuarterMark))
            .then(|| Some((i8::try_from(day).ok()?, at + 1)))?;
    }
    if let Some(tens) = tokens.value(at, Role::Tens).filter(|_| tokens.is_ascii(at)) {
        let next = at + 1 + usize::from(tokens.is_hyphen(at + 1));
        let ones = tokens
            .value(next, Role::Ordinal)
            .or_else(|| tokens.value(next, Role::Digit))
            .filter(|_| tokens.joined(next) && tokens.is_ascii(next));
        let (day, end) = match ones {
            Some(ones) if tens >= 20 && ones < 10 => (tens + ones, next + 1),
            _ => (tens, at + 1),
        };
        return (day <= 31).then(|| Some((i8::try_from(day).ok()?, end)))?;
    }
    let day = tokens
        .plain_integer(at)
        .filter(|day| (1..=31).contains(day))?;
    let suffixed = tokens.is(at + 1, Role::OrdinalSuffix) && tokens.gap(at + 1) == Gap::None;
    Some((i8::try_from(day).ok()?, at + 1 + usize::from(suffixed)))
}

/// 15 July 2025, 15th of July, 15日, 7月15日, 九月.
fn day_first(tokens: &Tokens<'_>, at: usize, context: &ReadContext, bare: bool) -> Option<Point> {
    if let Some((month, next)) = month_number(tokens, at) {
        let point = Point {
            month: Some(month),
            grain: Grain::Month,
            ..Point::new(next)
        };
        return Some(after_month(tokens, point));
    }
    if let Some(point) = month_range_start(tokens, at) {
        return Some(point);
    }
    if let Some((day, next)) = day_number(tokens, at) {
        let mut after = next;
        while after < next + 2 && tokens.is(after, Role::DateLink) && tokens.joined(after) {
            after += 1;
        }
        if let Some(month) = tokens
            .value(after, Role::Month)
            .filter(|_| tokens.joined(after))
        {
            let point = Point {
                day: Some(day),
                month: i8::try_from(month).ok(),
                grain: Grain::Day,
                ..Point::new(after + 1)
            };
            return Some(with_year(tokens, point));
        }
        let suffixed = next == at + 2;
        if after > next
            && tokens.value(after, Role::Pointer).is_some()
            && let Some(reference) = context.reference
            && let Some(month) = pointed(
                tokens,
                after,
                tokens.value(after, Role::Pointer)?,
                reference,
            )
            && month.grain == Grain::Month
            && let Some((first, _)) = month.fixed
        {
            return Some(Point {
                relative: true,
                ..Point::fixed(
                    calendar::day(first.year(), first.month(), day)?,
                    Grain::Day,
                    month.next,
                )
            });
        }
        let range_to_month = tokens.joined(next)
            && tokens.is(next, Role::RangeLink)
            && ranges_to_day(tokens, next + 1);
        if suffixed && bare || range_to_month {
            return Some(Point {
                day: Some(day),
                grain: Grain::Day,
                ..Point::new(next)
            });
        }
    }
    let (day, next) = small_number(tokens, at, 31)?;
    let marked = day > 0
        && tokens.is(next, Role::DayMark)
        && tokens.joined(next)
        && !after_day_is_name(tokens, next + 1);
    if marked && day_not_duration(tokens, at, next) {
        let point = Point {
            day: i8::try_from(day).ok(),
            grain: Grain::Day,
            ..Point::new(next + 1)
        };
        return Some(weekday_behind(tokens, point));
    }
    None
}

/// The first month of 1—10月: its mark stands at the far end.
fn month_range_start(tokens: &Tokens<'_>, at: usize) -> Option<Point> {
    let (month, link) = small_number(tokens, at, 12)?;
    if month < 1
        || !tokens.is(link, Role::RangeLink)
        || !tokens.joined(link)
        || !tokens.joined(link + 1)
    {
        return None;
    }
    let (last, mark) = small_number(tokens, link + 1, 12)?;
    if last <= month || !tokens.is(mark, Role::MonthMark) || !tokens.joined(mark) {
        return None;
    }
    Some(Point {
        month: i8::try_from(month).ok(),
        grain: Grain::Month,
        ..Point::new(link)
    })
}

/// Tells whether a day with its month or mark stands at the far end of a range of days: 13 to 15 July, 9至15日.
fn ranges_to_day(tokens: &Tokens<'_>, mut at: usize) -> bool {
    while tokens.is(at, Role::DateFiller) && tokens.joined(at) {
        at += 1;
    }
    if !tokens.joined(at) {
        return false;
    }
    let Some((_, mut next)) = day_number(tokens, at) else {
        return false;
    };
    if tokens.is(next, Role::DayMark) && tokens.joined(next) && !tokens.is(next, Role::NameAfter) {
        return true;
    }
    while tokens.is(next, Role::DateLink) && tokens.joined(next) {
        next += 1;
    }
    tokens.is(next, Role::Month) && tokens.joined(next)
}

/// 5号楼 and 5号线 are addresses; 五号 alone is a day.
fn after_day_is_name(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens.gap(at) == Gap::None && tokens.is(at, Role::NameAfter)
}

/// 两日 is two days; 90日 cannot be a day of a month and never comes here.
fn day_not_duration(tokens: &Tokens<'_>, at: usize, next: usize) -> bool {
    if tokens.is(at, Role::Pair)
        || tokens.is(next, Role::NameAfter) && tokens.is(at.wrapping_sub(1), Role::NameBefore)
    {
        return false;
    }
    let behind = next + 1;
    let length = tokens.joined(behind)
        && tokens.any(behind, Roles::of(&[Role::Within]))
        && !tokens.is_ascii(behind);
    !length
}

// ---- Quarters, halves, parts ----

/// Q3, 第三季度, third quarter: number, next token, whether fiscal.
fn quarter_at(tokens: &Tokens<'_>, at: usize) -> Option<(i64, usize, bool)> {
    let fiscal_form =
        |index: usize| tokens.is(index, Role::FiscalMark) || tokens.is(index, Role::Fiscal);
    if let Some(quarter) = tokens.value(at, Role::Quarter) {
        let mut next = at + 1;
        if tokens.is(next, Role::QuarterMark) && tokens.gap(next) == Gap::None {
            next += 1;
        }
        return Some((quarter, next, fiscal_form(at)));
    }
    let prefixed = tokens.is(at, Role::OrdinalPrefix);
    let start = at + usize::from(prefixed);
    let (number, mut next) = if let Some(number) = tokens
        .value(start, Role::Ordinal)
        .filter(|_| !tokens.is(start, Role::QuarterMark))
    {
        (number, start + 1)
    } else if prefixed || tokens.numeral(start).is_some() {
        day_number(tokens, start)
            .map(|(number, next)| (i64::from(number), next))
            .or_else(|| small_number(tokens, start, 4))?
    } else {
        return None;
    };
    if tokens.is_hyphen(next) && tokens.gap(next) == Gap::None {
        next += 1;
    }
    let fiscal = tokens.is(next, Role::Fiscal) && tokens.is_ascii(next);
    if fiscal && tokens.joined(next) {
        next += 1;
    }
    if !(1..=4).contains(&number) || !tokens.joined(next) || !tokens.is(next, Role::QuarterMark) {
        return None;
    }
    // *4 quarters* and 4季 without an ordinal are counts.
    if tokens.numeral(start).is_some() && !prefixed && next == start + 1 && tokens.is_ascii(next) {
        return None;
    }
    Some((number, next + 1, fiscal || fiscal_form(next)))
}

/// A quarter or half with the year behind it, or alone.
fn quarter_first(tokens: &Tokens<'_>, at: usize, context: &ReadContext) -> Option<Point> {
    let fiscal_first = tokens.is(at, Role::Fiscal) && tokens.is_ascii(at) && tokens.joined(at + 1);
    let start = at + usize::from(fiscal_first);
    let mut point = if let Some((quarter, next, fiscal)) = quarter_at(tokens, start) {
        let fiscal = fiscal || fiscal_first;
        Point {
            quarter: i8::try_from(quarter).ok(),
            grain: Grain::Quarter,
            fiscal,
            ..Point::new(next)
        }
    } else if let Some(half) = tokens.value(at, Role::HalfYear) {
        Point {
            half: i8::try_from(half).ok(),
            grain: Grain::Half,
            ..Point::new(at + 1)
        }
    } else {
        return None;
    };
    if tokens.is_ascii(at) {
        point = year_behind(tokens, point, context);
    }
    Some(part_behind(tokens, point))
}

/// The year behind a quarter, half or part: `of 2025`, `of fiscal 2026`, `2025`, `this year`, `of the year`.
fn year_behind(tokens: &Tokens<'_>, mut point: Point, context: &ReadContext) -> Point {
    let mut at = point.next;
    for _ in 0..3 {
        if tokens.is(at, Role::DateLink) && tokens.joined(at) {
            at += 1;
        }
    }
    if tokens.is_hyphen(at) && tokens.gap(at) == Gap::None {
        at += 1;
    }
    if !tokens.joined(at) {
        return point;
    }
    if let Some(year) = year_first(tokens, at, context) {
        point.year = year.year;
        point.fiscal |= year.fiscal;
        point.relative |= year.relative;
        point.next = year.next;
        return point;
    }
    // 3Q25
    if tokens.gap(at) == Gap::None
        && let Some(year) = tokens.plain_integer(at)
        && let Some(year) = whole_year(year, tokens.end(at) - tokens.start(at))
    {
        point.year = Some(year);
        point.next = at + 1;
        return point;
    }
    if let Some((days, next)) = pointed_year(tokens, at, context) {
        point.year = Some(days.0.year());
        point.relative = true;
        point.next = next;
    }
    point
}

/// `this year`, `last year`, `the year`.
fn pointed_year(tokens: &Tokens<'_>, at: usize, context: &ReadContext) -> Option<(Days, usize)> {
    let distance = tokens.value(at, Role::Pointer);
    let word = at + usize::from(distance.is_some());
    let unit = tokens
        .value(word, Role::Unit)
        .and_then(|unit| tokens.lexicon.unit(unit))?;
    if !tokens.joined(word) || unit.period != Some(5) {
        return None;
    }
    let year = context
        .reference?
        .year()
        .checked_add(i16::try_from(distance.unwrap_or(0)).ok()?)?;
    Some((calendar::year(year)?, word + 1))
}

/// `early 2026`, `the end of April`, `mid-2027`, `by the end of the year`.
fn part_before(tokens: &Tokens<'_>, at: usize, context: &ReadContext) -> Option<Point> {
    let part = tokens.value(at, Role::Part)?;
    if !tokens.is_ascii(at) {
        // 年底, 年初, 月底 alone belong to this year or month.
        return part_alone(tokens, at, part, context);
    }
    let mut next = at + 1;
    if tokens.is_hyphen(next) && tokens.gap(next) == Gap::None {
        next += 1;
    }
    while next < at + 4
        && tokens.any(next, Roles::of(&[Role::DateFiller, Role::DateLink]))
        && tokens.joined(next)
        && !tokens.is(next, Role::Pointer)
    {
        next += 1;
    }
    if !tokens.joined(next) {
        return None;
    }
    let mut point = match read(tokens, next, context, false) {
        Some(point) => point,
        None => {
            let unit = tokens
                .value(next, Role::Unit)
                .and_then(|unit| tokens.lexicon.unit(unit))?;
            if tokens.form(next).ends_with('s') {
                return None;
            }
            let (days, grain) = period_from(context.reference?, unit.period?, 0)?;
            Point {
                relative: true,
                ..Point::fixed(days, grain, next + 1)
            }
        }
    };
    if point.part.is_some() || point.grain == Grain::Day {
        return None;
    }
    point.part = Some(part);
    Some(point)
}

fn part_alone(tokens: &Tokens<'_>, at: usize, part: i64, context: &ReadContext) -> Option<Point> {
    let mut characters = tokens.form(at).chars();
    let (first, second) = (characters.next()?, characters.next());
    second?;
    let reference = context.reference?;
    // The character before 初, 底 or 末 is itself a mark: it tells the period.
    let head = tokens
        .lexicon
        .trie()
        .longest(tokens.form(at), 0, |found| found.end == first.len_utf8())?;
    let mark = tokens.lexicon.word(head.word)?;
    let (days, grain) = if mark.is(Role::YearMark) {
        (calendar::year(reference.year())?, Grain::Year)
    } else if mark.is(Role::MonthMark) {
        (
            calendar::month(reference.year(), reference.month())?,
            Grain::Month,
        )
    } else {
        return None;
    };
    Some(Point {
        part: Some(part),
        relative: true,
        ..Point::fixed(days, grain, at + 1)
    })
}

/// The period of a kind that is so many of its kind from a day: see `Role::Period`.
pub(super) fn period_from(day: Date, kind: i64, distance: i64) -> Option<(Days, Grain)> {
    Some(match kind {
        1 => {
            let day = calendar::shift(day, distance)?;
            ((day, day), Grain::Day)
        }
        2 => (calendar::week(day, distance)?, Grain::Week),
        3 => {
            let (year, month) = calendar::month_from(day, distance)?;
            (calendar::month(year, month)?, Grain::Month)
        }
        4 => {
            let (year, quarter) = calendar::quarter_from(day, distance)?;
            (calendar::quarter(year, quarter)?, Grain::Quarter)
        }
        5 => (
            calendar::year(day.year().checked_add(i16::try_from(distance).ok()?)?)?,
            Grain::Year,
        ),
        6 => {
            let decade = day.year() - day.year().rem_euclid(10);
            (
                calendar::decade(decade.checked_add(i16::try_from(distance * 10).ok()?)?)?,
                Grain::Decade,
            )
        }
        7 => {
            let (monday, sunday) = calendar::week(day, distance)?;
            ((calendar::shift(monday, 5)?, sunday), Grain::Day)
        }
        _ => return None,
    })
}

// ---- Relative ----

/// 昨天, 上周三, 下个月20号, last Friday, next quarter, 周五.
fn relative_point(tokens: &Tokens<'_>, at: usize, context: &ReadContext) -> Option<Point> {
    let word = tokens.word(at)?;
    let reference = context.reference?;
    let relative = |days: Days, grain: Grain, next: usize| Point {
        relative: true,
        ..Point::fixed(days, grain, next)
    };
    if let Some(distance) = word.value(Role::RelativeDay) {
        let day = calendar::shift(reference, distance)?;
        if let Some(point) = bracketed_day(tokens, at, false) {
            return Some(point);
        }
        if word.form.chars().count() == 1
            && !word.form.is_ascii()
            && !tokens.any(at + 1, Roles::of(&[Role::TimeOfDay]))
        {
            return None;
        }
        return Some(relative((day, day), Grain::Day, at + 1));
    }
    if let Some(distance) = word.value(Role::RelativeWeek) {
        let week = calendar::week(reference, distance)?;
        let next = at + 1;
        let weekday = tokens
            .value(next, Role::Weekday)
            .or_else(|| week_digit(tokens, next))
            .filter(|_| tokens.gap(next) == Gap::None);
        if let Some(weekday) = weekday {
            let day = calendar::shift(week.0, weekday - 1)?;
            return Some(relative((day, day), Grain::Day, next + 1));
        }
        if tokens.value(next, Role::Part) == Some(3) && tokens.gap(next) == Gap::None {
            return Some(relative(
                (calendar::shift(week.0, 5)?, week.1),
                Grain::Day,
                next + 1,
            ));
        }
        return Some(relative(week, Grain::Week, next));
    }
    if let Some(distance) = word.value(Role::RelativeMonth) {
        let (year, month) = calendar::month_from(reference, distance)?;
        let point = Point {
            year: Some(year),
            month: Some(month),
            grain: Grain::Month,
            relative: true,
            ..Point::new(at + 1)
        };
        return Some(after_month(tokens, point));
    }
    if let Some(distance) = word.value(Role::RelativeQuarter) {
        let (year, quarter) = calendar::quarter_from(reference, distance)?;
        let point = Point {
            year: Some(year),
            quarter: Some(quarter),
            grain: Grain::Quarter,
            relative: true,
            ..Point::new(at + 1)
        };
        return Some(part_behind(tokens, point));
    }
    if word.is(Role::Weekday) {
        return weekday(tokens, at, context);
    }
    if let Some(distance) = word.value(Role::Pointer) {
        return pointed(tokens, at, distance, reference);
    }
    None
}

/// 今（16）日, 週三（10日）: the day in brackets says it.
fn bracketed_day(tokens: &Tokens<'_>, at: usize, mark_inside: bool) -> Option<Point> {
    let gap = |left: usize| tokens.text.get(tokens.end(left)..tokens.start(left + 1));
    let day = tokens
        .plain_integer(at + 1)
        .filter(|day| (1..=31).contains(day))?;
    let (opening, closing) = (gap(at)?, gap(at + 1)?);
    if opening.trim() != "(" || !tokens.is(at + 2, Role::DayMark) {
        return None;
    }
    let inside = mark_inside && closing.is_empty() && tokens.byte_at(tokens.end(at + 2)) == b')';
    if !inside && closing.trim() != ")" {
        return None;
    }
    Some(Point {
        day: i8::try_from(day).ok(),
        grain: Grain::Day,
        relative: true,
        tail: usize::from(inside),
        ..Point::new(at + 3)
    })
}

/// The digit of a weekday behind 上周: 一 to 六, 日, 天.
fn week_digit(tokens: &Tokens<'_>, at: usize) -> Option<i64> {
    if tokens.is_ascii(at) {
        return None;
    }
    if let Some(digit) = tokens.value(at, Role::Digit) {
        return (1..=6).contains(&digit).then_some(digit);
    }
    (tokens.is(at, Role::DayMark) && !tokens.is(at, Role::NameAfter)
        || tokens
            .value(at, Role::Unit)
            .and_then(|unit| tokens.lexicon.unit(unit))
            .is_some_and(|unit| unit.period == Some(1) && tokens.form(at).chars().count() == 1))
    .then_some(7)
}

/// A weekday alone: the last one, as in a report; in a text that is nothing else, the next one.
fn weekday(tokens: &Tokens<'_>, at: usize, context: &ReadContext) -> Option<Point> {
    let number = tokens.value(at, Role::Weekday)?;
    let reference = context.reference?;
    if let Some(point) = bracketed_day(tokens, at, true) {
        return Some(point);
    }
    let mut next = at + 1;
    // Tuesday, March 4; Tuesday the 19th; 禮拜天, 二月十號: the date says it all.
    let mut dated = next;
    while dated < next + 2
        && tokens.any(dated, Roles::of(&[Role::DateLink, Role::DateFiller]))
        && tokens.joined(dated)
    {
        dated += 1;
    }
    if tokens.joined(dated) && dated <= next + 2 {
        let month = tokens
            .is(dated, Role::Month)
            .then(|| month_first(tokens, dated))
            .flatten();
        let date = month.or_else(|| {
            day_first(tokens, dated, context, true)
                .filter(|point| point.month.is_some() || point.day.is_some())
        });
        if let Some(point) = date.filter(|point| point.day.is_some() || point.fixed.is_some()) {
            return Some(on_weekday(point, number, reference).unwrap_or(point));
        }
    }
    let of = next
        + usize::from(
            tokens.is(next, Role::DateLink) && tokens.is_ascii(next) && tokens.joined(next),
        );
    if tokens.joined(of)
        && let Some(distance) = tokens
            .value(of, Role::Pointer)
            .filter(|_| tokens.is_ascii(of))
        && let Some(week) = pointed(tokens, of, distance, reference)
        && week.grain == Grain::Week
        && let Some((monday, _)) = week.fixed
    {
        let day = calendar::shift(monday, number - 1)?;
        return Some(Point {
            relative: true,
            ..Point::fixed((day, day), Grain::Day, week.next)
        });
    }
    let wanted = calendar::weekday(number)?.to_monday_one_offset();
    let today = reference.weekday().to_monday_one_offset();
    let back = i64::from((today - wanted).rem_euclid(7));
    if tokens.is(next, Role::RelativeWeek) {
        next = at + 1;
    }
    let alone = tokens.trimmed <= tokens.end(next.saturating_sub(1)) - tokens.start(at) + 3;
    let distance = if alone { 7 - back } else { -back };
    let day = calendar::shift(reference, distance)?;
    Some(Point {
        relative: true,
        ..Point::fixed((day, day), Grain::Day, next)
    })
}

/// A day of the month with its weekday: the nearest such day on which both are right.
fn on_weekday(point: Point, weekday: i64, reference: Date) -> Option<Point> {
    let day = point.day.filter(|_| point.month.is_none())?;
    let wanted = calendar::weekday(weekday)?;
    [0, 1, -1, 2, -2, 3, -3].into_iter().find_map(|distance| {
        let (year, month) = calendar::month_from(reference, distance)?;
        let (date, _) = calendar::day(year, month, day)?;
        (date.weekday() == wanted).then(|| Point {
            tail: point.tail,
            ..Point::fixed((date, date), Grain::Day, point.next)
        })
    })
}

/// `last year`, `next Monday`, `this quarter`, `the previous week`, `last March`.
fn pointed(tokens: &Tokens<'_>, at: usize, distance: i64, reference: Date) -> Option<Point> {
    let next = at + 1;
    if !tokens.joined(next) {
        return None;
    }
    let relative = |days: Days, grain: Grain, next: usize| Point {
        relative: true,
        ..Point::fixed(days, grain, next)
    };
    if let Some(number) = tokens
        .value(next, Role::Weekday)
        .filter(|_| tokens.is_ascii(next))
    {
        let week = calendar::week(reference, distance)?;
        let mut day = calendar::shift(week.0, number - 1)?;
        if distance == 0 && day < reference {
            day = calendar::shift(day, 7)?;
        }
        if distance < 0 && calendar::shift(day, 7)? < reference {
            day = calendar::shift(day, 7)?;
        }
        return Some(relative((day, day), Grain::Day, next + 1));
    }
    if let Some(month) = tokens.value(next, Role::Month) {
        let month = i8::try_from(month).ok()?;
        let year = match distance {
            0 => reference.year(),
            1.. => reference.year() + i16::from(month <= reference.month()),
            _ => reference.year() - i16::from(month >= reference.month()),
        };
        return Some(relative(
            calendar::month(year, month)?,
            Grain::Month,
            next + 1,
        ));
    }
    let kind = tokens.value(next, Role::Period).or_else(|| {
        let unit = tokens
            .value(next, Role::Unit)
            .and_then(|unit| tokens.lexicon.unit(unit))?;
        unit.period.filter(|_| {
            tokens.is_ascii(next) && !tokens.form(next).ends_with('s')
                || !tokens.is_ascii(next) && tokens.is_ascii(at) == tokens.is_ascii(next)
        })
    });
    let kind =
        kind.or_else(|| (tokens.is(next, Role::QuarterMark) && tokens.is_ascii(next)).then_some(4));
    let fiscal = tokens.is(next, Role::Fiscal) && tokens.is_ascii(next);
    if fiscal {
        let (days, grain) = period_from(reference, 5, distance)?;
        let year = tokens.value(next + 1, Role::Unit).is_some() && tokens.joined(next + 1);
        return Some(Point {
            fiscal: true,
            ..relative(days, grain, next + 1 + usize::from(year))
        });
    }
    let (days, grain) = period_from(reference, kind?, distance)?;
    Some(relative(days, grain, next + 1))
}

/// `the first Monday of March 2014`, 十月第一个星期一, `third day of October`.
fn nth_weekday(tokens: &Tokens<'_>, at: usize, context: &ReadContext) -> Option<Point> {
    let count = match tokens
        .value(at, Role::Ordinal)
        .filter(|_| tokens.is_ascii(at))
    {
        Some(ordinal) => ordinal,
        None if tokens.value(at, Role::Pointer) == Some(-1) && tokens.is_ascii(at) => -1,
        None => return None,
    };
    let weekday = tokens
        .value(at + 1, Role::Weekday)
        .filter(|_| tokens.joined(at + 1));
    let unit = tokens
        .value(at + 1, Role::Unit)
        .and_then(|unit| tokens.lexicon.unit(unit))
        .filter(|_| tokens.joined(at + 1));
    let is_day = unit.is_some_and(|unit| unit.period == Some(1));
    let is_week = unit.is_some_and(|unit| unit.period == Some(2));
    if weekday.is_none() && !is_day && !is_week {
        return None;
    }
    let mut next = at + 2;
    let linked = next;
    while next < linked + 2
        && tokens.any(next, Roles::of(&[Role::DateLink, Role::DateFiller]))
        && tokens.joined(next)
    {
        next += 1;
    }
    if next == linked || !tokens.joined(next) {
        return None;
    }
    let month = read(tokens, next, context, false)?;
    if month.grain != Grain::Month && !(is_week && month.grain == Grain::Year) {
        return None;
    }
    let (low, high) = month.days(context)?;
    let found = |days: Days, grain: Grain| {
        Some(Point {
            relative: month.relative,
            ..Point::fixed(days, grain, month.next)
        })
    };
    if is_day {
        let day = if count < 0 {
            high
        } else {
            calendar::shift(low, count - 1)?
        };
        return found((day, day), Grain::Day);
    }
    if is_week {
        let first = calendar::week(calendar::shift(low, 3)?, 0)?;
        let days = if count < 0 {
            calendar::week(calendar::shift(high, -3)?, 0)?
        } else {
            (
                calendar::shift(first.0, 7 * (count - 1))?,
                calendar::shift(first.1, 7 * (count - 1))?,
            )
        };
        return found(days, Grain::Week);
    }
    let weekday = calendar::weekday(weekday?)?;
    let nth = i8::try_from(count).ok()?;
    let day = low.nth_weekday_of_month(nth, weekday).ok()?;
    found((day, day), Grain::Day)
}

/// 十月的第一周, 2月份第二周, 十月第一个星期一, 2021年的第三个月: the nth week, weekday or month of a period.
fn nth_inside(tokens: &Tokens<'_>, point: Point, context: &ReadContext) -> Point {
    nth_of(tokens, &point, context).unwrap_or(point)
}

fn nth_of(tokens: &Tokens<'_>, point: &Point, context: &ReadContext) -> Option<Point> {
    if !matches!(point.grain, Grain::Month | Grain::Year) || point.part.is_some() {
        return None;
    }
    let mut at = point.next
        + usize::from(tokens.is(point.next, Role::DateLink) && !tokens.is_ascii(point.next));
    if tokens.is_ascii(at) || !tokens.joined(at) {
        return None;
    }
    let count = if let Some(ordinal) = tokens.value(at, Role::Ordinal) {
        at += 1;
        ordinal
    } else if tokens.is(at, Role::OrdinalPrefix) {
        let (count, next) = small_number(tokens, at + 1, 53)?;
        at = next;
        count
    } else if tokens.value(at, Role::Leading) == Some(-1) {
        at += 1 + usize::from(tokens.value(at + 1, Role::Digit) == Some(1));
        -1
    } else {
        return None;
    };
    if tokens.is(at, Role::Classifier) && tokens.gap(at) == Gap::None {
        at += 1;
    }
    if tokens.gap(at) != Gap::None {
        return None;
    }
    let (low, high) = point.days(context)?;
    let found = |days: Days, grain: Grain, next: usize| {
        Some(Point {
            relative: point.relative,
            ..Point::fixed(days, grain, next)
        })
    };
    if let Some(weekday) = tokens.value(at, Role::Weekday) {
        let day = low
            .nth_weekday_of_month(i8::try_from(count).ok()?, calendar::weekday(weekday)?)
            .ok()?;
        return found((day, day), Grain::Day, at + 1);
    }
    if point.grain == Grain::Year && tokens.any(at, Roles::of(&[Role::MonthMark])) && count > 0 {
        return found(
            calendar::month(low.year(), i8::try_from(count).ok()?)?,
            Grain::Month,
            at + 1,
        );
    }
    let unit = tokens
        .value(at, Role::Unit)
        .and_then(|unit| tokens.lexicon.unit(unit))?;
    if unit.period == Some(3) && point.grain == Grain::Year && count > 0 {
        return found(
            calendar::month(low.year(), i8::try_from(count).ok()?)?,
            Grain::Month,
            at + 1,
        );
    }
    if unit.period != Some(2) {
        return None;
    }
    // The first week is that of the first Monday.
    let late = i64::from(low.weekday().to_monday_zero_offset());
    let first = calendar::shift(low, (7 - late) % 7)?;
    let monday = if count < 0 {
        calendar::week(high, 0)?.0
    } else {
        calendar::shift(first, 7 * (count - 1))?
    };
    found((monday, calendar::shift(monday, 6)?), Grain::Week, at + 1)
}

const HAN_NUMERALS: Roles = Roles::of(&[Role::Digit, Role::Place, Role::Tens]);

/// A whole number up to a limit, in ASCII digits or Chinese, and the token after it.
pub(super) fn small_number(tokens: &Tokens<'_>, at: usize, limit: i64) -> Option<(i64, usize)> {
    if let Some(value) = tokens.plain_integer(at) {
        return (0..=limit).contains(&value).then_some((value, at + 1));
    }
    if tokens.is_ascii(at) || !tokens.any(at, HAN_NUMERALS) {
        return None;
    }
    // One to five words: 五, 十, 十五, 廿五, 三十一, 一百一十四.
    let mut value = 0;
    let mut digit = None;
    let mut next = at;
    while next < at + 6
        && (next == at || tokens.joined(next))
        && tokens.any(next, HAN_NUMERALS)
        && !tokens.is_ascii(next)
    {
        if let Some(found) = tokens.value(next, Role::Digit) {
            match digit {
                None | Some(0) => digit = Some(found),
                Some(_) => return None,
            }
        } else if let Some(tens) = tokens.value(next, Role::Tens) {
            value += tens;
        } else {
            let power = u32::try_from(tokens.value(next, Role::Place)?).ok()?;
            value += digit.take().unwrap_or(1) * 10_i64.checked_pow(power)?;
        }
        next += 1;
    }
    let goes_on = tokens.joined(next)
        && (tokens.any(
            next,
            Roles::of(&[Role::Myriad, Role::Denominator, Role::Digit, Role::Place]),
        ) || tokens.is(next, Role::Point) && tokens.is(next + 1, Role::Digit));
    value += digit.unwrap_or(0);
    (!goes_on && (0..=limit).contains(&value)).then_some((value, next))
}
