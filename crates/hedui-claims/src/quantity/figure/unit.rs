//! The unit behind a figure's number.

use hedui_model::{Bound, Decimal};
use hedui_text::lexicon::quantities::{Role, Roles, UnitKind};

use super::super::bounds;
use super::super::number::{self, Found};
use super::super::rules::Rule;
use super::super::token::{Gap, TokenKind, Tokens};
use super::compound::composite;
use super::count::{classifier, english_noun, is_attribute};
use super::inch::inch_mark;
use super::money::{money_holds, second_currency};
use super::percent::tenths;
use super::quotient::attach_per;
use super::{Figure, FigureUnit};

/// Attaches the unit behind a figure's number, and what goes with it.
pub(in super::super) fn attach(tokens: &Tokens<'_>, figure: &mut Figure) {
    let before = figure.next;
    attach_unit(tokens, figure);
    if figure.next > before {
        composite(tokens, figure);
    }
    if figure.unit != FigureUnit::None {
        attach_per(tokens, figure);
    }
    if let Some(last) = figure
        .next
        .checked_sub(1)
        .filter(|last| *last >= figure.first)
    {
        figure.end = figure.end.max(tokens.end(last));
    }
}

pub(super) fn attach_unit(tokens: &Tokens<'_>, figure: &mut Figure) {
    let mut at = figure.next;
    // Tens of billions *of* dollars.
    let vague = figure.bound == Bound::Range && figure.worded && !figure.prefixed;
    if vague && tokens.is(at, Role::DateLink) && tokens.is_ascii(at) && tokens.joined(at) {
        let unit = tokens.any(at + 1, Roles::of(&[Role::Currency, Role::Unit, Role::Noun]))
            && tokens.joined(at + 1);
        if unit {
            at += 1;
        } else {
            figure.end = tokens.end(at);
            english_noun(tokens, figure, at + 1);
            figure.end = tokens.end(at.saturating_sub(1));
            return;
        }
    }
    if tokens.is_hyphen(at)
        && tokens.gap(at) == Gap::None
        && tokens.gap(at + 1) == Gap::None
        && tokens.any(at + 1, Roles::of(&[Role::Unit, Role::Currency, Role::Noun]))
        && tokens.is_ascii(at + 1)
        && tokens.end(at + 1) - tokens.start(at + 1) > 1
        && !is_ticker(tokens, figure, at + 1)
    {
        at += 1;
    }
    if odd(tokens, figure, at) || plus(tokens, figure, at) {
        attach_unit(tokens, figure);
        return;
    }
    if figure.fraction
        && tokens.is(at, Role::Article)
        && tokens.is(at + 1, Role::Unit)
        && tokens.joined(at)
        && tokens.joined(at + 1)
    {
        figure.fraction = false;
        at += 1;
    }
    if inch_mark(tokens, figure) {
        return;
    }
    if modified(tokens, at) {
        at += 1;
    }
    if !tokens.joined(at) && !wrapped(tokens, figure, at) {
        english_noun(tokens, figure, at);
        return;
    }
    let Some(word) = tokens.word(at) else {
        return;
    };
    if of_unit(tokens, figure, at) {
        return;
    }
    if figure.prefixed {
        second_currency(tokens, figure, at);
        return;
    }
    if let Some(currency) = word.value(Role::Currency)
        && money_holds(tokens, figure, at)
    {
        figure.unit = FigureUnit::Currency(currency);
        figure.next = at + 1;
        figure.rules.add(Rule::CurrencyBehind);
        if word.money_power != 0 {
            let _ = figure.map(|value| value.scaled(word.money_power).ok());
            figure.scale = word.money_power;
        }
        second_currency(tokens, figure, at + 1);
        return;
    }
    if minutes(tokens, figure, at) {
        return;
    }
    if let Some(power) = word.value(Role::Tenths) {
        if tenths(tokens, figure, at, power) {
            return;
        }
        return;
    }
    if let Some(unit) = word.value(Role::Unit)
        && (!word.glued || tokens.gap(at) == Gap::None || is_measured(tokens, figure, at))
        && unit_holds(tokens, figure, at)
    {
        figure.unit = FigureUnit::Unit(rate_points(tokens, figure, at).unwrap_or(unit));
        figure.next = at + 1;
        figure.rules.add(Rule::Unit);
        half_behind(tokens, figure);
        return;
    }
    // Half of the applications counts no applications.
    if figure.fraction && word.roles.any(Roles::of(&[Role::Noun, Role::Classifier])) {
        return;
    }
    if word.is(Role::Classifier) {
        classifier(tokens, figure, at);
        return;
    }
    let hyphenated = at > figure.next;
    if let Some(noun) = word
        .value(Role::Noun)
        .filter(|_| hyphenated || !is_attribute(tokens, figure, at))
    {
        figure.unit = FigureUnit::Count(noun);
        figure.next = at + 1;
        figure.rules.add(Rule::Count);
        return;
    }
    english_noun(tokens, figure, at);
}

