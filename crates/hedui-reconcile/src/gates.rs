//! What says at once that two claims are not about the same thing, whatever else they share.

use hedui_model::{Appearance, Status};
use hedui_text::lexicon::PartRole;

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
    /// Two states of one figure may pass, one after the other.
    pub(crate) lets_updates_pass: bool,
}

impl Gate {
    fn new(piece: &'static str, a: &str, b: &str) -> Option<Self> {
        Some(Gate {
            piece,
            a: words(a),
            b: words(b),
            lets_updates_pass: false,
        })
    }

    fn but_for_updates(gate: Option<Self>) -> Option<Self> {
        gate.map(|gate| Gate {
            lets_updates_pass: true,
            ..gate
        })
    }
}

/// What the figures of a pair say, as far as gates have to know it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Figures {
    /// Both can be true.
    pub(crate) fit: bool,
    /// They are equal but for unit, currency, time base or a power of ten.
    pub(crate) have_same_digits: bool,
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
        let is_one_metric = matches!(evidence.metric, MetricTie::Same(_) | MetricTie::Family(_));
        if *footing == Footing::Apart {
            return units();
        }
        if matches!(footing, Footing::One { is_loose: true, .. }) && !is_one_metric {
            return units();
        }
        // A restatement in another currency depends on the day's rate: only the figure that it restates is compared.
        let is_gloss = x.gloss_of.is_some() || y.gloss_of.is_some();
        if is_gloss && (matches!(footing, Footing::Currencies { .. }) || !figures.fit) {
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
        self.gate_of_unequal(a, b, evidence, figures)
    }

    /// Returns what keeps apart claims whose figures cannot both be true.
    fn gate_of_unequal(
        &self,
        a: &Appearance,
        b: &Appearance,
        evidence: &Evidence,
        figures: Figures,
    ) -> Option<Gate> {
        let (x, y) = (&a.claim, &b.claim);
        match &evidence.metric {
            MetricTie::Other(metric, other) => return Gate::new("other_metric", metric, other),
            MetricTie::Change(metric, other) if !figures.are_points => {
                return Gate::new("other_metric", metric, other);
            }
            _ => {}
        }
        if evidence.statuses.0 != evidence.statuses.1
            && [evidence.statuses.0, evidence.statuses.1].contains(&Status::Denied)
        {
            return Gate::new("other_status", status_id(x.status), status_id(y.status));
        }
        if let Some(speaker) = evidence
            .stranger
            .as_ref()
            .filter(|_| !figures.have_same_digits)
        {
            return Gate::new("other_speaker", speaker, "");
        }
        // What is expected of a term and what is booked are of two terms, unless both say which.
        let is_one_booked = matches!(
            evidence.statuses,
            (Status::Forecast, Status::Actual) | (Status::Actual, Status::Forecast)
        );
        if is_one_booked
            && evidence.tempo.is_series
            && !matches!(evidence.period, PeriodTie::Same(_))
        {
            let gate = Gate::new("other_status", status_id(x.status), status_id(y.status));
            return Gate::but_for_updates(gate);
        }
        // Two sentences of one story's copies that are not the same sentence.
        if evidence.are_copies && likeness(x, y) < SAME_SENTENCE {
            return Gate::new("unalike", "", "");
        }
        if let Some(gate) = time_gate(evidence, figures) {
            return Some(gate);
        }
        if figures.have_same_digits {
            return None;
        }
        if evidence.is_fleeting && !evidence.same_session {
            return Gate::new("other_session", "", "");
        }
        if evidence.have_rivals {
            return Gate::new("unalike", "", "");
        }
        if let PartTie::PartAndOpen(part) = &evidence.part
            && self.verdicts().part_role(part) == Some(PartRole::Part)
        {
            return Gate::but_for_updates(Gate::new("other_part", part, ""));
        }
        Gate::but_for_updates(elsewhere_gate(a, b, evidence))
    }
}

/// Each figure that the other article states too is most likely about what it is about there.
fn elsewhere_gate(a: &Appearance, b: &Appearance, evidence: &Evidence) -> Option<Gate> {
    let is_said = matches!(evidence.part, PartTie::Same(_))
        || evidence.growth_is_said
        || (evidence.tempo.is_series && matches!(evidence.period, PeriodTie::Same(_)));
    match evidence.elsewhere {
        (true, true) => Gate::new("better_partner", a.claim.mention(), b.claim.mention()),
        (true, false) if !is_said => Gate::new("better_partner", a.claim.mention(), ""),
        (false, true) if !is_said => Gate::new("better_partner", b.claim.mention(), ""),
        _ => None,
    }
}

fn time_gate(evidence: &Evidence, figures: Figures) -> Option<Gate> {
    if !evidence.tempo.is_series {
        return None;
    }
    let is_nested = matches!(evidence.period, PeriodTie::Overlap { nested: true });
    let is_dated = matches!(evidence.period, PeriodTie::Same(_));
    let limit = match () {
        () if figures.have_same_digits => UNDATED_SLIP_DAYS,
        () if evidence.tempo.is_price => UNDATED_PRICE_DAYS,
        () => UNDATED_SERIES_DAYS,
    };
    if is_nested || (!is_dated && evidence.days > limit) {
        return Gate::but_for_updates(Gate::new("other_period", "", ""));
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
