//! A group of claims becomes a fact, and its values that cannot all be true the sides of a conflict.

use std::collections::BTreeMap;

use hedui_model::{
    Appearance, Cause, Claim, ClaimId, Confidence, Conflict, ConflictId, ConflictState, Fact,
    FactId, Metric, Relation, Side, SourceId,
};
use jiff::civil::Date;

use super::groups::{Edge, FactGroup, Graph, are_at_odds};
use super::ids::{Given, identity};
use super::life::{Ended, Life};
use super::severity::{Weighed, severity};
use super::{Assembled, Circumstances};
use crate::Reconciler;
use crate::compat::Fit;
use crate::copies::independent_sources;
use crate::judge::Stand;
use crate::phrase::filled;

/// How many names a fact carries.
const NAMES_MAX: usize = 4;
/// A pair without a cause of its own tells more of a conflict only where it is surer by so many thousandths.
const FAR_SURER: u16 = 200;
/// How many sides the reason lists.
const SIDES_TOLD: usize = 4;

/// Makes the fact of a group, with its conflict.
///
/// `edges` are those between its claims; `previous` the facts before, without those of wrong restatements.
pub(super) fn assembled(
    reconciler: &Reconciler,
    graph: &Graph<'_>,
    group: &FactGroup,
    edges: &[&Edge],
    circumstances: &Circumstances<'_>,
    given: &mut Given,
) -> Option<Assembled> {
    let mut members: Vec<usize> = group.values.iter().flatten().copied().collect();
    members.sort_unstable();
    let claims = appearances(graph, &members);
    let fact = fact(&claims, claims.first()?, circumstances.previous, given);
    let values = merged(reconciler, graph, &group.values);
    let conflict = conflict(reconciler, graph, &fact, &values, edges, circumstances);
    Some(Assembled { fact, conflict })
}

/// Makes the fact of a restatement that does not convert: the figure, and what it is wrongly said to be.
pub(super) fn of_gloss(
    reconciler: &Reconciler,
    graph: &Graph<'_>,
    main: usize,
    gloss: usize,
    circumstances: &Circumstances<'_>,
    given: &mut Given,
) -> Option<Assembled> {
    let mut members = vec![main, gloss];
    members.sort_unstable();
    let claims = appearances(graph, &members);
    let origin = graph.claims.get(gloss)?;
    // The figure itself belongs to another fact, whose id must not be taken for this one.
    let id = FactId::of_origin(&origin.claim.id);
    let own: Vec<Fact> = circumstances
        .previous
        .iter()
        .filter(|fact| fact.id == id)
        .cloned()
        .collect();
    let fact = fact(&claims, origin, &own, given);
    let edges: Vec<&Edge> = graph.edge(main, gloss).into_iter().collect();
    let conflict = conflict(
        reconciler,
        graph,
        &fact,
        &[vec![main], vec![gloss]],
        &edges,
        circumstances,
    );
    Some(Assembled { fact, conflict })
}

fn appearances<'a>(graph: &Graph<'a>, members: &[usize]) -> Vec<&'a Appearance> {
    members
        .iter()
        .filter_map(|member| graph.claims.get(*member).copied())
        .collect()
}

fn fact(claims: &[&Appearance], origin: &Appearance, previous: &[Fact], given: &mut Given) -> Fact {
    let ids: Vec<&ClaimId> = claims.iter().map(|claim| &claim.claim.id).collect();
    let identity = identity(&ids, &origin.claim.id, previous, given);
    let instants = || claims.iter().map(|claim| claim.instant());
    Fact {
        id: identity.id,
        aliases: identity.aliases,
        entities: names(claims),
        metric: commonest(claims.iter().filter_map(|claim| claim.claim.metric.clone())),
        unit: commonest(claims.iter().map(|claim| claim.claim.quantity.unit.clone()))
            .unwrap_or_default(),
        claims: ids.into_iter().cloned().collect(),
        first_seen: instants().min().unwrap_or_default(),
        last_seen: instants().max().unwrap_or_default(),
    }
}

