//! The reason of a verdict: what the two have in common, how the figures stand, how far apart they were said.

use hedui_model::Relation;

use crate::compat::Fit;
use crate::evidence::{MetricTie, Owner, PartTie};
use crate::gates::status_id;
use crate::judge::{Case, Stand};
use crate::periods::PeriodTie;
use crate::phrase::{Reason, words};

impl Case<'_> {
    pub(crate) fn why(&self, relation: Relation) -> String {
        let mut reason = Reason::new(self.reconciler.verdicts());
        self.say_subject(&mut reason);
        self.say_metric(&mut reason);
        if let PartTie::Same(part) | PartTie::Alike(part) = &self.evidence.part {
            reason.say("same_part", &[("name", &words(part))]);
        }
        if let PeriodTie::Same(period) = &self.evidence.period {
            reason.say("same_period", &[("name", period)]);
        }
        self.say_stand(&mut reason);
        if relation == Relation::Update {
            reason.say("replaced", &[]);
        }
        self.say_days(&mut reason);
        reason.into_text()
    }

    fn say_subject(&self, reason: &mut Reason<'_>) {
        match &self.evidence.owner {
            Owner::Same(name) => reason.say("same_subject", &[("name", name)]),
            Owner::Crossed(name) | Owner::Kin(name) | Owner::Shared(name) => {
                reason.say("shared_subject", &[("name", name)])
            }
            Owner::Open | Owner::None => {}
        }
    }

    fn say_metric(&self, reason: &mut Reason<'_>) {
        match &self.evidence.metric {
            MetricTie::Same(id) | MetricTie::Family(id) => {
                reason.say("same_metric", &[("name", &words(id))])
            }
            MetricTie::Kin(a, b) | MetricTie::Change(a, b) => {
                reason.say("near_metric", &[("a", &words(a)), ("b", &words(b))])
            }
            MetricTie::OneKnown(id) => reason.say("one_metric", &[("name", &words(id))]),
            MetricTie::NoneKnown => reason.say(
                "no_metric",
                &[("count", &self.evidence.terms_shared.to_string())],
            ),
            MetricTie::Other(..) => {}
        }
    }

    pub(crate) fn say_figures(&self, reason: &mut Reason<'_>, piece: &str) {
        reason.say(
            piece,
            &[("a", self.a.claim.mention()), ("b", self.b.claim.mention())],
        );
    }

    fn say_stand(&self, reason: &mut Reason<'_>) {
        let (x, y) = (&self.a.claim.quantity, &self.b.claim.quantity);
        let units = if x.unit.id == y.unit.id {
            (&x.written_unit, &y.written_unit)
        } else {
            (&x.unit.id, &y.unit.id)
        };
        match &self.stand {
            Stand::Fits(how) => self.say_figures(reason, piece_of(*how)),
            Stand::Converts { rate } => {
                self.say_figures(reason, "against");
                let value = rate.value.rounded(4).to_string();
                reason.say(
                    "converted",
                    &[("rate", &value), ("base", units.0), ("quote", units.1)],
                );
            }
            Stand::Slip { slip } => {
                self.say_figures(reason, "against");
                reason.say("power_of_ten", &[("factor", &power(slip.power))]);
            }
            Stand::Units | Stand::Currency => {
                self.say_figures(reason, "against");
                reason.say(
                    "same_digits",
                    &[("a", &words(units.0)), ("b", &words(units.1))],
                );
            }
            Stand::TimeBase | Stand::GrowthBase => {
                self.say_figures(reason, "against");
                let bases = [
                    ("other_time_base", &self.evidence.time_bases),
                    ("other_base", &self.evidence.growth_bases),
                ];
                for (piece, pair) in bases {
                    if let Some((a, b)) = pair {
                        reason.say(piece, &[("a", &words(a)), ("b", &words(b))]);
                    }
                }
            }
            Stand::Loose { .. } => {
                self.say_figures(reason, "against");
                reason.say("loose", &[]);
            }
            Stand::Apart { .. } | Stand::Mute => {
                self.say_figures(reason, "against");
                for (is_elsewhere, appearance) in [
                    (self.evidence.elsewhere.0, self.a),
                    (self.evidence.elsewhere.1, self.b),
                ] {
                    if is_elsewhere {
                        reason.say("part_elsewhere", &[("a", appearance.claim.mention())]);
                    }
                }
            }
        }
    }

    fn say_days(&self, reason: &mut Reason<'_>) {
        match self.evidence.days {
            0 => reason.say("same_day", &[]),
            1 => reason.say("one_day_apart", &[]),
            days => reason.say("days_apart", &[("count", &days.to_string())]),
        }
        let (a, b) = self.evidence.statuses;
        if a != b {
            reason.say("other_status", &[("a", status_id(a)), ("b", status_id(b))]);
        }
    }
}

fn piece_of(how: Fit) -> &'static str {
    match how {
        Fit::Equal => "equal",
        Fit::Rounded => "rounded",
        Fit::About => "about",
        Fit::Bound => "bound",
        Fit::Range => "range",
        Fit::Loose | Fit::Apart => "against",
    }
}

fn power(power: i32) -> String {
    match u32::try_from(power.abs())
        .ok()
        .and_then(|power| 10_i64.checked_pow(power))
    {
        Some(factor) => factor.to_string(),
        None => format!("1e{}", power.abs()),
    }
}
