//! No bytes make the reader of robots.txt panic, whatever is asked of it.
#![no_main]

use hedui_page::robots::Robots;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let robots = Robots::parse(bytes);
    // The file's own lines are the most likely to meet its rules.
    let text = String::from_utf8_lossy(bytes);
    for line in text.lines().take(8) {
        robots.allowed("hedui", line);
        robots.allowed(line, "https://paper.example/news/1?x=%e4%b8%ad");
        robots.crawl_delay(line);
    }
    robots.sitemaps();
});
