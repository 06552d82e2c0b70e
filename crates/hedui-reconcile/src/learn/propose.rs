//! From words that meet to rows that the lexicon lacks.

use std::collections::{BTreeMap, BTreeSet};

use hedui_model::{Appearance, ClaimId};
use hedui_text::lexicon::Cue;
use hedui_text::{Folder, Lexicon};

use super::events::Event;
use super::words::{Meetings, common, log_likelihood, of_sentence};
use super::{Demands, Suggestion};

/// How many pairs are shown.
const EVIDENCE: usize = 3;
/// Two words that mean one thing leave each other out in at most so many hundredths of the pairs.
const SHARED_PER_CENT: usize = 40;

/// A row of the lexicon.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Proposal {
    /// Another name of an entity that the lexicon knows.
    EntityName {
        /// Its canonical name.
        entity: String,
        /// The name as texts write it.
        form: String,
    },
    /// Another wording of a metric.
    MetricWord {
        /// The metric's id.
        metric: String,
        /// The word.
        form: String,
    },
    /// Another wording of a part of a whole.
    ScopeWord {
        /// The part's id.
        scope: String,
        /// The word.
        form: String,
    },
    /// Two words of one meaning; `id` is that of a concept that is known, or the English word.
    Concept {
        /// The id.
        id: String,
        /// The English word.
        en: String,
        /// The Chinese word.
        zh: String,
    },
}

impl Proposal {
    /// Returns the row as the text of a lexicon file.
    #[must_use]
    pub fn row(&self) -> String {
        let text = |text: &str| toml_string(text);
        match self {
            Proposal::EntityName { entity, form } => format!(
                "[[entity_names]]\nname = {}\nforms = [{}]\n",
                text(entity),
                text(form)
            ),
            Proposal::MetricWord { metric, form } => format!(
                "[[metric_words]]\nid = {}\n{} = [{}]\n",
                text(metric),
                language(form),
                text(form)
            ),
            Proposal::ScopeWord { scope, form } => format!(
                "[[scope]]\nid = {}\n{} = [{}]\n",
                text(scope),
                language(form),
                text(form)
            ),
            Proposal::Concept { id, en, zh } => format!(
                "[[concept]]\nid = {}\nen = [{}]\nzh = [{}]\n",
                text(id),
                text(en),
                text(zh)
            ),
        }
    }
}

fn language(form: &str) -> &'static str {
    if form.is_ascii() { "en" } else { "zh" }
}

/// Writes a basic string of TOML.
fn toml_string(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            letter if letter.is_control() => {
                out.push_str(&format!("\\u{:04X}", u32::from(letter)));
            }
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}

