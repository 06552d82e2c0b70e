//! One guarded client for everything that is read from sites.
//!
//! Every request is a GET without Referer, and without cookies or credentials but for those that the settings name for
//! its host ([`crate::route`]). Redirects are followed here, not by the library
//! below, so that each target is checked. Bodies are kept as they were on the wire; decoding happens beside them.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use hedui_model::{Exchange, Fetched};
use jiff::Timestamp;
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use rustls::pki_types::CertificateDer;
use url::Url;

use crate::answer::Answer;
use crate::error::FetchError;
use crate::guard::Guard;
use crate::memory::Budget;
use crate::route::{self, Routes};
use crate::settings::FetchSettings;
use crate::{decode, response};

/// How many headers a response may have.
const HEADERS_MAX: usize = 200;
/// How many bytes of headers a response may have.
pub(crate) const HEADERS_BYTES_MAX: usize = 64 << 10;
/// How long a connection is kept for the next request to its host.
const IDLE_KEPT: Duration = Duration::from_secs(30);

/// Gives the time that is written down with an exchange.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// A client that fetches single URLs; cheap to clone, all clones share connections.
#[derive(Clone)]
pub struct Client {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) routes: Routes,
    pub(crate) guard: Guard,
    pub(crate) settings: Arc<FetchSettings>,
    pub(crate) clock: Clock,
    pub(crate) memory: Budget,
    user_agent: HeaderValue,
}

/// What to fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The absolute URL. Credentials and fragment are not sent.
    pub url: Url,
    /// The `ETag` of what is known already.
    pub etag: Option<String>,
    /// The `Last-Modified` of what is known already, as the server wrote it.
    pub last_modified: Option<String>,
    /// What kind of content is of use.
    pub accept: Accept,
}

/// What makes a request conditional.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validators {
    /// The `ETag` of the last response, as it was.
    pub etag: Option<String>,
    /// The `Last-Modified` of the last response, as it was.
    pub last_modified: Option<String>,
}

/// What kind of content is of use; other media types are refused before their body is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Accept {
    /// An article or section: HTML, text, PDF.
    #[default]
    Page,
    /// A feed.
    Feed,
    /// A sitemap, packed or not.
    Sitemap,
    /// robots.txt: cut at 512 KiB rather than refused, as RFC 9309 has it.
    Robots,
    /// Anything.
    Any,
}

impl Client {
    /// Makes a client.
    ///
    /// # Errors
    /// [`FetchError::Settings`] where the User-Agent or an extra root cannot be used.
    pub fn new(settings: FetchSettings) -> Result<Client, FetchError> {
        Client::with_clock(settings, Arc::new(Timestamp::now))
    }

    /// Makes a client that writes down the time of this clock.
    ///
    /// # Errors
    /// As [`Client::new`].
    pub fn with_clock(settings: FetchSettings, clock: Clock) -> Result<Client, FetchError> {
        let settings = Arc::new(settings);
        let user_agent = settings.full_user_agent();
        let user_agent = HeaderValue::from_str(&user_agent)
            .ok()
            .filter(|_| user_agent.is_ascii())
            .ok_or_else(|| {
                FetchError::Settings(format!(
                    "a User-Agent of printable ASCII is needed, not `{user_agent}`"
                ))
            })?;
        let guard = Guard::new(Arc::clone(&settings));
        let routes = Routes::new(&settings, |proxy| build(&settings, guard.clone(), proxy))?;
        let memory = Budget::new(settings.body_bytes_max, settings.decoded_bytes_max);
        Ok(Client {
            inner: Arc::new(Inner {
                routes,
                guard,
                settings,
                clock,
                memory,
                user_agent,
            }),
        })
    }

    /// Returns the settings.
    #[must_use]
    pub fn settings(&self) -> &FetchSettings {
        &self.inner.settings
    }

