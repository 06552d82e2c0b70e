//! Exact decimals that remember how they were written.
//!
//! A [`Decimal`] is an integer times a power of ten. `16.50` and `16.5` are
//! equal in value and differ in [`Decimal::digits`]. All arithmetic is exact or
//! refuses; only [`Decimal::checked_div`] rounds, and says to how many digits.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The digits that a division keeps.
const DIV_DIGITS: u32 = 28;

/// The largest and smallest power of ten allowed, so that printing stays short.
const EXPONENT_MAX: i32 = 60;

/// Why a decimal cannot be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecimalError {
    /// The text is not a plain or scientific decimal.
    #[error("not a decimal: `{0}`")]
    Syntax(String),
    /// The number has more than 38 digits or a power of ten beyond ±60.
    #[error("decimal out of range")]
    Range,
}

/// An exact decimal number, `mantissa × 10^exponent`.
///
/// Equality and order are those of the value; the form is kept for printing and
/// for [`Decimal::digits`].
///
/// ```
/// use hedui_model::Decimal;
/// let written: Decimal = "16.50".parse()?;
/// assert_eq!(written, "16.5".parse()?);
/// assert_eq!(written.digits(), 4);
/// assert_eq!(written.scaled(8)?.to_string(), "1650000000");
/// # Ok::<(), hedui_model::DecimalError>(())
/// ```
#[derive(Clone, Copy)]
pub struct Decimal {
    mantissa: i128,
    exponent: i32,
}

impl Decimal {
    /// Zero, written with one digit.
    pub const ZERO: Decimal = Decimal {
        mantissa: 0,
        exponent: 0,
    };
    /// One.
    pub const ONE: Decimal = Decimal {
        mantissa: 1,
        exponent: 0,
    };

    /// Makes `mantissa × 10^exponent`.
    ///
    /// # Errors
    /// [`DecimalError::Range`] where the power of ten is beyond ±60.
    pub fn new(mantissa: i128, exponent: i32) -> Result<Self, DecimalError> {
        if exponent.abs() > EXPONENT_MAX || mantissa == i128::MIN {
            return Err(DecimalError::Range);
        }
        Ok(Decimal { mantissa, exponent })
    }

    /// Returns the integer that is multiplied by the power of ten.
    #[must_use]
    pub fn mantissa(self) -> i128 {
        self.mantissa
    }

    /// Returns the power of ten of the last digit as written.
    #[must_use]
    pub fn exponent(self) -> i32 {
        self.exponent
    }

    /// Counts the digits as written, leading zeros apart: 3 for `165e8`, 4 for `16.50`, 1 for zero.
    #[must_use]
    pub fn digits(self) -> u32 {
        let size = self.mantissa.unsigned_abs();
        let log = match u64::try_from(size) {
            Ok(small) => small.checked_ilog10(),
            Err(_) => size.checked_ilog10(),
        };
        log.map_or(1, |log| log + 1)
    }

