//! One passage with everything in it that a claim can be made of.
//!
//! All positions are bytes of the folded text. What always holds: names,
//! triggers, cues and figures are in order of start; no name, and no trigger
//! outside its figure, overlaps a figure; no trigger or cue lies inside a name.

use std::ops::Range;

use hedui_model::{
    Decimal, Folded, Interval, Kind, Lang, Original, Passage, Quantity, Region, Span,
    Unit as Measure,
};
use hedui_text::Lexicon;
use hedui_text::lexicon::{Cue, CueHit, EntityKind, EntityRow, MetricHit, Role};
use jiff::civil::Date;

use crate::mention::{Mention, Trader, mentions, traders};
use crate::naming::{Stranger, Strangers};
use crate::quantity::{QuantityReader, ReadContext};

mod touch;

/// A name that stands in the text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Name<'a> {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) entity: &'a EntityRow,
    /// Whether the lexicon holds it.
    pub(crate) known: bool,
}

/// A figure with its place among sentences and clauses.
#[derive(Clone, Debug)]
pub(crate) struct Figure {
    pub(crate) quantity: Quantity,
    /// Without hedges.
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// With hedges.
    pub(crate) hedged: Range<usize>,
    pub(crate) sentence: usize,
    pub(crate) clause: usize,
    /// Whether it is part of a name, and so states nothing: the ten of the top ten.
    pub(crate) named: bool,
}

/// A sentence, cut into clauses.
#[derive(Clone, Debug)]
pub(crate) struct Unit {
    pub(crate) range: Range<usize>,
    pub(crate) original: Span<Original>,
    pub(crate) clauses: Vec<Clause>,
}

/// A clause.
#[derive(Clone, Debug)]
pub(crate) struct Clause {
    pub(crate) range: Range<usize>,
    /// Whether it begins after a semicolon, where subjects start anew.
    pub(crate) restarts: bool,
}

/// What the reader finds in a passage before it makes claims of it.
#[derive(Debug)]
pub(crate) struct Scene<'a> {
    pub(crate) passage: &'a Passage,
    pub(crate) text: &'a str,
    pub(crate) units: Vec<Unit>,
    pub(crate) names: Vec<Name<'a>>,
    pub(crate) triggers: Vec<MetricHit>,
    pub(crate) cues: Vec<CueHit<'a>>,
    pub(crate) figures: Vec<Figure>,
    /// Who is mentioned, once all names are known.
    pub(crate) mentions: Vec<Mention<'a>>,
    /// Whose trade the text tells.
    traders: Vec<Trader<'a>>,
}

/// What the article lends to the reading of its figures.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setting {
    pub(crate) region: Option<Region>,
    pub(crate) lang: Lang,
    pub(crate) published: Option<Date>,
}

impl<'a> Scene<'a> {
    /// Reads names, words and figures of `passage`.
    pub(crate) fn new(
        lexicon: &'a Lexicon,
        quantities: &QuantityReader,
        passage: &'a Passage,
        setting: Setting,
    ) -> Self {
        let text = passage.folded.as_str();
        let context = ReadContext {
            region: setting.region,
            lang: setting.lang,
            reference: setting.published,
            // Claims are told by the day.
            hours: false,
            time: None,
        };
        let found = quantities.read(text, &passage.map, &context);
        let mut scene = Scene {
            passage,
            text,
            units: Vec::new(),
            names: Vec::new(),
            triggers: Vec::new(),
            cues: lexicon.cues.find(text),
            figures: Vec::new(),
            mentions: Vec::new(),
            traders: Vec::new(),
        };
        scene.units = units(passage, &scene.cues);
        scene.place_figures(found);
        scene.place_names(lexicon);
        scene.place_words(lexicon);
        scene
    }

