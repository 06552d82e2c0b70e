//! Names: companies, agencies, laws, programmes, projects, products, sectors, people, places.
//!
//! Every form of every name is looked up in one scan. What always holds: a form
//! belongs to one entity, every parent that a row names exists, and no name is
//! found inside a longer word that its row lists as another one.

use std::collections::BTreeMap;

use hedui_model::Region;
use serde::Deserialize;

use super::phrases::{Hit, Phrases, PhrasesBuilder, longest};
use super::table::{File, Row};
use super::{LexiconError, Section};
use crate::fold::Folder;

/// What sort of thing a name names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntityKind {
    /// A business.
    Company,
    /// A part of a state.
    Agency,
    /// An association, university, alliance or international body.
    Body,
    /// A law, rule or national plan.
    Law,
    /// A scheme under which something is paid, granted or permitted.
    Programme,
    /// A venture or a site that has a name.
    Project,
    /// A product, model or technology.
    Product,
    /// A market, industry, index or group of firms.
    Sector,
    /// A newspaper, agency of news or research house, which tells figures of others.
    Observer,
    /// A person.
    Person,
    /// A country, state or city.
    Place,
}

/// One entity.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct EntityRow {
    /// The canonical English name.
    pub name: String,
    /// What sort of thing it is.
    pub kind: EntityKind,
    /// Where it is at home: ISO 3166-1, `EU`, or `ZZ` for none.
    pub home: String,
    /// Further English names and abbreviations.
    #[serde(default)]
    pub en: Vec<String>,
    /// Names as the Mainland writes them.
    #[serde(default)]
    pub cn: Vec<String>,
    /// Names as Taiwan writes them, where they differ.
    #[serde(default)]
    pub tw: Vec<String>,
    /// Names as Hong Kong writes them, where they differ.
    #[serde(default)]
    pub hk: Vec<String>,
    /// Longer words in which one of the names stands by chance, in either script: there it is none.
    #[serde(default)]
    pub not: Vec<String>,
    /// Symbols under which it is listed.
    #[serde(default)]
    pub tickers: Vec<String>,
    /// Whom or what it belongs to, by canonical name.
    #[serde(default)]
    pub parents: Vec<String>,
    /// Whose seat it is, by canonical name: where Seoul acts, South Korea does.
    #[serde(default)]
    pub seat: Option<String>,
    /// Whether Latin forms count only as they are written here.
    #[serde(default)]
    pub case: bool,
}

impl EntityRow {
    /// Returns all names, the canonical one first; without what only tells two names apart, and without a canonical one that
    /// is a single letter, which stands for too much else.
    pub fn forms(&self) -> impl Iterator<Item = &str> {
        let tells = !self.name.contains('(') && self.name.chars().nth(1).is_some();
        let canonical = tells.then_some(self.name.as_str());
        canonical.into_iter().chain(
            [&self.en, &self.cn, &self.tw, &self.hk]
                .into_iter()
                .flatten()
                .map(String::as_str),
        )
    }

    /// Tells whether one of the names stands in a word and is not the whole of it.
    fn is_inside(&self, word: &str) -> bool {
        let plain = |form: &str| {
            let folded = Folder::builtin().fold(form.trim()).text;
            folded.to_ascii_lowercase()
        };
        let word = plain(word);
        self.forms().any(|form| {
            let form = plain(form);
            form.len() < word.len() && word.contains(&form)
        })
    }
}

/// Marks the value of a word that only holds a name of the entity by chance.
const CHANCE: u32 = 1 << 31;

/// All entities, and the automaton that finds their names.
#[derive(Debug, Default)]
pub struct Entities {
    rows: Vec<Row<EntityRow>>,
    by_name: BTreeMap<String, u32>,
    /// The country of each home.
    countries: BTreeMap<String, u32>,
    more: Vec<Row<EntityNamesRow>>,
    phrases: Phrases,
}

/// More names of an entity that another row has.
#[derive(Debug, Deserialize)]
struct EntityNamesRow {
    name: String,
    forms: Vec<String>,
}

