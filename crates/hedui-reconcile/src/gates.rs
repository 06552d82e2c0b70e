//! What says at once that two claims are not about the same thing, whatever else they share.

use hedui_model::{Appearance, Status};

use crate::Reconciler;
use crate::evidence::{Evidence, MetricTie, Owner, PartTie, PeriodTie};
use crate::footing::Footing;
use crate::phrase::words;

/// Claims about things published period by period, of which neither says when, belong together for so many days.
const UNDATED_SERIES_DAYS: i64 = 20;
/// Prices of which neither claim says when.
const UNDATED_PRICE_DAYS: i64 = 4;
/// Shared terms, in thousandths, from which on two sentences of copies are one sentence.
const SAME_SENTENCE: u32 = 700;

/// The piece of the reason that tells why two claims are different, and what is filled into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Gate {
    pub(crate) piece: &'static str,
    pub(crate) a: String,
    pub(crate) b: String,
}

impl Gate {
    fn new(piece: &'static str, a: &str, b: &str) -> Option<Self> {
        Some(Gate {
            piece,
            a: words(a),
            b: words(b),
        })
    }
}

impl Reconciler {
    /// Returns the first gate that stands between the two claims.
    ///
    /// `same_digits`: the figures are equal but for unit, currency, time base or a power of ten.
    pub(crate) fn gate(
        &self,
        a: &Appearance,
        b: &Appearance,
        evidence: &Evidence,
        footing: &Footing,
        same_digits: bool,
    ) -> Option<Gate> {
        let (x, y) = (&a.claim, &b.claim);
        if *footing == Footing::Apart {
            return Gate::new("other_unit", &x.quantity.unit.id, &y.quantity.unit.id);
        }
        // A restatement in another currency depends on the day's rate: only the figure that it restates is compared.
        let is_gloss = x.gloss_of.is_some() || y.gloss_of.is_some();
        if is_gloss && matches!(footing, Footing::Currencies { .. }) {
            return Gate::new("other_unit", &x.quantity.unit.id, &y.quantity.unit.id);
        }
        if evidence.owner == Owner::None {
            return Gate::new("no_shared_subject", "", "");
        }
        if let MetricTie::Other(metric, other) = &evidence.metric {
            return Gate::new("other_metric", metric, other);
        }
        if let Some((session, other)) = &evidence.sessions {
            return Gate::new("other_session", session, other);
        }
        if let Some((base, other)) = evidence.growth_bases.as_ref().filter(|_| !same_digits) {
            return Gate::new("other_base", base, other);
        }
        if let Some((base, other)) = evidence.time_bases.as_ref().filter(|_| !same_digits) {
            return Gate::new("other_time_base", base, other);
        }
        if let PartTie::Other(part, other) = &evidence.part {
            return Gate::new("other_part", part, other);
        }
        if evidence.statuses.0 != evidence.statuses.1
            && [evidence.statuses.0, evidence.statuses.1].contains(&Status::Denied)
        {
            return Gate::new("other_status", status_id(x.status), status_id(y.status));
        }
        time_gate(evidence)
    }

    /// Returns what keeps an incompatible pair of one story's copies apart: two different sentences of it.
    pub(crate) fn copy_gate(&self, evidence: &Evidence) -> Option<Gate> {
        (evidence.are_copies && evidence.terms_thousandths < SAME_SENTENCE)
            .then(|| Gate::new("unalike", "", ""))
            .flatten()
    }
}

fn time_gate(evidence: &Evidence) -> Option<Gate> {
    if let PeriodTie::Disjoint(period, other) = &evidence.period {
        return Gate::new("other_period", period, other);
    }
    let limit = if evidence.tempo.is_price {
        UNDATED_PRICE_DAYS
    } else if evidence.tempo.is_series {
        UNDATED_SERIES_DAYS
    } else {
        return None;
    };
    let is_dated = matches!(evidence.period, PeriodTie::Same(_));
    if !is_dated && evidence.days > limit {
        return Gate::new("other_period", "", "");
    }
    None
}

pub(crate) fn status_id(status: Status) -> &'static str {
    match status {
        Status::Actual => "actual",
        Status::Planned => "planned",
        Status::Forecast => "forecast",
        Status::Reported => "reported",
        Status::Conditional => "conditional",
        Status::Denied => "denied",
    }
}
