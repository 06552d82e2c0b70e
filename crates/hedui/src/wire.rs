//! What programs outside read: the JSON shapes that are promised.
//!
//! These structs are apart from the model's, so that the model may change
//! while the promise stays. Offsets are characters here and bytes inside; this
//! is the one place that converts.

use hedui_model::{
    Basis, Bound, Claim, Conflict, ConflictState, Fact, Interval, Judged, Kind, Place, Quantity,
    Side, Status,
};
use serde::{Deserialize, Serialize};

use crate::store::ArticleView;

/// Turns byte offsets of one text into characters, cheaply for rising offsets.
#[derive(Debug)]
pub(crate) struct CharOffsets<'t> {
    text: &'t str,
    byte: usize,
    chars: usize,
}

impl<'t> CharOffsets<'t> {
    /// Starts at the beginning of `text`.
    pub(crate) fn new(text: &'t str) -> Self {
        CharOffsets {
            text,
            byte: 0,
            chars: 0,
        }
    }

    /// Returns how many characters stand before `byte`, which is a character boundary.
    pub(crate) fn at(&mut self, byte: usize) -> usize {
        if byte < self.byte {
            (self.byte, self.chars) = (0, 0);
        }
        let between = self.text.get(self.byte..byte).unwrap_or_default();
        self.chars += between.chars().count();
        self.byte += between.len();
        self.chars
    }
}

/// A period, as claims print it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct PeriodJson {
    from: Option<String>,
    to: Option<String>,
    basis: Option<Basis>,
}

/// A line of `hedui claims --format jsonl`.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ClaimJson {
    pub(crate) id: String,
    pub(crate) article: String,
    #[serde(rename = "in")]
    pub(crate) place: Place,
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) mention: String,
    pub(crate) sentence: String,
    pub(crate) kind: Kind,
    pub(crate) low: Option<String>,
    pub(crate) high: Option<String>,
    pub(crate) unit: String,
    pub(crate) per: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) candidates: Vec<String>,
    pub(crate) bound: Bound,
    pub(crate) precision: u8,
    pub(crate) entities: Vec<String>,
    pub(crate) metric: Option<String>,
    pub(crate) period: Option<PeriodJson>,
    pub(crate) scope: Option<String>,
    pub(crate) time_base: Option<String>,
    pub(crate) session: Option<String>,
    pub(crate) status: Status,
    pub(crate) attribution: Option<String>,
    pub(crate) gloss_of: Option<String>,
    pub(crate) source: String,
    pub(crate) published: Option<String>,
    pub(crate) lang: &'static str,
    pub(crate) confidence: f64,
}

/// Prints the ends of an interval, numbers in full, days and the days of times as ISO dates.
pub(crate) fn ends(interval: Interval) -> (Option<String>, Option<String>) {
    match interval {
        Interval::Number { low, high } => (
            low.map(|value| value.to_string()),
            high.map(|value| value.to_string()),
        ),
        Interval::Date { .. } | Interval::Time { .. } => {
            let (low, high) = interval.days().unwrap_or_default();
            (
                low.map(|day| day.to_string()),
                high.map(|day| day.to_string()),
            )
        }
    }
}

fn fraction(confidence: hedui_model::Confidence) -> f64 {
    f64::from(confidence.thousandths()) / 1_000.0
}

impl ClaimJson {
    /// Makes the line for a claim; `offsets` counts in the text of its place.
    pub(crate) fn new(
        claim: &Claim,
        meta: &hedui_model::ArticleMeta,
        offsets: &mut CharOffsets<'_>,
    ) -> Self {
        let quantity = &claim.quantity;
        let (low, high) = ends(quantity.interval());
        ClaimJson {
            id: claim.id.to_string(),
            article: claim.article.to_string(),
            place: claim.place,
            start: offsets.at(quantity.span.start()),
            end: offsets.at(quantity.span.end()),
            mention: claim.mention().to_owned(),
            sentence: claim.sentence_text.clone(),
            kind: quantity.kind,
            low,
            high,
            unit: quantity.unit.id.clone(),
            per: quantity.unit.per.clone(),
            candidates: quantity.candidates.clone(),
            bound: quantity.bound,
            precision: quantity.precision,
            entities: claim
                .entities
                .iter()
                .map(|entity| entity.name.clone())
                .collect(),
            metric: claim.metric.as_ref().map(|metric| metric.id.clone()),
            period: claim.period.as_ref().map(|period| PeriodJson {
                from: period.from.map(|day| day.to_string()),
                to: period.to.map(|day| day.to_string()),
                basis: period.basis,
            }),
            scope: claim.scope.part.clone(),
            time_base: claim.scope.time_base.clone(),
            session: claim.scope.session.clone(),
            status: claim.status,
            attribution: claim
                .attribution
                .as_ref()
                .map(|attribution| attribution.speaker.clone()),
            gloss_of: claim.gloss_of.as_ref().map(ToString::to_string),
            source: meta.source.to_string(),
            published: meta.published.map(|published| published.to_string()),
            lang: meta.lang_tag(),
            confidence: fraction(claim.confidence),
        }
    }
}

