//! A day with its hours: Monday at 3 p.m., 13:00 on February 28, 1月19日下午5时, tomorrow evening, 周一上午10点到12点.
//!
//! Hours alone are no date: they are read only where a day stands right before or behind them.

use hedui_text::lexicon::quantities::{Role, Roles};

use super::super::ReadContext;
use super::super::reading::Grain;
use super::super::token::{Gap, TokenKind, Tokens};
use super::clock::{Part, ends_sentence, part_at, zone_at};
use super::date;
use super::from_now;
use super::hours::{Hours, Stretch, stretch};
use super::point::{Opener, Point};

/// How many words may stand between a day and its hours.
const BETWEEN_MAX: usize = 4;

/// The value of a `Role::DateFiller` that stands before hours.
pub(super) const AT: i64 = 2;

/// The value of one that says how long: *for*.
const HOW_LONG: i64 = 1;

/// Tells whether a point is one day, to which hours can belong.
pub(super) fn is_day(point: &Point) -> bool {
    point.grain == Grain::Day
        && point.part.is_none()
        && match point.fixed {
            Some((first, last)) => first == last,
            None => point.day.is_some(),
        }
}

/// Adds the hours that stand behind a day.
pub(super) fn behind(tokens: &Tokens<'_>, mut point: Point) -> Point {
    if !is_day(&point) || point.hours.is_some() {
        return point;
    }
    if tokens.is_ascii(point.next)
        && tokens.joined(point.next)
        && let Some(part) = noun_at(tokens, point.next)
    {
        point.part_of_day = Some(part);
        point.next += 1;
    }
    if let Some(found) = clock_behind(tokens, point.next, point.part_of_day) {
        point.hours = Some(found.hours);
        point.has_range |= found.is_range;
        point.opener = found.opener;
        point.next = found.next;
        point.tail = found.tail;
        return point;
    }
    if !tokens.is_ascii(point.next)
        && near(tokens, point.next) == Some(false)
        && let Some(part) = part_at(tokens, point.next)
    {
        point.part_of_day = Some(part);
        point.next += 1;
        point.tail = 0;
    }
    point.hours = point.part_of_day.map(Hours::of);
    point
}

/// A part of the day as an English noun: *morning*, *in the evening*, but not *am*.
fn noun_at(tokens: &Tokens<'_>, at: usize) -> Option<Part> {
    let noun = tokens.is(at, Role::PartOfDay) && !tokens.is(at, Role::RelativeDay)
        || tokens.is(at, Role::TimeOfDay) && tokens.form(at).contains(' ');
    part_at(tokens, at).filter(|_| noun)
}

/// Hours found behind a day.
struct Behind {
    hours: Hours,
    is_range: bool,
    opener: Option<Opener>,
    next: usize,
    tail: usize,
}

fn clock_behind(tokens: &Tokens<'_>, from: usize, given: Option<Part>) -> Option<Behind> {
    let mut at = from;
    let (mut opener, mut opened, mut filled) = (None, false, false);
    let mut bracket = false;
    while at < from + BETWEEN_MAX {
        bracket |= near(tokens, at)?;
        let zone = zone_at(tokens, at);
        if zone > at {
            at = zone;
            bracket = false;
        } else if tokens.is(at, Role::RangeOpen) && opener.is_none() {
            opened = true;
            if tokens.is(at, Role::Since) && tokens.is_ascii(at) {
                opener = Some(Opener::before(at));
            }
            at += 1;
        } else if tokens.any(at, OPENERS) && tokens.is_ascii(at) && opener.is_none() {
            if tokens.is(at, Role::RangeLink) {
                return None;
            }
            opener = Some(Opener::before(at));
            at += 1;
        } else if tokens.any(at, FILLERS) {
            filled |= tokens.value(at, Role::DateFiller) == Some(AT);
            at += 1;
        } else {
            break;
        }
    }
    bracket |= near(tokens, at)?;
    let found = stretch(tokens, at, opened)?;
    if let Some(lasting) = lasting(tokens, &found, given).filter(|_| !bracket) {
        return Some(lasting);
    }
    let is_range = found.second.is_some();
    if is_range {
        opener = None;
    }
    let bare = filled && is_bare_hour(tokens, &found);
    if !(found.is_shown() || bare || is_range && opened && given.is_some()) {
        return None;
    }
    let closed = tokens.byte_at(tokens.end(found.next.saturating_sub(1))) == b')';
    if bracket && !closed {
        return None;
    }
    Some(Behind {
        hours: found.place(given)?,
        is_range,
        opener,
        next: found.next,
        tail: usize::from(bracket),
    })
}

/// From 9:30 am *for seven hours*.
fn lasting(tokens: &Tokens<'_>, found: &Stretch, given: Option<Part>) -> Option<Behind> {
    let at = found.next;
    let told = tokens.value(at, Role::DateFiller) == Some(HOW_LONG) && tokens.joined(at);
    if !told || !tokens.joined(at + 1) || found.second.is_some() || !found.is_shown() {
        return None;
    }
    let (length, seconds) = from_now::length(tokens, at + 1)?;
    let Hours { from, .. } = found.place(given)?;
    Some(Behind {
        hours: Hours {
            from,
            to: from.checked_add(i32::try_from(seconds).ok()?)?,
        },
        is_range: true,
        opener: None,
        next: length.next,
        tail: 0,
    })
}

/// *Friday at 4*: a bare hour with nothing behind it that it could count.
fn is_bare_hour(tokens: &Tokens<'_>, found: &Stretch) -> bool {
    found.second.is_none()
        && (1..=12).contains(&(found.first.written / 3_600))
        && ends_sentence(tokens, found.next)
}

