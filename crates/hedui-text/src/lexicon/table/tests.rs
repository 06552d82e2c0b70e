#![allow(clippy::unwrap_used)]

use serde::Deserialize;

use super::*;

#[derive(Debug, Deserialize)]
struct Unit {
    id: String,
    #[serde(default, rename = "forms")]
    _forms: Vec<Form>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    #[serde(rename = "zh")]
    _zh: Option<String>,
}

fn read(text: &str) -> Result<Vec<Row<Unit>>, LexiconError> {
    let file = File::parse("my.toml", text)?;
    let rows = file.rows("unit")?;
    file.finish()?;
    Ok(rows)
}

fn refusal(text: &str) -> String {
    read(text).unwrap_err().to_string()
}

#[test]
fn rows_know_their_lines() {
    let rows = read("# units\n[[unit]]\nid = 'a'\n\n[[unit]]\nid = 'b'\n").unwrap();
    let found: Vec<_> = rows
        .iter()
        .map(|row| (row.value.id.as_str(), row.line))
        .collect();
    assert_eq!(found, [("a", 2), ("b", 5)]);
    assert_eq!(
        rows[1].error("id", "taken").to_string(),
        "my.toml:5: field `id` of `[[unit]]`: taken"
    );
}

#[test]
fn what_is_wrong_is_named_with_its_place_and_a_remedy() {
    let cases = [
        (
            "[[unit]]\nid = 'a'\nform = []",
            "my.toml:3: unknown field `form` in `[[unit]]`; did you mean `forms`?",
        ),
        (
            "[[unit]]\nid = 'a'\nforms = [\n  { zh = 'x' },\n  { zhh = 'x' },\n]",
            "my.toml:5: unknown field `zhh` in `[[unit]]`; did you mean `zh`?",
        ),
        (
            "[[unit]]\nid = 'a'\ncolour = 1",
            "my.toml:3: unknown field `colour` in `[[unit]]`; known are `id`, `forms`",
        ),
        (
            "[[unit]]\nforms = []",
            "my.toml:1: in `[[unit]]`: missing field `id`",
        ),
        (
            "\n[[unit]]\nid = 7",
            "my.toml:3: in `[[unit]]`: invalid type: integer `7`, expected a string",
        ),
        (
            "\n[[units]]\nid = 'a'",
            "my.toml:2: unknown table `units`; did you mean `unit`?",
        ),
        (
            "[unit]\nid = 'a'",
            "my.toml:1: `unit` has rows: write `[[unit]]` above each",
        ),
        (
            "unit = [1]",
            "my.toml:1: `unit` has rows: write `[[unit]]` above each",
        ),
    ];
    for (text, message) in cases {
        assert_eq!(refusal(text), message, "{text}");
    }
}

#[test]
fn a_file_that_is_not_toml_is_refused_with_its_line() {
    assert!(refusal("[[unit]]\nid = 'a").starts_with("my.toml:2: not valid TOML: "));
}

#[test]
fn distance_counts_letters() {
    assert_eq!(edit_distance("", "abc"), 3);
    assert_eq!(edit_distance("kitten", "sitting"), 3);
    assert_eq!(edit_distance("億元", "亿元"), 1);
}
