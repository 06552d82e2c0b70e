//! Ranges: two figures with a link between, or between an opening and a closing word.

use hedui_model::{Bound, Decimal};
use hedui_text::lexicon::quantities::{Role, Roles};

use super::super::figure::{self, Figure, FigureUnit, FoundFigure};
use super::super::rules::Rule;
use super::super::token::{Gap, Tokens};

/// How far a word of change may stand in front of *from*, in words and in bytes.
const CHANGE_REACH: (usize, usize) = (12, 100);

/// Reads the range that a figure begins; where it is the first of two figures of a change (*rose from 5 to 7 percent*),
/// that figure, with the unit that it shares.
pub(super) fn range(tokens: &Tokens<'_>, first: &Figure) -> Option<Figure> {
    let mut link = first.next;
    if is_inclusive(tokens, link) {
        link += 1;
    }
    if !tokens.joined(link) || !matches!(first.bound, Bound::Exact | Bound::About) {
        return None;
    }
    let opener = opener(tokens, first);
    let word = tokens.word(link)?;
    // Between … and …, or … 与 … 之间.
    let closes = word.is(Role::RangeOpenLink) && closes_behind(tokens, link + 1);
    let open_link = (opener.is_some() || closes) && word.is(Role::RangeOpenLink);
    if !word.is(Role::RangeLink) && !open_link {
        return None;
    }
    let mut second_at = link + 1;
    if !tokens.joined(second_at) {
        return None;
    }
    // $60-65 billion is a range behind *raised from* too.
    let worded = tokens.form(link).contains(char::is_alphabetic);
    let change = worded && opener.is_some_and(|opener| changes(tokens, opener));
    if change && first.unit != FigureUnit::None {
        return None;
    }
    if tokens.value(second_at, Role::BoundBefore) == Some(1)
        && !tokens.is(second_at, Role::RangeLink)
    {
        second_at += 1;
    }
    let second = match figure::read(tokens, second_at)? {
        FoundFigure::Figure(second) => second,
        FoundFigure::Skip(_) => return None,
    };
    if !tokens.joined(second.first) || !matches!(second.bound, Bound::Exact | Bound::About) {
        return None;
    }
    if worded && is_step_to_level(tokens, first, &second) {
        return None;
    }
    if change {
        return Some(with_unit_of(first, &second)).filter(|first| first.unit != FigureUnit::None);
    }
    combine(tokens, first, second, opener)
}

/// 1万(含)-5万元
fn is_inclusive(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens.is(at, Role::Inclusive)
        && tokens.gap(at) == Gap::None
        && tokens.form(at).starts_with('(')
}

/// Tells whether the first figure is the step and the second the level that it led to: *rose $1.20 to $82.35*. A range
/// (*lost $5 million to $10 million*) does not reach so far.
fn is_step_to_level(tokens: &Tokens<'_>, first: &Figure, second: &Figure) -> bool {
    const REACH: i64 = 4;
    let Some(verb) = first.first.checked_sub(1) else {
        return false;
    };
    let apart = first
        .value()
        .zip(second.value())
        .and_then(|(step, level)| level.checked_div(step).ok())
        .is_some_and(|ratio| ratio >= Decimal::from(REACH));
    apart
        && first.unit != FigureUnit::None
        && first.unit == second.unit
        && tokens.is(verb, Role::Change)
        && tokens.joined(first.first)
}

/// The first figure of a change with the unit and scale of the second.
fn with_unit_of(first: &Figure, second: &Figure) -> Figure {
    let mut result = *first;
    if first.fraction || second.unit == FigureUnit::None {
        return result;
    }
    let power = match first.scale {
        0 if second.rules.has(Rule::Tenths) => 1,
        0 if second.scale >= 3 => second.scale,
        _ => 0,
    };
    if result.map(|value| value.scaled(power).ok()).is_some() {
        result.unit = second.unit;
        result.scale = result.scale.max(second.scale);
        result.rules.add(Rule::SharedUnit);
    }
    result
}

/// Tells whether a closing word (之间) stands right behind the figure at a token.
pub(super) fn closes_behind(tokens: &Tokens<'_>, at: usize) -> bool {
    let Some(FoundFigure::Figure(second)) = figure::read(tokens, at) else {
        return false;
    };
    let last = second.next.saturating_sub(1);
    tokens.joined(second.next) && tokens.is(second.next, Role::RangeClose)
        || last > at && tokens.is(last, Role::RangeClose)
}

/// Tells whether *from* opens a change: a word of change stands before it in its sentence (*rose from*, *raised its
/// forecast for the year from*).
fn changes(tokens: &Tokens<'_>, opener: usize) -> bool {
    let (words, bytes) = CHANGE_REACH;
    if !tokens.is_ascii(opener) || !tokens.is(opener, Role::Since) {
        return false;
    }
    let start = tokens.start(opener);
    (opener.saturating_sub(words)..opener).any(|index| {
        let gap = tokens
            .text
            .get(tokens.end(index)..start)
            .unwrap_or_default();
        tokens.is(index, Role::Change) && gap.len() < bytes && !ends_sentence(gap)
    })
}

fn ends_sentence(gap: &str) -> bool {
    gap.contains(['\n', ';', '?', '!']) || gap.contains(". ")
}

