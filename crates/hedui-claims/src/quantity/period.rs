//! Periods: dates, months, quarters, years, relative ones and ranges, as whole days, or as times where hours are told.
//!
//! `calendar` computes; `date` reads one date or period, with a file for each kind, and `timed` the hours beside a day;
//! `opening` opens one to a side by *since*, *before* and the like; this file joins two of them to a range. A year that
//! is not said comes from the reference day.

mod bare_year;
mod beside;
mod calendar;
mod clock;
mod counted;
mod date;
mod day;
mod decade;
mod digits;
mod from_now;
mod holiday;
mod hours;
mod length;
mod listed;
mod lunar;
mod month;
mod nth;
mod opening;
mod part;
mod point;
mod pointed;
mod quarter;
mod relative;
mod season;
mod small_number;
mod timed;
mod times;
mod weekday;
mod year;
mod year_behind;
mod year_part;

use hedui_model::Bound;
use hedui_text::lexicon::quantities::{Role, Roles};
use jiff::civil::Date;

use super::ReadContext;
use super::reading::{Grain, PeriodReading, What};
use super::rules::{Rule, Rules};
use super::token::{TokenKind, Tokens};
use opening::{behind, open};
use point::{Mode, Point};

/// What was found at a token.
pub(super) struct Found {
    /// The token after it.
    pub(super) next: usize,
    /// The readings, in order; none where the words are a date that cannot be resolved.
    pub(super) readings: [Option<What>; 2],
}

pub(super) const STARTS: Roles = Roles::of(&[
    Role::Month,
    Role::Weekday,
    Role::RelativeDay,
    Role::RelativeYear,
    Role::RelativeQuarter,
    Role::RelativeMonth,
    Role::RelativeWeek,
    Role::Pointer,
    Role::Quarter,
    Role::HalfYear,
    Role::Part,
    Role::Fiscal,
    Role::CalendarYear,
    Role::Era,
    Role::Span,
    Role::In,
    Role::Since,
    Role::Until,
    Role::Before,
    Role::After,
    Role::Ordinal,
    Role::Leading,
    Role::RangeOpen,
    Role::Digit,
    Role::Place,
    Role::Tens,
    Role::OrdinalPrefix,
    Role::Half,
    Role::Inclusive,
    Role::Century,
    Role::Holiday,
    Role::Season,
    Role::Lunar,
    Role::LunarMonth,
    Role::TimeOfDay,
    Role::PartOfDay,
    Role::Within,
]);

/// Tells whether a period may start at a word.
pub(super) fn starts(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens.any(at, STARTS)
        || beside::starts(tokens, at)
        || relative::starts_with_article(tokens, at)
}

/// Reads the period that starts at a token, if one does.
pub(super) fn read(tokens: &Tokens<'_>, at: usize, context: &ReadContext) -> Option<Found> {
    let opening = match tokens.get(at)?.kind {
        TokenKind::Word(_) => {
            if !starts(tokens, at) {
                return None;
            }
            true
        }
        _ => false,
    };
    if opening && let Some(found) = opened(tokens, at, context) {
        return Some(found);
    }
    if let Some(found) = from_now::read(tokens, at, context) {
        return Some(found);
    }
    // *The last 3 weeks of this year* count from its end, not from today.
    let inside = date::counted_inside(tokens, at, context);
    if inside.is_none()
        && let Some(found) = relative::span(tokens, at, context)
    {
        return Some(found);
    }
    let point = match inside {
        Some(point) => point,
        None => date::read(tokens, at, context, false)?,
    };
    let mut whole = closed(tokens, at, at, point, context);
    if let Some(What::Period(period)) = &mut whole.readings[0] {
        opening::compare(tokens, at, period);
    }
    Some(whole)
}

