//! From what is to be kept to WARC records.

use std::net::SocketAddr;

use hedui_model::Exchange;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::digest::{PayloadDigest, RecordId};
use super::http::response_head;
use super::mark::RecordRef;
use super::record::{Context, Ingested, Profile, Record};
use super::warc::{self, Fields};

/// The version of the records, kept in every one of them.
pub(super) const RECORD_VERSION: u32 = 1;

/// What stands before the version in the record that opens a segment.
pub(super) const VERSION_FIELD: &str = "hedui-archive-version:";

/// The field that holds a [`Note`].
pub(super) const NOTE: &str = "Hedui-Note";

/// The field that says where the record stands to which a revisit refers.
pub(super) const ORIGIN: &str = "Hedui-Origin";

/// How the target of a record begins whose content came without an address.
pub(super) const NO_ADDRESS: &str = "urn:hedui:";

/// What a record keeps besides the fields of WARC: a stored shape, as JSON.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Note {
    /// [`RECORD_VERSION`].
    pub(super) v: u32,
    /// The address as given, where it cannot stand in a WARC field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) url: Option<String>,
    /// The address that answered, with its port.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) peer: Option<String>,
    /// What was decided.
    #[serde(default)]
    pub(super) context: Context,
}

/// The earlier record to which a revisit may refer.
#[derive(Debug)]
pub(super) struct Origin {
    pub(super) at: RecordRef,
    pub(super) id: RecordId,
    pub(super) url: String,
    pub(super) date: Timestamp,
    pub(super) payload: PayloadDigest,
}

/// WARC records that belong together; each becomes a gzip member.
#[derive(Debug)]
pub(super) struct Encoded {
    pub(super) records: Vec<Vec<u8>>,
    /// The id of the record that counts: response, revisit or resource.
    pub(super) id: RecordId,
    pub(super) payload: PayloadDigest,
    pub(super) revisit: bool,
}

/// Writes the record that opens a segment.
pub(super) fn warcinfo(software: &str, file_name: &str, at: Timestamp) -> Vec<u8> {
    let mut fields = Fields::default();
    let id = RecordId::of(&[b"warcinfo", file_name.as_bytes(), at.to_string().as_bytes()]);
    fields.push("WARC-Type", "warcinfo");
    fields.push("WARC-Record-ID", id.as_str());
    fields.push("WARC-Date", at.to_string());
    fields.push("WARC-Filename", file_name);
    let block = format!(
        "software: {}\r\nformat: WARC File Format 1.1\r\n\
         conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n\
         {VERSION_FIELD} {RECORD_VERSION}\r\n",
        software.replace(char::is_control, " ")
    );
    warc::encode(&fields, "application/warc-fields", block.as_bytes())
}

/// Writes a record. `nonce` makes its id unlike all others; `origin` is the earlier record of the same page.
pub(super) fn record(record: &Record, origin: Option<&Origin>, nonce: &[u8]) -> Encoded {
    match record {
        Record::Exchange {
            exchange, context, ..
        } => exchange_records(exchange, context, origin, nonce),
        Record::Ingested(ingested) => resource(ingested, nonce),
    }
}

/// Returns how many bytes of content the record has.
pub(super) fn content_bytes(record: &Record) -> u64 {
    match record {
        Record::Exchange { exchange, .. } => {
            let headers: usize = exchange
                .headers
                .iter()
                .map(|(name, value)| name.len() + value.len() + 4)
                .sum();
            (exchange.request.len() + headers + exchange.body.len()) as u64
        }
        Record::Ingested(ingested) => ingested.given.len() as u64,
    }
}

/// Returns when the record was made.
pub(super) fn instant(record: &Record) -> Timestamp {
    match record {
        Record::Exchange { exchange, .. } => exchange.at,
        Record::Ingested(ingested) => ingested.at,
    }
}

/// Decides whether an answer is written as a reference, and which.
pub(super) fn revisit_profile(
    exchange: &Exchange,
    payload: &PayloadDigest,
    origin: Option<&PayloadDigest>,
) -> Option<Profile> {
    if exchange.status == 304 {
        return Some(Profile::NotModified);
    }
    let is_same = origin == Some(payload) && !exchange.body.is_empty() && !exchange.truncated;
    is_same.then_some(Profile::IdenticalPayload)
}

fn exchange_records(
    exchange: &Exchange,
    context: &Context,
    origin: Option<&Origin>,
    nonce: &[u8],
) -> Encoded {
    let own = PayloadDigest::of(&exchange.body);
    let profile = revisit_profile(exchange, &own, origin.map(|origin| &origin.payload));
    let payload = match (profile, origin) {
        (Some(_), Some(origin)) => origin.payload.clone(),
        _ => own,
    };
    let id = record_id(b"response", exchange.at, &exchange.url, &payload, nonce);
    let mut records = Vec::new();
    if !exchange.request.is_empty() {
        records.push(request(exchange, &id, nonce));
    }

    let mut fields = Fields::default();
    let kind = if profile.is_some() {
        "revisit"
    } else {
        "response"
    };
    let (target, url) = target(&exchange.url);
    push_common(&mut fields, kind, &id, exchange.at, &target);
    fields.push_some("WARC-IP-Address", ip(exchange));
    if let Some(profile) = profile {
        fields.push("WARC-Profile", profile.as_str());
    }
    if let (Some(_), Some(origin)) = (profile, origin) {
        fields.push("WARC-Refers-To", origin.id.as_str());
        fields.push("WARC-Refers-To-Target-URI", self::target(&origin.url).0);
        fields.push("WARC-Refers-To-Date", origin.date.to_string());
        fields.push(ORIGIN, origin.at.to_string());
    }
    fields.push_some("WARC-Truncated", exchange.truncated.then_some("length"));
    fields.push("WARC-Payload-Digest", payload.as_str());
    let note = Note {
        v: RECORD_VERSION,
        url,
        peer: exchange.peer.clone(),
        context: context.clone(),
    };
    fields.push(NOTE, json(&note));

    let mut block = response_head(exchange);
    if profile != Some(Profile::IdenticalPayload) {
        block.extend_from_slice(&exchange.body);
    }
    records.push(warc::encode(
        &fields,
        "application/http; msgtype=response",
        &block,
    ));
    Encoded {
        records,
        id,
        payload,
        revisit: profile.is_some(),
    }
}

