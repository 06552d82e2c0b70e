//! Telephone numbers, licences and other ids: runs of digits that are no figures.

use hedui_text::lexicon::quantities::{Role, Roles};

use super::super::digits::{self, Digits};
use super::Scanner;

/// How far behind a word such as *telephone* digits count as a number of that kind.
const CONTACT_REACH: usize = 48;

impl Scanner<'_> {
    /// The byte after a telephone number, a licence or another id that starts here.
    pub(super) fn contact(&mut self, at: usize) -> Option<usize> {
        let reach = self
            .contact_end
            .filter(|end| at >= *end && at - end <= CONTACT_REACH && !self.line_between(*end, at))
            .map(|end| at - end);
        let before = at
            .checked_sub(1)
            .and_then(|before| self.bytes.get(before))
            .copied();
        if reach.is_none() && self.is_lone_number(at, before) {
            return None;
        }
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
        let pieces = (triples().next(), triples().nth(1), triples().nth(2));
        // (020 35831647: the bracket of the area code is not closed.
        let open = groups == 2 && matches!(pieces, (Some(2..=4), Some(7..=8), None));
        let bracketed = before == Some(b'(') && (run.contains(&b')') && count >= 7 || open);
        let announced = reach.is_some_and(|reach| self.is_announced(at, end, count, reach));
        if announced || international || local || trunk || spaced || bracketed {
            if announced {
                self.contact_end = Some(end);
            }
            return Some(self.name_end(end));
        }
        None
    }

    /// Tells whether digits stand so that they cannot be a number of that kind: one group, and no sign or zero in front.
    fn is_lone_number(&self, at: usize, before: Option<u8>) -> bool {
        let signed = matches!(before, Some(b'+' | b'('));
        if signed || self.bytes.get(at) == Some(&b'0') {
            return false;
        }
        let behind = self
            .bytes
            .get(digits::run(self.bytes, at)..)
            .unwrap_or_default();
        let joins = |byte: &u8| matches!(byte, b' ' | b'-' | b'(' | b')' | b'.' | b'/' | b'+');
        match behind.iter().take(CONTACT_REACH).find(|byte| !joins(byte)) {
            Some(next) => !next.is_ascii_digit() && *next != b':',
            None => behind.len() < CONTACT_REACH,
        }
    }

    /// Tells whether digits behind a word such as *telephone* are such a number, and no figure about telephones.
    pub(super) fn is_announced(&self, at: usize, end: usize, count: usize, reach: usize) -> bool {
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

    pub(super) fn line_between(&self, from: usize, to: usize) -> bool {
        self.bytes
            .get(from..to)
            .is_some_and(|between| between.contains(&b'\n'))
    }

    /// The byte after digits and the signs that group them in telephone numbers, within a bounded reach.
    pub(super) fn id_end(&self, at: usize) -> usize {
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
