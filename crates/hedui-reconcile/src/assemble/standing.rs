//! Where a conflict stands: what the evidence says, and over it what people decided.
//!
//! Stateless: a decision remembers what the sides stood on when it was made, so that where a conflict stands follows
//! from the evidence, the decisions and the clock alone, in whatever order they came.
//!
//! The last decision counts. An acknowledgement, a snooze and a settlement end with news: a side with another value, or
//! a further independent source on a side that is not the better supported (or, once settled, not the right) one. A
//! snooze and a limited mute end with their time. A mute does not end with news.

use std::collections::BTreeSet;

use hedui_model::{
    Cause, ClaimId, Conflict, ConflictId, ConflictState, Decimal, Ending, Side, SourceId, Unit,
};
use jiff::Timestamp;

/// A side as it stood when a decision was made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownSide {
    /// The figure as the side wrote it.
    pub text: String,
    /// The lower end, in base units.
    pub low: Option<Decimal>,
    /// The upper end, in base units.
    pub high: Option<Decimal>,
    /// The unit.
    pub unit: Unit,
    /// How many sources said so, copies counted once.
    pub independent_sources: u32,
    /// Those sources.
    pub sources: BTreeSet<SourceId>,
    /// Claims of that side, as they are known today.
    pub claims: BTreeSet<ClaimId>,
}

impl KnownSide {
    /// Takes down how a side stands now.
    #[must_use]
    pub fn of(side: &Side) -> Self {
        KnownSide {
            text: side.text.clone(),
            low: side.low,
            high: side.high,
            unit: side.unit.clone(),
            independent_sources: side.independent_sources,
            sources: side.sources.iter().cloned().collect(),
            claims: side.claims.iter().cloned().collect(),
        }
    }

    fn shares_claims(&self, side: &Side) -> bool {
        side.claims.iter().any(|claim| self.claims.contains(claim))
    }

    fn says_the_same(&self, side: &Side) -> bool {
        let is_number = self.low.is_some() || self.high.is_some();
        self.unit == side.unit
            && (self.low, self.high) == (side.low, side.high)
            && (is_number || self.text == side.text)
    }
}

/// What a person decided about one conflict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// It was looked at.
    Ack,
    /// It is put off until then.
    Snooze(Timestamp),
    /// It is not to be told of, until then or ever.
    Mute(Option<Timestamp>),
    /// It is settled.
    Resolve {
        /// The value that is right, as the person wrote it.
        value: Option<String>,
        /// Which of the known sides is right.
        right: Option<usize>,
    },
    /// It is open, whatever was decided before.
    Reopen,
}

/// A decision, and what the conflict stood on when it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// When.
    pub at: Timestamp,
    /// What.
    pub step: Step,
    /// The id that the conflict had.
    pub conflict: ConflictId,
    /// What had ended it by itself.
    pub ended: Option<Ending>,
    /// Its sides; none where a fact was meant that had no conflict.
    pub sides: Vec<KnownSide>,
}

impl Decided {
    /// Tells whether it is this conflict that was decided about: by an id, or because two of the known sides stand
    /// against each other in it.
    #[must_use]
    pub fn is_about(&self, conflict: &Conflict) -> bool {
        let is_named = self.conflict == conflict.id || conflict.aliases.contains(&self.conflict);
        is_named || is_same_contradiction(&self.sides, conflict)
    }
}

/// Tells whether two of the known sides stand against each other in a conflict.
#[must_use]
pub fn is_same_contradiction(known: &[KnownSide], conflict: &Conflict) -> bool {
    let homes: Vec<Vec<usize>> = conflict
        .sides
        .iter()
        .map(|side| homes(known, |known| known.shares_claims(side)))
        .collect();
    homes.iter().enumerate().any(|(index, one)| {
        homes
            .iter()
            .skip(index + 1)
            .any(|other| one.iter().any(|a| other.iter().any(|b| a != b)))
    })
}

fn homes(known: &[KnownSide], is_home: impl Fn(&KnownSide) -> bool) -> Vec<usize> {
    let found = known.iter().enumerate().filter(|(_, known)| is_home(known));
    found.map(|(index, _)| index).collect()
}

/// Conflicts that are not to be told of, by what they are about. What is not named does not matter; what is, must all hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MuteRule {
    /// When it was made.
    pub at: Timestamp,
    /// When it ends.
    pub until: Option<Timestamp>,
    /// One source: conflicts that would be none without it. Two: conflicts between just these.
    pub sources: Vec<SourceId>,
    /// What the conflict is about, by its canonical name.
    pub entity: Option<String>,
    /// The id or the family of its metric.
    pub metric: Option<String>,
    /// Its cause.
    pub cause: Option<Cause>,
}

