//! What dates need to know beyond words: holidays, seasons, the months of the Chinese calendar, the customs of regions.
//!
//! The tables say which rule gives a day; the grammar in `hedui-claims` computes it.

use std::collections::BTreeMap;

use hedui_model::Region;
use jiff::ToSpan;
use jiff::civil::Date;
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

/// How the day of a holiday follows from the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HolidayRule {
    /// A day of the calendar.
    Day {
        /// 1 to 12.
        month: i8,
        /// 1 to 31.
        day: i8,
    },
    /// The nth such weekday of a month.
    Weekday {
        /// 1 to 12.
        month: i8,
        /// 1 for Monday.
        weekday: i8,
        /// 1 for the first, -1 for the last.
        nth: i8,
    },
    /// So many days after Easter Sunday.
    Easter(i8),
    /// A day of the Chinese calendar.
    Lunar {
        /// 1 to 12.
        month: i8,
        /// 1 to 30; 30 is the last day also of a month of 29.
        day: i8,
    },
    /// A solar term.
    Term {
        /// The month of the calendar in which it lies.
        month: i8,
        /// What its day is computed from in the 20th and in the 21st century, in hundredths.
        base: [i32; 2],
    },
}

/// A holiday.
#[derive(Clone, Debug)]
pub struct HolidayRow {
    /// Its name in English.
    pub id: String,
    /// Which day it is.
    pub rule: HolidayRule,
    /// How many days after that.
    pub later: i64,
    /// Month and day in regions where it is another day of the calendar.
    pub by_region: BTreeMap<Region, (i8, i8)>,
}

/// A season.
#[derive(Clone, Debug)]
pub struct SeasonRow {
    /// Its name in English.
    pub id: String,
    /// The month in which it starts.
    pub month: i8,
    /// How many months it has.
    pub months: i8,
}

/// A year of the Chinese calendar.
#[derive(Clone, Debug)]
struct LunarYear {
    first: Date,
    /// The number of the month that is there twice, or 0.
    leap: i8,
    /// The lengths of its months, the leap month among them.
    lengths: Vec<i8>,
}

/// The tables of the calendar.
#[derive(Clone, Debug, Default)]
pub struct Calendar {
    fiscal: BTreeMap<Region, FiscalStart>,
    month_first: Vec<Region>,
    holidays: Vec<HolidayRow>,
    seasons: Vec<SeasonRow>,
    lunar: BTreeMap<i16, LunarYear>,
}

/// Forms that a row of these tables gives a role: the role's index, the forms, and the weak ones.
pub(super) struct Named {
    pub(super) season: bool,
    pub(super) index: i64,
    pub(super) forms: Vec<String>,
    pub(super) weak: Vec<String>,
    pub(super) place: String,
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

    /// Returns the holiday that a `Role::Holiday` points at.
    #[must_use]
    pub fn holiday(&self, index: i64) -> Option<&HolidayRow> {
        self.holidays.get(usize::try_from(index).ok()?)
    }

    /// Returns the season that a `Role::Season` points at.
    #[must_use]
    pub fn season(&self, index: i64) -> Option<&SeasonRow> {
        self.seasons.get(usize::try_from(index).ok()?)
    }

    /// Returns the first and last day of a month of the Chinese calendar, of the leap month where `leap` says so.
    ///
    /// `year` is the year of our calendar in which that year began. None outside the table, and for a leap month that the
    /// year has not.
    #[must_use]
    pub fn lunar_month(&self, year: i16, month: i8, leap: bool) -> Option<(Date, Date)> {
        let row = self.lunar.get(&year)?;
        if !(1..=12).contains(&month) || leap && row.leap != month {
            return None;
        }
        let behind_leap = leap || row.leap != 0 && month > row.leap;
        let index = usize::try_from(month - 1).ok()? + usize::from(behind_leap);
        let before: i64 = row
            .lengths
            .iter()
            .take(index)
            .map(|days| i64::from(*days))
            .sum();
        let first = row.first.checked_add(before.days()).ok()?;
        let length = i64::from(*row.lengths.get(index)?);
        Some((first, first.checked_add((length - 1).days()).ok()?))
    }

    /// Takes the rows of its tables out of one file, and returns the forms that they name.
    pub(super) fn read(&mut self, file: &File) -> Result<Vec<Named>, LexiconError> {
        for row in file.rows::<RawCustom>("date_custom")? {
            self.read_custom(&row)?;
        }
        for row in file.rows::<RawLunarYears>("lunar_years")? {
            self.read_lunar(&row)?;
        }
        let mut named = Vec::new();
        for row in file.rows::<RawHoliday>("holiday")? {
            named.push(self.read_holiday(&row)?);
        }
        for row in file.rows::<RawSeason>("season")? {
            named.push(self.read_season(&row)?);
        }
        Ok(named)
    }

