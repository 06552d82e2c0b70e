//! Findings as a person reads them: where, what, what instead, and who says so.

use std::io;

use hedui_model::{Appearance, Cause, Lang};

use super::{Checked, Figure, Level, Rule, Side, Stand, Verdict};
use crate::card::{self, cause_words};
use crate::io::{Color, Io, Safe, clip};

/// How many claims are shown of a side.
const CLAIMS_SHOWN: usize = 3;
/// How many sides are shown of a finding.
const SIDES_SHOWN: usize = 3;

/// How many figures there were, and what they came to.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) files: usize,
    pub(crate) figures: usize,
    pub(crate) errors: usize,
    pub(crate) warnings: usize,
    pub(crate) notes: usize,
    /// Figures that a comment or the baseline passes over, and that would be told of.
    pub(crate) passed_over: usize,
}

impl Tally {
    /// Counts a figure.
    pub(crate) fn add(&mut self, figure: &Figure, level: Level) {
        self.figures += 1;
        match level {
            Level::Error => self.errors += 1,
            Level::Warning => self.warnings += 1,
            Level::Note => self.notes += 1,
            Level::None => {
                let is_passed_over = figure.is_ignored || figure.is_known;
                self.passed_over += usize::from(is_passed_over && figure.finding.rule.is_some());
            }
        }
    }

    /// Says it in one line.
    pub(crate) fn line(&self) -> String {
        let count = |number: usize, one: &str, many: &str| match number {
            0 => None,
            1 => Some(format!("1 {one}")),
            _ => Some(format!("{number} {many}")),
        };
        let found: Vec<String> = [
            count(self.errors, "conflict", "conflicts"),
            count(self.warnings, "possible conflict", "possible conflicts"),
            count(self.notes, "update", "updates"),
        ]
        .into_iter()
        .flatten()
        .collect();
        let found = if found.is_empty() {
            "no conflict".to_owned()
        } else {
            found.join(", ")
        };
        let figures =
            count(self.figures, "figure", "figures").unwrap_or_else(|| "no figures".into());
        let files = count(self.files, "file", "files").unwrap_or_else(|| "no file".into());
        let passed_over = count(self.passed_over, "passed over", "passed over");
        let passed_over = passed_over
            .map(|text| format!(" ({text})"))
            .unwrap_or_default();
        format!("{found} among {figures} in {files}{passed_over}")
    }
}

/// Prints what was found of one figure.
pub(crate) fn print(
    io: &mut Io<'_>,
    checked: &Checked,
    figure: &Figure,
    level: Level,
) -> io::Result<()> {
    let finding = &figure.finding;
    let start = figure.region.start;
    let place = format!(
        "{}:{}:{}:",
        Safe(&checked.draft.name),
        start.line,
        start.column
    );
    let word = match (finding.verdict, level) {
        (Verdict::Conflict, Level::Warning) => "possible conflict",
        (verdict, _) => verdict.as_str(),
    };
    let color = if level >= Level::Warning {
        Color::Warn
    } else {
        Color::Dim
    };
    let mention = io.paint(Color::Mark, &Safe(figure.claim.claim.mention()).to_string());
    let instead = finding.suggestion.as_ref().map(|suggestion| {
        let text = Safe(&suggestion.text).to_string();
        format!(" → {}", io.paint(Color::Mark, &text))
    });
    let place = io.paint(Color::Bold, &place);
    let word = io.paint(color, word);
    let more = io.paint(Color::Dim, &in_brackets(figure));
    let instead = instead.unwrap_or_default();
    writeln!(io.out, "{place} {word}: {mention}{instead}{more}")?;
    if level == Level::None {
        return Ok(());
    }
    let sentence = card::sentence(io, &figure.claim);
    writeln!(io.out, "  {sentence}")?;
    for other in &finding.within {
        let place = checked
            .place_of(&other.claim.id)
            .map_or(String::new(), |region| {
                format!(" at {}:{}", region.start.line, region.start.column)
            });
        let mention = io.paint(Color::Mark, &Safe(other.claim.mention()).to_string());
        writeln!(io.out, "  the draft itself{place}: {mention}")?;
    }
    for side in finding.sides.iter().take(SIDES_SHOWN) {
        print_side(io, side, figure.claim.article.meta.lang)?;
    }
    writeln!(io.out, "  why: {}\n", Safe(&finding.why))
}

