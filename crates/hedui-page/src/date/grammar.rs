//! The grammar of dates over tokens.

use jiff::civil::{Date, Time};
use jiff::tz::Offset;

use super::token::{Piece, Token, cut};
use super::{Found, Stamp, short};
use crate::words::{DateWord, MarkPart, Words};

/// Reads a date that is all of `text`.
pub(super) fn read_whole(text: &str, words: &Words) -> Option<Stamp> {
    let tokens = cut(text, words);
    let reader = Reader { tokens: &tokens };
    let start = reader.skip_opening(0);
    let (stamp, end) = reader.stamp(start)?;
    let end = reader.skip_closing(end);
    (end == tokens.len()).then_some(stamp)
}

/// Finds all dates in `text`.
pub(super) fn find_all(text: &str, words: &Words) -> Vec<Found> {
    // No date without digits: most text ends here.
    let has_digit = text.chars().any(|c| {
        c.is_ascii_digit() || ('\u{FF10}'..='\u{FF19}').contains(&c) || words.digit(c).is_some()
    });
    if !has_digit {
        return Vec::new();
    }
    let tokens = cut(text, words);
    let reader = Reader { tokens: &tokens };
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let begins = matches!(
            token.piece,
            Piece::Number(..)
                | Piece::Spelled(_)
                | Piece::Word(DateWord::Month(_) | DateWord::Era(_))
        );
        let after_number = at > 0 && reader.is_number_before(at);
        let read = (begins && !after_number)
            .then(|| reader.stamp(at))
            .flatten();
        let read = read.filter(|(stamp, _)| (1900..=2200).contains(&stamp.date.year()));
        if let Some((stamp, end)) = read {
            let last = tokens.get(end.saturating_sub(1)).unwrap_or(token);
            found.push(Found {
                stamp,
                start: token.start,
                end: last.end,
            });
            at = end.max(at + 1);
        } else {
            at += 1;
        }
    }
    found
}

struct Reader<'a> {
    tokens: &'a [Token],
}

/// Day, month and year, and what is implied about the zone.
struct Day {
    date: Date,
    ambiguous: bool,
    zone: Option<i32>,
    end: usize,
}

struct Clock {
    time: Time,
    zone: Option<i32>,
    end: usize,
}

