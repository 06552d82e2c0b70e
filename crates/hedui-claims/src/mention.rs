//! What a name does in its clause: who acts, who has, who speaks, who only stands beside.
//!
//! There is no parser. What a name does is told by the words that touch it (a
//! genitive, a preposition, a word of speech, a title) and by what stands before it
//! in the clause. What always holds: mentions are in order of start, and each
//! stands in one clause.

use std::ops::Range;

use hedui_model::{Token, WordClass};
use hedui_text::Lexicon;
use hedui_text::lexicon::{Cue, CueHit, EntityKind, EntityRow, ReferenceKind, Role, SpeakerSide};

use crate::scene::{Scene, width};

/// Who is mentioned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who<'a> {
    /// One who has a name.
    Row(&'a EntityRow),
    /// One named before, by a word that stands for such a name.
    Before(ReferenceKind),
    /// One named before, by what it makes.
    Trade(&'a str),
    /// Firms without names, by what they are called outside, and the country they are of.
    Group(&'a str, Option<&'a EntityRow>),
}

/// What one who is mentioned does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Acts: the subject of the clause.
    Subject,
    /// Has what follows.
    Holder,
    /// Acts, though not the subject: by whom.
    Agent,
    /// Is acted upon, or stands where nothing tells.
    Object,
    /// Says what is told, or is spoken for.
    Speaks,
    /// Tells of what kind the subject of the clause is: Korean in `Korean cars cost`.
    Topic,
    /// Tells only of what kind another word is.
    Modifier,
    /// Is what the figure is compared with.
    Compared,
    /// Stands behind a preposition.
    Beside,
}

/// One who is mentioned, and where.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mention<'a> {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) sentence: usize,
    pub(crate) clause: usize,
    pub(crate) who: Who<'a>,
    pub(crate) part: Part,
    /// Whether it is the first of its clause to act, with no verb before.
    pub(crate) first: bool,
    /// Whether a verb goes before it in the clause.
    pub(crate) governed: bool,
    /// Whether a word of deed or speech follows at once.
    pub(crate) acts: bool,
    /// Whether it is an office or an officer of it that is told of: France's regulator, the Commerce Secretary.
    pub(crate) office: bool,
}

impl<'a> Mention<'a> {
    /// Returns the row of a name.
    pub(crate) fn row(&self) -> Option<&'a EntityRow> {
        match self.who {
            Who::Row(row) => Some(row),
            _ => None,
        }
    }

    fn is_place(&self) -> bool {
        self.row().is_some_and(|row| row.kind == EntityKind::Place)
    }
}

/// How far behind a speaker the word of speech may stand: `said`, `, too, said`.
const SPEECH: usize = 3;
/// How far before its noun a determiner may stand: `the Dutch`, `Japan's second-largest`.
const DETERMINER: usize = 24;

/// How close behind goods a word of a metric stands.
const MEASURED: usize = 2;
/// How much room the place before a report takes: `SEOUL, South Korea —`.
const DATELINE: usize = 32;
/// How far before the name of a firm its country may stand.
const APPOSITION: usize = 32;

/// Returns who is mentioned in a passage.
pub(crate) fn mentions<'a>(lexicon: &'a Lexicon, scene: &Scene<'a>) -> Vec<Mention<'a>> {
    let mut found = Vec::new();
    for (start, end, who) in raw(lexicon, scene) {
        let Some((sentence, clause)) = scene.locate(start) else {
            continue;
        };
        let mut mention = Mention {
            start,
            end,
            sentence,
            clause,
            who,
            part: Part::Object,
            first: false,
            governed: false,
            acts: scene
                .cues_starting(end)
                .any(|hit| matches!(hit.cue, Cue::Deed | Cue::Speech(_))),
            office: false,
        };
        let (taken, governed) = before(scene, &mention, &found);
        mention.first = !taken && !governed;
        mention.governed = governed;
        mention.office = office_behind(scene, &mention).is_some();
        mention.part = part_of(lexicon, scene, &mention);
        found.push(mention);
    }
    join(scene, &mut found);
    close_with_speech(scene, &mut found);
    found
}

