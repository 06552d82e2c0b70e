//! What two claims have in common besides their values, and where they part.

use std::collections::BTreeSet;

use hedui_model::{
    Appearance, Basis, Claim, Interval, Kind, Lang, Metric, Place, Quantity, Reading, Status, Unit,
};
use hedui_text::lexicon::PartRole;
use hedui_text::{NEAR_DUPLICATE, similarity};

use crate::Reconciler;
use crate::periods::{PeriodTie, period_tie};
use crate::reconciler::Tempo;

/// Whose figures the two are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// The first-named owner of both is the same.
    Same(String),
    /// The owner of one is named with the other.
    Crossed(String),
    /// The owner of one belongs to that of the other.
    Kin(String),
    /// Something is named with both.
    Shared(String),
    /// One names nobody, and its article does not contradict.
    Open,
    /// Nothing but places, or nothing at all.
    None,
}

/// How the metrics stand to each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum MetricTie {
    Same(String),
    Family(String),
    Kin(String, String),
    /// One is the change of the other: comparable only where one may be told with the other's unit.
    Change(String, String),
    OneKnown(String),
    NoneKnown,
    Other(String, String),
}

/// How the parts of the whole stand to each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PartTie {
    Same(String),
    /// Both are parts, increments or earlier values of something, and of what is open.
    Alike(String),
    NoneKnown,
    /// One says that it is the whole, the other says nothing.
    WholeAndOpen,
    /// One says that it is a part or a cut, the other says nothing.
    PartAndOpen(String),
    /// A limit against something that it may limit.
    Limit,
    Other(String, String),
}

/// What two claims have in common, and where they part.
#[derive(Clone, Debug)]
pub(crate) struct Evidence {
    pub(crate) owner: Owner,
    /// Each names an owner, first or second, that the other does not name: two deals of one company.
    pub(crate) have_rivals: bool,
    /// One of the first two owners of each is nowhere in the other's article.
    pub(crate) absent: (bool, bool),
    pub(crate) metric: MetricTie,
    pub(crate) tempo: Tempo,
    pub(crate) part: PartTie,
    pub(crate) period: PeriodTie,
    pub(crate) growth_bases: Option<(String, String)>,
    pub(crate) time_bases: Option<(String, String)>,
    /// A time base that only one of the two names.
    pub(crate) open_time_base: bool,
    pub(crate) sessions: Option<(String, String)>,
    /// Both say against what a growth is, and say the same.
    pub(crate) growth_is_said: bool,
    /// Both say the same session, and it is one with a single figure.
    pub(crate) same_session: bool,
    /// Figures of this kind move by the minute.
    pub(crate) is_fleeting: bool,
    /// The same number as written, in two units of one kind.
    pub(crate) same_written: bool,
    /// One names a denominator that the other leaves open, or they count by two nouns.
    pub(crate) is_unit_loose: bool,
    /// How many digits the shorter of the two figures has, zeros at the end apart.
    pub(crate) digits: u32,
    /// Both are percentages.
    pub(crate) are_shares: bool,
    pub(crate) statuses: (Status, Status),
    /// Somebody's expectation beside something else.
    pub(crate) stranger: Option<String>,
    pub(crate) terms_shared: u32,
    /// Shared terms in thousandths of the shorter list.
    pub(crate) terms_thousandths: u32,
    /// Equal other figures in the two sentences.
    pub(crate) figures_beside: u32,
    /// Equal other figures in the two articles.
    pub(crate) figures_shared: u32,
    /// Shared entities of the articles, in thousandths of the shorter list.
    pub(crate) story: u32,
    pub(crate) days: i64,
    /// The articles are copies of one story.
    pub(crate) are_copies: bool,
    /// The first figure stands in the second article too, as another claim; and the other way round.
    pub(crate) elsewhere: (bool, bool),
    /// How many other figures of the second article may be the first claim's partner as well; and the other way round.
    pub(crate) alternatives: (u32, u32),
    /// How many of the two stand in their article's title or first sentence.
    pub(crate) leads: u32,
    /// Shared names of the claims, in thousandths of the shorter list.
    pub(crate) names: u32,
}

