//! What people decided, as it bears on today's claims and conflicts.
//!
//! The journal's lines hang on evidence: claims as they were. Here each is held against the claims of today, which have
//! other ids where a sentence was edited or is read otherwise than before. Everything here follows from the journal and
//! the articles, in whatever order they came.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use anyhow::Result;
use hedui_model::{ArticleKey, Claim, ClaimId, Conflict, ConflictId};
use hedui_reconcile::{Decided, KnownSide, MuteRule, Standing, Step, standing};
use hedui_store::State;
use hedui_store::journal::{Action, Anchor, Decision, SideThen};
use hedui_store::state::StoredDecision;
use jiff::Timestamp;

/// What was last decided about two claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tie {
    /// They are not about one thing.
    Separate,
    /// They are.
    Join,
}

/// A line of the journal that holds a decision.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    /// The number of the journal line.
    pub(crate) seq: u64,
    /// What was decided.
    pub(crate) decision: Decision,
    /// The claims of today for each claim of the evidence; none where it cannot be found again.
    today: BTreeMap<ClaimId, Vec<ClaimId>>,
    /// The decision as it is laid over a conflict.
    decided: Option<Decided>,
}

impl Line {
    /// Tells whether all its evidence is gone, so that it bears on nothing.
    pub(crate) fn is_adrift(&self) -> bool {
        !self.today.is_empty() && self.today.values().all(Vec::is_empty)
    }

    /// Returns the claims of today that it is about.
    pub(crate) fn claims(&self) -> impl Iterator<Item = &ClaimId> {
        self.today.values().flatten()
    }

    /// Returns the groups of claims that it sets apart or joins, as they are known today.
    fn groups(&self) -> Vec<Vec<ClaimId>> {
        let today = |ids: &[ClaimId]| -> Vec<ClaimId> {
            let found = ids.iter().filter_map(|id| self.today.get(id));
            found.flatten().cloned().collect()
        };
        if self.decision.sides.is_empty() {
            return match &self.decision.action {
                Action::Separate { a, b } | Action::Join { a, b } | Action::Release { a, b } => {
                    [a, b].map(|id| today(std::slice::from_ref(id))).into()
                }
                _ => Vec::new(),
            };
        }
        let sides = self.decision.sides.iter();
        sides.map(|side| today(&side.claims)).collect()
    }

    fn read(&mut self) {
        let step = match &self.decision.action {
            Action::Ack => Step::Ack,
            Action::Snooze { until } => Step::Snooze(*until),
            Action::Mute { until } => Step::Mute(*until),
            Action::Resolve { value, side } => Step::Resolve {
                value: value.clone(),
                right: side.and_then(|side| usize::try_from(side).ok()?.checked_sub(1)),
            },
            Action::Reopen => Step::Reopen,
            _ => return,
        };
        self.decided = self.decision.conflict.clone().map(|conflict| Decided {
            at: self.decision.at,
            step,
            conflict,
            ended: self.decision.ended,
            sides: self
                .decision
                .sides
                .iter()
                .map(|side| self.known(side))
                .collect(),
        });
    }

    fn known(&self, side: &SideThen) -> KnownSide {
        let claims = side.claims.iter().filter_map(|id| self.today.get(id));
        KnownSide {
            text: side.text.clone(),
            low: side.low,
            high: side.high,
            unit: side.unit(),
            independent_sources: side.independent_sources,
            sources: side.sources.iter().cloned().collect(),
            claims: claims.flatten().cloned().collect(),
        }
    }
}

/// A rule that mutes, and the line that made it.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    /// The place of the line.
    line: usize,
    /// What it mutes.
    rule: MuteRule,
}

/// All decisions.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ledger {
    lines: Vec<Line>,
    /// Lines by the articles of their evidence.
    of_article: HashMap<ArticleKey, BTreeSet<usize>>,
    /// Lines about conflicts, by the ids that these had and by today's claims.
    of_conflict: HashMap<ConflictId, BTreeSet<usize>>,
    of_claim: HashMap<ClaimId, BTreeSet<usize>>,
    ties: HashMap<ClaimId, BTreeMap<ClaimId, Tie>>,
    rules: Vec<Rule>,
}

