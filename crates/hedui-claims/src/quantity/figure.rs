//! Figures: a number with its sign, unit and denominator, in the unit as written.

use hedui_model::{Bound, Decimal};
use hedui_text::lexicon::quantities::{Role, Roles, UnitKind};

use super::number::{self, Found, Number};
use super::rules::{Rule, Rules};
use super::token::{Gap, TokenKind, Tokens};

/// How far a noun may stand behind an English number or a Chinese classifier, in bytes.
const NOUN_REACH: usize = 36;

/// The unit of a figure, by its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FigureUnit {
    None,
    Unit(i64),
    Currency(i64),
    Count(i64),
}

/// What a figure is for each of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Per {
    Unit(i64),
    Noun(i64),
}

/// A number with its unit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Figure {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) hedge_start: usize,
    pub(super) hedge_end: usize,
    /// The first token, and the one after the last.
    pub(super) first: usize,
    pub(super) next: usize,
    /// What is stated, in the unit as written; an open end is none.
    pub(super) low: Option<Decimal>,
    pub(super) high: Option<Decimal>,
    pub(super) bound: Bound,
    pub(super) digits: u8,
    pub(super) unit: FigureUnit,
    pub(super) per: Option<Per>,
    /// The power of ten in front of the denominator: per million tokens.
    pub(super) per_scale: u8,
    pub(super) scale: i32,
    pub(super) fraction: bool,
    /// Whether the number alone cannot be a name, a code or a year.
    pub(super) worded: bool,
    /// Whether the currency stands in front.
    pub(super) prefixed: bool,
    pub(super) rules: Rules,
}

impl Figure {
    pub(super) fn value(&self) -> Option<Decimal> {
        self.low.filter(|low| Some(*low) == self.high)
    }

    fn map(&mut self, change: impl Fn(Decimal) -> Option<Decimal>) -> Option<()> {
        self.low = match self.low {
            Some(low) => Some(change(low)?),
            None => None,
        };
        self.high = match self.high {
            Some(high) => Some(change(high)?),
            None => None,
        };
        Some(())
    }
}

/// What stands where a figure might.
#[derive(Clone, Copy, Debug)]
pub(super) enum FoundFigure {
    Figure(Figure),
    /// Something that is no figure: go on at this token.
    Skip(usize),
}

pub(super) const STARTS: Roles = Roles::of(&[
    Role::Digit,
    Role::Tens,
    Role::Place,
    Role::Half,
    Role::Vulgar,
    Role::VagueDigit,
    Role::PluralScale,
    Role::Article,
    Role::Counted,
    Role::Ordinal,
    Role::Minus,
    Role::Currency,
    Role::Parts,
    Role::Vague,
    Role::Multiple,
    Role::OnOrder,
    Role::DoublingBefore,
    Role::Classifier,
    Role::Myriad,
    Role::AllOfIt,
]);

/// Reads the figure that starts at token `at`, if one does.
pub(super) fn read(tokens: &Tokens<'_>, at: usize) -> Option<FoundFigure> {
    if matches!(tokens.get(at)?.kind, TokenKind::Word(_)) {
        if !tokens.any(at, STARTS) {
            return None;
        }
        if let Some(found) = special(tokens, at) {
            return Some(found);
        }
    }
    let mut rules = Rules::default();
    let mut index = at;
    let mut negative = false;
    if is_sign(tokens, index) {
        negative = true;
        index += 1;
        rules.add(Rule::Negative);
    }
    let prefix = prefix_currency(tokens, index);
    if prefix.is_some() {
        index += 1;
        rules.add(Rule::CurrencyBefore);
        if is_sign(tokens, index) {
            negative = true;
            index += 1;
        }
    }
    // 人民币约50亿元: the hedge stands between.
    let mut bound_inside = None;
    if prefix.is_some()
        && let Some(bound) = tokens.value(index, Role::BoundBefore)
        && tokens.joined(index)
    {
        bound_inside = Some(bound);
        index += 1;
    }
    if index > at && !tokens.joined(index) {
        return None;
    }
    let number = match number::read(tokens, index)? {
        Found::Number(number) => number,
        Found::Skip(next) => return Some(FoundFigure::Skip(next)),
    };
    let first = if bound_inside.is_some() { index } else { at };
    let mut figure = Figure {
        start: tokens.start(first),
        end: tokens.end(number.next.saturating_sub(1)),
        hedge_start: tokens.start(at),
        hedge_end: 0,
        first: at,
        next: number.next,
        low: Some(number.low),
        high: Some(number.high),
        bound: number.bound.unwrap_or(Bound::Exact),
        digits: number.digits,
        unit: prefix.map_or(FigureUnit::None, FigureUnit::Currency),
        per: None,
        per_scale: 0,
        scale: number.scale,
        fraction: number.fraction,
        worded: number.worded,
        prefixed: prefix.is_some(),
        rules,
    };
    figure.rules.add(Rule::Number);
    if number.worded {
        figure.rules.add(Rule::NumberInWords);
    }
    if let Some(bound) = bound_inside.and_then(super::bounds::bound) {
        super::bounds::apply(&mut figure, bound);
    }
    attach(tokens, &mut figure);
    if negative {
        let (low, high) = (figure.low, figure.high);
        figure.low = high.map(Decimal::negated);
        figure.high = low.map(Decimal::negated);
    }
    figure.hedge_start = figure.hedge_start.min(figure.start);
    figure.hedge_end = figure.end;
    verdict(tokens, figure, &number)
}

/// Tells whether the token is a minus in front of a number.
fn is_sign(tokens: &Tokens<'_>, at: usize) -> bool {
    let next_is_number = matches!(
        tokens.get(at + 1).map(|token| token.kind),
        Some(TokenKind::Number(_) | TokenKind::Slash(..))
    ) || tokens.any(
        at + 1,
        Roles::of(&[Role::Currency, Role::Digit, Role::Tens, Role::Place]),
    );
    if !next_is_number || !tokens.joined(at + 1) {
        return false;
    }
    if tokens.is(at, Role::Minus) && !tokens.is(at, Role::RangeLink) {
        return true;
    }
    if !matches!(tokens.form(at), "-" | "−" | "–") || tokens.gap(at + 1) != Gap::None {
        return false;
    }
    let before = tokens.byte_before(tokens.start(at));
    matches!(
        before,
        0 | b' ' | b'\n' | b'(' | b':' | b',' | b'<' | b'>' | b'=' | b'~'
    ) || (before >= 0x80 && han_before(tokens, at))
}

