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

mod error;
mod fields;
mod regions;
pub mod table;

pub use error::LexiconError;
pub use regions::Regions;

use table::File;

/// Name and text of the files that come with the program.
const BUILTIN: &[(&str, &str)] = &[(
    "regions.toml",
    include_str!("../../../../config/lexicon/regions.toml"),
)];

/// All words, read and checked.
#[derive(Debug, Default)]
pub struct Lexicon {
    /// How the region is decided whose usage an article follows.
    pub regions: Regions,
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
        for section in lexicon.sections() {
            section.finish()?;
        }
        Ok(Arc::new(lexicon))
    }

    /// Every section, one a line.
    fn sections(&mut self) -> Vec<&mut dyn Section> {
        vec![
            &mut self.regions, //
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
