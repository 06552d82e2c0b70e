//! Inside one article: restatements that do not convert, and one figure told twice.

use hedui_model::{Appearance, Cause, Confidence, Decimal, Judged, Relation, Verdict};

use crate::Reconciler;
use crate::compat::{Figure, Fit, are_swapped, are_within, fit, slip};
use crate::evidence::{MetricTie, Owner, PartTie};
use crate::footing::Footing;
use crate::judge::Judgement;
use crate::periods::PeriodTie;
use crate::phrase::{Reason, words};

/// A restatement in another unit is rounded as it pleases: so far, in thousandths, it may be off.
const GLOSS_THOUSANDTHS: i64 = 50;
/// A restatement in another unit that is off by more than this, in thousandths, does not convert.
const GLOSS_WRONG_THOUSANDTHS: i64 = 200;
/// How sure a restatement that does not convert is: by a power of ten or a multiple, and by less.
const GLOSS_GROSS: u16 = 970;
const GLOSS_WRONG: u16 = 920;
const GLOSS_HOLDS: u16 = 970;
/// The restatement cannot be checked, or is off by what another day's rate may explain.
const GLOSS_UNCHECKED: u16 = 600;
/// One article that states one figure twice.
const REPEATED: u16 = 850;
/// One article that states one figure at two powers of ten.
const SLIPPED: u16 = 800;
/// One article that states one figure with two digits changed about.
const SWAPPED: u16 = 700;
/// So many digits must be equal for a slip inside an article.
const SLIP_DIGITS: u32 = 2;
/// How many claims of an article are set against each other.
const CLAIMS_MAX: usize = 400;

impl Reconciler {
    /// Sets the claims of one article against each other.
    ///
    /// Answers agreements and conflicts only, in the order of the claims: restatements that convert or do not, a figure that
    /// is repeated, and one that is repeated at another power of ten or with two digits changed about. Looks at the first 400
    /// claims.
    #[must_use]
    pub fn within(&self, appearances: &[Appearance]) -> Vec<Judged> {
        let claims = appearances.get(..CLAIMS_MAX).unwrap_or(appearances);
        let mut verdicts = Vec::new();
        for (index, a) in claims.iter().enumerate() {
            for b in claims.get(index + 1..).unwrap_or_default() {
                let (a, b) = if a.claim.id <= b.claim.id {
                    (a, b)
                } else {
                    (b, a)
                };
                verdicts.extend(self.inner(a, b).map(|verdict| judged(a, b, verdict)));
            }
        }
        verdicts
    }

    pub(crate) fn judge_within(&self, a: &Appearance, b: &Appearance) -> Judgement {
        let verdict = self.inner(a, b).unwrap_or_else(|| {
            let mut reason = Reason::new(self.verdicts());
            reason.say("same_article", &[]);
            reason.say(
                "against",
                &[("a", a.claim.mention()), ("b", b.claim.mention())],
            );
            Verdict {
                relation: Relation::Different,
                cause: None,
                confidence: Confidence::from_thousandths(900),
                why: reason.into_text(),
            }
        });
        Judgement {
            judged: judged(a, b, verdict),
            terms: Vec::new(),
        }
    }

    fn inner(&self, a: &Appearance, b: &Appearance) -> Option<Verdict> {
        if a.claim.gloss_of.as_ref() == Some(&b.claim.id) {
            return self.gloss(b, a);
        }
        if b.claim.gloss_of.as_ref() == Some(&a.claim.id) {
            return self.gloss(a, b);
        }
        if a.claim.gloss_of.is_some() || b.claim.gloss_of.is_some() {
            return None;
        }
        self.repetition(a, b)
    }

    /// Judges a figure and its restatement.
    fn gloss(&self, main: &Appearance, gloss: &Appearance) -> Option<Verdict> {
        let (wrong, expected) = match self.footing(main, gloss) {
            Footing::One { a, b, .. } => {
                let (x, y) = a.main().zip(b.main())?;
                let holds = fit(&a, &b) < Fit::Apart || are_within(x, y, GLOSS_THOUSANDTHS);
                let is_wrong = !holds
                    && (slip(&a, &b).is_some() || !are_within(x, y, GLOSS_WRONG_THOUSANDTHS));
                (holds_or_wrong(holds, is_wrong, &a, &b), None)
            }
            Footing::Currencies { a, b, rate } => {
                let Some(rate) = rate else {
                    return Some(self.gloss_verdict(main, gloss, Gloss::Unchecked, None));
                };
                let converted = a.times(rate.value)?;
                let state = holds_or_wrong(
                    self.converts(&a, &b, rate),
                    self.misconverts(&a, &b, rate),
                    &converted,
                    &b,
                );
                (state, converted.main())
            }
            Footing::Points { .. } | Footing::Dates { .. } | Footing::Apart => return None,
        };
        Some(self.gloss_verdict(main, gloss, wrong, expected))
    }

