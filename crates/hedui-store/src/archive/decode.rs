//! From WARC records to what was kept.

use hedui_model::Exchange;
use jiff::Timestamp;

use super::digest::{PayloadDigest, RecordId};
use super::encode::{NO_ADDRESS, NOTE, Note, ORIGIN, RECORD_VERSION, VERSION_FIELD};
use super::http::parse_response;
use super::mark::RecordRef;
use super::record::{Context, Ingested, Media, Profile, Revisit, StoredExchange, StoredRecord};
use super::segment::{Bad, Segment};
use super::warc::{self, Fields};

/// What stands at one place of a segment.
#[derive(Debug)]
pub(super) struct Unit {
    pub(super) what: What,
    /// The byte behind it.
    pub(super) end: u64,
}

/// What a unit is.
#[derive(Debug)]
pub(super) enum What {
    /// A record, a response with its request.
    Record(Box<StoredRecord>),
    /// A request whose response is missing: the program ended between them.
    Orphan,
    /// Nothing to replay: the segment's own description, or a record of a kind that is not ours.
    Nothing,
    /// A record of a later version.
    Newer(u32),
}

/// Reads the record, or the request with its response, that begins at `offset`.
pub(super) fn read_unit(segment: &mut Segment, offset: u64) -> Result<Unit, Bad> {
    let (first, end) = read_record(segment, offset)?;
    let (request_id, request) = match first {
        Piece::Request { response, request } => (response, request),
        other => {
            return Ok(Unit {
                what: other.into_what(),
                end,
            });
        }
    };
    let orphan = Unit {
        what: What::Orphan,
        end,
    };
    match read_record(segment, end) {
        Ok((Piece::Record(mut record), end)) => {
            if let StoredRecord::Exchange(stored) = record.as_mut()
                && stored.id.as_str() == request_id
            {
                stored.exchange.request = request;
                return Ok(Unit {
                    what: What::Record(record),
                    end,
                });
            }
            Ok(orphan)
        }
        Ok(_) | Err(Bad::End) => Ok(orphan),
        Err(bad) => Err(bad),
    }
}

/// One record, before a request meets its response.
enum Piece {
    Record(Box<StoredRecord>),
    Request { response: String, request: Vec<u8> },
    Nothing,
    Newer(u32),
}

impl Piece {
    fn into_what(self) -> What {
        match self {
            Piece::Record(record) => What::Record(record),
            Piece::Request { .. } => What::Orphan,
            Piece::Nothing => What::Nothing,
            Piece::Newer(version) => What::Newer(version),
        }
    }
}

fn read_record(segment: &mut Segment, offset: u64) -> Result<(Piece, u64), Bad> {
    let member = segment.member(offset)?;
    let piece = decode(&member.content).map_err(|what| Bad::Damaged {
        offset,
        what: what.to_owned(),
    })?;
    Ok((piece, member.end))
}

fn decode(content: &[u8]) -> Result<Piece, &'static str> {
    let (fields, block) = warc::decode(content)?;
    match fields.get("WARC-Type") {
        Some("request") => Ok(Piece::Request {
            response: fields
                .get("WARC-Concurrent-To")
                .unwrap_or_default()
                .to_owned(),
            request: block.to_vec(),
        }),
        Some(kind @ ("response" | "revisit" | "resource")) => {
            let note = note(&fields)?;
            if note.v > RECORD_VERSION {
                return Ok(Piece::Newer(note.v));
            }
            if kind == "resource" {
                resource(&fields, note, block).map(|record| Piece::Record(Box::new(record)))
            } else {
                exchange(&fields, note, block).map(|record| Piece::Record(Box::new(record)))
            }
        }
        Some("warcinfo") => Ok(match version(block) {
            Some(version) if version > RECORD_VERSION => Piece::Newer(version),
            _ => Piece::Nothing,
        }),
        _ => Ok(Piece::Nothing),
    }
}

/// Returns the version of the archive that a segment's own description names.
fn version(block: &[u8]) -> Option<u32> {
    std::str::from_utf8(block)
        .ok()?
        .lines()
        .find_map(|line| line.strip_prefix(VERSION_FIELD))?
        .trim()
        .parse()
        .ok()
}

fn note(fields: &Fields) -> Result<Note, &'static str> {
    let text = fields.get(NOTE).ok_or("the record has no note")?;
    serde_json::from_str(text).map_err(|_| "the record's note cannot be read")
}

fn exchange(fields: &Fields, note: Note, block: &[u8]) -> Result<StoredRecord, &'static str> {
    let common = Common::read(fields, note)?;
    let response = parse_response(block).ok_or("the record holds no HTTP response")?;
    let revisit = match fields.get("WARC-Type") {
        Some("revisit") => Some(Revisit {
            profile: fields
                .get("WARC-Profile")
                .and_then(Profile::parse)
                .ok_or("the revisit has no known profile")?,
            origin: fields.get(ORIGIN).and_then(RecordRef::parse),
        }),
        _ => None,
    };
    Ok(StoredRecord::Exchange(StoredExchange {
        exchange: Exchange {
            url: common.url.unwrap_or_default(),
            peer: common.peer,
            at: common.at,
            request: Vec::new(),
            status: response.status,
            reason: response.reason,
            headers: response.headers,
            body: response.body,
            truncated: fields.get("WARC-Truncated").is_some(),
        },
        context: common.context,
        id: common.id,
        payload: common.payload,
        revisit,
    }))
}

fn resource(fields: &Fields, note: Note, block: &[u8]) -> Result<StoredRecord, &'static str> {
    let common = Common::read(fields, note)?;
    let media = fields
        .get("Content-Type")
        .and_then(Media::parse)
        .ok_or("the resource has no known content type")?;
    Ok(StoredRecord::Ingested {
        ingested: Ingested {
            at: common.at,
            url: common.url,
            media,
            given: block.to_vec(),
            context: common.context,
        },
        id: common.id,
        payload: common.payload,
    })
}

/// The fields that every record of ours has.
struct Common {
    id: RecordId,
    at: Timestamp,
    url: Option<String>,
    peer: Option<String>,
    payload: PayloadDigest,
    context: Context,
}

impl Common {
    fn read(fields: &Fields, note: Note) -> Result<Self, &'static str> {
        let target = fields
            .get("WARC-Target-URI")
            .ok_or("the record has no target")?;
        let own_url = (!target.starts_with(NO_ADDRESS)).then(|| target.to_owned());
        Ok(Common {
            id: RecordId::from_field(fields.get("WARC-Record-ID").ok_or("the record has no id")?),
            at: fields
                .get("WARC-Date")
                .and_then(|date| date.parse().ok())
                .ok_or("the record has no date")?,
            url: note.url.or(own_url),
            peer: note.peer,
            payload: PayloadDigest::from_field(
                fields
                    .get("WARC-Payload-Digest")
                    .ok_or("the record has no payload digest")?,
            ),
            context: note.context,
        })
    }
}
