//! What several figures make together: ranges, lists with a shared unit, joined bounds, restatements.

use hedui_model::Bound;
use hedui_text::lexicon::quantities::{Role, Roles, UnitKind};

use super::bounds;
use super::figure::{self, Figure, FigureUnit, FoundFigure};
use super::reading::{Reading, What};
use super::rules::Rule;
use super::token::{Gap, Tokens};

/// How far a restatement may stand behind its figure, in bytes.
const GLOSS_REACH: usize = 40;

/// How far 每股 may stand in front of its figure, in bytes: 每股盈餘為新台幣17元.
const EACH_REACH: usize = 18;

/// Reads the figure at a token with all that belongs to it: range, bounds, denominator in front.
pub(super) fn read(tokens: &Tokens<'_>, at: usize) -> Option<FoundFigure> {
    let mut figure = match figure::read(tokens, at)? {
        FoundFigure::Figure(figure) => figure,
        skip => return Some(skip),
    };
    // The second half of a code: 表3-1, 16055099号-94.
    let bare =
        figure.unit == FigureUnit::None && !figure.worded && tokens.numeral(figure.first).is_some();
    if bare
        && tokens.byte_before(figure.start) == b'-'
        && figure.start == tokens.start(figure.first)
    {
        return Some(FoundFigure::Skip(figure.next));
    }
    if let Some(range) = range(tokens, &figure) {
        figure = range;
    } else if let Some(next) = score(tokens, &figure) {
        return Some(FoundFigure::Skip(next));
    }
    bounds::around(tokens, &mut figure);
    each_before(tokens, &mut figure);
    Some(FoundFigure::Figure(figure))
}

/// Two or more bare whole numbers with hyphens that are no range: a vote, a score, a code.
fn score(tokens: &Tokens<'_>, figure: &Figure) -> Option<usize> {
    let mut at = figure.next;
    if figure.unit != FigureUnit::None || tokens.plain_integer(figure.first).is_none() {
        return None;
    }
    let mut any = false;
    while tokens.is_hyphen(at)
        && tokens.gap(at) == Gap::None
        && tokens.gap(at + 1) == Gap::None
        && tokens.plain_integer(at + 1).is_some()
    {
        at += 2;
        any = true;
    }
    let bare = !tokens.joined(at)
        || !tokens.any(at, Roles::of(&[Role::Unit, Role::Currency, Role::Scale]));
    (any && bare).then_some(at)
}

fn range(tokens: &Tokens<'_>, first: &Figure) -> Option<Figure> {
    let link = first.next;
    if !tokens.joined(link) || !matches!(first.bound, Bound::Exact | Bound::About) {
        return None;
    }
    let opener = opener(tokens, first);
    let word = tokens.word(link)?;
    // Between … and …, or … 与 … 之间.
    let closes = word.is(Role::RangeOpenLink) && closes_behind(tokens, link + 1);
    let open_link = (opener.is_some() || closes) && word.is(Role::RangeOpenLink);
    if !word.is(Role::RangeLink) && !open_link {
        return None;
    }
    let mut second_at = link + 1;
    if !tokens.joined(second_at) {
        return None;
    }
    // An opener that means a change (*from 5 % to 7 %*) has two figures of its own.
    if let Some(opener) = opener
        && tokens.is_ascii(opener)
        && tokens.is(opener, Role::Since)
        && first.unit != FigureUnit::None
        && changes(tokens, opener)
    {
        return None;
    }
    if tokens.value(second_at, Role::BoundBefore) == Some(1)
        && !tokens.is(second_at, Role::RangeLink)
    {
        second_at += 1;
    }
    let second = match figure::read(tokens, second_at)? {
        FoundFigure::Figure(second) => second,
        FoundFigure::Skip(_) => return None,
    };
    if !tokens.joined(second.first) || !matches!(second.bound, Bound::Exact | Bound::About) {
        return None;
    }
    combine(tokens, first, second, opener)
}

/// Tells whether a closing word (之间) stands right behind the figure at a token.
fn closes_behind(tokens: &Tokens<'_>, at: usize) -> bool {
    let Some(FoundFigure::Figure(second)) = figure::read(tokens, at) else {
        return false;
    };
    let last = second.next.saturating_sub(1);
    tokens.joined(second.next) && tokens.is(second.next, Role::RangeClose)
        || last > at && tokens.is(last, Role::RangeClose)
}

