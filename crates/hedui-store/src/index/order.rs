//! Decimals as bytes that sort as the decimals do, and are equal exactly where they are.
//!
//! A sign byte; then, for what is not zero, the power of ten of the first
//! digit, the digits two by two without zeros at the end, and an end byte. Below
//! zero all but the sign is complemented. No encoding is the beginning of
//! another, so bytes may follow.

use hedui_model::Decimal;

const NEGATIVE: u8 = 0x7f;
const ZERO: u8 = 0x80;
const POSITIVE: u8 = 0x81;

/// A byte above every encoding.
pub(super) const ABOVE_ALL: u8 = 0xff;

/// Appends the encoding of `value`.
pub(super) fn encode(value: Decimal, bytes: &mut Vec<u8>) {
    let Some(magnitude) = value.magnitude() else {
        bytes.push(ZERO);
        return;
    };
    let flip = if value.is_negative() { 0xff } else { 0 };
    bytes.push(if value.is_negative() {
        NEGATIVE
    } else {
        POSITIVE
    });
    // Powers of ten go from -60 to 60, and a mantissa has up to 39 digits.
    bytes.push(u8::try_from(magnitude + 100).unwrap_or(u8::MAX) ^ flip);
    let digits = value.mantissa().unsigned_abs().to_string();
    let digits = digits.trim_end_matches('0').as_bytes();
    for pair in digits.chunks(2) {
        let digit = |index: usize| pair.get(index).map_or(0, |digit| digit - b'0');
        bytes.push((digit(0) * 10 + digit(1) + 1) ^ flip);
    }
    bytes.push(flip);
}

/// Returns how many of the first bytes are the encoding of a decimal.
pub(super) fn encoded_len(bytes: &[u8]) -> Option<usize> {
    let end = match *bytes.first()? {
        ZERO => return Some(1),
        POSITIVE => 0,
        NEGATIVE => 0xff,
        _ => return None,
    };
    // The magnitude's byte is never the end byte, and there is at least one pair.
    bytes
        .iter()
        .skip(2)
        .position(|&byte| byte == end)
        .map(|at| at + 3)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bytes(value: Decimal) -> Vec<u8> {
        let mut bytes = Vec::new();
        encode(value, &mut bytes);
        bytes
    }

    #[test]
    fn figures_of_every_size_sort() {
        let rising = [
            "-170141183460469231731687303715884105727e60",
            "-1e60",
            "-165e8",
            "-16.54",
            "-16.5",
            "-1e-60",
            "0",
            "1e-60",
            "0.05",
            "0.5",
            "1",
            "1.01",
            "1.1",
            "2",
            "9.99",
            "10",
            "99",
            "100",
            "165e8",
            "1.6500000001e10",
            "170141183460469231731687303715884105727e60",
        ];
        let keys: Vec<Vec<u8>> = rising
            .iter()
            .map(|text| bytes(text.parse().unwrap()))
            .collect();
        assert!(keys.is_sorted_by(|left, right| left < right));
    }

    proptest! {
        #[test]
        fn bytes_sort_as_the_decimals_do(
            a in any::<i64>(), b in any::<i64>(), ea in -20_i32..20, eb in -20_i32..20, rest in proptest::collection::vec(any::<u8>(), 0..4),
        ) {
            let (left, right) = (Decimal::new(a.into(), ea).unwrap(), Decimal::new(b.into(), eb).unwrap());
            prop_assert_eq!(bytes(left).cmp(&bytes(right)), left.cmp(&right));
            let mut longer = bytes(left);
            let length = longer.len();
            longer.extend(rest);
            prop_assert_eq!(encoded_len(&longer), Some(length));
        }

        #[test]
        fn equal_values_have_equal_bytes(mantissa in -1_000_000_i128..1_000_000, zeros in 0_u32..10) {
            let short = Decimal::new(mantissa, 0).unwrap();
            let long = Decimal::new(mantissa * 10_i128.pow(zeros), -i32::try_from(zeros).unwrap()).unwrap();
            prop_assert_eq!(bytes(short), bytes(long));
        }
    }
}
