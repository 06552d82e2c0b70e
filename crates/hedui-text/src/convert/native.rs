//! OpenCC's own C++ library, behind the feature `opencc-native`.

use std::fmt;

use opencc_rust::{DefaultConfig, OpenCC};

use super::Converter;

/// OpenCC itself. It holds one lock for the whole process while it converts.
pub struct NativeOpenCc {
    t2s: OpenCC,
    s2t: OpenCC,
}

/// The library found no dictionaries where it was installed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("opencc cannot be opened: `{0}`")]
pub struct NativeError(String);

impl NativeOpenCc {
    /// Opens the dictionaries that are installed with the library.
    ///
    /// # Errors
    ///
    /// They are missing or not readable.
    pub fn new() -> Result<Self, NativeError> {
        let open = |config| OpenCC::new(config).map_err(|error| NativeError(error.to_string()));
        Ok(NativeOpenCc {
            t2s: open(DefaultConfig::T2S)?,
            s2t: open(DefaultConfig::S2T)?,
        })
    }
}

impl Converter for NativeOpenCc {
    fn t2s(&self, text: &str) -> String {
        self.t2s.convert(text)
    }

    fn s2t(&self, text: &str) -> String {
        self.s2t.convert(text)
    }
}

impl fmt::Debug for NativeOpenCc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NativeOpenCc")
    }
}
