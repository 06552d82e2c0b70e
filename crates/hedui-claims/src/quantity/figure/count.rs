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
            let is_placed = |noun| tokens.lexicon.noun(noun).is_some_and(|row| row.placed);
            if is_placed(found) && !is_placed(default) && !between.is_empty() {
                continue;
            }
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
    if let Some((noun, next)) =
        head_noun(tokens, figure, at, from).or_else(|| beside(tokens, figure, at))
    {
        figure.unit = FigureUnit::Count(noun);
        figure.rules.add(Rule::Count);
        figure.next = next.unwrap_or(figure.next);
    }
}

/// Tells whether an English noun goes with another one, since it is in the singular and the number is more than one:
/// three chip *plants*, the 2018 contract.
pub(super) fn is_attribute(tokens: &Tokens<'_>, figure: &Figure, at: usize) -> bool {
    let several = figure
        .high
        .or(figure.low)
        .is_some_and(|value| value > Decimal::ONE);
    several && tokens.is(at, Role::OneNoun) && tokens.is_ascii(at) && tokens.gap(at) == Gap::Space
}

/// A noun in the singular right behind a number where no other noun follows, unless the number is a year.
fn beside(tokens: &Tokens<'_>, figure: &Figure, at: usize) -> Option<(i64, Option<usize>)> {
    let year = figure.next == figure.first + 1
        && tokens.end(figure.first) - tokens.start(figure.first) == 4
        && tokens
            .plain_integer(figure.first)
            .is_some_and(|value| (1900..2100).contains(&value));
    let noun = tokens
        .value(at, Role::Noun)
        .filter(|_| !year && at == figure.next);
    noun.map(|noun| (noun, Some(at + 1)))
}

/// The first noun behind a number that it can count, with the token after it where it stands right behind.
fn head_noun(
    tokens: &Tokens<'_>,
    figure: &Figure,
    at: usize,
    from: usize,
) -> Option<(i64, Option<usize>)> {
    for index in at..at + 4 {
        let token = tokens.get(index)?;
        let start = token.start as usize;
        let between = tokens.text.get(from..start)?;
        let words_only = between
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'-'));
        let count = between.split(' ').filter(|word| !word.is_empty()).count();
        if between.len() > NOUN_REACH || !words_only || count > 3 {
            return None;
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
            if is_attribute(tokens, figure, index) {
                continue;
            }
            return Some((noun, (count == 0).then_some(index + 1)));
        }
        if tokens.any(index, stop) || matches!(token.kind, TokenKind::Number(_)) {
            return None;
        }
    }
    None
}
