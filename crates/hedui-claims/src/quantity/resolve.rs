//! Readings to quantities: whose currency it is, base units, spans of the original.

use hedui_model::{
    Basis, Decimal, Folded, Interval, Kind, OffsetMap, Quantity, Region, Span, Unit,
};
use hedui_text::lexicon::quantities::{CurrencyRow, Quantities, Role, UnitKind};

use super::figure::{Figure, FigureUnit, Per};
use super::reading::{PeriodReading, Reading, Times, What};
use super::rules::{Rule, Rules};
use super::token::Tokens;

/// The id of dates, as claims print it.
pub(super) const DATE: &str = "date";
/// What the written unit of a part of one (three quarters) is called.
pub(super) const FRACTION: &str = "fraction";

/// Makes the quantities of one text.
pub(super) struct Resolver<'a> {
    tokens: Tokens<'a>,
    map: &'a OffsetMap,
    region: Option<Region>,
    /// Which currencies the text names beyond doubt, and how often; counted when it is first asked.
    named: Option<Vec<(&'a str, usize)>>,
}

/// An amount with its unit, in the unit as written and in the base unit.
struct Amount {
    kind: Kind,
    written: String,
    unit: Unit,
    candidates: Vec<String>,
    /// One of the written unit in base units.
    factor: Decimal,
}

impl<'a> Resolver<'a> {
    pub(super) fn new(tokens: Tokens<'a>, map: &'a OffsetMap, region: Option<Region>) -> Self {
        Resolver {
            tokens,
            map,
            region,
            named: None,
        }
    }

    /// Makes the quantity of a reading, with the rules that took part.
    pub(super) fn resolve(&mut self, reading: &Reading) -> Option<(Quantity, Rules)> {
        match &reading.what {
            What::Figure(figure) => self.figure(figure),
            What::Period(period) => self.period(period),
        }
    }

