//! Claims as a graph of verdicts, and the groups in it: values, and facts made of values.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use hedui_model::{Appearance, Cause, ClaimId, Judged, Relation};

use super::Decisions;
use crate::judge::Stand;
use crate::{LIST_CONFIDENCE, Reconciler};

/// From this confidence on an agreement makes two claims one value.
const AGREE_JOINS: u16 = 620;
/// From this confidence on an update joins two values.
const UPDATE_JOINS: u16 = 700;
/// A conflict that is less sure than another by so many thousandths does not add to it.
const SURER: u16 = 200;
/// How many claims of a group speak for it where two groups are set against each other.
const SPEAKERS: usize = 5;
/// So many hundredths of the pairs between two groups must be judged to be about one thing.
const ONE_VALUE_PER_CENT: usize = 50;
/// The same for one fact, whose values are told by fewer pairs.
const ONE_FACT_PER_CENT: usize = 34;

/// An edge: two claims by index, the smaller first, and the verdict.
#[derive(Clone, Debug)]
pub(super) struct Edge {
    pub(super) a: usize,
    pub(super) b: usize,
    /// With an update, whether `a` is the older.
    pub(super) a_is_older: bool,
    pub(super) relation: Relation,
    pub(super) cause: Option<Cause>,
    pub(super) confidence: u16,
    pub(super) why: String,
}

/// The claims in the order of time, each once, and the verdicts between them.
pub(super) struct Graph<'a> {
    pub(super) claims: Vec<&'a Appearance>,
    pub(super) edges: Vec<Edge>,
    separate: BTreeSet<(usize, usize)>,
}

impl<'a> Graph<'a> {
    pub(super) fn new(
        reconciler: &Reconciler,
        component: &'a [Appearance],
        judged: &[Judged],
        decisions: &Decisions,
    ) -> Self {
        let mut claims: Vec<&Appearance> = component.iter().collect();
        claims.sort_by(|a, b| (a.instant(), &a.claim.id).cmp(&(b.instant(), &b.claim.id)));
        claims.dedup_by(|a, b| a.claim.id == b.claim.id);
        let index: BTreeMap<&ClaimId, usize> = claims
            .iter()
            .enumerate()
            .map(|(index, claim)| (&claim.claim.id, index))
            .collect();
        let pair = |a: &ClaimId, b: &ClaimId| {
            let (first, second) = (*index.get(a)?, *index.get(b)?);
            (first != second).then_some((first.min(second), first.max(second)))
        };
        let separate = decisions
            .separate
            .iter()
            .filter_map(|(a, b)| pair(a, b))
            .collect();
        let settled = reconciler.settle(component, judged);
        let mut edges: BTreeMap<(usize, usize), Edge> = BTreeMap::new();
        for verdict in &settled {
            if verdict.verdict.relation == Relation::Different
                || decisions.are_separate(&verdict.a, &verdict.b)
            {
                continue;
            }
            let Some((a, b)) = pair(&verdict.a, &verdict.b) else {
                continue;
            };
            let edge = Edge {
                a,
                b,
                a_is_older: index.get(&verdict.a) == Some(&a),
                relation: verdict.verdict.relation,
                cause: verdict.verdict.cause,
                confidence: verdict.verdict.confidence.thousandths(),
                why: verdict.verdict.why.clone(),
            };
            edges.entry((a, b)).or_insert(edge);
        }
        for (a, b) in decisions.join.iter().filter_map(|(a, b)| pair(a, b)) {
            if let Some((first, second)) = claims.get(a).zip(claims.get(b)) {
                let found = edges.remove(&(a, b));
                let edge = found.map_or_else(
                    || joined(reconciler, a, b, first, second),
                    |found| confirmed(reconciler, found),
                );
                edges.insert((a, b), edge);
            }
        }
        Graph {
            claims,
            edges: edges.into_values().collect(),
            separate,
        }
    }

    /// Returns the restatements that do not convert: the figure and its restatement.
    pub(super) fn wrong_glosses(&self) -> Vec<(usize, usize)> {
        let wrong = self.edges.iter().filter(|edge| is_wrong_gloss(edge));
        wrong
            .filter_map(|edge| {
                let (a, b) = (self.claims.get(edge.a)?, self.claims.get(edge.b)?);
                let b_restates = b.claim.gloss_of.as_ref() == Some(&a.claim.id);
                Some(if b_restates {
                    (edge.a, edge.b)
                } else {
                    (edge.b, edge.a)
                })
            })
            .collect()
    }

    /// Returns for each fact the edges between its claims.
    pub(super) fn edges_by(&self, facts: &[FactGroup]) -> Vec<Vec<&Edge>> {
        let mut fact_of: Vec<Option<usize>> = vec![None; self.claims.len()];
        for (index, fact) in facts.iter().enumerate() {
            for claim in fact.values.iter().flatten() {
                if let Some(place) = fact_of.get_mut(*claim) {
                    *place = Some(index);
                }
            }
        }
        let mut edges: Vec<Vec<&Edge>> = vec![Vec::new(); facts.len()];
        for edge in &self.edges {
            let (a, b) = (
                fact_of.get(edge.a).copied().flatten(),
                fact_of.get(edge.b).copied().flatten(),
            );
            if a == b
                && let Some(own) = a.and_then(|fact| edges.get_mut(fact))
            {
                own.push(edge);
            }
        }
        edges
    }

