//! Keys of the one tree: a letter for the kind, then what it is known by.
//!
//! One tree, because a batch is atomic within one. Keys sort as they are to be read: by block and reading, by time,
//! by number.

use hedui_model::{ArticleKey, ClaimId, ConflictId, FactId, SourceId};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::error::StateError;

pub(super) const VERSION: &[u8] = b"V";
pub(super) const MARK: &[u8] = b"m";
pub(super) const COUNTS: &[u8] = b"n";
pub(super) const META: u8 = b'M';
pub(super) const ARTICLE: u8 = b'a';
pub(super) const REVISION: u8 = b'A';
pub(super) const BODY: u8 = b't';
pub(super) const TIME: u8 = b'i';
pub(super) const SKETCH: u8 = b's';
pub(super) const URL: u8 = b'u';
pub(super) const FETCH: u8 = b'w';
pub(super) const CLAIM: u8 = b'c';
pub(super) const BLOCK: u8 = b'b';
pub(super) const JUDGED: u8 = b'j';
pub(super) const JUDGED_BACK: u8 = b'J';
pub(super) const FACT: u8 = b'f';
pub(super) const FACT_ALIAS: u8 = b'F';
pub(super) const FACT_OF_CLAIM: u8 = b'g';
pub(super) const CONFLICT: u8 = b'k';
pub(super) const CONFLICT_ALIAS: u8 = b'K';
pub(super) const DECISION: u8 = b'x';
pub(super) const OUTBOX: u8 = b'o';
pub(super) const DELIVERED: u8 = b'd';
pub(super) const SOURCE: u8 = b'r';

/// Addresses up to this length stand in keys as they are.
const URL_BYTES_MAX: usize = 400;

/// The eight bytes of an id.
pub(super) type Short = [u8; 8];

/// Joins a kind and parts.
pub(super) fn key(kind: u8, parts: &[&[u8]]) -> Vec<u8> {
    let mut key = Vec::with_capacity(1 + parts.iter().map(|part| part.len()).sum::<usize>());
    key.push(kind);
    for part in parts {
        key.extend_from_slice(part);
    }
    key
}

pub(super) fn meta(name: &str) -> Vec<u8> {
    key(META, &[name.as_bytes()])
}

pub(super) fn article(article: &ArticleKey) -> Vec<u8> {
    key(ARTICLE, &[article.as_str().as_bytes()])
}

/// The prefix of all earlier revisions of an article. Article keys hold no control character.
pub(super) fn revisions(article: &ArticleKey) -> Vec<u8> {
    key(REVISION, &[article.as_str().as_bytes(), b"\0"])
}

pub(super) fn revision(article: &ArticleKey, revision: u32) -> Vec<u8> {
    let mut key = revisions(article);
    key.extend_from_slice(&revision.to_be_bytes());
    key
}

/// The prefix of the bodies of all revisions of an article.
pub(super) fn bodies(article: &ArticleKey) -> Vec<u8> {
    key(BODY, &[article.as_str().as_bytes(), b"\0"])
}

pub(super) fn body(article: &ArticleKey, revision: u32) -> Vec<u8> {
    let mut key = bodies(article);
    key.extend_from_slice(&revision.to_be_bytes());
    key
}

/// The instant as bytes that sort as it does.
pub(super) fn instant(at: Timestamp) -> [u8; 12] {
    let mut bytes = [0; 12];
    let seconds = (at.as_second() as u64) ^ (1 << 63);
    // A timestamp counts from the epoch in both directions; nanoseconds that sort count up.
    let (seconds, nanos) = match at.subsec_nanosecond() {
        nanos if nanos < 0 => (seconds.wrapping_sub(1), 1_000_000_000 + nanos),
        nanos => (seconds, nanos),
    };
    if let Some((high, low)) = bytes.split_first_chunk_mut::<8>() {
        *high = seconds.to_be_bytes();
        low.copy_from_slice(&nanos.unsigned_abs().to_be_bytes());
    }
    bytes
}

/// Reads an instant and what stands behind it.
pub(super) fn parse_instant(bytes: &[u8]) -> Option<(Timestamp, &[u8])> {
    let (seconds, rest) = bytes.split_first_chunk::<8>()?;
    let (nanos, rest) = rest.split_first_chunk::<4>()?;
    let seconds = (u64::from_be_bytes(*seconds) ^ (1 << 63)) as i64;
    let nanos = i32::try_from(u32::from_be_bytes(*nanos)).ok()?;
    Some((Timestamp::new(seconds, nanos).ok()?, rest))
}

pub(super) fn time(at: Timestamp, article: &ArticleKey) -> Vec<u8> {
    key(TIME, &[&instant(at), article.as_str().as_bytes()])
}

pub(super) fn sketch(value: u64, article: &ArticleKey) -> Vec<u8> {
    key(SKETCH, &[&value.to_be_bytes(), article.as_str().as_bytes()])
}

