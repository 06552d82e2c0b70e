//! Hours, minutes and seconds that are counted from the time of the reference: 5 minutes ago, 过去24小时, *in two hours*.
//!
//! How long something takes and what came after something else are no times: *charged in 17 minutes*, 4个小时后恢复. Lengths
//! that could be either are read only where words in front point ahead, or where the text says nothing else.

use hedui_model::{Bound, Decimal};
use hedui_text::lexicon::quantities::Role;
use jiff::ToSpan;
use jiff::civil::DateTime;

use super::super::ReadContext;
use super::super::figure::{Figure, FigureUnit, FoundFigure};
use super::super::join;
use super::super::reading::{Grain, PeriodReading, Times, What};
use super::super::rules::{Rule, Rules};
use super::super::token::{Gap, Tokens};
use super::Found;
use super::closed::after_article;
use super::direction::ahead;
use super::relative::{NUMBERS, length_start};

/// How many tokens a length of time may have before its unit.
const LENGTH_MAX: usize = 4;
/// How many bytes a text may hold besides that say nothing else: *I'll be back*.
const REST_MAX: usize = 13;
/// How many seconds lie within reach of the reference: four weeks.
const REACH_MAX: i64 = 2_419_200;
/// The place of *about* in `BOUND_NAMES`.
const ABOUT: i64 = 1;

/// What stands in front of a length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Front {
    /// The past or the next so many hours: -1 or 1.
    Span(i64),
    /// *In*.
    In,
    /// *Within*.
    Within,
    /// Nothing: the word behind it tells.
    Nothing,
}

/// Reads such a time where one starts at a token; the length itself is a reading of its own.
pub(super) fn read(tokens: &Tokens<'_>, at: usize, context: &ReadContext) -> Option<Found> {
    context.time?;
    let front = if let Some(direction) = tokens.value(at, Role::Span) {
        Front::Span(direction)
    } else if tokens.is(at, Role::In) {
        Front::In
    } else if tokens.is(at, Role::Within) && tokens.is_ascii(at) {
        Front::Within
    } else {
        Front::Nothing
    };
    let start = match front {
        Front::Nothing => at,
        _ => length_start(tokens, at),
    };
    if start > at && !tokens.joined(start) {
        return None;
    }
    if let Some(found) = pointer_inside(tokens, at, context) {
        return Some(found);
    }
    let (length, reach) = length(tokens, start)?;
    let mut length = length;
    if tokens.value(at, Role::BoundBefore) == Some(ABOUT) {
        // 近两个小时 is nearly two hours.
        return None;
    }
    if matches!(front, Front::Span(_)) && length.hedge_start == tokens.start(at) {
        // The *past* of *the past two hours* is no bound.
        (length.low, length.high) = (length.low.or(length.high), length.high.or(length.low));
        length.bound = Bound::Exact;
        length.hedge_start = length.start;
    }
    let mut next = length.next;
    let mut is_sure = matches!(front, Front::Span(_));
    let times = match front {
        Front::Span(direction) => between_now_and(context, reach * direction)?,
        Front::Within => between_now_and(context, reach)?,
        Front::In if length.hedge_start < length.start || length.per.is_some() => return None,
        Front::In => instant_from_now(context, reach)?,
        Front::Nothing => {
            let ago = told_behind(tokens, next)?;
            is_sure = ago || tokens.value(next, Role::Hence) == Some(1);
            next += 1;
            instant_from_now(context, if ago { -reach } else { reach })?
        }
    };
    if !is_sure && !looks_ahead(tokens, at, next) {
        return None;
    }
    let about = length.bound != Bound::Exact && front != Front::Within;
    let bound = if about { Bound::About } else { Bound::Exact };
    let period = period(tokens, (at, next), times, bound);
    Some(Found {
        next,
        readings: [Some(What::Period(period)), Some(What::Figure(length))],
    })
}

