//! Writing: records into the archive, and what follows from them into state and index.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use anyhow::{Context as _, Result};
use hedui_model::{Article, ArticleDigest, ArticleKey, Claim, Diagnostic, SourceId};
use hedui_page::feed::{next_visit_unchanged, read_feed};
use hedui_store::archive::{
    Appended, Context, Entry, Ingested, Mark, Profile, Record, RecordRef, StoredExchange,
    StoredRecord,
};
use hedui_store::index::{SearchIndex, TantivyIndex};
use hedui_store::journal::{Event, FirstCrawl};
use hedui_store::state::{Batch, Change, FetchState, OutboxItem, SourceState, StoredArticle};
use hedui_store::{Archive, DiskArchive, SledState, State};
use hedui_text::{ArticleInput, NEAR_DUPLICATE, similarity};
use jiff::Timestamp;

use super::desk::Desk;
use super::document::{self, Document};
use super::engine::Engine;
use super::given::GivenError;
use super::pending::Pending;
use super::regroup;
use super::tell;
use super::timing::{Stage, Timings};

/// How many numbers of a signature an article is entered under: two near duplicates share one of them almost surely.
const SKETCH_VALUES: usize = 12;

/// The name under which a record keeps the address that was asked for first, where redirects led elsewhere.
pub(crate) const ASKED: &str = "asked";

/// The largest page, its content encoding undone, that is read. Bytes. What is fetched is limited before.
const DECODED_BYTES_MAX: u64 = 64 << 20;

/// How many articles go into the index before it is committed.
const INDEX_BATCH: usize = 256;

/// What became of an article that was handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It was not known.
    New,
    /// It was known with another content.
    Revision,
    /// It is as it was.
    Unchanged,
    /// It was not known, and is a near duplicate of another.
    DuplicateOf(ArticleKey),
}

/// A document with what reading it found, before it is kept.
#[derive(Debug)]
pub(crate) struct Analysed {
    article: Article,
    claims: Vec<Claim>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl Analysed {
    /// Returns what the article is known by.
    pub(crate) fn key(&self) -> &ArticleKey {
        &self.article.meta.key
    }
}

/// The one that writes an archive, its state and its index.
#[derive(Debug)]
pub(crate) struct Writer {
    pub(crate) archive: Arc<DiskArchive>,
    pub(crate) state: Arc<SledState>,
    pub(crate) engine: Arc<Engine>,
    pub(crate) timings: Timings,
    pub(crate) desk: Arc<Desk>,
    index: TantivyIndex,
    /// Articles added to the index since its last commit.
    uncommitted: usize,
    /// What was read badly, by code.
    pub(crate) diagnostics: BTreeMap<String, u64>,
}

impl Writer {
    /// Takes hold of an archive whose state and index are in step, or will be by [`Writer::apply`].
    pub(crate) fn new(desk: Arc<Desk>, index: TantivyIndex, engine: Arc<Engine>) -> Writer {
        let timings = Timings::start();
        Writer {
            archive: Arc::clone(&desk.archive),
            state: Arc::clone(&desk.state),
            desk,
            engine,
            timings,
            index,
            uncommitted: 0,
            diagnostics: BTreeMap::new(),
        }
    }

    /// Reads a document as the next revision of its article; `None` where it is as it was.
    ///
    /// Pure but for looking up what is known of the article, so several threads may do it at once.
    pub(crate) fn analyse(&self, document: Document) -> Result<(ArticleKey, Option<Analysed>)> {
        let hash = document.hash();
        let Document {
            mut input,
            diagnostics,
        } = document;
        let known = self.settle_key(&mut input)?;
        let key = input.key.clone();
        if known.as_ref().is_some_and(|known| known.hash == hash) {
            return Ok((key, None));
        }
        let revision = known.map_or(1, |known| known.revision().saturating_add(1));
        let (article, claims) = self.engine.read(input, revision, &self.timings);
        Ok((
            key,
            Some(Analysed {
                article,
                claims,
                diagnostics,
            }),
        ))
    }

