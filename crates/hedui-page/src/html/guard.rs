//! Keeps markup within limits before a parser sees it.
//!
//! A tree builder looks through all open elements for many a tag, and through all attributes for each: a page of a
//! hundred thousand nested tags, or a tag of as many attributes, would take minutes. Tags beyond the limits are cut out;
//! text always stays. What is within the limits, as all honest pages are, is not copied.

use std::borrow::Cow;

use super::PageLimits;

/// Tags that end by themselves, so that many of them are no depth.
const SELF_ENDING: [&[u8]; 29] = [
    b"area",
    b"base",
    b"br",
    b"col",
    b"embed",
    b"hr",
    b"img",
    b"input",
    b"link",
    b"meta",
    b"param",
    b"source",
    b"track",
    b"wbr",
    b"p",
    b"li",
    b"dt",
    b"dd",
    b"option",
    b"optgroup",
    b"tr",
    b"td",
    b"th",
    b"thead",
    b"tbody",
    b"tfoot",
    b"rp",
    b"rt",
    b"path",
];

/// A tag longer than this has its attributes counted.
const LONG_TAG_BYTES: usize = 8192;
/// A tag with more attributes than this is cut out.
const ATTRIBUTES_MAX: usize = 256;

/// Returns the page within its limits, and whether anything was cut.
pub(super) fn within<'a>(html: &'a str, limits: &PageLimits) -> (Cow<'a, str>, bool) {
    let mut at = limits.bytes_max.min(html.len());
    while !html.is_char_boundary(at) {
        at -= 1;
    }
    let cut_end = at < html.len();
    let html = html.get(..at).unwrap_or(html);
    let mut kept: Option<String> = None;
    let mut kept_to = 0;
    let mut depth: usize = 0;
    let mut tags: usize = 0;
    let bytes = html.as_bytes();
    let mut at = 0;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr(b'<', rest)) {
        let start = at + found;
        let next = bytes.get(start + 1).copied().unwrap_or(0);
        at = start + 1;
        if next == b'/' {
            depth = depth.saturating_sub(1);
            tags += 1;
            continue;
        }
        if !next.is_ascii_alphabetic() {
            continue;
        }
        tags += 1;
        let name = name_at(bytes, start + 1);
        if is_raw(name) {
            at = after_raw(bytes, start, name);
            continue;
        }
        let ends_itself = SELF_ENDING
            .iter()
            .any(|known| name.eq_ignore_ascii_case(known));
        depth += usize::from(!ends_itself);
        let too_many =
            depth > limits.depth_max || tags > limits.nodes_max || is_overloaded(bytes, start);
        if too_many {
            let end = tag_end(bytes, start);
            let kept = kept.get_or_insert_with(String::new);
            kept.push_str(html.get(kept_to..start).unwrap_or(""));
            kept_to = end;
            at = end;
            depth -= usize::from(!ends_itself);
        }
    }
    match kept {
        Some(mut kept) => {
            kept.push_str(html.get(kept_to..).unwrap_or(""));
            (Cow::Owned(kept), true)
        }
        None => (Cow::Borrowed(html), cut_end),
    }
}

/// Returns the name of the element whose tag begins before `start`; empty where it is none, or an end tag.
pub(crate) fn name_at(bytes: &[u8], start: usize) -> &[u8] {
    let rest = bytes.get(start..).unwrap_or(&[]);
    let end = rest
        .iter()
        .position(|byte| !byte.is_ascii_alphanumeric())
        .unwrap_or(rest.len());
    rest.get(..end).unwrap_or(&[])
}

/// Tells whether what is in the element is not markup.
pub(crate) fn is_raw(name: &[u8]) -> bool {
    name.eq_ignore_ascii_case(b"script")
        || name.eq_ignore_ascii_case(b"style")
        || name.eq_ignore_ascii_case(b"textarea")
}

/// Returns where the end tag of a raw element begins, or the end of its start tag where there is none.
pub(crate) fn after_raw(bytes: &[u8], start: usize, name: &[u8]) -> usize {
    let mut at = start + 1;
    while let Some(found) = bytes
        .get(at..)
        .and_then(|rest| memchr::memmem::find(rest, b"</"))
    {
        let end = at + found;
        if bytes
            .get(end + 2..end + 2 + name.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(name))
        {
            // The end tag is counted by the caller, the start tag was not: one more step over it.
            return end + 2;
        }
        at = end + 2;
    }
    bytes.len()
}

/// Returns the place behind the `>` of a tag, quotes respected, within reason.
fn tag_end(bytes: &[u8], start: usize) -> usize {
    let mut quote = None;
    let rest = bytes.get(start..).unwrap_or(&[]);
    for (at, &byte) in rest.iter().enumerate() {
        match (byte, quote) {
            (b'"' | b'\'', None) => quote = Some(byte),
            (byte, Some(open)) if byte == open => quote = None,
            (b'>', None) => return start + at + 1,
            _ => {}
        }
    }
    let plain = memchr::memchr(b'>', rest).map_or(rest.len(), |at| at + 1);
    start + plain
}

/// Tells whether a tag has more attributes than any honest one.
fn is_overloaded(bytes: &[u8], start: usize) -> bool {
    let head = bytes.get(start..).unwrap_or(&[]);
    let short = head.get(..LONG_TAG_BYTES).unwrap_or(head);
    if memchr::memchr(b'>', short).is_some() || short.len() < LONG_TAG_BYTES {
        return false;
    }
    let mut quote = None;
    let mut gaps = 0;
    let mut in_gap = false;
    for &byte in head {
        match (byte, quote) {
            (b'"' | b'\'', None) => quote = Some(byte),
            (byte, Some(open)) if byte == open => quote = None,
            (b'>', None) => break,
            (byte, None) if byte.is_ascii_whitespace() || byte == b'/' => {
                gaps += usize::from(!in_gap);
                in_gap = true;
                continue;
            }
            _ => {}
        }
        in_gap = false;
        if gaps > ATTRIBUTES_MAX {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn honest_pages_are_not_copied() {
        let page = "<p>x".repeat(5000) + &"<div><a href='x'>y</a></div>".repeat(3000);
        let (kept, cut) = within(&page, &PageLimits::default());
        assert!(matches!(kept, Cow::Borrowed(_)) && !cut);
    }

    #[test]
    fn deep_and_overloaded_tags_are_cut_and_text_stays() {
        let deep = format!("{}text", "<div>".repeat(100_000));
        let (kept, cut) = within(&deep, &PageLimits::default());
        assert!(cut && kept.ends_with("text") && kept.len() < 20_000);
        let attributes: String = (0..100_000).map(|n| format!(" a{n}=1")).collect();
        let overloaded = format!("<p{attributes}>text</p>");
        let (kept, cut) = within(&overloaded, &PageLimits::default());
        assert!(cut);
        assert_eq!(kept, "text</p>");
    }

    #[test]
    fn scripts_are_not_looked_into() {
        let page = format!("<script>{}</script>x", "\"<div>\"+".repeat(5000));
        assert!(!within(&page, &PageLimits::default()).1);
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "([<>/\"'= a-c]|script|中){0,60}") {
            let limits = PageLimits { bytes_max: 50, nodes_max: 3, depth_max: 2 };
            within(&text, &limits);
        }
    }
}
