//! When a page was published and last changed.
//!
//! Believed in this order: JSON-LD, metadata, microdata and `<time>`, the URL, the lines around the headline, elements
//! named for dates, the first and last lines of the main content. Where a page states an instant in UTC and shows a
//! day, the day shown tells the offset that its readers live in.

use std::ops::Range;

use hedui_model::Published;
use jiff::civil::Date;

use super::content::Layout;
use super::dom::{Kind, Tag};
use super::metadata::Head;
use crate::date::{Stamp, date_in_path, find_dates, read_loose};
use crate::words::{ClassRole, NameRole, Role, Words, lower};

/// What was found about times.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct When {
    pub(super) published: Option<Published>,
    pub(super) modified: Option<Published>,
}

/// Finds the times of a page.
pub(super) fn find(
    layout: &Layout<'_, '_>,
    head: &Head,
    main: &[Range<usize>],
    title: &str,
    path: &str,
    words: &Words,
) -> When {
    let declared = |text: &str| read_loose(text, words).filter(is_sane);
    let structured = head
        .structured
        .published
        .iter()
        .find_map(|text| declared(text));
    let meta = head
        .metas(NameRole::MetaPublished, words)
        .find_map(declared);
    let modified = head
        .structured
        .modified
        .iter()
        .find_map(|text| declared(text));
    let modified =
        modified.or_else(|| head.metas(NameRole::MetaModified, words).find_map(declared));
    let in_path = date_in_path(path);
    let shown = Shown::read(layout, main, title, words);
    let strong = structured.or(meta).or_else(|| microdata(layout, words));
    let published = match strong {
        Some(stamp) => Some(localised(stamp, &shown, in_path)),
        None => in_path
            .map(|date| shown.with_time_on(date).unwrap_or(day(date)))
            .or_else(|| shown.best())
            .or_else(|| time_element(layout, words))
            .or(modified),
    };
    When {
        published: published.map(Stamp::published),
        modified: modified.map(Stamp::published),
    }
}

fn day(date: Date) -> Stamp {
    Stamp {
        date,
        time: None,
        offset: None,
        ambiguous: false,
    }
}

/// Pages are younger than the web.
fn is_sane(stamp: &Stamp) -> bool {
    (1990..=2100).contains(&stamp.date.year())
}

/// An instant in UTC on a page that shows the day before or after: the page means the day it shows.
fn localised(stamp: Stamp, shown: &Shown, in_path: Option<Date>) -> Stamp {
    let is_utc = stamp.time.is_some() && stamp.offset.is_some_and(|offset| offset.seconds() == 0);
    if !is_utc {
        return stamp;
    }
    let visible = shown
        .near
        .iter()
        .chain(&shown.labelled)
        .map(|stamp| stamp.date);
    let days: Vec<Date> = visible.chain(in_path).collect();
    if days.is_empty() || days.contains(&stamp.date) {
        return stamp;
    }
    let next = [1, -1].into_iter().find_map(|step| {
        let other = stamp.date.checked_add(jiff::Span::new().days(step)).ok()?;
        days.contains(&other).then_some((other, step))
    });
    match (next, stamp.timestamp()) {
        // East of Greenwich by so much as is sure: eight hours for a page of tomorrow, five to the west for one of yesterday.
        (Some((other, step)), Some(at)) => {
            let hours = if step > 0 { 8 } else { -5 };
            let offset = jiff::tz::Offset::constant(hours);
            let local = offset.to_datetime(at);
            if local.date() == other {
                Stamp {
                    date: other,
                    time: Some(local.time()),
                    offset: Some(offset),
                    ambiguous: false,
                }
            } else {
                day(other)
            }
        }
        _ => stamp,
    }
}

/// `itemprop`, and `<time>` that says that it is about publication.
fn microdata(layout: &Layout<'_, '_>, words: &Words) -> Option<Stamp> {
    for (at, node) in layout.dom.iter() {
        let Kind::Element(element, tag) = node.kind else {
            continue;
        };
        let property = element.attr("itemprop").unwrap_or("").to_ascii_lowercase();
        let is_published = property
            .split_ascii_whitespace()
            .any(|name| name == "datepublished" || name == "datecreated");
        let is_pubdate = tag == Tag::Time && element.attr("pubdate").is_some();
        if !(is_published || is_pubdate) || super::body::is_within(layout, at, ClassRole::Comment) {
            continue;
        }
        let value = ["content", "datetime"]
            .iter()
            .find_map(|key| element.attr(key));
        let text = value.map_or_else(|| layout.dom.text(at, 80), str::to_owned);
        if let Some(stamp) = read_loose(&text, words).filter(is_sane) {
            return Some(stamp);
        }
    }
    None
}

