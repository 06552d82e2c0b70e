//! The words of languages that readers of pages need, and the names that sites give to their parts.
//!
//! All of them are rows of `config/lexicon/pages.toml`; the code knows only the roles. A copy of that file is built
//! in; a user's file adds rows to it. Forms are compared in lower case, so rows may be written as they look in print.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::OnceLock;

use serde::Deserialize;

/// The rows that are built in.
const BUILTIN: &str = include_str!("../../../config/lexicon/pages.toml");

/// A table of words could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WordsError {
    /// The file is no TOML, or has a key that is not known.
    #[error("`{file}` is not a table of page words: {source}")]
    Toml {
        /// The name of the file, as given.
        file: String,
        /// Line, column and reason.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// A row has a value that cannot be right.
    #[error("`{file}`: {field} cannot be `{value}`")]
    Value {
        /// The name of the file, as given.
        file: String,
        /// The kind of row and field.
        field: &'static str,
        /// The offending value.
        value: String,
    },
}

/// What a phrase in the text of a page is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Role {
    /// Stands before an author's name: a byline.
    Byline,
    /// Stands after an author's name.
    BylineEnd,
    /// Stands before the name of a source or desk that is not a person.
    SourceLabel,
    /// Opens a line about editors, proof readers, copyright: the line is no main content.
    EditorLine,
    /// Stands before the day of publication.
    PublishedLabel,
    /// Stands before the day of the last change.
    UpdatedLabel,
    /// Opens a list of related articles: what follows under that heading is no main content.
    RelatedHeading,
    /// A whole line that is no main content: a button, a share line, a player's label.
    NoiseLine,
    /// A line that begins so is no main content.
    NoiseStart,
    /// A line that holds this is a notice of a paywall, of cookies, of a newsletter.
    Notice,
    /// A name that is no author: a role, a system account.
    NoAuthor,
    /// The end of the main content: nothing after a line that begins so belongs to it.
    EndOfStory,
    /// A segment of a page's title that is no title: a section, a label.
    TitleLabel,
    /// Stands at the end of a heading, and is none of it: a link to edit.
    TitleTail,
    /// Stands directly before a reporter's name in a dateline.
    Reporter,
    /// Turns to the next page of an article.
    NextPage,
    /// A unit that can be raised to a power.
    ExponentUnit,
    /// The title of a page that is shown to robots in place of another.
    BotWallTitle,
    /// A sentence of such a page.
    BotWallText,
    /// The title of a page that asks for the solution of a captcha.
    CaptchaTitle,
    /// A sentence of such a page.
    CaptchaText,
    /// The title of a page that asks for consent before it shows another.
    ConsentTitle,
    /// A sentence of such a page.
    ConsentText,
    /// Begins a notice of correction.
    CorrectionStart,
    /// Stands inside of a notice of correction.
    Correction,
}

/// What a part of a class name or id tells about an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ClassRole {
    /// Holds the main content, very likely.
    Content,
    /// Speaks for main content.
    Positive,
    /// Speaks against main content.
    Negative,
    /// Is no main content, whatever is in it.
    Boilerplate,
    /// Holds an author's name.
    Author,
    /// Holds a date.
    Date,
    /// Holds the title.
    Title,
    /// Holds the words under a picture.
    Caption,
    /// Is not shown.
    Hidden,
    /// Holds what readers wrote.
    Comment,
}