    /// Tells whether the value is zero.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.mantissa == 0
    }

    /// Tells whether the value is below zero.
    #[must_use]
    pub fn is_negative(self) -> bool {
        self.mantissa < 0
    }

    /// Returns the value without its sign.
    #[must_use]
    pub fn abs(self) -> Self {
        Decimal {
            mantissa: self.mantissa.abs(),
            ..self
        }
    }

    /// Returns the value with the other sign.
    #[must_use]
    pub fn negated(self) -> Self {
        Decimal {
            mantissa: -self.mantissa,
            ..self
        }
    }

    /// Returns the value times `10^power`, with the same digits.
    ///
    /// # Errors
    /// [`DecimalError::Range`] where the power of ten becomes too large.
    pub fn scaled(self, power: i32) -> Result<Self, DecimalError> {
        Decimal::new(self.mantissa, self.exponent.saturating_add(power))
    }

    /// Returns the sum, exactly.
    ///
    /// # Errors
    /// [`DecimalError::Range`] where it has more than 38 digits.
    pub fn checked_add(self, other: Self) -> Result<Self, DecimalError> {
        let exponent = self.exponent.min(other.exponent);
        let sum = self
            .mantissa_at(exponent)
            .zip(other.mantissa_at(exponent))
            .and_then(|(left, right)| left.checked_add(right))
            .ok_or(DecimalError::Range)?;
        Decimal::new(sum, exponent)
    }

    /// Returns the difference, exactly.
    ///
    /// # Errors
    /// As [`Decimal::checked_add`].
    pub fn checked_sub(self, other: Self) -> Result<Self, DecimalError> {
        self.checked_add(other.negated())
    }

    /// Returns the product, exactly.
    ///
    /// # Errors
    /// [`DecimalError::Range`] where it has more than 38 digits.
    pub fn checked_mul(self, other: Self) -> Result<Self, DecimalError> {
        let multiply = |left: Self, right: Self| {
            let product = left.mantissa.checked_mul(right.mantissa)?;
            Decimal::new(product, left.exponent.saturating_add(right.exponent)).ok()
        };
        multiply(self, other)
            .or_else(|| multiply(self.normalized(), other.normalized()))
            .ok_or(DecimalError::Range)
    }

    /// Returns the quotient: exact where it ends within 28 digits, else rounded half away from zero there.
    ///
    /// # Errors
    /// [`DecimalError::Range`] for a division by zero or a power of ten that becomes too large.
    pub fn checked_div(self, other: Self) -> Result<Self, DecimalError> {
        let (left, right) = (self.normalized(), other.normalized());
        if right.mantissa == 0 {
            return Err(DecimalError::Range);
        }
        // Shift the dividend so that the integer quotient has the digits wanted, as far as it fits.
        let wanted = (DIV_DIGITS + right.digits()).saturating_sub(left.digits());
        let room = 37_u32.saturating_sub(left.digits());
        let shift = wanted.min(room);
        let dividend = left
            .mantissa
            .checked_mul(10_i128.pow(shift))
            .ok_or(DecimalError::Range)?;
        let (quotient, rest) = (dividend / right.mantissa, dividend % right.mantissa);
        let away = if rest.unsigned_abs() >= right.mantissa.unsigned_abs().div_ceil(2) && rest != 0
        {
            if (left.mantissa < 0) == (right.mantissa < 0) {
                1
            } else {
                -1
            }
        } else {
            0
        };
        let exponent = left.exponent - right.exponent - i32::try_from(shift).unwrap_or(0);
        Ok(Decimal {
            mantissa: quotient + away,
            exponent,
        }
        .normalized())
        .and_then(|value| Decimal::new(value.mantissa, value.exponent))
    }

    /// Rounds to `digits` significant digits, half away from zero; fewer digits stay as they are.
    #[must_use]
    pub fn rounded(self, digits: u32) -> Self {
        let surplus = self.digits().saturating_sub(digits.max(1));
        if surplus == 0 {
            return self;
        }
        self.rounded_to_exponent(
            self.exponent
                .saturating_add(i32::try_from(surplus).unwrap_or(0)),
        )
    }

    /// Rounds to a multiple of `10^exponent`, half away from zero; coarser values stay as they are.
    #[must_use]
    pub fn rounded_to_exponent(self, exponent: i32) -> Self {
        let drop = exponent.saturating_sub(self.exponent);
        if drop <= 0 {
            return self;
        }
        let Some(power) = u32::try_from(drop)
            .ok()
            .and_then(|drop| 10_i128.checked_pow(drop))
        else {
            return Decimal {
                mantissa: 0,
                exponent: exponent.min(EXPONENT_MAX),
            };
        };
        let (quotient, rest) = (self.mantissa / power, self.mantissa % power);
        let away = if rest.abs() >= power / 2 && rest != 0 {
            rest.signum()
        } else {
            0
        };
        Decimal {
            mantissa: quotient + away,
            exponent,
        }
    }

    /// Returns the same value without zeros at the end of the mantissa.
    #[must_use]
    pub fn normalized(self) -> Self {
        if self.mantissa == 0 {
            return Decimal::ZERO;
        }
        let mut value = self;
        while value.exponent < EXPONENT_MAX {
            // Division of what fits a machine word is many times faster.
            let tenth = match i64::try_from(value.mantissa) {
                Ok(small) => (small % 10 == 0).then_some(i128::from(small / 10)),
                Err(_) => (value.mantissa % 10 == 0).then_some(value.mantissa / 10),
            };
            let Some(tenth) = tenth else { break };
            value.mantissa = tenth;
            value.exponent += 1;
        }
        value
    }

    /// Returns the power of ten of the first digit: 10 for `165e8`, -2 for `0.05`; nothing for zero.
    #[must_use]
    pub fn magnitude(self) -> Option<i32> {
        (self.mantissa != 0).then(|| self.exponent + i32::try_from(self.digits()).unwrap_or(0) - 1)
    }

    /// Returns the mantissa that the value has with a given, not larger, power of ten.
    fn mantissa_at(self, exponent: i32) -> Option<i128> {
        let shift = u32::try_from(self.exponent.checked_sub(exponent)?).ok()?;
        if shift == 0 || self.mantissa == 0 {
            return Some(self.mantissa);
        }
        10_i128.checked_pow(shift)?.checked_mul(self.mantissa)
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.exponent == other.exponent {
            return self.mantissa.cmp(&other.mantissa);
        }
        let exponent = self.exponent.min(other.exponent);
        if let Some((left, right)) = self.mantissa_at(exponent).zip(other.mantissa_at(exponent)) {
            return left.cmp(&right);
        }
        // One of them is too large to be brought to the other's power of ten: signs, then magnitudes decide.
        let sign = self.mantissa.signum();
        sign.cmp(&other.mantissa.signum()).then_with(|| {
            let by_size = self.magnitude().cmp(&other.magnitude());
            let by_size = by_size.then_with(|| {
                let (left, right) = (self.normalized(), other.normalized());
                left.digits_string().cmp(&right.digits_string())
            });
            if sign < 0 { by_size.reverse() } else { by_size }
        })
    }
}

