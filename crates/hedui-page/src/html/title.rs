//! The headline, without the site's name.
//!
//! `<title>` names the site, and so tells it apart: what it shares with a heading or a visible line is the headline.
//! Names of sites are learned from metadata, and from the host; sections (`新闻频道`) are cut off with them.

use std::collections::HashSet;
use std::ops::Range;

use super::body::squeeze;
use super::content::Layout;
use super::dom::Tag;
use super::lines::Line;
use super::metadata::Head;
use super::origin::{Found, Origin};
use crate::words::{ClassRole, NameRole, Role, Words, lower};

/// What is known of the site's name, squeezed.
#[derive(Clone, Debug, Default)]
pub(super) struct SiteNames {
    names: Vec<String>,
    host: String,
}

impl SiteNames {
    pub(super) fn new(head: &Head, host: Option<&str>, words: &Words) -> SiteNames {
        let metas = head
            .metas(NameRole::MetaSite, words)
            .filter(|name| name.chars().count() <= 60);
        let structured = head.structured.sites.iter().map(String::as_str);
        let names = metas
            .chain(structured)
            .map(squeeze)
            .filter(|name| name.chars().count() > 1);
        SiteNames {
            names: names.collect(),
            host: host
                .map(|host| squeeze(host.strip_prefix("www.").unwrap_or(host)))
                .unwrap_or_default(),
        }
    }

    /// Tells whether a text is just the site's name.
    pub(super) fn is_exactly(&self, text: &str) -> bool {
        let squeezed = squeeze(text);
        self.names.contains(&squeezed)
    }

    /// Tells whether a piece of a title is the site's name, or one with it.
    fn is_site(&self, squeezed: &str) -> bool {
        if squeezed.is_empty() {
            return false;
        }
        let length = squeezed.chars().count();
        let is_known = self.names.iter().any(|name| {
            name == squeezed
                || (length > 2 && name.contains(squeezed))
                || (name.chars().count() > 2
                    && squeezed.contains(name.as_str())
                    && length < name.chars().count() + 12)
        });
        is_known || (length > 3 && squeezed.is_ascii() && self.host.contains(squeezed))
    }
}

/// Finds the headline, and says where.
pub(super) fn find(
    layout: &Layout<'_, '_>,
    head: &Head,
    main: &[Range<usize>],
    sites: &SiteNames,
    words: &Words,
) -> Found<String> {
    let (title, origin) = choose(layout, head, sites, words);
    let shown = if title.is_empty() || is_foreign(&title, layout, head, words) {
        first_line(layout, main, words)
    } else {
        None
    };
    let (title, origin) = shown.map_or((title, origin), |line| (line, Origin::Text));
    // Some sites write their name into the heading, too.
    let title = cut_sure(&title, sites, words);
    let trimmed = words
        .phrases(Role::TitleTail)
        .iter()
        .find_map(|tail| title.strip_suffix(tail.as_str()));
    let title = trimmed.map_or(title.clone(), |title| title.trim_end().to_owned());
    (title, origin)
}

/// Tells whether a title that only `<title>` has, has nothing to do with what the page shows: it greets, or names the site.
fn is_foreign(title: &str, layout: &Layout<'_, '_>, head: &Head, words: &Words) -> bool {
    let is_declared = !head.structured.headlines.is_empty()
        || head.metas(NameRole::MetaTitle, words).next().is_some();
    if is_declared {
        return false;
    }
    let terms = terms(title);
    let mut lines = layout
        .lines
        .iter()
        .take(600)
        .filter(|line| line.weight < 300);
    !lines.any(|line| overlap_of(&self::terms(&line.text), &terms) >= 0.5)
}

/// The first line of the main content, or one just before it, if it may be a headline.
fn first_line(layout: &Layout<'_, '_>, main: &[Range<usize>], words: &Words) -> Option<String> {
    let start = main.first()?.start;
    let first = layout.lines.partition_point(|line| line.at < start);
    let mut near = layout.lines.iter().skip(first.saturating_sub(3)).take(6);
    let may_be = |line: &&Line| {
        let low = lower(&line.text);
        (15..150).contains(&line.weight)
            && line.link_weight == 0
            && !super::lines::ends_sentence(&line.text)
            && !super::body::is_dateline(&low, words)
            && words.starts_with(Role::NoiseStart, &low).is_none()
            && crate::date::find_dates(&low, words).is_empty()
    };
    near.find(may_be).map(|line| line.text.clone())
}

