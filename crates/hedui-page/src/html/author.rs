//! Who wrote a page.

use std::ops::Range;

use super::content::Layout;
use super::dom::Kind;
use super::lines::Line;
use super::metadata::Head;
use super::origin::{Found, Origin};
use super::title::SiteNames;
use crate::date::find_dates;
use crate::words::{ClassRole, NameRole, Role, Words, lower};

/// The most names that are taken.
const NAMES_MAX: usize = 12;

/// Finds the authors, and says where; names are parted by `; `.
pub(super) fn find(
    layout: &Layout<'_, '_>,
    head: &Head,
    main: &[Range<usize>],
    sites: &SiteNames,
    words: &Words,
) -> Option<Found<String>> {
    let structured: Vec<&str> = head.structured.authors.iter().map(String::as_str).collect();
    let metas: Vec<&str> = head.metas(NameRole::MetaAuthor, words).collect();
    let marked = marked(layout, main);
    let marked: Vec<&str> = marked.iter().map(String::as_str).collect();
    let line = byline(layout, main, words);
    let line: Vec<&str> = line.iter().map(String::as_str).collect();
    let reporters = reporters(layout, main, words);
    let reporters: Vec<&str> = reporters.iter().map(String::as_str).collect();
    // A site may name itself as its author; a person is better, wherever named.
    for is_person in [true, false] {
        let places = [
            (&structured, Origin::JsonLd),
            (&metas, Origin::Meta),
            (&marked, Origin::Marked),
            (&line, Origin::Text),
            (&reporters, Origin::Text),
        ];
        for (names, origin) in places {
            let mut names = clean_all(names.iter().copied(), words);
            if is_person {
                names.retain(|name| !sites.is_exactly(name));
            }
            if !names.is_empty() {
                return Some((names.join("; "), origin));
            }
        }
    }
    None
}

/// Elements that are marked as authors by `rel`, microdata or class, outermost last.
fn marked(layout: &Layout<'_, '_>, main: &[Range<usize>]) -> Vec<String> {
    let end = main.last().map_or(layout.dom.len(), |range| range.end);
    let mut by_rel = Vec::new();
    let mut by_property = Vec::new();
    let mut by_class = Vec::new();
    for (at, node) in layout.dom.iter() {
        let Kind::Element(element, _) = node.kind else {
            continue;
        };
        let has_rel = element
            .attr("rel")
            .is_some_and(|rel| rel.split_ascii_whitespace().any(|rel| rel == "author"));
        let property = element
            .attr("itemprop")
            .is_some_and(|property| property.eq_ignore_ascii_case("author"));
        let has_class = layout.has(at, ClassRole::Author);
        if !(has_rel || property || has_class)
            || super::body::is_within(layout, at, ClassRole::Comment)
        {
            continue;
        }
        if has_class && !has_rel && !property && at > end + 400 {
            continue;
        }
        let text = layout.dom.spaced_text(at, 160);
        let text = match element.attr("content") {
            Some(content) if text.is_empty() => content.to_owned(),
            _ => text,
        };
        if text.is_empty() {
            continue;
        }
        let list = if has_rel {
            &mut by_rel
        } else if property {
            &mut by_property
        } else {
            &mut by_class
        };
        if list.len() < NAMES_MAX && !list.contains(&text) {
            list.push(text);
        }
    }
    // Several elements of one class are one inside the other, or a list of other articles: the first is the byline.
    by_class.truncate(3);
    let lists = [by_property, by_rel, by_class];
    lists
        .into_iter()
        .find(|list| !list.is_empty())
        .unwrap_or_default()
}