impl Reconciler {
    pub(crate) fn evidence(&self, a: &Appearance, b: &Appearance) -> Evidence {
        let (x, y) = (&*a.claim, &*b.claim);
        let (terms_shared, terms_thousandths) = terms(a, b);
        let tempo = self.tempo(x.metric.as_ref().or(y.metric.as_ref()));
        Evidence {
            owner: self.owner(a, b),
            have_rivals: self.have_rivals(x, y),
            absent: (self.is_absent(x, b), self.is_absent(y, a)),
            metric: self.metric_tie(x, y),
            tempo,
            part: self.part_tie(x.scope.part.as_deref(), y.scope.part.as_deref()),
            period: period_tie(x.period.as_ref(), y.period.as_ref()),
            growth_is_said: growth_base(x).is_some() && growth_base(x) == growth_base(y),
            growth_bases: differing(growth_base(x), growth_base(y)),
            time_bases: differing(self.time_base(x), self.time_base(y)),
            open_time_base: self.leaves_open(x, y) || self.leaves_open(y, x),
            same_session: x.scope.session == y.scope.session
                && x.scope
                    .session
                    .as_deref()
                    .is_some_and(|session| self.verdicts().is_fixed(session)),
            is_fleeting: [x, y].iter().any(|claim| {
                let family = claim.metric.as_ref().map(|metric| metric.family.as_str());
                family.is_some_and(|family| self.verdicts().is_fleeting(family))
            }),
            sessions: differing(x.scope.session.clone(), y.scope.session.clone()),
            same_written: same_written(&x.quantity, &y.quantity),
            is_unit_loose: false,
            digits: [x, y]
                .iter()
                .map(|claim| digits_of(&claim.quantity))
                .min()
                .unwrap_or(0),
            are_shares: [x, y]
                .iter()
                .all(|claim| claim.quantity.kind == Kind::Percent),
            statuses: (x.status, y.status),
            stranger: self.stranger(x, y).or_else(|| self.stranger(y, x)),
            terms_shared,
            terms_thousandths,
            figures_beside: figures_beside(x, y),
            figures_shared: figures_shared(a, b),
            story: story(a, b),
            days: days_between(a, b),
            are_copies: similarity(&a.article.signature, &b.article.signature) >= NEAR_DUPLICATE,
            elsewhere: (stands_in(a, b), stands_in(b, a)),
            alternatives: (self.alternatives(a, b), self.alternatives(b, a)),
            leads: u32::from(leads(x)) + u32::from(leads(y)),
            names: names_shared(x, y),
        }
    }

    /// Counts the figures of the other article that may be about what this claim is about, but for the one that it is set
    /// against: of its unit, its owner and no other metric, and not stated in this claim's own article as well.
    fn alternatives(&self, appearance: &Appearance, other: &Appearance) -> u32 {
        let claim = &appearance.claim;
        let family = claim.metric.as_ref().map(|metric| metric.family.as_str());
        let owners = self.owners(claim);
        let is_told = |reading: &Reading, figures: &[Reading]| {
            figures
                .iter()
                .any(|own| own.unit == reading.unit && own.interval == reading.interval)
        };
        let may_be = |reading: &&Reading| {
            let is_of_metric = match (family, reading.family.as_deref()) {
                (Some(family), Some(other)) => {
                    family == other || self.verdicts().are_kin(family, other)
                }
                _ => true,
            };
            let is_of_owner = reading.entities.is_empty()
                || owners
                    .first()
                    .is_none_or(|owner| reading.entities.iter().any(|name| name == owner));
            reading.unit == other.claim.quantity.unit
                && reading.interval != other.claim.quantity.interval()
                && is_of_metric
                && is_of_owner
                && !is_told(reading, &appearance.article.figures)
        };
        let mut values: Vec<&Interval> = Vec::new();
        for reading in other.article.figures.iter().filter(may_be) {
            if !values.contains(&&reading.interval) {
                values.push(&reading.interval);
            }
        }
        count(values.len())
    }

