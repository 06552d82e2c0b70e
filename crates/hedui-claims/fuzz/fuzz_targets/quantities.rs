//! The quantity reader on any text: no panic, spans inside the text and in order, each reading explained.
//!
//! `cargo fuzz run -s none quantities` in `crates/hedui-claims`; a crash that is found becomes an ordinary test.

#![no_main]

use std::sync::LazyLock;

use hedui_claims::quantity::{QuantityReader, ReadContext, filter};
use hedui_model::{Lang, Region};
use hedui_text::{Folder, Lexicon};
use libfuzzer_sys::fuzz_target;

static READER: LazyLock<QuantityReader> = LazyLock::new(|| QuantityReader::new(Lexicon::builtin()));

fuzz_target!(|text: &str| {
    let folded = Folder::builtin().fold(text);
    for region in [None, Some(Region::TW), Some(Region::US)] {
        let context = ReadContext {
            region,
            lang: Lang::Zh,
            reference: Some(jiff::civil::date(2025, 12, 31)),
            hours: true,
            time: Some(jiff::civil::time(23, 30, 0, 0)),
        };
        let found = READER.read(&folded.text, &folded.map, &context);
        let mut before = 0;
        for quantity in &found {
            assert!(quantity.span.of(text).is_some());
            assert!(quantity.span.start() >= before);
            before = quantity.span.start();
        }
        assert_eq!(filter(text, &found).len(), found.len());
    }
});
