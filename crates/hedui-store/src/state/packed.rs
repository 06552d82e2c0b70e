//! Packs many small entries into few values.
//!
//! sled keeps at most 16 items in a leaf, whatever their size, with memory and some 130 bytes of disk for each: made
//! for values of a few hundred bytes, not for the dozens of small keys that an article has (its claims, its blocks).
//! Here neighbouring entries of the small kinds share one value, a chunk, known by a key that is not above any in it
//! and above all those before it. Chunks stay small, because a change writes its whole chunk.

use std::collections::BTreeMap;

use super::keys;
use super::kv::{Kv, Pairs};
use crate::error::StateError;

/// A chunk above this is split.
///
/// 30,000 articles with 34 entries each took (resident memory with sled's cache of 64 MiB, disk): 194 MB, 438 MB
/// without packing (and without LZ4 over the articles); 129, 401 with chunks of 150 bytes; 116, 439 with 300; 103, 475
/// with 600. Processor time did not tell them apart on the busy machine. Memory is what runs out first.
const CHUNK_BYTES_MAX: usize = 300;

/// The kinds whose entries are small and many.
const PACKED: &[u8] = &[
    keys::TIME,
    keys::SKETCH,
    keys::URL,
    keys::CLAIM,
    keys::BLOCK,
    keys::JUDGED_BACK,
    keys::FACT_ALIAS,
    keys::FACT_OF_CLAIM,
    keys::CONFLICT_ALIAS,
    keys::DELIVERED,
];

type Entry = (Vec<u8>, Vec<u8>);
type Change = (Vec<u8>, Option<Vec<u8>>);

/// A store whose small entries are packed.
#[derive(Debug)]
pub struct PackedKv<K> {
    pub(super) inner: K,
}

impl<K: Kv> PackedKv<K> {
    pub(super) fn new(inner: K) -> Self {
        PackedKv { inner }
    }

    /// Returns the chunk that holds `key`, if anything does: its own key and its content.
    fn chunk(&self, kind: u8, key: &[u8]) -> Result<Option<Entry>, StateError> {
        let mut behind = key.to_vec();
        behind.push(0);
        self.inner
            .range(vec![kind], Some(behind), true)
            .next()
            .transpose()
    }

    /// Works out what changes in the chunks of one kind. `changes` are sorted.
    fn write_kind(
        &self,
        kind: u8,
        changes: Vec<Change>,
        out: &mut BTreeMap<Vec<u8>, Option<Vec<u8>>>,
    ) -> Result<(), StateError> {
        let mut changes = changes.into_iter().peekable();
        while let Some((first, _)) = changes.peek() {
            let (low, entries) = match self.chunk(kind, first)? {
                Some((low, chunk)) => (low, unpack(&chunk)?),
                None => (vec![kind], Vec::new()),
            };
            let mut from = low.clone();
            from.push(0);
            let next = self
                .inner
                .range(from, keys::behind(&[kind]), false)
                .next()
                .transpose()?
                .map(|(key, _)| key);
            let mut entries: BTreeMap<Vec<u8>, Vec<u8>> = entries.into_iter().collect();
            let is_here = |key: &[u8]| next.as_deref().is_none_or(|next| key < next);
            while let Some((key, value)) = changes.next_if(|(key, _)| is_here(key)) {
                match value {
                    Some(value) => entries.insert(key, value),
                    None => entries.remove(&key),
                };
            }
            put_chunks(low, entries, out);
        }
        Ok(())
    }
}

impl<K: Kv> Kv for PackedKv<K> {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StateError> {
        let Some(kind) = packed_kind(key) else {
            return self.inner.get(key);
        };
        let Some((_, chunk)) = self.chunk(kind, key)? else {
            return Ok(None);
        };
        let entries = unpack(&chunk)?;
        Ok(entries
            .into_iter()
            .find(|(found, _)| found == key)
            .map(|(_, value)| value))
    }

