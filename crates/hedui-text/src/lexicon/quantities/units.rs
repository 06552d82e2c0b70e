//! Makes the forms of units and of currency codes with their prefixes.

use hedui_model::Decimal;

use super::super::LexiconError;
use super::super::table::{Row, remedy};
use super::build::decimal;
use super::role::Role;
use super::rows::{RawKind, RawUnit};
use super::{Quantities, UnitKind, UnitRow, to_i64};

impl Quantities {
    /// Adds a unit in its own size and with each of its prefixes.
    pub(super) fn finish_unit(&mut self, row: &Row<RawUnit>) -> Result<(), LexiconError> {
        let raw = &row.value;
        let factor = match &raw.factor {
            Some(text) => decimal(row, "factor", text)?,
            None => Decimal::ONE,
        };
        let base = raw.base.clone().unwrap_or_else(|| raw.id.clone());
        let place = row.place();
        let symbol = raw.symbols.first().cloned();
        let sense = self.unit_sense(raw, raw.id.clone(), &base, factor, symbol);
        if let Some(unit) = self.units.last_mut() {
            unit.parts = raw
                .parts
                .iter()
                .map(|part| (part.id.clone(), part.count))
                .collect();
            unit.prefixed = false;
        }
        self.add_all(&raw.forms, false, sense, &place);
        self.add_names(&raw.names, sense, &place);
        if !raw.only_prefixed {
            self.add_all(&raw.symbols, true, sense, &place);
        }
        self.add_all(&raw.han, false, sense, &place);
        for form in &raw.glued {
            self.add(form, true, sense, &place).glued = true;
        }
        for id in &raw.prefixes {
            let Some(prefix) = self.building.prefixes.get(id) else {
                let known: Vec<&str> = self.building.prefixes.keys().map(String::as_str).collect();
                return Err(row.error("prefixes", remedy(id, &known)));
            };
            let factor = factor
                .scaled(prefix.power)
                .map_err(|error| row.error("factor", error.to_string()))?;
            let join = |heads: &[String], tails: &[String]| -> Vec<String> {
                heads
                    .iter()
                    .flat_map(|head| tails.iter().map(move |tail| format!("{head}{tail}")))
                    .collect()
            };
            let symbols = join(&prefix.symbols, &raw.symbols);
            let names = join(std::slice::from_ref(id), &raw.names);
            let han = join(&prefix.han, &raw.han);
            let sense = self.unit_sense(
                raw,
                format!("{id}{}", raw.id),
                &base,
                factor,
                symbols.first().cloned(),
            );
            self.add_all(&symbols, true, sense, &place);
            self.add_names(&names, sense, &place);
            self.add_all(&han, false, sense, &place);
        }
        Ok(())
    }

    pub(super) fn unit_sense(
        &mut self,
        raw: &RawUnit,
        id: String,
        base: &str,
        factor: Decimal,
        symbol: Option<String>,
    ) -> (Role, i64) {
        let as_denominator = match (symbol, raw.kind) {
            (Some(symbol), RawKind::Dimension) => symbol,
            _ => id.replace(' ', "_"),
        };
        self.units.push(UnitRow {
            id,
            base: base.to_owned(),
            factor,
            kind: match raw.kind {
                RawKind::Dimension => UnitKind::Dimension,
                RawKind::Percent => UnitKind::Percent,
                RawKind::Duration => UnitKind::Duration,
            },
            period: raw.period,
            seconds: raw.seconds,
            parts: Vec::new(),
            measures: raw.measures.clone(),
            near: raw.near.clone(),
            prefixed: true,
            per: raw.per.clone(),
            rate: raw.rate.clone(),
            as_denominator,
        });
        let index = to_i64(self.units.len() - 1);
        let id = self.units.last().map(|unit| unit.id.clone());
        self.unit_ids.entry(id.unwrap_or_default()).or_insert(index);
        (Role::Unit, index)
    }

    /// Gives each unit the parts of the row with its name: a prefix makes the kilometer that a row of its own describes.
    pub(super) fn share_parts(&mut self) {
        let parts: std::collections::BTreeMap<String, Vec<(String, i64)>> = self
            .units
            .iter()
            .filter(|unit| !unit.parts.is_empty())
            .map(|unit| (unit.id.clone(), unit.parts.clone()))
            .collect();
        for unit in &mut self.units {
            if let Some(parts) = parts.get(&unit.id) {
                unit.parts.clone_from(parts);
            }
        }
    }

    /// Adds the codes of currencies with their prefixes: MEUR is a million euros.
    pub(super) fn finish_codes(&mut self) {
        for code in std::mem::take(&mut self.building.codes) {
            for id in &code.prefixes {
                let Some(prefix) = self.building.prefixes.get(id) else {
                    continue;
                };
                let (power, symbols) = (prefix.power, prefix.symbols.clone());
                for symbol in symbols {
                    let form = format!("{symbol}{}", code.id);
                    self.add(&form, true, code.sense, &code.place).money_power = power;
                }
            }
        }
    }
}
