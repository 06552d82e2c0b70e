//! JSON Feed, versions 1 and 1.1 (jsonfeed.org).

use hedui_model::Diagnostic;
use serde_json::Value;
use url::Url;

use super::{ENTRIES_MAX, Entry, Feed, resolve};
use crate::date::read_feed_date;

/// Reads a JSON Feed.
pub(super) fn read(text: &str, base: Option<&Url>, diagnostics: &mut Vec<Diagnostic>) -> Feed {
    let value: Value = match serde_json::from_str(text.trim()) {
        Ok(value) => value,
        Err(error) => {
            diagnostics.push(Diagnostic::new("json", error.to_string()));
            return Feed::default();
        }
    };
    let items = value.get("items").and_then(Value::as_array);
    if items.is_none() {
        diagnostics.push(Diagnostic::new("feed", "JSON without items"));
    }
    let link = |key: &str| string(&value, key).map(|link| resolve(base, &link));
    let authors = authors(&value);
    Feed {
        title: string(&value, "title"),
        link: link("home_page_url"),
        language: string(&value, "language"),
        next: link("next_url"),
        entries: items
            .map_or(&[][..], Vec::as_slice)
            .iter()
            .take(ENTRIES_MAX)
            .map(|item| entry(item, base, authors.as_deref()))
            .collect(),
        ..Feed::default()
    }
}

fn entry(item: &Value, base: Option<&Url>, feed_authors: Option<&str>) -> Entry {
    let date = |key: &str| string(item, key).and_then(|date| read_feed_date(&date));
    let link = string(item, "url").or_else(|| string(item, "external_url"));
    Entry {
        id: string(item, "id").or_else(|| {
            item.get("id")
                .filter(|id| id.is_number())
                .map(Value::to_string)
        }),
        title: string(item, "title"),
        link: link.map(|link| resolve(base, &link)),
        author: authors(item).or_else(|| feed_authors.map(str::to_owned)),
        published: date("date_published"),
        updated: date("date_modified"),
        summary: string(item, "summary"),
        content: string(item, "content_html").or_else(|| string(item, "content_text")),
    }
}

fn string(value: &Value, key: &str) -> Option<String> {
    let text = value.get(key)?.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn authors(value: &Value) -> Option<String> {
    let many = value.get("authors").and_then(Value::as_array);
    let one = value.get("author");
    let names: Vec<String> = many
        .into_iter()
        .flatten()
        .chain(one)
        .filter_map(|author| string(author, "name"))
        .collect();
    (!names.is_empty()).then(|| names.join("; "))
}
