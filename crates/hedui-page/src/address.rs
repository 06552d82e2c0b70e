//! URLs: one spelling for one page.
//!
//! What follows readers around (tracking parameters), sessions, fragments and default ports go; what chooses the page
//! stays. Which parameters those are is data (`config/lexicon/pages.toml`).

use url::Url;

use crate::words::{NameRole, Words};

/// The longest URL that is taken.
const URL_BYTES_MAX: usize = 4096;

/// Returns the one spelling of a URL, or `None` where it is no `http` or `https` URL.
///
/// ```
/// # use hedui_page::address::normalise;
/// assert_eq!(
///     normalise("HTTP://Example.com:80/a/../b;jsessionid=1?utm_source=x&id=7#top").as_deref(),
///     Some("http://example.com/b?id=7"),
/// );
/// ```
pub fn normalise(url: &str) -> Option<String> {
    normalise_with(url, Words::builtin())
}

/// Does the same with other words than those built in.
pub fn normalise_with(url: &str, words: &Words) -> Option<String> {
    if url.len() > URL_BYTES_MAX {
        return None;
    }
    let mut url = Url::parse(url.trim()).ok()?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return None;
    }
    url.set_fragment(None);
    // Credentials are never sent on, so they must not tell pages apart either.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    drop_path_session(&mut url, words);
    drop_parameters(&mut url, words);
    Some(url.into())
}

/// Returns a key that is equal for the twins of one page: `http` and `https`, `www.`, `m.` and `amp.` hosts, `/amp`
/// at the end, a slash at the end, and index files. It is no URL to be fetched.
///
/// ```
/// # use hedui_page::address::twin_key;
/// assert_eq!(twin_key("https://m.example.com/a/amp/"), twin_key("http://www.example.com/a"));
/// ```
pub fn twin_key(url: &str) -> Option<String> {
    let words = Words::builtin();
    let url = Url::parse(&normalise_with(url, words)?).ok()?;
    let host = url.host_str()?;
    let host = host.strip_prefix("www.").unwrap_or(host);
    let host = match host.split_once('.') {
        Some((label, rest)) if words.has_name(NameRole::TwinHost, label) && rest.contains('.') => {
            rest
        }
        _ => host,
    };
    let mut path = url.path().trim_end_matches('/');
    for index in words.names(NameRole::IndexFile) {
        if let Some(folder) = path
            .strip_suffix(index.as_str())
            .filter(|folder| folder.ends_with('/'))
        {
            path = folder.trim_end_matches('/');
        }
    }
    let path = path
        .strip_suffix("/amp")
        .or(path.strip_suffix(".amp"))
        .unwrap_or(path);
    let path = path
        .strip_prefix("/amp")
        .filter(|rest| rest.starts_with('/'))
        .unwrap_or(path);
    let query = url.query().unwrap_or("");
    let port = url
        .port()
        .map(|port| format!(":{port}"))
        .unwrap_or_default();
    Some(format!("{host}{port}{path}?{query}"))
}

/// Resolves a link of a page; `None` where it leads to nothing that can be fetched.
pub fn join(base: Option<&Url>, link: &str) -> Option<Url> {
    let link = link.trim();
    if link.is_empty() || link.len() > URL_BYTES_MAX {
        return None;
    }
    let url = match base {
        Some(base) => base.join(link).ok()?,
        None => Url::parse(link).ok()?,
    };
    matches!(url.scheme(), "http" | "https").then_some(url)
}

/// Drops `;jsessionid=…` from the path.
fn drop_path_session(url: &mut Url, words: &Words) {
    let Some((path, session)) = url.path().rsplit_once(';') else {
        return;
    };
    let name = session.split('=').next().unwrap_or("").to_ascii_lowercase();
    if words.has_name(NameRole::SessionParameter, &name) && !session.contains('/') {
        let path = path.to_owned();
        url.set_path(&path);
    }
}

fn drop_parameters(url: &mut Url, words: &Words) {
    let Some(query) = url.query() else { return };
    let kept: Vec<&str> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .filter(|pair| {
            let name = pair.split('=').next().unwrap_or("").to_ascii_lowercase();
            let is_tracking = words.has_name(NameRole::TrackingParameter, &name)
                || words
                    .names(NameRole::TrackingPrefix)
                    .iter()
                    .any(|prefix| name.starts_with(prefix.as_str()));
            let is_session =
                words.has_name(NameRole::SessionParameter, &name) && is_session_value(pair);
            !(is_tracking || is_session)
        })
        .collect();
    let kept = kept.join("&");
    url.set_query((!kept.is_empty()).then_some(kept.as_str()));
}

/// Tells whether a value may be a session: `sid=7` is rather a section's number.
fn is_session_value(pair: &str) -> bool {
    pair.split_once('=')
        .is_some_and(|(_, value)| value.len() >= 16)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_chooses_the_page_stays() {
        let cases = [
            (
                "https://a.com/x?id=1&UTM_Medium=y&page=2",
                "https://a.com/x?id=1&page=2",
            ),
            ("https://a.com/x?fbclid=abc", "https://a.com/x"),
            ("https://a.com/x?sid=7", "https://a.com/x?sid=7"),
            (
                "https://a.com/x?sid=0123456789abcdef0123",
                "https://a.com/x",
            ),
            ("https://u:p@a.com:443/x#c", "https://a.com/x"),
            ("https://a.com/新闻", "https://a.com/%E6%96%B0%E9%97%BB"),
            ("https://例子.中国/", "https://xn--fsqu00a.xn--fiqs8s/"),
        ];
        for (url, expected) in cases {
            assert_eq!(normalise(url).as_deref(), Some(expected));
        }
        for url in [
            "mailto:a@b.c",
            "javascript:x()",
            "ftp://a.com/",
            "",
            "/x",
            "data:text/html,x",
        ] {
            assert_eq!(normalise(url), None, "{url}");
        }
    }

    #[test]
    fn twins_have_one_key() {
        let key = twin_key("https://www.a.com/n/1.html").unwrap();
        for twin in [
            "http://m.a.com/n/1.html",
            "https://a.com/n/1.html/",
            "https://amp.a.com/n/1.html?utm_id=1",
        ] {
            assert_eq!(twin_key(twin).unwrap(), key, "{twin}");
        }
        assert_eq!(
            twin_key("https://a.com/n/index.html"),
            twin_key("https://a.com/n/")
        );
        assert_ne!(
            twin_key("https://a.com/n?id=1"),
            twin_key("https://a.com/n?id=2")
        );
        assert_ne!(twin_key("https://m.com/"), twin_key("https://n.com/"));
    }

    proptest! {
        #[test]
        fn normalising_twice_changes_nothing(url in "https?://[a-z]{1,5}\\.com(:80)?(/[a-z;=%.]{0,6}){0,3}(\\?[a-z&=_]{0,12})?(#[a-z]{0,3})?") {
            if let Some(once) = normalise(&url) {
                prop_assert_eq!(normalise(&once), Some(once.clone()));
            }
        }

        #[test]
        fn no_text_panics(url in "\\PC{0,60}") {
            normalise(&url);
            twin_key(&url);
        }
    }
}
