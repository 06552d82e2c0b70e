//! Words that place a figure: scope, time base, session, growth base, status, speech, discourse.
//!
//! One automaton finds them all; within each class the longest word wins, and
//! words of different classes do not hide one another.

use std::collections::{BTreeMap, BTreeSet};

use hedui_model::{Folded, Span, Status};
use serde::Deserialize;

use super::entities::EntityKind;
use super::phrases::{Endings, Hit, Phrases, PhrasesBuilder, longest};
use super::table::{File, Row};
use super::{LexiconError, Section};

/// On which side of a word of speech its speaker stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SpeakerSide {
    /// Huang said.
    Before,
    /// According to Huang.
    After,
}

/// How far a word of status reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// Only the figure that follows it closely.
    Near,
    /// Its clause.
    Clause,
    /// Its sentence.
    Sentence,
}

/// What a word does between figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The k-th name has the k-th figure.
    Respectively,
    /// The earlier or other value follows.
    Baseline,
    /// The value arrived at follows.
    Reach,
    /// The value went up.
    Up,
    /// The value went down.
    Down,
    /// A duration only looks back.
    Lookback,
    /// A date beside it is what is asserted.
    Event,
    /// A number beside it is a rank, or counts parts.
    Enumeration,
    /// A new clause begins.
    Break,
    /// Periods beside it are fiscal ones.
    Fiscal,
    /// A duration beside it runs from now on.
    Ahead,
    /// A date beside it is asserted also when it is past.
    Settled,
    /// A period beside it is the one that the text speaks of.
    SamePeriod,
    /// What something costs follows.
    Costs,
    /// A date before or after it is when something begins.
    Onset,
    /// How much something changed follows, not where it arrived.
    By,
    /// What stands before or after it is the whole that a percentage is of.
    PartOf,
    /// A percentage beside it is a part of a whole, and no change.
    Share,
    /// It joins a figure to what the figure is of: 5 billion in grants.
    Link,
    /// It takes up the figure of the sentence before.
    Resume,
    /// What stands before it has what follows: the 's of a genitive.
    Holder,
    /// What follows only stands beside: the object of a preposition.
    Beside,
    /// What follows does what is told.
    Agent,
    /// What follows is what something is compared with.
    Compared,
    /// What stands before and after it do the same in the sentence.
    Joins,
    /// What follows is told or made to act.
    Causes,
    /// A verb follows, whose subject stands before it.
    Infinitive,
    /// What follows has been named before.
    Determiner,
    /// What stands before it is a line of business of one firm, no industry.
    Section,
    /// What follows is another name of what stands before.
    Alias,
    /// What is told holds of the whole market.
    World,
    /// A year beside it is the one in which a law was made: `the Communications Act of 1934`.
    Law,
}

/// What a reference stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReferenceKind {
    /// Whoever acted before: it, they.
    Actor,
    /// A company named before.
    Company,
    /// A part of a state named before.
    Agency,
    /// A country named before.
    Country,
    /// The country that the article is written in.
    Home,
    /// A market or an industry named before.
    Sector,
    /// The two that were named before.
    Both,
    /// The first of the two named before.
    Former,
    /// The second of them.
    Latter,
    /// A person named before.
    Person,
    /// A project, programme or product named before.
    Project,
    /// A law named before.
    Law,
}

/// What a word that was found is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cue {
    /// A part of the whole, by id.
    Scope(String),
    /// A time base, by id.
    TimeBase(String),
    /// What a growth compares with, by id.
    GrowthBase(String),
    /// A session of a market, by id.
    Session(String),
    /// How real a figure is.
    Status {
        /// Which.
        status: Status,
        /// The higher wins.
        rank: u8,
        /// How far it reaches.
        reach: Reach,
    },
    /// A longer word that holds one of status and is none.
    NoStatus,
    /// A word of speech.
    Speech(SpeakerSide),
    /// A speaker without a name, by what to call them.
    Unnamed(String),
    /// A word of speech that is a deed as well: who pledges, acts.
    Deed,
    /// What somebody is who speaks for another: minister, chief executive.
    Title,
    /// A word that stands for a name.
    Reference(ReferenceKind),
    /// A word for one of a trade (carmaker), or for many of it, by id.
    Trade {
        /// Which trade.
        id: String,
        /// Whether it is in the plural.
        many: bool,
    },
    /// A word for firms of whatever trade, by id.
    Group(String),
    /// A word for a part of a state: regulator, 监管机构.
    Office,
    /// A word for what a market trades in, by the market's name.
    Goods(String),
    /// A tie between figures.
    Discourse(Role),
    /// A word without meaning of its own.
    Function,
    /// The last word of the name of an organisation.
    NameSuffix(EntityKind),
    /// A word that is no name, though it be written with a capital.
    NoName,
}

