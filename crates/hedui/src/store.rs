//! Opening an archive: for reading, or for writing; and what commands read from it.
//!
//! Whoever opens an archive holds its lock and answers readers meanwhile. State
//! and index are brought up to the archive at opening: what is damaged or of
//! another version is set aside and made anew.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

use anyhow::{Context, Result};
use hedui_model::{
    Appearance, ArticleKey, ArticleMeta, Claim, ClaimId, Conflict, ConflictId, Fact, FactId, Place,
};
use hedui_reconcile::Reconciler;
use hedui_store::archive::ArchiveOptions;
use hedui_store::index::{IndexError, SearchIndex, SearchReader, TantivyIndex};
use hedui_store::journal::{Decision, Event};
use hedui_store::state::{SledOptions, StoredArticle};
use hedui_store::{
    Archive, ArchiveError, ArchiveLock, DiskArchive, LockError, Role, SledState, State, StateError,
};
use hedui_text::Analyzer;
use jiff::Timestamp;

use crate::config::Config;
use crate::exit::Failure;
use crate::io::Style;
use crate::pipeline::{Desk, Engine, Lens, TellWhen, Writer};
use crate::progress::Progress;
use crate::wire::{CharOffsets, ClaimJson};

/// An article as commands read it: the newest revision, with its text.
#[derive(Debug)]
pub(crate) struct ArticleView {
    stored: StoredArticle,
    body: String,
}

impl ArticleView {
    /// Returns what is known of it.
    pub(crate) fn meta(&self) -> &ArticleMeta {
        &self.stored.digest.meta
    }

    /// Returns its title, to the letter.
    pub(crate) fn title(&self) -> &str {
        &self.stored.digest.title
    }

    /// Returns its body, to the letter.
    pub(crate) fn body(&self) -> &str {
        &self.body
    }

    /// Returns which revision it is, from 1.
    pub(crate) fn revision(&self) -> u32 {
        self.stored.revision()
    }

    /// Returns the article of which it is a near duplicate.
    pub(crate) fn origin(&self) -> Option<&ArticleKey> {
        self.stored.origin.as_ref()
    }

    /// Returns its claims, in the order of the text.
    pub(crate) fn claims(&self) -> &[Claim] {
        &self.stored.claims
    }

    /// Returns its claims as they are compared with others.
    pub(crate) fn appearances(&self) -> impl Iterator<Item = Appearance> {
        Appearance::all(self.stored.digest.clone(), &self.stored.claims).into_iter()
    }
}

/// What reading commands see of an archive; shared with the threads that answer readers.
#[derive(Debug)]
pub(crate) struct View {
    /// The archive's folder.
    pub(crate) dir: PathBuf,
    /// The folder that relative paths on the command line start from.
    pub(crate) folder: PathBuf,
    /// When the command was given.
    pub(crate) now: Timestamp,
    shared: Arc<Shared>,
}

/// What all views of one opened archive share.
#[derive(Debug)]
struct Shared {
    config: Arc<Config>,
    archive: Arc<DiskArchive>,
    state: Arc<SledState>,
    desk: Arc<Desk>,
    /// What this process holds the archive for.
    role: Role,
    engine: OnceLock<Arc<Engine>>,
    reader: OnceLock<Reader>,
    /// Held while the index is opened: a process can open it only once at a time. Guards no data.
    opening: Mutex<()>,
}

/// Gives the shared reader a form for people.
#[derive(Clone)]
struct Reader(Arc<dyn SearchReader>);

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Reader")
    }
}

impl View {
    /// Returns the settings.
    pub(crate) fn config(&self) -> &Config {
        &self.shared.config
    }

    /// Returns the archive itself.
    pub(crate) fn archive(&self) -> &DiskArchive {
        &self.shared.archive
    }

    /// Returns the state.
    pub(crate) fn state(&self) -> &SledState {
        &self.shared.state
    }

