//! What a response means.

use hedui_model::{Exchange, Fetched};
use jiff::Timestamp;
use url::Url;

use crate::error::FetchError;
use crate::memory::Held;
use crate::retry_after;

/// One exchange, whatever its status.
#[derive(Debug)]
pub struct Answer {
    /// What was sent and received.
    pub exchange: Exchange,
    /// The body with its content encoding undone; empty where the status is no success.
    pub decoded: Vec<u8>,
    /// Its share of memory, where it is large.
    pub(crate) held: Held,
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
        let Answer {
            exchange, decoded, ..
        } = self;
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