    /// Returns the time as the client's clock has it.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.inner.clock)()
    }

    /// Fetches a URL and follows its redirects. robots.txt and pace are the caller's to keep.
    ///
    /// Validators are sent with the first request only: a redirect leads to another page.
    ///
    /// # Errors
    /// Says why there is no usable response, whose fault that is and whether to try again.
    pub async fn fetch(&self, request: Request) -> Result<Fetched, FetchError> {
        let mut redirects: Vec<Exchange> = Vec::new();
        let mut request = request;
        loop {
            let answer = self.exchange(&request).await?;
            let Some(target) = answer.redirect()? else {
                return answer.into_fetched(redirects, self.now());
            };
            self.check_redirect(&request.url, &target, &redirects)?;
            redirects.push(answer.exchange);
            request = Request {
                accept: request.accept,
                ..Request::new(target)
            };
        }
    }

    /// Checks that one may go on from `from` to `to` after `redirects`.
    pub(crate) fn check_redirect(
        &self,
        from: &Url,
        to: &Url,
        redirects: &[Exchange],
    ) -> Result<(), FetchError> {
        let limit = self.inner.settings.redirects_max;
        if redirects.len() >= usize::try_from(limit).unwrap_or(usize::MAX) {
            return Err(FetchError::TooManyRedirects { limit });
        }
        let to = self.inner.guard.check_url(to)?;
        let from = self.inner.guard.check_url(from)?;
        if to == from || redirects.iter().any(|exchange| exchange.url == to.as_str()) {
            return Err(FetchError::RedirectLoop(to.into()));
        }
        Ok(())
    }

    /// Sends one request and returns the response, whatever its status; no redirect is followed.
    ///
    /// # Errors
    /// Where there is no response, or it breaks a limit.
    pub async fn exchange(&self, request: &Request) -> Result<Answer, FetchError> {
        let url = self.inner.guard.check_url(&request.url)?;
        let (headers, secret) = self.headers(request, &url);
        let sent = render(&url, &headers, &secret);
        let at = self.now();
        let (exchange, held) =
            response::receive(&self.inner, url, headers, request.accept, at, sent).await?;
        if !(200..300).contains(&exchange.status) {
            return Ok(Answer {
                exchange,
                decoded: Vec::new(),
                held,
            });
        }
        let decoder = self.inner.memory.decoder(&held).await;
        let (exchange, decoded) = self.decode(exchange).await?;
        let held = self
            .inner
            .memory
            .settle(held, exchange.body.len() + decoded.len())
            .await;
        drop(decoder);
        Ok(Answer {
            exchange,
            decoded,
            held,
        })
    }

    /// Returns what is sent, and which of it is secret.
    fn headers(&self, request: &Request, url: &Url) -> (HeaderMap, Vec<HeaderName>) {
        let mut headers = HeaderMap::new();
        headers.insert(header::USER_AGENT, self.inner.user_agent.clone());
        headers.insert(
            header::ACCEPT,
            HeaderValue::from_static(request.accept.header()),
        );
        headers.insert(
            header::ACCEPT_ENCODING,
            HeaderValue::from_static(decode::ACCEPT_ENCODING),
        );
        let mut condition = |name: HeaderName, value: &Option<String>| {
            // What a header cannot carry is left out: the request is then unconditional.
            if let Some(value) = value
                .as_deref()
                .and_then(|value| HeaderValue::from_bytes(&latin1(value)?).ok())
            {
                headers.insert(name, value);
            }
        };
        condition(header::IF_NONE_MATCH, &request.etag);
        condition(header::IF_MODIFIED_SINCE, &request.last_modified);
        let secret = route::add_headers(&self.inner.settings, url, &mut headers);
        (headers, secret)
    }

    /// Undoes the content encoding, away from the event loop where it may take long.
    async fn decode(&self, exchange: Exchange) -> Result<(Exchange, Vec<u8>), FetchError> {
        /// Below this, decoding takes less than handing it over.
        const INLINE_BYTES_MAX: usize = 32 << 10;
        let codings = decode::codings(&exchange);
        let bytes_max = self.inner.settings.decoded_bytes_max;
        if exchange.body.len() <= INLINE_BYTES_MAX || codings.is_empty() {
            let decoded = decode::decode(&codings, &exchange.body, bytes_max)?;
            return Ok((exchange, decoded));
        }
        let shown = codings.clone();
        let decoding = tokio::task::spawn_blocking(move || {
            let decoded = decode::decode(&codings, &exchange.body, bytes_max)?;
            Ok((exchange, decoded))
        });
        decoding.await.unwrap_or_else(|error| {
            Err(FetchError::Encoding {
                encoding: shown,
                cause: Some(error.into()),
            })
        })
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("settings", &self.inner.settings)
            .finish_non_exhaustive()
    }
}

impl Request {
    /// Makes an unconditional request for a page.
    #[must_use]
    pub fn new(url: Url) -> Request {
        Request {
            url,
            etag: None,
            last_modified: None,
            accept: Accept::default(),
        }
    }

