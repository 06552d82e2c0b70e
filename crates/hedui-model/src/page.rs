//! A web page (or ingested document) with its main content.

use serde::{Deserialize, Serialize};

use crate::Published;

/// What the reader of a page came for, and what the page says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// The headline, without the site's name.
    pub title: String,
    /// The main content: paragraphs parted by one newline.
    pub body: String,
    /// When it was published, as the page says.
    pub published: Option<Published>,
    /// When it was last changed, as the page says.
    pub modified: Option<Published>,
    /// Names of the authors, parted by `; `.
    pub author: Option<String>,
    /// The canonical URL, absolute.
    pub canonical: Option<String>,
    /// The language that the page declares, as written (`zh-TW`).
    pub declared_lang: Option<String>,
    /// The site's own name.
    pub site: Option<String>,
    /// Absolute URLs that the page links to, in order, each once.
    pub links: Vec<String>,
}
