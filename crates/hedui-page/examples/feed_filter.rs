//! Reads lines of `hedui feed` from standard input, for the scorers.
#![allow(clippy::disallowed_methods)] // it reads files
use std::io::{BufRead, Write};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = std::env::args().nth(1).unwrap_or_else(|| ".".to_owned());
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let question: hedui_page::filter::FeedQuestion = serde_json::from_str(&line?)?;
        let bytes = match &question.file {
            Some(path) => Some(std::fs::read(std::path::Path::new(&root).join(path))?),
            None => None,
        };
        let (answer, _) = hedui_page::filter::answer_feed(&question, bytes.as_deref());
        writeln!(out, "{}", serde_json::to_string(&answer)?)?;
    }
    Ok(())
}