/// A minus right behind a Chinese word that is no numeral and no unit: 同比-16.5%, 为-0.54元.
fn han_before(tokens: &Tokens<'_>, at: usize) -> bool {
    let Some(before) = at.checked_sub(1).filter(|_| tokens.gap(at) == Gap::None) else {
        return true;
    };
    !tokens.any(
        before,
        Roles::of(&[
            Role::Digit,
            Role::Place,
            Role::Myriad,
            Role::Unit,
            Role::Currency,
            Role::MonthMark,
            Role::DayMark,
            Role::YearMark,
            Role::Street,
            Role::NameBefore,
            Role::NameAfter,
            Role::QuarterMark,
        ]),
    ) || tokens.any(
        before,
        Roles::of(&[Role::BoundBefore, Role::Basis, Role::Filler]),
    )
}

fn prefix_currency(tokens: &Tokens<'_>, at: usize) -> Option<i64> {
    let word = tokens.word(at)?;
    let currency = word.value(Role::Currency)?;
    if word.money_behind || word.scaled_money || word.is(Role::Month) {
        return None;
    }
    // A currency right behind a number belongs to that number.
    let behind = at.checked_sub(1).is_some_and(|before| {
        tokens.joined(at)
            && (matches!(
                tokens.get(before).map(|token| token.kind),
                Some(TokenKind::Number(_))
            ) || tokens.any(
                before,
                Roles::of(&[
                    Role::Digit,
                    Role::Myriad,
                    Role::Scale,
                    Role::ShortScale,
                    Role::Place,
                ]),
            ))
            && tokens.form(at) != "$"
    });
    let next = at + 1;
    let sign = usize::from(is_sign(tokens, next));
    (!behind && tokens.joined(next) && tokens.joined(next + sign)).then_some(currency)
}

/// Expressions that do not start with a number.
fn special(tokens: &Tokens<'_>, at: usize) -> Option<FoundFigure> {
    let word = tokens.word(at)?;
    if let Some(power) = word.value(Role::Parts) {
        return parts(tokens, at, i32::try_from(power).ok()?);
    }
    if let Some(index) = word.value(Role::Vague) {
        let row = tokens.lexicon.vague(index)?;
        let mut figure = plain(tokens, at, at + 1, row.low, row.high.unwrap_or(row.low));
        figure.bound = Bound::Range;
        figure.digits = 1;
        figure.rules.add(Rule::Vague);
        attach(tokens, &mut figure);
        figure.hedge_end = figure.end;
        return Some(FoundFigure::Figure(figure));
    }
    if let Some(thousandths) = word.value(Role::Multiple) {
        let value = Decimal::new(i128::from(thousandths), -3).ok()?.normalized();
        let mut figure = plain(tokens, at, at + 1, value, value);
        figure.unit = FigureUnit::Unit(tokens.lexicon.unit_index("times")?);
        figure.digits = 1;
        figure.rules.add(Rule::Multiple);
        return Some(FoundFigure::Figure(figure));
    }
    if let Some(percent) = word.value(Role::AllOfIt) {
        let hundred = Decimal::from(percent);
        let mut figure = plain(tokens, at, at + 1, hundred, hundred);
        figure.unit = FigureUnit::Unit(tokens.lexicon.unit_index("percent")?);
        figure.rules.add(Rule::Parts);
        figure.digits = 1;
        return Some(FoundFigure::Figure(figure));
    }
    if word.is(Role::DoublingBefore) {
        return doublings(tokens, at);
    }
    if word.is(Role::OnOrder) {
        return on_order(tokens, at);
    }
    if word.is(Role::Article)
        && word.form.is_ascii()
        && let Some(found) = article_unit(tokens, at)
    {
        return Some(found);
    }
    if word.is(Role::Classifier) && tokens.is(at + 1, Role::Half) {
        return half_more(tokens, at);
    }
    None
}

fn plain(tokens: &Tokens<'_>, first: usize, next: usize, low: Decimal, high: Decimal) -> Figure {
    Figure {
        start: tokens.start(first),
        end: tokens.end(next.saturating_sub(1)),
        hedge_start: tokens.start(first),
        hedge_end: tokens.end(next.saturating_sub(1)),
        first,
        next,
        low: Some(low),
        high: Some(high),
        bound: Bound::Exact,
        digits: u8::try_from(low.digits()).unwrap_or(u8::MAX),
        unit: FigureUnit::None,
        per: None,
        per_scale: 0,
        scale: 0,
        fraction: false,
        worded: true,
        prefixed: false,
        rules: Rules::default(),
    }
}

/// 百分之七十: a share; 十分之三: a fraction.
fn parts(tokens: &Tokens<'_>, at: usize, power: i32) -> Option<FoundFigure> {
    let mut index = at + 1;
    let negative = is_sign(tokens, index);
    index += usize::from(negative);
    if !tokens.joined(index) {
        return None;
    }
    // 百分之百 is all of it.
    let number = match number::read(tokens, index) {
        Some(Found::Number(number)) => number,
        _ if tokens.value(index, Role::Place) == Some(2) => hundred(index)?,
        _ => return None,
    };
    let mut figure = plain(tokens, at, number.next, number.low, number.high);
    figure.bound = number.bound.unwrap_or(Bound::Exact);
    figure.digits = number.digits;
    figure.rules.add(Rule::Parts);
    let short = tokens
        .value(figure.next, Role::ShortScale)
        .is_some_and(|scale| scale == 3);
    if short && tokens.joined(figure.next) {
        figure.map(|value| value.scaled(3).ok())?;
        figure.next += 1;
    }
    if power == 1 {
        figure.map(|value| value.scaled(-1).ok())?;
        figure.fraction = true;
    } else {
        let unit = if power == 3 { "permille" } else { "percent" };
        let shift = if power == 3 { 0 } else { 2 - power };
        figure.map(|value| value.scaled(shift).ok())?;
        figure.unit = FigureUnit::Unit(tokens.lexicon.unit_index(unit)?);
    }
    if negative {
        figure.map(|value| Some(value.negated()))?;
    }
    figure.end = tokens.end(figure.next.saturating_sub(1));
    figure.hedge_end = figure.end;
    Some(FoundFigure::Figure(figure))
}

fn hundred(at: usize) -> Option<Number> {
    Some(Number {
        low: Decimal::from(100),
        high: Decimal::from(100),
        bound: None,
        scale: 0,
        place: 2,
        digits: 1,
        fraction: false,
        worded: true,
        next: at + 1,
    })
}

/// 翻两番: doubled twice.
fn doublings(tokens: &Tokens<'_>, at: usize) -> Option<FoundFigure> {
    let mut index = at + 1;
    while tokens.is(index, Role::Filler) && tokens.joined(index) && index < at + 3 {
        index += 1;
    }
    let Found::Number(number) = number::read(tokens, index)? else {
        return None;
    };
    if !tokens.joined(index) || !tokens.joined(number.next) {
        return None;
    }
    let times = tokens.lexicon.unit_index("times")?;
    let value = if tokens.is(number.next, Role::Doubling) {
        let exponent = u32::try_from(number.low.normalized().mantissa()).ok()?;
        Decimal::from(2_i64.checked_pow(exponent)?)
    } else if tokens.value(number.next, Role::Unit) == Some(times) {
        // 翻三倍 is said for three times as much.
        number.low
    } else {
        return None;
    };
    let mut figure = plain(tokens, at, number.next + 1, value, value);
    figure.unit = FigureUnit::Unit(times);
    figure.rules.add(Rule::Doubling);
    Some(FoundFigure::Figure(figure))
}

