//! Bounds: the words before and behind a figure that say how it bounds the truth.

use hedui_model::Bound;
use hedui_text::lexicon::quantities::{Role, Roles, UnitKind};

use super::figure::{Figure, FigureUnit};
use super::rules::Rule;
use super::token::{Gap, TokenKind, Tokens};

/// How many words may stand between an outer bound and the figure.
const WORDS_MAX: usize = 4;

/// The bound that a row's number stands for.
pub(super) fn bound(number: i64) -> Option<Bound> {
    Some(match number {
        0 => Bound::Exact,
        1 => Bound::About,
        2 => Bound::MoreThan,
        3 => Bound::AtLeast,
        4 => Bound::LessThan,
        5 => Bound::AtMost,
        6 => Bound::UpTo,
        _ => return None,
    })
}

/// Opens the interval of a figure as a bound says.
pub(super) fn apply(figure: &mut Figure, bound: Bound) {
    match bound {
        Bound::Exact | Bound::Range => {}
        Bound::About => {
            if figure.bound == Bound::Exact {
                figure.bound = Bound::About;
            }
        }
        Bound::MoreThan | Bound::AtLeast => {
            if figure.low.is_none() {
                return;
            }
            figure.high = None;
            figure.bound = bound;
        }
        Bound::LessThan | Bound::AtMost | Bound::UpTo => {
            if figure.high.is_none() {
                figure.high = figure.low;
            }
            figure.low = None;
            figure.bound = bound;
        }
    }
}

/// Reads the bounds around a figure and widens its hedged span to hold them.
pub(super) fn around(tokens: &Tokens<'_>, figure: &mut Figure) {
    behind(tokens, figure);
    before(tokens, figure);
    if figure.bound == Bound::Exact {
        compared(tokens, figure);
    }
}

/// 比170低: words on both sides say that something is more or less than the figure.
fn compared(tokens: &Tokens<'_>, figure: &mut Figure) {
    let text = tokens.text;
    let before = text.get(..figure.hedge_start).unwrap_or_default();
    let behind = text.get(figure.hedge_end..).unwrap_or_default();
    let (front, back) = (before.trim_end_matches(' '), behind.trim_start_matches(' '));
    for row in tokens.lexicon.comparisons() {
        let Some((length, length_behind)) = row.find(front, back) else {
            continue;
        };
        if let Some(bound) = bound(row.bound) {
            apply(figure, bound);
            figure.hedge_start = front.len() - length;
            figure.hedge_end = text.len() - back.len() + length_behind;
            figure.rules.add(Rule::BoundBefore);
            figure.rules.add(Rule::BoundBehind);
        }
        return;
    }
}

fn is_duration(tokens: &Tokens<'_>, figure: &Figure) -> bool {
    match figure.unit {
        FigureUnit::Unit(index) => tokens
            .lexicon
            .unit(index)
            .is_some_and(|unit| unit.kind == UnitKind::Duration),
        _ => false,
    }
}

fn before(tokens: &Tokens<'_>, figure: &mut Figure) {
    let mut index = figure.first;
    let mut found: Option<Bound> = None;
    let mut about = false;
    for _ in 0..WORDS_MAX {
        if index == 0 || !tokens.joined(index) {
            break;
        }
        let word = index - 1;
        let Some(row) = tokens.word(word) else { break };
        if row.is(Role::BoundBefore) && !(row.is(Role::RangeLink) && touches_left(tokens, word)) {
            let Some(named) = row.value(Role::BoundBefore).and_then(bound) else {
                break;
            };
            // *Over four years* is a length of time, and 近五年 looks back: no bounds.
            let looks_back = row.is(Role::Span);
            if (row.is(Role::OutOf) || looks_back) && is_duration(tokens, figure) {
                break;
            }
            index = word;
            match named {
                Bound::About => about = true,
                Bound::Exact => {
                    continue;
                }
                named => {
                    found = Some(named);
                    figure.hedge_start = tokens.start(word);
                    break;
                }
            }
            figure.hedge_start = tokens.start(word);
        } else if row.any_filler() && found.is_none() {
            index = word;
        } else {
            break;
        }
    }
    if found.is_none() && !about {
        distant(tokens, figure);
        return;
    }
    if let Some(found) = found {
        apply(figure, found);
        figure.rules.add(Rule::BoundBefore);
    } else if about {
        apply(figure, Bound::About);
        figure.rules.add(Rule::BoundBefore);
    }
}

