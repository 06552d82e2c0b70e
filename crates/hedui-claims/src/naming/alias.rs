//! Other names that a text gives in brackets: 台積電(TSMC, 2330), the Chips and Science Act (CHIPS Act), 以下简称….
//!
//! A stock code, a sum or a date in brackets is no name: whatever holds a digit or overlaps a figure is left alone.

use hedui_model::{Span, WordClass};
use hedui_text::Lexicon;
use hedui_text::lexicon::{Cue, EntityKind, EntityRow, Role};

use super::{Candidate, Named, Strangers, is_concept, is_grammar};
use crate::scene::Scene;

/// How long what stands in brackets may be, in bytes.
const BRACKET_MAX: usize = 90;
/// How long a name in brackets may be, in characters.
const NAME_CHARS: std::ops::RangeInclusive<usize> = 2..=40;
/// How long a name in Han may be.
const HAN_MAX: usize = 12;

/// Learns the names in the brackets of a text.
pub(super) fn learn<'a>(lexicon: &'a Lexicon, scene: &Scene<'a>, strangers: &mut Strangers<'a>) {
    for (open, _) in scene.text.match_indices('(') {
        let Some(inner) = inner(scene, open) else {
            continue;
        };
        let parts = parts(lexicon, scene, inner.clone());
        if parts.is_empty() {
            continue;
        }
        let Some(who) = bearer(lexicon, scene, open, &parts, strangers) else {
            continue;
        };
        for (start, end) in parts {
            let span = Span::new(start, end);
            let original = scene.passage.map.to_original(span);
            let name = original.of(&scene.passage.text).unwrap_or_default();
            strangers.call(who, scene.between(start, end), name);
        }
    }
}

/// Returns what stands between a bracket and the one that closes it.
fn inner(scene: &Scene<'_>, open: usize) -> Option<std::ops::Range<usize>> {
    let rest = scene.text.get(open + 1..)?;
    let close = rest.find([')', '(', '\n'])?;
    let closed = rest.get(close..)?.starts_with(')');
    (closed && close > 0 && close <= BRACKET_MAX).then_some(open + 1..open + 1 + close)
}

/// Returns the parts of a bracket that are names by their looks.
fn parts(
    lexicon: &Lexicon,
    scene: &Scene<'_>,
    inner: std::ops::Range<usize>,
) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut start = inner.start;
    for piece in scene
        .between(inner.start, inner.end)
        .split_inclusive([',', '，', ';', '；', '/', '、'])
    {
        let end = start + piece.len();
        found.extend(name_in(lexicon, scene, start, end));
        start = end;
    }
    found
}

/// Returns the name that a part of a bracket is, without quotation marks and words such as 以下简称.
fn name_in(lexicon: &Lexicon, scene: &Scene<'_>, from: usize, to: usize) -> Option<(usize, usize)> {
    const MARKS: [char; 16] = [
        ' ', ',', '，', ';', '；', '/', '、', '"', '“', '”', '「', '」', '『', '』', '《', '》',
    ];
    let trim = |start: usize| {
        let text = scene.between(start, to);
        let inner = text.trim_start_matches(MARKS);
        start + (text.len() - inner.len())
    };
    let mut start = trim(from);
    if let Some(hit) = scene
        .cues_starting(start)
        .find(|hit| *hit.cue == Cue::Discourse(Role::Alias))
    {
        start = trim(hit.span.end());
    }
    let end = start + scene.between(start, to).trim_end_matches(MARKS).len();
    let name = scene.between(start, end);
    let digits = name.bytes().any(|byte| byte.is_ascii_digit());
    let figure = scene
        .figures
        .get(scene.figures.partition_point(|figure| figure.end <= start))
        .is_some_and(|figure| figure.start < end);
    let common = is_grammar(scene, start, end) || is_concept(lexicon, name);
    let looks = !name.contains([':', '：', '.', '。', '%', '?', '!'])
        && NAME_CHARS.contains(&name.chars().count());
    let is_name = looks && !digits && !figure && !common && is_proper(scene, start, end);
    is_name.then_some((start, end))
}

