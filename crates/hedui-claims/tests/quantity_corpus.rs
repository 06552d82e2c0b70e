//! The quantity reader against `tests/corpus/quantities`: a case is right when exactly what it expects is read.
//!
//! `QUANTITY_CASES=all cargo test -p hedui-claims --test quantity_corpus -- --nocapture` prints what fails.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use hedui_claims::quantity::{QuantityReader, ReadContext};
use hedui_model::{Bound, Decimal, Interval, Kind, Lang, Quantity, Region};
use hedui_text::{Folder, Lexicon};
use jiff::civil::DateTime;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    text: String,
    lang: String,
    region: Option<String>,
    reference_time: Option<String>,
    #[allow(dead_code)]
    seen: String,
    expect: Vec<Expected>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    span: String,
    /// Which occurrence is meant, from 1, if the span stands in the text more than once.
    at: Option<usize>,
    kind: Kind,
    low: Option<String>,
    high: Option<String>,
    unit: String,
    per: Option<String>,
    bound: Option<Bound>,
    precision: Option<u8>,
    gloss_of: Option<u32>,
    #[serde(default)]
    candidates: Vec<String>,
}

#[derive(Deserialize)]
struct Floors {
    quantities: BTreeMap<String, f64>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn the_corpus_is_read_as_well_as_its_floors_say() {
    let floors: Floors =
        toml::from_str(&std::fs::read_to_string(root().join("tests/floors.toml")).unwrap())
            .unwrap();
    let reader = QuantityReader::new(Lexicon::builtin());
    let print = std::env::var("QUANTITY_CASES").unwrap_or_default();
    let mut below = Vec::new();
    let (mut all_right, mut all) = (0, 0);
    let mut paths: Vec<PathBuf> = std::fs::read_dir(root().join("tests/corpus/quantities"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "toml")
        })
        .collect();
    paths.sort();
    for path in paths {
        let theme = path.file_stem().unwrap().to_string_lossy().into_owned();
        let file: File = toml::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let mut right = 0;
        for case in &file.case {
            let found = read(&reader, case);
            let faults = faults(case, &found);
            right += usize::from(faults.is_empty());
            if !faults.is_empty() && (print == "all" || print == theme) {
                println!("{theme}: {}\n    {}", case.name, case.text);
                for fault in faults {
                    println!("    {fault}");
                }
            }
        }
        let share = share(right, file.case.len());
        println!("{theme:20} {right:3} of {:3}  {share:.3}", file.case.len());
        all_right += right;
        all += file.case.len();
        let floor = floors.quantities.get(&theme).copied().unwrap_or(0.0);
        if share + 1e-9 < floor {
            below.push(format!("{theme}: {share:.3} is below {floor}"));
        }
    }
    println!(
        "{:20} {all_right:3} of {all:3}  {:.3}",
        "all",
        share(all_right, all)
    );
    assert!(below.is_empty(), "{}", below.join("\n"));
}

#[allow(clippy::cast_precision_loss)]
fn share(right: usize, all: usize) -> f64 {
    right as f64 / all.max(1) as f64
}

fn read(reader: &QuantityReader, case: &Case) -> Vec<Quantity> {
    let folded = Folder::builtin().fold(&case.text);
    let context = ReadContext {
        region: case
            .region
            .as_deref()
            .map(|region| region.parse::<Region>().unwrap()),
        lang: if case.lang.starts_with("zh") {
            Lang::Zh
        } else {
            Lang::En
        },
        reference: case
            .reference_time
            .as_deref()
            .map(|time| time.get(..10).unwrap().parse().unwrap()),
        hours: true,
        time: case
            .reference_time
            .as_deref()
            .and_then(|time| time.get(11..))
            .map(|time| time.parse().unwrap()),
    };
    reader.read(&folded.text, &folded.map, &context)
}

fn faults(case: &Case, found: &[Quantity]) -> Vec<String> {
    let mut faults = Vec::new();
    let mut used = vec![false; found.len()];
    let mut places: Vec<Option<usize>> = Vec::new();
    let mut from = 0;
    for expected in &case.expect {
        let start = match expected.at {
            Some(at) => case
                .text
                .match_indices(&expected.span)
                .nth(at - 1)
                .map(|(byte, _)| byte),
            None => case
                .text
                .get(from..)
                .and_then(|rest| rest.find(&expected.span))
                .map(|at| at + from)
                .or_else(|| case.text.find(&expected.span)),
        };
        let Some(start) = start else {
            faults.push(format!(
                "the case is wrong: `{}` is not in the text",
                expected.span
            ));
            places.push(None);
            continue;
        };
        let end = start + expected.span.len();
        from = end;
        let at = found.iter().enumerate().position(|(index, quantity)| {
            !used[index]
                && quantity.span.start() < end
                && start < quantity.span.end()
                && dated(quantity.kind) == dated(expected.kind)
        });
        places.push(at);
        let Some(at) = at else {
            faults.push(format!("missing `{}`", expected.span));
            continue;
        };
        used[at] = true;
        let quantity = &found[at];
        let text = quantity
            .span
            .of(&case.text)
            .unwrap_or("(not on character boundaries)");
        if (quantity.span.start(), quantity.span.end()) != (start, end) {
            faults.push(format!("span `{text}`, not `{}`", expected.span));
        }
        compare(expected, quantity, text, &mut faults);
        let gloss = expected
            .gloss_of
            .and_then(|index| places.get(index as usize).copied().flatten());
        if quantity.gloss_of.map(|index| index as usize) != gloss {
            faults.push(format!(
                "`{text}` gloss_of {:?}, not {gloss:?}",
                quantity.gloss_of
            ));
        }
    }
    for (quantity, used) in found.iter().zip(&used) {
        if !used && !holds_another(quantity, found) {
            let text = quantity.span.of(&case.text).unwrap_or_default();
            faults.push(format!(
                "`{text}` read as {:?} {:?} {}",
                quantity.kind,
                quantity.interval(),
                quantity.unit.id
            ));
        }
    }
    faults
}

