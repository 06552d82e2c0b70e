//! Keeps connections to the public internet.
//!
//! Names are checked after resolution, by being the client's only resolver; IP literals, which never meet a resolver,
//! are checked in the URL, where every notation of them (decimal, octal, hexadecimal, short, mapped) has become one.
//! A third look is taken at the address that answered.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::time::Instant;
use url::{Host, Url};

use crate::error::{Cause, FetchError};
use crate::network::is_public;
use crate::settings::FetchSettings;

/// How long a name's addresses are kept; the system's resolver does not tell how long they hold.
const NAME_KEPT: Duration = Duration::from_secs(60);
/// How many names are kept.
const NAMES_MAX: usize = 4096;
/// The longest URL that is asked for.
const URL_BYTES_MAX: usize = 4096;

/// The client's resolver, and the judge of its addresses.
#[derive(Clone, Debug)]
pub(crate) struct Guard {
    settings: Arc<FetchSettings>,
    /// Held for a look-up in memory only; never across an await.
    names: Arc<Mutex<HashMap<String, Found>>>,
}

/// The addresses of a name, whether they are allowed or not, and when they were found.
#[derive(Clone, Debug)]
struct Found {
    at: Instant,
    addresses: Vec<IpAddr>,
}

/// A name that leads only to addresses that are not public; found again inside the client's error.
#[derive(Clone, Debug, thiserror::Error)]
#[error("`{host}` leads to `{address}`, which is not a public address")]
pub(crate) struct Refused {
    pub(crate) host: String,
    pub(crate) address: IpAddr,
}

impl Guard {
    pub(crate) fn new(settings: Arc<FetchSettings>) -> Guard {
        Guard {
            settings,
            names: Arc::default(),
        }
    }

    /// Checks a URL before anything is sent, and takes credentials and fragment out of it.
    pub(crate) fn check_url(&self, url: &Url) -> Result<Url, FetchError> {
        let is_web = matches!(url.scheme(), "http" | "https");
        let (true, Some(host)) = (is_web && url.as_str().len() <= URL_BYTES_MAX, url.host()) else {
            return Err(FetchError::Url(url.as_str().chars().take(200).collect()));
        };
        let literal = match host {
            Host::Ipv4(address) => Some(IpAddr::V4(address)),
            Host::Ipv6(address) => Some(IpAddr::V6(address)),
            Host::Domain(_) => None,
        };
        if let Some(address) = literal.filter(|&address| !self.allows(address)) {
            return Err(FetchError::Address {
                host: host.to_string(),
                address,
            });
        }
        let mut url = url.clone();
        url.set_fragment(None);
        // Cannot fail where there is a host.
        let _ = url.set_username("");
        let _ = url.set_password(None);
        Ok(url)
    }

    /// Checks the address that answered for `host`.
    pub(crate) fn check_peer(&self, host: &str, peer: SocketAddr) -> Result<(), FetchError> {
        let overridden = self
            .settings
            .override_of(host)
            .is_some_and(|address| address.ip() == peer.ip());
        if overridden || self.allows(peer.ip()) {
            return Ok(());
        }
        Err(FetchError::Address {
            host: host.to_owned(),
            address: peer.ip(),
        })
    }

    fn allows(&self, address: IpAddr) -> bool {
        is_public(address)
            || self
                .settings
                .allow_networks
                .iter()
                .any(|network| network.contains(address))
    }

    /// Leaves the allowed addresses; a name that has none of them is refused.
    fn filter(&self, host: &str, addresses: &[IpAddr]) -> Result<Vec<SocketAddr>, Refused> {
        let allowed: Vec<SocketAddr> = addresses
            .iter()
            .filter(|&&address| self.allows(address))
            .map(|&address| SocketAddr::new(address, 0))
            .collect();
        match (allowed.is_empty(), addresses.first()) {
            (true, Some(&address)) => Err(Refused {
                host: host.to_owned(),
                address,
            }),
            _ => Ok(allowed),
        }
    }

