//! WARC files of others, read record by record: also CC-NEWS as it is published, one gzip member a record.
//!
//! What always holds: a file of any size is read in bounded memory; what is broken is passed over and counted, and
//! reading goes on with the next record; from [`Capture::offset`] the same file can be read on another time.

use std::io::{self, BufRead, BufReader, Cursor, ErrorKind, Read, Seek, SeekFrom};
use std::ops::ControlFlow;

use anyhow::{Context as _, Result};
use flate2::bufread::GzDecoder;
use hedui_model::Exchange;
use jiff::Timestamp;

/// The longest head of a record, and of the HTTP response in it. Bytes.
const HEAD_BYTES_MAX: u64 = 128 << 10;
/// The longest record that is read; a longer one is passed over. Bytes.
const RECORD_BYTES_MAX: u64 = 48 << 20;
/// The largest page, its content encoding undone. Bytes.
const DECODED_BYTES_MAX: u64 = 31 << 20;
/// How a gzip member begins.
const GZIP: [u8; 3] = [0x1f, 0x8b, 8];

/// A response that was captured.
#[derive(Debug)]
pub(crate) struct Capture {
    /// Where reading may begin another time, so that this record is the first.
    pub(crate) offset: u64,
    /// The id of the record, or its address where it has none.
    pub(crate) id: String,
    /// The response, with its body as it was on the wire but for chunks; the request is not read.
    pub(crate) exchange: Exchange,
}

/// What was passed over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Passed {
    /// Records that hold no HTTP response: requests, metadata, revisits.
    pub(crate) others: u64,
    /// Records that are broken or too long, and stretches that are none.
    pub(crate) broken: u64,
    /// Gzip members, or files, that end before they should.
    broken_members: u64,
}

impl Capture {
    /// Returns the body with its content encoding undone; as it is where it is not in the encoding that it names, which
    /// is so in archives whose crawler undid it before.
    pub(crate) fn body(&self) -> Vec<u8> {
        hedui_fetch::decoded_body(&self.exchange, DECODED_BYTES_MAX)
            .unwrap_or_else(|_| self.exchange.body.clone())
    }
}

/// Reads the records of `input`, gzip or not, from byte `from` on, until `take` wants no more.
///
/// # Errors
/// Where the system refuses, or `take` fails. Content that is broken is counted.
pub(crate) fn read(
    mut input: impl Read + Seek,
    from: u64,
    take: &mut dyn FnMut(Capture) -> Result<ControlFlow<()>>,
) -> Result<Passed> {
    input.seek(SeekFrom::Start(from)).context(UNREADABLE)?;
    let mut input = Counted {
        inner: BufReader::with_capacity(1 << 18, input),
        at: from,
    };
    let mut reader = Records {
        passed: Passed::default(),
        take,
    };
    let is_gzip = input
        .fill_buf()
        .context(UNREADABLE)?
        .starts_with(&GZIP[..2]);
    if is_gzip {
        reader.members(&mut input)?;
    } else {
        let _ = reader.records(&mut input, false, &|input| input.at)?;
    }
    Ok(reader.passed)
}

/// What is said where the system refuses.
const UNREADABLE: &str = "cannot read the WARC file";

/// A reader that knows how far it is.
struct Counted<R: Read> {
    inner: BufReader<R>,
    at: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl<R: Read> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.at += amount as u64;
        self.inner.consume(amount);
    }
}

struct Records<'t> {
    passed: Passed,
    take: &'t mut dyn FnMut(Capture) -> Result<ControlFlow<()>>,
}

