//! From points to a period: the other end of a range, the days and times of both, and the words behind that open it.

use hedui_model::Bound;
use hedui_text::lexicon::quantities::Role;
use jiff::civil::Date;

use super::super::ReadContext;
use super::super::reading::{Grain, PeriodReading, What};
use super::super::rules::{Rule, Rules};
use super::super::token::Tokens;
use super::direction::mode;
use super::opening::{behind, open};
use super::point::{self, Point};
use super::{Found, calendar, counted, date, times, year_behind};

/// Completes a point: the other end of a range, and the words behind that open it.
pub(super) fn closed(
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
