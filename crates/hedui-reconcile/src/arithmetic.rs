//! Figures of one sentence that belong together by arithmetic: a growth between two values, parts of a whole.
//!
//! Only what the words tie together is set against each other: a value that is said to be the earlier one, the one that
//! follows it, and the change of that metric; figures that are said to be of a whole, and the figure before them; a share,
//! and the part and the whole that it relates; figures, and what they are said to add up to. Parts need not be all that
//! there is, so that only too much of them is wrong.

use hedui_model::{Appearance, Bound, Claim, ClaimId, Confidence, Decimal, Kind};

use crate::Reconciler;
use crate::phrase::{Reason, words};

mod shares;
mod sums;

/// The id of the part (`scopes.toml`) that an earlier value has which another has replaced.
pub const PREVIOUS: &str = "previous";
/// The id of the part that a figure has of what was named before.
const OF_WHICH: &str = "of_which";
/// The id of the metric of a growth of which the words do not say what grows.
const GROWTH_OF_SOMETHING: &str = "growth";
/// Ids of units: relative and absolute changes of a share.
const PERCENT: &str = "percent";
const POINT: &str = "percentage_point";

/// How sure it is that a growth does not fit its two values, and that a part is larger than its whole.
const GROWTH: u16 = 920;
const PART: u16 = 920;
/// Several parts that are too much together: one may be a part of another.
const PARTS: u16 = 760;
/// The most figures of one sentence that are looked at.
const SENTENCE_MAX: usize = 40;

/// What does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MismatchKind {
    /// A growth or change does not fit the values that it lies between.
    Change,
    /// Parts are more than the whole, or not what they are said to add up to.
    Parts,
    /// A share does not fit the part and the whole that it relates.
    Share,
}

/// Figures of one text that cannot all be true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// What does not fit.
    pub kind: MismatchKind,
    /// The figures; the first is the likeliest slip where nothing else tells.
    pub claims: Vec<ClaimId>,
    /// What the first would have to be, in its base unit, were all others right.
    pub expected: Option<Decimal>,
    /// How sure it is.
    pub confidence: Confidence,
    /// A sentence that a person can check.
    pub why: String,
}

impl Reconciler {
    /// Finds figures of one text that cannot all be true by arithmetic.
    ///
    /// `appearances` are the claims of one article, in their order.
    #[must_use]
    pub fn mismatches(&self, appearances: &[Appearance]) -> Vec<Mismatch> {
        let is_one = |a: &Appearance, b: &Appearance| {
            (a.claim.place, a.claim.sentence) == (b.claim.place, b.claim.sentence)
        };
        let mut found = Vec::new();
        for sentence in appearances.chunk_by(is_one) {
            let claims: Vec<&Claim> = sentence
                .iter()
                .take(SENTENCE_MAX)
                .map(|appearance| &*appearance.claim)
                .collect();
            found.extend(
                claims
                    .iter()
                    .filter_map(|change| self.change(change, &claims)),
            );
            found.extend(self.parts(&claims));
            found.extend(self.sum(&claims));
            found.extend(self.share(&claims));
        }
        found
    }

    /// Sets a change against the two values that it is said to lie between.
    fn change(&self, change: &Claim, sentence: &[&Claim]) -> Option<Mismatch> {
        let metric = &change.metric.as_ref()?.id;
        let owner = change.entities.first()?;
        let is_value = |claim: &&&Claim| {
            let row = claim
                .metric
                .as_ref()
                .and_then(|own| self.lexicon.metrics.by_id(&own.id));
            let own = row.and_then(|row| row.change.as_ref());
            own.is_some_and(|own| own == metric || metric == GROWTH_OF_SOMETHING)
                && claim.entities.first() == Some(owner)
                && claim.gloss_of.is_none()
        };
        let values = sentence.iter().filter(is_value);
        let (before, after): (Vec<&Claim>, Vec<&Claim>) = values
            .copied()
            .partition(|claim| claim.scope.part.as_deref() == Some(PREVIOUS));
        let (&[before], &[after]) = (before.as_slice(), after.as_slice()) else {
            return None;
        };
        // Two changes of one metric in a sentence are against two bases.
        let is_open = metric == GROWTH_OF_SOMETHING;
        let is_rival = |other: &&&Claim| {
            (is_open || other.metric == change.metric)
                && other.quantity.unit == change.quantity.unit
        };
        if sentence.iter().filter(is_rival).count() != 1
            || before.quantity.unit != after.quantity.unit
        {
            return None;
        }
        let (from, to, stated) = (
            Rounded::of(before)?,
            Rounded::of(after)?,
            Rounded::of(change)?,
        );
        let is_share = after.quantity.kind == Kind::Percent;
        let (low, high) = match change.quantity.unit.id.as_str() {
            POINT if is_share => distance(from, to)?,
            PERCENT if !is_share => growth(from, to)?,
            _ => return None,
        };
        // Whoever computed it may have rounded once more than is shown.
        let room = stated.half;
        let is_apart = high < stated.low().checked_sub(room).ok()?
            || low > stated.high().checked_add(room).ok()?;
        is_apart.then_some(())?;
        let middle = low
            .checked_add(high)
            .ok()?
            .checked_div(Decimal::from(2))
            .ok()?;
        let expected = middle.rounded(u32::from(change.quantity.precision.max(1)));
        let mut reason = Reason::new(self.verdicts());
        reason.say("same_metric", &[("name", &words(metric))]);
        reason.say(
            "change_fails",
            &[
                ("a", before.mention()),
                ("b", after.mention()),
                ("c", change.mention()),
                ("value", &crate::within::plain(expected)),
            ],
        );
        Some(Mismatch {
            kind: MismatchKind::Change,
            claims: [change, before, after]
                .iter()
                .map(|claim| claim.id.clone())
                .collect(),
            expected: Some(expected),
            confidence: Confidence::from_thousandths(GROWTH),
            why: reason.into_text(),
        })
    }

