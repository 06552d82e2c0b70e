//! From characters to an article: language, script, folding with an offset map, words, sentences.
//!
//! Everything here is a pure function of its input and the lexicon. What people
//! see, and every span that is stored, is the original text; folding serves
//! machines only, and [`hedui_model::OffsetMap`] leads back.
//!
//! # Crate features
//!
//! * `opencc-native`: [`Converter`] on OpenCC's C++ library as well (needs `libopencc-dev`);
//!   one test holds it against the pure Rust default.

mod analyzer;
mod convert;
mod fold;
mod language;
pub mod lexicon;
mod runs;
mod script;
mod segment;
mod sentence;
mod signature;

pub use analyzer::{Analyzer, ArticleInput, ParagraphLanguage};
pub use convert::{Converter, FerrousOpenCc};
#[cfg(feature = "opencc-native")]
pub use convert::{NativeError, NativeOpenCc};
pub use fold::{FoldedText, Folder};
pub use language::Languages;
pub use lexicon::{Lexicon, LexiconError};
pub use script::{ScriptCount, Scripts};
pub use segment::Segmenter;
pub use sentence::sentences;
pub use signature::{NEAR_DUPLICATE, SIGNATURE_HASHES, signature, similarity};