/// A period that holds the length of time it is made of is a second reading of the same words.
fn holds_another(quantity: &Quantity, found: &[Quantity]) -> bool {
    dated(quantity.kind)
        && found
            .iter()
            .any(|other| other.kind == Kind::Duration && quantity.span.contains(other.span))
}

fn dated(kind: Kind) -> bool {
    matches!(kind, Kind::Date | Kind::DateRange)
}

fn compare(expected: &Expected, quantity: &Quantity, text: &str, faults: &mut Vec<String>) {
    let mut note = |what: &str, found: String, wanted: String| {
        if found != wanted {
            faults.push(format!("`{text}` {what} {found}, not {wanted}"));
        }
    };
    let one_sided = dated(quantity.kind)
        && matches!(
            quantity.bound,
            Bound::AtMost | Bound::AtLeast | Bound::LessThan | Bound::MoreThan
        );
    if !one_sided {
        note(
            "kind",
            format!("{:?}", quantity.kind),
            format!("{:?}", expected.kind),
        );
    }
    let judged = expected.low.is_some() || expected.high.is_some();
    let (low, high) = match quantity.interval() {
        Interval::Number { low, high } => (low.map(plain), high.map(plain)),
        Interval::Date { low, high } => (
            low.map(|low| low.to_string()),
            high.map(|high| high.to_string()),
        ),
        Interval::Time { low, high } => (
            low.map(|low| low.to_string()),
            high.map(|high| high.to_string()),
        ),
    };
    let wanted = |end: &Option<String>| {
        end.as_ref()
            .map(|text| text.parse::<Decimal>().map_or(text.clone(), plain))
    };
    if judged && dated(quantity.kind) {
        if !same_days(expected, quantity) {
            note(
                "days",
                format!("{low:?}..{high:?}"),
                format!("{:?}..{:?}", expected.low, expected.high),
            );
        }
    } else if judged {
        note(
            "low",
            format!("{low:?}"),
            format!("{:?}", wanted(&expected.low)),
        );
        note(
            "high",
            format!("{high:?}"),
            format!("{:?}", wanted(&expected.high)),
        );
    }
    let unit = &quantity.unit.id;
    // The corpus: a reader that cannot tell the noun compares `count:` alone.
    let same_count = unit.starts_with("count:") && expected.unit.starts_with("count:");
    if !(same_count || expected.unit == "number" && unit.is_empty()) {
        note("unit", unit.clone(), expected.unit.clone());
    }
    note(
        "per",
        format!("{:?}", quantity.unit.per),
        format!("{:?}", expected.per),
    );
    if let Some(bound) = expected.bound {
        note(
            "bound",
            format!("{:?}", quantity.bound),
            format!("{bound:?}"),
        );
    }
    if let Some(precision) = expected.precision {
        note(
            "precision",
            quantity.precision.to_string(),
            precision.to_string(),
        );
    }
    for candidate in &expected.candidates {
        if !quantity.candidates.contains(candidate) {
            faults.push(format!("`{text}` does not offer {candidate}"));
        }
    }
}

/// The corpus leaves bounds of periods out (by, since, 截至): the period itself is compared, whichever side is open.
fn same_days(expected: &Expected, quantity: &Quantity) -> bool {
    let (low, high) = match quantity.interval() {
        Interval::Date { low, high } => (low, high),
        Interval::Time { low, high } => return same_times(expected, (low, high)),
        Interval::Number { .. } => return false,
    };
    let day = |text: &Option<String>| {
        text.as_deref()
            .and_then(|text| text.parse::<jiff::civil::Date>().ok())
    };
    let (from, to) = (day(&expected.low), day(&expected.high));
    match quantity.bound {
        Bound::LessThan => high.and_then(|high| high.tomorrow().ok()) == from,
        Bound::MoreThan => low.and_then(|low| low.yesterday().ok()) == to,
        Bound::AtMost => high == to,
        Bound::AtLeast => low == from,
        _ => (low, high) == (from, to),
    }
}

/// Times are compared as they are, open ends too: the upper end is the first instant that is no longer meant.
fn same_times(expected: &Expected, found: (Option<DateTime>, Option<DateTime>)) -> bool {
    let time = |text: &Option<String>| text.as_deref().map(str::parse::<DateTime>);
    let (Ok(low), Ok(high)) = (
        time(&expected.low).transpose(),
        time(&expected.high).transpose(),
    ) else {
        return false;
    };
    let said = [&expected.low, &expected.high];
    (low, high) == found
        && said
            .iter()
            .all(|end| end.as_ref().is_none_or(|end| end.contains('T')))
}

fn plain(value: Decimal) -> String {
    value.normalized().rounded(10).normalized().to_string()
}
