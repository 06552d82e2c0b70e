//! The elements of feeds in XML.

use hedui_model::Diagnostic;
use jiff::Timestamp;
use url::Url;

use super::markup::{self, Kind};
use super::{ENTRIES_MAX, Entry, Feed, resolve};
use crate::date::read_feed_date;
use crate::xml::Node;

/// Elements that a feed may be.
const FEEDS: [&str; 5] = ["channel", "feed", "rss", "rdf:rdf", "atom:feed"];
/// Elements that an entry may be.
const ENTRIES: [&str; 2] = ["item", "entry"];

/// Reads what is a feed in a document.
pub(super) fn read(root: Node<'_>, base: Option<&Url>, diagnostics: &mut Vec<Diagnostic>) -> Feed {
    let outer = root.children().find(|child| FEEDS.contains(&child.name()));
    let outer = outer.or_else(|| root.descendants().find(|node| FEEDS.contains(&node.name())));
    let Some(outer) = outer else {
        diagnostics.push(Diagnostic::new("feed", "no element of a feed"));
        return Feed::default();
    };
    let head = outer.child("channel").unwrap_or(outer);
    let base = base_at(outer, base.cloned());
    let head_base = if outer.name() == head.name() {
        base.clone()
    } else {
        base_at(head, base.clone())
    };
    let mut feed = read_head(head, head_base.as_ref());
    if feed.language.is_none() {
        feed.language = outer.attribute("xml:lang").map(str::to_owned);
    }
    let entries = outer
        .descendants()
        .filter(|node| ENTRIES.contains(&node.name()))
        .take(ENTRIES_MAX);
    feed.entries = entries
        .map(|entry| {
            let mut read = read_entry(
                entry,
                base_at(entry, head_base.clone()).as_ref(),
                diagnostics,
            );
            if read.author.is_none() && is_atom(outer) {
                read.author = author(outer);
            }
            read
        })
        .collect();
    feed
}

fn is_atom(feed: Node<'_>) -> bool {
    feed.name() == "feed"
}

/// Applies an element's `xml:base`.
fn base_at(node: Node<'_>, base: Option<Url>) -> Option<Url> {
    match node.attribute("xml:base") {
        Some(own) => match &base {
            Some(outer) => outer.join(own).ok().or(base),
            None => Url::parse(own).ok(),
        },
        None => base,
    }
}

fn read_head(head: Node<'_>, base: Option<&Url>) -> Feed {
    let text = |names: &[&str]| {
        first(head, names)
            .map(trimmed)
            .filter(|text| !text.is_empty())
    };
    Feed {
        title: title(head, base),
        link: link(head, base),
        language: text(&["language", "dc:language"])
            .or_else(|| head.attribute("xml:lang").map(str::to_owned)),
        ttl_minutes: ttl(head),
        skip_hours: skip_hours(head),
        skip_days: skip_days(head),
        published: date(head, &["pubdate", "dcterms:issued", "published", "issued"]),
        updated: date(
            head,
            &[
                "lastbuilddate",
                "updated",
                "dcterms:modified",
                "modified",
                "dc:date",
            ],
        )
        .or_else(|| head.attribute("lastmod").and_then(read_feed_date)),
        next: link_of(head, "next", base),
        ..Feed::default()
    }
}

fn read_entry(entry: Node<'_>, base: Option<&Url>, diagnostics: &mut Vec<Diagnostic>) -> Entry {
    let guid = first(entry, &["id", "guid"]);
    let id = guid.map(trimmed).filter(|id| !id.is_empty());
    let about = entry.attribute("rdf:about").map(str::to_owned);
    let is_permalink = guid.is_some_and(|guid| {
        guid.name() == "guid"
            && guid
                .attribute("ispermalink")
                .is_none_or(|value| value.eq_ignore_ascii_case("true"))
    });
    let permalink = id
        .as_deref()
        .filter(|id| is_permalink && id.starts_with("http"))
        .map(str::to_owned);
    let published = [
        "pubdate",
        "published",
        "dcterms:issued",
        "issued",
        "dcterms:created",
        "created",
    ];
    let updated = ["updated", "dcterms:modified", "modified", "dc:date"];
    let has_date = |names: &[&str]| first(entry, names).is_some();
    let read = Entry {
        link: link(entry, base)
            .or(permalink)
            .or_else(|| entry.attribute("href").map(|href| resolve(base, href)))
            .or_else(|| about.clone()),
        id: id.map(|id| absolute_id(base, &id)).or(about),
        title: title(entry, base),
        author: author(entry),
        published: date(entry, &published),
        updated: date(entry, &updated),
        summary: body(
            entry,
            &["description", "summary", "abstract", "itunes:summary"],
            base,
        ),
        content: body(
            entry,
            &["content:encoded", "content", "xhtml:body", "fullitem"],
            base,
        ),
    };
    let dated = read.published.is_some() || read.updated.is_some();
    if !dated && (has_date(&published) || has_date(&updated)) {
        diagnostics.push(Diagnostic::new("date", "date of an entry not understood"));
    }
    read
}

