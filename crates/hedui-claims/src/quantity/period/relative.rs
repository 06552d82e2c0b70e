//! Periods that are told by a length of time: the past five years, 未来四年, three weeks ago, 两天后.
//!
//! `length` reads the length; `counted` takes those that are counted from a date that is told.

use hedui_model::Bound;
use hedui_text::lexicon::quantities::{Role, Roles};
use jiff::civil::Date;

use super::super::ReadContext;
use super::super::figure::alone;
use super::super::reading::{Grain, PeriodReading, What};
use super::super::rules::{Rule, Rules};
use super::super::token::{Gap, Tokens};
use super::Found;
use super::calendar::Days;
use super::closed::after_article;
use super::counted;
use super::length::{self, Length};
use super::pointed::period_from;
use super::small_number::{english_number, small_number};
use super::weekday::upcoming;
use super::year_part::leading;

/// How many tokens a length of time has at most.
const REACH: usize = 24;

/// A period that was found, with the token after it.
type Told = (Days, Grain, usize);

/// Reads such a period where one starts at a token; the length of time itself is a reading of its own.
pub(super) fn span(tokens: &Tokens<'_>, at: usize, context: &ReadContext) -> Option<Found> {
    let direction = tokens
        .value(at, Role::Span)
        .or_else(|| tokens.is(at, Role::In).then_some(2));
    let Some(direction) = direction else {
        return undirected(tokens, at, context);
    };
    let reference = context.reference?;
    let start = length_start(tokens, at);
    if let Some(told) = by_calendar(tokens, at, start, direction, context) {
        return Some(found(tokens, at, told, Bound::Exact, None));
    }
    if let Some((length, next)) = untold(tokens, at, start, direction) {
        let (days, grain) = if direction == 2 {
            let day = length.from(reference, 1)?;
            ((day, day), Grain::Day)
        } else {
            past_or_next(reference, &length, direction)?
        };
        return Some(found(tokens, at, (days, grain, next), length.bound, None));
    }
    if !tokens.joined(start) {
        return None;
    }
    let length = length::read(tokens, start)?.without_hedge(tokens, at);
    let (days, grain) = if direction == 2 {
        // `in three years` is then; a bound or another unit says how long something takes.
        if length.hedged() || length.per() || length.rough {
            return None;
        }
        if start == at + 1
            && let Some(counted) = counted::since(tokens, at, &length, context)
        {
            return Some(counted);
        }
        let day = length.from(reference, 1)?;
        ((day, day), Grain::Day)
    } else {
        past_or_next(reference, &length, direction)?
    };
    let told = (days, grain, length.next);
    Some(found(tokens, at, told, length.bound, Some(length)))
}

/// The token at which the length of time starts behind 过去, *the next* or *in*.
pub(super) fn length_start(tokens: &Tokens<'_>, at: usize) -> usize {
    let mut start = at + 1;
    if tokens.is(start, Role::DateLink) && !tokens.is_ascii(start) && tokens.joined(start) {
        start += 1;
    }
    if tokens.is(start, Role::Filler)
        && tokens.joined(start)
        && tokens.is_ascii(start)
        && !tokens.is(start, Role::Article)
    {
        start += 1;
    }
    start
}

/// Lengths that count in whole periods of the calendar: the last two quarters, 前五个月.
fn by_calendar(
    tokens: &Tokens<'_>,
    at: usize,
    start: usize,
    direction: i64,
    context: &ReadContext,
) -> Option<Told> {
    if !tokens.is_ascii(at) && tokens.is(at, Role::Leading) {
        let (days, next, grain) = leading(tokens, at, None, context)?;
        return Some((days, grain, next));
    }
    let (count, next) = english_number(tokens, start, 100)
        .or_else(|| small_number(tokens, start, 100))
        .filter(|(count, next)| *count > 0 && direction != 2 && tokens.joined(*next))?;
    if tokens.period_kind(next) != Some(4) || !tokens.joined(start) {
        return None;
    }
    let days = in_whole(context.reference?, 4, count, direction)?;
    Some((days, Grain::Quarter, next + 1))
}

/// So many whole periods of the calendar before or after the one that is.
fn in_whole(reference: Date, kind: i64, count: i64, direction: i64) -> Option<Days> {
    let (near, far) = (
        period_from(reference, kind, direction.signum())?.0,
        period_from(reference, kind, count.checked_mul(direction.signum())?)?.0,
    );
    Some((near.0.min(far.0), near.1.max(far.1)))
}

