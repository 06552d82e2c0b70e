//! Whose usage an article follows: by the host's ending, else by wording, else by language and script.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use aho_corasick::AhoCorasick;
use hedui_model::{Lang, Region, Script};
use serde::Deserialize;

use super::table::{File, Row};
use super::{LexiconError, Section};
use crate::fold::Folder;

/// How a region is told, as `regions.toml` says.
#[derive(Debug, Default)]
pub struct Regions {
    domains: BTreeMap<String, Region>,
    /// Folded words, each once for a script and region.
    words: BTreeSet<(ScriptName, String, Region)>,
    defaults: Vec<DefaultRow>,
    hans: Wording,
    hant: Wording,
}

/// What a region is told from.
#[derive(Clone, Copy, Debug)]
pub struct RegionClues<'a> {
    /// The host on which the article was read.
    pub host: Option<&'a str>,
    /// Its language.
    pub lang: Lang,
    /// Its script.
    pub script: Option<Script>,
    /// Its text, folded.
    pub folded: &'a str,
}

/// Words of one script, with the regions that use them.
#[derive(Debug, Default)]
struct Wording {
    automaton: Option<AhoCorasick>,
    /// The region of each word of the automaton.
    regions: Vec<Region>,
}

#[derive(Debug, Deserialize)]
struct DomainRow {
    /// The last labels of a host, without the leading dot: `tw`, `gov`, `co.uk`.
    domain: String,
    region: Region,
}

#[derive(Debug, Deserialize)]
struct WordingRow {
    region: Region,
    script: ScriptName,
    words: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct DefaultRow {
    lang: Lang,
    script: Option<ScriptName>,
    region: Region,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ScriptName {
    Hans,
    Hant,
}

impl Regions {
    /// Returns the region whose usage a text follows, where something tells it.
    #[must_use]
    pub fn of(&self, clues: &RegionClues<'_>) -> Option<Region> {
        if let Some(region) = clues.host.and_then(|host| self.of_host(host)) {
            return Some(region);
        }
        let usual = self.usual(clues.lang, clues.script);
        if clues.lang != Lang::Zh {
            return usual;
        }
        let wording = match clues.script {
            Some(Script::Hans) => &self.hans,
            Some(Script::Hant) => &self.hant,
            None => return usual,
        };
        match wording.most_used(clues.folded) {
            Some((region, words)) if words >= 2 || usual.is_none_or(|usual| usual == region) => {
                Some(region)
            }
            _ => usual,
        }
    }

    /// Returns the region of a host name's ending: the longest that is known.
    #[must_use]
    pub fn of_host(&self, host: &str) -> Option<Region> {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        // A name of one label is no host on the web, and may be any word.
        let mut ending = host.contains('.').then_some(host.as_str())?;
        loop {
            if let Some(region) = self.domains.get(ending) {
                return Some(*region);
            }
            ending = ending.split_once('.')?.1;
        }
    }

    fn usual(&self, lang: Lang, script: Option<Script>) -> Option<Region> {
        let script = script.map(|script| match script {
            Script::Hans => ScriptName::Hans,
            Script::Hant => ScriptName::Hant,
        });
        // A later row, the user's, wins.
        let mut rows = self.defaults.iter().rev();
        rows.find(|row| row.lang == lang && (row.script.is_none() || row.script == script))
            .map(|row| row.region)
    }
}

impl Wording {
    fn new<'a>(words: impl Iterator<Item = (&'a str, Region)>) -> Option<Self> {
        let (patterns, regions): (Vec<&str>, Vec<Region>) = words.unzip();
        let automaton = AhoCorasick::new(patterns).ok()?;
        Some(Wording {
            automaton: Some(automaton),
            regions,
        })
    }

    /// Returns the region with most different words in `folded`, and how many; nothing where two are even.
    fn most_used(&self, folded: &str) -> Option<(Region, usize)> {
        let automaton = self.automaton.as_ref()?;
        let mut found = vec![false; self.regions.len()];
        for hit in automaton.find_overlapping_iter(folded) {
            if let Some(found) = found.get_mut(hit.pattern().as_usize()) {
                *found = true;
            }
        }
        let mut counts: HashMap<Region, usize> = HashMap::new();
        for (region, _) in self.regions.iter().zip(found).filter(|(_, found)| *found) {
            *counts.entry(*region).or_default() += 1;
        }
        let (region, most) = counts.iter().max_by_key(|(_, count)| **count)?;
        let even = counts.values().filter(|count| *count == most).count() > 1;
        (!even).then_some((*region, *most))
    }
}

