//! What an archive on disk survives: torn tails, power cuts, full and read-only disks, flipped bits.

#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use common::{Put, decided, delivered, fetched, ingested, mixture, put, replay_all};
use hedui_model::Diagnostic;
use hedui_store::archive::{Archive, ArchiveOptions, DiskArchive, Record, SimFiles};
use hedui_store::{ArchiveError, Mark};

const DIR: &str = "/archive";
const SEGMENT: &str = "/archive/warc/hedui-000001.warc.gz";
const JOURNAL: &str = "/archive/journal/hedui-000001.jsonl";
const SYNCED: &str = "/archive/synced";

fn open_with(files: &SimFiles, options: ArchiveOptions) -> (DiskArchive, Vec<Diagnostic>) {
    DiskArchive::open_on(Arc::new(files.clone()), Path::new(DIR), options).unwrap()
}

fn open(files: &SimFiles) -> (DiskArchive, Vec<Diagnostic>) {
    open_with(files, ArchiveOptions::default())
}

fn small() -> ArchiveOptions {
    ArchiveOptions {
        segment_bytes_max: 2_500,
        journal_bytes_max: 700,
        ..ArchiveOptions::default()
    }
}

fn codes(diagnostics: &[Diagnostic]) -> Vec<&str> {
    diagnostics.iter().map(|one| one.code.as_str()).collect()
}

fn found(archive: &dyn Archive) -> Vec<Put> {
    replay_all(archive, Mark::default())
        .into_iter()
        .map(|(_, item)| item)
        .collect()
}

/// Returns what can be read, and how often reading met damage.
fn found_around_damage(archive: &dyn Archive) -> (Vec<Put>, usize) {
    let mut items = Vec::new();
    let mut damage = 0;
    for step in archive.replay(Mark::default()).unwrap() {
        match step {
            Ok((_, entry)) => items.push(common::as_put(archive, entry)),
            Err(error) => {
                assert!(error.is_damage(), "{error}");
                damage += 1;
            }
        }
    }
    (items, damage)
}

fn disk_of(contents: &BTreeMap<PathBuf, Vec<u8>>) -> SimFiles {
    let files = SimFiles::new();
    for (path, content) in contents {
        files.put(path, content.clone());
    }
    files
}

/// Writes all items, syncing after the first `synced` of them only.
fn written(items: &[Put], synced: usize) -> SimFiles {
    let files = SimFiles::new();
    let (archive, _) = open(&files);
    for (index, item) in items.iter().enumerate() {
        put(&archive, item).unwrap();
        if index + 1 == synced {
            archive.sync().unwrap();
        }
    }
    files
}

fn gunzips(segment: &[u8]) -> bool {
    let mut out = Vec::new();
    flate2::read::MultiGzDecoder::new(segment)
        .read_to_end(&mut out)
        .is_ok()
}

#[test]
fn a_segment_cut_at_any_byte_keeps_everything_synced_and_goes_on() {
    let items: Vec<Put> = [
        fetched(1, b"<p>one</p>"),
        ingested(2),
        fetched(3, b"<p>three</p>"),
        ingested(4),
    ]
    .map(Put::Record)
    .to_vec();
    let synced_bytes = written(&items[..2], 2).contents()[Path::new(SEGMENT)].len();
    let contents = written(&items, 2).contents();
    let whole = contents[Path::new(SEGMENT)].clone();
    for with_note in [true, false] {
        for len in synced_bytes..whole.len() {
            let mut contents = contents.clone();
            contents.insert(SEGMENT.into(), whole[..len].to_vec());
            if !with_note {
                contents.remove(Path::new(SYNCED));
            }
            let files = disk_of(&contents);
            let (archive, diagnostics) = open(&files);
            let items_found = found(&archive);
            assert!(
                items_found.len() >= 2 && items_found[..] == items[..items_found.len()],
                "{len}"
            );
            let is_torn = archive.end().offset != len as u64;
            assert_eq!(
                codes(&diagnostics),
                if is_torn { vec!["torn_record"] } else { vec![] }
            );
            // It goes on as if nothing had been there, and any gzip reads all of it.
            put(&archive, &Put::Record(ingested(9))).unwrap();
            archive.sync().unwrap();
            assert!(gunzips(&files.contents()[Path::new(SEGMENT)]));
            let (archive, diagnostics) = open(&files);
            assert_eq!(diagnostics, []);
            assert_eq!(found(&archive).len(), items_found.len() + 1);
            assert_eq!(archive.verify(&mut |_| ()).unwrap().fault_count, 0);
        }
    }
}