/// A cue at its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CueHit<'a> {
    /// Where it stands in the folded text.
    pub span: Span<Folded>,
    /// What it is.
    pub cue: &'a Cue,
}

/// All cues, and the automaton that finds them.
#[derive(Debug, Default)]
pub struct Cues {
    cues: Vec<Cue>,
    forms: Vec<(String, u32)>,
    ids: BTreeSet<(&'static str, String)>,
    trades: BTreeMap<String, TradeRow>,
    adjectives: BTreeMap<String, String>,
    legal_forms: BTreeSet<String>,
    endings: Endings,
    phrases: Phrases,
}

#[derive(Debug, Deserialize)]
struct IdRow {
    id: String,
    #[serde(default)]
    en: Vec<String>,
    #[serde(default)]
    zh: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct StatusRow {
    id: Status,
    rank: u8,
    reach: Reach,
    #[serde(default)]
    en: Vec<String>,
    #[serde(default)]
    zh: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct SpeechRow {
    position: SpeakerSide,
    #[serde(default)]
    en: Vec<String>,
    #[serde(default)]
    zh: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct ReferenceRow {
    kind: ReferenceKind,
    #[serde(default)]
    en: Vec<String>,
    #[serde(default)]
    zh: Vec<String>,
}

/// A trade, and how its firms are told.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct TradeRow {
    /// Its id, as a firm of it is called.
    pub id: String,
    /// Words of names that give one of the trade away.
    #[serde(default)]
    pub parts: Vec<String>,
    /// English words for one of it.
    #[serde(default)]
    pub en: Vec<String>,
    /// English words for many.
    #[serde(default)]
    pub many: Vec<String>,
    /// Chinese words for either.
    #[serde(default)]
    pub zh: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct GoodsRow {
    market: String,
    #[serde(default)]
    en: Vec<String>,
    #[serde(default)]
    zh: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct AdjectiveRow {
    place: String,
    en: String,
}

#[derive(Debug, Deserialize)]
struct NameSuffixRow {
    kind: EntityKind,
    #[serde(default)]
    en: Vec<String>,
    #[serde(default)]
    zh: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct DiscourseRow {
    role: Role,
    #[serde(default)]
    en: Vec<String>,
    #[serde(default)]
    zh: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct WordsRow {
    #[serde(default)]
    en: Vec<String>,
    #[serde(default)]
    zh: Vec<String>,
}

impl Cues {
    /// Returns the cues in a folded text, in order of start.
    #[must_use]
    pub fn find(&self, folded: &str) -> Vec<CueHit<'_>> {
        let all = self.phrases.all(folded);
        let mut classes: [Vec<Hit>; CLASSES] = std::array::from_fn(|_| Vec::new());
        for hit in all {
            let class = self.cue(hit.value).map_or(0, class);
            if let Some(hits) = classes.get_mut(class) {
                hits.push(hit);
            }
        }
        let mut kept: Vec<Hit> = classes.into_iter().flat_map(longest).collect();
        kept.sort_unstable();
        kept.iter()
            .filter_map(|hit| {
                Some(CueHit {
                    span: hit.span,
                    cue: self.cue(hit.value)?,
                })
            })
            .collect()
    }

    /// Returns the trade with this id.
    #[must_use]
    pub fn trade(&self, id: &str) -> Option<&TradeRow> {
        self.trades.get(id)
    }

    /// Returns what firms without names are called outside, by the country that they are of.
    #[must_use]
    pub fn group_name(&self, group: &str, country: Option<&str>) -> String {
        match country {
            Some(country) => {
                let of = self.adjectives.get(country).map_or(country, String::as_str);
                format!("{of} {group}")
            }
            None => group.to_owned(),
        }
    }

    /// Tells whether a word only says what sort of firm bears the name before it: Corp., 有限公司.
    #[must_use]
    pub fn is_legal_form(&self, word: &str) -> bool {
        self.legal_forms.contains(word)
    }

    /// Goes through all trades, by id.
    pub fn trades(&self) -> impl Iterator<Item = &TradeRow> {
        self.trades.values()
    }

    fn cue(&self, value: u32) -> Option<&Cue> {
        self.cues.get(value as usize)
    }

    fn enter(&mut self, cue: Cue, en: &[String], zh: &[String]) {
        let value = u32::try_from(self.cues.len()).unwrap_or(u32::MAX);
        self.cues.push(cue);
        self.forms
            .extend(en.iter().chain(zh).map(|form| (form.clone(), value)));
    }

    fn read_ids(
        &mut self,
        file: &File,
        table: &'static str,
        make: fn(String) -> Cue,
    ) -> Result<(), LexiconError> {
        for row in file.rows::<IdRow>(table)? {
            check_id(&row)?;
            self.ids.insert((table, row.value.id.clone()));
            self.enter(make(row.value.id.clone()), &row.value.en, &row.value.zh);
        }
        Ok(())
    }

    fn read_statuses(&mut self, file: &File) -> Result<(), LexiconError> {
        for Row { value, .. } in file.rows::<StatusRow>("status")? {
            let cue = Cue::Status {
                status: value.id,
                rank: value.rank,
                reach: value.reach,
            };
            self.enter(cue, &value.en, &value.zh);
        }
        for Row { value, .. } in file.rows::<WordsRow>("not_status")? {
            self.enter(Cue::NoStatus, &value.en, &value.zh);
        }
        Ok(())
    }

    fn read_speech(&mut self, file: &File) -> Result<(), LexiconError> {
        for Row { value, .. } in file.rows::<SpeechRow>("speech")? {
            self.enter(Cue::Speech(value.position), &value.en, &value.zh);
        }
        for Row { value, .. } in file.rows::<IdRow>("unnamed")? {
            self.enter(Cue::Unnamed(value.id), &value.en, &value.zh);
        }
        for Row { value, .. } in file.rows::<ReferenceRow>("reference")? {
            self.enter(Cue::Reference(value.kind), &value.en, &value.zh);
        }
        for Row { value, .. } in file.rows::<WordsRow>("deed")? {
            self.enter(Cue::Deed, &value.en, &value.zh);
        }
        for Row { value, .. } in file.rows::<WordsRow>("title")? {
            self.enter(Cue::Title, &value.en, &value.zh);
        }
        for Row { value, .. } in file.rows::<WordsRow>("office")? {
            self.enter(Cue::Office, &value.en, &value.zh);
        }
        self.read_ids(file, "group", Cue::Group)?;
        for Row { value, .. } in file.rows::<GoodsRow>("goods")? {
            self.enter(Cue::Goods(value.market.clone()), &value.en, &value.zh);
        }
        for Row { value, .. } in file.rows::<TradeRow>("trade")? {
            let cue = |many| Cue::Trade {
                id: value.id.clone(),
                many,
            };
            self.enter(cue(false), &value.en, &value.zh);
            self.enter(cue(true), &value.many, &[]);
            self.trades.insert(value.id.clone(), value);
        }
        Ok(())
    }

    fn read_words(&mut self, file: &File) -> Result<(), LexiconError> {
        for Row { value, .. } in file.rows::<DiscourseRow>("discourse")? {
            self.enter(Cue::Discourse(value.role), &value.en, &value.zh);
        }
        for Row { value, .. } in file.rows::<NameSuffixRow>("name_suffix")? {
            self.enter(Cue::NameSuffix(value.kind), &value.en, &value.zh);
        }
        for Row { value, .. } in file.rows::<AdjectiveRow>("adjective")? {
            self.adjectives.insert(value.place, value.en);
        }
        for Row { value, .. } in file.rows::<WordsRow>("legal_form")? {
            self.legal_forms
                .extend(value.en.into_iter().chain(value.zh));
        }
        for Row { value, .. } in file.rows::<WordsRow>("no_name")? {
            self.enter(Cue::NoName, &value.en, &value.zh);
        }
        for Row { value, .. } in file.rows::<WordsRow>("function_word")? {
            self.enter(Cue::Function, &value.en, &value.zh);
        }
        Ok(())
    }
}

impl Section for Cues {
    fn read(&mut self, file: &File) -> Result<(), LexiconError> {
        self.endings.read(file)?;
        self.read_ids(file, "scope", Cue::Scope)?;
        self.read_ids(file, "time_base", Cue::TimeBase)?;
        self.read_ids(file, "growth_base", Cue::GrowthBase)?;
        self.read_ids(file, "session", Cue::Session)?;
        self.read_statuses(file)?;
        self.read_speech(file)?;
        self.read_words(file)
    }

    fn finish(&mut self) -> Result<(), LexiconError> {
        let mut builder = PhrasesBuilder::default();
        for (form, value) in &self.forms {
            for inflected in self.endings.expand(form) {
                builder.add(&inflected, *value, false);
            }
        }
        self.phrases = builder.build().map_err(|problem| LexiconError::Field {
            file: "scopes.toml".to_owned(),
            line: 1,
            table: "scope".to_owned(),
            field: "en".to_owned(),
            problem,
        })?;
        Ok(())
    }
}

const CLASSES: usize = 18;

/// Words of one class hide one another; the roles of discourse are one class each way.
fn class(cue: &Cue) -> usize {
    match cue {
        Cue::Scope(_) => 0,
        Cue::TimeBase(_) => 1,
        Cue::GrowthBase(_) => 2,
        Cue::Session(_) => 3,
        Cue::Status { .. } | Cue::NoStatus => 4,
        Cue::Speech(_) => 5,
        Cue::Unnamed(_) => 6,
        Cue::Reference(_) => 7,
        Cue::Discourse(Role::Baseline | Role::Reach | Role::Up | Role::Down | Role::By) => 8,
        Cue::Discourse(Role::Share | Role::Link | Role::Resume) => 16,
        Cue::Discourse(
            Role::Holder
            | Role::Beside
            | Role::Agent
            | Role::Compared
            | Role::Joins
            | Role::Causes
            | Role::Infinitive
            | Role::Determiner
            | Role::Section
            | Role::Alias
            | Role::World,
        ) => 11,
        Cue::Discourse(Role::Law) => 17,
        Cue::Discourse(_) | Cue::Function => 9,
        Cue::NameSuffix(_) => 10,
        Cue::Trade { .. } | Cue::Group(_) | Cue::Goods(_) => 12,
        Cue::Title | Cue::Office => 13,
        Cue::Deed => 14,
        Cue::NoName => 15,
    }
}

fn check_id(row: &Row<IdRow>) -> Result<(), LexiconError> {
    let id = &row.value.id;
    let is_id = !id.is_empty()
        && id
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    if is_id {
        Ok(())
    } else {
        Err(row.error("id", format!("not small letters, digits and `_`: `{id}`")))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::fold::Folder;
    use crate::lexicon::Lexicon;

    #[test]
    fn words_of_different_classes_do_not_hide_one_another() {
        let lexicon = Lexicon::builtin();
        let folded = Folder::builtin().fold("up from a year earlier").text;
        let cues = lexicon.cues.find(&folded);
        let has = |wanted: &Cue| cues.iter().any(|hit| hit.cue == wanted);
        assert!(has(&Cue::GrowthBase("year_on_year".to_owned())));
        assert!(has(&Cue::Discourse(Role::Baseline)));
    }
}