    /// Sets figures that are said to be parts against the figure before them.
    fn parts(&self, sentence: &[&Claim]) -> Option<Mismatch> {
        let is_part = |claim: &Claim| claim.scope.part.as_deref() == Some(OF_WHICH);
        let first = sentence.iter().position(|claim| is_part(claim))?;
        let whole = sentence
            .get(..first)?
            .iter()
            .rev()
            .find(|claim| claim.gloss_of.is_none())?;
        let is_amount = matches!(whole.quantity.kind, Kind::Money | Kind::Dimension);
        let limit = Rounded::of(whole).filter(|_| is_amount)?;
        // A list of parts says only once that they are parts.
        let goes_on = |claim: &Claim| {
            claim.scope.part.is_none()
                && sentence
                    .get(first)
                    .is_some_and(|part| are_told_alike(part, claim))
        };
        let parts: Vec<(&Claim, Rounded)> = sentence
            .get(first..)?
            .iter()
            .filter(|claim| {
                (is_part(claim) || goes_on(claim))
                    && claim.gloss_of.is_none()
                    && claim.quantity.unit == whole.quantity.unit
            })
            .filter_map(|claim| Some((*claim, Rounded::of(claim)?)))
            .collect();
        let mut reason = Reason::new(self.verdicts());
        let exceeds =
            |(claim, part): &&(&Claim, Rounded)| is_part(claim) && part.low() > limit.high();
        if let Some((part, _)) = parts.iter().find(exceeds) {
            reason.say(
                "part_exceeds",
                &[("a", part.mention()), ("b", whole.mention())],
            );
            return Some(Mismatch {
                kind: MismatchKind::Parts,
                claims: vec![whole.id.clone(), part.id.clone()],
                expected: None,
                confidence: Confidence::from_thousandths(PART),
                why: reason.into_text(),
            });
        }
        let mut least = Decimal::ZERO;
        let mut sum = Decimal::ZERO;
        for (_, part) in &parts {
            least = least.checked_add(part.low()).ok()?;
            sum = sum.checked_add(part.value).ok()?;
        }
        if parts.len() < 2 || least <= limit.high() {
            return None;
        }
        let listed: Vec<&str> = parts.iter().map(|(part, _)| part.mention()).collect();
        reason.say(
            "parts_exceed",
            &[("list", &listed.join(", ")), ("a", whole.mention())],
        );
        let parts = parts.iter().map(|(part, _)| part.id.clone());
        Some(Mismatch {
            kind: MismatchKind::Parts,
            claims: std::iter::once(whole.id.clone()).chain(parts).collect(),
            expected: Some(sum.normalized()),
            confidence: Confidence::from_thousandths(PARTS),
            why: reason.into_text(),
        })
    }
}

/// Tells whether two figures of a sentence are told of one thing in one way.
fn are_told_alike(a: &Claim, b: &Claim) -> bool {
    a.metric == b.metric
        && a.entities.first() == b.entities.first()
        && a.period == b.period
        && a.status == b.status
        && a.scope.time_base == b.scope.time_base
}

/// A plain figure with what its last digit leaves open.
#[derive(Clone, Copy, Debug)]
struct Rounded {
    value: Decimal,
    /// Half of one of the last digit that is meant.
    half: Decimal,
}

impl Rounded {
    /// Takes a figure that is stated as it is; nothing for bounds, ranges and zero.
    fn of(claim: &Claim) -> Option<Rounded> {
        let quantity = &claim.quantity;
        let value = quantity
            .interval()
            .stated()
            .filter(|_| quantity.bound == Bound::Exact)?
            .abs();
        let precision = i32::from(quantity.precision.max(1));
        let last_digit = value.magnitude()?.checked_sub(precision - 1)?;
        let half = Decimal::new(5, last_digit.checked_sub(1)?).ok()?;
        Some(Rounded { value, half })
    }

    fn low(&self) -> Decimal {
        self.value.checked_sub(self.half).unwrap_or(self.value)
    }

