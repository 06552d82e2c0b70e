//! UTF-16 and UTF-32, which no label inside the text can announce.

use super::{Decoded, Form};

/// Decodes UTF-16 or UTF-32, recognised by a byte order mark or by the first characters of XML (XML 1.0, appendix F).
pub(super) fn decode(bytes: &[u8], form: Form) -> Option<Decoded> {
    let marks: [(&[u8], Reader); 4] = [
        (b"\xFF\xFE\0\0", utf32le),
        (b"\0\0\xFE\xFF", utf32be),
        (b"\xFF\xFE", utf16le),
        (b"\xFE\xFF", utf16be),
    ];
    for (mark, reader) in marks {
        if let Some(rest) = bytes.strip_prefix(mark) {
            return Some(reader(rest));
        }
    }
    let starts: [(&[u8], Reader); 4] = [
        (b"<\0\0\0", utf32le),
        (b"\0\0\0<", utf32be),
        (b"<\0", utf16le),
        (b"\0<", utf16be),
    ];
    let found = starts.iter().find(|(start, _)| bytes.starts_with(start));
    // In HTML a NUL after `<` is more likely an attack than UTF-16, unless all of the start is like that.
    let enough = form == Form::Xml || bytes.get(3) == Some(&0) || bytes.get(2) == Some(&0);
    found.filter(|_| enough).map(|(_, reader)| reader(bytes))
}

type Reader = fn(&[u8]) -> Decoded;

fn utf16le(bytes: &[u8]) -> Decoded {
    super::with(encoding_rs::UTF_16LE, bytes)
}

fn utf16be(bytes: &[u8]) -> Decoded {
    super::with(encoding_rs::UTF_16BE, bytes)
}

fn utf32le(bytes: &[u8]) -> Decoded {
    utf32(bytes, "UTF-32LE", u32::from_le_bytes)
}

fn utf32be(bytes: &[u8]) -> Decoded {
    utf32(bytes, "UTF-32BE", u32::from_be_bytes)
}

fn utf32(bytes: &[u8], encoding: &'static str, unit: fn([u8; 4]) -> u32) -> Decoded {
    let mut replaced = 0;
    let text = bytes
        .chunks(4)
        .map(|chunk| {
            let point = <[u8; 4]>::try_from(chunk).ok().map(unit);
            point.and_then(char::from_u32).unwrap_or_else(|| {
                replaced += 1;
                '\u{FFFD}'
            })
        })
        .collect();
    Decoded {
        text,
        encoding,
        replaced,
    }
}