/// Reads a length of time that clocks tell, with its seconds.
pub(super) fn length(tokens: &Tokens<'_>, at: usize) -> Option<(Figure, i64)> {
    let unit_near = (at + 1..=at + LENGTH_MAX).any(|index| seconds(tokens, index).is_some());
    if !unit_near || tokens.numeral(at).is_none() && !tokens.any(at, NUMBERS) {
        return None;
    }
    let FoundFigure::Figure(figure) = join::read(tokens, at)? else {
        return None;
    };
    let FigureUnit::Unit(unit) = figure.unit else {
        return None;
    };
    let seconds = tokens.lexicon.unit(unit)?.seconds?;
    let last = figure.next.saturating_sub(1);
    if tokens.end(last) - tokens.start(last) == 1 && tokens.gap(last) != Gap::None {
        // In 1990 s: a letter that stands apart is no unit of time.
        return None;
    }
    let count = figure.low.or(figure.high)?;
    let reach = count.checked_mul(Decimal::from(seconds)).ok()?.normalized();
    let power = u32::try_from(reach.exponent()).ok()?;
    let reach = reach.mantissa().checked_mul(10_i128.checked_pow(power)?)?;
    let reach = i64::try_from(reach).ok()?;
    (1..=REACH_MAX).contains(&reach).then_some((figure, reach))
}

/// The seconds of a word that is a unit clocks tell.
fn seconds(tokens: &Tokens<'_>, at: usize) -> Option<i64> {
    let unit = tokens.value(at, Role::Unit)?;
    tokens.lexicon.unit(unit)?.seconds
}

/// *Ago* (true) or *later* behind a length; *later this week* is a part of the week.
fn told_behind(tokens: &Tokens<'_>, at: usize) -> Option<bool> {
    let ago = tokens.is(at, Role::Ago);
    let part = tokens.is_ascii(at)
        && tokens.joined(at + 1)
        && (tokens.value(at + 1, Role::Pointer) == Some(0)
            || tokens.value(at + 1, Role::RelativeDay) == Some(0));
    let told = ago || tokens.is(at, Role::Hence);
    (told && tokens.joined(at) && !part).then_some(ago)
}

/// `5 past minutes`: the pointer stands behind the number.
fn pointer_inside(tokens: &Tokens<'_>, at: usize, context: &ReadContext) -> Option<Found> {
    if !tokens.is_ascii(at) {
        return None;
    }
    let direction = tokens
        .value(at + 1, Role::Pointer)
        .filter(|pointer| *pointer != 0)?;
    let number = tokens
        .plain_integer(at)
        .or_else(|| tokens.value(at, Role::Digit))
        .filter(|number| (1..=1000).contains(number))?;
    let plural = tokens.form(at + 2).ends_with('s') && tokens.is_ascii(at + 2);
    if !plural || !tokens.joined(at + 1) || !tokens.joined(at + 2) {
        return None;
    }
    let reach = number.checked_mul(seconds(tokens, at + 2)?)?;
    let times = between_now_and(context, reach.checked_mul(direction)?)?;
    let next = at + 3;
    let period = period(tokens, (at, next), times, Bound::Exact);
    Some(Found {
        next,
        readings: [Some(What::Period(period)), None],
    })
}

fn looks_ahead(tokens: &Tokens<'_>, at: usize, next: usize) -> bool {
    let (start, end) = (tokens.start(at), tokens.end(next.saturating_sub(1)));
    let rest = if tokens.is_ascii(next.saturating_sub(1)) {
        REST_MAX
    } else {
        2 * REST_MAX
    };
    tokens.trimmed <= end - start + rest
        || (at.saturating_sub(6)..at).any(|index| ahead(tokens, index, start))
}

fn now(context: &ReadContext) -> Option<DateTime> {
    Some(context.reference?.to_datetime(context.time?))
}

fn instant_from_now(context: &ReadContext, seconds: i64) -> Option<Times> {
    let at = now(context)?.checked_add(seconds.seconds()).ok()?;
    Some(Times {
        low: Some(at),
        high: Some(at),
    })
}

fn between_now_and(context: &ReadContext, seconds: i64) -> Option<Times> {
    let now = now(context)?;
    let other = now.checked_add(seconds.seconds()).ok()?;
    Some(Times {
        low: Some(now.min(other)),
        high: Some(now.max(other)),
    })
}

fn period(
    tokens: &Tokens<'_>,
    (at, next): (usize, usize),
    times: Times,
    bound: Bound,
) -> PeriodReading {
    let mut rules = Rules::default();
    rules.add(Rule::Relative);
    rules.add(Rule::Clock);
    let end = tokens.end(next.saturating_sub(1));
    let mut period = PeriodReading {
        start: after_article(tokens, at),
        end,
        hedge_start: tokens.start(at),
        hedge_end: end,
        next,
        low: None,
        high: None,
        times: None,
        bound,
        grain: Grain::Day,
        fiscal: false,
        rules,
    };
    period.set_times(times);
    period
}
