//! What a key-value store has to do to keep the state.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Mutex;

use crate::error::StateError;

/// Keys with their values, one by one.
pub type Pairs<'a> = Box<dyn Iterator<Item = Result<(Vec<u8>, Vec<u8>), StateError>> + Send + 'a>;

/// Sorted keys with values, of which many change at once.
#[allow(clippy::missing_errors_doc)] // as those of `State`
pub trait Kv: fmt::Debug + Send + Sync {
    /// Returns the value of a key.
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StateError>;

    /// Returns what stands from `from` until before `until`, or to the end; in falling order where `is_backward`.
    fn range(&self, from: Vec<u8>, until: Option<Vec<u8>>, is_backward: bool) -> Pairs<'_>;

    /// Sets and removes keys, all or none.
    fn write(&self, changes: BTreeMap<Vec<u8>, Option<Vec<u8>>>) -> Result<(), StateError>;

    /// Hands everything to the system.
    fn flush(&self) -> Result<(), StateError>;
}

/// The state in a key-value store.
#[derive(Debug)]
pub struct KvState<K> {
    pub(super) kv: K,
    /// Held while a batch is worked out and written: it reads what it replaces.
    pub(super) writing: Mutex<()>,
}

impl<K: Kv> KvState<K> {
    pub(super) fn over(kv: K) -> Self {
        KvState {
            kv,
            writing: Mutex::new(()),
        }
    }
}
