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
use super::lines::Line;
use super::metadata::Head;
use super::origin::{Found, Origin};
use crate::date::{Stamp, date_in_path, find_dates, read_date, read_loose};
use crate::words::{ClassRole, NameRole, Role, Words, lower};

/// What was found about times, and where.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct When {
    pub(super) published: Option<Found<Published>>,
    pub(super) modified: Option<Found<Published>>,
}

/// Finds the times of a page.
pub(super) fn find(
    layout: &Layout<'_, '_>,
    head: &Head,
    main: &[Range<usize>],
    title: &str,
    place: &Place<'_>,
    words: &Words,
) -> When {
    let declared = |text: &str| read_loose(text, words).filter(is_sane);
    let first = |texts: &[String], origin| {
        let found = texts.iter().find_map(|text| declared(text));
        found.map(|stamp| (stamp, origin))
    };
    let of_meta = |role| {
        let found = head.metas(role, words).find_map(declared);
        found.map(|stamp| (stamp, Origin::Meta))
    };
    let structured = first(&head.structured.published, Origin::JsonLd);
    let meta = of_meta(NameRole::MetaPublished);
    let modified = first(&head.structured.modified, Origin::JsonLd);
    let modified = modified.or_else(|| of_meta(NameRole::MetaModified));
    let in_path = date_in_path(place.path);
    let shown = Shown::read(layout, main, title, words);
    let as_shown = |stamp| (stamp, Origin::Text);
    let strong = structured
        .or(meta)
        .or_else(|| microdata(layout, words).map(|stamp| (stamp, Origin::Microdata)));
    let published = match strong {
        Some((stamp, origin)) => {
            let is_east = place.has(NameRole::EastEight, words);
            Some((localised(stamp, &shown, in_path, is_east), origin))
        }
        None => in_path
            .map(|date| {
                (
                    shown.with_time_on(date).unwrap_or(day(date)),
                    Origin::Address,
                )
            })
            .or_else(|| shown.best().map(as_shown))
            .or_else(|| time_element(layout, words).map(|stamp| (stamp, Origin::TimeElement)))
            .or(shown.before.last().copied().map(as_shown))
            .or(modified),
    };
    let published = published.map(|(stamp, origin)| {
        let is_day_first = stamp.ambiguous && place.has(NameRole::DayFirst, words);
        let stamp = if is_day_first { swapped(stamp) } else { stamp };
        (stamp.published(), origin)
    });
    When {
        published,
        modified: modified.map(|(stamp, origin)| (stamp.published(), origin)),
    }
}

/// Where a page stands, as far as that tells how it writes dates.
pub(super) struct Place<'a> {
    /// The path of its URL.
    pub(super) path: &'a str,
    /// Its host, or nothing.
    pub(super) host: &'a str,
    /// The language that it declares, or nothing.
    pub(super) lang: &'a str,
}

impl Place<'_> {
    /// Tells whether the top-level domain, or else the language, has a role.
    fn has(&self, role: NameRole, words: &Words) -> bool {
        let domain = lower(self.host.rsplit('.').next().unwrap_or(""));
        let lang = lower(self.lang);
        let primary = lang.split('-').next().unwrap_or("");
        [domain.as_str(), lang.as_str(), primary]
            .iter()
            .any(|name| words.has_name(role, name))
    }
}

