//! An index that is damaged asks to be rebuilt; it never answers from half of itself.

use std::fs;
use std::path::{Path, PathBuf};

use hedui_store::index::{IndexError, SearchIndex, SearchRequest, TantivyIndex};
use hedui_text::Analyzer;

use crate::fixture::{articles, claims, vocabulary};

fn open(folder: &Path) -> Result<TantivyIndex, IndexError> {
    TantivyIndex::open(folder, Analyzer::builtin(), vocabulary())
}

/// Makes an index of two commits.
fn filled(folder: &Path) {
    let mut index = open(folder).unwrap();
    for (number, articles) in articles().chunks(6).enumerate() {
        for article in articles {
            index.add(article, &claims(article), None).unwrap();
        }
        index.commit(&[u8::try_from(number).unwrap()]).unwrap();
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.is_file() && path.extension().is_none_or(|end| end != "lock"));
    files.sort();
    files
}

fn copied(from: &Path, to: &Path) {
    for file in files(from) {
        fs::copy(&file, to.join(file.file_name().unwrap())).unwrap();
    }
}

/// Tells whether the folder either asks for a rebuild or has everything that its mark stands for.
fn is_sound(folder: &Path) -> Result<&'static str, String> {
    let index = match open(folder) {
        Ok(index) => index,
        Err(IndexError::Rebuild { .. }) => return Ok("rebuild"),
        Err(other) => return Err(other.to_string()),
    };
    let expected = match index.applied().as_deref() {
        None => 0,
        Some([0]) => 6,
        Some([1]) => 12,
        other => return Err(format!("{other:?}")),
    };
    let answer = index
        .reader()
        .search(&SearchRequest::new("*"))
        .map_err(|error| error.to_string())?;
    if answer.articles == expected && index.reader().len() == expected {
        Ok("whole")
    } else {
        Err(format!("{} of {expected} articles", answer.articles))
    }
}

#[test]
fn every_file_cut_zeroed_flipped_or_missing_is_noticed() {
    let whole = tempfile::tempdir().unwrap();
    filled(whole.path());
    let mut rebuilt = 0;
    for file in files(whole.path()) {
        let name = file.file_name().unwrap();
        let content = fs::read(&file).unwrap();
        let mut flipped = content.clone();
        let middle = flipped.len() / 2;
        flipped[middle] ^= 0x10;
        let damages: [(&str, Option<Vec<u8>>); 5] = [
            ("empty", Some(Vec::new())),
            ("half", Some(content[..content.len() / 2].to_vec())),
            ("zeroed", Some(vec![0; content.len()])),
            ("flipped", Some(flipped)),
            ("missing", None),
        ];
        for (damage, content) in damages {
            let folder = tempfile::tempdir().unwrap();
            copied(whole.path(), folder.path());
            match content {
                Some(content) => fs::write(folder.path().join(name), content).unwrap(),
                None => fs::remove_file(folder.path().join(name)).unwrap(),
            }
            let sound = is_sound(folder.path());
            assert!(sound.is_ok(), "{damage} {}: {sound:?}", name.display());
            rebuilt += usize::from(sound == Ok("rebuild"));
        }
    }
    assert!(rebuilt > 20, "{rebuilt}");
}

#[test]
fn a_folder_that_was_rolled_back_is_as_it_was_or_asks_for_a_rebuild() {
    let (old, new) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut index = open(new.path()).unwrap();
    for (number, articles) in articles().chunks(6).enumerate() {
        for article in articles {
            index.add(article, &[], None).unwrap();
        }
        index.commit(&[u8::try_from(number).unwrap()]).unwrap();
        if number == 0 {
            copied(new.path(), old.path());
        }
    }
    drop(index);
    for file in files(old.path()) {
        let folder = tempfile::tempdir().unwrap();
        copied(new.path(), folder.path());
        fs::copy(&file, folder.path().join(file.file_name().unwrap())).unwrap();
        let sound = is_sound(folder.path());
        assert!(sound.is_ok(), "{}: {sound:?}", file.display());
    }
    assert_eq!(is_sound(old.path()), Ok("whole"));
}

#[test]
fn another_version_is_rebuilt() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path());
    let path = folder.path().join("meta.json");
    let meta = fs::read_to_string(&path).unwrap();
    let (before, payload) = meta.split_once("\"payload\":").unwrap();
    let payload = payload.replacen(char::is_numeric, "999", 1);
    fs::write(&path, format!("{before}\"payload\":{payload}")).unwrap();
    assert!(matches!(
        open(folder.path()),
        Err(IndexError::Rebuild { .. })
    ));
}