    /// Enters the names that only the article knows, and tells who is mentioned.
    pub(crate) fn with_strangers(
        mut self,
        lexicon: &'a Lexicon,
        strangers: &'a Strangers<'a>,
        found: &[Stranger],
    ) -> Self {
        let mut rest = found.iter().peekable();
        let mut names = Vec::with_capacity(self.names.len() + found.len());
        for name in std::mem::take(&mut self.names) {
            while let Some(place) = rest.next_if(|place| place.start <= name.start) {
                names.extend(strangers.name(place));
            }
            // A longer name takes the place of those that it contains.
            let covered = names
                .last()
                .is_some_and(|last: &Name<'_>| last.end > name.start)
                || rest.peek().is_some_and(|place| place.start < name.end);
            if !covered {
                names.push(name);
            }
        }
        names.extend(rest.filter_map(|place| strangers.name(place)));
        self.names = names;
        self.drop_words_in_names();
        self.find_titles(lexicon);
        self.mentions = mentions(lexicon, &self);
        self.traders = traders(&self);
        self
    }

    /// Returns the text between two places.
    pub(crate) fn between(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// Returns the names inside a range.
    pub(crate) fn names_in(&self, range: &Range<usize>) -> &[Name<'a>] {
        within(&self.names, range, |name| (name.start, name.end))
    }

    /// Returns the cues inside a range.
    pub(crate) fn cues_in(&self, range: &Range<usize>) -> &[CueHit<'a>] {
        within(&self.cues, range, |hit| (hit.span.start(), hit.span.end()))
    }

    /// Returns the figures of the sentence that a figure stands in, itself included.
    pub(crate) fn figures_beside(&self, figure: &Figure) -> &[Figure] {
        self.figures_of(figure.sentence).1
    }

    /// Returns the figures of a sentence, and the index of the first.
    pub(crate) fn figures_of(&self, sentence: usize) -> (usize, &[Figure]) {
        let from = self
            .figures
            .partition_point(|figure| figure.sentence < sentence);
        let to = self
            .figures
            .partition_point(|figure| figure.sentence <= sentence);
        (from, self.figures.get(from..to).unwrap_or_default())
    }

    /// Returns who is mentioned in a sentence.
    pub(crate) fn mentions_of(&self, sentence: usize) -> &[Mention<'a>] {
        let from = self
            .mentions
            .partition_point(|mention| mention.sentence < sentence);
        let to = self
            .mentions
            .partition_point(|mention| mention.sentence <= sentence);
        self.mentions.get(from..to).unwrap_or_default()
    }

    /// Returns the trade of a firm, where an apposition tells it or a word of one of its names.
    pub(crate) fn trade_of<'l>(&'l self, lexicon: &'l Lexicon, row: &EntityRow) -> Option<&'l str> {
        let told = self.traders.iter().find(|told| told.row.name == row.name);
        let by_name = || {
            lexicon
                .cues
                .trades()
                .find(|trade| {
                    trade
                        .parts
                        .iter()
                        .any(|part| row.forms().any(|form| holds(form, part)))
                })
                .map(|trade| trade.id.as_str())
        };
        told.map(|told| told.trade).or_else(by_name)
    }

    /// Returns the sentence of a figure.
    pub(crate) fn unit_of(&self, figure: &Figure) -> Option<&Unit> {
        self.units.get(figure.sentence)
    }

    /// Tells whether the sentence of a figure goes on with what one says that ends in a semicolon.
    pub(crate) fn goes_on(&self, figure: &Figure) -> bool {
        self.unit_of(figure).is_some_and(|unit| {
            let before = self.text.get(..unit.range.start).unwrap_or_default();
            before.trim_end().ends_with([';', '；'])
        })
    }

    /// Returns the clause of a figure.
    pub(crate) fn clause_of(&self, figure: &Figure) -> Option<&Clause> {
        self.unit_of(figure)?.clauses.get(figure.clause)
    }

    fn place_figures(&mut self, found: Vec<Quantity>) {
        for quantity in found.into_iter().map(as_share) {
            let span = self.passage.map.to_folded(quantity.span);
            let hedged = self.passage.map.to_folded(quantity.hedged_span);
            let Some((sentence, clause)) = self.locate(span.start()) else {
                continue;
            };
            self.figures.push(Figure {
                start: span.start(),
                end: span.end(),
                hedged: hedged.range(),
                sentence,
                clause,
                named: false,
                quantity,
            });
        }
    }

    fn place_names(&mut self, lexicon: &'a Lexicon) {
        for hit in lexicon.entities.find(self.text) {
            let Some(entity) = lexicon.entities.get(hit.value) else {
                continue;
            };
            let (start, end) = (hit.span.start(), hit.span.end());
            let mut in_figure = false;
            let near = self
                .figures
                .partition_point(|figure| figure.start + FIGURE_BYTES_MAX < start);
            for figure in self.figures.iter_mut().skip(near) {
                if figure.start >= end {
                    break;
                }
                if figure.start < end && start < figure.end {
                    let inside = start <= figure.start
                        && figure.end <= end
                        && figure.end - figure.start < end - start;
                    figure.named |= inside;
                    in_figure |= !inside;
                }
            }
            // AWS-3 is a band, A14-2 a part.
            let mut behind = self.between(end, self.text.len()).bytes();
            let is_model = behind.next() == Some(b'-')
                && behind.next().is_some_and(|letter| letter.is_ascii_digit())
                && entity.kind == EntityKind::Company;
            if !in_figure && !is_model {
                self.names.push(Name {
                    start,
                    end,
                    entity,
                    known: true,
                });
            }
        }
    }

    /// Keeps the triggers and cues that do not stand inside a name.
    fn place_words(&mut self, lexicon: &'a Lexicon) {
        self.triggers = lexicon.metrics.find(self.text);
        self.drop_words_in_names();
        self.triggers = without_straddlers(std::mem::take(&mut self.triggers));
    }

    /// Finds the titles right behind names whose last character a longer word had taken: 长官 in 产业部长官.
    fn find_titles(&mut self, lexicon: &'a Lexicon) {
        let mut found = Vec::new();
        let agencies = self
            .names
            .iter()
            .filter(|name| name.entity.kind == EntityKind::Agency);
        for name in agencies {
            let rest = self.between(name.end, self.text.len());
            let known = self
                .cues_starting(name.end)
                .any(|hit| *hit.cue == Cue::Title);
            if known || rest.starts_with(|letter: char| letter.is_ascii()) {
                continue;
            }
            let end = rest
                .char_indices()
                .nth(TITLE_CHARS_MAX)
                .map_or(rest.len(), |(end, _)| end);
            let titles = lexicon.cues.find(rest.get(..end).unwrap_or_default());
            found.extend(
                titles
                    .into_iter()
                    .filter(|hit| *hit.cue == Cue::Title && hit.span.start() == 0)
                    .map(|hit| CueHit {
                        span: Span::new(name.end, name.end + hit.span.end()),
                        cue: hit.cue,
                    }),
            );
        }
        self.cues.extend(found);
        self.cues
            .sort_by_key(|hit| (hit.span.start(), std::cmp::Reverse(hit.span.end())));
    }

    fn drop_words_in_names(&mut self) {
        let names = &self.names;
        let in_name = |start: usize, end: usize| {
            let at = names.partition_point(|name| name.end <= start);
            names
                .get(at)
                .is_some_and(|name| name.start < end && !(start <= name.start && name.end < end))
        };
        self.cues
            .retain(|hit| !in_name(hit.span.start(), hit.span.end()));
        self.cues = without_halves(std::mem::take(&mut self.cues), &self.figures);
        self.triggers.retain(|hit| {
            let (start, end) = (hit.span.start(), hit.span.end());
            !in_name(start, end) || ends_scheme(names, start, end)
        });
    }

    /// Returns the sentence and the clause in which a byte stands.
    pub(crate) fn locate(&self, at: usize) -> Option<(usize, usize)> {
        let sentence = self
            .units
            .partition_point(|unit| unit.range.start <= at)
            .checked_sub(1)?;
        let unit = self.units.get(sentence)?;
        let clause = unit
            .clauses
            .partition_point(|clause| clause.range.start <= at)
            .saturating_sub(1);
        (at < unit.range.end).then_some((sentence, clause))
    }
}

/// How long a figure may be, with room to spare.
const FIGURE_BYTES_MAX: usize = 400;
/// How long a title is at most.
const TITLE_CHARS_MAX: usize = 6;
/// How long a sentence may be before it is read in pieces.
const UNIT_BYTES_MAX: usize = 1_200;
/// How many words back one is looked for that another straddles: those of one span come once a metric.
const STRADDLED_MAX: usize = 24;

/// Makes a share of a fraction that is written in words: two thirds are a percentage.
fn as_share(mut quantity: Quantity) -> Quantity {
    let Some(value) = quantity.interval().stated() else {
        return quantity;
    };
    let is_fraction = quantity.kind == Kind::Number
        && quantity.unit.id.is_empty()
        && Decimal::ZERO < value
        && value < Decimal::ONE
        && quantity.gloss_of.is_none();
    if let Ok(hundredfold) = value.scaled(2)
        && is_fraction
        && quantity
            .restate(Interval::point(hundredfold), quantity.written())
            .is_ok()
    {
        quantity.kind = Kind::Percent;
        quantity.unit = Measure::new("percent");
    }
    quantity
}

/// Drops words that are only a half of another one: 比 in 同比 sets no figure against another, May in `in May` is a month.
fn without_halves<'a>(mut cues: Vec<CueHit<'a>>, figures: &[Figure]) -> Vec<CueHit<'a>> {
    let growth: Vec<Span<Folded>> = cues
        .iter()
        .filter(|hit| matches!(hit.cue, Cue::GrowthBase(_)))
        .map(|hit| hit.span)
        .collect();
    let in_growth = |span: Span<Folded>| {
        let at = growth.partition_point(|other| other.end() < span.end());
        growth
            .get(at)
            .is_some_and(|other| other.start() < span.start() && other.contains(span))
    };
    let in_date = |span: Span<Folded>| {
        let at = figures.partition_point(|figure| figure.end < span.end());
        figures.get(at).is_some_and(|figure| {
            matches!(figure.quantity.kind, Kind::Date | Kind::DateRange)
                && figure.start <= span.start()
                && span.end() <= figure.end
        })
    };
    cues.retain(|hit| match hit.cue {
        Cue::Discourse(Role::Baseline) => !in_growth(hit.span),
        Cue::Status { .. } => !in_date(hit.span),
        _ => true,
    });
    cues
}