/// An id is kept as written (Atom forbids changing it), unless it is relative.
fn absolute_id(base: Option<&Url>, id: &str) -> String {
    if id.starts_with('/') {
        resolve(base, id)
    } else {
        id.to_owned()
    }
}

fn first<'a>(node: Node<'a>, names: &[&str]) -> Option<Node<'a>> {
    names.iter().find_map(|name| node.child(name))
}

fn trimmed(node: Node<'_>) -> String {
    node.text().trim().to_owned()
}

fn title(node: Node<'_>, base: Option<&Url>) -> Option<String> {
    let own = ["title", "dc:title", "itunes:title", "media:title"];
    own.iter()
        .filter_map(|name| node.child(name))
        .map(|title| construct(title, base))
        .find(|title| !title.is_empty())
}

/// Reads a text construct of Atom, or an element of RSS, as what it means.
fn construct(node: Node<'_>, base: Option<&Url>) -> String {
    let base = base_at(node, base.cloned());
    let kind = node
        .attribute("type")
        .unwrap_or("")
        .trim()
        .to_ascii_lowercase();
    let mode = node
        .attribute("mode")
        .unwrap_or("")
        .trim()
        .to_ascii_lowercase();
    let link = |link: &str| resolve(base.as_ref(), link);
    let is_inline =
        mode != "escaped" && mode != "base64" && (kind.contains("xhtml") || mode == "xml");
    if is_inline && node.children().next().is_some() {
        let markup = node.inner_markup(&link);
        // Atom 0.3 has no wrapper, so there the `div` belongs to the text.
        let markup = if kind == "xhtml" {
            without_wrapper(&markup)
        } else {
            markup
        };
        return markup::safe(markup.trim(), Kind::Markup, &link);
    }
    let text = node.text();
    let text = text.trim();
    let is_base64 = mode == "base64"
        || (!kind.is_empty()
            && !["text", "html", "xhtml"].contains(&kind.as_str())
            && !kind.starts_with("text/"));
    let decoded = if is_base64 {
        markup::base64(text)
    } else {
        None
    };
    let text = decoded.as_deref().unwrap_or(text);
    let is_text = (kind == "text" || kind == "text/plain") && mode != "escaped";
    markup::safe(
        text.trim(),
        if is_text { Kind::Plain } else { Kind::Markup },
        &link,
    )
}

/// Atom's inline markup has a `div` around it that does not belong to it (RFC 4287, section 3.1.1.3).
fn without_wrapper(markup: &str) -> String {
    let inner = markup.trim().strip_suffix("</div>").and_then(|markup| {
        let rest = markup.strip_prefix("<div")?;
        rest.split_once('>').map(|(_, inner)| inner)
    });
    inner
        .filter(|inner| !inner.contains("</div>"))
        .unwrap_or(markup)
        .to_owned()
}

fn body(node: Node<'_>, names: &[&str], base: Option<&Url>) -> Option<String> {
    let found = names.iter().filter_map(|name| node.child(name));
    found
        .map(|node| construct(node, base))
        .find(|text| !text.is_empty())
}

/// Finds the link of a feed or entry: an `alternate` with an address, or an element that holds it.
fn link(node: Node<'_>, base: Option<&Url>) -> Option<String> {
    let plain = node
        .children()
        .filter(|child| child.name() == "link")
        .find_map(|child| {
            let text = trimmed(child);
            let no_href = child.attribute("href").is_none() && is_alternate(child);
            (no_href && !text.is_empty())
                .then(|| resolve(base_at(child, base.cloned()).as_ref(), &text))
        });
    plain
        .or_else(|| link_of(node, "alternate", base))
        .or_else(|| {
            let other = node
                .child("feedburner:origlink")
                .or_else(|| node.child("rss:link"));
            other.map(trimmed).filter(|link| !link.is_empty())
        })
        .or_else(|| node.attribute("href").map(|href| resolve(base, href)))
}

