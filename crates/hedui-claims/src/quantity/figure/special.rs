//! Figures that do not start with a number: *doubled*, 翻两番, 数以万计, 上百亿, 个半月, *a year and a half*.

use hedui_model::{Bound, Decimal};
use hedui_text::lexicon::quantities::{Role, Roles, UnitKind};

use super::super::number::{self, Found};
use super::super::rules::{Rule, Rules};
use super::super::token::{Gap, Tokens};
use super::compound::composite;
use super::percent::parts;
use super::unit::attach;
use super::verdict::alone;
use super::{Figure, FigureUnit, FoundFigure};

/// Expressions that do not start with a number.
pub(super) fn special(tokens: &Tokens<'_>, at: usize) -> Option<FoundFigure> {
    let word = tokens.word(at)?;
    if let Some(power) = word.value(Role::Parts) {
        return parts(tokens, at, i32::try_from(power).ok()?);
    }
    if let Some(index) = word.value(Role::Vague) {
        let row = tokens.lexicon.vague(index)?;
        let mut figure = plain(tokens, at, at + 1, row.low, row.high.unwrap_or(row.low));
        figure.bound = Bound::Range;
        figure.digits = 1;
        figure.rules.add(Rule::Vague);
        attach(tokens, &mut figure);
        figure.hedge_end = figure.end;
        return Some(FoundFigure::Figure(figure));
    }
    if let Some(thousandths) = word.value(Role::Multiple)
        && !is_compound(tokens, at)
    {
        let value = Decimal::new(i128::from(thousandths), -3).ok()?.normalized();
        let mut figure = plain(tokens, at, at + 1, value, value);
        figure.unit = FigureUnit::Unit(tokens.lexicon.unit_index("times")?);
        figure.digits = 1;
        figure.rules.add(Rule::Multiple);
        return Some(FoundFigure::Figure(figure));
    }
    if let Some(percent) = word.value(Role::AllOfIt) {
        let hundred = Decimal::from(percent);
        let mut figure = plain(tokens, at, at + 1, hundred, hundred);
        figure.unit = FigureUnit::Unit(tokens.lexicon.unit_index("percent")?);
        figure.rules.add(Rule::Parts);
        figure.digits = 1;
        return Some(FoundFigure::Figure(figure));
    }
    if word.is(Role::DoublingBefore) {
        return doublings(tokens, at);
    }
    if word.is(Role::OnOrder) {
        return on_order(tokens, at);
    }
    if word.is(Role::Article)
        && word.form.is_ascii()
        && let Some(found) = article_unit(tokens, at)
    {
        return Some(found);
    }
    if (word.is(Role::Ordinal) || word.value(Role::Leading) == Some(1))
        && let Some(found) = first_unit(tokens, at)
    {
        return Some(found);
    }
    if word.is(Role::Classifier) && tokens.is(at + 1, Role::Half) {
        return half_more(tokens, at);
    }
    None
}

/// The *double-entry* of a book.
fn is_compound(tokens: &Tokens<'_>, at: usize) -> bool {
    let end = tokens.end(at);
    tokens.byte_at(end) == b'-' && tokens.byte_at(end + 1).is_ascii_alphabetic()
}

pub(super) fn plain(
    tokens: &Tokens<'_>,
    first: usize,
    next: usize,
    low: Decimal,
    high: Decimal,
) -> Figure {
    Figure {
        start: tokens.start(first),
        end: tokens.end(next.saturating_sub(1)),
        hedge_start: tokens.start(first),
        hedge_end: tokens.end(next.saturating_sub(1)),
        first,
        next,
        low: Some(low),
        high: Some(high),
        bound: Bound::Exact,
        digits: u8::try_from(low.digits()).unwrap_or(u8::MAX),
        unit: FigureUnit::None,
        per: None,
        per_scale: 0,
        scale: 0,
        fraction: false,
        worded: true,
        prefixed: false,
        rules: Rules::default(),
    }
}

/// 翻两番: doubled twice.
pub(super) fn doublings(tokens: &Tokens<'_>, at: usize) -> Option<FoundFigure> {
    let mut index = at + 1;
    while tokens.is(index, Role::Filler) && tokens.joined(index) && index < at + 3 {
        index += 1;
    }
    let Found::Number(number) = number::read(tokens, index)? else {
        return None;
    };
    if !tokens.joined(index) || !tokens.joined(number.next) {
        return None;
    }
    let times = tokens.lexicon.unit_index("times")?;
    let value = if tokens.is(number.next, Role::Doubling) {
        let exponent = u32::try_from(number.low.normalized().mantissa()).ok()?;
        Decimal::from(2_i64.checked_pow(exponent)?)
    } else if tokens.value(number.next, Role::Unit) == Some(times) {
        // 翻三倍 is said for three times as much.
        number.low
    } else {
        return None;
    };
    let mut figure = plain(tokens, at, number.next + 1, value, value);
    figure.unit = FigureUnit::Unit(times);
    figure.rules.add(Rule::Doubling);
    Some(FoundFigure::Figure(figure))
}