/// Returns names and words that stand for names, in order; a group takes the name of its country in.
fn raw<'a>(lexicon: &'a Lexicon, scene: &Scene<'a>) -> Vec<(usize, usize, Who<'a>)> {
    let mut found: Vec<(usize, usize, Who<'a>)> = scene
        .names
        .iter()
        .filter(|name| {
            name.entity.kind != EntityKind::Sector || is_sector(lexicon, scene, name.end)
        })
        .map(|name| (name.start, name.end, Who::Row(name.entity)))
        .collect();
    for hit in &scene.cues {
        let who = match hit.cue {
            Cue::Reference(kind) if refers(scene, hit) => Some(Who::Before(*kind)),
            Cue::Trade { id, many } => trade(lexicon, scene, hit, id, *many),
            Cue::Group(id) => group(scene, hit, id),
            Cue::Goods(market) if is_of_market(scene, hit) => {
                lexicon.entities.named(market).map(Who::Row)
            }
            _ => None,
        };
        let start = match who {
            // Korean companies are one mention, and not Korea's.
            Some(Who::Group(_, Some(_))) => country_start(scene, hit.span.start()),
            _ => hit.span.start(),
        };
        found.extend(who.map(|who| (start, hit.span.end(), who)));
    }
    found.sort_by_key(|(start, end, _)| (*start, std::cmp::Reverse(*end)));
    let mut end = 0;
    found.retain(|(start, to, _)| {
        let free = *start >= end;
        if free {
            end = *to;
        }
        free
    });
    found
}

/// Tells whether goods stand for their market: a word of a metric is with them, and the figure is the whole market's or a
/// house's that counts markets.
fn is_of_market(scene: &Scene<'_>, hit: &CueHit<'_>) -> bool {
    let (start, end) = (hit.span.start(), hit.span.end());
    let Some(unit) = scene
        .locate(start)
        .and_then(|(sentence, _)| scene.units.get(sentence))
    else {
        return false;
    };
    let from = scene
        .triggers
        .partition_point(|trigger| trigger.span.start() < start);
    let measured = scene
        .triggers
        .iter()
        .skip(from)
        .take_while(|trigger| {
            trigger.span.start() < end
                || width(scene.between(end, trigger.span.start())) <= MEASURED
        })
        .any(|trigger| !trigger.weak && trigger.span.end() > end);
    let world = || {
        scene
            .cues_in(&unit.range)
            .iter()
            .any(|hit| *hit.cue == Cue::Discourse(Role::World))
    };
    let house = || {
        scene
            .names_in(&unit.range)
            .iter()
            .any(|name| name.entity.kind == EntityKind::Observer)
    };
    measured && (world() || house())
}

/// Tells whether the name of a sector ends with its last word, and no line of business follows: 半导体业务 is no industry.
fn is_sector(lexicon: &Lexicon, scene: &Scene<'_>, end: usize) -> bool {
    let section = |start: usize| {
        scene
            .roles_starting(start)
            .any(|role| role == Role::Section)
    };
    // The word that the name's end cuts in two, if it does.
    let cut = scene.token_over(end).map(|token| token.span.range());
    let line = cut.is_some_and(|cut| {
        let word = scene.between(cut.start, cut.end);
        let hits = lexicon.cues.find(word);
        hits.iter()
            .any(|hit| *hit.cue == Cue::Discourse(Role::Section) && hit.span.start() == 0)
    });
    !line && !section(end)
}

/// Tells whether a word stands for a name: as a whole word, not as the last part of a longer noun, and not before the name.
fn refers(scene: &Scene<'_>, hit: &CueHit<'_>) -> bool {
    let (start, end) = (hit.span.start(), hit.span.end());
    if scene.between(start, end).is_ascii() {
        return true;
    }
    scene.is_word(start, end)
        && !ends_noun(scene, start)
        && scene.name_at(end).is_none()
        && !is_counted(scene, start, end)
}

/// Tells whether a noun or a name in Chinese touches a place from the left, so that what follows is part of it.
fn ends_noun(scene: &Scene<'_>, start: usize) -> bool {
    scene.token_ending(start).is_some_and(|token| {
        matches!(
            token.class,
            WordClass::Noun | WordClass::Name | WordClass::Strange | WordClass::Verb
        ) && !scene.roles_ending(start).any(is_tie)
            && !scene
                .cues_ending(start)
                .any(|hit| matches!(hit.cue, Cue::Speech(_) | Cue::Status { .. }))
    })
}

/// Tells whether a role ties a name to what it does.
fn is_tie(role: Role) -> bool {
    matches!(
        role,
        Role::Holder | Role::Beside | Role::Agent | Role::Compared | Role::Joins | Role::Determiner
    )
}

/// Returns whom a word of a trade stands for: the firm named before, or many; nobody where the firm's name follows.
fn trade<'a>(
    lexicon: &'a Lexicon,
    scene: &Scene<'a>,
    hit: &CueHit<'_>,
    id: &str,
    many: bool,
) -> Option<Who<'a>> {
    let row = lexicon.cues.trade(id)?;
    let (start, end) = (hit.span.start(), hit.span.end());
    if scene.name_at(end).is_some() {
        return None;
    }
    if !many && is_determined(scene, start) {
        return Some(Who::Trade(&row.id));
    }
    if row.many.is_empty() {
        // A word for firms of any trade, or for houses that only say, names none alone.
        return None;
    }
    let ascii = scene.between(start, end).is_ascii();
    if ascii && !many || is_counted(scene, start, end) {
        return None;
    }
    let id = row.many.first().map_or(row.id.as_str(), String::as_str);
    let country = country_before(scene, start).or_else(|| country_behind(scene, end));
    Some(Who::Group(id, country))
}

