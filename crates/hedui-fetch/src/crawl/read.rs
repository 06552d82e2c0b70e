//! What lists say: feeds, sitemaps and sections become candidates and further lists.
//!
//! Pure but for what is asked of [`Known`]; runs on a blocking thread, for lists may be large.

use std::collections::BTreeMap;
use std::sync::Arc;

use hedui_model::{Exchange, Fetched};
use hedui_page::charset::{self, Form};
use hedui_page::feed::{Entry, plain_text, read_feed};
use hedui_page::links::discover;
use hedui_page::sitemap::{SitemapEntry, read_sitemap};
use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::event::{Purpose, Reason};
use super::job::{Candidate, Class};
use super::plan::{Hint, Known, Want};

/// How many pages of one feed, and of one section, are read at most.
const FEED_PAGES_MAX: u32 = 5;
const SECTION_PAGES_MAX: u32 = 3;
/// How deep indexes of sitemaps may be nested.
const SITEMAP_DEPTH_MAX: u32 = 3;
/// How many candidates one section may name.
const SECTION_LINKS_MAX: usize = 1_000;
/// How many characters of a title or author are kept.
const HINT_CHARS_MAX: usize = 500;

/// What a list is read with.
#[derive(Clone, Debug)]
pub(crate) struct Reader {
    pub(crate) purpose: Purpose,
    pub(crate) depth: u32,
    /// Whether the source has other feeds or sitemaps; else a section's own feed is taken.
    pub(crate) has_feeds: bool,
    pub(crate) oldest: Timestamp,
    pub(crate) known: Arc<dyn Known>,
}

/// What a list says.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) candidates: Vec<Candidate>,
    pub(crate) lists: Vec<(Purpose, Url)>,
    pub(crate) dropped: BTreeMap<Reason, u64>,
}

/// Returns the instant before which articles are too old.
pub(crate) fn oldest(now: Timestamp, age_days_max: u32) -> Timestamp {
    let age = SignedDuration::from_hours(i64::from(age_days_max).saturating_mul(24));
    now.checked_sub(age).unwrap_or(Timestamp::MIN)
}

impl Reader {
    /// Reads what was fetched; what is no content says nothing.
    pub(crate) fn read(&self, fetched: &Fetched) -> Found {
        let mut found = Found::default();
        if let Fetched::Content {
            exchange, decoded, ..
        } = fetched
        {
            match self.purpose {
                Purpose::Feed => self.feed(exchange, decoded, &mut found),
                Purpose::Sitemap => self.sitemap(exchange, decoded, &mut found),
                Purpose::Section => self.section(exchange, decoded, &mut found),
                Purpose::Robots | Purpose::Article => {}
            }
        }
        found
    }

    fn feed(&self, exchange: &Exchange, decoded: &[u8], found: &mut Found) {
        let content_type = exchange.header("content-type");
        let location = exchange.header("content-location");
        let (feed, _) = read_feed(
            decoded,
            content_type.as_deref(),
            location.as_deref(),
            Some(&exchange.url),
        );
        if feed.entries.is_empty() && self.depth == 0 && is_html(content_type.as_deref()) {
            // A page where a feed should be: its own word for where the feed is.
            let page = charset::decode(decoded, content_type.as_deref(), Form::Html);
            let links = discover(&page.text, &exchange.url).feeds;
            found.lists.extend(
                links
                    .first()
                    .and_then(|link| Some((Purpose::Feed, Url::parse(&link.url).ok()?))),
            );
            return;
        }
        for entry in &feed.entries {
            let (Some(link), hint) = (entry_link(entry), entry_hint(entry)) else {
                *found.dropped.entry(Reason::Url).or_default() += 1;
                continue;
            };
            let age = hint.updated.max(hint.published);
            self.take(link, hint, age, i64::MAX, found);
        }
        let next = feed
            .next
            .filter(|_| self.depth + 1 < FEED_PAGES_MAX && all_new(found));
        found
            .lists
            .extend(next.and_then(|next| Some((Purpose::Feed, Url::parse(&next).ok()?))));
    }

    fn sitemap(&self, exchange: &Exchange, decoded: &[u8], found: &mut Found) {
        let content_type = exchange.header("content-type");
        let (sitemap, _) = read_sitemap(decoded, content_type.as_deref(), Some(&exchange.url));
        for entry in &sitemap.entries {
            let hint = sitemap_hint(entry);
            let age = hint.published.or(hint.updated);
            match Url::parse(&entry.url) {
                Ok(url) => self.take(url, hint, age, i64::MIN, found),
                Err(_) => *found.dropped.entry(Reason::Url).or_default() += 1,
            }
        }
        if self.depth + 1 >= SITEMAP_DEPTH_MAX {
            found.drop(Reason::TooMany, sitemap.sitemaps.len());
            return;
        }
        let all = sitemap.sitemaps.len();
        let mut inner = sitemap.sitemaps;
        inner.retain(|(_, modified)| modified.is_none_or(|modified| modified >= self.oldest));
        found.drop(Reason::TooOld, all - inner.len());
        inner.sort_by_key(|(_, modified)| std::cmp::Reverse(*modified));
        found.lists.extend(
            inner
                .iter()
                .filter_map(|(url, _)| Some((Purpose::Sitemap, Url::parse(url).ok()?))),
        );
    }

