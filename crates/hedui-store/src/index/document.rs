//! From an article to what the engine takes in, and back to what a hit shows.

use hedui_model::{Article, ArticleKey, Claim, Decimal, Place, Published, SourceId};
use hedui_text::Folder;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tantivy::TantivyDocument;
use tantivy::schema::Value;

use super::error::IndexError;
use super::figures::{ClaimTerms, metric_keys, unit_keys};
use super::schema::Fields;
use super::script::differing_parts;
use super::words::PassageWords;

/// What is stored of an article for showing it.
///
/// [`super::schema::VERSION`] rises with any change here.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Shown {
    pub(super) key: ArticleKey,
    pub(super) url: Option<String>,
    pub(super) source: SourceId,
    pub(super) lang: String,
    pub(super) published: Option<Published>,
    pub(super) title: String,
    pub(super) body: String,
    /// Sentences of the body, in bytes.
    pub(super) sentences: Vec<(u32, u32)>,
    pub(super) figures: Vec<ShownFigure>,
}

/// A figure of a claim, for highlighting it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ShownFigure {
    pub(super) place: Place,
    /// Where it stands in the title or body, in bytes.
    pub(super) span: (u32, u32),
    pub(super) units: Vec<String>,
    pub(super) metrics: Vec<String>,
    pub(super) low: Option<Decimal>,
    pub(super) high: Option<Decimal>,
}

impl Shown {
    fn new(article: &Article, claims: &[Claim]) -> Self {
        let meta = &article.meta;
        let sentences = article.body.sentences.iter();
        Shown {
            key: meta.key.clone(),
            url: meta.url.clone(),
            source: meta.source.clone(),
            lang: meta.lang_tag().to_owned(),
            published: meta.published,
            title: article.title.text.clone(),
            body: article.body.text.clone(),
            sentences: sentences.map(|sentence| sentence.span.into()).collect(),
            figures: claims.iter().map(ShownFigure::new).collect(),
        }
    }

    /// Reads what was stored with a document.
    pub(super) fn read(document: &TantivyDocument, fields: &Fields) -> Result<Self, IndexError> {
        let bytes = document
            .get_first(fields.shown)
            .and_then(|value| value.as_bytes())
            .ok_or_else(|| IndexError::rebuild("a document lacks what it shows"))?;
        postcard::from_bytes(bytes)
            .map_err(|error| IndexError::rebuild(format!("a document cannot be read: {error}")))
    }

    /// Returns the title or the body.
    pub(super) fn text(&self, place: Place) -> &str {
        match place {
            Place::Title => &self.title,
            Place::Body => &self.body,
        }
    }
}

impl ShownFigure {
    fn new(claim: &Claim) -> Self {
        ShownFigure {
            place: claim.place,
            span: claim.quantity.span.into(),
            units: unit_keys(claim),
            metrics: metric_keys(claim.metric.as_ref()),
            low: claim.quantity.low(),
            high: claim.quantity.high(),
        }
    }
}

/// Makes the engine's document of an article.
pub(super) fn document(
    fields: &Fields,
    article: &Article,
    claims: &[Claim],
    origin: Option<&ArticleKey>,
) -> Result<TantivyDocument, IndexError> {
    let mut document = TantivyDocument::new();
    let meta = &article.meta;
    document.add_text(fields.key, meta.key.as_str());
    let shown = postcard::to_stdvec(&Shown::new(article, claims))
        .map_err(|error| IndexError::rebuild(format!("a document cannot be written: {error}")))?;
    document.add_bytes(fields.shown, &shown);

    for (texts, passage) in [(fields.title, &article.title), (fields.body, &article.body)] {
        let cut = PassageWords::new(passage);
        document.add_text(texts.words, cut.words);
        document.add_text(texts.stems, cut.stems);
        let mut parts = differing_parts(&passage.text, &passage.folded);
        parts.insert(0, passage.folded.clone());
        for part in parts {
            document.add_text(texts.singles, &part);
            document.add_text(texts.pairs, part);
        }
    }

    let lang = meta.lang_tag();
    document.add_text(fields.source, fold_key(meta.source.as_str()));
    document.add_text(fields.source_name, meta.source.as_str());
    document.add_text(fields.lang_tag, lang);
    document.add_text(fields.lang, fold_key(lang));
    if let Some((language, _)) = lang.split_once('-') {
        document.add_text(fields.lang, language);
    }
    if let Some(region) = meta.region {
        document.add_text(fields.region, fold_key(region.as_str()));
    }

    let own = key_hash(&meta.key);
    document.add_u64(fields.tie, own);
    document.add_u64(fields.story, origin.map_or(own, key_hash));
    document.add_i64(fields.instant, meta.instant().as_second());
    let day = meta.published.map_or_else(
        || jiff::tz::Offset::UTC.to_datetime(meta.seen).date(),
        Published::day,
    );
    document.add_i64(fields.day, day_number(day));

    add_claims(&mut document, fields, claims);
    Ok(document)
}

fn add_claims(document: &mut TantivyDocument, fields: &Fields, claims: &[Claim]) {
    let mut terms = ClaimTerms::default();
    let mut units = Vec::new();
    let mut metrics = Vec::new();
    let mut entities = Vec::new();
    let mut known = Vec::new();
    for claim in claims {
        terms.add(claim);
        units.extend(unit_keys(claim));
        metrics.extend(metric_keys(claim.metric.as_ref()));
        for entity in &claim.entities {
            entities.push(fold_key(&entity.name));
            known.extend(entity.known.then(|| entity.name.clone()));
        }
    }
    for (field, mut values) in [
        (fields.unit, units),
        (fields.metric, metrics),
        (fields.entity, entities),
        (fields.entity_name, known),
    ] {
        values.sort();
        values.dedup();
        for value in values {
            document.add_text(field, value);
        }
    }
    let terms = terms.distinct();
    for (field, values) in [(fields.values, terms.values), (fields.ranges, terms.ranges)] {
        for value in values {
            document.add_bytes(field, &value);
        }
    }
}

/// Returns a name as fields compare it: folded, in small letters.
pub(super) fn fold_key(name: &str) -> String {
    Folder::builtin().fold(name).text.to_lowercase()
}

/// Returns the number of a day, counted from the first of 1970.
pub(super) fn day_number(day: Date) -> i64 {
    let seconds = jiff::tz::Offset::UTC
        .to_timestamp(day.at(0, 0, 0, 0))
        .map_or(0, |instant| instant.as_second());
    seconds.div_euclid(86_400)
}

/// Returns the day with a number.
pub(super) fn day_of(number: i64) -> Option<Date> {
    let instant = jiff::Timestamp::from_second(number.checked_mul(86_400)?).ok()?;
    Some(jiff::tz::Offset::UTC.to_datetime(instant).date())
}

/// Returns the first eight bytes of SHA-256 over a key.
fn key_hash(key: &ArticleKey) -> u64 {
    let hash = Sha256::digest(key.as_str().as_bytes());
    hash.iter()
        .take(8)
        .fold(0, |number, &byte| (number << 8) | u64::from(byte))
}