fn group<'a>(scene: &Scene<'a>, hit: &CueHit<'a>, id: &'a str) -> Option<Who<'a>> {
    let (start, end) = (hit.span.start(), hit.span.end());
    if scene.name_at(end).is_some() || is_determined(scene, start) || is_counted(scene, start, end)
    {
        return None;
    }
    let country = country_before(scene, start).or_else(|| country_behind(scene, end));
    let ascii = scene.between(start, end).is_ascii();
    // Partners and suppliers are somebody's: 合作厂商.
    let alone = ascii || scene.is_word(start, end) && !ends_noun(scene, start);
    (country.is_some() || alone).then_some(Who::Group(id, country))
}

/// Tells whether a noun is what a figure counts, so that it owns none.
fn is_counted(scene: &Scene<'_>, start: usize, end: usize) -> bool {
    let at = scene.figures.partition_point(|figure| figure.end < start);
    scene.figures.get(at).is_some_and(|figure| {
        figure.start < end && scene.between(figure.end, start).trim().is_empty()
    })
}

/// Returns the country whose name touches a place from the left.
fn country_before<'a>(scene: &Scene<'a>, start: usize) -> Option<&'a EntityRow> {
    // How many there are may stand between: 韩国四大财团.
    let start = scene
        .cues_ending(start)
        .find(|hit| *hit.cue == Cue::Discourse(Role::Enumeration))
        .map_or(start, |hit| hit.span.start());
    scene
        .name_ending(start)
        .filter(|row| row.kind == EntityKind::Place)
}

fn country_start(scene: &Scene<'_>, start: usize) -> usize {
    let before = scene
        .cues_ending(start)
        .find(|hit| *hit.cue == Cue::Discourse(Role::Enumeration))
        .map_or(start, |hit| hit.span.start());
    let from = scene.name_start(before);
    if from < before { from } else { start }
}

/// Returns the country that a preposition behind a group names: companies from Taiwan.
fn country_behind<'a>(scene: &Scene<'a>, end: usize) -> Option<&'a EntityRow> {
    let hit = scene
        .cues_starting(end)
        .find(|hit| *hit.cue == Cue::Discourse(Role::Beside))?;
    scene
        .name_at(hit.span.end())
        .filter(|row| row.kind == EntityKind::Place)
}

/// Tells whether the words before a noun say that it has been named before.
fn is_determined(scene: &Scene<'_>, start: usize) -> bool {
    let from = scene.cues.partition_point(|hit| hit.span.start() < start);
    scene
        .cues
        .get(..from)
        .unwrap_or_default()
        .iter()
        .rev()
        .take(LOOK_BACK)
        .filter(|hit| hit.span.end() <= start)
        .filter(|hit| matches!(hit.cue, Cue::Discourse(Role::Determiner | Role::Holder)))
        .any(|hit| {
            let gap = scene.between(hit.span.end(), start);
            let plain = !gap.contains([',', '.', ';', ':', '，', '。', '、', '(', ')']);
            if gap.is_ascii() {
                plain && gap.len() <= DETERMINER
            } else {
                false
            }
        })
        || scene
            // 这家韩国公司: its country may stand between.
            .roles_ending(scene.name_start(start))
            .any(|role| role == Role::Determiner)
}

/// A firm whose trade the text tells.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Trader<'a> {
    pub(crate) row: &'a EntityRow,
    pub(crate) trade: &'a str,
}

