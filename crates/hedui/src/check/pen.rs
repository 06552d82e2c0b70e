//! Writes a figure as another is written: its digits, its scale words, its unit, in its language and script.
//!
//! No word stands here: words come from the lexicon's rows, and which of them do is tried out. Every figure that is
//! written is read again by the reader of quantities, and dropped where it would not be read as what is meant.

use hedui_claims::quantity::{QuantityReader, ReadContext};
use hedui_model::{Decimal, Quantity, Script};
use hedui_text::lexicon::quantities::{Quantities, Role, Word};
use hedui_text::{Converter, FerrousOpenCc, Folder, Lexicon};

use super::digits::digits_of;
use super::ways::Way;

/// What writes figures for one draft.
#[derive(Debug)]
pub(super) struct Pen<'a> {
    lexicon: &'a Lexicon,
    reader: &'a QuantityReader,
    context: ReadContext,
    pub(super) script: Option<Script>,
    /// Whether the draft parts thousands by commas.
    groups: bool,
}

/// How far a figure may be from the way it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// Another size of its unit may stand in it: GW for MW.
    Free,
    /// The unit stays.
    OwnUnit,
}

impl<'a> Pen<'a> {
    pub(super) fn new(
        lexicon: &'a Lexicon,
        reader: &'a QuantityReader,
        context: ReadContext,
        script: Option<Script>,
        groups: bool,
    ) -> Self {
        Pen {
            lexicon,
            reader,
            context,
            script,
            groups,
        }
    }

    pub(super) fn words(&self) -> &'a Quantities {
        &self.lexicon.quantities
    }

    /// Reads a text that is one figure and nothing else.
    fn read(&self, text: &str) -> Option<Quantity> {
        let folded = Folder::builtin().fold(text);
        let mut found = self.reader.read(&folded.text, &folded.map, &self.context);
        let quantity = found.pop().filter(|_| found.is_empty())?;
        (quantity.span.range() == (0..text.len())).then_some(quantity)
    }

    /// Writes a figure with `times` the value of `mention`.
    ///
    /// Where `times` is not exact, `digits` says how many are worth writing.
    pub(super) fn rewrite(
        &self,
        mention: &str,
        times: Decimal,
        style: Style,
        digits: Option<u32>,
    ) -> Option<String> {
        let before = self.read(mention)?;
        let value = before
            .interval()
            .stated()
            .filter(|value| !value.is_zero())?;
        let wanted = value.checked_mul(times).ok()?;
        let wanted = digits
            .map_or(wanted.rounded(20), |digits| wanted.rounded(digits))
            .normalized();
        let own = digits_of(mention, self.groups)?;
        let scale = self.scale_of(mention, own.range.end);
        let each = value.checked_div(own.value).ok()?;
        let mut ways = self.with_other_scales(mention, &own, &scale, each, wanted);
        if style == Style::Free {
            ways.extend(self.with_other_units(mention, &own, &scale, &before, wanted));
        }
        ways.sort_by_key(|way| way.cost);
        let is_right = |way: &&Way| {
            self.read(&way.text).is_some_and(|after| {
                after.unit == before.unit && after.interval().stated() == Some(wanted)
            })
        };
        ways.iter().find(is_right).map(|way| way.text.clone())
    }

    /// Writes a figure with the digits of `mention` in another unit, as `models`, figures in that unit, are written.
    pub(super) fn in_unit(&self, mention: &str, unit: &str, models: &[String]) -> Option<String> {
        let before = self.read(mention)?;
        let value = before.written().stated()?;
        let own = digits_of(mention, self.groups)?;
        let scale = self.scale_of(mention, own.range.end);
        let number = mention.get(own.range.start..scale.range.end)?;
        let old = format!(
            "{}{}",
            mention.get(..own.range.start)?,
            mention.get(scale.range.end..)?
        );
        // As sources in the language of the draft write it, else with each form of the lexicon.
        let modelled = models.iter().filter_map(|model| {
            let digits = digits_of(model, self.groups)?;
            let end = self.scale_of(model, digits.range.end).range.end;
            Some(format!(
                "{}{number}{}",
                model.get(..digits.range.start)?,
                model.get(end..)?
            ))
        });
        let is_latin = old.is_ascii();
        let goes_first = own.range.start > 0;
        let listed = self
            .forms_of(unit, is_latin)
            .into_iter()
            .flat_map(|form| spellings(number, &form, is_latin, goes_first));
        modelled.chain(listed).find(|text| {
            self.read(text).is_some_and(|after| {
                after.unit.id == unit && after.written().stated() == Some(value)
            })
        })
    }

    /// Returns the names of a unit in one kind of letters: signs first, for % is at home in every script; but the signs of
    /// currencies where words are in Latin letters.
    fn forms_of(&self, unit: &str, is_latin: bool) -> Vec<String> {
        let is_currency = self.words().currency_by_id(unit).is_some();
        let is_at_home =
            |form: &str| form.is_ascii() == is_latin || (is_sign(form) && !is_currency);
        let mut forms: Vec<String> = self
            .forms()
            .filter(|word| self.may_mean(word, unit) && is_at_home(&word.form))
            .map(|word| self.in_script(&word.form))
            .collect();
        let signs_first = is_latin || !is_currency;
        forms.sort_by_key(|form| is_sign(form) != signs_first);
        forms
    }

    pub(super) fn forms(&self) -> impl Iterator<Item = &'a Word> {
        let words = self.words();
        (0_u32..).map_while(|id| words.word(id))
    }

    /// Tells whether a word can be the name of a unit or currency.
    fn may_mean(&self, word: &Word, unit: &str) -> bool {
        let words = self.words();
        let row = |role| word.value(role);
        let is_unit = row(Role::Unit)
            .and_then(|row| words.unit(row))
            .is_some_and(|row| row.id == unit || row.base == unit);
        let is_currency = row(Role::Currency)
            .and_then(|row| words.currency(row))
            .is_some_and(|row| row.id == unit || row.elsewhere.as_deref() == Some(unit));
        is_unit || is_currency
    }

    /// Returns a form of the lexicon, which has them in Simplified characters, in the script of the draft.
    pub(super) fn in_script(&self, form: &str) -> String {
        if self.script == Some(Script::Hant) && !form.is_ascii() {
            FerrousOpenCc::builtin().s2t(form)
        } else {
            form.to_owned()
        }
    }
}