    fn lexicon(&self) -> &'a Quantities {
        self.tokens.lexicon
    }

    fn figure(&mut self, figure: &Figure) -> Option<(Quantity, Rules)> {
        let mut rules = figure.rules;
        let amount = self.amount(figure, &mut rules)?;
        let plain = amount.factor.mantissa() == 1 && amount.factor.exponent() == 0;
        let scaled = |value: Option<Decimal>| match value {
            Some(value) if plain => Some(Some(value)),
            Some(value) => value.checked_mul(amount.factor).ok().map(Some),
            None => Some(None),
        };
        let interval = Interval::Number {
            low: scaled(figure.low)?,
            high: scaled(figure.high)?,
        };
        let written = Interval::Number {
            low: figure.low,
            high: figure.high,
        };
        let kind = match amount.kind {
            Kind::Number if figure.value().is_none() => Kind::NumberRange,
            kind => kind,
        };
        let mut quantity = Quantity::new(
            self.span(figure.start, figure.end),
            kind,
            amount.unit,
            interval,
            written,
        )
        .ok()?;
        let hedged = (figure.hedge_start, figure.hedge_end.max(figure.end));
        if hedged != (figure.start, figure.end) {
            quantity.hedged_span = self.span(hedged.0, hedged.1);
        }
        quantity.bound = figure.bound;
        quantity.precision = figure.digits;
        quantity.written_unit = amount.written;
        quantity.candidates = amount.candidates;
        quantity.basis = self.basis(figure, &mut rules);
        Some((quantity, rules))
    }

    fn span(&self, start: usize, end: usize) -> Span<hedui_model::Original> {
        self.map.to_original(Span::<Folded>::new(start, end))
    }

    fn amount(&mut self, figure: &Figure, rules: &mut Rules) -> Option<Amount> {
        let per = figure.per.and_then(|per| self.per(per, figure.per_scale));
        let mut amount = match figure.unit {
            FigureUnit::None => Amount {
                kind: Kind::Number,
                written: if figure.fraction {
                    FRACTION.to_owned()
                } else {
                    String::new()
                },
                unit: Unit::new(""),
                candidates: Vec::new(),
                factor: Decimal::ONE,
            },
            FigureUnit::Unit(index) => self.unit(index)?,
            FigureUnit::Count(index) => {
                let id = format!("count:{}", self.lexicon().noun(index)?.id);
                Amount {
                    kind: Kind::Dimension,
                    written: id.clone(),
                    unit: Unit::new(&id),
                    candidates: Vec::new(),
                    factor: Decimal::ONE,
                }
            }
            FigureUnit::Currency(index) => self.money(index, rules)?,
        };
        if per.is_some() {
            amount.unit.per = per;
        }
        Some(amount)
    }

    fn unit(&self, index: i64) -> Option<Amount> {
        let row = self.lexicon().unit(index)?;
        Some(Amount {
            kind: match row.kind {
                UnitKind::Dimension => Kind::Dimension,
                UnitKind::Percent => Kind::Percent,
                UnitKind::Duration => Kind::Duration,
            },
            written: row.id.clone(),
            unit: Unit {
                id: row.base.clone(),
                per: row.per.clone(),
            },
            candidates: Vec::new(),
            factor: row.factor,
        })
    }

    fn per(&self, per: Per, scale: u8) -> Option<String> {
        let id = match per {
            Per::Unit(index) => self.lexicon().unit(index)?.as_denominator.clone(),
            Per::Noun(index) => self.lexicon().noun(index)?.id.clone(),
        };
        Some(match self.lexicon().scale_name(scale) {
            Some(name) => format!("{name} {id}"),
            None => id,
        })
    }

    /// Decides whose money it is.
    fn money(&mut self, index: i64, rules: &mut Rules) -> Option<Amount> {
        let row = self.lexicon().currency(index)?;
        let (whole, factor) = match &row.part_of {
            Some((whole, parts)) => (
                self.lexicon().currency_by_id(whole)?,
                Decimal::ONE.checked_div(Decimal::from(*parts)).ok()?,
            ),
            None => (row, Decimal::ONE),
        };
        let (code, candidates) = self.whose(whole, rules);
        let written = if row.part_of.is_some() {
            row.id.clone()
        } else {
            code.clone()
        };
        Some(Amount {
            kind: Kind::Money,
            written,
            unit: Unit::new(&code),
            candidates,
            factor,
        })
    }

    fn whose(&mut self, row: &CurrencyRow, rules: &mut Rules) -> (String, Vec<String>) {
        if row.candidates.is_empty() {
            return (row.id.clone(), Vec::new());
        }
        if let Some(region) = self.region
            && let Some(code) = row.by_region.get(&region).or(row.elsewhere.as_ref())
        {
            rules.add(Rule::Region);
            return (code.clone(), Vec::new());
        }
        let named = self.named();
        let most = row
            .candidates
            .iter()
            .filter_map(|code| {
                let (_, count) = named.iter().find(|(known, _)| known == code)?;
                Some((*count, code))
            })
            .max_by_key(|(count, _)| *count);
        if let Some((_, code)) = most {
            rules.add(Rule::CoMention);
            return (code.clone(), Vec::new());
        }
        (row.id.clone(), row.candidates.clone())
    }

    fn named(&mut self) -> &[(&'a str, usize)] {
        let tokens = self.tokens;
        self.named.get_or_insert_with(|| {
            let mut named: Vec<(&'a str, usize)> = Vec::new();
            for index in 0..tokens.tokens.len() {
                let row = tokens
                    .value(index, Role::Currency)
                    .and_then(|currency| tokens.lexicon.currency(currency));
                let Some(row) =
                    row.filter(|row| row.candidates.is_empty() && row.part_of.is_none())
                else {
                    continue;
                };
                match named.iter_mut().find(|(known, _)| *known == row.id) {
                    Some((_, count)) => *count += 1,
                    None => named.push((&row.id, 1)),
                }
            }
            named
        })
    }

    /// The growth basis beside a share: 同比增长 5%, 5% year on year.
    fn basis(&self, figure: &Figure, rules: &mut Rules) -> Option<Basis> {
        let FigureUnit::Unit(index) = figure.unit else {
            return None;
        };
        if self.lexicon().unit(index)?.kind != UnitKind::Percent {
            return None;
        }
        let from = figure.first.saturating_sub(3);
        let before = (from..figure.first).rev().find_map(|at| {
            let gap = self
                .tokens
                .text
                .get(self.tokens.end(at)..figure.hedge_start)?;
            let near = gap.len() <= 15
                && !gap.contains(['\n', ',', ';'])
                && !gap
                    .chars()
                    .any(|character| matches!(character, '\u{3000}'..='\u{303F}'));
            self.tokens.value(at, Role::Basis).filter(|_| near)
        });
        let behind = || {
            (figure.next..figure.next + 3).find_map(|at| {
                let gap = self
                    .tokens
                    .text
                    .get(figure.hedge_end..self.tokens.start(at))?;
                let near = gap.len() <= 3 && gap.trim().is_empty();
                self.tokens.value(at, Role::Basis).filter(|_| near)
            })
        };
        let basis = match before.or_else(behind)? {
            1 => Basis::YearOnYear,
            2 => Basis::QuarterOnQuarter,
            3 => Basis::MonthOnMonth,
            _ => return None,
        };
        rules.add(Rule::Basis);
        Some(basis)
    }

    fn period(&self, period: &PeriodReading) -> Option<(Quantity, Rules)> {
        let (interval, whole) = match period.times {
            Some(Times { low, high }) => {
                (Interval::Time { low, high }, low == high && low.is_some())
            }
            None => (
                Interval::Date {
                    low: period.low,
                    high: period.high,
                },
                period.low == period.high && period.low.is_some(),
            ),
        };
        let kind = if whole { Kind::Date } else { Kind::DateRange };
        let mut quantity = Quantity::new(
            self.span(period.start, period.end),
            kind,
            Unit::new(DATE),
            interval,
            interval,
        )
        .ok()?;
        let hedged = (period.hedge_start, period.hedge_end);
        if hedged != (period.start, period.end) {
            quantity.hedged_span = self.span(hedged.0, hedged.1);
        }
        quantity.bound = period.bound;
        quantity.precision = 0;
        quantity.written_unit = if period.fiscal {
            format!("fiscal_{}", period.grain.name())
        } else {
            period.grain.name().to_owned()
        };
        quantity.basis = Some(if period.fiscal {
            Basis::Fiscal
        } else {
            Basis::Calendar
        });
        Some((quantity, period.rules))
    }
}
