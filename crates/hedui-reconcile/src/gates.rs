//! What says at once that two claims are not about the same thing, whatever else they share.

use hedui_model::{Appearance, Status};

use crate::Reconciler;
use crate::evidence::{Evidence, MetricTie, Owner, PartTie};
use crate::footing::Footing;
use crate::likeness::{SAME_SENTENCE, likeness};
use crate::periods::{Apart, PeriodTie};
use crate::phrase::words;

/// Claims about things published period by period, of which neither says when, belong together for so many days.
const UNDATED_SERIES_DAYS: i64 = 20;
/// Equal digits say that the term is one; so long the same news is told.
const UNDATED_SLIP_DAYS: i64 = 60;
/// Prices of which neither claim says when.
const UNDATED_PRICE_DAYS: i64 = 4;
/// Articles that are not further apart tell the same news.
const SAME_NEWS_DAYS: i64 = 14;

/// The piece of the reason that tells why two claims are different, and what is filled into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Gate {
    pub(crate) piece: &'static str,
    pub(crate) a: String,
    pub(crate) b: String,
}

impl Gate {
    pub(crate) fn of(piece: &'static str, a: &str, b: &str) -> Self {
        Gate {
            piece,
            a: words(a),
            b: words(b),
        }
    }

    fn new(piece: &'static str, a: &str, b: &str) -> Option<Self> {
        Some(Gate::of(piece, a, b))
    }
}

/// What the figures of a pair say, as far as gates have to know it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Figures {
    /// Both can be true.
    pub(crate) fit: bool,
    /// They are equal but for unit, currency, time base or a power of ten.
    pub(crate) have_same_digits: bool,
    /// They are equal but for a power of ten.
    pub(crate) are_a_slip: bool,
    /// They are equal but one is per cent and one percentage points.
    pub(crate) are_points: bool,
}

impl Reconciler {
    /// Returns the first gate that stands between the two claims.
    pub(crate) fn gate(
        &self,
        a: &Appearance,
        b: &Appearance,
        evidence: &Evidence,
        footing: &Footing,
        figures: Figures,
    ) -> Option<Gate> {
        let (x, y) = (&a.claim, &b.claim);
        let units = || Gate::new("other_unit", &x.quantity.unit.id, &y.quantity.unit.id);
        if *footing == Footing::Apart {
            return units();
        }
        // A restatement in another currency depends on the day's rate: only the figure that it restates is compared, but for
        // a slip.
        let is_gloss = x.gloss_of.is_some() || y.gloss_of.is_some();
        let is_compared =
            figures.fit || matches!(footing, Footing::One { .. }) && figures.have_same_digits;
        if is_gloss && (matches!(footing, Footing::Currencies { .. }) || !is_compared) {
            return units();
        }
        if evidence.owner == Owner::None {
            return Gate::new("no_shared_subject", "", "");
        }
        if let Some((session, other)) = &evidence.sessions {
            return Gate::new("other_session", session, other);
        }
        if !figures.have_same_digits {
            if let Some((base, other)) = &evidence.growth_bases {
                return Gate::new("other_base", base, other);
            }
            if let Some((base, other)) = &evidence.time_bases {
                return Gate::new("other_time_base", base, other);
            }
        }
        if let PartTie::Other(part, other) = &evidence.part {
            return Gate::new("other_part", part, other);
        }
        // What a text does not say of its period is guessed; equal figures of the same days are left to the score.
        let is_close = (figures.fit || figures.are_points) && evidence.days <= SAME_NEWS_DAYS;
        if let PeriodTie::Disjoint { a, b, apart } = &evidence.period
            && (*apart == Apart::Terms || (*apart == Apart::Weeks && !is_close))
        {
            return Gate::new("other_period", a, b);
        }
        if figures.fit {
            return None;
        }
        // One figure in another unit, currency or base may be read with another metric for that very reason.
        let is_one_figure = figures.have_same_digits && !figures.are_a_slip;
        match &evidence.metric {
            MetricTie::Other(metric, other) if !is_one_figure => {
                return Gate::new("other_metric", metric, other);
            }
            MetricTie::Change(metric, other) if !figures.are_points => {
                return Gate::new("other_metric", metric, other);
            }
            _ => {}
        }
        let stranger = evidence
            .stranger
            .as_deref()
            .filter(|_| !figures.have_same_digits);
        stranger.and_then(|speaker| Gate::new("other_speaker", speaker, ""))
    }

    /// Returns what speaks against one fact where two figures cannot both be true: doubts, which the score weighs.
    pub(crate) fn doubts(
        &self,
        a: &Appearance,
        b: &Appearance,
        evidence: &Evidence,
        figures: Figures,
    ) -> Vec<Doubt> {
        if figures.fit {
            return Vec::new();
        }
        let (x, y) = (&a.claim, &b.claim);
        let mut doubts = Vec::new();
        let mut doubt = |holds: bool, level: &'static str, gate: &dyn Fn() -> Gate| {
            if holds {
                doubts.push(Doubt {
                    level,
                    gate: gate(),
                });
            }
        };
        let statuses = || Gate::of("other_status", status_id(x.status), status_id(y.status));
        let is_denied = [evidence.statuses.0, evidence.statuses.1].contains(&Status::Denied);
        doubt(
            evidence.statuses.0 != evidence.statuses.1 && is_denied,
            "denied",
            &statuses,
        );
        // What is expected of a term and what is booked are of two terms, unless both say which.
        let is_one_booked = matches!(
            evidence.statuses,
            (Status::Forecast, Status::Actual) | (Status::Actual, Status::Forecast)
        );
        let is_dated = matches!(evidence.period, PeriodTie::Same(_));
        doubt(
            is_one_booked && evidence.tempo.is_series && !is_dated,
            "booked",
            &statuses,
        );
        // Two sentences of one story's copies that are not the same sentence.
        doubt(
            evidence.are_copies && likeness(x, y) < SAME_SENTENCE,
            "copies",
            &|| Gate::of("unalike", "", ""),
        );
        doubt(is_of_other_time(evidence, figures), "time", &|| {
            Gate::of("other_period", "", "")
        });
        if figures.have_same_digits {
            return doubts;
        }
        doubt(
            evidence.is_fleeting && !evidence.same_session,
            "fleeting",
            &|| Gate::of("other_session", "", ""),
        );
        doubts
    }
}

/// A finding against one fact, and how the reason tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Doubt {
    pub(crate) level: &'static str,
    pub(crate) gate: Gate,
}

/// Tells whether two figures of a series are of two terms, or too far apart where no term is said.
fn is_of_other_time(evidence: &Evidence, figures: Figures) -> bool {
    if !evidence.tempo.is_series {
        return false;
    }
    let is_nested = matches!(evidence.period, PeriodTie::Overlap { nested: true });
    let is_dated = matches!(evidence.period, PeriodTie::Same(_));
    let limit = match () {
        () if figures.have_same_digits => UNDATED_SLIP_DAYS,
        () if evidence.tempo.is_price => UNDATED_PRICE_DAYS,
        () => UNDATED_SERIES_DAYS,
    };
    is_nested || (!is_dated && evidence.days > limit)
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
