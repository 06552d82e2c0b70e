//! Reads articles as JSON Lines on standard input and prints their claims, for scoring the reader by itself.
//!
//! `{"id","source"?,"lang"?,"region"?,"published"?,"title"?,"text"}` a line; what is printed is what `hedui claims
//! --format jsonl` prints, offsets in characters.

#![allow(clippy::print_stdout)]

use std::error::Error;
use std::io::{BufRead, Write};
use std::sync::Arc;

use hedui_claims::ClaimReader;
use hedui_model::{Claim, Decimal, Interval, Passage, Region};
use hedui_text::{Analyzer, ArticleInput, Lexicon};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let lexicon = Lexicon::builtin();
    let analyzer = Analyzer::new(Arc::clone(&lexicon));
    let reader = ClaimReader::new(lexicon);
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let value: Value = serde_json::from_str(&line)?;
        let text = |name: &str| value.get(name).and_then(Value::as_str);
        let article = analyzer.article(ArticleInput {
            key: text("id").unwrap_or("-").parse()?,
            source: text("source").unwrap_or("-").parse()?,
            url: None,
            lang: text("lang").map(str::to_owned),
            region: text("region").map(str::parse::<Region>).transpose()?,
            published: text("published").map(str::parse).transpose()?,
            seen: jiff::Timestamp::UNIX_EPOCH,
            title: text("title").unwrap_or_default().to_owned(),
            body: text("text").unwrap_or_default().to_owned(),
            author: None,
        });
        for claim in reader.read(&article) {
            let passage = article.passage(claim.place);
            writeln!(out, "{}", printed(&claim, passage))?;
        }
    }
    Ok(())
}

fn printed(claim: &Claim, passage: &Passage) -> Value {
    let chars = |byte: usize| {
        passage
            .text
            .get(..byte)
            .map_or(0, |text| text.chars().count())
    };
    let quantity = &claim.quantity;
    let (low, high) = ends(quantity.interval());
    let unit = match quantity.interval() {
        Interval::Date { .. } | Interval::Time { .. } => "date".to_owned(),
        Interval::Number { .. } => quantity.unit.id.clone(),
    };
    json!({
        "id": claim.id,
        "article": claim.article,
        "in": claim.place,
        "start": chars(quantity.span.start()),
        "end": chars(quantity.span.end()),
        "mention": claim.mention(),
        "sentence": claim.sentence_text,
        "kind": quantity.kind,
        "low": low,
        "high": high,
        "unit": unit,
        "per": quantity.unit.per,
        "bound": quantity.bound,
        "approx": quantity.bound,
        "precision": quantity.precision,
        "candidates": quantity.candidates,
        "entities": claim.entities.iter().map(|entity| entity.name.as_str()).collect::<Vec<_>>(),
        "metric": claim.metric.as_ref().map(|metric| metric.id.as_str()),
        "terms": claim.terms,
        "period": claim.period,
        "scope": claim.scope,
        "status": claim.status,
        "attribution": claim.attribution.as_ref().map(|said| said.speaker.as_str()),
        "quoted": claim.attribution.as_ref().is_some_and(|said| said.quoted),
        "gloss_of": claim.gloss_of,
        "confidence": claim.confidence.to_string(),
    })
}

/// Returns both ends as they are printed.
fn ends(interval: Interval) -> (Option<String>, Option<String>) {
    match interval {
        Interval::Number { low, high } => {
            let print = |end: Option<Decimal>| end.map(|value| value.to_string());
            (print(low), print(high))
        }
        Interval::Date { .. } | Interval::Time { .. } => {
            let (low, high) = interval.days().unwrap_or_default();
            (
                low.map(|day| day.to_string()),
                high.map(|day| day.to_string()),
            )
        }
    }
}
