//! What can go wrong between here and a site: whose fault it is, and whether to try again.

use std::error::Error;
use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use hedui_page::block::BlockKind;

/// The cause of an error, as the library below gave it.
pub(crate) type Cause = Box<dyn Error + Send + Sync>;

/// Why there is no usable response.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FetchError {
    /// The settings cannot be worked with.
    #[error("cannot work with these settings: {0}")]
    Settings(String),
    /// The text is no absolute `http` or `https` URL.
    #[error("not an http or https address: `{0}`")]
    Url(String),
    /// The host is, or resolves to, an address that is not public.
    #[error("`{host}` leads to `{address}`, which is not a public address")]
    Address {
        /// The host as in the URL.
        host: String,
        /// Where it leads.
        address: IpAddr,
    },
    /// The host has no address.
    #[error("no address found for `{host}`")]
    Resolve {
        /// The host.
        host: String,
        /// What the resolver said.
        #[source]
        cause: Option<Cause>,
    },
    /// No connection came about.
    #[error("cannot connect to `{host}`")]
    Connect {
        /// The host.
        host: String,
        /// What the system said.
        #[source]
        cause: Cause,
    },
    /// The certificate is not trusted, or TLS failed otherwise.
    #[error("no trusted TLS connection to `{host}`")]
    Tls {
        /// The host.
        host: String,
        /// What TLS said.
        #[source]
        cause: Cause,
    },
    /// A limit of time was reached.
    #[error("`{host}` took more than {} ms: {phase}", limit.as_millis())]
    Timeout {
        /// The host.
        host: String,
        /// What was waited for.
        phase: Phase,
        /// The limit.
        limit: Duration,
    },
    /// The response is no HTTP.
    #[error("`{host}` did not answer in HTTP")]
    Protocol {
        /// The host.
        host: String,
        /// What was wrong.
        #[source]
        cause: Cause,
    },
    /// The connection ended before the response did.
    #[error("the connection to `{host}` ended before the response did")]
    Interrupted {
        /// The host.
        host: String,
        /// What the system said.
        #[source]
        cause: Cause,
    },
    /// The headers are too large.
    #[error("headers of more than {limit} bytes")]
    HeadersTooLarge {
        /// The limit.
        limit: usize,
    },
    /// The body is too large on the wire.
    #[error("a body of more than {limit} bytes")]
    BodyTooLarge {
        /// The limit.
        limit: u64,
    },
    /// The body is too large once its content encoding is undone.
    #[error("a body that grows to more than {limit} bytes when decoded")]
    DecodedTooLarge {
        /// The limit, of size or of ratio, whichever is smaller here.
        limit: u64,
    },
    /// The content encoding is not known, or the body is not in it.
    #[error("a body that cannot be decoded as `{encoding}`")]
    Encoding {
        /// The content encoding as the server names it.
        encoding: String,
        /// What the decoder said.
        #[source]
        cause: Option<Cause>,
    },
    /// The media type is not one that was asked for.
    #[error("content of type `{0}`")]
    MediaType(String),
    /// There were too many redirects.
    #[error("more than {limit} redirects")]
    TooManyRedirects {
        /// The limit.
        limit: u32,
    },
    /// A redirect leads back to where it came from.
    #[error("redirects that lead back to `{0}`")]
    RedirectLoop(String),
    /// The site shows something else in place of what was asked for, with a status of success.
    #[error("`{host}` shows {kind} in place of the page")]
    Blocked {
        /// The host.
        host: String,
        /// What it shows.
        kind: BlockKind,
    },
    /// The status is neither success nor one of those that [`hedui_model::Fetched`] knows.
    #[error("status {status}")]
    Status {
        /// The status.
        status: u16,
        /// How long the server asks to be left alone.
        retry_after: Option<Duration>,
    },
}

/// What was waited for when time ran out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Name resolution, connection, TLS.
    Connect,
    /// The response's headers.
    FirstByte,
    /// Any further byte.
    Stall,
    /// The whole exchange.
    Total,
}

