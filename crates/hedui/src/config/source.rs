//! Sources: from the file's rows and OPML lists to what the crawler watches.

use std::collections::HashMap;
use std::path::Path;

use hedui_model::{Region, SourceId};
use toml::Spanned;
use url::Url;

use super::locate::{Place, suggestion};
use super::raw::{Raw, RawGroup, RawSource};
use crate::exit::Failure;

/// How much a source counts, and how often its feeds are read, where nothing is said.
const WEIGHT: u8 = 50;
const INTERVAL_MINUTES: u32 = 0;

/// One site or feed that is watched.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    /// Its id, which every article of it carries.
    pub(crate) id: SourceId,
    /// Its name, for people.
    pub(crate) name: String,
    /// The group it belongs to.
    pub(crate) group: Option<String>,
    /// Feeds.
    pub(crate) feeds: Vec<Url>,
    /// Sitemaps.
    pub(crate) sitemaps: Vec<Url>,
    /// Pages whose links lead to articles.
    pub(crate) sections: Vec<Url>,
    /// Whose usage decides ambiguous words.
    pub(crate) region: Option<Region>,
    /// The language, as a hint.
    pub(crate) lang: Option<String>,
    /// How much it counts, 0 to 100.
    pub(crate) weight: u8,
    /// It is passed over in a crawl when it was read so short a time ago; 0 for never.
    pub(crate) interval_minutes: u32,
}

impl Source {
    /// Returns the hosts that its lists are on, as [`bare_host`] has them.
    pub(crate) fn hosts(&self) -> impl Iterator<Item = String> {
        let urls = self.feeds.iter().chain(&self.sitemaps);
        let hosts = urls.chain(&self.sections).filter_map(Url::host_str);
        hosts.map(bare_host)
    }
}

/// Returns a host in lower case without `www.`: one site goes by both names.
pub(crate) fn bare_host(host: &str) -> String {
    let host = host.to_ascii_lowercase();
    host.strip_prefix("www.").unwrap_or(&host).to_owned()
}

/// Makes the sources of the file and of the OPML lists that it names.
///
/// # Errors
/// Names the line of what is wrong.
pub(crate) fn resolve(raw: &Raw, place: &Place<'_>, folder: &Path) -> Result<Vec<Source>, Failure> {
    let groups = groups(raw, place)?;
    let mut sources = Vec::new();
    let mut seen: HashMap<String, ()> = HashMap::new();
    for row in &raw.source {
        if seen.insert(row.id.get_ref().clone(), ()).is_some() {
            let message = format!("source `{}` stands here a second time", row.id.get_ref());
            return Err(place.failure(row.id.span(), &message));
        }
        sources.push(from_row(row, place, &groups)?);
    }
    for list in &raw.feeds.opml {
        let path = folder.join(list.get_ref());
        let fail = |message: String| place.failure(list.span(), &message);
        let bytes = std::fs::read(&path)
            .map_err(|error| fail(format!("cannot read `{}`: {error}", path.display())))?;
        let outlines = crate::opml::read(&bytes)
            .map_err(|error| fail(format!("`{}`: {error}", path.display())))?;
        for source in crate::opml::sources(&outlines) {
            if seen.insert(source.id.to_string(), ()).is_none() {
                sources.push(source);
            }
        }
    }
    Ok(sources)
}

fn groups<'r>(raw: &'r Raw, place: &Place<'_>) -> Result<HashMap<&'r str, &'r RawGroup>, Failure> {
    let mut groups = HashMap::new();
    for group in &raw.group {
        if groups.insert(group.id.get_ref().as_str(), group).is_some() {
            let message = format!("group `{}` stands here a second time", group.id.get_ref());
            return Err(place.failure(group.id.span(), &message));
        }
    }
    Ok(groups)
}

fn from_row(
    row: &RawSource,
    place: &Place<'_>,
    groups: &HashMap<&str, &RawGroup>,
) -> Result<Source, Failure> {
    let group = row
        .group
        .as_ref()
        .map(|name| find_group(name, place, groups))
        .transpose()?;
    if row.feeds.is_empty() && row.sitemaps.is_empty() && row.sections.is_empty() {
        let message = format!(
            "source `{}` has no `feeds`, `sitemaps` or `sections`",
            row.id.get_ref()
        );
        return Err(place.failure(row.id.span(), &message));
    }
    let id = row
        .id
        .get_ref()
        .parse()
        .map_err(|error| place.failure(row.id.span(), &format!("{error}")))?;
    let weight = row
        .weight
        .or(group.and_then(|group| group.weight))
        .unwrap_or(WEIGHT);
    if weight > 100 {
        return Err(place.failure(
            row.id.span(),
            &format!("`weight` is between 0 and 100, not `{weight}`"),
        ));
    }
    let urls = |rows: &[Spanned<String>]| {
        rows.iter()
            .map(|url| check_url(place, url))
            .collect::<Result<Vec<_>, _>>()
    };
    Ok(Source {
        id,
        name: row.name.clone().unwrap_or_else(|| row.id.get_ref().clone()),
        group: row.group.as_ref().map(|name| name.get_ref().clone()),
        feeds: urls(&row.feeds)?,
        sitemaps: urls(&row.sitemaps)?,
        sections: urls(&row.sections)?,
        region: row
            .region
            .as_ref()
            .or(group.and_then(|group| group.region.as_ref()))
            .map(|text| region(text, place))
            .transpose()?,
        lang: row
            .lang
            .clone()
            .or_else(|| group.and_then(|group| group.lang.clone())),
        weight,
        interval_minutes: row
            .interval_minutes
            .or(group.and_then(|group| group.interval_minutes))
            .unwrap_or(INTERVAL_MINUTES),
    })
}

fn find_group<'r>(
    name: &Spanned<String>,
    place: &Place<'_>,
    groups: &HashMap<&str, &'r RawGroup>,
) -> Result<&'r RawGroup, Failure> {
    groups.get(name.get_ref().as_str()).copied().ok_or_else(|| {
        let failure = place.failure(
            name.span(),
            &format!("there is no group `{}`", name.get_ref()),
        );
        match suggestion(name.get_ref(), groups.keys().copied()) {
            Some(near) => failure.hint(format!("did you mean `{near}`?")),
            None => failure,
        }
    })
}

fn region(text: &Spanned<String>, place: &Place<'_>) -> Result<Region, Failure> {
    text.get_ref()
        .parse()
        .map_err(|error: String| place.failure(text.span(), &error))
}

/// Reads an absolute http or https address.
pub(crate) fn check_url(place: &Place<'_>, text: &Spanned<String>) -> Result<Url, Failure> {
    let url = Url::parse(text.get_ref())
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    url.ok_or_else(|| {
        place.failure(
            text.span(),
            &format!("not an http or https address: `{}`", text.get_ref()),
        )
    })
}

/// Makes a source of one address, with everything else as by default.
pub(crate) fn plain(id: SourceId, name: String) -> Source {
    Source {
        id,
        name,
        group: None,
        feeds: Vec::new(),
        sitemaps: Vec::new(),
        sections: Vec::new(),
        region: None,
        lang: None,
        weight: WEIGHT,
        interval_minutes: INTERVAL_MINUTES,
    }
}
