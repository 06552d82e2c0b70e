//! The starter site as it lies in `seeds/site/`, built into the program.

use std::collections::HashMap;

use anyhow::{Context, Result, anyhow};
use include_dir::{Dir, include_dir};
use serde::Deserialize;

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../seeds/site");

/// One outlet of the starter site.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Host {
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) lang: String,
    pub(crate) region: String,
    #[serde(default)]
    pub(crate) feeds: Vec<String>,
    #[serde(default)]
    pub(crate) sitemaps: Vec<String>,
    #[serde(default)]
    pub(crate) sections: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ResourceRow {
    host: String,
    path: String,
    file: String,
    content_type: String,
    etag: Option<String>,
    last_modified: Option<String>,
    file_second: Option<String>,
    etag_second: Option<String>,
    last_modified_second: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RedirectRow {
    host: String,
    from: String,
    to: String,
    status: u16,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    host: Vec<Host>,
    resource: Vec<ResourceRow>,
    #[serde(default)]
    redirect: Vec<RedirectRow>,
}

/// What stands behind one address at one time.
#[derive(Clone, Debug)]
pub(crate) enum Resource {
    /// A file with its headers.
    File {
        body: &'static [u8],
        content_type: String,
        etag: Option<String>,
        last_modified: Option<String>,
    },
    /// Another address.
    Redirect { to: String, status: u16 },
}

/// The site: outlets, and what they serve at the first and at later passes.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) hosts: Vec<Host>,
    resources: HashMap<(String, String), [Resource; 2]>,
}

impl Site {
    /// Reads the site that is built in.
    pub(crate) fn builtin() -> Result<Site> {
        let table = FILES
            .get_file("site.toml")
            .and_then(|file| file.contents_utf8())
            .context("site.toml is missing")?;
        let table: Table = toml::from_str(table).context("site.toml")?;
        let mut resources = HashMap::new();
        for row in &table.resource {
            let first = Resource::File {
                body: contents(&row.file)?,
                content_type: row.content_type.clone(),
                etag: row.etag.clone(),
                last_modified: row.last_modified.clone(),
            };
            let second = match &row.file_second {
                None => first.clone(),
                Some(file) => Resource::File {
                    body: contents(file)?,
                    content_type: row.content_type.clone(),
                    etag: row.etag_second.clone(),
                    last_modified: row.last_modified_second.clone(),
                },
            };
            resources.insert((row.host.clone(), row.path.clone()), [first, second]);
        }
        for row in &table.redirect {
            let redirect = Resource::Redirect {
                to: row.to.clone(),
                status: row.status,
            };
            resources.insert(
                (row.host.clone(), row.from.clone()),
                [redirect.clone(), redirect],
            );
        }
        Ok(Site {
            hosts: table.host,
            resources,
        })
    }

    /// Returns what `host` has at `path`; `later` asks for the state after its edits.
    pub(crate) fn get(&self, host: &str, path: &str, later: bool) -> Option<&Resource> {
        let [first, second] = self.resources.get(&(host.to_owned(), path.to_owned()))?;
        Some(if later { second } else { first })
    }
}

fn contents(file: &str) -> Result<&'static [u8]> {
    FILES
        .get_file(file)
        .map(|file| file.contents())
        .ok_or_else(|| anyhow!("site.toml names `{file}`, which is missing"))
}
