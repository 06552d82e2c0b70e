//! From an article to its claims: the figures that it asserts, each with whose, which, when, how real and said by whom.

use std::collections::HashMap;
use std::sync::Arc;

use hedui_model::{
    Article, Attribution, Basis, Claim, ClaimId, Confidence, Kind, Metric, Original, Period, Place,
    Quantity, Scope, Span, Status, Unit,
};
use hedui_text::Lexicon;
use hedui_text::lexicon::{EntityKind, EntityRow, MetricKind, MetricRow};
use jiff::civil::Date;

use crate::attach::claimed::is_claim;
use crate::attach::direction::{falls, is_change, negate};
use crate::attach::metric::metrics_of;
use crate::attach::owner::{Before, Origin, Owners, owners_in, owners_of};
use crate::attach::period::{Times, period_of};
use crate::attach::scope::scope_of;
use crate::attach::speaker::speaker_of;
use crate::attach::status::status_of;
use crate::attach::subjects::Subjects;
use crate::attach::terms::{Term, terms_in, terms_of};
use crate::lists;
use crate::naming::Strangers;
use crate::quantity::QuantityReader;
use crate::region::region_of;
use crate::scene::{Figure, Scene, Setting};

/// From so many days on a period that is over does not go on at the time of the text: what is expected of a quarter may
/// well be told when it has just ended.
const LONG_DAYS: i32 = 300;

/// Reads claims. Made once and shared.
///
/// ```
/// use std::sync::Arc;
/// use hedui_claims::ClaimReader;
/// use hedui_text::{Analyzer, ArticleInput, Lexicon};
///
/// let lexicon = Lexicon::builtin();
/// let analyzer = Analyzer::new(Arc::clone(&lexicon));
/// let article = analyzer.article(ArticleInput {
///     key: "a1".parse()?,
///     source: "sample".parse()?,
///     url: None,
///     lang: None,
///     region: None,
///     published: Some("2025-03-04".parse()?),
///     seen: jiff::Timestamp::UNIX_EPOCH,
///     title: String::new(),
///     body: "TSMC will raise its investment in Arizona to $165 billion.".to_owned(),
///     author: None,
/// });
/// let claims = ClaimReader::new(lexicon).read(&article);
/// assert_eq!(claims[0].mention(), "$165 billion");
/// assert_eq!(claims[0].entities[0].name, "TSMC");
/// assert_eq!(claims[0].metric.as_ref().map(|metric| metric.id.as_str()), Some("investment"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct ClaimReader {
    lexicon: Arc<Lexicon>,
    quantities: QuantityReader,
}

impl ClaimReader {
    /// Makes a reader that knows the words of `lexicon`.
    #[must_use]
    pub fn new(lexicon: Arc<Lexicon>) -> Self {
        ClaimReader {
            quantities: QuantityReader::new(Arc::clone(&lexicon)),
            lexicon,
        }
    }

    /// Returns what the article claims, the title's claims first, in order of span.
    #[must_use]
    pub fn read(&self, article: &Article) -> Vec<Claim> {
        let setting = Setting {
            region: region_of(&self.lexicon, article),
            lang: article.meta.lang,
            published: article.meta.published.map(hedui_model::Published::day),
        };
        let scene = |place| {
            Scene::new(
                &self.lexicon,
                &self.quantities,
                article.passage(place),
                setting,
            )
        };
        let scenes = [scene(Place::Title), scene(Place::Body)];
        let strangers = Strangers::new(&self.lexicon, &scenes);
        let mut story = Story {
            lexicon: &self.lexicon,
            article,
            setting,
            subjects: Subjects::at_home(&self.lexicon, setting.region),
            times: Times::default(),
            observer: None,
            last: None,
            plans: false,
            terms: None,
            seen: HashMap::new(),
        };
        let mut claims = Vec::new();
        for (place, scene) in [Place::Title, Place::Body].into_iter().zip(scenes) {
            let found = strangers.places(&scene);
            let scene = scene.with_strangers(&self.lexicon, &strangers, &found);
            story.read(place, &scene, &mut claims);
        }
        claims
    }
}

