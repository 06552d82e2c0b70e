//! Reads the state.

use hedui_model::{ArticleKey, ClaimId, Conflict, ConflictId, Fact, FactId, Judged, SourceId};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::batch::Batch;
use super::codec;
use super::keys::{self, Short};
use super::kv::{Kv, KvState, Pairs};
use super::stored::{
    BlockEntry, Counts, FetchState, FoundClaim, OutboxItem, SourceState, StoredArticle,
    StoredDecision,
};
use super::write::pair;
use super::{IdKind, State, Stream};
use crate::archive::Mark;
use crate::error::StateError;

/// Where a claim stands.
#[derive(Serialize, Deserialize)]
pub(super) struct ClaimPlace {
    pub(super) article: ArticleKey,
    pub(super) revision: u32,
    pub(super) index: u32,
}

impl<K: Kv> KvState<K> {
    fn value<T: DeserializeOwned>(&self, key: &[u8]) -> Result<Option<T>, StateError> {
        self.kv
            .get(key)?
            .map(|bytes| codec::unpack(&bytes))
            .transpose()
    }

    fn stored_article(&self, key: &[u8]) -> Result<Option<StoredArticle>, StateError> {
        self.kv
            .get(key)?
            .map(|bytes| codec::unpack_large(&bytes))
            .transpose()
    }

    pub(super) fn read_counts(&self) -> Result<Counts, StateError> {
        Ok(self.value(keys::COUNTS)?.unwrap_or_default())
    }

    /// Returns all pairs whose keys begin with `prefix`.
    fn prefixed(&self, prefix: Vec<u8>) -> Pairs<'_> {
        let until = keys::behind(&prefix);
        self.kv.range(prefix, until, false)
    }

    /// Returns all values of one kind.
    fn values<T: DeserializeOwned + 'static>(&self, kind: u8) -> Stream<'_, T> {
        Box::new(
            self.prefixed(vec![kind])
                .map(|pair| codec::unpack(&pair?.1)),
        )
    }

    /// Follows an alias.
    fn alias(&self, kind: u8, id: Short) -> Result<Option<Short>, StateError> {
        let value = self.kv.get(&keys::key(kind, &[&id]))?;
        Ok(value.and_then(|value| value.as_slice().try_into().ok()))
    }

    fn aliased<T: DeserializeOwned>(
        &self,
        kind: u8,
        alias_kind: u8,
        id: Short,
    ) -> Result<Option<T>, StateError> {
        if let Some(value) = self.value(&keys::key(kind, &[&id]))? {
            return Ok(Some(value));
        }
        match self.alias(alias_kind, id)? {
            Some(id) => self.value(&keys::key(kind, &[&id])),
            None => Ok(None),
        }
    }
}

impl<K: Kv> State for KvState<K> {
    fn apply(&self, batch: &Batch) -> Result<(), StateError> {
        self.write_batch(batch)
    }

    fn flush(&self) -> Result<(), StateError> {
        self.kv.flush()
    }

    fn mark(&self) -> Result<Mark, StateError> {
        Ok(self.value(keys::MARK)?.unwrap_or_default())
    }

    fn counts(&self) -> Result<Counts, StateError> {
        self.read_counts()
    }

    fn meta(&self, name: &str) -> Result<Option<String>, StateError> {
        let value = self.kv.get(&keys::meta(name))?;
        value
            .map(|value| {
                String::from_utf8(value).map_err(|_| StateError::undecodable("a text that is none"))
            })
            .transpose()
    }

    fn article(&self, key: &ArticleKey) -> Result<Option<StoredArticle>, StateError> {
        self.stored_article(&keys::article(key))
    }

    fn revision(
        &self,
        key: &ArticleKey,
        revision: u32,
    ) -> Result<Option<StoredArticle>, StateError> {
        match self.article(key)? {
            Some(article) if article.revision() != revision => {
                self.stored_article(&keys::revision(key, revision))
            }
            other => Ok(other),
        }
    }

    fn body(&self, key: &ArticleKey, revision: u32) -> Result<Option<String>, StateError> {
        let value = self.kv.get(&keys::body(key, revision))?;
        value.map(|value| codec::unpack_text(&value)).transpose()
    }

    fn article_of_url(&self, url: &str) -> Result<Option<ArticleKey>, StateError> {
        if let Some(key) = self.value(&keys::url(keys::URL, url))? {
            return Ok(Some(key));
        }
        // Most articles are known by their address: these need no entry.
        match url.parse() {
            Ok(key) if self.kv.get(&keys::article(&key))?.is_some() => Ok(Some(key)),
            _ => Ok(None),
        }
    }