    fn owner(&self, a: &Appearance, b: &Appearance) -> Owner {
        let (first, second) = (self.owners(&a.claim), self.owners(&b.claim));
        let (Some(owner), Some(other)) = (first.first(), second.first()) else {
            let of_article = |names: &[&str], appearance: &Appearance| {
                names
                    .iter()
                    .any(|name| appearance.article.entities.iter().any(|own| own == name))
            };
            let is_open = of_article(&first, b) || of_article(&second, a);
            return if is_open { Owner::Open } else { Owner::None };
        };
        if owner == other {
            // What lies in one place need not be one thing.
            return if self.is_owner(owner) || self.is_state(owner) {
                Owner::Same((*owner).to_owned())
            } else {
                Owner::Shared((*owner).to_owned())
            };
        }
        // Order must not matter: of two crossings the name that sorts first is told.
        let mut crossed: Vec<&str> = Vec::new();
        crossed.extend(second.contains(owner).then_some(*owner));
        crossed.extend(first.contains(other).then_some(*other));
        if let Some(name) = crossed.into_iter().min() {
            return Owner::Crossed(name.to_owned());
        }
        let belongs = |one: &str, other: &str| self.parents(one).any(|parent| parent == other);
        if belongs(owner, other) || belongs(other, owner) {
            return Owner::Kin((*owner).min(*other).to_owned());
        }
        let shared = first.iter().filter(|name| second.contains(name)).min();
        shared.map_or(Owner::None, |name| Owner::Shared((*name).to_owned()))
    }

    /// Tells whether one says how it counts over time, and the other does not: neither in a word nor by its period, which
    /// is the same.
    fn leaves_open(&self, x: &Claim, y: &Claim) -> bool {
        let span = |claim: &Claim| {
            let period = claim.period.as_ref()?;
            period.from.zip(period.to)
        };
        if span(x).is_some() && span(x) == span(y) {
            return false;
        }
        let base = self.time_base(x);
        self.time_base(y).is_none() && base.is_some_and(|base| !self.verdicts().is_loose(&base))
    }

    /// Returns per what time a figure counts: by its unit, by a word beside it.
    fn time_base(&self, claim: &Claim) -> Option<String> {
        let per = claim.quantity.unit.per.as_deref();
        let of_unit = per.filter(|per| self.verdicts().is_time_base(per));
        of_unit
            .or(claim.scope.time_base.as_deref())
            .map(str::to_owned)
    }

    /// Tells whether one of a claim's first two owners is nowhere in an article: a deal's parties are named where it is told.
    fn is_absent(&self, claim: &Claim, other: &Appearance) -> bool {
        self.owners(claim).iter().take(2).any(|owner| {
            let of_article = &other.article.entities;
            !of_article.iter().any(|name| name == owner)
                && !self
                    .parents(owner)
                    .any(|parent| of_article.iter().any(|name| name == parent))
        })
    }

    fn have_rivals(&self, x: &Claim, y: &Claim) -> bool {
        let (first, second) = (self.owners(x), self.owners(y));
        let is_alone =
            |own: &[&str], other: &[&str]| own.iter().take(2).any(|name| !other.contains(name));
        first.len() >= 2
            && second.len() >= 2
            && is_alone(&first, &second)
            && is_alone(&second, &first)
    }

    fn metric_tie(&self, x: &Claim, y: &Claim) -> MetricTie {
        match (&x.metric, &y.metric) {
            (Some(metric), Some(other)) if metric.id == other.id => {
                MetricTie::Same(metric.id.clone())
            }
            (Some(metric), Some(other)) if metric.family == other.family => {
                MetricTie::Family(metric.family.clone())
            }
            (Some(metric), Some(other)) => {
                let (first, second) = sorted(metric.id.clone(), other.id.clone());
                let changes = |one: &Metric, other: &Metric| {
                    let row = self.lexicon.metrics.by_id(&one.id);
                    row.and_then(|row| row.change.as_ref()) == Some(&other.id)
                };
                if changes(metric, other) || changes(other, metric) {
                    MetricTie::Change(first, second)
                } else if self.verdicts().are_kin(&metric.family, &other.family) {
                    MetricTie::Kin(first, second)
                } else {
                    MetricTie::Other(first, second)
                }
            }
            (Some(metric), None) | (None, Some(metric)) => MetricTie::OneKnown(metric.id.clone()),
            (None, None) => MetricTie::NoneKnown,
        }
    }

