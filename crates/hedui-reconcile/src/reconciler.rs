//! The tables that judging needs, made once.

use std::sync::Arc;

use hedui_model::{Claim, Metric};
use hedui_text::Lexicon;
use hedui_text::lexicon::{EntityKind, MetricKind, Verdicts};

use crate::Rates;

/// From this confidence on a conflict passed every gate: it may be told without being asked for.
pub const ALERT_CONFIDENCE: u16 = 900;
/// From this confidence on a conflict is listed as possible; below it, the claims are judged to be about different things.
pub const LIST_CONFIDENCE: u16 = 500;

/// Judges claims and groups them into facts.
#[derive(Debug)]
pub struct Reconciler {
    pub(crate) lexicon: Arc<Lexicon>,
    pub(crate) rates: Rates,
}

/// How a metric's figures depend on time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tempo {
    /// Each period has a figure of its own.
    pub(crate) is_series: bool,
    /// It is a price, or moves as one: every day has another.
    pub(crate) is_price: bool,
}

impl Reconciler {
    /// Makes one with the lexicon's rows and the built-in exchange rates.
    #[must_use]
    pub fn new(lexicon: Arc<Lexicon>) -> Self {
        // The built-in table is valid, which a test checks; without it, no two currencies would be converted.
        let rates = Rates::builtin().unwrap_or_default();
        Reconciler { lexicon, rates }
    }

    pub(crate) fn verdicts(&self) -> &Verdicts {
        &self.lexicon.verdicts
    }

    /// Tells what sort of thing a canonical name names; nothing for a name that no row has.
    pub(crate) fn kind_of(&self, name: &str) -> Option<EntityKind> {
        self.lexicon.entities.named(name).map(|row| row.kind)
    }

    /// Tells whether something can have figures of its own. Places are where a figure is, not whose.
    pub(crate) fn is_owner(&self, name: &str) -> bool {
        !matches!(self.kind_of(name), Some(EntityKind::Place))
    }

    /// Tells whether a name is that of a state or of several: its figures are its own where it is named first.
    pub(crate) fn is_state(&self, name: &str) -> bool {
        let row = self.lexicon.entities.named(name);
        row.is_some_and(|row| row.kind == EntityKind::Place && row.parents.is_empty())
    }

    /// Returns whom something belongs to, where that can have figures too.
    pub(crate) fn parents<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        let row = self.lexicon.entities.named(name);
        let parents = row.map(|row| row.parents.as_slice()).unwrap_or_default();
        parents
            .iter()
            .map(String::as_str)
            .filter(|parent| self.is_owner(parent) || self.is_state(parent))
    }

    /// Returns the names that a figure may belong to, the most likely first: a state only where it is named first, other places
    /// only where there is nobody else.
    pub(crate) fn owners<'a>(&self, claim: &'a Claim) -> Vec<&'a str> {
        let names = || claim.entities.iter().map(|entity| entity.name.as_str());
        let first = names().next().filter(|name| self.is_state(name));
        let owners: Vec<&str> = first
            .into_iter()
            .chain(names().filter(|name| self.is_owner(name)))
            .collect();
        if owners.is_empty() {
            names().collect()
        } else {
            owners
        }
    }

    pub(crate) fn tempo(&self, metric: Option<&Metric>) -> Tempo {
        let row = metric.and_then(|metric| self.lexicon.metrics.by_id(&metric.id));
        row.map(|row| Tempo {
            is_series: row.series || row.kind == MetricKind::Flow,
            is_price: row.kind == MetricKind::Price && row.series,
        })
        .unwrap_or_default()
    }
}
