//! From the verdicts on pairs to what is told of one figure of a draft: who stands for it, and who against.
//!
//! Nothing here judges whether two figures are about one thing, or can both be true: that is done. What is weighed is
//! support. A draft that goes with the better-supported value agrees; one that stands against it is in conflict, and
//! surely so only where the archive itself would list that conflict.

use std::collections::BTreeSet;

use hedui_model::{Appearance, Cause, ClaimId, Confidence, Conflict, Judged, Place, Relation};
use hedui_reconcile::{ALERT_CONFIDENCE, PREVIOUS};

use super::finding::{Finding, Rule, Side, Stand, Verdict};
use super::sides::{
    Edge, Opponent, WITNESSES, are_transposed, by_value, fits, opponent, side_of, value_of,
};
use crate::pipeline::compare::Component;

/// From this confidence on a conflict is told, as possible; below it nothing is said.
const TOLD: u16 = 500;
/// The same for figures with other digits, which are more often about something else.
const OTHER_TOLD: u16 = 800;
/// From this confidence on an agreement bears a figure out against [`WITNESSES`].
const BEARS_OUT: u16 = 620;
/// From this confidence on an earlier figure is told of which the draft alone has a later one.
const NEWER_TOLD: u16 = 800;
/// How sure a conflict is at most of which the archive is of two minds, or that holds between single claims only.
const DOUBTED: u16 = 850;

/// The figures of a draft, and what they hang together with.
#[derive(Debug)]
pub(super) struct Scales<'a> {
    component: &'a Component,
    /// The claims of the draft.
    own: &'a BTreeSet<ClaimId>,
}

impl<'a> Scales<'a> {
    pub(super) fn new(component: &'a Component, own: &'a BTreeSet<ClaimId>) -> Self {
        Scales { component, own }
    }

    /// Says what is to be told of a figure of the draft.
    pub(super) fn weigh(&self, claim: &Appearance) -> Finding {
        let edges = self.edges(&claim.claim.id);
        let within = self.against_itself(claim, &edges);
        if let Some(within) = within
            .as_ref()
            .filter(|within| within.rule == Some(Rule::Caused(Cause::Gloss)))
        {
            return within.clone();
        }
        let outdated = self.outdated(claim, &edges);
        let against = self.against_archive(claim, &edges).filter(|against| {
            // An earlier figure is most often told as history: that is no conflict with what replaced it.
            outdated
                .as_ref()
                .is_none_or(|outdated| !share_a_side(against, outdated))
        });
        let found = [against, outdated, within].into_iter().flatten();
        found
            .filter(|finding| is_told(claim, finding))
            .max_by_key(|finding| (finding.verdict == Verdict::Conflict, finding.confidence))
            .unwrap_or_else(|| self.accordance(claim, &edges))
    }

