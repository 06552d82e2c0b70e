//! Claims made by hand, for tests.

#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use hedui_model::{
    Appearance, ArticleDigest, ArticleMeta, Attribution, Bound, Claim, ClaimId, Confidence,
    Decimal, Entity, Interval, Kind, Lang, Metric, Place, Published, Quantity, Reading, Scope,
    Signature, Span, Status, Unit,
};
use hedui_text::{Folder, Lexicon};
use jiff::Timestamp;

/// A claim under construction; what is not set is as in most claims.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) source: String,
    pub(crate) day: String,
    pub(crate) claim: Claim,
    pub(crate) others: Vec<(String, String)>,
    pub(crate) story: Vec<String>,
    pub(crate) signature: Vec<u64>,
    pub(crate) lang: Lang,
}

/// Starts a claim of the sentence, in which `mention` stands for `value` of `unit`.
pub(crate) fn claim(
    source: &str,
    day: &str,
    sentence: &str,
    mention: &str,
    value: &str,
    unit: &str,
) -> Draft {
    let at = sentence.find(mention).unwrap();
    let span = Span::new(at, at + mention.len());
    let value: Decimal = value.parse().unwrap();
    let kind = match unit {
        "percent" | "percentage_point" => Kind::Percent,
        "USD" | "CNY" | "TWD" => Kind::Money,
        _ => Kind::Dimension,
    };
    let quantity = Quantity::new(
        span,
        kind,
        Unit::new(unit),
        Interval::point(value),
        Interval::point(value),
    )
    .unwrap();
    let article = format!("{source}/{day}").parse().unwrap();
    let is_han = sentence
        .chars()
        .any(|character| ('一'..='鿿').contains(&character));
    Draft {
        source: source.to_owned(),
        day: day.to_owned(),
        claim: Claim {
            id: ClaimId::of_evidence(&article, sentence, mention, 0),
            article,
            revision: 1,
            place: Place::Body,
            quantity,
            sentence: Span::new(0, sentence.len()),
            sentence_text: sentence.to_owned(),
            entities: vec![Entity {
                name: "TSMC".to_owned(),
                known: true,
            }],
            metric: None,
            terms: Vec::new(),
            period: None,
            scope: Scope::default(),
            status: Status::Actual,
            attribution: None,
            gloss_of: None,
            confidence: Confidence::from_thousandths(900),
        },
        others: Vec::new(),
        story: vec!["TSMC".to_owned()],
        signature: vec![hash(source), hash(day), hash(sentence)],
        lang: if is_han { Lang::Zh } else { Lang::En },
    }
}

fn hash(text: &str) -> u64 {
    text.bytes().fold(7, |hash, byte| {
        hash.wrapping_mul(31).wrapping_add(u64::from(byte))
    })
}

impl Draft {
    pub(crate) fn metric(mut self, id: &str) -> Self {
        let family = Lexicon::builtin().metrics.by_id(id).unwrap().family.clone();
        self.claim.metric = Some(Metric {
            id: id.to_owned(),
            family,
        });
        self
    }

    pub(crate) fn of(mut self, names: &[&str]) -> Self {
        self.claim.entities = names
            .iter()
            .map(|name| Entity {
                name: (*name).to_owned(),
                known: true,
            })
            .collect();
        self.story = names.iter().map(|name| (*name).to_owned()).collect();
        self.story.sort();
        self
    }

    pub(crate) fn terms(mut self, terms: &[&str]) -> Self {
        self.claim.terms = terms.iter().map(|term| (*term).to_owned()).collect();
        self.claim.terms.sort();
        self
    }

    pub(crate) fn part(mut self, part: &str) -> Self {
        self.claim.scope.part = Some(part.to_owned());
        self
    }

    pub(crate) fn time_base(mut self, base: &str) -> Self {
        self.claim.scope.time_base = Some(base.to_owned());
        self
    }

    pub(crate) fn session(mut self, session: &str) -> Self {
        self.claim.scope.session = Some(session.to_owned());
        self
    }

    pub(crate) fn status(mut self, status: Status) -> Self {
        self.claim.status = status;
        self
    }

    pub(crate) fn speaker(mut self, speaker: &str) -> Self {
        self.claim.attribution = Some(Attribution {
            speaker: speaker.to_owned(),
            quoted: false,
        });
        self
    }

    pub(crate) fn bound(mut self, bound: Bound) -> Self {
        let value = self.claim.quantity.interval().stated();
        let interval = match bound {
            Bound::MoreThan | Bound::AtLeast => Interval::Number {
                low: value,
                high: None,
            },
            Bound::LessThan | Bound::AtMost | Bound::UpTo => Interval::Number {
                low: None,
                high: value,
            },
            _ => self.claim.quantity.interval(),
        };
        self.claim.quantity.bound = bound;
        self.claim.quantity.restate(interval, interval).unwrap();
        self
    }

    /// The article states this figure too.
    pub(crate) fn beside(mut self, value: &str, unit: &str) -> Self {
        self.others.push((value.to_owned(), unit.to_owned()));
        self
    }

    pub(crate) fn gloss_of(mut self, main: &Draft) -> Self {
        self.claim.gloss_of = Some(main.claim.id.clone());
        self
    }

    pub(crate) fn made(self) -> Appearance {
        let published: Published = self.day.parse().unwrap();
        let reading = |unit: &str, interval| Reading {
            unit: Unit::new(unit),
            interval,
            family: None,
            entities: Vec::new(),
        };
        let own = reading(&self.claim.quantity.unit.id, self.claim.quantity.interval());
        let others = self
            .others
            .iter()
            .map(|(value, unit)| reading(unit, Interval::point(value.parse().unwrap())));
        let title = Folder::builtin().fold(&self.claim.sentence_text).text;
        Appearance {
            article: Arc::new(ArticleDigest {
                meta: ArticleMeta {
                    key: self.claim.article.clone(),
                    url: None,
                    source: self.source.parse().unwrap(),
                    lang: self.lang,
                    script: None,
                    region: None,
                    published: Some(published),
                    seen: Timestamp::UNIX_EPOCH,
                    author: None,
                },
                revision: 1,
                title,
                entities: self.story,
                figures: std::iter::once(own).chain(others).collect(),
                signature: Signature({
                    let mut signature = self.signature;
                    signature.sort_unstable();
                    signature
                }),
            }),
            claim: Arc::new(self.claim),
        }
    }
}
