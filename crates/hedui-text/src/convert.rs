//! Between Traditional and Simplified Chinese, by phrase.
//!
//! What always holds: characters of neither script pass through untouched.
//! Converting by phrase depends on the neighbours, so it never serves where a
//! substring has to match: for that there is [`crate::Folder`], which goes by
//! character. Regional wording is nobody's business here; the lexicon knows it.

use std::fmt;
use std::sync::LazyLock;

use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;

#[cfg(feature = "opencc-native")]
mod native;
#[cfg(feature = "opencc-native")]
pub use native::{NativeError, NativeOpenCc};

/// Converts Chinese text between its two scripts.
pub trait Converter: fmt::Debug + Send + Sync {
    /// Converts Traditional to Simplified, phrase by phrase.
    ///
    /// OpenCC's `t2s`: it has kept the number of characters of every text seen so far, but does not promise to.
    fn t2s(&self, text: &str) -> String;

    /// Converts Simplified to Traditional, phrase by phrase, without regional variants.
    fn s2t(&self, text: &str) -> String;
}

/// OpenCC's dictionaries behind a pure Rust engine, built into the program.
///
/// ```
/// use hedui_text::{Converter, FerrousOpenCc};
/// assert_eq!(FerrousOpenCc::builtin().t2s("頭髮與發展"), "头发与发展");
/// assert_eq!(FerrousOpenCc::builtin().s2t("头发与发展"), "頭髮與發展");
/// ```
pub struct FerrousOpenCc {
    t2s: OpenCC,
    s2t: OpenCC,
}

impl FerrousOpenCc {
    /// Returns the one instance that all share; the first call loads the dictionaries.
    #[must_use]
    pub fn builtin() -> &'static FerrousOpenCc {
        static BUILTIN: LazyLock<FerrousOpenCc> = LazyLock::new(|| FerrousOpenCc {
            t2s: load(BuiltinConfig::T2s),
            s2t: load(BuiltinConfig::S2t),
        });
        &BUILTIN
    }
}

fn load(config: BuiltinConfig) -> OpenCC {
    OpenCC::from_config(config)
        .expect("the dictionaries are part of the program, and a test loads them")
}

impl Converter for FerrousOpenCc {
    fn t2s(&self, text: &str) -> String {
        self.t2s.convert(text)
    }

    fn s2t(&self, text: &str) -> String {
        self.s2t.convert(text)
    }
}

impl fmt::Debug for FerrousOpenCc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FerrousOpenCc")
    }
}