    /// Resolves a path of the command line.
    pub(crate) fn path(&self, path: &Path) -> PathBuf {
        self.folder.join(path)
    }

    /// Returns the pure stages, loaded at the first call.
    pub(crate) fn engine(&self) -> Result<&Arc<Engine>> {
        if let Some(engine) = self.shared.engine.get() {
            return Ok(engine);
        }
        let engine = Arc::new(Engine::load(&self.shared.config)?);
        Ok(self.shared.engine.get_or_init(|| engine))
    }

    /// Returns what judges pairs.
    pub(crate) fn reconciler(&self) -> Result<&Reconciler> {
        Ok(&self.engine()?.reconciler)
    }

    /// Returns the canonical name for any name of an entity; a name that the lexicon does not know stays.
    pub(crate) fn canonical_name(&self, name: &str) -> Result<String> {
        let lexicon = crate::pipeline::lexicon(&self.shared.config)?;
        Ok(crate::names::canonical(&lexicon, name).unwrap_or_else(|| name.to_owned()))
    }

    /// Returns the reader of the index, opened at the first call.
    pub(crate) fn search(&self) -> Result<Arc<dyn SearchReader>> {
        if let Some(reader) = self.shared.reader.get() {
            return Ok(Arc::clone(&reader.0));
        }
        let _alone = self.shared.opening.lock();
        if let Some(reader) = self.shared.reader.get() {
            return Ok(Arc::clone(&reader.0));
        }
        // Opening a writer brings the index up to the state, if it was left behind.
        let mut writer = open_writer(self, Style::silent())?;
        writer.commit_index()?;
        let reader = self
            .shared
            .reader
            .get()
            .context("a writer sets the reader")?;
        Ok(Arc::clone(&reader.0))
    }

    /// Returns all articles, by key.
    pub(crate) fn articles(&self) -> impl Iterator<Item = Result<ArticleView>> + '_ {
        self.state()
            .articles(None)
            .map(|stored| self.with_body(stored?))
    }

    /// Returns the newest revision of an article.
    pub(crate) fn article(&self, key: &ArticleKey) -> Result<Option<ArticleView>> {
        let found = match self.state().article(key)? {
            Some(found) => Some(found),
            None => self
                .state()
                .article_of_url(key.as_str())?
                .map(|key| self.state().article(&key))
                .transpose()?
                .flatten(),
        };
        found.map(|stored| self.with_body(stored)).transpose()
    }

    fn with_body(&self, stored: StoredArticle) -> Result<ArticleView> {
        let body = self
            .state()
            .body(stored.key(), stored.revision())?
            .unwrap_or_default();
        Ok(ArticleView { stored, body })
    }

    /// Returns a claim with its article.
    pub(crate) fn appearance(&self, id: &ClaimId) -> Result<Option<Appearance>> {
        Ok(self.state().claim(id)?.and_then(|found| found.appearance()))
    }

    /// Returns a claim in the form for programs.
    pub(crate) fn claim_line(&self, appearance: &Appearance) -> Result<ClaimJson> {
        let claim = &appearance.claim;
        let text = match claim.place {
            Place::Title => appearance.article.title.clone(),
            Place::Body => self
                .state()
                .body(&claim.article, claim.revision)?
                .unwrap_or_default(),
        };
        Ok(ClaimJson::new(
            claim,
            &appearance.article.meta,
            &mut CharOffsets::new(&text),
        ))
    }

    /// Returns how conflicts are seen now, with what people decided.
    pub(crate) fn lens(&self) -> Result<Lens> {
        self.shared.desk.lens(self.now)
    }

    /// Returns all conflicts as they are seen, in every state.
    pub(crate) fn conflicts(&self) -> Result<impl Iterator<Item = Result<Conflict>> + '_> {
        let lens = self.lens()?;
        let conflicts = self.state().conflicts();
        Ok(conflicts.map(move |conflict| Ok(lens.conflict(conflict?))))
    }

    /// Returns a conflict as it is seen, by its id or that of one that was merged into it.
    pub(crate) fn conflict(&self, id: &ConflictId) -> Result<Option<Conflict>> {
        let found = self.state().conflict(id)?;
        let lens = self.lens()?;
        Ok(found.map(|conflict| lens.conflict(conflict)))
    }

    /// Tells whether this process may take decisions, and not only read.
    pub(crate) fn may_decide(&self) -> bool {
        self.shared.role == Role::Writer
    }

    /// Keeps a decision, and lets follow from it what does; returns the number of its journal line.
    ///
    /// # Errors
    /// Where the journal or the state cannot be written.
    pub(crate) fn decide(&self, decision: Decision) -> Result<u64> {
        let engine = || self.engine().map(Arc::clone);
        let desk = &self.shared.desk;
        desk.record(decision.at, Event::Decision(decision), engine)
    }

    /// Returns all facts.
    pub(crate) fn facts(&self) -> impl Iterator<Item = Result<Fact>> + '_ {
        self.state().facts().map(|fact| Ok(fact?))
    }

    /// Returns a fact by its id, or that of one that was merged into it.
    pub(crate) fn fact(&self, id: &FactId) -> Result<Option<Fact>> {
        Ok(self.state().fact(id)?)
    }

    /// Returns the same archive seen from another command.
    pub(crate) fn seen_from(&self, folder: PathBuf, now: Timestamp) -> View {
        View {
            dir: self.dir.clone(),
            folder,
            now,
            shared: Arc::clone(&self.shared),
        }
    }
}

