//! The verdict on one pair of claims of two articles.

use std::borrow::Cow;

use hedui_model::{Appearance, Cause, Confidence, Judged, Relation, Verdict};

use crate::Reconciler;
use crate::cause::cause_of;
use crate::compat::{Figure, Fit, Slip, are_within, fit, have_same_digits, slip};
use crate::evidence::Evidence;
use crate::footing::Footing;
use crate::gates::{Doubt, Figures, Gate};
use crate::phrase::Reason;
use crate::rates::Rate;
use crate::score::{VALUE, chance, terms_of};
use crate::update::InTime;

/// From this chance on, compatible claims are about the same thing.
const AGREE: u16 = 400;
/// How sure an agreement is at most where one claim leaves its time base open, is but a wide bound, or where hardly more than
/// the value says so.
const OPEN: u16 = 600;
/// From this chance on, incompatible claims are.
const CONFLICT: u16 = 280;
/// From this chance on, two figures of which the newer would replace the older are about one thing.
const UPDATE: u16 = 250;
/// Terms that speak against two figures of one time.
const AGAINST_ONE_TIME: [&str; 3] = ["days_apart", "elsewhere", "doubt"];
/// A figure within its bound that is further from it, in thousandths, may have moved on.
const FAR_THOUSANDTHS: i64 = 100;
/// From this chance on, claims with one figure on two bases are.
const BASES: u16 = 650;

/// One term of the score.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// What was looked at.
    pub name: &'static str,
    /// What was found of it, as the table of weights calls it.
    pub level: Cow<'static, str>,
    /// What it says for one fact (above zero) or against it, in thousandths of a logit.
    pub value_thousandths: i32,
    /// What was found.
    pub note: String,
}

/// A verdict with the terms that it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// The verdict on the pair.
    pub judged: Judged,
    /// The score, term by term; empty for claims of one article.
    pub terms: Vec<Term>,
}

/// How two figures stand to each other.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Stand {
    /// Both can be true.
    Fits(Fit),
    /// Both can be true, at a rate.
    Converts { rate: Rate },
    /// The same digits, a power of ten apart.
    Slip { slip: Slip },
    /// The same digits in two units: per cent and percentage points, square feet and square metres.
    Units,
    /// The same digits in two currencies.
    Currency,
    /// The same figure on two time bases.
    TimeBase,
    /// The same growth against two bases.
    GrowthBase,
    /// Close, but not equal after rounding.
    Loose { a: Figure, b: Figure },
    /// They cannot both be true.
    Apart { a: Figure, b: Figure },
    /// They say nothing to each other.
    Mute,
}

impl Reconciler {
    /// Judges a pair of claims.
    ///
    /// The verdict is the same whichever is given first. In the answer `a < b` by id, but with an update `a` is the older.
    /// Claims of one article are set against each other as [`Reconciler::within`] does.
    #[must_use]
    pub fn judge(&self, a: &Appearance, b: &Appearance) -> Judgement {
        let (a, b) = if a.claim.id <= b.claim.id {
            (a, b)
        } else {
            (b, a)
        };
        if a.claim.article == b.claim.article && a.article.meta.source == b.article.meta.source {
            return self.judge_within(a, b);
        }
        let mut case = Case::new(self, a, b);
        if let Some(gate) = &case.gate {
            let verdict = case.different(gate, 900);
            return case.judgement(verdict, Vec::new());
        }
        let mut terms = terms_of(
            &self.lexicon.weights,
            &case.evidence,
            &case.stand,
            &case.doubts,
        );
        let sum = terms.iter().map(|term| term.value_thousandths).sum();
        let of_value: i32 = terms
            .iter()
            .filter(|term| term.name == VALUE)
            .map(|term| term.value_thousandths)
            .sum();
        case.plain = chance(sum - of_value);
        let of_time = self.update_terms(InTime::of(a, b), &case.evidence, &case.stand);
        let sum_of_time = of_time.iter().map(|term| term.value_thousandths).sum();
        // That time has gone by and that the old figure is told again speaks against one figure, but not against one that moved.
        let of_distance: i32 = terms
            .iter()
            .filter(|term| AGAINST_ONE_TIME.contains(&term.name))
            .map(|term| term.value_thousandths.min(0))
            .sum();
        let moved = chance(sum - of_distance);
        if !of_time.is_empty() && chance(sum_of_time) >= 420 {
            case.update = moved;
        }
        let verdict = case.verdict(chance(sum));
        terms.extend(of_time);
        case.judgement(verdict, terms)
    }