/// 上百亿: one decade from there on.
fn on_order(tokens: &Tokens<'_>, at: usize) -> Option<FoundFigure> {
    if !tokens.any(at + 1, Roles::of(&[Role::Place, Role::Myriad]))
        || tokens.gap(at + 1) != Gap::None
    {
        return None;
    }
    let mut power = 0;
    let mut index = at + 1;
    while let Some(more) = tokens
        .value(index, Role::Place)
        .or_else(|| tokens.value(index, Role::Myriad))
        .filter(|_| tokens.gap(index) == Gap::None && index < at + 4)
    {
        power += i32::try_from(more).ok()?;
        index += 1;
    }
    let (low, high) = (
        Decimal::new(1, power).ok()?,
        Decimal::new(1, power + 1).ok()?,
    );
    let mut figure = plain(tokens, at + 1, index, low, high);
    figure.first = at;
    figure.bound = Bound::Range;
    figure.digits = 1;
    figure.rules.add(Rule::Vague);
    attach(tokens, &mut figure);
    figure.start = tokens.start(at);
    figure.hedge_start = figure.start;
    figure.hedge_end = figure.end;
    (figure.unit != FigureUnit::None).then_some(FoundFigure::Figure(figure))
}

/// 个半月: one and a half.
fn half_more(tokens: &Tokens<'_>, at: usize) -> Option<FoundFigure> {
    let unit = at + 2;
    if tokens.gap(at + 1) != Gap::None
        || tokens.gap(unit) != Gap::None
        || at.checked_sub(1).is_some_and(|before| {
            tokens.joined(at)
                && tokens.any(
                    before,
                    Roles::of(&[Role::Digit, Role::Place, Role::VagueDigit]),
                )
        })
    {
        return None;
    }
    let unit_index = duration_behind_half(tokens, unit)?;
    let value = Decimal::new(15, -1).ok()?;
    let mut figure = plain(tokens, at, unit + 1, value, value);
    figure.unit = FigureUnit::Unit(unit_index);
    figure.rules.add(Rule::HalfMore);
    Some(FoundFigure::Figure(figure))
}

/// The unit of time behind 半: 个半月, 个半小时.
fn duration_behind_half(tokens: &Tokens<'_>, at: usize) -> Option<i64> {
    if let Some(unit) = tokens.value(at, Role::Unit) {
        return Some(unit);
    }
    tokens
        .is(at, Role::MonthMark)
        .then(|| tokens.lexicon.unit_index("month"))?
}

// ---- What stands behind the number ----

/// Attaches the unit behind a figure's number, and what goes with it.
pub(super) fn attach(tokens: &Tokens<'_>, figure: &mut Figure) {
    let before = figure.next;
    attach_unit(tokens, figure);
    if figure.next > before {
        composite(tokens, figure);
    }
    if figure.unit != FigureUnit::None {
        attach_per(tokens, figure);
    }
    if let Some(last) = figure
        .next
        .checked_sub(1)
        .filter(|last| *last >= figure.first)
    {
        figure.end = figure.end.max(tokens.end(last));
    }
}

fn attach_unit(tokens: &Tokens<'_>, figure: &mut Figure) {
    let mut at = figure.next;
    // Tens of billions *of* dollars.
    let vague = figure.bound == Bound::Range && figure.worded && !figure.prefixed;
    if vague && tokens.is(at, Role::DateLink) && tokens.is_ascii(at) && tokens.joined(at) {
        let unit = tokens.any(at + 1, Roles::of(&[Role::Currency, Role::Unit, Role::Noun]))
            && tokens.joined(at + 1);
        if unit {
            at += 1;
        } else {
            figure.end = tokens.end(at);
            english_noun(tokens, figure, at + 1);
            figure.end = tokens.end(at.saturating_sub(1));
            return;
        }
    }
    if tokens.is_hyphen(at)
        && tokens.gap(at) == Gap::None
        && tokens.gap(at + 1) == Gap::None
        && tokens.any(at + 1, Roles::of(&[Role::Unit, Role::Currency, Role::Noun]))
        && tokens.is_ascii(at + 1)
        && tokens.end(at + 1) - tokens.start(at + 1) > 1
        && !is_ticker(tokens, figure, at + 1)
    {
        at += 1;
    }
    if !tokens.joined(at) {
        english_noun(tokens, figure, at);
        return;
    }
    let Some(word) = tokens.word(at) else {
        return;
    };
    if of_unit(tokens, figure, at) {
        return;
    }
    if figure.prefixed {
        second_currency(tokens, figure, at);
        return;
    }
    if let Some(currency) = word.value(Role::Currency) {
        let known_scale = figure.scale >= 4;
        if (!word.scaled_money || known_scale || word.value(Role::Unit).is_none())
            && !is_prefix_of_next(tokens, at)
        {
            figure.unit = FigureUnit::Currency(currency);
            figure.next = at + 1;
            figure.rules.add(Rule::CurrencyBehind);
            second_currency(tokens, figure, at + 1);
            return;
        }
    }
    if let Some(power) = word.value(Role::Tenths) {
        if tenths(tokens, figure, at, power) {
            return;
        }
        return;
    }
    if let Some(unit) = word.value(Role::Unit)
        && (!word.glued || tokens.gap(at) == Gap::None)
        && unit_holds(tokens, figure, at)
    {
        figure.unit = FigureUnit::Unit(unit);
        figure.next = at + 1;
        figure.rules.add(Rule::Unit);
        half_behind(tokens, figure);
        return;
    }
    // Half of the applications counts no applications.
    if figure.fraction && word.roles.any(Roles::of(&[Role::Noun, Role::Classifier])) {
        return;
    }
    if word.is(Role::Classifier) {
        classifier(tokens, figure, at);
        return;
    }
    if let Some(noun) = word.value(Role::Noun) {
        figure.unit = FigureUnit::Count(noun);
        figure.next = at + 1;
        figure.rules.add(Rule::Count);
        return;
    }
    english_noun(tokens, figure, at);
}