#[test]
fn a_journal_cut_at_any_byte_keeps_everything_synced_and_goes_on() {
    let items: Vec<Put> = [delivered(1), decided(2), decided(3), delivered(4)]
        .map(Put::Journal)
        .to_vec();
    let synced_bytes = written(&items[..2], 2).contents()[Path::new(JOURNAL)].len();
    let contents = written(&items, 2).contents();
    let whole = contents[Path::new(JOURNAL)].clone();
    for len in synced_bytes..whole.len() {
        let mut contents = contents.clone();
        contents.insert(JOURNAL.into(), whole[..len].to_vec());
        let files = disk_of(&contents);
        let (archive, diagnostics) = open(&files);
        let items_found = found(&archive);
        assert!(
            items_found.len() >= 2 && items_found[..] == items[..items_found.len()],
            "{len}"
        );
        let ends_a_line = whole[..len].ends_with(b"\n");
        assert_eq!(
            codes(&diagnostics),
            if ends_a_line {
                vec![]
            } else {
                vec!["torn_line"]
            }
        );
        put(&archive, &Put::Journal(delivered(9))).unwrap();
        archive.sync().unwrap();
        let (archive, diagnostics) = open(&files);
        assert_eq!(diagnostics, []);
        assert_eq!(found(&archive).len(), items_found.len() + 1);
        assert_eq!(archive.verify(&mut |_| ()).unwrap().fault_count, 0);
    }
}

#[test]
fn garbage_behind_the_end_is_cut() {
    let items = mixture(10);
    let contents = written(&items, 10).contents();
    let mut noise = 1_u32;
    for round in 1..120_usize {
        let garbage: Vec<u8> = (0..round * 7)
            .map(|index| {
                noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                // Some begin as a record does.
                let start = [
                    0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255, 28, 0, b'H', b'D', 24, 0,
                ];
                match start.get(index).filter(|_| round % 3 == 0) {
                    Some(&byte) => byte,
                    None => {
                        if round % 5 == 0 {
                            0
                        } else {
                            noise.to_be_bytes()[0]
                        }
                    }
                }
            })
            .collect();
        for path in [SEGMENT, JOURNAL] {
            let mut contents = contents.clone();
            contents
                .get_mut(Path::new(path))
                .unwrap()
                .extend_from_slice(&garbage);
            let files = disk_of(&contents);
            let (archive, diagnostics) = open(&files);
            assert_eq!(found(&archive), items);
            assert_eq!(diagnostics.len(), 1, "{diagnostics:?}");
            assert_eq!(
                files.contents()[Path::new(path)].len(),
                contents[Path::new(path)].len() - garbage.len()
            );
        }
    }
}

#[test]
fn a_flipped_bit_is_found_and_costs_one_record() {
    let items: Vec<Put> = (0..6).map(|number| Put::Record(ingested(number))).collect();
    let contents = written(&items, 6).contents();
    let segment = contents[Path::new(SEGMENT)].clone();
    for byte in (0..segment.len()).step_by(7) {
        let mut damaged = segment.clone();
        damaged[byte] ^= 1 << (byte % 8);
        for with_note in [true, false] {
            let mut contents = contents.clone();
            contents.insert(SEGMENT.into(), damaged.clone());
            if !with_note {
                contents.remove(Path::new(SYNCED));
            }
            let files = disk_of(&contents);
            let (archive, _) = open(&files);
            // Without the note of the last sync, damage in the last record cannot be told from a torn one.
            let is_cut = archive.end().offset < segment.len() as u64;
            assert!(!is_cut || !with_note, "byte {byte}");
            if !is_cut {
                assert_eq!(files.contents()[Path::new(SEGMENT)], damaged);
                let verified = archive.verify(&mut |_| ()).unwrap();
                assert_eq!(verified.fault_count, 1, "byte {byte}: {verified:?}");
                let (items_found, damage) = found_around_damage(&archive);
                assert_eq!(damage, 1);
                assert!(items_found.len() >= 5, "byte {byte}");
                assert!(items_found.iter().all(|item| items.contains(item)));
            }
        }
    }
}