    /// Gives an article of another source under the same id a key of its own, and a known article its first source.
    fn settle_key(&self, input: &mut ArticleInput) -> Result<Option<StoredArticle>> {
        let Some(known) = self.state.article(&input.key)? else {
            return Ok(None);
        };
        if known.digest.meta.source == input.source {
            return Ok(Some(known));
        }
        let is_url = input.url.as_deref().is_some_and(|url| {
            hedui_page::address::normalise(url).as_deref() == Some(input.key.as_str())
        });
        if is_url || known.hash.as_str() == input.key.as_str() {
            // Two sources lead to one page: it stays with the one that was first.
            input.source = known.digest.meta.source.clone();
            return Ok(Some(known));
        }
        input.key = format!("{}/{}", input.source, input.key)
            .parse()
            .context("a key of source and id")?;
        Ok(self.state.article(&input.key)?)
    }

    /// Says what an analysed article is to what is in the archive, and to those that are on their way.
    pub(crate) fn classify(&self, analysed: &Analysed, under_way: &[&Analysed]) -> Result<Answer> {
        if analysed.article.revision > 1 {
            return Ok(Answer::Revision);
        }
        let near = |other: &&&Analysed| {
            similarity(&other.article.signature, &analysed.article.signature) >= NEAR_DUPLICATE
        };
        if let Some(origin) = self
            .origin(&analysed.article)?
            .or_else(|| under_way.iter().find(near).map(|other| other.key().clone()))
        {
            return Ok(Answer::DuplicateOf(origin));
        }
        Ok(Answer::New)
    }

    /// Appends what was handed in; [`Writer::sync`] acknowledges it.
    pub(crate) fn append_ingested(&self, ingested: &Ingested) -> Result<Appended> {
        let record = Record::Ingested(ingested.clone());
        Ok(self
            .timings
            .time(Stage::Archive, || self.archive.append(&record))?)
    }

    /// Appends an exchange; [`Writer::sync`] acknowledges it.
    pub(crate) fn append_exchange(
        &self,
        exchange: hedui_model::Exchange,
        context: Context,
    ) -> Result<(Appended, StoredExchange)> {
        let prior = self
            .state
            .fetch(&exchange.url)?
            .and_then(|fetch| fetch.record);
        let record = Record::Exchange {
            exchange,
            context,
            prior,
        };
        let appended = self
            .timings
            .time(Stage::Archive, || self.archive.append(&record))?;
        let Record::Exchange {
            exchange, context, ..
        } = record
        else {
            unreachable!("it was made two lines above")
        };
        let revisit = appended.revisit.then_some(hedui_store::archive::Revisit {
            profile: if exchange.status == 304 {
                Profile::NotModified
            } else {
                Profile::IdenticalPayload
            },
            origin: prior,
        });
        let stored = StoredExchange {
            exchange,
            context,
            id: appended.id.clone(),
            payload: appended.payload.clone(),
            revisit,
        };
        Ok((appended, stored))
    }

    /// Makes everything that was appended safe.
    pub(crate) fn sync(&self) -> Result<()> {
        self.timings.time(Stage::Archive, || self.archive.sync())?;
        Ok(())
    }

    /// Brings state and index up to a replayed entry.
    pub(crate) fn apply(&mut self, mark: Mark, entry: Entry) -> Result<()> {
        match entry {
            Entry::Record {
                at,
                record: StoredRecord::Ingested { ingested, .. },
            } => {
                let document = self
                    .timings
                    .time(Stage::Page, || document::of_ingested(&ingested));
                self.apply_document(document, at, Pending::at(mark))
            }
            Entry::Record {
                at,
                record: StoredRecord::Exchange(exchange),
            } => self.apply_exchange(mark, at, &exchange).map(drop),
            Entry::Journal { seq, entry } => {
                let engine = || Ok(Arc::clone(&self.engine));
                self.desk.apply(mark, seq, entry, engine)
            }
        }
    }