/// Returns the firms whose names follow a word of a trade (`chipmaker Nexperia`) or stand before it (`Nexperia, a Dutch
/// chipmaker`).
pub(crate) fn traders<'a>(scene: &Scene<'a>) -> Vec<Trader<'a>> {
    let mut found = Vec::new();
    for hit in &scene.cues {
        let Cue::Trade { id, many: false } = hit.cue else {
            continue;
        };
        let (start, end) = (hit.span.start(), hit.span.end());
        let at = scene.names.partition_point(|name| name.end <= start);
        let before = at
            .checked_sub(1)
            .and_then(|last| scene.names.get(last))
            .filter(|name| {
                let gap = scene.between(name.end, start);
                gap.starts_with(", ") && gap.len() <= DETERMINER && !gap.contains(['.', ';'])
            })
            .map(|name| name.entity);
        let row = scene.name_at(end).or(before);
        found.extend(
            row.filter(|row| row.kind == EntityKind::Company)
                .map(|row| Trader { row, trade: id }),
        );
    }
    found
}

/// How many words back one that touches is looked for.
const LOOK_BACK: usize = 24;

fn part_of(lexicon: &Lexicon, scene: &Scene<'_>, mention: &Mention<'_>) -> Part {
    let touching = scene
        .roles_ending(scene.before_determiner(mention.start))
        .find(|role| matches!(role, Role::Beside | Role::Agent | Role::Compared))
        .or_else(|| preposition_in(lexicon, scene, mention));
    let behind = scene.after_bracket(mention.end);
    let holds = scene
        .roles_starting(behind)
        .any(|role| role == Role::Holder);
    if is_spoken_for(scene, mention) {
        return Part::Speaks;
    }
    if mention.is_place() {
        if touching == Some(Role::Beside) {
            return Part::Beside;
        }
        if is_told_by(scene, mention, holds)
            || is_dateline(scene, mention)
            || is_of_firm(scene, mention)
        {
            return Part::Modifier;
        }
        if let Some(end) = office_behind(scene, mention).filter(|_| touching.is_none()) {
            let end = scene.name_end(end).unwrap_or(end);
            return match says(scene, end, false) {
                true => Part::Speaks,
                false if mention.first => Part::Subject,
                false => Part::Modifier,
            };
        }
    }
    match touching {
        Some(Role::Compared) => return Part::Compared,
        Some(Role::Agent) if !holds => return Part::Agent,
        _ => {}
    }
    if holds && leads_on(scene, mention) {
        return Part::Modifier;
    }
    let possessive =
        mention.who == Who::Before(ReferenceKind::Actor) && has_noun(scene, mention.end);
    if holds || possessive {
        return Part::Holder;
    }
    if mention.is_place() && is_adjective(lexicon, scene, mention) {
        return if mention.first {
            Part::Topic
        } else {
            Part::Modifier
        };
    }
    if touching.is_some() {
        // In `after Nvidia announced` the word before is a conjunction.
        return if acts_behind(scene, mention.end) {
            Part::Subject
        } else {
            Part::Beside
        };
    }
    let told = scene
        .roles_ending(mention.start)
        .any(|role| role == Role::Causes);
    if told || mention.governed && does(scene, mention.end) || will(scene, behind) {
        return Part::Subject;
    }
    if mention.first {
        return Part::Subject;
    }
    Part::Object
}

/// Returns the preposition that the form of a name begins with: 在美.
fn preposition_in(lexicon: &Lexicon, scene: &Scene<'_>, mention: &Mention<'_>) -> Option<Role> {
    let form = scene.between(mention.start, mention.end);
    mention.row().filter(|row| row.kind == EntityKind::Place)?;
    let hits = lexicon.cues.find(form);
    hits.iter()
        .any(|hit| {
            *hit.cue == Cue::Discourse(Role::Beside)
                && hit.span.start() == 0
                && hit.span.end() < form.len()
                && !form.is_ascii()
        })
        .then_some(Role::Beside)
}

/// Tells whether a country only tells more of another: China's SMIC, Japan's largest carmaker, its American plants.
fn is_told_by(scene: &Scene<'_>, mention: &Mention<'_>, holds: bool) -> bool {
    let genitive = scene
        .cues_starting(mention.end)
        .find(|hit| *hit.cue == Cue::Discourse(Role::Holder))
        .map(|hit| hit.span.end());
    let named = genitive.is_some_and(|end| scene.name_at(end).is_some());
    let traded = scene
        .cues
        .iter()
        .skip(
            scene
                .cues
                .partition_point(|hit| hit.span.start() < mention.end),
        )
        .take_while(|hit| hit.span.start() <= mention.end + DETERMINER)
        .any(|hit| {
            matches!(hit.cue, Cue::Trade { many: false, .. })
                && is_plain(scene.between(mention.end, hit.span.start()))
                && (holds || is_determined(scene, hit.span.start()))
        });
    let behind = scene
        .roles_ending(mention.start)
        .any(|role| role == Role::Holder);
    named || traded || behind
}