/// `three quarters of an hour`.
fn of_unit(tokens: &Tokens<'_>, figure: &mut Figure, at: usize) -> bool {
    let fractional = figure.fraction || figure.value().is_some_and(|value| value.exponent() < 0);
    if !fractional
        || !tokens.is(at, Role::DateLink)
        || !tokens.is_ascii(at)
        || figure.prefixed
        || tokens.numeral(figure.first).is_some()
    {
        return false;
    }
    let unit_at = at + 1 + usize::from(tokens.is(at + 1, Role::Article));
    let unit = tokens
        .value(unit_at, Role::Unit)
        .filter(|_| tokens.joined(at + 1) && tokens.joined(unit_at));
    let Some(unit) = unit.filter(|unit| {
        tokens
            .lexicon
            .unit(*unit)
            .is_some_and(|unit| unit.kind == UnitKind::Duration && unit.parts.is_some())
    }) else {
        return false;
    };
    figure.unit = FigureUnit::Unit(unit);
    figure.next = unit_at + 1;
    figure.fraction = false;
    figure.rules.add(Rule::Unit);
    true
}

/// `a year and a half`; *an ml* where nothing else is said.
fn article_unit(tokens: &Tokens<'_>, at: usize) -> Option<FoundFigure> {
    let unit = tokens
        .value(at + 1, Role::Unit)
        .filter(|_| tokens.joined(at + 1) && tokens.is_ascii(at + 1))?;
    let row = tokens.lexicon.unit(unit)?;
    let half = at + 4;
    let and_half = tokens.is(at + 2, Role::MixedLink)
        && tokens.is(at + 3, Role::Article)
        && tokens.is(half, Role::Half)
        && (at + 2..=half).all(|index| tokens.joined(index));
    if and_half && row.kind == UnitKind::Duration {
        let value = Decimal::new(15, -1).ok()?;
        let mut figure = plain(tokens, at, half + 1, value, value);
        figure.unit = FigureUnit::Unit(unit);
        figure.rules.add(Rule::HalfMore);
        return Some(FoundFigure::Figure(figure));
    }
    let mut figure = plain(tokens, at, at + 2, Decimal::ONE, Decimal::ONE);
    figure.unit = FigureUnit::Unit(unit);
    figure.rules.add(Rule::Unit);
    (row.kind == UnitKind::Dimension && alone(tokens, figure.start, figure.end))
        .then_some(FoundFigure::Figure(figure))
}

/// 2454-TW is a stock code, 4.5-GW a power.
fn is_ticker(tokens: &Tokens<'_>, figure: &Figure, unit: usize) -> bool {
    let code = tokens
        .plain_integer(figure.next.saturating_sub(1))
        .is_some_and(|code| code >= 1000);
    code && tokens.end(unit) - tokens.start(unit) == 2
}

/// A currency behind a number that has its own number behind it is that number's: 4人民币5美元 has two.
fn is_prefix_of_next(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens.form(at).ends_with('$') && tokens.gap(at) == Gap::Space
}

/// A unit that is a word of another kind as well.
fn unit_holds(tokens: &Tokens<'_>, figure: &Figure, at: usize) -> bool {
    let word = match tokens.word(at) {
        Some(word) => word,
        None => return false,
    };
    let next_is_number = matches!(
        tokens.get(at + 1).map(|token| token.kind),
        Some(TokenKind::Number(_))
    ) && tokens.joined(at + 1);
    // 3 x 5 is a product, and so is 3 × 5.
    if word.is(Role::TimesTen) && next_is_number {
        return false;
    }
    // 2 pm is a time; a picometre is written with a figure that no clock shows.
    let clock = figure
        .value()
        .is_some_and(|value| value <= Decimal::from(12) && value >= Decimal::ONE);
    if word.is(Role::TimeOfDay) && clock && figure.scale == 0 {
        return false;
    }
    // A unit letter after a bare year or a Han number is none.
    if word.is(Role::Ordinal) && figure.fraction {
        return false;
    }
    true
}

/// An explicit currency behind an ambiguous one: 9000元日币, `$5 USD`, 人民币50元.
fn second_currency(tokens: &Tokens<'_>, figure: &mut Figure, at: usize) {
    let FigureUnit::Currency(first) = figure.unit else {
        return;
    };
    if !tokens.joined(at) {
        return;
    }
    let Some(second) = tokens.value(at, Role::Currency) else {
        return;
    };
    let (Some(first_row), Some(second_row)) = (
        tokens.lexicon.currency(first),
        tokens.lexicon.currency(second),
    ) else {
        return;
    };
    // `$5 million US$3`: the second one starts the next figure.
    let starts_next = matches!(
        tokens.get(at + 1).map(|token| token.kind),
        Some(TokenKind::Number(_))
    ) && tokens.gap(at + 1) == Gap::None
        && tokens.is_ascii(at);
    if starts_next {
        return;
    }
    let ambiguous = |row: &hedui_text::lexicon::quantities::CurrencyRow| !row.candidates.is_empty();
    if first == second || ambiguous(second_row) && second_row.part_of.is_none() {
        figure.next = at + 1;
    } else if ambiguous(first_row) && second_row.part_of.is_none() {
        figure.unit = FigureUnit::Currency(second);
        figure.next = at + 1;
    }
}

/// 三成, 六成五, 七五折.
fn tenths(tokens: &Tokens<'_>, figure: &mut Figure, at: usize, _power: i64) -> bool {
    let (Some(low), Some(percent)) = (figure.low, tokens.lexicon.unit_index("percent")) else {
        return false;
    };
    if low.is_negative() || low > Decimal::from(100) || figure.scale >= 4 {
        return false;
    }
    let whole = low >= Decimal::from(11) && low.exponent() == 0;
    if !whole && figure.map(|value| value.scaled(1).ok()).is_none() {
        return false;
    }
    figure.unit = FigureUnit::Unit(percent);
    figure.next = at + 1;
    figure.digits = figure.digits.max(1);
    figure.rules.add(Rule::Tenths);
    figure.fraction = false;
    let next = figure.next;
    if whole || !tokens.joined(next) {
        return true;
    }
    if let Some(digit) = tokens.value(next, Role::Digit).filter(|digit| *digit > 0)
        && !tokens.is_ascii(next)
        && !tokens.any(
            next + 1,
            Roles::of(&[Role::Place, Role::Myriad, Role::Classifier, Role::Unit]),
        )
    {
        let _ = figure.map(|value| value.checked_add(Decimal::from(digit)).ok());
        figure.digits = 2;
        figure.next += 1;
    } else if tokens.is(next, Role::Half)
        && !tokens.is_ascii(next)
        && !tokens.any(next + 1, Roles::of(&[Role::Unit]))
    {
        let _ = figure.map(|value| value.checked_add(Decimal::from(5)).ok());
        figure.digits = 2;
        figure.next += 1;
    }
    true
}

/// 两米半, 三年半.
fn half_behind(tokens: &Tokens<'_>, figure: &mut Figure) {
    let at = figure.next;
    if !tokens.is(at, Role::Half)
        || tokens.is_ascii(at)
        || tokens.gap(at) != Gap::None
        || !figure.rules.has(Rule::Unit)
    {
        return;
    }
    if tokens.any(
        at + 1,
        Roles::of(&[Role::Unit, Role::MonthMark, Role::YearMark]),
    ) && tokens.gap(at + 1) == Gap::None
    {
        return;
    }
    if let Ok(half) = Decimal::new(5, -1) {
        let _ = figure.map(|value| value.checked_add(half).ok());
        figure.next += 1;
        figure.rules.add(Rule::HalfMore);
    }
}

