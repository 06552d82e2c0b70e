//! The places of a Chinese number: digits, the places that they stand at, and the groups that 万, 亿 and 兆 close.

use hedui_model::Decimal;
use hedui_text::lexicon::quantities::Role;

use super::super::token::Tokens;
use super::chinese::places_follow;

/// The state of a Chinese number on its way.
#[derive(Default)]
pub(super) struct Han {
    /// Closed groups, the larger power first: value and power of their closing word.
    pub(super) groups: Vec<(Decimal, i32)>,
    /// The sum of places since the last group.
    pub(super) sum: Option<Decimal>,
    /// The digit or numeral that waits for its place.
    pub(super) current: Option<Current>,
    /// The power of the last place or closing word, for the digit at the end.
    pub(super) last: i32,
    /// Whether a zero was said since.
    pub(super) zero: bool,
    /// How far the whole is spread upwards by vague words.
    pub(super) spread: Option<Decimal>,
    pub(super) more: bool,
    pub(super) place: i32,
    pub(super) scale: i32,
}

#[derive(Clone, Copy)]
pub(super) struct Current {
    pub(super) low: Decimal,
    pub(super) high: Decimal,
    /// How many digit words are in it; 0 for ASCII digits.
    pub(super) words: u32,
    pub(super) ascii_digits: u32,
    pub(super) vague: bool,
}

impl Han {
    pub(super) fn digit(&mut self, digit: i64) -> bool {
        let digit = Decimal::from(digit);
        if digit.is_zero() && self.current.is_none() && self.last > 0 {
            self.zero = true;
            return true;
        }
        match &mut self.current {
            None => {
                self.current = Some(Current {
                    low: digit,
                    high: digit,
                    words: 1,
                    ascii_digits: 0,
                    vague: false,
                });
                true
            }
            Some(current) if current.words > 0 && !current.vague && current.words < 20 => {
                let append = |value: Decimal| value.scaled(1).ok()?.checked_add(digit).ok();
                let Some(value) = append(current.low) else {
                    return false;
                };
                // 三五百: remember the two digits in case a place follows.
                current.high = if current.words == 1 { digit } else { value };
                current.low = value;
                current.words += 1;
                true
            }
            Some(_) => false,
        }
    }

    /// Takes 两 behind a lone three as the lower end where something is counted.
    pub(super) fn two_or_three(&mut self, counts: bool) -> bool {
        let three = Decimal::from(3);
        match &mut self.current {
            Some(current)
                if counts && current.words == 1 && current.low == three && self.last == 0 =>
            {
                (current.low, current.high) = (Decimal::from(23), three);
                current.words = 2;
                true
            }
            _ => false,
        }
    }

    pub(super) fn vague_digit(&mut self, tokens: &Tokens<'_>, at: usize) -> Option<usize> {
        if self.current.is_some() {
            return None;
        }
        let places = places_follow(tokens, at + 1);
        if self.last == 1 && !self.zero {
            // 十几, 三十几万: one to ten more.
            self.spread = Some(Decimal::from(10));
            self.last = 0;
            return Some(at + 1);
        }
        if self.last > 1 && !places && !self.zero {
            // 四百几 is as vague as 四百多.
            self.step()?;
            return Some(at + 1);
        }
        if !places && !self.zero {
            // 几家 counts nothing; 一百零几 are up to ten more.
            return None;
        }
        let (low, high) = (1, 10);
        self.current = Some(Current {
            low: Decimal::from(low),
            high: Decimal::from(high),
            words: 1,
            ascii_digits: 0,
            vague: true,
        });
        Some(at + 1)
    }

    /// Spreads the number by one step of its last digit that is not zero: 三千多, 2200多亿, 132亿余.
    pub(super) fn step(&mut self) -> Option<()> {
        let mut pending = self.sum.unwrap_or(Decimal::ZERO);
        if let Some(current) = self.current {
            pending = pending.checked_add(current.low).ok()?;
        }
        if pending.is_zero() {
            pending = self.groups.last()?.0;
        }
        let step = Decimal::new(1, pending.normalized().exponent()).ok()?;
        self.spread = Some(step);
        self.more = true;
        Some(())
    }