impl Section for Regions {
    fn read(&mut self, file: &File) -> Result<(), LexiconError> {
        for row in file.rows::<DomainRow>("region_domain")? {
            let domain = domain_of(&row)?;
            self.domains.insert(domain, row.value.region);
        }
        for row in file.rows::<WordingRow>("region_wording")? {
            for word in &row.value.words {
                if word.is_empty() {
                    return Err(row.error("words", "an empty word is in every text"));
                }
                let folded = Folder::builtin().fold(word).text;
                self.words
                    .insert((row.value.script, folded, row.value.region));
            }
        }
        self.defaults.extend(
            file.rows("region_default")?
                .into_iter()
                .map(|row| row.value),
        );
        Ok(())
    }

    fn finish(&mut self) -> Result<(), LexiconError> {
        let of_script = |script| {
            let words = self.words.iter().filter(move |word| word.0 == script);
            Wording::new(words.map(|(_, word, region)| (word.as_str(), *region)))
                .unwrap_or_default()
        };
        let (hans, hant) = (of_script(ScriptName::Hans), of_script(ScriptName::Hant));
        (self.hans, self.hant) = (hans, hant);
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
        let problem = format!(
            "not the end of a host name, in small letters and without a leading dot: `{domain}`"
        );
        Err(row.error("domain", problem))
    }
}

/// Returns the host of a URL, without user, port and brackets.
///
/// ```
/// use hedui_text::lexicon::host_of;
/// assert_eq!(host_of("https://www.example.tw:8080/a?b#c"), Some("www.example.tw"));
/// assert_eq!(host_of("example.tw"), None);
/// ```
#[must_use]
pub fn host_of(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    let host = authority.rsplit('@').next()?;
    let host = host.split(':').next()?;
    (!host.is_empty()).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Lexicon;

    fn region(
        host: Option<&str>,
        lang: Lang,
        script: Option<Script>,
        text: &str,
    ) -> Option<Region> {
        let folded = Folder::builtin().fold(text).text;
        Lexicon::builtin().regions.of(&RegionClues {
            host,
            lang,
            script,
            folded: &folded,
        })
    }

    #[test]
    fn the_host_decides_before_the_wording() {
        let text = "港元兌內地人民幣";
        let hant = Some(Script::Hant);
        assert_eq!(
            region(Some("www.news.com.tw"), Lang::Zh, hant, text),
            Some(Region::TW)
        );
        assert_eq!(
            region(Some("news.example.com"), Lang::Zh, hant, text),
            Some(Region::HK)
        );
        assert_eq!(
            region(Some("www.gov.uk"), Lang::En, None, ""),
            "GB".parse().ok()
        );
        assert_eq!(
            region(Some("commerce.gov"), Lang::En, None, ""),
            Some(Region::US)
        );
        assert_eq!(region(Some("example.ai"), Lang::En, None, ""), None);
    }

    #[test]
    fn wording_decides_within_a_script() {
        let (hans, hant) = (Some(Script::Hans), Some(Script::Hant));
        let cases = [
            (hant, "行政院通過新臺幣五百億元預算", Region::TW),
            (hant, "特區政府預留一億港元", Region::HK),
            // One word of another region alone does not contradict the usual one.
            (hant, "公司以港元計價的債券", Region::TW),
            (hans, "公司以新元计价的债券", Region::CN),
            (hans, "贸工部说组屋价格", "SG".parse().unwrap_or(Region::US)),
            (hans, "今年营收增长", Region::CN),
        ];
        for (script, text, expected) in cases {
            assert_eq!(
                region(None, Lang::Zh, script, text),
                Some(expected),
                "{text}"
            );
        }
        assert_eq!(region(None, Lang::Zh, None, "港元"), None);
    }
}
