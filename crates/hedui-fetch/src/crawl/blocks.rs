//! Whether a site shows a wall, a captcha or a question of consent in place of what was asked for.

use std::sync::Arc;

use hedui_model::Fetched;
use hedui_page::block::{self, Block};
use hedui_page::charset::{self, Form};

use super::event::Purpose;

/// After so many in a row a host is left alone for the run: whoever shows walls wants no further requests.
pub(super) const BLOCKS_MAX: u32 = 3;

/// Looks at a response, on a blocking thread.
pub(super) async fn find(purpose: Purpose, fetched: Box<Fetched>) -> (Box<Fetched>, Option<Block>) {
    if !may_be_block(purpose, &fetched) {
        return (fetched, None);
    }
    let shared = Arc::new(fetched);
    let looked = Arc::clone(&shared);
    let found = tokio::task::spawn_blocking(move || look(&looked)).await;
    // A reader that panics has recognised nothing.
    (Arc::unwrap_or_clone(shared), found.unwrap_or_default())
}

/// Walls are pages, also where a feed or sitemap should be.
fn may_be_block(purpose: Purpose, fetched: &Fetched) -> bool {
    let Fetched::Content { exchange, .. } = fetched else {
        return false;
    };
    let media = exchange.header("content-type").unwrap_or_default();
    let is_html = media.to_ascii_lowercase().contains("html");
    match purpose {
        Purpose::Robots => false,
        Purpose::Feed | Purpose::Sitemap => is_html,
        Purpose::Section | Purpose::Article => is_html || media.is_empty(),
    }
}

fn look(fetched: &Fetched) -> Option<Block> {
    let Fetched::Content {
        exchange, decoded, ..
    } = fetched
    else {
        return None;
    };
    let start = decoded.get(..block::BYTES_MAX.min(decoded.len()))?;
    let media = exchange.header("content-type");
    let text = charset::decode(start, media.as_deref(), Form::Html);
    block::recognise(&text.text, Some(&exchange.url))
}
