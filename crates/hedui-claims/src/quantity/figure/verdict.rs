//! Whether a number is a figure at all, and what its surroundings make of it.

use hedui_model::{Bound, Decimal};
use hedui_text::lexicon::quantities::{Role, Roles, UnitKind};

use super::super::number::Number;
use super::super::rules::Rule;
use super::super::token::{Gap, TokenKind, Tokens};
use super::mark::is_mark;
use super::unit::is_age;
use super::{Figure, FigureUnit, FoundFigure};

/// Decides whether the number is a figure at all.
pub(super) fn verdict(
    tokens: &Tokens<'_>,
    mut figure: Figure,
    number: &Number,
) -> Option<FoundFigure> {
    let skip = Some(FoundFigure::Skip(figure.next.max(number.next)));
    let before = figure
        .first
        .checked_sub(1)
        .filter(|_| tokens.joined(figure.first));
    if before.is_some_and(|before| tokens.is(before, Role::OrdinalPrefix)) {
        return skip;
    }
    if before.is_some_and(|before| {
        tokens.is(before, Role::Street) && tokens.gap(figure.first) == Gap::None
    }) && matches!(figure.unit, FigureUnit::Count(_) | FigureUnit::None)
    {
        return skip;
    }
    if is_numbered(tokens, &figure, number)
        || is_denominator(tokens, &figure)
        || is_address(tokens, &figure, number)
        || is_couple(tokens, &figure, number)
        || is_article(tokens, &figure)
        || is_name_with_unit(tokens, &figure)
        || is_age(tokens, &figure, number.next)
    {
        return skip;
    }
    electricity(tokens, &mut figure);
    level(tokens, &mut figure);
    increase(tokens, &mut figure);
    if figure.unit != FigureUnit::None {
        return Some(FoundFigure::Figure(figure));
    }
    let next = number.next;
    let joined = tokens.joined(next);
    if joined && tokens.is(next, Role::OrdinalSuffix) && tokens.gap(next) == Gap::None {
        return Some(FoundFigure::Skip(next + 1));
    }
    if joined
        && tokens.is(next, Role::ClockMark)
        && !tokens.is_ascii(next)
        && number.low > Decimal::from(24)
        && tokens.form(next).chars().count() == 1
        && tokens.is(next, Role::Point)
    {
        figure.unit = tokens
            .lexicon
            .unit_index("point")
            .map_or(FigureUnit::None, FigureUnit::Unit);
        figure.next = next + 1;
        figure.end = tokens.end(next);
        figure.hedge_end = figure.end;
        return Some(FoundFigure::Figure(figure));
    }
    let hours = tokens.is(next, Role::TimeOfDay) && number.low <= Decimal::from(24);
    if joined && (hours || tokens.is(next, Role::ClockMark)) && !number.fraction && number.scale < 4
    {
        return Some(FoundFigure::Skip(clock_end(tokens, next + 1)));
    }
    // 20时15分, Section 12c.
    let small = tokens.word(next).is_some_and(|word| word.money_small);
    if small && tokens.gap(next) == Gap::None {
        return Some(FoundFigure::Skip(next + 1));
    }
    if joined && tokens.is(next, Role::NameAfter) && !number.fraction && number.scale < 4 {
        // 3比1: the other side of a score goes with it.
        let score = tokens.gap(next + 1) == Gap::None
            && tokens.plain_integer(next + 1).is_some()
            && !tokens.joined(next + 2);
        return Some(FoundFigure::Skip(next + 1 + usize::from(score)));
    }
    if figure.fraction {
        return if fraction_holds(tokens, &figure) {
            Some(FoundFigure::Figure(figure))
        } else {
            skip
        };
    }
    // Room 2B is no room two billion.
    let lettered = tokens.is(number.next.saturating_sub(1), Role::ShortScale)
        && before
            .is_some_and(|before| tokens.is(before, Role::NameBefore) && tokens.is_ascii(before));
    if lettered {
        return skip;
    }
    if figure.scale >= 4 {
        return Some(FoundFigure::Figure(figure));
    }
    if before
        .is_some_and(|before| tokens.any(before, Roles::of(&[Role::NameBefore, Role::TimeOfDay])))
        && number.scale < 3
    {
        return skip;
    }
    if is_mark(tokens, &figure, number) {
        return skip;
    }
    Some(FoundFigure::Figure(figure))
}

/// Tells whether a figure is all that the text holds.
pub(in super::super) fn alone(tokens: &Tokens<'_>, start: usize, end: usize) -> bool {
    tokens.trimmed <= end - start + 3
}