/// Lines around the beginning and end of the main content that begin as bylines do.
fn byline(layout: &Layout<'_, '_>, main: &[Range<usize>], words: &Words) -> Vec<String> {
    let near = lines_around(layout, main);
    let mut found = Vec::new();
    for (index, line) in near
        .iter()
        .enumerate()
        .filter(|(_, line)| line.weight < 240)
    {
        match after_label(line, words) {
            // A label alone, and the name on the next line.
            Some(name) if name.trim().is_empty() => {
                let next = near.get(index + 1).filter(|next| next.weight < 60);
                found.extend(next.map(|next| next.text.clone()));
            }
            Some(name) => found.push(name),
            None => {}
        }
        if found.len() >= 3 {
            break;
        }
    }
    found
}

/// The lines where bylines stand: before and at the beginning of the main content, and at its end.
fn lines_around<'b>(layout: &Layout<'_, 'b>, main: &[Range<usize>]) -> Vec<&'b Line> {
    let lines = layout.lines;
    let start = main.first().map_or(0, |range| range.start);
    let end = main.last().map_or(layout.dom.len(), |range| range.end);
    let first = lines.partition_point(|line| line.at < start);
    let last = lines.partition_point(|line| line.at < end);
    let head_end = (first + 40).min(last);
    let head = lines.get(first.saturating_sub(10)..head_end).unwrap_or(&[]);
    let tail_start = last.saturating_sub(8).max(head_end);
    let tail = lines
        .get(tail_start..(last + 12).min(lines.len()))
        .unwrap_or(&[]);
    head.iter().chain(tail).collect()
}

/// Names behind *reporter* in the dateline that a story begins or ends with: 記者王小明／台北報導.
fn reporters(layout: &Layout<'_, '_>, main: &[Range<usize>], words: &Words) -> Vec<String> {
    let start = main.first().map_or(0, |range| range.start);
    let end = main.last().map_or(layout.dom.len(), |range| range.end);
    let first = layout.lines.partition_point(|line| line.at < start);
    let last = layout.lines.partition_point(|line| line.at < end);
    let head = layout
        .lines
        .get(first.saturating_sub(6)..(first + 4).min(last))
        .unwrap_or(&[]);
    let tail = layout
        .lines
        .get(last.saturating_sub(2).max(first)..last)
        .unwrap_or(&[]);
    let starts = head
        .iter()
        .map(|line| line.text.chars().take(48).collect::<String>());
    let ends = tail.iter().map(|line| {
        let skip = line.text.chars().count().saturating_sub(48);
        line.text.chars().skip(skip).collect::<String>()
    });
    starts
        .chain(ends)
        .map(|text| names_after_reporter(&text, words))
        .find(|names| !names.is_empty())
        .unwrap_or_default()
}

fn names_after_reporter(text: &str, words: &Words) -> Vec<String> {
    let mut labels = words.phrases(Role::Reporter).iter();
    let Some(rest) = labels.find_map(|label| text.split_once(label.as_str()).map(|(_, rest)| rest))
    else {
        return Vec::new();
    };
    let is_han = |c: char| super::lines::weight(c) == 3 && c.is_alphabetic();
    let mut names = Vec::new();
    let mut rest = rest;
    while names.len() < 4 {
        rest = rest.trim_start();
        let run: String = rest.chars().take_while(|&c| is_han(c)).collect();
        let behind = rest.get(run.len()..).unwrap_or("").trim_start();
        // A name is of two to four characters; in a longer run a place follows it, and three are the likeliest.
        let length = run.chars().count();
        let is_whole = (2..=4).contains(&length)
            && behind.starts_with(|c: char| !is_han(c) && !c.is_ascii_digit());
        match length {
            _ if is_whole => names.push(run.clone()),
            5..=12 => names.push(run.chars().take(3).collect()),
            _ => break,
        }
        match behind.strip_prefix(['、', '，']).filter(|_| is_whole) {
            Some(next) => rest = next,
            None => break,
        }
    }
    names
}

