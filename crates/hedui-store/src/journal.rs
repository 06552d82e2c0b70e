//! What cannot be recomputed: what the user decided, what was delivered, what the crawler learned.
//!
//! These are the stored shapes themselves, written as JSON lines with a format version each. Fields may be added
//! (they need a default); none may be renamed or change its meaning. Decisions hang on evidence (article key, hash
//! of the sentence, mention), so that they find their claims again when everything else is recomputed.

use std::collections::BTreeMap;

use hedui_model::{
    ArticleKey, Cause, Claim, ClaimId, ConflictId, Decimal, Ending, Side, SourceId, Unit,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The newest version of the lines that this program reads, and the one that it writes.
pub const JOURNAL_VERSION: u32 = 1;

/// One line of the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalEntry {
    /// When it was made.
    pub at: Timestamp,
    /// What happened.
    pub event: Event,
}

/// What a line of the journal tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Event {
    /// The user decided something.
    Decision(Decision),
    /// A message reached a sink.
    Delivered(Delivery),
    /// The first crawl of a source, or of the archive, is over, and what it raised was told as one digest.
    FirstCrawl(FirstCrawl),
    /// An article is to be as if it had never been read.
    Forget(Forget),
    /// The crawler learned something that the archive's records do not tell.
    Crawl(CrawlNote),
}

/// What the user decided: about a conflict, about claims, or about all conflicts of a kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub user: String,
    /// Why, in the user's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What is to be done.
    pub action: Action,
    /// The conflict, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conflict: Option<ConflictId>,
    /// The claims that it is about; of a side or a fact with many, the first.
    pub evidence: Vec<Anchor>,
    /// What the conflict had been ended by, where it had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Ending>,
    /// The sides of the conflict, or the groups of claims that are set apart or joined, as they stood.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sides: Vec<SideThen>,
}

/// A side of a conflict, or a group of claims, when something was decided about it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SideThen {
    /// The figure as the side wrote it.
    #[serde(default)]
    pub text: String,
    /// The lower end, in base units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<Decimal>,
    /// The upper end, in base units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<Decimal>,
    /// The unit.
    #[serde(default)]
    pub unit: String,
    /// For each of what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per: Option<String>,
    /// How many sources said so, copies counted once.
    #[serde(default)]
    pub independent_sources: u32,
    /// Those sources.
    #[serde(default)]
    pub sources: Vec<SourceId>,
    /// Its claims, as far as they are among the evidence.
    pub claims: Vec<ClaimId>,
}

impl SideThen {
    /// How many claims of a side are kept as evidence: enough for some to be found again.
    pub const CLAIMS_MAX: usize = 24;

    /// Takes down how a side stands.
    #[must_use]
    pub fn of(side: &Side) -> Self {
        SideThen {
            text: side.text.clone(),
            low: side.low,
            high: side.high,
            unit: side.unit.id.clone(),
            per: side.unit.per.clone(),
            independent_sources: side.independent_sources,
            sources: side.sources.clone(),
            claims: side.claims.iter().take(Self::CLAIMS_MAX).cloned().collect(),
        }
    }

    /// Returns the unit as the model has it.
    #[must_use]
    pub fn unit(&self) -> Unit {
        Unit {
            id: self.unit.clone(),
            per: self.per.clone(),
        }
    }
}

/// What a decision does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Action {
    /// The conflict was looked at.
    Ack,
    /// It is put off.
    Snooze {
        /// Until when.
        until: Timestamp,
    },
    /// It is not to be told of.
    Mute {
        /// Until when; ever, where nothing is said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
    },
    /// Conflicts of a kind are not to be told of.
    MuteWhere {
        /// Which.
        rule: MuteRule,
        /// Until when; ever, where nothing is said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
    },
    /// They are to be told of again.
    UnmuteWhere {
        /// Which.
        rule: MuteRule,
    },
    /// It is settled.
    Resolve {
        /// The value that is right, as the user wrote it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        value: Option<String>,
        /// Which of the sides is right, from 1.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        side: Option<u32>,
    },
    /// It is open again.
    Reopen,
    /// Two claims are not about the same fact; where there are sides, no claim of one and no claim of another.
    Separate {
        /// One claim.
        a: ClaimId,
        /// The other.
        b: ClaimId,
    },
    /// Two claims are about the same fact; where there are sides, what kept their claims apart is taken back.
    Join {
        /// One claim.
        a: ClaimId,
        /// The other.
        b: ClaimId,
    },
    /// Nothing is decided any more about two claims, or about the claims of the sides.
    Release {
        /// One claim.
        a: ClaimId,
        /// The other.
        b: ClaimId,
    },
}

