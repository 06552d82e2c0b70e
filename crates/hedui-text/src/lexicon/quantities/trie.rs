//! A trie over the forms of the quantity lexicon, walked along folded text.
//!
//! Lookup is leftmost-longest and ends on word boundaries: a form that ends in an ASCII letter does not match inside a
//! longer run of letters. Latin letters match in either case unless the form is marked as cased, and then the cased
//! form wins over an uncased one of the same spelling. A space in a form matches one space or hyphen of the text;
//! between two Han characters of a form the text may hold up to two spaces, as spaced-out Chinese does.
//! Nothing here knows what a form means: it hands over word numbers.

use std::collections::BTreeMap;

/// A number that stands for a word of the lexicon.
pub type WordId = u32;

/// How many spaces the text may put between two Han characters of one form.
const SPACES_MAX: usize = 2;

/// The base of a node without children: no code leads from it into the table.
const LEAF: u32 = u32::MAX / 2;
/// How many places are tried for the children of a node before they go behind all others.
const TRIES_MAX: usize = 256;

/// A node of the trie, in a table where a child stands at the base of its parent plus the code of its character.
///
/// No two nodes share a base, so the code alone tells whose child stands at a place.
#[derive(Clone, Copy, Debug)]
struct Node {
    base: u32,
    /// One more than the place in `Trie::endings` of what ends here; 0 for nothing.
    ending: u32,
    /// The code of the character that leads here; 0 where no node is.
    code: u16,
}

/// What the root's children are found by.
const ROOT: Node = Node {
    base: 0,
    ending: 0,
    code: 0,
};

const NO_NODE: Node = Node {
    base: LEAF,
    ending: 0,
    code: 0,
};

/// A word, and where it is not meant.
#[derive(Clone, Copy, Debug)]
struct Entry {
    word: WordId,
    /// Bits of [`Place`].
    shuns: u8,
}

/// What stands in front of a word, as far as it matters: a numeral may break the word up, or be what it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Place {
    /// Right behind a numeral.
    BehindNumeral = 1,
    /// Anywhere else.
    Elsewhere = 2,
}

/// The words that end at a node: those that must be spelled just so, as a range of `Trie::cased`, and the other.
#[derive(Clone, Copy, Debug)]
struct Ending {
    any: Option<Entry>,
    cased: (u32, u32),
}

/// A form that must be spelled just so.
#[derive(Clone, Debug)]
struct End {
    cased: Option<Box<str>>,
    word: WordId,
}

/// A form that was found in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Match {
    /// The byte after the form.
    pub end: usize,
    /// The word.
    pub word: WordId,
}

/// The forms of a lexicon, ready to be looked up.
#[derive(Clone, Debug, Default)]
pub struct Trie {
    codes: Codes,
    nodes: Vec<Node>,
    endings: Vec<Ending>,
    cased: Vec<(Box<str>, Entry)>,
}

/// Collects forms for a [`Trie`].
#[derive(Debug, Default)]
pub(super) struct TrieBuilder {
    nodes: Vec<BuilderNode>,
}

#[derive(Debug, Default)]
struct BuilderNode {
    edges: BTreeMap<char, usize>,
    ends: Vec<End>,
}

impl TrieBuilder {
    /// Starts without forms.
    #[must_use]
    pub(super) fn new() -> Self {
        TrieBuilder {
            nodes: vec![BuilderNode::default()],
        }
    }

    /// Returns the word that already has exactly this form, if any.
    #[must_use]
    pub(super) fn get(&self, form: &str, cased: bool) -> Option<WordId> {
        let mut at = 0;
        for character in form.chars() {
            let key = character.to_ascii_lowercase();
            at = *self.nodes.get(at)?.edges.get(&key)?;
        }
        let wanted = cased.then_some(form);
        let ends = &self.nodes.get(at)?.ends;
        ends.iter()
            .find(|end| end.cased.as_deref() == wanted)
            .map(|end| end.word)
    }

    /// Adds a folded form; a form that is there already keeps its word.
    pub(super) fn insert(&mut self, form: &str, cased: bool, word: WordId) {
        let mut at = 0;
        for character in form.chars() {
            let key = character.to_ascii_lowercase();
            let next = self.nodes.len();
            let Some(node) = self.nodes.get_mut(at) else {
                return;
            };
            at = *node.edges.entry(key).or_insert(next);
            if at == next {
                self.nodes.push(BuilderNode::default());
            }
        }
        let cased = cased.then(|| Box::from(form));
        if let Some(node) = self.nodes.get_mut(at)
            && !node.ends.iter().any(|end| end.cased == cased)
        {
            node.ends.push(End { cased, word });
            // Cased spellings are asked first.
            node.ends.sort_by_key(|end| end.cased.is_none());
        }
    }