impl Entities {
    /// Returns the names in a folded text, the longest from left to right.
    #[must_use]
    pub fn find(&self, folded: &str) -> Vec<Hit> {
        longest(without_chance(self.phrases.all(folded)))
    }

    /// Returns the entity that a hit's value stands for.
    #[must_use]
    pub fn get(&self, value: u32) -> Option<&EntityRow> {
        self.rows.get(value as usize).map(|row| &row.value)
    }

    /// Returns the entity with this canonical name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&EntityRow> {
        self.by_name.get(name).and_then(|&value| self.get(value))
    }

    /// Returns the country that is at home in a region: the place of that home that belongs to no other.
    #[must_use]
    pub fn country(&self, home: &str) -> Option<&EntityRow> {
        self.countries.get(home).and_then(|&value| self.get(value))
    }

    /// Goes through all entities, the built-in ones in the order of their file first.
    pub fn iter(&self) -> impl Iterator<Item = &EntityRow> {
        self.rows.iter().map(|row| &row.value)
    }

    /// Enters a row; one of a user takes the place of a built-in one of the same name.
    fn enter(&mut self, row: Row<EntityRow>) -> Result<(), LexiconError> {
        if row.value.name.trim().is_empty() {
            return Err(row.error("name", "is empty"));
        }
        if ![UNION, NOWHERE].contains(&row.value.home.as_str())
            && row.value.home.parse::<Region>().is_err()
        {
            let problem = format!("neither a region, `EU` nor `ZZ`: `{}`", row.value.home);
            return Err(row.error("home", problem));
        }
        match self.by_name.get(&row.value.name) {
            None => {
                let value = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
                self.by_name.insert(row.value.name.clone(), value);
                self.rows.push(row);
            }
            Some(&value) => {
                let Some(place) = self.rows.get_mut(value as usize) else {
                    return Ok(());
                };
                if row.builtin == place.builtin {
                    let problem = format!("stands already at {}", place.place());
                    return Err(row.error("name", problem));
                }
                *place = row;
            }
        }
        Ok(())
    }

    fn check_parents(&self) -> Result<(), LexiconError> {
        for row in &self.rows {
            let parents = row.value.parents.iter().map(|name| ("parents", name));
            let seat = row.value.seat.iter().map(|name| ("seat", name));
            for (field, name) in parents.chain(seat) {
                if !self.by_name.contains_key(name) {
                    let problem = format!("no entity is called `{name}`");
                    return Err(row.error(field, problem));
                }
            }
        }
        Ok(())
    }

    /// Enters the first country of each home.
    fn enter_countries(&mut self) {
        self.countries.clear();
        for (value, Row { value: row, .. }) in (0_u32..).zip(&self.rows) {
            let nation = row.kind == EntityKind::Place && row.parents.is_empty();
            if nation
                && row.home.parse::<Region>().is_ok()
                && ![UNION, NOWHERE].contains(&row.home.as_str())
            {
                self.countries.entry(row.home.clone()).or_insert(value);
            }
        }
    }

    /// Makes the automaton; a form of two built-in entities is an error, a user's form takes that of a built-in one.
    fn build(&mut self) -> Result<(), LexiconError> {
        let mut owners: BTreeMap<(String, bool), u32> = BTreeMap::new();
        for (value, row) in (0_u32..).zip(&self.rows) {
            for form in row.value.forms() {
                let cased = has_latin(form) && (row.value.case || is_abbreviation(form));
                let folded = Folder::builtin().fold(form.trim()).text;
                let key = (
                    if cased {
                        folded
                    } else {
                        folded.to_ascii_lowercase()
                    },
                    cased,
                );
                let before = owners.get(&key).copied().filter(|&other| other != value);
                let other = before.and_then(|other| self.rows.get(other as usize));
                match other {
                    Some(other) if other.builtin == row.builtin => {
                        let problem = format!(
                            "`{form}` is already a name of `{}` at {}",
                            other.value.name,
                            other.place()
                        );
                        return Err(row.error("name", problem));
                    }
                    _ => owners.insert(key, value),
                };
            }
        }
        let mut builder = PhrasesBuilder::default();
        for ((form, cased), value) in owners {
            builder.add(&form, value, cased);
        }
        for (value, row) in (0_u32..).zip(&self.rows) {
            for word in &row.value.not {
                if !row.value.is_inside(word) {
                    return Err(row.error("not", format!("holds none of the names: `{word}`")));
                }
                builder.add(word, value | CHANCE, false);
            }
        }
        self.phrases = builder.build().map_err(|problem| LexiconError::Field {
            file: "entities.toml".to_owned(),
            line: 1,
            table: "entity".to_owned(),
            field: "name".to_owned(),
            problem,
        })?;
        Ok(())
    }
}

