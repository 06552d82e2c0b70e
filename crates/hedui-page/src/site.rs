//! Rules for single sites, where the general rules read a page badly.
//!
//! A rule is a file `config/sites/<host>.toml`; it goes for the host and the hosts below it. CSS selectors say where the
//! body, title, date and author stand, and what is to be left out; everything else is read as usual.

use std::collections::HashMap;

use scraper::Selector;
use serde::Deserialize;

/// A rule could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SiteError {
    /// The file is no TOML, or has a key that is not known.
    #[error("rule of site `{host}`: {source}")]
    Toml {
        /// The host that the file is named for.
        host: String,
        /// Line, column and reason.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// A selector is none.
    #[error("rule of site `{host}`: `{field}` is no selector: `{value}`")]
    Selector {
        /// The host that the file is named for.
        host: String,
        /// The key.
        field: &'static str,
        /// The offending value.
        value: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    body: Option<String>,
    title: Option<String>,
    published: Option<String>,
    author: Option<String>,
    #[serde(default)]
    remove: Vec<String>,
    charset: Option<String>,
}

/// The rule of one site.
#[derive(Clone, Debug, Default)]
pub struct SiteRule {
    body: Option<Selector>,
    title: Option<Selector>,
    published: Option<Selector>,
    author: Option<Selector>,
    remove: Vec<Selector>,
    charset: Option<String>,
}

impl SiteRule {
    /// Returns what selects the main content.
    pub fn body(&self) -> Option<&Selector> {
        self.body.as_ref()
    }

    /// Returns what selects the headline.
    pub fn title(&self) -> Option<&Selector> {
        self.title.as_ref()
    }

    /// Returns what selects the day of publication.
    pub fn published(&self) -> Option<&Selector> {
        self.published.as_ref()
    }

    /// Returns what selects the author.
    pub fn author(&self) -> Option<&Selector> {
        self.author.as_ref()
    }

    /// Returns what selects parts that are no main content.
    pub fn remove(&self) -> &[Selector] {
        &self.remove
    }

    /// Returns the charset that the site's pages are in, whatever they say.
    pub fn charset(&self) -> Option<&str> {
        self.charset.as_deref()
    }
}

/// The rules of all sites that have one.
#[derive(Clone, Debug, Default)]
pub struct SiteRules {
    rules: HashMap<String, SiteRule>,
}

impl SiteRules {
    /// Returns the rules that are built in: none, as long as the general rules read all sites well.
    pub fn builtin() -> &'static SiteRules {
        static RULES: std::sync::OnceLock<SiteRules> = std::sync::OnceLock::new();
        RULES.get_or_init(SiteRules::default)
    }

    /// Adds the rule of a host, which replaces one that is there.
    ///
    /// # Errors
    ///
    /// The text is no TOML, has a key that is not known, or a selector that is none.
    ///
    /// ```
    /// # use hedui_page::site::SiteRules;
    /// let mut rules = SiteRules::default();
    /// rules.add("example.com", "body = 'div.story'\nremove = ['.ad']")?;
    /// assert!(rules.rule("www.example.com").is_some());
    /// # Ok::<(), hedui_page::site::SiteError>(())
    /// ```
    pub fn add(&mut self, host: &str, toml: &str) -> Result<(), SiteError> {
        let row: Row = toml::from_str(toml).map_err(|source| SiteError::Toml {
            host: host.to_owned(),
            source: Box::new(source),
        })?;
        let selector = |field: &'static str, value: Option<String>| match value {
            None => Ok(None),
            Some(value) => Selector::parse(&value)
                .map(Some)
                .map_err(|_| SiteError::Selector {
                    host: host.to_owned(),
                    field,
                    value,
                }),
        };
        let mut rule = SiteRule {
            body: selector("body", row.body)?,
            title: selector("title", row.title)?,
            published: selector("published", row.published)?,
            author: selector("author", row.author)?,
            remove: Vec::new(),
            charset: row.charset,
        };
        for value in row.remove {
            rule.remove.extend(selector("remove", Some(value))?);
        }
        self.rules.insert(host.to_ascii_lowercase(), rule);
        Ok(())
    }

    /// Returns the rule of a host, or of the nearest host above it.
    pub fn rule(&self, host: &str) -> Option<&SiteRule> {
        if self.rules.is_empty() {
            return None;
        }
        let host = host.to_ascii_lowercase();
        let mut rest = host.as_str();
        loop {
            if let Some(rule) = self.rules.get(rest) {
                return Some(rule);
            }
            rest = rest.split_once('.')?.1;
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_are_named() {
        let mut rules = SiteRules::default();
        let error = rules.add("a.com", "boddy = 'x'").unwrap_err().to_string();
        assert!(error.contains("a.com"), "{error}");
        let error = rules.add("a.com", "body = '>>'").unwrap_err().to_string();
        assert!(error.contains("`body`") && error.contains(">>"), "{error}");
    }

    #[test]
    fn a_rule_goes_for_hosts_below() {
        let mut rules = SiteRules::default();
        rules.add("News.example.com", "").unwrap();
        assert!(rules.rule("en.news.EXAMPLE.com").is_some());
        assert!(rules.rule("example.com").is_none());
        assert!(rules.rule("othernews.example.com").is_none());
    }

    #[test]
    fn a_rule_decides_what_is_read() {
        let mut rules = SiteRules::default();
        rules
            .add("a.com", "body = '#x'\nremove = ['.y']\ntitle = 'b'")
            .unwrap();
        let reader = crate::PageReader::new(
            crate::words::Words::builtin().clone(),
            rules,
            crate::PageLimits::default(),
        );
        let html = "<h1>Wrong</h1><b>Right</b><p>A long sentence that the general rules would take for the main content, surely.</p><div id=x>one<p class=y>two</p></div>";
        let (page, _) = reader.read(html, Some("https://a.com/1"));
        assert_eq!((page.title.as_str(), page.body.as_str()), ("Right", "one"));
    }
}
