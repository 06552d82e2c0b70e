//! robots.txt as RFC 9309 has it, read as leniently as the large crawlers read it.
//!
//! A group goes for an agent when its product token is the agent's, in any case; where none does, the groups of `*` go.
//! All groups of one agent are one. The longest rule that matches decides, and allowing wins a tie. Broken lines,
//! misspelt directives (rows of `config/lexicon/pages.toml`) and lines without a colon are understood. Whether a missing
//! or failing robots.txt allows or forbids is the fetcher's to decide.

use std::time::Duration;

use crate::words::{Directive, Words};

/// The longest line that is read; Google's reader cuts at eight times the longest URL that browsers took.
const LINE_BYTES_MAX: usize = 2083 * 8 - 1;
/// The largest file that is read (RFC 9309 asks for at least 500 KiB).
const FILE_BYTES_MAX: usize = 1024 * 1024;

/// A robots.txt that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Robots {
    groups: Vec<Group>,
    sitemaps: Vec<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Group {
    /// Product tokens in lower case; `*` is all agents.
    agents: Vec<String>,
    rules: Vec<Rule>,
    delay: Option<Duration>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Rule {
    allow: bool,
    /// Percent-encoded as [`escape`] does it; may hold `*` and end in `$`.
    pattern: Vec<u8>,
}

impl Robots {
    /// Reads a robots.txt; what cannot be understood is skipped.
    ///
    /// ```
    /// # use hedui_page::robots::Robots;
    /// let robots = Robots::parse("User-agent: *\nDisallow: /private\nAllow: /private/news$");
    /// assert!(!robots.allowed("hedui", "https://example.com/private/x"));
    /// assert!(robots.allowed("hedui", "https://example.com/private/news"));
    /// ```
    pub fn parse(file: impl AsRef<[u8]>) -> Robots {
        Robots::parse_with(file.as_ref(), Words::builtin())
    }

    /// Reads a robots.txt with other words than those built in.
    pub fn parse_with(file: &[u8], words: &Words) -> Robots {
        let file = file.get(..FILE_BYTES_MAX).unwrap_or(file);
        let file = file.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(file);
        let mut robots = Robots::default();
        let mut in_agents = false;
        for line in file.split(|&byte| byte == b'\n' || byte == b'\r') {
            let line = line.get(..LINE_BYTES_MAX).unwrap_or(line);
            let Some((directive, value)) = read_line(line, words) else {
                continue;
            };
            robots.take(directive, value, &mut in_agents);
        }
        robots
    }

    /// Tells whether `agent`, a product token (what stands behind a `/` is no part of it), may fetch `url`.
    ///
    /// `url` is absolute or a path, and percent-encoded, as every URL that is asked for is.
    pub fn allowed(&self, agent: &str, url: &str) -> bool {
        self.allowed_bytes(agent.as_bytes(), url.as_bytes())
    }

    /// Tells the same of names and URLs that need not be text.
    pub fn allowed_bytes(&self, agent: &[u8], url: &[u8]) -> bool {
        let path = upper_percents(path_of(url));
        if path == b"/robots.txt" {
            return true;
        }
        let rules = self
            .groups_for(agent)
            .into_iter()
            .flat_map(|group| &group.rules);
        let mut best: Option<(usize, bool)> = None;
        for rule in rules {
            let length = if matches(&rule.pattern, &path) {
                rule.pattern.len()
            } else if rule.allow {
                match index_length(&rule.pattern, &path) {
                    Some(length) => length,
                    None => continue,
                }
            } else {
                continue;
            };
            // Allowing is the greater of two booleans, so it wins among rules of one length.
            best = best.max(Some((length, rule.allow)));
        }
        best.is_none_or(|(_, allow)| allow)
    }

    /// Returns how long `agent` is asked to wait between two requests.
    pub fn crawl_delay(&self, agent: &str) -> Option<Duration> {
        let groups = self.groups_for(agent.as_bytes());
        groups.iter().filter_map(|group| group.delay).max()
    }

    /// Returns the sitemaps that the file names, as written, each once.
    pub fn sitemaps(&self) -> &[String] {
        &self.sitemaps
    }

    fn groups_for(&self, agent: &[u8]) -> Vec<&Group> {
        let agent = agent.split(|&byte| byte == b'/').next().unwrap_or(agent);
        let agent = String::from_utf8_lossy(agent).to_ascii_lowercase();
        let of = |name: &str| -> Vec<&Group> {
            let groups = self.groups.iter();
            groups
                .filter(|group| group.agents.iter().any(|known| known == name))
                .collect()
        };
        let own = if agent.is_empty() {
            Vec::new()
        } else {
            of(&agent)
        };
        if own.is_empty() { of("*") } else { own }
    }

    fn take(&mut self, directive: Directive, value: &[u8], in_agents: &mut bool) {
        match directive {
            Directive::UserAgent => {
                if !*in_agents {
                    self.groups.push(Group::default());
                    *in_agents = true;
                }
                if let (Some(group), Some(agent)) = (self.groups.last_mut(), agent_of(value)) {
                    group.agents.push(agent);
                }
            }
            Directive::Allow | Directive::Disallow => {
                *in_agents = false;
                if let Some(group) = self.groups.last_mut().filter(|_| !value.is_empty()) {
                    group.rules.push(Rule {
                        allow: directive == Directive::Allow,
                        pattern: escape(value),
                    });
                }
            }
            // A delay or a sitemap does not end the list of agents (RFC 9309, section 2.2.1: other records).
            Directive::CrawlDelay => {
                if let Some(group) = self.groups.last_mut() {
                    group.delay = read_delay(value).or(group.delay);
                }
            }
            Directive::Sitemap => {
                let url = String::from_utf8_lossy(value).into_owned();
                if !url.is_empty() && !self.sitemaps.contains(&url) && self.sitemaps.len() < 1000 {
                    self.sitemaps.push(url);
                }
            }
        }
    }
}

/// Splits a line into a directive and its value.
fn read_line<'a>(line: &'a [u8], words: &Words) -> Option<(Directive, &'a [u8])> {
    let line = line.split(|&byte| byte == b'#').next()?.trim_ascii();
    let at = memchr::memchr(b':', line);
    let (key, value) = match at {
        Some(at) => (line.get(..at)?, line.get(at + 1..)?),
        None => split_at_space(line)?,
    };
    let key = std::str::from_utf8(key.trim_ascii())
        .ok()?
        .to_ascii_lowercase();
    Some((words.robots_directive(&key)?, value.trim_ascii()))
}