/// Returns the names that most claims share, the commonest first; the first-named weigh most.
fn names(claims: &[&Appearance]) -> Vec<String> {
    let mut weights: BTreeMap<&str, usize> = BTreeMap::new();
    for claim in claims {
        for (place, entity) in claim.claim.entities.iter().enumerate() {
            *weights.entry(&entity.name).or_default() += 4_usize.saturating_sub(place).max(1);
        }
    }
    let mut names: Vec<(&str, usize)> = weights.into_iter().collect();
    names.sort_by_key(|(name, weight)| (std::cmp::Reverse(*weight), *name));
    // What only few claims name is not what the fact is about.
    names.retain(|(_, weight)| *weight >= claims.len());
    names
        .into_iter()
        .take(NAMES_MAX)
        .map(|(name, _)| name.to_owned())
        .collect()
}

fn commonest<T: Ord + Clone>(values: impl Iterator<Item = T>) -> Option<T> {
    let mut counts: BTreeMap<T, usize> = BTreeMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    // Of equally common ones the smallest.
    counts
        .into_iter()
        .rev()
        .max_by_key(|(_, count)| *count)
        .map(|(value, _)| value)
}

/// Joins values of one fact that can both be true and that no conflict keeps apart.
fn merged(reconciler: &Reconciler, graph: &Graph<'_>, values: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut merged: Vec<Vec<usize>> = Vec::new();
    for value in values {
        let home = merged.iter_mut().find(|other| {
            let (Some(a), Some(b)) = (spokesman(graph, other), spokesman(graph, value)) else {
                return false;
            };
            // One figure is one side, whatever was made of single pairs; for figures that merely go together the pairs have a say.
            match reconciler.stand_of(a, b) {
                Stand::Fits(Fit::Equal) => !differ_by_base(graph, value, other),
                Stand::Fits(_) => !are_at_odds(graph, value, other),
                _ => false,
            }
        });
        match home {
            Some(home) => home.extend(value),
            None => merged.push(value.clone()),
        }
    }
    for value in &mut merged {
        value.sort_unstable();
    }
    merged
}

/// Tells whether between two groups some pair states one figure and contradicts each other all the same: per year and once.
fn differ_by_base(graph: &Graph<'_>, a: &[usize], b: &[usize]) -> bool {
    let stated = |claim: usize| {
        let claim = graph.claims.get(claim)?;
        claim.claim.quantity.interval().stated()
    };
    a.iter().any(|x| {
        b.iter().any(|y| {
            let opposed = graph
                .edge(*x, *y)
                .is_some_and(|edge| edge.relation != Relation::Agree);
            opposed && stated(*x).is_some() && stated(*x) == stated(*y)
        })
    })
}

