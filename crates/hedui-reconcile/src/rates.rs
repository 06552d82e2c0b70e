//! Dated exchange rates: the table `config/lexicon/fx.csv`.
//!
//! A rate is the mean of a month, else of a year, else that of the nearest time
//! at hand; how far a conversion may be off follows from which it is
//! (`fx_tolerance` in `verdicts.toml`).

use std::collections::BTreeMap;

use hedui_model::Decimal;
use hedui_text::lexicon::Granularity;
use jiff::civil::Date;

/// What all rates are quoted against.
const BASE: &str = "USD";
/// How far away, in months, the nearest rate at hand may be.
const NEAREST_MONTHS: i32 = 36;

/// The table of rates that comes with the program.
const BUILTIN: &str = include_str!("../../../config/lexicon/fx.csv");

/// The table cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RatesError {
    /// There is no head line that begins with `period`.
    #[error("the table of exchange rates has no head line that begins with `period`")]
    NoHead,
    /// A cell is not what its column holds.
    #[error("line {line} of the table of exchange rates: not a {what}: `{cell}`")]
    Cell {
        /// The line, from 1.
        line: usize,
        /// What was expected.
        what: &'static str,
        /// What stands there.
        cell: String,
    },
}

/// How many of one currency make one of another, and how good that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Units of the second currency to one of the first.
    pub value: Decimal,
    /// The coarser of the two rates that it was made of.
    pub granularity: Granularity,
}

/// Rates by currency and time.
#[derive(Clone, Debug, Default)]
pub struct Rates {
    /// Units to one US dollar, by currency, then by month counted from year 0; years stand at their middle.
    monthly: BTreeMap<String, BTreeMap<i32, Decimal>>,
    yearly: BTreeMap<String, BTreeMap<i32, Decimal>>,
}

impl Rates {
    /// Reads the table that comes with the program.
    ///
    /// # Errors
    /// As [`Rates::parse`]; a test sees to it that there is none.
    pub fn builtin() -> Result<Self, RatesError> {
        Rates::parse(BUILTIN)
    }

    /// Reads a table: lines of `period,CODE,…` under a head line; `#` starts a comment; empty cells are unknown.
    ///
    /// # Errors
    /// [`RatesError`] for a missing head, a period that is no `YYYY-MM` or `YYYY`, a rate that is no positive decimal.
    pub fn parse(text: &str) -> Result<Self, RatesError> {
        let mut rates = Rates::default();
        let mut currencies: Option<Vec<&str>> = None;
        for (index, line) in text.lines().enumerate() {
            if line.starts_with('#') || line.trim().is_empty() {
                continue;
            }
            let mut cells = line.split(',').map(str::trim);
            let period = cells.next().unwrap_or_default();
            match &currencies {
                None if period == "period" => currencies = Some(cells.collect()),
                None => return Err(RatesError::NoHead),
                Some(currencies) => rates.enter(index + 1, period, currencies, cells)?,
            }
        }
        currencies.map(|_| rates).ok_or(RatesError::NoHead)
    }

