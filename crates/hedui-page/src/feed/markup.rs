//! Markup inside feeds: made safe, made plain, and unpacked.

/// What a text is to be read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing in it is markup.
    Plain,
    /// Tags and references in it are markup.
    Markup,
}

/// Elements that are dropped with all that is in them.
const UNSAFE: [&str; 9] = [
    "script", "style", "iframe", "object", "embed", "form", "applet", "noscript", "svg",
];

/// Drops what could do something from markup, and resolves its links; plain text stays as it is.
pub(super) fn safe(text: &str, kind: Kind, resolve: &dyn Fn(&str) -> String) -> String {
    if kind == Kind::Plain || !text.contains('<') {
        return text.to_owned();
    }
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (before, tail) = rest.split_at(at);
        kept.push_str(before);
        let Some(tag) = Tag::read(tail) else {
            kept.push('<');
            rest = tail.get(1..).unwrap_or("");
            continue;
        };
        rest = tail.get(tag.length..).unwrap_or("");
        if UNSAFE.contains(&tag.name.as_str()) {
            rest = after_end(rest, &tag);
        } else if !tag.name.is_empty() {
            tag.write(&mut kept, resolve);
        }
    }
    kept.push_str(rest);
    kept
}

/// Returns the text of markup: without tags, with references resolved, white space collapsed.
///
/// ```
/// # use hedui_page::feed::plain_text;
/// assert_eq!(plain_text("<b>A &amp; B</b> &lt; C"), "A & B < C");
/// ```
pub fn plain_text(markup: &str) -> String {
    let mut text = String::with_capacity(markup.len());
    let mut rest = markup;
    while let Some(at) = rest.find('<') {
        let (before, tail) = rest.split_at(at);
        text.push_str(before);
        match Tag::read(tail) {
            Some(tag) => {
                rest = tail.get(tag.length..).unwrap_or("");
                if UNSAFE.contains(&tag.name.as_str()) {
                    rest = after_end(rest, &tag);
                }
                if !INLINE.contains(&tag.name.as_str()) {
                    text.push(' ');
                }
            }
            None => {
                text.push('<');
                rest = tail.get(1..).unwrap_or("");
            }
        }
    }
    text.push_str(rest);
    let resolved = crate::xml::resolve_references(&text);
    resolved.split_whitespace().collect::<Vec<_>>().join(" ")
}

const INLINE: [&str; 14] = [
    "a", "abbr", "b", "cite", "code", "em", "font", "i", "mark", "small", "span", "strong", "sub",
    "sup",
];

/// Skips to behind the end tag of an element whose content is dropped.
fn after_end<'a>(rest: &'a str, tag: &Tag) -> &'a str {
    if tag.is_end || tag.is_empty {
        return rest;
    }
    let end = format!("</{}", tag.name);
    let lower = rest.to_ascii_lowercase();
    let Some(at) = lower.find(&end) else {
        return "";
    };
    let tail = rest.get(at..).unwrap_or("");
    tail.find('>')
        .and_then(|end| tail.get(end + 1..))
        .unwrap_or("")
}

struct Tag {
    /// In lower case; empty for comments and declarations.
    name: String,
    is_end: bool,
    is_empty: bool,
    attributes: Vec<(String, String)>,
    /// Bytes, with both brackets.
    length: usize,
}

impl Tag {
    /// Reads a tag or comment at the start of `text`; a `<` that begins none is text.
    fn read(text: &str) -> Option<Tag> {
        if text.starts_with("<!--") {
            let length = text.find("-->").map_or(text.len(), |end| end + 3);
            return Some(Tag::nothing(length));
        }
        let second = text.as_bytes().get(1)?;
        if !(second.is_ascii_alphabetic() || matches!(second, b'/' | b'!' | b'?')) {
            return None;
        }
        let end = tag_end(text)?;
        let inner = text.get(1..end)?;
        if inner.starts_with(['!', '?']) {
            return Some(Tag::nothing(end + 1));
        }
        let is_end = inner.starts_with('/');
        let is_empty = inner.ends_with('/') && inner.len() > 1;
        let inner = inner.trim_matches('/');
        let name_end = inner
            .find(|c: char| c.is_ascii_whitespace() || c == '/')
            .unwrap_or(inner.len());
        let (name, attributes) = inner.split_at(name_end);
        Some(Tag {
            name: name.to_ascii_lowercase(),
            is_end,
            is_empty,
            attributes: read_attributes(attributes),
            length: end + 1,
        })
    }

