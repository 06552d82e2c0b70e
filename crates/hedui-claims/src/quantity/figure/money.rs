//! Currencies behind a figure: the second one that says whose money it is, and the smaller coin.

use hedui_model::Decimal;
use hedui_text::lexicon::quantities::{Role, Roles};

use super::super::number::{self, Found, Number};
use super::super::token::{Gap, TokenKind, Tokens};
use super::compound::{goes_on, part_start};
use super::verdict::alone;
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

/// Tells whether a word behind a number is its currency.
pub(super) fn money_holds(tokens: &Tokens<'_>, figure: &Figure, at: usize) -> bool {
    let Some(word) = tokens.word(at) else {
        return false;
    };
    // A unit that is a currency only in large sums: two pounds, two million pounds.
    let weight = word.scaled_money && figure.scale < 4 && word.is(Role::Unit);
    if weight || is_prefix_of_next(tokens, at) {
        return false;
    }
    if word.money_small {
        let per = tokens.is(at + 1, Role::Per) && tokens.joined(at + 1);
        return per && tokens.gap(at) == Gap::None;
    }
    !word.is(Role::Classifier) || is_piece_of_money(tokens, figure, at)
}

/// A currency behind a number that has its own number behind it is that number's (4人民币5美元 has two), unless that is
/// the smaller coin (10 $ 30 cent).
fn is_prefix_of_next(tokens: &Tokens<'_>, at: usize) -> bool {
    if !tokens.form(at).ends_with('$') || tokens.gap(at) != Gap::Space {
        return false;
    }
    let coin = tokens
        .value(at + 2, Role::Currency)
        .and_then(|currency| tokens.lexicon.currency(currency))
        .is_some_and(|row| row.part_of.is_some());
    !(coin && tokens.numeral(at + 1).is_some() && tokens.gap(at + 1) == Gap::Space)
}

/// 块 is a classifier too: money where coins follow (三块五) or the sum ends (只要三块), but not in front of what is
/// counted (三块地, 三块H800), nor in the hundred millions (842亿块).
fn is_piece_of_money(tokens: &Tokens<'_>, figure: &Figure, at: usize) -> bool {
    let end = tokens.end(at);
    let next = at + 1;
    let rest = tokens.text.get(end..).unwrap_or_default();
    // What is counted may be a name in letters: 10万块GPU, 2048块 H800.
    let named = rest
        .strip_prefix(' ')
        .unwrap_or(rest)
        .starts_with(|next: char| {
            next.is_ascii_alphabetic() || matches!(next, '\u{4E00}'..='\u{9FFF}')
        });
    let goes_on = tokens.gap(next) == Gap::None
        && tokens.any(
            next,
            Roles::of(&[
                Role::Digit,
                Role::Half,
                Role::BoundAfter,
                Role::VagueMore,
                Role::RangeLink,
                Role::ListLink,
                Role::Filler,
                Role::Per,
                Role::Currency,
            ]),
        );
    figure.scale < 8 && (!named || goes_on)
}

/// Adds the smaller coin behind a sum: 50元6角, 5块7毛8, `20 ringgit and 43 sen`. `coin` is how many of the last one
/// said make a whole.
pub(super) fn money_part(tokens: &Tokens<'_>, figure: &mut Figure, coin: &mut i64) -> Option<()> {
    let FigureUnit::Currency(unit) = figure.unit else {
        return None;
    };
    let row = tokens.lexicon.currency(unit)?;
    let (whole, own) = match &row.part_of {
        Some((whole, parts)) => (tokens.lexicon.currency_by_id(whole)?, *parts),
        None => (row, 1),
    };
    if figure.scale >= 4 || figure.value().is_none() {
        return None;
    }
    *coin = (*coin).max(own);
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
    let (parts, part_unit, next) = match behind {
        Some(index) => {
            let parts = coin_of(tokens, index, &whole.id, &whole.candidates)?;
            (parts, index, number.next + 1)
        }
        None => {
            let parts = bare_part(tokens, figure, at, &number, *coin)?;
            (parts, unit, number.next)
        }
    };
    if parts <= *coin {
        return None;
    }
    if own > 1 {
        // Coins alone are told in the smallest.
        let part_unit = match behind {
            Some(_) => part_unit,
            None => tokens.lexicon.coin(&whole.id, parts)?,
        };
        figure.map(|sum| {
            sum.checked_mul(Decimal::from(parts / own))
                .ok()?
                .checked_add(number.low)
                .ok()
        })?;
        figure.unit = FigureUnit::Currency(part_unit);
    } else {
        let value = number.low.checked_div(Decimal::from(parts)).ok()?;
        figure.map(|sum| sum.checked_add(value).ok())?;
    }
    *coin = parts;
    figure.digits = figure.digits.saturating_add(number.digits);
    figure.next = next;
    Some(())
}

/// How many of a coin make one of a currency, if it is a part of it. A cent is a part of whatever stands in front.
fn coin_of(tokens: &Tokens<'_>, coin: i64, whole: &str, candidates: &[String]) -> Option<i64> {
    let row = tokens.lexicon.currency(coin)?;
    let (of, parts) = row.part_of.as_ref()?;
    let fits = row.id == "cent"
        || of == whole
        || candidates.contains(of)
        || tokens
            .lexicon
            .currency_by_id(of)
            .is_some_and(|row| row.candidates.iter().any(|id| id == whole));
    fits.then_some(*parts)
}

/// A number without a unit that ends there, and how many of it make one: `15 dollars 50`, 一块二, 三块零四.
fn bare_part(
    tokens: &Tokens<'_>,
    figure: &Figure,
    at: usize,
    number: &Number,
    coin: i64,
) -> Option<i64> {
    let last = figure.next.saturating_sub(1);
    if tokens.is(figure.next, Role::ListLink) && !tokens.is(figure.next, Role::MixedLink) {
        return None;
    }
    let linked = at > figure.next;
    if goes_on(tokens, number.next) {
        return None;
    }
    let end = tokens.end(number.next.saturating_sub(1));
    let ends = tokens.ends_clause(end);
    if tokens.is_ascii(at) {
        if coin > 1 {
            let digit = tokens.value(at, Role::Digit).is_some() && number.next == at + 1;
            return (digit && ends).then_some(coin * 10);
        }
        let two_digits = tokens
            .plain_integer(at)
            .is_some_and(|value| (10..100).contains(&value))
            || (tokens.numeral(at).is_none() && number.low >= Decimal::from(10));
        let holds = if linked {
            alone(tokens, figure.hedge_start, end)
        } else {
            two_digits && !figure.prefixed && tokens.is_ascii(last) && ends
        };
        return holds.then_some(100);
    }
    let ranges = tokens.gap(number.next) == Gap::None
        && tokens.any(number.next, Roles::of(&[Role::RangeLink, Role::BoundAfter]));
    if linked
        || figure.prefixed
        || tokens.gap(at) != Gap::None
        || tokens.form(last).chars().count() != 1
        || !(ends || tokens.byte_at(end) == b' ' || ranges)
    {
        return None;
    }
    let digit = tokens.value(at, Role::Digit)?;
    if digit == 0 {
        return (coin == 1 && number.next == at + 2).then_some(100);
    }
    (number.next == at + 1).then_some(coin * 10)
}