fn choose(layout: &Layout<'_, '_>, head: &Head, sites: &SiteNames, words: &Words) -> Found<String> {
    let named = strip(&head.title, sites, words);
    let declared = declared(head, sites, words);
    let shown = shown(layout, sites);
    let page_title = squeeze(&head.title);
    // Most of the page's title: a section's name may be in it, too.
    let fits = |candidate: &&Candidate| {
        page_title.contains(&candidate.squeezed)
            && length(&candidate.text) * 5 >= length(&named) * 2
    };
    let longest = |kind: Kind| {
        let of_kind = shown
            .iter()
            .filter(|candidate| candidate.kind == kind)
            .filter(fits);
        of_kind
            .max_by_key(|candidate| length(&candidate.text))
            .map(|candidate| (candidate.text.clone(), kind.origin()))
    };
    let first = |kind: Kind, is_it: &dyn Fn(&Candidate) -> bool| {
        let mut of_kind = shown.iter().filter(|candidate| candidate.kind == kind);
        of_kind
            .find(|candidate| is_it(candidate))
            .map(|candidate| (candidate.text.clone(), kind.origin()))
    };
    let is_repeated = |candidate: &Candidate| {
        declared
            .iter()
            .any(|text| squeeze(text) == candidate.squeezed)
    };
    let is_alike = |candidate: &Candidate| {
        std::iter::once(&named)
            .chain(&declared)
            .any(|text| overlap(&candidate.text, text) >= 0.4)
    };
    let found = longest(Kind::First)
        .or_else(|| longest(Kind::Named))
        .or_else(|| first(Kind::First, &is_repeated))
        .or_else(|| first(Kind::Named, &is_repeated))
        .or_else(|| longest(Kind::Second))
        .or_else(|| first(Kind::First, &is_alike))
        .or_else(|| longest(Kind::Line));
    if let Some((found, origin)) = found {
        return (without_kicker(&found, &named, &declared, &shown), origin);
    }
    let headings: Vec<&Candidate> = shown
        .iter()
        .filter(|candidate| candidate.kind == Kind::First)
        .collect();
    if let [only] = headings.as_slice()
        && length(&only.text) >= 15
    {
        return (only.text.clone(), Origin::Heading);
    }
    if let Some(declared) = declared.into_iter().next() {
        let origin = if head.structured.headlines.is_empty() {
            Origin::Meta
        } else {
            Origin::JsonLd
        };
        return (declared, origin);
    }
    let is_usable = squeeze(&named).chars().count() >= 2 && !sites.is_site(&squeeze(&named));
    if is_usable {
        return (named, Origin::TitleElement);
    }
    let first_heading =
        || (0..layout.dom.len()).find(|&at| layout.dom.tag(at) == Some(Tag::Heading(1)));
    let heading = match headings.first() {
        Some(heading) => Some(heading.text.clone()),
        None => first_heading()
            .map(|at| layout.dom.text(at, 300))
            .filter(|text| !text.is_empty()),
    };
    heading.map_or((named, Origin::TitleElement), |heading| {
        (heading, Origin::Heading)
    })
}

/// A heading that holds more than the headline, a kicker or a subtitle on lines of their own, gives the headline's line.
fn without_kicker(heading: &str, named: &str, declared: &[String], shown: &[Candidate]) -> String {
    let whole = squeeze(heading);
    let mut titles = std::iter::once(named).chain(declared.iter().map(String::as_str));
    let is_line = |title: &&str| {
        let squeezed = squeeze(title);
        squeezed.chars().count() >= 6
            && squeezed.len() < whole.len()
            && whole.contains(&squeezed)
            && shown
                .iter()
                .any(|candidate| candidate.is_line() && candidate.squeezed == squeezed)
    };
    titles
        .find(is_line)
        .map_or_else(|| heading.to_owned(), str::to_owned)
}

/// What metadata says, without the site's name.
fn declared(head: &Head, sites: &SiteNames, words: &Words) -> Vec<String> {
    let all = head.structured.headlines.iter().map(String::as_str);
    let all = all
        .chain(head.metas(NameRole::MetaTitle, words))
        .map(|text| strip(text, sites, words));
    all.filter(|text| {
        let squeezed = squeeze(text);
        squeezed.chars().count() >= 4 && !sites.is_site(&squeezed)
    })
    .collect()
}

/// How much two texts have in common: words, or Han characters, of the shorter one.
fn overlap(one: &str, other: &str) -> f32 {
    overlap_of(&terms(one), &terms(other))
}

fn overlap_of(one: &HashSet<String>, other: &HashSet<String>) -> f32 {
    let shorter = one.len().min(other.len());
    if shorter < 2 {
        0.0
    } else {
        super::lines::share(one.intersection(other).count(), shorter)
    }
}

fn terms(text: &str) -> HashSet<String> {
    let low = lower(text);
    let mut terms = HashSet::new();
    for word in low
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        if word.chars().any(|c| super::lines::weight(c) == 3) {
            terms.extend(word.chars().map(String::from));
        } else {
            terms.insert(word.to_owned());
        }
    }
    terms
}

