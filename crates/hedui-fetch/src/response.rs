//! Receives one response within the limits of time and size, and says what it means.

use std::error::Error;
use std::io;
use std::time::Duration;

use hedui_model::{Exchange, Fetched};
use jiff::Timestamp;
use reqwest::header::HeaderMap;
use tokio::sync::SemaphorePermit;
use tokio::time::{Instant, timeout};
use url::Url;

use crate::client::{Accept, Answer, HEADERS_BYTES_MAX, Inner};
use crate::error::{FetchError, Phase};
use crate::guard::Refused;
use crate::retry_after;

/// How much of robots.txt is read: RFC 9309 asks for at least 500 KiB.
const ROBOTS_BYTES_MAX: usize = 512 << 10;
/// How much is kept of a body that comes with a status other than success.
const OTHER_BYTES_MAX: usize = 64 << 10;
/// Above this a body counts as large, and waits for its turn.
const LARGE_BYTES: usize = 1 << 20;

/// What a body may hold.
#[derive(Clone, Copy, Debug)]
enum Limit {
    /// A larger one is an error.
    Refuse(usize),
    /// A larger one is cut.
    Cut(usize),
}

/// Sends the request and reads the response; the permit, if any, is for a large body's memory.
pub(crate) async fn receive(
    inner: &Inner,
    url: Url,
    headers: HeaderMap,
    accept: Accept,
    at: Timestamp,
    sent: Vec<u8>,
) -> Result<(Exchange, Option<SemaphorePermit<'_>>), FetchError> {
    let host = url.host_str().unwrap_or_default().to_owned();
    let total = inner.settings.total_timeout();
    let deadline = Instant::now() + total;
    let mut response = send(inner, &url, headers, &host, deadline).await?;
    let peer = response.remote_addr();
    if let Some(peer) = peer {
        inner.guard.check_peer(&host, peer)?;
    }
    let received = response.headers();
    let size: usize = received
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + 4)
        .sum();
    if size > HEADERS_BYTES_MAX {
        return Err(FetchError::HeadersTooLarge {
            limit: HEADERS_BYTES_MAX,
        });
    }
    let mut exchange = Exchange {
        url: url.into(),
        peer: peer.map(|peer| peer.to_string()),
        at,
        request: sent,
        status: response.status().as_u16(),
        reason: response
            .status()
            .canonical_reason()
            .unwrap_or_default()
            .to_owned(),
        headers: received
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec()))
            .collect(),
        body: Vec::new(),
        truncated: false,
    };
    let success = response.status().is_success();
    if success {
        check_media_type(accept, &exchange)?;
    }
    let body_bytes_max = usize::try_from(inner.settings.body_bytes_max).unwrap_or(usize::MAX);
    let limit = match (success, accept) {
        (false, _) => Limit::Cut(OTHER_BYTES_MAX.min(body_bytes_max)),
        (true, Accept::Robots) => Limit::Cut(ROBOTS_BYTES_MAX.min(body_bytes_max)),
        (true, _) => Limit::Refuse(body_bytes_max),
    };
    let permit = read_body(inner, &mut response, &mut exchange, limit, &host, deadline).await?;
    Ok((exchange, permit))
}

async fn send(
    inner: &Inner,
    url: &Url,
    headers: HeaderMap,
    host: &str,
    deadline: Instant,
) -> Result<reqwest::Response, FetchError> {
    let settings = &inner.settings;
    let limit = settings.first_byte_timeout();
    let left = deadline.saturating_duration_since(Instant::now());
    match timeout(
        limit.min(left),
        inner.http.get(url.clone()).headers(headers).send(),
    )
    .await
    {
        Ok(Ok(response)) => Ok(response),
        Ok(Err(error)) => Err(classify(error, host, settings.connect_timeout())),
        Err(_) if limit <= left => Err(FetchError::Timeout {
            host: host.to_owned(),
            phase: Phase::FirstByte,
            limit,
        }),
        Err(_) => Err(FetchError::Timeout {
            host: host.to_owned(),
            phase: Phase::Total,
            limit: settings.total_timeout(),
        }),
    }
}