    fn part_tie(&self, part: Option<&str>, other: Option<&str>) -> PartTie {
        let role = |part: &str| self.verdicts().part_role(part);
        match (part, other) {
            (None, None) => PartTie::NoneKnown,
            (Some(part), Some(other)) if part == other && role(part) == Some(PartRole::Part) => {
                PartTie::Alike(part.to_owned())
            }
            (Some(part), Some(other)) if part == other => PartTie::Same(part.to_owned()),
            (Some(part), None) | (None, Some(part)) => match role(part) {
                Some(PartRole::Whole) => PartTie::WholeAndOpen,
                Some(PartRole::Limit) => PartTie::Limit,
                _ => PartTie::PartAndOpen(part.to_owned()),
            },
            (Some(part), Some(other)) => {
                let roles = (role(part), role(other));
                let is_limit = matches!(
                    roles,
                    (Some(PartRole::Limit), _) | (_, Some(PartRole::Limit))
                );
                let are_wholes = roles == (Some(PartRole::Whole), Some(PartRole::Whole));
                if is_limit || are_wholes {
                    return PartTie::Limit;
                }
                let (first, second) = sorted(part.to_owned(), other.to_owned());
                PartTie::Other(first, second)
            }
        }
    }

    /// Names the speaker of an expectation of somebody else's figure, where the other claim is not his too.
    fn stranger(&self, x: &Claim, y: &Claim) -> Option<String> {
        let speaker = &x.attribution.as_ref()?.speaker;
        let other = y
            .attribution
            .as_ref()
            .map(|attribution| &attribution.speaker);
        if x.status != Status::Forecast || other == Some(speaker) {
            return None;
        }
        let is_owner = [x, y]
            .iter()
            .any(|claim| claim.entities.iter().any(|entity| &entity.name == speaker));
        let is_known = self.kind_of(speaker).is_some() && self.is_owner(speaker);
        let is_stranger = self.verdicts().is_stranger(speaker) || (is_known && !is_owner);
        is_stranger.then(|| speaker.clone())
    }
}

pub(crate) fn sorted(first: String, second: String) -> (String, String) {
    if first <= second {
        (first, second)
    } else {
        (second, first)
    }
}

fn differing(a: Option<String>, b: Option<String>) -> Option<(String, String)> {
    let (a, b) = (a?, b?);
    (a != b).then_some((a, b))
}

fn same_written(x: &Quantity, y: &Quantity) -> bool {
    let (unit, other) = (&x.written_unit, &y.written_unit);
    let are_named = !unit.is_empty() && !other.is_empty() && unit != other;
    let (value, other_value) = (x.written().stated(), y.written().stated());
    let is_telling = value.is_some_and(|value| value.normalized().digits() >= 2);
    are_named && is_telling && value == other_value
}

fn digits_of(quantity: &Quantity) -> u32 {
    let stated = quantity.low().or(quantity.high());
    stated.map_or(0, |value| value.normalized().digits())
}

fn growth_base(claim: &Claim) -> Option<String> {
    match claim.period.as_ref()?.basis? {
        Basis::YearOnYear => Some("year_on_year".to_owned()),
        Basis::QuarterOnQuarter => Some("quarter_on_quarter".to_owned()),
        Basis::MonthOnMonth => Some("month_on_month".to_owned()),
        Basis::Calendar | Basis::Fiscal => None,
    }
}