    /// Makes the trie; `shuns` tells of each word where it is not meant.
    #[must_use]
    pub(super) fn build(self, shuns: impl Fn(WordId) -> Option<Place>) -> Trie {
        let entry = |word: WordId| Entry {
            word,
            shuns: shuns(word).map_or(0, |place| place as u8),
        };
        let mut trie = Trie {
            codes: self.codes(),
            ..Trie::default()
        };
        let mut table = Table::new();
        let mut waiting = std::collections::VecDeque::from([(0, 0)]);
        while let Some((id, place)) = waiting.pop_front() {
            let Some(node) = self.nodes.get(id) else {
                continue;
            };
            let ending = trie.add_ending(&node.ends, entry);
            let children: Vec<(u16, usize)> = node
                .edges
                .iter()
                .map(|(character, child)| (trie.codes.of(*character), *child))
                .filter(|(code, _)| *code != 0)
                .collect();
            let base = table.place(&children, place == 0);
            if let Some(slot) = table.nodes.get_mut(place) {
                (slot.base, slot.ending) = (to_u32(base), ending);
            }
            let placed = children
                .iter()
                .map(|(code, child)| (*child, base + usize::from(*code)));
            waiting.extend(placed);
        }
        trie.nodes = table.nodes;
        trie
    }

    /// Numbers the characters of the forms, the frequent ones first, so that the table stays dense.
    fn codes(&self) -> Codes {
        let mut counts: BTreeMap<char, usize> = BTreeMap::new();
        for character in self.nodes.iter().flat_map(|node| node.edges.keys()) {
            *counts.entry(*character).or_default() += 1;
        }
        let mut counts: Vec<(char, usize)> = counts.into_iter().collect();
        counts.sort_by_key(|(character, count)| (usize::MAX - count, *character));
        let mut codes = Codes::default();
        for (character, _) in counts {
            codes.add(character);
        }
        codes
    }
}

/// The nodes on their way into the table.
#[derive(Debug)]
struct Table {
    nodes: Vec<Node>,
    is_base: Vec<bool>,
    /// For each place one at which, or behind which, the next free place is: the place itself where it is free.
    next: Vec<usize>,
    /// Where the search for a place begins.
    from: usize,
}

impl Table {
    /// Makes a table that has a root.
    fn new() -> Self {
        Table {
            nodes: vec![NO_NODE],
            is_base: vec![true],
            next: vec![1],
            from: 1,
        }
    }

    /// Finds a base at which all children have a free place, and puts them there. The root's base is 0.
    fn place(&mut self, children: &[(u16, usize)], is_root: bool) -> usize {
        let codes = || children.iter().map(|(code, _)| usize::from(*code));
        let (Some(least), Some(most)) = (codes().min(), codes().max()) else {
            return LEAF as usize;
        };
        let base = if is_root {
            0
        } else {
            self.base(least, children)
        };
        let places = self.nodes.len().max(base + most + 1);
        self.nodes.resize(places, NO_NODE);
        self.next.extend(self.next.len()..places);
        self.is_base.resize(places.max(self.is_base.len()), false);
        if let Some(taken) = self.is_base.get_mut(base) {
            *taken = true;
        }
        for (code, _) in children {
            let place = base + usize::from(*code);
            if let (Some(node), Some(next)) = (self.nodes.get_mut(place), self.next.get_mut(place))
            {
                node.code = *code;
                *next = place + 1;
            }
        }
        base
    }

    fn base(&mut self, least: usize, children: &[(u16, usize)]) -> usize {
        let mut place = self.from;
        for _ in 0..TRIES_MAX {
            place = self.free_from(place);
            let base = place.saturating_sub(least);
            let is_base = base == 0 || self.is_base.get(base).copied().unwrap_or(false);
            if !is_base
                && children
                    .iter()
                    .all(|(code, _)| self.is_free(base + usize::from(*code)))
            {
                return base;
            }
            place += 1;
        }
        // What could not be used is left behind.
        self.from = place;
        self.nodes.len()
    }

    fn is_free(&self, place: usize) -> bool {
        self.next.get(place).is_none_or(|next| *next == place)
    }

    /// The first free place from one on.
    fn free_from(&mut self, mut place: usize) -> usize {
        while let Some(next) = self.next.get(place).copied().filter(|next| *next != place) {
            let behind = self.next.get(next).copied().unwrap_or(next);
            if let Some(link) = self.next.get_mut(place) {
                *link = behind;
            }
            place = behind;
        }
        place
    }
}

