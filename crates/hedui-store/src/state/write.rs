//! Works out what a batch changes.

use hedui_model::{ArticleKey, ClaimId, Conflict, ConflictId, Fact, FactId, Judged};
use std::sync::PoisonError;

use super::batch::{Batch, Change};
use super::codec;
use super::keys::{self, Short};
use super::kv::{Kv, KvState};
use super::overlay::Overlay;
use super::read::ClaimPlace;
use super::stored::{Counts, OutboxItem, StoredArticle};
use crate::error::StateError;
use crate::journal::Decision;

impl<K: Kv> KvState<K> {
    /// Applies a batch.
    pub(super) fn write_batch(&self, batch: &Batch) -> Result<(), StateError> {
        // A panic while a batch is worked out leaves nothing behind: it is written in one go.
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut writer = Writer {
            counts: self.read_counts()?,
            over: Overlay::new(&self.kv),
        };
        let before = writer.counts;
        for change in &batch.changes {
            writer.change(change)?;
        }
        if writer.counts != before {
            let counts = writer.counts;
            writer.over.put_value(keys::COUNTS.to_vec(), &counts)?;
        }
        if let Some(mark) = batch.mark {
            writer.over.put_value(keys::MARK.to_vec(), &mark)?;
        }
        self.kv.write(writer.over.into_changes())
    }
}

struct Writer<'a, K> {
    over: Overlay<'a, K>,
    counts: Counts,
}