#[test]
fn a_damaged_line_is_found_and_costs_no_other() {
    let items: Vec<Put> = (0..6).map(|number| Put::Journal(decided(number))).collect();
    let contents = written(&items, 6).contents();
    let journal = contents[Path::new(JOURNAL)].clone();
    let last_line = journal[..journal.len() - 1]
        .iter()
        .rposition(|&byte| byte == b'\n')
        .unwrap();
    for byte in (0..last_line).step_by(5) {
        let mut damaged = journal.clone();
        damaged[byte] ^= 4;
        let mut contents = contents.clone();
        contents.insert(JOURNAL.into(), damaged);
        let files = disk_of(&contents);
        let (archive, diagnostics) = open(&files);
        assert!(
            codes(&diagnostics)
                .iter()
                .all(|&code| code == "damaged_line")
        );
        let (items_found, damage) = found_around_damage(&archive);
        assert!(damage >= 1, "byte {byte}");
        // A damaged line end takes the next line with it.
        assert!(items_found.len() >= 4 && items_found.iter().all(|item| items.contains(item)));
        assert!(archive.verify(&mut |_| ()).unwrap().fault_count >= 1);
        // New lines go on from the last number.
        put(&archive, &Put::Journal(delivered(9))).unwrap();
        assert_eq!(archive.end().journal, 7);
    }
}

#[test]
fn acknowledged_content_that_is_gone_is_told() {
    let items = mixture(10);
    let contents = written(&items, 10).contents();
    for (path, code) in [(SEGMENT, "lost_records"), (JOURNAL, "lost_lines")] {
        let mut contents = contents.clone();
        let content = contents.get_mut(Path::new(path)).unwrap();
        content.truncate(content.len() / 2);
        let (_, diagnostics) = open(&disk_of(&contents));
        assert!(codes(&diagnostics).contains(&code), "{diagnostics:?}");
    }
}

/// The journal may reach the disk when the segment does not. Nothing of that was acknowledged, and no position may
/// come twice.
#[test]
fn a_journal_that_is_ahead_of_the_segments_keeps_its_order() {
    let items = vec![
        Put::Record(ingested(1)),
        Put::Record(ingested(2)),
        Put::Journal(decided(3)),
    ];
    let contents = written(&items, 1).contents();
    let mut contents = contents;
    let one_record = written(&items[..1], 1).contents()[Path::new(SEGMENT)].len();
    contents
        .get_mut(Path::new(SEGMENT))
        .unwrap()
        .truncate(one_record);
    let files = disk_of(&contents);
    let (archive, diagnostics) = open(&files);
    assert_eq!(codes(&diagnostics), ["journal_ahead"]);
    let end = archive.end();
    let (again, _) = open(&files);
    assert_eq!(again.end(), end);
    drop(again);
    put(&archive, &Put::Record(ingested(4))).unwrap();
    put(&archive, &Put::Journal(decided(5))).unwrap();
    archive.sync().unwrap();
    let expected: Vec<Put> = vec![
        Put::Record(ingested(1)),
        Put::Journal(decided(3)),
        Put::Record(ingested(4)),
        Put::Journal(decided(5)),
    ];
    assert_eq!(found(&archive), expected);
    let (archive, diagnostics) = open(&files);
    assert_eq!(diagnostics, []);
    assert_eq!(found(&archive), expected);
}

/// Cuts the power after every single change to the disk, in several ways each.
#[test]
fn a_power_cut_at_any_point_loses_nothing_acknowledged() {
    let items = mixture(22);
    let mut cuts = 0;
    for power in 0.. {
        let files = SimFiles::new();
        files.limit_power(power);
        let mut acknowledged = 0;
        let is_over = write_until_power_fails(&files, &items, &mut acknowledged);
        for seed in 0..5 {
            cuts += 1;
            let after = files.after_power_cut(power * 31 + seed);
            let (archive, diagnostics) = open_with(&after, small());
            assert!(
                !codes(&diagnostics)
                    .iter()
                    .any(|code| code.starts_with("lost")),
                "{diagnostics:?}"
            );
            let (items_found, _) = found_around_damage(&archive);
            assert_eq!(
                items_found.get(..acknowledged),
                items.get(..acknowledged),
                "power {power}, seed {seed}"
            );
            // What was not acknowledged may be there in part, but nothing twice and nothing else.
            // A response may have lost its request, which is a record of its own.
            let mut rest = items[acknowledged..].iter();
            for item in &items_found[acknowledged..] {
                assert!(
                    rest.any(|put| put == item || without_request(put) == *item),
                    "power {power}, seed {seed}, {acknowledged}: {diagnostics:?}"
                );
            }
            // And it goes on.
            put(&archive, &Put::Record(ingested(99))).unwrap();
            put(&archive, &Put::Journal(decided(99))).unwrap();
            archive.sync().unwrap();
            let (archive, _) = open_with(&after, small());
            let (items_again, _) = found_around_damage(&archive);
            assert_eq!(items_again.len(), items_found.len() + 2);
        }
        if is_over {
            break;
        }
    }
    assert!(cuts > 200, "{cuts}");
}

