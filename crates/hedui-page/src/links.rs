//! Where a page leads: feeds, next pages, articles of a section.

use scraper::{Html, Selector};
use url::Url;

use crate::address;
use crate::date::date_in_path;
use crate::words::{NameRole, Role, Words, lower};

/// A feed that a page names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedLink {
    /// Where it is, absolute.
    pub url: String,
    /// What the page calls it.
    pub title: Option<String>,
}

/// What a section page leads to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Discovered {
    /// Feeds that the page names, in order, each once.
    pub feeds: Vec<FeedLink>,
    /// The next page of the section or of the article.
    pub next: Option<String>,
    /// Links that look like articles of the same site, in order, normalised, each once.
    pub articles: Vec<String>,
}

/// Reads where a page leads.
///
/// ```
/// # use hedui_page::links::discover;
/// let html = "<link rel=alternate type='application/rss+xml' href=/rss><a href='/2025/09/24/chips.html'>A chip plant for $16.5 billion</a>";
/// let found = discover(html, "https://example.com/tech/");
/// assert_eq!(found.feeds[0].url, "https://example.com/rss");
/// assert_eq!(found.articles, ["https://example.com/2025/09/24/chips.html"]);
/// ```
pub fn discover(html: &str, url: &str) -> Discovered {
    discover_with(html, url, Words::builtin())
}

/// Does the same with other words than those built in.
pub fn discover_with(html: &str, url: &str, words: &Words) -> Discovered {
    let Ok(url) = Url::parse(url) else {
        return Discovered::default();
    };
    let (html, _) = crate::html::bounded(html);
    let html = Html::parse_document(&html);
    let base = select(&html, "base[href]")
        .first()
        .and_then(|base| url.join(base.attr("href")?).ok())
        .unwrap_or_else(|| url.clone());
    Discovered {
        feeds: feeds(&html, &base),
        next: next_page(&html, &base, &url, words),
        articles: articles(&html, &base, &url, words),
    }
}

fn select<'a>(html: &'a Html, selector: &str) -> Vec<scraper::ElementRef<'a>> {
    Selector::parse(selector)
        .map(|selector| html.select(&selector).collect())
        .unwrap_or_default()
}

fn feeds(html: &Html, base: &Url) -> Vec<FeedLink> {
    let mut feeds: Vec<FeedLink> = Vec::new();
    for link in select(html, "link[rel][href][type]") {
        let is = |name: &str, wanted: &[&str]| {
            let value = link.attr(name).unwrap_or("").to_ascii_lowercase();
            wanted.iter().any(|wanted| value.contains(wanted))
        };
        let is_feed =
            is("rel", &["alternate", "feed"]) && is("type", &["rss", "atom", "rdf", "feed+json"]);
        let Some(url) = link
            .attr("href")
            .filter(|_| is_feed)
            .and_then(|href| address::join(Some(base), href))
        else {
            continue;
        };
        let url = String::from(url);
        if !feeds.iter().any(|feed| feed.url == url) && feeds.len() < 100 {
            let title = link
                .attr("title")
                .map(str::trim)
                .filter(|title| !title.is_empty());
            feeds.push(FeedLink {
                url,
                title: title.map(str::to_owned),
            });
        }
    }
    feeds
}

/// The next page: `rel=next`, or a link that says so and leads to the same host.
fn next_page(html: &Html, base: &Url, own: &Url, words: &Words) -> Option<String> {
    let marked = select(html, "link[rel~=next][href], a[rel~=next][href]");
    let by_words = || {
        select(html, "a[href]").into_iter().find(|link| {
            let text: String = link.text().take(8).collect();
            words.is(Role::NextPage, lower(text.trim()).trim())
        })
    };
    let link = marked.first().copied().or_else(by_words)?;
    let url = address::join(Some(base), link.attr("href")?)?;
    let is_other = url.host_str() == own.host_str() && url != *own;
    is_other
        .then(|| address::normalise_with(url.as_str(), words))
        .flatten()
}

fn articles(html: &Html, base: &Url, own: &Url, words: &Words) -> Vec<String> {
    let mut found: Vec<(String, i32)> = Vec::new();
    let mut known = std::collections::HashMap::new();
    for link in select(html, "a[href]").into_iter().take(20_000) {
        let Some(url) = link
            .attr("href")
            .and_then(|href| address::join(Some(base), href))
        else {
            continue;
        };
        if !is_same_site(&url, own) {
            continue;
        }
        let Some(address) = address::normalise_with(url.as_str(), words) else {
            continue;
        };
        let text: String = link.text().take(40).collect();
        let points = article_points(&url, words) + text_points(&text);
        match known.get(&address) {
            // The same article is often linked by a picture and by its headline.
            Some(&at) => {
                if let Some((_, best)) = found.get_mut::<usize>(at) {
                    *best = points.max(*best);
                }
            }
            None => {
                known.insert(address.clone(), found.len());
                found.push((address, points));
            }
        }
    }
    let own = address::normalise_with(own.as_str(), words);
    let good = found
        .into_iter()
        .filter(|(url, points)| *points >= 3 && Some(url) != own.as_ref());
    good.map(|(url, _)| url).collect()
}

