//! The hours of a day: a time, two of them with a link between, or a part of the day.
//!
//! A number without colon, mark or part of the day is a time only where something beside it shows it: 3-8 pm, *between
//! 7 and 9 last night*. *Won 3-2 on Monday* has nothing of the kind.

use hedui_text::lexicon::quantities::{Role, Roles};

use super::super::token::Tokens;
use super::clock::{Clock, Part, clock, ends};

/// Twelve hours and a whole day, in seconds.
const HALF_DAY: i32 = 43_200;
const DAY: i32 = 86_400;

/// A stretch of a day in seconds from its midnight, half open; equal ends are an instant. Beyond 86,400 lies the next day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hours {
    pub(super) from: i32,
    pub(super) to: i32,
}

impl Hours {
    pub(super) fn of(part: Part) -> Self {
        let (from, to) = part.seconds();
        Hours { from, to }
    }

    pub(super) fn instant(at: i32) -> Self {
        Hours { from: at, to: at }
    }
}

/// One time, or two with a link between, as written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stretch {
    pub(super) first: Clock,
    pub(super) second: Option<Clock>,
    pub(super) next: usize,
}

/// Reads a time and, where a link follows, a second one. `opened` says that *between* or *from* stands in front.
pub(super) fn stretch(tokens: &Tokens<'_>, at: usize, opened: bool) -> Option<Stretch> {
    let first = clock(tokens, at)?;
    let link = first.next;
    let linked = tokens.joined(link)
        && (tokens.is(link, Role::RangeLink)
            || opened && tokens.any(link, Roles::of(&[Role::RangeOpenLink, Role::Until])));
    let second = linked
        .then(|| clock(tokens, link + 1))
        .flatten()
        .filter(|second| {
            tokens.joined(link + 1)
                && (second.is_shown || opened || first.is_shown && ends(tokens, second.next))
        });
    Some(Stretch {
        first,
        second,
        next: second.map_or(first.next, |second| second.next),
    })
}

impl Stretch {
    /// Tells whether its own form shows that it is a time.
    pub(super) fn is_shown(&self) -> bool {
        self.first.is_shown || self.second.is_some_and(|second| second.is_shown)
    }

    /// Finds the hours that are meant; `given` is the part of the day that the words around it say.
    pub(super) fn place(&self, given: Option<Part>) -> Option<Hours> {
        let at = |clock: &Clock, part: Option<Part>| {
            part.map_or(clock.written, |part| part.place(clock.written))
        };
        let own = self.first.part.or(given);
        let Some(second) = &self.second else {
            return Some(Hours::instant(at(&self.first, own)));
        };
        let to = at(second, second.part.or(given));
        let mut from = at(&self.first, own.or(second.part));
        if self.first.part.is_none() && from > to {
            // 11 to 2 pm
            from = self.first.written;
        }
        let to = if to > from {
            to
        } else if second.part.is_none() && to + HALF_DAY > from && second.written <= HALF_DAY {
            to + HALF_DAY
        } else {
            to + DAY
        };
        (from < to && to - from <= DAY).then_some(Hours { from, to })
    }
}