fn request(exchange: &Exchange, response: &RecordId, nonce: &[u8]) -> Vec<u8> {
    let digest = PayloadDigest::of(&exchange.request);
    let id = record_id(b"request", exchange.at, &exchange.url, &digest, nonce);
    let mut fields = Fields::default();
    let (target, _) = target(&exchange.url);
    push_common(&mut fields, "request", &id, exchange.at, &target);
    fields.push_some("WARC-IP-Address", ip(exchange));
    fields.push("WARC-Concurrent-To", response.as_str());
    warc::encode(
        &fields,
        "application/http; msgtype=request",
        &exchange.request,
    )
}

fn resource(ingested: &Ingested, nonce: &[u8]) -> Encoded {
    let payload = PayloadDigest::of(&ingested.given);
    let given_url = ingested.url.as_deref().unwrap_or_default();
    let id = record_id(b"resource", ingested.at, given_url, &payload, nonce);
    let (target, url) = match &ingested.url {
        Some(url) => target(url),
        None => (format!("{NO_ADDRESS}{payload}"), None),
    };
    let mut fields = Fields::default();
    push_common(&mut fields, "resource", &id, ingested.at, &target);
    fields.push("WARC-Payload-Digest", payload.as_str());
    let note = Note {
        v: RECORD_VERSION,
        url,
        peer: None,
        context: ingested.context.clone(),
    };
    fields.push(NOTE, json(&note));
    Encoded {
        records: vec![warc::encode(
            &fields,
            ingested.media.as_str(),
            &ingested.given,
        )],
        id,
        payload,
        revisit: false,
    }
}

fn push_common(fields: &mut Fields, kind: &str, id: &RecordId, at: Timestamp, target: &str) {
    fields.push("WARC-Type", kind);
    fields.push("WARC-Record-ID", id.as_str());
    fields.push("WARC-Date", at.to_string());
    fields.push("WARC-Target-URI", target);
}

fn record_id(
    kind: &[u8],
    at: Timestamp,
    url: &str,
    payload: &PayloadDigest,
    nonce: &[u8],
) -> RecordId {
    let at = at.to_string();
    RecordId::of(&[
        kind,
        at.as_bytes(),
        url.as_bytes(),
        payload.as_str().as_bytes(),
        nonce,
    ])
}

fn ip(exchange: &Exchange) -> Option<String> {
    let peer: SocketAddr = exchange.peer.as_deref()?.parse().ok()?;
    Some(peer.ip().to_string())
}

/// Returns the address as it may stand in a WARC field, and the address as given where the two differ.
fn target(url: &str) -> (String, Option<String>) {
    let mut target = String::with_capacity(url.len());
    for byte in url.bytes() {
        match byte {
            b'<' | b'>' | b'"' => target.push_str(&format!("%{byte:02X}")),
            b'!'..=b'~' => target.push(char::from(byte)),
            _ => target.push_str(&format!("%{byte:02X}")),
        }
    }
    let is_kept = target == url && !url.is_empty() && !url.starts_with(NO_ADDRESS);
    if target.is_empty() {
        target.push_str(NO_ADDRESS);
    }
    (target, (!is_kept).then(|| url.to_owned()))
}

/// Writes JSON on one line, without any control character.
fn json(note: &Note) -> String {
    // A note holds only texts, which always can be written.
    let text = serde_json::to_string(note).unwrap_or_default();
    if !text.contains(char::is_control) {
        return text;
    }
    text.chars()
        .map(|character| match character {
            character if character.is_control() => format!("\\u{:04x}", u32::from(character)),
            character => character.to_string(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_cannot_stand_in_a_field_is_kept_beside_it() {
        let cases = [
            (
                "https://a.example/%20?b=c",
                "https://a.example/%20?b=c",
                false,
            ),
            (
                "https://a.example/新闻",
                "https://a.example/%E6%96%B0%E9%97%BB",
                true,
            ),
            (
                "https://a.example/\r\nX: y",
                "https://a.example/%0D%0AX:%20y",
                true,
            ),
            ("urn:hedui:x", "urn:hedui:x", true),
            ("", "urn:hedui:", true),
        ];
        for (url, expected, is_beside) in cases {
            let (target, beside) = target(url);
            assert_eq!(target, expected);
            assert_eq!(beside, is_beside.then(|| url.to_owned()));
        }
    }
}
