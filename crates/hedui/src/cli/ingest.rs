//! `hedui ingest`: articles from files and from standard input.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use hedui_model::{Published, Region, SourceId};
use hedui_store::State;
use hedui_store::archive::{Ingested, Media};
use serde::Serialize;

use super::Global;
use super::captures::{self, Captures};
use crate::config::Config;
use crate::exit::{Exit, Failure};
use crate::interrupt::Interrupt;
use crate::io::{Io, Safe};
use crate::pipeline::document::{self, Document};
use crate::pipeline::given::{self, DOCUMENT_BYTES_MAX, GivenError, Said};
use crate::pipeline::{Analysed, Answer, Stage, Writer};
use crate::progress::Progress;

/// How many articles are made safe together.
const BATCH: usize = 64;

/// Take articles in from JSON Lines, HTML, text, PDF or WARC files, folders of them, or standard input
#[derive(Debug, Args)]
#[command(after_help = "\
A line of JSON Lines (.jsonl, .ndjson, .json or -) is one article:
  {\"source\":\"desk\",\"text\":\"…\" or \"html\":\"…\",
   and, where known, \"id\",\"url\",\"lang\",\"region\",\"published\",\"title\",\"author\"}
For each article one line is printed, after it is safe on the disk:
  {\"id\",\"article\",\"result\":\"new|revision|unchanged|duplicate_of\",\"of\"}
A line that is not valid gets {\"id\",\"error\"}, and the rest goes on; the exit code is then 3.
Of WARC files (.warc, .warc.gz, CC-NEWS as it is) the pages are read that hold an article; what holds none is counted.
The same command goes on where an interrupted one was. PDF documents are read for their text.

Examples:
  hedui ingest articles.jsonl
  hedui ingest - < articles.jsonl
  hedui ingest --source desk --published 2025-03-04 --lang zh-TW report.txt
  hedui ingest --source desk clippings/        every .html, .txt, .md, .pdf, .jsonl, .warc below
  hedui ingest CC-NEWS-20250304-00001.warc.gz  sources are those of hedui.toml, else named for their hosts")]
pub(crate) struct Ingest {
    /// Files and folders; `-` is JSON Lines on standard input
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Whose articles they are, for HTML and text
    #[arg(long, value_name = "ID")]
    source: Option<SourceId>,
    /// When they were published, for HTML and text: 2025-03-04, or a time with zone
    #[arg(long, value_name = "TIME")]
    published: Option<Published>,
    /// Their language, for HTML and text, as a hint: en, zh-Hans, zh-TW
    #[arg(long, value_name = "TAG")]
    lang: Option<String>,
    /// The region whose usage decides 元, $ and 兆, where a line does not say it: CN, TW, HK, US…
    #[arg(long, value_name = "CODE")]
    region: Option<Region>,
    /// Where the article was, for a single HTML or text file
    #[arg(long, value_name = "URL")]
    url: Option<String>,
}

#[derive(Debug, Serialize)]
struct AnswerLine {
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    article: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    of: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// Something to take in, or why it cannot be.
#[derive(Debug)]
struct Item {
    /// The id of the line or record, or the name of the file.
    id: Option<String>,
    given: Result<(Ingested, Document), GivenError>,
}

/// A record that is not yet read.
type Unread = (String, Ingested);

impl Ingest {
    /// Takes everything in, batch by batch, and answers for each article.
    pub(crate) fn run(
        &self,
        writer: &mut Writer,
        config: &Config,
        global: &Global,
        interrupt: &Interrupt,
        io: &mut Io<'_>,
    ) -> Result<Exit> {
        self.check()?;
        let captures = Captures::new(config, self.said());
        let progress = Progress::count(
            "ingesting",
            if global.quiet {
                crate::io::Style::silent()
            } else {
                io.style
            },
        );
        let mut run = Run {
            writer,
            io,
            progress: &progress,
            captures: &captures,
            batch: Vec::new(),
            failed: 0,
            taken: 0,
            passed: 0,
        };
        for path in &self.paths {
            if path.as_os_str() == "-" {
                self.lines(
                    BufReader::with_capacity(1 << 20, std::io::stdin()),
                    &mut run,
                    interrupt,
                )?;
            } else {
                self.path(path, &mut run, interrupt)?;
            }
        }
        run.finish()?;
        let (failed, taken, passed) = (run.failed, run.taken, run.passed);
        drop(progress);
        if passed > 0 && !global.quiet {
            writeln!(io.err, "{passed} records hold no article")?;
        }
        writer.end_first_run(jiff::Timestamp::now())?;
        if interrupt.is_set() {
            writeln!(
                io.err,
                "interrupted: what was answered is kept; the same command goes on"
            )?;
            return Ok(Exit::Interrupted);
        }
        if failed > 0 {
            writeln!(
                io.err,
                "{failed} of {} could not be taken in",
                failed + taken
            )?;
            return Ok(Exit::Partial);
        }
        Ok(Exit::Done)
    }

    fn check(&self) -> Result<(), Failure> {
        for path in self.paths.iter().filter(|path| path.as_os_str() != "-") {
            if !path.exists() {
                return Err(Failure::usage(format!("there is no `{}`", path.display())));
            }
        }
        if self.url.is_some() && self.paths.len() != 1 {
            return Err(Failure::usage("`--url` is for a single file"));
        }
        Ok(())
    }

    fn path(&self, path: &Path, run: &mut Run<'_, '_>, interrupt: &Interrupt) -> Result<()> {
        let mut folders = VecDeque::from([path.to_path_buf()]);
        let explicit = !path.is_dir();
        while let Some(path) = folders.pop_front() {
            if interrupt.is_set() {
                return Ok(());
            }
            if path.is_dir() {
                let entries = std::fs::read_dir(&path)
                    .with_context(|| format!("cannot read `{}`", path.display()))?;
                let mut inside: Vec<PathBuf> = entries
                    .filter_map(|entry| entry.ok().map(|entry| entry.path()))
                    .collect();
                inside.sort();
                // Links are not followed: they may lead in circles.
                folders.extend(inside.into_iter().filter(|path| !path.is_symlink()));
                continue;
            }
            self.file(&path, explicit, run, interrupt)?;
        }
        Ok(())
    }

    fn file(
        &self,
        path: &Path,
        explicit: bool,
        run: &mut Run<'_, '_>,
        interrupt: &Interrupt,
    ) -> Result<()> {
        let end = path
            .extension()
            .map(|end| end.to_string_lossy().to_ascii_lowercase())
            .unwrap_or_default();
        if captures::is_warc(path) {
            return self.warc(path, run, interrupt);
        }
        let media = match end.as_str() {
            "jsonl" | "ndjson" | "json" => {
                let file = std::fs::File::open(path)
                    .with_context(|| format!("cannot read `{}`", path.display()))?;
                return self.lines(BufReader::with_capacity(1 << 20, file), run, interrupt);
            }
            "html" | "htm" | "xhtml" => Media::Html,
            "txt" | "text" | "md" => Media::Text,
            "pdf" => Media::Pdf,
            _ if explicit => Media::Text,
            _ => return Ok(()),
        };
        let name = path
            .file_stem()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        let mut bytes = Vec::new();
        let file = std::fs::File::open(path)
            .with_context(|| format!("cannot read `{}`", path.display()))?;
        file.take(DOCUMENT_BYTES_MAX as u64 + 1)
            .read_to_end(&mut bytes)?;
        let media = match media {
            // A document by whatever name.
            Media::Text if crate::pdf::is_pdf(&bytes) => Media::Pdf,
            media => media,
        };
        let given =
            given::record_of_file(bytes, media, &name, &self.said(), jiff::Timestamp::now())
                .and_then(|ingested| {
                    let document = run
                        .writer
                        .timings
                        .time(Stage::Page, || document::of_ingested(&ingested))?;
                    Ok((ingested, document))
                });
        run.push(Item {
            id: Some(path.display().to_string()),
            given,
        })
    }

    fn said(&self) -> Said {
        Said {
            source: self.source.clone(),
            published: self.published,
            lang: self.lang.clone(),
            region: self.region,
            url: self.url.clone(),
        }
    }

    /// Takes the pages of a WARC file in, from where an interrupted run was.
    fn warc(&self, path: &Path, run: &mut Run<'_, '_>, interrupt: &Interrupt) -> Result<()> {
        let file = std::fs::File::open(path)
            .with_context(|| format!("cannot read `{}`", path.display()))?;
        let mark = captures::mark(path, file.metadata()?.len());
        let known = run.writer.state.meta(&mark)?;
        let from = known.and_then(|offset| offset.parse().ok()).unwrap_or(0);
        let mut unread: Vec<Unread> = Vec::new();
        let mut stopped = false;
        let passed = crate::warc::read(file, from, &mut |capture| {
            if interrupt.is_set() {
                stopped = true;
                return Ok(ControlFlow::Break(()));
            }
            match run.captures.record(&capture, jiff::Timestamp::now()) {
                Some(ingested) => unread.push((capture.id, ingested)),
                None => run.passed += 1,
            }
            if unread.len() >= BATCH {
                run.take_found(std::mem::take(&mut unread))?;
                // This record is read once more where the run is broken off now, and is then as it was.
                run.writer.note(&mark, Some(capture.offset.to_string()))?;
            }
            Ok(ControlFlow::Continue(()))
        })?;
        run.take_found(unread)?;
        if !stopped {
            run.writer.note(&mark, None)?;
        }
        if passed.broken > 0 {
            writeln!(
                run.io.err,
                "{}: {} broken records were passed over",
                Safe(&path.display().to_string()),
                passed.broken
            )?;
        }
        Ok(())
    }

    fn lines(
        &self,
        mut input: BufReader<impl Read>,
        run: &mut Run<'_, '_>,
        interrupt: &Interrupt,
    ) -> Result<()> {
        let mut line = Vec::new();
        loop {
            line.clear();
            let limit = DOCUMENT_BYTES_MAX as u64 + 2;
            let read = input
                .by_ref()
                .take(limit)
                .read_until(b'\n', &mut line)
                .context("cannot read the input")?;
            if read == 0 || interrupt.is_set() {
                return Ok(());
            }
            if read as u64 == limit && line.last() != Some(&b'\n') {
                skip_line(&mut input)?;
                run.push(Item {
                    id: None,
                    given: Err(GivenError::Length),
                })?;
                continue;
            }
            let text = String::from_utf8_lossy(&line);
            let text = text
                .trim_start_matches('\u{feff}')
                .trim_end_matches(['\n', '\r']);
            if text.trim().is_empty() {
                continue;
            }
            run.push(self.item_of_line(text, run.writer))?;
            // Whoever feeds line by line and waits for the answer gets it at once.
            if input.buffer().is_empty() {
                run.flush()?;
            }
        }
    }

    fn item_of_line(&self, text: &str, writer: &Writer) -> Item {
        let id = serde_json::from_str::<serde_json::Value>(text)
            .ok()
            .and_then(|value| value.get("id").map(id_text));
        let given = given::check_line(text).and_then(|checked| {
            let region = checked.region.or(self.region);
            let ingested = given::record_of_line(text, &checked, region, jiff::Timestamp::now());
            let document = writer
                .timings
                .time(Stage::Page, || document::of_ingested(&ingested))?;
            Ok((ingested, document))
        });
        Item { id, given }
    }
}

fn id_text(value: &serde_json::Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn skip_line(input: &mut impl BufRead) -> Result<()> {
    loop {
        let (skip, ended) = {
            let buffer = input.fill_buf()?;
            match buffer.iter().position(|&byte| byte == b'\n') {
                Some(at) => (at + 1, true),
                None => (buffer.len(), buffer.is_empty()),
            }
        };
        input.consume(skip);
        if ended {
            return Ok(());
        }
    }
}

/// One run under way.
struct Run<'r, 'o> {
    writer: &'r mut Writer,
    io: &'r mut Io<'o>,
    progress: &'r Progress,
    captures: &'r Captures<'r>,
    batch: Vec<Item>,
    failed: u64,
    taken: u64,
    /// Records in which there is no article.
    passed: u64,
}

impl Run<'_, '_> {
    fn push(&mut self, item: Item) -> Result<()> {
        self.batch.push(item);
        if self.batch.len() >= BATCH {
            self.flush()
        } else {
            Ok(())
        }
    }

    /// Reads records on all cores, and takes in what of them is an article, at once.
    fn take_found(&mut self, unread: Vec<Unread>) -> Result<()> {
        let writer = &*self.writer;
        let read = in_parallel(unread, |(id, ingested)| {
            let document = writer
                .timings
                .time(Stage::Page, || document::of_ingested(&ingested));
            Ok((id, document.map(|document| (ingested, document))))
        })?;
        for (id, given) in read {
            if given.as_ref().is_err_and(GivenError::is_no_article) {
                self.passed += 1;
                continue;
            }
            self.push(Item {
                id: Some(id),
                given,
            })?;
        }
        self.flush()
    }

    fn finish(&mut self) -> Result<()> {
        self.flush()
    }

    /// Keeps, acknowledges and applies what has gathered.
    fn flush(&mut self) -> Result<()> {
        let items = std::mem::take(&mut self.batch);
        let mut same_key: Vec<Item> = Vec::new();
        let mut keys = std::collections::BTreeSet::new();
        let mut now: Vec<Item> = Vec::new();
        let mut later = false;
        // Two revisions of one article in one batch go one after the other, and so does all that follows them.
        for item in items {
            let repeated = item
                .given
                .as_ref()
                .is_ok_and(|(_, document)| !keys.insert(document.input.key.clone()));
            later |= repeated;
            if later {
                same_key.push(item)
            } else {
                now.push(item)
            }
        }
        self.keep(now)?;
        if !same_key.is_empty() {
            self.batch = same_key;
            return self.flush();
        }
        Ok(())
    }

    fn keep(&mut self, items: Vec<Item>) -> Result<()> {
        let count = items.len() as u64;
        let mut lines = Vec::new();
        let mut kept: Vec<(Analysed, hedui_store::archive::Appended)> = Vec::new();
        let analysed = analyse_all(self.writer, items)?;
        let desk = std::sync::Arc::clone(&self.writer.desk);
        let _turn = desk.turn();
        for (id, ingested, analysed) in analysed {
            let line = |article: Option<String>, result, of| AnswerLine {
                id: id.clone(),
                article,
                result: Some(result),
                of,
                error: None,
            };
            match analysed {
                Err(error) => {
                    self.failed += 1;
                    lines.push(AnswerLine {
                        id,
                        article: None,
                        result: None,
                        of: None,
                        error: Some(error.to_string()),
                    });
                }
                Ok((key, None)) => lines.push(line(Some(key.to_string()), "unchanged", None)),
                Ok((key, Some(analysed))) => {
                    let under_way: Vec<&Analysed> =
                        kept.iter().map(|(analysed, _)| analysed).collect();
                    let (result, of) = match self.writer.classify(&analysed, &under_way)? {
                        Answer::New => ("new", None),
                        Answer::Revision => ("revision", None),
                        Answer::Unchanged => ("unchanged", None),
                        Answer::DuplicateOf(of) => ("duplicate_of", Some(of.to_string())),
                    };
                    lines.push(line(Some(key.to_string()), result, of));
                    if let Some(ingested) = ingested {
                        kept.push((analysed, self.writer.append_ingested(&ingested)?));
                    }
                }
            }
        }
        if !kept.is_empty() {
            self.writer.sync()?;
        }
        self.taken += lines.iter().filter(|line| line.error.is_none()).count() as u64;
        for line in &lines {
            writeln!(self.io.out, "{}", serde_json::to_string(line)?)?;
            if let Some(error) = &line.error {
                writeln!(
                    self.io.err,
                    "{}: {}",
                    Safe(line.id.as_deref().unwrap_or("a line without id")),
                    Safe(error)
                )?;
            }
        }
        self.io.out.flush()?;
        for (analysed, appended) in kept {
            self.writer.apply_analysed(analysed, &appended)?;
        }
        self.progress.add(count);
        Ok(())
    }
}

type Read1 = (
    Option<String>,
    Option<Ingested>,
    Result<(hedui_model::ArticleKey, Option<Analysed>), GivenError>,
);

/// Reads a batch on all cores, in order.
fn analyse_all(writer: &Writer, items: Vec<Item>) -> Result<Vec<Read1>> {
    in_parallel(items, |item| match item.given {
        Err(error) => Ok((item.id, None, Err(error))),
        Ok((ingested, document)) => Ok((item.id, Some(ingested), Ok(writer.analyse(document)?))),
    })
}

/// Does the same to all, on all cores, in order.
fn in_parallel<T: Send, U: Send>(
    items: Vec<T>,
    work: impl Fn(T) -> Result<U> + Sync,
) -> Result<Vec<U>> {
    let threads = std::thread::available_parallelism()
        .map_or(1, std::num::NonZero::get)
        .min(items.len().max(1));
    let size = items.len().div_ceil(threads).max(1);
    let mut chunks: Vec<Vec<T>> = Vec::new();
    let mut items = items.into_iter();
    loop {
        let chunk: Vec<T> = items.by_ref().take(size).collect();
        if chunk.is_empty() {
            break;
        }
        chunks.push(chunk);
    }
    let work = &work;
    let mut all = Vec::new();
    std::thread::scope(|scope| -> Result<()> {
        let running: Vec<_> = chunks
            .into_iter()
            .map(|chunk| {
                scope.spawn(move || chunk.into_iter().map(work).collect::<Result<Vec<U>>>())
            })
            .collect();
        for thread in running {
            match thread.join() {
                Ok(read) => all.extend(read?),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        Ok(())
    })?;
    Ok(all)
}