    fn section(&self, exchange: &Exchange, decoded: &[u8], found: &mut Found) {
        let content_type = exchange.header("content-type");
        let page = charset::decode(decoded, content_type.as_deref(), Form::Html);
        let links = discover(&page.text, &exchange.url);
        found.drop(
            Reason::TooMany,
            links.articles.len().saturating_sub(SECTION_LINKS_MAX),
        );
        for link in links.articles.iter().take(SECTION_LINKS_MAX) {
            if let Ok(url) = Url::parse(link) {
                self.take(url, Hint::default(), None, i64::MAX, found);
            }
        }
        if !self.has_feeds && self.depth == 0 {
            let feed = links
                .feeds
                .first()
                .and_then(|link| Url::parse(&link.url).ok());
            found.lists.extend(feed.map(|url| (Purpose::Feed, url)));
        }
        let next = links
            .next
            .filter(|_| self.depth + 1 < SECTION_PAGES_MAX && all_new(found));
        found
            .lists
            .extend(next.and_then(|next| Some((Purpose::Section, Url::parse(&next).ok()?))));
    }

    /// Asks whether an article is wanted; `undated` is where it ranks without a date.
    fn take(&self, url: Url, hint: Hint, age: Option<Timestamp>, undated: i64, found: &mut Found) {
        if age.is_some_and(|age| age < self.oldest) {
            found.drop(Reason::TooOld, 1);
            return;
        }
        let Some(url) =
            hedui_page::address::normalise(url.as_str()).and_then(|url| Url::parse(&url).ok())
        else {
            found.drop(Reason::Url, 1);
            return;
        };
        let class = match self.known.wants(url.as_str(), &hint) {
            Want::Fetch => Class::New,
            Want::Revisit => Class::Revisit,
            Want::Skip => {
                found.drop(Reason::Known, 1);
                return;
            }
        };
        let newest = age.map_or(undated, Timestamp::as_second);
        found.candidates.push(Candidate {
            url,
            hint,
            class,
            newest,
        });
    }
}

impl Found {
    fn drop(&mut self, reason: Reason, times: usize) {
        if times > 0 {
            *self.dropped.entry(reason).or_default() += times as u64;
        }
    }
}

/// Tells whether a list named only what is new, so that its next page may name more.
fn all_new(found: &Found) -> bool {
    let stops = |reason: &Reason| found.dropped.contains_key(reason);
    !found.candidates.is_empty()
        && found
            .candidates
            .iter()
            .all(|candidate| candidate.class == Class::New)
        && ![Reason::Known, Reason::TooOld].iter().any(stops)
}

fn is_html(content_type: Option<&str>) -> bool {
    content_type.is_some_and(|kind| kind.to_ascii_lowercase().contains("html"))
}

fn entry_link(entry: &Entry) -> Option<Url> {
    let of = |text: &Option<String>| {
        let url = Url::parse(text.as_deref()?.trim()).ok()?;
        matches!(url.scheme(), "http" | "https").then_some(url)
    };
    of(&entry.link).or_else(|| of(&entry.id))
}

fn entry_hint(entry: &Entry) -> Hint {
    Hint {
        title: entry
            .title
            .as_deref()
            .map(plain_text)
            .and_then(|title| short(&title)),
        author: entry.author.as_deref().and_then(short),
        published: entry.published,
        updated: entry.updated,
    }
}

fn sitemap_hint(entry: &SitemapEntry) -> Hint {
    Hint {
        title: entry.title.as_deref().and_then(short),
        author: None,
        published: entry.published,
        updated: entry.modified,
    }
}

