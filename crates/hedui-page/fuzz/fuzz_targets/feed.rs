//! No bytes make the readers of feeds and sitemaps panic, and no feed sends its reader back in time.
#![no_main]

use hedui_page::feed::{next_visit_unchanged, plain_text, read_feed};
use hedui_page::sitemap::read_sitemap;
use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    const BASE: &str = "https://paper.example/rss";
    let (feed, _) = read_feed(bytes, None, None, Some(BASE));
    for entry in &feed.entries {
        entry.title.as_deref().map(plain_text);
    }
    let at = feed.updated.unwrap_or(Timestamp::UNIX_EPOCH);
    if let Some(next) = feed.next_visit(at) {
        assert!(next >= at);
        next_visit_unchanged(at, next.duration_since(at));
    }
    read_feed(bytes, Some("text/xml; charset=big5"), Some("/x"), None);
    read_sitemap(bytes, None, Some(BASE));
});