/// Which conflicts are muted. What is left out does not matter; what is there must all hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MuteRule {
    /// One source: conflicts that would be none without it. Two: conflicts between just these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<SourceId>,
    /// The canonical name of what the conflict is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entity: Option<String>,
    /// The id or family of the metric.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric: Option<String>,
    /// The cause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
}

/// The evidence of a claim: enough to find it again after everything was recomputed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Anchor {
    /// The id that the claim had when the decision was made.
    pub claim: ClaimId,
    /// The article.
    pub article: ArticleKey,
    /// SHA-256 of the sentence as the source wrote it: the first 32 hex digits.
    pub sentence: String,
    /// The figure as the source wrote it.
    pub mention: String,
}

impl Anchor {
    /// Takes the evidence of a claim.
    #[must_use]
    pub fn of(claim: &Claim) -> Self {
        Anchor {
            claim: claim.id.clone(),
            article: claim.article.clone(),
            sentence: sentence_hash(&claim.sentence_text),
            mention: claim.mention().to_owned(),
        }
    }

    /// Finds, among the claims of its article, the one with this evidence: by its id, by sentence and figure, or because
    /// the article has this figure only once.
    #[must_use]
    pub fn find<'c>(&self, claims: &'c [Claim]) -> Option<&'c Claim> {
        let by_id = claims.iter().find(|claim| claim.id == self.claim);
        let by_evidence = || claims.iter().find(|claim| self.matches(claim));
        let by_figure = || {
            let mut same = claims
                .iter()
                .filter(|claim| claim.article == self.article && claim.mention() == self.mention);
            same.next().filter(|_| same.next().is_none())
        };
        by_id.or_else(by_evidence).or_else(by_figure)
    }

    /// Tells whether the claim has this evidence.
    #[must_use]
    pub fn matches(&self, claim: &Claim) -> bool {
        self.article == claim.article
            && self.mention == claim.mention()
            && self.sentence == sentence_hash(&claim.sentence_text)
    }
}

fn sentence_hash(sentence: &str) -> String {
    Sha256::digest(sentence.as_bytes())
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// A message that reached a sink.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// The sink, by its name in the configuration.
    pub sink: String,
    /// The alert's idempotency key.
    pub key: String,
}

/// The end of a first crawl.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstCrawl {
    /// The source; none for the archive as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceId>,
    /// The conflicts that the digest told.
    #[serde(default)]
    pub conflicts: Vec<ConflictId>,
}

/// What is to be forgotten.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forget {
    /// The article, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub article: Option<ArticleKey>,
    /// Its addresses.
    #[serde(default)]
    pub urls: Vec<String>,
    /// Who asked for it.
    pub user: String,
}

