//! Decades: 上世纪90年代, 九十年代. One in ASCII digits (2020s) is read as a year with another mark.

use hedui_text::lexicon::quantities::Role;

use super::super::reading::Grain;
use super::super::token::{Gap, Tokens};
use super::point::Point;
use super::small_number::small_number;

/// 上世纪90年代, 20世纪80年代.
pub(super) fn century(tokens: &Tokens<'_>, at: usize) -> Option<Point> {
    let (base, next) = match tokens.value(at, Role::Century) {
        Some(base) if base > 0 => (base, at + 1),
        _ => {
            let (number, next) = small_number(tokens, at, 30)?;
            if !tokens.is(next, Role::Century) || !tokens.joined(next) || number < 1 {
                return None;
            }
            ((number - 1) * 100, next + 1)
        }
    };
    let (decade, end) = small_number(tokens, next, 99).filter(|_| tokens.joined(next))?;
    if decade % 10 != 0 || !tokens.is(end, Role::DecadeMark) || !tokens.joined(end) {
        return None;
    }
    let year = i16::try_from(base + decade).ok()?;
    Some(Point {
        year: Some(year),
        grain: Grain::Decade,
        ..Point::new(end + 1)
    })
}

/// 九十年代.
pub(super) fn han_decade(tokens: &Tokens<'_>, at: usize) -> Option<Point> {
    let (decade, next) = small_number(tokens, at, 99)?;
    if tokens.numeral(at).is_some()
        || decade % 10 != 0
        || !tokens.is(next, Role::DecadeMark)
        || tokens.gap(next) != Gap::None
    {
        return None;
    }
    let year = i16::try_from(if decade < 30 {
        2000 + decade
    } else {
        1900 + decade
    })
    .ok()?;
    Some(Point {
        year: Some(year),
        grain: Grain::Decade,
        ..Point::new(next + 1)
    })
}