impl Ledger {
    /// Loads all decisions that the state has.
    pub(crate) fn load(state: &dyn State) -> Result<Ledger> {
        let mut ledger = Ledger::default();
        for stored in state.decisions() {
            let StoredDecision { seq, decision } = stored?;
            ledger.push(seq, decision, state)?;
        }
        Ok(ledger)
    }

    /// Adds a decision, and returns the claims of today that have to be grouped anew.
    pub(super) fn push(
        &mut self,
        seq: u64,
        decision: Decision,
        state: &dyn State,
    ) -> Result<BTreeSet<ClaimId>> {
        let mut today = BTreeMap::new();
        for anchor in &decision.evidence {
            let article = state.article(&anchor.article)?;
            let current = article.as_ref().map(|article| article.claims.as_slice());
            let is_kept = state.claim(&anchor.claim)?.is_some();
            let claims = claims_today(anchor, current.unwrap_or_default(), is_kept);
            today.insert(anchor.claim.clone(), claims);
        }
        let place = self.lines.len();
        for anchor in &decision.evidence {
            let lines = self.of_article.entry(anchor.article.clone()).or_default();
            lines.insert(place);
        }
        let mut line = Line {
            seq,
            decision,
            today,
            decided: None,
        };
        line.read();
        let stirred = if line.decided.is_none() {
            line.groups().into_iter().flatten().collect()
        } else {
            BTreeSet::new()
        };
        self.lines.push(line);
        self.enter(place);
        Ok(stirred)
    }

    /// Holds decisions with evidence in an article against what that says now; `is_kept` tells of a claim whether the
    /// state has it still, if only in an earlier revision.
    pub(super) fn revise(
        &mut self,
        article: &ArticleKey,
        claims: &[Claim],
        is_kept: &dyn Fn(&ClaimId) -> Result<bool>,
    ) -> Result<()> {
        let Some(places) = self.of_article.get(article).cloned() else {
            return Ok(());
        };
        let mut is_changed = false;
        for place in places {
            let Some(line) = self.lines.get_mut(place) else {
                continue;
            };
            let own = line.decision.evidence.iter();
            for anchor in own.filter(|anchor| anchor.article == *article) {
                let found = claims_today(anchor, claims, is_kept(&anchor.claim)?);
                let known = line.today.entry(anchor.claim.clone()).or_default();
                is_changed |= *known != found;
                *known = found;
            }
            line.read();
        }
        if is_changed {
            self.of_conflict.clear();
            self.of_claim.clear();
            self.ties.clear();
            self.rules.clear();
            for place in 0..self.lines.len() {
                self.enter(place);
            }
        }
        Ok(())
    }

    /// Enters a line in everything that it bears on, after all lines before it.
    fn enter(&mut self, place: usize) {
        let Some(line) = self.lines.get(place) else {
            return;
        };
        if let Some(decided) = &line.decided {
            let conflict = decided.conflict.clone();
            self.of_conflict.entry(conflict).or_default().insert(place);
            for claim in line.today.values().flatten() {
                self.of_claim
                    .entry(claim.clone())
                    .or_default()
                    .insert(place);
            }
        }
        match &line.decision.action {
            Action::Separate { .. } => self.tie(&line.groups(), Some(Tie::Separate)),
            Action::Release { .. } => self.tie(&line.groups(), None),
            Action::Join { .. } => {
                let groups = line.groups();
                self.tie(&groups, None);
                let first: Vec<Vec<ClaimId>> = groups
                    .iter()
                    .map(|group| group.first().cloned().into_iter().collect())
                    .collect();
                self.tie(&first, Some(Tie::Join));
            }
            Action::MuteWhere { rule, until } => {
                let made = MuteRule {
                    at: line.decision.at,
                    until: *until,
                    ..pure(rule)
                };
                let rule = rule.clone();
                self.forget_rule(&rule);
                self.rules.push(Rule {
                    line: place,
                    rule: made,
                });
            }
            Action::UnmuteWhere { rule } => {
                let rule = rule.clone();
                self.forget_rule(&rule);
            }
            _ => {}
        }
    }