impl Decimal {
    fn digits_string(self) -> String {
        self.mantissa.unsigned_abs().to_string()
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}
impl Eq for Decimal {}
impl std::hash::Hash for Decimal {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        let value = self.normalized();
        (value.mantissa, value.exponent).hash(state);
    }
}
impl From<i64> for Decimal {
    fn from(value: i64) -> Self {
        Decimal {
            mantissa: i128::from(value),
            exponent: 0,
        }
    }
}

/// Prints in full, without a power of ten: `165e8` is `16500000000`.
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.digits_string();
        let sign = if self.mantissa < 0 { "-" } else { "" };
        let Ok(decimals) = usize::try_from(-i64::from(self.exponent)) else {
            let zeros = if self.mantissa == 0 {
                0
            } else {
                usize::try_from(self.exponent).unwrap_or(0)
            };
            return write!(f, "{sign}{digits}{:0<zeros$}", "");
        };
        if decimals == 0 {
            return write!(f, "{sign}{digits}");
        }
        let digits = format!("{digits:0>width$}", width = decimals + 1);
        let (whole, fraction) = digits.split_at(digits.len() - decimals);
        write!(f, "{sign}{whole}.{fraction}")
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}e{}", self.mantissa, self.exponent)
    }
}

impl FromStr for Decimal {
    type Err = DecimalError;

    /// Reads `-12.50` or `1.5e8`; no white space, no digit grouping.
    fn from_str(text: &str) -> Result<Self, DecimalError> {
        let syntax = || DecimalError::Syntax(text.chars().take(40).collect());
        let (number, power) = match text.split_once(['e', 'E']) {
            Some((number, power)) => (number, power.parse::<i32>().map_err(|_| syntax())?),
            None => (text, 0),
        };
        let (negative, number) = match number.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, number.strip_prefix('+').unwrap_or(number)),
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if whole.is_empty() && fraction.is_empty() {
            return Err(syntax());
        }
        let mut mantissa: i128 = 0;
        for byte in whole.bytes().chain(fraction.bytes()) {
            if !byte.is_ascii_digit() {
                return Err(syntax());
            }
            mantissa = mantissa
                .checked_mul(10)
                .and_then(|value| value.checked_add(i128::from(byte - b'0')))
                .ok_or(DecimalError::Range)?;
        }
        let decimals = i32::try_from(fraction.len()).map_err(|_| DecimalError::Range)?;
        Decimal::new(
            if negative { -mantissa } else { mantissa },
            power.saturating_sub(decimals),
        )
    }
}