/// Drops words that begin inside another one and end behind it: 收在 in 营收在 only looks like a word.
fn without_straddlers(hits: Vec<MetricHit>) -> Vec<MetricHit> {
    let mut kept: Vec<MetricHit> = Vec::with_capacity(hits.len());
    for hit in hits {
        let (start, end) = (hit.span.start(), hit.span.end());
        let straddles = kept.iter().rev().take(STRADDLED_MAX).any(|before| {
            before.span.start() < start && start < before.span.end() && before.span.end() < end
        });
        if !straddles {
            kept.push(hit);
        }
    }
    kept
}

/// Tells whether a word is the last one of the name of a programme or a market: a fund is a fund also where it has a name.
fn ends_scheme(names: &[Name<'_>], start: usize, end: usize) -> bool {
    let at = names.partition_point(|name| name.end < end);
    names.get(at).is_some_and(|name| {
        name.end == end
            && name.start < start
            && matches!(name.entity.kind, EntityKind::Programme | EntityKind::Sector)
    })
}

/// Tells whether a name holds a word: a Latin one as a whole.
fn holds(name: &str, part: &str) -> bool {
    if part.is_ascii() {
        name.split(' ').any(|word| word == part)
    } else {
        name.contains(part)
    }
}

/// Counts how much room a text takes: two for a Han character, one for any other but white space.
pub(crate) fn width(text: &str) -> usize {
    text.chars()
        .map(|letter| match letter {
            letter if letter.is_whitespace() => 0,
            letter if u32::from(letter) >= 0x2e80 => 2,
            _ => 1,
        })
        .sum()
}

/// Returns the items that lie wholly inside a range; items are in order of start.
fn within<'s, T>(
    items: &'s [T],
    range: &Range<usize>,
    place: impl Fn(&T) -> (usize, usize),
) -> &'s [T] {
    let from = items.partition_point(|item| place(item).0 < range.start);
    let to = items.partition_point(|item| place(item).0 < range.end);
    let inside = items.get(from..to).unwrap_or_default();
    // The last ones may run over the end.
    let kept = inside
        .iter()
        .rposition(|item| place(item).1 <= range.end)
        .map_or(0, |last| last + 1);
    inside.get(..kept).unwrap_or_default()
}