/// A classifier: what is counted is the next noun, or what the classifier says.
fn classifier(tokens: &Tokens<'_>, figure: &mut Figure, at: usize) {
    let Some(default) = tokens.value(at, Role::Classifier) else {
        return;
    };
    let next = at + 1;
    if tokens.is(next, Role::Half) && !tokens.is_ascii(next) && tokens.gap(next) == Gap::None {
        // 两个半小时
        if let Some(unit) =
            duration_behind_half(tokens, next + 1).filter(|_| tokens.gap(next + 1) == Gap::None)
        {
            if let Ok(half) = Decimal::new(5, -1) {
                let _ = figure.map(|value| value.checked_add(half).ok());
            }
            figure.unit = FigureUnit::Unit(unit);
            figure.next = next + 2;
            figure.rules.add(Rule::HalfMore);
            return;
        }
    }
    if tokens.is(next, Role::VagueMore)
        && !tokens.is_ascii(next)
        && tokens.gap(next) == Gap::None
        && tokens.gap(next + 1) == Gap::None
    {
        // 三个多月
        if let Some(unit) = duration_behind_half(tokens, next + 1) {
            figure.high = figure
                .low
                .and_then(|low| low.checked_add(Decimal::ONE).ok());
            figure.bound = Bound::Range;
            figure.unit = FigureUnit::Unit(unit);
            figure.next = next + 2;
            figure.rules.add(Rule::Vague);
            return;
        }
    }
    let from = tokens.end(at);
    let mut noun = default;
    for index in next..next + 4 {
        let Some(token) = tokens.get(index) else {
            break;
        };
        let between = tokens
            .text
            .get(from..token.start as usize)
            .unwrap_or_default();
        if between.len() > NOUN_REACH
            || between.bytes().any(|byte| byte < 0x80)
            || has_stop(between)
        {
            break;
        }
        if matches!(token.kind, TokenKind::Number(_)) {
            break;
        }
        if let Some(found) = tokens.value(index, Role::Noun) {
            noun = found;
            break;
        }
    }
    figure.unit = FigureUnit::Count(noun);
    figure.next = next;
    figure.rules.add(Rule::Classifier);
}

/// Tells whether Chinese punctuation stands in the text.
fn has_stop(text: &str) -> bool {
    text.chars().any(|character| matches!(character, '\u{3000}'..='\u{303F}' | '\u{FF00}'..='\u{FFEF}' | '\u{2010}'..='\u{2027}'))
}

/// The noun that an English number counts, a few words on: 40,000 construction jobs.
fn english_noun(tokens: &Tokens<'_>, figure: &mut Figure, at: usize) {
    if figure.prefixed || figure.fraction || figure.unit != FigureUnit::None {
        return;
    }
    let from = figure.end.max(tokens.end(figure.next.saturating_sub(1)));
    if tokens.byte_at(from) != b' ' {
        return;
    }
    for index in at..at + 4 {
        let Some(token) = tokens.get(index) else {
            return;
        };
        let start = token.start as usize;
        let Some(between) = tokens.text.get(from..start) else {
            return;
        };
        let words_only = between
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'-'));
        let count = between.split(' ').filter(|word| !word.is_empty()).count();
        if between.len() > NOUN_REACH || !words_only || count > 3 {
            return;
        }
        let stop = Roles::of(&[
            Role::DateLink,
            Role::Per,
            Role::BoundBefore,
            Role::ListLink,
            Role::Currency,
            Role::RangeLink,
            Role::Since,
            Role::Until,
            Role::DateFiller,
            Role::Filler,
        ]);
        if let Some(noun) = tokens
            .value(index, Role::Noun)
            .filter(|_| tokens.is_ascii(index))
        {
            figure.unit = FigureUnit::Count(noun);
            figure.rules.add(Rule::Count);
            if count == 0 {
                figure.next = index + 1;
            }
            return;
        }
        if tokens.any(index, stop) || matches!(token.kind, TokenKind::Number(_)) {
            return;
        }
    }
}

/// Adds what stands behind in the next smaller unit: 50元6角, 5 hours 30 minutes, 12 ft 2 in.
fn composite(tokens: &Tokens<'_>, figure: &mut Figure) {
    for _ in 0..3 {
        let added = match figure.unit {
            FigureUnit::Currency(_) => money_part(tokens, figure),
            FigureUnit::Unit(_) => unit_part(tokens, figure),
            _ => None,
        };
        if added.is_none() {
            return;
        }
        figure.rules.add(Rule::Composite);
    }
}

fn part_start(tokens: &Tokens<'_>, at: usize) -> Option<usize> {
    let linked =
        tokens.is(at, Role::MixedLink) || (tokens.is(at, Role::ListLink) && tokens.form(at) == ",");
    let index = at + usize::from(linked && tokens.joined(at));
    tokens.joined(index).then_some(index)
}

fn money_part(tokens: &Tokens<'_>, figure: &mut Figure) -> Option<()> {
    let FigureUnit::Currency(whole) = figure.unit else {
        return None;
    };
    let whole = tokens.lexicon.currency(whole)?;
    if figure.scale >= 4 || figure.value().is_none() {
        return None;
    }
    let at = part_start(tokens, figure.next)?;
    let Found::Number(number) = number::read(tokens, at)? else {
        return None;
    };
    if !number.is_point() || number.low >= Decimal::from(100) {
        return None;
    }
    let behind = tokens
        .joined(number.next)
        .then(|| tokens.value(number.next, Role::Currency))
        .flatten();
    let row = behind.and_then(|index| tokens.lexicon.currency(index));
    let part = row.and_then(|row| row.part_of.clone()).filter(|(of, _)| {
        row.is_some_and(|row| row.id == "cent")
            || of == &whole.id
            || whole.candidates.contains(of)
            || tokens
                .lexicon
                .currency_by_id(of)
                .is_some_and(|row| row.candidates.contains(&whole.id))
    });
    let (parts, next) = match part {
        Some((_, parts)) => (parts, number.next + 1),
        None if row.is_none() && bare_part(tokens, figure, at, &number) => {
            let single = tokens.value(at, Role::Digit).is_some() && !tokens.is_ascii(at);
            (if single { 10 } else { 100 }, number.next)
        }
        None => return None,
    };
    let value = number.low.checked_div(Decimal::from(parts)).ok()?;
    figure.map(|sum| sum.checked_add(value).ok())?;
    figure.digits = figure.digits.saturating_add(number.digits);
    figure.next = next;
    Some(())
}