/// Counts shared terms; across languages only terms without Han characters can be shared, so only they count.
fn terms(a: &Appearance, b: &Appearance) -> (u32, u32) {
    let across = (a.article.meta.lang == Lang::Zh) != (b.article.meta.lang == Lang::Zh);
    let comparable = |terms: &[String]| -> BTreeSet<String> {
        terms
            .iter()
            .filter(|term| !across || term.is_ascii())
            .cloned()
            .collect()
    };
    let (first, second) = (comparable(&a.claim.terms), comparable(&b.claim.terms));
    let shared = first.intersection(&second).count();
    let shorter = first.len().min(second.len());
    (count(shared), thousandths(shared, shorter + 1))
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn thousandths(part: usize, whole: usize) -> u32 {
    count(part.saturating_mul(1_000).checked_div(whole).unwrap_or(0))
}

fn story(a: &Appearance, b: &Appearance) -> u32 {
    let (first, second) = (&a.article.entities, &b.article.entities);
    let shared = first
        .iter()
        .filter(|name| second.binary_search(name).is_ok())
        .count();
    thousandths(shared, first.len().min(second.len()))
}

fn days_between(a: &Appearance, b: &Appearance) -> i64 {
    (a.instant().as_second() - b.instant().as_second()).abs() / 86_400
}

/// Digits without zeros at their ends: what figures share across languages and units.
fn digits_beside(claim: &Claim) -> BTreeSet<String> {
    let from = claim
        .quantity
        .span
        .start()
        .saturating_sub(claim.sentence.start());
    let to = claim
        .quantity
        .span
        .end()
        .saturating_sub(claim.sentence.start());
    let text = &claim.sentence_text;
    let parts = [
        text.get(..from).unwrap_or_default(),
        text.get(to..).unwrap_or_default(),
    ];
    parts.iter().flat_map(|part| runs_of_digits(part)).collect()
}

fn runs_of_digits(text: &str) -> Vec<String> {
    let is_digit =
        |character: char| character.is_ascii_digit() || ('０'..='９').contains(&character);
    let is_inside =
        |character: char| is_digit(character) || matches!(character, ',' | '.' | '，' | '．');
    text.split(|character: char| !is_inside(character))
        .filter_map(|run| {
            let digits: String = run
                .chars()
                .filter(|character| is_digit(*character))
                .filter_map(|character| character.to_digit(10).or_else(|| full_width(character)))
                .filter_map(|digit| char::from_digit(digit, 10))
                .collect();
            let is_year =
                digits.len() == 4 && (digits.starts_with("19") || digits.starts_with("20"));
            let bare = digits.trim_matches('0').to_owned();
            (bare.len() >= 2 && !is_year).then_some(bare)
        })
        .collect()
}

fn full_width(character: char) -> Option<u32> {
    u32::from(character)
        .checked_sub(u32::from('０'))
        .filter(|digit| *digit < 10)
}

fn figures_beside(x: &Claim, y: &Claim) -> u32 {
    let own: BTreeSet<String> = [x, y]
        .into_iter()
        .flat_map(|claim| runs_of_digits(claim.mention()))
        .collect();
    let (first, second) = (digits_beside(x), digits_beside(y));
    count(
        first
            .intersection(&second)
            .filter(|digits| !own.contains(*digits))
            .count(),
    )
}

/// Tells whether a claim stands in its article's title or first sentence.
fn leads(claim: &Claim) -> bool {
    claim.place == Place::Title || claim.sentence.start() == 0
}

fn names_shared(x: &Claim, y: &Claim) -> u32 {
    let names = |claim: &Claim| -> BTreeSet<String> {
        claim
            .entities
            .iter()
            .map(|entity| entity.name.clone())
            .collect()
    };
    let (first, second) = (names(x), names(y));
    thousandths(
        first.intersection(&second).count(),
        first.len().min(second.len()),
    )
}

fn figures_shared(a: &Appearance, b: &Appearance) -> u32 {
    let is_telling = |reading: &&Reading| {
        let digits = reading
            .interval
            .stated()
            .map_or(0, |value| value.normalized().digits());
        digits >= 2 && !is_own(reading, a) && !is_own(reading, b)
    };
    let mut shared: Vec<(&Unit, &Interval)> = Vec::new();
    for reading in a.article.figures.iter().filter(is_telling) {
        let figure = (&reading.unit, &reading.interval);
        let is_theirs = b
            .article
            .figures
            .iter()
            .any(|other| (&other.unit, &other.interval) == figure);
        if is_theirs && !shared.contains(&figure) {
            shared.push(figure);
        }
    }
    count(shared.len())
}

fn is_own(reading: &Reading, appearance: &Appearance) -> bool {
    reading.interval == appearance.claim.quantity.interval()
}

/// Tells whether the other article states the same figure somewhere.
pub(crate) fn stands_in(appearance: &Appearance, other: &Appearance) -> bool {
    let quantity = &appearance.claim.quantity;
    let Some(stated) = quantity.interval().stated() else {
        return false;
    };
    other.claim.quantity.interval().stated() != Some(stated)
        && other.article.figures.iter().any(|reading| {
            reading.unit == quantity.unit && reading.interval.stated() == Some(stated)
        })
}