/// What a name in a piece of JSON, a `meta` element or an address says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NameRole {
    /// `meta` that holds the day of publication, best first.
    MetaPublished,
    /// `meta` that holds the day of the last change.
    MetaModified,
    /// `meta` that holds the title.
    MetaTitle,
    /// `meta` that holds the author.
    MetaAuthor,
    /// `meta` that holds the site's name.
    MetaSite,
    /// `meta` that holds the language.
    MetaLanguage,
    /// Query parameters that only follow the reader: dropped.
    TrackingParameter,
    /// Query parameters that begin so: dropped.
    TrackingPrefix,
    /// Query or path parameters that carry a session: dropped.
    SessionParameter,
    /// schema.org types of an article.
    ArticleType,
    /// Parts of paths that do not lead to articles.
    NoArticlePath,
    /// Parts of paths that often lead to articles.
    ArticlePath,
    /// First labels of hosts that serve a twin of another host.
    TwinHost,
    /// Ends of paths that are the index of their folder.
    IndexFile,
    /// Top-level domains and languages whose dates in numbers begin with the day.
    DayFirst,
    /// Top-level domains and languages whose readers live eight hours east of Greenwich.
    EastEight,
    /// Pieces of markup that only walls against robots have.
    BotWallMark,
    /// Pieces of markup that only pages with a captcha in place of content have.
    CaptchaMark,
    /// What a script has that sets a cookie and loads the page again: all of these.
    ChallengeScript,
    /// First labels of hosts that ask for consent.
    ConsentHost,
    /// Pieces of markup by which a page says that it is an article.
    ArticleMark,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    phrase: Vec<PhraseRow>,
    #[serde(default)]
    month: Vec<MonthRow>,
    #[serde(default)]
    weekday: Vec<FormsRow>,
    #[serde(default)]
    meridiem: Vec<MeridiemRow>,
    #[serde(default)]
    zone: Vec<ZoneRow>,
    #[serde(default)]
    date_mark: Vec<MarkRow>,
    #[serde(default)]
    era: Vec<EraRow>,
    #[serde(default)]
    digit: Vec<DigitRow>,
    #[serde(default)]
    date_filler: Vec<FormsRow>,
    #[serde(default)]
    class: Vec<ClassRow>,
    #[serde(default)]
    class_negation: Vec<NegationRow>,
    #[serde(default)]
    name: Vec<NameRow>,
    #[serde(default)]
    title_separator: Vec<FormsRow>,
    #[serde(default)]
    robots_directive: Vec<DirectiveRow>,
    #[serde(default)]
    ago: Vec<FormsRow>,
}

