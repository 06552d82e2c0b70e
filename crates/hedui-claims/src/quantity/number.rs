//! Numbers: what a run of numeral tokens says, in digits, Chinese or English, exactly.
//!
//! Chinese: groups of four digits closed by 万, 亿, 兆; a digit at the end stands one place below the last (三万五 is
//! 35,000); digits in a row are a digit string (二〇二五) or, before a place, two ends (三五百). English: hundreds and
//! scales. Either may start with ASCII digits. A number may be vague: then its two ends differ.

use hedui_model::{Bound, Decimal};
use hedui_text::lexicon::quantities::{Role, Roles};

use super::token::{Gap, TokenKind, Tokens};

/// More tokens than this make no number of any text.
const TOKENS_MAX: usize = 40;

/// A number as written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Number {
    /// The lower end; the number itself where it is not vague.
    pub(super) low: Decimal,
    /// The upper end.
    pub(super) high: Decimal,
    /// What the wording itself says of the bound: 多, 数百, 上百.
    pub(super) bound: Option<Bound>,
    /// The power of ten of the scale word at its end (亿, million), 0 for none.
    pub(super) scale: i32,
    /// The power of ten of the place word right before that scale (百 in 九百亿).
    pub(super) place: i32,
    /// How many digits are meant.
    pub(super) digits: u8,
    /// Whether it is a fraction of one (three quarters).
    pub(super) fraction: bool,
    /// Whether it is written in words or with a scale, so that it cannot be a year, a code or an id.
    pub(super) worded: bool,
    /// The token after it.
    pub(super) next: usize,
}

impl Number {
    fn point(value: Decimal, next: usize) -> Self {
        Number {
            low: value,
            high: value,
            bound: None,
            scale: 0,
            place: 0,
            digits: u8::try_from(value.digits()).unwrap_or(u8::MAX),
            fraction: false,
            worded: true,
            next,
        }
    }

    /// Both ends times a power of ten.
    pub(super) fn scaled(mut self, power: i32) -> Option<Self> {
        self.low = self.low.scaled(power).ok()?;
        self.high = self.high.scaled(power).ok()?;
        Some(self)
    }

    fn map(mut self, change: impl Fn(Decimal) -> Option<Decimal>) -> Option<Self> {
        self.low = change(self.low)?;
        self.high = change(self.high)?;
        Some(self)
    }

    pub(super) fn is_point(&self) -> bool {
        self.low == self.high
    }
}

/// What stands where a number might.
#[derive(Clone, Copy, Debug)]
pub(super) enum Found {
    /// A number.
    Number(Number),
    /// An ordinal or such: go on at this token.
    Skip(usize),
}

const ENGLISH: Roles = Roles::of(&[Role::Digit, Role::Tens]);
const STARTS: Roles = Roles::of(&[
    Role::Digit,
    Role::Tens,
    Role::Place,
    Role::Myriad,
    Role::Half,
    Role::Vulgar,
    Role::VagueDigit,
    Role::PluralScale,
    Role::Article,
    Role::Counted,
    Role::Ordinal,
]);

/// Reads the number that starts at token `at`, if one does.
pub(super) fn read(tokens: &Tokens<'_>, at: usize) -> Option<Found> {
    let token = tokens.get(at)?;
    match token.kind {
        TokenKind::Slash(numerator, denominator) => {
            slash(numerator, denominator, at + 1).map(Found::Number)
        }
        TokenKind::Day(_) | TokenKind::RocDay(_) | TokenKind::Month(..) => None,
        TokenKind::Number(_) => {
            if tokens.is(at + 1, Role::OrdinalSuffix) && tokens.gap(at + 1) == Gap::None {
                return Some(Found::Skip(at + 2));
            }
            let number = if han_follows(tokens, at + 1) {
                han(tokens, at)?
            } else {
                english(tokens, at)?
            };
            Some(Found::Number(fractions(tokens, number)))
        }
        TokenKind::Word(_) => {
            if !tokens.any(at, STARTS) {
                return None;
            }
            if tokens.is_ascii(at) {
                return words(tokens, at);
            }
            if tokens.is(at, Role::Half) {
                return han_half(at).map(Found::Number);
            }
            if tokens.is(at, Role::Vulgar) {
                return vulgar(tokens, at).map(Found::Number);
            }
            if tokens.any(
                at,
                Roles::of(&[
                    Role::Digit,
                    Role::Tens,
                    Role::Place,
                    Role::Myriad,
                    Role::VagueDigit,
                ]),
            ) {
                return han(tokens, at).map(|number| Found::Number(fractions(tokens, number)));
            }
            None
        }
    }
}

