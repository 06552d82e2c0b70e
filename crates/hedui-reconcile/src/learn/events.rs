//! Claims that most likely tell the same figure in two languages.

use std::collections::BTreeMap;

use hedui_model::{Appearance, Kind, Lang};

/// So many digits, zeros at the end apart, make a figure rare enough to align sentences.
const DIGITS_MIN: u32 = 3;
/// With an entity in common, so many.
const DIGITS_WITH_NAME_MIN: u32 = 2;
/// Articles that are further apart tell other news.
const DAYS_MAX: i64 = 45;
/// A figure that more claims of a language state aligns nothing.
const CLAIMS_MAX: usize = 40;

/// A claim in Chinese and one in another language.
#[derive(Clone, Copy, Debug)]
struct Pair<'a> {
    zh: &'a Appearance,
    other: &'a Appearance,
}

/// The claims of both sides that state one figure: one event, however many outlets tell it.
#[derive(Debug, Default)]
pub(super) struct Event<'a> {
    pub(super) zh: Vec<&'a Appearance>,
    pub(super) other: Vec<&'a Appearance>,
}

/// Aligns claims across languages by their figures; each sentence once in an event.
pub(super) fn aligned(claims: &[Appearance]) -> Vec<Event<'_>> {
    let mut by_figure: BTreeMap<String, Vec<&Appearance>> = BTreeMap::new();
    let mut sorted: Vec<&Appearance> = claims.iter().collect();
    sorted.sort_by(|a, b| a.claim.id.cmp(&b.claim.id));
    for claim in sorted {
        if let Some(figure) = figure_of(claim) {
            by_figure.entry(figure).or_default().push(claim);
        }
    }
    let mut events = Vec::new();
    for claims in by_figure.values() {
        let (zh, other): (Vec<&Appearance>, Vec<&Appearance>) = claims
            .iter()
            .partition(|claim| claim.article.meta.lang == Lang::Zh);
        if zh.len() > CLAIMS_MAX || other.len() > CLAIMS_MAX {
            continue;
        }
        let mut event = Event::default();
        for zh in &zh {
            for other in &other {
                if is_aligned(Pair { zh, other }) {
                    enter(&mut event.zh, zh);
                    enter(&mut event.other, other);
                }
            }
        }
        if !event.zh.is_empty() {
            events.push(event);
        }
    }
    events
}

fn enter<'a>(side: &mut Vec<&'a Appearance>, claim: &'a Appearance) {
    let text = &claim.claim.sentence_text;
    if !side.iter().any(|known| known.claim.sentence_text == *text) {
        side.push(claim);
    }
}

/// Returns a figure as a key, if it is exact and of a kind that aligns: lengths of time and dates do not.
fn figure_of(claim: &Appearance) -> Option<String> {
    let quantity = &claim.claim.quantity;
    let is_timely = matches!(quantity.kind, Kind::Duration | Kind::Date | Kind::DateRange);
    if is_timely || claim.claim.gloss_of.is_some() {
        return None;
    }
    let stated = quantity.low().or(quantity.high())?.abs().normalized();
    let unit = if quantity.unit.count_noun().is_some() {
        ""
    } else {
        quantity.unit.id.as_str()
    };
    (stated.digits() >= DIGITS_WITH_NAME_MIN).then(|| format!("{stated} {unit}"))
}

fn is_aligned(pair: Pair<'_>) -> bool {
    let days = (pair.zh.instant().as_second() - pair.other.instant().as_second()).abs() / 86_400;
    let quantity = &pair.zh.claim.quantity;
    let digits = quantity
        .low()
        .or(quantity.high())
        .map_or(0, |value| value.normalized().digits());
    let shares_name = pair.zh.claim.entities.iter().any(|entity| {
        entity.known
            && pair
                .other
                .claim
                .entities
                .iter()
                .any(|other| other.name == entity.name)
    });
    days <= DAYS_MAX && (shares_name || (digits >= DIGITS_MIN && shares_story(pair)))
}

/// Tells whether the two articles have an entity in common.
fn shares_story(pair: Pair<'_>) -> bool {
    let other = &pair.other.article.entities;
    pair.zh
        .article
        .entities
        .iter()
        .any(|name| other.binary_search(name).is_ok())
}
