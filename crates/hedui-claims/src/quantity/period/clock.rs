//! One time on the clock: 9:30, 3 p.m., 上午10点20分, 8.30pm, 1400 GMT, noon, nine thirty.
//!
//! It is kept as it is written, with the part of the day that stands beside it; which half of the day is meant is for
//! [`Part::place`]. Whose clock it is (*ET*, 北京时间) is passed over: times are those of the place that is spoken of.

use hedui_text::lexicon::quantities::{Role, Roles};

use super::super::token::{Gap, TokenKind, Tokens};
use super::small_number::han_number;

const HOUR: i32 = 3_600;

/// Hours of the day as a word means them; from midnight, and equal ends are an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) from: i32,
    pub(super) to: i32,
}

impl Part {
    /// Finds the second of the day that a time on a clock of twelve hours means in this part; one of 24 hours stays.
    pub(super) fn place(self, written: i32) -> i32 {
        let (hour, rest) = (written / HOUR, written % HOUR);
        if hour > 12 {
            return written;
        }
        if hour == 12 && self.to == 12 && self.from > 0 {
            return written;
        }
        if hour == 12 && self.from == 24 && rest > 0 {
            // 午夜12时01分 is a minute into the day.
            return rest;
        }
        let earliest = if self.to <= 12 { 0 } else { self.from.min(16) };
        let mut placed = hour % 12;
        while placed < earliest {
            placed += 12;
        }
        placed * HOUR + rest
    }

    /// Its first second, and the one after its last.
    pub(super) fn seconds(self) -> (i32, i32) {
        (self.from * HOUR, self.to * HOUR)
    }
}

/// Reads the hours that a word means: *evening*, 上午, 今晚, *noon*.
pub(super) fn part_at(tokens: &Tokens<'_>, at: usize) -> Option<Part> {
    let value = tokens
        .value(at, Role::TimeOfDay)
        .or_else(|| tokens.value(at, Role::PartOfDay))?;
    let value = i32::try_from(value).ok()?;
    let part = Part {
        from: value / 100,
        to: value % 100,
    };
    (0 <= part.from && part.from <= part.to && part.to <= 24).then_some(part)
}

/// A time on the clock.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    /// The seconds since midnight as the hours are written.
    pub(super) written: i32,
    /// The part of the day that is said with it.
    pub(super) part: Option<Part>,
    /// Whether its form alone shows what it is: a colon, a mark, a part of the day.
    pub(super) is_shown: bool,
    pub(super) next: usize,
}

/// Reads a time that starts at a token. A bare number up to 24 is one too, and not shown to be.
pub(super) fn clock(tokens: &Tokens<'_>, at: usize) -> Option<Clock> {
    let leads = tokens.is(at, Role::TimeOfDay);
    let part = part_at(tokens, at).filter(|_| leads);
    if let Some(part) = part.filter(|part| part.from == part.to)
        && !(tokens.gap(at + 1) == Gap::None && face(tokens, at + 1).is_some())
    {
        return Some(Clock {
            written: part.from * HOUR,
            part: None,
            is_shown: true,
            next: zone_behind(tokens, at + 1),
        });
    }
    if leads && (tokens.is_ascii(at) || !tokens.joined(at + 1)) {
        return None;
    }
    let mut found = face(tokens, at + usize::from(leads))?;
    found.part = part;
    found.is_shown |= leads;
    if part.is_none()
        && tokens.joined(found.next)
        && tokens.is_ascii(found.next)
        && !tokens.is(found.next, Role::RelativeDay)
        && let Some(part) = part_at(tokens, found.next)
        && (tokens.is(found.next, Role::TimeOfDay) || found.is_shown)
    {
        found.part = Some(part);
        found.is_shown = true;
        found.next += 1;
    }
    found.next = zone_behind(tokens, found.next);
    (found.written <= 24 * HOUR).then_some(found)
}

