//! A cheap look at what stands behind a number: most numbers of a text are no part of a date, and need not be tried as one.

use hedui_text::lexicon::quantities::{Role, Roles};

use super::super::token::{Token, TokenKind, Tokens};
use super::date;

/// How far the number and its unit reach at most; beyond that nothing is told.
const REACH: usize = 12;

/// A text of so few bytes may be a date and nothing else, in any writing.
const SHORT: usize = 64;

/// What makes a number before it a part of a date, a length of time, or a member of a range or list of such.
const DATED: Roles = date::NAMED.or(Roles::of(&[
    Role::TimeUnit,
    Role::Period,
    Role::YearMark,
    Role::MonthMark,
    Role::DayMark,
    Role::WeekdayMark,
    Role::QuarterMark,
    Role::MonthThird,
    Role::FiscalMark,
    Role::DecadeMark,
    Role::LunarDay,
    Role::Ago,
    Role::Hence,
    Role::In,
    Role::Within,
    Role::Span,
    Role::Since,
    Role::Commencing,
    Role::Ended,
    Role::Until,
    Role::Before,
    Role::After,
    Role::Inclusive,
    Role::DateLink,
    Role::DateFiller,
    Role::TimeOfDay,
    Role::PartOfDay,
    Role::ClockMark,
    Role::ClockPart,
    Role::OfClock,
    Role::TimeZone,
    Role::Whole,
    Role::ToDate,
    Role::OrdinalSuffix,
    Role::RangeLink,
    Role::RangeOpenLink,
    Role::RangeOpen,
    Role::ListLink,
]));

/// What may stand between the start of a number and its unit.
const INSIDE: Roles = Roles::of(&[
    Role::Digit,
    Role::Tens,
    Role::Place,
    Role::Myriad,
    Role::Scale,
    Role::ShortScale,
    Role::PluralScale,
    Role::Counted,
    Role::Point,
    Role::Half,
    Role::Fraction,
    Role::Vulgar,
    Role::Denominator,
    Role::Parts,
    Role::OutOf,
    Role::MixedLink,
    Role::Article,
    Role::Pair,
    Role::Capital,
    Role::VagueDigit,
    Role::VagueMore,
    Role::VagueAbout,
    Role::Classifier,
    Role::Modifier,
    Role::BoundBefore,
    Role::BoundAfter,
    Role::Filler,
    Role::Per,
]);

/// What a number in Chinese starts with.
const HAN: Roles = Roles::of(&[
    Role::Digit,
    Role::Tens,
    Role::Place,
    Role::Myriad,
    Role::Pair,
    Role::Capital,
    Role::VagueDigit,
]);

/// Tells whether a token is a number that can be no part of a period, by what stands behind it.
pub(in super::super) fn is_plain_number(tokens: &Tokens<'_>, at: usize, token: &Token) -> bool {
    if tokens.trimmed <= SHORT {
        return false;
    }
    match token.kind {
        TokenKind::Number(_) => !may_be_year(tokens, at),
        TokenKind::Word(_) if token.roles.within(HAN) && !tokens.is_ascii(at) => {
            nothing_behind(tokens, at)
        }
        _ => false,
    }
}

/// A numeral of four digits, or of two behind an apostrophe, may be a year with nothing behind it.
fn may_be_year(tokens: &Tokens<'_>, at: usize) -> bool {
    let digits = tokens.end(at) - tokens.start(at);
    let alone = digits == 4 || digits == 2 && tokens.apostrophe_before(tokens.start(at));
    alone || !nothing_behind(tokens, at)
}

fn nothing_behind(tokens: &Tokens<'_>, at: usize) -> bool {
    for index in at + 1..at + REACH {
        let Some(token) = tokens.get(index).filter(|_| tokens.joined(index)) else {
            return true;
        };
        let goes_on = match token.kind {
            TokenKind::Word(_) if token.roles.any(DATED) => return false,
            TokenKind::Word(_) => token.roles.any(INSIDE) || tokens.is_hyphen(index),
            // Numbers with a space between may be a date in three parts.
            _ if index == at + 1 => return false,
            _ => true,
        };
        if !goes_on {
            return true;
        }
    }
    false
}