fn short(text: &str) -> Option<String> {
    let text: String = text.trim().chars().take(HINT_CHARS_MAX).collect();
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::crawl::plan::KnowsNothing;

    const URL: &str = "http://a.example/list";

    fn reader(purpose: Purpose, depth: u32) -> Reader {
        let oldest = "2025-01-01T00:00:00Z".parse().unwrap();
        Reader {
            purpose,
            depth,
            has_feeds: true,
            oldest,
            known: Arc::new(KnowsNothing),
        }
    }

    fn read(reader: &Reader, content_type: &str, body: &str) -> Found {
        let exchange = Exchange {
            url: URL.to_owned(),
            peer: None,
            at: Timestamp::UNIX_EPOCH,
            request: Vec::new(),
            status: 200,
            reason: String::new(),
            headers: vec![("content-type".to_owned(), content_type.as_bytes().to_vec())],
            body: Vec::new(),
            truncated: false,
        };
        reader.read(&Fetched::Content {
            exchange,
            redirects: Vec::new(),
            decoded: body.as_bytes().to_vec(),
        })
    }

    fn lists(found: &Found) -> Vec<String> {
        found
            .lists
            .iter()
            .map(|(purpose, url)| format!("{purpose} {}", url.path()))
            .collect()
    }

    fn paths(found: &Found) -> Vec<&str> {
        found
            .candidates
            .iter()
            .map(|candidate| candidate.url.path())
            .collect()
    }

    #[test]
    fn the_next_page_of_a_feed_is_read_while_all_is_new() {
        let feed = |entries: &str| {
            format!(
                "<feed xmlns='http://www.w3.org/2005/Atom'><link rel='next' href='/list2'/>{entries}</feed>"
            )
        };
        let new = "<entry><link href='/1'/><updated>2025-02-01T00:00:00Z</updated></entry>";
        let old = "<entry><link href='/0'/><updated>2024-02-01T00:00:00Z</updated></entry>";
        let at = |depth: u32, entries: &str| {
            lists(&read(
                &reader(Purpose::Feed, depth),
                "text/xml",
                &feed(entries),
            ))
        };
        assert_eq!(at(0, new), ["feed /list2"]);
        assert!(
            at(0, &format!("{new}{old}")).is_empty(),
            "what follows is older still"
        );
        assert!(at(0, "").is_empty());
        assert!(at(FEED_PAGES_MAX, new).is_empty());
    }

    #[test]
    fn an_index_is_read_newest_first_and_not_deeper_than_allowed() {
        let index = "<sitemapindex><sitemap><loc>/undated</loc></sitemap>\
                     <sitemap><loc>/older</loc><lastmod>2025-02-01</lastmod></sitemap>\
                     <sitemap><loc>/newer</loc><lastmod>2025-03-01</lastmod></sitemap>\
                     <sitemap><loc>/old</loc><lastmod>2024-01-01</lastmod></sitemap></sitemapindex>";
        let found = read(&reader(Purpose::Sitemap, 0), "text/xml", index);
        assert_eq!(
            lists(&found),
            ["sitemap /newer", "sitemap /older", "sitemap /undated"]
        );
        assert_eq!(found.dropped, BTreeMap::from([(Reason::TooOld, 1)]));
        let found = read(
            &reader(Purpose::Sitemap, SITEMAP_DEPTH_MAX),
            "text/xml",
            index,
        );
        assert!(
            lists(&found).is_empty() && found.dropped == BTreeMap::from([(Reason::TooMany, 4)])
        );
    }

    #[test]
    fn an_old_article_that_was_changed_lately_is_taken_from_a_feed() {
        let feed = "<feed xmlns='http://www.w3.org/2005/Atom'><entry><link href='/1'/>\
                    <published>2020-01-01T00:00:00Z</published><updated>2025-02-01T00:00:00Z</updated></entry></feed>";
        assert_eq!(
            paths(&read(&reader(Purpose::Feed, 0), "text/xml", feed)),
            ["/1"]
        );
    }

    #[test]
    fn an_entry_without_a_link_is_counted() {
        let feed = "<rss><channel><item><title>no link</title></item><item><guid>http://a.example/2</guid></item>\
                    <item><link>ftp://a.example/3</link></item></channel></rss>";
        let found = read(&reader(Purpose::Feed, 0), "text/xml", feed);
        assert_eq!(paths(&found), ["/2"]);
        assert_eq!(found.dropped, BTreeMap::from([(Reason::Url, 2)]));
    }

    #[test]
    fn a_section_names_its_feed_where_the_source_has_none() {
        let page = "<link rel=alternate type='application/rss+xml' href='/rss'>\
                    <a href='/2025/02/01/a-plant-for-chips.html'>A plant for chips is built at a cost of $16.5 billion</a>";
        let alone = Reader {
            has_feeds: false,
            ..reader(Purpose::Section, 0)
        };
        let found = read(&alone, "text/html", page);
        assert_eq!(
            (lists(&found), paths(&found)),
            (
                vec!["feed /rss".to_owned()],
                vec!["/2025/02/01/a-plant-for-chips.html"]
            )
        );
        assert!(lists(&read(&reader(Purpose::Section, 0), "text/html", page)).is_empty());
    }

    #[test]
    fn what_is_no_list_says_nothing() {
        for purpose in [Purpose::Feed, Purpose::Sitemap, Purpose::Section] {
            for body in ["", "\0\u{1}", "{", "<", "<html>", "not a list"] {
                let found = read(&reader(purpose, 0), "text/plain", body);
                assert!(
                    found.candidates.is_empty() && found.lists.is_empty(),
                    "{purpose} {body:?}"
                );
            }
        }
    }
}