/// A word that opens a period to one side (since, by, before), or a range (from … to).
fn opened(tokens: &Tokens<'_>, at: usize, context: &ReadContext) -> Option<Found> {
    let word = tokens.word(at)?;
    let openers = Roles::of(&[
        Role::Since,
        Role::Until,
        Role::Before,
        Role::After,
        Role::RangeOpen,
        Role::Inclusive,
    ]);
    if !word.roles.any(openers) {
        return None;
    }
    // 前, 后, 起 stand behind; in front they point at something else.
    if !word.form.is_ascii()
        && !word.is(Role::RangeOpen)
        && !word.is(Role::Since)
        && !word.is(Role::Until)
    {
        return None;
    }
    let mut inclusive = false;
    let mut index = at;
    if word.is(Role::Inclusive) && tokens.is_ascii(at) {
        if !tokens.any(at + 1, Roles::of(&[Role::Before, Role::After])) || !tokens.joined(at + 1) {
            return None;
        }
        inclusive = true;
        index += 1;
    }
    let kind = tokens.word(index)?;
    let mut start = index + 1;
    // Before the year 2019: *year* links, as *of* does, but nothing else is passed over so.
    while start < index + 4
        && (tokens.any(start, Roles::of(&[Role::DateFiller, Role::TimeZone]))
            || tokens.value(start, Role::DateLink) == Some(1))
        && tokens.joined(start)
        && !tokens.is(start, Role::Pointer)
    {
        start += 1;
    }
    if !tokens.joined(start) {
        return None;
    }
    let point = date::read(tokens, start, context, kind.is(Role::RangeOpen))?;
    // *Following later in the year* opens nothing.
    if point.is_told_from_today() {
        return Some(closed(tokens, start, start, point, context));
    }
    if kind.is(Role::RangeOpen) {
        let found = closed(tokens, at, start, point, context);
        let ranged = found.readings[0].as_ref().is_some_and(
            |what| matches!(what, What::Period(period) if period.rules.has(Rule::Range)),
        );
        if ranged || !kind.is(Role::Since) {
            return Some(found);
        }
    }
    let found = closed(tokens, start, start, point, context);
    let [Some(What::Period(period)), _] = &found.readings else {
        return Some(found);
    };
    let mut period = *period;
    let stays = kind.is(Role::RangeOpen) && kind.form.is_ascii() && is_over(&period, context);
    if period.low.is_none()
        || period.high.is_none()
        || period.rules.has(Rule::Range)
        || stays
        || found.readings[1].is_some()
    {
        return Some(found);
    }
    // 截至6月30日止三个月: the three months that end then.
    if kind.is(Role::Until)
        && !kind.form.is_ascii()
        && let Some(length) = counted::up_to(tokens, &mut period)
    {
        return Some(Found {
            next: period.next,
            readings: [Some(What::Period(period)), length.figure.map(What::Figure)],
        });
    }
    open(&mut period, kind, inclusive);
    period.hedge_start = tokens.start(at);
    Some(Found {
        next: found.next,
        readings: [Some(What::Period(period)), None],
    })
}

/// *From last year* and *from the first half of the year* say whence: a relative period that is over, or a part of the year
/// that has begun, does not go on.
fn is_over(period: &PeriodReading, context: &ReadContext) -> bool {
    let Some(reference) = context.reference else {
        return false;
    };
    let over = period.high.is_some_and(|high| high < reference);
    let begun = period.low.is_some_and(|low| low <= reference)
        && matches!(period.grain, Grain::Quarter | Grain::Half);
    period.rules.has(Rule::Relative) && period.grain > Grain::Day && (over || begun)
}

/// Completes a point: the other end of a range, and the words behind that open it.
fn closed(
    tokens: &Tokens<'_>,
    hedge: usize,
    first: usize,
    point: Point,
    context: &ReadContext,
) -> Found {
    let mut next = point.next;
    let mut low = point;
    let mut high = point;
    let mut ranged = false;
    if let Some((left, right)) = range(tokens, &point, hedge < first, context) {
        low = left;
        high = right;
        next = right.next;
        ranged = true;
    }
    if ranged {
        next = quarter_of_months(tokens, next, (&mut low, &mut high), context);
        if low.has_range && high.hours.is_none() {
            // 9 to 5 Monday through Friday: the days are a range, the hours those of each.
            low.hours = None;
        }
    }
    let mode = mode(tokens, hedge, next);
    low.mode = mode;
    high.mode = mode;
    if ranged {
        point::same_year(&mut low, &mut high, context);
        point::one_fiscal_year(tokens, &low, &mut high, context);
    }
    let Some((begin, end)) = ends(tokens, &low, &high, ranged, context) else {
        return Found {
            next,
            readings: [None, None],
        };
    };
    let mut period = PeriodReading {
        start: after_article(tokens, first),
        end: tokens.end(next.saturating_sub(1)) + high.tail,
        hedge_start: tokens.start(hedge),
        hedge_end: tokens.end(next.saturating_sub(1)) + high.tail,
        next,
        low: Some(begin),
        high: Some(end),
        times: None,
        bound: Bound::Exact,
        grain: low.grain.max(high.grain),
        fiscal: low.fiscal || high.fiscal,
        rules: rules(&low, &high, ranged),
    };
    if let Some(times) = times::times((begin, low.hours), (end, high.hours)) {
        period.rules.add(Rule::Clock);
        period.set_times(times);
    }
    if let Some(opener) = low.opener.filter(|_| !ranged)
        && let Some(word) = tokens.word(opener.at)
    {
        if opener.is_behind {
            period.since();
        } else {
            open(&mut period, word, false);
        }
    }
    if !ranged
        && period.times.is_none()
        && let Some((last, length)) = counted::lasting(tokens, next, (begin, end))
    {
        period.high = Some(last);
        period.next = length.next;
        period.end = tokens.end(length.next.saturating_sub(1));
        period.hedge_end = period.end;
        return Found {
            next: length.next,
            readings: [Some(What::Period(period)), length.figure.map(What::Figure)],
        };
    }
    if period.low.is_some() && period.high.is_some() {
        behind(tokens, &mut period, context);
    }
    Found {
        next: period.next,
        readings: [Some(What::Period(period)), None],
    }
}

