//! The denominator in front of a figure: 每股, *per share*.

use hedui_text::lexicon::quantities::Role;

use super::super::figure::{self, Figure, FigureUnit};
use super::super::rules::Rule;
use super::super::token::Tokens;

/// How far 每股 may stand in front of its figure, in bytes: 每股盈餘為新台幣17元.
pub(super) const EACH_REACH: usize = 18;

/// 每股 and *per share* in front of a figure.
pub(super) fn each_before(tokens: &Tokens<'_>, figure: &mut Figure) {
    if figure.per.is_some() || figure.unit == FigureUnit::None {
        return;
    }
    let hedge = figure.hedge_start;
    let end = tokens
        .tokens
        .partition_point(|token| token.end as usize <= hedge);
    for back in 1..=4 {
        let Some(each) = end.checked_sub(back + 1) else {
            return;
        };
        let word = each + 1;
        if !tokens.is(each, Role::Each) || !tokens.joined(word) {
            continue;
        }
        if tokens.is_ascii(each) && tokens.end(word) + 1 < hedge {
            return;
        }
        let gap = tokens.text.get(tokens.end(word)..hedge).unwrap_or_default();
        let han = gap
            .chars()
            .all(|character| matches!(character, '\u{4E00}'..='\u{9FFF}'));
        if gap.len() > EACH_REACH || !(gap.is_empty() || gap == " " || han) {
            return;
        }
        let Some(per) = figure::per_at(tokens, word) else {
            return;
        };
        figure.per = Some(per);
        figure.rules.add(Rule::PerBefore);
        rate(tokens, figure, each);
        return;
    }
}

/// So many operations each second are a rate of their own.
pub(super) fn rate(tokens: &Tokens<'_>, figure: &mut Figure, each: usize) {
    let (FigureUnit::Unit(unit), Some(figure::Per::Unit(per))) = (figure.unit, figure.per) else {
        return;
    };
    let operations = tokens
        .lexicon
        .unit(unit)
        .is_some_and(|unit| unit.base == "FLOP");
    let second = tokens
        .lexicon
        .unit(per)
        .is_some_and(|unit| unit.id == "second");
    if operations
        && second
        && let Some(rate) = tokens.lexicon.unit_index("flop per second")
    {
        figure.unit = FigureUnit::Unit(rate);
        figure.per = None;
        figure.start = tokens.start(each);
        figure.hedge_start = figure.hedge_start.min(figure.start);
    }
}