/// An article being read, with what its sentences leave to the next.
struct Story<'a> {
    lexicon: &'a Lexicon,
    article: &'a Article,
    setting: Setting,
    subjects: Subjects<'a>,
    times: Times,
    /// The house whose statistics the text tells.
    observer: Option<String>,
    /// Whose the last figure is, and where it stands.
    last: Option<(Place, usize, &'a EntityRow)>,
    /// Whether the last figure that can be planned was.
    plans: bool,
    /// The terms of the sentence that was read last.
    terms: Option<(Place, usize, Vec<Term>)>,
    /// How often a mention stood in an equal sentence.
    seen: HashMap<(String, String), usize>,
}

impl<'a> Story<'a> {
    fn read(&mut self, place: Place, scene: &Scene<'a>, claims: &mut Vec<Claim>) {
        let metrics = metrics_of(self.lexicon, scene);
        let asserted = asserted(scene, &metrics, self.setting.published);
        let mut ids: Vec<Option<ClaimId>> = vec![None; scene.figures.len()];
        let mut sentence = 0;
        for (index, figure) in scene.figures.iter().enumerate() {
            while sentence < figure.sentence {
                self.pass(scene, sentence, &asserted);
                sentence += 1;
            }
            if !asserted.get(index).copied().unwrap_or(false) {
                continue;
            }
            let metric = metrics.get(index).copied().flatten();
            let mut claim = self.claim(place, scene, index, figure, metric, &asserted);
            if let Some(main) = figure.quantity.gloss_of
                && let Some(Some(id)) = ids.get(main as usize)
            {
                claim.gloss_of = Some(id.clone());
                if let Some(main) = claims.iter().rev().find(|claim| claim.id == *id) {
                    lend(main, &mut claim);
                }
            }
            if let Some(place) = ids.get_mut(index) {
                *place = Some(claim.id.clone());
            }
            claims.push(claim);
        }
        while sentence < scene.units.len() {
            self.pass(scene, sentence, &asserted);
            sentence += 1;
        }
        if place == Place::Title {
            self.subjects.title = owners_in(scene);
        }
    }

    /// Takes note of what a sentence leaves to the next ones.
    fn pass(&mut self, scene: &Scene<'a>, sentence: usize, asserted: &[bool]) {
        if sentence < scene.units.len() {
            let meant = self.subjects.resolve(self.lexicon, scene, sentence);
            self.subjects.pass(self.lexicon, &meant);
            self.times
                .pass(scene, sentence, asserted, self.setting.published);
        }
    }

    fn claim(
        &mut self,
        place: Place,
        scene: &Scene<'a>,
        index: usize,
        figure: &Figure,
        metric: Option<&MetricRow>,
        asserted: &[bool],
    ) -> Claim {
        let owners = lists::owners_of(scene, index)
            .unwrap_or_else(|| self.owners(place, scene, figure, metric));
        self.last = owners.acting.map(|row| (place, figure.sentence, row));
        let sentence = sentence_of(scene, figure);
        let sentence_text = sentence
            .of(&scene.passage.text)
            .unwrap_or_default()
            .to_owned();
        let attribution = self.attribution(scene, figure, metric);
        let (period, dated) = period_of(
            scene,
            index,
            metric,
            &self.times,
            asserted,
            self.setting.published,
        );
        let own_period = period.as_ref().filter(|_| dated);
        let status = self.status(scene, figure, metric, own_period);
        let scope = scope_of(scene, figure, metric, dated);
        let period = period
            .filter(|period| dated || !self.is_stale(period, status))
            .map(|period| match scope.time_base.as_deref() {
                Some(YEAR) if !dated => whole_year(period),
                _ => period,
            });
        let mention = figure
            .quantity
            .span
            .of(&scene.passage.text)
            .unwrap_or_default()
            .to_owned();
        let id = self.id(&sentence_text, mention);
        Claim {
            id,
            article: self.article.meta.key.clone(),
            revision: self.article.revision,
            place,
            quantity: self.stated(scene, figure, metric),
            sentence,
            sentence_text,
            confidence: confidence(figure, &owners, metric),
            entities: owners.entities,
            metric: metric.map(|row| Metric {
                id: row.id.clone(),
                family: row.family.clone(),
            }),
            terms: self.terms(place, scene, figure),
            period,
            scope,
            status,
            attribution,
            gloss_of: None,
        }
    }