    fn apply_document(
        &mut self,
        document: Result<Document, GivenError>,
        at: RecordRef,
        pending: Pending,
    ) -> Result<()> {
        let analysed = match document {
            Ok(document) => self.analyse(document)?.1,
            Err(error) => {
                tracing::debug!(%error, "record without an article");
                None
            }
        };
        match analysed {
            Some(analysed) => self.apply_article(analysed, at, pending),
            None => self.put(pending),
        }
    }

    /// Brings state and index up to an exchange; returns what became of the article, if it holds one.
    pub(crate) fn apply_exchange(
        &mut self,
        mark: Mark,
        at: RecordRef,
        stored: &StoredExchange,
    ) -> Result<Option<Answer>> {
        let exchange = &stored.exchange;
        let mut fetch = self
            .state
            .fetch(&exchange.url)?
            .unwrap_or_else(|| FetchState::new(&exchange.url, exchange.at));
        let unchanged = exchange.status == 304
            || fetch.payload.as_ref() == Some(&stored.payload) && fetch.status == exchange.status;
        let rested = fetch.not_before.map(|until| until.duration_since(fetch.at));
        fetch.at = exchange.at;
        fetch.failures = if exchange.status >= 400 {
            fetch.failures.saturating_add(1)
        } else {
            0
        };
        if exchange.status != 304 {
            fetch.status = exchange.status;
            fetch.payload = Some(stored.payload.clone());
        }
        match exchange.status {
            200 => {
                fetch.etag = exchange.header("etag");
                fetch.last_modified = exchange.header("last-modified");
            }
            304 => {
                fetch.etag = exchange.header("etag").or(fetch.etag);
                fetch.last_modified = exchange.header("last-modified").or(fetch.last_modified);
            }
            _ => {}
        }
        if stored.revisit.is_none() && exchange.status == 200 {
            fetch.record = Some(at);
        }
        let mut pending = Pending::at(mark);
        if stored.context.purpose.as_deref() == Some(purpose::FEED) {
            fetch.not_before = if unchanged {
                rested.and_then(|rested| next_visit_unchanged(exchange.at, rested))
            } else {
                next_visit(exchange)
            };
            self.rest_where_asked(stored, &fetch, &mut pending)?;
        }
        if let Some(source) = &stored.context.source {
            self.source(source, exchange.at, &mut pending)?.fetched += 1;
        }
        let is_article =
            stored.context.purpose.as_deref() == Some(purpose::ARTICLE) && exchange.status == 200;
        if !is_article || unchanged && fetch.article.is_some() {
            let answer = (stored.context.purpose.as_deref() == Some(purpose::ARTICLE)
                && fetch.article.is_some())
            .then_some(Answer::Unchanged);
            pending.push(Change::PutFetch(Box::new(fetch)));
            self.put(pending)?;
            return Ok(answer);
        }
        let document = self.timings.time(Stage::Page, || {
            let body = hedui_fetch::decoded_body(exchange, DECODED_BYTES_MAX).unwrap_or_default();
            document::of_exchange(exchange, &body, &stored.context)
        });
        let (key, analysed) = match document {
            Ok(document) => self.analyse(document)?,
            Err(error) => {
                tracing::debug!(url = %exchange.url, %error, "page without an article");
                pending.push(Change::PutFetch(Box::new(fetch)));
                self.put(pending)?;
                return Ok(None);
            }
        };
        fetch.article = Some(key.clone());
        let asked = stored.context.more.get(ASKED).into_iter();
        for url in asked.chain([&exchange.url]) {
            pending.push(Change::PutUrl {
                url: url.clone(),
                article: key.clone(),
            });
        }
        pending.push(Change::PutFetch(Box::new(fetch)));
        let Some(analysed) = analysed else {
            self.put(pending)?;
            return Ok(Some(Answer::Unchanged));
        };
        let answer = self.classify(&analysed, &[])?;
        self.apply_article(analysed, at, pending)?;
        Ok(Some(answer))
    }