    fn forget_rule(&mut self, rule: &hedui_store::journal::MuteRule) {
        let lines = &self.lines;
        let made = |place: usize| match &lines.get(place)?.decision.action {
            Action::MuteWhere { rule, .. } => Some(rule),
            _ => None,
        };
        self.rules.retain(|known| made(known.line) != Some(rule));
    }

    /// Says of all claims of each group how they are to those of the other groups.
    fn tie(&mut self, groups: &[Vec<ClaimId>], tie: Option<Tie>) {
        for (index, group) in groups.iter().enumerate() {
            for other in groups.iter().skip(index + 1) {
                for (a, b) in group.iter().flat_map(|a| other.iter().map(move |b| (a, b))) {
                    for (one, two) in [(a, b), (b, a)] {
                        let ties = self.ties.entry(one.clone()).or_default();
                        match tie {
                            Some(tie) => ties.insert(two.clone(), tie),
                            None => ties.remove(two),
                        };
                    }
                }
            }
        }
    }

    /// Returns what was decided about a claim and others.
    pub(crate) fn ties_of(&self, claim: &ClaimId) -> impl Iterator<Item = (&ClaimId, Tie)> {
        let ties = self.ties.get(claim).into_iter().flatten();
        ties.map(|(other, tie)| (other, *tie))
    }

    /// Returns what was decided about two claims.
    pub(crate) fn tie_of(&self, a: &ClaimId, b: &ClaimId) -> Option<Tie> {
        self.ties.get(a)?.get(b).copied()
    }

    /// Tells whether sides of a conflict were set apart.
    pub(super) fn has_separated(&self, conflict: &Conflict) -> bool {
        let separated = |a: &ClaimId, b: &ClaimId| self.tie_of(a, b) == Some(Tie::Separate);
        conflict.sides.iter().enumerate().any(|(index, side)| {
            let others = conflict.sides.iter().skip(index + 1);
            let mut others = others.flat_map(|other| &other.claims);
            others.any(|b| side.claims.iter().any(|a| separated(a, b)))
        })
    }

    /// Returns where a conflict stands, with the line and the rule's line that it rests on.
    pub(crate) fn standing(
        &self,
        conflict: &Conflict,
        now: Timestamp,
    ) -> (Standing, Option<&Line>, Option<&Line>) {
        let lines: Vec<&Line> = self.lines_on(conflict).collect();
        let decided: Vec<&Decided> = lines
            .iter()
            .filter_map(|line| line.decided.as_ref())
            .collect();
        let rules: Vec<&MuteRule> = self.rules.iter().map(|rule| &rule.rule).collect();
        let standing = standing(conflict, &decided, &rules, now);
        let line = standing
            .decision
            .and_then(|place| lines.get(place).copied());
        let rule = standing.rule.and_then(|place| self.rules.get(place));
        let rule = rule.and_then(|rule| self.lines.get(rule.line));
        (standing, line, rule)
    }

    /// Returns the decisions about a conflict, in order: those that name it, and those whose evidence stands in it.
    pub(crate) fn lines_on(&self, conflict: &Conflict) -> impl Iterator<Item = &Line> {
        let ids = std::iter::once(&conflict.id).chain(&conflict.aliases);
        let by_id = ids.filter_map(|id| self.of_conflict.get(id));
        let claims = conflict.sides.iter().flat_map(|side| &side.claims);
        let by_claim = claims.filter_map(|claim| self.of_claim.get(claim));
        let places: BTreeSet<usize> = by_id.chain(by_claim).flatten().copied().collect();
        let lines = places.into_iter().filter_map(|place| self.lines.get(place));
        let lines: Vec<&Line> = lines
            .filter(|line| {
                let decided = line.decided.as_ref();
                decided.is_some_and(|decided| decided.is_about(conflict))
            })
            .collect();
        lines.into_iter()
    }