impl MuteRule {
    /// Tells whether the conflict is meant.
    #[must_use]
    pub fn covers(&self, conflict: &Conflict) -> bool {
        let entity = self.entity.as_deref().is_none_or(|name| {
            conflict
                .entities
                .iter()
                .any(|entity| entity.eq_ignore_ascii_case(name))
        });
        let metric = self.metric.as_deref().is_none_or(|id| {
            let metric = conflict.metric.as_ref();
            metric.is_some_and(|metric| metric.id == id || metric.family == id)
        });
        let cause = self.cause.is_none_or(|cause| conflict.cause == cause);
        entity && metric && cause && self.covers_sources(conflict)
    }

    fn covers_sources(&self, conflict: &Conflict) -> bool {
        match self.sources.as_slice() {
            [] => true,
            [one] => {
                let without = |side: &&Side| side.sources.iter().any(|source| source != one);
                let is_there = conflict.sides.iter().any(|side| side.sources.contains(one));
                is_there && conflict.sides.iter().filter(without).count() < 2
            }
            pair => {
                let mut all = conflict.sides.iter().flat_map(|side| &side.sources);
                let is_in = |source: &SourceId| {
                    conflict
                        .sides
                        .iter()
                        .any(|side| side.sources.contains(source))
                };
                all.all(|source| pair.contains(source)) && pair.iter().all(is_in)
            }
        }
    }
}

/// What came after a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// A side says something that none said.
    Value {
        /// What it says.
        text: String,
    },
    /// A side has a further independent source.
    Source {
        /// What it says.
        text: String,
        /// The source, or the latest of them.
        source: SourceId,
    },
}

/// Why a conflict that something was decided about is open all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reopening {
    /// A person wanted it so.
    Asked,
    /// The time ran out, then.
    Over(Timestamp),
    /// New evidence came.
    News(News),
}

/// Where a conflict stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The state.
    pub state: ConflictState,
    /// The decision that it rests on, by its place in the list.
    pub decision: Option<usize>,
    /// The rule that mutes it, by its place in the list.
    pub rule: Option<usize>,
    /// Why it is open although something was decided.
    pub reopened: Option<Reopening>,
}

/// Lays over the state that the evidence gives a conflict what people decided, in the order in which they did.
///
/// Decisions about other conflicts are passed over. A rule mutes what would be open, unless a person has opened just this
/// conflict since.
#[must_use]
pub fn standing(
    conflict: &Conflict,
    decided: &[&Decided],
    rules: &[&MuteRule],
    now: Timestamp,
) -> Standing {
    let last = decided
        .iter()
        .copied()
        .enumerate()
        .rev()
        .find(|(_, decided)| decided.is_about(conflict));
    let mut standing = by_decision(conflict, last, now);
    if standing.state == ConflictState::Open {
        let asked = match &standing.reopened {
            Some(Reopening::Asked) => last.map(|(_, decided)| decided.at),
            _ => None,
        };
        let mutes = |(_, rule): &(usize, &&MuteRule)| {
            rule.until.is_none_or(|until| now < until)
                && asked.is_none_or(|asked| asked < rule.at)
                && rule.covers(conflict)
        };
        if let Some((place, rule)) = rules.iter().enumerate().rev().find(mutes) {
            standing.state = ConflictState::Muted { until: rule.until };
            standing.rule = Some(place);
        }
    }
    standing
}

fn by_decision(conflict: &Conflict, last: Option<(usize, &Decided)>, now: Timestamp) -> Standing {
    let evidence = Standing {
        state: conflict.state.clone(),
        decision: None,
        rule: None,
        reopened: None,
    };
    let Some((place, decided)) = last else {
        return evidence;
    };
    let ended = match conflict.state {
        ConflictState::Closed { by } => Some(by),
        _ => None,
    };
    let stands = |state| Standing {
        state,
        decision: Some(place),
        ..evidence.clone()
    };
    let open = |reopening| Standing {
        reopened: Some(reopening),
        ..stands(ConflictState::Open)
    };
    let unless_news = |right, state| match news(&decided.sides, conflict, right) {
        Some(news) => open(Reopening::News(news)),
        None => stands(state),
    };
    match &decided.step {
        Step::Mute(Some(until)) if *until <= now => match ended {
            None => open(Reopening::Over(*until)),
            Some(_) => evidence,
        },
        Step::Mute(until) => stands(ConflictState::Muted { until: *until }),
        Step::Resolve { value, right } => {
            let value = value.clone();
            match unless_news(*right, ConflictState::Resolved { value }) {
                // What ended by itself is not opened by what came before that.
                Standing {
                    state: ConflictState::Open,
                    ..
                } if ended.is_some() => evidence,
                standing => standing,
            }
        }
        Step::Reopen if ended.is_none() || ended == decided.ended => open(Reopening::Asked),
        _ if ended.is_some() => evidence,
        Step::Snooze(until) if *until <= now => open(Reopening::Over(*until)),
        Step::Snooze(until) => unless_news(None, ConflictState::Snoozed { until: *until }),
        Step::Ack => unless_news(None, ConflictState::Acked),
        Step::Reopen => evidence,
    }
}

