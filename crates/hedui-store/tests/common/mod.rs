//! Values that the tests of the stores put in.

#![allow(dead_code, clippy::unwrap_used)]

use std::sync::Arc;

use hedui_model::Exchange;
use hedui_store::archive::{Archive, Context, Entry, Ingested, Media, Record, StoredRecord};
use hedui_store::journal::Action;
use hedui_store::journal::{CrawlNote, Decision, Delivery, Event, JournalEntry};
use hedui_store::{ArchiveError, Mark};
use jiff::Timestamp;

pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).unwrap()
}

pub(crate) fn exchange(number: i64, body: &[u8]) -> Exchange {
    let url = format!("https://a.example/news/{number}");
    Exchange {
        peer: Some("203.0.113.7:443".into()),
        at: at(number),
        request: format!("GET /news/{number} HTTP/1.1\r\nHost: a.example\r\n\r\n").into_bytes(),
        status: 200,
        reason: "OK".into(),
        headers: vec![
            ("Content-Type".into(), b"text/html; charset=big5".to_vec()),
            ("ETag".into(), b"\"1\"".to_vec()),
        ],
        body: body.to_vec(),
        truncated: false,
        url,
    }
}

pub(crate) fn fetched(number: i64, body: &[u8]) -> Record {
    Record::Exchange {
        exchange: exchange(number, body),
        context: Context {
            source: Some("sample-wire".parse().unwrap()),
            region: Some(hedui_model::Region::TW),
            purpose: Some("page".into()),
            ..Context::default()
        },
        prior: None,
    }
}

pub(crate) fn ingested(number: i64) -> Record {
    Record::Ingested(Ingested {
        at: at(number),
        url: None,
        media: Media::Json,
        given: format!(r#"{{"source":"desk","text":"第{number}期总投资165亿元。"}}"#).into_bytes(),
        context: Context {
            source: Some("desk".parse().unwrap()),
            ..Context::default()
        },
    })
}

pub(crate) fn delivered(number: i64) -> JournalEntry {
    JournalEntry {
        at: at(number),
        event: Event::Delivered(Delivery {
            sink: "desk".into(),
            key: format!("key-{number}"),
        }),
    }
}

pub(crate) fn decided(number: i64) -> JournalEntry {
    JournalEntry {
        at: at(number),
        event: Event::Decision(Decision {
            at: at(number),
            user: "li".into(),
            note: Some("看过\n了".into()),
            action: Action::Ack,
            conflict: Some("k-0123456789abcdef".parse().unwrap()),
            evidence: vec![],
            ended: None,
            sides: vec![],
        }),
    }
}

pub(crate) fn learned(number: i64) -> JournalEntry {
    let mut note = CrawlNote {
        host: Some("a.example".into()),
        ..CrawlNote::default()
    };
    note.values.insert("n".into(), number.to_string());
    JournalEntry {
        at: at(number),
        event: Event::Crawl(note),
    }
}

/// What was put into an archive, in one order.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Put {
    Record(Record),
    Journal(JournalEntry),
}

pub(crate) fn put(archive: &dyn Archive, put: &Put) -> Result<Mark, ArchiveError> {
    match put {
        Put::Record(record) => Ok(archive.append(record)?.mark),
        Put::Journal(entry) => archive.append_journal(entry),
    }
}

/// Turns an entry back into what was put in.
pub(crate) fn as_put(archive: &dyn Archive, entry: Entry) -> Put {
    match entry {
        Entry::Journal { entry, .. } => Put::Journal(entry),
        Entry::Record { at, record } => Put::Record(match record {
            StoredRecord::Ingested { ingested, .. } => Record::Ingested(ingested),
            StoredRecord::Exchange(_) => match archive.read_content(at).unwrap() {
                StoredRecord::Exchange(stored) => Record::Exchange {
                    exchange: stored.exchange,
                    context: stored.context,
                    prior: None,
                },
                other => panic!("`read` and `replay` differ: {other:?}"),
            },
        }),
    }
}

/// Replays everything after a position; damage is an error.
pub(crate) fn replay_all(archive: &dyn Archive, from: Mark) -> Vec<(Mark, Put)> {
    archive
        .replay(from)
        .unwrap()
        .map(|step| {
            let (mark, entry) = step.unwrap();
            (mark, as_put(archive, entry))
        })
        .collect()
}

/// A mixture of all kinds.
pub(crate) fn mixture(count: i64) -> Vec<Put> {
    (0..count)
        .map(|number| match number % 5 {
            0 => Put::Record(fetched(
                number,
                format!("<p>第{number}頁</p>").repeat(20).as_bytes(),
            )),
            1 => Put::Journal(delivered(number)),
            2 => Put::Record(ingested(number)),
            3 => Put::Journal(decided(number)),
            _ => Put::Journal(learned(number)),
        })
        .collect()
}

pub(crate) type Shared = Arc<dyn Archive>;
