//! The linear scan: folded text to tokens.
//!
//! Every byte is looked at once. Words are found leftmost-longest; names in letters and digits (`H100`, `GPT-4`,
//! `CVE-2024-1234`), addresses and telephone numbers are passed over, so that no numeral inside them is ever seen.

mod broken;
mod contact;
mod run;

use hedui_text::lexicon::quantities::{Match, Place, Quantities, Role, Roles, Word};

use super::digits::{self, Digits};
use super::token::{Numeral, Token, TokenKind};

/// Roles that a word glued to digits may have: 10GW, 5bn, 21st, 1990s.
const GLUED: Roles = Roles::of(&[
    Role::Unit,
    Role::Currency,
    Role::Scale,
    Role::ShortScale,
    Role::OrdinalSuffix,
    Role::DecadeMark,
    Role::TimeOfDay,
    Role::Counted,
    Role::Fiscal,
    Role::Month,
]);

/// Roles of letters that digits may follow without making a name: RMB500, FY2026, Q3.
const BEFORE_DIGITS: Roles = Roles::of(&[
    Role::Currency,
    Role::Fiscal,
    Role::CalendarYear,
    Role::HyphenPrefix,
    Role::BoundBefore,
]);

/// Roles of letters and digits that a year may follow behind a hyphen: H1-2025.
const YEAR_PARTS: Roles = Roles::of(&[Role::Quarter, Role::HalfYear]);

/// Roles of words that end before their last character where it begins another word.
const SHORTENED: Roles = Roles::of(&[Role::Part, Role::ToDate]);

/// Roles of words that are no part of any figure.
const MUTE: Roles = Roles::of(&[Role::Block, Role::Contact]);

const NUMERALS: Roles = Roles::of(&[
    Role::Digit,
    Role::Tens,
    Role::Place,
    Role::Myriad,
    Role::VagueDigit,
    Role::VagueMore,
    Role::Half,
    Role::Point,
]);

/// How many bytes of a text there are at least for each token, in most texts.
const TOKEN_BYTES: usize = 12;

/// How many bytes the character has that starts with a byte.
#[inline]
fn width(first: u8) -> usize {
    match first {
        0xC0..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0.. => 4,
        _ => 1,
    }
}

/// What a scan leaves.
#[derive(Debug, Default)]
pub(super) struct Scan {
    pub(super) tokens: Vec<Token>,
    pub(super) numerals: Vec<Numeral>,
}

/// Scans folded text.
pub(super) fn scan(text: &str, lexicon: &Quantities) -> Scan {
    let mut scanner = Scanner {
        text,
        bytes: text.as_bytes(),
        lexicon,
        out: Scan {
            tokens: Vec::with_capacity(text.len() / TOKEN_BYTES),
            numerals: Vec::new(),
        },
        numeral_end: usize::MAX,
        contact_end: None,
    };
    scanner.run();
    scanner.out
}

struct Scanner<'a> {
    text: &'a str,
    bytes: &'a [u8],
    lexicon: &'a Quantities,
    out: Scan,
    /// Where the last numeral ended.
    numeral_end: usize,
    /// Where the last word that announces telephone numbers and ids ended.
    contact_end: Option<usize>,
}

impl<'a> Scanner<'a> {
    fn run(&mut self) {
        let mut at = 0;
        while let Some(&byte) = self.bytes.get(at) {
            at = match byte {
                b'0'..=b'9' => self.digits(at),
                b'a'..=b'z' | b'A'..=b'Z' => self.letters(at),
                b' ' | b'\n' | b'\r' | b'\t' => at + 1,
                b'.' if digits::digit(self.bytes, at + 1) && !self.ends_word(at) => self.digits(at),
                0..=0x7F => self.sign(at),
                _ => self.wide(at),
            };
        }
    }

