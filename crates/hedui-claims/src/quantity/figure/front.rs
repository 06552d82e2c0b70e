//! What stands in front of a figure's number: a minus, a currency.

use hedui_text::lexicon::quantities::{Role, Roles};

use super::super::token::{Gap, TokenKind, Tokens};

/// Tells whether the token is a minus in front of a number.
pub(super) fn is_sign(tokens: &Tokens<'_>, at: usize) -> bool {
    let next_is_number = matches!(
        tokens.get(at + 1).map(|token| token.kind),
        Some(TokenKind::Number(_) | TokenKind::Slash(..))
    ) || tokens.any(
        at + 1,
        Roles::of(&[Role::Currency, Role::Digit, Role::Tens, Role::Place]),
    );
    if !next_is_number || !tokens.joined(at + 1) {
        return false;
    }
    if tokens.is(at, Role::Minus) && !tokens.is(at, Role::RangeLink) {
        return true;
    }
    if !matches!(tokens.form(at), "-" | "−" | "–") || tokens.gap(at + 1) != Gap::None {
        return false;
    }
    let before = tokens.byte_before(tokens.start(at));
    matches!(
        before,
        0 | b' ' | b'\n' | b'(' | b':' | b',' | b'<' | b'>' | b'=' | b'~'
    ) || (before >= 0x80 && han_before(tokens, at))
}

/// A minus right behind a Chinese word that is no numeral and no unit: 同比-16.5%, 为-0.54元.
pub(super) fn han_before(tokens: &Tokens<'_>, at: usize) -> bool {
    let Some(before) = at.checked_sub(1).filter(|_| tokens.gap(at) == Gap::None) else {
        return true;
    };
    !tokens.any(
        before,
        Roles::of(&[
            Role::Digit,
            Role::Place,
            Role::Myriad,
            Role::Unit,
            Role::Currency,
            Role::MonthMark,
            Role::DayMark,
            Role::YearMark,
            Role::Street,
            Role::NameBefore,
            Role::NameAfter,
            Role::QuarterMark,
        ]),
    ) || tokens.any(
        before,
        Roles::of(&[Role::BoundBefore, Role::Basis, Role::Filler]),
    )
}

pub(super) fn prefix_currency(tokens: &Tokens<'_>, at: usize) -> Option<i64> {
    let word = tokens.word(at)?;
    let currency = word.value(Role::Currency)?;
    if word.money_behind || word.money_small || word.scaled_money || word.is(Role::Month) {
        return None;
    }
    // A currency right behind a number belongs to that number.
    let behind = at.checked_sub(1).is_some_and(|before| {
        tokens.joined(at)
            && (matches!(
                tokens.get(before).map(|token| token.kind),
                Some(TokenKind::Number(_))
            ) || tokens.any(
                before,
                Roles::of(&[
                    Role::Digit,
                    Role::Myriad,
                    Role::Scale,
                    Role::ShortScale,
                    Role::Place,
                ]),
            ))
            && tokens.form(at) != "$"
    });
    let next = at + 1;
    let sign = usize::from(is_sign(tokens, next));
    (!behind && tokens.joined(next) && tokens.joined(next + sign)).then_some(currency)
}