    pub(super) fn edge(&self, a: usize, b: usize) -> Option<&Edge> {
        let pair = (a.min(b), a.max(b));
        let place = self
            .edges
            .binary_search_by(|edge| (edge.a, edge.b).cmp(&pair))
            .ok()?;
        self.edges.get(place)
    }
}

pub(super) fn is_wrong_gloss(edge: &Edge) -> bool {
    edge.relation == Relation::Conflict && edge.cause == Some(Cause::Gloss)
}

/// The user says what the verdict says anyway: that the two are about one thing. How they stand is the verdict's own affair.
fn confirmed(reconciler: &Reconciler, found: Edge) -> Edge {
    let verdicts = reconciler.verdicts();
    let (joined, joint) = (verdicts.phrase("joined"), verdicts.phrase("joint"));
    Edge {
        confidence: 1_000,
        why: format!("{joined}{joint}{}", found.why),
        ..found
    }
}

/// The user says that the two are about one thing; whether both can be true still follows from the figures.
fn joined(
    reconciler: &Reconciler,
    a: usize,
    b: usize,
    first: &Appearance,
    second: &Appearance,
) -> Edge {
    let (relation, cause) = match reconciler.stand_of(first, second) {
        Stand::Fits(_) | Stand::Converts { .. } | Stand::Mute => (Relation::Agree, None),
        Stand::Slip { .. } | Stand::Units => (Relation::Conflict, Some(Cause::ScaleError)),
        Stand::Currency => (Relation::Conflict, Some(Cause::Currency)),
        Stand::TimeBase | Stand::GrowthBase => (Relation::Conflict, Some(Cause::Period)),
        Stand::Loose { .. } => (Relation::Conflict, Some(Cause::Rounding)),
        Stand::Apart { .. } => (Relation::Conflict, Some(Cause::Other)),
    };
    let mut reason = crate::phrase::Reason::new(reconciler.verdicts());
    reason.say("joined", &[]);
    reason.say(
        "against",
        &[("a", first.claim.mention()), ("b", second.claim.mention())],
    );
    Edge {
        a,
        b,
        a_is_older: true,
        relation,
        cause,
        confidence: 1_000,
        why: reason.into_text(),
    }
}

/// A fact as indices of claims: its values, each the claims that agree, in the order of time.
#[derive(Clone, Debug)]
pub(super) struct FactGroup {
    pub(super) values: Vec<Vec<usize>>,
}

/// Claims in values, values in facts.
pub(super) struct Groups {
    values: Sets,
    /// The surest conflict of each fact, by its root.
    surest: BTreeMap<usize, u16>,
    facts: Sets,
    /// Restatements that do not convert: they are in no group.
    wrong_glosses: BTreeSet<usize>,
    /// Pairs without an edge that were judged for the grouping, the smaller first.
    related: Related,
}

type Related = HashMap<(usize, usize), bool>;

impl Groups {
    pub(super) fn new(reconciler: &Reconciler, graph: &Graph<'_>) -> Self {
        let mut groups = Groups {
            values: Sets::new(graph.claims.len()),
            surest: BTreeMap::new(),
            facts: Sets::new(graph.claims.len()),
            wrong_glosses: graph
                .wrong_glosses()
                .into_iter()
                .map(|(_, gloss)| gloss)
                .collect(),
            related: Related::new(),
        };
        let is_free = |claim: &usize| !groups.wrong_glosses.contains(claim);
        let mut edges: Vec<&Edge> = graph
            .edges
            .iter()
            .filter(|edge| is_free(&edge.a) && is_free(&edge.b))
            .collect();
        edges.sort_by_key(|edge| (std::cmp::Reverse(edge.confidence), edge.a, edge.b));
        for edge in &edges {
            if edge.relation == Relation::Agree && edge.confidence >= AGREE_JOINS {
                groups.join_values(reconciler, graph, edge);
            }
        }
        groups.facts = groups.values.clone();
        for edge in &edges {
            let joins = match edge.relation {
                Relation::Conflict => edge.confidence >= LIST_CONFIDENCE,
                Relation::Update => edge.confidence >= UPDATE_JOINS,
                Relation::Agree | Relation::Different => false,
            };
            if joins {
                groups.join_facts(reconciler, graph, edge);
            }
        }
        groups
    }

    fn join_values(&mut self, reconciler: &Reconciler, graph: &Graph<'_>, edge: &Edge) {
        if self.values.are_one(edge.a, edge.b) {
            return;
        }
        let (a, b) = (self.values.members(edge.a), self.values.members(edge.b));
        let related = &mut self.related;
        if is_plausible(reconciler, graph, related, edge, &a, &b, ONE_VALUE_PER_CENT)
            && !are_at_odds(graph, &a, &b)
        {
            self.values.join(edge.a, edge.b);
        }
    }