    /// Tells whether a word or an ellipsis ends at `at`, so that a point there starts no decimal.
    fn ends_word(&self, at: usize) -> bool {
        at.checked_sub(1)
            .and_then(|before| self.bytes.get(before))
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'.')
    }

    fn push(&mut self, start: usize, end: usize, kind: TokenKind) {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        let roles = match kind {
            TokenKind::Word(id) => self
                .lexicon
                .word(id)
                .map_or(Roles::default(), |word| word.roles),
            _ => Roles::default(),
        };
        self.out.tokens.push(Token {
            start: clamp(start),
            end: clamp(end),
            kind,
            roles,
        });
    }

    fn lookup(&self, at: usize) -> Option<(Match, &'a Word)> {
        let place = if self.numeral_end == at {
            Place::BehindNumeral
        } else {
            Place::Elsewhere
        };
        let found = self.lexicon.trie().longest_meant(self.text, at, place)?;
        Some((found, self.lexicon.word(found.word)?))
    }

    fn push_word(&mut self, start: usize, found: Match, word: &Word) -> usize {
        if word.is(Role::Contact) {
            self.contact_end = Some(found.end);
        }
        if word.is(Role::Url) {
            return self.url_end(found.end);
        }
        if word.is(Role::Block) || word.roles.within(MUTE) {
            return self
                .unit_instead(start, found)
                .or_else(|| {
                    word.is_numeral_start
                        .then(|| self.numeral_instead(start, found))?
                })
                .or_else(|| self.hour_instead(start))
                .or_else(|| self.doubling_instead(start, found))
                .unwrap_or(found.end);
        }
        if word.roles.any(NUMERALS) {
            self.numeral_end = found.end;
        }
        self.push(start, found.end, TokenKind::Word(found.word));
        found.end
    }

    /// An ASCII sign, or a control character.
    fn sign(&mut self, at: usize) -> usize {
        match self.lookup(at) {
            Some((found, word)) => self.push_word(at, found, word),
            None => at + 1,
        }
    }

    /// A character outside ASCII.
    fn wide(&mut self, at: usize) -> usize {
        let next = at + width(self.bytes.get(at).copied().unwrap_or(0));
        match self.lookup(at) {
            Some((found, word)) if word.roles.any(SHORTENED) => self.part(at, found, word),
            Some((found, word)) => self.push_word(at, found, word),
            None => next,
        }
    }

    /// A run of letters: a word of the lexicon, a name that goes on in digits, or nothing.
    fn letters(&mut self, at: usize) -> usize {
        if let Some((found, word)) = self.lookup(at) {
            let next = self.bytes.get(found.end).copied().unwrap_or(0);
            let after_letters = self
                .bytes
                .get(found.end.wrapping_sub(1))
                .is_some_and(u8::is_ascii_alphanumeric);
            let goes_on = after_letters
                && (next.is_ascii_digit()
                    || (next == b'-' && digits::digit(self.bytes, found.end + 1)));
            let unit = self.numeral_end == at && word.roles.any(GLUED);
            let prefix = word.roles.any(BEFORE_DIGITS) && !word.money_behind;
            if !goes_on || unit || prefix || word.is(Role::Month) {
                return self.push_word(at, found, word);
            }
            if next != b'-' && word.is(Role::Noun) && self.is_count(found.end) {
                return self.push_word(at, found, word);
            }
            if next == b'-' && word.is(Role::TimeOfDay) && self.behind_hour(at) {
                return self.push_word(at, found, word);
            }
            if next == b'-' && !self.is_single_word(at, found.end) {
                return self.push_word(at, found, word);
            }
            if next == b'-' && word.roles.any(NUMERALS.or(YEAR_PARTS)) {
                return self.push_word(at, found, word);
            }
        }
        let end = self.letters_end(at);
        let next = self.bytes.get(end).copied().unwrap_or(0);
        if next.is_ascii_digit() || (next == b'-' && digits::digit(self.bytes, end + 1)) {
            return self.name_end(end);
        }
        if next == b'/' && digits::digit(self.bytes, end + 1) {
            return self.name_end(end);
        }
        if next == b'\'' {
            // The rest of a contraction or possessive is no word.
            return self.letters_end(end + 1);
        }
        end
    }

    /// Tells whether the digits at `at` are a number with a Chinese scale: GPU3.2万张.
    fn is_count(&self, at: usize) -> bool {
        let Digits::Numeral(_, end) = digits::read(self.bytes, at) else {
            return false;
        };
        self.lookup(end)
            .is_some_and(|(_, word)| word.is(Role::Myriad))
    }

    /// Tells whether an hour stands before letters: 10:00 AM-11:00.
    fn behind_hour(&self, at: usize) -> bool {
        self.out.tokens.last().is_some_and(|last| {
            at.saturating_sub(last.end as usize) <= 1
                && matches!(last.kind, TokenKind::Clock(..) | TokenKind::Number(_))
        })
    }

    /// Tells whether no space or hyphen stands inside.
    fn is_single_word(&self, start: usize, end: usize) -> bool {
        self.bytes
            .get(start..end)
            .is_some_and(|word| word.iter().all(|byte| byte.is_ascii_alphanumeric()))
    }

    fn letters_end(&self, at: usize) -> usize {
        let rest = self.bytes.get(at..).unwrap_or_default();
        at + rest
            .iter()
            .position(|byte| !byte.is_ascii_alphabetic())
            .unwrap_or(rest.len())
    }

    /// The byte after a name of letters, digits and the signs that join them.
    fn name_end(&self, mut at: usize) -> usize {
        while let Some(&byte) = self.bytes.get(at) {
            let joins = matches!(byte, b'-' | b'.' | b'/' | b'_' | b'+' | b':')
                && self
                    .bytes
                    .get(at + 1)
                    .is_some_and(u8::is_ascii_alphanumeric);
            if !byte.is_ascii_alphanumeric() && !joins {
                break;
            }
            at += 1;
        }
        at
    }

    /// The byte after an address in the net.
    fn url_end(&self, at: usize) -> usize {
        let rest = self.bytes.get(at..).unwrap_or_default();
        if let [b'/', digit, ..] = rest
            && digit.is_ascii_digit()
        {
            return self.name_end(at + 1);
        }
        if !matches!(rest, [b':' | b'.', ..]) {
            return at;
        }
        at + rest
            .iter()
            .position(|byte| {
                byte.is_ascii_whitespace()
                    || !byte.is_ascii()
                    || matches!(byte, b')' | b'"' | b'<' | b'>')
            })
            .unwrap_or(rest.len())
    }
}
