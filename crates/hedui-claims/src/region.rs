//! Whose dollar an English article means, where its source does not tell.
//!
//! A bare sign belongs to the region of the source. Where that is not known, or
//! where the article names nobody at home there, the names in the article
//! decide: a paper in Singapore that writes of American companies alone gives
//! American sums.

use std::collections::BTreeMap;

use hedui_model::{Article, Lang, Region};
use hedui_text::Lexicon;

/// Other regions whose papers write a bare dollar sign for their own money.
const DOLLARS: [&str; 5] = ["AU", "CA", "HK", "NZ", "SG"];
/// How many names at home in a region it takes to overrule the source.
const NAMES_MIN: usize = 2;

/// Returns the region whose usage decides ambiguous currencies in an article.
pub(crate) fn region_of(lexicon: &Lexicon, article: &Article) -> Option<Region> {
    let declared = article.meta.region;
    if article.meta.lang != Lang::En || declared == Some(Region::US) {
        return declared;
    }
    let mut homes: BTreeMap<&str, usize> = BTreeMap::new();
    for passage in [&article.title, &article.body] {
        for hit in lexicon.entities.find(&passage.folded) {
            if let Some(entity) = lexicon.entities.get(hit.value) {
                *homes.entry(entity.home.as_str()).or_default() += 1;
            }
        }
    }
    let count = |region: &str| homes.get(region).copied().unwrap_or(0);
    let american = count(Region::US.as_str());
    let overruled = match declared {
        Some(region) => count(region.as_str()) == 0 && american >= NAMES_MIN,
        None => american > 0 && DOLLARS.iter().all(|region| count(region) <= american),
    };
    if overruled {
        Some(Region::US)
    } else {
        declared
    }
}