    /// Says how two figures stand, for claims that are about one thing by the user's word.
    pub(crate) fn stand_of(&self, a: &Appearance, b: &Appearance) -> Stand {
        let footing = self.footing(a, b);
        let evidence = self.evidence(a, b);
        self.stand(&footing, &evidence)
    }

    pub(crate) fn stand(&self, footing: &Footing, evidence: &Evidence) -> Stand {
        match footing {
            Footing::One { a, b, .. } => {
                let how = fit(a, b);
                let is_equal = matches!(how, Fit::Equal | Fit::Rounded | Fit::About | Fit::Bound);
                if how.is_compatible() {
                    return match () {
                        () if how == Fit::Equal && evidence.growth_bases.is_some() => {
                            Stand::GrowthBase
                        }
                        () if is_equal && evidence.time_bases.is_some() => Stand::TimeBase,
                        () => Stand::Fits(how),
                    };
                }
                // Shares are not told in powers of ten: among them equal digits are chance, unless there are many.
                let is_chance = |slip: &Slip| evidence.are_shares && slip.digits < 3;
                match slip(a, b).filter(|slip| !is_chance(slip)) {
                    Some(slip) => Stand::Slip { slip },
                    None if evidence.same_written => Stand::Units,
                    None if how == Fit::Loose => Stand::Loose { a: *a, b: *b },
                    None => Stand::Apart { a: *a, b: *b },
                }
            }
            Footing::Currencies { a, b, rate } => match rate {
                Some(rate) if self.converts(a, b, *rate) => Stand::Converts { rate: *rate },
                _ if have_same_digits(a, b) => Stand::Currency,
                _ => Stand::Mute,
            },
            Footing::Points { a, b } if have_same_digits(a, b) => Stand::Units,
            Footing::Dates { is_shared: true } => Stand::Fits(Fit::Range),
            Footing::Dates { .. } | Footing::Points { .. } | Footing::Apart => Stand::Mute,
        }
    }
}

/// A pair under judgement.
pub(crate) struct Case<'a> {
    pub(crate) reconciler: &'a Reconciler,
    pub(crate) a: &'a Appearance,
    pub(crate) b: &'a Appearance,
    footing: Footing,
    pub(crate) evidence: Evidence,
    pub(crate) stand: Stand,
    gate: Option<Gate>,
    doubts: Vec<Doubt>,
    /// The chance that the two are about one thing, where the newer would replace the older; else 0.
    update: u16,
    /// The chance that the two are about one thing, but for what equal figures say.
    plain: u16,
}

impl<'a> Case<'a> {
    fn new(reconciler: &'a Reconciler, a: &'a Appearance, b: &'a Appearance) -> Self {
        let footing = reconciler.footing(a, b);
        let mut evidence = reconciler.evidence(a, b);
        evidence.is_unit_loose = matches!(footing, Footing::One { is_loose: true, .. });
        let stand = reconciler.stand(&footing, &evidence);
        let mut case = Case {
            reconciler,
            a,
            b,
            footing,
            evidence,
            stand,
            gate: None,
            doubts: Vec::new(),
            update: 0,
            plain: 0,
        };
        let figures = Figures {
            fit: matches!(case.stand, Stand::Fits(_) | Stand::Converts { .. }),
            have_same_digits: case.has_same_digits(),
            are_a_slip: case.slip().is_some(),
            are_points: matches!(case.footing, Footing::Points { .. })
                && case.stand == Stand::Units,
        };
        case.gate = reconciler.gate(a, b, &case.evidence, &case.footing, figures);
        case.doubts = reconciler.doubts(a, b, &case.evidence, figures);
        case
    }

    pub(crate) fn slip(&self) -> Option<Slip> {
        match self.stand {
            Stand::Slip { slip } => Some(slip),
            _ => None,
        }
    }

