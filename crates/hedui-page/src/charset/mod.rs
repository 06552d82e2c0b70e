//! Bytes to text.
//!
//! What is believed, in this order: a byte order mark; the HTTP charset; the XML declaration or `<meta>`; detection on
//! the text between the tags. A label is not believed where the bytes contradict it: valid UTF-8 with enough characters
//! beyond ASCII is UTF-8, and a declared encoding that cannot read the bytes loses to a detected one that can. GB2312 and
//! GBK are read as GB18030, Big5 with the HKSCS extension, Latin-1 as windows-1252, as browsers do (WHATWG Encoding).
//! Characters that could not be read are replaced and counted; reading never fails.

mod declared;
mod detect;
mod wide;

use encoding_rs::Encoding;

pub use declared::content_type_charset;

/// What the bytes are, which decides where a declaration of their encoding may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// HTML: `<meta>`.
    Html,
    /// XML, or JSON: the XML declaration.
    Xml,
    /// Plain text: none.
    Text,
}

/// Text that was decoded, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The text, without a byte order mark.
    pub text: String,
    /// The name of the encoding that was used (`UTF-8`, `Big5`, `gb18030`), as the WHATWG Encoding Standard writes it; where
    /// that reads a smaller one as its superset, the smaller one if the bytes need no more (`ISO-8859-1`, `us-ascii`).
    pub encoding: &'static str,
    /// How many characters were replaced by U+FFFD because their bytes mean nothing.
    pub replaced: usize,
}

/// Decodes bytes into text.
///
/// `http_content_type` is the whole `Content-Type` header, or a bare charset label.
///
/// ```
/// # use hedui_page::charset::{Form, decode};
/// let decoded = decode(b"\xb0\xa1<meta charset=gb2312>", None, Form::Html);
/// assert_eq!((decoded.text.chars().next(), decoded.encoding), (Some('啊'), "gb18030"));
/// ```
pub fn decode(bytes: &[u8], http_content_type: Option<&str>, form: Form) -> Decoded {
    if let Some(decoded) = wide::decode(bytes, form) {
        return decoded;
    }
    if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        return with(encoding_rs::UTF_8, rest);
    }
    let http = http_content_type
        .and_then(content_type_charset)
        .and_then(encoding);
    let inner = declared::inner_charset(bytes, form).and_then(encoding);
    let declared = http.or(inner).map(|encoding| narrow(encoding));
    let mut decoded = choose(bytes, declared, http.and(inner).map(narrow));
    decoded.encoding = subset(decoded.encoding, bytes);
    if bytes.is_ascii() && decoded.encoding == "windows-1252" {
        let label = http_content_type
            .and_then(content_type_charset)
            .filter(|label| encoding(label).is_some());
        let label = label.or_else(|| declared::inner_charset(bytes, form));
        let is_ascii = label.is_some_and(|label| label.to_ascii_lowercase().contains("ascii"));
        let is_latin = label.is_some_and(|label| label.to_ascii_lowercase().contains("8859"));
        decoded.encoding = match (is_ascii, is_latin) {
            (true, _) => "us-ascii",
            (_, true) => "ISO-8859-1",
            _ => decoded.encoding,
        };
    }
    if form == Form::Xml && ascii_by_default(bytes, http_content_type) {
        return Decoded {
            encoding: "us-ascii",
            ..decoded
        };
    }
    decoded
}

/// Takes the declared encoding, the second declared one, or the detected one.
fn choose(
    bytes: &[u8],
    declared: Option<&'static Encoding>,
    second: Option<&'static Encoding>,
) -> Decoded {
    let wide = detect::beyond_ascii(bytes);
    if wide == 0 {
        return with(declared.unwrap_or(encoding_rs::UTF_8), bytes);
    }
    let claimed_utf8 = declared == Some(encoding_rs::UTF_8);
    if detect::is_utf8(bytes) && (claimed_utf8 || detect::surely_utf8(bytes)) {
        return with(encoding_rs::UTF_8, bytes);
    }
    let Some(declared) = declared else {
        return with(detect::guess(bytes), bytes);
    };
    let believed = with(declared, bytes);
    if tolerable(&believed, wide) && !detect::denies(declared, bytes) {
        return believed;
    }
    let guess = with(detect::guess(bytes), bytes);
    if tolerable(&believed, wide) {
        return guess;
    }
    let other = second.map(|encoding| with(encoding, bytes));
    [Some(guess), other]
        .into_iter()
        .flatten()
        .filter(|candidate| candidate.replaced * 4 < believed.replaced.max(1) * 3)
        .min_by_key(|candidate| candidate.replaced)
        .unwrap_or(believed)
}