fn without_request(item: &Put) -> Put {
    let mut item = item.clone();
    if let Put::Record(Record::Exchange { exchange, .. }) = &mut item {
        exchange.request.clear();
    }
    item
}

/// Returns whether everything could be written.
fn write_until_power_fails(files: &SimFiles, items: &[Put], acknowledged: &mut usize) -> bool {
    let opened = DiskArchive::open_on(Arc::new(files.clone()), Path::new(DIR), small());
    let Ok((archive, _)) = opened else {
        return false;
    };
    for (index, item) in items.iter().enumerate() {
        if put(&archive, item).is_err() {
            return false;
        }
        if index % 3 == 2 {
            if archive.sync().is_err() {
                return false;
            }
            *acknowledged = index + 1;
        }
    }
    true
}

#[test]
fn a_full_disk_refuses_one_append_and_works_again_with_space() {
    let items = mixture(10);
    for space in (0..2_500).step_by(37) {
        let files = SimFiles::new();
        let (archive, _) = open_with(&files, small());
        let mut kept = Vec::new();
        files.limit_space(Some(space));
        for item in &items {
            let before = archive.end();
            match put(&archive, item) {
                Ok(_) => kept.push(item.clone()),
                Err(error) => {
                    assert!(matches!(error, ArchiveError::Full { .. }), "{error}");
                    assert!(error.to_string().starts_with("the disk is full"));
                    assert_eq!(
                        archive.end().offset,
                        before.offset.min(archive.end().offset)
                    );
                }
            }
            assert_eq!(found(&archive), kept);
        }
        files.limit_space(None);
        for item in &items {
            put(&archive, item).unwrap();
            kept.push(item.clone());
        }
        archive.sync().unwrap();
        let (archive, diagnostics) = open_with(&files, small());
        assert_eq!(diagnostics, []);
        assert_eq!(found(&archive), kept);
        assert_eq!(archive.verify(&mut |_| ()).unwrap().fault_count, 0);
    }
}

#[test]
fn a_failed_sync_withdraws_what_it_was_for() {
    let files = SimFiles::new();
    let (archive, _) = open_with(&files, small());
    let items = mixture(30);
    for item in &items[..5] {
        put(&archive, item).unwrap();
    }
    let synced = archive.sync().unwrap();
    // Enough to begin new segments and journal files.
    for item in &items[5..] {
        put(&archive, item).unwrap();
    }
    files.set_sync_failing(true);
    assert!(archive.sync().is_err());
    assert_eq!(archive.end(), synced);
    assert_eq!(found(&archive), items[..5]);
    files.set_sync_failing(false);
    put(&archive, &Put::Record(ingested(7))).unwrap();
    put(&archive, &Put::Journal(decided(8))).unwrap();
    archive.sync().unwrap();
    let mut expected = items[..5].to_vec();
    expected.extend([Put::Record(ingested(7)), Put::Journal(decided(8))]);
    let (archive, diagnostics) = open_with(&files, small());
    assert_eq!(diagnostics, []);
    assert_eq!(found(&archive), expected);
    assert_eq!(archive.verify(&mut |_| ()).unwrap().fault_count, 0);
}

#[test]
fn a_read_only_disk_is_read() {
    let items = mixture(10);
    let mut contents = written(&items, 10).contents();
    contents
        .get_mut(Path::new(SEGMENT))
        .unwrap()
        .extend_from_slice(b"torn");
    let files = disk_of(&contents);
    files.put(Path::new("/archive/x"), Vec::new());
    files.set_read_only(true);
    let (archive, diagnostics) = open(&files);
    assert_eq!(codes(&diagnostics), ["torn_record", "not_cut"]);
    assert_eq!(found(&archive), items);
    assert_eq!(archive.verify(&mut |_| ()).unwrap().fault_count, 0);
    let refused = put(&archive, &Put::Record(ingested(1)));
    assert!(
        matches!(refused, Err(ArchiveError::ReadOnly { .. })),
        "{refused:?}"
    );
    files.set_read_only(false);
    put(&archive, &Put::Record(ingested(1))).unwrap();
    assert_eq!(found(&archive).len(), 11);
}

