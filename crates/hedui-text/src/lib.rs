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

mod convert;
mod fold;
pub mod lexicon;

pub use convert::{Converter, FerrousOpenCc};
#[cfg(feature = "opencc-native")]
pub use convert::{NativeError, NativeOpenCc};
pub use fold::{FoldedText, Folder};
pub use lexicon::{Lexicon, LexiconError};