    /// Lets the address that was asked for rest as long as the feed to which it redirects.
    fn rest_where_asked(
        &self,
        stored: &StoredExchange,
        feed: &FetchState,
        pending: &mut Pending,
    ) -> Result<()> {
        let asked = stored.context.more.get(ASKED);
        let is_redirect = matches!(feed.status, 300..=399);
        let Some(asked) = asked.filter(|asked| **asked != feed.url && !is_redirect) else {
            return Ok(());
        };
        let known = self.state.fetch(asked)?;
        let mut fetch = known.unwrap_or_else(|| FetchState::new(asked, feed.at));
        fetch.at = feed.at;
        fetch.not_before = feed.not_before;
        pending.push(Change::PutFetch(Box::new(fetch)));
        Ok(())
    }

    /// Brings state and index up to an article that was appended and synced.
    pub(crate) fn apply_analysed(&mut self, analysed: Analysed, appended: &Appended) -> Result<()> {
        self.apply_article(analysed, appended.at, Pending::at(appended.mark))
    }

    fn apply_article(
        &mut self,
        analysed: Analysed,
        at: RecordRef,
        mut pending: Pending,
    ) -> Result<()> {
        let Analysed {
            article,
            claims,
            diagnostics,
        } = analysed;
        for diagnostic in diagnostics {
            *self.diagnostics.entry(diagnostic.code).or_default() += 1;
        }
        let origin = self.origin(&article)?;
        let digest = ArticleDigest::new(&article, &claims);
        let state = Arc::clone(&self.state);
        let engine = Arc::clone(&self.engine);
        self.timings.time(Stage::Reconcile, || {
            let key = &article.meta.key;
            let old = state.article(key)?;
            let is_kept = |id: &_| Ok(state.claim(id)?.is_some());
            self.desk
                .change(|ledger| ledger.revise(key, &claims, &is_kept))?;
            let touched = regroup::judge_article(
                &state,
                &engine,
                &digest,
                &claims,
                old.as_ref(),
                &mut pending,
            )?;
            let seen = article.meta.seen;
            regroup::regroup(&self.desk, &engine.reconciler, touched, seen, &mut pending)
        })?;
        for &value in article.signature.0.iter().take(SKETCH_VALUES) {
            pending.push(Change::PutSketch {
                value,
                article: article.meta.key.clone(),
            });
        }
        if let Some(url) = &article.meta.url {
            pending.push(Change::PutUrl {
                url: url.clone(),
                article: article.meta.key.clone(),
            });
        }
        let stored = StoredArticle {
            digest,
            hash: article.hash.clone(),
            record: at,
            claims,
            origin: origin.clone(),
        };
        let (count, is_copy, is_new) = (
            stored.claims.len() as u64,
            origin.is_some(),
            article.revision == 1,
        );
        let source = self.source(&article.meta.source, article.meta.seen, &mut pending)?;
        source.articles += u64::from(is_new);
        source.copies += u64::from(is_copy && is_new);
        source.claims += count;
        self.timings.time(Stage::Index, || {
            self.index.add(&article, &stored.claims, origin.as_ref())
        })?;
        // The article goes first: what follows in the batch refers to its claims.
        let body = article.body.text.clone();
        pending.changes.insert(
            0,
            Change::PutArticle {
                article: Box::new(stored),
                body,
            },
        );
        self.put(pending)?;
        self.timings.count_article();
        self.uncommitted += 1;
        if self.uncommitted >= INDEX_BATCH {
            self.commit_index()?;
        }
        Ok(())
    }

    /// Finds the article of which this one is a near duplicate: the earliest, and never itself a copy.
    fn origin(&self, article: &Article) -> Result<Option<ArticleKey>> {
        let mut keys: BTreeSet<ArticleKey> = BTreeSet::new();
        for &value in article.signature.0.iter().take(SKETCH_VALUES) {
            for key in self.state.articles_by_sketch(value).take(64) {
                keys.insert(key?);
            }
        }
        keys.remove(&article.meta.key);
        let mut best: Option<(Timestamp, ArticleKey)> = None;
        for key in keys {
            let Some(other) = self.state.article(&key)? else {
                continue;
            };
            if similarity(&other.digest.signature, &article.signature) < NEAR_DUPLICATE {
                continue;
            }
            let origin = other.origin.clone().unwrap_or(key);
            let candidate = (other.digest.meta.instant(), origin);
            if candidate.1 != article.meta.key && best.as_ref().is_none_or(|best| candidate < *best)
            {
                best = Some(candidate);
            }
        }
        Ok(best.map(|(_, key)| key))
    }

