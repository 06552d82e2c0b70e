//! The index on one machine: tantivy in a folder, or in memory.

use std::fmt;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use hedui_model::{Article, ArticleKey, Claim};
use tantivy::directory::MmapDirectory;
use tantivy::directory::error::OpenReadError;
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, TantivyError, Term};

use super::answer;
use super::collect::StoryCollector;
use super::compile::{Compiler, field_filter};
use super::document::document;
use super::error::{IndexError, SearchError};
use super::request::{SearchAnswer, SearchRequest};
use super::schema::{self, Fields};
use super::words::WordCutter;
use super::{SearchIndex, SearchReader};
use crate::query::{At, DateRange, Leaf, Node, NodeKind, Query, TermField, Vocabulary};

/// Memory that articles are gathered in before they become a segment.
const WRITER_BYTES: usize = 64 << 20;

/// Indexes smaller than this are checked to the last byte when they are opened.
const CHECKED_BYTES_MAX: u64 = 128 << 20;

/// Errors that say that too many files are open: in this process, on this machine.
const FILES_OPEN: [Option<i32>; 2] = [Some(24), Some(23)];

/// An index in a folder or in memory.
///
/// One process writes a folder at a time. Indexing itself runs on a thread of its own.
pub struct TantivyIndex {
    index: Index,
    writer: IndexWriter,
    reader: Arc<TantivyReader>,
    applied: Option<Vec<u8>>,
}

impl TantivyIndex {
    /// Opens the index in a folder, or starts one where the folder is empty or missing.
    ///
    /// `words` has to cut texts as the articles were cut: give the analyzer that reads them.
    ///
    /// # Errors
    /// [`IndexError::Rebuild`] where the index is damaged or of another version: the caller sets the folder aside,
    /// opens again and replays the archive. [`IndexError::Held`] where another process writes it.
    pub fn open(
        folder: &Path,
        words: Arc<dyn WordCutter>,
        vocabulary: Vocabulary,
    ) -> Result<Self, IndexError> {
        let unusable = |source| IndexError::Folder {
            path: folder.to_owned(),
            source,
        };
        std::fs::create_dir_all(folder).map_err(unusable)?;
        let is_new = std::fs::read_dir(folder)
            .map_err(unusable)?
            .next()
            .is_none();
        let directory = MmapDirectory::open(folder)
            .map_err(|error| unusable(std::io::Error::other(error.to_string())))?;
        if is_new {
            let index = Index::create(
                directory,
                Fields::schema().0,
                tantivy::IndexSettings::default(),
            )?;
            return Self::start(index, words, vocabulary);
        }
        let index = open_existing(directory)?;
        if folder_bytes(folder) <= CHECKED_BYTES_MAX {
            verify(&index)?;
        }
        let payload = index.load_metas().map_err(damaged)?.payload;
        let applied = payload.as_deref().and_then(Payload::read).ok_or_else(|| {
            IndexError::rebuild("its version is another, or it was never finished")
        })?;
        Self::with(index, words, vocabulary, applied)
    }

    /// Starts an index in memory.
    ///
    /// # Errors
    /// [`IndexError::Engine`] where the engine cannot start its thread.
    pub fn in_memory(
        words: Arc<dyn WordCutter>,
        vocabulary: Vocabulary,
    ) -> Result<Self, IndexError> {
        let index = Index::create_in_ram(Fields::schema().0);
        Self::start(index, words, vocabulary)
    }

    /// Checks every byte of the index against its checksums.
    ///
    /// # Errors
    /// [`IndexError::Rebuild`] where a file is damaged.
    pub fn verify(&self) -> Result<(), IndexError> {
        verify(&self.index)
    }

    fn start(
        index: Index,
        words: Arc<dyn WordCutter>,
        vocabulary: Vocabulary,
    ) -> Result<Self, IndexError> {
        let mut started = Self::with(index, words, vocabulary, None)?;
        started.commit_payload(None)?;
        Ok(started)
    }

    fn with(
        index: Index,
        words: Arc<dyn WordCutter>,
        vocabulary: Vocabulary,
        applied: Option<Vec<u8>>,
    ) -> Result<Self, IndexError> {
        schema::register(&index);
        let (_, fields) = Fields::schema();
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()
            .map_err(damaged)?;
        let writer = index.writer_with_num_threads(1, WRITER_BYTES)?;
        Ok(TantivyIndex {
            reader: Arc::new(TantivyReader {
                reader,
                fields,
                words,
                vocabulary,
            }),
            index,
            writer,
            applied,
        })
    }

    fn commit_payload(&mut self, mark: Option<&[u8]>) -> Result<(), IndexError> {
        let mut commit = self.writer.prepare_commit()?;
        commit.set_payload(&Payload::write(mark));
        commit.commit()?;
        self.reader.reader.reload()?;
        self.applied = mark.map(<[u8]>::to_vec);
        Ok(())
    }
}

impl fmt::Debug for TantivyIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TantivyIndex")
            .field("articles", &self.reader.len())
            .finish_non_exhaustive()
    }
}

impl SearchIndex for TantivyIndex {
    fn add(
        &mut self,
        article: &Article,
        claims: &[Claim],
        origin: Option<&ArticleKey>,
    ) -> Result<(), IndexError> {
        let document = document(&self.reader.fields, article, claims, origin)?;
        self.delete(&article.meta.key)?;
        self.writer.add_document(document)?;
        Ok(())
    }

    fn delete(&mut self, article: &ArticleKey) -> Result<(), IndexError> {
        let term = Term::from_field_text(self.reader.fields.key, article.as_str());
        self.writer.delete_term(term);
        Ok(())
    }