/// What the crawler learned of a source or a host.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CrawlNote {
    /// The source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceId>,
    /// The host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// What was learned, by name.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn round_trip(event: Event, text: &str) {
        let entry = JournalEntry {
            at: Timestamp::UNIX_EPOCH,
            event,
        };
        let json = serde_json::to_string(&entry).unwrap();
        assert_eq!(
            json,
            format!(r#"{{"at":"1970-01-01T00:00:00Z","event":{text}}}"#)
        );
        assert_eq!(serde_json::from_str::<JournalEntry>(&json).unwrap(), entry);
    }

    /// These texts are in users' archives: a change here is a change of the format.
    #[test]
    fn the_stored_shapes_stay() {
        round_trip(
            Event::Decision(Decision {
                at: Timestamp::UNIX_EPOCH,
                user: "li".into(),
                note: Some("看过".into()),
                action: Action::Snooze {
                    until: Timestamp::UNIX_EPOCH,
                },
                conflict: Some("k-0123456789abcdef".parse().unwrap()),
                evidence: vec![Anchor {
                    claim: "c-0123456789abcdef".parse().unwrap(),
                    article: "https://a.example/1".parse().unwrap(),
                    sentence: "00ff".into(),
                    mention: "$5bn".into(),
                }],
                ended: None,
                sides: vec![],
            }),
            concat!(
                r#"{"kind":"decision","at":"1970-01-01T00:00:00Z","user":"li","note":"看过","#,
                r#""action":{"do":"snooze","until":"1970-01-01T00:00:00Z"},"conflict":"k-0123456789abcdef","#,
                r#""evidence":[{"claim":"c-0123456789abcdef","article":"https://a.example/1","#,
                r#""sentence":"00ff","mention":"$5bn"}]}"#
            ),
        );
        round_trip(
            Event::Decision(Decision {
                at: Timestamp::UNIX_EPOCH,
                user: "li".into(),
                note: None,
                action: Action::Resolve {
                    value: Some("$5bn".into()),
                    side: Some(1),
                },
                conflict: Some("k-0123456789abcdef".parse().unwrap()),
                evidence: vec![],
                ended: Some(Ending::Update),
                sides: vec![SideThen {
                    text: "$5bn".into(),
                    low: Some("5e9".parse().unwrap()),
                    high: Some("5e9".parse().unwrap()),
                    unit: "USD".into(),
                    per: None,
                    independent_sources: 2,
                    sources: vec!["a".parse().unwrap(), "b".parse().unwrap()],
                    claims: vec!["c-0123456789abcdef".parse().unwrap()],
                }],
            }),
            concat!(
                r#"{"kind":"decision","at":"1970-01-01T00:00:00Z","user":"li","#,
                r#""action":{"do":"resolve","value":"$5bn","side":1},"conflict":"k-0123456789abcdef","#,
                r#""evidence":[],"ended":"update","sides":[{"text":"$5bn","low":"5e9","high":"5e9","#,
                r#""unit":"USD","independent_sources":2,"sources":["a","b"],"claims":["c-0123456789abcdef"]}]}"#
            ),
        );
        round_trip(
            Event::Decision(Decision {
                at: Timestamp::UNIX_EPOCH,
                user: "li".into(),
                note: None,
                action: Action::MuteWhere {
                    rule: MuteRule {
                        sources: vec!["a".parse().unwrap()],
                        cause: Some(Cause::ScaleError),
                        ..MuteRule::default()
                    },
                    until: None,
                },
                conflict: None,
                evidence: vec![],
                ended: None,
                sides: vec![],
            }),
            concat!(
                r#"{"kind":"decision","at":"1970-01-01T00:00:00Z","user":"li","#,
                r#""action":{"do":"mute_where","rule":{"sources":["a"],"cause":"scale_error"}},"evidence":[]}"#
            ),
        );
        round_trip(
            Event::Delivered(Delivery {
                sink: "desk".into(),
                key: "k1".into(),
            }),
            r#"{"kind":"delivered","sink":"desk","key":"k1"}"#,
        );
        round_trip(
            Event::FirstCrawl(FirstCrawl {
                source: Some("a".parse().unwrap()),
                conflicts: vec![],
            }),
            r#"{"kind":"first_crawl","source":"a","conflicts":[]}"#,
        );
        round_trip(
            Event::Forget(Forget {
                article: None,
                urls: vec!["https://a.example/".into()],
                user: "li".into(),
            }),
            r#"{"kind":"forget","urls":["https://a.example/"],"user":"li"}"#,
        );
        round_trip(
            Event::Crawl(CrawlNote {
                host: Some("a.example".into()),
                values: BTreeMap::from([("retry_after_s".into(), "30".into())]),
                ..CrawlNote::default()
            }),
            r#"{"kind":"crawl","host":"a.example","values":{"retry_after_s":"30"}}"#,
        );
    }

    #[test]
    fn lines_of_the_first_version_are_read() {
        for (action, read) in [
            (r#"{"do":"mute"}"#, Action::Mute { until: None }),
            (
                r#"{"do":"resolve","value":"5"}"#,
                Action::Resolve {
                    value: Some("5".into()),
                    side: None,
                },
            ),
        ] {
            assert_eq!(serde_json::from_str::<Action>(action).unwrap(), read);
        }
    }

    #[test]
    fn fields_of_a_later_minor_change_are_passed_over() {
        let text = r#"{"at":"1970-01-01T00:00:00Z","more":1,
            "event":{"kind":"delivered","sink":"s","key":"k","later":true}}"#;
        assert!(serde_json::from_str::<JournalEntry>(text).is_ok());
    }
}