    /// Returns the decisions that name one of these ids of a conflict, whether there is one or not, in order.
    pub(crate) fn lines_naming(&self, ids: &[ConflictId]) -> impl Iterator<Item = &Line> {
        let places = ids.iter().filter_map(|id| self.of_conflict.get(id));
        let places: BTreeSet<usize> = places.flatten().copied().collect();
        places.into_iter().filter_map(|place| self.lines.get(place))
    }

    /// Returns the ids of conflicts, there or not, about which something was decided.
    pub(crate) fn named(&self) -> impl Iterator<Item = &ConflictId> {
        self.of_conflict.keys()
    }

    /// Returns the decisions that set apart or joined some of these claims, in order.
    pub(crate) fn ties_among(&self, claims: &BTreeSet<ClaimId>) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(move |line| {
            line.decided.is_none() && line.claims().any(|claim| claims.contains(claim))
        })
    }

    /// Returns the rules that mute at a time, with the lines that made them.
    pub(crate) fn rules(&self, now: Timestamp) -> impl Iterator<Item = &Line> {
        let is_in_force = move |rule: &&Rule| rule.rule.until.is_none_or(|until| now < until);
        let rules = self.rules.iter().filter(is_in_force);
        rules.filter_map(|rule| self.lines.get(rule.line))
    }

    /// Tells whether some decision ends with its time.
    pub(super) fn has_limits(&self) -> bool {
        self.lines.iter().any(|line| {
            let decided = line.decided.as_ref().map(|decided| &decided.step);
            matches!(decided, Some(Step::Snooze(_) | Step::Mute(Some(_))))
        })
    }

    /// Returns all decisions, in order.
    pub(crate) fn lines(&self) -> &[Line] {
        &self.lines
    }
}

/// Finds the claims that a piece of evidence stands for today: the claim itself, where it is still there, and, where the
/// article no longer has it, what took its place.
fn claims_today(anchor: &Anchor, current: &[Claim], is_kept: bool) -> Vec<ClaimId> {
    let successor = anchor.find(current).map(|claim| claim.id.clone());
    let kept = (is_kept && successor.as_ref() != Some(&anchor.claim)).then(|| anchor.claim.clone());
    kept.into_iter().chain(successor).collect()
}

