//! The header of a WARC/1.1 record (ISO 28500:2017) and its block.

use super::digest::PayloadDigest;

/// How every record begins.
const VERSION: &str = "WARC/1.1";

/// What stands behind every block.
const END: &[u8] = b"\r\n\r\n";

/// The named fields of a record, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Adds a field. Control characters, which could end the line, become spaces.
    pub(super) fn push(&mut self, name: &str, value: impl Into<String>) {
        let mut value: String = value.into();
        if value.contains(char::is_control) {
            value = value.replace(char::is_control, " ");
        }
        self.0.push((name.to_owned(), value));
    }

    /// Adds a field where there is a value.
    pub(super) fn push_some(&mut self, name: &str, value: Option<impl Into<String>>) {
        if let Some(value) = value {
            self.push(name, value);
        }
    }

    /// Returns the value of the first field of this name, in any case.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

/// Writes a record; digest and length of the block are added to the fields.
pub(super) fn encode(fields: &Fields, content_type: &str, block: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(block.len() + 1_024);
    out.extend_from_slice(VERSION.as_bytes());
    out.extend_from_slice(b"\r\n");
    let mut line = |name: &str, value: &str| {
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b": ");
        out.extend_from_slice(value.as_bytes());
        out.extend_from_slice(b"\r\n");
    };
    for (name, value) in &fields.0 {
        line(name, value);
    }
    line("WARC-Block-Digest", PayloadDigest::of(block).as_str());
    line("Content-Type", content_type);
    line("Content-Length", &block.len().to_string());
    out.extend_from_slice(b"\r\n");
    out.extend_from_slice(block);
    out.extend_from_slice(END);
    out
}

/// Splits a record into its fields and its block, or says what is wrong with it.
pub(super) fn decode(record: &[u8]) -> Result<(Fields, &[u8]), &'static str> {
    let head_end = find(record, END).ok_or("the WARC header has no end")?;
    let (head, rest) = record
        .split_at_checked(head_end)
        .ok_or("the WARC header has no end")?;
    let head = std::str::from_utf8(head).map_err(|_| "the WARC header is not UTF-8")?;
    let mut lines = head.split("\r\n");
    if lines.next() != Some(VERSION) {
        return Err("not a WARC/1.1 record");
    }
    let mut fields = Fields::default();
    for line in lines {
        let (name, value) = line
            .split_once(':')
            .ok_or("a line of the WARC header has no name")?;
        fields.0.push((name.to_owned(), value.trim().to_owned()));
    }
    let length: usize = fields
        .get("Content-Length")
        .and_then(|length| length.parse().ok())
        .ok_or("the WARC header has no length")?;
    let block = rest
        .get(END.len()..)
        .and_then(|rest| rest.strip_suffix(END))
        .ok_or("the WARC record has no end")?;
    if block.len() != length {
        return Err("the WARC record is not as long as it says");
    }
    Ok((fields, block))
}

/// Tells whether the block has the digest that its record gives.
pub(super) fn block_is_whole(fields: &Fields, block: &[u8]) -> bool {
    fields.get("WARC-Block-Digest") == Some(PayloadDigest::of(block).as_str())
}

/// Finds the first place where `needle` stands.
pub(super) fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes
        .windows(needle.len().max(1))
        .position(|window| window == needle)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_record_comes_back_and_a_value_cannot_add_a_line() {
        let mut fields = Fields::default();
        fields.push("WARC-Type", "resource");
        fields.push(
            "WARC-Target-URI",
            "https://a.example/\r\nWARC-Type: response",
        );
        let record = encode(&fields, "text/plain", b"one\r\n\r\ntwo");
        let (read, block) = decode(&record).unwrap();
        assert_eq!(block, b"one\r\n\r\ntwo");
        assert_eq!(read.get("warc-type"), Some("resource"));
        assert_eq!(
            read.get("WARC-Target-URI"),
            Some("https://a.example/  WARC-Type: response")
        );
        assert!(block_is_whole(&read, block) && !block_is_whole(&read, b"other"));
    }

    #[test]
    fn a_record_that_is_cut_or_none_is_refused() {
        let record = encode(&Fields::default(), "text/plain", b"block");
        for len in 0..record.len() {
            assert!(decode(record.get(..len).unwrap()).is_err(), "{len}");
        }
        assert!(decode(b"WARC/1.0\r\nContent-Length: 0\r\n\r\n\r\n\r\n").is_err());
    }
}