/// As a string that keeps the form: `1650e-2` would lose nothing, so the mantissa and exponent are written where
/// the plain form would drop written zeros, which it never does for a negative exponent.
impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.exponent > 0 {
            serializer.collect_str(&format_args!("{}e{}", self.mantissa, self.exponent))
        } else {
            serializer.collect_str(self)
        }
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn prints_in_full() {
        for (text, printed) in [
            ("165e8", "16500000000"),
            ("-0.05", "-0.05"),
            ("16.50", "16.50"),
            ("0", "0"),
            ("0e9", "0"),
            ("5e-3", "0.005"),
        ] {
            assert_eq!(decimal(text).to_string(), printed);
        }
    }

    #[test]
    fn compares_by_value() {
        assert_eq!(decimal("1e10"), decimal("10000000000.00"));
        assert!(decimal("1e60") > decimal("99999999999999999999999999999999999999"));
        assert!(decimal("-1e60") < decimal("-1e-60"));
        assert!(decimal("1e60") > decimal("1e-60"));
    }

    #[test]
    fn rounds_half_away_from_zero() {
        assert_eq!(decimal("16.54").rounded(3), decimal("16.5"));
        assert_eq!(decimal("16.55").rounded(3), decimal("16.6"));
        assert_eq!(decimal("-16.55").rounded(3), decimal("-16.6"));
        assert_eq!(decimal("99.9").rounded(2), decimal("100"));
        assert_eq!(decimal("3").rounded_to_exponent(60), Decimal::ZERO);
    }

    #[test]
    fn divides_to_28_digits() {
        assert_eq!(
            decimal("1").checked_div(decimal("4")).unwrap().to_string(),
            "0.25"
        );
        assert_eq!(
            decimal("2").checked_div(decimal("3")).unwrap().to_string(),
            "0.6666666666666666666666666667"
        );
        assert!(decimal("2").checked_div(Decimal::ZERO).is_err());
    }

    #[test]
    fn refuses_what_is_no_decimal() {
        for text in [
            "",
            "-",
            ".",
            "1.2.3",
            "1,000",
            "abc",
            "1e",
            "1e99",
            "١",
            &"9".repeat(40),
        ] {
            assert!(text.parse::<Decimal>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn printing_and_reading_keep_value_and_form(mantissa in -(10_i128.pow(30))..10_i128.pow(30), exponent in -20..=0) {
            let value = Decimal::new(mantissa, exponent).unwrap();
            let read = decimal(&value.to_string());
            prop_assert_eq!(read, value);
            prop_assert_eq!(read.exponent(), exponent);
        }

        #[test]
        fn order_agrees_with_subtraction(a in -1_000_000_i128..1_000_000, b in -1_000_000_i128..1_000_000, ea in -8..8, eb in -8..8) {
            let (left, right) = (Decimal::new(a, ea).unwrap(), Decimal::new(b, eb).unwrap());
            let difference = left.checked_sub(right).unwrap();
            prop_assert_eq!(left.cmp(&right), difference.cmp(&Decimal::ZERO));
        }

        #[test]
        fn dividing_undoes_multiplying(a in 1_i128..1_000_000_000, b in 1_i128..1_000_000_000) {
            let (left, right) = (Decimal::new(a, 0).unwrap(), Decimal::new(b, -3).unwrap());
            prop_assert_eq!(left.checked_mul(right).unwrap().checked_div(right).unwrap(), left);
        }
    }
}
