#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// Reads `67.1`, `~400`, `>4`, `>=4`, `<5`, `^500` (up to), `3..5`.
fn figure(text: &str) -> Figure {
    let of = |bound, low: Option<&str>, high: Option<&str>| {
        let shown = decimal(low.or(high).unwrap());
        Figure {
            low: low.map(decimal),
            high: high.map(decimal),
            bound,
            precision: u8::try_from(shown.digits()).unwrap(),
        }
    };
    if let Some((low, high)) = text.split_once("..") {
        return of(Bound::Range, Some(low), Some(high));
    }
    if let Some(rest) = text.strip_prefix(">=") {
        return of(Bound::AtLeast, Some(rest), None);
    }
    let Some((sign, rest)) = text.split_at_checked(1) else {
        return of(Bound::Exact, Some(text), Some(text));
    };
    match sign {
        "~" => of(Bound::About, Some(rest), Some(rest)),
        ">" => of(Bound::MoreThan, Some(rest), None),
        "<" => of(Bound::LessThan, None, Some(rest)),
        "^" => of(Bound::UpTo, None, Some(rest)),
        _ => of(Bound::Exact, Some(text), Some(text)),
    }
}

#[test]
fn digits_that_are_changed_about() {
    let swapped = |a: &str, b: &str| {
        let (a, b) = (figure(a), figure(b));
        assert_eq!(are_swapped(&a, &b), are_swapped(&b, &a));
        are_swapped(&a, &b)
    };
    assert!(swapped("1650e8", "1560e8") && swapped("23.71", "27.31") && swapped("550e9", "505e9"));
    assert!(!swapped("26e9", "62e9"), "two digits say little");
    assert!(!swapped("165e9", "165e8") && !swapped("165", "651") && !swapped("165", "165"));
    assert!(!swapped("1650e8", "1560e9"), "another power of ten");
}

#[test]
fn the_rules_case_by_case() {
    let cases = [
        ("165e8", "165e8", Fit::Equal),
        ("16.5e9", "165e8", Fit::Equal),
        ("67.1", "67", Fit::Rounded),
        ("22.77", "22.8", Fit::Rounded),
        ("16.54e9", "165e8", Fit::Rounded),
        ("17.1e9", "17e9", Fit::Rounded),
        ("930.93e8", "93.1e9", Fit::Rounded),
        ("2041.5e8", "204e9", Fit::Rounded),
        // The same precision, so no rounding explains the difference.
        ("165e8", "166e8", Fit::Apart),
        ("16.50", "16.54", Fit::Loose),
        ("67.1", "68", Fit::Apart),
        // Final zeros may be rounding, and need not.
        ("302.4e8", "300e8", Fit::Apart),
        ("302.4e8", "310e8", Fit::Apart),
        ("4516e8", "4500e8", Fit::Loose),
        ("~100", "104", Fit::About),
        ("~100", "~95", Fit::About),
        ("~100", "106", Fit::Apart),
        ("~10", "9.9", Fit::Rounded),
        (">4", "4.4", Fit::Bound),
        (">4", "44", Fit::Apart),
        (">4", "3.5", Fit::Apart),
        (">4", "4", Fit::Bound),
        (">4", "6", Fit::Bound),
        (">4", "6.1", Fit::Apart),
        ("<6", "4.5", Fit::Bound),
        ("<6", "3.9", Fit::Apart),
        ("<6", "6.6", Fit::Apart),
        ("^500", ">=500", Fit::Bound),
        ("^500", ">=600", Fit::Apart),
        (">400", ">500", Fit::Bound),
        (">400", ">700", Fit::Apart),
        ("3..5", "4", Fit::Range),
        ("3..5", "6", Fit::Apart),
        ("3..5", "4..9", Fit::Range),
        ("3..5", "6..9", Fit::Apart),
        ("1e10..1e11", "165e8", Fit::Range),
        ("-6.5", "6.5", Fit::Equal),
        ("0", "0", Fit::Equal),
        ("0", "5", Fit::Apart),
    ];
    for (a, b, expected) in cases {
        assert_eq!(fit(&figure(a), &figure(b)), expected, "{a} and {b}");
        assert_eq!(fit(&figure(b), &figure(a)), expected, "{b} and {a}");
    }
}

#[test]
fn a_slip_is_a_power_of_ten_with_equal_digits() {
    let power = |a: &str, b: &str| slip(&figure(a), &figure(b)).map(|slip| slip.power);
    assert_eq!(power("165e8", "165e9"), Some(-1));
    assert_eq!(power("1.5e7", "150e4"), Some(1));
    assert_eq!(power("6e9", "6e6"), Some(3));
    assert_eq!(power("16.54e9", "165e9"), Some(-1));
    assert_eq!(power("~10e9", "1e9"), Some(1));
    assert_eq!(power("165e8", "166e9"), None);
    assert_eq!(power("165e8", "165e8"), None);
    assert_eq!(power("1e0", "1e20"), None);
    assert_eq!(power("3..5", "30"), None);
    assert_eq!(power("6e10", "1e12"), None, "0.6 rounds to 1");
    assert_eq!(slip(&figure("165e8"), &figure("165e9")).unwrap().digits, 3);
    assert_eq!(slip(&figure("5000e8"), &figure("50e9")).unwrap().digits, 1);
}

fn any_figure() -> impl Strategy<Value = Figure> {
    let bounds = prop_oneof![
        Just(Bound::Exact),
        Just(Bound::About),
        Just(Bound::MoreThan),
        Just(Bound::AtLeast),
        Just(Bound::LessThan),
        Just(Bound::AtMost),
        Just(Bound::UpTo),
        Just(Bound::Range),
    ];
    (0_i128..100_000, -4_i32..12, 0_i128..5_000, bounds, 1_u8..7).prop_map(
        |(mantissa, exponent, width, bound, precision)| {
            let value = Decimal::new(mantissa, exponent).unwrap();
            let (low, high) = match bound {
                Bound::MoreThan | Bound::AtLeast => (Some(value), None),
                Bound::LessThan | Bound::AtMost | Bound::UpTo => (None, Some(value)),
                Bound::Range => (
                    Some(value),
                    Some(Decimal::new(mantissa + width, exponent).unwrap()),
                ),
                Bound::Exact | Bound::About => (Some(value), Some(value)),
            };
            Figure {
                low,
                high,
                bound,
                precision,
            }
        },
    )
}

proptest! {
    #[test]
    fn fitting_is_symmetric(a in any_figure(), b in any_figure()) {
        prop_assert_eq!(fit(&a, &b), fit(&b, &a));
        let there = slip(&a, &b);
        let back = slip(&b, &a);
        prop_assert_eq!(there.map(|slip| slip.power), back.map(|slip| -slip.power));
    }

    #[test]
    fn a_figure_fits_itself(a in any_figure()) {
        prop_assert!(fit(&a, &a).is_compatible());
    }

    #[test]
    fn scaling_both_changes_nothing(a in any_figure(), b in any_figure(), power in -3_i32..4) {
        let factor = Decimal::ONE.scaled(power).unwrap();
        prop_assert_eq!(fit(&a, &b), fit(&a.times(factor).unwrap(), &b.times(factor).unwrap()));
    }
}
