//! The linear scan: folded text to tokens.
//!
//! Every byte is looked at once. Words are found leftmost-longest; names in letters and digits (`H100`, `GPT-4`,
//! `CVE-2024-1234`), addresses and telephone numbers are passed over, so that no numeral inside them is ever seen.

use hedui_text::lexicon::quantities::{Match, Quantities, Role, Roles, Word};

use super::digits::{self, Digits};
use super::token::{Numeral, Token, TokenKind};

/// How far behind a word such as *telephone* digits count as a number of that kind.
const CONTACT_REACH: usize = 48;

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

/// Roles of names that a numeral before them breaks up: 万一, 五一.
const NAMES: Roles = Roles::of(&[Role::Block, Role::Holiday, Role::Doubtful]);

/// Roles of letters and digits that a year may follow behind a hyphen: H1-2025.
const YEAR_PARTS: Roles = Roles::of(&[Role::Quarter, Role::HalfYear]);

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
        out: Scan::default(),
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
        let after_numeral = self.numeral_end == at;
        let found = self.lexicon.trie().longest(self.text, at, |found| {
            let clock =
                |word: &Word| word.roles.0 & !(Role::ClockMark.bit() | Role::TimeOfDay.bit()) == 0;
            if !after_numeral {
                // 点半 is half past only behind a numeral: 试点|半年.
                return self
                    .lexicon
                    .word(found.word)
                    .is_none_or(|word| !(word.starts_numeral && clock(word)));
            }
            !after_numeral
                || self
                    .lexicon
                    .word(found.word)
                    .is_some_and(|word| !(word.starts_numeral && word.roles.0 & !NAMES.0 == 0))
        })?;
        Some((found, self.lexicon.word(found.word)?))
    }

    fn push_word(&mut self, start: usize, found: Match, word: &Word) -> usize {
        if word.is(Role::Contact) {
            self.contact_end = Some(found.end);
        }
        if word.is(Role::Url) {
            return self.url_end(found.end);
        }
        if word.roles.0 & !(Role::Block.bit() | Role::Contact.bit()) == 0 || word.is(Role::Block) {
            return self
                .unit_instead(start, found)
                .or_else(|| self.numeral_instead(start, found))
                .or_else(|| self.hour_instead(start))
                .unwrap_or(found.end);
        }
        if word.roles.any(NUMERALS) {
            self.numeral_end = found.end;
        }
        self.push(start, found.end, TokenKind::Word(found.word));
        found.end
    }

    /// A numeral and a longer unit in place of a word that holds both: 三星期 is three weeks.
    fn unit_instead(&mut self, start: usize, found: Match) -> Option<usize> {
        let first = self.text.get(start..)?.chars().next()?;
        let second = start + first.len_utf8();
        if first.is_ascii() || second >= found.end {
            return None;
        }
        let (unit, word) = self.lookup(second)?;
        if !word.is(Role::Unit) || unit.end <= found.end {
            return None;
        }
        let number = self.lexicon.trie().longest(self.text, start, |shorter| {
            shorter.end == second
                && self
                    .lexicon
                    .word(shorter.word)
                    .is_some_and(|word| word.is(Role::Digit))
        })?;
        self.numeral_end = second;
        self.push(start, second, TokenKind::Word(number.word));
        Some(second)
    }

    /// A numeral in place of a word that a digit goes on behind: 一点|五 is a decimal, 十分|一 a fraction.
    fn numeral_instead(&mut self, start: usize, found: Match) -> Option<usize> {
        let word = self.text.get(start..found.end)?;
        let (first, link) = word.split_at_checked(word.chars().next()?.len_utf8())?;
        let link = link.trim_start();
        if first.is_ascii() || link.chars().count() != 1 {
            return None;
        }
        let second = found.end - link.len();
        let trie = self.lexicon.trie();
        let exact = |from: usize, to: usize, roles: &[Role]| {
            trie.longest(self.text, from, |found| {
                found.end == to
                    && self
                        .lexicon
                        .word(found.word)
                        .is_some_and(|word| word.roles.any(Roles::of(roles)))
            })
        };
        let number = exact(start, start + first.len(), &[Role::Digit, Role::Place])?;
        exact(second, found.end, &[Role::Point, Role::Denominator])?;
        let is_digit = self.lookup(found.end).is_some_and(|(next, digit)| {
            let length = self
                .text
                .get(found.end..next.end)
                .map_or(0, |text| text.chars().count());
            digit.is(Role::Digit) && length == 1
        });
        if !is_digit && !self.is_end_of_time(start, found.end) {
            return None;
        }
        self.numeral_end = second;
        self.push(start, start + first.len(), TokenKind::Word(number.word));
        Some(second)
    }

    /// An hour in place of a word that looks like it, right behind a part of the day: 下午一点 is one o'clock.
    fn hour_instead(&mut self, start: usize) -> Option<usize> {
        let last = self.out.tokens.last()?;
        if last.end as usize != start || !last.roles.has(Role::TimeOfDay) {
            return None;
        }
        let second = start + self.text.get(start..)?.chars().next()?.len_utf8();
        let number = self.lexicon.trie().longest(self.text, start, |shorter| {
            shorter.end == second
                && self
                    .lexicon
                    .word(shorter.word)
                    .is_some_and(|word| word.is(Role::Digit))
        })?;
        let before = std::mem::replace(&mut self.numeral_end, second);
        let clock = self.lookup(second);
        if !clock.is_some_and(|(_, word)| word.is(Role::ClockMark)) {
            self.numeral_end = before;
            return None;
        }
        self.push(start, second, TokenKind::Word(number.word));
        Some(second)
    }

    /// Tells whether a unit stands right before and no further word behind: 两小时|十分.
    fn is_end_of_time(&self, start: usize, end: usize) -> bool {
        let behind_unit = self.out.tokens.last().is_some_and(|last| {
            last.end as usize == start && last.roles.has(Role::Unit) && !last.roles.has(Role::Digit)
        });
        let next = self.text.get(end..).and_then(|text| text.chars().next());
        behind_unit && !next.is_some_and(|next| matches!(next, '\u{4E00}'..='\u{9FFF}'))
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
            Some((found, word)) if word.is(Role::Part) => self.part(at, found, word),
            Some((found, word)) => self.push_word(at, found, word),
            None => next,
        }
    }

    /// A part of a period whose last character begins another word (十年|中国) ends before it.
    fn part(&mut self, at: usize, found: Match, word: &Word) -> usize {
        let form = self.text.get(at..found.end).unwrap_or_default();
        let last = found.end - form.chars().next_back().map_or(0, char::len_utf8);
        let other = (last > at).then(|| self.lookup(last)).flatten();
        // 十年|中国, 六月|初一
        let begins = other.is_some_and(|(longer, word)| {
            (word.roles.0 == Role::Block.bit()
                || word
                    .roles
                    .any(Roles::of(&[Role::LunarDay, Role::MonthThird])))
                && longer.end > found.end
        });
        if begins {
            let shorter = self
                .lexicon
                .trie()
                .longest(self.text, at, |shorter| shorter.end <= last);
            if let Some((shorter, word)) =
                shorter.and_then(|shorter| Some((shorter, self.lexicon.word(shorter.word)?)))
            {
                return self.push_word(at, shorter, word);
            }
        }
        self.push_word(at, found, word)
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

    /// A digit, or a point before one.
    fn digits(&mut self, at: usize) -> usize {
        if let Some((found, word)) = self.lookup(at)
            && !(word.is(Role::Block) && self.is_sum(at, found.end))
            && (!digits::digit(self.bytes, found.end)
                || word.roles.any(Roles::of(&[Role::Quarter, Role::HalfYear])))
            && !self
                .bytes
                .get(found.end)
                .is_some_and(u8::is_ascii_alphabetic)
        {
            return self.push_word(at, found, word);
        }
        if let Some(end) = self.contact(at) {
            return end;
        }
        if matches!(
            at.checked_sub(1).and_then(|before| self.bytes.get(before)),
            Some(b'#' | b'_' | b'@')
        ) || self.bytes.get(at.saturating_sub(2)..at) == Some(b"::")
        {
            return self.name_end(at);
        }
        match digits::read(self.bytes, at) {
            Digits::Name(end) => self
                .slash_list(at, end)
                .unwrap_or_else(|| self.name_end(end)),
            Digits::Shape(kind, end) => {
                if let Some(end) = self.slash_list(at, end) {
                    return end;
                }
                if let Some(clock) = self.clock_behind(kind, end) {
                    self.push(at, end, kind);
                    return clock;
                }
                let end = end + usize::from(self.is_zulu(kind, end));
                if self.bytes.get(end).is_some_and(u8::is_ascii_alphabetic) && !self.glued(end) {
                    return self.name_end(end);
                }
                self.push(at, end, kind);
                end
            }
            Digits::Numeral(numeral, end) => self.numeral(at, end, numeral),
        }
    }

    /// The byte where the clock time of 2025-03-04T08:00 starts, behind its day.
    fn clock_behind(&self, kind: TokenKind, end: usize) -> Option<usize> {
        let parted = matches!(kind, TokenKind::Day(_)) && self.bytes.get(end) == Some(&b'T');
        let clock = matches!(
            digits::read(self.bytes, end + 1),
            Digits::Shape(TokenKind::Clock(..), _)
        );
        (parted && clock).then_some(end + 1)
    }

    /// Tells whether a clock time ends in the letter of UTC: 08:00:00Z.
    fn is_zulu(&self, kind: TokenKind, end: usize) -> bool {
        matches!(kind, TokenKind::Clock(..))
            && self.bytes.get(end) == Some(&b'Z')
            && !self
                .bytes
                .get(end + 1)
                .is_some_and(u8::is_ascii_alphanumeric)
    }

    /// Whole numbers with slashes between and a scale or a share behind the last: 1237/1642/1846亿美元.
    fn slash_list(&mut self, at: usize, end: usize) -> Option<usize> {
        const PARTS_MAX: usize = 6;
        let run = self.bytes.get(at..end)?;
        let parts = run.split(|byte| *byte == b'/').count();
        let only_digits = run
            .iter()
            .all(|byte| byte.is_ascii_digit() || *byte == b'/');
        if !(2..=PARTS_MAX).contains(&parts) || !only_digits {
            return None;
        }
        let (_, word) = self.lookup(end)?;
        let percent = parts > 2 && self.bytes.get(end) == Some(&b'%');
        if !word.is(Role::Myriad) && !percent {
            return None;
        }
        let mut start = at;
        loop {
            let next = digits::run(self.bytes, start);
            let numeral = Numeral {
                value: self.text.get(start..next)?.parse().ok()?,
                grouped: false,
                fractional: false,
                padded: self.bytes.get(start) == Some(&b'0'),
                whole_digits: u8::try_from(next - start).unwrap_or(u8::MAX),
            };
            self.numeral(start, next, numeral);
            if next >= end {
                return Some(end);
            }
            let (slash, word) = self.lookup(next)?;
            self.push_word(next, slash, word);
            start = next + 1;
        }
    }

    fn numeral(&mut self, at: usize, end: usize, numeral: Numeral) -> usize {
        if self.bytes.get(end).is_some_and(u8::is_ascii_alphabetic) && !self.glued(end) {
            return self.name_end(end);
        }
        let index = u32::try_from(self.out.numerals.len()).unwrap_or(u32::MAX);
        self.out.numerals.push(numeral);
        self.push(at, end, TokenKind::Number(index));
        self.numeral_end = end;
        end
    }

    /// Tells whether the letters at `at`, right behind digits, are a unit, a scale or the like.
    fn glued(&self, at: usize) -> bool {
        self.lookup(at).is_some_and(|(found, word)| {
            word.roles.any(GLUED)
                && !self
                    .bytes
                    .get(found.end)
                    .is_some_and(u8::is_ascii_alphanumeric)
                || (word.roles.any(Roles::of(&[Role::HalfYear, Role::Quarter])))
        })
    }

    /// Tells whether a name in digits and letters (3M) is a sum of money here, or all that is said.
    fn is_sum(&self, at: usize, end: usize) -> bool {
        let behind_currency = self
            .out
            .tokens
            .last()
            .is_some_and(|last| last.end as usize == at && last.roles.has(Role::Currency));
        behind_currency || at == 0 && end == self.bytes.len()
    }

    /// The byte after a telephone number, a licence or another id that starts here.
    fn contact(&mut self, at: usize) -> Option<usize> {
        let reach = self
            .contact_end
            .filter(|end| at >= *end && at - end <= CONTACT_REACH && !self.line_between(*end, at))
            .map(|end| at - end);
        let before = at
            .checked_sub(1)
            .and_then(|before| self.bytes.get(before))
            .copied();
        let end = self.id_end(at);
        let run = self.bytes.get(at..end).unwrap_or_default();
        let count = run.iter().filter(|byte| byte.is_ascii_digit()).count();
        let groups = run
            .split(|byte| !byte.is_ascii_digit())
            .filter(|group| !group.is_empty())
            .count();
        let hyphens = run.iter().filter(|byte| **byte == b'-').count();
        let international = before == Some(b'+') && count >= 7;
        let dated =
            || run.contains(&b'/') || matches!(digits::read(self.bytes, at), Digits::Shape(..));
        // A quotation with its change in brackets: -10.200（-2.914%）.
        let signed = || run.windows(2).any(|pair| pair == b"(-");
        let local = groups >= 3 && hyphens >= 1 && count >= 9 && !dated() && !signed();
        let trunk =
            self.bytes.get(at) == Some(&b'0') && count >= 9 && !run.contains(&b'.') && !dated();
        let triples = || run.split(|byte| *byte == b' ').map(<[u8]>::len);
        let spaced = count == 10 && triples().eq([3, 3, 4]);
        let bracketed = before == Some(b'(') && run.contains(&b')') && count >= 7;
        let announced = reach.is_some_and(|reach| self.is_announced(at, end, count, reach));
        if announced || international || local || trunk || spaced || bracketed {
            if announced {
                self.contact_end = Some(end);
            }
            return Some(self.name_end(end));
        }
        None
    }

    /// Tells whether digits behind a word such as *telephone* are such a number, and no figure about telephones.
    fn is_announced(&self, at: usize, end: usize, count: usize, reach: usize) -> bool {
        let points = self
            .bytes
            .get(at..end)
            .map_or(0, |run| run.iter().filter(|byte| **byte == b'.').count());
        let scaled = self.lexicon.trie().longest(self.text, end, |found| {
            const SCALES: Roles = Roles::of(&[
                Role::Myriad,
                Role::Place,
                Role::Unit,
                Role::Classifier,
                Role::Currency,
            ]);
            self.lexicon
                .word(found.word)
                .is_some_and(|word| word.roles.any(SCALES))
        });
        if points == 1 || scaled.is_some() {
            return false;
        }
        count >= 5 || (count >= 3 && reach <= 4)
    }

    fn line_between(&self, from: usize, to: usize) -> bool {
        self.bytes
            .get(from..to)
            .is_some_and(|between| between.contains(&b'\n'))
    }

    /// The byte after digits and the signs that group them in telephone numbers, within a bounded reach.
    fn id_end(&self, at: usize) -> usize {
        let mut end = at;
        let mut last_digit = at;
        while end - at < CONTACT_REACH {
            match self.bytes.get(end) {
                Some(byte) if byte.is_ascii_digit() => last_digit = end + 1,
                Some(b' ' | b'-' | b'(' | b')' | b'.' | b'/' | b':' | b'+') => {}
                Some(byte)
                    if byte.is_ascii_hexdigit()
                        && self
                            .bytes
                            .get(at..end)
                            .is_some_and(|run| run.contains(&b':')) =>
                {
                    last_digit = end + 1
                }
                _ => break,
            }
            end += 1;
        }
        last_digit
    }
}