    fn nothing(length: usize) -> Tag {
        Tag {
            name: String::new(),
            is_end: false,
            is_empty: true,
            attributes: Vec::new(),
            length,
        }
    }

    fn write(&self, to: &mut String, resolve: &dyn Fn(&str) -> String) {
        to.push('<');
        if self.is_end {
            to.push('/');
        }
        to.push_str(&self.name);
        for (name, value) in &self.attributes {
            let is_link = name == "href" || name == "src";
            let script = value.trim_start().to_ascii_lowercase();
            let runs = script.starts_with("javascript:")
                || script.starts_with("vbscript:")
                || script.starts_with("data:");
            if name.starts_with("on") || name == "style" || (is_link && runs) {
                continue;
            }
            let value = if is_link {
                resolve(value)
            } else {
                value.clone()
            };
            to.push_str(&format!(" {name}=\"{}\"", value.replace('"', "&quot;")));
        }
        if self.is_empty && !self.is_end {
            to.push_str(" /");
        }
        to.push('>');
    }
}

/// Finds the `>` that ends a tag, outside of quotes.
fn tag_end(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate().take(65_536) {
        match (byte, quote) {
            (b'"' | b'\'', None) => quote = Some(byte),
            (_, Some(open)) if byte == open => quote = None,
            (b'>', None) => return Some(at),
            _ => {}
        }
    }
    text.find('>')
}

fn read_attributes(text: &str) -> Vec<(String, String)> {
    let mut read = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() && read.len() < 64 {
        let end = rest
            .find(|c: char| c.is_ascii_whitespace() || c == '=')
            .unwrap_or(rest.len());
        let (name, tail) = rest.split_at(end);
        let tail = tail.trim_start();
        let Some(value) = tail.strip_prefix('=') else {
            if end == 0 {
                break;
            }
            read.push((name.to_ascii_lowercase(), String::new()));
            rest = tail;
            continue;
        };
        let value = value.trim_start();
        let (value, next) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let inner = value.get(1..).unwrap_or("");
                inner.split_once(quote).unwrap_or((inner, ""))
            }
            _ => value.split_at(
                value
                    .find(|c: char| c.is_ascii_whitespace())
                    .unwrap_or(value.len()),
            ),
        };
        if !name.is_empty() {
            read.push((name.to_ascii_lowercase(), value.to_owned()));
        }
        rest = next.trim_start();
    }
    read
}

/// Decodes base64 (RFC 4648), ignoring white space; `None` where it is none or no UTF-8.
pub(super) fn base64(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let mut buffer: u32 = 0;
    let mut bits = 0;
    for byte in text.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => break,
            _ => return None,
        };
        buffer = (buffer << 6 | u32::from(value)) & 0x00FF_FFFF;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(buffer >> bits & 0xFF).unwrap_or(0));
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn unsafe_markup_is_dropped() {
        let keep = |link: &str| link.to_owned();
        let cases = [
            (
                "<b onclick='x()'>A</b><script>alert(1)</script>B",
                "<b>A</b>B",
            ),
            ("2 < 3 & 4 > 1", "2 < 3 & 4 > 1"),
            ("<a href='javascript:x()'>A</a>", "<a>A</a>"),
            ("A<!-- c -->B", "AB"),
        ];
        for (text, expected) in cases {
            assert_eq!(safe(text, Kind::Markup, &keep), expected);
        }
    }

    #[test]
    fn base64_is_read() {
        assert_eq!(
            base64("RXhhbXBsZSA8Yj5BdG9tPC9iPg==").as_deref(),
            Some("Example <b>Atom</b>")
        );
        assert_eq!(base64("not base64!"), None);
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "([<>/&;\"'= a-c!\\-]|script|中){0,40}") {
            safe(&text, Kind::Markup, &|link| link.to_owned());
            plain_text(&text);
            base64(&text);
        }
    }
}