/// A model's number between its name and what it is: Galaxy 5 phones, 征程6芯片.
fn is_numbered(tokens: &Tokens<'_>, figure: &Figure, number: &Number) -> bool {
    let FigureUnit::Count(noun) = figure.unit else {
        return false;
    };
    let Some(name) = figure
        .first
        .checked_sub(1)
        .filter(|name| tokens.is(*name, Role::NameBefore) && tokens.joined(figure.first))
    else {
        return false;
    };
    if number.worded {
        return false;
    }
    if tokens.is_ascii(name) {
        return figure.next == number.next;
    }
    let named = tokens.lexicon.noun(noun).is_some_and(|noun| noun.numbered);
    named && figure.rules.has(Rule::Count) && tokens.gap(figure.first) == Gap::None
}

/// 每百万token, *per 1,000 people*: an amount right behind 每 is a denominator; every three months is a time.
fn is_denominator(tokens: &Tokens<'_>, figure: &Figure) -> bool {
    let each = figure
        .first
        .checked_sub(1)
        .is_some_and(|before| tokens.is(before, Role::Each) && tokens.joined(figure.first));
    let amount = match figure.unit {
        FigureUnit::Count(_) => true,
        FigureUnit::Unit(unit) => tokens
            .lexicon
            .unit(unit)
            .is_some_and(|unit| unit.kind == UnitKind::Dimension),
        _ => false,
    };
    each && amount
}

/// 1600 Amphitheatre Parkway: a number, names, a kind of street.
fn is_address(tokens: &Tokens<'_>, figure: &Figure, number: &Number) -> bool {
    if number.worded
        || figure.unit != FigureUnit::None
        || tokens.plain_integer(figure.first).is_none()
    {
        return false;
    }
    (figure.next..figure.next + 3).any(|index| {
        if !tokens.is(index, Role::Street) || !tokens.is_ascii(index) {
            return false;
        }
        let names = tokens
            .text
            .get(figure.end..tokens.start(index))
            .unwrap_or_default();
        let proper = names
            .split(' ')
            .filter(|name| !name.is_empty())
            .all(|name| name.starts_with(|first: char| first.is_ascii_uppercase()));
        names.len() <= 30 && proper && names.starts_with(' ') && names.trim().len() > 1
    })
}

/// A couple that counts nothing are two people.
fn is_couple(tokens: &Tokens<'_>, figure: &Figure, number: &Number) -> bool {
    figure.unit == FigureUnit::None
        && number.bound == Some(Bound::About)
        && tokens.is(figure.first, Role::Counted)
        && !alone(tokens, figure.start, figure.end)
}

/// 2024/1689 is a number of a law, not a fraction.
pub(super) fn fraction_holds(tokens: &Tokens<'_>, figure: &Figure) -> bool {
    let slash = matches!(
        tokens.get(figure.first).map(|token| token.kind),
        Some(TokenKind::Slash(..))
    );
    let part = figure.low.is_none_or(|low| low < Decimal::ONE);
    !slash || part || alone(tokens, figure.start, figure.end)
}

/// 一家, *one company*: an article, unless nothing else is said.
pub(super) fn is_article(tokens: &Tokens<'_>, figure: &Figure) -> bool {
    let counts = match figure.unit {
        FigureUnit::Count(_) => true,
        FigureUnit::None => tokens.is_ascii(figure.first) && figure.next == figure.first + 1,
        _ => false,
    };
    let one =
        tokens.value(figure.first, Role::Digit) == Some(1) && figure.value() == Some(Decimal::ONE);
    if !counts || !one || tokens.numeral(figure.first).is_some() {
        return false;
    }
    !alone(tokens, figure.start, figure.end) && !in_list(tokens, figure)
}

/// The last member of a list of counts: 三座工厂和一座研发中心.
fn in_list(tokens: &Tokens<'_>, figure: &Figure) -> bool {
    let is_link = |index: usize| tokens.is(index, Role::ListLink) && tokens.joined(index);
    let Some(mut link) = figure.first.checked_sub(1) else {
        return false;
    };
    if !is_link(link) || !tokens.joined(figure.first) {
        return false;
    }
    if link.checked_sub(1).is_some_and(is_link) {
        link -= 1;
    }
    let Some(counted) = link.checked_sub(1) else {
        return false;
    };
    tokens.any(counted, Roles::of(&[Role::Noun, Role::Classifier]))
        && (counted.saturating_sub(2)..counted).any(|number| {
            tokens.numeral(number).is_some()
                || tokens.any(number, Roles::of(&[Role::Digit, Role::Place, Role::Tens]))
        })
}