fn conflict(
    reconciler: &Reconciler,
    graph: &Graph<'_>,
    fact: &Fact,
    values: &[Vec<usize>],
    edges: &[&Edge],
    circumstances: &Circumstances<'_>,
) -> Option<Conflict> {
    let between: Vec<&Edge> = edges
        .iter()
        .copied()
        .filter(|edge| {
            let side = |claim: usize| values.iter().position(|value| value.contains(&claim));
            matches!((side(edge.a), side(edge.b)), (Some(a), Some(b)) if a != b)
        })
        .collect();
    let life = Life::of(graph, &between);
    let edges = life.edges.as_slice();
    let strongest = telling(edges)?;
    let is_side = |value: &&Vec<usize>| {
        let mut ends = edges.iter().flat_map(|edge| [edge.a, edge.b]);
        ends.any(|end| value.contains(&end))
    };
    let mut taking_part: Vec<(Side, Vec<usize>)> = Vec::new();
    for value in values.iter().filter(is_side) {
        let alive: Vec<usize> = value
            .iter()
            .filter(|claim| !life.gone.contains(claim))
            .copied()
            .collect();
        // Claims that are gone stand for no side any more, unless there is no other claim for it.
        let speaking = if alive.is_empty() {
            value.clone()
        } else {
            alive
        };
        taking_part.extend(side(graph, &speaking).map(|side| (side, speaking)));
    }
    if taking_part.len() < 2 {
        return None;
    }
    taking_part.sort_by_key(|(side, value)| {
        let first = value.first().copied();
        (
            std::cmp::Reverse((side.independent_sources, side.claims.len())),
            first,
        )
    });
    let members: Vec<usize> = taking_part
        .iter()
        .flat_map(|(_, value)| value.iter().copied())
        .collect();
    let last_seen = appearances(graph, &members)
        .iter()
        .map(|claim| claim.instant())
        .max()?;
    let surest = edges.iter().map(|edge| edge.confidence).max()?;
    let sides = with_causes(taking_part, edges);
    let metric: Option<&Metric> = fact.metric.as_ref();
    let severity = severity(&Weighed {
        sides: &sides,
        precision: precision(graph, &members),
        days_apart: days_apart(graph, &members),
        metric_weight: reconciler
            .verdicts()
            .weight(metric.map(|metric| metric.family.as_str())),
        last_seen,
        newest: circumstances.newest,
    });
    let ended = life
        .ended
        .map(|ended| (ended.by, told(reconciler, graph, ended)));
    let (state, state_why) = match ended {
        Some((by, why)) => (ConflictState::Closed { by }, why),
        None => (ConflictState::Open, String::new()),
    };
    Some(Conflict {
        id: ConflictId::of_fact(&fact.id),
        aliases: fact.aliases.iter().map(ConflictId::of_fact).collect(),
        fact: fact.id.clone(),
        entities: fact.entities.clone(),
        metric: fact.metric.clone(),
        unit: fact.unit.clone(),
        cause: cause(edges, strongest),
        severity,
        confidence: Confidence::from_thousandths(surest),
        state,
        state_why,
        first_seen: fact.first_seen,
        last_seen,
        why: why(reconciler, strongest, &sides),
        sides,
        turns: Vec::new(),
    })
}

/// Says what ended a conflict.
fn told(reconciler: &Reconciler, graph: &Graph<'_>, ended: Ended) -> String {
    let mention = |claim: usize| {
        let claim = graph.claims.get(claim);
        claim.map_or("", |claim| claim.claim.mention())
    };
    let source = graph
        .claims
        .get(ended.later)
        .map_or("", |claim| claim.article.meta.source.as_str());
    reconciler.ending(
        ended.by,
        &[
            ("a", mention(ended.earlier)),
            ("b", mention(ended.later)),
            ("source", source),
        ],
    )
}

fn side(graph: &Graph<'_>, value: &[usize]) -> Option<Side> {
    let claims = appearances(graph, value);
    let first: &Claim = &claims.first()?.claim;
    let speaker = spokesman(graph, value).map_or(first, |speaker| &*speaker.claim);
    Some(Side {
        low: speaker.quantity.low(),
        high: speaker.quantity.high(),
        unit: speaker.quantity.unit.clone(),
        text: speaker.mention().to_owned(),
        independent_sources: independent_sources(&claims),
        sources: sources(&claims),
        claims: claims.iter().map(|claim| claim.claim.id.clone()).collect(),
        cause: None,
    })
}

fn sources(claims: &[&Appearance]) -> Vec<SourceId> {
    let mut sources: Vec<SourceId> = Vec::new();
    for claim in claims {
        if !sources.contains(&claim.article.meta.source) {
            sources.push(claim.article.meta.source.clone());
        }
    }
    sources
}