    fn owners(
        &self,
        place: Place,
        scene: &Scene<'a>,
        figure: &Figure,
        metric: Option<&MetricRow>,
    ) -> Owners<'a> {
        let subjects = &self.subjects;
        let meant = subjects.resolve(self.lexicon, scene, figure.sentence);
        let before = self
            .last
            .filter(|(at, sentence, _)| (*at, *sentence) == (place, figure.sentence))
            .map(|(.., row)| row);
        owners_of(
            self.lexicon,
            scene,
            figure,
            metric,
            Before {
                subjects,
                figure: before,
            },
            &meant,
        )
    }

    /// Tells whether most of a year, or of several, has not come yet.
    fn is_to_come(&self, period: Option<&Period>) -> bool {
        let ends = period.and_then(|period| period.from.zip(period.to));
        ends.zip(self.setting.published)
            .is_some_and(|((from, to), published)| {
                let days =
                    |first: Date, last: Date| first.until(last).map_or(0, |span| span.get_days());
                let length = days(from, to);
                length >= LONG_DAYS && days(published, to) * 2 > length
            })
    }

    /// Tells whether a period that another clause says cannot be the figure's: it is over, and the figure only planned or
    /// expected, or it is to come, and the figure is so.
    fn is_stale(&self, period: &Period, status: Status) -> bool {
        let Some(published) = self.setting.published else {
            return false;
        };
        match status {
            Status::Planned | Status::Forecast => {
                period.to.is_some_and(|end| end < published)
                    && period.from.zip(period.to).is_some_and(|(from, to)| {
                        from.until(to)
                            .is_ok_and(|span| span.get_days() >= LONG_DAYS)
                    })
            }
            Status::Actual => match period.from {
                Some(from) => from > published,
                None => period.to.is_some_and(|end| end > published),
            },
            _ => false,
        }
    }

    /// Returns the figure as the claim states it: a bare number of things takes the noun of its metric
    /// (`thousands of well-paid jobs`), a fall is below zero.
    fn stated(&self, scene: &Scene<'_>, figure: &Figure, metric: Option<&MetricRow>) -> Quantity {
        let mut quantity = figure.quantity.clone();
        let Some(row) = metric else {
            return quantity;
        };
        if matches!(quantity.kind, Kind::Number | Kind::NumberRange)
            && let Some(unit) = row.takes.iter().find(|unit| unit.starts_with("count:"))
        {
            quantity.kind = Kind::Dimension;
            quantity.unit = Unit::new(unit);
        }
        if is_change(self.lexicon, row) && falls(scene, figure) {
            negate(&mut quantity);
        }
        quantity
    }

    /// Returns the status of a figure. Where no word tells, a day to come is planned, and so is what is put up, hired or
    /// built in a sentence after one that plans, and money of a year most of which is to come; all else is so.
    fn status(
        &mut self,
        scene: &Scene<'_>,
        figure: &Figure,
        metric: Option<&MetricRow>,
        period: Option<&Period>,
    ) -> Status {
        let told = status_of(scene, figure);
        let plannable =
            metric.is_some_and(|row| row.kind == MetricKind::Stock && !row.series && !row.daily);
        let is_date = matches!(figure.quantity.kind, Kind::Date | Kind::DateRange);
        let status = match told {
            // Who expects a day to come has planned for it.
            Some(Status::Forecast) if is_date => Status::Planned,
            Some(Status::Actual) | None if is_ahead(figure, self.setting.published) => {
                Status::Planned
            }
            None if plannable && self.plans => Status::Planned,
            None if figure.quantity.kind == Kind::Money && self.is_to_come(period) => {
                Status::Planned
            }
            told => told.unwrap_or(Status::Actual),
        };
        if plannable {
            self.plans = status == Status::Planned;
        }
        status
    }

    /// Returns who says a figure: one whom the sentence names, else, of what is published period by period, the house
    /// that the text has named before.
    fn attribution(
        &mut self,
        scene: &Scene<'_>,
        figure: &Figure,
        metric: Option<&MetricRow>,
    ) -> Option<Attribution> {
        let said = speaker_of(scene, figure);
        let is_observer = |said: &Attribution| {
            let speaker = self.lexicon.entities.named(&said.speaker);
            speaker.is_some_and(|row| row.kind == EntityKind::Observer)
        };
        match said {
            Some(said) => {
                if is_observer(&said) {
                    self.observer = Some(said.speaker.clone());
                }
                Some(said)
            }
            None if metric.is_some_and(|row| row.series && !row.daily) => {
                self.observer.clone().map(|speaker| Attribution {
                    speaker,
                    quoted: false,
                })
            }
            None => None,
        }
    }

    /// Returns the terms of a figure; the figures of a sentence come one after the other and share its words.
    fn terms(&mut self, place: Place, scene: &Scene<'_>, figure: &Figure) -> Vec<String> {
        let at = (place, figure.sentence);
        let read = self
            .terms
            .take()
            .filter(|(place, sentence, _)| (*place, *sentence) == at);
        let (_, _, terms) = self.terms.insert(
            read.unwrap_or_else(|| (at.0, at.1, terms_in(self.lexicon, scene, figure.sentence))),
        );
        terms_of(scene, figure, terms)
    }

    fn id(&mut self, sentence: &str, mention: String) -> ClaimId {
        let key = (sentence.to_owned(), mention);
        let occurrence = self.seen.get(&key).copied().unwrap_or(0);
        let id = ClaimId::of_evidence(&self.article.meta.key, &key.0, &key.1, occurrence);
        self.seen.insert(key, occurrence + 1);
        id
    }
}

