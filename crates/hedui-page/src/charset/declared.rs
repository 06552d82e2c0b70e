//! Where an encoding is declared: `Content-Type`, the XML declaration, `<meta>`.

use super::Form;

/// How far into a page a declaration is looked for.
///
/// The HTML Standard reads 1,024 bytes; real pages put scripts before it.
const PRESCAN_BYTES: usize = 8192;

/// Returns the charset that a `Content-Type` header names; a bare label is its own.
///
/// ```
/// # use hedui_page::charset::content_type_charset;
/// assert_eq!(content_type_charset("text/html;charset = \"GBK\""), Some("GBK"));
/// assert_eq!(content_type_charset("big5"), Some("big5"));
/// assert_eq!(content_type_charset("text/html"), None);
/// ```
pub fn content_type_charset(header: &str) -> Option<&str> {
    let mut parameters = header.split(';');
    let first = parameters.next()?.trim();
    let named = parameters.find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("charset")
            .then(|| value.trim().trim_matches(['"', '\'']).trim())
    });
    let named = named.filter(|label| !label.is_empty());
    let bare = || (!first.is_empty() && !first.contains(['/', '='])).then_some(first);
    named.or_else(bare)
}

/// Returns the label that the document itself declares.
pub(super) fn inner_charset(bytes: &[u8], form: Form) -> Option<&str> {
    let head = bytes.get(..PRESCAN_BYTES).unwrap_or(bytes);
    match form {
        Form::Text => None,
        Form::Xml => xml_declaration(head),
        Form::Html => xml_declaration(head).or_else(|| meta(head)),
    }
}

fn xml_declaration(head: &[u8]) -> Option<&str> {
    let start = head.iter().position(|byte| !byte.is_ascii_whitespace())?;
    // Feeds are known that put a comment before the declaration.
    let start = if head.get(start..)?.starts_with(b"<?xml") {
        start
    } else {
        memchr::memmem::find(head, b"<?xml")?
    };
    let head = head.get(start..)?;
    let end = memchr::memchr(b'>', head)?;
    value_after(head.get(..end)?, b"encoding")
}

/// Finds `charset=` inside a `<meta …>` that is not in a comment.
fn meta(head: &[u8]) -> Option<&str> {
    let mut rest = head;
    loop {
        let at = memchr::memchr(b'<', rest)?;
        rest = rest.get(at..)?;
        if rest.starts_with(b"<!--") {
            let end = memchr::memmem::find(rest, b"-->").unwrap_or(rest.len());
            rest = rest.get(end..)?;
            continue;
        }
        let is_meta = rest
            .get(1..5)
            .is_some_and(|name| name.eq_ignore_ascii_case(b"meta"));
        if is_meta {
            let end = memchr::memchr(b'>', rest).unwrap_or(rest.len());
            let tag = rest.get(..end)?;
            if let Some(label) = value_after(tag, b"charset") {
                return Some(label);
            }
        }
        rest = rest.get(1..)?;
    }
}

/// Returns the value after `name` and `=`, in quotes or not.
fn value_after<'a>(tag: &'a [u8], name: &[u8]) -> Option<&'a str> {
    let at = tag
        .windows(name.len())
        .position(|window| window.eq_ignore_ascii_case(name))?;
    let text: &[u8] = tag.get(at + name.len()..)?.trim_ascii_start();
    let text = text.strip_prefix(b"=")?.trim_ascii_start();
    let text = match text.first()? {
        b'"' | b'\'' => text.get(1..)?.trim_ascii_start(),
        _ => text,
    };
    let end = text
        .iter()
        .position(|&byte| !(byte.is_ascii_alphanumeric() || b"-_:.".contains(&byte)))
        .unwrap_or(text.len());
    let label = std::str::from_utf8(text.get(..end)?).ok()?;
    (!label.is_empty()).then_some(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_are_found_where_they_stand() {
        let cases: [(&str, Form, Option<&str>); 8] = [
            (
                "<?xml version=\"1.0\" encoding='Big5'?>",
                Form::Xml,
                Some("Big5"),
            ),
            ("<!-- c --><?xml encoding=\"gbk\"?>", Form::Xml, Some("gbk")),
            (
                "<META HTTP-EQUIV=x content=\"text/html; charset=GB2312\">",
                Form::Html,
                Some("GB2312"),
            ),
            (
                "<script>x</script><meta charset=utf-8/>",
                Form::Html,
                Some("utf-8"),
            ),
            (
                "<!-- <meta charset=big5> --><meta charset=gbk>",
                Form::Html,
                Some("gbk"),
            ),
            ("<meta name=charset content=x>", Form::Html, None),
            ("<meta charset=gbk>", Form::Text, None),
            ("", Form::Html, None),
        ];
        for (text, form, expected) in cases {
            assert_eq!(inner_charset(text.as_bytes(), form), expected, "{text}");
        }
    }
}