/// The first `<time>` that is not in a list of other articles.
fn time_element(layout: &Layout<'_, '_>, words: &Words) -> Option<Stamp> {
    let times = layout
        .dom
        .iter()
        .filter(|(_, node)| matches!(node.kind, Kind::Element(_, Tag::Time)));
    let read = times.filter_map(|(at, node)| {
        let Kind::Element(element, _) = node.kind else {
            return None;
        };
        let text = element
            .attr("datetime")
            .map_or_else(|| layout.dom.text(at, 80), str::to_owned);
        read_loose(&text, words).filter(is_sane)
    });
    read.take(1).next()
}

/// The dates that a reader sees, by where they stand.
struct Shown {
    /// Behind a label of publication.
    labelled: Vec<Stamp>,
    /// Between the headline and the main content, or just before it.
    near: Vec<Stamp>,
    /// In elements named for dates.
    named: Vec<Stamp>,
    /// In the first lines of the main content.
    inside: Vec<Stamp>,
    /// In its last lines.
    after: Vec<Stamp>,
}

impl Shown {
    fn read(layout: &Layout<'_, '_>, main: &[Range<usize>], title: &str, words: &Words) -> Shown {
        let mut shown = Shown {
            labelled: Vec::new(),
            near: Vec::new(),
            named: Vec::new(),
            inside: Vec::new(),
            after: Vec::new(),
        };
        let start = main.first().map_or(0, |range| range.start);
        let end = main.last().map_or(layout.dom.len(), |range| range.end);
        let title = super::body::squeeze(title);
        let title_at = layout
            .lines
            .iter()
            .filter(|line| {
                line.at < end && !title.is_empty() && super::body::squeeze(&line.text) == title
            })
            .map(|line| line.at)
            .next_back();
        let from = title_at.map_or_else(
            || {
                layout
                    .lines
                    .iter()
                    .rev()
                    .filter(|line| line.at < start)
                    .nth(7)
                    .map_or(0, |line| line.at)
            },
            |at| at,
        );
        let inner: Vec<usize> = layout
            .lines
            .iter()
            .filter(|line| line.at >= start && line.at < end)
            .map(|line| line.at)
            .collect();
        let head_end = inner.get(6).copied().unwrap_or(end);
        let tail_start = inner.iter().rev().nth(4).copied().unwrap_or(start);
        for line in layout.lines.iter().filter(|line| line.weight < 600) {
            if !line.text.chars().any(|c| {
                c.is_ascii_digit()
                    || words.digit(c).is_some()
                    || ('\u{FF10}'..='\u{FF19}').contains(&c)
            }) {
                continue;
            }
            if super::body::is_within(layout, line.block, ClassRole::Comment) {
                continue;
            }
            let found = find_dates(&line.text, words);
            let low = if found.is_empty() {
                continue;
            } else {
                lower(&line.text)
            };
            for date in found.iter().filter(|found| is_sane(&found.stamp)) {
                let before = line.text.get(..date.start).map(lower).unwrap_or_default();
                let is_short = line.weight < 200;
                if is_short && is_label(&before, Role::UpdatedLabel, words) {
                    continue;
                }
                let in_reach = line.at >= from && line.at < end.saturating_add(200);
                if is_short && in_reach && is_label(&before, Role::PublishedLabel, words) {
                    shown.labelled.push(date.stamp);
                }
                if line.at >= from && line.at < start && is_short {
                    shown.near.push(date.stamp);
                } else if line.at >= start && line.at < head_end {
                    if is_short && low.chars().count() < 80 {
                        shown.near.push(date.stamp);
                    } else if date.start < 120 {
                        shown.inside.push(date.stamp);
                    }
                } else if line.at >= tail_start && line.at < end.saturating_add(60) && is_short {
                    shown.after.push(date.stamp);
                }
                if is_short
                    && line.link_weight == 0
                    && !layout.is_dropped_list(line.at)
                    && super::body::is_within(layout, line.block, ClassRole::Date)
                {
                    shown.named.push(date.stamp);
                }
            }
        }
        shown
    }

    fn best(&self) -> Option<Stamp> {
        let lists = [
            &self.labelled,
            &self.near,
            &self.named,
            &self.after,
            &self.inside,
        ];
        lists.iter().find_map(|list| {
            let timed = list.iter().find(|stamp| stamp.time.is_some());
            timed.or(list.first()).copied()
        })
    }

    /// The shown time of a day that is known.
    fn with_time_on(&self, date: Date) -> Option<Stamp> {
        let mut all = self.labelled.iter().chain(&self.near).chain(&self.named);
        all.find(|stamp| stamp.date == date).copied()
    }
}

/// Tells whether the words before a date end in a label of this role.
fn is_label(before: &str, role: Role, words: &Words) -> bool {
    let before = before.trim_end_matches(|c: char| !c.is_alphanumeric());
    let tail: String = {
        let start = before.char_indices().rev().nth(24).map_or(0, |(at, _)| at);
        before.get(start..).unwrap_or("").to_owned()
    };
    words.phrases(role).iter().any(|form| {
        let form = form.trim_end_matches(|c: char| !c.is_alphanumeric());
        !form.is_empty() && tail.ends_with(form)
    })
}