/// How far a bound may stand in front of its figure in Chinese, in bytes: 最多可认购1600万股.
const DISTANCE_MAX: usize = 15;

/// A bound with a verb or noun of a few characters between it and the figure; only one that can mean nothing else.
fn distant(tokens: &Tokens<'_>, figure: &mut Figure) {
    let mut word = match figure.first.checked_sub(1) {
        Some(word) => word,
        None => return,
    };
    if tokens.is(word, Role::Filler)
        && !tokens.is(word, Role::BoundBefore)
        && tokens.gap(figure.first) == Gap::None
    {
        // 约为去年的两倍: a period may stand between.
        let nearest = (1..=3).filter_map(|back| word.checked_sub(back));
        let about = |word: &usize| {
            tokens.value(*word, Role::BoundBefore).and_then(bound) == Some(Bound::About)
        };
        match nearest.clone().find(about).or(word.checked_sub(1)) {
            Some(before) => word = before,
            None => return,
        }
    }
    let Some(row) = tokens.word(word) else { return };
    let Some(named) = row.value(Role::BoundBefore).and_then(bound) else {
        return;
    };
    let gap = tokens
        .text
        .get(tokens.end(word)..figure.hedge_start)
        .unwrap_or_default();
    let han = !gap.is_empty()
        && gap
            .chars()
            .all(|character| matches!(character, '\u{4E00}'..='\u{9FFF}'));
    // 约为对手的1/400: a noun that the figure is compared with, and the mark of what belongs to it.
    let last = figure.first.saturating_sub(1);
    let is_of = tokens.is(last, Role::Filler) && tokens.is(last, Role::DateLink);
    let compared = named == Bound::About && is_of && tokens.gap(figure.first) == Gap::None;
    let plain = compared
        || matches!(named, Bound::UpTo | Bound::AtLeast | Bound::AtMost)
            && row.form.chars().count() == 2;
    if gap.len() > DISTANCE_MAX || !han || !plain || row.form.is_ascii() {
        return;
    }
    figure.hedge_start = tokens.start(word);
    apply(figure, named);
    figure.rules.add(Rule::BoundBefore);
}

/// A sign that stands right behind another token is a link, not a bound: 5~10.
fn touches_left(tokens: &Tokens<'_>, at: usize) -> bool {
    at > 0
        && tokens.gap(at) == Gap::None
        && (matches!(
            tokens.get(at - 1).map(|token| token.kind),
            Some(TokenKind::Number(_))
        ) || tokens.any(
            at - 1,
            Roles::of(&[Role::Unit, Role::Digit, Role::Myriad, Role::Place]),
        ))
}

trait Fillers {
    fn any_filler(&self) -> bool;
}

impl Fillers for hedui_text::lexicon::quantities::Word {
    fn any_filler(&self) -> bool {
        (self.is(Role::Filler) && !self.form.is_ascii()) || self.is(Role::Article)
    }
}

fn behind(tokens: &Tokens<'_>, figure: &mut Figure) {
    let mut at = figure.next;
    for _ in 0..2 {
        if !tokens.joined(at) {
            return;
        }
        let Some(named) = tokens.value(at, Role::BoundAfter).and_then(bound) else {
            return;
        };
        let number_follows = matches!(
            tokens.get(at + 1).map(|token| token.kind),
            Some(TokenKind::Number(_))
        ) && tokens.gap(at + 1) == Gap::None;
        let figure_follows = tokens.joined(at + 1)
            && (tokens.numeral(at + 1).is_some()
                || tokens.any(
                    at + 1,
                    Roles::of(&[
                        Role::Currency,
                        Role::Digit,
                        Role::Tens,
                        Role::Article,
                        Role::Half,
                    ]),
                ));
        if tokens.is_ascii(at)
            && (number_follows || figure_follows && tokens.form(at).contains(' '))
        {
            return;
        }
        // A verb that is a bound word (*tops*) or a letter inside a word is none behind a bare number.
        apply(figure, named);
        figure.hedge_end = tokens.end(at);
        figure.rules.add(Rule::BoundBehind);
        at += 1;
        figure.next = at;
    }
}