    fn join_facts(&mut self, reconciler: &Reconciler, graph: &Graph<'_>, edge: &Edge) {
        if self.facts.are_one(edge.a, edge.b) {
            return;
        }
        // A doubtful conflict does not add a side to one that is sure.
        let surest = [edge.a, edge.b]
            .iter()
            .filter_map(|claim| self.surest.get(&self.facts.root(*claim)))
            .max()
            .copied();
        if surest.is_some_and(|surest| edge.confidence + SURER <= surest) {
            return;
        }
        let (a, b) = (self.facts.members(edge.a), self.facts.members(edge.b));
        let related = &mut self.related;
        if is_plausible(reconciler, graph, related, edge, &a, &b, ONE_FACT_PER_CENT) {
            self.facts.join(edge.a, edge.b);
            if edge.relation == Relation::Conflict {
                let surest = surest.unwrap_or(0).max(edge.confidence);
                self.surest.insert(self.facts.root(edge.a), surest);
            }
        }
    }

    /// Returns the facts in the order of their first claims.
    pub(super) fn facts(&self) -> Vec<FactGroup> {
        let mut facts: BTreeMap<usize, BTreeMap<usize, Vec<usize>>> = BTreeMap::new();
        for claim in (0..self.values.len()).filter(|claim| !self.wrong_glosses.contains(claim)) {
            let values = facts.entry(self.facts.root(claim)).or_default();
            values
                .entry(self.values.root(claim))
                .or_default()
                .push(claim);
        }
        // The root of a set is its smallest member, so both levels are in the order of first claims.
        facts
            .into_values()
            .map(|values| FactGroup {
                values: values.into_values().collect(),
            })
            .collect()
    }
}

/// Tells whether between two groups as many pairs contradict each other as agree.
pub(super) fn are_at_odds(graph: &Graph<'_>, a: &[usize], b: &[usize]) -> bool {
    let edges = || {
        a.iter()
            .flat_map(|x| b.iter().filter_map(move |y| graph.edge(*x, *y)))
    };
    let agreeing = edges()
        .filter(|edge| edge.relation == Relation::Agree)
        .count();
    let opposed = edges().count() - agreeing;
    opposed > 0 && opposed >= agreeing
}

/// Tells whether two groups may be joined on the word of one edge between them.
fn is_plausible(
    reconciler: &Reconciler,
    graph: &Graph<'_>,
    known: &mut Related,
    edge: &Edge,
    a: &[usize],
    b: &[usize],
    per_cent: usize,
) -> bool {
    let is_separate = a.iter().any(|x| {
        b.iter()
            .any(|y| graph.separate.contains(&(*x.min(y), *x.max(y))))
    });
    if is_separate {
        return false;
    }
    if edge.confidence == 1_000
        || edge.cause == Some(Cause::Revision)
        || (a.len() == 1 && b.len() == 1)
    {
        return true;
    }
    let (speakers, others) = (speakers(a), speakers(b));
    let pairs = speakers.len() * others.len();
    let mut related = 0;
    for x in &speakers {
        for y in &others {
            let pair = (*x.min(y), *x.max(y));
            let known = known
                .entry(pair)
                .or_insert_with(|| are_related(reconciler, graph, pair.0, pair.1));
            related += usize::from(*known);
        }
    }
    related * 100 >= pairs * per_cent
}

fn are_related(reconciler: &Reconciler, graph: &Graph<'_>, x: usize, y: usize) -> bool {
    if graph.edge(x, y).is_some() {
        return true;
    }
    let Some((a, b)) = graph.claims.get(x).zip(graph.claims.get(y)) else {
        return false;
    };
    reconciler.judge(a, b).judged.verdict.relation != Relation::Different
}

/// Returns members that are spread over a group.
fn speakers(group: &[usize]) -> Vec<usize> {
    if group.len() <= SPEAKERS {
        return group.to_vec();
    }
    (0..SPEAKERS)
        .filter_map(|place| {
            group
                .get(place * (group.len() - 1) / (SPEAKERS - 1))
                .copied()
        })
        .collect()
}

/// Disjoint sets whose root is their smallest member.
#[derive(Clone, Debug)]
struct Sets {
    root: Vec<usize>,
}

impl Sets {
    fn new(len: usize) -> Self {
        Sets {
            root: (0..len).collect(),
        }
    }

    fn len(&self) -> usize {
        self.root.len()
    }

    fn root(&self, member: usize) -> usize {
        self.root.get(member).copied().unwrap_or(member)
    }

    fn are_one(&self, a: usize, b: usize) -> bool {
        self.root(a) == self.root(b)
    }

    fn members(&self, of: usize) -> Vec<usize> {
        let root = self.root(of);
        (0..self.len())
            .filter(|member| self.root(*member) == root)
            .collect()
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        let (root, other) = (a.min(b), a.max(b));
        for place in self.root.iter_mut().filter(|place| **place == other) {
            *place = root;
        }
    }
}
