//! Periods: dates, months, quarters, years, relative ones and ranges, as whole days.
//!
//! `calendar` computes; `date` reads one date or period, with a file for each kind; this file joins two of them to a
//! range and opens them by *since*, *before* and the like. A year that is not said comes from the reference day.

mod beside;
mod calendar;
mod counted;
mod date;
mod day;
mod decade;
mod digits;
mod holiday;
mod length;
mod listed;
mod lunar;
mod month;
mod nth;
mod part;
mod point;
mod pointed;
mod quarter;
mod relative;
mod season;
mod small_number;
mod weekday;
mod year;
mod year_behind;
mod year_part;

use hedui_model::Bound;
use hedui_text::lexicon::quantities::{Role, Roles};

use super::ReadContext;
use super::reading::{Grain, PeriodReading, What};
use super::rules::{Rule, Rules};
use super::token::{Gap, TokenKind, Tokens};
use point::{Mode, Point};
use year_behind::ends_clause;

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
    let whole = closed(tokens, at, at, point, context);
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
        && (tokens.is(start, Role::DateFiller) || tokens.value(start, Role::DateLink) == Some(1))
        && tokens.joined(start)
        && !tokens.is(start, Role::Pointer)
    {
        start += 1;
    }
    if !tokens.joined(start) {
        return None;
    }
    let point = date::read(tokens, start, context, kind.is(Role::RangeOpen))?;
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
    open(&mut period, kind, inclusive);
    period.hedge_start = tokens.start(at);
    Some(Found {
        next: found.next,
        readings: [Some(What::Period(period)), None],
    })
}

/// *From last year* says whence: a relative period that is over does not go on.
fn is_over(period: &PeriodReading, context: &ReadContext) -> bool {
    period.rules.has(Rule::Relative)
        && period.grain > Grain::Day
        && period
            .high
            .zip(context.reference)
            .is_some_and(|(high, reference)| high < reference)
}

/// Opens a period as a word in front of it says.
fn open(period: &mut PeriodReading, word: &hedui_text::lexicon::quantities::Word, inclusive: bool) {
    if word.is(Role::Before) {
        period.high = if inclusive {
            period.high
        } else {
            period.low.and_then(|low| low.yesterday().ok())
        };
        period.low = None;
        period.bound = if inclusive {
            Bound::AtMost
        } else {
            Bound::LessThan
        };
    } else if word.is(Role::After) {
        period.low = if inclusive {
            period.low
        } else {
            period.high.and_then(|high| high.tomorrow().ok())
        };
        period.high = None;
        period.bound = if inclusive {
            Bound::AtLeast
        } else {
            Bound::MoreThan
        };
    } else if word.is(Role::Until) {
        period.low = None;
        period.bound = Bound::AtMost;
    } else if word.is(Role::Since) {
        period.high = None;
        period.bound = Bound::AtLeast;
    }
    period.rules.add(Rule::BoundBefore);
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
    let mode = mode(tokens, hedge, next);
    low.mode = mode;
    high.mode = mode;
    if ranged {
        point::same_year(&mut low, &mut high, context);
        point::one_fiscal_year(tokens, &low, &mut high, context);
    }
    let (Some((begin, _)), Some((_, end))) =
        (low.days(tokens, context), high.days(tokens, context))
    else {
        return Found {
            next,
            readings: [None, None],
        };
    };
    let mut rules = Rules::default();
    rules.add(if low.relative {
        Rule::Relative
    } else {
        Rule::Absolute
    });
    if low.fiscal || high.fiscal {
        rules.add(Rule::Fiscal);
    }
    if ranged {
        rules.add(Rule::Range);
        if begin > end {
            return Found {
                next,
                readings: [None, None],
            };
        }
    }
    let mut period = PeriodReading {
        start: after_article(tokens, first),
        end: tokens.end(next.saturating_sub(1)) + high.tail,
        hedge_start: tokens.start(hedge),
        hedge_end: tokens.end(next.saturating_sub(1)) + high.tail,
        next,
        low: Some(begin),
        high: Some(end),
        bound: Bound::Exact,
        grain: low.grain.max(high.grain),
        fiscal: low.fiscal || high.fiscal,
        rules,
    };
    if !ranged
        && begin == end
        && let Some((last, length)) = counted::lasting(tokens, next, begin)
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
    behind(tokens, &mut period, context);
    Found {
        next: period.next,
        readings: [Some(What::Period(period)), None],
    }
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

/// Which way a date lies whose year or month is not said.
fn mode(tokens: &Tokens<'_>, first: usize, next: usize) -> Mode {
    let (start, end) = (tokens.start(first), tokens.end(next.saturating_sub(1)));
    // A few words around it, *at*, *during the*, say nothing of its direction either.
    if tokens.trimmed <= end - start + 12 {
        return Mode::Near;
    }
    let ahead = |index: usize| {
        let gap = tokens
            .text
            .get(tokens.end(index)..start)
            .unwrap_or_default();
        gap.len() < 60
            && !gap.contains(['.', '\n', ';', '\u{3002}'])
            && tokens.is(index, Role::Ahead)
    };
    if (first.saturating_sub(6)..first).any(ahead)
        || tokens.is(next, Role::Ahead) && tokens.joined(next)
    {
        return Mode::Ahead;
    }
    Mode::Past
}

/// Words behind a period: 以前, 以来, 起, 左右, 之前.
fn behind(tokens: &Tokens<'_>, period: &mut PeriodReading, context: &ReadContext) {
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
    if word.is(Role::ToDate) && word.is(Role::Since) {
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
        period.high = if inclusive {
            period.high
        } else {
            period.low.and_then(|low| low.yesterday().ok())
        };
        period.low = None;
        period.bound = if inclusive {
            Bound::AtMost
        } else {
            Bound::LessThan
        };
    } else if word.is(Role::After) && !number_follows {
        period.low = if inclusive {
            period.low
        } else {
            period.high.and_then(|high| high.tomorrow().ok())
        };
        period.high = None;
        period.bound = if inclusive {
            Bound::AtLeast
        } else {
            Bound::MoreThan
        };
    } else if word.is(Role::Since) && !word.is(Role::RangeOpen) && !number_follows {
        period.high = None;
        period.bound = Bound::AtLeast;
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
        period.high = None;
        period.bound = Bound::AtLeast;
    } else if tokens.is(at, Role::Until) {
        period.low = None;
        period.bound = Bound::AtMost;
    } else {
        return;
    }
    period.next = at + 1;
    period.hedge_end = tokens.end(at);
    period.rules.add(Rule::BoundBehind);
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
