//! No bytes make the decoder panic, whatever they are said to be.
#![no_main]

use hedui_page::charset::{Form, content_type_charset, decode};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for form in [Form::Html, Form::Xml, Form::Text] {
        for label in [None, Some("gb2312"), Some("text/html; charset=Big5"), Some("utf-16")] {
            decode(bytes, label, form);
        }
    }
    let text = String::from_utf8_lossy(bytes);
    content_type_charset(&text);
    decode(bytes, Some(&text), Form::Text);
});