fn is_alternate(link: Node<'_>) -> bool {
    link.attribute("rel")
        .is_none_or(|rel| rel.eq_ignore_ascii_case("alternate"))
}

fn link_of(node: Node<'_>, relation: &str, base: Option<&Url>) -> Option<String> {
    let links = node
        .children()
        .filter(|child| child.name() == "link" || child.name() == "atom:link");
    let fits = links.filter_map(|link| {
        let rel = link.attribute("rel").unwrap_or("alternate");
        let href = link
            .attribute("href")
            .filter(|href| !href.trim().is_empty())?;
        let base = base_at(link, base.cloned());
        let is_page = link
            .attribute("type")
            .is_none_or(|kind| kind.contains("html"));
        rel.eq_ignore_ascii_case(relation)
            .then(|| (is_page, resolve(base.as_ref(), href)))
    });
    let fits: Vec<(bool, String)> = fits.collect();
    let best = fits.iter().find(|(is_page, _)| *is_page).or(fits.first());
    best.map(|(_, link)| link.clone())
}

fn author(node: Node<'_>) -> Option<String> {
    let names = [
        "author",
        "dc:creator",
        "itunes:author",
        "creator",
        "managingeditor",
        "dc:author",
    ];
    let read = |author: Node<'_>| -> Option<String> {
        let Some(name) = author.child("name") else {
            return Some(trimmed(author)).filter(|text| !text.is_empty());
        };
        let name = trimmed(name);
        (!name.is_empty()).then_some(name)
    };
    names.iter().find_map(|name| {
        let all = node.children().filter(|child| child.name() == *name);
        let all: Vec<String> = all.filter_map(read).collect();
        (!all.is_empty()).then(|| all.join("; "))
    })
}

/// Reads the date of the first of these elements that is understood; where one stands twice, the later overrides.
fn date(node: Node<'_>, names: &[&str]) -> Option<Timestamp> {
    names.iter().find_map(|name| {
        let all = node.children().filter(|child| child.name() == *name);
        all.filter_map(|child| read_feed_date(&child.text())).last()
    })
}

/// Reads how long a feed asks to be left alone.
fn ttl(head: Node<'_>) -> Option<u32> {
    let number = |name: &str| {
        head.child(name)
            .and_then(|node| node.text().trim().parse::<u32>().ok())
    };
    if let Some(ttl) = number("ttl") {
        return Some(ttl);
    }
    let period = head
        .child("sy:updateperiod")
        .or_else(|| head.child("module:updateperiod"))?;
    let minutes = match period.text().trim().to_ascii_lowercase().as_str() {
        "hourly" => 60,
        "daily" => 24 * 60,
        "weekly" => 7 * 24 * 60,
        "monthly" => 30 * 24 * 60,
        "yearly" => 365 * 24 * 60,
        _ => return None,
    };
    let times = number("sy:updatefrequency")
        .or_else(|| number("module:updatefrequency"))
        .unwrap_or(1);
    Some(minutes / times.max(1))
}

/// Hours as RSS 2.0 writes them, 0 to 23, and as some do, 24 for midnight.
fn skip_hours(head: Node<'_>) -> Vec<i8> {
    let hours = inner_texts(head, "skiphours", "hour").filter_map(|text| {
        let hour: i8 = text.parse().ok()?;
        (0..=24).contains(&hour).then_some(hour % 24)
    });
    ordered(hours.collect())
}

/// Days by their names in the specification of RSS 2.0.
fn skip_days(head: Node<'_>) -> Vec<i8> {
    const DAYS: [&str; 7] = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ];
    let days = inner_texts(head, "skipdays", "day").filter_map(|text| {
        let text = text.to_ascii_lowercase();
        let day = DAYS.iter().position(|day| *day == text)?;
        i8::try_from(day).ok()
    });
    ordered(days.collect())
}

fn inner_texts<'a>(
    head: Node<'a>,
    list: &'static str,
    item: &'static str,
) -> impl Iterator<Item = String> + 'a {
    let inner = head.child(list).map(|list| list.children());
    inner
        .into_iter()
        .flatten()
        .filter(move |node| node.name() == item)
        .take(24)
        .map(trimmed)
}

fn ordered(mut numbers: Vec<i8>) -> Vec<i8> {
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}
