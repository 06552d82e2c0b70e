//! A conflict as a person reads it: the fact, each side with its sentence and source, and why.

use std::io;

use hedui_model::{Appearance, Cause, ClaimId, Conflict, ConflictState, Side};

use crate::io::{Color, Io, Safe, clip};

/// Returns the words for a cause.
pub(crate) fn cause_words(cause: Cause) -> &'static str {
    match cause {
        Cause::ScaleError => "scale error",
        Cause::Currency => "currency",
        Cause::Scope => "scope",
        Cause::Period => "period",
        Cause::Rounding => "rounding",
        Cause::Revision => "revised by its own source",
        Cause::Gloss => "does not convert",
        Cause::Other => "other",
    }
}

/// Returns the word for a cause, as outside.
pub(crate) fn cause_id(cause: Cause) -> &'static str {
    match cause {
        Cause::ScaleError => "scale_error",
        Cause::Currency => "currency",
        Cause::Scope => "scope",
        Cause::Period => "period",
        Cause::Rounding => "rounding",
        Cause::Revision => "revision",
        Cause::Gloss => "gloss",
        Cause::Other => "other",
    }
}

/// Returns what a conflict is about: `Stargate · total investment`.
pub(crate) fn subject(conflict: &Conflict) -> String {
    let mut parts = vec![conflict.entities.join(", ")];
    parts.extend(
        conflict
            .metric
            .as_ref()
            .map(|metric| metric.id.replace('_', " ")),
    );
    parts.retain(|part| !part.is_empty());
    if parts.is_empty() {
        "an unnamed figure".to_owned()
    } else {
        parts.join(" · ")
    }
}

/// Prints a conflict with the first claim of each side.
pub(crate) fn print(
    io: &mut Io<'_>,
    conflict: &Conflict,
    lookup: &dyn Fn(&ClaimId) -> Option<Appearance>,
) -> io::Result<()> {
    let head = format!("{}  {}", conflict.id, cause_words(conflict.cause));
    let rest = format!(
        "severity {}  confidence {}  {}",
        conflict.severity,
        conflict.confidence,
        conflict.state.as_str()
    );
    let (head, rest) = (io.paint(Color::Warn, &head), io.paint(Color::Dim, &rest));
    writeln!(io.out, "{head}  {rest}")?;
    let subject = io.paint(Color::Bold, &Safe(&subject(conflict)).to_string());
    writeln!(io.out, "  {subject}")?;
    if !conflict.state_why.is_empty() {
        let why = match conflict.state {
            ConflictState::Closed { .. } => format!("closed: {}", conflict.state_why),
            _ => conflict.state_why.clone(),
        };
        writeln!(io.out, "  {}", Safe(&why))?;
    }
    let several = conflict.sides.len() > 2;
    for side in &conflict.sides {
        let cause = side.cause.filter(|_| several);
        print_side(io, side, cause, lookup)?;
    }
    let why = format!("why: {}", Safe(&conflict.why));
    writeln!(io.out, "  {}\n", io.paint(Color::Dim, &why))
}

fn print_side(
    io: &mut Io<'_>,
    side: &Side,
    cause: Option<Cause>,
    lookup: &dyn Fn(&ClaimId) -> Option<Appearance>,
) -> io::Result<()> {
    let figure = io.paint(Color::Mark, &Safe(&side.text).to_string());
    let sources = match side.independent_sources {
        1 => "1 source".to_owned(),
        count => format!("{count} independent sources"),
    };
    let copies = side.claims.len();
    let claims = if copies > 1 {
        format!(", {copies} claims")
    } else {
        String::new()
    };
    let cause = cause.map_or_else(String::new, |cause| format!("  {}", cause_words(cause)));
    writeln!(io.out, "    {figure}  ({sources}{claims}){cause}")?;
    let Some(appearance) = side.claims.first().and_then(lookup) else {
        return Ok(());
    };
    let meta = &appearance.article.meta;
    let published = meta
        .published
        .map(|published| published.day().to_string())
        .unwrap_or_default();
    let sentence = sentence(io, &appearance);
    writeln!(io.out, "      {sentence}")?;
    let origin = format!(
        "{} {published} {}",
        meta.source,
        meta.url.as_deref().unwrap_or(meta.key.as_str())
    );
    let origin = clip(
        &Safe(&origin).to_string(),
        usize::from(io.style.width).saturating_sub(6),
    );
    writeln!(io.out, "      {}", io.paint(Color::Dim, &origin))
}

/// Returns the sentence around a claim with its figure marked, cut to about two lines around the figure.
pub(crate) fn sentence(io: &Io<'_>, appearance: &Appearance) -> String {
    let claim = &appearance.claim;
    let text = claim.sentence_text.as_str();
    let start = claim
        .quantity
        .span
        .start()
        .saturating_sub(claim.sentence.start());
    let end = claim
        .quantity
        .span
        .end()
        .saturating_sub(claim.sentence.start());
    let (Some(before), Some(after)) = (text.get(..start), text.get(end..)) else {
        return Safe(text).to_string();
    };
    let room = usize::from(io.style.width).saturating_sub(8);
    let before: String = before
        .chars()
        .rev()
        .take(room)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    let cut = if before.len() < start { "…" } else { "" };
    let after = clip(&Safe(after).to_string(), room);
    format!(
        "{cut}{}{}{after}",
        Safe(&before),
        io.paint(Color::Mark, &Safe(claim.mention()).to_string())
    )
}