impl<K: Kv> Writer<'_, K> {
    fn change(&mut self, change: &Change) -> Result<(), StateError> {
        match change {
            Change::PutArticle { article, body } => {
                let key = keys::body(article.key(), article.revision());
                self.over.put(key, codec::pack_text(body));
                self.put_article(article)
            }
            Change::UpdateArticle(article) => self.put_article(article),
            Change::RemoveArticle(key) => self.remove_article(key),
            Change::PutUrl { url, article } => {
                self.over.put_value(keys::url(keys::URL, url), article)
            }
            Change::RemoveUrl(url) => self.remove(keys::url(keys::URL, url)),
            Change::PutFetch(fetch) => self
                .over
                .put_value(keys::url(keys::FETCH, &fetch.url), fetch),
            Change::RemoveFetch(url) => self.remove(keys::url(keys::FETCH, url)),
            Change::PutSketch { value, article } => self.mark(keys::sketch(*value, article)),
            Change::RemoveSketch { value, article } => self.remove(keys::sketch(*value, article)),
            Change::PutBlock {
                block,
                reading,
                claim,
            } => self.mark(keys::block_entry(block, reading, keys::short_claim(claim)?)),
            Change::RemoveBlock {
                block,
                reading,
                claim,
            } => self.remove(keys::block_entry(block, reading, keys::short_claim(claim)?)),
            Change::PutJudged(judged) => self.put_judged(judged),
            Change::RemoveJudged { a, b } => self.remove_judged(a, b),
            Change::PutFact(fact) => self.put_fact(fact),
            Change::RemoveFact(id) => self.remove_fact(id),
            Change::PutConflict(conflict) => self.put_conflict(conflict),
            Change::RemoveConflict(id) => self.remove_conflict(id),
            Change::PutDecision { seq, decision } => self.put_decision(*seq, decision),
            Change::PutOutbox(item) => self.put_outbox(item),
            Change::RemoveOutbox { sink, key } => self.remove_outbox(sink, key),
            Change::PutDelivered { sink, key, at } => {
                self.remove_outbox(sink, key)?;
                self.over
                    .put_value(keys::outbox(keys::DELIVERED, sink, key), at)
            }
            Change::PutSource { id, source } => self.over.put_value(keys::source(id), source),
            Change::SetMeta { name, value } => match value {
                Some(value) => {
                    self.over.put(keys::meta(name), value.clone().into_bytes());
                    Ok(())
                }
                None => self.remove(keys::meta(name)),
            },
        }
    }

    /// Puts a key without a value.
    #[allow(clippy::unnecessary_wraps)] // so that every change is one expression
    fn mark(&mut self, key: Vec<u8>) -> Result<(), StateError> {
        self.over.put(key, Vec::new());
        Ok(())
    }

    #[allow(clippy::unnecessary_wraps)] // as above
    fn remove(&mut self, key: Vec<u8>) -> Result<(), StateError> {
        self.over.remove(key);
        Ok(())
    }

    fn put_article(&mut self, new: &StoredArticle) -> Result<(), StateError> {
        let key = new.key();
        let current = self.over.article(&keys::article(key))?;
        match &current {
            None => {
                self.counts.articles += 1;
                self.counts.revisions += 1;
            }
            Some(old) if old.revision() < new.revision() => {
                self.counts.revisions += 1;
                let place = keys::revision(key, old.revision());
                self.over.put_article(place, old)?;
            }
            Some(old) if old.revision() == new.revision() => self.drop_claims(old, new)?,
            Some(_) => return self.put_earlier(new),
        }
        if let Some(old) = &current {
            self.over.remove(keys::time(old.digest.meta.instant(), key));
        }
        self.mark(keys::time(new.digest.meta.instant(), key))?;
        self.put_claims(new, true)?;
        self.over.put_article(keys::article(key), new)
    }

    /// Puts a revision that comes after a later one.
    fn put_earlier(&mut self, new: &StoredArticle) -> Result<(), StateError> {
        let place = keys::revision(new.key(), new.revision());
        match self.over.article(&place)? {
            Some(old) => self.drop_claims(&old, new)?,
            None => self.counts.revisions += 1,
        }
        self.put_claims(new, false)?;
        self.over.put_article(place, new)
    }

    /// Lets claims be found in a revision; those found in a later one only where `is_newest`.
    fn put_claims(&mut self, article: &StoredArticle, is_newest: bool) -> Result<(), StateError> {
        for (claim, index) in article.claims.iter().zip(0_u32..) {
            let key = keys::claim(keys::short_claim(&claim.id)?);
            let is_there = self.over.has(&key)?;
            if !is_there {
                self.counts.claims += 1;
            }
            if !is_there || is_newest {
                let place = ClaimPlace {
                    article: article.key().clone(),
                    revision: article.revision(),
                    index,
                };
                self.over.put_value(key, &place)?;
            }
        }
        Ok(())
    }

    /// Forgets claims of a revision that it has no longer.
    fn drop_claims(&mut self, old: &StoredArticle, new: &StoredArticle) -> Result<(), StateError> {
        for claim in &old.claims {
            if !new.claims.iter().any(|kept| kept.id == claim.id) {
                self.drop_claim(old, &claim.id)?;
            }
        }
        Ok(())
    }

    /// Forgets where a claim stands, if it stands in this revision.
    fn drop_claim(&mut self, article: &StoredArticle, id: &ClaimId) -> Result<(), StateError> {
        let key = keys::claim(keys::short_claim(id)?);
        let place: Option<ClaimPlace> = self.over.value(&key)?;
        let is_here = place.is_some_and(|place| {
            place.article == *article.key() && place.revision == article.revision()
        });
        if is_here {
            self.counts.claims = self.counts.claims.saturating_sub(1);
            self.over.remove(key);
        }
        Ok(())
    }

    fn remove_article(&mut self, key: &ArticleKey) -> Result<(), StateError> {
        let Some(current) = self.over.article(&keys::article(key))? else {
            return Ok(());
        };
        let mut revisions = Vec::new();
        for place in self.over.keys(&keys::revisions(key))? {
            revisions.extend(self.over.article(&place)?);
            self.over.remove(place);
        }
        self.over.remove(keys::article(key));
        self.over
            .remove(keys::time(current.digest.meta.instant(), key));
        if let Some(url) = &current.digest.meta.url {
            let place = keys::url(keys::URL, url);
            if self.over.value::<ArticleKey>(&place)?.as_ref() == Some(key) {
                self.over.remove(place);
            }
        }
        revisions.push(current);
        self.counts.articles = self.counts.articles.saturating_sub(1);
        self.counts.revisions = self.counts.revisions.saturating_sub(revisions.len() as u64);
        for article in &revisions {
            self.over.remove(keys::body(key, article.revision()));
            for value in &article.digest.signature.0 {
                self.over.remove(keys::sketch(*value, key));
            }
            for claim in &article.claims {
                self.drop_claim(article, &claim.id)?;
                self.remove_all_judged(&claim.id)?;
            }
        }
        Ok(())
    }

    fn put_judged(&mut self, judged: &Judged) -> Result<(), StateError> {
        let (low, high) = pair(&judged.a, &judged.b)?;
        let key = keys::key(keys::JUDGED, &[&low, &high]);
        if !self.over.has(&key)? {
            self.counts.judged += 1;
        }
        self.over
            .put(keys::key(keys::JUDGED_BACK, &[&high, &low]), Vec::new());
        self.over.put_value(key, judged)
    }

    fn remove_judged(&mut self, a: &ClaimId, b: &ClaimId) -> Result<(), StateError> {
        let (low, high) = pair(a, b)?;
        self.remove_judged_short(low, high)
    }

    fn remove_judged_short(&mut self, low: Short, high: Short) -> Result<(), StateError> {
        let key = keys::key(keys::JUDGED, &[&low, &high]);
        if self.over.has(&key)? {
            self.counts.judged = self.counts.judged.saturating_sub(1);
        }
        self.over.remove(key);
        self.remove(keys::key(keys::JUDGED_BACK, &[&high, &low]))
    }

    fn remove_all_judged(&mut self, id: &ClaimId) -> Result<(), StateError> {
        let id = keys::short_claim(id)?;
        for (kind, is_low) in [(keys::JUDGED, true), (keys::JUDGED_BACK, false)] {
            for key in self.over.keys(&keys::key(kind, &[&id]))? {
                let Some(&other) = key.last_chunk::<8>() else {
                    continue;
                };
                let (low, high) = if is_low { (id, other) } else { (other, id) };
                self.remove_judged_short(low, high)?;
            }
        }
        Ok(())
    }

    fn put_fact(&mut self, fact: &Fact) -> Result<(), StateError> {
        let id = keys::short_fact(&fact.id)?;
        let key = keys::key(keys::FACT, &[&id]);
        let old: Option<Fact> = self.over.value(&key)?;
        if old.is_none() {
            self.counts.facts += 1;
        }
        let old = old.map(|old| old.claims).unwrap_or_default();
        // A fact may have thousands of claims, of which few are new.
        let kept: std::collections::HashSet<&ClaimId> = fact.claims.iter().collect();
        for claim in old.iter().filter(|claim| !kept.contains(claim)) {
            self.leave_fact(claim, id)?;
        }
        for claim in &fact.claims {
            let key = keys::key(keys::FACT_OF_CLAIM, &[&keys::short_claim(claim)?]);
            if self.over.get(&key)?.as_deref() != Some(id.as_slice()) {
                self.over.put(key, id.to_vec());
            }
        }
        for alias in &fact.aliases {
            let key = keys::key(keys::FACT_ALIAS, &[&keys::short_fact(alias)?]);
            self.over.put(key, id.to_vec());
        }
        self.over.put_value(key, fact)
    }

    fn remove_fact(&mut self, fact: &FactId) -> Result<(), StateError> {
        let id = keys::short_fact(fact)?;
        let key = keys::key(keys::FACT, &[&id]);
        let Some(old) = self.over.value::<Fact>(&key)? else {
            return Ok(());
        };
        self.counts.facts = self.counts.facts.saturating_sub(1);
        for claim in &old.claims {
            self.leave_fact(claim, id)?;
        }
        for alias in &old.aliases {
            let alias = keys::key(keys::FACT_ALIAS, &[&keys::short_fact(alias)?]);
            self.remove_if(alias, &id)?;
        }
        self.remove(key)
    }

    /// Lets a claim belong to no fact, if it belongs to this one.
    fn leave_fact(&mut self, claim: &ClaimId, fact: Short) -> Result<(), StateError> {
        let key = keys::key(keys::FACT_OF_CLAIM, &[&keys::short_claim(claim)?]);
        self.remove_if(key, &fact)
    }

    fn remove_if(&mut self, key: Vec<u8>, value: &[u8]) -> Result<(), StateError> {
        if self.over.get(&key)?.as_deref() == Some(value) {
            self.over.remove(key);
        }
        Ok(())
    }

    fn put_conflict(&mut self, conflict: &Conflict) -> Result<(), StateError> {
        let id = keys::short_conflict(&conflict.id)?;
        let key = keys::key(keys::CONFLICT, &[&id]);
        if !self.over.has(&key)? {
            self.counts.conflicts += 1;
        }
        for alias in &conflict.aliases {
            let key = keys::key(keys::CONFLICT_ALIAS, &[&keys::short_conflict(alias)?]);
            self.over.put(key, id.to_vec());
        }
        self.over.put_value(key, conflict)
    }

    fn remove_conflict(&mut self, conflict: &ConflictId) -> Result<(), StateError> {
        let id = keys::short_conflict(conflict)?;
        let key = keys::key(keys::CONFLICT, &[&id]);
        let Some(old) = self.over.value::<Conflict>(&key)? else {
            return Ok(());
        };
        self.counts.conflicts = self.counts.conflicts.saturating_sub(1);
        for alias in &old.aliases {
            let alias = keys::key(keys::CONFLICT_ALIAS, &[&keys::short_conflict(alias)?]);
            self.remove_if(alias, &id)?;
        }
        self.remove(key)
    }

    fn put_decision(&mut self, seq: u64, decision: &Decision) -> Result<(), StateError> {
        let value = codec::pack_json(decision)?;
        let key = keys::key(keys::DECISION, &[&seq.to_be_bytes()]);
        self.over.put(key, value);
        Ok(())
    }

    fn put_outbox(&mut self, item: &OutboxItem) -> Result<(), StateError> {
        let message = &item.alert.idempotency_key;
        let delivered = keys::outbox(keys::DELIVERED, &item.sink, message);
        if self.over.has(&delivered)? {
            return Ok(());
        }
        let key = keys::outbox(keys::OUTBOX, &item.sink, message);
        if !self.over.has(&key)? {
            self.counts.outbox += 1;
        }
        self.over.put_value(key, item)
    }

    fn remove_outbox(&mut self, sink: &str, message: &str) -> Result<(), StateError> {
        let key = keys::outbox(keys::OUTBOX, sink, message);
        if self.over.has(&key)? {
            self.counts.outbox = self.counts.outbox.saturating_sub(1);
            self.over.remove(key);
        }
        Ok(())
    }
}

/// Returns two claims in the order in which their pair is kept.
pub(super) fn pair(a: &ClaimId, b: &ClaimId) -> Result<(Short, Short), StateError> {
    let (a, b) = (keys::short_claim(a)?, keys::short_claim(b)?);
    Ok((a.min(b), a.max(b)))
}
