//! Who wrote a page.

use std::ops::Range;

use super::content::Layout;
use super::dom::Kind;
use super::metadata::Head;
use super::title::SiteNames;
use crate::date::find_dates;
use crate::words::{ClassRole, NameRole, Role, Words, lower};

/// The most names that are taken.
const NAMES_MAX: usize = 12;

/// Finds the authors; names are parted by `; `.
pub(super) fn find(
    layout: &Layout<'_, '_>,
    head: &Head,
    main: &[Range<usize>],
    sites: &SiteNames,
    words: &Words,
) -> Option<String> {
    let structured = clean_all(
        head.structured.authors.iter().map(String::as_str),
        sites,
        words,
    );
    if !structured.is_empty() {
        return Some(structured.join("; "));
    }
    let meta = clean_all(head.metas(NameRole::MetaAuthor, words), sites, words);
    if let Some(first) = meta.first() {
        return Some(first.clone());
    }
    let marked = clean_all(
        marked(layout, main).iter().map(String::as_str),
        sites,
        words,
    );
    if !marked.is_empty() {
        return Some(marked.join("; "));
    }
    let line = byline(layout, main, words);
    let line = clean_all(line.iter().map(String::as_str), sites, words);
    line.first().cloned()
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
        let text = layout.dom.text(at, 160);
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
    let start = main.first().map_or(0, |range| range.start);
    let end = main.last().map_or(layout.dom.len(), |range| range.end);
    let first = layout
        .lines
        .partition_point(|line| line.at < start)
        .saturating_sub(10);
    let mut found = Vec::new();
    let near = layout
        .lines
        .iter()
        .skip(first)
        .take_while(|line| line.at < end + 100);
    for line in near.filter(|line| line.weight < 240) {
        let low = lower(&line.text);
        for (at, _) in low.char_indices() {
            let starts_word = low
                .get(..at)
                .is_some_and(|before| !before.ends_with(char::is_alphanumeric) || !low.is_ascii());
            let rest = low.get(at..).unwrap_or("");
            let Some(length) = words
                .starts_with(Role::Byline, rest)
                .filter(|_| starts_word)
            else {
                continue;
            };
            // Lower case may change the length of a text; then it is not cut.
            let is_latin_inside = at > 0 && rest.is_ascii() && line.weight > 100;
            let name = line
                .text
                .get(at + length..)
                .filter(|_| low.len() == line.text.len() && !is_latin_inside);
            if let Some(name) = name {
                found.push(name.to_owned());
            }
            break;
        }
        if found.len() >= 3 {
            break;
        }
    }
    found
}

fn clean_all<'a>(
    names: impl Iterator<Item = &'a str>,
    sites: &SiteNames,
    words: &Words,
) -> Vec<String> {
    let mut cleaned: Vec<String> = Vec::new();
    for name in names {
        for name in clean(name, sites, words) {
            let is_known = cleaned.iter().any(|known| lower(known) == lower(&name));
            if !is_known && cleaned.len() < NAMES_MAX {
                cleaned.push(name);
            }
        }
    }
    cleaned
}

/// Takes the names out of what stands in a byline.
fn clean(text: &str, sites: &SiteNames, words: &Words) -> Vec<String> {
    let mut text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.starts_with("http") || text.contains("://") || text.chars().count() > 200 {
        return Vec::new();
    }
    for _ in 0..3 {
        let low = lower(&text);
        match words.starts_with(Role::Byline, &low) {
            Some(length) if low.len() == text.len() => {
                text = text.get(length..).unwrap_or("").trim().to_owned()
            }
            _ => break,
        }
    }
    if let Some(date) = find_dates(&text, words).first() {
        text.truncate(date.start);
    }
    let text = text.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | ')' | '）'));
    let parts = text
        .split([';', '；', '|', '｜', '／', '•', '·'])
        .flat_map(|part| part.split(" / "));
    let mut names = Vec::new();
    for part in parts.take(NAMES_MAX) {
        let part = part
            .trim()
            .trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | ')' | '）'))
            .trim();
        let low = lower(part);
        let length = part.chars().count();
        let has_letter = part.chars().any(char::is_alphabetic);
        let is_name = has_letter
            && (2..=80).contains(&length)
            && !words.is(Role::NoAuthor, &low)
            && part.split_whitespace().count() <= 12
            && !part.contains('@');
        let is_source = words.starts_with(Role::SourceLabel, &low).is_some();
        if is_name && !is_source && !sites.is_exactly(part) {
            names.push(part.to_owned());
        } else if names.is_empty() && is_name && !is_source {
            // The site itself as author is better than none only where nothing else is found: left to the caller.
        }
    }
    names
}
