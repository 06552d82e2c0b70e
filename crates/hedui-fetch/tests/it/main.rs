//! The crate against servers on loopback, each started by the test that needs it.
#![allow(clippy::unwrap_used)]

mod client;
mod crawl;
mod hostile;
mod robots;
mod route;
mod support;
mod tls;