    fn edges(&self, id: &ClaimId) -> Vec<Edge<'a>> {
        let component = self.component;
        let edge = |judged: &'a Judged| {
            let other = match (&judged.a == id, &judged.b == id) {
                (true, _) => &judged.b,
                (_, true) => &judged.a,
                _ => return None,
            };
            (judged.verdict.relation != Relation::Different).then_some(())?;
            Some(Edge {
                other: component.claims.get(other)?,
                judged,
                is_own: self.own.contains(other),
            })
        };
        component.judged.iter().filter_map(edge).collect()
    }

    /// Returns the conflict that the archive would list with the figure on one side, and which side that is.
    fn listed(&self, id: &ClaimId) -> Option<(&'a Conflict, usize)> {
        self.component.conflicts.iter().find_map(|conflict| {
            let has_it = |side: &hedui_model::Side| side.claims.contains(id);
            Some((conflict, conflict.sides.iter().position(has_it)?))
        })
    }

    /// Returns the archive's claims among those with these ids.
    fn of_archive(&self, ids: &[ClaimId]) -> Vec<&'a Appearance> {
        ids.iter()
            .filter(|id| !self.own.contains(id))
            .filter_map(|id| self.component.claims.get(id))
            .collect()
    }

    fn against_archive(&self, claim: &Appearance, edges: &[Edge<'a>]) -> Option<Finding> {
        let listed = self.listed(&claim.claim.id);
        let conflict = listed.map(|(conflict, _)| conflict);
        let opponents = self.opponents(claim, conflict, edges);
        let first = opponents.first()?;
        // Against several sources, what agrees doubtfully, by its value or under another name, bears nothing out.
        let are_several = first.side.independent_sources as usize >= WITNESSES;
        let bears_out = |edge: &&Edge<'a>| !are_several || edge.confidence() >= BEARS_OUT;
        let bearing: Vec<Edge<'a>> = edges.iter().filter(bears_out).copied().collect();
        let mut agreeing = partners(&bearing, Relation::Agree);
        if let Some(side) = listed.and_then(|(conflict, own)| conflict.sides.get(own)) {
            agreeing.extend(self.of_archive(&side.claims));
        }
        let own = side_of(Stand::Agrees, agreeing);
        let support = own.as_ref().map_or(0, |side| side.independent_sources);
        let opposition = first.side.independent_sources;
        // Where as many say the one as the other, only what is sure by itself is worth a word.
        let is_open = support == opposition && first.surest.confidence() >= ALERT_CONFIDENCE;
        if support >= opposition && !is_open {
            return None;
        }
        let is_borne_out = listed.is_some() && support < opposition;
        let lid = if is_borne_out { 1_000 } else { DOUBTED };
        let verdict = &first.surest.judged.verdict;
        let cause = verdict.cause.unwrap_or(Cause::Other);
        let (rule, why) = (Some(Rule::Caused(cause)), verdict.why.clone());
        let confidence = Confidence::from_thousandths(first.confidence.min(lid));
        let mut sides: Vec<Side> = opponents
            .into_iter()
            .map(|opponent| opponent.side)
            .collect();
        sides.extend(own);
        Some(Finding {
            verdict: Verdict::Conflict,
            rule,
            confidence,
            why,
            sides,
            ..Finding::unknown()
        })
    }

    /// Returns the values of the archive that contradict a figure, the one that does so most surely first.
    fn opponents(
        &self,
        claim: &Appearance,
        listed: Option<&'a Conflict>,
        edges: &[Edge<'a>],
    ) -> Vec<Opponent<'a>> {
        // What makes one value: the same figure, or a side of the conflict that the archive would list.
        let sides = listed.map_or(&[][..], |conflict| &conflict.sides);
        let side_with = |claim: &Appearance| {
            let id = &claim.claim.id;
            sides.iter().position(|side| side.claims.contains(id))
        };
        let are_one = |a: &Appearance, b: &Appearance| {
            let side = side_with(a);
            value_of(a) == value_of(b) || (side.is_some() && side == side_with(b))
        };
        let opposed = edges.iter().filter(|edge| {
            let is_slip = edge.relation() == Relation::Update && are_transposed(claim, edge.other);
            !edge.is_own && (edge.relation() == Relation::Conflict || is_slip)
        });
        let mut values: Vec<Vec<Edge<'a>>> = Vec::new();
        for edge in opposed {
            let (mut joined, rest): (Vec<_>, Vec<_>) = values
                .into_iter()
                .partition(|value| value.iter().any(|other| are_one(other.other, edge.other)));
            joined.push(vec![*edge]);
            values = rest;
            values.push(joined.concat());
        }
        let with_all = |edges: &Vec<Edge<'a>>| {
            let mut claims: Vec<&Appearance> = edges.iter().map(|edge| edge.other).collect();
            // Who says the same was not compared one by one.
            let own_sides: BTreeSet<usize> =
                claims.iter().filter_map(|claim| side_with(claim)).collect();
            for side in own_sides.into_iter().filter_map(|side| sides.get(side)) {
                let others = self.of_archive(&side.claims);
                // What leaves room for the figure is beside what contradicts it, but does not.
                claims.extend(others.into_iter().filter(|other| !fits(claim, other)));
            }
            opponent(edges, claims)
        };
        let mut opponents: Vec<Opponent<'a>> = values.iter().filter_map(with_all).collect();
        opponents.sort_by_key(|opponent| {
            // Equal digits say most of what was meant.
            let is_slip = opponent.is_slip() && opponent.confidence >= TOLD;
            let sources = opponent.side.independent_sources;
            std::cmp::Reverse((is_slip, opponent.confidence, sources))
        });
        opponents
    }

    /// Looks for a contradiction inside the draft of which this figure is the likelier slip.
    fn against_itself(&self, claim: &Appearance, edges: &[Edge<'a>]) -> Option<Finding> {
        let edge = edges
            .iter()
            .filter(|edge| edge.is_own && edge.relation() == Relation::Conflict)
            .filter(|edge| self.is_to_blame(claim, edge))
            .max_by_key(|edge| edge.confidence())?;
        let agreeing = partners(edges, Relation::Agree);
        Some(Finding {
            verdict: Verdict::Conflict,
            rule: edge.judged.verdict.cause.map(Rule::Caused),
            confidence: edge.judged.verdict.confidence,
            why: edge.judged.verdict.why.clone(),
            sides: side_of(Stand::Agrees, agreeing).into_iter().collect(),
            within: vec![edge.other.clone()],
            suggestion: None,
        })
    }

    /// Tells whether of two figures of the draft this one is to be told of: a restatement rather than what it restates, what
    /// the archive does not bear out rather than what it does, the title rather than the body, else the one that comes later.
    fn is_to_blame(&self, claim: &Appearance, edge: &Edge<'a>) -> bool {
        let (own, other) = (&claim.claim, &edge.other.claim);
        if own.gloss_of.as_ref() == Some(&other.id) {
            return true;
        }
        if other.gloss_of.as_ref() == Some(&own.id) {
            return false;
        }
        let support = |id: &ClaimId| partners(&self.edges(id), Relation::Agree).len();
        match support(&own.id).cmp(&support(&other.id)) {
            std::cmp::Ordering::Less => true,
            std::cmp::Ordering::Greater => false,
            std::cmp::Ordering::Equal if own.place != other.place => own.place == Place::Title,
            std::cmp::Ordering::Equal => own.quantity.span > other.quantity.span,
        }
    }

    /// Looks for figures that replaced this one, and after which nobody says it any more but as history.
    fn outdated(&self, claim: &Appearance, edges: &[Edge<'a>]) -> Option<Finding> {
        if is_history(claim) {
            return None;
        }
        let agreeing = partners(edges, Relation::Agree);
        let ids: BTreeSet<&ClaimId> = agreeing.iter().map(|other| &other.claim.id).collect();
        let replacing = |judged: &'a Judged| {
            let (a, b) = (&judged.a, &judged.b);
            let replaces_it = judged.verdict.relation == Relation::Update
                && ids.contains(a)
                && !ids.contains(b)
                && !self.own.contains(b)
                && self.component.are_one_fact(a, b);
            let newer = self.component.claims.get(b).filter(|_| replaces_it)?;
            (newer.instant() <= claim.instant()).then_some((newer, judged))
        };
        let mut later: Vec<(&'a Appearance, &'a Judged)> =
            self.component.judged.iter().filter_map(replacing).collect();
        let tells_both = |claim: &Appearance| {
            let is_one = |(newer, _): &(&Appearance, _)| newer.claim.article == claim.claim.article;
            later.iter().any(is_one)
        };
        let said_last = agreeing
            .iter()
            .filter(|other| !tells_both(other))
            .map(|other| other.instant())
            .max()?;
        later.retain(|(newer, _)| newer.instant() > said_last);
        let by_confidence = |(_, judged): &&(_, &Judged)| judged.verdict.confidence;
        let (_, surest) = later.iter().max_by_key(by_confidence)?;
        let newer = later.iter().map(|(newer, _)| *newer).collect();
        let mut sides = by_value(Stand::Later, newer);
        sides.extend(side_of(Stand::Agrees, agreeing));
        Some(update(Rule::Outdated, surest, sides))
    }

    /// Says who else has the figure, or had another before.
    fn accordance(&self, claim: &Appearance, edges: &[Edge<'a>]) -> Finding {
        let is_told = |edge: &&Edge<'a>| {
            !edge.is_own
                && (edge.relation() != Relation::Update
                    || (edge.confidence() >= NEWER_TOLD
                        && !is_history(claim)
                        && edge.other.instant() <= claim.instant()
                        && self
                            .component
                            .are_one_fact(&claim.claim.id, &edge.other.claim.id)))
        };
        let edges: Vec<Edge<'a>> = edges.iter().filter(is_told).copied().collect();
        let surest = |relation: Relation| {
            let of = edges.iter().filter(|edge| edge.relation() == relation);
            of.max_by_key(|edge| edge.confidence())
                .map(|edge| edge.judged)
        };
        let mut sides: Vec<Side> = Vec::new();
        sides.extend(side_of(Stand::Agrees, partners(&edges, Relation::Agree)));
        sides.extend(by_value(Stand::Earlier, partners(&edges, Relation::Update)));
        let opposed = by_value(Stand::Contradicts, partners(&edges, Relation::Conflict));
        sides.extend(opposed);
        match (surest(Relation::Agree), surest(Relation::Update)) {
            (Some(judged), _) => Finding {
                verdict: Verdict::Agree,
                confidence: judged.verdict.confidence,
                why: judged.verdict.why.clone(),
                sides,
                ..Finding::unknown()
            },
            (None, Some(judged)) => update(Rule::Newer, judged, sides),
            (None, None) => Finding {
                sides,
                ..Finding::unknown()
            },
        }
    }
}

