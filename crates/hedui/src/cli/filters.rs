//! Single stages as filters: JSON Lines in, one answer a line out, in order.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use anyhow::{Context, Result};
use clap::Args;
use hedui_claims::quantity::{QuantityReader, ReadContext};
use hedui_model::{Kind, Lang};
use hedui_page::PageReader;
use hedui_page::filter::{self, FeedQuestion, PageQuestion};
use hedui_text::Folder;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::config::Config;
use crate::exit::Exit;
use crate::io::Io;

/// The longest line, and the longest file that a line names. Bytes.
const INPUT_BYTES_MAX: u64 = 64 << 20;

/// Read the quantities in texts: JSON Lines on standard input and output
#[derive(Debug, Args)]
#[command(after_help = "\
In:  {\"id\",\"text\",\"lang\"?,\"reference_time\"?,\"region\"?}
Out: {\"id\",\"found\":[{\"text\",\"start\",\"end\",\"kind\",\"value\",\"low\",\"high\",\"unit\",\"bound\",\"precision\",\"base\":{…}}]}
Offsets are characters, half open. A line that is not valid gets {\"id\",\"error\"}; the exit code is then 3.

Example:
  echo '{\"id\":1,\"text\":\"总投资约1650亿美元\",\"region\":\"CN\"}' | hedui quantities")]
pub(crate) struct Quantities {
    /// Only these kinds: number, percent, money, dimension, number_range, date, date_range, duration
    #[arg(long, value_delimiter = ',', value_name = "KIND")]
    kinds: Vec<String>,
    /// Add the rows and rules by which each was read
    #[arg(long)]
    explain: bool,
}

/// Extract title, body, date and author of pages: JSON Lines on standard input and output
#[derive(Debug, Args)]
#[command(after_help = "\
In:  {\"id\",\"url\",\"html\": path of a file, gzip or not, or \"html_text\",\"charset\"?}
Out: {\"id\",\"title\",\"body\",\"date\",\"author\",\"lang\",\"canonical\",\"site\",\"charset\"}

Example:
  echo '{\"id\":1,\"html\":\"page.html\"}' | hedui page")]
pub(crate) struct Page {}

/// Read feeds: JSON Lines on standard input and output
#[derive(Debug, Args)]
#[command(after_help = "\
In:  {\"id\",\"file\" or \"text\",\"content_type\"?,\"content_location\"?,\"url\"?}
Out: {\"id\",\"title\",\"link\",\"language\",\"encoding\",\"entries\":[…]}

Example:
  echo '{\"id\":1,\"file\":\"feed.xml\",\"url\":\"https://example.org/feed.xml\"}' | hedui feed")]
pub(crate) struct Feed {}

/// Ask robots.txt files: JSON Lines on standard input and output
#[derive(Debug, Args)]
#[command(after_help = "\
In:  {\"id\",\"robots\",\"user_agent\",\"url\"}
Out: {\"id\",\"allowed\"}

Example:
  echo '{\"id\":1,\"robots\":\"user-agent: *\\ndisallow: /x\",\"user_agent\":\"hedui\",\"url\":\"/x\"}' | hedui robots")]
pub(crate) struct Robots {}

#[derive(Serialize)]
struct ErrorLine {
    id: Value,
    error: String,
}

/// A line for `hedui quantities`.
#[derive(Deserialize)]
struct QuantitiesQuestion {
    #[serde(default)]
    id: Value,
    #[serde(default)]
    text: String,
    lang: Option<String>,
    reference_time: Option<String>,
    region: Option<String>,
}

#[derive(Serialize)]
struct QuantitiesAnswer {
    id: Value,
    found: Vec<Value>,
}

impl Quantities {
    /// Answers each line.
    pub(crate) fn run(&self, config: &Config, io: &mut Io<'_>) -> Result<Exit> {
        let kinds = self
            .kinds
            .iter()
            .map(|kind| {
                serde_json::from_value::<Kind>(Value::from(kind.as_str())).map_err(|_| {
                    crate::exit::Failure::usage(format!("there is no kind `{kind}`"))
                        .hint("number, percent, money, dimension, number_range, date, date_range, duration")
                })
            })
            .collect::<Result<Vec<Kind>, _>>()?;
        let reader = QuantityReader::new(crate::pipeline::lexicon(config)?);
        answer_lines(io, |line| {
            let question: QuantitiesQuestion = serde_json::from_slice(line)?;
            let found = self.read(&reader, &question, &kinds)?;
            Ok(QuantitiesAnswer {
                id: question.id,
                found,
            })
        })
    }

    fn read(
        &self,
        reader: &QuantityReader,
        question: &QuantitiesQuestion,
        kinds: &[Kind],
    ) -> Result<Vec<Value>> {
        let folded = Folder::builtin().fold(&question.text);
        let lang = match question.lang.as_deref().unwrap_or_default() {
            lang if lang.starts_with("en") => Lang::En,
            lang if lang.starts_with("zh") => Lang::Zh,
            _ => Lang::Other,
        };
        let reference = question.reference_time.as_deref();
        let day = |text: &str| text.get(..10).and_then(|day| day.parse().ok());
        let time = |text: &str| {
            let time = text.get(11..)?.split(['Z', 'z', '+', '-']).next()?;
            time.parse().ok()
        };
        let region = question
            .region
            .as_deref()
            .map(str::parse)
            .transpose()
            .map_err(|error: String| anyhow::anyhow!("`region`: {error}"))?;
        let context = ReadContext {
            region,
            lang,
            reference: reference.and_then(day),
            hours: true,
            time: reference.and_then(time),
        };
        let read = reader.read_explained(&folded.text, &folded.map, &context);
        let quantities: Vec<_> = read.iter().map(|(quantity, _)| quantity.clone()).collect();
        let answers = hedui_claims::quantity::filter(&question.text, &quantities);
        let mut found = Vec::new();
        for (answer, (quantity, explanation)) in answers.iter().zip(&read) {
            if !kinds.is_empty() && !kinds.contains(&quantity.kind) {
                continue;
            }
            let mut value = serde_json::to_value(answer)?;
            if let Some(object) = value.as_object_mut().filter(|_| self.explain) {
                object.insert(
                    "explain".to_owned(),
                    serde_json::json!({"words": explanation.words, "rules": explanation.rules}),
                );
            }
            found.push(value);
        }
        Ok(found)
    }
}

impl Page {
    /// Answers each line.
    pub(crate) fn run(&self, io: &mut Io<'_>) -> Result<Exit> {
        let reader = PageReader::default();
        answer_lines(io, |line| {
            let question: PageQuestion = serde_json::from_slice(line)?;
            let bytes = question.html.as_deref().map(read_file).transpose()?;
            Ok(filter::answer_page(&reader, &question, bytes.as_deref()).0)
        })
    }
}

impl Feed {
    /// Answers each line.
    pub(crate) fn run(&self, io: &mut Io<'_>) -> Result<Exit> {
        answer_lines(io, |line| {
            let question: FeedQuestion = serde_json::from_slice(line)?;
            let bytes = question.file.as_deref().map(read_file).transpose()?;
            Ok(filter::answer_feed(&question, bytes.as_deref()).0)
        })
    }
}

impl Robots {
    /// Answers each line.
    pub(crate) fn run(&self, io: &mut Io<'_>) -> Result<Exit> {
        answer_lines(io, |line| {
            Ok(filter::answer_robots(serde_json::from_slice(line)?))
        })
    }
}

fn read_file(path: &str) -> Result<Vec<u8>> {
    let file =
        std::fs::File::open(Path::new(path)).with_context(|| format!("cannot read `{path}`"))?;
    let mut bytes = Vec::new();
    file.take(INPUT_BYTES_MAX).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Answers line by line; what cannot be answered gets an error of its own.
fn answer_lines<A: Serialize>(
    io: &mut Io<'_>,
    answer: impl Fn(&[u8]) -> Result<A>,
) -> Result<Exit> {
    let mut input = BufReader::with_capacity(1 << 16, std::io::stdin());
    let mut line = Vec::new();
    let mut exit = Exit::Done;
    loop {
        line.clear();
        if input
            .by_ref()
            .take(INPUT_BYTES_MAX)
            .read_until(b'\n', &mut line)?
            == 0
        {
            io.out.flush()?;
            return Ok(exit);
        }
        let text = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&line);
        if text.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        match answer(text) {
            Ok(answer) => writeln!(io.out, "{}", serde_json::to_string(&answer)?)?,
            Err(error) => {
                exit = Exit::Partial;
                let id = serde_json::from_slice::<Value>(text)
                    .ok()
                    .and_then(|value| value.get("id").cloned())
                    .unwrap_or_default();
                let line = ErrorLine {
                    id,
                    error: format!("{error:#}"),
                };
                writeln!(io.out, "{}", serde_json::to_string(&line)?)?;
            }
        }
        // Whoever asks line by line and waits gets each answer at once.
        if input.buffer().is_empty() {
            io.out.flush()?;
        }
    }
}