/// Says in brackets what kind of finding it is, or how many sources agree.
fn in_brackets(figure: &Figure) -> String {
    let finding = &figure.finding;
    let passed_over = match (figure.is_ignored, figure.is_known) {
        (true, _) => ", passed over by a comment",
        (_, true) => ", in the baseline",
        _ => "",
    };
    match (finding.rule, finding.verdict) {
        (Some(rule), _) => format!(
            "  ({}, {}{passed_over})",
            rule_words(rule),
            finding.confidence
        ),
        (None, Verdict::Agree) => {
            let support = finding
                .sides
                .first()
                .map_or(0, |side| side.independent_sources);
            format!("  ({})", sources(support))
        }
        _ => String::new(),
    }
}

/// Returns the words for a rule.
pub(super) fn rule_words(rule: Rule) -> &'static str {
    match rule {
        Rule::Caused(Cause::Other) => "another figure",
        Rule::Caused(cause) => cause_words(cause),
        Rule::Percentage => "does not fit its values",
        Rule::Sum => "more than the whole",
        Rule::Outdated => "replaced since",
        Rule::Newer => "new to the archive",
    }
}

/// Returns `1 source`, `3 independent sources`.
pub(super) fn sources(count: u32) -> String {
    match count {
        1 => "1 source".to_owned(),
        count => format!("{count} independent sources"),
    }
}

/// Returns the words for how a side stands to the figure.
pub(super) fn stand_words(stand: Stand) -> &'static str {
    match stand {
        Stand::Contradicts => "against it",
        Stand::Later => "later",
        Stand::Earlier => "earlier",
        Stand::Agrees => "with it",
    }
}

fn print_side(io: &mut Io<'_>, side: &Side, lang: Lang) -> io::Result<()> {
    let Some(speaker) = side.speaker(lang) else {
        return Ok(());
    };
    let mention = io.paint(Color::Mark, &Safe(speaker.claim.mention()).to_string());
    let stand = stand_words(side.stand);
    writeln!(
        io.out,
        "  {stand}: {mention}  ({})",
        sources(side.independent_sources)
    )?;
    let shown = shown(side, lang);
    for claim in &shown {
        let meta = &claim.article.meta;
        let published = meta.published.map(|published| published.day().to_string());
        let origin = format!(
            "{} {} {}",
            meta.source,
            published.unwrap_or_default(),
            meta.url.as_deref().unwrap_or(meta.key.as_str())
        );
        let room = usize::from(io.style.width).saturating_sub(4);
        let origin = clip(&Safe(&origin).to_string(), room);
        let sentence = card::sentence(io, claim);
        writeln!(io.out, "    {}", io.paint(Color::Dim, &origin))?;
        writeln!(io.out, "      {sentence}")?;
    }
    Ok(())
}

/// Returns a few claims of a side, one of each source: who says it as the side is shown, then those in the draft's language.
pub(super) fn shown(side: &Side, lang: Lang) -> Vec<&Appearance> {
    let mut shown: Vec<&Appearance> = Vec::new();
    let (own, others): (Vec<_>, Vec<_>) = side
        .claims
        .iter()
        .partition(|claim| claim.article.meta.lang == lang);
    let claims = side.speaker(lang).into_iter().chain(own).chain(others);
    for claim in claims {
        let is_new = shown
            .iter()
            .all(|known| known.article.meta.source != claim.article.meta.source);
        if is_new && shown.len() < CLAIMS_SHOWN {
            shown.push(claim);
        }
    }
    shown
}
