//! What an article says: who, what, how much, when, in which scope, how real, said by whom, in which sentence.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{ArticleKey, ClaimId, Original, Place, Quantity, Span};

/// Something that a figure is about, or that is mentioned near it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Entity {
    /// The canonical English name from the lexicon, else the name as the text writes it.
    pub name: String,
    /// Whether the lexicon knows it.
    pub known: bool,
}

/// What is measured.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Metric {
    /// The id of a row of `metrics.toml`.
    pub id: String,
    /// The family that the row belongs to: metrics of one family may stand for one another.
    pub family: String,
}

/// How a period is counted, or what a growth compares with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// A calendar period.
    Calendar,
    /// A company's or state's fiscal period.
    Fiscal,
    /// Against the same period a year before.
    YearOnYear,
    /// Against the quarter before.
    QuarterOnQuarter,
    /// Against the month before.
    MonthOnMonth,
}

/// What time a figure is about. Both ends are inclusive; `None` is open or unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Period {
    /// The first day.
    pub from: Option<Date>,
    /// The last day.
    pub to: Option<Date>,
    /// How it is counted.
    pub basis: Option<Basis>,
}

/// Which part of the whole a figure is about. Every field may be unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Scope {
    /// The part: `total`, `first_phase`, `additional`, `cumulative`, `remaining`… (ids from the lexicon).
    pub part: Option<String>,
    /// The time base: `year`, `month`, `quarter`, `one_time`, `multi_year`.
    pub time_base: Option<String>,
    /// The session of a market price: `premarket`, `intraday`, `close`, `after_hours`.
    pub session: Option<String>,
    /// For each of what: `share`, `unit`, `W`.
    pub per: Option<String>,
}

/// How real a figure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It is so, or was.
    Actual,
    /// Somebody intends it.
    Planned,
    /// Somebody expects it.
    Forecast,
    /// Unnamed people say so.
    Reported,
    /// It holds under a condition.
    Conditional,
    /// It is quoted and contradicted.
    Denied,
}

/// Who says so.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Attribution {
    /// The speaker: a canonical name, or the words of the text.
    pub speaker: String,
    /// Whether the figure stands inside quotation marks.
    pub quoted: bool,
}

/// A degree of certainty in thousandths, from 0 to 1,000.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Confidence(u16);

impl Confidence {
    /// Makes a confidence; above 1,000 thousandths counts as 1,000.
    #[must_use]
    pub fn from_thousandths(thousandths: u16) -> Self {
        Confidence(thousandths.min(1_000))
    }

    /// Returns the thousandths.
    #[must_use]
    pub fn thousandths(self) -> u16 {
        self.0
    }
}

impl std::fmt::Display for Confidence {
    /// Prints `0.97`, with as many of three decimals as needed and at least two.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0.is_multiple_of(10) {
            write!(f, "{}.{:02}", self.0 / 1_000, self.0 % 1_000 / 10)
        } else {
            write!(f, "{}.{:03}", self.0 / 1_000, self.0 % 1_000)
        }
    }
}

/// One figure that an article asserts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Made from the evidence: equal evidence has an equal id, also after a reindexing.
    pub id: ClaimId,
    /// The article.
    pub article: ArticleKey,
    /// Its revision, from 1.
    pub revision: u32,
    /// Title or body.
    pub place: Place,
    /// The figure, with its span.
    pub quantity: Quantity,
    /// The sentence around it.
    pub sentence: Span<Original>,
    /// The text of the sentence, as the source wrote it.
    pub sentence_text: String,
    /// Whose figure it is, most specific first.
    pub entities: Vec<Entity>,
    /// Which figure it is, where the lexicon knows it.
    pub metric: Option<Metric>,
    /// Content words that govern the figure and its sentence, folded; concepts of the bilingual lexicon stand as
    /// their ids, so that they compare across languages. Those of its own clause come first, the nearest before the
    /// others, then those of the rest of the sentence; each once.
    pub terms: Vec<String>,
    /// What time it is about.
    pub period: Option<Period>,
    /// Of what whole.
    pub scope: Scope,
    /// How real it is.
    pub status: Status,
    /// Who says so.
    pub attribution: Option<Attribution>,
    /// The claim that this one restates in another unit or currency.
    pub gloss_of: Option<ClaimId>,
    /// How sure the reading is.
    pub confidence: Confidence,
}

impl Claim {
    /// Returns the figure as the source wrote it.
    #[must_use]
    pub fn mention(&self) -> &str {
        let start = self.sentence.start();
        let span = self.quantity.span;
        span.start()
            .checked_sub(start)
            .zip(span.end().checked_sub(start))
            .and_then(|(from, to)| self.sentence_text.get(from..to))
            .unwrap_or_default()
    }
}