    fn range(&self, from: Vec<u8>, until: Option<Vec<u8>>, is_backward: bool) -> Pairs<'_> {
        let Some(kind) = packed_kind(&from) else {
            return self.inner.range(from, until, is_backward);
        };
        let start = match self.chunk(kind, &from) {
            Ok(Some((low, _))) => low,
            Ok(None) => vec![kind],
            Err(error) => return Box::new(std::iter::once(Err(error))),
        };
        let until = until.or_else(|| keys::behind(&[kind]));
        let chunks = self.inner.range(start, until.clone(), is_backward);
        let mut last: Option<Vec<u8>> = None;
        let entries =
            chunks.flat_map(
                move |chunk| match chunk.and_then(|(_, chunk)| unpack(&chunk)) {
                    Ok(mut entries) => {
                        if is_backward {
                            entries.reverse();
                        }
                        // A chunk that was split since the last one was read comes in part again.
                        entries.retain(|(key, _)| {
                            *key >= from
                                && until.as_ref().is_none_or(|until| key < until)
                                && last.as_ref().is_none_or(|last| {
                                    if is_backward { key < last } else { key > last }
                                })
                        });
                        if let Some((key, _)) = entries.last() {
                            last = Some(key.clone());
                        }
                        entries.into_iter().map(Ok).collect::<Vec<_>>()
                    }
                    Err(error) => vec![Err(error)],
                },
            );
        Box::new(entries)
    }

    fn write(&self, changes: BTreeMap<Vec<u8>, Option<Vec<u8>>>) -> Result<(), StateError> {
        let mut out = BTreeMap::new();
        let mut kinds: BTreeMap<u8, Vec<Change>> = BTreeMap::new();
        for (key, value) in changes {
            match packed_kind(&key) {
                Some(kind) => kinds.entry(kind).or_default().push((key, value)),
                None => {
                    out.insert(key, value);
                }
            }
        }
        for (kind, changes) in kinds {
            self.write_kind(kind, changes, &mut out)?;
        }
        self.inner.write(out)
    }

    fn flush(&self) -> Result<(), StateError> {
        self.inner.flush()
    }
}

fn packed_kind(key: &[u8]) -> Option<u8> {
    key.first().copied().filter(|kind| PACKED.contains(kind))
}

/// Writes the entries of one chunk, as several where they are too many for one.
fn put_chunks(
    low: Vec<u8>,
    entries: BTreeMap<Vec<u8>, Vec<u8>>,
    out: &mut BTreeMap<Vec<u8>, Option<Vec<u8>>>,
) {
    let bytes: usize = entries
        .iter()
        .map(|(key, value)| key.len() + value.len())
        .sum();
    // Halves with room to grow, rather than one full chunk and a small one.
    let pieces = if bytes > CHUNK_BYTES_MAX {
        bytes.div_ceil(CHUNK_BYTES_MAX * 3 / 4)
    } else {
        1
    };
    let piece_bytes = bytes.div_ceil(pieces);
    let mut chunk_key = low;
    let mut chunk = Packer::default();
    for (key, value) in entries {
        if chunk.bytes > 0 && chunk.bytes + key.len() + value.len() > piece_bytes {
            let full = std::mem::take(&mut chunk);
            out.insert(
                std::mem::replace(&mut chunk_key, key.clone()),
                full.into_chunk(),
            );
        }
        chunk.push(key, &value);
    }
    out.insert(chunk_key, chunk.into_chunk());
}

/// Writes entries one after another, each key without what it shares with the one before.
#[derive(Default)]
struct Packer {
    out: Vec<u8>,
    last: Vec<u8>,
    /// The bytes of keys and values so far, as they are without packing.
    bytes: usize,
}

impl Packer {
    fn push(&mut self, key: Vec<u8>, value: &[u8]) {
        let shared = key
            .iter()
            .zip(&self.last)
            .take_while(|(new, old)| new == old)
            .count();
        let rest = key.get(shared..).unwrap_or_default();
        push_number(&mut self.out, shared);
        push_number(&mut self.out, rest.len());
        push_number(&mut self.out, value.len());
        self.out.extend_from_slice(rest);
        self.out.extend_from_slice(value);
        self.bytes += key.len() + value.len();
        self.last = key;
    }

    /// Returns the chunk; none where it is empty, so that its key is removed.
    fn into_chunk(self) -> Option<Vec<u8>> {
        (self.bytes > 0).then_some(self.out)
    }
}

