//! A page: its main content, and what it says about itself.
//!
//! The page is parsed once, by `scraper`, into a tree that is then walked as a list; nothing here recurses. Every value
//! is taken from what says it best (JSON-LD, metadata, microdata, `<time>`, the URL, what a reader sees), and rules for
//! single sites ([`crate::site`]) come before all of them. Nothing is fetched, and no script is run.

mod author;
mod body;
mod content;
mod dom;
pub(crate) mod guard;
mod lines;
mod metadata;
mod origin;
mod roles;
mod structured;
mod title;
mod when;

use std::borrow::Cow;
use std::collections::HashSet;

use hedui_model::{Diagnostic, Page};
use scraper::Html;
use url::Url;

use crate::address;
use crate::site::{SiteRule, SiteRules};
use crate::words::{NameRole, Role, Words};

use content::Layout;
use dom::{Dom, Kind};
use metadata::Head;
use origin::Found;
pub use origin::{Origin, Origins};

/// Limits on what of a page is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageLimits {
    /// The most bytes of markup.
    pub bytes_max: usize,
    /// The most tags.
    pub nodes_max: usize,
    /// The deepest nesting of elements.
    pub depth_max: usize,
}

impl Default for PageLimits {
    fn default() -> Self {
        PageLimits {
            bytes_max: 16 * 1024 * 1024,
            nodes_max: 250_000,
            depth_max: 1000,
        }
    }
}

/// Reads pages with given words, site rules and limits.
#[derive(Clone, Debug)]
pub struct PageReader {
    words: Cow<'static, Words>,
    sites: SiteRules,
    limits: PageLimits,
}

impl Default for PageReader {
    fn default() -> Self {
        PageReader {
            words: Cow::Borrowed(Words::builtin()),
            sites: SiteRules::builtin().clone(),
            limits: PageLimits::default(),
        }
    }
}

/// Reads a page with the words, rules and limits that are built in.
///
/// `html` is decoded text ([`crate::charset::decode`]); `url` is where the page was found, and makes links absolute.
///
/// ```
/// # use hedui_page::read_page;
/// let html = "<title>Chips - Example</title><h1>Chips</h1><p>The plant will cost $16.5 billion, the company said on Monday, more than planned.";
/// let (page, _) = read_page(html, Some("https://example.com/2025/09/24/chips"));
/// assert_eq!(page.title, "Chips");
/// assert_eq!(page.published.map(|at| at.to_string()).as_deref(), Some("2025-09-24"));
/// assert!(page.body.starts_with("The plant"));
/// ```
pub fn read_page(html: &str, url: Option<&str>) -> (Page, Vec<Diagnostic>) {
    let (page, _, diagnostics) = read_page_explained(html, url);
    (page, diagnostics)
}

/// Reads a page with the built-in words and rules, and says where each field was found.
pub fn read_page_explained(html: &str, url: Option<&str>) -> (Page, Origins, Vec<Diagnostic>) {
    static READER: std::sync::OnceLock<PageReader> = std::sync::OnceLock::new();
    READER
        .get_or_init(PageReader::default)
        .read_explained(html, url)
}

impl PageReader {
    /// Makes a reader.
    pub fn new(words: Words, sites: SiteRules, limits: PageLimits) -> PageReader {
        PageReader {
            words: Cow::Owned(words),
            sites,
            limits,
        }
    }

    /// Reads a page.
    pub fn read(&self, html: &str, url: Option<&str>) -> (Page, Vec<Diagnostic>) {
        let (page, _, diagnostics) = self.read_explained(html, url);
        (page, diagnostics)
    }

    /// Reads a page, and says where each field was found.
    ///
    /// ```
    /// # use hedui_page::{PageReader, html::Origin};
    /// let html = "<html lang=en><h1>A new plant for chips</h1><p>It will cost $16.5 billion.";
    /// let (_, origins, _) = PageReader::default().read_explained(html, Some("https://example.com/2025/09/24/chips"));
    /// assert_eq!(origins.title, Some(Origin::Heading));
    /// assert_eq!(origins.published, Some(Origin::Address));
    /// assert_eq!(origins.declared_lang, Some(Origin::Root));
    /// ```
    pub fn read_explained(
        &self,
        html: &str,
        url: Option<&str>,
    ) -> (Page, Origins, Vec<Diagnostic>) {
        let words = self.words.as_ref();
        let mut diagnostics = Vec::new();
        let (html, cut) = guard::within(html, &self.limits);
        if cut {
            diagnostics.push(Diagnostic::new(
                "nodes",
                "markup beyond the limits left out",
            ));
        }
        let html = Html::parse_document(&html);
        let url = url.and_then(|url| Url::parse(url).ok());
        let host = url.as_ref().and_then(Url::host_str);
        let dom = Dom::new(&html);
        let head = Head::read(&dom, words);
        if head.broken_blocks > 0 {
            diagnostics.push(Diagnostic::new(
                "json_ld",
                format!("{} blocks broken", head.broken_blocks),
            ));
        }
        let view = View {
            html: &html,
            dom: &dom,
            head: &head,
            url: url.as_ref(),
            rule: host.and_then(|host| self.sites.rule(host)),
            words,
        };
        let (page, origins) = view.page(&mut diagnostics);
        (page, origins, diagnostics)
    }
}

