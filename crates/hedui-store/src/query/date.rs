//! Dates in queries: a year, a quarter, a month or a day stands for all its days.

use jiff::civil::Date;

use super::DateRange;

/// Reads a year, quarter, month or day.
pub(super) fn read(text: &str) -> Option<DateRange> {
    let mut parts = text.split(['-', '/', '.']);
    let (year, rest) = parts.next()?.split_at_checked(4)?;
    let year = number(year, 4)?;
    let second = match rest {
        "" => parts.next(),
        _ => Some(rest).filter(|rest| rest.starts_with(['Q', 'q'])),
    };
    if !rest.is_empty() && second.is_none() {
        return None;
    }
    let third = parts.next();
    if parts.next().is_some() {
        return None;
    }
    match (second, third) {
        (None, None) => months(year, 1, 12),
        (Some(second), None) => match second.strip_prefix(['Q', 'q']) {
            Some(quarter) => {
                let quarter = number(quarter, 1).filter(|quarter| (1..=4).contains(quarter))?;
                months(year, quarter * 3 - 2, quarter * 3)
            }
            None => {
                let month = number(second, 2)?;
                months(year, month, month)
            }
        },
        (Some(month), Some(day)) => {
            let day = Date::new(
                year,
                i8::try_from(number(month, 2)?).ok()?,
                i8::try_from(number(day, 2)?).ok()?,
            )
            .ok()?;
            Some(DateRange {
                from: Some(day),
                to: Some(day),
            })
        }
        (None, Some(_)) => None,
    }
}

fn months(year: i16, first: i16, last: i16) -> Option<DateRange> {
    let start = |month: i16| Date::new(year, i8::try_from(month).ok()?, 1).ok();
    Some(DateRange {
        from: Some(start(first)?),
        to: Some(start(last)?.last_of_month()),
    })
}

/// Reads up to `digits` ASCII digits.
fn number(text: &str, digits: usize) -> Option<i16> {
    let is_number = (1..=digits).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn range(text: &str) -> Option<String> {
        let range = read(text)?;
        Some(format!("{} {}", range.from.unwrap(), range.to.unwrap()))
    }

    #[test]
    fn a_part_of_the_calendar_is_all_its_days() {
        for (text, days) in [
            ("2025", "2025-01-01 2025-12-31"),
            ("2024-02", "2024-02-01 2024-02-29"),
            ("2025-2", "2025-02-01 2025-02-28"),
            ("2025-Q3", "2025-07-01 2025-09-30"),
            ("2025q4", "2025-10-01 2025-12-31"),
            ("2025-03-04", "2025-03-04 2025-03-04"),
            ("2025/3/4", "2025-03-04 2025-03-04"),
        ] {
            assert_eq!(range(text).as_deref(), Some(days), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "",
            "25",
            "2025-13",
            "2025-02-30",
            "2025-",
            "2025-Q5",
            "20255",
            "2025-1-1-1",
            "２０２５",
            "-2025",
            "+202",
        ] {
            assert_eq!(range(text), None, "{text}");
        }
    }
}