    /// Takes the waiting digit out: one where there is none.
    pub(super) fn take(&mut self) -> Option<(Decimal, Decimal)> {
        let Some(current) = self.current.take() else {
            return Some((Decimal::ONE, Decimal::ONE));
        };
        if current.words == 2 && !current.vague {
            let low = current
                .low
                .checked_sub(current.high)
                .ok()?
                .scaled(-1)
                .ok()?
                .normalized();
            if low < current.high && !low.is_zero() {
                return Some((low, current.high));
            }
            if low.is_zero() {
                return Some((current.high, current.high));
            }
            return None;
        }
        if current.words > 2 {
            return Some((current.low, current.low));
        }
        if current.words == 1 && current.low.is_zero() {
            return Some((Decimal::ONE, Decimal::ONE));
        }
        Some((current.low, current.high))
    }

    pub(super) fn add_range(&mut self, low: Decimal, high: Decimal, power: i32) -> Option<()> {
        let low = low.scaled(power).ok()?;
        let high = high.scaled(power).ok()?;
        self.sum = Some(self.sum.unwrap_or(Decimal::ZERO).checked_add(low).ok()?);
        if low != high {
            let spread = high.checked_sub(low).ok()?;
            self.spread = Some(
                self.spread
                    .unwrap_or(Decimal::ZERO)
                    .checked_add(spread)
                    .ok()?,
            );
        }
        Some(())
    }

    pub(super) fn place(&mut self, power: i32, refused: bool) -> bool {
        if refused || (self.more && self.last <= power) {
            return false;
        }
        if self.last != 0
            && self.sum.is_some()
            && power >= self.last
            && self.current.is_none()
            && !self.zero
        {
            return false;
        }
        let digits_then_place = self.current.is_some_and(|current| current.words > 2);
        if digits_then_place {
            return false;
        }
        let Some((low, high)) = self.take() else {
            return false;
        };
        if self.add_range(low, high, power).is_none() {
            return false;
        }
        self.last = power;
        self.place = power;
        self.scale = power;
        self.zero = false;
        true
    }

    pub(super) fn myriad(&mut self, power: i32) -> bool {
        // What stands before: open places and a digit, or closed groups that this word multiplies (万亿).
        let mut value = Decimal::ZERO;
        let mut any = false;
        if let Some(current) = self.current {
            let strung = current.words > 2 || (current.words == 2 && self.sum.is_some());
            let taken = if strung {
                Some((current.low, current.low))
            } else {
                self.take().or(Some((current.low, current.low)))
            };
            self.current = None;
            let Some((low, high)) = taken else {
                return false;
            };
            if self.add_range(low, high, 0).is_none() {
                return false;
            }
        }
        if let Some(sum) = self.sum.take() {
            value = sum;
            any = true;
        }
        while let Some(&(group, closed)) = self.groups.last() {
            if closed > power {
                break;
            }
            let Ok(sum) = value.checked_add(group) else {
                return false;
            };
            value = sum;
            any = true;
            self.groups.pop();
        }
        if !any {
            return false;
        }
        let Ok(scaled) = value.scaled(power) else {
            return false;
        };
        if let Some(spread) = self.spread {
            self.spread = spread.scaled(power).ok();
        }
        self.groups.push((scaled, power));
        self.scale = if self.last >= 4 && self.scale >= 4 && self.groups.len() == 1 {
            self.scale + power
        } else {
            power
        };
        self.last = power;
        self.zero = false;
        true
    }