/// *The next few days*, *in a week* alone: a length without a number.
fn untold(tokens: &Tokens<'_>, at: usize, start: usize, direction: i64) -> Option<(Length, usize)> {
    if !tokens.joined(start) || !tokens.joined(start + 1) || !tokens.is_ascii(start + 1) {
        return None;
    }
    let (kind, times) = length::kind_of(tokens, start + 1)?;
    if direction != 2 && tokens.is(start, Role::VagueDigit) {
        return Some((Length::rough(kind, 3 * times), start + 2));
    }
    // *In a week's time* looks ahead; *the most in a week* looks back.
    let end = tokens.end(start + 1);
    let time = tokens.apostrophe_at(end);
    let whole = alone(tokens, tokens.start(at), end) || time;
    (direction == 2 && tokens.is(start, Role::Article) && whole)
        .then(|| (Length::plain(kind, times), start + 2))
}

/// A length without a word before it that tells its direction.
fn undirected(tokens: &Tokens<'_>, at: usize, context: &ReadContext) -> Option<Found> {
    let reference = context.reference;
    if let Some(told) = reference.and_then(|reference| {
        pointer_inside(tokens, at, reference)
            .or_else(|| weekdays_hence(tokens, at, reference))
            .or_else(|| pointer_before(tokens, at, reference))
    }) {
        return Some(found(tokens, at, told, Bound::Exact, None));
    }
    if !(at + 1..at + REACH).any(|index| tells_direction(tokens, index)) {
        return None;
    }
    let length = match length::read(tokens, at) {
        Some(length) => length,
        None => with_article(tokens, at)?,
    };
    let behind = length.next;
    if !tokens.joined(behind) {
        return None;
    }
    // 三年以来, 十年来
    let so_far = Roles::of(&[Role::ToDate, Role::VagueAbout]);
    if tokens.any(behind, so_far) && tokens.is(behind, Role::Since) && !tokens.is_ascii(behind) {
        let (days, grain) = past_or_next(reference?, &length, -1)?;
        let told = (days, grain, behind + 1);
        return Some(found(tokens, at, told, length.bound, Some(length)));
    }
    if let Some(found) = counted::from_date(tokens, at, &length, context) {
        return Some(found);
    }
    let (ago, hence) = (tokens.is(behind, Role::Ago), tokens.is(behind, Role::Hence));
    let padded = tokens.numeral(at).is_some_and(|numeral| numeral.padded)
        || tokens.value(at, Role::Digit) == Some(0);
    if !ago && !hence || padded || length.is_a_year_number() {
        return None;
    }
    let day = length.from(reference?, if ago { -1 } else { 1 })?;
    // For 3 days from today.
    let lasting = hence && counted::says_how_long(tokens, at) && tokens.is_ascii(behind);
    let (days, grain) = if lasting {
        ((reference?, day.yesterday().ok()?), Grain::Day)
    } else {
        length.around(day)?
    };
    let told = (days, grain, behind + 1);
    Some(found(tokens, at, told, length.bound, Some(length)))
}

/// Tells whether a word could stand behind a length and say from where it counts. Most lengths are spared the reading by it.
fn tells_direction(tokens: &Tokens<'_>, at: usize) -> bool {
    const EITHER: Roles = Roles::of(&[Role::Ago, Role::Hence, Role::ToDate, Role::VagueAbout]);
    const ENGLISH: Roles = Roles::of(&[
        Role::Ended,
        Role::RangeLink,
        Role::Since,
        Role::Before,
        Role::After,
    ]);
    tokens.any(at, EITHER) || tokens.any(at, ENGLISH) && tokens.is_ascii(at)
}

/// *A week* where a word behind it counts it from a date: a week before Christmas.
fn with_article(tokens: &Tokens<'_>, at: usize) -> Option<Length> {
    let unit = at + 1;
    if !starts_with_article(tokens, at) || !tokens.joined(unit) || !tokens.joined(unit + 1) {
        return None;
    }
    let (kind, times) = length::kind_of(tokens, unit)?;
    let mut length = Length::plain(kind, times);
    length.next = unit + 1;
    Some(length)
}

/// Tells whether an article, a unit and a word that counts them from a date stand in a row.
pub(super) fn starts_with_article(tokens: &Tokens<'_>, at: usize) -> bool {
    let link = Roles::of(&[Role::Before, Role::After, Role::Commencing]);
    tokens.is(at + 1, Role::Unit)
        && tokens.is(at, Role::Article)
        && tokens.any(at + 2, link)
        && tokens.is_ascii(at)
}