/// A page that holds a record, made to be found when reading goes on behind damage.
#[test]
fn a_record_inside_a_page_is_none_of_ours() {
    let inner = written(&[Put::Record(ingested(666))], 1).contents()[Path::new(SEGMENT)].clone();
    // Stored without compression, so that it stands in the segment as it is.
    let options = ArchiveOptions {
        compression: 0,
        ..ArchiveOptions::default()
    };
    let files = SimFiles::new();
    let (archive, _) = open_with(&files, options);
    put(&archive, &Put::Record(fetched(1, &inner))).unwrap();
    archive.sync().unwrap();
    let mut contents = files.contents();
    let segment = contents.get_mut(Path::new(SEGMENT)).unwrap();
    assert!(segment.windows(inner.len()).any(|window| window == inner));
    let len = segment.len();
    segment.truncate(len - 3);
    contents.remove(Path::new(SYNCED));
    let (archive, diagnostics) = open(&disk_of(&contents));
    assert_eq!(codes(&diagnostics), ["torn_record"]);
    assert_eq!(found(&archive), []);
}

#[test]
fn a_record_above_the_limit_is_refused() {
    let files = SimFiles::new();
    let options = ArchiveOptions {
        record_bytes_max: 1_000,
        ..ArchiveOptions::default()
    };
    let (archive, _) = open_with(&files, options);
    let refused = put(&archive, &Put::Record(fetched(1, &[b'x'; 1_000])));
    assert!(matches!(
        refused,
        Err(ArchiveError::TooLarge {
            bytes_max: 1_000,
            ..
        })
    ));
    put(&archive, &Put::Record(fetched(1, &[b'x'; 500]))).unwrap();
}

#[test]
fn a_segment_begins_with_its_description_and_ends_before_its_limit() {
    let files = SimFiles::new();
    let (archive, _) = open_with(&files, small());
    for number in 0..30 {
        put(&archive, &Put::Record(ingested(number))).unwrap();
    }
    archive.sync().unwrap();
    let segments: Vec<Vec<u8>> = files
        .contents()
        .into_iter()
        .filter(|(path, _)| path.to_string_lossy().ends_with(".warc.gz"))
        .map(|(_, content)| content)
        .collect();
    assert!(segments.len() > 3);
    for (segment, number) in segments.iter().zip(1..) {
        assert!(segment.len() <= 2_500);
        let mut text = String::new();
        flate2::read::MultiGzDecoder::new(segment.as_slice())
            .read_to_string(&mut text)
            .unwrap();
        assert!(text.starts_with("WARC/1.1\r\nWARC-Type: warcinfo\r\n"));
        assert!(text.contains(&format!("WARC-Filename: hedui-{number:06}.warc.gz\r\n")));
        assert!(text.contains("WARC-Type: resource\r\n"));
    }
}

#[test]
fn a_later_version_is_refused_and_left_alone() {
    let items = mixture(5);
    let contents = written(&items, 5).contents();
    let mut later = contents.clone();
    // A line whose version is newer, with a checksum that holds.
    let text =
        r#"{"v":99,"seq":4,"warc":[1,1],"at":"1970-01-01T00:00:00Z","event":{"kind":"later"}}"#;
    let sum = &sha256_hex(text.as_bytes())[..16];
    let line = format!("{{\"sum\":\"{sum}\",\"line\":{text}}}\n");
    later
        .get_mut(Path::new(JOURNAL))
        .unwrap()
        .extend_from_slice(line.as_bytes());
    let files = disk_of(&later);
    let refused = DiskArchive::open_on(
        Arc::new(files.clone()),
        Path::new(DIR),
        ArchiveOptions::default(),
    );
    assert!(
        matches!(refused, Err(ArchiveError::Newer { found: 99, .. })),
        "{refused:?}"
    );
    assert_eq!(files.contents(), later);
}

fn sha256_hex(bytes: &[u8]) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[test]
fn strangers_in_the_folders_are_left_alone() {
    let items = mixture(5);
    let mut contents = written(&items, 5).contents();
    contents.insert("/archive/warc/other.warc.gz".into(), b"x".to_vec());
    contents.insert("/archive/warc/hedui-1.warc.gz".into(), b"x".to_vec());
    contents.insert(
        "/archive/journal/hedui-000002.jsonl.bak".into(),
        b"x".to_vec(),
    );
    let files = disk_of(&contents);
    let (archive, diagnostics) = open(&files);
    assert_eq!(diagnostics, []);
    assert_eq!(found(&archive), items);
}

#[test]
fn an_exchange_without_a_request_is_kept() {
    let files = SimFiles::new();
    let (archive, _) = open(&files);
    let Record::Exchange {
        mut exchange,
        context,
        ..
    } = fetched(1, b"x")
    else {
        unreachable!()
    };
    exchange.request.clear();
    let record = Put::Record(Record::Exchange {
        exchange,
        context,
        prior: None,
    });
    put(&archive, &record).unwrap();
    assert_eq!(found(&archive), [record]);
}
