//! Decades and centuries: 上世纪90年代, 九十年代, 本世纪初, the '80s. One in four ASCII digits (2020s) is read as a year with
//! another mark.

use hedui_text::lexicon::quantities::Role;

use super::super::reading::Grain;
use super::super::token::{Gap, Tokens};
use super::part::part_behind;
use super::point::Point;
use super::small_number::small_number;

/// 上世纪90年代, 20世纪80年代; 本世纪初, 19世纪末, where a word such as 本 or 初 stands by the century.
pub(super) fn century(tokens: &Tokens<'_>, at: usize) -> Option<Point> {
    let (base, next, pointed) = match tokens.value(at, Role::Century) {
        Some(base) if base > 0 => (base, at + 1, true),
        _ => {
            let (number, next) = small_number(tokens, at, 30)?;
            if !tokens.is(next, Role::Century) || !tokens.joined(next) || number < 1 {
                return None;
            }
            ((number - 1) * 100, next + 1, false)
        }
    };
    let decade = small_number(tokens, next, 99)
        .filter(|(decade, end)| {
            tokens.joined(next)
                && decade % 10 == 0
                && tokens.is(*end, Role::DecadeMark)
                && tokens.joined(*end)
        })
        .map(|(decade, end)| (base + decade, Grain::Decade, end + 1));
    let part = tokens
        .value(next, Role::Part)
        .filter(|_| tokens.gap(next) == Gap::None);
    let (year, grain, end) = match decade {
        Some(found) => found,
        None if pointed || part.is_some() => (base, Grain::Century, next),
        None => return None,
    };
    let point = Point {
        year: Some(i16::try_from(year).ok()?),
        grain,
        ..Point::new(end)
    };
    Some(part_behind(tokens, point))
}

/// The 90s, the '80s, mid-70s: two digits with a mark, and before them what makes it no length of time.
pub(super) fn short_decade(tokens: &Tokens<'_>, at: usize, value: i64) -> Option<i16> {
    let before = at.checked_sub(1);
    let apostrophe = tokens.apostrophe_before(tokens.start(at));
    let said = before.is_some_and(|before| {
        tokens.joined(at)
            && tokens.is_ascii(before)
            && (tokens.is(before, Role::DateLink) || part_of_them(tokens, before))
            && (50..100).contains(&value)
    });
    (apostrophe || said)
        .then(|| {
            i16::try_from(if value < 30 {
                2000 + value
            } else {
                1900 + value
            })
        })?
        .ok()
}

/// *The late* 90s, *the mid-* 70s; but *in their mid-50s* tells an age.
fn part_of_them(tokens: &Tokens<'_>, before: usize) -> bool {
    let part = if tokens.is_hyphen(before) && tokens.joined(before) {
        before.wrapping_sub(1)
    } else {
        before
    };
    let article = part.wrapping_sub(1);
    tokens.is(part, Role::Part) && tokens.is(article, Role::DateLink) && tokens.joined(part)
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
    let point = Point {
        year: Some(year),
        grain: Grain::Decade,
        ..Point::new(next + 1)
    };
    Some(part_behind(tokens, point))
}
