//! What every archive has to do, whichever it is.

#![allow(clippy::unwrap_used)]

mod common;

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use common::{
    Put, as_put, decided, delivered, exchange, fetched, ingested, mixture, put, replay_all,
};
use hedui_model::Exchange;
use hedui_store::archive::{
    Archive, ArchiveOptions, Context, DiskArchive, Entry, Ingested, Media, MemoryArchive, Profile,
    Record, SimFiles, StoredRecord,
};
use hedui_store::{ArchiveError, Mark};
use jiff::Timestamp;
use proptest::prelude::*;

/// An archive, and what has to live as long.
struct Subject {
    archive: Box<dyn Archive>,
    _dir: Option<tempfile::TempDir>,
}

fn memory() -> Subject {
    Subject {
        archive: Box::new(MemoryArchive::new()),
        _dir: None,
    }
}

fn disk() -> Subject {
    let dir = tempfile::tempdir().unwrap();
    let (archive, diagnostics) = DiskArchive::open(dir.path(), ArchiveOptions::default()).unwrap();
    assert_eq!(diagnostics, []);
    Subject {
        archive: Box::new(archive),
        _dir: Some(dir),
    }
}

/// Segments and journal files of a few records each.
fn small_segments() -> Subject {
    let options = ArchiveOptions {
        segment_bytes_max: 3_000,
        journal_bytes_max: 600,
        ..ArchiveOptions::default()
    };
    let files = Arc::new(SimFiles::new());
    let (archive, _) = DiskArchive::open_on(files, Path::new("/archive"), options).unwrap();
    Subject {
        archive: Box::new(archive),
        _dir: None,
    }
}

fn replay_gives_what_was_appended(subject: Subject) {
    let archive = subject.archive.as_ref();
    let all = mixture(40);
    let mut marks = vec![Mark::default()];
    for item in &all {
        marks.push(put(archive, item).unwrap());
    }
    assert!(marks.is_sorted_by(|a, b| a < b), "{marks:?}");
    assert_eq!(archive.sync().unwrap(), *marks.last().unwrap());
    let replayed = replay_all(archive, Mark::default());
    let items: Vec<Put> = replayed.iter().map(|(_, item)| item.clone()).collect();
    assert_eq!(items, all);
    for (index, mark) in marks.iter().enumerate() {
        let rest: Vec<Put> = replay_all(archive, *mark)
            .into_iter()
            .map(|(_, item)| item)
            .collect();
        assert_eq!(rest, all[index..], "from {mark}");
    }
    // The positions that a replay gives are as good as those that appending gave.
    for (index, (mark, _)) in replayed.iter().enumerate() {
        assert_eq!(replay_all(archive, *mark).len(), all.len() - index - 1);
    }
    assert!(archive.distance(Mark::default()) > 0);
    assert_eq!(archive.distance(archive.end()), 0);
}

fn a_replay_ends_where_the_archive_ended_when_it_began(subject: Subject) {
    let archive = subject.archive.as_ref();
    put(archive, &Put::Record(ingested(1))).unwrap();
    let replay = archive.replay(Mark::default()).unwrap();
    put(archive, &Put::Record(ingested(2))).unwrap();
    put(archive, &Put::Journal(delivered(3))).unwrap();
    assert_eq!(replay.count(), 1);
}

fn records_are_read_by_their_place(subject: Subject) {
    let archive = subject.archive.as_ref();
    let records: Vec<Record> = (0..20)
        .map(|number| match number % 2 {
            0 => fetched(number, b"<p>one</p>"),
            _ => ingested(number),
        })
        .collect();
    let places: Vec<_> = records
        .iter()
        .map(|record| archive.append(record).unwrap())
        .collect();
    let ids: HashSet<_> = places.iter().map(|place| place.id.clone()).collect();
    assert_eq!(ids.len(), records.len());
    for (record, place) in records.iter().zip(&places).rev() {
        let read = archive.read(place.at).unwrap();
        let entry = Entry::Record {
            at: place.at,
            record: read,
        };
        assert_eq!(as_put(archive, entry), Put::Record(record.clone()));
    }
    let mut nowhere = places[0].at;
    nowhere.offset += 1_000_000;
    assert!(archive.read(nowhere).unwrap_err().is_damage());
}