/// Tells whether the name of a firm, an agency or a law follows the genitive, whose figure it then is: the EU's Digital
/// Markets Act.
fn leads_on(scene: &Scene<'_>, mention: &Mention<'_>) -> bool {
    scene
        .cues_starting(scene.after_bracket(mention.end))
        .find(|hit| *hit.cue == Cue::Discourse(Role::Holder))
        .and_then(|hit| scene.name_at(hit.span.end()))
        .is_some_and(|row| {
            matches!(
                row.kind,
                EntityKind::Company | EntityKind::Agency | EntityKind::Law
            )
        })
}

/// Tells whether a place only says where a report was written: its clause opens the sentence and ends with a dash.
fn is_dateline(scene: &Scene<'_>, mention: &Mention<'_>) -> bool {
    let Some(unit) = scene.units.get(mention.sentence) else {
        return false;
    };
    let rest = scene.between(mention.end, unit.range.end);
    let Some((between, _)) = rest.split_once(['—', '–']).or(rest.split_once(" - ")) else {
        return false;
    };
    let end = mention.end + between.len();
    unit.range.start == mention.start
        && width(between) <= DATELINE
        && !between.contains(['.', ';', '。', '\n'])
        && !has_verb(scene, &(mention.end..end))
}

/// Tells whether the words behind a country only say what the firm is whose name follows: 韩国最大电信商SK电讯.
fn is_of_firm(scene: &Scene<'_>, mention: &Mention<'_>) -> bool {
    let at = scene.names.partition_point(|name| name.start < mention.end);
    let Some(name) = scene.names.get(at) else {
        return false;
    };
    let between = mention.end..name.start;
    let text = scene.between(between.start, between.end);
    matches!(
        name.entity.kind,
        EntityKind::Company | EntityKind::Project | EntityKind::Body
    ) && !text.is_ascii()
        && width(text) <= APPOSITION
        && is_plain(text)
        && scene.figures_in(&between).is_empty()
        && is_noun_phrase(scene, &between)
        && !scene
            .cues_in(&between)
            .iter()
            .any(|hit| begins_predicate(hit.cue))
        && !scene.has_trigger_in(&between)
}

/// Tells whether words may be one noun: of more than one character no word of the grammar, and a verb only before a single
/// character that makes a noun of it, as in 营运商.
fn is_noun_phrase(scene: &Scene<'_>, range: &Range<usize>) -> bool {
    let tokens = scene.tokens_in(range);
    let long = |token: &Token| {
        let word = scene.between(token.span.start(), token.span.end());
        word.chars().nth(1).is_some()
    };
    tokens.iter().enumerate().all(|(index, token)| {
        let made = || tokens.get(index + 1).is_some_and(|next| !long(next));
        match token.class {
            WordClass::Verb => !long(token) || made(),
            WordClass::Grammar => !long(token),
            _ => true,
        }
    })
}

/// Tells whether a word is none of those that only say of what kind the next noun is.
fn begins_predicate(cue: &Cue) -> bool {
    matches!(
        cue,
        Cue::Deed
            | Cue::Speech(_)
            | Cue::Status { .. }
            | Cue::Office
            | Cue::Title
            | Cue::Discourse(
                Role::Beside
                    | Role::Agent
                    | Role::Compared
                    | Role::Joins
                    | Role::Causes
                    | Role::Up
                    | Role::Down
                    | Role::Reach
            )
    )
}

/// Tells whether a name begins what somebody plans or did, though another name goes before: claimed that Korean firms would.
fn will(scene: &Scene<'_>, end: usize) -> bool {
    scene
        .cues_starting(end)
        .any(|hit| matches!(hit.cue, Cue::Status { .. }))
}

/// Tells whether a stretch of text holds no mark that ends a phrase.
fn is_plain(text: &str) -> bool {
    !text.contains([',', '.', ';', ':', '，', '。', '、', '(', ')', '\n'])
}

