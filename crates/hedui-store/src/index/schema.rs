//! The fields of the index.

use tantivy::Index;
use tantivy::schema::{
    BytesOptions, FAST, Field, INDEXED, IndexRecordOption, STORED, Schema, SchemaBuilder,
    TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::TextAnalyzer;

use super::chars::{CharTokenizer, Cut};
use super::words::WordTokenizer;

/// Raised by whoever changes what is indexed or stored, or how: older indexes are then rebuilt.
pub(super) const VERSION: u32 = 3;

const SINGLES: &str = "hedui_singles";
const PAIRS: &str = "hedui_pairs";
const WORDS: &str = "hedui_words";

/// The fields of one of an article's two texts.
#[derive(Clone, Copy, Debug)]
pub(super) struct TextFields {
    /// Every character.
    pub(super) singles: Field,
    /// Every character with the next one, with positions.
    pub(super) pairs: Field,
    /// Every word, with positions; abbreviations in capitals too.
    pub(super) words: Field,
    /// Stems of Latin words.
    pub(super) stems: Field,
}

/// All fields.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields {
    /// The article key: what replacing and deleting go by.
    pub(super) key: Field,
    pub(super) title: TextFields,
    pub(super) body: TextFields,
    /// Folded and in small letters: what fielded queries compare with.
    pub(super) source: Field,
    pub(super) lang: Field,
    pub(super) region: Field,
    pub(super) entity: Field,
    pub(super) metric: Field,
    pub(super) unit: Field,
    /// Figures of claims: see [`super::figures`].
    pub(super) values: Field,
    pub(super) ranges: Field,
    /// Columns, for sorting, folding copies and counting.
    pub(super) day: Field,
    pub(super) instant: Field,
    pub(super) story: Field,
    pub(super) tie: Field,
    pub(super) source_name: Field,
    pub(super) lang_tag: Field,
    pub(super) entity_name: Field,
    /// What a hit shows: see [`super::document`].
    pub(super) shown: Field,
}

/// Names of columns, which the engine knows by name.
pub(super) mod column {
    pub(in crate::index) const DAY: &str = "day";
    pub(in crate::index) const INSTANT: &str = "instant";
    pub(in crate::index) const STORY: &str = "story";
    pub(in crate::index) const TIE: &str = "tie";
    pub(in crate::index) const SOURCE: &str = "source_name";
    pub(in crate::index) const LANG: &str = "lang_tag";
    pub(in crate::index) const ENTITY: &str = "entity_name";
}

impl Fields {
    /// Makes the schema and its fields.
    pub(super) fn schema() -> (Schema, Fields) {
        let mut builder = Schema::builder();
        let fields = Fields {
            key: term(&mut builder, "key"),
            title: text(&mut builder, "title"),
            body: text(&mut builder, "body"),
            source: term(&mut builder, "source"),
            lang: term(&mut builder, "lang"),
            region: term(&mut builder, "region"),
            entity: term(&mut builder, "entity"),
            metric: term(&mut builder, "metric"),
            unit: term(&mut builder, "unit"),
            values: builder.add_bytes_field("values", BytesOptions::default().set_indexed()),
            ranges: builder.add_bytes_field("ranges", BytesOptions::default().set_indexed()),
            day: builder.add_i64_field(column::DAY, FAST | INDEXED),
            instant: builder.add_i64_field(column::INSTANT, FAST),
            story: builder.add_u64_field(column::STORY, FAST),
            tie: builder.add_u64_field(column::TIE, FAST),
            source_name: builder.add_text_field(column::SOURCE, name()),
            lang_tag: builder.add_text_field(column::LANG, name()),
            entity_name: builder.add_text_field(column::ENTITY, name()),
            shown: builder.add_bytes_field("shown", STORED),
        };
        (builder.build(), fields)
    }

    /// Returns the fields of the title and of the body.
    pub(super) fn texts(&self) -> [TextFields; 2] {
        [self.title, self.body]
    }
}

/// Makes our ways of cutting known to an index.
pub(super) fn register(index: &Index) {
    for (name, cut) in [(SINGLES, Cut::Singles), (PAIRS, Cut::Pairs)] {
        index
            .tokenizers()
            .register(name, TextAnalyzer::from(CharTokenizer::new(cut)));
    }
    index
        .tokenizers()
        .register(WORDS, TextAnalyzer::from(WordTokenizer::default()));
}

fn term(builder: &mut SchemaBuilder, name: &str) -> Field {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer("raw")
        .set_fieldnorms(false)
        .set_index_option(IndexRecordOption::Basic);
    builder.add_text_field(name, TextOptions::default().set_indexing_options(indexing))
}

fn text(builder: &mut SchemaBuilder, name: &str) -> TextFields {
    let mut add = |kind: &str, tokenizer: &str, option, fieldnorms| {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(tokenizer)
            .set_fieldnorms(fieldnorms)
            .set_index_option(option);
        builder.add_text_field(
            &format!("{name}_{kind}"),
            TextOptions::default().set_indexing_options(indexing),
        )
    };
    TextFields {
        singles: add("singles", SINGLES, IndexRecordOption::Basic, false),
        pairs: add(
            "pairs",
            PAIRS,
            IndexRecordOption::WithFreqsAndPositions,
            false,
        ),
        words: add(
            "words",
            WORDS,
            IndexRecordOption::WithFreqsAndPositions,
            true,
        ),
        stems: add("stems", WORDS, IndexRecordOption::WithFreqs, true),
    }
}

/// A column of names, not searched.
fn name() -> TextOptions {
    TextOptions::default().set_fast("raw")
}
