//! No markup makes the readers of pages panic.
#![no_main]

use hedui_page::charset::{Form, decode};
use hedui_page::{block, links, notice, read_page};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    const URL: &str = "https://www.paper.example/2025/03/04/story?id=1";
    let text = decode(bytes, None, Form::Html).text;
    let (page, _) = read_page(&text, Some(URL));
    let _ = notice::correction(&page.body);
    links::discover(&text, URL);
    let _ = block::recognise(&text, Some(URL));
});