impl Records<'_> {
    /// Reads gzip members, one after the other; behind a broken one reading goes on where the next begins.
    fn members<R: Read + Seek>(&mut self, input: &mut Counted<R>) -> Result<()> {
        while let Some(offset) = next_member(input).context(UNREADABLE)? {
            // The first bytes were read to find it.
            let member = Cursor::new(GZIP).chain(&mut *input);
            let mut decoded = BufReader::with_capacity(1 << 16, GzDecoder::new(member));
            let broken = self.passed.broken_members;
            if self.records(&mut decoded, true, &|_| offset)?.is_break() {
                return Ok(());
            }
            if self.passed.broken_members > broken {
                // One that is torn was read on into the next.
                let behind = offset + GZIP.len() as u64;
                input
                    .inner
                    .seek(SeekFrom::Start(behind))
                    .context(UNREADABLE)?;
                input.at = behind;
            }
        }
        Ok(())
    }

    /// Reads records until the end, or until nothing more can be read of a broken member.
    ///
    /// Of a packed file a record is taken once what follows it could be read, its checksum included: what is unpacked of a
    /// torn member may be anything.
    fn records<B: BufRead>(
        &mut self,
        input: &mut B,
        is_packed: bool,
        offset_of: &dyn Fn(&B) -> u64,
    ) -> Result<ControlFlow<()>> {
        let mut held: Option<Capture> = None;
        loop {
            let offset = offset_of(input);
            let record = self.record(input, offset);
            let is_broken = matches!(record, Err(Ended::Broken));
            if let Some(capture) = held.take().filter(|_| !(is_packed && is_broken))
                && (self.take)(capture)?.is_break()
            {
                return Ok(ControlFlow::Break(()));
            }
            match record {
                Ok(found) => held = found,
                Err(Ended::End) => return Ok(ControlFlow::Continue(())),
                Err(Ended::Broken) => {
                    self.passed.broken += 1;
                    self.passed.broken_members += 1;
                    return Ok(ControlFlow::Continue(()));
                }
                Err(Ended::Io(error)) => return Err(error).context(UNREADABLE),
            }
        }
    }

    /// Reads one record; `None` for one that is passed over.
    fn record(
        &mut self,
        input: &mut impl BufRead,
        offset: u64,
    ) -> std::result::Result<Option<Capture>, Ended> {
        let mut skipped = false;
        loop {
            let line = line(input)?.ok_or(Ended::End)?;
            if line.starts_with(b"WARC/") {
                break;
            }
            if !line.is_empty() && !skipped {
                skipped = true;
                self.passed.broken += 1;
            }
        }
        let fields = fields(input)?;
        let field = |name: &str| {
            let found = fields
                .iter()
                .find(|(known, _)| known.eq_ignore_ascii_case(name));
            found.map(|(_, value)| String::from_utf8_lossy(value).into_owned())
        };
        let Some(length) = field("content-length").and_then(|text| text.parse::<u64>().ok()) else {
            self.passed.broken += 1;
            return Ok(None);
        };
        let target = field("warc-target-uri").unwrap_or_default();
        let target = target.trim_matches(['<', '>']).to_owned();
        let is_response = field("warc-type").is_some_and(|kind| kind == "response")
            && (target.starts_with("http://") || target.starts_with("https://"));
        let mut block = input.by_ref().take(length);
        if !is_response || length > RECORD_BYTES_MAX {
            let passed = io::copy(&mut block, &mut io::sink())?;
            if is_response || passed < length {
                self.passed.broken += 1;
            } else {
                self.passed.others += 1;
            }
            return Ok(None);
        }
        let mut bytes = Vec::new();
        block.read_to_end(&mut bytes)?;
        let at = field("warc-date").and_then(|text| text.parse::<Timestamp>().ok());
        let exchange = (bytes.len() as u64 == length)
            .then(|| exchange_of(&bytes, target, at?))
            .flatten();
        let Some(exchange) = exchange else {
            self.passed.broken += 1;
            return Ok(None);
        };
        Ok(Some(Capture {
            offset,
            id: field("warc-record-id").map_or_else(
                || exchange.url.clone(),
                |id| id.trim_matches(['<', '>']).to_owned(),
            ),
            exchange,
        }))
    }
}

/// Why there is no further record.
enum Ended {
    End,
    /// The member is damaged, or cut.
    Broken,
    Io(io::Error),
}

impl From<io::Error> for Ended {
    fn from(error: io::Error) -> Ended {
        match error.kind() {
            ErrorKind::InvalidData | ErrorKind::InvalidInput | ErrorKind::UnexpectedEof => {
                Ended::Broken
            }
            _ => Ended::Io(error),
        }
    }
}

/// Goes behind the first bytes of the next gzip member, and returns where it begins.
fn next_member<R: Read>(input: &mut Counted<R>) -> io::Result<Option<u64>> {
    let mut found = 0;
    loop {
        let Some(&byte) = input.fill_buf()?.first() else {
            return Ok(None);
        };
        input.consume(1);
        found = match GZIP.get(found) {
            Some(&wanted) if wanted == byte => found + 1,
            _ => usize::from(GZIP.first() == Some(&byte)),
        };
        if found == GZIP.len() {
            return Ok(Some(input.at - GZIP.len() as u64));
        }
    }
}

