//! The lexicon's names, and the figure reader as the index's queries ask for it.

use std::fmt;
use std::sync::Arc;

use hedui_claims::quantity::{QuantityReader, ReadContext};
use hedui_model::{Decimal, Lang, Quantity};
use hedui_store::query::{Figure, LexiconNames, NumberReader, UnitScale, Vocabulary};
use hedui_text::lexicon::EntityRow;
use hedui_text::{Folder, Lexicon};

/// Makes what queries need to know.
pub(crate) fn vocabulary(lexicon: &Arc<Lexicon>) -> Vocabulary {
    Vocabulary {
        aliases: Arc::new(LexiconNames::new(Arc::clone(lexicon))),
        numbers: Arc::new(Figures(QuantityReader::new(Arc::clone(lexicon)))),
    }
}

/// Returns the canonical name for any name of an entity, in any script, width and case.
pub(crate) fn canonical(lexicon: &Lexicon, name: &str) -> Option<String> {
    entity(lexicon, name).map(|row| row.name.clone())
}

fn entity<'l>(lexicon: &'l Lexicon, name: &str) -> Option<&'l EntityRow> {
    let name = name.trim();
    if let Some(row) = lexicon.entities.named(name) {
        return Some(row);
    }
    let folded = Folder::builtin().fold(name).text;
    let found = lexicon
        .entities
        .find(&folded)
        .into_iter()
        .find(|hit| hit.span.range() == (0..folded.len()));
    let row = found.and_then(|hit| lexicon.entities.get(hit.value));
    row.or_else(|| {
        let same = |form: &str| {
            Folder::builtin()
                .fold(form)
                .text
                .eq_ignore_ascii_case(&folded)
        };
        lexicon.entities.iter().find(|row| row.forms().any(same))
    })
}

/// Reads figures as users type them.
struct Figures(QuantityReader);

impl fmt::Debug for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Figures")
    }
}

impl Figures {
    /// Reads a text that is one figure and nothing else.
    fn whole(&self, text: &str) -> Option<Quantity> {
        let folded = Folder::builtin().fold(text.trim());
        let context = ReadContext {
            region: None,
            lang: Lang::Other,
            reference: None,
            hours: false,
            time: None,
        };
        let mut found = self.0.read(&folded.text, &folded.map, &context);
        let quantity = found.pop().filter(|_| found.is_empty())?;
        (quantity.span.len() == text.trim().len()).then_some(quantity)
    }
}

impl NumberReader for Figures {
    fn figure(&self, text: &str) -> Option<Figure> {
        let quantity = self.whole(text)?;
        let unit = |id: &str| hedui_model::Unit {
            id: id.to_owned(),
            per: quantity.unit.per.clone(),
        };
        let units = match (quantity.unit.id.as_str(), quantity.candidates.as_slice()) {
            ("", _) => Vec::new(),
            (id, []) => vec![unit(id)],
            (_, candidates) => candidates.iter().map(|id| unit(id)).collect(),
        };
        Some(Figure {
            low: quantity.low(),
            high: quantity.high(),
            units,
        })
    }

    fn unit(&self, text: &str) -> Vec<UnitScale> {
        let scale = |quantity: &Quantity| {
            let factor = quantity.interval().stated()?;
            (!quantity.unit.id.is_empty()).then(|| UnitScale {
                unit: quantity.unit.clone(),
                factor,
            })
        };
        // A unit is what stands behind or before a one.
        let read = [format!("1 {text}"), format!("1{text}"), format!("{text}1")];
        if let Some(found) = read
            .iter()
            .find_map(|text| self.whole(text).as_ref().and_then(scale))
        {
            return vec![found];
        }
        let (id, per) = text
            .split_once('/')
            .map_or((text, None), |(id, per)| (id, Some(per.to_owned())));
        vec![UnitScale {
            unit: hedui_model::Unit {
                id: id.to_owned(),
                per,
            },
            factor: Decimal::ONE,
        }]
    }
}