    pub(crate) fn has_same_digits(&self) -> bool {
        matches!(
            self.stand,
            Stand::Slip { .. }
                | Stand::Units
                | Stand::Currency
                | Stand::TimeBase
                | Stand::GrowthBase
        )
    }

    fn verdict(&self, same: u16) -> Verdict {
        let is_update = self.update >= UPDATE;
        match &self.stand {
            Stand::Fits(Fit::Bound | Fit::Range) if is_update && self.are_far() => {
                self.update(self.update)
            }
            Stand::Fits(_) | Stand::Converts { .. } if same >= AGREE => self.agree(same),
            Stand::TimeBase | Stand::GrowthBase if same >= BASES => {
                let pair = InTime::of(self.a, self.b);
                if self.reconciler.is_corrected(pair) {
                    self.update(same)
                } else {
                    self.conflict(same)
                }
            }
            Stand::Loose { .. } | Stand::Apart { .. } if is_update => self.update(self.update),
            Stand::Slip { .. }
            | Stand::Units
            | Stand::Currency
            | Stand::Loose { .. }
            | Stand::Apart { .. }
                if same >= CONFLICT =>
            {
                self.conflict(same)
            }
            _ => self.unalike(same),
        }
    }

    /// Tells whether two figures that can both be true are some way apart, or one of them says but a range.
    fn are_far(&self) -> bool {
        let Footing::One { a, b, .. } = &self.footing else {
            return false;
        };
        let values = a.main().zip(b.main());
        let is_range = !a.is_single() || !b.is_single();
        is_range || values.is_some_and(|(x, y)| !are_within(x, y, FAR_THOUSANDTHS))
    }

    fn agree(&self, same: u16) -> Verdict {
        // Neither a claim that leaves open how it counts nor a wide bound makes one value of what it agrees with.
        let is_wide = match self.stand {
            Stand::Fits(Fit::Bound | Fit::Range) => self.are_far(),
            _ => false,
        };
        // An equal figure makes an agreement of a doubtful pair, but no sure one.
        let sure = if self.plain >= AGREE {
            self.plain
        } else {
            same.min(OPEN)
        };
        let lid = if is_wide || self.evidence.open_time_base {
            OPEN
        } else {
            1_000
        };
        self.told(Relation::Agree, None, sure.min(lid))
    }

    fn update(&self, same: u16) -> Verdict {
        self.told(Relation::Update, None, same)
    }

    fn conflict(&self, same: u16) -> Verdict {
        let confidence = same.min(self.lid());
        let cause = cause_of(&self.stand, &self.evidence);
        self.told(Relation::Conflict, Some(cause), confidence)
    }

    fn unalike(&self, same: u16) -> Verdict {
        let unalike = Gate::of("unalike", "", "");
        let gate = self.doubts.first().map_or(&unalike, |doubt| &doubt.gate);
        self.different(gate, 1_000 - same.min(1_000))
    }

    fn different(&self, gate: &Gate, confidence: u16) -> Verdict {
        let mut reason = Reason::new(self.reconciler.verdicts());
        reason.say(
            gate.piece,
            &[("a", &gate.a), ("b", &gate.b), ("name", &gate.a)],
        );
        self.say_figures(&mut reason, "against");
        Verdict {
            relation: Relation::Different,
            cause: None,
            confidence: Confidence::from_thousandths(confidence),
            why: reason.into_text(),
        }
    }

    fn told(&self, relation: Relation, cause: Option<Cause>, confidence: u16) -> Verdict {
        Verdict {
            relation,
            cause,
            confidence: Confidence::from_thousandths(confidence),
            why: self.why(relation),
        }
    }

    fn judgement(&self, verdict: Verdict, terms: Vec<Term>) -> Judgement {
        let (mut a, mut b) = (self.a, self.b);
        if verdict.relation == Relation::Update {
            let pair = InTime::of(a, b);
            (a, b) = (pair.older, pair.newer);
        }
        let judged = Judged {
            a: a.claim.id.clone(),
            b: b.claim.id.clone(),
            verdict,
        };
        Judgement { judged, terms }
    }
}