/// One record twice is two records.
fn equal_records_have_ids_of_their_own(subject: Subject) {
    let archive = subject.archive.as_ref();
    let first = archive.append(&ingested(1)).unwrap();
    let second = archive.append(&ingested(1)).unwrap();
    assert_ne!(first.id, second.id);
    assert_eq!(first.payload, second.payload);
}

fn stored_exchange(
    archive: &dyn Archive,
    place: &hedui_store::archive::Appended,
) -> hedui_store::archive::StoredExchange {
    match archive.read(place.at).unwrap() {
        StoredRecord::Exchange(stored) => stored,
        other => panic!("not an exchange: {other:?}"),
    }
}

fn what_has_not_changed_is_a_reference(subject: Subject) {
    let archive = subject.archive.as_ref();
    let again = |exchange: Exchange, prior| Record::Exchange {
        exchange,
        context: Context::default(),
        prior,
    };
    let first = archive.append(&fetched(1, b"<p>same</p>")).unwrap();
    assert!(!first.revisit);

    let same = archive
        .append(&again(exchange(2, b"<p>same</p>"), Some(first.at)))
        .unwrap();
    assert!(same.revisit);
    assert_eq!(same.payload, first.payload);
    let stored = stored_exchange(archive, &same);
    let revisit = stored.revisit.unwrap();
    assert_eq!(revisit.profile, Profile::IdenticalPayload);
    assert_eq!(revisit.origin, Some(first.at));
    assert_eq!(stored.exchange.body, b"");
    assert_eq!(stored.exchange.headers.len(), 2);

    // A reference to a reference refers to the record that has the body.
    let not_modified = Exchange {
        status: 304,
        reason: "Not Modified".into(),
        ..exchange(3, b"")
    };
    let third = archive
        .append(&again(not_modified.clone(), Some(same.at)))
        .unwrap();
    assert!(third.revisit);
    assert_eq!(third.payload, first.payload);
    let stored = stored_exchange(archive, &third);
    assert_eq!(stored.exchange, not_modified);
    let revisit = stored.revisit.unwrap();
    assert_eq!(revisit.profile, Profile::NotModified);
    assert_eq!(revisit.origin, Some(first.at));
    for place in [&same, &third] {
        match archive.read_content(place.at).unwrap() {
            StoredRecord::Exchange(stored) => assert_eq!(stored.exchange.body, b"<p>same</p>"),
            other => panic!("not an exchange: {other:?}"),
        }
    }

    let changed = archive
        .append(&again(exchange(4, b"<p>other</p>"), Some(third.at)))
        .unwrap();
    assert!(!changed.revisit);
    assert_eq!(
        stored_exchange(archive, &changed).exchange.body,
        b"<p>other</p>"
    );

    // A body that was cut at a limit may differ behind it.
    let cut = Exchange {
        truncated: true,
        ..exchange(5, b"<p>other</p>")
    };
    let cut_place = archive.append(&again(cut, Some(changed.at))).unwrap();
    assert!(!cut_place.revisit);

    // 304 to a page that the archive does not have.
    let alone = archive.append(&again(not_modified, None)).unwrap();
    assert_eq!(
        stored_exchange(archive, &alone).revisit.unwrap().origin,
        None
    );
    assert_eq!(archive.verify(&mut |_| ()).unwrap().fault_count, 0);
}

fn a_position_of_another_archive_is_refused(subject: Subject) {
    let archive = subject.archive.as_ref();
    put(archive, &Put::Record(ingested(1))).unwrap();
    put(archive, &Put::Journal(delivered(2))).unwrap();
    let end = archive.end();
    let beyond = [
        Mark {
            segment: end.segment + 1,
            ..end
        },
        Mark {
            offset: end.offset + 1,
            ..end
        },
        Mark {
            journal: end.journal + 1,
            ..end
        },
        // Behind in the segments, ahead in the journal.
        Mark {
            segment: 0,
            offset: 0,
            journal: end.journal + 1,
        },
    ];
    for mark in beyond {
        let refused = archive.replay(mark).map(|_| ());
        assert!(
            matches!(refused, Err(ArchiveError::UnknownMark(_))),
            "{mark}: {refused:?}"
        );
    }
}