/// Returns the end of the office or title behind a country (France's regulator, 韩国产业部长官) or behind a part of a state.
fn office_behind(scene: &Scene<'_>, mention: &Mention<'_>) -> Option<usize> {
    let row = mention.row()?;
    if row.kind == EntityKind::Agency {
        return title_behind(scene, mention);
    }
    if row.kind != EntityKind::Place {
        return None;
    }
    let at = scene
        .cues
        .partition_point(|hit| hit.span.start() < mention.end);
    scene
        .cues
        .get(at..)
        .unwrap_or_default()
        .iter()
        .take_while(|hit| hit.span.start() <= mention.end + DETERMINER)
        .filter(|hit| matches!(hit.cue, Cue::Title | Cue::Office))
        .find(|hit| {
            let between = mention.end..hit.span.start();
            is_plain(scene.between(between.start, between.end))
                && !has_verb(scene, &between)
                && scene.figures_in(&between).is_empty()
                && scene.names_in(&between).is_empty()
        })
        .map(|hit| hit.span.end())
}

/// Tells whether a verb follows one who is told or made to do something: ordered Wingtech to sell, 要求闻泰出售.
fn does(scene: &Scene<'_>, end: usize) -> bool {
    let infinitive = scene
        .cues_starting(end)
        .find(|hit| *hit.cue == Cue::Discourse(Role::Infinitive))
        .is_some_and(|hit| !scene.figure_at(hit.span.end()));
    let verb = scene
        .token_at(end)
        .is_some_and(|token| token.class == WordClass::Verb);
    infinitive || verb
}

/// Tells whether a word of deed, speech or plans follows, so that a predicate begins.
fn acts_behind(scene: &Scene<'_>, end: usize) -> bool {
    // An adverb may stand between: 先前承诺.
    let end = scene
        .cues_starting(end)
        .find(|hit| matches!(hit.cue, Cue::Discourse(Role::Lookback)))
        .map_or(end, |hit| hit.span.end());
    scene
        .cues_starting(end)
        .any(|hit| matches!(hit.cue, Cue::Deed | Cue::Speech(_) | Cue::Status { .. }))
}

/// Tells whether a pronoun stands before a noun: its shares, 其营收. Only what has one form for both is asked.
fn has_noun(scene: &Scene<'_>, end: usize) -> bool {
    !scene.cues_starting(end).any(|hit| {
        matches!(
            hit.cue,
            Cue::Speech(_) | Cue::Deed | Cue::Status { .. } | Cue::Discourse(Role::Up | Role::Down)
        )
    })
}

/// Tells whether a word of speech follows, or a title whose bearer speaks, or a word of speech goes before.
fn is_spoken_for(scene: &Scene<'_>, mention: &Mention<'_>) -> bool {
    let deeds = match mention.who {
        Who::Row(row) => !matches!(
            row.kind,
            EntityKind::Person | EntityKind::Observer | EntityKind::Agency
        ),
        Who::Before(kind) => !matches!(kind, ReferenceKind::Agency | ReferenceKind::Person),
        _ => true,
    };
    if is_cited(scene, mention) {
        return true;
    }
    if has_title(scene, mention) {
        // An officer acts for the state where no word of speech follows.
        return !mention.office || {
            let end = office_behind(scene, mention).unwrap_or(mention.end);
            says(scene, scene.name_end(end).unwrap_or(end), false)
        };
    }
    says(scene, scene.after_bracket(mention.end), deeds)
}

/// Tells whether a word of speech goes before that names its speaker; one that may as well follow its speaker (`he said
/// Nvidia had`) does so only where the clause ends with the name.
fn is_cited(scene: &Scene<'_>, mention: &Mention<'_>) -> bool {
    let hits = || scene.cues_ending(scene.before_determiner(mention.start));
    let after =
        hits().any(|hit| *hit.cue == Cue::Speech(SpeakerSide::After) && scene.is_whole(hit));
    let either = hits().any(|hit| *hit.cue == Cue::Speech(SpeakerSide::Before));
    let rest = scene.between(mention.end, scene.text.len()).trim_start();
    let ends = !rest.starts_with(char::is_alphanumeric);
    after && (!either || ends)
}