    fn gloss_verdict(
        &self,
        main: &Appearance,
        gloss: &Appearance,
        state: Gloss,
        expected: Option<Decimal>,
    ) -> Verdict {
        let is_wrong = matches!(state, Gloss::Wrong | Gloss::Gross);
        let mentions = [("a", main.claim.mention()), ("b", gloss.claim.mention())];
        let mut reason = Reason::new(self.verdicts());
        reason.say(
            if is_wrong {
                "gloss_fails"
            } else {
                "gloss_holds"
            },
            &mentions,
        );
        if let Some(expected) = expected.filter(|_| is_wrong) {
            let value = format!(
                "{} {}",
                plain(expected.rounded(3)),
                gloss.claim.quantity.unit.id
            );
            reason.say("expected", &[("a", main.claim.mention()), ("b", &value)]);
        }
        Verdict {
            relation: if is_wrong {
                Relation::Conflict
            } else {
                Relation::Agree
            },
            cause: is_wrong.then_some(Cause::Gloss),
            confidence: Confidence::from_thousandths(match state {
                Gloss::Holds => GLOSS_HOLDS,
                Gloss::Unchecked => GLOSS_UNCHECKED,
                Gloss::Wrong => GLOSS_WRONG,
                Gloss::Gross => GLOSS_GROSS,
            }),
            why: reason.into_text(),
        }
    }

    /// Judges two figures of one article that may be one told twice.
    fn repetition(&self, a: &Appearance, b: &Appearance) -> Option<Verdict> {
        let Footing::One {
            a: x,
            b: y,
            is_loose: false,
        } = self.footing(a, b)
        else {
            return None;
        };
        let how = fit(&x, &y);
        let slipped =
            slip(&x, &y).filter(|slip| slip.digits >= SLIP_DIGITS && !how.is_compatible());
        let is_swapped = are_swapped(&x, &y) && !how.is_compatible();
        let is_slip = slipped.is_some() || is_swapped;
        if !matches!(how, Fit::Equal | Fit::Rounded) && !is_slip {
            return None;
        }
        let evidence = self.evidence(a, b);
        let MetricTie::Same(metric) = &evidence.metric else {
            return None;
        };
        // Shares are not told in powers of ten: among them equal digits are chance, unless there are many.
        if slipped.is_some_and(|slip| evidence.are_shares && slip.digits < 3) {
            return None;
        }
        let is_one = matches!(evidence.owner, Owner::Same(_))
            && matches!(
                evidence.part,
                PartTie::Same(_)
                    | PartTie::Alike(_)
                    | PartTie::NoneKnown
                    | PartTie::WholeAndOpen
                    | PartTie::PartAndOpen(_)
                    | PartTie::Limit
            )
            && evidence.sessions.is_none()
            && evidence.growth_bases.is_none()
            && evidence.time_bases.is_none()
            && !matches!(evidence.period, PeriodTie::Disjoint { .. });
        // A slip inside an article is told only where the same words stand around both figures.
        if !is_one || (is_slip && evidence.terms_thousandths < 500) {
            return None;
        }
        // Two values of a series, or of a plan and what became of it, may have the same digits by chance.
        let is_settled = match &evidence.period {
            PeriodTie::Same(_) => true,
            PeriodTie::NoneKnown => !evidence.tempo.is_series,
            _ => false,
        };
        let is_whole = !matches!(evidence.part, PartTie::Alike(_) | PartTie::PartAndOpen(_));
        let are_one_state = evidence.statuses.0 == evidence.statuses.1;
        if is_swapped && !(is_settled && is_whole && are_one_state) {
            return None;
        }
        let mut reason = Reason::new(self.verdicts());
        reason.say("same_article", &[]);
        reason.say("same_metric", &[("name", &words(metric))]);
        let (piece, relation, cause, confidence) = match () {
            () if slipped.is_some() => {
                let cause = Some(Cause::ScaleError);
                ("against", Relation::Conflict, cause, SLIPPED)
            }
            () if is_swapped => ("against", Relation::Conflict, Some(Cause::Other), SWAPPED),
            () => ("equal", Relation::Agree, None, REPEATED),
        };
        reason.say(piece, &[("a", a.claim.mention()), ("b", b.claim.mention())]);
        Some(Verdict {
            relation,
            cause,
            confidence: Confidence::from_thousandths(confidence),
            why: reason.into_text(),
        })
    }
}

#[derive(Clone, Copy)]
enum Gloss {
    Holds,
    Unchecked,
    Wrong,
    Gross,
}

fn holds_or_wrong(holds: bool, is_wrong: bool, expected: &Figure, stated: &Figure) -> Gloss {
    let is_gross = || {
        expected.main().zip(stated.main()).is_none_or(|(x, y)| {
            let twice = x.min(y).checked_add(x.min(y));
            twice.is_ok_and(|twice| x.max(y) > twice)
        })
    };
    match (holds, is_wrong) {
        (true, _) => Gloss::Holds,
        (false, false) => Gloss::Unchecked,
        (false, true) if is_gross() => Gloss::Gross,
        (false, true) => Gloss::Wrong,
    }
}

fn judged(a: &Appearance, b: &Appearance, verdict: Verdict) -> Judged {
    Judged {
        a: a.claim.id.clone(),
        b: b.claim.id.clone(),
        verdict,
    }
}

/// Prints a value without a power of ten.
pub(crate) fn plain(value: Decimal) -> String {
    value.normalized().to_string()
}
