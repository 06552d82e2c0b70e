//! Runs of digits: numerals, dates, clock times, lists with slashes, and names.

use hedui_text::lexicon::quantities::{Role, Roles};

use super::super::digits::{self, Digits};
use super::super::token::{Numeral, TokenKind};
use super::{GLUED, Scanner};

impl Scanner<'_> {
    /// A digit, or a point before one.
    pub(super) fn digits(&mut self, at: usize) -> usize {
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
    pub(super) fn clock_behind(&self, kind: TokenKind, end: usize) -> Option<usize> {
        let parted = matches!(kind, TokenKind::Day(_)) && self.bytes.get(end) == Some(&b'T');
        let clock = matches!(
            digits::read(self.bytes, end + 1),
            Digits::Shape(TokenKind::Clock(..), _)
        );
        (parted && clock).then_some(end + 1)
    }

    /// Tells whether a clock time ends in the letter of UTC: 08:00:00Z.
    pub(super) fn is_zulu(&self, kind: TokenKind, end: usize) -> bool {
        matches!(kind, TokenKind::Clock(..))
            && self.bytes.get(end) == Some(&b'Z')
            && !self
                .bytes
                .get(end + 1)
                .is_some_and(u8::is_ascii_alphanumeric)
    }

    /// Whole numbers with slashes between and a scale or a share behind the last: 1237/1642/1846亿美元.
    pub(super) fn slash_list(&mut self, at: usize, end: usize) -> Option<usize> {
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

    pub(super) fn numeral(&mut self, at: usize, end: usize, numeral: Numeral) -> usize {
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
    pub(super) fn glued(&self, at: usize) -> bool {
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
    pub(super) fn is_sum(&self, at: usize, end: usize) -> bool {
        let behind_currency = self
            .out
            .tokens
            .last()
            .is_some_and(|last| last.end as usize == at && last.roles.has(Role::Currency));
        behind_currency || at == 0 && end == self.bytes.len() || self.is_figure(at, end)
    }

    /// Tells whether digits that are a name by themselves go on or have a unit: 618.5, 996亿元.
    fn is_figure(&self, at: usize, end: usize) -> bool {
        const UNITS: Roles = Roles::of(&[Role::Myriad, Role::Unit, Role::Currency]);
        let all_digits = digits::run(self.bytes, at) == end;
        let goes_on =
            matches!(self.bytes.get(end), Some(b'.' | b',')) && digits::digit(self.bytes, end + 1);
        all_digits
            && (goes_on
                || self
                    .lookup(end)
                    .is_some_and(|(_, word)| word.roles.any(UNITS)))
    }
}