/// An archive that this process holds.
#[derive(Debug)]
pub(crate) struct Held {
    /// What reading commands see.
    pub(crate) view: View,
    writer: Option<Writer>,
    /// Ends the lock when everything else is closed: fields are dropped in this order.
    _lock: ArchiveLock,
}

impl Held {
    /// Returns what writes, for a process that holds the archive to write.
    pub(crate) fn writer(&mut self) -> Result<&mut Writer> {
        self.writer
            .as_mut()
            .context("the archive was opened for reading")
    }

    /// Ends cleanly and returns where the time went. Whoever answers readers from this view has to be gone before:
    /// else the state is not closed, and is made anew if the machine is started again before its next opening.
    pub(crate) fn close(self) -> Result<Option<crate::pipeline::Timings>> {
        let Held {
            view,
            writer,
            _lock: lock,
        } = self;
        let timings = writer.map(Writer::close).transpose()?;
        if let Some(Shared { state, desk, .. }) = Arc::into_inner(view.shared) {
            // The desk has a hold of the state too.
            drop(desk);
            if let Some(state) = Arc::into_inner(state) {
                state.close()?;
            }
        }
        drop(lock);
        Ok(timings)
    }
}

/// What an archive is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Reading it.
    Read,
    /// Taking decisions: the journal grows, and no article comes in.
    Decide,
    /// Taking articles in.
    Write,
}

/// Opens an archive, as the only process.
///
/// # Errors
/// A [`Failure`] with exit code 4 where another process holds it, or it is damaged beyond repair.
pub(crate) fn open(
    dir: &Path,
    config: Arc<Config>,
    purpose: Purpose,
    now: Timestamp,
    style: Style,
) -> Result<Held> {
    let role = match purpose {
        Purpose::Read => Role::Reader,
        Purpose::Decide | Purpose::Write => Role::Writer,
    };
    let lock = ArchiveLock::acquire(dir, role, now).map_err(|error| lock_failure(error, dir))?;
    let options = ArchiveOptions {
        segment_bytes_max: config.archive.segment_bytes_max,
        ..ArchiveOptions::default()
    };
    let (archive, diagnostics) =
        DiskArchive::open(dir, options).map_err(|error| archive_failure(&error, dir))?;
    for diagnostic in diagnostics {
        tracing::warn!(code = %diagnostic.code, "{}", diagnostic.message);
    }
    let archive = Arc::new(archive);
    let state = Arc::new(open_state(dir, &config, &archive, now)?);
    let tell = TellWhen {
        confidence_min: config.alert.confidence_min,
        severity_min: config.alert.severity_min,
    };
    let desk = Desk::open(Arc::clone(&archive), Arc::clone(&state), tell)?;
    let shared = Arc::new(Shared {
        config,
        archive: Arc::clone(&archive),
        state: Arc::clone(&state),
        desk: Arc::new(desk),
        role,
        engine: OnceLock::new(),
        reader: OnceLock::new(),
        opening: Mutex::new(()),
    });
    let view = View {
        dir: dir.to_path_buf(),
        folder: std::env::current_dir().unwrap_or_default(),
        now,
        shared,
    };
    let is_behind = state.mark()? != archive.end();
    let writer = if purpose == Purpose::Write || is_behind {
        Some(open_writer(&view, style)?)
    } else {
        None
    };
    Ok(Held {
        view,
        writer,
        _lock: lock,
    })
}