    fn commit(&mut self, mark: &[u8]) -> Result<(), IndexError> {
        self.commit_payload(Some(mark))
    }

    fn applied(&self) -> Option<Vec<u8>> {
        self.applied.clone()
    }

    fn reader(&self) -> Arc<dyn SearchReader> {
        Arc::clone(&self.reader) as Arc<dyn SearchReader>
    }
}

/// Answers searches in a [`TantivyIndex`].
pub struct TantivyReader {
    reader: IndexReader,
    fields: Fields,
    words: Arc<dyn WordCutter>,
    vocabulary: Vocabulary,
}

impl fmt::Debug for TantivyReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TantivyReader")
            .field("articles", &self.len())
            .finish_non_exhaustive()
    }
}

impl SearchReader for TantivyReader {
    fn search(&self, request: &SearchRequest) -> Result<SearchAnswer, SearchError> {
        let query = Query::parse(&request.query)?;
        let searcher = self.reader.searcher();
        let mut compiler = Compiler::new(
            &self.fields,
            self.words.as_ref(),
            &self.vocabulary,
            &searcher,
        );
        let asked = compiler.node(&query.root)?;
        let marks = std::mem::take(&mut compiler.marks);
        let compiled = compiler.narrowed(asked, request)?;

        let collector = StoryCollector {
            sort: request.sort,
            now: request.now.map(|now| now.as_second()),
            facets: request.facets.clone(),
        };
        let found = searcher.search(&compiled, &collector)?;
        let page = found.page(request.sort, request.offset, request.limit);
        let hits = page
            .iter()
            .map(|story| answer::hit(&searcher, &self.fields, &marks, story))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(SearchAnswer {
            articles: found.articles,
            stories: found.stories.len() as u64,
            hits,
            facets: found.tally.counts(&request.facets),
        })
    }

    fn len(&self) -> u64 {
        self.reader.searcher().num_docs()
    }
}

impl Compiler<'_> {
    /// Adds what the request asks for beside its query.
    fn narrowed(
        &mut self,
        asked: super::compile::Compiled,
        request: &SearchRequest,
    ) -> Result<super::compile::Compiled, SearchError> {
        let mut all = vec![asked];
        if let Some(lang) = &request.lang {
            all.push(field_filter(
                self,
                TermField::Lang,
                std::slice::from_ref(lang),
            ));
        }
        if !request.sources.is_empty() {
            all.push(field_filter(self, TermField::Source, &request.sources));
        }
        if request.since.is_some() || request.until.is_some() {
            let range = DateRange {
                from: request.since,
                to: request.until,
            };
            all.push(self.node(&Node {
                at: At::default(),
                kind: NodeKind::Leaf(Leaf::Date(range)),
            })?);
        }
        Ok(super::compile::all_of(all))
    }
}

/// What is kept with a commit: the version, and the caller's mark in hex.
struct Payload;

impl Payload {
    fn write(mark: Option<&[u8]>) -> String {
        let mark = match mark {
            None => "-".to_owned(),
            Some(mark) => mark.iter().map(|byte| format!("{byte:02x}")).collect(),
        };
        format!("{} {mark}", schema::VERSION)
    }

    /// Returns the mark, if any; nothing for another version or another form.
    fn read(payload: &str) -> Option<Option<Vec<u8>>> {
        let (version, mark) = payload.split_once(' ')?;
        if version != schema::VERSION.to_string() {
            return None;
        }
        if mark == "-" {
            return Some(None);
        }
        let digits: Option<Vec<u32>> = mark.chars().map(|digit| digit.to_digit(16)).collect();
        let bytes = digits?
            .chunks(2)
            .map(|pair| match pair {
                [high, low] => u8::try_from(high * 16 + low).ok(),
                _ => None,
            })
            .collect::<Option<Vec<u8>>>()?;
        Some(Some(bytes))
    }
}

fn open_existing(directory: MmapDirectory) -> Result<Index, IndexError> {
    let index = Index::open(directory).map_err(damaged)?;
    if index.schema() != Fields::schema().0 {
        return Err(IndexError::rebuild(
            "its fields are those of another version",
        ));
    }
    Ok(index)
}

fn verify(index: &Index) -> Result<(), IndexError> {
    let damaged_files = index.validate_checksum().map_err(damaged)?;
    match damaged_files.iter().next() {
        None => Ok(()),
        Some(file) => Err(IndexError::rebuild(format!(
            "`{}` is damaged",
            file.display()
        ))),
    }
}

/// What cannot be opened has to be rebuilt, unless the fault is clearly not the index's own.
fn damaged(error: TantivyError) -> IndexError {
    let io_error = match &error {
        TantivyError::IoError(error)
        | TantivyError::OpenReadError(OpenReadError::IoError {
            io_error: error, ..
        }) => Some(error),
        _ => None,
    };
    let is_ours = io_error.is_none_or(|error| {
        !matches!(
            error.kind(),
            ErrorKind::PermissionDenied
                | ErrorKind::OutOfMemory
                | ErrorKind::StorageFull
                | ErrorKind::ReadOnlyFilesystem
        ) && !FILES_OPEN.contains(&error.raw_os_error())
    });
    match IndexError::from(error) {
        IndexError::Engine(error) if is_ours => IndexError::rebuild(error.to_string()),
        other => other,
    }
}

fn folder_bytes(folder: &Path) -> u64 {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    files
        .filter_map(|file| file.metadata().ok())
        .map(|metadata| metadata.len())
        .sum()
}
