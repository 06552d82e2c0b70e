//! The headline, without the site's name.
//!
//! `<title>` names the site, and so tells it apart: what it shares with a heading or a visible line is the headline.
//! Names of sites are learned from metadata, and from the host; sections (`新闻频道`) are cut off with them.

use super::body::squeeze;
use super::content::Layout;
use super::dom::Tag;
use super::metadata::Head;
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

/// Finds the headline.
pub(super) fn find(
    layout: &Layout<'_, '_>,
    head: &Head,
    sites: &SiteNames,
    words: &Words,
) -> String {
    let page_title = squeeze(&head.title);
    let candidates = candidates(layout, head, words);
    let shown = || candidates.iter().filter(|candidate| candidate.shown);
    // A heading that the page's title begins with or holds is the headline.
    let fits = |candidate: &&Candidate| {
        let squeezed = squeeze(&candidate.text);
        squeezed.chars().count() >= 4
            && !sites.is_site(&squeezed)
            && (page_title.contains(&squeezed))
    };
    let named = strip(&head.title, sites, words);
    if let Some(best) = shown()
        .filter(|candidate| candidate.is_heading)
        .filter(fits)
        .max_by_key(|candidate| candidate.text.chars().count())
    {
        return best.text.clone();
    }
    let declared = candidates
        .iter()
        .filter(|candidate| !candidate.shown)
        .map(|candidate| strip(&candidate.text, sites, words));
    let declared: Vec<String> = declared
        .filter(|text| squeeze(text).chars().count() >= 4)
        .collect();
    // A heading that metadata repeats.
    let repeated = shown()
        .filter(|candidate| candidate.is_heading)
        .find(|candidate| {
            let squeezed = squeeze(&candidate.text);
            squeezed.chars().count() >= 6 && declared.iter().any(|text| squeeze(text) == squeezed)
        });
    if let Some(repeated) = repeated {
        return repeated.text.clone();
    }
    if let Some(best) = shown()
        .filter(fits)
        .max_by_key(|candidate| candidate.text.chars().count())
    {
        return best.text.clone();
    }
    if let Some(first) = declared.first() {
        return first.clone();
    }
    if squeeze(&named).chars().count() >= 2 && !sites.is_site(&squeeze(&named)) {
        return named;
    }
    let heading = shown().find(|candidate| candidate.is_heading);
    heading.map_or(named, |candidate| candidate.text.clone())
}

#[derive(Debug)]
struct Candidate {
    text: String,
    /// Whether it stands in the page; else it stands in metadata.
    shown: bool,
    is_heading: bool,
}

fn candidates(layout: &Layout<'_, '_>, head: &Head, words: &Words) -> Vec<Candidate> {
    let mut found = Vec::new();
    for text in head
        .structured
        .headlines
        .iter()
        .map(String::as_str)
        .chain(head.metas(NameRole::MetaTitle, words))
    {
        found.push(Candidate {
            text: text.to_owned(),
            shown: false,
            is_heading: false,
        });
    }
    for at in 0..layout.dom.len() {
        let heading = layout.dom.tag(at);
        let is_first = heading == Some(Tag::Heading(1));
        if is_first || (matches!(heading, Some(Tag::Heading(2))) && found.len() < 60) {
            let text = layout.dom.text(at, 300);
            if !text.is_empty() {
                found.push(Candidate {
                    text,
                    shown: true,
                    is_heading: true,
                });
            }
        }
    }
    for line in layout
        .lines
        .iter()
        .take(600)
        .filter(|line| (12..300).contains(&line.weight))
    {
        let is_named = super::body::is_within(layout, line.block, ClassRole::Title);
        found.push(Candidate {
            text: line.text.clone(),
            shown: true,
            is_heading: is_named && line.link_weight == 0,
        });
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

fn cut_once(title: &str, sites: &SiteNames, words: &Words) -> Option<String> {
    let mut best: Option<String> = None;
    let mut first_sure = true;
    for separator in words.title_separators() {
        if let Some((front, tail)) = title.rsplit_once(separator.as_str()) {
            let squeezed = squeeze(tail);
            let is_label = words.is(Role::TitleLabel, &lower(tail.trim()));
            if !front.trim().is_empty()
                && (sites.is_site(&squeezed) || is_label || tail.trim().is_empty())
            {
                return Some(front.trim().to_owned());
            }
            let is_strong = is_strong(separator);
            // An unknown tail behind a strong separator is a site or section, if it is the shorter part by far.
            if is_strong
                && first_sure
                && length(tail) * 2 < length(front)
                && length(tail) <= 60
                && length(front) >= 24
            {
                best = best.or_else(|| Some(front.trim().to_owned()));
                first_sure = false;
            }
        }
        if let Some((front, tail)) = title.split_once(separator.as_str()) {
            let squeezed = squeeze(front);
            let is_label = words.is(Role::TitleLabel, &lower(front.trim()));
            if !tail.trim().is_empty() && (sites.is_site(&squeezed) || is_label) {
                return Some(tail.trim().to_owned());
            }
        }
    }
    best
}

/// Tells whether a separator stands between a headline and a site rather than inside of headlines.
fn is_strong(separator: &str) -> bool {
    let inner = separator.trim();
    separator.len() > inner.len() && !matches!(inner, ":" | "/" | "·" | "—" | "–")
        || matches!(inner, "_" | "|" | "｜" | "丨")
        || inner == "-" && separator == "-"
}

fn length(text: &str) -> usize {
    text.chars().map(super::lines::weight).sum()
}