/// Opens index and writer, and replays what state and index are behind.
fn open_writer(view: &View, style: Style) -> Result<Writer> {
    let engine = Arc::clone(view.engine()?);
    let index = open_index(&view.dir, &engine)?;
    let _ = view.shared.reader.set(Reader(index.reader()));
    let mut writer = Writer::new(Arc::clone(&view.shared.desk), index, engine);
    catch_up_index(&mut writer, style)?;
    replay(&mut writer, style)?;
    Ok(writer)
}

/// Applies what the archive has and the state has not.
fn replay(writer: &mut Writer, style: Style) -> Result<()> {
    let archive = Arc::clone(&writer.archive);
    let from = writer.state.mark()?;
    if from == archive.end() {
        return Ok(());
    }
    let total = archive.distance(from);
    let progress = Progress::bytes(total, "replaying the archive", style);
    for entry in archive.replay(from)? {
        match entry {
            Ok((mark, entry)) => {
                progress.set(total.saturating_sub(archive.distance(mark)));
                writer.apply(mark, entry)?;
            }
            Err(error) if error.is_damage() => {
                tracing::error!(%error, "passed over: the rest of the archive is read")
            }
            Err(error) => return Err(error.into()),
        }
    }
    writer.commit_index()
}

/// Adds to the index what the state has and the index has not.
fn catch_up_index(writer: &mut Writer, style: Style) -> Result<()> {
    let state = Arc::clone(&writer.state);
    let mark = state.mark()?;
    let Some(indexed) = writer.index_mark().filter(|indexed| *indexed <= mark) else {
        let progress = Progress::items(state.counts()?.articles, "indexing", style);
        for stored in state.articles(None) {
            writer.index_again(&stored?)?;
            progress.add(1);
        }
        return writer.commit_index();
    };
    if indexed == mark {
        return Ok(());
    }
    let archive = Arc::clone(&writer.archive);
    let progress = Progress::bytes(archive.distance(indexed), "indexing", style);
    for entry in archive.replay(indexed)? {
        let Ok((at, entry)) = entry else { continue };
        if at > mark {
            break;
        }
        progress.set(
            archive
                .distance(indexed)
                .saturating_sub(archive.distance(at)),
        );
        for key in writer.articles_of(&entry)? {
            if let Some(stored) = state.article(&key)? {
                writer.index_again(&stored)?;
            }
        }
    }
    writer.commit_index()
}

/// Opens the state; one that is damaged, or ahead of an archive that was brought back from earlier, is set aside.
fn open_state(
    dir: &Path,
    config: &Config,
    archive: &DiskArchive,
    now: Timestamp,
) -> Result<SledState> {
    let path = dir.join("state");
    let options = SledOptions {
        cache_bytes: config.archive.state_cache_bytes,
        ..SledOptions::default()
    };
    let reason = match SledState::open(&path, &options) {
        Ok(state) => match archive.replay(state.mark()?).map(drop) {
            Err(error @ ArchiveError::UnknownMark(_)) => {
                drop(state);
                // What was indexed is ahead as well.
                set_aside(&dir.join("index"), now, &error.to_string())?;
                error.to_string()
            }
            _ => return Ok(state),
        },
        Err(StateError::Rebuild { reason }) => reason.to_string(),
        Err(error) => return Err(error).context("cannot open the state"),
    };
    let aside = SledState::set_aside(&path, &aside_name(&path, now))?;
    tell_set_aside(&aside, &reason);
    Ok(SledState::open(&path, &options)?)
}

