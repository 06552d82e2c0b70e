//! Reads lines of `hedui robots` from standard input, for the scorers.
#![allow(clippy::disallowed_methods)] // it reads files
use std::io::{BufRead, Write};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let question: hedui_page::filter::RobotsQuestion =
            serde_json::from_slice(line?.as_bytes())?;
        let answer = hedui_page::filter::answer_robots(question);
        writeln!(out, "{}", serde_json::to_string(&answer)?)?;
    }
    Ok(())
}
