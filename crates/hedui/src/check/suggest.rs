//! What might stand in the place of a figure: what the archive's independent sources say, written as the draft writes.

use hedui_claims::quantity::{QuantityReader, ReadContext};
use hedui_model::{Appearance, Bound, Decimal, Script};
use hedui_reconcile::Reconciler;
use hedui_text::{Converter, FerrousOpenCc, Lexicon};

use super::digits::groups_thousands;
use super::finding::{Finding, Rule, Side, Stand};
use super::pen::{Pen, Style};
use super::sides::fits;

/// A figure for the place of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Suggestion {
    /// The figure as it would be written.
    pub(crate) text: String,
    /// Whether it can be put in the place of what stands there as it is.
    pub(crate) is_fix: bool,
}

/// What finds suggestions for one draft.
#[derive(Debug)]
pub(super) struct Adviser<'a> {
    reconciler: &'a Reconciler,
    lexicon: &'a Lexicon,
    reader: QuantityReader,
    /// Whether the draft parts thousands by commas.
    groups: bool,
}

impl<'a> Adviser<'a> {
    pub(super) fn new(
        reconciler: &'a Reconciler,
        lexicon: &'a std::sync::Arc<Lexicon>,
        draft: &str,
    ) -> Self {
        Adviser {
            reconciler,
            lexicon,
            reader: QuantityReader::new(std::sync::Arc::clone(lexicon)),
            groups: groups_thousands(draft),
        }
    }

    /// Says what might stand in the place of a figure, where something is wrong with it.
    pub(super) fn suggest(&self, figure: &Appearance, finding: &Finding) -> Option<Suggestion> {
        let rule = finding.rule?;
        if rule == Rule::Newer {
            return None;
        }
        if let Some(other) = finding.within.first() {
            let text = self.as_written(figure, other, &[])?;
            return Some(Suggestion { text, is_fix: true });
        }
        let side = finding
            .sides
            .iter()
            .find(|side| matches!(side.stand, Stand::Contradicts | Stand::Later))?;
        let speaker = side.speaker(figure.article.meta.lang)?;
        if fits(figure, speaker) {
            // The figure is right, and something else beside it is not.
            return None;
        }
        let is_plain = is_plain(speaker);
        let models = alike(figure, side);
        let own_words = || self.as_written(figure, speaker, &models);
        if let Some(text) = is_plain.then(own_words).flatten() {
            return (text != figure.claim.mention()).then_some(Suggestion { text, is_fix: true });
        }
        // As it stands in a source of the same language, else as it stands in any.
        let model = models.into_iter().next().filter(|_| is_plain);
        let is_fix = model.is_some();
        let text = model.unwrap_or_else(|| speaker.claim.mention().to_owned());
        (text != figure.claim.mention()).then_some(Suggestion { text, is_fix })
    }

    /// Writes a figure with another value, in its base unit, as it is written.
    pub(super) fn written_with(&self, figure: &Appearance, value: Decimal) -> Option<Suggestion> {
        let stated = figure.claim.quantity.interval().stated()?;
        let times = value.checked_div(stated.abs()).ok()?;
        let text =
            self.pen(figure)
                .rewrite(figure.claim.mention(), times, Style::Free, Some(12))?;
        Some(Suggestion { text, is_fix: true })
    }

    fn pen(&self, figure: &Appearance) -> Pen<'_> {
        let meta = &figure.article.meta;
        let context = ReadContext {
            region: meta.region,
            lang: meta.lang,
            ..ReadContext::default()
        };
        Pen::new(
            self.lexicon,
            &self.reader,
            context,
            meta.script,
            self.groups,
        )
    }

    /// Writes what `other` states as `figure` is written.
    fn as_written(
        &self,
        figure: &Appearance,
        other: &Appearance,
        models: &[String],
    ) -> Option<String> {
        let own = &figure.claim;
        let pen = self.pen(figure);
        let stated = own.quantity.interval().stated()?;
        let is_other_unit = figure.claim.gloss_of.is_none()
            && have_other_units(figure, other)
            && own.quantity.written().stated() == other.claim.quantity.written().stated();
        if is_other_unit {
            return pen.in_unit(own.mention(), &other.claim.quantity.unit.id, models);
        }
        let restated = self.reconciler.restated(other, figure)?;
        let times = restated.value.checked_div(stated.abs()).ok()?;
        let digits = u32::from(own.quantity.precision).max(2);
        // A restatement has a unit of its own for a reason.
        let style = if own.gloss_of.is_some() {
            Style::OwnUnit
        } else {
            Style::Free
        };
        pen.rewrite(
            own.mention(),
            times,
            style,
            restated.is_rough.then_some(digits),
        )
    }
}

fn are_equal(a: &Appearance, b: &Appearance) -> bool {
    a.claim.quantity.interval().stated() == b.claim.quantity.interval().stated()
}

fn have_other_units(a: &Appearance, b: &Appearance) -> bool {
    let (x, y) = (&a.claim.quantity, &b.claim.quantity);
    let is_count = |id: &str| id.is_empty() || id.starts_with("count:");
    let may_be = |id: &String| *id == x.unit.id || *id == y.unit.id;
    x.unit.id != y.unit.id
        && !(is_count(&x.unit.id) && is_count(&y.unit.id))
        && !x.candidates.iter().chain(&y.candidates).any(may_be)
}

/// Tells whether a figure is a single value, and not only a bound of one.
fn is_plain(claim: &Appearance) -> bool {
    let quantity = &claim.claim.quantity;
    quantity.bound != Bound::Range
        && quantity
            .interval()
            .stated()
            .is_some_and(|value| value != Decimal::ZERO)
}

/// Returns how sources in the language of the draft write a side's value, in its script.
fn alike(figure: &Appearance, side: &Side) -> Vec<String> {
    let own = &figure.article.meta;
    let speaker = side.speaker(own.lang);
    let says_it = |claim: &&Appearance| {
        claim.article.meta.lang == own.lang
            && speaker.is_some_and(|speaker| are_equal(claim, speaker))
    };
    let mut claims: Vec<&Appearance> = side.claims.iter().filter(says_it).collect();
    claims.sort_by_key(|claim| claim.article.meta.script != own.script);
    let converter = FerrousOpenCc::builtin();
    let written = |claim: &Appearance| {
        let mention = claim.claim.mention();
        match own.script {
            _ if claim.article.meta.script == own.script => mention.to_owned(),
            Some(Script::Hant) => converter.s2t(mention),
            Some(Script::Hans) => converter.t2s(mention),
            None => mention.to_owned(),
        }
    };
    claims.into_iter().map(written).collect()
}