/// Reads a line without its end; `None` at the end of the input. Of a longer line the rest comes as the next.
fn line(input: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    if input
        .by_ref()
        .take(HEAD_BYTES_MAX)
        .read_until(b'\n', &mut line)?
        == 0
    {
        return Ok(None);
    }
    while line.last().is_some_and(|end| matches!(end, b'\n' | b'\r')) {
        line.pop();
    }
    Ok(Some(line))
}

/// Reads named fields up to an empty line.
fn fields(input: &mut impl BufRead) -> std::result::Result<Vec<(String, Vec<u8>)>, Ended> {
    let mut fields = Vec::new();
    let mut bytes = 0;
    loop {
        let line = line(input)?.ok_or(Ended::Broken)?;
        bytes += line.len() as u64;
        if line.is_empty() || bytes > HEAD_BYTES_MAX {
            return Ok(fields);
        }
        fields.extend(field(&line));
    }
}

fn field(line: &[u8]) -> Option<(String, Vec<u8>)> {
    let colon = line.iter().position(|&byte| byte == b':')?;
    let name = std::str::from_utf8(line.get(..colon)?).ok()?;
    let value = line.get(colon + 1..)?.trim_ascii().to_vec();
    Some((name.trim().to_owned(), value))
}

/// Reads an HTTP response as a record holds it.
fn exchange_of(block: &[u8], url: String, at: Timestamp) -> Option<Exchange> {
    let mut rest = block;
    let first = line(&mut rest).ok()??;
    let first = String::from_utf8_lossy(&first).into_owned();
    let mut parts = first.splitn(3, ' ');
    parts
        .next()
        .filter(|version| version.starts_with("HTTP/"))?;
    let status = parts.next()?.trim().parse().ok()?;
    let reason = parts.next().unwrap_or_default().trim().to_owned();
    let headers = fields(&mut rest).ok()?;
    let mut exchange = Exchange {
        url,
        peer: None,
        at,
        request: Vec::new(),
        status,
        reason,
        headers,
        body: Vec::new(),
        truncated: false,
    };
    let is_chunked = exchange
        .header("transfer-encoding")
        .is_some_and(|coding| coding.to_ascii_lowercase().contains("chunked"));
    let joined = is_chunked.then(|| joined(rest)).flatten();
    // Many archives keep the header, and the body without its chunks.
    exchange.body = joined.unwrap_or_else(|| rest.to_vec());
    Some(exchange)
}

