//! The words that the engine works with: rows of `config/lexicon/*.toml`.
//!
//! Each section is a field here and a module beside this one; it reads the
//! tables that are its own from every file, the built-in ones first, then the
//! user's. So one file of a user may hold rows of any section. To add a section:
//! a module with an `impl Section`, a field, a line in `sections`, and a line
//! in `BUILTIN` for each of its files.
//!
//! What always holds: a lexicon that was made is valid as a whole, and it does not change.

use std::sync::{Arc, LazyLock};

mod concepts;
mod cues;
mod entities;
mod error;
mod fields;
mod languages;
mod metrics;
pub mod phrases;
pub mod quantities;
mod regions;
mod sentences;
pub mod table;
mod verdicts;
mod weights;

pub use concepts::Concepts;
pub use cues::{Cue, CueHit, Cues, Reach, ReferenceKind, Role, SpeakerSide, TradeRow};
pub use entities::{Entities, EntityKind, EntityRow};
pub use error::LexiconError;
pub use languages::LanguageWords;
pub use metrics::{MetricHit, MetricKind, MetricRow, Metrics};
pub use quantities::Quantities;
pub use regions::{RegionClues, Regions, host_of};
pub use sentences::{Ends, SentenceWords};
pub use verdicts::{Change, Granularity, PartRole, Verdicts};
pub use weights::Weights;

use table::File;

macro_rules! files {
    ($($name:literal,)*) => {
        &[$(($name, include_str!(concat!("../../../../config/lexicon/", $name)))),*]
    };
}

/// Name and text of the files that come with the program, one a line.
const BUILTIN: &[(&str, &str)] = files![
    "bounds.toml",
    "concepts.toml",
    "counts.toml",
    "currencies.toml",
    "dates.toml",
    "discourse.toml",
    "entities.toml",
    "holidays.toml",
    "inflections.toml",
    "languages.toml",
    "lunar.toml",
    "metrics.toml",
    "name_parts.toml",
    "not_quantities.toml",
    "numerals.toml",
    "regions.toml",
    "scopes.toml",
    "sentences.toml",
    "speech.toml",
    "statuses.toml",
    "units.toml",
    "verdicts.toml",
    "weights.toml",
];

/// All words, read and checked.
#[derive(Debug, Default)]
pub struct Lexicon {
    /// Names that segmentation keeps whole, as the sections gave them.
    pub names: Vec<String>,
    /// What tells a language or a script.
    pub languages: LanguageWords,
    /// What the splitting of sentences has to know.
    pub sentences: SentenceWords,
    /// How the region is decided whose usage an article follows.
    pub regions: Regions,
    /// The words of figures: numerals, units, bounds, dates.
    pub quantities: Quantities,
    /// Names: companies, agencies, laws, products, people, places.
    pub entities: Entities,
    /// What figures measure.
    pub metrics: Metrics,
    /// Words that place a figure: scope, status, speech and the like.
    pub cues: Cues,
    /// Words of one meaning across languages.
    pub concepts: Concepts,
    /// What the comparison of claims needs to know of the world.
    pub verdicts: Verdicts,
    /// How much each finding says for two claims being about one thing.
    pub weights: Weights,
}

/// A part of the lexicon that reads tables of its own.
pub trait Section {
    /// Takes the rows of its tables out of one file.
    ///
    /// # Errors
    ///
    /// Says which row is not valid, and why.
    fn read(&mut self, file: &File) -> Result<(), LexiconError>;

    /// Checks and builds what needs all rows, after the last file.
    ///
    /// # Errors
    ///
    /// Says which row is not valid beside the others, and why.
    fn finish(&mut self) -> Result<(), LexiconError> {
        Ok(())
    }

    /// Returns the names that segmentation should keep whole; asked for after [`Section::finish`].
    fn names(&self) -> Vec<String> {
        Vec::new()
    }
}

impl Lexicon {
    /// Returns the lexicon that comes with the program.
    #[must_use]
    pub fn builtin() -> Arc<Lexicon> {
        static BUILTIN: LazyLock<Arc<Lexicon>> = LazyLock::new(|| {
            Lexicon::with_user(&[]).expect("the built-in rows are valid, and a test loads them")
        });
        Arc::clone(&BUILTIN)
    }

    /// Makes a lexicon of the built-in files and of the user's, each a name for errors and its text.
    ///
    /// # Errors
    ///
    /// Names the file, the line and the field of the first row that is not valid, with a remedy.
    pub fn with_user(files: &[(String, String)]) -> Result<Arc<Lexicon>, LexiconError> {
        let mut lexicon = Lexicon::default();
        for (name, text) in BUILTIN {
            lexicon.read(&File::parse_builtin(name, text)?)?;
        }
        for (name, text) in files {
            lexicon.read(&File::parse(name, text)?)?;
        }
        let mut names = Vec::new();
        for section in lexicon.sections() {
            section.finish()?;
            names.extend(section.names());
        }
        names.sort();
        names.dedup();
        lexicon.names = names;
        Ok(Arc::new(lexicon))
    }

    /// Every section, one a line.
    fn sections(&mut self) -> Vec<&mut dyn Section> {
        vec![
            &mut self.languages,
            &mut self.sentences,
            &mut self.regions,
            &mut self.quantities,
            &mut self.entities,
            &mut self.metrics,
            &mut self.cues,
            &mut self.concepts,
            &mut self.verdicts,
            &mut self.weights,
        ]
    }

    fn read(&mut self, file: &File) -> Result<(), LexiconError> {
        for section in self.sections() {
            section.read(file)?;
        }
        file.finish()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_builtin_files_are_valid() {
        Lexicon::with_user(&[]).unwrap();
    }

    #[test]
    fn a_users_file_may_not_have_a_table_that_no_section_reads() {
        let files = [(
            "my.toml".to_owned(),
            "[[top_level_domian]]\nid = 1".to_owned(),
        )];
        let message = Lexicon::with_user(&files).unwrap_err().to_string();
        assert!(message.starts_with("my.toml:1: unknown table `top_level_domian`"));
    }
}
