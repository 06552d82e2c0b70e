//! Figures in two units or more, the smaller behind: 50元6角, 5 hours 30 minutes, 12 ft 2 in. They are told in the
//! smallest, which is exact.

use hedui_model::Decimal;
use hedui_text::lexicon::quantities::{Role, Roles, UnitKind};

use super::super::number::{self, Found, Number};
use super::super::rules::Rule;
use super::super::token::{Gap, Tokens};
use super::money::money_part;
use super::verdict::alone;
use super::{Figure, FigureUnit};

/// More units than these no figure has: years, months, days, hours, minutes, seconds.
const UNITS_MAX: usize = 6;

/// Adds what stands behind a figure in smaller units.
pub(super) fn composite(tokens: &Tokens<'_>, figure: &mut Figure) {
    let mut coin = 1;
    for _ in 1..UNITS_MAX {
        let added = match figure.unit {
            FigureUnit::Currency(_) => money_part(tokens, figure, &mut coin),
            FigureUnit::Unit(unit) => {
                unit_part(tokens, figure, unit).or_else(|| bare_part(tokens, figure, unit))
            }
            _ => None,
        };
        if added.is_none() {
            return;
        }
        figure.rules.add(Rule::Composite);
    }
}

/// Where the number of a smaller part starts: at once, behind *and* or a comma.
pub(super) fn part_start(tokens: &Tokens<'_>, at: usize) -> Option<usize> {
    let linked =
        tokens.is(at, Role::MixedLink) || (tokens.is(at, Role::ListLink) && tokens.form(at) == ",");
    let index = at + usize::from(linked && tokens.joined(at));
    tokens.joined(index).then_some(index)
}

/// Tells whether what stands at a token belongs to the number before it, so that its unit is not understood.
pub(super) fn goes_on(tokens: &Tokens<'_>, at: usize) -> bool {
    let roles = Roles::of(&[
        Role::Unit,
        Role::Currency,
        Role::Classifier,
        Role::Noun,
        Role::Place,
        Role::Myriad,
        Role::Scale,
        Role::Month,
        Role::YearMark,
        Role::Tenths,
    ]);
    tokens.joined(at) && tokens.any(at, roles)
}

/// A number with a smaller unit.
fn unit_part(tokens: &Tokens<'_>, figure: &mut Figure, whole: i64) -> Option<()> {
    let row = tokens.lexicon.unit(whole)?;
    let parts = &row.parts;
    let value = figure.value()?;
    if parts.is_empty() || value.normalized().exponent() < 0 {
        return None;
    }
    let at = part_start(tokens, figure.next)?;
    let Found::Number(number) = number::read(tokens, at)? else {
        return None;
    };
    let unit_at = number.next + usize::from(tokens.is_hyphen(number.next));
    if !number.is_point() || !tokens.joined(unit_at) {
        return None;
    }
    let unit = part_unit(tokens, unit_at)?;
    let id = &tokens.lexicon.unit(unit)?.id;
    let (_, count) = parts.iter().find(|(part, _)| part == id)?;
    let linked = at > figure.next && row.kind != UnitKind::Duration;
    if linked && (!is_one_length(tokens, figure, &number, *count) || lists(tokens, unit_at)) {
        return None;
    }
    add(figure, &number, *count)?;
    figure.unit = FigureUnit::Unit(unit);
    figure.next = unit_at + 1;
    Some(())
}

/// The unit of a part; 分 and 时 are minutes and hours there.
fn part_unit(tokens: &Tokens<'_>, at: usize) -> Option<i64> {
    if tokens.value(at, Role::Denominator) == Some(1) {
        return tokens.lexicon.unit_index("minute");
    }
    let hours =
        tokens.is(at, Role::ClockMark) && !tokens.is_ascii(at) && !tokens.is(at, Role::Point);
    tokens
        .value(at, Role::Unit)
        .or_else(|| tokens.lexicon.unit_index("hour").filter(|_| hours))
}

/// Seven feet, *ten inches* are one length where the part is less than one of the whole, and no end of a range.
fn is_one_length(tokens: &Tokens<'_>, figure: &Figure, part: &Number, count: i64) -> bool {
    let opened = figure
        .first
        .checked_sub(1)
        .is_some_and(|before| tokens.is(before, Role::RangeOpen));
    part.low < Decimal::from(count) && !opened
}

/// Tells whether another member with the same unit follows: 3 km, *500 m and 200 m*.
fn lists(tokens: &Tokens<'_>, unit_at: usize) -> bool {
    let link = unit_at + 1;
    if !tokens.is(link, Role::ListLink) || !tokens.joined(link) || !tokens.joined(link + 1) {
        return false;
    }
    let Some(Found::Number(next)) = number::read(tokens, link + 1) else {
        return false;
    };
    tokens.joined(next.next)
        && tokens.value(next.next, Role::Unit) == tokens.value(unit_at, Role::Unit)
}

fn add(figure: &mut Figure, part: &Number, count: i64) -> Option<()> {
    figure.map(|value| {
        value
            .checked_mul(Decimal::from(count))
            .ok()?
            .checked_add(part.low)
            .ok()
    })?;
    figure.digits = figure.digits.saturating_add(part.digits);
    Some(())
}

/// A number whose unit is understood: `2 hours and 10`, 一米八, 1米75.
fn bare_part(tokens: &Tokens<'_>, figure: &mut Figure, whole: i64) -> Option<()> {
    let row = tokens.lexicon.unit(whole)?;
    let value = figure.value()?;
    let (small, count) = row.parts.first()?;
    if value.normalized().exponent() < 0 {
        return None;
    }
    let at = part_start(tokens, figure.next)?;
    let Found::Number(number) = number::read(tokens, at)? else {
        return None;
    };
    let end = tokens.end(number.next.checked_sub(1)?);
    let unit = tokens.lexicon.unit_index(small)?;
    if row.kind == UnitKind::Duration {
        let linked = at > figure.next && tokens.is_ascii(at);
        let holds = *count == 60 && number.low < Decimal::from(60) && linked;
        if !holds || !number.is_point() || !alone(tokens, figure.hedge_start, end) {
            return None;
        }
        add(figure, &number, *count)?;
    } else {
        let digit = tokens.value(at, Role::Digit).is_some_and(|digit| digit > 0);
        let two_digits = tokens
            .plain_integer(at)
            .is_some_and(|value| (10..100).contains(&value));
        let last = tokens.form(figure.next.checked_sub(1)?);
        let han = !last.is_ascii() && last.chars().count() == 1;
        let ends = !goes_on(tokens, number.next) && number.next == at + 1;
        if *count != 100 || !han || tokens.gap(at) != Gap::None || !ends || !(digit || two_digits) {
            return None;
        }
        let part = if digit { number.scaled(1)? } else { number };
        add(figure, &part, *count)?;
    }
    figure.unit = FigureUnit::Unit(unit);
    figure.next = number.next;
    Some(())
}