    fn articles(&self, after: Option<&ArticleKey>) -> Stream<'_, StoredArticle> {
        let from = match after {
            // The first key that can stand behind this one.
            Some(key) => keys::key(keys::ARTICLE, &[key.as_str().as_bytes(), b"\0"]),
            None => vec![keys::ARTICLE],
        };
        let pairs = self.kv.range(from, keys::behind(&[keys::ARTICLE]), false);
        Box::new(pairs.map(|pair| codec::unpack_large(&pair?.1)))
    }

    fn articles_by_time(
        &self,
        since: Option<Timestamp>,
        until: Option<Timestamp>,
        newest_first: bool,
    ) -> Stream<'_, (Timestamp, ArticleKey)> {
        let bound = |at| keys::key(keys::TIME, &[&keys::instant(at)]);
        let from = since.map_or_else(|| vec![keys::TIME], bound);
        let until = until.map_or_else(|| vec![keys::TIME], bound);
        let pairs = self.kv.range(from, keys::behind(&until), newest_first);
        Box::new(pairs.map(|pair| {
            let (key, _) = pair?;
            key.get(1..)
                .and_then(keys::parse_instant)
                .and_then(|(at, rest)| Some((at, std::str::from_utf8(rest).ok()?.parse().ok()?)))
                .ok_or_else(|| StateError::undecodable("an article's time"))
        }))
    }

    fn articles_by_sketch(&self, value: u64) -> Stream<'_, ArticleKey> {
        let prefix = keys::key(keys::SKETCH, &[&value.to_be_bytes()]);
        let len = prefix.len();
        Box::new(self.prefixed(prefix).map(move |pair| {
            let (key, _) = pair?;
            key.get(len..)
                .and_then(|rest| std::str::from_utf8(rest).ok()?.parse().ok())
                .ok_or_else(|| StateError::undecodable("an article's sketch"))
        }))
    }

    fn fetch(&self, url: &str) -> Result<Option<FetchState>, StateError> {
        self.value(&keys::url(keys::FETCH, url))
    }

    fn fetches(&self) -> Stream<'_, FetchState> {
        self.values(keys::FETCH)
    }

    fn claim(&self, id: &ClaimId) -> Result<Option<FoundClaim>, StateError> {
        let place: Option<ClaimPlace> = self.value(&keys::claim(keys::short_claim(id)?))?;
        let Some(place) = place else {
            return Ok(None);
        };
        let current = self
            .article(&place.article)?
            .filter(|article| article.revision() == place.revision);
        let is_current = current.is_some();
        let article = match current {
            Some(article) => Some(article),
            None => self.stored_article(&keys::revision(&place.article, place.revision))?,
        };
        Ok(article.map(|article| FoundClaim {
            article,
            index: place.index as usize,
            is_current,
        }))
    }

    fn block(&self, block: &str) -> Stream<'_, BlockEntry> {
        let prefix = keys::block(block);
        let len = prefix.len();
        Box::new(
            self.prefixed(prefix)
                .map(move |pair| block_entry(&pair?.0, len)),
        )
    }

    fn block_readings(&self, block: &str) -> Stream<'_, BlockEntry> {
        let prefix = keys::block(block);
        let until = keys::behind(&prefix);
        let len = prefix.len();
        let mut from = Some(prefix);
        Box::new(std::iter::from_fn(move || {
            let mut pairs = self.kv.range(from.take()?, until.clone(), false);
            let entry = pairs
                .next()?
                .and_then(|(key, _)| Ok((block_entry(&key, len)?, key)));
            match entry {
                Ok((entry, key)) => {
                    // Behind all entries of this reading: its end is the byte after the NUL that closes it.
                    let closed = key.get(..key.len().saturating_sub(8));
                    from = closed.and_then(keys::behind);
                    Some(Ok(entry))
                }
                Err(error) => Some(Err(error)),
            }
        }))
    }

    fn block_claims(&self, block: &str, reading: &str) -> Stream<'_, ClaimId> {
        let prefix = keys::reading(block, reading);
        Box::new(self.prefixed(prefix).map(|pair| claim_at_end(&pair?.0)))
    }

    fn judged_pair(&self, a: &ClaimId, b: &ClaimId) -> Result<Option<Judged>, StateError> {
        let (low, high) = pair(a, b)?;
        self.value(&keys::key(keys::JUDGED, &[&low, &high]))
    }

    fn judged(&self, claim: &ClaimId) -> Stream<'_, Judged> {
        let id = match keys::short_claim(claim) {
            Ok(id) => id,
            Err(error) => return Box::new(std::iter::once(Err(error))),
        };
        let lower = self.prefixed(keys::key(keys::JUDGED, &[&id]));
        let upper = self.prefixed(keys::key(keys::JUDGED_BACK, &[&id]));
        let upper = upper.filter_map(move |pair| {
            let low = match pair {
                Ok((key, _)) => key.last_chunk::<8>().copied(),
                Err(error) => return Some(Err(error)),
            };
            // A verdict may have been removed since its key was read.
            self.value(&keys::key(keys::JUDGED, &[&low.unwrap_or_default(), &id]))
                .transpose()
        });
        Box::new(lower.map(|pair| codec::unpack(&pair?.1)).chain(upper))
    }

    fn all_judged(&self) -> Stream<'_, Judged> {
        self.values(keys::JUDGED)
    }

    fn fact(&self, id: &FactId) -> Result<Option<Fact>, StateError> {
        self.aliased(keys::FACT, keys::FACT_ALIAS, keys::short_fact(id)?)
    }

    fn fact_of_claim(&self, claim: &ClaimId) -> Result<Option<FactId>, StateError> {
        self.alias(keys::FACT_OF_CLAIM, keys::short_claim(claim)?)?
            .map(keys::fact_id)
            .transpose()
    }

    fn facts(&self) -> Stream<'_, Fact> {
        self.values(keys::FACT)
    }

    fn conflict(&self, id: &ConflictId) -> Result<Option<Conflict>, StateError> {
        self.aliased(
            keys::CONFLICT,
            keys::CONFLICT_ALIAS,
            keys::short_conflict(id)?,
        )
    }

    fn conflicts(&self) -> Stream<'_, Conflict> {
        self.values(keys::CONFLICT)
    }

    fn decisions(&self) -> Stream<'_, StoredDecision> {
        Box::new(self.prefixed(vec![keys::DECISION]).map(|pair| {
            let (key, value) = pair?;
            stored_decision(&key, &value)
        }))
    }

    fn ids(&self, kind: IdKind, low: u64, high: u64) -> Stream<'_, String> {
        let (letter, kinds): (_, &[u8]) = match kind {
            IdKind::Claim => ('c', &[keys::CLAIM]),
            IdKind::Fact => ('f', &[keys::FACT, keys::FACT_ALIAS]),
            IdKind::Conflict => ('k', &[keys::CONFLICT, keys::CONFLICT_ALIAS]),
        };
        let range = move |kind: &u8| {
            let from = keys::key(*kind, &[&low.to_be_bytes()]);
            let until = keys::behind(&keys::key(*kind, &[&high.to_be_bytes()]));
            self.kv.range(from, until, false)
        };
        Box::new(kinds.iter().flat_map(range).map(move |pair| {
            let (key, _) = pair?;
            let number = key.get(1..).and_then(|id| Short::try_from(id).ok());
            let number = number.ok_or_else(|| StateError::undecodable("an id that is none"))?;
            Ok(format!("{letter}-{:016x}", u64::from_be_bytes(number)))
        }))
    }

    fn outbox(&self) -> Stream<'_, OutboxItem> {
        self.values(keys::OUTBOX)
    }

    fn delivered(&self, sink: &str, key: &str) -> Result<Option<Timestamp>, StateError> {
        self.value(&keys::outbox(keys::DELIVERED, sink, key))
    }

    fn source(&self, id: &SourceId) -> Result<Option<SourceState>, StateError> {
        self.value(&keys::source(id))
    }

    fn sources(&self) -> Stream<'_, (SourceId, SourceState)> {
        Box::new(self.prefixed(vec![keys::SOURCE]).map(|pair| {
            let (key, value) = pair?;
            let id = key
                .get(1..)
                .and_then(|id| std::str::from_utf8(id).ok()?.parse().ok())
                .ok_or_else(|| StateError::undecodable("a source"))?;
            Ok((id, codec::unpack(&value)?))
        }))
    }
}

fn block_entry(key: &[u8], prefix_len: usize) -> Result<BlockEntry, StateError> {
    let (reading, claim) = key
        .get(prefix_len..)
        .and_then(keys::parse_block_entry)
        .ok_or_else(|| StateError::undecodable("an entry of a block"))?;
    Ok(BlockEntry {
        reading: reading.to_owned(),
        claim: keys::claim_id(claim)?,
    })
}

fn claim_at_end(key: &[u8]) -> Result<ClaimId, StateError> {
    let id = key
        .last_chunk::<8>()
        .ok_or_else(|| StateError::undecodable("an entry of a block"))?;
    keys::claim_id(*id)
}

fn stored_decision(key: &[u8], value: &[u8]) -> Result<StoredDecision, StateError> {
    let seq = key
        .last_chunk::<8>()
        .ok_or_else(|| StateError::undecodable("a decision"))?;
    Ok(StoredDecision {
        seq: u64::from_be_bytes(*seq),
        decision: codec::unpack_json(value)?,
    })
}