/// Tells whether so few characters are replaced that the bytes may be damaged, but not in another encoding.
fn tolerable(decoded: &Decoded, beyond_ascii: usize) -> bool {
    decoded.replaced == 0 || decoded.replaced.saturating_mul(200) < beyond_ascii
}

/// RFC 3023, section 3.1: XML served as `text/…` without a charset is US-ASCII, whatever it declares.
///
/// Followed only where it makes no difference to the text.
fn ascii_by_default(bytes: &[u8], http_content_type: Option<&str>) -> bool {
    let Some(header) = http_content_type else {
        return false;
    };
    let kind = header.split(';').next().unwrap_or("").trim();
    let is_text = kind
        .get(..5)
        .is_some_and(|start| start.eq_ignore_ascii_case("text/"));
    let kind = kind.to_ascii_lowercase();
    let is_xml = kind.ends_with("xml") || kind.ends_with("xml-external-parsed-entity");
    is_text && is_xml && content_type_charset(header).is_none() && bytes.is_ascii()
}

/// Names the smaller encoding where the bytes need no more: WHATWG reads Latin-1 as windows-1252, and so on.
fn subset(encoding: &'static str, bytes: &[u8]) -> &'static str {
    let has = |range: std::ops::RangeInclusive<u8>| bytes.iter().any(|byte| range.contains(byte));
    match encoding {
        "windows-1252" if !bytes.is_ascii() && !has(0x80..=0x9F) => "ISO-8859-1",
        "windows-874" if !has(0x80..=0xA0) => "TIS-620",
        // The letters that Ukrainian has and Russian has not.
        "KOI8-U"
            if !bytes
                .iter()
                .any(|byte| b"\xA4\xA6\xA7\xAD\xB4\xB6\xB7\xBD".contains(byte)) =>
        {
            "KOI8-R"
        }
        _ => encoding,
    }
}

/// Finds an encoding by its label, and takes for unknown what cannot be decoded (`replacement`).
fn encoding(label: &str) -> Option<&'static Encoding> {
    let label = label.trim().trim_matches(['"', '\'']);
    let found = Encoding::for_label(label.as_bytes()).or_else(|| {
        let known = [
            ("big5hkscs", encoding_rs::BIG5),
            ("big5_hkscs", encoding_rs::BIG5),
            ("big5-hkscs:2004", encoding_rs::BIG5),
            ("cp950", encoding_rs::BIG5),
            ("ms950", encoding_rs::BIG5),
            ("cp936", encoding_rs::GB18030),
            ("ms936", encoding_rs::GB18030),
            ("gb18030-2000", encoding_rs::GB18030),
            ("utf8mb4", encoding_rs::UTF_8),
            ("cp932", encoding_rs::SHIFT_JIS),
            ("cp949", encoding_rs::EUC_KR),
        ];
        known
            .iter()
            .find(|(name, _)| label.eq_ignore_ascii_case(name))
            .map(|(_, encoding)| *encoding)
    })?;
    (found != encoding_rs::REPLACEMENT).then_some(found)
}