    fn read_custom(&mut self, row: &Row<RawCustom>) -> Result<(), LexiconError> {
        let raw = &row.value;
        let month = raw.fiscal_month.unwrap_or(1);
        is_month(row, "fiscal_month", month)?;
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

    fn read_holiday(&mut self, row: &Row<RawHoliday>) -> Result<Named, LexiconError> {
        let raw = &row.value;
        if let Some(month) = raw.month.or(raw.lunar_month) {
            is_month(row, "month", month)?;
        }
        let rule = raw.rule().ok_or_else(|| {
            row.error("id", "a holiday wants `month` with `day`, `term` or `weekday` and `nth`, or `easter`, or `lunar_month` and `lunar_day`")
        })?;
        let mut by_region = BTreeMap::new();
        for (region, day) in &raw.by_region {
            let region: Region = region
                .parse()
                .map_err(|problem: String| row.error("by_region", problem))?;
            let day = month_and_day(day)
                .ok_or_else(|| row.error("by_region", format!("`{day}` is no day as MM-DD")))?;
            by_region.insert(region, day);
        }
        let holiday = HolidayRow {
            id: raw.id.clone(),
            rule,
            later: raw.later,
            by_region,
        };
        let index = place_of(&mut self.holidays, holiday, |one, other| one.id == other.id);
        Ok(Named {
            season: false,
            index,
            forms: raw.forms.clone(),
            weak: raw.weak.clone(),
            place: row.place(),
        })
    }

    fn read_season(&mut self, row: &Row<RawSeason>) -> Result<Named, LexiconError> {
        let raw = &row.value;
        is_month(row, "month", raw.month)?;
        is_month(row, "months", raw.months)?;
        let season = SeasonRow {
            id: raw.id.clone(),
            month: raw.month,
            months: raw.months,
        };
        let index = place_of(&mut self.seasons, season, |one, other| one.id == other.id);
        Ok(Named {
            season: true,
            index,
            forms: raw.forms.clone(),
            weak: raw.weak.clone(),
            place: row.place(),
        })
    }

    fn read_lunar(&mut self, row: &Row<RawLunarYears>) -> Result<(), LexiconError> {
        for (offset, text) in row.value.years.iter().enumerate() {
            let year = i16::try_from(offset)
                .ok()
                .and_then(|offset| row.value.first.checked_add(offset));
            let known = year.and_then(|year| Some((year, lunar_year(year, text)?)));
            let (year, lunar) =
                known.ok_or_else(|| row.error("years", format!("`{text}` is no lunar year")))?;
            self.lunar.insert(year, lunar);
        }
        Ok(())
    }
}

/// The place of a row: that of the one which it replaces, or a new one.
fn place_of<T>(rows: &mut Vec<T>, row: T, same: impl Fn(&T, &T) -> bool) -> i64 {
    let index = match rows.iter().position(|known| same(known, &row)) {
        Some(index) => {
            if let Some(known) = rows.get_mut(index) {
                *known = row;
            }
            index
        }
        None => {
            rows.push(row);
            rows.len() - 1
        }
    };
    i64::try_from(index).unwrap_or(i64::MAX)
}

fn is_month<T>(row: &Row<T>, field: &str, month: i8) -> Result<(), LexiconError> {
    if (1..=12).contains(&month) {
        return Ok(());
    }
    Err(row.error(field, format!("`{month}` is not from 1 to 12")))
}

/// Reads `MM-DD`.
fn month_and_day(text: &str) -> Option<(i8, i8)> {
    let (month, day) = text.split_once('-')?;
    let (month, day) = (month.parse().ok()?, day.parse().ok()?);
    Date::new(2000, month, day).ok()?;
    Some((month, day))
}

/// Reads `MM-DD leap lengths`.
fn lunar_year(year: i16, text: &str) -> Option<LunarYear> {
    let mut words = text.split(' ');
    let (month, day) = month_and_day(words.next()?)?;
    let leap = words
        .next()?
        .parse()
        .ok()
        .filter(|leap| (0..=12).contains(leap))?;
    let lengths: Vec<i8> = words
        .next()?
        .chars()
        .map(|length| match length {
            'L' => Some(30),
            's' => Some(29),
            _ => None,
        })
        .collect::<Option<_>>()?;
    let right = lengths.len() == 12 + usize::from(leap > 0) && words.next().is_none();
    right.then(|| {
        Some(LunarYear {
            first: Date::new(year, month, day).ok()?,
            leap,
            lengths,
        })
    })?
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

/// A holiday as its row has it.
#[derive(Debug, Deserialize)]
struct RawHoliday {
    id: String,
    month: Option<i8>,
    day: Option<i8>,
    /// With `nth`: 1 for Monday.
    weekday: Option<i8>,
    /// 1 for the first of the month, -1 for the last.
    nth: Option<i8>,
    /// Days after Easter Sunday.
    easter: Option<i8>,
    lunar_month: Option<i8>,
    lunar_day: Option<i8>,
    /// Hundredths from which the day of a solar term is computed in the 20th and 21st century.
    term: Option<[i32; 2]>,
    /// So many days after the day that the rule gives.
    #[serde(default)]
    later: i64,
    /// MM-DD by region.
    #[serde(default)]
    by_region: BTreeMap<String, String>,
    #[serde(default)]
    forms: Vec<String>,
    /// Forms that are other words too.
    #[serde(default)]
    weak: Vec<String>,
}

impl RawHoliday {
    fn rule(&self) -> Option<HolidayRule> {
        if let (Some(month), Some(day)) = (self.lunar_month, self.lunar_day) {
            return (1..=30)
                .contains(&day)
                .then_some(HolidayRule::Lunar { month, day });
        }
        if let Some(days) = self.easter {
            return Some(HolidayRule::Easter(days));
        }
        let month = self.month?;
        if let Some(base) = self.term {
            return Some(HolidayRule::Term { month, base });
        }
        if let (Some(weekday), Some(nth)) = (self.weekday, self.nth) {
            let right = (1..=7).contains(&weekday) && nth != 0 && (-5..=5).contains(&nth);
            return right.then_some(HolidayRule::Weekday {
                month,
                weekday,
                nth,
            });
        }
        let day = self.day?;
        Date::new(2000, month, day).ok()?;
        Some(HolidayRule::Day { month, day })
    }
}

/// A season as its row has it.
#[derive(Debug, Deserialize)]
struct RawSeason {
    id: String,
    month: i8,
    months: i8,
    #[serde(default)]
    forms: Vec<String>,
    /// Forms that are other words too.
    #[serde(default)]
    weak: Vec<String>,
}

/// Years of the Chinese calendar in a row.
#[derive(Debug, Deserialize)]
struct RawLunarYears {
    first: i16,
    /// Each `MM-DD leap lengths`: its first day, the month that is there twice or 0, L for 30 days and s for 29.
    years: Vec<String>,
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::Lexicon;

    fn month(year: i16, month: i8, leap: bool) -> Option<(String, String)> {
        let lexicon = Lexicon::builtin();
        let (first, last) = lexicon
            .quantities
            .calendar()
            .lunar_month(year, month, leap)?;
        Some((first.to_string(), last.to_string()))
    }

    #[test]
    fn months_behind_a_leap_month_move_on() {
        let days = |first: &str, last: &str| Some((first.to_owned(), last.to_owned()));
        assert_eq!(month(2023, 2, false), days("2023-02-20", "2023-03-21"));
        assert_eq!(month(2023, 2, true), days("2023-03-22", "2023-04-19"));
        assert_eq!(month(2023, 3, false), days("2023-04-20", "2023-05-18"));
        assert_eq!(month(2023, 12, false), days("2024-01-11", "2024-02-09"));
        assert_eq!(month(2023, 3, true), None);
        assert_eq!(month(1800, 1, false), None);
    }

    #[test]
    fn each_year_ends_where_the_next_begins() {
        let lexicon = Lexicon::builtin();
        let calendar = lexicon.quantities.calendar();
        for year in 1900..2100 {
            let (_, last) = calendar.lunar_month(year, 12, false).unwrap();
            let (first, _) = calendar.lunar_month(year + 1, 1, false).unwrap();
            assert_eq!(last.tomorrow().unwrap(), first, "{year}");
        }
    }

    #[test]
    fn a_holiday_wants_a_rule() {
        let read = |row: &str| {
            let file = File::parse("mine.toml", row)?;
            Calendar::default().read(&file).map(|named| named.len())
        };
        assert_eq!(
            read("[[holiday]]\nid = \"x\"\nmonth = 5\nday = 4\nforms = [\"x day\"]\n").unwrap(),
            1
        );
        assert!(read("[[holiday]]\nid = \"x\"\nforms = [\"x day\"]\n").is_err());
        assert!(read("[[holiday]]\nid = \"x\"\nmonth = 2\nday = 30\n").is_err());
        assert!(read("[[lunar_years]]\nfirst = 2000\nyears = [\"02-05 0 LLL\"]\n").is_err());
    }
}
