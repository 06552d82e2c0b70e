//! hedui-fetch: the one crate that talks to sites.
//!
//! * [`Client`] fetches single URLs: only http and https, only public addresses unless allowed, within limits of size
//!   and time, with the bytes kept as they were on the wire.
//! * [`Crawler`] reads sources: it discovers articles by feeds, sitemaps and sections, keeps to robots.txt and to the
//!   pace of each host ([`pacing`]), and hands over all that it fetches, refuses or fails at as [`CrawlEvent`]s.
//!
//! A library without files, terminal or environment: [`FetchSettings`] and [`CrawlSettings`] are filled by the caller,
//! and what is known from earlier runs is asked of it ([`Known`]).

mod answer;
mod classify;
mod client;
pub mod crawl;
mod decode;
mod error;
mod guard;
mod memory;
pub mod network;
pub mod pacing;
mod response;
mod retry_after;
mod route;
mod settings;
mod stored;

pub use answer::Answer;
pub use client::{Accept, Client, Clock, Request, Validators, tls_config};
pub use crawl::{CrawlEvent, CrawlReport, Crawler, Known, SourcePlan};
pub use error::{ErrorSource, FetchError, Phase, Retry};
pub use memory::Held;
pub use network::{Network, NetworkError};
pub use route::{ExtraHeader, HostRule, Route, Secret};
pub use settings::{CrawlSettings, FetchSettings, Override};
pub use stored::decoded_body;