/// `April-June quarter of 2024`: the word says no more than the months, but its year may stand behind it.
fn quarter_of_months(
    tokens: &Tokens<'_>,
    next: usize,
    (low, high): (&mut Point, &mut Point),
    context: &ReadContext,
) -> usize {
    let months = low.grain == Grain::Month && high.grain == Grain::Month;
    let word = tokens.is_ascii(next)
        && tokens.joined(next)
        && tokens.period_kind(next) == Some(4)
        && !tokens.form(next).ends_with('s');
    let unsaid = low.year.is_none() && high.year.is_none();
    let (Some(first), Some(last), true) = (low.month, high.month, months && word && unsaid) else {
        return next;
    };
    let year = year_behind::with_year(tokens, Point::new(next + 1), context);
    if let Some(said) = year.year {
        high.year = Some(said);
        low.year = said.checked_sub(i16::from(first > last));
        low.relative |= year.relative;
    }
    year.next
}

/// Where a date starts whose first word has an article in it: *the* first week.
pub(super) fn after_article(tokens: &Tokens<'_>, at: usize) -> usize {
    let (start, form) = (tokens.start(at), tokens.form(at));
    let Some(space) = form.find(' ').filter(|_| form.is_ascii()) else {
        return start;
    };
    let article = tokens
        .lexicon
        .trie()
        .longest(form, 0, |found| found.end == space)
        .and_then(|found| tokens.lexicon.word(found.word))
        .is_some_and(|word| word.is(Role::Filler) && word.is(Role::DateFiller));
    if article { start + space + 1 } else { start }
}

/// The first and the last day of a date or a range; none where they are not known, or the last is before the first.
fn ends(
    tokens: &Tokens<'_>,
    low: &Point,
    high: &Point,
    ranged: bool,
    context: &ReadContext,
) -> Option<(Date, Date)> {
    let (begin, _) = low.days(tokens, context)?;
    let (_, end) = high.days(tokens, context)?;
    if !ranged {
        return Some((begin, end));
    }
    let days = (begin - end).get_days();
    if low.is_weekday && high.is_weekday && (1..7).contains(&days) {
        // Monday through Friday, told on a Wednesday: the week that is over.
        return Some((calendar::shift(begin, -7)?, end));
    }
    if let (0, Some(from), Some(to)) = (days, low.hours, high.hours)
        && to.to < from.from
    {
        // From 11 pm to 1 am.
        return Some((begin, end.tomorrow().ok()?));
    }
    (begin <= end).then_some((begin, end))
}

/// The rules that took part in a date or a range.
fn rules(low: &Point, high: &Point, ranged: bool) -> Rules {
    let mut rules = Rules::default();
    rules.add(if low.relative {
        Rule::Relative
    } else {
        Rule::Absolute
    });
    if low.fiscal || high.fiscal {
        rules.add(Rule::Fiscal);
    }
    if ranged || low.has_range {
        rules.add(Rule::Range);
    }
    rules
}

/// Which way a date lies whose year or month is not said.
fn mode(tokens: &Tokens<'_>, first: usize, next: usize) -> Mode {
    let (start, end) = (tokens.start(first), tokens.end(next.saturating_sub(1)));
    // A few words around it, *at*, *during the*, say nothing of its direction either.
    if tokens.trimmed <= end - start + 12 {
        return Mode::Near;
    }
    if (first.saturating_sub(6)..first).any(|index| ahead(tokens, index, start))
        || tokens.is(next, Role::Ahead) && tokens.joined(next)
    {
        return Mode::Ahead;
    }
    Mode::Past
}

/// Tells whether a word before a place points ahead, near it and in its sentence.
fn ahead(tokens: &Tokens<'_>, index: usize, start: usize) -> bool {
    let gap = tokens
        .text
        .get(tokens.end(index)..start)
        .unwrap_or_default();
    tokens.is(index, Role::Ahead) && gap.len() < 60 && !gap.contains(['.', '\n', ';', '\u{3002}'])
}

/// The two ends of a range that starts with a point.
fn range(
    tokens: &Tokens<'_>,
    left: &Point,
    opened: bool,
    context: &ReadContext,
) -> Option<(Point, Point)> {
    let link = left.next;
    if !tokens.joined(link) {
        return None;
    }
    let word = tokens.word(link)?;
    // From April until the end of June.
    let until = opened && word.is(Role::Until) && word.form.is_ascii();
    let linked = word.is(Role::RangeLink) || word.is(Role::RangeOpenLink) || until;
    let wants_close = !word.is(Role::RangeLink) && !opened;
    if !linked {
        return None;
    }
    let mut at = link + 1;
    while at < link + 3 && tokens.is(at, Role::DateFiller) && tokens.joined(at) {
        at += 1;
    }
    if !tokens.joined(at) {
        return None;
    }
    let right = date::read_end(tokens, at, left, context)?;
    if wants_close && !(tokens.is(right.next, Role::RangeClose) && tokens.joined(right.next)) {
        return None;
    }
    let (left, right) = point::complete(*left, right)?;
    Some((left, right))
}