/// Reads a day that was written as two numbers the other way round.
fn swapped(stamp: Stamp) -> Stamp {
    let other = Date::new(stamp.date.year(), stamp.date.day(), stamp.date.month());
    Stamp {
        date: other.unwrap_or(stamp.date),
        ..stamp
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
fn localised(stamp: Stamp, shown: &Shown, in_path: Option<Date>, is_east: bool) -> Stamp {
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
    if days.is_empty() && is_east {
        return in_offset(stamp, 8);
    }
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

/// Says the same instant with another offset.
fn in_offset(stamp: Stamp, hours: i8) -> Stamp {
    let offset = jiff::tz::Offset::constant(hours);
    stamp.timestamp().map_or(stamp, |at| {
        let local = offset.to_datetime(at);
        Stamp {
            date: local.date(),
            time: Some(local.time()),
            offset: Some(offset),
            ambiguous: false,
        }
    })
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

/// The dates that a reader sees, by where they stand; best first.
#[derive(Default)]
struct Shown {
    /// Behind a label of publication.
    labelled: Vec<Stamp>,
    /// In lines around the headline that say little else.
    lines: Vec<Stamp>,
    /// Between the headline and the main content, or in its first short lines.
    near: Vec<Stamp>,
    /// In elements named for dates.
    named: Vec<Stamp>,
    /// In the last lines of the main content.
    after: Vec<Stamp>,
    /// In its first lines.
    inside: Vec<Stamp>,
    /// Anywhere before it, nearest last.
    before: Vec<Stamp>,
}

/// Where the parts of a page begin.
struct Places {
    /// Some lines before the headline and the main content.
    lead: usize,
    headline: usize,
    start: usize,
    head_end: usize,
    tail_start: usize,
    end: usize,
}

impl Places {
    fn new(layout: &Layout<'_, '_>, main: &[Range<usize>], title: &str) -> Places {
        let start = main.first().map_or(0, |range| range.start);
        let end = main.last().map_or(layout.dom.len(), |range| range.end);
        let title = super::body::squeeze(title);
        let is_title =
            |line: &&Line| !title.is_empty() && super::body::squeeze(&line.text) == title;
        let titles: Vec<usize> = layout
            .lines
            .iter()
            .filter(is_title)
            .map(|line| line.at)
            .collect();
        // The one before the main content, else the first one in it.
        let last_before = titles.iter().rev().find(|&&at| at <= start);
        let first_inside = titles.iter().find(|&&at| at > start && at < end);
        let first = layout.lines.partition_point(|line| line.at < start);
        let some_before = || {
            layout
                .lines
                .get(first.saturating_sub(8))
                .map_or(0, |line| line.at.min(start))
        };
        let last = layout.lines.partition_point(|line| line.at < end);
        let at = |index: usize, otherwise: usize| {
            layout
                .lines
                .get(index)
                .filter(|_| index < last)
                .map_or(otherwise, |line| line.at)
        };
        let headline = last_before
            .or(first_inside)
            .copied()
            .unwrap_or_else(some_before);
        let head = layout
            .lines
            .partition_point(|line| line.at < headline.max(start));
        let lead = layout
            .lines
            .partition_point(|line| line.at < headline.min(start));
        Places {
            lead: layout
                .lines
                .get(lead.saturating_sub(4))
                .map_or(0, |line| line.at),
            headline,
            start: start.max(headline),
            head_end: at(head + 7, end),
            tail_start: at(last.saturating_sub(5).max(first), start),
            end,
        }
    }
}

impl Shown {
    fn read(layout: &Layout<'_, '_>, main: &[Range<usize>], title: &str, words: &Words) -> Shown {
        let places = Places::new(layout, main, title);
        let mut shown = Shown::default();
        for line in layout.lines.iter().filter(|line| line.weight < 600) {
            let is_digit = |c: char| {
                c.is_ascii_digit()
                    || ('\u{FF10}'..='\u{FF19}').contains(&c)
                    || words.digit(c).is_some()
            };
            // Comments have dates of their own, but some sites call their whole page so.
            let is_comment = line.at >= places.end
                && super::body::is_within(layout, line.block, ClassRole::Comment);
            if line.text.chars().any(is_digit) && !is_comment {
                shown.add(layout, line, &places, words);
            }
        }
        shown
    }

    fn add(&mut self, layout: &Layout<'_, '_>, line: &Line, places: &Places, words: &Words) {
        let is_short = line.weight < 200;
        let in_reach = line.at >= places.headline && line.at < places.end.saturating_add(200);
        let found = find_dates(&line.text, words);
        if found.is_empty() && is_short && in_reach {
            self.labelled
                .extend(short_year(&line.text, words).filter(is_sane));
        }
        for date in found.iter().filter(|found| is_sane(&found.stamp)) {
            let before = line.text.get(..date.start).map(lower).unwrap_or_default();
            if is_short && is_label(&before, Role::UpdatedLabel, words) {
                continue;
            }
            if is_short && in_reach && is_label(&before, Role::PublishedLabel, words) {
                self.labelled.push(date.stamp);
            }
            let is_around = line.at >= places.lead && line.at < places.head_end;
            if is_around && line.weight < 160 && super::body::is_dateline(&line.text, words) {
                self.lines.push(date.stamp);
            }
            let is_head = line.at >= places.start && line.at < places.head_end;
            let is_tail = line.at >= places.tail_start && line.at < places.end.saturating_add(60);
            if is_short && line.at >= places.headline && line.at < places.start
                || is_head && line.weight < 120
            {
                self.near.push(date.stamp);
            } else if is_head && date.start < 120 {
                self.inside.push(date.stamp);
            } else if is_tail && is_short {
                self.after.push(date.stamp);
            } else if is_short && line.at < places.headline && line.link_weight == 0 {
                self.before.push(date.stamp);
            }
            let is_named = is_short
                && line.link_weight == 0
                && !layout.is_dropped_list(line.at)
                && super::body::is_within(layout, line.block, ClassRole::Date);
            if is_named {
                self.named.push(date.stamp);
            }
        }
    }

    fn best(&self) -> Option<Stamp> {
        let lists = [
            &self.labelled,
            &self.lines,
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

/// Reads a day with a year of two digits behind a label of publication: `发布时间：18-03-08`.
fn short_year(text: &str, words: &Words) -> Option<Stamp> {
    let low = lower(text.trim());
    let mut labels = words.phrases(Role::PublishedLabel).iter();
    let rest = labels.find_map(|label| low.split_once(label.as_str()).map(|(_, rest)| rest))?;
    let rest = rest.trim_start_matches(|c: char| !c.is_alphanumeric());
    let first = rest.split_whitespace().next()?;
    read_date(first, words).filter(|_| first.len() == 8)
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