/// Where a candidate stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// In a first heading.
    First,
    /// In an element named for titles.
    Named,
    /// In a second heading.
    Second,
    /// In any line.
    Line,
}

impl Kind {
    fn origin(self) -> Origin {
        match self {
            Kind::First | Kind::Second => Origin::Heading,
            Kind::Named => Origin::Marked,
            Kind::Line => Origin::Text,
        }
    }
}

#[derive(Debug)]
struct Candidate {
    text: String,
    squeezed: String,
    kind: Kind,
}

impl Candidate {
    fn is_line(&self) -> bool {
        matches!(self.kind, Kind::Line | Kind::Named)
    }
}

/// All that a reader sees and that may be a headline.
fn shown(layout: &Layout<'_, '_>, sites: &SiteNames) -> Vec<Candidate> {
    let mut found = Vec::new();
    let mut put = |text: String, kind: Kind| {
        let squeezed = squeeze(&text);
        if squeezed.chars().count() >= 4 && !sites.is_site(&squeezed) && found.len() < 1000 {
            found.push(Candidate {
                text,
                squeezed,
                kind,
            });
        }
    };
    for at in 0..layout.dom.len() {
        match layout.dom.tag(at) {
            Some(Tag::Heading(1)) => put(layout.dom.text(at, 300), Kind::First),
            Some(Tag::Heading(2)) => put(layout.dom.text(at, 300), Kind::Second),
            _ => {}
        }
    }
    for line in layout
        .lines
        .iter()
        .take(600)
        .filter(|line| (12..300).contains(&line.weight))
    {
        let is_named =
            line.link_weight == 0 && super::body::is_within(layout, line.block, ClassRole::Title);
        put(
            line.text.clone(),
            if is_named { Kind::Named } else { Kind::Line },
        );
    }
    found
}

/// Cuts the site's name and sections off a title.
pub(super) fn strip(title: &str, sites: &SiteNames, words: &Words) -> String {
    let mut title = title.trim().to_owned();
    for _ in 0..4 {
        match cut_once(&title, sites, words) {
            Some(shorter) => title = shorter,
            None => break,
        }
    }
    title
}

/// Cuts off only what is known to be the site's name.
fn cut_sure(title: &str, sites: &SiteNames, words: &Words) -> String {
    for separator in words.title_separators() {
        if let Some((front, tail)) = title.rsplit_once(separator.as_str()) {
            let is_name = sites.is_site(&squeeze(tail)) && length(tail) * 2 < length(front);
            if is_name && may_part(separator, front, tail) {
                return front.trim().to_owned();
            }
        }
    }
    title.to_owned()
}

fn cut_once(title: &str, sites: &SiteNames, words: &Words) -> Option<String> {
    let mut likely: Option<String> = None;
    for separator in words.title_separators() {
        if let Some((front, tail)) = title.rsplit_once(separator.as_str())
            && may_part(separator, front, tail)
            && !front.trim().is_empty()
        {
            let is_label = words.is(Role::TitleLabel, &lower(tail.trim()));
            if sites.is_site(&squeeze(tail)) || is_label || tail.trim().is_empty() {
                return Some(front.trim().to_owned());
            }
            // An unknown tail is a site or section, if it is the shorter part by far.
            let is_tail =
                length(tail) * 2 < length(front) && length(tail) <= 60 && length(front) >= 24;
            if is_strong(separator) && is_tail && likely.is_none() {
                likely = Some(front.trim().to_owned());
            }
        }
        if let Some((front, tail)) = title.split_once(separator.as_str())
            && may_part(separator, front, tail)
        {
            let is_label = words.is(Role::TitleLabel, &lower(front.trim()));
            if !tail.trim().is_empty() && (sites.is_site(&squeeze(front)) || is_label) {
                return Some(tail.trim().to_owned());
            }
        }
    }
    likely
}

/// A hyphen inside of a Latin word parts nothing.
fn may_part(separator: &str, front: &str, tail: &str) -> bool {
    let is_bare = separator
        .chars()
        .all(|c| !c.is_whitespace() && !matches!(c, '_' | '|' | '｜' | '\u{4E28}'));
    let is_han = |c: Option<char>| c.is_some_and(|c| super::lines::weight(c) == 3);
    !is_bare || is_han(front.chars().next_back()) || is_han(tail.chars().next())
}

/// Tells whether a separator stands between a headline and a site rather than inside of headlines.
fn is_strong(separator: &str) -> bool {
    let inner = separator.trim();
    let is_spaced = separator.len() > inner.len();
    match inner {
        "_" | "|" | "｜" | "\u{4E28}" => true,
        "-" => true,
        ":" | "/" | "·" | "—" | "–" | "--" | "——" => false,
        _ => is_spaced,
    }
}

fn length(text: &str) -> usize {
    text.chars().map(super::lines::weight).sum()
}