fn pure(rule: &hedui_store::journal::MuteRule) -> MuteRule {
    MuteRule {
        sources: rule.sources.clone(),
        entity: rule.entity.clone(),
        metric: rule.metric.clone(),
        cause: rule.cause,
        ..MuteRule::default()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use hedui_store::MemoryState;

    use super::*;

    fn claim(number: u64) -> ClaimId {
        format!("c-{number:016x}").parse().unwrap()
    }

    fn decision(action: Action, sides: &[&[u64]]) -> Decision {
        let anchor = |number: &u64| Anchor {
            claim: claim(*number),
            article: "a".parse().unwrap(),
            sentence: "00".to_owned(),
            mention: "$5".to_owned(),
        };
        Decision {
            at: Timestamp::UNIX_EPOCH,
            user: "li".to_owned(),
            note: None,
            action,
            conflict: None,
            evidence: sides
                .iter()
                .flat_map(|side| side.iter())
                .map(anchor)
                .collect(),
            ended: None,
            sides: sides
                .iter()
                .map(|side| SideThen {
                    claims: side.iter().map(|number| claim(*number)).collect(),
                    ..SideThen::default()
                })
                .collect(),
        }
    }

    /// A ledger to which every claim of the evidence is known.
    fn ledger(decisions: Vec<Decision>) -> Ledger {
        let mut ledger = Ledger::default();
        for (seq, decision) in decisions.into_iter().enumerate() {
            let state = MemoryState::new();
            ledger.push(seq as u64 + 1, decision, &state).unwrap();
        }
        ledger
            .revise(&"a".parse().unwrap(), &[], &|_| Ok(true))
            .unwrap();
        ledger
    }

    fn separate(a: u64, b: u64) -> Action {
        Action::Separate {
            a: claim(a),
            b: claim(b),
        }
    }

    fn join(a: u64, b: u64) -> Action {
        Action::Join {
            a: claim(a),
            b: claim(b),
        }
    }

    #[test]
    fn no_claim_of_one_group_goes_with_one_of_another() {
        let ledger = ledger(vec![decision(separate(1, 3), &[&[1, 2], &[3, 4], &[5]])]);
        for (a, b) in [(1, 3), (2, 4), (1, 5), (4, 5), (5, 1)] {
            assert_eq!(
                ledger.tie_of(&claim(a), &claim(b)),
                Some(Tie::Separate),
                "{a} {b}"
            );
        }
        for (a, b) in [(1, 2), (3, 4), (1, 6)] {
            assert_eq!(ledger.tie_of(&claim(a), &claim(b)), None, "{a} {b}");
        }
        assert_eq!(ledger.ties_of(&claim(5)).count(), 4);
    }

    #[test]
    fn the_last_word_counts() {
        let ledger = ledger(vec![
            decision(separate(1, 3), &[&[1, 2], &[3, 4]]),
            decision(join(1, 3), &[&[1, 2], &[3, 4]]),
        ]);
        assert_eq!(ledger.tie_of(&claim(3), &claim(1)), Some(Tie::Join));
        assert_eq!(
            ledger.tie_of(&claim(2), &claim(4)),
            None,
            "what kept them apart is gone"
        );
        let release = Action::Release {
            a: claim(1),
            b: claim(3),
        };
        let released = self::ledger(vec![
            decision(join(1, 3), &[&[1], &[3]]),
            decision(release, &[&[1], &[3]]),
        ]);
        assert_eq!(released.tie_of(&claim(1), &claim(3)), None);
    }

    #[test]
    fn a_line_of_the_first_version_names_its_claims_alone() {
        let old = Decision {
            sides: Vec::new(),
            ..decision(separate(1, 3), &[&[1], &[3]])
        };
        let ledger = ledger(vec![old]);
        assert_eq!(ledger.tie_of(&claim(1), &claim(3)), Some(Tie::Separate));
    }

    #[test]
    fn evidence_that_is_nowhere_leaves_a_decision_adrift() {
        let mut ledger = ledger(vec![decision(separate(1, 3), &[&[1], &[3]])]);
        assert!(!ledger.lines()[0].is_adrift());
        ledger
            .revise(&"a".parse().unwrap(), &[], &|_| Ok(false))
            .unwrap();
        assert!(ledger.lines()[0].is_adrift());
        assert_eq!(ledger.tie_of(&claim(1), &claim(3)), None);
    }

    #[test]
    fn a_rule_holds_until_it_is_taken_back_or_its_time_is_over() {
        let rule = |entity: &str| hedui_store::journal::MuteRule {
            entity: Some(entity.to_owned()),
            ..hedui_store::journal::MuteRule::default()
        };
        let at = |second| Timestamp::from_second(second).unwrap();
        let mute = |entity: &str, until: Option<i64>| {
            let until = until.map(at);
            decision(
                Action::MuteWhere {
                    rule: rule(entity),
                    until,
                },
                &[],
            )
        };
        let unmute = decision(
            Action::UnmuteWhere {
                rule: rule("Intel"),
            },
            &[],
        );
        let ledger = ledger(vec![
            mute("Intel", None),
            mute("TSMC", Some(10)),
            mute("TSMC", Some(100)),
            unmute,
        ]);
        let in_force =
            |second| -> Vec<u64> { ledger.rules(at(second)).map(|line| line.seq).collect() };
        assert_eq!(
            in_force(50),
            [3],
            "the later takes the place of the earlier"
        );
        assert!(in_force(100).is_empty());
    }
}