/// Tells whether a word of speech follows a place closely, dates apart; where `deeds` are none, one that is more than speech.
fn says(scene: &Scene<'_>, end: usize, deeds: bool) -> bool {
    let end = scene.after_dates(end);
    let at = scene.cues.partition_point(|hit| hit.span.start() < end);
    let near = scene
        .cues
        .get(at..)
        .unwrap_or_default()
        .iter()
        .take_while(|hit| width(scene.between(end, hit.span.start())) <= SPEECH);
    let mut speech: Option<usize> = None;
    let mut deed: Option<usize> = None;
    for hit in near {
        match hit.cue {
            Cue::Speech(SpeakerSide::Before) if scene.is_whole(hit) => {
                speech.get_or_insert(hit.span.start());
            }
            Cue::Deed => {
                deed.get_or_insert(hit.span.start());
            }
            _ => {}
        }
    }
    speech.is_some() && !(deeds && speech == deed)
}

/// Tells whether somebody's title follows the name (Nvidia's chief executive, 英伟达执行长) or goes before it (chief of Nvidia).
fn has_title(scene: &Scene<'_>, mention: &Mention<'_>) -> bool {
    if matches!(mention.who, Who::Row(row) if row.kind == EntityKind::Person) {
        return false;
    }
    title_behind(scene, mention).is_some()
        || scene.cues_ending(mention.start).any(|of| {
            *of.cue == Cue::Discourse(Role::PartOf)
                && scene
                    .cues_ending(of.span.start())
                    .any(|hit| *hit.cue == Cue::Title)
        })
}

/// Returns the end of a title that follows a name at once, or its genitive.
fn title_behind(scene: &Scene<'_>, mention: &Mention<'_>) -> Option<usize> {
    let end = scene.after_bracket(mention.end);
    let behind = scene
        .cues_starting(end)
        .find(|hit| *hit.cue == Cue::Discourse(Role::Holder))
        .map_or(end, |hit| hit.span.end());
    scene
        .cues_starting(behind)
        .find(|hit| *hit.cue == Cue::Title)
        .map(|hit| hit.span.end())
}

/// Tells whether the name of a country only says of what kind the next word is.
fn is_adjective(lexicon: &Lexicon, scene: &Scene<'_>, mention: &Mention<'_>) -> bool {
    let rest = scene.between(mention.end, scene.text.len());
    let next = rest.trim_start_matches(' ');
    let Some(letter) = next.chars().next() else {
        return false;
    };
    if !letter.is_alphabetic() {
        return false;
    }
    let at = mention.end + (rest.len() - next.len());
    let acts = scene.cues_starting(mention.end).any(|hit| {
        matches!(
            hit.cue,
            Cue::Speech(_)
                | Cue::Deed
                | Cue::Status { .. }
                | Cue::Function
                | Cue::Discourse(
                    Role::Up
                        | Role::Down
                        | Role::Reach
                        | Role::Beside
                        | Role::Agent
                        | Role::Joins
                        | Role::Holder
                        | Role::Break
                )
        )
    });
    if acts {
        return false;
    }
    if letter.is_ascii() {
        let canonical = mention
            .row()
            .is_some_and(|row| row.name == scene.between(mention.start, mention.end));
        return letter.is_uppercase() || !canonical || is_noun(lexicon, scene, at);
    }
    scene
        .token_at(at)
        .is_none_or(|token| !matches!(token.class, WordClass::Verb | WordClass::Grammar))
}

/// Tells whether a word of a metric or a concept begins at a place.
fn is_noun(lexicon: &Lexicon, scene: &Scene<'_>, at: usize) -> bool {
    let rest = scene.between(at, scene.text.len());
    let end = rest
        .char_indices()
        .nth(NOUN_CHARS_MAX)
        .map_or(rest.len(), |(end, _)| end);
    let noun = rest.get(..end).unwrap_or_default();
    let concepts = lexicon.concepts.find(noun);
    scene.trigger_at(at) || concepts.iter().any(|hit| hit.span.start() == 0)
}

/// How much of the text behind a country is looked at for a noun.
const NOUN_CHARS_MAX: usize = 32;

