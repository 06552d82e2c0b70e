//! No text makes the readers of dates panic, nor those of addresses.
#![no_main]

use hedui_page::address::{normalise, twin_key};
use hedui_page::date::{date_in_path, find_dates, read_date, read_feed_date, read_loose};
use hedui_page::words::Words;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let words = Words::builtin();
    read_feed_date(text);
    read_date(text, words);
    if let Some(stamp) = read_loose(text, words) {
        stamp.published();
        stamp.timestamp();
    }
    find_dates(text, words);
    date_in_path(text);
    let address = format!("https://paper.example/{text}");
    normalise(&address);
    twin_key(&address);
});