/// Turns an encoding into the one to decode with: the superset, and none that is not byte by byte.
///
/// What says of itself in ASCII that it is UTF-16 is not (HTML Standard, *prescan a byte stream*).
fn narrow(encoding: &'static Encoding) -> &'static Encoding {
    if encoding == encoding_rs::GBK {
        encoding_rs::GB18030
    } else if encoding == encoding_rs::UTF_16LE || encoding == encoding_rs::UTF_16BE {
        encoding_rs::UTF_8
    } else {
        encoding
    }
}

/// Decodes with one encoding, and counts what was replaced.
fn with(encoding: &'static Encoding, bytes: &[u8]) -> Decoded {
    let (text, had_errors) = encoding.decode_without_bom_handling(bytes);
    let replaced = if had_errors {
        text.chars().filter(|&c| c == '\u{FFFD}').count()
    } else {
        0
    };
    Decoded {
        text: text.into_owned(),
        encoding: encoding.name(),
        replaced,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SENTENCE: &str =
        "輝達執行長黃仁勳表示，今年資料中心營收將達到一千六百五十億美元，較去年成長三成以上。";

    fn check(bytes: &[u8], http: Option<&str>, form: Form, encoding: &str, text: &str) {
        let decoded = decode(bytes, http, form);
        assert_eq!(decoded.encoding, encoding);
        assert!(decoded.text.contains(text), "{}", decoded.text);
    }

    #[test]
    fn a_lying_charset_loses_to_valid_utf8() {
        for lie in [
            "text/html; charset=iso-8859-1",
            "text/html; charset=gb2312",
            "big5",
        ] {
            check(
                SENTENCE.as_bytes(),
                Some(lie),
                Form::Html,
                "UTF-8",
                SENTENCE,
            );
        }
    }

    #[test]
    fn big5_that_claims_to_be_utf8_is_read() {
        let (bytes, _, _) = encoding_rs::BIG5.encode(SENTENCE);
        check(
            &bytes,
            Some("text/html; charset=utf-8"),
            Form::Html,
            "Big5",
            SENTENCE,
        );
    }

    #[test]
    fn the_header_goes_before_the_page() {
        let simplified = "中国移动今年投资一千五百亿元，建设算力网络。";
        let page = format!("<html><head><meta charset=utf-8></head><p>{simplified}");
        let (bytes, _, _) = encoding_rs::GB18030.encode(&page);
        check(
            &bytes,
            Some("text/html; charset=gbk"),
            Form::Html,
            "gb18030",
            simplified,
        );
        check(&bytes, None, Form::Html, "gb18030", simplified);
    }

    #[test]
    fn chinese_that_claims_to_be_latin_or_the_other_chinese_is_read() {
        let long = SENTENCE.repeat(5);
        let (big5, _, _) = encoding_rs::BIG5.encode(&long);
        for lie in [
            "text/html; charset=iso-8859-1",
            "text/html; charset=gb2312",
            "text/html; charset=euc-kr",
        ] {
            check(&big5, Some(lie), Form::Html, "Big5", SENTENCE);
        }
        let simplified =
            "中国移动今年投资一千五百亿元，建设算力网络，同比增长百分之二十。".repeat(5);
        let (gbk, _, _) = encoding_rs::GBK.encode(&simplified);
        for lie in ["text/html; charset=iso-8859-1", "text/html; charset=big5"] {
            check(&gbk, Some(lie), Form::Html, "gb18030", "建设算力网络");
        }
    }

    #[test]
    fn latin_that_says_so_stays_so() {
        let text =
            "Les dépenses ont été élevées à 1,5 milliard d’euros, soit près de 3 % de plus. "
                .repeat(20);
        let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode(&text);
        check(
            &bytes,
            Some("text/html; charset=iso-8859-1"),
            Form::Html,
            "windows-1252",
            "dépenses",
        );
    }

    #[test]
    fn hong_kong_characters_are_read() {
        let decoded = decode(b"\x87\x40\xa4\xa4", Some("big5-hkscs"), Form::Text);
        assert_eq!((decoded.text.as_str(), decoded.replaced), ("䏰中", 0));
    }

    #[test]
    fn what_is_replaced_is_counted() {
        let mut bytes = SENTENCE.repeat(20).into_bytes();
        bytes.extend(b"\xE4\xB8 and \xFF.");
        let decoded = decode(&bytes, Some("utf-8"), Form::Text);
        assert_eq!((decoded.replaced, decoded.encoding), (2, "UTF-8"));
    }

    #[test]
    fn xml_without_a_mark_is_recognised() {
        let utf16: Vec<u8> = "<?xml version='1.0'?><a>中</a>"
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect();
        check(&utf16, None, Form::Xml, "UTF-16BE", "<a>中</a>");
        let utf32: Vec<u8> = "<?xml version='1.0'?><a>中</a>"
            .chars()
            .flat_map(|c| u32::from(c).to_le_bytes())
            .collect();
        check(&utf32, None, Form::Xml, "UTF-32LE", "<a>中</a>");
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400), label in "[a-z0-9-]{0,12}") {
            for form in [Form::Html, Form::Xml, Form::Text] {
                decode(&bytes, Some(&label), form);
            }
        }

        #[test]
        fn utf8_is_kept(text in "\\PC{0,200}") {
            prop_assume!(!text.starts_with('\u{FEFF}'));
            let decoded = decode(text.as_bytes(), Some("text/plain; charset=utf-8"), Form::Text);
            prop_assert_eq!(decoded.text, text);
        }
    }
}