/// A process node, or a symbol that is the name of one: 3nm, 18A nodes.
pub(super) fn is_name_with_unit(tokens: &Tokens<'_>, figure: &Figure) -> bool {
    let FigureUnit::Unit(index) = figure.unit else {
        return false;
    };
    let Some(unit) = tokens.lexicon.unit(index) else {
        return false;
    };
    let last = figure.next.saturating_sub(1);
    let glued = tokens.is_ascii(last)
        && tokens.gap(last) == Gap::None
        && tokens.end(last) - tokens.start(last) <= 2;
    if glued
        && tokens.is(figure.next, Role::NameAfter)
        && tokens.joined(figure.next)
        && tokens.is_ascii(figure.next)
        && tokens
            .numeral(figure.first)
            .is_some_and(|numeral| !numeral.fractional)
        && unit.base != "m"
    {
        return true;
    }
    let Some(value) = figure.value() else {
        return false;
    };
    if !tokens.lexicon.is_node(&unit.id, value) || alone(tokens, figure.start, figure.end) {
        return false;
    }
    let near = |index: usize| {
        let (from, to) = (
            tokens.end(index).min(figure.start),
            tokens.start(index).max(figure.end),
        );
        figure.start.saturating_sub(from) < 30
            && to.saturating_sub(figure.end) < 30
            && tokens.is(index, Role::LengthContext)
    };
    let from = figure.first.saturating_sub(4);
    !(from..figure.first)
        .chain(figure.next..figure.next + 3)
        .any(near)
}

/// 度 is a kilowatt-hour behind a large number or where electricity is spoken of.
pub(super) fn electricity(tokens: &Tokens<'_>, figure: &mut Figure) {
    let last = figure.next.saturating_sub(1);
    if !figure.rules.has(Rule::Unit) || !tokens.is(last, Role::ElectricDegree) {
        return;
    }
    let from = figure.first.saturating_sub(5);
    let spoken = (from..figure.first)
        .chain(figure.next..figure.next + 2)
        .any(|index| {
            tokens.is(index, Role::ElectricityContext)
                && figure
                    .start
                    .saturating_sub(tokens.end(index).min(figure.start))
                    < 40
                && tokens.start(index).max(figure.end) - figure.end < 12
        });
    if (figure.scale >= 4 || spoken)
        && let Some(unit) = tokens.lexicon.unit_index("kilowatt hour")
    {
        figure.unit = FigureUnit::Unit(unit);
    }
}

/// 千亿元级: the decade that begins there.
pub(super) fn level(tokens: &Tokens<'_>, figure: &mut Figure) {
    let at = figure.next;
    if !tokens.is(at, Role::Level)
        || tokens.gap(at) != Gap::None
        || !tokens.any(figure.first, Roles::of(&[Role::Place, Role::Myriad]))
    {
        return;
    }
    let Some(high) = figure.value().and_then(|low| low.scaled(1).ok()) else {
        return;
    };
    figure.high = Some(high);
    figure.bound = Bound::Range;
    figure.next = at + 1;
    figure.end = tokens.end(at);
    figure.hedge_end = figure.end;
    figure.rules.add(Rule::Vague);
}

/// 增长三倍 is four times as much; 增长到三倍 is three times.
pub(super) fn increase(tokens: &Tokens<'_>, figure: &mut Figure) {
    let FigureUnit::Unit(unit) = figure.unit else {
        return;
    };
    if tokens
        .lexicon
        .unit(unit)
        .is_none_or(|unit| unit.id != "times")
        || tokens.is_ascii(figure.next.saturating_sub(1))
    {
        return;
    }
    let mut index = figure.first;
    for _ in 0..3 {
        let Some(before) = index
            .checked_sub(1)
            .filter(|_| tokens.gap(index) == Gap::None || tokens.joined(index))
        else {
            return;
        };
        if tokens.is(before, Role::Increase) {
            let add = |value: Option<Decimal>| {
                value.and_then(|value| value.checked_add(Decimal::ONE).ok())
            };
            figure.low = add(figure.low);
            figure.high = add(figure.high);
            figure.rules.add(Rule::Multiple);
            return;
        }
        let harmless = tokens.is(before, Role::BoundBefore) || tokens.is(before, Role::Aspect);
        if !harmless || tokens.is(before, Role::RangeLink) {
            return;
        }
        index = before;
    }
}

/// Passes over the minutes of a clock time: 8点14分.
pub(super) fn clock_end(tokens: &Tokens<'_>, at: usize) -> usize {
    if !tokens.joined(at) {
        return at;
    }
    if tokens.plain_integer(at).is_some_and(|minutes| minutes < 60) {
        return at + 1;
    }
    // 十二时零一分
    let mut next = at;
    while next < at + 4
        && tokens.joined(next)
        && tokens.any(next, Roles::of(&[Role::Digit, Role::Place]))
        && !tokens.is_ascii(next)
    {
        next += 1;
    }
    next
}
