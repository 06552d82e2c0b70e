//! `hedui doctor`: what is wrong, and what to do.

use anyhow::Result;
use clap::Args;
use hedui_store::{Archive, State};
use serde::Serialize;

use super::Format;
use crate::exit::Exit;
use crate::io::{Color, Io, Safe};
use crate::list::ListWriter;
use crate::store::View;

/// Check configuration, sources, archive, state, index, clock and disk
#[derive(Debug, Args)]
#[command(after_help = "\
Each line says what was looked at and, where something is wrong, what to do. Exit code 1 when a fault is found.

Examples:
  hedui doctor
  hedui doctor --deep          also reads every record of the archive and checks its digest")]
pub(crate) struct Doctor {
    /// Also verify every record of the archive
    #[arg(long)]
    deep: bool,
}

#[derive(Debug, Serialize)]
struct Check {
    check: &'static str,
    ok: bool,
    found: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
}

fn good(check: &'static str, found: impl Into<String>) -> Check {
    Check {
        check,
        ok: true,
        found: found.into(),
        hint: None,
    }
}

fn bad(check: &'static str, found: impl Into<String>, hint: impl Into<String>) -> Check {
    Check {
        check,
        ok: false,
        found: found.into(),
        hint: Some(hint.into()),
    }
}

impl Doctor {
    /// Looks at everything.
    pub(crate) fn run(&self, view: &View, format: Option<Format>, io: &mut Io<'_>) -> Result<Exit> {
        let mut checks = vec![
            configuration(view),
            lexicon(view),
            contact(view),
            sources(view),
            archive(view)?,
            index(view),
            clock(view)?,
            disk(view),
        ];
        if self.deep {
            checks.push(deep(view)?);
        }
        let faults = checks.iter().filter(|check| !check.ok).count();
        match format {
            None | Some(Format::Table) => {
                for check in &checks {
                    let mark = if check.ok {
                        "ok   ".to_owned()
                    } else {
                        io.paint(Color::Warn, "FAULT")
                    };
                    writeln!(io.out, "{mark} {:<14} {}", check.check, Safe(&check.found))?;
                    if let Some(hint) = &check.hint {
                        writeln!(io.out, "      hint: {}", Safe(hint))?;
                    }
                }
            }
            Some(format) => {
                let mut list = ListWriter::new(format);
                for check in &checks {
                    list.item(io, check)?;
                }
                list.finish(io)?;
            }
        }
        Ok(if faults > 0 { Exit::No } else { Exit::Done })
    }
}

fn configuration(view: &View) -> Check {
    match &view.config().file {
        Some(file) => good("configuration", format!("`{}` is valid", file.display())),
        None => bad(
            "configuration",
            "there is no hedui.toml; the defaults hold",
            "`hedui init` writes one",
        ),
    }
}

fn lexicon(view: &View) -> Check {
    let files = view.config().lexicon.len();
    match crate::pipeline::lexicon(view.config()) {
        Ok(_) if files == 0 => good("lexicon", "as it comes along"),
        Ok(_) => good("lexicon", format!("with {files} files of yours")),
        Err(error) => bad(
            "lexicon",
            error.to_string(),
            "mend the row; config/lexicon/README.md says how rows look",
        ),
    }
}

fn contact(view: &View) -> Check {
    let contact = view.config().fetch.contact.trim();
    if contact.is_empty() {
        return bad(
            "contact",
            "no `contact` is set: `hedui crawl` does not start",
            "set it under `[fetch]`: a mail or web address",
        );
    }
    good("contact", contact)
}

fn sources(view: &View) -> Check {
    let sources = &view.config().sources;
    if sources.is_empty() {
        return bad(
            "sources",
            "no source is configured",
            "add `[[source]]` rows, or OPML lists under `[feeds]`",
        );
    }
    let feeds: usize = sources.iter().map(|source| source.feeds.len()).sum();
    let sitemaps: usize = sources.iter().map(|source| source.sitemaps.len()).sum();
    let sections: usize = sources.iter().map(|source| source.sections.len()).sum();
    good(
        "sources",
        format!(
            "{} sources: {feeds} feeds, {sitemaps} sitemaps, {sections} section pages",
            sources.len()
        ),
    )
}

fn archive(view: &View) -> Result<Check> {
    let behind = view.archive().distance(view.state().mark()?);
    let counts = view.state().counts()?;
    if behind > 0 {
        return Ok(bad(
            "archive",
            format!("{behind} bytes are not yet in the state"),
            "any writing command applies them",
        ));
    }
    Ok(good(
        "archive",
        format!(
            "{} articles, {} claims, {} conflicts; the state is up to date",
            counts.articles, counts.claims, counts.conflicts
        ),
    ))
}

fn index(view: &View) -> Check {
    let articles = view.state().counts().map_or(0, |counts| counts.articles);
    match view.search() {
        Ok(reader) if reader.len() == articles => good("index", format!("{articles} articles")),
        Ok(reader) => bad(
            "index",
            format!("{} articles, and the state has {articles}", reader.len()),
            "`hedui reindex` makes it anew",
        ),
        Err(error) => bad("index", error.to_string(), "`hedui reindex` makes it anew"),
    }
}

fn clock(view: &View) -> Result<Check> {
    let newest = view
        .state()
        .articles_by_time(None, None, true)
        .next()
        .transpose()?;
    match newest {
        Some((at, key)) if at > view.now && at.duration_since(view.now).as_hours() >= 48 => {
            Ok(bad(
                "clock",
                format!(
                    "it is {}, and `{key}` says that it was published at {at}",
                    view.now
                ),
                "set the clock, or look at how that page gives its date",
            ))
        }
        _ => Ok(good("clock", view.now.to_string())),
    }
}

fn disk(view: &View) -> Check {
    // Writing is the surest test of a disk, and of the rights to it.
    let path = view.dir.join("doctor.tmp");
    let written = std::fs::write(&path, [0_u8; 4_096]).and_then(|()| std::fs::remove_file(&path));
    match written {
        Ok(()) => good("disk", format!("`{}` can be written", view.dir.display())),
        Err(error) => bad(
            "disk",
            format!("`{}` cannot be written: {error}", view.dir.display()),
            "free space, or mend the rights of the folder",
        ),
    }
}

fn deep(view: &View) -> Result<Check> {
    let verified = view.archive().verify(&mut |_| {})?;
    if verified.faults.is_empty() {
        return Ok(good(
            "archive --deep",
            format!(
                "{} records and {} journal lines are whole",
                verified.records, verified.lines
            ),
        ));
    }
    let faults: Vec<String> = verified
        .faults
        .iter()
        .take(20)
        .map(|fault| format!("{}:{}: {}", fault.file, fault.offset, fault.what))
        .collect();
    Ok(bad(
        "archive --deep",
        format!("{} faults: {}", verified.fault_count, faults.join("; ")),
        "restore these records from a backup; everything else is read",
    ))
}