impl Reader<'_> {
    fn piece(&self, at: usize) -> Option<Piece> {
        self.tokens.get(at).map(|token| token.piece)
    }

    fn is_sign(&self, at: usize, sign: char) -> bool {
        self.piece(at) == Some(Piece::Sign(sign))
    }

    fn number(&self, at: usize) -> Option<(i64, usize)> {
        match self.piece(at)? {
            Piece::Number(value, digits) => Some((value, digits)),
            _ => None,
        }
    }

    /// A number in digits or in characters.
    fn any_number(&self, at: usize) -> Option<(i64, usize)> {
        match self.piece(at)? {
            Piece::Number(value, digits) => Some((value, digits)),
            Piece::Spelled(value) => Some((value, if value > 999 { 4 } else { 2 })),
            _ => None,
        }
    }

    fn mark(&self, at: usize, part: MarkPart) -> Option<Option<i32>> {
        match self.piece(at)? {
            Piece::Word(DateWord::Mark(found, zone)) if found == part => Some(zone),
            _ => None,
        }
    }

    fn spaces(&self, at: usize) -> usize {
        if self.piece(at) == Some(Piece::Space) {
            at + 1
        } else {
            at
        }
    }

    /// A number, point or slash directly before means that this is a part of something longer.
    fn is_number_before(&self, at: usize) -> bool {
        match self.piece(at - 1) {
            Some(Piece::Number(..)) => true,
            Some(Piece::Sign('.' | '/' | '-' | ':')) => {
                at >= 2 && matches!(self.piece(at - 2), Some(Piece::Number(..)))
            }
            _ => false,
        }
    }

    /// Skips weekdays and what stands after them.
    fn skip_opening(&self, mut at: usize) -> usize {
        while let Some(piece) = self.piece(at) {
            match piece {
                Piece::Space
                | Piece::Sign(',' | '.' | '(' | '[')
                | Piece::Word(DateWord::Weekday) => at += 1,
                _ => break,
            }
        }
        at
    }

    fn skip_closing(&self, mut at: usize) -> usize {
        while let Some(piece) = self.piece(at) {
            match piece {
                Piece::Space
                | Piece::Sign(',' | '.' | ')' | ']')
                | Piece::Word(DateWord::Weekday) => at += 1,
                _ => break,
            }
        }
        at
    }

    /// Reads day, time and zone at a token.
    fn stamp(&self, at: usize) -> Option<(Stamp, usize)> {
        if let Some(found) = self.asctime(at) {
            return Some(found);
        }
        let before = self.clock(at).and_then(|clock| {
            let next = self.fillers(clock.end);
            let day = self.day(next)?;
            (next > clock.end).then_some((clock, day))
        });
        if let Some((clock, day)) = before {
            let end = day.end;
            return stamp_of(&day, Some(&clock), end);
        }
        let day = self.day(at)?;
        let end = day.end;
        let Some(clock) = self.clock_after(end) else {
            // `…28T` without a time, and `2013-01-27-01`, are no dates of whole strings; in text the day stands.
            return stamp_of(&day, None, end);
        };
        let end = clock.end;
        stamp_of(&day, Some(&clock), end)
    }

    /// `Jan 4 16:29:06 2004`, with the year or a zone and the year at the end.
    fn asctime(&self, at: usize) -> Option<(Stamp, usize)> {
        let Piece::Word(DateWord::Month(month)) = self.piece(at)? else {
            return None;
        };
        let day_at = self.spaces(self.point(at + 1));
        let (day, digits) = self.number(day_at)?;
        let clock_at = self.spaces(day_at + 1);
        let clock = self.clock(clock_at)?;
        let year_at = self.spaces(clock.end);
        let (year, year_digits) = self.number(year_at)?;
        if digits > 2 || year_digits != 4 || clock_at == day_at + 1 {
            return None;
        }
        let day = Day {
            date: date(year, i64::from(month), day)?,
            ambiguous: false,
            zone: None,
            end: year_at + 1,
        };
        let end = day.end;
        stamp_of(&day, Some(&clock), end)
    }

    fn day(&self, at: usize) -> Option<Day> {
        self.marked_day(at)
            .or_else(|| self.named_day(at))
            .or_else(|| self.plain_day(at))
    }

    /// 2025年9月24日, 民國114年9月24日, 2004년 05월 28일.
    fn marked_day(&self, at: usize) -> Option<Day> {
        let (zero, at) = match self.piece(at)? {
            Piece::Word(DateWord::Era(zero)) => (i64::from(zero), self.spaces(at + 1)),
            _ => (0, at),
        };
        let (year, digits) = self.any_number(at)?;
        let year_mark = self.spaces(at + 1);
        let zone = self.mark(year_mark, MarkPart::Year)?;
        let month_at = self.spaces(year_mark + 1);
        let (month, _) = self.any_number(month_at)?;
        let month_mark = self.spaces(month_at + 1);
        self.mark(month_mark, MarkPart::Month)?;
        let day_at = self.spaces(month_mark + 1);
        let (day, _) = self.any_number(day_at)?;
        let day_mark = self.spaces(day_at + 1);
        let end = match self.mark(day_mark, MarkPart::Day) {
            Some(_) => day_mark + 1,
            None => day_at + 1,
        };
        let year = year_of(year, digits, zero)?;
        Some(Day {
            date: date(year, month, day)?,
            ambiguous: false,
            zone,
            end,
        })
    }

    /// A month by name: `24 September 2025`, `Sept. 24th, 2025`, `2004-július-13`.
    fn named_day(&self, at: usize) -> Option<Day> {
        if let Piece::Word(DateWord::Month(month)) = self.piece(at)? {
            let day_at = self.separator(self.point(at + 1));
            let (day, digits) = self.number(day_at)?;
            let year_at = self.separator(self.ordinal(day_at + 1));
            let (year, year_digits) = self.number(year_at)?;
            return (digits <= 2 && year_digits == 4)
                .then(|| named(year, month, day, year_at + 1))
                .flatten();
        }
        let (first, digits) = self.number(at)?;
        let month_at = self.separator(self.ordinal(at + 1));
        let Piece::Word(DateWord::Month(month)) = self.piece(month_at)? else {
            return None;
        };
        let last_at = self.separator(self.point(month_at + 1));
        let (last, last_digits) = self.number(last_at)?;
        match (digits, last_digits) {
            (4, 1 | 2) => named(first, month, last, last_at + 1),
            (1 | 2, 4) => named(last, month, first, last_at + 1),
            (1 | 2, 2) => {
                let year = i64::from(short::century(last.try_into().ok()?));
                named(year, month, first, last_at + 1)
            }
            _ => None,
        }
    }

    /// Three numbers: `2025-09-24`, `2025/9/24`, `24.09.2025`, `09/24/2025`, `114/09/24`, `20250924`.
    fn plain_day(&self, at: usize) -> Option<Day> {
        let (zero, at) = match self.piece(at)? {
            Piece::Word(DateWord::Era(zero)) => (i64::from(zero), self.spaces(at + 1)),
            _ => (0, at),
        };
        let (first, digits) = self.number(at)?;
        if digits == 8 && zero == 0 {
            let end = at + 1;
            return (1900..2200)
                .contains(&(first / 10_000))
                .then(|| named_number(first, end))
                .flatten();
        }
        let Some(Piece::Sign(sign @ ('-' | '/' | '.'))) = self.piece(at + 1) else {
            return None;
        };
        let (second, second_digits) = self.number(at + 2)?;
        if !self.is_sign(at + 3, sign) {
            return None;
        }
        let (third, third_digits) = self.number(at + 4)?;
        let end = at + 5;
        // Something longer: an IP address, a telephone number, a version.
        let goes_on = self.is_sign(end, sign) && self.number(end + 1).is_some();
        if goes_on || second_digits > 3 {
            return None;
        }
        match (digits, third_digits) {
            (4, 1 | 2) => named_plain(first, second, third, false, end),
            (4, 3) if third < 32 => named_plain(first, second, third, false, end),
            (1..=3, 1 | 2) if zero > 0 || (digits == 3 && (90..=200).contains(&first)) => {
                let year = if zero > 0 { first + zero } else { first + 1911 };
                named_plain(year, second, third, false, end)
            }
            (1 | 2, 4) => {
                let swap = sign == '.' || first > 12;
                let (month, day) = if swap {
                    (second, first)
                } else {
                    (first, second)
                };
                let ambiguous = sign != '.' && first <= 12 && second <= 12 && first != second;
                named_plain(third, month, day, ambiguous, end)
            }
            _ => None,
        }
    }

    /// Reads a time after a day: separated by space, `T`, a comma, a bracket, a weekday.
    fn clock_after(&self, at: usize) -> Option<Clock> {
        let mut next = at;
        let mut signs = 0;
        while let Some(piece) = self.piece(next) {
            match piece {
                Piece::Space | Piece::Word(DateWord::Weekday | DateWord::Filler) => next += 1,
                // *at* is a zone to some, and a word before a time to most.
                Piece::Word(DateWord::Zone(_)) if self.number(self.spaces(next + 1)).is_some() => {
                    next += 1
                }
                Piece::Sign(',' | '-' | '|' | '(' | ')' | '·' | '•' | '–' | '—' | '[' | ']')
                    if signs < 3 =>
                {
                    signs += 1;
                    next += 1;
                }
                _ => break,
            }
        }
        if let Some(Piece::Other) = self.piece(next)
            && next == at
            && self
                .tokens
                .get(next)
                .is_some_and(|token| token.end - token.start == 1)
        {
            // The `T` of ISO 8601.
            next += 1;
        }
        if next > at {
            self.clock(next)
        } else {
            self.clock(at)
        }
    }

    /// Reads a time: `13:43`, `1:43:05.5 pm`, 下午 3:20, 13时43分, with a zone behind it.
    fn clock(&self, at: usize) -> Option<Clock> {
        let (before, hour_at) = match self.piece(at)? {
            Piece::Word(DateWord::Meridiem {
                afternoon,
                zone_minutes,
            }) => (Some((afternoon, zone_minutes)), self.spaces(at + 1)),
            _ => (None, at),
        };
        let (hour, digits) = self.number(hour_at)?;
        if digits > 2 {
            return None;
        }
        let (minute, second, mut end) = self.minutes(hour_at, before.is_some())?;
        let mut meridiem = before;
        let after = self.spaces(end);
        if let Some(Piece::Word(DateWord::Meridiem {
            afternoon,
            zone_minutes,
        })) = self.piece(after)
        {
            meridiem = Some((afternoon, zone_minutes));
            end = after + 1;
        }
        let hour = match meridiem {
            Some((true, _)) if hour < 12 => hour + 12,
            Some((false, _)) if hour == 12 => 0,
            _ => hour,
        };
        let (hour, second) = if hour == 24 && minute == 0 {
            (0, second)
        } else {
            (hour, second.min(60))
        };
        let second = if second == 60 { 59 } else { second };
        let time = Time::new(
            hour.try_into().ok()?,
            minute.try_into().ok()?,
            second.try_into().ok()?,
            0,
        )
        .ok()?;
        let implied = meridiem.and_then(|(_, zone)| zone);
        let (zone, end) = self.zone(end);
        Some(Clock {
            time,
            zone: zone.or(implied),
            end,
        })
    }

    /// Reads minutes and seconds after an hour; a bare hour is a time only beside *am* or *pm*.
    fn minutes(&self, hour_at: usize, has_meridiem: bool) -> Option<(i64, i64, usize)> {
        let at = hour_at + 1;
        if self.mark(at, MarkPart::Hour).is_some() {
            let (minute, _) = self.number(at + 1).unwrap_or((0, 0));
            let end = if self.mark(at + 2, MarkPart::Minute).is_some() {
                at + 3
            } else {
                at + 1
            };
            let minute = if end == at + 1 { 0 } else { minute };
            let second_end = self.mark(end + 1, MarkPart::Second).map(|_| end + 2);
            let second = second_end
                .and(self.number(end))
                .map_or(0, |(value, _)| value);
            return Some((minute, second, second_end.unwrap_or(end)));
        }
        let colon = self.is_sign(at, ':');
        let point = self.is_sign(at, '.');
        if !(colon || point) {
            let after = self.spaces(at);
            let meridiem_after = matches!(
                self.piece(after),
                Some(Piece::Word(DateWord::Meridiem { .. }))
            );
            return (has_meridiem || meridiem_after).then_some((0, 0, at));
        }
        let (minute, digits) = self.number(at + 1)?;
        let meridiem_after = || {
            let after = self.spaces(at + 2);
            matches!(
                self.piece(after),
                Some(Piece::Word(DateWord::Meridiem { .. }))
            )
        };
        if digits != 2 && !(colon && digits == 1) || (point && !meridiem_after()) {
            return None;
        }
        if !self.is_sign(at + 2, ':') {
            return Some((minute, 0, at + 2));
        }
        let Some((second, _)) = self.number(at + 3) else {
            return Some((minute, 0, at + 2));
        };
        let mut end = at + 4;
        if self.is_sign(end, '.') && self.number(end + 1).is_some() {
            end += 2;
        }
        if self.is_sign(end, ':') || second > 60 {
            return None;
        }
        Some((minute, second, end))
    }

    /// Reads a zone in minutes east of UTC: a name, an offset, or both (`GMT+8`, `+0800 (CST)`).
    fn zone(&self, at: usize) -> (Option<i32>, usize) {
        let next = self.spaces(at);
        let next = if self.is_sign(next, '(') {
            next + 1
        } else {
            next
        };
        match self.piece(next) {
            Some(Piece::Word(DateWord::Zone(minutes))) => {
                let signed = self.spaces(next + 1);
                let close = |end: usize| if self.is_sign(end, ')') { end + 1 } else { end };
                // `Etc/GMT`: the words before it are not in the way, since they are one row.
                match self.offset(signed).filter(|_| minutes == 0) {
                    Some((offset, end)) => (Some(offset), close(end)),
                    None => (Some(minutes), close(next + 1)),
                }
            }
            _ => match self.offset(next) {
                Some((offset, end)) => (Some(offset), self.zone_comment(end)),
                None => (
                    self.named_region(next).map(|_| 0),
                    self.named_region(next).unwrap_or(at),
                ),
            },
        }
    }

    /// `Etc/GMT`: a region that is not listed, a slash, and a zone.
    fn named_region(&self, at: usize) -> Option<usize> {
        let is_region = self.piece(at) == Some(Piece::Other) && self.is_sign(at + 1, '/');
        match self.piece(at + 2) {
            Some(Piece::Word(DateWord::Zone(0))) if is_region => Some(at + 3),
            _ => None,
        }
    }

    /// Skips a name in brackets after an offset.
    fn zone_comment(&self, at: usize) -> usize {
        let open = self.spaces(at);
        let is_comment = self.is_sign(open, '(')
            && matches!(
                self.piece(open + 1),
                Some(Piece::Other | Piece::Word(DateWord::Zone(_)))
            );
        match (open..(open + 12).min(self.tokens.len())).find(|&end| self.is_sign(end, ')')) {
            Some(end) if is_comment => end + 1,
            _ => at,
        }
    }

    /// Reads `+08:00`, `-0500`, `+8`, in minutes.
    fn offset(&self, at: usize) -> Option<(i32, usize)> {
        let sign = match self.piece(at)? {
            Piece::Sign('+') => 1,
            Piece::Sign('-' | '\u{2212}') => -1,
            _ => return None,
        };
        let (value, digits) = self.number(at + 1)?;
        let (hours, minutes, end) = match digits {
            1 | 2 if self.is_sign(at + 2, ':') => {
                let (minutes, minute_digits) = self.number(at + 3)?;
                (value, if minute_digits == 2 { minutes } else { 99 }, at + 4)
            }
            1 | 2 => (value, 0, at + 2),
            3 | 4 => (value / 100, value % 100, at + 2),
            _ => return None,
        };
        if hours > 15 || minutes > 59 {
            return None;
        }
        i32::try_from(sign * (hours * 60 + minutes))
            .ok()
            .map(|minutes| (minutes, end))
    }

    fn point(&self, at: usize) -> usize {
        if self.is_sign(at, '.') { at + 1 } else { at }
    }

    /// Skips `th` and its like.
    fn ordinal(&self, at: usize) -> usize {
        match self.piece(at) {
            Some(Piece::Word(DateWord::Filler)) => at + 1,
            _ => at,
        }
    }

    /// Skips what may stand between the parts of a named day.
    fn separator(&self, mut at: usize) -> usize {
        for _ in 0..4 {
            match self.piece(at) {
                Some(
                    Piece::Space
                    | Piece::Sign(',' | '-' | '/' | '.')
                    | Piece::Word(DateWord::Filler),
                ) => at += 1,
                _ => break,
            }
        }
        at
    }

    fn fillers(&self, mut at: usize) -> usize {
        for _ in 0..6 {
            match self.piece(at) {
                Some(
                    Piece::Space
                    | Piece::Sign(',' | '-' | '|' | '·' | '•')
                    | Piece::Word(DateWord::Filler | DateWord::Weekday),
                ) => at += 1,
                _ => break,
            }
        }
        at
    }
}

