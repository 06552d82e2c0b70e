//! The denominator in front of a figure: 每股, *per share*.

use hedui_text::lexicon::quantities::{Role, UnitKind};

use super::super::figure::{self, Figure, FigureUnit};
use super::super::rules::Rule;
use super::super::token::Tokens;

/// How far 每股 may stand in front of its figure, in bytes: 每股盈餘為新台幣17元.
pub(super) const EACH_REACH: usize = 18;

/// How many tokens may stand between.
const TOKENS_BACK: usize = 8;

/// 每股 and *per share* in front of a figure.
pub(super) fn each_before(tokens: &Tokens<'_>, figure: &mut Figure) {
    if figure.per.is_some() || figure.unit == FigureUnit::None {
        return;
    }
    let hedge = figure.hedge_start;
    let end = tokens_before(tokens, figure.first, hedge);
    for back in 0..=TOKENS_BACK {
        let Some(each) = end.checked_sub(back + 1) else {
            return;
        };
        if let Some(period) = tokens.value(each, Role::EachPeriod) {
            each_period(tokens, figure, each, period);
            return;
        }
        let mut word = each + 1;
        if !tokens.is(each, Role::Each) || !tokens.joined(word) {
            continue;
        }
        let scale = figure::per_scale(tokens, &mut word);
        if tokens.is_ascii(each) && tokens.end(word) + 1 < hedge {
            return;
        }
        let gap = tokens.text.get(tokens.end(word)..hedge).unwrap_or_default();
        if !reaches(gap) {
            return;
        }
        let Some(per) = figure::per_at(tokens, word) else {
            return;
        };
        figure.per = Some(per);
        figure.per_scale = scale;
        figure.rules.add(Rule::PerBefore);
        rate(tokens, figure, each);
        return;
    }
}

/// How many tokens end before an offset that lies near a token.
fn tokens_before(tokens: &Tokens<'_>, near: usize, offset: usize) -> usize {
    let is_before = |index: usize| {
        let token = tokens.get(index);
        token.is_some_and(|token| token.end as usize <= offset)
    };
    let mut count = near;
    while count > 0 && !is_before(count - 1) {
        count -= 1;
    }
    while is_before(count) {
        count += 1;
    }
    count
}

/// Tells whether words between a denominator and its figure leave the two together: Han characters, the letter of a
/// class of shares.
fn reaches(gap: &str) -> bool {
    let fits = |character: char| {
        matches!(character, '\u{4E00}'..='\u{9FFF}') || character.is_ascii_uppercase()
    };
    gap.len() <= EACH_REACH && (gap == " " || gap.chars().all(fits))
}

/// 年薪50万元, 日均处理30万亿次: a word that holds its denominator.
fn each_period(tokens: &Tokens<'_>, figure: &mut Figure, each: usize, period: i64) {
    let gap = tokens
        .text
        .get(tokens.end(each)..figure.hedge_start)
        .unwrap_or_default();
    let share = match figure.unit {
        FigureUnit::Unit(unit) => tokens
            .lexicon
            .unit(unit)
            .is_none_or(|unit| unit.kind != UnitKind::Dimension || unit.base == "ratio"),
        _ => false,
    };
    let Some(unit) = tokens.lexicon.unit_of_period(period) else {
        return;
    };
    if reaches(gap) && !share {
        figure.per = Some(figure::Per::Unit(unit));
        figure.rules.add(Rule::PerBefore);
    }
}

/// So many operations each second are a rate of their own.
pub(super) fn rate(tokens: &Tokens<'_>, figure: &mut Figure, each: usize) {
    let (FigureUnit::Unit(unit), Some(figure::Per::Unit(per))) = (figure.unit, figure.per) else {
        return;
    };
    let second = tokens
        .lexicon
        .unit(per)
        .is_some_and(|unit| unit.id == "second");
    let rate = tokens
        .lexicon
        .unit(unit)
        .and_then(|unit| unit.rate.as_deref())
        .and_then(|rate| tokens.lexicon.unit_index(rate));
    if second && let Some(rate) = rate {
        figure.unit = FigureUnit::Unit(rate);
        figure.per = None;
        figure.start = tokens.start(each);
        figure.hedge_start = figure.hedge_start.min(figure.start);
    }
}
