//! Periods: dates, months, quarters, years, relative ones and ranges, as whole days, or as times where hours are told.
//!
//! `calendar` computes; `date` reads one date or period, with a file for each kind, and `timed` the hours beside a day;
//! `closed` joins two of them to a range; `opening` opens one to a side by *since*, *before* and the like. A year that is
//! not said comes from the reference day.

mod bare_year;
mod beside;
mod calendar;
mod clock;
mod closed;
mod closest;
mod counted;
mod date;
mod day;
mod decade;
mod digits;
mod direction;
mod from_now;
mod gate;
mod holiday;
mod hours;
mod length;
mod listed;
mod lunar;
mod month;
mod nth;
mod opening;
mod part;
mod point;
mod pointed;
mod quarter;
mod relative;
mod season;
mod small_number;
mod timed;
mod times;
mod weekday;
mod year;
mod year_behind;
mod year_part;

use hedui_text::lexicon::quantities::{Role, Roles};

use super::ReadContext;
use super::reading::{Grain, PeriodReading, What};
use super::rules::Rule;
use super::token::{TokenKind, Tokens};
use closed::closed;
pub(super) use gate::is_plain_number;
use opening::open;

/// What was found at a token.
pub(super) struct Found {
    /// The token after it.
    pub(super) next: usize,
    /// The readings, in order; none where the words are a date that cannot be resolved.
    pub(super) readings: [Option<What>; 2],
}

/// What a period can start with: a date, or what goes before one.
pub(super) const STARTS: Roles = date::STARTS.or(Roles::of(&[
    Role::Span,
    Role::In,
    Role::Since,
    Role::Until,
    Role::Before,
    Role::After,
    Role::RangeOpen,
    Role::Half,
    Role::Inclusive,
    Role::TimeOfDay,
    Role::PartOfDay,
    Role::Within,
]));

/// Tells whether a period may start at a word.
pub(super) fn starts(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens.any(at, STARTS)
        || beside::starts(tokens, at)
        || relative::starts_with_article(tokens, at)
}

/// Reads the period that starts at a token, if one does.
pub(super) fn read(tokens: &Tokens<'_>, at: usize, context: &ReadContext) -> Option<Found> {
    let opening = match tokens.get(at)?.kind {
        TokenKind::Word(_) => {
            if !starts(tokens, at) {
                return None;
            }
            true
        }
        _ => false,
    };
    if opening && let Some(found) = opened(tokens, at, context) {
        return Some(found);
    }
    if let Some(found) = from_now::read(tokens, at, context) {
        return Some(found);
    }
    // *The last 3 weeks of this year* count from its end, not from today.
    let inside = date::counted_inside(tokens, at, context);
    if inside.is_none()
        && let Some(found) = relative::span(tokens, at, context)
    {
        return Some(found);
    }
    let point = match inside {
        Some(point) => point,
        None => date::read(tokens, at, context, false)?,
    };
    let mut whole = closed(tokens, at, at, point, context);
    if let Some(What::Period(period)) = &mut whole.readings[0] {
        opening::compare(tokens, at, period);
    }
    Some(whole)
}

/// A word that opens a period to one side (since, by, before), or a range (from … to).
fn opened(tokens: &Tokens<'_>, at: usize, context: &ReadContext) -> Option<Found> {
    let word = tokens.word(at)?;
    let openers = Roles::of(&[
        Role::Since,
        Role::Until,
        Role::Before,
        Role::After,
        Role::RangeOpen,
        Role::Inclusive,
    ]);
    if !word.roles.any(openers) {
        return None;
    }
    // 前, 后, 起 stand behind; in front they point at something else.
    if !word.form.is_ascii()
        && !word.is(Role::RangeOpen)
        && !word.is(Role::Since)
        && !word.is(Role::Until)
    {
        return None;
    }
    let mut inclusive = false;
    let mut index = at;
    if word.is(Role::Inclusive) && tokens.is_ascii(at) {
        if !tokens.any(at + 1, Roles::of(&[Role::Before, Role::After])) || !tokens.joined(at + 1) {
            return None;
        }
        inclusive = true;
        index += 1;
    }
    let kind = tokens.word(index)?;
    let mut start = index + 1;
    // Before the year 2019: *year* links, as *of* does, but nothing else is passed over so.
    while start < index + 4
        && (tokens.any(start, Roles::of(&[Role::DateFiller, Role::TimeZone]))
            || tokens.value(start, Role::DateLink) == Some(1))
        && tokens.joined(start)
        && !tokens.is(start, Role::Pointer)
    {
        start += 1;
    }
    if !tokens.joined(start) {
        return None;
    }
    let point = date::read(tokens, start, context, kind.is(Role::RangeOpen))?;
    // *Following later in the year* opens nothing.
    if point.is_told_from_today() {
        return Some(closed(tokens, start, start, point, context));
    }
    if kind.is(Role::RangeOpen) {
        let found = closed(tokens, at, start, point, context);
        let ranged = found.readings[0].as_ref().is_some_and(
            |what| matches!(what, What::Period(period) if period.rules.has(Rule::Range)),
        );
        if ranged || !kind.is(Role::Since) {
            return Some(found);
        }
    }
    let found = closed(tokens, start, start, point, context);
    let [Some(What::Period(period)), _] = &found.readings else {
        return Some(found);
    };
    let mut period = *period;
    let stays = kind.is(Role::RangeOpen) && kind.form.is_ascii() && is_over(&period, context);
    if period.low.is_none()
        || period.high.is_none()
        || period.rules.has(Rule::Range)
        || stays
        || found.readings[1].is_some()
    {
        return Some(found);
    }
    // 截至6月30日止三个月: the three months that end then.
    if kind.is(Role::Until)
        && !kind.form.is_ascii()
        && let Some(length) = counted::up_to(tokens, &mut period)
    {
        return Some(Found {
            next: period.next,
            readings: [Some(What::Period(period)), length.figure.map(What::Figure)],
        });
    }
    open(&mut period, kind, inclusive);
    period.hedge_start = tokens.start(at);
    Some(Found {
        next: found.next,
        readings: [Some(What::Period(period)), None],
    })
}

/// *From last year* and *from the first half of the year* say whence: a relative period that is over, or a part of the year
/// that has begun, does not go on.
fn is_over(period: &PeriodReading, context: &ReadContext) -> bool {
    let Some(reference) = context.reference else {
        return false;
    };
    let over = period.high.is_some_and(|high| high < reference);
    let begun = period.low.is_some_and(|low| low <= reference)
        && matches!(period.grain, Grain::Quarter | Grain::Half);
    period.rules.has(Rule::Relative) && period.grain > Grain::Day && (over || begun)
}