/// `15 dollars 50`, 一块二: a number without a unit that ends there.
fn bare_part(tokens: &Tokens<'_>, figure: &Figure, at: usize, number: &Number) -> bool {
    let last = figure.next.saturating_sub(1);
    if tokens.is(figure.next, Role::ListLink) {
        return false;
    }
    let ends = !tokens.joined(number.next)
        || !tokens.any(
            number.next,
            Roles::of(&[
                Role::Unit,
                Role::Currency,
                Role::Classifier,
                Role::Noun,
                Role::Place,
                Role::Myriad,
                Role::Scale,
                Role::Month,
                Role::YearMark,
                Role::Tenths,
            ]),
        );
    let byte = tokens.byte_at(tokens.end(number.next.saturating_sub(1)));
    let at_end = matches!(byte, 0 | b'.' | b',' | b'\n' | b'?' | b')') || byte >= 0x80;
    if tokens.is_ascii(at) {
        let two_digits = tokens
            .plain_integer(at)
            .is_some_and(|value| (10..100).contains(&value))
            || (tokens.numeral(at).is_none() && number.low >= Decimal::from(10));
        return !figure.prefixed && ends && at_end && two_digits && tokens.is_ascii(last);
    }
    tokens.gap(at) == Gap::None
        && number.next == at + 1
        && tokens.value(at, Role::Digit).is_some()
        && ends
        && tokens.form(last).chars().count() == 1
        && !figure.prefixed
        && byte_is_end(byte)
}

fn byte_is_end(byte: u8) -> bool {
    matches!(byte, 0 | b'.' | b',' | b'\n' | b'?' | b')' | b' ')
}

fn unit_part(tokens: &Tokens<'_>, figure: &mut Figure) -> Option<()> {
    let FigureUnit::Unit(index) = figure.unit else {
        return None;
    };
    let (small, count) = tokens.lexicon.unit(index)?.parts.clone()?;
    figure.value()?;
    let at = part_start(tokens, figure.next)?;
    let Found::Number(number) = number::read(tokens, at)? else {
        return None;
    };
    let unit_at = number.next + usize::from(tokens.is_hyphen(number.next));
    let minutes = || {
        let part = tokens.value(unit_at, Role::Currency)?;
        let fen = tokens.lexicon.currency(part)?.id == "fen";
        (fen && small == "minute").then(|| tokens.lexicon.unit_index("minute"))?
    };
    let unit = tokens
        .value(unit_at, Role::Unit)
        .or_else(minutes)
        .filter(|_| tokens.joined(unit_at))?;
    if tokens.lexicon.unit(unit)?.id != small || !number.is_point() {
        return None;
    }
    if figure.value()?.exponent() < 0 && figure.value()?.normalized().exponent() < 0 {
        return None;
    }
    let is_length = tokens.lexicon.unit(unit)?.kind != UnitKind::Duration;
    if is_length {
        let part = number.low.checked_div(Decimal::from(count)).ok()?;
        figure.map(|value| value.checked_add(part).ok())?;
    } else {
        figure.map(|value| {
            value
                .checked_mul(Decimal::from(count))
                .ok()?
                .checked_add(number.low)
                .ok()
        })?;
        figure.unit = FigureUnit::Unit(unit);
    }
    figure.digits = figure.digits.saturating_add(number.digits);
    figure.next = unit_at + 1;
    Some(())
}

/// The denominator behind: `/kWh`, `per share`, `a year`, 每股.
pub(super) fn attach_per(tokens: &Tokens<'_>, figure: &mut Figure) {
    let at = figure.next;
    if !tokens.is(at, Role::Per) || !tokens.joined(at) || !tokens.joined(at + 1) {
        return;
    }
    let mut word = at + 1;
    let article = tokens.is(at, Role::Article);
    let scale = per_scale(tokens, &mut word);
    let period = tokens
        .value(word, Role::Unit)
        .and_then(|unit| tokens.lexicon.unit(unit))
        .is_some_and(|unit| unit.period.is_some() || unit.id == "hour" || unit.id == "minute");
    if article
        && !period
        && !matches!(figure.unit, FigureUnit::Currency(_))
        && !figure.rules.has(Rule::Unit)
    {
        return;
    }
    let Some(per) = per_at(tokens, word) else {
        return;
    };
    figure.per = Some(per);
    figure.per_scale = scale;
    figure.next = word + 1;
    figure.rules.add(Rule::PerBehind);
}

/// Passes a scale in front of a denominator: per *million* tokens, /百万Tokens.
fn per_scale(tokens: &Tokens<'_>, word: &mut usize) -> u8 {
    let mut power = 0;
    while let Some(more) = tokens
        .value(*word, Role::Scale)
        .or_else(|| tokens.value(*word, Role::Myriad))
        .or_else(|| tokens.value(*word, Role::Place))
        .filter(|_| power < 12 && tokens.joined(*word + 1))
    {
        power += u8::try_from(more).unwrap_or(0);
        *word += 1;
    }
    power
}

/// A denominator: a unit, a period, a counted noun.
pub(super) fn per_at(tokens: &Tokens<'_>, at: usize) -> Option<Per> {
    let word = tokens.word(at)?;
    if let Some(unit) = word.value(Role::Unit) {
        if word.glued {
            return None;
        }
        if word.is(Role::ElectricDegree) {
            return tokens.lexicon.unit_index("kilowatt hour").map(Per::Unit);
        }
        return Some(Per::Unit(unit));
    }
    if word.is(Role::MonthMark) {
        return tokens.lexicon.unit_index("month").map(Per::Unit);
    }
    word.value(Role::Noun)
        .or_else(|| word.value(Role::Classifier))
        .map(Per::Noun)
}

// ---- What is no figure ----

