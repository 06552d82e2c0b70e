//! What the archive says beside a figure of a draft: the values, who stands for each, and how sure that is.

use hedui_model::{Appearance, Cause, Interval, Judged, Relation, Unit};
use hedui_reconcile::compat::{self, Figure};
use hedui_reconcile::independent_sources;

use super::finding::{Side, Stand};

/// How many independent sources it takes to be surer together of a figure with other digits.
pub(super) const WITNESSES: usize = 3;

/// What one verdict says of a figure: the other claim, and how the two stand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edge<'a> {
    pub(super) other: &'a Appearance,
    pub(super) judged: &'a Judged,
    /// Whether the other claim is one of the draft too.
    pub(super) is_own: bool,
}

impl Edge<'_> {
    pub(super) fn relation(&self) -> Relation {
        self.judged.verdict.relation
    }

    pub(super) fn confidence(&self) -> u16 {
        self.judged.verdict.confidence.thousandths()
    }
}

/// Tells whether two figures are one with two of its digits changed about: 1,650 and 1,560, 26 and 62.
///
/// What the archive would take for a later figure is in a draft more often a slip of the hand, where nobody else has it.
pub(super) fn are_transposed(a: &Appearance, b: &Appearance) -> bool {
    figures(a, b).is_some_and(|(x, y)| compat::are_transposed(&x, &y))
}

/// Tells whether the two figures could both be true, by themselves.
pub(super) fn fits(a: &Appearance, b: &Appearance) -> bool {
    figures(a, b).is_some_and(|(x, y)| compat::fit(&x, &y).is_compatible())
}

/// Returns two figures of one unit.
fn figures(a: &Appearance, b: &Appearance) -> Option<(Figure, Figure)> {
    let (x, y) = (&a.claim.quantity, &b.claim.quantity);
    let figures = Figure::of(x).zip(Figure::of(y));
    figures.filter(|_| x.unit == y.unit)
}

/// A value that contradicts a figure.
#[derive(Clone, Debug)]
pub(super) struct Opponent<'a> {
    /// The surest of the verdicts that say so.
    pub(super) surest: Edge<'a>,
    /// How sure all of them together are.
    pub(super) confidence: u16,
    /// Who stands for it.
    pub(super) side: Side,
}

impl Opponent<'_> {
    /// Tells whether it has the same digits, at another power of ten or in another currency.
    pub(super) fn is_slip(&self) -> bool {
        is_slip(&self.surest)
    }
}

fn is_slip(edge: &Edge<'_>) -> bool {
    let cause = edge.judged.verdict.cause;
    matches!(cause, Some(Cause::ScaleError | Cause::Currency))
}

/// Makes an opponent of the verdicts of one value and of all that say it.
pub(super) fn opponent<'a>(edges: &[Edge<'a>], claims: Vec<&Appearance>) -> Option<Opponent<'a>> {
    Some(Opponent {
        surest: edges.iter().max_by_key(|edge| edge.confidence()).copied()?,
        confidence: consensus(edges),
        side: side_of(Stand::Contradicts, claims)?,
    })
}

/// Says how sure several verdicts of one kind are together.
///
/// Sources that are independent bear one another out, but what the draft says is read once for all of them: each further
/// one takes away a part only of the doubt that the ones before it left. Equal digits at another power of ten or in
/// another currency need no more than that; for other figures, which may be about another thing of the same kind, it
/// takes [`WITNESSES`].
fn consensus(edges: &[Edge<'_>]) -> u16 {
    let are_slips = edges.iter().all(is_slip);
    let mut edges: Vec<&Edge<'_>> = edges.iter().collect();
    edges.sort_by_key(|edge| std::cmp::Reverse(edge.confidence()));
    let mut heard: Vec<&Appearance> = Vec::new();
    let mut confidences: Vec<u16> = Vec::new();
    for edge in edges {
        heard.push(edge.other);
        if independent_sources(&heard) as usize == heard.len() {
            confidences.push(edge.confidence());
        } else {
            heard.pop();
        }
    }
    let surest = confidences.first().copied().unwrap_or(0);
    if !are_slips && confidences.len() < WITNESSES {
        return surest;
    }
    let mut doubt = u32::from(1_000 - surest.min(1_000));
    for confidence in confidences.iter().skip(1) {
        let own = u32::from(1_000 - (*confidence).min(1_000));
        // Half of what it would take away were it wholly independent.
        doubt = doubt * (1_000 + own) / 2_000;
    }
    u16::try_from(1_000 - doubt.min(1_000)).unwrap_or(1_000)
}

/// Makes a side of claims, if there are any.
pub(super) fn side_of(stand: Stand, mut claims: Vec<&Appearance>) -> Option<Side> {
    claims.sort_by(|a, b| (a.instant(), &a.claim.id).cmp(&(b.instant(), &b.claim.id)));
    claims.dedup_by(|a, b| a.claim.id == b.claim.id);
    (!claims.is_empty()).then(|| Side {
        stand,
        independent_sources: independent_sources(&claims),
        claims: claims.into_iter().cloned().collect(),
    })
}

/// What makes two figures of the archive one value.
pub(super) fn value_of(claim: &Appearance) -> (&Unit, Interval) {
    (&claim.claim.quantity.unit, claim.claim.quantity.interval())
}

/// Makes a side of each distinct value, the best supported first.
pub(super) fn by_value(stand: Stand, claims: Vec<&Appearance>) -> Vec<Side> {
    let mut values: Vec<((&Unit, Interval), Vec<&Appearance>)> = Vec::new();
    for claim in claims {
        let value = value_of(claim);
        match values.iter_mut().find(|(known, _)| *known == value) {
            Some((_, claims)) => claims.push(claim),
            None => values.push((value, vec![claim])),
        }
    }
    let mut sides: Vec<Side> = values
        .into_iter()
        .filter_map(|(_, claims)| side_of(stand, claims))
        .collect();
    sides.sort_by_key(|side| std::cmp::Reverse(side.independent_sources));
    sides
}