/// `three quarters of an hour`.
pub(super) fn of_unit(tokens: &Tokens<'_>, figure: &mut Figure, at: usize) -> bool {
    let fractional = figure.fraction || figure.value().is_some_and(|value| value.exponent() < 0);
    if !fractional
        || !tokens.is(at, Role::DateLink)
        || !tokens.is_ascii(at)
        || figure.prefixed
        || tokens.numeral(figure.first).is_some()
    {
        return false;
    }
    let unit_at = at + 1 + usize::from(tokens.is(at + 1, Role::Article));
    let unit = tokens
        .value(unit_at, Role::Unit)
        .filter(|_| tokens.joined(at + 1) && tokens.joined(unit_at));
    let Some(unit) = unit.filter(|unit| {
        tokens
            .lexicon
            .unit(*unit)
            .is_some_and(|unit| unit.kind == UnitKind::Duration && !unit.parts.is_empty())
    }) else {
        return false;
    };
    figure.unit = FigureUnit::Unit(unit);
    figure.next = unit_at + 1;
    figure.fraction = false;
    figure.rules.add(Rule::Unit);
    true
}

/// 2454-TW is a stock code, 4.5-GW a power.
pub(super) fn is_ticker(tokens: &Tokens<'_>, figure: &Figure, unit: usize) -> bool {
    let code = tokens
        .plain_integer(figure.next.saturating_sub(1))
        .is_some_and(|code| code >= 1000);
    code && tokens.end(unit) - tokens.start(unit) == 2
}

/// 300-*odd* engineers: a step of the last digit more.
fn odd(tokens: &Tokens<'_>, figure: &mut Figure, at: usize) -> bool {
    let word = at + usize::from(tokens.is_hyphen(at) && tokens.gap(at) == Gap::None);
    if !tokens.is(word, Role::VagueMore) || !tokens.is_ascii(word) || !tokens.joined(word) {
        return false;
    }
    let Some(low) = figure.value().map(Decimal::normalized) else {
        return false;
    };
    let step = Decimal::new(1, low.exponent());
    let (1.., Ok(high)) = (low.exponent(), step.and_then(|step| low.checked_add(step))) else {
        return false;
    };
    figure.high = Some(high);
    figure.bound = Bound::Range;
    figure.next = word + 1;
    figure.end = tokens.end(word);
    figure.rules.add(Rule::Vague);
    true
}

/// 65-*plus* countries
fn plus(tokens: &Tokens<'_>, figure: &mut Figure, at: usize) -> bool {
    let bound = tokens
        .value(at, Role::BoundAfter)
        .and_then(bounds::bound)
        .filter(|_| tokens.gap(at) == Gap::None && tokens.form(at).starts_with('-'));
    let Some(bound) = bound.filter(|_| figure.value().is_some()) else {
        return false;
    };
    bounds::apply(figure, bound);
    figure.next = at + 1;
    figure.end = tokens.end(at);
    figure.rules.add(Rule::BoundBehind);
    true
}

/// A sum whose currency stands in the next line of a hard-wrapped text.
fn wrapped(tokens: &Tokens<'_>, figure: &Figure, at: usize) -> bool {
    let end = tokens.end(figure.next.saturating_sub(1));
    let gap = tokens.text.get(end..tokens.start(at)).unwrap_or_default();
    figure.scale >= 4
        && matches!(gap, "\n" | "\r\n")
        && tokens.is(at, Role::Currency)
        && !tokens.is_ascii(at)
        && tokens.ends_clause(tokens.end(at))
}

