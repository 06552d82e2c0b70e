//! Lists whose members share the unit of the last, and bounds that make a range together.

use hedui_model::Bound;
use hedui_text::lexicon::quantities::Role;

use super::super::figure::{Figure, FigureUnit};
use super::super::reading::{Reading, What};
use super::super::rules::Rule;
use super::super::token::{Gap, Tokens};

/// How two neighbours are linked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Link {
    None,
    Comma,
    Word,
}

pub(super) fn link(tokens: &Tokens<'_>, first: &Figure, second: &Figure) -> Link {
    let count = second.first.saturating_sub(first.next);
    if second.first < first.next
        || !(1..=2).contains(&count)
        || first.hedge_end > second.hedge_start
    {
        return Link::None;
    }
    let mut kind = Link::Comma;
    for index in first.next..second.first {
        let slash = tokens.form(index) == "/"
            && tokens.gap(index) == Gap::None
            && tokens.gap(index + 1) == Gap::None;
        if slash {
            kind = Link::Word;
            continue;
        }
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
pub(super) fn lists(tokens: &Tokens<'_>, readings: &mut [Reading]) {
    share_units(tokens, readings);
    hedged_lists(tokens, readings);
}

fn share_units(tokens: &Tokens<'_>, readings: &mut [Reading]) {
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
        if prefixed_list(kind, closed, first, second) {
            let scale = second.scale;
            let scaled = |value: Option<hedui_model::Decimal>| {
                value.and_then(|value| value.scaled(scale).ok())
            };
            first.low = scaled(first.low);
            first.high = scaled(first.high);
            first.scale = scale;
            first.rules.add(Rule::List);
            continue;
        }
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

/// 约为100亿、170亿和120亿元: a hedge in front of a list with one unit is one of all members.
fn hedged_lists(tokens: &Tokens<'_>, readings: &mut [Reading]) {
    for index in 1..readings.len() {
        let (head, tail) = readings.split_at_mut(index);
        let (Some(first), Some(second)) = (
            head.last().and_then(Reading::figure),
            tail.first_mut().and_then(Reading::figure_mut),
        ) else {
            continue;
        };
        let shared = first.rules.has(Rule::List) || second.rules.has(Rule::List);
        let hedged = first.bound == Bound::About && shared;
        if hedged && second.bound == Bound::Exact && link(tokens, first, second) != Link::None {
            second.bound = Bound::About;
            second.rules.add(Rule::List);
        }
    }
}

/// `$3, $5 and $8 billion`.
pub(super) fn prefixed_list(kind: Link, closed: bool, first: &Figure, second: &Figure) -> bool {
    let same = first.prefixed && second.prefixed && first.unit == second.unit;
    let small = first
        .value()
        .is_some_and(|value| value < hedui_model::Decimal::from(1000));
    same && small && kind != Link::None && closed && first.scale == 0 && second.scale >= 6
}

/// More than ten and less than twenty: one range.
pub(super) fn joined_bounds(tokens: &Tokens<'_>, readings: &mut Vec<Reading>) {
    let mut kept = 0_usize;
    for index in 0..readings.len() {
        let joined = kept.checked_sub(1).and_then(|before| {
            let first = readings.get(before)?.figure()?;
            join_bounds(tokens, first, readings.get(index)?.figure()?)
        });
        let target = kept
            .checked_sub(1)
            .and_then(|before| readings.get_mut(before));
        if let (Some(joined), Some(reading)) = (joined, target) {
            reading.what = What::Figure(joined);
        } else {
            if kept < index {
                readings.swap(kept, index);
            }
            kept += 1;
        }
    }
    readings.truncate(kept);
}

pub(super) fn join_bounds(tokens: &Tokens<'_>, first: &Figure, second: &Figure) -> Option<Figure> {
    let one_sided = |figure: &Figure| figure.low.is_none() != figure.high.is_none();
    if !one_sided(first) || !one_sided(second) || first.low.is_some() == second.low.is_some() {
        return None;
    }
    let between = tokens.text.get(first.hedge_end..second.hedge_start)?;
    let parted =
        between.contains(',') && (first.unit != second.unit || first.unit == FigureUnit::None);
    let bare_comma =
        first.unit == FigureUnit::None && second.unit == FigureUnit::None && between.trim() == ",";
    if between.len() > 14 || between.contains('\n') || parted && !bare_comma {
        return None;
    }
    let links = || (first.next..second.first).filter(|index| tokens.is(*index, Role::ListLink));
    if !between.trim().is_empty() && links().next().is_none() {
        return None;
    }
    // x > 10 and y < 20 are about two things.
    let letters = |text: &str| text.bytes().filter(u8::is_ascii_alphabetic).count();
    if letters(between) > links().map(|index| letters(tokens.form(index))).sum() {
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
