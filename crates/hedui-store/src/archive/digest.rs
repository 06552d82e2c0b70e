//! Digests as WARC writes them, and record ids.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha1::Sha1;
use sha2::{Digest, Sha256};

/// SHA-1 of a content, as `sha1:` and base32: what WARC files everywhere use to find equal contents.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PayloadDigest(String);

impl PayloadDigest {
    /// Takes the digest of a content.
    #[must_use]
    pub fn of(content: &[u8]) -> Self {
        PayloadDigest(format!("sha1:{}", base32(&Sha1::digest(content))))
    }

    /// Returns the digest as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn from_field(text: &str) -> Self {
        PayloadDigest(text.to_owned())
    }
}

impl fmt::Display for PayloadDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A WARC record id, `<urn:uuid:…>`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RecordId(String);

impl RecordId {
    /// Makes the id of the record with these parts, a UUID of version 8 (RFC 9562) over their SHA-256.
    ///
    /// It is unique where the parts are, which hold the position in the archive, the time and the content.
    pub(super) fn of(parts: &[&[u8]]) -> Self {
        let mut hasher = Sha256::new();
        for part in parts {
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        let mut hex: Vec<char> = hasher
            .finalize()
            .iter()
            .take(16)
            .flat_map(|byte| format!("{byte:02x}").chars().collect::<Vec<_>>())
            .collect();
        if let Some(version) = hex.get_mut(12) {
            *version = '8';
        }
        if let Some(variant) = hex.get_mut(16) {
            *variant = match *variant {
                '0'..='3' => '8',
                '4'..='7' => '9',
                '8'..='9' | 'a'..='b' => 'a',
                _ => 'b',
            };
        }
        let mut text = String::from("<urn:uuid:");
        for (index, digit) in hex.into_iter().enumerate() {
            if matches!(index, 8 | 12 | 16 | 20) {
                text.push('-');
            }
            text.push(digit);
        }
        text.push('>');
        RecordId(text)
    }

    /// Returns the id as text, with its angle brackets.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn from_field(text: &str) -> Self {
        RecordId(text.to_owned())
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Writes bytes in base 32 (RFC 4648), without padding: the 20 bytes of SHA-1 need none.
fn base32(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut text = String::with_capacity(bytes.len().div_ceil(5) * 8);
    let mut bits = 0_u32;
    let mut count = 0;
    let mut push = |value: u32| {
        if let Some(&letter) = ALPHABET.get((value & 31) as usize) {
            text.push(char::from(letter));
        }
    };
    for &byte in bytes {
        bits = bits << 8 | u32::from(byte);
        count += 8;
        while count >= 5 {
            count -= 5;
            push(bits >> count);
        }
        bits &= 0xff;
    }
    if count > 0 {
        push(bits << (5 - count));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vectors of RFC 4648, section 10, without padding.
    #[test]
    fn base32_is_that_of_the_rfc() {
        for (bytes, text) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(base32(bytes.as_bytes()), text);
        }
    }

    #[test]
    fn the_digest_of_nothing_is_the_known_one() {
        assert_eq!(
            PayloadDigest::of(b"").as_str(),
            "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"
        );
    }

    #[test]
    fn an_id_is_a_uuid_and_depends_on_every_part() {
        let id = RecordId::of(&[b"ab", b"c"]);
        let text = id.as_str();
        assert_eq!(
            text.len(),
            "<urn:uuid:00000000-0000-8000-8000-000000000000>".len()
        );
        assert_eq!(text.get(24..25), Some("8"));
        assert!(matches!(text.get(29..30), Some("8" | "9" | "a" | "b")));
        assert_ne!(id, RecordId::of(&[b"a", b"bc"]));
    }
}