/// `5 past years`, `two upcoming months`: the pointer stands behind the number.
fn pointer_inside(tokens: &Tokens<'_>, at: usize, reference: Date) -> Option<Told> {
    if !tokens.is_ascii(at) {
        return None;
    }
    let number = tokens
        .plain_integer(at)
        .or_else(|| tokens.value(at, Role::Digit))
        .filter(|number| (1..=1000).contains(number))?;
    let direction = tokens
        .value(at + 1, Role::Pointer)
        .filter(|pointer| *pointer != 0)?;
    let kind = tokens.period_kind(at + 2)?;
    // *Only 3 next week* counts something else.
    let counts = tokens.form(at + 2).ends_with('s') || tokens.is(at + 1, Role::Nearest);
    if !counts || !tokens.joined(at + 1) || !tokens.joined(at + 2) || !tokens.is_ascii(at + 2) {
        return None;
    }
    let (days, grain) = past_or_next(reference, &Length::plain(kind, number), direction)?;
    Some((days, grain, at + 3))
}

/// `3 Fridays from now`.
fn weekdays_hence(tokens: &Tokens<'_>, at: usize, reference: Date) -> Option<Told> {
    let (count, next) = english_number(tokens, at, 100).filter(|(count, _)| *count > 0)?;
    let weekday = tokens
        .value(next, Role::Weekday)
        .filter(|_| tokens.is_ascii(next) && tokens.joined(next))?;
    if !tokens.is(next + 1, Role::Hence) || !tokens.joined(next + 1) {
        return None;
    }
    let first = upcoming(reference, weekday)?;
    let day = super::calendar::shift(first, 7 * (count - 1))?;
    Some(((day, day), Grain::Day, next + 2))
}

/// 上两个月, 下三年: whole months and years of the calendar.
fn pointer_before(tokens: &Tokens<'_>, at: usize, reference: Date) -> Option<Told> {
    let direction = tokens
        .value(at, Role::Pointer)
        .filter(|pointer| *pointer != 0 && !tokens.is_ascii(at))?;
    let (count, next) = small_number(tokens, at + 1, 100).filter(|(count, _)| *count > 0)?;
    let kind = tokens
        .period_kind(next)
        .filter(|kind| (2..=6).contains(kind))?;
    // A character before it that belongs to no other word makes 上 or 下 the end of one: 网上三年.
    let parted = tokens.gap(at) == Gap::None || tokens.byte_before(tokens.start(at)) < 0x80;
    let glued = tokens.gap(at + 1) == Gap::None && tokens.gap(next) == Gap::None;
    if !parted || !glued {
        return None;
    }
    let grain = period_from(reference, kind, 0)?.1;
    Some((
        in_whole(reference, kind, count, direction)?,
        grain,
        next + 1,
    ))
}

/// The last or next so many, counted from the reference day.
pub(super) fn past_or_next(
    reference: Date,
    length: &Length,
    direction: i64,
) -> Option<(Days, Grain)> {
    let other = length.from(reference, direction.signum())?;
    let days = if direction < 0 {
        (other, reference.yesterday().ok()?)
    } else {
        (reference.tomorrow().ok()?, other)
    };
    Some((days, length.grain()))
}

/// Makes a reading of a period that starts at a token, and one of the length that it is told by.
pub(super) fn found(
    tokens: &Tokens<'_>,
    at: usize,
    (days, grain, next): Told,
    bound: Bound,
    length: Option<Length>,
) -> Found {
    let mut rules = Rules::default();
    rules.add(Rule::Relative);
    let end = tokens.end(next.saturating_sub(1));
    let period = PeriodReading {
        start: after_article(tokens, at),
        end,
        hedge_start: tokens.start(at),
        hedge_end: end,
        next,
        low: Some(days.0),
        high: Some(days.1),
        times: None,
        bound: if bound == Bound::Exact {
            Bound::Exact
        } else {
            Bound::About
        },
        grain,
        fiscal: false,
        rules,
    };
    Found {
        next,
        readings: [
            Some(What::Period(period)),
            length.and_then(|length| length.figure).map(What::Figure),
        ],
    }
}

/// What a length of time can start with.
pub(super) const NUMBERS: Roles = Roles::of(&[
    Role::Digit,
    Role::Place,
    Role::Tens,
    Role::Half,
    Role::Article,
    Role::VagueDigit,
]);