pub(super) fn url(kind: u8, url: &str) -> Vec<u8> {
    let bytes = url.as_bytes();
    match bytes.get(..URL_BYTES_MAX) {
        None => key(kind, &[bytes]),
        Some(start) => key(kind, &[start, b"\0", &Sha256::digest(bytes)]),
    }
}

pub(super) fn claim(id: Short) -> Vec<u8> {
    key(CLAIM, &[&id])
}

/// The prefix of a block. A NUL, which no block has any use for, would end it, and is left out.
pub(super) fn block(block: &str) -> Vec<u8> {
    key(BLOCK, &[without_nul(block).as_bytes(), b"\0"])
}

/// The prefix of a reading in a block.
pub(super) fn reading(block_name: &str, reading: &str) -> Vec<u8> {
    let mut key = block(block_name);
    key.extend_from_slice(without_nul(reading).as_bytes());
    key.push(0);
    key
}

pub(super) fn block_entry(block_name: &str, reading_text: &str, claim: Short) -> Vec<u8> {
    let mut key = reading(block_name, reading_text);
    key.extend_from_slice(&claim);
    key
}

/// Reads what stands behind the prefix of a block: reading and claim.
pub(super) fn parse_block_entry(rest: &[u8]) -> Option<(&str, Short)> {
    let (rest, claim) = rest.split_last_chunk::<8>()?;
    let reading = rest.strip_suffix(b"\0")?;
    Some((std::str::from_utf8(reading).ok()?, *claim))
}

pub(super) fn outbox(kind: u8, sink: &str, message: &str) -> Vec<u8> {
    key(
        kind,
        &[without_nul(sink).as_bytes(), b"\0", message.as_bytes()],
    )
}

pub(super) fn source(id: &SourceId) -> Vec<u8> {
    key(SOURCE, &[id.as_str().as_bytes()])
}

fn without_nul(text: &str) -> std::borrow::Cow<'_, str> {
    if text.contains('\0') {
        text.replace('\0', "").into()
    } else {
        text.into()
    }
}

/// Returns the smallest key behind all that begin with `prefix`; none where there is no such key.
pub(super) fn behind(prefix: &[u8]) -> Option<Vec<u8>> {
    let mut key = prefix.to_vec();
    while let Some(last) = key.pop() {
        if let Some(next) = last.checked_add(1) {
            key.push(next);
            return Some(key);
        }
    }
    None
}

pub(super) fn short_claim(id: &ClaimId) -> Result<Short, StateError> {
    short(id.as_str())
}

pub(super) fn short_fact(id: &FactId) -> Result<Short, StateError> {
    short(id.as_str())
}

pub(super) fn short_conflict(id: &ConflictId) -> Result<Short, StateError> {
    short(id.as_str())
}

/// Returns the bytes that the 16 hex digits of an id stand for.
fn short(id: &str) -> Result<Short, StateError> {
    id.split_once('-')
        .filter(|(_, hex)| hex.len() == 16)
        .and_then(|(_, hex)| u64::from_str_radix(hex, 16).ok())
        .map(u64::to_be_bytes)
        .ok_or_else(|| StateError::Encode(format!("not an id: `{id}`")))
}

pub(super) fn claim_id(id: Short) -> Result<ClaimId, StateError> {
    long("c", id)
}

pub(super) fn fact_id(id: Short) -> Result<FactId, StateError> {
    long("f", id)
}

fn long<T: std::str::FromStr>(letter: &str, id: Short) -> Result<T, StateError> {
    format!("{letter}-{:016x}", u64::from_be_bytes(id))
        .parse()
        .map_err(|_| StateError::undecodable("an id that is none"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn instants_sort_as_their_bytes(
            a in -300_000_000_000_000_000_i64..300_000_000_000_000_000,
            b in -300_000_000_000_000_000_i64..300_000_000_000_000_000,
        ) {
            let at = |nanos: i64| Timestamp::from_nanosecond(i128::from(nanos)).unwrap();
            prop_assert_eq!(at(a).cmp(&at(b)), instant(at(a)).cmp(&instant(at(b))));
            prop_assert_eq!(parse_instant(&instant(at(a))).unwrap().0, at(a));
        }
    }

    #[test]
    fn a_prefix_ends_before_the_next_one() {
        assert_eq!(behind(b"ab").unwrap(), b"ac");
        assert_eq!(behind(b"a\xff").unwrap(), b"b");
        assert_eq!(behind(b"\xff\xff"), None);
    }

    #[test]
    fn long_addresses_keep_apart() {
        let long = |end: &str| {
            url(
                URL,
                &format!("https://a.example/{}{end}", "x".repeat(5_000)),
            )
        };
        assert_ne!(long("1"), long("2"));
        assert!(long("1").len() < 500);
    }

    #[test]
    fn ids_come_back() {
        let id: ClaimId = "c-00ff00000000000a".parse().unwrap();
        assert_eq!(claim_id(short_claim(&id).unwrap()).unwrap(), id);
    }
}