/// Whose fault an error is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorSource {
    /// The caller's: a wrong URL, wrong settings.
    Caller,
    /// Nobody's: the crawler's own rules forbid it.
    Policy,
    /// The way between: names, connections, time.
    Network,
    /// The site's: its answer is of no use.
    Site,
}

/// Whether to try again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Retry {
    /// It would end the same way.
    Never,
    /// Not at once; after the time that the site asks for, where it does.
    Later(Option<Duration>),
}

impl FetchError {
    /// Returns whose fault it is.
    #[must_use]
    pub fn fault(&self) -> ErrorSource {
        match self {
            FetchError::Settings(_) | FetchError::Url(_) => ErrorSource::Caller,
            FetchError::Address { .. } => ErrorSource::Policy,
            FetchError::Resolve { .. }
            | FetchError::Connect { .. }
            | FetchError::Timeout { .. }
            | FetchError::Interrupted { .. } => ErrorSource::Network,
            FetchError::Tls { .. }
            | FetchError::Protocol { .. }
            | FetchError::HeadersTooLarge { .. }
            | FetchError::BodyTooLarge { .. }
            | FetchError::DecodedTooLarge { .. }
            | FetchError::Encoding { .. }
            | FetchError::MediaType(_)
            | FetchError::TooManyRedirects { .. }
            | FetchError::RedirectLoop(_)
            | FetchError::Blocked { .. }
            | FetchError::Status { .. } => ErrorSource::Site,
        }
    }

    /// Returns whether to try again.
    #[must_use]
    pub fn retry(&self) -> Retry {
        match self {
            FetchError::Status {
                status: 429 | 503,
                retry_after,
            } => Retry::Later(*retry_after),
            FetchError::Status {
                status: 500 | 502 | 504,
                ..
            }
            | FetchError::Resolve { .. }
            | FetchError::Connect { .. }
            | FetchError::Timeout { .. }
            | FetchError::Interrupted { .. } => Retry::Later(None),
            _ => Retry::Never,
        }
    }

    /// Tells whether another run may end otherwise, although trying again in this one would not help.
    #[must_use]
    pub fn leaves_work(&self) -> bool {
        self.retry() != Retry::Never || matches!(self, FetchError::Blocked { .. })
    }

    /// Returns a word from a bounded set, fit for counting.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            FetchError::Settings(_) => "settings",
            FetchError::Url(_) => "url",
            FetchError::Address { .. } => "address",
            FetchError::Resolve { .. } => "resolve",
            FetchError::Connect { .. } => "connect",
            FetchError::Tls { .. } => "tls",
            FetchError::Timeout { phase, .. } => match phase {
                Phase::Connect => "timeout_connect",
                Phase::FirstByte => "timeout_first_byte",
                Phase::Stall => "timeout_stall",
                Phase::Total => "timeout_total",
            },
            FetchError::Protocol { .. } => "protocol",
            FetchError::Interrupted { .. } => "interrupted",
            FetchError::HeadersTooLarge { .. } => "headers_too_large",
            FetchError::BodyTooLarge { .. } => "body_too_large",
            FetchError::DecodedTooLarge { .. } => "decoded_too_large",
            FetchError::Encoding { .. } => "encoding",
            FetchError::MediaType(_) => "media_type",
            FetchError::TooManyRedirects { .. } => "redirects",
            FetchError::RedirectLoop(_) => "redirect_loop",
            FetchError::Blocked { kind, .. } => match kind {
                BlockKind::Captcha => "blocked_captcha",
                BlockKind::Consent => "blocked_consent",
                _ => "blocked_bot_wall",
            },
            FetchError::Status { status, .. } => match status {
                401 | 402 | 403 | 407 | 451 => "status_forbidden",
                429 => "status_too_many_requests",
                400..=499 => "status_4xx",
                503 => "status_unavailable",
                500..=599 => "status_5xx",
                _ => "status_other",
            },
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Phase::Connect => "no connection",
            Phase::FirstByte => "no answer",
            Phase::Stall => "no further byte",
            Phase::Total => "no end of the response",
        })
    }
}
