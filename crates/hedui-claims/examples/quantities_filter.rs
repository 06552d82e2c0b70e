//! `hedui quantities` as a small program: JSON Lines in, JSON Lines out. Used by the scorers.
//!
//! `--explain` adds the rows and rules of each reading, `--claims` prints the quantities of articles in base units.

use std::io::{BufRead, Write};

use hedui_claims::quantity::{QuantityReader, ReadContext, filter};
use hedui_model::{Interval, Lang, Region};
use hedui_text::{Folder, Lexicon};
use serde_json::{Value, json};

fn main() -> std::io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |name: &str| arguments.iter().any(|argument| argument == name);
    let (explain, claims) = (has("--explain"), has("--claims"));
    let reader = QuantityReader::new(Lexicon::builtin());
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let answer = match serde_json::from_str::<Value>(&line) {
            Ok(input) => answer(&reader, &input, explain, claims),
            Err(error) => json!({"id": null, "error": error.to_string()}),
        };
        writeln!(out, "{answer}")?;
    }
    Ok(())
}

fn answer(reader: &QuantityReader, input: &Value, explain: bool, claims: bool) -> Value {
    let text = input["text"].as_str().unwrap_or_default();
    let folded = Folder::builtin().fold(text);
    let lang = match input["lang"].as_str().unwrap_or_default() {
        lang if lang.starts_with("zh") => Lang::Zh,
        "en" => Lang::En,
        _ => Lang::Other,
    };
    let day = |field: &str| {
        input[field]
            .as_str()
            .and_then(|time| time.get(..10)?.parse().ok())
    };
    let context = ReadContext {
        region: input["region"]
            .as_str()
            .and_then(|region| region.parse::<Region>().ok()),
        lang,
        reference: day("reference_time").or_else(|| day("published")),
        hours: true,
        time: input["reference_time"]
            .as_str()
            .and_then(|time| time.get(11..19)?.parse().ok()),
    };
    let read = reader.read_explained(&folded.text, &folded.map, &context);
    let quantities: Vec<_> = read.iter().map(|(quantity, _)| quantity.clone()).collect();
    let answers = filter(text, &quantities);
    let found: Vec<Value> = answers
        .iter()
        .zip(&read)
        .map(|(answer, (quantity, why))| {
            let mut value = json!(answer);
            if explain {
                value["words"] = json!(why.words);
                value["rules"] = json!(why.rules);
            }
            if claims {
                let (low, high) = match quantity.interval() {
                    Interval::Number { low, high } => (
                        low.map(|low| low.to_string()),
                        high.map(|high| high.to_string()),
                    ),
                    Interval::Date { low, high } => (
                        low.map(|low| low.to_string()),
                        high.map(|high| high.to_string()),
                    ),
                    Interval::Time { low, high } => (
                        low.map(|low| low.to_string()),
                        high.map(|high| high.to_string()),
                    ),
                };
                value["base_low"] = json!(low);
                value["base_high"] = json!(high);
                value["base_unit"] = json!(quantity.unit.id);
                value["basis"] = json!(quantity.basis);
            }
            value
        })
        .collect();
    json!({"id": input["id"], "found": found})
}
