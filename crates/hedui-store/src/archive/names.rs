//! Names of the archive's files: numbers, so that nothing from outside can become a path.

/// What stands before the number.
const PREFIX: &str = "hedui-";

/// What stands after the number of a segment.
pub(super) const SEGMENT: &str = ".warc.gz";

/// What stands after the number of a journal file.
pub(super) const JOURNAL: &str = ".jsonl";

/// Returns the name of the file with this number.
pub(super) fn file_name(number: u32, suffix: &str) -> String {
    format!("{PREFIX}{number:06}{suffix}")
}

/// Returns the numbers of the files of this kind, rising. Files with other names are none of ours.
pub(super) fn numbers(names: &[String], suffix: &str) -> Vec<u32> {
    let mut numbers: Vec<u32> = names
        .iter()
        .filter_map(|name| {
            let number = name
                .strip_prefix(PREFIX)?
                .strip_suffix(suffix)?
                .parse()
                .ok()?;
            (number > 0 && file_name(number, suffix) == *name).then_some(number)
        })
        .collect();
    numbers.sort_unstable();
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_we_give_are_ours() {
        let names = [
            "hedui-000002.warc.gz",
            "hedui-000001.warc.gz",
            "hedui-1000000.warc.gz",
            "hedui-1.warc.gz",
            "hedui-000000.warc.gz",
            "hedui-000003.jsonl",
            "hedui-+00003.warc.gz",
            "x",
        ]
        .map(str::to_owned);
        assert_eq!(numbers(&names, SEGMENT), [1, 2, 1_000_000]);
        assert_eq!(numbers(&names, JOURNAL), [3]);
    }
}