/// The hours and minutes themselves.
fn face(tokens: &Tokens<'_>, at: usize) -> Option<Clock> {
    let shown = |written: i32, next: usize| Clock {
        written,
        part: None,
        is_shown: true,
        next,
    };
    if let TokenKind::Clock(hours, minutes, seconds) = tokens.get(at)?.kind {
        let written = i32::from(hours) * HOUR + i32::from(minutes) * 60 + i32::from(seconds);
        return Some(shown(written, at + 1));
    }
    if let Some(numeral) = tokens.numeral(at) {
        if numeral.fractional {
            // 8.30pm
            let (minutes, hours) = (
                i32::try_from(numeral.value.mantissa() % 100).ok()?,
                i32::try_from(numeral.value.mantissa() / 100).ok()?,
            );
            let said = tokens.is(at + 1, Role::TimeOfDay) && tokens.joined(at + 1);
            let fits = numeral.value.exponent() == -2 && minutes < 60 && (0..=12).contains(&hours);
            return (said && fits).then(|| shown(hours * HOUR + minutes * 60, at + 1));
        }
        let value = i32::try_from(tokens.plain_integer(at)?).ok()?;
        if numeral.whole_digits == 4 {
            let zoned = tokens.is(at + 1, Role::TimeZone) && tokens.joined(at + 1);
            let fits = value / 100 < 24 && value % 100 < 60;
            return (zoned && fits).then(|| shown(value / 100 * HOUR + value % 100 * 60, at + 1));
        }
        return (numeral.whole_digits <= 2 && value <= 24)
            .then(|| marked(tokens, value, at + 1))?;
    }
    if tokens.is_ascii(at) {
        return spoken(tokens, at);
    }
    let (hours, next) = han_number(tokens, at)?;
    let hours = i32::try_from(hours).ok()?;
    (hours <= 24).then(|| marked(tokens, hours, next))?
}

/// Adds the mark behind the hours and what follows it: 点, 点半, 点一刻, 时30分15秒, 点二十.
fn marked(tokens: &Tokens<'_>, hours: i32, at: usize) -> Option<Clock> {
    let mut found = Clock {
        written: hours * HOUR,
        part: None,
        is_shown: false,
        next: at,
    };
    let Some(minutes) = small(tokens, at, Role::ClockMark).filter(|_| tokens.joined(at)) else {
        return Some(found);
    };
    found.is_shown = true;
    found.next = at + 1;
    found.written += minutes * 60;
    if minutes > 0 || tokens.is_ascii(at) || tokens.gap(at + 1) == Gap::Other {
        return Some(found);
    }
    for seconds in [60, 1] {
        let Some((count, next)) = number(tokens, found.next) else {
            break;
        };
        let unit = small(tokens, next, Role::ClockPart).filter(|_| tokens.joined(next));
        match unit {
            Some(unit) if unit >= seconds && count * unit < 60 * seconds => {
                found.written += count * unit;
                found.next = next + 1;
            }
            None if seconds == 60 && stands_alone(tokens, found.next, next) => {
                found.written += count * 60;
                found.next = next;
                break;
            }
            _ => break,
        }
    }
    Some(found)
}

/// The value of a word, where it is one of the small numbers that clocks have.
fn small(tokens: &Tokens<'_>, at: usize, role: Role) -> Option<i32> {
    i32::try_from(tokens.value(at, role)?).ok()
}

fn number(tokens: &Tokens<'_>, at: usize) -> Option<(i32, usize)> {
    if !tokens.joined(at) {
        return None;
    }
    let (value, next) = match tokens.plain_integer(at) {
        Some(value) => (value, at + 1),
        None => han_number(tokens, at)?,
    };
    let value = i32::try_from(value).ok()?;
    (0..60).contains(&value).then_some((value, next))
}

/// 九点二十, 8点05: minutes of two digits with nothing behind that they could count.
fn stands_alone(tokens: &Tokens<'_>, at: usize, next: usize) -> bool {
    let two = match tokens.numeral(at) {
        Some(numeral) => numeral.whole_digits == 2,
        None => next > at + 1 || tokens.value(at, Role::Place) == Some(1),
    };
    let counted = tokens.joined(next)
        && tokens.any(
            next,
            Roles::of(&[
                Role::Unit,
                Role::Classifier,
                Role::Noun,
                Role::Currency,
                Role::Myriad,
                Role::Scale,
                Role::VagueMore,
                Role::MonthMark,
                Role::DayMark,
                Role::YearMark,
            ]),
        );
    two && !counted
}