/// Tells whether a name of a unit is a sign, or ends in one.
fn is_sign(form: &str) -> bool {
    let last = form.chars().next_back();
    last.is_some_and(|last| !last.is_alphanumeric() && last != '.')
}

/// Returns the two ways to put a number and the name of its unit together, the likelier first.
fn spellings(number: &str, form: &str, is_latin: bool, goes_first: bool) -> [String; 2] {
    let gap = if is_latin && !is_sign(form) { " " } else { "" };
    let (before, behind) = (format!("{form}{number}"), format!("{number}{gap}{form}"));
    let is_before = if is_latin {
        is_sign(form) && !form.ends_with('%')
    } else {
        goes_first
    };
    if is_before {
        [before, behind]
    } else {
        [behind, before]
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use hedui_model::{Lang, Region};

    use super::*;

    fn with_pen<T>(region: Region, script: Option<Script>, write: impl Fn(&Pen<'_>) -> T) -> T {
        let lexicon = Lexicon::builtin();
        let reader = QuantityReader::new(std::sync::Arc::clone(&lexicon));
        let context = ReadContext {
            region: Some(region),
            lang: if script.is_some() { Lang::Zh } else { Lang::En },
            ..ReadContext::default()
        };
        write(&Pen::new(&lexicon, &reader, context, script, false))
    }

    fn rewritten(
        mention: &str,
        region: Region,
        script: Option<Script>,
        times: &str,
    ) -> Option<String> {
        let times: Decimal = times.parse().unwrap();
        with_pen(region, script, |pen| {
            pen.rewrite(mention, times, Style::Free, None)
        })
    }

    #[test]
    fn a_figure_is_written_as_the_draft_writes() {
        let (hans, hant) = (Some(Script::Hans), Some(Script::Hant));
        for (mention, region, script, times, expected) in [
            ("165亿美元", Region::CN, hans, "10", "1650亿美元"),
            ("16,500億美元", Region::TW, hant, "0.1", "1,650億美元"),
            ("１６５億美元", Region::TW, hant, "10", "１６５０億美元"),
            ("6兆美元", Region::TW, hant, "0.1", "6000億美元"),
            ("55万美元", Region::CN, hans, "1e4", "55亿美元"),
            ("5000亿元", Region::CN, hans, "10", "5万亿元"),
            ("4萬個", Region::TW, hant, "0.1", "4000個"),
            ("6百萬瓦", Region::TW, hant, "1000", "6吉瓦"),
            ("$500 million", Region::US, None, "1000", "$500 billion"),
            ("$16.5bn", Region::US, None, "10", "$165bn"),
            ("$600bn", Region::US, None, "10", "$6tn"),
            ("6 megawatts", Region::US, None, "1000", "6 gigawatts"),
            ("6 MW", Region::US, None, "1000", "6 GW"),
            ("$10,000", Region::US, None, "10", "$100,000"),
            ("400 jobs", Region::US, None, "1000", "400,000 jobs"),
            ("7.02%", Region::US, None, "10", "70.2%"),
        ] {
            let written = rewritten(mention, region, script, times);
            assert_eq!(
                written.as_deref(),
                Some(expected),
                "{mention} times {times}"
            );
        }
    }

    #[test]
    fn what_is_no_plain_figure_is_left_alone() {
        for mention in [
            "tens of billions",
            "1亿6000万股",
            "一百六十五億美元",
            "$5 billion to $6 billion",
            "x",
        ] {
            assert_eq!(
                rewritten(mention, Region::CN, Some(Script::Hans), "10"),
                None,
                "{mention}"
            );
        }
    }

    #[test]
    fn the_digits_stay_and_the_unit_is_another() {
        let hant = Some(Script::Hant);
        let unit = |mention: &str, region, script, unit: &str, models: &[&str]| {
            let models: Vec<String> = models.iter().map(|model| (*model).to_owned()).collect();
            with_pen(region, script, |pen| pen.in_unit(mention, unit, &models))
        };
        let written = unit(
            "5000亿元人民币",
            Region::CN,
            Some(Script::Hans),
            "USD",
            &["5000亿美元"],
        );
        assert_eq!(written.as_deref(), Some("5000亿美元"));
        assert_eq!(
            unit("3,440億美元", Region::TW, hant, "CNY", &["3440億元人民幣"]).as_deref(),
            Some("3,440億元人民幣")
        );
        assert_eq!(
            unit("344 billion yuan", Region::US, None, "USD", &[]).as_deref(),
            Some("$344 billion")
        );
        assert_eq!(
            unit("0.8個百分點", Region::TW, hant, "percent", &[]).as_deref(),
            Some("0.8%")
        );
        assert_eq!(
            unit(
                "2.6%",
                Region::TW,
                hant,
                "percentage_point",
                &["2.6個百分點"]
            )
            .as_deref(),
            Some("2.6個百分點")
        );
    }
}