fn nothing_from_outside_breaks_a_record(subject: Subject) {
    let archive = subject.archive.as_ref();
    let hostile = [
        "",
        "../../etc/passwd",
        "https://a.example/\r\nWARC-Type: response\r\n\r\n",
        "https://新聞.example/一?二=三#四",
        "urn:hedui:sha1:X",
        "\u{0}\u{85}\u{7f}\u{2028}\u{feff}",
    ];
    for url in hostile {
        let mut context = Context {
            purpose: Some(format!("{url}\u{85}\r\n")),
            ..Context::default()
        };
        context.more.insert(url.to_owned(), url.to_owned());
        let exchange = Exchange {
            url: url.to_owned(),
            peer: Some(url.to_owned()),
            ..exchange(1, url.as_bytes())
        };
        let record = Record::Exchange {
            exchange,
            context: context.clone(),
            prior: None,
        };
        put(archive, &Put::Record(record)).unwrap();
        let handed_in = Ingested {
            at: Timestamp::UNIX_EPOCH,
            url: Some(url.to_owned()),
            media: Media::Html,
            given: url.as_bytes().to_vec(),
            context,
        };
        put(archive, &Put::Record(Record::Ingested(handed_in))).unwrap();
    }
    let replayed = replay_all(archive, Mark::default());
    assert_eq!(replayed.len(), hostile.len() * 2);
    for ((_, item), url) in replayed
        .iter()
        .zip(hostile.iter().flat_map(|url| [url, url]))
    {
        match item {
            Put::Record(Record::Exchange {
                exchange, context, ..
            }) => {
                assert_eq!(
                    (exchange.url.as_str(), exchange.peer.as_deref()),
                    (*url, Some(*url))
                );
                assert_eq!(context.more.get(*url).unwrap(), url);
                assert_eq!(exchange.body, url.as_bytes());
            }
            Put::Record(Record::Ingested(handed_in)) => {
                assert_eq!(handed_in.url.as_deref(), Some(*url));
                assert_eq!(handed_in.context.more.get(*url).unwrap(), url);
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(archive.verify(&mut |_| ()).unwrap().fault_count, 0);
}

fn verification_counts_everything(subject: Subject) {
    let archive = subject.archive.as_ref();
    for item in mixture(25) {
        put(archive, &item).unwrap();
    }
    archive.sync().unwrap();
    let mut last = 0;
    let verified = archive
        .verify(&mut |bytes| {
            assert!(bytes >= last);
            last = bytes;
        })
        .unwrap();
    assert_eq!((verified.records, verified.lines), (10, 15));
    assert_eq!(verified.fault_count, 0);
    assert_eq!(verified.bytes, last);
}

fn threads_read_while_one_appends(subject: Subject) {
    let archive = subject.archive.as_ref();
    let place = archive.append(&fetched(0, b"first")).unwrap();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for item in mixture(100) {
                put(archive, &item).unwrap();
            }
        });
        for _ in 0..2 {
            scope.spawn(|| {
                for _ in 0..50 {
                    archive.read(place.at).unwrap();
                    replay_all(archive, Mark::default());
                }
            });
        }
    });
    assert_eq!(replay_all(archive, Mark::default()).len(), 101);
}

fn an_empty_archive_has_nothing(subject: Subject) {
    let archive = subject.archive.as_ref();
    assert_eq!(replay_all(archive, Mark::default()), []);
    assert_eq!(replay_all(archive, archive.end()), []);
    assert_eq!(archive.sync().unwrap(), archive.end());
    put(archive, &Put::Journal(decided(1))).unwrap();
    assert_eq!(replay_all(archive, Mark::default()).len(), 1);
}

macro_rules! conformance {
    ($($subject:ident)*) => {
        $(
            mod $subject {
                macro_rules! case {
                    ($name:ident) => {
                        #[test]
                        fn $name() {
                            super::$name(super::$subject());
                        }
                    };
                }
                case!(replay_gives_what_was_appended);
                case!(a_replay_ends_where_the_archive_ended_when_it_began);
                case!(records_are_read_by_their_place);
                case!(equal_records_have_ids_of_their_own);
                case!(what_has_not_changed_is_a_reference);
                case!(a_position_of_another_archive_is_refused);
                case!(nothing_from_outside_breaks_a_record);
                case!(verification_counts_everything);
                case!(threads_read_while_one_appends);
                case!(an_empty_archive_has_nothing);
            }
        )*
    };
}