/// Without a colon, a line of exactly two words is a directive and its value.
fn split_at_space(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = line.iter().position(u8::is_ascii_whitespace)?;
    let value = line.get(at..)?.trim_ascii();
    let one_word = !value.iter().any(u8::is_ascii_whitespace);
    one_word.then_some((line.get(..at)?, value))
}

/// Reads the agent of a line: `*`, also with words behind it, or a product token in lower case.
fn agent_of(value: &[u8]) -> Option<String> {
    if let Some(rest) = value.strip_prefix(b"*")
        && rest.first().is_none_or(u8::is_ascii_whitespace)
    {
        return Some("*".to_owned());
    }
    let token = product_token(value);
    let token = String::from_utf8_lossy(token).to_ascii_lowercase();
    (!token.is_empty()).then_some(token)
}

/// Takes letters, `-` and `_` from the start (RFC 9309, section 2.2.1).
fn product_token(agent: &[u8]) -> &[u8] {
    let end = agent
        .iter()
        .position(|byte| !(byte.is_ascii_alphabetic() || b"-_".contains(byte)))
        .unwrap_or(agent.len());
    agent.get(..end).unwrap_or(agent)
}

fn read_delay(value: &[u8]) -> Option<Duration> {
    let seconds: f64 = std::str::from_utf8(value).ok()?.parse().ok()?;
    (seconds.is_finite() && seconds >= 0.0)
        .then(|| Duration::from_millis((seconds.min(86_400.0) * 1000.0) as u64))
}

/// Returns path and query of a URL, without its fragment.
fn path_of(url: &[u8]) -> &[u8] {
    let url = url.split(|&byte| byte == b'#').next().unwrap_or(url);
    let url = url.strip_prefix(b"//").unwrap_or(url);
    let first = url.iter().position(|byte| b"/?;".contains(byte));
    let scheme_end = memchr::memmem::find(url, b"://");
    let start = match (first, scheme_end) {
        (Some(first), Some(end)) if first > end => end + 3,
        _ => 0,
    };
    let rest = url.get(start..).unwrap_or(&[]);
    match rest.iter().position(|byte| b"/?;".contains(byte)) {
        Some(at) => rest.get(at..).unwrap_or(&[]),
        None => b"/",
    }
}

