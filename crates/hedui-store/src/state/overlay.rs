//! What a batch will have changed: reads see it before it is written.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::codec;
use super::keys;
use super::kv::Kv;
use super::stored::StoredArticle;
use crate::error::StateError;

/// Changes over a store.
pub(super) struct Overlay<'a, K> {
    kv: &'a K,
    changes: BTreeMap<Vec<u8>, Option<Vec<u8>>>,
}

impl<'a, K: Kv> Overlay<'a, K> {
    pub(super) fn new(kv: &'a K) -> Self {
        Overlay {
            kv,
            changes: BTreeMap::new(),
        }
    }

    pub(super) fn into_changes(self) -> BTreeMap<Vec<u8>, Option<Vec<u8>>> {
        self.changes
    }

    pub(super) fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StateError> {
        match self.changes.get(key) {
            Some(value) => Ok(value.clone()),
            None => self.kv.get(key),
        }
    }

    pub(super) fn has(&self, key: &[u8]) -> Result<bool, StateError> {
        Ok(self.get(key)?.is_some())
    }

    pub(super) fn value<T: DeserializeOwned>(&self, key: &[u8]) -> Result<Option<T>, StateError> {
        self.get(key)?
            .map(|bytes| codec::unpack(&bytes))
            .transpose()
    }

    pub(super) fn article(&self, key: &[u8]) -> Result<Option<StoredArticle>, StateError> {
        self.get(key)?
            .map(|bytes| codec::unpack_large(&bytes))
            .transpose()
    }

    pub(super) fn put_article(
        &mut self,
        key: Vec<u8>,
        article: &StoredArticle,
    ) -> Result<(), StateError> {
        let bytes = codec::pack_large(article)?;
        self.put(key, bytes);
        Ok(())
    }

    pub(super) fn put(&mut self, key: Vec<u8>, value: Vec<u8>) {
        self.changes.insert(key, Some(value));
    }

    pub(super) fn put_value<T: Serialize>(
        &mut self,
        key: Vec<u8>,
        value: &T,
    ) -> Result<(), StateError> {
        let bytes = codec::pack(value)?;
        self.put(key, bytes);
        Ok(())
    }

    pub(super) fn remove(&mut self, key: Vec<u8>) {
        self.changes.insert(key, None);
    }

    /// Returns all keys that begin with `prefix`.
    pub(super) fn keys(&self, prefix: &[u8]) -> Result<Vec<Vec<u8>>, StateError> {
        let until = keys::behind(prefix);
        let mut found = Vec::new();
        for pair in self.kv.range(prefix.to_vec(), until, false) {
            let (key, _) = pair?;
            if !self.changes.contains_key(&key) {
                found.push(key);
            }
        }
        let changed = self.changes.range(prefix.to_vec()..);
        for (key, value) in changed.take_while(|(key, _)| key.starts_with(prefix)) {
            if value.is_some() {
                found.push(key.clone());
            }
        }
        found.sort();
        Ok(found)
    }
}
