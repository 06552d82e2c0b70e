//! From stories that were found to hits that can be shown.

use hedui_model::Place;
use tantivy::{Searcher, TantivyDocument};

use super::collect::Story;
use super::document::Shown;
use super::error::SearchError;
use super::highlight::{Mark, matches};
use super::request::Hit;
use super::schema::Fields;
use super::snippet::{highlights, snippets};

/// Makes the hit of a story.
pub(super) fn hit(
    searcher: &Searcher,
    fields: &Fields,
    marks: &[Mark],
    story: &Story,
) -> Result<Hit, SearchError> {
    let document: TantivyDocument = searcher.doc(story.shown)?;
    let shown = Shown::read(&document, fields)?;
    let in_title = matches(marks, &shown, Place::Title);
    let in_body = matches(marks, &shown, Place::Body);
    Ok(Hit {
        title_highlights: highlights(&shown.title, 0, &in_title),
        snippets: snippets(&shown, &in_body),
        article: shown.key,
        url: shown.url,
        source: shown.source,
        lang: shown.lang,
        published: shown.published,
        title: shown.title,
        score: story.rank.score,
        copies: story.articles.saturating_sub(1),
    })
}