/// Makes the lines for all claims of an article, in order.
pub(crate) fn claims_of(article: &ArticleView) -> Vec<ClaimJson> {
    let mut title = CharOffsets::new(article.title());
    let mut body = CharOffsets::new(article.body());
    let line = |claim: &Claim| match claim.place {
        Place::Title => ClaimJson::new(claim, article.meta(), &mut title),
        Place::Body => ClaimJson::new(claim, article.meta(), &mut body),
    };
    article.claims().iter().map(line).collect()
}

/// One side of a pair of `hedui relations`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PairEnd {
    pub(crate) article: String,
    #[serde(rename = "in", default = "in_body")]
    pub(crate) place: Place,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

fn in_body() -> Place {
    Place::Body
}

/// A line of `hedui relations --format jsonl`.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct RelationJson {
    pub(crate) a: PairEnd,
    pub(crate) b: PairEnd,
    pub(crate) relation: Option<hedui_model::Relation>,
    pub(crate) cause: Option<hedui_model::Cause>,
    pub(crate) confidence: Option<f64>,
    pub(crate) why: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) terms: Vec<TermJson>,
}

/// A term of the score of a pair.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct TermJson {
    pub(crate) name: String,
    pub(crate) level: String,
    pub(crate) value: f64,
    pub(crate) note: String,
}

impl From<&hedui_reconcile::Term> for TermJson {
    fn from(term: &hedui_reconcile::Term) -> Self {
        TermJson {
            name: term.name.to_owned(),
            level: term.level.to_string(),
            value: f64::from(term.value_thousandths) / 1_000.0,
            note: term.note.clone(),
        }
    }
}

impl RelationJson {
    /// Makes the line of a verdict; without one, nothing overlaps the pair.
    pub(crate) fn new(a: PairEnd, b: PairEnd, judged: Option<&Judged>) -> Self {
        let verdict = judged.map(|judged| &judged.verdict);
        RelationJson {
            a,
            b,
            relation: verdict.map(|verdict| verdict.relation),
            cause: verdict.and_then(|verdict| verdict.cause),
            confidence: verdict.map(|verdict| fraction(verdict.confidence)),
            why: verdict.map(|verdict| verdict.why.clone()),
            terms: Vec::new(),
        }
    }
}

/// A side of a conflict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct SideJson {
    low: Option<String>,
    high: Option<String>,
    unit: String,
    per: Option<String>,
    text: String,
    independent_sources: u32,
    sources: Vec<String>,
    claims: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<hedui_model::Cause>,
}

impl From<&Side> for SideJson {
    fn from(side: &Side) -> Self {
        SideJson {
            low: side.low.map(|value| value.to_string()),
            high: side.high.map(|value| value.to_string()),
            unit: side.unit.id.clone(),
            per: side.unit.per.clone(),
            text: side.text.clone(),
            independent_sources: side.independent_sources,
            sources: side.sources.iter().map(ToString::to_string).collect(),
            claims: side.claims.iter().map(ToString::to_string).collect(),
            cause: side.cause,
        }
    }
}

/// A line of `hedui conflicts --format jsonl`.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ConflictJson {
    pub(crate) id: String,
    pub(crate) fact: String,
    pub(crate) entities: Vec<String>,
    pub(crate) metric: Option<String>,
    pub(crate) unit: String,
    pub(crate) cause: hedui_model::Cause,
    pub(crate) severity: u8,
    pub(crate) confidence: f64,
    pub(crate) state: &'static str,
    /// Why it stands there: who decided what, what ended it, what opened it again.
    pub(crate) state_why: Option<String>,
    /// When a snooze or a mute ends.
    pub(crate) until: Option<String>,
    /// What ended it: `update`, `correction`, `withdrawn`, `separated`.
    pub(crate) ended_by: Option<&'static str>,
    /// The value that a person said is right.
    pub(crate) resolved_as: Option<String>,
    /// Ids that it had before, and those of conflicts that were merged into it.
    pub(crate) aliases: Vec<String>,
    pub(crate) first_seen: String,
    pub(crate) last_seen: String,
    pub(crate) sides: Vec<SideJson>,
    pub(crate) why: String,
}