/// Decides whether the number is a figure at all.
fn verdict(tokens: &Tokens<'_>, mut figure: Figure, number: &Number) -> Option<FoundFigure> {
    let skip = Some(FoundFigure::Skip(figure.next.max(number.next)));
    let before = figure
        .first
        .checked_sub(1)
        .filter(|_| tokens.joined(figure.first));
    if before.is_some_and(|before| tokens.is(before, Role::OrdinalPrefix)) {
        return skip;
    }
    if before.is_some_and(|before| {
        tokens.is(before, Role::Street) && tokens.gap(figure.first) == Gap::None
    }) && matches!(figure.unit, FigureUnit::Count(_) | FigureUnit::None)
    {
        return skip;
    }
    let numbered = before
        .is_some_and(|before| tokens.is(before, Role::NameBefore) && tokens.is_ascii(before))
        && !number.worded
        && figure.next == number.next
        && matches!(figure.unit, FigureUnit::Count(_));
    if numbered || is_article(tokens, &figure) || is_name_with_unit(tokens, &figure) {
        return skip;
    }
    electricity(tokens, &mut figure);
    level(tokens, &mut figure);
    increase(tokens, &mut figure);
    if figure.unit != FigureUnit::None {
        return Some(FoundFigure::Figure(figure));
    }
    let next = number.next;
    let joined = tokens.joined(next);
    if joined && tokens.is(next, Role::OrdinalSuffix) && tokens.gap(next) == Gap::None {
        return Some(FoundFigure::Skip(next + 1));
    }
    if joined
        && tokens.is(next, Role::ClockMark)
        && !tokens.is_ascii(next)
        && number.low > Decimal::from(24)
        && tokens.form(next).chars().count() == 1
        && tokens.is(next, Role::Point)
    {
        figure.unit = tokens
            .lexicon
            .unit_index("point")
            .map_or(FigureUnit::None, FigureUnit::Unit);
        figure.next = next + 1;
        figure.end = tokens.end(next);
        figure.hedge_end = figure.end;
        return Some(FoundFigure::Figure(figure));
    }
    if joined
        && tokens.any(next, Roles::of(&[Role::TimeOfDay, Role::ClockMark]))
        && !number.fraction
        && number.scale < 4
    {
        return Some(FoundFigure::Skip(clock_end(tokens, next + 1)));
    }
    if joined && tokens.is(next, Role::NameAfter) && !number.fraction && number.scale < 4 {
        // 3比1: the other side of a score goes with it.
        let score = tokens.gap(next + 1) == Gap::None
            && tokens.plain_integer(next + 1).is_some()
            && !tokens.joined(next + 2);
        return Some(FoundFigure::Skip(next + 1 + usize::from(score)));
    }
    if figure.fraction {
        return if fraction_holds(&figure) {
            Some(FoundFigure::Figure(figure))
        } else {
            skip
        };
    }
    if figure.scale >= 4 {
        return Some(FoundFigure::Figure(figure));
    }
    if before
        .is_some_and(|before| tokens.any(before, Roles::of(&[Role::NameBefore, Role::TimeOfDay])))
        && number.scale < 3
    {
        return skip;
    }
    if is_mark(tokens, &figure, number) {
        return skip;
    }
    Some(FoundFigure::Figure(figure))
}

/// Tells whether a figure is all that the text holds.
pub(super) fn alone(tokens: &Tokens<'_>, start: usize, end: usize) -> bool {
    tokens.trimmed <= end - start + 3
}

/// 2024/1689 is a number of a law, not a fraction.
fn fraction_holds(figure: &Figure) -> bool {
    figure.low.is_none_or(|low| low < Decimal::from(100)) || figure.unit != FigureUnit::None
}

/// 一家, *one company*: an article, unless nothing else is said.
fn is_article(tokens: &Tokens<'_>, figure: &Figure) -> bool {
    let counts = match figure.unit {
        FigureUnit::Count(_) => true,
        FigureUnit::None => tokens.is_ascii(figure.first) && figure.next == figure.first + 1,
        _ => false,
    };
    let one =
        tokens.value(figure.first, Role::Digit) == Some(1) && figure.value() == Some(Decimal::ONE);
    if !counts || !one || tokens.numeral(figure.first).is_some() {
        return false;
    }
    !alone(tokens, figure.start, figure.end) && !in_list(tokens, figure)
}

/// The last member of a list of counts: 三座工厂和一座研发中心.
fn in_list(tokens: &Tokens<'_>, figure: &Figure) -> bool {
    let mut index = figure.first;
    for _ in 0..4 {
        let Some(before) = index.checked_sub(1) else {
            return false;
        };
        let gap = tokens
            .text
            .get(tokens.end(before)..tokens.start(figure.first))
            .unwrap_or_default();
        if gap.len() > 30 || gap.contains('\n') {
            return false;
        }
        if tokens.is(before, Role::Noun) || tokens.is(before, Role::Classifier) {
            let number = before.checked_sub(1).is_some_and(|number| {
                tokens.numeral(number).is_some()
                    || tokens.any(
                        number,
                        Roles::of(&[Role::Digit, Role::Place, Role::Classifier, Role::Tens]),
                    )
            });
            let linked = (before + 1..figure.first).any(|link| tokens.is(link, Role::ListLink));
            if number && linked {
                return true;
            }
        }
        index = before;
    }
    false
}

/// A process node, or a symbol that is the name of one: 3nm, 18A nodes.
fn is_name_with_unit(tokens: &Tokens<'_>, figure: &Figure) -> bool {
    let FigureUnit::Unit(index) = figure.unit else {
        return false;
    };
    let Some(unit) = tokens.lexicon.unit(index) else {
        return false;
    };
    let last = figure.next.saturating_sub(1);
    let glued = tokens.is_ascii(last)
        && tokens.gap(last) == Gap::None
        && tokens.end(last) - tokens.start(last) <= 2;
    if glued
        && tokens.is(figure.next, Role::NameAfter)
        && tokens.joined(figure.next)
        && tokens.is_ascii(figure.next)
        && tokens
            .numeral(figure.first)
            .is_some_and(|numeral| !numeral.fractional)
        && unit.base != "m"
    {
        return true;
    }
    let Some(value) = figure.value() else {
        return false;
    };
    if !tokens.lexicon.is_node(&unit.id, value) || alone(tokens, figure.start, figure.end) {
        return false;
    }
    let near = |index: usize| {
        let (from, to) = (
            tokens.end(index).min(figure.start),
            tokens.start(index).max(figure.end),
        );
        figure.start.saturating_sub(from) < 30
            && to.saturating_sub(figure.end) < 30
            && tokens.is(index, Role::LengthContext)
    };
    let from = figure.first.saturating_sub(4);
    !(from..figure.first)
        .chain(figure.next..figure.next + 3)
        .any(near)
}

/// 度 is a kilowatt-hour behind a large number or where electricity is spoken of.
fn electricity(tokens: &Tokens<'_>, figure: &mut Figure) {
    let last = figure.next.saturating_sub(1);
    if !figure.rules.has(Rule::Unit) || !tokens.is(last, Role::ElectricDegree) {
        return;
    }
    let from = figure.first.saturating_sub(5);
    let spoken = (from..figure.first)
        .chain(figure.next..figure.next + 2)
        .any(|index| {
            tokens.is(index, Role::ElectricityContext)
                && figure
                    .start
                    .saturating_sub(tokens.end(index).min(figure.start))
                    < 40
                && tokens.start(index).max(figure.end) - figure.end < 12
        });
    if (figure.scale >= 4 || spoken)
        && let Some(unit) = tokens.lexicon.unit_index("kilowatt hour")
    {
        figure.unit = FigureUnit::Unit(unit);
    }
}