impl Section for Entities {
    fn read(&mut self, file: &File) -> Result<(), LexiconError> {
        for row in file.rows::<EntityRow>("entity")? {
            self.enter(row)?;
        }
        self.more.extend(file.rows("entity_names")?);
        Ok(())
    }

    fn finish(&mut self) -> Result<(), LexiconError> {
        for more in std::mem::take(&mut self.more) {
            let place = self.by_name.get(&more.value.name);
            let Some(row) = place.and_then(|&value| self.rows.get_mut(value as usize)) else {
                let problem = format!("no entity is called `{}`", more.value.name);
                return Err(more.error("name", problem));
            };
            row.value.en.extend(more.value.forms);
        }
        self.check_parents()?;
        self.enter_countries();
        self.build()
    }

    /// Only proper names: those of agencies, laws and programmes are made of words that are searched for alone.
    fn names(&self) -> Vec<String> {
        use EntityKind::{Company, Observer, Person, Place, Product};
        self.iter()
            .filter(|row| matches!(row.kind, Company | Observer | Person | Place | Product))
            .flat_map(EntityRow::forms)
            .map(str::to_owned)
            .collect()
    }
}

/// Drops the words that hold a name by chance, and with each the names of its entity that stand in it.
///
/// `hits` are in order of start, the longer first, so that a word comes before what it holds.
fn without_chance(hits: Vec<Hit>) -> Vec<Hit> {
    let mut open: Vec<Hit> = Vec::new();
    let mut kept = Vec::with_capacity(hits.len());
    for hit in hits {
        open.retain(|word| hit.span.start() < word.span.end());
        if hit.value & CHANCE != 0 {
            open.push(hit);
        } else if !open
            .iter()
            .any(|word| word.value == (hit.value | CHANCE) && hit.span.end() <= word.span.end())
        {
            kept.push(hit);
        }
    }
    kept
}

/// The home of what belongs to the European Union, which is no country.
const UNION: &str = "EU";
/// The home of what is at home nowhere.
const NOWHERE: &str = "ZZ";

fn has_latin(form: &str) -> bool {
    form.bytes().any(|byte| byte.is_ascii_alphabetic())
}

