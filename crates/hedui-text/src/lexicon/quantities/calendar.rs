//! What dates need to know beyond words: the customs of a region.

use std::collections::BTreeMap;

use hedui_model::Region;
use serde::Deserialize;

use super::super::LexiconError;
use super::super::table::{File, Row};

/// When a fiscal year starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FiscalStart {
    /// The month of its first day.
    pub month: i8,
    /// Whether it is called by the year in which it ends.
    pub named_by_end: bool,
}

/// The tables of the calendar.
#[derive(Clone, Debug, Default)]
pub struct Calendar {
    fiscal: BTreeMap<Region, FiscalStart>,
    month_first: Vec<Region>,
}

impl Calendar {
    /// Returns when the fiscal year of a region starts, where it is not the calendar's.
    #[must_use]
    pub fn fiscal_start(&self, region: Region) -> Option<FiscalStart> {
        self.fiscal.get(&region).copied()
    }

    /// Tells whether the day stands before the month in the dates of a region: 12/08/2025 is in August.
    #[must_use]
    pub fn is_day_first(&self, region: Region) -> bool {
        !self.month_first.contains(&region)
    }

    /// Takes the rows of its tables out of one file.
    pub(super) fn read(&mut self, file: &File) -> Result<(), LexiconError> {
        for row in file.rows::<RawCustom>("date_custom")? {
            self.read_custom(&row)?;
        }
        Ok(())
    }

    fn read_custom(&mut self, row: &Row<RawCustom>) -> Result<(), LexiconError> {
        let raw = &row.value;
        let month = raw.fiscal_month.unwrap_or(1);
        if !(1..=12).contains(&month) {
            return Err(row.error("fiscal_month", format!("`{month}` is no month")));
        }
        for region in &raw.regions {
            let region: Region = region
                .parse()
                .map_err(|problem: String| row.error("regions", problem))?;
            if raw.fiscal_month.is_some() {
                let start = FiscalStart {
                    month,
                    named_by_end: raw.named_by_end,
                };
                self.fiscal.insert(region, start);
            }
            if raw.month_first {
                self.month_first.push(region);
            }
        }
        Ok(())
    }
}

/// How some regions write dates and count fiscal years.
#[derive(Debug, Deserialize)]
struct RawCustom {
    regions: Vec<String>,
    /// The month in which the fiscal year starts.
    fiscal_month: Option<i8>,
    /// Whether a fiscal year is called by the year in which it ends, not by that in which it starts.
    #[serde(default)]
    named_by_end: bool,
    /// Whether the month stands before the day in dates of digits; anywhere else the day does.
    #[serde(default)]
    month_first: bool,
}