/// The time base of what is told by the year.
const YEAR: &str = "year";
/// How many days a quarter has at most.
const QUARTER_DAYS: i32 = 100;

/// Returns the year of a quarter that was spoken of before: what is told by the year is not of the quarter.
fn whole_year(period: Period) -> Period {
    let Some((from, to)) = period.from.zip(period.to) else {
        return period;
    };
    let is_short = from
        .until(to)
        .is_ok_and(|span| span.get_days() <= QUARTER_DAYS);
    let ends = Date::new(from.year(), 1, 1)
        .ok()
        .zip(Date::new(from.year(), 12, 31).ok())
        .filter(|_| is_short && period.basis == Some(Basis::Calendar));
    match ends {
        Some((first, last)) => Period {
            from: Some(first),
            to: Some(last),
            basis: period.basis,
        },
        None => period,
    }
}

/// Gives a restatement what belongs to the claim that it restates.
fn lend(main: &Claim, gloss: &mut Claim) {
    gloss.entities.clone_from(&main.entities);
    gloss.metric.clone_from(&main.metric);
    gloss.period.clone_from(&main.period);
    gloss.status = main.status;
    gloss.attribution.clone_from(&main.attribution);
    gloss.scope = Scope {
        per: gloss.scope.per.take(),
        ..main.scope.clone()
    };
}

/// Tells of each figure whether it is a claim; a restatement is one where what it restates is.
fn asserted(
    scene: &Scene<'_>,
    metrics: &[Option<&MetricRow>],
    published: Option<Date>,
) -> Vec<bool> {
    let mut asserted: Vec<bool> = Vec::with_capacity(scene.figures.len());
    for (index, (figure, metric)) in scene.figures.iter().zip(metrics).enumerate() {
        let own = is_claim(scene, index, *metric, published);
        let main = figure
            .quantity
            .gloss_of
            .and_then(|main| asserted.get(main as usize).copied());
        asserted.push(own && main.unwrap_or(true));
    }
    asserted
}

/// Returns the sentence around a figure, widened where it would cut it.
fn sentence_of(scene: &Scene<'_>, figure: &Figure) -> Span<Original> {
    match scene.unit_of(figure) {
        Some(unit) => unit.original.join(figure.quantity.span),
        None => figure.quantity.hedged_span.join(figure.quantity.span),
    }
}

/// Tells whether the figure is a day that has not come.
fn is_ahead(figure: &Figure, published: Option<Date>) -> bool {
    let Some((low, high)) = figure.quantity.interval().days() else {
        return false;
    };
    published
        .zip(high.or(low))
        .is_some_and(|(published, day)| day > published)
}

/// Returns how sure the reading is, in thousandths; each part that is missing or lent takes its share.
fn confidence(figure: &Figure, owners: &Owners<'_>, metric: Option<&MetricRow>) -> Confidence {
    let owner = match owners.from {
        Origin::Clause => 0,
        Origin::Sentence => 40,
        Origin::Before => 120,
        Origin::Title => 180,
        Origin::Nowhere => 300,
    };
    let metric = if metric.is_some() { 0 } else { 200 };
    let unit = if figure.quantity.candidates.is_empty() {
        0
    } else {
        100
    };
    Confidence::from_thousandths(950_u16.saturating_sub(owner + metric + unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_can_be_shared() {
        fn shared<T: Send + Sync>() {}
        shared::<ClaimReader>();
    }
}