/// Tells whether a form is a short run of capitals, which in small letters may be a word.
fn is_abbreviation(form: &str) -> bool {
    let letters = form.chars().filter(|letter| letter.is_alphabetic());
    let capitals = letters.clone().filter(char::is_ascii_uppercase).count();
    capitals > 0 && capitals <= 5 && capitals == letters.count()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;

    fn names(text: &str) -> Vec<String> {
        let lexicon = Lexicon::builtin();
        let folded = Folder::builtin().fold(text).text;
        let hits = lexicon.entities.find(&folded);
        hits.iter()
            .map(|hit| lexicon.entities.get(hit.value).unwrap().name.clone())
            .collect()
    }

    #[test]
    fn one_company_has_one_name_in_all_scripts() {
        for text in ["輝達", "英伟达", "英偉達", "Nvidia", "NVIDIA Corp"] {
            assert_eq!(names(text), ["Nvidia"], "{text}");
        }
    }

    #[test]
    fn words_that_only_look_like_names_are_none() {
        for text in [
            "apple pie and metadata",
            "let us go",
            "potato chips",
            "an amp",
        ] {
            assert!(names(text).is_empty(), "{text}: {:?}", names(text));
        }
    }

    #[test]
    fn a_name_inside_another_word_is_none() {
        for text in [
            "推高通胀",
            "努力成为全球中心",
            "其中芯片占四成",
            "报道指出",
            "哈萨克斯坦",
            "两台电脑",
            "提高产业集群创新能力",
            "Disney's streaming venture arm",
            "potatoes and Cook Islands",
        ] {
            assert!(
                !names(text).iter().any(|name| [
                    "Qualcomm",
                    "Powertech",
                    "SMIC",
                    "Dow Jones",
                    "David Sacks",
                    "Taipower",
                    "Innolux",
                    "Arm",
                    "Tim Cook",
                ]
                .contains(&name.as_str())),
                "{text}: {:?}",
                names(text)
            );
        }
    }

    #[test]
    fn the_other_word_hides_only_the_names_of_its_own_row() {
        assert_eq!(names("在美光的工厂"), ["Micron"]);
        assert_eq!(names("在美投资"), ["United States"]);
        assert_eq!(names("澳门特区政府"), ["Macau government"]);
        assert_eq!(names("高通公布财报，高通胀未退"), ["Qualcomm"]);
        assert_eq!(names("台電與平台電商"), ["Taipower"]);
    }

    #[test]
    fn another_word_holds_a_name() {
        let files = [(
            "mine.toml".to_owned(),
            "[[entity]]\nname = \"Zyx\"\nkind = \"company\"\nhome = \"US\"\nnot = [\"Zy bird\"]"
                .to_owned(),
        )];
        let message = Lexicon::with_user(&files).unwrap_err().to_string();
        assert!(
            message.contains("holds none of the names: `Zy bird`"),
            "{message}"
        );
    }

    #[test]
    fn a_form_has_one_owner() {
        let files = [(
            "mine.toml".to_owned(),
            "[[entity]]\nname = \"A\"\nkind = \"company\"\nhome = \"US\"\nen = [\"Zyx\"]\n\
             [[entity]]\nname = \"B\"\nkind = \"company\"\nhome = \"US\"\nen = [\"zyx\"]"
                .to_owned(),
        )];
        let message = Lexicon::with_user(&files).unwrap_err().to_string();
        assert!(
            message.contains("`zyx` is already a name of `A`"),
            "{message}"
        );
    }

    #[test]
    fn more_names_and_words_are_added_to_a_row() {
        let files = [(
            "mine.toml".to_owned(),
            "[[entity_names]]\nname = \"Nvidia\"\nforms = [\"恩威迪亚\"]\n\
             [[metric_words]]\nid = \"market_share\"\nzh = [\"吃下版图\"]"
                .to_owned(),
        )];
        let lexicon = Lexicon::with_user(&files).unwrap();
        assert_eq!(lexicon.entities.find("恩威迪亚").len(), 1);
        assert_eq!(lexicon.entities.find("英伟达").len(), 1);
        assert_eq!(lexicon.metrics.find("吃下版图").len(), 1);
        let files = [(
            "mine.toml".to_owned(),
            "[[entity_names]]\nname = \"Nobody\"\nforms = [\"x\"]".to_owned(),
        )];
        let message = Lexicon::with_user(&files).unwrap_err().to_string();
        assert!(
            message.contains("no entity is called `Nobody`"),
            "{message}"
        );
    }

    #[test]
    fn a_users_row_takes_the_place_of_a_builtin_one() {
        let files = [(
            "mine.toml".to_owned(),
            "[[entity]]\nname = \"Nvidia\"\nkind = \"company\"\nhome = \"US\"\nen = [\"Enveedia\"]"
                .to_owned(),
        )];
        let lexicon = Lexicon::with_user(&files).unwrap();
        assert_eq!(lexicon.entities.find("Enveedia").len(), 1);
        assert!(lexicon.entities.find("英伟达").is_empty());
    }
}
