//! Makes the trie: collects forms, and finds each node a place in one table.

use std::collections::{BTreeMap, VecDeque};

use super::codes::Codes;
use super::{Ending, Entry, LEAF, NO_NODE, Node, Place, SHUNS_SHIFT, Trie, WORD, WordId, to_u32};

/// How many places are tried for the children of a node before they go behind all others.
const TRIES_MAX: usize = 256;

/// Collects forms for a [`Trie`].
#[derive(Debug, Default)]
pub(in super::super) struct TrieBuilder {
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
    pub(in super::super) fn new() -> Self {
        TrieBuilder {
            nodes: vec![BuilderNode::default()],
        }
    }

    /// Returns the word that already has exactly this form, if any.
    #[must_use]
    pub(in super::super) fn get(&self, form: &str, cased: bool) -> Option<WordId> {
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
    pub(in super::super) fn insert(&mut self, form: &str, cased: bool, word: WordId) {
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
    pub(in super::super) fn build(self, shuns: impl Fn(WordId) -> Option<Place>) -> Trie {
        let entry = |word: WordId| Entry {
            word,
            shuns: shuns(word).map_or(0, |place| place as u8),
        };
        let mut trie = Trie {
            codes: self.codes(),
            ..Trie::default()
        };
        let mut table = Table::new();
        let mut waiting = VecDeque::from([(0, 0)]);
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

/// A form that must be spelled just so.
#[derive(Clone, Debug)]
struct End {
    cased: Option<Box<str>>,
    word: WordId,
}

impl Trie {
    fn add_ending(&mut self, ends: &[End], entry: impl Fn(WordId) -> Entry) -> u32 {
        match ends {
            [] => return 0,
            [End { cased: None, word }] if word >> SHUNS_SHIFT == 0 => {
                return WORD | u32::from(entry(*word).shuns) << SHUNS_SHIFT | word;
            }
            _ => {}
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
}