fn han_follows(tokens: &Tokens<'_>, at: usize) -> bool {
    (tokens.is(at, Role::Classifier)
        && tokens.is(at + 1, Role::Myriad)
        && tokens.gap(at + 1) == Gap::None
        || tokens.any(
            at,
            Roles::of(&[
                Role::Place,
                Role::Myriad,
                Role::Denominator,
                Role::VagueMore,
                Role::VagueAbout,
                Role::Digit,
                Role::MixedLink,
                Role::Half,
            ]),
        ))
        && !tokens.is_ascii(at)
        && tokens.joined(at)
}

fn slash(numerator: u32, denominator: u32, next: usize) -> Option<Number> {
    let (numerator, denominator) = (
        Decimal::from(i64::from(numerator)),
        Decimal::from(i64::from(denominator)),
    );
    let mut number = Number::point(numerator.checked_div(denominator).ok()?, next);
    number.fraction = true;
    number.digits = 2;
    Some(number)
}

fn vulgar_value(tokens: &Tokens<'_>, at: usize) -> Option<Decimal> {
    let value = tokens.value(at, Role::Vulgar)?;
    Decimal::from(value / 1000)
        .checked_div(Decimal::from(value % 1000))
        .ok()
}

fn vulgar(tokens: &Tokens<'_>, at: usize) -> Option<Number> {
    let mut number = Number::point(vulgar_value(tokens, at)?, at + 1);
    number.fraction = true;
    Some(scales(tokens, number))
}

/// 半 in front: 半年, 半成; only where a unit follows, which the caller sees to.
fn han_half(at: usize) -> Option<Number> {
    let mut number = Number::point(Decimal::new(5, -1).ok()?, at + 1);
    number.digits = 1;
    Some(number)
}

// ---- Chinese ----

/// The state of a Chinese number on its way.
#[derive(Default)]
struct Han {
    /// Closed groups, the larger power first: value and power of their closing word.
    groups: Vec<(Decimal, i32)>,
    /// The sum of places since the last group.
    sum: Option<Decimal>,
    /// The digit or numeral that waits for its place.
    current: Option<Current>,
    /// The power of the last place or closing word, for the digit at the end.
    last: i32,
    /// Whether a zero was said since.
    zero: bool,
    /// How far the whole is spread upwards by vague words.
    spread: Option<Decimal>,
    more: bool,
    place: i32,
    scale: i32,
}

#[derive(Clone, Copy)]
struct Current {
    low: Decimal,
    high: Decimal,
    /// How many digit words are in it; 0 for ASCII digits.
    words: u32,
    ascii_digits: u32,
    vague: bool,
}

fn han(tokens: &Tokens<'_>, start: usize) -> Option<Number> {
    let mut state = Han::default();
    let mut at = start;
    let mut digits = 0_u32;
    while at < start + TOKENS_MAX {
        if at > start && !tokens.joined(at) {
            if let Some(next) = dotted(tokens, &mut state, at) {
                at = next;
                digits += 1;
                continue;
            }
            break;
        }
        if at > start && tokens.is_ascii(at) && tokens.numeral(at).is_none() {
            break;
        }
        let Some(next) = han_step(tokens, &mut state, start, at) else {
            break;
        };
        digits += 1;
        at = next;
    }
    if at == start {
        return None;
    }
    let neighbours = state.neighbours().filter(|_| {
        tokens.joined(at)
            && tokens.any(
                at,
                Roles::of(&[Role::Unit, Role::Classifier, Role::Noun, Role::Tenths]),
            )
            && !tokens.is_ascii(at)
    });
    let (low, high) = match neighbours {
        Some(ends) => ends,
        None => state.total()?,
    };
    let mut number = Number::point(low, at);
    number.high = high;
    number.digits = number
        .digits
        .min(u8::try_from(low.normalized().digits().max(1)).unwrap_or(u8::MAX))
        .max(written_digits(tokens, start, at));
    number.scale = state.scale;
    number.place = state.place;
    number.worded = !(digits == 1 && tokens.numeral(start).is_some());
    number.bound = (low != high).then_some(Bound::Range);
    Some(number)
}