    /// Reads digits behind a point.
    pub(super) fn point(&mut self, tokens: &Tokens<'_>, at: usize) -> Option<usize> {
        let mut value = Decimal::ZERO;
        let mut count = 0;
        let mut next = at + 1;
        let dotted = !tokens.joined(next);
        if let Some(numeral) = tokens
            .numeral(next)
            .filter(|numeral| !numeral.fractional && tokens.joined(next))
        {
            value = numeral.value;
            let digits = tokens.end(next) - tokens.start(next);
            count = i32::try_from(digits).ok()?;
            next += 1;
        } else {
            while let Some(digit) = tokens.value(next, Role::Digit).filter(|_| {
                (tokens.joined(next) || (dotted && next == at + 1)) && !tokens.is_ascii(next)
            }) {
                value = value
                    .scaled(1)
                    .ok()?
                    .checked_add(Decimal::from(digit))
                    .ok()?;
                count += 1;
                next += 1;
                if count > 30 {
                    break;
                }
            }
        }
        // 一点三十 is a time of day.
        let placed = tokens.joined(next) && tokens.value(next, Role::Place) == Some(1);
        if count == 0 || placed {
            return None;
        }
        let fraction = Decimal::new(
            value
                .checked_add(Decimal::ZERO)
                .ok()?
                .mantissa()
                .checked_mul(10_i128.checked_pow(u32::try_from(value.exponent()).ok()?)?)?,
            -count,
        )
        .ok()?;
        let whole = match self.current.take() {
            Some(current) => current.low,
            None => Decimal::ZERO,
        };
        let whole = whole
            .checked_add(self.sum.take().unwrap_or(Decimal::ZERO))
            .ok()?;
        let low = whole.checked_add(fraction).ok()?;
        self.current = Some(Current {
            low,
            high: low,
            words: 0,
            ascii_digits: 9,
            vague: false,
        });
        self.last = self.last.max(0);
        Some(next)
    }

    /// Two digits in a row that follow one another: 两三年, 七八个.
    pub(super) fn neighbours(&self) -> Option<(Decimal, Decimal)> {
        let current = self.current.filter(|current| current.words == 2)?;
        if self.last != 0 || !self.groups.is_empty() || self.sum.is_some() {
            return None;
        }
        let first = current
            .low
            .checked_sub(current.high)
            .ok()?
            .scaled(-1)
            .ok()?
            .normalized();
        let follows = first.checked_add(Decimal::ONE).ok()? == current.high;
        let skips = first == Decimal::from(3) && current.high == Decimal::from(5);
        ((follows || skips) && !first.is_zero()).then_some((first, current.high))
    }

    pub(super) fn total(&mut self) -> Option<(Decimal, Decimal)> {
        let mut total = self.sum.take().unwrap_or(Decimal::ZERO);
        if let Some(current) = self.current.take() {
            let single = (current.words == 1 && !current.vague) || current.ascii_digits == 1;
            let mut low = current.low;
            let mut high = if current.words >= 2 {
                current.low
            } else {
                current.high
            };
            if current.words == 2 && self.last == 1 && !self.zero {
                // 二十七八: both digits are ones.
                let first = current
                    .low
                    .checked_sub(current.high)
                    .ok()?
                    .scaled(-1)
                    .ok()?
                    .normalized();
                (low, high) = (first, current.high);
            } else if single && self.last >= 2 && !self.zero {
                low = low.scaled(self.last - 1).ok()?;
                high = high.scaled(self.last - 1).ok()?;
            }
            total = total.checked_add(low).ok()?;
            if low != high {
                let spread = high.checked_sub(low).ok()?;
                self.spread = Some(
                    self.spread
                        .unwrap_or(Decimal::ZERO)
                        .checked_add(spread)
                        .ok()?,
                );
            }
            if self.last > 0 {
                self.scale = 0;
            }
        }
        for (group, _) in &self.groups {
            total = total.checked_add(*group).ok()?;
        }
        let high = match self.spread {
            Some(spread) => total.checked_add(spread).ok()?,
            None => total,
        };
        Some((total, high))
    }
}