/// 上百亿: one decade from there on.
pub(super) fn on_order(tokens: &Tokens<'_>, at: usize) -> Option<FoundFigure> {
    if !tokens.any(at + 1, Roles::of(&[Role::Place, Role::Myriad]))
        || tokens.gap(at + 1) != Gap::None
    {
        return None;
    }
    let mut power = 0;
    let mut index = at + 1;
    while let Some(more) = tokens
        .value(index, Role::Place)
        .or_else(|| tokens.value(index, Role::Myriad))
        .filter(|_| tokens.gap(index) == Gap::None && index < at + 4)
    {
        power += i32::try_from(more).ok()?;
        index += 1;
    }
    let (low, high) = (
        Decimal::new(1, power).ok()?,
        Decimal::new(1, power + 1).ok()?,
    );
    let mut figure = plain(tokens, at + 1, index, low, high);
    figure.first = at;
    figure.bound = Bound::Range;
    figure.digits = 1;
    figure.rules.add(Rule::Vague);
    attach(tokens, &mut figure);
    figure.start = tokens.start(at);
    figure.hedge_start = figure.start;
    figure.hedge_end = figure.end;
    (figure.unit != FigureUnit::None).then_some(FoundFigure::Figure(figure))
}

/// 个半月: one and a half.
pub(super) fn half_more(tokens: &Tokens<'_>, at: usize) -> Option<FoundFigure> {
    let unit = at + 2;
    if tokens.gap(at + 1) != Gap::None
        || tokens.gap(unit) != Gap::None
        || at.checked_sub(1).is_some_and(|before| {
            tokens.joined(at)
                && tokens.any(
                    before,
                    Roles::of(&[Role::Digit, Role::Place, Role::VagueDigit]),
                )
        })
    {
        return None;
    }
    let unit_index = duration_behind_half(tokens, unit)?;
    let value = Decimal::new(15, -1).ok()?;
    let mut figure = plain(tokens, at, unit + 1, value, value);
    figure.unit = FigureUnit::Unit(unit_index);
    figure.rules.add(Rule::HalfMore);
    Some(FoundFigure::Figure(figure))
}

/// The unit of time behind 半: 个半月, 个半小时.
pub(super) fn duration_behind_half(tokens: &Tokens<'_>, at: usize) -> Option<i64> {
    if let Some(unit) = tokens.value(at, Role::Unit) {
        return Some(unit);
    }
    if tokens.is(at, Role::OfClock) {
        return tokens.lexicon.unit_index("hour");
    }
    tokens
        .is(at, Role::MonthMark)
        .then(|| tokens.lexicon.unit_index("month"))?
}

/// `a year and a half`; *an ml* where nothing else is said.
pub(super) fn article_unit(tokens: &Tokens<'_>, at: usize) -> Option<FoundFigure> {
    if !tokens.joined(at + 1) || !tokens.is_ascii(at + 1) {
        return None;
    }
    if let Some(currency) = tokens.value(at + 1, Role::Currency) {
        return article_money(tokens, at, currency);
    }
    let unit = tokens.value(at + 1, Role::Unit)?;
    let row = tokens.lexicon.unit(unit)?;
    let half = at + 4;
    let and_half = tokens.is(at + 2, Role::MixedLink)
        && tokens.is(at + 3, Role::Article)
        && tokens.is(half, Role::Half)
        && (at + 2..=half).all(|index| tokens.joined(index));
    if and_half && row.kind == UnitKind::Duration {
        let value = Decimal::new(15, -1).ok()?;
        let mut figure = plain(tokens, at, half + 1, value, value);
        figure.unit = FigureUnit::Unit(unit);
        figure.rules.add(Rule::HalfMore);
        return Some(FoundFigure::Figure(figure));
    }
    let mut figure = plain(tokens, at, at + 2, Decimal::ONE, Decimal::ONE);
    figure.unit = FigureUnit::Unit(unit);
    figure.rules.add(Rule::Unit);
    (row.kind == UnitKind::Dimension && alone(tokens, figure.start, figure.end))
        .then_some(FoundFigure::Figure(figure))
}

/// `a dollar and 42 cents`; *a dollar* by itself is mostly no sum.
fn article_money(tokens: &Tokens<'_>, at: usize, currency: i64) -> Option<FoundFigure> {
    let mut figure = plain(tokens, at, at + 2, Decimal::ONE, Decimal::ONE);
    figure.unit = FigureUnit::Currency(currency);
    figure.rules.add(Rule::CurrencyBehind);
    composite(tokens, &mut figure);
    figure.end = tokens.end(figure.next.saturating_sub(1));
    figure.hedge_end = figure.end;
    figure
        .rules
        .has(Rule::Composite)
        .then_some(FoundFigure::Figure(figure))
}

/// The first *gigawatt*: one of a unit that is large enough to be told in ordinals.
fn first_unit(tokens: &Tokens<'_>, at: usize) -> Option<FoundFigure> {
    let classifier = tokens.is(at + 1, Role::Classifier) && !tokens.is_ascii(at + 1);
    let unit_at = at + 1 + usize::from(classifier);
    if !(at + 1..=unit_at).all(|index| tokens.joined(index)) {
        return None;
    }
    let unit = large_unit(tokens, unit_at)?;
    let mut figure = plain(tokens, unit_at, unit_at + 1, Decimal::ONE, Decimal::ONE);
    figure.unit = FigureUnit::Unit(unit);
    figure.rules.add(Rule::Unit);
    Some(FoundFigure::Figure(figure))
}

/// A unit written out whose prefix makes it a thousand or more of its base.
fn large_unit(tokens: &Tokens<'_>, at: usize) -> Option<i64> {
    let unit = tokens.value(at, Role::Unit)?;
    let row = tokens.lexicon.unit(unit)?;
    let large = row.prefixed
        && row.kind == UnitKind::Dimension
        && row.factor >= Decimal::from(1000)
        && tokens.end(at) - tokens.start(at) > 3;
    let goes_on = tokens.byte_at(tokens.end(at)) == b'-';
    (large && !goes_on).then_some(unit)
}