/// The word that opens a range before the figure: between, from, 介于.
pub(super) fn opener(tokens: &Tokens<'_>, first: &Figure) -> Option<usize> {
    let mut before = first.first.checked_sub(1)?;
    if tokens.value(before, Role::BoundBefore) == Some(1) && tokens.joined(first.first) {
        if !tokens.joined(before) {
            return None;
        }
        before = before.checked_sub(1)?;
        return tokens.is(before, Role::RangeOpen).then_some(before);
    }
    (tokens.joined(first.first) && tokens.is(before, Role::RangeOpen)).then_some(before)
}

pub(super) fn combine(
    tokens: &Tokens<'_>,
    first: &Figure,
    mut second: Figure,
    opener: Option<usize>,
) -> Option<Figure> {
    let mut result = *first;
    let (mut low, mut high) = (first.value()?, second.value()?);
    let first_had_unit = first.unit != FigureUnit::None;
    let second_had_unit = second.unit != FigureUnit::None;
    let mut shared = false;
    match (first.unit, second.unit) {
        (FigureUnit::None, unit) if unit != FigureUnit::None => {
            if first.fraction {
                return None;
            }
            result.unit = unit;
            shared = true;
            // 三至五成, and a share of a fraction sign: the factor of ten belongs to the unit.
            if second.rules.has(Rule::Tenths) {
                low = low.scaled(1).ok()?;
            }
        }
        (unit, FigureUnit::None) if unit != FigureUnit::None => {
            if !first.prefixed {
                return None;
            }
            second.unit = unit;
            shared = true;
        }
        (one, other) if one == other => {}
        (FigureUnit::Currency(one), FigureUnit::Currency(other)) => {
            result.unit = FigureUnit::Currency(explicit_currency(tokens, one, other)?);
        }
        (FigureUnit::Unit(one), FigureUnit::Unit(other)) => {
            let (one, other) = (tokens.lexicon.unit(one)?, tokens.lexicon.unit(other)?);
            if one.base != other.base || one.factor != other.factor {
                return None;
            }
        }
        (FigureUnit::Count(_), FigureUnit::Count(_)) => result.unit = second.unit,
        _ => return None,
    }
    if !first_had_unit || !second_had_unit || first.prefixed {
        let wanted = if first.scale < 4 && second.scale >= 4 || first.scale == 0 && second.scale > 0
        {
            second.scale
        } else {
            0
        };
        if wanted > 0 {
            let scaled = low.scaled(wanted).ok()?;
            if scaled <= high {
                low = scaled;
                shared = true;
            }
        }
    }
    if !first_had_unit && !second_had_unit && !bare_range_holds(tokens, first, &second) {
        return None;
    }
    if low.is_negative() && high.is_negative() && low > high {
        std::mem::swap(&mut low, &mut high);
    }
    if low >= high {
        return None;
    }
    result.low = Some(low);
    result.high = Some(high);
    result.bound = Bound::Range;
    result.digits = first.digits.max(second.digits);
    result.per = first.per.or(second.per);
    result.end = second.end;
    result.next = second.next;
    result.scale = second.scale;
    result.fraction = first.fraction && second.fraction;
    result.worded = true;
    result.rules.join(second.rules);
    result.rules.add(Rule::Range);
    if result.per.is_none() {
        let end = result.end;
        figure::attach_per(tokens, &mut result);
        result.end = end.max(tokens.end(result.next.saturating_sub(1)));
    }
    if shared {
        result.rules.add(Rule::SharedUnit);
    }
    if let Some(opener) = opener {
        result.hedge_start = tokens.start(opener);
    }
    result.hedge_end = result.end;
    if tokens.is(result.next, Role::RangeClose) && tokens.joined(result.next) {
        result.hedge_end = tokens.end(result.next);
        result.next += 1;
    }
    Some(result)
}

/// The one of two currencies that is not ambiguous, where the other may mean it.
pub(super) fn explicit_currency(tokens: &Tokens<'_>, one: i64, other: i64) -> Option<i64> {
    let (first, second) = (
        tokens.lexicon.currency(one)?,
        tokens.lexicon.currency(other)?,
    );
    if first.candidates.contains(&second.id) {
        return Some(other);
    }
    second.candidates.contains(&first.id).then_some(one)
}

/// Two bare numbers with a link are a range only where nothing says that they are a code, a score or a date.
pub(super) fn bare_range_holds(tokens: &Tokens<'_>, first: &Figure, second: &Figure) -> bool {
    let padded = |index: usize| tokens.numeral(index).is_some_and(|numeral| numeral.padded);
    if padded(first.first) || padded(second.first) {
        return false;
    }
    let after = tokens.byte_at(second.end);
    let before = tokens.byte_before(first.start);
    !matches!(after, b'-' | b'/') && !matches!(before, b'-' | b'/' | b'.')
}

/// Two or more bare whole numbers with hyphens that are no range: a vote, a score, a code.
pub(super) fn score(tokens: &Tokens<'_>, figure: &Figure) -> Option<usize> {
    let mut at = figure.next;
    if figure.unit != FigureUnit::None || tokens.plain_integer(figure.first).is_none() {
        return None;
    }
    let mut any = false;
    while tokens.is_hyphen(at)
        && tokens.gap(at) == Gap::None
        && tokens.gap(at + 1) == Gap::None
        && tokens.plain_integer(at + 1).is_some()
    {
        at += 2;
        any = true;
    }
    let bare = !tokens.joined(at)
        || !tokens.any(at, Roles::of(&[Role::Unit, Role::Currency, Role::Scale]));
    (any && bare).then_some(at)
}
