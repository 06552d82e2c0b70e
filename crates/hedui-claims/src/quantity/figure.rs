//! Figures: a number with its sign, unit and denominator, in the unit as written.

mod compound;
mod count;
mod front;
mod inch;
mod mark;
mod money;
mod percent;
mod quotient;
mod special;
mod unit;
mod verdict;

use hedui_model::{Bound, Decimal};
use hedui_text::lexicon::quantities::{Role, Roles};

use super::number::{self, Found};
use super::rules::{Rule, Rules};
use super::token::{TokenKind, Tokens};
use front::{is_sign, prefix_currency};
pub(super) use mark::capital_before;
pub(super) use quotient::{attach_per, per_at, per_scale};
use special::special;
use unit::attach;
pub(super) use unit::{is_initial, is_near};
pub(super) use verdict::alone;
use verdict::verdict;

/// The unit of a figure, by its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FigureUnit {
    None,
    Unit(i64),
    Currency(i64),
    Count(i64),
}

/// What a figure is for each of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Per {
    Unit(i64),
    Noun(i64),
}

/// A number with its unit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Figure {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) hedge_start: usize,
    pub(super) hedge_end: usize,
    /// The first token, and the one after the last.
    pub(super) first: usize,
    pub(super) next: usize,
    /// What is stated, in the unit as written; an open end is none.
    pub(super) low: Option<Decimal>,
    pub(super) high: Option<Decimal>,
    pub(super) bound: Bound,
    pub(super) digits: u8,
    pub(super) unit: FigureUnit,
    pub(super) per: Option<Per>,
    /// The power of ten in front of the denominator: per million tokens.
    pub(super) per_scale: u8,
    pub(super) scale: i32,
    pub(super) fraction: bool,
    /// Whether the number alone cannot be a name, a code or a year.
    pub(super) worded: bool,
    /// Whether the currency stands in front.
    pub(super) prefixed: bool,
    pub(super) rules: Rules,
}

impl Figure {
    pub(super) fn value(&self) -> Option<Decimal> {
        self.low.filter(|low| Some(*low) == self.high)
    }

    pub(super) fn map(&mut self, change: impl Fn(Decimal) -> Option<Decimal>) -> Option<()> {
        self.low = match self.low {
            Some(low) => Some(change(low)?),
            None => None,
        };
        self.high = match self.high {
            Some(high) => Some(change(high)?),
            None => None,
        };
        Some(())
    }
}

/// What stands where a figure might.
#[derive(Clone, Copy, Debug)]
pub(super) enum FoundFigure {
    Figure(Figure),
    /// Something that is no figure: go on at this token.
    Skip(usize),
}

pub(super) const STARTS: Roles = Roles::of(&[
    Role::Digit,
    Role::Tens,
    Role::Place,
    Role::Half,
    Role::Vulgar,
    Role::VagueDigit,
    Role::PluralScale,
    Role::Article,
    Role::Counted,
    Role::Ordinal,
    Role::Leading,
    Role::Minus,
    Role::Currency,
    Role::Parts,
    Role::Vague,
    Role::Multiple,
    Role::OnOrder,
    Role::DoublingBefore,
    Role::Classifier,
    Role::Myriad,
    Role::AllOfIt,
]);

/// Reads the figure that starts at token `at`, if one does.
pub(super) fn read(tokens: &Tokens<'_>, at: usize) -> Option<FoundFigure> {
    if matches!(tokens.get(at)?.kind, TokenKind::Word(_)) {
        if !tokens.any(at, STARTS) {
            return None;
        }
        if let Some(found) = special(tokens, at) {
            return Some(found);
        }
    }
    let mut rules = Rules::default();
    let mut index = at;
    let mut negative = false;
    if is_sign(tokens, index) {
        negative = true;
        index += 1;
        rules.add(Rule::Negative);
    }
    let prefix = prefix_currency(tokens, index);
    if prefix.is_some() {
        index += 1;
        rules.add(Rule::CurrencyBefore);
        if is_sign(tokens, index) {
            negative = true;
            index += 1;
        }
    }
    // 人民币约50亿元: the hedge stands between.
    let mut bound_inside = None;
    if prefix.is_some()
        && let Some(bound) = tokens.value(index, Role::BoundBefore)
        && tokens.joined(index)
    {
        bound_inside = Some(bound);
        index += 1;
    }
    if index > at && !tokens.joined(index) {
        return None;
    }
    let number = match number::read(tokens, index)? {
        Found::Number(number) => number,
        Found::Skip(next) => return Some(FoundFigure::Skip(next)),
    };
    let first = if bound_inside.is_some() { index } else { at };
    let mut figure = Figure {
        start: tokens.start(first),
        end: tokens.end(number.next.saturating_sub(1)),
        hedge_start: tokens.start(at),
        hedge_end: 0,
        first: at,
        next: number.next,
        low: Some(number.low),
        high: Some(number.high),
        bound: number.bound.unwrap_or(Bound::Exact),
        digits: number.digits,
        unit: prefix.map_or(FigureUnit::None, FigureUnit::Currency),
        per: None,
        per_scale: 0,
        scale: number.scale,
        fraction: number.fraction,
        worded: number.worded,
        prefixed: prefix.is_some(),
        rules,
    };
    figure.rules.add(Rule::Number);
    let power = tokens
        .word(index.saturating_sub(1))
        .filter(|_| prefix.is_some() && figure.scale == 0)
        .map_or(0, |word| word.money_power);
    if power != 0 {
        figure.map(|value| value.scaled(power).ok())?;
        figure.scale = power;
    }
    if number.worded {
        figure.rules.add(Rule::NumberInWords);
    }
    if let Some(bound) = bound_inside.and_then(super::bounds::bound) {
        super::bounds::apply(&mut figure, bound);
    }
    attach(tokens, &mut figure);
    if negative {
        let (low, high) = (figure.low, figure.high);
        figure.low = high.map(Decimal::negated);
        figure.high = low.map(Decimal::negated);
    }
    figure.hedge_start = figure.hedge_start.min(figure.start);
    figure.hedge_end = figure.end;
    verdict(tokens, figure, &number)
}