/// Tells whether another acts in the clause before a mention, or in what is said in it, and whether a verb goes before.
fn before(scene: &Scene<'_>, mention: &Mention<'_>, earlier: &[Mention<'_>]) -> (bool, bool) {
    let Some(clause) = scene
        .units
        .get(mention.sentence)
        .and_then(|unit| unit.clauses.get(mention.clause))
    else {
        return (false, false);
    };
    let before = clause.range.start..mention.start;
    let from = scene
        .cues_in(&before)
        .iter()
        .filter(|hit| *hit.cue == Cue::Speech(SpeakerSide::Before) && scene.is_whole(hit))
        .map(|hit| hit.span.end())
        .max()
        .unwrap_or(before.start);
    // Behind a figure a new predicate begins: `Intel 25%, Qualcomm 65%`.
    let from = scene
        .figures
        .get(
            ..scene
                .figures
                .partition_point(|figure| figure.end <= mention.start),
        )
        .and_then(<[_]>::last)
        .filter(|figure| joins(scene, figure.end, scene.before_determiner(mention.start)))
        .map_or(from, |figure| from.max(figure.end));
    let taken = earlier
        .iter()
        .rev()
        .take_while(|other| other.start >= from)
        .any(|other| matches!(other.part, Part::Subject | Part::Holder | Part::Topic));
    (taken, has_verb(scene, &(from..mention.start)))
}

/// Tells whether a range holds a word that a predicate is made of.
fn has_verb(scene: &Scene<'_>, range: &Range<usize>) -> bool {
    let cue = scene.cues_in(range).iter().any(|hit| {
        matches!(
            hit.cue,
            Cue::Deed | Cue::Status { .. } | Cue::Discourse(Role::Up | Role::Down)
        )
    });
    cue || scene
        .tokens_in(range)
        .iter()
        .any(|token| token.class == WordClass::Verb)
}

/// Tells whether nothing but a word or mark that joins stands between two places.
pub(crate) fn joins(scene: &Scene<'_>, start: usize, end: usize) -> bool {
    let between = scene.between(start, end);
    let rest = between.trim_matches([' ', ',', '，', '、']);
    if rest.is_empty() {
        return !between.trim().is_empty();
    }
    let at = end - between.trim_start_matches([' ', ',', '，', '、']).len();
    scene.cues_starting(at).any(|hit| {
        matches!(hit.cue, Cue::Discourse(Role::Joins | Role::Break))
            && hit.span.end() - hit.span.start() == rest.len()
    })
}

/// Lets those who are named in one row do the same.
fn join(scene: &Scene<'_>, found: &mut [Mention<'_>]) {
    for index in 1..found.len() {
        let Some((left, right)) = pair(found, index) else {
            continue;
        };
        let follows = matches!(
            left.part,
            Part::Subject | Part::Beside | Part::Agent | Part::Compared
        ) && matches!(right.part, Part::Object | Part::Beside | Part::Subject);
        if joined(scene, &left, &right)
            && follows
            && let Some(place) = found.get_mut(index)
        {
            place.part = left.part;
        }
    }
    for index in (1..found.len()).rev() {
        let Some((left, right)) = pair(found, index) else {
            continue;
        };
        let leads = matches!(right.part, Part::Speaks | Part::Holder)
            && matches!(left.part, Part::Subject | Part::Object);
        if joined(scene, &left, &right)
            && leads
            && let Some(place) = found.get_mut(index - 1)
        {
            place.part = right.part;
        }
    }
}

fn pair<'a>(found: &[Mention<'a>], index: usize) -> Option<(Mention<'a>, Mention<'a>)> {
    Some((*found.get(index.checked_sub(1)?)?, *found.get(index)?))
}

/// Tells whether nothing but a comma or a word that joins stands between two mentions of one sentence.
fn joined(scene: &Scene<'_>, left: &Mention<'_>, right: &Mention<'_>) -> bool {
    left.sentence == right.sentence
        && right.start >= left.end
        && joins(scene, left.end, right.start)
}

/// Lets the subjects speak of clauses that end with a word of speech.
fn close_with_speech(scene: &Scene<'_>, found: &mut [Mention<'_>]) {
    for mention in found
        .iter_mut()
        .filter(|mention| matches!(mention.part, Part::Subject | Part::Object))
    {
        let Some(clause) = scene
            .units
            .get(mention.sentence)
            .and_then(|unit| unit.clauses.get(mention.clause))
        else {
            continue;
        };
        let text = scene.between(clause.range.start, clause.range.end);
        let end = clause.range.start
            + text
                .trim_end_matches([' ', ',', '，', ':', '：', '\n'])
                .len();
        let hits: Vec<&CueHit<'_>> = scene.cues_ending(end).collect();
        let speech = hits
            .iter()
            .find(|hit| *hit.cue == Cue::Speech(SpeakerSide::Before) && scene.is_whole(hit))
            .filter(|hit| hit.span.start() >= mention.end);
        let deed = hits.iter().any(|hit| *hit.cue == Cue::Deed);
        if speech.is_some() && !deed {
            mention.part = Part::Speaks;
        }
    }
}