/// A parsed page, and what is needed to read it.
struct View<'a> {
    html: &'a Html,
    dom: &'a Dom<'a>,
    head: &'a Head,
    url: Option<&'a Url>,
    rule: Option<&'a SiteRule>,
    words: &'a Words,
}

impl View<'_> {
    fn page(&self, diagnostics: &mut Vec<Diagnostic>) -> (Page, Origins) {
        let words = self.words;
        let units = |unit: &str| words.is(Role::ExponentUnit, unit);
        let roles = roles::read(self.dom, words);
        let lines = lines::read(self.dom, &roles, &units);
        let mut layout = Layout::new(self.dom, &roles, &lines);
        self.drop_by_rule(&mut layout);
        let host = self.url.and_then(Url::host_str);
        let sites = title::SiteNames::new(self.head, host, words);
        let ruled = self.ruled_main();
        let body_origin = ruled.as_ref().map_or(Origin::Text, |_| Origin::Rule);
        let main = ruled.unwrap_or_else(|| layout.main());
        let (title, title_origin) = self
            .ruled(SiteRule::title)
            .unwrap_or_else(|| title::find(&layout, self.head, &main, &sites, words));
        let body = body::text(&layout, &main, &title, words);
        let lang = self.declared_lang();
        let place = when::Place {
            path: self.url.map_or("", Url::path),
            host: self.url.and_then(Url::host_str).unwrap_or(""),
            lang: lang.as_ref().map_or("", |(lang, _)| lang.as_str()),
        };
        let when = when::find(&layout, self.head, &main, &title, &place, words);
        let ruled_date = self.ruled(SiteRule::published).and_then(|(text, origin)| {
            let stamp = crate::date::read_loose(&text, words)?;
            Some((stamp.published(), origin))
        });
        let published = ruled_date.or(when.published);
        let author = self
            .ruled(SiteRule::author)
            .or_else(|| author::find(&layout, self.head, &main, &sites, words));
        if body.is_empty() {
            diagnostics.push(Diagnostic::new("body", "no main content found"));
        }
        let (body, body_origin) = self.or_declared(body, body_origin);
        let (canonical, site) = (self.canonical(), self.site());
        let origins = Origins {
            title: Some(title_origin).filter(|_| !title.is_empty()),
            body: Some(body_origin).filter(|_| !body.is_empty()),
            published: published.map(|(_, origin)| origin),
            modified: when.modified.map(|(_, origin)| origin),
            author: author.as_ref().map(|(_, origin)| *origin),
            canonical: canonical.as_ref().map(|(_, origin)| *origin),
            declared_lang: lang.as_ref().map(|(_, origin)| *origin),
            site: site.as_ref().map(|(_, origin)| *origin),
        };
        let page = Page {
            title,
            body,
            published: published.map(|(at, _)| at),
            modified: when.modified.map(|(at, _)| at),
            author: author.map(|(names, _)| names),
            canonical: canonical.map(|(url, _)| url),
            declared_lang: lang.map(|(lang, _)| lang),
            site: site.map(|(name, _)| name),
            links: self.links(),
        };
        (page, origins)
    }

    /// Takes the body that JSON-LD holds where the page itself shows next to nothing.
    fn or_declared(&self, body: String, origin: Origin) -> Found<String> {
        match &self.head.structured.body {
            Some(declared) if body.len() * 4 < declared.len() && declared.len() > 400 => {
                let plain = if declared.contains('<') {
                    crate::feed::plain_text(declared)
                } else {
                    metadata::unescape_lines(declared)
                };
                if plain.len() > body.len() * 4 {
                    (plain, Origin::JsonLd)
                } else {
                    (body, origin)
                }
            }
            _ => (body, origin),
        }
    }

    fn drop_by_rule(&self, layout: &mut Layout<'_, '_>) {
        let Some(rule) = self.rule else { return };
        let dropped: HashSet<_> = rule
            .remove()
            .iter()
            .flat_map(|selector| self.html.select(selector))
            .map(|element| element.id())
            .collect();
        if dropped.is_empty() {
            return;
        }
        let marked = self
            .dom
            .iter()
            .filter(|(_, node)| dropped.contains(&node.id));
        let marked: Vec<usize> = marked.map(|(at, _)| at).collect();
        layout.drop_all(marked.into_iter());
    }

    fn ruled_main(&self) -> Option<Vec<std::ops::Range<usize>>> {
        let selector = self.rule?.body()?;
        let chosen: HashSet<_> = self
            .html
            .select(selector)
            .map(|element| element.id())
            .collect();
        let mut main: Vec<std::ops::Range<usize>> = Vec::new();
        for (at, node) in self.dom.iter() {
            let is_inside = main.last().is_some_and(|range| at < range.end);
            if chosen.contains(&node.id) && !is_inside {
                main.push(self.dom.range(at));
            }
        }
        (!main.is_empty()).then_some(main)
    }

    /// What stands where the site's rule points.
    fn ruled(
        &self,
        selector: impl Fn(&SiteRule) -> Option<&scraper::Selector>,
    ) -> Option<Found<String>> {
        let element = self.html.select(selector(self.rule?)?).next()?;
        let value = ["content", "datetime"]
            .iter()
            .find_map(|key| element.attr(key));
        let text = value.map_or_else(|| element.text().collect::<String>(), str::to_owned);
        let text = metadata::unescape(&text);
        (!text.is_empty()).then_some((text, Origin::Rule))
    }

    fn base(&self) -> Option<Url> {
        match &self.head.base {
            Some(base) => match self.url {
                Some(url) => url.join(base).ok(),
                None => Url::parse(base).ok(),
            },
            None => self.url.cloned(),
        }
    }

    /// The canonical URL: what the page names so, if it can be the same page.
    fn canonical(&self) -> Option<Found<String>> {
        let base = self.base();
        let link = self.head.link("canonical").map(|link| (link, Origin::Link));
        let meta = || self.head.meta("og:url").map(|link| (link, Origin::Meta));
        let named = link.or_else(meta);
        let named =
            named.and_then(|(link, origin)| Some((address::join(base.as_ref(), link)?, origin)));
        let own = self.url.map(Url::as_str);
        // A canonical that is the front page of the site is a mistake of a template.
        let is_front = |url: &Url| url.path().trim_matches('/').is_empty() && url.query().is_none();
        let named = named.filter(|(url, _)| !is_front(url) || self.url.is_none_or(is_front));
        let (url, origin) = named
            .map(|(url, origin)| (String::from(url), origin))
            .or_else(|| Some((own?.to_owned(), Origin::Address)))?;
        Some((address::normalise_with(&url, self.words)?, origin))
    }

    fn declared_lang(&self) -> Option<Found<String>> {
        let root = self.head.lang.clone().map(|lang| (lang, Origin::Root));
        let structured = self.head.structured.language.clone();
        let (found, origin) = root
            .or_else(|| Some((structured?, Origin::JsonLd)))
            .or_else(|| self.first_meta(NameRole::MetaLanguage))?;
        let found = found
            .split([',', ';'])
            .next()
            .unwrap_or("")
            .trim()
            .replace('_', "-");
        (2..=20).contains(&found.len()).then_some((found, origin))
    }

    fn site(&self) -> Option<Found<String>> {
        let named = self.head.meta("og:site_name");
        let structured = || {
            let name = self.head.structured.sites.first()?;
            Some((name.clone(), Origin::JsonLd))
        };
        named
            .map(|name| (name.to_owned(), Origin::Meta))
            .or_else(structured)
            .or_else(|| self.first_meta(NameRole::MetaSite))
            .filter(|(name, _)| name.chars().count() <= 80)
    }

    fn first_meta(&self, role: NameRole) -> Option<Found<String>> {
        let value = self.head.metas(role, self.words).next()?;
        Some((value.to_owned(), Origin::Meta))
    }

    /// All links of the page, absolute, without fragments, each once.
    fn links(&self) -> Vec<String> {
        let base = self.base();
        let mut seen = HashSet::new();
        let mut links = Vec::new();
        for (_, node) in self.dom.iter() {
            let Kind::Element(element, dom::Tag::Link) = node.kind else {
                continue;
            };
            let Some(mut url) = element
                .attr("href")
                .and_then(|href| address::join(base.as_ref(), href))
            else {
                continue;
            };
            url.set_fragment(None);
            let url = String::from(url);
            if links.len() < 20_000 && !seen.contains(&url) {
                seen.insert(url.clone());
                links.push(url);
            }
        }
        links
    }
}

/// Brings markup within the usual limits.
pub(crate) fn bounded(html: &str) -> (Cow<'_, str>, bool) {
    guard::within(html, &PageLimits::default())
}
