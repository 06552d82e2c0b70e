//! A fact over time, source by source: who said what, from when to when, and what took whose place.

use std::collections::HashMap;

use hedui_model::{
    Appearance, Cause, ClaimId, Decimal, Interval, Judged, Relation, SourceId, Status, Unit,
};
use jiff::Timestamp;

/// One value that one source stood by for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The source.
    pub source: SourceId,
    /// Its claims, in the order of time.
    pub claims: Vec<ClaimId>,
    /// The figure as the first claim writes it.
    pub text: String,
    /// The lower end, in base units; nothing for dates.
    pub low: Option<Decimal>,
    /// The upper end, in base units; nothing for dates.
    pub high: Option<Decimal>,
    /// The unit.
    pub unit: Unit,
    /// How real the figure is said to be.
    pub status: Status,
    /// When its first claim was published.
    pub first: Timestamp,
    /// When its last claim was published.
    pub last: Timestamp,
    /// How it came about.
    pub kind: StretchKind,
    /// The claim of the source that corrected it.
    pub corrected_by: Option<ClaimId>,
}

/// How a source came to a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StretchKind {
    /// It is the source's first.
    First,
    /// The source says something else than before, without a verdict on why.
    Other,
    /// It legitimately replaces an earlier claim, of this or another source.
    Update(ClaimId),
    /// The source corrected an article of its own.
    Correction(ClaimId),
}

impl StretchKind {
    /// Returns the word used outside.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            StretchKind::First => "first",
            StretchKind::Other => "other",
            StretchKind::Update(_) => "update",
            StretchKind::Correction(_) => "correction",
        }
    }

    /// Returns the claim whose place it took.
    #[must_use]
    pub fn of(&self) -> Option<&ClaimId> {
        match self {
            StretchKind::First | StretchKind::Other => None,
            StretchKind::Update(of) | StretchKind::Correction(of) => Some(of),
        }
    }
}

/// Lays the claims of one fact out in time, by source; `judged` are the verdicts between them.
///
/// Claims of a source that follow one another and state the same figure with the same status are one stretch. Stretches
/// come in the order of their first claims, and do not depend on the order of the arguments.
#[must_use]
pub fn timeline(claims: &[Appearance], judged: &[Judged]) -> Vec<Stretch> {
    let mut ordered: Vec<&Appearance> = claims.iter().collect();
    ordered.sort_by(|a, b| key(a).cmp(&key(b)));
    ordered.dedup_by(|a, b| a.claim.id == b.claim.id);
    let mut stretches: Vec<(Stretch, Interval)> = Vec::new();
    for claim in ordered {
        let source = &claim.article.meta.source;
        let last = stretches
            .iter_mut()
            .rev()
            .find(|(stretch, _)| stretch.source == *source);
        match last {
            Some((stretch, interval)) if continues(stretch, *interval, claim) => {
                stretch.claims.push(claim.claim.id.clone());
                stretch.last = stretch.last.max(claim.instant());
            }
            last => {
                let kind = if last.is_some() {
                    StretchKind::Other
                } else {
                    StretchKind::First
                };
                stretches.push((begun(claim, kind), claim.claim.quantity.interval()));
            }
        }
    }
    let mut stretches: Vec<Stretch> = stretches.into_iter().map(|(stretch, _)| stretch).collect();
    mark(&mut stretches, claims, judged);
    stretches
}

fn key(claim: &Appearance) -> (Timestamp, u32, &ClaimId) {
    (claim.instant(), claim.article.revision, &claim.claim.id)
}

fn continues(stretch: &Stretch, interval: Interval, claim: &Appearance) -> bool {
    let quantity = &claim.claim.quantity;
    interval == quantity.interval()
        && stretch.unit == quantity.unit
        && stretch.status == claim.claim.status
}

fn begun(claim: &Appearance, kind: StretchKind) -> Stretch {
    let quantity = &claim.claim.quantity;
    Stretch {
        source: claim.article.meta.source.clone(),
        claims: vec![claim.claim.id.clone()],
        text: claim.claim.mention().to_owned(),
        low: quantity.low(),
        high: quantity.high(),
        unit: quantity.unit.clone(),
        status: claim.claim.status,
        first: claim.instant(),
        last: claim.instant(),
        kind,
        corrected_by: None,
    }
}

/// Says of stretches what took whose place.
fn mark(stretches: &mut [Stretch], claims: &[Appearance], judged: &[Judged]) {
    let revisions: HashMap<&ClaimId, u32> = claims
        .iter()
        .map(|claim| (&claim.claim.id, claim.article.revision))
        .collect();
    let mut places: HashMap<ClaimId, usize> = HashMap::new();
    for (place, stretch) in stretches.iter().enumerate() {
        places.extend(stretch.claims.iter().map(|claim| (claim.clone(), place)));
    }
    let mut verdicts: Vec<&Judged> = judged.iter().collect();
    verdicts.sort_by(|a, b| (&a.a, &a.b).cmp(&(&b.a, &b.b)));
    for verdict in verdicts {
        let Some(change) = Change::of(verdict, &revisions) else {
            continue;
        };
        let (from, to) = (places.get(change.older), places.get(change.newer));
        if let (Some(&from), Some(&to)) = (from, to)
            && from != to
        {
            change.mark(stretches, from, to);
        }
    }
}