/// Reads the entries of a chunk.
fn unpack(chunk: &[u8]) -> Result<Vec<Entry>, StateError> {
    let mut rest = chunk;
    let mut entries: Vec<Entry> = Vec::new();
    while !rest.is_empty() {
        let last = entries.last().map_or(&[][..], |(key, _)| key);
        let entry = unpack_entry(&mut rest, last)
            .ok_or_else(|| StateError::undecodable("a chunk of small entries"))?;
        entries.push(entry);
    }
    Ok(entries)
}

fn unpack_entry(rest: &mut &[u8], last: &[u8]) -> Option<Entry> {
    let shared = take_number(rest)?;
    let key_bytes = take_number(rest)?;
    let value_bytes = take_number(rest)?;
    let (key_end, behind) = rest.split_at_checked(key_bytes)?;
    let (value, behind) = behind.split_at_checked(value_bytes)?;
    *rest = behind;
    let mut key = last.get(..shared)?.to_vec();
    key.extend_from_slice(key_end);
    Some((key, value.to_vec()))
}

/// Writes a number, seven bits a byte, the lowest first.
fn push_number(out: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn take_number(rest: &mut &[u8]) -> Option<usize> {
    let mut number = 0;
    for shift in [0, 7, 14, 21, 28] {
        let (&byte, behind) = rest.split_first()?;
        *rest = behind;
        number |= usize::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::state::memory::MemoryKv;

    fn key() -> impl Strategy<Value = Vec<u8>> {
        let kind = proptest::sample::select(vec![keys::BLOCK, keys::CLAIM, keys::ARTICLE]);
        let rest = prop_oneof![
            proptest::collection::vec(0_u8..4, 0..4),
            proptest::collection::vec(any::<u8>(), 0..700),
        ];
        (kind, rest).prop_map(|(kind, rest)| keys::key(kind, &[&rest]))
    }

    fn value() -> impl Strategy<Value = Option<Vec<u8>>> {
        proptest::option::weighted(0.7, proptest::collection::vec(any::<u8>(), 0..80))
    }

    fn all(kv: &dyn Kv, from: Vec<u8>, until: Option<Vec<u8>>, is_backward: bool) -> Vec<Entry> {
        kv.range(from, until, is_backward)
            .collect::<Result<_, _>>()
            .unwrap()
    }

    proptest! {
        #[test]
        fn packed_entries_are_as_those_that_are_not(
            batches in proptest::collection::vec(
                proptest::collection::btree_map(key(), value(), 0..40), 0..12),
            bounds in proptest::collection::vec((key(), key()), 6),
        ) {
            let plain = MemoryKv::default();
            let packed = PackedKv::new(MemoryKv::default());
            for batch in &batches {
                plain.write(batch.clone()).unwrap();
                packed.write(batch.clone()).unwrap();
                for key in batch.keys() {
                    prop_assert_eq!(plain.get(key).unwrap(), packed.get(key).unwrap());
                }
            }
            for kind in [keys::BLOCK, keys::CLAIM, keys::ARTICLE] {
                for is_backward in [false, true] {
                    let until = keys::behind(&[kind]);
                    prop_assert_eq!(
                        all(&plain, vec![kind], until.clone(), is_backward),
                        all(&packed, vec![kind], until, is_backward)
                    );
                }
            }
            for (from, mut until) in bounds {
                until[0] = from[0];
                for is_backward in [false, true] {
                    prop_assert_eq!(
                        all(&plain, from.clone(), Some(until.clone()), is_backward),
                        all(&packed, from.clone(), Some(until.clone()), is_backward)
                    );
                }
            }
            let chunks = all(&packed.inner, Vec::new(), None, false);
            for (key, chunk) in chunks.iter().filter(|(key, _)| packed_kind(key).is_some()) {
                let entries = unpack(chunk).unwrap();
                prop_assert!(entries.iter().all(|entry| entry.0 >= *key));
                let bytes: usize = entries.iter().map(|(key, value)| key.len() + value.len()).sum();
                prop_assert!(entries.len() == 1 || bytes <= CHUNK_BYTES_MAX);
            }
        }

        #[test]
        fn no_chunk_panics(chunk in proptest::collection::vec(any::<u8>(), 0..40)) {
            let _ = unpack(&chunk);
        }
    }
}