    /// Returns the bookkeeping of a source as it will be after what is pending.
    fn source<'p>(
        &self,
        id: &SourceId,
        at: Timestamp,
        pending: &'p mut Pending,
    ) -> Result<&'p mut SourceState> {
        if !pending.sources.contains_key(id) {
            pending
                .sources
                .insert(id.clone(), self.state.source(id)?.unwrap_or_default());
        }
        let source = pending.sources.entry(id.clone()).or_default();
        source.last_attempt = Some(at);
        source.last_success = Some(at);
        Ok(source)
    }

    /// Notes how a source's crawl ended. This is only kept in the state: it tells of the last run and decides nothing
    /// that a replay would have to decide again.
    pub(crate) fn note_source(
        &mut self,
        id: &SourceId,
        complete: bool,
        error: Option<String>,
    ) -> Result<()> {
        let mut source = self.state.source(id)?.unwrap_or_default();
        source.failures = if error.is_some() {
            source.failures.saturating_add(1)
        } else {
            0
        };
        source.last_error = error;
        let mut batch = Batch::new();
        batch.push(Change::PutSource {
            id: id.clone(),
            source: Box::new(source),
        });
        let value = complete.then(|| "complete".to_owned());
        batch.push(Change::SetMeta {
            name: crawl_mark(id),
            value,
        });
        Ok(self.state.apply(&batch)?)
    }

    /// Tells whether a source's last crawl read all that its lists named; unknown counts as no.
    pub(crate) fn crawl_was_complete(&self, id: &SourceId) -> Result<bool> {
        Ok(self.state.meta(&crawl_mark(id))?.is_some())
    }

    /// Notes that a crawl of a source has begun: until it ends well, its lists are read anew.
    pub(crate) fn begin_crawl(&mut self, id: &SourceId) -> Result<()> {
        let mut batch = Batch::new();
        batch.push(Change::SetMeta {
            name: crawl_mark(id),
            value: None,
        });
        Ok(self.state.apply(&batch)?)
    }

    /// Keeps a text by name, or forgets it. Only in the state: what is named so must be no loss.
    pub(crate) fn note(&self, name: &str, value: Option<String>) -> Result<()> {
        let mut batch = Batch::new();
        batch.push(Change::SetMeta {
            name: name.to_owned(),
            value,
        });
        Ok(self.state.apply(&batch)?)
    }

    /// Applies what is pending as one batch.
    fn put(&self, pending: Pending) -> Result<()> {
        let mut batch = Batch::at(pending.mark);
        batch.extend(pending.changes);
        for (id, source) in pending.sources {
            batch.push(Change::PutSource {
                id,
                source: Box::new(source),
            });
        }
        Ok(self
            .timings
            .time(Stage::State, || self.state.apply(&batch))?)
    }

    /// Keeps an event in the journal, syncs it, and applies it.
    pub(crate) fn record(&mut self, at: Timestamp, event: Event) -> Result<()> {
        let engine = || Ok(Arc::clone(&self.engine));
        self.desk.record(at, event, engine).map(drop)
    }

    /// Keeps an alert in the outbox after a delivery failed. How often is only kept in the state: a rebuilt state
    /// begins to count anew.
    pub(crate) fn put_off(&mut self, mut item: OutboxItem, error: String) -> Result<()> {
        item.attempts = item.attempts.saturating_add(1);
        item.last_error = Some(error);
        let mut batch = Batch::new();
        batch.push(Change::PutOutbox(Box::new(item)));
        Ok(self.state.apply(&batch)?)
    }

    /// Ends the first run of an archive: what it found is told as one digest. Does nothing after a later run.
    pub(crate) fn end_first_run(&mut self, now: Timestamp) -> Result<()> {
        if self.state.meta(tell::FIRST_RUN)?.is_some() || self.state.counts()?.articles == 0 {
            return Ok(());
        }
        let conflicts = self.desk.to_tell(now)?;
        self.record(
            now,
            Event::FirstCrawl(FirstCrawl {
                source: None,
                conflicts,
            }),
        )
    }

    /// Makes what was added to the index visible and lasting.
    pub(crate) fn commit_index(&mut self) -> Result<()> {
        let mark = serde_json::to_vec(&self.state.mark()?)?;
        self.timings
            .time(Stage::Index, || self.index.commit(&mark))?;
        self.uncommitted = 0;
        Ok(())
    }

    /// Returns the position that the index was committed at, if it has one.
    pub(crate) fn index_mark(&self) -> Option<Mark> {
        serde_json::from_slice(&self.index.applied()?).ok()
    }

    /// Returns which articles an entry of the archive was read as.
    pub(crate) fn articles_of(&self, entry: &Entry) -> Result<Vec<ArticleKey>> {
        match entry {
            Entry::Record {
                record: StoredRecord::Exchange(stored),
                ..
            } => Ok(self
                .state
                .fetch(&stored.exchange.url)?
                .and_then(|fetch| fetch.article)
                .into_iter()
                .collect()),
            Entry::Record {
                record: StoredRecord::Ingested { ingested, .. },
                ..
            } => {
                let Ok(document) = document::of_ingested(ingested) else {
                    return Ok(Vec::new());
                };
                let Document { input, .. } = document;
                let shared = format!("{}/{}", input.source, input.key).parse();
                Ok(std::iter::once(input.key).chain(shared).collect())
            }
            Entry::Journal { .. } => Ok(Vec::new()),
        }
    }

    /// Adds the newest revision of an article that the state has to the index again.
    pub(crate) fn index_again(&mut self, stored: &StoredArticle) -> Result<()> {
        let meta = &stored.digest.meta;
        let Some(body) = self.state.body(&meta.key, stored.revision())? else {
            return Ok(());
        };
        let input = ArticleInput {
            key: meta.key.clone(),
            source: meta.source.clone(),
            url: meta.url.clone(),
            lang: Some(meta.lang_tag().to_owned()),
            region: meta.region,
            published: meta.published,
            seen: meta.seen,
            title: stored.digest.title.clone(),
            body,
            author: meta.author.clone(),
        };
        let mut article = self
            .timings
            .time(Stage::Text, || self.engine.analyzer.article(input));
        article.revision = stored.revision();
        self.timings.time(Stage::Index, || {
            self.index
                .add(&article, &stored.claims, stored.origin.as_ref())
        })?;
        self.uncommitted += 1;
        Ok(())
    }

    /// Commits the index and hands everything to the system: what a clean end does.
    pub(crate) fn close(mut self) -> Result<Timings> {
        self.commit_index()?;
        self.state.flush()?;
        Ok(self.timings)
    }
}

/// Reads from a feed when to ask for it again.
fn next_visit(exchange: &hedui_model::Exchange) -> Option<Timestamp> {
    if exchange.status != 200 {
        return None;
    }
    let body = hedui_fetch::decoded_body(exchange, DECODED_BYTES_MAX).ok()?;
    let header = |name| exchange.header(name);
    let (feed, _) = read_feed(
        &body,
        header("content-type").as_deref(),
        header("content-location").as_deref(),
        Some(&exchange.url),
    );
    feed.next_visit(exchange.at)
}

/// The name under which the state keeps whether a source's last crawl was complete.
fn crawl_mark(id: &SourceId) -> String {
    format!("crawl:{id}")
}

/// What an exchange was made for, as the archive keeps it.
pub(crate) mod purpose {
    /// A page that is an article.
    pub(crate) const ARTICLE: &str = "article";
    /// A feed.
    pub(crate) const FEED: &str = "feed";
}
