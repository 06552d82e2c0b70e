//! Receives one response within the limits of time and size.

use hedui_model::Exchange;
use jiff::Timestamp;
use reqwest::header::HeaderMap;
use tokio::time::{Instant, timeout};
use url::Url;

use crate::classify::{interrupted, unanswered};
use crate::client::{Accept, HEADERS_BYTES_MAX, Inner};
use crate::error::{FetchError, Phase};
use crate::memory::{FREE_BYTES, Held, ROOM_BYTES_MAX};

/// How much of robots.txt is read: RFC 9309 asks for at least 500 KiB.
const ROBOTS_BYTES_MAX: usize = 512 << 10;
/// How much is kept of a body that comes with a status other than success.
const OTHER_BYTES_MAX: usize = 64 << 10;

/// What a body may hold.
#[derive(Clone, Copy, Debug)]
enum Limit {
    /// A larger one is an error.
    Refuse(usize),
    /// A larger one is cut.
    Cut(usize),
}

/// Sends the request and reads the response; a large body holds its share of memory.
pub(crate) async fn receive(
    inner: &Inner,
    url: Url,
    headers: HeaderMap,
    accept: Accept,
    at: Timestamp,
    sent: Vec<u8>,
) -> Result<(Exchange, Held), FetchError> {
    let host = url.host_str().unwrap_or_default().to_owned();
    let total = inner.settings.total_timeout();
    let deadline = Instant::now() + total;
    let way = inner.routes.way(&inner.settings, &host);
    let mut response = send(inner, way.http, &url, headers, &host, deadline).await?;
    // Behind a proxy nothing is known of where the host is.
    let peer = response.remote_addr().filter(|_| !way.is_proxied);
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
    let held = read_body(inner, &mut response, &mut exchange, limit, &host, deadline).await?;
    exchange.body.shrink_to_fit();
    Ok((exchange, held))
}

async fn send(
    inner: &Inner,
    http: &reqwest::Client,
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
        http.get(url.clone()).headers(headers).send(),
    )
    .await
    {
        Ok(Ok(response)) => Ok(response),
        Ok(Err(error)) => Err(unanswered(error, host, settings.connect_timeout())),
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

async fn read_body(
    inner: &Inner,
    response: &mut reqwest::Response,
    exchange: &mut Exchange,
    limit: Limit,
    host: &str,
    deadline: Instant,
) -> Result<Held, FetchError> {
    if let (Limit::Refuse(most), Some(length)) = (limit, response.content_length())
        && length > most as u64
    {
        return Err(FetchError::BodyTooLarge { limit: most as u64 });
    }
    let stall = inner.settings.stall_timeout();
    let mut held = Held::default();
    let mut deadline = deadline;
    let mut is_large = false;
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
            return Ok(held);
        };
        let room = most(limit).saturating_sub(exchange.body.len());
        match (chunk.get(..room).filter(|_| chunk.len() > room), limit) {
            (None, _) => exchange.body.extend_from_slice(&chunk),
            (Some(start), Limit::Cut(_)) => {
                exchange.body.extend_from_slice(start);
                exchange.truncated = true;
                return Ok(held);
            }
            (Some(_), Limit::Refuse(most)) => {
                return Err(FetchError::BodyTooLarge { limit: most as u64 });
            }
        }
        if !is_large && exchange.body.len() > FREE_BYTES {
            is_large = true;
            let waits = Instant::now();
            held = inner.memory.reserve().await;
            // The wait is no fault of the site.
            deadline += waits.elapsed();
            // At once instead of by doubling, which leaves holes that the allocator keeps.
            let room = most(limit).min(ROOM_BYTES_MAX);
            exchange
                .body
                .reserve_exact(room.saturating_sub(exchange.body.len()));
        }
    }
}

fn most(limit: Limit) -> usize {
    match limit {
        Limit::Refuse(most) | Limit::Cut(most) => most,
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
