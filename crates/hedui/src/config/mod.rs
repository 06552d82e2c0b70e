//! `hedui.toml`: what the user set, checked, over the defaults.
//!
//! Two steps: [`raw`] knows the file's shape and nothing else; here names are
//! resolved and values checked, and every complaint carries file and line.
//! `config/hedui.toml` writes out every default; a test holds it to the code.

mod locate;
mod raw;
mod source;

use std::path::{Path, PathBuf};

use hedui_model::Confidence;

use crate::exit::Failure;
pub(crate) use locate::suggestion;
pub(crate) use raw::{
    ArchiveSettings, CrawlSettings, FetchSettings, HostRow, Sink, SinkKind, parse_confidence,
};
pub(crate) use source::{Source, bare_host, plain as plain_source};

/// The commented file that `hedui init` writes.
pub(crate) const COMMENTED: &str = include_str!("../../../../config/hedui.toml");

/// The name that is looked for in the working folder.
pub(crate) const FILE_NAME: &str = "hedui.toml";

/// Settings that were checked.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    /// The folder of the file, against which paths are resolved.
    pub(crate) folder: PathBuf,
    /// The file, if one was read.
    pub(crate) file: Option<PathBuf>,
    /// Where the archive is, and its limits.
    pub(crate) archive: ArchiveSettings,
    /// How sites are talked to.
    pub(crate) fetch: FetchSettings,
    /// How much is read.
    pub(crate) crawl: CrawlSettings,
    /// What is told, and to whom.
    pub(crate) alert: AlertSettings,
    /// Under which name decisions are kept; empty where nothing is said.
    pub(crate) user: String,
    /// The user's own lexicon files: name and text.
    pub(crate) lexicon: Vec<(String, String)>,
    /// What is watched.
    pub(crate) sources: Vec<Source>,
}

/// What is told, and to whom.
#[derive(Clone, Debug)]
pub(crate) struct AlertSettings {
    /// The least confidence.
    pub(crate) confidence_min: Confidence,
    /// The least severity.
    pub(crate) severity_min: u8,
    /// How often a delivery is tried.
    pub(crate) attempts_max: u32,
    /// The sinks.
    pub(crate) sinks: Vec<Sink>,
}

impl Config {
    /// Reads the file that is named, else `hedui.toml` in the working folder, else the defaults.
    ///
    /// # Errors
    /// A [`Failure`] of usage that names file, line and remedy.
    pub(crate) fn load(named: Option<&Path>) -> Result<Config, Failure> {
        let file = match named {
            Some(file) => Some(file.to_path_buf()),
            None => Some(PathBuf::from(FILE_NAME)).filter(|file| file.exists()),
        };
        let Some(file) = file else {
            return Config::defaults();
        };
        let text = std::fs::read_to_string(&file).map_err(|error| {
            Failure::usage(format!(
                "cannot read the configuration `{}`: {error}",
                file.display()
            ))
            .hint("`hedui init` writes one")
        })?;
        Config::from_text(&text, &file, Some(file.clone()))
    }

    /// Returns the defaults, whatever files there are.
    pub(crate) fn defaults() -> Result<Config, Failure> {
        Config::from_text(COMMENTED, Path::new(FILE_NAME), None)
    }

    fn from_text(text: &str, name: &Path, file: Option<PathBuf>) -> Result<Config, Failure> {
        let place = locate::Place { file: name, text };
        let raw = raw::read(&place)?;
        let folder = name.parent().map(Path::to_path_buf).unwrap_or_default();
        raw.check(&place)?;
        let sources = source::resolve(&raw, &place, &folder)?;
        let lexicon = raw
            .lexicon
            .files
            .iter()
            .map(|path| {
                let full = folder.join(path.get_ref());
                let text = std::fs::read_to_string(&full).map_err(|error| {
                    place.failure(
                        path.span(),
                        &format!("cannot read `{}`: {error}", full.display()),
                    )
                })?;
                Ok((full.display().to_string(), text))
            })
            .collect::<Result<_, Failure>>()?;
        Ok(Config {
            folder,
            file,
            alert: AlertSettings {
                confidence_min: raw.alert.confidence(&place)?,
                severity_min: raw.alert.severity_min,
                attempts_max: raw.alert.attempts_max,
                sinks: raw.alert.sink.clone(),
            },
            user: raw.decisions.user,
            archive: raw.archive,
            fetch: raw.fetch,
            crawl: raw.crawl,
            lexicon,
            sources,
        })
    }