/// Joins the chunks of a body; `None` where it has none.
fn joined(body: &[u8]) -> Option<Vec<u8>> {
    let mut rest = body;
    let mut joined = Vec::with_capacity(body.len());
    loop {
        let size = line(&mut rest).ok()??;
        let size = std::str::from_utf8(&size).ok()?;
        let size = size.split(';').next()?.trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        if size == 0 {
            return Some(joined);
        }
        joined.extend_from_slice(rest.get(..size)?);
        rest = rest.get(size..)?;
        rest = rest.strip_prefix(b"\r\n").or(rest.strip_prefix(b"\n"))?;
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Write as _;

    use super::*;
    use proptest::prelude::*;

    fn record(kind: &str, url: &str, block: &str) -> Vec<u8> {
        format!(
            "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{url}>\r\nWARC-Date: 2025-03-04T08:00:00Z\r\n\
             WARC-Target-URI: {url}\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {}\r\n\r\n{block}\r\n\r\n",
            block.len()
        )
        .into_bytes()
    }

    fn page(url: &str, body: &str) -> Vec<u8> {
        let block = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{body}");
        record("response", url, &block)
    }

    fn member(bytes: &[u8]) -> Vec<u8> {
        let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        writer.write_all(bytes).unwrap();
        writer.finish().unwrap()
    }

    fn all(bytes: &[u8], from: usize) -> (Vec<(u64, String, String)>, Passed) {
        let mut found = Vec::new();
        let passed = read(Cursor::new(bytes), from as u64, &mut |capture| {
            let body = String::from_utf8_lossy(&capture.body()).into_owned();
            found.push((capture.offset, capture.exchange.url, body));
            Ok(ControlFlow::Continue(()))
        })
        .unwrap();
        (found, passed)
    }

    fn urls(found: &[(u64, String, String)]) -> Vec<&str> {
        found.iter().map(|(_, url, _)| url.as_str()).collect()
    }

    fn file(pack: &dyn Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
        [
            record("warcinfo", "", "software: x"),
            record("request", "http://a.example/1", "GET /1 HTTP/1.1"),
            page("http://a.example/1", "one"),
            record("metadata", "http://a.example/1", "fetchTimeMs: 1"),
            page("https://a.example/2", "two"),
        ]
        .iter()
        .flat_map(|record| pack(record))
        .collect()
    }

    #[test]
    fn records_are_read_plain_and_packed_and_from_each_offset() {
        let plain: &dyn Fn(&[u8]) -> Vec<u8> = &|record| record.to_vec();
        for pack in [plain, &member] {
            let bytes = file(pack);
            let (found, passed) = all(&bytes, 0);
            assert_eq!(urls(&found), ["http://a.example/1", "https://a.example/2"]);
            assert_eq!((passed.others, passed.broken), (3, 0));
            let second = usize::try_from(found[1].0).unwrap();
            let (rest, _) = all(&bytes, second);
            assert_eq!(urls(&rest), ["https://a.example/2"]);
            assert_eq!(rest[0].0, found[1].0);
        }
        let (found, _) = all(&member(&file(plain)), 0);
        assert_eq!(found.len(), 2, "a whole file in one member");
    }

    #[test]
    fn what_is_broken_is_passed_over_and_the_next_record_is_read() {
        let mut torn = member(&page("http://a.example/torn", &"x".repeat(5000)));
        let middle = torn.len() / 2;
        torn.truncate(middle);
        let bytes = [torn, member(&page("http://a.example/1", "one"))].concat();
        let (found, passed) = all(&bytes, 0);
        assert_eq!(urls(&found), ["http://a.example/1"]);
        assert!(passed.broken > 0);
        let text = [
            b"no record at all\r\n".to_vec(),
            record("response", "http://a.example/x", "no HTTP"),
            page("http://a.example/1", "one"),
        ];
        let (found, passed) = all(&text.concat(), 0);
        assert_eq!(urls(&found), ["http://a.example/1"]);
        assert_eq!(passed.broken, 2);
        let mut cut = page("http://a.example/1", "one");
        cut.truncate(cut.len() - 6);
        assert_eq!(all(&cut, 0).0.len(), 0);
    }

    #[test]
    fn chunks_are_joined_and_encodings_undone_where_they_are_there() {
        let body = |headers: &str, body: &[u8]| {
            let mut block = format!("HTTP/1.1 200 OK\r\n{headers}\r\n\r\n").into_bytes();
            block.extend_from_slice(body);
            let mut record = format!(
                "WARC/1.1\r\nWARC-Type: response\r\nWARC-Date: 2025-03-04T08:00:00Z\r\nWARC-Target-URI: <http://a.example/>\r\nContent-Length: {}\r\n\r\n",
                block.len()
            )
            .into_bytes();
            record.extend(block);
            all(&record, 0).0.remove(0).2
        };
        assert_eq!(
            body("Transfer-Encoding: chunked", b"3\r\none\r\n0\r\n\r\n"),
            "one"
        );
        assert_eq!(body("Transfer-Encoding: chunked", b"<p>one"), "<p>one");
        assert_eq!(body("Content-Encoding: gzip", &member(b"one")), "one");
        assert_eq!(body("Content-Encoding: gzip", b"<p>one"), "<p>one");
    }

    #[test]
    fn a_reader_that_has_enough_stops() {
        let bytes = file(&member);
        let mut count = 0;
        read(Cursor::new(&bytes), 0, &mut |_| {
            count += 1;
            Ok(ControlFlow::Break(()))
        })
        .unwrap();
        assert_eq!(count, 1);
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            all(&bytes, 0);
            all(&[&GZIP[..], &bytes].concat(), 0);
        }

        #[test]
        fn no_damage_panics(at in 0_usize..900, byte in any::<u8>()) {
            let mut bytes = file(&|record| record.to_vec());
            if let Some(place) = bytes.get_mut(at) {
                *place = byte;
            }
            all(&bytes, 0);
        }
    }
}