/// A point between Chinese digits that is written as a sign: 二十七．七.
fn dotted(tokens: &Tokens<'_>, state: &mut Han, at: usize) -> Option<usize> {
    let between = tokens.text.get(tokens.end(at - 1)..tokens.start(at))?;
    let digit_before =
        tokens.any(at - 1, Roles::of(&[Role::Digit, Role::Place])) && !tokens.is_ascii(at - 1);
    let is_digit = tokens.is(at, Role::Digit) && !tokens.is_ascii(at);
    if between != "." || !digit_before || !is_digit {
        return None;
    }
    state.point(tokens, at - 1)
}

/// The digits as written of the first numeral: 16.50亿 has four.
fn written_digits(tokens: &Tokens<'_>, start: usize, end: usize) -> u8 {
    let mut most = 0;
    for at in start..end.min(start + TOKENS_MAX) {
        if let Some(numeral) = tokens.numeral(at) {
            most = most.max(u8::try_from(numeral.value.digits()).unwrap_or(u8::MAX));
        }
    }
    most
}

fn han_step(tokens: &Tokens<'_>, state: &mut Han, start: usize, at: usize) -> Option<usize> {
    if let Some(numeral) = tokens.numeral(at) {
        // Digits behind a digit word are another number, unless a zero stands between (1百01).
        if state.current.is_some() || (at > start && state.last == 0) {
            return None;
        }
        let placed = places_follow(tokens, at + 1);
        if at > start && tokens.gap(at) != Gap::None && !placed {
            return None;
        }
        let digits = u32::from(numeral.whole_digits);
        state.current = Some(Current {
            low: numeral.value,
            high: numeral.value,
            words: 0,
            ascii_digits: if numeral.padded || numeral.fractional {
                9
            } else {
                digits
            },
            vague: false,
        });
        return Some(at + 1);
    }
    let word = tokens.word(at)?;
    if word.is(Role::Capital)
        && at == start
        && !(tokens.any(
            at + 1,
            Roles::of(&[Role::Place, Role::Myriad, Role::Point, Role::Digit]),
        ) && tokens.joined(at + 1))
        && !super::figure::alone(tokens, tokens.start(at), tokens.end(at))
    {
        return None;
    }
    if let Some(digit) = word.value(Role::Digit) {
        return state.digit(digit).then_some(at + 1);
    }
    if let Some(tens) = word.value(Role::Tens) {
        if state.current.is_some() {
            return None;
        }
        state.sum = Some(
            state
                .sum
                .unwrap_or(Decimal::ZERO)
                .checked_add(Decimal::from(tens))
                .ok()?,
        );
        state.last = 1;
        state.zero = false;
        return Some(at + 1);
    }
    if let Some(power) = word.value(Role::Place) {
        let power = i32::try_from(power).ok()?;
        return state
            .place(power, at == start && !bare_place_allowed(tokens, at))
            .then_some(at + 1);
    }
    if let Some(power) = word.value(Role::Myriad) {
        let power = i32::try_from(power).ok()?;
        if at == start {
            if !bound_before(tokens, at) {
                return None;
            }
            state.sum = Some(Decimal::ONE);
        }
        return state.myriad(power).then_some(at + 1);
    }
    if word.is(Role::VagueDigit) && !word.is(Role::VagueMore)
        || (word.is(Role::VagueDigit)
            && (at == start
                || places_follow(tokens, at + 1) && state.current.is_none() && state.last <= 1
                || state.last == 1))
    {
        return state.vague_digit(tokens, at);
    }
    if word.is(Role::VagueMore) && at > start && (state.last > 0 || state.current.is_some()) {
        // 三千多, 500多亿; a digit before it counts wholes (三年多 has the unit first).
        if state
            .current
            .is_some_and(|current| current.words == 1 && state.last == 0)
            && !places_follow(tokens, at + 1)
        {
            return None;
        }
        state.step()?;
        return Some(at + 1);
    }
    if word.is(Role::VagueAbout)
        && at > start
        && state.last > 0
        && state.current.is_none()
        && (places_follow(tokens, at + 1) || is_counted(tokens, at + 1))
    {
        state.step()?;
        return Some(at + 1);
    }
    if word.is(Role::Classifier)
        && tokens.is(at + 1, Role::Myriad)
        && tokens.gap(at + 1) == Gap::None
    {
        // 两个亿
        return state.current.is_some().then_some(at + 1);
    }
    if word.is(Role::Point) && at > start {
        return state.point(tokens, at);
    }
    if word.is(Role::Half) && at > start && state.current.is_none() && state.scale > 0 {
        // 一万半 is not said; 两个半 has its classifier first. A half behind a scale is half of it.
        return None;
    }
    None
}