/// Tells whether the draft itself says that the figure was replaced.
fn is_history(claim: &Appearance) -> bool {
    claim.claim.scope.part.as_deref() == Some(PREVIOUS)
}

/// Tells whether a finding is sure enough to be told.
fn is_told(claim: &Appearance, finding: &Finding) -> bool {
    let of_archive = finding.sides.first().and_then(|side| side.claims.first());
    let opposed = finding.within.first().or(of_archive);
    let is_slip = opposed.is_some_and(|other| are_transposed(claim, other));
    let least = match finding.rule {
        Some(Rule::Caused(Cause::ScaleError | Cause::Currency | Cause::Gloss)) => TOLD,
        Some(Rule::Caused(_)) if !is_slip => OTHER_TOLD,
        _ => TOLD,
    };
    finding.confidence.thousandths() >= least
}

/// Returns what of the archive stands to a figure as `relation` says.
fn partners<'a>(edges: &[Edge<'a>], relation: Relation) -> Vec<&'a Appearance> {
    edges
        .iter()
        .filter(|edge| !edge.is_own && edge.relation() == relation)
        .map(|edge| edge.other)
        .collect()
}

/// Tells whether what contradicts a figure first is what replaced it.
fn share_a_side(against: &Finding, outdated: &Finding) -> bool {
    let first = against.sides.first().map_or(&[][..], |side| &side.claims);
    let later = outdated
        .sides
        .iter()
        .filter(|side| side.stand == Stand::Later);
    later
        .flat_map(|side| &side.claims)
        .any(|claim| first.iter().any(|other| other.claim.id == claim.claim.id))
}

fn update(rule: Rule, judged: &Judged, sides: Vec<Side>) -> Finding {
    Finding {
        verdict: Verdict::Update,
        rule: Some(rule),
        confidence: judged.verdict.confidence,
        why: judged.verdict.why.clone(),
        sides,
        ..Finding::unknown()
    }
}