    /// Returns where the archive is, unless the command line says otherwise.
    pub(crate) fn archive_dir(&self) -> PathBuf {
        self.folder.join(&self.archive.dir)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Config, String> {
        Config::from_text(text, Path::new("hedui.toml"), None)
            .map_err(|failure| failure.to_string())
    }

    #[test]
    fn the_commented_file_says_what_the_code_does() {
        let commented: raw::Raw = toml::from_str(COMMENTED).unwrap();
        let defaults: raw::Raw = toml::from_str("").unwrap();
        // Where a value stands in the file is no part of it.
        let shown = |raw: &raw::Raw| -> String {
            let text = format!("{raw:#?}");
            text.lines()
                .filter(|line| !line.trim_start().starts_with("span:"))
                .collect()
        };
        assert_eq!(shown(&commented), shown(&defaults));
        for field in raw::FIELDS {
            assert!(
                COMMENTED.lines().any(|line| line
                    .trim_start_matches("# ")
                    .starts_with(&format!("{field} ="))),
                "`{field}` is not in config/hedui.toml"
            );
        }
    }

    #[test]
    fn a_wrong_name_is_answered_with_line_and_the_right_one() {
        let error = read("[fetch]\ndelay_min_ms = 5\n").unwrap_err();
        assert!(error.contains("hedui.toml:2"), "{error}");
        assert!(error.contains("delay_ms_min"), "{error}");
    }

    #[test]
    fn a_wrong_value_is_answered_with_its_line() {
        for (text, line) in [
            ("[fetch]\n\nhosts_at_once = \"many\"", ":3"),
            ("[alert]\nconfidence_min = \"2\"", ":2"),
            (
                "[[source]]\nid = \"a\"\nfeeds = [\"ftp://a.example/x\"]",
                ":3",
            ),
            (
                "[[source]]\nid = \"a\"\ngroup = \"asia\"\nfeeds = [\"https://a.example/x\"]\n[[group]]\nid = \"asian\"",
                ":3",
            ),
            (
                "[[source]]\nid = \"a\"\nfeeds = [\"https://a.example/x\"]\n[[source]]\nid = \"a\"\nfeeds = [\"https://a.example/y\"]",
                ":5",
            ),
            ("[[source]]\nid = \"a\"", ":2"),
            ("[[alert.sink]]\nid = \"x\"\nkind = \"webhook\"", ":2"),
            ("[fetch]\nallow_networks = [\"10.0.0.0/99\"]", ":2"),
            ("[[fetch.host]]\nhost = \"http://a.example/x\"", ":2"),
        ] {
            let error = read(text).unwrap_err();
            assert!(
                error.contains(&format!("hedui.toml{line}")),
                "{text}\n{error}"
            );
        }
    }

    #[test]
    fn a_source_takes_from_its_group_what_it_does_not_say() {
        let config = read(
            "[[group]]\nid = \"tw\"\nregion = \"TW\"\nweight = 70\n[[source]]\nid = \"cna\"\ngroup = \"tw\"\nweight = 80\nfeeds = [\"https://a.example/x\"]",
        )
        .unwrap();
        let source = config.sources.first().unwrap();
        assert_eq!(
            source.region.map(|region| region.to_string()),
            Some("TW".to_owned())
        );
        assert_eq!(source.weight, 80);
        assert_eq!(source.interval_minutes, 0);
    }
}
