//! What every [`SearchIndex`] does, whatever it is made of.

use std::sync::Arc;

use hedui_store::index::{IndexError, SearchIndex, SearchReader, SearchRequest, TantivyIndex};
use hedui_text::Analyzer;

use crate::fixture::{article, articles, empty, ids, key, vocabulary};

fn found(reader: &Arc<dyn SearchReader>, query: &str) -> Vec<String> {
    ids(&reader.search(&SearchRequest::new(query)).unwrap())
}

fn nothing_is_seen_before_it_is_committed(index: &mut dyn SearchIndex) {
    let reader = index.reader();
    assert_eq!(index.applied(), None);
    assert!(reader.is_empty());
    index.add(&articles()[0], &[], None).unwrap();
    assert!(reader.is_empty());
    index.commit(b"\x00\xffone").unwrap();
    assert_eq!(index.applied().as_deref(), Some(&b"\x00\xffone"[..]));
    assert_eq!(reader.len(), 1);
    assert_eq!(found(&reader, "\"台積電\""), ["hant-fab"]);
}

fn a_revision_replaces_the_older_one(index: &mut dyn SearchIndex) {
    let reader = index.reader();
    let old = article("a", "s", "2025-01-01", "first title", "alpha");
    let new = article("a", "s", "2025-01-01", "second title", "beta");
    index.add(&old, &[], None).unwrap();
    index.commit(b"1").unwrap();
    index.add(&new, &[], None).unwrap();
    index.add(&new, &[], None).unwrap();
    assert_eq!(found(&reader, "alpha"), ["a"]);
    index.commit(b"2").unwrap();
    assert_eq!(reader.len(), 1);
    assert!(found(&reader, "alpha").is_empty());
    assert_eq!(found(&reader, "beta title"), ["a"]);
}

fn deleting_takes_out_one_article(index: &mut dyn SearchIndex) {
    let reader = index.reader();
    for id in ["a", "a/b"] {
        index
            .add(&article(id, "s", "2025-01-01", "title", "alpha"), &[], None)
            .unwrap();
    }
    index.commit(b"1").unwrap();
    index.delete(&key("a")).unwrap();
    index.delete(&key("unknown")).unwrap();
    index.commit(b"2").unwrap();
    assert_eq!(found(&reader, "alpha"), ["a/b"]);
    // Added and deleted between two commits: the last word counts.
    index
        .add(
            &article("a", "s", "2025-01-01", "title", "alpha"),
            &[],
            None,
        )
        .unwrap();
    index.delete(&key("a")).unwrap();
    index.delete(&key("a/b")).unwrap();
    index
        .add(
            &article("a/b", "s", "2025-01-01", "title", "alpha"),
            &[],
            None,
        )
        .unwrap();
    index.commit(b"3").unwrap();
    assert_eq!(found(&reader, "alpha"), ["a/b"]);
}

fn an_empty_article_is_kept(index: &mut dyn SearchIndex) {
    index
        .add(&article("a", "s", "2025-01-01", "", ""), &[], None)
        .unwrap();
    index.commit(b"1").unwrap();
    let answer = index.reader().search(&SearchRequest::new("*")).unwrap();
    assert_eq!(ids(&answer), ["a"]);
    assert!(answer.hits[0].snippets.is_empty());
}

fn readers_answer_while_it_is_written(index: &mut dyn SearchIndex) {
    let reader = index.reader();
    std::thread::scope(|scope| {
        let asked = scope.spawn(|| {
            let mut seen = 0;
            while seen < 20 {
                // Commits are seen whole: five articles at a time.
                let answer = reader.search(&SearchRequest::new("alpha")).unwrap();
                assert_eq!(answer.articles % 5, 0);
                assert!(answer.articles >= seen);
                seen = answer.articles;
            }
        });
        for batch in 0..4 {
            for number in 0..5 {
                let id = format!("{batch}-{number}");
                index
                    .add(
                        &article(&id, "s", "2025-01-01", "title", "alpha"),
                        &[],
                        None,
                    )
                    .unwrap();
            }
            index.commit(&[batch]).unwrap();
        }
        asked.join().unwrap();
    });
}

type Check = fn(&mut dyn SearchIndex);

const SUITE: &[Check] = &[
    nothing_is_seen_before_it_is_committed,
    a_revision_replaces_the_older_one,
    deleting_takes_out_one_article,
    an_empty_article_is_kept,
    readers_answer_while_it_is_written,
];

#[test]
fn in_memory() {
    for check in SUITE {
        check(&mut empty());
    }
}

#[test]
fn in_a_folder() {
    for check in SUITE {
        let folder = tempfile::tempdir().unwrap();
        let mut index =
            TantivyIndex::open(folder.path(), Analyzer::builtin(), vocabulary()).unwrap();
        check(&mut index);
    }
}

#[test]
fn what_was_committed_is_there_after_opening_again() {
    let folder = tempfile::tempdir().unwrap();
    let open = || TantivyIndex::open(folder.path(), Analyzer::builtin(), vocabulary());
    let mut index = open().unwrap();
    assert!(matches!(open(), Err(IndexError::Held)));
    index.add(&articles()[0], &[], None).unwrap();
    index.commit(b"one").unwrap();
    index.add(&articles()[1], &[], None).unwrap();
    drop(index);

    let index = open().unwrap();
    assert_eq!(index.applied().as_deref(), Some(&b"one"[..]));
    assert_eq!(found(&index.reader(), "*"), ["hant-fab"]);
    index.verify().unwrap();
}
