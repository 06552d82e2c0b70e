//! Bytes to pages: everything that reads what sites send, and nothing that asks them for it.
//!
//! All readers are pure functions of their input: no clock, no network, no disk. None fails on bad content; what could
//! not be read is told as [`hedui_model::Diagnostic`]s. All are bounded in time and memory, whatever the input.
//!
//! * [`charset`]: bytes to text.
//! * [`html`]: a page's main content, title, dates, author, canonical address and links.
//! * [`feed`], [`sitemap`], [`robots`]: what sites say to crawlers.
//! * [`links`], [`address`]: where to go next, and one spelling for one page.
//! * [`date`]: dates of feeds, metadata and visible text.
//! * [`block`]: walls, captchas and questions of consent in place of pages.
//! * [`notice`]: notices of correction in articles.
//! * [`site`]: rules for single sites, as data.
//! * [`words`]: the words of languages that all this needs, as data.
//! * [`filter`]: the stages as filters over JSON Lines.

pub mod address;
pub mod block;
pub mod charset;
pub mod date;
pub mod feed;
pub mod filter;
pub mod html;
pub mod links;
pub mod notice;
pub mod robots;
pub mod site;
pub mod sitemap;
pub mod words;
mod xml;

pub use html::{PageLimits, PageReader, read_page};