fn open_index(dir: &Path, engine: &Engine) -> Result<TantivyIndex> {
    let path = dir.join("index");
    let vocabulary = crate::names::vocabulary(&engine.lexicon);
    let open = |path: &Path| {
        TantivyIndex::open(
            path,
            Arc::<Analyzer>::clone(&engine.analyzer),
            vocabulary.clone(),
        )
    };
    match open(&path) {
        Ok(index) => Ok(index),
        Err(IndexError::Rebuild { reason }) => {
            set_aside(&path, Timestamp::now(), &reason)?;
            Ok(open(&path)?)
        }
        Err(error) => Err(error).context("cannot open the index"),
    }
}

/// Moves a folder out of the way, so that what is wrong with it can be looked at later.
fn set_aside(path: &Path, now: Timestamp, reason: &str) -> Result<()> {
    let aside = path.with_file_name(aside_name(path, now));
    match std::fs::rename(path, &aside) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        outcome => outcome.with_context(|| format!("cannot set aside `{}`", path.display()))?,
    }
    tell_set_aside(&aside, reason);
    Ok(())
}

fn aside_name(path: &Path, now: Timestamp) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    format!("{name}.damaged-{}", now.as_millisecond())
}

fn tell_set_aside(aside: &Path, reason: &str) {
    tracing::warn!(reason, aside = %aside.display(), "set aside and made anew from the archive");
}

/// Who else has the archive: kept beneath the message, for those who can wait.
#[derive(Debug, thiserror::Error)]
#[error("held by another process")]
struct HeldBy(Option<Role>);

fn lock_failure(error: LockError, dir: &Path) -> anyhow::Error {
    if let LockError::Held { role, .. } = error {
        let failure = Failure::archive(format!("{error}: `{}`", dir.display()))
            .hint("wait until it is done, or name another archive with `--archive`");
        return anyhow::Error::new(HeldBy(role)).context(failure);
    }
    Failure::archive(with_causes(&error)).into()
}

/// Returns an error's message with those of its causes.
fn with_causes(error: &dyn std::error::Error) -> String {
    let mut message = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        message.push_str(&format!(": {cause}"));
        source = cause.source();
    }
    message
}

/// Tells whether an opening failed because another process has the archive.
pub(crate) fn is_held(error: &anyhow::Error) -> bool {
    error.downcast_ref::<HeldBy>().is_some()
}

/// Tells whether an opening failed because a short-lived reader has the archive.
pub(crate) fn is_held_by_reader(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<HeldBy>()
        .is_some_and(|held| held.0 == Some(Role::Reader))
}

/// Removes state and index, which the next opening makes anew.
///
/// # Errors
/// Where another process has the archive, or the folders cannot be removed.
pub(crate) fn remove_derived(dir: &Path) -> Result<()> {
    let _lock = ArchiveLock::acquire(dir, Role::Writer, Timestamp::now())
        .map_err(|error| lock_failure(error, dir))?;
    for name in ["state", "index"] {
        let path = dir.join(name);
        if path.exists() {
            std::fs::remove_dir_all(&path)
                .with_context(|| format!("cannot remove `{}`", path.display()))?;
        }
    }
    Ok(())
}

fn archive_failure(error: &ArchiveError, dir: &Path) -> Failure {
    Failure::archive(format!(
        "cannot open the archive `{}`: {}",
        dir.display(),
        with_causes(error)
    ))
}
