//! What several figures make together: ranges, lists with a shared unit, joined bounds, restatements.

use hedui_model::Bound;
use hedui_text::lexicon::quantities::{Role, Roles};

use super::bounds;
use super::figure::{self, Figure, FigureUnit, FoundFigure};
use super::reading::{Reading, What};
use super::rules::Rule;
use super::token::{Gap, TokenKind, Tokens};

/// How far a restatement may stand behind its figure, in bytes.
const GLOSS_REACH: usize = 40;

/// Reads the figure at a token with all that belongs to it: range, bounds, denominator in front.
pub(super) fn read(tokens: &Tokens<'_>, at: usize) -> Option<FoundFigure> {
    let mut figure = match figure::read(tokens, at)? {
        FoundFigure::Figure(figure) => figure,
        skip => return Some(skip),
    };
    if let Some(range) = range(tokens, &figure) {
        figure = range;
    }
    bounds::around(tokens, &mut figure);
    each_before(tokens, &mut figure);
    Some(FoundFigure::Figure(figure))
}

fn range(tokens: &Tokens<'_>, first: &Figure) -> Option<Figure> {
    let link = first.next;
    if !tokens.joined(link) || !matches!(first.bound, Bound::Exact | Bound::About) {
        return None;
    }
    let opener = opener(tokens, first);
    let word = tokens.word(link)?;
    let open_link = opener.is_some() && word.is(Role::RangeOpenLink);
    if !word.is(Role::RangeLink) && !open_link {
        return None;
    }
    let mut second_at = link + 1;
    if !tokens.joined(second_at) {
        return None;
    }
    // An opener that means a change (*from 5 % to 7 %*) has two figures of its own.
    if let Some(opener) = opener
        && tokens.is_ascii(opener)
        && tokens.is(opener, Role::Since)
        && first.unit != FigureUnit::None
        && !matches!(
            tokens.byte_before(tokens.start(opener)),
            0 | b'\n' | b'(' | b'"'
        )
    {
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
    combine(tokens, first, second, opener)
}

/// The word that opens a range before the figure: between, from, 介于.
fn opener(tokens: &Tokens<'_>, first: &Figure) -> Option<usize> {
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

fn combine(
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
fn explicit_currency(tokens: &Tokens<'_>, one: i64, other: i64) -> Option<i64> {
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
fn bare_range_holds(tokens: &Tokens<'_>, first: &Figure, second: &Figure) -> bool {
    let padded = |index: usize| tokens.numeral(index).is_some_and(|numeral| numeral.padded);
    if padded(first.first) || padded(second.first) {
        return false;
    }
    let after = tokens.byte_at(second.end);
    let before = tokens.byte_before(first.start);
    !matches!(after, b'-' | b'/') && !matches!(before, b'-' | b'/' | b'.')
}

/// 每股 and *per share* in front of a figure.
fn each_before(tokens: &Tokens<'_>, figure: &mut Figure) {
    if figure.per.is_some() || figure.unit == FigureUnit::None {
        return;
    }
    let from = tokens.tokens.get(..figure.first).unwrap_or_default();
    let hedge = figure.hedge_start;
    let Some(word) = from.iter().rposition(|token| token.end as usize <= hedge) else {
        return;
    };
    let gap = tokens.text.get(tokens.end(word)..hedge).unwrap_or_default();
    let near = gap.is_empty()
        || gap == " "
        || (gap.len() <= 12
            && !gap.is_ascii()
            && !gap.bytes().any(|byte| byte < 0x80)
            && gap
                .chars()
                .all(|character| !matches!(character, '\u{3000}'..='\u{303F}')));
    let Some(each) = word.checked_sub(1).filter(|_| near) else {
        return;
    };
    if !tokens.is(each, Role::Each)
        || tokens.gap(word) != Gap::None && !tokens.is_ascii(each)
        || !tokens.joined(word)
    {
        return;
    }
    let per = if let Some(unit) = tokens.value(word, Role::Unit) {
        figure::Per::Unit(unit)
    } else if let Some(noun) = tokens
        .value(word, Role::Noun)
        .or_else(|| tokens.value(word, Role::Classifier))
    {
        figure::Per::Noun(noun)
    } else {
        return;
    };
    figure.per = Some(per);
    figure.rules.add(Rule::PerBefore);
}

// ---- Over the whole list ----

/// Joins what stands side by side in the list of readings.
pub(super) fn join(tokens: &Tokens<'_>, readings: &mut Vec<Reading>) {
    lists(tokens, readings);
    joined_bounds(tokens, readings);
    glosses(tokens, readings);
}

/// How two neighbours are linked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Link {
    None,
    Comma,
    Word,
}

fn link(tokens: &Tokens<'_>, first: &Figure, second: &Figure) -> Link {
    let count = second.first.saturating_sub(first.next);
    if second.first < first.next
        || !(1..=2).contains(&count)
        || first.hedge_end > second.hedge_start
    {
        return Link::None;
    }
    let mut kind = Link::Comma;
    for index in first.next..second.first {
        if !tokens.is(index, Role::ListLink) || !tokens.joined(index) {
            return Link::None;
        }
        if tokens.form(index) != "," {
            kind = Link::Word;
        }
    }
    if tokens.joined(second.first) {
        kind
    } else {
        Link::None
    }
}

/// 3、5 及 8 億美元: earlier members take scale and unit of the last.
fn lists(tokens: &Tokens<'_>, readings: &mut [Reading]) {
    let mut closed = false;
    for index in (1..readings.len()).rev() {
        let (head, tail) = readings.split_at_mut(index);
        let (Some(first), Some(second)) = (
            head.last_mut().and_then(Reading::figure_mut),
            tail.first().and_then(Reading::figure),
        ) else {
            closed = false;
            continue;
        };
        let kind = link(tokens, first, second);
        closed = match kind {
            Link::None => false,
            Link::Word => true,
            Link::Comma => closed,
        };
        let shares = first.unit == FigureUnit::None
            && second.unit != FigureUnit::None
            && !first.fraction
            && first.bound != Bound::Range;
        if !closed
            || !shares
            || (tokens.is_ascii(first.first)
                && first.scale == 0
                && matches!(second.unit, FigureUnit::Count(_))
                && second.scale == 0
                && !second.worded
                && kind == Link::Comma)
        {
            continue;
        }
        if first.scale == 0 && second.scale >= 3 && first.scale < second.scale {
            let scale = second.scale;
            let scaled = |value: Option<hedui_model::Decimal>| {
                value.and_then(|value| value.scaled(scale).ok())
            };
            first.low = scaled(first.low);
            first.high = scaled(first.high);
            first.scale = scale;
        } else if second.rules.has(Rule::Tenths) {
            let scaled =
                |value: Option<hedui_model::Decimal>| value.and_then(|value| value.scaled(1).ok());
            first.low = scaled(first.low);
            first.high = scaled(first.high);
            first.rules.add(Rule::Tenths);
        }
        first.unit = second.unit;
        first.per = first.per.or(second.per);
        first.rules.add(Rule::List);
    }
}

/// More than ten and less than twenty: one range.
fn joined_bounds(tokens: &Tokens<'_>, readings: &mut Vec<Reading>) {
    let mut index = 1;
    while index < readings.len() {
        let pair = readings
            .get(index - 1)
            .and_then(Reading::figure)
            .zip(readings.get(index).and_then(Reading::figure));
        let joined = pair.and_then(|(first, second)| join_bounds(tokens, first, second));
        if let Some(joined) = joined {
            if let Some(reading) = readings.get_mut(index - 1) {
                reading.what = What::Figure(joined);
            }
            readings.remove(index);
        } else {
            index += 1;
        }
    }
}

fn join_bounds(tokens: &Tokens<'_>, first: &Figure, second: &Figure) -> Option<Figure> {
    let between = tokens.text.get(first.hedge_end..second.hedge_start)?;
    if between.len() > 14 || between.contains('\n') {
        return None;
    }
    let linked = between.trim().is_empty()
        || (first.next..second.first).any(|index| tokens.any(index, Roles::of(&[Role::ListLink])));
    let one_sided = |figure: &Figure| figure.low.is_none() != figure.high.is_none();
    if !linked
        || !one_sided(first)
        || !one_sided(second)
        || first.low.is_some() == second.low.is_some()
    {
        return None;
    }
    let unit = match (first.unit, second.unit) {
        (one, other) if one == other => one,
        (FigureUnit::None, other) => other,
        (one, FigureUnit::None) => one,
        _ => return None,
    };
    let vague =
        |figure: &Figure| figure.hedge_start == figure.start && figure.hedge_end == figure.end;
    if vague(first) || vague(second) {
        return None;
    }
    let (low, high) = (first.low.or(second.low)?, first.high.or(second.high)?);
    if low >= high {
        return None;
    }
    let mut joined = *first;
    joined.low = Some(low);
    joined.high = Some(high);
    joined.unit = unit;
    joined.bound = Bound::Range;
    joined.end = second.end;
    joined.hedge_end = second.hedge_end;
    joined.next = second.next;
    joined.rules.join(second.rules);
    joined.rules.add(Rule::JoinedBounds);
    Some(joined)
}

/// Marks the figures that restate the one before them.
fn glosses(tokens: &Tokens<'_>, readings: &mut [Reading]) {
    for index in 1..readings.len() {
        let (head, tail) = readings.split_at_mut(index);
        let (Some(before), Some(reading)) = (head.last(), tail.first_mut()) else {
            continue;
        };
        let (Some(first), Some(second)) = (before.figure(), reading.figure()) else {
            continue;
        };
        if restates(tokens, first, second) {
            let target = before.gloss_of.unwrap_or(index - 1);
            reading.gloss_of = Some(target);
        }
    }
}

fn restates(tokens: &Tokens<'_>, first: &Figure, second: &Figure) -> bool {
    let Some(between) = tokens.text.get(first.hedge_end..second.hedge_start) else {
        return false;
    };
    if between.len() > GLOSS_REACH || !comparable(tokens, first, second) {
        return false;
    }
    let trimmed = between.trim_start();
    let bracketed = trimmed.starts_with('(') || trimmed.starts_with('[');
    let appositive =
        trimmed.starts_with(',') || trimmed.starts_with('\u{2014}') || trimmed.starts_with("--");
    if !bracketed && !appositive {
        return false;
    }
    let mut linked = false;
    let mut at = first.hedge_end;
    let mut covered = 0;
    let start = tokens
        .tokens
        .partition_point(|token| (token.start as usize) < first.hedge_end);
    for index in start..second.first {
        let Some(token) = tokens.get(index) else {
            break;
        };
        if token.start as usize >= second.hedge_start {
            break;
        }
        linked |= tokens.is(index, Role::GlossLink);
        let harmless = tokens.any(
            index,
            Roles::of(&[
                Role::GlossLink,
                Role::BoundBefore,
                Role::Filler,
                Role::Article,
                Role::ListLink,
                Role::BoundAfter,
                Role::Currency,
            ]),
        );
        if !harmless {
            return false;
        }
        covered += tokens.end(index) - tokens.start(index);
        at = tokens.end(index);
    }
    let _ = at;
    let plain = between
        .bytes()
        .filter(|byte| !matches!(byte, b' ' | b'(' | b'[' | b','))
        .count();
    // Unknown words between the two are allowed only where a link word says what is meant.
    let uncovered = plain.saturating_sub(covered);
    let hedge_links = tokens
        .text
        .get(second.hedge_start..second.start)
        .is_some_and(|hedge| !hedge.is_empty());
    if bracketed {
        return uncovered <= 12 && !trimmed.contains(')');
    }
    linked && uncovered == 0
        || (hedge_links
            && uncovered == 0
            && tokens.is(second.first.wrapping_sub(1), Role::GlossLink))
}

/// Tells whether the figures could say the same thing in two units.
fn comparable(tokens: &Tokens<'_>, first: &Figure, second: &Figure) -> bool {
    match (first.unit, second.unit) {
        (FigureUnit::Currency(one), FigureUnit::Currency(other)) => one != other,
        (FigureUnit::Unit(one), FigureUnit::Unit(other)) => {
            let (Some(one), Some(other)) = (tokens.lexicon.unit(one), tokens.lexicon.unit(other))
            else {
                return false;
            };
            let areas = ["m2", "acre", "hectare", "mu", "ping"];
            one.base == other.base
                || (areas.contains(&one.base.as_str()) && areas.contains(&other.base.as_str()))
        }
        _ => false,
    }
}

/// Tells whether the token is a number, for callers that look ahead.
pub(super) fn is_number(tokens: &Tokens<'_>, at: usize) -> bool {
    matches!(
        tokens.get(at).map(|token| token.kind),
        Some(TokenKind::Number(_))
    )
}