/// Tells whether all words begin with a capital, or are Han and no sentence.
fn is_proper(scene: &Scene<'_>, start: usize, end: usize) -> bool {
    let name = scene.between(start, end);
    if name.is_ascii() {
        return name
            .split(' ')
            .all(|word| word.starts_with(|letter: char| letter.is_ascii_uppercase()));
    }
    let han = name.chars().count() <= HAN_MAX;
    let verbs = scene
        .tokens_in(&(start..end))
        .iter()
        .any(|token| matches!(token.class, WordClass::Verb | WordClass::Grammar));
    let known = scene.name_at(start).is_some();
    han && (known || !verbs)
}

/// Returns whom the bracket names: the name before it, known or not, or else one in the bracket, whose name then stands
/// before it too.
fn bearer<'a>(
    lexicon: &'a Lexicon,
    scene: &Scene<'a>,
    open: usize,
    parts: &[(usize, usize)],
    strangers: &mut Strangers<'a>,
) -> Option<Named> {
    let end = scene
        .between(0, open)
        .trim_end_matches([' ', '"', '”', '」', '』', '》'])
        .len();
    let inside = parts
        .iter()
        .find_map(|&(start, end)| row_at(scene, start, end));
    if inside.is_some_and(|row| !is_nameable(row)) {
        return None;
    }
    if let Some(row) = scene.name_ending(end).filter(|row| is_nameable(row)) {
        // Two that are both known are two.
        return inside.is_none().then(|| strangers.learn_known(row));
    }
    let before = strangers
        .forms
        .iter()
        .filter(|(form, _)| scene.between(0, end).ends_with(form.as_str()))
        .max_by_key(|(form, _)| form.len())
        .map(|(form, who)| (form.clone(), *who));
    match (before, inside) {
        (Some((form, _)), Some(row)) => {
            let known = strangers.learn_known(row);
            strangers.forms.insert(form, known);
            None
        }
        (Some((_, who)), None) => Some(who),
        (None, inside) => {
            let start = name_before(lexicon, scene, end)?;
            let form = scene.between(start, end).to_owned();
            match inside {
                Some(row) => {
                    let known = strangers.learn_known(row);
                    strangers.call(known, &form, &form);
                    None
                }
                None => {
                    strangers.enter(
                        scene,
                        &Candidate {
                            start,
                            end,
                            kind: EntityKind::Company,
                            certain: true,
                        },
                    );
                    strangers.forms.get(&form).copied()
                }
            }
        }
    }
}

fn row_at<'a>(scene: &Scene<'a>, start: usize, end: usize) -> Option<&'a EntityRow> {
    let at = scene.names.partition_point(|name| name.start < start);
    scene
        .names
        .get(at)
        .filter(|name| name.start == start && name.end == end)
        .map(|name| name.entity)
}

/// Tells whether a name of this kind is told by another one in brackets; behind a place stands what else is there.
fn is_nameable(row: &EntityRow) -> bool {
    !matches!(
        row.kind,
        EntityKind::Place | EntityKind::Sector | EntityKind::Observer
    )
}

/// Returns where the Han words begin that end at a place and are names, or none of the dictionary's words.
fn name_before(lexicon: &Lexicon, scene: &Scene<'_>, end: usize) -> Option<usize> {
    let tokens = &scene.passage.tokens;
    let mut index = tokens.partition_point(|token| token.span.end() <= end);
    let mut at = end;
    let mut named = false;
    while let Some(token) = index.checked_sub(1).and_then(|before| tokens.get(before)) {
        let (start, stop) = (token.span.start(), token.span.end());
        let word = scene.between(start, stop);
        let common = matches!(
            token.class,
            WordClass::Verb | WordClass::Grammar | WordClass::Foreign
        ) || is_grammar(scene, start, stop)
            || is_concept(lexicon, word);
        let length = scene.between(start, end).chars().count();
        if stop != at || common || length > HAN_MAX {
            break;
        }
        named |= matches!(token.class, WordClass::Name | WordClass::Strange);
        at = start;
        index -= 1;
    }
    (named && scene.between(at, end).chars().count() >= 2).then_some(at)
}
