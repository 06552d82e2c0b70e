//! The state in memory, for tests and for pipelines that keep nothing.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use super::kv::{Kv, KvState, Pairs};
use crate::error::StateError;

/// The state in memory.
pub type MemoryState = KvState<MemoryKv>;

impl MemoryState {
    /// Begins an empty state.
    #[must_use]
    pub fn new() -> Self {
        KvState::over(MemoryKv::default())
    }
}

impl Default for MemoryState {
    fn default() -> Self {
        MemoryState::new()
    }
}

/// Sorted keys in memory.
#[derive(Debug, Default)]
pub struct MemoryKv {
    map: RwLock<BTreeMap<Vec<u8>, Vec<u8>>>,
}

impl MemoryKv {
    fn map(&self) -> RwLockReadGuard<'_, BTreeMap<Vec<u8>, Vec<u8>>> {
        self.map.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kv for MemoryKv {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StateError> {
        Ok(self.map().get(key).cloned())
    }

    fn range(&self, from: Vec<u8>, until: Option<Vec<u8>>, is_backward: bool) -> Pairs<'_> {
        let mut low = Bound::Included(from);
        let mut high = until.map_or(Bound::Unbounded, Bound::Excluded);
        Box::new(std::iter::from_fn(move || {
            if is_empty(&low, &high) {
                return None;
            }
            let map = self.map();
            let mut range = map.range((low.clone(), high.clone()));
            let found = if is_backward {
                range.next_back()
            } else {
                range.next()
            };
            let (key, value) = found?;
            if is_backward {
                high = Bound::Excluded(key.clone());
            } else {
                low = Bound::Excluded(key.clone());
            }
            Some(Ok((key.clone(), value.clone())))
        }))
    }

    fn write(&self, changes: BTreeMap<Vec<u8>, Option<Vec<u8>>>) -> Result<(), StateError> {
        let mut map = self.map.write().unwrap_or_else(PoisonError::into_inner);
        for (key, value) in changes {
            match value {
                Some(value) => map.insert(key, value),
                None => map.remove(&key),
            };
        }
        Ok(())
    }

    fn flush(&self) -> Result<(), StateError> {
        Ok(())
    }
}

/// Tells whether nothing can lie between two bounds; a map refuses to be asked for some of these.
fn is_empty(low: &Bound<Vec<u8>>, high: &Bound<Vec<u8>>) -> bool {
    match (low, high) {
        (Bound::Included(low) | Bound::Excluded(low), Bound::Excluded(high)) => low >= high,
        _ => false,
    }
}