/// *nine thirty*: hours and minutes as English words, with nothing behind that they could count.
fn spoken(tokens: &Tokens<'_>, at: usize) -> Option<Clock> {
    let hours = small(tokens, at, Role::Digit)
        .or_else(|| small(tokens, at, Role::Tens))
        .filter(|hours| (1..=12).contains(hours))?;
    let bare = Clock {
        written: hours * HOUR,
        part: None,
        is_shown: false,
        next: at + 1,
    };
    if tokens.joined(at + 1)
        && let Some(minutes) = small(tokens, at + 1, Role::ClockMark)
    {
        return Some(Clock {
            written: hours * HOUR + minutes * 60,
            is_shown: true,
            next: at + 2,
            ..bare
        });
    }
    let Some(tens) = small(tokens, at + 1, Role::Tens)
        .filter(|_| tokens.joined(at + 1) && tokens.is_ascii(at + 1))
    else {
        return Some(bare);
    };
    let ones = small(tokens, at + 2, Role::Digit)
        .filter(|_| tokens.joined(at + 2) && tokens.is_ascii(at + 2) && tens >= 20);
    let (minutes, next) = match ones {
        Some(ones) => (tens + ones, at + 3),
        None => (tens, at + 2),
    };
    let said = tokens.joined(next) && tokens.is(next, Role::TimeOfDay);
    (minutes < 60 && (said || ends(tokens, next))).then_some(Clock {
        written: hours * HOUR + minutes * 60,
        part: None,
        is_shown: true,
        next,
    })
}

/// Tells whether the text or a clause ends before a token.
pub(super) fn ends(tokens: &Tokens<'_>, next: usize) -> bool {
    let end = tokens.end(next.saturating_sub(1));
    let rest = tokens.text.get(end..).unwrap_or_default();
    let mut characters = rest.chars();
    match characters.next() {
        None => true,
        Some('.' | ',') => !characters.next().is_some_and(|next| next.is_ascii_digit()),
        Some(sign) => matches!(
            sign,
            ';' | ':' | '!' | '?' | ')' | '\n' | '\u{3002}' | '\u{3001}'
        ),
    }
}

/// Tells whether the text or a sentence ends before a token.
pub(super) fn ends_sentence(tokens: &Tokens<'_>, next: usize) -> bool {
    let end = tokens.end(next.saturating_sub(1));
    let mut rest = tokens.text.get(end..).unwrap_or_default().chars();
    match rest.next() {
        None | Some('!' | '?' | '\n' | ';' | '\u{3002}') => true,
        Some('.') => !rest.next().is_some_and(char::is_alphanumeric),
        _ => false,
    }
}

/// Passes over whose clock it is in front of a time: ` ET`, ` (北京时间)`.
pub(super) fn zone_at(tokens: &Tokens<'_>, at: usize) -> usize {
    let gap = tokens
        .text
        .get(tokens.end(at.saturating_sub(1))..tokens.start(at))
        .unwrap_or_default();
    let next = match gap.trim() {
        _ if !tokens.is(at, Role::TimeZone) => return at,
        "" => return offset_behind(tokens, at + 1),
        "(" => offset_behind(tokens, at + 1),
        _ => return at,
    };
    let closed = tokens.byte_at(tokens.end(next.saturating_sub(1))) == b')';
    if closed { next } else { at }
}

/// Passes over whose clock it is behind a time: ` ET`, ` GMT+8`, ` (0130 GMT)`, ` local time`.
pub(super) fn zone_behind(tokens: &Tokens<'_>, at: usize) -> usize {
    if tokens.is(at, Role::TimeZone) && tokens.joined(at) {
        return offset_behind(tokens, at + 1);
    }
    let gap = tokens
        .text
        .get(tokens.end(at.saturating_sub(1))..tokens.start(at));
    if gap.is_none_or(|gap| gap.trim() != "(") {
        return at;
    }
    let closing = (at..at + 4).find(|index| tokens.is(*index, Role::TimeZone));
    let Some(next) = closing.map(|zone| offset_behind(tokens, zone + 1)) else {
        return at;
    };
    if tokens.byte_at(tokens.end(next.saturating_sub(1))) == b')' {
        next
    } else {
        at
    }
}

/// The hours from UTC behind the name of a zone: `UTC+8`.
fn offset_behind(tokens: &Tokens<'_>, at: usize) -> usize {
    let end = tokens.end(at.saturating_sub(1));
    if !matches!(tokens.byte_at(end), b'+' | b'-') {
        return at;
    }
    let offset = (at..at + 2).find(|index| {
        tokens.start(*index) == end + 1
            && (tokens
                .plain_integer(*index)
                .is_some_and(|hours| hours <= 14)
                || matches!(
                    tokens.get(*index).map(|token| token.kind),
                    Some(TokenKind::Clock(..))
                ))
    });
    offset.map_or(at, |offset| offset + 1)
}
