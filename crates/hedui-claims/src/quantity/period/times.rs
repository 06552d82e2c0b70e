//! The times that days and hours make, and the words that open a period to one side.

use hedui_model::{Bound, Interval};
use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Time};

use super::super::reading::{PeriodReading, Times};
use super::hours::Hours;

/// Makes the times of a period from its first to its last day; hours that are not said are the edges of the day.
pub(super) fn times(
    (first, from): (Date, Option<Hours>),
    (last, to): (Date, Option<Hours>),
) -> Option<Times> {
    if from.is_none() && to.is_none() {
        return None;
    }
    let low = at(first, from.map_or(0, |hours| hours.from))?;
    let high = match to {
        Some(hours) => at(last, hours.to)?,
        None => last.tomorrow().ok()?.to_datetime(Time::midnight()),
    };
    Some(Times {
        low: Some(low),
        high: Some(high),
    })
}

fn at(day: Date, seconds: i32) -> Option<DateTime> {
    day.to_datetime(Time::midnight())
        .checked_add(i64::from(seconds).seconds())
        .ok()
}

impl PeriodReading {
    /// Gives the period its times, and the days that they touch.
    pub(super) fn set_times(&mut self, times: Times) {
        let Times { low, high } = times;
        self.times = Some(times);
        (self.low, self.high) = Interval::Time { low, high }.days().unwrap_or_default();
    }

    /// Makes it all that lies before it, itself included or not.
    pub(super) fn before(&mut self, inclusive: bool) {
        self.bound = if inclusive {
            Bound::AtMost
        } else {
            Bound::LessThan
        };
        if let Some(Times { low, high }) = self.times {
            let high = if inclusive { high } else { low };
            return self.set_times(Times { low: None, high });
        }
        if !inclusive {
            self.high = self.low.and_then(|low| low.yesterday().ok());
        }
        self.low = None;
    }

    /// Makes it all that lies after it, itself included or not.
    pub(super) fn after(&mut self, inclusive: bool) {
        self.bound = if inclusive {
            Bound::AtLeast
        } else {
            Bound::MoreThan
        };
        if let Some(Times { low, high }) = self.times {
            let low = if inclusive { low } else { high };
            return self.set_times(Times { low, high: None });
        }
        if !inclusive {
            self.low = self.high.and_then(|high| high.tomorrow().ok());
        }
        self.high = None;
    }

    /// Makes it all up to its end.
    pub(super) fn until(&mut self) {
        self.before(true);
    }

    /// Makes it all from its beginning.
    pub(super) fn since(&mut self) {
        self.after(true);
    }
}
