//! The denominator behind a figure: `/kWh`, `per share`, `a year`.

use hedui_text::lexicon::quantities::Role;

use super::super::rules::Rule;
use super::super::token::{Gap, Tokens};
use super::{Figure, FigureUnit, Per};

/// The denominator behind: `/kWh`, `per share`, `a year`, 每股.
pub(in super::super) fn attach_per(tokens: &Tokens<'_>, figure: &mut Figure) {
    let hyphen = |at: usize| {
        tokens.is_hyphen(at) && tokens.gap(at) == Gap::None && tokens.gap(at + 1) == Gap::None
    };
    // A $1-billion-a-year programme.
    let mut at = figure.next;
    let hyphenated = hyphen(at) && hyphen(at + 2);
    at += usize::from(hyphenated);
    if !tokens.is(at, Role::Per) || !tokens.joined(at) || !tokens.joined(at + 1) {
        return;
    }
    let mut word = at + 1 + usize::from(hyphenated);
    let article = tokens.is(at, Role::Article);
    let scale = per_scale(tokens, &mut word);
    let period = tokens
        .value(word, Role::Unit)
        .and_then(|unit| tokens.lexicon.unit(unit))
        .is_some_and(|unit| unit.period.is_some() || unit.id == "hour" || unit.id == "minute");
    if article
        && !period
        && !matches!(figure.unit, FigureUnit::Currency(_))
        && !figure.rules.has(Rule::Unit)
    {
        return;
    }
    let Some(per) = per_at(tokens, word) else {
        return;
    };
    figure.per = Some(per);
    figure.per_scale = scale;
    figure.next = word + 1;
    figure.rules.add(Rule::PerBehind);
}

/// Passes a scale in front of a denominator: per *million* tokens, /百万Tokens.
pub(in super::super) fn per_scale(tokens: &Tokens<'_>, word: &mut usize) -> u8 {
    let mut power = 0;
    while let Some(more) = tokens
        .value(*word, Role::Scale)
        .or_else(|| tokens.value(*word, Role::Myriad))
        .or_else(|| tokens.value(*word, Role::Place))
        .filter(|_| power < 12 && tokens.joined(*word + 1))
    {
        power += u8::try_from(more).unwrap_or(0);
        *word += 1;
    }
    power
}

/// A denominator: a unit, a period, a counted noun.
pub(in super::super) fn per_at(tokens: &Tokens<'_>, at: usize) -> Option<Per> {
    let word = tokens.word(at)?;
    if let Some(unit) = word.value(Role::Unit) {
        if word.glued {
            return None;
        }
        if word.is(Role::ElectricDegree) {
            return tokens.lexicon.unit_index("kilowatt hour").map(Per::Unit);
        }
        return Some(Per::Unit(unit));
    }
    if word.is(Role::MonthMark) {
        return tokens.lexicon.unit_index("month").map(Per::Unit);
    }
    word.value(Role::Noun)
        .or_else(|| word.value(Role::Classifier))
        .map(Per::Noun)
}