    /// Makes the same request for another kind of content.
    #[must_use]
    pub fn accept(mut self, accept: Accept) -> Request {
        self.accept = accept;
        self
    }

    /// Makes the same request conditional on what is known.
    #[must_use]
    pub fn unless(mut self, known: Option<Validators>) -> Request {
        let known = known.unwrap_or_default();
        self.etag = known.etag;
        self.last_modified = known.last_modified;
        self
    }
}

impl Validators {
    /// Takes the validators of a response; `None` where it has none.
    #[must_use]
    pub fn of(exchange: &Exchange) -> Option<Validators> {
        let found = Validators {
            etag: exchange.header("etag"),
            last_modified: exchange.header("last-modified"),
        };
        (found != Validators::default()).then_some(found)
    }
}

impl Accept {
    fn header(self) -> &'static str {
        match self {
            Accept::Page => {
                "text/html, application/xhtml+xml, application/xml;q=0.9, application/pdf;q=0.8, */*;q=0.5"
            }
            Accept::Feed => {
                "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, \
                 application/json;q=0.8, */*;q=0.5"
            }
            Accept::Sitemap => "application/xml, text/xml, text/plain;q=0.8, */*;q=0.5",
            Accept::Robots => "text/plain, */*;q=0.5",
            Accept::Any => "*/*",
        }
    }
}

/// Makes a TLS client configuration: the roots that browsers trust and those given as DER, verification always on.
///
/// # Errors
/// [`FetchError::Settings`] where a given root is no certificate.
pub fn tls_config(extra_roots: &[Vec<u8>]) -> Result<rustls::ClientConfig, FetchError> {
    let fail = |error: &dyn fmt::Display| FetchError::Settings(error.to_string());
    let mut roots = rustls::RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    for root in extra_roots {
        roots
            .add(CertificateDer::from(root.clone()))
            .map_err(|error| fail(&error))?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| fail(&error))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(tls)
}

/// Builds the library's client: its own resolver, its own roots, nothing of the environment.
fn build(
    settings: &FetchSettings,
    guard: Guard,
    proxy: Option<reqwest::Proxy>,
) -> Result<reqwest::Client, FetchError> {
    let fail = |error: &dyn fmt::Display| FetchError::Settings(error.to_string());
    let tls = tls_config(&settings.extra_roots)?;
    let builder = reqwest::Client::builder().no_proxy();
    // All that a client with a proxy looks up is the proxy itself, which may well be on a private network.
    let builder = match proxy {
        Some(proxy) => builder.proxy(proxy),
        None => builder.dns_resolver(guard),
    };
    builder
        .tls_backend_preconfigured(tls)
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .retry(reqwest::retry::never())
        .connect_timeout(settings.connect_timeout())
        .pool_idle_timeout(IDLE_KEPT)
        .pool_max_idle_per_host(1)
        .http1_max_headers(HEADERS_MAX)
        .http1_ignore_invalid_headers_in_responses(true)
        .http1_allow_spaces_after_header_name_in_responses(true)
        .http1_allow_obsolete_multiline_headers_in_responses(true)
        .http2_max_header_list_size(u32::try_from(HEADERS_BYTES_MAX).unwrap_or(u32::MAX))
        .build()
        .map_err(|error| fail(&error))
}

/// Writes the request as HTTP/1.1 has it, with the headers in the order in which they are sent; what is secret is left
/// out.
fn render(url: &Url, headers: &HeaderMap, secret: &[HeaderName]) -> Vec<u8> {
    let mut path = url.path().to_owned();
    if let Some(query) = url.query() {
        path.push('?');
        path.push_str(query);
    }
    let port = url
        .port()
        .map(|port| format!(":{port}"))
        .unwrap_or_default();
    let mut sent = format!("GET {path} HTTP/1.1\r\n").into_bytes();
    for (name, value) in headers {
        sent.extend_from_slice(name.as_str().as_bytes());
        sent.extend_from_slice(b": ");
        sent.extend_from_slice(route::shown(name, value, secret));
        sent.extend_from_slice(b"\r\n");
    }
    sent.extend_from_slice(
        format!("host: {}{port}\r\n\r\n", url.host_str().unwrap_or_default()).as_bytes(),
    );
    sent
}

/// Turns a header's text back into its bytes, as [`Exchange::header`] read them.
fn latin1(value: &str) -> Option<Vec<u8>> {
    value
        .chars()
        .map(|c| u8::try_from(u32::from(c)).ok())
        .collect()
}
