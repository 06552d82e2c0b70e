//! What is counted: the noun behind a classifier or an English number.

use hedui_model::{Bound, Decimal};
use hedui_text::lexicon::quantities::{Role, Roles};

use super::super::rules::Rule;
use super::super::token::{Gap, TokenKind, Tokens};
use super::special::duration_behind_half;
use super::{Figure, FigureUnit};

/// How far a noun may stand behind an English number or a Chinese classifier, in bytes.
pub(super) const NOUN_REACH: usize = 36;

/// A classifier: what is counted is the next noun, or what the classifier says.
pub(super) fn classifier(tokens: &Tokens<'_>, figure: &mut Figure, at: usize) {
    let Some(default) = tokens.value(at, Role::Classifier) else {
        return;
    };
    let next = at + 1;
    if tokens.is(next, Role::Half) && !tokens.is_ascii(next) && tokens.gap(next) == Gap::None {
        // 两个半小时
        if let Some(unit) =
            duration_behind_half(tokens, next + 1).filter(|_| tokens.gap(next + 1) == Gap::None)
        {
            if let Ok(half) = Decimal::new(5, -1) {
                let _ = figure.map(|value| value.checked_add(half).ok());
            }
            figure.unit = FigureUnit::Unit(unit);
            figure.next = next + 2;
            figure.rules.add(Rule::HalfMore);
            return;
        }
    }
    if tokens.is(next, Role::VagueMore)
        && !tokens.is_ascii(next)
        && tokens.gap(next) == Gap::None
        && tokens.gap(next + 1) == Gap::None
    {
        // 三个多月
        if let Some(unit) = duration_behind_half(tokens, next + 1) {
            figure.high = figure
                .low
                .and_then(|low| low.checked_add(Decimal::ONE).ok());
            figure.bound = Bound::Range;
            figure.unit = FigureUnit::Unit(unit);
            figure.next = next + 2;
            figure.rules.add(Rule::Vague);
            return;
        }
    }
    let from = tokens.end(at);
    let mut noun = default;
    for index in next..next + 4 {
        let Some(token) = tokens.get(index) else {
            break;
        };
        let between = tokens
            .text
            .get(from..token.start as usize)
            .unwrap_or_default();
        if between.len() > NOUN_REACH
            || between.bytes().any(|byte| byte < 0x80)
            || has_stop(between)
        {
            break;
        }
        if matches!(token.kind, TokenKind::Number(_)) {
            break;
        }
        if let Some(found) = tokens.value(index, Role::Noun) {
            noun = found;
            break;
        }
    }
    figure.unit = FigureUnit::Count(noun);
    figure.next = next;
    figure.rules.add(Rule::Classifier);
}

/// Tells whether Chinese punctuation stands in the text.
pub(super) fn has_stop(text: &str) -> bool {
    text.chars().any(|character| matches!(character, '\u{3000}'..='\u{303F}' | '\u{FF00}'..='\u{FFEF}' | '\u{2010}'..='\u{2027}'))
}

/// The noun that an English number counts, a few words on: 40,000 construction jobs.
pub(super) fn english_noun(tokens: &Tokens<'_>, figure: &mut Figure, at: usize) {
    if figure.prefixed || figure.fraction || figure.unit != FigureUnit::None {
        return;
    }
    let from = figure.end.max(tokens.end(figure.next.saturating_sub(1)));
    if tokens.byte_at(from) != b' ' {
        return;
    }
    for index in at..at + 4 {
        let Some(token) = tokens.get(index) else {
            return;
        };
        let start = token.start as usize;
        let Some(between) = tokens.text.get(from..start) else {
            return;
        };
        let words_only = between
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'-'));
        let count = between.split(' ').filter(|word| !word.is_empty()).count();
        if between.len() > NOUN_REACH || !words_only || count > 3 {
            return;
        }
        let stop = Roles::of(&[
            Role::DateLink,
            Role::Per,
            Role::BoundBefore,
            Role::ListLink,
            Role::Currency,
            Role::RangeLink,
            Role::Since,
            Role::Until,
            Role::DateFiller,
            Role::Filler,
        ]);
        if let Some(noun) = tokens
            .value(index, Role::Noun)
            .filter(|_| tokens.is_ascii(index))
        {
            figure.unit = FigureUnit::Count(noun);
            figure.rules.add(Rule::Count);
            if count == 0 {
                figure.next = index + 1;
            }
            return;
        }
        if tokens.any(index, stop) || matches!(token.kind, TokenKind::Number(_)) {
            return;
        }
    }
}
