//! What is found of a figure of a draft: the verdict, and all that it rests on.

use hedui_model::{Appearance, Cause, Confidence, Lang};

use super::suggest::Suggestion;

/// How a figure of a draft stands to what else is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verdict {
    /// It contradicts the archive, or the draft itself.
    Conflict,
    /// The archive has an earlier or a later figure in its place.
    Update,
    /// The archive says the same.
    Agree,
    /// There is nothing to compare it with.
    Unknown,
}

impl Verdict {
    /// Returns the word used outside.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Verdict::Conflict => "conflict",
            Verdict::Update => "update",
            Verdict::Agree => "agree",
            Verdict::Unknown => "unknown",
        }
    }
}

/// What kind of finding it is; editors and CI know it by its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Rule {
    /// A conflict with the archive, or between two figures of the draft, by its cause.
    Caused(Cause),
    /// A change does not fit the two values that it lies between, in the draft itself.
    Percentage,
    /// Parts are more than their whole, in the draft itself.
    Sum,
    /// The archive has a later figure.
    Outdated,
    /// The archive has earlier figures only.
    Newer,
}

impl Rule {
    /// All of them, in the order in which they are listed.
    pub(crate) const ALL: &'static [Rule] = &[
        Rule::Caused(Cause::ScaleError),
        Rule::Caused(Cause::Currency),
        Rule::Caused(Cause::Scope),
        Rule::Caused(Cause::Period),
        Rule::Caused(Cause::Rounding),
        Rule::Caused(Cause::Gloss),
        Rule::Caused(Cause::Revision),
        Rule::Caused(Cause::Other),
        Rule::Percentage,
        Rule::Sum,
        Rule::Outdated,
        Rule::Newer,
    ];

    /// Returns the word used outside.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Rule::Caused(Cause::ScaleError) => "scale_error",
            Rule::Caused(Cause::Currency) => "currency",
            Rule::Caused(Cause::Scope) => "scope",
            Rule::Caused(Cause::Period) => "period",
            Rule::Caused(Cause::Rounding) => "rounding",
            Rule::Caused(Cause::Gloss) => "gloss",
            Rule::Caused(Cause::Revision) => "revision",
            Rule::Caused(Cause::Other) => "other",
            Rule::Percentage => "percentage",
            Rule::Sum => "sum",
            Rule::Outdated => "outdated",
            Rule::Newer => "newer",
        }
    }
}

/// How what others say stands to the figure of the draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stand {
    /// It cannot be true where the figure is.
    Contradicts,
    /// It replaced the figure.
    Later,
    /// The figure replaces it.
    Earlier,
    /// It says the same.
    Agrees,
}

impl Stand {
    /// Returns the word used outside.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Stand::Contradicts => "contradicts",
            Stand::Later => "later",
            Stand::Earlier => "earlier",
            Stand::Agrees => "agrees",
        }
    }
}

/// One value that the archive has beside the figure.
#[derive(Clone, Debug)]
pub(crate) struct Side {
    /// How it stands to the figure.
    pub(crate) stand: Stand,
    /// How many sources say so, copies of one story counted once.
    pub(crate) independent_sources: u32,
    /// The claims, the earliest first; never none.
    pub(crate) claims: Vec<Appearance>,
}

impl Side {
    /// Returns the claim that says what the side states: one with the figure that most state, in the language of the draft if
    /// there is one, of these the earliest.
    pub(crate) fn speaker(&self, lang: Lang) -> Option<&Appearance> {
        let stated = |claim: &Appearance| claim.claim.quantity.interval();
        let support = |claim: &Appearance| {
            let own = stated(claim);
            self.claims
                .iter()
                .filter(|other| stated(other) == own)
                .count()
        };
        let is_plain = |claim: &Appearance| claim.claim.gloss_of.is_none();
        let is_own = |claim: &Appearance| claim.article.meta.lang == lang;
        // `max_by_key` returns the last of several, hence the turn.
        self.claims
            .iter()
            .rev()
            .max_by_key(|claim| (is_plain(claim), support(claim), is_own(claim)))
    }
}

/// What is found of one figure.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    /// The verdict.
    pub(crate) verdict: Verdict,
    /// What kind of finding it is; nothing where there is nothing to tell.
    pub(crate) rule: Option<Rule>,
    /// How sure the verdict is; 0 where nothing is known.
    pub(crate) confidence: Confidence,
    /// A sentence that a person can check.
    pub(crate) why: String,
    /// What the archive says, what matters most first.
    pub(crate) sides: Vec<Side>,
    /// Figures of the draft itself that the finding is about besides this one.
    pub(crate) within: Vec<Appearance>,
    /// What might stand in its place.
    pub(crate) suggestion: Option<Suggestion>,
}

impl Finding {
    /// Makes the finding of a figure that nothing can be compared with.
    pub(super) fn unknown() -> Finding {
        Finding {
            verdict: Verdict::Unknown,
            rule: None,
            confidence: Confidence::default(),
            why: String::new(),
            sides: Vec::new(),
            within: Vec::new(),
            suggestion: None,
        }
    }
}