/// Tells whether a word of change stands shortly before: *rose from*, *was cut by a third from*.
fn changes(tokens: &Tokens<'_>, opener: usize) -> bool {
    let start = tokens.start(opener);
    (opener.saturating_sub(6)..opener).any(|index| {
        let gap = tokens
            .text
            .get(tokens.end(index)..start)
            .unwrap_or_default();
        gap.len() < 40 && !gap.contains(['.', '\n', ';']) && tokens.is(index, Role::Change)
    })
}

/// The word that opens a range before the figure: between, from, 介于.
fn opener(tokens: &Tokens<'_>, first: &Figure) -> Option<usize> {
    let mut before = first.first.checked_sub(1)?;
    if tokens.value(before, Role::BoundBefore) == Some(1) && tokens.joined(first.first) {
        if !tokens.joined(before) {
            return None;
        }
        before = before.checked_sub(1)?;
        return tokens.is(before, Role::RangeOpen).then_some(before);
    }
    (tokens.joined(first.first) && tokens.is(before, Role::RangeOpen)).then_some(before)
}

fn combine(
    tokens: &Tokens<'_>,
    first: &Figure,
    mut second: Figure,
    opener: Option<usize>,
) -> Option<Figure> {
    let mut result = *first;
    let (mut low, mut high) = (first.value()?, second.value()?);
    let first_had_unit = first.unit != FigureUnit::None;
    let second_had_unit = second.unit != FigureUnit::None;
    let mut shared = false;
    match (first.unit, second.unit) {
        (FigureUnit::None, unit) if unit != FigureUnit::None => {
            if first.fraction {
                return None;
            }
            result.unit = unit;
            shared = true;
            // 三至五成, and a share of a fraction sign: the factor of ten belongs to the unit.
            if second.rules.has(Rule::Tenths) {
                low = low.scaled(1).ok()?;
            }
        }
        (unit, FigureUnit::None) if unit != FigureUnit::None => {
            if !first.prefixed {
                return None;
            }
            second.unit = unit;
            shared = true;
        }
        (one, other) if one == other => {}
        (FigureUnit::Currency(one), FigureUnit::Currency(other)) => {
            result.unit = FigureUnit::Currency(explicit_currency(tokens, one, other)?);
        }
        (FigureUnit::Unit(one), FigureUnit::Unit(other)) => {
            let (one, other) = (tokens.lexicon.unit(one)?, tokens.lexicon.unit(other)?);
            if one.base != other.base || one.factor != other.factor {
                return None;
            }
        }
        (FigureUnit::Count(_), FigureUnit::Count(_)) => result.unit = second.unit,
        _ => return None,
    }
    if !first_had_unit || !second_had_unit || first.prefixed {
        let wanted = if first.scale < 4 && second.scale >= 4 || first.scale == 0 && second.scale > 0
        {
            second.scale
        } else {
            0
        };
        if wanted > 0 {
            let scaled = low.scaled(wanted).ok()?;
            if scaled <= high {
                low = scaled;
                shared = true;
            }
        }
    }
    if !first_had_unit && !second_had_unit && !bare_range_holds(tokens, first, &second) {
        return None;
    }
    if low.is_negative() && high.is_negative() && low > high {
        std::mem::swap(&mut low, &mut high);
    }
    if low >= high {
        return None;
    }
    result.low = Some(low);
    result.high = Some(high);
    result.bound = Bound::Range;
    result.digits = first.digits.max(second.digits);
    result.per = first.per.or(second.per);
    result.end = second.end;
    result.next = second.next;
    result.scale = second.scale;
    result.fraction = first.fraction && second.fraction;
    result.worded = true;
    result.rules.join(second.rules);
    result.rules.add(Rule::Range);
    if result.per.is_none() {
        let end = result.end;
        figure::attach_per(tokens, &mut result);
        result.end = end.max(tokens.end(result.next.saturating_sub(1)));
    }
    if shared {
        result.rules.add(Rule::SharedUnit);
    }
    if let Some(opener) = opener {
        result.hedge_start = tokens.start(opener);
    }
    result.hedge_end = result.end;
    if tokens.is(result.next, Role::RangeClose) && tokens.joined(result.next) {
        result.hedge_end = tokens.end(result.next);
        result.next += 1;
    }
    Some(result)
}

