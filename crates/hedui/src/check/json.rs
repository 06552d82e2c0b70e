//! A figure of a draft as programs read it.

use std::collections::BTreeSet;

use hedui_model::Appearance;
use serde::Serialize;
use serde_json::Value;

use super::{Checked, Figure, Level, Side, Stand};
use crate::draft::{Kind, Region};
use crate::wire;

/// The name under which SARIF has a finding's fingerprint.
pub(super) const FINGERPRINT: &str = "heduiFigure/v1";

/// A line of `hedui check --format jsonl`.
#[derive(Debug, Serialize)]
pub(crate) struct FigureJson<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    /// Characters of the file before the figure and up to its end; null where the file is no text.
    start: Option<usize>,
    end: Option<usize>,
    mention: &'a str,
    sentence: &'a str,
    kind: hedui_model::Kind,
    low: Option<String>,
    high: Option<String>,
    unit: &'a str,
    per: Option<&'a str>,
    entities: Vec<&'a str>,
    metric: Option<&'a str>,
    verdict: &'static str,
    level: &'static str,
    cause: Option<&'static str>,
    confidence: f64,
    why: &'a str,
    suggestion: Option<&'a str>,
    sides: Vec<SideJson<'a>>,
    within: Vec<OwnJson<'a>>,
    ignored: bool,
    fingerprint: &'a str,
}

#[derive(Debug, Serialize)]
struct SideJson<'a> {
    stand: &'static str,
    text: &'a str,
    low: Option<String>,
    high: Option<String>,
    unit: &'a str,
    per: Option<&'a str>,
    independent_sources: u32,
    claims: Vec<EvidenceJson<'a>>,
}

/// A claim of the archive.
#[derive(Debug, Serialize)]
struct EvidenceJson<'a> {
    claim: String,
    article: &'a str,
    url: Option<&'a str>,
    source: &'a str,
    published: Option<String>,
    mention: &'a str,
    sentence: &'a str,
}

/// Another figure of the draft.
#[derive(Debug, Serialize)]
struct OwnJson<'a> {
    line: Option<usize>,
    column: Option<usize>,
    mention: &'a str,
    sentence: &'a str,
}

impl<'a> FigureJson<'a> {
    /// Makes the line of a figure; `level` is what it counts as in this run.
    pub(crate) fn new(checked: &'a Checked, figure: &'a Figure, level: Level) -> Self {
        let claim = &figure.claim.claim;
        let finding = &figure.finding;
        let (low, high) = wire::ends(claim.quantity.interval());
        let Region { start, end, .. } = figure.region;
        let has_offsets = checked.draft.kind != Kind::Docx;
        FigureJson {
            file: &checked.draft.name,
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
            start: has_offsets.then_some(start.offset),
            end: has_offsets.then_some(end.offset),
            mention: claim.mention(),
            sentence: &claim.sentence_text,
            kind: claim.quantity.kind,
            low,
            high,
            unit: &claim.quantity.unit.id,
            per: claim.quantity.unit.per.as_deref(),
            entities: claim
                .entities
                .iter()
                .map(|entity| entity.name.as_str())
                .collect(),
            metric: claim.metric.as_ref().map(|metric| metric.id.as_str()),
            verdict: finding.verdict.as_str(),
            level: level.as_str(),
            cause: finding.rule.map(super::Rule::id),
            confidence: f64::from(finding.confidence.thousandths()) / 1_000.0,
            why: &finding.why,
            suggestion: finding
                .suggestion
                .as_ref()
                .map(|suggestion| suggestion.text.as_str()),
            sides: finding
                .sides
                .iter()
                .filter_map(|one| side(one, figure))
                .collect(),
            within: finding
                .within
                .iter()
                .map(|other| own(checked, other))
                .collect(),
            ignored: figure.is_ignored,
            fingerprint: &figure.fingerprint,
        }
    }
}

fn side<'a>(side: &'a Side, figure: &Figure) -> Option<SideJson<'a>> {
    let speaker = &side.speaker(figure.claim.article.meta.lang)?.claim;
    let (low, high) = wire::ends(speaker.quantity.interval());
    Some(SideJson {
        stand: Stand::as_str(side.stand),
        text: speaker.mention(),
        low,
        high,
        unit: &speaker.quantity.unit.id,
        per: speaker.quantity.unit.per.as_deref(),
        independent_sources: side.independent_sources,
        claims: side.claims.iter().map(evidence).collect(),
    })
}

fn evidence(appearance: &Appearance) -> EvidenceJson<'_> {
    let meta = &appearance.article.meta;
    EvidenceJson {
        claim: appearance.claim.id.to_string(),
        article: meta.key.as_str(),
        url: meta.url.as_deref(),
        source: meta.source.as_str(),
        published: meta.published.map(|published| published.to_string()),
        mention: appearance.claim.mention(),
        sentence: &appearance.claim.sentence_text,
    }
}

fn own<'a>(checked: &Checked, other: &'a Appearance) -> OwnJson<'a> {
    let region = checked.place_of(&other.claim.id);
    OwnJson {
        line: region.map(|region| region.start.line),
        column: region.map(|region| region.start.column),
        mention: other.claim.mention(),
        sentence: &other.claim.sentence_text,
    }
}

/// Reads the fingerprints out of findings as they were printed: JSON Lines, one JSON array, or SARIF.
///
/// # Errors
/// Says in which line something else stands.
pub(crate) fn fingerprints_of(text: &str) -> Result<BTreeSet<String>, String> {
    let mut known = BTreeSet::new();
    if let Ok(whole) = serde_json::from_str::<Value>(text) {
        collect(&whole, &mut known);
        return Ok(known);
    }
    for (index, line) in text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
    {
        let value: Value =
            serde_json::from_str(line).map_err(|error| format!("line {}: {error}", index + 1))?;
        collect(&value, &mut known);
    }
    Ok(known)
}

fn collect(value: &Value, known: &mut BTreeSet<String>) {
    let mut add =
        |found: Option<&Value>| known.extend(found.and_then(Value::as_str).map(str::to_owned));
    add(value.get("fingerprint"));
    let runs = value
        .get("runs")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    for result in runs
        .filter_map(|run| run.get("results")?.as_array())
        .flatten()
    {
        let prints = result.get("partialFingerprints");
        add(prints.and_then(|prints| prints.get(FINGERPRINT)));
    }
    for item in value.as_array().into_iter().flatten() {
        add(item.get("fingerprint"));
    }
}
