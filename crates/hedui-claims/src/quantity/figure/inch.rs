//! The signs of feet and inches: 15.6", 5'10".

use hedui_model::Decimal;

use super::super::rules::Rule;
use super::super::token::Tokens;
use super::{Figure, FigureUnit};

/// How far back a quotation may have been opened, in bytes.
const QUOTE_REACH: usize = 256;

/// 15.6": the sign of the inch, where it closes no quotation.
pub(super) fn inch_mark(tokens: &Tokens<'_>, figure: &mut Figure) -> bool {
    let end = tokens.end(figure.next.saturating_sub(1));
    let is_numeral = tokens.numeral(figure.first).is_some() && figure.first + 1 == figure.next;
    if !is_numeral || figure.worded {
        return false;
    }
    if tokens.byte_at(end) == b'\'' {
        return feet_and_inches(tokens, figure, end + 1);
    }
    if tokens.byte_at(end) != b'"' {
        return false;
    }
    let after = tokens.byte_at(end + 1);
    let size = figure
        .value()
        .is_some_and(|value| value < Decimal::from(1000));
    if !size || is_quoting(tokens, end) || after.is_ascii_alphanumeric() || after >= 0x80 {
        return false;
    }
    let Some(inch) = tokens.lexicon.unit_index("inch") else {
        return false;
    };
    figure.unit = FigureUnit::Unit(inch);
    figure.end = end + 1;
    figure.rules.add(Rule::Unit);
    true
}

/// 5'10", 5' 4".
fn feet_and_inches(tokens: &Tokens<'_>, figure: &mut Figure, after: usize) -> bool {
    let start = after + usize::from(tokens.byte_at(after) == b' ');
    let part = figure.next;
    let inches = tokens
        .plain_integer(part)
        .filter(|inches| *inches < 12 && tokens.start(part) == start);
    let end = tokens.end(part);
    let (Some(inches), Some(inch)) = (
        inches.filter(|_| tokens.byte_at(end) == b'"'),
        tokens.lexicon.unit_index("inch"),
    ) else {
        return false;
    };
    let sum = |feet: Decimal| {
        feet.checked_mul(Decimal::from(12))
            .ok()?
            .checked_add(Decimal::from(inches))
            .ok()
    };
    if figure.map(sum).is_none() {
        return false;
    }
    figure.unit = FigureUnit::Unit(inch);
    figure.next = part + 1;
    figure.end = end + 1;
    figure.rules.add(Rule::Composite);
    true
}

/// Tells whether a quotation that was opened in the line is still open at an offset. A quotation mark right behind a
/// digit closes one that is open, else it is an inch.
fn is_quoting(tokens: &Tokens<'_>, end: usize) -> bool {
    let bytes = tokens.text.as_bytes();
    let mut open = false;
    for at in end.saturating_sub(QUOTE_REACH)..end {
        match bytes.get(at) {
            Some(b'\n') => open = false,
            Some(b'"') => {
                let is_inch = !open && tokens.byte_before(at).is_ascii_digit();
                open = !open && !is_inch;
            }
            _ => {}
        }
    }
    open
}