/// Proposes names: one that the lexicon does not know, where the other side has an entity that this side lacks.
pub(super) fn names(lexicon: &Lexicon, events: &[Event<'_>], demands: Demands) -> Vec<Suggestion> {
    let mut unknown: BTreeMap<String, usize> = BTreeMap::new();
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    let mut both: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
    for (place, event) in events.iter().enumerate() {
        let (mut forms, mut entities, mut met) =
            (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for (own, other) in [(&event.zh, &event.other), (&event.other, &event.zh)] {
            for (form, entity) in crossings(own, other) {
                forms.insert(form.clone());
                entities.insert(entity.clone());
                met.insert((form, entity));
            }
        }
        for pair in met {
            both.entry(pair).or_default().push(place);
        }
        for form in forms {
            *unknown.entry(form).or_default() += 1;
        }
        for entity in entities {
            *known.entry(entity).or_default() += 1;
        }
    }
    let mut found = Vec::new();
    for ((form, entity), places) in both {
        let (of_form, of_entity) = (
            unknown.get(&form).copied().unwrap_or(0),
            known.get(&entity).copied().unwrap_or(0),
        );
        let ratio = log_likelihood(places.len(), of_form, of_entity, events.len());
        let is_steady = places.len() * 2 > of_form;
        if places.len() < demands.events_min.min(2) || ratio < demands.ratio_min || !is_steady {
            continue;
        }
        if lexicon.entities.named(&form).is_some() || articles(events, &places) < 2 {
            continue;
        }
        found.push(Suggestion {
            proposal: Proposal::EntityName { entity, form },
            events: places.len(),
            ratio,
            evidence: evidence(events, &places),
        });
    }
    found
}

/// Proposes wordings of metrics, scopes and concepts.
pub(super) fn words(
    lexicon: &Lexicon,
    segment: &dyn Fn(&str) -> Vec<String>,
    events: &[Event<'_>],
    demands: Demands,
) -> Vec<Suggestion> {
    let mut meetings = Meetings::default();
    let is_empty = |word: &str| {
        let is_function = || {
            let cues = lexicon.cues.find(word);
            cues.iter()
                .any(|hit| *hit.cue == Cue::Function && hit.span.len() == word.len())
        };
        !lexicon.entities.find(word).is_empty()
            || lexicon.quantities.is_figure_word(word)
            || is_function()
    };
    let words_of = |claims: &[&Appearance]| -> BTreeSet<String> {
        let sentences: Vec<BTreeSet<String>> = claims
            .iter()
            .map(|claim| of_sentence(segment, &is_empty, &claim.claim.sentence_text))
            .collect();
        common(&sentences)
    };
    for (place, event) in events.iter().enumerate() {
        meetings.enter(place, &words_of(&event.zh), &words_of(&event.other));
    }
    let mut best: BTreeMap<&str, f64> = BTreeMap::new();
    let mut met: Vec<(&str, &str, &Vec<usize>, f64)> = Vec::new();
    for ((zh, other), places) in &meetings.both {
        if places.len() < demands.events_min {
            continue;
        }
        let ratio = meetings.ratio(zh, other, places.len());
        let of_either = [meetings.left.get(zh), meetings.right.get(other)];
        let most = of_either.into_iter().flatten().max().copied().unwrap_or(0);
        if ratio < demands.ratio_min || places.len() * 100 < most * SHARED_PER_CENT {
            continue;
        }
        for word in [zh, other] {
            let own = best.entry(word).or_default();
            *own = own.max(ratio);
        }
        met.push((zh, other, places, ratio));
    }
    let is_best = |word: &str, ratio: f64| best.get(word).is_none_or(|best| ratio >= *best);
    let mut found = Vec::new();
    for (zh, other, places, ratio) in met {
        if !is_best(zh, ratio)
            || !is_best(other, ratio)
            || articles(events, places) < demands.events_min
        {
            continue;
        }
        if let Some(proposal) = proposal_of(lexicon, zh, other) {
            found.push(Suggestion {
                proposal,
                events: places.len(),
                ratio,
                evidence: evidence(events, places),
            });
        }
    }
    found
}

/// What two words of one meaning would be as a row; nothing where the lexicon has both already.
fn proposal_of(lexicon: &Lexicon, zh: &str, en: &str) -> Option<Proposal> {
    let (of_zh, of_en) = (Known::of(lexicon, zh), Known::of(lexicon, en));
    let one = |a: &Option<String>, b: &Option<String>| match (a, b) {
        (Some(id), None) => Some((id.clone(), en.to_owned())),
        (None, Some(id)) => Some((id.clone(), zh.to_owned())),
        _ => None,
    };
    // A longer wording of the same metric is found by the shorter one in it.
    let holds_metric = |form: &str, id: &str| {
        let folded = Folder::builtin().fold(form).text;
        let hits = lexicon.metrics.find(&folded);
        hits.iter()
            .filter_map(|hit| lexicon.metrics.get(hit.metric))
            .any(|row| row.id == id)
    };
    if let Some((metric, form)) = one(&of_zh.metric, &of_en.metric) {
        if holds_metric(&form, &metric) {
            return None;
        }
        return Some(Proposal::MetricWord { metric, form });
    }
    if let Some((scope, form)) = one(&of_zh.scope, &of_en.scope) {
        return Some(Proposal::ScopeWord { scope, form });
    }
    if of_zh.is_known() && of_en.is_known() {
        return None;
    }
    let id = of_zh
        .concept
        .or(of_en.concept)
        .unwrap_or_else(|| en.replace([' ', '-'], "_"));
    Some(Proposal::Concept {
        id,
        en: en.to_owned(),
        zh: zh.to_owned(),
    })
}

/// What the lexicon knows of a word as a whole.
struct Known {
    metric: Option<String>,
    scope: Option<String>,
    concept: Option<String>,
    is_cue: bool,
}

impl Known {
    fn of(lexicon: &Lexicon, word: &str) -> Known {
        let folded = Folder::builtin().fold(word).text;
        let is_whole = |start: usize, end: usize| start == 0 && end == folded.len();
        let metric = lexicon
            .metrics
            .find(&folded)
            .iter()
            .filter(|hit| is_whole(hit.span.start(), hit.span.end()))
            .find_map(|hit| Some(lexicon.metrics.get(hit.metric)?.id.clone()));
        let cues = lexicon.cues.find(&folded);
        let whole = || {
            cues.iter()
                .filter(|hit| is_whole(hit.span.start(), hit.span.end()))
        };
        let scope = whole().find_map(|hit| match hit.cue {
            Cue::Scope(id) => Some(id.clone()),
            _ => None,
        });
        let concept = lexicon
            .concepts
            .find(&folded)
            .iter()
            .filter(|hit| is_whole(hit.span.start(), hit.span.end()))
            .find_map(|hit| lexicon.concepts.id(hit.value).map(str::to_owned));
        Known {
            metric,
            scope,
            concept,
            is_cue: whole().next().is_some(),
        }
    }

    fn is_known(&self) -> bool {
        self.metric.is_some() || self.scope.is_some() || self.concept.is_some() || self.is_cue
    }
}

/// Returns names that one side has and the lexicon does not know, with entities that only the other side names.
fn crossings(own: &[&Appearance], other: &[&Appearance]) -> BTreeSet<(String, String)> {
    let names = |claims: &[&Appearance], known: bool| -> BTreeSet<String> {
        claims
            .iter()
            .flat_map(|claim| &claim.claim.entities)
            .filter(|entity| entity.known == known)
            .map(|entity| entity.name.clone())
            .collect()
    };
    let (strange, here, there) = (names(own, false), names(own, true), names(other, true));
    strange
        .iter()
        .flat_map(|form| {
            there
                .difference(&here)
                .map(|entity| (form.clone(), entity.clone()))
        })
        .collect()
}

/// Counts the articles on the side that has fewer: what one article says of three figures is no usage.
fn articles(events: &[Event<'_>], places: &[usize]) -> usize {
    let of = |side: for<'a> fn(&'a Event<'a>) -> &'a [&'a Appearance]| {
        places
            .iter()
            .filter_map(|place| events.get(*place))
            .flat_map(side)
            .map(|claim| claim.claim.article.as_str())
            .collect::<BTreeSet<&str>>()
            .len()
    };
    of(|event| &event.zh).min(of(|event| &event.other))
}

fn evidence(events: &[Event<'_>], places: &[usize]) -> Vec<(ClaimId, ClaimId)> {
    places
        .iter()
        .filter_map(|place| events.get(*place))
        .filter_map(|event| event.zh.first().zip(event.other.first()))
        .take(EVIDENCE)
        .map(|(zh, other)| (zh.claim.id.clone(), other.claim.id.clone()))
        .collect()
}
