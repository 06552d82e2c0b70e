//! The text of the main content: which of its lines stay.
//!
//! Lists of links, related headings with what follows them, lines about the making of the page, notices and buttons go;
//! the words that tell are rows of `config/lexicon/pages.toml`. The title is not repeated, and cells of a row of a table
//! stand on one line.

use std::collections::HashSet;
use std::ops::Range;

use super::content::Layout;
use super::dom::Tag;
use super::lines::Line;
use crate::date::find_dates;
use crate::words::{ClassRole, Role, Words, lower};

/// A line counts as short below this weight: it may be a label, a button, a heading.
const SHORT: usize = 90;

/// Joins the lines of the main content.
pub(super) fn text(
    layout: &Layout<'_, '_>,
    main: &[Range<usize>],
    title: &str,
    words: &Words,
) -> String {
    let mut lines = candidates(layout, main);
    drop_noise(layout, &mut lines, words);
    drop_related(layout, &mut lines, words);
    trim_head(&mut lines, title, words);
    trim_tail(&mut lines, words);
    join(layout, &lines)
}

/// The lines that stand in the main content and not in lists of links.
fn candidates<'b>(layout: &'b Layout<'_, '_>, main: &[Range<usize>]) -> Vec<&'b Line> {
    let mut lines = Vec::new();
    for range in main {
        let listed = lists_of_links(layout, range);
        let first = layout.lines.partition_point(|line| line.at < range.start);
        for line in layout
            .lines
            .iter()
            .skip(first)
            .take_while(|line| line.at < range.end)
        {
            let is_caption = is_within(layout, line.block, ClassRole::Caption);
            if !layout.is_dropped(line.at) && !listed.contains(&line.at) && !is_caption {
                lines.push(line);
            }
        }
    }
    lines
}

/// The places of lines in lists, tables and boxes that are mostly links.
fn lists_of_links(layout: &Layout<'_, '_>, range: &Range<usize>) -> HashSet<usize> {
    let mut listed = HashSet::new();
    let whole = layout.sums.weight(range);
    let mut at = range.start + 1;
    while at < range.end {
        let inner = layout.dom.range(at);
        let weight = layout.sums.weight(&inner);
        let is_box = matches!(
            layout.dom.tag(at),
            Some(
                Tag::List
                    | Tag::Table
                    | Tag::Block
                    | Tag::ListItem
                    | Tag::Paragraph
                    | Tag::Row
                    | Tag::Cell
            )
        );
        let links = layout.sums.link_share(&inner);
        let good = layout.sums.good(&inner);
        let is_listed = is_box
            && weight > 0
            && weight * 2 < whole
            && ((links > 0.6 && good * 4 < weight)
                || (links > 0.35 && good == 0 && layout.sums.lines(&inner) > 2));
        if is_listed {
            let first = layout.lines.partition_point(|line| line.at < inner.start);
            let lines = layout
                .lines
                .iter()
                .skip(first)
                .take_while(|line| line.at < inner.end);
            listed.extend(lines.map(|line| line.at));
            at = inner.end.max(at + 1);
        } else {
            at += 1;
        }
    }
    listed
}

fn drop_noise(layout: &Layout<'_, '_>, lines: &mut Vec<&Line>, words: &Words) {
    lines.retain(|line| {
        let text = lower(line.text.trim());
        let has_letter = text.chars().any(char::is_alphanumeric);
        if !has_letter {
            return false;
        }
        let bare = text.trim_matches(|c: char| c.is_ascii_punctuation() || c.is_whitespace());
        if line.weight < SHORT {
            if words.is(Role::NoiseLine, bare) || words.is(Role::NoiseLine, &text) {
                return false;
            }
            let start =
                text.trim_start_matches(|c: char| !c.is_alphanumeric() && !"(（[【".contains(c));
            if words.starts_with(Role::NoiseStart, start).is_some() && !is_heading(layout, line) {
                return false;
            }
        }
        if line.weight < 400 && words.contains(Role::Notice, &text) {
            return false;
        }
        if starts_within(Role::EditorLine, &text, line.weight, words) {
            return false;
        }
        true
    });
}

fn is_heading(layout: &Layout<'_, '_>, line: &Line) -> bool {
    matches!(layout.dom.tag(line.block), Some(Tag::Heading(_)))
}

/// Drops headings of related things, and what stands under them.
fn drop_related(layout: &Layout<'_, '_>, lines: &mut Vec<&Line>, words: &Words) {
    let mut skip_to = 0;
    let mut dropped = HashSet::new();
    for line in lines.iter() {
        if line.at < skip_to {
            dropped.insert(line.at);
            continue;
        }
        if line.weight >= SHORT {
            continue;
        }
        let text = lower(line.text.trim());
        let bare = text.trim_matches(|c: char| !c.is_alphanumeric());
        if words.is(Role::RelatedHeading, bare) {
            dropped.insert(line.at);
            skip_to = end_of_section(layout, line);
        }
    }
    lines.retain(|line| !dropped.contains(&line.at));
}

/// Where what stands under a heading ends: at the next heading of its kind, or where a sentence follows in its parent.
fn end_of_section(layout: &Layout<'_, '_>, heading: &Line) -> usize {
    let mut block = heading.block;
    // A heading alone in its box heads what follows the box.
    while let Some(parent) = layout.dom.parent(block) {
        let inner = layout.dom.range(parent);
        if layout.sums.lines(&inner) > 1 || layout.dom.tag(parent) == Some(Tag::Body) {
            break;
        }
        block = parent;
    }
    let Some(parent) = layout.dom.parent(block) else {
        return heading.at + 1;
    };
    let mut end = layout.dom.range(block).end;
    for sibling in layout.dom.children_from(parent, end) {
        let range = layout.dom.range(sibling);
        let is_sentence = layout.sums.good(&range) > 0 && layout.sums.link_share(&range) < 0.5;
        let is_heading = matches!(layout.dom.tag(sibling), Some(Tag::Heading(_)));
        if is_sentence || is_heading {
            break;
        }
        end = range.end;
    }
    end
}

