//! Reads lines `{"id","file","content_type"?,"form"?}` and says which encoding each file is in. With `--dates`, reads
//! `{"id","input"}` and says which instant the string means.
#![allow(clippy::disallowed_methods)] // it reads files
use std::io::{BufRead, Write};

use hedui_page::charset::{Form, decode};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = std::env::args().nth(1).unwrap_or_else(|| ".".to_owned());
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let question: Value = serde_json::from_str(&line?)?;
        let text = |key: &str| question.get(key).and_then(Value::as_str);
        let id = question.get("id").cloned().unwrap_or_default();
        if let Some(input) = text("input") {
            let read = hedui_page::date::read_feed_date(input);
            let read = read.and_then(|at| jiff::Timestamp::from_second(at.as_second()).ok());
            writeln!(
                out,
                "{}",
                json!({"id": id, "at": read.map(|at| at.to_string())})
            )?;
            continue;
        }
        let path = text("file").unwrap_or("");
        let bytes = std::fs::read(std::path::Path::new(&root).join(path))?;
        let form = match path.rsplit('.').next() {
            Some("xml") => Form::Xml,
            Some("html") => Form::Html,
            _ => Form::Text,
        };
        let decoded = decode(&bytes, text("content_type"), form);
        writeln!(
            out,
            "{}",
            json!({"id": id, "encoding": decoded.encoding, "replaced": decoded.replaced})
        )?;
    }
    Ok(())
}
