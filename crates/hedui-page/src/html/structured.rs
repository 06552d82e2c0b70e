//! What a page says about itself in JSON-LD (schema.org), also where the JSON is broken.

use serde_json::Value;

use crate::words::{NameRole, Words, lower};

/// The deepest value that is looked into.
const DEPTH_MAX: usize = 24;
/// The most bytes of one block that are read.
const BLOCK_BYTES_MAX: usize = 2 * 1024 * 1024;

/// What was found about the article, first statement first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Structured {
    pub(super) headlines: Vec<String>,
    pub(super) published: Vec<String>,
    pub(super) modified: Vec<String>,
    pub(super) authors: Vec<String>,
    pub(super) sites: Vec<String>,
    pub(super) language: Option<String>,
    pub(super) urls: Vec<String>,
    pub(super) body: Option<String>,
}

/// Reads all blocks of a page. Returns also how many could not be read as JSON.
pub(super) fn read(blocks: &[&str], words: &Words) -> (Structured, usize) {
    let mut found = Structured::default();
    let mut rest = Structured::default();
    let mut broken = 0;
    for block in blocks {
        let block = block.get(..BLOCK_BYTES_MAX).unwrap_or(block);
        match parse(block) {
            Some(value) => walk(&value, words, &mut found, &mut rest),
            None => {
                broken += 1;
                scan(block, &mut rest);
            }
        }
    }
    merge(&mut found, rest);
    (found, broken)
}

/// What a page without a typed article says counts only where nothing else does.
fn merge(found: &mut Structured, rest: Structured) {
    let fill = |list: &mut Vec<String>, other: Vec<String>| {
        if list.is_empty() {
            *list = other;
        }
    };
    fill(&mut found.headlines, rest.headlines);
    fill(&mut found.published, rest.published);
    fill(&mut found.modified, rest.modified);
    fill(&mut found.authors, rest.authors);
    found.sites.extend(rest.sites);
    found.urls.extend(rest.urls);
    found.language = found.language.take().or(rest.language);
    found.body = found.body.take().or(rest.body);
}

/// Parses JSON, mending what sites do to it: comments and CDATA around it, raw line ends in strings, commas before the end.
fn parse(block: &str) -> Option<Value> {
    let block = block.trim().trim_start_matches('\u{FEFF}');
    if let Ok(value) = serde_json::from_str(block) {
        return Some(value);
    }
    let inner = block
        .trim_start_matches("<!--")
        .trim_start_matches("//")
        .trim_start_matches("/*")
        .trim_start_matches("<![CDATA[");
    let start = inner.find(['{', '['])?;
    let end = inner.rfind(['}', ']'])? + 1;
    serde_json::from_str(&mend(inner.get(start..end)?)).ok()
}

fn mend(json: &str) -> String {
    let mut mended = String::with_capacity(json.len());
    let mut in_string = false;
    let mut escaped = false;
    for character in json.chars() {
        if in_string {
            match character {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => in_string = false,
                _ if character.is_control() => {
                    mended.push(' ');
                    continue;
                }
                _ => {}
            }
        } else if character == '"' {
            in_string = true;
        } else if matches!(character, '}' | ']') && mended.trim_end().ends_with(',') {
            mended.truncate(mended.trim_end().len() - 1);
        } else if character == ';' {
            continue;
        }
        mended.push(character);
    }
    mended
}

/// Takes single strings out of JSON that cannot be parsed.
fn scan(block: &str, rest: &mut Structured) {
    let string = |key: &str| -> Option<String> {
        let at = block.find(&format!("\"{key}\""))?;
        let tail = block
            .get(at + key.len() + 2..)?
            .trim_start()
            .strip_prefix(':')?;
        let tail = tail.trim_start().strip_prefix('"')?;
        let end = tail
            .char_indices()
            .find(|&(at, c)| c == '"' && !tail.get(..at).unwrap_or("").ends_with('\\'))?;
        let raw = tail.get(..end.0)?;
        let value = serde_json::from_str(&format!("\"{}\"", raw.replace(char::is_control, " ")));
        value.ok().or_else(|| Some(raw.to_owned()))
    };
    rest.headlines.extend(string("headline"));
    rest.published.extend(string("datePublished"));
    rest.modified.extend(string("dateModified"));
}

fn walk(value: &Value, words: &Words, found: &mut Structured, rest: &mut Structured) {
    let mut stack = vec![(value, 0)];
    while let Some((value, depth)) = stack.pop() {
        match value {
            Value::Array(values) if depth < DEPTH_MAX => {
                stack.extend(
                    values
                        .iter()
                        .rev()
                        .take(500)
                        .map(|value| (value, depth + 1)),
                );
            }
            Value::Object(map) => {
                if is_article(value, words) {
                    article(value, found);
                } else {
                    other(value, rest);
                }
                if depth < DEPTH_MAX {
                    let inner = [
                        "@graph",
                        "mainEntity",
                        "mainEntityOfPage",
                        "hasPart",
                        "liveBlogUpdate",
                        "props",
                        "itemListElement",
                    ];
                    let nested = inner.iter().rev().filter_map(|key| map.get(*key));
                    // The items of a list are other articles than the page's own.
                    let nested = nested.filter(|value| !is_list_of_articles(value));
                    stack.extend(nested.map(|value| (value, depth + 1)));
                }
            }
            _ => {}
        }
    }
}

