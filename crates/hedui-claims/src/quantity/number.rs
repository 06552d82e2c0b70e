//! Numbers: what a run of numeral tokens says, in digits, Chinese or English, exactly.
//!
//! Chinese: groups of four digits closed by 万, 亿, 兆; a digit at the end stands one place below the last (三万五 is
//! 35,000); digits in a row are a digit string (二〇二五) or, before a place, two ends (三五百). English: hundreds and
//! scales. Either may start with ASCII digits. A number may be vague: then its two ends differ.

mod chinese;
mod ending;
mod english;
mod fraction;
mod places;
mod scale;
mod vague;

use hedui_model::{Bound, Decimal};
use hedui_text::lexicon::quantities::{Role, Roles};

use super::token::{Gap, TokenKind, Tokens};
use chinese::han;
use english::{english, words};
use fraction::{fractions, han_half, slash, vulgar};

/// More tokens than this make no number of any text.
const TOKENS_MAX: usize = 40;

/// A number as written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Number {
    /// The lower end; the number itself where it is not vague.
    pub(super) low: Decimal,
    /// The upper end.
    pub(super) high: Decimal,
    /// What the wording itself says of the bound: 多, 数百, 上百.
    pub(super) bound: Option<Bound>,
    /// The power of ten of the scale word at its end (亿, million), 0 for none.
    pub(super) scale: i32,
    /// The power of ten of the place word right before that scale (百 in 九百亿).
    pub(super) place: i32,
    /// How many digits are meant.
    pub(super) digits: u8,
    /// Whether it is a fraction of one (three quarters).
    pub(super) fraction: bool,
    /// Whether it is written in words or with a scale, so that it cannot be a year, a code or an id.
    pub(super) worded: bool,
    /// The token after it.
    pub(super) next: usize,
}

impl Number {
    fn point(value: Decimal, next: usize) -> Self {
        Number {
            low: value,
            high: value,
            bound: None,
            scale: 0,
            place: 0,
            digits: u8::try_from(value.digits()).unwrap_or(u8::MAX),
            fraction: false,
            worded: true,
            next,
        }
    }

    /// Both ends times a power of ten.
    pub(super) fn scaled(mut self, power: i32) -> Option<Self> {
        self.low = self.low.scaled(power).ok()?;
        self.high = self.high.scaled(power).ok()?;
        Some(self)
    }

    fn map(mut self, change: impl Fn(Decimal) -> Option<Decimal>) -> Option<Self> {
        self.low = change(self.low)?;
        self.high = change(self.high)?;
        Some(self)
    }

    pub(super) fn is_point(&self) -> bool {
        self.low == self.high
    }
}

/// What stands where a number might.
#[derive(Clone, Copy, Debug)]
pub(super) enum Found {
    /// A number.
    Number(Number),
    /// An ordinal or such: go on at this token.
    Skip(usize),
}

const ENGLISH: Roles = Roles::of(&[Role::Digit, Role::Tens]);

const STARTS: Roles = Roles::of(&[
    Role::Digit,
    Role::Tens,
    Role::Place,
    Role::Myriad,
    Role::Half,
    Role::Vulgar,
    Role::VagueDigit,
    Role::PluralScale,
    Role::Article,
    Role::Counted,
    Role::Ordinal,
]);

/// Reads the number that starts at token `at`, if one does.
pub(super) fn read(tokens: &Tokens<'_>, at: usize) -> Option<Found> {
    let token = tokens.get(at)?;
    match token.kind {
        TokenKind::Slash(numerator, denominator) => {
            slash(numerator, denominator, at + 1).map(Found::Number)
        }
        TokenKind::Day(_)
        | TokenKind::RocDay(_)
        | TokenKind::Month(..)
        | TokenKind::MonthYear(..)
        | TokenKind::Clock(..) => None,
        TokenKind::Number(_) => {
            if tokens.is(at + 1, Role::OrdinalSuffix) && tokens.gap(at + 1) == Gap::None {
                return Some(Found::Skip(at + 2));
            }
            let number = if han_follows(tokens, at + 1) {
                han(tokens, at)?
            } else {
                english(tokens, at)?
            };
            if is_model(tokens, &number) {
                return Some(Found::Skip(number.next + 1));
            }
            Some(Found::Number(fractions(tokens, number)))
        }
        TokenKind::Word(_) => {
            if !tokens.any(at, STARTS) {
                return None;
            }
            if tokens.is_ascii(at) {
                return words(tokens, at);
            }
            if tokens.is(at, Role::Half) {
                return han_half(tokens, at).map(Found::Number);
            }
            if tokens.is(at, Role::Vulgar) {
                return vulgar(tokens, at).map(Found::Number);
            }
            if tokens.any(
                at,
                Roles::of(&[
                    Role::Digit,
                    Role::Tens,
                    Role::Place,
                    Role::Myriad,
                    Role::VagueDigit,
                ]),
            ) {
                return han(tokens, at).map(|number| Found::Number(fractions(tokens, number)));
            }
            None
        }
    }
}

/// A letter glued to digits that is neither scale nor unit makes them a name: 5500M.
fn is_model(tokens: &Tokens<'_>, number: &Number) -> bool {
    let at = number.next;
    !number.worded
        && tokens.is(at, Role::ShortScale)
        && tokens.gap(at) == Gap::None
        && !tokens.any(at, Roles::of(&[Role::Unit, Role::Currency]))
}

fn han_follows(tokens: &Tokens<'_>, at: usize) -> bool {
    (tokens.is(at, Role::Classifier)
        && tokens.is(at + 1, Role::Myriad)
        && tokens.gap(at + 1) == Gap::None
        || tokens.any(
            at,
            Roles::of(&[
                Role::Place,
                Role::Myriad,
                Role::Denominator,
                Role::VagueMore,
                Role::VagueAbout,
                Role::Digit,
                Role::MixedLink,
                Role::Half,
            ]),
        ))
        && !tokens.is_ascii(at)
        && tokens.joined(at)
}