/// A claim that took another's place.
struct Change<'a> {
    older: &'a ClaimId,
    newer: &'a ClaimId,
    is_correction: bool,
}

impl<'a> Change<'a> {
    fn of(judged: &'a Judged, revisions: &HashMap<&ClaimId, u32>) -> Option<Self> {
        let verdict = &judged.verdict;
        let is_correction = match (verdict.relation, verdict.cause) {
            (Relation::Update, _) => false,
            (Relation::Conflict, Some(Cause::Revision)) => true,
            _ => return None,
        };
        let (a, b) = (&judged.a, &judged.b);
        let is_turned = is_correction && revisions.get(a) > revisions.get(b);
        let (older, newer) = if is_turned { (b, a) } else { (a, b) };
        Some(Change {
            older,
            newer,
            is_correction,
        })
    }

    fn mark(&self, stretches: &mut [Stretch], from: usize, to: usize) {
        let source = |place: usize| stretches.get(place).map(|stretch| &stretch.source);
        // A source's own earlier figure tells more than another's.
        let is_own = source(from) == source(to);
        if let Some(corrected) = stretches.get_mut(from).filter(|_| self.is_correction) {
            corrected.corrected_by = Some(self.newer.clone());
        }
        let Some(stretch) = stretches.get_mut(to) else {
            return;
        };
        let older = self.older.clone();
        match (&stretch.kind, self.is_correction) {
            (_, true) => stretch.kind = StretchKind::Correction(older),
            (StretchKind::First | StretchKind::Other, false) => {
                stretch.kind = StretchKind::Update(older);
            }
            (StretchKind::Update(_), false) if is_own => {
                stretch.kind = StretchKind::Update(older);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::Arc;

    use hedui_model::{Confidence, Verdict};

    use super::*;
    use crate::fixture::claim;

    fn said(source: &str, day: &str, mention: &str, value: &str) -> Appearance {
        claim(
            source,
            day,
            &format!("{source} {day} {mention}"),
            mention,
            value,
            "USD",
        )
        .made()
    }

    fn verdict(a: &Appearance, b: &Appearance, relation: Relation, cause: Option<Cause>) -> Judged {
        Judged {
            a: a.claim.id.clone(),
            b: b.claim.id.clone(),
            verdict: Verdict {
                relation,
                cause,
                confidence: Confidence::from_thousandths(900),
                why: String::new(),
            },
        }
    }

    #[test]
    fn a_source_that_repeats_itself_is_one_stretch_and_another_value_the_next() {
        let claims = [
            said("b", "2025-03-05", "$1.2", "1.2"),
            said("a", "2025-03-04", "$1", "1"),
            said("a", "2025-03-06", "$1.0", "1"),
            said("a", "2025-03-09", "$2", "2"),
        ];
        let verdicts = [verdict(&claims[2], &claims[3], Relation::Update, None)];
        let found = timeline(&claims, &verdicts);
        let told: Vec<(&str, &str, usize, &str)> = found
            .iter()
            .map(|one| {
                (
                    one.source.as_str(),
                    one.text.as_str(),
                    one.claims.len(),
                    one.kind.as_str(),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                ("a", "$1", 2, "first"),
                ("b", "$1.2", 1, "first"),
                ("a", "$2", 1, "update")
            ]
        );
        assert_eq!(found[2].kind.of(), Some(&claims[2].claim.id));
        assert!(found[0].last > found[1].first);
        let mut turned = claims.to_vec();
        turned.reverse();
        assert_eq!(timeline(&turned, &verdicts), found);
    }

    #[test]
    fn a_corrected_figure_is_marked_on_both_ends() {
        let old = said("a", "2025-03-04", "$1", "1");
        let mut new = claim("a", "2025-03-04", "a now $2", "$2", "2", "USD").made();
        let mut article = (*new.article).clone();
        article.revision = 2;
        new.article = Arc::new(article);
        let (a, b) = if old.claim.id < new.claim.id {
            (&old, &new)
        } else {
            (&new, &old)
        };
        let verdicts = [verdict(a, b, Relation::Conflict, Some(Cause::Revision))];
        let found = timeline(&[new.clone(), old.clone()], &verdicts);
        assert_eq!(found[0].corrected_by, Some(new.claim.id.clone()));
        assert_eq!(found[1].kind, StretchKind::Correction(old.claim.id.clone()));
    }

    #[test]
    fn another_status_is_another_stretch() {
        let planned =
            claim("a", "2025-03-04", "a plans $1", "$1", "1", "USD").status(Status::Planned);
        let actual = claim("a", "2025-09-04", "a spent $1", "$1", "1", "USD");
        assert_eq!(timeline(&[planned.made(), actual.made()], &[]).len(), 2);
    }
}