async fn read_body<'i>(
    inner: &'i Inner,
    response: &mut reqwest::Response,
    exchange: &mut Exchange,
    limit: Limit,
    host: &str,
    deadline: Instant,
) -> Result<Option<SemaphorePermit<'i>>, FetchError> {
    if let (Limit::Refuse(most), Some(length)) = (limit, response.content_length())
        && length > most as u64
    {
        return Err(FetchError::BodyTooLarge { limit: most as u64 });
    }
    let stall = inner.settings.stall_timeout();
    let mut permit = None;
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let chunk = match timeout(stall.min(left), response.chunk()).await {
            Ok(Ok(chunk)) => chunk,
            Ok(Err(error)) => return Err(interrupted(error, host)),
            Err(_) if stall <= left => {
                return Err(FetchError::Timeout {
                    host: host.to_owned(),
                    phase: Phase::Stall,
                    limit: stall,
                });
            }
            Err(_) => {
                let limit = inner.settings.total_timeout();
                return Err(FetchError::Timeout {
                    host: host.to_owned(),
                    phase: Phase::Total,
                    limit,
                });
            }
        };
        let Some(chunk) = chunk else {
            return Ok(permit);
        };
        let room = match limit {
            Limit::Refuse(most) | Limit::Cut(most) => most.saturating_sub(exchange.body.len()),
        };
        match (chunk.get(..room).filter(|_| chunk.len() > room), limit) {
            (None, _) => exchange.body.extend_from_slice(&chunk),
            (Some(start), Limit::Cut(_)) => {
                exchange.body.extend_from_slice(start);
                exchange.truncated = true;
                return Ok(permit);
            }
            (Some(_), Limit::Refuse(most)) => {
                return Err(FetchError::BodyTooLarge { limit: most as u64 });
            }
        }
        if permit.is_none() && exchange.body.len() > LARGE_BYTES {
            // The semaphore is never closed.
            permit = inner.large.acquire().await.ok();
        }
    }
}

/// Refuses what no reader of this kind can use: pictures, films, programs.
fn check_media_type(accept: Accept, exchange: &Exchange) -> Result<(), FetchError> {
    const NEVER: &[&str] = &["image", "video", "audio", "font", "model"];
    const NEVER_PAGES: &[&str] = &[
        "zip",
        "octet-stream",
        "msword",
        "vnd.",
        "x-msdownload",
        "x-rar",
        "gzip",
    ];
    if matches!(accept, Accept::Any | Accept::Robots) {
        return Ok(());
    }
    let Some(value) = exchange.header("content-type") else {
        return Ok(());
    };
    let media = value
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let (kind, name) = media.split_once('/').unwrap_or((media.as_str(), ""));
    let of_no_use = NEVER.contains(&kind)
        || (accept == Accept::Page
            && kind == "application"
            && NEVER_PAGES.iter().any(|start| name.starts_with(start)));
    if of_no_use {
        return Err(FetchError::MediaType(
            media.chars().filter(|c| !c.is_control()).take(60).collect(),
        ));
    }
    Ok(())
}

/// Finds out what the library's error stands for.
fn classify(error: reqwest::Error, host: &str, connect_timeout: Duration) -> FetchError {
    let host = host.to_owned();
    if let Some(refused) = find::<Refused>(&error) {
        return FetchError::Address {
            host: refused.host.clone(),
            address: refused.address,
        };
    }
    if error.is_builder() {
        return FetchError::Url(host);
    }
    if error.is_timeout() {
        return FetchError::Timeout {
            host,
            phase: Phase::Connect,
            limit: connect_timeout,
        };
    }
    let tls = find::<rustls::Error>(&error).is_some();
    let resolve = error.is_dns();
    let connect = error.is_connect();
    let broke = broke_off(&error);
    let cause = error.without_url().into();
    match () {
        () if tls => FetchError::Tls { host, cause },
        () if resolve => FetchError::Resolve {
            host,
            cause: Some(cause),
        },
        () if connect => FetchError::Connect { host, cause },
        () if broke => FetchError::Interrupted { host, cause },
        () => FetchError::Protocol { host, cause },
    }
}