/// A quarter-point cut of a rate is one of percentage points.
fn rate_points(tokens: &Tokens<'_>, figure: &Figure, at: usize) -> Option<i64> {
    let part = figure
        .value()
        .is_some_and(|value| value < Decimal::ONE && value.exponent() < 0);
    let hyphen = at
        .checked_sub(1)
        .is_some_and(|before| tokens.is_hyphen(before));
    let worded = part && hyphen && figure.worded && tokens.numeral(figure.first).is_none();
    (worded && tokens.is(at, Role::Point)).then(|| tokens.lexicon.unit_index("percentage_point"))?
}

/// Two *more* minutes, five *consecutive* quarters.
fn modified(tokens: &Tokens<'_>, at: usize) -> bool {
    let unit = tokens
        .value(at + 1, Role::Unit)
        .and_then(|unit| tokens.lexicon.unit(unit));
    let names_unit = (tokens.is(at + 1, Role::Currency)
        || unit.is_some_and(|unit| unit.base != "ratio"))
        && tokens.end(at + 1) - tokens.start(at + 1) > 2;
    tokens.is(at, Role::Modifier)
        && tokens.joined(at)
        && tokens.joined(at + 1)
        && tokens.is_ascii(at + 1)
        && names_unit
}

/// 五分半钟, 八分二十秒: minutes, with half of one or with seconds behind.
fn minutes(tokens: &Tokens<'_>, figure: &mut Figure, at: usize) -> bool {
    if tokens.value(at, Role::Denominator) != Some(1) || tokens.gap(at + 1) != Gap::None {
        return false;
    }
    let half = tokens.is(at + 1, Role::Half)
        && tokens.is(at + 2, Role::OfClock)
        && tokens.gap(at + 2) == Gap::None;
    let seconds = || {
        let Some(Found::Number(number)) = number::read(tokens, at + 1) else {
            return false;
        };
        tokens.joined(number.next)
            && tokens.value(number.next, Role::Unit) == tokens.lexicon.unit_index("second")
    };
    let Some(minute) = tokens
        .lexicon
        .unit_index("minute")
        .filter(|_| half || seconds())
    else {
        return false;
    };
    figure.unit = FigureUnit::Unit(minute);
    figure.next = at + 1;
    figure.rules.add(Rule::Unit);
    if half && let Ok(half) = Decimal::new(5, -1) {
        let _ = figure.map(|value| value.checked_add(half).ok());
        figure.next = at + 3;
        figure.rules.add(Rule::HalfMore);
    }
    true
}

/// 2 1/2 *in* thick: a unit that is a common word as well, behind a fraction and in front of what was measured.
fn is_measured(tokens: &Tokens<'_>, figure: &Figure, at: usize) -> bool {
    let fractional = figure.value().is_some_and(|value| value.exponent() < 0);
    let measured = tokens.is(at + 1, Role::LengthContext) && tokens.joined(at + 1);
    fractional && measured
}

/// A unit that is a word of another kind as well.
pub(super) fn unit_holds(tokens: &Tokens<'_>, figure: &Figure, at: usize) -> bool {
    let word = match tokens.word(at) {
        Some(word) => word,
        None => return false,
    };
    let next_is_number = matches!(
        tokens.get(at + 1).map(|token| token.kind),
        Some(TokenKind::Number(_))
    ) && tokens.joined(at + 1);
    // 3 x 5 is a product, and so is 3 × 5.
    if word.is(Role::TimesTen) && next_is_number {
        return false;
    }
    // 2 pm and 7.30 pm are times; a picometre is written with a figure that no clock shows.
    let clock = figure.value().is_some_and(|value| {
        value < Decimal::from(13) && value >= Decimal::ONE && value.exponent() >= -2
    });
    if word.is(Role::TimeOfDay) && clock && figure.scale == 0 {
        return false;
    }
    // A unit letter after a bare year or a Han number is none.
    if word.is(Role::Ordinal) && figure.fraction {
        return false;
    }
    if is_initial(tokens, at) {
        return false;
    }
    let row = word
        .value(Role::Unit)
        .and_then(|unit| tokens.lexicon.unit(unit));
    if row.is_some_and(|row| !is_near(tokens, at, &row.near)) {
        return false;
    }
    if word.is(Role::Pair) {
        return weighs(tokens, figure, at);
    }
    // The minutes of a clock time are no points: 20时15分.
    !(word.is(Role::Denominator) && behind_hour(tokens, figure))
}

