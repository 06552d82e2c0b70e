//! The encoding of bytes that nobody names, or that somebody names wrongly.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::Encoding;

/// How much text is looked at; more does not make the guess better.
const SAMPLE_BYTES: usize = 128 * 1024;

/// Counts the bytes beyond ASCII.
pub(super) fn beyond_ascii(bytes: &[u8]) -> usize {
    if bytes.is_ascii() {
        // ISO-2022-JP is ASCII throughout, but for its escapes.
        return bytes.iter().filter(|&&byte| byte == 0x1B).count();
    }
    bytes.iter().filter(|byte| !byte.is_ascii()).count()
}

/// Tells whether all bytes are UTF-8, but for a character cut off at the end.
pub(super) fn is_utf8(bytes: &[u8]) -> bool {
    match std::str::from_utf8(bytes) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    }
}

/// Tells whether bytes that are valid UTF-8 can hardly be so by chance.
///
/// In text of another encoding one sequence is valid by chance about once in eight or less often.
pub(super) fn surely_utf8(bytes: &[u8]) -> bool {
    bytes.iter().filter(|&&byte| byte >= 0xC2).take(3).count() >= 3
}

/// Bytes beyond ASCII from which on a guess among Chinese encodings, or against a Latin one, is as good as certain.
const CERTAIN_BYTES: usize = 200;

/// Tells whether bytes cannot be what they are declared to be, though each can be decoded.
///
/// GB18030 and Big5 read each other's bytes often without an error, as unlikely characters, and a Latin encoding reads
/// anything. A guess among them is believed where there is enough text for it, and where it reads all of it.
pub(super) fn denies(declared: &'static Encoding, bytes: &[u8]) -> bool {
    let is_chinese = |encoding| encoding == encoding_rs::GB18030 || encoding == encoding_rs::BIG5;
    let is_wide = |encoding| {
        is_chinese(encoding)
            || [
                encoding_rs::SHIFT_JIS,
                encoding_rs::EUC_JP,
                encoding_rs::EUC_KR,
            ]
            .contains(&encoding)
    };
    let is_latin = declared == encoding_rs::WINDOWS_1252;
    if !(is_chinese(declared) || is_latin) || beyond_ascii(bytes) < CERTAIN_BYTES {
        return false;
    }
    let guessed = guess(bytes);
    let may_be = if is_latin {
        is_wide(guessed)
    } else {
        is_chinese(guessed) && guessed != declared
    };
    may_be && super::with(guessed, bytes).replaced.saturating_mul(200) < beyond_ascii(bytes)
}

/// Guesses the encoding from the text between the tags.
pub(super) fn guess(bytes: &[u8]) -> &'static Encoding {
    if is_utf8(bytes) && beyond_ascii(bytes) > 0 {
        return encoding_rs::UTF_8;
    }
    let text = without_markup(bytes);
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(&text, true);
    super::narrow(detector.guess(None, Utf8Detection::Allow))
}

/// Drops tags, comments, scripts and styles: they are ASCII, and say nothing.
fn without_markup(bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(SAMPLE_BYTES.min(bytes.len()));
    let mut rest = bytes;
    while text.len() < SAMPLE_BYTES {
        let Some(at) = memchr::memchr(b'<', rest) else {
            text.extend_from_slice(rest);
            break;
        };
        let (before, tag) = rest.split_at(at);
        text.extend_from_slice(before);
        text.push(b' ');
        rest = after_markup(tag);
        if rest.is_empty() {
            break;
        }
    }
    text
}

/// Returns what follows the tag, comment, script or style that `tag` begins with.
fn after_markup(tag: &[u8]) -> &[u8] {
    if let Some(rest) = tag.strip_prefix(b"<![CDATA[") {
        return rest;
    }
    let begins = |name: &[u8]| {
        tag.get(1..=name.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(name))
    };
    let end = if tag.starts_with(b"<!--") {
        memchr::memmem::find(tag, b"-->")
    } else if begins(b"script") {
        memchr::memmem::find(tag, b"</script").or_else(|| memchr::memmem::find(tag, b"</SCRIPT"))
    } else if begins(b"style") {
        memchr::memmem::find(tag, b"</style").or_else(|| memchr::memmem::find(tag, b"</STYLE"))
    } else {
        memchr::memchr(b'>', tag)
    };
    let end = end.or_else(|| memchr::memchr(b'>', tag));
    end.and_then(|end| tag.get(end + 1..)).unwrap_or(&[])
}
