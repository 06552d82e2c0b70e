//! What a crawl is asked to do, and what it asks back.

use std::fmt;
use std::sync::Arc;

use hedui_model::SourceId;
use jiff::Timestamp;
use url::Url;

use crate::client::Validators;

/// A source to be read.
#[derive(Clone, Debug)]
pub struct SourcePlan {
    /// Its id, which every event about it carries.
    pub id: SourceId,
    /// Feeds, in any format.
    pub feeds: Vec<Url>,
    /// Sitemaps and indexes of sitemaps, packed or not.
    pub sitemaps: Vec<Url>,
    /// Pages whose links lead to articles.
    pub sections: Vec<Url>,
    /// How many pages of it this run fetches at most; `None` is what the settings say.
    pub pages_max: Option<u64>,
    /// What is known of it already.
    pub known: Arc<dyn Known>,
}

/// What a list says about an article before it is fetched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hint {
    /// The title, as plain text.
    pub title: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// When it was published.
    pub published: Option<Timestamp>,
    /// When it was last changed.
    pub updated: Option<Timestamp>,
}

/// What is known from earlier runs. Called from many tasks at once, and often: answers come from memory or a local
/// store, at once. URLs are as they will stand in [`hedui_model::Exchange`]: those of articles as
/// [`hedui_page::address::normalise`] writes them, targets of redirects as the server does.
pub trait Known: Send + Sync + fmt::Debug {
    /// Returns the validators of the last response for `url`: of an article, feed, sitemap or section.
    ///
    /// A feed or sitemap that is unchanged (304) is not read again. Its validators must therefore be withheld as long as
    /// the source's last run was not [complete](crate::crawl::CrawlEvent::SourceDone), or what was left is never found.
    fn validators(&self, url: &str) -> Option<Validators>;

    /// Tells whether a feed is to be left alone for now, by its own wish or its rhythm
    /// ([`hedui_page::feed::Feed::next_visit`]).
    fn rests(&self, _url: &str) -> bool {
        false
    }

    /// Tells what to do with an article that a feed, sitemap or section names.
    fn wants(&self, url: &str, hint: &Hint) -> Want;

    /// Returns the articles of `source` that are due for another visit, whether lists name them or not.
    fn due(&self, source: &SourceId) -> Vec<String>;
}

/// What to do with an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Want {
    /// It is new: fetch it.
    Fetch,
    /// It is known and due: look whether it has changed, once all that is new is fetched.
    Revisit,
    /// It is known, and not due.
    Skip,
}

/// Knows nothing: every article is new.
#[derive(Clone, Copy, Debug, Default)]
pub struct KnowsNothing;

impl Known for KnowsNothing {
    fn validators(&self, _url: &str) -> Option<Validators> {
        None
    }

    fn wants(&self, _url: &str, _hint: &Hint) -> Want {
        Want::Fetch
    }

    fn due(&self, _source: &SourceId) -> Vec<String> {
        Vec::new()
    }
}
