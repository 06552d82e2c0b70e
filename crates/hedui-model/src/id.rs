//! Names of things: newtypes that print, read and never mix.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The text is not an id of this kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not {kind}: `{text}`")]
pub struct IdError {
    kind: &'static str,
    text: String,
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $kind:literal, $valid:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Returns the id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                let valid: fn(&str) -> bool = $valid;
                if valid(text) {
                    Ok($name(text.to_owned()))
                } else {
                    Err(IdError { kind: $kind, text: text.chars().take(60).collect() })
                }
            }
        }
    };
}

fn is_prefixed_hex(text: &str, prefix: &str) -> bool {
    text.strip_prefix(prefix).is_some_and(|hex| {
        hex.len() == 16
            && hex
                .bytes()
                .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    })
}

text_id! {
    /// A source: the id of a feed or site in the configuration, or the name given with an ingested article.
    SourceId, "a source (1 to 200 characters, none of them control, no white space at the ends)", |text| {
        (1..=200).contains(&text.chars().count()) && !text.chars().any(char::is_control) && text.trim() == text
    }
}

text_id! {
    /// What an article is known by: the `id` given with it (together with its source), else its canonical URL, else
    /// the hash of its content.
    ArticleKey, "an article (1 to 2,000 characters, none of them control)", |text| {
        (1..=2_000).contains(&text.chars().count()) && !text.chars().any(char::is_control)
    }
}

text_id! {
    /// A claim, `c-` and 16 hex digits, made from its evidence: article key, place, sentence and mention.
    ClaimId, "a claim id (`c-` and 16 hex digits)", |text| is_prefixed_hex(text, "c-")
}

text_id! {
    /// A fact, `f-` and 16 hex digits.
    FactId, "a fact id (`f-` and 16 hex digits)", |text| is_prefixed_hex(text, "f-")
}

text_id! {
    /// A conflict, `k-` and 16 hex digits.
    ConflictId, "a conflict id (`k-` and 16 hex digits)", |text| is_prefixed_hex(text, "k-")
}

impl ClaimId {
    /// Makes the id of the claim with this evidence.
    ///
    /// `occurrence` tells apart equal mentions in equal sentences of one article, counted from 0.
    #[must_use]
    pub fn of_evidence(
        article: &ArticleKey,
        sentence: &str,
        mention: &str,
        occurrence: usize,
    ) -> Self {
        ClaimId(format!(
            "c-{}",
            short_hash(&[article.as_str(), sentence, mention, &occurrence.to_string()])
        ))
    }
}

impl FactId {
    /// Makes the id of the fact that was opened by `origin`, the claim that was read first.
    #[must_use]
    pub fn of_origin(origin: &ClaimId) -> Self {
        FactId(format!("f-{}", short_hash(&[origin.as_str()])))
    }
}

impl ConflictId {
    /// Makes the id of the conflict about `fact`.
    #[must_use]
    pub fn of_fact(fact: &FactId) -> Self {
        ConflictId(format!("k-{}", short_hash(&[fact.as_str()])))
    }
}

/// Returns the first 16 hex digits of SHA-256 over the parts, each ended by a byte that no part holds as text.
fn short_hash(parts: &[&str]) -> String {
    hash_hex(parts).get(..16).unwrap_or_default().to_owned()
}

fn hash_hex(parts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.as_bytes());
        hasher.update([0xff]);
    }
    hasher
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// SHA-256 over an article's title and body, in hex: what tells a revision from an unchanged article.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ContentHash(String);

impl ContentHash {
    /// Hashes a title and a body.
    #[must_use]
    pub fn of(title: &str, body: &str) -> Self {
        ContentHash(hash_hex(&[title, body]))
    }

    /// Returns the 64 hex digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn ids_round_trip_and_refuse_each_other() {
        let key: ArticleKey = "https://a.example/1".parse().unwrap();
        let claim = ClaimId::of_evidence(&key, "sentence", "$5bn", 0);
        assert_eq!(claim.to_string().parse::<ClaimId>().unwrap(), claim);
        assert!(claim.as_str().parse::<FactId>().is_err());
        assert!("c-XYZ".parse::<ClaimId>().is_err());
    }

    #[test]
    fn parts_of_a_hash_do_not_run_together() {
        assert_ne!(ContentHash::of("ab", "c"), ContentHash::of("a", "bc"));
    }

    #[test]
    fn a_source_has_no_white_space_around_it_and_an_article_no_control_character() {
        assert!(" edge".parse::<SourceId>().is_err());
        assert!("".parse::<SourceId>().is_err());
        assert!("a\u{1b}[31m".parse::<ArticleKey>().is_err());
    }
}