/// Tells whether a letter is the initial of a name, as in *the 2024 J.D. Power survey*.
pub(in super::super) fn is_initial(tokens: &Tokens<'_>, at: usize) -> bool {
    let (start, end) = (tokens.start(at), tokens.end(at));
    end - start == 1
        && tokens.gap(at) == Gap::Space
        && tokens.byte_at(end) == b'.'
        && tokens.byte_at(end + 1).is_ascii_alphabetic()
}

/// Tells whether tens with an s are an age or degrees: *her 40s*, *the low 30s*, but not *their 50% stake*.
pub(super) fn is_age(tokens: &Tokens<'_>, figure: &Figure, at: usize) -> bool {
    let tens = tokens
        .plain_integer(figure.first)
        .is_some_and(|value| (10..100).contains(&value) && value % 10 == 0);
    let Some(mut before) = figure.first.checked_sub(1).filter(|_| tens) else {
        return false;
    };
    if tokens.is_hyphen(before) {
        before = before.wrapping_sub(1);
    }
    tokens.is(at, Role::DecadeMark)
        && tokens.is_ascii(at)
        && tokens.gap(at) == Gap::None
        && tokens.is(before, Role::AgeBefore)
}

/// Tells whether one of some units stands within a few words.
pub(in super::super) fn is_near(tokens: &Tokens<'_>, at: usize, ids: &[String]) -> bool {
    const WORDS: usize = 6;
    const BYTES: usize = 16;
    ids.is_empty()
        || (at.saturating_sub(WORDS)..=at + WORDS).any(|index| {
            let apart = tokens.start(index).abs_diff(tokens.start(at));
            let unit = tokens
                .value(index, Role::Unit)
                .and_then(|unit| tokens.lexicon.unit(unit));
            apart <= BYTES && unit.is_some_and(|unit| ids.contains(&unit.id))
        })
}

/// 三十两 is a weight, where nothing that is counted follows (三十两家 is not said, 两年 is).
fn weighs(tokens: &Tokens<'_>, figure: &Figure, at: usize) -> bool {
    let end = tokens.end(at);
    let follows = tokens.text.get(end..).and_then(|text| text.chars().next());
    let han = follows.is_some_and(|next| matches!(next, '\u{4E00}'..='\u{9FFF}'));
    let glued =
        |roles: &[Role]| tokens.gap(at + 1) == Gap::None && tokens.any(at + 1, Roles::of(roles));
    let half = glued(&[Role::Half]);
    let counts = glued(&[
        Role::Unit,
        Role::Classifier,
        Role::Noun,
        Role::Currency,
        Role::YearMark,
        Role::MonthMark,
        Role::Period,
        Role::Tenths,
    ]);
    tokens.gap(at) == Gap::None && (!han || half || figure.scale >= 2 && !counts)
}

/// Tells whether an hour stands in front.
fn behind_hour(tokens: &Tokens<'_>, figure: &Figure) -> bool {
    figure.first.checked_sub(1).is_some_and(|before| {
        let clock = tokens.any(before, Roles::of(&[Role::ClockMark, Role::TimeOfDay]));
        let hour = tokens.value(before, Role::Unit) == tokens.lexicon.unit_index("hour");
        tokens.joined(figure.first) && (clock || hour)
    })
}

/// 两米半, 三年半.
pub(super) fn half_behind(tokens: &Tokens<'_>, figure: &mut Figure) {
    let at = figure.next;
    if !tokens.is(at, Role::Half)
        || tokens.is_ascii(at)
        || tokens.gap(at) != Gap::None
        || !figure.rules.has(Rule::Unit)
    {
        return;
    }
    if tokens.any(
        at + 1,
        Roles::of(&[Role::Unit, Role::MonthMark, Role::YearMark]),
    ) && tokens.gap(at + 1) == Gap::None
    {
        return;
    }
    if let Ok(half) = Decimal::new(5, -1) {
        let _ = figure.map(|value| value.checked_add(half).ok());
        figure.next += 1;
        figure.rules.add(Rule::HalfMore);
    }
}
