//! The pure stages, made once: dictionaries and lexicons are loaded here.

use std::sync::Arc;

use hedui_claims::ClaimReader;
use hedui_model::{Article, Claim};
use hedui_reconcile::Reconciler;
use hedui_text::{Analyzer, ArticleInput, Lexicon};

use super::timing::{Stage, Timings};
use crate::config::Config;
use crate::exit::Failure;

/// Reads texts, takes figures out of them, and judges these.
#[derive(Debug)]
pub(crate) struct Engine {
    /// The words.
    pub(crate) lexicon: Arc<Lexicon>,
    /// Reads texts.
    pub(crate) analyzer: Arc<Analyzer>,
    /// Takes figures out of articles.
    pub(crate) claims: ClaimReader,
    /// Judges them.
    pub(crate) reconciler: Reconciler,
}

impl Engine {
    /// Loads everything, with the user's own lexicon files.
    ///
    /// # Errors
    /// Names the row of the user's files that is not valid.
    pub(crate) fn load(config: &Config) -> Result<Engine, Failure> {
        let lexicon = load_lexicon(config)?;
        let analyzer = if config.lexicon.is_empty() {
            Analyzer::builtin()
        } else {
            Arc::new(Analyzer::new(Arc::clone(&lexicon)))
        };
        Ok(Engine {
            claims: ClaimReader::new(Arc::clone(&lexicon)),
            reconciler: Reconciler::new(Arc::clone(&lexicon)),
            analyzer,
            lexicon,
        })
    }

    /// Reads one text and its claims, as revision `revision`.
    pub(crate) fn read(
        &self,
        input: ArticleInput,
        revision: u32,
        timings: &Timings,
    ) -> (Article, Vec<Claim>) {
        let mut article = timings.time(Stage::Text, || self.analyzer.article(input));
        article.revision = revision;
        let claims = timings.time(Stage::Claims, || self.claims.read(&article));
        (article, claims)
    }
}

/// Loads the words alone.
///
/// # Errors
/// Names the row of the user's files that is not valid.
pub(crate) fn load_lexicon(config: &Config) -> Result<Arc<Lexicon>, Failure> {
    if config.lexicon.is_empty() {
        return Ok(Lexicon::builtin());
    }
    Lexicon::with_user(&config.lexicon).map_err(|error| Failure::usage(error.to_string()))
}