impl From<&Conflict> for ConflictJson {
    fn from(conflict: &Conflict) -> Self {
        let (mut until, mut ended_by, mut resolved_as) = (None, None, None);
        match &conflict.state {
            ConflictState::Snoozed { until: end } => until = Some(end.to_string()),
            ConflictState::Muted { until: end } => until = end.map(|end| end.to_string()),
            ConflictState::Resolved { value } => resolved_as.clone_from(value),
            ConflictState::Closed { by } => ended_by = Some(by.as_str()),
            ConflictState::Open | ConflictState::Acked => {}
        }
        ConflictJson {
            id: conflict.id.to_string(),
            fact: conflict.fact.to_string(),
            entities: conflict.entities.clone(),
            metric: conflict.metric.as_ref().map(|metric| metric.id.clone()),
            unit: conflict.unit.id.clone(),
            cause: conflict.cause,
            severity: conflict.severity,
            confidence: fraction(conflict.confidence),
            state: conflict.state.as_str(),
            state_why: (!conflict.state_why.is_empty()).then(|| conflict.state_why.clone()),
            until,
            ended_by,
            resolved_as,
            aliases: conflict.aliases.iter().map(ToString::to_string).collect(),
            first_seen: conflict.first_seen.to_string(),
            last_seen: conflict.last_seen.to_string(),
            sides: conflict.sides.iter().map(SideJson::from).collect(),
            why: conflict.why.clone(),
        }
    }
}

/// A line of `hedui facts --format jsonl`.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct FactJson {
    pub(crate) id: String,
    pub(crate) aliases: Vec<String>,
    pub(crate) entities: Vec<String>,
    pub(crate) metric: Option<String>,
    pub(crate) unit: String,
    pub(crate) claims: Vec<String>,
    pub(crate) first_seen: String,
    pub(crate) last_seen: String,
}

impl From<&Fact> for FactJson {
    fn from(fact: &Fact) -> Self {
        FactJson {
            id: fact.id.to_string(),
            aliases: fact.aliases.iter().map(ToString::to_string).collect(),
            entities: fact.entities.clone(),
            metric: fact.metric.as_ref().map(|metric| metric.id.clone()),
            unit: fact.unit.id.clone(),
            claims: fact.claims.iter().map(ToString::to_string).collect(),
            first_seen: fact.first_seen.to_string(),
            last_seen: fact.last_seen.to_string(),
        }
    }
}

/// What every list of articles carries.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ArticleJson {
    pub(crate) article: String,
    pub(crate) url: Option<String>,
    pub(crate) source: String,
    pub(crate) lang: &'static str,
    pub(crate) published: Option<String>,
    pub(crate) title: String,
}

impl ArticleJson {
    /// Makes the line.
    pub(crate) fn new(meta: &hedui_model::ArticleMeta, title: &str) -> Self {
        ArticleJson {
            article: meta.key.to_string(),
            url: meta.url.clone(),
            source: meta.source.to_string(),
            lang: meta.lang_tag(),
            published: meta.published.map(|published| published.to_string()),
            title: title.to_owned(),
        }
    }
}

/// Prints a figure for people: `165 → 16500000000 CNY`, grouped by thousands.
pub(crate) fn value_text(quantity: &Quantity) -> String {
    let unit = match &quantity.unit.per {
        Some(per) => format!("{}/{per}", quantity.unit.id),
        None => quantity.unit.id.clone(),
    };
    let (low, high) = ends(quantity.interval());
    let group = |end: Option<String>| end.map(|text| grouped(&text));
    let value = match (group(low), group(high)) {
        (Some(low), Some(high)) if low == high => low,
        (Some(low), Some(high)) => format!("{low} to {high}"),
        (Some(low), None) => format!("≥ {low}"),
        (None, Some(high)) => format!("≤ {high}"),
        (None, None) => String::new(),
    };
    let about = if quantity.bound == Bound::About {
        "≈ "
    } else {
        ""
    };
    format!("{about}{value} {unit}").trim_end().to_owned()
}

/// Groups the whole part of a printed decimal by thousands.
pub(crate) fn grouped(text: &str) -> String {
    let (sign, digits) = text
        .strip_prefix('-')
        .map_or(("", text), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if !whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.to_owned();
    }
    let mut out = String::from(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_count_characters() {
        let mut offsets = CharOffsets::new("總投資165億");
        assert_eq!((offsets.at(9), offsets.at(12)), (3, 6));
        assert_eq!(offsets.at(3), 1, "also backwards");
    }

    #[test]
    fn thousands_are_grouped() {
        assert_eq!(grouped("-16500000000.25"), "-16,500,000,000.25");
        assert_eq!(grouped("2025-03-04"), "2025-03-04");
    }
}