    fn high(&self) -> Decimal {
        self.value.checked_add(self.half).unwrap_or(self.value)
    }
}

/// Returns how far apart two figures are, at least and at most.
fn distance(from: Rounded, to: Rounded) -> Option<(Decimal, Decimal)> {
    let (small, large) = if from.value <= to.value {
        (from, to)
    } else {
        (to, from)
    };
    let least = large.low().checked_sub(small.high()).ok()?;
    let most = large.high().checked_sub(small.low()).ok()?;
    Some((least.max(Decimal::ZERO), most))
}

/// Returns by how many per cent the second differs from the first, at least and at most.
fn growth(from: Rounded, to: Rounded) -> Option<(Decimal, Decimal)> {
    let (least, most) = distance(from, to)?;
    let share = |part: Decimal, whole: Decimal| part.scaled(2).ok()?.checked_div(whole).ok();
    Some((share(least, from.high())?, share(most, from.low())?))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use hedui_text::Lexicon;

    use super::*;
    use crate::fixture::{Draft, claim};

    const GREW: &str = "TSMC's revenue rose 18.5% from $25.52 billion to $30.24 billion.";

    /// The claims of one sentence, as they are: of one article.
    fn found(drafts: Vec<Draft>) -> Vec<Mismatch> {
        let appearances: Vec<Appearance> = drafts.into_iter().map(Draft::made).collect();
        Reconciler::new(Lexicon::builtin()).mismatches(&appearances)
    }

    fn grew(by: &str) -> Vec<Draft> {
        let figure = |mention: &str, value: &str| {
            claim("a", "2025-09-02", GREW, mention, value, "USD").metric("revenue")
        };
        vec![
            claim("a", "2025-09-02", GREW, "18.5%", by, "percent").metric("revenue_growth"),
            figure("$25.52 billion", "25.52e9").part(PREVIOUS),
            figure("$30.24 billion", "30.24e9"),
        ]
    }

    #[test]
    fn a_growth_fits_its_two_values_or_not() {
        assert!(found(grew("18.5")).is_empty());
        assert!(found(grew("18.4")).is_empty(), "rounded once more");
        let wrong = found(grew("28.5"));
        assert_eq!(wrong.len(), 1);
        assert_eq!(wrong[0].expected, Some("18.5".parse().unwrap()));
        assert!(wrong[0].why.contains("18.5"), "{}", wrong[0].why);
    }

    #[test]
    fn a_growth_of_somebody_else_or_against_another_base_says_nothing() {
        let mut drafts = grew("28.5");
        drafts[0] = drafts[0].clone().of(&["Samsung"]);
        assert!(found(drafts).is_empty());
        let mut drafts = grew("28.5");
        drafts.push(
            claim("a", "2025-09-02", GREW, "18.5%", "40", "percent").metric("revenue_growth"),
        );
        assert!(found(drafts).is_empty(), "two growths");
        assert!(
            found(grew("28.5").into_iter().take(2).collect()).is_empty(),
            "one value"
        );
    }

    #[test]
    fn points_lie_between_two_shares() {
        const SHARE: &str = "Its share rose 2.6 percentage points from 67.6% to 70.2%.";
        let share = |points: &str| {
            let figure = |mention: &str, value: &str| {
                claim("a", "2025-09-02", SHARE, mention, value, "percent").metric("market_share")
            };
            found(vec![
                claim(
                    "a",
                    "2025-09-02",
                    SHARE,
                    "2.6 percentage points",
                    points,
                    "percentage_point",
                )
                .metric("market_share_change"),
                figure("67.6%", "67.6").part(PREVIOUS),
                figure("70.2%", "70.2"),
            ])
        };
        assert!(share("2.6").is_empty());
        assert_eq!(share("3.6")[0].expected, Some("2.6".parse().unwrap()));
    }

    #[test]
    fn parts_are_not_more_than_the_whole() {
        const WHOLE: &str =
            "Of the $8.9 billion, $5.7 billion are grants and $3.2 billion come from a program.";
        let parts = |whole: &str, second: &str| {
            let figure =
                |mention: &str, value: &str| claim("a", "2025-09-02", WHOLE, mention, value, "USD");
            found(vec![
                figure("$8.9 billion", whole),
                figure("$5.7 billion", "5.7e9").part(OF_WHICH),
                figure("$3.2 billion", second).part(OF_WHICH),
            ])
        };
        assert!(parts("8.9e9", "3.2e9").is_empty());
        assert!(parts("9.8e9", "3.2e9").is_empty(), "they need not be all");
        let sum = parts("8.9e9", "4.2e9");
        assert_eq!(
            sum[0].expected,
            Some("9.9e9".parse::<Decimal>().unwrap().normalized())
        );
        assert!(
            sum[0].confidence.thousandths() < 900,
            "one may be a part of the other"
        );
        let larger = parts("0.89e9", "3.2e9");
        assert_eq!((larger.len(), larger[0].claims.len()), (1, 2));
        assert!(larger[0].confidence.thousandths() >= 900);
    }
}
