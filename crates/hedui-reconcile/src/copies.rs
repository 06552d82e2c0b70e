//! Which articles are sources of their own: copies of one story, in either script, and articles of one source count once.

use hedui_model::{Appearance, ArticleDigest};
use hedui_text::{NEAR_DUPLICATE, similarity};

/// Counts independent sources among appearances: articles of one source count once, and so do copies of one story.
#[must_use]
pub fn independent_sources(appearances: &[&Appearance]) -> u32 {
    let mut articles: Vec<&ArticleDigest> = Vec::new();
    for appearance in appearances {
        let article = &*appearance.article;
        let is_new = !articles.iter().any(|known| {
            known.meta.key == article.meta.key && known.meta.source == article.meta.source
        });
        if is_new {
            articles.push(article);
        }
    }
    let groups = grouped(&articles);
    u32::try_from(groups).unwrap_or(u32::MAX)
}

fn grouped(articles: &[&ArticleDigest]) -> usize {
    let mut group: Vec<usize> = (0..articles.len()).collect();
    for (index, article) in articles.iter().enumerate() {
        for (other, earlier) in articles.iter().enumerate().take(index) {
            let is_one = article.meta.source == earlier.meta.source
                || similarity(&article.signature, &earlier.signature) >= NEAR_DUPLICATE;
            let (from, to) = (group.get(index).copied(), group.get(other).copied());
            if let (true, Some(from), Some(to)) = (is_one, from, to) {
                for place in group.iter_mut().filter(|place| **place == from) {
                    *place = to;
                }
            }
        }
    }
    group.sort_unstable();
    group.dedup();
    group.len()
}
