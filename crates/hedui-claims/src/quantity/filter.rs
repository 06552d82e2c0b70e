//! The answers of `hedui quantities`: quantities as the filter prints them.
//!
//! Pure: characters instead of bytes, decimals as strings, periods with an exclusive end. Days are `YYYY-MM-DD`, times
//! `YYYY-MM-DDTHH:MM:SS`.

use hedui_model::{Bound, Interval, Kind, Quantity, Unit};
use jiff::civil::DateTime;
use serde::Serialize;

/// One member of `found`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// The text of the figure.
    pub text: String,
    /// Its first character.
    pub start: usize,
    /// The character after its last.
    pub end: usize,
    /// What kind of expression it is.
    pub kind: Kind,
    /// The value in the unit as written, where low and high are equal; a day or an instant, and then without them.
    pub value: Option<String>,
    /// The lower end in the unit as written, or the first day or instant.
    pub low: Option<String>,
    /// The upper end, or the day or instant after the last.
    pub high: Option<String>,
    /// The unit as written; an ISO code for money; none for numbers and dates.
    pub unit: Option<String>,
    /// The denominator of a quotient.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per: Option<String>,
    /// What an ambiguous unit may be.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<String>,
    /// How the figure bounds the truth.
    pub bound: Bound,
    /// How many digits are meant.
    pub precision: u8,
    /// The same in base units.
    pub base: Option<Base>,
    /// The place in `found` of the figure that this one restates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gloss_of: Option<u32>,
}

/// An interval in base units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Base {
    /// The lower end.
    pub low: Option<String>,
    /// The upper end.
    pub high: Option<String>,
    /// The base unit.
    pub unit: String,
}

/// Turns the quantities of a text into the answers of the filter. `text` is the original that they were read from.
#[must_use]
pub fn filter(text: &str, quantities: &[Quantity]) -> Vec<Answer> {
    let mut characters = Characters {
        text,
        byte: 0,
        count: 0,
    };
    quantities
        .iter()
        .map(|quantity| {
            let start = characters.at(quantity.span.start());
            let end = start
                + quantity
                    .span
                    .of(text)
                    .map_or(0, |text| text.chars().count());
            answer(text, quantity, start, end)
        })
        .collect()
}

/// Counts characters up to offsets that mostly rise.
struct Characters<'a> {
    text: &'a str,
    byte: usize,
    count: usize,
}

impl Characters<'_> {
    fn at(&mut self, byte: usize) -> usize {
        if byte < self.byte {
            (self.byte, self.count) = (0, 0);
        }
        self.count += self
            .text
            .get(self.byte..byte)
            .map_or(0, |text| text.chars().count());
        self.byte = byte;
        self.count
    }
}

fn answer(text: &str, quantity: &Quantity, start: usize, end: usize) -> Answer {
    let (value, low, high) = ends(quantity.written());
    let dated = matches!(quantity.kind, Kind::Date | Kind::DateRange);
    let numeric = matches!(quantity.kind, Kind::Number | Kind::NumberRange);
    let base = match quantity.interval() {
        Interval::Number { low, high } if !numeric => Some(Base {
            low: low.map(|low| low.to_string()),
            high: high.map(|high| high.to_string()),
            unit: unit_name(&quantity.unit),
        }),
        _ => None,
    };
    Answer {
        text: quantity.span.of(text).unwrap_or_default().to_owned(),
        start,
        end,
        kind: quantity.kind,
        value,
        low,
        high,
        unit: (!dated && !numeric).then(|| written_name(quantity)),
        per: quantity.unit.per.clone(),
        candidates: quantity.candidates.clone(),
        bound: quantity.bound,
        precision: quantity.precision,
        base,
        gloss_of: quantity.gloss_of,
    }
}

fn written_name(quantity: &Quantity) -> String {
    match &quantity.unit.per {
        Some(per)
            if quantity.kind == Kind::Dimension && !quantity.written_unit.contains(" per ") =>
        {
            format!("{} per {per}", quantity.written_unit)
        }
        _ => quantity.written_unit.clone(),
    }
}

fn unit_name(unit: &Unit) -> String {
    match &unit.per {
        Some(per) => format!("{}/{per}", unit.id),
        None if unit.id == "second" => "s".to_owned(),
        None => unit.id.clone(),
    }
}

fn ends(interval: Interval) -> (Option<String>, Option<String>, Option<String>) {
    match interval {
        Interval::Number { low, high } => {
            let (low, high) = (
                low.map(|low| low.to_string()),
                high.map(|high| high.to_string()),
            );
            let value = low.clone().filter(|_| low == high);
            (value, low, high)
        }
        Interval::Date { low, high } => {
            if low == high {
                return (low.map(|low| low.to_string()), None, None);
            }
            let after = high.and_then(|high| high.tomorrow().ok());
            (
                None,
                low.map(|low| low.to_string()),
                after.map(|after| after.to_string()),
            )
        }
        Interval::Time { low, high } => {
            let print = |end: DateTime| end.to_string();
            match (low, high) {
                (Some(low), Some(high)) if low == high => (Some(print(low)), None, None),
                (low, high) => (None, low.map(print), high.map(print)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn days_and_times_are_printed_with_an_exclusive_end() {
        let day = date(2025, 12, 31);
        let text = |text: &str| Some(text.to_owned());
        let (low, high) = (Some(day), Some(day));
        assert_eq!(
            ends(Interval::Date { low, high }),
            (text("2025-12-31"), None, None)
        );
        let (low, high) = (Some(day.at(15, 0, 0, 0)), Some(day.at(15, 0, 0, 0)));
        assert_eq!(
            ends(Interval::Time { low, high }),
            (text("2025-12-31T15:00:00"), None, None)
        );
        let high = day.tomorrow().ok().map(|next| next.at(0, 0, 0, 0));
        assert_eq!(
            ends(Interval::Time { low, high }),
            (
                None,
                text("2025-12-31T15:00:00"),
                text("2026-01-01T00:00:00")
            )
        );
        assert_eq!(
            ends(Interval::Time { low, high: None }),
            (None, text("2025-12-31T15:00:00"), None)
        );
    }
}
