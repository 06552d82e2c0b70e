//! What the HTTP library's errors stand for.

use std::error::Error;
use std::io;
use std::time::Duration;

use crate::error::{FetchError, Phase};
use crate::guard::Refused;

/// Finds out why there is no response.
pub(crate) fn unanswered(
    error: reqwest::Error,
    host: &str,
    connect_timeout: Duration,
) -> FetchError {
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

/// Finds out why the body ended early.
pub(crate) fn interrupted(error: reqwest::Error, host: &str) -> FetchError {
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