/// 千亿元级: the decade that begins there.
fn level(tokens: &Tokens<'_>, figure: &mut Figure) {
    let at = figure.next;
    if !tokens.is(at, Role::Level)
        || tokens.gap(at) != Gap::None
        || !tokens.any(figure.first, Roles::of(&[Role::Place, Role::Myriad]))
    {
        return;
    }
    let Some(high) = figure.value().and_then(|low| low.scaled(1).ok()) else {
        return;
    };
    figure.high = Some(high);
    figure.bound = Bound::Range;
    figure.next = at + 1;
    figure.end = tokens.end(at);
    figure.hedge_end = figure.end;
    figure.rules.add(Rule::Vague);
}

/// 增长三倍 is four times as much; 增长到三倍 is three times.
fn increase(tokens: &Tokens<'_>, figure: &mut Figure) {
    let FigureUnit::Unit(unit) = figure.unit else {
        return;
    };
    if tokens
        .lexicon
        .unit(unit)
        .is_none_or(|unit| unit.id != "times")
        || tokens.is_ascii(figure.next.saturating_sub(1))
    {
        return;
    }
    let mut index = figure.first;
    for _ in 0..3 {
        let Some(before) = index
            .checked_sub(1)
            .filter(|_| tokens.gap(index) == Gap::None || tokens.joined(index))
        else {
            return;
        };
        if tokens.is(before, Role::Increase) {
            let add = |value: Option<Decimal>| {
                value.and_then(|value| value.checked_add(Decimal::ONE).ok())
            };
            figure.low = add(figure.low);
            figure.high = add(figure.high);
            figure.rules.add(Rule::Multiple);
            return;
        }
        let harmless = tokens.is(before, Role::BoundBefore) || tokens.is(before, Role::Aspect);
        if !harmless || tokens.is(before, Role::RangeLink) {
            return;
        }
        index = before;
    }
}

/// Passes over the minutes of a clock time: 8点14分.
fn clock_end(tokens: &Tokens<'_>, at: usize) -> usize {
    if !tokens.joined(at) {
        return at;
    }
    if tokens.plain_integer(at).is_some_and(|minutes| minutes < 60) {
        return at + 1;
    }
    // 十二时零一分
    let mut next = at;
    while next < at + 4
        && tokens.joined(next)
        && tokens.any(next, Roles::of(&[Role::Digit, Role::Place]))
        && !tokens.is_ascii(next)
    {
        next += 1;
    }
    next
}

fn quote_before(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens
        .text
        .get(..at)
        .and_then(|text| text.chars().next_back())
        .is_some_and(|last| {
            matches!(
                last,
                '"' | '\'' | '\u{201C}' | '\u{2018}' | '\u{300C}' | '\u{300E}' | '\u{300A}'
            )
        })
}

fn quote_after(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens
        .text
        .get(at..)
        .and_then(|text| text.chars().next())
        .is_some_and(|next| {
            matches!(
                next,
                '"' | '\'' | '\u{201D}' | '\u{2019}' | '\u{300D}' | '\u{300F}' | '\u{300B}'
            )
        })
}

/// A bare number behind a capitalised word that is no word of the grammar and starts no sentence: Fab 21, EO 14110.
pub(super) fn after_capital(tokens: &Tokens<'_>, figure: &Figure) -> bool {
    capital_before(tokens, figure.start)
}

/// Tells whether the word right before an offset is capitalised, unknown and inside a sentence.
pub(super) fn capital_before(tokens: &Tokens<'_>, at: usize) -> bool {
    let bytes = tokens.text.as_bytes();
    let Some(space) = at
        .checked_sub(1)
        .filter(|space| bytes.get(*space) == Some(&b' '))
    else {
        return false;
    };
    let mut start = space;
    while start > 0
        && space - start < 24
        && bytes
            .get(start - 1)
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'&'))
    {
        start -= 1;
    }
    let first = bytes.get(start).copied().unwrap_or(0);
    if !first.is_ascii_uppercase() || space - start < 2 {
        return false;
    }
    let known = tokens
        .tokens
        .binary_search_by_key(&u32::try_from(start).unwrap_or(0), |token| token.start)
        .is_ok();
    let sentence_start = start == 0
        || matches!(
            tokens
                .text
                .get(..start)
                .map(str::trim_end)
                .and_then(|text| text.bytes().next_back()),
            None | Some(b'.' | b'!' | b'?' | b'\n' | b':' | b'"')
        );
    !known && !sentence_start
}

/// List numbers, footnote marks, stock codes, ids, lone digits inside words.
fn is_mark(tokens: &Tokens<'_>, figure: &Figure, number: &Number) -> bool {
    let before = tokens.byte_before(figure.start);
    let after = tokens.byte_at(figure.end);
    if let Some(numeral) = tokens.numeral(figure.first) {
        if number.worded || numeral.fractional {
            return numeral.padded && numeral.whole_digits > 2;
        }
        let bracketed = matches!((before, after), (b'(', b')') | (b'[', b']') | (b'<', b'>'));
        let ticker =
            after == b'.' && tokens.byte_at(figure.end + 1).is_ascii_alphabetic() || before == b'.';
        let listed = matches!(before, 0 | b'\n')
            && matches!(after, b'.' | b')')
            && matches!(tokens.byte_at(figure.end + 1), b' ' | 0x80..);
        let joined_sign = matches!(before, b'/' | b'#')
            || matches!(after, b'-' | b'/') && tokens.byte_at(figure.end + 1).is_ascii_alphabetic();
        let per_unit = after == b'/'
            && tokens.is(figure.next, Role::Per)
            && tokens.any(figure.next + 1, Roles::of(&[Role::Unit, Role::Noun]));
        let joined_sign = joined_sign && !per_unit;
        let titled = tokens
            .text
            .get(figure.end..)
            .is_some_and(|text| text.starts_with('\u{300B}'));
        if titled && numeral.whole_digits == 4 {
            return true;
        }
        let quoted = quote_before(tokens, figure.start) && quote_after(tokens, figure.end);
        if joined_sign || quoted || after_capital(tokens, figure) {
            return true;
        }
        let rounded = numeral.value.normalized().exponent() >= 3;
        let id = numeral.whole_digits >= 8
            && !numeral.grouped
            && !rounded
            && !alone(tokens, figure.start, figure.end);
        if id {
            return true;
        }
        let long = numeral.whole_digits > 12 && !numeral.grouped && numeral.whole_digits != 15;
        return bracketed || ticker || listed || numeral.padded || long;
    }
    let single = figure.next == figure.first + 1 && !tokens.is_ascii(figure.first);
    if !single {
        return false;
    }
    // A lone Han digit between other Han characters is part of a word.
    let han_around = before >= 0x80 && after >= 0x80;
    let neighbours = (figure
        .first
        .checked_sub(1)
        .is_some_and(|_| tokens.joined(figure.first)))
        || tokens.joined(figure.next);
    let heading = matches!(before, 0 | b'\n')
        && tokens.is(figure.next, Role::ListLink)
        && tokens.joined(figure.next);
    heading || (han_around && !neighbours)
}
