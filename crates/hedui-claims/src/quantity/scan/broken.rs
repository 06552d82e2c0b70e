//! Words that are broken up because a longer reading fits: 三|星期, 一点|五, 十年|中国.

use hedui_text::lexicon::quantities::{Match, Role, Roles, Word};

use super::super::token::TokenKind;
use super::Scanner;

impl Scanner<'_> {
    /// A numeral and a longer unit in place of a word that holds both: 三星期 is three weeks.
    pub(super) fn unit_instead(&mut self, start: usize, found: Match) -> Option<usize> {
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
    pub(super) fn numeral_instead(&mut self, start: usize, found: Match) -> Option<usize> {
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
    pub(super) fn hour_instead(&mut self, start: usize) -> Option<usize> {
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

    /// A count of doublings in place of a word that looks like it: 翻|三番 is eightfold.
    pub(super) fn doubling_instead(&mut self, start: usize, found: Match) -> Option<usize> {
        let mut before = self.out.tokens.iter().rev();
        let mut last = before.next().filter(|last| last.end as usize == start)?;
        if last.roles.has(Role::Filler) {
            last = before.next().filter(|verb| verb.end == last.start)?;
        }
        if !last.roles.has(Role::DoublingBefore) {
            return None;
        }
        let second = start + self.text.get(start..)?.chars().next()?.len_utf8();
        let exact = |from: usize, to: usize, role: Role| {
            self.lexicon.trie().longest(self.text, from, |shorter| {
                let word = self.lexicon.word(shorter.word);
                shorter.end == to && word.is_some_and(|word| word.is(role))
            })
        };
        let number = exact(start, second, Role::Digit)?;
        exact(second, found.end, Role::Doubling)?;
        self.numeral_end = second;
        self.push(start, second, TokenKind::Word(number.word));
        Some(second)
    }

    /// Tells whether a unit stands right before and no further word behind: 两小时|十分.
    pub(super) fn is_end_of_time(&self, start: usize, end: usize) -> bool {
        let behind_unit = self.out.tokens.last().is_some_and(|last| {
            last.end as usize == start && last.roles.has(Role::Unit) && !last.roles.has(Role::Digit)
        });
        let next = self.text.get(end..).and_then(|text| text.chars().next());
        behind_unit && !next.is_some_and(|next| matches!(next, '\u{4E00}'..='\u{9FFF}'))
    }

    /// A part of a period whose last character begins another word (十年|中国) ends before it.
    pub(super) fn part(&mut self, at: usize, found: Match, word: &Word) -> usize {
        let form = self.text.get(at..found.end).unwrap_or_default();
        let last = found.end - form.chars().next_back().map_or(0, char::len_utf8);
        let other = (last > at).then(|| self.lookup(last)).flatten();
        // 十年|中国, 六月|初一, 至|今晨
        let begins = other.is_some_and(|(longer, word)| {
            (word.roles == Roles::of(&[Role::Block])
                || word.roles.any(Roles::of(&[
                    Role::LunarDay,
                    Role::MonthThird,
                    Role::RelativeDay,
                ])))
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
}
