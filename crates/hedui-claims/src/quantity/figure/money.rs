//! Currencies behind a figure: the second one that says whose money it is, and the smaller coin.

use hedui_model::Decimal;
use hedui_text::lexicon::quantities::{Role, Roles};

use super::super::number::{self, Found, Number};
use super::super::token::{Gap, TokenKind, Tokens};
use super::compound::part_start;
use super::{Figure, FigureUnit};

/// An explicit currency behind an ambiguous one: 9000元日币, `$5 USD`, 人民币50元.
pub(super) fn second_currency(tokens: &Tokens<'_>, figure: &mut Figure, at: usize) {
    let FigureUnit::Currency(first) = figure.unit else {
        return;
    };
    if !tokens.joined(at) {
        return;
    }
    let Some(second) = tokens.value(at, Role::Currency) else {
        return;
    };
    let (Some(first_row), Some(second_row)) = (
        tokens.lexicon.currency(first),
        tokens.lexicon.currency(second),
    ) else {
        return;
    };
    // `$5 million US$3`: the second one starts the next figure.
    let starts_next = matches!(
        tokens.get(at + 1).map(|token| token.kind),
        Some(TokenKind::Number(_))
    ) && tokens.gap(at + 1) == Gap::None
        && tokens.is_ascii(at);
    if starts_next {
        return;
    }
    let ambiguous = |row: &hedui_text::lexicon::quantities::CurrencyRow| !row.candidates.is_empty();
    if first == second || ambiguous(second_row) && second_row.part_of.is_none() {
        figure.next = at + 1;
    } else if ambiguous(first_row) && second_row.part_of.is_none() {
        figure.unit = FigureUnit::Currency(second);
        figure.next = at + 1;
    }
}

pub(super) fn money_part(tokens: &Tokens<'_>, figure: &mut Figure) -> Option<()> {
    let FigureUnit::Currency(whole) = figure.unit else {
        return None;
    };
    let whole = tokens.lexicon.currency(whole)?;
    if figure.scale >= 4 || figure.value().is_none() {
        return None;
    }
    let at = part_start(tokens, figure.next)?;
    let Found::Number(number) = number::read(tokens, at)? else {
        return None;
    };
    if !number.is_point() || number.low >= Decimal::from(100) {
        return None;
    }
    let behind = tokens
        .joined(number.next)
        .then(|| tokens.value(number.next, Role::Currency))
        .flatten();
    let row = behind.and_then(|index| tokens.lexicon.currency(index));
    let part = row.and_then(|row| row.part_of.clone()).filter(|(of, _)| {
        row.is_some_and(|row| row.id == "cent")
            || of == &whole.id
            || whole.candidates.contains(of)
            || tokens
                .lexicon
                .currency_by_id(of)
                .is_some_and(|row| row.candidates.contains(&whole.id))
    });
    let (parts, next) = match part {
        Some((_, parts)) => (parts, number.next + 1),
        None if row.is_none() && bare_part(tokens, figure, at, &number) => {
            let single = tokens.value(at, Role::Digit).is_some() && !tokens.is_ascii(at);
            (if single { 10 } else { 100 }, number.next)
        }
        None => return None,
    };
    let value = number.low.checked_div(Decimal::from(parts)).ok()?;
    figure.map(|sum| sum.checked_add(value).ok())?;
    figure.digits = figure.digits.saturating_add(number.digits);
    figure.next = next;
    Some(())
}

/// `15 dollars 50`, 一块二: a number without a unit that ends there.
pub(super) fn bare_part(tokens: &Tokens<'_>, figure: &Figure, at: usize, number: &Number) -> bool {
    let last = figure.next.saturating_sub(1);
    if tokens.is(figure.next, Role::ListLink) {
        return false;
    }
    let ends = !tokens.joined(number.next)
        || !tokens.any(
            number.next,
            Roles::of(&[
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
            ]),
        );
    let byte = tokens.byte_at(tokens.end(number.next.saturating_sub(1)));
    let at_end = matches!(byte, 0 | b'.' | b',' | b'\n' | b'?' | b')') || byte >= 0x80;
    if tokens.is_ascii(at) {
        let two_digits = tokens
            .plain_integer(at)
            .is_some_and(|value| (10..100).contains(&value))
            || (tokens.numeral(at).is_none() && number.low >= Decimal::from(10));
        return !figure.prefixed && ends && at_end && two_digits && tokens.is_ascii(last);
    }
    tokens.gap(at) == Gap::None
        && number.next == at + 1
        && tokens.value(at, Role::Digit).is_some()
        && ends
        && tokens.form(last).chars().count() == 1
        && !figure.prefixed
        && byte_is_end(byte)
}

pub(super) fn byte_is_end(byte: u8) -> bool {
    matches!(byte, 0 | b'.' | b',' | b'\n' | b'?' | b')' | b' ')
}