/// Says of each side but the first why it does not agree with the first.
fn with_causes(taking_part: Vec<(Side, Vec<usize>)>, edges: &[&Edge]) -> Vec<Side> {
    let first = taking_part
        .first()
        .map(|(_, value)| value.clone())
        .unwrap_or_default();
    let of_side = |value: &[usize]| -> Option<Cause> {
        let joins = |edge: &&&Edge| {
            let ends = [(edge.a, edge.b), (edge.b, edge.a)];
            ends.iter()
                .any(|(a, b)| first.contains(a) && value.contains(b))
        };
        let between: Vec<&Edge> = edges.iter().filter(joins).copied().collect();
        telling(&between).map(|edge| cause(&between, edge))
    };
    taking_part
        .into_iter()
        .map(|(side, value)| Side {
            cause: of_side(&value),
            ..side
        })
        .collect()
}

/// Returns the claim that says what its side states: the first with the figure that most state, restatements and ranges apart.
fn spokesman<'a>(graph: &Graph<'a>, value: &[usize]) -> Option<&'a Appearance> {
    let claims = appearances(graph, value);
    let stated = |claim: &Appearance| claim.claim.quantity.interval().stated();
    let plain: Vec<&Appearance> = claims
        .iter()
        .copied()
        .filter(|claim| claim.claim.gloss_of.is_none() && stated(claim).is_some())
        .collect();
    let support = |claim: &Appearance| {
        plain
            .iter()
            .filter(|other| stated(other) == stated(claim))
            .count()
    };
    // `max_by_key` returns the last of several, hence the turn.
    let best = plain
        .iter()
        .rev()
        .max_by_key(|claim| support(claim))
        .copied();
    best.or_else(|| claims.first().copied())
}

/// Returns the edge that tells most of a conflict: the surest that has a cause of its own, unless another is far surer.
fn telling<'e>(edges: &[&'e Edge]) -> Option<&'e Edge> {
    let by_confidence = |edge: &&&Edge| (edge.confidence, std::cmp::Reverse((edge.a, edge.b)));
    let surest = edges.iter().max_by_key(by_confidence)?;
    let is_telling = |edge: &&&Edge| {
        edge.cause.is_some_and(|cause| cause != Cause::Other)
            && edge.confidence + FAR_SURER >= surest.confidence
    };
    let telling = edges.iter().filter(is_telling).max_by_key(by_confidence);
    Some(telling.unwrap_or(surest))
}

/// The cause that the telling pair has, which the reason tells of; a source's own change goes first.
fn cause(edges: &[&Edge], telling: &Edge) -> Cause {
    if edges.iter().any(|edge| edge.cause == Some(Cause::Revision)) {
        return Cause::Revision;
    }
    telling.cause.unwrap_or(Cause::Other)
}

fn precision(graph: &Graph<'_>, members: &[usize]) -> u32 {
    appearances(graph, members)
        .iter()
        .map(|claim| u32::from(claim.claim.quantity.precision))
        .min()
        .unwrap_or(1)
}

/// Returns how many days lie between the dates that are farthest apart, between their nearest ends.
fn days_apart(graph: &Graph<'_>, members: &[usize]) -> u32 {
    let dates: Vec<(Date, Date)> = appearances(graph, members)
        .iter()
        .filter_map(|claim| {
            let (low, high) = claim.claim.quantity.interval().days()?;
            low.or(high).zip(high.or(low))
        })
        .collect();
    let first_end = dates.iter().map(|(_, end)| *end).min();
    let last_start = dates.iter().map(|(start, _)| *start).max();
    first_end
        .zip(last_start)
        .and_then(|(end, start)| u32::try_from((start - end).get_days()).ok())
        .unwrap_or(0)
}

fn why(reconciler: &Reconciler, strongest: &Edge, sides: &[Side]) -> String {
    let verdicts = reconciler.verdicts();
    if sides.len() <= 2 {
        return strongest.why.clone();
    }
    let count = sides.len().to_string();
    let listed: Vec<&str> = sides
        .iter()
        .take(SIDES_TOLD)
        .map(|side| side.text.as_str())
        .collect();
    let sides = filled(
        verdicts,
        "sides",
        &[("count", &count), ("list", &listed.join(", "))],
    );
    format!("{}{}{sides}", strongest.why, verdicts.phrase("joint"))
}