/// What stands behind the label of a byline: at the start of a line, or inside of a short one.
fn after_label(line: &Line, words: &Words) -> Option<String> {
    let low = lower(&line.text);
    // Lower case may change the length of a text; then it cannot be cut.
    if low.len() != line.text.len() {
        return None;
    }
    for (at, first) in low.char_indices() {
        let before = low.get(..at)?;
        let rest = low.get(at..)?;
        let starts_word =
            !before.ends_with(char::is_alphanumeric) || super::lines::weight(first) == 3;
        let is_short = line.weight < 110 && !super::lines::ends_sentence(&low);
        let may_be = at == 0 || (starts_word && (super::lines::weight(first) == 3 || is_short));
        if !may_be {
            continue;
        }
        let label = words.starts_with(Role::Byline, rest);
        // The space behind a label is cut off at the end of a line.
        let bare = || {
            words
                .is(Role::Byline, &format!("{rest} "))
                .then_some(rest.len())
        };
        if let Some(length) = label.or_else(bare) {
            return line.text.get(at + length..).map(str::to_owned);
        }
    }
    None
}

fn clean_all<'a>(names: impl Iterator<Item = &'a str>, words: &Words) -> Vec<String> {
    let mut cleaned: Vec<String> = Vec::new();
    for name in names.flat_map(|name| clean(name, words)) {
        let is_known = cleaned
            .iter()
            .any(|known| lower(known).contains(&lower(&name)));
        if !is_known && cleaned.len() < NAMES_MAX {
            cleaned.push(name);
        }
    }
    cleaned
}

/// Takes the names out of what stands in a byline.
fn clean(text: &str, words: &Words) -> Vec<String> {
    let mut text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.contains("://") || text.chars().count() > 240 {
        return Vec::new();
    }
    if let Some(date) = find_dates(&text, words).first() {
        let (front, tail) = text.split_at_checked(date.start).unwrap_or((&text, ""));
        let behind = tail.get(date.end - date.start..).unwrap_or("");
        let has_front = front.chars().any(char::is_alphabetic);
        text = if has_front { front } else { behind }.to_owned();
    }
    for _ in 0..3 {
        text = text
            .trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | ')' | '）'))
            .to_owned();
        let low = lower(&text);
        match words.starts_with(Role::Byline, &low) {
            Some(length) if low.len() == text.len() => {
                text = text.get(length..).unwrap_or("").trim().to_owned();
            }
            _ => break,
        }
    }
    let parts = text.split([';', '；', '|', '｜', '／', '•', '·', '：']);
    let parts = parts
        .flat_map(|part| part.split(" / "))
        .flat_map(|part| part.split(" - "));
    parts
        .take(NAMES_MAX)
        .filter_map(|part| name(part, words))
        .collect()
}

/// One name, if it may be one.
fn name(part: &str, words: &Words) -> Option<String> {
    let part = part
        .trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | ')' | '）'))
        .trim();
    let mut part = part.to_owned();
    let mut low = lower(&part);
    for end in words.phrases(Role::BylineEnd) {
        if low.ends_with(end.as_str()) && low.len() == part.len() {
            part.truncate(part.len() - end.len());
            part = part
                .trim_end_matches(|c: char| !c.is_alphanumeric())
                .to_owned();
            low = lower(&part);
        }
    }
    if low.len() != part.len() {
        low.clone_from(&part);
    }
    let count = part.split_whitespace().count();
    let is_latin = part.is_ascii();
    let starts_large = part.chars().next().is_some_and(|c| !c.is_lowercase());
    let has_digit = part.chars().any(|c| c.is_ascii_digit());
    let is_name = part.chars().any(char::is_alphabetic)
        && (2..=80).contains(&part.chars().count())
        && count <= 10
        && !part.contains(['@', '=', '"', '<', '《', '。', '！'])
        && !(has_digit && count > 1)
        && (count == 1 || starts_large || !is_latin)
        && !(part.ends_with('.') && count > 4)
        && !words.is(Role::NoAuthor, &low)
        && words.starts_with(Role::SourceLabel, &low).is_none()
        && words.starts_with(Role::PublishedLabel, &low).is_none();
    is_name.then_some(part)
}
