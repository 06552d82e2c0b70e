//! Whose usage an article follows: by the host's top-level domain, else by script and wording.

use std::collections::BTreeMap;

use hedui_model::Region;
use serde::Deserialize;

use super::table::{File, Row};
use super::{LexiconError, Section};

/// How a region is told, as `regions.toml` says.
#[derive(Debug, Default)]
pub struct Regions {
    domains: BTreeMap<String, Region>,
}

#[derive(Debug, Deserialize)]
struct DomainRow {
    /// The last labels of a host, without the leading dot: `tw`, `gov`, `co.uk`.
    domain: String,
    region: Region,
}

impl Regions {
    /// Returns the region of a host name's ending: the longest that is known.
    #[must_use]
    pub fn of_host(&self, host: &str) -> Option<Region> {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        let mut ending = host.as_str();
        loop {
            if let Some(region) = self.domains.get(ending) {
                return Some(*region);
            }
            ending = ending.split_once('.')?.1;
        }
    }
}

impl Section for Regions {
    fn read(&mut self, file: &File) -> Result<(), LexiconError> {
        for row in file.rows::<DomainRow>("region_domain")? {
            let domain = domain_of(&row)?;
            self.domains.insert(domain, row.value.region);
        }
        Ok(())
    }
}

fn domain_of(row: &Row<DomainRow>) -> Result<String, LexiconError> {
    let domain = &row.value.domain;
    let is_domain = !domain.is_empty()
        && domain.split('.').all(|label| {
            !label.is_empty()
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        });
    if is_domain {
        Ok(domain.clone())
    } else {
        Err(row.error(
            "domain",
            format!(
                "not the end of a host name, in small letters and without a leading dot: `{domain}`"
            ),
        ))
    }
}