    fn enter<'a>(
        &mut self,
        line: usize,
        period: &str,
        currencies: &[&str],
        cells: impl Iterator<Item = &'a str>,
    ) -> Result<(), RatesError> {
        let error = |what, cell: &str| RatesError::Cell {
            line,
            what,
            cell: cell.chars().take(40).collect(),
        };
        let (year, month) = period_of(period).ok_or_else(|| error("period", period))?;
        for (currency, cell) in currencies
            .iter()
            .zip(cells)
            .filter(|(_, cell)| !cell.is_empty())
        {
            let rate: Decimal = cell.parse().map_err(|_| error("rate", cell))?;
            if rate <= Decimal::ZERO {
                return Err(error("rate", cell));
            }
            let (table, key) = match month {
                Some(month) => (&mut self.monthly, year * 12 + month - 1),
                None => (&mut self.yearly, year),
            };
            table
                .entry((*currency).to_owned())
                .or_default()
                .insert(key, rate);
        }
        Ok(())
    }

    /// Returns the rate between two currencies at a date, where both are known within three years of it.
    #[must_use]
    pub fn rate(&self, from: &str, to: &str, date: Date) -> Option<Rate> {
        let from_rate = self.per_dollar(from, date)?;
        let to_rate = self.per_dollar(to, date)?;
        Some(Rate {
            value: to_rate.value.checked_div(from_rate.value).ok()?.rounded(8),
            granularity: from_rate.granularity.max(to_rate.granularity),
        })
    }

    fn per_dollar(&self, currency: &str, date: Date) -> Option<Rate> {
        let rate = |value, granularity| Some(Rate { value, granularity });
        if currency == BASE {
            return rate(Decimal::ONE, Granularity::Month);
        }
        let month = i32::from(date.year()) * 12 + i32::from(date.month()) - 1;
        let monthly = self.monthly.get(currency);
        if let Some(value) = monthly.and_then(|table| table.get(&month)) {
            return rate(*value, Granularity::Month);
        }
        let yearly = self.yearly.get(currency);
        if let Some(value) = yearly.and_then(|table| table.get(&i32::from(date.year()))) {
            return rate(*value, Granularity::Year);
        }
        let months = monthly
            .into_iter()
            .flatten()
            .map(|(at, value)| (*at, *value));
        let years = yearly
            .into_iter()
            .flatten()
            .map(|(year, value)| (year * 12 + 6, *value));
        months
            .chain(years)
            .map(|(at, value)| ((at - month).abs(), value))
            .filter(|(distance, _)| *distance <= NEAREST_MONTHS)
            .min_by_key(|(distance, value)| (*distance, *value))
            .and_then(|(_, value)| rate(value, Granularity::Nearest))
    }
}

fn period_of(text: &str) -> Option<(i32, Option<i32>)> {
    let (year, month) = match text.split_once('-') {
        None => (text, None),
        Some((year, month)) => (year, Some(month.parse::<i32>().ok()?)),
    };
    let is_year = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
    let is_month = month.is_none_or(|month| (1..=12).contains(&month));
    (is_year && is_month).then_some((year.parse().ok()?, month))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_builtin_table_is_valid_and_has_the_currencies_in_use() {
        let rates = Rates::builtin().unwrap();
        let currencies = [
            "EUR", "JPY", "GBP", "CNY", "HKD", "KRW", "SGD", "INR", "MYR", "THB", "IDR", "PHP",
            "AUD", "NZD", "CAD", "CHF", "SEK", "NOK", "DKK", "TWD",
        ];
        for currency in currencies {
            assert!(
                rates.rate("USD", currency, date(2025, 9, 25)).is_some(),
                "{currency}"
            );
        }
    }

    #[test]
    fn a_rate_goes_there_and_back_and_through_the_dollar() {
        let rates = Rates::parse("# made up\nperiod,EUR,CNY\n2025-09,0.85,7.1\n").unwrap();
        let at = date(2025, 9, 1);
        assert_eq!(
            rates.rate("USD", "CNY", at).unwrap().value,
            "7.1".parse().unwrap()
        );
        assert_eq!(
            rates.rate("EUR", "CNY", at).unwrap().value,
            "8.3529412".parse().unwrap()
        );
        assert_eq!(rates.rate("EUR", "EUR", at).unwrap().value, Decimal::ONE);
        assert_eq!(
            rates.rate("EUR", "CNY", at).unwrap().granularity,
            Granularity::Month
        );
        assert!(rates.rate("USD", "XXX", at).is_none());
    }

    #[test]
    fn a_month_goes_before_a_year_and_a_year_before_the_nearest() {
        let rates = Rates::parse("period,TWD\n2023,31\n2023-06,30\n").unwrap();
        let at = |year, month| {
            rates
                .rate("USD", "TWD", date(year, month, 15))
                .map(|rate| (rate.value.to_string(), rate.granularity))
        };
        assert_eq!(at(2023, 6), Some(("30".to_owned(), Granularity::Month)));
        assert_eq!(at(2023, 9), Some(("31".to_owned(), Granularity::Year)));
        assert_eq!(at(2024, 9), Some(("31".to_owned(), Granularity::Nearest)));
        assert_eq!(at(2030, 1), None);
    }

    #[test]
    fn a_bad_table_says_where() {
        let message = |text: &str| Rates::parse(text).unwrap_err().to_string();
        assert_eq!(
            message("period,EUR\n2025-13,1"),
            "line 2 of the table of exchange rates: not a period: `2025-13`"
        );
        assert_eq!(
            message("period,EUR\n2025-12,-1"),
            "line 2 of the table of exchange rates: not a rate: `-1`"
        );
        assert!(message("2025,1").contains("no head line"));
    }
}