/// Tells of the gap before a token whether it opens a bracket; none where the token is too far away.
fn near(tokens: &Tokens<'_>, at: usize) -> Option<bool> {
    if tokens.joined(at) {
        return Some(false);
    }
    let gap = tokens
        .text
        .get(tokens.end(at.checked_sub(1)?)..tokens.start(at))?;
    match gap.trim_matches(' ') {
        "@" | "T" | ")" => Some(false),
        "(" => Some(true),
        _ => None,
    }
}

const OPENERS: Roles = Roles::of(&[Role::Before, Role::After, Role::Until, Role::Since]);
const FILLERS: Roles = Roles::of(&[Role::DateFiller, Role::DateLink]);

/// Reads hours with their day behind them: 13:00 February 28, *5 to 6pm of April 22*, *10am Monday morning*.
///
/// `opened` says that a word that opens a range stands in front: *between 3 and 8am next Monday*.
pub(super) fn first(
    tokens: &Tokens<'_>,
    at: usize,
    context: &ReadContext,
    opened: bool,
) -> Option<Point> {
    if !may_start(tokens, at, opened) {
        return None;
    }
    let found = stretch(tokens, at, opened);
    let noun = noun_at(tokens, at);
    let last = found.as_ref().map(|found| found.next.saturating_sub(1));
    if last.is_some_and(|last| !tokens.is_ascii(last)) {
        // 下午3点|周一: in Chinese the day stands in front.
        return None;
    }
    let mut next = match &found {
        Some(found) => found.next,
        None => noun.map(|_| at + 1)?,
    };
    let later = tokens.is(next, Role::Since)
        && tokens.is(next, Role::BoundAfter)
        && tokens.joined(next)
        && tokens.is_ascii(next);
    let opener = later.then(|| Opener::behind(next));
    next += usize::from(later);
    let (mut comma, linked) = (false, next);
    while next < linked + BETWEEN_MAX
        && tokens.any(next, FILLERS)
        && follows(tokens, next)
        && tokens.is_ascii(next)
        && !opens_sentence(tokens, next)
    {
        comma |= tokens.form(next) == ",";
        next += 1;
    }
    if !follows(tokens, next) {
        return None;
    }
    let mut point = day(tokens, next, context)?;
    if tokens.joined(point.next)
        && let Some(part) = noun_at(tokens, point.next)
    {
        point.part_of_day = Some(part);
        point.next += 1;
    }
    let given = point.part_of_day;
    // The day of another clause: *it closed at 5 p.m., Monday's news came later*.
    if comma && given.is_none() && point.relative {
        return None;
    }
    point.hours = match &found {
        Some(found) => {
            let bare = !found.is_shown();
            if bare && given.is_none() {
                return None;
            }
            point.has_range = found.second.is_some();
            Some(found.place(given)?)
        }
        None => noun.filter(|_| next > linked).map(Hours::of),
    };
    point.hours?;
    point.opener = opener;
    Some(point)
}

/// Reads one day; the weekday in front of it adds nothing.
fn day(tokens: &Tokens<'_>, at: usize, context: &ReadContext) -> Option<Point> {
    let read = |at: usize| date::plain(tokens, at, context, false).filter(is_day);
    read(at).or_else(|| {
        let next = at + 1 + usize::from(tokens.is(at + 1, Role::DateLink));
        let dated =
            tokens.is(at, Role::Weekday) && (at + 1..=next).all(|index| tokens.joined(index));
        dated.then(|| read(next)).flatten()
    })
}

/// Tells whether a token follows the one before it, with at most a closing bracket between.
fn follows(tokens: &Tokens<'_>, at: usize) -> bool {
    let between = || {
        tokens
            .text
            .get(tokens.end(at.checked_sub(1)?)..tokens.start(at))
    };
    tokens.joined(at) || between().is_some_and(|gap| gap.trim() == ")")
}

fn opens_sentence(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens
        .form(at)
        .starts_with(|first: char| first.is_ascii_uppercase())
}

/// Tells whether *at* stands before: *at 9 this morning*, but *9 this morning* may count something.
fn at_before(tokens: &Tokens<'_>, at: usize) -> bool {
    let before = at
        .checked_sub(1)
        .and_then(|before| tokens.value(before, Role::DateFiller));
    before == Some(AT) && tokens.joined(at)
}

/// Tells cheaply whether hours can start at a token: nearly every number of a text is asked.
fn may_start(tokens: &Tokens<'_>, at: usize, opened: bool) -> bool {
    const BEHIND: Roles = Roles::of(&[
        Role::TimeOfDay,
        Role::ClockMark,
        Role::TimeZone,
        Role::RangeLink,
    ]);
    let Some(token) = tokens.get(at) else {
        return false;
    };
    match token.kind {
        TokenKind::Clock(..) => true,
        TokenKind::Number(_) => {
            (tokens.any(at + 1, BEHIND)
                || opened && tokens.any(at + 1, Roles::of(&[Role::RangeOpenLink, Role::Until]))
                || tokens.is(at + 1, Role::PartOfDay) && at_before(tokens, at)
                || tokens.is(at + 1, Role::DateLink) && tokens.is(at + 2, Role::PartOfDay))
                && tokens.gap(at + 1) != Gap::Other
        }
        TokenKind::Word(_) => {
            const WORDS: Roles = Roles::of(&[Role::Digit, Role::Tens]);
            const PARTS: Roles = Roles::of(&[Role::TimeOfDay, Role::PartOfDay]);
            let spoken = token.roles.any(WORDS) && tokens.any(at + 1, BEHIND);
            tokens.is_ascii(at)
                && (spoken || token.roles.any(PARTS) && !token.roles.has(Role::RelativeDay))
        }
        _ => false,
    }
}