fn stamp_of(day: &Day, clock: Option<&Clock>, end: usize) -> Option<(Stamp, usize)> {
    let zone = clock.and_then(|clock| clock.zone).or(day.zone);
    let offset = zone.and_then(|minutes| Offset::from_seconds(minutes * 60).ok());
    let stamp = Stamp {
        date: day.date,
        time: clock.map(|clock| clock.time),
        offset,
        ambiguous: day.ambiguous,
    };
    Some((stamp, end))
}

fn date(year: i64, month: i64, day: i64) -> Option<Date> {
    Date::new(
        year.try_into().ok()?,
        month.try_into().ok()?,
        day.try_into().ok()?,
    )
    .ok()
}

/// Reads a year with its calendar; two digits without a calendar get their century.
fn year_of(year: i64, digits: usize, zero: i64) -> Option<i64> {
    if zero > 0 {
        return Some(year + zero);
    }
    match digits {
        4 => Some(year),
        2 => Some(i64::from(short::century(year.try_into().ok()?))),
        3 if (90..=200).contains(&year) => Some(year + 1911),
        _ => None,
    }
}

fn named(year: i64, month: i8, day: i64, end: usize) -> Option<Day> {
    named_plain(year, i64::from(month), day, false, end)
}

fn named_number(number: i64, end: usize) -> Option<Day> {
    named_plain(
        number / 10_000,
        number / 100 % 100,
        number % 100,
        false,
        end,
    )
}

fn named_plain(year: i64, month: i64, day: i64, ambiguous: bool, end: usize) -> Option<Day> {
    Some(Day {
        date: date(year, month, day)?,
        ambiguous,
        zone: None,
        end,
    })
}
