//! Findings as SARIF 2.1.0 (OASIS, errata 01): for editors and CI.
//!
//! Columns count Unicode code points (`columnKind`). Updates are notes, possible conflicts warnings, conflicts errors;
//! what agrees is a result of kind `pass`. Fixes replace a figure where the file has it to the letter; a docx has none,
//! and its lines are paragraphs. Fingerprints are those of `--format jsonl`.

use hedui_model::{Appearance, Cause};
use serde_json::{Map, Value, json};

use super::json::FINGERPRINT;
use super::print::{rule_words, shown, sources, stand_words};
use super::{Checked, Figure, Level, Rule, Stand, Verdict};
use crate::draft::{Kind, Region};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// A finding with what it counts as in this run.
pub(crate) type Told<'a> = (&'a Checked, &'a Figure, Level);

/// Makes the log of one run; `unread` are files that could not be read, with the reason.
pub(crate) fn log(files: &[&Checked], told: &[Told<'_>], unread: &[(&str, &str)]) -> Value {
    let rules: Vec<Value> = Rule::ALL.iter().map(|rule| rule_object(*rule)).collect();
    let artifacts: Vec<Value> = files
        .iter()
        .map(|checked| json!({"location": {"uri": uri(&checked.draft.name)}}))
        .collect();
    let results: Vec<Value> = told
        .iter()
        .map(|(checked, figure, level)| result(checked, figure, *level))
        .collect();
    let notifications: Vec<Value> = unread
        .iter()
        .map(|(name, reason)| {
            json!({
                "level": "error",
                "message": {"text": format!("{name}: {reason}")},
                "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri(name)}}}],
            })
        })
        .collect();
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "hedui",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "shortDescription": {"text": "Checks the figures of a draft against an archive of news and against each other"},
                "rules": rules,
            }},
            "invocations": [{
                "executionSuccessful": unread.is_empty(),
                "toolExecutionNotifications": notifications,
            }],
            "columnKind": "unicodeCodePoints",
            "artifacts": artifacts,
            "results": results,
        }],
    })
}

fn rule_object(rule: Rule) -> Value {
    let level = match rule {
        Rule::Caused(_) | Rule::Percentage | Rule::Sum => "error",
        Rule::Outdated | Rule::Newer => "note",
    };
    let help = help(rule);
    json!({
        "id": rule.id(),
        "name": name(rule),
        "shortDescription": {"text": rule_words(rule)},
        "fullDescription": {"text": help},
        "help": {"text": help},
        "defaultConfiguration": {"level": level},
    })
}

/// Returns the id of a rule as one word in capitals and small letters, as SARIF likes names.
fn name(rule: Rule) -> String {
    let mut name = String::new();
    for part in rule.id().split('_') {
        let mut letters = part.chars();
        name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        name.push_str(letters.as_str());
    }
    name
}

fn help(rule: Rule) -> &'static str {
    match rule {
        Rule::Caused(Cause::ScaleError) => {
            "The same digits stand at another power of ten: million for billion, MW for GW, per cent for percentage points. \
             Look at the word behind the digits."
        }
        Rule::Caused(Cause::Currency) => {
            "The same digits stand in another currency. Look whose money the source counts in."
        }
        Rule::Caused(Cause::Scope) => {
            "A part may be told as the whole, or one whole as another: a first phase as the total, an increment as the sum."
        }
        Rule::Caused(Cause::Period) => {
            "The figure may belong to another time or time base: once or per year, against the quarter or the year before."
        }
        Rule::Caused(Cause::Rounding) => "The figure is close, but not what the other rounds to.",
        Rule::Caused(Cause::Gloss) => {
            "The figure is restated in another unit or currency, and does not convert at the rate of the time."
        }
        Rule::Caused(Cause::Revision) => "The source changed its figure.",
        Rule::Caused(Cause::Other) => {
            "The archive has another figure for the same thing. Look at both sentences."
        }
        Rule::Percentage => {
            "The draft itself has the values before and after, and from the one to the other it is another change."
        }
        Rule::Sum => {
            "The draft itself says that these are parts of the whole, and they are more than that."
        }
        Rule::Outdated => {
            "A later figure has replaced this one. Fine where the draft tells how it was before."
        }
        Rule::Newer => "The archive has earlier figures only, and this one would replace them.",
    }
}

fn result(checked: &Checked, figure: &Figure, level: Level) -> Value {
    let finding = &figure.finding;
    let passed_over = figure.is_ignored || figure.is_known;
    let mut result = Map::new();
    let mut put = |name: &str, value: Value| {
        result.insert(name.to_owned(), value);
    };
    if let Some(rule) = finding.rule {
        put("ruleId", json!(rule.id()));
        put(
            "ruleIndex",
            json!(Rule::ALL.iter().position(|other| *other == rule)),
        );
    }
    let is_fail = finding.rule.is_some();
    let kind = match finding.verdict {
        Verdict::Conflict | Verdict::Update => "fail",
        Verdict::Agree => "pass",
        Verdict::Unknown => "informational",
    };
    put("kind", json!(kind));
    let own_level = match (is_fail, passed_over, finding.verdict) {
        (false, ..) => Level::None,
        (_, true, Verdict::Conflict) => Level::Warning,
        (_, true, _) => Level::Note,
        _ => level,
    };
    put("level", json!(own_level.as_str()));
    put("message", json!({"text": message(figure)}));
    put("locations", json!([location(checked, figure)]));
    let related = related(checked, figure);
    if !related.is_empty() {
        put("relatedLocations", json!(related));
    }
    if let Some(fix) = fix(checked, figure) {
        put("fixes", json!([fix]));
    }
    put(
        "partialFingerprints",
        json!({FINGERPRINT: figure.fingerprint}),
    );
    if is_fail {
        put(
            "rank",
            json!(f64::from(finding.confidence.thousandths()) / 10.0),
        );
    }
    if figure.is_ignored {
        put("suppressions", json!([{"kind": "inSource"}]));
    }
    if figure.is_known {
        put("baselineState", json!("unchanged"));
    }
    put(
        "properties",
        json!({
            "verdict": finding.verdict.as_str(),
            "mention": figure.claim.claim.mention(),
            "suggestion": finding.suggestion.as_ref().map(|suggestion| &suggestion.text),
        }),
    );
    Value::Object(result)
}

