//! Which robots.txt goes for a host, and what its absence means (RFC 9309, 2.3.1).
//!
//! A file that is there is kept. One that is "unavailable" (4xx, or behind too many redirects) allows everything; one
//! that is "unreachable" (5xx, 429, no answer) forbids everything until it can be had. Nothing is kept for longer than
//! a day.

use std::time::Duration;

use hedui_model::{Exchange, Fetched};
use hedui_page::robots::Robots;
use url::Url;

use super::Web;
use crate::client::{Accept, Client, Request};
use crate::error::FetchError;

/// How many redirects of a robots.txt are followed.
const REDIRECTS_MAX: usize = 5;
/// How long a robots.txt is kept (RFC 9309, 2.4).
const KEPT: Duration = Duration::from_secs(24 * 3600);
/// How long it is believed that there is none to be had.
const UNREACHABLE_KEPT: Duration = Duration::from_secs(600);

/// What goes for one origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RobotsRules {
    /// A robots.txt that was read.
    Read(Robots),
    /// There is none: everything is allowed.
    Unavailable,
    /// It cannot be had: everything is forbidden.
    Unreachable,
}

/// How asking for robots.txt ended.
#[derive(Debug)]
pub(crate) enum Asked {
    /// The rules, and what was fetched where there is something to keep.
    Rules(RobotsRules, Option<Box<Fetched>>),
    /// Not this time.
    Failed(FetchError),
}

impl RobotsRules {
    /// Tells whether `product` may fetch `url`.
    #[must_use]
    pub fn allows(&self, product: &str, url: &Url) -> bool {
        match self {
            RobotsRules::Read(robots) => robots.allowed(product, url.as_str()),
            RobotsRules::Unavailable => true,
            RobotsRules::Unreachable => false,
        }
    }

    /// Returns how long `product` is asked to wait between two requests.
    #[must_use]
    pub fn crawl_delay(&self, product: &str) -> Option<Duration> {
        match self {
            RobotsRules::Read(robots) => robots.crawl_delay(product),
            RobotsRules::Unavailable | RobotsRules::Unreachable => None,
        }
    }

    /// Returns the sitemaps that the file names, as far as they are URLs.
    pub(crate) fn sitemaps(&self) -> impl Iterator<Item = Url> {
        let named = match self {
            RobotsRules::Read(robots) => robots.sitemaps(),
            RobotsRules::Unavailable | RobotsRules::Unreachable => &[],
        };
        named.iter().filter_map(|url| Url::parse(url).ok())
    }

    pub(crate) fn kept_for(&self) -> Duration {
        match self {
            RobotsRules::Read(_) | RobotsRules::Unavailable => KEPT,
            RobotsRules::Unreachable => UNREACHABLE_KEPT,
        }
    }
}

/// Asks for the robots.txt that goes for `url`, once, without pause.
///
/// A file that cannot be had is [`RobotsRules::Unreachable`].
///
/// # Errors
/// [`FetchError::Url`] where `url` has no host, [`FetchError::Address`] where it leads to an address that is not public.
pub async fn robots_of(client: &Client, url: &Url) -> Result<RobotsRules, FetchError> {
    let robots = robots_url(url).ok_or_else(|| FetchError::Url(url.to_string()))?;
    match ask(client, &robots).await {
        Asked::Rules(rules, _) => Ok(rules),
        Asked::Failed(error @ (FetchError::Address { .. } | FetchError::Url(_))) => Err(error),
        Asked::Failed(_) => Ok(RobotsRules::Unreachable),
    }
}

/// Returns where the robots.txt of a URL's origin is.
pub(crate) fn robots_url(url: &Url) -> Option<Url> {
    let mut robots = url.join("/robots.txt").ok()?;
    robots.set_query(None);
    robots.set_fragment(None);
    Some(robots)
}

/// Asks for a robots.txt once, following its redirects.
pub(crate) async fn ask<W: Web>(web: &W, url: &Url) -> Asked {
    let mut redirects: Vec<Exchange> = Vec::new();
    let mut url = url.clone();
    loop {
        let request = Request::new(url.clone()).accept(Accept::Robots);
        let answer = match web.exchange(&request).await {
            Ok(answer) => answer,
            Err(error) => return Asked::Failed(error),
        };
        match answer.redirect() {
            Ok(None) => {
                let status = answer.exchange.status;
                let now = web.client().now();
                return match answer.into_fetched(redirects, now) {
                    Ok(fetched) => of_content(fetched),
                    Err(error) => of_status(status, error),
                };
            }
            Ok(Some(target)) if redirects.len() < REDIRECTS_MAX => {
                redirects.push(answer.exchange);
                url = target;
            }
            Ok(Some(_)) | Err(_) => return Asked::Rules(RobotsRules::Unavailable, None),
        }
    }
}

fn of_content(fetched: Fetched) -> Asked {
    let rules = match &fetched {
        Fetched::Content { decoded, .. } => RobotsRules::Read(Robots::parse(decoded)),
        Fetched::NotModified(_) | Fetched::Gone(_) => RobotsRules::Unavailable,
    };
    Asked::Rules(rules, Some(Box::new(fetched)))
}

fn of_status(status: u16, error: FetchError) -> Asked {
    match status {
        429 => Asked::Failed(error),
        300..=499 => Asked::Rules(RobotsRules::Unavailable, None),
        _ => Asked::Failed(error),
    }
}