/// The characters of the forms by number: 0 for those that are in none.
///
/// A capital letter has the number of the small one.
#[derive(Clone, Debug)]
struct Codes {
    /// Where the characters of each 256 stand in `of`: those of ASCII first, then a page of none.
    pages: Vec<u16>,
    of: Vec<u16>,
    count: u16,
}

impl Default for Codes {
    fn default() -> Self {
        let mut pages = vec![1; 0x1100];
        if let Some(first) = pages.first_mut() {
            *first = 0;
        }
        Codes {
            pages,
            of: vec![0; 512],
            count: 0,
        }
    }
}

impl Codes {
    fn add(&mut self, character: char) {
        if self.of(character) != 0 || self.count == u16::MAX {
            return;
        }
        self.count += 1;
        self.set(character, self.count);
        if character.is_ascii_lowercase() {
            self.set(character.to_ascii_uppercase(), self.count);
        }
    }

    fn set(&mut self, character: char, code: u16) {
        let at = character as usize;
        let Some(page) = self.pages.get_mut(at >> 8) else {
            return;
        };
        if *page == 1 {
            *page = u16::try_from(self.of.len() >> 8).unwrap_or(1);
            self.of.resize(self.of.len() + 256, 0);
        }
        if let Some(slot) = self.of.get_mut((*page as usize) << 8 | at & 0xFF) {
            *slot = code;
        }
    }

    #[inline]
    fn of(&self, character: char) -> u16 {
        let at = character as usize;
        let page = self.pages.get(at >> 8).copied().unwrap_or(1);
        let code = self.of.get((page as usize) << 8 | at & 0xFF);
        code.copied().unwrap_or(0)
    }
}

impl Trie {
    fn add_ending(&mut self, ends: &[End], entry: impl Fn(WordId) -> Entry) -> u32 {
        if ends.is_empty() {
            return 0;
        }
        let mut ending = Ending {
            any: None,
            cased: (to_u32(self.cased.len()), 0),
        };
        for end in ends {
            match &end.cased {
                Some(cased) => self.cased.push((cased.clone(), entry(end.word))),
                None => ending.any = Some(entry(end.word)),
            }
        }
        ending.cased.1 = to_u32(self.cased.len());
        self.endings.push(ending);
        to_u32(self.endings.len())
    }

    #[inline(always)]
    fn child(&self, node: Node, code: u16) -> Option<Node> {
        let child = *self.nodes.get(node.base as usize + usize::from(code))?;
        (child.code == code && code != 0).then_some(child)
    }

    /// The word that ends at a node, where its spelling fits.
    #[inline(always)]
    fn entry_at(&self, node: Node, text: &str, start: usize, end: usize) -> Option<Entry> {
        let ending = self.endings.get((node.ending as usize).wrapping_sub(1))?;
        if ending.cased.0 == ending.cased.1 {
            return ending.any;
        }
        let spellings = self
            .cased
            .get(ending.cased.0 as usize..ending.cased.1 as usize)?;
        let written = text.get(start..end)?;
        spellings
            .iter()
            .find(|(form, _)| **form == *written)
            .map(|(_, entry)| *entry)
            .or(ending.any)
    }

    /// Finds the longest form at `start` of `text` that `accept` takes.
    ///
    /// `start` is a character boundary; the caller has seen to it that a word starts there. `accept` is asked for each
    /// form on the way, shortest first.
    #[must_use]
    pub fn longest(
        &self,
        text: &str,
        start: usize,
        mut accept: impl FnMut(Match) -> bool,
    ) -> Option<Match> {
        self.walk(text, start, |end, entry| {
            accept(Match {
                end,
                word: entry.word,
            })
        })
    }

    /// Finds the longest form at `start` of `text` whose word is meant at a place of its kind.
    #[inline]
    #[must_use]
    pub fn longest_meant(&self, text: &str, start: usize, place: Place) -> Option<Match> {
        self.walk(text, start, |_, entry| entry.shuns != place as u8)
    }