/// Writes the digits of percent signs in upper case; a path starts with `/`.
fn upper_percents(path: &[u8]) -> Vec<u8> {
    let mut upper = Vec::with_capacity(path.len());
    if path.first().is_some_and(|first| b"?;".contains(first)) {
        upper.push(b'/');
    }
    let mut rest = path;
    while let Some((&byte, tail)) = rest.split_first() {
        match (byte, tail) {
            (b'%', [high, low, ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                upper.extend([b'%', high.to_ascii_uppercase(), low.to_ascii_uppercase()]);
                rest = tail.get(2..).unwrap_or(&[]);
                continue;
            }
            _ => upper.push(byte),
        }
        rest = tail;
    }
    upper
}

/// Does the same to a pattern, and writes bytes beyond ASCII with percent signs.
fn escape(pattern: &[u8]) -> Vec<u8> {
    let mut escaped = Vec::with_capacity(pattern.len());
    for byte in upper_percents(pattern) {
        match byte {
            0x80.. => escaped.extend(format!("%{byte:02X}").bytes()),
            _ => escaped.push(byte),
        }
    }
    escaped
}

/// Matches a pattern with `*` and `$` against the beginning of a path, in time proportional to their product.
fn matches(pattern: &[u8], path: &[u8]) -> bool {
    let (pattern, to_end) = match pattern.strip_suffix(b"$") {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    let mut pieces = pattern.split(|&byte| byte == b'*');
    let Some(mut rest) = pieces.next().and_then(|first| path.strip_prefix(first)) else {
        return false;
    };
    let mut pieces: Vec<&[u8]> = pieces.collect();
    let Some(last) = pieces.pop() else {
        return !to_end || rest.is_empty();
    };
    for piece in pieces {
        match memchr::memmem::find(rest, piece) {
            Some(at) => rest = rest.get(at + piece.len()..).unwrap_or(&[]),
            None => return false,
        }
    }
    if to_end {
        rest.ends_with(last)
    } else {
        memchr::memmem::find(rest, last).is_some()
    }
}

/// A rule that allows the index file of a folder allows the folder itself, as Google reads it.
fn index_length(pattern: &[u8], path: &[u8]) -> Option<usize> {
    let at = pattern.iter().rposition(|&byte| byte == b'/')?;
    let (folder, file) = pattern.split_at_checked(at + 1)?;
    if !file.starts_with(b"index.htm") {
        return None;
    }
    let mut whole = folder.to_vec();
    whole.push(b'$');
    matches(&whole, path).then_some(whole.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde::Deserialize;

    #[derive(Deserialize)]
    struct Corpus {
        case: Vec<Case>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Case {
        name: String,
        robots: String,
        #[serde(default)]
        allowed: Vec<String>,
        #[serde(default)]
        forbidden: Vec<String>,
        delay_ms: Option<u64>,
        #[serde(default)]
        sitemaps: Vec<String>,
    }

    #[test]
    fn cases_of_the_corpus() {
        let corpus = include_str!("../../../tests/corpus/robots/robots.toml");
        let corpus: Corpus = toml::from_str(corpus).expect("a table of cases");
        for case in corpus.case {
            let robots = Robots::parse(&case.robots);
            let ask = |path: &str| robots.allowed("hedui", &format!("https://example.com{path}"));
            for path in &case.allowed {
                assert!(ask(path), "{}: {path} is allowed", case.name);
            }
            for path in &case.forbidden {
                assert!(!ask(path), "{}: {path} is forbidden", case.name);
            }
            assert_eq!(
                robots.crawl_delay("hedui"),
                case.delay_ms.map(Duration::from_millis),
                "{}",
                case.name
            );
            assert_eq!(robots.sitemaps(), case.sitemaps, "{}", case.name);
        }
    }

    #[test]
    fn the_version_behind_an_agent_is_no_part_of_it() {
        let robots = Robots::parse("user-agent: hedui\ndisallow: /");
        assert!(!robots.allowed("Hedui/1.0 (+https://example.com)", "http://h/y"));
    }

    #[test]
    fn delays_and_sitemaps_are_read() {
        let robots = Robots::parse(
            "Sitemap: https://h/s.xml\nuser-agent: a\nuser-agent: b\ncrawl-delay: 2.5\nSITEMAP:https://h/t.xml\n",
        );
        assert_eq!(robots.crawl_delay("A"), Some(Duration::from_millis(2500)));
        assert_eq!(robots.crawl_delay("b"), Some(Duration::from_millis(2500)));
        assert_eq!(robots.crawl_delay("c"), None);
        assert_eq!(robots.sitemaps(), ["https://h/s.xml", "https://h/t.xml"]);
    }

    #[test]
    fn paths_of_chinese_sites_are_compared_encoded() {
        let robots = Robots::parse("user-agent: *\ndisallow: /新闻\ndisallow: /%e8%bf%99");
        assert!(!robots.allowed("x", "http://h/%E6%96%B0%E9%97%BB/1"));
        assert!(!robots.allowed("x", "http://h/%e8%BF%99/1"));
    }

    proptest! {
        #[test]
        fn no_bytes_panic(file in proptest::collection::vec(any::<u8>(), 0..300), url in proptest::collection::vec(any::<u8>(), 0..60)) {
            Robots::parse(&file).allowed_bytes(b"a", &url);
        }

        #[test]
        fn no_lines_panic(file in "((user-agent|allow|disallow|crawl-delay) ?:? ?[*$/a-z%#0-9. ]{0,12}\n){0,12}", url in "\\PC{0,30}") {
            let robots = Robots::parse(&file);
            robots.allowed("a", &url);
            robots.crawl_delay("a");
        }
    }
}