/// Cuts a passage into sentences and these into clauses. An overlong sentence, a table without stops for one, is cut
/// between clauses, so that the cost of reading grows with the length of the text and nothing else.
fn units(passage: &Passage, cues: &[CueHit<'_>]) -> Vec<Unit> {
    let mut units = Vec::new();
    for sentence in &passage.sentences {
        let range = passage.map.to_folded(sentence.span).range();
        let whole = Unit {
            clauses: clauses(&passage.folded, &range, cues),
            original: sentence.span,
            range,
        };
        if whole.range.len() <= UNIT_BYTES_MAX {
            units.push(whole);
        } else {
            cut(passage, whole, &mut units);
        }
    }
    units
}

/// Cuts an overlong sentence into pieces of whole clauses, and an overlong clause between characters.
fn cut(passage: &Passage, whole: Unit, units: &mut Vec<Unit>) {
    let mut pieces: Vec<Clause> = Vec::new();
    for clause in whole.clauses {
        let mut start = clause.range.start;
        while clause.range.end - start > UNIT_BYTES_MAX {
            let mut end = start + UNIT_BYTES_MAX;
            while !passage.folded.is_char_boundary(end) {
                end -= 1;
            }
            pieces.push(Clause {
                range: start..end,
                restarts: clause.restarts,
            });
            start = end;
        }
        pieces.push(Clause {
            range: start..clause.range.end,
            restarts: clause.restarts,
        });
    }
    let mut unit: Option<Unit> = None;
    for clause in pieces {
        match &mut unit {
            Some(open) if clause.range.end - open.range.start <= UNIT_BYTES_MAX => {
                open.range.end = clause.range.end;
                open.clauses.push(clause);
            }
            _ => {
                units.extend(unit.take());
                unit = Some(Unit {
                    range: clause.range.clone(),
                    original: whole.original,
                    clauses: vec![clause],
                });
            }
        }
    }
    units.extend(unit);
    for unit in units
        .iter_mut()
        .filter(|unit| unit.original == whole.original)
    {
        let range = Span::new(unit.range.start, unit.range.end);
        unit.original = passage.map.to_original(range);
    }
}

/// Cuts at commas, semicolons, colons and dashes outside brackets, and before words that open a clause.
fn clauses(text: &str, range: &Range<usize>, cues: &[CueHit<'_>]) -> Vec<Clause> {
    let mut starts: Vec<(usize, bool)> = vec![(range.start, true)];
    let mut depth = 0_u32;
    let slice = text.get(range.clone()).unwrap_or_default();
    let mut letters = slice.char_indices().peekable();
    let mut before = ' ';
    while let Some((at, letter)) = letters.next() {
        let next = letters.peek().map(|&(_, next)| next);
        match letter {
            '(' | '[' | '「' | '『' | '“' | '《' => depth += 1,
            ')' | ']' | '」' | '』' | '”' | '》' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let end = range.start + at + letter.len_utf8();
        let bracketed = depth > 0 && letter != '(';
        match letter {
            ';' | '；' if !bracketed => starts.push((end, true)),
            // Not the comma inside of 1,650.
            ',' | '，' | '﹐' if !(bracketed || before.is_ascii_digit() && is_digit(next)) => {
                starts.push((end, false));
            }
            ':' | '：' if !bracketed && !before.is_ascii_digit() => starts.push((end, false)),
            '—' | '–' if !bracketed && !is_digit(next) => {
                starts.push((end, false));
            }
            _ => {}
        }
        before = letter;
    }
    let words = within(cues, range, |hit| (hit.span.start(), hit.span.end()));
    starts.extend(
        words
            .iter()
            .filter(|hit| *hit.cue == Cue::Discourse(Role::Break))
            .filter(|hit| {
                // The word after opens a clause, the word after-hours none.
                !words
                    .iter()
                    .any(|other| other.span != hit.span && other.span.contains(hit.span))
            })
            .map(|hit| (hit.span.start(), false)),
    );
    starts.sort_unstable();
    starts.dedup_by_key(|start| start.0);
    let ends = starts
        .iter()
        .skip(1)
        .map(|start| start.0)
        .chain([range.end]);
    starts
        .iter()
        .zip(ends)
        .map(|(&(start, restarts), end)| Clause {
            range: start..end,
            restarts,
        })
        .collect()
}

fn is_digit(letter: Option<char>) -> bool {
    letter.is_some_and(|letter| letter.is_ascii_digit())
}