#[derive(Deserialize)]
struct PhraseRow {
    role: Role,
    #[serde(flatten)]
    forms: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct MonthRow {
    number: i8,
    #[serde(flatten)]
    forms: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct FormsRow {
    #[serde(flatten)]
    forms: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MeridiemRow {
    afternoon: bool,
    #[serde(default)]
    zone_minutes: Option<i32>,
    forms: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ZoneRow {
    minutes: i32,
    names: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MarkRow {
    part: MarkPart,
    #[serde(default)]
    zone_minutes: Option<i32>,
    forms: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EraRow {
    year_zero: i16,
    forms: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DigitRow {
    value: u8,
    forms: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClassRow {
    role: ClassRole,
    #[serde(default)]
    parts: Vec<String>,
    #[serde(default)]
    whole: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NegationRow {
    parts: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NameRow {
    role: NameRole,
    names: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DirectiveRow {
    directive: Directive,
    names: Vec<String>,
}

/// A line of robots.txt that has a meaning here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Directive {
    /// Names an agent, and so begins a group.
    UserAgent,
    /// Lets a path be fetched.
    Allow,
    /// Forbids a path.
    Disallow,
    /// Names a sitemap.
    Sitemap,
    /// Asks for seconds between two requests.
    CrawlDelay,
}

/// The part of a date or time that a mark stands after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MarkPart {
    /// A year.
    Year,
    /// A month.
    Month,
    /// A day of the month.
    Day,
    /// An hour.
    Hour,
    /// A minute.
    Minute,
    /// A second.
    Second,
}

/// What a word means inside a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateWord {
    /// A month's name.
    Month(i8),
    /// A weekday's name; it says nothing that the date does not.
    Weekday,
    /// Before or after noon, and the zone that the word's language implies.
    Meridiem {
        /// Whether it is after noon.
        afternoon: bool,
        /// Minutes east of UTC that go with the language.
        zone_minutes: Option<i32>,
    },
    /// A zone, in minutes east of UTC.
    Zone(i32),
    /// A mark after a number, as 年, and the zone that the mark's language implies.
    Mark(MarkPart, Option<i32>),
    /// A calendar whose year nought is this year.
    Era(i16),
    /// A word that may stand inside a date without a meaning.
    Filler,
}

/// All rows, ready for use.
#[derive(Clone, Debug, Default)]
pub struct Words {
    phrases: HashMap<Role, Vec<String>>,
    date: HashMap<String, DateWord>,
    date_longest: usize,
    date_first: HashSet<char>,
    digits: HashMap<char, u8>,
    class: HashMap<String, Vec<ClassRole>>,
    whole_class: HashMap<String, Vec<ClassRole>>,
    class_negations: HashSet<String>,
    names: HashMap<NameRole, Vec<String>>,
    name_sets: HashMap<NameRole, HashSet<String>>,
    separators: Vec<String>,
    directives: HashMap<String, Directive>,
    ago: Vec<String>,
}

impl Words {
    /// Returns the rows that are built in.
    pub fn builtin() -> &'static Words {
        static WORDS: OnceLock<Words> = OnceLock::new();
        WORDS.get_or_init(|| {
            // The file is part of the program; `builtin_rows_are_sound` reads it in the tests.
            let mut words = Words::default();
            let _ = words.add("config/lexicon/pages.toml", BUILTIN);
            words
        })
    }

    /// Returns the built-in rows with those of a user's file added to them.
    ///
    /// # Errors
    ///
    /// The file is no TOML, or a key or value in it is not known; the error names file, line and field.
    pub fn with_user(file: &str, toml: &str) -> Result<Words, WordsError> {
        let mut words = Words::builtin().clone();
        words.add(file, toml)?;
        Ok(words)
    }

    /// Returns all phrases of a role, in lower case, longest first.
    pub fn phrases(&self, role: Role) -> &[String] {
        self.phrases.get(&role).map_or(&[], Vec::as_slice)
    }

    /// Returns the length of the phrase of this role that `text` (in lower case) begins with.
    pub fn starts_with(&self, role: Role, text: &str) -> Option<usize> {
        self.phrases(role)
            .iter()
            .find(|form| text.starts_with(form.as_str()))
            .map(String::len)
    }

    /// Tells whether `text` (in lower case) holds a phrase of this role.
    pub fn contains(&self, role: Role, text: &str) -> bool {
        self.phrases(role).iter().any(|form| text.contains(form))
    }

    /// Tells whether `text` (in lower case) is a phrase of this role.
    pub fn is(&self, role: Role, text: &str) -> bool {
        self.phrases(role).iter().any(|form| form == text)
    }

    /// Returns what a word, in lower case, means inside a date.
    pub fn date_word(&self, word: &str) -> Option<DateWord> {
        self.date.get(word).copied()
    }

    /// Tells whether a date word, in lower case, begins with this character.
    pub(crate) fn may_begin_date_word(&self, first: char) -> bool {
        self.date_first.contains(&first)
    }

    /// Returns the number of characters of the longest date word.
    pub(crate) fn date_word_longest(&self) -> usize {
        self.date_longest
    }

    /// Returns the value of a digit that is written as a character of a language.
    pub fn digit(&self, character: char) -> Option<u8> {
        self.digits.get(&character).copied()
    }

    /// Returns what a part of a class name, in lower case, tells.
    pub fn class_roles(&self, part: &str) -> &[ClassRole] {
        self.class.get(part).map_or(&[], Vec::as_slice)
    }

    /// Returns what a whole class name, in lower case, tells, which its parts alone would not.
    pub fn whole_class_roles(&self, name: &str) -> &[ClassRole] {
        self.whole_class.get(name).map_or(&[], Vec::as_slice)
    }

    /// Tells whether the first part of a class name says that it is about what is beside the element.
    pub fn is_class_negation(&self, part: &str) -> bool {
        self.class_negations.contains(part)
    }

    /// Returns all names of a role, in the order of the rows.
    pub fn names(&self, role: NameRole) -> &[String] {
        self.names.get(&role).map_or(&[], Vec::as_slice)
    }

    /// Tells whether `name`, in lower case, has the role.
    pub fn has_name(&self, role: NameRole, name: &str) -> bool {
        self.name_sets
            .get(&role)
            .is_some_and(|set| set.contains(name))
    }

    /// Returns what stands between an article's title and the site's name.
    pub fn title_separators(&self) -> &[String] {
        &self.separators
    }

    /// Returns what a directive of robots.txt, in lower case, means; common misspellings are rows.
    pub fn robots_directive(&self, name: &str) -> Option<Directive> {
        self.directives.get(name).copied()
    }

    /// Tells whether `text`, in lower case, holds a time relative to now.
    pub fn says_ago(&self, text: &str) -> bool {
        self.ago.iter().any(|form| text.contains(form))
    }

    fn add(&mut self, file: &str, toml: &str) -> Result<(), WordsError> {
        let rows: File = toml::from_str(toml).map_err(|source| WordsError::Toml {
            file: file.to_owned(),
            source: Box::new(source),
        })?;
        for row in rows.month.iter() {
            if !(1..=12).contains(&row.number) {
                return Err(WordsError::Value {
                    file: file.to_owned(),
                    field: "`number` of a `month`",
                    value: row.number.to_string(),
                });
            }
        }
        self.add_date_words(&rows);
        for row in rows.phrase {
            let list = self.phrases.entry(row.role).or_default();
            list.extend(row.forms.into_values().flatten().map(|form| lower(&form)));
            list.sort_by_key(|form| std::cmp::Reverse(form.len()));
        }
        for row in rows.digit {
            for character in row.forms.iter().flat_map(|form| form.chars()) {
                self.digits.insert(character, row.value);
            }
        }
        for row in rows.class_negation {
            self.class_negations
                .extend(row.parts.iter().map(|part| lower(part)));
        }
        for row in rows.class {
            for part in row.parts {
                self.class.entry(lower(&part)).or_default().push(row.role);
            }
            for name in row.whole {
                self.whole_class
                    .entry(lower(&name))
                    .or_default()
                    .push(row.role);
            }
        }
        for row in rows.name {
            let set = self.name_sets.entry(row.role).or_default();
            let list = self.names.entry(row.role).or_default();
            for name in row.names {
                set.insert(lower(&name));
                list.push(lower(&name));
            }
        }
        for row in rows.robots_directive {
            for name in row.names {
                self.directives.insert(lower(&name), row.directive);
            }
        }
        let separators = rows.title_separator.into_iter().flat_map(|row| row.forms);
        self.separators
            .extend(separators.flat_map(|(_, forms)| forms));
        let ago = rows.ago.into_iter().flat_map(|row| row.forms);
        self.ago
            .extend(ago.flat_map(|(_, forms)| forms).map(|form| lower(&form)));
        Ok(())
    }

    fn add_date_words(&mut self, rows: &File) {
        let mut put = |form: &str, word: DateWord| {
            let form = lower(form);
            self.date_longest = self.date_longest.max(form.chars().count());
            self.date_first.extend(form.chars().next());
            self.date.insert(form, word);
        };
        for row in &rows.date_filler {
            row.forms
                .values()
                .flatten()
                .for_each(|form| put(form, DateWord::Filler));
        }
        for row in &rows.weekday {
            row.forms
                .values()
                .flatten()
                .for_each(|form| put(form, DateWord::Weekday));
        }
        for row in &rows.month {
            row.forms
                .values()
                .flatten()
                .for_each(|form| put(form, DateWord::Month(row.number)));
        }
        for row in &rows.meridiem {
            for form in &row.forms {
                put(
                    form,
                    DateWord::Meridiem {
                        afternoon: row.afternoon,
                        zone_minutes: row.zone_minutes,
                    },
                );
            }
        }
        for row in &rows.zone {
            row.names
                .iter()
                .for_each(|name| put(name, DateWord::Zone(row.minutes)));
        }
        for row in &rows.date_mark {
            row.forms
                .iter()
                .for_each(|form| put(form, DateWord::Mark(row.part, row.zone_minutes)));
        }
        for row in &rows.era {
            row.forms
                .iter()
                .for_each(|form| put(form, DateWord::Era(row.year_zero)));
        }
    }
}

/// Returns `text` in lower case.
pub(crate) fn lower(text: &str) -> String {
    text.to_lowercase()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn builtin_rows_are_sound() {
        let mut words = Words::default();
        words.add("pages.toml", BUILTIN).unwrap();
        assert!(words.date_word("september").is_some());
        assert_eq!(
            words.date_word("年"),
            Some(DateWord::Mark(MarkPart::Year, None))
        );
        assert!(!words.phrases(Role::EditorLine).is_empty());
    }

    #[test]
    fn a_user_adds_rows() {
        let words = Words::with_user(
            "mine.toml",
            "[[phrase]]\nrole = \"byline\"\nsw = [\"Na \"]\n",
        )
        .unwrap();
        assert_eq!(words.starts_with(Role::Byline, "na juma"), Some(3));
        assert!(words.date_word("september").is_some());
    }

    #[test]
    fn an_unknown_key_is_named() {
        let error = Words::with_user("mine.toml", "[[fraze]]\nrole = \"byline\"\n").unwrap_err();
        assert!(error.to_string().contains("mine.toml"), "{error}");
        assert!(error.to_string().contains("fraze"), "{error}");
    }

    #[test]
    fn a_month_beyond_december_is_refused() {
        assert!(Words::with_user("mine.toml", "[[month]]\nnumber = 13\nen = [\"x\"]\n").is_err());
    }
}