/// Tells whether a line begins with a phrase, and is so short that it is no sentence about something else.
///
/// A phrase with a colon is a label, and may have a long text behind it; one without may begin a sentence.
fn starts_within(role: Role, text: &str, weight: usize, words: &Words) -> bool {
    words.starts_with(role, text).is_some_and(|length| {
        let phrase = text.get(..length).unwrap_or("");
        if phrase.ends_with([':', '：']) {
            return weight < 300;
        }
        let is_sentence = super::lines::ends_sentence(text) && !text.contains([';', '；', '©']);
        weight < 150 && !is_sentence
    })
}

/// Drops the title, the line of date and source, and the byline at the beginning.
fn trim_head(lines: &mut Vec<&Line>, title: &str, words: &Words) {
    let title = squeeze(title);
    let mut seen = 0;
    let mut kept = 0;
    let mut drop = HashSet::new();
    for line in lines.iter().take(12) {
        seen += 1;
        let squeezed = squeeze(&line.text);
        let is_title = !title.is_empty()
            && (squeezed == title
                || (squeezed.len() > 12 && line.weight < 300 && title.starts_with(&squeezed)));
        let is_line = kept < 3 && line.weight < 160 && is_dateline(&line.text, words);
        if is_title || is_line {
            drop.insert(line.at);
        } else {
            kept += usize::from(line.good() > 0);
        }
        if kept > 3 {
            break;
        }
    }
    let _ = seen;
    lines.retain(|line| !drop.contains(&line.at));
}

/// Tells whether a short line only says when and by whom.
pub(super) fn is_dateline(text: &str, words: &Words) -> bool {
    let text = text.trim();
    let low = lower(text);
    let is_sentence = super::lines::ends_sentence(&low) && low.chars().count() > 40;
    if is_sentence || low.ends_with(['。', '！', '？']) {
        return false;
    }
    let length: usize = low.chars().map(super::lines::weight).sum();
    let dated: usize = find_dates(&low, words)
        .iter()
        .filter_map(|found| low.get(found.start..found.end))
        .map(|date| date.chars().map(super::lines::weight).sum::<usize>())
        .sum();
    let is_labelled = |role: Role| words.starts_with(role, &low).is_some();
    let is_byline = words.starts_with(Role::Byline, &low).is_some_and(|length| {
        // *By the numbers* is a heading.
        let name = text.get(length..).unwrap_or("").trim_start().chars().next();
        name.is_none_or(|first| !first.is_lowercase())
    });
    if dated == 0 {
        return (is_byline || is_labelled(Role::SourceLabel)) && length < 60;
    }
    dated * 5 > length * 2
        || is_byline
        || words.contains(Role::SourceLabel, &low)
        || is_labelled(Role::PublishedLabel)
        || is_labelled(Role::UpdatedLabel)
}

/// Drops what follows the end of the story.
fn trim_tail(lines: &mut Vec<&Line>, words: &Words) {
    let total: usize = lines.iter().map(|line| line.weight).sum();
    let mut before = 0;
    let mut end = lines.len();
    for (index, line) in lines.iter().enumerate() {
        let text = lower(line.text.trim());
        let start = text
            .trim_start_matches(|c: char| "【[（(▲●■◆★☆>＞》-—*".contains(c) || c.is_whitespace());
        let ends = [text.as_str(), start]
            .iter()
            .any(|text| starts_within(Role::EndOfStory, text, line.weight, words));
        if ends && before * 5 > total * 3 {
            end = index;
            break;
        }
        before += line.weight;
    }
    lines.truncate(end);
}

/// Joins lines into paragraphs, and the cells of a row into one line.
fn join(layout: &Layout<'_, '_>, lines: &[&Line]) -> String {
    let mut text = String::with_capacity(lines.iter().map(|line| line.text.len() + 1).sum());
    let mut row_before = None;
    for line in lines {
        let row = row_of(layout, line);
        if !text.is_empty() {
            let is_next_cell = row.is_some() && row == row_before;
            text.push_str(if is_next_cell { " | " } else { "\n" });
        }
        text.push_str(&line.text);
        row_before = row;
    }
    text
}

/// The row of a table that a line is a short cell of.
fn row_of(layout: &Layout<'_, '_>, line: &Line) -> Option<usize> {
    if line.weight > 180 {
        return None;
    }
    let mut cell = None;
    for outer in std::iter::once(line.block)
        .chain(layout.dom.ancestors(line.block))
        .take(4)
    {
        match layout.dom.tag(outer) {
            Some(Tag::Cell) if layout.sums.lines(&layout.dom.range(outer)) == 1 => {
                cell = Some(outer)
            }
            Some(Tag::Row) => return cell.map(|_| outer),
            Some(Tag::Cell) => return None,
            _ => {}
        }
    }
    None
}

/// Letters and digits in lower case, for comparing.
pub(super) fn squeeze(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Tells whether a node is inside something with this role.
pub(super) fn is_within(layout: &Layout<'_, '_>, node: usize, role: ClassRole) -> bool {
    layout.has(node, role)
        || layout
            .dom
            .ancestors(node)
            .any(|outer| layout.has(outer, role))
}
