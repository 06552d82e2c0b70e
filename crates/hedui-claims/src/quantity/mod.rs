//! The quantity reader: every figure and period of a text, exactly, in one scan.
//!
//! Folded text goes in; quantities come out in order of their span. `scan` finds words and numerals by one walk over
//! the bytes; `number`, `figure`, `join` and `period` are the grammar on these hits; `resolve` gives currencies their
//! country, units their base and spans their place in the original. All words are rows of `config/lexicon/`; what a
//! word can do is its [`Role`].
//!
//! What always holds: time grows with the length of the text and nothing else; no input panics; every span lies on
//! character boundaries of the original; two quantities overlap only where a period holds the length of time that it
//! is made of (*the next four years*).

mod bounds;
mod digits;
mod figure;
mod filter;
mod join;
mod number;
mod period;
mod reading;
mod resolve;
mod rules;
mod scan;
mod token;

use std::sync::Arc;

use hedui_model::{Lang, OffsetMap, Quantity, Region};
use hedui_text::Lexicon;
use hedui_text::lexicon::quantities::{Role, Roles};
use jiff::civil::{Date, Time};

pub use filter::{Answer, Base, filter};

use reading::{Reading, What};
use token::{TokenKind, Tokens};

/// What a reader has to know of a text beyond its characters.
#[derive(Clone, Copy, Debug)]
pub struct ReadContext {
    /// Whose usage the text follows: decides ambiguous currencies.
    pub region: Option<Region>,
    /// The language that the text is mostly in.
    pub lang: Lang,
    /// The day that *today* means; without it relative dates are not read.
    pub reference: Option<Date>,
    /// Whether hours are read: *Monday at 3 pm* is an instant with them, and without them the day.
    pub hours: bool,
    /// The time of the reference day; without it *two hours ago* stays a length of time.
    pub time: Option<Time>,
}

impl Default for ReadContext {
    fn default() -> Self {
        ReadContext {
            region: None,
            lang: Lang::Other,
            reference: None,
            hours: true,
            time: None,
        }
    }
}

/// How a reading came about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The words that were hit, and the rows that they come from (`units.toml:12`).
    pub words: Vec<(String, Vec<String>)>,
    /// The rules that took part.
    pub rules: Vec<&'static str>,
}

/// Reads quantities; made once, shared by all threads.
#[derive(Clone, Debug)]
pub struct QuantityReader {
    lexicon: Arc<Lexicon>,
}

impl QuantityReader {
    /// Makes a reader with the words of a lexicon.
    #[must_use]
    pub fn new(lexicon: Arc<Lexicon>) -> Self {
        QuantityReader { lexicon }
    }

    /// Returns the quantities of a folded text, in order of their span.
    ///
    /// `map` leads from the folded text to the original, in which the spans of the answer lie.
    #[must_use]
    pub fn read(&self, folded: &str, map: &OffsetMap, context: &ReadContext) -> Vec<Quantity> {
        self.run(folded, map, context, |_, _, _| ())
            .into_iter()
            .map(|(quantity, ())| quantity)
            .collect()
    }

    /// Returns the quantities as [`QuantityReader::read`] does, each with the rows and rules that it comes from.
    #[must_use]
    pub fn read_explained(
        &self,
        folded: &str,
        map: &OffsetMap,
        context: &ReadContext,
    ) -> Vec<(Quantity, Explanation)> {
        self.run(folded, map, context, |tokens, reading, rules| {
            explain(tokens, reading, rules)
        })
    }

    fn run<T>(
        &self,
        folded: &str,
        map: &OffsetMap,
        context: &ReadContext,
        keep: impl Fn(&Tokens<'_>, &Reading, rules::Rules) -> T,
    ) -> Vec<(Quantity, T)> {
        let lexicon = &self.lexicon.quantities;
        let scan = scan::scan(folded, lexicon);
        let tokens = Tokens {
            text: folded,
            tokens: &scan.tokens,
            numerals: &scan.numerals,
            lexicon,
            trimmed: folded.trim().len(),
        };
        let mut readings = readings(&tokens, context);
        join::join(&tokens, &mut readings);
        let mut resolver = resolve::Resolver::new(tokens, map, context.region);
        let mut places = Vec::with_capacity(readings.len());
        let mut quantities: Vec<(Quantity, T)> = Vec::with_capacity(readings.len());
        for reading in &readings {
            let Some((mut quantity, rules)) = resolver.resolve(reading) else {
                places.push(None);
                continue;
            };
            let target = reading
                .gloss_of
                .and_then(|index| places.get(index).copied().flatten());
            quantity.gloss_of = target;
            places.push(u32::try_from(quantities.len()).ok());
            let kept = keep(&tokens, reading, rules);
            quantities.push((quantity, kept));
        }
        quantities
    }
}

/// What a figure can start with: words that neither it nor a period can start with are passed over.
const STARTS: Roles = figure::STARTS;

/// Roles that start a figure or a period only together with the token behind.
const OPENERS: Roles = Roles::of(&[
    Role::Article,
    Role::In,
    Role::Within,
    Role::Since,
    Role::Until,
    Role::Before,
    Role::After,
    Role::Inclusive,
    Role::RangeOpen,
]);

/// All roles that start a figure or a period.
const ANY_START: Roles = STARTS.or(period::STARTS);

/// Tells whether nothing can start at a word, without reading on.
fn is_idle(tokens: &Tokens<'_>, at: usize, roles: Roles) -> bool {
    if !roles.any(ANY_START) {
        return !period::starts(tokens, at);
    }
    roles.and(ANY_START).within(OPENERS) && !tokens.joined(at + 1)
}

/// Walks over the tokens and reads what starts at each.
fn readings(tokens: &Tokens<'_>, context: &ReadContext) -> Vec<Reading> {
    let mut readings: Vec<Reading> = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        if matches!(token.kind, TokenKind::Word(_)) && is_idle(tokens, at, token.roles) {
            at += 1;
            continue;
        }
        let dated = !period::is_plain_number(tokens, at, &token);
        if let Some(found) = dated.then(|| period::read(tokens, at, context)).flatten() {
            at = found.next.max(at + 1);
            readings.extend(found.readings.into_iter().flatten().map(|what| Reading {
                what,
                gloss_of: None,
            }));
            continue;
        }
        match join::read(tokens, at) {
            Some(figure::FoundFigure::Figure(figure)) => {
                at = figure.next.max(at + 1);
                readings.push(Reading {
                    what: What::Figure(figure),
                    gloss_of: None,
                });
            }
            Some(figure::FoundFigure::Skip(next)) => at = next.max(at + 1),
            None => at += 1,
        }
    }
    readings
}

fn explain(tokens: &Tokens<'_>, reading: &Reading, rules: rules::Rules) -> Explanation {
    let (start, end) = match &reading.what {
        What::Figure(figure) => (figure.hedge_start, figure.hedge_end),
        What::Period(period) => (period.hedge_start, period.hedge_end),
    };
    let from = tokens
        .tokens
        .partition_point(|token| (token.start as usize) < start);
    let words = (from..tokens.tokens.len())
        .take_while(|index| tokens.end(*index) <= end)
        .filter_map(|index| {
            let word = tokens.word(index)?;
            Some((tokens.form(index).to_owned(), word.places.clone()))
        })
        .collect();
    let mut rules = rules;
    if reading.gloss_of.is_some() {
        rules.add(rules::Rule::Gloss);
    }
    Explanation {
        words,
        rules: rules.names(),
    }
}
