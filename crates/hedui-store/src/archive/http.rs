//! An HTTP response as the block of a record: status line, headers, body.
//!
//! The body is stored as it came out of the transfer coding (chunks undone), so the header that announces the coding
//! is kept under another name: a reader of the file would otherwise look for chunks. Line breaks inside a header,
//! which no server can send and no client passes on, become spaces.

use hedui_model::Exchange;

use super::warc::find;

/// Stands before the name of a header that no longer describes the body.
const ORIGINAL: &str = "X-Archive-Orig-";

/// A response read from a block.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Response {
    pub(super) status: u16,
    pub(super) reason: String,
    pub(super) headers: Vec<(String, Vec<u8>)>,
    pub(super) body: Vec<u8>,
}

/// Writes status line and headers, with the empty line behind them.
pub(super) fn response_head(exchange: &Exchange) -> Vec<u8> {
    let mut out = format!("HTTP/1.1 {:03} ", exchange.status.min(999)).into_bytes();
    push_value(&mut out, exchange.reason.as_bytes());
    for (name, value) in &exchange.headers {
        if is_transfer_coding(name) {
            out.extend_from_slice(ORIGINAL.as_bytes());
        }
        push_name(&mut out, name);
        out.extend_from_slice(b": ");
        push_value(&mut out, value);
    }
    out.extend_from_slice(b"\r\n");
    out
}

fn is_transfer_coding(name: &str) -> bool {
    name.eq_ignore_ascii_case("transfer-encoding")
}

fn push_name(out: &mut Vec<u8>, name: &str) {
    out.extend(name.bytes().map(|byte| match byte {
        b':' | b' ' => b'_',
        byte if byte.is_ascii_control() => b'_',
        byte => byte,
    }));
}

fn push_value(out: &mut Vec<u8>, value: &[u8]) {
    out.extend(value.trim_ascii().iter().map(|&byte| match byte {
        b'\r' | b'\n' | 0 => b' ',
        byte => byte,
    }));
    out.extend_from_slice(b"\r\n");
}

/// Reads a response; none where the block is no HTTP.
pub(super) fn parse_response(block: &[u8]) -> Option<Response> {
    let head_end = find(block, b"\r\n\r\n")?;
    let (head, rest) = block.split_at_checked(head_end)?;
    let mut lines = split_lines(head).into_iter();
    let status_line = lines.next()?.strip_prefix(b"HTTP/1.1 ")?;
    let (status, reason) = status_line.split_at_checked(3)?;
    let mut headers = Vec::new();
    for line in lines {
        let colon = line.iter().position(|&byte| byte == b':')?;
        let (name, value) = line.split_at_checked(colon)?;
        let name = std::str::from_utf8(name).ok()?;
        let name = name
            .strip_prefix(ORIGINAL)
            .filter(|original| is_transfer_coding(original))
            .unwrap_or(name);
        let value = value.get(1..).unwrap_or_default().trim_ascii();
        headers.push((name.to_owned(), value.to_vec()));
    }
    Some(Response {
        status: std::str::from_utf8(status).ok()?.parse().ok()?,
        reason: String::from_utf8_lossy(reason.trim_ascii()).into_owned(),
        headers,
        body: rest.get(4..).unwrap_or_default().to_vec(),
    })
}

fn split_lines(head: &[u8]) -> Vec<&[u8]> {
    let mut lines = Vec::new();
    let mut rest = head;
    while let Some(end) = find(rest, b"\r\n") {
        lines.push(rest.get(..end).unwrap_or_default());
        rest = rest.get(end + 2..).unwrap_or_default();
    }
    lines.push(rest);
    lines
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use jiff::Timestamp;

    fn exchange(headers: &[(&str, &[u8])]) -> Exchange {
        Exchange {
            url: "https://a.example/".into(),
            peer: None,
            at: Timestamp::UNIX_EPOCH,
            request: Vec::new(),
            status: 200,
            reason: "OK".into(),
            headers: headers
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.to_vec()))
                .collect(),
            body: Vec::new(),
            truncated: false,
        }
    }

    #[test]
    fn headers_come_back_in_order_with_bytes_that_are_no_text() {
        let given = exchange(&[
            ("Server", b"\xc4\xe3"),
            ("Transfer-Encoding", b"chunked"),
            ("Empty", b""),
        ]);
        let mut block = response_head(&given);
        block.extend_from_slice(b"\r\n\r\nbody");
        let read = parse_response(&block).unwrap();
        assert_eq!(read.headers, given.headers);
        assert_eq!((read.status, read.reason.as_str()), (200, "OK"));
        assert_eq!(read.body, b"\r\n\r\nbody");
        let text = String::from_utf8_lossy(&block);
        assert!(text.contains("X-Archive-Orig-Transfer-Encoding: chunked"));
    }

    #[test]
    fn a_header_cannot_add_another() {
        let block = response_head(&exchange(&[("A\r\nB: ", b"1\r\nC: 2\r\n\r\nbody")]));
        let read = parse_response(&block).unwrap();
        assert_eq!(read.headers.len(), 1);
        assert!(read.body.is_empty());
    }

    #[test]
    fn a_missing_reason_is_empty() {
        let mut given = exchange(&[]);
        given.reason = String::new();
        let block = response_head(&given);
        assert_eq!(block, b"HTTP/1.1 200 \r\n\r\n");
        assert_eq!(parse_response(&block).unwrap().reason, "");
        assert_eq!(parse_response(b"GET / HTTP/1.1\r\n\r\n"), None);
    }
}