/// Says in a sentence or two what is wrong and who says so.
fn message(figure: &Figure) -> String {
    let finding = &figure.finding;
    let mention = figure.claim.claim.mention();
    let lang = figure.claim.article.meta.lang;
    let mut text = format!("`{mention}`");
    match finding.rule {
        Some(rule) => text.push_str(&format!(": {}", rule_words(rule))),
        None => text.push_str(&format!(": {}", finding.verdict.as_str())),
    }
    for side in finding.sides.iter().take(2) {
        let said = side
            .speaker(lang)
            .map_or("", |speaker| speaker.claim.mention());
        let stand = stand_words(side.stand);
        text.push_str(&format!(
            "; {stand}: `{said}` ({})",
            sources(side.independent_sources)
        ));
    }
    if !finding.why.is_empty() && finding.rule.is_some() {
        text.push_str(&format!(". Why: {}", finding.why));
    }
    text
}

fn location(checked: &Checked, figure: &Figure) -> Value {
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": {"uri": uri(&checked.draft.name)},
            "region": region(figure.region, figure.claim.claim.mention()),
        },
    });
    if checked.draft.kind == Kind::Docx
        && let Some(object) = location.as_object_mut()
    {
        let paragraph = format!("paragraph {}", figure.region.start.line);
        object.insert(
            "logicalLocations".to_owned(),
            json!([{"fullyQualifiedName": paragraph}]),
        );
    }
    location
}

fn region(region: Region, snippet: &str) -> Value {
    json!({
        "startLine": region.start.line,
        "startColumn": region.start.column,
        "endLine": region.end.line,
        "endColumn": region.end.column,
        "snippet": {"text": snippet},
    })
}

/// Other figures of the draft, then what the archive says.
fn related(checked: &Checked, figure: &Figure) -> Vec<Value> {
    let finding = &figure.finding;
    let mut related: Vec<Value> = Vec::new();
    for other in &finding.within {
        if let Some(place) = checked.place_of(&other.claim.id) {
            related.push(json!({
                "physicalLocation": {
                    "artifactLocation": {"uri": uri(&checked.draft.name)},
                    "region": region(place, other.claim.mention()),
                },
                "message": {"text": other.claim.sentence_text},
            }));
        }
    }
    for side in &finding.sides {
        related.extend(
            shown(side, figure.claim.article.meta.lang)
                .into_iter()
                .map(|claim| evidence(side.stand, claim)),
        );
    }
    for (id, location) in related.iter_mut().enumerate() {
        if let Some(object) = location.as_object_mut() {
            object.insert("id".to_owned(), json!(id + 1));
        }
    }
    related
}

fn evidence(stand: Stand, claim: &Appearance) -> Value {
    let meta = &claim.article.meta;
    let published = meta
        .published
        .map(|published| format!(" {}", published.day()));
    let text = format!(
        "{}: {}{}: {}",
        stand_words(stand),
        meta.source,
        published.unwrap_or_default(),
        claim.claim.sentence_text
    );
    // An address as a source wrote it may hold characters that a URI may not.
    let url = meta
        .url
        .as_deref()
        .and_then(|url| url::Url::parse(url).ok());
    match url.map(String::from) {
        Some(url) => json!({
            "physicalLocation": {"artifactLocation": {"uri": url}},
            "message": {"text": text},
        }),
        None => json!({"message": {"text": text}}),
    }
}

/// The change of the file that puts the suggestion in the figure's place, where the file has the figure to the letter.
fn fix(checked: &Checked, figure: &Figure) -> Option<Value> {
    let suggestion = figure.finding.suggestion.as_ref()?;
    let is_possible = suggestion.is_fix
        && figure.region.is_verbatim
        && checked.draft.kind != Kind::Docx
        && figure.finding.verdict == Verdict::Conflict;
    is_possible.then(|| {
        let mut deleted = region(figure.region, figure.claim.claim.mention());
        if let Some(object) = deleted.as_object_mut() {
            object.remove("snippet");
        }
        json!({
            "description": {"text": format!("write `{}`", suggestion.text)},
            "artifactChanges": [{
                "artifactLocation": {"uri": uri(&checked.draft.name)},
                "replacements": [{
                    "deletedRegion": deleted,
                    "insertedContent": {"text": suggestion.text},
                }],
            }],
        })
    })
}

/// Returns a file's name as a URI reference (RFC 3986): relative names stay relative.
fn uri(name: &str) -> String {
    let mut uri = String::new();
    let name = name.strip_prefix("./").unwrap_or(name);
    if name.starts_with('/') {
        uri.push_str("file://");
    }
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_s_name_becomes_a_uri() {
        assert_eq!(uri("./a b/草.md"), "a%20b/%E8%8D%89.md");
        assert_eq!(uri("/tmp/x:y.md"), "file:///tmp/x%3Ay.md");
    }

    #[test]
    fn every_rule_has_its_own_name() {
        let names: std::collections::BTreeSet<String> =
            Rule::ALL.iter().map(|rule| name(*rule)).collect();
        assert_eq!(names.len(), Rule::ALL.len());
        assert!(names.contains("ScaleError"));
    }
}
