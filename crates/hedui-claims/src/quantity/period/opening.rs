//! Words that open a period to one side, in front of it (since, by, before) or behind it (以前, 以来, 起, or later).

use hedui_model::Bound;
use hedui_text::lexicon::quantities::{Role, Roles, Word};

use super::super::ReadContext;
use super::super::reading::PeriodReading;
use super::super::rules::Rule;
use super::super::token::{Gap, TokenKind, Tokens};
use super::bare_year::compared;
use super::year_behind::ends_clause;

/// Opens a period as a word in front of it says.
pub(super) fn open(period: &mut PeriodReading, word: &Word, inclusive: bool) {
    if word.is(Role::Before) {
        period.before(inclusive);
    } else if word.is(Role::After) {
        period.after(inclusive);
    } else if word.is(Role::Until) {
        period.until();
    } else if word.is(Role::Since) {
        period.since();
    }
    period.rules.add(Rule::BoundBefore);
}

/// Opens a year as a sign in front of it says, where the text is nothing else: `>= 2019`.
pub(super) fn compare(tokens: &Tokens<'_>, at: usize, period: &mut PeriodReading) {
    if !compared(tokens, at) {
        return;
    }
    match tokens.value(0, Role::BoundBefore) {
        Some(2) => period.after(false),
        Some(3) => period.since(),
        Some(4) => period.before(false),
        Some(5) => period.until(),
        _ => return,
    }
    period.hedge_start = tokens.start(0);
    period.rules.add(Rule::BoundBefore);
}

/// Words behind a period: 以前, 以来, 起, 左右, 之前.
pub(super) fn behind(tokens: &Tokens<'_>, period: &mut PeriodReading, context: &ReadContext) {
    let mut at = period.next;
    let mut inclusive = false;
    if tokens.is(at, Role::Inclusive)
        && tokens.joined(at)
        && tokens.any(at + 1, Roles::of(&[Role::Before, Role::After]))
        && tokens.joined(at + 1)
    {
        inclusive = true;
        at += 1;
    }
    if !tokens.joined(at) {
        return;
    }
    let Some(word) = tokens.word(at) else { return };
    if word.form.is_ascii() {
        behind_in_english(tokens, period, at);
        return;
    }
    let number_follows = tokens.any(at + 1, Roles::of(&[Role::Digit, Role::Place]))
        && tokens.gap(at + 1) == Gap::None
        || matches!(
            tokens.get(at + 1).map(|token| token.kind),
            Some(TokenKind::Number(_))
        ) && tokens.gap(at + 1) == Gap::None;
    if word.is(Role::ToDate) && word.is(Role::Since) && period.times.is_none() {
        period.high = context
            .reference
            .or(period.high)
            .filter(|high| period.low.is_none_or(|low| low <= *high))
            .or(None);
        period.bound = Bound::AtLeast;
        if period.high.is_none() || !period.rules.has(Rule::Relative) {
            period.high = None;
        }
    } else if word.is(Role::Before) && !number_follows {
        period.before(inclusive);
    } else if word.is(Role::After) && !number_follows {
        period.after(inclusive);
    } else if word.is(Role::Since) && !word.is(Role::RangeOpen) && !number_follows {
        period.since();
    } else if tokens.value(at, Role::BoundAfter) == Some(1) {
        period.bound = Bound::About;
    } else if word.is(Role::Within) {
        // 2024年内 is the year.
    } else {
        return;
    }
    period.hedge_end = tokens.end(at);
    period.next = at + 1;
    period.rules.add(Rule::BoundBehind);
}

/// *2018 or later*, *2018 and earlier*; but not *2010 or after 2018*.
fn behind_in_english(tokens: &Tokens<'_>, period: &mut PeriodReading, at: usize) {
    let dated = tokens.joined(at + 1)
        && (tokens.numeral(at + 1).is_some() || tokens.is(at + 1, Role::Month));
    // *And after the work was done* goes on with something else.
    let goes_on =
        tokens.any(at, Roles::of(&[Role::After, Role::Before])) && !ends_clause(tokens, at);
    if dated || goes_on || !tokens.is(at, Role::BoundAfter) {
        return;
    }
    if tokens.is(at, Role::Since) {
        period.since();
    } else if tokens.is(at, Role::Until) {
        period.until();
    } else {
        return;
    }
    period.next = at + 1;
    period.hedge_end = tokens.end(at);
    period.rules.add(Rule::BoundBehind);
}