/// Finds what a conflict has that it had not when it was decided about: a side with another value, or a further
/// independent source.
///
/// Sources that come to the better supported side tell nothing new; where a side is known to be `right`, sources that come to
/// that one.
#[must_use]
pub fn news(known: &[KnownSide], conflict: &Conflict, right: Option<usize>) -> Option<News> {
    let most = known.iter().map(|side| side.independent_sources).max()?;
    let is_even = known.iter().all(|side| side.independent_sources == most);
    let expected = |place: usize, side: &KnownSide| match right {
        Some(right) => place == right,
        None => !is_even && side.independent_sources == most,
    };
    conflict.sides.iter().find_map(|side| {
        let mut homes = homes(known, |known| known.shares_claims(side));
        if homes.is_empty() {
            homes = self::homes(known, |known| known.says_the_same(side));
        }
        if homes.is_empty() {
            let text = side.text.clone();
            return Some(News::Value { text });
        }
        let before: Vec<(usize, &KnownSide)> = homes
            .into_iter()
            .filter_map(|place| Some((place, known.get(place)?)))
            .collect();
        if before.iter().any(|(place, known)| expected(*place, known)) {
            return None;
        }
        let count: u32 = before
            .iter()
            .map(|(_, known)| known.independent_sources)
            .sum();
        let is_known = |source: &SourceId| {
            before
                .iter()
                .any(|(_, known)| known.sources.contains(source))
        };
        let source = side.sources.iter().rev().find(|source| !is_known(source))?;
        (side.independent_sources > count).then(|| News::Source {
            text: side.text.clone(),
            source: source.clone(),
        })
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use hedui_model::{Confidence, FactId, Metric};

    use super::*;

    fn claim(number: u64) -> ClaimId {
        format!("c-{number:016x}").parse().unwrap()
    }

    fn source(name: &str) -> SourceId {
        name.parse().unwrap()
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    /// A side that says `value`, with a claim and an independent source for each letter of `sources`.
    fn side(value: &str, sources: &str) -> Side {
        let letters = || sources.chars();
        Side {
            low: Some(value.parse().unwrap()),
            high: Some(value.parse().unwrap()),
            unit: Unit::new("USD"),
            text: format!("${value}"),
            independent_sources: u32::try_from(letters().count()).unwrap(),
            sources: letters()
                .map(|letter| source(&letter.to_string()))
                .collect(),
            claims: letters()
                .map(|letter| claim(u64::from(u32::from(letter))))
                .collect(),
            cause: None,
        }
    }

    fn conflict(sides: &[Side]) -> Conflict {
        let fact = FactId::of_origin(
            sides[0]
                .claims
                .iter()
                .chain(&sides[1].claims)
                .min()
                .unwrap(),
        );
        Conflict {
            id: ConflictId::of_fact(&fact),
            aliases: Vec::new(),
            fact,
            entities: vec!["TSMC".to_owned()],
            metric: Some(Metric {
                id: "investment".to_owned(),
                family: "spending".to_owned(),
            }),
            unit: Unit::new("USD"),
            cause: Cause::ScaleError,
            severity: 50,
            confidence: Confidence::from_thousandths(950),
            state: ConflictState::Open,
            state_why: String::new(),
            first_seen: at(0),
            last_seen: at(0),
            sides: sides.to_vec(),
            why: String::new(),
            turns: Vec::new(),
        }
    }

    fn decided(step: Step, conflict: &Conflict) -> Decided {
        Decided {
            at: at(10),
            step,
            conflict: conflict.id.clone(),
            ended: match conflict.state {
                ConflictState::Closed { by } => Some(by),
                _ => None,
            },
            sides: conflict.sides.iter().map(KnownSide::of).collect(),
        }
    }

    fn standing(
        conflict: &Conflict,
        decided: &[Decided],
        rules: &[MuteRule],
        now: Timestamp,
    ) -> Standing {
        let decided: Vec<&Decided> = decided.iter().collect();
        let rules: Vec<&MuteRule> = rules.iter().collect();
        super::standing(conflict, &decided, &rules, now)
    }

    fn state(conflict: &Conflict, decided: &[Decided], now: i64) -> ConflictState {
        standing(conflict, decided, &[], at(now)).state
    }

    fn before() -> Conflict {
        conflict(&[side("165", "abc"), side("16.5", "d")])
    }

    #[test]
    fn the_last_decision_counts() {
        let now = before();
        let ack = decided(Step::Ack, &now);
        let snooze = decided(Step::Snooze(at(100)), &now);
        let reopen = decided(Step::Reopen, &now);
        assert_eq!(state(&now, &[], 20), ConflictState::Open);
        assert_eq!(
            state(&now, &[snooze.clone(), ack.clone()], 20),
            ConflictState::Acked
        );
        let snoozed = ConflictState::Snoozed { until: at(100) };
        assert_eq!(state(&now, &[ack.clone(), snooze], 20), snoozed);
        assert_eq!(state(&now, &[ack, reopen], 20), ConflictState::Open);
    }

    #[test]
    fn an_acknowledgement_ends_with_a_new_value_or_a_source_on_the_weaker_side() {
        let ack = [decided(Step::Ack, &before())];
        let reopened = |sides: &[Side]| standing(&conflict(sides), &ack, &[], at(20)).reopened;
        assert_eq!(
            reopened(&[side("165", "abcx"), side("16.5", "d")]),
            None,
            "more of the same"
        );
        assert_eq!(
            reopened(&[side("165", "abc"), side("16.5", "dx")]),
            Some(Reopening::News(News::Source {
                text: "$16.5".to_owned(),
                source: source("x"),
            }))
        );
        let mut copy = side("16.5", "dx");
        copy.independent_sources = 1;
        assert_eq!(
            reopened(&[side("165", "abc"), copy]),
            None,
            "a copy is no news"
        );
        assert_eq!(
            reopened(&[side("165", "abc"), side("16.5", "d"), side("170", "x")]),
            Some(Reopening::News(News::Value {
                text: "$170".to_owned(),
            }))
        );
        // Another article of the same value, after the first was withdrawn.
        assert_eq!(reopened(&[side("165", "abc"), side("16.5", "x")]), None);
    }

    #[test]
    fn where_the_sides_were_even_every_source_is_news() {
        let even = conflict(&[side("165", "a"), side("16.5", "d")]);
        let ack = [decided(Step::Ack, &even)];
        for sides in [
            [side("165", "ax"), side("16.5", "d")],
            [side("165", "a"), side("16.5", "dx")],
        ] {
            assert_eq!(state(&conflict(&sides), &ack, 20), ConflictState::Open);
        }
    }

    #[test]
    fn what_is_settled_is_opened_by_whoever_is_not_right() {
        let value = Some("165".to_owned());
        let right = Step::Resolve {
            value: value.clone(),
            right: Some(0),
        };
        let resolved = [decided(right, &before())];
        let more = conflict(&[side("165", "abcx"), side("16.5", "d")]);
        assert_eq!(
            state(&more, &resolved, 20),
            ConflictState::Resolved { value }
        );
        let wrong = conflict(&[side("165", "abc"), side("16.5", "dx")]);
        assert_eq!(state(&wrong, &resolved, 20), ConflictState::Open);
        let weaker = Step::Resolve {
            value: None,
            right: Some(1),
        };
        let resolved = [decided(weaker, &before())];
        assert_eq!(
            state(&wrong, &resolved, 20),
            ConflictState::Resolved { value: None }
        );
        assert_eq!(state(&more, &resolved, 20), ConflictState::Open);
    }

    #[test]
    fn a_snooze_ends_with_its_time_or_with_news() {
        let snooze = [decided(Step::Snooze(at(100)), &before())];
        assert_ne!(state(&before(), &snooze, 99), ConflictState::Open);
        let over = standing(&before(), &snooze, &[], at(100));
        assert_eq!(over.state, ConflictState::Open);
        assert_eq!(over.reopened, Some(Reopening::Over(at(100))));
        let news = conflict(&[side("165", "abc"), side("16.5", "dx")]);
        assert_eq!(state(&news, &snooze, 20), ConflictState::Open);
    }

    #[test]
    fn a_mute_lasts_whatever_comes() {
        let news = conflict(&[side("165", "abc"), side("16.5", "dx"), side("1", "y")]);
        let mute = [decided(Step::Mute(None), &before())];
        assert_eq!(
            state(&news, &mute, 9_999),
            ConflictState::Muted { until: None }
        );
        let limited = [decided(Step::Mute(Some(at(100))), &before())];
        assert_ne!(state(&news, &limited, 99), ConflictState::Open);
        assert_eq!(state(&news, &limited, 100), ConflictState::Open);
    }

    #[test]
    fn a_decision_finds_its_conflict_under_another_id_by_two_of_its_sides() {
        let ack = [decided(Step::Ack, &before())];
        // An older claim of `0` names the fact now.
        let renamed = conflict(&[side("165", "0abc"), side("16.5", "d")]);
        assert_ne!(renamed.id, before().id);
        assert_eq!(state(&renamed, &ack, 20), ConflictState::Acked);
        let mut merged = renamed.clone();
        merged.aliases = vec![before().id];
        assert_eq!(state(&merged, &ack, 20), ConflictState::Acked);
        // One of the sides alone, against another, is another contradiction.
        let other = conflict(&[side("165", "0abc"), side("99", "x")]);
        assert_eq!(state(&other, &ack, 20), ConflictState::Open);
        assert_eq!(standing(&other, &ack, &[], at(20)).decision, None);
    }

    #[test]
    fn what_ended_by_itself_is_closed_unless_it_is_settled_muted_or_opened_as_it_is() {
        let mut closed = before();
        closed.state = ConflictState::Closed { by: Ending::Update };
        let ended = closed.state.clone();
        assert_eq!(state(&closed, &[decided(Step::Ack, &before())], 20), ended);
        assert_eq!(
            state(&closed, &[decided(Step::Snooze(at(9)), &before())], 20),
            ended
        );
        assert_eq!(
            state(&closed, &[decided(Step::Reopen, &before())], 20),
            ended
        );
        assert_eq!(
            state(&closed, &[decided(Step::Reopen, &closed)], 20),
            ConflictState::Open
        );
        let mute = decided(Step::Mute(None), &before());
        assert_eq!(
            state(&closed, &[mute], 20),
            ConflictState::Muted { until: None }
        );
        let settle = Step::Resolve {
            value: None,
            right: None,
        };
        assert_eq!(
            state(&closed, &[decided(settle, &before())], 20),
            ConflictState::Resolved { value: None }
        );
    }

    #[test]
    fn a_rule_mutes_what_it_covers_until_a_person_opens_just_that() {
        let rule = |sources: &[&str]| MuteRule {
            at: at(5),
            sources: sources.iter().map(|name| source(name)).collect(),
            ..MuteRule::default()
        };
        let covers = |rule: &MuteRule, sides: &[Side]| rule.covers(&conflict(sides));
        let two = [side("165", "abc"), side("16.5", "d")];
        assert!(
            covers(&rule(&["d"]), &two),
            "without it there is no conflict"
        );
        assert!(!covers(&rule(&["a"]), &two), "others say the same");
        assert!(!covers(&rule(&["x"]), &two));
        assert!(
            !covers(&rule(&["a", "d"]), &two),
            "others stand against it too"
        );
        assert!(covers(
            &rule(&["a", "d"]),
            &[side("165", "a"), side("16.5", "d")]
        ));
        assert!(!covers(
            &rule(&["a", "d"]),
            &[side("165", "a"), side("16.5", "a")]
        ));
        let entity = MuteRule {
            entity: Some("tsmc".to_owned()),
            metric: Some("spending".to_owned()),
            ..rule(&[])
        };
        assert!(covers(&entity, &two));
        let other = MuteRule {
            metric: Some("revenue".to_owned()),
            ..entity.clone()
        };
        assert!(!covers(&other, &two));
        let cause = MuteRule {
            cause: Some(Cause::Currency),
            ..rule(&[])
        };
        assert!(!covers(&cause, &two));

        let rules = [entity];
        let muted = standing(&before(), &[], &rules, at(20));
        assert_eq!(
            (muted.state, muted.rule),
            (ConflictState::Muted { until: None }, Some(0))
        );
        let reopen = decided(Step::Reopen, &before());
        let opened = standing(&before(), &[reopen], &rules, at(20));
        assert_eq!(opened.state, ConflictState::Open);
        let ack = decided(Step::Ack, &before());
        let acked = standing(&before(), std::slice::from_ref(&ack), &rules, at(20));
        assert_eq!(acked.state, ConflictState::Acked);
        let news = conflict(&[side("165", "abc"), side("16.5", "dx")]);
        let again = standing(&news, &[ack], &rules, at(20));
        assert_eq!(
            again.state,
            ConflictState::Muted { until: None },
            "news is muted too"
        );
        let limited = [MuteRule {
            until: Some(at(15)),
            ..rules[0].clone()
        }];
        assert_eq!(
            standing(&before(), &[], &limited, at(20)).state,
            ConflictState::Open
        );
    }
}