fn places_follow(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens.any(at, Roles::of(&[Role::Place, Role::Myriad])) && tokens.joined(at)
}

/// 百 and 千 start a number only before 万, 亿 (百万, 千亿) or behind a word that asks for a magnitude (上百).
fn bare_place_allowed(tokens: &Tokens<'_>, at: usize) -> bool {
    if tokens.value(at, Role::Place) == Some(1) {
        return true;
    }
    let myriad = tokens.is(at + 1, Role::Myriad) && tokens.joined(at + 1);
    let counted = tokens.value(at, Role::Place) == Some(2)
        && tokens.any(at + 1, Roles::of(&[Role::BoundAfter]));
    bound_before(tokens, at) || myriad || counted
}

/// 上百, 近千, 破兆元: a bound that a bare magnitude may follow.
fn bound_before(tokens: &Tokens<'_>, at: usize) -> bool {
    at.checked_sub(1).is_some_and(|before| {
        tokens.any(before, Roles::of(&[Role::OnOrder, Role::BoundBefore])) && tokens.joined(at)
    })
}

impl Han {
    fn digit(&mut self, digit: i64) -> bool {
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

    fn vague_digit(&mut self, tokens: &Tokens<'_>, at: usize) -> Option<usize> {
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
        if self.last > 1 && !places {
            // 四百几 is as vague as 四百多.
            self.step()?;
            return Some(at + 1);
        }
        if !places {
            // 几家 counts nothing.
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
    fn step(&mut self) -> Option<()> {
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
    fn take(&mut self) -> Option<(Decimal, Decimal)> {
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

    fn add_range(&mut self, low: Decimal, high: Decimal, power: i32) -> Option<()> {
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

    fn place(&mut self, power: i32, refused: bool) -> bool {
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

    fn myriad(&mut self, power: i32) -> bool {
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
    fn point(&mut self, tokens: &Tokens<'_>, at: usize) -> Option<usize> {
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
        if count == 0 {
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
    fn neighbours(&self) -> Option<(Decimal, Decimal)> {
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

    fn total(&mut self) -> Option<(Decimal, Decimal)> {
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

fn is_counted(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens.joined(at)
        && tokens.any(
            at,
            Roles::of(&[Role::Classifier, Role::Unit, Role::Noun, Role::Currency]),
        )
        && !tokens.is_ascii(at)
}

// ---- Fractions behind a number ----

/// Looks for what makes the number a part of a fraction: 三分之二, 五又三分之一, 2 1/2, 3½.
fn fractions(tokens: &Tokens<'_>, number: Number) -> Number {
    let at = number.next;
    if !tokens.joined(at) || !number.is_point() {
        return number;
    }
    if tokens.is(at, Role::Denominator) {
        return denominated(tokens, number, number.low, at + 1).unwrap_or(number);
    }
    if let Some(power) = tokens
        .value(at, Role::Parts)
        .filter(|_| !tokens.is_ascii(at))
    {
        // 五百分之一: the link swallowed the denominator's last place.
        let denominator = i32::try_from(power)
            .ok()
            .and_then(|power| number.low.scaled(power).ok());
        return denominator
            .and_then(|denominator| denominated(tokens, number, denominator, at + 1))
            .unwrap_or(number);
    }
    if tokens.is(at, Role::MixedLink) && !tokens.is_ascii(at) && tokens.joined(at + 1) {
        return mixed(tokens, number, at + 1).unwrap_or(number);
    }
    if tokens.is(at, Role::Vulgar) {
        return vulgar_value(tokens, at)
            .and_then(|part| number.low.checked_add(part).ok())
            .map_or(number, |value| {
                scales(
                    tokens,
                    Number {
                        scale: number.scale,
                        ..Number::point(value, at + 1)
                    },
                )
            });
    }
    if let Some(TokenKind::Slash(numerator, denominator)) = tokens.get(at).map(|token| token.kind)
        && numerator < denominator
        && number.scale == 0
        && !number.worded
        && tokens.gap(at) == Gap::Space
    {
        return slash(numerator, denominator, at + 1)
            .and_then(|part| number.low.checked_add(part.low).ok())
            .map_or(number, |value| scales(tokens, Number::point(value, at + 1)));
    }
    number
}

fn denominated(
    tokens: &Tokens<'_>,
    number: Number,
    denominator: Decimal,
    at: usize,
) -> Option<Number> {
    if !tokens.joined(at) {
        return None;
    }
    let numerator = han(tokens, at)?;
    let mut value = numerator.map(|value| value.checked_div(denominator).ok())?;
    value.fraction = true;
    value.scale = 0;
    value.digits = number.digits.max(numerator.digits).max(2);
    Some(value)
}

fn mixed(tokens: &Tokens<'_>, number: Number, at: usize) -> Option<Number> {
    let Found::Number(part) = read(tokens, at)? else {
        return None;
    };
    if !part.fraction {
        return None;
    }
    let value = number.low.checked_add(part.low).ok()?;
    Some(Number::point(value, part.next))
}

// ---- English ----

/// A number that starts in ASCII digits with English behind it.
fn english(tokens: &Tokens<'_>, at: usize) -> Option<Number> {
    let numeral = tokens.numeral(at)?;
    let mut number = Number::point(numeral.value, at + 1);
    number.worded = false;
    let mut point = at + 1;
    if tokens.is_hyphen(point) && tokens.gap(point) == Gap::None {
        point += 1;
    }
    if tokens.is(point, Role::Point) && tokens.is_ascii(point) && tokens.joined(point) {
        let digit = point + 1 + usize::from(tokens.is_hyphen(point + 1));
        if tokens.joined(digit)
            && let Some(value) = word_decimal(tokens, number, digit)
        {
            number = value;
        }
    }
    let number = scales(tokens, number);
    Some(and_more(tokens, number))
}

/// Applies scale words behind a number: million, bn, dozen.
fn scales(tokens: &Tokens<'_>, mut number: Number) -> Number {
    loop {
        let mut at = number.next;
        if tokens.is_hyphen(at) && tokens.gap(at) == Gap::None && tokens.gap(at + 1) == Gap::None {
            at += 1;
        }
        if !tokens.joined(at) {
            return number;
        }
        let plural = || {
            tokens
                .value(at, Role::PluralScale)
                .filter(|power| *power >= 2)
        };
        let power = tokens.value(at, Role::Scale).or_else(plural).or_else(|| {
            tokens.value(at, Role::ShortScale).filter(|_| {
                tokens.gap(at) == Gap::None && number.scale == 0 && short_scale_holds(tokens, at)
            })
        });
        if let Some(power) = power.and_then(|power| i32::try_from(power).ok()) {
            let Some(scaled) = number.scaled(power) else {
                return number;
            };
            number = Number {
                scale: number.scale + power,
                next: at + 1,
                worded: true,
                ..scaled
            };
            continue;
        }
        if let Some(count) = tokens.value(at, Role::Counted) {
            let Some(counted) = number.map(|value| value.checked_mul(Decimal::from(count)).ok())
            else {
                return number;
            };
            return Number {
                next: at + 1,
                worded: true,
                ..counted
            };
        }
        return number;
    }
}

/// Applies scale words smaller than a limit.
fn scales_below(tokens: &Tokens<'_>, number: Number, limit: i32) -> Number {
    let at = number.next;
    match tokens.value(at, Role::Scale).filter(|_| tokens.joined(at)) {
        Some(power) if power < i64::from(limit) => scales(tokens, number),
        Some(_) => number,
        None => scales(tokens, number),
    }
}

/// A letter that is a unit as well (m, t, B) is a scale where money or a unit stands beside it.
fn short_scale_holds(tokens: &Tokens<'_>, at: usize) -> bool {
    if !tokens.is(at, Role::Unit) {
        return true;
    }
    let before = at
        .checked_sub(2)
        .is_some_and(|before| tokens.is(before, Role::Currency) && tokens.joined(at - 1));
    let after = tokens.any(at + 1, Roles::of(&[Role::Currency, Role::Unit, Role::Noun]))
        && tokens.joined(at + 1);
    before || after
}

/// `one million and a half`, `five billion and three quarters`, `4 thousand 3 hundred`.
fn and_more(tokens: &Tokens<'_>, number: Number) -> Number {
    if number.scale < 2 || !number.is_point() {
        return number;
    }
    let mut at = number.next;
    let linked = tokens.is(at, Role::MixedLink) && tokens.joined(at);
    if linked {
        at += 1;
    }
    if !tokens.joined(at) {
        return number;
    }
    if linked
        && tokens.is(at, Role::Article)
        && tokens.is(at + 1, Role::Half)
        && tokens.joined(at + 1)
    {
        let half = Decimal::new(5, -1)
            .ok()
            .and_then(|half| half.scaled(number.scale).ok());
        return half
            .and_then(|half| number.low.checked_add(half).ok())
            .map_or(number, |value| Number {
                scale: number.scale,
                ..Number::point(value, at + 2)
            });
    }
    let Some(more) = small(tokens, at, number.scale) else {
        return number;
    };
    let Ok(value) = number.low.checked_add(more.low) else {
        return number;
    };
    Number {
        scale: 0,
        ..Number::point(value, more.next)
    }
}

/// A number below 10^limit, as the next part of a larger one.
fn small(tokens: &Tokens<'_>, at: usize, limit: i32) -> Option<Number> {
    let number = if tokens.numeral(at).is_some() {
        let numeral = tokens.numeral(at)?;
        if numeral.grouped {
            return None;
        }
        scales(
            tokens,
            Number {
                worded: false,
                ..Number::point(numeral.value, at + 1)
            },
        )
    } else {
        scales_below(tokens, below_hundred(tokens, at)?, limit)
    };
    // A numeral without its own scale behind a scale word is another figure: `$5 million 2024`.
    let linked = at
        .checked_sub(1)
        .is_some_and(|before| tokens.is(before, Role::MixedLink));
    if tokens.numeral(at).is_some() && number.scale == 0 && !(linked && limit == 2) {
        return None;
    }
    let size = number.low.magnitude()?;
    let denominator = tokens
        .value(number.next, Role::Fraction)
        .filter(|_| tokens.joined(number.next));
    let mixed = denominator.is_some_and(|denominator| number.low < Decimal::from(denominator));
    (size < limit && !mixed).then_some(number)
}

/// `twenty-one`, `seven`, `fifteen`.
fn below_hundred(tokens: &Tokens<'_>, at: usize) -> Option<Number> {
    if !tokens.any(at, ENGLISH) || !tokens.is_ascii(at) {
        return None;
    }
    if let Some(tens) = tokens.value(at, Role::Tens) {
        let mut next = at + 1;
        if tokens.is_hyphen(next) && tokens.joined(next) {
            next += 1;
        }
        if tens >= 20
            && tokens.joined(next)
            && tokens.is_ascii(next)
            && let Some(ones) = tokens.value(next, Role::Digit).filter(|ones| *ones > 0)
        {
            return Some(Number::point(Decimal::from(tens + ones), next + 1));
        }
        return Some(Number::point(Decimal::from(tens), at + 1));
    }
    let digit = tokens.value(at, Role::Digit)?;
    Some(Number::point(Decimal::from(digit), at + 1))
}

/// A number in English words, or an article, half or plural scale that starts one.
fn words(tokens: &Tokens<'_>, at: usize) -> Option<Found> {
    if tokens.is(at, Role::PluralScale) {
        return plural_scale(tokens, at).map(Found::Number);
    }
    if tokens.is(at, Role::VagueDigit) {
        return vague_scale(tokens, at).map(Found::Number);
    }
    if tokens.is(at, Role::Half) {
        return half(tokens, at).map(Found::Number);
    }
    if tokens.is(at, Role::Article) {
        return article(tokens, at);
    }
    if tokens.is(at, Role::Counted) {
        return Some(Found::Number(Number::point(
            Decimal::from(tokens.value(at, Role::Counted)?),
            at + 1,
        )));
    }
    if tokens.is(at, Role::Ordinal) && !tokens.any(at, ENGLISH) {
        return None;
    }
    let mut number = scales(tokens, below_hundred(tokens, at)?);
    let mut parts = 0;
    while parts < 8 {
        let more = and_more(tokens, number);
        if more.next == number.next {
            break;
        }
        // 255 thousand: a scale multiplies all that stands before it and is smaller.
        let scaled = scales(tokens, Number { scale: 0, ..more });
        number = Number {
            scale: if scaled.next == more.next {
                number.scale.min(2)
            } else {
                scaled.scale
            },
            ..scaled
        };
        if more.scale == 0 && number.scale == 0 {
            number.scale = 2;
        }
        parts += 1;
    }
    Some(english_end(tokens, number))
}

/// What may stand behind a number in words: a fraction, an ordinal, a decimal.
fn english_end(tokens: &Tokens<'_>, number: Number) -> Found {
    let mut at = number.next;
    if tokens.is_hyphen(at) && tokens.joined(at) && tokens.joined(at + 1) {
        at += 1;
    }
    if !tokens.joined(at) {
        return Found::Number(number);
    }
    let fraction = |denominator: i64, next: usize| {
        number
            .low
            .checked_div(Decimal::from(denominator))
            .map(|value| Number {
                fraction: true,
                digits: 2,
                ..Number::point(value, next)
            })
    };
    if let Some(denominator) = tokens.value(at, Role::Fraction)
        && let Ok(value) = fraction(denominator, at + 1)
    {
        return Found::Number(scales(tokens, value));
    }
    if let Some(denominator) = tokens.value(at, Role::Ordinal) {
        if number.low == Decimal::ONE
            && denominator > 2
            && let Ok(value) = fraction(denominator, at + 1)
        {
            return Found::Number(value);
        }
        let counted_seconds = tokens.is(at, Role::Unit)
            && tokens
                .value(number.next.saturating_sub(1), Role::Tens)
                .is_none();
        if tokens.is_ascii(at) && !counted_seconds {
            return Found::Skip(at + 1);
        }
    }
    if tokens.is(at, Role::Half)
        && tokens.is_ascii(at)
        && number.low == Decimal::ONE
        && let Ok(value) = fraction(2, at + 1)
    {
        return Found::Number(scales(tokens, value));
    }
    if tokens.is(at, Role::Point)
        && let Some(value) = word_decimal(tokens, number, at + 1)
    {
        return Found::Number(scales(tokens, value));
    }
    if tokens.is(at, Role::MixedLink)
        && tokens.is_ascii(at)
        && number.scale <= 2
        && let Some(value) = english_mixed(tokens, number, at + 1)
    {
        return Found::Number(scales(tokens, value));
    }
    if tokens.is(at, Role::OutOf)
        && let Some(value) = out_of(tokens, number, at)
    {
        return Found::Number(value);
    }
    Found::Number(number)
}

/// `two out of five hundred`, `one over one hundred and twenty five`; `one in five`.
fn out_of(tokens: &Tokens<'_>, number: Number, at: usize) -> Option<Number> {
    if !tokens.joined(at + 1) || number.scale > 2 {
        return None;
    }
    let Found::Number(denominator) = words(tokens, at + 1)? else {
        return None;
    };
    if denominator.low <= number.low
        || denominator.fraction
        || tokens.any(denominator.next, Roles::of(&[Role::Unit, Role::Currency]))
            && tokens.joined(denominator.next)
    {
        return None;
    }
    let mut value = Number::point(
        number.low.checked_div(denominator.low).ok()?,
        denominator.next,
    );
    value.fraction = true;
    value.digits = 2;
    Some(value)
}

fn word_decimal(tokens: &Tokens<'_>, number: Number, mut at: usize) -> Option<Number> {
    let mut value = number.low;
    let mut power = 0;
    while let Some(digit) = tokens
        .value(at, Role::Digit)
        .filter(|_| tokens.joined(at) && tokens.is_ascii(at))
    {
        power -= 1;
        value = value
            .checked_add(Decimal::new(i128::from(digit), power).ok()?)
            .ok()?;
        at += 1;
        if power < -20 {
            break;
        }
    }
    (power < 0).then(|| Number::point(value, at))
}

/// `one and a half`, `twenty and three fifths`, `one and three quarters`.
fn english_mixed(tokens: &Tokens<'_>, number: Number, at: usize) -> Option<Number> {
    if !tokens.joined(at) {
        return None;
    }
    let part = if tokens.is(at, Role::Article) {
        if tokens.is(at + 1, Role::Half) && tokens.joined(at + 1) {
            Number::point(Decimal::new(5, -1).ok()?, at + 2)
        } else {
            let denominator = tokens
                .value(at + 1, Role::Ordinal)
                .filter(|_| tokens.joined(at + 1))?;
            Number::point(
                Decimal::ONE.checked_div(Decimal::from(denominator)).ok()?,
                at + 2,
            )
        }
    } else if let Some(denominator) = tokens.value(at, Role::Ordinal) {
        Number::point(
            Decimal::ONE.checked_div(Decimal::from(denominator)).ok()?,
            at + 1,
        )
    } else {
        let numerator = below_hundred(tokens, at)?;
        let denominator = tokens
            .value(numerator.next, Role::Fraction)
            .or_else(|| tokens.value(numerator.next, Role::Ordinal))
            .filter(|_| tokens.joined(numerator.next))?;
        Number::point(
            numerator.low.checked_div(Decimal::from(denominator)).ok()?,
            numerator.next + 1,
        )
    };
    Some(Number::point(
        number.low.checked_add(part.low).ok()?,
        part.next,
    ))
}

/// `half a million`, `half million`; a bare half only where a unit follows, which the caller sees to.
fn half(tokens: &Tokens<'_>, at: usize) -> Option<Number> {
    let mut next = at + 1;
    if tokens.is_hyphen(next) && tokens.joined(next) {
        next += 1;
    }
    if tokens.is(next, Role::Article) && tokens.joined(next) {
        next += 1;
    }
    let number = Number {
        digits: 1,
        ..Number::point(Decimal::new(5, -1).ok()?, next)
    };
    if !tokens.joined(next) {
        return Some(Number {
            next: at + 1,
            fraction: true,
            ..number
        });
    }
    let scaled = scales(tokens, number);
    if scaled.next > next || tokens.any(next, Roles::of(&[Role::Unit, Role::Currency])) {
        return Some(scaled);
    }
    Some(Number {
        next: at + 1,
        fraction: true,
        ..number
    })
}

/// `a million`, `a dozen`, `a third`, `a half`, `a few hundred`.
fn article(tokens: &Tokens<'_>, at: usize) -> Option<Found> {
    let next = at + 1;
    if !tokens.joined(next) || !tokens.is_ascii(next) {
        return None;
    }
    if tokens.is(next, Role::Scale) {
        let one = Number {
            digits: 1,
            ..Number::point(Decimal::ONE, next)
        };
        let number = scales(tokens, one);
        return Some(Found::Number(and_more(tokens, number)));
    }
    if tokens.is(next, Role::Counted) {
        return words(tokens, next);
    }
    if tokens.is(next, Role::Half) {
        return half(tokens, next).map(Found::Number);
    }
    if let Some(denominator) = tokens
        .value(next, Role::Ordinal)
        .filter(|denominator| *denominator > 2)
    {
        let of = tokens.is(next + 1, Role::DateLink)
            && tokens.joined(next + 1)
            && tokens.is_ascii(next + 1)
            || tokens.byte_at(tokens.end(next)) != b' ' && tokens.byte_at(tokens.end(next)) != b'-';
        if !of {
            return None;
        }
        let value = Decimal::ONE.checked_div(Decimal::from(denominator)).ok()?;
        return Some(Found::Number(Number {
            fraction: true,
            digits: 2,
            ..Number::point(value, next + 1)
        }));
    }
    None
}

/// `tens of billions`, `hundreds of thousands`, `thousands`: one decade.
fn plural_scale(tokens: &Tokens<'_>, at: usize) -> Option<Number> {
    let mut power = i32::try_from(tokens.value(at, Role::PluralScale)?).ok()?;
    let mut next = at + 1;
    while power < 24 {
        let linked =
            tokens.is(next, Role::DateLink) && tokens.joined(next) && tokens.is_ascii(next);
        let after = next + usize::from(linked);
        match tokens
            .value(after, Role::PluralScale)
            .filter(|_| linked && tokens.joined(after))
        {
            Some(more) => {
                power += i32::try_from(more).ok()?;
                next = after + 1;
            }
            None => break,
        }
    }
    let mut number = Number::point(Decimal::new(1, power).ok()?, next);
    number.high = Decimal::new(1, power + 1).ok()?;
    number.bound = Some(Bound::Range);
    number.digits = 1;
    Some(number)
}

/// `several hundred million`, `a few thousand`.
fn vague_scale(tokens: &Tokens<'_>, at: usize) -> Option<Number> {
    if !tokens.is(at + 1, Role::Scale) || !tokens.joined(at + 1) {
        return None;
    }
    let number = Number {
        high: Decimal::from(10),
        bound: Some(Bound::Range),
        digits: 1,
        ..Number::point(Decimal::from(2), at + 1)
    };
    Some(scales(tokens, number))
}