    #[inline(always)]
    fn walk(
        &self,
        text: &str,
        start: usize,
        mut accept: impl FnMut(usize, Entry) -> bool,
    ) -> Option<Match> {
        let bytes = text.as_bytes();
        let (mut previous, mut end) = decode(bytes, start)?;
        let mut node = self.child(ROOT, self.codes.of(previous))?;
        let mut best = None;
        loop {
            if node.ending != 0
                && is_boundary(bytes, previous, end)
                && let Some(entry) = self.entry_at(node, text, start, end)
                && accept(end, entry)
            {
                best = Some(Match {
                    end,
                    word: entry.word,
                });
            }
            let Some((next_node, next_end, last)) = self.step(bytes, node, previous, end) else {
                return best;
            };
            (node, end, previous) = (next_node, next_end, last);
        }
    }

    /// Follows one character of the text, with what a form may leave unsaid.
    #[inline(always)]
    fn step(
        &self,
        bytes: &[u8],
        node: Node,
        previous: char,
        end: usize,
    ) -> Option<(Node, usize, char)> {
        if node.base == LEAF {
            return None;
        }
        let (character, next) = decode(bytes, end)?;
        if let Some(child) = self.child(node, self.codes.of(character)) {
            return Some((child, next, character));
        }
        match character {
            '-' => {
                let child = self.child(node, self.codes.of(' '))?;
                Some((child, next, ' '))
            }
            ' ' if !previous.is_ascii() => self.behind_spaces(bytes, node, next),
            _ => None,
        }
    }

    /// Follows one character that is not ASCII behind one or two spaces, of which `next` is the end of the first.
    fn behind_spaces(&self, bytes: &[u8], node: Node, next: usize) -> Option<(Node, usize, char)> {
        let mut at = next;
        for _ in 0..SPACES_MAX {
            let (han, after) = decode(bytes, at)?;
            if han != ' ' {
                if han.is_ascii() {
                    return None;
                }
                let child = self.child(node, self.codes.of(han))?;
                return Some((child, after, han));
            }
            at = after;
        }
        None
    }
}

/// Decodes the character at an offset, and the offset behind it.
#[inline(always)]
fn decode(bytes: &[u8], at: usize) -> Option<(char, usize)> {
    let first = *bytes.get(at)?;
    if first < 0x80 {
        return Some((char::from(first), at + 1));
    }
    let rest = |index: usize| bytes.get(at + index).map(|byte| u32::from(byte & 0x3F));
    let (code, length) = match first {
        0xC0..=0xDF => (u32::from(first & 0x1F) << 6 | rest(1)?, 2),
        0xE0..=0xEF => (u32::from(first & 0x0F) << 12 | rest(1)? << 6 | rest(2)?, 3),
        _ => (
            u32::from(first & 0x07) << 18 | rest(1)? << 12 | rest(2)? << 6 | rest(3)?,
            4,
        ),
    };
    Some((char::from_u32(code)?, at + length))
}

/// Tells whether a form whose last character is `last` may end at `end`.
#[inline]
fn is_boundary(bytes: &[u8], last: char, end: usize) -> bool {
    !last.is_ascii_alphabetic() || !bytes.get(end).is_some_and(u8::is_ascii_alphabetic)
}

fn to_u32(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn trie(forms: &[(&str, bool)]) -> Trie {
        let mut builder = TrieBuilder::new();
        for (id, &(form, cased)) in forms.iter().enumerate() {
            builder.insert(form, cased, u32::try_from(id).unwrap());
        }
        builder.build(|_| None)
    }

    fn find(trie: &Trie, text: &str) -> Option<(usize, u32)> {
        trie.longest(text, 0, |_| true)
            .map(|found| (found.end, found.word))
    }

    #[test]
    fn the_longest_form_wins() {
        let trie = trie(&[("百", false), ("百分", false), ("百分之", false)]);
        assert_eq!(find(&trie, "百分之五"), Some((9, 2)));
        assert_eq!(find(&trie, "百五"), Some((3, 0)));
    }

    #[test]
    fn letters_match_whole_words_in_either_case() {
        let trie = trie(&[("to", false), ("percentage point", false)]);
        assert_eq!(find(&trie, "TO 5"), Some((2, 0)));
        assert_eq!(find(&trie, "ton"), None);
        assert_eq!(find(&trie, "percentage-point"), Some((16, 1)));
    }

    #[test]
    fn a_cased_form_wins_over_an_uncased_one() {
        let trie = trie(&[("mw", false), ("MW", true)]);
        assert_eq!(find(&trie, "MW"), Some((2, 1)));
        assert_eq!(find(&trie, "mW"), Some((2, 0)));
    }

    #[test]
    fn spaced_out_han_still_matches() {
        let trie = trie(&[("个百分点", false)]);
        assert_eq!(find(&trie, "个 百分  点"), Some((15, 0)));
        assert_eq!(find(&trie, "个   百分点"), None);
    }
}