fn is_list_of_articles(value: &Value) -> bool {
    value.as_array().is_some_and(|items| {
        items.len() > 1
            && items
                .iter()
                .all(|item| item.get("@type").and_then(Value::as_str) == Some("ListItem"))
    })
}

fn is_article(value: &Value, words: &Words) -> bool {
    let is_known = |name: &str| {
        words.has_name(
            NameRole::ArticleType,
            &lower(name.rsplit('/').next().unwrap_or(name)),
        )
    };
    match value.get("@type") {
        Some(Value::String(name)) => is_known(name),
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).any(is_known),
        _ => false,
    }
}

fn article(value: &Value, found: &mut Structured) {
    // The first article is the page's own; others are read for what it lacks.
    let first = found.headlines.is_empty() && found.published.is_empty();
    if !first {
        return;
    }
    found.headlines.extend(strings(value, "headline"));
    if found.headlines.is_empty() {
        found.headlines.extend(strings(value, "name"));
    }
    found.published.extend(strings(value, "datePublished"));
    found.published.extend(strings(value, "dateCreated"));
    found.modified.extend(strings(value, "dateModified"));
    for key in ["author", "creator"] {
        if found.authors.is_empty() {
            found
                .authors
                .extend(value.get(key).map(names).unwrap_or_default());
        }
    }
    found
        .sites
        .extend(value.get("publisher").map(names).unwrap_or_default());
    found.urls.extend(strings(value, "url"));
    found.language = found
        .language
        .take()
        .or_else(|| strings(value, "inLanguage").into_iter().next());
    let body = value.get("articleBody").and_then(Value::as_str);
    found.body = found.body.take().or_else(|| body.map(str::to_owned));
}

fn other(value: &Value, rest: &mut Structured) {
    let kind = value.get("@type").and_then(Value::as_str).unwrap_or("");
    match kind {
        "WebSite" | "Organization" | "NewsMediaOrganization" => {
            rest.sites.extend(strings(value, "name"))
        }
        "WebPage" | "ItemPage" | "" => {
            rest.published.extend(strings(value, "datePublished"));
            rest.published.extend(strings(value, "pubDate"));
            rest.modified.extend(strings(value, "dateModified"));
            rest.headlines.extend(strings(value, "headline"));
            rest.headlines.extend(strings(value, "title"));
            rest.authors
                .extend(value.get("author").map(names).unwrap_or_default());
            rest.language = rest
                .language
                .take()
                .or_else(|| strings(value, "inLanguage").into_iter().next());
        }
        _ => {}
    }
}

/// The strings under a key: one, or several.
fn strings(value: &Value, key: &str) -> Vec<String> {
    let texts: Vec<&str> = match value.get(key) {
        Some(Value::String(text)) => vec![text],
        Some(Value::Array(values)) => values.iter().filter_map(Value::as_str).collect(),
        Some(Value::Object(map)) => map
            .get("@value")
            .or_else(|| map.get("@id"))
            .and_then(Value::as_str)
            .into_iter()
            .collect(),
        _ => Vec::new(),
    };
    let texts = texts
        .into_iter()
        .map(str::trim)
        .filter(|text| !text.is_empty());
    texts.map(super::metadata::unescape).collect()
}

/// The names of persons or organisations.
fn names(value: &Value) -> Vec<String> {
    let one = |value: &Value| -> Vec<String> {
        match value {
            Value::String(name) => vec![super::metadata::unescape(name.trim())],
            Value::Object(_) => strings(value, "name"),
            _ => Vec::new(),
        }
    };
    let names = match value {
        Value::Array(values) => values.iter().take(50).flat_map(one).collect(),
        _ => one(value),
    };
    names
        .into_iter()
        .filter(|name: &String| !name.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(block: &str) -> Structured {
        read(&[block], Words::builtin()).0
    }

    #[test]
    fn articles_are_found_wherever_they_stand() {
        let article = r#"{"@type":"NewsArticle","headline":"H","datePublished":"2025-09-24","author":[{"name":"A"},{"@type":"Person","name":"B"}],"publisher":{"name":"S"}}"#;
        for block in [
            article.to_owned(),
            format!("[{article}]"),
            format!(r#"{{"@graph":[{{"@type":"WebSite","name":"W"}},{article}]}}"#),
            format!(r#"{{"@type":"WebPage","mainEntity":{article}}}"#),
            format!("<!-- {article} -->"),
        ] {
            let found = of(&block);
            assert_eq!(found.headlines, ["H"], "{block}");
            assert_eq!(found.authors, ["A", "B"]);
            assert_eq!(found.sites.first().map(String::as_str), Some("S"));
        }
    }

    #[test]
    fn broken_json_is_mended_or_scanned() {
        assert_eq!(
            of("{\"@type\":\"Article\",\"headline\":\"a\nb\",}").headlines,
            ["a b"]
        );
        let hopeless =
            "{\"@type\":\"Article\" \"headline\": \"x\", \"datePublished\": \"2025-09-24\"";
        assert_eq!(of(hopeless).published, ["2025-09-24"]);
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "([{}\\[\\],:\";/!-]|\"@type\":|\"Article\"|\"headline\"|\"datePublished\"|中|\\\\){0,30}") {
            of(&text);
        }
    }
}