fn is_same_site(url: &Url, own: &Url) -> bool {
    let site = |url: &Url| -> Option<String> {
        let host = url.host_str()?;
        let mut labels: Vec<&str> = host.rsplit('.').take(3).collect();
        // `com.cn`, `co.uk`, `org.tw`: three labels make a site.
        let is_long = labels.get(1).is_some_and(|label| label.len() <= 3)
            && labels.first().is_some_and(|label| label.len() == 2);
        labels.truncate(if is_long { 3 } else { 2 });
        Some(labels.join("."))
    };
    site(url).is_some() && site(url) == site(own)
}

/// Tells how much a URL looks like that of an article; from 3 points on it is likely.
///
/// ```
/// # use hedui_page::links::article_points;
/// let points = |url: &str| article_points(&url.parse().expect("a URL"), hedui_page::words::Words::builtin());
/// assert!(points("https://example.com/n1/2025/0924/c1001-40000.html") >= 3);
/// assert!(points("https://example.com/tag/chips") < 3);
/// ```
pub fn article_points(url: &Url, words: &Words) -> i32 {
    let path = url.path();
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let Some(last) = parts.last() else { return -5 };
    let mut points = 0;
    if date_in_path(path).is_some() {
        points += 3;
    }
    let name = last.rsplit_once('.').map_or(*last, |(name, _)| name);
    let digits = name.chars().filter(char::is_ascii_digit).count();
    points += match digits {
        0..=3 => 0,
        4 => 1,
        _ => 2,
    };
    let hyphens = name.matches('-').count();
    points += i32::from(hyphens >= 3) * 2 + i32::from(hyphens >= 6);
    points += i32::from(last.ends_with("html") || last.ends_with(".htm"));
    let lower: Vec<String> = parts.iter().map(|part| lower(part)).collect();
    let is_article = lower
        .iter()
        .any(|part| words.has_name(NameRole::ArticlePath, part));
    let front = lower.split_last().map_or(&[][..], |(_, front)| front);
    let is_other = front
        .iter()
        .any(|part| words.has_name(NameRole::NoArticlePath, part))
        || lower
            .last()
            .is_some_and(|part| words.has_name(NameRole::NoArticlePath, part));
    points += i32::from(is_article) - 3 * i32::from(is_other);
    let has_id = url.query_pairs().any(|(key, value)| {
        key.to_ascii_lowercase().ends_with("id")
            && value.len() >= 4
            && value.chars().all(|c| c.is_ascii_digit())
    });
    points += i32::from(has_id) * 2;
    let is_file = [
        ".jpg", ".png", ".gif", ".zip", ".mp4", ".mp3", ".xml", ".css", ".js", ".apk", ".exe",
    ];
    if is_file
        .iter()
        .any(|end| last.to_ascii_lowercase().ends_with(end))
    {
        return -10;
    }
    points
}

/// A headline is longer than a section's name.
fn text_points(text: &str) -> i32 {
    let weight: usize = text
        .chars()
        .map(|c| {
            if c.is_ascii() {
                usize::from(!c.is_whitespace())
            } else {
                3
            }
        })
        .sum();
    match weight {
        0..=5 => 0,
        6..=14 => -1,
        15..=23 => 0,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sections_lead_to_articles_and_not_to_sections() {
        let html = r#"<nav><a href="/">首页</a><a href="/tech/">科技</a><a href="/tag/chips">芯片</a></nav>
            <a href="/a/20250924/1650.html"><img></a><a href="/a/20250924/1650.html#top">总投资165亿元的芯片项目开工建设</a>
            <a href="https://m.example.com.cn/news/detail?articleid=884412&amp;utm_source=x">台积电在美投资增至1650亿美元</a>
            <a href="https://other.com/2025/09/24/x.html">Elsewhere</a><a href="/list_2.html">下一页</a>"#;
        let found = discover(html, "https://www.example.com.cn/tech/");
        assert_eq!(
            found.articles,
            [
                "https://www.example.com.cn/a/20250924/1650.html",
                "https://m.example.com.cn/news/detail?articleid=884412"
            ]
        );
        assert_eq!(
            found.next.as_deref(),
            Some("https://www.example.com.cn/list_2.html")
        );
    }

    #[test]
    fn feeds_are_found_once() {
        let html = "<link rel='alternate' type='application/atom+xml' title='News' href='feed'><link rel=alternate type=application/rss+xml href=feed><link rel=alternate hreflang=en href=/en>";
        let found = discover(html, "https://example.com/a/b");
        assert_eq!(
            found.feeds,
            [FeedLink {
                url: "https://example.com/a/feed".to_owned(),
                title: Some("News".to_owned())
            }]
        );
    }

    proptest! {
        #[test]
        fn no_markup_panics(html in "(<a href='|'>|</a>|<base href='|[a-z0-9/?=.-]{0,8}|下一页|<){0,30}", url in "https?://[a-z.]{1,12}/[a-z0-9/]{0,12}") {
            discover(&html, &url);
        }
    }
}