conformance!(memory disk small_segments);

fn any_header() -> impl Strategy<Value = (String, Vec<u8>)> {
    // What a client lets through: a token, and bytes without line breaks or blanks at the ends.
    ("[A-Za-z][A-Za-z0-9-]{0,15}", "[!-~]([ -~é中]{0,20}[!-~])?")
        .prop_map(|(name, value)| (name, value.into_bytes()))
}

fn any_context() -> impl Strategy<Value = Context> {
    (
        proptest::option::of("[a-z]{1,9}"),
        proptest::option::of("\\PC{0,12}"),
        proptest::collection::btree_map(".{0,9}", ".{0,9}", 0..3),
    )
        .prop_map(|(source, purpose, more)| Context {
            source: source.map(|source| source.parse().unwrap()),
            purpose,
            more,
            ..Context::default()
        })
}

prop_compose! {
    fn any_exchange()(
        url in ".{0,60}",
        peer in proptest::option::of("(203\\.0\\.113\\.7|\\[2001:db8::1\\]):[1-9]{1,4}"),
        nanos in any::<i64>(),
        request in proptest::collection::vec(any::<u8>(), 0..80),
        status in 100_u16..1000,
        reason in "([!-~]([ -~]{0,9}[!-~])?)?",
        headers in proptest::collection::vec(any_header(), 0..5),
        body in proptest::collection::vec(any::<u8>(), 0..400),
        truncated in any::<bool>(),
        context in any_context(),
    ) -> Put {
        Put::Record(Record::Exchange {
            exchange: Exchange {
                url, peer, request, status, reason, headers, body, truncated,
                at: Timestamp::from_nanosecond(i128::from(nanos)).unwrap(),
            },
            context,
            prior: None,
        })
    }
}

prop_compose! {
    fn any_ingested()(
        url in proptest::option::of(".{0,60}"),
        media in proptest::sample::select(vec![Media::Json, Media::Html, Media::Text, Media::Pdf]),
        given in proptest::collection::vec(any::<u8>(), 0..400),
        context in any_context(),
    ) -> Put {
        Put::Record(Record::Ingested(Ingested {
            at: Timestamp::UNIX_EPOCH, url, media, given, context,
        }))
    }
}

fn any_put() -> impl Strategy<Value = Put> {
    prop_oneof![
        any_exchange(),
        any_ingested(),
        (0_i64..9).prop_map(|number| Put::Journal(delivered(number))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn replay_of_what_was_appended_is_what_was_appended(
        items in proptest::collection::vec(any_put(), 0..12),
        segment_bytes_max in 500_u64..20_000,
    ) {
        let files = Arc::new(SimFiles::new());
        let options = ArchiveOptions { segment_bytes_max, journal_bytes_max: 400, ..ArchiveOptions::default() };
        let open = || DiskArchive::open_on(files.clone(), Path::new("/archive"), options.clone()).unwrap();
        let (archive, _) = open();
        for item in &items {
            put(&archive, item).unwrap();
        }
        archive.sync().unwrap();
        let found = |archive: &dyn Archive| -> Vec<Put> {
            replay_all(archive, Mark::default()).into_iter().map(|(_, item)| item).collect()
        };
        let is_304 = |item: &Put| matches!(item, Put::Record(Record::Exchange { exchange, .. }) if exchange.status == 304);
        prop_assume!(!items.iter().any(is_304));
        prop_assert_eq!(&found(&archive), &items);
        let end = archive.end();
        drop(archive);
        let (archive, diagnostics) = open();
        prop_assert_eq!(diagnostics, vec![]);
        prop_assert_eq!(archive.end(), end);
        prop_assert_eq!(&found(&archive), &items);
        prop_assert_eq!(archive.verify(&mut |_| ()).unwrap().fault_count, 0);
    }
}