fn interrupted(error: reqwest::Error, host: &str) -> FetchError {
    FetchError::Interrupted {
        host: host.to_owned(),
        cause: error.without_url().into(),
    }
}

/// Tells whether the connection ended, rather than carried nonsense.
fn broke_off(error: &reqwest::Error) -> bool {
    let kind = find::<io::Error>(error).map(io::Error::kind);
    kind.is_some_and(|kind| kind != io::ErrorKind::InvalidData && kind != io::ErrorKind::Other)
        || find::<hyper::Error>(error).is_some_and(|error| {
            error.is_incomplete_message() || error.is_closed() || error.is_canceled()
        })
}

/// Looks for an error of this type among the causes, also inside I/O errors, which hide theirs.
fn find<'e, E: Error + 'static>(error: &'e (dyn Error + 'static)) -> Option<&'e E> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<E>() {
            return Some(found);
        }
        let inner = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        next = match inner {
            Some(inner) => Some(inner as &(dyn Error + 'static)),
            None => error.source(),
        };
    }
    None
}

/// Joins all values of a header by commas.
pub(crate) fn all_values(exchange: &Exchange, name: &str) -> String {
    let values = exchange
        .headers
        .iter()
        .filter(|(key, _)| key.eq_ignore_ascii_case(name));
    let values: Vec<String> = values
        .map(|(_, value)| value.iter().map(|&byte| char::from(byte)).collect())
        .collect();
    values.join(",")
}

impl Answer {
    /// Returns where the response redirects to; `None` where it does not.
    ///
    /// # Errors
    /// [`FetchError::Url`] where the target is no URL.
    pub fn redirect(&self) -> Result<Option<Url>, FetchError> {
        if !matches!(self.exchange.status, 301 | 302 | 303 | 307 | 308) {
            return Ok(None);
        }
        let Some(location) = self.location() else {
            return Ok(None);
        };
        let wrong = || {
            FetchError::Url(
                location
                    .chars()
                    .filter(|c| !c.is_control())
                    .take(200)
                    .collect(),
            )
        };
        let base = Url::parse(&self.exchange.url).map_err(|_| wrong())?;
        let mut target = base.join(location.trim()).map_err(|_| wrong())?;
        target.set_fragment(None);
        Ok(Some(target))
    }

    /// Returns the `Location` header, which servers send as UTF-8 although they must not.
    fn location(&self) -> Option<String> {
        let (_, value) = self
            .exchange
            .headers
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("location"))?;
        Some(String::from_utf8_lossy(value).into_owned())
    }

    /// Tells what the response means; `now` is for dates in `Retry-After`.
    ///
    /// # Errors
    /// [`FetchError::Status`] where it is neither content, nor unchanged, nor gone.
    pub fn into_fetched(
        self,
        redirects: Vec<Exchange>,
        now: Timestamp,
    ) -> Result<Fetched, FetchError> {
        if let Some(error) = self.status_error(now) {
            return Err(error);
        }
        let Answer { exchange, decoded } = self;
        Ok(match exchange.status {
            304 => Fetched::NotModified(exchange),
            404 | 410 => Fetched::Gone(exchange),
            _ => Fetched::Content {
                exchange,
                redirects,
                decoded,
            },
        })
    }

    /// Returns the error that the status stands for, if it stands for one. A redirect without a target does.
    #[must_use]
    pub fn status_error(&self, now: Timestamp) -> Option<FetchError> {
        match self.exchange.status {
            200..=299 | 404 | 410 => None,
            304 if is_conditional(&self.exchange) => None,
            status => {
                let header = self.exchange.header("retry-after");
                let retry_after = header.and_then(|value| retry_after::parse(&value, now));
                Some(FetchError::Status {
                    status,
                    retry_after,
                })
            }
        }
    }
}

/// Tells whether the request gave the server reason to answer 304.
fn is_conditional(exchange: &Exchange) -> bool {
    let request = String::from_utf8_lossy(&exchange.request);
    request.contains("\r\nif-none-match: ") || request.contains("\r\nif-modified-since: ")
}