    async fn look_up(&self, host: &str) -> Result<Vec<SocketAddr>, Cause> {
        if let Some(address) = self.settings.override_of(host) {
            return Ok(vec![address]);
        }
        let now = Instant::now();
        if let Some(addresses) = self.kept(host, now) {
            return Ok(self.filter(host, &addresses)?);
        }
        let found = tokio::net::lookup_host((host, 0)).await?;
        let addresses: Vec<IpAddr> = found.map(|address| address.ip()).collect();
        let allowed = self.filter(host, &addresses)?;
        self.keep(host, now, addresses);
        Ok(allowed)
    }

    fn kept(&self, host: &str, now: Instant) -> Option<Vec<IpAddr>> {
        let names = self.names.lock().ok()?;
        let found = names.get(host)?;
        (now.duration_since(found.at) < NAME_KEPT).then(|| found.addresses.clone())
    }

    fn keep(&self, host: &str, now: Instant, addresses: Vec<IpAddr>) {
        let Ok(mut names) = self.names.lock() else {
            return;
        };
        if names.len() >= NAMES_MAX {
            names.retain(|_, found| now.duration_since(found.at) < NAME_KEPT);
        }
        if names.len() < NAMES_MAX {
            names.insert(host.to_owned(), Found { at: now, addresses });
        }
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.clone();
        Box::pin(async move {
            let host = name.as_str().to_ascii_lowercase();
            let addresses = guard.look_up(&host).await?;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn guard(allow: &[&str]) -> Guard {
        let allow_networks = allow
            .iter()
            .map(|network| network.parse().unwrap())
            .collect();
        Guard::new(Arc::new(FetchSettings {
            allow_networks,
            ..FetchSettings::default()
        }))
    }

    #[test]
    fn literals_are_refused_in_every_notation() {
        let literals = [
            "http://127.0.0.1/",
            "http://2130706433/",
            "http://017700000001/",
            "http://0x7f000001/",
            "http://0x7f.1/",
            "http://127.1/",
            "http://0177.0.0.01/",
            "http://127.0.0.1./",
            "http://%31%32%37.0.0.1/",
            "http://１２７.0.0.1/",
            "http://[::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::ffff:7f00:1]/",
            "http://[0:0:0:0:0:0:0:1]/",
            "http://169.254.169.254/latest/meta-data/",
            "http://2852039166/",
            "http://[fd00:ec2::254]/",
            "http://0/",
            "https://user:password@10.0.0.1:8443/",
            "http://[64:ff9b::10.0.0.1]/",
            "http://[2002:7f00:1::]/",
        ];
        for literal in literals {
            let found = guard(&[]).check_url(&Url::parse(literal).unwrap());
            assert!(
                matches!(found, Err(FetchError::Address { .. })),
                "{literal}: {found:?}"
            );
        }
    }

    #[test]
    fn an_allowed_network_lets_them_pass() {
        let allowed = guard(&["127.0.0.0/8"]);
        assert!(
            allowed
                .check_url(&Url::parse("http://0x7f.1/").unwrap())
                .is_ok()
        );
        assert!(
            allowed
                .check_url(&Url::parse("http://10.0.0.1/").unwrap())
                .is_err()
        );
    }

    #[test]
    fn only_web_addresses_pass_and_without_credentials() {
        for other in [
            "ftp://a.com/",
            "file:///etc/passwd",
            "gopher://a.com/",
            "data:text/html,x",
            "javascript:x()",
        ] {
            assert!(
                matches!(
                    guard(&[]).check_url(&Url::parse(other).unwrap()),
                    Err(FetchError::Url(_))
                ),
                "{other}"
            );
        }
        let clean = guard(&[])
            .check_url(&Url::parse("https://user:secret@a.com/x?y#z").unwrap())
            .unwrap();
        assert_eq!(clean.as_str(), "https://a.com/x?y");
    }

    #[test]
    fn of_a_name_only_public_addresses_are_left() {
        let public: IpAddr = "1.1.1.1".parse().unwrap();
        let private: IpAddr = "10.0.0.1".parse().unwrap();
        assert_eq!(
            guard(&[]).filter("a", &[private, public]).unwrap(),
            [SocketAddr::new(public, 0)]
        );
        assert_eq!(
            guard(&[]).filter("a", &[private]).unwrap_err().address,
            private
        );
        assert!(guard(&[]).filter("a", &[]).unwrap().is_empty());
    }
}