/// The one of two currencies that is not ambiguous, where the other may mean it.
fn explicit_currency(tokens: &Tokens<'_>, one: i64, other: i64) -> Option<i64> {
    let (first, second) = (
        tokens.lexicon.currency(one)?,
        tokens.lexicon.currency(other)?,
    );
    if first.candidates.contains(&second.id) {
        return Some(other);
    }
    second.candidates.contains(&first.id).then_some(one)
}

/// Two bare numbers with a link are a range only where nothing says that they are a code, a score or a date.
fn bare_range_holds(tokens: &Tokens<'_>, first: &Figure, second: &Figure) -> bool {
    let padded = |index: usize| tokens.numeral(index).is_some_and(|numeral| numeral.padded);
    if padded(first.first) || padded(second.first) {
        return false;
    }
    let after = tokens.byte_at(second.end);
    let before = tokens.byte_before(first.start);
    !matches!(after, b'-' | b'/') && !matches!(before, b'-' | b'/' | b'.')
}

/// 每股 and *per share* in front of a figure.
fn each_before(tokens: &Tokens<'_>, figure: &mut Figure) {
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
fn rate(tokens: &Tokens<'_>, figure: &mut Figure, each: usize) {
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

// ---- Over the whole list ----

/// Joins what stands side by side in the list of readings.
pub(super) fn join(tokens: &Tokens<'_>, readings: &mut Vec<Reading>) {
    lists(tokens, readings);
    joined_bounds(tokens, readings);
    glosses(tokens, readings);
}

/// How two neighbours are linked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Link {
    None,
    Comma,
    Word,
}

fn link(tokens: &Tokens<'_>, first: &Figure, second: &Figure) -> Link {
    let count = second.first.saturating_sub(first.next);
    if second.first < first.next
        || !(1..=2).contains(&count)
        || first.hedge_end > second.hedge_start
    {
        return Link::None;
    }
    let mut kind = Link::Comma;
    for index in first.next..second.first {
        if !tokens.is(index, Role::ListLink) || !tokens.joined(index) {
            return Link::None;
        }
        if tokens.form(index) != "," {
            kind = Link::Word;
        }
    }
    if tokens.joined(second.first) {
        kind
    } else {
        Link::None
    }
}

/// 3、5 及 8 億美元: earlier members take scale and unit of the last.
fn lists(tokens: &Tokens<'_>, readings: &mut [Reading]) {
    let mut closed = false;
    for index in (1..readings.len()).rev() {
        let (head, tail) = readings.split_at_mut(index);
        let (Some(first), Some(second)) = (
            head.last_mut().and_then(Reading::figure_mut),
            tail.first().and_then(Reading::figure),
        ) else {
            closed = false;
            continue;
        };
        let kind = link(tokens, first, second);
        closed = match kind {
            Link::None => false,
            Link::Word => true,
            Link::Comma => closed,
        };
        if prefixed_list(kind, closed, first, second) {
            let scale = second.scale;
            let scaled = |value: Option<hedui_model::Decimal>| {
                value.and_then(|value| value.scaled(scale).ok())
            };
            first.low = scaled(first.low);
            first.high = scaled(first.high);
            first.scale = scale;
            first.rules.add(Rule::List);
            continue;
        }
        let shares = first.unit == FigureUnit::None
            && second.unit != FigureUnit::None
            && !first.fraction
            && first.bound != Bound::Range;
        if !closed
            || !shares
            || (tokens.is_ascii(first.first)
                && first.scale == 0
                && matches!(second.unit, FigureUnit::Count(_))
                && second.scale == 0
                && !second.worded
                && kind == Link::Comma)
        {
            continue;
        }
        if first.scale == 0 && second.scale >= 3 && first.scale < second.scale {
            let scale = second.scale;
            let scaled = |value: Option<hedui_model::Decimal>| {
                value.and_then(|value| value.scaled(scale).ok())
            };
            first.low = scaled(first.low);
            first.high = scaled(first.high);
            first.scale = scale;
        } else if second.rules.has(Rule::Tenths) {
            let scaled =
                |value: Option<hedui_model::Decimal>| value.and_then(|value| value.scaled(1).ok());
            first.low = scaled(first.low);
            first.high = scaled(first.high);
            first.rules.add(Rule::Tenths);
        }
        first.unit = second.unit;
        first.per = first.per.or(second.per);
        first.rules.add(Rule::List);
    }
}

/// `$3, $5 and $8 billion`.
fn prefixed_list(kind: Link, closed: bool, first: &Figure, second: &Figure) -> bool {
    let same = first.prefixed && second.prefixed && first.unit == second.unit;
    let small = first
        .value()
        .is_some_and(|value| value < hedui_model::Decimal::from(1000));
    same && small && kind != Link::None && closed && first.scale == 0 && second.scale >= 6
}

/// More than ten and less than twenty: one range.
fn joined_bounds(tokens: &Tokens<'_>, readings: &mut Vec<Reading>) {
    let mut kept = 0_usize;
    for index in 0..readings.len() {
        let joined = kept.checked_sub(1).and_then(|before| {
            let first = readings.get(before)?.figure()?;
            join_bounds(tokens, first, readings.get(index)?.figure()?)
        });
        let target = kept
            .checked_sub(1)
            .and_then(|before| readings.get_mut(before));
        if let (Some(joined), Some(reading)) = (joined, target) {
            reading.what = What::Figure(joined);
        } else {
            readings.swap(kept, index);
            kept += 1;
        }
    }
    readings.truncate(kept);
}

fn join_bounds(tokens: &Tokens<'_>, first: &Figure, second: &Figure) -> Option<Figure> {
    let one_sided = |figure: &Figure| figure.low.is_none() != figure.high.is_none();
    if !one_sided(first) || !one_sided(second) || first.low.is_some() == second.low.is_some() {
        return None;
    }
    let between = tokens.text.get(first.hedge_end..second.hedge_start)?;
    let parted =
        between.contains(',') && (first.unit != second.unit || first.unit == FigureUnit::None);
    if between.len() > 14 || between.contains('\n') || parted {
        return None;
    }
    let linked = between.trim().is_empty()
        || (first.next..second.first).any(|index| tokens.any(index, Roles::of(&[Role::ListLink])));
    if !linked {
        return None;
    }
    let unit = match (first.unit, second.unit) {
        (one, other) if one == other => one,
        (FigureUnit::None, other) => other,
        (one, FigureUnit::None) => one,
        _ => return None,
    };
    let vague =
        |figure: &Figure| figure.hedge_start == figure.start && figure.hedge_end == figure.end;
    if vague(first) || vague(second) {
        return None;
    }
    let (low, high) = (first.low.or(second.low)?, first.high.or(second.high)?);
    if low >= high {
        return None;
    }
    let mut joined = *first;
    joined.low = Some(low);
    joined.high = Some(high);
    joined.unit = unit;
    joined.bound = Bound::Range;
    joined.end = second.end;
    joined.hedge_end = second.hedge_end;
    joined.next = second.next;
    joined.rules.join(second.rules);
    joined.rules.add(Rule::JoinedBounds);
    Some(joined)
}

/// Marks the figures that restate the one before them.
fn glosses(tokens: &Tokens<'_>, readings: &mut [Reading]) {
    for index in 1..readings.len() {
        let (head, tail) = readings.split_at_mut(index);
        let (Some(before), Some(reading)) = (head.last(), tail.first_mut()) else {
            continue;
        };
        let (Some(first), Some(second)) = (before.figure(), reading.figure()) else {
            continue;
        };
        let again = before.gloss_of.is_some() && continues(tokens, first, second);
        if again || restates(tokens, first, second) {
            let target = before.gloss_of.unwrap_or(index - 1);
            reading.gloss_of = Some(target);
        }
    }
}

/// A second restatement behind the first, in the same bracket: (30.6億美元，台幣956億元).
fn continues(tokens: &Tokens<'_>, first: &Figure, second: &Figure) -> bool {
    let between = tokens
        .text
        .get(first.hedge_end..second.hedge_start)
        .unwrap_or("-");
    let parted = between.trim_matches(' ');
    matches!(parted, "," | ";" | "/" | "\u{3001}" | "")
        && comparable(tokens, first, second) == Some(false)
}

fn restates(tokens: &Tokens<'_>, first: &Figure, second: &Figure) -> bool {
    let Some(between) = tokens.text.get(first.hedge_end..second.hedge_start) else {
        return false;
    };
    let Some(same_unit) =
        comparable(tokens, first, second).filter(|_| between.len() <= GLOSS_REACH)
    else {
        return false;
    };
    let trimmed = between.trim_start();
    let bracketed = trimmed.starts_with('(') || trimmed.starts_with('[');
    let appositive =
        trimmed.starts_with(',') || trimmed.starts_with('\u{2014}') || trimmed.starts_with("--");
    if !bracketed && !appositive {
        return false;
    }
    let mut linked = false;
    let mut at = first.hedge_end;
    let mut covered = 0;
    let start = tokens
        .tokens
        .partition_point(|token| (token.start as usize) < first.hedge_end);
    for index in start..second.first {
        let Some(token) = tokens.get(index) else {
            break;
        };
        if token.start as usize >= second.hedge_start {
            break;
        }
        linked |= tokens.is(index, Role::GlossLink);
        let harmless = tokens.any(
            index,
            Roles::of(&[
                Role::GlossLink,
                Role::BoundBefore,
                Role::Filler,
                Role::Article,
                Role::ListLink,
                Role::BoundAfter,
                Role::Currency,
            ]),
        );
        if !harmless {
            return false;
        }
        covered += tokens.end(index) - tokens.start(index);
        at = tokens.end(index);
    }
    let _ = at;
    let plain = between
        .bytes()
        .filter(|byte| !matches!(byte, b' ' | b'(' | b'[' | b','))
        .count();
    // Unknown words between the two are allowed only where a link word says what is meant.
    let uncovered = plain.saturating_sub(covered);
    let hedge_links = tokens
        .text
        .get(second.hedge_start..second.start)
        .is_some_and(|hedge| !hedge.is_empty());
    if bracketed {
        // In the same unit it restates only where the bracket holds nothing else.
        let closes = matches!(tokens.byte_at(second.hedge_end), b')' | b']');
        return uncovered <= 30
            && !trimmed.contains(')')
            && (!same_unit || (closes && uncovered == 0));
    }
    if same_unit {
        return false;
    }
    linked && uncovered == 0
        || (hedge_links
            && uncovered == 0
            && tokens.is(second.first.wrapping_sub(1), Role::GlossLink))
}

/// Tells whether the figures could say the same thing; inside, whether they have one and the same unit.
fn comparable(tokens: &Tokens<'_>, first: &Figure, second: &Figure) -> Option<bool> {
    match (first.unit, second.unit) {
        (FigureUnit::Currency(one), FigureUnit::Currency(other)) => Some(one == other),
        (FigureUnit::Unit(one), FigureUnit::Unit(other)) => {
            let (one, other) = (tokens.lexicon.unit(one)?, tokens.lexicon.unit(other)?);
            if one.kind == UnitKind::Percent || one.kind != other.kind {
                return None;
            }
            let areas = ["m2", "acre", "mu", "ping", "square_foot"];
            let lengths = ["m", "mile", "foot", "inch", "yard", "nautical mile"];
            let masses = ["kg", "pound", "ounce", "jin", "short ton"];
            let volumes = ["L", "m3", "gallon", "barrel", "acre foot"];
            let energies = ["Wh", "J", "british thermal unit", "calorie"];
            let together = |names: &[&str]| {
                names.contains(&one.base.as_str()) && names.contains(&other.base.as_str())
            };
            let kin = one.base == other.base
                || one.kind == UnitKind::Duration
                || [&areas[..], &lengths, &masses, &volumes, &energies]
                    .into_iter()
                    .any(together);
            kin.then_some(one.id == other.id)
        }
        _ => None,
    }
}
